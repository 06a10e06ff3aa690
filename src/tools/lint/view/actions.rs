use crate::browser;
use crate::request::{Notice, Request};
use crate::state::View;
use crate::state::{Action, State};
use crate::text::Source;
use crate::tools::lint::state::Action as Lint;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, button, el, siblings};
use crate::ui::words::count;
use std::rc::Rc;
use stslint::finding::Severity;
use stslint::{Form, Kind};
use web_sys::{Event, HtmlInputElement};
use yew::{Callback, Html, TargetCast};

/// What can be done with the text.
pub(crate) fn actions(view: View) -> Html {
    let state = view.state;
    let open = |_| browser::choose_files();
    let dispatcher = view.dispatcher.clone();
    let chosen = move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let files = browser::files(input.files());
        if !files.is_empty() {
            dispatcher.emit(Action::Files(files));
        }
        // So that the same file can be opened again.
        input.set_value("");
    };
    let file = el("input")
        .attr("id", "file")
        .attr("type", "file")
        .attr("aria-label", "Files")
        .flag("multiple", true)
        .flag("hidden", true)
        .on("change", Rc::new(chosen));
    let invisible = view.act(Action::Lint(Lint::Invisible(!state.lint.invisible)));
    let invisible = button("Show invisible characters", invisible);
    let buttons = el("div")
        .class("buttons")
        .child(button("Open file", Rc::new(open)))
        .child(file)
        .child(invisible.state("aria-pressed", state.lint.invisible))
        .child(taking(view));
    let line = el("p").class("hint facts-line").attr("data-testid", "text-facts");
    siblings(vec![line.key("facts").words(facts(state)), buttons.key("buttons")])
}

/// Copy and download, once there is something to take away: the text as it is.
fn taking(view: View) -> El {
    let state = view.state;
    if state.text.is_blank() || state.text.too_big.is_some() || state.text.names_domains() {
        return el("span").key("nothing");
    }
    let source = Rc::clone(&state.text.source);
    let text = Callback::from(move |()| source.display.text.clone());
    let analysis = &state.text.analysis;
    let is_file = analysis.report.form == Form::Bare
        && analysis.report.artefacts.iter().all(|a| a.kind == Kind::Policy);
    let label = match analysis.count(Severity::Error) {
        0 => "Download mta-sts.txt".to_owned(),
        errors => format!("Download ({} left)", count(errors, "error", "errors")),
    };
    let (dispatcher, source) = (view.dispatcher.clone(), Rc::clone(&state.text.source));
    let save = move |_| {
        if browser::download("mta-sts.txt", "text/plain", &source.with_crlf()).is_err() {
            let words = "The browser refused the download. Copy the text instead.";
            dispatcher.emit(Request::Notice(Notice::problem(words)).into());
        }
    };
    let save = is_file.then(|| {
        el("button")
            .attr("type", "button")
            .attr("title", "With CRLF line endings, as senders expect them")
            .on("click", Rc::new(save))
            .words(label)
    });
    el("span")
        .class("buttons")
        .key("taking")
        .child(copy_button("Copy text", false, text))
        .maybe(save)
}

fn facts(state: &State) -> String {
    if state.text.too_big.is_some() || state.text.source.bytes.is_empty() {
        return "Or drop a file anywhere on this page.".into();
    }
    if state.text.names_domains() {
        return String::new();
    }
    let source = &state.text.source;
    let lines = count(source.lines(), "line", "lines");
    let bytes = count(source.bytes.len(), "byte", "bytes");
    format!("{lines}, {bytes}. {}", line_ends(source))
}

fn line_ends(source: &Source) -> &'static str {
    if !source.line_ends_known {
        return "Line endings unknown (pasted).";
    }
    let bytes = &source.bytes;
    let (mut crlf, mut lf, mut cr) = (false, false, false);
    for (i, byte) in bytes.iter().enumerate() {
        match byte {
            b'\r' if bytes.get(i + 1) == Some(&b'\n') => crlf = true,
            b'\r' => cr = true,
            b'\n' if i == 0 || bytes[i - 1] != b'\r' => lf = true,
            _ => {}
        }
    }
    match (crlf, lf, cr) {
        (false, false, false) => "No line endings.",
        (true, false, false) => "Line endings: CRLF.",
        (false, true, false) => "Line endings: LF.",
        (false, false, true) => "Line endings: CR.",
        _ => "Line endings: mixed.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_are_named() {
        let named = |text: &[u8], known| {
            line_ends(&Source::exact(text.to_vec(), known, &Source::default()))
        };
        assert_eq!(named(b"a\r\nb\r\n", true), "Line endings: CRLF.");
        assert_eq!(named(b"a\r\nb\n", true), "Line endings: mixed.");
        assert_eq!(named(b"a", true), "No line endings.");
        assert_eq!(named(b"a\n", false), "Line endings unknown (pasted).");
    }
}

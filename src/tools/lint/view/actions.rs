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
use stslint::Form;
use stslint::Kind;
use stslint::text::Display;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement};
use yew::{Callback, Html, TargetCast};

/// What can be done with the text.
pub(crate) fn actions(view: View) -> Html {
    let state = view.state;
    let open = |_| browser::part("file").unchecked_ref::<HtmlElement>().click();
    let dispatcher = view.dispatcher.clone();
    let chosen = move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            dispatcher.emit(Action::File(file));
        }
        // So that the same file can be opened again.
        input.set_value("");
    };
    let file = el("input")
        .attr("id", "file")
        .attr("type", "file")
        .attr("aria-label", "File")
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

/// Copy and download, once there is something to take away.
fn taking(view: View) -> El {
    let state = view.state;
    if state.text.is_blank() || state.text.too_big.is_some() {
        return el("span").key("nothing");
    }
    let corrected = state.text.analysis.safe_fixes > 0;
    let label = if corrected { "Copy corrected text" } else { "Copy text" };
    let (source, settings) = (Rc::clone(&state.text.source), state.text.settings.clone());
    let (apply_safe, given) = (state.text.apply_safe(), state.text.given.clone());
    let bytes: Rc<dyn Fn() -> Vec<u8>> =
        Rc::new(move || apply_safe(&settings.input(&source, &given)));
    let corrected = Rc::clone(&bytes);
    let text = Callback::from(move |()| Display::new(&corrected()).text);
    let is_file = state.text.analysis.report.form == Form::Bare
        && state.text.analysis.report.artefacts.iter().all(|a| a.kind == Kind::Policy);
    let dispatcher = view.dispatcher.clone();
    let save = move |_| {
        if browser::download("mta-sts.txt", "text/plain", &with_crlf(&bytes())).is_err() {
            let words = "The browser refused the download. Copy the text instead.";
            dispatcher.emit(Request::Notice(Notice::problem(words)).into());
        }
    };
    let save = is_file.then(|| {
        button("Download mta-sts.txt", Rc::new(save))
            .attr("title", "With CRLF line endings, as RFC 8461 wants them")
    });
    el("span").class("buttons").key("taking").child(copy_button(label, false, text)).maybe(save)
}

/// The bytes with CR LF at the end of every line, the last one included.
fn with_crlf(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 16);
    for (i, byte) in bytes.iter().enumerate() {
        match byte {
            b'\r' => out.extend(b"\r\n"),
            b'\n' if i > 0 && bytes[i - 1] == b'\r' => {}
            b'\n' => out.extend(b"\r\n"),
            other => out.push(*other),
        }
    }
    if !out.is_empty() && !out.ends_with(b"\n") {
        out.extend(b"\r\n");
    }
    out
}

fn facts(state: &State) -> String {
    if state.text.too_big.is_some() || state.text.source.bytes.is_empty() {
        return "Or drop a file anywhere on this page.".into();
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
    fn files_get_crlf_line_ends() {
        assert_eq!(with_crlf(b"a\nb\r\nc\rd"), b"a\r\nb\r\nc\r\nd\r\n");
        assert_eq!(with_crlf(b""), b"");
        assert_eq!(with_crlf(b"\n"), b"\r\n");
    }

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

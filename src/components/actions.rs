use super::app::View;
use super::copy_button::CopyButton;
use super::prose::count;
use crate::browser;
use crate::hooks::read_file;
use crate::source::Source;
use crate::state::{Action, Notice, State};
use stslint::detect::Form;
use stslint::text::Display;
use stslint::{Kind, fix};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement};
use yew::prelude::*;

/// What can be done with the text.
pub(crate) fn actions(view: View) -> Html {
    let state = view.state;
    let open = Callback::from(|_: MouseEvent| {
        browser::part("file").unchecked_ref::<HtmlElement>().click();
    });
    let onchange = {
        let dispatcher = view.dispatcher.clone();
        Callback::from(move |event: Event| {
            let input: HtmlInputElement = event.target_unchecked_into();
            if let Some(file) = input.files().and_then(|files| files.get(0)) {
                read_file(&dispatcher, file);
            }
            // So that the same file can be opened again.
            input.set_value("");
        })
    };
    html! {
        <>
            <p class="hint facts-line" data-testid="text-facts" key="facts">{ facts(state) }</p>
            <div class="buttons" key="buttons">
                <button type="button" onclick={open} key="open">{ "Open file" }</button>
                <input id="file" type="file" hidden=true aria-label="File" {onchange} key="input" />
                <button type="button" aria-pressed={state.invisible.to_string()}
                    onclick={view.act(Action::Invisible(!state.invisible))} key="invisible">
                    { "Show invisible characters" }
                </button>
                { taking(view) }
            </div>
        </>
    }
}

/// Copy and download, once there is something to take away.
fn taking(view: View) -> Html {
    let state = view.state;
    if state.is_blank() || state.too_big.is_some() {
        return html! { <span key="taking"></span> };
    }
    let corrected = state.analysis.safe_fixes > 0;
    let label = if corrected { "Copy corrected text" } else { "Copy text" };
    let (source, settings) = (state.source.clone(), state.settings.clone());
    let bytes = move || fix::apply_safe(&settings.input(&source));
    let text = {
        let bytes = bytes.clone();
        Callback::from(move |()| Display::new(&bytes()).text)
    };
    let is_file = state.analysis.report.form == Form::Bare
        && state.analysis.report.artefacts.iter().all(|a| a.kind == Kind::Policy);
    let dispatcher = view.dispatcher.clone();
    let save = Callback::from(move |_: MouseEvent| {
        if browser::download("mta-sts.txt", &with_crlf(&bytes())).is_err() {
            dispatcher.dispatch(Action::Notice(Notice::problem(
                "The browser refused the download. Copy the text instead.",
            )));
        }
    });
    html! {
        <span class="buttons" key="taking">
            <CopyButton key="copy" {text} {label} />
            if is_file {
                <button type="button" onclick={save} key="save"
                    title="With CRLF line endings, as RFC 8461 wants them">
                    { "Download mta-sts.txt" }
                </button>
            }
        </span>
    }
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
    if state.too_big.is_some() || state.source.bytes.is_empty() {
        return "Or drop a file anywhere on this page.".into();
    }
    let source = &state.source;
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

//! Opening a result of stslint again: what was checked is checked anew.

use super::state::{Action, shown};
use crate::request::{Notice, Request};
use crate::state::{self, Dispatcher, View};
use crate::text::{Excess, FILE_LIMIT};
use crate::ui::element::{El, button, el};
use crate::ui::words::count;
use std::rc::Rc;
use stslint::detect::detect;
use stslint::render::import::{Error, Imported, import};
use stslint::{Form, Input, Kind};

/// Opens JSON from a file of this name, or that was pasted if it has none: a result of stslint, or a text to check.
pub(super) fn open(dispatcher: &Dispatcher, name: &str, bytes: Vec<u8>) {
    let what = if name.is_empty() { "The pasted text".into() } else { format!("The file {name}") };
    if bytes.len() > FILE_LIMIT {
        return dispatcher.emit(Request::refuse(&what, Excess::Bytes(bytes.len())).into());
    }
    dispatcher.emit(match read(&bytes) {
        None => Request::file(name, bytes).into(),
        Some(Ok(imported)) => state::Action::Share(Action::Import(Rc::new(imported))),
        Some(Err(why)) => {
            let text = format!("{what} can’t be opened. {why} Your text is as it was.");
            Request::Notice(Notice::problem(text)).into()
        }
    });
}

/// The result in these bytes or why there is none; nothing if they are something to check instead.
pub(super) fn read(bytes: &[u8]) -> Option<Result<Imported, String>> {
    let text = str::from_utf8(bytes).ok()?;
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return None;
    }
    let detected = detect(&Input::new(bytes));
    if !text.contains("\"stslint\"") {
        let foreign =
            matches!(detected.kind, Kind::Policy | Kind::Unknown) && detected.form == Form::Bare;
        return foreign.then(|| {
            Err("This is JSON, but no TLS report, no DNS answer and no result of stslint.".into())
        });
    }
    let has = |member: &str| text.contains(member);
    Some(import(text).map_err(|error| match error {
        Error::NotOurs if has("\"runs\"") => {
            "This is SARIF, which does not hold the text that was checked. Open the JSON result.".into()
        }
        Error::NotOurs if has("\"checks\"") => {
            "This is a check of a domain, which holds no text to check again.".into()
        }
        Error::Schema(_) => format!("{error} It was made by a newer version of stslint, or is damaged."),
        error => error.to_string(),
    }))
    .map(|read| {
        read.and_then(|imported| {
            let refused = |bytes: &[u8]| Excess::of(&String::from_utf8_lossy(bytes)).is_some();
            if imported.sources.is_empty() {
                Err("This result has no inputs.".into())
            } else if imported.sources.iter().any(|source| refused(&source.bytes)) {
                Err("An input in it is too big to be checked here.".into())
            } else {
                Ok(imported)
            }
        })
    })
}

/// The inputs of a result, to choose from.
pub(super) fn import_view(view: View) -> El {
    let Some(imported) = &view.state.share.imported else { return el("div") };
    let version = shown(&imported.version);
    let inputs = count(imported.sources.len(), "input", "inputs");
    let mut list = el("ul").class("share");
    for (number, source) in imported.sources.iter().enumerate() {
        let codes = imported.codes.get(number);
        let found = codes.map(|codes| count(codes.len(), "finding", "findings") + ", ");
        let kind = source.declared.map(|it| format!("{}, ", it.kind.title()));
        let bytes = count(source.bytes.len(), "byte", "bytes");
        let about = [kind.unwrap_or_default(), found.unwrap_or_default(), bytes].concat();
        let label = if source.name == "-" { "Standard input".into() } else { shown(&source.name) };
        let open = button("Open", view.act(state::Action::Share(Action::Choose(number))))
            .set("aria-label", format!("Open {label}"));
        let words =
            el("div").child(el("h3").words(label)).child(el("p").class("hint").words(about));
        list = list.child(el("li").number(number).class("section-head").child(words).child(open));
    }
    let question =
        format!("A result of stslint {version} with {inputs}. Which one do you want to open?");
    el("div").class("rule").child(el("p").words(question)).child(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    const RESULT: &str = r#"{"schema":1,"stslint":"0.0.7","inputs":[
        {"source":0,"findings":[{"code":"OLD-1"},{"code":"STS-POL-051"}]}],"sources":[
        {"name":"mta-sts.txt","file_name":"mta-sts.txt","kind":"policy","domain":"a.example","line_ends_known":true,
         "text":"version: STSv1\r\nmode: enforced\r\nmx: a.example.net\r\nmax_age: 604800\r\n"}]}"#;

    fn why(text: &str) -> String {
        read(text.as_bytes()).expect("it is not to be checked").expect_err(text)
    }

    #[test]
    fn a_result_is_told_from_what_is_to_be_checked() {
        assert!(read(RESULT.as_bytes()).is_some_and(|read| read.is_ok()));
        assert!(read(format!("\u{feff}\n{RESULT}").as_bytes()).is_some_and(|read| read.is_ok()));
        let report = r#"{"organization-name":"x","policies":[]}"#;
        let answer =
            r#"{"Status":0,"Answer":[{"name":"_mta-sts.a.","type":16,"data":"v=STSv1; id=1;"}]}"#;
        for text in ["version: STSv1\n", "", "[[\"v=STSv1\"]]", report, answer, "\u{0}"] {
            assert!(read(text.as_bytes()).is_none(), "{text}");
        }
        assert!(read(b"{\"stslint\":\xff}").is_none());
        assert!(why("{}").contains("no TLS report"));
        assert!(why(r#"{"runs":[],"x":"stslint"}"#).contains("SARIF"));
        assert!(why(r#"{"schema":1,"stslint":"1","checks":[]}"#).contains("check of a domain"));
        assert!(why(&RESULT.replace("\"schema\":1", "\"schema\":3")).contains("newer version"));
        assert!(why(&RESULT[..RESULT.len() - 3]).contains("cut off"));
    }
}

//! Opening a result of stslint again: what was checked is checked anew.

use super::shown::Change;
use super::stream;
use crate::analysis::Settings;
use crate::components::app::View;
use crate::components::element::{El, button, el};
use crate::components::prose::count;
use crate::effects::{Dispatcher, open_bytes, refuse};
use crate::source::{FILE_LIMIT, REPORT_LIMIT, limit};
use crate::state::{Action, Notice, Opened, State};
use std::collections::BTreeSet;
use std::rc::Rc;
use stslint::detect::detect;
use stslint::render::import::{Error, Imported, import};
use stslint::text::push_visible;
use stslint::{Form, GZIP};
use stslint::{Input, Kind, VERSION};
use wasm_bindgen_futures::spawn_local;

/// Codes that are named.
const NAMED: usize = 8;

/// Characters of a name from a result that are shown.
const NAME: usize = 80;

/// Opens what a file holds, or what was pasted if it has no name: packed data, a result of stslint,
/// or a text to check.
pub(crate) fn open_file(dispatcher: Dispatcher, name: String, bytes: Vec<u8>) {
    spawn_local(async move {
        let bytes = if bytes.starts_with(&GZIP) {
            match stream::unzip(&bytes, REPORT_LIMIT).await {
                Ok(bytes) => bytes,
                Err(failure) => {
                    let text = ["The file ", &name, " ", failure.of_file()].concat();
                    return dispatcher.emit(Action::Notice(Notice::problem(text)));
                }
            }
        } else {
            bytes
        };
        let what =
            if name.is_empty() { "The pasted text".into() } else { format!("The file {name}") };
        if bytes.len() > FILE_LIMIT {
            return refuse(&dispatcher, &what, bytes.len());
        }
        match read(&bytes) {
            None => open_bytes(&dispatcher, &name, bytes),
            Some(Ok(imported)) => dispatcher.emit(Action::Full(Change::Import(Rc::new(imported)))),
            Some(Err(why)) => {
                let text = format!("{what} can’t be opened. {why} Your text is as it was.");
                dispatcher.emit(Action::Notice(Notice::problem(text)));
            }
        }
    });
}

/// The result in these bytes or why there is none; nothing if they are something to check instead.
fn read(bytes: &[u8]) -> Option<Result<Imported, String>> {
    let text = str::from_utf8(bytes).ok()?;
    if !text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        return None;
    }
    let detected = detect(&Input::new(bytes));
    if !text.contains("\"stslint\"") {
        let foreign = matches!((detected.kind, detected.form), (Kind::Policy, Form::Bare));
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
            let long = |bytes: &[u8]| bytes.len() > limit(&String::from_utf8_lossy(bytes));
            if imported.sources.is_empty() {
                Err("This result has no inputs.".into())
            } else if imported.sources.iter().any(|source| long(&source.bytes)) {
                Err("An input in it is too big to be checked here.".into())
            } else {
                Ok(imported)
            }
        })
    })
}

/// Opens an input of a result and tells what this version sees differently.
pub(super) fn open(state: &mut State, imported: &Imported, number: usize) {
    let Some(source) = imported.sources.get(number) else { return };
    state.change_by(Action::Open(Opened {
        bytes: Some(source.bytes.clone()),
        line_ends_known: source.line_ends_known,
        file_name: source.file_name.clone(),
        settings: Settings {
            kind: source.kind,
            domain: source.domain.clone().unwrap_or_default(),
            ascii_domain: source.domain.clone(),
        },
        invisible: false,
        what: format!(
            "{} from a result of stslint {}",
            named(&source.name),
            shown(&imported.version)
        ),
    }));
    let now: BTreeSet<&str> = state.analysis.findings().map(|finding| finding.rule.code).collect();
    let then = imported.codes.get(number).map(|codes| codes.iter().map(String::as_str).collect());
    if let Some(notice) = &mut state.notice {
        notice.text.push(' ');
        notice.text.push_str(&difference(then.as_ref(), &now));
    }
}

/// What differs between the codes that were found then and now.
fn difference(then: Option<&BTreeSet<&str>>, now: &BTreeSet<&str>) -> String {
    let Some(then) = then else {
        return format!(
            "What it found can’t be read; the findings here are those of stslint {VERSION}."
        );
    };
    let listed = |codes: Vec<&str>| {
        let more = codes.len().saturating_sub(NAMED);
        let mut list = codes[..codes.len() - more].join(", ");
        if more > 0 {
            list.push_str(&format!(" and {more} more"));
        }
        list
    };
    let new: Vec<&str> = now.difference(then).copied().collect();
    let gone: Vec<&str> = then.difference(now).copied().collect();
    if new.is_empty() && gone.is_empty() {
        return format!("This version, {VERSION}, finds the same.");
    }
    let mut text = format!("This version, {VERSION}, finds something else.");
    for (label, codes) in [("New", new), ("Gone", gone)] {
        if !codes.is_empty() {
            text.push_str(&format!(" {label}: {}.", listed(codes)));
        }
    }
    text
}

/// A name from a result, with what can't be seen as code points.
fn shown(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars().take(NAME) {
        push_visible(c, &mut out);
    }
    if name.chars().nth(NAME).is_some() {
        out.push('…');
    }
    out
}

fn named(name: &str) -> String {
    if name == "-" { "the text".into() } else { shown(name) }
}

/// The inputs of a result, to choose from.
pub(super) fn import_view(view: View) -> El {
    let Some(imported) = &view.state.full.imported else { return el("div") };
    let version = shown(&imported.version);
    let inputs = count(imported.sources.len(), "input", "inputs");
    let mut list = el("ul").class("share");
    for (number, source) in imported.sources.iter().enumerate() {
        let codes = imported.codes.get(number);
        let found = codes.map(|codes| count(codes.len(), "finding", "findings") + ", ");
        let kind = source.kind.map(|kind| format!("{}, ", kind.title()));
        let bytes = count(source.bytes.len(), "byte", "bytes");
        let about = [kind.unwrap_or_default(), found.unwrap_or_default(), bytes].concat();
        let label = if source.name == "-" { "Standard input".into() } else { shown(&source.name) };
        let open = button("Open", view.act(Action::Full(Change::Choose(number))))
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
    use crate::full::change;

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

    #[test]
    fn what_was_checked_is_checked_anew_and_the_users_text_can_come_back() {
        let imported = read(RESULT.as_bytes()).and_then(Result::ok).expect("it is a result");
        let mut state = State::new("mine");
        change(&mut state, Change::Import(Rc::new(imported)));
        assert_eq!(state.source.file_name.as_deref(), Some("mta-sts.txt"));
        assert!(state.source.line_ends_known);
        assert_eq!(state.settings.kind, Some(Kind::Policy));
        assert_eq!(state.settings.ascii_domain.as_deref(), Some("a.example"));
        let notice = state.notice.clone().expect("it is told");
        assert!(notice.undo && notice.text.contains("result of stslint 0.0.7"), "{notice:?}");
        assert!(notice.text.contains("Gone: OLD-1."), "{notice:?}");
        state.change_by(Action::Restore);
        assert_eq!(state.source.bytes, b"mine");
        assert_eq!(state.source.file_name, None);
    }

    #[test]
    fn a_text_that_was_changed_is_no_longer_the_files() {
        let imported = read(RESULT.as_bytes()).and_then(Result::ok).expect("it is a result");
        let mut state = State::new("");
        change(&mut state, Change::Import(Rc::new(imported)));
        state.change_by(Action::FixAll);
        assert_eq!(state.source.file_name.as_deref(), Some("mta-sts.txt"), "the page changed it");
        state.change_by(Action::Typed("v".into()));
        assert_eq!(state.source.file_name, None);
    }

    #[test]
    fn differences_are_named_and_long_lists_cut() {
        let set = |codes: &[&'static str]| codes.iter().copied().collect::<BTreeSet<_>>();
        let told =
            |then: &[&'static str], now: &[&'static str]| difference(Some(&set(then)), &set(now));
        assert!(told(&["A"], &["A"]).ends_with("finds the same."));
        assert!(told(&["A"], &["B"]).ends_with("New: B. Gone: A."));
        assert!(told(&["A"], &[]).ends_with("something else. Gone: A."));
        let many = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
        assert!(told(&[], &many).ends_with("New: A, B, C, D, E, F, G, H and 2 more."));
        assert!(difference(None, &set(&[])).contains("can’t be read"));
    }
}

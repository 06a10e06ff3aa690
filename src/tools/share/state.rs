//! What was opened, and the way into the page for it. Pure.

use super::examples;
use crate::request::{Dialog, Found, Notice, Opened, Request};
use crate::text::{Analysis, Settings};
use std::collections::BTreeSet;
use std::rc::Rc;
use stslint::VERSION;
use stslint::render::import::Imported;
use stslint::text::push_visible;

/// Codes that are named.
const NAMED: usize = 8;

/// Characters of a name from a result that are shown.
const NAME: usize = 80;

/// What was opened.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// A result with several inputs, of which one is to be chosen.
    pub(crate) imported: Option<Rc<Imported>>,
}

/// What can happen.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// Open the input of this number of the result.
    Choose(usize),
    /// Open the example that stands for these words.
    Example(String),
    /// A result was opened.
    Import(Rc<Imported>),
}

/// Does what an action asks for.
pub(crate) fn update(state: &mut State, action: Action) -> Vec<Request> {
    match action {
        Action::Choose(number) => {
            let imported = state.imported.take();
            imported.and_then(|imported| opened(&imported, number)).into_iter().collect()
        }
        Action::Example(slug) => vec![match examples::find(&slug) {
            Some(example) => Request::Open(example.opened()),
            None => Request::Notice(Notice::problem(
                "There is no such example. Choose one from the list.",
            )),
        }],
        Action::Import(imported) if imported.sources.len() == 1 => {
            opened(&imported, 0).into_iter().collect()
        }
        Action::Import(imported) => {
            state.imported = Some(imported);
            vec![Request::Show(Dialog::Imported)]
        }
    }
}

/// An input of a result, to be opened, with what was found in it then.
fn opened(imported: &Imported, number: usize) -> Option<Request> {
    let source = imported.sources.get(number)?;
    let codes = imported.codes.get(number).map(|codes| Rc::new(codes.iter().cloned().collect()));
    Some(Request::Open(Opened {
        bytes: Some(source.bytes.clone()),
        line_ends_known: source.line_ends_known,
        file_name: source.file_name.clone(),
        settings: Settings {
            declared: source.declared,
            domain: source.domain.clone().unwrap_or_default(),
            ascii_domain: source.domain.clone(),
            ..Settings::default()
        },
        invisible: false,
        here: false,
        place: None,
        what: format!(
            "{} from a result of stslint {}",
            named(&source.name),
            shown(&imported.version)
        ),
        found: Some(Found { codes }),
    }))
}

/// What differs between the codes that were found once, if they can be read, and what is found now.
pub(crate) fn difference(then: Option<&BTreeSet<String>>, now: &Analysis) -> String {
    let now = now.findings().map(|finding| finding.rule.code).collect();
    let then = then.map(|codes| codes.iter().map(String::as_str).collect());
    difference_of(then.as_ref(), &now)
}

fn difference_of(then: Option<&BTreeSet<&str>>, now: &BTreeSet<&str>) -> String {
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
pub(crate) fn shown(name: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_named_and_long_lists_cut() {
        let set = |codes: &[&'static str]| codes.iter().copied().collect::<BTreeSet<_>>();
        let told = |then: &[&'static str], now: &[&'static str]| {
            difference_of(Some(&set(then)), &set(now))
        };
        assert!(told(&["A"], &["A"]).ends_with("finds the same."));
        assert!(told(&["A"], &["B"]).ends_with("New: B. Gone: A."));
        assert!(told(&["A"], &[]).ends_with("something else. Gone: A."));
        let many = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
        assert!(told(&[], &many).ends_with("New: A, B, C, D, E, F, G, H and 2 more."));
        assert!(difference_of(None, &set(&[])).contains("can’t be read"));
    }
}

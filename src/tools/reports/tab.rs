//! What was read, as the tab's storage keeps it: a reload does not lose it, and it is gone with the tab.

use super::kept;
use super::state::{Action, State};
use crate::browser;
use crate::state::{Dispatcher, State as Page};
use std::cell::RefCell;
use std::rc::Rc;
use stslint_worker::Outcome;

/// Where it is kept.
const KEY: &str = "stslint-reports";

/// Most bytes that are kept. Browsers allow a page about five million characters, and texts and checks take some of them.
const MOST: usize = 1 << 20;

thread_local! {
    /// What was there when it was last looked at.
    static LAST: RefCell<Option<Rc<Outcome>>> = const { RefCell::new(None) };
}

/// Keeps what was read since the last time; the first time, brings back what was kept before.
pub(super) fn keep(page: &Page, dispatcher: &Dispatcher) {
    let state = kept(page);
    let last = LAST.with(|last| last.replace(Some(Rc::clone(&state.read))));
    let Some(last) = last else {
        match browser::remembered_in_tab(KEY).and_then(|text| read(&text)) {
            Some(before) => dispatcher.emit(Action::Restored(Rc::new(before)).into()),
            None => write(state, dispatcher),
        }
        return;
    };
    if !Rc::ptr_eq(&last, &state.read) {
        write(state, dispatcher);
    }
}

/// Keeps what there is, and tells if there is no room for it.
fn write(state: &State, dispatcher: &Dispatcher) {
    // What was kept is no longer all of it, and takes room.
    browser::remember_in_tab(KEY, "");
    let is_kept = |text: String| browser::remember_in_tab(KEY, &text);
    if !state.is_empty() && !written(&state.read).is_some_and(is_kept) {
        dispatcher.emit(Action::TooMuch.into());
    }
}

/// As a text of the storage, with a character for each byte; none if it is too much for that.
fn written(outcome: &Outcome) -> Option<String> {
    if outcome.aggregate.least_bytes() > MOST as u64 {
        return None;
    }
    let bytes = outcome.to_bytes();
    (bytes.len() <= MOST).then(|| bytes.into_iter().map(char::from).collect())
}

/// What [`written`] made; none for anything else.
fn read(text: &str) -> Option<Outcome> {
    let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
    Outcome::from_bytes(&bytes.ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use stslint::report::content;

    fn of(reports: usize) -> Outcome {
        let mut outcome = Outcome { files: 3, ..Outcome::default() };
        outcome.refuse("a.zip".into(), "it is damaged".into());
        for id in 0..reports {
            let text = format!(r#"{{"organization-name":"Ä","report-id":"{id}","policies":[]}}"#);
            outcome.aggregate.add(&content(&text).expect("a report"), &[]);
        }
        outcome
    }

    #[test]
    fn what_is_kept_comes_back_and_nothing_else() {
        let outcome = of(300);
        let text = written(&outcome).expect("it is not much");
        assert_eq!(read(&text).as_ref(), Some(&outcome));
        let cut = text.chars().take(200).collect::<String>();
        for other in ["", "x", "\u{1}", "€", &*cut] {
            assert_eq!(read(other), None);
        }
    }

    #[test]
    fn too_much_is_not_kept_and_a_report_takes_what_is_said() {
        let size = |reports| of(reports).to_bytes().len();
        assert!((size(300) - size(200)) / 100 >= 20);
        assert_eq!(written(&of(MOST / 25)), None);
    }
}

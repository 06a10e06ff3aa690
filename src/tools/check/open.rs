//! Ways into a check: the button and the Enter key.

use super::state::{Action, Shown, Start, list};
use super::{history, kept};
use crate::browser;
use crate::request::Opened;
use crate::route::Route;
use crate::state::{self as page, Dispatcher, State};
use std::rc::Rc;
use stslint::detect::detect;
use stslint::live::read;
use stslint::{Input, Kind};

/// Longest text that Enter takes for a domain, in characters.
const DOMAIN: u32 = 2048;

/// Checks a domain now.
pub(super) fn start(dispatcher: &Dispatcher, domain: &str) {
    start_with(dispatcher, domain.to_owned(), None);
}

/// Checks a domain now, and compares what it serves with a draft of its policy.
pub(super) fn start_with(dispatcher: &Dispatcher, domain: String, draft: Option<Rc<[u8]>>) {
    let before = history::latest(&domain);
    dispatcher.emit(Action::Start(Start { domain, now: seconds(), before, draft }).into());
    // One goes on from the answer: what was pressed is gone.
    browser::focus_once_on_screen("verdict-title");
}

/// Now, in seconds since 1970.
pub(super) fn seconds() -> i64 {
    (browser::now() / 1000.0) as i64
}

/// Shows a check that somebody shared; nothing if this is none.
pub(super) fn shared(opened: &Opened) -> Option<page::Action> {
    let facts = read(str::from_utf8(opened.bytes.as_deref()?).ok()?).ok()?;
    Some(Action::Open(Rc::new(facts), false, opened.settings.ignore.clone()).into())
}

/// Shows the desk of a domain, or a list, with what the last checks in this tab saw.
pub(crate) fn revisit(page: &State, dispatcher: &Dispatcher, route: Route) {
    let action = match (&route, kept(page).shown(&page.text)) {
        (Route::Desk(domain), _) => Action::Desk(domain.clone(), history::of_tab(domain)),
        (_, Shown::List(domains)) => {
            let seen: Vec<_> = domains.iter().map(|domain| history::of_tab(domain)).collect();
            if seen.iter().all(Option::is_none) {
                return;
            }
            Action::List(list::Action::Resume(domains, seen, browser::now()))
        }
        _ => return,
    };
    dispatcher.emit(page::Action::At(route, Box::new(action.into())));
}

/// Enter in the field: checks the domain, if that is what stands there.
pub(crate) fn enter_pressed(dispatcher: &Dispatcher) {
    let field = browser::field();
    if field.text_length() > DOMAIN {
        return;
    }
    let text = field.value();
    let detected =
        detect(&Input { to_ascii: Some(browser::ascii_domain), ..Input::new(text.as_bytes()) });
    let Some(domain) = detected.domain.filter(|_| detected.kind == Kind::Domain) else {
        return;
    };
    start(dispatcher, &domain);
}

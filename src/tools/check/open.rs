//! Ways into a check: the button and the Enter key.

use super::history;
use super::state::Action;
use crate::browser;
use crate::state::Dispatcher;
use stslint::detect::detect;
use stslint::{Input, Kind};

/// Longest text that Enter takes for a domain, in characters.
const DOMAIN: u32 = 2048;

/// Checks a domain now.
pub(super) fn start(dispatcher: &Dispatcher, domain: &str) {
    let start = Action::Start(domain.to_owned(), seconds(), history::latest(domain));
    dispatcher.emit(start.into());
}

/// Now, in seconds since 1970.
pub(super) fn seconds() -> i64 {
    (browser::now() / 1000.0) as i64
}

/// Shows the desk of a domain, with what its last check in this tab saw.
pub(crate) fn desk(dispatcher: &Dispatcher, domain: String) {
    let seen = history::of_tab(&domain);
    dispatcher.emit(Action::Desk(domain, seen).into());
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

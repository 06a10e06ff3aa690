//! Ways into a check: the button, the Enter key, links.

use super::history;
use super::state::Change;
use crate::browser;
use crate::effects::Dispatcher;
use crate::full::stream;
use crate::state::{Action, Notice};
use std::rc::Rc;
use stslint::detect::detect;
use stslint::live::read;
use stslint::share::{self, Shared};
use stslint::{Input, Kind, host};

/// Longest text that Enter takes for a domain, in characters.
const DOMAIN: u32 = 2048;

/// Checks a domain now.
pub(super) fn start(dispatcher: &Dispatcher, domain: &str) {
    let change = Change::Start(domain.to_owned(), seconds(), history::latest(domain));
    dispatcher.emit(Action::Full(change.into()));
}

/// Now, in seconds since 1970.
pub(super) fn seconds() -> i64 {
    (browser::now() / 1000.0) as i64
}

/// Enter in the field: checks the domain, if that is what stands there. Returns whether it did.
pub(crate) fn enter_pressed(dispatcher: &Dispatcher) -> bool {
    let field = browser::field();
    if field.text_length() > DOMAIN {
        return false;
    }
    let text = field.value();
    let detected = detect(&Input::new(text.as_bytes()));
    let Some(domain) = detected.domain.filter(|_| detected.kind == Kind::Domain) else {
        return false;
    };
    start(dispatcher, &domain);
    true
}

/// The fragment of an address that leads to a check of this domain, with `#`.
pub(crate) fn check_address(domain: &str) -> String {
    format!("#/check/{domain}")
}

/// The domain in such an address, ready to be checked. Nothing is looked up before somebody says so.
pub(crate) fn prefilled(path: &str) -> Action {
    let name = path.split(['?', '/']).next().unwrap_or(path);
    let domain = browser::ascii_domain(name).filter(|name| host::is_host_name(name));
    match domain.filter(|domain| domain.contains('.')) {
        Some(domain) => Action::Full(Change::Fill(domain).into()),
        None => Action::Notice(Notice::problem("The address names no domain that can be checked.")),
    }
}

/// The snapshot in a link. Nothing, if it is none: it is then opened as a text.
pub(crate) async fn opened(shared: &Shared) -> Option<Action> {
    let body = shared.body.as_ref().filter(|_| shared.kind == Some(Kind::Live))?;
    let bytes = stream::unpack(body, share::MAX_SOURCE).await.ok()?;
    let facts = read(str::from_utf8(&bytes).ok()?).ok()?;
    Some(Action::Full(Change::Open(Rc::new(facts), "the check in the link").into()))
}

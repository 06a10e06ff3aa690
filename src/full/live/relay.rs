//! A relay fetches what a browser may not read (`stslint serve`), and tells facts.

use super::Change;
use super::net::{Get, get};
use super::settings::{Relay, Settings};
use crate::effects::Dispatcher;
use crate::state::Action;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use stslint::live::check::{Ask, Id, Reply};
use web_sys::AbortController;

/// What relays are telling.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers(Rc<RefCell<BTreeMap<u32, String>>>);

impl Relay {
    /// Whose it is, for people.
    pub(super) fn name(&self) -> Rc<str> {
        if self.own {
            "the relay of this page".into()
        } else {
            format!("the relay at {}", self.url).into()
        }
    }
}

/// Asks a relay.
pub(super) async fn look(
    _answers: &Answers,
    relay: &Relay,
    ask: &Ask,
    _id: Id,
    controller: &AbortController,
) -> Reply {
    let (Ask::Fetch { host } | Ask::Smtp { host }) = ask else {
        return Reply::NotObservable(String::new());
    };
    let url = format!("{}relay/v1/policy?domain={host}", relay.url);
    let request =
        Get { url: &url, accept: "application/json", limit: 1 << 20, seconds: 75, follow: false };
    match get(request, controller).await {
        Ok(_) | Err(_) => Reply::NotObservable("the relay did not answer".into()),
    }
}

/// Gets to know the relay that the settings name, and takes the settings over.
pub(super) fn meet(dispatcher: &Dispatcher, settings: Settings) {
    dispatcher.emit(Action::Full(Change::Settings(settings).into()));
}

//! What is shown of senders, and how that is written in an address: `#/senders?scenario=…&sender=…&step=…`. Pure.

use crate::route::Route;

/// What is kept.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// What is shown.
    pub(crate) shown: Shown,
    /// The byte of the policy over which the sender stumbles that is pointed at.
    pub(crate) pointed: Option<usize>,
}

/// What of it is shown: a scenario, a sender and a step; a change and its day. Empty words are what comes first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// The name of the scenario.
    pub(crate) scenario: String,
    /// The name of the sender.
    pub(crate) sender: String,
    /// The step, counted from 1; 0 for all of them.
    pub(crate) step: usize,
    /// The name of the change whose timeline is shown.
    pub(crate) change: String,
    /// The day of the change.
    pub(crate) from: String,
    /// The mail servers after the change.
    pub(crate) hosts: String,
}

/// What can happen.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// Somebody points at a sender that stumbles at this byte, or no longer.
    Point(Option<usize>),
    /// Show something else.
    Show(Shown),
}

/// Does what an action asks for.
pub(crate) fn update(state: &mut State, action: Action) {
    match action {
        Action::Point(at) => state.pointed = at,
        Action::Show(shown) => state.shown = shown,
    }
}

impl Shown {
    /// What the part of an address behind its `?` says; what has no meaning there is passed over.
    pub(crate) fn read(query: &str) -> Self {
        let mut shown = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "scenario" => shown.scenario = value.into_owned(),
                "sender" => shown.sender = value.into_owned(),
                "change" => shown.change = value.into_owned(),
                "from" => shown.from = value.into_owned(),
                "hosts" => shown.hosts = value.into_owned(),
                "step" => shown.step = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
        shown
    }

    /// The place with it.
    pub(crate) fn route(&self) -> Route {
        let mut query = form_urlencoded::Serializer::new(String::new());
        for (name, value) in [
            ("scenario", &self.scenario),
            ("sender", &self.sender),
            ("change", &self.change),
            ("from", &self.from),
            ("hosts", &self.hosts),
        ] {
            if !value.is_empty() {
                query.append_pair(name, value);
            }
        }
        if self.step > 0 {
            query.append_pair("step", &self.step.to_string());
        }
        Route::Senders(query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_says_what_is_shown() {
        for query in [
            "",
            "scenario=removal-wrong",
            "scenario=normal&sender=postfix-tlspol&step=3",
            "change=move&from=2026-12-01&hosts=mx.example.net",
        ] {
            let route = Shown::read(query).route();
            assert_eq!(route, Route::Senders(query.to_owned()));
        }
        assert_eq!(Shown::read("step=x&colour=red&sender="), Shown::default());
    }
}

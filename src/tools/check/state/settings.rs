//! Who is asked, and what is kept.

use std::rc::Rc;
use stslint_doh::resolvers::{RESOLVERS, Resolver as Known, is_address};

/// Someone who answers DNS questions over HTTPS.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Resolver {
    /// The id of a known one; nothing for an address that the user gave.
    pub(crate) id: &'static str,
    /// Its name, or its address.
    pub(crate) name: Rc<str>,
    /// The address that takes `?dns=`.
    pub(crate) url: Rc<str>,
}

/// Someone who fetches what a browser may not.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Relay {
    /// The address that its paths begin with, with a slash at the end: `https://lint.example/`.
    pub(crate) url: Rc<str>,
    /// Whether the page came from there.
    pub(crate) own: bool,
    /// Whether it looks at mail hosts too.
    pub(crate) mx: bool,
    /// Who runs it, in their own words; may be empty.
    pub(crate) operator: Rc<str>,
}

/// What the user chose.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    /// Who is asked for names.
    pub(crate) resolver: Resolver,
    /// Whether the user is about to enter the address of another one.
    pub(crate) custom: bool,
    /// The address as written.
    pub(crate) custom_text: Rc<str>,
    /// Who fetches, if somebody does.
    pub(crate) relay: Option<Relay>,
    /// The address of the relay as written.
    pub(crate) relay_text: Rc<str>,
    /// What is wrong with that relay.
    pub(crate) relay_problem: Option<Rc<str>>,
    /// Whether checks are kept in this browser.
    pub(crate) keep: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            resolver: Resolver::known(&RESOLVERS[0]),
            custom: false,
            custom_text: "".into(),
            relay: None,
            relay_text: "".into(),
            relay_problem: None,
            keep: false,
        }
    }
}

impl Settings {
    /// Whether they name a relay that has not been asked yet who it is: one that was remembered.
    pub(crate) fn has_unmet_relay(&self) -> bool {
        self.relay.as_ref().is_none_or(|relay| relay.own)
            && self.relay_problem.is_none()
            && relay_address(&self.relay_text).is_some()
    }
}

impl Resolver {
    /// One of the known resolvers.
    pub(crate) fn known(known: &'static Known) -> Self {
        Self { id: known.id, name: known.name.into(), url: known.url.into() }
    }

    /// The resolver at an address, if it is one that can be asked without others listening in.
    pub(crate) fn custom(text: &str) -> Option<Self> {
        let text = text.trim();
        is_address(text).then(|| Self { id: "", name: text.into(), url: text.into() })
    }

    /// The resolver with this id or at this address.
    pub(crate) fn named(text: &str) -> Option<Self> {
        Known::by_id(text).map(Self::known).or_else(|| Self::custom(text))
    }

    /// A known one that is not this one, to turn to.
    pub(crate) fn other(&self) -> Self {
        let other = RESOLVERS.iter().find(|known| known.id != self.id);
        Self::known(other.unwrap_or(&RESOLVERS[0]))
    }
}

/// The address of a relay, with a slash at its end.
pub(crate) fn relay_address(text: &str) -> Option<Rc<str>> {
    let text = text.trim();
    let slash = if text.ends_with('/') { "" } else { "/" };
    (is_address(text) && !text.contains('?')).then(|| format!("{text}{slash}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_relay_ends_with_a_slash() {
        assert_eq!(relay_address(" https://a.example ").as_deref(), Some("https://a.example/"));
        assert_eq!(relay_address("https://a.example/x?y"), None);
    }

    #[test]
    fn resolvers_are_found_again_by_id_and_address() {
        assert_eq!(Resolver::named("google").map(|r| r.id), Some("google"));
        let own = Resolver::named("https://dns.example/q").expect("an address");
        assert_eq!((own.id, &*own.name), ("", "https://dns.example/q"));
        assert!(Resolver::named("nonsense").is_none());
        assert_ne!(Resolver::known(&RESOLVERS[0]).other().id, RESOLVERS[0].id);
    }
}

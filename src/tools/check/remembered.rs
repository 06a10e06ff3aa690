//! The choices of the user, remembered in the browser when it allows that.

use super::state::settings::{Resolver, Settings, relay_address};
use super::{history, relay};
use crate::browser;
use stslint_doh::resolvers::RESOLVERS;

/// Where the resolver is remembered: the id of a known one, or an address.
const RESOLVER_KEY: &str = "stslint-resolver";

/// Where the address of the relay is remembered.
const RELAY_KEY: &str = "stslint-relay";

/// What was chosen before.
pub(super) fn load() -> Settings {
    let keep = history::is_kept();
    let mut settings = Settings { keep, relay: relay::own(), ..Settings::default() };
    if let Some(text) = browser::remembered(RESOLVER_KEY)
        && let Some(resolver) = Resolver::named(&text)
    {
        if resolver.id.is_empty() {
            settings.custom = true;
            settings.custom_text = text.into();
        }
        settings.resolver = resolver;
    }
    if let Some(text) = browser::remembered(RELAY_KEY) {
        settings.relay_text = text.into();
    }
    settings
}

/// Remembers what is chosen now.
pub(super) fn store(settings: &Settings) {
    let Resolver { id, url, .. } = &settings.resolver;
    let default = *id == RESOLVERS[0].id;
    let value: &str = if id.is_empty() { url } else { id };
    browser::remember(RESOLVER_KEY, (!default).then_some(value));
    let relay = Some(&*settings.relay_text).filter(|text| relay_address(text).is_some());
    browser::remember(RELAY_KEY, relay);
}

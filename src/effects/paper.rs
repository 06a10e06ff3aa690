//! What only stands on paper: which version it is of, when it was printed, and where to see it again.

use crate::browser;
use gloo_events::EventListener;
use stslint::VERSION;

/// Longest fragment that is printed, in bytes: nobody types a text that is packed into an address.
const FRAGMENT: usize = 80;

/// Writes it before each print.
pub(super) fn listener() -> EventListener {
    EventListener::new(&browser::window(), "beforeprint", |_| {
        let mut address = browser::page_address();
        let fragment = browser::fragment();
        if fragment.len() <= FRAGMENT {
            address.push_str(&fragment);
        }
        let words = format!("stslint {VERSION} · printed {} · {address}", browser::minute());
        browser::part("printed").set_text_content(Some(&words));
    })
}

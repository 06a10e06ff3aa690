//! The way out for a text: an address of the page that holds it. The link tool is the way back in.

use crate::browser;
use crate::route::Route;
use crate::text::{Settings, Source};
use stslint::share::{self, Shared};

/// The address of the page with a fragment that carries what is given.
pub(super) fn address(
    source: &Source,
    settings: &Settings,
    invisible: bool,
    body: Option<Vec<u8>>,
) -> String {
    let shared = Shared {
        declared: settings.declared,
        domain: (!settings.domain.is_empty()).then(|| settings.domain.clone()),
        marks: invisible,
        exact: body.is_some() && source.line_ends_known,
        reports: false,
        ignore: settings.ignore.clone(),
        place: Route::parse(&browser::fragment()).with_text(),
        body,
    };
    let route = Route::Shared(share::encode(&shared));
    browser::page_address() + &route.fragment()
}

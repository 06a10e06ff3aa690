//! A text or a result that somebody shared, as it stands after the `#` of the page's address.

use crate::browser::{self, stream};
use crate::request::{Notice, Opened, Request};
use crate::route::Route;
use crate::state::Dispatcher;
use crate::text::{Settings, Source, limit};
use std::rc::Rc;
use stslint::Kind;
use stslint::live::read;
use stslint::share::{self, LinkError, Shared};
use wasm_bindgen_futures::spawn_local;

/// Most lines of a text in a link. A link is short whatever it holds, and browsers take seconds to lay out more lines than
/// any report has.
const LINES: usize = 40_000;

/// Opens what `text` holds, if it is something shared.
pub(super) fn open(dispatcher: Dispatcher, text: String) {
    spawn_local(async move {
        let Some(request) = opened(&text).await else { return };
        // While it was unpacked, another link may have been opened.
        if Route::parse(&browser::fragment()) == Route::Shared(text) {
            dispatcher.emit(request.into());
        }
    });
}

/// What to do for a shared text; nothing when it is none of ours.
pub(super) async fn opened(text: &str) -> Option<Request> {
    let Some(decoded) = share::decode(text) else {
        let words = "Nothing is at this address of the page. Perhaps the link was cut off.";
        return text.starts_with('/').then(|| Request::Notice(Notice::problem(words)));
    };
    let shared = match decoded {
        Ok(shared) => match snapshot(&shared).await {
            Some(snapshot) => return Some(snapshot),
            None => unpacked(shared).await,
        },
        Err(error) => Err(error.message()),
    };
    Some(match shared {
        Ok(opened) => Request::Open(opened),
        Err(message) => {
            Request::Notice(Notice::problem(format!("This link can’t be opened. {message}")))
        }
    })
}

/// The check in a link. Nothing, if it is none: it is then opened as a text.
async fn snapshot(shared: &Shared) -> Option<Request> {
    let body = shared.body.as_ref().filter(|_| shared.declared == Some(Kind::Live.into()))?;
    let bytes = stream::unpack(body, share::MAX_SOURCE).await.ok()?;
    let facts = read(str::from_utf8(&bytes).ok()?).ok()?;
    Some(Request::Snapshot(Rc::new(facts)))
}

async fn unpacked(shared: Shared) -> Result<Opened, &'static str> {
    let bytes = match &shared.body {
        Some(body) => Some(stream::unpack(body, share::MAX_SOURCE).await.map_err(explain)?),
        None => None,
    };
    let lines = |bytes: &Vec<u8>| bytes.iter().filter(|byte| **byte == b'\n').count();
    if bytes.as_ref().is_some_and(|bytes| lines(bytes) > LINES) {
        return Err("Its text has more lines than any policy, record or report.");
    }
    if bytes.as_ref().is_some_and(|bytes| bytes.len() > limit(&String::from_utf8_lossy(bytes))) {
        return Err(explain(stream::Failure::TooBig));
    }
    let domain = shared.domain.unwrap_or_default();
    let ascii_domain = browser::ascii_domain(&domain);
    let what =
        if bytes.is_some() { "the text from the link" } else { "the settings from the link" };
    Ok(Opened {
        bytes,
        line_ends_known: shared.exact,
        file_name: None,
        settings: Settings { declared: shared.declared, domain, ascii_domain },
        invisible: shared.marks,
        here: true,
        what: what.into(),
        found: None,
    })
}

fn explain(failure: stream::Failure) -> &'static str {
    match failure {
        stream::Failure::Damaged => LinkError::Damaged.message(),
        stream::Failure::TooBig => {
            "Its text is larger than any that this page reads: 256 KiB, or 1 MiB of a report."
        }
        stream::Failure::Unsupported => {
            "This browser can’t unpack its text. Update the browser, or ask for the text itself."
        }
    }
}

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
        body,
    };
    let route = Route::Shared(share::encode(&shared));
    browser::page_address() + &route.fragment()
}

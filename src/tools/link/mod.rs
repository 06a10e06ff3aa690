//! A text or a check that somebody shared, as it stands after the `#` of the page's address. How it gets there is the share
//! tool's part.

#[cfg(all(test, target_arch = "wasm32"))]
mod wasm_tests;

use crate::browser::{self, stream};
use crate::request::{Batch, Notice, Opened, Request};
use crate::route::Route;
use crate::state::{Action, Dispatcher, Link};
use crate::text::{Excess, Settings, is_report};
use stslint::Kind;
use stslint::share::{self, LinkError, Shared};
use wasm_bindgen_futures::spawn_local;

/// What the page calls.
pub(crate) static TABLE: Link = Link { open };

/// Opens what `text` holds, if it is something shared.
fn open(dispatcher: Dispatcher, text: String) {
    spawn_local(async move {
        let Some(action) = opened(&text).await else { return };
        // While it was unpacked, another link may have been opened.
        if Route::parse(&browser::fragment()) == Route::Shared(text) {
            dispatcher.emit(action);
        }
    });
}

/// What to do for a shared text; nothing when it is none of ours.
async fn opened(text: &str) -> Option<Action> {
    let Some(decoded) = share::decode(text) else {
        let words = "Nothing is at this address of the page. Perhaps the link was cut off.";
        return text.starts_with('/').then(|| Request::Notice(Notice::problem(words)).into());
    };
    let opened = match decoded {
        Ok(Shared { reports: true, body: Some(body), .. }) => {
            match stream::unpack(&body, share::MAX_SOURCE).await {
                Ok(bytes) => return Some(Action::Gather(Batch::Link(bytes))),
                Err(failure) => Err(explain(failure)),
            }
        }
        Ok(shared) => match unpacked(shared).await {
            Ok(Read::Reports(batch)) => return Some(Action::Gather(batch)),
            Ok(Read::Text(opened)) => Ok(opened),
            Err(why) => Err(why),
        },
        Err(error) => Err(error.message()),
    };
    let request = match opened {
        Ok(opened) if opened.settings.declared == Some(Kind::Live.into()) => {
            Request::Snapshot(opened)
        }
        Ok(opened) => Request::Open(opened),
        Err(message) => {
            Request::Notice(Notice::problem(format!("This link can’t be opened. {message}")))
        }
    };
    Some(request.into())
}

/// What a link with a text leads to.
enum Read {
    /// A report that is too long to be shown.
    Reports(Batch),
    /// The text.
    Text(Opened),
}

async fn unpacked(shared: Shared) -> Result<Read, &'static str> {
    let bytes = match &shared.body {
        Some(body) => Some(stream::unpack(body, share::MAX_SOURCE).await.map_err(explain)?),
        None => None,
    };
    match bytes.as_deref().and_then(|bytes| Excess::of(&String::from_utf8_lossy(bytes))) {
        Some(_) if bytes.as_deref().is_some_and(is_report) => {
            return Ok(Read::Reports(Batch::Bytes(None, bytes.unwrap_or_default())));
        }
        Some(Excess::Bytes(_)) => return Err(explain(stream::Failure::TooBig)),
        Some(Excess::Lines(_)) => {
            return Err("Its text has more lines than are read here.");
        }
        Some(Excess::Line(_)) => {
            return Err("Its text has a line that is longer than any policy or record.");
        }
        Some(Excess::Mixture) => return Err("What it holds is not text."),
        None => {}
    }
    let domain = shared.domain.unwrap_or_default();
    let ascii_domain = browser::ascii_domain(&domain);
    let what =
        if bytes.is_some() { "the text from the link" } else { "the settings from the link" };
    Ok(Read::Text(Opened {
        bytes,
        line_ends_known: shared.exact,
        file_name: None,
        settings: Settings {
            declared: shared.declared,
            domain,
            ascii_domain,
            ignore: shared.ignore,
        },
        invisible: shared.marks,
        here: true,
        place: shared.place.as_deref().and_then(Route::of_text),
        what: what.into(),
        found: None,
    }))
}

fn explain(failure: stream::Failure) -> &'static str {
    match failure {
        stream::Failure::Damaged => LinkError::Damaged.message(),
        stream::Failure::TooBig => "Its text is larger than any that this page reads.",
        stream::Failure::Unsupported => {
            "This browser can’t unpack its text. Update the browser, or ask for the text itself."
        }
    }
}

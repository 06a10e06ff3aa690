//! A text or a check that somebody shared, as it stands after the `#` of the page's address. How it gets there is the share
//! tool's part.

#[cfg(all(test, target_arch = "wasm32"))]
mod wasm_tests;

use crate::browser::{self, stream};
use crate::request::{Batch, Notice, Opened, Request};
use crate::route::Route;
use crate::state::{Action, Dispatcher, Link};
use crate::text::{Excess, Settings};
use stslint::Kind;
use stslint::share::{self, LinkError, Shared};
use wasm_bindgen_futures::spawn_local;

/// What the page calls.
pub(crate) static TABLE: Link = Link { open };

/// Opens what `text` holds, if it is something shared.
fn open(dispatcher: Dispatcher, text: String) {
    spawn_local(async move {
        if let Some(action) = opened(&text).await {
            // While it was unpacked, another link may have been opened.
            dispatcher.emit(Action::At(Route::Shared(text), action.into()));
        }
    });
}

/// What to do for a shared text; nothing when it is none of ours.
async fn opened(text: &str) -> Option<Action> {
    let Some(decoded) = share::decode(text) else {
        let words = "Nothing is at this address of the page. Perhaps the link was cut off.";
        return text.starts_with('/').then(|| Request::Notice(Notice::problem(words)).into());
    };
    let action = match decoded {
        Ok(Shared { reports: true, body: Some(body), .. }) => {
            let bytes = stream::unpack(&body, share::MAX_SOURCE).await;
            bytes.map(|bytes| Action::Gather(Batch::Link(bytes))).map_err(explain)
        }
        Ok(shared) => unpacked(shared).await.map(Action::from),
        Err(error) => Err(error.message()),
    };
    let refused =
        |why| Request::Notice(Notice::problem(["This link can’t be opened. ", why].concat()));
    Some(action.unwrap_or_else(|why| refused(why).into()))
}

/// Opens a text, or settings for one.
async fn unpacked(shared: Shared) -> Result<Request, &'static str> {
    let bytes = match &shared.body {
        Some(body) => Some(stream::unpack(body, share::MAX_SOURCE).await.map_err(explain)?),
        None => None,
    };
    let text = String::from_utf8_lossy(bytes.as_deref().unwrap_or_default());
    if let Some(excess) = Excess::of(&text) {
        return Ok(Request::too_much(
            "The text of the link",
            None,
            bytes.unwrap_or_default(),
            excess,
        ));
    }
    let domain = shared.domain.unwrap_or_default();
    let ascii_domain = browser::ascii_domain(&domain);
    let what =
        if bytes.is_some() { "the text from the link" } else { "the settings from the link" };
    let opened = Opened {
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
    };
    Ok(match opened.settings.declared {
        Some(declared) if declared == Kind::Live.into() => Request::Snapshot(opened),
        _ => Request::Open(opened),
    })
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

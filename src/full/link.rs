//! What stands after the `#` of the page's address: a shared text, a rule, an example.

use super::filter::Filter;
use super::shown::Change;
use super::{examples, live, stream};
use crate::analysis::Settings;
use crate::browser;
use crate::source::Source;
use crate::state::{Action, Dialog, Notice, Opened};
use stslint::registry;
use stslint::share::{self, LinkError, Shared};

/// What to do for the fragment of an address; nothing when it is none of ours.
pub(super) async fn open(fragment: &str) -> Option<Action> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    if let Some(path) = fragment.strip_prefix("/rules") {
        return Some(rule(path));
    }
    if let Some(path) = fragment.strip_prefix("/check/") {
        return Some(live::prefilled(path));
    }
    if let Some(slug) = fragment.strip_prefix("/examples/") {
        return Some(match examples::find(slug) {
            Some(example) => Action::Open(example.opened()),
            None => Action::Notice(Notice::problem(
                "There is no such example. Choose one from the list.",
            )),
        });
    }
    let shared = match share::decode(fragment)? {
        Ok(shared) => match live::opened(&shared).await {
            Some(action) => return Some(action),
            None => unpacked(shared).await,
        },
        Err(error) => Err(error.message()),
    };
    Some(match shared {
        Ok(opened) => Action::Open(opened),
        Err(message) => {
            Action::Notice(Notice::problem(format!("This link can’t be opened. {message}")))
        }
    })
}

fn rule(path: &str) -> Action {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let code = path.trim_matches('/');
    if code.is_empty() {
        return Action::Full(Change::Rules(Filter::read(query)));
    }
    match registry::find(code) {
        Some(rule) => Action::Show(Dialog::Rule(Some(rule.code))),
        None => Action::Notice(Notice::problem(
            "There is no rule with this code. See the list of all rules.",
        )),
    }
}

async fn unpacked(shared: Shared) -> Result<Opened, &'static str> {
    let bytes = match &shared.body {
        Some(body) => Some(stream::unpack(body, share::MAX_SOURCE).await.map_err(explain)?),
        None => None,
    };
    let domain = shared.domain.unwrap_or_default();
    let ascii_domain = browser::ascii_domain(&domain);
    let what =
        if bytes.is_some() { "the text from the link" } else { "the settings from the link" };
    Ok(Opened {
        bytes,
        line_ends_known: shared.exact,
        file_name: None,
        settings: Settings { kind: shared.kind, domain, ascii_domain },
        invisible: shared.marks,
        what: what.into(),
    })
}

fn explain(failure: stream::Failure) -> &'static str {
    match failure {
        stream::Failure::Damaged => LinkError::Damaged.message(),
        stream::Failure::TooBig => {
            "Its text unpacks to more than 1 MiB, which is no policy and no record."
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
        kind: settings.kind,
        domain: (!settings.domain.is_empty()).then(|| settings.domain.clone()),
        marks: invisible,
        exact: body.is_some() && source.line_ends_known,
        body,
    };
    format!("{}#{}", browser::page_address(), share::encode(&shared))
}

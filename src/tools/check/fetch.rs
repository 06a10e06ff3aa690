//! Fetching a policy as far as a browser can: the exact bytes, no redirect, no cache (RFC 8461 §3.3).

use crate::browser;
use crate::browser::network::{Get, Nothing, get};
use stslint::live::check::Reply;
use stslint::live::facts::{Certificate, Fetch, FetchFailure, Fetched, Hidden, Peer, Response};
use stslint::policy::{MAX_SIZE, PATIENCE};
use web_sys::AbortController;

/// Fetches the policy of a policy host.
pub(super) async fn policy(host: &str, controller: &AbortController) -> Reply {
    let url = format!("https://{host}/.well-known/mta-sts.txt");
    let began = browser::now();
    let request = Get {
        url: &url,
        accept: "text/plain, */*;q=0.1",
        // One more than senders accept, so that a longer one is known to be longer.
        limit: MAX_SIZE + 1,
        seconds: PATIENCE,
        follow: false,
    };
    let got = get(request, controller).await;
    let seconds = Some((browser::now() - began).max(0.0) / 1000.0);
    let outcome = match got {
        Ok(got) => Fetched::Response(Response {
            status: got.status,
            headers: Some(got.headers),
            body: Some(got.body),
            line_ends_lost: false,
        }),
        Err(Nothing::Redirect) => Fetched::Failed(FetchFailure::Redirect),
        Err(nothing) => return Reply::NotObservable(why(nothing)),
    };
    // The browser took the certificate for good. It does not show it.
    let certificate = Certificate { trusted: Some(true), ..Certificate::default() };
    Reply::Fetch(Fetch { outcome, why: None, certificate, tls: None, seconds })
}

const fn why(nothing: Nothing) -> Hidden {
    match nothing {
        Nothing::Offline => Hidden::Offline,
        Nothing::TooLong => Hidden::Late(Peer::PolicyHost, PATIENCE),
        Nothing::Redirect | Nothing::Unreadable => Hidden::Unreadable(Peer::PolicyHost),
    }
}

//! What Postfix does with the names of `secure match=`, for the daemons that hand it some.
//!
//! From Postfix 3.10.5 on it does better where the daemon tells it the patterns as well (`mx_host_pattern`):
//! then the name of the MX host has to match one, a wildcard stands for one label, and the
//! certificate has to be for that host (`smtp_tls_enforce_sts_mx_patterns`). postfix-tlspol tells
//! them when it is asked by `QUERYwithTLSRPT`, as its README has it for Postfix 3.10, and
//! postfix-mta-sts-resolver when `tlsrpt` is on. The models are of a Postfix that is told none.
//!
//! Read: vdukhovni/postfix at 17830e5c13c160d51c95cb971d137a46de84e48c (2026-08-22),
//! `postfix/src/tls/tls_client.c`, `add_namechecks`, and `postfix/src/smtp/smtp_tls_policy.c`.

use super::ground::without_root;
use super::text::nobody;
use crate::input::ToAscii;

/// Whether one of the names in `value`, which colons separate, stands for `name`.
pub(super) fn covers(value: &str, name: &str, to_ascii: Option<ToAscii>) -> bool {
    let name = without_root(name);
    !breaks(value) && value.split(':').any(|listed| covers_one(listed, name, to_ascii))
}

fn covers_one(listed: &str, name: &str, to_ascii: Option<ToAscii>) -> bool {
    // A word for the host that Postfix is connected to. The words for the domain of the recipient,
    // `nexthop` and `dot-nexthop`, can't be answered here.
    if listed.eq_ignore_ascii_case("hostname") {
        return true;
    }
    let (listed, below) = match listed.strip_prefix('.') {
        Some(parent) => (parent, true),
        None => (listed, false),
    };
    let converted = to_ascii.filter(|_| !listed.is_ascii()).and_then(|convert| convert(listed));
    let listed = converted.as_deref().unwrap_or(listed);
    if listed.is_empty() {
        return false;
    }
    if !below {
        return listed.eq_ignore_ascii_case(name);
    }
    // A dot at the start stands for any number of labels.
    let parent = name.len().checked_sub(listed.len()).and_then(|at| name.split_at_checked(at));
    parent.is_some_and(|(host, parent)| {
        parent.eq_ignore_ascii_case(listed) && host.len() > 1 && host.ends_with('.')
    })
}

/// Whether the value breaks the whole answer apart: Postfix then can't read it, and keeps the mail back.
fn breaks(value: &str) -> bool {
    value.contains(|c: char| c.is_ascii_whitespace() || c == ',')
}

/// Whether the value stands for no host, or for others than it says.
pub(super) fn misleads(value: &str) -> bool {
    // What is outside ASCII may have A-labels.
    let idle = |name: &str| name.is_ascii() && nobody(name.strip_prefix('.').unwrap_or(name));
    breaks(value) || value.contains(':') || idle(value)
}

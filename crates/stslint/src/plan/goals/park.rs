//! Domains that take no mail, and domains that take it as another one does.

use super::super::draft::{Draft, Proof, SHORT_TTL};
use super::super::given::Txt;
use super::super::{Act, Note, What};
use super::{enforce, leave};

pub(super) fn write(draft: &mut Draft) {
    match draft.given.alias_of {
        Some(of) => alias(draft, of),
        None => park(draft),
    }
}

/// A null MX (RFC 7505 §3). A policy that is there goes as it goes anywhere.
fn park(draft: &mut Draft) {
    let domain = draft.given.domain;
    draft.step(Act::NullMx, Proof::NullMx, Vec::new());
    draft.publish(What::Records, domain.to_owned(), format!("{domain}. 3600 IN MX 0 ."));
    // Where nothing ever led to a policy, nothing is left to do.
    if leave::remove(draft).is_err() && draft.record() != Some(Txt::Absent) {
        draft.note(Note::PolicyUnknown);
    }
}

/// The policy of another domain under the name of this one (RFC 8461 §8.2).
fn alias(draft: &mut Draft, of: &str) {
    let domain = draft.given.domain;
    draft.step(Act::CheckHosts, Proof::Hosts, Vec::new());
    draft.about(&draft.before.mx);
    let cname = |name: &str| {
        let owner = [name, ".", domain].concat();
        let line = format!("{owner}. {SHORT_TTL} IN CNAME {name}.{of}.");
        (owner, line)
    };
    draft.step(Act::ServeAlias, Proof::AnyPolicy, Vec::new());
    let (owner, line) = cname("mta-sts");
    draft.publish(What::Records, owner, line);
    draft.step(Act::AnnounceAlias, Proof::AnyRecord, Vec::new());
    let (owner, line) = cname("_mta-sts");
    draft.publish(What::Records, owner, line);
    enforce::ask_for_reports(draft);
}

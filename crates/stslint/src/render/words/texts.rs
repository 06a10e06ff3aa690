//! The verdict of a policy or a record in words.

use super::{Headline, State};
use crate::finding::{Finding, Severity};
use crate::input::Form;
use crate::policy::Mode;
use crate::{Artefact, Input, Parsed};

/// What the verdict and the worst severity of an artefact come to.
pub(super) enum Standing {
    /// Senders reject or ignore it.
    Unusable,
    /// Usable, but outside the grammar.
    Loose,
    /// Usable and within the grammar, with warnings.
    Doubtful,
    /// Nothing above advice.
    Clean,
}

pub(super) fn standing(artefact: &Artefact) -> Standing {
    let verdict = crate::finding::Verdict::of(&artefact.findings);
    let worst = artefact.findings.iter().map(|finding| finding.rule.severity).min();
    if !verdict.usable {
        Standing::Unusable
    } else if !verdict.conformant {
        Standing::Loose
    } else if worst.is_some_and(|worst| worst <= Severity::Warning) {
        Standing::Doubtful
    } else {
        Standing::Clean
    }
}

/// Rules by which a policy names what no mail server can be called. Most senders use it all the same.
const NO_NAMES: [&str; 2] = ["STS-POL-086", "STS-POL-110"];

/// The title of a policy whose only errors are such names, with `enforce`: mail is held back (RFC 8461 §5).
fn holds_back(artefact: &Artefact) -> Option<&'static str> {
    let Parsed::Policy(values) = &artefact.parsed else { return None };
    let mut errors =
        artefact.findings.iter().filter(|found| found.rule.severity == Severity::Error);
    let only = errors.all(|found| NO_NAMES.contains(&found.rule.code));
    let matches_none = |found: &Finding| found.rule.code == NO_NAMES[1];
    let all = values.mx.is_empty() || artefact.findings.iter().any(matches_none);
    (only && values.mode == Some(Mode::Enforce)).then_some(match all {
        true => "Senders that use this policy will hold back all mail: no mail server can match it.",
        false => "Senders that use this policy may hold back mail: it has an address where a name has to be.",
    })
}

pub(super) fn policy(input: &Input, form: Form, artefact: &Artefact) -> Headline {
    let (state, title, next) = match (standing(artefact), holds_back(artefact)) {
        (Standing::Unusable, Some(title)) => (
            State::Broken,
            title,
            "Write the host names of your MX records before you publish it. If it is published, correct the file, then give \
             the _mta-sts record a new id: senders look for a new policy before they give up.",
        ),
        (Standing::Unusable, None) => (
            State::Broken,
            "Mail servers that follow the standard will ignore this policy.",
            "Repair the errors first. Until then mail still arrives, but without this protection. A few servers use \
             what they can read, or an earlier copy, and may hold mail back.",
        ),
        (Standing::Loose, _) => (
            State::Review,
            "Most senders accept this policy, strict ones reject it.",
            "Correct what is not written as it should be, so that every sender protects your mail.",
        ),
        (Standing::Doubtful, _) => (
            State::Review,
            "Senders can use this policy, but not all of it is as it should be.",
            "Look at the warnings before you publish it.",
        ),
        (Standing::Clean, _) => {
            let (title, next) = clean_policy(form, artefact);
            (State::Good, title, next)
        }
    };
    let mut next = String::from(next);
    if !input.line_ends_known && state == State::Good {
        next.push_str(" Line ends can't be seen in pasted text and were not checked.");
    }
    Headline { state, title: title.into(), next }
}

/// RFC 8461 §5 for the effect of each mode, §8.3 for taking a policy back.
fn clean_policy(form: Form, artefact: &Artefact) -> (&'static str, &'static str) {
    let mode = match &artefact.parsed {
        Parsed::Policy(values) => values.mode,
        _ => None,
    };
    match mode {
        Some(Mode::Enforce) if form == Form::HttpResponse => (
            "The answer is right: senders that fetch this policy will enforce it.",
            "Every line was checked against RFC 8461, status and Content-Type too. The answer can't \
             show whether all your MX hosts are covered and have valid certificates, whether the \
             certificate of your policy host is valid, and whether the _mta-sts record announces the \
             policy. A host that fails gets no mail from these senders.",
        ),
        Some(Mode::Enforce) => (
            "The text is right: senders that fetch this policy will enforce it.",
            "Every line was checked against RFC 8461. What a text can't show: whether it names all your \
             MX hosts, and whether these have valid certificates. One that fails gets no mail from \
             these senders.",
        ),
        Some(Mode::Testing) => (
            "The text is right: senders that fetch this policy will report failures and deliver anyway.",
            "In testing mode nothing is protected yet. Publish an _smtp._tls record to get the reports, \
             and switch to enforce when they have shown no failures on your side for two to four weeks.",
        ),
        Some(Mode::None) => (
            "The text is right: it tells senders to treat your domain as one without a policy.",
            "If you are removing MTA-STS, keep this file and the _mta-sts record published until the \
             longest max_age that you ever served has passed since it was last served. Only then \
             remove them.",
        ),
        None => ("No problem found in this policy.", "Every line was checked against RFC 8461."),
    }
}

/// RFC 8461 §3.1: a record that is not valid means that no policy is looked for; a policy in a
/// sender's cache stays.
pub(super) fn sts_record(form: Form, artefact: &Artefact) -> Headline {
    let (state, title, next) = match standing(artefact) {
        Standing::Unusable => (
            State::Broken,
            "Mail servers that follow the standard will ignore this record.",
            "Repair the errors first. Until then senders act as if you had no policy, but for those that still hold \
             a copy of it.",
        ),
        Standing::Loose => (
            State::Review,
            "Most senders accept this record, strict ones ignore it.",
            "Correct what is not written as it should be, so that every sender finds your policy.",
        ),
        Standing::Doubtful => (
            State::Review,
            "Senders can use this record, but not all of it is as it should be.",
            "Look at the warnings before you publish it.",
        ),
        Standing::Clean => (
            State::Good,
            "The record is right: senders that see it will look for your policy.",
            "This record only says that a policy exists. Next: check the policy. Give the record a new id each time \
             the policy changes, after the new file is served.",
        ),
    };
    record(form, state, title, next)
}

/// RFC 8460 §3. Nothing about this record delays mail.
pub(super) fn rpt_record(form: Form, artefact: &Artefact) -> Headline {
    let (state, title, next) = match standing(artefact) {
        Standing::Unusable => (
            State::Broken,
            "You can't count on TLS reports with this record.",
            "Senders ignore it, or a destination in it: repair the errors. Delivery of your mail doesn't depend on this record.",
        ),
        Standing::Loose => (
            State::Review,
            "Most senders accept this record, strict ones ignore it.",
            "Correct what is not written as it should be, so that every reporting sender finds the address. Delivery \
             of your mail doesn't depend on this record.",
        ),
        Standing::Doubtful => (
            State::Review,
            "Senders can use this record, but not all of it is as it should be.",
            "Look at the warnings before you publish it. Delivery of your mail doesn't depend on this \
             record.",
        ),
        Standing::Clean => (
            State::Good,
            "The record is right: senders that support TLS reports can send them to you.",
            "The text can't show whether the destination accepts reports. Senders that report do so \
             about once a day, and only after they tried to deliver mail to you.",
        ),
    };
    record(form, state, title, next)
}

fn record(form: Form, state: State, title: &str, next: &str) -> Headline {
    let mut next = String::from(next);
    // Output of a lookup shows all records of the name; a record alone does not.
    if state == State::Good && matches!(form, Form::Bare | Form::Quoted | Form::Zone) {
        next.push_str(" Make sure that there is no second record of this kind at the same name.");
    }
    Headline { state, title: title.into(), next }
}

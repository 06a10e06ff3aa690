//! Sentences about single steps, which need nothing but the step.

use crate::policy::Mode;
use crate::render::words::duration;
use crate::result_type::ResultType;
use crate::senders::{Copy, Course, Dane, Delivery, Origin};

pub(super) fn cache(copy: &Copy) -> String {
    match copy {
        Copy::None => "The sender has no copy of the policy.".into(),
        Copy::Ended(since) => format!("The copy of the policy ended {} ago.", duration(*since)),
        Copy::Lives(_, mode, left) => format!(
            "The sender has a copy of the policy in mode {}, which lives for another {}.",
            mode.word(),
            duration(*left)
        ),
    }
}

pub(super) fn policy(mode: Option<Mode>, origin: Origin) -> String {
    let what = if origin == Origin::Cache { "copy" } else { "policy" };
    match (mode, origin) {
        (Some(Mode::None), _) => {
            format!("The {what} is in mode none: it counts as no policy.")
        }
        (Some(mode), _) => format!("The {what} applies, in mode {}.", mode.word()),
        (None, Origin::Unsupported) => "The sender has no MTA-STS.".into(),
        (None, _) => "No policy applies: the mail goes as if there were no MTA-STS.".into(),
    }
}

pub(super) fn tlsa(host: &str, dane: Dane, course: Course) -> String {
    match dane {
        Dane::None => format!("{host} has no signed TLSA records."),
        Dane::Error => {
            format!("The TLSA records of {host} can't be looked up: it must not get the message.")
        }
        _ if course == Course::Nothing => format!("{host} has signed TLSA records."),
        Dane::Fails | Dane::Matches => {
            format!("{host} has signed TLSA records: one of them has to match its certificate.")
        }
        Dane::Unusable => format!(
            "None of the signed TLSA records of {host} is of use: TLS is a must, whatever its certificate."
        ),
    }
}

pub(super) fn certificate(host: &str, fault: Option<ResultType>) -> String {
    match fault {
        None => format!("The certificate of {host} is good."),
        Some(ResultType::CertificateExpired) => format!("The certificate of {host} has expired."),
        Some(ResultType::CertificateHostMismatch) => {
            format!("The certificate of {host} is for other names.")
        }
        Some(_) => format!("No trusted authority stands behind the certificate of {host}."),
    }
}

/// How a message is delivered, as the end of a sentence.
pub(super) const fn by(how: Delivery) -> &'static str {
    match how {
        Delivery::DeliveredDane => "by TLS, authenticated by DANE",
        Delivery::DeliveredVerified => "by TLS, with a certificate that was checked",
        Delivery::DeliveredOpportunisticTls => "by TLS, whatever its certificate",
        Delivery::DeliveredPlaintext => "in plain text",
        Delivery::Deferred | Delivery::RejectedNullMx => "not at all",
    }
}

pub(super) fn report(events: &[ResultType], course: Course) -> String {
    let mut counts: Vec<(ResultType, usize)> = Vec::new();
    for event in events {
        match counts.iter_mut().find(|(known, _)| known == event) {
            Some((_, count)) => *count += 1,
            None => counts.push((*event, 1)),
        }
    }
    let words = counts.iter().map(|(event, count)| match count {
        1 => event.word().to_owned(),
        _ => format!("{} ({count} times)", event.word()),
    });
    let words: Vec<String> = words.collect();
    let words = words.join(", ");
    match course {
        Course::Nothing => format!("Nobody asks for reports, so nobody is told of {words}."),
        _ => format!("If the sender writes TLS reports, it tells of {words}."),
    }
}

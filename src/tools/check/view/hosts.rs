//! The mail hosts beside the policy, DANE and what was seen on port 25.

use super::super::state::DomainCheck;
use super::paste::{command, paste_field};
use crate::state::View;
use crate::ui::element::{El, el};
use stslint::live::check::Ask;
use stslint::live::facts::{Certificate, Fact, Reason};
use stslint::live::{Dane, MxHost};
use stslint::render::live::reason;
use stslint::time;

/// Hosts that are listed. A domain with more has other problems.
const LISTED: usize = 64;

/// MX × pattern × TLSA.
pub(super) fn table(check: &DomainCheck) -> El {
    let rows = &check.assessment.mx_hosts;
    let mut head = el("tr");
    for title in ["Preference", "Mail host", "Policy", "DANE", "STARTTLS"] {
        head = head.child(el("th").key(title).attr("scope", "col").text(title));
    }
    let mut body = el("tbody");
    for row in rows.iter().take(LISTED) {
        let cell = |label: &'static str| el("td").attr("data-label", label);
        let preference = row.preference.map_or_else(|| "–".into(), |p| p.to_string());
        let (covered, tone) = coverage(row, check.assessment.no_policy);
        let mut dane = cell("DANE").child(el("span").text(dane_word(row.dane)));
        for (i, record) in row.tlsa.iter().enumerate() {
            dane = dane.child(el("code").number(i).words(record.shortened()));
        }
        body = body.child(
            el("tr")
                .key(&row.host)
                .child(cell("Preference").words(preference))
                .child(el("th").attr("scope", "row").words(row.host.clone()))
                .child(cell("Policy").attr("data-tone", tone).child(el("span").words(covered)))
                .child(dane)
                .child(cell("STARTTLS").child(el("span").words(starttls(check, &row.host)))),
        );
    }
    el("table")
        .class("data")
        .attr("data-testid", "hosts")
        .flag("hidden", rows.is_empty())
        .child(el("caption").class("visually-hidden").text("Mail hosts, policy and DANE"))
        .child(el("thead").child(head))
        .child(body)
}

fn coverage(row: &MxHost, no_policy: bool) -> (String, &'static str) {
    match &row.coverage {
        None if no_policy => ("no policy".into(), "info"),
        None => ("not known".into(), "info"),
        Some(coverage) => match (&coverage.pattern, coverage.found.covers()) {
            (Some(pattern), true) => (format!("covered by {pattern}"), "good"),
            (Some(pattern), false) => (format!("not covered, nearly by {pattern}"), "error"),
            (None, _) => ("not covered".into(), "error"),
        },
    }
}

const fn dane_word(dane: Dane) -> &'static str {
    match dane {
        Dane::Unknown => "not known",
        Dane::None => "no TLSA records",
        Dane::Insecure => "TLSA without DNSSEC: no effect",
        Dane::Unusable => "no usable TLSA record",
        Dane::Mismatched => "no TLSA record matches the certificate",
        Dane::InsecureMx => "TLSA signed, MX records not",
        Dane::Protected => "protected",
    }
}

fn starttls(check: &DomainCheck, host: &str) -> String {
    match check.assessment.facts.host(host).smtp {
        Fact::Unknown(Reason::NotAsked) => "a browser can’t look".into(),
        Fact::Unknown(why) => reason(&why),
        Fact::Known(smtp) => match smtp.starttls {
            Some(false) => "not offered".into(),
            _ => certificate(&smtp.certificate),
        },
    }
}

/// A certificate in words.
fn certificate(certificate: &Certificate) -> String {
    let mut words = vec!["offered".to_owned()];
    if let Some(names) = &certificate.names {
        let shown: Vec<&str> = names.iter().take(6).map(String::as_str).collect();
        words.push(format!("certificate for {}", shown.join(", ")));
    }
    if let Some(end) = certificate.not_after.and_then(time::rfc3339) {
        words.push(format!("until {}", &end[..10]));
    }
    match certificate.trusted {
        Some(true) => words.push("trusted".into()),
        Some(false) => words.push("not trusted".into()),
        None => {}
    }
    words.join(", ")
}

/// What [`by_hand`] makes is found by this.
pub(super) const BY_HAND: &str = "smtp-help";

/// How to see a mail host's certificate where a browser can't: a command, and a place to paste.
pub(super) fn by_hand(check: &DomainCheck, view: View) -> El {
    let unknown: Vec<&MxHost> = check
        .assessment
        .mx_hosts
        .iter()
        .take(LISTED)
        .filter(|row| check.assessment.facts.host(&row.host).smtp.known().is_none())
        .collect();
    if unknown.is_empty() || check.is_running() {
        return el("div").flag("hidden", true);
    }
    let mut list = el("ul");
    for row in unknown {
        let ask = Ask::Smtp { host: row.host.clone() };
        let refused = check.refused.get(&ask).copied();
        list = list.child(
            el("li")
                .key(&row.host)
                .class("paste-host")
                .child(el("h4").words(row.host.clone()))
                .child(command(&ask))
                .child(paste_field(&ask, "All that openssl prints", refused, view)),
        );
    }
    el("details")
        .class("help")
        .attr("id", BY_HAND)
        .attr("data-testid", "smtp-help")
        .child(el("summary").text("See STARTTLS and certificates yourself"))
        .child(el("p").text("Browsers can’t use port 25. Run this where it is not blocked, on a server mostly, and paste what it prints."))
        .child(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_covers_a_host_is_unknown_only_where_there_may_be_a_policy() {
        let row = MxHost {
            preference: None,
            host: "mail.example.com".into(),
            coverage: None,
            dane: Dane::Unknown,
            tlsa: Vec::new(),
        };
        assert_eq!(coverage(&row, true).0, "no policy");
        assert_eq!(coverage(&row, false).0, "not known");
    }
}

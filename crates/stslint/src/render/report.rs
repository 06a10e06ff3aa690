//! A TLS report in words: what failed, and what to do about it.

use super::words::count;
use crate::build::providers::Provider;
use crate::host;
use crate::policy::Mode;
use crate::report::aggregate::Kind;
use crate::report::{Cause, Content, PolicyResult, PolicyType, ResultType, Row};
use crate::text::visible;
use crate::time;
use std::borrow::Cow;

/// What failed, in a few words. Text from outside is made visible.
pub fn cause(cause: &Cause) -> Cow<'static, str> {
    use ResultType::*;
    Cow::Borrowed(match cause {
        Cause::Known(StarttlsNotSupported) => "STARTTLS not offered",
        Cause::Known(CertificateHostMismatch) => "Certificate for another name",
        Cause::Known(CertificateExpired) => "Certificate expired",
        Cause::Known(CertificateNotTrusted) => "Certificate not trusted",
        Cause::Known(ValidationFailure) => "Another check failed",
        Cause::Known(TlsaInvalid) => "No TLSA record fits",
        Cause::Known(DnssecInvalid) => "DNSSEC does not validate",
        Cause::Known(DaneRequired) => "DANE demanded, none found",
        Cause::Known(StsPolicyFetchError) => "Policy could not be fetched",
        Cause::Known(StsPolicyInvalid) => "Policy not valid",
        Cause::Known(StsWebpkiInvalid) => "Certificate of the policy host not accepted",
        Cause::Other(name) => return Cow::Owned(visible(name)),
        Cause::Unsaid => "No cause given",
    })
}

/// What to do about it under a kind of policy, in a sentence. With DANE it is the TLSA record that tells which certificate is good
/// (RFC 7671 §5.1).
pub const fn what_to_do(under: Kind, cause: &Cause) -> &'static str {
    use ResultType::*;
    match cause {
        Cause::Known(CertificateHostMismatch) if matches!(under, Kind::Tlsa) => {
            "Give this server a certificate for the name that the MX record has; publish the TLSA record of a new key before \
             that."
        }
        Cause::Known(CertificateExpired) if matches!(under, Kind::Tlsa) => {
            "Renew the certificate, and have the mail server load the new one; publish the TLSA record of a new key before \
             that."
        }
        Cause::Known(CertificateNotTrusted | ValidationFailure) if matches!(under, Kind::Tlsa) => {
            "Publish TLSA records for the key that this server uses now; the certificate may be of your own making where \
             they have usage 3. The reporter's code may say more."
        }
        Cause::Known(ValidationFailure) if !matches!(under, Kind::Sts) => {
            "Check STARTTLS and the certificate of this server; the reporter's code may say more."
        }
        Cause::Known(StarttlsNotSupported) => {
            "Switch TLS on at this server, and look for a firewall that takes STARTTLS out."
        }
        Cause::Known(CertificateHostMismatch) => {
            "Give this server a certificate for the name that the MX record has."
        }
        Cause::Known(CertificateExpired) => {
            "Renew the certificate, and have the mail server load the new one."
        }
        Cause::Known(CertificateNotTrusted) => {
            "Use a certificate of a public authority, and send its intermediate certificates along."
        }
        Cause::Known(ValidationFailure) => {
            "Check that the policy names this server, and that its certificate is good; the reporter's code may say more."
        }
        Cause::Known(TlsaInvalid) => "Publish TLSA records for the key that this server uses now.",
        Cause::Known(DnssecInvalid) => "Repair the signatures of the zone, or its DS record.",
        Cause::Known(DaneRequired) => {
            "Publish TLSA records in a signed zone, or ask the reporter why it demands them."
        }
        Cause::Known(StsPolicyFetchError) => {
            "See that the policy host answers everybody with the file itself: no redirect, no error, no bot check."
        }
        Cause::Known(StsPolicyInvalid) => "Lint the policy that is served, and repair its errors.",
        Cause::Known(StsWebpkiInvalid) => {
            "Give the policy host a current certificate for its name, with its intermediates: browsers hide that one is missing."
        }
        Cause::Other(_) => "Ask the reporter what that means: it is not a registered result type.",
        Cause::Unsaid => {
            "Look for other reports of these days, and check STARTTLS and the certificate of each mail server."
        }
    }
}

/// What people call a kind of policy.
pub const fn policy_type(kind: Option<PolicyType>) -> &'static str {
    match kind {
        Some(PolicyType::NoPolicyFound) => "no policy",
        Some(PolicyType::Sts) => "MTA-STS",
        Some(PolicyType::Tlsa) => "DANE",
        None => "an unknown kind of policy",
    }
}

/// Who reports, about which time and which policies: labels, and values in which text from outside is made
/// visible.
pub fn about(content: &Content) -> Vec<(&'static str, String)> {
    let mut out = Vec::new();
    let mut add = |label, value: Option<String>| out.extend(value.map(|value| (label, value)));
    add("Reported by", content.organization.as_deref().map(visible));
    add("Time", period(content));
    add("Questions to", content.contact.as_deref().map(visible));
    content.policies.iter().for_each(|result| add("Policy", Some(policy(result))));
    out
}

/// The time that a report is about; a day by itself where it is one, in UTC.
fn period(content: &Content) -> Option<String> {
    const DAY: i64 = 86_400;
    let moment = |moment: &Option<_>| {
        time::rfc3339(Option::as_ref(moment).and_then(crate::report::Moment::seconds)?)
    };
    let (start, end) = (moment(&content.start)?, moment(&content.end)?);
    let seconds = content.end.as_ref()?.seconds()? - content.start.as_ref()?.seconds()?;
    let whole = start.ends_with("T00:00:00Z") && (DAY - 1..=DAY).contains(&seconds);
    Some(if whole { start[..10].to_owned() } else { format!("{start} to {end}") })
}

/// A policy, and how many sessions went how.
fn policy(result: &PolicyResult) -> String {
    let mut out = String::from(match result.policy_type {
        Some(PolicyType::NoPolicyFound) => "none found",
        kind => policy_type(kind),
    });
    if let Some(domain) = &result.domain {
        out.push_str(" for ");
        out.push_str(&visible(domain));
    }
    let mode = |line: &Cow<str>| {
        let (name, value) = line.split_once(':')?;
        (name.trim() == "mode").then(|| Mode::from_word(value.trim()))?
    };
    if let Some(mode) =
        result.policy.iter().find_map(mode).filter(|_| result.policy_type == Some(PolicyType::Sts))
    {
        out.push_str(", mode ");
        out.push_str(mode.word());
    }
    for (number, how) in [(result.success, "well"), (result.failed(), "wrong")] {
        if let Some(number) = number {
            out.push_str(&format!("; {} went {how}", count(number, "session", "sessions")));
        }
    }
    out
}

/// What to do where the fault is that of a server of a provider: nobody else can repair it.
fn ask_provider(row: &Row) -> Option<String> {
    let server = row.server.as_deref().filter(|_| row.cause.is_of_server())?;
    let server = server.to_ascii_lowercase();
    let is_own = row.domain.as_deref().is_some_and(|own| host::is_within(&server, own));
    let provider = Provider::of(&server).filter(|_| !is_own)?;
    let records = match row.policy_type {
        Some(PolicyType::Tlsa) => "your MX records name",
        _ => "your MX records and your policy name",
    };
    Some(format!(
        "That is a server of {0}: see whether {records} the right hosts of it, and if so tell {0}.",
        provider.short_name()
    ))
}

/// How many sessions. What is not known is no zero.
pub(super) fn how_many(number: Option<u64>) -> String {
    number.map_or_else(
        || "an unknown number of sessions".into(),
        |number| count(number, "session", "sessions"),
    )
}

/// A row in a line of text. The kind of the policy is named where there are several.
pub fn line(row: &Row, several: bool) -> String {
    let server =
        row.server.as_deref().map_or_else(String::new, |server| format!(", {}", visible(server)));
    let kind = if several { format!(" ({})", policy_type(row.policy_type)) } else { String::new() };
    let provider = ask_provider(row);
    format!(
        "{}{server}: {}{kind}. {}",
        how_many(row.sessions),
        cause(&row.cause),
        provider.as_deref().unwrap_or(what_to_do(row.kind(), &row.cause))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{content, table};

    /// The report in RFC 8460, appendix B.
    const RFC: &str = r#"{"organization-name":"Company-X","date-range":{"start-datetime":"2016-04-01T00:00:00Z",
        "end-datetime":"2016-04-01T23:59:59Z"},"contact-info":"sts-reporting@company-x.example","report-id":"5065427c",
        "policies":[{"policy":{"policy-type":"sts","policy-string":["version: STSv1","mode: testing",
        "mx: *.mail.company-y.example","max_age: 86400"],"policy-domain":"company-y.example",
        "mx-host":"*.mail.company-y.example"},"summary":{"total-successful-session-count":5326,
        "total-failure-session-count":303},"failure-details":[{"result-type":"certificate-expired",
        "sending-mta-ip":"2001:db8:abcd:0012::1","receiving-mx-hostname":"mx1.mail.company-y.example",
        "failed-session-count":100},{"result-type":"starttls-not-supported","sending-mta-ip":"2001:db8:abcd:0013::1",
        "receiving-mx-hostname":"mx2.mail.company-y.example","receiving-ip":"203.0.113.56","failed-session-count":200},
        {"result-type":"validation-failure","sending-mta-ip":"198.51.100.62","receiving-ip":"203.0.113.58",
        "receiving-mx-hostname":"mx-backup.mail.company-y.example","failed-session-count":3}]}]}"#;

    #[test]
    fn the_answer_of_a_report_is_who_when_and_what_to_do() {
        let content = content(RFC).expect("a report");
        assert_eq!(
            about(&content),
            [
                ("Reported by", "Company-X".to_owned()),
                ("Time", "2016-04-01".into()),
                ("Questions to", "sts-reporting@company-x.example".into()),
                (
                    "Policy",
                    "MTA-STS for company-y.example, mode testing; 5326 sessions went well; 303 sessions went wrong"
                        .into()
                ),
            ]
        );
        let lines: Vec<String> = table(&content).iter().map(|row| line(row, false)).collect();
        let wanted = [
            "200 sessions, mx2.mail.company-y.example: STARTTLS not offered. Switch TLS on at this server, ",
            "100 sessions, mx1.mail.company-y.example: Certificate expired. Renew the certificate, ",
            "3 sessions, mx-backup.mail.company-y.example: Another check failed. Check that the policy names ",
        ];
        assert_eq!(lines.len(), wanted.len());
        assert!(
            lines.iter().zip(wanted).all(|(line, wanted)| line.starts_with(wanted)),
            "{lines:#?}"
        );
    }

    #[test]
    fn a_time_that_is_no_day_has_both_ends() {
        let of = |start: &str, end: &str| {
            let text = format!(
                r#"{{"date-range":{{"start-datetime":"{start}","end-datetime":"{end}"}}}}"#
            );
            about(&content(&text).expect("a report")).first().map(|(_, value)| value.clone())
        };
        let day = of("2016-04-01T02:00:00+02:00", "2016-04-02T00:00:00Z");
        assert_eq!(day.as_deref(), Some("2016-04-01"));
        let hours = of("2016-04-01T00:00:00Z", "2016-04-01T12:00:00Z");
        assert_eq!(hours.as_deref(), Some("2016-04-01T00:00:00Z to 2016-04-01T12:00:00Z"));
        assert_eq!(of("today", "2016-04-01T12:00:00Z"), None);
    }

    #[test]
    fn every_result_type_has_words_and_a_sentence() {
        let known = ResultType::WORDS.map(|(result, _)| Cause::Known(result));
        for one in known.into_iter().chain([Cause::Other("x-type".into()), Cause::Unsaid]) {
            let what = cause(&one);
            assert!(!what.is_empty() && !what.ends_with('.'), "{what}");
            for kind in Kind::ALL {
                let todo = what_to_do(kind, &one);
                assert!(todo.ends_with('.') && !todo.contains("RFC"), "{todo}");
                assert!(kind != Kind::Tlsa || !todo.contains("authority"), "{todo}");
                assert!(kind == Kind::Sts || !todo.contains("the policy names"), "{todo}");
            }
        }
    }

    #[test]
    fn servers_of_a_provider_are_for_the_provider_to_repair() {
        let said = |mx: &str, result: &str| {
            let text = RFC
                .replace("mx1.mail.company-y.example", mx)
                .replace("certificate-expired", result);
            let content = content(&text).expect("a report");
            let rows = table(&content);
            let row = rows.iter().find(|row| row.server.as_deref() == Some(mx)).expect("one");
            line(row, false)
        };
        for mx in ["aspmx.l.google.com", "ASPMX.L.Google.com.", "a-b.mail.protection.outlook.com"] {
            for result in ["certificate-expired", "certificate-host-mismatch"] {
                let said = said(mx, result);
                assert!(
                    said.contains("That is a server of ") && !said.contains("certificate for the"),
                    "{said}"
                );
            }
            assert!(
                said(mx, "validation-failure").contains("Check that the policy names this server")
            );
            assert!(said(mx, "sts-webpki-invalid").contains("intermediates: browsers hide"));
        }
        assert!(said("mx.acme-mail.net", "certificate-expired").contains("Renew the certificate"));
    }

    #[test]
    fn hostile_text_is_made_visible() {
        let text = r#"{"organization-name":"A\u001bB","policies":[{"policy":{"policy-domain":"a\u202e"},
            "failure-details":[{"result-type":"x\u001b","receiving-mx-hostname":"m\u0007"}]}]}"#;
        let content = content(text).expect("a report");
        let lines = table(&content).iter().map(|row| line(row, true)).collect::<String>();
        let about = about(&content).into_iter().map(|(_, value)| value).collect::<String>();
        assert!(!(lines + &about).contains(['\u{1b}', '\u{202e}', '\u{7}']));
    }
}

//! What things are called, counted and written: kinds, forms, commands, times.

use crate::finding::Severity;
use crate::input::Form;
use crate::{Kind, Report};

/// The command that prints an answer of a policy host as senders get it, before the address.
pub const CURL: &str = "curl -sS -i --max-redirs 0 --max-time 60 ";

/// The commands that print what there is to lint about a domain. None for a name that is not safe
/// in a shell as it stands.
pub fn lookup_commands(domain: &str) -> Vec<String> {
    let safe = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_');
    if domain.is_empty() || !domain.bytes().all(safe) {
        return Vec::new();
    }
    [
        ["dig +noall +answer TXT _mta-sts.", domain, "", ""],
        ["dig +noall +answer TXT _smtp._tls.", domain, "", ""],
        [CURL, "https://mta-sts.", domain, "/.well-known/mta-sts.txt"],
    ]
    .map(|parts| parts.concat())
    .to_vec()
}

/// The number of findings of each severity: "3 errors, 1 warning".
pub fn summary(report: &Report) -> String {
    let linted = report.artefacts.iter().any(|artefact| artefact.verdict().is_some());
    if !linted {
        return "Not linted".into();
    }
    let mut out = String::new();
    for (severity, one, many) in [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Advice, "piece of advice", "pieces of advice"),
        (Severity::Info, "note", "notes"),
    ] {
        let of_it = report.findings().filter(|finding| finding.rule.severity == severity);
        let count: usize = of_it.map(|finding| 1 + finding.more).sum();
        if count == 0 {
            continue;
        }
        if !out.is_empty() {
            out.push_str(", ");
        }
        push_count(count as u64, one, many, &mut out);
    }
    if out.is_empty() {
        out.push_str("No findings");
    }
    out
}

/// What the input was taken for: "MTA-STS policy in an HTTP response".
pub fn form_words(form: Form, kind: Kind) -> String {
    let mut out = String::from(name(kind));
    out.push_str(form_suffix(form));
    out
}

/// What a report's input was taken for, with all artefacts in it.
pub fn taken_for(report: &Report) -> String {
    let mut out = String::new();
    for (at, artefact) in report.artefacts.iter().enumerate() {
        out.push_str(match report.artefacts.len() - at {
            _ if at == 0 => "",
            1 => " and ",
            _ => ", ",
        });
        out.push_str(name(artefact.kind));
    }
    out.push_str(form_suffix(report.form));
    out
}

fn form_suffix(form: Form) -> &'static str {
    match form {
        Form::Bare => "",
        Form::Dig => ", as dig, a similar tool or a DNS panel shows it",
        Form::DohJson => " in a DNS-over-HTTPS answer",
        Form::EmailAddress => " from a mail address",
        Form::Gzip => ", compressed with gzip",
        Form::HttpResponse => " in an HTTP response",
        Form::Inside => " inside a text",
        Form::Quoted => ", as quoted strings",
        Form::RdataJson => ", as a JSON list of strings",
        Form::Url => " from a web address",
        Form::Zone => ", as zone-file lines",
    }
}

pub(super) fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Domain => "Domain name",
        Kind::Live => "Live check",
        Kind::Policy => "MTA-STS policy",
        Kind::Report => "TLS report",
        Kind::RptTxt => "TLSRPT record",
        Kind::StsTxt => "MTA-STS record",
        Kind::Unknown => "Unknown",
    }
}

/// A number of seconds in exact words: "7 days", "12 hours", "365.25 days", "1 day 1 second".
pub fn duration(seconds: u64) -> String {
    const DAY: u64 = 86_400;
    let mut out = String::new();
    let (days, rest) = (seconds / DAY, seconds % DAY);
    // The maximum, 31557600 s, is a year of 365 days and a quarter (RFC 8461 §3.2).
    let quarter = match rest {
        21_600 => ".25",
        43_200 => ".5",
        64_800 => ".75",
        _ => "",
    };
    if days > 0 && !quarter.is_empty() {
        out.push_str(&days.to_string());
        out.push_str(quarter);
        out.push_str(" days");
        return out;
    }
    for (count, one, many) in [
        (days, "day", "days"),
        (rest / 3600, "hour", "hours"),
        (rest / 60 % 60, "minute", "minutes"),
        (rest % 60, "second", "seconds"),
    ] {
        if count == 0 {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        push_count(count, one, many, &mut out);
    }
    if out.is_empty() {
        out.push_str("0 seconds");
    }
    out
}

/// A number of things.
pub(in crate::render) fn count(count: u64, one: &str, many: &str) -> String {
    let mut out = String::new();
    push_count(count, one, many, &mut out);
    out
}

fn push_count(count: u64, one: &str, many: &str, out: &mut String) {
    out.push_str(&count.to_string());
    out.push(' ');
    out.push_str(if count == 1 { one } else { many });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_exact() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (43_200, "12 hours"),
            (86_400, "1 day"),
            (86_401, "1 day 1 second"),
            (100_000, "1 day 3 hours 46 minutes 40 seconds"),
            (129_600, "1.5 days"),
            (604_800, "7 days"),
            (31_536_000, "365 days"),
            (31_557_600, "365.25 days"),
        ] {
            assert_eq!(duration(seconds), words, "{seconds}");
        }
    }

    #[test]
    fn only_names_that_are_safe_in_a_shell_become_commands() {
        let commands = lookup_commands("example.com");
        assert_eq!(commands[0], "dig +noall +answer TXT _mta-sts.example.com");
        assert_eq!(
            commands[2],
            "curl -sS -i --max-redirs 0 --max-time 60 https://mta-sts.example.com/.well-known/mta-sts.txt"
        );
        for bad in ["", "a b", "a;b", "$(x)", "EXAMPLE.com", "bücher.example", "a\nb", "a/b"] {
            assert!(lookup_commands(bad).is_empty(), "{bad}");
        }
    }
}

//! What lines look like that a machine wrote or reads, where a single word would be found in sentences too. All in lower case.

use super::as_domain;
use crate::text::{Span, is_line_end, place};
use std::collections::BTreeSet;
use std::net::IpAddr;

fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.split(is_line_end).map(str::trim)
}

fn is_address(word: &str) -> bool {
    let word = word.trim_matches(&['[', ']', ',', ';'][..]);
    let (address, prefix) = word.split_once('/').unwrap_or((word, "0"));
    address.parse::<IpAddr>().is_ok() && prefix.parse::<u8>().is_ok()
}

/// Nothing but addresses of hosts.
pub(super) fn is_addresses(text: &str) -> bool {
    let mut words = text.split_whitespace().peekable();
    words.peek().is_some() && words.all(is_address)
}

/// Names of domains on lines of their own, and fewer lines with anything else.
pub(super) fn is_domains(text: &str) -> bool {
    !others(text).is_empty()
}

/// The host of an address of mail or of the web, or the name itself.
fn host_of(word: &str) -> &str {
    let word = word.split_once("://").map_or(word, |(_, rest)| rest);
    let word = word.split('/').next().unwrap_or(word);
    word.rsplit('@').next().unwrap_or(word).trim_end_matches('.')
}

/// Whether a word is a name with letters of other scripts: whether it is a domain is not known here.
fn may_be_domain(word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.');
    !word.is_ascii() && word.contains('.') && word.chars().all(is_part)
}

/// The lines of a list of domains that are none, without the space around them. None of a text that is no such list.
pub(super) fn others(text: &str) -> Vec<Span> {
    let mut others = Vec::new();
    let mut names = BTreeSet::new();
    for line in lines(text) {
        let is_part = |c: char| c.is_whitespace() || ",;".contains(c);
        // What follows a `#` says nothing, as in the lists that are checked.
        let said = line.split('#').next().unwrap_or(line);
        let mut is_other = false;
        for word in said.split(is_part).filter(|word| !word.is_empty()) {
            let name = as_domain(host_of(&word.to_lowercase()));
            is_other |= name.is_none() && !may_be_domain(word);
            names.extend(name.filter(|_| !is_other));
        }
        if is_other {
            others.push(place(text, line));
        }
    }
    if names.len() < 2 || others.len() >= names.len() {
        others.clear();
    }
    others
}

/// A line of DNS: a name, `in`, a type, and data of that type.
pub(super) fn is_dns(text: &str) -> bool {
    lines(text).any(|line| {
        let words: Vec<&str> = line.split_whitespace().take(8).collect();
        words.windows(3).any(|three| match three {
            ["in", "a", data] => data.parse::<std::net::Ipv4Addr>().is_ok(),
            ["in", "aaaa", data] => data.parse::<std::net::Ipv6Addr>().is_ok(),
            ["in", "mx", data] => data.parse::<u16>().is_ok(),
            ["in", "cname" | "ns" | "soa" | "ptr", data] => {
                data.contains('.') || *data == "@" || words.starts_with(&["@"])
            }
            _ => false,
        })
    })
}

/// A list of hosts, each behind its preference.
pub(super) fn is_mx_list(text: &str) -> bool {
    let is_host = |line: &str| {
        let mut words = line.split_whitespace();
        let number = words.next().is_some_and(|word| word.parse::<u16>().is_ok());
        number && words.next().is_some_and(|host| host.contains('.')) && words.next().is_none()
    };
    lines(text).any(is_host) && lines(text).all(|line| line.is_empty() || is_host(line))
}

/// A TLSA record without its name: three small numbers and a hash.
pub(super) fn is_tlsa(text: &str) -> bool {
    lines(text).any(|line| {
        let mut words = line.split_whitespace();
        let small = |word: &str| matches!(word, "0" | "1" | "2" | "3");
        let numbers = words.by_ref().take(3).filter(|word| small(word)).count() == 3;
        let hash = words.next().unwrap_or_default();
        numbers && hash.len() >= 32 && hash.bytes().all(|b| b.is_ascii_hexdigit())
    })
}

/// Versions of records of another use.
pub(crate) const OTHER_RECORDS: [&str; 4] = ["v=spf1", "v=dmarc1", "v=dkim", "v=bimi1"];

/// A record of something else: its version begins a line, a literal or the data of a TXT record.
pub(super) fn is_other_record(text: &str) -> bool {
    lines(text).any(|line| {
        OTHER_RECORDS.iter().filter_map(|version| line.find(version)).any(|at| {
            let before = line[..at].trim_end_matches(['"', '\'', '(', ' ', '\t', '\\']);
            before.is_empty()
                || line[..at].ends_with(['"', '\''])
                || before.ends_with([':', '=', '>'])
                || before.split_whitespace().any(|word| word == "txt")
        })
    })
}

/// A line of program code: a word that begins one, and signs that no sentence has.
pub(super) fn is_code(text: &str) -> bool {
    const WORDS: [&str; 15] = [
        "import ",
        "const ",
        "function ",
        "export ",
        "def ",
        "var ",
        "let ",
        "return ",
        "class ",
        "public ",
        "async ",
        "use ",
        "fn ",
        "module ",
        "provider ",
    ];
    const ALONE: [&str; 3] = ["import ", "package ", "module "];
    const SIGNS: [&str; 5] = [" = ", "=>", "::", " from '", " from \""];
    lines(text).any(|line| {
        let starts = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
        let called = |(at, _): (usize, &str)| line[..at].ends_with(|c: char| c.is_alphanumeric());
        let signs = line.ends_with([';', '{'])
            || SIGNS.iter().any(|sign| line.contains(sign))
            || line.match_indices('(').any(called);
        starts(&WORDS) && signs || starts(&ALONE) && line.split_whitespace().count() == 2
    })
}

/// What a web server answers with instead of a file: a line of its own, alone or behind a command.
pub(super) fn is_web_error(text: &str) -> bool {
    const ERRORS: [&str; 21] = [
        "not found",
        "page not found",
        "file not found",
        "forbidden",
        "unauthorized",
        "bad gateway",
        "bad request",
        "service unavailable",
        "gateway timeout",
        "gateway time-out",
        "internal server error",
        "no available server",
        "default backend - 404",
        "the requested url was not found on this server",
        "upstream connect error",
        "the resource you are looking for",
        "the deployment could not be found",
        "no such app",
        "nosuchkey",
        "invalid ssl certificate error code 526",
        "access denied",
    ];
    let is_error = |line: &str| {
        if let Some(code) = line.strip_prefix("error code: ") {
            return code.bytes().all(|b| b.is_ascii_digit());
        }
        let code = line.get(..3).is_some_and(|code| {
            code.starts_with(['4', '5']) && code.bytes().all(|b| b.is_ascii_digit())
        });
        let words = if code { line[3..].trim_start_matches([':', ' ', '-', '|']) } else { line };
        let words = words.trim_end_matches('.');
        // A sentence may begin like some of them.
        let long = |error: &str| error.len() > 20 && words.starts_with(error);
        ERRORS.iter().any(|error| words == *error || long(error))
            || words.starts_with("not found - request id")
    };
    // With a tag around it, as a browser shows XML.
    let plain = |line: &str| {
        is_error(line.trim_matches(['<', '>', '/'])) || line == "<code>nosuchkey</code>"
    };
    lines(text).filter(|line| !line.is_empty()).take(12).any(plain)
}

/// Hosts and another value of a policy, as generators and checkers show them.
pub(super) fn is_form(text: &str) -> bool {
    let has =
        |names: &[&str]| lines(text).any(|line| names.iter().any(|name| line.starts_with(name)));
    has(&["mx:", "mx host"])
        && has(&["mode:", "policy mode:", "mta-sts mode:", "max age:", "max_age:"])
}

/// Nothing but the name of a report's file (RFC 8460 §5.1).
pub(super) fn is_report_name(text: &str) -> bool {
    let parts: Vec<&str> = text.trim().split('!').take(5).collect();
    let number = |part: &&str| part.parse::<u64>().is_ok();
    parts.len() > 3
        && !text.trim().contains(char::is_whitespace)
        && parts.get(2).is_some_and(number)
}

/// Words by which a bounce is about TLS.
fn tells_of_tls(text: &str) -> bool {
    const WORDS: [&str; 8] =
        ["tls", "mta-sts", "certificate", "dane", "dnssec", "ssl", "encrypt", "zertifikat"];
    WORDS.iter().any(|word| text.contains(word))
}

/// A bounce: a line that begins with a reply and its status code (RFC 3463), or what programs write in one.
pub(super) fn is_bounce(text: &str) -> bool {
    const SAYS: [&str; 16] = [
        "final-recipient:",
        "diagnostic-code:",
        "reporting-mta:",
        "undeliverable",
        "undelivered mail",
        "delivery status notification",
        "remote server returned",
        "could not be delivered",
        "couldn't be delivered",
        "wasn't delivered",
        "delivery has failed",
        "did not accept our requests to connect",
        "konnte nicht zugestellt werden",
        "mta-sts validation",
        "#5.",
        "#4.",
    ];
    let reply = |line: &str| {
        let (Some(reply), Some(rest)) = (line.get(..3), line.get(3..)) else { return false };
        let rest = rest.trim_start_matches([' ', '-', '#']);
        let code = rest.get(..4).map(str::as_bytes);
        reply.bytes().all(|b| b.is_ascii_digit())
            && matches!(code, Some([b'4' | b'5', b'.', b'0'..=b'9', b'.']))
    };
    SAYS.iter().any(|word| text.contains(word)) || lines(text).any(reply)
}

/// A bounce for another reason than TLS.
pub(super) fn is_other_bounce(text: &str) -> bool {
    is_bounce(text) && !tells_of_tls(text)
}

/// A bounce as the sender did not show who he is.
pub(super) fn is_bounce_of_sender(text: &str) -> bool {
    const WORDS: [&str; 5] = ["dmarc", "dkim", "spf", "unauthenticated", "authentication level"];
    is_other_bounce(text) && WORDS.iter().any(|word| text.contains(word))
}

/// Settings of Postfix for incoming mail alone.
pub(super) fn is_incoming(text: &str) -> bool {
    text.contains("smtpd_tls_")
        && !text.contains("smtp_tls_")
        && !text.contains("smtp_dns_support_level")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_are_none_of_these() {
        for text in [
            "how do i set up mta-sts in a multi-tenant environment?",
            "let me know if mta-sts is fine",
            "use mta-sts",
            "import mta-sts policy into plesk?",
            "10 reasons to use mta-sts",
            "192.168.1.1 is my server, how do i do mta-sts?",
            "our v=spf1 record is fine. what about mta-sts?",
            "my policy was not found, why?",
            "not found anywhere else",
            "what is 3 1 1 in a tlsa record?",
        ] {
            let forms: [fn(&str) -> bool; 8] = [
                is_addresses,
                is_dns,
                is_mx_list,
                is_tlsa,
                is_other_record,
                is_code,
                is_web_error,
                is_bounce,
            ];
            assert!(!forms.iter().any(|form| form(text)), "{text}");
        }
    }
}

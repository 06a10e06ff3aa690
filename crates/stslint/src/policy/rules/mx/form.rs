//! What an mx pattern has to look like.

use super::advice;
use crate::finding::{Applicability, Edit, Finding, Fix, Severity};
use crate::host;
use crate::placeholder::{is_template, placeholder};
use crate::policy::{Doc, Line};
use crate::rule::{Example, Rule, Words, words};
use crate::text::{Span, WSP, is_digit};

pub(in crate::policy::rules) const RULES: &[&Rule] = &[
    &MX_WILDCARD_MISPLACED,
    &MX_LEADING_DOT,
    &MX_TRAILING_DOT,
    &MX_U_LABEL,
    &MX_IP_ADDRESS,
    &MX_ADDRESS_LITERAL,
    &MX_UNDERSCORE,
    &MX_INVALID_HOST_NAME,
    &MX_NAME_TOO_LONG,
    &MX_URL,
    &MX_PORT,
    &MX_MULTIPLE_HOSTS,
    &MX_PREFERENCE_NUMBER,
    &MX_EMAIL_ADDRESS,
    &PLACEHOLDER,
];

/// 105: whether a value was never filled in.
pub(in crate::policy::rules) fn is_placeholder(
    doc: &Doc,
    value: Span,
    findings: &mut Vec<Finding>,
) -> bool {
    let Some(what) = placeholder(doc.str(value)) else { return false };
    Finding::add(findings, &PLACEHOLDER, value).quoted().text(what);
    true
}

/// The first thing wrong with a value, in the order of the catalogue. Returns the pattern when it
/// is one, or becomes one by taking off a trailing dot.
pub(super) fn check(doc: &Doc, line: &Line, findings: &mut Vec<Finding>) -> Option<Span> {
    let span = line.value;
    let text = doc.str(span);
    // Most are, and have nothing of what is looked for below.
    if host::is_pattern(text) {
        sample(doc, span, findings);
        return Some(span);
    }
    let replace = |title: &'static str, text: &str| {
        Some(Fix::safe(title, Edit::replace(span, text.to_owned()).alone()))
    };
    if is_placeholder(doc, span, findings) {
        return None;
    }
    let mut report = |rule: &'static Rule, place: Span, fix: Option<Fix>| {
        Finding::add(findings, rule, place).quote(span).fix(fix);
        None
    };
    // Between spaces it is between hosts.
    if text.contains('/') && !text.contains(" / ") {
        let host = url_host(text).and_then(|host| replace("Keep the host name", host));
        return report(&MX_URL, span, host);
    }
    if text.contains('@') {
        return report(&MX_EMAIL_ADDRESS, span, None);
    }
    if text.is_empty() {
        Finding::add(findings, &MX_INVALID_HOST_NAME, line.delimiter)
            .quote(line.value)
            .confirm("Remove the line", doc.delete_line(line));
        return None;
    }
    let number_len = text.bytes().take_while(u8::is_ascii_digit).count();
    let after = text[number_len..].trim_start_matches(WSP);
    let gap = text.len() > number_len + after.len();
    if number_len > 0 && gap && !after.contains(is_separator) {
        let before = Span::new(span.start, span.end - after.len());
        let fix = Fix::safe("Remove the number", Edit::delete(before).alone());
        let number = Span::new(span.start, span.start + number_len);
        return report(&MX_PREFERENCE_NUMBER, number, Some(fix));
    }
    if items(text).filter(|item| is_full(item)).take(2).count() == 2 {
        return report(&MX_MULTIPLE_HOSTS, span, one_line_each(doc, line));
    }
    if text.contains(is_separator) {
        return report(&MX_INVALID_HOST_NAME, span, host_alone(text, span));
    }
    if host::is_address(text) {
        // The dots and digits of IPv4 are within the grammar of names (RFC 5321 §4.1.2).
        let is_name = host::is_host_name(text);
        return report(if is_name { &MX_IP_ADDRESS } else { &MX_ADDRESS_LITERAL }, span, None);
    }
    let before_port = text.trim_end_matches(is_digit);
    if let Some(host) = before_port.strip_suffix(':') {
        let fix = host::is_pattern(host).then(|| replace("Remove the port", host)).flatten();
        let port = Span::new(span.start + host.len(), span.end);
        return report(&MX_PORT, port, fix);
    }
    if text.starts_with('.') {
        let pattern = format!("*{text}");
        let fix = host::is_pattern(&pattern).then(|| {
            Fix::confirm(format!("Write {pattern}"), Edit::replace(span, pattern).alone())
        });
        let dot = Span::new(span.start, span.start + 1);
        return report(&MX_LEADING_DOT, dot, fix);
    }
    let mut pattern = span;
    let name = text.trim_end_matches('.');
    if name.len() < text.len() && !matches!(name, "" | "*") {
        pattern.end = span.start + name.len();
        let dot = Span::new(pattern.end, span.end);
        Finding::add(findings, &MX_TRAILING_DOT, dot)
            .quote(span)
            .safe("Remove the dot", Edit::delete(dot).alone());
    }
    sample(doc, pattern, findings);
    well_formed(doc, pattern, findings).then_some(pattern)
}

/// Whether a name is one of instructions.
fn sample(doc: &Doc, name: Span, findings: &mut Vec<Finding>) {
    if is_template(doc.str(name)) {
        Finding::add(findings, &advice::MX_PLACEHOLDER, name).quoted();
    }
}

/// 084, 081, 087, 088 and 089: whether a single name is a pattern.
fn well_formed(doc: &Doc, span: Span, findings: &mut Vec<Finding>) -> bool {
    let text = doc.str(span);
    let name = text.strip_prefix("*.").unwrap_or(text);
    if host::is_host_name(name) {
        return true;
    }
    if !text.is_ascii() {
        let fix = host::to_a_labels(name, doc.input.to_ascii).map(|ascii| {
            let wildcard = if name.len() < text.len() { "*." } else { "" };
            let ascii = format!("{wildcard}{ascii}");
            Fix::confirm(format!("Write {ascii}"), Edit::replace(span, ascii).alone())
        });
        Finding::add(findings, &MX_U_LABEL, span).quoted().fix(fix);
    } else if name.contains('*') && host_within(text).is_none() || name.is_empty() {
        Finding::add(findings, &MX_WILDCARD_MISPLACED, span).quoted();
    } else if name.contains('_')
        && name.split('.').all(|label| host::is_ldh(&label.replace('_', "x")))
    {
        // Cloudflare makes these names up for MX records that point to a host behind its proxy.
        let cause = if name.starts_with("_dc-mx.") {
            "; Cloudflare made it up because the mail server's own name is proxied: switch that off"
        } else {
            ""
        };
        Finding::add(findings, &MX_UNDERSCORE, span).quoted().text(cause);
    } else if !name.split('.').all(host::is_ldh) {
        Finding::add(findings, &MX_INVALID_HOST_NAME, span).quoted().fix(host_alone(text, span));
    } else {
        Finding::add(findings, &MX_NAME_TOO_LONG, span).quoted();
    }
    false
}

/// The host of `scheme://host[:port][/path]`, if it is a valid pattern.
fn url_host(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once("://")?;
    let host = rest.split('/').next()?;
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    (scheme.bytes().all(|b| b.is_ascii_alphanumeric()) && host::is_pattern(host)).then_some(host)
}

/// One line for each host of a list, when every item is a pattern of more than one label.
fn one_line_each(doc: &Doc, line: &Line) -> Option<Fix> {
    let items = items(doc.str(line.value));
    if !items.clone().all(is_full) {
        return None;
    }
    let separator = format!("{}mx: ", doc.line_end());
    let text = items.collect::<Vec<_>>().join(&separator);
    Some(Fix::safe("Give each host its own line", Edit::replace(line.value, text).alone()))
}

/// Whether a character separates the hosts of a list.
fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | ' ' | '\t' | '/')
}

/// What stands between separators.
fn items(text: &str) -> impl Iterator<Item = &str> + Clone {
    text.split(is_separator).filter(|item| !item.is_empty())
}

/// Whether an item is a pattern of more than one label.
fn is_full(item: &str) -> bool {
    item.contains('.') && host::is_pattern(item)
}

/// Leaves the only name of a value.
fn host_alone(text: &str, span: Span) -> Option<Fix> {
    let host = host_within(text)?;
    Some(Fix::confirm(format!("Write {host}"), Edit::replace(span, host.to_owned()).alone()))
}

/// The only name in a value that has signs, numbers and `mx` around it.
fn host_within(text: &str) -> Option<&str> {
    let sign = |c: char| is_separator(c) || "\"'`<>()[]:=".contains(c);
    let is_word = |word: &&str| {
        !(word.is_empty()
            || word.eq_ignore_ascii_case("mx")
            || word.bytes().all(|b| b.is_ascii_digit()))
    };
    let mut words = text.split(sign).filter(is_word);
    words.next().filter(|word| is_full(word) && words.next().is_none())
}

const OUTSIDE: &str =
    "Strict senders reject the whole policy; for the others the line never matches a mail server.";

static MX_WILDCARD_MISPLACED: Rule = Rule {
    code: "STS-POL-081",
    name: "mx-wildcard-misplaced",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "`{0}` is not a pattern: `*` may stand only once, alone, as the first label",
    words: words(Words {
        why: "The only wildcard is `*.` followed by a name. It stands for exactly one label.",
        effect: OUTSIDE,
        help: "List the hosts, one `mx` line each, or use `*.` and the name that they share.",
        clause: "RFC 8461 §3.2: an mx value is a name, optionally after *.; RFC 8461 §4.1",
        fails: Example::policy(policy!(mx: "mx: *.*.example.com")),
        passes: Some(Example::policy(policy!(mx: "mx: *.mx.example.com"))),
    }),
};

static MX_LEADING_DOT: Rule = Rule {
    code: "STS-POL-082",
    name: "mx-leading-dot",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "`{0}` starts with a dot; a wildcard is written `*.`",
    words: words(Words {
        why: "A leading dot was the way to write suffixes in drafts.",
        effect: OUTSIDE,
        help: "Write `*.` before the name, or better list the hosts.",
        clause: "RFC 8461 §3.2: an mx value is a name, optionally after *.",
        fails: Example::policy(policy!(mx: "mx: .example.com")),
        passes: Some(Example::policy(policy!(mx: "mx: *.example.com"))),
    }),
};

static MX_TRAILING_DOT: Rule = Rule {
    code: "STS-POL-083",
    name: "mx-trailing-dot",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`{0}` ends with a dot",
    words: words(Words {
        why: "The final dot belongs in zone files; a policy has names without it.",
        effect: "Strict senders reject the whole policy, some never match the name, a few remove the dot.",
        help: "Remove the dot.",
        clause: "RFC 8461 §3.2: the value is a Domain; RFC 5321 §4.1.2: a Domain has no final dot",
        fails: Example::policy(policy!(mx: "mx: mail.example.com.")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_U_LABEL: Rule = Rule {
    code: "STS-POL-084",
    name: "mx-u-label",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "`{0}` has characters outside ASCII; internationalised names are written as `xn--…`",
    words: words(Words {
        why: "MX records hold the ASCII form (A-labels), and a name in its Unicode form never equals it.",
        effect: "mox, postfix-tlspol and postfix-mta-sts-resolver reject the whole policy; chasquid, maddy and Stalwart \
                 convert the name, for the others it never matches.",
        help: "Write the name as it stands in DNS, with `xn--`.",
        clause: "RFC 8461 §3.2: internationalised names are given as A-labels; RFC 5890 §2.3.2.1",
        fails: Example::policy(policy!(mx: "mx: mail.bücher.example")),
        passes: Some(Example::policy(policy!(mx: "mx: mail.xn--bcher-kva.example"))),
    }),
};

static MX_IP_ADDRESS: Rule = Rule {
    code: "STS-POL-086",
    name: "mx-ip-address",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is an address; an mx pattern is a host name",
    words: words(Words {
        why: "MX records hold names, never addresses, and the certificate has to carry the name too. Digits and dots are \
              within the grammar, as the labels of a name may be numbers.",
        effect: "It never matches. With `enforce`, senders then hold back mail for that server. mox and postfix-tlspol \
                 reject the whole policy.",
        help: "Write the host name of the MX record.",
        clause: "RFC 8461 §4.1: patterns are compared with the names of MX records; RFC 1035 §3.3.9",
        fails: Example::policy(policy!(mx: "mx: 192.0.2.25")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_ADDRESS_LITERAL: Rule = Rule {
    code: "STS-POL-109",
    name: "mx-address-literal",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "`{0}` is an address, with signs that no host name has; an mx pattern is a host name",
    words: words(Words {
        why: "MX records hold names, never addresses, and the certificate has to carry the name too. Colons and brackets \
              are outside the grammar besides.",
        effect: OUTSIDE,
        help: "Write the host name of the MX record.",
        clause: "RFC 8461 §3.2: the value is a Domain; RFC 5321 §4.1.2; RFC 8461 §4.1: patterns are compared with the names \
                 of MX records",
        fails: Example::policy(policy!(mx: "mx: 2001:db8::25")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_UNDERSCORE: Rule = Rule {
    code: "STS-POL-087",
    name: "mx-underscore",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "`{0}` has an underscore, which host names cannot have{1}",
    words: words(Words {
        why: "Public certificate authorities issue no certificates for such names, so the check of the \
          certificate cannot succeed either.",
        effect: "Strict senders reject the whole policy; for the others the certificate fails.",
        help: "Give the mail server a name without an underscore.",
        clause: "RFC 8461 §3.2: the value is a Domain; RFC 5321 §4.1.2: letters, digits and hyphens",
        fails: Example::policy(policy!(mx: "mx: mail_1.example.com")),
        passes: Some(Example::policy(policy!(mx: "mx: mail1.example.com"))),
    }),
};

static MX_INVALID_HOST_NAME: Rule = Rule {
    code: "STS-POL-088",
    name: "mx-invalid-hostname",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "`{0}` is not a host name",
    words: words(Words {
        why: "A host name consists of labels of letters, digits and inner hyphens, separated by single dots.",
        effect: OUTSIDE,
        help: "Write the host name exactly as it stands in the MX record.",
        clause: "RFC 8461 §3.2: the value is a Domain; RFC 5321 §4.1.2",
        fails: Example::policy(policy!(mx: "mx: <mail.example.com>")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_NAME_TOO_LONG: Rule = Rule {
    code: "STS-POL-089",
    name: "mx-name-too-long",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "`{0}` is too long: a label has at most 63 characters, a name 253",
    words: words(Words {
        why: "Such a name cannot exist in DNS.",
        effect: "It never matches a mail server.",
        help: "Compare the name with your MX records.",
        clause: "RFC 1035 §2.3.4: size limits; RFC 5321 §4.5.3.1.2",
        fails: Example::policy(policy!(
            mx: "mx: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com"
        )),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_URL: Rule = Rule {
    code: "STS-POL-090",
    name: "mx-url",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`{0}` is a URL or a path; an mx pattern is a host name",
    words: words(Words {
        why: "Only the name of the mail server belongs here.",
        effect: OUTSIDE,
        help: "Keep the host name only.",
        clause: "RFC 8461 §3.2: an mx value is a name, optionally after *.",
        fails: Example::policy(policy!(mx: "mx: https://mail.example.com/")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_PORT: Rule = Rule {
    code: "STS-POL-091",
    name: "mx-port",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`{0}` has a port; an mx pattern is a host name alone",
    words: words(Words {
        why: "Mail between servers always uses port 25, so patterns have no port.",
        effect: OUTSIDE,
        help: "Remove the colon and the port.",
        clause: "RFC 8461 §3.2: an mx value is a name, optionally after *.",
        fails: Example::policy(policy!(mx: "mx: mail.example.com:25")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_MULTIPLE_HOSTS: Rule = Rule {
    code: "STS-POL-092",
    name: "mx-multiple-hosts",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "Each host needs an `mx` line of its own",
    words: words(Words {
        why: "Lists are not supported: the whole value is taken for one name.",
        effect: OUTSIDE,
        help: "Write one `mx` line for each host.",
        clause: "RFC 8461 §3.2: each mx stands on its own line under its own key",
        fails: Example::policy(policy!(mx: "mx: mx1.example.com, mx2.example.com")),
        passes: Some(Example::policy(policy!(mx: "mx: mx1.example.com\r\nmx: mx2.example.com"))),
    }),
};

static MX_PREFERENCE_NUMBER: Rule = Rule {
    code: "STS-POL-093",
    name: "mx-preference-number",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`{0}` starts with the preference of the MX record",
    words: words(Words {
        why: "The number belongs in DNS; a policy has the host name only.",
        effect: OUTSIDE,
        help: "Remove the number.",
        clause: "RFC 8461 §3.2: an mx value is a name, optionally after *.",
        fails: Example::policy(policy!(mx: "mx: 10 mail.example.com")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_EMAIL_ADDRESS: Rule = Rule {
    code: "STS-POL-094",
    name: "mx-email-address",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "`{0}` is a mail address; an mx pattern is the name of a mail server",
    words: words(Words {
        why: "The policy says which servers may receive, not who. Addresses for reports belong in the \
          `_smtp._tls` record.",
        effect: OUTSIDE,
        help: "Write the host name of the MX record.",
        clause: "RFC 8461 §3.2: an mx value is a name, optionally after *.",
        fails: Example::policy(policy!(mx: "mx: postmaster@example.com")),
        passes: Some(Example::policy(policy!())),
    }),
};

static PLACEHOLDER: Rule = Rule {
    code: "STS-POL-105",
    name: "placeholder",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "`{0}` stands where a value should{1}",
    words: words(Words {
        why: "It is the text of a template, or of a script that did not run, and means nothing to a mail server.",
        effect: "Strict senders reject the whole policy; for the others the line does nothing.",
        help: "Put the value in: for `mx`, the hosts of your MX records.",
        clause: "RFC 8461 §3.2: what the value of each field is",
        fails: Example::policy(policy!(mx: "mx: ${MX_HOST}")),
        passes: Some(Example::policy(policy!())),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn mx_wildcard_misplaced() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: *.*.example.com
                ^^^^^^^^^^^^^^^ STS-POL-081
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_leading_dot() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: .example.com
                ^ STS-POL-082
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_trailing_dot() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com.
                ^^^^^^^^^^^^^^^^ STS-POL-103
                                ^ STS-POL-083
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_u_label() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.bücher.example
                ^^^^^^^^^^^^^^^^^^^ STS-POL-084
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_ip_address() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: 192.0.2.25
                ^^^^^^^^^^ STS-POL-086
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_address_literal() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: 2001:db8::25
                ^^^^^^^^^^^^ STS-POL-109
            mx: [192.0.2.25]
                ^^^^^^^^^^^^ STS-POL-109
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_underscore() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail_1.example.com
                ^^^^^^^^^^^^^^^^^^ STS-POL-087
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_invalid_hostname() {
        policy().shows(
            r#"
            version: STSv1
            mode: enforce
            mx: -mail.example.com
                ^^^^^^^^^^^^^^^^^ STS-POL-088
            mx: mail.example,com
                ^^^^^^^^^^^^^^^^ STS-POL-088
            mx: "*.example.com"
                ^^^^^^^^^^^^^^^ STS-POL-088
            max_age: 1209600
            "#,
        );
    }

    #[test]
    fn mx_name_too_long() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example.com
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ STS-POL-089
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_url() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: https://mail.example.com/
                ^^^^^^^^^^^^^^^^^^^^^^^^^ STS-POL-090
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_port() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com:25
                                ^^^ STS-POL-091
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_multiple_hosts() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mx1.example.com, mx2.example.com
                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ STS-POL-092
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_preference_number() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: 10 mail.example.com
                ^^ STS-POL-093
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_email_address() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: postmaster@example.com
                ^^^^^^^^^^^^^^^^^^^^^^ STS-POL-094
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn placeholder() {
        policy().shows(
            r"
            version: STSv1
            mode: <mode>
                  ^^^^^^ STS-POL-105
            mx: ${MX_HOST}
                ^^^^^^^^^^ STS-POL-105
            max_age: {{ max_age }}
                     ^^^^^^^^^^^^^ STS-POL-105
            ",
        );
    }
}

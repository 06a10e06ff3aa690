//! The field `mx`: which mail servers may receive.

use super::providers;
use crate::finding::{Applicability, Edit, Finding, Fix, Severity};
use crate::host;
use crate::placeholder::placeholder;
use crate::policy::{Doc, Field, Line, Mode, Shape, Values};
use crate::rule::{Example, Rule, Words, words};
use crate::text::{Span, WSP, is_digit, is_line_end, repeated};
use std::ops::Range;

pub(super) const RULES: &[&Rule] = &[
    &MX_MISSING,
    &MX_WILDCARD_MISPLACED,
    &MX_LEADING_DOT,
    &MX_TRAILING_DOT,
    &MX_U_LABEL,
    &MX_INVALID_A_LABEL,
    &MX_IP_ADDRESS,
    &MX_UNDERSCORE,
    &MX_INVALID_HOST_NAME,
    &MX_NAME_TOO_LONG,
    &MX_URL,
    &MX_PORT,
    &MX_MULTIPLE_HOSTS,
    &MX_PREFERENCE_NUMBER,
    &MX_EMAIL_ADDRESS,
    &MX_NOT_PUBLIC_NAME,
    &MX_WILDCARD_TLD,
    &MX_DUPLICATE_PATTERN,
    &MX_WILDCARD,
    &MX_WILDCARD_OWN_DOMAIN,
    &MX_UPPER_CASE,
    &MX_IS_POLICY_HOST,
    &MX_PLACEHOLDER,
    &MX_DOCUMENTATION_NAME,
    &MX_NEVER_MATCHES,
    &PLACEHOLDER,
    &MX_LIST,
];

/// Hosts that stand as a list below an `mx` line without a value, as in YAML.
pub(super) struct List {
    /// The line that they stand below.
    head: usize,
    /// Their lines, which hold no fields.
    items: Range<usize>,
}

impl List {
    /// All lists of a policy.
    pub(super) fn all(doc: &Doc) -> Vec<Self> {
        let lines = &doc.tree.lines;
        let is_head = |line: &Line| line.shape == Shape::Field(Field::Mx) && line.value.is_empty();
        let heads = (0..lines.len()).filter(|head| is_head(&lines[*head]));
        heads
            .map(|head| {
                let items = lines[head + 1..].iter().take_while(|line| item(doc, line).is_some());
                Self { head, items: head + 1..head + 1 + items.count() }
            })
            .filter(|list| !list.items.is_empty())
            .collect()
    }

    /// Whether a line is an item of one of these lists, which are ascending.
    pub(super) fn have(lists: &[Self], line: usize) -> bool {
        let after = lists.partition_point(|list| list.head < line);
        after.checked_sub(1).is_some_and(|list| lists[list].items.contains(&line))
    }
}

/// What an item of a list holds: what is behind its hyphen or star, without quotes.
fn item(doc: &Doc, line: &Line) -> Option<Span> {
    let text = doc.str(line.name);
    let rest = text.strip_prefix(&['-', '*', '\u{2022}'][..])?;
    let bare = rest.trim_matches(&[' ', '\t', '"', '\''][..]);
    let spaced = rest.starts_with(WSP);
    if line.shape != Shape::Malformed || !spaced || !host::is_pattern(bare) {
        return None;
    }
    let start = line.name.start + text.find(bare)?;
    Some(Span::new(start, start + bare.len()))
}

/// 106.
fn list(doc: &Doc, list: &List, findings: &mut Vec<Finding>) {
    let lines = &doc.tree.lines;
    let head = &lines[list.head];
    let mut edits = doc.delete_line(head);
    for line in &lines[list.items.clone()] {
        let Some(host) = item(doc, line) else { continue };
        edits.push(Edit::replace(Span::new(line.span.start, host.start), "mx: "));
        let end = doc.str(Span::new(host.end, line.span.end)).trim_end_matches(is_line_end).len();
        if end > 0 {
            edits.push(Edit::delete(Span::new(host.end, host.end + end)));
        }
    }
    let first = lines[list.items.start].name;
    Finding::add(findings, &MX_LIST, Span::new(head.name.start, head.delimiter.end))
        .label(first, "the list begins here")
        .safe("Give each host its own line", edits);
}

pub(super) fn check(doc: &Doc, values: &Values, lists: &[List], findings: &mut Vec<Finding>) {
    for one in lists {
        Finding::bound(findings);
        list(doc, one, findings);
    }
    let start = |list: &List| doc.tree.lines[list.head].span.start;
    let has_list = |line: &Line| lists.binary_search_by_key(&line.span.start, start).is_ok();
    let mut any = false;
    let mut patterns: Vec<String> = Vec::new();
    let mut places: Vec<(Span, &Line)> = Vec::new();
    for line in doc.tree.fields(Field::Mx) {
        any = true;
        Finding::bound(findings);
        if line.value.is_empty() && has_list(line) {
            continue;
        }
        if let Some(pattern) = syntax(doc, line, findings) {
            advice(doc, pattern, findings);
            patterns.push(doc.str(pattern).to_ascii_lowercase());
            places.push((pattern, line));
        }
    }
    providers::check(doc, &patterns, &places, findings);
    for (later, first) in repeated(patterns.iter().map(String::as_str).collect()) {
        Finding::bound(findings);
        let (span, line) = places[later];
        Finding::add(findings, &MX_DUPLICATE_PATTERN, span)
            .quoted()
            .label(places[first].0, "this one comes first")
            .safe("Remove the repetition", doc.delete_line(line));
    }
    if !any && values.mode != Some(Mode::None) {
        let place = doc.tree.first(Field::Mode).or(doc.tree.lines.last());
        Finding::add(findings, &MX_MISSING, Span::at(place.map_or(0, |line| line.span.end)));
    }
}

/// 105: whether a value was never filled in.
pub(super) fn is_placeholder(doc: &Doc, value: Span, findings: &mut Vec<Finding>) -> bool {
    let Some(what) = placeholder(doc.str(value)) else { return false };
    Finding::add(findings, &PLACEHOLDER, value).quoted().text(what);
    true
}

/// The first thing wrong with a value, in the order of the catalogue. Returns the pattern when it
/// is one, or becomes one by taking off a trailing dot.
fn syntax(doc: &Doc, line: &Line, findings: &mut Vec<Finding>) -> Option<Span> {
    let span = line.value;
    let text = doc.str(span);
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
    if text.contains('/') {
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
    if text.contains(is_separator) {
        return report(&MX_MULTIPLE_HOSTS, span, one_line_each(doc, line));
    }
    if host::is_address(text) {
        return report(&MX_IP_ADDRESS, span, None);
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
    let text = doc.str(pattern);
    if is_template(text) {
        Finding::add(findings, &MX_PLACEHOLDER, pattern).quoted();
    }
    well_formed(doc, pattern, findings).then_some(pattern)
}

/// 084, 081, 087, 088 and 089: whether a single name is a pattern.
fn well_formed(doc: &Doc, span: Span, findings: &mut Vec<Finding>) -> bool {
    let text = doc.str(span);
    let name = text.strip_prefix("*.").unwrap_or(text);
    if !text.is_ascii() {
        let fix = host::to_a_labels(name, doc.input.to_ascii).map(|ascii| {
            let wildcard = if name.len() < text.len() { "*." } else { "" };
            let ascii = format!("{wildcard}{ascii}");
            Fix::confirm(format!("Write {ascii}"), Edit::replace(span, ascii).alone())
        });
        Finding::add(findings, &MX_U_LABEL, span).quoted().fix(fix);
    } else if name.contains('*') || name.is_empty() {
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
        Finding::add(findings, &MX_INVALID_HOST_NAME, span).quoted();
    } else if !host::is_host_name(name) {
        Finding::add(findings, &MX_NAME_TOO_LONG, span).quoted();
    } else {
        return true;
    }
    false
}

/// What is to be said of a valid pattern.
fn advice(doc: &Doc, span: Span, findings: &mut Vec<Finding>) {
    let text = doc.str(span);
    let suffix = text.strip_prefix("*.");
    let name = suffix.unwrap_or(text);
    if host::fake_a_label(name).is_some() {
        Finding::add(findings, &MX_INVALID_A_LABEL, span).quoted();
    }
    if is_no_name(name, suffix) {
        Finding::add(findings, &MX_NEVER_MATCHES, span).quoted();
        return;
    }
    if suffix.is_some_and(|suffix| !suffix.contains('.')) {
        Finding::add(findings, &MX_WILDCARD_TLD, span).quoted();
    } else if !name.contains('.') || host::private_suffix(name).is_some() {
        Finding::add(findings, &MX_NOT_PUBLIC_NAME, span).quoted();
    } else if host::is_documentation(name) {
        Finding::add(findings, &MX_DOCUMENTATION_NAME, span).quoted();
    }
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        let lower = Edit::replace(span, text.to_ascii_lowercase()).alone();
        Finding::add(findings, &MX_UPPER_CASE, span).quoted().safe("Write it in lower case", lower);
    }
    let own =
        |suffix: &str| doc.input.domain.is_some_and(|domain| domain.eq_ignore_ascii_case(suffix));
    match suffix {
        Some(suffix) if own(suffix) => {
            Finding::add(findings, &MX_WILDCARD_OWN_DOMAIN, span).quoted();
        }
        Some(suffix) if suffix.contains('.') => {
            Finding::add(findings, &MX_WILDCARD, span)
                .quoted()
                .quote(Span::new(span.start + 2, span.end));
        }
        _ => {}
    }
    if text.get(..8).is_some_and(|start| start.eq_ignore_ascii_case("mta-sts.")) {
        Finding::add(findings, &MX_IS_POLICY_HOST, span).quoted();
    }
}

/// Whether no host of the public DNS can have a name that the pattern covers: no top-level domain is a number
/// (RFC 1123 §2.1), and what a wildcard stands for and its dot take two octets at least.
fn is_no_name(name: &str, suffix: Option<&str>) -> bool {
    let top = name.rsplit('.').next().unwrap_or(name);
    top.bytes().all(|b| b.is_ascii_digit())
        || suffix.is_some_and(|suffix| suffix.len() + 2 > host::MAX_NAME)
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
    let items = doc.str(line.value).split(is_separator).filter(|item| !item.is_empty());
    if !items.clone().all(|item| item.contains('.') && host::is_pattern(item)) {
        return None;
    }
    let separator = format!("{}mx: ", doc.line_end());
    let text = items.collect::<Vec<_>>().join(&separator);
    Some(Fix::safe("Give each host its own line", Edit::replace(line.value, text).alone()))
}

/// Whether a character separates the hosts of a list.
fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | ' ' | '\t')
}

/// Whether the registrable part is a tutorial's sample name.
pub(in crate::policy) fn is_template(name: &str) -> bool {
    const NAMES: [&str; 5] = ["yourdomain", "your-domain", "mydomain", "my-domain", "domain"];
    const SUFFIXES: [&str; 5] = ["com", "net", "org", "tld", "example"];
    let Some((front, suffix)) = name.rsplit_once('.') else { return false };
    let label = front.rsplit_once('.').map_or(front, |(_, label)| label);
    NAMES.iter().any(|n| n.eq_ignore_ascii_case(label))
        && SUFFIXES.iter().any(|s| s.eq_ignore_ascii_case(suffix))
}

const OUTSIDE: &str =
    "Strict senders reject the whole policy; for the others the line never matches a mail server.";

static MX_MISSING: Rule = Rule {
    code: "STS-POL-080",
    name: "mx-missing",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "There is no `mx` line",
    words: words(Words {
        why: "With `enforce` and `testing` a policy has to name at least one mail server.",
        effect: "Senders reject the policy. A bug in one of them once held back all mail on an empty list.",
        help: "Add one `mx` line for each host of your MX records.",
        clause: "RFC 8461 §3.2: mx is required at least once except in mode none",
        fails: Example::policy("version: STSv1\r\nmode: enforce\r\nmax_age: 1209600\r\n"),
        passes: Some(Example::policy(policy!())),
    }),
};

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
        effect: "Strict senders reject the whole policy, others never match the name. Stalwart converts it.",
        help: "Write the name as it stands in DNS, with `xn--`.",
        clause: "RFC 8461 §3.2: internationalised names are given as A-labels; RFC 5890 §2.3.2.1",
        fails: Example::policy(policy!(mx: "mx: mail.bücher.example")),
        passes: Some(Example::policy(policy!(mx: "mx: mail.xn--bcher-kva.example"))),
    }),
};

static MX_INVALID_A_LABEL: Rule = Rule {
    code: "STS-POL-085",
    name: "mx-invalid-a-label",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` looks internationalised, but a label after `xn--` cannot be decoded",
    words: words(Words {
        why: "A real A-label decodes to a Unicode name and back to itself. This one does not: it may be cut or \
          mistyped.",
        effect: "It matches only if DNS holds the same broken name.",
        help: "Compare the name with your MX records.",
        clause: "RFC 5890 §2.3.2.1: what an A-label is",
        fails: Example::policy(policy!(mx: "mx: mail.xn--a.example")),
        passes: Some(Example::policy(policy!(mx: "mx: mail.xn--bcher-kva.example"))),
    }),
};

static MX_IP_ADDRESS: Rule = Rule {
    code: "STS-POL-086",
    name: "mx-ip-address",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "`{0}` is written as an address; an mx pattern is a host name",
    words: words(Words {
        why: "MX records hold names, never addresses, and the certificate has to carry the name too.",
        effect: "It never matches. With `enforce`, senders then hold back mail for that server.",
        help: "Write the host name of the MX record.",
        clause: "RFC 8461 §4.1: patterns are compared with the names of MX records; RFC 1035 §3.3.9",
        fails: Example::policy(policy!(mx: "mx: 192.0.2.25")),
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
    fix: None,
    message: "`{0}` is not a host name",
    words: words(Words {
        why: "A host name consists of labels of letters, digits and inner hyphens, separated by single dots.",
        effect: OUTSIDE,
        help: "Write the host name exactly as it stands in the MX record.",
        clause: "RFC 8461 §3.2: the value is a Domain; RFC 5321 §4.1.2",
        fails: Example::policy(policy!(mx: "mx: -mail.example.com")),
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

static MX_NOT_PUBLIC_NAME: Rule = Rule {
    code: "STS-POL-095",
    name: "mx-not-public-name",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is not a public name",
    words: words(Words {
        why: "Names without a dot, and those under `.local`, `.internal` and the like, stand in no public MX \
          record and get no public certificate.",
        effect: "It never matches a mail server. If the real one is missing, `enforce` holds back its mail.",
        help: "Write the public host name of the MX record.",
        clause: "RFC 6761; RFC 8461 §4.2: a certificate that senders trust is needed",
        fails: Example::policy(policy!(mx: "mx: exchange01.corp.local")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_WILDCARD_TLD: Rule = Rule {
    code: "STS-POL-096",
    name: "mx-wildcard-tld",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` covers every domain directly under a top-level domain",
    words: words(Words {
        why: "Anybody can have a name there, attackers included, with a valid certificate.",
        effect: "It covers far too much, and your own hosts probably not, as they are deeper.",
        help: "List the hosts of your MX records.",
        clause: "RFC 8461 §10.4: weak policy constraints",
        fails: Example::policy(policy!(mx: "mx: *.com")),
        passes: Some(Example::policy(policy!(mx: "mx: *.mail.example.com"))),
    }),
};

static MX_DUPLICATE_PATTERN: Rule = Rule {
    code: "STS-POL-097",
    name: "mx-duplicate-pattern",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "`{0}` is listed already",
    words: words(Words {
        why: "Once is enough; upper and lower case make no difference.",
        effect: "None.",
        help: "Remove the repetition.",
        clause: "RFC 8461 §3.2: mx may be repeated, for different hosts",
        fails: Example::policy(policy!(mx: "mx: mail.example.com\r\nmx: mail.example.com")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_WILDCARD: Rule = Rule {
    code: "STS-POL-098",
    name: "mx-wildcard",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` covers `mx1.{1}`, but not `{1}` or `a.b.{1}`",
    words: words(Words {
        why: "`*` stands for one label, a part of a name between two dots. UK government guidance advises against \
          wildcards.",
        effect: "Senders accept any host that fits, with a valid certificate for its name.",
        help: "Nothing has to be done if all your MX hosts fit.",
        clause: "RFC 8461 §4.1: a wildcard stands for the left-most label; RFC 8461 §10.4",
        fails: Example::policy(policy!(mx: "mx: *.mail.example.net")),
        passes: Some(Example::policy(policy!(mx: "mx: mx1.mail.example.net"))),
    }),
};

static MX_WILDCARD_OWN_DOMAIN: Rule = Rule {
    code: "STS-POL-099",
    name: "mx-wildcard-own-domain",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` accepts every host directly under your domain",
    words: words(Words {
        why: "Any machine there with a public certificate, a test box or a customer's, passes for a mail server.",
        effect: "The protection is weaker than it could be.",
        help: "List the hosts of your MX records.",
        clause: "RFC 8461 §10.4: weak policy constraints",
        fails: Example::policy(policy!(mx: "mx: *.example.com")).of("example.com"),
        passes: Some(Example::policy(policy!()).of("example.com")),
    }),
};

static MX_UPPER_CASE: Rule = Rule {
    code: "STS-POL-100",
    name: "mx-upper-case",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "`{0}` has upper-case letters, which is legal",
    words: words(Words {
        why: "Names are compared without regard to case, but a naive sender may compare them literally.",
        effect: "Such a sender might not recognise the server.",
        help: "Write the name in lower case.",
        clause: "RFC 8461 §4.1: how names are compared; RFC 9525 §6.3",
        fails: Example::policy(policy!(mx: "mx: Mail.Example.COM")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_IS_POLICY_HOST: Rule = Rule {
    code: "STS-POL-101",
    name: "mx-is-policy-host",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` looks like the web host of the policy, not like a mail server",
    words: words(Words {
        why: "`mta-sts.` and the domain is where the policy is fetched. `mx` lists where mail goes.",
        effect: "The real mail servers are not covered by this line.",
        help: "Write the hosts of your MX records.",
        clause: "RFC 8461 §3.3: the policy host; RFC 8461 §4.1: mx patterns",
        fails: Example::policy(policy!(mx: "mx: mta-sts.example.com")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_PLACEHOLDER: Rule = Rule {
    code: "STS-POL-102",
    name: "mx-placeholder",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` looks like a sample that was not replaced",
    words: words(Words {
        why: "It is the text of a template or tutorial.",
        effect: "It never matches your mail servers.",
        help: "Write the hosts of your MX records.",
        clause: "Practice: sample names from tutorials",
        fails: Example::policy(policy!(mx: "mx: mail.yourdomain.com")),
        passes: Some(Example::policy(policy!())),
    }),
};

static MX_DOCUMENTATION_NAME: Rule = Rule {
    code: "STS-POL-103",
    name: "mx-documentation-name",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is a name reserved for documentation",
    words: words(Words {
        why: "`example.com` and its like belong to nobody. In samples that is right.",
        effect: "In a real policy it would match none of your mail servers.",
        help: "Nothing has to be done in a sample. In your policy, write your own hosts.",
        clause: "RFC 2606; RFC 6761",
        fails: Example::policy(policy!()),
        passes: None,
    }),
};

static MX_NEVER_MATCHES: Rule = Rule {
    code: "STS-POL-104",
    name: "mx-never-matches",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "No mail server can have a name that `{0}` covers",
    words: words(Words {
        why: "No top-level domain is a number, so this is an address or what is left of one; or the name is so long \
          that there is no room for a label in front of it.",
        effect: "Senders accept the line and never match it. If the real server is missing, `enforce` holds back its \
             mail.",
        help: "Write the host name of the MX record.",
        clause: "RFC 8461 §4.1: patterns are compared with the names of MX records; RFC 1123 §2.1: top-level domains \
             are alphabetic",
        fails: Example::policy(policy!(mx: "mx: *.192.0.2.25")),
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

static MX_LIST: Rule = Rule {
    code: "STS-POL-106",
    name: "mx-list",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`mx` is followed by a list; each host needs an `mx` line of its own",
    words: words(Words {
        why: "A policy is not YAML: `mx` has one host, and is repeated for each.",
        effect: "Senders find no host in the policy and reject it.",
        help: "Write `mx: ` and the host on a line of its own, once for each host.",
        clause: "RFC 8461 §3.2: mx is repeated, one pattern each",
        fails: Example::policy(
            "version: STSv1\r\nmode: enforce\r\nmx:\r\n  - mx1.example.com\r\n  - mx2.example.com\r\nmax_age: 1209600\r\n",
        ),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmx: mx2.example.com\r\nmax_age: 1209600\r\n",
        )),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn mx_missing() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            max_age: 1209600
            | STS-POL-080
            ",
        );
    }

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
    fn mx_invalid_a_label() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.xn--a.example
                ^^^^^^^^^^^^^^^^^^ STS-POL-085
                ^^^^^^^^^^^^^^^^^^ STS-POL-103
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
            r"
            version: STSv1
            mode: enforce
            mx: -mail.example.com
                ^^^^^^^^^^^^^^^^^ STS-POL-088
            max_age: 1209600
            ",
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
    fn mx_not_public_name() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: exchange01.corp.local
                ^^^^^^^^^^^^^^^^^^^^^ STS-POL-095
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_wildcard_tld() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: *.com
                ^^^^^ STS-POL-096
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_duplicate_pattern() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-097
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_wildcard() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: *.mail.example.net
                ^^^^^^^^^^^^^^^^^^ STS-POL-098
                ^^^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_wildcard_own_domain() {
        policy().of("example.com").shows(
            r"
            version: STSv1
            mode: enforce
            mx: *.example.com
                ^^^^^^^^^^^^^ STS-POL-099
                ^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_upper_case() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: Mail.Example.COM
                ^^^^^^^^^^^^^^^^ STS-POL-100
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_is_policy_host() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mta-sts.example.com
                ^^^^^^^^^^^^^^^^^^^ STS-POL-101
                ^^^^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_placeholder() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.yourdomain.com
                ^^^^^^^^^^^^^^^^^^^ STS-POL-102
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_documentation_name() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn mx_never_matches() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: *.192.0.2.25
                ^^^^^^^^^^^^ STS-POL-104
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

    #[test]
    fn mx_list() {
        policy().shows(
            r#"
            version: STSv1
            mode: enforce
            mx:
            ^^^ STS-POL-106
              - mx1.example.net
              - "*.example.org"
            max_age: 1209600
            "#,
        );
    }
}

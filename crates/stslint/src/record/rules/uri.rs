//! One destination of reports: a `mailto` or `https` URI (RFC 8460 §3).

use super::{WSP, found, rpt};
use crate::finding::{Applicability, Arg, Finding, Fix, Severity};
use crate::host;
use crate::placeholder::placeholder;
use crate::record::view::View;
use crate::rule::{Rule, Words, words};
use crate::text::Span;

pub(super) const RULES: &[&Rule] = &[
    &RUA_MISSING_SCHEME,
    &RUA_UNSUPPORTED_SCHEME,
    &MAILTO_INVALID,
    &MAILTO_WITH_HEADERS,
    &HTTPS_INVALID,
    &UNENCODED_EXCLAMATION,
    &DMARC_SIZE_SUFFIX,
    &RUA_PLACEHOLDER,
    &RUA_NO_URI,
    &PASSED_BY,
];

/// One element of the list.
pub(super) struct Uri {
    pub(super) span: Span,
    /// Equal for destinations that are the same once they are repaired.
    pub(super) key: String,
    /// Whether reporters can use it.
    pub(super) valid: bool,
}

/// Checks one element.
pub(super) fn check(view: &View, span: Span, findings: &mut Vec<Finding>) -> Uri {
    let before = findings.len();
    let text = &view.text()[span.range()];
    let mut key = text.to_ascii_lowercase();
    if is_sample(&key) || placeholder(without_escapes(text)).is_some() {
        found(findings, &RUA_PLACEHOLDER, view, span).quoted();
        return Uri { span, key, valid: false };
    }
    let uri = headers(view, span, &mut key, findings);
    let mut rest = &view.text()[uri.range()];
    while let suffix = size_suffix(rest)
        && !suffix.is_empty()
    {
        rest = rest[..rest.len() - suffix.len()].trim_end_matches(WSP);
    }
    let body = Span::new(uri.start, uri.start + rest.len());
    if body.end < uri.end {
        let suffix = Span::new(body.end, uri.end);
        // A limit without an address leaves nothing.
        let fix = Fix::safe("Remove the size limit", view.edit(suffix, ""));
        let fix = (!body.is_empty()).then_some(fix);
        found(findings, &DMARC_SIZE_SUFFIX, view, suffix).quoted().fix(fix);
        key.truncate(body.len());
    }
    if body.is_empty() {
        return Uri { span, key, valid: false };
    }
    exclamation(view, body, findings);
    if key.contains('!') {
        key = key.replace('!', "%21");
    }
    scheme(view, span, body, &mut key, findings);
    let valid = findings[before..].iter().all(|f| f.rule.severity > Severity::Error);
    Uri { span, key, valid }
}

static RUA_PLACEHOLDER: Rule = Rule {
    code: "RPT-TXT-050",
    name: "rua-placeholder",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is sample text, not an address of yours",
    words: words(Words {
        why: "It was copied from instructions, or a template was not filled in. `[email protected]` is what web \
          pages show in place of an address that they hide from robots.",
        effect: "Reports bounce or go nowhere.",
        help: "Write an address that you read.",
        clause: "Practice: sample text in published records",
        fails: rpt("v=TLSRPTv1; rua=mailto:[email protected]"),
        passes: Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    }),
};

/// Up to the first `%`, which is no placeholder in a URI (RFC 3986 §2.1).
fn without_escapes(uri: &str) -> &str {
    uri.split('%').next().unwrap_or(uri)
}

/// Whether a URI in lower case is sample text.
fn is_sample(uri: &str) -> bool {
    ["[email", "yourdomain", "your-domain", "<", ">"].into_iter().any(|word| uri.contains(word))
}

static MAILTO_WITH_HEADERS: Rule = Rule {
    code: "RPT-TXT-026",
    name: "mailto-with-headers",
    severity: Severity::Advice,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "The part from `?` on is of no use in a destination for reports",
    words: words(Words {
        why: "A reporter writes the subject and the other header fields of its message itself, in the \
          form that the standard gives.",
        effect: "Ignored or rejected, depending on the reporter.",
        help: "Remove the part from `?` on.",
        clause: "RFC 6068 §2: header fields in mailto URIs; RFC 8460 §5.3: the subject of a report",
        fails: rpt("v=TLSRPTv1; rua=mailto:a@example.com?subject=tls"),
        passes: Some(rpt("v=TLSRPTv1; rua=mailto:a@example.com")),
    }),
};

/// Takes the header fields off a mailto URI.
fn headers(view: &View, span: Span, key: &mut String, findings: &mut Vec<Finding>) -> Span {
    let text = &view.text()[span.range()];
    let Some(mark) = key.find('?').filter(|_| key.starts_with("mailto:")) else { return span };
    let kept = text[..mark].trim_end_matches(WSP).len();
    key.truncate(kept);
    let headers = Span::new(span.start + kept, span.end);
    exclamation(view, headers, findings);
    let is_whole = text.get("mailto:".len()..kept).is_some_and(|rest| addr_spec(rest).is_ok());
    let finding = found(findings, &MAILTO_WITH_HEADERS, view, headers);
    // Without an address in front of them, something else was meant.
    if is_whole {
        finding.safe("Remove the header fields", view.edit(headers, ""));
    }
    Span::new(span.start, headers.start)
}

static DMARC_SIZE_SUFFIX: Rule = Rule {
    code: "RPT-TXT-029",
    name: "dmarc-size-suffix",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "TLSRPT has no size limits like `{0}`",
    words: words(Words {
        why: "The limit behind an address exists only in old DMARC records. Here the `!` must not stand \
          unencoded in an address at all.",
        effect: "Strict reporters reject the record: no reports.",
        help: "Remove the limit.",
        clause: "RFC 8460 §3: exclamation points must be encoded, and no size limit is defined",
        fails: rpt("v=TLSRPTv1; rua=mailto:a@example.com!10m"),
        passes: Some(rpt("v=TLSRPTv1; rua=mailto:a@example.com")),
    }),
};

/// The size limit at the end of a DMARC address (RFC 7489 §6.2): `!10m`.
fn size_suffix(text: &str) -> &str {
    let Some(at) = text.rfind('!') else { return "" };
    let limit = &text[at + 1..];
    let digits = limit.trim_end_matches(&['k', 'm', 'g', 't', 'K', 'M', 'G', 'T'][..]);
    let is_limit = limit.len() <= digits.len() + 1
        && !digits.is_empty()
        && digits.bytes().all(|b| b.is_ascii_digit());
    if is_limit { &text[at..] } else { "" }
}

static UNENCODED_EXCLAMATION: Rule = Rule {
    code: "RPT-TXT-028",
    name: "unencoded-exclamation",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "The `!` in this address must be written `%21`",
    words: words(Words {
        why: "Commas, semicolons and exclamation points are reserved in the list and must be encoded: \
          `%2C`, `%3B`, `%21`.",
        effect: "Strict reporters reject the record: no reports.",
        help: "Write `%21`, or use an address without `!`.",
        clause: "RFC 8460 §3: commas, exclamation points and semicolons in a URI must be encoded",
        fails: rpt("v=TLSRPTv1; rua=mailto:tls!rpt@example.com"),
        passes: Some(rpt("v=TLSRPTv1; rua=mailto:tls%21rpt@example.com")),
    }),
};

fn exclamation(view: &View, body: Span, findings: &mut Vec<Finding>) {
    let mut marks = view.text()[body.range()].match_indices('!').map(|(at, _)| body.start + at);
    let Some(first) = marks.next() else { return };
    let finding = found(findings, &UNENCODED_EXCLAMATION, view, Span::new(first, first + 1));
    let mut edits = view.edit(Span::new(first, first + 1), "%21");
    for (i, more) in marks.enumerate() {
        let piece = Span::new(more, more + 1);
        if i < 4 {
            finding.label(view.place(piece), "one more");
        }
        view.replace(piece, "%21", &mut edits);
    }
    finding.safe("Encode it", edits);
}

/// Checks the element at `span`, whose `body` is left without what has no place in it: its scheme and what follows. `key`
/// is put right where the scheme can be.
fn scheme(view: &View, span: Span, body: Span, key: &mut String, findings: &mut Vec<Finding>) {
    let text = &view.text()[body.range()];
    let Some((name, rest)) = split_scheme(text) else {
        return missing_scheme(view, body, key, findings);
    };
    let supported = ["mailto", "https"].iter().any(|scheme| name.eq_ignore_ascii_case(scheme));
    if !supported {
        unsupported_scheme(view, body, name, rest, key, findings);
    }
    if let Some((at, reason)) = fault(&view.text()[span.range()], name.len()) {
        let place = Span::new(span.start + at.start, span.start + at.end);
        found(findings, &RUA_NO_URI, view, place).quote(view.place(span)).text(reason);
    } else if name.eq_ignore_ascii_case("mailto") {
        mailto(view, body, rest, findings);
    } else if supported && let Err(reason) = https(rest) {
        found(findings, &HTTPS_INVALID, view, body).quoted().text(reason);
    }
}

/// The first thing that no URI can have (RFC 3986 §2, §3.2) in a text whose scheme ends at `colon`. What is not ASCII, or
/// cannot be seen, has a rule of its own.
fn fault(text: &str, colon: usize) -> Option<(Span, &'static str)> {
    const FOREIGN: &str = "a character in it must be written as `%` and two hexadecimal digits";
    let rest = text[colon..].strip_prefix("://").unwrap_or("");
    let authority = rest.split(&['/', '?', '#'][..]).next().unwrap_or(rest);
    let start = text.len() - rest.len();
    let authority_at = start..start + authority.len();
    let fragment = text.find('#').unwrap_or(text.len());
    let reason = |at: usize, byte: u8| match byte {
        b' ' | b'\t' => Some("there is white space in it"),
        b'%' if percent_triplets(&text[at..]).next() == Some(None) => Some(BARE_PERCENT),
        b'#' if at > fragment => Some("it has two fragments"),
        b'[' | b']' if !authority_at.contains(&at) => Some(FOREIGN),
        b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' => Some(FOREIGN),
        _ => None,
    };
    let wrong = |(at, byte)| Some((Span::new(at, at + 1), reason(at, byte)?));
    text.bytes().enumerate().find_map(wrong).or_else(|| {
        let place = Span::new(authority_at.start, authority_at.end);
        (!is_authority(authority)).then_some((place, "its host or port is malformed"))
    })
}

/// Whether brackets and colons stand where an authority may have them (RFC 3986 §3.2).
fn is_authority(text: &str) -> bool {
    let host = text.rsplit('@').next().unwrap_or(text);
    let end = if host.starts_with('[') { host.find(']').map(|at| at + 1) } else { host.find(':') };
    let (name, port) = host.split_at(end.unwrap_or(host.len()));
    let name = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')).unwrap_or(name);
    let is_port = |port: &str| port.bytes().all(|b| b.is_ascii_digit());
    !name.contains(&['[', ']'][..])
        && (port.is_empty() || port.strip_prefix(':').is_some_and(is_port))
}

static RUA_NO_URI: Rule = Rule {
    code: "RPT-TXT-053",
    name: "rua-no-uri",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "`{0}` is not a URI: {1}",
    words: words(Words {
        why: "Each destination is a URI, whatever its scheme. White space, brackets and some other characters have no \
              place in one unless they are written as `%` and two hexadecimal digits.",
        effect: "Strict reporters reject the record: no reports.",
        help: "Write the address without the character, or write that as `%` and its two digits.",
        clause: "RFC 8460 §3: a destination is a URI of RFC 3986",
        fails: rpt("v=TLSRPTv1; rua=https://reports.example.com/100%"),
        passes: Some(rpt("v=TLSRPTv1; rua=https://reports.example.com/100%25")),
    }),
};

static PASSED_BY: Rule = Rule {
    code: "RPT-TXT-054",
    name: "destination-passed-by",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "`{0}` gets no reports; other destinations in the record can: {1}",
    words: words(Words {
        why: "Reporters pass by what they cannot use, and may take any of the others. So the record works, but not as it \
              was meant.",
        effect: "No reports to this destination.",
        help: "Repair the destination, or remove it.",
        clause: "RFC 8460 §3: reports go to each of the supported destinations, or to one of them",
        fails: rpt("v=TLSRPTv1; rua=http://reports.example.com/,mailto:tlsrpt@example.com"),
        passes: Some(rpt("v=TLSRPTv1; rua=https://reports.example.com/,mailto:tlsrpt@example.com")),
    }),
};

/// Says of a destination that cannot be used, though the grammar has it, that it is passed by. `uri` is where it stands.
pub(super) fn pass_by(uri: Span, finding: &mut Finding) {
    let reason = match &finding.args {
        _ if *finding.rule == RUA_UNSUPPORTED_SCHEME => {
            Arg::Text("only `mailto:` and `https:` are ways to send them".into())
        }
        _ if *finding.rule == RUA_PLACEHOLDER => Arg::Text("it is sample text".into()),
        [_, reason] if [&MAILTO_INVALID, &HTTPS_INVALID].contains(&finding.rule) => reason.clone(),
        _ => return,
    };
    finding.rule = &PASSED_BY;
    finding.args = [Arg::Source(uri), reason];
}

/// Scheme and rest (RFC 3986 §3.1). A name with a dot is taken for a host with a port.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    let (name, rest) = text.split_once(':')?;
    let good = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-'));
    good.then_some((name, rest))
}

static RUA_MISSING_SCHEME: Rule = Rule {
    code: "RPT-TXT-023",
    name: "rua-missing-scheme",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`{0}` has no scheme; it must begin with `mailto:` or `https:`",
    words: words(Words {
        why: "Destinations are URIs. A bare address is not one. A comma that belongs to an address must be \
          written `%2C`.",
        effect: "No reports to this destination.",
        help: "Put `mailto:` in front of a mail address, `https://` in front of a web address.",
        clause: "RFC 8460 §3: a destination is a URI of the scheme `mailto` or `https`",
        fails: rpt("v=TLSRPTv1; rua=tlsrpt@example.com"),
        passes: Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    }),
};

fn missing_scheme(view: &View, body: Span, key: &mut String, findings: &mut Vec<Finding>) {
    let mailbox = addr_spec(&view.text()[body.range()]).is_ok();
    let fix = mailbox.then(|| {
        key.insert_str(0, "mailto:");
        Fix::safe("Put `mailto:` in front", view.edit(Span::at(body.start), "mailto:"))
    });
    found(findings, &RUA_MISSING_SCHEME, view, body).quoted().fix(fix);
}

static RUA_UNSUPPORTED_SCHEME: Rule = Rule {
    code: "RPT-TXT-024",
    name: "rua-unsupported-scheme",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "`{0}:` is not a way to send reports; only `mailto:` and `https:` are",
    words: words(Words {
        why: "Reports travel by mail or by an HTTPS request. No other way is defined.",
        effect: "No reports to this destination.",
        help: "Use `mailto:` with an address or `https:` with a web address that takes reports.",
        clause: "RFC 8460 §3: the schemes `mailto` and `https` are supported",
        fails: rpt("v=TLSRPTv1; rua=http://reports.example.com/tlsrpt"),
        passes: Some(rpt("v=TLSRPTv1; rua=https://reports.example.com/tlsrpt")),
    }),
};

fn unsupported_scheme(
    view: &View,
    body: Span,
    name: &str,
    rest: &str,
    key: &mut String,
    findings: &mut Vec<Finding>,
) {
    let piece = Span::new(body.start, body.start + name.len());
    let meant = if https(rest).is_ok() && looks_like(name, "https") {
        Some("https")
    } else if addr_spec(rest).is_ok() && looks_like(name, "mailto") {
        Some("mailto")
    } else {
        None
    };
    let fix = meant.map(|meant| {
        key.replace_range(..name.len(), meant);
        Fix::confirm(format!("Write `{meant}`"), view.edit(piece, meant))
    });
    found(findings, &RUA_UNSUPPORTED_SCHEME, view, piece).quoted().fix(fix);
}

/// Whether a scheme is likely to be meant for another one: a misspelling, or `http`, `mail`.
fn looks_like(name: &str, scheme: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let same_end = |n: usize| name.ends_with(&scheme[n..]);
    // One or two letters missing, doubled or swapped somewhere.
    let start = name.bytes().zip(scheme.bytes()).take_while(|(a, b)| a == b).count();
    let end = name.bytes().rev().zip(scheme.bytes().rev()).take_while(|(a, b)| a == b).count();
    let common = (start + end).min(name.len()).min(scheme.len());
    let longer = name.len().max(scheme.len());
    match scheme {
        "mailto" if matches!(name.as_str(), "mail" | "email" | "e-mail" | "to") => true,
        _ => longer - common <= 2 && (start > 0 || same_end(1)),
    }
}

static MAILTO_INVALID: Rule = Rule {
    code: "RPT-TXT-025",
    name: "mailto-invalid",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` has no mail address that reports can go to: {1}",
    words: words(Words {
        why: "`mailto:` is followed by one mail address, without slashes, spaces or brackets.",
        effect: "No reports to this destination.",
        help: "Write `mailto:` and the address, as in `mailto:tlsrpt@example.com`.",
        clause: "RFC 8460 §3: reports go to the mail address given; RFC 6068 §2: the form of mailto URIs",
        fails: rpt("v=TLSRPTv1; rua=mailto://tlsrpt@example.com"),
        passes: Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    }),
};

fn mailto(view: &View, body: Span, address: &str, findings: &mut Vec<Finding>) {
    if let Err(reason) = addr_spec(address) {
        found(findings, &MAILTO_INVALID, view, body).quoted().text(reason);
    }
}

/// Whether a text is a plausible mail address as it stands in a mailto URI (RFC 6068 §2).
fn addr_spec(text: &str) -> Result<(), &'static str> {
    if text.bytes().any(|b| matches!(b, b' ' | b'\t')) {
        return Err("there is white space in it");
    }
    if text.starts_with('/') {
        return Err("slashes have no place after `mailto:`");
    }
    let Some((local, domain)) = text.rsplit_once('@') else { return Err("there is no `@`") };
    if local.is_empty() {
        return Err("nothing stands in front of `@`");
    }
    // Atoms of RFC 5322 §3.2.3, as far as a URI may have them unencoded.
    let atom = |b: u8| b.is_ascii_alphanumeric() || b"!$&'*+-/=_~%".contains(&b);
    if local.split('.').any(str::is_empty) || !local.bytes().all(|b| atom(b) || b == b'.') {
        return Err("the part in front of `@` is malformed");
    }
    if !percent_triplets(local).all(|octet| octet.is_some()) {
        return Err(BARE_PERCENT);
    }
    // RFC 6068 §2: octets of a non-ASCII domain are encoded.
    if !percent_triplets(domain).all(|octet| octet.is_some_and(|octet| octet >= 0x80)) {
        return Err("the domain is malformed");
    }
    let plain: String = domain.replace('%', "x");
    if !plain.contains('.') {
        return Err("the domain has a single label");
    }
    let numeric_end =
        plain.rsplit('.').next().is_some_and(|l| l.bytes().all(|b| b.is_ascii_digit()));
    if !host::is_host_name(&plain) || numeric_end {
        return Err("the domain is malformed");
    }
    Ok(())
}

const BARE_PERCENT: &str = "a `%` is not followed by two hexadecimal digits";

/// The octets written as `%XX`; nothing for a `%` without two hexadecimal digits.
fn percent_triplets(text: &str) -> impl Iterator<Item = Option<u8>> {
    text.split('%').skip(1).map(|rest| {
        let digits = rest.get(..2).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        u8::from_str_radix(digits, 16).ok()
    })
}

static HTTPS_INVALID: Rule = Rule {
    code: "RPT-TXT-027",
    name: "https-invalid",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is not a web address that reports can go to: {1}",
    words: words(Words {
        why: "Reporters send a POST request to this address. It needs `//` and a host, and neither user \
          information nor a fragment.",
        effect: "No reports to this destination.",
        help: "Write a complete address, as in `https://reports.example.com/tlsrpt`.",
        clause: "RFC 8460 §5.4: reports are sent to the URI by POST; RFC 9110 §4.2.2: the form of https URIs; RFC 9110 §4.2.4: no user information",
        fails: rpt("v=TLSRPTv1; rua=https:/reports.example.com"),
        passes: Some(rpt("v=TLSRPTv1; rua=https://reports.example.com/")),
    }),
};

/// Whether what follows `https:` is complete and well-formed (RFC 9110 §4.2.2, RFC 3986 §3).
fn https(rest: &str) -> Result<(), &'static str> {
    let Some(rest) = rest.strip_prefix("//") else {
        return Err("two slashes must follow `https:`");
    };
    let authority = rest.split(&['/', '?', '#'][..]).next().unwrap_or(rest);
    if authority.contains('@') {
        return Err("it has user information");
    }
    if rest.contains('#') {
        return Err("it has a fragment");
    }
    if rest.bytes().any(|b| matches!(b, b' ' | b'\t')) {
        return Err("there is white space in it");
    }
    let colon = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
    let (name, port) = match colon {
        Some(at) => (&authority[..at], &authority[at + 1..]),
        None => (authority, ""),
    };
    if name.is_empty() {
        return Err("it has no host");
    }
    let address = name.strip_prefix('[').and_then(|inner| inner.strip_suffix(']'));
    let good_name = match address {
        Some(inner) => inner.contains(':') && host::is_address(inner),
        // An underscore is within the grammar of URIs (RFC 3986 §3.2.2).
        None => host::is_host_name(&name.strip_suffix('.').unwrap_or(name).replace('_', "x")),
    };
    if !good_name {
        return Err("the host is malformed");
    }
    if !port.is_empty() && port.parse::<u16>().is_err() {
        return Err("the port is malformed");
    }
    let path = &rest[authority.len()..];
    let legal = |b: u8| b.is_ascii_alphanumeric() || b"-._~!$&'()*+=:@/?%".contains(&b);
    if !path.bytes().all(legal) || !percent_triplets(path).all(|octet| octet.is_some()) {
        return Err("the path is malformed");
    }
    Ok(())
}

#[cfg(test)]
mod pictures {
    use crate::carets::rpt;

    #[test]
    fn rua_placeholder() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:[email protected]
                            ^^^^^^^^^^^^^^^^^^^^^^^^ RPT-TXT-050
            ",
        );
    }

    #[test]
    fn mailto_with_headers() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:a@example.com?subject=tls
                                                ^^^^^^^^^^^^ RPT-TXT-026
            ",
        );
    }

    #[test]
    fn dmarc_size_suffix() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:a@example.com!10m
                                                ^^^^ RPT-TXT-029
            ",
        );
    }

    #[test]
    fn unencoded_exclamation() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:tls!rpt@example.com
                                      ^ RPT-TXT-028
            ",
        );
    }

    #[test]
    fn rua_missing_scheme() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=tlsrpt@example.com
                            ^^^^^^^^^^^^^^^^^^ RPT-TXT-023
            ",
        );
    }

    #[test]
    fn rua_unsupported_scheme() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=http://reports.example.com/tlsrpt
                            ^^^^ RPT-TXT-024
            ",
        );
    }

    #[test]
    fn mailto_invalid() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto://tlsrpt@example.com
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-TXT-025
            ",
        );
    }

    #[test]
    fn https_invalid() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=https:/reports.example.com
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-TXT-027
            ",
        );
    }

    #[test]
    fn rua_no_uri() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=https://reports.example.com/100%
                                                           ^ RPT-TXT-053
            ",
        );
    }

    #[test]
    fn destination_passed_by() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=http://reports.example.com/,mailto:tlsrpt@example.com
                            ^^^^ RPT-TXT-054
            ",
        );
    }
}

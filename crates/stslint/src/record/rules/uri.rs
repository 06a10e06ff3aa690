//! One destination of reports: a `mailto` or `https` URI (RFC 8460 §3).

use super::{WSP, found, rpt};
use crate::finding::{Applicability, Arg, Finding, Fix, Severity};
use crate::host::{self, is_within};
use crate::placeholder::{is_template, placeholder};
use crate::record::view::View;
use crate::rule::{Rule, Words, words};
use crate::text::{Span, begins, behind};

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
    if let Some((uri, alone)) = in_brackets(text) {
        let title = "Write the address alone";
        let edits = view.edit(span, &uri);
        let fix = if alone { Fix::safe(title, edits) } else { Fix::confirm(title, edits) };
        let reason = match text.matches(&uri[uri.find(':').map_or(0, |at| at + 1)..]).count() {
            0 | 1 => "the address stands in brackets",
            _ => "a mail or chat program made a link of the address",
        };
        found(findings, &RUA_NO_URI, view, span).quoted().text(reason).fix(Some(fix));
        return Uri { span, key: uri.to_ascii_lowercase(), valid: false };
    }
    if is_sample(&key) || placeholder(without_escapes(text)).is_some() {
        let what = match key.contains("[email") {
            true => "what a web page shows that hides addresses from robots",
            false => "sample text",
        };
        found(findings, &RUA_PLACEHOLDER, view, span).quoted().text(what);
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
    message: "`{0}` is {1}, not an address of yours",
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
    let text = uri.rsplit('@').next().unwrap_or(uri);
    let text = text.strip_prefix("https://").unwrap_or(text);
    let name = text.split(['/', ':', '?', '!']).next().unwrap_or(text);
    // Somebody has these, and may get reports.
    let taken = || ["domain.com", "domain.net", "domain.org"].iter().any(|it| is_within(name, it));
    ["[email", "yourdomain", "your-domain", "@mydomain.", "<", ">"]
        .iter()
        .any(|word| uri.contains(word))
        || is_template(name) && !taken()
}

/// The destination that stands in brackets (RFC 3986 Appendix C, RFC 5322 §3.4) or was made a link, maybe behind its scheme and the
/// name of whoever reads there; and whether there is no such name.
fn in_brackets(text: &str) -> Option<(String, bool)> {
    let link = linked(text);
    let inner = link.or_else(|| named(text))?;
    if is_sample(&inner.to_ascii_lowercase()) || placeholder(inner).is_some() {
        return None;
    }
    let inner = &inner.replace('!', "%21");
    let uri = if addr_spec(inner).is_ok() { ["mailto:", inner].concat() } else { inner.to_owned() };
    let is_good = split_scheme(&uri).is_some_and(|(scheme, rest)| match scheme {
        "mailto" => addr_spec(rest).is_ok(),
        "https" => https(rest).is_ok(),
        _ => false,
    });
    is_good.then_some((uri, link.is_some()))
}

/// What mail and chat programs, Markdown and HTML make of an address: `a@b<mailto:a@b>`, `[a@b](mailto:a@b)`. Nothing stands there
/// but the address, once or more often.
fn linked(text: &str) -> Option<&str> {
    let pieces = text.split(|c: char| "<>[]()|\" \t".contains(c));
    let mut addresses = pieces
        .map(|piece| behind(piece, "mailto:").unwrap_or(piece))
        .filter(|piece| !["", "a", "/a", "href="].contains(piece));
    let first = addresses.next().filter(|_| text.contains(&['<', '['][..]))?;
    addresses.all(|other| other == first).then_some(first)
}

/// The address behind the name of whoever reads there: `Reports <a@b>`.
fn named(text: &str) -> Option<&str> {
    let (before, inner) = text.strip_suffix('>')?.rsplit_once('<')?;
    let (scheme, name) = before.split_at(before.find(':').map_or(0, |colon| colon + 1));
    let is_name = name.ends_with(WSP) && !name.contains(&['@', ':', '<', '>'][..]);
    let is_scheme = scheme.is_empty() || scheme.eq_ignore_ascii_case("mailto:");
    (is_name && is_scheme).then_some(inner)
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
    fix: Some(Applicability::Safe),
    message: "`{0}` is not a URI: {1}",
    words: words(Words {
        why: "Each destination is a URI, whatever its scheme. White space, brackets and some other characters have no \
              place in one unless they are written as `%` and two hexadecimal digits.",
        effect: "Strict reporters reject the record: no reports.",
        help: "Write the address without the character, or write that as `%` and its two digits.",
        clause: "RFC 8460 §3: a destination is a URI of RFC 3986",
        fails: rpt("v=TLSRPTv1; rua=mailto:<tlsrpt@example.com>"),
        passes: Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
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
    let text = &view.text()[body.range()];
    let fix = scheme_to_write(text).map(|(front, scheme, applicability)| {
        key.replace_range(..front, scheme);
        let title = match front {
            0 => format!("Put `{scheme}` in front"),
            _ => format!("Write `{scheme}`"),
        };
        let edits = view.edit(Span::new(body.start, body.start + front), scheme);
        Fix { title: title.into(), applicability, edits }
    });
    found(findings, &RUA_MISSING_SCHEME, view, body).quoted().fix(fix);
}

/// How a text without a scheme gets one: how much at its start stands in the place of it, what is to be there, and whether
/// that is certain.
fn scheme_to_write(text: &str) -> Option<(usize, &'static str, Applicability)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
    let (word, behind) = text.split_at(text.find(|c| !is_part(c)).unwrap_or(0));
    // `mailto=a@example.com`, `https//example.com`: another sign than the colon, or a few of them.
    let rest = behind.trim_start_matches(&['=', ':', '/', ' ', '\t'][..]);
    let (front, sign) = (text.len() - rest.len(), &behind[..behind.len() - rest.len()]);
    let certain = |known: &str| match word.eq_ignore_ascii_case(known) {
        true => Applicability::Safe,
        false => Applicability::Confirm,
    };
    if !sign.is_empty() && looks_like(word, "mailto") && addr_spec(rest).is_ok() {
        return Some((front, "mailto:", certain("mailto")));
    }
    let is_web = sign.ends_with("//") && https(&["//", rest].concat()).is_ok();
    if is_web && looks_like(word, "https") {
        return Some((front, "https://", certain("https")));
    }
    addr_spec(text).ok()?;
    let (local, _) = text.rsplit_once('@')?;
    let begins = begins(local, "mailto");
    match local.len() {
        // It may be that only the colon is missing.
        7.. if begins => None,
        _ if begins || local.contains('=') => Some((0, "mailto:", Applicability::Confirm)),
        _ => Some((0, "mailto:", Applicability::Safe)),
    }
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
mod tests {
    use crate::finding::Applicability::{self, Confirm, Safe};
    use crate::{Input, Kind, lint};

    /// What is said of one destination: the code, and the record's destination after its fix.
    fn said(rua: &str) -> Vec<(&'static str, Option<(Applicability, String)>)> {
        let front = "v=TLSRPTv1; rua=";
        let text = [front, rua].concat();
        let report = lint(&Input { kind: Some(Kind::RptTxt), ..Input::new(text.as_bytes()) });
        let fixed = |fix: &crate::finding::Fix| {
            let fixed = String::from_utf8(fix.apply(text.as_bytes())).expect("text");
            (fix.applicability, fixed.strip_prefix(front).expect("it stays").to_owned())
        };
        let all = report.findings();
        all.map(|finding| (finding.rule.code, finding.fix.as_ref().map(fixed))).collect()
    }

    #[test]
    fn a_destination_with_another_sign_than_its_colon_keeps_its_address() {
        const CODE: &str = "RPT-TXT-023";
        for (rua, fix) in [
            ("t@a.com", Some((Safe, "mailto:t@a.com"))),
            ("mailto=t@a.com", Some((Safe, "mailto:t@a.com"))),
            ("MAILTO=t@a.com", Some((Safe, "mailto:t@a.com"))),
            ("mailto = t@a.com", Some((Safe, "mailto:t@a.com"))),
            ("mailto t@a.com", Some((Safe, "mailto:t@a.com"))),
            ("mailto/t@a.com", Some((Safe, "mailto:t@a.com"))),
            ("mailto//t@a.com", Some((Safe, "mailto:t@a.com"))),
            ("mail=t@a.com", Some((Confirm, "mailto:t@a.com"))),
            ("email=t@a.com", Some((Confirm, "mailto:t@a.com"))),
            ("malito=t@a.com", Some((Confirm, "mailto:t@a.com"))),
            ("https//r.a.com/x", Some((Safe, "https://r.a.com/x"))),
            ("https=//r.a.com/x", Some((Safe, "https://r.a.com/x"))),
            ("http//r.a.com/x", Some((Confirm, "https://r.a.com/x"))),
            // It may be a mailbox of that name, or the colon is missing.
            ("mailto@a.com", Some((Confirm, "mailto:mailto@a.com"))),
            ("mailto-t@a.com", None),
            ("mailtot@a.com", None),
            ("list=owner@a.com", Some((Confirm, "mailto:list=owner@a.com"))),
            ("mailtoday@a.com", None),
            ("mail@a.com", Some((Safe, "mailto:mail@a.com"))),
            ("mailing-list@a.com", Some((Safe, "mailto:mailing-list@a.com"))),
            ("a.com", None),
        ] {
            let fix = fix.map(|(how, fixed)| (how, fixed.to_owned()));
            assert_eq!(said(rua), [(CODE, fix.clone())], "{rua}");
            assert!(fix.is_none_or(|(_, fixed)| said(&fixed).is_empty()), "{rua}");
        }
    }

    #[test]
    fn an_address_in_angle_brackets_is_no_sample_text() {
        for (rua, how, fixed) in [
            ("mailto:<a@x.com>", Safe, "mailto:a@x.com"),
            ("<mailto:a@x.com>", Safe, "mailto:a@x.com"),
            ("<a@x.com>", Safe, "mailto:a@x.com"),
            ("MAILTO:<a@x.com>", Safe, "mailto:a@x.com"),
            ("mailto:<mailto:a@x.com>", Safe, "mailto:a@x.com"),
            ("<https://r.x.com/t>", Safe, "https://r.x.com/t"),
            ("mailto: <a@x.com>", Safe, "mailto:a@x.com"),
            ("mailto:TLS Reports <a@x.com>", Confirm, "mailto:a@x.com"),
            ("Reports <a@x.com>", Confirm, "mailto:a@x.com"),
        ] {
            let fix = Some((how, fixed.to_owned()));
            assert_eq!(said(rua), [("RPT-TXT-053", fix)], "{rua}");
            assert_eq!(said(fixed), [], "{rua}");
        }
        for rua in [
            "mailto:<address>",
            "<mailto:address>",
            "mailto:<user>@x.com",
            "mailto:tlsrpt@<domain>",
            "mailto:<you@yourdomain.com>",
            "mailto:<your_name@x.com>",
            "mailto:<a@domain>",
            "https://<host>/",
            "<https://host.example.com/<id>>",
            "<>",
        ] {
            assert_eq!(said(rua), [("RPT-TXT-050", None)], "{rua}");
        }
        // Two destinations: the good one works.
        let both = said("mailto:<a@x.com>,mailto:b@x.com");
        let fixed = "mailto:a@x.com,mailto:b@x.com".to_owned();
        assert_eq!(both, [("RPT-TXT-053", Some((Safe, fixed)))]);
    }
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

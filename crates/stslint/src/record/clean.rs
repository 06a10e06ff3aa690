//! The short way for a record that is written as usual: `v=STSv1; id=…`, `v=TLSRPTv1; rua=…`.
//!
//! It leaves everything else to the rules, and may give up at whatever it likes: the tests below
//! see to it that nothing with a finding goes this way.

use super::Values;
use super::rules::is_id;
use crate::Kind;
use crate::host::{is_letter_or_digit, name_at_start};
use crate::text::{any, equal_in_any_case};

/// What an `_mta-sts` record begins with that is read here.
pub(crate) const STS: &[u8] = b"v=STSv1;";

/// What an `_smtp._tls` record begins with that is read here.
pub(crate) const RPT: &[u8] = b"v=TLSRPTv1;";

/// The values of a bare record of this kind; none where that takes a closer look.
#[inline(always)]
pub(crate) fn values<'a, S: From<&'a str>>(text: &'a str, kind: Kind) -> Option<Values<S>> {
    match kind {
        Kind::StsTxt => id(text).map(Values::sts),
        Kind::RptTxt => uris(text).map(Values::rpt),
        _ => None,
    }
}

/// The id of an `_mta-sts` record about which no rule has anything to say.
#[inline(always)]
pub(crate) fn id(text: &str) -> Option<&str> {
    let id = tidy_end(text.strip_prefix("v=STSv1;")?);
    let id = id.strip_prefix(' ').unwrap_or(id).strip_prefix("id=")?;
    is_id(id).then_some(id)
}

/// The URIs of an `_smtp._tls` record; no rule has anything to say about it if there is only one.
#[inline(always)]
pub(crate) fn uris<'a, S: From<&'a str>>(text: &'a str) -> Option<Vec<S>> {
    let list = tidy_end(text.strip_prefix("v=TLSRPTv1;")?);
    let list = list.strip_prefix(' ').unwrap_or(list).strip_prefix("rua=")?;
    if is_sample(list.as_bytes()) {
        return None;
    }
    match ordinary_uri(list.as_bytes())? {
        end if end == list.len() => Some(vec![list.into()]),
        _ => several(list),
    }
}

/// The URIs of a list, if all are ordinary.
#[inline(never)]
fn several<'a, S: From<&'a str>>(mut list: &'a str) -> Option<Vec<S>> {
    let mut uris = Vec::with_capacity(4);
    loop {
        let end = ordinary_uri(list.as_bytes())?;
        match list.as_bytes().get(end) {
            None => break,
            Some(b',') => uris.push(list[..end].into()),
            Some(_) => return None,
        }
        list = &list[end + 1..];
    }
    uris.push(list.into());
    Some(uris)
}

/// Without line ends and then without a semicolon at the end.
fn tidy_end(text: &str) -> &str {
    let mut end = text.len();
    while end > 0 && matches!(text.as_bytes()[end - 1], b'\r' | b'\n') {
        end -= 1;
    }
    end -= usize::from(end > 0 && text.as_bytes()[end - 1] == b';');
    &text[..end]
}

/// The length of the URI at the start of some bytes, if it is one that needs no encoding.
fn ordinary_uri(bytes: &[u8]) -> Option<usize> {
    if let Some(address) = bytes.strip_prefix(b"mailto:") {
        let local = dot_atom(address)?;
        let domain = address[local..].strip_prefix(b"@")?;
        let (end, label) = name_at_start(domain)?;
        let ends_in_letters = label > 0 && domain[label].is_ascii_alphabetic();
        return ends_in_letters.then_some(b"mailto:".len() + local + 1 + end);
    }
    let rest = bytes.strip_prefix(b"https://")?;
    let (end, _) = name_at_start(rest)?;
    let path = &rest[end..];
    let is_path = |byte| is_plain(byte) || matches!(byte, b'/' | b'.');
    let path = match path.first() {
        Some(b'/') => path.iter().position(|byte| !is_path(*byte)).unwrap_or(path.len()),
        _ => 0,
    };
    Some(b"https://".len() + end + path)
}

/// The length of what is letters, digits and hyphens with single dots between them (RFC 5322 §3.2.3,
/// most of it) at the start of some bytes.
fn dot_atom(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut word) = (0, 0);
    loop {
        while bytes.get(at).copied().is_some_and(is_plain) {
            at += 1;
        }
        if at == word {
            return None;
        }
        if bytes.get(at) != Some(&b'.') {
            return Some(at);
        }
        at += 1;
        word = at;
    }
}

fn is_plain(byte: u8) -> bool {
    is_letter_or_digit(byte) || matches!(byte, b'-' | b'_')
}

/// Whether `yourdomain` or `your-domain` may stand in a text. (Few texts have a `y` at all.)
fn is_sample(text: &[u8]) -> bool {
    any(text, |word| equal_in_any_case(word, b'y')) && has_yo(text)
}

#[inline(never)]
fn has_yo(text: &[u8]) -> bool {
    text.windows(2).any(|pair| pair.eq_ignore_ascii_case(b"yo"))
}

#[cfg(test)]
mod tests {
    use super::super::values_by_rules;
    use super::*;
    use crate::detect::Form;
    use crate::{Input, Parsed, lint_by_rules, rules};
    use proptest::prelude::*;

    fn read(text: &str) -> Option<(Kind, Values)> {
        let kind = if text.starts_with("v=S") { Kind::StsTxt } else { Kind::RptTxt };
        Some((kind, values(text, kind)?))
    }

    fn text() -> impl Strategy<Value = String> {
        let version = prop_oneof![8 => Just("v=STSv1"), 8 => Just("v=TLSRPTv1"), 1 => Just("v=STSv2"), 1 => Just("V=STSv1")];
        let gap = prop_oneof![9 => Just("; "), 2 => Just(";"), 1 => Just(" ;"), 1 => Just(";  "), 1 => Just(" ")];
        let uri = prop_oneof![
            6 => "mailto:[a-z]{1,3}[-._+]?[a-z]{0,2}@[a-z]{1,3}\\.(de|net|[0-9])",
            4 => "https://[a-z_]{1,3}[-.]?[a-z]{0,2}(:[0-9])?(/[a-zA-Z0-9._%?#/-]{0,5})?",
            1 => "mailto:a@(YOUR|your)-?(domain|D)\\.com",
            1 => "(https?|mailto):[ -~]{0,8}",
        ];
        let value = prop_oneof![
            4 => "id=[0-9a-zA-Z]{1,33}",
            1 => "(id|ID|x)=[ -~]{0,4}",
            6 => prop::collection::vec(uri, 1..3).prop_map(|list| format!("rua={}", list.join(","))),
        ];
        let end = prop_oneof![5 => Just(""), 5 => Just(";"), 1 => Just("; "), 1 => Just(";;"), 1 => Just("\n"), 1 => Just(";\r\n"), 1 => Just("\nx"), 1 => Just("; x=y")];
        (version, gap, value, end).prop_map(|(a, b, c, d)| [a, b, &c, d].concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

        #[test]
        fn what_is_clean_has_no_findings(text in text()) {
            let Some((is, values)) = read(&text) else { return Ok(()) };
            for kind in [Some(is), None] {
                let input = Input { kind, domain: Some("a.net"), ..Input::new(text.as_bytes()) };
                let report = lint_by_rules(&input);
                prop_assert_eq!((report.form, report.artefacts.len()), (Form::Bare, 1));
                let artefact = &report.artefacts[0];
                prop_assert_eq!(artefact.kind, is);
                prop_assert_eq!(&artefact.parsed, &Parsed::Record(values.clone()));
                prop_assert_eq!(artefact.findings.is_empty(), values.rua.len() < 2);
                let mut codes = artefact.findings.iter().map(|finding| finding.rule.code);
                prop_assert!(codes.all(|code| code == "RPT-TXT-051" || code == "RPT-TXT-052"));
            }
        }

        #[test]
        fn values_are_those_of_the_rules(text in text()) {
            for kind in [Kind::StsTxt, Kind::RptTxt] {
                if let Some(values) = values::<String>(&text, kind) {
                    prop_assert_eq!(values, values_by_rules(&text, kind));
                }
            }
        }
    }

    #[test]
    fn no_example_of_a_rule_is_clean() {
        for rule in rules::all() {
            let example = rule.words().fails;
            let bytes = example.bytes();
            let read = str::from_utf8(&bytes).ok().and_then(read);
            let clean =
                |(kind, values): (Kind, Values)| kind == example.kind && values.rua.len() < 2;
            assert!(!read.is_some_and(clean), "{}", rule.code);
        }
    }

    #[test]
    fn usual_records_are_clean() {
        for text in
            ["v=STSv1; id=20260101T000000Z;\n", "v=TLSRPTv1; rua=mailto:tls-rpt@example.com"]
        {
            assert!(read(text).is_some(), "{text}");
        }
    }
}

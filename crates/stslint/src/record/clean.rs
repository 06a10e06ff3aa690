//! The short way for a record that is written as usual: `v=STSv1; id=…`, `v=TLSRPTv1; rua=…`.
//!
//! It leaves everything else to the rules, and may give up at whatever it likes: the tests below
//! see to it that nothing with a finding goes this way.

use super::Values;
use super::family::Family;
use super::rules::is_id;
use crate::Kind;
use crate::host::{is_letter_or_digit, name_at_start};
use crate::text::{any, equal_in_any_case};

/// The kind and the values of a bare record; none where that takes a closer look. Of a record with
/// a single value no rule has anything to say.
#[inline(always)]
pub(crate) fn read<'a, S: From<&'a str>>(text: &'a str) -> Option<(Kind, Values<S>)> {
    let kind = if text.starts_with("v=S") { Kind::StsTxt } else { Kind::RptTxt };
    Some((kind, values(text, kind)?))
}

/// The same of a record of this kind.
#[inline(always)]
pub(crate) fn values<'a, S: From<&'a str>>(text: &'a str, kind: Kind) -> Option<Values<S>> {
    match kind {
        Kind::StsTxt => sts(text),
        Kind::RptTxt => rpt(text),
        _ => None,
    }
}

#[inline(always)]
fn sts<'a, S: From<&'a str>>(text: &'a str) -> Option<Values<S>> {
    let id = tidy_end(text.strip_prefix("v=STSv1;")?);
    let id = id.strip_prefix(' ').unwrap_or(id).strip_prefix("id=")?;
    let version = Some(Family::Sts.version());
    is_id(id).then(|| Values { version, id: Some(id.into()), rua: Vec::new() })
}

#[inline(always)] // The values are built where they are wanted.
fn rpt<'a, S: From<&'a str>>(text: &'a str) -> Option<Values<S>> {
    let list = tidy_end(text.strip_prefix("v=TLSRPTv1;")?);
    let list = list.strip_prefix(' ').unwrap_or(list).strip_prefix("rua=")?;
    let bytes = list.as_bytes();
    if is_sample(bytes) {
        return None;
    }
    let mut rua = Vec::with_capacity(4);
    let mut at = 0;
    loop {
        let end = at + ordinary_uri(&bytes[at..])?;
        rua.push(list[at..end].into());
        match bytes.get(end) {
            None => break,
            Some(b',') => at = end + 1,
            Some(_) => return None,
        }
    }
    Some(Values { version: Some(Family::Rpt.version()), id: None, rua })
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
    let is = |byte: u8, letter| byte | 0x20 == letter;
    any(text, |word| equal_in_any_case(word, b'y'))
        && text.windows(2).any(|pair| is(pair[0], b'y') && is(pair[1], b'o'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Form;
    use crate::{Input, Parsed, lint_by_rules, rules};
    use proptest::prelude::*;

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
            let Some((is, values)) = read::<String>(&text) else { return Ok(()) };
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
    }

    #[test]
    fn no_example_of_a_rule_is_clean() {
        for rule in rules::all() {
            let example = rule.words().fails;
            let bytes = example.bytes();
            let read = str::from_utf8(&bytes).ok().and_then(read::<String>);
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
            assert!(read::<String>(text).is_some(), "{text}");
        }
    }
}

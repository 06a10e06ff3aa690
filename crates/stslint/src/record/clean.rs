//! The short way for a record that is written as usual: `v=STSv1; id=…`, `v=TLSRPTv1; rua=…`.
//!
//! It leaves everything else to the rules, and may give up at whatever it likes: the tests below
//! see to it that nothing with a finding goes this way.

use super::Values;
use super::family::Family;
use super::rules::is_id;
use crate::host::is_letter_or_digit;
use crate::text::{find_byte, is_line_end};
use crate::{Kind, host};

/// The kind and the values of a bare record; none where that takes a closer look. Of a record with
/// a single value no rule has anything to say.
pub(crate) fn read(text: &str) -> Option<(Kind, Values)> {
    let text = text.strip_prefix("v=")?.trim_end_matches(is_line_end);
    let text = text.strip_suffix(';').unwrap_or(text);
    let mut values = Values::default();
    if let Some(fields) = text.strip_prefix("STSv1;") {
        let id = fields.strip_prefix(' ').unwrap_or(fields).strip_prefix("id=")?;
        if !is_id(id) {
            return None;
        }
        values.version = Some(Family::Sts.version());
        values.id = Some(id.to_owned());
        return Some((Kind::StsTxt, values));
    }
    let fields = text.strip_prefix("TLSRPTv1;")?;
    let mut rest = fields.strip_prefix(' ').unwrap_or(fields).strip_prefix("rua=")?;
    values.version = Some(Family::Rpt.version());
    values.rua = Vec::with_capacity(2);
    loop {
        let comma = find_byte(rest.as_bytes(), [b',']);
        let uri = &rest[..comma.unwrap_or(rest.len())];
        if !is_ordinary(uri) {
            return None;
        }
        values.rua.push(uri.to_owned());
        match comma {
            Some(comma) => rest = &rest[comma + 1..],
            None => return Some((Kind::RptTxt, values)),
        }
    }
}

/// Whether a URI is one that needs no encoding and is no sample text.
fn is_ordinary(uri: &str) -> bool {
    let good = if let Some(address) = uri.strip_prefix("mailto:") {
        let Some(at) = address.bytes().position(|b| b == b'@') else { return false };
        let (local, domain) = (&address[..at], &address[at + 1..]);
        is_dot_atom(local) && host::ends_in_letters(domain) && host::is_host_name(domain)
    } else if let Some(rest) = uri.strip_prefix("https://") {
        let end = rest.bytes().position(|b| b == b'/').unwrap_or(rest.len());
        let path = rest[end..].bytes();
        host::is_host_name(&rest[..end])
            && path.fold(true, |good, b| good & (is_plain(b) | matches!(b, b'/' | b'.')))
    } else {
        false
    };
    good && !is_sample(uri.as_bytes())
}

/// Letters, digits and hyphens with single dots between them (RFC 5322 §3.2.3, most of it).
fn is_dot_atom(text: &str) -> bool {
    let mut after_dot = true;
    for byte in text.bytes() {
        if !is_plain(byte) && (byte != b'.' || after_dot) {
            return false;
        }
        after_dot = byte == b'.';
    }
    !after_dot
}

fn is_plain(byte: u8) -> bool {
    is_letter_or_digit(byte) || matches!(byte, b'-' | b'_')
}

/// Whether `yourdomain` or `your-domain` may stand in a text. (Few texts have a `y` at all, and that
/// is told for many bytes at once.)
fn is_sample(text: &[u8]) -> bool {
    let is = |byte: u8, letter| byte | 0x20 == letter;
    text.iter().fold(false, |found, byte| found | is(*byte, b'y'))
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

//! The short way for a policy about which no rule has anything to say.
//!
//! It knows what a tidy policy looks like and leaves everything else to the rules. It may give up at
//! whatever it likes: the tests below see to it that nothing with a finding goes this way, so a new
//! rule needs no word here unless they say so.

use super::parse::{Lines, VERSION, max_age};
use super::rules::{document::TRUNCATED_SIZE, max_age::WEEK, mx::is_template};
use super::{Field, Line, LineEnd, MAX_SIZE, Mode, Shape, Values};
use crate::text::FEW;
use crate::{Input, host};

const _: () = assert!(TRUNCATED_SIZE <= MAX_SIZE);

/// The values of a policy without findings; none where that takes a closer look.
pub(crate) fn values(input: &Input) -> Option<Values> {
    if input.source.len() > TRUNCATED_SIZE {
        return None;
    }
    let text = str::from_utf8(input.source).ok()?;
    let mut values = Values { mx: Vec::with_capacity(4), ..Values::default() };
    for line in Lines::of(text) {
        let Shape::Field(field) = line.shape else { return None };
        if !is_tidy(text, &line, input.line_ends_known) {
            return None;
        }
        let value = &text[line.value.range()];
        match field {
            Field::Version if line.span.start == 0 && value == VERSION => {
                values.version = Some(VERSION);
            }
            Field::Mode if values.mode.is_none() && value == Mode::Enforce.word() => {
                values.mode = Some(Mode::Enforce);
            }
            Field::MaxAge if values.max_age.is_none() && !value.starts_with('0') => {
                let seconds = max_age(value).filter(|seconds| *seconds >= 2 * WEEK)?;
                values.max_age = Some(seconds);
            }
            Field::Mx if values.mx.len() < FEW && is_ordinary(value) => {
                if values.mx.iter().any(|mx| mx == value) {
                    return None;
                }
                values.mx.push(value.to_owned());
            }
            _ => return None,
        }
    }
    let complete = values.version.is_some() && values.mode.is_some() && values.max_age.is_some();
    (complete && !values.mx.is_empty()).then_some(values)
}

/// Whether a field stands alone on its line, with nothing around it that a rule mentions.
fn is_tidy(text: &str, line: &Line, line_ends_known: bool) -> bool {
    let end = match line.end {
        LineEnd::CrLf => 2,
        LineEnd::Lf if !line_ends_known => 1,
        LineEnd::None => 0,
        LineEnd::Cr | LineEnd::Lf => return false,
    };
    line.name.start == line.span.start
        && line.name.end == line.delimiter.start
        && text.as_bytes()[line.delimiter.start] == b':'
        && line.value.end + end == line.span.end
}

/// Whether an mx value is a name in lower case that is neither special nor a sample.
fn is_ordinary(name: &str) -> bool {
    let has = |odd: fn(u8) -> bool| name.bytes().fold(false, |found, byte| found | odd(byte));
    host::is_host_name(name)
        && host::ends_in_letters(name)
        && !has(|byte| byte.is_ascii_uppercase())
        && !(has(|byte| byte == b'-') && (name.starts_with("mta-sts.") || name.contains("xn--")))
        && !is_template(name)
        && !host::is_documentation(name)
        && host::private_suffix(name).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detect::Form;
    use crate::{Kind, Parsed, lint_by_rules, rules};
    use proptest::prelude::*;

    /// Policies that nearly all are tidy, with one thing or another about them.
    fn text() -> impl Strategy<Value = String> {
        let name = prop_oneof![
            6 => "mx[0-9]?\\.[a-z]{1,3}\\.(net|org|de)",
            1 => "(\\*\\.)?[a-z]{0,2}[-.]?(xn--|mta-sts\\.|MX|1)?[a-z]{0,2}\\.?(example|local|com|1|arpa)?",
            1 => "(mail|\\*)?\\.?(yourdomain|domain|example)\\.(com|net|example)",
            1 => "[ -~]{0,8}",
        ];
        let seconds =
            prop_oneof![4 => "(1209600|31557600)", 1 => "0?[0-9]{1,11}", 1 => "[0-9 d,]{0,8}"];
        let space = || prop_oneof![9 => Just(" "), 1 => Just(""), 1 => Just("\t"), 1 => Just("  ")];
        let end = prop_oneof![30 => Just("\r\n"), 1 => Just("\n"), 1 => Just("\r"), 1 => Just(" \r\n"), 1 => Just("\r\n\r\n"), 1 => Just("")];
        let field = prop_oneof![
            9 => Just("version: STSv1".to_owned()),
            1 => "\"?[Vv]ersion ?[:=] ?STSv[12]\"?",
        ];
        let mode = prop_oneof![9 => Just("enforce"), 1 => Just("none"), 1 => Just("testing"), 1 => Just("Enforce")];
        let rest = (space(), name, prop_oneof![20 => Just("mx:"), 1 => Just(" mx:"), 1 => Just("mx :"), 1 => Just("x:"), 1 => Just("mx=")])
            .prop_map(|(space, name, field)| format!("{field}{space}{name}"));
        let rest = prop::collection::vec(rest, 0..4);
        (field, mode, seconds, rest, prop::collection::vec(end, 8), any::<u8>()).prop_map(
            |(first, mode, seconds, mut rest, ends, order)| {
                rest.push(format!("mode: {mode}"));
                rest.push(format!("max_age: {seconds}"));
                let len = rest.len();
                rest.rotate_left(usize::from(order) % len);
                rest.insert(if order > 250 { 1 } else { 0 }, first);
                rest.iter().zip(ends).map(|(line, end)| format!("{line}{end}")).collect()
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..Default::default() })]

        #[test]
        fn what_is_clean_has_no_findings(text in text(), known in any::<bool>()) {
            let input = Input { line_ends_known: known, domain: Some("a.net"), ..Input::new(text.as_bytes()) };
            if let Some(values) = values(&input) {
                let report = lint_by_rules(&input);
                prop_assert_eq!(report.form, Form::Bare);
                prop_assert_eq!(&report.artefacts[0].findings, &vec![]);
                prop_assert_eq!(&report.artefacts[0].parsed, &Parsed::Policy(values));
            }
        }
    }

    #[test]
    fn no_example_of_a_rule_is_clean() {
        for rule in rules::all() {
            let example = rule.words().fails;
            let input = example.bytes();
            let input = Input { domain: example.domain, ..Input::new(&input) };
            assert!(example.kind != Kind::Policy || values(&input).is_none(), "{}", rule.code);
        }
    }

    #[test]
    fn the_usual_policy_is_clean() {
        let text = "version: STSv1\r\nmode: enforce\r\nmx: mx.a-b.net\r\nmax_age: 1209600\r\n";
        assert!(values(&Input::new(text.as_bytes())).is_some());
        let text = text.replace('\r', "");
        assert!(values(&Input::new(text.as_bytes())).is_none());
        let pasted = Input { line_ends_known: false, ..Input::new(text.as_bytes()) };
        assert!(values(&pasted).is_some());
    }
}

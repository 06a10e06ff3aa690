//! What holds for any input whatever: no panic, spans in bounds, fixes that converge and touch
//! nothing else, the same answer twice.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use stslint::Declared;
use stslint::policy::Mode;
use stslint::text::Display;
use stslint_checks::{
    Case, Outcome, PIECES, detection, fixes, formats, json, linting, models, share,
};

fn text() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        20 => prop::sample::select(PIECES).prop_map(|piece| piece.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 1..4),
        1 => "\\PC{1,4}".prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

/// JSON with all forms of values, seldom broken.
fn json_text() -> impl Strategy<Value = String> {
    const LEAVES: [&str; 12] = [
        "0",
        "-0",
        "1.5e-3",
        "18446744073709551616",
        "true",
        "null",
        "\"\\b\\f\\/\\u00e9\"",
        "\"\\ud83d\\ude00\"",
        "\"\"",
        "01",
        "\"\\x\"",
        "nul",
    ];
    let leaf = prop_oneof![
        2 => prop::sample::select(&LEAVES[..9]).prop_map(str::to_owned),
        1 => "-?[0-9]{1,20}(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,3})?",
        1 => "\"[ !#-\\[\\]-~éß\u{1f600}]{0,6}\"",
        1 => prop::sample::select(&LEAVES[..]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let member =
            ("\"[ab]{0,2}\"", inner.clone()).prop_map(|(key, value)| format!("{key}: {value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(member, 0..4)
                .prop_map(|items| format!("{{{}}}", items.join(",\n"))),
        ]
    })
}

fn declared() -> impl Strategy<Value = Option<Declared>> {
    prop_oneof![3 => Just(None), 4 => prop::sample::select(Declared::ALL.to_vec()).prop_map(Some)]
}

fn case() -> impl Strategy<Value = Case> {
    (text(), declared(), any::<bool>(), any::<bool>()).prop_map(
        |(source, declared, domain, line_ends_known)| Case {
            source,
            declared,
            domain,
            line_ends_known,
        },
    )
}

/// A policy as the RFC has it, without anything that somebody might not expect: its text, and its mode,
/// lifetime and a host for each pattern. A lifetime is one that nobody changes.
fn plain_policy() -> impl Strategy<Value = (String, Mode, Vec<String>, u64)> {
    let name = "[a-z0-9]([a-z0-9]|[a-z0-9]-[a-z0-9]){0,8}\\.[a-z][a-z0-9]{0,9}\\.[a-z]{2,6}";
    let pattern = prop_oneof![name, name.prop_map(|name| format!("*.{name}"))];
    let other = ("x[a-z0-9_]{0,11}", "[a-z0-9]([ -~&&[^:]]{0,9}[a-z0-9])?")
        .prop_map(|(key, value)| format!("{key}: {value}"));
    let fields = (
        prop::sample::select(vec![Mode::Enforce, Mode::Testing]),
        604_800..=2_592_000_u64,
        prop::collection::vec(pattern, 1..4),
        prop::collection::vec(other, 0..3),
    );
    (fields, prop::sample::select(vec!["\n", "\r\n"]), any::<bool>(), any::<prop::sample::Index>())
        .prop_map(|((mode, max_age, mx, others), end, is_ended, turn)| {
            let mut lines = vec![format!("mode: {}", mode.word()), format!("max_age: {max_age}")];
            lines.extend(mx.iter().map(|pattern| format!("mx: {pattern}")));
            lines.extend(others);
            let turn = turn.index(lines.len());
            lines.rotate_left(turn);
            lines.insert(0, "version: STSv1".to_owned());
            let text = lines.join(end) + if is_ended { end } else { "" };
            // In the order of the patterns, which the turn may have changed.
            let pattern = |line: &String| line.strip_prefix("mx: ").map(str::to_owned);
            let host = |pattern: String| match pattern.strip_prefix('*') {
                Some(parent) => format!("mx1{parent}"),
                None => pattern,
            };
            (text, mode, lines.iter().filter_map(pattern).map(host).collect(), max_age)
        })
}

fn holds(outcome: Outcome) -> Result<(), TestCaseError> {
    outcome.map_err(TestCaseError::fail)
}

/// The same inputs every time: a change is to blame when a test fails, not chance. More cases and
/// another seed (`PROPTEST_CASES`, `PROPTEST_RNG_SEED`) look further.
fn config() -> ProptestConfig {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse().ok());
    ProptestConfig {
        cases: number("PROPTEST_CASES").map_or(4_000, |cases: u64| cases as u32),
        rng_seed: RngSeed::Fixed(number("PROPTEST_RNG_SEED").unwrap_or(8461)),
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn linting_never_panics_and_spans_are_good(case in case()) {
        holds(linting::check(&case))?;
    }

    #[test]
    fn safe_fixes_converge_and_every_fix_removes_its_finding(case in case()) {
        holds(fixes::check(&case))?;
    }

    #[test]
    fn what_was_read_is_read_again(case in case()) {
        holds(formats::check(&case))?;
    }

    #[test]
    fn detection_is_sound(case in case()) {
        holds(detection::check(&case))?;
    }

    #[test]
    fn json_is_read_as_others_read_it(source in json_text(), other in text()) {
        holds(json::check(source.as_bytes()))?;
        holds(json::check(&other))?;
    }

    #[test]
    fn models_of_senders_take_anything(source in text()) {
        holds(models::check(&source))?;
    }

    #[test]
    fn models_of_senders_accept_what_is_plain((policy, mode, hosts, max_age) in plain_policy()) {
        holds(models::plain(&policy, mode, &hosts, max_age))?;
    }

    #[test]
    fn links_survive(source in text()) {
        holds(share::check_contents(&source))?;
        holds(share::check(&String::from_utf8_lossy(&source)))?;
    }

    #[test]
    fn display_maps_both_ways(source in text()) {
        let display = Display::new(&source);
        let units = display.text.encode_utf16().count();
        prop_assert_eq!(display.utf16(source.len()), units);
        prop_assert_eq!(display.byte(units), source.len());
        for unit in 0..=units {
            let byte = display.byte(unit);
            prop_assert!(byte <= source.len());
            prop_assert!(display.utf16(byte) <= unit.max(1), "{} {}", unit, byte);
        }
        prop_assert!(!display.text.contains('\r'));
    }
}

/// What takes more than linear time takes minutes here.
#[test]
fn models_of_senders_take_long_texts() {
    let starts = ["", "version: STSv1\nmode: enforce\nmx: a\nmax_age: ", "v=STSv1; id="];
    let units =
        ["\n", " ", "x", "9", ":", "=", ";", "a:\n", "mx: a\n", "id=a;", "\\\"(", "\u{2028}"];
    for (start, unit) in starts.iter().flat_map(|start| units.map(|unit| (start, unit))) {
        let long = start.to_string() + &unit.repeat(20_000);
        models::check(long.as_bytes()).unwrap();
    }
}

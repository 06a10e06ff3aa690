//! What holds of all rules: uniform codes and words, examples that do what they say, fixes that
//! repair, sections that exist.

use std::collections::BTreeSet;
use std::path::Path;
use stslint::finding::{Applicability, Arg, Severity};
use stslint::registry::all;
use stslint::rule::{Example, Rule, could_be_code};
use stslint::{Input, Report, lint};

fn report(example: &Example, source: &[u8]) -> Report {
    lint(&Input { to_ascii: Some(stslint_checks::to_ascii), ..example.input(source) })
}

/// How often `rule` is raised.
fn count(rule: &Rule, example: &Example, source: &[u8]) -> usize {
    report(example, source).findings().filter(|finding| finding.rule == rule).count()
}

fn raises(rule: &Rule, example: &Example, source: &[u8]) -> bool {
    count(rule, example, source) > 0
}

#[test]
fn codes_are_unique_sorted_and_well_formed() {
    let codes: Vec<&str> = all().map(|rule| rule.code).collect();
    assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{codes:?}");
    for rule in all() {
        let (family, number) = rule.code.rsplit_once('-').expect("FAMILY-NNN");
        assert!(
            ["STS-POL", "STS-TXT", "RPT-TXT", "RPT-JSON", "LIVE", "INPUT"].contains(&family),
            "{}",
            rule.code
        );
        assert!(number.len() == 3 && number.bytes().all(|b| b.is_ascii_digit()), "{}", rule.code);
        let kebab = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        assert!(rule.name.bytes().all(kebab), "{} is named {}", rule.code, rule.name);
    }
}

/// `tests/catalogue.txt` has the rules of this version, no more and no fewer.
#[test]
fn the_catalogue_has_every_rule_and_no_others() {
    let flags = |rule: &Rule| match (rule.breaks_grammar, rule.breaks_use()) {
        (true, true) => "GX",
        (true, false) => "G",
        (false, true) => "X",
        (false, false) => "-",
    };
    let have: BTreeSet<String> = all()
        .map(|rule| format!("{} {} {} {}", rule.code, rule.name, rule.severity.word(), flags(rule)))
        .collect();
    let catalogue = include_str!("../../../tests/catalogue.txt");
    let want: BTreeSet<String> = catalogue.lines().map(str::to_owned).collect();
    let only = |these: &BTreeSet<String>, those| -> Vec<String> {
        these.difference(those).cloned().collect()
    };
    assert_eq!(only(&have, &want), [""; 0], "rules that the catalogue lacks");
    assert_eq!(only(&want, &have), [""; 0], "rules that are no more, or differ");
    assert_eq!(catalogue.lines().count(), want.len(), "a rule is listed twice");
}

/// A picture beside the rule shows where it speaks (`src/carets.rs`).
#[test]
fn every_rule_has_a_picture() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let shown = marked_codes(&source);
    let missing: Vec<&str> =
        all().map(|rule| rule.code).filter(|code| !shown.contains(*code)).collect();
    assert_eq!(missing, [""; 0]);
}

/// The codes behind marks in the modules `pictures` of all files below a folder.
fn marked_codes(folder: &Path) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            codes.extend(marked_codes(&path));
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a text");
        let Some((_, pictures)) = text.split_once("\nmod pictures {") else { continue };
        codes.extend(pictures.lines().filter_map(|line| {
            let (sign, code) = line.trim_start().split_once(' ')?;
            let is_sign = matches!(sign, "|" | ">") || sign.bytes().all(|b| b == b'^');
            is_sign.then(|| code.to_owned())
        }));
    }
    codes
}

#[test]
fn every_rule_says_what_why_effect_help_and_clause() {
    for rule in all() {
        for (name, text) in [
            ("message", rule.message),
            ("why", rule.words().why),
            ("effect", rule.words().effect),
            ("help", rule.words().help),
            ("clause", rule.words().clause),
        ] {
            assert!(text.len() >= 4, "{}: {name} is missing", rule.code);
            assert!(!text.contains("  "), "{}: {name} has a double space", rule.code);
            assert_eq!(
                text.matches('`').count() % 2,
                0,
                "{}: {name} has an open backtick",
                rule.code
            );
            let sentence = matches!(name, "why" | "effect" | "help");
            let dotted = text.ends_with('.');
            assert!(dotted == sentence || name == "clause", "{}: the end of {name}", rule.code);
        }
    }
}

#[test]
fn what_breaks_the_grammar_is_no_mere_advice() {
    for rule in all() {
        assert!(!rule.breaks_grammar || rule.severity <= Severity::Warning, "{}", rule.code);
    }
}

#[test]
fn examples_fail_and_pass() {
    for rule in all() {
        let fails = rule.words().fails.bytes();
        assert!(
            raises(rule, &rule.words().fails, &fails),
            "{} is not raised by its example",
            rule.code
        );
        if let Some(passes) = &rule.words().passes {
            assert!(
                !raises(rule, passes, &passes.bytes()),
                "{} is raised by its good example",
                rule.code
            );
        }
        assert!(rule.words().passes.is_some() || rule.severity == Severity::Info, "{}", rule.code);
    }
}

#[test]
fn good_examples_have_nothing_worse_than_advice() {
    for rule in all() {
        let Some(passes) = &rule.words().passes else { continue };
        let bytes = passes.bytes();
        let report = report(passes, &bytes);
        let worst = report.worst().unwrap_or(Severity::Info);
        assert!(worst >= Severity::Advice, "{}: {:?}", rule.code, report.artefacts);
    }
}

#[test]
fn advertised_fixes_repair_their_example() {
    for rule in all() {
        let source = rule.words().fails.bytes();
        let report = report(&rule.words().fails, &source);
        let finding = report.findings().find(|finding| finding.rule == rule).expect("raised above");
        let Some(advertised) = rule.fix else {
            assert!(finding.fix.is_none(), "{} has a fix that it does not advertise", rule.code);
            continue;
        };
        let fix = finding.fix.as_ref().unwrap_or_else(|| panic!("{} lacks its fix", rule.code));
        assert_eq!(fix.applicability, advertised, "{}", rule.code);
        let repaired = fix.apply(&source);
        let (before, after) = (
            count(rule, &rule.words().fails, &source),
            count(rule, &rule.words().fails, &repaired),
        );
        assert!(after < before, "{}: the fix does not repair", rule.code);
        assert!(!fix.title.is_empty() && !fix.title.ends_with('.'), "{}", rule.code);
    }
}

#[test]
fn no_finding_has_a_stronger_fix_than_its_rule_says() {
    let rank = |fix: Option<Applicability>| match fix {
        None => 0,
        Some(Applicability::Confirm) => 1,
        Some(Applicability::Safe) => 2,
    };
    for rule in all() {
        let source = rule.words().fails.bytes();
        for finding in report(&rule.words().fails, &source).findings() {
            let got = finding.fix.as_ref().map(|fix| fix.applicability);
            assert!(rank(got) <= rank(finding.rule.fix), "{}", finding.rule.code);
        }
    }
}

#[test]
fn cited_sections_exist() {
    let known: BTreeSet<(&str, &str)> = include_str!("../../../tests/rfc-sections.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(|line| {
            let (rfc, sections) = line.split_once(':').expect("RFC: sections");
            sections.split_whitespace().map(move |section| (rfc, section))
        })
        .collect();
    for rule in all() {
        for (rfc, section) in rule.cites() {
            let section = section.unwrap_or("-");
            let exists = known.contains(&(rfc, section));
            assert!(exists, "{} cites RFC {rfc} §{section}", rule.code);
        }
        assert!(
            rule.words().clause.starts_with("RFC ")
                || rule.words().clause.starts_with("Practice: "),
            "{}: {}",
            rule.code,
            rule.words().clause
        );
    }
}

#[test]
fn messages_name_what_they_promise() {
    for rule in all() {
        let source = rule.words().fails.bytes();
        let report = report(&rule.words().fails, &source);
        let finding = report.findings().find(|finding| finding.rule == rule).expect("raised above");
        for (i, arg) in finding.args.iter().enumerate() {
            let promised = rule.message.contains(&format!("{{{i}}}"));
            assert!(!promised || *arg != Arg::None, "{}: argument {i} is missing", rule.code);
        }
        let message = finding.message(&source);
        assert!(!message.contains("``"), "{}: nothing to quote in {message:?}", rule.code);
    }
}

#[test]
fn a_value_that_is_not_there_is_called_empty() {
    let source = b"version:\r\nmode:\r\nmx:\r\nmax_age:\r\n";
    let report = lint(&Input { kind: Some(stslint::Kind::Policy), ..Input::new(source) });
    let messages: Vec<String> = report.findings().map(|f| f.message(source)).collect();
    assert_eq!(messages.len(), 4, "{messages:?}");
    assert!(messages.iter().all(|message| message.starts_with("`(empty)` is not")), "{messages:?}");
}

#[test]
fn a_failed_look_up_is_no_verdict() {
    let dig = b";; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 1\n;; QUESTION SECTION:\n\
        ;_mta-sts.example.com. IN TXT\n";
    let doh =
        br#"{"Status":2,"Question":[{"name":"_mta-sts.example.com.","type":16}],"Comment":"x"}"#;
    for answer in [&dig[..], &doh[..]] {
        let input = Input::new(answer);
        let report = lint(&input);
        assert_eq!(report.findings().count(), 0);
        assert_eq!(report.artefacts[0].verdict(), None);
        let headline = stslint::render::words::headline(&input, &report);
        assert_eq!(headline.state, stslint::render::words::State::NotLinted, "{headline:?}");
    }
}

#[test]
fn codes_are_told_from_names() {
    for rule in all() {
        assert!(could_be_code(rule.code), "{}", rule.code);
        assert!(could_be_code(&format!(" {}\n", rule.code.to_lowercase())), "{}", rule.code);
    }
    for text in [
        "",
        "051",
        "STS-POL-",
        "STS-POL-51",
        "STS-POL-051.example",
        "mx-001",
        "mta-sts-001",
        "STS-POL-0\u{e9}",
    ] {
        assert!(!could_be_code(text), "{text}");
    }
}

/// A check knows the domain, and a report the policy: what their rules say stands beside these.
#[test]
fn what_is_known_beside_a_rule_is_not_left_open_in_it() {
    for rule in all().filter(|rule| rule.code.starts_with("LIVE-")) {
        let words = rule.words();
        for text in [words.why, words.effect, words.help] {
            assert!(!text.contains("<your domain>"), "{}: {text}", rule.code);
        }
    }
    let failed = all().find(|rule| rule.code == "RPT-JSON-060").expect("there is such a rule");
    let effect = failed.words().effect;
    assert!(
        effect.starts_with("With an enforced policy, and with DANE, the mail waits;"),
        "{effect}"
    );
}

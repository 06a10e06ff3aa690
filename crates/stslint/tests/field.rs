//! What people really paste: each case of `tests/field.json`, a test of its own named by its id.
//!
//! A case has an `input`, the `kind` that it is said to be or `auto`, perhaps the exact codes above information (`expect`), what
//! a helpful answer says (`must`), and the same as data (`check`):
//!
//! * `kinds` are the artefacts that are found, `usable` and `conformant` the verdict about the first one;
//! * `has` and `lacks` are codes that are found and that are not, `says` what a finding's message has in it;
//! * `wrapper` is what is said to stand around, once;
//! * `fix` is what becomes of the input by the fix of a rule, `safe` how many fixes need no confirmation, `kept` what stays in
//!   the text by any fix;
//! * `title` and `next` are parts of the headline, `domain` is offered for a check, `attachment` has to be unpacked.

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;
use stslint::finding::{Applicability, Severity};
use stslint::render::words;
use stslint::{Declared, Input, Kind, Report, carve, lint, strange};

const WRAPPED: [&str; 2] = ["INPUT-004", "STS-POL-016"];

fn main() {
    let trials = stslint_checks::seeds::field().into_iter().map(|(case, source)| {
        let name = case["id"].as_str().unwrap_or_default().to_owned();
        Trial::test(name, move || check(&case, &source))
    });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

/// The strings of a list.
fn list<'v>(check: &'v Value, key: &str) -> Vec<&'v str> {
    check[key].as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Keys and strings of an object.
fn pairs<'v>(check: &'v Value, key: &str) -> Vec<(&'v str, &'v str)> {
    let members = check[key].as_object().into_iter().flatten();
    members.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect()
}

fn check(case: &Value, source: &[u8]) -> Result<(), Failed> {
    let declared = case["kind"].as_str().and_then(Declared::from_word);
    let input = Input { to_ascii: Some(stslint_checks::to_ascii), ..Input::new(source) };
    let input = input.declared(declared);
    let report = lint(&input);
    let problems = [codes(case, &report), answer(&case["check"], &input, &report)].concat();
    match problems.is_empty() {
        true => Ok(()),
        false => Err(format!("{}: {}", case["must"], problems.join("; ")).into()),
    }
}

/// What is wrong with the codes.
fn codes(case: &Value, report: &Report) -> Vec<String> {
    let found = |above: Severity| {
        let found = report.findings().filter(|finding| finding.rule.severity <= above);
        let mut codes: Vec<&str> = found.map(|finding| finding.rule.code).collect();
        codes.sort_unstable();
        codes
    };
    let (loud, all) = (found(Severity::Warning), found(Severity::Info));
    let mut problems = Vec::new();
    if case["expect"].is_array() {
        let mut want = list(case, "expect");
        want.sort_unstable();
        if loud != want {
            problems.push(format!("found {loud:?}, not {want:?}"));
        }
    }
    for code in list(&case["check"], "has").into_iter().filter(|code| !all.contains(code)) {
        problems.push(format!("{code} is not among {all:?}"));
    }
    for code in list(&case["check"], "lacks").into_iter().filter(|code| all.contains(code)) {
        problems.push(format!("{code} is among {all:?}"));
    }
    problems
}

/// What is wrong with the rest of the answer.
fn answer(check: &Value, input: &Input, report: &Report) -> Vec<String> {
    let mut problems = Vec::new();
    let mut expect = |holds: bool, what: String| {
        if !holds {
            problems.push(what);
        }
    };
    let kinds: Vec<&str> = report.artefacts.iter().map(|artefact| artefact.kind.word()).collect();
    let wanted = list(check, "kinds");
    expect(wanted.is_empty() || kinds == wanted, format!("found {kinds:?}"));
    let verdict = report.artefacts[0].verdict();
    for (key, value) in [
        ("usable", verdict.map(|verdict| verdict.usable)),
        ("conformant", verdict.map(|verdict| verdict.conformant)),
    ] {
        let wanted = check[key].as_bool();
        expect(wanted.is_none() || wanted == value, format!("{key}: {value:?}"));
    }
    let all = || report.findings();
    let message = |code: &str| {
        all().find(|finding| finding.rule.code == code).map(|found| found.message(input.source))
    };
    for (code, words) in pairs(check, "says") {
        let says = message(code).unwrap_or_default();
        expect(says.contains(words), format!("{code} says {says:?}"));
    }
    if let Some(name) = check["wrapper"].as_str() {
        let named: Vec<_> = WRAPPED.into_iter().filter_map(message).collect();
        let once = all().filter(|finding| WRAPPED.contains(&finding.rule.code)).count() == 1;
        expect(once && named[0].starts_with(name), format!("the wrapper is {named:?}"));
    }
    for (code, result) in pairs(check, "fix") {
        let fix =
            all().find(|finding| finding.rule.code == code).and_then(|found| found.fix.as_ref());
        let fixed = fix.map(|fix| String::from_utf8(fix.apply(input.source)).expect("text"));
        expect(fixed.as_deref() == Some(result), format!("the fix of {code} gives {fixed:?}"));
    }
    let fixes = || all().filter_map(|finding| finding.fix.as_ref());
    if let Some(wanted) = check["safe"].as_u64() {
        let safe = fixes().filter(|fix| fix.applicability == Applicability::Safe).count();
        expect(safe as u64 == wanted, format!("{safe} safe fixes"));
    }
    for fix in fixes() {
        let fixed = String::from_utf8_lossy(&fix.apply(input.source)).into_owned();
        let lost: Vec<_> =
            list(check, "kept").into_iter().filter(|word| !fixed.contains(word)).collect();
        expect(lost.is_empty(), format!("“{}” loses {lost:?}", fix.title));
    }
    let headline = words::headline(input, report);
    for (key, text) in [("title", &headline.title), ("next", &headline.next)] {
        let wanted = check[key].as_str();
        expect(wanted.is_none_or(|wanted| text.contains(wanted)), format!("{key}: {text:?}"));
    }
    if let Some(wanted) = check["domain"].as_str() {
        let domain = strange::domain(input.source);
        expect(domain.as_deref() == Some(wanted), format!("the domain is {domain:?}"));
    }
    if let Some(wanted) = check["attachment"].as_str() {
        let name = carve::attachment(input.source).and_then(|attached| attached.file_name);
        expect(name.as_deref() == Some(wanted), format!("attached is {name:?}"));
    }
    // Nothing unknown has a verdict, and no fix would make anything of it.
    let unknown = report.artefacts.iter().filter(|artefact| artefact.kind == Kind::Unknown);
    for artefact in unknown {
        let fixed = artefact.findings.iter().any(|finding| finding.fix.is_some());
        let count = artefact.findings.len();
        expect(artefact.verdict().is_none() && !fixed && count == 1, format!("{count} findings"));
    }
    problems
}

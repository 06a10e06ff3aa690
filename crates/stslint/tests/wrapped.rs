//! Every vector in every wrapper that can hold it: the same codes, at the same places inside.
//!
//! What stands around is data (`carve::WRAPPERS`); what a wrapper can't hold is what it has a meaning for itself, such as a quote
//! within quotes.

use std::ops::Range;
use stslint::carve::{Frame, OBJECTS, Object, WRAPPERS, Wrapper, find};
use stslint::finding::Severity;
use stslint::{Form, Input, Kind, Report, found as published, lint, policy, record};
use stslint_checks::vectors;

/// A code and its place.
type Found = (String, Range<usize>);

/// Codes above information, with their places.
fn found(report: &Report) -> Vec<Found> {
    let loud = report.findings().filter(|finding| finding.rule.severity <= Severity::Advice);
    let mut found: Vec<_> = loud.map(|f| (f.rule.code.to_owned(), f.span.range())).collect();
    found.sort_by_key(|(code, place)| (place.start, place.end, code.clone()));
    found
}

/// A text in another one, and where each of its bytes stands there.
struct Wrapped {
    text: String,
    places: Vec<usize>,
}

impl Wrapped {
    fn policy(frame: Frame, inner: &str) -> Self {
        let mut wrapped = Self { text: frame.before.to_owned(), places: Vec::new() };
        for line in inner.split_inclusive('\n') {
            let content = line.trim_end_matches(['\r', '\n']);
            wrapped.text.push_str(frame.prefix);
            wrapped.take(content);
            wrapped.text.push_str(frame.suffix);
            let end = &line[content.len()..];
            match frame.one_line {
                // It stands for nothing there: what is said of it is said of the place.
                true => wrapped.places.extend(end.bytes().map(|_| wrapped.text.len())),
                false => wrapped.take(end),
            }
        }
        wrapped.places.push(wrapped.text.len());
        wrapped.text.push_str(frame.after);
        wrapped
    }

    fn record(template: &str, owner: &str, value: &str) -> Self {
        let template = template.replace("{owner}", owner);
        let (before, after) = template.split_once("{value}").expect("a place for the value");
        let mut wrapped = Self { text: before.to_owned(), places: Vec::new() };
        wrapped.take(value);
        wrapped.places.push(wrapped.text.len());
        wrapped.text.push_str(after);
        wrapped
    }

    fn take(&mut self, piece: &str) {
        self.places.extend(self.text.len()..self.text.len() + piece.len());
        self.text.push_str(piece);
    }

    /// Whether a place is that of one in the inner text. What can't be seen there, such as a line that is missing, is anywhere
    /// between what can be seen before and behind it.
    fn is_at(&self, place: &Range<usize>, inner: &str, within: &Range<usize>) -> bool {
        let seen = |at: &usize| !inner.as_bytes()[*at].is_ascii_whitespace();
        if within.clone().any(|at| seen(&at)) {
            return *place == (self.places[within.start]..self.places[within.end - 1] + 1);
        }
        let before = (0..within.start).rev().find(seen).map_or(0, |at| self.places[at]);
        let behind =
            (within.end..inner.len()).find(seen).map_or(self.text.len(), |at| self.places[at]);
        before <= place.start && place.end <= behind
    }
}

/// Whether a policy can stand there: none of its characters means something in a wrapper, and it begins and ends with a field.
fn can_be_wrapped(text: &str) -> bool {
    let field = |line: &str| {
        ["version:", "mode:", "mx:", "max_age:"].into_iter().any(|name| line.starts_with(name))
    };
    let odd = |c: char| {
        "`\"'\\<>&|$#*~".contains(c) || c.is_control() && !"\r\n".contains(c) || !c.is_ascii()
    };
    let lines: Vec<&str> = text.lines().collect();
    text.contains("version: STSv")
        && lines.len() > 2
        && lines.first().is_some_and(|line| field(line))
        && lines.last().is_some_and(|line| field(line))
        && text.ends_with('\n')
        && !text.replace("\r\n", "").contains('\r')
        && !text.contains(|c| odd(c) && c != '*')
        && find(text.as_bytes(), None).is_none()
}

/// Whether the lines of a policy stay what they are there: a literal that goes on behind a backslash takes the space in front of
/// the next line off.
fn holds(frame: Frame, text: &str) -> bool {
    let spaced = |line: &str| line.is_empty() || line.starts_with([' ', '\t']);
    !(frame.suffix.ends_with("\\n\\") && text.lines().any(spaced))
}

#[test]
fn every_policy_in_every_wrapper_is_judged_as_it_is_alone() {
    let (mut count, mut wrong) = (0, Vec::new());
    for vector in vectors::all() {
        if vector["kind"] != "policy" {
            continue;
        }
        let Some(inner) = vector["input"].as_str().filter(|text| can_be_wrapped(text)) else {
            continue;
        };
        // A wrapper has line ends of its own.
        let alone = Input {
            kind: Some(Kind::Policy),
            line_ends_known: false,
            ..Input::new(inner.as_bytes())
        };
        let want = found(&lint(&alone));
        for wrapper in &WRAPPERS {
            let Some(frame) = wrapper.policy.filter(|frame| holds(*frame, inner)) else { continue };
            let wrapped = Wrapped::policy(frame, inner);
            count += 1;
            let taken = published::found(&Input::new(wrapped.text.as_bytes())).policy;
            let lines = taken.iter().flat_map(|text| text.lines());
            // Of one that is wrong, what is found may be less.
            if want.is_empty() && !lines.eq(inner.lines()) {
                wrong.push(format!("{}: {taken:?} of {:?}", wrapper.name, wrapped.text));
            }
            compare(wrapper, &vector["id"].to_string(), &wrapped, inner, &want, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 500, "only {count} were tried");
}

#[test]
fn every_record_in_every_wrapper_is_judged_as_it_is_alone() {
    let (mut count, mut wrong) = (0, Vec::new());
    for vector in vectors::all() {
        let (kind, owner, start) = match vector["kind"].as_str() {
            Some("sts-txt") => (Kind::StsTxt, "_mta-sts.example.com", "v=STS"),
            Some("rpt-txt") => (Kind::RptTxt, "_smtp._tls.example.com", "v=TLSRP"),
            _ => continue,
        };
        let Some(inner) = vector["input"].as_str() else { continue };
        let plain = |c: char| c.is_ascii_graphic() && !"`\"'\\<>&|{}()".contains(c) || c == ' ';
        if !inner.starts_with(start) || !inner.chars().all(plain) || inner.ends_with([' ', ',']) {
            continue;
        }
        let want = found(&lint(&Input { kind: Some(kind), ..Input::new(inner.as_bytes()) }));
        for wrapper in &WRAPPERS {
            let Some(template) = wrapper.record else { continue };
            let wrapped = Wrapped::record(template, owner, inner);
            count += 1;
            let taken = published::found(&Input::new(wrapped.text.as_bytes())).records;
            let parent = if wrapped.text.contains(owner) { "example.com." } else { "" }.to_owned();
            let whole =
                record::Written { kind, parent, value: Some(inner.to_owned()), alias: None };
            if want.is_empty() && taken != [whole] {
                wrong.push(format!("{}: {taken:?} of {:?}", wrapper.name, wrapped.text));
            }
            compare(wrapper, &vector["id"].to_string(), &wrapped, inner, &want, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 400, "only {count} were tried");
}

/// The values of a policy that has each field once, of characters that mean nothing anywhere: mode, hosts, lifetime.
fn values(text: &str) -> Option<(String, Vec<String>, String)> {
    let tree = policy::parse(text);
    let plain = |c: char| c.is_ascii_alphanumeric() || "*.-_".contains(c);
    let of = |field| -> Option<Vec<String>> {
        let values = tree.fields(field).map(|line| text[line.value.range()].to_owned());
        let values: Vec<_> = values.collect();
        let all = values.iter().all(|value| !value.is_empty() && value.chars().all(plain));
        (all && !values.is_empty()).then_some(values)
    };
    let one =
        |field| of(field).filter(|values| values.len() == 1).map(|mut values| values.remove(0));
    let (mode, hosts, max_age) =
        (one(policy::Field::Mode)?, of(policy::Field::Mx)?, one(policy::Field::MaxAge)?);
    let fields = tree.lines.len() == hosts.len() + 3;
    // An address in brackets is no list.
    let host = hosts[0].contains('.') && hosts[0].contains(|c: char| c.is_ascii_alphabetic());
    let likely = max_age.bytes().all(|b| b.is_ascii_digit()) && host;
    (one(policy::Field::Version)? == "STSv1" && fields && likely).then_some((mode, hosts, max_age))
}

fn object(object: &Object, mode: &str, hosts: &[String], max_age: &str) -> String {
    let [before, between, behind] = object.hosts;
    let hosts = [before, &hosts.join(between), behind].concat();
    let text = object.policy.replace("{version}", "STSv1").replace("{mode}", mode);
    text.replace("{mx}", &hosts).replace("{max_age}", max_age)
}

#[test]
fn the_values_of_every_policy_are_judged_as_it_is_in_every_language() {
    let (mut count, mut wrong) = (0, Vec::new());
    for vector in vectors::all() {
        let text = vector["input"].as_str().filter(|_| vector["kind"] == "policy");
        let Some((mode, hosts, max_age)) = text.and_then(values) else { continue };
        let lines: String = hosts.iter().map(|host| format!("mx: {host}\n")).collect();
        let alone = format!("version: STSv1\nmode: {mode}\n{lines}max_age: {max_age}\n");
        let input = Input { line_ends_known: false, ..Input::new(alone.as_bytes()) };
        let what = |report: &Report, source: &str| {
            let quoted = |(code, place): Found| (code, source[place].to_owned());
            let mut found: Vec<_> = found(report).into_iter().map(quoted).collect();
            found.sort();
            found
        };
        let want = what(&lint(&input), &alone);
        // Without the version, a mode shows what it is.
        let known = policy::Mode::from_word(&mode).is_some();
        for one in OBJECTS.iter().filter(|one| known || one.policy.contains("version")) {
            let text = object(one, &mode, &hosts, &max_age);
            let report = lint(&Input::new(text.as_bytes()));
            count += 1;
            let told: Vec<_> = report
                .findings()
                .filter(|finding| finding.rule.code == "INPUT-007")
                .map(|finding| finding.message(text.as_bytes()))
                .collect();
            let named = told.len() == 1 && told[0].starts_with(one.name);
            if what(&report, &text) != want || !named {
                wrong.push(format!("{want:?} is {:?} in {text}{told:?}", what(&report, &text)));
            }
            // The text that they make.
            let fixes = report.findings().filter(|finding| finding.rule.code == "INPUT-007");
            for fix in fixes.filter_map(|finding| finding.fix.as_ref()) {
                assert_eq!(fix.apply(text.as_bytes()), alone.as_bytes());
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 300, "only {count} were tried");
}

fn compare(
    wrapper: &Wrapper,
    id: &str,
    wrapped: &Wrapped,
    inner: &str,
    want: &[Found],
    wrong: &mut Vec<String>,
) {
    let text = &wrapped.text;
    let report = lint(&Input { line_ends_known: false, ..Input::new(text.as_bytes()) });
    let mut got = found(&report);
    for (code, within) in want {
        let same = |(found, place): &Found| found == code && wrapped.is_at(place, inner, within);
        match got.iter().position(same) {
            Some(at) => drop(got.remove(at)),
            None => {
                return wrong
                    .push(format!("{id} in {}: no {code} at {within:?}\n{text}", wrapper.name));
            }
        }
    }
    let named = report.findings().filter(|finding| finding.rule.code == "INPUT-004").count();
    if !got.is_empty() || report.form == Form::Inside && named != 1 {
        wrong.push(format!(
            "{id} in {} ({:?}, {named}): {got:?} besides\n{text}",
            wrapper.name, report.form
        ));
    }
}

/// The name that a wrapper is given is its own.
#[test]
fn every_wrapper_is_called_what_it_is() {
    let policy = "version: STSv1\nmode: testing\nmx: mail.example.com\nmax_age: 604800\n";
    for wrapper in &WRAPPERS {
        let texts = [
            wrapper.policy.map(|frame| Wrapped::policy(frame, policy).text),
            wrapper.record.map(|template| {
                Wrapped::record(template, "_mta-sts.example.com", "v=STSv1; id=20261128;").text
            }),
        ];
        for text in texts.into_iter().flatten() {
            let Some(carved) = find(text.as_bytes(), None) else {
                panic!("{}: {text}", wrapper.name)
            };
            assert_eq!(carved.wrapper, Some(wrapper.name), "{text}");
        }
    }
}

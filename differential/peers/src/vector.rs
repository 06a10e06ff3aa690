//! A vector, and what the engine says of it.

use serde_json::{Map, Value, json};
use stslint::finding::Verdict;
use stslint::report::{Content, Failure, Moment, PolicyResult, PolicyType};
use stslint::{Artefact, Declared, Kind, Parsed, host, report};
use stslint_checks::{Case, fixes, linting, to_ascii};
use stslint_intake::{Found, Intake, Limits};

/// What a vector is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// Patterns of a policy, and the name of an MX host.
    Match,
    /// The text of a policy, which may come with the head of an HTTP response.
    Policy,
    /// A report, or what it travels in.
    Report,
    /// The TXT records at one name.
    Records(Kind),
}

impl About {
    fn from_word(word: &str) -> Option<Self> {
        match word {
            "match" => Some(Self::Match),
            "policy" => Some(Self::Policy),
            "report" => Some(Self::Report),
            "rpt" => Some(Self::Records(Kind::RptTxt)),
            "sts" => Some(Self::Records(Kind::StsTxt)),
            _ => None,
        }
    }

    /// Its name.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Match => "a pattern and a name",
            Self::Policy => "a policy",
            Self::Report => "a report",
            Self::Records(Kind::RptTxt) => "records of TLSRPT",
            Self::Records(_) => "records of MTA-STS",
        }
    }
}

/// A vector.
#[derive(Debug)]
pub struct Vector {
    /// The repository and the commit: `owner/name@commit`.
    pub suite: String,
    /// What it is about.
    pub kind: About,
    /// Its name, as the suite has it.
    pub name: String,
    /// The input.
    pub given: Value,
    /// What its authors expect; null where they only want it to be read, as a seed of a fuzzer.
    pub expected: Value,
}

impl Vector {
    /// Reads a line.
    pub fn from_line(line: &str) -> Option<Self> {
        let mut line: Value = serde_json::from_str(line).ok()?;
        let text = |line: &Value, key: &str| line[key].as_str().map(str::to_owned);
        Some(Self {
            suite: text(&line, "suite")?,
            kind: About::from_word(line["kind"].as_str()?)?,
            name: text(&line, "name")?,
            given: line["given"].take(),
            expected: line["expected"].take(),
        })
    }
}

/// What the engine says of a vector.
#[derive(Debug, Default)]
pub struct Said {
    /// Whether the text is within the grammar.
    pub conformant: bool,
    /// Whether senders use it; of a name, whether it matches.
    pub usable: bool,
    /// What is read from it.
    pub values: Value,
    /// The codes of the findings.
    pub codes: Vec<&'static str>,
    /// What must hold of any input and does not hold of this one.
    pub broken: Option<String>,
}

impl Said {
    /// Asks the engine.
    pub fn of(vector: &Vector) -> Self {
        match vector.kind {
            About::Match => of_match(&vector.given),
            About::Policy => of_policy(&vector.given),
            About::Report => of_report(&vector.given),
            About::Records(kind) => of_records(&vector.given, kind),
        }
    }

    /// In what this is not what was expected, one sentence each. What is expected to be refused may be refused by the grammar
    /// alone; what is expected to be taken has to be usable.
    pub fn differences(&self, expected: &Value) -> Vec<String> {
        let mut out: Vec<String> = self.broken.iter().cloned().collect();
        for (key, wanted) in expected.as_object().into_iter().flatten() {
            let got = match (key.as_str(), wanted) {
                ("valid", Value::Bool(true)) => json!(self.usable),
                ("valid", _) => json!(self.usable && self.conformant),
                _ => self.values[key].clone(),
            };
            if !is_within(wanted, &got) {
                out.push(format!("{key}: {wanted} expected, {got} found"));
            }
        }
        out
    }
}

/// Whether all that is wanted is there. Objects may have more members than are wanted.
fn is_within(wanted: &Value, got: &Value) -> bool {
    match (wanted, got) {
        (Value::Object(wanted), _) => wanted.iter().all(|(key, value)| is_within(value, &got[key])),
        (Value::Array(wanted), Value::Array(got)) => {
            wanted.len() == got.len() && wanted.iter().zip(got).all(|(a, b)| is_within(a, b))
        }
        _ => wanted == got,
    }
}

/// The bytes that a string, or `{"hex": "…"}`, stands for.
fn bytes(value: &Value) -> Vec<u8> {
    if let Some(text) = value.as_str() {
        return text.as_bytes().to_vec();
    }
    let digits = value["hex"].as_str().unwrap_or_default().as_bytes();
    let pair = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    digits.chunks(2).filter_map(pair).collect()
}

/// A name or pattern as the command takes it: outside ASCII, as A-labels.
fn ascii(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let (wildcard, name) = text.strip_prefix("*.").map_or(("", text), |name| ("*.", name));
    let ascii = host::domain_name(name, Some(to_ascii));
    ascii.map_or_else(|| text.to_owned(), |ascii| format!("{wildcard}{ascii}"))
}

fn of_match(given: &Value) -> Said {
    let name = ascii(&String::from_utf8_lossy(&bytes(&given["name"])));
    let mut patterns = given["patterns"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let usable = patterns.any(|pattern| host::matches(&ascii(pattern), &name).covers());
    Said { usable, conformant: true, ..Said::default() }
}

fn of_policy(given: &Value) -> Said {
    let body = bytes(&given["body"]);
    let head = ["status", "type"].iter().any(|key| given.get(key).is_some());
    let body = match head {
        true => [head_of(given).into_bytes(), body].concat(),
        false => body,
    };
    of_text(Declared::of(Kind::Policy), body)
}

/// The head of an HTTP response.
fn head_of(given: &Value) -> String {
    let status = given.get("status").and_then(Value::as_u64).unwrap_or(200);
    match given.get("type").map_or(Some("text/plain"), Value::as_str) {
        Some(media_type) => format!("HTTP/1.1 {status} OK\r\nContent-Type: {media_type}\r\n\r\n"),
        None => format!("HTTP/1.1 {status} OK\r\n\r\n"),
    }
}

fn of_records(given: &Value, kind: Kind) -> Said {
    let records = given.as_array().into_iter().flatten();
    let strings = records.map(|record| match std::str::from_utf8(&bytes(record)) {
        Ok(text) => json!([text]),
        Err(_) => json!([String::from_utf8_lossy(&bytes(record))]),
    });
    let source = Value::from_iter(strings).to_string();
    of_text(Declared::data(kind), source.into_bytes())
}

fn of_text(declared: Declared, source: Vec<u8>) -> Said {
    let case = Case::new(Some(declared), source);
    Said { broken: broken(&case), ..of_artefacts(&stslint::lint(&case.input()).artefacts) }
}

/// What must hold of any input, as for the fuzz targets.
fn broken(case: &Case) -> Option<String> {
    linting::check(case).and_then(|()| fixes::check(case)).err()
}

fn of_artefacts(artefacts: &[Artefact]) -> Said {
    let findings: Vec<_> =
        artefacts.iter().flat_map(|artefact| artefact.findings.iter().cloned()).collect();
    let verdict = Verdict::of(&findings);
    let values = artefacts.iter().find_map(|artefact| match &artefact.parsed {
        Parsed::Policy(values) => Some(json!({
            "mode": values.mode.map(stslint::policy::Mode::word),
            "max_age": values.max_age,
            "mx": values.mx,
        })),
        Parsed::Record(values) => Some(json!({ "id": values.id, "rua": values.rua })),
        _ => None,
    });
    Said {
        conformant: verdict.conformant,
        usable: verdict.usable && values.is_some(),
        values: values.unwrap_or_default(),
        codes: findings.iter().map(|finding| finding.rule.code).collect(),
        broken: None,
    }
}

fn of_report(given: &Value) -> Said {
    let source = bytes(&given["body"]);
    let mut reports: Vec<Vec<u8>> = Vec::new();
    match given["packed"].as_str() {
        None => reports.push(source),
        Some(name) => {
            let mut take = |item: stslint_intake::Item<'_>| {
                if let Found::Report(report) = item.found {
                    reports.push(report.to_vec());
                }
            };
            let mut intake = Intake::new(name, Limits::default());
            intake.feed(&source, &mut take);
            intake.finish(&mut take);
        }
    }
    let Some(source) = reports.into_iter().next() else { return Said::default() };
    let case = Case::new(Some(Declared::of(Kind::Report)), source);
    let input = case.input();
    let (_, findings) = report::lint(&input);
    let verdict = Verdict::of(&findings);
    let content = report::read(&input).map(|(content, _)| content);
    Said {
        conformant: verdict.conformant,
        usable: verdict.usable && content.is_some(),
        values: content.as_ref().map_or(Value::Null, value_of),
        codes: findings.iter().map(|finding| finding.rule.code).collect(),
        broken: broken(&case),
    }
}

/// A report by the names of RFC 8460 §4.4.
fn value_of(content: &Content) -> Value {
    let moment = |moment: &Option<Moment>| moment.as_ref().and_then(Moment::seconds);
    json!({
        "organization-name": content.organization,
        "contact-info": content.contact,
        "report-id": content.id,
        "start": moment(&content.start),
        "end": moment(&content.end),
        "policies": content.policies.iter().map(policy).collect::<Vec<_>>(),
    })
}

fn policy(result: &PolicyResult) -> Value {
    let policy_type = result.policy_type.map(|policy_type| match policy_type {
        PolicyType::NoPolicyFound => "no-policy-found",
        PolicyType::Sts => "sts",
        PolicyType::Tlsa => "tlsa",
    });
    json!({
        "policy-type": policy_type,
        "policy-string": result.policy,
        "policy-domain": result.domain,
        "mx-host": result.mx_hosts,
        "success": result.success,
        "failure": result.failure,
        "failure-details": result.failures.iter().map(failure).collect::<Vec<_>>(),
    })
}

fn failure(failure: &Failure) -> Value {
    let mut out = Map::new();
    let texts = [
        ("result-type", failure.result_type.as_deref().map(str::to_owned)),
        ("sending-mta-ip", failure.sending_ip.map(|ip| ip.to_string())),
        ("receiving-mx-hostname", failure.mx.as_deref().map(str::to_owned)),
        ("receiving-mx-helo", failure.helo.as_deref().map(str::to_owned)),
        ("receiving-ip", failure.receiving_ip.map(|ip| ip.to_string())),
        ("additional-information", failure.more.as_deref().map(str::to_owned)),
        ("failure-reason-code", failure.reason.as_deref().map(str::to_owned)),
    ];
    for (key, text) in texts {
        out.insert(key.to_owned(), json!(text));
    }
    out.insert("failed-session-count".to_owned(), json!(failure.count));
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(line: &Value) -> (Vector, Said) {
        let vector = Vector::from_line(&line.to_string()).unwrap();
        let said = Said::of(&vector);
        (vector, said)
    }

    fn differences(kind: &str, given: Value, expected: Value) -> Vec<String> {
        let (vector, said) = said(&json!({
            "suite": "a/b@c", "kind": kind, "name": "d", "given": given, "expected": expected
        }));
        said.differences(&vector.expected)
    }

    #[test]
    fn what_is_expected_is_compared() {
        let given = json!({ "body": "version: STSv1\nmode: none\nmax_age: 1\n" });
        let expected = |mode: &str| json!({ "valid": true, "mode": mode });
        assert_eq!(differences("policy", given.clone(), expected("none")), Vec::<String>::new());
        let wrong = differences("policy", given, expected("testing"));
        assert_eq!(wrong, [r#"mode: "testing" expected, "none" found"#]);
        for (record, valid, differs) in [
            ("v=STSv1; id=1", true, false),
            ("v=STSv1; id=1", false, true),
            ("v=STSv1; id=-", false, false),
            ("v=STSv1; id=-", true, true),
        ] {
            let found = differences("sts", json!([record]), json!({ "valid": valid }));
            assert_eq!(!found.is_empty(), differs, "{record} {valid}");
        }
        let given = json!({ "patterns": ["a.example", "*.b.example"], "name": "c.b.example." });
        assert!(differences("match", given.clone(), json!({ "valid": true })).is_empty());
        assert!(!differences("match", given, json!({ "valid": false })).is_empty());
    }

    #[test]
    fn reports_are_read_in_what_they_travel_in() {
        let report = r#"{"organization-name": "A", "report-id": "1", "policies": []}"#;
        let mail =
            format!("From: a@a.example\r\nContent-Type: application/tlsrpt+json\r\n\r\n{report}");
        let expected = json!({ "organization-name": "A", "policies": [] });
        for given in [json!({ "body": report }), json!({ "body": mail, "packed": "a.eml" })] {
            assert_eq!(differences("report", given, expected.clone()), Vec::<String>::new());
        }
    }

    #[test]
    fn lists_have_no_more_than_is_wanted_and_objects_may() {
        assert!(is_within(&json!({ "a": [{}] }), &json!({ "a": [{ "b": 1 }], "c": 2 })));
        assert!(!is_within(&json!({ "a": [{}] }), &json!({ "a": [{}, {}] })));
        assert!(!is_within(&json!({ "a": 1 }), &json!({})));
    }

    #[test]
    fn bytes_that_are_no_text_are_hexadecimal() {
        assert_eq!(bytes(&json!("é")), "é".as_bytes());
        assert_eq!(bytes(&json!({ "hex": "ff0a" })), [255, 10]);
    }
}

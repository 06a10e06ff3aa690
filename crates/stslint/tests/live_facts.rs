//! Facts in JSON: what is misspelt is named, and findings point at what they are about.

use stslint::live::read;
use stslint::{Input, Kind, Parsed, lint};

#[test]
fn what_is_no_fact_is_named_with_its_place() {
    for (facts, place, words) in [
        (r#"{"mx":[]}"#, "{\"mx\":[]}", "`domain` is missing"),
        (r#"{"domain":"a b"}"#, "\"a b\"", "has to be a domain name"),
        (r#"{"domain":"a.org","mx_da":true}"#, "mx_da", "`mx_da` is unknown in `facts`"),
        (r#"{"domain":"a.org","mx":[],"mx":[]}"#, "mx", "`mx` is there twice"),
        (r#"{"domain":"a.org","mx":[["a.org"]]}"#, "[\"a.org\"]", "[preference, host]"),
        (r#"{"domain":"a.org","mx":[[70000,"a.org"]]}"#, "70000", "from 0 to 65535"),
        (r#"{"domain":"a.org","mx_ad":1}"#, "1", "`mx_ad` has to be true or false"),
        (r#"{"domain":"a.org","sts_txt":"fine"}"#, "\"fine\"", "has to be one of ok, absent"),
        (r#"{"domain":"a.org","policy":{}}"#, "{}", "`mode` is missing"),
        (
            r#"{"domain":"a.org","policy":{"mode":"none","mx":["*"]}}"#,
            "",
            "`*` is not an mx pattern",
        ),
        (r#"{"domain":"a.org","date":"2026-11-22"}"#, "\"2026-11-22\"", "2026-10-01T12:00:00Z"),
        (r#"{"domain":"a.org","http":{}}"#, "{}", "needs a `status` or an `error`"),
        (r#"{"domain":"a.org","http":{"error":"dns"}}"#, "\"dns\"", "has to be one of opaque"),
        (r#"{"domain":"a.org","policy_host":{"a":["::1"]}}"#, "[\"::1\"]", "does not belong in"),
        (
            r#"{"domain":"a.org","tlsa":{"a.org":{"records":["3 1 x"]}}}"#,
            "\"3 1 x\"",
            "three numbers",
        ),
        (
            r#"{"domain":"a.org","tlsa":{"a.org":{"records":["3 1 1 ab"],"status":"bogus"}}}"#,
            "",
            "has records and",
        ),
        (r#"{"domain":"a.org""#, "", "This is not JSON"),
        ("[]", "[]", "has to be an object"),
    ] {
        let problems = read(facts).expect_err(facts);
        let found = problems.iter().find(|problem| problem.text.contains(words));
        let found = found.unwrap_or_else(|| panic!("{facts}: {problems:?}"));
        assert!(facts[found.span.range()].contains(place), "{facts}: {found:?}");
        let report = lint(&Input { kind: Some(Kind::Live), ..Input::new(facts.as_bytes()) });
        assert_eq!(report.artefacts[0].parsed, Parsed::None, "{facts}");
        assert_eq!(report.artefacts[0].verdict(), None);
    }
}

#[test]
fn findings_stand_where_their_facts_are() {
    let facts = r#"{
  "domain": "example.org",
  "sts_txt": { "records": [["v=STSv1; id=a-b;"]], "ttl": 100000 },
  "http": { "status": 200, "content_type": "text/html", "body": "version: STSv1\r\nmode: Enforce\r\n" },
  "mx": [[10, "a.mx.net"], [20, "192.0.2.1"]],
  "mx_ad": true,
  "tlsa": { "a.mx.net": { "ad": false, "records": ["3 1 1 abcd"] } }
}"#;
    let report = lint(&Input { kind: Some(Kind::Live), ..Input::new(facts.as_bytes()) });
    for (code, place) in [
        ("LIVE-008", "100000"),
        ("LIVE-068", r#"[20, "192.0.2.1"]"#),
        ("LIVE-081", "false"),
        ("STS-TXT-022", "a-b"),
        ("STS-POL-052", "Enforce"),
    ] {
        let finding = report.findings().find(|finding| finding.rule.code == code);
        let finding = finding.unwrap_or_else(|| panic!("{code}: {report:?}"));
        assert_eq!(&facts[finding.span.range()], place, "{code}");
        assert!(finding.fix.is_none(), "{code}: there is nothing to edit in what was seen");
    }
    let kinds: Vec<Kind> = report.artefacts.iter().map(|artefact| artefact.kind).collect();
    assert_eq!(kinds, [Kind::Live, Kind::StsTxt, Kind::Policy]);
}

/// A finding is at the member that it speaks of, however the fact is written.
#[test]
fn findings_stand_at_the_member_that_they_speak_of() {
    for (facts, code, place) in [
        (r#""sts_txt": { "status": "servfail" }"#, "LIVE-004", r#""servfail""#),
        (r#""sts_txt": "servfail", "mx_status": "bogus""#, "LIVE-004", r#""servfail""#),
        (r#""mx": [[10, "a.mx.net"]], "mx_status": "timeout""#, "LIVE-004", r#""timeout""#),
        (r#""sts_txt": { "records": [["v=STSv1; id=1"]], "ttl": 90000 }"#, "LIVE-008", "90000"),
        (
            r#""http": { "status": 200, "headers": { "Server": "x", "CONTENT-TYPE": "text/html" } }"#,
            "LIVE-049",
            r#""text/html""#,
        ),
        (
            r#""http": { "status": 200, "headers": { "Server": "x" } }"#,
            "LIVE-048",
            r#"{ "Server": "x" }"#,
        ),
        (r#""http": { "error": "cert-expired", "tls": "1.3" }"#, "LIVE-043", r#""cert-expired""#),
        (r#""http": { "error": "redirect" }"#, "LIVE-046", r#""redirect""#),
        (r#""http": { "status": 200, "certificate": { "trusted": false } }"#, "LIVE-044", "false"),
        (
            r#""policy": { "mode": "enforce", "mx": ["A.net", "B.net"] }, "mx": [[1, "a.net"]]"#,
            "LIVE-063",
            r#""B.net""#,
        ),
    ] {
        let facts = format!(r#"{{ "domain": "example.org", {facts} }}"#);
        let report = lint(&Input { kind: Some(Kind::Live), ..Input::new(facts.as_bytes()) });
        let finding = report.findings().find(|finding| finding.rule.code == code);
        let finding = finding.unwrap_or_else(|| panic!("{code}: {report:?}"));
        assert_eq!(&facts[finding.span.range()], place, "{code} in {facts}");
    }
}

#[test]
fn cut_off_facts_never_panic() {
    let facts = include_str!("../../../tests/vectors.json");
    let start = facts.find("LIV-V053").expect("a vector with records and a body");
    let start =
        start + facts[start..].find("\"input\": ").expect("its input") + "\"input\": ".len();
    let whole = &facts[start..start + 1200];
    for end in (0..whole.len()).filter(|end| whole.is_char_boundary(*end)) {
        for close in ["", "}", "\"}", "]}", "\"]]}}", "null}}"] {
            let text = format!("{}{close}", &whole[..end]);
            let report = lint(&Input { kind: Some(Kind::Live), ..Input::new(text.as_bytes()) });
            for finding in report.findings() {
                assert!(text.get(finding.span.range()).is_some(), "{text}");
            }
        }
    }
}

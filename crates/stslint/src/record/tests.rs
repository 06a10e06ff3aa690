//! What holds for all records: the conformance vectors, the examples of the rules, the places of
//! findings, and random damage.

use super::*;
use crate::finding::{Severity, apply};
use crate::rule::Rule;
use crate::{Artefact, Declared, Parsed, Report, fix};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn vectors() -> Vec<serde_json::Value> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors.json");
    let text = std::fs::read_to_string(path).expect("the vectors are in the repository");
    let all: Vec<serde_json::Value> = serde_json::from_str(&text).expect("they are JSON");
    all.into_iter()
        .filter(|v| v["kind"].as_str().is_some_and(|kind| kind.contains("txt")))
        .collect()
}

/// The text of a vector's input, and what it is.
fn input_of(vector: &serde_json::Value) -> (String, Declared) {
    let declared = Declared::from_word(vector["kind"].as_str().unwrap()).unwrap();
    let text = vector["input"].as_str().map_or_else(|| vector["input"].to_string(), str::to_owned);
    (text, declared)
}

fn forced(text: &[u8], declared: impl Into<Declared>) -> Artefact {
    let Declared { kind, form } = declared.into();
    let input = Input { kind: Some(kind), form, ..Input::new(text) };
    let mut records = lint(&input, kind, form.unwrap_or(Form::Bare));
    assert_eq!(records.len(), 1);
    Artefact::of_record(records.remove(0))
}

fn codes(artefact: &Artefact, wanted: impl Fn(Severity) -> bool) -> BTreeSet<&'static str> {
    let wanted = artefact.findings.iter().filter(|finding| wanted(finding.rule.severity));
    wanted.map(|finding| finding.rule.code).collect()
}

fn values(artefact: &Artefact) -> &Values {
    match &artefact.parsed {
        Parsed::Record(values) => values,
        other => panic!("{other:?}"),
    }
}

fn rules() -> impl Iterator<Item = &'static Rule> {
    RULES.iter().copied().flatten().copied()
}

#[test]
fn every_rule_has_working_examples_and_a_working_fix() {
    let distinct: BTreeSet<_> = rules().map(|rule| rule.code).collect();
    assert_eq!((distinct.len(), rules().count()), (71, 71));
    for rule in rules() {
        let bytes = rule.words().fails.bytes();
        let artefact = forced(&bytes, rule.words().fails.declared);
        let finding = artefact.findings.iter().find(|finding| finding.rule == rule);
        let finding = finding.unwrap_or_else(|| panic!("{} is not raised", rule.code));
        let fix = finding.fix.as_ref();
        assert_eq!(fix.map(|fix| fix.applicability), rule.fix, "{}", rule.code);
        if let Some(fix) = fix {
            let fixed = forced(&fix.apply(&bytes), rule.words().fails.declared);
            let codes = codes(&fixed, |_| true);
            assert!(!codes.contains(rule.code), "{} {codes:?}", rule.code);
        }
        if let Some(passes) = &rule.words().passes {
            let artefact = forced(&passes.bytes(), passes.declared);
            let codes = codes(&artefact, |severity| severity < Severity::Info);
            assert!(codes.is_empty(), "{}: {codes:?}", rule.code);
        }
        assert_eq!(rule.words().passes.is_none(), rule.severity == Severity::Info, "{}", rule.code);
    }
}

/// Checks the places of findings: a line of input, carets under the place, the code behind them.
/// An empty place has its caret under the character before which something is missing.
fn picture(picture: &str) {
    let mut lines: Vec<&str> = Vec::new();
    let mut wanted = Vec::new();
    let mut starts = Vec::new();
    let mut offset = 0;
    for line in picture.trim_matches('\n').lines() {
        let carets = line.trim_start();
        if let Some(code) = carets.strip_prefix(['^', '!']) {
            let start: usize = starts.last().unwrap() + (line.len() - carets.len());
            let len = if carets.starts_with('!') {
                0
            } else {
                1 + code.len() - code.trim_start_matches('^').len()
            };
            wanted.push((
                carets.trim_start_matches(['^', '!']).trim().to_owned(),
                start..start + len,
            ));
        } else {
            starts.push(offset);
            offset += line.len() + 1;
            lines.push(line);
        }
    }
    let source = lines.join("\n");
    let report = report(source.as_bytes(), None).unwrap_or_else(|| panic!("no record: {source}"));
    let found: Vec<_> =
        report.findings().map(|f| (f.rule.code.to_owned(), f.span.range())).collect();
    assert_eq!(found, wanted, "{source}");
}

#[test]
fn findings_stand_where_the_mistake_is() {
    picture(
        "
v=STSv1 ; id=2026-01-01; mode=enforce; note=x
       ^ STS-TXT-015
             ^^^^^^^^^^ STS-TXT-022
                         ^^^^^^^^^^^^ STS-TXT-036
                                       ^^^^^^ STS-TXT-030
",
    );
    picture(
        "
v=TLSRPTv1; rua=tls@example.com, mailto:a@example.com!10m,, https:/x
                ^^^^^^^^^^^^^^^ RPT-TXT-023
                                                     ^^^^ RPT-TXT-029
                                                          ^ RPT-TXT-021
                                                            ^^^^^^^^ RPT-TXT-027
",
    );
    picture(
        "
v=STSv1; id
         ^^ STS-TXT-031
",
    );
    picture(
        "
v=STSv1;
        ! STS-TXT-020
",
    );
}

#[test]
fn places_survive_quotes_and_escapes() {
    picture(
        r#"
"v=STSv1; " "id=2026\04501"
          ^^^ STS-TXT-039
                ^^^^^^^^^^ STS-TXT-022
"#,
    );
    picture(
        r#"
$TTL 300
_mta-sts 300 IN TXT (  ; in brackets
 "v=STSv1\; id=a b" )
               ^^^ STS-TXT-022
"#,
    );
    picture(
        r#"
{"Status":0,"Answer":[{"name":"_smtp._tls.example.com.","type":16,"data":"\"v=TLSRPTv1; r\u0075a=x@example.com\""}]}
                                                                                                 ^^^^^^^^^^^^^ RPT-TXT-023
"#,
    );
    picture(
        r#"
[["v=STSv1; id=1;;"]]
                 ^ STS-TXT-034
"#,
    );
}

#[test]
fn owners_are_known_in_all_forms() {
    picture(
        r#"
_mta-sts.example.com. IN TXT "v=STSv1; id=1"
_smtp._tls.example.com. IN TXT "v=TLSRPTv1"
                                          ! RPT-TXT-020
example.com. IN TXT "v=spf1 -all"
"#,
    );
    picture(
        r#"
mta-sts.example.com	descriptive text "v=STSv1; id=1"
^^^^^^^^^^^^^^^^^^^ STS-TXT-002
"#,
    );
    picture(
        r#"
;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1
                                       ^^^^^^^^ RPT-TXT-001
;_smtp._tls.example.com.	IN	TXT
"#,
    );
    picture(
        r#"
_mta-sts.example.com. 300 IN CNAME sts.provider.example.
sts.provider.example. 300 IN TXT "v=STSv1; id=;"
                                           ^^^ STS-TXT-021
"#,
    );
}

#[test]
fn written_forms_are_recognised() {
    let sts = "v=STSv1; id=1";
    for (text, kind, form) in [
        (sts, Kind::StsTxt, Form::Bare),
        (" V = tlsrptv1", Kind::RptTxt, Form::Bare),
        ("v=DMARC1; p=none; rua=mailto:a@example.com", Kind::StsTxt, Form::Bare),
        ("id=1; v=STSv1", Kind::StsTxt, Form::Bare),
        ("rua=mailto:a@example.com", Kind::RptTxt, Form::Bare),
        ("\u{201c}v=STSv1; id=1\u{201d}", Kind::StsTxt, Form::Bare),
        ("\"v=STSv1; id=1", Kind::StsTxt, Form::Bare),
        ("\"v=STSv1; \" \"id=1\"", Kind::StsTxt, Form::Quoted),
        ("\"google-site-verification=x\"\r\n\"v=STSv1; id=1\"\r\n", Kind::StsTxt, Form::Dig),
        ("sts.provider.example.\n\"v=STSv1; id=1\"", Kind::StsTxt, Form::Dig),
        ("_mta-sts TXT v=STSv1; id=1", Kind::StsTxt, Form::Zone),
        ("TXT _smtp._tls \"v=TLSRPTv1; rua=mailto:a@example.com\"", Kind::RptTxt, Form::Zone),
        ("$ORIGIN example.com.\n_smtp._tls IN TXT \"x\"", Kind::RptTxt, Form::Zone),
        ("example.com. 300 IN TXT \"v=spf1 -all\"", Kind::StsTxt, Form::Zone),
        (
            "; <<>> DiG 9.18 <<>> txt _mta-sts.example.com\n;; ANSWER SECTION:\n_mta-sts.example.com. 300 IN TXT \"v=STSv1; id=1\"",
            Kind::StsTxt,
            Form::Dig,
        ),
        (
            "_smtp._tls.example.com descriptive text \"v=TLSRPTv1; rua=mailto:a@example.com\"",
            Kind::RptTxt,
            Form::Dig,
        ),
        ("Host _mta-sts.example.com not found: 3(NXDOMAIN)", Kind::StsTxt, Form::Dig),
        ("** server can't find _smtp._tls.example.com: NXDOMAIN", Kind::RptTxt, Form::Dig),
        (
            "Server:  one.one.one.one\nAddress:  1.1.1.1\n\n_mta-sts.example.com\ttext =\n\n\t\"v=STSv1; \"\n\t\"id=1\"",
            Kind::StsTxt,
            Form::Dig,
        ),
        (
            "_mta-sts.example.com                     TXT    300   Answer     {v=STSv1; id=1}",
            Kind::StsTxt,
            Form::Dig,
        ),
        (
            "{\"Status\": 3, \"Question\": [{\"name\": \"_smtp._tls.example.com\", \"type\": 16}]}",
            Kind::RptTxt,
            Form::DohJson,
        ),
        ("[[\"v=TLSRPTv1; rua=mailto:a@example.com\"]]", Kind::RptTxt, Form::RdataJson),
    ] {
        assert_eq!(recognise(text), Some((kind, form)), "{text}");
    }
    for text in [
        "",
        "example.com",
        "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 86400\n",
        "<p>_mta-sts TXT \"v=STSv1; id=1\"</p>",
        "A TXT record with a policy id",
        "{\"organization-name\": \"x\", \"policies\": []}",
        "\"version: STSv1\"",
        "[1, 2]",
    ] {
        assert_eq!(recognise(text), None, "{text}");
    }
}

#[test]
fn every_form_gives_the_same_values() {
    for text in [
        "v=STSv1; id=1",
        "\u{feff}v=STSv1; id=1\r\n",
        "\"v=STSv1; \" \"id=1\"",
        "_mta-sts.example.com. 300 IN TXT \"v=STSv1; id=1\" ; comment\n",
        "_mta-sts IN 1h TXT ( \"v=STSv1\"\n  \"; id=1\" )\n",
        "_mta-sts TXT v=STSv1\\;\\032id=1",
        "sts.provider.example.\n\"v=STSv1; id=1\"",
        "_mta-sts.example.com descriptive text \"v=STSv1\" \"; id=1\"\n",
        "_mta-sts.example.com\ttext = \"v=STSv1; id=1\"\r\n",
        "_mta-sts.example.com\ttext =\r\n\r\n\t\"v=STSv1; \"\r\n\t\"id=1\"\r\n",
        "_mta-sts.example.com   TXT    300   Answer     {v=STSv1; id=1}",
        "{\"Answer\":[{\"name\":\"_mta-sts.example.com\",\"type\":16,\"data\":\"v=STSv1; id=1\"}]}",
        "[[\"v=STSv1; \", \"id=1\"]]",
    ] {
        let report = report(text.as_bytes(), None).unwrap_or_else(|| panic!("{text}"));
        let [artefact] = &report.artefacts[..] else { panic!("{text}") };
        let bad = codes(artefact, |severity| severity < Severity::Info);
        assert!(bad.is_empty(), "{text} {bad:?}");
        let wanted = Values { version: Some("STSv1"), id: Some("1".into()), rua: Vec::new() };
        assert_eq!(values(artefact), &wanted, "{text}");
    }
}

#[test]
fn failed_lookups_say_nothing() {
    let text =
        ";; ->>HEADER<<- opcode: QUERY, status: SERVFAIL, id: 1\n;_mta-sts.example.com. IN TXT";
    let report = report(text.as_bytes(), None).unwrap();
    assert_eq!(report.artefacts[0].findings, []);
}

#[test]
fn a_declared_kind_reads_only_its_own_record() {
    let zone = "_mta-sts.example.com. TXT \"v=STSv1; id=1\"\n_smtp._tls.example.com. TXT \"v=TLSRPTv1; rua=mailto:a@example.com\"";
    for kind in [Kind::StsTxt, Kind::RptTxt] {
        assert_eq!(forced(zone.as_bytes(), kind).findings, []);
    }
    let wrong = forced(b"_smtp._tls.example.com. TXT \"v=STSv1; id=1\"", Kind::StsTxt);
    assert_eq!(codes(&wrong, |_| true).into_iter().collect::<Vec<_>>(), ["STS-TXT-002"]);
}

#[test]
fn repairs_are_written_as_the_input_is() {
    for (text, fixed) in [
        ("\"v=STSv1\" \"id=1\"", "\"v=STSv1\" \"; id=1\""),
        ("[[\"v=STSv1 \",\" ; id=1\"]]", "[[\"v=STSv1\",\"; id=1\"]]"),
        ("_mta-sts TXT v=STSv1; id=\"1\"", "_mta-sts TXT \"v=STSv1; id=1\""),
        ("_mta-sts TXT v=STSv1 id=1", "_mta-sts TXT v=STSv1 \\;\\ id=1"),
        ("id=1; v=STSv1", "v=STSv1; id=1"),
    ] {
        let mut source = text.as_bytes().to_vec();
        while let Some(report) = report(&source, None) {
            let edits = fix::safe_edits(&report);
            if edits.is_empty() {
                break;
            }
            source = apply(&source, &edits);
        }
        assert_eq!(String::from_utf8(source).unwrap(), fixed);
    }
}

/// A vector's text with some damage.
fn damaged() -> impl Strategy<Value = (String, Declared)> {
    let pieces = [
        ";",
        " ",
        "\"",
        "\\",
        "=",
        ",",
        "!",
        "v=STSv1; ",
        "v=TLSRPTv1;",
        "id=1",
        "rua=mailto:a@b.example",
        "\n",
        "\r\n",
        "(",
        ")",
        "\u{a0}",
        "é",
        "\u{201c}",
        "_mta-sts.example.com. IN TXT ",
        "_smtp._tls TXT \"",
        "[[\"",
        "\"]]",
        "ID=",
        "V=",
        "x=y;",
        "mode=enforce",
        ":",
        "'",
        "\t",
        "\\065",
        "\\226\\128\\147",
        "?",
        "https://",
        "a@b.example!10m",
        "\\u0041",
        "{\"Status\":0,\"Answer\":[{\"type\":16,\"data\":\"",
        "sts",
        "\\;",
        ";;",
        "_mta_sts.example.com. TXT ",
    ];
    let inputs: Vec<_> = vectors().iter().map(input_of).collect();
    let piece = (
        any::<prop::sample::Index>(),
        any::<prop::sample::Index>(),
        0..4_usize,
        prop::sample::select(pieces.to_vec()),
    );
    (prop::sample::select(inputs), prop::collection::vec(piece, 0..5)).prop_map(
        |((text, declared), pieces)| {
            let mut chars: Vec<char> = text.chars().collect();
            for (at, other, operation, piece) in pieces {
                let (at, other) = (at.index(chars.len() + 1), other.index(chars.len() + 1));
                let (from, to) = (at.min(other), at.max(other));
                match operation {
                    0 => drop(chars.drain(from..to.min(from + 4))),
                    1 => {
                        let copy = chars[from..to].to_vec();
                        chars.splice(at..at, copy);
                    }
                    _ => drop(chars.splice(at..at, piece.chars()).count()),
                }
            }
            (chars.into_iter().collect(), declared)
        },
    )
}

/// Lints as the engine does, with or without a declared kind.
fn report(source: &[u8], declared: Option<Declared>) -> Option<Report> {
    let input = Input::new(source).declared(declared);
    let guess = str::from_utf8(source).ok().and_then(recognise);
    let (kind, form) = match declared {
        Some(Declared { kind, form }) => {
            (kind, form.or(guess.map(|(_, form)| form)).unwrap_or(Form::Bare))
        }
        None => guess?,
    };
    let records = lint(&input, kind, form);
    Some(Report { form, artefacts: records.into_iter().map(Artefact::of_record).collect() })
}

/// Codes of findings after which nothing more is looked at.
const STOPS: [&str; 7] = ["001", "003", "005", "010", "011", "013", "016"];

fn check_invariants(source: &str, declared: Option<Declared>) -> Result<(), TestCaseError> {
    let Some(before) = report(source.as_bytes(), declared) else { return Ok(()) };
    prop_assert!(!before.artefacts.is_empty());
    let stopped = before
        .findings()
        .any(|f| STOPS.contains(&&f.rule.code[8..]) || f.rule.code.ends_with("040"));
    let count = |report: &Report, code| report.findings().filter(|f| f.rule.code == code).count();
    let bad: BTreeSet<_> = before.findings().map(|f| f.rule.code).collect();
    for artefact in &before.artefacts {
        prop_assert!(artefact.findings.is_sorted_by_key(|f| f.span.start));
    }
    for finding in before.findings() {
        let labels = finding.labels.iter().map(|label| label.span);
        let edits = finding.fix.iter().flat_map(|fix| fix.edits.iter().map(|edit| edit.span));
        for span in labels.chain(edits.clone()).chain([finding.span]) {
            prop_assert!(source.get(span.range()).is_some(), "{} {span:?}", finding.rule.code);
        }
        let edits: Vec<_> = edits.collect();
        prop_assert!(edits.windows(2).all(|pair| pair[0].end <= pair[1].start), "{edits:?}");
        let Some(fix) = &finding.fix else { continue };
        let code = finding.rule.code;
        prop_assert!(finding.rule.fix.is_some_and(|most| fix.applicability >= most), "{code}");
        let fixed = String::from_utf8(fix.apply(source.as_bytes())).unwrap();
        let Some(after) = report(fixed.as_bytes(), declared) else { continue };
        let expected = declared.and_then(|declared| declared.form).unwrap_or(Form::Bare);
        let form = |text: &str| form::of(text, expected);
        if form(&fixed) != form(source) {
            continue; // Nonsense in quotes may hold another form.
        }
        prop_assert!(count(&after, code) < count(&before, code), "{code} stays: {fixed:?}");
        let added = after
            .findings()
            .map(|f| f.rule)
            .filter(|rule| rule.severity != Severity::Info && !bad.contains(rule.code) && !stopped)
            // An error before, as no other destination worked; and one that is repaired may be there already.
            .find(|rule| !["RPT-TXT-052", "RPT-TXT-054"].contains(&rule.code));
        prop_assert!(added.is_none(), "{code} adds {}: {fixed:?}", added.unwrap().code);
    }
    let mut source = source.as_bytes().to_vec();
    for round in 0.. {
        let Some(report) = report(&source, declared) else { break };
        let edits = fix::safe_edits(&report);
        if edits.is_empty() {
            break;
        }
        prop_assert!(round < 16, "safe fixes don't converge");
        source = apply(&source, &edits);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damage_is_survived_and_fixes_work((text, declared) in damaged()) {
        check_invariants(&text, Some(declared))?;
        check_invariants(&text, None)?;
    }

    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        for declared in [Declared::of(Kind::StsTxt), Declared::data(Kind::RptTxt)] {
            for finding in forced(&bytes, declared).findings {
                prop_assert!(finding.span.end <= bytes.len());
            }
        }
    }
}

#[test]
fn quotes_around_nothing_are_an_empty_record() {
    for text in ["\"\"", "\" \"", "\"\" \"\"", ""] {
        let input = Input { kind: Some(Kind::StsTxt), ..Input::new(text.as_bytes()) };
        let codes: Vec<&str> = crate::lint(&input).findings().map(|f| f.rule.code).collect();
        assert!(codes.starts_with(&["STS-TXT-001"]), "{text:?}: {codes:?}");
    }
}

#[test]
fn instructions_of_vendors_are_records() {
    for text in [
        "Type: TXT\nHost: _mta-sts\nValue: v=STSv1; id=20240101;\n",
        "Host: _mta-sts.example.com\nType: TXT\nTTL: 3600\nValue: \"v=STSv1; id=20240101;\"\n",
        "Record name: _mta-sts\nContent: v=STSv1; id=20240101;",
        "TXT\t_mta-sts\tv=STSv1; id=20240101;\n",
        "TXT\t_mta-sts\tv=STSv1; id=20240101;\tAuto\n",
        "TXT\t_mta-sts.example.com\tv=STSv1; id=20240101\t 1h \t\n",
        "TXT\t_mta-sts\tv=STSv1; id=20240101; \t3600\tauto",
    ] {
        let report = crate::lint(&Input::new(text.as_bytes()));
        let kinds: Vec<Kind> = report.artefacts.iter().map(|artefact| artefact.kind).collect();
        assert_eq!(kinds, [Kind::StsTxt], "{text}");
        let codes: Vec<&str> = report.findings().map(|f| f.rule.code).collect();
        assert!(codes.is_empty(), "{text}: {codes:?}");
        let crate::Parsed::Record(values) = &report.artefacts[0].parsed else { panic!("{text}") };
        assert_eq!(values.id.as_deref(), Some("20240101"), "{text}");
    }
    let both = "Name: _mta-sts\nValue: v=STSv1; id=1;\n\nName: _smtp._tls\nValue: v=TLSRPTv1; rua=mailto:a@example.com\n";
    let report = crate::lint(&Input::new(both.as_bytes()));
    assert_eq!(report.artefacts.len(), 2);
    assert_eq!(report.findings().count(), 0);
    let wrong = "Type: TXT\nHost: _mta_sts\nValue: v=STSv1; id=1;\n";
    let report = crate::lint(&Input::new(wrong.as_bytes()));
    let codes: Vec<&str> = report.findings().map(|f| f.rule.code).collect();
    assert_eq!(codes, ["STS-TXT-002"]);
    let finding = report.findings().next().expect("just seen");
    assert_eq!(&wrong[finding.span.range()], "_mta_sts");
}

#[test]
fn a_version_behind_nothing_is_moved_without_overlap() {
    let source = b" ; v=STSv1";
    let input = Input { kind: Some(Kind::StsTxt), ..Input::new(source) };
    let report = crate::lint(&input);
    let found = report.findings().find(|f| f.rule.code == "STS-TXT-011").expect("it is raised");
    let edits = &found.fix.as_ref().expect("it has a fix").edits;
    assert!(edits.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{edits:?}");
    assert_eq!(crate::fix::apply_safe(&input), b"v=STSv1; ");
}

#[test]
fn a_proposed_id_is_the_fresh_one() {
    for (source, fresh, fixed) in [
        ("v=STSv1;", Some("20261122T035300"), "v=STSv1; id=20261122T035300;"),
        ("v=STSv1; id=", Some("20261122T035300"), "v=STSv1; id=20261122T035300"),
        ("v=STSv1; id=; x=y", None, "v=STSv1; id=1; x=y"),
        ("v=STSv1; id=;", Some("no id; at all"), "v=STSv1; id=1;"),
    ] {
        let input = Input { fresh_id: fresh, ..Input::new(source.as_bytes()) };
        let report = crate::lint(&input);
        let fix = report.findings().find_map(|finding| finding.fix.as_ref()).unwrap();
        assert_eq!(String::from_utf8(fix.apply(source.as_bytes())).unwrap(), fixed);
    }
}

/// What takes more than linear time takes minutes here.
#[test]
fn a_record_is_found_behind_many_versions_in_its_line() {
    let record = "_mta-sts.acme-mail.net TXT \"v=STSv1; id=20261122;\"";
    for unit in [" name: mta-sts TXT v=sts ", " \"\\\"v=sts\\\" dig a.example ", "{ (v=sts "] {
        let long = (unit.to_owned() + &" x y.zz".repeat(14)).repeat(480) + record;
        let found = lint(&Input::new(long.as_bytes()), Kind::StsTxt, Form::Inside).remove(0);
        assert_eq!(
            found.values.and_then(|values| values.id).as_deref(),
            Some("20261122"),
            "{unit}"
        );
    }
}

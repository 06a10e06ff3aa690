//! The forms of `stslint check` for monitoring: Prometheus, JUnit, Nagios.

use crate::network::ca::Flaw;
use crate::network::dns::{Record, Say};
use crate::network::{Network, POLICY, Said, text_plain};
use domain::base::Rtype;
use prometheus_parse::{Scrape, Value};
use roxmltree::{Document, Node};
use std::collections::{BTreeMap, HashSet};

/// A good domain, one that has nothing, one whose resolver fails, and what is no domain.
fn some() -> (Network, &'static str) {
    let mut network = Network::good();
    network.world.say("failing.example", Rtype::MX, Say::Code(4));
    (network, "example.com\nother.example\nfailing.example\nexam ple.com\n")
}

/// What a parser that is not ours makes of it: the value of each sample.
fn parsed(said: &Said) -> BTreeMap<String, f64> {
    let lines = said.out.lines().map(|line| Ok(line.to_owned()));
    let scrape = Scrape::parse(lines).expect("it can be parsed");
    let mut samples = BTreeMap::new();
    for sample in scrape.samples {
        let Value::Gauge(value) = sample.value else { panic!("no gauge: {sample:?}") };
        assert!(scrape.docs.contains_key(&sample.metric), "{sample:?} has no help");
        let mut labels: Vec<_> =
            sample.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        labels.sort();
        let key = format!("{} {}", sample.metric, labels.join(" "));
        assert_eq!(samples.insert(key.clone(), value), None, "{key} comes twice");
    }
    samples
}

#[test]
fn prometheus_is_read_by_a_parser() {
    let (network, list) = some();
    let said = network.check_with(&["--file", "-", "--smtp", "--format", "prometheus"], list);
    let samples = parsed(&said);
    let lines = said.out.lines().filter(|line| !line.starts_with('#')).count();
    assert_eq!(samples.len(), lines, "{said:?}");
    let end = 67_090_118_400.0;
    for (sample, value) in [
        ("stslint_state domain=example.com state=good", 1.0),
        ("stslint_state domain=example.com state=broken", 0.0),
        ("stslint_state domain=other.example state=unknown", 1.0),
        ("stslint_complete domain=example.com", 1.0),
        ("stslint_complete domain=failing.example", 0.0),
        ("stslint_findings domain=example.com severity=error", 0.0),
        ("stslint_findings domain=example.com severity=info", 1.0),
        ("stslint_findings_ignored domain=example.com", 0.0),
        ("stslint_present domain=example.com what=policy", 1.0),
        ("stslint_present domain=other.example what=sts", 0.0),
        ("stslint_policy_info domain=example.com id=20261122 mode=enforce", 1.0),
        ("stslint_policy_max_age_seconds domain=example.com", 1_209_600.0),
        (
            "stslint_certificate_end_timestamp_seconds domain=example.com host=mta-sts.example.com service=https",
            end,
        ),
        (
            "stslint_certificate_end_timestamp_seconds domain=example.com host=mail.example.com service=smtp",
            end,
        ),
        ("stslint_mx_covered domain=example.com host=mail.example.com", 1.0),
        ("stslint_mx_starttls domain=example.com host=mail.example.com", 1.0),
        ("stslint_entries_not_checked ", 1.0),
    ] {
        assert_eq!(samples.get(sample), Some(&value), "{sample} in {said:?}");
    }
    // What is not known has no sample.
    let unknown = |key: &&String| key.starts_with("stslint_mx_") && key.contains("other.example");
    assert_eq!(samples.keys().find(unknown), None);
    // All samples of a metric stand together, behind their help and type.
    let mut seen = HashSet::new();
    let mut last = "";
    for line in said.out.lines() {
        let name = line.strip_prefix("# HELP ").or(line.strip_prefix("# TYPE ")).unwrap_or(line);
        let name = name.split([' ', '{']).next().expect("there is a first part");
        if name != last {
            assert!(line.starts_with("# HELP ") && seen.insert(name), "{line}");
            last = name;
        }
    }
}

#[test]
fn labels_of_prometheus_are_escaped() {
    let mut network = Network::good();
    let policy = POLICY.replace("max_age", "mx: *.example.net\r\nmax_age");
    network.policy_host("example.com", Flaw::None, text_plain(&policy));
    let mx = Record::Mx(10, "a\\\\b\\\"c\\010.example.net".into());
    network.world.say("example.com", Rtype::MX, Say::Records(vec![mx]));
    let said = network.check(&["example.com", "--format", "prometheus"]);
    let covered = said.out.lines().find(|line| line.starts_with("stslint_mx_covered{"));
    let covered = covered.unwrap_or_else(|| panic!("{said:?}"));
    let host = covered.split("host=\"").nth(1).and_then(|rest| rest.split("\"}").next());
    // As the name comes from DNS, it has escapes of its own (RFC 1035 §5.1), whose backslashes are escaped again.
    let host = host.expect("a label");
    let plain = host.replace("\\\\", "").replace("\\\"", "").replace("\\n", "");
    assert!(!plain.contains(['\\', '"']), "{covered}");
    assert!(parsed(&said).keys().any(|key| key.starts_with("stslint_mx_covered")), "{said:?}");
}

/// What may stand in a JUnit report, by junit-10.xsd of jenkinsci/xunit-plugin: for each element its attributes, those
/// that have to be there first and marked, and the elements in it.
const JUNIT: [(&str, &str, &str); 7] = [
    ("testsuites", "name time tests failures errors", "testsuite"),
    (
        "testsuite",
        "name! tests! failures! errors! group time skipped timestamp hostname id package file log url",
        "testsuite properties testcase system-out system-err",
    ),
    (
        "testcase",
        "name! time classname group",
        "skipped error failure rerunFailure rerunError flakyFailure flakyError system-out system-err",
    ),
    ("failure", "type message", ""),
    ("error", "type message", ""),
    ("skipped", "type message", ""),
    ("system-out", "", ""),
];

#[track_caller]
fn follows_junit(node: Node) {
    let name = node.tag_name().name();
    let rule = JUNIT.iter().find(|(element, ..)| *element == name);
    let (_, attributes, children) = rule.unwrap_or_else(|| panic!("<{name}> is none of JUnit's"));
    let known: Vec<&str> = attributes.split_whitespace().map(|a| a.trim_end_matches('!')).collect();
    for attribute in node.attributes() {
        assert!(known.contains(&attribute.name()), "{} of <{name}>", attribute.name());
    }
    for needed in attributes.split_whitespace().filter_map(|a| a.strip_suffix('!')) {
        assert!(node.attribute(needed).is_some(), "<{name}> without {needed}");
    }
    for child in node.children().filter(Node::is_element) {
        let tag = child.tag_name().name();
        assert!(children.split_whitespace().any(|known| known == tag), "<{tag}> in <{name}>");
        follows_junit(child);
    }
}

#[test]
fn junit_has_a_case_for_each_entry() {
    let (mut network, list) = some();
    network.policy_host("example.com", Flaw::Expired, text_plain(POLICY));
    let list = format!("{list}a<b&c>\u{1b}\"\u{ffff} d\n");
    let said = network.check_with(&["--file", "-", "--smtp", "--format", "junit"], &list);
    assert_eq!(said.code, 64, "{said:?}");
    let document = Document::parse(&said.out).unwrap_or_else(|error| panic!("{error}: {said:?}"));
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    follows_junit(root);
    let suite = root.first_element_child().expect("a suite");
    let cases: Vec<_> = suite
        .children()
        .filter(Node::is_element)
        .map(|case| {
            let end = case.first_element_child().map(|end| end.tag_name().name());
            (case.attribute("name").expect("a name"), end)
        })
        .collect();
    let expected = [
        ("example.com", Some("failure")),
        ("other.example", Some("skipped")),
        ("failing.example", Some("error")),
        ("exam ple.com", Some("error")),
        ("a<b&c><U+001B>\"\u{fffd} d", Some("error")),
    ];
    assert_eq!(cases, expected, "{said:?}");
    for (attribute, value) in [("tests", "5"), ("failures", "1"), ("errors", "3"), ("skipped", "1")]
    {
        assert_eq!(suite.attribute(attribute), Some(value), "{attribute} in {said:?}");
    }
    let failure = document.descendants().find(|node| node.has_tag_name("failure"));
    let failure = failure.expect("a failure");
    assert_eq!(failure.attribute("type"), Some("error"));
    assert!(failure.text().is_some_and(|text| text.contains("error LIVE-043 (fetch)")), "{said:?}");

    let said = Network::good().check(&["example.com", "--smtp", "--format", "junit"]);
    let document = Document::parse(&said.out).expect("XML");
    let case = document.descendants().find(|node| node.has_tag_name("testcase")).expect("a case");
    let end = case.first_element_child().map(|end| end.tag_name().name().to_owned());
    assert_eq!((said.code, end.as_deref()), (0, Some("system-out")), "{said:?}");
}

/// The status line in its parts: status, words, performance data.
fn status(said: &Said) -> (&str, &str, Vec<(&str, &str)>) {
    let line = said.out.lines().next().unwrap_or_else(|| panic!("{said:?}"));
    let (words, data) = line.split_once(" |").unwrap_or((line, ""));
    let rest = words.strip_prefix("MTA-STS ").unwrap_or_else(|| panic!("{said:?}"));
    let (status, words) = rest.split_once(" - ").unwrap_or_else(|| panic!("{said:?}"));
    let pairs = data.split(" '").filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| pair.split_once("'=").unwrap_or_else(|| panic!("{said:?}")));
    (status, words, pairs.collect())
}

#[test]
fn nagios_gets_a_status_line_and_its_codes() {
    let args = ["example.com", "--smtp", "--format", "nagios"];
    let said = Network::good().check(&args);
    let (word, words, data) = status(&said);
    assert_eq!((said.code, word), (0, "OK"), "{said:?}");
    assert_eq!(words, "example.com: MTA-STS of example.com works.");
    let labels: Vec<_> = data.iter().map(|(label, _)| *label).collect();
    assert_eq!(labels, ["example.com policy", "example.com mail.example.com"]);
    for (_, value) in data {
        let (days, thresholds) = value.split_once(';').expect("thresholds");
        // From the year 2026 on, until 4096.
        assert!(
            days.parse::<u32>().is_ok_and(|days| (600_000..760_000).contains(&days)),
            "{said:?}"
        );
        assert_eq!(thresholds, "14:;0:");
    }
    assert_eq!(said.out.lines().count(), 1, "{said:?}");

    // It ends within so many days: a warning, though all is well.
    let soon = [&args[..], &["--certificate-days", "800000"]].concat();
    let said = Network::good().check(&soon);
    assert_eq!((said.code, status(&said).0), (1, "WARNING"), "{said:?}");
    said.has(" days. | 'example.com policy'=");

    let mut network = Network::good();
    network.policy_host("example.com", Flaw::Expired, text_plain(POLICY));
    let said = network.check(&args);
    let (word, _, data) = status(&said);
    assert_eq!((said.code, word), (2, "CRITICAL"), "{said:?}");
    assert!(data[0].1.starts_with('-'), "{said:?}");

    let silence = Network::good().with(&["--resolver", "http://127.0.0.1:1/"]).check(&args);
    assert_eq!((silence.code, status(&silence).0), (3, "UNKNOWN"), "{silence:?}");

    let said = Network::good().check(&["--file", "/nonexistent", "--format", "nagios"]);
    assert_eq!((said.code, status(&said).0), (3, "UNKNOWN"), "{said:?}");
}

#[test]
fn nagios_tells_the_worst_of_several_first() {
    let (mut network, list) = some();
    let mx = Record::Mx(10, "mail.example.com".into());
    network.world.say("broken.example", Rtype::MX, Say::Records(vec![mx]));
    let record = Say::Records(vec![Record::Txt("v=STSv1; id=1;".into())]);
    network.world.say("_mta-sts.broken.example", Rtype::TXT, record);
    let list = format!("{list}broken.example\n");
    let said = network.check_with(&["--file", "-", "--format", "nagios"], &list);
    let (word, words, _) = status(&said);
    assert_eq!((said.code, word), (2, "CRITICAL"), "{said:?}");
    assert!(words.starts_with("4 of 5 domains are not well; broken.example: "), "{said:?}");
    let starts: Vec<_> =
        said.out.lines().skip(1).filter_map(|line| line.split(':').next()).collect();
    let expected = [
        "CRITICAL broken.example",
        "WARNING other.example",
        "WARNING failing.example",
        "UNKNOWN exam ple.com",
    ];
    assert_eq!(starts, expected, "{said:?}");

    let args = ["example.com", "--format", "nagios", "--certificate-days", "x"];
    let said = Network::good().check(&args);
    assert_eq!(said.code, 64, "{said:?}");
}

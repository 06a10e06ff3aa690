//! The forms in which results leave: each against its published schema or its reader's rules, for
//! every conformance vector and every example of a rule.

mod schemas;

use jsonschema::Validator;
use schemas::check;
use serde_json::{Value, json};
use stslint::registry::all;
use stslint::render::sarif::{Linted, Log};
use stslint::render::{import, json::Document};
use stslint::{Declared, HOME, Input, Report, finding, lint};
use stslint_checks::vectors;

/// An input to lint, with all that is known of it.
struct Case {
    name: String,
    source: import::Source,
}

/// Every vector and every example that fails or passes, and some that no rule is about.
fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    let mut add = |name: &str, input: &Input| {
        let source = import::Source {
            name: name.to_owned(),
            file_name: input.file_name.map(str::to_owned),
            declared: input.kind.map(|kind| Declared { kind, form: input.form }),
            domain: input.domain.map(str::to_owned),
            line_ends_known: input.line_ends_known,
            bytes: input.source.to_vec(),
        };
        cases.push(Case { name: name.to_owned(), source });
    };
    for vector in vectors::all() {
        let Some((declared, source)) = vectors::source(&vector) else { continue };
        let domain = vector["context"]["domain"].as_str();
        let file_name = vector["context"]["file_name"].as_str();
        let input = Input { domain, file_name, ..Input::new(&source) };
        let input = input.declared(Some(declared));
        add(vector["id"].as_str().expect("vectors have ids"), &input);
    }
    for rule in all() {
        let words = rule.words();
        for example in [Some(words.fails), words.passes].into_iter().flatten() {
            add(rule.code, &example.input(&example.bytes()));
        }
    }
    for (name, text) in [
        ("-", &b""[..]),
        ("domain", b"Example.com"),
        ("unknown", b"is my mail safe?"),
        ("both records", b"_mta-sts.a.se. IN TXT \"v=STSv1; id=1\"\n_smtp._tls.a.se. IN TXT \"v=TLSRPTv1; rua=x\""),
        ("/srv/ä b[1](0).txt", "version: STSv1\rmode: 😀[x](1) {0}\r\n\u{feff}mx: ü.se\n\n\\x".as_bytes()),
        ("C:/no UTF-8", b"version: STSv1\r\nmode: \xff\xfe\xffx\r\n"),
    ] {
        add(name, &Input { line_ends_known: false, ..Input::new(text) });
    }
    assert!(cases.len() > 500, "{}", cases.len());
    cases
}

fn sarif_schema() -> Validator {
    let schema = include_str!("../../../tests/schemas/sarif-2.1.0.json");
    // As published, two patterns have a bracket too much, which makes them no regular expressions.
    let broken = "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$";
    assert_eq!(schema.matches(broken).count(), 2);
    let schema = schema.replace(broken, "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    validator(&serde_json::from_str(&schema).expect("the schema is JSON"))
}

fn json_schema() -> Validator {
    schemas::schema(include_str!("../schema/stslint-1.schema.json"))
}

fn validator(schema: &Value) -> Validator {
    let options = jsonschema::options().should_validate_formats(true);
    options.build(schema).expect("the schema is one")
}

fn sarif(name: &str, input: &Input, report: &Report) -> Value {
    let mut log = Log::new(HOME);
    log.add(&Linted { name, input, report, unpacked: false });
    serde_json::to_value(&log).expect("it can be written")
}

#[test]
fn sarif_follows_its_schema() {
    let schema = sarif_schema();
    let mut together = Log::new(HOME);
    for case in cases() {
        let input = case.source.input();
        let report = lint(&input);
        check(&schema, &case.name, &sarif(&case.name, &input, &report));
        let unpacked = case.name.starts_with('R');
        together.add(&Linted { name: &case.name, input: &input, report: &report, unpacked });
    }
    together.add_unreadable("no/such file", "[it](0) is not there");
    together.add_ignored("a/file.txt", "1 error (STS-POL-052)");
    let log = serde_json::to_value(&together).expect("it can be written");
    check(&schema, "all together", &log);
    let run = &log["runs"][0];
    let driver = &run["tool"]["driver"];
    let rules = driver["rules"].as_array().expect("rules");
    assert_eq!(rules.len(), all().count(), "all rules were raised");
    for result in run["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    for rule in rules {
        let code = rule["id"].as_str().expect("a code");
        let page = format!("{HOME}rules/{code}.html");
        assert_eq!(rule["helpUri"], page.as_str());
        let words = stslint::registry::find(code).expect("a rule of ours").words();
        for words in [words.why, words.effect, words.help, words.clause] {
            assert!(
                rule["help"]["text"].as_str().is_some_and(|text| text.contains(words)),
                "{code}"
            );
        }
    }
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    let notice = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(notice["message"]["text"], "The input can't be read: \\[it\\](0) is not there");
}

#[test]
fn the_sarif_schema_refuses_what_is_wrong() {
    let schema = sarif_schema();
    let input = Input::new(b"version: STSv1\nmode: Enforce\n");
    let good = sarif("a.txt", &input, &lint(&input));
    for (path, wrong) in [
        ("/version", json!("2.0.0")),
        ("/runs/0/columnKind", json!("bytes")),
        ("/runs/0/results/0/level", json!("advice")),
        ("/runs/0/results/0/locations/0/physicalLocation/region/startLine", json!(0)),
        ("/runs/0/results/0/message", json!({})),
        ("/runs/0/tool/driver/rules/0/helpUri", json!("not a uri")),
        ("/runs/0/artifacts/0/location/uri", json!("a b")),
    ] {
        let mut document = good.clone();
        *document.pointer_mut(path).unwrap_or_else(|| panic!("{path} is there")) = wrong;
        assert!(!schema.is_valid(&document), "{path}");
    }
}

/// Applies the replacements of a fix in a text of characters, as SARIF counts them.
fn repaired(text: &str, fix: &Value) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let replacements = fix["artifactChanges"][0]["replacements"].as_array().expect("replacements");
    for replacement in replacements.iter().rev() {
        let region = &replacement["deletedRegion"];
        let number = |name: &str| region[name].as_u64().expect("a number") as usize;
        let place = number("charOffset")..number("charOffset") + number("charLength");
        // Lines and columns say the same.
        let before: String = chars[..place.start].iter().collect();
        let unified = before.replace("\r\n", "\n").replace('\r', "\n");
        assert_eq!(number("startLine"), unified.matches('\n').count() + 1);
        assert_eq!(number("byteOffset"), before.len());
        let inserted = replacement["insertedContent"]["text"].as_str().expect("a text");
        chars.splice(place, inserted.chars());
    }
    chars.into_iter().collect()
}

#[test]
fn sarif_regions_and_fixes_are_those_of_the_findings() {
    let mut fixes = 0;
    for case in cases() {
        let input = case.source.input();
        let Ok(text) = str::from_utf8(input.source) else { continue };
        let report = lint(&input);
        let log = sarif(&case.name, &input, &report);
        let results = log["runs"][0]["results"].as_array().expect("results");
        assert_eq!(results.len(), report.findings().count());
        let mut prints = Vec::new();
        for (result, finding) in results.iter().zip(report.findings()) {
            let region = &result["locations"][0]["physicalLocation"]["region"];
            assert_eq!(region["byteOffset"], finding.span.start);
            assert_eq!(region["byteLength"], finding.span.len());
            let level = match finding.rule.severity {
                finding::Severity::Error => "error",
                finding::Severity::Warning => "warning",
                finding::Severity::Advice | finding::Severity::Info => "note",
            };
            assert_eq!(result["level"], level);
            prints.push(result["partialFingerprints"]["stslint/v1"].to_string());
            // The message without the marks of SARIF is the finding's.
            let message = result["message"]["text"].as_str().expect("a text");
            let bare = message.replace("\\[", "[").replace("\\]", "]").replace("\\\\", "\\");
            assert_eq!(bare, format!("{}.", finding.message(input.source)));
            assert!(!message.replace("\\]", "").contains("]("), "a link: {message}");
            let labels = result["relatedLocations"].as_array().map_or(0, Vec::len);
            assert_eq!(labels, finding.labels.len());
            if let Some(fix) = &finding.fix {
                let want = String::from_utf8(fix.apply(input.source)).expect("text stays text");
                assert_eq!(repaired(text, &result["fixes"][0]), want, "{}", finding.rule.code);
                fixes += 1;
            }
        }
        prints.sort();
        assert!(prints.windows(2).all(|pair| pair[0] != pair[1]), "{}: {prints:?}", case.name);
    }
    assert!(fixes > 100, "{fixes}");
}

#[test]
fn json_follows_its_schema_and_can_be_imported() {
    let schema = json_schema();
    for case in cases() {
        let input = case.source.input();
        let report = lint(&input);
        let mut document = Document::new();
        document.add(&case.name, &input, &report);
        let value = serde_json::to_value(&document).expect("it can be written");
        check(&schema, &case.name, &value);
        let text = serde_json::to_string_pretty(&document).expect("it can be written");
        let imported =
            import::import(&text).unwrap_or_else(|error| panic!("{}: {error}", case.name));
        assert_eq!(imported.version, stslint::VERSION);
        assert_eq!(imported.sources, [case.source], "{}", case.name);
        assert_eq!(lint(&imported.sources[0].input()), report, "{}", case.name);
    }
}

#[test]
fn the_json_schema_refuses_what_is_wrong() {
    let schema = json_schema();
    let input = Input::new(b"version: STSv1\nmode: Enforce\nmode: none\n");
    let mut document = Document::new();
    document.add("a.txt", &input, &lint(&input));
    let good = serde_json::to_value(&document).expect("it can be written");
    check(&schema, "good", &good);
    for (path, wrong) in [
        ("/schema", json!(2)),
        ("/stslint", json!("new")),
        ("/inputs/0/source", json!(-1)),
        ("/inputs/0/artefact", json!("rpt-txt-rdata")),
        ("/inputs/0/verdict/grammar", json!("fine")),
        ("/inputs/0/verdict", json!({ "grammar": "conformant" })),
        ("/inputs/0/parsed", json!({ "mode": "Enforce" })),
        ("/inputs/0/parsed", json!({ "ttl": 1 })),
        ("/inputs/0/findings/0/code", json!("STS-1")),
        ("/inputs/0/findings/0/severity", json!("note")),
        ("/inputs/0/findings/0/span/line", json!(0)),
        ("/inputs/0/findings/0/why", json!("")),
        ("/inputs/0/findings/0/fix", json!({ "title": "x", "applicability": "safe", "edits": [] })),
        ("/sources/0/kind", json!("poem")),
        ("/sources/0/text", json!(1)),
    ] {
        let mut document = good.clone();
        *document.pointer_mut(path).unwrap_or_else(|| panic!("{path} is there")) = wrong;
        assert!(!schema.is_valid(&document), "{path}");
    }
    let mut both = good.clone();
    both["sources"][0]["base64"] = json!("");
    assert!(!schema.is_valid(&both), "text and base64");
    let mut more = good.clone();
    more["inputs"][0]["findings"][0]["more"] = json!(1);
    assert!(!schema.is_valid(&more), "a member that is not described");
}

#[test]
fn the_readme_shows_such_a_document() {
    let readme = include_str!("../README.md");
    let result = readme.split("\n## JSON, schema 1\n").nth(1).expect("there is the result");
    let block = result.split("```json\n").nth(1).expect("there is an example");
    let block = block.split("```").next().expect("it ends");
    let example: Value = serde_json::from_str(block).expect("the example is JSON");
    check(&json_schema(), "README", &example);
}

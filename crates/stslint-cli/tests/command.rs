//! The built command, run as people run it.

mod packed;
mod piped;
mod ran;

use base64ct::{Base64, Encoding as _};
use packed::zip;
use piped::run_at;
use ran::{code, err, out};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

const GOOD: &[u8] = b"version: STSv1\r\nmode: enforce\r\nmx: mail.acme.se\r\nmax_age: 2592000\r\n";
const WARNS: &[u8] =
    b"version: STSv1\r\nmode: enforce\r\n\r\nmx: mail.acme.se\r\nmax_age: 2592000\r\n";
const WRONG: &[u8] = b"version: STSv1\r\nmode: Enforce\r\nmx: mail.acme.se\r\nmax_age: 2592000\r\n";

fn run(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stslint")).args(args).output().expect("the command runs")
}

fn run_with(args: &[&str], stdin: &[u8]) -> Output {
    run_at(None, args, stdin)
}

fn json(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).expect("output is JSON")
}

/// A file that is there as long as the test runs.
struct Temp(PathBuf);

impl Temp {
    fn new(name: &str, content: &[u8]) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, content).expect("the file can be written");
        Self(path)
    }

    fn name(&self) -> &str {
        self.0.to_str().expect("the path is UTF-8")
    }
}

impl Drop for Temp {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn of_many_findings_the_worst_are_shown_in_the_order_of_the_text() {
    let mut text = String::from("version: STSv1\r\nmode: enforce\r\n");
    (0..150).for_each(|number| text.push_str(&format!("mx: *.d{number}.acme-mail.net\r\n")));
    text.push_str("max_age: soon\r\n");
    let told = out(&run_with(&["lint", "-"], text.as_bytes()));
    let at = |words: &str| told.find(words);
    assert!(
        at("error[STS-POL-061]").is_some_and(|at| told[..at].contains("d98.acme-mail.net")),
        "{told}"
    );
    assert!(told.contains("…and 51 more findings in -"), "{told}");
}

#[test]
fn the_worst_finding_makes_the_exit_code() {
    for (text, want) in [(GOOD, 0), (WARNS, 1), (WRONG, 2)] {
        let output = run_with(&["lint", "-"], text);
        assert_eq!(code(&output), want, "{}", out(&output));
    }
    let [good, warns, wrong] = [("good", GOOD), ("warns", WARNS), ("wrong", WRONG)]
        .map(|(name, text)| Temp::new(&format!("worst-{name}.txt"), text));
    assert_eq!(code(&run(&["lint", good.name(), warns.name()])), 1);
    assert_eq!(code(&run(&["lint", wrong.name(), good.name(), warns.name()])), 2);
}

#[test]
fn wrong_usage_is_64_and_help_is_0() {
    for args in [
        &[][..],
        &["lint"],
        &["lint", "--kind", "policy-bytes", "-"],
        &["lint", "--kind", "domain", "-"],
        &["lint", "--domain", "exam ple.com", "-"],
        &["lint", "--format", "xml", "-"],
        &["lint", "-", "-"],
        &["frobnicate"],
        &["explain"],
        &["match", "a.example"],
    ] {
        let output = run(args);
        assert_eq!(code(&output), 64, "{args:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{args:?}");
    }
    for args in [&["--help"][..], &["--version"], &["lint", "--help"], &["help", "match"]] {
        assert_eq!(code(&run(args)), 0, "{args:?}");
    }
}

#[test]
fn unreadable_inputs_do_not_stop_the_others() {
    let wrong = Temp::new("unreadable-wrong.txt", WRONG);
    let output = run(&["lint", "/nonexistent/policy", wrong.name(), env!("CARGO_TARGET_TMPDIR")]);
    assert_eq!(code(&output), 66);
    assert!(out(&output).contains("STS-POL-052"));
    assert!(err(&output).contains("can't read /nonexistent/policy: "), "{}", err(&output));
    assert!(err(&output).contains("it is a directory; name the files in it"));

    let output =
        run(&["lint", "--kind", "policy", "--format", "json", "/nonexistent", wrong.name()]);
    assert_eq!(code(&output), 66);
    assert_eq!(json(&output)["inputs"].as_array().map(Vec::len), Some(1));
}

#[test]
fn text_points_at_the_place_and_tells_what_to_do() {
    let output = run_with(&["lint", "-"], WRONG);
    let text = out(&output);
    let place = "\
error[STS-POL-052]: `Enforce` has to be written in lower case
 --> -:2:7
  |
2 | mode: Enforce
  |       ^^^^^^^
  |
  = why: ";
    assert!(text.starts_with(place), "{text}");
    for part in ["  = effect: ", "  = help: ", "  = clause: RFC 8461 §3.2"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(text.contains("  2 - mode: Enforce\n  2 + mode: enforce\n"), "{text}");
    assert!(
        text.contains("\n-: Mail servers that follow the standard will ignore this policy.\n"),
        "{text}"
    );
    assert!(text.contains("\n  MTA-STS policy: 1 error.\n"), "{text}");
    assert!(!text.contains('\x1b'), "no colours outside a terminal");
}

#[test]
fn a_clean_policy_says_what_was_not_checked() {
    let text = out(&run_with(&["lint", "-"], GOOD));
    assert!(text.starts_with("-: The text is right"), "{text}");
    assert!(text.contains("No findings") && text.contains("What a text can't show"), "{text}");
}

#[test]
fn what_is_wrong_at_several_places_is_said_once_with_all_of_them() {
    let text =
        b"version: STSv1\r\n\r\nmode: enforce\r\n\r\nmx: mail.acme.se\r\nmax_age: 2592000\r\n";
    let text = out(&run_with(&["lint", "-"], text));
    assert_eq!(text.matches("[STS-POL-023]").count(), 1, "{text}");
    assert!(text.contains("\n --> -:2:1\n") && text.contains("\n4 |\n  | - and here"), "{text}");
    assert!(text.contains("\n  and the same at the other places\n"), "{text}");
    assert!(!text.contains("more places") && text.contains(": 2 warnings."), "{text}");
}

#[test]
fn findings_that_differ_are_explained_once() {
    let text = b"version: STSv1\r\nmode:\xc2\xa0enforce\r\nmx: mail.acme.se\xe2\x80\x8b\r\nmax_age: 2592000\r\n";
    let text = out(&run_with(&["lint", "-"], text));
    assert_eq!(text.matches("[STS-POL-014]").count(), 2, "{text}");
    assert_eq!(text.matches("= why: ").count(), 1, "{text}");
}

#[test]
fn a_label_in_another_line_is_shown_with_it() {
    let text = b"version: STSv1\r\nmode: enforce\r\nmx: mail.acme.se\r\nmode: none\r\nmax_age: 2592000\r\n";
    let text = out(&run_with(&["lint", "-"], text));
    let at = text.find("warning[STS-POL-039]").expect("the duplicate is found");
    assert!(text[at..].contains("\n --> -:4:"), "{text}");
    assert!(text[at..].contains("\n2 | mode: enforce\n  | -"), "{text}");
    assert!(text[at..].contains("\n4 | mode: none\n  | ^"), "{text}");
}

#[test]
fn odd_inputs_are_rendered() {
    let long_line =
        [&b"version: STSv1\r\nmode: enforce\r\nmx: "[..], &[b'a'; 100_000], b"\r\n"].concat();
    let many_blank =
        [&b"version: STSv1\r\n"[..], &b"\r\n".repeat(2_000), b"mode: enforce\r\n"].concat();
    let no_break = ["mode:\u{a0}".repeat(50_000), "x\u{fffd}".into()].concat();
    for (name, text) in [
        ("empty", &b""[..]),
        ("one line end", b"\n"),
        ("lone CR", b"version: STSv1\rmode: enforce\rmx: mail.acme.se\rmax_age: 2592000\r"),
        ("not UTF-8", b"version: STSv1\nmode: enforce \xff\xfe\nmx: a\xe9.se\n"),
        ("UTF-16", b"\xff\xfev\0e\0r\0s\0i\0o\0n\0"),
        ("NUL", b"version: STSv1\0\0\r\nmode: enforce\r\n"),
        ("escape sequence", b"version: STSv1\r\nmode: \x1b[31menforce\r\n"),
        ("long line", &long_line),
        ("many findings", &many_blank),
        ("many odd characters", no_break.as_bytes()),
    ] {
        let output = run_with(&["lint", "--kind", "policy", "-"], text);
        assert_eq!(code(&output), 2, "{name}: {}", err(&output));
        let text = out(&output);
        assert!(text.contains("\n-: Mail servers "), "{name}: {text}");
        assert!(text.lines().all(|line| line.chars().count() < 600), "{name}");
        assert!(!text.contains(['\0', '\x1b']), "{name}");
    }
    let many = out(&run_with(&["lint", "-"], &many_blank));
    assert!(many.contains("= and 1995 more places like this\n"), "{many}");
    assert_eq!(many.matches("[STS-POL-023]").count(), 1, "{many}");
}

#[test]
fn json_follows_the_schema() {
    let good = Temp::new("json-good.txt", GOOD);
    let wrong = Temp::new("json-wrong.txt", WRONG);
    let output = run(&["lint", "--format", "json", good.name(), wrong.name()]);
    assert_eq!(code(&output), 2);
    let doc = json(&output);
    assert_eq!((&doc["schema"], &doc["stslint"]), (&1.into(), &env!("CARGO_PKG_VERSION").into()));
    let source = serde_json::json!({
        "name": wrong.name(), "file_name": "json-wrong.txt", "kind": null, "domain": null,
        "line_ends_known": true, "text": String::from_utf8_lossy(WRONG),
    });
    assert_eq!((&doc["sources"][1], &doc["inputs"][1]["source"]), (&source, &1.into()));
    let first = &doc["inputs"][0];
    assert_eq!(first["name"], good.name());
    assert_eq!(first["artefact"], "policy");
    assert_eq!(first["verdict"], serde_json::json!({ "grammar": "conformant", "usable": true }));
    let parsed = serde_json::json!({
        "version": "STSv1", "mode": "enforce", "max_age": 2_592_000, "mx": ["mail.acme.se"],
    });
    assert_eq!(first["parsed"], parsed);
    assert_eq!(first["findings"], serde_json::json!([]));

    let second = &doc["inputs"][1];
    assert_eq!(second["verdict"]["usable"], false);
    assert!(second["parsed"].get("mode").is_none());
    let finding = &second["findings"][0];
    assert_eq!(finding["code"], "STS-POL-052");
    assert_eq!(finding["name"], "mode-wrong-case");
    assert_eq!(finding["severity"], "error");
    let span = serde_json::json!({
        "start": 22, "end": 29, "line": 2, "column": 7, "end_line": 2, "end_column": 14,
    });
    assert_eq!(finding["span"], span);
    assert_eq!(finding["labels"], serde_json::json!([]));
    assert_eq!(finding["fix"]["applicability"], "safe");
    let edits = serde_json::json!([{ "start": 22, "end": 29, "text": "enforce" }]);
    assert_eq!(finding["fix"]["edits"], edits);
    assert_eq!(finding["url"], "https://www.rfc-editor.org/rfc/rfc8461#section-3.2");
    for key in ["message", "why", "effect", "help", "clause"] {
        assert!(finding[key].as_str().is_some_and(|text| !text.is_empty()), "{key}");
    }
}

#[test]
fn json_has_an_entry_for_each_record() {
    let zone = b"_mta-sts.acme.se. IN TXT \"v=STSv1; id=1;\"\n\
                 _smtp._tls.acme.se. IN TXT \"v=TLSRPTv1; rua=mailto:tls@acme.se\"\n";
    let output = run_with(&["lint", "--format", "json", "-"], zone);
    assert_eq!(code(&output), 0, "{}", out(&output));
    let doc = json(&output);
    assert_eq!((&doc["inputs"][0]["name"], &doc["inputs"][1]["name"]), (&"-".into(), &"-".into()));
    assert_eq!(doc["inputs"][0]["parsed"], serde_json::json!({ "version": "STSv1", "id": "1" }));
    let parsed = serde_json::json!({ "version": "TLSRPTv1", "rua": ["mailto:tls@acme.se"] });
    assert_eq!(doc["inputs"][1]["parsed"], parsed);
    assert_eq!(doc["inputs"][1]["source"], 0);
    assert_eq!(doc["sources"].as_array().map(Vec::len), Some(1));
    assert!(doc["sources"][0]["file_name"].is_null());
}

#[test]
fn json_holds_bytes_that_are_no_text() {
    let output = run_with(&["lint", "--format", "json", "-"], b"version: STSv1\r\nmode: \xff\xfe");
    let source = &json(&output)["sources"][0];
    assert_eq!(source["base64"], "dmVyc2lvbjogU1RTdjENCm1vZGU6IP/+");
    assert!(source.get("text").is_none());
}

#[test]
fn the_kind_can_be_declared() {
    let record = b"[[\"v=STSv1; id=1;\"]]";
    let output = run_with(&["lint", "--kind", "sts-txt-rdata", "--format", "json", "-"], record);
    assert_eq!(json(&output)["inputs"][0]["artefact"], "sts-txt");
    let output = run_with(&["lint", "--kind", "policy", "-"], b"v=STSv1; id=1;");
    assert!(out(&output).contains("STS-POL-008"), "{}", out(&output));
}

#[test]
fn a_domain_is_answered_with_commands() {
    let output = run_with(&["lint", "-"], b"Postmaster@Example.com\n");
    assert_eq!(code(&output), 0);
    let text = out(&output);
    assert!(text.contains("nothing to lint"), "{text}");
    assert!(text.contains("    dig +noall +answer TXT _mta-sts.example.com\n"), "{text}");
    let output = run_with(&["lint", "--format", "json", "-"], b"example.com");
    assert_eq!(json(&output)["inputs"][0]["verdict"], serde_json::Value::Null);
}

/// Nobody has to take the report out of the source of a mail by hand.
#[test]
fn a_report_attached_to_a_mail_is_read() {
    let mut cases = stslint_checks::seeds::field().into_iter();
    let (_, mail) = cases.find(|(case, _)| case["id"] == "FIELD-F84").expect("the mail");
    let output = run_with(&["lint", "--format", "json", "-"], &mail);
    let entry = &json(&output)["inputs"][0];
    assert_eq!(entry["artefact"], "report", "{entry}");
    assert_eq!(entry["parsed"]["organization"], "Google Inc.", "{entry}");
}

/// What a file is called is said of the report, not of the mail around it (RFC 8460 §5.1).
#[test]
fn a_report_attached_to_a_mail_has_the_name_of_the_attachment() {
    let report = r#"{"organization-name":"Sender","date-range":{"start-datetime":"2026-10-01T00:00:00Z","end-datetime":"2026-10-01T23:59:59Z"},"contact-info":"tlsrpt@sender.example","report-id":"1","policies":[{"policy":{"policy-type":"no-policy-found","policy-domain":"example.com"},"summary":{"total-successful-session-count":1,"total-failure-session-count":0}}]}"#;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(report.as_bytes()).expect("memory takes it");
    let packed = Base64::encode_string(&gzip.finish().expect("memory takes it"));
    let good = "sender.example!example.com!1790812800!1790899199.json";
    let mail = |name: &str, encoding: &str, body: &str| {
        format!(
            "From: tlsrpt@sender.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/report; \
             report-type=tlsrpt; boundary=b\r\n\r\n--b\r\nContent-Type: application/tlsrpt+json\r\n\
             Content-Disposition: attachment; filename=\"{name}\"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n\
             {body}\r\n--b--\r\n"
        )
    };
    let quoted_printable = report.replace('=', "=3D").replace("\"date-range\"", "=22date-range=22");
    for (encoding, body) in
        [("base64", &packed[..]), ("quoted-printable", &quoted_printable), ("7bit", report)]
    {
        for (name, complaints) in [(&format!("{good}.gz")[..], 0), ("report.json", 1)] {
            let file = Temp::new(&format!("{encoding}.eml"), mail(name, encoding, body).as_bytes());
            let output = run(&["lint", "--format", "json", file.name()]);
            let entry = &json(&output)["inputs"][0];
            assert_eq!(entry["parsed"]["organization"], "Sender", "{encoding}: {entry}");
            let findings = entry["findings"].as_array().expect("a list");
            let of_name: Vec<_> =
                findings.iter().filter(|finding| finding["code"] == "RPT-JSON-070").collect();
            assert_eq!(of_name.len(), complaints, "{encoding} {name}: {of_name:?}");
            assert!(of_name.iter().all(|it| it.to_string().contains(name)), "{of_name:?}");
        }
    }
}

#[test]
fn what_is_nothing_of_ours_gets_no_verdict() {
    let text = Temp::new("unknown.txt", b"is my mail safe?\n");
    let output = run(&["lint", text.name()]);
    assert_eq!(code(&output), 0);
    let said = out(&output);
    assert!(said.contains("stslint can't tell what this is."), "{said}");
    assert!(said.contains("Unknown: Not linted.") && said.contains("--kind"), "{said}");
    let output = run(&["lint", "--format", "json", text.name()]);
    let entry = &json(&output)["inputs"][0];
    assert_eq!(entry["artefact"], "unknown");
    assert!(entry["verdict"].is_null() && entry["findings"][0]["code"] == "INPUT-001", "{entry}");
    assert_eq!(
        entry["findings"].as_array().map(Vec::len),
        Some(1),
        "one finding says it all: {entry}"
    );
    assert_eq!(code(&run(&["lint", "--kind", "policy", text.name()])), 2);
    assert_eq!(code(&run(&["lint", "--kind", "unknown", text.name()])), 64);
    let named = Temp::new("mta-sts.txt", b"is my mail safe?\n");
    assert_eq!(code(&run(&["lint", named.name()])), 2);
    let bounce =
        Temp::new("bounce", b"550 5.7.5 MX hosts of 'acme-mail.net' failed MTA-STS validation.\n");
    let said = out(&run(&["lint", bounce.name()]));
    assert!(said.contains("To check it: stslint check acme-mail.net"), "{said}");
    let output = run(&["lint", "--format", "json", bounce.name()]);
    assert_eq!(json(&output)["inputs"][0]["parsed"]["mentioned"], "acme-mail.net");
}

#[test]
fn rules_are_explained() {
    let output = run(&["explain", "sts-pol-052"]);
    assert_eq!(code(&output), 0);
    let text = out(&output);
    assert!(text.starts_with("STS-POL-052 mode-wrong-case (error)\nWhat    "), "{text}");
    for part in [
        "\nWhy     ",
        "\nEffect  ",
        "\nHelp    ",
        "\nClause  RFC 8461 §3.2",
        "rfc8461#section-3.2",
        "^^^",
        "Put right",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(out(&run(&["explain", "mode-wrong-case"])), text);
}

#[test]
fn unknown_rules_get_suggestions() {
    for (code_, suggested) in [
        ("STS-POL-52", "STS-POL-052"),
        ("STS-POL-O52", "STS-POL-052"),
        ("pol052", "STS-POL-052"),
        ("052", "STS-POL-052"),
        ("mode-wrong-cas", "STS-POL-052"),
        ("multiple-records", "STS-TXT-040"),
    ] {
        let output = run(&["explain", code_]);
        assert_eq!(code(&output), 64, "{code_}");
        assert!(err(&output).contains(suggested), "{code_}: {}", err(&output));
    }
    assert!(
        err(&run(&["explain", "\x1b[2Jwhatever-this-is"])).contains("no rule <U+001B>[2Jwhatever")
    );
}

#[test]
fn patterns_are_matched() {
    for (pattern, host, want) in [
        ("mail.example.com", "MAIL.example.com.", 0),
        ("*.example.com", "mx1.example.com", 0),
        ("*.example.com", "example.com", 1),
        ("*.example.com", "a.b.example.com", 1),
        ("*.*.example.com", "a.b.example.com", 1),
        ("*.example.com", "not a host", 1),
    ] {
        let output = run(&["match", pattern, host]);
        assert_eq!(code(&output), want, "{pattern} {host}");
        let answer = if want == 0 { "Yes: " } else { "No: " };
        assert!(out(&output).starts_with(answer), "{}", out(&output));
        let output = run(&["match", pattern, host, "--format", "json"]);
        assert_eq!(code(&output), want);
        assert_eq!(json(&output)["match"], want == 0);
        assert!(json(&output)["reason"].as_str().is_some_and(|reason| reason.ends_with('.')));
    }
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_stslint"))
        .args(["lint", "--kind", "policy", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    drop(child.stdout.take());
    let text = [&b"version: STSv1\r\n"[..], &b"\r\n".repeat(2_000)].concat();
    child.stdin.take().expect("it is piped").write_all(&text).expect("the command reads");
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!(code(&output), 2);
    assert_eq!(err(&output), "");
}

#[test]
fn reports_are_linted_also_when_compressed() {
    let report = br#"{"organization-name":"Sender","date-range":{"start-datetime":"2026-10-01T00:00:00Z","end-datetime":"2026-10-01T23:59:59Z"},"contact-info":"a@b.example","report-id":"1","policies":[{"policy":{"policy-type":"sts","policy-domain":"example.com"},"summary":{"total-successful-session-count":5,"total-failure-session-count":2},"failure-details":[]}]}"#;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(report).expect("memory takes it");
    let packed = packed.finish().expect("memory takes it");
    for source in [&report[..], &packed] {
        let output = run_with(&["lint", "--format", "json", "-"], source);
        assert_eq!(code(&output), 1);
        let entry = &json(&output)["inputs"][0];
        assert_eq!(entry["artefact"], "report");
        assert_eq!(
            (&entry["parsed"]["success"], &entry["parsed"]["failure"]),
            (&5.into(), &2.into())
        );
        let codes: Vec<&str> = entry["findings"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|finding| finding["code"].as_str())
            .collect();
        assert_eq!(codes, ["RPT-JSON-023", "RPT-JSON-043", "RPT-JSON-060"]);
    }
    let text = out(&run_with(&["lint", "-"], report));
    assert!(text.contains("2 of 7 sessions from Sender failed."), "{text}");
    assert!(text.contains("    2 sessions: No cause given. Look for other reports"), "{text}");
}

/// What cannot be unpacked has not been read, and says why.
#[test]
fn broken_compressed_data_is_an_error() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(b"{\"policies\":[]}").expect("memory takes it");
    let packed = packed.finish().expect("memory takes it");
    for (source, reason) in [
        (packed[..20].to_vec(), "its gzip data is cut off"),
        ([&packed[..], b"more"].concat(), "there are 4 bytes after the end of its gzip data"),
    ] {
        let output = run_with(&["lint", "--format", "json", "-"], &source);
        assert_eq!(code(&output), 66, "{reason}");
        assert!(err(&output).contains(reason), "{}", err(&output));
        assert_eq!(json(&output)["inputs"].as_array().map(Vec::len), Some(0));
    }
    let two = run_with(&["lint", "--kind", "report", "--format", "json", "-"], &packed.repeat(2));
    assert_eq!(code(&two), 2, "two members are one text, which is not JSON");
    assert_eq!(json(&two)["inputs"][0]["findings"][0]["code"], "RPT-JSON-001");
}

#[test]
fn there_are_limits_and_they_are_said() {
    const MIB: usize = 1 << 20;
    let report = |len: usize| [b"{\"policies\":[".to_vec(), vec![b' '; len]].concat();
    for (source, kind, reason) in [
        (vec![b'\n'; MIB], None, None),
        (vec![b'\n'; MIB + 1], None, Some("it has more than 1 MiB, and is not a TLS report")),
        (
            vec![b'\n'; MIB + 1],
            Some("policy"),
            Some("it has more than 1 MiB, and is not a TLS report"),
        ),
        (report(MIB), None, None),
        (vec![b'['; MIB + 1], Some("report"), None),
        (report(20 * MIB), None, Some("it has more than 20 MiB")),
    ] {
        // What is too long is not read to its end.
        let file = Temp::new("too-long", &source);
        let kind = kind.map_or_else(Vec::new, |kind| vec!["--kind", kind]);
        let output = run(&[&["lint"], &kind[..], &[file.name()]].concat());
        assert_eq!(code(&output) == 66, reason.is_some(), "{reason:?} {}", err(&output));
        assert!(reason.is_none_or(|reason| err(&output).contains(reason)), "{}", err(&output));
    }
}

#[test]
fn the_name_of_a_report_is_compared_with_it() {
    let words = stslint::registry::find("RPT-JSON-070").expect("the rule is there").words();
    for (example, raised) in [(words.fails, true), (words.passes.expect("it has one"), false)] {
        let name = example.file_name.expect("the rule is about names");
        let file = Temp::new(name, &example.bytes());
        let text = out(&run(&["lint", file.name()]));
        assert_eq!(text.contains("RPT-JSON-070"), raised, "{text}");
    }
    let text = out(&run_with(&["lint", "-"], &words.fails.bytes()));
    assert!(!text.contains("RPT-JSON-070"), "standard input has no name: {text}");
}

#[test]
fn sarif_is_one_run_over_all_inputs() {
    let [good, wrong] = [("good", GOOD), ("wrong", WRONG)]
        .map(|(name, text)| Temp::new(&format!("sarif-{name}.txt"), text));
    let output = run(&["lint", "--format", "sarif", good.name(), wrong.name(), "/nonexistent"]);
    assert_eq!(code(&output), 66);
    let log = json(&output);
    assert_eq!(log["runs"].as_array().map(Vec::len), Some(1));
    let run_of_all = &log["runs"][0];
    assert_eq!(run_of_all["artifacts"].as_array().map(Vec::len), Some(2));
    assert_eq!(run_of_all["invocations"][0]["executionSuccessful"], false);
    let result = &run_of_all["results"][0];
    assert_eq!((&result["ruleId"], &result["level"]), (&"STS-POL-052".into(), &"error".into()));
    let place = &result["locations"][0]["physicalLocation"];
    let uri = place["artifactLocation"]["uri"].as_str().expect("an address");
    assert!(uri.starts_with("file:///") && uri.ends_with("/sarif-wrong.txt"), "{uri}");
    let region = serde_json::json!({
        "startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 14,
        "charOffset": 22, "charLength": 7, "byteOffset": 22, "byteLength": 7,
    });
    assert_eq!(place["region"], region);

    let home = "http://lint.acme.se/sts";
    let output = run_with(&["lint", "--format", "sarif", "--home", home, "-"], WRONG);
    assert_eq!(code(&output), 2);
    let driver = &json(&output)["runs"][0]["tool"]["driver"];
    assert_eq!(driver["rules"][0]["helpUri"], format!("{home}/rules/STS-POL-052.html"));
    for home in ["lint.acme.se", "https://", "https://a b", "javascript:alert(1)"] {
        assert_eq!(code(&run(&["lint", "--home", home, "-"])), 64, "{home}");
    }
}

#[test]
fn places_in_compressed_data_are_lines_only() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(b"{\n\"a\": 1}").expect("memory can be written");
    let args = ["lint", "--kind", "report", "--format", "sarif", "-"];
    let output = run_with(&args, &packed.finish().expect("it ends"));
    let results = &json(&output)["runs"][0]["results"];
    let results = results.as_array().expect("results");
    assert!(!results.is_empty());
    for result in results {
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].is_u64() && region.get("byteOffset").is_none(), "{result}");
        assert!(result.get("fixes").is_none(), "{result}");
    }
}

fn markdown_of(epoch: Option<&str>, files: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stslint"));
    command.args(["lint", "--format", "markdown"]).args(files).env_remove("SOURCE_DATE_EPOCH");
    if let Some(epoch) = epoch {
        command.env("SOURCE_DATE_EPOCH", epoch);
    }
    command.output().expect("the command runs")
}

#[test]
fn markdown_has_names_version_and_date() {
    let [good, wrong] = [("good", GOOD), ("wrong`", WRONG)]
        .map(|(name, text)| Temp::new(&format!("markdown-{name}.txt"), text));
    let output = markdown_of(Some("1790812800"), &[good.name(), wrong.name()]);
    assert_eq!(code(&output), 2);
    let text = out(&output);
    assert!(text.starts_with(&format!("# `{}`\n\n## ", good.name())), "{text}");
    assert!(text.contains(&format!("\n\n# ``{}``\n\n## ", wrong.name())), "{text}");
    let checked = format!("Checked with stslint {}, 2026-10-01.\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(text.matches(&checked).count(), 2, "{text}");

    let text = out(&markdown_of(None, &[good.name()]));
    let date = text.split_once(&format!("stslint {}, ", env!("CARGO_PKG_VERSION")));
    let date = date.and_then(|(_, rest)| rest.split_once(".\n")).expect("a date").0;
    let shape: String = date.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    assert_eq!(shape, "0000-00-00");
    for epoch in ["", "today", "-1", "253402300800"] {
        let output = markdown_of(Some(epoch), &[good.name()]);
        assert_eq!(code(&output), 64, "{epoch}");
        assert!(err(&output).contains("SOURCE_DATE_EPOCH"), "{}", err(&output));
    }
}

#[test]
fn github_gets_one_command_a_finding() {
    let text = b"version: STSv1\r\nmode: x::error::y\r\nmx: mail.acme.se\r\nmax_age: 2592000\r\n";
    let wrong = Temp::new("git,hub:%.txt", text);
    let output = run(&["lint", "--format", "github", wrong.name(), "/nonexistent"]);
    assert_eq!(code(&output), 66);
    let text = out(&output);
    let [first, second] = text.lines().collect::<Vec<_>>()[..] else { panic!("{text}") };
    assert!(first.starts_with("::error file=") && first.contains("git%2Chub%3A%25.txt,line=2,"));
    assert!(first.contains(",endLine=2,col=7,endColumn=18,title=STS-POL-051 mode-invalid::"));
    assert!(second.starts_with("::error title=stslint::can't read /nonexistent: "), "{second}");
}

#[test]
fn output_goes_to_a_file() {
    let wrong = Temp::new("output-wrong.txt", WRONG);
    let written = Temp::new("output-written.sarif", b"old");
    let args = ["lint", "--format", "sarif", "--output", written.name(), wrong.name()];
    let output = run(&args);
    assert_eq!(code(&output), 2, "{}", err(&output));
    assert!(output.stdout.is_empty());
    let content = std::fs::read(&written.0).expect("the file is there");
    let log: serde_json::Value = serde_json::from_slice(&content).expect("it is JSON");
    assert_eq!(log["version"], "2.1.0");

    let output = run(&["lint", "--output", wrong.name(), wrong.name()]);
    assert_eq!(code(&output), 64);
    assert_eq!(std::fs::read(&wrong.0).expect("it is there"), WRONG, "the input is as it was");
    let output = run(&["lint", "--output", "/nonexistent/a.txt", wrong.name()]);
    assert_eq!(code(&output), 74);
    assert!(err(&output).contains("can't write"), "{}", err(&output));
}

#[test]
fn facts_of_a_live_check_are_judged() {
    let facts = br#"{"domain":"example.org","sts_txt":"ok","http":{"status":404}}"#;
    let output = run_with(&["lint", "--kind", "live", "-"], facts);
    assert_eq!(code(&output), 2);
    for words in ["error[LIVE-003]", "error[LIVE-047]", "The record announces MTA-STS"] {
        assert!(out(&output).contains(words), "{}", out(&output));
    }

    let output = run_with(&["lint", "--kind", "live", "-"], br#"{"domain":"example.org","htp":1}"#);
    assert_eq!(code(&output), 66);
    assert!(
        err(&output).contains("line 1, column 26: `htp` is unknown in `facts`"),
        "{}",
        err(&output)
    );
    assert_eq!(out(&output), "");
}

/// Names are read as people write them, and a root dot is not doubled by the end of the sentence.
#[test]
fn names_to_match_may_be_internationalised() {
    for (pattern, host) in [
        ("*.bücher.example", "mail.bücher.example"),
        ("*.xn--bcher-kva.example", "mail.bücher.example."),
        ("mail.Bücher.example", "mail.xn--bcher-kva.example"),
    ] {
        let output = run(&["match", pattern, host]);
        assert_eq!(code(&output), 0, "{pattern} {host}: {}", out(&output));
        assert!(!out(&output).contains(".."), "{}", out(&output));
        // In a policy it takes A-labels.
        let is_told = out(&output).contains("xn--bcher-kva.example: senders do not take it");
        assert_eq!(is_told, !pattern.is_ascii(), "{}", out(&output));
    }
    assert_eq!(code(&run(&["match", "*.bücher.example", "mail.bucher.example"])), 1);
}

/// A report of `id` with sessions that failed.
fn report_of(id: &str, failed: u32) -> String {
    format!(
        r#"{{"organization-name":"Sender","date-range":{{"start-datetime":"2026-10-01T00:00:00Z","end-datetime":"2026-10-01T23:59:59Z"}},"contact-info":"tlsrpt@sender.example","report-id":"{id}","policies":[{{"policy":{{"policy-type":"no-policy-found","policy-domain":"example.com"}},"summary":{{"total-successful-session-count":1,"total-failure-session-count":{failed}}}}}]}}"#
    )
}

/// Nothing of an archive or a mailbox is left out without a word.
#[test]
fn of_several_reports_none_is_dropped() {
    let (good, bad) = (report_of("1", 0), report_of("2", 2));
    let mail = |report: &str| {
        format!(
            "From a Fri Nov 20 12:00:00 2026\nSubject: Report\nContent-Type: application/tlsrpt+json\n\n{report}\n\n"
        )
    };
    let two = "it holds 2 reports; `stslint report` takes them together";
    let both = zip(&[("a.json", good.as_bytes()), ("b.json", bad.as_bytes())]);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(&both).expect("memory takes it");
    for (name, content, reason) in [
        ("two.mbox", (mail(&good) + &mail(&bad)).into_bytes(), two),
        ("two.zip", both, two),
        ("two.zip.gz", packed.finish().expect("memory takes it"), two),
        ("two.ndjson", format!("{good}\n{bad}\n").into_bytes(), two),
        ("two.json", format!("[{good},{bad}]").into_bytes(), two),
        ("none.zip", zip(&[("a.txt", b"a")]), "nothing in it is a TLS report"),
        (
            "dmarc.zip",
            zip(&[("a.xml", b"<?xml version=\"1.0\"?>\n<feedback><report_metadata/></feedback>")]),
            "it holds DMARC reports; stslint reads those about TLS",
        ),
    ] {
        let output = run(&["lint", Temp::new(name, &content).name()]);
        assert_eq!((code(&output), &out(&output)[..]), (66, ""), "{name}");
        assert!(err(&output).contains(reason), "{name}: {}", err(&output));
    }
    let twice = (mail(&bad) + &mail(&bad)).into_bytes();
    let text = out(&run(&["lint", Temp::new("twice.mbox", &twice).name()]));
    assert!(text.contains("2 of 3 sessions from Sender failed."), "{text}");
}

#[test]
fn what_is_refused_beside_a_report_is_said() {
    let archive = zip(&[("a.json", report_of("1", 0).as_bytes()), ("b.json.gz", b"\x1f\x8b\x08")]);
    let file = Temp::new("beside.zip", &archive);
    let output = run(&["lint", file.name()]);
    assert_eq!(code(&output), 66);
    assert!(out(&output).contains("from Sender went well."), "{}", out(&output));
    assert!(
        err(&output).contains("beside.zip › b.json.gz: its gzip data is cut off"),
        "{}",
        err(&output)
    );
    let log = json(&run(&["lint", "--format", "sarif", file.name()]));
    assert_eq!(log["runs"][0]["invocations"][0]["executionSuccessful"], false);
}

#[test]
fn a_byte_order_mark_takes_no_name_away() {
    let content = ["\u{feff}", &report_of("1", 0)].concat();
    let file = Temp::new("with-mark.json", content.as_bytes());
    let text = out(&run(&["lint", file.name()]));
    assert!(text.contains("RPT-JSON-070"), "{text}");
}

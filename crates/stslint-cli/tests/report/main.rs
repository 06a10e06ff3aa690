//! `stslint report`, run as people run it: on folders, Maildirs, mailboxes and what else they have.

mod besides;
#[path = "../packed/mod.rs"]
mod packed;
#[path = "../ran/mod.rs"]
mod ran;

use base64ct::{Base64, Encoding as _};
use flate2::Compression;
use flate2::write::GzEncoder;
use packed::zip;
use ran::{code, err, out};
use serde_json::Value;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// Mails as eight reporters write them, forwarded ones, and one with no report.
const MAILS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../stslint-intake/tests/mails");

const DMARC: &str = "<?xml version=\"1.0\"?>\n<feedback><report_metadata/></feedback>";

fn run(args: &[&str]) -> Output {
    command(args).output().expect("the command runs")
}

fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stslint"));
    command.arg("report").args(args).env("SOURCE_DATE_EPOCH", "1795651200"); // 2026-11-26
    command
}

fn json(args: &[&str]) -> Value {
    let output = run(&[&["--format", "json"], args].concat());
    serde_json::from_slice(&output.stdout).expect("output is JSON")
}

/// A folder that is there as long as the test runs.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("report-{name}"));
        let _ = fs::remove_dir_all(&path);
        fs::create_dir_all(&path).expect("the folder can be made");
        Self(path)
    }

    fn with(self, name: &str, content: impl AsRef<[u8]>) -> Self {
        let path = self.0.join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(path, content).expect("the file can be written");
        self
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("the path is UTF-8")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A report of a day in November 2026, with some sessions that failed.
fn report(id: &str, day: u32, domain: &str, failed: u32) -> String {
    let details = match failed {
        0 => String::new(),
        _ => {
            format!("{{\"result-type\":\"certificate-expired\",\"failed-session-count\":{failed}}}")
        }
    };
    format!(
        "{{\"organization-name\":\"A\",\"date-range\":{{\"start-datetime\":\"2026-11-{day:02}T00:00:00Z\",\
         \"end-datetime\":\"2026-11-{day:02}T23:59:59Z\"}},\"contact-info\":\"a@a.example\",\"report-id\":\"{id}\",\
         \"policies\":[{{\"policy\":{{\"policy-type\":\"sts\",\"policy-string\":[\"version: STSv1\",\"mode: testing\",\
         \"mx: mx.{domain}\",\"max_age: 604800\"],\"policy-domain\":\"{domain}\"}},\
         \"summary\":{{\"total-successful-session-count\":10,\"total-failure-session-count\":{failed}}},\
         \"failure-details\":[{details}]}}]}}"
    )
}

fn gzip(content: &str) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(content.as_bytes()).expect("a vector takes it");
    gzip.finish().expect("a vector takes it")
}

fn mail(report: &str) -> String {
    let digits = Base64::encode_string(&gzip(report));
    format!(
        "From: a@a.example\nSubject: Report\nContent-Type: application/tlsrpt+gzip\n\
         Content-Transfer-Encoding: base64\n\n{digits}\n"
    )
}

/// Sessions under MTA-STS of a domain: good and failed ones.
fn sessions(totals: &Value, domain: &str) -> (u64, u64) {
    let domains = totals["domains"].as_array().expect("a list");
    let kinds = domains.iter().filter(|it| it["domain"] == domain).flat_map(|it| {
        it["kinds"].as_array().expect("a list").iter().filter(|kind| kind["kind"] == "sts")
    });
    let number = |value: &Value| value.as_u64().expect("a number");
    kinds.fold((0, 0), |(success, failure), kind| {
        (success + number(&kind["success"]), failure + number(&kind["failure"]))
    })
}

#[test]
fn the_habits_of_reporters_add_up() {
    let totals = json(&[MAILS]);
    // Nine reports; two of them were forwarded as well.
    assert_eq!((&totals["reports"], &totals["duplicates"]), (&9.into(), &2.into()));
    // 41 × 3 + 17 + 3 + 0 + 8 + 2, and 2 × 3 + 1 + 1.
    assert_eq!(sessions(&totals, "example.org"), (153, 8));
    assert_eq!((&totals["other"], &totals["dmarc"]), (&1.into(), &0.into()));
    assert_eq!(code(&run(&[MAILS])), 1);
}

#[test]
fn a_folder_may_hold_anything() {
    let mailbox = format!(
        "From a Fri Nov 20 12:00:00 2026\n{}\nFrom b Fri Nov 20 12:00:00 2026\n{}\n",
        mail(&report("box-1", 20, "b.example", 0)),
        mail(&report("box-2", 21, "b.example", 1))
    );
    let folder = Folder::new("anything")
        .with("a.json", report("1", 1, "a.example", 2))
        .with("deep/er/b.json.gz", gzip(&report("2", 2, "a.example", 0)))
        .with("copy of b.xml", gzip(&report("2", 2, "a.example", 0)))
        .with("mail.eml", mail(&report("3", 3, "a.example", 0)))
        .with("all.mbox", mailbox)
        .with("dmarc.xml", DMARC)
        .with("dmarc.xml.gz", gzip(DMARC))
        .with("picture.png", b"\x89PNG\r\n\0")
        .with("empty", "");
    let totals = json(&[folder.path()]);
    assert_eq!((&totals["reports"], &totals["duplicates"]), (&5.into(), &1.into()));
    assert_eq!(sessions(&totals, "a.example"), (30, 2));
    assert_eq!(sessions(&totals, "b.example"), (20, 1));
    assert_eq!((&totals["dmarc"], &totals["other"]), (&2.into(), &2.into()));
    let output = run(&[folder.path()]);
    assert_eq!((code(&output), &err(&output)[..]), (1, ""));
    assert!(out(&output).contains("2 DMARC reports were set aside"), "{}", out(&output));
}

#[test]
fn an_archive_in_a_file_may_be_of_any_size() {
    let large = vec![b' '; 65 << 20]; // more than an archive may have that is inside something else
    let (first, last) = (report("1", 1, "a.example", 0), report("2", 2, "a.example", 3));
    let archive =
        zip(&[("a.json", first.as_bytes()), ("b.txt", &large), ("c.json", last.as_bytes())]);
    let folder = Folder::new("archive").with("reports.zip", &archive);
    let totals = json(&[folder.path()]);
    assert_eq!(sessions(&totals, "a.example"), (20, 3));
    assert_eq!((&totals["other"], &totals["unreadable"]), (&1.into(), &Value::Array(Vec::new())));
    let within =
        Folder::new("archive-in-archive").with("all.zip", zip(&[("reports.zip", &archive)]));
    let output = run(&[within.path()]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("all.zip"), "{}", err(&output));
}

#[test]
fn a_maildir_is_a_folder_of_mails() {
    let folder = Folder::new("maildir")
        .with("cur/1:2,S", mail(&report("1", 1, "a.example", 0)))
        .with("new/2", mail(&report("2", 2, "a.example", 0)))
        .with("tmp/3", mail(&report("3", 3, "a.example", 5)))
        .with(".Reports/cur/4:2,", mail(&report("4", 4, "a.example", 0)))
        .with("dovecot.index", b"\x07\x03\0\0");
    let output = run(&[folder.path()]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert!(out(&output).contains("No failures in these 3 reports"), "{}", out(&output));
}

#[test]
fn a_broken_file_in_the_middle_stops_nothing() {
    let whole = gzip(&report("2", 2, "a.example", 0));
    let folder = Folder::new("broken")
        .with("a.json", report("1", 1, "a.example", 1))
        .with("b.json.gz", &whole[..whole.len() - 10])
        .with("c.json", "{\"organization-name\": \"A\", \"policies\": [")
        .with("d.json", report("3", 3, "a.example", 0));
    let output = run(&[folder.path()]);
    assert_eq!(code(&output), 2);
    let messages = err(&output);
    assert_eq!(messages.lines().count(), 2, "{messages}");
    assert!(messages.contains("b.json.gz: its gzip data is cut off"), "{messages}");
    assert!(messages.contains("c.json: it is no TLS report that can be read"), "{messages}");
    let totals = json(&[folder.path()]);
    assert_eq!(sessions(&totals, "a.example"), (20, 1));
    assert_eq!(totals["unreadable"].as_array().map(Vec::len), Some(2));
}

#[test]
fn exit_codes_are_for_cron() {
    let good = Folder::new("good").with("a.json", report("1", 1, "a.example", 0));
    let bad = Folder::new("bad").with("a.json", report("2", 1, "a.example", 1));
    assert_eq!(code(&run(&[good.path()])), 0);
    assert_eq!(code(&run(&[good.path(), bad.path()])), 1);
    for format in ["json", "ndjson", "csv", "markdown"] {
        assert_eq!(code(&run(&["--format", format, bad.path()])), 1, "{format}");
    }
    let output = run(&[bad.path(), "does/not/exist"]);
    assert_eq!(code(&output), 66);
    assert!(err(&output).contains("can't read does/not/exist: "), "{}", err(&output));
    assert_eq!(code(&run(&[])), 64);
    assert_eq!(code(&run(&["-", "-"])), 64);
    assert_eq!(code(&run(&["--since", "yesterday", good.path()])), 64);
    assert_eq!(code(&run(&["--domain", "a b", good.path()])), 64);
    // No reports are no failures, and no good news either.
    let none = Folder::new("none");
    let output = run(&[none.path()]);
    assert_eq!(code(&output), 3);
    assert!(out(&output).starts_with("No reports"), "{}", out(&output));
    for format in ["json", "ndjson", "csv", "markdown"] {
        assert_eq!(code(&run(&["--format", format, none.path()])), 3, "{format}");
    }
    let dmarc = Folder::new("dmarc").with("a.xml", DMARC).with("a.txt", "nothing");
    assert_eq!(code(&run(&[dmarc.path()])), 3);
    assert_eq!(code(&run(&[dmarc.path(), good.path()])), 0);
    for path in [good.path(), bad.path()] {
        assert_eq!(code(&run(&["--since", "2026-11-02", path])), 3);
        assert_eq!(code(&run(&["--domain", "b.example", path])), 3);
    }
    // What can't be read may be a report.
    let broken = Folder::new("none-broken").with("a.json.gz", b"\x1f\x8b\x08");
    assert_eq!(code(&run(&[broken.path()])), 2);
    assert_eq!(code(&run(&[none.path(), "does/not/exist"])), 66);
}

/// The day is 2026-11-26; the last 14 days begin with 2026-11-12.
#[test]
fn it_is_told_of_domains_whether_they_can_be_enforced() {
    let tlsa = report("5", 25, "c.example", 0).replace("\"sts\"", "\"tlsa\"");
    let folder = Folder::new("ready")
        .with("a.json", report("1", 10, "a.example", 4))
        .with("b.json", report("2", 25, "a.example", 0))
        .with("c.json", report("3", 24, "b.example", 2))
        .with("d.json", report("4", 25, "d.example", 0).replace("testing", "enforce"))
        .with("e.json", tlsa);
    let of_a = "Ready for enforce. In testing for 16 days, and no failure that stands in the way in the last 14 days, of which \
        reports cover 1.";
    let told = [
        of_a,
        "1 report of the last 14 days, on 1 day of them: 10 sessions went well under MTA-STS, 0 wrong.",
        "The last failure that stands in the way was 16 days ago.",
        "In testing since 2026-11-10 at the latest, the day of the first report that has it so.",
        "Not ready for enforce. 2 failures stand in the way in the last 14 days: with an enforced policy that mail waits or \
        bounces. In testing for 2 days of at least 14.",
        "Nothing to promote. The policy is in mode enforce already.",
    ];
    for (format, start) in [("text", "\n  "), ("markdown", "\n* ")] {
        let text = out(&run(&["--format", format, folder.path()]));
        for line in told {
            assert_eq!(text.matches(&format!("{start}{line}\n")).count(), 1, "{line}: {text}");
        }
        // What was before counts for it, and for no number of sessions.
        let args = ["--format", format, "--since", "2026-11-20", "--domain", "a.example"];
        let text = out(&run(&[&args[..], &[folder.path()]].concat()));
        assert!(text.contains(&format!("{start}{of_a}\n")), "{text}");
        assert!(text.contains("MTA-STS: 10 sessions went well, 0 wrong"), "{text}");
        assert!(!text.contains("b.example") && !text.contains("Certificate expired"), "{text}");
    }
    for format in ["csv", "ndjson"] {
        let rows = out(&run(&["--format", format, folder.path()]));
        assert!(!rows.contains("eady") && !rows.contains("too-short"), "{rows}");
    }
    let totals = json(&[folder.path()]);
    let ready = |domain: &str| {
        let domains = totals["domains"].as_array().expect("a list");
        domains.iter().find(|it| it["domain"] == domain).expect("it is there")["ready"].clone()
    };
    let wanted = serde_json::json!({
        "state": "ready", "reasons": ["clean"], "mode": "testing", "testing_since": "2026-11-10", "days_testing": 16,
        "days_clean": 16, "days_covered": 1, "reports": 1, "success": 10, "failure": 0, "unread": 0,
        "undated": 0
    });
    assert_eq!(ready("a.example"), wanted);
    let of_b = ready("b.example");
    assert_eq!(
        (&of_b["state"], &of_b["reasons"]),
        (&"not-ready".into(), &serde_json::json!(["failures", "too-short"]))
    );
    assert_eq!(ready("d.example")["state"], "not-applicable");
    assert_eq!(ready("c.example"), Value::Null, "DANE has no mode");
    let schema = include_str!("../../schema/stslint-reports-1.schema.json");
    let schema = serde_json::from_str(schema).expect("the schema is JSON");
    jsonschema::validate(&schema, &totals).expect("it follows the schema");
}

#[test]
fn days_and_domains_are_chosen() {
    let folder = Folder::new("chosen")
        .with("a.json", report("1", 1, "a.example", 1))
        .with("b.json", report("2", 9, "a.example", 2))
        .with("c.json", report("3", 9, "b.example", 4))
        .with("d.json", report("4", 10, "b.example", 0))
        .with("e.json", report("5", 10, "a.example", 0).replace("2026-11-10T", "no day "));
    let failed = |args: &[&str]| {
        let totals = json(&[args, &[folder.path()]].concat());
        (sessions(&totals, "a.example").1, sessions(&totals, "b.example").1)
    };
    assert_eq!(failed(&[]), (3, 4));
    assert_eq!(failed(&["--since", "2026-11-09"]), (2, 4));
    assert_eq!(failed(&["--since", "2026-11-10"]), (0, 0));
    assert_eq!(failed(&["--domain", "B.Example."]), (0, 4));
    assert_eq!(failed(&["--domain", "a.example", "--since", "2026-11-02"]), (2, 0));
    let args = ["--since", "2026-11-10", folder.path()];
    assert_eq!((code(&run(&args)), json(&args)["reports"].as_u64()), (0, Some(1)));
    assert_eq!(code(&run(&["--domain", "c.example", folder.path()])), 3);
    let rows = |args: &[&str]| out(&run(&[args, &[folder.path()]].concat())).lines().count();
    assert_eq!(rows(&["--format", "ndjson"]), 5);
    assert_eq!(rows(&["--format", "ndjson", "--domain", "b.example", "--since", "2026-11-10"]), 1);
    assert_eq!(rows(&["--format", "csv", "--domain", "b.example"]), 3);
}

#[test]
fn rows_come_once_for_each_report_policy_and_failure() {
    let folder = Folder::new("rows")
        .with("a.json", report("1", 1, "a.example", 3))
        .with("b.json", report("2", 2, "a.example", 0))
        .with("copy.json", report("1", 1, "a.example", 3));
    let output = run(&["--format", "ndjson", folder.path()]);
    let rows: Vec<Value> =
        out(&output).lines().map(|line| serde_json::from_str(line).expect("a row")).collect();
    let told =
        |row: &Value| (row["report_id"].clone(), row["sessions"].clone(), row["day"].clone());
    assert_eq!(
        rows.iter().map(told).collect::<Vec<_>>(),
        [
            ("1".into(), 3.into(), "2026-11-01".into()),
            ("2".into(), Value::Null, "2026-11-02".into())
        ]
    );
    let csv = out(&run(&["--format", "csv", folder.path()]));
    assert_eq!(csv.lines().count(), 3);
    assert!(csv.starts_with("organization,contact,report_id,start,"), "{csv}");
    let markdown = out(&run(&["--format", "markdown", folder.path()]));
    assert!(markdown.contains("a.example"), "{markdown}");
}

#[test]
fn standard_input_is_read() {
    let mut child = command(&["--format", "json", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let mail = mail(&report("1", 1, "a.example", 7));
    child.stdin.take().expect("it is piped").write_all(mail.as_bytes()).expect("it is read");
    let output = child.wait_with_output().expect("the command ends");
    let totals: Value = serde_json::from_slice(&output.stdout).expect("output is JSON");
    assert_eq!(sessions(&totals, "a.example"), (10, 7));
}

#[test]
fn order_and_threads_make_no_difference() {
    let mut folder = Folder::new("threads");
    let mut mailbox = String::new();
    for i in 0..700 {
        let day = 1 + i % 25;
        let text = report(&format!("{}", i % 600), day, &format!("d{}.example", i % 7), i % 3);
        if i % 2 == 0 {
            folder = folder.with(&format!("{i}.json.gz"), gzip(&text));
        } else {
            mailbox.push_str(&format!("From a Fri Nov 20 12:00:00 2026\n{}\n", mail(&text)));
        }
    }
    // Large enough to be read in pieces.
    let filler = format!("Subject: none\n\n{}\n", "nothing\n".repeat(200_000));
    mailbox.push_str(&format!("From a Fri Nov 20 12:00:00 2026\n{filler}\n"));
    let folder = folder.with("z/all.mbox", &mailbox).with("y/broken.json.gz", &gzip("x")[..9]);
    let read = |format: &str, threads: &str, paths: &[&str]| {
        let mut command = command(&[&["--format", format], paths].concat());
        let output = command.env("RAYON_NUM_THREADS", threads).output().expect("it runs");
        assert_eq!(code(&output), 2);
        (out(&output), err(&output))
    };
    for format in ["text", "json", "markdown", "ndjson", "csv"] {
        let one = read(format, "1", &[folder.path()]);
        assert_eq!(read(format, "4", &[folder.path()]), one, "{format}");
    }
    // Another order of the paths: the same totals.
    let in_folder = |name: &str| format!("{}/{name}", folder.path());
    let (y, z) = (in_folder("y"), in_folder("z"));
    assert_eq!(read("json", "2", &[&y, &z]), read("json", "3", &[&z, &y]));
}

#[test]
fn names_from_outside_reach_no_terminal() {
    let folder =
        Folder::new("names").with("\u{1b}[31m.json", "{\"policies\": [], \"report-id\": 1");
    let output = run(&[folder.path()]);
    assert!(!out(&output).contains('\u{1b}') && !err(&output).contains('\u{1b}'));
    assert!(err(&output).contains("[31m.json"), "{}", err(&output));
}

#[test]
fn json_follows_its_schema() {
    let schema = include_str!("../../schema/stslint-reports-1.schema.json");
    let schema = serde_json::from_str(schema).expect("the schema is JSON");
    let folder = Folder::new("schema").with("a.json.gz", b"\x1f\x8b").with("b.xml", DMARC);
    let totals = json(&[MAILS, folder.path()]);
    assert_eq!(totals["unreadable"][0]["why"], "its gzip data is cut off");
    jsonschema::validate(&schema, &totals).expect("it follows the schema");
}

fn rows(folder: &Folder) -> Vec<Value> {
    let text = out(&run(&["--format", "ndjson", folder.path()]));
    text.lines().map(|line| serde_json::from_str(line).expect("a row")).collect()
}

/// Rows and totals agree on what a copy is.
#[test]
fn rows_know_copies_as_totals_do() {
    let named = report("1", 1, "a.example", 1);
    let nameless = named.replace("\"organization-name\":\"A\",", "");
    let without_id = named.replace("\"report-id\":\"1\",", "");
    let says_more = named.replace(
        "\"failed-session-count\":1",
        "\"failed-session-count\":9,\"receiving-mx-hostname\":\"mx.a.example\"",
    );
    let other_contact = |text: &str| text.replace("a@a.example", "b@b.example");
    for (what, one, other, reports) in [
        ("nameless senders of two domains", &nameless, other_contact(&nameless), 2),
        ("no id, another contact of the same sender", &without_id, other_contact(&without_id), 1),
        ("no id, other failures", &without_id, without_id.replace("expired", "not-trusted"), 2),
        ("one id, another content", &named, says_more, 1),
    ] {
        let folder = Folder::new("copies").with("a.json", one).with("b.json", other);
        assert_eq!(json(&[folder.path()])["reports"], reports, "{what}");
        assert_eq!(rows(&folder).len(), reports, "{what}");
    }
}

/// Texts of a report stand in each of its rows.
#[test]
fn rows_are_bounded() {
    let long = "ä".repeat(100_000);
    let text =
        report("1", 1, "a.example", 10_000).replace("\"A\"", &format!("\"{long}\"")).replace(
            "\"failed-session-count\":10000}",
            &format!(
                "\"failed-session-count\":1}}{}",
                ",{\"failed-session-count\":1}".repeat(9_999)
            ),
        );
    let folder = Folder::new("bounded").with("a.json.gz", gzip(&text));
    let rows = rows(&folder);
    assert!(rows.len() <= 5_000, "{}", rows.len());
    assert!(rows.iter().all(|row| row["organization"] == "ä".repeat(127)));
    let sessions: u64 = rows.iter().filter_map(|row| row["sessions"].as_u64()).sum();
    assert_eq!(sessions, 10_000);
}

#[test]
fn reports_without_a_time_are_told() {
    let text = report("1", 1, "a.example", 0).replace("2026-11-01T", "no day ");
    // As in totals, the end tells the day where the start does not.
    let ended = report("3", 9, "a.example", 0).replace("2026-11-09T00", "no day");
    let folder = Folder::new("undated")
        .with("a.json", &text)
        .with("copy.json", &text)
        .with("b.json", report("2", 9, "a.example", 0))
        .with("c.json", ended);
    let said = "\n1 report has no time that can be read, and is left out.\n";
    for format in ["text", "markdown"] {
        let args = ["--format", format, "--since", "2026-11-01", folder.path()];
        let text = out(&run(&args));
        assert!(text.contains(said), "{text}");
        assert!(!out(&run(&["--format", format, folder.path()])).contains(said));
    }
    let since = json(&["--since", "2026-11-01", folder.path()]);
    assert_eq!((&since["undated"], &since["reports"]), (&1.into(), &2.into()));
    assert_eq!(json(&[folder.path()])["undated"], 0);
    assert_eq!(
        json(&["--since", "2026-11-01", "--domain", "b.example", folder.path()])["undated"],
        0
    );
}

#[cfg(unix)]
#[test]
fn a_named_path_that_cannot_be_opened_is_66() {
    let folder = Folder::new("socket");
    let path = format!("{}/socket", folder.path());
    let _socket = std::os::unix::net::UnixListener::bind(&path).expect("a socket can be made");
    assert_eq!(code(&run(&[&path])), 66);
    assert_eq!(code(&run(&[folder.path()])), 3, "in a folder it is nobody's file");
}

/// Nobody knows how much comes out of a pipe: its rows are told as it is read.
#[cfg(unix)]
#[test]
fn a_named_pipe_is_read_as_a_stream() {
    use std::io::{BufRead as _, BufReader};
    use std::sync::mpsc;
    use std::time::Duration;
    let folder = Folder::new("pipe");
    let path = format!("{}/pipe", folder.path());
    assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo runs").success());
    let mut child =
        command(&["--format", "ndjson", &path]).stdout(Stdio::piped()).spawn().expect("it runs");
    let (sender, receiver) = mpsc::channel();
    let rows = BufReader::new(child.stdout.take().expect("it is piped"));
    std::thread::spawn(move || {
        for _ in rows.lines() {
            let _ = sender.send(());
        }
    });
    let mut pipe = fs::OpenOptions::new().write(true).open(&path).expect("it is read");
    for i in 0..1_200 {
        let mail = mail(&report(&i.to_string(), 1, "a.example", 0));
        write!(pipe, "From a Fri Nov 20 12:00:00 2026\n{mail}\n").expect("it is read");
    }
    let first = receiver.recv_timeout(Duration::from_secs(20));
    drop(pipe);
    assert!(child.wait().expect("it ends").success());
    assert!(first.is_ok(), "rows come before the end");
}

/// Failed sessions whose number can't be read are not none, and none are no failure. The day is 2026-11-26.
#[test]
fn what_is_said_of_failed_sessions_decides_the_exit_code() {
    let good = report("1", 25, "a.example", 0);
    let failed = report("1", 25, "a.example", 6_000);
    let count = |report: &str, count: &str| {
        report
            .replace("session-count\":0}", &format!("session-count\":{count}}}"))
            .replace("session-count\":6000},\"fail", &format!("session-count\":{count}}},\"fail"))
    };
    let with = |details: &str| good.replace("\"failure-details\":[]", details);
    let bare = good.replace(",\"total-failure-session-count\":0", "");
    let untold = "1 report does not tell how many sessions failed";
    let none = "No failures in this 1 report by A";
    let in_the_way = "6000 failures stand in the way";
    let expired = "Certificate expired (MTA-STS): 6000 sessions";
    for (report, wanted, words) in [
        (count(&good, "\"1,234\""), 2, [untold, "10 sessions went well, an unknown number wrong"]),
        (count(&good, "-40"), 2, [untold, "Not enough is known. In testing for 1 day"]),
        (count(&good, "2.5"), 2, [untold, "have no number of failed sessions that can be read"]),
        (bare, 2, [untold, untold]),
        (count(&failed, "\"1,234\""), 1, [in_the_way, expired]),
        (failed.clone(), 1, [in_the_way, expired]),
        (good.clone(), 0, [none, none]),
        (with("\"failure-details\":{}"), 0, [none, none]),
        (
            with(
                "\"failure-details\":[{\"result-type\":\"certificate-expired\",\"failed-session-count\":0}]",
            ),
            0,
            [none, none],
        ),
    ] {
        let folder = Folder::new("counts").with("a.json", &report);
        let output = run(&[folder.path()]);
        let text = out(&output);
        assert_eq!(code(&output), wanted, "{report}\n{text}");
        assert_eq!(text.contains("No failures"), wanted == 0, "{report}\n{text}");
        assert!(words.iter().all(|words| text.contains(words)), "{words:?} {report}\n{text}");
        for format in ["json", "ndjson", "csv", "markdown"] {
            let output = run(&["--format", format, folder.path()]);
            assert_eq!(code(&output), wanted, "{format} {report}");
            let none = format == "markdown" && wanted == 0;
            assert_eq!(out(&output).contains("No failures"), none, "{format} {report}");
            assert_eq!(err(&output).contains(untold), wanted == 2, "{format} {report}");
        }
    }
}

/// Anybody can mail a report, and a terminal obeys what stands in it.
#[test]
fn control_characters_reach_no_terminal() {
    let name = "\u{9b}31m\u{7f}\u{202e}\u{e0041}ü";
    let hostile =
        report("1", 1, "a.example", 1).replace("\"A\"", &format!("\"\\u001b]0;x\\u0007{name}\""));
    let folder = Folder::new("hostile").with("a.json", &hostile);
    for format in ["text", "json", "ndjson", "csv", "markdown"] {
        let text = out(&run(&["--format", format, folder.path()]));
        let raw = |c: &char| {
            c.is_control() && *c != '\r' && *c != '\n'
                || name.contains(*c) && !c.is_ascii() && *c != 'ü'
        };
        assert_eq!(text.chars().find(raw), None, "{format}");
        assert!(text.contains('ü'), "{format}: {text}");
    }
    let totals = json(&[folder.path()]);
    assert_eq!(totals["senders"][0]["name"], format!("\u{1b}]0;x\u{7}{name}"));
}

/// A name is asked for as people write it or as it is in DNS, and reports have it in either form (RFC 8460 §4.4).
#[test]
fn a_domain_is_found_under_each_of_its_names() {
    let folder = Folder::new("names")
        .with("a.json", report("1", 1, "münchen.example", 1))
        .with("b.json", report("2", 2, "XN--MNCHEN-3YA.example", 2))
        .with("c.json", report("3", 3, "example.com", 4));
    for domain in ["münchen.example", "xn--mnchen-3ya.example", "MÜNCHEN.example"] {
        let totals = json(&["--domain", domain, folder.path()]);
        assert_eq!(sessions(&totals, "xn--mnchen-3ya.example"), (20, 3), "{domain}");
        assert_eq!(totals["domains"].as_array().map(Vec::len), Some(1));
        let rows = out(&run(&["--format", "csv", "--domain", domain, folder.path()]));
        assert_eq!(rows.lines().count(), 3, "{rows}");
    }
}

/// mox tells of one policy for each mail host (RFC 8460 §4.4); the failure is one of the domain's mail.
#[test]
fn a_failure_at_a_mail_host_is_one_of_the_domain() {
    let text = report("1", 1, "a.example", 0)
        .replace("\"sts\"", "\"no-policy-found\"")
        .replace("\"mx: mx.a.example\",", "")
        .replace("]}]}", "]},{\"policy\":{\"policy-type\":\"tlsa\",\"policy-domain\":\"mx.b.example\"},\"summary\":\
            {\"total-successful-session-count\":3,\"total-failure-session-count\":1},\"failure-details\":[{\"result-type\":\
            \"tlsa-invalid\",\"receiving-mx-hostname\":\"mx.b.example\",\"failed-session-count\":1}]}]}");
    let folder = Folder::new("host").with("a.json", &text);
    let output = run(&["--domain", "a.example", folder.path()]);
    assert_eq!(code(&output), 1, "{}", out(&output));
    assert!(out(&output).contains("No TLSA record fits (DANE): 1 session"), "{}", out(&output));
}

//! Many domains: the recipes of docs/fleet.md, whose SQL, run by DuckDB on the rows of three runs, answers what was worked
//! out by hand; and the domains by rule that the bench checks.

use crate::network::ca::{self, Flaw};
use crate::network::dns::{Record, Say};
use crate::network::servers::{self, Mail, Reply};
use crate::network::{Network, text_plain};
use crate::rows::rows;
use domain::base::Rtype;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;
use stslint_testnet::fleet::{Fleet, Sort};

/// A domain as it is in one of the runs.
struct Site {
    /// The domain, without `.example`.
    name: &'static str,
    /// The id of its record; none where it has no MTA-STS.
    id: Option<&'static str>,
    /// The policy, but for its version.
    policy: String,
    /// Its mail hosts.
    hosts: Vec<String>,
    /// The certificate of its policy host.
    certificate: Flaw,
    tlsrpt: bool,
}

/// A domain whose policy has this mode and lifetime and covers its mail host, at a provider of many.
fn site(name: &'static str, id: &'static str, mode: &str, max_age: u32) -> Site {
    Site {
        name,
        id: Some(id),
        policy: format!("mode: {mode}\r\nmx: *.bighost.example\r\nmax_age: {max_age}\r\n"),
        hosts: vec!["mx1.bighost.example".into()],
        certificate: Flaw::None,
        tlsrpt: true,
    }
}

/// So many days, and half of one: tests may take a while.
fn days(days: u64) -> Duration {
    Duration::from_secs(days * 86_400 + 43_200)
}

/// A network with these domains and their mail hosts.
fn network(sites: &[Site]) -> Network {
    let mut network = Network::empty();
    let records = |record| Say::Records(vec![record]);
    for (i, site) in sites.iter().enumerate() {
        let domain = format!("{}.example", site.name);
        let hosts = (10..).step_by(10).zip(site.hosts.clone());
        let hosts = hosts.map(|(preference, host)| Record::Mx(preference, host)).collect();
        network.world.say(&domain, Rtype::MX, Say::Records(hosts));
        if site.tlsrpt {
            let text = format!("v=TLSRPTv1; rua=mailto:tls@{domain}");
            network.world.say(
                &format!("_smtp._tls.{domain}"),
                Rtype::TXT,
                records(Record::Txt(text)),
            );
        }
        let Some(id) = site.id else { continue };
        let text = format!("v=STSv1; id={id};");
        network.world.say(&format!("_mta-sts.{domain}"), Rtype::TXT, records(Record::Txt(text)));
        let ip: &str = format!("192.0.2.{}", i + 100).leak();
        let host = format!("mta-sts.{domain}");
        network.world.say(&host, Rtype::A, records(Record::A(ip)));
        let policy = text_plain(&format!("version: STSv1\r\n{}", site.policy));
        let server =
            servers::http(
                Some(ca::server(&[&host], site.certificate)),
                move |target| match target {
                    "/.well-known/mta-sts.txt" => policy.clone(),
                    _ => Reply::http("404 Not Found", &[], b""),
                },
            );
        network.route(&format!("{ip}:443"), server);
    }
    for (host, ip, certificate) in [
        ("mx1.bighost.example", "192.0.2.25", Flaw::None),
        ("mail.soon.example", "192.0.2.26", Flaw::Ends(days(13))),
        ("mail.later.example", "192.0.2.27", Flaw::Ends(days(14))),
        ("mail.elsewhere.example", "192.0.2.28", Flaw::None),
    ] {
        network.mail_host(host, ip, Mail::Tls(ca::server(&[host], certificate)));
    }
    network
}

/// The domains, as they are in the run of this number.
fn sites(run: u32) -> Vec<Site> {
    let bighost = || vec!["mx1.bighost.example".to_owned()];
    let mut sites = vec![
        site("good", if run < 3 { "good1" } else { "good2" }, "enforce", 604_800),
        // All the time; and the next one again since the last run.
        site("trying", "trying1", "testing", 604_800),
        match run {
            2 => site("back", "back2", "enforce", 604_800),
            _ => site("back", if run == 1 { "back1" } else { "back3" }, "testing", 604_800),
        },
        // The lifetime changes with the last run, the id does not.
        site("stale", "stale1", "enforce", if run < 3 { 604_800 } else { 1_209_600 }),
        Site { tlsrpt: false, ..site("quiet", "quiet1", "enforce", 604_800) },
        Site { id: None, tlsrpt: false, ..site("plain", "", "", 0) },
        site("broken", if run < 3 { "broken1" } else { "not an id" }, "enforce", 604_800),
        site("mended", if run < 3 { "not an id" } else { "mended1" }, "enforce", 604_800),
        Site {
            policy: "mode: enforce\r\nmx: mail.soon.example\r\nmx: mail.later.example\r\nmax_age: 604800\r\n".into(),
            hosts: vec!["mail.soon.example".into(), "mail.later.example".into()],
            certificate: Flaw::Ends(days(3)),
            ..site("soon", "soon1", "", 0)
        },
    ];
    let mut moved = site("moved", "moved1", "enforce", 604_800);
    moved.hosts = if run < 3 { bighost() } else { vec!["mail.elsewhere.example".into()] };
    sites.push(moved);
    sites.push(site("dark", "not an id", "enforce", 604_800));
    match run {
        1 => {}
        2 => sites.push(site("gone", "gone1", "enforce", 604_800)),
        _ => sites.push(site("fresh", "fresh1", "none", 604_800)),
    }
    sites
}

/// Writes the rows of one run.
fn run(folder: &Path, number: u32, day: &str) {
    let sites = sites(number);
    let mut list: String = sites.iter().map(|site| format!("{}.example\n", site.name)).collect();
    if number == 3 {
        list += "not a domain\n";
    }
    let mut network = network(&sites);
    if number == 3 {
        // A resolver that does not do what is asked (NOTIMP), which says nothing about the domain.
        network.world.say("_mta-sts.dark.example", Rtype::TXT, Say::Code(4));
        network.world.say("dark.example", Rtype::MX, Say::Code(4));
    }
    let said = network.check_with(&["--file", "-", "--smtp", "--format", "ndjson"], &list);
    assert_eq!(said.out.lines().count(), list.lines().count(), "{said:?}");
    let folder = folder.join(format!("rows/run={day}"));
    fs::create_dir_all(&folder).expect("a folder");
    // One of them had a row before, from when it could not be looked up.
    let mut early: Value =
        serde_json::from_str(said.out.lines().next().expect("a row")).expect("JSON");
    early["complete"] = false.into();
    for member in ["mode", "id", "hosts", "mx_patterns"] {
        early[member] = Value::Null;
    }
    fs::write(folder.join("rows.ndjson"), format!("{early}\n{}", said.out)).expect("a file");
}

/// What each block of SQL gives, in the order of the document.
fn answers() -> Value {
    json!([
        // All lines of three lists, of which the first has 11, the second 12 and the third 13.
        ["Into a database", [[36]]],
        // Views.
        ["Into a database", []],
        [
            "How many enforce?",
            [
                // good, stale, quiet, mended, soon, moved
                ["enforce", 6],
                // trying, back
                ["testing", 2],
                // broken, whose policy still says enforce
                ["broken", 1],
                // fresh
                ["none", 1],
                // plain
                ["not in use", 1],
                // dark
                ["not known", 1],
            ],
        ],
        [
            "Who is in testing, and since which run?",
            [["trying.example", "2026-11-15"], ["back.example", "2026-11-29"]],
        ],
        [
            "Whose mail hosts does the policy not cover?",
            [["moved.example", "enforce", "mail.elsewhere.example"]],
        ],
        [
            "Which certificates end within 14 days?",
            [
                ["soon.example", "mta-sts.soon.example", 3],
                ["soon.example", "mail.soon.example", 13]
            ],
        ],
        ["Who has MTA-STS and asks for no reports?", [["quiet.example", "enforce"]]],
        [
            "Who runs their mail, and how many of these enforce?",
            [
                // All but soon, moved, and dark, whose hosts are not known. Of these good, stale, quiet and mended
                // enforce.
                ["bighost.example", 9, 4],
                ["elsewhere.example", 1, 1],
                ["soon.example", 1, 1],
            ],
        ],
        [
            "Whose id changed?",
            [["back.example", "back2", "back3"], ["good.example", "good1", "good2"]],
        ],
        ["Whose policy changed while the id did not?", [["stale.example", "stale1"]]],
        [
            "What changed since the last run?",
            [
                ["back.example", "good", "review", [], []],
                // There is no record that senders can use, as the id is none.
                ["broken.example", "good", "broken", ["LIVE-002", "STS-TXT-022"], []],
                // What could not be looked up did not go.
                ["dark.example", "broken", "unknown", [], []],
                ["fresh.example", "new", "review", [], []],
                ["gone.example", "good", "gone", [], []],
                ["mended.example", "broken", "good", [], ["LIVE-002", "STS-TXT-022"]],
                // No mail host is covered.
                ["moved.example", "good", "broken", ["LIVE-061"], []],
            ],
        ],
        [
            "What could not be looked up, and which lines are no domains?",
            [["the resolver answers NOTIMP", 1, "dark.example"]],
        ],
        [
            "What could not be looked up, and which lines are no domains?",
            [[13, "not a domain", "not a domain name"]],
        ],
        ["Parquet", [[36]]],
        // In the first run good, stale, quiet, broken, soon and moved; in the second back and gone as well.
        ["Parquet", [["2026-11-15", 6], ["2026-11-22", 8], ["2026-11-29", 6]]],
    ])
}

#[test]
#[ignore = "needs DuckDB: cargo xtask test stack"]
fn the_recipes_answer_what_was_worked_out_by_hand() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("fleet");
    let _ = fs::remove_dir_all(&folder);
    for (number, day) in [(1, "2026-11-15"), (2, "2026-11-22"), (3, "2026-11-29")] {
        run(&folder, number, day);
    }
    let python = std::env::var("STSLINT_DUCKDB").unwrap_or_else(|_| {
        panic!("STSLINT_DUCKDB is not set: `cargo xtask test stack` runs this test")
    });
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/fleet.md");
    let output = Command::new(python)
        .args(["-c", include_str!("fleet.py")])
        .arg(document)
        .current_dir(&folder)
        .output()
        .expect("Python starts");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let found: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let (found, answers) = (found.as_array().expect("a list"), answers());
    let answers = answers.as_array().expect("a list");
    // One by one, so that a failure names the question.
    for (found, answer) in found.iter().zip(answers) {
        assert_eq!(found, answer);
    }
    assert_eq!(found.len(), answers.len());
}

#[test]
fn domains_by_rule_are_what_the_bench_takes_them_for() {
    let fleet = Fleet { domains: 300 };
    let resolver = fleet.resolver(Duration::ZERO);
    for (sort, record, policy, state, covered) in [
        (Sort::Plain, "absent", "absent", "unknown", Value::Null),
        (Sort::Sts, "present", "present", "good", json!(true)),
    ] {
        let udp = format!("udp://{}", resolver.address);
        let mut network = Network::empty().with(&["--resolver", &udp]);
        for (from, to) in fleet.policy_hosts() {
            network.route(&from.to_string(), to);
        }
        // The last two share an address, and have policies of their own.
        let domains = [0, 49, 299].map(|number| sort.domain(number));
        let said = network.check_with(&["--file", "-", "--format", "ndjson"], &domains.join("\n"));
        let rows = rows(&said);
        assert_eq!(rows.len(), 3, "{said:?}");
        for row in rows {
            assert!(domains.iter().any(|domain| row["domain"] == domain[..]), "{row:#}");
            assert_eq!(row["complete"], true, "{row:#}");
            let seen = [&row["record"], &row["policy"], &row["state"], &row["tlsrpt"]];
            assert_eq!(seen, [record, policy, state, record], "{row:#}");
            assert_eq!(row["hosts"][0]["covered"], covered, "{row:#}");
        }
    }
    assert!(resolver.asked() >= 6 * 5, "{}", resolver.asked());
}

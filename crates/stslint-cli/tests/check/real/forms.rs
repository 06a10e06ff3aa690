//! The forms of records in the programs that they are for: BIND, ldns, NSD, nsupdate, OctoDNS, and JavaScript for DNSControl.
//! `crates/stslint/tests/build/readers.rs` has readers for all forms and more records.

use super::daemon::{Daemon, Folder};
use super::{command, find, required};
use crate::closed_port;
use domain::base::Name;
use domain::rdata::ZoneRecordData;
use domain::zonefile::inplace::{Entry, Zonefile};
use std::io::Write as _;
use std::process::{Command, Stdio};
use std::str::FromStr;
use stslint::build::outputs::Format;
use stslint::build::wanted::{Change, Record};

const ZONE: &str = "acme-mail.net";

/// A domain in the zone of another one.
const INSIDE: &str = "lists.acme-mail.net";

const TTL: u32 = 1800;

/// What a zone needs beside our records.
const START: &str =
    "@ 300 IN SOA ns.acme-mail.net. hostmaster 1 2 3 4 5\n@ 300 IN NS ns\nns 300 IN A 127.0.0.1\n";

/// A TXT record: whole name without the root dot, TTL, data in one piece.
type Read = (String, u32, String);

/// Records as most have them, long ones, and some with all that has a meaning in one of the forms.
fn cases() -> Vec<[Record; 2]> {
    let many: Vec<String> = (0..20).map(|i| format!("mailto:tls-{i}@reports.example")).collect();
    let long = format!("v=TLSRPTv1; rua={}", many.join(","));
    // The first string ends amid what is escaped.
    let odd = format!("v=TLSRPTv1; rua=mailto:a@b.example; x={}", "\"\\'${a}%{b}`|".repeat(40));
    let record = |label, value: &str| Record { label, value: value.into(), change: Change::New };
    let sts = record("_mta-sts", "v=STSv1; id=20261125T000000Z;");
    let rpt = ["v=TLSRPTv1; rua=mailto:tls@acme-mail.net", &long, &odd];
    rpt.map(|rpt| [sts.clone(), record("_smtp._tls", rpt)]).to_vec()
}

/// Writes each case in this form, for a domain that has the zone and one inside, and compares what is read.
#[track_caller]
fn holds(format: Format, read: impl Fn(&str) -> String) {
    for records in cases() {
        for domain in [ZONE, INSIDE] {
            let text = format.write(&records, domain, ZONE, TTL);
            let expected = records
                .iter()
                .map(|record| (format!("{}.{domain}", record.label), TTL, record.value.clone()));
            let mut found = zone_file(&read(&text));
            found.sort();
            assert_eq!(found, expected.collect::<Vec<_>>(), "{}\n{text}", format.word());
        }
    }
}

/// The TXT records of a zone file.
fn zone_file(text: &str) -> Vec<Read> {
    let mut file = Zonefile::new();
    file.set_origin(Name::from_str(ZONE).expect("a name"));
    file.extend_from_slice(text.as_bytes());
    let mut records = Vec::new();
    while let Some(entry) = file.next_entry().unwrap_or_else(|why| panic!("{why}\n{text}")) {
        let Entry::Record(record) = entry else { panic!("no include: {text}") };
        if let ZoneRecordData::Txt(txt) = record.data() {
            let data = txt.iter().flatten().copied().collect();
            let data = String::from_utf8(data).expect("US-ASCII");
            records.push((record.owner().to_string(), record.ttl().as_secs(), data));
        }
    }
    records
}

/// What a command says, given this.
fn said(command: &mut Command, input: &str) -> String {
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = pipes.spawn().expect("it starts");
    let _ = child.stdin.take().expect("it is piped").write_all(input.as_bytes());
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "{command:?}: {output:?}\n{input}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

const ZONE_FILES: [Format; 3] = [Format::Bind, Format::Zone, Format::ZoneRelative];

#[test]
#[ignore = "needs BIND: cargo xtask test stack"]
fn bind_reads_the_same_records() {
    for format in ZONE_FILES {
        holds(format, |text| {
            let folder = Folder::new("zone");
            let file = folder.put("zone", &[START, text].concat());
            let mut compile = command(find("named-compilezone"));
            said(compile.args(["-q", "-F", "text", "-o", "-", ZONE]).arg(file), "")
        });
    }
}

#[test]
#[ignore = "needs NSD and ldns: cargo xtask test stack"]
fn nsd_reads_the_same_records() {
    for format in ZONE_FILES {
        holds(format, |text| {
            let folder = Folder::new("zone");
            let text = [&format!("$ORIGIN {ZONE}.\n"), START, text].concat();
            let file = folder.put("zone", &text);
            said(command(find("nsd-checkzone")).arg(ZONE).arg(&file), "");
            said(command(find("ldns-read-zone")).arg(file), "")
        });
    }
}

/// A BIND that takes updates, with records that are to go.
fn named() -> Daemon {
    let folder = Folder::new("named");
    let old = "_mta-sts 60 IN TXT \"v=STSv1; id=1;\"\n_mta-sts 60 IN TXT \"v=STSv1; id=2;\"\n\
         _smtp._tls.lists 60 IN TXT \"v=TLSRPTv1; rua=mailto:old@acme-mail.net\"\n";
    let zone = folder.put("zone", &[START, old].concat());
    let address = closed_port();
    let (at, zone, port) = (folder.path().display(), zone.display(), address.port());
    let conf = format!(
        "options {{
    directory \"{at}\";
    listen-on port {port} {{ 127.0.0.1; }};
    listen-on-v6 {{ none; }};
    pid-file none;
    session-keyfile none;
    recursion no;
    dnssec-validation no;
}};
controls {{ }};
zone \"{ZONE}\" {{ type primary; file \"{zone}\"; allow-update {{ 127.0.0.1; }}; }};
"
    );
    let conf = folder.put("named.conf", &conf).display().to_string();
    let arguments = ["-g", "-c", &conf].map(str::to_owned);
    Daemon::start("named", arguments, address, folder).wait_for("all zones loaded")
}

#[test]
#[ignore = "needs BIND: cargo xtask test stack"]
fn nsupdate_leaves_exactly_these_records() {
    let named = named();
    let port = named.address.port();
    holds(Format::Nsupdate, |text| {
        let script = format!("server 127.0.0.1 {port}\n{text}");
        said(&mut command(find("nsupdate")), &script);
        let names = text.lines().filter_map(|line| line.strip_prefix("update delete "));
        let dig = |line: &str| {
            let name = line.split(' ').next().expect("a name");
            let mut dig = command(find("dig"));
            dig.args(["@127.0.0.1", "-p", &port.to_string(), "+tcp", "+noall", "+answer"]);
            said(dig.args([name, "TXT"]), "")
        };
        names.map(dig).collect()
    });
}

#[test]
#[ignore = "needs OctoDNS: cargo xtask test stack"]
fn octodns_reads_the_same_records() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/check/real/read_octodns.py");
    holds(Format::Octodns, |text| {
        let folder = Folder::new("octodns");
        folder.put(&format!("{ZONE}.yaml"), text);
        let mut python = Command::new(required("STSLINT_OCTODNS"));
        said(python.arg(script).arg(folder.path()).arg(format!("{ZONE}.")), "")
    });
}

/// What DNSControl gives to programs of its own, as far as ours call it: names below the zone, data in one piece.
const DNSCONTROL: &str = r#"
const zone = [];
const TTL = (seconds) => ({ ttl: seconds });
const TXT = (name, text, ...modifiers) => ({ name, text, ...Object.assign({}, ...modifiers) });
const END = {};
const D_EXTEND = (name, ...records) =>
  zone.push(...records.filter((one) => one !== END).map((one) => ({ ...one, zone: name })));
const text = require("node:fs").readFileSync(0, "utf8");
new Function("D_EXTEND", "TXT", "TTL", "END", text)(D_EXTEND, TXT, TTL, END);
for (const { name, zone: origin, ttl, text } of zone) {
  const strings = text.match(/.{1,255}/gs).map((one) => `"${one.replace(/["\\]/g, "\\$&")}"`);
  console.log(`${name}.${origin}. ${ttl} IN TXT ${strings.join(" ")}`);
}
"#;

#[test]
#[ignore = "needs Node.js: cargo xtask test stack"]
fn javascript_has_the_same_records_for_dnscontrol() {
    holds(Format::Dnscontrol, |text| {
        said(Command::new(required("STSLINT_NODE")).args(["-e", DNSCONTROL]), text)
    });
}

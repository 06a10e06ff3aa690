//! Each form of records, read by a reader of others: parsers of zone files, of Terraform's language, YAML and JSON, and a shell.

use domain::base::iana::Rtype;
use domain::base::name::Name;
use domain::rdata::ZoneRecordData;
use domain::zonefile::inplace::{Entry, Zonefile};
use saphyr::{LoadableYamlNode as _, Yaml};
use serde_json::Value;
use std::process::Command;
use std::str::FromStr;
use stslint::build::outputs::Format;

/// A TXT record as a reader sees it: its whole name without the root dot, TTL, and data in one piece.
pub(crate) type Read = (String, u32, String);

/// The records in a text.
pub(crate) fn read(format: Format, text: &str, zone: &str) -> Vec<Read> {
    match format {
        Format::Bind | Format::Zone | Format::ZoneRelative => zone_file(text, zone),
        Format::Cloudflare => cloudflare(text),
        Format::Dnscontrol => dnscontrol(text, zone),
        Format::Nsupdate => nsupdate(text, zone),
        Format::Octodns => octodns(text, zone),
        Format::Route53 => route53(text),
        Format::TerraformAzure
        | Format::TerraformCloudflare
        | Format::TerraformGoogle
        | Format::TerraformRoute53 => terraform(text),
        Format::Value => value(text, zone),
    }
}

fn zone_file(text: &str, zone: &str) -> Vec<Read> {
    let mut file = Zonefile::new();
    file.set_origin(Name::from_str(&[zone, "."].concat()).expect("a name"));
    file.extend_from_slice(text.as_bytes());
    let mut records = Vec::new();
    while let Some(entry) = file.next_entry().unwrap_or_else(|why| panic!("{why}\n{text}")) {
        let Entry::Record(record) = entry else { panic!("no include: {text}") };
        assert_eq!(record.rtype(), Rtype::TXT, "{text}");
        let ZoneRecordData::Txt(txt) = record.data() else { panic!("TXT: {text}") };
        let data = txt.iter().flatten().copied().collect();
        let data = String::from_utf8(data).expect("US-ASCII");
        records.push((record.owner().to_string(), record.ttl().as_secs(), data));
    }
    records
}

/// The data of strings that are written as in zone files.
fn strings(text: &str) -> String {
    let [(_, _, data)] = &zone_file(&format!("x 1 IN TXT {text}\n"), "example.com")[..] else {
        panic!("one record: {text}")
    };
    data.clone()
}

fn below(name: &str, zone: &str) -> String {
    [name, ".", zone].concat()
}

fn int(value: &Value) -> u32 {
    u32::try_from(value.as_u64().expect("a number")).expect("a TTL")
}

fn str(value: &Value) -> &str {
    value.as_str().expect("a string")
}

fn nsupdate(text: &str, zone: &str) -> Vec<Read> {
    let mut lines = text.lines().filter(|line| !line.starts_with(';'));
    assert_eq!(lines.next(), Some(&format!("zone {zone}.")[..]));
    let mut records = String::new();
    while let Some(line) = lines.next() {
        let Some(name) = line.strip_prefix("update delete ") else {
            assert_eq!((line, lines.next()), ("send", None));
            break;
        };
        let name = name.strip_suffix(" IN TXT").expect("all TXT records at the name");
        let added = lines.next().and_then(|line| line.strip_prefix("update add "));
        let added = added.filter(|added| added.starts_with(name)).expect("another at this name");
        records.push_str(&[added, "\n"].concat());
    }
    zone_file(&records, zone)
}

fn route53(text: &str) -> Vec<Read> {
    let document: Value = serde_json::from_str(text).expect("JSON");
    let changes = document["Changes"].as_array().expect("a list").iter();
    let one = |change: &Value| {
        assert_eq!(change["Action"], "UPSERT");
        let set = &change["ResourceRecordSet"];
        assert_eq!(set["Type"], "TXT");
        let [value] = &set["ResourceRecords"].as_array().expect("a list")[..] else {
            panic!("one value: {text}")
        };
        let name = str(&set["Name"]).strip_suffix('.').expect("a root dot").to_owned();
        (name, int(&set["TTL"]), strings(str(&value["Value"])))
    };
    changes.map(one).collect()
}

/// A shell tells what it would call curl with.
fn cloudflare(text: &str) -> Vec<Read> {
    let shell = format!(
        "ZONE_ID=zone\nRECORD_ID=record\nCLOUDFLARE_API_TOKEN=token\n\
         curl() {{ printf '%s\\0' call \"$@\"; }}\n{text}"
    );
    let output = Command::new("sh").args(["-c", &shell]).output().expect("a shell");
    assert!(output.status.success() && output.stderr.is_empty(), "{output:?}\n{text}");
    let words = String::from_utf8(output.stdout).expect("US-ASCII");
    let words: Vec<&str> = words.split_terminator('\0').collect();
    let calls = words.split(|word| *word == "call").filter(|call| call.contains(&"--data"));
    let one = |call: &[&str]| {
        assert!(call.contains(&"Authorization: Bearer token"), "{call:?}");
        let body: Value = serde_json::from_str(call.last().expect("data")).expect("JSON");
        assert_eq!(body["type"], "TXT");
        (str(&body["name"]).to_owned(), int(&body["ttl"]), strings(str(&body["content"])))
    };
    calls.map(one).collect()
}

fn terraform(text: &str) -> Vec<Read> {
    let mut context = hcl::eval::Context::new();
    context.declare_var(
        "var",
        hcl::value!({ "zone_id" = "z", "managed_zone" = "m", "resource_group_name" = "r" }),
    );
    let document: Value =
        hcl::eval::from_str(text, &context).unwrap_or_else(|why| panic!("{why}\n{text}"));
    let kinds = document["resource"].as_object().expect("resources");
    assert_eq!(kinds.len(), 1, "{text}");
    let one = |kind: &str, members: &Value| {
        let name = str(&members["name"]);
        let ttl = int(&members["ttl"]);
        if kind == "azurerm_dns_txt_record" {
            let name = below(name, str(&members["zone_name"]));
            return (name, ttl, str(&members["record"]["value"]).to_owned());
        }
        assert_eq!(members["type"], "TXT", "{text}");
        let value = ["records", "rrdatas"].iter().find_map(|list| members[*list].as_array());
        let value = match value.map(Vec::as_slice) {
            None => &members["content"],
            Some([one]) => one,
            Some(_) => panic!("one value: {text}"),
        };
        let value = match kind {
            // The provider puts quotes around it.
            "aws_route53_record" => ["\"", str(value), "\""].concat(),
            "cloudflare_dns_record" | "google_dns_record_set" => str(value).to_owned(),
            _ => panic!("{kind}"),
        };
        (name.trim_end_matches('.').to_owned(), ttl, strings(&value))
    };
    let all = kinds.iter().flat_map(|(kind, resources)| {
        let resources = resources.as_object().expect("resources").values();
        resources.map(move |members| one(kind, members))
    });
    all.collect()
}

fn octodns(text: &str, zone: &str) -> Vec<Read> {
    let documents = Yaml::load_from_str(text).unwrap_or_else(|why| panic!("{why}\n{text}"));
    let [Yaml::Mapping(records)] = &documents[..] else { panic!("one mapping: {text}") };
    let mut names: Vec<&str> = Vec::new();
    let mut read = Vec::new();
    for (name, members) in records {
        let member = |key| members.as_mapping_get(key).unwrap_or_else(|| panic!("{key}\n{text}"));
        // OctoDNS wants names, and keys below them, in order.
        let keys: Vec<&str> =
            members.as_mapping().expect("keys").keys().filter_map(Yaml::as_str).collect();
        assert!(keys.is_sorted(), "{text}");
        names.push(name.as_str().expect("a string"));
        assert_eq!(member("type").as_str(), Some("TXT"));
        let ttl = member("ttl").as_integer().expect("a number");
        let value = member("value").as_str().unwrap_or_else(|| panic!("a string: {text}"));
        // There, a semicolon has a backslash in front of it.
        assert_eq!(value.matches(';').count(), value.matches("\\;").count(), "{text}");
        let value = value.replace("\\;", ";");
        read.push((below(names[names.len() - 1], zone), u32::try_from(ttl).expect("a TTL"), value));
    }
    assert!(names.is_sorted(), "{text}");
    read
}

/// These strings of JavaScript are strings of JSON, too. `cargo xtask test stack` has Node.js read them.
fn dnscontrol(text: &str, zone: &str) -> Vec<Read> {
    let start = format!("D_EXTEND(\"{zone}\",\n");
    let text = behind(text, "//");
    let calls = text.strip_prefix(&start).and_then(|text| text.strip_suffix("END);\n"));
    let one = |line: &str| {
        let line = line.trim().strip_prefix("TXT(").and_then(|line| line.strip_suffix(")),"));
        let (strings, ttl) = line.and_then(|line| line.rsplit_once(", TTL(")).expect("a call");
        let strings: [String; 2] = serde_json::from_str(&format!("[{strings}]")).expect("strings");
        let [name, value] = strings;
        (below(&name, zone), ttl.parse().expect("a number"), value)
    };
    calls.unwrap_or_else(|| panic!("{text}")).lines().map(one).collect()
}

fn value(text: &str, zone: &str) -> Vec<Read> {
    let one = |record: &str| {
        let mut lines = record.lines();
        let mut next = |name: &str| lines.next().and_then(|line| line.strip_prefix(name));
        let name = next("Name: ").expect("a name");
        assert_eq!(next("Type: "), Some("TXT"));
        let ttl = next("TTL: ").and_then(|ttl| ttl.parse().ok()).expect("a TTL");
        (below(name, zone), ttl, next("Value: ").expect("a value").to_owned())
    };
    behind(text, "There are several ").split("\n\n").map(one).collect()
}

/// What is behind the lines on top that begin so.
fn behind<'t>(mut text: &'t str, start: &str) -> &'t str {
    while let Some((line, rest)) = text.split_once('\n')
        && line.starts_with(start)
    {
        text = rest;
    }
    text
}

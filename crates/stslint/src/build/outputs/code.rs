//! Programs that manage DNS: Terraform, OctoDNS, DNSControl.

use super::{All, Line, escape, strings};

/// A string of Terraform's language: it fills in what stands behind `${` and `%{`.
fn hcl(text: &str) -> String {
    let text = escape(text).replace("${", "$${").replace("%{", "%%{");
    ["\"", &text, "\""].concat()
}

/// A resource for each record.
fn resources(
    all: &All,
    kind: &str,
    members: impl Fn(&Line) -> Vec<(&'static str, String)>,
) -> String {
    let one = |line: &Line| {
        let members = members(line);
        let width = members.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
        let members: String =
            members.iter().map(|(name, value)| format!("  {name:width$} = {value}\n")).collect();
        format!("resource \"{kind}\" \"{}\" {{\n{members}}}\n", line.identifier())
    };
    all.lines.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// The provider puts quotes around the value; those between its strings are written.
pub(super) fn route53(all: &All) -> String {
    resources(all, "aws_route53_record", |line| {
        // Route 53 reads its values as zone files have them.
        let inner: Vec<String> = strings(&line.record.value).into_iter().map(escape).collect();
        vec![
            ("zone_id", "var.zone_id".into()),
            ("name", hcl(line.plain())),
            ("type", "\"TXT\"".into()),
            ("ttl", all.ttl.to_string()),
            ("records", format!("[{}]", hcl(&inner.join("\" \"")))),
        ]
    })
}

/// Resources of version 5 of the provider, whose values have quotes.
pub(super) fn cloudflare(all: &All) -> String {
    resources(all, "cloudflare_dns_record", |line| {
        vec![
            ("zone_id", "var.zone_id".into()),
            ("name", hcl(line.plain())),
            ("type", "\"TXT\"".into()),
            ("ttl", all.ttl.to_string()),
            ("content", hcl(&line.quoted())),
        ]
    })
}

/// The value in one piece: the provider splits it.
pub(super) fn azure(all: &All) -> String {
    let one = |line: &Line| {
        format!(
            "resource \"azurerm_dns_txt_record\" \"{}\" {{\n  \
               name                = {}\n  \
               zone_name           = {}\n  \
               resource_group_name = var.resource_group_name\n  \
               ttl                 = {}\n\n  \
               record {{\n    value = {}\n  }}\n\
             }}\n",
            line.identifier(),
            hcl(&line.below),
            hcl(all.zone),
            all.ttl,
            hcl(&line.record.value)
        )
    };
    all.lines.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Names with the root dot, data as in zone files.
pub(super) fn google(all: &All) -> String {
    resources(all, "google_dns_record_set", |line| {
        vec![
            ("managed_zone", "var.managed_zone".into()),
            ("name", hcl(&line.name)),
            ("type", "\"TXT\"".into()),
            ("ttl", all.ttl.to_string()),
            ("rrdatas", format!("[{}]", hcl(&line.quoted()))),
        ]
    })
}

/// Keys are in order, as OctoDNS refuses others (its `yaml.py`, `construct_mapping`). Semicolons have a backslash in front of
/// them unless `escaped_semicolons` is false (`provider/yaml.py`), and long values are split by itself. A value is a plain scalar of
/// YAML (1.2 §7.3.3): it begins with a letter, and spaces stand behind semicolons only. A colon at its end would be a sign.
pub(super) fn octodns(all: &All) -> String {
    let one = |line: &Line| {
        let value = line.record.value.replace(';', "\\;");
        let value = match value.ends_with(':') {
            true => ["'", &value.replace('\'', "''"), "'"].concat(),
            false => value,
        };
        format!("{}:\n  ttl: {}\n  type: TXT\n  value: {value}\n", line.below, all.ttl)
    };
    let start = "---\n# With escaped_semicolons: true, the default up to OctoDNS 1.\n".to_owned();
    [start].into_iter().chain(all.lines.iter().map(one)).collect()
}

/// The value in one piece: it is split by itself.
pub(super) fn dnscontrol(all: &All) -> String {
    let one = |line: &Line| {
        format!(
            "  TXT(\"{}\", \"{}\", TTL({})),\n",
            line.below,
            escape(&line.record.value),
            all.ttl
        )
    };
    let lines: String = all.lines.iter().map(one).collect();
    format!("D_EXTEND(\"{}\",\n{lines}END);\n", all.zone)
}

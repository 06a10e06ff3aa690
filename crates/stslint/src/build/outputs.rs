//! Records as tools take them: zone files, programs that manage DNS, the interfaces of providers.
//!
//! Each value is escaped for the language that it stands in. A string of a TXT record holds 255 octets (RFC 1035 §3.3): longer
//! values are split where the tool does not do that by itself.

mod api;
mod code;
mod zone;

use super::wanted::{Change, Record};
use crate::host;

/// How long resolvers keep a record, in seconds. An hour: a new id is seen soon, and resolvers are not asked all the time.
pub const USUAL_TTL: u32 = 3600;

/// A form in which records are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A zone file for BIND, NSD or Knot, names below `$ORIGIN`.
    Bind,
    /// Calls of Cloudflare's API by curl.
    Cloudflare,
    /// DNSControl.
    Dnscontrol,
    /// A script for nsupdate (RFC 2136).
    Nsupdate,
    /// OctoDNS.
    Octodns,
    /// A change batch of Amazon Route 53.
    Route53,
    /// Terraform: Azure DNS.
    TerraformAzure,
    /// Terraform: Cloudflare.
    TerraformCloudflare,
    /// Terraform: Google Cloud DNS.
    TerraformGoogle,
    /// Terraform: Amazon Route 53.
    TerraformRoute53,
    /// Names and values alone, as forms of web consoles take them.
    Value,
    /// Lines of a zone file with whole names.
    Zone,
    /// Lines of a zone file with names below the zone.
    ZoneRelative,
}

/// What there is to know about a form: its word in commands, its name, the ending of a file in it.
const FORMATS: [(Format, &str, &str, &str); 13] = [
    (Format::Value, "value", "Name and value", "txt"),
    (Format::Zone, "zone", "Zone-file line, whole name", "zone"),
    (Format::ZoneRelative, "zone-relative", "Zone-file line, name below the zone", "zone"),
    (Format::Bind, "bind", "BIND, NSD, Knot", "zone"),
    (Format::Nsupdate, "nsupdate", "nsupdate", "txt"),
    (Format::TerraformRoute53, "terraform-route53", "Terraform: Amazon Route 53", "tf"),
    (Format::TerraformCloudflare, "terraform-cloudflare", "Terraform: Cloudflare", "tf"),
    (Format::TerraformAzure, "terraform-azure", "Terraform: Azure DNS", "tf"),
    (Format::TerraformGoogle, "terraform-google", "Terraform: Google Cloud DNS", "tf"),
    (Format::Octodns, "octodns", "OctoDNS", "yaml"),
    (Format::Dnscontrol, "dnscontrol", "DNSControl", "js"),
    (Format::Route53, "route53", "Amazon Route 53 change batch", "json"),
    (Format::Cloudflare, "cloudflare", "Cloudflare API", "sh"),
];

impl Format {
    /// All, in the order in which they are shown.
    pub fn all() -> impl Iterator<Item = Self> {
        FORMATS.iter().map(|(format, ..)| *format)
    }

    /// Its word in commands.
    pub fn word(self) -> &'static str {
        self.row().1
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        self.row().2
    }

    /// The ending of a file in it, without the dot.
    pub fn ending(self) -> &'static str {
        self.row().3
    }

    fn row(self) -> &'static (Self, &'static str, &'static str, &'static str) {
        FORMATS.iter().find(|(format, ..)| *format == self).unwrap_or(&FORMATS[0])
    }

    /// Writes records of a domain, which lie in this zone: most domains are their own. A zone that the domain is not in
    /// is passed over.
    pub fn write(self, records: &[Record], domain: &str, zone: &str, ttl: u32) -> String {
        let zone = if host::is_within(domain, zone) && !zone.is_empty() { zone } else { domain };
        let lines: Vec<Line> =
            records.iter().map(|record| Line::of(record, domain, zone)).collect();
        let all = All { lines, zone, ttl };
        let text = match self {
            Self::Bind => zone::bind(&all),
            Self::Cloudflare => api::cloudflare(&all),
            Self::Dnscontrol => code::dnscontrol(&all),
            Self::Nsupdate => zone::nsupdate(&all),
            Self::Octodns => code::octodns(&all),
            Self::Route53 => api::route53(&all),
            Self::TerraformAzure => code::azure(&all),
            Self::TerraformCloudflare => code::cloudflare(&all),
            Self::TerraformGoogle => code::google(&all),
            Self::TerraformRoute53 => code::route53(&all),
            Self::Value => zone::value(&all),
            Self::Zone => zone::lines(&all, |line| &line.name),
            Self::ZoneRelative => zone::lines(&all, |line| &line.below),
        };
        let comment = match self {
            Self::Bind | Self::Zone | Self::ZoneRelative => "; ",
            Self::Dnscontrol => "// ",
            Self::TerraformCloudflare => "# ",
            Self::Value => "",
            Self::Nsupdate => return ["; ", WHOLE, "\n", &text].concat(),
            Self::Octodns
            | Self::TerraformAzure
            | Self::TerraformGoogle
            | Self::TerraformRoute53 => return ["# ", WHOLE, "\n", &text].concat(),
            // These say it where they have a place for it.
            Self::Cloudflare | Self::Route53 => return text,
        };
        let several = all.lines.iter().filter(|it| it.record.change == Change::OneForSeveral);
        let delete = |line: &Line| {
            let (name, version) = (line.plain(), line.version());
            format!(
                "{comment}There are several at {name}, so senders use none: delete all of version {version}, no others, and publish this one.\n"
            )
        };
        several.map(delete).chain([text]).collect()
    }
}

/// Of a form that tells all that there is to be at a name.
const WHOLE: &str =
    "These take the place of all TXT records at their names: add others that are to stay.";

/// What there is to write.
struct All<'a> {
    lines: Vec<Line<'a>>,
    zone: &'a str,
    ttl: u32,
}

/// A record with its names.
struct Line<'a> {
    record: &'a Record,
    /// The whole name with the root dot.
    name: String,
    /// The name below the zone.
    below: String,
}

impl<'a> Line<'a> {
    fn of(record: &'a Record, domain: &str, zone: &str) -> Self {
        let inside = domain.len().checked_sub(zone.len()).and_then(|at| domain.get(..at));
        let inside = inside.map_or("", |inside| inside.trim_end_matches('.'));
        let below = match inside {
            "" => record.label.to_owned(),
            inside => [record.label, ".", inside].concat(),
        };
        Self { record, name: [record.label, ".", domain, "."].concat(), below }
    }

    /// The whole name without the root dot.
    fn plain(&self) -> &str {
        self.name.trim_end_matches('.')
    }

    /// Its version, beside which records of other uses may stand. Not with `v=`, which would be read as a record.
    fn version(&self) -> &str {
        self.record.begins().trim_start_matches("v=")
    }

    /// What the record is called where only letters, digits and `_` may stand.
    fn identifier(&self) -> &'static str {
        if self.record.label == "_mta-sts" { "mta_sts" } else { "smtp_tls" }
    }

    /// The data as a zone file has it: strings in quotes.
    fn quoted(&self) -> String {
        quoted(&self.record.value)
    }

    /// The strings of the data, each in quotes.
    fn strings(&self) -> Vec<String> {
        strings(&self.record.value).iter().map(|string| quote(string)).collect()
    }
}

/// The data of a TXT record as a zone file has it: strings in quotes.
pub fn quoted(value: &str) -> String {
    strings(value).into_iter().map(quote).collect::<Vec<_>>().join(" ")
}

/// Longest string of a TXT record, in octets (RFC 1035 §3.3).
const STRING: usize = 255;

/// The strings of a value: each as long as it may be.
fn strings(value: &str) -> Vec<&str> {
    let mut strings = Vec::with_capacity(1);
    let mut rest = value;
    while rest.len() > STRING {
        let (string, more) = rest.split_at(rest.floor_char_boundary(STRING));
        strings.push(string);
        rest = more;
    }
    strings.push(rest);
    strings
}

/// A string in quotes, as zone files have it (RFC 1035 §5.1).
fn quote(text: &str) -> String {
    ["\"", &escape(text), "\""].concat()
}

/// A backslash in front of quotes and backslashes: zone files, JSON and JavaScript agree on that for printable US-ASCII.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"")
}

#[cfg(test)]
mod tests;

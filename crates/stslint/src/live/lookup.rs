//! Look-ups in words: what was asked, what came, and how to do the same at a command line.

use super::check::{Ask, Data, DnsReply, RecordKind, Reply};
use super::facts::{Addresses, Answer, Fact, Facts, Fetched, Mx, Outcome, Records, Response, Tlsa};
use super::story::Step;
use crate::render::words::CURL;
use crate::text::push_visible;
use std::collections::BTreeSet;
use std::net::IpAddr;

impl RecordKind {
    /// Its name in zone files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
            Self::Mx => "MX",
            Self::Tlsa => "TLSA",
            Self::Txt => "TXT",
        }
    }
}

impl Ask {
    /// The question in words: `TXT _mta-sts.example.com`.
    pub fn words(&self) -> String {
        match self {
            Self::Dns { name, kind, checking_disabled } => {
                let unchecked = if *checking_disabled { ", DNSSEC not checked" } else { "" };
                format!("{} {name}{unchecked}", kind.word())
            }
            Self::Fetch { host } => format!("https://{host}/.well-known/mta-sts.txt"),
            Self::Smtp { host } => format!("STARTTLS at {host}"),
        }
    }

    /// The command that asks the same. None for a name that is not safe in a shell as it stands.
    pub fn command(&self) -> Option<String> {
        let (Self::Dns { name, .. } | Self::Fetch { host: name } | Self::Smtp { host: name }) =
            self;
        let safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
        if name.is_empty() || name.starts_with('-') || !name.bytes().all(safe) {
            return None;
        }
        Some(match self {
            Self::Dns { kind, checking_disabled, .. } => {
                let unchecked = if *checking_disabled { " +cdflag" } else { "" };
                format!("dig +dnssec{unchecked} {} {name}", kind.word())
            }
            Self::Fetch { .. } => format!("{CURL}{}", self.words()),
            Self::Smtp { .. } => format!(
                "openssl s_client -starttls smtp -connect {name}:25 -servername {name} -showcerts </dev/null"
            ),
        })
    }

    /// The step of a sender that it is for, in a check of this domain.
    pub fn step(&self, domain: &str) -> Step {
        let Self::Dns { name, kind, .. } = self else {
            return if matches!(self, Self::Fetch { .. }) { Step::Fetch } else { Step::Connect };
        };
        match kind {
            RecordKind::Txt if name.starts_with("_smtp._tls.") => Step::Report,
            RecordKind::Txt => Step::Discover,
            RecordKind::Mx => Step::Match,
            RecordKind::A | RecordKind::Aaaa if *name == format!("mta-sts.{domain}") => Step::Fetch,
            RecordKind::A | RecordKind::Aaaa | RecordKind::Tlsa => Step::Connect,
        }
    }
}

impl Reply {
    /// What came, a line for each record. Hostile text is made visible.
    pub fn lines(&self) -> Vec<String> {
        match self {
            Self::Dns(reply) => reply.lines(),
            Self::Failed(failure) => vec![failure.words().into()],
            Self::NotObservable(why) => vec![format!("could not look: {}", visible(why))],
            Self::Fetch(fetch) => vec![match &fetch.outcome {
                Fetched::Response(response) => response.words(),
                Fetched::Failed(failure) => failure.words().into(),
            }],
            Self::Smtp(smtp) => vec![
                match smtp.starttls {
                    Some(false) => "no STARTTLS",
                    _ => "STARTTLS with a certificate",
                }
                .into(),
            ],
        }
    }

    /// How long a resolver says that the answer may be kept, in seconds, and whether DNSSEC vouches
    /// for it. None where it was no answer.
    pub fn dns(&self) -> Option<(Option<u32>, bool)> {
        match self {
            Self::Dns(reply) => Some((reply.ttl, reply.authentic)),
            _ => None,
        }
    }
}

impl DnsReply {
    fn lines(&self) -> Vec<String> {
        let aliases = self.chain.iter().map(|target| format!("CNAME {}", visible(target)));
        let mut lines: Vec<String> = aliases.chain(self.records.iter().map(Data::text)).collect();
        if self.endless {
            lines.push("the aliases lead back to themselves".into());
        }
        match self.rcode {
            0 if self.records.is_empty() => lines.push("no such records".into()),
            0 => {}
            2 => lines.push("SERVFAIL: the resolver could not find out".into()),
            3 => lines.push("NXDOMAIN: there is no such name".into()),
            5 => lines.push("REFUSED: the resolver does not answer for this name".into()),
            code => lines.push(format!("response code {code}")),
        }
        lines
    }
}

impl Data {
    /// The data of the record as zone files have it.
    fn text(&self) -> String {
        match self {
            Self::Address(address) => address.to_string(),
            Self::Mx(mx) => format!("{} {}", mx.preference, visible(&mx.exchange)),
            Self::Tlsa(tlsa) => tlsa.text(),
            Self::Txt(strings) => {
                let quoted = |string: &String| {
                    format!("\"{}\"", visible(&string.replace('\\', "\\\\").replace('"', "\\\"")))
                };
                strings.iter().map(quoted).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

impl Response {
    fn words(&self) -> String {
        let mut out = match self.status {
            0 => "status not seen".to_owned(),
            status => format!("status {status}"),
        };
        if let Some(media_type) = self.header("content-type") {
            out.push_str(&format!(", {}", visible(media_type)));
        }
        if let Some(body) = &self.body {
            out.push_str(&format!(", {} bytes", body.len()));
        }
        out
    }
}

/// What can't be seen, as code points.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_visible(c, &mut out));
    out
}

/// Something that was looked up twice: by two resolvers, or at two times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// What was asked.
    pub what: String,
    /// What the first said, a line for each record. None: nothing is known of it.
    pub first: Option<Vec<String>>,
    /// What the second said.
    pub second: Option<Vec<String>>,
}

impl Compared {
    /// Whether both are known and say something else. The order of records means nothing.
    pub fn differs(&self) -> bool {
        self.first.is_some() && self.second.is_some() && self.first != self.second
    }
}

/// Puts the facts of two checks of a domain side by side.
pub fn compare(first: &Facts, second: &Facts) -> Vec<Compared> {
    let (first, second) = (sides(first), sides(second));
    let mut names: Vec<&String> = first.iter().chain(&second).map(|(what, _)| what).collect();
    let mut seen = BTreeSet::new();
    names.retain(|what| seen.insert(*what));
    let of = |sides: &[(String, Option<Vec<String>>)], what: &String| {
        sides.iter().find(|(other, _)| other == what).and_then(|(_, lines)| lines.clone())
    };
    let compared = |what: &String| Compared {
        what: what.clone(),
        first: of(&first, what),
        second: of(&second, what),
    };
    names.into_iter().map(compared).collect()
}

/// What was asked, and what came of it.
type Side = (String, Option<Vec<String>>);

/// One check as rows to compare.
fn sides(facts: &Facts) -> Vec<Side> {
    let domain = &facts.domain;
    let mut out: Vec<Side> = Vec::new();
    let txt = |records: &Records| match records {
        Records::Seen(list) => list.iter().map(|strings| visible(&strings.concat())).collect(),
        Records::Told(_) => vec!["not shown".into()],
    };
    out.push((format!("TXT _mta-sts.{domain}"), answer(&facts.sts, txt)));
    out.push((format!("TXT _smtp._tls.{domain}"), answer(&facts.tlsrpt, txt)));
    let mx = |list: &Vec<Mx>| {
        list.iter().map(|mx| format!("{} {}", mx.preference, visible(&mx.exchange))).collect()
    };
    out.push((format!("MX {domain}"), answer(&facts.mx, mx)));
    addresses(&format!("mta-sts.{domain}"), &facts.policy_host, &mut out);
    if let Fact::Known(fetch) = &facts.fetch
        && let Fetched::Response(response) = &fetch.outcome
    {
        let status = (response.status != 0).then(|| vec![response.status.to_string()]);
        out.push(("Policy, status".into(), status));
        let lines =
            |body: &Vec<u8>| String::from_utf8_lossy(body).lines().map(visible).collect::<Vec<_>>();
        out.push(("Policy, text".into(), response.body.as_ref().map(lines)));
    }
    for (name, host) in &facts.hosts {
        addresses(name, &host.addresses, &mut out);
        let tlsa = |list: &Vec<Tlsa>| list.iter().map(Tlsa::text).collect();
        out.push((format!("TLSA _25._tcp.{name}"), answer(&host.tlsa, tlsa)));
    }
    out
}

fn addresses(name: &str, addresses: &Addresses, out: &mut Vec<Side>) {
    for (kind, fact) in [("A", &addresses.a), ("AAAA", &addresses.aaaa)] {
        let lines = |list: &Vec<IpAddr>| list.iter().map(ToString::to_string).collect();
        out.push((format!("{kind} {name}"), answer(fact, lines)));
    }
}

/// The lines of an answer in an order of their own; what it came to where it has none.
fn answer<T>(fact: &Fact<Answer<T>>, lines: impl Fn(&T) -> Vec<String>) -> Option<Vec<String>> {
    let answer = fact.known()?;
    let mut out = match &answer.outcome {
        Outcome::Data(data) => lines(data),
        Outcome::NoData => vec!["no such records".into()],
        Outcome::NxDomain => vec!["no such name".into()],
        Outcome::Broken(_) => vec!["a CNAME that leads nowhere".into()],
        Outcome::Failed(failure) => vec![failure.words().into()],
    };
    out.sort();
    // Signed for one and not for the other: one of them does not check.
    if let Some(authentic) = answer.authentic {
        out.push(if authentic { "DNSSEC: authentic" } else { "DNSSEC: not signed" }.into());
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::read;

    fn differing(rows: &[Compared]) -> Vec<&str> {
        rows.iter().filter(|row| row.differs()).map(|row| row.what.as_str()).collect()
    }

    #[test]
    fn commands_ask_the_same_and_hold_nothing_for_a_shell() {
        let dns = |name: &str, kind, checking_disabled| {
            Ask::Dns { name: name.into(), kind, checking_disabled }.command()
        };
        let txt = dns("_mta-sts.example.com", RecordKind::Txt, false);
        assert_eq!(txt.as_deref(), Some("dig +dnssec TXT _mta-sts.example.com"));
        let unchecked = dns("example.com", RecordKind::Mx, true);
        assert_eq!(unchecked.as_deref(), Some("dig +dnssec +cdflag MX example.com"));
        for bad in ["", "a b.example", "a;b.example", "$(x).example", "-f.example", "a'b"] {
            assert_eq!(dns(bad, RecordKind::Txt, false), None, "{bad}");
            assert_eq!(Ask::Smtp { host: bad.into() }.command(), None, "{bad}");
            assert_eq!(Ask::Fetch { host: bad.into() }.command(), None, "{bad}");
        }
    }

    #[test]
    fn the_rule_about_policies_that_cannot_be_read_names_the_same_command() {
        let rule = crate::registry::find("LIVE-040").expect("it is there");
        assert!(rule.words().help.contains(CURL.trim_end()), "{}", rule.words().help);
    }

    #[test]
    fn every_question_belongs_to_a_step() {
        let step = |name: &str, kind| {
            Ask::Dns { name: name.into(), kind, checking_disabled: false }.step("example.com")
        };
        assert_eq!(step("_mta-sts.example.com", RecordKind::Txt), Step::Discover);
        assert_eq!(step("_smtp._tls.example.com", RecordKind::Txt), Step::Report);
        assert_eq!(step("mta-sts.example.com", RecordKind::A), Step::Fetch);
        assert_eq!(step("example.com", RecordKind::Mx), Step::Match);
        assert_eq!(step("mail.example.com", RecordKind::Aaaa), Step::Connect);
        assert_eq!(step("_25._tcp.mail.example.com", RecordKind::Tlsa), Step::Connect);
        assert_eq!(
            Ask::Fetch { host: "mta-sts.example.com".into() }.step("example.com"),
            Step::Fetch
        );
    }

    #[test]
    fn records_are_written_as_zone_files_have_them_with_nothing_invisible() {
        let reply = Reply::Dns(DnsReply {
            chain: vec!["a.example".into()],
            records: vec![
                Data::Txt(vec!["v=\"1\"".into(), "\u{202e}x".into()]),
                Data::Mx(Mx { preference: 10, exchange: "mail.example".into() }),
            ],
            ..DnsReply::default()
        });
        let lines = reply.lines();
        assert_eq!(lines[0], "CNAME a.example");
        assert!(
            lines[1].starts_with(r#""v=\"1\"" ""#) && !lines[1].contains('\u{202e}'),
            "{lines:?}"
        );
        assert_eq!(lines[2], "10 mail.example");
    }

    #[test]
    fn two_checks_differ_only_where_both_know() {
        let facts = |text: &str| read(text).expect("they are facts");
        let first = facts(
            r#"{"domain":"example.com","sts_txt":{"records":[["v=STSv1; id=1;"]],"ttl":300},"mx":[[10,"a.example"],[20,"b.example"]],"tlsrpt":{"status":"unobservable"}}"#,
        );
        let second = facts(
            r#"{"domain":"example.com","sts_txt":{"records":[["v=STSv1; ","id=2;"]],"ttl":60},"mx":[[20,"b.example"],[10,"a.example"]],"tlsrpt":{"records":[["v=TLSRPTv1; rua=mailto:a@example.com"]]}}"#,
        );
        assert_eq!(differing(&compare(&first, &second)), ["TXT _mta-sts.example.com"]);
        assert!(differing(&compare(&first, &first)).is_empty());
    }
}

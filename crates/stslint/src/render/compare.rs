//! Two checks of a domain side by side, in words.

use super::live::failure;
use crate::live::check::RecordKind;
use crate::live::facts::{Addresses, Answer, Fact, Facts, Fetched, Lookup, Mx, Records, Tlsa};
use crate::text::visible;
use std::collections::BTreeSet;
use std::net::IpAddr;

/// What two checks may see differently.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// The records of a type at a name.
    Dns(RecordKind, String),
    /// The HTTP status of the policy.
    PolicyStatus,
    /// The text of the policy.
    PolicyText,
}

impl Subject {
    /// Its name.
    pub fn words(&self) -> String {
        match self {
            Self::Dns(kind, name) => format!("{} {name}", kind.word()),
            Self::PolicyStatus => "Policy, status".into(),
            Self::PolicyText => "Policy, text".into(),
        }
    }
}

/// Something that was looked up twice: by two resolvers, or at two times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// What was asked.
    pub what: Subject,
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
    let mut names: Vec<&Subject> = first.iter().chain(&second).map(|(what, _)| what).collect();
    let mut seen = BTreeSet::new();
    names.retain(|what| seen.insert(*what));
    let of = |sides: &[Side], what: &Subject| {
        sides.iter().find(|(other, _)| other == what).and_then(|(_, lines)| lines.clone())
    };
    let compared = |what: &&Subject| Compared {
        what: (*what).clone(),
        first: of(&first, what),
        second: of(&second, what),
    };
    names.iter().map(compared).collect()
}

/// What was asked, and what came of it.
type Side = (Subject, Option<Vec<String>>);

/// One check as rows to compare.
fn sides(facts: &Facts) -> Vec<Side> {
    let domain = &facts.domain;
    let mut out: Vec<Side> = Vec::new();
    let txt = |records: &Records| match records {
        Records::Seen(list) => list.iter().map(|strings| visible(&strings.concat())).collect(),
        Records::Reported(_) => vec!["not shown".into()],
    };
    out.push((
        Subject::Dns(RecordKind::Txt, format!("_mta-sts.{domain}")),
        answer(&facts.sts, txt),
    ));
    out.push((
        Subject::Dns(RecordKind::Txt, format!("_smtp._tls.{domain}")),
        answer(&facts.tlsrpt, txt),
    ));
    let mx = |list: &Vec<Mx>| {
        list.iter().map(|mx| format!("{} {}", mx.preference, visible(&mx.exchange))).collect()
    };
    out.push((Subject::Dns(RecordKind::Mx, domain.clone()), answer(&facts.mx, mx)));
    addresses(&format!("mta-sts.{domain}"), &facts.policy_host, &mut out);
    if let Fact::Known(fetch) = &facts.fetch
        && let Fetched::Response(response) = &fetch.outcome
    {
        let status = (response.status != 0).then(|| vec![response.status.to_string()]);
        out.push((Subject::PolicyStatus, status));
        let lines =
            |body: &Vec<u8>| String::from_utf8_lossy(body).lines().map(visible).collect::<Vec<_>>();
        out.push((Subject::PolicyText, response.body.as_ref().map(lines)));
    }
    for (name, host) in &facts.hosts {
        addresses(name, &host.addresses, &mut out);
        let tlsa = |list: &Vec<Tlsa>| list.iter().map(Tlsa::text).collect();
        out.push((
            Subject::Dns(RecordKind::Tlsa, format!("_25._tcp.{name}")),
            answer(&host.tlsa, tlsa),
        ));
    }
    out
}

fn addresses(name: &str, addresses: &Addresses, out: &mut Vec<Side>) {
    for (kind, fact) in [(RecordKind::A, &addresses.a), (RecordKind::Aaaa, &addresses.aaaa)] {
        let lines = |list: &Vec<IpAddr>| list.iter().map(ToString::to_string).collect();
        out.push((Subject::Dns(kind, name.into()), answer(fact, lines)));
    }
}

/// The lines of an answer in an order of their own; what it came to where it has none.
fn answer<T>(fact: &Fact<Answer<T>>, lines: impl Fn(&T) -> Vec<String>) -> Option<Vec<String>> {
    let answer = fact.known()?;
    let mut out = match &answer.outcome {
        Lookup::Data(data) => lines(data),
        Lookup::NoData => vec!["no such records".into()],
        Lookup::NxDomain => vec!["no such name".into()],
        Lookup::Broken(_) => vec!["a CNAME that leads nowhere".into()],
        Lookup::Failed(how) => vec![failure(*how).into()],
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

    fn differing(rows: &[Compared]) -> Vec<&Subject> {
        rows.iter().filter(|row| row.differs()).map(|row| &row.what).collect()
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
        assert_eq!(
            differing(&compare(&first, &second)),
            [&Subject::Dns(RecordKind::Txt, "_mta-sts.example.com".into())]
        );
        assert!(differing(&compare(&first, &first)).is_empty());
    }
}

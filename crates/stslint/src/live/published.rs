//! What a domain has published, as far as it was looked up: what a new policy begins with.

use super::assessment::has_no_record;
use super::deployment::{Deployment, RecordStatus};
use super::facts::{Answer, Fact, Facts, Fetched, Lookup, Records};
use crate::build::policy_address;
use crate::build::providers::{self, Hosted};
use crate::build::wanted::{Published, Record, can_name};
use crate::input::{Input, Kind, ToAscii};
use crate::policy::Values;
use crate::{policy, record};

/// What a domain has published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Publishing {
    /// Its MX hosts, lowest preference first; itself where it has none, and none of a null MX (RFC 7505).
    pub hosts: Vec<String>,
    /// The policy, where an answer may have one.
    pub policy: Option<Vec<u8>>,
    /// What it says, where senders use it: nothing without a record that leads them to it.
    pub served: Values,
    /// The record at `_mta-sts`: of several, the first one.
    pub sts: Option<String>,
    /// The record at `_smtp._tls`: of several, the first one.
    pub rpt: Option<String>,
    /// The others there.
    pub more_rpt: Vec<String>,
    /// Who runs the policy for the domain, told by aliases.
    pub hosted: Option<&'static Hosted>,
    /// The names of these records that are aliases, each with what it leads to; empty where that was not told. No other record
    /// can stand beside an alias (RFC 1034 §3.6.2): whoever runs its target publishes the record.
    pub aliases: Vec<(String, String)>,
    /// Of which kinds there are several records, so that senders use none (RFC 8461 §3.1, RFC 8460 §3).
    pub several: Vec<Kind>,
    /// Whether there are no MX records, so that the domain is its own MX host (RFC 5321 §5.1).
    pub is_implicit: bool,
    /// What nobody could look up, so that it may be there: types and names in DNS, the address of the policy.
    pub unknown: Vec<String>,
}

impl Publishing {
    /// What facts show.
    pub fn of(facts: &Facts) -> Self {
        let mut made = Self { hosted: hosted(facts), ..Self::default() };
        let domain = &facts.domain;
        made.sts = made.txt(&facts.sts, format!("_mta-sts.{domain}"), Kind::StsTxt);
        made.rpt = made.txt(&facts.tlsrpt, format!("_smtp._tls.{domain}"), Kind::RptTxt);
        made.more_rpt = meant(&facts.tlsrpt, Kind::RptTxt).skip(1).collect();
        if is_unknown(&facts.mx) {
            made.unknown.push(format!("MX {domain}"));
        }
        let mx = facts.mx.known().and_then(Answer::data);
        let listed = mx.into_iter().flatten().filter(|mx| !mx.is_null());
        made.hosts = listed.map(|mx| mx.exchange.clone()).collect();
        let without = facts.mx.known().is_some_and(Answer::is_empty);
        if without && facts.apex.all().next().is_some() {
            made.hosts.push(domain.clone());
            made.is_implicit = true;
        }
        made.policy = facts.fetch.known().and_then(|fetch| match &fetch.outcome {
            Fetched::Response(response) if response.may_be_policy() => response.body.clone(),
            _ => None,
        });
        // What no record leads to is no policy of the domain: any web server may answer for the name.
        let deployment = Deployment::of(facts);
        if let Some(values) = deployment.policy.known().filter(|_| !has_no_record(&deployment)) {
            made.served = values.clone().unwrap_or_default();
        }
        let is_announced =
            !matches!(deployment.sts, Fact::Known(RecordStatus::Absent | RecordStatus::Broken(_)));
        let is_seen = match &facts.fetch {
            Fact::Known(fetch) => match &fetch.outcome {
                Fetched::Response(response) if response.may_be_policy() => response.body.is_some(),
                // Nothing is served there. Any other answer tells nothing of what is, or was an hour ago.
                Fetched::Response(response) => {
                    matches!(response.status, 404 | 410) || !is_announced
                }
                Fetched::Failed(_) => !is_announced,
            },
            // Nobody asks a host that is not there.
            Fact::Unknown(_) => matches!(
                facts.policy_host.outcome(),
                Fact::Known(Lookup::NxDomain | Lookup::NoData)
            ),
        };
        if !is_seen {
            made.unknown.push(policy_address(domain));
        }
        let statuses = [(&deployment.sts, Kind::StsTxt), (&deployment.tlsrpt, Kind::RptTxt)];
        let several = |(status, _): &(&Fact<RecordStatus>, _)| {
            **status == Fact::Known(RecordStatus::Multiple)
        };
        made.several.extend(statuses.into_iter().filter(several).map(|(_, kind)| kind));
        made
    }

    /// The first record that is meant for the name; where there is none, but for other uses, none.
    fn txt(&mut self, fact: &Fact<Answer<Records>>, name: String, kind: Kind) -> Option<String> {
        if is_unknown(fact) {
            self.unknown.push(format!("TXT {name}"));
        }
        let answer = fact.known()?;
        let record = match answer.data()? {
            Records::Seen(_) => Some(meant(fact, kind).next()?),
            Records::Reported(_) => None,
        };
        if let Some(target) = answer.chain.first() {
            self.aliases.push((name, target.clone()));
        }
        record
    }

    /// What a record of the domain is an alias of, so that no other record can stand there (RFC 1034 §3.6.2).
    pub fn alias(&self, record: &Record, domain: &str) -> Option<&str> {
        let name = [record.label, ".", domain].concat();
        self.aliases.iter().find(|(alias, _)| *alias == name).map(|(_, target)| target.as_str())
    }

    /// What the policy says, whether or not senders use it; nothing where there is none.
    pub fn values(&self) -> Values {
        let lint = |policy| policy::lint(&Input::new(policy)).0;
        self.policy.as_deref().map(lint).unwrap_or_default()
    }

    /// The patterns of the policy that match no MX host of now, and can stay: see [`providers::idle`].
    pub fn idle(&self, domain: &str, to_ascii: Option<ToAscii>) -> Vec<String> {
        let mut idle = providers::idle(&self.hosts, &self.values().mx);
        idle.retain(|pattern| can_name(pattern, domain, to_ascii));
        idle
    }

    /// The same for [`crate::build::wanted::Wanted`].
    pub fn published(&self) -> Published<'_> {
        Published {
            policy: self.policy.as_deref(),
            sts: self.sts.as_deref(),
            rpt: self.rpt.as_deref(),
            more_rpt: &self.more_rpt,
            several: &self.several,
        }
    }
}

/// Who runs the policy for the domain; none where no alias leads to a known one.
pub(super) fn hosted(facts: &Facts) -> Option<&'static Hosted> {
    let alias = facts.policy_host.alias.known().into_iter().flatten();
    let addresses = facts.policy_host.both().into_iter().filter_map(Fact::known);
    let chains = addresses.flat_map(|answer| &answer.chain);
    let announced = facts.sts.known().into_iter().flat_map(|answer| &answer.chain);
    alias.chain(chains).chain(announced).find_map(|target| Hosted::of(target))
}

/// The records that were seen at a name and are meant for it, their strings joined.
fn meant(fact: &Fact<Answer<Records>>, kind: Kind) -> impl Iterator<Item = String> {
    let seen = match fact.known().and_then(Answer::data) {
        Some(Records::Seen(records)) => records.as_slice(),
        _ => &[],
    };
    let joined = seen.iter().map(|strings| strings.concat());
    joined.filter(move |data| record::is_meant(data, kind))
}

fn is_unknown<T>(fact: &Fact<Answer<T>>) -> bool {
    fact.known().is_none_or(|answer| matches!(answer.outcome, Lookup::Failed(_)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::facts::{Addresses, Hidden, Mx, Reason};
    use crate::live::read;
    use crate::policy::Mode;

    fn seen(records: &[&str]) -> Fact<Answer<Records>> {
        let records = records.iter().map(|record| vec![(*record).to_owned()]).collect();
        Fact::Known(Answer::new(Lookup::Data(Records::Seen(records))))
    }

    #[test]
    fn a_policy_that_senders_do_not_use_is_not_served() {
        let policy = r#""policy":{"mode":"enforce","mx":["mx.a.example"],"max_age":1209600}"#;
        let cut = r#""http":{"status":200,"content_type":"text/plain","body":"version: STSv1\nmode: enforce\nmx: mx.a.example\n"}"#;
        for (record, policy, mode) in [
            ("ok", policy, Some(Mode::Enforce)),
            ("absent", policy, None),
            ("multiple", policy, None),
            ("ok", cut, None),
        ] {
            let text = format!(r#"{{"domain":"a.example","sts_txt":"{record}",{policy}}}"#);
            let facts = read(&text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
            assert_eq!(Publishing::of(&facts).served.mode, mode, "{text}");
        }
    }

    #[test]
    fn what_is_there_is_read_and_what_is_not_known_is_told() {
        let mx = |preference, exchange: &str| Mx { preference, exchange: exchange.into() };
        let mut facts = Facts {
            domain: "acme-mail.net".into(),
            sts: seen(&["v=spf1 -all", "v=STSv1; id=1"]),
            mx: Fact::Known(Answer::new(Lookup::Data(vec![
                mx(0, "."),
                mx(10, "mx.acme-mail.net"),
            ]))),
            policy_host: Addresses {
                a: Fact::Known(Answer::new(Lookup::NxDomain)),
                aaaa: Fact::Known(Answer::new(Lookup::NxDomain)),
                ..Addresses::default()
            },
            ..Facts::default()
        };
        let read = Publishing::of(&facts);
        assert_eq!(read.sts.as_deref(), Some("v=STSv1; id=1"));
        assert_eq!(read.hosts, ["mx.acme-mail.net"]);
        assert_eq!(read.unknown, ["TXT _smtp._tls.acme-mail.net"]);
        assert_eq!((read.rpt, read.policy, read.hosted), (None, None, None));

        facts.tlsrpt = seen(&["v=TLSRPTv1; rua=mailto:a@b.c", "x", "v=TLSRPTv1; rua=mailto:d@b.c"]);
        let read = Publishing::of(&facts);
        assert_eq!(read.rpt.as_deref(), Some("v=TLSRPTv1; rua=mailto:a@b.c"));
        assert_eq!(read.more_rpt, ["v=TLSRPTv1; rua=mailto:d@b.c"]);

        facts.tlsrpt = Fact::Known(Answer::new(Lookup::NxDomain));
        facts.policy_host.alias = Fact::Known(vec!["mta-sts.tutanota.de".into()]);
        let read = Publishing::of(&facts);
        assert_eq!(read.unknown, [""; 0]);
        let policy = "mode: testing\nmx: new.acme-mail.net\nmx: MX.acme-mail.net\nmx: mta-sts.acme-mail.net\n";
        let read = Publishing { policy: Some(policy.into()), ..read };
        assert_eq!(read.values().mode, Some(Mode::Testing));
        assert_eq!(read.idle("acme-mail.net", None), ["new.acme-mail.net"]);
        assert_eq!(read.hosted.map(|hosted| hosted.name), Some("Tuta"));
        facts.mx = Fact::Known(Answer::new(Lookup::NoData));
        assert_eq!(Publishing::of(&facts).hosts, [""; 0]);
        let address = "192.0.2.25".parse().expect("an address");
        facts.apex.a = Fact::Known(Answer::new(Lookup::Data(vec![address])));
        assert_eq!(Publishing::of(&facts).hosts, ["acme-mail.net"]);
        facts.mx = Fact::Unknown(Reason::Pending);
        assert_eq!(Publishing::of(&facts).unknown, ["MX acme-mail.net"]);
        // A policy that a browser may not read is not one that is not there.
        let address = "192.0.2.10".parse().expect("an address");
        facts.policy_host.a = Fact::Known(Answer::new(Lookup::Data(vec![address])));
        facts.fetch = Fact::Unknown(Reason::NotObservable(Hidden::Offline));
        let unknown = Publishing::of(&facts).unknown;
        assert_eq!(unknown[1..], ["https://mta-sts.acme-mail.net/.well-known/mta-sts.txt"]);
    }
}

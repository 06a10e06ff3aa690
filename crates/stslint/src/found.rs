//! What stands in a text and can be published as it stands there: the policy alone, and each record.

use crate::detect::{self, Sorted};
use crate::host::is_host_name;
use crate::input::{Form, Input, Kind};
use crate::record::{self, Written};
use crate::senders::verdict::answer;
use std::collections::{BTreeMap, BTreeSet};

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The policy, where all of it is there: the first of several.
    pub policy: Option<String>,
    /// What a policy host answered with that policy, head and all, where that stands inside another text. A text that is all an
    /// answer has neither.
    pub answer: Option<String>,
    /// How many more policies there are. A domain serves one (RFC 8461 §3.2), and the text does not tell which.
    pub others: usize,
    /// The records, in the order of the text.
    pub records: Vec<Written>,
}

/// What a text has for one name in DNS.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The domain above `_mta-sts` or `_smtp._tls` in the DNS, without root dot.
    pub domain: String,
    /// Whether the text says all of the domain.
    pub said: bool,
    /// What is to be published there.
    pub data: Data<'a>,
}

/// What is to be published at a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Data<'a> {
    /// This value.
    Value(&'a str),
    /// Nothing, as the name is a CNAME to this one, which has this value.
    Alias(&'a str, Option<&'a str>),
    /// What the text shows the beginning of only.
    Cut,
    /// One of so many different records: several count as none (RFC 8461 §3.1, RFC 8460 §3).
    Several(usize),
}

impl Found {
    /// The policy that can be published.
    pub fn one_policy(&self) -> Option<&str> {
        self.policy.as_deref().filter(|_| self.others == 0)
    }

    /// What is to be published of the records of a kind by somebody whose domain this is: one entry for a name.
    pub fn entries(&self, kind: Kind, domain: &str) -> Vec<Entry<'_>> {
        let records: Vec<_> = self.records.iter().filter(|record| record.kind == kind).collect();
        // A zone may be above the domain: then all that stands there begins the domain.
        let open = self.records.iter().filter(|record| record.whole_domain().is_none());
        let open: BTreeSet<&str> = open.map(|record| record.parent.as_str()).collect();
        let below_domain = |parent: &str| {
            let zone = domain.strip_prefix(parent).and_then(|rest| rest.strip_prefix('.'));
            match open.len() == 1 && zone.is_some_and(|zone| zone.contains('.')) {
                true => domain.to_owned(),
                false => [parent, ".", domain].concat(),
            }
        };
        let mut entries: Vec<Entry> = Vec::with_capacity(1);
        // Where the entry of each domain stands, and what was seen there.
        let mut seen = BTreeMap::new();
        for record in records {
            let said = record.whole_domain();
            let domain = match said {
                Some(whole) => whole.to_owned(),
                None if record.parent.is_empty() => domain.to_owned(),
                None => below_domain(&record.parent),
            };
            let (place, different) =
                seen.entry(domain.clone()).or_insert((entries.len(), BTreeSet::new()));
            different.insert((&record.value, &record.alias));
            match entries.get_mut(*place) {
                Some(entry) if different.len() > 1 => entry.data = Data::Several(different.len()),
                Some(_) => {}
                None => {
                    let data = match (&record.alias, &record.value) {
                        (Some(target), value) => Data::Alias(target, value.as_deref()),
                        (None, Some(value)) => Data::Value(value),
                        (None, None) => Data::Cut,
                    };
                    entries.push(Entry { domain, said: said.is_some(), data });
                }
            }
        }
        entries
    }

    /// The first domain that the names say; none where a record without one would have to choose among several.
    pub fn domain(&self) -> Option<&str> {
        let mut said = self.records.iter().filter_map(Written::whole_domain);
        let first = said.next()?;
        let is_needed = self.records.iter().any(|record| record.whole_domain().is_none());
        (is_host_name(first) && (!is_needed || said.all(|other| other == first))).then_some(first)
    }
}

/// Takes what can be published out of a text, whatever else is wrong with it.
pub fn found(input: &Input) -> Found {
    let Sorted { detected, carved, .. } = detect::sort(input);
    if let Some(carved) = carved {
        let text = carved.whole_policy();
        let body = text.and_then(|text| text.get(answer(text.as_bytes()).1..));
        let is_answer = |text: &&str| body.is_some_and(|body| body.len() < text.len());
        return Found {
            policy: body.map(str::to_owned),
            answer: text.filter(is_answer).map(str::to_owned),
            others: carved.others(),
            records: carved.publishable(input),
        };
    }
    let Ok(text) = str::from_utf8(input.source) else { return Found::default() };
    let text = text.trim_start_matches('\u{feff}');
    match (detected.kind, detected.form) {
        // An answer of a host is more than the policy.
        (Kind::Policy, Form::Bare) => Found { policy: Some(text.into()), ..Found::default() },
        (kind @ (Kind::StsTxt | Kind::RptTxt), form) => {
            Found { records: record::publishable(text, input, kind, form), ..Found::default() }
        }
        _ => Found::default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str =
        "version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 2592000\n";
    const STS: &str = "_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=20260101; a=b;\"\n";
    const RPT: &str =
        "_smtp._tls.acme-mail.net. IN TXT \"v=TLSRPTv1; rua=mailto:tls\" \"@acme-mail.net\"\n";

    #[test]
    fn each_part_of_a_text_is_taken_out_alone() {
        let sts = (Kind::StsTxt, "acme-mail.net.", "v=STSv1; id=20260101; a=b;");
        let rpt = (Kind::RptTxt, "acme-mail.net.", "v=TLSRPTv1; rua=mailto:tls@acme-mail.net");
        let bare = (Kind::StsTxt, "", "v=STSv1; id=1;");
        for (text, has_policy, records) in [
            (POLICY.to_owned(), true, &[][..]),
            ([POLICY, "\n", STS].concat(), true, &[sts]),
            ([STS, RPT, "\n", POLICY].concat(), true, &[sts, rpt]),
            (["This is what we publish:\n\n", POLICY, "Is it right?\n"].concat(), true, &[]),
            ([RPT, STS].concat(), false, &[rpt, sts]),
            (STS.replace(".acme-mail.net.", ""), false, &[(sts.0, "", sts.2)]),
            ("v=STSv1; id=1;\n".into(), false, &[bare]),
            ("\"v=STSv1; \" \"id=1;\"".into(), false, &[bare]),
            ("[[\"v=spf1 -all\"],[\"v=STSv1; id=1;\"]]".into(), false, &[bare]),
            (["HTTP/1.1 200 OK\n\n", POLICY].concat(), false, &[]),
            ("acme-mail.net".into(), false, &[]),
        ] {
            let found = found(&Input::new(text.as_bytes()));
            let seen: Vec<_> = found
                .records
                .iter()
                .map(|it| (it.kind, it.parent.as_str(), it.value.as_deref().unwrap_or_default()))
                .collect();
            assert_eq!(seen, records, "{text}");
            let policy = found.policy.as_deref().map(str::trim_end);
            assert_eq!(policy, has_policy.then_some(POLICY.trim_end()), "{text}");
        }
    }

    /// Each text with what is to be published at which domain, for somebody whose domain is acme-mail.net.
    const ENTRIES: &[(&str, &[(&str, Data)])] = &[
        // RFC 1035 §5.1: a name without a root dot is below the zone.
        (
            "_mta-sts 300 IN TXT \"v=STSv1; id=1;\"\n_mta-sts.shop 300 IN TXT \"v=STSv1; id=2;\"\n",
            &[
                ("acme-mail.net", Data::Value("v=STSv1; id=1;")),
                ("shop.acme-mail.net", Data::Value("v=STSv1; id=2;")),
            ],
        ),
        ("_mta-sts.localhost. IN TXT \"v=STSv1; id=1;\"", &[("localhost", ONE)]),
        ("_mta-sts.bücher.example. IN TXT \"v=STSv1; id=1;\"", &[("xn--bcher-kva.example", ONE)]),
        ("_mta-sts.bücher.example IN TXT \"v=STSv1; id=1;\"", &[("xn--bcher-kva.example", ONE)]),
        ("_mta-sts.acme.xn--p1ai. IN TXT \"v=STSv1; id=1;\"", &[("acme.xn--p1ai", ONE)]),
        ("_mta-sts.acme.xn--p1ai IN TXT \"v=STSv1; id=1;\"", &[("acme.xn--p1ai", ONE)]),
        ("_mta-sts.Shop_1.acme.net. IN TXT \"v=STSv1; id=1;\"", &[("shop_1.acme.net", ONE)]),
        ("_mta-sts.acme-mail IN TXT \"v=STSv1; id=1;\"", &[("acme-mail.acme-mail.net", ONE)]),
        (
            "$ORIGIN acme.org.\n_mta-sts IN TXT \"v=STSv1; id=1;\"\n$ORIGIN shop.acme.org.\n_mta-sts IN TXT \"v=STSv1; id=2;\"\n",
            &[("acme.org", ONE), ("shop.acme.org", Data::Value("v=STSv1; id=2;"))],
        ),
        // A name that is wrong, or no one's, is for the domain behind it.
        ("mta-sts.acme.org. IN TXT \"v=STSv1; id=1;\"", &[("acme.org", ONE)]),
        ("_mta-sts.acme.org.acme.org. IN TXT \"v=STSv1; id=1;\"", &[("acme.org", ONE)]),
        ("*.acme.org. IN TXT \"v=STSv1; id=1;\"", &[("acme.org", ONE)]),
        ("@ IN TXT \"v=STSv1; id=1;\"", &[("acme-mail.net", ONE)]),
        ("_mta-sts.${domain}. IN TXT \"v=STSv1; id=1;\"", &[("acme-mail.net", ONE)]),
        // RFC 8461 §3.1: senders follow a CNAME.
        (
            "_mta-sts.acme.org. IN CNAME acme._mta-sts.hoster.com.\nacme._mta-sts.hoster.com. IN TXT \"v=STSv1; id=1;\"\n",
            &[("acme.org", Data::Alias("acme._mta-sts.hoster.com", Some("v=STSv1; id=1;")))],
        ),
        // What is cut is not known.
        (
            "_mta-sts.acme.org                     TXT    300   Answer     {v=STSv1; id=20210...}\n",
            &[("acme.org", Data::Cut)],
        ),
        ("_mta-sts | TXT | v=STSv1; id=2026...\n", &[("acme-mail.net", Data::Cut)]),
        (
            "_mta-sts IN TXT \"v=STSv1; id=1; a=b...\"\n",
            &[("acme-mail.net", Data::Value("v=STSv1; id=1; a=b..."))],
        ),
        // Of several, senders use none.
        (
            "$ dig +short txt _mta-sts.acme.org @192.0.2.1\n\"v=STSv1; id=1\"\n$ dig +short txt _mta-sts.acme.org @192.0.2.2\n\"v=STSv1; id=2\"\n",
            &[("acme.org", Data::Several(2))],
        ),
        (
            "_mta-sts IN TXT \"v=STSv1; id=1;\"\n_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=1;\"\n",
            &[("acme-mail.net", ONE)],
        ),
    ];

    const ONE: Data = Data::Value("v=STSv1; id=1;");

    #[test]
    fn each_name_has_one_record_and_says_whose_it_is() {
        let to_ascii: crate::ToAscii =
            |name| Some(name.replace("bücher", "xn--bcher-kva").to_ascii_lowercase());
        for (text, expected) in ENTRIES {
            let found = found(&Input { to_ascii: Some(to_ascii), ..Input::new(text.as_bytes()) });
            let entries = found.entries(Kind::StsTxt, "acme-mail.net");
            let entries: Vec<_> =
                entries.iter().map(|entry| (entry.domain.as_str(), entry.data)).collect();
            assert_eq!(entries, *expected, "{text}");
        }
        let text =
            "_mta-sts.acme.org. IN TXT \"v=STSv1; id=1;\"\n_mta-sts IN TXT \"v=STSv1; id=1;\"\n";
        let found = found(&Input::new(text.as_bytes()));
        let entries = found.entries(Kind::StsTxt, "acme-mail.net");
        let said: Vec<_> = entries.iter().map(|it| (it.domain.as_str(), it.said)).collect();
        assert_eq!(said, [("acme.org", true), ("acme-mail.net", false)]);
    }

    #[test]
    fn a_wildcard_is_for_the_domain_behind_it() {
        for name in ["_smtp._tls.acme.org.", "*._tls.acme.org.", "*.acme.org."] {
            let text = format!("{name} IN TXT \"v=TLSRPTv1; rua=mailto:t@acme.org\"");
            let found = found(&Input::new(text.as_bytes()));
            let entries = found.entries(Kind::RptTxt, "acme-mail.net");
            assert_eq!(entries.len(), 1, "{text}");
            assert_eq!(entries[0].domain, "acme.org", "{text}");
        }
    }

    #[test]
    fn a_zone_may_be_above_the_domain() {
        let shop = "_mta-sts.shop IN TXT \"v=STSv1; id=1;\"\n";
        let both = [shop, "_mta-sts IN TXT \"v=STSv1; id=2;\"\n"].concat();
        for (text, domains) in [
            (shop, &["shop.acme-mail.net"][..]),
            (&both, &["shop.shop.acme-mail.net", "shop.acme-mail.net"]),
        ] {
            let found = found(&Input::new(text.as_bytes()));
            let entries = found.entries(Kind::StsTxt, "shop.acme-mail.net");
            let seen: Vec<_> = entries.iter().map(|entry| entry.domain.as_str()).collect();
            assert_eq!(seen, domains, "{text}");
        }
    }

    #[test]
    fn a_name_that_cannot_be_written_in_a_labels_stays() {
        let found =
            found(&Input::new("_mta-sts.bücher.example. IN TXT \"v=STSv1; id=1;\"".as_bytes()));
        assert_eq!(found.records[0].whole_domain(), Some("bücher.example"));
        assert_eq!(found.domain(), None, "it is none to look up");
    }

    #[test]
    fn the_domain_of_one_record_is_that_of_others_where_they_agree() {
        let sts = |domain| ["_mta-sts", domain, " IN TXT \"v=STSv1; id=1;\"\n"].concat();
        for (domains, expected) in [
            (&[".acme.org."][..], Some("acme.org")),
            (&[".acme.org.", ""], Some("acme.org")),
            (&["", ".shop"], None),
            (&[".acme.org.", ".acme.net."], Some("acme.org")),
            (&[".acme.org.", ".acme.net.", ""], None),
        ] {
            let text: String = domains.iter().copied().map(sts).collect();
            assert_eq!(found(&Input::new(text.as_bytes())).domain(), expected, "{text}");
        }
    }

    #[test]
    fn of_several_policies_none_is_the_one() {
        let text =
            ["Before:\n\n", POLICY, "\nAfter:\n\n", &POLICY.replace("enforce", "testing")].concat();
        let found = found(&Input::new(text.as_bytes()));
        assert_eq!((found.one_policy(), found.others), (None, 1));
        assert!(found.policy.is_some_and(|first| first.contains("enforce")));
    }

    #[test]
    fn the_head_of_an_answer_is_no_part_of_the_policy() {
        let answer = ["HTTP/2 200\ncontent-type: text/html\n\n", POLICY].concat();
        let command = "$ curl -sS -i https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\n";
        let text = [command, &answer, "$ dig +short TXT _mta-sts.acme-mail.net\n", STS].concat();
        let found = found(&Input::new(text.as_bytes()));
        assert_eq!(found.policy.as_deref(), Some(POLICY));
        assert_eq!(found.answer.as_deref(), Some(&*answer));
        assert_eq!(found.records.len(), 1);
    }

    #[test]
    fn a_policy_of_which_a_program_makes_a_part_is_none() {
        let text = POLICY.replace("mx: mail", "{% for mx in hosts %}mx: mail");
        let text = ["```\n", &text, "```\n", STS].concat();
        let found = found(&Input::new(text.as_bytes()));
        assert_eq!((found.policy, found.records.len()), (None, 1));
    }
}

//! What a live check comes to, in words: where the domain stands, and how each step of a sender goes.

use super::super::words::{Headline, State as Overall, upper};
use super::hidden;
use crate::Kind;
use crate::finding::Severity;
use crate::live::facts::{Facts, Hidden, Lookup, Peer, Reason};
use crate::live::{self, Assessment, Dane, MxHost, NotKnown, NotReached, Standing, State, Step};
use crate::policy::Mode;
use crate::text::visible;
use std::borrow::Cow;

/// Where a domain stands, in words: the worst finding, in the order in which a sender meets them, or else what
/// [`Standing`] says. Where something is not known it says so, and never that all is well.
pub fn headline(assessment: &Assessment) -> Headline {
    let domain = &assessment.facts.domain;
    let reports = assessment.state(Step::Report);
    let record = match reports {
        State::Ok => "Records",
        _ => "Record",
    };
    let (state, title, next) = match assessment.standing() {
        Standing::Problem(worst) => return problem(assessment, worst),
        Standing::NotChecked => {
            let (why, more) = not_checked(&assessment.facts);
            (Overall::NotLinted, format!("{domain} was not checked: {why}."), more)
        }
        Standing::NotUsed if is_no_name(&assessment.facts) => (
            Overall::NotLinted,
            format!("{domain} does not exist."),
            "DNS knows no such name. See whether it is spelt right.".into(),
        ),
        Standing::NotUsed => (
            Overall::NotLinted,
            format!("{domain} does not use MTA-STS."),
            without_mta_sts(assessment).into(),
        ),
        Standing::RecordToSee => {
            let title = match assessment.policy {
                Some(_) => "The policy is right; the record at `_mta-sts` was not seen.".into(),
                None => format!("Whether {domain} uses MTA-STS was not seen."),
            };
            (Overall::NotLinted, title, not_seen(assessment, &[]))
        }
        Standing::NoPolicy => (
            Overall::Review,
            "The record is right, but senders get no policy.".into(),
            format!(
                "They treat the domain as one without MTA-STS. Why there is none was not seen.{}",
                spaced(not_seen(assessment, &[Step::Fetch]))
            ),
        ),
        Standing::PolicyToRead => {
            let half = if *reports == State::Ok { "Half of it" } else { "The record" };
            let why = match assessment.state(Step::Fetch) {
                State::NotKnown(NotKnown::Fact(Reason::NotObservable(why))) => match hidden(why) {
                    why if why.is_empty() => "It could not be fetched.".into(),
                    why => format!("It could not be fetched: {}.", visible(&why)),
                },
                _ => "It was not fetched.".into(),
            };
            let hosts = [Step::Fetch, Step::Match, Step::Connect];
            let except = if assessment.mx_hosts.is_empty() { &hosts[..1] } else { &hosts };
            let more = spaced(not_seen(assessment, except));
            (
                Overall::NotLinted,
                format!("{half} is right; the policy still has to be read."),
                format!("{why} Until then it is not known here whether mail is protected.{more}"),
            )
        }
        Standing::Off => (
            Overall::Review,
            "Switched off: the policy says `none`, so nothing is protected.".into(),
            format!(
                "Senders treat the domain as one without a policy.{}",
                spaced(not_seen(assessment, &[]))
            ),
        ),
        Standing::NoMail => (
            Overall::Good,
            format!("Record and policy are right, but {domain} takes no mail."),
            format!("So there is nothing to protect.{}", spaced(not_seen(assessment, &[]))),
        ),
        Standing::Testing => {
            // Without reports there is a warning.
            let then = match reports {
                State::Ok => {
                    " When their reports have shown no failures for some weeks, change to `enforce`."
                }
                _ => "",
            };
            (
                Overall::Review,
                "Set up, in testing mode: nothing is protected yet.".into(),
                format!(
                    "Senders check, report failures, and deliver all the same.{then}{}",
                    spaced(not_seen(assessment, &[]))
                ),
            )
        }
        Standing::HostsToSee => (
            Overall::NotLinted,
            "Record and policy are right; the mail servers were not seen.".into(),
            not_seen(assessment, &[]),
        ),
        Standing::CertificatesToSee => {
            let is_seen = |host: &MxHost| {
                assessment.facts.hosts.get(&host.host).is_some_and(|h| h.smtp.known().is_some())
            };
            let only = match reports {
                _ if assessment.mx_hosts.iter().any(is_seen) => {
                    "Not all of the mail servers' certificates were checked."
                }
                State::NotKnown(_) => "The mail servers' certificates were not checked.",
                _ => "Only the mail servers' certificates were not checked.",
            };
            (
                Overall::Good,
                format!("{record} and policy are right. {only}"),
                format!(
                    "The policy says `enforce`: a server without STARTTLS, or without a valid certificate for its \
                     name, gets no mail.{}",
                    spaced(not_seen(assessment, &[Step::Connect]))
                ),
            )
        }
        Standing::Works => (
            Overall::Good,
            format!("MTA-STS of {domain} works."),
            format!(
                "Senders deliver only over verified TLS to your MX hosts.{}{}",
                spaced(unmatched(assessment)),
                spaced(not_seen(assessment, &[]))
            ),
        ),
    };
    Headline { state, title, next }
}

/// Whether a domain does not exist at all (RFC 8020).
fn is_no_name(facts: &Facts) -> bool {
    facts.mx.known().is_some_and(|answer| answer.outcome == Lookup::NxDomain)
}

/// The worst finding with what it does to mail and what to do, and how many more there are.
fn problem(assessment: &Assessment, worst: Severity) -> Headline {
    let mut said = said(assessment);
    let is_error = |said: &&Said| said.severity == Severity::Error;
    // That senders get no policy follows from what is wrong with it or with its host.
    let causes = said.iter().filter(is_error).filter(|said| said.step == Step::Fetch).count();
    if causes > 1 {
        said.retain(|said| said.code != NO_POLICY);
    }
    let first = said.iter().find(|said| said.severity == worst);
    let part = first.filter(is_error).and_then(|first| first.part);
    let errors = said.iter().filter(is_error).filter(|said| said.part == part).count();
    let all = said.iter().filter(|said| said.severity <= Severity::Warning).count();
    let more = match all - usize::from(first.is_some()) {
        0 => String::new(),
        1 => " There is one more finding to look at.".into(),
        more => format!(" There are {more} more findings to look at."),
    };
    let state = if worst == Severity::Error { Overall::Broken } else { Overall::Review };
    if let Some(first) = first {
        let (effect, help) = (first.effect, first.help);
        // What one error does alone says little where there are others: who takes the one may stumble over the other. What to do
        // about it stands beside it.
        let told = match part.filter(|_| errors > 1).map(|part| assessment.parts[part].kind) {
            None => format!("{effect} {help}"),
            Some(kind) => format!(
                "{help} The {} has {errors} errors, and senders that follow the standard do not use it.",
                if kind == Kind::Policy { "policy" } else { "record" }
            ),
        };
        return Headline {
            state,
            title: format!("{}.", first.message),
            next: format!("{told}{more}").trim_start().to_owned(),
        };
    }
    let at = Step::ALL.into_iter().find(|step| assessment.problem(*step) == Some(worst));
    Headline {
        state,
        title: format!("Something is wrong with {}.", what(at.unwrap_or(Step::Discover))),
        next: format!("What it is was not seen.{more}"),
    }
}

/// Why nothing was checked, in a few words, and what to do.
fn not_checked(facts: &Facts) -> (String, String) {
    let domain = &facts.domain;
    let Some(Reason::NotObservable(why)) = live::unanswered(facts) else {
        return ("nothing was looked up yet".into(), format!("That says nothing about {domain}."));
    };
    if matches!(why, Hidden::Offline | Hidden::Stopped) {
        return (
            hidden(why).into_owned(),
            format!("That says nothing about {domain}. Check it again."),
        );
    }
    // The name stands in facts, which may come from anybody.
    let name: String =
        facts.resolver.as_deref().unwrap_or("the resolver").chars().take(80).collect();
    let detail = visible(&hidden(why));
    let detail = if detail.is_empty() { detail } else { format!("{}. ", upper(&detail)) };
    let more =
        format!("{detail}That says nothing about {domain}. Ask again, or ask another resolver.");
    (format!("no answer from {}", visible(&name)), more)
}

/// What a domain without MTA-STS does without.
fn without_mta_sts(assessment: &Assessment) -> &'static str {
    let hosts = &assessment.mx_hosts;
    let nobody = State::NotReached(NotReached::NullMx);
    let nowhere = State::NotReached(NotReached::NoMailHost);
    if [nobody, nowhere].contains(assessment.state(Step::Match)) {
        "It takes no mail, so there is nothing to protect."
    } else if hosts.iter().any(|host| host.dane == Dane::Protected) {
        "Where a mail host has DANE, senders that use DANE encrypt and check. All other mail to it is encrypted \
         only as long as nobody on the way prevents it, and nobody would notice."
    } else if hosts.is_empty() || hosts.iter().any(|host| host.dane == Dane::Unknown) {
        "Unless DANE protects it, mail to it is encrypted only as long as nobody on the way prevents it, and nobody \
         would notice."
    } else {
        "Mail to it is encrypted only as long as nobody on the way prevents it, and nobody would notice."
    }
}

/// What was not seen, in a sentence; empty if all was, but for these steps.
fn not_seen(assessment: &Assessment, except: &[Step]) -> String {
    let unknown = |step: &&Step| matches!(assessment.state(**step), State::NotKnown(_));
    let steps = Step::ALL.iter().filter(unknown).filter(|step| !except.contains(step));
    let what: Vec<&str> = steps.map(|step| what(*step)).collect();
    if what.is_empty() { String::new() } else { format!("Not seen: {}.", what.join("; ")) }
}

/// The hosts with DANE whose TLSA records were not compared with their certificates, in a sentence; empty if there are none.
fn unmatched(assessment: &Assessment) -> String {
    let is_matched = |host: &MxHost| {
        let smtp = assessment.facts.hosts.get(&host.host).and_then(|host| host.smtp.known());
        smtp.and_then(|smtp| smtp.certificate.matches(&host.tlsa)) == Some(true)
    };
    let hosts = assessment.mx_hosts.iter().filter(|host| host.dane == Dane::Protected);
    let hosts: Vec<&str> = hosts.filter(|h| !is_matched(h)).map(|host| &host.host[..]).collect();
    if hosts.is_empty() {
        return String::new();
    }
    format!("Whether the TLSA records match was not checked: {}.", visible(&hosts.join(", ")))
}

/// The text behind a sentence.
fn spaced(text: String) -> String {
    if text.is_empty() { text } else { format!(" {text}") }
}

/// What a sender does in a step, and what it is good for: true for the mode of the policy.
pub fn about(step: Step, assessment: &Assessment) -> String {
    let domain = &assessment.facts.domain;
    let no_policy = assessment.no_policy;
    let mode = assessment.policy.as_ref().and_then(|policy| policy.mode);
    match (step, mode) {
        (Step::Discover, _) => {
            format!("The record at `_mta-sts.{domain}` tells senders whether there is a policy.")
        }
        (Step::Fetch, _) => {
            format!("The policy comes by HTTPS from `mta-sts.{domain}`, which proves that it is yours.")
        }
        (Step::Report, _) => format!("Where failures are reported: the record at `_smtp._tls.{domain}`."),
        (Step::Match, _) if no_policy => {
            "Without a policy, mail goes to whatever hosts DNS names.".into()
        }
        (Step::Match, Some(Mode::Enforce)) => "Mail goes only to hosts that the policy names.".into(),
        (Step::Match, Some(Mode::Testing)) => {
            "Mail goes to all hosts in testing mode; those that the policy does not name are reported.".into()
        }
        (Step::Match, Some(Mode::None)) => {
            "Mail goes to all hosts in mode none, whatever the policy names.".into()
        }
        (Step::Match, None) => {
            "In mode enforce, mail goes only to hosts that the policy names.".into()
        }
        (Step::Connect, _) if no_policy => {
            "Without a policy, nobody checks the host's certificate, except by DANE.".into()
        }
        (Step::Connect, Some(Mode::Enforce)) => {
            "The host has to offer STARTTLS with a certificate for its name. DANE does the same by DNSSEC.".into()
        }
        (Step::Connect, Some(Mode::Testing)) => {
            "The host should offer STARTTLS with a certificate for its name. In testing mode, failures are reported \
             and mail is delivered all the same. DANE does not wait for that."
                .into()
        }
        (Step::Connect, Some(Mode::None)) => {
            "In mode none, nobody checks the host's certificate, except by DANE.".into()
        }
        (Step::Connect, None) => {
            "In mode enforce, the host has to offer STARTTLS with a certificate for its name. DANE does the same by \
             DNSSEC."
                .into()
        }
    }
}

/// How a step goes, in a few words.
pub fn state(step: Step, assessment: &Assessment) -> Cow<'static, str> {
    Cow::Borrowed(match assessment.state(step) {
        State::Ok => "Good",
        State::Problem if is_broken(step, assessment) => "Broken",
        State::Problem => "To review",
        State::Absent => "Not there",
        State::NotKnown(NotKnown::Policy(_)) => "Needs the policy",
        State::NotKnown(NotKnown::Fact(why) | NotKnown::Smtp(_, why))
            if only_browsers_miss(why) =>
        {
            "A browser can't see this"
        }
        State::NotKnown(_) => "Not seen",
        State::NotReached(NotReached::ModeNone) => "Not reached: the policy says none",
        State::NotReached(NotReached::NullMx) => "Not reached: no mail is taken",
        State::NotReached(NotReached::NoMailHost) => "Not reached: there is no mail host",
        State::NotReached(why) => {
            if let Some(at) = Step::ALL.iter().position(|step| is_broken(*step, assessment)) {
                return Cow::Owned(format!("Not reached: step {} fails", at + 1));
            }
            match why {
                NotReached::NoRecord => "Not reached: there is no record",
                _ => "Not reached: there is no policy",
            }
        }
    })
}

/// Whether a step has an error.
fn is_broken(step: Step, assessment: &Assessment) -> bool {
    assessment.problem(step) == Some(Severity::Error)
}

/// Whether a command would see what was not seen.
const fn only_browsers_miss(why: &Reason) -> bool {
    matches!(why, Reason::NotObservable(Hidden::NoPort25 | Hidden::Unreadable(Peer::PolicyHost)))
}

/// The rule that tells what comes of all that is wrong in the step of the policy.
const NO_POLICY: &str = "LIVE-003";

/// What one finding says, wherever it was made.
struct Said {
    step: Step,
    /// Which of the parts it is of; none for a finding of the check.
    part: Option<usize>,
    code: &'static str,
    severity: Severity,
    message: String,
    effect: &'static str,
    help: &'static str,
}

/// All findings in the order of the steps: those of the parts before those of the check.
fn said(assessment: &Assessment) -> Vec<Said> {
    let mut said = Vec::new();
    for result in &assessment.steps {
        let parts = result.parts.iter().map(|i| (Some(*i), &assessment.parts[*i]));
        let of_parts = parts.flat_map(|(i, part)| {
            part.findings.iter().map(move |finding| (i, finding, &part.source[..]))
        });
        let own = result.found.iter().map(|i| (None, &assessment.found[*i].finding, &[][..]));
        said.extend(of_parts.chain(own).map(|(part, finding, source)| Said {
            step: result.step,
            part,
            code: finding.rule.code,
            severity: finding.rule.severity,
            message: finding.message(source),
            effect: finding.rule.words().effect,
            help: finding.rule.words().help,
        }));
    }
    said
}

/// What there is to see of a step.
const fn what(step: Step) -> &'static str {
    match step {
        Step::Discover => "the record at `_mta-sts`",
        Step::Fetch => "the policy",
        Step::Match => "whether the policy covers the mail hosts",
        Step::Connect => "STARTTLS and the certificates of the mail hosts",
        Step::Report => "the record at `_smtp._tls`",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD: &str = r#""sts_txt":"ok""#;
    const SEVERAL: &str = r#""sts_txt":"multiple""#;
    const ABSENT: &str = r#""sts_txt":"absent""#;
    const REPORTS: &str = r#""tlsrpt":"ok""#;
    const MX: &str = r#""mx":[[10,"mail.example.com"]]"#;
    const HIDDEN: &str = r#""http":{"error":"opaque"}"#;
    const SEEN: &str = r#""date":"2026-11-25T10:00:00Z","smtp":{"mail.example.com":{"starttls":true,"certificate":{
        "names":["mail.example.com"],"not_before":"2026-10-01T00:00:00Z","not_after":"2027-03-01T00:00:00Z",
        "trusted":true}}}"#;
    const NO_RESOLVER: &str = r#""resolver":"Cloudflare","sts_txt":{"status":"unobservable",
        "reason":"the resolver can't be reached"},"tlsrpt":{"status":"unobservable"},"mx_status":"unobservable""#;

    fn policy(mode: &str) -> String {
        format!(r#""policy":{{"mode":"{mode}","mx":["mail.example.com"],"max_age":1209600}}"#)
    }

    fn assessed(members: &[&str]) -> Assessment {
        let facts = format!(r#"{{"domain":"example.com",{}}}"#, members.join(","));
        live::judge(&live::read(&facts).unwrap_or_else(|problems| panic!("{facts}: {problems:?}")))
    }

    #[test]
    fn each_standing_has_a_title_that_is_true() {
        use Overall::{Broken, Good, NotLinted, Review};
        let [enforce, testing, none] = ["enforce", "testing", "none"].map(policy);
        let (enforce, testing, none) = (&enforce[..], &testing[..], &none[..]);
        let absent = r#""tlsrpt":"absent""#;
        let null = r#""mx":[[0,"."]]"#;
        let dane = r#""mx_ad":true,"tlsa":{"mail.example.com":{"records":["3 1 1 0000000000000000000000000000000000000000000000000000000000000000"],"ad":true}}"#;
        for (members, standing, state, title, next) in [
            (
                &[NO_RESOLVER][..],
                Standing::NotChecked,
                NotLinted,
                "example.com was not checked: no answer from Cloudflare.",
                "The resolver can't be reached. That says nothing about example.com. Ask again, or ask another resolver.",
            ),
            (
                &[r#""resolver":"Cloudflare""#],
                Standing::NotChecked,
                NotLinted,
                "example.com was not checked: nothing was looked up yet.",
                "That says nothing about example.com.",
            ),
            (
                &[r#""sts_txt":"absent""#, null],
                Standing::NotUsed,
                NotLinted,
                "example.com does not use MTA-STS.",
                "It takes no mail, so there is nothing to protect.",
            ),
            (
                &[r#""sts_txt":"nxdomain""#, r#""mx_status":"nxdomain""#],
                Standing::NotUsed,
                NotLinted,
                "example.com does not exist.",
                "DNS knows no such name.",
            ),
            (
                &[r#""sts_txt":"absent""#, MX],
                Standing::NotUsed,
                NotLinted,
                "example.com does not use MTA-STS.",
                "Unless DANE protects it, mail",
            ),
            (
                &[
                    r#""sts_txt":"absent""#,
                    MX,
                    r#""tlsa":{"mail.example.com":{"status":"nodata"}}"#,
                ],
                Standing::NotUsed,
                NotLinted,
                "example.com does not use MTA-STS.",
                "Mail to it is encrypted only as long as nobody on the way prevents it",
            ),
            (
                &[r#""sts_txt":"absent""#, MX, dane],
                Standing::NotUsed,
                NotLinted,
                "example.com does not use MTA-STS.",
                "Where a mail host has DANE, senders that use DANE encrypt",
            ),
            (
                &[REPORTS, MX],
                Standing::RecordToSee,
                NotLinted,
                "Whether example.com uses MTA-STS was not seen.",
                "Not seen: the record at `_mta-sts`; the policy; ",
            ),
            (
                &[enforce, MX],
                Standing::RecordToSee,
                NotLinted,
                "The policy is right; the record at `_mta-sts` was not seen.",
                "Not seen: the record at `_mta-sts`; ",
            ),
            (
                &[RECORD, REPORTS, MX, HIDDEN],
                Standing::PolicyToRead,
                NotLinted,
                "Half of it is right; the policy still has to be read.",
                "It could not be fetched. Until then it is not known here whether mail is protected.",
            ),
            (
                &[RECORD, absent, MX],
                Standing::PolicyToRead,
                NotLinted,
                "The record is right; the policy still has to be read.",
                "It was not fetched. Until then it is not known here whether mail is protected.",
            ),
            (
                &[RECORD, HIDDEN],
                Standing::PolicyToRead,
                NotLinted,
                "The record is right; the policy still has to be read.",
                "Not seen: whether the policy covers",
            ),
            (
                &[RECORD, REPORTS, MX, none],
                Standing::Off,
                Review,
                "Switched off: the policy says `none`, so nothing is protected.",
                "Senders treat the domain as one without a policy.",
            ),
            (
                &[RECORD, REPORTS, MX, testing],
                Standing::Testing,
                Review,
                "Set up, in testing mode: nothing is protected yet.",
                "change to `enforce`. Not seen: STARTTLS",
            ),
            (
                &[RECORD, MX, testing, SEEN],
                Standing::Testing,
                Review,
                "Set up, in testing mode: nothing is protected yet.",
                "all the same. Not seen: the record at `_smtp._tls`.",
            ),
            (
                &[RECORD, REPORTS, enforce],
                Standing::HostsToSee,
                NotLinted,
                "Record and policy are right; the mail servers were not seen.",
                "Not seen: whether the policy covers",
            ),
            (
                &[RECORD, REPORTS, MX, enforce],
                Standing::CertificatesToSee,
                Good,
                "Records and policy are right. Only the mail servers' certificates were not checked.",
                "The policy says `enforce`: a server without STARTTLS",
            ),
            (
                &[RECORD, MX, enforce],
                Standing::CertificatesToSee,
                Good,
                "Record and policy are right. The mail servers' certificates were not checked.",
                "gets no mail. Not seen: the record at `_smtp._tls`.",
            ),
            (
                &[RECORD, REPORTS, MX, enforce, SEEN],
                Standing::Works,
                Good,
                "MTA-STS of example.com works.",
                "Senders deliver only over verified TLS to your MX hosts.",
            ),
            (
                &[RECORD, MX, enforce, SEEN],
                Standing::Works,
                Good,
                "MTA-STS of example.com works.",
                "hosts. Not seen: the record at `_smtp._tls`.",
            ),
            (
                &[r#""sts_txt":"invalid""#, MX],
                Standing::Problem(Severity::Error),
                Broken,
                "Something is wrong with the record at `_mta-sts`.",
                "What it is was not seen.",
            ),
        ] {
            let assessment = assessed(members);
            let head = headline(&assessment);
            assert_eq!(assessment.standing(), standing, "{members:?}: {head:?}");
            assert_eq!(head.state, state, "{members:?}: {head:?}");
            assert!(head.title == title, "{members:?}: {head:?}");
            assert!(head.next.contains(next), "{members:?}: {head:?}");
            let whole = format!("{} {}", head.title, head.next);
            assert!(
                !whole.contains("from here") && !whole.contains("  ") && !whole.ends_with(' '),
                "{whole}"
            );
        }
    }

    #[test]
    fn a_problem_says_what_it_does_to_mail_and_what_to_do() {
        let elsewhere =
            r#""policy":{"mode":"enforce","mx":["other.example.com"],"max_age":1209600}"#;
        let head = headline(&assessed(&[RECORD, REPORTS, MX, elsewhere]));
        let rule = crate::registry::find("LIVE-061").expect("there is such a rule");
        assert!(head.title.starts_with("The policy covers none of the MX hosts"), "{head:?}");
        assert!(head.next.starts_with(rule.words().effect), "{head:?}");
        assert!(head.next.contains(rule.words().help), "{head:?}");
    }

    #[test]
    fn the_cause_is_told_before_what_comes_of_it() {
        for (members, title) in [
            (
                r#""http":{"error":"cert-expired"}"#,
                "The certificate of `mta-sts.example.com` has expired or is not valid yet.",
            ),
            (
                r#""http":{"status":404}"#,
                "The policy host answers with status 404; senders accept only 200.",
            ),
            (
                r#""policy_host":{"status":"nxdomain"}"#,
                "The policy host `mta-sts.example.com` does not exist.",
            ),
            (
                r#""policy_host":{"status":"bogus"},"policy":null"#,
                "DNSSEC of `mta-sts.example.com` is broken: senders get no new policy.",
            ),
            (r#""policy":null"#, "The record announces MTA-STS, but senders get no policy."),
        ] {
            let head = headline(&assessed(&[RECORD, REPORTS, MX, members]));
            assert_eq!(head.title, title);
            assert!(!head.next.contains("more"), "{head:?}");
        }
        let reports = r#""tlsrpt":"servfail""#;
        let head = headline(&assessed(&[RECORD, reports, MX, &policy("enforce")]));
        let title =
            "The look-up of `_smtp._tls.example.com` fails (servfail): senders send no reports.";
        assert_eq!(head.title, title);
        let next = "It lasts until the look-up works again. What resolvers and senders have kept they use as long as they may. ";
        assert!(head.next.starts_with(next), "{head:?}");
    }

    #[test]
    fn what_was_not_compared_is_said() {
        let both = r#""mx":[[10,"mail.example.com"],[20,"b.example.com"]]"#;
        let policy = r#""policy":{"mode":"enforce","mx":["*.example.com"],"max_age":1209600}"#;
        let head = headline(&assessed(&[RECORD, REPORTS, both, policy, SEEN]));
        let title =
            "Records and policy are right. Not all of the mail servers' certificates were checked.";
        assert_eq!(head.title, title);

        let record = format!("3 1 1 {}", "00".repeat(32));
        let dane = format!(
            r#""mx_ad":true,"tlsa":{{"mail.example.com":{{"records":["{record}"],"ad":true}}}}"#
        );
        let matching =
            SEEN.replace(r#""trusted":true"#, &format!(r#""trusted":true,"tlsa":["{record}"]"#));
        for (seen, said) in [(SEEN, true), (&matching, false)] {
            let assessment = assessed(&[RECORD, REPORTS, MX, policy, &dane, seen]);
            assert_eq!(assessment.standing(), Standing::Works);
            let head = headline(&assessment);
            let words = "Whether the TLSA records match was not checked: mail.example.com.";
            assert_eq!(head.next.contains(words), said, "{head:?}");
        }
    }

    #[test]
    fn of_several_errors_none_is_said_to_be_all_that_senders_mind() {
        let http = |max_age: &str| {
            let body = format!(
                r"version: STSv1\r\nmode: Enforce\r\nmx: mail.example.com\r\nmax_age: {max_age}\r\n"
            );
            let http =
                format!(r#""http":{{"status":200,"content_type":"text/plain","body":"{body}"}}"#);
            headline(&assessed(&[RECORD, REPORTS, MX, &http]))
        };
        let rule = crate::registry::find("STS-POL-052").expect("there is such a rule");
        let (one, two) = (http("1209600"), http("1 209 600"));
        assert!(one.next.starts_with(rule.words().effect), "{one:?}");
        assert_eq!(two.title, one.title);
        // What to do is about what the title names, not about the whole.
        assert_eq!(
            two.next,
            "Write the mode in lower case. The policy has 2 errors, and senders that follow the standard do not use it. \
             There is one more finding to look at."
        );
    }

    #[test]
    fn what_is_not_enforced_is_not_said_to_be_good() {
        for mode in ["testing", "none"] {
            let members = [RECORD, REPORTS, MX, &policy(mode), SEEN];
            for seen in 1..=members.len() {
                assert_ne!(
                    headline(&assessed(&members[..seen])).state,
                    Overall::Good,
                    "{mode}, {seen}"
                );
            }
        }
    }

    #[test]
    fn names_and_reasons_in_titles_are_made_visible() {
        let facts = r#""resolver":"A\u202eB","sts_txt":{"status":"unobservable","reason":"no\u001b[2Jway"}"#;
        let head = headline(&assessed(&[facts]));
        assert!(!head.title.contains('\u{202e}') && !head.next.contains('\u{1b}'), "{head:?}");
    }

    #[test]
    fn that_senders_get_no_policy_is_known_where_it_is() {
        let elsewhere = r#""mx":[[10,"mail.example.com"],[20,"192.0.2.1"]]"#;
        let gone = r#""http":{"status":404}"#;
        for (members, no_policy) in [
            (&[ABSENT, MX][..], true),
            (&[SEVERAL, MX, &policy("enforce")], true),
            (&[r#""sts_txt":"bogus""#, MX, &policy("enforce")], false),
            (&[r#""sts_txt":"servfail""#, MX, &policy("enforce")], false),
            (&[RECORD, MX, gone], true),
            (&[RECORD, elsewhere, gone], true),
            (&[RECORD, MX, HIDDEN], false),
            (&[RECORD, MX], false),
            (&[NO_RESOLVER], false),
            (&[MX, gone], true),
            (&[RECORD, MX, &policy("none")], false),
        ] {
            assert_eq!(assessed(members).no_policy, no_policy, "{members:?}");
        }
    }

    #[test]
    fn steps_are_told_by_the_mode_of_the_policy() {
        let told = |step, members: &[&str]| about(step, &assessed(members));
        for (mode, hosts, connections) in [
            ("enforce", "Mail goes only to hosts that the policy names.", "has to offer STARTTLS"),
            ("testing", "Mail goes to all hosts in testing mode", "delivered all the same"),
            ("none", "Mail goes to all hosts in mode none", "nobody checks the host's certificate"),
        ] {
            let members = [RECORD, MX, &policy(mode)];
            assert!(told(Step::Match, &members).starts_with(hosts), "{mode}");
            assert!(told(Step::Connect, &members).contains(connections), "{mode}");
        }
        assert!(told(Step::Match, &[RECORD, MX, HIDDEN]).starts_with("In mode enforce, mail"));
        assert!(told(Step::Match, &[r#""sts_txt":"absent""#, MX]).starts_with("Without a policy"));
        assert!(
            told(Step::Match, &[SEVERAL, MX, &policy("enforce")]).starts_with("Without a policy")
        );
        // It is true whether there is one or not.
        for members in [&[ABSENT, MX][..], &[RECORD, MX], &[MX]] {
            let words =
                "The record at `_mta-sts.example.com` tells senders whether there is a policy.";
            assert_eq!(told(Step::Discover, members), words);
        }
    }

    #[test]
    fn states_say_why_nothing_is_known() {
        let enforce = policy("enforce");
        for (members, step, words) in [
            (&[RECORD, MX, &enforce][..], Step::Discover, "Good"),
            (&[r#""sts_txt":"invalid""#, MX], Step::Discover, "Broken"),
            (&[r#""sts_txt":"absent""#, MX], Step::Discover, "Not there"),
            (&[r#""sts_txt":"absent""#, MX], Step::Match, "Not reached: there is no record"),
            (&[r#""sts_txt":"invalid""#, MX], Step::Connect, "Not reached: step 1 fails"),
            (&[RECORD, MX, r#""http":{"status":404}"#], Step::Match, "Not reached: step 2 fails"),
            (&[RECORD, MX, &policy("none")], Step::Match, "Not reached: the policy says none"),
            (&[RECORD, MX, HIDDEN], Step::Fetch, "Not seen"),
            (&[RECORD, MX, HIDDEN], Step::Match, "Needs the policy"),
            (&[RECORD, MX, &enforce], Step::Connect, "Not seen"),
            // Without a record that they use, senders do not come as far as a policy that is there.
            (&[SEVERAL, MX, &enforce], Step::Fetch, "Not reached: step 1 fails"),
            (&[SEVERAL, MX, &enforce], Step::Match, "Not reached: step 1 fails"),
            (&[SEVERAL, MX, &enforce, SEEN], Step::Connect, "Not reached: step 1 fails"),
            (&[ABSENT, MX, &policy("testing")], Step::Fetch, "Not reached: there is no record"),
        ] {
            assert_eq!(state(step, &assessed(members)), words, "{members:?}, {step:?}");
        }
        let mut facts = assessed(&[RECORD, MX]).facts;
        let unreadable = Reason::NotObservable(Hidden::Unreadable(Peer::PolicyHost));
        facts.fetch = live::facts::Fact::Unknown(unreadable);
        let assessment = live::judge(&facts);
        assert_eq!(state(Step::Fetch, &assessment), "A browser can't see this");
        assert!(
            headline(&assessment).next.starts_with("It could not be fetched: your browser may not")
        );
    }
}

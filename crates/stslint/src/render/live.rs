//! A live check in words: what it comes to, why something is not known, what was asked and what came.

use super::words::{CURL, Headline, State as Overall};
use crate::finding::Severity;
use crate::live::check::{Ask, Data, DnsReply, Reply};
use crate::live::facts::{Facts, Failure, FetchFailure, Fetched, Hidden, Peer, Reason, Response};
use crate::live::paste::NotOutput;
use crate::live::{self, Assessment, Dane, Evidence, NotKnown, NotReached, Standing, State, Step};
use crate::policy::Mode;
use crate::text::push_visible;
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
                format!("{why} Until then nobody can tell whether mail is protected.{more}"),
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
            let only = match reports {
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
                "Senders deliver only over verified TLS to your MX hosts.{}",
                spaced(not_seen(assessment, &[]))
            ),
        ),
    };
    Headline { state, title, next }
}

/// The worst finding, and how many more there are.
fn problem(assessment: &Assessment, worst: Severity) -> Headline {
    let said = said(assessment);
    let first = said.iter().find(|said| said.severity == worst);
    let all = said.iter().filter(|said| said.severity <= Severity::Warning).count();
    let more = match all - usize::from(first.is_some()) {
        0 => String::new(),
        1 => " There is one more finding to look at.".into(),
        more => format!(" There are {more} more findings to look at."),
    };
    let state = if worst == Severity::Error { Overall::Broken } else { Overall::Review };
    if let Some(first) = first {
        return Headline {
            state,
            title: format!("{}.", first.message),
            next: format!("{}{more}", first.help),
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

/// The text behind a sentence.
fn spaced(text: String) -> String {
    if text.is_empty() { text } else { format!(" {text}") }
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

/// What a sender does in a step, and what it is good for: true for the mode of the policy.
pub fn about(step: Step, assessment: &Assessment) -> String {
    let domain = &assessment.facts.domain;
    let no_policy = matches!(
        assessment.state(step),
        State::NotReached(NotReached::NoRecord | NotReached::NoPolicy)
    );
    let mode = assessment.policy.as_ref().and_then(|policy| policy.mode);
    match (step, mode) {
        (Step::Discover, _) => {
            format!("Is there a policy? The record at `_mta-sts.{domain}` says so.")
        }
        (Step::Fetch, _) => {
            format!("The policy comes by HTTPS from `mta-sts.{domain}`, which proves that it is yours.")
        }
        (Step::Report, _) => format!("Where failures are told: the record at `_smtp._tls.{domain}`."),
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

/// What one finding says, wherever it was made.
struct Said {
    severity: Severity,
    message: String,
    help: &'static str,
}

/// All findings in the order of the steps: those of the parts before those of the check.
fn said(assessment: &Assessment) -> Vec<Said> {
    let mut said = Vec::new();
    for result in &assessment.steps {
        let parts = result.parts.iter().map(|i| &assessment.parts[*i]);
        let of_parts =
            parts.flat_map(|part| part.findings.iter().map(|finding| (finding, &part.source[..])));
        let own = result.found.iter().map(|i| (&assessment.found[*i].finding, &[][..]));
        said.extend(of_parts.chain(own).map(|(finding, source)| Said {
            severity: finding.rule.severity,
            message: finding.message(source),
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

/// Why a fact is unknown.
pub fn reason(reason: &Reason) -> String {
    match reason {
        Reason::NotAsked => "not looked up".into(),
        Reason::Pending => "being looked up".into(),
        Reason::NotObservable(why) => match hidden(why) {
            detail if detail.is_empty() => "could not be seen".into(),
            detail => detail.into_owned(),
        },
        Reason::Limit => "beyond a limit of this check".into(),
    }
}

/// Why something could not be seen; empty where that is not known. May hold text from outside.
pub fn hidden(why: &Hidden) -> Cow<'_, str> {
    Cow::Borrowed(match why {
        Hidden::AddressesUnknown => "its addresses are not known",
        Hidden::BadName => "DNS can't hold such a name",
        Hidden::Filtered => "the resolver hides or refuses this name",
        Hidden::Incomplete => "the answer is not complete",
        Hidden::Late(peer, seconds) => {
            return Cow::Owned(match peer {
                Peer::PolicyHost => {
                    format!(
                        "no complete answer within {seconds} seconds, when senders give up as well"
                    )
                }
                Peer::Relay => format!("the relay did not answer within {seconds} seconds"),
                Peer::Resolver => format!("the resolver did not answer within {seconds} seconds"),
            });
        }
        Hidden::NoAddress => "it has no address",
        Hidden::NoNameServer => "no name server is known",
        Hidden::NoPort25 => "a browser can’t use port 25",
        Hidden::Offline => "your browser is offline",
        Hidden::NotPublic(address, why) => {
            return Cow::Owned(format!(
                "a relay connects to public addresses only, and {address} is not one: {why}"
            ));
        }
        Hidden::RelayBroken => "the relay broke down",
        Hidden::RelayForeign => "the relay’s answer is not one of stslint",
        Hidden::RelayLimit => "the relay looks at the first hosts only",
        Hidden::RelayRefuses(detail) => return Cow::Owned(format!("the relay says: {detail}")),
        Hidden::RelaySilent => "no answer from the relay",
        Hidden::RelayStatus(status) => {
            return Cow::Owned(format!("the relay answers with HTTP status {status}"));
        }
        Hidden::RelayTooOften => "this relay has looked at its address too often lately",
        Hidden::ResponseCode(Some(name)) => {
            return Cow::Owned(format!("the resolver answers {name}"));
        }
        Hidden::ResponseCode(None) => "the resolver answers with a code that means nothing here",
        Hidden::Stopped => "the check was stopped",
        Hidden::Told(words) => words,
        Hidden::Unreadable(Peer::PolicyHost) => {
            "your browser may not read the answer, or got no connection; it does not say which"
        }
        Hidden::Unreadable(Peer::Relay) => {
            "the relay can’t be reached, or does not answer this page"
        }
        Hidden::Unreadable(Peer::Resolver) => {
            "the resolver can’t be reached, or does not let web pages read its answers"
        }
    })
}

/// Why a text is not the output of the command, for the person who pasted it.
pub const fn not_output(why: NotOutput) -> &'static str {
    match why {
        NotOutput::Empty => "There is nothing in it.",
        NotOutput::NotCurl => {
            "This is neither what curl -i prints (its first line begins with HTTP/) nor a policy."
        }
        NotOutput::CurlResolver => {
            "curl could not look the name up. That says what its resolver knows, not what the domain has."
        }
        NotOutput::CurlAuthorities => {
            "curl has no list of certificate authorities on that machine, so it can't judge the certificate. \
             Install one, or run it elsewhere."
        }
        NotOutput::CurlOther => {
            "curl stopped with an error that says nothing about the policy host."
        }
        NotOutput::NotOpenssl => {
            "This is not what openssl s_client prints: it begins with CONNECTED."
        }
        NotOutput::NoConnection => {
            "openssl got no connection. Many networks block port 25: try from a server, or leave it."
        }
        NotOutput::NoCertificate => {
            "There is no certificate in it. Run openssl as it stands above, and paste all that it prints."
        }
        NotOutput::DamagedCertificate => {
            "The certificate in it is damaged: a part of it may be missing."
        }
    }
}

/// Why it can't be told how a step goes.
pub fn not_known(why: &NotKnown) -> String {
    match why {
        NotKnown::Fact(why) => reason(why),
        NotKnown::Policy(why) => format!("the policy: {}", reason(why)),
        NotKnown::NoPolicy => "why senders get no policy is not known".into(),
        NotKnown::MxHosts => "the MX hosts are not known".into(),
        NotKnown::Smtp(host, why) => format!("the SMTP service of {host}: {}", reason(why)),
        NotKnown::Certificate(host) => {
            format!("the SMTP service of {host}: not all of the certificate was seen")
        }
    }
}

/// Why senders don't come as far as a step.
pub const fn not_reached(why: NotReached) -> &'static str {
    match why {
        NotReached::NoRecord => "senders find no record",
        NotReached::NoPolicy => "senders get no policy",
        NotReached::ModeNone => "the policy says mode none",
        NotReached::NullMx => "the domain accepts no mail",
        NotReached::NoMailHost => "the domain has no mail host",
    }
}

/// How a look-up failed.
pub const fn failure(failure: Failure) -> &'static str {
    match failure {
        Failure::Bogus => "SERVFAIL: the DNSSEC signatures are bad",
        Failure::Refused => "REFUSED: nobody answers for this name",
        Failure::ServFail => "SERVFAIL: the resolver could not find out",
        Failure::Timeout => "the name servers of the domain did not answer in time",
    }
}

/// How a fetch failed.
const fn fetch_failure(failure: FetchFailure) -> &'static str {
    match failure {
        FetchFailure::CertificateExpired => "the certificate is not valid now",
        FetchFailure::CertificateName => "the certificate is for other names",
        FetchFailure::CertificateUntrusted => "the certificate does not lead to a trusted root",
        FetchFailure::Connect => "no connection",
        FetchFailure::Redirect => "a redirect",
        FetchFailure::Tls => "no TLS session",
        FetchFailure::TlsTooOld => "nothing newer than TLS 1.1",
    }
}

/// A label for what was seen, and its value: hostile text.
pub fn evidence(seen: &Evidence) -> (&'static str, String) {
    match seen {
        Evidence::Aliases(chain) => ("CNAME", chain.join(" → ")),
        Evidence::Ttl(seconds) => ("TTL", format!("{seconds} s")),
        Evidence::Id(id) => ("id", id.clone()),
        Evidence::Addresses(all) => {
            ("Addresses", all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        Evidence::Status(status) => {
            ("Status", status.map_or_else(|| "not seen".into(), |status| status.to_string()))
        }
        Evidence::MediaType(media) => ("Media type", media.clone()),
        Evidence::PolicySize(bytes) => ("Policy", format!("{bytes} bytes")),
        Evidence::CertificateNames(names) => ("Certificate for", names.join(", ")),
        Evidence::Mode(mode) => ("Mode", mode.word().into()),
        Evidence::MaxAge(seconds) => ("max_age", format!("{seconds} s")),
        Evidence::MxHosts(hosts) => {
            let host = |(preference, host): &(Option<u16>, String)| match preference {
                Some(preference) => format!("{preference} {host}"),
                None => format!("{host} (no MX records)"),
            };
            ("MX", hosts.iter().map(host).collect::<Vec<_>>().join(", "))
        }
        Evidence::Patterns(patterns) => ("Patterns", patterns.join(", ")),
        Evidence::MxSigned(true) => ("MX records", "signed".into()),
        Evidence::MxSigned(false) => ("MX records", "not signed".into()),
        Evidence::ReportUris(uris) => ("Reports to", uris.join(", ")),
    }
}

/// The question in words: `TXT _mta-sts.example.com`.
pub fn ask(ask: &Ask) -> String {
    match ask {
        Ask::Dns { name, kind, checking_disabled } => {
            let unchecked = if *checking_disabled { ", DNSSEC not checked" } else { "" };
            format!("{} {name}{unchecked}", kind.word())
        }
        Ask::Fetch { host } => format!("https://{host}/.well-known/mta-sts.txt"),
        Ask::Smtp { host } => format!("STARTTLS at {host}"),
    }
}

/// The command that asks the same. None for a name that is not safe in a shell as it stands.
pub fn command(question: &Ask) -> Option<String> {
    let (Ask::Dns { name, .. } | Ask::Fetch { host: name } | Ask::Smtp { host: name }) = question;
    let safe = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_');
    if name.is_empty() || name.starts_with('-') || !name.bytes().all(safe) {
        return None;
    }
    Some(match question {
        Ask::Dns { kind, checking_disabled, .. } => {
            let unchecked = if *checking_disabled { " +cdflag" } else { "" };
            format!("dig +dnssec{unchecked} {} {name}", kind.word())
        }
        Ask::Fetch { .. } => format!("{CURL}{}", ask(question)),
        Ask::Smtp { .. } => format!(
            "openssl s_client -starttls smtp -connect {name}:25 -servername {name} -showcerts </dev/null"
        ),
    })
}

/// What came, a line for each record. Hostile text is made visible.
pub fn reply(reply: &Reply) -> Vec<String> {
    match reply {
        Reply::Dns(reply) => dns_reply(reply),
        Reply::Failed(how) => vec![failure(*how).into()],
        Reply::NotObservable(why) => vec![format!("could not look: {}", visible(&hidden(why)))],
        Reply::Fetch(fetch) => vec![match &fetch.outcome {
            Fetched::Response(answer) => response(answer),
            Fetched::Failed(how) => fetch_failure(*how).into(),
        }],
        Reply::Smtp(smtp) => vec![
            match smtp.starttls {
                Some(false) => "no STARTTLS",
                _ => "STARTTLS with a certificate",
            }
            .into(),
        ],
    }
}

fn dns_reply(reply: &DnsReply) -> Vec<String> {
    let aliases = reply.chain.iter().map(|target| format!("CNAME {}", visible(target)));
    let mut lines: Vec<String> = aliases.chain(reply.records.iter().map(data)).collect();
    if reply.endless {
        lines.push("the aliases lead back to themselves".into());
    }
    match reply.rcode {
        0 if reply.records.is_empty() => lines.push("no such records".into()),
        0 => {}
        2 => lines.push("SERVFAIL: the resolver could not find out".into()),
        3 => lines.push("NXDOMAIN: there is no such name".into()),
        5 => lines.push("REFUSED: the resolver does not answer for this name".into()),
        code => lines.push(format!("response code {code}")),
    }
    lines
}

/// The data of a record as zone files have it.
fn data(data: &Data) -> String {
    match data {
        Data::Address(address) => address.to_string(),
        Data::Mx(mx) => format!("{} {}", mx.preference, visible(&mx.exchange)),
        Data::Tlsa(tlsa) => tlsa.text(),
        Data::Txt(strings) => {
            let quoted = |string: &String| {
                format!("\"{}\"", visible(&string.replace('\\', "\\\\").replace('"', "\\\"")))
            };
            strings.iter().map(quoted).collect::<Vec<_>>().join(" ")
        }
    }
}

fn response(response: &Response) -> String {
    let mut out = match response.status {
        0 => "status not seen".to_owned(),
        status => format!("status {status}"),
    };
    if let Some(media_type) = response.header("content-type") {
        out.push_str(&format!(", {}", visible(media_type)));
    }
    if let Some(body) = &response.body {
        out.push_str(&format!(", {} bytes", body.len()));
    }
    out
}

/// What can't be seen, as code points.
pub(super) fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_visible(c, &mut out));
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::check::RecordKind;
    use crate::live::facts::Mx;

    #[test]
    fn a_step_that_cannot_be_told_says_why() {
        let hidden = || Reason::NotObservable(Hidden::Told("port 25 is blocked".into()));
        for (why, want) in [
            (NotKnown::Fact(Reason::Pending), "being looked up"),
            (NotKnown::Fact(Reason::Limit), "beyond a limit of this check"),
            (NotKnown::Policy(Reason::NotAsked), "the policy: not looked up"),
            (NotKnown::NoPolicy, "why senders get no policy is not known"),
            (
                NotKnown::Smtp("mx.example".into(), hidden()),
                "the SMTP service of mx.example: port 25 is blocked",
            ),
            (
                NotKnown::Certificate("mx.example".into()),
                "the SMTP service of mx.example: not all of the certificate was seen",
            ),
        ] {
            assert_eq!(not_known(&why), want);
        }
        assert_eq!(not_reached(NotReached::ModeNone), "the policy says mode none");
    }

    const RECORD: &str = r#""sts_txt":"ok""#;
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
                "It could not be fetched. Until then nobody can tell",
            ),
            (
                &[RECORD, absent, MX],
                Standing::PolicyToRead,
                NotLinted,
                "The record is right; the policy still has to be read.",
                "It was not fetched. Until then nobody can tell whether mail is protected.",
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
        assert!(told(Step::Discover, &[MX]).contains("`_mta-sts.example.com`"));
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

    #[test]
    fn what_was_seen_has_a_label_and_a_value() {
        let hosts = vec![(Some(10), "a.example".into()), (None, "example".into())];
        for (seen, want) in [
            (Evidence::Status(None), ("Status", "not seen")),
            (Evidence::Status(Some(404)), ("Status", "404")),
            (Evidence::Ttl(300), ("TTL", "300 s")),
            (Evidence::Aliases(vec!["a".into(), "b".into()]), ("CNAME", "a → b")),
            (Evidence::MxHosts(hosts), ("MX", "10 a.example, example (no MX records)")),
            (Evidence::MxSigned(false), ("MX records", "not signed")),
        ] {
            let (label, value) = evidence(&seen);
            assert_eq!((label, &value[..]), want);
        }
    }

    #[test]
    fn commands_ask_the_same_and_hold_nothing_for_a_shell() {
        let dns = |name: &str, kind, checking_disabled| {
            command(&Ask::Dns { name: name.into(), kind, checking_disabled })
        };
        let txt = dns("_mta-sts.example.com", RecordKind::Txt, false);
        assert_eq!(txt.as_deref(), Some("dig +dnssec TXT _mta-sts.example.com"));
        let unchecked = dns("example.com", RecordKind::Mx, true);
        assert_eq!(unchecked.as_deref(), Some("dig +dnssec +cdflag MX example.com"));
        for bad in ["", "a b.example", "a;b.example", "$(x).example", "-f.example", "a'b"] {
            assert_eq!(dns(bad, RecordKind::Txt, false), None, "{bad}");
            assert_eq!(command(&Ask::Smtp { host: bad.into() }), None, "{bad}");
            assert_eq!(command(&Ask::Fetch { host: bad.into() }), None, "{bad}");
        }
    }

    #[test]
    fn the_rule_about_policies_that_cannot_be_read_names_the_same_command() {
        let rule = crate::registry::find("LIVE-040").expect("it is there");
        assert!(rule.words().help.contains(CURL.trim_end()), "{}", rule.words().help);
    }

    #[test]
    fn records_are_written_as_zone_files_have_them_with_nothing_invisible() {
        let came = Reply::Dns(DnsReply {
            chain: vec!["a.example".into()],
            records: vec![
                Data::Txt(vec!["v=\"1\"".into(), "\u{202e}x".into()]),
                Data::Mx(Mx { preference: 10, exchange: "mail.example".into() }),
            ],
            ..DnsReply::default()
        });
        let lines = reply(&came);
        assert_eq!(lines[0], "CNAME a.example");
        assert!(
            lines[1].starts_with(r#""v=\"1\"" ""#) && !lines[1].contains('\u{202e}'),
            "{lines:?}"
        );
        assert_eq!(lines[2], "10 mail.example");
    }
}

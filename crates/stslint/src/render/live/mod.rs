//! A live check in words: why something is not known, what was asked and what came; in `answer` what it comes to.

use super::words::CURL;
use crate::build::providers::Hosted;
use crate::live::check::{Ask, Data, DnsReply, Reply};
use crate::live::facts::{
    Failure, FetchFailure, Fetched, Hidden, Peer, Reason, Response, StartTlsFailure,
};
use crate::live::paste::NotOutput;
use crate::live::{Evidence, NotKnown, NotReached};
use crate::text::visible;
use std::borrow::Cow;

mod answer;

pub use answer::{about, headline, state};

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
        Hidden::AddressesFailed => "the look-up of its addresses fails",
        Hidden::AlwaysFails(how) => {
            return Cow::Owned(format!(
                "the resolver answers every question with {}, so the trouble is its own",
                how.word().to_ascii_uppercase()
            ));
        }
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
        Hidden::NotPublic(None, why) => {
            return Cow::Owned(format!("a relay only looks at what is public: {why}"));
        }
        Hidden::NotPublic(Some(address), why) => {
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
        NotReached::NoRecord => "senders find no record that they can use",
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
        FetchFailure::Protocol => "no whole HTTP answer",
        FetchFailure::Redirect => "a redirect",
        FetchFailure::Tls => "no TLS session",
        FetchFailure::TlsTooOld => "nothing newer than TLS 1.1",
    }
}

/// Who runs a policy for somebody, and where it is changed: the end of a sentence.
pub fn run_by(hosted: &Hosted) -> String {
    format!("{}: change it {}", hosted.name, hosted.change)
}

/// Who publishes the record with a label below a domain where that name is an alias (RFC 1034 §3.6.2), as a sentence without a full
/// stop. `value` is what to publish otherwise.
pub fn delegated(label: &str, domain: &str, target: &str, value: &str) -> String {
    let target = if target.is_empty() { "another name".into() } else { visible(target) };
    // RFC 8460 §3: a record that asks for reports has no id.
    let and_id = if label == "_mta-sts" { " and gives it a new id" } else { "" };
    format!(
        "{label}.{domain} is a CNAME to {target}, beside which no other record can stand: whoever runs that publishes it{and_id}, \
         or you remove the CNAME first and then publish {value}"
    )
}

/// A label for what was seen, and its value: hostile text.
pub fn evidence(seen: &Evidence) -> (&'static str, String) {
    match seen {
        Evidence::Aliases(chain) => ("CNAME", chain.join(" → ")),
        Evidence::Ttl(seconds) => ("TTL", format!("{seconds} s")),
        Evidence::Id(id) => ("id", id.clone()),
        Evidence::Hosted(hosted) => ("Run by", run_by(hosted)),
        Evidence::Addresses(all) => {
            ("Addresses", all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))
        }
        Evidence::Status(status) => {
            ("Status", status.map_or_else(|| "not seen".into(), |status| status.to_string()))
        }
        Evidence::MediaType(media) => ("Media type", media.clone()),
        Evidence::PolicySize(bytes) => ("Policy", format!("{bytes} bytes")),
        Evidence::CertificateNames(names) => ("Certificate for", names.join(", ")),
        Evidence::Fetching(why) => ("Fetching", why.clone()),
        Evidence::TlsaFailed(host, how) => ("TLSA", format!("{host}: {}", failure(*how))),
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
            match (smtp.starttls, smtp.failure) {
                (Some(false), _) => "no STARTTLS",
                (_, Some(StartTlsFailure::Refused)) => "STARTTLS is offered and then refused",
                (_, Some(StartTlsFailure::Tls)) => "STARTTLS, but no TLS session",
                (_, Some(StartTlsFailure::TlsTooOld)) => "STARTTLS with nothing newer than TLS 1.1",
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
            (
                Evidence::Hosted(Hosted::of("mta-sts.tutanota.de").expect("known")),
                (
                    "Run by",
                    "Tuta: change it by asking Tuta, which writes it for all domains of its customers",
                ),
            ),
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

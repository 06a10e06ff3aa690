//! What a text looks like in which there is nothing to lint: a mail, a bounce, a web page.
//!
//! `looks` is one table of them, each with its signs and what to do next, `forms` has signs that take more than a word; `bounce`
//! knows the codes of a bounce, `file_name` what people call the file of a policy. A text of which nothing is known has no look.

mod bounce;
mod file_name;
mod forms;
mod looks;

pub(crate) use file_name::{address, file_name, names_policy, wrong_address};
pub(crate) use forms::OTHER_RECORDS;
pub use looks::LOOKS;
use looks::{A_BOUNCE, DOMAINS, MAIL_LOG};

use crate::finding::{Finding, Severity};
use crate::host;
use crate::rule::{Example, Rule, Words, words};
use crate::text::{Span, is_line_end, place};
use Sign::{Has, Is, Line, Start};
use bounce::{BOUNCE, status_code};
use file_name::FILE_NAME;

pub(crate) const RULES: &[&Rule] = &[&NOTHING_TO_LINT, &BOUNCE, &HEADERS_ONLY, &FILE_NAME];

/// How much of a text is looked at, in bytes.
const GLANCE: usize = 65_536;

/// In how much of it the signs stand that tell what it is, in bytes. A status code may come behind a long message.
const SIGNS: usize = 16_384;

/// Something that people paste and that stslint does not lint.
#[derive(Debug)]
pub struct Look {
    /// What it is, with its article, as a sentence begins: "A web page".
    pub name: &'static str,
    /// What to do next.
    pub next: &'static str,
    /// A text that looks so.
    pub example: &'static str,
    /// How many of the signs it takes.
    least: usize,
    signs: &'static [Sign],
}

/// Looks of what can't be a policy, a record or a report in any reading.
const NO_TEXT: [&str; 6] = [
    "A zip archive",
    "A packed archive",
    "A PDF document",
    "A picture",
    "Addresses of hosts",
    DOMAINS,
];

impl Look {
    /// Whether it is the one of a list of domains, with lines that are none.
    pub(crate) fn is_list_of_domains(&self) -> bool {
        self.name == DOMAINS
    }

    /// Those lines; none of another look.
    pub(crate) fn others(&self, source: &[u8]) -> Vec<Span> {
        let text = str::from_utf8(source).ok().filter(|_| self.is_list_of_domains());
        text.map(forms::others).unwrap_or_default()
    }

    /// Whether it may be something of ours all the same, should somebody say so.
    pub fn may_be_ours(&self) -> bool {
        !NO_TEXT.contains(&self.name)
    }
}

/// What shows what a text is. All in lower case.
#[derive(Clone, Copy, Debug)]
enum Sign {
    /// A text that begins so.
    Start(&'static str),
    /// A line that begins so, behind spaces.
    Line(&'static str),
    /// It stands somewhere.
    Has(&'static str),
    /// It is so.
    Is(fn(&str) -> bool),
}

/// What a text looks like in which nothing is to lint; none for one that nothing is known of.
pub fn look(source: &[u8]) -> Option<&'static Look> {
    let text = glance(source);
    let code = status_code(&text).is_some();
    let text = &text[..text.floor_char_boundary(SIGNS)];
    let lines: Vec<&str> = text.split(is_line_end).map(str::trim_start).collect();
    let found = LOOKS.iter().find(|look| {
        let fits = |sign: &&Sign| match **sign {
            Start(word) => text.trim_start().starts_with(word),
            Line(word) => lines.iter().any(|line| line.starts_with(word)),
            Has(word) => text.contains(word),
            Is(so) => so(text),
        };
        look.signs.iter().filter(fits).take(look.least).count() == look.least
    });
    // A code of these says more than anything else; a log has it too.
    match code && found.is_none_or(|look| look.name != MAIL_LOG) {
        true => LOOKS.iter().find(|look| look.name == A_BOUNCE),
        false => found,
    }
}

fn glance(source: &[u8]) -> String {
    let source = &source[..source.len().min(GLANCE)];
    String::from_utf8_lossy(source).trim_start_matches('\u{feff}').to_lowercase()
}

/// What a text without a look is called.
pub(crate) const ANOTHER_KIND: &str = "A text of another kind";

/// The one finding of a text in which there is nothing to lint.
pub(crate) fn check(source: &[u8]) -> Finding {
    let text = String::from_utf8_lossy(&source[..source.len().min(GLANCE)]);
    let is_text = str::from_utf8(source).is_ok();
    if let Some((span, says)) = status_code(&text).filter(|_| is_text) {
        let mut findings = Vec::new();
        Finding::add(&mut findings, &BOUNCE, span).quoted().text(says);
        return findings.remove(0);
    }
    let mut findings = Vec::new();
    let look = look(source);
    let name = look.map_or(ANOTHER_KIND, |look| look.name);
    let others = look.map(|look| look.others(source)).unwrap_or_default();
    let place = others.first().copied().unwrap_or_else(|| first_line(source));
    Finding::add(&mut findings, &NOTHING_TO_LINT, place).text(name);
    findings.remove(0)
}

/// The first line with something on it, without the space around it.
pub(crate) fn first_line(source: &[u8]) -> Span {
    let Ok(text) = str::from_utf8(source) else { return Span::new(0, source.len()) };
    let start = text.len() - text.trim_start().len();
    let line = text[start..].split(is_line_end).next().unwrap_or_default();
    Span::new(start, start + line.trim_end().len())
}

/// The domain that a text tells of, in lower case: to have it checked. Names that only MTA-STS and TLS reports have come first,
/// then the domain of the address that a mail was for, of any address, then any name. None of bytes that are no text, and never
/// the name of somebody whose service or product the text is from.
pub fn domain(source: &[u8]) -> Option<String> {
    str::from_utf8(source).ok()?;
    let text = without_others(&glance(source));
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let behind = |text: &str, mark: &str, wanted: fn(&str) -> bool| {
        text.match_indices(mark).find_map(|(at, _)| {
            let whole = at == 0 || !text[..at].ends_with(is_part) || mark == "@";
            let rest = &text[at + mark.len()..];
            let name = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
            as_domain(name.trim_matches('.')).filter(|name| whole && wanted(name))
        })
    };
    let any = || {
        let words = text.split(|c| !is_part(c)).filter(|word| word.contains('.'));
        words.map(|word| (word, place(&text, word))).find_map(|(word, at)| {
            // A tag, what a program calls, one of the domain's mail servers.
            let tag = text[..at.start].ends_with('<') || text[..at.start].ends_with("</");
            let called = text[at.end..].starts_with('(');
            let name = as_domain(without_reply(word).trim_matches('.'))?;
            (!(tag || called || is_mail_host(&name)) && is_own(&name)).then_some(name)
        })
    };
    let marks = ["_mta-sts.", "_smtp._tls.", "mta-sts.", "mx hosts of '"];
    let marked = marks.into_iter().find_map(|mark| behind(&text, mark, |_| true));
    marked
        .or_else(|| recipient(&text).and_then(|line| behind(line, "@", |_| true)))
        .or_else(|| behind(&text, "@", is_own))
        .or_else(any)
}

/// A word without the code that the replies of a mail server begin with: `250-mail.example.com`.
fn without_reply(word: &str) -> &str {
    match word.split_at_checked(4) {
        Some((code, rest)) if code.ends_with('-') && code[..3].parse::<u16>().is_ok() => rest,
        _ => word,
    }
}

/// What says for whom a mail was, to the end of its line.
fn recipient(text: &str) -> Option<&str> {
    text.lines().find_map(|line| {
        let is_header = |word: &&str| line.trim_start().starts_with(*word);
        let header = ["to:", "final-recipient:"].iter().any(is_header).then_some(line);
        line.find("to=<").map(|at| &line[at..]).or(header).filter(|line| line.contains('@'))
    })
}

/// Whether a name is one that mail servers have.
fn is_mail_host(name: &str) -> bool {
    let label = name.split('.').next().unwrap_or_default();
    let kind = label.trim_end_matches(|c: char| c.is_ascii_digit() || c == '-');
    name.matches('.').count() > 1 && ["mx", "mail", "smtp", "mta", "relay"].contains(&kind)
}

/// Whether a line shows bytes, as hexdump and xxd print them: what is text in it was cut anywhere.
fn is_dump(line: &str) -> bool {
    let is_hex = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_hexdigit());
    let mut words = line.split_whitespace();
    let place = words.next().unwrap_or_default().trim_end_matches(':');
    let bytes = words.next().unwrap_or_default();
    (7..=8).contains(&place.len()) && is_hex(place) && matches!(bytes.len(), 2 | 4) && is_hex(bytes)
}

/// A text without what aliases in it point to, which is mostly a provider's, without dumps of bytes, the resolver that answered
/// nslookup and the hosts that a mail came through. Of the name of a report's file the domain is left that it is about
/// (RFC 8460 §5.1).
fn without_others(text: &str) -> String {
    let mut received = false;
    let kept = |line: &str| {
        let end = line.match_indices("cname").find(|(at, word)| {
            let (before, after) = (line[..*at].chars().next_back(), &line[at + word.len()..]);
            before.is_none_or(char::is_whitespace) && after.starts_with(char::is_whitespace)
        });
        line[..end.map_or(line.len(), |(at, _)| at)].to_owned()
    };
    let lines = text.lines().filter(|line| {
        // A header goes on where a line is indented.
        received = line.starts_with("received:") || received && line.starts_with([' ', '\t']);
        !(received || is_dump(line) || line.starts_with("server:"))
    });
    let lines = lines.map(|line| match line.split('!').collect::<Vec<_>>()[..] {
        [_, domain, begin, ..]
            if !begin.is_empty() && begin.bytes().all(|b| b.is_ascii_digit()) =>
        {
            domain.to_owned()
        }
        _ => kept(line),
    });
    lines.collect::<Vec<_>>().join("\n").replace("%3a", ":")
}

/// Names below which nobody's own domain is: of senders of reports, of those whose messages people paste, of resolvers and of
/// MX hosts.
const OTHERS: [&str; 24] = [
    "google.com",
    "gmail.com",
    "googlemail.com",
    "dns.google",
    "microsoft.com",
    "mx.microsoft",
    "outlook.com",
    "office365.com",
    "onmicrosoft.com",
    "yahoo.com",
    "yahoodns.net",
    "one.one.one.one",
    "fritz.box",
    "cloudflare.com",
    "cloudflare.net",
    "amazonaws.com",
    "mailgun.com",
    "mailgun.org",
    "mxtoolbox.com",
    "letsencrypt.org",
    "github.com",
    "github.io",
    "icloud.com",
    "spamhaus.org",
];

/// Whether a name may be the own domain of whoever pasted it.
fn is_own(name: &str) -> bool {
    !OTHERS.iter().any(|other| host::is_within(name, other))
}

/// A name as a domain, unless it is a file, a number or a version.
fn as_domain(name: &str) -> Option<String> {
    const FILES: [&str; 23] = [
        "txt", "json", "gz", "xml", "html", "htm", "php", "js", "py", "conf", "cf", "log", "zip",
        "md", "yml", "yaml", "go", "rs", "ts", "tf", "pem", "plain", "aspx",
    ];
    let name = name.strip_prefix("_mta-sts.").unwrap_or(name);
    let name = name.strip_prefix("mta-sts.").filter(|rest| rest.contains('.')).unwrap_or(name);
    let (_, last) = name.rsplit_once('.')?;
    let word =
        last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphabetic()) || last.starts_with("xn--");
    let is_public = host::is_host_name(name) && host::private_suffix(name).is_none();
    (word && !FILES.contains(&last) && is_public).then(|| name.to_owned())
}

/// Where files in repositories have addresses.
const REPOSITORIES: [&str; 8] = [
    "raw.githubusercontent.com/",
    "github.com/",
    "gist.github.com/",
    "gist.githubusercontent.com/",
    "gitlab.com/",
    "bitbucket.org/",
    "codeberg.org/",
    "git.sr.ht/",
];

/// Where tools show what they found.
const CHECKERS: [&str; 1] = ["mxtoolbox.com/"];

/// What stands behind one of these hosts at the start of a text.
fn behind_host<'t>(text: &'t str, hosts: &[&str]) -> Option<&'t str> {
    let text = text.trim();
    let rest =
        text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    hosts.iter().find_map(|host| rest.strip_prefix(host))
}

/// Whether a text is nothing but the address of a file in a repository or of what a checker found, and not of a policy host.
pub(crate) fn is_repository(text: &str) -> bool {
    let path = behind_host(text, &REPOSITORIES).or_else(|| behind_host(text, &CHECKERS));
    path.is_some_and(|path| path.contains(['/', '?']) && !path.contains(char::is_whitespace))
}

static NOTHING_TO_LINT: Rule = Rule {
    code: "INPUT-001",
    name: "nothing-to-lint",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "{0}: there is nothing in it that stslint lints",
    words: words(Words {
        why: "stslint reads MTA-STS policies, the TXT records at `_mta-sts` and `_smtp._tls`, TLS reports, and what dig, curl and \
          DNS providers print of them, also inside other texts. None of these was found here.",
        effect: "None: nothing was judged.",
        help: "Paste one of these, or check the domain. If the text is one of them all the same, say which.",
        clause: "Practice: what is not there can't be judged",
        fails: Example::pasted("Does anybody know why MTA-STS fails for us?"),
        passes: None,
    }),
};

pub(crate) static HEADERS_ONLY: Rule = Rule {
    code: "INPUT-003",
    name: "headers-only",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "These are the headers of an answer only; the policy is not among them",
    words: words(Words {
        why: "`curl -I` asks for the headers alone. Status and media type can be judged by them, the policy can't.",
        effect: "None: no policy was seen.",
        help: "Paste the whole answer, as `curl -i` prints it.",
        clause: "RFC 8461 §3.3: the policy is the body of an HTTPS answer",
        fails: Example::pasted("HTTP/2 200\r\ncontent-type: text/plain\r\ncontent-length: 96\r\n"),
        passes: None,
    }),
};

#[cfg(test)]
mod tests {
    use super::*;
    use std::ptr;

    #[test]
    fn every_example_and_every_sign_leads_to_its_row() {
        for look in &LOOKS {
            let leads_here =
                |text: &str| super::look(text.as_bytes()).is_some_and(|found| ptr::eq(found, look));
            assert!(leads_here(look.example), "{}", look.example);
            for sign in look.signs.iter().filter(|_| look.least == 1) {
                let (Start(word) | Line(word) | Has(word)) = sign else { continue };
                let of_ours = ["", "_mta-sts. "].map(|front| [front, word, " x"].concat());
                assert!(of_ours.iter().any(|text| leads_here(text)), "{word}");
            }
        }
    }

    #[test]
    fn what_people_paste_is_called_what_it_is() {
        const QUESTION: &str = "A question about MTA-STS, or a text that tells of it";
        const BOUNCE: &str = "A bounce";
        const OTHER: &str = "A bounce that says nothing of TLS";
        const SENDER: &str = "A bounce for want of authentication";
        const ERROR: &str = "An error message of a web server";
        const PARTS: &str = "Some of the values of a policy";
        const TYPED: &str = "What was typed at a command line";
        const CERTIFICATE: &str = "A message about a certificate";
        for (text, name) in [
            // Sentences.
            ("How do I create an MTA-STS policy for my domain?", QUESTION),
            ("How do I set up MTA-STS in a multi-tenant Microsoft 365 environment?", QUESTION),
            ("What priority should the MX have for MTA-STS?", QUESTION),
            ("Use MTA-STS", QUESTION),
            ("Let me know (please) if MTA-STS is fine", QUESTION),
            ("Class action about MTA-STS", QUESTION),
            ("import mta-sts policy into Plesk?", QUESTION),
            ("10 reasons to use MTA-STS", QUESTION),
            ("192.168.1.1 is my server, how do I do MTA-STS?", QUESTION),
            ("Our v=spf1 record is fine. What about MTA-STS?", QUESTION),
            ("We have v=DMARC1; p=reject. Do we still need MTA-STS policy?", QUESTION),
            ("The MTA-STS policy of acme.de has expired in our cache, please fix", QUESTION),
            // What looks like it all the same.
            ("acme.de. 300 IN A 192.0.2.1", "An answer of DNS that holds no TXT record"),
            ("use strict;", "Program code"),
            ("import dns\nprint(dns.mta_sts)", "Program code"),
            ("192.0.2.1\n192.0.2.2/32", "Addresses of hosts"),
            ("_dmarc IN TXT \"v=DMARC1; p=none\"", "An SPF, DKIM, DMARC or BIMI record"),
            ("google._domainkey IN TXT \"k=rsa; p=MIIB\"", "An SPF, DKIM, DMARC or BIMI record"),
            ("MS=ms12345678", "A record that shows who has the domain"),
            (
                "3 1 1 0B9FA5A59EED715C26C1020C711B4F6EC42D58B0015E14337A39DAD301C5AFC3",
                "A fingerprint or a key",
            ),
            ("MX: mail.acme.de\nPriority: 10\nTTL: 3600", "A list of mail servers"),
            ("aa.se\nbb.se,\n?\ncc.se\n!", DOMAINS),
            ("aa.se\nnot a domain!\nbb.se", DOMAINS),
            (
                "Your policy file\nPolicy Mode: Enforce\nMX Hosts: mail.acme.de\nMax Age: 604800",
                PARTS,
            ),
            ("MTA-STS mode: enforce\nMX: mail.acme.de\nMax age: 604800", PARTS),
            ("MTA_STS_MODE=Enforce\nMTA_STS_MX=mail.acme.de\n", PARTS),
            // Bounces.
            (
                "550-5.7.26 blocked because the sender is unauthenticated.\n550-5.7.26 SPF or DKIM",
                SENDER,
            ),
            ("550 5.7.509 Access denied, acme.de does not pass DMARC verification", SENDER),
            ("550 5.1.1 The email account that you tried to reach does not exist.", OTHER),
            ("554 5.7.1 <a@acme.de>: Relay access denied", OTHER),
            ("451 4.7.500 Server busy. Please try again later from [192.0.2.5].", OTHER),
            (
                "Your message couldn't be delivered.\nRemote Server returned '550 5.7.1 rejected'",
                OTHER,
            ),
            (
                "Ihre Nachricht konnte nicht zugestellt werden.\n\"550 5.7.1 TLS erforderlich\"",
                BOUNCE,
            ),
            ("550 5.7.10 Encryption needed", BOUNCE),
            (
                "mx postfix/smtp[1]: A: to=<a@acme.de>, dsn=4.7.5, status=deferred (not verified)",
                "A log of a mail server",
            ),
            // In the place of a policy.
            ("$ curl -s https://mta-sts.acme.de/.well-known/mta-sts.txt\n404: Not Found\n", ERROR),
            ("$ curl https://mta-sts.acme.de/.well-known/mta-sts.txt\nerror code: 1016\n", ERROR),
            ("default backend - 404", ERROR),
            ("404 Not Found\nnginx/1.24.0", ERROR),
            ("403 Forbidden", ERROR),
            ("<Error>\n<Code>NoSuchKey</Code>\n</Error>", "An XML document"),
            ("tree is shown below.\n<Error>\n<Code>NoSuchKey</Code>\n</Error>", ERROR),
            (
                "$ curl https://mta-sts.acme.de/.well-known/mta-sts.txt\ncurl: (6) Could not resolve host",
                TYPED,
            ),
            (
                "Invoke-WebRequest: Response status code does not indicate success: 404 (Not Found).",
                TYPED,
            ),
            // Of others.
            (
                "https://mxtoolbox.com/SuperTool.aspx?action=mta-sts%3aacme.de",
                "A link to what another tool found",
            ),
            (
                "google.com!acme.de!1764460800!1764547199!001.json.gz",
                "A TLS report without its text",
            ),
            ("This is an aggregate TLS report from google.com", "A TLS report without its text"),
            // Of the hosts.
            (
                "Your connection is not private\nNET::ERR_CERT_COMMON_NAME_INVALID\nmta-sts.acme.de",
                CERTIFICATE,
            ),
            (
                "MTA-STS policy file could not be retrieved: SSL certificate problem: expired",
                CERTIFICATE,
            ),
            (
                "[error] *1 open() \"/var/www/.well-known/mta-sts.txt\" failed (2: No such file or directory)",
                "A log of a web server",
            ),
            ("smtpd_tls_security_level = may", "A mail server's configuration for incoming mail"),
            (
                "smtp_tls_security_level = dane\nsmtpd_tls_auth_only = yes",
                "A mail server's configuration",
            ),
            ("-----BEGIN PRIVATE KEY-----\nMIIE", "A private key"),
            (
                "$ORIGIN acme.de.\n@ IN TXT \"v=spf1 -all\"",
                "A zone without records for MTA-STS and TLS reports",
            ),
        ] {
            assert_eq!(super::look(text.as_bytes()).map(|look| look.name), Some(name), "{text}");
        }
    }

    #[test]
    fn a_list_of_domains_has_some_and_other_lines() {
        for text in [
            "aa.se\naa.se\naa.se",
            "aa.se\naa.se\naa.se\n?",
            "1.2.3\n2.0.1\n3.0.0\n?",
            "index.html\nmain.rs\nread.me.md\nfoo bar",
            "aa.se\nbb.se\ncc.se\n?\n!\n-",
        ] {
            let name = super::look(text.as_bytes()).map(|look| look.name);
            assert_ne!(name, Some(DOMAINS), "{text}");
        }
    }

    #[test]
    fn in_a_list_of_domains_the_first_line_that_is_none_is_marked() {
        for (text, marked) in [
            ("aa.se\nbb.se\ncc.se\n  not a domain! \ndd.se\n?", "not a domain!"),
            ("Aa.se\n\nnot a domain!\nBB.se", "not a domain!"),
            ("Domain names:\r\naa.se\r\nbb.se\r\n", "Domain names:"),
            ("# ours\naa.se # old\npostmaster@bb.se\nhttps://cc.se/\nmünchen.de\n?", "?"),
            ("just some words\nof a text", "just some words"),
        ] {
            assert_eq!(&text[check(text.as_bytes()).span.range()], marked, "{text}");
        }
    }

    #[test]
    fn what_is_no_text_is_in_the_table() {
        for name in super::NO_TEXT {
            assert!(LOOKS.iter().any(|look| look.name == name), "{name}");
        }
    }

    #[test]
    fn the_domain_that_a_text_tells_of() {
        for (text, domain) in [
            (
                "450 4.4.8 MX hosts of 'acme-mail.net' failed MTA-STS validation.",
                Some("acme-mail.net"),
            ),
            ("mta-sts.acme-mail.net. 900 IN A 192.0.2.1", Some("acme-mail.net")),
            ("<postmaster@Acme-Mail.net>: host mx.acme-corp.net said", Some("acme-mail.net")),
            ("see https://acme-mail.net/mta-sts.txt", Some("acme-mail.net")),
            ("version 9.18.33 of mta-sts.txt", None),
            ("_mta-sts 3600 IN CNAME _mta-sts.vendor.example.net.", None),
            ("mta-sts.acme-mail.net. IN CNAME mta-sts.vendor.net.", Some("acme-mail.net")),
            ("the cname of acme-mail.net", None),
            ("00000010: 6f64 653a 2065 6e66 6f72 6365 0a6d 783a  ode: enforce.mx:", None),
            ("00000040  70 6f 73 74 2e 6e 65 74  |acme-mail.ne|", None),
            ("<system.webserver>\n</system.webserver>", None),
            ("event.respondwith(x) of acme-mail.net", Some("acme-mail.net")),
            ("as mx we have mx1.acme-mail.net", None),
            (
                "Server:  dns.google\nAddress:  8.8.8.8\n\nacme-mail.net MX preference = 10, mail exchanger = mail.acme-mail.net",
                Some("acme-mail.net"),
            ),
            ("Server:  fritz.box\nAddress:  192.168.178.1\n", None),
            (
                "Received: from mail-wm1-f50.google.com (mail-wm1-f50.google.com [192.0.2.50])\n\tby mail.acme-mail.net (Postfix)\nSubject: x",
                None,
            ),
            ("220 mail.acme-mail.net ESMTP\nEHLO x\n250-mail.acme-mail.net\n250 8BITMIME", None),
            ("google.com!acme-mail.net!1764460800!1764547199!001.json.gz", Some("acme-mail.net")),
            ("This is an aggregate TLS report from google.com", None),
            (
                "see https://mxtoolbox.com/x.aspx?action=mta-sts%3aacme-mail.net",
                Some("acme-mail.net"),
            ),
            ("From: support@mailgun.com\nTo: admin@acme-mail.net\n", Some("acme-mail.net")),
            ("from=<a@acme-mail.net>\nto=<b@gmail.com>, status=deferred", Some("gmail.com")),
            (
                "For more, go to https://support.google.com/mail\n[mail.acme-mail.net. 192.0.2.5]",
                None,
            ),
            ("New MX records are below mx.microsoft, like acme-mail-net.o-v1.mx.microsoft", None),
            ("<x@acme.local>... does not exist", None),
        ] {
            assert_eq!(super::domain(text.as_bytes()).as_deref(), domain, "{text}");
        }
    }
}

#[cfg(test)]
mod pictures {
    use crate::carets::pasted;

    #[test]
    fn nothing_to_lint() {
        pasted().shows(
            r"
            Does anybody know why MTA-STS fails for us?
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ INPUT-001
            ",
        );
    }

    #[test]
    fn headers_only() {
        pasted().shows(
            r"
            HTTP/2 200
            ^^^^^^^^^^ INPUT-003
            content-type: text/plain
            content-length: 96
            ",
        );
    }
}

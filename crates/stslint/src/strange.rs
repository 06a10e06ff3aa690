//! What a text looks like in which there is nothing to lint: a mail, a bounce, a web page.
//!
//! One table of looks, each with its signs and what to do next. A text of which nothing is known has no look.

use crate::finding::{Finding, Severity};
use crate::host;
use crate::rule::{Example, Rule, Words, words};
use crate::settings;
use crate::text::{Span, is_line_end};

pub(crate) const RULES: &[&Rule] = &[&NOTHING_TO_LINT, &BOUNCE, &HEADERS_ONLY, &FILE_NAME];

/// How much of a text is looked at, in bytes.
const GLANCE: usize = 65_536;

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

use Sign::{Has, Is, Line, Start};

const CHECK: &str =
    "To see what senders find, check the domain: the page does, and so does `stslint check`.";

const ADDRESS: &str = "If the address of your policy answers with this, senders get no policy: publish the policy text as a \
    plain file at /.well-known/mta-sts.txt of the host mta-sts below your domain.";

/// All looks; the first one that fits counts.
pub static LOOKS: [Look; 27] = [
    Look {
        name: "A link to a file in a repository",
        next: "Open it and paste the text. Senders fetch a policy from https://mta-sts.<your domain>/.well-known/mta-sts.txt: to \
               see what they find there, check the domain.",
        example: "https://raw.githubusercontent.com/example/site/main/.well-known/mta-sts.txt",
        least: 1,
        signs: &[
            Start("https://raw.githubusercontent.com/"),
            Start("https://github.com/"),
            Start("https://gist.github"),
            Start("https://gitlab.com/"),
            Start("https://bitbucket.org/"),
            Start("https://codeberg.org/"),
            Start("https://git.sr.ht/"),
            Start("raw.githubusercontent.com/"),
            Start("github.com/"),
        ],
    },
    Look {
        name: "A zip archive",
        next: "Unpack it, and paste or open what is inside. TLS reports come as JSON, alone or packed with gzip.",
        example: "PK\u{3}\u{4}\u{14}",
        least: 1,
        signs: &[Start("pk\u{3}\u{4}"), Start("pk\u{5}\u{6}")],
    },
    Look {
        name: "A packed archive",
        next: "Unpack it, and paste or open what is inside.",
        example: "BZh91AY&SY",
        least: 1,
        signs: &[Start("bzh9"), Start("7z\u{bc}"), Start("\u{fd}7zxz"), Start("rar!")],
    },
    Look {
        name: "A PDF document",
        next: "Copy the text of the policy or of the record out of it.",
        example: "%PDF-1.7",
        least: 1,
        signs: &[Start("%pdf-")],
    },
    Look {
        name: "A picture",
        next: "Paste the text that it shows.",
        example: "GIF89a",
        least: 1,
        signs: &[
            Start("gif8"),
            Start("\u{fffd}png\r\n"),
            Start("\u{fffd}\u{fffd}\u{fffd}\u{fffd}\0\u{10}jfif"),
        ],
    },
    Look {
        name: "A DMARC report",
        next: "DMARC reports tell of SPF and DKIM, not of TLS. TLS reports are JSON and come to the address in the \
            _smtp._tls record.",
        example: "<?xml version=\"1.0\"?>\n<feedback><report_metadata><org_name>Acme</org_name></report_metadata></feedback>",
        least: 1,
        signs: &[Has("<report_metadata>"), Has("<policy_published>"), Start("<feedback")],
    },
    Look {
        name: "A web page",
        next: ADDRESS,
        example: "<!doctype html>\n<title>Not Found</title>",
        least: 1,
        signs: &[
            Start("<!doctype html"),
            Start("<html"),
            Start("<head"),
            Start("<body"),
            Start("<script"),
            Start("<div"),
            Has("</html>"),
            Has("</title>"),
            Has("</body>"),
        ],
    },
    Look {
        name: "An XML document",
        next: ADDRESS,
        example: "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>",
        least: 1,
        signs: &[Start("<?xml"), Start("<error>")],
    },
    Look {
        name: "A certificate, or what openssl says of one",
        next: "stslint does not read certificates from a text. It looks at those of your policy host and mail hosts when it \
            checks a domain: the page does as far as a browser can, `stslint check` wholly.",
        example: "subject=CN = mta-sts.example.com\nissuer=C = US, O = Example, CN = R1\nVerify return code: 0 (ok)",
        least: 1,
        signs: &[
            Has("-----begin "),
            Has("verify return code"),
            Has("x509v3 "),
            Line("connected(0"),
            Line("subject="),
            Line("issuer="),
            Line("issuer:"),
            Has("certificate chain"),
            Has("verify error:"),
        ],
    },
    Look {
        name: "A bounce",
        next: CHECK,
        example: "550 5.1.1 <someone@example.com>: user unknown",
        least: 1,
        signs: &[
            Line("final-recipient:"),
            Line("diagnostic-code:"),
            Line("reporting-mta:"),
            Has("undeliverable"),
            Has("undelivered mail"),
            Has("delivery status notification"),
            Has("remote server returned"),
            Has("could not be delivered"),
            Has("couldn't be delivered"),
            Has("delivery has failed"),
            Has("mta-sts validation"),
            Has("mta-sts policy"),
            Has("dsn="),
            Line("550 5."),
            Line("550-5."),
            Line("552 5."),
            Line("553 5."),
            Line("554 5."),
            Line("421 4."),
            Line("450 4."),
            Line("451 4."),
            Line("454 4."),
            Has("#5."),
            Has("#4."),
        ],
    },
    Look {
        name: "A log of a mail server",
        next: CHECK,
        example: "Nov 28 12:00:00 mx postfix/smtp[123]: A1: to=<a@example.com>, relay=none, delay=1, status=deferred",
        least: 1,
        signs: &[
            Has("postfix/"),
            Has("status=deferred"),
            Has("status=sent"),
            Has("status=bounced"),
            Has("sendmail["),
            Has("exim["),
            Has("postfix-mta-sts-resolver"),
            Has("mta-sts-daemon"),
            Has("ehlo "),
        ],
    },
    Look {
        name: "A mail",
        next: "TLS reports come as an attachment: save that, and open the file. stslint unpacks it.",
        example: "From: noreply@example.com\nTo: tls@example.org\nSubject: Report Domain: example.org",
        least: 2,
        signs: &[
            Line("from:"),
            Line("to:"),
            Line("subject:"),
            Line("received:"),
            Line("message-id:"),
            Line("mime-version:"),
            Line("return-path:"),
            Line("dkim-signature:"),
            Line("reply-to:"),
            Line("content-transfer-encoding:"),
            Line("content-disposition:"),
            Line("authentication-results:"),
            Line("content-type:"),
            Line("date:"),
        ],
    },
    Look {
        name: "An SPF, DKIM, DMARC or BIMI record",
        next: "It has nothing to do with MTA-STS and TLS reports: their records are v=STSv1 at _mta-sts and v=TLSRPTv1 at \
            _smtp._tls.",
        example: "v=DMARC1; p=none; rua=mailto:dmarc@example.com",
        least: 1,
        signs: &[Has("v=spf1"), Has("v=dmarc1"), Has("v=dkim1"), Has("v=bimi1"), Has("v=dkim")],
    },
    Look {
        name: "An answer of DNS that holds no TXT record",
        next: "A policy is announced by the TXT record at _mta-sts below the domain, reports by the one at _smtp._tls: paste the \
            answers of `dig TXT` for these names, or check the domain.",
        example: "; <<>> DiG 9.18 <<>> mta-sts.example.com.\n;; ANSWER SECTION:\nmta-sts.example.com. 300 IN A 192.0.2.1",
        least: 1,
        signs: &[
            Has("question section"),
            Has("answer section"),
            Line("; <<>> dig"),
            Has(" has address "),
            Has(" in a "),
            Has("\tin\ta\t"),
            Has(" in aaaa "),
            Has(" in mx "),
            Has("\tin\tmx\t"),
            Has("mail is handled by"),
            Has("mail exchanger ="),
            Has("non-authoritative answer"),
            Has(" in cname "),
            Has("\tin\tcname\t"),
            Has(" in ns "),
            Has("\tin\ta "),
            Has("\tin\tmx "),
            Has("\ta\t"),
            Has("\tmx\t"),
        ],
    },
    Look {
        name: "A diagnosis of another tool",
        next: CHECK,
        example: "MTA-STS Record Published\tNo MTA-STS Record found",
        least: 1,
        signs: &[
            Has("mta-sts record published"),
            Has("no mta-sts"),
            Has("mta-sts: fail"),
            Has("mta-sts check"),
            Has("policy host lookup"),
            Has("sts-policy-"),
            Has("certificate-host-mismatch"),
        ],
    },
    Look {
        name: "HTTP headers",
        next: "The policy is what follows them: paste the whole answer, as `curl -i` prints it.",
        example: "server: nginx\ncontent-type: text/plain\ncache-control: max-age=600",
        least: 2,
        signs: &[
            Line("server:"),
            Line("content-type:"),
            Line("content-length:"),
            Line("cache-control:"),
            Line("etag:"),
            Line("last-modified:"),
            Line("date:"),
            Line("location:"),
            Line("accept-ranges:"),
            Line("< http/"),
            Line("> get "),
            Line("x-"),
            Line("strict-transport-security:"),
            Line("via:"),
            Line("vary:"),
        ],
    },
    Look {
        name: "Some of the values of a policy",
        next: "Paste the policy that is made of them: the text with the lines `version`, `mode`, `mx` and `max_age`.",
        example: "mtaSts:\n  mode: enforce\n  mx:\n    - mail.example.com",
        least: 1,
        signs: &[Is(settings::is_part)],
    },
    Look {
        name: "A web server's configuration",
        next: "Paste the policy that the server answers with, as `curl -i` prints it, or check the domain.",
        example: "server {\n  server_name mta-sts.example.com;\n  root /var/www;\n}",
        least: 1,
        signs: &[
            Line("server {"),
            Line("location "),
            Line("server_name "),
            Line("<virtualhost"),
            Line("servername "),
            Line("rewriterule "),
            Line("ssl_certificate "),
            Has("reverse_proxy "),
            Has("file_server"),
            Line("documentroot "),
            Line("try_files "),
            Line("header set "),
        ],
    },
    Look {
        name: "A mail server's configuration",
        next: "It says what your server does when it sends. What others find when they send to you is the policy and the \
            records: paste those, or check the domain.",
        example: "smtp_tls_policy_maps = socketmap:inet:127.0.0.1:8461:postfix\nsmtp_dns_support_level = dnssec",
        least: 1,
        signs: &[
            Has("smtp_tls_"),
            Has("smtpd_tls_"),
            Has("postconf"),
            Has("smtp_dns_support_level"),
            Has("dnssec_validation"),
            Has("hosts_require_dane"),
            Has("tls_require_ciphers"),
        ],
    },
    Look {
        name: "What was typed at a command line",
        next: "Paste what the command printed: the output of `dig TXT` for _mta-sts or _smtp._tls below the domain, or of \
            `curl -i` for the policy.",
        example: "$ curl https://mta-sts.example.com/.well-known/mta-sts.txt\ncurl: (6) Could not resolve host: mta-sts.example.com",
        least: 1,
        signs: &[
            Line("$ "),
            Line("ps c:\\"),
            Has("curl: ("),
            Has("~$ "),
            Has("~# "),
            Line("sudo "),
            Line("dig "),
            Line("curl "),
            Line("nslookup "),
            Line("resolve-dnsname"),
            Has("command not found"),
            Line("host -t "),
            Has("@localhost"),
            Line("c:\\"),
            Line("# dig "),
            Line("# curl "),
            Line("> nslookup"),
            Line("wget "),
            Line("docker "),
        ],
    },
    Look {
        name: "Program code",
        next: "Paste the text that it gives: the policy, or the value of the record.",
        example: "const mtaSts = require('mta-sts');\nmodule.exports = mtaSts;",
        least: 1,
        signs: &[
            Line("import "),
            Line("const "),
            Line("function "),
            Line("export "),
            Line("package "),
            Line("def "),
            Line("var "),
            Line("let "),
            Line("resource \""),
            Line("#!/"),
            Line("<?php"),
            Has("=> {"),
            Line("return "),
            Line("class "),
            Line("public "),
            Line("async "),
            Line("use "),
            Line("fn "),
            Line("module "),
            Line("provider "),
            Line("#include"),
        ],
    },
    Look {
        name: "A file of settings in YAML",
        next: "Paste the text that it gives: the policy, or the value of the record.",
        example: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: mta-sts",
        least: 1,
        signs: &[
            Line("apiversion:"),
            Line("services:"),
            Line("metadata:"),
            Line("- name:"),
            Line("- hosts:"),
            Line("version: '"),
            Line("version: \"2"),
            Line("version: \"3"),
            Line("runs-on:"),
            Line("jobs:"),
        ],
    },
    Look {
        name: "JSON",
        next: "Of JSON, stslint reads TLS reports (RFC 8460), answers of DNS over HTTPS, and records in what DNS providers give.",
        example: "{\"error\": \"not found\"}",
        least: 1,
        signs: &[Start("{"), Start("[{"), Start("[\"")],
    },
    Look {
        name: "A fingerprint or a key",
        next: "Keys and TLSA records belong to DANE, which does the work of MTA-STS in another way.",
        example: "_25._tcp.mail.example.com. IN TLSA 3 1 1 0123456789abcdef",
        least: 1,
        signs: &[Has(" tlsa "), Has("\ttlsa\t"), Start("ssh-"), Has("sha256:")],
    },
    Look {
        name: "A list of mail servers",
        next: "The page writes a policy for them: look the domain up, and choose to set MTA-STS up.",
        example: "10 mail1.example.com.\n20 mail2.example.com.",
        least: 1,
        signs: &[Start("10 "), Start("20 "), Has("priority"), Has("mx record")],
    },
    Look {
        name: "Addresses of hosts",
        next: "A policy names its mail servers, not their addresses. Paste the policy or the record, or check the domain.",
        example: "192.0.2.1",
        least: 1,
        signs: &[
            Start("192."),
            Start("10."),
            Start("172."),
            Start("127."),
            Start("2001:"),
            Start("::1"),
        ],
    },
    Look {
        name: "A question about MTA-STS, or a text that tells of it",
        next: "Paste the policy or the record that it is about, or check the domain.",
        example: "Does anybody know why MTA-STS fails for us?",
        least: 1,
        signs: &[
            Has("mta-sts"),
            Has("mta sts"),
            Has("tls-rpt"),
            Has("tlsrpt"),
            Has("smtp tls report"),
            Has("mtasts"),
            Has("_smtp._tls"),
        ],
    },
];

/// What a text looks like in which nothing is to lint; none for one that nothing is known of.
pub fn look(source: &[u8]) -> Option<&'static Look> {
    let text = glance(source);
    if status_code(&text).is_some() {
        return LOOKS.iter().find(|look| look.name == "A bounce");
    }
    LOOKS.iter().find(|look| {
        let fits = |sign: &&Sign| match **sign {
            Start(word) => text.trim_start().starts_with(word),
            Line(word) => text.split(is_line_end).any(|line| line.trim_start().starts_with(word)),
            Has(word) => text.contains(word),
            Is(so) => so(&text),
        };
        look.signs.iter().filter(fits).take(look.least).count() == look.least
    })
}

fn glance(source: &[u8]) -> String {
    let source = &source[..source.len().min(GLANCE)];
    String::from_utf8_lossy(source).trim_start_matches('\u{feff}').to_lowercase()
}

/// Status codes of mail (RFC 3463) that senders with MTA-STS and DANE give, without their class, and what they say. Those of
/// Exchange Online are in Microsoft's list of its non-delivery reports: X.4.8 and X.7.5 for MTA-STS, the others for DANE.
/// Postfix and others give X.7.5 too, for any certificate that does not pass.
const STATUS: [(&str, &str); 7] = [
    ("4.8", "no mail server of the domain is one that its MTA-STS policy names"),
    ("7.5", "the mail server's certificate did not pass, which MTA-STS or DANE demands"),
    (
        "7.321",
        "the mail server does not offer STARTTLS, or the TLS handshake failed; DANE demands TLS",
    ),
    ("7.322", "the mail server's certificate has expired, so it did not pass DANE"),
    (
        "7.323",
        "the domain did not pass DANE: the mail server's certificate does not match its TLSA records, or they are wrong",
    ),
    ("7.324", "the domain is signed with DNSSEC, but its answers could not be verified"),
    ("7.325", "the mail server's certificate is for another name, so it did not pass DANE"),
];

/// The first status code in a text that is told of, with its place and what it says.
fn status_code(text: &str) -> Option<(Span, &'static str)> {
    let bytes = text.as_bytes();
    for (at, _) in text.match_indices('.') {
        let Some(start) = at.checked_sub(1).filter(|start| matches!(bytes[*start], b'4' | b'5'))
        else {
            continue;
        };
        let rest = &text[at + 1..];
        let part = |b: &u8| b.is_ascii_digit() || *b == b'.';
        let end = rest.bytes().take(9).take_while(part).count();
        let code = rest[..end].trim_end_matches('.');
        let alone = start == 0
            || !(bytes[start - 1].is_ascii_alphanumeric() || b".-".contains(&bytes[start - 1]));
        let goes_on = rest[code.len()..].starts_with(|c: char| c.is_alphanumeric() || c == '-');
        if let Some((_, says)) =
            STATUS.iter().find(|(known, _)| alone && !goes_on && *known == code)
        {
            return Some((Span::new(start, at + 1 + code.len()), says));
        }
    }
    None
}

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
    let name = look(source).map_or("A text of another kind", |look| look.name);
    Finding::add(&mut findings, &NOTHING_TO_LINT, first_line(source)).text(name);
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
/// then the domain of a mail address, then any name.
pub fn domain(source: &[u8]) -> Option<String> {
    let text = glance(source);
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let name_at = |at: usize| {
        let rest = &text[at..];
        let name = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        as_domain(name.trim_matches('.'))
    };
    let behind = |mark: &str| {
        text.match_indices(mark).find_map(|(at, _)| {
            let whole = at == 0 || !text[..at].ends_with(is_part) || mark.starts_with('@');
            name_at(at + mark.len()).filter(|_| whole)
        })
    };
    let marks = ["_mta-sts.", "_smtp._tls.", "mta-sts.", "mx hosts of '", "@"];
    marks.into_iter().find_map(behind).or_else(|| {
        let words = text.split(|c| !is_part(c)).map(|word| word.trim_matches('.'));
        words.filter(|word| word.contains('.')).find_map(as_domain)
    })
}

/// A name as a domain, unless it is a file, a number or a version.
fn as_domain(name: &str) -> Option<String> {
    const FILES: [&str; 22] = [
        "txt", "json", "gz", "xml", "html", "htm", "php", "js", "py", "conf", "cf", "log", "zip",
        "md", "yml", "yaml", "go", "rs", "ts", "tf", "pem", "plain",
    ];
    let name = name.strip_prefix("_mta-sts.").unwrap_or(name);
    let name = name.strip_prefix("mta-sts.").filter(|rest| rest.contains('.')).unwrap_or(name);
    let (_, last) = name.rsplit_once('.')?;
    let word =
        last.len() > 1 && last.bytes().all(|b| b.is_ascii_alphabetic()) || last.starts_with("xn--");
    (word && !FILES.contains(&last) && host::is_host_name(name)).then(|| name.to_owned())
}

/// Whether a text is nothing but the address of a file in a repository, and not of a policy host.
pub(crate) fn is_repository(text: &str) -> bool {
    const HOSTS: [&str; 8] = [
        "raw.githubusercontent.com/",
        "github.com/",
        "gist.github.com/",
        "gist.githubusercontent.com/",
        "gitlab.com/",
        "bitbucket.org/",
        "codeberg.org/",
        "git.sr.ht/",
    ];
    let text = text.trim();
    let rest =
        text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or(text);
    let path = HOSTS.iter().find_map(|host| rest.strip_prefix(host));
    path.is_some_and(|path| path.contains('/') && !path.contains(char::is_whitespace))
}

/// A name that people give to the file of a policy by mistake.
fn is_nearly(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    [
        "mtaststxt",
        "mtaststxttxt",
        "mtasts",
        "mtaststext",
        "mtastshtml",
        "mtaststxthtml",
        "mtastsmd",
        "mtststxt",
        "mtasttxt",
    ]
    .contains(&plain.as_str())
}

/// What to say of the name of a policy's file, if it is nearly the right one.
pub(crate) fn file_name(name: &str) -> Option<Finding> {
    (name != FILE && is_nearly(name)).then(|| {
        let mut findings = Vec::new();
        Finding::add(&mut findings, &FILE_NAME, Span::at(0)).text(name.to_owned());
        findings.remove(0)
    })
}

/// What to say of an address of a policy whose path is nearly the right one.
pub(crate) fn address(source: &[u8]) -> Option<Finding> {
    let text = str::from_utf8(source).ok()?;
    let trimmed = text.trim();
    let at = text.len() - text.trim_start().len();
    let (_, rest) = trimmed.split_once("://")?;
    let path = rest.find('/').map(|slash| trimmed.len() - rest.len() + slash)?;
    let whole = &trimmed[path..];
    let end = whole.find(&['?', '#'][..]).unwrap_or(whole.len());
    let (folder, name) = whole[..end].rsplit_once('/')?;
    let meant = is_nearly(name)
        && (folder != "/.well-known" || name != FILE)
        && !trimmed.contains(char::is_whitespace);
    meant.then(|| {
        let span = Span::new(at + path, at + path + end);
        let mut findings = Vec::new();
        Finding::add(&mut findings, &FILE_NAME, span).text(whole[..end].to_owned());
        findings.remove(0)
    })
}

/// The name that policies have (RFC 8461 §3.2).
const FILE: &str = "mta-sts.txt";

static FILE_NAME: Rule = Rule {
    code: "INPUT-006",
    name: "file-name",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` is not what senders ask for; that is `/.well-known/mta-sts.txt`",
    words: words(Words {
        why: "Senders ask for exactly this path on the host `mta-sts` below the domain. Windows hides file extensions, so what \
          looks like `mta-sts.txt` may be `mta-sts.txt.txt`.",
        effect: "Published under another name, senders find no policy.",
        help: "Name the file `mta-sts.txt` and put it in the folder `.well-known`.",
        clause: "RFC 8461 §3.3: the policy is fetched from the path .well-known/mta-sts.txt",
        fails: Example::policy(GOOD).in_file("mta-sts.txt.txt"),
        passes: Some(Example::policy(GOOD).in_file("mta-sts.txt")),
    }),
};

/// A good policy, for examples.
const GOOD: &str =
    "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n";

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
        help: "Paste one of these, or check the domain. If the text is one of them all the same, say which: with “Read as” on the \
          page, with `--kind` in the command.",
        clause: "Practice: what is not there can't be judged",
        fails: Example::pasted("Does anybody know why MTA-STS fails for us?"),
        passes: None,
    }),
};

static BOUNCE: Rule = Rule {
    code: "INPUT-002",
    name: "bounce",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` in a bounce says: {1}",
    words: words(Words {
        why: "Senders that enforce MTA-STS or DANE give these codes when the receiving domain does not pass. Exchange Online gives \
          X.4.8 and X.7.5 for MTA-STS, and X.7.321 to X.7.325 for DANE; the first digit says whether the sender will try again \
          (4) or has given up (5).",
        effect: "The mail was held back, and returns to its sender after some days. It never went to a server that did not pass.",
        help: "Check the domain that the mail was sent to. If it is yours, for MTA-STS: name every mail server of the MX records in \
          the policy, give each a valid certificate for its name, and change the `id` of the record. For DANE: correct the \
          DNSSEC signatures and the TLSA records. If it is not yours, tell its postmaster.",
        clause: "RFC 8461 §5: a host that fails gets no mail with mode enforce; RFC 7672 §2.2: so does one that fails DANE; RFC 3463 \
          §3.5 §3.8; codes as Exchange Online uses them",
        fails: Example::pasted("450 4.4.8 MX hosts of 'example.com' failed MTA-STS validation."),
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

    #[test]
    fn every_example_looks_like_what_it_is() {
        for look in &LOOKS {
            let found = super::look(look.example.as_bytes()).map(|found| found.name);
            assert_eq!(found, Some(look.name), "{}", look.example);
        }
    }

    #[test]
    fn codes_of_bounces_are_found_whole() {
        for (text, code) in [
            ("550 5.7.5 Remote certificate failed MTA-STS validation", Some("5.7.5")),
            ("450-4.4.8: MX hosts", None),
            ("(4.4.8)", Some("4.4.8")),
            ("status 4.7.325.", Some("4.7.325")),
            ("4.7.326", None),
            ("4/5.7.323 tlsa-invalid", Some("5.7.323")),
            ("14.4.8", None),
            ("version 4.4.80", None),
            ("192.0.4.4.8", None),
        ] {
            assert_eq!(status_code(text).map(|(span, _)| &text[span.range()]), code, "{text}");
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
    fn bounce() {
        pasted().shows(
            r"
            450 4.4.8 MX hosts of 'example.com' failed MTA-STS validation.
                ^^^^^ INPUT-002
            ",
        );
    }

    #[test]
    fn file_name() {
        crate::carets::policy().in_file("mta-sts.txt.txt").shows(
            r"
            version: STSv1
            | INPUT-006
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
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

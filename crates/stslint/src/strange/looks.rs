//! What people paste that stslint does not lint, as data.

use super::Sign::{Has, Is, Line, Start};
use super::{CHECKERS, Look, REPOSITORIES, behind_host, forms};
use crate::settings;
use crate::text::{WSP, is_one_of};

const CHECK: &str = "To see what senders find, check the domain.";

const ADDRESS: &str = "If the address of your policy answers with this, senders get no policy: publish the policy text as a \
    plain file at /.well-known/mta-sts.txt of the host mta-sts below your domain.";

const SERVED: &str =
    "Paste the policy that the server answers with, as `curl -i` prints it, or check the domain.";

/// Names that others ask for, or that several looks have.
pub(super) const A_BOUNCE: &str = "A bounce";
pub(super) const MAIL_LOG: &str = "A log of a mail server";
pub(super) const DOMAINS: &str = "A list of domains, with lines that are none";
const TYPED: &str = "What was typed at a command line";
const WEB_SERVER: &str = "A web server's configuration";

/// All looks; the first one that fits counts.
pub static LOOKS: [Look; 48] = [
    Look {
        name: "A link to a file in a repository",
        next: "Open it and paste the text. Senders fetch a policy from https://mta-sts.<your domain>/.well-known/mta-sts.txt: to \
               see what they find there, check the domain.",
        example: "https://raw.githubusercontent.com/example/site/main/.well-known/mta-sts.txt",
        least: 1,
        signs: &[Is(|text| behind_host(text, &REPOSITORIES).is_some())],
    },
    Look {
        name: "A link to what another tool found",
        next: CHECK,
        example: "https://mxtoolbox.com/SuperTool.aspx?action=mta-sts%3aexample.com",
        least: 1,
        signs: &[Is(|text| behind_host(text, &CHECKERS).is_some())],
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
        name: "Numbers that were made of TLS reports",
        next: "A policy in them is the one that a sender had, so there is no verdict on it. To have reports read, open them as they \
               came, or as the JSON that parsedmarc writes.",
        example: "organization_name,begin_date,report_id,policy_domain,policy_strings,failed_session_count",
        least: 2,
        signs: &[
            Has("report_id"),
            Has("policy_domain"),
            Has("failed_session_count"),
            Has("\"stslint\""),
            Has("\"policies_left_out\""),
        ],
    },
    Look {
        name: "A part of a TLS report",
        next: "It says what came of a policy, or how sessions failed, but not who reports that and of which time: paste or open the \
               whole report.",
        example: "{\"result-type\": \"certificate-expired\", \"failed-session-count\": 3}",
        least: 2,
        signs: &[
            Has("\"policy-type\""),
            Has("\"policy-string\""),
            Has("\"failure-details\""),
            Has("\"result-type\""),
            Has("\"failed-session-count\""),
            Has("\"receiving-mx-hostname\""),
            Has("\"total-failure-session-count\""),
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
        name: WEB_SERVER,
        next: SERVED,
        example: "<?xml version=\"1.0\"?>\n<configuration><system.webServer></system.webServer></configuration>",
        least: 1,
        signs: &[Has("<system.webserver")],
    },
    Look {
        name: "An XML document",
        next: ADDRESS,
        example: "<?xml version=\"1.0\"?>\n<Error><Code>AccessDenied</Code></Error>",
        least: 1,
        signs: &[Start("<?xml"), Start("<error>")],
    },
    Look {
        name: "A private key",
        next: "Don't paste private keys: whoever has seen one can pass for your server. Replace this one by a new one.",
        example: "-----BEGIN PRIVATE KEY-----",
        least: 1,
        signs: &[Has("private key-----")],
    },
    Look {
        name: "A certificate, or what openssl says of one",
        next: "stslint does not read certificates from a text. To have those of your policy host and mail hosts looked at, \
            check the domain: no browser can see them all, but the command `stslint check` can.",
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
        name: "A look-up of a type that the name does not have",
        next: "Without a type, nslookup and host ask for addresses, and the names of records have none: that says nothing about the \
            record. Ask for TXT, as `nslookup -type=txt` and `dig TXT` do, or check the domain.",
        example: "$ nslookup _mta-sts.example.com\n*** Can't find _mta-sts.example.com: No answer",
        least: 1,
        signs: &[Is(asks_other_type)],
    },
    Look {
        name: "A look-up of another name",
        next: "It says nothing about the records: that of a policy is the TXT record at _mta-sts below the domain, that of TLS \
            reports the one at _smtp._tls. Ask for these names, or check the domain. Where the host mta-sts below the domain does \
            not exist, no policy can be fetched.",
        example: "$ nslookup mta-sts.example.com\n** server can't find mta-sts.example.com: NXDOMAIN",
        least: 1,
        signs: &[Is(asks_other_name)],
    },
    Look {
        name: "A look-up that printed nothing",
        next: "There is no TXT record at the name, or the look-up failed: without `+short`, dig tells which. Or check the domain.",
        example: "$ dig +short TXT _mta-sts.example.com\n$ ",
        least: 1,
        signs: &[Is(|text| printed_short(text) == Some(false))],
    },
    Look {
        name: "A look-up that printed an alias alone",
        next: "The name leads to another one (CNAME), and no TXT record came from there: it has none, or the look-up failed. Ask for \
            TXT there without `+short`, or check the domain.",
        example: "$ dig +short TXT _mta-sts.example.com\n_mta-sts.example.net.",
        least: 1,
        signs: &[Is(|text| printed_short(text) == Some(true))],
    },
    Look {
        name: TYPED,
        next: "There is nothing to lint in the answer, and it says why. To see what senders find, check the domain.",
        example: "curl: (60) SSL certificate problem: certificate has expired",
        least: 1,
        signs: &[
            Has("curl: ("),
            Has("wget: unable"),
            Has("remote server returned an error: ("),
            Has("dns name does not exist"),
            Has("non-existent domain"),
            Has("response status code does not indicate success"),
            Has("could not establish trust relationship"),
            Has(" error 404:"),
            Has(" error 403:"),
            Has("no certificate subject alternative name"),
        ],
    },
    Look {
        name: "An error message of a web server",
        next: ADDRESS,
        example: "$ curl -s https://mta-sts.example.com/.well-known/mta-sts.txt\n404 page not found",
        least: 1,
        signs: &[
            Is(forms::is_web_error),
            Start("monitor is down"),
            Start("this site can"),
            Has("dns_probe_finished_nxdomain"),
        ],
    },
    Look {
        name: MAIL_LOG,
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
            Line("level="),
        ],
    },
    Look {
        name: "The mail of a TLS report, and not the report",
        next: "The report is an attachment, application/tlsrpt+gzip or application/tlsrpt+json, which is missing here, damaged or \
               encrypted. Let your mail filters pass it, and open the mail as it came.",
        example: "From: noreply@example.com\nTLS-Report-Domain: example.org\nSubject: Report Domain: example.org",
        least: 1,
        signs: &[
            Line("tls-report-domain:"),
            Line("tls-report-submitter:"),
            Has("report-type=tlsrpt"),
            Has("report-type=\"tlsrpt\""),
        ],
    },
    Look {
        name: "A bounce for want of authentication",
        next: "It is about who may send, and not about TLS: the SPF, DKIM and DMARC records of the domain in the sender's \
            address. MTA-STS and TLS reports have nothing to do with it.",
        example: "550 5.7.26 This mail has been blocked because the sender is unauthenticated.",
        least: 1,
        signs: &[Is(forms::is_bounce_of_sender)],
    },
    Look {
        name: "A bounce that says nothing of TLS",
        next: "The reason stands behind the code: an address that is wrong, a list, a limit. MTA-STS has nothing to do with it.",
        example: "550 5.1.1 <someone@example.com>: user unknown",
        least: 1,
        signs: &[Is(forms::is_other_bounce)],
    },
    Look {
        name: A_BOUNCE,
        next: CHECK,
        example: "454 4.7.0 TLS is not available",
        least: 1,
        signs: &[Is(forms::is_bounce)],
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
        name: "A zone without records for MTA-STS and TLS reports",
        next: "They are TXT records at _mta-sts and _smtp._tls. To see what senders find, check the domain.",
        example: "$ORIGIN example.com.\n@ IN SOA ns1 host 1 2 3 4 5\n@ IN TXT \"v=spf1 -all\"",
        least: 1,
        signs: &[Line("$origin "), Line("$ttl "), Has(" in soa "), Has("\tin\tsoa\t")],
    },
    Look {
        name: "An SPF, DKIM, DMARC or BIMI record",
        next: "It has nothing to do with MTA-STS and TLS reports: their records are v=STSv1 at _mta-sts and v=TLSRPTv1 at \
            _smtp._tls.",
        example: "v=DMARC1; p=none; rua=mailto:dmarc@example.com",
        least: 1,
        signs: &[Is(forms::is_other_record), Has("._domainkey"), Has("k=rsa; p=")],
    },
    Look {
        name: "A record that shows who has the domain",
        next: "It has nothing to do with MTA-STS and TLS reports: their records are v=STSv1 at _mta-sts and v=TLSRPTv1 at \
            _smtp._tls.",
        example: "google-site-verification=0123456789abcdef",
        least: 1,
        signs: &[
            Has("-site-verification="),
            Line("ms=ms"),
            Has("\"ms=ms"),
            Has("-domain-verification="),
        ],
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
            Is(forms::is_dns),
            Has("mail is handled by"),
            Has("mail exchanger ="),
            Has("non-authoritative answer"),
            Has("\ta\t"),
            Has("\tmx\t"),
        ],
    },
    Look {
        name: "A TLS report without its text",
        next: "The report is in the file that is attached to the mail: save and open that. stslint unpacks it.",
        example: "This is an aggregate TLS report from example.com",
        least: 1,
        signs: &[Start("this is an aggregate tls report"), Is(forms::is_report_name)],
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
        signs: &[Is(settings::is_part), Is(forms::is_form), Has("mta_sts_mode"), Has("mta_sts_mx")],
    },
    Look {
        name: WEB_SERVER,
        next: SERVED,
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
        name: "A log of a web server",
        next: "What counts is what the address of the policy answers with: status 200, media type text/plain, and the text. To see \
            what senders find, check the domain.",
        example: "192.0.2.9 - - [30/Nov/2026:10:00:00 +0100] \"GET /.well-known/mta-sts.txt HTTP/1.1\" 200 68",
        least: 1,
        signs: &[Has("\"get /"), Has(" open() \"")],
    },
    Look {
        name: "A mail server's configuration for incoming mail",
        next: "With MTA-STS, senders ask for a certificate that is valid for the name in the MX record; these settings say which one \
            they get. What senders are told is the policy and the records: paste those, or check the domain.",
        example: "smtpd_tls_cert_file = /etc/ssl/mail.example.com.pem",
        least: 1,
        signs: &[Is(forms::is_incoming)],
    },
    Look {
        name: "A mail server's configuration",
        next: "It says what your server does when it sends. What others find when they send to you is the policy and the \
            records: paste those, or check the domain.",
        example: "smtp_tls_policy_maps = socketmap:inet:127.0.0.1:8461:postfix\nsmtp_dns_support_level = dnssec",
        least: 1,
        signs: &[
            Has("smtp_tls_"),
            Has("postconf"),
            Has("smtp_dns_support_level"),
            Has("dnssec_validation"),
            Has("hosts_require_dane"),
            Has("tls_require_ciphers"),
            Line("default_zone:"),
        ],
    },
    Look {
        name: TYPED,
        next: "Paste what the command printed: the output of `dig TXT` for _mta-sts or _smtp._tls below the domain, or of \
            `curl -i` for the policy.",
        example: "$ curl https://mta-sts.example.com/.well-known/mta-sts.txt",
        least: 1,
        signs: &[
            Line("$ "),
            Line("ps c:\\"),
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
            Is(forms::is_code),
            Line("resource \""),
            Line("#!/"),
            Line("<?php"),
            Has("=> {"),
            Line("#include"),
            Line("set-content "),
            Line("echo version"),
            Has("`nmode:"),
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
        signs: &[Is(forms::is_tlsa), Has(" tlsa "), Has("\ttlsa\t"), Start("ssh-"), Has("sha256:")],
    },
    Look {
        name: "A list of mail servers",
        next: "A policy names them, each on a line of its own: `mx: ` and the name. stslint writes one when you set MTA-STS up.",
        example: "10 mail1.example.com.\n20 mail2.example.com.",
        least: 1,
        signs: &[Is(forms::is_mx_list), Line("priority"), Line("mx record"), Line("mx:")],
    },
    Look {
        name: "Addresses of hosts",
        next: "A policy names its mail servers, not their addresses. Paste the policy or the record, or check the domain.",
        example: "192.0.2.1",
        least: 1,
        signs: &[Is(forms::is_addresses)],
    },
    Look {
        name: DOMAINS,
        next: "Take such lines out, or write `#` in front of them: then the domains are checked together.",
        example: "acme-mail.net\nacme-mail.org\nacme-mail.example\nnot a domain!",
        least: 1,
        signs: &[Is(forms::is_domains)],
    },
    Look {
        name: "A message about a certificate",
        next: "If it is the one of the host mta-sts below your domain: while it is not valid for that name, senders get no policy. \
            Repair that, and check the domain.",
        example: "Your connection is not private\nNET::ERR_CERT_COMMON_NAME_INVALID",
        least: 1,
        signs: &[
            Has("net::err_cert"),
            Has("ssl_error_"),
            Has("connection is not private"),
            Has("potential security risk ahead"),
            Has("ssl certificate problem"),
            Has("certificate doesn't match"),
            Has("certbot"),
            Has("letsencrypt"),
            Has("your certificate (or certificates)"),
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

/// Whether a look-up found none of its type, and that was not TXT as far as the text tells.
fn asks_other_type(text: &str) -> bool {
    const SIGNS: [&str; 2] = [": no answer", "does not have any rr of the requested type"];
    let mut types = text.split("\"type\":").skip(1).map(str::trim_start);
    let is_address = |rest: &str| {
        is_one_of(rest.split(&[',', '}'][..]).next().unwrap_or_default().trim(), "1 28")
    };
    let answer = text.contains("\"question\":") && types.next().is_some_and(is_address);
    answer || SIGNS.into_iter().any(|sign| text.contains(sign)) && !text.contains("txt")
}

/// Whether a look-up found nothing, and the text has none of the two names.
fn asks_other_name(text: &str) -> bool {
    const SIGNS: [&str; 7] = [
        "can't find ",
        ": nxdomain",
        "3(nxdomain)",
        "non-existent domain",
        "has no txt record",
        "dns name does not exist",
        "\"status\":3,",
    ];
    let ours = ["_mta-sts.", "_smtp._tls."].into_iter().any(|name| text.contains(name));
    !ours && SIGNS.into_iter().any(|sign| text.contains(sign))
}

/// What the last `dig +short` for TXT records printed, if that is nothing or names alone: whether there are some.
fn printed_short(text: &str) -> Option<bool> {
    let command =
        |line: &str| ["dig ", "+short", "txt"].into_iter().all(|word| line.contains(word));
    let is_prompt = |line: &str| line.ends_with(&['$', '#', '%', '>'][..]);
    let (mut asked, mut names) = (false, false);
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let is_name = line.ends_with('.') && !line.contains(WSP);
        match command(line) {
            true => (asked, names) = (true, false),
            false if is_name => names = true,
            false => asked &= is_prompt(line),
        }
    }
    asked.then_some(names)
}

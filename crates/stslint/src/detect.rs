//! What was pasted.

use crate::host;
use crate::input::{Form, GZIP, Input, Kind, ToAscii};
use crate::record;
use crate::text::is_line_end;

/// What the input was taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detected {
    /// What it is.
    pub kind: Kind,
    /// How it was written.
    pub form: Form,
    /// The domain that the input names, for [`Kind::Domain`].
    pub domain: Option<String>,
}

/// Takes the input for what it most likely is, or for what it is declared to be.
pub fn detect(input: &Input) -> Detected {
    let Some(kind) = input.kind else { return guess(input) };
    // What the text holds can be overridden; the form that it has is what it is, unless somebody knows it.
    let form = match kind {
        Kind::Policy if is_http_response(input.source) => Form::HttpResponse,
        Kind::Live | Kind::Policy => Form::Bare,
        Kind::RptTxt | Kind::StsTxt => input.form.unwrap_or_else(|| record_form(input.source)),
        Kind::Domain | Kind::Report => {
            let guess = guess(input);
            let form = if guess.kind == kind { guess.form } else { Form::Bare };
            return Detected { kind, form, domain: guess.domain.filter(|_| kind == Kind::Domain) };
        }
    };
    Detected { kind, form, domain: None }
}

/// Whether the text begins as an HTTP response does, behind byte order marks.
pub(crate) fn is_http_response(mut source: &[u8]) -> bool {
    while let Some(rest) = source.strip_prefix("\u{feff}".as_bytes()) {
        source = rest;
    }
    source.starts_with(b"HTTP/")
}

fn record_form(source: &[u8]) -> Form {
    let text = String::from_utf8_lossy(source);
    match record::recognise(&text) {
        Some((_, form)) => form,
        None if text.trim_start().starts_with('"') => Form::Quoted,
        None => Form::Bare,
    }
}

fn guess(input: &Input) -> Detected {
    let Input { source, to_ascii, .. } = *input;
    let is = |kind, form| Detected { kind, form, domain: None };
    if source.starts_with(&GZIP) {
        return is(Kind::Report, Form::Gzip); // RFC 8460 §3: reports travel compressed.
    }
    // Bytes that are no text are a policy's problem to explain (STS-POL-003).
    let Ok(text) = str::from_utf8(source) else { return is(Kind::Policy, Form::Bare) };
    let text = text.trim_start_matches('\u{feff}');
    let start = text.trim_start();
    if start.starts_with("HTTP/") {
        return is(Kind::Policy, Form::HttpResponse);
    }
    if start.starts_with('<') && !is_angle_address(start) {
        return is(Kind::Policy, Form::Bare); // A web page: STS-POL-006.
    }
    if start.starts_with(&['{', '['][..]) && is_report(start) {
        return is(Kind::Report, Form::Bare);
    }
    if !looks_like_policy(text)
        && let Some((kind, form)) = record::recognise(text)
    {
        return is(kind, form);
    }
    if let Some((form, domain)) = domain_in(text, to_ascii) {
        return Detected { kind: Kind::Domain, form, domain: Some(domain) };
    }
    if domains(text, to_ascii).is_some() {
        return is(Kind::Domain, Form::Bare);
    }
    is(Kind::Policy, Form::Bare)
}

/// How much of a text is looked at to tell its kind, in bytes.
const GLANCE: usize = 65_536;

fn glance(text: &str) -> &str {
    &text[..text.floor_char_boundary(GLANCE)]
}

/// Whether a JSON text has members of a TLS report (RFC 8460 §4).
fn is_report(text: &str) -> bool {
    const MEMBERS: [&str; 6] = [
        "\"organization-name\"",
        "\"date-range\"",
        "\"report-id\"",
        "\"contact-info\"",
        "\"policies\"",
        "\"policy-type\"",
    ];
    let text = glance(text);
    MEMBERS.iter().filter(|member| text.contains(**member)).count() >= 2
}

/// Whether a line starts like a field of a policy.
pub(crate) fn looks_like_policy(text: &str) -> bool {
    let field = |line: &str| {
        let line = line.trim_start_matches(&[' ', '\t', '"', '\'', '#'][..]);
        ["version", "mode", "max_age", "mx"].iter().any(|name| {
            line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
                && line[name.len()..].trim_start().starts_with(':')
        })
    };
    glance(text).split(is_line_end).any(field)
}

/// Whether the text is `<user@example.com>` as mail programs copy it.
fn is_angle_address(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with('>') && text.contains('@') && !text.contains(char::is_whitespace)
}

/// The domain that a bare name, a mail address or a URL stands for.
fn domain_in(text: &str, to_ascii: Option<ToAscii>) -> Option<(Form, String)> {
    let text = text.trim().trim_start_matches('<');
    if text.len() > 2048 || text.is_empty() || text.contains(char::is_whitespace) {
        return None;
    }
    let (form, host) = if let Some((scheme, rest)) = text.split_once("://") {
        if !scheme.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return None;
        }
        let authority = rest.split(&['/', '?', '#'][..]).next().unwrap_or(rest);
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        (Form::Url, host.split_once(':').map_or(host, |(host, _)| host))
    } else if let Some((user, host)) = text.rsplit_once('@') {
        if user.contains(&[':', ';', '=', ',', '/'][..]) && !user.starts_with("mailto:") {
            return None;
        }
        (Form::EmailAddress, host.trim_end_matches('>'))
    } else {
        (Form::Bare, text.split('/').next().unwrap_or(text))
    };
    let host = host.strip_suffix('.').unwrap_or(host);
    let ascii = host::to_a_labels(host, to_ascii)?;
    // The names that MTA-STS itself uses stand for the domain behind them.
    let mut domain = ascii.as_str();
    if let Some(rest) = domain.strip_prefix("mta-sts.").filter(|rest| rest.contains('.')) {
        domain = rest;
    }
    (domain.contains('.') && !host::is_address(domain)).then(|| (form, domain.to_owned()))
}

/// Most domains in a list.
pub const MAX_DOMAINS: usize = 5_000;

/// The domains in a list, each once: on lines of their own or behind commas, as names, mail addresses or
/// URLs; what follows a `#` on a line says nothing. None if anything else is in it, or only one domain.
pub fn domains(text: &str, to_ascii: Option<ToAscii>) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let lines = text.trim_start_matches('\u{feff}').split(is_line_end);
    let lines = lines.map(|line| line.split('#').next().unwrap_or(line));
    let words = lines.flat_map(|line| line.split(|c: char| c.is_whitespace() || ",;".contains(c)));
    for word in words.filter(|word| !word.is_empty()) {
        let (_, domain) = domain_in(word, to_ascii)?;
        if seen.insert(domain.clone()) {
            found.push(domain);
        }
        if found.len() > MAX_DOMAINS {
            return None;
        }
    }
    (found.len() > 1).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const IDNA: Option<ToAscii> = Some(|name| idna::domain_to_ascii(name).ok());

    fn guessed(text: &str) -> (Kind, Form, Option<String>) {
        let detected = detect(&Input { to_ascii: IDNA, ..Input::new(text.as_bytes()) });
        (detected.kind, detected.form, detected.domain)
    }

    #[test]
    fn tells_what_was_pasted() {
        for (text, kind, form) in [
            ("version: STSv1\nmode: none", Kind::Policy, Form::Bare),
            ("mode=enforce\nmx=a", Kind::Policy, Form::Bare),
            ("", Kind::Policy, Form::Bare),
            ("<!doctype html>", Kind::Policy, Form::Bare),
            ("HTTP/2 200\r\n\r\nversion: STSv1", Kind::Policy, Form::HttpResponse),
            ("{\"version\":\"STSv1\"}", Kind::Policy, Form::Bare),
            ("v=STSv1; id=1", Kind::StsTxt, Form::Bare),
            ("\"v=STSv1; id=1\"", Kind::StsTxt, Form::Quoted),
            ("V=stsv1; id=1", Kind::StsTxt, Form::Bare),
            ("v=TLSRPTv1; rua=mailto:a@example.com", Kind::RptTxt, Form::Bare),
            (
                "_smtp._tls.example.com. IN TXT \"v=TLSRPTv1; rua=mailto:a@b.example\"",
                Kind::RptTxt,
                Form::Zone,
            ),
            ("_mta-sts.example.com. 300 IN TXT \"v=STSv1; id=1\"", Kind::StsTxt, Form::Zone),
            (
                "{\"Status\":0,\"Answer\":[{\"name\":\"_mta-sts.example.com.\",\"type\":16,\"TTL\":1,\"data\":\"v=STSv1; id=1\"}]}",
                Kind::StsTxt,
                Form::DohJson,
            ),
            ("{\"organization-name\":\"x\",\"policies\":[]}", Kind::Report, Form::Bare),
            ("example.com", Kind::Domain, Form::Bare),
            ("postmaster@example.com", Kind::Domain, Form::EmailAddress),
            ("https://mta-sts.example.com/.well-known/mta-sts.txt", Kind::Domain, Form::Url),
        ] {
            let (got_kind, got_form, _) = guessed(text);
            assert_eq!((got_kind, got_form), (kind, form), "{text}");
        }
    }

    #[test]
    fn finds_the_domain() {
        for (text, domain) in [
            ("Example.COM.", "example.com"),
            ("https://mta-sts.example.com/.well-known/mta-sts.txt", "example.com"),
            ("https://user@www.example.com:8443/?a=b", "www.example.com"),
            ("<postmaster@bücher.example>", "xn--bcher-kva.example"),
        ] {
            assert_eq!(guessed(text).2.as_deref(), Some(domain), "{text}");
        }
    }

    #[test]
    fn a_foreign_name_is_no_domain_without_its_a_labels() {
        let text = "bücher.example";
        assert_eq!(guessed(text).0, Kind::Domain);
        assert_eq!(detect(&Input::new(text.as_bytes())).kind, Kind::Policy);
        assert_eq!(detect(&Input::new(b"example.com")).kind, Kind::Domain);
    }

    #[test]
    fn reads_lists_of_domains() {
        let list = "# ours\nexample.com, Example.ORG.\r\npostmaster@example.com # again\n\nb\u{fc}cher.example";
        let found = domains(list, IDNA).expect("a list");
        assert_eq!(found, ["example.com", "example.org", "xn--bcher-kva.example"]);
        for other in [
            "example.com",
            "",
            "example.com\nhello",
            "v=STSv1; id=1;",
            "version: STSv1\nmode: none",
        ] {
            assert_eq!(domains(other, IDNA), None, "{other}");
        }
        let many: String = (0..=MAX_DOMAINS).map(|i| format!("d{i}.example\n")).collect();
        assert_eq!(domains(&many, IDNA), None);
    }

    #[test]
    fn an_override_keeps_the_form() {
        let text = b"_mta-sts.example.com. 300 IN TXT \"v=STSv1; id=1\"";
        let input = Input { kind: Some(Kind::RptTxt), ..Input::new(text) };
        assert_eq!((detect(&input).kind, detect(&input).form), (Kind::RptTxt, Form::Zone));
    }

    #[test]
    fn gzip_is_a_report() {
        let detected = detect(&Input::new(&[0x1f, 0x8b, 8, 0]));
        assert_eq!((detected.kind, detected.form), (Kind::Report, Form::Gzip));
    }
}

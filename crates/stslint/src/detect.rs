//! What was pasted.

use crate::carve::{self, Carved};
use crate::finding::{Finding, Severity};
use crate::host;
use crate::input::{Form, GZIP, Input, Kind, ToAscii};
use crate::placeholder::is_lone_tag;
use crate::policy::{self, Mode};
use crate::record;
use crate::report;
use crate::settings;
use crate::strange;
use crate::text::{WSP, lines, seen_start};

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

/// What the input was taken for, with what was read on the way.
#[derive(Clone, Debug)]
pub(crate) struct Sorted<'a> {
    /// What it was taken for.
    pub(crate) detected: Detected,
    /// What was found inside the input, where that is what it holds.
    pub(crate) carved: Option<Carved<'a>>,
    /// What the whole is as a policy, where that had to be known.
    pub(crate) policy: Option<(policy::Values, Vec<Finding>)>,
}

/// Takes the input for what it most likely is, or for what it is declared to be.
pub fn detect(input: &Input) -> Detected {
    sort(input).detected
}

/// The same, with what was read on the way.
pub(crate) fn sort<'a>(input: &Input<'a>) -> Sorted<'a> {
    let mut sorted = Sorted { detected: take(input), carved: None, policy: None };
    if !may_be_wrapped(input, &sorted.detected) {
        return sorted;
    }
    let said = carve::said(input);
    let is_policy = sorted.detected.kind == Kind::Policy;
    // What is longer is wrong for that alone (STS-POL-004).
    if is_policy && input.source.len() <= policy::MAX_SIZE {
        let (_, findings) = sorted.policy.insert(policy::lint(input));
        // One that is said to be a policy need only be good enough for senders.
        let limit = if said.is_some() { Severity::Error } else { Severity::Warning };
        if findings.iter().all(|finding| finding.rule.severity > limit) {
            return sorted;
        }
    }
    // In JSON with the names of a report nothing else is looked for: the policy in it is the one that a sender saw.
    let said = said
        .or(Some(Kind::Report)
            .filter(|kind| sorted.detected.kind == *kind && is_json(input.source)));
    if let Some(carved) = carve::find(input.source, said) {
        // One of them says too little, and none is better than another.
        if carved.has_several_reports() {
            sorted.detected = Detected { kind: Kind::Report, form: Form::Bare, domain: None };
            return sorted;
        }
        sorted.detected = Detected { kind: carved.kind, form: Form::Inside, domain: None };
        sorted.carved = Some(carved);
    } else if is_policy && said.is_none() && is_part(input.source) {
        // What some values would be as a policy says nothing about the one that is made of them.
        sorted.detected = Detected { kind: Kind::Unknown, form: Form::Bare, domain: None };
    }
    sorted
}

/// Whether a text has some of the values of a policy, as program code and settings have them.
fn is_part(source: &[u8]) -> bool {
    str::from_utf8(source).is_ok_and(|text| settings::is_part(glance(text)))
}

/// Whether it is worth looking for something inside a text: it is not plainly what it was taken for.
fn may_be_wrapped(input: &Input, detected: &Detected) -> bool {
    let Ok(text) = str::from_utf8(input.source) else { return false };
    let text = text.trim_start_matches('\u{feff}');
    match detected.kind {
        Kind::Domain | Kind::Live => false,
        Kind::Policy => {
            detected.form == Form::Bare && !text.trim().is_empty() && !is_plain_policy(text)
        }
        Kind::Report => {
            let is_short = text.len() <= carve::LONGEST;
            detected.form == Form::Bare && is_short && !report::is_whole(text)
        }
        Kind::RptTxt | Kind::StsTxt => {
            let lines = matches!(detected.form, Form::Bare | Form::Dig | Form::Quoted | Form::Zone);
            let policy = || {
                let fields = begins_field(text, &[':']) && resembles_policy(text);
                fields && !record::is_spelt_out(text) && !record::holds_policy(text)
            };
            let policy = || input.kind.is_none() && policy();
            input.form.is_none() && lines && (record::is_wrapped(text) || policy())
        }
        Kind::Unknown => !is_domain_being_typed(text),
    }
}

/// What it is taken for as a whole.
fn take(input: &Input) -> Detected {
    let Some(kind) = input.kind else { return guess(input) };
    // What the text holds can be overridden; the form that it has is what it is, unless somebody knows it.
    let form = match kind {
        Kind::Policy if is_http_response(input.source) => Form::HttpResponse,
        Kind::Live | Kind::Policy => Form::Bare,
        Kind::RptTxt | Kind::StsTxt => input.form.unwrap_or_else(|| record_form(input.source)),
        Kind::Domain | Kind::Report | Kind::Unknown => {
            let guess = guess(input);
            let form = if guess.kind == kind { guess.form } else { Form::Bare };
            return Detected { kind, form, domain: guess.domain.filter(|_| kind == Kind::Domain) };
        }
    };
    Detected { kind, form, domain: None }
}

/// Whether what can be seen of the text begins as an HTTP response does.
pub(crate) fn is_http_response(source: &[u8]) -> bool {
    let text = source.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    text[seen_start(text)..].starts_with("HTTP/")
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
        return is(Kind::Report, Form::Gzip); // RFC 8460 §5.2: reports travel compressed.
    }
    let text = String::from_utf8_lossy(source);
    let text = text.trim_start_matches('\u{feff}');
    let start = text.trim_start();
    // Whatever has the name that policies have (RFC 8461 §3.2), or nearly so, is to be one.
    let named = input.file_name.is_some_and(strange::names_policy);
    if is_http_response(source) {
        return is(Kind::Policy, Form::HttpResponse);
    }
    if is_markup(start) && !named {
        return is(Kind::Unknown, Form::Bare);
    }
    if start.starts_with(&['{', '['][..]) && is_report(start) {
        return is(Kind::Report, Form::Bare);
    }
    if !named && (report::is_made_of_reports(start) || report::is_part(start)) {
        return is(Kind::Unknown, Form::Bare);
    }
    if start.is_empty() && input.file_name.is_some_and(names_report) {
        return is(Kind::Report, Form::Bare);
    }
    // What copying made of a report is still one, or lies in the text with one around it: not the policy that it repeats.
    if !named && str::from_utf8(source).is_ok() && report::likeness(text).is_some() {
        return is(Kind::Report, Form::Bare);
    }
    if !named && record::holds_policy(text) {
        let form = record::recognise(text).map_or(Form::Dig, |(_, form)| form);
        return is(Kind::StsTxt, form);
    }
    if start.is_empty() || looks_like_policy(text) {
        return is(Kind::Policy, Form::Bare); // An empty file is a policy without its lines: STS-POL-001.
    }
    if strange::is_repository(text) {
        return is(Kind::Unknown, Form::Bare);
    }
    let one_word = could_be_domain(text) || is_domain_being_typed(text);
    if let Some((form, domain)) = domain_in(text, to_ascii) {
        return Detected { kind: Kind::Domain, form, domain: Some(domain) };
    }
    if !one_word {
        if has_literal(text) {
            return is(Kind::Policy, Form::Bare);
        }
        if let Some((kind, form)) =
            record::recognise(text).filter(|_| !named && !record::is_foreign(text))
        {
            return is(kind, form);
        }
        if domains(text, to_ascii).is_some() {
            return is(Kind::Domain, Form::Bare);
        }
        if !is_of_another(text) && resembles(text, |text| has_fields(text, &[':', '='])) {
            return is(Kind::Policy, Form::Bare);
        }
    }
    is(if named { Kind::Policy } else { Kind::Unknown }, Form::Bare)
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
    // As programs write reports anew.
    let is_anew =
        ["\"organization_name\"", "\"policies\""].iter().all(|member| text.contains(member));
    is_anew || MEMBERS.iter().filter(|member| text.contains(**member)).count() >= 2
}

/// Whether a file is called as files of reports are (RFC 8460 §5.1).
fn names_report(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".json", ".json.gz"].iter().any(|end| name.ends_with(end))
}

/// Whether a text begins as an object or a list of JSON does.
fn is_json(source: &[u8]) -> bool {
    let text = source.strip_prefix("\u{feff}".as_bytes()).unwrap_or(source);
    matches!(text.trim_ascii_start().first(), Some(b'{' | b'['))
}

/// The fields that RFC 8461 §3.2 has.
const FIELDS: [&str; 4] = ["version", "mode", "max_age", "mx"];

/// Whether lines start like fields of a policy, and hold what these do.
pub(crate) fn looks_like_policy(text: &str) -> bool {
    // Whoever writes the version as in the record may write all as there.
    let as_record = text.trim_start().starts_with("v=STSv1");
    let signs: &[char] = if as_record { &[':', '='] } else { &[':'] };
    !is_of_another(text) && has_fields(text, signs) && !record::is_spelt_out(text)
}

/// Whether the fields are those of settings for something else: a version with a dot, a mode and other names, and no host and no
/// lifetime.
fn is_of_another(text: &str) -> bool {
    let (mut numbered, mut others) = (false, false);
    for line in lines(glance(text)) {
        let Some((_, value)) = line.split_once(':') else { continue };
        let value = value.trim_matches(&[' ', '\t', '"', '\''][..]);
        match field(line, &[':']).map(|field| FIELDS[field]) {
            Some("version") => {
                let number = |b: u8| b.is_ascii_digit() || b == b'.';
                numbered |= value.contains('.') && value.bytes().all(number);
            }
            Some("mode") => {}
            Some(_) => return false,
            None => others |= !value.is_empty(),
        }
    }
    numbered && others
}

/// Whether fields with values as policies have them make it one: the version, or two of them, or one without others.
fn has_fields(text: &str, signs: &[char]) -> bool {
    // Sets of fields: with a value of theirs, and with one that may be meant so. A lifetime alone is anybody's.
    const LIFETIME: u8 = 1 << 2;
    let (mut sure, mut likely, mut named, mut others) = (0_u8, 0_u8, false, 0);
    for line in lines(glance(text)) {
        let around = |c: char| " \t\"'#".contains(c);
        let line = line.trim_end_matches(around);
        let Some(field) = field(line, signs) else {
            if !line.is_empty() && !line.starts_with('#') {
                named |= line.contains(signs);
                others += 1;
            }
            continue;
        };
        let (name, value) = line.trim_start_matches(around).split_at(FIELDS[field].len());
        let value = value.trim_start()[1..].trim_start_matches(around);
        let (is_own, may_be) = match FIELDS[field] {
            "version" if value.to_ascii_lowercase().contains("sts") => return true,
            // As far as it is typed.
            "version" => (false, "STSv1".starts_with(value)),
            "mode" => (Mode::from_word(value).is_some(), policy::is_meant_as_mode(value)),
            "mx" => (!value.is_empty(), true),
            _ => (value.starts_with(|c: char| c.is_ascii_digit()), false),
        };
        let bit = 1 << field;
        sure |= if is_own && name == FIELDS[field] { bit } else { 0 };
        likely |= if is_own || may_be { bit } else { 0 };
    }
    let alone = if others == 0 { likely } else { sure };
    sure != 0 && likely.count_ones() > 1 || !named && others <= OTHERS && alone & !LIFETIME != 0
}

/// So many lines that are no fields may stand beside a single one.
const OTHERS: usize = 3;

/// Whether a text is made of lines as policies have them, or come to have while they are typed: nothing can be around it.
pub(crate) fn is_plain_policy(text: &str) -> bool {
    let plain = |line: &str| {
        // As far as only the columns of another text are.
        let far = line.starts_with("        ");
        let line = line.trim_matches(WSP);
        let end = line.bytes().position(|b| matches!(b, b':' | b'=')).unwrap_or(line.len());
        let name = line[..end].trim_end_matches(WSP);
        let is_name = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
        // Letters of any script belong to names; signs of any script may be quotes, arrows, bullets.
        let odd = |b: u8| matches!(b, b'`' | b'<' | b'|' | b'"' | b'\\' | b'&' | b'$' | b'^');
        let foreign = |c: char| !c.is_ascii() && !c.is_alphanumeric();
        let signs = line.bytes().any(odd) || !line.is_ascii() && line.contains(foreign);
        // A list of hosts in YAML; an address may stand in brackets too.
        let value = line[name.len()..].trim_start_matches(&[':', ' '][..]);
        let list = value.starts_with('[')
            && value.contains('.')
            && value.contains(|c: char| c.is_ascii_alphabetic());
        // Text around a policy has no tag in the place of a value.
        let signs = signs && !is_lone_tag(value);
        // The lines of a mail are to be decoded.
        let mail = name.eq_ignore_ascii_case("content-transfer-encoding");
        // The whole of a policy in a field of a form.
        let form = value.starts_with("version:");
        // Most lines have no such sign, and words are looked for more slowly.
        let record = line.contains('=') && (line.contains("v=STSv1") || line.contains("v=TLSRPT"));
        let marked = far || list || form || line.starts_with('-') || signs || mail || record;
        // A comment; `#+BEGIN_SRC` of Org mode is none, nor is what somebody typed.
        let comment = || !line.starts_with("#+") && !line.ends_with("mta-sts.txt");
        line.starts_with('#') && comment() || name.bytes().all(is_name) && !marked
    };
    lines(text).all(plain) && !has_variables(text) && !has_headings(text)
}

/// Whether a line that is no field stands above a policy, such as `mta-sts.txt`, or between two of them, such as `After:`.
fn has_headings(text: &str) -> bool {
    let mut divided = false;
    lines(text).any(|line| {
        let line = line.trim_matches(WSP);
        let known = field(line, &[':']);
        if known == Some(0) && line.contains("STSv1") {
            return divided;
        }
        let words = !line.is_empty() && !line.starts_with('#');
        divided = known.is_none() && (divided || words && carve::is_heading(line));
        false
    })
}

/// Whether there is a field that is a variable of an environment.
fn has_variables(text: &str) -> bool {
    let mut start = 0;
    lines(text).any(|line| {
        let at = start + line.len() - line.trim_start_matches(WSP).len();
        start += line.len() + 1;
        line.starts_with(WSP) && field(line, &[':']).is_some() && settings::is_variable(text, at)
    })
}

/// The field that a line starts with, its name and one of these characters.
fn field(line: &str, signs: &[char]) -> Option<usize> {
    let line = line.trim_start_matches(&[' ', '\t', '"', '\'', '#'][..]);
    FIELDS.iter().position(|name| {
        line.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && line[name.len()..].trim_start().starts_with(signs)
    })
}

/// Whether a line starts like a field of a policy, with `=` in the place of the colon perhaps.
pub(crate) fn has_field(text: &str) -> bool {
    resembles_policy(text) || begins_field(text, &[':'])
}

/// Whether a line starts with the name of a field and one of these characters.
fn begins_field(text: &str, signs: &[char]) -> bool {
    lines(glance(text)).any(|line| field(line, signs).is_some())
}

/// Whether a text without a field as policies have it is meant as one all the same: it has the version, or `=`
/// behind the name of a field.
fn resembles_policy(text: &str) -> bool {
    resembles(text, |text| {
        let lines = lines(text).filter(|line| !line.trim().is_empty());
        begins_field(text, &[':', '=']) && lines.take(OTHERS + 2).count() <= OTHERS + 1
    })
}

/// Whether a text has the version, or fields that say it. Text in UTF-16 has a NUL beside each of its characters.
fn resembles(text: &str, has_fields: impl Fn(&str) -> bool) -> bool {
    let text: String = glance(text).chars().filter(|c| *c != '\0').collect();
    has_fields(&text)
        || lines(&text.to_ascii_lowercase()).any(|line| {
            let quotes = |c: char| "\"'\u{2018}\u{201c}\u{201d}\u{201e}".contains(c);
            let around = |c: char| quotes(c) || " \t{\u{feff}\u{fffd}".contains(c);
            let line = line.trim_start_matches(around);
            line.starts_with("version") && line.contains("stsv1")
        })
}

/// Whether a policy stands in a string literal, with its line ends written out.
fn has_literal(text: &str) -> bool {
    let text = glance(text);
    text.match_indices("STSv1\\").any(|(at, version)| {
        let field = text[..at].trim_end_matches(WSP).strip_suffix(':');
        let end = text[at + version.len()..].starts_with(&['n', 'r'][..]);
        end && field.is_some_and(|field| field.ends_with("version"))
    })
}

/// Whether the text begins as HTML or XML does, with a tag that ends.
fn is_markup(text: &str) -> bool {
    let name = |c: char| c.is_ascii_alphabetic() || c == '!' || c == '?';
    let tag = text.strip_prefix('<').filter(|tag| tag.starts_with(name));
    tag.is_some_and(|tag| glance(tag).contains('>')) && !is_angle_address(text)
}

/// Whether the text is `<user@example.com>` as mail programs copy it.
fn is_angle_address(text: &str) -> bool {
    let text = text.trim_end();
    text.ends_with('>') && text.contains('@') && !text.contains(char::is_whitespace)
}

/// Longest text that is taken for one domain, mail address or URL, in bytes.
const MAX_WORD: usize = 2048;

/// The host that a bare name, a mail address or a URL names, and how it is written. Of names that only
/// MTA-STS has, the domain behind them.
fn host_in(text: &str) -> Option<(Form, &str)> {
    let text = text.trim_start_matches('\u{feff}').trim().trim_start_matches('<');
    // A piece of JSON may stand behind a host, as a path does.
    let is_json = text.contains("\":");
    if text.len() > MAX_WORD || text.is_empty() || text.contains(char::is_whitespace) || is_json {
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
    let owner = ["_mta-sts.", "_smtp._tls."].into_iter().find_map(|label| host.strip_prefix(label));
    Some((form, owner.unwrap_or(host)))
}

/// Whether a host is made of numbers, as addresses are. No domain is: its last label is a word.
fn is_numbers(host: &str) -> bool {
    host.bytes().all(|b| b.is_ascii_digit() || b == b'.')
}

/// The domain that a bare name, a mail address or a URL stands for.
fn domain_in(text: &str, to_ascii: Option<ToAscii>) -> Option<(Form, String)> {
    let (form, host) = host_in(text)?;
    let ascii = host::to_a_labels(host, to_ascii)?;
    // The names that MTA-STS itself uses stand for the domain behind them.
    let mut domain = ascii.as_str();
    if let Some(rest) = domain.strip_prefix("mta-sts.").filter(|rest| rest.contains('.')) {
        domain = rest;
    }
    (domain.contains('.') && !is_numbers(domain)).then(|| (form, domain.to_owned()))
}

/// Whether the text may be one domain, mail address or URL, as far as that can be told without
/// [`Input::to_ascii`]: whatever [`detect`] takes for one domain is among them, and no policy and no
/// record is.
///
/// Cheap, and it reaches no code for anything else: a program that is loaded in pieces has it at once.
pub fn could_be_domain(text: &str) -> bool {
    let Some((_, host)) = host_in(text) else { return false };
    let host_like = if host.is_ascii() {
        host::is_host_name(host)
    } else {
        let foreign = |c: char| c.is_ascii() && !(c.is_ascii_alphanumeric() || "-.".contains(c));
        !host.contains(foreign)
    };
    // A dot of another script becomes a dot (UTS #46 §4).
    let dotted = host.contains(&['.', '\u{3002}', '\u{ff0e}', '\u{ff61}'][..]);
    host_like && dotted && !is_numbers(host) && !looks_like_policy(text)
}

/// Whether the text is one word that may become a domain or a mail address when more of it is typed, such as
/// `acme-ma`. What it is now is [`Kind::Unknown`].
///
/// As cheap as [`could_be_domain`].
pub fn is_domain_being_typed(text: &str) -> bool {
    let word = text.trim();
    let typed = |c: char| c.is_alphanumeric() || "-._@".contains(c);
    let address = is_numbers(word) && word.trim_end_matches('.').contains('.');
    word.len() <= MAX_WORD
        && word.contains(char::is_alphanumeric)
        && word.chars().all(typed)
        && !address
        && !could_be_domain(word)
}

/// Most domains in a list.
pub const MAX_DOMAINS: usize = 5_000;

/// The domain that a word of a list stands for: a name, a mail address or a URL. None if it is none of these.
pub fn domain(word: &str, to_ascii: Option<ToAscii>) -> Option<String> {
    domain_in(word, to_ascii).map(|(_, domain)| domain)
}

/// Whether a line is the heading of a table of domains.
pub fn heads_domains(line: &str) -> bool {
    let word = line.trim_matches(|c: char| c.is_whitespace() || ",;\"\u{feff}".contains(c));
    ["domain", "domains", "hostname", "host name"].iter().any(|it| word.eq_ignore_ascii_case(it))
}

/// The domains in a list, each once: on lines of their own or behind commas, as names, mail addresses or
/// URLs, perhaps below a heading; what follows a `#` on a line says nothing. None if anything else is in it, or only one domain.
pub fn domains(text: &str, to_ascii: Option<ToAscii>) -> Option<Vec<String>> {
    let mut found = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    let lines = lines(text).enumerate().filter(|(at, line)| *at > 0 || !heads_domains(line));
    let lines = lines.map(|(_, line)| line.split('#').next().unwrap_or(line));
    let words = lines.flat_map(|line| line.split(|c: char| c.is_whitespace() || ",;".contains(c)));
    for word in words.filter(|word| !word.is_empty()) {
        let domain = domain(word, to_ascii)?;
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
            ("version: 1.0\nmode: production", Kind::Policy, Form::Bare),
            ("version: 1.0\nmode: on\nnote: x\nmx: a", Kind::Policy, Form::Bare),
            ("mode=enforce\nmx=a", Kind::Policy, Form::Bare),
            ("", Kind::Policy, Form::Bare),
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
            ("<postmaster@example.com>", Kind::Domain, Form::EmailAddress),
            ("_mta-sts.example.com", Kind::Domain, Form::Bare),
            ("stsv1.example.com", Kind::Domain, Form::Bare),
            ("https://mta-sts.example.com/.well-known/mta-sts.txt", Kind::Domain, Form::Url),
        ] {
            let (got_kind, got_form, _) = guessed(text);
            assert_eq!((got_kind, got_form), (kind, form), "{text}");
        }
    }

    #[test]
    fn what_is_nothing_of_ours_is_unknown() {
        let mail = "From: a@example.com\r\nSubject: Report Domain: acme-mail.net\r\nMIME-Version: 1.0\r\n\r\n\
            H4sIAAAAAAAAA6tWSkksSVSyUkrJz1WqBQC5lYpQEAAAAA==\r\n";
        for text in [
            "acme-mail",
            "localhost",
            "192.0.2.1",
            "192.0",
            "2001:db8::1",
            "hello",
            "is my mail safe?",
            "<p",
            "a<b>",
            "{}",
            "[]",
            "[1, 2]",
            "example.com\nhello",
            "key=value",
            "<!doctype html>",
            "<html><title>404</title>",
            "<?xml version='1.0'?><Error/>",
            "_mta-sts CNAME _mta-sts.mx.cloudflare.net",
            "version: 1.4\nmode: production\nlog_level: info\n",
            mail,
        ] {
            assert_eq!(guessed(text), (Kind::Unknown, Form::Bare, None), "{text}");
        }
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x20";
        let zip = b"PK\x03\x04\x14\0\0\0\x08\0report.json\xed\xbd";
        for bytes in [&png[..], zip, b"\xff", b"\0"] {
            assert_eq!(detect(&Input::new(bytes)).kind, Kind::Unknown, "{bytes:?}");
        }
    }

    /// One known name makes no policy of the settings of something else.
    #[test]
    fn settings_of_something_else_are_no_policies() {
        for text in [
            "MX: mail.acme-mail.net\nPriority: 10\nTTL: 3600\n",
            "MX: mail.acme-mail.net\nDANE: failed\nMTA-STS mode: none found\n",
            "mx:\n  - mail1.acme-mail.net\n  - mail2.acme-mail.net\n",
            "max_age: 86400\n",
            "mx: 10\nmx: 20\nttl: 60\n",
            "max_age: 31536000\nincludeSubDomains: true\n",
            "cors:\n  mode: allow\n  max_age: 600\n",
            "mode: lax\nmax_age: 3600\n",
            "MODE=production\nMX=mail.acme-mail.net\nPORT=25\n",
            "version: DMARC1\npolicy: reject\nmode: strict\n",
            "mode: silent\nversion: 1\n",
            "Domain: acme-mail.net\nMode: Testing\nMX: a.acme-mail.net, b.acme-mail.net\nMax age: 1 week\n",
            "MTA-STS mode: enforce\nMX: mail.acme-mail.net\nMax age: 604800\n",
        ] {
            assert_eq!(guessed(text), (Kind::Unknown, Form::Bare, None), "{text}");
        }
        for text in [
            "mode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800\nnote: x\nby: y\n",
            "Mode: Enforce\nMX: mail.acme-mail.net\nMax_Age: 604800\n",
            "mx: mail.acme-mail.net\nmax_age: 604800\nid: 1\n",
            "mode: enforce\nm",
            "mode:",
            "version: ST",
            "version:\nmode:\nmx:\nmax_age:\n",
            "mode: testing\nsome words\n",
        ] {
            assert_eq!(guessed(text).0, Kind::Policy, "{text}");
        }
    }

    #[test]
    fn the_address_of_a_checker_is_no_domain() {
        let url = "https://mxtoolbox.com/SuperTool.aspx?action=mta-sts%3aacme-mail.net";
        assert_eq!(guessed(url), (Kind::Unknown, Form::Bare, None));
    }

    #[test]
    fn a_policy_that_lost_its_form_is_one() {
        let utf_16: Vec<u8> =
            "version: STSv1\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let with_mark = [&b"\xff\xfe"[..], &utf_16].concat();
        for bytes in [
            &b""[..],
            b" \r\n",
            b"mx: mail.example.com\xff",
            b"version: STSv1 # Gr\xfc\xdfe\n",
            b"# ours\n  Mode : enforce",
            b"\"version: STSv1\"",
            b"version=STSv1",
            b"MODE = enforce",
            b"mx = a.example",
            b"version STSv1",
            b"{\"version\": \"stsv1\"}",
            &utf_16,
            &with_mark,
        ] {
            let detected = detect(&Input::new(bytes));
            let shown = String::from_utf8_lossy(bytes);
            assert_eq!((detected.kind, detected.form), (Kind::Policy, Form::Bare), "{shown}");
        }
    }

    #[test]
    fn a_file_named_as_policies_are_is_one() {
        let kind =
            |text: &[u8], name| detect(&Input { file_name: Some(name), ..Input::new(text) }).kind;
        assert_eq!(kind(b"hello", "mta-sts.txt"), Kind::Policy);
        assert_eq!(kind(b"is my mail safe?", "mta-sts.txt"), Kind::Policy);
        assert_eq!(kind(b"hello", "hello.txt"), Kind::Unknown);
        assert_eq!(kind(b"<!doctype html>", "mta-sts.txt"), Kind::Policy);
        // A record in the file of the policy: STS-POL-008.
        assert_eq!(kind(b"v=STSv1; id=1", "mta-sts.txt"), Kind::Policy);
        assert_eq!(kind(b"_mta-sts IN TXT \"v=STSv1; id=1\"", "mta-sts.txt"), Kind::Policy);
        assert_eq!(kind(b"v=STSv1; id=1", "record.txt"), Kind::StsTxt);
        for nearly in ["mta-sts.txt.txt", "mta_sts.txt", "MTA-STS.TXT", "mtasts.txt"] {
            assert_eq!(kind(b"hello", nearly), Kind::Policy, "{nearly}");
            assert_eq!(kind(b"v=STSv1; id=1", nearly), Kind::Policy, "{nearly}");
            let zone = b"_mta-sts IN TXT \"v=STSv1; id=1\"";
            assert_eq!(kind(zone, nearly), Kind::Policy, "{nearly}");
        }
        assert_eq!(kind(b"# MTA-STS\n\nhello", "mta-sts.md"), Kind::Unknown);
        assert_eq!(kind(b"v=STSv1; id=1", "mta-sts"), Kind::StsTxt);
    }

    #[test]
    fn a_domain_being_typed_never_looks_like_anything_else() {
        for whole in
            ["acme-mail.net", "postmaster@acme-mail.net", "m\u{fc}nchen.example", "163.com"]
        {
            for (end, _) in whole.char_indices().skip(1) {
                let text = &whole[..end];
                let kind = guessed(text).0;
                assert!(matches!(kind, Kind::Domain | Kind::Unknown), "{text} is {kind:?}");
                assert_eq!(is_domain_being_typed(text), kind == Kind::Unknown, "{text}");
                assert_eq!(could_be_domain(text), kind == Kind::Domain, "{text}");
            }
            assert!(could_be_domain(whole) && !is_domain_being_typed(whole), "{whole}");
        }
        for text in ["a", "acme-mail", "acme-mail.", " localhost\n", "post@", "_mta-sts", "STSv1"] {
            assert!(is_domain_being_typed(text) && !could_be_domain(text), "{text}");
        }
    }

    #[test]
    fn what_could_be_a_domain() {
        let long = format!("{}.example", "a".repeat(MAX_WORD));
        for text in [
            "Example.COM.",
            "\n example.com\t",
            "<postmaster@b\u{fc}cher.example>",
            "mailto:a@example.com",
            "https://mta-sts.example.com/.well-known/mta-sts.txt",
            "https://example.com/?v=STSv1;id=1",
            "example.com/mail",
            "_smtp._tls.example.com",
            "\u{4f8b}\u{3048}\u{3002}\u{30c6}\u{30b9}\u{30c8}",
        ] {
            assert!(could_be_domain(text) && !is_domain_being_typed(text), "{text}");
        }
        for text in [
            "",
            ".",
            "-.",
            "192.0.2.1",
            "192.0",
            "1.",
            "[2001:db8::1]",
            "a b.example",
            "a.example,",
            "\"a.example\"",
            "a_b.example",
            "v=STSv1;id=a.b",
            "rua=mailto:a@example.com",
            "mx:a.example",
            "mx://a.example",
            "version:STSv1.example",
            "a.example:",
            "id=1.2",
            &long,
        ] {
            assert!(!could_be_domain(text), "{text}");
        }
        for text in ["192.0.2.1", "192.0", "...", "", "a b", "a:", "a=", "\"a", "a,", &long] {
            assert!(!is_domain_being_typed(text), "{text}");
        }
    }

    #[test]
    fn finds_the_domain() {
        for (text, domain) in [
            ("Example.COM.", "example.com"),
            ("https://mta-sts.example.com/.well-known/mta-sts.txt", "example.com"),
            ("https://user@www.example.com:8443/?a=b", "www.example.com"),
            ("<postmaster@bücher.example>", "xn--bcher-kva.example"),
            ("_smtp._tls.example.com", "example.com"),
        ] {
            assert_eq!(guessed(text).2.as_deref(), Some(domain), "{text}");
        }
    }

    #[test]
    fn a_foreign_name_is_no_domain_without_its_a_labels() {
        let text = "bücher.example";
        assert_eq!(guessed(text).0, Kind::Domain);
        assert_eq!(detect(&Input::new(text.as_bytes())).kind, Kind::Unknown);
        assert_eq!(detect(&Input::new(b"example.com")).kind, Kind::Domain);
    }

    #[test]
    fn reads_lists_of_domains() {
        let list = "# ours\nexample.com, Example.ORG.\r\npostmaster@example.com # again\n\nb\u{fc}cher.example";
        let found = domains(list, IDNA).expect("a list");
        assert_eq!(found, ["example.com", "example.org", "xn--bcher-kva.example"]);
        // The first line of a table says what stands in it.
        for heading in ["domain", "Domains", "\u{feff}\n\"hostname\"", " Host name ", "DOMAIN,"] {
            let list = format!("{heading}\r\na.example\r\nb.example\r\n");
            assert_eq!(
                domains(&list, IDNA).as_deref(),
                Some(&["a.example".into(), "b.example".into()][..]),
                "{list}"
            );
            assert_eq!(guessed(&list).0, Kind::Domain, "{list}");
        }
        for other in [
            "example.com",
            "",
            "domain",
            "domain\nexample.com",
            "a.example\ndomain\nb.example",
            "domain a.example\nb.example",
            "Hello\na.example\nb.example",
            "mx\na.example\nb.example",
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

//! What a text shows around a policy: from where it was fetched and how, what the host answered with, the MX hosts of its domain.
//!
//! Where the text plainly shows a fault of these, the policy alone is not all that there is to say.

use super::lines::{before_command, prompt};
use crate::finding::Finding;
use crate::host;
use crate::http::{self, Head};
use crate::live::{HTTPS_CERT_EXPIRED, HTTPS_CERT_UNTRUSTED, MX_NOT_COVERED_TESTING};
use crate::strange;
use crate::text::{self, Span, WSP, is_line_end};

/// How far above a policy its address is looked for, and most MX hosts that are told of.
const MANY: usize = 40;

/// A line without its end, and where it begins.
type Line<'t> = (usize, &'t str);

/// The findings about what stands around a policy: `policy` is its place, `patterns` are its hosts.
pub(super) fn check(text: &str, policy: Span, patterns: &[String], findings: &mut Vec<Finding>) {
    let lines = |piece: Span| {
        let start = piece.start;
        let lines = text[piece.range()].split_inclusive(is_line_end).scan(start, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line.trim_end_matches(is_line_end)))
        });
        lines.collect::<Vec<Line>>()
    };
    let above = lines(Span::new(0, policy.start));
    let below = lines(Span::new(policy.end, text.len()));
    address(&above, findings);
    certificate(text, &above, findings);
    if !text[policy.range()].trim_start_matches(&['<', ' '][..]).starts_with("HTTP/") {
        answer(&above, &below, findings);
    }
    hosts(text, above.into_iter().chain(below), patterns, findings);
}

/// Whether the command above a policy does not look at the certificate of its host.
pub(super) fn is_unchecked(text: &str, policy: Span) -> bool {
    let command =
        text[..policy.start].lines().rev().take(MANY).find(|line| command(line).is_some());
    let short = |word: &str| {
        let letters = word.strip_prefix('-').unwrap_or_default();
        letters.contains('k') && letters.chars().all(|c| c.is_ascii_alphabetic())
    };
    let long =
        |word: &str| ["insecure", "no-check-certificate"].contains(&word.trim_start_matches('-'));
    let skips = |word: &str| word.starts_with('-') && (long(word) || short(word));
    command.is_some_and(|line| line.contains("://") && line.split_whitespace().any(skips))
}

/// What a line has typed at a command line: the command.
fn command(line: &str) -> Option<&str> {
    let typed = before_command(line).or_else(|| prompt(line));
    let typed = typed.and_then(|prompt| line.split_once(prompt)).map(|(_, command)| command.trim());
    let begins = |line: &&str| ["curl ", "wget ", "dig "].iter().any(|name| line.starts_with(name));
    typed.or_else(|| Some(line).filter(begins))
}

/// INPUT-006: the address that was asked is not the one that senders ask (RFC 8461 §3.3).
fn address(above: &[Line], findings: &mut Vec<Finding>) {
    const SIGNS: [&str; 2] = ["Request URL", "--20"];
    // What leads elsewhere, and what another address may have led to.
    const ELSEWHERE: [&str; 6] = ["-resolve", "-connect-to", "-H ", "-header", "localhost", "-x "];
    let asks = |line: &&Line| {
        let (_, line) = **line;
        line.contains("://")
            && (command(line).is_some() || SIGNS.iter().any(|s| line.starts_with(s)))
    };
    let Some((start, line)) = above.iter().rev().take(MANY).find(asks) else { return };
    if ELSEWHERE.iter().any(|option| line.contains(option)) {
        return;
    }
    let is_word = |c: char| c.is_whitespace() || "\"'`<>".contains(c);
    let Some(url) = line.split(is_word).find(|word| word.contains("://")) else { return };
    let at = start + text::place(line, url).start;
    let url = url.trim_end_matches(&[';', ',', '|', '&'][..]);
    let follows = line.starts_with("--20")
        || line.split_whitespace().any(|word| {
            word.trim_start_matches('-') == "location"
                || word.starts_with('-') && !word.starts_with("--") && word.contains('L')
        });
    let upgrade = follows && url.starts_with("http://mta-sts.");
    // Another path is wrong on the policy host alone.
    let ours = |found: &Finding| found.span.start == at || url.contains("://mta-sts.");
    findings.extend(strange::wrong_address(url, at).filter(|found| ours(found) && !upgrade));
}

/// LIVE-043 and LIVE-044: curl tells what is wrong with a certificate that it was told to take.
fn certificate(text: &str, above: &[Line], findings: &mut Vec<Finding>) {
    let told =
        |line: &&Line| line.1.contains("verify result:") && line.1.contains("continuing anyway");
    let Some((start, line)) = above.iter().rev().find(told) else { return };
    let rule = match ["expired", "not yet valid"].iter().any(|why| line.contains(why)) {
        true => &HTTPS_CERT_EXPIRED,
        false => &HTTPS_CERT_UNTRUSTED,
    };
    let name =
        policy_domain(text).map_or("the policy host".into(), |name| format!("mta-sts.{name}"));
    Finding::add(findings, rule, Span::new(*start, start + line.len())).text(name);
}

/// The domain whose policy host a text names.
fn policy_domain(text: &str) -> Option<&str> {
    let label = "mta-sts.";
    let names = text.match_indices(label).map(|(at, _)| {
        let name = &text[at + label.len()..];
        let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '.'));
        name[..end.unwrap_or(name.len())].trim_end_matches('.')
    });
    names.take(MANY).find(|name| host::is_host_name(name) && name.contains('.'))
}

/// LIVE-046 to LIVE-050: status and media type, as PowerShell, wget and the tools of browsers show them.
fn answer(above: &[Line], below: &[Line], findings: &mut Vec<Finding>) {
    let (mut status, mut content_type, mut location) = (None, None, None);
    let lines: Vec<&Line> = above.iter().chain(below).collect();
    for (index, (start, line)) in lines.iter().enumerate() {
        let place = |piece: &str| {
            let at = text::place(line, piece);
            Span::new(start + at.start, start + at.end)
        };
        let code = |text: &'_ str| -> Option<(u16, usize)> {
            let code = text.split_whitespace().next()?;
            let at = text::place(line, code).start;
            let number = code.parse().ok().filter(|code| (200..600).contains(code))?;
            (code.len() == 3).then_some((number, at))
        };
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let (name, value) = (name.trim(), value.trim());
        let is = |known: &[&str]| known.iter().any(|known| name.eq_ignore_ascii_case(known));
        // The head of an answer is indented, or stands behind a name.
        let head =
            line.strip_prefix("RawContent").map(|rest| rest.trim_start_matches(&[' ', ':'][..]));
        let head = head.or_else(|| line.starts_with(WSP).then(|| line.trim_start()));
        let head =
            head.filter(|head| head.starts_with("HTTP/")).and_then(|head| head.split_once(' '));
        let found = if let Some((_, rest)) = head {
            code(rest)
        } else if let Some((_, rest)) = line.split_once("awaiting response... ") {
            code(rest)
        } else if is(&["status code", "statuscode"]) {
            code(value)
        } else {
            None
        };
        if let Some((number, at)) = found {
            let before = status.is_some_and(|(before, _)| before != number);
            if before && !is_upgrade(location) {
                break; // Senders do not follow.
            }
            if before || status.is_none() {
                (content_type, location) = (None, None);
                status = Some((number, Span::new(start + at, start + at + 3)));
            }
        }
        if status.is_none() {
            continue;
        }
        let listed = |open: &str| {
            let (_, rest) = line.split_once(open)?;
            rest.split_once(']').map(|(value, _)| value)
        };
        let media = match name {
            "Headers" => listed("[Content-Type, "),
            "Length" => listed("["),
            _ if is(&["content-type"]) => Some(value),
            _ => None,
        };
        if let Some(media) = media.filter(|media| media.contains('/')) {
            content_type.get_or_insert((media, place(media)));
        }
        if is(&["location"]) && index > 0 {
            location.get_or_insert((value, place(value)));
        }
    }
    if let Some(status) = status.filter(|(status, _)| content_type.is_some() || *status != 200) {
        http::check(&Head { status, content_type, location }, findings);
    }
}

/// Whether an address is that of a policy: a web server sends those who ask without TLS there, and senders begin there.
fn is_upgrade(location: Option<(&str, Span)>) -> bool {
    location.is_some_and(|(url, _)| {
        url.starts_with("https://mta-sts.") && strange::wrong_address(url, 0).is_none()
    })
}

/// LIVE-062: MX records of one domain, with hosts that no pattern covers.
fn hosts<'t>(
    text: &str,
    lines: impl Iterator<Item = Line<'t>>,
    patterns: &[String],
    findings: &mut Vec<Finding>,
) {
    let mut owners: Vec<String> = Vec::new();
    let mut hosts: Vec<(usize, &str)> = Vec::new();
    let mut asked = "";
    for (start, line) in lines {
        if let Some(command) = command(line) {
            let mut words = command.split_whitespace();
            let ours = words.clone().any(|word| word.eq_ignore_ascii_case("mx"));
            let name =
                words.find(|word| word.contains('.') && !word.starts_with(&['@', '+', '-'][..]));
            asked = name.filter(|_| ours).unwrap_or_default();
        }
        let Some((owner, name)) = mail_exchanger(line, asked) else { continue };
        let owner = owner.trim_end_matches('.').to_ascii_lowercase();
        if hosts.len() < MANY {
            owners.push(owner);
            hosts.push((start + text::place(line, name).start, name));
        }
    }
    // Those of several domains, or of another one, say nothing.
    let domain = policy_domain(text).map(str::to_ascii_lowercase);
    let another =
        |owner: &String| domain.as_ref().is_some_and(|domain| owner != domain && owner != "@");
    if owners.windows(2).any(|pair| pair[0] != pair[1]) || owners.first().is_some_and(another) {
        return;
    }
    let covered = |name: &str| patterns.iter().any(|pattern| host::matches(pattern, name).covers());
    let mut seen: Vec<&str> = Vec::new();
    for (at, name) in hosts {
        if !covered(name) && !seen.contains(&name) {
            seen.push(name);
            Finding::add(findings, &MX_NOT_COVERED_TESTING, Span::new(at, at + name.len()))
                .quoted();
        }
    }
}

/// The owner of an MX record on a line and its host, as zone files and the tools of DNS write it. Where the answer alone is
/// printed, `asked` is the owner.
fn mail_exchanger<'l>(line: &'l str, asked: &'l str) -> Option<(&'l str, &'l str)> {
    let words: Vec<&str> = line.split_whitespace().take(12).collect();
    let number = |word: &str| word.bytes().all(|b| b.is_ascii_digit());
    let between = |word: &&str| number(word) || word.eq_ignore_ascii_case("in");
    let (owner, name) = match words[..] {
        [owner, "mail", "is", "handled", "by", _, name] => (owner, name),
        [owner, "mail", "exchanger", "=", _, name] => (owner, name),
        [owner, "MX", "preference", "=", _, "mail", "exchanger", "=", name] => (owner, name),
        [owner, "MX", _, "Answer", name, _] => (owner, name),
        [preference, name] if !asked.is_empty() && number(preference) => (asked, name),
        [owner, .., mx, preference, name]
            if mx.eq_ignore_ascii_case("mx")
                && number(preference)
                && words[1..words.len() - 3].iter().all(between) =>
        {
            (owner, name)
        }
        _ => return None,
    };
    let name = name.trim_end_matches('.');
    let real = host::is_host_name(name) && name.contains('.');
    (real && !owner.starts_with(';')).then_some((owner, name))
}

//! A whole HTTP response instead of the policy alone.

use crate::finding::{Applicability, Edit, Finding, Severity};
use crate::live::http::{Head, check};
use crate::rules::{Example, Rule, Words, words};
use crate::text::{Span, is_line_end};

pub(super) const RULES: &[&Rule] = &[&HTTP_RESPONSE_PASTED];

pub(super) static HTTP_RESPONSE_PASTED: Rule = Rule {
    code: "STS-POL-009",
    name: "http-response-pasted",
    severity: Severity::Info,
    breaks_grammar: false,
    breaks_use: false,
    fix: Some(Applicability::Safe),
    message: "This is a whole HTTP response; the policy is what follows the empty line",
    words: words(Words {
        why: "With the header, status and media type can be checked as well.",
        effect: "None by itself: a sender reads the policy from the body, if the answer is a good one.",
        help: "Nothing to do. To edit the policy alone, remove the header.",
        clause: "RFC 8461 §3.3: the policy is the body of an HTTPS answer",
        fails: Example::policy(concat!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n",
            policy!()
        )),
        passes: Some(Example::policy(policy!())),
    }),
};

/// Splits pasted HTTP headers off: returns where the body starts, or `start` when there are none.
pub(super) fn head(text: &str, start: usize, findings: &mut Vec<Finding>) -> usize {
    let mut body = start;
    let mut answer: Option<Head> = None;
    while text[body..].starts_with("HTTP/") {
        let (block, end) = block(text, body);
        // An interim answer or a proxy's tunnel is not the policy host's answer; after a redirect
        // that curl followed, the first answer is the one that senders see.
        if answer.is_none() && block.is_some_and(|head| !is_interim(text, head)) {
            answer = block;
        }
        body = end;
    }
    if body > start {
        let header = Span::new(start, body);
        let status_line = text[header.range()].find(is_line_end).unwrap_or(header.len());
        let at = Span::new(start, start + status_line);
        let finding = Finding::add(findings, &HTTP_RESPONSE_PASTED, at);
        // What follows a byte order mark is no header of this answer. Without both it would be one.
        if !text[body..].trim_start_matches('\u{feff}').starts_with("HTTP/") {
            finding.safe("Remove the HTTP header", Edit::delete(header).alone());
        }
    }
    if let Some(answer) = answer {
        check(&answer, findings);
    }
    body
}

/// Reads one header block; returns it, if its status line can be read, and the offset behind it.
fn block(text: &str, start: usize) -> (Option<Head<'_>>, usize) {
    let mut head: Option<Head> = None;
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let line_start = at;
        at += line.len();
        let line = line.trim_end_matches(is_line_end);
        if line.is_empty() {
            break;
        }
        if line_start == start {
            head = status(line, start).map(|status| Head {
                status,
                content_type: None,
                location: None,
            });
            continue;
        }
        let (Some(head), Some((name, value))) = (&mut head, line.split_once(':')) else { continue };
        let trimmed = value.trim();
        let value_at = line_start + line.len() - value.trim_start().len();
        let field = Some((trimmed, Span::new(value_at, value_at + trimmed.len())));
        if name.eq_ignore_ascii_case("content-type") {
            head.content_type = field;
        } else if name.eq_ignore_ascii_case("location") {
            head.location = field;
        }
    }
    (head, at)
}

/// The status code of a status line and its place.
fn status(line: &str, start: usize) -> Option<(u16, Span)> {
    let (version, rest) = line.split_once(' ')?;
    let rest_at = start + version.len() + 1 + (rest.len() - rest.trim_start().len());
    let code = rest.split_whitespace().next()?;
    let status = code.parse().ok().filter(|status| (100..1000).contains(status))?;
    Some((status, Span::new(rest_at, rest_at + code.len())))
}

fn is_interim(text: &str, head: Head) -> bool {
    let (status, at) = head.status;
    let reason = text[at.end..].lines().next().unwrap_or_default();
    status < 200 || reason.trim().eq_ignore_ascii_case("connection established")
}

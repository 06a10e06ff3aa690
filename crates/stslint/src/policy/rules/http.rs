//! A whole HTTP response instead of the policy alone.

use super::document::{TXT_RECORD_PASTED, begins_record};
use crate::finding::{Applicability, Edit, Finding, Severity};
use crate::http::{self, Head};
use crate::policy::{Field, Line, Shape, parse};
use crate::rule::{Example, Rule, Words, words};
use crate::strange::HEADERS_ONLY;
use crate::text::{Span, is_line_end, line_end, seen_start};

pub(super) const RULES: &[&Rule] = &[&HTTP_RESPONSE_PASTED];

pub(in crate::policy) static HTTP_RESPONSE_PASTED: Rule = Rule {
    code: "STS-POL-009",
    name: "http-response-pasted",
    severity: Severity::Info,
    breaks_grammar: false,
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

/// Splits off what stands above a policy, HTTP headers and a record: returns where it starts.
pub(in crate::policy) fn head(text: &str, start: usize, findings: &mut Vec<Finding>) -> usize {
    let (mut content_type, mut location, mut length) = (None, None, None);
    let seen = start + seen_start(&text[start..]);
    let (status, body) = http::answer(text, seen, &mut |name, value, span| {
        if name.eq_ignore_ascii_case("content-type") {
            content_type = Some((value, span));
        } else if name.eq_ignore_ascii_case("location") {
            location = Some((value, span));
        } else if name.eq_ignore_ascii_case("content-length") {
            length = Some(value);
        }
    });
    let mut bad = Vec::new();
    if let Some(status) = status {
        http::check(&Head { status, content_type, location }, &mut bad);
    }
    let body = if body > seen { body } else { start };
    if body > start {
        let header = Span::new(start, body);
        let at = Span::new(seen, line_end(text, seen));
        // An answer without a body says so.
        let alone = text[body..].trim().is_empty() && length != Some("0");
        let rule = if alone { &HEADERS_ONLY } else { &HTTP_RESPONSE_PASTED };
        let finding = Finding::add(findings, rule, at);
        // What follows a byte order mark is no header of this answer. Without both it would be one. A header that is wrong
        // shows what has to be repaired.
        if !alone
            && bad.is_empty()
            && !text[body + seen_start(&text[body..])..].starts_with("HTTP/")
        {
            finding.safe("Remove the HTTP header", Edit::delete(header).alone());
        }
    }
    findings.append(&mut bad);
    body + record(text, body, findings)
}

/// The length of the line with a record that stands above the fields of a policy.
fn record(text: &str, start: usize, findings: &mut Vec<Finding>) -> usize {
    let text = &text[start..];
    let len = text.find(is_line_end).unwrap_or(text.len());
    if !begins_record(text) {
        return 0;
    }
    let ends = ["\r\n", "\n", "\r"];
    let Some(rest) = ends.iter().find_map(|end| text[len..].strip_prefix(end)) else { return 0 };
    let known = |line: &Line| matches!(line.shape, Shape::Field(field) if field != Field::Other);
    if !parse(rest).lines.iter().any(known) {
        return 0;
    }
    let finding = Finding::add(findings, &TXT_RECORD_PASTED, Span::new(start, start + len));
    finding.text("_mta-sts");
    text.len() - rest.len()
}

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn http_response_pasted() {
        policy().shows(
            r"
            HTTP/1.1 200 OK
            ^^^^^^^^^^^^^^^ STS-POL-009
            Content-Type: text/plain

            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }
}

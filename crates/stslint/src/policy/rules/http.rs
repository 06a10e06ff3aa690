//! A whole HTTP response instead of the policy alone.

use crate::finding::{Applicability, Edit, Finding, Severity};
use crate::http::{self, Head};
use crate::rule::{Example, Rule, Words, words};
use crate::strange::HEADERS_ONLY;
use crate::text::{Span, is_line_end};

pub(super) const RULES: &[&Rule] = &[&HTTP_RESPONSE_PASTED];

pub(super) static HTTP_RESPONSE_PASTED: Rule = Rule {
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

/// Splits pasted HTTP headers off: returns where the body starts, or `start` when there are none.
pub(in crate::policy) fn head(text: &str, start: usize, findings: &mut Vec<Finding>) -> usize {
    let (mut content_type, mut location, mut length) = (None, None, None);
    let (status, body) = http::answer(text, start, &mut |name, value, span| {
        if name.eq_ignore_ascii_case("content-type") {
            content_type = Some((value, span));
        } else if name.eq_ignore_ascii_case("location") {
            location = Some((value, span));
        } else if name.eq_ignore_ascii_case("content-length") {
            length = Some(value);
        }
    });
    if body > start {
        let header = Span::new(start, body);
        let status_line = text[header.range()].find(is_line_end).unwrap_or(header.len());
        let at = Span::new(start, start + status_line);
        // An answer without a body says so.
        let alone = text[body..].trim().is_empty() && length != Some("0");
        let rule = if alone { &HEADERS_ONLY } else { &HTTP_RESPONSE_PASTED };
        let finding = Finding::add(findings, rule, at);
        // What follows a byte order mark is no header of this answer. Without both it would be one.
        if !alone && !text[body..].trim_start_matches('\u{feff}').starts_with("HTTP/") {
            finding.safe("Remove the HTTP header", Edit::delete(header).alone());
        }
    }
    if let Some(status) = status {
        http::check(&Head { status, content_type, location }, findings);
    }
    body
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

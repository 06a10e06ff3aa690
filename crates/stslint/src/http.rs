//! How the policy host answered (RFC 8461 §3.2, §3.3).

use crate::finding::{Arg, Finding, Severity};
use crate::rule::{Example, Rule, Words, words};
use crate::text::{Span, is_line_end};

pub(crate) const RULES: &[&Rule] = &[
    &HTTP_REDIRECT,
    &STATUS_NOT_200,
    &CONTENT_TYPE_MISSING,
    &CONTENT_TYPE_NOT_TEXT_PLAIN,
    &CONTENT_TYPE_CHARSET,
];

/// A pasted policy host's answer with a good body, for examples.
macro_rules! response {
    ($head:literal) => {
        concat!(
            $head,
            "\r\n\r\nversion: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n"
        )
    };
}

const GOOD: Option<Example> =
    Some(Example::policy(response!("HTTP/1.1 200 OK\r\nContent-Type: text/plain")));

/// What is known of an HTTP answer, with places in the text that it was read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head<'a> {
    /// The status code and its place.
    pub status: (u16, Span),
    /// The value of `Content-Type`, when the header is there.
    pub content_type: Option<(&'a str, Span)>,
    /// The value of `Location`, when the header is there.
    pub location: Option<(&'a str, Span)>,
}

/// Reads the heads of a pasted answer. Returns the status of the policy host's answer with its place, and
/// where the body begins; `field` is told name, value and place of each of its header fields.
///
/// An interim answer or a proxy's tunnel is not the policy host's answer; after a redirect that curl
/// followed, the first answer is the one that senders see.
pub(crate) fn answer<'a>(
    text: &'a str,
    start: usize,
    field: &mut dyn FnMut(&'a str, &'a str, Span),
) -> (Option<(u16, Span)>, usize) {
    let mut answer = None;
    let mut at = start;
    while text[at..].starts_with("HTTP/") {
        let (mut first, mut ours) = (true, false);
        for line in text[at..].split_inclusive('\n') {
            let line_start = at;
            at += line.len();
            let line = line.trim_end_matches(is_line_end);
            if line.is_empty() {
                break;
            }
            if std::mem::take(&mut first) {
                let found = status(line, line_start).filter(|_| answer.is_none());
                ours = found.is_some_and(|(status, place)| {
                    let reason = line[place.end - line_start..].trim();
                    status >= 200 && !reason.eq_ignore_ascii_case("connection established")
                });
                answer = answer.or(found.filter(|_| ours));
            } else if let Some((name, value)) = line.split_once(':').filter(|_| ours) {
                let trimmed = value.trim();
                let place = line_start + line.len() - value.trim_start().len();
                field(name, trimmed, Span::new(place, place + trimmed.len()));
            }
        }
    }
    (answer, at)
}

/// The status code of a status line and its place.
fn status(line: &str, start: usize) -> Option<(u16, Span)> {
    let (version, rest) = line.split_once(' ')?;
    let rest_at = start + version.len() + 1 + (rest.len() - rest.trim_start().len());
    let code = rest.split_whitespace().next()?;
    let status = code.parse().ok().filter(|status| (100..1000).contains(status))?;
    Some((status, Span::new(rest_at, rest_at + code.len())))
}

/// 046 to 050.
pub fn check(head: &Head, findings: &mut Vec<Finding>) {
    let (status, at) = head.status;
    let number = Arg::Number(status.into());
    // 304 leads nowhere: what was not modified is not there to read (RFC 9110 §15.4.5).
    if (300..400).contains(&status) && status != 304 {
        let finding = Finding::add(findings, &HTTP_REDIRECT, at).arg(number);
        if let Some((_, span)) = head.location {
            finding.label(span, "the redirect leads here");
        }
    } else if status != 200 {
        Finding::add(findings, &STATUS_NOT_200, at).arg(number);
    } else if let Some((value, span)) = head.content_type {
        content_type(value, span, findings);
    } else {
        Finding::add(findings, &CONTENT_TYPE_MISSING, at);
    }
}

fn content_type(value: &str, span: Span, findings: &mut Vec<Finding>) {
    let mut parts = value.split(';').map(str::trim);
    let media_type = parts.next().unwrap_or_default();
    if !media_type.eq_ignore_ascii_case("text/plain") {
        Finding::add(findings, &CONTENT_TYPE_NOT_TEXT_PLAIN, span).quoted();
        return;
    }
    let charset = parts.filter_map(|part| part.split_once('=')).find_map(|(name, value)| {
        name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"'))
    });
    let known = |c: &str| ["utf-8", "utf8", "us-ascii"].iter().any(|k| c.eq_ignore_ascii_case(k));
    if charset.is_some_and(|c| !known(c)) {
        Finding::add(findings, &CONTENT_TYPE_CHARSET, span).quoted();
    }
}

pub(crate) static HTTP_REDIRECT: Rule = Rule {
    code: "LIVE-046",
    name: "http-redirect",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The policy host redirects (status {0}); senders do not follow redirects",
    words: words(Words {
        why: "Browsers follow redirects, so the address looks fine there. Senders are forbidden to. Typical redirects lead to \
          `www`, to a trailing slash, to a login page or to a language.",
        effect: "Senders treat the fetch as failed and get no policy.",
        help: "Answer the address of the policy itself with status 200: `/.well-known/mta-sts.txt` of the host `mta-sts` below the domain.",
        clause: "RFC 8461 §3.3: redirects must not be followed",
        fails: Example::policy(response!(
            "HTTP/1.1 301 Moved Permanently\r\nLocation: https://www.example.com/.well-known/mta-sts.txt"
        )),
        passes: GOOD,
    }),
};

pub(crate) static STATUS_NOT_200: Rule = Rule {
    code: "LIVE-047",
    name: "http-status-not-200",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The policy host answers with status {0}; senders accept only 200",
    words: words(Words {
        why: "Whatever the body says, a policy counts only in an answer with status 200. A 403 or 503 with a \
          web page is usually a bot check in front of the file.",
        effect: "Senders treat the fetch as failed and get no policy.",
        help: "Make the server answer this address with status 200 and the policy.",
        clause: "RFC 8461 §3.3: only an answer with status 200 is valid",
        fails: Example::policy(response!("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain")),
        passes: GOOD,
    }),
};

static CONTENT_TYPE_MISSING: Rule = Rule {
    code: "LIVE-048",
    name: "content-type-missing",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The answer has no `Content-Type` header",
    words: words(Words {
        why: "Senders should check that the media type is `text/plain`, to tell a policy from a page that \
          somebody else may have put there.",
        effect: "All the mail servers whose source was read that look at the media type treat the fetch as failed.",
        help: "Send `Content-Type: text/plain`.",
        clause: "RFC 8461 §3.2: senders should validate the media type",
        fails: Example::policy(response!("HTTP/1.1 200 OK\r\nServer: example")),
        passes: GOOD,
    }),
};

static CONTENT_TYPE_NOT_TEXT_PLAIN: Rule = Rule {
    code: "LIVE-049",
    name: "content-type-not-text-plain",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The media type is `{0}`; it has to be `text/plain`",
    words: words(Words {
        why: "Senders should check the media type. Static hosts often choose `application/octet-stream`, \
          `text/html` or `text/markdown` of their own accord.",
        effect: "Most senders treat the fetch as failed.",
        help: "Send `Content-Type: text/plain`.",
        clause: "RFC 8461 §3.2: senders should validate the media type text/plain",
        fails: Example::policy(response!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream"
        )),
        passes: GOOD,
    }),
};

static CONTENT_TYPE_CHARSET: Rule = Rule {
    code: "LIVE-050",
    name: "content-type-charset",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "`{0}` names a character set other than UTF-8 and US-ASCII",
    words: words(Words {
        why: "Only these two have a meaning for policies. A sender that believes another one may decode the \
          text wrongly.",
        effect: "Senders ignore the parameter or fail to decode the policy.",
        help: "Send `Content-Type: text/plain; charset=utf-8`, or no charset at all.",
        clause: "RFC 8461 §3.2: parameters other than charset utf-8 and us-ascii are ignored",
        fails: Example::policy(response!(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-16"
        )),
        passes: GOOD,
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn http_redirect() {
        policy().shows(
            r"
            HTTP/1.1 301 Moved Permanently
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ STS-POL-009
                     ^^^ LIVE-046
            Location: https://www.example.com/.well-known/mta-sts.txt

            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn http_status_not_200() {
        policy().shows(
            r"
            HTTP/1.1 404 Not Found
            ^^^^^^^^^^^^^^^^^^^^^^ STS-POL-009
                     ^^^ LIVE-047
            Content-Type: text/plain

            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn content_type_missing() {
        policy().shows(
            r"
            HTTP/1.1 200 OK
            ^^^^^^^^^^^^^^^ STS-POL-009
                     ^^^ LIVE-048
            Server: example

            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn content_type_not_text_plain() {
        policy().shows(
            r"
            HTTP/1.1 200 OK
            ^^^^^^^^^^^^^^^ STS-POL-009
            Content-Type: application/octet-stream
                          ^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-049

            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn content_type_charset() {
        policy().shows(
            r"
            HTTP/1.1 200 OK
            ^^^^^^^^^^^^^^^ STS-POL-009
            Content-Type: text/plain; charset=utf-16
                          ^^^^^^^^^^^^^^^^^^^^^^^^^^ LIVE-050

            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }
}

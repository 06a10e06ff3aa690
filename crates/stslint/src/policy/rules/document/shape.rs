//! Lines that copying broke: fences around them, line breaks that are written out, fields on one line.

use crate::finding::{Applicability, Edit, Finding, Fix, Severity};
use crate::policy::{Field, parse};
use crate::rule::{Example, Rule, Words, words};
use crate::text::{BLANK, Mapped, Span, WSP, is_line_end};

pub(in crate::policy::rules) const RULES: &[&Rule] =
    &[&MARKDOWN_CODE_FENCE, &LITERAL_BACKSLASH_N, &FIELDS_ON_ONE_LINE];

/// 010, 011 and 012: gives the text its lines. The edits are in spans of the source.
pub(super) fn check(mapped: &Mapped, findings: &mut Vec<Finding>) -> Vec<(Span, &'static str)> {
    let text: &str = &mapped.text;
    let fences = fences(text);
    let (rule, title, edits) = if !fences.is_empty() {
        (&MARKDOWN_CODE_FENCE, "Remove the line", fences)
    } else {
        let breaks = literal_breaks(text);
        if !breaks.is_empty() {
            (&LITERAL_BACKSLASH_N, "Write real line breaks", breaks)
        } else {
            (&FIELDS_ON_ONE_LINE, "Put each field on its own line", joints(text))
        }
    };
    // A line goes with its end, but what is wrong is what can be seen of it.
    let seen = |(span, _): &(Span, _)| {
        let seen = text[span.range()].trim_end_matches(is_line_end);
        mapped.span(Span::new(span.start, span.start + seen.len()))
    };
    let places: Vec<Span> = edits.iter().map(seen).collect();
    let edits: Vec<_> = edits.into_iter().map(|(s, t)| (mapped.span(s), t)).collect();
    let fix = |edits: &[(Span, &'static str)]| {
        Fix::safe(title, edits.iter().map(|(s, t)| Edit::replace(*s, *t)).collect())
    };
    if rule == &MARKDOWN_CODE_FENCE {
        for (place, edit) in places.into_iter().zip(&edits) {
            Finding::add(findings, rule, place).fix(Some(fix(std::slice::from_ref(edit))));
        }
    } else if let Some(first) = places.first() {
        Finding::add(findings, rule, *first).fix(Some(fix(&edits)));
    }
    edits
}

/// Whether the text got its lines by a repair.
pub(in crate::policy::rules) fn reshapes(findings: &[Finding]) -> bool {
    findings.iter().any(|f| *f.rule == LITERAL_BACKSLASH_N || *f.rule == FIELDS_ON_ONE_LINE)
}

/// Lines that start with a Markdown fence.
fn fences(text: &str) -> Vec<(Span, &'static str)> {
    let is_fence = |line: &str| line.starts_with("```") || line.starts_with("~~~");
    let lines = parse(text).lines.into_iter().map(|line| line.span);
    lines.filter(|line| is_fence(&text[line.range()])).map(|line| (line, "")).collect()
}

/// Written-out `\n` and `\r\n` of a text without any real line break, but for some around it.
fn literal_breaks(text: &str) -> Vec<(Span, &'static str)> {
    if text.trim_matches(BLANK).contains(is_line_end) {
        return Vec::new();
    }
    let lf = text.match_indices("\\n").map(|(at, _)| {
        let start = if text[..at].ends_with("\\r") { at - 2 } else { at };
        (Span::new(start, at + 2), "\r\n")
    });
    lf.collect()
}

/// The gaps before field names that follow another field on the only line of the text.
fn joints(text: &str) -> Vec<(Span, &'static str)> {
    let line = text.trim_matches(BLANK);
    if line.contains(is_line_end) {
        return Vec::new();
    }
    let offset = text.len() - text.trim_start_matches(BLANK).len();
    let gap = |b: u8| matches!(b, b' ' | b'\t' | b',' | b';');
    let bytes = line.as_bytes();
    let mut found = Vec::new();
    let mut first = None;
    for (at, _) in line.match_indices(':') {
        let before = line[..at].trim_end_matches(WSP);
        let name = Field::REGISTERED.iter().find(|(_, name)| before.ends_with(name));
        let Some(start) = name.map(|(_, name)| before.len() - name.len()) else { continue };
        if start > 0 && !gap(bytes[start - 1]) {
            continue;
        }
        if first.is_some() {
            let before = bytes[..start].iter().rposition(|b| !gap(*b)).map_or(0, |p| p + 1);
            found.push((Span::new(offset + before, offset + start), "\r\n"));
        }
        first = first.or(Some(start));
    }
    found
}

static MARKDOWN_CODE_FENCE: Rule = Rule {
    code: "STS-POL-010",
    name: "markdown-code-fence",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "This line is a Markdown fence, not part of a policy",
    words: words(Words {
        why: "It was copied from documentation together with the policy.",
        effect: "Strict senders reject the whole file because of the line.",
        help: "Remove the line.",
        clause: "RFC 8461 §3.2: every line is a field",
        fails: Example::policy(
            "```text\r\nversion: STSv1\r\nmode: none\r\nmx: mx.example.com\r\nmax_age: 86400\r\n```\r\n",
        ),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: none\r\nmx: mx.example.com\r\nmax_age: 86400\r\n",
        )),
    }),
};

static LITERAL_BACKSLASH_N: Rule = Rule {
    code: "STS-POL-011",
    name: "literal-backslash-n",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "Line breaks are written out as backslash and `n`",
    words: words(Words {
        why: "A template or a serverless function sent the escape sequence instead of a line break.",
        effect: "The whole file is one field with a bad value, so senders reject the policy.",
        help: "Send real line breaks, CR LF.",
        clause: "RFC 8461 §3.2: fields end with LF or CR LF",
        fails: Example::policy(
            "version: STSv1\\nmode: enforce\\nmx: mail.example.com\\nmax_age: 1209600",
        ),
        passes: Some(Example::policy(policy!())),
    }),
};

static FIELDS_ON_ONE_LINE: Rule = Rule {
    code: "STS-POL-012",
    name: "fields-on-one-line",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "All fields stand on one line; each needs a line of its own",
    words: words(Words {
        why: "The line breaks were lost, as happens when a policy is copied from a web page or pasted into \
          a form.",
        effect: "Senders read the rest of the line as the value of the first field and reject the policy.",
        help: "Put every field on its own line.",
        clause: "RFC 8461 §3.2: each pair of name and value, and each mx, stands on its own line",
        fails: Example::policy(
            "version: STSv1 mode: testing max_age: 86400 mx: mail1.example.com mx: mail2.example.com",
        ),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: testing\r\nmax_age: 86400\r\nmx: mail1.example.com\r\nmx: mail2.example.com\r\n",
        )),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn markdown_code_fence() {
        policy().shows(
            r"
            ```text
            ^^^^^^^ STS-POL-010
            version: STSv1
            mode: none
                  ^^^^ STS-POL-054
            mx: mx.example.com
                ^^^^^^^^^^^^^^ STS-POL-103
            max_age: 86400
            ```
            ^^^ STS-POL-010
            ",
        );
    }

    #[test]
    fn literal_backslash_n() {
        policy().shows(
            r"
            version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 1209600∎
                          ^^ STS-POL-011
                                               ^^^^^^^^^^^^^^^^ STS-POL-103
            ",
        );
    }

    #[test]
    fn fields_on_one_line() {
        policy().shows(
            r"
            version: STSv1 mode: testing max_age: 86400 mx: mail1.example.com mx: mail2.example.com∎
                          ^ STS-POL-012
                                 ^^^^^^^ STS-POL-053
                                                            ^^^^^^^^^^^^^^^^^ STS-POL-103
                                                                                  ^^^^^^^^^^^^^^^^^ STS-POL-103
            ",
        );
    }
}

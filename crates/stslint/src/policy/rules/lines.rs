//! What a line may look like.

use super::mx::list::List;
use super::names::FIELD_NAME_INVALID;
use crate::finding::{Applicability, Edit, Finding, Severity};
use crate::policy::{Doc, Field, Line, LineEnd, Shape};
use crate::rule::{Example, Rule, Words, words};
use crate::text::{Span, WSP};

pub(super) const RULES: &[&Rule] = &[
    &QUOTED_LINE,
    &CR_ONLY_LINE_ENDS,
    &LINE_ENDS_NOT_CRLF,
    &BLANK_LINE,
    &LEADING_WHITESPACE,
    &WHITESPACE_BEFORE_COLON,
    &MALFORMED_LINE,
    &COMMENT_LINE,
    &TRAILING_WHITESPACE,
    &EQUALS_INSTEAD_OF_COLON,
    &TEXT_BEHIND_VALUE,
];

pub(super) fn check(doc: &Doc, lists: &[List], findings: &mut Vec<Finding>) {
    line_ends(doc, findings);
    behind_values(doc, findings);
    for (index, line) in doc.tree.lines.iter().enumerate() {
        Finding::bound(findings);
        match line.shape {
            _ if List::have(lists, index) => {} // 106 tells of it.
            Shape::Blank => {
                Finding::add(findings, &BLANK_LINE, line.span)
                    .safe("Remove the blank line", doc.delete_line(line));
            }
            Shape::Comment => comment(doc, line, findings),
            Shape::Malformed => {
                Finding::add(findings, &MALFORMED_LINE, line.name)
                    .quoted()
                    .confirm("Remove the line", doc.delete_line(line));
            }
            Shape::Field(_) => around_field(doc, line, findings),
        }
    }
}

/// 028; or 034, as with a colon a comment is a field to a sender.
fn comment(doc: &Doc, line: &Line, findings: &mut Vec<Finding>) {
    let text = doc.str(line.name);
    let finding = match text.split_once(':') {
        Some((name, _)) => {
            let end = line.name.start + name.trim_end_matches(WSP).len();
            let name = Span::new(line.name.start, end);
            Finding::add(findings, &FIELD_NAME_INVALID, name).quoted()
        }
        None => Finding::add(findings, &COMMENT_LINE, line.name),
    };
    finding.safe("Remove the comment", doc.delete_line(line));
}

/// 015, 025, 026, 029 and 030: what stands around a field's name and value.
fn around_field(doc: &Doc, line: &Line, findings: &mut Vec<Finding>) {
    let content = line_content(line);
    let quote = usize::from(line.quoted);
    let first = content.len() - doc.str(content).trim_start_matches(WSP).len();
    let end = line.behind.end.max(line.delimiter.end);
    let field = Span::new(content.start + first, end);
    if first > 0 {
        let gap = Span::new(content.start, field.start);
        Finding::add(findings, &LEADING_WHITESPACE, gap)
            .safe("Remove the indentation", Edit::delete(gap).alone());
    }
    let last = doc.str(content).trim_end_matches(WSP).len();
    let tail = Span::new(content.start + last, content.end);
    if line.quoted {
        // Whitespace inside the quotes goes with them.
        let open = Span::new(field.start, line.name.start);
        let close = Span::new(end, tail.start);
        let quoted = Span::new(open.start, close.end);
        let edits = vec![Edit::delete(open), Edit::delete(close)];
        Finding::add(findings, &QUOTED_LINE, quoted).safe("Remove the quotes", edits);
    }
    if doc.str(line.delimiter) != ":" {
        let gap = Span::new(line.name.end, line.value.start);
        Finding::add(findings, &EQUALS_INSTEAD_OF_COLON, line.delimiter)
            .quote(line.name)
            .safe("Write a colon", Edit::replace(gap, ": ").alone());
    } else if line.name.end < line.delimiter.start {
        let gap = Span::new(line.name.end, line.delimiter.start);
        Finding::add(findings, &WHITESPACE_BEFORE_COLON, gap)
            .quote(line.name)
            .safe("Remove the space", Edit::delete(gap).alone());
    }
    // After an empty value the whitespace is the delimiter's own (RFC 8461 §3.2: ":" *WSP).
    if !tail.is_empty() && (quote == 1 || !line.value.is_empty()) {
        Finding::add(findings, &TRAILING_WHITESPACE, tail)
            .safe("Remove the trailing space", Edit::delete(tail).alone());
    }
}

/// 112: comments behind values, and signs at the end of lines. Where it is the same sign each time, it is told once.
fn behind_values(doc: &Doc, findings: &mut Vec<Finding>) {
    let lines = || doc.tree.lines.iter().map(|line| line.behind).filter(|span| !span.is_empty());
    let is_sign = |span: &Span| matches!(doc.str(*span), ";" | ",");
    if let Some(first) = lines().find(is_sign) {
        let edits = lines().filter(is_sign).map(Edit::delete).collect();
        Finding::add(findings, &TEXT_BEHIND_VALUE, first).quoted().safe("Remove the signs", edits);
    }
    for span in lines().filter(|span| !is_sign(span)) {
        Finding::bound(findings);
        let text = doc.str(span);
        let seen = Span::new(span.end - text.trim_start_matches(WSP).len(), span.end);
        Finding::add(findings, &TEXT_BEHIND_VALUE, seen)
            .quoted()
            .confirm("Remove it", Edit::delete(span).alone());
    }
}

/// The line without its line end.
fn line_content(line: &Line) -> Span {
    let end = match line.end {
        LineEnd::None => 0,
        LineEnd::CrLf => 2,
        LineEnd::Cr | LineEnd::Lf => 1,
    };
    Span::new(line.span.start, line.span.end - end)
}

static CR_ONLY_LINE_ENDS: Rule = Rule {
    code: "STS-POL-020",
    name: "cr-only-line-endings",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "Lines end in a bare CR here, which senders do not take for a line end",
    words: words(Words {
        why: "Only LF and CR LF end a line. A bare CR comes from old Mac software or a broken export.",
        effect: "Senders see one long line and reject the policy.",
        help: "Save the file with CR LF line ends.",
        clause: "RFC 8461 §3.2: a field ends with LF or CR LF",
        fails: Example::policy(
            "version: STSv1\rmode: none\rmx: mail.example.com\rmax_age: 86400\r",
        ),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: none\r\nmx: mail.example.com\r\nmax_age: 86400\r\n",
        )),
    }),
};

static LINE_ENDS_NOT_CRLF: Rule = Rule {
    code: "STS-POL-021",
    name: "line-endings-not-crlf",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "{0} in LF instead of CR LF, which is valid too",
    words: words(Words {
        why: "The text of the RFC speaks of CR LF, its grammar allows both, and an erratum asks to follow the \
          grammar. Some checkers and guides insist on CR LF.",
        effect: "None that is known: all 12 mail servers whose source was read accept both.",
        help: "Nothing has to be done. With CR LF no checker complains.",
        clause: "RFC 8461 §3.2: the grammar allows LF and CR LF (erratum 6253, reported)",
        fails: Example::policy(
            "version: STSv1\nmode: none\nmx: mail.example.com\nmax_age: 86400\n",
        ),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: none\r\nmx: mail.example.com\r\nmax_age: 86400\r\n",
        )),
    }),
};

fn line_ends(doc: &Doc, findings: &mut Vec<Finding>) {
    if !doc.input.line_ends_known {
        return;
    }
    let lines = &doc.tree.lines;
    let ends = |end: LineEnd| lines.iter().filter(move |line| line.end == end);
    let end_span = |line: &Line| Span::new(line_content(line).end, line.span.end);
    if let Some(first) = ends(LineEnd::Cr).next() {
        let edits = ends(LineEnd::Cr).map(|line| Edit::replace(end_span(line), "\r\n")).collect();
        Finding::add(findings, &CR_ONLY_LINE_ENDS, end_span(first))
            .safe("End all lines with CR LF", edits);
    } else if let Some(first) = ends(LineEnd::Lf).next() {
        let which = match ends(LineEnd::CrLf).next() {
            Some(_) => "Some lines end",
            None => "Lines end",
        };
        let edits =
            ends(LineEnd::Lf).map(|line| Edit::insert(end_span(line).start, "\r")).collect();
        Finding::add(findings, &LINE_ENDS_NOT_CRLF, end_span(first))
            .text(which)
            .safe("End all lines with CR LF", edits);
    }
}

static BLANK_LINE: Rule = Rule {
    code: "STS-POL-023",
    name: "blank-line",
    severity: Severity::Warning,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "This line is blank; the grammar has no blank lines",
    words: words(Words {
        why: "Many senders skip blank lines, but the grammar has exactly one line end between two fields and \
          at most one at the end.",
        effect: "3 of the 12 mail servers whose source was read (mox, maddy, postfix-tlspol) reject the whole policy; KumoMTA rejects it \
             when the line holds spaces. The others skip the line, so this is a warning.",
        help: "Remove the line.",
        clause: "RFC 8461 §3.2: one line end between fields, at most one at the end",
        fails: Example::policy(
            "version: STSv1\r\n\r\nmode: none\r\nmx: mail.example.com\r\nmax_age: 86400\r\n",
        ),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: none\r\nmx: mail.example.com\r\nmax_age: 86400\r\n",
        )),
    }),
};

static LEADING_WHITESPACE: Rule = Rule {
    code: "STS-POL-025",
    name: "leading-whitespace",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "The line is indented",
    words: words(Words {
        why: "A field name has to start at the beginning of its line. Indentation is usually copied from a web \
          page.",
        effect: "4 of the 12 mail servers whose source was read miss the field or reject the policy (mox, maddy, postfix-tlspol, \
             postfix-mta-sts-resolver); others trim the line.",
        help: "Remove the spaces or tabs before the name.",
        clause: "RFC 8461 §3.2: no whitespace before a field name",
        fails: Example::policy(policy!(mode: "  mode: enforce")),
        passes: Some(Example::policy(policy!())),
    }),
};

static WHITESPACE_BEFORE_COLON: Rule = Rule {
    code: "STS-POL-026",
    name: "whitespace-before-colon",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "There is space between `{0}` and its colon",
    words: words(Words {
        why: "Space may stand after the colon only.",
        effect: "4 of the 12 mail servers whose source was read (mox, maddy, postfix-tlspol, postfix-mta-sts-resolver) do not recognise the \
             field, so the policy is invalid for them.",
        help: "Remove the space before the colon.",
        clause: "RFC 8461 §3.2: the delimiter is a colon, optionally followed by whitespace",
        fails: Example::policy(policy!(mode: "mode : enforce")),
        passes: Some(Example::policy(policy!())),
    }),
};

pub(super) static MALFORMED_LINE: Rule = Rule {
    code: "STS-POL-027",
    name: "malformed-line",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "`{0}` is not a field: there is no colon",
    words: words(Words {
        why: "Every line of a policy is a name, a colon and a value.",
        effect: "4 of the 12 mail servers whose source was read (mox, maddy, postfix-tlspol, KumoMTA) reject the policy, and Stalwart loses the \
             field after the line; the others skip it.",
        help: "Remove the line, or write it as `name: value`.",
        clause: "RFC 8461 §3.2: a field is name, delimiter and value",
        fails: Example::policy(policy!(extra: "keep this short")),
        passes: Some(Example::policy(policy!())),
    }),
};

static COMMENT_LINE: Rule = Rule {
    code: "STS-POL-028",
    name: "comment-line",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "Policies have no comments, and this line is not a field",
    words: words(Words {
        why: "Without a colon this line is not a field, like any other text. With one it would be a field with an \
              illegal name, which fewer senders mind: that is a warning.",
        effect: "4 of the 12 mail servers whose source was read (mox, maddy, postfix-tlspol, KumoMTA) reject the policy, and Stalwart loses the \
             field after the line; the others skip it.",
        help: "Remove the line.",
        clause: "RFC 8461 §3.2: the grammar has no comments",
        fails: Example::policy(
            "# managed by ops\r\nversion: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n",
        ),
        passes: Some(Example::policy(policy!())),
    }),
};

static TRAILING_WHITESPACE: Rule = Rule {
    code: "STS-POL-029",
    name: "trailing-whitespace",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "There is space after the value, which is legal",
    words: words(Words {
        why: "It is mentioned only because it cannot be seen.",
        effect: "None.",
        help: "Nothing has to be done.",
        clause: "RFC 8461 §3.2: whitespace may follow a field",
        fails: Example::policy(policy!(mode: "mode: enforce  ")),
        passes: Some(Example::policy(policy!())),
    }),
};

static QUOTED_LINE: Rule = Rule {
    code: "STS-POL-015",
    name: "quoted-line",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "The line stands in quotes",
    words: words(Words {
        why: "Lines of a policy are bare text; quotes belong in DNS zone files.",
        effect: "Senders see a field name that begins with a quote: the required field is missing and the \
             policy invalid.",
        help: "Remove the quotes.",
        clause: "RFC 8461 §3.2: field names consist of letters, digits, `_`, `-` and `.`",
        fails: Example::policy(policy!(mode: "\"mode: enforce\"")),
        passes: Some(Example::policy(policy!())),
    }),
};

static EQUALS_INSTEAD_OF_COLON: Rule = Rule {
    code: "STS-POL-030",
    name: "equals-instead-of-colon",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "Behind `{0}` there has to be a colon",
    words: words(Words {
        why: "In the policy file a colon separates name and value. `=` is the syntax of the TXT record, and a space or another \
          sign is that of other files.",
        effect: "The line is malformed and the field missing, so senders reject the policy.",
        help: "Write `:` behind the name.",
        clause: "RFC 8461 §3.2: the delimiter is a colon; RFC 8461 §3.1: `=` belongs to the record",
        fails: Example::policy(policy!(mode: "mode=enforce")),
        passes: Some(Example::policy(policy!())),
    }),
};

static TEXT_BEHIND_VALUE: Rule = Rule {
    code: "STS-POL-112",
    name: "text-behind-value",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`{0}` stands behind the value; a policy has no comments, and its lines end without a sign",
    words: words(Words {
        why: "Everything between the colon and the end of the line is the value.",
        effect: "For senders the value is another one, so they reject the policy, or never match the host.",
        help: "Remove what stands behind the value.",
        clause: "RFC 8461 §3.2: the grammar has no comments; a field ends with the line",
        fails: Example::policy(policy!(mode: "mode: enforce;")),
        passes: Some(Example::policy(policy!())),
    }),
};

/// Whether a line holds a field.
pub(super) fn is_field(line: &Line) -> Option<Field> {
    match line.shape {
        Shape::Field(field) => Some(field),
        _ => None,
    }
}

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn cr_only_line_endings() {
        policy().shows(
            r"
            version: STSv1␍
                          ^ STS-POL-020
            mode: none␍
                  ^^^^ STS-POL-054
            mx: mail.example.com␍
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 86400␍
            ",
        );
    }

    #[test]
    fn line_endings_not_crlf() {
        policy().shows(
            r"
            version: STSv1␊
                          ^ STS-POL-021
            mode: none␊
                  ^^^^ STS-POL-054
            mx: mail.example.com␊
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 86400␊
            ",
        );
    }

    #[test]
    fn blank_line() {
        policy().shows(
            r"
            version: STSv1

            ^ STS-POL-023
            mode: none
                  ^^^^ STS-POL-054
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 86400
            ",
        );
    }

    #[test]
    fn leading_whitespace() {
        policy().shows(
            r"
            version: STSv1
              mode: enforce
            ^^ STS-POL-025
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn whitespace_before_colon() {
        policy().shows(
            r"
            version: STSv1
            mode : enforce
                ^ STS-POL-026
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn malformed_line() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            keep this short
            ^^^^^^^^^^^^^^^ STS-POL-027
            ",
        );
    }

    #[test]
    fn comment_line() {
        policy().shows(
            r"
            # managed by ops
            ^^^^^^^^^^^^^^^^ STS-POL-028
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn trailing_whitespace() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce ␠
                         ^^ STS-POL-029
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn quoted_line() {
        policy().shows(
            r#"
            version: STSv1
            "mode: enforce"
            ^^^^^^^^^^^^^^^ STS-POL-015
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            "#,
        );
    }

    #[test]
    fn text_behind_value() {
        policy().shows(
            r"
            version: STSv1;
                          ^ STS-POL-112
            mode: enforce # or testing
                          ^^^^^^^^^^^^ STS-POL-112
            mx: mail.example.com;
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600 (two weeks)
                             ^^^^^^^^^^^ STS-POL-112
            ",
        );
    }

    #[test]
    fn equals_instead_of_colon() {
        policy().shows(
            r"
            version STSv1
                   ^ STS-POL-030
            mode=enforce
                ^ STS-POL-030
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }
}

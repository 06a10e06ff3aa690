//! What concerns the document as a whole: its encoding, what stands around the policy, and what
//! copying did to it.

pub(super) mod characters;
pub(super) mod shape;

use crate::finding::{Applicability, Arg, Edit, Finding, Severity};
use crate::policy::MAX_SIZE;
use crate::rule::{Example, Rule, Text, Words, words};
use crate::strange::HEADERS_ONLY;
use crate::text::{BLANK, Mapped, Span, begins, is_line_end};

pub(super) const RULES: &[&Rule] = &[
    &EMPTY_DOCUMENT,
    &UTF8_BOM,
    &NOT_UTF8,
    &POLICY_TOO_LARGE,
    &POLICY_LARGE,
    &HTML_DOCUMENT,
    &JSON_POLICY,
    &TXT_RECORD_PASTED,
    &ANOTHER_TEXT,
];

/// What preparing gives.
pub(in crate::policy) enum Prepared<'a> {
    /// A text to read line by line, and what was found so far.
    Go {
        /// The policy text, with everything broken put right.
        mapped: Mapped<'a>,
        /// Findings, in spans of the source.
        findings: Vec<Finding>,
    },
    /// There is no policy text to read.
    Stop(Vec<Finding>),
}

/// Takes what stands before a policy off: told a text and where it starts, it gives where the policy does.
pub(in crate::policy) type Head = fn(&str, usize, &mut Vec<Finding>) -> usize;

/// Takes nothing off.
pub(in crate::policy) fn no_head(_: &str, start: usize, _: &mut Vec<Finding>) -> usize {
    start
}

/// Takes off what is not policy text and repairs what copying broke, so that later rules see the
/// text that was meant.
pub(in crate::policy) fn prepare(source: &[u8], head: Head) -> Prepared<'_> {
    let mut findings = Vec::new();
    if is_blank(source) {
        Finding::add(&mut findings, &EMPTY_DOCUMENT, Span::new(0, source.len()));
        return Prepared::Stop(findings);
    }
    let text = match str::from_utf8(source) {
        Ok(text) => text,
        Err(error) => {
            let at = error.valid_up_to();
            let len = error.error_len().unwrap_or(source.len() - at);
            Finding::add(&mut findings, &NOT_UTF8, Span::new(at, at + len))
                .text(format!("0x{:02X}", source[at]))
                .text(guess_encoding(source));
            return Prepared::Stop(findings);
        }
    };
    let mut edits: Vec<(Span, &'static str)> = Vec::new();

    let mut start = text.len() - text.trim_start_matches('\u{feff}').len();
    if start > 0 {
        let bom = Span::new(0, start);
        Finding::add(&mut findings, &UTF8_BOM, bom)
            .safe("Remove the byte order mark", Edit::delete(bom).alone());
        edits.push((bom, ""));
    }
    let head = head(text, start, &mut findings);
    if head > start {
        edits.push((Span::new(start, head), ""));
        start = head;
    }
    if is_blank(&source[start..]) {
        if findings.iter().any(|found| *found.rule == HEADERS_ONLY) {
            return Prepared::Stop(findings);
        }
        let rest = Span::new(start, source.len());
        Finding::add(&mut findings, &EMPTY_DOCUMENT, rest);
        return Prepared::Stop(findings);
    }
    size(source, start, &mut findings);
    let told = findings.len();
    let mapped = match edits.is_empty() && is_plain(source) {
        true => Mapped::identity(text),
        false => repaired(text, start, edits, &mut findings),
    };
    // What it is taken for must not hang on what is to be taken out.
    if let Some(other) = other_document(&mapped) {
        findings.truncate(told);
        findings.push(other);
        return Prepared::Stop(findings);
    }
    Prepared::Go { mapped, findings }
}

/// The text with its characters and its lines put right.
fn repaired<'a>(
    text: &'a str,
    start: usize,
    mut edits: Vec<(Span, &'static str)>,
    findings: &mut Vec<Finding>,
) -> Mapped<'a> {
    characters::check(text, start, &mut edits, findings);
    let mapped = Mapped::replaced(text, &edits);
    let reshaping = shape::check(&mapped, findings);
    if reshaping.is_empty() {
        return mapped;
    }
    // The repairs of characters within a reshaped span go under in it.
    edits.retain(|(edit, _)| {
        let after = reshaping.partition_point(|(span, _)| span.start <= edit.start);
        after.checked_sub(1).is_none_or(|i| reshaping[i].0.end < edit.end)
    });
    let mut all = Vec::with_capacity(edits.len() + reshaping.len());
    let mut reshaping = reshaping.into_iter().peekable();
    for edit in edits {
        while let Some(before) = reshaping.next_if(|next| next.0 < edit.0) {
            all.push(before);
        }
        all.push(edit);
    }
    all.extend(reshaping);
    let mut mapped = Mapped::replaced(text, &all);
    // What is added to the text has to come before a fence that ends it, not after.
    while let Some((end, "")) = all.pop().filter(|(span, _)| mapped.end() == span.end) {
        mapped.end_at(end.start);
    }
    mapped
}

/// Whether there is nothing but spaces, tabs and line ends.
fn is_blank(source: &[u8]) -> bool {
    source.iter().all(|b| matches!(b, b' ' | b'\t' | b'\r' | b'\n'))
}

/// Whether no character can need repair and no reshaping can apply: the way of every good policy.
fn is_plain(source: &[u8]) -> bool {
    let odd = |b: &u8| {
        *b >= 0x7f
            || *b < b' ' && !matches!(b, b'\t' | b'\r' | b'\n')
            || matches!(b, b'`' | b'~' | b'\\')
    };
    // A line end that only ends the text makes no second line.
    source.trim_ascii().contains(&b'\n')
        // `any` would stop early; folding lets the compiler look at many bytes at once.
        && !source.iter().map(odd).fold(false, |a, b| a | b)
}

pub(super) static EMPTY_DOCUMENT: Rule = Rule {
    code: "STS-POL-001",
    name: "empty-document",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "There is no policy text here",
    words: words(Words {
        why: "A policy needs at least the fields `version`, `mode` and `max_age`.",
        effect: "Senders treat the fetch as failed. Without a cached copy they deliver as if there were \
             no MTA-STS; with one, the old policy stays in force until it expires. TLS reports show \
             `sts-policy-invalid` or `sts-policy-fetch-error`.",
        help: "Publish the policy text, or start from an example.",
        clause: "RFC 8461 §3.2: a policy has at least one field; RFC 8461 §3.3",
        fails: Example::policy(""),
        passes: Some(Example::policy(policy!())),
    }),
};

pub(super) static UTF8_BOM: Rule = Rule {
    code: "STS-POL-002",
    name: "utf8-bom",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "The file starts with an invisible byte order mark (BOM)",
    words: words(Words {
        why: "The mark becomes part of the first field name, so senders see no `version`. Windows editors \
          add it when they save as \"UTF-8 with BOM\".",
        effect: "9 of the 12 mail servers whose source was read reject the policy; Stalwart, mailauth and Mimecast skip the \
             mark.",
        help: "Save the file as UTF-8 without BOM.",
        clause: "RFC 8461 §3.2: a field name starts with a letter or digit; RFC 3629 §6",
        fails: Example::policy(
            "\u{feff}version: STSv1\r\nmode: none\r\nmx: mx.example.com\r\nmax_age: 86400\r\n",
        ),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: none\r\nmx: mx.example.com\r\nmax_age: 86400\r\n",
        )),
    }),
};

pub(super) static NOT_UTF8: Rule = Rule {
    code: "STS-POL-003",
    name: "not-utf8",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "The file is not UTF-8 text: byte {0} cannot stand here{1}",
    words: words(Words {
        why: "Names and registered values are ASCII, and only extension values may hold other characters, \
          in UTF-8.",
        effect: "Senders cannot decode the file and treat the fetch as failed.",
        help: "Save the file again as UTF-8 without BOM, or as plain ASCII.",
        clause: "RFC 8461 §3.2: the grammar knows ASCII and, in extension values, UTF-8",
        fails: Example {
            text: Text::Bytes(b"\xff\xfev\0e\0r\0s\0i\0o\0n\0:\0 \0S\0T\0S\0v\x001\0"),
            ..Example::policy("")
        },
        passes: Some(Example::policy(policy!())),
    }),
};

fn guess_encoding(source: &[u8]) -> &'static str {
    match source {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => " (it looks like UTF-16)",
        [0x1f, 0x8b, ..] => " (it looks like gzip data)",
        _ => "",
    }
}

pub(super) static POLICY_TOO_LARGE: Rule = Rule {
    code: "STS-POL-004",
    name: "policy-too-large",
    severity: Severity::Error,
    breaks_grammar: false,
    fix: None,
    message: "The policy has {0} bytes; senders may stop at 65536",
    words: words(Words {
        why: "RFC 8461 suggests a limit of 64 kilobytes, and several senders have exactly that one.",
        effect: "Such senders give up the fetch and get no new policy. A cached copy stays in use.",
        help: "Use fewer `mx` patterns: `*.` and a name covers all hosts directly below that name.",
        clause: "RFC 8461 §3.3: senders may limit the size, 64 KB is suggested",
        fails: Example {
            text: Text::Long {
                start: policy!(),
                unit: "note: a line that makes the policy longer\r\n",
                times: 1600,
                end: "",
            },
            ..Example::policy("")
        },
        passes: Some(Example::policy(policy!())),
    }),
};

pub(super) static POLICY_LARGE: Rule = Rule {
    code: "STS-POL-005",
    name: "policy-large",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: None,
    message: "The policy has {0} bytes; at least one sender reads only the first 10240",
    words: words(Words {
        why: "The size is legal, but a sender that cuts the text loses what stands at the end, for \
          example `max_age`.",
        effect: "Some senders see half a policy and reject it, or miss `mx` lines.",
        help: "Shorten the policy, or move the required fields to its beginning.",
        clause: "Practice: one open-source sender reads the first 10 KiB only",
        fails: Example {
            text: Text::Long {
                start: policy!(),
                unit: "note: more text here\r\n",
                times: 500,
                end: "",
            },
            ..Example::policy("")
        },
        passes: Some(Example::policy(policy!())),
    }),
};

/// What a truncating sender reads, in bytes.
pub(in crate::policy) const TRUNCATED_SIZE: usize = 10_240;

fn size(source: &[u8], start: usize, findings: &mut Vec<Finding>) {
    let len = source.len() - start;
    let (rule, limit) = match len {
        _ if len > MAX_SIZE => (&POLICY_TOO_LARGE, MAX_SIZE),
        _ if len > TRUNCATED_SIZE => (&POLICY_LARGE, TRUNCATED_SIZE),
        _ => return,
    };
    // The place where reading stops, moved to the start of its character.
    let mut at = start + limit;
    while source[at] & 0xc0 == 0x80 {
        at -= 1;
    }
    Finding::add(findings, rule, Span::at(at)).arg(Arg::Number(len as u64));
}

pub(super) static HTML_DOCUMENT: Rule = Rule {
    code: "STS-POL-006",
    name: "html-document",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "This is a web page, not a policy",
    words: words(Words {
        why: "The server answered with an HTML page: an error page, a parking page, a single-page \
          application or a bot check.",
        effect: "Senders reject it; with media type `text/html` most stop even before reading it.",
        help: "Publish the policy as a plain file at `/.well-known/mta-sts.txt` and keep that path out of \
           redirects, rewrites and bot checks.",
        clause: "RFC 8461 §3.2: only policy fields, and media type text/plain to guard against this",
        fails: Example::policy("<!DOCTYPE html><title>Not Found</title>"),
        passes: Some(Example::policy(policy!())),
    }),
};

pub(super) static JSON_POLICY: Rule = Rule {
    code: "STS-POL-007",
    name: "json-policy",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "This is JSON; a policy consists of lines `name: value`",
    words: words(Words {
        why: "Only early drafts of MTA-STS, before 2017, used JSON.",
        effect: "Senders reject the policy.",
        help: "Write the fields as lines: `version: STSv1`, `mode: …`, one `mx: …` per host, `max_age: …`.",
        clause: "RFC 8461 §3.2: fields are lines of name and value",
        fails: Example::policy(
            "{\"version\":\"STSv1\",\"mode\":\"enforce\",\"mx\":[\"mail.example.com\"],\"max_age\":1209600}",
        ),
        passes: Some(Example::policy(policy!())),
    }),
};

pub(in crate::policy) static TXT_RECORD_PASTED: Rule = Rule {
    code: "STS-POL-008",
    name: "txt-record-pasted",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "This is the DNS record of `{0}`, not the policy file",
    words: words(Words {
        why: "The record says that a policy exists and which instance it is; the policy itself is a file \
          that is fetched by HTTPS. They are two texts.",
        effect: "Served as the policy, senders reject it.",
        help: "Check it as an MTA-STS record instead, or publish the policy text at this place.",
        clause: "RFC 8461 §3.1: the record; RFC 8461 §3.2: the policy",
        fails: Example::policy("v=STSv1; id=20260101000000Z;"),
        passes: Some(Example::policy(policy!())),
    }),
};

/// What to say of a document that is no policy at all.
fn other_document(mapped: &Mapped) -> Option<Finding> {
    let trimmed = mapped.text.trim_start_matches(BLANK);
    let at = mapped.text.len() - trimmed.len();
    let rule = other(trimmed)?;
    let len = match *rule == JSON_POLICY {
        true => 1,
        false => trimmed.find(is_line_end).unwrap_or(trimmed.len()),
    };
    let mut findings = Vec::new();
    let finding = Finding::add(&mut findings, rule, mapped.span(Span::new(at, at + len)));
    if *rule == TXT_RECORD_PASTED {
        finding.text("_mta-sts");
    }
    findings.pop()
}

/// Whether nothing of a policy would be read if it began with this. Below a record that was pasted too, it is.
pub(super) fn hides_all(text: &str) -> bool {
    let text = text.trim_start_matches(BLANK);
    text.starts_with("HTTP/") || other(text).is_some_and(|rule| *rule != TXT_RECORD_PASTED)
}

/// What a text is that begins like this, if it is no policy.
fn other(trimmed: &str) -> Option<&'static Rule> {
    match trimmed.as_bytes() {
        [b'<', b'!' | b'?' | b'a'..=b'z' | b'A'..=b'Z', ..] => Some(&HTML_DOCUMENT),
        [b'[', ..] if !begins_list(&trimmed[1..]) => None,
        [b'{' | b'[', ..] => Some(&JSON_POLICY),
        _ => begins_record(trimmed).then_some(&TXT_RECORD_PASTED),
    }
}

/// Whether a text begins with the version of a record, in quotes or not.
pub(super) fn begins_record(text: &str) -> bool {
    begins(text.trim_start_matches(&['"', '\''][..]), "v=STSv1")
}

/// Whether a list of values goes on like this behind its bracket, and not the text of a link.
fn begins_list(rest: &str) -> bool {
    let next = rest.trim_start().chars().next();
    next.is_none_or(|c| matches!(c, '"' | '\'' | '{' | '[' | ']' | '-' | '0'..='9'))
}

pub(in crate::policy) static ANOTHER_TEXT: Rule = Rule {
    code: "STS-POL-017",
    name: "another-text",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "{0}: this is not a policy",
    words: words(Words {
        why: "Not one line of it is a field of a policy.",
        effect: "Served as the policy, senders reject it.",
        help: "Publish the policy text at this place. If the text was pasted to be understood, let stslint see for itself what it is.",
        clause: "RFC 8461 §3.2: a policy has the fields version, mode and max_age",
        fails: Example::policy("550 5.1.1 <someone@example.com>: user unknown\r\n"),
        passes: Some(Example::policy(policy!())),
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

    #[test]
    fn empty_document() {
        policy().shows(
            r"
            ∎
            | STS-POL-001
            ",
        );
    }

    #[test]
    fn utf8_bom() {
        policy().shows(
            r"
            ⟨U+FEFF⟩version: STSv1
            ^^^^^^^^ STS-POL-002
            mode: none
                  ^^^^ STS-POL-054
            mx: mx.example.com
                ^^^^^^^^^^^^^^ STS-POL-103
            max_age: 86400
            ",
        );
    }

    #[test]
    fn not_utf8() {
        policy().shows(
            r"
            ⟨ff⟩⟨fe⟩v␀e␀r␀s␀i␀o␀n␀:␀ ␀S␀T␀S␀v␀1␀∎
            ^^^^ STS-POL-003
            ",
        );
    }

    #[test]
    fn policy_too_large() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            note: ⟨x×65459⟩⟨x×541⟩
            ^^^^ STS-POL-033
                           | STS-POL-004
            ",
        );
    }

    #[test]
    fn policy_large() {
        policy().shows(
            r"
            version: STSv1
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            note: ⟨x×10163⟩⟨x×1837⟩
            ^^^^ STS-POL-033
                           | STS-POL-005
            ",
        );
    }

    #[test]
    fn html_document() {
        policy().shows(
            r"
            <!DOCTYPE html><title>Not Found</title>∎
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ STS-POL-006
            ",
        );
    }

    #[test]
    fn json_policy() {
        policy().shows(
            r#"
            {"version":"STSv1","mode":"enforce","mx":["mail.example.com"],"max_age":1209600}∎
            ^ STS-POL-007
            "#,
        );
    }

    #[test]
    fn txt_record_pasted() {
        policy().shows(
            r"
            v=STSv1; id=20260101000000Z;∎
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^ STS-POL-008
            ",
        );
    }

    #[test]
    fn another_text() {
        policy().shows(
            r"
            550 5.1.1 <someone@example.com>: user unknown
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ STS-POL-017
            ",
        );
    }
}

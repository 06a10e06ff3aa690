//! What concerns the document as a whole: its encoding, what stands around the policy, and what
//! copying did to it.

use crate::finding::{Applicability, Arg, Edit, Finding, Fix, Severity};
use crate::policy::{MAX_SIZE, parse};
use crate::rule::{Example, Rule, Text, Words, words};
use crate::strange::HEADERS_ONLY;
use crate::text::{BLANK, Mapped, Span, WSP, is_line_end};

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
    &MARKDOWN_CODE_FENCE,
    &LITERAL_BACKSLASH_N,
    &FIELDS_ON_ONE_LINE,
    &CONTROL_CHARACTERS,
    &INVISIBLE_CHARACTERS,
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
    if other_document(text, start, &mut findings) {
        return Prepared::Stop(findings);
    }

    if edits.is_empty() && is_plain(source) {
        return Prepared::Go { mapped: Mapped::identity(text), findings };
    }
    characters(text, start, &mut edits, &mut findings);
    let mapped = Mapped::replaced(text, &edits);
    let reshaping = reshape(&mapped, &mut findings);
    if reshaping.is_empty() {
        return Prepared::Go { mapped, findings };
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
    Prepared::Go { mapped, findings }
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
        effect: "5 of the 7 mail servers whose source was read reject the policy; Stalwart and \
             mailauth skip the mark.",
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

/// Whether the document is no policy at all.
fn other_document(text: &str, start: usize, findings: &mut Vec<Finding>) -> bool {
    let trimmed = text[start..].trim_start_matches(BLANK);
    let at = text.len() - trimmed.len();
    let bytes = trimmed.as_bytes();
    let first_line = Span::new(at, at + trimmed.find(is_line_end).unwrap_or(trimmed.len()));
    let (rule, place) = match bytes[0] {
        b'<' if bytes
            .get(1)
            .is_some_and(|b| b.is_ascii_alphabetic() || *b == b'!' || *b == b'?') =>
        {
            (&HTML_DOCUMENT, first_line)
        }
        b'{' | b'[' => (&JSON_POLICY, Span::new(at, at + 1)),
        b'v' | b'V' | b'"' | b'\'' => {
            let bare = trimmed.strip_prefix(&['"', '\''][..]).unwrap_or(trimmed);
            let tag = bare.get(.."v=STSv1".len()).unwrap_or("");
            if !tag.eq_ignore_ascii_case("v=STSv1") {
                return false;
            }
            (&TXT_RECORD_PASTED, first_line)
        }
        _ => return false,
    };
    let finding = Finding::add(findings, rule, place);
    if *rule == TXT_RECORD_PASTED {
        finding.text("_mta-sts");
    }
    true
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

pub(super) static CONTROL_CHARACTERS: Rule = Rule {
    code: "STS-POL-013",
    name: "control-characters",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "There is a control character here: {0}",
    words: words(Words {
        why: "Control characters are never legal in a policy, and a NUL ends the text for senders written \
          in C.",
        effect: "Strict senders reject the policy; what others do is hard to predict.",
        help: "Delete the character.",
        clause: "RFC 8461 §3.2: values hold visible characters and spaces",
        fails: Example::policy(policy!(version: "version: STSv1\0")),
        passes: Some(Example::policy(policy!())),
    }),
};

pub(super) static INVISIBLE_CHARACTERS: Rule = Rule {
    code: "STS-POL-014",
    name: "invisible-or-typographic-characters",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "There is {1} ({0}) where only plain ASCII may stand",
    words: words(Words {
        why: "Word processors and web pages put in such characters. The text looks right and still \
          compares unequal.",
        effect: "Senders do not recognise the field or its value, so the policy is invalid for them.",
        help: "Replace it with the ASCII character, or remove it if it is invisible.",
        clause: "RFC 8461 §3.2: names and values are ASCII, whitespace is space and tab only",
        fails: Example::policy(policy!(mode: "mode:\u{a0}enforce")),
        passes: Some(Example::policy(policy!())),
    }),
};

/// What a character that word processors put in is called, and what was meant by it.
fn typographic(c: char) -> Option<(&'static str, &'static str)> {
    Some(match c {
        '\u{a0}' | '\u{2007}' | '\u{202f}' => ("a no-break space", " "),
        '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => ("an invisible character", ""),
        '\u{200e}' | '\u{200f}' => ("an invisible direction mark", ""),
        '\u{2010}'..='\u{2015}' => ("a typographic dash", "-"),
        '\u{2018}'..='\u{201b}' => ("a typographic quote", "'"),
        '\u{201c}'..='\u{201f}' => ("a typographic quote", "\""),
        '\u{2028}' | '\u{2029}' => ("a Unicode line separator", "\r\n"),
        '\u{ff1a}' => ("a full-width colon", ":"),
        _ => return None,
    })
}

/// 013 and 014: deletes control characters, replaces typographic ones.
fn characters(
    text: &str,
    start: usize,
    edits: &mut Vec<(Span, &'static str)>,
    findings: &mut Vec<Finding>,
) {
    let mut line_start = start;
    // Whether the line has come to the value of an extension: known from its first colon on.
    let mut extension = None;
    for (offset, c) in text[start..].char_indices() {
        let span = Span::new(start + offset, start + offset + c.len_utf8());
        Finding::bound(findings);
        match c {
            '\n' | '\r' => (line_start, extension) = (span.end, None),
            ':' if extension.is_none() => {
                extension = Some(in_extension_value(&text[line_start..span.end]));
            }
            '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}' => {
                Finding::add(findings, &CONTROL_CHARACTERS, span)
                    .quoted()
                    .safe("Delete the control character", Edit::delete(span).alone());
                edits.push((span, ""));
            }
            _ => {
                let Some((name, meant)) = typographic(c) else { continue };
                // RFC 8461 §3.2: the value of an extension may hold any UTF-8 (STS-POL-037).
                if extension == Some(true) {
                    continue;
                }
                let title = if meant.is_empty() { "Remove it" } else { "Replace it with ASCII" };
                Finding::add(findings, &INVISIBLE_CHARACTERS, span)
                    .text(format!("U+{:04X}", u32::from(c)))
                    .text(name)
                    .safe(title, Edit::replace(span, meant).alone());
                edits.push((span, meant));
            }
        }
    }
}

/// Whether a line that begins so has come to the value of an extension field.
fn in_extension_value(line: &str) -> bool {
    // Space around a name is put right, and then it is the name of an extension.
    line.split_once(':').is_some_and(|(name, _)| super::names::is_extension(name.trim_matches(WSP)))
}

pub(super) static MARKDOWN_CODE_FENCE: Rule = Rule {
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

pub(super) static LITERAL_BACKSLASH_N: Rule = Rule {
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

pub(super) static FIELDS_ON_ONE_LINE: Rule = Rule {
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

/// 010, 011 and 012: gives the text its lines. The edits are in spans of the source.
fn reshape(mapped: &Mapped, findings: &mut Vec<Finding>) -> Vec<(Span, &'static str)> {
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
pub(super) fn reshapes(findings: &[Finding]) -> bool {
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
        let name = ["version", "mode", "max_age", "mx"].iter().find(|n| before.ends_with(**n));
        let Some(start) = name.map(|n| before.len() - n.len()) else { continue };
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

    #[test]
    fn control_characters() {
        policy().shows(
            r"
            version: STSv1␀
                          ^ STS-POL-013
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

    #[test]
    fn invisible_or_typographic_characters() {
        policy().shows(
            r"
            version: STSv1
            mode:⟨U+00A0⟩enforce
                 ^^^^^^^^ STS-POL-014
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600
            ",
        );
    }

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

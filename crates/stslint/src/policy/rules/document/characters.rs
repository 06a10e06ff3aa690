//! Characters that no policy has: control characters, and those that word processors put in.

use crate::finding::{Applicability, Edit, Finding, Severity};
use crate::policy::rules::names;
use crate::rule::{Example, Rule, Words, words};
use crate::text::{Span, WSP};

pub(in crate::policy::rules) const RULES: &[&Rule] = &[&CONTROL_CHARACTERS, &INVISIBLE_CHARACTERS];

/// 013 and 014: deletes control characters, replaces typographic ones.
pub(super) fn check(
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
    line.split_once(':').is_some_and(|(name, _)| names::is_extension(name.trim_matches(WSP)))
}

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

static CONTROL_CHARACTERS: Rule = Rule {
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

static INVISIBLE_CHARACTERS: Rule = Rule {
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

#[cfg(test)]
mod pictures {
    use crate::carets::policy;

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
}

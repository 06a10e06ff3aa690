//! What string literals keep of what is written in them, where it is certain which language that is: backslashes, indentation.
//!
//! Where it is not certain, the text that was meant is read.

use super::lines::prompt;
use super::wrappers::shows;

/// Literals in which `\n` is a backslash and a letter.
struct Raw {
    /// Their quotes.
    quotes: &'static str,
    /// What stands in front of them on their line, one of these; anything where none are given.
    line: &'static [&'static str],
    /// What shows the language, one of these; as with [`super::Wrapper`].
    signs: &'static [&'static str],
}

const RAW: [Raw; 4] = [
    Raw { quotes: "'", line: &[], signs: &["<?php", "^#!/usr/bin/perl", "^use strict"] },
    // Caddy knows an escaped quote and nothing else.
    Raw { quotes: "\"`", line: &["respond "], signs: &["^respond "] },
    Raw { quotes: "`", line: &[], signs: &["^package ", "^func "] },
    Raw { quotes: "\"'", line: &["printf \"%s", "printf '%s", "printf %s"], signs: &[""] },
];

/// Where a literal stands.
pub(super) struct Place<'t> {
    /// The whole text.
    pub(super) text: &'t str,
    /// Its line, up to its quote.
    pub(super) before: &'t str,
    /// Its quote.
    pub(super) quote: &'t str,
    /// What stands behind it on its last line.
    pub(super) behind: &'t str,
}

impl Place<'_> {
    /// Whether a backslash is one there.
    pub(super) fn keeps_backslashes(&self) -> bool {
        let known = |raw: &Raw| {
            raw.quotes.contains(self.quote)
                && (raw.line.is_empty() || raw.line.iter().any(|sign| self.before.contains(sign)))
                && shows(raw.signs, self.text)
        };
        RAW.iter().any(known) || self.is_prefixed() || self.is_yaml() || self.is_echo()
    }

    /// `r"…"` of Python and Rust, `@"…"` of C#.
    fn is_prefixed(&self) -> bool {
        let mut before = self.before.chars().rev();
        let prefix = before.next().is_some_and(|c| matches!(c, 'r' | 'R' | '@'));
        prefix && before.next().is_none_or(|c| !(c.is_alphanumeric() || c == '_'))
    }

    /// `key: '…'` of YAML, in which nothing is escaped but the quote.
    fn is_yaml(&self) -> bool {
        self.quote == "'" && self.is_value()
    }

    /// `key: "…"` of YAML, in which the end of a line and the indentation of the next one are a space.
    pub(super) fn is_folded(&self) -> bool {
        self.quote == "\"" && self.is_value()
    }

    /// Whether it is the value of a key in YAML.
    fn is_value(&self) -> bool {
        let name = |c: char| c.is_alphanumeric() || "-_./".contains(c);
        let key = self.before.trim().strip_suffix(':').unwrap_or_default();
        let code = |line: &str| line.trim_end().ends_with(&['{', '(', '[', ';', ','][..]);
        let alone = self.behind.trim().is_empty() && !key.is_empty() && key.chars().all(name);
        alone && !self.text.lines().any(code)
    }

    /// `echo "…"` of bash. That of other shells reads escapes, and that of PHP is a statement with a semicolon.
    fn is_echo(&self) -> bool {
        let words = self.before.trim_end();
        let Some(command) = words.strip_suffix("echo") else { return false };
        let typed = prompt(command);
        let begins =
            command.trim().is_empty() || typed.is_some_and(|typed| command.trim() == typed);
        let another = shows(&["<?php", "^#!/bin/sh", "zsh"], self.text)
            || typed.is_some_and(|typed| typed.ends_with('%'));
        begins && !another && !self.behind.trim_start().starts_with(&[';', '.'][..])
    }
}

/// What takes the indentation off of the lines of a literal.
const TAKEN_OFF: [&str; 15] = [
    "dedent",
    "stripIndent",
    "outdent",
    "trimIndent",
    "trimMargin",
    "stripMargin",
    "strip_heredoc",
    "cleandoc",
    ".replace(",
    "gsub(",
    ".map(",
    "split(",
    "squish",
    "sed ",
    "unindent",
];

/// Whether a program may take the indentation off.
pub(super) fn takes_off(text: &str) -> bool {
    TAKEN_OFF.iter().any(|word| text.contains(word))
}

/// What a here-document does with the indentation of its lines.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Indentation {
    /// It stays, and the line that ends it has none.
    Whole,
    /// It stays, and the line that ends it may have some.
    Kept,
    /// Tabs go.
    Tabs,
    /// Nobody knows, or it goes.
    Gone,
}

/// What the here-document does that a line opens.
pub(super) fn here_document(line: &str, text: &str) -> Indentation {
    let Some((before, tag)) = line.split_once("<<") else { return Indentation::Gone };
    let shell = ["cat", "tee"]
        .iter()
        .any(|command| line.split(|c: char| !c.is_alphanumeric()).any(|word| word == *command));
    let ruby = shows(&["^def "], text) && shows(&["^end"], text);
    match tag.chars().next() {
        Some('-') if shell => Indentation::Tabs,
        Some('-') if ruby => Indentation::Kept,
        Some('<' | '~' | '-') | None => Indentation::Gone,
        Some(_) if shell => Indentation::Whole,
        Some(_) if ruby || before.trim_end().ends_with('=') => Indentation::Kept,
        Some(_) => Indentation::Gone,
    }
}

/// Whether the literal that a line opens at its end, or in which a policy begins, keeps the indentation of its lines.
pub(super) fn keeps_indentation(quote: &str, line: &str, text: &str) -> bool {
    let signs: &[&str] = match quote {
        // JavaScript and Go.
        "`" => &["^const ", "^let ", "^var ", "^export ", "new Response(", "^package ", "^func "],
        "\"\"\"" | "'''" => &["^def ", "^from ", "^import "],
        _ => &[],
    };
    let java =
        shows(&["^import java", "^public class "], text) || text.contains(';') && quote.len() > 1;
    let served =
        quote.len() == 1 && ["return 200 ", "respond "].iter().any(|sign| line.contains(sign));
    served || shows(signs, text) && !java
}

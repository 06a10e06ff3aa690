//! The value of a record without anything around it.

use super::family::{Family, version_value};
use super::view::{Notation, Record};
use crate::text::{Mapped, Span, is_line_end};

/// The record whose value stands in a piece of the text, line ends behind it left out.
pub(super) fn record(text: &str, piece: Span) -> Record<'_> {
    let value = text[piece.range()].trim_end_matches(is_line_end);
    let span = Span::new(piece.start, piece.start + value.len());
    let text = if span.start == 0 {
        Mapped::identity(value)
    } else {
        let mut made = Mapped::empty();
        made.push_verbatim(value, span.start);
        made.push_for("", Span::at(span.end));
        made
    };
    Record {
        owner: None,
        span,
        strings: Vec::new(),
        text,
        notation: Notation::Bare,
        unquoted: None,
        scope: 0,
    }
}

/// Whether a text begins with `v=`, with or without spaces, or with a version behind another sign.
pub(super) fn starts_with_version(text: &str) -> bool {
    version_value(text).is_some()
}

/// Whether a text holds a record of another use, and nothing that names one of the two.
pub(super) fn is_foreign(text: &str) -> bool {
    const OTHERS: [&str; 4] = ["v=spf1", "v=dmarc1", "v=dkim1", "v=bimi1"];
    const OURS: [&str; 5] = ["_mta-sts", "_smtp._tls", "v=sts", "v=tls", "stsv1"];
    let has = |word: &&str| find_ignoring_case(text, word);
    OTHERS.iter().any(has) && !OURS.iter().any(has)
}

/// Whether data may be meant for one of the two records: it has words of theirs, and is none of another use.
pub(super) fn resembles_ours(data: &str) -> bool {
    const WORDS: [&str; 4] = ["sts", "tlsrpt", "id=", "rua="];
    WORDS.into_iter().any(|word| find_ignoring_case(data, word)) && !is_foreign(data)
}

/// The family of a bare value.
pub(super) fn family_of_value(text: &str) -> Family {
    Family::of_data(text.trim_start()).unwrap_or_else(|| family_of_words(text))
}

/// The family whose words occur in a text.
pub(super) fn family_of_words(text: &str) -> Family {
    let has = |word| find_ignoring_case(text, word);
    if has("_mta-sts") || has("v=sts") {
        Family::Sts
    } else if has("_smtp._tls") || has("tlsrpt") || has("rua=") && !has("v=dmarc") {
        Family::Rpt
    } else {
        Family::Sts
    }
}

/// Whether `word`, in lower case, occurs in any case of letters.
pub(super) fn find_ignoring_case(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

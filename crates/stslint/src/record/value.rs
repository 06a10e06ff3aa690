//! The value of a record without anything around it.

use super::family::{Family, version_value};
use super::owner;
use super::view::Record;
use crate::strange::OTHER_RECORDS;
use crate::text::{Mapped, Span, WSP, behind, is_line_end};

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
    Record::bare(span, text)
}

/// The sign at the end of a value that a list or a console cut: it stands there for the rest.
pub(super) fn cut(value: &str) -> Option<Span> {
    let value = value.trim_end();
    let shown = value.strip_suffix("...").or_else(|| value.strip_suffix('\u{2026}'))?;
    Some(Span::new(shown.len(), value.len()))
}

/// Whether cells of a table stand behind a value: it has no tab in the last of its parts.
pub(super) fn has_cells(line: &str) -> bool {
    let last = line.rfind(&['=', ';', ','][..]).map_or(0, |at| at + 1);
    let (front, tail) = line.split_at(last);
    tail.trim().contains('\t') && !front.contains('\t')
}

/// Whether a text begins with `v=`, with or without spaces, or with a version behind another sign.
pub(super) fn starts_with_version(text: &str) -> bool {
    version_value(text).is_some()
}

/// What stands behind `version` and a sign at the start of a text, as a policy has it.
pub(super) fn spelt_out(text: &str) -> Option<&str> {
    behind(text, "version").map(|rest| rest.trim_start_matches(&[':', '=', ' ', '\t'][..]))
}

/// Whether data is the text of a policy.
pub(super) fn is_policy(data: &str) -> bool {
    let value = spelt_out(data.trim_start()).unwrap_or_default();
    behind(value, "stsv1").is_some_and(|rest| !rest.trim_start_matches(WSP).starts_with(';'))
}

/// Whether data is a whole line of a zone, with its name or its type in front.
pub(super) fn holds_line(data: &str) -> bool {
    let word = data.split(WSP).next().unwrap_or_default();
    data.contains(" v=") && (word.eq_ignore_ascii_case("TXT") || owner::is_ours(word))
}

/// Whether a text is a record on one line with `version` in the place of `v`: no policy has a semicolon and an id.
pub(crate) fn is_spelt_out(text: &str) -> bool {
    let text = text.trim();
    let Some((version, rest)) = spelt_out(text).and_then(|value| value.split_once(';')) else {
        return false;
    };
    let key = rest.split(&['=', ':'][..]).next().unwrap_or(rest).trim_matches(WSP);
    let known = |words: &[&str], word: &str| words.iter().any(|w| w.eq_ignore_ascii_case(word));
    known(&["id", "rua"], key)
        && known(&["stsv1", "tlsrptv1"], version.trim_matches(WSP))
        && !text.contains(is_line_end)
}

/// Whether a text holds a record of another use, and nothing that names one of the two.
pub(super) fn is_foreign(text: &str) -> bool {
    const OURS: [&str; 5] = ["_mta-sts", "_smtp._tls", "v=sts", "v=tls", "stsv1"];
    has_any(text, &OTHER_RECORDS) && !has_any(text, &OURS)
}

/// Whether data may be meant for one of the two records: it has words of theirs, and is none of another use.
pub(super) fn resembles_ours(data: &str) -> bool {
    const WORDS: [&str; 4] = ["sts", "tlsrpt", "id=", "rua="];
    has_any(data, &WORDS) && !is_foreign(data)
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

/// Whether one of these words, in lower case, occurs in any case of letters.
pub(super) fn has_any(text: &str, words: &[&str]) -> bool {
    words.iter().any(|word| find_ignoring_case(text, word))
}

/// Whether `word`, in lower case, occurs in any case of letters.
pub(crate) fn find_ignoring_case(text: &str, word: &str) -> bool {
    text.as_bytes().windows(word.len()).any(|part| part.eq_ignore_ascii_case(word.as_bytes()))
}

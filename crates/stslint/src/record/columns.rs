//! What stands behind the data of a record in the tables of panels, in lists of command line tools, in CSV: how long it may be kept,
//! other numbers, the words of buttons.

use crate::text::{Span, WSP, is_digit, is_line_end, is_one_of, place};

/// Gaps behind the last field at which columns may begin: more destinations of reports than anybody has.
const GAPS: usize = 16;

/// The data at the start of a row.
pub(super) fn without(row: &str) -> &str {
    let Some(last) = row.rfind(&['=', ';', '"', '(', ')'][..]).filter(|_| row.contains('=')) else {
        return row;
    };
    let tail = &row[last + 1..];
    let blanks = tail.len() - tail.trim_start_matches(' ').len();
    let from = if row[last..].starts_with('=') { last + 1 + blanks } else { last + 1 };
    let gaps = row[from..].match_indices(&['\t', ' ', ','][..]).map(|(at, _)| from + at);
    let begin = gaps.take(GAPS).find(|at| are(&row[*at..]));
    begin.map_or(row, |at| &row[..at])
}

/// Whether what stands behind data is columns. Data has no number and no word that stands alone: each of its fields has a `=`.
pub(super) fn are(behind: &str) -> bool {
    let rest = behind.trim_start_matches(&[' ', '\t', ','][..]);
    let gap = &behind[..behind.len() - rest.len()];
    let rest = rest.trim_end_matches(WSP);
    if rest.is_empty() || gap.is_empty() || rest.contains(&['=', ';', '"', '(', ')'][..]) {
        return false;
    }
    // `resolvectl` tells behind two hyphens where an answer came from, `dig +identify` which server gave it.
    rest.starts_with("-- ")
        || rest.starts_with("from server ")
        || gap.contains('\t')
        || gap.starts_with("  ")
        || are_times(rest)
}

/// `3600`, `1 Hour`, `Auto`.
fn are_times(rest: &str) -> bool {
    const USUAL: &str =
        "60 120 300 600 900 1800 3600 7200 10800 14400 21600 28800 43200 86400 172800 604800";
    const UNITS: &str = "s sec secs second seconds m min mins minute minutes h hr hrs hour hours d day days week weeks";
    let mut words = rest.split_ascii_whitespace().peekable();
    // Some say what it is.
    words.next_if(|word| word.trim_end_matches(':').eq_ignore_ascii_case("ttl"));
    let first = words.next().unwrap_or_default();
    let unit = |word: &str| is_one_of(&word.to_ascii_lowercase(), UNITS);
    let time = match words.next() {
        None => is_one_of(first, USUAL) || is_ttl(first) && !first.ends_with(is_digit),
        Some(word) => {
            first.bytes().all(|b| b.is_ascii_digit()) && unit(word) && words.next().is_none()
        }
    };
    time || first.eq_ignore_ascii_case("auto") && first.len() == rest.len()
}

/// A TTL: seconds, or with units as some servers allow it (`1h30m`).
pub(super) fn is_ttl(word: &str) -> bool {
    let unit = |b: u8| matches!(b.to_ascii_lowercase(), b's' | b'm' | b'h' | b'd' | b'w');
    word.starts_with(is_digit) && word.bytes().all(|b| b.is_ascii_digit() || unit(b))
}

/// Whether a line names the columns of a table of records: each stands apart, and among them are those for name and type.
pub(super) fn is_header(line: &str) -> bool {
    const NAMES: &str =
        "name host hostname nom nome nombre nazwa имя хост 主机记录 ホスト名 호스트";
    const TYPES: &str = "type typ tipo rodzaj тип 类型 记录类型 タイプ 타입";
    let cells = || line.split(&['\t', '|'][..]).flat_map(|part| part.split("  ")).map(str::trim);
    let has = |names: &str| {
        let is = |word: &str| is_one_of(&word.to_lowercase(), names);
        cells().any(|cell| cell.split_whitespace().any(is))
    };
    let short = |cell: &str| cell.len() <= 40 && !cell.contains(&['=', '"', ':', ';'][..]);
    let several = || cells().filter(|cell| !cell.is_empty()).nth(2).is_some();
    cells().all(short) && several() && has(NAMES) && has(TYPES)
}

/// Whether a name is a cell between tabs, the first of its row: in a zone, what stands behind a blank at the start of a line is
/// none, unless somebody moved the line.
pub(super) fn is_cell(text: &str, name: Span) -> bool {
    let rest = &text[name.end..];
    let next = rest.trim_start_matches(WSP).split(WSP).next().unwrap_or_default();
    text[..name.start].ends_with('\t') && rest.starts_with('\t') && !next.eq_ignore_ascii_case("in")
}

/// The piece of the next line with which a bare value goes on that is not finished: mails and narrow columns break it.
pub(super) fn goes_on(text: &str, value: Span) -> Option<Span> {
    let rest = text[value.end..].trim_start_matches(WSP);
    let next = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix(is_line_end))?;
    let line = next.trim_start_matches(WSP);
    let indented = line.len() < next.len();
    let line = line.split(is_line_end).next()?.trim_end_matches(WSP);
    let begins = |words: &[&str]| words.iter().any(|word| line.starts_with(word));
    let more = match text[value.range()].chars().next_back()? {
        ';' => begins(&["id=", "rua="]),
        ',' => begins(&["mailto:", "https:"]),
        _ => false,
    };
    (indented && more).then(|| place(text, line))
}

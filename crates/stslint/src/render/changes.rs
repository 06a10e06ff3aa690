//! What a fix changes, line by line, for a preview.

use crate::finding::{Edit, apply};
use crate::text::Span;
use crate::text::push_visible;

/// Longest line that is shown, in shown characters.
const LINE_LIMIT: usize = 160;

/// Lines that are shown of a change, before and after. What is a policy has fewer.
const MOST: usize = 100;

/// How far before and behind the beginning of a change the text is looked at, in bytes. Nobody reads more of a preview.
const PART: usize = 16_384;

/// Neighbouring lines before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Number of the first line, from 1.
    pub line: usize,
    /// The lines as they are, with invisible characters as code points and cut where too long; of too many, the first and `…`.
    pub old: Vec<String>,
    /// The lines as they will be.
    pub new: Vec<String>,
}

/// The lines that ascending edits touch, at most `limit` changes; and how many there are.
pub fn changes(source: &[u8], edits: &[Edit], limit: usize) -> (Vec<Change>, usize) {
    let mut shown = Vec::new();
    let mut count = 0;
    let (mut line, mut counted) = (1, 0);
    let mut rest = edits;
    while let Some(first) = rest.first() {
        let mut lines = Span::new(line_start(source, first.span.start), touched_end(source, first));
        let mut taken = 1;
        while let Some(next) = rest.get(taken) {
            let start = next.span.start;
            if start >= lines.end && line_start(source, start) >= lines.end {
                break;
            }
            if next.span.end >= lines.end {
                lines.end = lines.end.max(touched_end(source, next));
            }
            taken += 1;
        }
        let (group, after) = rest.split_at(taken);
        rest = after;
        count += 1;
        if shown.len() == limit {
            continue;
        }
        line += line_ends(&source[counted..lines.start]);
        counted = lines.start;
        shown.push(change(source, group, lines, line));
    }
    (shown, count)
}

/// A shown line with signs for the blanks that can't be seen: tabs, and spaces at the end.
pub fn with_visible_blanks(line: &str) -> String {
    let text = line.trim_end_matches(' ');
    text.replace('\t', "→") + &"·".repeat(line.len() - text.len())
}

fn change(source: &[u8], edits: &[Edit], lines: Span, line: usize) -> Change {
    let first = edits.first().map_or(lines.start, |edit| edit.span.start);
    let on_character =
        |at: usize| (at..lines.end).find(|i| source[*i] & 0xc0 != 0x80).unwrap_or(lines.end);
    // A line that is no text may begin within a character.
    let start = on_character(lines.start.max(first.saturating_sub(PART))).min(first);
    let end = on_character(lines.end.min(first + PART));
    let within: Vec<Edit> = edits
        .iter()
        .take_while(|edit| edit.span.start < end || end == lines.end)
        .map(|edit| Edit {
            span: Span::new(edit.span.start - start, edit.span.end.min(end) - start),
            text: edit.text.clone(),
        })
        .collect();
    let before = &source[start..end];
    let after = apply(before, &within);
    // What differs may stand behind the cut of a long line.
    let from = first - start;
    let (mut old, mut new) = (shown(before, from, false), shown(&after, from, false));
    if old == new {
        (old, new) = (shown(before, from, true), shown(&after, from, true));
    }
    let is_cut = end < lines.end;
    for shown in [&mut old, &mut new] {
        // The last one may be cut.
        let whole = if is_cut { shown.len().saturating_sub(1).max(1) } else { shown.len() };
        if is_cut || whole > MOST {
            shown.truncate(whole.min(MOST));
            shown.push("…".into());
        }
    }
    Change { line, old, new }
}

/// The lines of a text, made visible; `changed` is where the interesting part begins.
fn shown(text: &[u8], changed: usize, with_line_ends: bool) -> Vec<String> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < text.len() {
        let end = line_end(text, start);
        let line = &text[start..end];
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        let bare = bare.strip_suffix(b"\r").unwrap_or(bare);
        let mut out = String::new();
        push_line(bare, changed.saturating_sub(start), &mut out);
        if with_line_ends {
            out.push_str(match &line[bare.len()..] {
                b"\r\n" => " <CR><LF>",
                b"\r" => " <CR>",
                b"\n" => " <LF>",
                _ => " <end of text>",
            });
        }
        lines.push(out);
        start = end;
    }
    lines
}

fn push_line(line: &[u8], changed: usize, out: &mut String) {
    // Bytes are at least as many as characters, so this never cuts what would fit.
    let skip = if line.len() <= LINE_LIMIT {
        0
    } else {
        changed.min(line.len()).saturating_sub(LINE_LIMIT / 2)
    };
    let skip = (skip..line.len()).find(|i| line[*i] & 0xc0 != 0x80).unwrap_or(skip);
    if skip > 0 {
        out.push('…');
    }
    let window = &line[skip..line.len().min(skip + 4 * LINE_LIMIT)];
    let mut width = 0;
    for c in String::from_utf8_lossy(window).chars() {
        if width >= LINE_LIMIT {
            out.push('…');
            return;
        }
        let before = out.len();
        match c {
            '\t' => out.push('\t'),
            _ => push_visible(c, out),
        }
        width += out[before..].chars().count();
    }
}

/// Where the last line that an edit touches ends.
fn touched_end(source: &[u8], edit: &Edit) -> usize {
    let Span { start, end } = edit.span;
    let is_line_start = |at: usize| at == 0 || ends_line(source, at - 1);
    let whole_lines = edit.text.ends_with('\n') || edit.text.is_empty() && is_line_start(start);
    if whole_lines && is_line_start(end) { end } else { line_end(source, end) }
}

fn line_start(source: &[u8], offset: usize) -> usize {
    let mut start = offset;
    while start > 0 && !ends_line(source, start - 1) {
        start -= 1;
    }
    start
}

/// The offset after the line end that follows `offset`, or the end of the text.
fn line_end(source: &[u8], offset: usize) -> usize {
    (offset..source.len()).find(|i| ends_line(source, *i)).map_or(source.len(), |i| i + 1)
}

fn line_ends(source: &[u8]) -> usize {
    (0..source.len()).filter(|i| ends_line(source, *i)).count()
}

/// Lines end at LF, CR LF or a lone CR, as in [`LineIndex`](crate::text::LineIndex).
fn ends_line(source: &[u8], i: usize) -> bool {
    source[i] == b'\n' || source[i] == b'\r' && source.get(i + 1) != Some(&b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(source: &str, edits: &[Edit]) -> Vec<Change> {
        changes(source.as_bytes(), edits, 9).0
    }

    #[test]
    fn a_changed_line_is_shown_before_and_after() {
        let edit = Edit::replace(Span::new(8, 13), "mode");
        let want = Change { line: 2, old: vec!["modus: x".into()], new: vec!["mode: x".into()] };
        assert_eq!(all("first\r\n\nmodus: x\r\n", std::slice::from_ref(&edit))[0].line, 3);
        assert_eq!(all("first!\r\nmodus: x\r\n", &[edit]), [want]);
    }

    #[test]
    fn edits_on_one_line_are_one_change_and_distant_ones_are_not() {
        let source = "aXbX\nc\ndX\n";
        let edits = [1, 3, 8].map(|at| Edit::delete(Span::new(at, at + 1)));
        let made = all(source, &edits);
        assert_eq!(made.iter().map(|c| c.line).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(made[0].new, ["ab"]);
        assert_eq!(changes(source.as_bytes(), &edits, 1).1, 2);
        assert_eq!(changes(source.as_bytes(), &edits, 1).0.len(), 1);
    }

    #[test]
    fn a_removed_line_leaves_nothing() {
        let made = all("a\n\nb\n", &[Edit::delete(Span::new(2, 3))]);
        assert_eq!(made, [Change { line: 2, old: vec![String::new()], new: Vec::new() }]);
    }

    #[test]
    fn changed_line_ends_are_named() {
        let made = all("a\nb", &[Edit::replace(Span::new(1, 2), "\r\n")]);
        assert_eq!((&made[0].old[0][..], &made[0].new[0][..]), ("a <LF>", "a <CR><LF>"));
    }

    #[test]
    fn the_end_of_long_lines_is_reached() {
        let source = "ä".repeat(5000) + "X";
        let made = all(&source, &[Edit::delete(Span::new(10_000, 10_001))]);
        assert!(made[0].old[0].ends_with("äX") && made[0].old[0].chars().count() < 2 * LINE_LIMIT);
        assert!(made[0].new[0].ends_with('ä'));
    }

    #[test]
    fn of_a_large_change_the_beginning_is_shown() {
        let many = "ä\n".repeat(20_000);
        let made = all(&many, &[Edit::replace(Span::new(0, many.len()), "a\n")]);
        assert_eq!((made.len(), &made[0].old[0][..], &made[0].new[0][..]), (1, "ä", "a"));
        assert!(made[0].old.len() == MOST + 1 && made[0].old.ends_with(&["ä".into(), "…".into()]));
        let lines = |amount| vec!["b".to_owned(); amount];
        for (amount, shown) in
            [(MOST, lines(MOST)), (MOST + 1, [lines(MOST), vec!["…".into()]].concat())]
        {
            assert_eq!(
                all("a", &[Edit::replace(Span::new(0, 1), "b\n".repeat(amount))])[0].new,
                shown
            );
        }
        let long = "ä".repeat(100_000);
        let made = all(&long, &[Edit::delete(Span::new(40_000, 90_000))]);
        assert!(made[0].old[0].starts_with("…ä") && made[0].old[0].ends_with("ä…"));
        assert_eq!(made[0].old.len(), 2);
    }

    #[test]
    fn blanks_can_be_told_apart() {
        assert_eq!(with_visible_blanks("mx:\ta b  "), "mx:→a b··");
        assert_eq!(with_visible_blanks(""), "");
    }

    #[test]
    fn text_can_be_inserted_at_the_end() {
        let made = all("a\n", &[Edit::insert(2, "b\n")]);
        assert_eq!(made, [Change { line: 2, old: Vec::new(), new: vec!["b".into()] }]);
    }
}

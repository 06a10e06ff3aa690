//! The text that is checked: its exact bytes, how the field shows them, and the blocks in which
//! they are drawn.

use std::ops::Range;
use std::rc::Rc;
use stslint::detect::{MAX_DOMAINS, domains};
use stslint::text::Display;

/// Longest text that is checked, in bytes: four times what any sender has to read of a policy.
pub(crate) const LIMIT: usize = 256 * 1024;

/// The same in words.
pub(crate) const LIMIT_WORDS: &str = "Up to 256 KiB is checked here";

/// Largest file of which the page itself looks what it is, in bytes: results of a check say much about a text, and a report
/// that is too long to be shown is read with the others.
pub(crate) const FILE_LIMIT: usize = 8 * 1024 * 1024;

/// Whether something that is too long to be shown seems to be a TLS report, which can be read without (RFC 8460 §4.4).
pub(crate) fn is_report(bytes: &[u8]) -> bool {
    bytes.trim_ascii_start().starts_with(b"{")
        && String::from_utf8_lossy(bytes).contains("\"policies\"")
}

/// Most lines of a text that is taken as a whole, those that end in a `\n` that is written out among them: with more, the page
/// stands still while they are laid out.
pub(crate) const LINES: usize = 2_000;

/// Longest line of a text, in bytes. Browsers take the longer the more they have to break one, and no policy (RFC 8461
/// §3.3) and no record is longer.
const LINE: usize = 64 * 1024;

/// How often a line that is taken may change between printable ASCII and anything else. Browsers lay out each stretch on
/// its own, and some of them in a time that grows with the square of their number: a minute for 130,000.
const CHANGES: usize = 4_096;

/// How a text has more than is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Excess {
    /// So many bytes.
    Bytes(usize),
    /// A line of so many bytes.
    Line(usize),
    /// So many lines.
    Lines(usize),
    /// A line of signs that no text mixes so.
    Mixture,
}

impl Excess {
    /// What a text has too much of, if it has. A list of domains may have as many lines as are checked together, if they are in
    /// ASCII.
    pub(crate) fn of(text: &str) -> Option<Self> {
        let lines = || text.matches('\n').count() + text.matches("\\n").count();
        if text.len() > LIMIT {
            return Some(Self::Bytes(text.len()));
        }
        let plain = |byte: u8| matches!(byte, b' '..=b'~');
        let mixed = |line: &[u8]| {
            line.len() > CHANGES && line.chunk_by(|a, b| plain(*a) == plain(*b)).count() > CHANGES
        };
        let is_list = || domains(text, None).is_some();
        let each = || text.as_bytes().split(|byte| *byte == b'\n');
        match (lines(), each().map(<[u8]>::len).max()) {
            (lines, _) if lines > LINES && !(lines <= MAX_DOMAINS && is_list()) => {
                Some(Self::Lines(lines))
            }
            (_, Some(longest)) if longest > LINE => Some(Self::Line(longest)),
            _ => each().any(mixed).then_some(Self::Mixture),
        }
    }
}

/// Lines per block, and bytes after which a block ends in any case with its line.
const BLOCK_LINES: usize = 16;
const BLOCK_BYTES: usize = 4096;

/// A text and where it came from.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// The exact bytes.
    pub(crate) bytes: Vec<u8>,
    /// How the field shows them.
    pub(crate) display: Display,
    /// Whether `bytes` has the line ends that senders see. A text field turns all into LF.
    pub(crate) line_ends_known: bool,
    /// The name of the file with these bytes, if that is where they came from.
    pub(crate) file_name: Option<String>,
    /// Whether the field had this text first, so that it needs no writing back.
    pub(crate) typed: bool,
    /// Whether it is the text before it with a repair: whoever reads it stays where that was.
    pub(crate) repaired: bool,
    /// The bytes in blocks of lines. Never empty.
    pub(crate) blocks: Vec<Block>,
    next_id: u32,
}

/// Some lines of a source. A block that an edit leaves alone keeps its identity.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    /// Its key.
    pub(crate) id: u32,
    /// Where it starts.
    pub(crate) start: usize,
    /// Its bytes: whole lines with their ends.
    pub(crate) text: Rc<[u8]>,
}

impl Block {
    /// Where it ends.
    pub(crate) fn end(&self) -> usize {
        self.start + self.text.len()
    }
}

/// Two sources are the same when they are one: comparing long texts costs more than drawing them.
impl PartialEq for Source {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

impl Default for Source {
    fn default() -> Self {
        let block = Block { id: 0, start: 0, text: Rc::default() };
        Self {
            bytes: Vec::new(),
            display: Display::new(b""),
            line_ends_known: false,
            file_name: None,
            typed: true,
            repaired: false,
            blocks: vec![block],
            next_id: 1,
        }
    }
}

impl Source {
    /// What the user wrote or pasted into the field, after `before`.
    pub(crate) fn typed(text: &str, before: &Self) -> Self {
        Self { typed: true, ..Self::exact(text.as_bytes().to_vec(), false, before) }
    }

    /// Bytes that the page puts into the field, after `before`.
    pub(crate) fn exact(bytes: Vec<u8>, line_ends_known: bool, before: &Self) -> Self {
        let display = Display::new(&bytes);
        let (blocks, next_id) = blocks(&bytes, before);
        Self {
            bytes,
            display,
            line_ends_known,
            file_name: None,
            typed: false,
            repaired: false,
            blocks,
            next_id,
        }
    }

    /// Whether there is nothing to check.
    pub(crate) fn is_blank(&self) -> bool {
        self.bytes.iter().all(u8::is_ascii_whitespace)
    }

    /// The bytes with CR LF at the end of every line, the last one included, as RFC 8461 §3.2 wants them.
    pub(crate) fn with_crlf(&self) -> Vec<u8> {
        let bytes = &self.bytes;
        let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 16);
        for (i, byte) in bytes.iter().enumerate() {
            match byte {
                b'\r' => out.extend(b"\r\n"),
                b'\n' if i > 0 && bytes[i - 1] == b'\r' => {}
                b'\n' => out.extend(b"\r\n"),
                other => out.push(*other),
            }
        }
        if !out.is_empty() && !out.ends_with(b"\n") {
            out.extend(b"\r\n");
        }
        out
    }

    /// Number of lines, as people count: a line end at the very end begins no other line.
    pub(crate) fn lines(&self) -> usize {
        let ends = self.display.text.bytes().filter(|b| *b == b'\n').count();
        ends + usize::from(!self.display.text.ends_with('\n'))
    }
}

/// What an edit replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    /// First byte that differs.
    pub(crate) start: usize,
    /// End of what was replaced, in the old text.
    pub(crate) old_end: usize,
    /// End of what replaced it, in the new text.
    pub(crate) new_end: usize,
}

impl Change {
    /// The smallest change from `old` to `new`.
    pub(crate) fn between(old: &[u8], new: &[u8]) -> Self {
        let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        let tail = old[start..].iter().rev().zip(new[start..].iter().rev());
        let same = tail.take_while(|(a, b)| a == b).count();
        Self { start, old_end: old.len() - same, new_end: new.len() - same }
    }

    /// The smallest change from `old` to `new` that leaves whole lines alone.
    pub(crate) fn of_lines(old: &[u8], new: &[u8]) -> Self {
        fn lines(text: &[u8]) -> Vec<&[u8]> {
            text.split_inclusive(|byte| *byte == b'\n').collect()
        }
        let (old_lines, new_lines) = (lines(old), lines(new));
        let front = old_lines.iter().zip(&new_lines).take_while(|(a, b)| a == b).count();
        let tail = old_lines[front..].iter().rev().zip(new_lines[front..].iter().rev());
        let same: usize = tail.take_while(|(a, b)| a == b).map(|(line, _)| line.len()).sum();
        let start = old_lines[..front].iter().map(|line| line.len()).sum();
        Self { start, old_end: old.len() - same, new_end: new.len() - same }
    }

    /// Where a range of the old text is in the new one, if the change left it alone.
    pub(crate) fn carry(&self, range: Range<usize>) -> Option<Range<usize>> {
        if range.end <= self.start {
            Some(range)
        } else if range.start >= self.old_end {
            let moved = |at: usize| at - self.old_end + self.new_end;
            Some(moved(range.start)..moved(range.end))
        } else {
            None
        }
    }
}

/// Cuts `bytes` into blocks; those of `before` that the change between them leaves alone stay.
fn blocks(bytes: &[u8], before: &Source) -> (Vec<Block>, u32) {
    let change = Change::between(&before.bytes, bytes);
    // A lone CR at a block's end may have become half of a CR LF.
    let kept =
        |b: &&Block| b.end() < change.start || b.end() == change.start && b.text.ends_with(b"\n");
    let mut made: Vec<Block> = before.blocks.iter().take_while(kept).cloned().collect();
    let head = made.last().map_or(0, Block::end);
    // The last block may end without a line end, so it is kept only behind the change.
    let tail: Vec<Block> = before.blocks[made.len()..]
        .iter()
        .filter(|b| b.start > change.old_end && !b.text.is_empty())
        .map(|b| Block { start: b.start - change.old_end + change.new_end, ..b.clone() })
        .collect();
    let end = tail.first().map_or(bytes.len(), |b| b.start);
    let replaced = made.len()..before.blocks.len() - tail.len();
    let mut ids = before.blocks[replaced].iter().map(|b| b.id);
    let mut next_id = before.next_id;
    let mut start = head;
    while start < end || made.is_empty() && tail.is_empty() {
        let len = block_len(&bytes[start..end]);
        let id = ids.next().unwrap_or_else(|| {
            next_id += 1;
            next_id - 1
        });
        made.push(Block { id, start, text: bytes[start..start + len].into() });
        start += len;
        if len == 0 {
            break;
        }
    }
    made.extend(tail);
    (made, next_id)
}

fn block_len(bytes: &[u8]) -> usize {
    let mut lines = 0;
    for (i, byte) in bytes.iter().enumerate() {
        if *byte == b'\n' || *byte == b'\r' && bytes.get(i + 1) != Some(&b'\n') {
            lines += 1;
            if lines == BLOCK_LINES || i >= BLOCK_BYTES {
                return i + 1;
            }
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_crlf(bytes: &[u8]) -> Vec<u8> {
        Source::exact(bytes.to_vec(), true, &Source::default()).with_crlf()
    }

    #[test]
    fn a_change_of_lines_leaves_whole_lines_alone() {
        let of = |old: &str, new: &str| {
            let change = Change::of_lines(old.as_bytes(), new.as_bytes());
            (
                old[change.start..change.old_end].to_owned(),
                new[change.start..change.new_end].to_owned(),
            )
        };
        assert_eq!(of("a\nmx: b\nmax: 1\n", "a\nmax: 1\n"), ("mx: b\n".into(), String::new()));
        assert_eq!(of("a\nb\n", "a\nbc\n"), ("b\n".into(), "bc\n".into()));
        assert_eq!(of("a\na\n", "a\n"), ("a\n".into(), String::new()));
        assert_eq!(of("a\n", "a\n"), (String::new(), String::new()));
    }

    #[test]
    fn files_get_crlf_line_ends() {
        assert_eq!(with_crlf(b"a\nb\r\nc\rd"), b"a\r\nb\r\nc\r\nd\r\n");
        assert_eq!(with_crlf(b""), b"");
        assert_eq!(with_crlf(b"\n"), b"\r\n");
    }

    fn joined(source: &Source) -> Vec<u8> {
        let mut at = 0;
        for block in &source.blocks {
            assert_eq!(block.start, at);
            at = block.end();
        }
        source.blocks.iter().flat_map(|b| b.text.to_vec()).collect()
    }

    #[test]
    fn an_empty_source_has_one_block() {
        let source = Source::typed("", &Source::default());
        assert_eq!(source.blocks.len(), 1);
    }

    #[test]
    fn a_final_line_end_begins_no_line() {
        let lines = |text| Source::typed(text, &Source::default()).lines();
        assert_eq!([lines("a"), lines("a\n"), lines("a\nb"), lines("\n\n")], [1, 1, 2, 2]);
    }

    #[test]
    fn a_line_that_browsers_take_a_minute_for_is_too_much() {
        for unit in ["a\0", "a\u{1}", "a\u{7f}", "a\u{628}", "\t,"] {
            assert_eq!(Excess::of(&unit.repeat(CHANGES / 2)), None, "{unit:?}");
            assert_eq!(Excess::of(&unit.repeat(CHANGES)), Some(Excess::Mixture), "{unit:?}");
            let lines = (unit.repeat(CHANGES / 2) + "\n").repeat(2);
            assert_eq!(Excess::of(&lines), None, "{unit:?}");
        }
        assert_eq!(Excess::of(&"\u{628}".repeat(LINE / 2)), None);
    }

    #[test]
    fn what_browsers_take_long_to_lay_out_is_too_much() {
        let line = "a".repeat(LINE);
        assert_eq!(Excess::of(&line), None);
        assert_eq!(Excess::of(&format!("{line}\n{line}")), None);
        assert_eq!(Excess::of(&format!("a\n{line}b")), Some(Excess::Line(LINE + 1)));
        assert_eq!(Excess::of(&"a\n".repeat(LINES)), None);
        assert_eq!(Excess::of(&"a\n".repeat(LINES + 1)), Some(Excess::Lines(LINES + 1)));
        assert_eq!(Excess::of(&"a\\n".repeat(LINES + 1)), Some(Excess::Lines(LINES + 1)));
    }

    #[test]
    fn a_list_of_domains_may_be_as_long_as_one_that_is_checked() {
        let list = |wrap: fn(usize) -> String, lines| (0..lines).map(wrap).collect::<String>();
        let wraps: [fn(usize) -> String; 3] = [
            |n| format!("d{n}.example\n"),
            |n| format!("https://d{n}.example/\r\n"),
            |n| format!("a@d{n}.example # {n}\n"),
        ];
        for wrap in wraps {
            assert_eq!(Excess::of(&list(wrap, MAX_DOMAINS)), None, "{}", wrap(0));
            let more = Excess::of(&list(wrap, MAX_DOMAINS + 1));
            assert_eq!(more, Some(Excess::Lines(MAX_DOMAINS + 1)), "{}", wrap(0));
        }
        let few = format!("a.example\nb.example\n{}", "\n".repeat(MAX_DOMAINS));
        assert_eq!(Excess::of(&few), Some(Excess::Lines(MAX_DOMAINS + 2)));
        assert_eq!(
            Excess::of(&list(|n| format!("mx: d{n}.example\n"), LINES + 1)),
            Some(Excess::Lines(LINES + 1))
        );
    }

    #[test]
    fn others_say_the_same_limits() {
        assert_eq!((LIMIT, LINES, LINE), (256 << 10, 2_000, 64 << 10));
        assert!(LIMIT_WORDS.contains("256 KiB"));
        assert!(
            include_str!("../../README.md").contains("texts up to 256 KiB and 2,000 lines, a list")
        );
        let files = include_str!("../../tests/engines/hostile.mjs");
        assert!(files.contains("[SIZE, LINES, LINE] = [256 << 10, 2_000, 64 << 10]"));
    }

    #[test]
    fn a_report_is_told_from_other_json() {
        assert!(is_report(br#" {"organization-name":"x","policies":[]}"#));
        assert!(!is_report(br#"{"Status":0,"Answer":[]}"#));
        assert!(!is_report(b"a \"policies\""));
    }

    #[test]
    fn blocks_cover_the_text_and_survive_edits() {
        let text: String = (0..200).map(|i| format!("mx: a{i}.example.com\n")).collect();
        let before = Source::typed(&text, &Source::default());
        assert_eq!(joined(&before), text.as_bytes());
        let edited = text.replacen("a100.", "b.", 1);
        let after = Source::typed(&edited, &before);
        assert_eq!(joined(&after), edited.as_bytes());
        let same =
            |a: &Block| before.blocks.iter().any(|b| Rc::ptr_eq(&a.text, &b.text) && a.id == b.id);
        assert_eq!(after.blocks.iter().filter(|b| !same(b)).count(), 1);
        let ids: std::collections::BTreeSet<u32> = after.blocks.iter().map(|b| b.id).collect();
        assert_eq!(ids.len(), after.blocks.len());
    }

    #[test]
    fn any_series_of_edits_keeps_the_blocks_whole() {
        let mut source = Source::default();
        for text in ["a\r\nb", "a\r", "a\r\n", "", "\n", "x\n\ny\r\r\n", "x\n\ny\r\r\nz", "z"] {
            source = Source::exact(text.as_bytes().to_vec(), true, &source);
            assert_eq!(joined(&source), text.as_bytes(), "{text:?}");
        }
    }

    #[test]
    fn a_change_carries_what_it_leaves_alone() {
        let change = Change::between(b"one two three", b"one 2 three");
        assert_eq!(change, Change { start: 4, old_end: 7, new_end: 5 });
        assert_eq!(change.carry(0..3), Some(0..3));
        assert_eq!(change.carry(8..13), Some(6..11));
        assert_eq!(change.carry(4..7), None);
    }
}

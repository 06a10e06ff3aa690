//! Marks that stand around a quotation: quotes and brackets of any script, emphasis, tags of forums and wikis.

use super::{Span, is_line_end};

/// Quotes and brackets outside ASCII with what closes them: several, where languages differ (CLDR's delimiters).
const PAIRS: [(char, &[char]); 39] = [
    ('\u{ab}', &['\u{bb}']),
    ('\u{bb}', &['\u{ab}', '\u{bb}']),
    ('\u{2018}', &['\u{2019}']),
    ('\u{2019}', &['\u{2019}']),
    ('\u{201a}', &['\u{2018}', '\u{2019}']),
    ('\u{201b}', &['\u{2019}']),
    ('\u{201c}', &['\u{201d}']),
    ('\u{201d}', &['\u{201d}']),
    ('\u{201e}', &['\u{201c}', '\u{201d}']),
    ('\u{201f}', &['\u{201d}']),
    ('\u{2039}', &['\u{203a}']),
    ('\u{203a}', &['\u{2039}', '\u{203a}']),
    ('\u{275b}', &['\u{275c}']),
    ('\u{275d}', &['\u{275e}']),
    ('\u{276e}', &['\u{276f}']),
    ('\u{27e6}', &['\u{27e7}']),
    ('\u{27e8}', &['\u{27e9}']),
    ('\u{27ea}', &['\u{27eb}']),
    ('\u{3008}', &['\u{3009}']),
    ('\u{300a}', &['\u{300b}']),
    ('\u{300c}', &['\u{300d}']),
    ('\u{300e}', &['\u{300f}']),
    ('\u{3010}', &['\u{3011}']),
    ('\u{3014}', &['\u{3015}']),
    ('\u{3016}', &['\u{3017}']),
    ('\u{3018}', &['\u{3019}']),
    ('\u{301a}', &['\u{301b}']),
    ('\u{301d}', &['\u{301e}', '\u{301f}']),
    ('\u{fe41}', &['\u{fe42}']),
    ('\u{fe43}', &['\u{fe44}']),
    ('\u{ff02}', &['\u{ff02}']),
    ('\u{ff07}', &['\u{ff07}']),
    ('\u{ff08}', &['\u{ff09}']),
    ('\u{ff1c}', &['\u{ff1e}']),
    ('\u{ff3b}', &['\u{ff3d}']),
    ('\u{ff40}', &['\u{ff40}']),
    ('\u{ff5b}', &['\u{ff5d}']),
    ('\u{ff5f}', &['\u{ff60}']),
    ('\u{ff62}', &['\u{ff63}']),
];

/// Those that mostly close a quotation. With a blank behind them they do not open one.
const EITHER: [char; 4] = ['\u{bb}', '\u{2019}', '\u{201d}', '\u{203a}'];

/// Tags of forums (BBCode) around a block of text, and those of wikis, which are written in braces and close by themselves.
const BLOCKS: [&str; 8] = ["code", "noparse", "php", "plain", "pre", "quote", "text", "spoiler"];
const BRACES: [&str; 4] = ["code", "noformat", "panel", "quote"];

/// Longest tag that is looked at, in bytes.
const TAG: usize = 60;

/// What closes a quotation that a character outside ASCII opens; nothing for any other character.
pub(crate) fn closing(open: char) -> &'static [char] {
    PAIRS.iter().find(|(known, _)| *known == open).map_or(&[], |(_, close)| close)
}

/// Whether a character is a blank of any script. Blanks do not end lines.
pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() && !is_line_end(c)
}

/// What opens a quotation, and what ends it.
#[derive(Clone, Debug)]
pub(crate) struct Quote<'t> {
    /// The mark that opens it.
    pub(crate) open: &'t str,
    close: Close,
    /// Whether blanks stand between mark and text, as in French. There are some in front of the other mark then.
    spaced: bool,
}

#[derive(Clone, Debug)]
enum Close {
    Mark(&'static [char]),
    Tag(String),
    /// The same run of marks, with no word behind it.
    Emphasis,
}

impl<'t> Quote<'t> {
    /// The quotation that begins behind this text. None where no mark stands at its end, or one of ASCII alone, which may be
    /// escaped.
    pub(crate) fn behind(before: &'t str) -> Option<Self> {
        let trimmed = before.trim_end_matches(is_blank);
        let last = trimmed.chars().next_back()?;
        let marks = closing(last);
        let spaced = trimmed.len() < before.len();
        if !(marks.is_empty() || spaced && EITHER.contains(&last)) {
            let open = &trimmed[trimmed.len() - last.len_utf8()..];
            return Some(Self { open, close: Close::Mark(marks), spaced });
        }
        if let Some((open, close)) = tag(before) {
            return Some(Self { open, close: Close::Tag(close), spaced: false });
        }
        let open = emphasis(before)?;
        Some(Self { open, close: Close::Emphasis, spaced: false })
    }

    /// Whether the marks are emphasis, such as `**`.
    pub(crate) fn is_emphasis(&self) -> bool {
        matches!(self.close, Close::Emphasis)
    }

    /// Whether a single mark opens it, that means nothing else.
    pub(crate) fn is_mark(&self) -> bool {
        matches!(self.close, Close::Mark(_))
    }

    /// Where the text ends that begins behind the opening mark, and where the mark that closes it does.
    pub(crate) fn end(&self, text: &str) -> Option<Span> {
        let (at, len) = match &self.close {
            Close::Mark(marks) => {
                let at = text.find(*marks)?;
                (at, text[at..].chars().next().map_or(0, char::len_utf8))
            }
            Close::Tag(tag) => (text.find(tag.as_str())?, tag.len()),
            Close::Emphasis => {
                let ends = |at: &usize| {
                    let blank = text[..*at].chars().next_back().is_none_or(char::is_whitespace);
                    !blank && ends_word(&text[at + self.open.len()..])
                };
                let at = text.match_indices(self.open).map(|(at, _)| at).find(ends)?;
                (at, self.open.len())
            }
        };
        let content = if self.spaced { text[..at].trim_end_matches(is_blank).len() } else { at };
        Some(Span::new(content, at + len))
    }
}

/// Whether nothing that a word or a name can have begins a text.
fn ends_word(text: &str) -> bool {
    let mut chars = text.chars();
    match chars.next() {
        None => true,
        Some('.') => chars.next().is_none_or(char::is_whitespace),
        Some(c) if c.is_ascii() => c.is_ascii_whitespace() || ",;:!?)]}\"'<|*_~\\".contains(c),
        Some(c) => !c.is_alphanumeric(),
    }
}

/// The tag that a text ends with, and the one that closes it: `[code=text]` of forums, `{code:title=x}` of wikis.
fn tag(before: &str) -> Option<(&str, String)> {
    let tail = &before[before.ceil_char_boundary(before.len().saturating_sub(TAG))..];
    let (open, wiki) = match tail.chars().next_back()? {
        ']' => ('[', false),
        '}' => ('{', true),
        _ => return None,
    };
    let tag = &tail[tail.rfind(open)?..];
    let inner = &tag[1..tag.len() - 1];
    let name = inner.split(&['=', ':', ' '][..]).next()?;
    if wiki {
        return BRACES.contains(&name).then(|| (tag, ["{", name, "}"].concat()));
    }
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphabetic());
    named.then(|| (tag, ["[/", name, "]"].concat()))
}

/// What closes the block that the tag at the end of a line opens.
pub(crate) fn block(line: &str) -> Option<String> {
    let (tag, close) = tag(line)?;
    let name = close.trim_matches(&['[', '/', ']'][..]);
    (tag.starts_with('{') || BLOCKS.iter().any(|block| block.eq_ignore_ascii_case(name)))
        .then_some(close)
}

/// The run of marks of emphasis that a text ends with, as Markdown and chats have them: `**`, `~~`, `_`.
fn emphasis(before: &str) -> Option<&str> {
    let mark = before.chars().next_back()?;
    let rest = before.trim_end_matches(mark);
    let run = &before[rest.len()..];
    let known = match mark {
        '*' | '_' => run.len() <= 3,
        '~' => run.len() <= 2,
        '=' => run.len() == 2,
        _ => false,
    };
    let apart = rest.chars().next_back().is_none_or(|c| !(c.is_alphanumeric() || "-.".contains(c)));
    (known && apart).then_some(run)
}

/// Brackets of ASCII.
const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];

/// Where the bracket is closed in a text that was opened last in what stands before it, and not closed there. Brackets within
/// the text come in pairs.
pub(crate) fn closing_bracket(before: &str, text: &str) -> Option<usize> {
    let mut opened = Vec::new();
    for c in before.chars() {
        if let Some((open, _)) = BRACKETS.iter().find(|(open, _)| *open == c) {
            opened.push(*open);
        } else if let Some((open, _)) = BRACKETS.iter().find(|(_, close)| *close == c)
            && opened.last() == Some(open)
        {
            opened.pop();
        }
    }
    let open = opened.pop()?;
    let (_, close) = *BRACKETS.iter().find(|(known, _)| *known == open)?;
    let mut depth = 0_usize;
    text.char_indices().find_map(|(at, c)| {
        if c == open {
            depth += 1;
        } else if c == close {
            let Some(less) = depth.checked_sub(1) else { return Some(at) };
            depth = less;
        }
        None
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands in the quotation that `before` opens.
    fn quoted<'t>(before: &str, text: &'t str) -> Option<(&'t str, &'t str)> {
        let end = Quote::behind(before)?.end(text)?;
        Some((&text[..end.start], &text[end.end..]))
    }

    #[test]
    fn every_opening_mark_is_closed_by_each_of_its_marks() {
        for (open, closes) in PAIRS {
            for close in closes {
                let (before, text) = (format!("so {open}"), format!("v=1{close} it is"));
                assert_eq!(quoted(&before, &text), Some(("v=1", " it is")), "{open}{close}");
                let (before, text) = (format!("{open}\u{202f}"), format!("v=1\u{202f}{close}"));
                let spaced = Some(("v=1", "")).filter(|_| !EITHER.contains(&open));
                assert_eq!(quoted(&before, &text), spaced, "{open} {close}");
            }
        }
        let mut opening: Vec<char> = PAIRS.iter().map(|(open, _)| *open).collect();
        opening.dedup();
        assert!(opening.len() == PAIRS.len() && opening.is_sorted());
        // White space that only one end has is the value's own.
        assert_eq!(quoted("\u{ab}", "v=1 \u{bb}"), Some(("v=1 ", "")));
    }

    #[test]
    fn tags_are_closed_by_tags_of_the_same_name() {
        for (before, close) in [
            ("[code]", "[/code]"),
            ("see [CODE=ini]", "[/CODE]"),
            ("{code}", "{code}"),
            ("{code:title=mta-sts.txt|theme=x}", "{code}"),
            ("{noformat}", "{noformat}"),
        ] {
            let text = format!("v=1[x]{{y}}{close}!");
            assert_eq!(quoted(before, &text), Some(("v=1[x]{y}", "!")), "{before}");
        }
        for before in ["[1]", "]", "}", "{x}", "[]", "code]", "[code] ", "[\u{fc}]"] {
            assert!(Quote::behind(before).is_none(), "{before}");
        }
        assert_eq!(block("Ours: [quote=a]").as_deref(), Some("[/quote]"));
        assert_eq!(block("[example]"), None);
    }

    #[test]
    fn emphasis_ends_where_no_word_goes_on() {
        for (before, text, want) in [
            ("**", "v=1**", Some("v=1")),
            ("is *", "a*b c *.d* e", Some("a*b c *.d")),
            ("__", "a__b__, c", Some("a__b")),
            ("_", "a_b@c_.", Some("a_b@c")),
            ("~~", "a~b~~", Some("a~b")),
            ("(==", "id=a==b==)", Some("id=a==b")),
            ("*", "a*b", None),
            ("* ", "a*", None),
            ("x*", "a*", None),
            ("****", "a****", None),
            ("=", "a=", None),
        ] {
            assert_eq!(quoted(before, text).map(|(text, _)| text), want, "{before}{text}");
        }
    }

    #[test]
    fn brackets_come_in_pairs() {
        assert_eq!(closing_bracket("[", "https://[::1]/](x)"), Some(14));
        assert_eq!(closing_bracket("f(a) (see ", "a(b)c)d)"), Some(5));
        assert_eq!(closing_bracket("[x: ", "a[b]"), None);
        assert_eq!(closing_bracket("[x] ", "a]"), None);
        assert_eq!(closing_bracket("<", "a>"), None);
    }
}

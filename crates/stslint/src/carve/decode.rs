//! Takes escapes off that cover a whole text: HTML source, Markdown.

use crate::text::{BLANK, Mapped, Span, WSP, begins, is_line_end};

/// The text that is shown for a source; the source itself where nothing is to be taken off.
pub(super) fn decode(text: &str) -> Mapped<'_> {
    if let Some(head) = quoted_printable(text) {
        return printable(text, head);
    }
    if is_html(text) {
        return html(text);
    }
    if WRITTEN.into_iter().any(|(shown, _)| text.contains(shown)) {
        return characters(text);
    }
    let escapes = ["\\_age", "\\_mta-sts", "\\_smtp", "\\_tls", "\\*.", "mta\\-sts", "\\_dmarc"];
    if escapes.into_iter().any(|escape| text.contains(escape)) {
        return markdown(text);
    }
    Mapped::identity(text)
}

/// Where the text of a mail begins that is quoted-printable, if it holds no report: that has a part with an encoding of its own.
fn quoted_printable(text: &str) -> Option<usize> {
    const FIELD: &str = "content-transfer-encoding:";
    let field = text
        .match_indices(&['C', 'c'][..])
        .map(|(at, _)| at)
        .find(|at| begins(&text[*at..], FIELD))?;
    let value = text[field + FIELD.len()..].trim_start();
    let ours = begins(value, "quoted-printable");
    let blank = ["\n\n", "\r\n\r\n"].iter().filter_map(|end| text[field..].find(end)).min()?;
    (ours && !text.contains("json")).then_some(field + blank)
}

/// The text of a mail whose lines behind a place are quoted-printable (RFC 2045 §6.7).
fn printable(text: &str, from: usize) -> Mapped<'static> {
    let mut made = Mapped::empty();
    let mut plain = 0;
    let mut at = from;
    while let Some(found) = text[at..].find('=') {
        let start = at + found;
        let (mut end, mut bytes) = (start, Vec::new());
        while let Some(byte) = text
            .get(end..end + 3)
            .filter(|code| code.starts_with('='))
            .and_then(|code| u8::from_str_radix(&code[1..], 16).ok())
        {
            bytes.push(byte);
            end += 3;
        }
        // The line goes on behind it.
        let rest = &text[end..];
        let soft = ["=\n", "=\r\n"].into_iter().find(|soft| rest.starts_with(soft));
        end += soft.filter(|_| bytes.is_empty()).map_or(0, str::len);
        if end > start {
            made.push_verbatim(&text[plain..start], plain);
            made.push_for(&String::from_utf8_lossy(&bytes), Span::new(start, end));
            plain = end;
        }
        at = end.max(start + 1);
    }
    made.push_verbatim(&text[plain..], plain);
    made.push_for("", Span::at(text.len()));
    made
}

/// What tools and programs write in the place of a character: a byte order mark and a no-break space, which can't be seen. The first
/// is also what it looks like to a program that takes UTF-8 for Latin-1. JSON of some libraries has no `=`.
const WRITTEN: [(&str, &str); 15] = [
    ("M-oM-;M-?", "\u{feff}"),
    ("<U+FEFF>", "\u{feff}"),
    ("<feff>", "\u{feff}"),
    ("\u{ef}\u{bb}\u{bf}", "\u{feff}"),
    ("\\ufeff", "\u{feff}"),
    ("\\uFEFF", "\u{feff}"),
    ("\\xef\\xbb\\xbf", "\u{feff}"),
    ("\\357\\273\\277", "\u{feff}"),
    ("M-BM- ", "\u{a0}"),
    ("<U+00A0>", "\u{a0}"),
    ("\\u00a0", "\u{a0}"),
    ("\\u00A0", "\u{a0}"),
    ("\\xc2\\xa0", "\u{a0}"),
    ("\\u003d", "="),
    ("\\u003D", "="),
];

/// With the characters in the place of what is written for them.
fn characters(text: &str) -> Mapped<'static> {
    let mut made = Mapped::empty();
    let mut plain = 0;
    for (at, _) in text.match_indices(&['M', '<', '\\', '\u{ef}'][..]) {
        let known = WRITTEN.into_iter().find(|(shown, _)| text[at..].starts_with(shown));
        if let Some((shown, c)) = known.filter(|_| at >= plain) {
            made.push_verbatim(&text[plain..at], plain);
            made.push_for(c, Span::new(at, at + shown.len()));
            plain = at + shown.len();
        }
    }
    made.push_verbatim(&text[plain..], plain);
    made.push_for("", Span::at(text.len()));
    made
}

/// Tags of HTML that are looked at, without what comes before and after the name.
const TAGS: [&str; 36] = [
    "a",
    "b",
    "blockquote",
    "body",
    "br",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "head",
    "html",
    "i",
    "li",
    "ol",
    "p",
    "pre",
    "samp",
    "span",
    "strong",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
    "kbd",
];

/// Tags that begin or end a line.
const LINES: [&str; 18] = [
    "blockquote",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "h1",
    "h2",
    "h3",
    "h4",
    "li",
    "ol",
    "p",
    "pre",
    "table",
    "tr",
    "ul",
    "body",
];

/// The length and name of the tag that a text begins with.
fn tag(text: &str) -> Option<(usize, String)> {
    let inner = text.strip_prefix('<')?;
    let end = inner.find(&['>', '<'][..]).filter(|end| inner[*end..].starts_with('>'))?;
    let tag = inner[..end].trim_start_matches('/');
    let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next()?.to_ascii_lowercase();
    // `<U+FEFF>` is none.
    if tag[name.len()..].starts_with('+') {
        return None;
    }
    TAGS.contains(&name.as_str()).then_some((end + 2, name))
}

/// The length of the entity that a text begins with, and its character.
fn entity(text: &str) -> Option<(usize, char)> {
    let inner = text.strip_prefix('&')?;
    let end = inner.bytes().take(9).position(|byte| byte == b';')?;
    let c = match &inner[..end] {
        "quot" => '"',
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "apos" => '\'',
        "nbsp" => ' ',
        "colon" => ':',
        "semi" => ';',
        "equals" => '=',
        "lowbar" => '_',
        "period" => '.',
        "ast" => '*',
        name => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(&['x', 'X'][..]);
            let code =
                hex.map_or_else(|| number.parse().ok(), |hex| u32::from_str_radix(hex, 16).ok());
            let c = char::from_u32(code?)?;
            if c == '\u{a0}' { ' ' } else { c }
        }
    };
    Some((end + 2, c))
}

pub(super) fn is_html(text: &str) -> bool {
    let tags = text.match_indices('<').any(|(at, _)| tag(&text[at..]).is_some());
    tags || text.match_indices('&').any(|(at, _)| {
        entity(&text[at..]).is_some_and(|(_, c)| matches!(c, '"' | ':' | ';' | '=' | '\n'))
    })
}

fn html(text: &str) -> Mapped<'static> {
    let mut made = Mapped::empty();
    let (mut plain, mut at) = (0, 0);
    let mut last = String::new();
    while let Some(found) = text[at..].find(&['<', '&'][..]) {
        let start = at + found;
        let rest = &text[start..];
        let (len, shown) = if let Some((len, name)) = tag(rest) {
            let lines = LINES.contains(&name.as_str());
            let breaks = rest[len..].starts_with(is_line_end)
                || text[plain..start].ends_with(is_line_end)
                || plain == start && made.text.ends_with('\n')
                || made.text.is_empty() && plain == start;
            let cell = matches!(name.as_str(), "td" | "th") && !rest.starts_with("</");
            // Code within a line stands in quotes of Markdown.
            let code = matches!(name.as_str(), "code" | "tt" | "samp" | "kbd")
                && !(last == "pre" && plain == start)
                && !rest[len..].starts_with("</pre");
            let shown = match () {
                () if lines && !breaks => "\n",
                () if cell => "\t",
                () if code => "`",
                () => "",
            };
            last = name;
            (len, shown.to_owned())
        } else if let Some((len, c)) = entity(rest) {
            (len, c.to_string())
        } else {
            at = start + 1;
            continue;
        };
        made.push_verbatim(&text[plain..start], plain);
        made.push_for(&shown, Span::new(start, start + len));
        at = start + len;
        plain = at;
    }
    made.push_verbatim(&text[plain..], plain);
    made.push_for("", Span::at(text.len()));
    made
}

/// Without the backslashes in front of punctuation.
fn markdown(text: &str) -> Mapped<'static> {
    let mut made = Mapped::empty();
    let mut plain = 0;
    for (at, _) in text.match_indices('\\') {
        let next = text[at + 1..].chars().next();
        if at >= plain
            && next.is_some_and(|c| matches!(c, '_' | '*' | '-' | '.' | '~' | '#' | '=' | '+'))
        {
            made.push_verbatim(&text[plain..at], plain);
            plain = at + 1;
        }
    }
    made.push_verbatim(&text[plain..], plain);
    made.push_for("", Span::at(text.len()));
    made
}

/// The characters of a string literal from `start` on up to its end, with their places in the source of `base`.
pub(super) fn literal(base: &Mapped, piece: Span, made: &mut Mapped) {
    let text = &base.text[piece.range()];
    let (mut plain, mut at) = (0, 0);
    while let Some(found) = text[at..].find('\\') {
        let start = at + found;
        let (len, c) = match text[start + 1..].chars().next() {
            Some('n') => (2, "\n"),
            Some('r') => (2, "\r"),
            Some('t') => (2, "\t"),
            Some('"') => (2, "\""),
            Some('\'') => (2, "'"),
            Some('\\') => (2, "\\"),
            // The literal goes on behind the indentation of the next line.
            Some('\r' | '\n') => {
                let rest = &text[start + 1..];
                (1 + rest.len() - rest.trim_start_matches(BLANK).len(), "")
            }
            _ => {
                at = start + 1;
                continue;
            }
        };
        made.push_part(base, Span::new(piece.start + plain, piece.start + start));
        made.push_for(c, base.span(Span::new(piece.start + start, piece.start + start + len)));
        at = start + len;
        plain = at;
    }
    made.push_part(base, Span::new(piece.start + plain, piece.end));
}

/// The same for a literal in which the end of a line and the indentation of the next one stand for a space.
pub(super) fn folded(base: &Mapped, piece: Span, made: &mut Mapped) {
    let mut at = piece.start;
    while let Some(end) = base.text[at..piece.end].find(is_line_end) {
        let line = at + base.text[at..at + end].trim_end_matches(WSP).len();
        literal(base, Span::new(at, line), made);
        let rest = &base.text[line..piece.end];
        at = line + rest.len() - rest.trim_start_matches(BLANK).len();
        made.push_for(" ", base.span(Span::new(line, at)));
    }
    literal(base, Span::new(at, piece.end), made);
}

/// The characters of a string literal in which a backslash is one. What it is repaired with depends on the language.
pub(super) fn raw(base: &Mapped, piece: Span, made: &mut Mapped) {
    let mut plain = piece.start;
    for (at, _) in base.text[piece.range()].match_indices('\\') {
        let backslash = Span::new(piece.start + at, piece.start + at + 1);
        made.push_part(base, Span::new(plain, backslash.start));
        made.push_for("\\", base.span(backslash));
        plain = backslash.end;
    }
    made.push_part(base, Span::new(plain, piece.end));
}

/// Whether a string literal has lines of its own that end with a line break written out and a backslash, as in Rust and C.
pub(super) fn is_continued(literal: &str) -> bool {
    ["\\n\\\n", "\\n\\\r\n"].into_iter().any(|end| literal.contains(end))
}

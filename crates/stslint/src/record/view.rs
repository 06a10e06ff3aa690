//! One record without the form in which it was written, and the way back to that form.

use crate::finding::Edit;
use crate::text::{Mapped, Span};
use std::borrow::Cow;

/// One TXT record.
#[derive(Debug)]
pub(super) struct Record<'a> {
    /// Where it was said to be published.
    pub(super) owner: Option<Owner<'a>>,
    /// The place of the data in the input.
    pub(super) span: Span,
    /// Its character-strings, where they can be told apart.
    pub(super) strings: Vec<CharString>,
    /// The data: its character-strings joined without anything in between (RFC 8461 §3.1, RFC 8460
    /// §3), without quotes and escapes.
    pub(super) text: Mapped<'a>,
    /// How the data was written.
    pub(super) notation: Notation,
    /// Whether quotes are missing that a zone file needs.
    pub(super) unquoted: Option<Unquoted>,
    /// The answer, or the zone, in which it stands: only within one of them are several records too many.
    pub(super) scope: usize,
}

/// The name in front of a record.
#[derive(Clone, Debug)]
pub(super) struct Owner<'a> {
    /// As written.
    pub(super) name: Cow<'a, str>,
    /// Its place in the input.
    pub(super) span: Span,
    /// How the text tells it.
    pub(super) told: Told,
}

/// How a text tells the name of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// In front of the data, as in a zone, or by the right name near it.
    Plainly,
    /// In a form, a table or settings, where a domain may stand for what the record is of.
    InForm,
    /// In the question to a name server: nobody publishes that.
    InQuestion,
}

/// One character-string (RFC 1035 §3.3).
#[derive(Clone, Copy, Debug)]
pub(super) struct CharString {
    /// Its place in the input, without quotes.
    pub(super) source: Span,
    /// Its place in the joined data.
    pub(super) text: Span,
}

/// Which quotes are missing around zone data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unquoted {
    /// Both.
    Both,
    /// A closing one, at the given place where that is clear.
    Close(Option<usize>),
}

/// How data is written in the input, and so how a repair must be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Notation {
    /// As it is.
    Bare,
    /// A JSON string.
    Json,
    /// Quoted character-strings within a JSON string.
    JsonQuoted,
    /// Quoted character-strings (RFC 1035 §5.1).
    Quoted,
    /// Words of a zone file without quotes.
    Words,
}

impl Notation {
    /// Data in this notation.
    fn write(self, text: &str) -> Cow<'static, str> {
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            let zone_escape = match self {
                Self::Bare | Self::Json => false,
                Self::JsonQuoted | Self::Quoted => matches!(c, '"' | '\\'),
                Self::Words => matches!(c, '"' | '\\' | ';' | ' ' | '(' | ')'),
            };
            let json = matches!(self, Self::Json | Self::JsonQuoted);
            if zone_escape {
                out.push_str(if json { "\\\\" } else { "\\" });
            }
            if json && matches!(c, '"' | '\\') {
                out.push('\\');
            }
            out.push(c);
        }
        Cow::Owned(out)
    }

    /// What ends one character-string and begins the next.
    pub(super) const fn joint(self) -> &'static str {
        match self {
            Self::Bare | Self::Words => " ",
            Self::Json => "\", \"",
            Self::JsonQuoted => "\\\" \\\"",
            Self::Quoted => "\" \"",
        }
    }
}

/// The data of a record as the rules see it, with repairs made that later rules rely on.
pub(super) struct View<'v, 'a> {
    /// The record.
    pub(super) record: &'v Record<'a>,
    /// Its data after repairs.
    pub(super) mapped: Cow<'v, Mapped<'a>>,
}

impl<'v, 'a> View<'v, 'a> {
    /// The data as it is.
    pub(super) fn new(record: &'v Record<'a>) -> Self {
        Self { record, mapped: Cow::Borrowed(&record.text) }
    }

    /// The data.
    pub(super) fn text(&self) -> &str {
        &self.mapped.text
    }

    /// Whether pieces were left out.
    pub(super) fn is_repaired(&self) -> bool {
        matches!(self.mapped, Cow::Owned(_))
    }

    /// Leaves out pieces of the data, ascending.
    pub(super) fn cut(&mut self, pieces: &[Span]) {
        let mut made = Mapped::empty();
        let mut done = 0;
        for piece in pieces {
            made.push_part(&self.mapped, Span::new(done, piece.start));
            done = piece.end;
        }
        made.push_part(&self.mapped, Span::new(done, self.mapped.text.len()));
        made.push_for("", Span::at(self.record.text_end()));
        self.mapped = Cow::Owned(made);
    }

    /// The place in the input of a piece of the data.
    pub(super) fn place(&self, piece: Span) -> Span {
        self.mapped.span(piece)
    }

    /// Adds the edits that replace a piece of the data. What lies between two character-strings
    /// stays.
    pub(super) fn replace(&self, piece: Span, text: &str, edits: &mut Vec<Edit>) {
        let span = self.place(piece);
        let text = if text.is_empty() { "".into() } else { self.record.notation.write(text) };
        let mut first = Edit::replace(span, text);
        let mut rest = Vec::new();
        // Where the character-strings before and after a gap are both touched, the gap is kept.
        let from = self.record.strings.partition_point(|string| string.source.end <= span.start);
        for pair in self.record.strings[from..].windows(2) {
            let (gap, next) = (Span::new(pair[0].source.end, pair[1].source.start), pair[1]);
            if gap.end > span.end || next.source.start >= span.end {
                break;
            }
            if rest.is_empty() {
                first.span.end = gap.start;
            }
            let end = next.source.end.min(span.end);
            rest.push(Edit::delete(Span::new(gap.end, end)));
        }
        edits.push(first);
        edits.extend(rest.into_iter().filter(|edit| !edit.span.is_empty()));
    }

    /// The edits that replace a piece of the data.
    pub(super) fn edit(&self, piece: Span, text: &str) -> Vec<Edit> {
        let mut edits = Vec::with_capacity(1);
        self.replace(piece, text, &mut edits);
        edits
    }
}

impl<'a> Record<'a> {
    /// Data as it is, of which nothing else is known.
    pub(super) const fn bare(span: Span, text: Mapped<'a>) -> Self {
        Self {
            owner: None,
            span,
            strings: Vec::new(),
            text,
            notation: Notation::Bare,
            unquoted: None,
            scope: 0,
        }
    }

    /// Where the data ends in the input.
    pub(super) fn text_end(&self) -> usize {
        self.text.span(Span::at(self.text.text.len())).start
    }
}

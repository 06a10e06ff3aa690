//! Policies as tables of names and values.

use super::Text;
use crate::policy::Field;
use crate::text::marks::is_blank;
use crate::text::{Mapped, Span, begins, place};

/// What stands between a name and its value in a row.
const BETWEEN: [&str; 7] = ["|", "\t", "->", "=>", "\u{2192}", "\u{2502}", "  "];

/// A row that begins with the name of a field.
struct Row<'b> {
    field: Field,
    /// As it is written, at the start of what follows the marks in front.
    name: &'b str,
    /// None where the name stands alone, and its value on a line below.
    value: Option<&'b str>,
}

impl<'b> Row<'b> {
    fn of(line: &'b str) -> Option<Self> {
        let row = line
            .trim_start_matches(&[' ', '\t', '|', '*', '-', '`', '"', '\u{2502}', '\u{2022}'][..]);
        let (field, name) = Field::REGISTERED.into_iter().find(|(_, name)| begins(row, name))?;
        let (name, rest) = row.split_at(name.len());
        let marks: &[char] = &['`', '*', '"'];
        let plain = rest.trim_start_matches(marks);
        // `**version**: STSv1`
        let colon = plain.starts_with(':') && plain.len() < rest.len() || rest.starts_with(":**");
        let rest = if colon { plain } else { plain.trim_start_matches(':') };
        let gap = rest.trim_start_matches(' ');
        let between = BETWEEN
            .into_iter()
            .find(|between| rest.starts_with(between) || gap.starts_with(between));
        let between = if colon { Some(":") } else { between };
        let alone = rest.trim_matches(|c: char| is_blank(c) || ":`*\"".contains(c)).is_empty();
        let value = match between {
            _ if alone => None,
            Some("  ") => Some(gap),
            Some(between) => Some(&gap[between.len().min(gap.len())..]),
            None => return None,
        };
        Some(Self { field, name, value })
    }
}

impl<'b> Text<'b, '_> {
    /// A table of names and values, an arrow, or columns.
    pub(super) fn table(&self) -> Option<Mapped<'static>> {
        let mut made = Mapped::empty();
        let mut fields = Vec::new();
        for index in 0..self.lines.len() {
            let Some(row) = Row::of(self.line(index)) else { continue };
            let Some(value) = row.value.or_else(|| self.value_below(index)) else { continue };
            let value = without_gloss(row.field, in_cell(value));
            if value.is_empty() {
                continue;
            }
            let (name, start) = (self.place_of(row.name), self.place_of(value));
            if !made.text.is_empty() {
                made.push_for("\n", self.base.span(Span::at(name)));
            }
            let behind = name + row.name.len();
            made.push_part(self.base, Span::new(name, behind));
            made.push_for(": ", self.base.span(Span::new(behind, start)));
            made.push_part(self.base, Span::new(start, start + value.len()));
            fields.push((row.field, value));
        }
        let end = made.span(Span::new(0, made.text.len())).end;
        made.push_for("\n", Span::at(end));
        let version =
            |(field, value): &(Field, &str)| *field == Field::Version && begins(value, "sts");
        (fields.len() > 2 && fields.iter().any(version)).then_some(made)
    }

    /// Where a piece of the text begins.
    fn place_of(&self, piece: &'b str) -> usize {
        place(self.text, piece).start
    }

    /// The value of a name that stands alone on its line: the next line, unless that is a row too.
    fn value_below(&self, index: usize) -> Option<&'b str> {
        let value = (index + 1..self.lines.len())
            .take(2)
            .map(|below| self.line(below))
            .find(|line| !line.trim().is_empty())?;
        Row::of(value).is_none().then_some(value)
    }
}

/// A lifetime without the words in brackets that a checker puts behind it: `604800 (7 days)`.
fn without_gloss(field: Field, value: &str) -> &str {
    let number = |text: &&str| field == Field::MaxAge && text.bytes().all(|b| b.is_ascii_digit());
    value.split_once(" (").map(|(text, _)| text).filter(number).unwrap_or(value)
}

/// A value without the lines of its cell and without emphasis.
fn in_cell(value: &str) -> &str {
    let lead = |c: char| c.is_whitespace() || "|`\"\u{2502}".contains(c);
    let stop = |c: char| matches!(c, '|' | '\t' | '`' | '"' | '\u{2502}');
    let mut value = value.trim_start_matches(lead);
    let mut stars = 0;
    // Emphasis; a wildcard has a dot behind its star.
    while let Some(rest) = value.strip_prefix('*').filter(|rest| !rest.starts_with('.')) {
        value = rest.trim_start_matches(lead);
        stars += 1;
    }
    let mut value = value[..value.find(stop).unwrap_or(value.len())].trim_end();
    for _ in 0..stars {
        value = value.strip_suffix('*').unwrap_or(value);
    }
    value
}

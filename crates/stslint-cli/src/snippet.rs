//! A finding as text, with the place in the source.
//!
//! The source may be megabytes on one line, or no text at all. So each finding gets a window of
//! few, short, readable lines, and its spans are moved there.

use crate::terminal::Terminal;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Snippet, Title};
use std::fmt::Write;
use stslint::finding::{Applicability, Finding, Fix, Severity};
use stslint::render::Positions;
use stslint::render::alike::{Alike, HERE};
use stslint::render::changes::changes;
use stslint::text::Span;
use stslint::text::push_visible;
use stslint::text::visible;

/// Longest line in a window, in shown characters.
const LINE_LIMIT: usize = 120;

/// What is shown before the place on a long line, in bytes.
const BEFORE: usize = 60;

/// Most lines in a window around one place.
const LINES: usize = 4;

/// Most lines in a window around a place and its labels; those between them are folded.
const LINES_BETWEEN: usize = 24;

/// Stands for name, line and column until the renderer is done.
const HEADER: char = '\u{e000}';

/// Most labels that are shown.
const LABELS: usize = 4;

/// Most changes that are shown of a fix.
const CHANGES: usize = 4;

/// A linted text and what is needed to point at places in it.
pub(crate) struct Source<'a> {
    /// The name to show.
    pub(crate) name: &'a str,
    /// The bytes.
    pub(crate) bytes: &'a [u8],
    /// Lines and columns of the findings.
    pub(crate) positions: &'a Positions,
}

/// Findings that say the same with their places, words and repair. `in_full` also tells what the rule says for all its
/// findings.
pub(crate) fn render(
    terminal: &Terminal,
    source: &Source,
    findings: &Alike,
    in_full: bool,
) -> String {
    let group = place(source, findings);
    // Those that are not listed are told of by the message.
    let more = findings.count() - findings.first.more;
    let more = more.saturating_sub(1 + LABELS.min(findings.others.len()));
    let words = format!("and {more} more {} like this", if more == 1 { "place" } else { "places" });
    let group = group.elements((more > 0).then(|| Level::NOTE.no_name().message(words)));
    let group = explained(group, findings.first, in_full);
    finish(terminal, source, findings, group)
}

/// A finding about no text, such as one about what a server did. `publish` is a line to publish.
pub(crate) fn render_placeless(
    terminal: &Terminal,
    finding: &Finding,
    publish: Option<&str>,
    in_full: bool,
) -> String {
    let group = explained(Group::with_title(title(finding, &[])), finding, in_full);
    let publish = publish.map(visible);
    let note = publish.iter().map(|line| Level::NOTE.with_name("publish").message(line));
    let mut text = terminal.renderer().render(&[group.elements(note)]);
    text.push('\n');
    text
}

/// What the rule says for all its findings.
fn explained<'a>(group: Group<'a>, finding: &Finding, in_full: bool) -> Group<'a> {
    if !in_full {
        return group.element(Level::NOTE.message("why, effect and help as above"));
    }
    let words = finding.rule.words();
    let texts = [
        ("why", words.why),
        ("effect", words.effect),
        ("help", words.help),
        ("clause", words.clause),
    ];
    group.elements(texts.map(|(name, text)| Level::NOTE.with_name(name).message(text)))
}

/// A finding with its place and repair only.
pub(crate) fn render_place(terminal: &Terminal, source: &Source, finding: &Finding) -> String {
    let alone = finding.into();
    finish(terminal, source, &alone, place(source, &alone))
}

fn finish(terminal: &Terminal, source: &Source, findings: &Alike, group: Group) -> String {
    let finding = findings.first;
    let made = terminal.renderer().render(&[group]);
    let mut out = String::with_capacity(made.len() + 64);
    // The renderer counts columns in the window. The header is the line after the title.
    let header = made.find('\n').map_or(0, |end| end + 1);
    let (before, rest) =
        made.split_at(made[header..].find(HEADER).map_or(header, |at| header + at));
    let at = source.positions.get(finding.span.start);
    out.push_str(before);
    if let Some(rest) = rest.strip_prefix(HEADER) {
        // Writing to a String can't fail.
        let _ = write!(out, "{}:{}:{}", source.name, at.line, at.column);
        out.push_str(rest.trim_start_matches(|c: char| c == ':' || c.is_ascii_digit()));
    } else {
        out.push_str(rest);
    }
    out.push('\n');
    if let Some(fix) = &finding.fix {
        push_fix(terminal, source, fix, &mut out);
    }
    if finding.fix.is_some() && !findings.others.is_empty() {
        out.push_str("  and the same at the other places\n");
    }
    out
}

fn place<'a>(source: &Source<'a>, findings: &Alike<'a>) -> Group<'a> {
    title(findings.first, source.bytes).elements(snippets(source, findings))
}

fn title<'a>(finding: &Finding, source: &[u8]) -> Title<'a> {
    let rule = finding.rule;
    let level = match rule.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Advice => Level::HELP.with_name("advice"),
        Severity::Info => Level::INFO,
    };
    let mut title = level.primary_title(finding.message(source)).id(rule.code);
    if let Some(url) = rule.url() {
        title = title.id_url(url);
    }
    title
}

/// One window with all places, or one for each where they stand far apart.
fn snippets<'a>(source: &Source, findings: &Alike<'a>) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut notes = vec![(findings.first.span, AnnotationKind::Primary, None)];
    for label in findings.first.labels.iter().take(LABELS) {
        notes.push((label.span, AnnotationKind::Context, Some(label.text)));
    }
    for other in findings.others.iter().take(LABELS) {
        notes.push((other.span, AnnotationKind::Context, Some(HERE)));
    }
    notes.sort_by_key(|(span, ..)| *span);
    let first = notes[0].0;
    let all =
        Span::new(first.start, notes.iter().map(|note| note.0.end).max().unwrap_or(first.end));
    let line = source.positions.get(first.start).line;
    let one =
        Window::new(source.bytes, all, line, if notes.len() > 1 { LINES_BETWEEN } else { LINES });
    let windows: Vec<_> = if notes.len() == 1 || notes.iter().all(|note| one.holds(note.0)) {
        vec![(one, notes)]
    } else {
        let window = |span: Span| {
            Window::new(source.bytes, span, source.positions.get(span.start).line, LINES)
        };
        notes.into_iter().map(|note| (window(note.0), vec![note])).collect()
    };
    windows
        .into_iter()
        .enumerate()
        .map(|(i, (window, notes))| {
            let annotations: Vec<_> = notes
                .into_iter()
                .map(|(span, kind, text)| kind.span(window.span(span).range()).label(text))
                .collect();
            Snippet::source(window.text)
                .path((i == 0).then(|| HEADER.to_string()))
                .line_start(window.line)
                .annotations(annotations)
        })
        .collect()
}

/// Readable lines around a place.
struct Window {
    /// Number of the first line.
    line: usize,
    text: String,
    /// (source offset, text offset) of each character, and of the end.
    places: Vec<(usize, usize)>,
}

impl Window {
    fn new(source: &[u8], span: Span, line: usize, max_lines: usize) -> Self {
        let mut window = Self { line, text: String::new(), places: Vec::new() };
        let mut at = window.begin(source, span.start);
        let (mut lines, mut width) = (1, 0);
        // A piece that is long enough for all lines: decoding must not go through megabytes.
        let piece = &source[at..source.len().min(at + 4 * LINE_LIMIT * max_lines)];
        let text = String::from_utf8_lossy(piece);
        let mut chars = text.chars().peekable();
        let mut lossy = piece.utf8_chunks().flat_map(|chunk| {
            let valid = chunk.valid().chars().map(char::len_utf8);
            valid.chain(Some(chunk.invalid().len()).filter(|len| *len > 0))
        });
        while let (Some(c), Some(len)) = (chars.next(), lossy.next()) {
            window.places.push((at, window.text.len()));
            at += len;
            let ends_line = c == '\n' || c == '\r' && chars.peek() != Some(&'\n');
            if ends_line {
                if at >= span.end || lines == max_lines {
                    return window;
                }
                window.text.push('\n');
                (lines, width) = (lines + 1, 0);
            } else if c == '\r' {
                // CR LF: the LF ends the line.
            } else if width >= LINE_LIMIT {
                window.text.push('…');
                return window;
            } else {
                let before = window.text.len();
                if c == '\t' {
                    window.text.push(' ');
                } else {
                    push_visible(c, &mut window.text);
                }
                width += window.text[before..].chars().count();
            }
        }
        window.places.push((at, window.text.len()));
        if at < source.len() {
            window.text.push('…');
        }
        window
    }

    /// Where to start reading: at the start of the line, or near the place on a long line.
    fn begin(&mut self, source: &[u8], place: usize) -> usize {
        let ends_line = |i: usize| {
            source[i] == b'\n' || source[i] == b'\r' && source.get(i + 1) != Some(&b'\n')
        };
        let nearest = place.saturating_sub(BEFORE);
        let mut at = place;
        while at > 0 && !ends_line(at - 1) {
            if at == nearest {
                // Not into the middle of a character.
                at = (at..place).find(|i| source[*i] & 0xc0 != 0x80).unwrap_or(place);
                self.text.push('…');
                return at;
            }
            at -= 1;
        }
        at
    }

    /// Whether a place of the source is shown.
    fn holds(&self, span: Span) -> bool {
        let first = self.places.first().is_some_and(|place| place.0 <= span.start);
        first && self.places.last().is_some_and(|place| span.end <= place.0)
    }

    /// Where a span of the source is shown.
    fn span(&self, span: Span) -> Span {
        let start = self.offset(span.start, false);
        let end = self.offset(span.end, true);
        Span::new(start, if span.is_empty() { start } else { end.max(start) })
    }

    /// The text offset of a source offset: of the character that it is in, or (`after`) of the next.
    fn offset(&self, at: usize, after: bool) -> usize {
        let next = self.places.partition_point(|place| place.0 < at);
        let exact = self.places.get(next).is_some_and(|place| place.0 == at);
        let index = if exact || after { next } else { next.saturating_sub(1) };
        self.places.get(index).map_or(self.text.len(), |place| place.1)
    }
}

/// The repair and the lines that it changes.
fn push_fix(terminal: &Terminal, source: &Source, fix: &Fix, out: &mut String) {
    let check = if fix.applicability == Applicability::Confirm { " (check first)" } else { "" };
    let title = visible(&fix.title);
    // Writing to a String can't fail.
    let _ = writeln!(out, "  {}{check}: {title}", terminal.bold("fix"));
    let (shown, count) = changes(source.bytes, &fix.edits, CHANGES);
    let width = shown.last().map_or(1, |change| change.line.to_string().len());
    for change in &shown {
        for (sign, lines) in [('-', &change.old), ('+', &change.new)] {
            for (i, line) in lines.iter().take(2 * LINES).enumerate() {
                let changed = terminal.changed(sign, &format!("{sign} {line}"));
                let _ = writeln!(out, "  {:>width$} {changed}", change.line + i);
            }
            if lines.len() > 2 * LINES {
                let _ = writeln!(out, "  {:>width$} {sign} …", "");
            }
        }
    }
    if count > shown.len() {
        let more = count - shown.len();
        let changes = if more == 1 { "change" } else { "changes" };
        let _ = writeln!(out, "  and {more} more {changes}");
    }
}

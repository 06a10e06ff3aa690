//! An example of a rule: its text with the places that the findings mark, what is found, and the repair.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use maud::{Markup, PreEscaped, html};
use stslint::finding::{Applicability, Finding, Fix, Severity};
use stslint::render::Positions;
use stslint::render::changes::{changes, with_visible_blanks};
use stslint::render::marked::{End, Line, Mark, Piece, glyph, has_no_width, lines};
use stslint::render::words::headline;
use stslint::rule::{Example, Rule};
use stslint::share::{self, Shared};
use stslint::{Kind, Report, lint};

use crate::html::{file, icon, prose};
use crate::input;

/// Changed places that are shown.
const CHANGES: usize = 5;

/// Lines at the start of a listing; of the others only those that the rule marks are shown, if they are few.
const LINES: usize = 12;

/// Lines of a listing at most, except for the last.
const ALL_LINES: usize = 24;

/// Findings of the rule that are listed, and findings of other rules.
const FINDINGS: [usize; 2] = [3, 6];

/// Characters of a piece that are shown at its start and at its end.
const PIECE: (usize, usize) = (400, 60);

/// An example and what the engine says about it.
pub(crate) struct Sample<'a> {
    rule: &'a Rule,
    example: &'a Example,
    source: Vec<u8>,
    report: Report,
}

impl<'a> Sample<'a> {
    /// Lints an example of a rule.
    pub(crate) fn new(rule: &'a Rule, example: &'a Example) -> Self {
        let source = example.bytes();
        let report = lint(&input(example, &source));
        Self { rule, example, source, report }
    }

    /// What the rule says about the example: that reads better than its message in general.
    pub(crate) fn message(&self) -> String {
        let own = self.report.findings().find(|finding| finding.rule == self.rule);
        own.map_or_else(|| self.rule.summary(), |finding| finding.message(&self.source))
    }

    /// The text, the way to try it, and what is found in it.
    pub(crate) fn view(&self, title: &str) -> Markup {
        let headline = headline(&input(self.example, &self.source), &self.report);
        html! {
            section class="sample" {
                div class="section-head" {
                    h3 { (title) span class="hint" { (self.context()) } }
                    @if let Some(link) = self.link() {
                        a class="try" href={ "../index.html#" (link) } aria-label={ "Try it: " (title) } { "Try it" }
                    }
                }
                (self.listing())
                p class="says" { "stslint says: " strong { (prose(&headline.title)) } }
                (self.findings())
            }
        }
    }

    /// What the reader has to know besides the text.
    fn context(&self) -> String {
        let what = self.example.said().map_or("Any text", |declared| declared.kind.title());
        let mut words = format!(" {what}");
        if let Some(domain) = self.example.domain {
            words = format!("{words}, for the domain {domain}");
        }
        if let Some(name) = self.example.file_name {
            words = format!("{words}, in the file {name}");
        }
        words
    }

    /// The fragment that opens the example in the linter's page; none for what the page does not lint.
    pub(crate) fn link(&self) -> Option<String> {
        let kind = self.example.declared.kind;
        let opens = matches!(kind, Kind::Policy | Kind::RptTxt | Kind::StsTxt | Kind::Unknown);
        if !opens {
            return None;
        }
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::best());
        deflate.write_all(&self.source).ok()?;
        let shown = String::from_utf8_lossy(&self.source);
        Some(share::encode(&Shared {
            declared: self.example.said(),
            domain: self.example.domain.map(str::to_owned),
            marks: shown.chars().any(|c| !matches!(c, '\r' | '\n') && glyph(c, false).is_some()),
            exact: true,
            body: Some(deflate.finish().ok()?),
            ..Shared::default()
        }))
    }

    fn marks(&self) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (item, finding) in self.report.findings().enumerate() {
            let place = |span: stslint::text::Span, severity, lit| {
                let code = finding.rule.code;
                Mark { start: span.start, end: span.end, item, code, severity, lit }
            };
            let own = finding.rule == self.rule;
            marks.push(place(finding.span, finding.rule.severity, own));
            marks.extend(
                finding.labels.iter().map(|label| place(label.span, Severity::Info, false)),
            );
        }
        marks
    }

    fn listing(&self) -> Markup {
        let marks = self.marks();
        let mut lines = lines(&self.source, &marks, true);
        // The empty line after the last line end is there for marks only.
        if lines.len() > 1 && lines.last().is_some_and(|line| line.pieces.is_empty()) {
            lines.pop();
        }
        let ends = self.line_ends_matter();
        let mut hidden = 0;
        let mut rows = Vec::new();
        for (i, line) in lines.iter().enumerate() {
            let last = i + 1 == lines.len();
            let marked = line.pieces.iter().flat_map(|piece| &piece.marks).any(|mark| mark.lit);
            if !last && i >= LINES && (!marked || rows.len() >= ALL_LINES) {
                hidden += 1;
                continue;
            }
            rows.push((std::mem::take(&mut hidden), i + 1, line));
        }
        html! {
            div class="listing" role="group" aria-label="Text of the example" {
                @for (hidden, number, line) in rows {
                    @if hidden > 0 { p class="cut" { "… " (hidden) " more lines …" } }
                    (line_view(line, number, ends))
                }
            }
        }
    }

    /// Whether the rule is about how lines end.
    fn line_ends_matter(&self) -> bool {
        let touches = |finding: &Finding| {
            let text = self.source.get(finding.span.range()).unwrap_or_default();
            matches!(text, b"\r" | b"\n" | b"\r\n")
        };
        self.report.findings().any(|finding| finding.rule == self.rule && touches(finding))
    }

    fn findings(&self) -> Markup {
        let positions = Positions::of(&self.source, &self.report);
        let mut room = FINDINGS;
        let mut shown: Vec<&Finding> = self.report.findings().collect();
        let count = shown.len();
        shown.retain(|finding| {
            let room = &mut room[usize::from(finding.rule != self.rule)];
            let fits = *room > 0;
            *room -= usize::from(fits);
            fits
        });
        html! {
            @if shown.is_empty() {
                p class="hint" { "No findings." }
            } @else {
                ul class="raised" {
                    @for finding in &shown {
                        li data-tone=(finding.rule.severity.word()) {
                            (self.finding(finding, &positions))
                        }
                    }
                }
            }
            @if count > shown.len() {
                p class="hint" { "… and " (count - shown.len()) " more findings" }
            }
        }
    }

    fn finding(&self, finding: &Finding, positions: &Positions) -> Markup {
        let rule = finding.rule;
        let at = positions.get(finding.span.start);
        html! {
            p class="where" {
                (icon(rule.severity))
                span { (rule.severity.title()) }
                " "
                span class="place" { "line " (at.line) ", column " (at.column) }
                " "
                @if rule == self.rule {
                    span class="code" { (rule.code) }
                } @else {
                    a class="code" href={ "./" (file(rule)) } { (rule.code) }
                }
            }
            p class="what" { (prose(&finding.message(&self.source))) }
            @if !finding.labels.is_empty() {
                ul class="labels" {
                    @for label in &finding.labels {
                        li { "Line " (positions.get(label.span.start).line) ": " (prose(label.text)) }
                    }
                }
            }
        }
    }

    /// The repair that the rule offers here.
    pub(crate) fn fix(&self) -> Option<Markup> {
        let own = |finding: &&Finding| finding.rule == self.rule && finding.fix.is_some();
        let fix = self.report.findings().find(own)?.fix.as_ref()?;
        Some(self.fix_view(fix))
    }

    fn fix_view(&self, fix: &Fix) -> Markup {
        let (changed, count) = changes(&self.source, &fix.edits, CHANGES);
        let (mark, lead) = match fix.applicability {
            Applicability::Safe => ("safe", "Fix: "),
            Applicability::Confirm => ("confirm", "Suggestion, check before applying: "),
        };
        html! {
            div class="fix" data-fix=(mark) {
                div class="fix-head" { p { strong { (lead) } (prose(&fix.title)) } }
                div class="diff" {
                    @for change in &changed {
                        div class="change" {
                            @for line in &change.old { del { (sign("−", "removed:")) (with_visible_blanks(line)) } }
                            @for line in &change.new { ins { (sign("+", "added:")) (with_visible_blanks(line)) } }
                        }
                    }
                    @if count > CHANGES {
                        p class="hint" { "… and " (count - CHANGES) " more places" }
                    }
                }
            }
        }
    }
}

fn sign(sign: &str, said: &str) -> Markup {
    html! { span class="sign" role="img" aria-label=(said) { (sign) } }
}

fn line_view(line: &Line, number: usize, ends: bool) -> Markup {
    let end = match line.end {
        End::Cr => Some("CR"),
        End::CrLf => Some("CRLF"),
        End::Lf => Some("LF"),
        End::Text => None,
    };
    html! {
        div class="line" data-line=(number) {
            @for (i, piece) in line.pieces.iter().enumerate() {
                (piece_view(piece, line.pieces[i + 1..].iter().all(|piece| piece.text.is_empty())))
            }
            @if let Some(end) = end.filter(|_| ends) { span class="glyph end" data-glyph=(end) {} }
        }
    }
}

fn piece_view(piece: &Piece, last: bool) -> Markup {
    let Some(worst) = piece.marks.iter().map(|mark| mark.severity).min() else {
        return text_view(&piece.text, last);
    };
    let lit = piece.marks.iter().any(|mark| mark.lit);
    // What has no width would have no underline either.
    let gap = piece.text.chars().all(has_no_width);
    html! {
        mark data-tone=(worst.word()) data-lit[lit] data-gap[gap] { (text_view(&piece.text, last)) }
    }
}

/// A text, cut where it is long.
fn text_view(text: &str, last: bool) -> Markup {
    let (head, tail) = PIECE;
    let count = text.chars().count();
    // A cut that saves little is worse than none.
    if count <= 2 * (head + tail) {
        return signs(text, last);
    }
    let at = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
    html! {
        (signs(&text[..at(head)], false))
        span class="cut" { " … " (count - head - tail) " more characters … " }
        (signs(&text[at(count - tail)..], last))
    }
}

/// A text with signs for what can't be seen.
fn signs(text: &str, last: bool) -> Markup {
    let trailing = if last { text.trim_end_matches(' ').len() } else { text.len() };
    let mut out = PreEscaped(String::new());
    let mut plain = 0;
    for (at, c) in text.char_indices() {
        let Some(sign) = glyph(c, at >= trailing) else { continue };
        let end = at + c.len_utf8();
        out.0 += &html! { (text[plain..at]) (glyph_view(c, sign)) }.into_string();
        plain = end;
    }
    out.0 += &html! { (text[plain..]) }.into_string();
    out
}

fn glyph_view(c: char, sign: &str) -> Markup {
    if c.is_control() && c != '\t' {
        // HTML allows no control characters: their pictures stand for them.
        let picture = match u32::from(c) {
            c0 @ 0..=0x1f => char::from_u32(0x2400 + c0),
            0x7f => Some('\u{2421}'),
            _ => None,
        };
        let picture = picture.unwrap_or(char::REPLACEMENT_CHARACTER);
        return html! { span class="picture" title={ (sign) " U+" (format!("{:04X}", u32::from(c))) } { (picture) } };
    }
    html! { span class="glyph" data-glyph=(sign) data-beside[has_no_width(c)] { (c) } }
}

//! What the engine says about a source, in the order of the page.

use super::report::Told;
use super::source::{Change, Source};
use std::rc::Rc;
use stslint::finding::{Applicability, Finding, Severity};
use stslint::outline::{Note, outline};
use stslint::render::Positions;
use stslint::render::marked::Mark;
use stslint::render::words::{self, Headline, State};
use stslint::text::Position;
use stslint::{Declared, Form, Input, Kind, Report, ToAscii, bare, fix, lint, strange};

/// Marks that are drawn at most. A text with more has other problems.
pub(crate) const MARKS: usize = 500;

/// How the text is to be read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Settings {
    /// As what; detected when absent.
    pub(crate) declared: Option<Declared>,
    /// The policy domain as the user wrote it.
    pub(crate) domain: String,
    /// The same as A-labels, where it is a domain.
    pub(crate) ascii_domain: Option<String>,
    /// Codes of rules, and what some begin with, whose findings are set aside: a link says so.
    pub(crate) ignore: Vec<String>,
}

impl Settings {
    /// What the engine is given.
    pub(crate) fn input<'a>(&'a self, source: &'a Source, given: &'a Given) -> Input<'a> {
        let input = Input {
            domain: self.ascii_domain.as_deref(),
            line_ends_known: source.line_ends_known,
            file_name: source.file_name.as_deref(),
            fresh_id: given.fresh_id.as_deref(),
            to_ascii: given.to_ascii,
            ..Input::new(&source.bytes)
        };
        input.declared(self.declared)
    }
}

/// What the text itself does not hold, and the page is told by the browser.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// An id that no record had yet, for repairs that need one; the clock makes it.
    pub(crate) fresh_id: Option<Rc<str>>,
    /// How a name becomes A-labels.
    pub(crate) to_ascii: Option<ToAscii>,
}

/// There is one browser, which has one such function.
impl PartialEq for Given {
    fn eq(&self, other: &Self) -> bool {
        self.fresh_id == other.fresh_id
    }
}

/// A report with everything that the page makes of it once.
#[derive(Debug)]
pub(crate) struct Analysis {
    /// The report.
    pub(crate) report: Report,
    /// The verdict in words.
    pub(crate) headline: Headline,
    /// The number of findings in words.
    pub(crate) summary: String,
    /// What each part of each artefact means.
    pub(crate) outline: Vec<(Kind, Vec<Note>)>,
    /// The verdict of each part, by its name, where there are several.
    pub(crate) each: Vec<(&'static str, Headline)>,
    /// The items in their order, those of one rule together where they are many: what is listed as one.
    pub(crate) groups: Vec<Rc<[usize]>>,
    /// What it tells, if it is a report.
    pub(crate) told: Option<Told>,
    /// The domain that a text names in which there is nothing to lint.
    pub(crate) mentioned: Option<String>,
    /// Whether it can't be read as anything of ours, whoever says so.
    pub(crate) is_no_text: bool,
    /// Number of findings with a safe fix.
    pub(crate) safe_fixes: usize,
    /// Number of findings with a fix to decide about; only of errors and warnings, while those can be repaired.
    pub(crate) suggestions: usize,
    /// Whether it was the text of a policy or the value of a record, which the page reads from its start.
    pub(super) is_bare: bool,
    /// Artefact and finding of each item, worst first.
    order: Vec<(usize, usize)>,
    positions: Positions,
}

/// An analysis is the same as another when it is the same one.
impl PartialEq for Analysis {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }
}

/// Of a text that can't be read yet.
impl Default for Analysis {
    fn default() -> Self {
        let headline =
            Headline { state: State::NotLinted, title: String::new(), next: String::new() };
        let report = Report { form: Form::Bare, artefacts: Vec::new() };
        Self::made(&Source::default(), headline, Vec::new(), report, false)
    }
}

impl Analysis {
    /// Lints a source.
    pub(crate) fn of(source: &Source, settings: &Settings, given: &Given) -> Self {
        let input = settings.input(source, given);
        let report = lint(&input);
        let kinds = report.artefacts.iter().map(|artefact| artefact.kind);
        let outline = kinds.zip(outline(&input, &report)).collect();
        let kind = report.artefacts.first().map(|artefact| artefact.kind);
        let told = kind.and_then(|kind| Told::by(source, kind));
        let each = words::each(&input, &report);
        let is_strange = kind == Some(Kind::Unknown);
        Self {
            told,
            mentioned: report.artefacts.first().and_then(|one| one.mentioned(&source.bytes)),
            is_no_text: is_strange
                && strange::look(&source.bytes).is_some_and(|look| !look.may_be_ours()),
            each,
            ..Self::made(source, words::headline(&input, &report), outline, report, false)
        }
    }

    /// Lints a source that is the text of a policy or the value of a record; none for others.
    pub(crate) fn of_bare(source: &Source, settings: &Settings, given: &Given) -> Option<Self> {
        let input = settings.input(source, given);
        let report = bare::lint(&input)?;
        let kind = report.artefacts[0].kind;
        let outline = vec![(kind, bare::outline(&input, &report))];
        Some(Self::made(source, bare::headline(&input, &report), outline, report, true))
    }

    fn made(
        source: &Source,
        headline: Headline,
        mut outline: Vec<(Kind, Vec<Note>)>,
        report: Report,
        is_bare: bool,
    ) -> Self {
        outline.retain(|(_, notes)| !notes.is_empty());
        let order: Vec<(usize, usize)> = Severity::ALL
            .into_iter()
            .flat_map(|severity| with_severity(&report, severity))
            .collect();
        let loud = report.findings().any(is_loud);
        Self {
            headline,
            summary: words::summary(&report),
            outline,
            each: Vec::new(),
            groups: groups(&report, &order),
            told: None,
            mentioned: None,
            is_no_text: false,
            safe_fixes: fix::safe(&report).count(),
            suggestions: report.findings().filter(|f| is_suggested(f, loud)).count(),
            positions: Positions::of(&source.bytes, &report),
            is_bare,
            order,
            report,
        }
    }

    /// Whether an error or a warning can be repaired.
    pub(crate) fn repairs_loud(&self) -> bool {
        self.findings().any(is_loud)
    }

    /// The item with the fix that takes what was found inside another text out of it.
    pub(crate) fn to_take_out(&self) -> Option<usize> {
        let takes_out =
            |finding: &Finding| finding.rule.code.starts_with("INPUT-") && finding.fix.is_some();
        (self.report.form == Form::Inside).then(|| self.findings().position(takes_out)).flatten()
    }

    /// Number of items.
    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    /// The finding of an item.
    pub(crate) fn finding(&self, item: usize) -> Option<&Finding> {
        let (artefact, finding) = *self.order.get(item)?;
        self.report.artefacts.get(artefact)?.findings.get(finding)
    }

    /// All findings, worst first.
    pub(crate) fn findings(&self) -> impl DoubleEndedIterator<Item = &Finding> + ExactSizeIterator {
        self.order.iter().map(|(a, f)| &self.report.artefacts[*a].findings[*f])
    }

    /// How many findings have this severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        self.findings().filter(|f| f.rule.severity == severity).count()
    }

    /// Line and column of an offset that a finding names.
    pub(crate) fn position(&self, offset: usize) -> Position {
        self.positions.get(offset)
    }

    /// The item at a byte offset: the narrowest of those that cover it.
    pub(crate) fn item_at(&self, offset: usize) -> Option<usize> {
        let touches = |f: &Finding| f.span.start <= offset && offset <= f.span.end;
        let here = self.findings().enumerate().filter(|(_, f)| touches(f));
        here.min_by_key(|(_, f)| (f.span.end == offset && !f.span.is_empty(), f.span.len()))
            .map(|(i, _)| i)
    }

    /// The first suggestion at or behind a place and code, in the order of the text; with `loud` only for errors and
    /// warnings.
    pub(crate) fn suggestion(
        &self,
        from: (usize, &str),
        inclusive: bool,
        loud: bool,
    ) -> Option<usize> {
        let suggested = |f: &Finding| is_suggested(f, loud);
        self.findings()
            .enumerate()
            .filter(|(_, f)| suggested(f))
            .map(|(item, f)| ((f.span.start, f.rule.code), item))
            .filter(|(key, _)| *key > from || inclusive && *key == from)
            .min()
            .map(|(_, item)| item)
    }

    /// The item after (or before) a place in the text, in the order of the text, around its end.
    pub(crate) fn neighbour(&self, from: Place, forward: bool) -> Option<usize> {
        let key = |(item, f): (usize, &Finding)| (f.span.start, f.span.end, item);
        let here = match from {
            Place::Item(item) => key((item, self.finding(item)?)),
            Place::Offset(at) if forward => (at, 0, 0),
            Place::Offset(at) => (at, usize::MAX, usize::MAX),
        };
        let all = || self.findings().enumerate().map(key);
        let next = if forward {
            all().filter(|k| *k > here).min().or_else(|| all().min())
        } else {
            all().filter(|k| *k < here).max().or_else(|| all().max())
        };
        next.map(|(_, _, item)| item)
    }

    /// The marks to draw on a text that differs from the linted one by `change`. `lit` are the
    /// items that stand out.
    pub(crate) fn marks(&self, change: Option<Change>, lit: [Option<usize>; 2]) -> Vec<Mark> {
        let mark = |(item, f): (usize, &Finding)| {
            let range = match change {
                Some(change) => change.carry(f.span.range())?,
                None => f.span.range(),
            };
            Some(Mark {
                start: range.start,
                end: range.end,
                item,
                code: f.rule.code,
                severity: f.rule.severity,
                lit: lit.contains(&Some(item)),
            })
        };
        self.findings().enumerate().take(MARKS).filter_map(mark).collect()
    }
}

/// Items of one rule that are listed one by one.
const ALIKE: usize = 3;

/// The items, with those of the same rule together where they are many.
fn groups(report: &Report, order: &[(usize, usize)]) -> Vec<Rc<[usize]>> {
    let mut of_rules: Vec<(&str, Vec<usize>)> = Vec::new();
    for (item, (artefact, finding)) in order.iter().enumerate() {
        let code = report.artefacts[*artefact].findings[*finding].rule.code;
        match of_rules.iter_mut().find(|(rule, _)| *rule == code) {
            Some((_, items)) => items.push(item),
            None => of_rules.push((code, vec![item])),
        }
    }
    let mut groups: Vec<Rc<[usize]>> = Vec::new();
    for (_, items) in of_rules {
        match items.len() > ALIKE {
            true => groups.push(items.into()),
            false => groups.extend(items.into_iter().map(|item| Rc::from([item]))),
        }
    }
    groups.sort_by_key(|group| group[0]);
    groups
}

/// Whether it is an error or a warning that can be repaired.
fn is_loud(finding: &Finding) -> bool {
    finding.fix.is_some() && finding.rule.severity <= Severity::Warning
}

/// Whether it has a fix to decide about; with `loud` only if it is an error or a warning.
fn is_suggested(finding: &Finding, loud: bool) -> bool {
    let fix = finding.fix.as_ref();
    fix.is_some_and(|fix| fix.applicability != Applicability::Safe) && (!loud || is_loud(finding))
}

/// Artefact and finding of each finding with this severity, in the order of the text.
fn with_severity(report: &Report, severity: Severity) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    for (a, artefact) in report.artefacts.iter().enumerate() {
        let findings = artefact.findings.iter().enumerate();
        places.extend(findings.filter(|(_, f)| f.rule.severity == severity).map(|(f, _)| (a, f)));
    }
    places
}

/// Where a search for the next finding starts.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    /// At an item.
    Item(usize),
    /// At a byte offset.
    Offset(usize),
}

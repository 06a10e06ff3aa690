//! The text in the field, how it is read, and what was found in it. Pure.

mod analysis;
mod draft;
mod report;
mod source;

pub(crate) use analysis::{Analysis, Given, Place, Settings};
pub(crate) use draft::Draft;
pub(crate) use source::{
    Block, Change, Excess, FILE_LIMIT, LIMIT, LIMIT_WORDS, LINES, Source, is_report,
};

use crate::ui::element::El;
use std::rc::Rc;
use stslint::rule::could_be_code;
use stslint::{Input, Kind, bare, fix};

/// Up to this many bytes a text is checked at once when it is typed; a longer one when typing rests.
const AT_ONCE: usize = 64 * 1024;

/// Up to this many bytes one that comes from elsewhere is; a longer one once it has been drawn.
const AT_ONCE_FROM_ELSEWHERE: usize = 4 * 1024;

/// Exact texts that are recognised when the browser's undo brings them back.
const ORIGINS: usize = 16;

/// What reads everything that the page can't read when it starts, which is the text of policies and the values of
/// records: a table of functions, as their code is loaded when it is first needed.
#[derive(Debug)]
pub(crate) struct Forms {
    /// Lints a source.
    pub(crate) analyse: fn(&Source, &Settings, &Given) -> Analysis,
    /// Applies all safe fixes, until none is left.
    pub(crate) apply_safe: fn(&Input) -> Vec<u8>,
    /// Draws what a report tells; empty where the text is none.
    pub(crate) told: fn(&Analysis) -> El,
}

/// The text in the field.
#[derive(Debug)]
pub(crate) struct Text {
    /// The text.
    pub(crate) source: Rc<Source>,
    /// How it is read.
    pub(crate) settings: Settings,
    /// What was found in `linted`.
    pub(crate) analysis: Rc<Analysis>,
    /// The text that `analysis` is about; another than `source` only while a long text changes.
    pub(crate) linted: Rc<Source>,
    /// Size of what the field holds, in characters, when that is too much to check.
    pub(crate) too_big: Option<usize>,
    /// What reads other texts than policies and values of records, once it is loaded.
    pub(crate) forms: Option<&'static Forms>,
    /// What the browser told.
    pub(crate) given: Given,
    /// The user's text before the page replaced it.
    previous: Option<Rc<Source>>,
    origins: Vec<Rc<Source>>,
}

impl Text {
    /// What was in the field before the page started.
    pub(crate) fn new(text: &str, given: Given) -> Self {
        let source = Rc::new(Source::typed(text, &Source::default()));
        let settings = Settings::default();
        let analysis = Analysis::of_bare(&source, &settings, &given);
        Self {
            analysis: Rc::new(analysis.unwrap_or_default()),
            linted: Rc::clone(&source),
            source,
            settings,
            too_big: None,
            forms: None,
            given,
            previous: None,
            origins: Vec::new(),
        }
    }

    /// Whether a long text waits to be checked.
    pub(crate) fn is_stale(&self) -> bool {
        !Rc::ptr_eq(&self.source, &self.linted)
    }

    /// Whether it takes what is not loaded yet to read it.
    pub(crate) fn is_beyond(&self) -> bool {
        !self.is_blank() && self.too_big.is_none() && self.analysis.report.artefacts.is_empty()
    }

    /// Whether there is nothing to say about the field.
    pub(crate) fn is_blank(&self) -> bool {
        self.too_big.is_none() && self.source.is_blank()
    }

    /// What changed since the text was checked.
    pub(crate) fn change(&self) -> Option<Change> {
        self.is_stale().then(|| Change::between(&self.linted.bytes, &self.source.bytes))
    }

    /// Applies all safe fixes to an input like this text.
    pub(crate) fn apply_safe(&self) -> fn(&Input) -> Vec<u8> {
        match self.forms {
            Some(forms) if !self.analysis.is_bare => forms.apply_safe,
            _ => bare::apply_safe,
        }
    }

    /// Checks the text.
    pub(crate) fn lint(&mut self) {
        let (source, given) = (&self.source, &self.given);
        let bare = Analysis::of_bare(source, &self.settings, given);
        let other = || (self.forms?.analyse)(source, &self.settings, given).into();
        self.analysis = Rc::new(bare.or_else(other).unwrap_or_default());
        self.linted = Rc::clone(&self.source);
    }

    /// Whether the field has this text already.
    pub(crate) fn is(&self, text: &str) -> bool {
        self.source.display.text == text && self.too_big.is_none()
    }

    /// What the user typed.
    pub(crate) fn typed(&mut self, text: &str) {
        let known = self.origins.iter().find(|source| source.display.text == text).cloned();
        let source = known.unwrap_or_else(|| Rc::new(Source::typed(text, &self.source)));
        self.set_source(source, AT_ONCE);
    }

    /// More than can be read, in characters.
    pub(crate) fn refuse(&mut self, size: usize) {
        self.set_source(Rc::default(), AT_ONCE);
        self.too_big = Some(size);
    }

    /// Puts bytes of the page's own making into the field.
    pub(crate) fn put(&mut self, bytes: Vec<u8>, line_ends_known: bool, file_name: Option<String>) {
        let mut source = Source::exact(bytes, line_ends_known, &self.source);
        source.file_name = file_name;
        self.place(source);
    }

    /// Brings back what stood in the field at another step.
    pub(crate) fn take(&mut self, draft: Draft) {
        self.settings = draft.settings;
        let source = Rc::unwrap_or_clone(draft.source);
        self.put(source.bytes, source.line_ends_known, source.file_name);
    }

    /// The domain that it is about, as A-labels: the one that was given, or the one that it names itself.
    pub(crate) fn domain(&self) -> Option<String> {
        let told = || self.analysis.told.as_ref().and_then(|told| told.domain.clone());
        let named = || named_domain(&self.source.display.text);
        self.settings.ascii_domain.clone().or_else(told).or_else(named)
    }

    /// The code of a rule, in capitals, if that is what stands there.
    pub(crate) fn code(&self) -> Option<String> {
        let text = str::from_utf8(&self.source.bytes).ok()?.trim();
        let free = self.settings.declared.is_none();
        (free && could_be_code(text)).then(|| text.to_ascii_uppercase())
    }

    /// Whether it names domains, or may come to.
    pub(crate) fn names_domains(&self) -> bool {
        let kinds = || self.analysis.report.artefacts.iter().map(|artefact| artefact.kind);
        self.is_beyond() || kinds().all(|kind| matches!(kind, Kind::Domain | Kind::Unknown))
    }

    /// The same text repaired: it still is the file's.
    pub(crate) fn repair(&mut self, bytes: Vec<u8>) {
        let before = &self.source;
        let mut source = Source::exact(bytes, before.line_ends_known, before);
        source.file_name.clone_from(&before.file_name);
        source.repaired = true;
        self.place(source);
    }

    /// Applies all safe fixes.
    pub(crate) fn fix_all(&mut self) {
        let input = self.settings.input(&self.source, &self.given);
        let bytes = self.apply_safe()(&input);
        self.keep();
        self.repair(bytes);
    }

    /// Keeps the user's text, so that it can come back.
    pub(crate) fn keep(&mut self) {
        self.previous = Some(Rc::clone(&self.source));
    }

    /// Brings back the text that was kept.
    pub(crate) fn restore(&mut self) {
        if let Some(previous) = self.previous.take() {
            // Not `typed`: the field has to be given this text again.
            let (bytes, name) = (previous.bytes.clone(), previous.file_name.clone());
            self.put(bytes, previous.line_ends_known, name);
        }
    }

    fn place(&mut self, source: Source) {
        // What the browser's undo may bring back.
        self.remember(Rc::clone(&self.source));
        let source = Rc::new(source);
        self.remember(Rc::clone(&source));
        self.set_source(source, AT_ONCE_FROM_ELSEWHERE);
    }

    /// Takes a text, and checks it at once if it has up to so many bytes.
    fn set_source(&mut self, source: Rc<Source>, most: usize) {
        self.too_big = None;
        let at_once = source.bytes.len() <= most || source.repaired;
        self.source = source;
        if at_once {
            self.lint();
        }
    }

    fn remember(&mut self, source: Rc<Source>) {
        let kept = |known: &Rc<Source>| known.display.text != source.display.text;
        self.origins.retain(kept);
        if self.origins.len() == ORIGINS {
            self.origins.remove(0);
        }
        self.origins.push(source);
    }
}

/// The domain behind the first name in a text that MTA-STS or TLS reports have in front of it.
fn named_domain(text: &str) -> Option<String> {
    let behind = |name: &str| text.find(name).map(|at| &text[at + name.len()..]);
    let rest =
        behind("_mta-sts.").or_else(|| behind("_smtp._tls.")).or_else(|| behind("//mta-sts."))?;
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let name = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name.contains('.').then_some(name)
}

/// Everything that the engine reads.
pub(crate) static FORMS: Forms =
    Forms { analyse: Analysis::of, apply_safe: fix::apply_safe, told: report::view };

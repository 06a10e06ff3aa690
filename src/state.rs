//! The state of the page, and how actions change it. Pure: no clock, no browser.

use crate::analysis::{Analysis, Place, Settings};
use crate::source::{Change, LIMIT, Source};
use std::rc::Rc;
use stslint::{Kind, fix};
use yew::Reducible;

/// Up to this many bytes every keystroke is checked at once; longer texts when typing rests.
const AT_ONCE: usize = 64 * 1024;

/// Findings listed at first, and how many more each time.
pub(crate) const LISTED: usize = 50;

/// Exact texts that are recognised when the browser's undo brings them back.
const ORIGINS: usize = 16;

/// Everything the page shows.
#[derive(Clone, Debug)]
pub(crate) struct State {
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
    /// The finding that the user is at.
    pub(crate) current: Option<usize>,
    /// The finding that the pointer is on.
    pub(crate) hovered: Option<usize>,
    /// What to bring into view.
    pub(crate) reveal: Reveal,
    /// Whether invisible characters are shown.
    pub(crate) invisible: bool,
    /// How many findings are listed.
    pub(crate) listed: usize,
    /// What the page has to tell.
    pub(crate) notice: Option<Notice>,
    /// What is open on top.
    pub(crate) dialog: Dialog,
    /// The user's text before the page replaced it.
    pub(crate) previous: Option<Rc<Source>>,
    origins: Vec<Rc<Source>>,
}

/// A request to bring the current finding into view; each has its own number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reveal {
    /// Counts the requests.
    pub(crate) number: u32,
    /// Whether in the list (else in the text).
    pub(crate) in_list: bool,
}

/// Something to tell, above the field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    /// The words.
    pub(crate) text: String,
    /// Whether something went wrong.
    pub(crate) problem: bool,
    /// Whether it replaced the user's text, which can be brought back.
    pub(crate) undo: bool,
}

impl Notice {
    /// Something went wrong.
    pub(crate) fn problem(text: impl Into<String>) -> Self {
        Self { text: text.into(), problem: true, undo: false }
    }
}

/// What is open on top of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Dialog {
    /// The examples.
    Examples,
    /// Nothing.
    #[default]
    None,
    /// The explanation of a rule, by code; nothing for the list of all rules.
    Rule(Option<&'static str>),
    /// The share dialog.
    Share,
}

/// Bytes that come from elsewhere than the field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Opened {
    /// The bytes; nothing when only settings came.
    pub(crate) bytes: Option<Vec<u8>>,
    /// Whether their line ends are what senders see.
    pub(crate) line_ends_known: bool,
    /// How to read them.
    pub(crate) settings: Settings,
    /// Whether to show invisible characters.
    pub(crate) invisible: bool,
    /// What was opened: "the file mta-sts.txt".
    pub(crate) what: String,
}

/// What can happen.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// The text cursor moved to this UTF-16 offset; by a click if `true`.
    Caret(usize, bool),
    /// The notice was read.
    Dismiss,
    /// The policy domain was entered: as written, and as A-labels.
    Domain(String, Option<String>),
    /// Apply the fix of an item.
    Fix(usize),
    /// Apply all safe fixes.
    FixAll,
    /// The pointer is on an item.
    Hover(Option<usize>),
    /// Show invisible characters, or don't.
    Invisible(bool),
    /// Read the text as this kind.
    Kind(Option<Kind>),
    /// A long text has come to rest: check it.
    Lint,
    /// List more findings.
    More,
    /// Tell something.
    Notice(Notice),
    /// Bytes came from elsewhere.
    Open(Opened),
    /// Bring back the user's text.
    Restore,
    /// Open or close a dialog.
    Show(Dialog),
    /// Go to an item, in the text.
    Select(usize),
    /// Go to the next (`true`) or previous finding; from this UTF-16 offset if none is current.
    Step(bool, usize),
    /// The field holds so many characters, too many to read.
    TooBig(usize),
    /// The field has this text.
    Typed(String),
}

impl State {
    /// The page with the text that was in the field before it started.
    pub(crate) fn new(text: &str) -> Self {
        let source = Rc::new(Source::typed(text, &Source::default()));
        let settings = Settings::default();
        Self {
            analysis: Rc::new(Analysis::of(&source, &settings)),
            linted: Rc::clone(&source),
            source,
            settings,
            too_big: None,
            current: None,
            hovered: None,
            reveal: Reveal::default(),
            invisible: false,
            listed: LISTED,
            notice: None,
            dialog: Dialog::None,
            previous: None,
            origins: Vec::new(),
        }
    }

    /// Whether a long text waits for [`Action::Lint`].
    pub(crate) fn is_stale(&self) -> bool {
        !Rc::ptr_eq(&self.source, &self.linted)
    }

    /// What changed since the text was checked.
    pub(crate) fn change(&self) -> Option<Change> {
        self.is_stale().then(|| Change::between(&self.linted.bytes, &self.source.bytes))
    }

    /// Whether there is nothing to say about the field.
    pub(crate) fn is_blank(&self) -> bool {
        self.too_big.is_none() && self.source.is_blank()
    }

    fn lint(mut self) -> Self {
        let hovered = self
            .current
            .and_then(|item| self.analysis.finding(item))
            .map(|f| (f.rule.code, f.span));
        self.analysis = Rc::new(Analysis::of(&self.source, &self.settings));
        self.linted = Rc::clone(&self.source);
        self.hovered = None;
        self.listed = LISTED;
        // The current finding stays current where it is still there.
        self.current = hovered.and_then(|(code, span)| {
            self.analysis.findings().position(|f| f.rule.code == code && f.span.start == span.start)
        });
        self
    }

    fn with_source(mut self, source: Rc<Source>) -> Self {
        self.too_big = None;
        let at_once = source.bytes.len() <= AT_ONCE || !source.typed;
        self.source = source;
        if at_once { self.lint() } else { self }
    }

    /// Puts bytes of the page's own making into the field.
    fn with_exact(mut self, bytes: Vec<u8>, line_ends_known: bool) -> Self {
        // What the browser's undo may bring back.
        self.remember(Rc::clone(&self.source));
        let source = Rc::new(Source::exact(bytes, line_ends_known, &self.source));
        self.remember(Rc::clone(&source));
        self.with_source(source)
    }

    fn remember(&mut self, source: Rc<Source>) {
        let kept = |known: &Rc<Source>| known.display.text != source.display.text;
        self.origins.retain(kept);
        if self.origins.len() == ORIGINS {
            self.origins.remove(0);
        }
        self.origins.push(source);
    }

    fn typed(self, text: &str) -> Self {
        if self.source.display.text == text && self.too_big.is_none() {
            return self;
        }
        let known = self.origins.iter().find(|source| source.display.text == text).cloned();
        let source = known.unwrap_or_else(|| Rc::new(Source::typed(text, &self.source)));
        self.with_source(source)
    }

    fn open(mut self, opened: Opened) -> Self {
        self.settings = opened.settings;
        self.invisible |= opened.invisible;
        self.dialog = Dialog::None;
        self.current = None;
        let Some(bytes) = opened.bytes else {
            self.notice = Some(Notice {
                text: format!("Opened {}.", opened.what),
                problem: false,
                undo: false,
            });
            return self.lint();
        };
        let replaces = !self.is_blank() && self.source.typed && self.source.bytes != bytes;
        if replaces {
            self.previous = Some(Rc::clone(&self.source));
        }
        let text = match replaces {
            true => format!("Opened {}. It replaced your text.", opened.what),
            false => format!("Opened {}.", opened.what),
        };
        self.notice = Some(Notice { text, problem: false, undo: replaces });
        self.with_exact(bytes, opened.line_ends_known)
    }

    fn fix(self, item: usize) -> Self {
        let Some(fix) = self.analysis.finding(item).and_then(|f| f.fix.clone()) else {
            return self;
        };
        if self.is_stale() {
            return self;
        }
        let bytes = fix.apply(&self.source.bytes);
        let known = self.source.line_ends_known;
        Self { current: None, notice: None, ..self.with_exact(bytes, known) }
    }

    fn fix_all(self) -> Self {
        let bytes = fix::apply_safe(&self.settings.input(&self.source));
        let known = self.source.line_ends_known;
        let previous = Some(Rc::clone(&self.source));
        let text = "All safe fixes are applied.".into();
        let notice = Some(Notice { text, problem: false, undo: true });
        Self { current: None, notice, previous, ..self.with_exact(bytes, known) }
    }

    fn caret(mut self, utf16: usize, clicked: bool) -> Self {
        let at = self.source.display.byte(utf16);
        let touches = |item: usize| {
            self.analysis.finding(item).is_some_and(|f| f.span.start <= at && at <= f.span.end)
        };
        if self.is_stale() || !clicked && self.current.is_some_and(touches) {
            return self;
        }
        self.current = self.analysis.item_at(at);
        if clicked && self.current.is_some() {
            return self.revealed(true);
        }
        self
    }

    fn step(self, forward: bool, utf16: usize) -> Self {
        let from = match self.current {
            Some(item) => Place::Item(item),
            None => Place::Offset(self.source.display.byte(utf16)),
        };
        match self.analysis.neighbour(from, forward) {
            Some(item) if !self.is_stale() => self.select(item),
            _ => self,
        }
    }

    fn select(mut self, item: usize) -> Self {
        self.current = Some(item);
        self.listed = self.listed.max(item + 1);
        self.revealed(false)
    }

    fn revealed(mut self, in_list: bool) -> Self {
        self.reveal = Reveal { number: self.reveal.number.wrapping_add(1), in_list };
        self
    }

    fn restore(mut self) -> Self {
        self.notice = None;
        match self.previous.take() {
            // Not `typed`: the field has to be given this text again.
            Some(previous) => self.with_exact(previous.bytes.clone(), previous.line_ends_known),
            None => self,
        }
    }

    fn after(self, action: Action) -> Self {
        match action {
            Action::Caret(at, clicked) => self.caret(at, clicked),
            Action::Dismiss => Self { notice: None, ..self },
            Action::Domain(domain, ascii_domain) => {
                Self { settings: Settings { domain, ascii_domain, ..self.settings }, ..self }.lint()
            }
            Action::Fix(item) => self.fix(item),
            Action::FixAll => self.fix_all(),
            Action::Hover(hovered) => Self { hovered, ..self },
            Action::Invisible(invisible) => Self { invisible, ..self },
            Action::Kind(kind) => {
                Self { settings: Settings { kind, ..self.settings }, ..self }.lint()
            }
            Action::Lint => self.lint(),
            Action::More => Self { listed: self.listed + LISTED, ..self },
            Action::Notice(notice) => Self { notice: Some(notice), ..self },
            Action::Open(opened) => self.open(opened),
            Action::Restore => self.restore(),
            Action::Select(item) => self.select(item),
            Action::Show(dialog) => Self { dialog, ..self },
            Action::Step(forward, at) => self.step(forward, at),
            Action::TooBig(size) => {
                let source = Rc::default();
                Self { too_big: Some(size), ..self.with_source(source) }
            }
            Action::Typed(text) if text.len() > LIMIT => self.after(Action::TooBig(text.len())),
            Action::Typed(text) => self.typed(&text),
        }
    }
}

impl Reducible for State {
    type Action = Action;

    fn reduce(self: Rc<Self>, action: Action) -> Rc<Self> {
        // The pointer and the caret move often and mostly change nothing.
        match action {
            Action::Hover(item) if item == self.hovered => self,
            Action::Show(dialog) if dialog == self.dialog => self,
            Action::Typed(text) if text == self.source.display.text && self.too_big.is_none() => {
                self
            }
            action => Rc::new(Rc::unwrap_or_clone(self).after(action)),
        }
    }
}

#[cfg(test)]
mod tests;

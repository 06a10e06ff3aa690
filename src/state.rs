//! The state of the page, and how actions change it. Pure: no clock, no browser.

use crate::analysis::{Analysis, Place, Settings};
use crate::source::{Change, Source, limit};
use std::rc::Rc;
use stslint::{Kind, fix};

/// Up to this many bytes every keystroke is checked at once; longer texts when typing rests.
const AT_ONCE: usize = 64 * 1024;

/// Findings listed at first, and how many more each time.
pub(crate) const LISTED: usize = 50;

/// Exact texts that are recognised when the browser's undo brings them back.
const ORIGINS: usize = 16;

/// Everything the page shows.
#[derive(Debug)]
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
    /// Counts the requests for a dialog. The browser closes one before it tells, so a request for
    /// what seems to be open may be for something that is not.
    pub(crate) dialogs: u32,
    /// Whether the rules' explanations are there.
    pub(crate) explanations: Explanations,
    /// What was asked for that only the larger build of the page can do.
    pub(crate) request: Option<Request>,
    /// How far that build has come.
    pub(crate) rest: Rest,
    /// What only this build shows.
    #[cfg(feature = "full")]
    pub(crate) full: crate::full::Shown,
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
    /// Whether the rest of the page is missing, which can be tried again.
    pub(crate) retry: bool,
}

impl Notice {
    /// Something happened.
    fn note(text: String) -> Self {
        Self { text, problem: false, undo: false, retry: false }
    }

    /// Something went wrong.
    pub(crate) fn problem(text: impl Into<String>) -> Self {
        Self { text: text.into(), problem: true, undo: false, retry: false }
    }
}

/// What the build that loads first leaves to the larger one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Request {
    /// To open what the page's address names.
    Address,
    /// To open a dialog.
    Dialog(Dialog),
    /// To open a packed file with this name.
    File(String, Vec<u8>),
}

/// How far the larger build of the page has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Rest {
    /// It could not be loaded.
    Failed,
    /// It is on its way.
    Loading,
    /// Nobody has asked for it yet.
    #[default]
    Unasked,
}

/// What is open on top of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(
    not(feature = "full"),
    expect(dead_code, reason = "only the larger build knows the addresses of rules")
)]
pub(crate) enum Dialog {
    /// The examples.
    Examples,
    /// The checks that are kept in this browser.
    #[cfg(feature = "full")]
    History,
    /// The inputs of a result that was opened.
    #[cfg(feature = "full")]
    Imported,
    /// Nothing.
    #[default]
    None,
    /// The explanation of a rule, by code; nothing for the list of all rules.
    Rule(Option<&'static str>),
    /// The share dialog.
    Share,
}

/// How far the file with the rules' explanations has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Explanations {
    /// It could not be loaded.
    Failed,
    /// There was nothing to explain yet.
    #[default]
    Unasked,
    /// It is on its way.
    Loading,
    /// It is there.
    Loaded,
}

/// Bytes that come from elsewhere than the field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Opened {
    /// The bytes; nothing when only settings came.
    pub(crate) bytes: Option<Vec<u8>>,
    /// Whether their line ends are what senders see.
    pub(crate) line_ends_known: bool,
    /// The name of the file that they are from.
    pub(crate) file_name: Option<String>,
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
    /// The explanations came, or didn't; unasked to try again.
    Explanations(Explanations),
    /// Apply the fix of an item.
    Fix(usize),
    /// Apply all safe fixes.
    FixAll,
    /// What only this build can do.
    #[cfg(feature = "full")]
    Full(crate::full::Change),
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
    /// Give the field this text.
    #[cfg(feature = "full")]
    Put(Vec<u8>),
    /// Ask the larger build for something.
    Request(Request),
    /// The larger build is on its way, or could not be loaded; unasked to try again.
    Rest(Rest),
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
            dialogs: 0,
            explanations: Explanations::default(),
            request: None,
            rest: Rest::default(),
            #[cfg(feature = "full")]
            full: crate::full::Shown::default(),
            previous: None,
            origins: Vec::new(),
        }
    }

    /// The page as another build of it was.
    #[cfg(any(test, feature = "full"))]
    pub(crate) fn resumed(
        source: Rc<Source>,
        settings: Settings,
        origins: Vec<Rc<Source>>,
    ) -> Self {
        let analysis = Rc::new(Analysis::of(&source, &settings));
        let linted = Rc::clone(&source);
        Self { source, linted, settings, analysis, origins, ..Self::new("") }
    }

    /// Exact texts that the browser's undo may bring back.
    #[cfg(any(test, not(feature = "full")))]
    pub(crate) fn origins(&self) -> &[Rc<Source>] {
        &self.origins
    }

    /// Whether the larger build of the page is to be loaded now.
    #[cfg(not(feature = "full"))]
    pub(crate) fn wants_rest(&self) -> bool {
        (self.request.is_some() || self.is_beyond()) && self.rest == Rest::Unasked
    }

    /// Whether a long text waits for [`Action::Lint`].
    pub(crate) fn is_stale(&self) -> bool {
        !Rc::ptr_eq(&self.source, &self.linted)
    }

    /// Whether another build of the page has to check the text.
    pub(crate) fn is_beyond(&self) -> bool {
        !self.is_blank() && self.too_big.is_none() && self.analysis.beyond
    }

    /// Whether that build is on its way.
    pub(crate) fn is_waiting(&self) -> bool {
        self.is_beyond() && self.rest != Rest::Failed
    }

    /// What changed since the text was checked.
    pub(crate) fn change(&self) -> Option<Change> {
        self.is_stale().then(|| Change::between(&self.linted.bytes, &self.source.bytes))
    }

    /// Whether there is nothing to say about the field.
    pub(crate) fn is_blank(&self) -> bool {
        self.too_big.is_none() && self.source.is_blank()
    }

    /// Whether the explanations are to be loaded now.
    pub(crate) fn wants_explanations(&self) -> bool {
        let listed = !self.is_blank() && self.analysis.len() > 0;
        #[cfg(feature = "full")]
        let listed = listed || crate::full::live_has_findings(self);
        let shown = listed || matches!(self.dialog, Dialog::Rule(Some(_)));
        shown && self.explanations == Explanations::Unasked
    }

    /// Does what an action asks for. Returns whether anything changed: the pointer and the caret
    /// move often and mostly change nothing.
    pub(crate) fn change_by(&mut self, action: Action) -> bool {
        match action {
            Action::Caret(at, clicked) => return self.caret(at, clicked),
            Action::Dismiss => {
                self.notice = None;
                if self.rest == Rest::Failed {
                    self.request = None;
                }
            }
            Action::Domain(domain, ascii_domain) => {
                self.settings.domain = domain;
                self.settings.ascii_domain = ascii_domain;
                self.lint();
            }
            Action::Explanations(explanations) => self.explanations = explanations,
            Action::Fix(item) => return self.fix(item),
            Action::FixAll => self.fix_all(),
            #[cfg(feature = "full")]
            Action::Full(change) => crate::full::change(self, change),
            Action::Hover(item) => return replaced(&mut self.hovered, item),
            Action::Invisible(invisible) => self.invisible = invisible,
            Action::Kind(kind) => {
                self.settings.kind = kind;
                self.lint();
            }
            Action::Lint => self.lint(),
            Action::More => self.listed += LISTED,
            Action::Notice(notice) => self.notice = Some(notice),
            Action::Open(opened) => self.open(opened),
            #[cfg(feature = "full")]
            Action::Put(bytes) => {
                self.notice = None;
                self.set_exact(bytes, false, None);
            }
            Action::Request(request) => {
                self.request = Some(request);
                self.rest(Rest::Unasked);
            }
            Action::Rest(rest) => self.rest(rest),
            Action::Restore => self.restore(),
            Action::Select(item) => self.select(item),
            Action::Show(dialog) if !cfg!(feature = "full") => {
                return self.change_by(Action::Request(Request::Dialog(dialog)));
            }
            Action::Show(Dialog::None) => return replaced(&mut self.dialog, Dialog::None),
            Action::Show(dialog) => {
                self.dialog = dialog;
                self.dialogs += 1;
            }
            Action::Step(forward, at) => return self.step(forward, at),
            Action::TooBig(size) => self.refuse(size),
            Action::Typed(text) if text.len() > limit(&text) => self.refuse(text.len()),
            Action::Typed(text) => return self.typed(&text),
        }
        true
    }

    fn rest(&mut self, rest: Rest) {
        // A request while it loads is answered when it is there.
        if rest == Rest::Unasked && self.rest == Rest::Loading {
            return;
        }
        self.rest = rest;
        let told = self.notice.as_ref().is_some_and(|notice| notice.retry);
        if rest == Rest::Failed {
            let notice = Notice::problem(
                "This needs a part of stslint that could not be loaded: either you are offline, or the host of \
                 this page has trouble. Your text is as it was, and policies and records are still checked.",
            );
            self.notice = Some(Notice { retry: true, ..notice });
        } else if told {
            self.notice = None;
        }
    }

    fn lint(&mut self) {
        let current = self.current.and_then(|item| self.analysis.finding(item));
        let current = current.map(|f| (f.rule.code, f.span.start));
        let was_beyond = self.is_beyond();
        self.analysis = Rc::new(Analysis::of(&self.source, &self.settings));
        if self.rest == Rest::Failed && !was_beyond && self.is_beyond() {
            // Another reason, another try.
            self.rest(Rest::Unasked);
        }
        self.linted = Rc::clone(&self.source);
        self.hovered = None;
        self.listed = LISTED;
        // The current finding stays current where it is still there.
        self.current = current.and_then(|(code, start)| {
            self.analysis.findings().position(|f| f.rule.code == code && f.span.start == start)
        });
    }

    fn set_source(&mut self, source: Rc<Source>) {
        self.too_big = None;
        let at_once = source.bytes.len() <= AT_ONCE || !source.typed;
        self.source = source;
        if at_once {
            self.lint();
        }
    }

    /// Puts bytes of the page's own making into the field.
    fn set_exact(&mut self, bytes: Vec<u8>, line_ends_known: bool, file_name: Option<String>) {
        // What the browser's undo may bring back.
        self.remember(Rc::clone(&self.source));
        let mut source = Source::exact(bytes, line_ends_known, &self.source);
        source.file_name = file_name;
        let source = Rc::new(source);
        self.remember(Rc::clone(&source));
        self.set_source(source);
    }

    fn remember(&mut self, source: Rc<Source>) {
        let kept = |known: &Rc<Source>| known.display.text != source.display.text;
        self.origins.retain(kept);
        if self.origins.len() == ORIGINS {
            self.origins.remove(0);
        }
        self.origins.push(source);
    }

    fn typed(&mut self, text: &str) -> bool {
        if self.source.display.text == text && self.too_big.is_none() {
            return false;
        }
        let known = self.origins.iter().find(|source| source.display.text == text).cloned();
        let source = known.unwrap_or_else(|| Rc::new(Source::typed(text, &self.source)));
        self.set_source(source);
        true
    }

    fn refuse(&mut self, size: usize) {
        self.set_source(Rc::default());
        self.too_big = Some(size);
    }

    fn open(&mut self, opened: Opened) {
        self.settings = opened.settings;
        self.invisible |= opened.invisible;
        self.dialog = Dialog::None;
        self.current = None;
        let mut notice = Notice::note(["Opened ", &opened.what, "."].concat());
        match opened.bytes {
            Some(bytes) => {
                if !self.is_blank() && self.source.typed && self.source.bytes != bytes {
                    self.previous = Some(Rc::clone(&self.source));
                    notice.text.push_str(" It replaced your text.");
                    notice.undo = true;
                }
                self.set_exact(bytes, opened.line_ends_known, opened.file_name);
            }
            None => self.lint(),
        }
        self.notice = Some(notice);
    }

    fn fix(&mut self, item: usize) -> bool {
        let fix = self.analysis.finding(item).and_then(|f| f.fix.as_ref());
        let Some(fix) = fix.filter(|_| !self.is_stale()) else { return false };
        let bytes = fix.apply(&self.source.bytes);
        self.current = None;
        self.notice = None;
        self.set_exact(bytes, self.source.line_ends_known, self.source.file_name.clone());
        true
    }

    fn fix_all(&mut self) {
        let bytes = fix::apply_safe(&self.settings.input(&self.source));
        self.current = None;
        self.previous = Some(Rc::clone(&self.source));
        let notice = Notice::note("All safe fixes are applied.".into());
        self.notice = Some(Notice { undo: true, ..notice });
        self.set_exact(bytes, self.source.line_ends_known, self.source.file_name.clone());
    }

    fn caret(&mut self, utf16: usize, clicked: bool) -> bool {
        let at = self.source.display.byte(utf16);
        let here = self.current.and_then(|item| self.analysis.finding(item)).map(|f| f.span);
        let stays = here.is_some_and(|span| span.start <= at && at <= span.end);
        if self.is_stale() || !clicked && stays {
            return false;
        }
        let changed = replaced(&mut self.current, self.analysis.item_at(at));
        if clicked && self.current.is_some() {
            self.reveal(true);
            return true;
        }
        changed
    }

    fn step(&mut self, forward: bool, utf16: usize) -> bool {
        let from = match self.current {
            Some(item) => Place::Item(item),
            None => Place::Offset(self.source.display.byte(utf16)),
        };
        let next = self.analysis.neighbour(from, forward).filter(|_| !self.is_stale());
        if let Some(item) = next {
            self.select(item);
        }
        next.is_some()
    }

    fn select(&mut self, item: usize) {
        self.current = Some(item);
        self.listed = self.listed.max(item + 1);
        self.reveal(false);
    }

    fn reveal(&mut self, in_list: bool) {
        self.reveal = Reveal { number: self.reveal.number.wrapping_add(1), in_list };
    }

    fn restore(&mut self) {
        self.notice = None;
        if let Some(previous) = self.previous.take() {
            // Not `typed`: the field has to be given this text again.
            let (bytes, name) = (previous.bytes.clone(), previous.file_name.clone());
            self.set_exact(bytes, previous.line_ends_known, name);
        }
    }
}

/// Sets a part of the state. Returns whether it was another before.
fn replaced<T: PartialEq>(part: &mut T, value: T) -> bool {
    let changed = *part != value;
    *part = value;
    changed
}

#[cfg(test)]
mod tests;

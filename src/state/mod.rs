//! The state of the page, and how actions change it. Pure: what the browser has to do, [`State::update`] returns as
//! commands.

mod chunks;
mod command;
mod places;

pub(crate) use chunks::{
    Build, Carry, Check, Chunk, ChunkName, Chunks, Intake, Link, Loaded, Missing, Reports, Rules,
    Senders, Share,
};
pub(crate) use command::Command;
pub(crate) use places::{Arrival, Places};

use crate::request::{
    Article, Batch, Dialog, Found, Notice, Opened, Packed, Proposal, Remedy, Request,
};
use crate::route::Route;
use crate::text::{Analysis, Forms, Given, LIMIT, Text};
use crate::tools::{build, check, lint, reports, rules, senders, share};
use crate::ui::element::{Handler, handler};
use crate::ui::finding::Explanations;
use crate::ui::replaced;
use std::any::Any;
use std::rc::Rc;
use stslint::detect::could_be_domain;
use stslint::{Artefact, Declared, Kind};
use web_sys::File;
use yew::{Callback, Html};

/// How everything acts on the state.
pub(crate) type Dispatcher = Callback<Action>;

/// What a part of the page is drawn from. Parts are plain functions: a component costs some KiB and pays only where
/// drawing again is expensive.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    /// The state.
    pub(crate) state: &'a State,
    /// The way to change it.
    pub(crate) dispatcher: &'a Dispatcher,
    /// What is shown as long as there is no text.
    pub(crate) start: &'a Html,
}

impl View<'_> {
    /// What a button does.
    pub(crate) fn act(&self, action: impl Into<Action>) -> Handler {
        act(self.dispatcher, action.into())
    }
}

/// What a button does.
pub(crate) fn act(dispatcher: &Dispatcher, action: Action) -> Handler {
    let dispatcher = dispatcher.clone();
    handler(move |_| dispatcher.emit(action.clone()))
}

/// Everything the page shows.
#[derive(Debug)]
pub(crate) struct State {
    /// Where the page is.
    pub(crate) places: Places,
    /// The text in the field.
    pub(crate) text: Text,
    /// Where the user is in its findings.
    pub(crate) lint: lint::state::State,
    /// Checks of domains: what they keep is theirs alone, so that the page can start without their code.
    pub(crate) check: Box<dyn Any>,
    /// Which rules are listed.
    pub(crate) rules: rules::state::State,
    /// What was opened.
    pub(crate) share: share::state::State,
    /// Reports, as `check`.
    pub(crate) reports: Box<dyn Any>,
    /// The choices of what to publish, as `check`.
    pub(crate) build: Box<dyn Any>,
    /// What is shown of senders, as `check`.
    pub(crate) senders: Box<dyn Any>,
    /// What is proposed for a domain to publish, while it is no text.
    pub(crate) proposal: Option<Proposal>,
    /// What the page has to tell.
    pub(crate) notice: Option<Notice>,
    /// What is read in place of the text.
    pub(crate) article: Option<Article>,
    /// What an earlier version found in what was opened, until it can be compared.
    found: Option<Found>,
    /// What is open on top.
    pub(crate) dialog: Dialog,
    /// Counts the requests for a dialog. The browser closes one before it tells, so a request for
    /// what seems to be open may be for something that is not.
    pub(crate) dialogs: u32,
    /// Whether the rules' explanations are there.
    pub(crate) explanations: Explanations,
    /// The parts of the program that are loaded when they are first needed.
    pub(crate) chunks: Chunks,
    /// What waits for one of them.
    deferred: Vec<Action>,
}

/// What can happen.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// Something happened to a check.
    Check(Rc<dyn Any>),
    /// The browser shows another step of the tab's history.
    Arrived(Arrival),
    /// What a place led to came, and may come late: do it if the user is still there.
    At(Route, Box<Action>),
    /// The notice was read.
    Dismiss,
    /// The policy domain was entered: as written, and as A-labels.
    Domain(String, Option<String>),
    /// Check the domain in the field.
    Enter,
    /// The explanations came, or didn't; unasked to try again.
    Explanations(Explanations),
    /// Apply the fix of an item.
    Fix(usize),
    /// The user gave files to open.
    Files(Rc<[File]>),
    /// Open a file in the editor.
    File(File),
    /// Read what may hold reports.
    Gather(Batch),
    /// JSON came, from a file of this name or pasted if it has none. It may be a result of stslint.
    Import(String, Vec<u8>),
    /// Read the text as this.
    ReadAs(Option<Declared>),
    /// Something happened to what is shown of the findings.
    Lint(lint::state::Action),
    /// A part of the program came.
    Loaded(Loaded),
    /// A part of the program did not come.
    Missing(ChunkName, Missing),
    /// A tool, or the browser, asks for something.
    Request(Request),
    /// A long text has come to rest: check it.
    Rest,
    /// Something happened to reports.
    Reports(Rc<dyn Any>),
    /// Something happened to the choices of what to publish.
    Build(Rc<dyn Any>),
    /// Something happened to what is shown of senders.
    Senders(Rc<dyn Any>),
    /// Apply all safe fixes, and then decide about one suggestion after the other.
    Repair,
    /// Bring back the user's text.
    Restore,
    /// Try again to load what could not be loaded.
    Retry,
    /// Something happened to the list of rules.
    Rules(rules::state::Action),
    /// Something happened to what was opened.
    Share(share::state::Action),
    /// The field holds so many characters, too many to read.
    TooBig(usize),
    /// The field has this text.
    Typed(String),
    /// Something came that may hold others, from a file of this name or pasted.
    Unpack(Packed),
}

impl From<Request> for Action {
    fn from(request: Request) -> Self {
        Self::Request(request)
    }
}

impl From<check::state::Action> for Action {
    fn from(action: check::state::Action) -> Self {
        Self::Check(Rc::new(action))
    }
}

impl From<reports::state::Action> for Action {
    fn from(action: reports::state::Action) -> Self {
        Self::Reports(Rc::new(action))
    }
}

impl From<build::state::Action> for Action {
    fn from(action: build::state::Action) -> Self {
        Self::Build(Rc::new(action))
    }
}

impl From<senders::state::Action> for Action {
    fn from(action: senders::state::Action) -> Self {
        Self::Senders(Rc::new(action))
    }
}

/// What an action came to.
#[derive(Debug, Default)]
pub(crate) struct Update {
    /// Whether there is something else to show.
    pub(crate) changed: bool,
    /// What the browser has to do.
    pub(crate) commands: Vec<Command>,
}

impl State {
    /// The page with the text that was in the field before it started.
    pub(crate) fn new(text: &str, given: Given) -> Self {
        Self {
            places: Places::default(),
            text: Text::new(text, given),
            lint: lint::state::State::default(),
            check: Box::new(()),
            rules: rules::state::State::default(),
            share: share::state::State::default(),
            reports: Box::new(()),
            build: Box::new(()),
            senders: Box::new(()),
            proposal: None,
            notice: None,
            article: None,
            found: None,
            dialog: Dialog::None,
            dialogs: 0,
            explanations: Explanations::default(),
            chunks: Chunks::default(),
            deferred: Vec::new(),
        }
    }

    /// Whether what reads the text is on its way.
    pub(crate) fn is_waiting(&self) -> bool {
        self.text.is_beyond() && !matches!(self.chunks.forms, Chunk::Missing)
    }

    /// Whether what the address asks for is shown, or it asks for nothing.
    pub(crate) fn is_there(&self) -> bool {
        let is_shown = match self.article {
            // A rule comes after what draws it.
            Some(article) => article != Article::Rules || self.chunks.rules.loaded().is_some(),
            None => {
                let text = !self.text.is_blank() && !self.is_waiting();
                text || self.dialog != Dialog::None || self.is_idle()
            }
        };
        is_shown || self.notice.is_some() && !self.is_waiting()
    }

    /// Whether the page is at a place that has nothing but the field, and nothing else is on its way: whoever was sent to another
    /// one may have left it before that was there.
    fn is_idle(&self) -> bool {
        let is_field = matches!(self.places.route, Route::Start | Route::Text);
        self.places.begun && is_field && self.deferred.is_empty()
    }

    /// Does what an action asks for.
    pub(crate) fn update(&mut self, action: Action) -> Update {
        let action = match action {
            Action::Unpack(packed) if !packed.alone && self.is_at_reports() => {
                Action::Gather(Batch::Bytes(packed.name, packed.bytes))
            }
            action => action,
        };
        let mut update = Update { changed: true, commands: Vec::new() };
        let waits_for = self.chunks.missing_for(&action);
        if waits_for.is_empty() {
            update.changed = self.act(action, &mut update.commands);
            self.places.note(&self.text);
        } else {
            for name in waits_for {
                self.ask(name, &mut update.commands);
            }
            self.deferred.push(action);
        }
        if self.wants_explanations() {
            self.explanations = Explanations::Loading;
            update.commands.push(Command::LoadExplanations);
        }
        update
    }

    /// Whether the reports are shown, or will be once what shows them is there.
    fn is_at_reports(&self) -> bool {
        let shows = |action: &Action| {
            matches!(
                action,
                Action::Request(
                    Request::Read(Article::Reports) | Request::Follow(Route::Reports(_))
                )
            )
        };
        self.article == Some(Article::Reports) || self.deferred.iter().any(shows)
    }

    /// Whether the explanations are to be loaded now.
    fn wants_explanations(&self) -> bool {
        let listed = || !self.text.is_blank() && self.text.analysis.len() > 0;
        let checked = || self.chunks.check.loaded().is_some_and(|check| (check.has_findings)(self));
        self.explanations == Explanations::Unasked
            && (matches!(self.dialog, Dialog::Rule(_))
                || matches!(self.article, Some(Article::Rule(_)))
                || listed()
                || checked())
    }

    /// Has a part of the program loaded, unless it is on its way.
    fn ask(&mut self, name: ChunkName, commands: &mut Vec<Command>) {
        if self.chunks.begin(name) {
            commands.push(Command::Load(name));
        }
    }

    /// Returns whether anything changed: the pointer and the caret move often and mostly change nothing.
    fn act(&mut self, action: Action, commands: &mut Vec<Command>) -> bool {
        match action {
            Action::Check(action) => {
                if let Some(check) = self.chunks.check.loaded() {
                    let requests = (check.update)(&mut *self.check, action, &self.text);
                    self.serve(requests, commands);
                }
            }
            Action::Arrived(arrival) => self.arrived(arrival, commands),
            Action::At(route, action) => {
                // What is read on top of the place stays there.
                if self.places.route != route || self.article.is_some() {
                    return false;
                }
                self.later(*action, commands);
            }
            Action::Dismiss => {
                // Whoever does not want to try again is not surprised by what comes later.
                if self.notice.take().is_some_and(|notice| notice.remedy == Some(Remedy::Retry)) {
                    self.deferred.clear();
                }
            }
            Action::Domain(domain, ascii_domain) => self.change(commands, |text| {
                text.settings.domain = domain;
                text.settings.ascii_domain = ascii_domain;
                text.lint();
            }),
            Action::Enter => commands.push(Command::Enter),
            Action::Explanations(explanations) => self.explanations = explanations,
            Action::Files(files) => match &files[..] {
                [one] if !self.is_at_reports() => {
                    commands.push(Command::ReadFile(one.clone(), false));
                }
                _ => self.later(Action::Gather(Batch::Files(files)), commands),
            },
            Action::File(file) => commands.push(Command::ReadFile(file, true)),
            Action::Gather(batch) => {
                // The address of a link names them already, and nothing narrower.
                if matches!(batch, Batch::Link(_)) {
                    self.follow(Route::Reports(String::new()), commands);
                }
                commands.push(Command::Gather(batch));
            }
            Action::Reports(action) => {
                if let Some(reports) = self.chunks.reports.loaded() {
                    let requests = (reports.update)(&mut *self.reports, action);
                    self.serve(requests, commands);
                }
            }
            Action::Build(action) => {
                if let Some(build) = self.chunks.build.loaded() {
                    (build.update)(&mut *self.build, action);
                }
            }
            Action::Senders(action) => {
                if let Some(senders) = self.chunks.senders.loaded() {
                    (senders.update)(&mut *self.senders, action);
                }
            }
            Action::Fix(item) => return self.fix(item, commands),
            Action::Repair => self.repair(commands),
            Action::ReadAs(declared) => self.change(commands, |text| {
                text.settings.declared = declared;
                text.lint();
            }),
            Action::Lint(action) => return self.lint.update(&action, &self.text),
            Action::Loaded(loaded) => self.loaded(loaded, commands),
            Action::Missing(name, why) => self.missing(name, why),
            Action::Import(name, bytes) => commands.push(Command::Import(name, bytes)),
            Action::Unpack(packed) => commands.push(Command::Unpack(packed)),
            Action::Request(request) => return self.request(request, commands),
            Action::Rest if !self.text.is_stale() => {}
            Action::Rest => self.edit(commands, Text::lint),
            Action::Restore => {
                self.notice = None;
                self.lint.update(&lint::state::Action::Stop, &self.text);
                self.change(commands, Text::restore);
            }
            Action::Retry => {
                self.notice = None;
                for name in self.chunks.gone() {
                    self.ask(name, commands);
                }
            }
            Action::Rules(action) => {
                if let Some(rules) = self.chunks.rules.loaded() {
                    let requests = (rules.update)(&mut self.rules, action);
                    self.serve(requests, commands);
                }
            }
            Action::Share(action) => {
                if let Some(share) = self.chunks.share.loaded() {
                    let requests = (share.update)(&mut self.share, action);
                    self.serve(requests, commands);
                }
            }
            Action::TooBig(size) => self.change(commands, |text| text.refuse(size)),
            Action::Typed(typed) if typed.len() > LIMIT => {
                self.change(commands, |text| text.refuse(typed.len()));
            }
            Action::Typed(typed) => {
                if self.text.is(&typed) {
                    return false;
                }
                self.found = None;
                // Who writes decides nothing else, and what was said of a repair is true of the text before.
                self.lint.update(&lint::state::Action::Stop, &self.text);
                self.notice = self.notice.take().filter(|notice| notice.problem);
                self.change(commands, |text| text.typed(&typed));
            }
        }
        true
    }

    /// Changes the text; what is shown of its findings follows, and what it takes to read it is loaded.
    fn edit(&mut self, commands: &mut Vec<Command>, edit: impl FnOnce(&mut Text)) {
        let mark = self.lint.mark(&self.text);
        let before = (Rc::clone(&self.text.analysis), self.text.is_beyond());
        edit(&mut self.text);
        self.edited(mark, before, commands);
    }

    /// Follows an edit: `before` are the analysis and whether it was of a text that can't be read.
    fn edited(
        &mut self,
        mark: Option<lint::state::Mark>,
        (before, was_beyond): (Rc<Analysis>, bool),
        commands: &mut Vec<Command>,
    ) {
        if !Rc::ptr_eq(&before, &self.text.analysis) {
            self.lint.follow(mark, &self.text);
        }
        // What could not be loaded is tried again for another reason only.
        let again = !was_beyond || matches!(self.chunks.forms, Chunk::Unasked);
        if self.text.is_beyond() && again {
            self.ask(ChunkName::Forms, commands);
        }
        // Whoever types a domain, or pastes a list of them, is about to have it checked, and wants to know by whom.
        let of_domains = |artefact: &Artefact| artefact.kind == Kind::Domain;
        let domain = could_be_domain(&self.text.source.display.text)
            || self.text.analysis.report.artefacts.iter().any(of_domains);
        if domain && !self.text.is_blank() && matches!(self.chunks.check, Chunk::Unasked) {
            self.ask(ChunkName::Check, commands);
        }
    }

    fn serve(&mut self, requests: Vec<Request>, commands: &mut Vec<Command>) {
        for request in requests {
            self.later(request.into(), commands);
        }
    }

    fn request(&mut self, request: Request, commands: &mut Vec<Command>) -> bool {
        match request {
            Request::Back => commands.push(Command::Back),
            Request::CheckDomain(domain, draft) => {
                self.dialog = Dialog::None;
                commands.push(Command::Check(domain, draft));
            }
            Request::Explain(code) if self.article.is_some() => {
                self.article = Some(Article::Rule(code));
            }
            Request::Explain(code) => {
                self.later(Request::Show(Dialog::Rule(code)).into(), commands);
            }
            Request::Follow(route) => return self.follow(route, commands),
            Request::Gather(batch) => self.later(Action::Gather(batch), commands),
            Request::Go(route) => self.go(route, commands),
            Request::Leave => {
                self.article = None;
                commands.push(Command::LeaveTop);
            }
            Request::Notice(notice) => self.notice = Some(notice),
            Request::Open(opened) => self.open(opened, commands),
            Request::Propose(proposal) => {
                self.later(Request::Show(Dialog::Publish).into(), commands);
                self.proposal = Some(proposal);
            }
            Request::Read(article) => {
                self.dialog = Dialog::None;
                self.article = Some(article);
            }
            Request::Show(Dialog::None) => {
                if self.article.is_none() {
                    commands.push(Command::LeaveTop);
                }
                return replaced(&mut self.dialog, Dialog::None);
            }
            Request::Show(dialog) => {
                self.proposal = None;
                self.dialog = dialog;
                self.dialogs += 1;
            }
            Request::Visit(route) => commands.push(Command::Visit(route)),
            Request::Snapshot(mut opened) => {
                let place = opened.place.take();
                let check = self.chunks.check.loaded();
                match check.and_then(|check| (check.open)(&opened)) {
                    Some(action) => self.later(action, commands),
                    None => self.open(opened, commands),
                }
                commands.extend(place.map(Command::Visit));
            }
        }
        true
    }

    /// Does what an action asks for, once what does it is there.
    fn later(&mut self, action: Action, commands: &mut Vec<Command>) {
        let update = self.update(action);
        commands.extend(update.commands);
    }

    fn loaded(&mut self, loaded: Loaded, commands: &mut Vec<Command>) {
        let forms = match loaded {
            Loaded::Forms(forms) => Some(forms),
            _ => None,
        };
        match loaded {
            Loaded::Build(it) => begin(&mut self.build, &self.chunks.build, it.begin),
            Loaded::Check(it) => begin(&mut self.check, &self.chunks.check, it.begin),
            Loaded::Reports(it) => begin(&mut self.reports, &self.chunks.reports, it.begin),
            Loaded::Senders(it) => begin(&mut self.senders, &self.chunks.senders, it.begin),
            _ => {}
        }
        self.chunks.put(loaded);
        if self.chunks.gone().is_empty()
            && self.notice.as_ref().is_some_and(|notice| notice.remedy == Some(Remedy::Retry))
        {
            self.notice = None;
        }
        if let Some(forms) = forms {
            self.read_with(forms, commands);
        }
        for action in std::mem::take(&mut self.deferred) {
            self.later(action, commands);
        }
    }

    fn read_with(&mut self, forms: &'static Forms, commands: &mut Vec<Command>) {
        let is_beyond = self.text.is_beyond();
        self.edit(commands, |text| {
            text.forms = Some(forms);
            if is_beyond {
                text.lint();
            }
        });
        self.compare();
    }

    fn missing(&mut self, name: ChunkName, why: Missing) {
        self.chunks.fail(name);
        let (text, remedy) = match why {
            Missing::Failed => (
                "This needs a part of stslint that could not be loaded: either you are offline, or the host of \
                 this page has trouble. Your text is as it was, and policies and records are still checked.",
                Remedy::Retry,
            ),
            Missing::Stale => (
                "This page was updated since you opened it, and the part of it that this needs is gone. Copy your \
                 text, then load the page again.",
                Remedy::Reload,
            ),
        };
        self.notice = Some(Notice { remedy: Some(remedy), ..Notice::problem(text) });
    }

    fn open(&mut self, opened: Opened, commands: &mut Vec<Command>) {
        self.lint.invisible |= opened.invisible;
        // Whoever wants to share while a link is unpacked shares what it holds.
        if self.dialog != Dialog::Share {
            self.dialog = Dialog::None;
        }
        self.article = None;
        self.lint.current = None;
        if !opened.here && opened.bytes.is_some() {
            // Another text is another step.
            match self.text.is_blank() {
                true => self.go(Route::Text, commands),
                false => self.begin(Route::Text, commands),
            }
        }
        let is_empty = opened.bytes.as_ref().is_some_and(|bytes| bytes.trim_ascii().is_empty());
        let mut notice = match is_empty {
            true => Notice::problem(["There is nothing in ", &opened.what, "."].concat()),
            false => Notice::note(["Opened ", &opened.what, "."].concat()),
        };
        let found = opened.found;
        self.edit(commands, |text| {
            text.settings = opened.settings;
            match opened.bytes {
                Some(bytes) => {
                    if !text.is_blank()
                        && text.source.typed
                        && text.source.bytes != bytes
                        && !opened.what.is_empty()
                    {
                        text.keep();
                        notice.text.push_str(" It replaced your text.");
                        notice.remedy = Some(Remedy::Restore);
                    }
                    text.put(bytes, opened.line_ends_known, opened.file_name);
                }
                None => text.lint(),
            }
        });
        self.notice = Some(notice).filter(|_| !opened.what.is_empty());
        self.found = found;
        self.compare();
        commands.extend(opened.place.map(Command::Visit));
    }

    /// Says how what was opened differs from what an earlier version found, once it can be read: before that, it would
    /// seem to have nothing of it.
    fn compare(&mut self) {
        if let Some(Found { codes }) = self.found.take_if(|_| !self.text.is_beyond())
            && let Some(share) = self.chunks.share.loaded()
            && let Some(notice) = &mut self.notice
        {
            notice.text.push(' ');
            notice.text += &(share.difference)(codes.as_deref(), &self.text.analysis);
        }
    }

    fn repair(&mut self, commands: &mut Vec<Command>) {
        self.lint.current = None;
        let safe = self.text.analysis.safe_fixes;
        if safe > 0 {
            self.change(commands, Text::fix_all);
            let words = match safe {
                1 => "The safe repair is done.".into(),
                _ => format!("{safe} safe repairs are done."),
            };
            self.notice = Some(Notice { remedy: Some(Remedy::Restore), ..Notice::note(words) });
        }
        self.lint.walk(&self.text);
    }

    fn fix(&mut self, item: usize, commands: &mut Vec<Command>) -> bool {
        let fix = self.text.analysis.finding(item).and_then(|f| f.fix.as_ref());
        let Some(fix) = fix.filter(|_| !self.text.is_stale()) else { return false };
        let bytes = fix.apply(&self.text.source.bytes);
        self.lint.current = None;
        self.notice = None;
        let decided = self.lint.deciding(&self.text) == Some(item);
        self.change(commands, |text| text.repair(bytes));
        if decided {
            self.lint.walk_on(&self.text);
        }
        true
    }
}

/// What a tool keeps begins when its part of the program comes for the first time.
fn begin<T>(kept: &mut Box<dyn Any>, part: &Chunk<T>, begin: fn() -> Box<dyn Any>) {
    if part.loaded().is_none() {
        *kept = begin();
    }
}

#[cfg(test)]
pub(crate) mod tests;

//! The steps of this tab's history: at which place each is, what stood in the field there, and how one gets from one to
//! another.

use super::{Action, Command, State};
use crate::request::{Article, Dialog, Request};
use crate::route::Route;
use crate::text::{Draft, Text};
use crate::tools::{rules, share};
use std::rc::Rc;
use stslint::share::carries_reports;

/// Steps whose text is kept in memory; those before them have theirs in the browser's storage.
const DRAFTS: usize = 64;

/// Where the page is, and was.
#[derive(Debug)]
pub(crate) struct Places {
    /// The step that is shown.
    pub(crate) here: u32,
    /// Its place, or that below it where it is on top.
    pub(crate) route: Route,
    next: u32,
    /// Whether the browser has told where the page is.
    pub(crate) begun: bool,
    /// By the number of the step; the latest last.
    drafts: Vec<(u32, Draft)>,
}

/// A step that the browser shows from now on.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Arrival {
    /// Its number, if it had one.
    pub(crate) step: Option<u32>,
    /// The first number that no step of this tab has.
    pub(crate) next: u32,
    /// Its place.
    pub(crate) route: Route,
    /// What stood in the field, as [`Draft::written`] has it.
    pub(crate) kept: Option<String>,
}

impl Default for Places {
    fn default() -> Self {
        Self { here: 0, route: Route::Start, next: 1, begun: false, drafts: Vec::new() }
    }
}

impl Places {
    /// Begins a step at another place. Gives its number.
    pub(crate) fn push(&mut self, route: Route) -> u32 {
        self.route = route;
        self.here = self.next;
        self.next += 1;
        self.here
    }

    /// Takes a step that the browser shows. Gives whether it is the first that this page shows, and the draft of it if
    /// there is one.
    pub(crate) fn take(&mut self, arrival: &Arrival) -> (bool, Option<Draft>) {
        self.next = self.next.max(arrival.next);
        self.here = arrival.step.unwrap_or(self.next);
        self.next = self.next.max(self.here + 1);
        let first = !std::mem::replace(&mut self.begun, true);
        // What was noted before belongs to no step.
        let known = self.draft().filter(|_| !first).cloned();
        (first, known.or_else(|| Draft::read(arrival.kept.as_deref()?)))
    }

    /// Keeps what stands in the field.
    pub(crate) fn note(&mut self, text: &Text) {
        let same = |draft: &Draft| {
            Rc::ptr_eq(&draft.source, &text.source) && draft.settings == text.settings
        };
        if text.too_big.is_none() && !self.draft().is_some_and(same) {
            let here = self.here;
            self.drafts.retain(|(step, _)| *step != here);
            self.drafts.push((here, Draft::of(text)));
            let over = self.drafts.len().saturating_sub(DRAFTS);
            self.drafts.drain(..over);
        }
    }

    /// What stands in the field at this step.
    pub(crate) fn draft(&self) -> Option<&Draft> {
        self.drafts.iter().rev().find(|(step, _)| *step == self.here).map(|(_, draft)| draft)
    }
}

impl State {
    /// Changes the text for the user, who may thereby leave the place.
    pub(super) fn change(&mut self, commands: &mut Vec<Command>, change: impl FnOnce(&mut Text)) {
        self.edit(commands, change);
        self.moved(commands);
    }

    /// An edit may lead to another place.
    fn moved(&mut self, commands: &mut Vec<Command>) {
        match &self.places.route {
            // It names another text.
            Route::Example(_) | Route::Shared(_) => {
                self.places.route = Route::Text;
                commands.push(Command::Replace(self.places.here, Route::Text));
            }
            Route::Desk(_) | Route::List if self.text.names_domains() => {}
            Route::Start | Route::Desk(_) | Route::List if self.text.is_blank() => {}
            // Where the page is, it is about to be told.
            _ if !self.places.begun => {}
            _ => self.go(Route::Text, commands),
        }
    }

    /// Begins a step at a place, unless the page is there with nothing on top of it.
    pub(super) fn go(&mut self, route: Route, commands: &mut Vec<Command>) {
        if self.places.route != route || self.article.is_some() {
            self.begin(route, commands);
        }
    }

    /// Begins a step at a place.
    pub(super) fn begin(&mut self, route: Route, commands: &mut Vec<Command>) {
        let step = self.places.push(route.clone());
        commands.push(Command::Push(step, route));
    }

    /// The browser shows another step: what stood in the field comes back, and what its address names is shown.
    pub(super) fn arrived(&mut self, arrival: Arrival, commands: &mut Vec<Command>) {
        let (first, draft) = self.places.take(&arrival);
        // What still waits for its part of the program would cover the place where the user is now.
        self.deferred.retain(|action| {
            !matches!(
                action,
                Action::Request(Request::Follow(_) | Request::Read(_) | Request::Show(_))
            )
        });
        let Arrival { step, route, .. } = arrival;
        if step.is_none() {
            commands.push(Command::Replace(self.places.here, route.clone()));
        }
        if route.is_on_top() {
            // What was told is about another place; what can still be done about it stays.
            self.notice = self.notice.take().filter(|notice| notice.remedy.is_some());
            // Whoever comes for a rule reads it; whoever comes from a text only looks at it.
            let nothing_else = first || self.text.is_blank() || self.text.code().is_some();
            if nothing_else && matches!(route, Route::Rule(_)) {
                self.article = Some(Article::Rules);
            }
            return self.later(Request::Follow(route).into(), commands);
        }
        self.dialog = Dialog::None;
        self.article = None;
        self.places.route = route.clone();
        // What was typed before the page started stays.
        let is_typed = first && !self.text.is_blank();
        let is_kept = |draft: &Draft| self.text.is(&draft.source.display.text);
        if is_typed
            && matches!(route, Route::Start | Route::Text)
            && !draft.as_ref().is_some_and(is_kept)
        {
            return self.change(commands, |_| {});
        }
        let Some(draft) = draft else {
            return self.later(Request::Follow(route).into(), commands);
        };
        if draft != Draft::of(&self.text) {
            self.notice = None;
            self.lint.current = None;
            self.edit(commands, |text| text.take(draft));
        }
        // A link that carries no text is followed again.
        let again = match &route {
            Route::Shared(link) => self.text.is_blank() || carries_reports(link),
            _ => false,
        };
        if again || matches!(route, Route::Desk(_) | Route::List) {
            self.later(Request::Follow(route).into(), commands);
        }
    }

    /// Shows a place of the tool that builds, with the choices in its address.
    fn follow_build(&mut self, query: &str, article: Article, commands: &mut Vec<Command>) {
        if let Some(build) = self.chunks.build.loaded() {
            (build.follow)(&mut *self.build, query);
        }
        self.later(Request::Read(article).into(), commands);
    }

    /// Shows what a place names.
    pub(super) fn follow(&mut self, route: Route, commands: &mut Vec<Command>) -> bool {
        match route {
            Route::Desk(_) | Route::List => commands.push(Command::Revisit(route)),
            Route::Example(slug) => {
                self.later(Action::Share(share::state::Action::Example(slug)), commands);
            }
            Route::Rule(code) => {
                self.later(Action::Rules(rules::state::Action::Rule(code)), commands);
            }
            Route::Examples => self.later(Request::Read(Article::Examples).into(), commands),
            Route::Text => {}
            Route::Reports(query) => {
                if let Some(reports) = self.chunks.reports.loaded() {
                    (reports.follow)(&mut *self.reports, &query);
                }
                self.later(Request::Read(Article::Reports).into(), commands);
            }
            Route::Rules(query) => {
                self.later(Action::Rules(rules::state::Action::List(query)), commands);
            }
            Route::Senders(query) => {
                if let Some(senders) = self.chunks.senders.loaded() {
                    (senders.follow)(&mut *self.senders, &query);
                }
                self.later(Request::Read(Article::Senders).into(), commands);
            }
            Route::Plan(query) => self.follow_build(&query, Article::Plan, commands),
            Route::Setup(query) => self.follow_build(&query, Article::Setup, commands),
            Route::Shared(text) => commands.push(Command::OpenShared(text)),
            Route::Start => {
                self.notice = None;
                self.edit(commands, |text| text.take(Draft::default()));
            }
        }
        true
    }
}

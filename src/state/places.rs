//! The steps of this tab's history: at which place each is, and what stood in the field there.

use crate::route::Route;
use crate::text::{Draft, Text};
use std::rc::Rc;

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
        }
    }

    /// What stands in the field at this step.
    pub(crate) fn draft(&self) -> Option<&Draft> {
        self.drafts.iter().rev().find(|(step, _)| *step == self.here).map(|(_, draft)| draft)
    }
}

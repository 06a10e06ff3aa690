//! What only the larger build shows, and how that changes. Pure, like the rest of the state.

use super::filter::Filter;
use super::import;
use super::live::{self, Live};
use crate::state::{Action, Dialog, State};
use std::rc::Rc;
use stslint::render::import::Imported;

/// What only the larger build shows.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    /// Which rules are listed.
    pub(super) filter: Filter,
    /// Checks of domains.
    pub(crate) live: Live,
    /// A result with several inputs, of which one is to be chosen.
    pub(super) imported: Option<Rc<Imported>>,
}

impl Shown {
    /// Takes what the user chose earlier.
    pub(crate) fn settle(&mut self, settings: live::Settings) {
        self.live.settings = settings;
    }
}

/// What can happen to it.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// Open the input of this number of the result.
    Choose(usize),
    /// List other rules.
    Filter(Filter),
    /// A result was opened.
    Import(Rc<Imported>),
    /// Something happened to a check.
    Live(Box<live::Change>),
    /// Show the list of rules.
    Rules(Filter),
}

impl From<live::Change> for Change {
    fn from(change: live::Change) -> Self {
        Self::Live(Box::new(change))
    }
}

/// Does what was asked for.
pub(crate) fn change(state: &mut State, change: Change) {
    match change {
        Change::Choose(number) => {
            if let Some(imported) = state.full.imported.take() {
                import::open(state, &imported, number);
            }
        }
        Change::Filter(filter) => state.full.filter = filter,
        Change::Import(imported) if imported.sources.len() == 1 => {
            import::open(state, &imported, 0);
        }
        Change::Import(imported) => {
            state.full.imported = Some(imported);
            state.change_by(Action::Show(Dialog::Imported));
        }
        Change::Live(change) => live::change(state, *change),
        Change::Rules(filter) => {
            state.full.filter = filter;
            state.change_by(Action::Show(Dialog::Rule(None)));
        }
    }
}

//! What happens in the browser becomes actions, and what the state asks for is done there.

mod dialog;
mod editor;
mod field;
mod links;

use crate::explanations;
use crate::state::{Action, Explanations, State};
use gloo_events::EventListener;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

pub(crate) use editor::read_file;
pub(crate) use links::close_dialog;

/// How everything acts on the state.
pub(crate) type Dispatcher = Callback<Action>;

/// The ties between the browser and the state, for as long as the page lives.
#[derive(Debug)]
pub(crate) struct Effects {
    listeners: Vec<EventListener>,
    dialog: dialog::DialogEffect,
    field: field::FieldEffects,
}

impl Effects {
    /// Nothing is tied yet.
    pub(crate) fn new(state: &State) -> Self {
        Self {
            listeners: Vec::new(),
            dialog: dialog::DialogEffect::default(),
            field: field::FieldEffects::new(state),
        }
    }

    /// After each drawing: brings the browser in step with the state.
    pub(crate) fn run(&mut self, state: &State, dispatcher: &Dispatcher) {
        if self.listeners.is_empty() {
            self.listeners = editor::listeners(dispatcher);
            self.listeners.extend(dialog::listeners(dispatcher));
            self.listeners.push(links::listener(dispatcher));
        }
        // Before the field: nothing outside of an open dialog can be edited.
        self.dialog.run(state);
        self.field.run(state, dispatcher);
        if state.wants_explanations() {
            load_explanations(dispatcher.clone());
        }
    }
}

fn load_explanations(dispatcher: Dispatcher) {
    dispatcher.emit(Action::Explanations(Explanations::Loading));
    spawn_local(async move {
        let loaded = explanations::load().await;
        let explanations = if loaded { Explanations::Loaded } else { Explanations::Failed };
        dispatcher.emit(Action::Explanations(explanations));
    });
}

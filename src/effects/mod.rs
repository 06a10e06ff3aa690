//! What happens in the browser becomes actions, and what the state asks for is done there.

mod editor;
mod field;
#[cfg(not(feature = "full"))]
mod rest;

use crate::explanations;
#[cfg(feature = "full")]
use crate::full;
#[cfg(feature = "full")]
use crate::state::Request;
use crate::state::{Action, Explanations, State};
use gloo_events::EventListener;
use wasm_bindgen_futures::spawn_local;
use yew::Callback;

pub(crate) use editor::read_file;
#[cfg(feature = "full")]
pub(crate) use editor::{open_bytes, refuse};

/// How everything acts on the state.
pub(crate) type Dispatcher = Callback<Action>;

/// The ties between the browser and the state, for as long as the page lives.
#[derive(Debug)]
pub(crate) struct Effects {
    listeners: Vec<EventListener>,
    #[cfg(feature = "full")]
    dialog: full::DialogEffect,
    #[cfg(feature = "full")]
    carrier: full::Carrier,
    field: field::FieldEffects,
}

impl Effects {
    /// Nothing is tied yet. `said` is what screen readers were told last.
    pub(crate) fn new(state: &State, said: String) -> Self {
        Self {
            listeners: Vec::new(),
            #[cfg(feature = "full")]
            dialog: full::DialogEffect::default(),
            #[cfg(feature = "full")]
            carrier: full::Carrier::default(),
            field: field::FieldEffects::new(state, said),
        }
    }

    /// What screen readers were told last.
    #[cfg(not(feature = "full"))]
    pub(crate) fn said(&self) -> &str {
        self.field.said()
    }

    /// After each drawing: brings the browser in step with the state.
    pub(crate) fn run(&mut self, state: &State, dispatcher: &Dispatcher) {
        if self.listeners.is_empty() {
            self.listeners = editor::listeners(dispatcher);
            // What was typed after the page looked at the field and before it listened.
            editor::read_field(dispatcher);
            #[cfg(feature = "full")]
            self.answer(state, dispatcher);
            #[cfg(not(feature = "full"))]
            self.listeners.push(rest::listener(dispatcher));
        }
        // Before the field: nothing outside of an open dialog can be edited.
        #[cfg(feature = "full")]
        self.dialog.run(state);
        #[cfg(feature = "full")]
        self.carrier.run(state, dispatcher);
        #[cfg(not(feature = "full"))]
        rest::run(state, dispatcher);
        self.field.run(state, dispatcher);
        if state.wants_explanations() {
            load_explanations(dispatcher.clone());
        }
    }

    /// Listens to what only this build knows, and does what the other one was asked for.
    #[cfg(feature = "full")]
    fn answer(&mut self, state: &State, dispatcher: &Dispatcher) {
        self.listeners.extend(full::dialog_listeners(dispatcher));
        let follow = state.request == Some(Request::Address);
        self.listeners.push(full::link_listener(dispatcher, follow));
        match &state.request {
            Some(Request::Dialog(dialog)) => dispatcher.emit(Action::Show(*dialog)),
            Some(Request::File(name, bytes)) => {
                full::open_file(dispatcher.clone(), name.clone(), bytes.clone());
            }
            Some(Request::Address) | None => {}
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

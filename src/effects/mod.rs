//! What happens in the browser becomes actions, and what the state asks for is done there.

mod address;
mod dialog;
mod editor;
mod field;
mod load;
mod paper;

use crate::browser;
use crate::state::{Action, Carry, Command, Dispatcher, State};
use crate::ui::finding::Explanations;
use gloo_events::EventListener;
use wasm_bindgen_futures::spawn_local;

/// The ties between the browser and the state, for as long as the page lives.
pub(crate) struct Effects {
    listeners: Vec<EventListener>,
    dialog: dialog::DialogEffect,
    drafts: address::Drafts,
    carrier: Option<Box<dyn Carry>>,
    field: field::FieldEffects,
}

impl Effects {
    /// Nothing is tied yet.
    pub(crate) fn new(state: &State) -> Self {
        Self {
            listeners: Vec::new(),
            dialog: dialog::DialogEffect::default(),
            drafts: address::Drafts::default(),
            carrier: None,
            field: field::FieldEffects::new(state),
        }
    }

    /// After each drawing: brings the browser in step with the state.
    pub(crate) fn run(&mut self, state: &State, dispatcher: &Dispatcher) {
        if self.listeners.is_empty() {
            self.listeners = editor::listeners(dispatcher);
            self.listeners.extend(dialog::listeners(dispatcher));
            // What was typed after the page looked at the field and before it listened.
            editor::read_field(dispatcher);
            self.listeners.extend(address::listeners(dispatcher));
            self.listeners.push(self.drafts.listener());
            self.listeners.push(field::listener());
            self.listeners.push(paper::listener());
        }
        // Before the field: nothing outside of an open dialog can be edited.
        self.dialog.run(state);
        if self.carrier.is_none() {
            let check = state.chunks.check.loaded();
            self.carrier = check.map(|check| (check.carrier)(dispatcher));
        }
        if let Some(carrier) = &mut self.carrier {
            carrier.run(state, dispatcher);
        }
        if let Some(reports) = state.chunks.reports.loaded() {
            (reports.keep)(state, dispatcher);
        }
        self.field.run(state, dispatcher);
        self.drafts.run(state);
    }
}

/// Does what the state asks for.
pub(crate) fn carry_out(command: Command, state: &State, dispatcher: &Dispatcher) {
    match command {
        Command::Back => browser::back(),
        Command::Check(domain, draft) => {
            if let Some(check) = state.chunks.check.loaded() {
                (check.start)(dispatcher, domain, draft);
            }
        }
        Command::Enter => {
            if let Some(check) = state.chunks.check.loaded() {
                (check.enter)(dispatcher);
            }
        }
        Command::Gather(batch) => {
            if let Some(reports) = state.chunks.reports.loaded() {
                (reports.gather)(state, dispatcher, batch);
            }
        }
        Command::LeaveTop => address::leave_top(state),
        Command::Load(name) => load::load(name, dispatcher.clone()),
        Command::LoadExplanations => load_explanations(dispatcher.clone()),
        Command::OpenShared(text) => {
            if let Some(link) = state.chunks.link.loaded() {
                (link.open)(dispatcher.clone(), text);
            }
        }
        Command::Push(step, route) => address::push(step, &route),
        Command::ReadFile(file, alone) => editor::read_file(dispatcher, file, alone),
        Command::Replace(step, route) => address::replace(step, &route),
        Command::Revisit(route) => {
            if let Some(check) = state.chunks.check.loaded() {
                (check.revisit)(state, dispatcher, route);
            }
        }
        Command::Import(name, bytes) => {
            if let Some(share) = state.chunks.share.loaded() {
                (share.import)(dispatcher, &name, bytes);
            }
        }
        Command::Unpack(packed) => {
            if let Some(intake) = state.chunks.intake.loaded() {
                (intake.open)(dispatcher, packed);
            }
        }
        Command::Visit(route) => browser::visit(&route.fragment()),
    }
}

/// Where the rules' explanations are, next to the page.
const EXPLANATIONS: &str = "./rules.json";

fn load_explanations(dispatcher: Dispatcher) {
    spawn_local(async move {
        // What they take does not hold up what they explain.
        browser::on_screen().await;
        // Their file travels along with the part of the program that reads it.
        let file = browser::text_of(EXPLANATIONS);
        let (rules, text) = (load::rules().await, file.await);
        let loaded = rules.zip(text).is_some_and(|(rules, text)| (rules.explain)(&text));
        let explanations = if loaded { Explanations::Loaded } else { Explanations::Failed };
        dispatcher.emit(Action::Explanations(explanations));
    });
}

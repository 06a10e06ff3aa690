use super::actions::actions;
use super::bar::bar;
use super::dialog::dialog;
use super::element::{self, Handler, el};
use super::findings::findings;
use super::notice::notice;
use super::options::options;
use super::outline::outline;
use super::twin_view::twin;
use super::verdict::verdict;
use crate::browser;
use crate::effects::{Dispatcher, Effects};
use crate::state::{Action, State};
use web_sys::Element;
use yew::{Component, Context, Html, create_portal};

/// What a part of the page is drawn from. Parts are plain functions: a component costs some KiB and
/// pays only where drawing again is expensive.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    /// The state.
    pub(crate) state: &'a State,
    /// The way to change it.
    pub(crate) dispatcher: &'a Dispatcher,
}

impl View<'_> {
    /// What a button does.
    pub(crate) fn act(&self, action: Action) -> Handler {
        element::act(self.dispatcher, action)
    }
}

/// The elements of index.html that the page draws into, besides its root.
const HOSTS: [&str; 7] = ["bar", "verdict", "notice", "options", "twin", "actions", "dialog"];

/// The page: everything but the field, which stands in index.html.
pub(crate) struct App {
    state: State,
    dispatcher: Dispatcher,
    effects: Effects,
    hosts: [Element; 7],
}

impl Component for App {
    type Message = Action;
    type Properties = ();

    fn create(ctx: &Context<Self>) -> Self {
        let state = State::new(&start_text());
        let dispatcher = ctx.link().callback(|action| action);
        Self { effects: Effects::new(&state), state, dispatcher, hosts: HOSTS.map(emptied) }
    }

    fn update(&mut self, _: &Context<Self>, action: Action) -> bool {
        self.state.change_by(action)
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let view = View { state: &self.state, dispatcher: &self.dispatcher };
        let parts = [
            bar(view),
            verdict(view),
            notice(view),
            options(view),
            twin(view.state),
            actions(view),
            dialog(view),
        ];
        let mut portals = el("div").flag("hidden", true);
        for (part, host) in parts.into_iter().zip(&self.hosts) {
            portals = portals.child(create_portal(part, host.clone()));
        }
        // In this order, without keys: the root's children never come and go.
        Html::from_iter([portals, findings(view), outline(view.state)])
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        self.effects.run(&self.state, &self.dispatcher);
    }
}

/// What was typed before the start; nothing if it is too much to read.
fn start_text() -> String {
    let field = browser::field();
    if field.text_length() as usize > crate::source::LIMIT { String::new() } else { field.value() }
}

/// An element of index.html, without what the shell shows there.
fn emptied(id: &str) -> Element {
    let host = browser::part(id);
    host.set_text_content(None);
    host
}

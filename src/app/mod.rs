//! The page: everything but the field, which stands in index.html.

mod article;
mod bar;
mod dialog;
mod notice;

use crate::browser;
use crate::effects::{Effects, carry_out};
use crate::state::{Action, Dispatcher, State, View};
use crate::text::{Given, LIMIT};
use crate::tools::lint;
use crate::ui::element::el;
use web_sys::{Element, Node};
use yew::{Component, Context, Html, Properties, create_portal};

/// The elements of index.html that the page draws into, besides its root.
const HOSTS: [&str; 8] =
    ["bar", "verdict", "notice", "options", "twin", "actions", "article", "dialog"];

/// What the page starts with.
#[derive(PartialEq, Properties)]
pub(crate) struct AppProps {
    /// What index.html shows as long as there is no text.
    pub(crate) start: Option<Node>,
}

/// The page.
pub(crate) struct App {
    state: State,
    dispatcher: Dispatcher,
    start: Html,
    effects: Effects,
    hosts: [Element; 8],
}

impl Component for App {
    type Message = Action;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let given = Given {
            fresh_id: Some(browser::fresh_id().into()),
            to_ascii: Some(browser::ascii_domain),
        };
        let mut state = State::new("", given);
        // Nothing in it asks for more before the page listens.
        state.update(Action::Typed(start_text()));
        Self {
            effects: Effects::new(&state),
            state,
            dispatcher: ctx.link().callback(|action| action),
            start: ctx.props().start.clone().map(Html::VRef).unwrap_or_default(),
            hosts: HOSTS.map(emptied),
        }
    }

    fn update(&mut self, _: &Context<Self>, action: Action) -> bool {
        let update = self.state.update(action);
        for command in update.commands {
            carry_out(command, &self.state, &self.dispatcher);
        }
        update.changed
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let view = View { state: &self.state, dispatcher: &self.dispatcher, start: &self.start };
        let check = self.state.chunks.check.loaded();
        let parts = [
            bar::bar(view),
            check
                .and_then(|check| (check.verdict)(view))
                .map_or_else(|| lint::verdict(view), Html::from),
            notice::notice(view),
            lint::options(view),
            lint::twin(view.state),
            lint::actions(view),
            article::article(view),
            dialog::dialog(view),
        ];
        let mut portals = el("div").flag("hidden", true);
        for (part, host) in parts.into_iter().zip(&self.hosts) {
            portals = portals.child(create_portal(part, host.clone()));
        }
        // In this order, without keys: the root's children never come and go.
        match check.and_then(|check| (check.answers)(view)) {
            Some(answers) => Html::from_iter([portals, answers, el("section").class("outline")]),
            None => Html::from_iter([portals, lint::findings(view), lint::outline(view.state)]),
        }
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        self.effects.run(&self.state, &self.dispatcher);
    }
}

/// What was typed before the start; nothing if it is too much to read.
fn start_text() -> String {
    let field = browser::field();
    if field.text_length() as usize > LIMIT { String::new() } else { field.value() }
}

/// An element of index.html, without what the shell shows there.
fn emptied(id: &str) -> Element {
    let host = browser::part(id);
    host.set_text_content(None);
    host
}

use super::actions::actions;
use super::bar::bar;
use super::element::{self, Handler, el};
use super::findings::findings;
use super::notice::notice;
use super::options::options;
use super::outline::outline;
use super::twin_view::twin;
use super::verdict::verdict;
use crate::browser;
use crate::effects::{Dispatcher, Effects};
#[cfg(not(feature = "full"))]
use crate::explanations;
use crate::handover::Start;
#[cfg(not(feature = "full"))]
use crate::handover::{self, Handover, View as BrowserView};
use crate::state::{Action, State};
#[cfg(feature = "full")]
use crate::{explanations, full, state::Explanations};
#[cfg(not(feature = "full"))]
use wasm_bindgen::JsValue;
use web_sys::{Element, Node};
use yew::{Component, Context, Html, Properties, create_portal};

/// What a part of the page is drawn from. Parts are plain functions: a component costs some KiB and
/// pays only where drawing again is expensive.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    /// The state.
    pub(crate) state: &'a State,
    /// The way to change it.
    pub(crate) dispatcher: &'a Dispatcher,
    /// The list of examples.
    pub(crate) examples: &'a Html,
}

impl View<'_> {
    /// What a button does.
    pub(crate) fn act(&self, action: Action) -> Handler {
        element::act(self.dispatcher, action)
    }
}

/// The elements of index.html that the page draws into, besides its root.
pub(crate) const HOSTS: [&str; 7] =
    ["bar", "verdict", "notice", "options", "twin", "actions", "dialog"];

/// What the page starts with.
#[derive(PartialEq, Properties)]
pub(crate) struct AppProps {
    /// What another build of it hands over.
    pub(crate) start: Start,
    /// The list of examples of index.html: there is no need for another one before the larger
    /// build takes over, which opens them.
    pub(crate) examples: Option<Node>,
}

/// The page: everything but the field, which stands in index.html.
pub(crate) struct App {
    state: State,
    dispatcher: Dispatcher,
    examples: Html,
    effects: Effects,
    hosts: [Element; 7],
    /// How the browser showed the page before this build took over.
    #[cfg(feature = "full")]
    view: Option<crate::handover::View>,
}

impl Component for App {
    type Message = Action;
    type Properties = AppProps;

    fn create(ctx: &Context<Self>) -> Self {
        let dispatcher = ctx.link().callback(|action| action);
        #[cfg(not(feature = "full"))]
        let (mut state, said) = (State::new(""), String::new());
        #[cfg(feature = "full")]
        let (mut state, mut said) = (State::new(""), String::new());
        #[cfg(feature = "full")]
        let view = ctx.props().start.take().map(|handover| {
            if let Some(resumed) = crate::handover::read(&handover.state) {
                (state, said) = resumed;
            }
            if explanations::install(&handover.explanations) {
                state.explanations = Explanations::Loaded;
            }
            handover.view
        });
        #[cfg(feature = "full")]
        state.full.settle(full::load_settings());
        if state.too_big.is_none() {
            state.change_by(Action::Typed(start_text()));
        }
        Self {
            effects: Effects::new(&state, said),
            state,
            dispatcher,
            #[cfg(feature = "full")]
            examples: full::example_list().into(),
            #[cfg(not(feature = "full"))]
            examples: ctx.props().examples.clone().map(Html::VRef).unwrap_or_default(),
            hosts: HOSTS.map(emptied),
            #[cfg(feature = "full")]
            view,
        }
    }

    fn update(&mut self, _: &Context<Self>, action: Action) -> bool {
        self.state.change_by(action)
    }

    fn view(&self, _: &Context<Self>) -> Html {
        let view =
            View { state: &self.state, dispatcher: &self.dispatcher, examples: &self.examples };
        let parts = [
            bar(view),
            verdict(view),
            notice(view),
            options(view),
            twin(view.state),
            actions(view),
            #[cfg(feature = "full")]
            full::dialog(view),
            #[cfg(not(feature = "full"))]
            Html::default(),
        ];
        let mut portals = el("div").flag("hidden", true);
        for (part, host) in parts.into_iter().zip(&self.hosts) {
            portals = portals.child(create_portal(part, host.clone()));
        }
        // In this order, without keys: the root's children never come and go.
        #[cfg(feature = "full")]
        if let Some(answers) = full::live_answers(view) {
            return Html::from_iter([portals, answers, el("section").class("outline")]);
        }
        Html::from_iter([portals, findings(view), outline(view.state)])
    }

    fn rendered(&mut self, _: &Context<Self>, _: bool) {
        #[cfg(feature = "full")]
        if let Some(view) = self.view.take() {
            view.restore();
        }
        self.effects.run(&self.state, &self.dispatcher);
    }
}

#[cfg(not(feature = "full"))]
impl App {
    /// All that the next build needs.
    pub(crate) fn hand_over(&self) -> JsValue {
        let handover = Handover {
            state: handover::write(&self.state, self.effects.said()),
            explanations: explanations::loaded(),
            view: BrowserView::look(),
        };
        handover.pack()
    }
}

/// What was typed before the start; nothing if it is too much to read.
fn start_text() -> String {
    let field = browser::field();
    if field.text_length() as usize > crate::source::REPORT_LIMIT {
        String::new()
    } else {
        field.value()
    }
}

/// An element of index.html, without what the shell shows there.
fn emptied(id: &str) -> Element {
    let host = browser::part(id);
    host.set_text_content(None);
    host
}

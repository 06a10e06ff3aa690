use super::actions::actions;
use super::bar::bar;
use super::dialog::dialog;
use super::findings::findings;
use super::notice::notice;
use super::options::options;
use super::outline::outline;
use super::twin_view::twin;
use super::verdict::verdict;
use crate::browser;
use crate::hooks::{use_dialog, use_editor, use_field, use_links};
use crate::state::{Action, State};
use web_sys::Element;
use yew::prelude::*;

/// How components act on the state.
pub(crate) type Dispatcher = UseReducerDispatcher<State>;

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
    pub(crate) fn act(&self, action: Action) -> Callback<MouseEvent> {
        act(self.dispatcher, action)
    }
}

/// What a button does.
pub(crate) fn act(dispatcher: &Dispatcher, action: Action) -> Callback<MouseEvent> {
    let dispatcher = dispatcher.clone();
    Callback::from(move |_| dispatcher.dispatch(action.clone()))
}

/// The elements of index.html that the page draws into, besides its root.
const HOSTS: [&str; 7] = ["bar", "verdict", "notice", "options", "twin", "actions", "dialog"];

/// The page: everything but the field, which stands in index.html.
#[component]
pub(crate) fn App() -> Html {
    let handle = use_reducer(|| State::new(&start_text()));
    use_links(&handle);
    use_editor(&handle);
    // Before the field: nothing outside of an open dialog can be edited.
    use_dialog(&handle);
    use_field(&handle);
    let hosts = use_memo((), |()| HOSTS.map(emptied));
    let dispatcher = handle.dispatcher();
    let view = View { state: &handle, dispatcher: &dispatcher };
    let parts = [
        bar(view),
        verdict(view),
        notice(view),
        options(view),
        twin(view.state),
        actions(view),
        dialog(view),
    ];
    let portals =
        parts.into_iter().zip(hosts.iter()).map(|(part, host)| create_portal(part, host.clone()));
    html! {
        <>
            <div key="portals" hidden=true>{ for portals }</div>
            { findings(view) }
            { outline(view.state) }
        </>
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

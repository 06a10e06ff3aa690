use super::element::button;
use crate::browser;
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use wasm_bindgen_futures::spawn_local;
use yew::virtual_dom::{VComp, VNode};
use yew::{Callback, Component, Context, Html, Properties};

/// How long the button says that it has copied.
const SAID_MS: u32 = 2000;

#[derive(PartialEq, Properties)]
pub(crate) struct CopyProps {
    /// Makes the text when it is asked for.
    text: Callback<(), String>,
    /// The words on the button.
    label: &'static str,
    primary: bool,
}

/// A button that copies, and says so.
pub(crate) struct CopyButton {
    done: Option<bool>,
    timer: Option<Timeout>,
}

/// A button with this label that copies the text which `text` makes.
pub(crate) fn copy_button(label: &'static str, primary: bool, text: Callback<(), String>) -> Html {
    let props = Rc::new(CopyProps { text, label, primary });
    VNode::VComp(Rc::new(VComp::new::<CopyButton>(props, None)))
}

impl Component for CopyButton {
    /// Whether it was copied; nothing when that has been said for long enough.
    type Message = Option<bool>;
    type Properties = CopyProps;

    fn create(_: &Context<Self>) -> Self {
        Self { done: None, timer: None }
    }

    fn update(&mut self, ctx: &Context<Self>, done: Option<bool>) -> bool {
        self.done = done;
        let link = ctx.link().clone();
        self.timer = done.map(|_| Timeout::new(SAID_MS, move || link.send_message(None)));
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let (text, link) = (props.text.clone(), ctx.link().clone());
        let copy = move |_| {
            let (text, link) = (text.emit(()), link.clone());
            spawn_local(async move {
                let copied = browser::copy(&text).await;
                browser::announce(if copied { "Copied" } else { "Copying failed" });
                link.send_message(Some(copied));
            });
        };
        let label = match self.done {
            None => props.label,
            Some(true) => "Copied",
            Some(false) => "Failed",
        };
        button(label, Rc::new(copy)).flag("data-primary", props.primary).into()
    }
}

use crate::browser;
use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(crate) struct CopyProps {
    /// Makes the text when it is asked for.
    pub(crate) text: Callback<(), String>,
    /// The words on the button.
    #[prop_or("Copy".into())]
    pub(crate) label: AttrValue,
    #[prop_or_default]
    pub(crate) primary: bool,
}

/// A button that copies, and says so.
#[component]
pub(crate) fn CopyButton(props: &CopyProps) -> Html {
    let done = use_state(|| None::<bool>);
    {
        let setter = done.clone();
        use_effect_with(*done, move |done| {
            let timer = done.map(|_| Timeout::new(2000, move || setter.set(None)));
            move || drop(timer)
        });
    }
    let text = props.text.clone();
    let setter = done.setter();
    let onclick = Callback::from(move |_| {
        let (text, setter) = (text.emit(()), setter.clone());
        spawn_local(async move {
            let copied = browser::copy(&text).await;
            browser::announce(if copied { "Copied" } else { "Copying failed" });
            setter.set(Some(copied));
        });
    });
    let words: AttrValue = match *done {
        None => props.label.clone(),
        Some(true) => "Copied".into(),
        Some(false) => "Failed".into(),
    };
    html! { <button type="button" data-primary={props.primary.then_some("")} {onclick}>{ words }</button> }
}

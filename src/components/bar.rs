use super::app::View;
use crate::browser;
use crate::state::{Action, Dialog};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

/// Where the theme is remembered, also by boot.js.
const KEY: &str = "stslint-theme";

/// The buttons at the top.
pub(crate) fn bar(view: View) -> Html {
    let chosen =
        browser::document().document_element().and_then(|root| root.get_attribute("data-theme"));
    let onchange = Callback::from(|event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        set_theme(Some(select.value()).filter(|theme| !theme.is_empty()));
    });
    let option = |(value, label): (&'static str, &'static str)| {
        let selected = chosen.as_deref().unwrap_or_default() == value;
        html! { <option key={value} {value} {selected}>{ label }</option> }
    };
    let show = |dialog| view.act(Action::Show(dialog));
    let themes = [("", "System theme"), ("light", "Light theme"), ("dark", "Dark theme")];
    html! {
        <>
            <button key="examples" type="button" onclick={show(Dialog::Examples)}>{ "Examples" }</button>
            <button key="share" type="button" onclick={show(Dialog::Share)}>{ "Share" }</button>
            <select key="theme" aria-label="Theme" {onchange}>
                { for themes.into_iter().map(option) }
            </select>
        </>
    }
}

fn set_theme(theme: Option<String>) {
    if let Some(root) = browser::document().document_element() {
        let _ = match &theme {
            Some(theme) => root.set_attribute("data-theme", theme),
            None => root.remove_attribute("data-theme"),
        };
    }
    // Storage may be forbidden; then the choice lasts as long as the page.
    if let Ok(Some(storage)) = browser::window().local_storage() {
        let _ = match &theme {
            Some(theme) => storage.set_item(KEY, theme),
            None => storage.remove_item(KEY),
        };
    }
}

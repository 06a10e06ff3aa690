use crate::browser;
use crate::request::{Dialog, Request};
use crate::state::View;
use crate::ui::element::{button, el, siblings};
use std::rc::Rc;
use web_sys::{Event, HtmlSelectElement};
use yew::{Html, TargetCast};

/// Where the theme is remembered, also by boot.js.
const KEY: &str = "stslint-theme";

const THEMES: [(&str, &str); 3] =
    [("", "System theme"), ("light", "Light theme"), ("dark", "Dark theme")];

/// The buttons at the top.
pub(crate) fn bar(view: View) -> Html {
    let chosen =
        browser::document().document_element().and_then(|root| root.get_attribute("data-theme"));
    let chosen = chosen.unwrap_or_default();
    let mut themes =
        el("select").key("theme").attr("aria-label", "Theme").on("change", Rc::new(theme_chosen));
    for (value, label) in THEMES {
        let option = el("option").key(value).attr("value", value);
        themes = themes.child(option.flag("selected", chosen == value).text(label));
    }
    let check = view.state.chunks.check.loaded();
    let nothing = || el("button").attr("type", "button").flag("hidden", true);
    let way_back = check.map_or_else(nothing, |check| (check.return_button)(view));
    siblings(vec![
        button("Examples", view.act(Request::Show(Dialog::Examples))).key("examples"),
        button("Share", view.act(Request::Show(Dialog::Share))).key("share"),
        themes,
        way_back.class("return").key("return"),
    ])
}

fn theme_chosen(event: Event) {
    let select: HtmlSelectElement = event.target_unchecked_into();
    let theme = Some(select.value()).filter(|theme| !theme.is_empty());
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

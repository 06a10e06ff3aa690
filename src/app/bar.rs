use crate::browser;
use crate::request::{Dialog, Request};
use crate::state::View;
use crate::ui::element::{button, el, siblings};
use std::rc::Rc;
use web_sys::{Element, Event};
use yew::{Html, TargetCast};

/// Where the theme is remembered, also by boot.js.
const KEY: &str = "stslint-theme";

/// The themes, each with what the button for it says. Each leads to the next one.
const THEMES: [(&str, &str); 3] =
    [("", "Theme: as the system"), ("light", "Theme: light"), ("dark", "Theme: dark")];

/// The buttons at the top.
pub(crate) fn bar(view: View) -> Html {
    let themes = el("button")
        .attr("type", "button")
        .attr("id", "theme")
        .attr("title", "Change between light, dark and the system’s theme")
        .set("aria-label", THEMES[theme()].1.to_owned())
        .on("click", Rc::new(next_theme))
        .text("◐");
    let check = view.state.chunks.check.loaded();
    let nothing = || el("button").attr("type", "button").flag("hidden", true);
    let way_back = check.map_or_else(nothing, |check| (check.return_button)(view));
    let share = button("Share", view.act(Request::Show(Dialog::Share)))
        .flag("hidden", view.state.text.is_blank());
    siblings(vec![way_back.class("return").key("return"), share.key("share"), themes])
}

/// The theme that is chosen: its place among all.
fn theme() -> usize {
    let root = browser::document().document_element();
    let chosen = root.and_then(|root| root.get_attribute("data-theme")).unwrap_or_default();
    THEMES.iter().position(|(name, _)| *name == chosen).unwrap_or(0)
}

fn next_theme(event: Event) {
    let (theme, label) = THEMES[(theme() + 1) % THEMES.len()];
    let theme = Some(theme).filter(|theme| !theme.is_empty());
    if let Some(root) = browser::document().document_element() {
        let _ = match theme {
            Some(theme) => root.set_attribute("data-theme", theme),
            None => root.remove_attribute("data-theme"),
        };
    }
    browser::remember(KEY, theme);
    // Nothing of the state changed, so nothing is drawn anew.
    let button: Element = event.target_unchecked_into();
    let _ = button.set_attribute("aria-label", label);
    browser::announce(label);
}

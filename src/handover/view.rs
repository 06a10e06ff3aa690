//! What goes away with the elements of a build and has to come back with those of the next.

use crate::browser;
use crate::components::HOSTS;
use js_sys::Array;
use wasm_bindgen::{JsCast, JsValue};
#[cfg(feature = "full")]
use web_sys::HtmlElement;
use web_sys::{Element, HtmlInputElement};

/// The focus, what is selected there, and what is unfolded: a list of a number for each part of the
/// page (the place of the focused element in it, or -1), of the ends of the selection, and of
/// whether each `details` is open.
pub(crate) struct View(pub(crate) JsValue);

/// The elements of a document or part, in their order.
fn all(selector: &str) -> Vec<Element> {
    let Ok(list) = browser::document().query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|i| list.get(i)?.dyn_into().ok()).collect()
}

/// Everything that a build draws into one part of the page.
fn drawn(part: &str) -> Vec<Element> {
    all(&["#", part, " *"].concat())
}

fn parts() -> impl Iterator<Item = &'static str> {
    HOSTS.into_iter().chain(["answers"])
}

impl View {
    /// Looks at the page.
    #[cfg(not(feature = "full"))]
    pub(crate) fn look() -> Self {
        let view = Array::new();
        let focused = browser::document().active_element();
        for part in parts() {
            let place = drawn(part).iter().position(|e| Some(e) == focused.as_ref());
            view.push(&place.map_or(-1.0, |place| place as f64).into());
        }
        let input = focused.and_then(|e| e.dyn_into::<HtmlInputElement>().ok());
        let ends = input.map(|input| (input.selection_start(), input.selection_end()));
        let (start, end) = ends.unwrap_or((Ok(None), Ok(None)));
        view.push(&start.ok().flatten().into());
        view.push(&end.ok().flatten().into());
        for details in all("#answers details") {
            view.push(&details.has_attribute("open").into());
        }
        Self(view.into())
    }

    /// Makes the page look so again, as far as the elements are still there.
    #[cfg(feature = "full")]
    pub(crate) fn restore(&self) {
        let Some(view) = self.0.dyn_ref::<Array>() else { return };
        let mut rest = view.iter();
        let mut next = || rest.next().unwrap_or_default();
        let mut focused = None;
        for part in parts() {
            let place = next().as_f64().unwrap_or(-1.0);
            if place >= 0.0 {
                focused = drawn(part).into_iter().nth(place as usize);
            }
        }
        let (start, end) = (next().as_f64(), next().as_f64());
        let unfolded = all("#answers details");
        // The same findings, or none of them can be told.
        if unfolded.len() == rest.len() {
            for (details, open) in unfolded.iter().zip(rest) {
                let _ = details.toggle_attribute_with_force("open", open.is_truthy());
            }
        }
        let Some(focused) = focused.and_then(|e| e.dyn_into::<HtmlElement>().ok()) else { return };
        let _ = browser::focus_quietly(&focused);
        if let (Some(start), Some(end), Some(input)) =
            (start, end, focused.dyn_ref::<HtmlInputElement>())
        {
            let _ = input.set_selection_range(start as u32, end as u32);
        }
    }
}

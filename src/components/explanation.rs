use super::element::{El, act, button, el};
use crate::effects::Dispatcher;
use crate::state::{Action, Explanations};

/// What stands in the place of an explanation that is not there; nothing once it is.
pub(crate) fn pending(explanations: Explanations, dispatcher: &Dispatcher) -> Option<El> {
    let place = el("div").class("pending");
    match explanations {
        Explanations::Loaded => None,
        Explanations::Loading | Explanations::Unasked => {
            Some(place.child(el("p").class("hint").text("Loading the explanation…")))
        }
        Explanations::Failed => {
            let retry = act(dispatcher, Action::Explanations(Explanations::Unasked));
            let failed = el("p").class("hint").text("The explanation could not be loaded.");
            Some(place.child(failed).child(button("Retry", retry)))
        }
    }
}

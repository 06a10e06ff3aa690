//! How a person sees what a browser can't, and the place to tell the page.

use super::super::state::{Action, DomainCheck};
use super::hosts::BY_HAND;
use crate::browser;
use crate::state::Dispatcher;
use crate::state::View;
use crate::ui::copy_button::copied_line;
use crate::ui::element::{El, Handler, el};
use js_sys::Uint8Array;
use std::rc::Rc;
use stslint::live::Step;
use stslint::live::check::Ask;
use stslint::live::paste::NotOutput;
use stslint::render::live as words;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, Event, HtmlElement, HtmlTextAreaElement};
use yew::TargetCast;

/// Most bytes of a file that is dropped.
const PASTE: f64 = 1024.0 * 1024.0;

/// How to see the policy where the browser could not: address, command, and a place to paste.
pub(super) fn fetch_help(check: &DomainCheck, view: View) -> El {
    let ask = Ask::Fetch { host: format!("mta-sts.{}", check.domain) };
    let hidden = check.assessment.facts.fetch.is_hidden() && !check.is_looking(Step::Fetch);
    let refused = check.refused.get(&ask).copied();
    if !hidden {
        return el("div").flag("hidden", true);
    }
    let address = words::ask(&ask);
    let link = el("a")
        .set("href", address.clone())
        .attr("target", "_blank")
        .attr("rel", "noreferrer noopener")
        .words(address);
    el("div")
        .class("help")
        .attr("data-testid", "fetch-help")
        .child(el("p").child(el("strong").text("See the policy yourself")))
        .child(el("p").text("Open ").child(link).text(" and paste its text here:"))
        .child(paste_field(
            &ask,
            "What the browser shows, or what the command below prints. Or drop the file here.",
            refused,
            view,
        ))
        .child(el("p").text("Better, run this and paste all that it prints: status and media type are checked, too."))
        .child(command(&ask))
}

/// A command to copy.
pub(super) fn command(ask: &Ask) -> El {
    words::command(ask).map_or_else(|| el("div").flag("hidden", true), copied_line)
}

/// A place to paste or drop what a person saw.
pub(super) fn paste_field(
    ask: &Ask,
    label: &'static str,
    refused: Option<NotOutput>,
    view: View,
) -> El {
    let (dispatcher, question) = (view.dispatcher.clone(), ask.clone());
    let entered = move |event: Event| {
        let field: HtmlTextAreaElement = event.target_unchecked_into();
        let change = Action::Pasted(question.clone(), field.value().into_bytes().into(), true);
        dispatcher.emit(change.into());
        spawn_local(go_on(field, question.clone()));
    };
    let id =
        format!("paste-{}", words::ask(ask).replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let field = el("textarea")
        .set("id", id.clone())
        .attr("rows", "3")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .state("aria-invalid", refused.is_some())
        .set("aria-describedby", format!("{id}-problem"))
        .on("input", Rc::new(entered))
        .on("drop", dropped(view.dispatcher.clone(), ask.clone()));
    el("div")
        .class("paste")
        .child(el("label").set("for", id.clone()).text(label))
        .child(field)
        .child(
            el("p")
                .class("problem")
                .set("id", format!("{id}-problem"))
                .attr("role", "alert")
                .text(refused.map_or("", words::not_output)),
        )
}

/// Goes on where the place to paste went with what it was there for, and the focus with it: from that of the next mail host,
/// or from the answer.
async fn go_on(field: HtmlTextAreaElement, ask: Ask) {
    browser::on_screen().await;
    if field.is_connected() {
        return;
    }
    let next = ["#", BY_HAND, " textarea"].concat();
    let next = browser::document().query_selector(&next).ok().flatten();
    match next.filter(|_| matches!(ask, Ask::Smtp { .. })) {
        Some(next) => {
            let _ = next.unchecked_ref::<HtmlElement>().focus();
        }
        None => browser::focus("verdict-title"),
    }
}

/// A file that was dropped on the place: its exact bytes.
fn dropped(dispatcher: Dispatcher, ask: Ask) -> Handler {
    Rc::new(move |event: Event| {
        let drag: &DragEvent = event.unchecked_ref();
        let file =
            drag.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        let Some(file) = file.filter(|file| file.size() <= PASTE) else { return };
        event.prevent_default();
        event.stop_propagation();
        let (dispatcher, ask) = (dispatcher.clone(), ask.clone());
        let field: HtmlTextAreaElement = event.target_unchecked_into();
        spawn_local(async move {
            if let Ok(buffer) = JsFuture::from(file.array_buffer()).await {
                let bytes = Uint8Array::new(&buffer).to_vec();
                let change = Action::Pasted(ask.clone(), bytes.into(), false);
                dispatcher.emit(change.into());
                go_on(field, ask).await;
            }
        });
    })
}

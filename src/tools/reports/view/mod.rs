//! How reports are shown: the answer first, then what failed and why, then when, who and how many.

mod answer;
mod board;
mod causes;
mod choose;
mod copies;
mod domains;
mod files;
mod out;
mod ready;
mod time;

use super::kept;
use super::state::{Action, State};
use crate::browser;
use crate::state::{State as Page, View};
use crate::ui::element::{El, button, el, handler};
use crate::ui::verdict::verdict_box;
use crate::ui::words::{count, size};
use board::BoardProps;
use board::{Board, Same};
use std::rc::Rc;
use stslint::report::aggregate::Day;
use stslint::text::visible;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement};
use yew::TargetCast;
use yew::virtual_dom::{VComp, VNode};

/// The field for folders.
const FOLDER: &str = "reports-folder";

/// What reports come to, for the title of the tab.
pub(super) fn title(page: &Page) -> String {
    let state = kept(page);
    if let Some(progress) = state.progress() {
        return format!("… {} of {} files · reports", progress.files_read, progress.files);
    }
    match state.domain() {
        Some(domain) => format!("{} · reports", visible(domain)),
        None if state.is_empty() => "TLS reports".into(),
        None => count(state.read.aggregate.len(), "TLS report", "TLS reports"),
    }
}

/// Everything about reports. What has nothing to show is hidden, so that the others keep their places.
pub(super) fn view(view: View) -> El {
    let state = kept(view.state);
    let body = if state.is_empty() {
        el("div").child(start(state))
    } else {
        let props = props(state, view);
        el("div").child(VNode::VComp(Rc::new(VComp::new::<Board>(Rc::new(props), None))))
    };
    el("div")
        .class("reports")
        .attr("data-testid", "reports")
        .child(folder_field(view))
        .child(trouble(state))
        .child(reading(state, view))
        .child(body)
        .child(el("p").class("working").attr("role", "status").words(state.busy.clone()))
}

/// What is drawn of the outcome.
fn props(state: &State, view: View) -> BoardProps {
    let (page, domain) = (view.state, state.domain());
    let said = domain.map(|domain| state.said_of(domain)).unwrap_or_default();
    let check = page.chunks.check.loaded();
    let live = domain.and_then(|domain| (check?.policy)(page, domain));
    BoardProps {
        read: Same(Rc::clone(&state.read)),
        filter: state.shown(),
        domain: domain.map(str::to_owned),
        live,
        pasted: said.pasted,
        testing_since: said.testing_since,
        sources: state.sources,
        link: state.link.clone(),
        files: state.files.clone().into(),
        shared: state.shared,
        too_much: state.too_much,
        today: today(),
        fresh_id: page.text.given.fresh_id.clone().unwrap_or_else(|| "1".into()).to_string(),
        dispatcher: view.dispatcher.clone(),
    }
}

fn today() -> Day {
    Day::of((browser::now() / 1000.0) as i64)
}

/// What is shown before anything was read.
fn start(state: &State) -> El {
    let busy = !state.readings.is_empty();
    let lead = el("p").class("lead").text(
        "Once a day, mail providers send you a file about the mail that they brought to your domain. Give all of them at \
         once: you see what failed and why, when it began, and whether your policy can be enforced.",
    );
    let open = button("Open files", handler(|_| browser::choose_files())).class("primary");
    let facts = [
        (
            "Takes",
            "Reports as they came: .json, .json.gz, .zip; mails with attachments: .eml, .mbox; whole folders, such as a Maildir; thousands at a time.",
        ),
        (
            "Stays here",
            "A worker in this tab reads them. Nothing is uploaded, and nothing is kept when you close the tab.",
        ),
        (
            "Where they are",
            "In the mailbox that the TXT record _smtp._tls of your domain names after rua=mailto:. Most mail programs can save a folder of mails as one .mbox file.",
        ),
    ];
    let mut list = el("dl").class("facts");
    for (name, words) in facts {
        list = list.child(el("dt").text(name)).child(el("dd").text(words));
    }
    el("div")
        .class("intake")
        .flag("hidden", busy)
        .child(lead)
        .child(
            el("div")
                .class("drop-here")
                .child(
                    el("p").child(el("strong").text("Drop files or folders anywhere on this page")),
                )
                .child(el("div").class("buttons").child(open).child(folder_button())),
        )
        .child(list)
}

/// The way to give more.
fn more() -> El {
    el("div")
        .class("buttons")
        .child(button("Add files", handler(|_| browser::choose_files())))
        .child(folder_button())
}

fn folder_button() -> El {
    let choose = handler(|_| {
        if let Some(field) = browser::document().get_element_by_id(FOLDER) {
            field.unchecked_ref::<HtmlElement>().click();
        }
    });
    button("Open a folder", choose)
}

/// The field behind the button. It is there always, so that the browser can bring its files.
fn folder_field(view: View) -> El {
    let dispatcher = view.dispatcher.clone();
    let chosen = move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let files = browser::files(input.files());
        if !files.is_empty() {
            dispatcher.emit(crate::state::Action::Files(files));
        }
        input.set_value("");
    };
    el("input")
        .attr("id", FOLDER)
        .attr("type", "file")
        .attr("aria-label", "Folder")
        .attr("webkitdirectory", "")
        .flag("multiple", true)
        .flag("hidden", true)
        .on("change", Rc::new(chosen))
}

fn trouble(state: &State) -> El {
    match &state.trouble {
        Some(why) => el("p").class("problem").attr("role", "alert").words(why.clone()),
        None => el("p").flag("hidden", true),
    }
}

/// How far reading is.
fn reading(state: &State, view: View) -> El {
    let Some(progress) = state.progress() else { return el("div").flag("hidden", true) };
    let size = |bytes: f64| size(bytes as usize);
    let (title, words) = if progress.walking {
        (
            "Looking through the folder\u{a0}…".to_owned(),
            count(progress.files as usize, "file so far.", "files so far."),
        )
    } else {
        let left = match progress.left {
            _ if progress.stopped => "Stopping …".into(),
            None => String::new(),
            Some(seconds) if seconds < 5.0 => "A few seconds left.".into(),
            Some(seconds) if seconds < 90.0 => {
                format!("About {} seconds left.", (seconds / 5.0).ceil() * 5.0)
            }
            Some(seconds) => format!("About {} minutes left.", (seconds / 60.0).round()),
        };
        (
            format!("Reading {} of {} files\u{a0}…", progress.files_read, progress.files),
            match progress.bytes {
                Some(bytes) => format!("{} of {}. {left}", size(progress.bytes_read), size(bytes)),
                None => format!("{} so far. {left}", size(progress.bytes_read)),
            },
        )
    };
    let (behind, whole) = progress.share();
    let of = if progress.bytes.is_some() { "Bytes read" } else { "Files read" };
    let bar = el("progress")
        .class("progress")
        .attr("aria-label", of)
        .set("max", whole.max(1.0).to_string())
        .set("value", behind.to_string());
    let bar = if progress.walking {
        el("progress").class("progress").attr("aria-label", "Looking")
    } else {
        bar
    };
    let dispatcher = view.dispatcher.clone();
    let readings = state.readings.clone();
    let stop = handler(move |_| {
        readings.iter().for_each(super::state::Reading::stop);
        dispatcher.emit(Action::Stopped.into());
    });
    let stop = button("Stop, and keep what was read", stop).flag("disabled", progress.stopped);
    let words = el("div")
        .child(el("h3").words(title))
        .child(el("p").words(words))
        .child(bar)
        .child(el("div").class("buttons").child(stop));
    busy(words)
}

/// Where the answer will stand, as long as there is none.
fn busy(words: El) -> El {
    el("div").class("verdict").child(verdict_box("unlinted", None, words, true))
}

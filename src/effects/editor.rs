//! The way from the field, files and keys to the state.

use crate::browser::{self, document, field, window};
use crate::request::{Batch, Notice, Packed, Request};
use crate::route::Route;
use crate::state::{Action, Dispatcher};
use crate::text::{Excess, FILE_LIMIT, LIMIT};
use crate::tools::lint::state::Action as Lint;
use gloo_events::{EventListener, EventListenerOptions};
use js_sys::Uint8Array;
use std::rc::Rc;
use stslint::GZIP;
use stslint::detect::could_be_domain;
use stslint::rule::could_be_code;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    ClipboardEvent, DragEvent, Element, Event, EventTarget, File, FileList, FileSystemEntry,
    HtmlElement, KeyboardEvent, MouseEvent,
};

/// Listens to everything that happens around the field.
pub(super) fn listeners(dispatcher: &Dispatcher) -> Vec<EventListener> {
    let on = |target: &EventTarget, event: &'static str, handler: fn(&Dispatcher, &Event)| {
        let dispatcher = dispatcher.clone();
        let options = EventListenerOptions::enable_prevent_default();
        EventListener::new_with_options(target, event, options, move |event| {
            handler(&dispatcher, event);
        })
    };
    let (field, document, window) = (field(), document(), window());
    let editor = browser::editor();
    vec![
        on(&editor, "scroll", |d, _| scrolled(d)),
        on(&field, "input", |d, _| read_field(d)),
        on(&field, "click", |d, _| caret(d, true)),
        on(&field, "mousemove", pointed),
        on(&field, "mouseleave", |d, _| hover(d, None)),
        on(&document, "selectionchange", |d, _| selection_changed(d)),
        on(&document, "click", entered),
        on(&document, "keydown", key_pressed),
        on(&document, "paste", pasted),
        on(&document, "dragover", dragged),
        on(&document, "dragleave", |_, _| mark_drag(false)),
        on(&document, "drop", dropped),
        on(&window, "beforeprint", |d, _| d.emit(Action::Lint(Lint::Print))),
        // The browser may bring back what was in the field before a reload, later than the start. An empty field tells
        // nothing: the page may be about to fill it.
        on(&window, "pageshow", |d, _| {
            if browser::field().text_length() > 0 {
                read_field(d);
            }
        }),
    ]
}

/// Tells which blocks of the text are in view now.
fn scrolled(dispatcher: &Dispatcher) {
    let (editor, blocks) = (browser::editor(), browser::part("twin").children());
    let above = |y: i32| {
        let (mut low, mut high) = (0, blocks.length());
        while low < high {
            let middle = low.midpoint(high);
            let block = blocks.item(middle).and_then(|block| block.dyn_into::<HtmlElement>().ok());
            if block.is_some_and(|block| block.offset_top() <= y) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low.saturating_sub(1) as usize
    };
    let top = editor.scroll_top();
    let (first, last) = (above(top), above(top + editor.client_height()));
    dispatcher.emit(Action::Lint(Lint::InView(first, last)));
}

/// One of the entrances of the start.
fn entered(dispatcher: &Dispatcher, event: &Event) {
    let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    let Some(place) = element.and_then(|element| element.get_attribute("data-go")) else { return };
    if place.starts_with('#') {
        return browser::visit(&place);
    }
    if place == "report" {
        return dispatcher.emit(Action::Gather(Batch::Text));
    }
    if place == "setup" {
        let words = "Type your domain and press Enter. Its mail servers are looked up, and what to publish is \
                     written for you.";
        dispatcher.emit(Request::Notice(Notice::note(words)).into());
    }
    browser::focus("text");
}

/// Takes over what the field holds.
pub(super) fn read_field(dispatcher: &Dispatcher) {
    let field = field();
    let size = field.text_length() as usize;
    // Reading a huge text alone would freeze the page.
    dispatcher.emit(if size > LIMIT { Action::TooBig(size) } else { Action::Typed(field.value()) });
}

fn caret_offset() -> usize {
    field().selection_start().ok().flatten().unwrap_or(0) as usize
}

fn caret(dispatcher: &Dispatcher, clicked: bool) {
    dispatcher.emit(Action::Lint(Lint::Caret(caret_offset(), clicked)));
}

fn selection_changed(dispatcher: &Dispatcher) {
    let focused = document().active_element();
    if focused.is_some_and(|e| e.is_same_node(Some(&field()))) {
        caret(dispatcher, false);
    }
}

/// The marks lie under the field, so the browser has to be asked what the pointer is on.
fn pointed(dispatcher: &Dispatcher, event: &Event) {
    let event: &MouseEvent = event.unchecked_ref();
    let under = document().elements_from_point(event.client_x() as f32, event.client_y() as f32);
    let marks =
        under.iter().filter_map(|e| e.dyn_into::<Element>().ok()?.get_attribute("data-items"));
    hover(dispatcher, marks.filter_map(|items| items.split(' ').next()?.parse().ok()).next());
}

fn hover(dispatcher: &Dispatcher, item: Option<usize>) {
    dispatcher.emit(Action::Lint(Lint::Hover(item)));
}

fn key_pressed(dispatcher: &Dispatcher, event: &Event) {
    let event: &KeyboardEvent = event.unchecked_ref();
    let plain = !event.ctrl_key() && !event.meta_key();
    if event.key() == "Enter" && !event.shift_key() && is_in_field(event) {
        let text = field().value();
        let action = if could_be_domain(&text) {
            Action::Enter
        } else if could_be_code(&text) {
            Request::Visit(Route::Rule(text.trim().to_ascii_uppercase())).into()
        } else {
            return;
        };
        event.prevent_default();
        dispatcher.emit(action);
        return;
    }
    let forward = match event.key().as_str() {
        "F8" if plain && !event.alt_key() => !event.shift_key(),
        "ArrowDown" if plain && event.alt_key() && !is_control(event) => true,
        "ArrowUp" if plain && event.alt_key() && !is_control(event) => false,
        _ => return,
    };
    let dialog = document().query_selector("dialog[open]").ok().flatten();
    if dialog.is_none() {
        event.prevent_default();
        dispatcher.emit(Action::Lint(Lint::Step(forward, caret_offset())));
    }
}

fn is_in_field(event: &Event) -> bool {
    event.target().is_some_and(|t| t == *field().unchecked_ref::<EventTarget>())
}

/// Whether the event is about a control that has its own use for keys and pasted text.
fn is_control(event: &Event) -> bool {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let is_field = |e: &Element| e.id() == "text";
    target
        .is_some_and(|e| !is_field(&e) && matches!(&*e.tag_name(), "INPUT" | "SELECT" | "TEXTAREA"))
}

fn pasted(dispatcher: &Dispatcher, event: &Event) {
    let event: &ClipboardEvent = event.unchecked_ref();
    let dialog = document().query_selector("dialog[open]").ok().flatten();
    let Some(data) = event.clipboard_data().filter(|_| dialog.is_none() && !is_control(event))
    else {
        return;
    };
    let text = data.get_data("text").unwrap_or_default();
    // Office programs put a picture of the text beside it: text comes first.
    if text.is_empty() && open_files(dispatcher, data.files()) {
        return event.prevent_default();
    }
    // A result of stslint holds a text to open; nobody wants to have it checked itself.
    if text.trim_start().starts_with('{') && text.contains("\"stslint\"") {
        event.prevent_default();
        return dispatcher.emit(Action::Import(String::new(), text.into_bytes()));
    }
    // Where the field can't be seen, nothing is written into it.
    if has_attachment(&text) || !text.is_empty() && browser::view() == "article" {
        event.prevent_default();
        let packed = Packed { name: None, bytes: text.into_bytes(), alone: false };
        return dispatcher.emit(Action::Unpack(packed));
    }
    if let Some(excess) = Excess::of(&text) {
        event.prevent_default();
        let request = Request::too_much("The pasted text", None, text.into_bytes(), excess);
        return dispatcher.emit(request.into());
    }
    // A paste that went nowhere goes into the field: nobody has to click there first.
    let field = field();
    if !event.target().is_some_and(|t| t == *field.unchecked_ref::<EventTarget>())
        && !text.is_empty()
    {
        event.prevent_default();
        let _ = browser::focus_quietly(field.unchecked_ref::<HtmlElement>());
        field.select();
        browser::insert(&text);
        read_field(dispatcher);
    }
}

fn dragged(_: &Dispatcher, event: &Event) {
    let event: &DragEvent = event.unchecked_ref();
    let types = event.data_transfer().map(|data| data.types());
    if types.is_some_and(|types| types.iter().any(|t| t == "Files")) {
        event.prevent_default();
        mark_drag(true);
    }
}

fn mark_drag(on: bool) {
    if let Some(root) = document().document_element() {
        let _ = root.toggle_attribute_with_force("data-drag", on);
    }
}

fn dropped(dispatcher: &Dispatcher, event: &Event) {
    mark_drag(false);
    let event: &DragEvent = event.unchecked_ref();
    let Some(data) = event.data_transfer() else { return };
    let entries = browser::entries(&data);
    if entries.iter().any(FileSystemEntry::is_directory) {
        event.prevent_default();
        dispatcher.emit(Action::Gather(Batch::Dropped(entries)));
    } else if open_files(dispatcher, data.files()) {
        event.prevent_default();
    }
}

/// Opens files. Returns whether there are any.
fn open_files(dispatcher: &Dispatcher, files: Option<FileList>) -> bool {
    let files: Rc<[File]> = browser::files(files);
    let some = !files.is_empty();
    if some {
        dispatcher.emit(Action::Files(files));
    }
    some
}

/// Opens a file, if it is not too big: in the editor alone, or with others where it holds several reports.
pub(crate) fn read_file(dispatcher: &Dispatcher, file: File, alone: bool) {
    let name = file.name();
    let may_be_much =
        |name: &str| name.ends_with(".json") || CONTAINERS.iter().any(|end| name.ends_with(end));
    let limit = if may_be_much(&name.to_ascii_lowercase()) { FILE_LIMIT } else { LIMIT };
    if file.size() > limit as f64 {
        if limit == FILE_LIMIT && !alone {
            // What holds so much is mostly a mailbox or an archive.
            return dispatcher.emit(Action::Gather(Batch::Files([file].into())));
        }
        let what = format!("The file {name}");
        let excess = Excess::Bytes(file.size() as usize);
        return dispatcher.emit(Request::refuse(&what, excess).into());
    }
    let dispatcher = dispatcher.clone();
    spawn_local(async move {
        match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => open_file(&dispatcher, name, Uint8Array::new(&buffer).to_vec(), alone),
            Err(_) => {
                let words = format!("The browser could not read the file {name}.");
                dispatcher.emit(Request::Notice(Notice::problem(words)).into());
            }
        }
    });
}

/// Opens what a file holds.
fn open_file(dispatcher: &Dispatcher, name: String, bytes: Vec<u8>, alone: bool) {
    if let Some(excess) = Excess::of(&String::from_utf8_lossy(&bytes)).filter(|_| alone) {
        return dispatcher.emit(Request::refuse(&["The file ", &name].concat(), excess).into());
    }
    dispatcher.emit(if holds_others(&name, &bytes) {
        Action::Unpack(Packed { name: Some(name), bytes, alone })
    } else if bytes.trim_ascii_start().first() == Some(&b'{') {
        Action::Import(name, bytes)
    } else {
        Request::file(&name, bytes).into()
    });
}

/// Names of files that hold others.
const CONTAINERS: [&str; 5] = [".eml", ".gz", ".mbox", ".mbx", ".zip"];

/// Whether reports may be in it that are not plain to see, as they travel packed and in mails (RFC 8460 §5.2, §5.3).
fn holds_others(name: &str, bytes: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    bytes.starts_with(&GZIP)
        || bytes.starts_with(b"PK\x03\x04")
        || CONTAINERS.iter().any(|end| name.ends_with(end))
        || str::from_utf8(bytes).is_ok_and(has_attachment)
}

/// Whether a text is the source of a mail with packed data in it: the first bytes of gzip and zip, in Base64 at the start of a
/// line.
fn has_attachment(text: &str) -> bool {
    text.contains("\nH4sI") || text.contains("\nUEsDB")
}

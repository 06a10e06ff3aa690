//! What the page asks of the browser. Everything here is small, and nothing holds state.

pub(crate) mod network;
pub(crate) mod reader;
pub(crate) mod stream;

use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use std::rc::Rc;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, DataTransfer, Document, Element, File, FileList, FileSystemEntry,
    HtmlAnchorElement, HtmlDocument, HtmlElement, HtmlTextAreaElement, Response,
    ScrollIntoViewOptions, ScrollLogicalPosition, Url, Window,
};

/// More inserted characters than this make the browser's own editing command slow.
const EDIT_LIMIT: usize = 20_000;

/// So do more line ends: the time for it grows with the square of their number, to a minute for ten thousand.
const EDIT_LINES: usize = 200;

/// Whether the browser's own editing command can insert this.
fn is_edit(text: &str) -> bool {
    text.len() <= EDIT_LIMIT && text.bytes().filter(|byte| *byte == b'\n').count() <= EDIT_LINES
}

/// The window. There always is one: the page runs in no worker.
pub(crate) fn window() -> Window {
    web_sys::window().expect("a page has a window")
}

/// The document.
pub(crate) fn document() -> Document {
    window().document().expect("a window has a document")
}

/// An element that index.html has.
pub(crate) fn part(id: &str) -> Element {
    document().get_element_by_id(id).unwrap_or_else(|| panic!("index.html has no #{id}"))
}

/// What the field scrolls in.
pub(crate) fn editor() -> Element {
    part("editor")
}

/// The field with the text. It stands in index.html and outside of Yew, so that what is typed
/// before the start, the selection and the browser's undo stay.
pub(crate) fn field() -> HtmlTextAreaElement {
    part("text").unchecked_into()
}

/// Loads the page again.
pub(crate) fn reload() {
    let _ = window().location().reload();
}

/// The page's address without its fragment.
pub(crate) fn page_address() -> String {
    let href = window().location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}

/// The address of the folder that the page is in.
pub(crate) fn home() -> String {
    let address = page_address();
    let path = address.split('?').next().unwrap_or_default();
    path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))
}

/// Goes to a place in the page, as a link does.
pub(crate) fn visit(fragment: &str) {
    let _ = window().location().set_hash(fragment);
}

/// The fragment of the page's address, with `#`.
pub(crate) fn fragment() -> String {
    window().location().hash().unwrap_or_default()
}

/// Gives the page's address another fragment, without a step in its history.
pub(crate) fn replace_fragment(fragment: &str) {
    step(fragment, step_here(), false);
}

/// The number of the step that is shown, if it has one.
pub(crate) fn step_here() -> Option<u32> {
    let state = window().history().ok()?.state().ok()?;
    state.as_f64().map(|number| number as u32)
}

/// Gives the step that is shown, or a new one, an address and a number.
pub(crate) fn step(fragment: &str, number: Option<u32>, new: bool) {
    if let Ok(history) = window().history() {
        let (address, number) = (page_address() + fragment, JsValue::from(number));
        // Browsers refuse this when it is done too often; the next time brings it up to date.
        let _ = match new {
            true => history.push_state_with_url(&number, "", Some(&address)),
            false => history.replace_state_with_url(&number, "", Some(&address)),
        };
    }
}

/// Goes back a step.
pub(crate) fn back() {
    let _ = window().history().and_then(|history| history.back());
}

/// Makes the field show `text`, as an edit that the browser's undo takes back. Whether it showed another one.
pub(crate) fn write_field(text: &str) -> bool {
    let field = field();
    let old: Vec<u16> = field.value().encode_utf16().collect();
    let new: Vec<u16> = text.encode_utf16().collect();
    if old == new {
        return false;
    }
    let (start, old_end, new_end) = changed_units(&old, &new);
    let inserted = String::from_utf16_lossy(&new[start..new_end]);
    if old_end - start <= EDIT_LIMIT && is_edit(&inserted) {
        edit(&field, start as u32, old_end as u32, &inserted);
    }
    if field.value() != text {
        field.set_value(text);
    }
    true
}

/// Puts the caret before the text and shows that: texts are read from their first line.
pub(crate) fn show_start() {
    let field = field();
    let _ = field.set_selection_range(0, 0);
    editor().set_scroll_top(0);
}

/// The smallest change, not inside a pair of surrogates.
fn changed_units(old: &[u16], new: &[u16]) -> (usize, usize, usize) {
    let is_half =
        |text: &[u16], at: usize| text.get(at).is_some_and(|unit| (0xdc00..0xe000).contains(unit));
    let mut start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    if is_half(old, start) || is_half(new, start) {
        start -= 1;
    }
    let tail = old[start..].iter().rev().zip(new[start..].iter().rev());
    let mut same = tail.take_while(|(a, b)| a == b).count();
    if is_half(old, old.len() - same) {
        same -= 1;
    }
    (start, old.len() - same, new.len() - same)
}

fn edit(field: &HtmlTextAreaElement, start: u32, end: u32, text: &str) {
    let document = document();
    let focused = document.active_element();
    let _ = focus_quietly(field);
    let _ = field.set_selection_range(start, end);
    let command = if text.is_empty() { "delete" } else { "insertText" };
    let html: &HtmlDocument = document.unchecked_ref();
    // Deprecated, and the only call that keeps the browser's undo.
    let _ = html.exec_command_with_show_ui_and_value(command, false, text);
    match focused.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        Some(element) if element.tag_name() != "BODY" => {
            let _ = focus_quietly(&element);
        }
        // The button for it went away. On a touch screen, focus would bring up the keyboard.
        _ if matches("(pointer: coarse)") => {
            let _ = field.blur();
        }
        _ => {}
    }
}

/// Replaces what is selected in the focused field, as if it were typed.
pub(crate) fn insert(text: &str) {
    let html: HtmlDocument = document().unchecked_into();
    let done = is_edit(text)
        && html.exec_command_with_show_ui_and_value("insertText", false, text) == Ok(true);
    if !done {
        field().set_value(text);
    }
}

/// Focuses without scrolling.
pub(crate) fn focus_quietly(element: &HtmlElement) -> Result<(), JsValue> {
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    element.focus_with_options(&options)
}

/// Scrolls an element into view by the shortest way.
pub(crate) fn scroll_to(element: &Element) {
    let options = ScrollIntoViewOptions::new();
    options.set_block(ScrollLogicalPosition::Nearest);
    options.set_inline(ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// Unfolds an element and brings it into view.
pub(crate) fn unfold(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let _ = element.set_attribute("open", "");
        let mut around = element.parent_element();
        while let Some(details) = around.and_then(|it| it.closest("details").ok().flatten()) {
            let _ = details.set_attribute("open", "");
            around = details.parent_element();
        }
        scroll_to(&element);
        if let Ok(Some(summary)) = element.query_selector("summary") {
            let _ = focus_quietly(summary.unchecked_ref());
        }
    }
}

/// Lays the page out for a view, with or without a text.
pub(crate) fn show_view(view: &str, blank: bool) {
    let main = part("main");
    let _ = main.set_attribute("data-view", view);
    let _ = main.toggle_attribute_with_force("data-blank", blank);
}

/// The view that the page is laid out for.
pub(crate) fn view() -> String {
    part("main").get_attribute("data-view").unwrap_or_default()
}

/// What the address asks for is there.
pub(crate) fn opened() {
    if let Some(root) = document().document_element() {
        let _ = root.remove_attribute("data-opening");
    }
}

/// Focuses an element, if it is there.
pub(crate) fn focus(id: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        let _ = element.unchecked_ref::<HtmlElement>().focus();
    }
}

/// The same once what an action changes is on the screen.
pub(crate) fn focus_once_on_screen(id: &'static str) {
    spawn_local(async move {
        on_screen().await;
        focus(id);
    });
}

/// Focuses the title of what is shown, which is one of these: for whoever was at something that is gone.
pub(crate) fn focus_title() {
    for id in ["question", "verdict-title", "article-title"] {
        focus(id);
    }
}

/// Whether nothing has the focus, such as when what had it is gone.
pub(crate) fn has_no_focus() -> bool {
    document().active_element().is_none_or(|element| element.tag_name() == "BODY")
}

/// Waits until what an action changes is on the screen: for the beginning of the frame after the next. In a tab that nobody
/// sees there are no frames until somebody does.
pub(crate) async fn on_screen() {
    for _ in 0..2 {
        let frame = Promise::new(&mut |begun, _| {
            let _ = window().request_animation_frame(&begun);
        });
        let _ = JsFuture::from(frame).await;
    }
}

/// How long the page is held up at a time by work that takes longer, in milliseconds.
const HOLD_MS: f64 = 8.0;

/// The same in a tab that nobody looks at. Browsers let these go on once a second or less.
const HOLD_HIDDEN_MS: f64 = 500.0;

/// Whether work that began then, as [`now`] told, has held up the page long enough to let the browser do what waits.
pub(crate) fn held_since(begun: f64) -> bool {
    now() - begun >= if document().hidden() { HOLD_HIDDEN_MS } else { HOLD_MS }
}

/// Lets the browser do what waits: to be called where work has held up the page.
pub(crate) async fn pause() {
    let later = Promise::new(&mut |go_on, _| {
        let _ = window().set_timeout_with_callback(&go_on);
    });
    let _ = JsFuture::from(later).await;
}

/// The text of a file of the page's own, which is asked for at once. None if it does not come.
pub(crate) fn text_of(address: &str) -> impl Future<Output = Option<String>> + use<> {
    let answer = JsFuture::from(window().fetch_with_str(address));
    async {
        let response: Response = answer.await.ok()?.unchecked_into();
        let text = response.text().ok().filter(|_| response.ok())?;
        JsFuture::from(text).await.ok()?.as_string()
    }
}

/// The files of a list.
pub(crate) fn files(list: Option<FileList>) -> Rc<[File]> {
    let all = list.into_iter().flat_map(|list| (0..list.length()).filter_map(move |i| list.get(i)));
    all.collect()
}

/// Files and folders that are dropped, which can be asked for only now.
pub(crate) fn entries(data: &DataTransfer) -> Rc<[FileSystemEntry]> {
    let items = data.items();
    let all = (0..items.length()).filter_map(|i| items.get(i)?.webkit_get_as_entry().ok()?);
    all.collect()
}

/// A file as the user could have given it.
pub(crate) fn file(name: &str, content: &[u8]) -> Option<File> {
    let parts = Array::of1(&Uint8Array::from(content).into());
    File::new_with_u8_array_sequence(&parts, name).ok()
}

/// Has the user choose files to open.
pub(crate) fn choose_files() {
    part("file").unchecked_ref::<HtmlElement>().click();
}

/// Shows the page from its top.
pub(crate) fn scroll_to_top() {
    window().scroll_to_with_x_and_y(0.0, 0.0);
}

/// Whether a media query matches.
pub(crate) fn matches(query: &str) -> bool {
    window().match_media(query).ok().flatten().is_some_and(|list| list.matches())
}

/// Has screen readers say something when they are free.
pub(crate) fn announce(text: &str) {
    let status = part("status");
    // The same words twice are said once: a no-break space makes them others.
    let again = status.text_content().as_deref() == Some(text);
    status.set_text_content(Some(&if again { format!("{text}\u{a0}") } else { text.to_owned() }));
}

/// Puts text on the clipboard.
pub(crate) async fn copy(text: &str) -> bool {
    let navigator = window().navigator();
    // Missing outside of secure contexts.
    let has_clipboard = Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|c| c.is_object());
    if has_clipboard && JsFuture::from(navigator.clipboard().write_text(text)).await.is_ok() {
        return true;
    }
    copy_by_selection(text).unwrap_or(false)
}

fn copy_by_selection(text: &str) -> Result<bool, JsValue> {
    let document = document();
    let focused = document.active_element();
    let field: HtmlTextAreaElement = document.create_element("textarea")?.unchecked_into();
    field.set_value(text);
    field.set_class_name("visually-hidden");
    // Next to what is focused: nothing outside of an open dialog can be selected.
    let host = focused.as_ref().and_then(|e| e.parent_element());
    let host = host.unwrap_or_else(|| document.body().expect("a document has a body").into());
    host.append_child(&field)?;
    field.select();
    let html: &HtmlDocument = document.unchecked_ref();
    let copied = html.exec_command("copy");
    field.remove();
    if let Some(element) = focused.and_then(|e| e.dyn_into::<HtmlElement>().ok()) {
        focus_quietly(&element)?;
    }
    copied
}

/// Text as a piece of a file, which is not in the page's memory any more.
pub(crate) fn piece(text: &str) -> Result<Blob, JsValue> {
    Blob::new_with_str_sequence(&Array::of1(&text.into()))
}

/// Offers bytes as a file of this media type.
pub(crate) fn download(name: &str, media_type: &str, bytes: &[u8]) -> Result<(), JsValue> {
    download_pieces(name, media_type, &Array::of1(&Uint8Array::from(bytes)))
}

/// The same in pieces.
pub(crate) fn download_pieces(name: &str, media_type: &str, pieces: &Array) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_blob_sequence_and_options(pieces, &options)?;
    let address = Url::create_object_url_with_blob(&blob)?;
    let anchor: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    anchor.set_href(&address);
    anchor.set_download(name);
    anchor.click();
    Url::revoke_object_url(&address)
}

/// What was remembered under a key. Storage may be forbidden; then nothing was.
pub(crate) fn remembered(key: &str) -> Option<String> {
    window().local_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Remembers a value under a key, or forgets it. Returns whether the browser did.
pub(crate) fn remember(key: &str, value: Option<&str>) -> bool {
    let Ok(Some(storage)) = window().local_storage() else { return false };
    match value {
        Some(value) => storage.set_item(key, value),
        None => storage.remove_item(key),
    }
    .is_ok()
}

/// What was remembered under a key for as long as the tab lives.
pub(crate) fn remembered_in_tab(key: &str) -> Option<String> {
    window().session_storage().ok().flatten()?.get_item(key).ok().flatten()
}

/// Remembers a value under a key for as long as the tab lives. Storage may be forbidden, or full; then what is shown is
/// lost with the page. Returns whether the browser did.
pub(crate) fn remember_in_tab(key: &str, value: &str) -> bool {
    let storage = window().session_storage().ok().flatten();
    storage.is_some_and(|storage| storage.set_item(key, value).is_ok())
}

/// What the relay offers that the page came from, and who runs it: `stslint serve` says so in the page.
pub(crate) fn own_relay() -> Option<(String, String)> {
    let said = document().query_selector("meta[name='stslint-relay']").ok().flatten()?;
    Some((said.get_attribute("content")?, said.get_attribute("data-operator").unwrap_or_default()))
}

/// Now, in milliseconds since 1970.
pub(crate) fn now() -> f64 {
    js_sys::Date::now()
}

/// Whether the browser knows that it has no network.
pub(crate) fn is_offline() -> bool {
    !window().navigator().on_line()
}

/// A domain as A-labels, as the browser's own address reader makes them.
pub(crate) fn ascii_domain(text: &str) -> Option<String> {
    let text = text.trim().trim_end_matches('.');
    let foreign = |c: char| !(c.is_alphanumeric() || matches!(c, '-' | '.' | '_') || !c.is_ascii());
    if text.is_empty() || text.chars().any(foreign) {
        return None;
    }
    let host = Url::new(&format!("http://{text}/")).ok()?.hostname();
    (!host.is_empty()).then_some(host)
}

/// Today's date as YYYY-MM-DD.
pub(crate) fn today() -> String {
    let now = String::from(js_sys::Date::new_0().to_iso_string());
    now.split('T').next().unwrap_or_default().to_owned()
}

/// Now as YYYY-MM-DD HH:MM UTC.
pub(crate) fn minute() -> String {
    let now = String::from(js_sys::Date::new_0().to_iso_string());
    now.chars().take(16).collect::<String>().replace('T', " ") + " UTC"
}

/// A policy id that no record had yet: the time now, in UTC, written as the command writes it.
pub(crate) fn fresh_id() -> String {
    let now = String::from(js_sys::Date::new_0().to_iso_string());
    now.chars().take(19).chain(['Z']).filter(char::is_ascii_alphanumeric).collect()
}

/// Loads a style sheet, if it is not there yet. One that is on its way is waited for.
pub(crate) async fn load_styles(address: &str) -> Result<(), JsValue> {
    let document = document();
    let selector = ["link[rel='stylesheet'][href='", address, "']"].concat();
    let link = match document.query_selector(&selector)? {
        Some(link) if link.has_attribute("data-loaded") => return Ok(()),
        Some(link) => link,
        None => {
            let link = document.create_element("link")?;
            link.set_attribute("rel", "stylesheet")?;
            link.set_attribute("href", address)?;
            document.head().ok_or(JsValue::NULL)?.append_child(&link)?;
            link
        }
    };
    let came = Promise::new(&mut |resolve, reject| {
        let listens =
            |event, function: &Function| link.add_event_listener_with_callback(event, function);
        let _ = listens("load", &resolve).and_then(|()| listens("error", &reject));
    });
    match JsFuture::from(came).await {
        Ok(_) => link.set_attribute("data-loaded", ""),
        Err(error) => {
            link.remove();
            Err(error)
        }
    }
}

/// Whether the document's element has an attribute with this value.
pub(crate) fn root_says(attribute: &str, value: &str) -> bool {
    let root = document().document_element();
    root.and_then(|root| root.get_attribute(attribute)).as_deref() == Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_small_and_keep_pairs_whole() {
        let units = |text: &str| text.encode_utf16().collect::<Vec<u16>>();
        assert_eq!(changed_units(&units("abc"), &units("abXc")), (2, 2, 3));
        // Both are pairs that start, or end, with the same half.
        assert_eq!(changed_units(&units("\u{1f600}"), &units("\u{1f601}")), (0, 2, 2));
        assert_eq!(changed_units(&units("\u{1f600}"), &units("\u{1fa00}")), (0, 2, 2));
        assert_eq!(changed_units(&units("aa"), &units("a")), (1, 2, 1));
    }
}

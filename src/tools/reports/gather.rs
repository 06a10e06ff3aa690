//! Files, folders, pasted mails and links become an outcome.

use super::state::{Action, By, Reading};
use crate::browser;
use crate::browser::reader::{self, Event, Failure};
use crate::request::{Article, Batch, Request};
use crate::route::Route;
use crate::state::{Dispatcher, State};
use crate::ui::words::count;
use js_sys::{Array, Function, Promise};
use std::cell::Cell;
use std::rc::Rc;
use stslint::report::aggregate::Aggregate;
use stslint_worker::Outcome;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::JsValue;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};
use yew::Callback;

/// Files that are taken out of folders, and how deep these may lie.
const MOST_FILES: usize = 500_000;
const DEPTH: usize = 32;

/// Of more files the sizes are not asked for. Some browsers go to the disk for each, and stand still meanwhile.
const SIZED: usize = 100;

/// After so many files, how many there are is told.
const TOLD: usize = 250;

thread_local! {
    /// The number of the last reading.
    static LAST: Cell<u32> = const { Cell::new(0) };
}

/// Has something read, and shows the reports' view, where its progress stands. Those of a link are shown already.
pub(super) fn gather(page: &State, dispatcher: &Dispatcher, batch: Batch) {
    let number = LAST.get().wrapping_add(1);
    LAST.set(number);
    match batch {
        Batch::Files(files) => read(number, &files, dispatcher),
        Batch::Dropped(entries) => walk(number, entries, dispatcher.clone()),
        Batch::Bytes(name, bytes) => {
            let name = name.unwrap_or_else(|| "pasted".into());
            let files: Vec<File> = browser::file(&name, &bytes).into_iter().collect();
            read(number, &files, dispatcher);
        }
        Batch::Text => {
            let source = &page.text.source;
            let name = source.file_name.as_deref().unwrap_or("report.json");
            let files: Vec<File> = browser::file(name, &source.bytes).into_iter().collect();
            read(number, &files, dispatcher);
        }
        Batch::Link(bytes) => {
            return dispatcher.emit(match Aggregate::from_bytes(&bytes) {
                Some(aggregate) => {
                    Action::Shared(Rc::new(Outcome { aggregate, ..Outcome::default() })).into()
                }
                None => Action::Trouble(
                    "This link holds no reports that can be read. Probably part of it was cut off on its way, or a \
                     newer version of stslint made it."
                        .into(),
                )
                .into(),
            });
        }
    }
    let all = Route::Reports(String::new());
    dispatcher.emit(match Route::parse(&browser::fragment()) {
        // What is shown stays, with more in it.
        Route::Reports(_) => Request::Read(Article::Reports).into(),
        _ => Request::Visit(all).into(),
    });
}

/// Has the worker read files.
fn read(number: u32, files: &[File], dispatcher: &Dispatcher) {
    if files.is_empty() {
        let why = "What you gave has no file in it.".into();
        return dispatcher.emit(Action::Trouble(why).into());
    }
    let bytes = (files.len() <= SIZED).then(|| files.iter().map(|file| file.size()).sum());
    let tell = {
        let dispatcher = dispatcher.clone();
        Callback::from(move |event| dispatcher.emit(told(number, event).into()))
    };
    let reader = reader::read(files.to_vec(), tell);
    let worker = By::Worker(Rc::new(move || reader.cancel()));
    let amount = u32::try_from(files.len()).unwrap_or(u32::MAX);
    let reading = Reading::begun(number, amount, bytes, browser::now(), worker);
    dispatcher.emit(Action::Began(reading, files.into()).into());
}

/// What the worker told, as an action.
fn told(number: u32, event: Event) -> Action {
    match event {
        Event::Progress { files, bytes } => Action::Progress(number, files, bytes, browser::now()),
        Event::Done(outcome) => {
            let reports = outcome.aggregate.len();
            browser::announce(&format!("{} read.", count(reports, "report is", "reports are")));
            Action::Done(number, Rc::from(outcome))
        }
        Event::Failed(failure) => {
            let words = match failure {
                Failure::Crashed => {
                    "Reading broke off; your browser may have had too little memory for it. Give fewer files at a time."
                }
                Failure::NotStarted => {
                    "This browser does not start the worker that reads files: it is too old for that, or something \
                     forbids it. The command stslint report reads the same files."
                }
                Failure::NotLoaded => {
                    "The part of stslint that reads files could not be loaded: either you are offline, or the host of \
                     this page has trouble. Give the files again later."
                }
                Failure::Stale => {
                    "This page was updated since you opened it. Load it again, then give the files again."
                }
            };
            Action::Failed(number, words.into())
        }
    }
}

/// Looks through folders, and has the files in them read.
fn walk(number: u32, entries: Rc<[FileSystemEntry]>, dispatcher: Dispatcher) {
    let stop = Rc::new(Cell::new(false));
    let reading = Reading::walk(number, browser::now(), Rc::clone(&stop));
    dispatcher.emit(Action::Began(reading, Rc::default()).into());
    spawn_local(async move {
        let (mut files, mut left_out) = (Vec::new(), 0);
        let mut open: Vec<(FileSystemEntry, usize)> =
            entries.iter().map(|entry| (entry.clone(), 0)).collect();
        // In the order in which a person would list them.
        open.reverse();
        while let Some((entry, depth)) = open.pop() {
            if stop.get() {
                // Nothing was read yet, so there is nothing to keep.
                return dispatcher.emit(Action::Done(number, Rc::default()).into());
            }
            if files.len() >= MOST_FILES || entry.is_directory() && depth >= DEPTH {
                left_out += 1;
            } else if entry.is_directory() {
                let inside = inside(entry.unchecked_ref()).await;
                open.extend(inside.into_iter().rev().map(|entry| (entry, depth + 1)));
            } else if let Some(file) = file(entry.unchecked_ref()).await {
                files.push(file);
                if files.len() % TOLD == 0 {
                    dispatcher.emit(Action::Found(number, files.len() as u32).into());
                }
            } else {
                left_out += 1;
            }
        }
        if files.is_empty() {
            let why = match left_out {
                0 => "There is no file in this folder.",
                _ => "The browser could not read any file in this folder.",
            };
            return dispatcher.emit(Action::Failed(number, why.into()).into());
        }
        read(number, &files, &dispatcher);
        if left_out > 0 {
            let things = count(left_out, "file or folder", "files or folders");
            let why = format!(
                "{things} left out: the browser could not read them, or there are too many or too deep ones. At most \
                 {MOST_FILES} files are read at once, down to {DEPTH} folders deep."
            );
            dispatcher.emit(Action::Trouble(why).into());
        }
    });
}

/// The file of an entry, if the browser gives it.
async fn file(entry: &FileSystemFileEntry) -> Option<File> {
    let got = called(|done, failed| {
        entry.file_with_callback_and_callback(done, failed);
    });
    let got = got.await?;
    got.dyn_into().ok()
}

/// What is in a folder. Browsers give a hundred entries at a time.
async fn inside(folder: &FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    loop {
        let got = called(|done, failed| {
            let _ = reader.read_entries_with_callback_and_callback(done, failed);
        });
        let Some(some) = got.await.and_then(|it| it.dyn_into::<Array>().ok()) else { break };
        if some.length() == 0 {
            break;
        }
        all.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
    all
}

/// What a function gives that calls back.
async fn called(call: impl FnOnce(&Function, &Function)) -> Option<JsValue> {
    let mut call = Some(call);
    let promise = Promise::new(&mut |resolve, reject| {
        if let Some(call) = call.take() {
            call(&resolve, &reject);
        }
    });
    JsFuture::from(promise).await.ok()
}

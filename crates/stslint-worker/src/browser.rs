//! The worker and what it says to the page.
//!
//! It says `"more"` when it is ready for files. The page gives it an array of some `File`s, and that again whenever it has read them;
//! an empty one if there are no more. Thousands in one message would keep the page busy, and each takes memory here. The page may say
//! `"cancel"`. The worker tells how far it is as `[files, bytes]`, and what came of it part by part, each an `ArrayBuffer`
//! ([`Outcome::to_bytes`]), so that years of reports are not there twice. Behind the last it says `"end"`. Whatever ends it before that is
//! an event `error` of the worker.

use js_sys::{Array, Date, Reflect, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use stslint_intake::{Intake, Limits};
use stslint_worker::Outcome;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent, Url};

/// How much of a file is read at a time, in bytes.
const SLICE: f64 = 1048576.0;

/// Files of at most so many bytes are asked for together, as many as the page gives: browsers take long to begin to answer.
const SMALL: f64 = 32768.0;

/// Reports that weigh so much together are told.
const PART: u64 = 1 << 20;

/// How long nothing is told of how far it is, in milliseconds.
const QUIET: f64 = 100.0;

/// Listens to the page.
pub(crate) fn start() {
    let reading = Reading { outcome: Outcome::default(), files: 0, bytes: 0, told: Date::now() };
    // Taken as long as files are read.
    let reading = Rc::new(Cell::new(Some(reading)));
    let cancelled = Rc::new(Cell::new(false));
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        match event.data().dyn_into::<Array>() {
            Ok(files) => {
                let (reading, cancelled) = (Rc::clone(&reading), Rc::clone(&cancelled));
                spawn_local(async move {
                    let Some(mut taken) = reading.take() else { return };
                    taken.read_all(&files, &cancelled).await;
                    if files.length() == 0 || cancelled.get() {
                        taken.tell_part();
                        tell(&"end".into());
                    } else {
                        reading.set(Some(taken));
                        tell(&"more".into());
                    }
                });
            }
            Err(_) => cancelled.set(true),
        }
    });
    scope().set_onmessage(Some(listen.as_ref().unchecked_ref()));
    // As long as the worker lives.
    listen.forget();
    tell(&"more".into());
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// The page may be gone: then nobody wants to know.
fn tell(what: &JsValue) {
    let _ = scope().post_message(what);
}

struct Reading {
    /// What came of it and was not told yet.
    outcome: Outcome,
    /// Files of which was told what came of them.
    files: u64,
    /// Bytes of them.
    bytes: u64,
    /// When something was told last, in milliseconds.
    told: f64,
}

impl Reading {
    /// Reads some files.
    async fn read_all(&mut self, files: &Array, cancelled: &Cell<bool>) {
        let ask = |file: JsValue| {
            let file: File = file.unchecked_into();
            let whole = (file.size() <= SMALL).then(|| JsFuture::from(file.array_buffer()));
            (file, whole)
        };
        let asked: Vec<_> = files.iter().map(ask).collect();
        for (file, whole) in asked {
            if cancelled.get() {
                return;
            }
            self.read(&file, whole, cancelled).await;
        }
    }

    /// Reads a file, which may be asked for as a whole. Nothing but a piece of it is there at a time, and messages of the page come
    /// in between.
    async fn read(&mut self, file: &File, mut whole: Option<JsFuture>, cancelled: &Cell<bool>) {
        let path = path(file);
        let mut intake = Intake::new(&path, Limits::default());
        let (mut at, size) = (0.0, file.size());
        while at < size && !intake.is_done() && !cancelled.get() {
            let end = size.min(at + SLICE);
            let read = match whole.take() {
                Some(whole) => whole.await,
                None => slice(file, at, end).await,
            };
            match read {
                Ok(buffer) => {
                    let piece = Uint8Array::new(&buffer).to_vec();
                    intake.feed(&piece, &mut |item| {
                        self.outcome.take(item, ascii_domain, &mut |_, _| true);
                    });
                }
                Err(error) => {
                    self.outcome.refuse(path, unreadable(&error));
                    self.outcome.files += 1;
                    return;
                }
            }
            self.outcome.bytes += (end - at) as u64;
            at = end;
            self.tell();
            if self.outcome.aggregate.weight() >= PART {
                self.tell_part();
            }
        }
        // What is left of a file that is not read to its end is no reason to say that it is cut off.
        if !cancelled.get() {
            intake.finish(&mut |item| self.outcome.take(item, ascii_domain, &mut |_, _| true));
            self.outcome.files += 1;
        }
    }

    /// Tells what came of it since that was told last.
    fn tell_part(&mut self) {
        let part = std::mem::take(&mut self.outcome);
        self.files += part.files;
        self.bytes += part.bytes;
        let bytes = part.to_bytes();
        let bytes = Uint8Array::from(&bytes[..]).buffer();
        let _ = scope().post_message_with_transfer(&bytes, &Array::of1(&bytes));
    }

    fn tell(&mut self) {
        let now = Date::now();
        if now - self.told >= QUIET {
            self.told = now;
            let files = (self.files + self.outcome.files) as f64;
            let bytes = (self.bytes + self.outcome.bytes) as f64;
            tell(&Array::of2(&files.into(), &bytes.into()));
        }
    }
}

/// A piece of a file.
async fn slice(file: &File, from: f64, to: f64) -> Result<JsValue, JsValue> {
    JsFuture::from(file.slice_with_f64_and_f64(from, to)?.array_buffer()).await
}

/// The name of a file, with the folders that it was found in.
fn path(file: &File) -> String {
    let path = Reflect::get(file, &"webkitRelativePath".into()).ok();
    path.and_then(|path| path.as_string()).filter(|path| !path.is_empty()).unwrap_or(file.name())
}

/// Why the browser does not read a file.
fn unreadable(error: &JsValue) -> String {
    let message = Reflect::get(error, &"message".into()).ok();
    let message = message.and_then(|message| message.as_string()).unwrap_or_default();
    format!("the browser can’t read it: {message}")
}

/// A domain as A-labels, as the browser's own address reader makes them.
fn ascii_domain(name: &str) -> Option<String> {
    let host = Url::new(&format!("http://{name}/")).ok()?.hostname();
    (!host.is_empty()).then_some(host)
}

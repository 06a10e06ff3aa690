//! The worker and what it says to the page.
//!
//! It says `"ready"` when it is. The page gives it an array of `File`s, and may say `"cancel"`. It tells how far it is as `[files,
//! bytes]`, and at the end an `ArrayBuffer` with what came of it ([`Outcome::to_bytes`]). Whatever ends it before that is an event
//! `error` of the worker.

use js_sys::{Array, ArrayBuffer, Date, Reflect, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use stslint_intake::{Intake, Limits};
use stslint_worker::Outcome;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, File, MessageEvent};

/// How much of a file is read at a time, in bytes.
const SLICE: f64 = 1048576.0;

/// How long nothing is told of how far it is, in milliseconds.
const QUIET: f64 = 100.0;

/// Listens to the page.
pub(crate) fn start() {
    let cancelled = Rc::new(Cell::new(false));
    let listen = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        match event.data().dyn_into::<Array>() {
            Ok(files) => spawn_local(read(files, Rc::clone(&cancelled))),
            Err(_) => cancelled.set(true),
        }
    });
    scope().set_onmessage(Some(listen.as_ref().unchecked_ref()));
    // As long as the worker lives.
    listen.forget();
    tell(&"ready".into());
}

fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// The page may be gone: then nobody wants to know.
fn tell(what: &JsValue) {
    let _ = scope().post_message(what);
}

/// Reads files, and tells what came of them.
async fn read(files: Array, cancelled: Rc<Cell<bool>>) {
    let mut reading = Reading { outcome: Outcome::default(), cancelled, told: Date::now() };
    for file in files.iter() {
        if reading.cancelled.get() {
            break;
        }
        reading.read(file.unchecked_ref()).await;
    }
    let bytes = Uint8Array::from(&reading.outcome.to_bytes()[..]).buffer();
    let _ = scope().post_message_with_transfer(&bytes, &Array::of1(&bytes));
}

struct Reading {
    outcome: Outcome,
    /// The page wants no more.
    cancelled: Rc<Cell<bool>>,
    /// When something was told last, in milliseconds.
    told: f64,
}

impl Reading {
    /// Reads a file. Nothing but a piece of it is there at a time, and messages of the page come in between.
    async fn read(&mut self, file: &File) {
        let path = path(file);
        let mut intake = Intake::new(&path, Limits::default());
        let (mut at, size) = (0.0, file.size());
        while at < size && !intake.is_done() && !self.cancelled.get() {
            let end = size.min(at + SLICE);
            match slice(file, at, end).await {
                Ok(piece) => {
                    intake.feed(&piece, &mut |item| self.outcome.take(item, &mut |_| true))
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
        }
        // What is left of a file that is not read to its end is no reason to say that it is cut off.
        if !self.cancelled.get() {
            intake.finish(&mut |item| self.outcome.take(item, &mut |_| true));
            self.outcome.files += 1;
        }
    }

    fn tell(&mut self) {
        let now = Date::now();
        if now - self.told >= QUIET {
            self.told = now;
            let (files, bytes) = (self.outcome.files as f64, self.outcome.bytes as f64);
            tell(&Array::of2(&files.into(), &bytes.into()));
        }
    }
}

/// A piece of a file.
async fn slice(file: &File, from: f64, to: f64) -> Result<Vec<u8>, JsValue> {
    let piece = file.slice_with_f64_and_f64(from, to)?;
    let buffer: ArrayBuffer = JsFuture::from(piece.array_buffer()).await?.unchecked_into();
    Ok(Uint8Array::new(&buffer).to_vec())
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

//! Files with TLS reports, read beside the page in a Web Worker (`crates/stslint-worker`). It is loaded when there is something to read,
//! and its memory is gone when that is done.

use super::network::{self, Get};
use super::{document, held_since, pause, window};
use js_sys::{Array, ArrayBuffer, Function, Object, Reflect, Uint8Array};
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;
use stslint::report::aggregate::Reading;
use stslint_worker::Outcome;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{AbortController, File, MessageEvent, Worker, WorkerOptions, WorkerType};
use yew::Callback;

/// Where the worker's program is, unless `cargo xtask build` tells another name at the element of boot.js.
const PROGRAM: &str = "./stslint-worker_loader.js";

/// The policy of Trusted Types by which the page may start the worker, named in the Content-Security-Policy.
const POLICY: &str = "stslint-reader";

/// How many files the worker is given at a time. Each takes the page a part of a millisecond.
const BATCH: usize = 16;

/// Reports that are taken over before the time is looked at.
const STEP: usize = 64;

/// What is told while files are read. Nothing comes after the end of it.
#[derive(Debug)]
pub(crate) enum Event {
    /// So far it is, at most ten times a second: files that were read, and bytes.
    Progress { files: u32, bytes: f64 },
    /// The end: what came of it.
    Done(Box<Outcome>),
    /// The end: nothing came of it. The files can be read again.
    Failed(Failure),
}

/// Why nothing came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The worker broke. It may have had too little memory.
    Crashed,
    /// The worker did not come. Trying again may help.
    NotLoaded,
    /// The browser starts no worker of this kind.
    NotStarted,
    /// The host has another build by now: only loading the page again helps.
    Stale,
}

/// Files that are being read. Dropping this ends it, and nothing more is told.
pub(crate) struct Reader {
    /// None where the browser starts no worker.
    running: Option<Running>,
}

struct Running {
    worker: Worker,
    /// What the worker calls.
    _listeners: [Closure<dyn FnMut(JsValue)>; 2],
}

impl Reader {
    /// Has it stop. [`Event::Done`] comes with what was read till then.
    pub(crate) fn cancel(&self) {
        if let Some(running) = &self.running {
            let _ = running.worker.post_message(&"cancel".into());
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// Reads files, in this order, and tells how far it is and what comes of it.
pub(crate) fn read(files: Vec<File>, tell: Callback<Event>) -> Reader {
    let running = start(files, tell.clone());
    if running.is_err() {
        // Not before the caller has what is returned here.
        spawn_local(async move { tell.emit(Event::Failed(Failure::NotStarted)) });
    }
    Reader { running: running.ok() }
}

fn start(files: Vec<File>, tell: Callback<Event>) -> Result<Running, JsValue> {
    let address = address();
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    // By hand, as the address may be an object of Trusted Types.
    let class: Function = Reflect::get(&window(), &"Worker".into())?.dyn_into()?;
    let worker: Worker =
        Reflect::construct(&class, &Array::of2(&allowed(&address)?, &options))?.unchecked_into();

    let ready = Rc::new(Cell::new(false));
    let ended = Rc::new(Cell::new(false));
    let parts = Rc::new(Parts::default());
    let mut files = files.into_iter();
    let on_message = {
        let (worker, ready, ended, tell) =
            (worker.clone(), Rc::clone(&ready), Rc::clone(&ended), tell.clone());
        move |event: JsValue| {
            let data = event.unchecked_into::<MessageEvent>().data();
            if data == "end" {
                ended.set(true);
                // Its memory is wanted for what came of it.
                worker.terminate();
                return parts.came(None, &tell);
            }
            match data.dyn_into::<ArrayBuffer>() {
                Ok(part) => parts.came(Some(part), &tell),
                Err(data) => match data.dyn_into::<Array>() {
                    Ok(progress) => {
                        let number = |at| progress.get(at).as_f64().unwrap_or_default();
                        tell.emit(Event::Progress { files: number(0) as u32, bytes: number(1) });
                    }
                    // It is ready for more.
                    Err(_) => {
                        ready.set(true);
                        let batch: Array = files.by_ref().take(BATCH).collect();
                        let _ = worker.post_message(&batch);
                    }
                },
            }
        }
    };
    let on_error = move |_: JsValue| {
        if ended.replace(true) {
            return;
        }
        let (ready, address, tell) = (ready.get(), address.clone(), tell.clone());
        spawn_local(async move {
            tell.emit(Event::Failed(match ready {
                true => Failure::Crashed,
                false => missing(&address).await,
            }));
        });
    };
    let listeners = [
        Closure::<dyn FnMut(JsValue)>::new(on_message),
        Closure::<dyn FnMut(JsValue)>::new(on_error),
    ];
    worker.set_onmessage(Some(listeners[0].as_ref().unchecked_ref()));
    worker.set_onerror(Some(listeners[1].as_ref().unchecked_ref()));
    Ok(Running { worker, _listeners: listeners })
}

/// What the worker tells, taken over part by part, without holding up the page.
struct Parts {
    /// What has come and was not taken over; none behind the last.
    waiting: RefCell<VecDeque<Option<ArrayBuffer>>>,
    /// What came of all parts before, unless one is being added to it.
    idle: Cell<Option<Outcome>>,
}

impl Default for Parts {
    fn default() -> Self {
        Self { waiting: RefCell::default(), idle: Cell::new(Some(Outcome::default())) }
    }
}

impl Parts {
    /// A part came, or the end.
    fn came(self: &Rc<Self>, part: Option<ArrayBuffer>, tell: &Callback<Event>) {
        self.waiting.borrow_mut().push_back(part);
        if let Some(all) = self.idle.take() {
            let (parts, tell) = (Rc::clone(self), tell.clone());
            spawn_local(async move {
                match parts.take_over(all).await {
                    Some(Ok(all)) => tell.emit(Event::Done(Box::new(all))),
                    Some(Err(failure)) => tell.emit(Event::Failed(failure)),
                    None => {}
                }
            });
        }
    }

    /// Takes over all that waits. Gives what came of everything when that was the end.
    async fn take_over(&self, mut all: Outcome) -> Option<Result<Outcome, Failure>> {
        let mut begun = super::now();
        let next = || self.waiting.borrow_mut().pop_front();
        while let Some(part) = next() {
            let Some(part) = part else { return Some(Ok(all)) };
            match added(all, &Uint8Array::new(&part).to_vec(), &mut begun).await {
                Some(more) => all = more,
                None => return Some(Err(Failure::Stale)),
            }
        }
        self.idle.set(Some(all));
        None
    }
}

/// What came before, with a part that the worker told. None where that can't be read.
async fn added(mut all: Outcome, part: &[u8], begun: &mut f64) -> Option<Outcome> {
    let (head, reports) = Outcome::read_head(part)?;
    all.merge(&head);
    let mut reading = Reading::begin(reports, all.aggregate)?;
    while !reading.go_on(reports, STEP)? {
        if held_since(*begun) {
            pause().await;
            *begun = super::now();
        }
    }
    Some(Outcome { aggregate: reading.end(reports)?, ..all })
}

/// The address of the worker's program.
fn address() -> String {
    let told = document().query_selector("script[data-reader]").ok().flatten();
    told.and_then(|element| element.get_attribute("data-reader")).unwrap_or_else(|| PROGRAM.into())
}

/// The address as something that the browser takes for a program: under Trusted Types, the one thing that the policy makes.
fn allowed(address: &str) -> Result<JsValue, JsValue> {
    thread_local! {
        /// A policy can be made once.
        static ALLOWED: OnceCell<JsValue> = const { OnceCell::new() };
    }
    let make = || -> Result<JsValue, JsValue> {
        let policies = Reflect::get(&window(), &"trustedTypes".into())?;
        let own = address.to_owned();
        if policies.is_falsy() {
            return Ok(own.into());
        }
        let call = |object: &JsValue, name: &str, arguments: &Array| {
            let function: Function = Reflect::get(object, &name.into())?.dyn_into()?;
            function.apply(object, arguments)
        };
        let rules = Object::new();
        let rule = Closure::once_into_js(move |_: JsValue| JsValue::from(own));
        Reflect::set(&rules, &"createScriptURL".into(), &rule)?;
        let policy = call(&policies, "createPolicy", &Array::of2(&POLICY.into(), &rules))?;
        call(&policy, "createScriptURL", &Array::of1(&"".into()))
    };
    ALLOWED.with(|kept| match kept.get() {
        Some(allowed) => Ok(allowed.clone()),
        None => make().map(|made| kept.get_or_init(|| made).clone()),
    })
}

/// Why the worker did not come, which browsers do not tell.
async fn missing(address: &str) -> Failure {
    let get = Get { url: address, accept: "*/*", limit: 1 << 10, seconds: 10, follow: true };
    let Ok(controller) = AbortController::new() else { return Failure::NotLoaded };
    match network::get(get, &controller).await {
        Ok(got) if matches!(got.status, 404 | 410) => Failure::Stale,
        // A host may answer with its own page, and say that all is well.
        Ok(got) if got.header("content-type").is_some_and(|it| it.starts_with("text/html")) => {
            Failure::Stale
        }
        _ => Failure::NotLoaded,
    }
}

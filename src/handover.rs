//! What one build of the page hands to the one that takes its place.
//!
//! The state travels as bytes, and with it the file of explanations and what only the browser
//! knows: the focus and what is unfolded. A build that does not understand the bytes (a cache may
//! mix versions) starts anew with the text of the field.

#[cfg(any(test, feature = "full"))]
mod read;
mod view;
#[cfg(any(test, not(feature = "full")))]
mod write;

#[cfg(feature = "full")]
pub(crate) use read::read;
pub(crate) use view::View;
#[cfg(any(test, not(feature = "full")))]
pub(crate) use write::write;

use js_sys::{Array, Uint8Array};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};

/// Begins the bytes; changes with what follows.
const FORMAT: &str = concat!("stslint-page ", env!("CARGO_PKG_VERSION"), " 2");

/// What there is to go on with, to be taken once; nothing for the first build.
#[derive(Clone)]
#[cfg_attr(
    not(feature = "full"),
    expect(dead_code, reason = "the first build has nothing to go on with")
)]
pub(crate) struct Start(Rc<Cell<Option<Handover>>>);

/// It never changes.
impl PartialEq for Start {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

/// What a build goes on with.
pub(crate) struct Handover {
    /// The state, as [`write`] has it.
    pub(crate) state: Vec<u8>,
    /// The file with the explanations; undefined until it is loaded.
    pub(crate) explanations: JsValue,
    /// What the browser knows.
    pub(crate) view: View,
}

impl Start {
    /// Takes apart what [`Handover::pack`] put together.
    pub(crate) fn new(packed: &JsValue) -> Self {
        let handover = packed.dyn_ref::<Array>().map(|parts| Handover {
            state: Uint8Array::new(&parts.get(0)).to_vec(),
            explanations: parts.get(1),
            view: View(parts.get(2)),
        });
        Self(Rc::new(Cell::new(handover)))
    }

    /// What there is.
    #[cfg(feature = "full")]
    pub(crate) fn take(&self) -> Option<Handover> {
        self.0.take()
    }
}

#[cfg(not(feature = "full"))]
impl Handover {
    /// As one value, for boot.js to carry.
    pub(crate) fn pack(self) -> JsValue {
        let state = Uint8Array::from(&self.state[..]);
        Array::of3(&state, &self.explanations, &self.view.0).into()
    }
}

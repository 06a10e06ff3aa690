//! What the reducer has done by the browser.

use super::ChunkName;
use crate::request::{Batch, Packed};
use crate::route::Route;
use std::rc::Rc;
use web_sys::File;

/// What the browser has to do.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Command {
    /// Go back a step.
    Back,
    /// Check a domain now, and compare what it serves with this draft.
    Check(String, Option<Rc<[u8]>>),
    /// Check the domain in the field.
    Enter,
    /// Read what may hold reports.
    Gather(Batch),
    /// Take what lies on top off the address.
    LeaveTop,
    /// Load a part of the program.
    Load(ChunkName),
    /// Load the rules' explanations.
    LoadExplanations,
    /// Open a text or a result that somebody shared.
    OpenShared(String),
    /// Begin a step with this number at a place.
    Push(u32, Route),
    /// Read a file that the user chose; whether it is for the editor alone.
    ReadFile(File, bool),
    /// The step that is shown has this number and is at this place.
    Replace(u32, Route),
    /// Show the desk of a domain, or a list, with what this tab knows of it.
    Revisit(Route),
    /// Open JSON that may be a result of stslint.
    Import(String, Vec<u8>),
    /// Open what is in something.
    Unpack(Packed),
    /// Go to an address, as a link does.
    Visit(Route),
}

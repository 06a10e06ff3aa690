//! Sees checks of the engine through: its questions go to a resolver and to hosts, the answers go back. For the command
//! and the relay.
//!
//! Names are asked for asynchronously, thousands at a time where the resolver is one's own. Connections to hosts block a
//! thread each, so a runtime that this is used in bounds its threads.

mod carry;
mod doh;
mod names;
mod places;

pub use carry::{Begun, Carrier, carry};
pub use names::{Names, Resolver};
pub use places::{Place, Places};

/// What the open files of a look come to: so many sockets for names, and one for each connection.
pub const FILES_FOR_NAMES: usize = names::AT_ONCE;

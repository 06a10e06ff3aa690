//! Sees checks of the engine through: its questions go to a resolver and to hosts, the answers go back. For the command
//! and the relay.
//!
//! Names are asked for asynchronously, thousands at a time where the resolver is one's own. Connections to hosts block a
//! thread each, so a runtime that this is used in bounds its threads.

mod carry;
mod doh;
mod names;
mod places;
mod system;

pub use carry::{Begun, Carrier, carry, what};
pub use names::{Names, QUESTIONS, Resolver};
pub use places::{NoTurn, Place, Places};

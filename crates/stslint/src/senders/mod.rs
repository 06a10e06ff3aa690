//! What a sending MTA does with a message, step by step as RFC 8461 has it, and with the habits of software.
//!
//! A [`Setting`] is what is published, byte by byte, and who is in the way. [`Setting::met_by`] reads it as one
//! sender does, which makes a [`Situation`]; [`walk`] is what the sender then does, which makes a [`Walk`].
//! [`scenarios`] has settings with a name, [`timeline`] what becomes of copies over time.

mod candidate;
mod changes;
pub mod json;
pub mod model;
pub mod models;
pub mod scenarios;
mod setting;
mod simulate;
mod situation;
#[cfg(test)]
mod tests;
pub mod timeline;
pub mod verdict;
mod walk;

pub use setting::{Earlier, Later, MAX_HOSTS, Served, Setting, policy_text};
pub use simulate::{Attempt, deliver, walk};
pub use situation::{
    Attack, Attacker, Cached, Dane, Host, Mail, Policy, Profile, Readings, ResultType, Situation,
};
pub use walk::{Act, Assumed, Copy, Course, Delivery, Departure, Gain, Origin, Party, Step, Walk};

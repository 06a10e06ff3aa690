//! What comes of reading files with TLS reports: what was found in them is looked at by the engine, and added up.
//!
//! ```
//! use stslint_intake::{Intake, Limits};
//! use stslint_worker::Outcome;
//!
//! let mut outcome = Outcome::default();
//! let mut intake = Intake::new("report.json", Limits::default());
//! let json = br#"{"organization-name": "Example", "report-id": "1", "policies": []}"#;
//! intake.feed(json, &mut |item| outcome.take(item, |_| None, &mut |_, _| true));
//! intake.finish(&mut |item| outcome.take(item, |_| None, &mut |_, _| true));
//! assert_eq!(outcome.aggregate.len(), 1);
//! ```
//!
//! The command does so in many threads; the page in a Web Worker, whose program is the binary of this crate. What came of it
//! travels as bytes ([`Outcome::to_bytes`]), in parts.
#![forbid(unsafe_code)]

mod bytes;
mod outcome;

pub use outcome::{NAMED, Outcome};

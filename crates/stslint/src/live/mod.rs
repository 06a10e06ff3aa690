//! What is true of a domain now: facts from DNS, HTTPS and SMTP. Facts are three-valued; a rule
//! fires on known facts only.

pub mod http;

use crate::rules::Rule;

/// All rules about live facts, by topic.
pub const RULES: &[&[&Rule]] = &[http::RULES];

//! What is to be published: the policy and the records, in their order.

mod publish;

use crate::state::Build;

/// What the page calls.
pub(crate) static TABLE: Build = Build { publish: publish::publish };

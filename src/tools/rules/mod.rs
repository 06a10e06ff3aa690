//! The rules: a list with a filter, and each of them explained.

mod detail;
mod explanations;
mod list;
pub(crate) mod state;

use crate::state::Rules;

/// What the page calls.
pub(crate) static TABLE: Rules = Rules {
    update: state::update,
    rule: detail::rule_view,
    list: list::rule_list,
    explain: explanations::load,
};

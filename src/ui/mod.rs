//! What views are made of. Nothing here knows the state of the page.

pub(crate) mod chart;
pub(crate) mod choice;
pub(crate) mod copy_button;
pub(crate) mod diff;
pub(crate) mod element;
pub(crate) mod finding;
pub(crate) mod icon;
pub(crate) mod ignored;
pub(crate) mod verdict;
pub(crate) mod words;

/// Sets a part of a state. Returns whether it was another before.
pub(crate) fn replaced<T: PartialEq>(part: &mut T, value: T) -> bool {
    let changed = *part != value;
    *part = value;
    changed
}

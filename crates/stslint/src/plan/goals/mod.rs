//! The steps to each goal, in their order.

mod emergency;
mod enforce;
mod leave;
mod mx;
mod park;

use super::draft::Draft;
use super::{Goal, NoPlan};

/// Writes the steps to the goal.
pub(super) fn write(draft: &mut Draft) -> Result<(), NoPlan> {
    match draft.given.goal {
        Goal::Enforce => enforce::write(draft),
        Goal::MoveMx => mx::relocate(draft)?,
        Goal::AddMx => mx::add(draft)?,
        Goal::RollBack => leave::roll_back(draft)?,
        Goal::Remove => leave::remove(draft)?,
        Goal::Park => park::write(draft),
        Goal::Emergency => emergency::write(draft),
    }
    Ok(())
}

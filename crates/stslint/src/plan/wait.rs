//! Until when a step has to wait.

use super::draft::{Draft, SECONDS, end};
use super::{Wait, Why};
use crate::policy::Mode;
use crate::report::aggregate::Day;
use crate::senders::model::Effective;
use crate::senders::models::STANDARD;
use crate::senders::timeline::{Row, Timeline, Until};

/// The day so many days later.
pub(super) fn later(day: Day, days: i64) -> Day {
    let days = i32::try_from(days).unwrap_or(if days < 0 { i32::MIN } else { i32::MAX });
    Day(day.0.saturating_add(days))
}

/// The first day that begins at this time or later.
fn first_day(seconds: i64) -> Day {
    Day::of(seconds.saturating_add(SECONDS - 1))
}

impl Draft<'_> {
    /// Until the record of before is forgotten by resolvers. The step before announced a new one.
    pub(super) fn record_ttl(&self) -> Wait {
        let ttl = self.ttl();
        self.until(Why::RecordTtl(ttl), end(self.day()).saturating_add(ttl.into()))
    }

    /// So many days after the last step.
    pub(super) fn days(&self, why: Why, days: i64) -> Wait {
        self.wait(why, later(self.day(), days))
    }

    /// So many seconds after the day of the last step.
    pub(super) fn seconds(&self, why: Why, seconds: u32) -> Wait {
        self.until(why, end(self.day()).saturating_add(seconds.into()))
    }

    fn until(&self, why: Why, seconds: i64) -> Wait {
        self.wait(why, first_day(seconds))
    }

    /// A wait until a day.
    pub(super) fn wait(&self, why: Why, until: Day) -> Wait {
        Wait { why, until, rfc: None, never: Vec::new() }
    }

    /// Until no copy keeps mail from hosts that are then the only ones.
    pub(super) fn hosts_free(&self, hosts: &[String]) -> Option<Wait> {
        let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
        let why = Why::Copies(self.held);
        self.copies(why, |row| row.hosts_free(&hosts, None))
    }

    /// Until no copy is in mode enforce.
    pub(super) fn none_enforced(&self) -> Option<Wait> {
        let enforced = |policy: &Effective| policy.mode == Some(Mode::Enforce);
        self.copies(Why::Copies(self.held), |row| row.until(enforced))
    }

    /// Until all copies are in mode none.
    pub(super) fn removal_free(&self) -> Option<Wait> {
        self.copies(Why::AnyCopies(self.held), Row::removal_free)
    }

    /// The last of the days of all models but those that have none.
    fn copies(&self, why: Why, of: impl Fn(&Row) -> Until) -> Option<Wait> {
        let timeline = Timeline::of(&self.history);
        let mut wait = self.wait(why, Day(i32::MIN));
        for row in &timeline.rows {
            match of(row) {
                Until::Free => {}
                Until::At(seconds) => {
                    let day = first_day(seconds);
                    wait.until = wait.until.max(day);
                    if row.model.name == STANDARD.name {
                        wait.rfc = Some(day);
                    }
                }
                Until::Never => wait.never.push(row.model.name),
            }
        }
        let is_held = wait.until > Day(i32::MIN) || !wait.never.is_empty();
        wait.until = wait.until.max(self.day());
        is_held.then_some(wait)
    }
}

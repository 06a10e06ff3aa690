//! Sessions over time, for each kind of policy by itself: a reporter may tell of one session under each.

use super::board::BoardProps;
use super::causes::{head, under};
use crate::ui::chart::{self, Bar};
use crate::ui::element::{El, el};
use std::collections::BTreeMap;
use stslint::render::aggregate::{counted, wrong};
use stslint::report::aggregate::{Day, DomainTotals, Kind, KindTotals, Totals};

/// So many bars are drawn at most; what is longer is told by weeks, or by four weeks.
const BARS: i64 = 62;

/// A day in words.
pub(super) fn day(day: Option<Day>) -> String {
    day.map_or_else(|| "not said".into(), |day| day.to_string())
}

/// The columns of a chart's table.
const HEADS: [&str; 3] = ["Time", "Failed", "Kept to the policy"];

/// Days in steps.
pub(super) struct Axis {
    first: i64,
    steps: usize,
    /// How many days a step has.
    width: i64,
}

impl Axis {
    /// The time between two days.
    pub(super) fn of(first: Option<Day>, last: Option<Day>) -> Self {
        let (Some(first), Some(last)) = (first, last) else {
            return Self { first: 0, steps: 0, width: 1 };
        };
        let days = last.since(first).max(0) + 1;
        let width = match days {
            ..=BARS => 1,
            _ if days <= 7 * BARS => 7,
            // Reports of ten years are drawn by four weeks; what is wrongly dated may lie further apart.
            _ => (days / BARS + 1).max(28),
        };
        let steps = (days + width - 1) / width;
        Self { first: i64::from(first.0), steps: usize::try_from(steps).unwrap_or(0), width }
    }

    /// The step that a day is in.
    fn step(&self, day: Day) -> Option<usize> {
        let step = usize::try_from((i64::from(day.0) - self.first) / self.width).ok()?;
        (step < self.steps && i64::from(day.0) >= self.first).then_some(step)
    }

    /// Sessions by step.
    pub(super) fn sums(&self, days: impl Iterator<Item = (Day, u64)>) -> Vec<u64> {
        let mut sums = vec![0_u64; self.steps];
        for (day, sessions) in days {
            if let Some(step) = self.step(day) {
                sums[step] = sums[step].saturating_add(sessions);
            }
        }
        sums
    }

    /// What a step is, in words.
    pub(super) fn words(&self) -> String {
        match self.width {
            1 => "by day".into(),
            7 => "by week".into(),
            days => format!("by {days} days"),
        }
    }

    fn label(&self, step: usize) -> String {
        let first = self.first + step as i64 * self.width;
        let day = |day: i64| Day(i32::try_from(day).unwrap_or(i32::MAX));
        match self.width {
            1 => day(first).to_string(),
            width => format!("{} to {}", day(first), day(first + width - 1)),
        }
    }
}

/// Charts and their tables.
pub(super) fn section(domain: &DomainTotals, totals: &Totals, props: &BoardProps) -> El {
    let axis = Axis::of(domain.first.or(totals.first), domain.last.or(totals.last));
    let mut section = el("section").class("times").attr("data-testid", "times");
    let narrow = !props.filter.is_of_all_sessions();
    let failed = |of: &&KindTotals| domain.failures.iter().any(|failure| failure.kind == of.kind);
    let some =
        |of: &&KindTotals| if narrow { failed(of) } else { of.success > 0 || of.failure > 0 };
    for of in domain.kinds.iter().filter(some) {
        section = section.child(figure(of, domain, &axis, props).key(of.kind.word()));
    }
    section
}

/// A bar for each step. In a `narrow` view, where causes, servers or addresses are chosen, what failed follows them, and what
/// went well is left out.
fn bars(of: &KindTotals, domain: &DomainTotals, axis: &Axis, narrow: bool) -> Vec<Bar> {
    let known: BTreeMap<usize, ()> =
        of.days.iter().filter_map(|day| Some((axis.step(day.day)?, ()))).collect();
    let well = axis.sums(of.days.iter().map(|day| (day.day, day.success)));
    let failed = if narrow {
        let failures = domain.failures.iter().filter(|failure| failure.kind == of.kind);
        axis.sums(failures.flat_map(|failure| failure.days.iter().copied()))
    } else {
        axis.sums(of.days.iter().map(|day| (day.day, day.failure)))
    };
    let bar = |step: usize| Bar {
        label: axis.label(step),
        well: (!narrow).then(|| well[step]),
        failed: failed[step],
        known: known.contains_key(&step),
    };
    (0..axis.steps).map(bar).collect()
}

fn figure(of: &KindTotals, domain: &DomainTotals, axis: &Axis, props: &BoardProps) -> El {
    let narrow = !props.filter.is_of_all_sessions();
    let bars = bars(of, domain, axis, narrow);
    let what = if narrow { "Failures that the filter lets through" } else { "Sessions" };
    let title = format!("{what} {}, {}", under(of.kind), axis.words());
    let silent = bars.iter().filter(|bar| !bar.known).count();
    let sum = match narrow {
        true => {
            let failed = bars.iter().map(|bar| bar.failed).fold(0, u64::saturating_add);
            format!(
                "{failed} such sessions failed. Those that went well have no cause, server or address."
            )
        }
        false => {
            let failed = wrong(of.failure, of.unread);
            format!(
                "{} kept to the policy, {failed} failed.",
                counted(of.success, of.success_unread)
            )
        }
    };
    let silence = match silent {
        0 => "There is a report for each bar.".to_owned(),
        1 => "For one bar there is no report: what senders met then is not known.".to_owned(),
        number => {
            format!("For {number} bars there is no report: what senders met then is not known.")
        }
    };
    let about = format!("{sum} {silence}");
    let id = format!("chart-{}", of.kind.word());
    let (first, last) = (bars.first(), bars.last());
    let ends = el("div")
        .class("axis")
        .attr("aria-hidden", "true")
        .child(el("span").words(first.map(|bar| bar.label.clone()).unwrap_or_default()))
        .child(el("span").words(last.map(|bar| bar.label.clone()).unwrap_or_default()));
    let mut body = el("tbody");
    for (number, bar) in bars.iter().enumerate().rev() {
        let cell = |label: &'static str, words: String| {
            el("td").class("number").attr("data-label", label).words(words)
        };
        let number_of = |value: u64| if bar.known { value.to_string() } else { "no report".into() };
        let well = bar.well.map(|well| cell("Kept to the policy", number_of(well)));
        body = body.child(
            el("tr")
                .number(number)
                .child(el("th").attr("scope", "row").words(bar.label.clone()))
                .child(cell("Failed", number_of(bar.failed)))
                .maybe(well),
        );
    }
    let note = match of.kind {
        Kind::Tlsa | Kind::NoTlsa => {
            "A sender that uses DANE may tell of the same sessions under MTA-STS as well: never add them up."
        }
        _ => "",
    };
    el("figure")
        .class("time")
        .child(el("figcaption").child(el("h3").words(title.clone())))
        .child(chart::sessions(&id, &title, &about, &bars))
        .child(ends)
        .child(el("p").class("hint").words(about))
        .child(el("p").class("hint").flag("hidden", note.is_empty()).text(note))
        .child(
            el("details").class("equal").child(el("summary").text("The same as a table")).child(
                el("table")
                    .class("data")
                    .child(el("caption").class("visually-hidden").words(title))
                    .child(head(if narrow { &HEADS[..2] } else { &HEADS }))
                    .child(body),
            ),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_times_have_wider_steps_and_no_day_is_lost() {
        for (days, width) in [(1, 1), (62, 1), (63, 7), (434, 7), (435, 28), (100_000, 1613)] {
            let axis = Axis::of(Some(Day(10)), Some(Day(10 + days - 1)));
            assert_eq!(axis.width, width, "{days}");
            assert!(axis.steps <= 63, "{days}: {}", axis.steps);
            let all = (0..days).map(|day| (Day(10 + day), 1));
            assert_eq!(axis.sums(all).iter().sum::<u64>(), days as u64);
        }
        let none = Axis::of(None, None);
        assert!(none.sums([(Day(1), 1)].into_iter()).is_empty());
        let axis = Axis::of(Some(Day(10)), Some(Day(12)));
        assert_eq!(axis.sums([(Day(9), 1), (Day(13), 1), (Day(12), 5)].into_iter()), [0, 0, 5]);
    }
}

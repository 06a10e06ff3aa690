//! Which policy is the newest, of those that senders saw.
//!
//! A sender keeps a copy for its max_age (RFC 8461 §3.2, §5.1), so an old policy on a new day says nothing new: where one sender went
//! from one policy to another, that other one is newer, and who still has the first has kept it. What a sender has from the start
//! may be as old as it was when anybody first had it. Where that tells nothing, nothing is told.

use super::aggregate::{Day, DomainTotals, Kind, PolicySeen, Saw, Sights, covers};
use crate::policy::{self, Mode, Values};
use std::collections::{BTreeMap, BTreeSet};

/// What senders know of the policy of a domain.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Newest<'a> {
    /// The mode of the newest policy; none where no report tells, or senders have different ones.
    pub mode: Option<Mode>,
    /// The first day on which a sender had it so, after other ones.
    pub since: Option<Day>,
    /// Whether senders had a policy in that mode before one in another.
    pub is_back: bool,
    /// Who had it in another mode on that day or later: a copy that was kept; and where there is no [`Self::mode`], who has which.
    pub others: Vec<Other<'a>>,
    /// Who had a policy, and now finds none, and since when, where that may be so of all.
    pub gone: Option<(Option<&'a str>, Day)>,
}

/// A sender with a policy in a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Other<'a> {
    /// The sender.
    pub sender: Option<&'a str>,
    /// The mode.
    pub mode: Mode,
    /// The last day.
    pub last: Day,
}

/// A sender that found no policy lately.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missed<'a> {
    /// The sender.
    pub sender: Option<&'a str>,
    /// The first of these days.
    pub first: Day,
    /// The last of them.
    pub last: Day,
    /// Whether it had a policy before.
    pub had: bool,
}

/// Days on which a sender saw the same.
#[derive(Clone, Copy, Debug)]
struct Run<'a> {
    sender: Option<&'a str>,
    saw: Saw,
    first: Day,
    last: Day,
    /// Whether it saw another thing before.
    is_change: bool,
}

/// What a sender saw, in the order of days. That it found no policy for a time, and then the same again, is nothing new.
fn runs<'a>(sights: &Sights<'a>) -> Vec<Run<'a>> {
    let mut runs: Vec<Run> = Vec::new();
    let mut known = BTreeSet::new();
    for day in sights.days.chunk_by(|(one, _), (next, _)| one == next) {
        let Some((first, _)) = day.first() else { continue };
        let found = || day.iter().map(|(_, saw)| *saw).filter(|saw| *saw != Saw::NoPolicy);
        let is_found = found().next().is_some();
        if is_found && runs.last().is_some_and(|run| run.saw == Saw::NoPolicy) {
            runs.pop();
        }
        let current = runs.last().map(|run| run.saw);
        // Its machines may have several: one that was never seen is new beside the one that was there.
        let new = || found().find(|saw| !known.contains(saw));
        let saw = match current.filter(|saw| found().any(|found| found == *saw)) {
            Some(same) => new().unwrap_or(same),
            None if !is_found => Saw::NoPolicy,
            // Several from the start: nobody knows which is newer.
            None if runs.is_empty() && found().count() > 1 => continue,
            None => match new().or_else(|| found().next()) {
                Some(saw) => saw,
                None => continue,
            },
        };
        known.extend(found());
        match runs.last_mut().filter(|run| run.saw == saw) {
            Some(run) => run.last = *first,
            None => runs.push(Run {
                sender: sights.sender,
                saw,
                first: *first,
                last: *first,
                is_change: !runs.is_empty(),
            }),
        }
    }
    runs
}

/// Which policy is the newest of those in `totals`, and since when a domain is in mode testing, as far as reports tell.
pub(super) fn newest<'a>(totals: &DomainTotals<'a>) -> (Newest<'a>, Option<Day>) {
    let runs: Vec<Vec<Run>> = totals.sights.iter().map(runs).collect();
    let mut first: BTreeMap<Saw, Day> = BTreeMap::new();
    for (day, saw) in totals.sights.iter().flat_map(|sights| &sights.days) {
        first.entry(*saw).and_modify(|known| *known = (*known).min(*day)).or_insert(*day);
    }
    let begin = |run: &Run| match run.is_change {
        true => run.first,
        false => first.get(&run.saw).copied().unwrap_or(run.first),
    };
    let mode = |run: &Run| match run.saw {
        Saw::Mode(mode) => Some(mode),
        Saw::NoPolicy => None,
    };
    let ages = Ages::of(totals);
    let found = || runs.iter().filter_map(|runs| runs.iter().rfind(|run| mode(run).is_some()));
    // What a sender fetched after another one was last seen is newer.
    let fetched: BTreeMap<Saw, Day> = ages.fetched(found());
    let is_old =
        |run: &&Run| fetched.iter().any(|(saw, fetched)| *saw != run.saw && *fetched > run.last);
    let current = || found().filter(|run| !is_old(run));
    let other =
        |run: &Run<'a>| Some(Other { sender: run.sender, mode: mode(run)?, last: run.last });
    let rank = |run: &&Run| (begin(run), run.is_change);
    let Some(newest) = current().max_by_key(rank) else {
        return (Newest { others: from_the_start(totals), ..Newest::default() }, None);
    };
    let since = begin(newest);
    let is_other = |run: &&Run| run.saw != newest.saw && run.last >= since;
    // A copy that is kept explains what is older; what is newer takes a sender that changed to it.
    let contradicts = |run: &Run| match newest.is_change {
        true => ages.is_over(run, since) || rank(&run) == rank(&newest),
        false => true,
    };
    let others: Vec<&Run> = current().filter(is_other).collect();
    if others.iter().any(|run| contradicts(run)) {
        let all = current().filter(|run| run.last >= since).filter_map(other).collect();
        return (Newest { others: all, ..Newest::default() }, None);
    }
    let others = others.into_iter().filter_map(other).collect();
    let gone = gone(&runs, since, &ages);
    // In testing since the first change to it after all that was there of other modes.
    let is_testing = |run: &&Run| run.saw == Saw::Mode(Mode::Testing);
    let before = || runs.iter().flatten().filter(|run| mode(run).is_some() && !is_testing(run));
    let (began, ended) = (before().map(begin).max(), before().map(|run| run.last).max());
    let starts = current().filter(is_testing).map(begin);
    let start = starts.filter(|start| began.is_none_or(|began| *start > began)).min();
    // Or else since the first day on which anybody had it so after all that.
    let days = totals.sights.iter().flat_map(|sights| &sights.days);
    let after = days.filter(|(day, saw)| *saw == newest.saw && ended.is_none_or(|end| *day > end));
    let start = start.or_else(|| after.map(|(day, _)| *day).min());
    let testing = start.filter(|_| is_testing(&newest));
    let is_back = first.get(&newest.saw).is_some_and(|first| testing.unwrap_or(since) > *first);
    (Newest { mode: mode(newest), since: Some(since), is_back, others, gone }, testing)
}

/// Who has which policy, where each sender has several from the start.
fn from_the_start<'a>(totals: &DomainTotals<'a>) -> Vec<Other<'a>> {
    let mut last = BTreeMap::new();
    for sights in &totals.sights {
        for (day, saw) in &sights.days {
            if let Saw::Mode(mode) = saw {
                last.insert((sights.sender, *mode), *day);
            }
        }
    }
    last.into_iter().map(|((sender, mode), last)| Other { sender, mode, last }).collect()
}

/// Who had a policy and now finds none, where nobody found one so much later that it is no copy.
fn gone<'a>(runs: &[Vec<Run<'a>>], since: Day, ages: &Ages) -> Option<(Option<&'a str>, Day)> {
    let lost = runs.iter().filter_map(|runs| match &runs[..] {
        [.., run] if run.saw == Saw::NoPolicy && run.is_change && run.first > since => Some(run),
        _ => None,
    });
    let lost = lost.min_by_key(|run| run.first)?;
    let mut found =
        runs.iter().filter_map(|runs| runs.last()).filter(|run| run.saw != Saw::NoPolicy);
    let is_there = found.any(|run| ages.is_over(run, lost.first));
    (!is_there).then_some((lost.sender, lost.first))
}

/// How many days old the copies may be that senders have, by mode: a day more than they are kept, as a day begins and ends somewhere in
/// two.
struct Ages<'a>(BTreeMap<(Option<&'a str>, Saw), i64>);

impl<'a> Ages<'a> {
    fn of(totals: &DomainTotals<'a>) -> Self {
        let mut ages = BTreeMap::new();
        for (seen, values) in values(totals) {
            if let (Some(mode), Some(seconds)) = (values.mode, values.max_age) {
                let days = i64::try_from(seconds / 86_400 + 1).unwrap_or(i64::MAX);
                let age = ages.entry((seen.sender, Saw::Mode(mode))).or_insert(days);
                *age = days.max(*age);
            }
        }
        Self(ages)
    }

    /// The last day on which what senders have was fetched at the earliest, of each kind.
    fn fetched<'r>(&self, runs: impl Iterator<Item = &'r Run<'a>>) -> BTreeMap<Saw, Day>
    where
        'a: 'r,
    {
        let mut fetched = BTreeMap::new();
        for run in runs {
            if let Some(days) = self.0.get(&(run.sender, run.saw)) {
                let days = i32::try_from(*days).unwrap_or(i32::MAX);
                let day = Day(run.last.0.saturating_sub(days));
                let known = fetched.entry(run.saw).or_insert(day);
                *known = day.max(*known);
            }
        }
        fetched
    }

    /// Whether a sender has what it has for longer than it can have kept it since a day: it fetched it anew.
    fn is_over(&self, run: &Run, since: Day) -> bool {
        self.0.get(&(run.sender, run.saw)).is_some_and(|days| run.last.since(since) > *days)
    }
}

/// The policies of MTA-STS that senders saw, as they read them.
fn values<'t, 'a>(
    totals: &'t DomainTotals<'a>,
) -> impl Iterator<Item = (&'t PolicySeen<'a>, Values)> {
    of_sts(totals).map(|seen| (seen, policy::values(seen.lines)))
}

fn of_sts<'t, 'a>(totals: &'t DomainTotals<'a>) -> impl Iterator<Item = &'t PolicySeen<'a>> {
    totals.policies.iter().filter(|seen| seen.kind == Kind::Sts)
}

/// Who found no policy, and none after that.
pub fn missed<'a>(totals: &DomainTotals<'a>) -> Vec<Missed<'a>> {
    let all = totals.sights.iter().filter_map(|sights| {
        let run = *runs(sights).last()?;
        let Run { sender, first, last, is_change: had, .. } = run;
        let of = Missed { sender, first, last, had };
        (run.saw == Saw::NoPolicy).then_some(of)
    });
    all.collect()
}

/// The mx lines of the newest policy that senders had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewestMx {
    patterns: BTreeSet<String>,
    /// The first day on which a sender had them.
    pub since: Day,
    /// Whether they leave out what the ones before covered; none where there were none before.
    pub is_less: Option<bool>,
}

impl NewestMx {
    /// Whether they cover a mail server, which is given in lower case (RFC 8461 §4.1).
    pub fn cover(&self, mx: &str) -> bool {
        covers(&self.patterns, mx)
    }
}

/// The mx lines of the newest policy; none where no report tells.
pub fn newest_mx(totals: &DomainTotals) -> Option<NewestMx> {
    // First and last day of each, and what each sender had last.
    let mut all: BTreeMap<&str, (Day, Day)> = BTreeMap::new();
    let mut of: BTreeMap<Option<&str>, (Day, Day, &str)> = BTreeMap::new();
    for seen in of_sts(totals) {
        let (Some(first), Some(last), Some(lines)) = (seen.first, seen.last, mx_lines(seen.lines))
        else {
            continue;
        };
        let days = all.entry(lines).or_insert((first, last));
        *days = (days.0.min(first), days.1.max(last));
        let copy = (last, first, lines);
        of.entry(seen.sender).and_modify(|known| *known = copy.max(*known)).or_insert(copy);
    }
    let since = |lines| all.get(lines).map(|(first, _)| *first);
    let (since, lines) =
        of.values().filter_map(|(_, _, lines)| Some((since(lines)?, *lines))).max()?;
    let before = all.iter().filter(|(other, (first, _))| **other != lines && *first < since);
    let before = before.max_by_key(|(_, (first, last))| (*last, *first)).map(|(other, _)| *other);
    let patterns = patterns(lines);
    let is_less = before.map(|before| {
        let before = self::patterns(before);
        !before.iter().all(|pattern| covers(&patterns, pattern))
    });
    Some(NewestMx { patterns, since, is_less })
}

/// The mx lines of a policy: its lines are sorted.
fn mx_lines(lines: &str) -> Option<&str> {
    const NAME: &str = "mx: ";
    let start = match lines.starts_with(NAME) {
        true => 0,
        false => lines.find("\nmx: ")? + 1,
    };
    let rest = lines.get(start..)?;
    let all = rest.split_inclusive('\n').take_while(|line| line.starts_with(NAME));
    rest.get(..all.map(str::len).sum()).map(str::trim_end)
}

fn patterns(lines: &str) -> BTreeSet<String> {
    policy::values(lines).mx.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::aggregate::{Aggregate, Filter};
    use crate::report::{Content, Moment, PolicyResult, PolicyType};

    const TODAY: i32 = 20_100;

    /// Reports by a sender of so many days ago: what it saw, which is a policy with these lines or none.
    fn totals_of(
        seen: &[(&'static str, &[i32], &'static str)],
        check: &mut dyn FnMut(&DomainTotals),
    ) {
        let mut all = Aggregate::default();
        for (sender, days, what) in seen {
            for ago in *days {
                let none = what.is_empty();
                let policy = PolicyResult {
                    policy_type: Some(if none {
                        PolicyType::NoPolicyFound
                    } else {
                        PolicyType::Sts
                    }),
                    domain: Some("a.example".into()),
                    policy: what.split('|').map(Into::into).collect(),
                    success: Some(1),
                    failure: Some(0),
                    ..PolicyResult::default()
                };
                let report = Content {
                    organization: Some((*sender).into()),
                    start: Some(Moment(format!("{}T00:00:00Z", Day(TODAY - ago)).into())),
                    policies: vec![policy],
                    ..Content::default()
                };
                all.add(&report, &[]);
            }
        }
        let mut totals = all.totals(&Filter::default());
        check(&totals.domains.pop().expect("a domain"));
    }

    #[test]
    fn the_newest_policy_is_the_one_that_senders_went_to() {
        const T: &str = "mode: testing|max_age: 86400";
        const E: &str = "mode: enforce|max_age: 86400";
        const LONG: &str = "mode: enforce|max_age: 864000";
        const OFF: &str = "mode: none|max_age: 86400";
        let (testing, enforce) = (Some(Mode::Testing), Some(Mode::Enforce));
        let none: &[(&str, Mode, i32)] = &[];
        for (seen, mode, since, others, gone, in_testing) in [
            (&[("G", &[20, 1][..], T)][..], testing, Some(20), none, None, Some(20)),
            // The morning after: who went to it has the newer one.
            (&[("G", &[20], T), ("G", &[1], E)], enforce, Some(1), none, None, None),
            (&[("G", &[20, 1], T), ("G", &[1], E)], enforce, Some(1), none, None, None),
            (
                &[("G", &[20], T), ("G", &[1], E), ("M", &[1], T)],
                enforce,
                Some(1),
                &[("M", Mode::Testing, 1)],
                None,
                None,
            ),
            (
                &[("G", &[20], T), ("G", &[3, 2], E), ("M", &[1], T)],
                enforce,
                Some(3),
                &[("M", Mode::Testing, 1)],
                None,
                None,
            ),
            // No copy is kept for so long.
            (
                &[("G", &[20], T), ("G", &[5, 2], E), ("M", &[2], T)],
                None,
                None,
                &[("G", Mode::Enforce, 2), ("M", Mode::Testing, 2)],
                None,
                None,
            ),
            // A copy of before the days that are known, or the first of the next policy.
            (
                &[("G", &[20, 1], T), ("M", &[1], LONG)],
                None,
                None,
                &[("G", Mode::Testing, 1), ("M", Mode::Enforce, 1)],
                None,
                None,
            ),
            // G has fetched it since.
            (&[("G", &[20, 1], T), ("M", &[9], LONG)], testing, Some(20), none, None, Some(1)),
            (
                &[("G", &[1], T), ("G", &[1], E)],
                None,
                None,
                &[("G", Mode::Enforce, 1), ("G", Mode::Testing, 1)],
                None,
                None,
            ),
            // Back to testing.
            (&[("G", &[30, 10], E), ("G", &[9, 1], T)], testing, Some(9), none, None, Some(9)),
            (
                &[
                    ("G", &[60, 1], T),
                    ("G", &[20], E),
                    ("M", &[60], T),
                    ("M", &[20], E),
                    ("M", &[3], T),
                ],
                testing,
                Some(1),
                none,
                None,
                Some(3),
            ),
            (&[("G", &[20], T), ("G", &[1], OFF)], Some(Mode::None), Some(1), none, None, None),
            // Nobody finds it any more.
            (
                &[("G", &[20], T), ("G", &[5, 1], "")],
                testing,
                Some(20),
                none,
                Some(("G", 5)),
                Some(20),
            ),
            (&[("G", &[20], E), ("G", &[1], "")], enforce, Some(20), none, Some(("G", 1)), None),
            (
                &[("G", &[20], T), ("G", &[1], ""), ("M", &[1], T)],
                testing,
                Some(20),
                none,
                Some(("G", 1)),
                Some(20),
            ),
            (
                &[("G", &[20], T), ("G", &[5], ""), ("M", &[1], T)],
                testing,
                Some(20),
                none,
                None,
                Some(20),
            ),
            // One that never found it, and a bad day.
            (&[("G", &[20, 1], T), ("M", &[20, 1], "")], testing, Some(20), none, None, Some(20)),
            (&[("G", &[20, 1], T), ("G", &[5], "")], testing, Some(20), none, None, Some(20)),
            (&[("G", &[20, 1], "")], None, None, none, None, None),
        ] {
            totals_of(seen, &mut |totals| {
                let (newest, start) = newest(totals);
                let ago = |day: Day| TODAY - day.0;
                let told: Vec<_> = (newest.others.iter())
                    .map(|it| (it.sender.unwrap_or_default(), it.mode, ago(it.last)))
                    .collect();
                let lost = newest.gone.map(|(sender, day)| (sender.unwrap_or_default(), ago(day)));
                assert_eq!(
                    (newest.mode, newest.since.map(ago), &told[..], lost, start.map(ago)),
                    (mode, since, others, gone, in_testing),
                    "{seen:?}"
                );
            });
        }
    }

    #[test]
    fn who_finds_none_is_who_found_none_lately() {
        const T: &str = "mode: testing";
        for (seen, wanted) in [
            (&[("G", &[20, 1][..], T), ("M", &[20, 1], "")][..], &[("M", 20, 1)][..]),
            (&[("G", &[20], T), ("G", &[5, 1], "")], &[("G", 5, 1)]),
            (&[("G", &[20, 1], T), ("G", &[5, 1], "")], &[]),
        ] {
            totals_of(seen, &mut |totals| {
                let all = missed(totals);
                let told: Vec<_> = (all.iter())
                    .map(|it| {
                        (it.sender.unwrap_or_default(), TODAY - it.first.0, TODAY - it.last.0)
                    })
                    .collect();
                assert_eq!(told, wanted, "{seen:?}");
            });
        }
    }

    #[test]
    fn the_mx_lines_are_those_of_the_newest_policy() {
        const ONE: &str = "mode: testing|mx: a.example|mx: b.example";
        const SAME: &str = "max_age: 1|mode: enforce|mx: b.example|mx: a.example|note: x";
        const MORE: &str = "mode: testing|mx: a.example|mx: b.example|mx: c.example";
        const STAR: &str = "mode: testing|mx: *.example";
        const LESS: &str = "mode: testing|mx: a.example|mx: c.example";
        for (seen, since, is_less) in [
            (&[("G", &[20, 1][..], ONE)][..], 20, None),
            (&[("G", &[20], ONE), ("G", &[1], SAME)], 20, None),
            (&[("G", &[20], ONE), ("G", &[1], MORE)], 1, Some(false)),
            (&[("G", &[20], ONE), ("G", &[1], STAR)], 1, Some(false)),
            (&[("G", &[20], ONE), ("G", &[1], LESS)], 1, Some(true)),
            // A copy that was kept.
            (&[("G", &[20], ONE), ("G", &[5], LESS), ("M", &[1], ONE)], 5, Some(true)),
        ] {
            totals_of(seen, &mut |totals| {
                let mx = newest_mx(totals).expect("they have some");
                assert_eq!((TODAY - mx.since.0, mx.is_less), (since, is_less), "{seen:?}");
            });
        }
    }
}

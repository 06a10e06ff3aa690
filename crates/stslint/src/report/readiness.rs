//! Whether a domain can go from mode testing to mode enforce, from what senders reported.
//!
//! The floor is time: 14 days in testing, and in the last 14 days no failure that stands in the way and a session at least
//! that went well; 28 days in testing where there is no report at all. No RFC has numbers for that. Above the floor, each failure decides by its cause: what
//! would keep mail away once the policy is enforced stands in the way, what only the sender or DANE has trouble with does
//! not. That nothing was reported is no proof that all is well: what is not known is said.

use super::aggregate::{
    Aggregate, Day, DomainTotals, FailureTotals, Filter, Kind, KindTotals, Look, Seen, Told,
};
use super::newest::{Missed, Newest, NewestMx, missed, newest, newest_mx};
use super::{Cause, ResultType};
use crate::policy::Mode;
use std::collections::{BTreeMap, BTreeSet};

/// So many days in testing, and so many without a failure that stands in the way.
pub const CLEAN_DAYS: i64 = 14;

/// So many days in testing where nobody reports.
pub const SILENT_DAYS: i64 = 28;

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Nothing known stands in the way, and that for long enough.
    Ready,
    /// Something stands in the way.
    NotReady,
    /// It has not been in testing, or not been reported on, for long enough.
    NotEnoughKnown,
    /// There is no policy in testing to promote.
    NotApplicable,
}

/// What the answer rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Readiness<'a> {
    /// The answer.
    pub status: Status,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
    /// The mode, as it is known or as the newest reports have it.
    pub mode: Option<Mode>,
    /// What senders know of the policy.
    pub newest: Newest<'a>,
    /// The mx lines of the newest policy that senders had.
    pub hosts: Option<NewestMx>,
    /// Who found no policy lately.
    pub missed: Vec<Missed<'a>>,
    /// Since when the domain is in testing: as it is known, or the day of the first report with that policy after those with
    /// another mode.
    pub testing_since: Option<Day>,
    /// Whether that is a day of reports: it may be in testing for longer.
    pub since_reported: bool,
    /// How many days that is.
    pub days_testing: Option<i64>,
    /// How many days ago the last failure was that stands in the way; none where there is none.
    pub days_clean: Option<i64>,
    /// How many days of the last 14 there are reports of.
    pub days_covered: i64,
    /// Reports of that time.
    pub reports: u64,
    /// Reports of which nobody knows the day, or whose day is to come, and in which a session failed or may have: they are in no other
    /// number here. Where there are no other reports, all of them.
    pub undated: u64,
    /// How many days old the newest report of all is.
    pub newest_days: Option<i64>,
    /// Sessions of that time, kept to MTA-STS and failed.
    pub sessions: (u64, u64),
    /// How many times a report of that time has no number of sessions that kept to MTA-STS that can be read.
    pub success_unread: u64,
    /// How many times a report of that time has no number of failed sessions under MTA-STS that can be read.
    pub unread: u64,
    /// Failures of that time that stand in the way.
    pub blocking: Vec<FailureTotals<'a>>,
    /// Failures of that time that do not.
    pub other: Vec<FailureTotals<'a>>,
    /// Who reported in that time.
    pub senders: Vec<&'a str>,
    /// Of the large senders that are known to report, those that did not in that time.
    pub silent: Vec<&'static str>,
    /// Mail servers that failures name. Reports do not name those where all went well.
    pub servers: Vec<&'a str>,
}

/// Why a domain is ready or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The policy is enforced already.
    Enforced,
    /// It is in mode none.
    OptedOut,
    /// Senders found no policy, and nothing else is known of one.
    NoPolicy,
    /// A sender had a policy, and now finds none.
    Gone,
    /// Senders have the policy in different modes, and nobody knows which is newer.
    Mixed,
    /// Failures stand in the way.
    Failures,
    /// The mx lines cover less since less than [`CLEAN_DAYS`]: what was reported before says little of them.
    Changed,
    /// Less than [`CLEAN_DAYS`] in testing.
    TooShort,
    /// Nobody knows whether it is in testing, or since when.
    UnknownStart,
    /// The newest report is older than [`CLEAN_DAYS`].
    Stale,
    /// Reports are there, but of no session that went well under MTA-STS.
    NothingOfSts,
    /// Reports are there whose day is not known or is to come: failures in them may be of these days.
    Undated,
    /// Reports are there whose number of failed sessions can't be read: it may be any.
    Uncounted,
    /// No report at all, for less than [`SILENT_DAYS`].
    Silence,
    /// No report at all, for [`SILENT_DAYS`] or more.
    LongSilence,
    /// Time enough without a failure that stands in the way.
    Clean,
}

/// What is known besides reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The mode of the policy now.
    pub mode: Option<Mode>,
    /// The day since which it is in testing.
    pub testing_since: Option<Day>,
    /// The day on which somebody asks.
    pub today: Day,
}

/// Large senders that are known to send reports, with what their organisation's name has in it.
const LARGE: [(&str, &str); 3] =
    [("Google", "google"), ("Microsoft", "microsoft"), ("mail.ru", "mail.ru")];

/// Whether a failure would keep mail away under an enforced policy, or shows that senders cannot learn the policy. What is
/// the sender's own trouble or DANE's does not: DANE is as strict whatever the mode is.
pub fn blocks(kind: Kind, cause: &Cause) -> bool {
    use ResultType::*;
    match cause {
        Cause::Known(DaneRequired | DnssecInvalid | TlsaInvalid) => false,
        // A server without STARTTLS is without it for everybody. Nor does MTA-STS take a certificate whose time is over or that is for
        // another name (RFC 8461 §4.2): who minds with DANE (RFC 7671 §5.1) has seen such a one.
        Cause::Known(StarttlsNotSupported | CertificateExpired | CertificateHostMismatch) => true,
        _ if kind == Kind::Tlsa => false,
        Cause::Known(
            CertificateNotTrusted
            | StsPolicyFetchError
            | StsPolicyInvalid
            | StsWebpkiInvalid
            | ValidationFailure,
        ) => true,
        // Nobody knows what it was: it may stand in the way.
        Cause::Other(_) | Cause::Unsaid => true,
    }
}

impl Status {
    /// Its name for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::NotReady => "not-ready",
            Self::NotEnoughKnown => "not-enough-known",
            Self::NotApplicable => "not-applicable",
        }
    }
}

impl Reason {
    /// Its name for programs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Enforced => "enforced",
            Self::OptedOut => "opted-out",
            Self::NoPolicy => "no-policy",
            Self::Gone => "gone",
            Self::Mixed => "mixed",
            Self::Failures => "failures",
            Self::Changed => "changed",
            Self::TooShort => "too-short",
            Self::UnknownStart => "unknown-start",
            Self::Stale => "stale",
            Self::NothingOfSts => "nothing-of-sts",
            Self::Undated => "undated",
            Self::Uncounted => "uncounted",
            Self::Silence => "silence",
            Self::LongSilence => "long-silence",
            Self::Clean => "clean",
        }
    }
}

impl Aggregate {
    /// Whether `domain` can be enforced.
    pub fn readiness(&self, domain: &str, known: &Known) -> Readiness<'_> {
        let look = Look::default().with_readiness(Some(domain), known.today).done(self);
        self.seen(&look).readiness(domain, known)
    }

    /// Whether each domain with reports under MTA-STS can be enforced, of which nothing is known but reports. It takes
    /// one look at all reports, however many domains there are.
    pub fn readiness_of_each(&self, today: Day) -> BTreeMap<&str, Readiness<'_>> {
        let look = Look::default().with_readiness(None, today).done(self);
        self.seen(&look).readiness_of_each(today)
    }
}

impl Look {
    /// The same with what tells of readiness: of one domain, or of each.
    pub fn with_readiness(self, domain: Option<&str>, today: Day) -> Self {
        let [all, now, recent] = filters(domain, today);
        self.with(all, Told::InShort).with(now, Told::InShort).with(recent, Told::Everything)
    }
}

/// All reports of one domain, or of each; those till today; those of the last [`CLEAN_DAYS`] days, though they may begin before.
fn filters(domain: Option<&str>, today: Day) -> [Filter; 3] {
    let all = Filter { domain: domain.map(Into::into), ..Filter::default() };
    let now = Filter { until: Some(today), ..all.clone() };
    [all, now.clone(), Filter { reach: Some(first_recent(today)), ..now }]
}

impl<'a> Seen<'a, '_> {
    /// Whether `domain` can be enforced; quick if the look is one [`Look::with_readiness`].
    pub fn readiness(&self, domain: &str, known: &Known) -> Readiness<'a> {
        let mut of_it = self.readiness_within(Some(domain), known);
        of_it.pop_first().map_or_else(
            || Past::default().readiness(DomainTotals::default(), known),
            |(_, (_, ready))| ready,
        )
    }

    /// Whether each domain with reports under MTA-STS can be enforced, of which nothing is known but reports.
    pub fn readiness_of_each(&self, today: Day) -> BTreeMap<&'a str, Readiness<'a>> {
        let each = self.readiness_within(None, &Known { mode: None, testing_since: None, today });
        let of_sts = each.into_iter().filter(|(_, (of_sts, _))| *of_sts);
        of_sts.map(|(domain, (_, ready))| (domain, ready)).collect()
    }

    /// Whether each domain can be enforced, or one alone, and whether there are reports of it under MTA-STS.
    fn readiness_within(
        &self,
        domain: Option<&str>,
        known: &Known,
    ) -> BTreeMap<&'a str, (bool, Readiness<'a>)> {
        let named = |totals: DomainTotals<'a>| Some((totals.domain?, totals));
        let [all, now, recent] = filters(domain, known.today);
        let mut pasts: BTreeMap<&str, Past<'a>> = BTreeMap::new();
        for (domain, all) in self.in_short(&all).into_iter().filter_map(named) {
            let of_sts = all.kinds.iter().any(|of| of.kind == Kind::Sts);
            let undated = (all.reports, all.failing);
            pasts.insert(domain, Past { of_sts, undated, ..Past::default() });
        }
        for (domain, now) in self.in_short(&now).into_iter().filter_map(named) {
            if let Some(past) = pasts.get_mut(domain) {
                let (all, failing) = past.undated;
                let undated =
                    (all.saturating_sub(now.reports), failing.saturating_sub(now.failing));
                *past = Past { of_sts: past.of_sts, undated, ..Past::of(&now) };
            }
        }
        let mut recent: BTreeMap<&str, DomainTotals> =
            self.totals(&recent).domains.into_iter().filter_map(named).collect();
        let ready = |(domain, past): (_, Past<'a>)| {
            let recent = recent.remove(domain).unwrap_or_default();
            (domain, (past.of_sts, past.readiness(recent, known)))
        };
        pasts.into_iter().map(ready).collect()
    }
}

/// The first of the last [`CLEAN_DAYS`] days. Today is not over, and is none of them.
fn first_recent(today: Day) -> Day {
    Day(today.0.saturating_sub(CLEAN_DAYS as i32))
}

/// What counts of all reports of a domain up to today.
#[derive(Clone, Debug, Default)]
struct Past<'a> {
    reports: u64,
    until: Option<Day>,
    /// Whether any is of a policy of MTA-STS.
    of_sts: bool,
    /// Whether senders found no policy, and none of MTA-STS.
    no_policy: bool,
    newest: Newest<'a>,
    /// Since when the newest policy is in testing.
    testing: Option<Day>,
    hosts: Option<NewestMx>,
    missed: Vec<Missed<'a>>,
    last_failure: Option<Day>,
    /// How many more reports there are, of no day or of days to come; and how many of these tell of a failure, or may have one.
    undated: (u64, u64),
}

impl<'a> Past<'a> {
    fn of(all: &DomainTotals<'a>) -> Self {
        let has = |kind| all.kinds.iter().any(|of| of.kind == kind);
        let failures = all.failures.iter().filter(|failure| stands(failure));
        let (newest, testing) = newest(all);
        Self {
            reports: all.reports,
            until: all.until,
            of_sts: has(Kind::Sts),
            no_policy: has(Kind::NoPolicy) && !has(Kind::Sts),
            newest,
            testing,
            hosts: newest_mx(all),
            missed: missed(all),
            last_failure: failures.filter_map(|failure| failure.until).max(),
            undated: (0, 0),
        }
    }

    /// The answer, with what was reported in the last [`CLEAN_DAYS`] days.
    fn readiness(self, mut recent: DomainTotals<'a>, known: &Known) -> Readiness<'a> {
        let mode = known.mode.or(self.newest.mode);
        let testing_since =
            known.testing_since.or(self.testing.filter(|_| mode == Some(Mode::Testing)));
        let (blocking, other) = std::mem::take(&mut recent.failures).into_iter().partition(stands);
        // A report may end on a day to come.
        let ago = |day| known.today.since(day).max(0);
        let uncounted = unread(&recent, |kind| blocks(kind, &Cause::Unsaid)) > 0;
        let (undated, failing) = self.undated;
        let mut out = Readiness {
            status: Status::NotEnoughKnown,
            reasons: Vec::new(),
            mode,
            testing_since,
            since_reported: known.testing_since.is_none() && testing_since.is_some(),
            days_testing: testing_since.map(|since| known.today.since(since)),
            days_clean: self.last_failure.map(ago),
            // Some report on today already.
            days_covered: (recent.covered.len() as i64).min(CLEAN_DAYS),
            reports: recent.reports,
            undated: if self.reports == 0 { undated } else { failing },
            newest_days: self.until.map(ago),
            sessions: sts(&recent).map_or((0, 0), |of| (of.success, of.failure)),
            success_unread: sts(&recent).map_or(0, |of| of.success_unread),
            unread: unread(&recent, |kind| kind == Kind::Sts),
            blocking,
            other,
            senders: recent.senders.iter().filter_map(|sender| sender.name).collect(),
            silent: silent(&recent),
            servers: Vec::new(),
            newest: self.newest,
            hosts: self.hosts,
            missed: self.missed,
        };
        out.servers = servers(&out);
        let past = Rest { silence: self.reports == 0, no_policy: self.no_policy, uncounted };
        (out.status, out.reasons) = judge(&out, &past, known);
        out
    }
}

/// What else the answer depends on.
struct Rest {
    silence: bool,
    no_policy: bool,
    uncounted: bool,
}

fn stands(failure: &FailureTotals) -> bool {
    blocks(failure.kind, &failure.cause)
}

fn judge(seen: &Readiness, rest: &Rest, known: &Known) -> (Status, Vec<Reason>) {
    // What is known of the policy now counts more than what reports tell of it.
    let (gone, mixed) = match known.mode {
        Some(_) => (false, false),
        None => (seen.newest.gone.is_some(), seen.mode.is_none() && !seen.newest.others.is_empty()),
    };
    match seen.mode {
        _ if gone => {}
        Some(Mode::Enforce) => return (Status::NotApplicable, vec![Reason::Enforced]),
        Some(Mode::None) => return (Status::NotApplicable, vec![Reason::OptedOut]),
        None if rest.no_policy => return (Status::NotApplicable, vec![Reason::NoPolicy]),
        Some(Mode::Testing) | None => {}
    }
    let mut reasons = Vec::new();
    if !seen.blocking.is_empty() {
        reasons.push(Reason::Failures);
    }
    if gone {
        reasons.push(Reason::Gone);
    }
    if mixed {
        reasons.push(Reason::Mixed);
    }
    let (testing, silence) = (seen.days_testing, rest.silence);
    match testing {
        None if gone || mixed => {}
        None => reasons.push(Reason::UnknownStart),
        Some(_) if silence => {}
        Some(days) if days < CLEAN_DAYS => reasons.push(Reason::TooShort),
        Some(_) if changed(seen, known.today) => reasons.push(Reason::Changed),
        Some(_) => {}
    }
    if seen.undated > 0 {
        reasons.push(Reason::Undated);
        if silence {
            return (Status::NotEnoughKnown, reasons);
        }
    }
    if rest.uncounted {
        reasons.push(Reason::Uncounted);
    }
    if silence {
        let long = testing.is_some_and(|days| days >= SILENT_DAYS);
        reasons.push(if long { Reason::LongSilence } else { Reason::Silence });
        let status = if long { Status::Ready } else { Status::NotEnoughKnown };
        return (status, reasons);
    }
    if seen.reports == 0 {
        reasons.push(Reason::Stale);
    } else if seen.sessions.0 == 0 {
        reasons.push(Reason::NothingOfSts);
    }
    if reasons.is_empty() {
        return (Status::Ready, vec![Reason::Clean]);
    }
    let status =
        if reasons[0] == Reason::Failures { Status::NotReady } else { Status::NotEnoughKnown };
    (status, reasons)
}

/// Whether the mx lines leave out what they covered before, and that for too short a time.
fn changed(seen: &Readiness, today: Day) -> bool {
    let less = seen.hosts.as_ref().filter(|hosts| hosts.is_less == Some(true));
    less.is_some_and(|hosts| today.since(hosts.since) < CLEAN_DAYS)
}

/// How many times numbers of failed sessions can't be read, under kinds of policies.
fn unread(of: &DomainTotals, under: impl Fn(Kind) -> bool) -> u64 {
    of.kinds.iter().filter(|of| under(of.kind)).map(|of| of.unread).sum()
}

fn sts<'t>(of: &'t DomainTotals) -> Option<&'t KindTotals> {
    of.kinds.iter().find(|kind| kind.kind == Kind::Sts)
}

fn silent(of: &DomainTotals) -> Vec<&'static str> {
    let names: Vec<String> =
        of.senders.iter().filter_map(|sender| sender.name).map(str::to_ascii_lowercase).collect();
    let is_silent = |mark: &str| !names.iter().any(|name| name.contains(mark));
    LARGE.into_iter().filter(|(_, mark)| is_silent(mark)).map(|(name, _)| name).collect()
}

fn servers<'a>(of: &Readiness<'a>) -> Vec<&'a str> {
    let failures = of.blocking.iter().chain(&of.other);
    let servers: BTreeSet<&str> = failures.filter_map(|failure| failure.mx).collect();
    servers.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Content, Failure, Moment, PolicyResult, PolicyType};

    const TODAY: Day = Day(20_100);

    fn report(days_ago: i32, mode: &str, kind: &str, failure: Option<&str>) -> Content<'static> {
        let failures = failure.map(|word| Failure {
            result: ResultType::from_word(word),
            result_type: Some(word.to_owned().into()),
            mx: Some("mx.a.example".into()),
            count: Some(2),
            ..Failure::default()
        });
        Content {
            organization: Some("Google Inc.".into()),
            start: Some(Moment(format!("{}T00:00:00Z", Day(TODAY.0 - days_ago)).into())),
            policies: vec![PolicyResult {
                policy_type: PolicyType::from_word(kind),
                domain: Some("a.example".into()),
                policy: vec![format!("mode: {mode}").into()],
                success: Some(10),
                failure: Some(if failures.is_some() { 2 } else { 0 }),
                failures: failures.into_iter().collect(),
                ..PolicyResult::default()
            }],
            ..Content::default()
        }
    }

    fn asked(reports: &[Content], known: &Known) -> (Status, Vec<Reason>) {
        let mut all = Aggregate::default();
        reports.iter().for_each(|report| all.add(report, &[]));
        let ready = all.readiness("A.example", known);
        (ready.status, ready.reasons)
    }

    #[test]
    fn the_floor_and_what_stands_in_the_way() {
        let bare = Known { mode: None, testing_since: None, today: TODAY };
        let since = |days: i32| Known {
            mode: Some(Mode::Testing),
            testing_since: Some(Day(TODAY.0 - days)),
            today: TODAY,
        };
        let good = |days| report(days, "testing", "sts", None);
        let bad = |days, word| report(days, "testing", "sts", Some(word));
        let undated = |report: Content<'static>| Content { start: None, ..report };
        // Its time ends where the next day begins, and where it begins cannot be read.
        let ended = |report: Content<'static>| Content {
            start: Some(Moment("yesterday".into())),
            end: report.start.map(|Moment(start)| {
                let day = Day::read(&start[..10]).expect("a day");
                Moment(format!("{}T00:00:00Z", Day(day.0 + 1)).into())
            }),
            ..report
        };
        let uncounted = |mut report: Content<'static>| {
            report.policies[0].failure = None;
            report
        };
        // Of so many days.
        let of_days = |days: i32, report: Content<'static>| Content {
            end: report.start.as_ref().map(|Moment(start)| {
                let day = Day::read(&start[..10]).expect("a day");
                Moment(format!("{}T00:00:00Z", Day(day.0 + days)).into())
            }),
            ..report
        };
        let nothing_well = |mut report: Content<'static>| {
            report.policies[0].success = Some(0);
            report
        };
        use Reason::*;
        use Status::*;
        for (reports, known, status, reasons) in [
            (vec![good(1)], since(14), Ready, &[Clean][..]),
            (vec![good(1)], since(13), NotEnoughKnown, &[TooShort]),
            // What reports tell is enough.
            (vec![good(14), good(1)], bare, Ready, &[Clean]),
            (vec![good(13), good(1)], bare, NotEnoughKnown, &[TooShort]),
            (vec![good(20)], since(40), NotEnoughKnown, &[Stale]),
            (vec![good(20), bad(15, "certificate-expired"), good(1)], since(40), Ready, &[Clean]),
            (vec![good(20), bad(14, "certificate-expired")], since(40), NotReady, &[Failures]),
            (vec![bad(0, "sts-policy-fetch-error")], since(3), NotReady, &[Failures, TooShort]),
            (vec![bad(0, "x-new")], since(40), NotReady, &[Failures]),
            (vec![bad(0, "dnssec-invalid")], since(40), Ready, &[Clean]),
            (
                vec![good(0), report(1, "", "tlsa", Some("certificate-not-trusted"))],
                since(40),
                Ready,
                &[Clean],
            ),
            // Nobody takes such a certificate with MTA-STS.
            (
                vec![good(0), report(1, "", "tlsa", Some("certificate-expired"))],
                since(40),
                NotReady,
                &[Failures],
            ),
            (
                vec![good(0), report(1, "", "tlsa", Some("certificate-host-mismatch"))],
                since(40),
                NotReady,
                &[Failures],
            ),
            (
                vec![good(0), report(1, "", "tlsa", Some("starttls-not-supported"))],
                since(40),
                NotReady,
                &[Failures],
            ),
            (vec![report(1, "", "tlsa", None)], since(40), NotEnoughKnown, &[NothingOfSts]),
            (vec![], since(28), Ready, &[LongSilence]),
            (vec![], since(27), NotEnoughKnown, &[Silence]),
            (vec![], bare, NotEnoughKnown, &[UnknownStart, Silence]),
            (vec![report(1, "enforce", "sts", None)], bare, NotApplicable, &[Enforced]),
            (vec![report(1, "none", "sts", None)], bare, NotApplicable, &[OptedOut]),
            (vec![report(1, "", "no-policy-found", None)], bare, NotApplicable, &[NoPolicy]),
            // A mode that is known counts more than a report of yesterday.
            (vec![report(1, "enforce", "sts", None)], since(40), Ready, &[Clean]),
            // Reports of days to come, and of nobody knows when, are none; but what failed may have failed now.
            (vec![good(-1)], since(40), NotEnoughKnown, &[Undated]),
            // Nothing failed in them.
            (vec![good(1), good(-1)], since(40), Ready, &[Clean]),
            (vec![good(1), undated(good(1))], since(40), Ready, &[Clean]),
            (vec![good(1), undated(uncounted(good(1)))], since(40), NotEnoughKnown, &[Undated]),
            (vec![good(1), bad(-1, "certificate-expired")], since(40), NotEnoughKnown, &[Undated]),
            (vec![good(1), undated(bad(1, "x-new"))], since(40), NotEnoughKnown, &[Undated]),
            (vec![ended(bad(3, "x-new"))], since(40), NotReady, &[Failures]),
            // What failed in a report of a week may have failed on its last day.
            (
                vec![of_days(2, bad(15, "certificate-expired")), good(1)],
                since(40),
                NotReady,
                &[Failures],
            ),
            (vec![of_days(7, bad(21, "certificate-expired")), good(1)], since(40), Ready, &[Clean]),
            (vec![of_days(900, bad(30, "x-new")), good(1)], since(40), NotReady, &[Failures]),
            (vec![of_days(7, good(20))], since(40), Ready, &[Clean]),
            // Unknown is not zero.
            (vec![good(2), uncounted(good(1))], since(40), NotEnoughKnown, &[Uncounted]),
            (vec![uncounted(good(15)), good(1)], since(40), Ready, &[Clean]),
            (vec![uncounted(bad(1, "dnssec-invalid"))], since(40), NotEnoughKnown, &[Uncounted]),
            (
                vec![uncounted(bad(1, "certificate-expired"))],
                since(40),
                NotReady,
                &[Failures, Uncounted],
            ),
            (vec![good(0), uncounted(report(1, "", "tlsa", None))], since(40), Ready, &[Clean]),
            // Back in testing after another mode.
            (
                vec![good(30), report(2, "enforce", "sts", None), good(1)],
                bare,
                NotEnoughKnown,
                &[TooShort],
            ),
            (
                vec![good(60), report(20, "enforce", "sts", None), good(14), good(1)],
                bare,
                Ready,
                &[Clean],
            ),
            // On the day of the change some machines of a sender have the new policy.
            (
                vec![good(30), report(1, "enforce", "sts", None), good(1)],
                bare,
                NotApplicable,
                &[Enforced],
            ),
            (
                vec![
                    report(30, "enforce", "sts", None),
                    good(1),
                    report(1, "enforce", "sts", None),
                ],
                bare,
                NotEnoughKnown,
                &[TooShort],
            ),
            // The form of the line makes no difference.
            (vec![report(14, "testing ", "sts", None), good(1)], bare, Ready, &[Clean]),
            (
                vec![nothing_well(bad(1, "dnssec-invalid"))],
                since(40),
                NotEnoughKnown,
                &[NothingOfSts],
            ),
        ] {
            assert_eq!(
                asked(&reports, &known),
                (status, reasons.to_vec()),
                "{reports:#?} {known:?}"
            );
        }
    }

    /// Many domains are judged together as each is alone.
    #[test]
    fn each_domain_is_judged_as_if_it_were_alone() {
        let good = |days| report(days, "testing", "sts", None);
        let bad = |days, word| report(days, "testing", "sts", Some(word));
        let other = |days, mode| report(days, mode, "sts", None);
        let undated = |report: Content<'static>| Content { start: None, ..report };
        let cases = [
            vec![good(14), good(1)],
            vec![good(13), good(1)],
            vec![good(20), bad(14, "certificate-expired"), good(1)],
            vec![good(20), bad(13, "certificate-expired"), bad(2, "dnssec-invalid")],
            vec![good(40)],
            vec![good(-1)],
            vec![good(20), good(1), bad(-1, "certificate-expired")],
            vec![good(20), undated(bad(1, "x-new"))],
            vec![other(1, "enforce")],
            vec![good(30), other(2, "enforce"), good(1)],
            vec![good(60), other(20, "enforce"), good(14), good(1)],
            vec![good(60), other(20, "none"), other(14, "enforce"), good(15), good(9)],
            vec![good(30), other(1, "enforce"), good(1)],
            vec![good(30), other(-1, "enforce"), good(1)],
            vec![good(16), report(1, "", "tlsa", Some("certificate-not-trusted")), good(0)],
            // Nothing of MTA-STS.
            vec![report(1, "", "tlsa", None)],
            vec![report(1, "", "no-policy-found", None)],
        ];
        let mut all = Aggregate::default();
        for (number, reports) in cases.iter().enumerate() {
            for report in reports {
                let mut report = report.clone();
                report.policies[0].domain = Some(format!("d{number}.example").into());
                all.add(&report, &[]);
            }
        }
        let bare = Known { mode: None, testing_since: None, today: TODAY };
        let each = all.readiness_of_each(TODAY);
        for number in 0..cases.len() {
            let domain = format!("d{number}.example");
            let alone = all.readiness(&domain, &bare);
            let wanted = (number < 15).then_some(&alone);
            assert_eq!(each.get(&domain[..]), wanted, "{domain}");
        }
        // One of each kind at least, or this would compare little.
        for status in
            [Status::Ready, Status::NotReady, Status::NotEnoughKnown, Status::NotApplicable]
        {
            assert!(each.values().any(|ready| ready.status == status), "{status:?}");
        }
    }

    #[test]
    fn the_basis_is_numbers() {
        let mut all = Aggregate::default();
        for report in [
            report(20, "testing", "sts", None),
            report(3, "testing", "sts", Some("certificate-expired")),
        ] {
            all.add(&report, &[]);
        }
        let ready =
            all.readiness("a.example", &Known { mode: None, testing_since: None, today: TODAY });
        assert_eq!(ready.mode, Some(Mode::Testing));
        assert!(ready.since_reported);
        assert_eq!(
            (ready.days_testing, ready.days_clean, ready.days_covered),
            (Some(20), Some(3), 1)
        );
        assert_eq!((ready.reports, ready.newest_days, ready.sessions), (1, Some(3), (10, 2)));
        assert_eq!(
            (&ready.senders[..], &ready.silent[..]),
            (&["Google Inc."][..], &["Microsoft", "mail.ru"][..])
        );
        assert_eq!((&ready.servers[..], ready.blocking.len()), (&["mx.a.example"][..], 1));
        // A week that ends in these days, of which two are of them, and a day: three are covered.
        let mut all = Aggregate::default();
        let days = |ago: i32| Some(Moment(format!("{}T00:00:00Z", Day(TODAY.0 - ago)).into()));
        let week = report(19, "testing", "sts", Some("certificate-expired"));
        all.add(&Content { end: days(12), ..week }, &[]);
        all.add(&report(1, "testing", "sts", None), &[]);
        let ready =
            all.readiness("a.example", &Known { mode: None, testing_since: None, today: TODAY });
        assert_eq!(
            (ready.days_testing, ready.days_clean, ready.days_covered, ready.newest_days),
            (Some(19), Some(13), 3, Some(1))
        );
    }
}

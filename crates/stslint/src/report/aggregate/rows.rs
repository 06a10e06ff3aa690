//! A report as rows of a table, for other programs: one for each policy and way to fail.

use super::facts::{self, Detail, Facts, short, told};
use super::{Aggregate, Day, Filter, Kind, fold};
use crate::policy::Mode;
use crate::report::{Content, Failure, Moment, PolicyResult, PolicyType};
use std::borrow::Cow;
use std::net::IpAddr;

/// A row: a report, a policy in it, and a way in which sessions under it failed. A policy without failures has one row, and
/// so has a report without policies. What is not known is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row<'a> {
    /// Who reports.
    pub organization: Option<Cow<'a, str>>,
    /// Whom to ask about it.
    pub contact: Option<Cow<'a, str>>,
    /// Its id.
    pub report_id: Option<Cow<'a, str>>,
    /// Where its time begins, as seconds since 1970-01-01T00:00:00Z.
    pub start: Option<i64>,
    /// Where its time ends, likewise.
    pub end: Option<i64>,
    /// The day that it is counted for.
    pub day: Option<Day>,
    /// Which of the report's policies it is, from 0; none where it has none.
    pub policy: Option<usize>,
    /// The kind of policy under which it is counted. Sessions of different kinds are not to be added.
    pub kind: Option<Kind>,
    /// The domain whose mail it is.
    pub domain: Option<Cow<'a, str>>,
    /// The domain of the policy as the report has it: a mail host, in some. Names outside ASCII are A-labels, where whoever read the
    /// report made them ([`super::name_in_a_labels`]).
    pub policy_domain: Option<Cow<'a, str>>,
    /// The mode of the policy that the sender had.
    pub mode: Option<Mode>,
    /// Sessions under the policy that kept to it. The same in all rows of one policy.
    pub success: Option<u64>,
    /// Sessions under the policy that failed. The same in all rows of one policy.
    pub failure: Option<u64>,
    /// How sessions failed; none where none did.
    pub failed: Option<Failed<'a>>,
}

/// How sessions failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failed<'a> {
    /// The result type; none for failures of which the report says no more than their number.
    pub result_type: Option<Cow<'a, str>>,
    /// How many sessions.
    pub sessions: Option<u64>,
    /// The mail server.
    pub mx: Option<Cow<'a, str>>,
    /// What it called itself.
    pub helo: Option<Cow<'a, str>>,
    /// Its address.
    pub receiving_ip: Option<IpAddr>,
    /// Where the sessions came from.
    pub sending_ip: Option<IpAddr>,
    /// A code or text of the reporter.
    pub reason: Option<Cow<'a, str>>,
    /// Where more is said.
    pub more: Option<Cow<'a, str>>,
}

/// The most rows of a report that tell each failure as it stands. Large senders have a few hundred.
const MOST_ROWS: usize = 5_000;

/// The rows of a report, in the order of its text. Texts are cut after 255 bytes, and of policies the first 1,000 are told. Where
/// that makes more than 5,000 rows, failures that are alike come together, with less told of them; no session is left out.
pub fn rows<'a>(report: &'a Content<'_>) -> impl Iterator<Item = Row<'a>> {
    let seconds = |moment: &Option<Moment>| moment.as_ref().and_then(Moment::seconds);
    let bare = Row {
        organization: cut(&report.organization),
        contact: cut(&report.contact),
        report_id: cut(&report.id),
        start: seconds(&report.start),
        end: seconds(&report.end),
        day: facts::day(report),
        ..Row::default()
    };
    let alone = report.policies.is_empty().then(|| bare.clone());
    let results = told(report);
    let places = fold::places(report, results);
    let rows: usize = results.iter().map(|result| result.failures.len() + 1).sum();
    let most = match rows {
        0..=MOST_ROWS => MOST_ROWS,
        _ => MOST_ROWS / results.len().max(1),
    };
    let policies = results.iter().zip(places).enumerate();
    let rows = policies.flat_map(move |(number, (result, place))| {
        let row = Row {
            policy: Some(number),
            kind: Some(Kind::of(result.policy_type, place.host.is_some())),
            domain: place.domain,
            policy_domain: cut(&result.domain),
            mode: mode(result),
            success: result.success,
            failure: result.failure,
            ..bare.clone()
        };
        failures(result, most).into_iter().map(move |failed| Row { failed, ..row.clone() })
    });
    alone.into_iter().chain(rows)
}

/// Whether a report has a policy about the mail of a domain, which is given as A-labels in lower case.
pub fn is_about(report: &Content<'_>, domain: &str) -> bool {
    let places = fold::places(report, told(report));
    places.iter().any(|place| place.domain.as_deref() == Some(domain))
}

/// Whether a report may turn out to be about the mail of a domain once others are known: it is, or has a TLSA policy of what may be
/// one of its mail hosts.
pub fn may_be_about(report: &Content<'_>, domain: &str) -> bool {
    let results = told(report);
    let places = fold::places(report, results);
    results.iter().zip(places).any(|(result, place)| {
        place.domain.as_deref() == Some(domain)
            || (result.policy_type == Some(PolicyType::Tlsa) && place.host.is_none())
    })
}

impl Aggregate {
    /// Rows of what is kept of the reports, the newest first. Whom to ask, ids and times are not kept, so these are none.
    pub fn rows<'a>(&'a self, filter: &'a Filter) -> impl Iterator<Item = Row<'a>> {
        self.rows_by_report(filter).flatten()
    }

    /// The same, those of each report for themselves, for whoever must not be held up by all. Of some there are none.
    pub fn rows_by_report<'a>(
        &'a self,
        filter: &'a Filter,
    ) -> impl Iterator<Item = impl Iterator<Item = Row<'a>>> {
        let takes = |facts: &Facts<_>| {
            filter.takes_days(facts.day, facts.last) && filter.takes_sender(facts.sender)
        };
        self.each().map(move |facts| {
            let taken = takes(&facts);
            let name = |name: Option<&'a str>| name.map(Cow::Borrowed);
            let (sender, day) = (facts.sender, facts.day);
            let bare = Row { organization: name(sender), day, ..Row::default() };
            let is_bare = facts.policies.is_empty() && filter.takes_bare();
            let alone = (taken && is_bare).then(|| bare.clone());
            let policies = taken.then_some(facts.policies).into_iter().flatten().enumerate();
            let takes =
                |policy: &facts::Policy<_>| filter.takes_policy(policy.domain, policy.kind());
            let rows = policies.filter(move |(_, policy)| takes(policy)).flat_map(
                move |(number, policy)| {
                    let lines =
                        policy.lines.filter(|_| policy.policy_type == Some(PolicyType::Sts));
                    let row = Row {
                        policy: Some(number),
                        kind: Some(policy.kind()),
                        domain: name(policy.domain),
                        policy_domain: name(policy.host.or(policy.domain)),
                        mode: lines.and_then(facts::mode),
                        success: policy.success,
                        failure: policy.failure,
                        ..bare.clone()
                    };
                    let takes = |detail: &&Detail<&'a str>| {
                        let mx = detail.mx.or(policy.host);
                        filter.takes_detail(mx, detail.cause, detail.address)
                    };
                    let mut failures: Vec<_> = policy
                        .details
                        .iter()
                        .filter(takes)
                        .cloned()
                        .map(coarse)
                        .map(Some)
                        .collect();
                    if failures.is_empty() && filter.is_of_all_sessions() {
                        failures.push(None);
                    }
                    failures.into_iter().map(move |failed| Row { failed, ..row.clone() })
                },
            );
            alone.into_iter().chain(rows)
        })
    }
}

fn mode(result: &PolicyResult) -> Option<Mode> {
    let sts = result.policy_type == Some(PolicyType::Sts);
    sts.then(|| result.read().mode)?
}

/// How sessions under a policy failed; one nothing where none did. Where there are more than `most` ways, they are told as
/// they count in totals.
fn failures<'a>(result: &'a PolicyResult, most: usize) -> Vec<Option<Failed<'a>>> {
    if result.failures.len() > most {
        return facts::details(result, most).into_iter().map(coarse).map(Some).collect();
    }
    let unsaid = result.unexplained();
    let unsaid = unsaid.map(|left| Failed { sessions: Some(left), ..Failed::default() });
    let told = result.failures.iter().filter(|failure| failure.tells());
    let mut failures: Vec<_> = told.map(failed).chain(unsaid).map(Some).collect();
    if failures.is_empty() {
        failures.push(None);
    }
    failures
}

fn coarse<'a>(detail: Detail<impl AsRef<str> + Into<Cow<'a, str>>>) -> Failed<'a> {
    Failed {
        result_type: detail.cause.map(Into::into),
        sessions: detail.sessions,
        mx: detail.mx.map(Into::into),
        receiving_ip: detail.server.and_then(|address| address.as_ref().parse().ok()),
        sending_ip: detail.address.and_then(|address| address.as_ref().parse().ok()),
        reason: detail.reason.map(Into::into),
        ..Failed::default()
    }
}

/// A text, not too long: each row repeats those of its report.
fn cut<'a>(text: &'a Option<Cow<str>>) -> Option<Cow<'a, str>> {
    text.as_deref().map(|text| Cow::Borrowed(short(text).unwrap_or_default()))
}

fn failed<'a>(failure: &'a Failure) -> Failed<'a> {
    Failed {
        result_type: cut(&failure.result_type),
        sessions: failure.count,
        mx: cut(&failure.mx),
        helo: cut(&failure.helo),
        receiving_ip: failure.receiving_ip,
        sending_ip: failure.sending_ip,
        reason: cut(&failure.reason),
        more: cut(&failure.more),
    }
}

//! What counts of one report.

use super::Day;
use super::fold;
use crate::policy::{self, Mode};
use crate::report::table::normal;
use crate::report::{Content, Failure, Moment, PolicyResult, PolicyType, add};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// So many policies of a report are looked at, and so many ways to fail of each. Large senders have one policy and a few
/// hundred ways.
pub(super) const MOST_POLICIES: usize = 1_000;
const MOST_DETAILS: usize = 2_000;

/// Longest name, and longest text of a policy, in bytes. What is longer is cut, and the policy left out.
const MOST_NAME: usize = 255;
const MOST_LINES: usize = 4_096;

/// A report in short. `N` is how its names are held: as texts, or as numbers of a pool.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Facts<N> {
    /// Who reports.
    pub(super) sender: Option<N>,
    /// The day of its start, or else of its end.
    pub(super) day: Option<Day>,
    /// The last day that it is about, where that is a later one: what failed may have failed then.
    pub(super) last: Option<Day>,
    /// How many policies were not looked at.
    pub(super) cut: u64,
    /// Codes of the rules that say something of the reporter's ways, sorted.
    pub(super) habits: Vec<N>,
    pub(super) policies: Vec<Policy<N>>,
}

/// What came of one policy.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Policy<N> {
    pub(super) policy_type: Option<PolicyType>,
    /// The domain whose mail it is.
    pub(super) domain: Option<N>,
    /// The MX host, where the policy is one of its own.
    pub(super) host: Option<N>,
    /// Its lines, sorted, each once, with a line feed between them.
    pub(super) lines: Option<N>,
    pub(super) success: Option<u64>,
    pub(super) failure: Option<u64>,
    /// How sessions failed. Those without a word have no cause.
    pub(super) details: Vec<Detail<N>>,
}

/// Sessions that failed in the same way.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Detail<N> {
    /// The name of the result type.
    pub(super) cause: Option<N>,
    /// The mail server: its name, or else its address.
    pub(super) mx: Option<N>,
    /// Where the session came from.
    pub(super) address: Option<N>,
    /// A code or text of the reporter.
    pub(super) reason: Option<N>,
    /// The address of the mail server, where it has a name besides.
    pub(super) server: Option<N>,
    pub(super) sessions: Option<u64>,
}

impl<N> Facts<N> {
    /// The same with other names.
    pub(super) fn map<'a, M>(&'a self, mut name: impl FnMut(&'a N) -> M) -> Facts<M> {
        let mut option = |held: &'a Option<N>| held.as_ref().map(&mut name);
        let sender = option(&self.sender);
        let policy = |policy: &'a Policy<N>| Policy {
            policy_type: policy.policy_type,
            domain: option(&policy.domain),
            host: option(&policy.host),
            lines: option(&policy.lines),
            success: policy.success,
            failure: policy.failure,
            details: (policy.details.iter())
                .map(|detail| Detail {
                    cause: option(&detail.cause),
                    mx: option(&detail.mx),
                    address: option(&detail.address),
                    reason: option(&detail.reason),
                    server: option(&detail.server),
                    sessions: detail.sessions,
                })
                .collect(),
        };
        let policies = self.policies.iter().map(policy).collect();
        let habits = self.habits.iter().map(name).collect();
        Facts { sender, day: self.day, last: self.last, cut: self.cut, habits, policies }
    }
}

impl Facts<&str> {
    /// Whether no text is longer than those of a report that was read: what comes from a link may be anything, and a text that is
    /// there once may be used by each failure.
    pub(super) fn is_short(&self) -> bool {
        let short = |name: Option<&str>| name.is_none_or(|name| name.len() <= MOST_NAME);
        let detail = |detail: &Detail<&str>| {
            [detail.cause, detail.mx, detail.address, detail.reason, detail.server]
                .into_iter()
                .all(short)
        };
        let policy = |policy: &Policy<&str>| {
            // A space may have come in behind each colon.
            policy.lines.is_none_or(|lines| lines.len() <= 2 * MOST_LINES)
                && [policy.domain, policy.host].into_iter().all(short)
                && policy.details.iter().all(detail)
        };
        short(self.sender)
            && self.habits.iter().all(|code| short(Some(code)))
            && self.policies.iter().all(policy)
    }
}

impl<'a> Facts<Cow<'a, str>> {
    /// The facts of a report. `habits` are the codes of what the rules found in it.
    pub(super) fn of(content: &'a Content<'_>, habits: &[&'static str]) -> Self {
        let habits: BTreeSet<&str> = habits.iter().copied().filter(|code| is_habit(code)).collect();
        let results = told(content);
        let places = fold::places(content, results);
        let policies = results.iter().zip(places).map(|(result, place)| of_result(result, place));
        Self {
            sender: sender(content),
            day: day(content),
            last: last(content),
            cut: (content.policies.len() - results.len()) as u64,
            habits: habits.into_iter().map(Cow::Borrowed).collect(),
            policies: policies.collect(),
        }
    }
}

/// The policies of a report that are looked at.
pub(super) fn told<'a, 'c>(report: &'a Content<'c>) -> &'a [PolicyResult<'c>] {
    &report.policies[..report.policies.len().min(MOST_POLICIES)]
}

/// Whether a rule tells of the reporter's ways, and not of the mail, the policy or the file that the report came in.
fn is_habit(code: &str) -> bool {
    const OF_THE_MAIL: [&str; 5] = ["025", "060", "061", "062", "063"];
    const OF_THE_FILE: [&str; 2] = ["002", "070"];
    code.strip_prefix("RPT-JSON-")
        .is_some_and(|number| !OF_THE_MAIL.contains(&number) && !OF_THE_FILE.contains(&number))
}

/// The day that a report is about. Where only its end can be read, that is the day of the last second before: some write
/// the end of a day as the start of the next.
pub fn day(content: &Content) -> Option<Day> {
    content.start.as_ref().and_then(Moment::seconds).map(Day::of).or_else(|| last_second(content))
}

/// The last day that a report is about, where that is after [`day`].
fn last(content: &Content) -> Option<Day> {
    let day = day(content)?;
    last_second(content).filter(|last| *last > day)
}

/// The day of the last second before its end.
fn last_second(content: &Content) -> Option<Day> {
    let end = content.end.as_ref().and_then(Moment::seconds)?;
    Some(Day::of(end.saturating_sub(1)))
}

/// Who reports: the organisation, or else the domain of whom to ask.
pub(super) fn sender<'a>(content: &'a Content) -> Option<Cow<'a, str>> {
    let contact = || content.contact.as_deref()?.rsplit_once('@').map(|(_, domain)| domain);
    short(content.organization.as_deref().or_else(contact)?.trim()).map(Cow::Borrowed)
}

fn of_result<'a>(result: &'a PolicyResult, place: fold::Place<'a>) -> Policy<Cow<'a, str>> {
    Policy {
        policy_type: result.policy_type,
        domain: place.domain,
        host: place.host,
        lines: lines(result).map(Cow::Owned),
        success: result.success,
        failure: result.failure,
        details: details(result, MOST_DETAILS),
    }
}

/// How sessions failed, up to `most` ways, which is at least 1.
pub(super) fn details<'a>(result: &'a PolicyResult, most: usize) -> Vec<Detail<Cow<'a, str>>> {
    let mut details = BTreeMap::new();
    for failure in result.failures.iter().filter(|failure| failure.tells()) {
        add(details.entry(way(failure)).or_insert(None), failure.count);
    }
    if let Some(left) = result.unexplained() {
        add(details.entry(Way::default()).or_insert(None), Some(left));
    }
    let detail = |((cause, mx, address, reason, server), sessions)| Detail {
        cause,
        mx,
        address,
        reason,
        server,
        sessions,
    };
    coarse(details, most).into_iter().map(detail).collect()
}

impl Failure<'_> {
    /// Whether it tells of a session that failed: no session is none, and an empty object says nothing.
    pub(in crate::report) fn tells(&self) -> bool {
        match self.count {
            Some(number) => number > 0,
            None => way(self) != Way::default(),
        }
    }
}

/// How a session failed: cause, mail server, sending address, reason, address of the mail server.
type Way<'a> = (Text<'a>, Text<'a>, Text<'a>, Text<'a>, Text<'a>);
type Text<'a> = Option<Cow<'a, str>>;

fn way<'a>(failure: &'a Failure) -> Way<'a> {
    let text = |text: &'a Option<Cow<str>>| text.as_deref().and_then(short).map(Cow::Borrowed);
    let address = |ip: Option<IpAddr>| ip.map(|ip| Cow::Owned(ip.to_string()));
    let mx = match &failure.mx {
        Some(name) => short(name).map(normal),
        None => address(failure.receiving_ip),
    };
    let server = address(failure.receiving_ip).filter(|_| failure.mx.is_some());
    (text(&failure.result_type), mx, address(failure.sending_ip), text(&failure.reason), server)
}

/// The same with less told, where there is too much: no session is left out.
fn coarse(mut details: BTreeMap<Way, Option<u64>>, most: usize) -> BTreeMap<Way, Option<u64>> {
    let less: [fn(&mut Way); 5] = [
        |way| way.3 = None,
        |way| way.2 = None,
        |way| way.4 = None,
        |way| way.1 = None,
        |way| way.0 = None,
    ];
    for less in less {
        if details.len() <= most {
            break;
        }
        let mut fewer = BTreeMap::new();
        for (mut way, sessions) in details {
            less(&mut way);
            add(fewer.entry(way).or_insert(None), sessions);
        }
        details = fewer;
    }
    details
}

/// A name that is not empty, and not too long.
pub(super) fn short(name: &str) -> Option<&str> {
    let end = (0..=name.len().min(MOST_NAME)).rev().find(|at| name.is_char_boundary(*at))?;
    (end > 0).then(|| &name[..end])
}

/// The mode of a policy of MTA-STS with these lines, as facts have them.
pub(super) fn mode(lines: &str) -> Option<Mode> {
    policy::values(lines).mode
}

/// The lines of a policy as a set: some reporters write them anew, in an order of their own.
fn lines(result: &PolicyResult) -> Option<String> {
    let all: usize = result.policy.iter().map(|line| line.len() + 2).sum();
    let lines = result.policy.iter().flat_map(|line| line.lines());
    let set: BTreeSet<String> = match result.policy_type {
        _ if all > MOST_LINES => return None,
        Some(PolicyType::Tlsa) => lines.map(|line| line.trim().to_ascii_lowercase()).collect(),
        _ => lines.map(one_line).collect(),
    };
    let set: Vec<String> = set.into_iter().filter(|line| !line.is_empty()).collect();
    (!set.is_empty()).then(|| set.join("\n"))
}

/// A line of a policy in one form: white space at its colon and its end says nothing, nor does the case of host names.
pub(super) fn one_line(line: &str) -> String {
    match line.trim().split_once(':') {
        None => line.trim().to_owned(),
        Some((name, value)) => {
            let (name, value) = (name.trim(), value.trim());
            let value = if name == "mx" { value.to_ascii_lowercase() } else { value.to_owned() };
            format!("{name}: {value}")
        }
    }
}

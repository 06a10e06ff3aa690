//! A timeline in words: what senders may still hold, and when nothing stands in the way any more.

use super::senders::{columns, patterns, shown};
use super::words::duration;
use crate::policy::Mode;
use crate::senders::models::STANDARD;
use crate::senders::timeline::{Published, Row, Span, Timeline, Until};
use crate::time::rfc3339;

/// A timeline with all that its words need.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// What was published.
    pub history: &'a [Published],
    /// What becomes of it.
    pub timeline: &'a Timeline,
    /// The hosts that stay when others go; none where that is no question.
    pub hosts: &'a [&'a str],
}

/// A time as people read it: the day where it is its beginning, otherwise with the minute. In UTC.
pub fn moment(seconds: i64) -> String {
    let Some(text) = rfc3339(seconds) else { return format!("second {seconds}") };
    let (day, time) = text.split_once('T').unwrap_or((&text, ""));
    match time {
        "00:00:00Z" => day.to_owned(),
        time => format!("{day} {}", time.get(..5).unwrap_or(time)),
    }
}

/// The first whole day from which on it is safe, as the end of a sentence that begins with "It is".
pub fn safe(until: Until) -> String {
    const DAY: i64 = 86_400;
    match until {
        Until::Free => "safe at any time".into(),
        Until::At(seconds) => {
            let whole = seconds.saturating_add(DAY - 1).div_euclid(DAY).saturating_mul(DAY);
            format!("safe from {} on", moment(whole))
        }
        Until::Never => "not safe as long as what is published stays as it is".into(),
    }
}

impl Told<'_> {
    /// What was published, a line for each change.
    pub fn published(&self) -> Vec<String> {
        let standard = Row::of(STANDARD, self.history);
        let line = |(state, published): (usize, &Published)| {
            let span = standard.spans.iter().find(|span| span.state == state);
            let record = match published.records.as_slice() {
                [] => "no record".into(),
                [one] => shown(one),
                more => format!("{} records", more.len()),
            };
            let policy = match (span, &published.policy) {
                (Some(span), _) => policy(span),
                (None, Some(_)) => "a policy that RFC 8461 does not use".into(),
                (None, None) => "no policy".into(),
            };
            format!("{}: {policy}; {record}", moment(published.from))
        };
        self.history.iter().enumerate().map(line).collect()
    }

    /// When old MX hosts may go, and when MTA-STS may, as sentences.
    pub fn answers(&self) -> Vec<String> {
        let standard = self.timeline.rows.iter().find(|row| row.model.name == STANDARD.name);
        let mut answers = Vec::new();
        let mut answer = |what: &str, all: Until, rfc: Option<Until>| {
            let rfc = rfc.filter(|rfc| *rfc != all);
            let rfc = rfc.map(|rfc| format!(" By RFC 8461 alone: {}.", safe(rfc)));
            answers.push(format!("{what}: {}.{}", safe(all), rfc.unwrap_or_default()));
        };
        if !self.hosts.is_empty() {
            let names: Vec<String> = self.hosts.iter().map(|host| shown(host)).collect();
            let what = format!("Remove all MX hosts but {}", names.join(", "));
            let rfc = standard.map(|row| row.hosts_free(self.hosts, None));
            answer(&what, self.timeline.hosts_free(self.hosts, None), rfc);
        }
        let rfc = standard.map(Row::removal_free);
        answer("Remove the record and the policy host", self.timeline.removal_free(), rfc);
        answers
    }

    /// The whole for a terminal.
    pub fn text(&self) -> String {
        let mut out = self.published().join("\n");
        out.push_str("\n\n");
        out.push_str(&self.answers().join("\n"));
        out.push_str("\n\n");
        let head = ["sender", "policy of", "held until", "a message replaces it from"];
        let mut lines = vec![head.map(str::to_owned).to_vec()];
        for row in &self.timeline.rows {
            for span in row.spans.iter().filter(|span| span.served_until.is_some()) {
                let until = span.to.map_or_else(|| "no end".into(), moment);
                let noticed = span.noticed.map_or_else(|| "-".into(), moment);
                lines.push(vec![row.model.name.into(), moment(span.from), until, noticed]);
            }
        }
        out.push_str(&columns(&lines));
        out.push_str(
            "\nTimes are UTC. \"Held\" is the longest that a sender may keep a policy that it fetched at the last \
             moment. What was published last is left out.\n",
        );
        out
    }
}

/// A policy in a few words.
fn policy(span: &Span) -> String {
    let mode = span.policy.mode.map_or("none given", Mode::word);
    let mx = patterns(&span.policy.mx);
    format!("mode {mode}, kept for {}, mx {mx}", duration(span.policy.max_age))
}

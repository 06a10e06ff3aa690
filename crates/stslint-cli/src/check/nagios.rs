//! Rows as the output of a monitoring plugin: one status line with performance data, then the domains that are not
//! well, and an exit code (Monitoring Plugins Development Guidelines, "Plugin Output for Nagios").

use super::row::{Line, Presence, Row, Severity, State};
use crate::terminal::Terminal;
use stslint::text::visible;

/// Most bytes of the performance data and of the lines below, each: Nagios reads 8 KiB of all.
const MOST: usize = 3500;

/// So many domains are kept at least, the worst ones.
const KEPT: usize = 200;

/// What a service is. The worst one of several makes the exit code; UNKNOWN is better than WARNING, as a
/// warning was seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Status {
    Critical,
    Warning,
    Unknown,
    Ok,
}

impl Status {
    const fn word(self) -> &'static str {
        match self {
            Self::Critical => "CRITICAL",
            Self::Warning => "WARNING",
            Self::Unknown => "UNKNOWN",
            Self::Ok => "OK",
        }
    }

    const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Warning => 1,
            Self::Critical => 2,
            Self::Unknown => 3,
        }
    }
}

/// The exit code of a check that could not be made.
pub(super) const UNKNOWN: u8 = Status::Unknown.code();

/// One domain.
#[derive(Debug)]
struct Service {
    status: Status,
    /// The fewest days that a certificate has left.
    days: Option<i64>,
    number: u64,
    domain: String,
    words: String,
    /// Performance data: a label, and days.
    certificates: Vec<(String, i64)>,
}

/// The domains of a run.
#[derive(Debug)]
pub(super) struct Plugin {
    /// Fewer days than that are a warning.
    days: u32,
    worst: Vec<Service>,
    counts: [usize; 4],
}

impl Plugin {
    /// Nothing yet. A certificate that ends within so many days is a warning.
    pub(super) fn new(days: u32) -> Self {
        Self { days, worst: Vec::new(), counts: [0; 4] }
    }

    /// Adds what came of one entry.
    pub(super) fn add(&mut self, line: &Line) {
        let service = match line {
            Line::Domain(row) => self.service(row),
            Line::Unfit(unfit) => Service {
                status: Status::Unknown,
                days: None,
                number: unfit.number,
                domain: plain(&unfit.text),
                words: format!("it is {}", unfit.not_checked),
                certificates: Vec::new(),
            },
            Line::Gone(_) => return,
        };
        if let Some(count) = self.counts.get_mut(service.status as usize) {
            *count += 1;
        }
        self.worst.push(service);
        if self.worst.len() >= 2 * KEPT {
            self.sort();
            self.worst.truncate(KEPT);
        }
    }

    /// The worst first; of two, the one whose certificate ends sooner.
    fn sort(&mut self) {
        let key =
            |service: &Service| (service.status, service.days.unwrap_or(i64::MAX), service.number);
        self.worst.sort_by_key(key);
    }

    fn service(&self, row: &Row) -> Service {
        let certificates: Vec<(String, i64)> = row
            .certificates()
            .filter_map(|(host, end)| {
                let label = match host {
                    Some(host) => format!("{} {host}", row.domain),
                    None => format!("{} policy", row.domain),
                };
                Some((label, end.checked_sub(row.time?)?.div_euclid(86_400)))
            })
            .collect();
        let days = certificates.iter().map(|(_, days)| *days).min();
        let soon = days.is_some_and(|days| days < i64::from(self.days));
        let status = match row.severity {
            Some(Severity::Error) => Status::Critical,
            Some(Severity::Warning) => Status::Warning,
            _ if soon => Status::Warning,
            // Whoever watches a domain wants to know that it has none any more.
            _ if row.record == Presence::Absent => Status::Warning,
            _ if !row.complete => Status::Unknown,
            _ if row.state == State::Unknown => Status::Unknown,
            _ => Status::Ok,
        };
        let mut words = row.title_with_ignored();
        if soon && let Some(days) = days {
            words += &match days {
                ..=-1 => " A certificate has ended.".to_owned(),
                1 => " A certificate ends in 1 day.".to_owned(),
                _ => format!(" A certificate ends in {days} days."),
            };
        }
        if !row.complete {
            words += &format!(" {} not looked up.", row.not_looked_up.len());
        }
        let (number, domain) = (row.number, row.domain.clone());
        Service { status, days, number, domain, words: plain(&words), certificates }
    }

    /// Writes all of it, and gives the exit code.
    pub(super) fn finish(mut self, terminal: &mut Terminal) -> u8 {
        self.sort();
        let all: usize = self.counts.iter().sum();
        let Some(first) = self.worst.first() else {
            terminal.print(&unknown("there is no domain to check"));
            return Status::Unknown.code();
        };
        let status = first.status;
        let bad = all - self.counts[Status::Ok as usize];
        let summary = match (all, bad) {
            (1, _) => format!("{}: {}", first.domain, first.words),
            (_, 0) => format!("{all} domains are well"),
            _ => format!("{bad} of {all} domains are not well; {}: {}", first.domain, first.words),
        };
        let mut data = String::new();
        for (label, days) in self.worst.iter().flat_map(|service| &service.certificates) {
            // Neither may stand in a label.
            let label = label.replace(['\'', '='], "_");
            let one = format!(" '{label}'={days};{}:;0:", self.days);
            if data.len() + one.len() > MOST {
                break;
            }
            data += &one;
        }
        let data = if data.is_empty() { data } else { format!(" |{data}") };
        terminal.print(&format!("MTA-STS {} - {summary}{data}\n", status.word()));
        if all == 1 {
            return status.code();
        }
        let (mut length, mut told) = (0, 0);
        for Service { status, domain, words, .. } in
            self.worst.iter().take_while(|service| service.status != Status::Ok)
        {
            let line = format!("{} {domain}: {words}\n", status.word());
            length += line.len();
            if length > MOST {
                break;
            }
            told += 1;
            terminal.print(&line);
        }
        if told < bad {
            terminal.print(&format!("and {} more\n", bad - told));
        }
        status.code()
    }
}

/// The status line of a check that could not be made.
pub(super) fn unknown(why: &str) -> String {
    format!("MTA-STS UNKNOWN - {}\n", plain(why))
}

/// Text without what ends it for a monitoring system.
fn plain(text: &str) -> String {
    visible(text).replace('|', "/")
}

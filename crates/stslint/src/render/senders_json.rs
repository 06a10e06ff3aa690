//! What senders make of a policy, as data for programs. While `schema` is 1, members may come, none
//! changes its meaning or goes.

use super::Positions;
use super::senders::{Told, word};
use crate::senders::model::{Against, Discovery, Model, Reading, Remark};
use crate::senders::verdict::{Group, Point, Row};
use serde::Serialize;
use std::borrow::Cow;

/// The document.
#[derive(Debug, Serialize)]
pub struct Document<'t> {
    schema: u32,
    stslint: &'static str,
    name: &'t str,
    result: &'static str,
    summary: Vec<String>,
    status: Option<u16>,
    content_type: Option<&'t str>,
    repair: Option<Repair<'t>>,
    groups: Vec<Said<'t>>,
    senders: Vec<Sender<'t>>,
}

#[derive(Debug, Serialize)]
struct Repair<'t> {
    alike: bool,
    codes: &'t [&'static str],
    words: String,
    text: Cow<'t, str>,
}

/// What is to be said of several senders. What a point has not is null.
#[derive(Debug, Default, Serialize)]
struct Said<'t> {
    point: &'static str,
    senders: Vec<&'static str>,
    remark: Option<Place>,
    record: Option<usize>,
    mode: Option<&'static str>,
    max_age: Option<u64>,
    missing: Option<&'t [String]>,
    more: Option<&'t [String]>,
    id: Option<&'t str>,
    host: Option<&'t str>,
    matches: Option<bool>,
}

#[derive(Debug, Serialize)]
struct Sender<'t> {
    name: &'static str,
    about: &'static str,
    standard: bool,
    repository: Option<&'static str>,
    commit: Option<&'static str>,
    date: &'static str,
    against: &'static str,
    policy: Policy<'t>,
    record: Option<Record<'t>>,
    hosts: Vec<Host<'t>>,
}

#[derive(Debug, Serialize)]
struct Policy<'t> {
    used: bool,
    remarks: Vec<Place>,
    mode: Option<&'static str>,
    mx: Option<&'t [String]>,
    max_age: Option<u64>,
}

#[derive(Debug, Serialize)]
struct Record<'t> {
    found: bool,
    id: Option<&'t str>,
    record: Option<usize>,
    remark: Option<Place>,
}

#[derive(Debug, Serialize)]
struct Host<'t> {
    host: &'t str,
    matches: Option<bool>,
}

/// What somebody stumbles over. In a record there are no lines.
#[derive(Debug, Serialize)]
struct Place {
    what: &'static str,
    words: &'static str,
    at: usize,
    line: Option<usize>,
    column: Option<usize>,
}

impl<'t> Document<'t> {
    /// The document about an input of that name.
    pub fn new(name: &'t str, told: &Told<'t>) -> Self {
        let verdict = told.verdict;
        let matrix = &verdict.matrix;
        let positions = told.positions();
        let all = [&matrix.standard].into_iter().chain(&matrix.senders);
        Self {
            schema: 1,
            stslint: crate::VERSION,
            name,
            result: word(matrix.standing()),
            summary: told.summary(),
            status: verdict.answer.status,
            content_type: verdict.answer.content_type.flatten(),
            repair: verdict.repair.as_ref().map(|repair| Repair {
                alike: repair.after.strays() == 0,
                codes: &repair.codes,
                words: told.repair().unwrap_or_default(),
                // What the standard takes is UTF-8.
                text: String::from_utf8_lossy(&repair.text),
            }),
            groups: matrix.groups.iter().map(|group| said(group, told, &positions)).collect(),
            senders: all.map(|row| sender(row, &matrix.standard, told, &positions)).collect(),
        }
    }
}

fn in_policy(remark: &Remark, told: &Told, positions: &Positions) -> Place {
    let at = told.offset(remark.at);
    let position = positions.get(at);
    let (line, column) = (Some(position.line), Some(position.column));
    Place { what: remark.what.word(), words: remark.what.words(), at, line, column }
}

fn in_record(remark: &Remark) -> Place {
    let (what, words) = (remark.what.word(), remark.what.words());
    Place { what, words, at: remark.at, line: None, column: None }
}

fn said<'t>(group: &'t Group, told: &Told<'t>, positions: &Positions) -> Said<'t> {
    let senders = group.senders.iter().map(|model| model.name).collect();
    let said = Said { senders, ..Said::default() };
    match &group.point {
        Point::Rejects(remark) => {
            Said { point: "rejects", remark: Some(in_policy(remark, told, positions)), ..said }
        }
        Point::Uses(mode, max_age) => Said {
            point: "uses",
            mode: mode.map(crate::policy::Mode::word),
            max_age: Some(*max_age),
            ..said
        },
        Point::Mode(mode) => {
            Said { point: "mode", mode: mode.map(crate::policy::Mode::word), ..said }
        }
        Point::MaxAge(max_age) => Said { point: "max-age", max_age: Some(*max_age), ..said },
        Point::Mx { missing, more } => {
            Said { point: "mx", missing: Some(missing), more: Some(more), ..said }
        }
        Point::NoRecord(index, remark) => Said {
            point: "no-record",
            record: Some(*index),
            remark: Some(in_record(remark)),
            ..said
        },
        Point::Record => Said { point: "record", ..said },
        Point::Id(id) => Said { point: "id", id: Some(id), ..said },
        Point::Host(index, matches) => Said {
            point: "host",
            host: told.hosts.get(*index).copied(),
            matches: Some(*matches),
            ..said
        },
    }
}

fn sender<'t>(row: &'t Row, standard: &Row, told: &Told<'t>, positions: &Positions) -> Sender<'t> {
    let Model { name, about, source, habits, .. } = row.model;
    let known = |text: &'static str| (!text.is_empty()).then_some(text);
    let place = |remark: &Remark| in_policy(remark, told, positions);
    let policy = match &row.reading {
        Reading::Accepted(effective, remarks) => Policy {
            used: true,
            remarks: remarks.iter().map(place).collect(),
            mode: effective.mode.map(crate::policy::Mode::word),
            mx: Some(&effective.mx),
            max_age: Some(effective.max_age),
        },
        Reading::Rejected(remark) => Policy {
            used: false,
            remarks: vec![place(remark)],
            mode: None,
            mx: None,
            max_age: None,
        },
    };
    let record = row.discovery.as_ref().map(|discovery| match discovery {
        Discovery::Found(id) => Record { found: true, id: Some(id), record: None, remark: None },
        Discovery::Nothing(index, remark) => {
            Record { found: false, id: None, record: Some(*index), remark: Some(in_record(remark)) }
        }
    });
    let host = |(index, host): (usize, &&'t str)| Host {
        host,
        matches: row.hosts.as_ref().and_then(|hosts| hosts.get(index).copied()),
    };
    Sender {
        name,
        about,
        standard: *name == standard.model.name,
        repository: known(source.repository),
        commit: known(source.commit),
        date: source.date,
        against: match habits.against {
            Against::Host => "host",
            Against::Certificate => "certificate",
        },
        policy,
        record,
        hosts: told.hosts.iter().enumerate().map(host).collect(),
    }
}

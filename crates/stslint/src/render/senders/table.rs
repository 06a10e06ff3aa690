//! What each sender makes of a policy, in a row.

use super::super::words::duration;
use super::{Told, Words, mode, patterns, shown};
use crate::senders::model::{Discovery, Effective, Model, Reading};
use crate::senders::verdict::Row;

/// What one model makes of it, in the words of a table; a dash where there is nothing to tell.
#[derive(Clone, Debug)]
pub struct Line {
    /// The model.
    pub model: &'static Model,
    /// Whether it does otherwise than the standard; where that rejects the policy, every one does.
    pub differs: bool,
    /// Whether it uses the policy.
    pub used: bool,
    /// What becomes of the policy, and over what it stumbles or passes.
    pub policy: String,
    /// The byte of the input at which it does, if it is one.
    pub at: Option<usize>,
    /// The mode that it acts on.
    pub mode: String,
    /// How long it keeps the policy.
    pub kept: String,
    /// The patterns.
    pub mx: String,
    /// What becomes of the records, where they are known.
    pub record: Option<String>,
    /// For each host whether it matches; none where no policy is used.
    pub hosts: Vec<Option<bool>>,
}

impl Told<'_> {
    /// A row for each model, the standard first.
    pub fn lines(&self) -> Vec<Line> {
        let positions = self.positions();
        let matrix = &self.verdict.matrix;
        let words = Words { told: Some((self, &positions)), standard: &matrix.standard };
        let differs = |row: &Row| {
            let is = |model: &&'static Model| model.name == row.model.name;
            matrix.groups.iter().any(|group| group.senders.iter().any(is))
        };
        let line = |row: &Row| {
            let (what, remark) = match &row.reading {
                Reading::Accepted(_, remarks) => match remarks.as_slice() {
                    [] => ("used".into(), None),
                    [first, rest @ ..] => {
                        let more = match rest.len() {
                            0 => String::new(),
                            more => format!(" and {more} more"),
                        };
                        let first_words = words.remark(first);
                        (format!("used; passes over {first_words}{more}"), Some(first))
                    }
                },
                Reading::Rejected(remark) => {
                    (format!("rejected: {}", words.remark(remark)), Some(remark))
                }
            };
            let effective = row.effective();
            let of = |told: fn(&Effective) -> String| effective.map_or_else(|| "-".into(), told);
            let host = |index| row.hosts.as_ref().and_then(|hosts| hosts.get(index).copied());
            Line {
                model: row.model,
                differs: differs(row),
                used: effective.is_some(),
                policy: what,
                at: remark
                    .filter(|remark| remark.what.has_place())
                    .map(|remark| self.offset(remark.at)),
                mode: of(|it| mode(it.mode).into()),
                kept: of(|it| duration(it.max_age)),
                mx: of(|it| patterns(&it.mx)),
                record: row.discovery.as_ref().map(|found| match found {
                    Discovery::Found(id) if id.is_empty() => "taken".into(),
                    Discovery::Found(id) => format!("id {}", shown(id)),
                    Discovery::Nothing(index, remark) => {
                        format!("none: {}", words.record(*index, remark))
                    }
                }),
                hosts: (0..self.hosts.len()).map(host).collect(),
            }
        };
        [&matrix.standard].into_iter().chain(&matrix.senders).map(line).collect()
    }

    /// A line for each model, in columns.
    pub fn table(&self) -> String {
        let mut head = vec!["sender".to_owned(), "policy".into(), "mode".into(), "kept for".into()];
        head.push("mx".into());
        if self.records.is_some() {
            head.push("record".into());
        }
        head.extend(self.hosts.iter().map(|host| shown(host)));
        let mut lines = vec![head];
        for line in self.lines() {
            let mut cells =
                vec![line.model.name.to_owned(), line.policy, line.mode, line.kept, line.mx];
            cells.extend(line.record);
            let host = |is: Option<bool>| is.map_or("-", |is| if is { "yes" } else { "no" });
            cells.extend(line.hosts.into_iter().map(|is| host(is).to_owned()));
            lines.push(cells);
        }
        columns(&lines)
    }
}

/// Lines in columns with two spaces between them; the last column has no end.
pub(in crate::render) fn columns(lines: &[Vec<String>]) -> String {
    let count = lines.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = lines.iter().filter_map(|line| line.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut out = String::new();
    for line in lines {
        let mut text = String::new();
        for (cell, width) in line.iter().zip(&widths) {
            text.push_str(cell);
            text.extend(std::iter::repeat_n(' ', width - cell.chars().count().min(*width) + 2));
        }
        out.push_str(text.trim_end());
        out.push('\n');
    }
    out
}

//! What came of some files.

use stslint::finding::Finding;
use stslint::report::aggregate::{Aggregate, name_in_a_labels};
use stslint::report::{self, Content};
use stslint::{Input, Kind, ToAscii, carve};
use stslint_intake::{Found, Item};

/// How many things that can't be read are named.
pub const NAMED: usize = 100;

/// What came of some files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// The reports, taken together.
    pub aggregate: Aggregate,
    /// What can't be read: where, and why. The first [`NAMED`] of them.
    pub refused: Vec<(String, String)>,
    /// How many more can't be read.
    pub refused_more: u64,
    /// How many DMARC reports there are.
    pub dmarc: u64,
    /// How many files and mails there are with nothing of this in them.
    pub other: u64,
    /// How many files were looked at.
    pub files: u64,
    /// How many bytes of them.
    pub bytes: u64,
}

impl Outcome {
    /// Takes what was found in a file. `to_ascii` makes A-labels of names outside ASCII. `counts` is told what a report says, with the codes of what the rules found in it, and
    /// whether it counts is what it tells.
    pub fn take(
        &mut self,
        item: Item,
        to_ascii: ToAscii,
        counts: &mut dyn FnMut(&Content, &[&'static str]) -> bool,
    ) {
        match item.found {
            Found::Report(json) => self.report(item, json, to_ascii, counts),
            Found::Dmarc => self.dmarc += 1,
            Found::Other => self.other += 1,
            Found::Refused(reason) => self.refuse(item.place.to_string(), reason.to_string()),
        }
    }

    /// Takes something that can't be read: where, and why.
    pub fn refuse(&mut self, place: String, why: String) {
        if self.refused.len() < NAMED {
            self.refused.push((place, why));
        } else {
            self.refused_more = self.refused_more.saturating_add(1);
        }
    }

    /// Adds what came of other files, which come after these.
    pub fn merge(&mut self, other: &Self) {
        self.aggregate.merge(&other.aggregate);
        for (place, why) in &other.refused {
            self.refuse(place.clone(), why.clone());
        }
        let add = |mine: &mut u64, others: u64| *mine = mine.saturating_add(others);
        add(&mut self.refused_more, other.refused_more);
        add(&mut self.dmarc, other.dmarc);
        add(&mut self.other, other.other);
        add(&mut self.files, other.files);
        add(&mut self.bytes, other.bytes);
    }

    fn report(
        &mut self,
        item: Item,
        json: &[u8],
        to_ascii: ToAscii,
        counts: &mut dyn FnMut(&Content, &[&'static str]) -> bool,
    ) {
        let file_name = item.place.file_name();
        let to_ascii = Some(to_ascii);
        let input = Input { kind: Some(Kind::Report), file_name, to_ascii, ..Input::new(json) };
        let (lossy, inside);
        let says = |read: &(Content, Vec<Finding>)| says_something(&read.0);
        let mut read = report::read(&input).filter(says);
        if read.is_none() {
            // Bytes that are no UTF-8 are against the rules, but no reason to leave out what it says.
            lossy = String::from_utf8_lossy(json);
            let content = report::content(&lossy);
            read = content.map(|content| (content, report::lint(&input).1)).filter(says);
            // Nor is what copying made of it, or what is around it: a linter reads that as well.
            if read.is_none()
                && let Some(text) = carve::report_text(lossy.as_bytes())
            {
                inside = text.into_owned();
                let input = Input { source: inside.as_bytes(), ..input };
                read = report::read(&input).filter(says);
            }
        }
        let Some((mut content, findings)) = read else {
            let why = "it is no TLS report that can be read; linting it alone shows what is wrong";
            self.refuse(item.place.to_string(), why.into());
            return;
        };
        name_in_a_labels(&mut content, to_ascii);
        let mut habits: Vec<_> = findings.iter().map(|finding| finding.rule.code).collect();
        habits.sort_unstable();
        habits.dedup();
        if counts(&content, &habits) {
            self.aggregate.add(&content, &habits);
        }
    }
}

/// Whether it has anything that only a report has.
fn says_something(content: &Content) -> bool {
    !content.policies.is_empty() || content.organization.is_some() || content.id.is_some()
}

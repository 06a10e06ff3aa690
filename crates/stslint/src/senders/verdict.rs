//! What all models make of a policy, the records and the MX hosts, and who differs from the standard in
//! what.

use super::model::{Answer, Discovery, Effective, Model, Reading, Remark};
use super::models::{STANDARD, software};
use crate::http;
use crate::input::{Kind, ToAscii};
use crate::policy::Mode;
use crate::text::seen_start;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

/// What there is to judge.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The answer of the policy host.
    pub answer: Answer<'a>,
    /// The TXT records at `_mta-sts`, each with its strings joined; none when nothing is known of them,
    /// which is not the same as no record.
    pub records: Option<&'a [&'a str]>,
    /// The names of MX hosts. Each is compared with each pattern by each model.
    pub hosts: &'a [&'a str],
    /// Turns names outside ASCII into A-labels.
    pub to_ascii: Option<ToAscii>,
}

/// What all models make of it.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// What a sender that goes by the standard makes of it.
    pub standard: Row,
    /// What software makes of it, in the order of `MODELS`.
    pub senders: Vec<Row>,
    /// Who says the same. Those of the policy come first, then those of the records, then those of the
    /// hosts; of each kind those with most senders first.
    pub groups: Vec<Group>,
}

/// What one model makes of it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The model.
    pub model: &'static Model,
    /// What becomes of the policy.
    pub reading: Reading,
    /// What becomes of the records, where they are known.
    pub discovery: Option<Discovery>,
    /// For each host whether a pattern stands for it; none where the policy is not used.
    pub hosts: Option<Vec<bool>>,
}

impl Row {
    /// The policy that is acted on, if it is used.
    pub fn effective(&self) -> Option<&Effective> {
        match &self.reading {
            Reading::Accepted(effective, _) => Some(effective),
            Reading::Rejected(_) => None,
        }
    }
}

/// Senders of which the same is to be said.
#[derive(Clone, Debug)]
pub struct Group {
    /// What is to be said.
    pub point: Point,
    /// Of whom, in the order of `MODELS`.
    pub senders: Vec<&'static Model>,
}

/// What is to be said of a sender: where it differs from the standard; where the standard rejects the
/// policy, what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Point {
    /// It rejects the policy.
    Rejects(Remark),
    /// It uses a policy that the standard rejects: mode and lifetime that it acts on.
    Uses(Option<Mode>, u64),
    /// It acts on another mode.
    Mode(Option<Mode>),
    /// It keeps the policy for another time, in seconds.
    MaxAge(u64),
    /// It has other patterns.
    Mx {
        /// Patterns that the standard reads and it has not, or that stand for nothing there.
        missing: Vec<String>,
        /// Patterns that the standard does not read.
        more: Vec<String>,
    },
    /// It finds nothing in records in which the standard finds an id: in which, and over what it stumbles.
    NoRecord(usize, Remark),
    /// It takes the domain for one with MTA-STS, which the standard does not.
    Record,
    /// It keeps another id.
    Id(String),
    /// For it the host of this index matches, or does not, other than for the standard.
    Host(usize, bool),
}

impl Point {
    /// Whether it is about the policy itself.
    pub const fn is_of_policy(&self) -> bool {
        matches!(
            self,
            Self::Rejects(_) | Self::Uses(..) | Self::Mode(_) | Self::MaxAge(_) | Self::Mx { .. }
        )
    }

    /// The kinds of points in their order.
    const fn rank(&self) -> u8 {
        match self {
            Self::Rejects(_) => 0,
            Self::Uses(..) => 1,
            Self::Mode(_) => 2,
            Self::MaxAge(_) => 3,
            Self::Mx { .. } => 4,
            Self::NoRecord(..) => 5,
            Self::Record => 6,
            Self::Id(_) => 7,
            Self::Host(..) => 8,
        }
    }
}

/// What senders make of a policy.
#[derive(Clone, Debug)]
pub struct Verdict<'a> {
    /// The answer that was judged.
    pub answer: Answer<'a>,
    /// Where its body begins in the input.
    pub body_at: usize,
    /// What all models make of it.
    pub matrix: Matrix,
    /// What makes more of them agree, if something does.
    pub repair: Option<Repair>,
}

/// Fixes after which more senders do as the standard says.
#[derive(Clone, Debug)]
pub struct Repair {
    /// The codes of the rules whose fixes do it, in the order of the text.
    pub codes: Vec<&'static str>,
    /// What the fixes do, as imperatives, none twice.
    pub titles: Vec<Cow<'static, str>>,
    /// The policy with the fixes.
    pub text: Vec<u8>,
    /// What all models make of that.
    pub after: Matrix,
}

/// Why a text is not judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is something else.
    Other(Kind),
    /// These are the headers of an answer only.
    Headers,
    /// The policy stands inside another text, which no sender sees.
    Inside,
}

/// What it comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// All software does as the standard does, which has a policy.
    Alike,
    /// Some software differs.
    Differ,
    /// A sender that goes by the standard has no policy.
    Rejected,
}

impl Matrix {
    /// What all models make of it. The time is the number of hosts by the length of the body.
    pub fn of(asked: &Asked) -> Self {
        let standard = row(STANDARD, asked);
        let senders: Vec<Row> = software().map(|model| row(model, asked)).collect();
        let mut groups: Vec<Group> = Vec::new();
        for row in &senders {
            for point in points(&standard, row, asked) {
                match groups.iter_mut().find(|group| group.point == point) {
                    Some(group) => group.senders.push(row.model),
                    None => groups.push(Group { point, senders: vec![row.model] }),
                }
            }
        }
        // The sort is stable: senders keep their order.
        groups.sort_by_key(|group| (group.point.rank(), usize::MAX - group.senders.len()));
        Self { standard, senders, groups }
    }

    /// What it comes to.
    pub fn standing(&self) -> Standing {
        let nothing = matches!(self.standard.discovery, Some(Discovery::Nothing(..)));
        match () {
            () if self.standard.effective().is_none() || nothing => Standing::Rejected,
            () if self.groups.is_empty() => Standing::Alike,
            () => Standing::Differ,
        }
    }

    /// How many senders use the policy.
    pub fn users(&self) -> usize {
        self.senders.iter().filter(|row| row.effective().is_some()).count()
    }

    /// How many senders differ from the standard in what they make of the policy; all of them, where the
    /// standard rejects it.
    pub fn strays(&self) -> usize {
        if self.standard.effective().is_none() {
            return self.senders.len();
        }
        let of_policy = self.groups.iter().filter(|group| group.point.is_of_policy());
        let names: BTreeSet<&str> =
            of_policy.flat_map(|group| &group.senders).map(|model| model.name).collect();
        names.len()
    }
}

fn row(model: &'static Model, asked: &Asked) -> Row {
    let reading = (model.policy)(&asked.answer);
    let covered = |effective: &Effective| {
        let covers = |host: &&str| {
            effective.mx.iter().any(|pattern| (model.matches)(pattern, host, asked.to_ascii))
        };
        asked.hosts.iter().map(covers).collect()
    };
    let hosts = match &reading {
        Reading::Accepted(effective, _) => Some(covered(effective)),
        Reading::Rejected(_) => None,
    };
    Row { model, reading, discovery: asked.records.map(model.record), hosts }
}

/// Whether a sender keeps a policy for a shorter time only and looks for it again before that is over: the domain is as safe as
/// it wanted to be.
fn is_renewed(model: &Model, is: &Effective, want: &Effective) -> bool {
    let before_end = model.habits.refresh.is_some_and(|after| u64::from(after) < is.max_age);
    is.max_age < want.max_age && before_end
}

/// What is to be said of a row.
fn points(standard: &Row, row: &Row, asked: &Asked) -> Vec<Point> {
    let records = asked.records.unwrap_or_default();
    let mut points = Vec::new();
    match (standard.effective(), &row.reading) {
        (_, Reading::Rejected(remark)) => points.push(Point::Rejects(*remark)),
        (None, Reading::Accepted(is, _)) => points.push(Point::Uses(is.mode, is.max_age)),
        (Some(want), Reading::Accepted(is, _)) => {
            if is.mode != want.mode {
                points.push(Point::Mode(is.mode));
            }
            if is.max_age != want.max_age && !is_renewed(row.model, is, want) {
                points.push(Point::MaxAge(is.max_age));
            }
            points.extend(patterns(want, is, row.model, asked.to_ascii));
            let hosts = standard.hosts.iter().flatten().zip(row.hosts.iter().flatten());
            let differing = hosts.enumerate().filter(|(_, (want, is))| want != is);
            points.extend(differing.map(|(index, (_, is))| Point::Host(index, *is)));
        }
    }
    match (&standard.discovery, &row.discovery) {
        (Some(Discovery::Found(_)), Some(Discovery::Nothing(index, remark))) => {
            points.push(Point::NoRecord(*index, *remark));
        }
        (Some(Discovery::Nothing(..)), Some(Discovery::Found(_))) => points.push(Point::Record),
        // Some keep no id, and Halon the whole record, which changes when the id does.
        (Some(Discovery::Found(want)), Some(Discovery::Found(id)))
            if id != want && !id.is_empty() && !records.contains(&id.as_str()) =>
        {
            points.push(Point::Id(id.clone()));
        }
        _ => {}
    }
    points
}

/// How patterns differ, whatever the form in which software keeps them. What the standard reads is within
/// its grammar: nothing but case and the star of a wildcard can be written otherwise.
fn patterns(
    want: &Effective,
    is: &Effective,
    model: &Model,
    to_ascii: Option<ToAscii>,
) -> Option<Point> {
    let wanted: BTreeSet<String> = want.mx.iter().map(|pattern| form(pattern)).collect();
    let kept: BTreeMap<String, &str> =
        is.mx.iter().map(|pattern| (form(pattern), pattern.as_str())).collect();
    let is_there = |form: &&String| {
        kept.get(*form).is_some_and(|pattern| {
            // No host has a name whose last label is a number (RFC 1123 §2.1): nothing is lost there.
            let top = form.rsplit('.').next().unwrap_or_default();
            top.bytes().all(|byte| byte.is_ascii_digit())
                || (model.matches)(pattern, &sample(form), to_ascii)
        })
    };
    let missing: Vec<String> =
        wanted.iter().filter(|form| !is_there(form)).map(|form| written(form)).collect();
    let more: Vec<String> =
        kept.keys().filter(|form| !wanted.contains(*form)).map(|form| written(form)).collect();
    (!missing.is_empty() || !more.is_empty()).then_some(Point::Mx { missing, more })
}

/// A pattern in one form: lower case, and a dot in front for a wildcard, as Postfix has it.
fn form(pattern: &str) -> String {
    let pattern = pattern.strip_prefix('*').filter(|rest| rest.starts_with('.')).unwrap_or(pattern);
    pattern.to_ascii_lowercase()
}

/// The same as a policy has it.
fn written(form: &str) -> String {
    if form.starts_with('.') { format!("*{form}") } else { form.to_owned() }
}

/// A name that a pattern in that form stands for.
fn sample(form: &str) -> String {
    if form.starts_with('.') { format!("a{form}") } else { form.to_owned() }
}

/// The answer in a text, which may be a whole HTTP response as `curl -i` prints it, and where its body
/// begins.
pub fn answer(source: &[u8]) -> (Answer<'_>, usize) {
    let text = source.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let start = seen_start(text);
    let mut content_type = None;
    let (status, at) = http::answer(text, start, &mut |name, value, _| {
        if name.trim().eq_ignore_ascii_case("content-type") {
            content_type = content_type.or(Some(value));
        }
    });
    match (status, source.get(at..)) {
        (Some((status, _)), Some(body)) => {
            let content_type = Some(content_type);
            (Answer { status: Some(status), content_type, body }, at)
        }
        // What stands in front of a policy is a part of it.
        _ => (Answer::text(source), 0),
    }
}

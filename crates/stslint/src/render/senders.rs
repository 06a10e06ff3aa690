//! What senders make of a policy, in words.

mod table;
mod what;

pub use table::Line;
pub(super) use table::columns;

use super::Positions;
use super::words::{duration, lower, upper};
use crate::input::Kind;
use crate::policy::Mode;
use crate::senders::model::{Against, Discovery, Model, Reading, Remark, What};
use crate::senders::verdict::{Group, Point, Refused, Repair, Row, Standing, Verdict};
use crate::text::visible;
use std::borrow::Cow;

/// How many groups of senders that reject a policy a summary tells apart.
const GROUPS: usize = 3;

/// How many hosts a summary names.
const HOSTS: usize = 3;

/// What is added where the standard does the same.
const AS_THE_RFC: &str = ", as RFC 8461 does";

/// How many characters of a foreign text are shown.
const SHOWN: usize = 80;

/// A verdict with all that its words need.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    /// The input that was judged.
    pub source: &'a [u8],
    /// What senders make of it.
    pub verdict: &'a Verdict<'a>,
    /// The records; none when nothing is known of them.
    pub records: Option<&'a [&'a str]>,
    /// The names of the MX hosts.
    pub hosts: &'a [&'a str],
}

/// Why a text is not judged.
pub fn refused(why: Refused) -> String {
    let what = match why {
        Refused::Headers => {
            return "these are the headers of an answer only; the policy is not among them".into();
        }
        Refused::Inside => {
            return "the policy stands inside another text, which no sender sees; give the policy alone"
                .into();
        }
        Refused::Other(Kind::Domain) => "a domain name",
        Refused::Other(Kind::Live) => "facts of a live check",
        Refused::Other(Kind::Report) => "a TLS report",
        Refused::Other(Kind::StsTxt) => "an MTA-STS record",
        Refused::Other(Kind::RptTxt) => "a TLSRPT record",
        Refused::Other(Kind::Policy | Kind::Unknown) => {
            return "it is not an MTA-STS policy".into();
        }
    };
    format!("it is {what}, not a policy")
}

impl<'a> Told<'a> {
    /// The offset in the input of a place in the body.
    pub fn offset(&self, at: usize) -> usize {
        self.verdict.body_at.saturating_add(at).min(self.source.len())
    }

    /// The lines and columns of all places in the body at which somebody stumbles.
    pub fn positions(&self) -> Positions {
        let matrix = &self.verdict.matrix;
        let rows = [&matrix.standard].into_iter().chain(&matrix.senders);
        let places = rows.flat_map(|row| match &row.reading {
            Reading::Rejected(remark) => std::slice::from_ref(remark),
            Reading::Accepted(_, remarks) => remarks,
        });
        Positions::at(self.source, places.map(|remark| self.offset(remark.at)).collect())
    }

    /// The repair that makes all agree, or more of them, in one or two sentences.
    pub fn repair(&self) -> Option<String> {
        let Repair { codes, titles, after, .. } = self.verdict.repair.as_ref()?;
        let count = after.senders.len();
        let within = |(number, title): (usize, &Cow<'static, str>)| {
            if number > 0 { lower(&visible(title)) } else { visible(title) }
        };
        let titles: Vec<String> = titles.iter().enumerate().map(within).collect();
        let rules = if codes.len() == 1 { "the fix of" } else { "the fixes of" };
        let what = format!("{} ({rules} {})", list(&titles), list(codes));
        if after.strays() == 0 {
            return Some(format!("{what}: then all {count} senders use this policy alike."));
        }
        let left: Vec<String> =
            after.groups.iter().map(|group| Words::of_repair(after).group(group)).collect();
        let same = count - after.strays().min(count);
        Some(format!("{what}: then {same} of {count} senders use it alike; {}.", left.join("; ")))
    }

    /// The verdict in one to three sentences: the policy, the records, the hosts.
    pub fn summary(&self) -> Vec<String> {
        let [policy, records, hosts] = self.points();
        let joined = |parts: Vec<String>| (!parts.is_empty()).then(|| parts.join("; "));
        let hosts = joined(hosts).map(|text| text + "."); // A name begins the sentence as it is written.
        [policy, records]
            .into_iter()
            .filter_map(|parts| joined(parts).map(|text| upper(&text) + "."))
            .chain(hosts)
            .collect()
    }

    /// What is to be said of the policy, of the records and of the hosts, each point by itself: without a capital letter and a
    /// full stop. The first point of the policy is what it comes to.
    pub fn points(&self) -> [Vec<String>; 3] {
        let positions = self.positions();
        let words =
            Words { told: Some((self, &positions)), standard: &self.verdict.matrix.standard };
        [self.of_policy(&words), self.of_records(&words), self.of_hosts()]
    }

    fn of_policy(&self, words: &Words) -> Vec<String> {
        let matrix = &self.verdict.matrix;
        let of_policy = || matrix.groups.iter().filter(|group| group.point.is_of_policy());
        let rejects = |group: &&Group| matches!(group.point, Point::Rejects(_));
        let mut parts = Vec::new();
        let (users, count) = (matrix.users(), matrix.senders.len());
        let only = matrix.senders.iter().find(|row| row.effective().is_some());
        let mut first = match (users, only) {
            (0, _) | (_, None) => "no sender uses this policy".into(),
            (1, Some(row)) => format!("only {} uses this policy", row.model.name),
            (users, _) if users == count => format!("all {count} senders use this policy"),
            (users, _) => format!("{users} of {count} senders use this policy"),
        };
        let standard = match &matrix.standard.reading {
            Reading::Rejected(remark) => Some(Point::Rejects(*remark)),
            Reading::Accepted(..) => None,
        };
        if standard.is_none() && of_policy().next().is_none() {
            first.push_str(" alike");
        }
        parts.push(first);
        for group in of_policy().filter(rejects).take(GROUPS) {
            let so_does = if standard.as_ref() == Some(&group.point) { AS_THE_RFC } else { "" };
            parts.push(words.group(group) + so_does);
        }
        let others: Vec<&Model> = of_policy()
            .filter(rejects)
            .skip(GROUPS)
            .flat_map(|group| group.senders.iter().copied())
            .collect();
        if !others.is_empty() {
            let verb = if others.len() == 1 { "rejects" } else { "reject" };
            parts.push(format!("{} {verb} something else", names(&others)));
        }
        if let Reading::Rejected(remark) = &matrix.standard.reading
            && !parts.iter().any(|part| part.ends_with(AS_THE_RFC))
        {
            parts.push(format!("RFC 8461 does not allow {}", words.remark(remark)));
        }
        // Of those who use what the standard rejects, it matters whether they do it alike.
        let mut uses = of_policy().filter(|group| matches!(group.point, Point::Uses(..)));
        if let Some(most) = uses.next() {
            parts.extend(uses.map(|group| words.unlike(group, most)));
        }
        let differs = |group: &&Group| !matches!(group.point, Point::Rejects(_) | Point::Uses(..));
        parts.extend(of_policy().filter(differs).map(|group| words.group(group)));
        parts
    }

    fn of_records(&self, words: &Words) -> Vec<String> {
        let matrix = &self.verdict.matrix;
        let of_records = matrix.groups.iter().filter(|group| {
            matches!(group.point, Point::NoRecord(..) | Point::Record | Point::Id(_))
        });
        let many = self.records.is_some_and(|records| records.len() > 1);
        let records = if many { "records" } else { "record" };
        let mut parts = Vec::new();
        let Some(standard) = &matrix.standard.discovery else { return parts };
        match standard {
            Discovery::Found(_) => {
                let found = |row: &&Row| matches!(row.discovery, Some(Discovery::Found(_)));
                let found = matrix.senders.iter().filter(found).count();
                let count = matrix.senders.len();
                let who = if found == count {
                    format!("all {count} senders")
                } else {
                    format!("{found} of {count} senders")
                };
                parts.push(format!("{who} take the {records}"));
            }
            Discovery::Nothing(index, remark) => {
                let remark = words.record(*index, remark);
                parts.push(format!("RFC 8461 has no use for the {records}: {remark}"));
            }
        }
        parts.extend(of_records.map(|group| words.group(group)));
        parts
    }

    fn of_hosts(&self) -> Vec<String> {
        let matrix = &self.verdict.matrix;
        let mut told: Vec<(bool, String)> = Vec::new();
        for (index, host) in self.hosts.iter().enumerate() {
            let of = |row: &Row| row.hosts.as_ref()?.get(index).copied();
            let users: Vec<(&'static Model, bool)> =
                matrix.senders.iter().filter_map(|row| of(row).map(|is| (row.model, is))).collect();
            let with = |wanted: bool| -> Vec<&Model> {
                users.iter().filter(|(_, is)| *is == wanted).map(|(model, _)| *model).collect()
            };
            let (yes, no, host) = (with(true), with(false), shown(host));
            match (yes.is_empty(), no.is_empty()) {
                (true, true) => {}
                (false, true) => {
                    told.push((true, format!("{host} matches for all that use the policy")));
                }
                (true, false) => {
                    told.push((false, format!("{host} matches for none that use the policy")));
                }
                (false, false) if no.len() <= yes.len() => {
                    told.push((false, format!("{host} does not match for {}", names(&no))));
                }
                (false, false) => {
                    told.push((false, format!("{host} matches for {} only", names(&yes))));
                }
            }
        }
        if told.len() > 1 && told.iter().all(|(good, _)| *good) {
            return vec![format!("All {} MX hosts match for all that use the policy", told.len())];
        }
        told.sort_by_key(|(good, _)| *good);
        let more = told.len().saturating_sub(HOSTS);
        let mut parts: Vec<String> = told.into_iter().take(HOSTS).map(|(_, text)| text).collect();
        if more > 0 {
            parts.push(format!("{more} more MX hosts are in the table"));
        }
        parts
    }

    /// The whole for a terminal. `how` says how to get the text with the repair.
    pub fn text(&self, how: &str) -> String {
        let mut out = String::new();
        if let Some(repair) = self.repair() {
            out.push_str(&repair);
            out.push_str(&format!("\nThe corrected text: {how}\n\n"));
        }
        out.push_str(&self.summary().join("\n"));
        out.push_str("\n\n");
        out.push_str(&self.table());
        out.push_str("\nThese are models of RFC 8461 and of the source of each sender at one commit, not the senders themselves.\n");
        let of_certificates = self.verdict.matrix.senders.iter().map(|row| row.model);
        let certificates: Vec<&Model> =
            of_certificates.filter(|model| model.habits.against == Against::Certificate).collect();
        if !self.hosts.is_empty() && !certificates.is_empty() {
            out.push_str(&format!(
                "{} compare the patterns with the names of the certificate, not with the name of the host.\n",
                names(&certificates)
            ));
        }
        out
    }
}

/// What words about a row or a group need.
struct Words<'w> {
    /// Where places are; none where no text is at hand.
    told: Option<(&'w Told<'w>, &'w Positions)>,
    standard: &'w Row,
}

impl<'w> Words<'w> {
    /// For what is left behind a repair.
    const fn of_repair(after: &'w crate::senders::verdict::Matrix) -> Self {
        Self { told: None, standard: &after.standard }
    }

    /// What somebody stumbles over in the policy, and where.
    fn remark(&self, remark: &Remark) -> String {
        let words = remark.what.words();
        match self.told {
            Some((told, positions)) if remark.what.has_place() => {
                let at = positions.get(told.offset(remark.at));
                format!("{words} at {}:{}", at.line, at.column)
            }
            Some((told, _)) if remark.what == What::Status => match told.verdict.answer.status {
                Some(status) => format!("{words} {status}"),
                None => words.into(),
            },
            _ => words.into(),
        }
    }

    /// What somebody stumbles over in a record, and at which of its characters.
    fn record(&self, index: usize, remark: &Remark) -> String {
        let words = remark.what.words();
        let records = self.told.and_then(|(told, _)| told.records).unwrap_or_default();
        let Some(record) = records.get(index).filter(|_| remark.what.has_place()) else {
            return words.into();
        };
        let before = record.char_indices().take_while(|(at, _)| *at < remark.at).count();
        let of =
            if records.len() > 1 { format!(" of record {}", index + 1) } else { String::new() };
        format!("{words} at character {}{of}", before + 1)
    }

    /// How a group uses a policy otherwise than most do.
    fn unlike(&self, group: &Group, most: &Group) -> String {
        let who = names(&group.senders);
        let (Point::Uses(mode, age), Point::Uses(other, usual)) = (&group.point, &most.point)
        else {
            return self.group(group);
        };
        let one = group.senders.len() == 1;
        let mut parts = Vec::new();
        if mode != other {
            let verb = if one { "reads" } else { "read" };
            let not = other.map_or("one", Mode::word);
            parts.push(format!("{verb} {}, not {not}", mode_words(*mode)));
        }
        if age != usual {
            let verb = if one { "keeps" } else { "keep" };
            parts.push(format!("{verb} it for {}", instead(*age, *usual)));
        }
        format!("{who} {}", parts.join(" and "))
    }

    /// What is to be said of a group, as a part of a sentence.
    fn group(&self, group: &Group) -> String {
        let who = names(&group.senders);
        let verb = |one: &'static str, many: &'static str| {
            if group.senders.len() == 1 { one } else { many }
        };
        let standard = self.standard.effective();
        match &group.point {
            Point::Rejects(remark) => {
                format!("{who} {} {}", verb("rejects", "reject"), self.remark(remark))
            }
            Point::Uses(is, max_age) => {
                let (verb, age) = (verb("reads", "read"), duration(*max_age));
                format!("{who} {verb} {} for {age}", mode_words(*is))
            }
            Point::Mode(is) => {
                let not = standard.and_then(|standard| standard.mode).map_or("another", Mode::word);
                format!("{who} {} {}, not {not}", verb("reads", "read"), mode_words(*is))
            }
            Point::MaxAge(is) => {
                let not = standard.map_or(0, |standard| standard.max_age);
                format!("{who} {} it for {}", verb("keeps", "keep"), instead(*is, not))
            }
            Point::Mx { missing, more } => {
                let mut parts = Vec::new();
                if !missing.is_empty() {
                    parts.push(format!("without {}", patterns(missing)));
                }
                if !more.is_empty() {
                    parts.push(format!("with {}", patterns(more)));
                }
                format!("{who} {} the mx patterns {}", verb("has", "have"), parts.join(" and "))
            }
            Point::NoRecord(index, remark) => {
                let verb = verb("stumbles", "stumble");
                format!("{who} {verb} over {}", self.record(*index, remark))
            }
            Point::Record => format!("{who} {} it all the same", verb("takes", "take")),
            Point::Id(id) => {
                format!("{who} {} {} for the id", verb("takes", "take"), shown(id))
            }
            Point::Host(index, is) => {
                let host = self.told.and_then(|(told, _)| told.hosts.get(*index).copied());
                let host = shown(host.unwrap_or_default());
                let not = if *is { "matches" } else { "does not match" };
                format!("{host} {not} for {who}")
            }
        }
    }
}

/// A time, and the one that it is not.
fn instead(is: u64, not: u64) -> String {
    let not = duration(not);
    // "1 day, not 14"; what has two units keeps both.
    let bare = not.strip_suffix(" days").filter(|bare| !bare.contains(' '));
    format!("{}, not {}", duration(is), bare.unwrap_or(&not))
}

fn mode(mode: Option<Mode>) -> &'static str {
    mode.map_or("none given", Mode::word)
}

fn mode_words(mode: Option<Mode>) -> String {
    mode.map_or_else(|| "no mode".into(), |mode| format!("mode {}", mode.word()))
}

/// The first two patterns, and how many more there are.
pub(super) fn patterns(mx: &[String]) -> String {
    match mx {
        [] => "none".into(),
        [one] => shown(one),
        [one, two] => format!("{}, {}", shown(one), shown(two)),
        [one, two, rest @ ..] => format!("{}, {} +{}", shown(one), shown(two), rest.len()),
    }
}

/// A foreign text, cut where it is long.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => visible(text.get(..end).unwrap_or_default()) + "…",
        None => visible(text),
    }
}

fn names(models: &[&Model]) -> String {
    list(&models.iter().map(|model| model.name).collect::<Vec<_>>())
}

/// "a", "a and b", "a, b and c".
fn list(items: &[impl AsRef<str>]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// What it comes to, in a word for programs.
pub const fn word(standing: Standing) -> &'static str {
    match standing {
        Standing::Alike => "alike",
        Standing::Differ => "differ",
        Standing::Rejected => "rejected",
    }
}

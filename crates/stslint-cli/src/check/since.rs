//! What changed since an earlier run, whose rows were kept.

use super::fleet::Shard;
use super::row::{Finding, Host, Line, Mode, Policy, Presence, Row, SCHEMA, Severity, State};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, BufRead, Read, Seek, SeekFrom};
use std::ops::Range;
use stslint::text::visible;

/// Longest row that is read, in bytes.
const LONGEST: u64 = 16 << 20;

/// What changed about a domain since an earlier run.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Change {
    /// In a word.
    pub(crate) kind: Kind,
    /// How the domain stood; none for a new one.
    pub(crate) was: Option<State>,
    /// Rules that speak now and did not: errors and warnings.
    pub(crate) codes_new: Vec<String>,
    /// Rules that spoke and no longer do: errors and warnings. None of steps that could not be walked now.
    pub(crate) codes_gone: Vec<String>,
    /// What there was and no longer is: `record`, `policy`, `mode` (enforce), `tlsrpt`.
    pub(crate) lost: Vec<String>,
    /// What there is now and was not.
    pub(crate) gained: Vec<String>,
    /// Whether the policy changed and its id did not, so that senders keep the old one (RFC 8461 §3.1).
    pub(crate) policy_without_id: bool,
    /// MX hosts that the policy does not cover, and that were covered or not there.
    pub(crate) mx_uncovered: Vec<String>,
    /// Certificates that end soon, whether or not that was told before.
    pub(crate) certificates_end: Vec<End>,
}

/// What became of a domain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Kind {
    /// An error or a warning came, or something was lost.
    Worse,
    /// It was not in the earlier run.
    New,
    /// It stands as it stood, and there is something else to tell.
    Same,
    /// Errors or warnings went, or something was gained, and nothing got worse.
    Better,
    /// It is not in this run.
    Gone,
}

impl Kind {
    /// Its word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Worse => "worse",
            Self::New => "new",
            Self::Same => "same",
            Self::Better => "better",
            Self::Gone => "gone",
        }
    }
}

/// A certificate that ends soon.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct End {
    /// Whose: the policy host or an MX host.
    pub(crate) host: String,
    /// The last second in which it is valid, since 1970.
    pub(crate) ends: i64,
    /// Whole days until then.
    pub(crate) days: i64,
}

impl Change {
    /// Of a domain that is not in this run.
    pub(super) fn gone(was: State) -> Self {
        Self::of(Kind::Gone, Some(was))
    }

    /// With nothing to tell but this.
    fn of(kind: Kind, was: Option<State>) -> Self {
        Self {
            kind,
            was,
            codes_new: Vec::new(),
            codes_gone: Vec::new(),
            lost: Vec::new(),
            gained: Vec::new(),
            policy_without_id: false,
            mx_uncovered: Vec::new(),
            certificates_end: Vec::new(),
        }
    }

    /// Whether there is anything to tell.
    pub(crate) fn is_any(&self) -> bool {
        self.kind != Kind::Same || self.is_due()
    }

    /// Whether something is to be done, whatever the kind is: for a new id, an MX host or a certificate.
    pub(crate) fn is_due(&self) -> bool {
        self.policy_without_id || !self.mx_uncovered.is_empty() || !self.certificates_end.is_empty()
    }

    /// How bad it is that something got worse; none where nothing did.
    pub(crate) fn alarm(&self, row: &Row) -> Option<Severity> {
        let added = row.findings.iter().filter(|finding| self.codes_new.contains(&finding.code));
        let added = added.map(|finding| finding.severity).min();
        let more = !self.lost.is_empty() || self.is_due();
        added.into_iter().chain(more.then_some(Severity::Warning)).min()
    }

    /// What changed, a line each. The names in it are made visible.
    pub(crate) fn words(&self, row: &Row) -> Vec<String> {
        let mut out = Vec::new();
        let severity = |code: &str| {
            let of = row.findings.iter().find(|finding| finding.code == code);
            of.map_or("finding", |finding| finding.severity.word())
        };
        for code in &self.codes_new {
            out.push(format!("new: {} {}", severity(code), visible(code)));
        }
        out.extend(self.codes_gone.iter().map(|code| format!("gone: {}", visible(code))));
        let what = |what: &String| match &what[..] {
            "record" => "the MTA-STS record",
            "policy" => "a policy that senders can use",
            "mode" => "mode enforce",
            _ => "the TLSRPT record",
        };
        out.extend(self.lost.iter().map(|lost| format!("lost: {}", what(lost))));
        out.extend(self.gained.iter().map(|gained| format!("gained: {}", what(gained))));
        if self.policy_without_id {
            out.push("the policy changed and its id did not: senders keep the old one".into());
        }
        for host in &self.mx_uncovered {
            out.push(format!("the policy does not cover {}", visible(host)));
        }
        for End { host, days, .. } in &self.certificates_end {
            let host = visible(host);
            out.push(match days {
                ..=-1 => format!("the certificate of {host} has ended"),
                0 => format!("the certificate of {host} ends within a day"),
                1 => format!("the certificate of {host} ends in 1 day"),
                _ => format!("the certificate of {host} ends in {days} days"),
            });
        }
        out
    }
}

/// What is kept of an earlier run: about 100 bytes for a domain, whatever its row has.
#[derive(Debug, Default)]
pub(super) struct Last {
    /// The names of all domains, one behind the other.
    names: String,
    /// Sorted by name.
    domains: Vec<Was>,
    /// The codes that there are, each with its step.
    codes: Vec<(String, String)>,
    /// The codes of domains, by their place in `codes`.
    spoke: Vec<u16>,
    /// Hashes of the MX hosts that were not covered.
    uncovered: Vec<u64>,
}

/// How a domain was.
#[derive(Clone, Debug)]
struct Was {
    name: Range<usize>,
    /// Where its row starts in the file, in bytes.
    at: u64,
    codes: Range<u32>,
    uncovered: Range<u32>,
    /// Hashes.
    id: Option<u64>,
    policy_text: Option<u64>,
    state: State,
    record: Presence,
    policy: Policy,
    mode: Option<Mode>,
    tlsrpt: Presence,
    smtp: bool,
    /// Whether it is in this run too.
    seen: bool,
}

impl Last {
    /// Reads the rows of an earlier run.
    ///
    /// # Errors
    ///
    /// Why not, as a sentence ends.
    pub(super) fn read(mut file: impl BufRead) -> Result<Self, String> {
        let mut last = Self::default();
        let mut text = Vec::new();
        let mut next = 0;
        for number in 1_u64.. {
            text.clear();
            let at = next;
            let read = file.by_ref().take(LONGEST).read_until(b'\n', &mut text);
            let read = read.map_err(|error| error.to_string())?;
            next += read as u64;
            match read {
                0 => break,
                length if length as u64 == LONGEST => {
                    return Err(format!("line {number} is too long for a row"));
                }
                _ if text.trim_ascii().is_empty() => continue,
                _ => {}
            }
            let row: Row = match serde_json::from_slice(&text) {
                Ok(row) => row,
                Err(why) => match serde_json::from_slice(&text) {
                    Ok(Line::Unfit(_) | Line::Gone(_)) => continue,
                    // A row that was cut off, or something else.
                    Ok(Line::Domain(_)) | Err(_) => {
                        return Err(format!("line {number} is no row of stslint check: {why}"));
                    }
                },
            };
            if row.change.is_some() {
                return Err(format!(
                    "line {number} tells a change, so not all rows of a run are in it (--save keeps them)"
                ));
            }
            if row.schema != SCHEMA {
                return Err(format!("line {number} has schema {}, not {SCHEMA}", row.schema));
            }
            last.add(&row, at)?;
        }
        let Self { names, domains, .. } = &mut last;
        let name = |was: &Was| names.get(was.name.clone()).unwrap_or_default();
        domains.sort_by(|a, b| name(a).cmp(name(b)));
        // Of several rows of one domain, the last one.
        domains.reverse();
        domains.dedup_by(|a, b| name(a) == name(b));
        domains.reverse();
        Ok(last)
    }

    fn add(&mut self, row: &Row, at: u64) -> Result<(), String> {
        let many = |_| "there is too much in it".to_owned();
        let start = self.names.len();
        self.names.push_str(&row.domain);
        let codes = u32::try_from(self.spoke.len()).map_err(many)?;
        for Finding { code, step, .. } in grave(row) {
            let known = self.codes.iter().position(|known| (&known.0, &known.1) == (code, step));
            let place = known.unwrap_or_else(|| {
                self.codes.push((code.clone(), step.clone()));
                self.codes.len() - 1
            });
            self.spoke.push(u16::try_from(place).map_err(many)?);
        }
        let uncovered = u32::try_from(self.uncovered.len()).map_err(many)?;
        self.uncovered.extend(not_covered(row).map(|host| hash(&host)));
        self.domains.push(Was {
            name: start..self.names.len(),
            at,
            codes: codes..u32::try_from(self.spoke.len()).map_err(many)?,
            uncovered: uncovered..u32::try_from(self.uncovered.len()).map_err(many)?,
            id: row.id.as_ref().map(|id| hash(&id)),
            policy_text: policy_text(row),
            state: row.state,
            record: row.record,
            policy: row.policy,
            mode: row.mode,
            tlsrpt: row.tlsrpt,
            smtp: row.smtp,
            seen: false,
        });
        Ok(())
    }

    /// What changed about a domain. Certificates that end within so many days are told.
    pub(super) fn compare(&mut self, row: &Row, days: u32) -> Change {
        let Self { names, domains, codes, spoke, uncovered } = self;
        let name = |was: &Was| names.get(was.name.clone()).unwrap_or_default();
        let at = domains.binary_search_by(|was| name(was).cmp(&row.domain));
        let was = at.ok().and_then(|at| domains.get_mut(at)).map(|was| {
            was.seen = true;
            &*was
        });
        let mut change = Change::of(Kind::New, was.map(|was| was.state));
        change.certificates_end = ends(row, days);
        let now: BTreeSet<&str> = grave(row).map(|finding| &finding.code[..]).collect();
        let Some(was) = was else {
            change.codes_new = now.into_iter().map(str::to_owned).collect();
            change.mx_uncovered = not_covered(row).map(str::to_owned).collect();
            return change;
        };
        let before = spoke.get(range(&was.codes)).unwrap_or_default().iter();
        let before = before.filter_map(|at| codes.get(usize::from(*at)));
        let mut fresh = now.clone();
        // A rule that spoke in a step that is not seen now may still speak.
        let (mut gone, mut kept) = (BTreeSet::new(), now);
        for (code, step) in before {
            fresh.remove(&code[..]);
            let set = if row.saw(step, was.smtp) { &mut gone } else { &mut kept };
            set.insert(&code[..]);
        }
        change.codes_new = fresh.into_iter().map(str::to_owned).collect();
        change.codes_gone = gone.difference(&kept).map(|code| (*code).to_owned()).collect();
        let hosts = uncovered.get(range(&was.uncovered)).unwrap_or_default();
        let fresh = not_covered(row).filter(|host| !hosts.contains(&hash(host)));
        change.mx_uncovered = fresh.map(str::to_owned).collect();
        change.policy_without_id = was.id.is_some()
            && was.id == row.id.as_ref().map(|id| hash(&id))
            && matches!((was.policy_text, policy_text(row)), (Some(a), Some(b)) if a != b);
        let is_usable = |policy| match policy {
            Policy::Present => Some(true),
            Policy::Absent | Policy::Invalid | Policy::Unavailable => Some(false),
            Policy::Unknown => None,
        };
        let enforces = |mode: Option<Mode>| mode.map(|mode| mode == Mode::Enforce);
        for (what, was, is) in [
            ("record", was.record.is_there(), row.record.is_there()),
            ("policy", is_usable(was.policy), is_usable(row.policy)),
            ("mode", enforces(was.mode), enforces(row.mode)),
            ("tlsrpt", was.tlsrpt.is_there(), row.tlsrpt.is_there()),
        ] {
            match (was, is) {
                (Some(true), Some(false)) => change.lost.push(what.to_owned()),
                (Some(false), Some(true)) => change.gained.push(what.to_owned()),
                _ => {}
            }
        }
        change.kind = if !change.codes_new.is_empty() || !change.lost.is_empty() {
            Kind::Worse
        } else if !change.codes_gone.is_empty() || !change.gained.is_empty() {
            Kind::Better
        } else {
            Kind::Same
        };
        change
    }

    /// Where the earlier row of a domain starts in the file, in bytes, where it knows what this one does not.
    pub(super) fn place(&self, row: &Row) -> Option<u64> {
        let name = |was: &Was| self.names.get(was.name.clone()).unwrap_or_default();
        let at = self.domains.binary_search_by(|was| name(was).cmp(&row.domain)).ok()?;
        let was = self.domains.get(at)?;
        (!row.complete || was.smtp && !row.smtp).then_some(was.at)
    }

    /// The domains of a part that were not compared, or of all where there are no parts, in the order of their names,
    /// each with how it stood.
    pub(super) fn gone(&self, shard: Option<Shard>) -> impl Iterator<Item = (&str, State)> {
        let gone = self.domains.iter().filter(|was| !was.seen);
        gone.map(|was| (self.names.get(was.name.clone()).unwrap_or_default(), was.state))
            .filter(move |(domain, _)| shard.is_none_or(|shard| shard.has(domain)))
    }
}

fn range(range: &Range<u32>) -> Range<usize> {
    range.start as usize..range.end as usize
}

/// Reads the row that starts there in the file of an earlier run.
///
/// # Errors
///
/// It can't be read, or the file is no longer what it was.
pub(super) fn earlier(mut file: impl BufRead + Seek, at: u64) -> io::Result<Row> {
    file.seek(SeekFrom::Start(at))?;
    let mut text = Vec::new();
    file.take(LONGEST).read_until(b'\n', &mut text)?;
    Ok(serde_json::from_slice(&text)?)
}

/// Errors and warnings.
fn grave(row: &Row) -> impl Iterator<Item = &Finding> {
    row.findings.iter().filter(|finding| finding.severity <= Severity::Warning)
}

/// The MX hosts that the policy does not cover.
fn not_covered(row: &Row) -> impl Iterator<Item = &str> {
    let hosts = row.hosts.iter().flatten().filter(|host| host.covered == Some(false));
    hosts.map(|Host { host, .. }| &host[..])
}

/// What the policy says; none where that is not known.
fn policy_text(row: &Row) -> Option<u64> {
    (row.policy == Policy::Present).then(|| {
        let patterns: BTreeSet<_> = row.mx_patterns.iter().flatten().collect();
        hash(&(row.mode.map(Mode::word), row.max_age, patterns))
    })
}

/// The certificates that end within so many days.
fn ends(row: &Row, days: u32) -> Vec<End> {
    let end = |(host, ends): (Option<&str>, i64)| {
        let left = ends.checked_sub(row.time?)?.div_euclid(86_400);
        let host = host.map_or_else(|| format!("mta-sts.{}", row.domain), str::to_owned);
        (left < i64::from(days)).then_some(End { host, ends, days: left })
    };
    row.certificates().filter_map(end).collect()
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn row(domain: &str, change: impl Fn(&mut Value)) -> Value {
        let mut row = json!({
            "schema": 1, "number": 1, "line": null, "domain": domain, "time": 1_800_000_000, "state": "good",
            "severity": null, "title": "It works.", "complete": true, "record": "present", "id": "1",
            "policy": "present", "mode": "enforce", "max_age": 86_400, "mx_patterns": ["a.example"],
            "hosts": [{ "host": "a.example", "preference": 1, "covered": true, "starttls": null,
                "certificate_ends": 1_800_086_399, "dane": "none" }],
            "policy_certificate_ends": 1_801_209_600, "tlsrpt": "absent", "rua": null, "findings": [],
            "not_looked_up": [], "later": "a member of a later version",
        });
        change(&mut row);
        row
    }

    fn read(rows: &[Value]) -> Last {
        let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
        Last::read(text.as_bytes()).expect("rows")
    }

    fn compare(last: &mut Last, row: &Value) -> Change {
        let row: Row = serde_json::from_value(row.clone()).expect("a row");
        last.compare(&row, 14)
    }

    #[test]
    fn each_of_many_domains_is_found_and_the_last_row_counts() {
        let names: Vec<String> = (0..500).map(|i| format!("d{}.example", i * 7 % 500)).collect();
        let mut rows: Vec<Value> = names.iter().map(|name| row(name, |_| {})).collect();
        rows.insert(
            100,
            json!({ "schema": 1, "number": 9, "line": 1, "text": "x y", "not_checked": "no" }),
        );
        rows.push(row("d7.example", |row| row["state"] = json!("broken")));
        rows.push(row("d8.example", |row| row["tlsrpt"] = json!("present")));
        let mut last = read(&rows);
        for name in names.iter().filter(|name| *name != "d9.example") {
            let change = compare(&mut last, &row(name, |_| {}));
            let (kind, was) = match &name[..] {
                "d7.example" => (Kind::Same, State::Broken),
                "d8.example" => (Kind::Worse, State::Good),
                _ => (Kind::Same, State::Good),
            };
            assert_eq!((change.kind, change.was), (kind, Some(was)), "{name}");
        }
        assert_eq!(compare(&mut last, &row("d500.example", |_| {})).kind, Kind::New);
        assert_eq!(last.gone(None).collect::<Vec<_>>(), [("d9.example", State::Good)]);
    }

    #[test]
    fn a_file_that_is_cut_off_anywhere_is_told_or_read() {
        let rows = [row("a.example", |_| {}), row("\u{fc}.example", |_| {})];
        let text: String = rows.iter().map(|row| format!("{row}\n")).collect();
        let whole: Vec<usize> =
            (0..=text.len()).filter(|end| Last::read(&text.as_bytes()[..*end]).is_ok()).collect();
        let first = text.find('\n').expect("two lines");
        // Nothing, or one row or two, with or without the line end.
        assert_eq!(whole, [0, first, first + 1, text.len() - 1, text.len()]);
        assert!(Last::read(&b"\xff\xfe\n"[..]).is_err());
        assert!(Last::read(&[b"[".repeat(100_000), b"\n".to_vec()].concat()[..]).is_err());
    }

    #[test]
    fn days_are_whole_and_counted_from_the_time_of_the_check() {
        let ends = |days| {
            let row: Row = serde_json::from_value(row("a.example", |_| {})).expect("a row");
            let ends = ends(&row, days).into_iter().map(|end| (end.host, end.days));
            ends.collect::<Vec<_>>()
        };
        let policy = ("mta-sts.a.example".to_owned(), 14);
        let host = ("a.example".to_owned(), 0);
        assert_eq!(ends(0), []);
        for days in [1, 14] {
            assert_eq!(ends(days), std::slice::from_ref(&host));
        }
        assert_eq!(ends(15), [policy, host]);
    }

    #[test]
    fn an_unseen_policy_is_neither_lost_nor_changed() {
        let mut last = read(&[row("a.example", |_| {})]);
        let unseen = row("a.example", |row| {
            for member in ["id", "mode", "max_age", "mx_patterns", "hosts"] {
                row[member] = Value::Null;
            }
            for member in ["record", "policy", "tlsrpt", "state"] {
                row[member] = json!("unknown");
            }
            row["policy_certificate_ends"] = Value::Null;
        });
        let change = compare(&mut last, &unseen);
        assert_eq!((change.kind, change.is_any()), (Kind::Same, false), "{change:?}");
    }

    #[test]
    fn what_is_kept_of_an_earlier_row_is_what_was_not_seen() {
        let finding =
            |code, step| json!({ "code": code, "severity": "error", "step": step, "count": 1 });
        let read = |row: Value| -> Row { serde_json::from_value(row).expect("a row") };
        let earlier = row("a.example", |row| {
            row["findings"] = json!([finding("A", "discover"), finding("B", "connect")]);
        });
        let filled = |change: &dyn Fn(&mut Value)| {
            let mut filled = read(row("a.example", |row| {
                row["complete"] = json!(false);
                change(row);
            }));
            filled.fill(read(earlier.clone()));
            filled
        };
        let codes = |row: &Row| -> Vec<String> {
            row.findings.iter().map(|finding| finding.code.clone()).collect()
        };
        // A mail host that is not reached hides one step, a name any.
        for (what, kept) in [
            ("SMTP at a.example, port 25", &["C", "B"][..]),
            ("TXT _smtp._tls.a.example", &["A", "C", "B"]),
        ] {
            let row = filled(&|row| {
                row["not_looked_up"] = json!([{ "what": what, "why": "no answer" }]);
                row["findings"] = json!([finding("C", "fetch")]);
            });
            assert_eq!(codes(&row), kept, "{what}");
            assert_eq!(row.severity, Some(Severity::Error));
        }
        // A new record and a policy that was not seen: the old ones stay together.
        let row = filled(&|row| {
            (row["id"], row["policy"]) = (json!("2"), json!("unknown"));
            (row["mode"], row["max_age"], row["mx_patterns"]) = Default::default();
            row["hosts"][0]["covered"] = Value::Null;
        });
        assert_eq!((row.id.as_deref(), row.mode), (Some("1"), Some(Mode::Enforce)));
        assert_eq!(not_covered(&row).count(), 0);
        assert_eq!(row.hosts.iter().flatten().next().and_then(|host| host.covered), Some(true));
        // What is certainly not there is not kept.
        let row = filled(&|row| {
            (row["record"], row["policy"]) = (json!("absent"), json!("absent"));
            (row["id"], row["mode"], row["max_age"], row["mx_patterns"]) = Default::default();
        });
        assert_eq!((row.id, row.mode, row.policy), (None, None, Policy::Absent));
    }
}

//! Which policy a sender may still hold after a change, and when nothing is held any more that stands in the
//! way. Dates are arguments: seconds since 1970-01-01T00:00:00Z.

use super::model::{Answer, Discovery, Effective, Keeping, Looks, Model, Reading, SameId};
use super::models::MODELS;
use super::setting::policy_text;
use crate::input::ToAscii;
use crate::policy::Mode;

/// What is published from one time to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// From when on.
    pub from: i64,
    /// The policy file; none where there is none to be had.
    pub policy: Option<Vec<u8>>,
    /// The TXT records at `_mta-sts`, each with its strings joined.
    pub records: Vec<String>,
    /// How long resolvers may keep them, in seconds.
    pub ttl: u32,
}

/// What becomes of the copies that senders have.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// A row for each model, the standard's first.
    pub rows: Vec<Row>,
}

/// The copies that one sender may have.
#[derive(Clone, Debug)]
pub struct Row {
    /// The model of the sender.
    pub model: &'static Model,
    /// What it may hold, in the order in which it was published.
    pub spans: Vec<Span>,
}

/// For how long a policy may be held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Which of what was published it is: an index.
    pub state: usize,
    /// The policy as the sender acts on it.
    pub policy: Effective,
    /// From when on it may be held.
    pub from: i64,
    /// Until when the sender gets it when it looks; none where that has no end yet. What is held in this time
    /// is certain, unless it is an older copy.
    pub served_until: Option<i64>,
    /// From when on a message makes the sender take a newer policy; none where no message does.
    pub noticed: Option<i64>,
    /// Until when it may be held at the most; none where that has no end yet.
    pub to: Option<i64>,
}

/// When nothing stands in the way any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Until {
    /// Nothing ever did.
    Free,
    /// From then on nothing does.
    At(i64),
    /// As long as it stays as it is now, something does.
    Never,
}

/// A made-up history: the MX moves to a new host, which the policy names from day 30 on.
pub fn sample(start: i64) -> Vec<Published> {
    const DAY: i64 = 86_400;
    let published = |day: i64, mx: &[&str], id: &str| {
        let mx: Vec<String> = mx.iter().map(|pattern| (*pattern).to_owned()).collect();
        Published {
            from: start.saturating_add(day * DAY),
            policy: Some(policy_text(Mode::Enforce, &mx, 1_209_600).into_bytes()),
            records: vec![format!("v=STSv1; id={id};")],
            ttl: 3600,
        }
    };
    let (old, new) = ("mx1.example.com", "mx.provider.example");
    vec![published(0, &[old], "1"), published(30, &[old, new], "2")]
}

impl Timeline {
    /// What becomes of the copies, for all models. What is published is in the order of time; each counts until
    /// the next, the last one without an end.
    pub fn of(history: &[Published]) -> Self {
        Self { rows: MODELS.iter().map(|model| Row::of(model, history)).collect() }
    }

    /// From when on mail may go to these hosts alone, whoever sends it.
    pub fn hosts_free(&self, hosts: &[&str], to_ascii: Option<ToAscii>) -> Until {
        let each = self.rows.iter().map(|row| row.hosts_free(hosts, to_ascii));
        each.max().unwrap_or(Until::Free)
    }

    /// From when on record and policy host may go, whoever sends mail.
    pub fn removal_free(&self) -> Until {
        self.rows.iter().map(Row::removal_free).max().unwrap_or(Until::Free)
    }
}

impl Row {
    /// What becomes of the copies of one sender.
    pub fn of(model: &'static Model, history: &[Published]) -> Self {
        let read: Vec<Read> = history.iter().map(|published| Read::of(model, published)).collect();
        let spans = (0..read.len()).filter_map(|state| span(model, &read, state)).collect();
        Self { model, spans }
    }

    /// What the sender may hold at a time, and whether it is what it gets when it looks.
    pub fn held_at(&self, time: i64) -> impl Iterator<Item = (&Span, bool)> {
        let held = move |span: &&Span| span.from <= time && span.to.is_none_or(|to| time < to);
        let served = move |span: &Span| span.served_until.is_none_or(|until| time < until);
        self.spans.iter().filter(held).map(move |span| (span, served(span)))
    }

    /// From when on none of the policies that may be held stands in the way, by a test that says which do.
    pub fn until(&self, stands: impl Fn(&Effective) -> bool) -> Until {
        let of = |span: &Span| span.to.map_or(Until::Never, Until::At);
        self.spans.iter().filter(|span| stands(&span.policy)).map(of).max().unwrap_or(Until::Free)
    }

    /// From when on mail may go to these hosts alone: no policy that may be held keeps it from one of them.
    pub fn hosts_free(&self, hosts: &[&str], to_ascii: Option<ToAscii>) -> Until {
        self.until(|policy| {
            let is_named = |host: &&str| {
                policy.mx.iter().any(|pattern| (self.model.matches)(pattern, host, to_ascii))
            };
            policy.mode == Some(Mode::Enforce) && !hosts.iter().all(is_named)
        })
    }

    /// From when on record and policy host may go: all that may be held is in mode none (RFC 8461 §8.3).
    pub fn removal_free(&self) -> Until {
        self.until(|policy| !matches!(policy.mode, None | Some(Mode::None)))
    }
}

/// What a sender reads from what is published at one time.
struct Read {
    from: i64,
    ttl: i64,
    id: Option<String>,
    policy: Option<Effective>,
}

impl Read {
    fn of(model: &Model, published: &Published) -> Self {
        let records: Vec<&str> = published.records.iter().map(String::as_str).collect();
        let id = match (model.record)(&records) {
            Discovery::Found(id) => Some(id),
            Discovery::Nothing(..) => None,
        };
        let reading = published.policy.as_ref().map(|text| (model.policy)(&Answer::text(text)));
        let policy = match reading {
            Some(Reading::Accepted(effective, _)) => Some(effective),
            _ => None,
        };
        Self { from: published.from, ttl: published.ttl.into(), id, policy }
    }
}

/// For how long the policy of a state may be held; none where the sender gets none.
fn span(model: &Model, read: &[Read], state: usize) -> Option<Span> {
    let now = read.get(state)?;
    let policy = now.policy.clone()?;
    let before = state.checked_sub(1).and_then(|before| read.get(before));
    let next = read.get(state + 1).map(|next| next.from);
    // A resolver may still have the record of before.
    let stale = before.filter(|before| before.id.is_some()).map(|before| before.stale_until(now));
    let served_until = match (&now.id, stale) {
        (Some(_), _) => next,
        (None, Some(stale)) => Some(next.map_or(stale, |next| next.min(stale))),
        (None, None) => return None,
    };
    let age = i64::try_from(policy.max_age).unwrap_or(i64::MAX);
    let Keeping { looks, same_id, revives, .. } = model.habits.keeping;
    let mut to = served_until.map(|end| end.saturating_add(age));
    if (same_id == SameId::Renews || revives) && now.id.is_some() {
        to = renewed_until(read, state).map(|end| end.saturating_add(age));
    }
    let by_id = same_id != SameId::Fetches;
    let mut noticed = None;
    for (index, later) in read.iter().enumerate().skip(state + 1) {
        let differs = later.id != now.id;
        if later.policy.is_none() || later.id.is_none() || by_id && !differs {
            continue;
        }
        // Where the id makes the difference, resolvers have to forget the old one.
        let seen = later.from.saturating_add(if by_id { now.ttl } else { 0 });
        if looks == Looks::EachMessage {
            noticed = noticed.or(Some(seen));
        }
        let end = read.get(index + 1).map(|next| next.from);
        let replaced = model.habits.refresh.map(|after| seen.saturating_add(after.into()));
        if let Some(replaced) = replaced
            && end.is_none_or(|end| replaced <= end)
        {
            to = Some(to.map_or(replaced, |to| to.min(replaced)));
            break;
        }
    }
    let noticed = noticed.filter(|noticed| to.is_none_or(|to| *noticed < to));
    Some(Span { state, policy, from: now.from, served_until, noticed, to })
}

/// Until when a record may be seen that has the id of this state: none where it is the last one.
fn renewed_until(read: &[Read], state: usize) -> Option<i64> {
    let now = read.get(state)?;
    let mut ttl = now.ttl;
    for later in read.iter().skip(state + 1) {
        if later.id != now.id {
            return Some(later.from.saturating_add(ttl));
        }
        ttl = later.ttl;
    }
    None
}

impl Read {
    /// Until when a resolver may have the record of this state in the next one.
    const fn stale_until(&self, next: &Self) -> i64 {
        next.from.saturating_add(self.ttl)
    }
}

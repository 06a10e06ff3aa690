//! Which policy senders may still hold on any day after a change, and when the old servers, or the record, may go.

use super::Shows;
use crate::browser;
use crate::ui::choice::{field, option};
use crate::ui::element::{El, el, name_field};
use crate::ui::words::prose;
use stslint::ToAscii;
use stslint::policy::Mode;
use stslint::report::aggregate::Day;
use stslint::senders::timeline::{Published, Row, Span, Timeline, Until};
use stslint::senders::{Profile, Setting, policy_text};
use stslint::text::visible;

const DAY: i64 = 86_400;

/// How long the old policy is taken to have been there before the change, in days: longer than any copy lives.
const BEFORE: i64 = 1000;

/// How long resolvers keep a record where that is not known, in seconds.
const TTL: u32 = 3600;

/// The lifetime of the policy that ends MTA-STS (RFC 8461 §8.3), in seconds.
const LAST: u64 = 86_400;

/// Where mail moves to while nobody has said so.
const NEW_HOST: &str = "mx.provider.example";

/// Most hosts that mail moves to.
const HOSTS: usize = 10;

/// What somebody changes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    /// To other mail servers, announced by a new id.
    Move,
    /// The same, with the id of before.
    SameId,
    /// To no MTA-STS, by mode none first (RFC 8461 §8.3).
    Remove,
    /// To no MTA-STS, by deleting all at once.
    Delete,
}

const CHANGES: [(Change, &str, &str); 4] = [
    (Change::Move, "move", "Mail moves: new policy, new id"),
    (Change::SameId, "same-id", "Mail moves: new policy, same id"),
    (Change::Remove, "remove", "MTA-STS ends: mode none first"),
    (Change::Delete, "delete", "MTA-STS ends: all is deleted at once"),
];

/// The timeline of a change.
pub(super) fn timeline(base: &Setting, to_ascii: Option<ToAscii>, shows: &Shows) -> El {
    let shown = &shows.now;
    let known = CHANGES.iter().find(|(_, word, _)| *word == shown.change);
    let (change, word, _) = *known.unwrap_or(&CHANGES[0]);
    let day = Day::read(&shown.from).unwrap_or_else(today);
    let hosts = hosts(&shown.hosts);
    let section = el("section")
        .class("timeline")
        .attr("aria-labelledby", "timeline-title")
        .attr("data-testid", "timeline")
        .child(
            el("h3").attr("id", "timeline-title").text("Which policy senders hold after a change"),
        )
        .child(choices(change, word, day, &hosts, shows));
    let Some(history) = history(base, change, i64::from(day.0) * DAY, &hosts) else {
        return section.child(el("p").class("hint").text(
            "A sender that goes by RFC 8461 has no policy of this domain, so that it holds none.",
        ));
    };
    let timeline = Timeline::of(&history);
    let names: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let free = |row: &Row| match change {
        Change::Move | Change::SameId => row.hosts_free(&names, to_ascii),
        Change::Remove | Change::Delete => row.removal_free(),
    };
    let mut list = el("ul").class("bullets");
    for (number, words) in safe(&timeline, free, change, &names).into_iter().enumerate() {
        list = list.child(prose("li", &words).number(number));
    }
    section.child(list.attr("data-testid", "safe")).child(table(&timeline, day, free))
}

fn today() -> Day {
    Day::of((browser::now() / 1000.0) as i64)
}

/// The new mail servers, as they were typed.
fn hosts(typed: &str) -> Vec<String> {
    let is_end = |c: char| c == ',' || c.is_whitespace();
    let hosts = typed.split(is_end).filter(|host| !host.is_empty()).take(HOSTS);
    let hosts: Vec<String> = hosts.map(|host| host.trim_end_matches('.').to_lowercase()).collect();
    if hosts.is_empty() { vec![NEW_HOST.to_owned()] } else { hosts }
}

fn choices(change: Change, word: &str, day: Day, hosts: &[String], shows: &Shows) -> El {
    let mut changes = el("select").on("change", shows.picked(|shown, value| shown.change = value));
    for (_, name, words) in CHANGES {
        changes = changes.child(option(name, name == word, words.to_owned()));
    }
    let date = el("input")
        .attr("type", "date")
        .value(day.to_string())
        .on("change", shows.typed(|shown, value| shown.from = value));
    let moves = matches!(change, Change::Move | Change::SameId);
    let names = name_field(&hosts.join(", "), "2000", NEW_HOST)
        .on("change", shows.typed(|shown, value| shown.hosts = value));
    el("div")
        .class("options")
        .child(field("What changes", changes))
        .child(field("On", date))
        .child(field("New mail servers", names).flag("hidden", !moves))
}

/// What is published before and after the change; none where senders have no policy to begin with.
fn history(base: &Setting, change: Change, from: i64, hosts: &[String]) -> Option<Vec<Published>> {
    let met = base.met_by(Profile::default());
    let policy = met.id.and(met.fetch.ok())?;
    let served = base.policy.as_ref().ok()?;
    let old = Published {
        from: from - BEFORE * DAY,
        policy: Some(served.body.clone()),
        records: base.records.clone(),
        ttl: TTL,
    };
    let new_record = vec!["v=STSv1; id=new;".to_owned()];
    let mx: Vec<String> = policy.mx.iter().chain(hosts).cloned().collect();
    let (text, records) = match change {
        Change::Move => (Some(policy_text(policy.mode, &mx, policy.max_age)), new_record),
        Change::SameId => {
            (Some(policy_text(policy.mode, &mx, policy.max_age)), base.records.clone())
        }
        Change::Remove => (Some(policy_text(Mode::None, &policy.mx, LAST)), new_record),
        Change::Delete => (None, Vec::new()),
    };
    let new = Published { from, policy: text.map(String::into_bytes), records, ttl: TTL };
    Some(vec![old, new])
}

/// From when on it is safe: for who goes by the standard, and for all.
fn safe(
    timeline: &Timeline,
    free: impl Fn(&Row) -> Until,
    change: Change,
    hosts: &[&str],
) -> Vec<String> {
    let what = match change {
        Change::Move | Change::SameId => format!(
            "mail may go to {} alone, and the old servers be switched off",
            hosts
                .iter()
                .map(|host| format!("`{}`", visible(host).replace('`', "'")))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        Change::Remove | Change::Delete => "the record and the policy host may go".to_owned(),
    };
    let Some((standard, software)) = timeline.rows.split_first() else { return Vec::new() };
    let at = |until: Until| match until {
        Until::Free => "at once".to_owned(),
        Until::At(time) => format!("from {} on", after(time)),
        Until::Never => "at no time, as long as it stays so".to_owned(),
    };
    let last = software.iter().map(&free).max().unwrap_or(Until::Free);
    let mut out = vec![
        format!("By RFC 8461 {what} {}.", at(free(standard))),
        format!("With all {} senders: {}.", software.len(), at(last)),
    ];
    let never: Vec<&str> = (software.iter())
        .filter(|row| free(row) == Until::Never)
        .map(|row| row.model.name)
        .collect();
    if !never.is_empty() {
        out.push(format!("Never with {}: what it holds has no end by itself.", never.join(", ")));
    }
    match change {
        Change::Delete => out.push("Until then senders enforce the copies that they have, and nothing tells them otherwise: a change of mail servers in that time holds mail back.".into()),
        Change::SameId => out.push("Senders that look at the id alone do not see that the policy changed.".into()),
        Change::Move | Change::Remove => {}
    }
    out
}

/// The first day that is wholly behind a time.
fn after(time: i64) -> String {
    Day::of(time.saturating_add(DAY - 1)).to_string()
}

fn table(timeline: &Timeline, day: Day, free: impl Fn(&Row) -> Until) -> El {
    let from = i64::from(day.0) * DAY;
    let ends = timeline.rows.iter().flat_map(|row| &row.spans).filter(|span| span.state == 0);
    let last = ends.filter_map(|span| span.to).max().unwrap_or(from);
    let axis = Axis { from, to: last.max(from + 7 * DAY) };
    let head = |words: &'static str| el("th").key(words).attr("scope", "col").text(words);
    let mut body = el("tbody");
    for (number, row) in timeline.rows.iter().enumerate() {
        let old = row.spans.iter().find(|span| span.state == 0);
        let cell =
            |label: &'static str, words: String| el("td").attr("data-label", label).words(words);
        body = body.child(
            el("tr")
                .number(number)
                .child(el("th").attr("scope", "row").text(row.model.name))
                .child(cell("Old policy until", old.map_or_else(|| "holds none".into(), held)))
                .child(cell("New policy", old.map_or_else(|| "-".into(), new)))
                .child(cell(
                    "Safe",
                    match free(row) {
                        Until::Free => "at once".into(),
                        Until::At(time) => after(time),
                        Until::Never => "never".into(),
                    },
                ))
                .child(
                    el("td")
                        .class("span-cell")
                        .set("data-label", axis.words())
                        .child(bar(number, old, &axis)),
                ),
        );
    }
    el("table")
        .class("data spans")
        .child(el("caption").text("Filled: a sender may hold the old policy. Hatched: only one that has no mail for you all the while, as the next message makes it look."))
        .child(
            el("thead").child(
                el("tr")
                    .child(head("Sender"))
                    .child(head("Old policy until"))
                    .child(head("New policy"))
                    .child(head("Safe"))
                    .child(el("th").key("bar").attr("scope", "col").words(axis.words())),
            ),
        )
        .child(body)
}

fn held(span: &Span) -> String {
    span.to.map_or_else(|| "no end".into(), after)
}

/// From when on the sender takes the new one.
fn new(span: &Span) -> String {
    match (span.noticed, span.to) {
        (Some(time), _) => format!("with the next message from {}", Day::of(time)),
        (None, Some(_)) => "when the old one ends".into(),
        (None, None) => "not at all".into(),
    }
}

struct Axis {
    from: i64,
    to: i64,
}

impl Axis {
    fn at(&self, time: i64) -> f64 {
        let part = (time - self.from) as f64 / (self.to - self.from).max(1) as f64;
        (part * 100.0).clamp(0.0, 100.0)
    }

    fn words(&self) -> String {
        format!("{} to {}", Day::of(self.from), after(self.to))
    }
}

/// What a sender holds, as a bar; the same stands in the row.
fn bar(number: usize, old: Option<&Span>, axis: &Axis) -> El {
    let svg = el("svg").class("held").attr("aria-hidden", "true").attr("height", "16");
    let Some(span) = old else { return svg };
    let hatch = format!("held-{number}");
    let to = axis.at(span.to.unwrap_or(axis.to));
    let sure = axis.at(span.noticed.or(span.to).unwrap_or(axis.to));
    let rect = |from: f64, to: f64| {
        el("rect")
            .set("x", format!("{from:.2}%"))
            .set("width", format!("{:.2}%", (to - from).max(0.0)))
            .attr("y", "2")
            .attr("height", "12")
    };
    let pattern = el("pattern")
        .set("id", hatch.clone())
        .attr("width", "6")
        .attr("height", "6")
        .attr("patternUnits", "userSpaceOnUse")
        .child(el("path").attr("class", "held-hatch").attr("d", "M-1 1 1-1M0 6 6 0M5 7 7 5"));
    svg.child(el("defs").child(pattern))
        .child(rect(0.0, 100.0).class("held-ground"))
        .child(rect(0.0, sure.max(0.6)).class("held-sure"))
        .child(rect(sure, to).class("held-may").set("fill", format!("url(#{hatch})")))
}

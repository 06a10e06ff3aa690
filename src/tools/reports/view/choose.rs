//! What narrows it down: fields, chips that take a filter away again, and failures by cause, server, sender and address.

use super::board::BoardProps;
use super::causes::{and, owned, under};
use crate::tools::reports::address::word;
use crate::ui::chart;
use crate::ui::element::{El, el, labelled};
use std::collections::BTreeMap;
use std::rc::Rc;
use stslint::render::aggregate::kind as kind_words;
use stslint::render::report::cause as cause_words;
use stslint::report::Cause;
use stslint::report::aggregate::{Day, DomainTotals, Filter, Kind, Totals};
use stslint::text::visible;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};
use yew::TargetCast;

/// Things that can be chosen from.
const CHOICES: usize = 300;

/// Rows of each breakdown.
const ROWS: usize = 12;

/// The fields and the chips. What can be chosen does not follow what is.
pub(super) fn bar(every: &Totals, props: &BoardProps) -> El {
    let filter = &props.filter;
    let several = every.domains.len() > 1;
    let text = |name: &str| (name.to_owned(), visible(name));
    let mut fields = el("div").class("options").attr("role", "search").attr("aria-label", "Filter");
    if several {
        let names = every.domains.iter().filter_map(|it| it.domain).map(text).collect();
        fields =
            fields.child(select("Domain", names, filter.domain.as_deref(), props, |filter, it| {
                filter.domain = it;
            }));
    }
    let senders = every.senders.iter().filter_map(|it| it.name).map(text).collect();
    fields = fields.child(select(
        "Reported by",
        senders,
        filter.sender.as_deref(),
        props,
        |filter, it| {
            filter.sender = it;
        },
    ));
    let kinds: Vec<Kind> = Kind::ALL
        .into_iter()
        .filter(|kind| every.domains.iter().any(|it| it.kinds.iter().any(|of| of.kind == *kind)))
        .collect();
    let kinds = kinds.into_iter().map(|kind| (kind.word().to_owned(), kind_words(kind).to_owned()));
    fields = fields.child(select(
        "Policy",
        kinds.collect(),
        filter.kind.map(Kind::word),
        props,
        |filter, it| filter.kind = it.as_deref().and_then(Kind::from_word),
    ));
    let chosen = |value: Option<Day>| value.map(|day| day.to_string()).unwrap_or_default();
    fields = fields
        .child(date("From", chosen(filter.since), props, |filter, day| filter.since = day))
        .child(date("To", chosen(filter.until), props, |filter, day| filter.until = day));
    let details = el("details")
        .class("choose")
        .flag("open", several)
        .child(el("summary").text("Filter"))
        .child(fields);
    el("div").attr("data-testid", "filter").child(details).child(chips(props))
}

fn select(
    label: &'static str,
    choices: Vec<(String, String)>,
    chosen: Option<&str>,
    props: &BoardProps,
    set: impl Fn(&mut Filter, Option<String>) + 'static,
) -> El {
    let choice = props.choice();
    let changed = move |event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        choice.set(|filter| set(filter, Some(value).filter(|value| !value.is_empty())));
    };
    let value = chosen.unwrap_or_default();
    let mut field = el("select").property("value", value).on("change", Rc::new(changed));
    let option = |value: &str, text: String, on: bool| {
        el("option").key(value).set("value", value.to_owned()).flag("selected", on).words(text)
    };
    field = field.child(option("", "All".into(), chosen.is_none()));
    // What is chosen stays, also where nothing else fits it.
    let known = chosen.filter(|it| !choices.iter().any(|(value, _)| value == it));
    if let Some(value) = known {
        field = field.child(option(value, visible(value), true));
    }
    let mut seen = std::collections::BTreeSet::new();
    for (value, words) in choices.into_iter().take(CHOICES) {
        if seen.insert(value.clone()) {
            field = field.child(option(&value, words, chosen == Some(&*value)));
        }
    }
    el("label").key(label).child(el("span").text(label)).child(field)
}

fn date(
    label: &'static str,
    value: String,
    props: &BoardProps,
    set: impl Fn(&mut Filter, Option<Day>) + 'static,
) -> El {
    let choice = props.choice();
    let changed = move |event: Event| {
        let day = Day::read(&event.target_unchecked_into::<HtmlInputElement>().value());
        choice.set(|filter| set(filter, day));
    };
    let field = el("input").attr("type", "date").value(value).on("change", Rc::new(changed));
    el("label").key(label).child(el("span").text(label)).child(field)
}

/// What is filtered by, each with the way to take it away.
fn chips(props: &BoardProps) -> El {
    let filter = &props.filter;
    let mut chips = el("ul").class("filters").attr("aria-label", "Filters");
    let mut any = false;
    let mut chip = |key: &'static str, words: String, change: fn(&mut Filter)| {
        any = true;
        let take = labelled(words.clone(), props.show_and_leave(change))
            .set("aria-label", format!("Without {words}"))
            .child(el("span").attr("aria-hidden", "true").text(" ×"));
        el("li").key(key).child(take)
    };
    let mut all = Vec::new();
    if let Some(domain) = &filter.domain {
        all.push(chip("domain", visible(domain), |filter| filter.domain = None));
    }
    if let Some(sender) = &filter.sender {
        all.push(chip("sender", format!("by {}", visible(sender)), |filter| filter.sender = None));
    }
    if let Some(kind) = filter.kind {
        all.push(chip("kind", kind_words(kind).into(), |filter| filter.kind = None));
    }
    if let Some(cause) = &filter.cause {
        all.push(chip("cause", cause_words(cause).into_owned(), |filter| filter.cause = None));
    }
    if let Some(mx) = &filter.mx {
        all.push(chip("mx", format!("at {}", visible(mx)), |filter| filter.mx = None));
    }
    if let Some(address) = &filter.address {
        let words = format!("sent from {}", visible(address));
        all.push(chip("address", words, |filter| filter.address = None));
    }
    if let Some(day) = filter.since {
        all.push(chip("since", format!("from {day}"), |filter| filter.since = None));
    }
    if let Some(day) = filter.until {
        all.push(chip("until", format!("to {day}"), |filter| filter.until = None));
    }
    for one in all {
        chips = chips.child(one);
    }
    chips.flag("hidden", !any)
}

/// Something that failures are counted by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Cause(Cause<'a>),
    Server(Option<&'a str>),
    Sender(Option<&'a str>),
    Address(&'a str),
}

/// Failures by cause, mail server, sender and sending address, for each kind of policy by itself.
pub(super) fn breakdown(domain: &DomainTotals, props: &BoardProps) -> El {
    let mut section = el("section").class("breakdowns").attr("data-testid", "breakdown");
    for of in domain.kinds.iter() {
        let failures: Vec<_> = domain.failures.iter().filter(|it| it.kind == of.kind).collect();
        if failures.is_empty() {
            continue;
        }
        let mut tables: [(&str, BTreeMap<Part, u64>); 4] = [
            ("By cause", BTreeMap::new()),
            ("By mail server", BTreeMap::new()),
            ("By who reports it", BTreeMap::new()),
            ("By sending address", BTreeMap::new()),
        ];
        let mut add = |table: usize, part, sessions: u64| {
            let sum = tables[table].1.entry(part).or_insert(0);
            *sum = sum.saturating_add(sessions);
        };
        for failure in failures {
            let sessions = failure.sessions.unwrap_or(0);
            add(0, Part::Cause(failure.cause.clone()), sessions);
            add(1, Part::Server(failure.mx), sessions);
            add(2, Part::Sender(failure.sender), sessions);
            for address in &failure.addresses {
                add(3, Part::Address(address.address), address.sessions);
            }
        }
        let mut row = el("div").class("breakdown");
        for (title, parts) in tables {
            if !parts.is_empty() {
                row = row.child(parts_table(title, parts, props).key(title));
            }
        }
        let title = format!("Failed sessions {}", under(of.kind));
        section =
            section.child(el("div").key(of.kind.word()).child(el("h3").words(title)).child(row));
    }
    section
}

fn parts_table(title: &'static str, parts: BTreeMap<Part, u64>, props: &BoardProps) -> El {
    let mut parts: Vec<(Part, u64)> = parts.into_iter().collect();
    parts.sort_by(|(one, sessions), (other, others)| others.cmp(sessions).then(one.cmp(other)));
    let most = parts.first().map_or(0, |(_, sessions)| *sessions);
    let mut body = el("tbody");
    for (number, (part, sessions)) in parts.iter().enumerate().take(ROWS) {
        body = body.child(
            el("tr")
                .number(number)
                .child(el("th").attr("scope", "row").child(label(part, props)))
                .child(el("td").class("number").words(sessions.to_string()))
                .child(el("td").class("bar-cell").child(chart::share(*sessions, most))),
        );
    }
    let more = parts.len().saturating_sub(ROWS);
    let mut heads = el("tr");
    for (key, words) in [("what", title), ("sessions", "Sessions"), ("part", "Share")] {
        heads = heads.child(el("th").key(key).attr("scope", "col").text(words));
    }
    el("div")
        .class("part-table panel")
        .child(el("h4").text(title))
        .child(
            el("table")
                .class("counts")
                .child(el("caption").class("visually-hidden").text(title))
                .child(el("thead").class("visually-hidden").child(heads))
                .child(body),
        )
        .child(and(more, "more", "more"))
}

/// What it is, as a button that shows only that, and then everything again.
fn label(part: &Part, props: &BoardProps) -> El {
    let filter = &props.filter;
    let toggle = |words: String, on: bool, set: Box<dyn FnOnce(&mut Filter)>| {
        labelled(words, props.show(set)).class("pick").state("aria-pressed", on)
    };
    match part {
        Part::Cause(cause) => {
            let on = filter.cause.as_ref() == Some(cause);
            let chosen = (!on).then(|| owned(cause));
            toggle(cause_words(cause).into_owned(), on, Box::new(|filter| filter.cause = chosen))
                .set("title", word(cause).to_owned())
        }
        Part::Server(Some(mx)) => {
            let on = filter.mx.as_deref() == Some(*mx);
            let chosen = (!on).then(|| (*mx).to_owned());
            toggle(visible(mx), on, Box::new(|filter| filter.mx = chosen))
        }
        Part::Sender(Some(name)) => {
            let on = filter.sender.as_deref() == Some(*name);
            let chosen = (!on).then(|| (*name).to_owned());
            toggle(visible(name), on, Box::new(|filter| filter.sender = chosen))
        }
        Part::Address(address) => {
            let on = filter.address.as_deref() == Some(*address);
            let chosen = (!on).then(|| (*address).to_owned());
            toggle(visible(address), on, Box::new(|filter| filter.address = chosen))
        }
        Part::Server(None) | Part::Sender(None) => el("span").class("hint").text("not told"),
    }
}

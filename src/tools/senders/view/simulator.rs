//! What senders do with a message: a drawing of who says what to whom, which one can go through step by step. Cases stand
//! side by side.

use super::Shows;
use crate::ui::choice::{field, option};
use crate::ui::element::{El, button, el, handler};
use crate::ui::icon::state_icon;
use crate::ui::words::count;
use stslint::ToAscii;
use stslint::render::simulate::{Told, gained, label};
use stslint::render::words::State;
use stslint::senders::models::{MODELS, STANDARD, named as model_of};
use stslint::senders::scenarios::{Case, SCENARIOS, Scenario, named};
use stslint::senders::{Course, Delivery, Gain, Party, Profile, Setting, Step, Walk, walk};
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};

/// Heights of the names on top and of a step, in pixels.
const HEAD: usize = 34;
const ROW: usize = 24;

/// A case that was walked through.
struct Walked {
    case: Case,
    walk: Walk,
}

/// The simulator for a domain.
pub(super) fn simulator(base: &Setting, about: El, to_ascii: Option<ToAscii>, shows: &Shows) -> El {
    let shown = &shows.now;
    let scenario = named(&shown.scenario).unwrap_or(&SCENARIOS[0]);
    let model = model_of(&shown.sender).unwrap_or(STANDARD);
    let walked: Vec<Walked> = (scenario.cases)(base)
        .into_iter()
        .map(|case| {
            let walk = walk(&case.setting.met_by(Profile::of(model)), to_ascii);
            Walked { case, walk }
        })
        .collect();
    let most = walked.iter().map(|it| it.walk.steps.len()).max().unwrap_or(0);
    let step = shown.step.min(most);
    let mut cases = el("div").class("walks");
    for (number, it) in walked.iter().enumerate() {
        let told = Told { setting: &it.case.setting, model, walk: &it.walk };
        cases = cases.child(case(number, it, &told, step, shows));
    }
    el("section")
        .class("simulator")
        .attr("aria-labelledby", "simulator-title")
        .attr("data-testid", "simulator")
        .child(
            el("h3")
                .attr("id", "simulator-title")
                .attr("tabindex", "-1")
                .text("What becomes of a message"),
        )
        .child(about)
        .child(choices(scenario, model.name, shows))
        .child(el("p").attr("data-testid", "scenario").text(scenario.about))
        .child(paces(step, most, shows))
        .child(cases)
}

/// Which scenario, which sender.
fn choices(scenario: &Scenario, sender: &str, shows: &Shows) -> El {
    let mut scenarios = el("select")
        .on("change", shows.picked(|shown, value| (shown.scenario, shown.step) = (value, 0)));
    for it in SCENARIOS {
        scenarios = scenarios.child(option(it.name, it.name == scenario.name, it.title.to_owned()));
    }
    let mut senders = el("select")
        .on("change", shows.picked(|shown, value| (shown.sender, shown.step) = (value, 0)));
    for model in MODELS {
        senders = senders.child(option(&model.word(), model.name == sender, model.name.to_owned()));
    }
    el("div")
        .class("options")
        .child(field("What happens", scenarios))
        .child(field("Sender", senders))
}

/// The way through the steps.
fn paces(step: usize, most: usize, shows: &Shows) -> El {
    let go = |label: &'static str, to: usize, can: bool| {
        button(label, shows.pressed(move |shown| shown.step = to)).flag("disabled", !can)
    };
    let words = match step {
        0 => format!("All of {}.", count(most, "step", "steps")),
        _ => format!("Step {step} of {most}."),
    };
    let keys = shows.clone();
    el("div")
        .class("buttons paces")
        .on(
            "keydown",
            handler(move |event: Event| {
                let key: &KeyboardEvent = event.unchecked_ref();
                let to = match key.key().as_str() {
                    "ArrowRight" => (step + 1).min(most),
                    "ArrowLeft" => step.saturating_sub(1),
                    _ => return,
                };
                event.prevent_default();
                keys.set(|shown| shown.step = to);
            }),
        )
        .child(
            go("Step by step", 1, most > 0)
                .class(if step == 0 { "primary" } else { "quiet" })
                .flag("hidden", step > 0),
        )
        .child(go("Back", step.saturating_sub(1), step > 0).flag("hidden", step == 0))
        .child(go("Next step", step + 1, step < most).class("primary").flag("hidden", step == 0))
        .child(go("Show all steps", 0, true).flag("hidden", step == 0))
        .child(el("span").class("hint").attr("role", "status").words(words))
}

fn case(number: usize, it: &Walked, told: &Told, step: usize, shows: &Shows) -> El {
    let all = it.walk.steps.len();
    let until = if step == 0 { all } else { step.min(all) };
    let over = step == 0 || step >= all;
    let (tone, state) = tone(&it.walk);
    let outcome = el("p")
        .class("outcome")
        .attr("data-tone", if over { tone } else { "unlinted" })
        .maybe(over.then(|| state_icon(state)))
        .child(el("strong").words(match over {
            true => told.outcome(),
            false => "…".into(),
        }));
    let gain = it.walk.gain.filter(|_| over).map_or("", gained);
    let mut list = el("ol").class("walk");
    for (index, one) in it.walk.steps.iter().enumerate() {
        list = list.child(line(index, one, told, step, until, shows));
    }
    let assumed = el("ul").class("bullets hint").flag("hidden", it.case.setting.assumed.is_empty());
    let assumed = it.case.setting.assumed.iter().enumerate().fold(assumed, |list, (key, what)| {
        list.child(el("li").number(key).words(told.assumed(*what)))
    });
    el("article")
        .number(number)
        .class("panel")
        .attr("data-testid", "case")
        .attr("data-outcome", it.walk.delivery.word())
        .child(el("h4").text(label(it.case.label)))
        .child(outcome)
        .child(
            el("p")
                .class("gain")
                .attr(
                    "data-tone",
                    match it.walk.gain {
                        Some(Gain::Reads | Gain::Takes) => "error",
                        _ => "info",
                    },
                )
                .text(gain),
        )
        .child(drawing(number, it, told, until, step))
        .child(list)
        .child(assumed)
}

/// How an outcome is to be judged.
const fn tone(walk: &Walk) -> (&'static str, State) {
    match (walk.gain, walk.delivery) {
        (Some(Gain::Reads | Gain::Takes), _) => ("broken", State::Broken),
        (_, Delivery::DeliveredDane | Delivery::DeliveredVerified) => ("good", State::Good),
        (_, Delivery::DeliveredOpportunisticTls | Delivery::RejectedNullMx) => {
            ("unlinted", State::NotLinted)
        }
        (_, Delivery::Deferred | Delivery::DeliveredPlaintext) => ("review", State::Review),
    }
}

/// A step in words, which leads to it in the drawing.
fn line(index: usize, one: &Step, told: &Told, step: usize, until: usize, shows: &Shows) -> El {
    let go = shows.pressed(move |shown| shown.step = index + 1);
    let words =
        el("button").attr("type", "button").class("quiet").on("click", go).words(told.step(one));
    let mut item = el("li")
        .number(index)
        .attr("data-tone", course(one))
        .flag("data-later", index >= until)
        .child(words)
        .child(el("span").class("clause").text(one.clause));
    let mut own = el("div");
    for (key, departure) in one.departs.iter().enumerate() {
        own = own.child(el("p").number(key).class("departs").words(told.departure(*departure)));
    }
    if one.assumed {
        own = own
            .child(el("p").key("assumed").class("hint").text("Not looked up: taken to be good."));
    }
    if step == index + 1 {
        item = item.attr("aria-current", "step");
    }
    item.child(own)
}

const fn course(step: &Step) -> &'static str {
    match (step.attacked, step.course) {
        (true, _) | (_, Course::Bad) => "error",
        (_, Course::Good | Course::Delivered) => "good",
        (_, Course::Queued | Course::Returned) => "warning",
        (_, Course::Nothing) => "info",
    }
}

/// The drawing: a line for each who takes part, an arrow for each step. Its words stand in the list below it.
fn drawing(number: usize, it: &Walked, told: &Told, until: usize, step: usize) -> El {
    let parties: Vec<Party> = it.walk.parties().into_iter().collect();
    let at = |party: Party| {
        let index = parties.iter().position(|one| *one == party).unwrap_or(0);
        (index as f64 + 0.5) * 100.0 / parties.len().max(1) as f64
    };
    let percent = |x: f64| format!("{x:.2}%");
    let height = HEAD + ROW * it.walk.steps.len() + 6;
    let (title, head) = (format!("walk-{number}-title"), format!("arrow-{number}"));
    let names: Vec<String> = parties.iter().map(|party| told.party(*party)).collect();
    let mut svg = el("svg")
        .class("sequence")
        .attr("role", "img")
        .set("aria-labelledby", title.clone())
        .set("height", height.to_string())
        .child(el("title").set("id", title).words(format!(
            "Who speaks to whom: {}. The steps stand in the list below.",
            names.join(", ")
        )))
        .child(arrow_head(&head));
    for (index, party) in parties.iter().enumerate() {
        let x = percent(at(*party));
        let name = match party {
            Party::Mx(mx) => format!("MX {}", mx + 1),
            Party::PolicyHost => "policy host".into(),
            _ => told.party(*party),
        };
        let name = el("text")
            .set("x", x.clone())
            .attr("y", "14")
            .attr("text-anchor", "middle")
            .child(el("title").words(told.party(*party)))
            .words(name);
        let life = el("line")
            .class("life")
            .set("x1", x.clone())
            .set("x2", x)
            .attr("y1", "22")
            .set("y2", height.to_string());
        let party = el("g").number(index).flag("data-attacker", *party == Party::Attacker);
        svg = svg.child(party.child(life).child(name));
    }
    for (index, one) in it.walk.steps.iter().enumerate().take(until) {
        let y = (HEAD + ROW * index + ROW / 2 - 4).to_string();
        let (from, to) = (at(one.from), at(one.to));
        let mut group = el("g")
            .key(&format!("step-{index}"))
            .attr("data-tone", course(one))
            .flag("data-now", step == index + 1)
            .child(el("title").words(told.step(one)));
        if one.from != one.to {
            group = group.child(
                el("line")
                    .class("arrow")
                    .set("x1", percent(from))
                    .set("x2", percent(to))
                    .set("y1", y.clone())
                    .set("y2", y.clone())
                    .set("marker-end", format!("url(#{head})")),
            );
        }
        // Who stands in between has a hand in it.
        let hand = (one.attacked && ![one.from, one.to].contains(&Party::Attacker)).then(|| {
            let hand = el("circle").class("hand").set("cx", percent(at(Party::Attacker)));
            hand.set("cy", y.clone()).attr("r", "4")
        });
        group = group
            .maybe(hand)
            .child(
                el("circle")
                    .class("mark")
                    .set("cx", percent(from))
                    .set("cy", y.clone())
                    .attr("r", "9"),
            )
            .child(
                el("text")
                    .class("number")
                    .set("x", percent(from))
                    .set("y", y)
                    .attr("dy", "0.35em")
                    .attr("text-anchor", "middle")
                    .words((index + 1).to_string()),
            );
        svg = svg.child(group);
    }
    svg
}

fn arrow_head(id: &str) -> El {
    let marker = el("marker")
        .set("id", id.to_owned())
        .attr("viewBox", "0 0 8 8")
        .attr("refX", "8")
        .attr("refY", "4")
        .attr("markerUnits", "userSpaceOnUse")
        .attr("markerWidth", "10")
        .attr("markerHeight", "10")
        .attr("orient", "auto")
        .child(el("path").class("arrow-head").attr("d", "M0 0 8 4 0 8Z"));
    el("defs").key("defs").child(marker)
}

//! One step of a sender: its state, what was seen, what is wrong, and the look-ups behind it.

use super::super::state::DomainCheck;
use super::findings::findings;
use super::hosts;
use super::lookups::lookups;
use crate::browser;
use crate::request::{Opened, Request};
use crate::state::View;
use crate::text::Settings;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, button, el, handler};
use crate::ui::icon::state_icon;
use crate::ui::words::{prose, visible};
use std::borrow::Cow;
use std::rc::Rc;
use stslint::Kind;
use stslint::finding::Severity;
use stslint::live::facts::{Fact, Fetched, Reason, Records};
use stslint::live::{NotKnown, Part, State, Step, StepResult};
use stslint::render::live as words;
use stslint::render::words::{State as Overall, upper};
use yew::Callback;

/// Bytes of a record or policy that are shown; the editor has all.
const SHOWN: usize = 4096;

/// A step.
pub(super) fn step(result: &StepResult, check: &DomainCheck, view: View) -> El {
    let looking = check.is_looking(result.step);
    let (tone, icon, word) = state(result, check, looking);
    let heading = el("div")
        .class("step-head")
        .child(el("h3").child(el("span").class("step-icon").maybe(icon)).text(title(result.step)))
        .child(el("span").class("step-state").words(word));
    let mut evidence = el("dl").class("facts");
    for (i, (label, value)) in result.evidence.iter().map(words::evidence).enumerate() {
        evidence = evidence.child(el("dt").key(&format!("dt{i}")).text(label)).child(
            el("dd")
                .key(&format!("dd{i}"))
                .child(el("code").words(visible(value.as_bytes(), SHOWN))),
        );
    }
    let reason = match &result.state {
        State::NotKnown(why) if !looking => {
            el("p").class("hint").words(format!("{}.", upper(&words::not_known(why))))
        }
        State::NotReached(why) => {
            el("p").class("hint").words(format!("{}.", upper(words::not_reached(*why))))
        }
        _ => el("p").flag("hidden", true),
    };
    // What is missing to judge the step stands in the answer.
    let body = el("div")
        .child(prose("p", &words::about(result.step, &check.assessment)).class("hint"))
        .child(reason)
        .child(findings(result, check, view))
        .child(evidence.flag("hidden", result.evidence.is_empty()))
        .child(if result.step == Step::Match { hosts::table(check) } else { el("div") })
        .child(parts(result, check, view))
        .child(if result.step == Step::Connect { hosts::by_hand(check, view) } else { el("div") })
        .child(lookups(result.step, check, view));
    el("li")
        .key(result.step.word())
        .class("step")
        .attr("data-tone", tone)
        .attr("data-step", result.step.word())
        .child(
            el("details")
                .set("id", ["step-", result.step.word()].concat())
                .flag("open", result.state == State::Problem)
                .child(el("summary").child(heading))
                .child(body.class("step-body")),
        )
}

/// The steps in one line, each leading to its own.
pub(super) fn strip(check: &DomainCheck) -> El {
    let mut strip = el("ol").class("strip").attr("aria-label", "Steps of a mail server");
    for result in &check.assessment.steps {
        let (tone, icon, word) = state(result, check, check.is_looking(result.step));
        let id = ["step-", result.step.word()].concat();
        let go = el("button")
            .attr("type", "button")
            .class("quiet")
            .set("title", word.clone())
            .set("aria-label", [short(result.step), ": ", &word].concat())
            .on("click", handler(move |_| browser::unfold(&id)))
            .child(el("span").class("step-icon").maybe(icon))
            .text(short(result.step));
        strip = strip.child(el("li").key(result.step.word()).attr("data-tone", tone).child(go));
    }
    strip
}

/// The first word of its title.
const fn short(step: Step) -> &'static str {
    match step {
        Step::Discover => "Discover",
        Step::Fetch => "Fetch",
        Step::Match => "Match",
        Step::Connect => "Connect",
        Step::Report => "Report",
    }
}

const fn title(step: Step) -> &'static str {
    match step {
        Step::Discover => "Discover",
        Step::Fetch => "Fetch the policy",
        Step::Match => "Match the mail hosts",
        Step::Connect => "Connect",
        Step::Report => "Report",
    }
}

fn state(
    result: &StepResult,
    check: &DomainCheck,
    looking: bool,
) -> (&'static str, Option<El>, String) {
    let assessment = &check.assessment;
    let (tone, shape) = match (&result.state, assessment.problem(result.step)) {
        (State::Problem, Some(Severity::Error)) => ("error", Overall::Broken),
        (State::Problem, _) => ("warning", Overall::Review),
        _ if looking => return ("info", None, "Looking …".into()),
        (State::Ok, _) => ("good", Overall::Good),
        _ => ("info", Overall::NotLinted),
    };
    let word = match result.state {
        // This page asks no mail host; a relay may.
        State::NotKnown(NotKnown::Smtp(_, Reason::NotAsked)) => {
            Cow::Borrowed("A browser can't see this")
        }
        _ => words::state(result.step, assessment),
    };
    let word = if looking { format!("{word}, still looking …") } else { word.into_owned() };
    (tone, Some(state_icon(shape)), word)
}

/// The record or policy itself, and the way to the editor.
fn parts(result: &StepResult, check: &DomainCheck, view: View) -> El {
    let mut out = el("div").class("parts-seen");
    for i in &result.parts {
        let part = &check.assessment.parts[*i];
        let bytes: Rc<[u8]> = editable(part, check).0.into();
        let copied = Rc::clone(&bytes);
        let open = view.act(opened(part, check));
        let copy = move |()| String::from_utf8_lossy(&copied).into_owned();
        let shown = visible(&bytes, SHOWN);
        out = out.child(
            el("div")
                .number(*i)
                .class("sample")
                .child(
                    el("div")
                        .class("section-head")
                        .child(el("h4").child(el("code").words(part.place.clone())))
                        .child(
                            el("div")
                                .class("buttons")
                                .child(copy_button("Copy", false, Callback::from(copy)))
                                .child(button("Open in the editor", open)),
                        ),
                )
                .child(
                    el("pre")
                        .attr("tabindex", "0")
                        .set("aria-label", part.place.clone())
                        .words(shown),
                ),
        );
    }
    out.flag("hidden", result.parts.is_empty())
}

/// A record or the policy, to be opened in the editor.
pub(super) fn opened(part: &Part, check: &DomainCheck) -> Request {
    let (text, exact) = editable(part, check);
    Request::Open(Opened {
        bytes: Some(text),
        line_ends_known: exact,
        settings: Settings {
            declared: None,
            domain: check.domain.clone(),
            ascii_domain: Some(check.domain.clone()),
            ..Settings::default()
        },
        what: format!("what stands at {}", part.place),
        ..Opened::default()
    })
}

/// A part as a text for the editor, and whether its line ends are what senders see.
fn editable(part: &Part, check: &DomainCheck) -> (Vec<u8>, bool) {
    let facts = &check.assessment.facts;
    let fact = match part.kind {
        Kind::StsTxt => &facts.sts,
        Kind::RptTxt => &facts.tlsrpt,
        _ => {
            let lost = match &facts.fetch {
                Fact::Known(fetch) => match &fetch.outcome {
                    Fetched::Response(response) => response.line_ends_lost,
                    Fetched::Failed(_) => false,
                },
                Fact::Unknown(_) => false,
            };
            return (part.source.clone(), !lost);
        }
    };
    // Zone-file lines, as a person would publish them.
    let Some(Records::Seen(records)) = fact.known().and_then(|answer| answer.data()) else {
        return (part.source.clone(), true);
    };
    let ttl = fact.known().and_then(|answer| answer.ttl).map(|ttl| format!("{ttl} "));
    let ttl = ttl.unwrap_or_default();
    let quoted =
        |string: &String| format!("\"{}\"", string.replace('\\', "\\\\").replace('"', "\\\""));
    let line = |strings: &Vec<String>| {
        let strings: Vec<String> = strings.iter().map(quoted).collect();
        format!("{}. {ttl}IN TXT {}\n", part.place, strings.join(" "))
    };
    (records.iter().map(line).collect::<String>().into_bytes(), true)
}

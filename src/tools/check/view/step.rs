//! One step of a sender: its state, what was seen, what is wrong, and the look-ups behind it.

use super::super::state::DomainCheck;
use super::findings::findings;
use super::hosts;
use super::lookups::lookups;
use super::paste::fetch_help;
use crate::request::{Opened, Request};
use crate::state::View;
use crate::text::Settings;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, button, el};
use crate::ui::icon::state_icon;
use crate::ui::words::{prose, visible};
use std::rc::Rc;
use stslint::Kind;
use stslint::finding::Severity;
use stslint::live::facts::{Fact, Fetched, Records};
use stslint::live::{Part, State, Step, StepResult};
use stslint::render::live as words;
use stslint::render::words::State as Overall;
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
    el("li")
        .key(result.step.word())
        .class("step")
        .attr("data-tone", tone)
        .attr("data-step", result.step.word())
        .child(heading)
        .child(prose("p", &about(result.step, check)).class("hint"))
        .child(reason)
        .child(findings(result, check, view))
        .child(evidence.flag("hidden", result.evidence.is_empty()))
        .child(if result.step == Step::Match { hosts::table(check) } else { el("div") })
        .child(parts(result, check, view))
        .child(if result.step == Step::Fetch { fetch_help(check, view) } else { el("div") })
        .child(if result.step == Step::Connect { hosts::by_hand(check, view) } else { el("div") })
        .child(lookups(result.step, check, view))
}

fn upper(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
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

fn about(step: Step, check: &DomainCheck) -> String {
    let domain = &check.domain;
    match step {
        Step::Discover => format!("Is there a policy? The record at `_mta-sts.{domain}` says so."),
        Step::Fetch => {
            format!("The policy comes by HTTPS from `mta-sts.{domain}`, which proves that it is yours.")
        }
        Step::Match => "Mail goes only to hosts that the policy names.".into(),
        Step::Connect => {
            "The host has to offer STARTTLS with a certificate for its name. DANE does the same by DNSSEC."
                .into()
        }
        Step::Report => format!("Where failures are told: the record at `_smtp._tls.{domain}`."),
    }
}

fn state(
    result: &StepResult,
    check: &DomainCheck,
    looking: bool,
) -> (&'static str, Option<El>, String) {
    let own = result.found.iter().map(|i| &check.assessment.found[*i].finding);
    let parts = result.parts.iter().flat_map(|i| &check.assessment.parts[*i].findings);
    let worst = own.chain(parts).map(|finding| finding.rule.severity).min();
    let (tone, shape, word) = match (&result.state, worst) {
        (State::Problem, Some(Severity::Error)) => ("error", Overall::Broken, "Broken"),
        (State::Problem, _) => ("warning", Overall::Review, "To review"),
        _ if looking => return ("info", None, "Looking …".into()),
        (State::Ok, _) => ("good", Overall::Good, "Good"),
        (State::Absent, _) => ("info", Overall::NotLinted, "Not there"),
        (State::NotKnown(_), _) => ("info", Overall::NotLinted, "Not known from here"),
        (State::NotReached(_), _) => ("info", Overall::NotLinted, "Senders don’t come this far"),
    };
    let word = if looking { format!("{word}, still looking …") } else { word.into() };
    (tone, Some(state_icon(shape)), word)
}

/// The record or policy itself, and the way to the editor.
fn parts(result: &StepResult, check: &DomainCheck, view: View) -> El {
    let mut out = el("div").class("parts-seen");
    for i in &result.parts {
        let part = &check.assessment.parts[*i];
        let (text, exact) = editable(part, check);
        let bytes: Rc<[u8]> = text.into();
        let domain = check.domain.clone();
        let what = part.place.clone();
        let dispatcher = view.dispatcher.clone();
        let (opened, copied) = (Rc::clone(&bytes), Rc::clone(&bytes));
        let open = move |_| {
            let opened = Opened {
                bytes: Some(opened.to_vec()),
                line_ends_known: exact,
                settings: Settings {
                    declared: None,
                    domain: domain.clone(),
                    ascii_domain: Some(domain.clone()),
                },
                what: format!("what stands at {what}"),
                ..Opened::default()
            };
            dispatcher.emit(Request::Open(opened).into());
        };
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
                                .child(button("Open in the editor", Rc::new(open))),
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

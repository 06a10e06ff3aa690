//! One step of a sender: its state, what was seen, what is wrong, and the look-ups behind it.

use super::super::run::Run;
use super::super::state::{Change, One};
use super::{act, hosts, visible};
use crate::analysis::Settings;
use crate::components::app::View;
use crate::components::copy_button::copy_button;
use crate::components::element::{El, Handler, button, el};
use crate::components::explanation::pending;
use crate::components::finding_card::{clause, fact, to_rule};
use crate::components::icon::{severity_icon, state_icon};
use crate::components::prose::{count, prose};
use crate::effects::Dispatcher;
use crate::state::{Action, Opened};
use js_sys::Uint8Array;
use std::rc::Rc;
use stslint::Kind;
use stslint::finding::{Finding, Severity};
use stslint::live::check::{Ask, Reply};
use stslint::live::facts::{Fact, Records};
use stslint::live::{Chapter, Part, State, Step};
use stslint::render::words::State as Overall;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, Event, HtmlTextAreaElement};
use yew::{Callback, TargetCast};

/// Most bytes of what was pasted or dropped that are read.
const PASTE: f64 = 1024.0 * 1024.0;

/// Bytes of a record or policy that are shown; the editor has all.
const SHOWN: usize = 4096;

/// Findings of a record or policy that are listed; the editor has all.
const LISTED: usize = 20;

/// A step.
pub(super) fn step(chapter: &Chapter, one: &One, view: View) -> El {
    let looking = looking(chapter.step, one);
    let (tone, icon, word) = state(chapter, one, looking);
    let heading = el("div")
        .class("step-head")
        .child(el("h3").child(el("span").class("step-icon").maybe(icon)).text(title(chapter.step)))
        .child(el("span").class("step-state").words(word));
    let mut evidence = el("dl").class("facts");
    for (i, (label, value)) in chapter.evidence.iter().enumerate() {
        evidence = evidence.child(el("dt").key(&format!("dt{i}")).text(label)).child(
            el("dd").key(&format!("dd{i}")).child(el("code").words(visible(value.as_bytes()))),
        );
    }
    let reason = match &chapter.state {
        State::NotKnown(why) if !looking => el("p").class("hint").words(format!("{}.", upper(why))),
        State::NotReached(why) => el("p").class("hint").words(format!("{}.", upper(why))),
        _ => el("p").flag("hidden", true),
    };
    el("li")
        .key(chapter.step.word())
        .class("step")
        .attr("data-tone", tone)
        .attr("data-step", chapter.step.word())
        .child(heading)
        .child(prose("p", &about(chapter.step, one)).class("hint"))
        .child(reason)
        .child(findings(chapter, one, view))
        .child(evidence.flag("hidden", chapter.evidence.is_empty()))
        .child(if chapter.step == Step::Match { hosts::table(one) } else { el("div") })
        .child(parts(chapter, one, view))
        .child(if chapter.step == Step::Fetch { fetch_help(one, view) } else { el("div") })
        .child(if chapter.step == Step::Connect { hosts::by_hand(one, view) } else { el("div") })
        .child(lookups(chapter.step, one, view))
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

fn about(step: Step, one: &One) -> String {
    let domain = &one.domain;
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

/// Whether something is on its way for a step.
fn looking(step: Step, one: &One) -> bool {
    one.run
        .as_ref()
        .is_some_and(|run| run.open.iter().any(|(_, ask)| ask.step(&one.domain) == step))
}

fn state(chapter: &Chapter, one: &One, looking: bool) -> (&'static str, Option<El>, String) {
    let own = chapter.found.iter().map(|i| &one.story.found[*i].finding);
    let parts = chapter.parts.iter().flat_map(|i| &one.story.parts[*i].artefact.findings);
    let worst = own.chain(parts).map(|finding| finding.rule.severity).min();
    let (tone, shape, word) = match (&chapter.state, worst) {
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

/// The findings: those of records and policy before those of the check.
fn findings(chapter: &Chapter, one: &One, view: View) -> El {
    let mut list = el("ul").class("cards");
    let mut number = 0;
    for part in chapter.parts.iter().map(|i| &one.story.parts[*i]) {
        let mut findings: Vec<&Finding> = part.artefact.findings.iter().collect();
        findings.sort_by_key(|finding| finding.rule.severity);
        for finding in findings.into_iter().take(LISTED) {
            list = list.child(card(finding, &part.source, None, view).number(number));
            number += 1;
        }
    }
    let mut own: Vec<_> = chapter.found.iter().map(|i| &one.story.found[*i]).collect();
    own.sort_by_key(|found| found.finding.rule.severity);
    for found in own {
        let publish = found.publish.as_deref();
        list = list.child(card(&found.finding, &[], publish, view).number(number));
        number += 1;
    }
    list.flag("hidden", number == 0)
}

/// A finding: what, its effect, what to do, and what to publish.
fn card(finding: &Finding, source: &[u8], publish: Option<&str>, view: View) -> El {
    let rule = finding.rule;
    let note = rule.severity == Severity::Info;
    let where_ = el("span")
        .class("where")
        .child(severity_icon(rule.severity))
        .child(el("span").class("severity").text(rule.severity.title()));
    let head = el("div")
        .class("card-head")
        .child(
            el("div").child(where_).child(prose("span", &finding.message(source)).class("message")),
        )
        .child(
            el("a")
                .class("code")
                .set("href", to_rule(rule.code))
                .attr("title", "About this rule")
                .text(rule.code),
        );
    let explained = || {
        pending(view.state.explanations, view.dispatcher).unwrap_or_else(|| {
            let facts = fact(el("dl").class("facts"), "Effect", prose("dd", rule.words().effect));
            fact(facts, "Do", prose("dd", rule.words().help))
        })
    };
    let publish = publish.map(|line| {
        let text = line.to_owned();
        el("div")
            .class("publish")
            .child(el("span").class("hint").text("Publish"))
            .child(el("code").words(line.to_owned()))
            .child(copy_button("Copy", false, Callback::from(move |()| text.clone())))
    });
    let details = el("details")
        .child(el("summary").text(if note { "More" } else { "Why, and the clause" }))
        .child(if note { explained() } else { el("div") })
        .child(prose("p", rule.words().why))
        .child(el("p").class("clause").child(clause(rule)));
    el("li")
        .class("card")
        .attr("data-code", rule.code)
        .attr("data-tone", rule.severity.word())
        .child(head)
        .child(if note { el("div") } else { explained() })
        .child(publish.unwrap_or_else(|| el("div").flag("hidden", true)))
        .child(details)
}

/// The record or policy itself, and the way to the editor.
fn parts(chapter: &Chapter, one: &One, view: View) -> El {
    let mut out = el("div").class("parts-seen");
    for i in &chapter.parts {
        let part = &one.story.parts[*i];
        let (text, exact) = editable(part, one);
        let bytes: Rc<[u8]> = text.into();
        let domain = one.domain.clone();
        let what = part.place.clone();
        let dispatcher = view.dispatcher.clone();
        let (opened, copied) = (Rc::clone(&bytes), Rc::clone(&bytes));
        let open = move |_| {
            dispatcher.emit(Action::Open(Opened {
                bytes: Some(opened.to_vec()),
                line_ends_known: exact,
                file_name: None,
                settings: Settings {
                    kind: None,
                    domain: domain.clone(),
                    ascii_domain: Some(domain.clone()),
                },
                invisible: false,
                what: format!("what stands at {what}"),
            }));
        };
        let copy = move |()| String::from_utf8_lossy(&copied).into_owned();
        let shown = visible(&bytes[..bytes.len().min(SHOWN)]);
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
    out.flag("hidden", chapter.parts.is_empty())
}

/// A part as a text for the editor, and whether its line ends are what senders see.
fn editable(part: &Part, one: &One) -> (Vec<u8>, bool) {
    let facts = &one.story.facts;
    let fact = match part.artefact.kind {
        Kind::StsTxt => &facts.sts,
        Kind::RptTxt => &facts.tlsrpt,
        _ => {
            let lost = match &facts.fetch {
                Fact::Known(fetch) => match &fetch.outcome {
                    stslint::live::facts::Fetched::Response(response) => response.line_ends_lost,
                    stslint::live::facts::Fetched::Failed(_) => false,
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

/// How to see the policy where the browser could not: address, command, and a place to paste.
fn fetch_help(one: &One, view: View) -> El {
    let ask = Ask::Fetch { host: format!("mta-sts.{}", one.domain) };
    let hidden = one.story.facts.fetch.is_hidden() && !looking(Step::Fetch, one);
    let refused = one.refused.get(&ask).copied();
    if !hidden {
        return el("div").flag("hidden", true);
    }
    let address = ask.words();
    let link = el("a")
        .set("href", address.clone())
        .attr("target", "_blank")
        .attr("rel", "noreferrer noopener")
        .words(address);
    el("div")
        .class("help")
        .attr("data-testid", "fetch-help")
        .child(el("h4").text("See the policy yourself"))
        .child(
            el("p")
                .text("Open ")
                .child(link)
                .text(" and paste its text below. Better, run this and paste all that it prints: status and media type are checked, too."),
        )
        .child(command(&ask))
        .child(paste_field(
            &ask,
            "What the browser shows, or what curl prints. Or drop the file here.",
            refused,
            view,
        ))
}

/// A command to copy.
pub(super) fn command(ask: &Ask) -> El {
    let Some(line) = ask.command() else { return el("div").flag("hidden", true) };
    let text = line.clone();
    el("div").class("publish").child(el("code").words(line)).child(copy_button(
        "Copy",
        false,
        Callback::from(move |()| text.clone()),
    ))
}

/// A place to paste or drop what a person saw.
pub(super) fn paste_field(
    ask: &Ask,
    label: &'static str,
    refused: Option<&'static str>,
    view: View,
) -> El {
    let (dispatcher, question) = (view.dispatcher.clone(), ask.clone());
    let entered = move |event: Event| {
        let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
        let change = Change::Pasted(question.clone(), text.into_bytes().into(), true);
        dispatcher.emit(Action::Full(change.into()));
    };
    let id = format!("paste-{}", ask.words().replace(|c: char| !c.is_ascii_alphanumeric(), "-"));
    let field = el("textarea")
        .set("id", id.clone())
        .attr("rows", "3")
        .attr("spellcheck", "false")
        .attr("autocomplete", "off")
        .state("aria-invalid", refused.is_some())
        .set("aria-describedby", format!("{id}-problem"))
        .on("input", Rc::new(entered))
        .on("drop", dropped(view.dispatcher.clone(), ask.clone()));
    el("div")
        .class("paste")
        .child(el("label").set("for", id.clone()).text(label))
        .child(field)
        .child(
            el("p")
                .class("problem")
                .set("id", format!("{id}-problem"))
                .attr("role", "alert")
                .text(refused.unwrap_or_default()),
        )
}

/// A file that was dropped on the place: its exact bytes.
fn dropped(dispatcher: Dispatcher, ask: Ask) -> Handler {
    Rc::new(move |event: Event| {
        let drag: &DragEvent = event.unchecked_ref();
        let file =
            drag.data_transfer().and_then(|data| data.files()).and_then(|files| files.get(0));
        let Some(file) = file.filter(|file| file.size() <= PASTE) else { return };
        event.prevent_default();
        event.stop_propagation();
        let (dispatcher, ask) = (dispatcher.clone(), ask.clone());
        spawn_local(async move {
            if let Ok(buffer) = JsFuture::from(file.array_buffer()).await {
                let bytes = Uint8Array::new(&buffer).to_vec();
                let change = Change::Pasted(ask, bytes.into(), false);
                dispatcher.emit(Action::Full(change.into()));
            }
        });
    })
}

/// The look-ups of a step: what was asked, what came, from whom, and how to ask the same.
fn lookups(step: Step, one: &One, view: View) -> El {
    let Some(run) = &one.run else { return el("div").flag("hidden", true) };
    let asked = run.check.asked();
    let ours: Vec<_> = asked.iter().filter(|(_, ask, _)| ask.step(&one.domain) == step).collect();
    let failed =
        ours.iter().filter(|(_, _, reply)| matches!(reply, Some(Reply::NotObservable(_)))).count();
    let mut words = count(ours.len(), "look-up", "look-ups");
    if failed > 0 {
        words.push_str(&format!(", {failed} without an answer"));
    }
    let mut list = el("ul").class("lookups");
    for (_, ask, reply) in &ours {
        list = list.child(lookup(ask, *reply, run, view));
    }
    el("details")
        .class("evidence")
        .flag("hidden", ours.is_empty())
        .child(el("summary").words(words))
        .child(list)
}

fn lookup(ask: &Ask, reply: Option<&Reply>, run: &Run, view: View) -> El {
    let mut lines = el("div").class("lines");
    let said = reply.map_or_else(|| vec!["…".to_owned()], Reply::lines);
    for (i, line) in said.into_iter().take(60).enumerate() {
        lines = lines.child(el("code").number(i).words(line));
    }
    let mut meta = Vec::new();
    if let Some((ttl, authentic)) = reply.and_then(Reply::dns) {
        meta.extend(ttl.map(|ttl| format!("TTL {ttl} s")));
        meta.push(if authentic { "DNSSEC: authentic (AD)" } else { "not signed" }.into());
    }
    if let Some(came) = run.came.get(ask) {
        meta.push(format!("{} in {} ms", came.by, came.took));
    }
    let copy = match ask.command() {
        Some(line) => {
            let label = match ask {
                Ask::Dns { .. } => "Copy as dig",
                Ask::Fetch { .. } => "Copy as curl",
                Ask::Smtp { .. } => "Copy as openssl",
            };
            copy_button(label, false, Callback::from(move |()| line.clone()))
        }
        None => button("", Rc::new(|_| ())).flag("hidden", true),
    };
    let again = button("Retry", act(view, Change::Again(ask.clone())))
        .set("aria-label", format!("Retry {}", ask.words()))
        .flag("disabled", reply.is_none());
    el("li")
        .key(&ask.words())
        .flag("data-failed", matches!(reply, Some(Reply::NotObservable(_))))
        .child(
            el("div")
                .class("section-head")
                .child(el("strong").words(ask.words()))
                .child(el("div").class("buttons").child(copy).child(again)),
        )
        .child(lines)
        .child(el("p").class("hint").words(meta.join(" · ")))
}

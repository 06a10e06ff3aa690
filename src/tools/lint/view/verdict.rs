use crate::browser;
use crate::request::{Batch, Dialog, Request};
use crate::route::Route;
use crate::state::{Action, Chunk, State as PageState, View};
use crate::text::LIMIT_WORDS;
use crate::tools::lint::state::Action as Lint;
use crate::ui::diff::diff;
use crate::ui::element::{El, Handler, button, el, handler, link};
use crate::ui::finding::{chips, tone};
use crate::ui::icon::state_icon;
use crate::ui::verdict::{Stage, title, verdict_box, way};
use crate::ui::words::{count, prose, size};
use stslint::detect::{could_be_domain, is_domain_being_typed};
use stslint::finding::Severity;
use stslint::render::words::State;
use stslint::{Declared, Form, Kind};
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent};
use yew::Html;

/// The rule that tells of several reports in one text.
const SEVERAL_REPORTS: &str = "RPT-JSON-009";

/// What to know first, and what to do next.
pub(crate) fn verdict(view: View) -> Html {
    let state = view.state;
    if state.text.is_blank() {
        return el("div").class("no-verdict").into();
    }
    if let Some(item) = state.lint.deciding(&state.text) {
        return decide(item, view).into();
    }
    let (shape, heading, reason) = words(state);
    let words = el("div")
        .child(title(&heading))
        .child(prose("p", &reason))
        .child(each(state))
        .child(counts(view));
    let busy = state.text.is_stale() || state.is_waiting();
    let icon = Some(state_icon(shape)).filter(|_| !busy && shape != State::NotLinted);
    verdict_box(tone(shape), icon, next(words, view), busy).into()
}

/// The parts of the text, where there are several: which of them is right.
fn each(state: &PageState) -> El {
    let parts = &state.text.analysis.each;
    let mut list = el("ul").class("each").flag("hidden", parts.is_empty() || state.text.is_blank());
    for (number, (name, part)) in parts.iter().enumerate() {
        let words =
            el("span").child(el("strong").text(name)).text(": ").child(prose("span", &part.title));
        let item = el("li").number(number).attr("data-tone", tone(part.state));
        list = list.child(item.child(state_icon(part.state)).child(words));
    }
    list
}

/// What senders make of a policy: in a line once somebody wanted to know, before that the way there.
fn senders(view: View) -> El {
    let artefacts = &view.state.text.analysis.report.artefacts;
    let is_policy = artefacts.first().is_some_and(|first| first.kind == Kind::Policy);
    let line = view.state.chunks.senders.loaded().filter(|_| is_policy);
    let to = link(Route::Senders(String::new()).fragment(), "What do senders make of it?");
    el("div")
        .flag("hidden", !is_policy || view.state.text.too_big.is_some())
        .child(el("p").class("hint").flag("hidden", line.is_some()).child(to))
        .maybe(line.map(|senders| (senders.line)(view)))
}

/// The domain that the text could be, if that is what stands there.
fn domain(state: &PageState) -> Option<&str> {
    let text = str::from_utf8(&state.text.source.bytes).ok()?.trim();
    let free = state.text.settings.declared.is_none() && state.text.names_domains();
    (free && could_be_domain(text)).then_some(text)
}

/// Whether a domain seems to be on its way into the field.
fn is_being_typed(state: &PageState) -> bool {
    let text = str::from_utf8(&state.text.source.bytes).unwrap_or_default();
    let free = state.text.settings.declared.is_none() && state.text.names_domains();
    free && is_domain_being_typed(text)
}

fn words(state: &PageState) -> (State, String, String) {
    let not_linted = |title: &str, next: &str| (State::NotLinted, title.into(), next.into());
    if let Some(too_big) = state.text.too_big {
        let title = ["Too big to check: ", &size(too_big)].concat();
        let more = ". A policy has a few hundred bytes, and senders may stop reading at 64 KiB.";
        return not_linted(&title, &[LIMIT_WORDS, more].concat());
    }
    if let Some(domain) = domain(state) {
        let next = "Looks up its records and mail servers, and reads its policy, in the steps of a mail server \
                    that has a message for you.";
        return not_linted(&["Check `", domain, "`?"].concat(), next);
    }
    if let Some(code) = state.text.code() {
        let next = "What the rule demands, what it does to mail when a text breaks it, and how to repair that.";
        return not_linted(&["Read about `", &code, "`?"].concat(), next);
    }
    if is_being_typed(state) {
        let next = "Type the whole domain, such as `example.com`, or paste a policy, a record or a report.";
        return not_linted("A domain?", next);
    }
    if state.text.is_beyond() {
        return match state.is_waiting() {
            false => not_linted(
                "Not checked: the part of stslint that reads this could not be loaded.",
                "What is here already reads the text of policies and the values of records.",
            ),
            true => not_linted("Looking closer …", "Loading the part of stslint that reads this."),
        };
    }
    let artefacts = &state.text.analysis.report.artefacts;
    let of_domains = artefacts.iter().any(|artefact| artefact.kind == Kind::Domain);
    if of_domains && matches!(state.chunks.check, Chunk::Coming) {
        return not_linted("Looking closer …", "Loading the part of stslint that checks domains.");
    }
    let headline = &state.text.analysis.headline;
    (headline.state, headline.title.clone(), headline.next.clone())
}

/// Adds what to do next: one thing first.
fn next(words: El, view: View) -> El {
    let state = view.state;
    if let Some(code) = state.text.code() {
        let label = ["Read ", &code].concat();
        let read = view.act(Request::Visit(Route::Rule(code)));
        return words.child(by_enter(labelled(label, read)));
    }
    if state.text.too_big.is_some() || is_being_typed(state) {
        return words;
    }
    if let Some(domain) = domain(state) {
        let check = labelled(["Check ", domain].concat(), view.act(Action::Enter));
        let check = by_enter(check.attr("data-testid", "check"));
        let settings = state.chunks.check.loaded().map(|check| (check.settings)(view));
        return words.child(check).maybe(settings);
    }
    let artefacts = &state.text.analysis.report.artefacts;
    if state.text.is_beyond() || artefacts.is_empty() {
        return words;
    }
    let is_report = artefacts.iter().any(|artefact| artefact.kind == Kind::Report);
    let errors = state.text.analysis.count(Severity::Error);
    let linted = artefacts.iter().any(|artefact| artefact.verdict().is_some());
    let mut buttons = el("div").class("buttons");
    let stage = if !linted {
        // Where there is something to do, what it can be read as stands below the field.
        buttons = match state.text.analysis.mentioned.clone() {
            Some(domain) => buttons.child(check(domain, view)),
            None => read_as(buttons, view),
        };
        None
    } else if state.text.analysis.findings().any(|it| it.rule.code == SEVERAL_REPORTS) {
        let all = button("Read all of them", view.act(Action::Gather(Batch::Text)));
        buttons = buttons.child(all.class("primary").key("all"));
        Some(Stage::Watch)
    } else if let Some(repair) = repair(view).filter(|_| state.text.analysis.repairs_loud()) {
        buttons = buttons.child(repair.class("primary").key("repair"));
        Some(Stage::Fix)
    } else if errors > 0 {
        let first = view.act(Action::Lint(Lint::Select(0)));
        buttons = buttons.child(button("Show the first error", first).class("primary").key("show"));
        Some(Stage::Fix)
    } else if let Some(domain) = is_served(state).then(|| state.text.domain()).flatten() {
        buttons = buttons.child(check(domain, view));
        Some(if is_report { Stage::Watch } else { Stage::Check })
    } else if is_report {
        Some(Stage::Watch)
    } else if is_served(state) {
        let name = handler(|_| browser::unfold("reading"));
        let name = button("Say whose it is, to check the domain", name).class("primary");
        buttons = buttons.child(name.key("whose"));
        Some(Stage::Check)
    } else if let Some(item) = state.text.analysis.to_take_out() {
        let out = button("Take it out of this text", view.act(Action::Fix(item)));
        buttons = buttons.child(out.class("primary").key("out"));
        Some(Stage::Publish)
    } else {
        let publish = button("Publish it", view.act(Request::Show(Dialog::Publish)));
        buttons = buttons.child(publish.class("primary").key("publish"));
        // What could be better still.
        if let Some(repair) = repair(view) {
            buttons = buttons.child(repair.key("repair"));
        }
        Some(Stage::Publish)
    };
    words.child(buttons).child(senders(view)).maybe(stage.map(way))
}

/// A button whose label is made of what is in the text.
fn labelled(label: String, clicked: Handler) -> El {
    el("button").attr("type", "button").on("click", clicked).words(label)
}

/// What Enter in the field does as well.
fn by_enter(button: El) -> El {
    let key = el("span").class("hint keys").text("or press ").child(el("kbd").text("Enter"));
    el("div").class("buttons").child(button.class("primary")).child(key)
}

/// Checks a domain.
fn check(domain: String, view: View) -> El {
    let label = ["Check ", &domain].concat();
    let check = view.act(Request::CheckDomain(domain, None));
    labelled(label, check).class("primary").key("check")
}

/// Whether the text is what senders get already.
fn is_served(state: &PageState) -> bool {
    let form = state.text.analysis.report.form;
    matches!(form, Form::Dig | Form::DohJson | Form::HttpResponse)
        || state.text.analysis.told.is_some()
}

/// Repairs what can be.
fn repair(view: View) -> Option<El> {
    let analysis = &view.state.text.analysis;
    let label = match (analysis.safe_fixes, analysis.suggestions) {
        (0, 0) => return None,
        (safe, 0) => format!("Repair: {safe} safe"),
        // Nothing is broken that would have to be repaired.
        (0, open) if !analysis.repairs_loud() => count(open, "suggestion", "suggestions"),
        (0, open) => format!("Repair: {open} to decide"),
        (safe, open) => format!("Repair: {safe} safe, {open} to decide"),
    };
    let repair = labelled(label, view.act(Action::Repair));
    Some(repair.flag("disabled", view.state.text.is_stale()))
}

/// What a text can be read as that nothing is seen in.
fn read_as(mut buttons: El, view: View) -> El {
    let analysis = &view.state.text.analysis;
    let unknown = analysis.report.artefacts.iter().all(|a| a.kind == Kind::Unknown);
    if unknown && !analysis.is_no_text && view.state.text.settings.declared.is_none() {
        buttons = buttons.child(el("span").class("hint").key("say").text("Say what it is:"));
        for kind in [Kind::Policy, Kind::StsTxt, Kind::RptTxt, Kind::Report] {
            let declared = Declared::from(kind);
            let choose = view.act(Action::ReadAs(Some(declared)));
            buttons = buttons.child(button(kind.title(), choose).key(declared.word()));
        }
    }
    buttons
}

/// The numbers of findings, each leading to the first of its kind.
fn counts(view: View) -> El {
    let state = view.state;
    if state.text.too_big.is_some() || state.text.names_domains() {
        return el("ul").class("chips").flag("hidden", true);
    }
    let analysis = &state.text.analysis;
    let first = |severity: Severity| {
        let item = analysis.findings().position(|finding| finding.rule.severity == severity)?;
        Some(view.act(Action::Lint(Lint::Select(item))))
    };
    chips(|severity| analysis.count(severity), first)
}

/// One suggestion, to take or to leave.
fn decide(item: usize, view: View) -> El {
    let (state, analysis) = (view.state, &view.state.text.analysis);
    let Some(finding) = analysis.finding(item) else { return el("div") };
    let line = analysis.position(finding.span.start).line;
    let heading = ["Decide: ", &count(analysis.suggestions, "suggestion", "suggestions")].concat();
    let message = finding.message(&state.text.linted.bytes);
    let end = if message.ends_with('?') { "" } else { "." };
    let mut words =
        el("div").child(title(&heading)).child(prose("p", &format!("Line {line}: {message}{end}")));
    if let Some(fix) = &finding.fix {
        words = words
            .child(prose("p", &fix.title).class("hint"))
            .child(el("div").class("fix").child(diff(&state.text.source.bytes, &fix.edits)));
    }
    let key = |key| el("kbd").attr("aria-hidden", "true").text(key);
    let accept = button("Accept ", view.act(Action::Fix(item)))
        .class("primary")
        .attr("id", "accept")
        .child(key("Enter"));
    let skip = button("Skip ", view.act(Action::Lint(Lint::Skip))).child(key("S"));
    let stop = button("Stop ", view.act(Action::Lint(Lint::Stop))).class("quiet").child(key("Esc"));
    let words = words
        .child(el("div").class("buttons").child(accept).child(skip).child(stop))
        .child(way(Stage::Fix));
    verdict_box("review", None, words, false).on("keydown", keys(view))
}

/// The keys that decide. Enter is the button's own.
fn keys(view: View) -> Handler {
    let dispatcher = view.dispatcher.clone();
    handler(move |event: Event| {
        let key: &KeyboardEvent = event.unchecked_ref();
        let action = match key.key().as_str() {
            "s" | "S" if !key.ctrl_key() && !key.meta_key() => Lint::Skip,
            "Escape" => Lint::Stop,
            _ => return,
        };
        event.prevent_default();
        dispatcher.emit(Action::Lint(action));
    })
}

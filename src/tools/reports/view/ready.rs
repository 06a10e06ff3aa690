//! Whether the domain can be enforced: the answer, what it rests on in numbers, and what to publish then.

use super::answer::check;
use super::board::BoardProps;
use crate::request::{Opened, Request};
use crate::route::Route;
use crate::tools::reports::state::Action;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, button, el, link};
use crate::ui::icon::state_icon;
use crate::ui::words::{count, prose};
use std::rc::Rc;
use stslint::render::aggregate::promoted;
use stslint::render::readiness::{basis, kept, reason, status, unknown};
use stslint::render::words::State;
use stslint::report::aggregate::{Day, DomainTotals, Filter, Kind, PolicySeen, Seen};
use stslint::report::readiness::{Known, Readiness, Status};
use stslint::text::visible;
use stslint::{build, host, policy};
use web_sys::{Event, HtmlInputElement};
use yew::{Callback, TargetCast};

/// Lines of the basis that are shown at once.
const BASIS: usize = 8;

/// What is known of the way to enforce, for the domain that is shown.
pub(super) fn readiness<'a>(seen: &Seen<'a, '_>, props: &BoardProps) -> Readiness<'a> {
    let mode = props.live.as_ref().and_then(|(text, _)| policy::values(text).mode);
    let known = Known { mode, testing_since: props.testing_since, today: props.today };
    seen.readiness(props.domain.as_deref().unwrap_or_default(), &known)
}

/// The newest copy of the policy that a sender saw, of those the one that most reports have; and whether all of that day
/// say the same.
pub(super) fn newest<'t, 'a>(domain: &'t DomainTotals<'a>) -> Option<(&'t PolicySeen<'a>, bool)> {
    let copies = || domain.policies.iter().filter(|policy| policy.kind == Kind::Sts);
    let newest = copies().max_by_key(|seen| (seen.last, seen.reports))?;
    let alone = copies().all(|seen| seen.last != newest.last || seen.lines == newest.lines);
    Some((newest, alone))
}

/// Whether what else is shown of the domain is less than all.
fn is_narrowed(props: &BoardProps) -> bool {
    let domain = props.filter.domain.clone();
    props.filter != Filter { domain, ..Filter::default() }
}

/// The answer with its basis.
pub(super) fn section(domain: &DomainTotals, ready: &Readiness, props: &BoardProps) -> El {
    let (tone, state) = match ready.status {
        Status::Ready => ("good", State::Good),
        Status::NotReady => ("review", State::Review),
        Status::NotEnoughKnown | Status::NotApplicable => ("unlinted", State::NotLinted),
    };
    let mut why = el("ul").class("plain");
    for (number, one) in ready.reasons.iter().enumerate() {
        why = why.child(prose("li", &reason(*one, ready)).number(number));
    }
    let heading = el("p")
        .class("ready-status")
        .attr("data-tone", tone)
        .child(state_icon(state))
        .child(el("strong").words(status(ready.status).to_owned()));
    let section = el("section")
        .class("ready panel")
        .attr("data-testid", "ready")
        .child(el("h3").text("Ready for enforce?"))
        .child(
            el("p")
                .class("hint")
                .flag("hidden", !is_narrowed(props))
                .text("From all reports, whatever is filtered."),
        )
        .child(heading)
        .child(why);
    if ready.status == Status::NotApplicable {
        return section.maybe(kept(ready).map(|line| prose("p", &line)));
    }
    let lines = basis(ready);
    let more = lines.len().saturating_sub(BASIS);
    let list = |lines: &[String]| {
        let mut list = el("ul").class("bullets");
        for (number, line) in lines.iter().enumerate() {
            list = list.child(prose("li", line).number(number));
        }
        list
    };
    section
        .child(el("h4").text("What that rests on"))
        .child(list(&lines[..lines.len() - more]))
        .child(
            el("p")
                .class("hint")
                .flag("hidden", more == 0)
                .words(format!("And {}.", count(more, "more line", "more lines"))),
        )
        .child(el("h4").text("What is not known"))
        .child(list(&unknown(ready)))
        .child(since(props))
        .child(next(ready, domain, props))
        .maybe(plan(domain))
}

/// The way to the whole plan, with days.
fn plan(domain: &DomainTotals) -> Option<El> {
    let name = domain.domain.filter(|name| host::is_host_name(name))?;
    let to = Route::plan_of(name).fragment();
    Some(el("p").child(link(to, "The whole way to enforce, with days: the plan")))
}

/// The day since which the domain is in testing: reports tell a latest one only.
fn since(props: &BoardProps) -> El {
    let dispatcher = props.dispatcher.clone();
    let chosen = move |event: Event| {
        let day = Day::read(&event.target_unchecked_into::<HtmlInputElement>().value());
        dispatcher.emit(Action::TestingSince(day).into());
    };
    let input = el("input")
        .attr("type", "date")
        .value(props.testing_since.map(|day| day.to_string()).unwrap_or_default())
        .set("max", props.today.to_string())
        .on("change", Rc::new(chosen));
    el("div")
        .class("options")
        .child(el("label").child(el("span").text("In testing since, if you know")).child(input))
}

/// What comes before anything can be published.
fn first(details: El, domain: &DomainTotals, words: &'static str, props: &BoardProps) -> El {
    details
        .attr("open", "")
        .child(el("summary").text("The next step"))
        .child(el("p").text(words))
        .maybe(check(domain.domain, "Check", "", props))
}

/// What to publish, in order; for a domain that is not ready, what comes before that.
fn next(ready: &Readiness, domain: &DomainTotals, props: &BoardProps) -> El {
    let name = domain.domain.unwrap_or_default();
    let details = el("details").attr("id", "reports-next").class("next");
    if ready.status == Status::NotReady {
        let words = "Repair what stands in the way, keep the policy in mode testing, and give the reports of the next 14 days.";
        return details
            .attr("open", "")
            .child(el("summary").text("The next step"))
            .child(el("p").text(words));
    }
    // The live policy is what is to be changed; a copy is the nearest to it that reports know.
    let (text, whose) = match (&props.live, newest(domain)) {
        (Some((text, when)), _) => {
            (text.replace("\r\n", "\n"), format!("the policy that the check of {when} saw"))
        }
        (None, Some((seen, true))) => {
            let sender = seen.sender.map_or_else(|| "a sender".into(), visible);
            let day = seen.last.map(|day| format!(" on {day}")).unwrap_or_default();
            (seen.lines.to_owned(), format!("the policy as {sender} saw it{day}"))
        }
        (None, Some((_, false))) => {
            return first(
                details,
                domain,
                "Senders saw different policies on the newest day. Check the domain, to see which one is served.",
                props,
            );
        }
        (None, None) => {
            return first(
                details,
                domain,
                "No report shows the policy. Check the domain, to see what to change in it.",
                props,
            );
        }
    };
    let Some(text) = promoted(&text) else {
        let words = "The policy has faults of its own. Check the domain and repair them first.";
        return first(details, domain, words, props);
    };
    let record = build::sts_record(name, &props.fresh_id);
    let opened = Opened {
        bytes: Some(text.clone().into_bytes()),
        line_ends_known: true,
        what: format!("the policy of {} in mode enforce", visible(name)),
        ..Opened::default()
    };
    let copied = |text: String| {
        let copy = text.clone();
        el("div")
            .class("publish")
            .child(el("pre").attr("tabindex", "0").words(text))
            .child(copy_button("Copy", false, Callback::from(move |()| copy.clone())))
    };
    let (summary, note) = match ready.status {
        Status::Ready => ("The next step: what to publish", ""),
        _ => ("What to publish once it is ready", "Not yet: see above. This is what it will be."),
    };
    let details = if ready.status == Status::Ready { details.attr("open", "") } else { details };
    details
        .child(el("summary").text(summary))
        .child(el("p").class("hint").flag("hidden", note.is_empty()).text(note))
        .child(prose(
            "p",
            &format!(
                "1. Serve this at `{}`: {}, in mode enforce.",
                visible(&build::policy_address(name)),
                whose.replace('`', "'")
            ),
        ))
        .child(copied(text))
        .child(button("Open it in the editor", props.act(Request::Open(opened))))
        .child(el("p").text("2. Then change the id in DNS, so that senders fetch it:"))
        .child(copied(record))
}

//! Whether the domain can be enforced: the answer, what it rests on in numbers, and what to publish then.

use super::board::BoardProps;
use crate::request::{Opened, Request};
use crate::tools::reports::state::Action;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, button, el};
use crate::ui::icon::state_icon;
use crate::ui::words::prose;
use std::rc::Rc;
use stslint::render::aggregate::promoted;
use stslint::render::readiness::{basis, reason, status, unknown};
use stslint::render::words::State;
use stslint::report::aggregate::{Day, DomainTotals, Kind, PolicySeen};
use stslint::report::readiness::{Known, Readiness, Status};
use stslint::{build, policy};
use web_sys::{Event, HtmlInputElement};
use yew::{Callback, TargetCast};

/// Lines of the basis that are shown at once.
const BASIS: usize = 8;

/// What is known of the way to enforce.
pub(super) fn readiness<'a>(domain: &DomainTotals, props: &'a BoardProps) -> Readiness<'a> {
    let mode = props.live.as_ref().and_then(|(text, _)| policy::values(text).mode);
    let known = Known { mode, testing_since: props.testing_since, today: props.today };
    props.read.0.aggregate.readiness(domain.domain.unwrap_or_default(), &known)
}

/// The newest copy of the policy that a sender saw.
pub(super) fn newest<'t, 'a>(domain: &'t DomainTotals<'a>) -> Option<&'t PolicySeen<'a>> {
    domain.policies.iter().filter(|policy| policy.kind == Kind::Sts).max_by_key(|seen| seen.last)
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
        why = why.child(el("li").number(number).words(reason(*one, ready)));
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
        .child(heading)
        .child(why);
    if ready.status == Status::NotApplicable {
        return section;
    }
    let lines = basis(ready);
    let more = lines.len().saturating_sub(BASIS);
    let list = |lines: &[String]| {
        let mut list = el("ul").class("bullets");
        for (number, line) in lines.iter().enumerate() {
            list = list.child(el("li").number(number).words(line.clone()));
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
                .words(format!("And {more} more failures.")),
        )
        .child(el("h4").text("What is not known"))
        .child(list(&unknown(ready)))
        .child(since(props))
        .child(next(ready, domain, props))
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
    let text = match &props.live {
        Some((text, _)) => Some(text.replace("\r\n", "\n")),
        None => newest(domain).map(|seen| seen.lines.to_owned()),
    };
    let Some(text) = text.and_then(|text| promoted(&text)) else {
        return details
            .attr("open", "")
            .child(el("summary").text("The next step"))
            .child(el("p").text("No report shows the policy. Check the domain, so that it is known what to change in it."));
    };
    let record = build::sts_record(name, &props.fresh_id);
    let opened = Opened {
        bytes: Some(text.clone().into_bytes()),
        line_ends_known: true,
        what: format!("the policy of {name} in mode enforce"),
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
                "1. Serve this at `{}`: the policy as it is, in mode enforce.",
                build::policy_address(name)
            ),
        ))
        .child(copied(text))
        .child(button("Open it in the editor", props.act(Request::Open(opened))))
        .child(el("p").text("2. Then change the id in DNS, so that senders fetch it:"))
        .child(copied(record))
}

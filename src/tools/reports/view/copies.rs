//! The policy that senders saw, beside the live one, a pasted one, or the newest copy.

use super::answer::check;
use super::board::BoardProps;
use super::causes::{and, head};
use super::ready::newest;
use crate::request::{Opened, Request};
use crate::tools::reports::state::Action;
use crate::ui::element::{El, button, el};
use crate::ui::words::prose;
use std::rc::Rc;
use stslint::render::aggregate::{compared, difference, seen_by, short};
use stslint::report::aggregate::{DomainTotals, Seen, Sighting};
use stslint::text::visible;
use web_sys::{Event, HtmlTextAreaElement};
use yew::TargetCast;

/// Copies and lines that are shown.
const COPIES: usize = 40;
const LINES: usize = 12;

/// What senders saw, against another policy.
pub(super) fn section(domain: &DomainTotals, seen: &Seen, props: &BoardProps) -> El {
    let name = domain.domain.unwrap_or_default();
    let section = el("section")
        .class("copies")
        .attr("data-testid", "copies")
        .child(el("h3").text("The policy that senders saw"));
    let (text, what) =
        match (&props.pasted, &props.live, newest(domain)) {
            (Some(pasted), ..) => (pasted.to_string(), "the pasted policy".to_owned()),
            (None, Some((text, when)), _) => {
                (text.clone(), format!("the policy as the check of {when} saw it"))
            }
            (None, None, Some((seen, _))) => (seen.lines.to_owned(), "the newest copy".to_owned()),
            (None, None, None) => {
                return section
                    .child(el("p").text(
                        "No report shows a policy of this domain: some reporters leave it out.",
                    ))
                    .child(way(name, props));
            }
        };
    // By the name that the look has.
    let comparison = seen.compare(props.domain.as_deref().unwrap_or(name), &text);
    let mut notes = el("ul").class("bullets");
    for (number, one) in comparison.short.iter().enumerate().take(LINES) {
        notes = notes.child(prose("li", &short(one)).number(number));
    }
    let mut body = el("tbody");
    for (number, copy) in comparison.copies.iter().enumerate().take(COPIES) {
        body = body.child(row(copy, name, props).number(number));
    }
    let more = comparison.copies.len().saturating_sub(COPIES);
    section
        .child(prose("p", &format!("Compared with {what}. {}", compared(&comparison))))
        .child(notes.flag("hidden", comparison.short.is_empty()))
        .child(
            el("table")
                .class("data")
                .flag("hidden", comparison.copies.is_empty())
                .child(el("caption").class("visually-hidden").text("Copies of the policy"))
                .child(head(&[
                    "Seen by",
                    "Compared",
                    "Not in the copy",
                    "Only in the copy",
                    "Editor",
                ]))
                .child(body),
        )
        .child(and(more, "more copy", "more copies"))
        .child(way(name, props))
}

fn row(copy: &Sighting, domain: &str, props: &BoardProps) -> El {
    let lines = |label: &'static str, lines: Vec<String>| {
        let mut list = el("ul").class("plain");
        for (number, line) in lines.iter().enumerate().take(LINES) {
            list = list.child(el("li").number(number).child(el("code").words(visible(line))));
        }
        let none = lines.is_empty();
        let cell = el("td").attr("data-label", label);
        if none { cell.text("–") } else { cell.child(list) }
    };
    let opened = Opened {
        bytes: Some(copy.text().into_bytes()),
        // As a report has lines and not their ends.
        line_ends_known: false,
        what: format!(
            "the policy of {} as {} saw it",
            visible(domain),
            visible(copy.sender.unwrap_or("a sender"))
        ),
        ..Opened::default()
    };
    let open = button("Open", props.act(Request::Open(opened))).set(
        "aria-label",
        format!("Open the copy of {} in the editor", visible(copy.sender.unwrap_or("a sender"))),
    );
    let verdict = el("td").attr("data-label", "Compared").text(difference(copy));
    let verdict = if copy.same { verdict } else { verdict.attr("data-tone", "warning") };
    el("tr")
        .child(el("th").attr("scope", "row").words(seen_by(copy)))
        .child(verdict)
        .child(lines("Not in the copy", copy.missing.clone()))
        .child(lines(
            "Only in the copy",
            copy.other.iter().map(|line| (*line).to_owned()).collect(),
        ))
        .child(el("td").attr("data-label", "Editor").child(open))
}

/// The ways to another policy to compare with.
fn way(domain: &str, props: &BoardProps) -> El {
    let (dispatcher, first) = (props.dispatcher.clone(), props.pasted.clone().unwrap_or_default());
    let pasted = move |event: Event| {
        let text = event.target_unchecked_into::<HtmlTextAreaElement>().value();
        let text = (!text.trim().is_empty()).then(|| Rc::from(text));
        dispatcher.emit(Action::Pasted(text).into());
    };
    let field = el("textarea")
        .attr("rows", "5")
        .attr("spellcheck", "false")
        .attr("id", "reports-policy")
        .value(first.to_string())
        .on("change", Rc::new(pasted));
    let paste =
        el("details").child(el("summary").text("Compare with a policy that you paste")).child(
            el("div")
                .class("paste")
                .child(el("label").attr("for", "reports-policy").text("Policy"))
                .child(field),
        );
    let after = ", then come back to compare with the live policy";
    let check = check(Some(domain).filter(|_| props.live.is_none()), "Check", after, props);
    el("div").class("ways").maybe(check).child(paste)
}

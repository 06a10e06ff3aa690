use super::finding_card::CardProps;
use crate::state::{Action, act};
use crate::ui::diff::diff;
use crate::ui::element::{El, el};
use crate::ui::words::add_prose;
use stslint::finding::{Applicability, Fix};

/// A repair: what it does, what it changes, and the button for it.
pub(crate) fn fix_preview(props: &CardProps, fix: &Fix) -> El {
    let (mark, lead, label) = match fix.applicability {
        Applicability::Safe => ("safe", "Fix: ", "Apply fix"),
        _ => ("confirm", "Suggestion, check before applying: ", "Apply suggestion"),
    };
    let apply = el("button")
        .attr("type", "button")
        .flag("disabled", props.stale)
        .set("aria-label", [label, ": ", &fix.title.replace('`', "")].concat())
        .on("click", act(&props.dispatcher, Action::Fix(props.item)))
        .text(label);
    let title = add_prose(el("p").child(el("strong").text(lead)), &fix.title);
    el("div")
        .class("fix")
        .attr("data-fix", mark)
        .child(el("div").class("fix-head").child(title).child(apply))
        .child(if props.preview { diff(&props.source.bytes, &fix.edits) } else { el("div") })
}

use super::finding_card::CardProps;
use crate::state::{Action, act};
use crate::ui::element::{El, el};
use crate::ui::words::add_prose;
use stslint::finding::{Applicability, Fix};
use stslint::render::changes::{Change, changes, with_visible_blanks};

/// Changed places that are previewed.
const SHOWN: usize = 3;

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
        .child(diff(props, fix))
}

fn diff(props: &CardProps, fix: &Fix) -> El {
    let mut diff = el("div").class("diff");
    if !props.preview {
        return diff;
    }
    let (changed, count) = changes(&props.source.bytes, &fix.edits, SHOWN);
    for change in &changed {
        diff = diff.child(change_view(change));
    }
    if count > SHOWN {
        let more = format!("… and {} more places", count - SHOWN);
        diff = diff.child(el("p").class("hint").key("more").words(more));
    }
    diff
}

fn change_view(change: &Change) -> El {
    let mut view = el("div").class("change").number(change.line);
    for line in &change.old {
        view = view.child(changed_line("del", "−", "removed:", line));
    }
    for line in &change.new {
        view = view.child(changed_line("ins", "+", "added:", line));
    }
    view
}

fn changed_line(tag: &'static str, sign: &'static str, said: &'static str, line: &str) -> El {
    let sign = el("span").class("sign").attr("aria-label", said).attr("role", "img").text(sign);
    el(tag).child(sign).words(with_visible_blanks(line))
}

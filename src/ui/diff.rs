//! What edits change in a text.

use super::element::{El, el};
use stslint::finding::Edit;
use stslint::render::changes::{Change, changes, with_visible_blanks};

/// Changed places that are shown.
const SHOWN: usize = 3;

/// What edits change, line by line.
pub(crate) fn diff(source: &[u8], edits: &[Edit]) -> El {
    let mut diff = el("div").class("diff");
    let (changed, count) = changes(source, edits, SHOWN);
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

//! What was read, what could not be, and what was set aside.

use super::board::BoardProps;
use super::causes::head;
use crate::browser;
use crate::route::Route;
use crate::state::Action as PageAction;
use crate::tools::reports::state::Action;
use crate::ui::element::{El, Handler, button, el, handler};
use crate::ui::words::{count, size};
use stslint::render::aggregate::notes;
use stslint::report::aggregate::Totals;
use stslint::text::visible;

/// Everything about what was given.
pub(super) fn view(all: &Totals, props: &BoardProps) -> El {
    let read = &props.read.0;
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let mut lines = Vec::new();
    if read.files > 0 {
        let files = count(number(read.files), "file", "files");
        lines.push(format!(
            "{files} read, {}: {}.",
            size(number(read.bytes)),
            count(read.aggregate.len(), "different report", "different reports")
        ));
    }
    if props.shared {
        lines.push(
            "Some of it came by a link, which holds the totals of reports and not the reports."
                .into(),
        );
    }
    match read.dmarc {
        0 => {}
        1 => lines.push("1 DMARC report was set aside: it tells of senders that use your name, and stslint reads reports about TLS.".into()),
        many => lines.push(format!("{many} DMARC reports were set aside: they tell of senders that use your name, and stslint reads reports about TLS.")),
    }
    if read.other > 0 {
        lines.push(format!(
            "{} no report.",
            count(number(read.other), "file or mail has", "files or mails have")
        ));
    }
    if props.too_much {
        lines.push(
            "That is too much for this tab to keep: give the files again after a reload.".into(),
        );
    }
    lines.extend(notes(all, None));
    let mut list = el("ul").class("bullets").attr("data-testid", "read");
    for (number, line) in lines.iter().enumerate() {
        list = list.child(el("li").number(number).words(line.clone()));
    }
    el("section")
        .class("read")
        .attr("aria-label", "What was read")
        .child(el("h3").text("What was read"))
        .child(list)
        .child(refused(props))
        .child(files(props))
        .child(
            el("div")
                .class("buttons")
                .child(button("Forget all reports", forget(props)).class("quiet")),
        )
}

/// Forgets all, and what the address says of it.
fn forget(props: &BoardProps) -> Handler {
    let forget = props.act(Action::Forget);
    handler(move |event| {
        if matches!(Route::parse(&browser::fragment()), Route::Reports(_)) {
            browser::replace_fragment(&Route::Reports(String::new()).fragment());
        }
        forget(event);
        browser::focus_title();
    })
}

/// What can't be read, and why.
fn refused(props: &BoardProps) -> El {
    let read = &props.read.0;
    let all = read.refused.len() as u64 + read.refused_more;
    let mut body = el("tbody");
    for (number, (place, why)) in read.refused.iter().enumerate() {
        body = body.child(
            el("tr")
                .number(number)
                .child(el("th").attr("scope", "row").words(visible(place)))
                .child(el("td").attr("data-label", "Why").words(visible(why))),
        );
    }
    let words = count(usize::try_from(all).unwrap_or(usize::MAX), "thing", "things");
    el("details")
        .flag("hidden", all == 0)
        .flag("open", all > 0 && all <= 10)
        .attr("data-testid", "refused")
        .child(el("summary").words(format!("{words} could not be read; everything else was")))
        .child(
            el("table")
                .class("data")
                .child(el("caption").class("visually-hidden").text("What could not be read"))
                .child(head(&["Where", "Why"]))
                .child(body),
        )
        .child(
            el("p")
                .class("hint")
                .flag("hidden", read.refused_more == 0)
                .words(format!("And {} more.", read.refused_more)),
        )
}

/// The files, to be opened one by one.
fn files(props: &BoardProps) -> El {
    let mut list = el("ul").class("file-list");
    for (number, file) in props.files.iter().enumerate() {
        let name = visible(&file.name());
        let open = button("Open in the editor", props.act(PageAction::File(file.clone())))
            .set("aria-label", format!("Open in the editor: {name}"));
        list = list.child(el("li").number(number).child(el("span").words(name)).child(open));
    }
    let more = props.read.0.files.saturating_sub(props.files.len() as u64);
    // Where nothing is a report, each of them is something else to lint.
    let alone = props.read.0.aggregate.is_empty() && props.files.len() <= 50;
    let words = count(props.files.len(), "file", "files");
    el("details")
        .flag("hidden", props.files.is_empty())
        .flag("open", alone)
        .attr("data-testid", "files")
        .child(el("summary").words(format!("{words}, to be linted one at a time")))
        .child(list)
        .child(el("p").class("hint").flag("hidden", more == 0).words(format!("And {more} more.")))
}

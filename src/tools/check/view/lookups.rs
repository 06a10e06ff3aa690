//! The look-ups behind a step: what was asked, what came, and how to ask the same.

use super::super::state::run::Run;
use super::super::state::{Action, DomainCheck};
use crate::state::View;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, button, el};
use crate::ui::words::count;
use stslint::live::Step;
use stslint::live::check::{Ask, Reply};
use stslint::render::live as words;
use yew::Callback;

/// The look-ups of a step: what was asked, what came, from whom, and how to ask the same.
pub(super) fn lookups(step: Step, check: &DomainCheck, view: View) -> El {
    let Some(run) = &check.run else { return el("div").flag("hidden", true) };
    let asked = run.check.asked();
    let ours: Vec<_> = asked.iter().filter(|(_, ask, _)| ask.step(&check.domain) == step).collect();
    let failed =
        ours.iter().filter(|(_, _, reply)| matches!(reply, Some(Reply::NotObservable(_)))).count();
    let mut title = count(ours.len(), "look-up", "look-ups");
    if failed > 0 {
        title.push_str(&format!(", {failed} without an answer"));
    }
    let mut list = el("ul").class("lookups");
    for (_, ask, reply) in &ours {
        list = list.child(lookup(ask, *reply, run, view));
    }
    el("details")
        .class("evidence")
        .flag("hidden", ours.is_empty())
        .child(el("summary").words(title))
        .child(list)
}

fn lookup(ask: &Ask, reply: Option<&Reply>, run: &Run, view: View) -> El {
    let mut lines = el("div").class("lines");
    let said = reply.map_or_else(|| vec!["…".to_owned()], words::reply);
    for (i, line) in said.into_iter().take(60).enumerate() {
        lines = lines.child(el("code").number(i).words(line));
    }
    let mut meta = Vec::new();
    if let Some((ttl, authentic)) = reply.and_then(Reply::dns) {
        meta.extend(ttl.map(|ttl| format!("TTL {ttl} s")));
        meta.push(if authentic { "DNSSEC: authentic (AD)" } else { "not signed" }.into());
    }
    if let Some(arrival) = run.arrivals.get(ask) {
        meta.push(format!("{} in {} ms", arrival.by, arrival.took));
    }
    let copy = match words::command(ask) {
        Some(line) => {
            let label = match ask {
                Ask::Dns { .. } => "Copy as dig",
                Ask::Fetch { .. } => "Copy as curl",
                Ask::Smtp { .. } => "Copy as openssl",
            };
            copy_button(label, false, Callback::from(move |()| line.clone()))
        }
        None => el("span"),
    };
    let again = button("Retry", view.act(Action::Again(ask.clone())))
        .set("aria-label", format!("Retry {}", words::ask(ask)))
        .flag("disabled", reply.is_none());
    el("li")
        .key(&words::ask(ask))
        .flag("data-failed", matches!(reply, Some(Reply::NotObservable(_))))
        .child(
            el("div")
                .class("section-head")
                .child(el("strong").words(words::ask(ask)))
                .child(el("div").class("buttons").child(copy).child(again)),
        )
        .child(lines)
        .child(el("p").class("hint").words(meta.join(" · ")))
}

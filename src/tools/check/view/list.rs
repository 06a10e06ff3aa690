//! A list of domains: the box on top, and the table.

use super::super::state::Action;
use super::super::state::list::{
    self, Column, DomainList, Filter, RowState, STATES, Summary, state_word, word,
};
use super::head::held;
use super::tools;
use crate::browser;
use crate::state::View;
use crate::ui::element::{El, Handler, button, el, handler, text_field};
use crate::ui::finding::tone;
use crate::ui::icon::state_icon;
use crate::ui::verdict::{title, verdict_box};
use crate::ui::words::count;
use std::rc::Rc;
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};
use yew::TargetCast;

/// The box on top, before the list is checked.
pub(super) fn ready(domains: &Rc<Vec<String>>, view: View) -> El {
    let words = el("div")
        .child(title(&format!("A list of {} domains", domains.len())))
        .child(
            el("p")
                .text("Each is checked like a single one, a few at a time. ")
                .text("Their names go to the resolver below."),
        )
        .child(
            el("div").class("buttons").child(
                button("Check them all", start(domains, view))
                    .class("primary")
                    .attr("data-testid", "check"),
            ),
        )
        .child(tools::settings(view));
    verdict_box("unlinted", None, words, false)
}

/// The box on top: how far the list is, and what can be done with it.
pub(super) fn progress(list: &DomainList, view: View) -> El {
    let over = list.is_over();
    let all = list.rows.len();
    let heading = match (over, list.cancelled, list.paused) {
        (true, true, _) => format!("Cancelled: {} of {all} domains are checked", list.done),
        (true, false, _) => format!("{all} domains are checked"),
        (false, _, true) => format!("Paused: {} of {all} domains are checked", list.done),
        (false, _, false) => format!("Checking {all} domains: {} done", list.done),
    };
    let left = list.left(browser::now()).map(duration);
    let left = held(view).filter(|_| !over).or(left).unwrap_or_default();
    let now = browser::now();
    let change = |change| view.act(Action::List(change));
    let pause = if list.paused { "Go on" } else { "Pause" };
    let bar = el("progress")
        .class("progress")
        .attr("aria-label", "Domains checked")
        .set("max", all.to_string())
        .set("value", list.done.to_string());
    let save = |label, name: &'static str, media: &'static str, text: String| {
        let save = move |_| drop(browser::download(name, media, text.as_bytes()));
        button(label, Rc::new(save)).flag("disabled", list.done == 0)
    };
    // Making them takes time with a long list, and each answer draws this anew.
    let (csv, json) = if over || list.paused {
        (list::csv(list), list::json(list))
    } else {
        (String::new(), String::new())
    };
    let saving = el("span")
        .class("buttons")
        .flag("hidden", !(over || list.paused))
        .child(save("Save as CSV", "stslint-domains.csv", "text/csv", csv))
        .child(save("Save as JSON", "stslint-domains.json", "application/json", json));
    let words = el("div")
        .child(title(&heading))
        .child(el("p").attr("data-testid", "list-summary").words(summary(list)))
        .child(el("p").words(left))
        .child(bar)
        .child(el("p").class("hint").words(format!("Names are looked up by {}.", list.resolver)))
        .child(
            el("div")
                .class("buttons")
                .child(
                    button(pause, change(list::Action::Pause(!list.paused, now)))
                        .flag("hidden", over),
                )
                .child(button("Cancel", change(list::Action::Cancel)).flag("hidden", over))
                .child(button("Check again", start(&list.domains(), view)).flag("hidden", !over))
                .child(saving),
        )
        .child(tools::folded(view));
    verdict_box("unlinted", None, words, false)
        .attr("data-testid", "result")
        .state("aria-busy", !over)
}

/// How many domains came to what.
fn summary(list: &DomainList) -> String {
    let mut words = Vec::new();
    for state in STATES {
        let number =
            list.rows.iter().filter_map(|row| row.summary()).filter(|s| s.state == state).count();
        if number > 0 {
            words.push(format!("{number} {}", state_word(state)));
        }
    }
    words.join(" · ")
}

/// A time that is left, in words.
fn duration(seconds: u32) -> String {
    match seconds {
        0..=90 => format!("About {} left.", count(seconds.max(1) as usize, "second", "seconds")),
        _ => format!("About {} minutes left.", seconds.div_ceil(60)),
    }
}

/// Checks the domains from now on.
fn start(domains: &Rc<Vec<String>>, view: View) -> Handler {
    let (dispatcher, domains) = (view.dispatcher.clone(), Rc::clone(domains));
    Rc::new(move |_| {
        let change = list::Action::Start(Rc::clone(&domains), browser::now());
        dispatcher.emit(Action::List(change).into());
        browser::focus_once_on_screen("verdict-title");
    })
}

/// Shows the result of a row. One goes on from its answer: the row is gone.
fn open(row: usize, view: View) -> Handler {
    let dispatcher = view.dispatcher.clone();
    handler(move |_| {
        dispatcher.emit(Action::List(list::Action::Open(row)).into());
        browser::focus_once_on_screen("verdict-title");
    })
}

/// The table, with what narrows it down.
pub(super) fn table(list: &DomainList, view: View) -> El {
    let order = list.ordered();
    let mut head = el("tr");
    for column in Column::ALL {
        let sorted = list.sort.0 == column;
        let sort = button(column.title(), view.act(Action::List(list::Action::Sort(column))));
        let sort = sort.class("quiet");
        let cell = el("th").key(column.title()).attr("scope", "col");
        let direction = if list.sort.1 { "ascending" } else { "descending" };
        let cell = if sorted { cell.attr("aria-sort", direction) } else { cell };
        head = head.child(cell.child(sort));
    }
    let mut body = el("tbody");
    for row in order.iter().take(list.listed) {
        body = body.child(line(*row, list, view));
    }
    let shown = order.len().min(list.listed);
    let more = button("Show more", view.act(Action::List(list::Action::More)));
    let found = count(order.len(), "domain", "domains");
    el("div")
        .key("list")
        .child(filter(list, view))
        .child(
            el("p")
                .class("hint")
                .attr("role", "status")
                .words(format!("{shown} of {found} shown.")),
        )
        .child(
            el("table")
                .class("data domains")
                .attr("data-testid", "domains")
                .child(el("caption").class("visually-hidden").text("Checked domains"))
                .child(el("thead").child(head))
                .child(body),
        )
        .child(el("div").class("more").child(more.flag("hidden", shown == order.len())))
}

fn filter(list: &DomainList, view: View) -> El {
    let (dispatcher, before) = (view.dispatcher.clone(), list.filter.clone());
    let set = move |filter: Filter| {
        let change = Action::List(list::Action::Filter(filter));
        dispatcher.emit(change.into());
    };
    let set = Rc::new(set);
    let (by_words, by_state, other) = (Rc::clone(&set), set, before.clone());
    let typed = move |event: Event| {
        let words = event.target_unchecked_into::<HtmlInputElement>().value();
        by_words(Filter { words, ..before.clone() });
    };
    let chosen = move |event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        let state = STATES.into_iter().find(|state| state_word(*state) == value);
        by_state(Filter { state, ..other.clone() });
    };
    let mut states = el("select").on("change", Rc::new(chosen)).child(
        el("option")
            .key("all")
            .attr("value", "")
            .flag("selected", list.filter.state.is_none())
            .text("All results"),
    );
    for state in STATES {
        let word = state_word(state);
        let option = el("option").key(word).attr("value", word);
        states = states.child(option.flag("selected", list.filter.state == Some(state)).text(word));
    }
    let field = text_field(&list.filter.words, "255").on("input", Rc::new(typed));
    let label = |words| el("label").child(el("span").text(words));
    el("div")
        .class("options")
        .child(label("Domain or result contains").child(field))
        .child(label("Result").child(states))
}

fn line(number: usize, list: &DomainList, view: View) -> El {
    let row = &list.rows[number];
    let line = el("tr").key(&row.domain);
    let name = |done: bool| {
        let cell = el("th").attr("scope", "row");
        if !done {
            return cell.words(row.domain.clone());
        }
        cell.child(
            el("button")
                .attr("type", "button")
                .class("quiet")
                .on("click", open(number, view))
                .words(row.domain.clone()),
        )
    };
    let waiting = |words: &'static str| {
        let mut line = el("tr").key(&row.domain).child(name(false));
        line = line.child(el("td").attr("data-label", "Result").class("hint").text(words));
        for column in &Column::ALL[2..] {
            line = line.child(el("td").attr("data-label", column.title()).text("–"));
        }
        line
    };
    match &row.state {
        RowState::Waiting if list.cancelled => waiting("not checked"),
        RowState::Waiting => waiting("waiting"),
        RowState::Running(_) => waiting("looking …"),
        RowState::Unfit => waiting("not a name that a policy host can have"),
        RowState::Done(_, summary) => cells(line.child(name(true)), summary),
    }
}

fn cells(line: El, summary: &Summary) -> El {
    let cell = |label: &'static str, words: String| {
        el("td").attr("data-label", label).child(el("span").words(words))
    };
    let result = el("td")
        .attr("data-label", "Result")
        .attr("data-tone", tone(summary.state))
        .child(el("span").class("where").child(state_icon(summary.state)).text(summary.word()))
        .child(el("span").class("why").words(summary.title.replace('`', "")));
    let findings = match (summary.errors, summary.warnings) {
        (0, 0) => "–".to_owned(),
        (errors, 0) => count(errors, "error", "errors"),
        (0, warnings) => count(warnings, "warning", "warnings"),
        (errors, warnings) => format!(
            "{}, {}",
            count(errors, "error", "errors"),
            count(warnings, "warning", "warnings")
        ),
    };
    line.child(result)
        .child(cell("Policy", summary.policy().into()))
        .child(cell("TLS reports", word(summary.tlsrpt).into()))
        .child(cell("DANE", word(summary.dane).into()))
        .child(cell("Findings", findings))
}

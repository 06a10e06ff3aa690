use super::state::{self, Filter, distinct, severity};
use crate::browser;
use crate::state::{Action, Dispatcher, View};
use crate::ui::element::{El, Handler, button, el, link, text_field};
use crate::ui::finding::to_rule;
use crate::ui::icon::severity_icon;
use crate::ui::words::{count, prose};
use std::rc::Rc;
use stslint::families::{FAMILIES, Family};
use stslint::rule::{Rule, Severity};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, HtmlInputElement, HtmlSelectElement};
use yew::TargetCast;

/// The field for words.
const WORDS: &str = "rules-words";

/// All rules that the filter lets through, by what they are about.
pub(super) fn rule_list(view: View) -> El {
    let filter = &view.state.rules.filter;
    let rules = filter.rules();
    let (some, all) = (rules.len(), distinct().count());
    let said = match some {
        0 => "No rule fits all of this.".to_owned(),
        _ if some == all => count(all, "rule", "rules"),
        _ => format!("{some} of {all} rules"),
    };
    let reset = (!filter.is_empty()).then(|| {
        let dispatcher = view.dispatcher.clone();
        button(
            "Show all rules",
            Rc::new(move |_| {
                list(&dispatcher, Filter::default());
                // The button goes away.
                let _ = browser::focus_quietly(browser::part(WORDS).unchecked_ref::<HtmlElement>());
            }),
        )
    });
    // In this order, always: what screen readers listen to stays the same element.
    let status = el("p").class("hint").attr("role", "status").words(said);
    let mut groups = el("div").class("rule").attr("data-testid", "rules");
    for family in &FAMILIES {
        let own: Vec<&Rule> = rules.iter().copied().filter(|rule| family.has(rule)).collect();
        if !own.is_empty() {
            groups = groups.child(group(family, &own));
        }
    }
    el("div")
        .class("rule")
        .child(form(filter, view.dispatcher))
        .child(el("div").class("section-head").child(status).maybe(reset))
        .child(groups)
        .child(
            el("p")
                .class("hint")
                .child(el("a").attr("href", "./rules/index.html").text("The same list as a page"))
                .text(" that works without script."),
        )
}

fn form(filter: &Filter, dispatcher: &Dispatcher) -> El {
    let words = text_field(&filter.words, "200").attr("id", WORDS).on(
        "input",
        changed(filter, dispatcher, |filter, event| {
            filter.words = event.target_unchecked_into::<HtmlInputElement>().value();
        }),
    );
    let chosen = |event: &Event| event.target_unchecked_into::<HtmlSelectElement>().value();
    let mut severities = el("select")
        .on(
            "change",
            changed(filter, dispatcher, move |filter, event| {
                filter.severity = severity(&chosen(event));
            }),
        )
        .child(option("", "All", filter.severity.is_none()));
    for one in Severity::ALL {
        severities =
            severities.child(option(one.word(), one.title(), filter.severity == Some(one)));
    }
    let mut families = el("select")
        .on(
            "change",
            changed(filter, dispatcher, move |filter, event| {
                filter.family = Family::find(&chosen(event));
            }),
        )
        .child(option("", "Everything", filter.family.is_none()));
    for family in &FAMILIES {
        let chosen = filter.family == Some(family);
        families = families.child(option(&family.anchor(), family.title, chosen));
    }
    let label = |text, field: El| el("label").child(el("span").text(text)).child(field);
    el("div")
        .class("options")
        .attr("role", "search")
        .attr("aria-label", "Rules")
        .child(label("Words, or a code", words))
        .child(label("Severity", severities))
        .child(label("About", families))
}

fn option(value: &str, text: &'static str, chosen: bool) -> El {
    el("option").key(value).set("value", value.to_owned()).flag("selected", chosen).text(text)
}

/// Changes the filter when something happens to a field.
fn changed(
    filter: &Filter,
    dispatcher: &Dispatcher,
    set: impl Fn(&mut Filter, &Event) + 'static,
) -> Handler {
    let (filter, dispatcher) = (filter.clone(), dispatcher.clone());
    Rc::new(move |event| {
        let mut filter = filter.clone();
        set(&mut filter, &event);
        list(&dispatcher, filter);
    })
}

/// Lists other rules, and has the address say so.
fn list(dispatcher: &Dispatcher, filter: Filter) {
    browser::replace_fragment(&filter.fragment());
    dispatcher.emit(Action::Rules(state::Action::Filter(filter)));
}

fn group(family: &'static Family, rules: &[&'static Rule]) -> El {
    let mut list = el("ul").class("rules");
    for rule in rules {
        let word = rule.severity.title();
        let severity = el("span")
            .class("where")
            .attr("title", word)
            .child(severity_icon(rule.severity))
            .child(el("span").class("visually-hidden").text(word));
        let item = el("li")
            .key(rule.code)
            .attr("data-tone", rule.severity.word())
            .child(link(to_rule(rule.code), rule.code).class("code"))
            .child(severity)
            .child(prose("span", &rule.summary()));
        list = list.child(item);
    }
    el("section").key(family.prefix).class("group").child(el("h3").text(family.title)).child(list)
}

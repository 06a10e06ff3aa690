use super::examples;
use super::links::close_dialog;
use crate::components::app::View;
use crate::components::element::{El, el, link};
use crate::components::explanation::pending;
use crate::components::finding_card::{clause, fact};
use crate::components::icon::severity_icon;
use crate::components::prose::prose;
use crate::effects::Dispatcher;
use crate::state::Action;
use std::rc::Rc;
use stslint::registry;
use stslint::rule::{Example, Rule};
use stslint::text::push_visible;

/// Characters of an example that are shown.
const SHOWN: usize = 600;

/// A rule: why, effect, what to do, its clause and its examples.
pub(crate) fn rule_view(code: &str, view: View) -> El {
    let Some(rule) = registry::find(code) else { return el("div") };
    let heading = el("p")
        .class("where")
        .child(severity_icon(rule.severity))
        .child(el("span").class("severity").text(rule.severity.title()))
        .child(el("span").class("name").text(rule.name));
    let explanation = pending(view.state.explanations, view.dispatcher);
    el("article")
        .class("rule")
        .attr("data-tone", rule.severity.word())
        .child(heading)
        .child(prose("p", &rule.summary()).class("message"))
        .child(explanation.unwrap_or_else(|| explained(rule, view.dispatcher)))
        .child(
            el("p")
                .class("hint")
                .child(page(rule))
                .text(" · ")
                .child(link(view.state.full.filter.fragment(), "All rules")),
        )
}

/// The static page about a rule. In a tab of its own: the user's text is in this one.
fn page(rule: &Rule) -> El {
    el("a")
        .set("href", format!("./{}", rule.page()))
        .attr("target", "_blank")
        .attr("rel", "noopener")
        .text("A page to send to a colleague")
}

fn explained(rule: &'static Rule, dispatcher: &Dispatcher) -> El {
    let words = rule.words();
    let mut facts = el("dl").class("facts");
    for (name, text) in [("Why", words.why), ("Effect", words.effect), ("Do", words.help)] {
        facts = fact(facts, name, prose("dd", text));
    }
    let facts = fact(facts, "Clause", el("dd").child(clause(rule)));
    let example = |title, example| example_view(rule.code, title, example, dispatcher);
    let first = if words.passes.is_some() { "Wrong" } else { "Example" };
    el("div")
        .class("rule")
        .child(facts)
        .child(example(first, words.fails))
        .maybe(words.passes.map(|passes| example("Right", passes)))
}

fn example_view(
    code: &'static str,
    title: &'static str,
    example: Example,
    dispatcher: &Dispatcher,
) -> El {
    let dispatcher = dispatcher.clone();
    let open = move |_| {
        close_dialog(&dispatcher);
        dispatcher.emit(Action::Open(examples::of_rule(code, &example)));
    };
    let domain = example.domain.map(|domain| format!(", for {domain}")).unwrap_or_default();
    let button = el("button")
        .attr("type", "button")
        .set("aria-label", format!("Try it: {title}"))
        .on("click", Rc::new(open))
        .text("Try it");
    let heading = el("h3").text(title).child(el("span").class("hint").words(domain));
    let text = el("pre").attr("tabindex", "0").attr("aria-label", title);
    el("section")
        .class("sample")
        .child(el("div").class("section-head").child(heading).child(button))
        .child(text.words(visible(&example.bytes())))
}

/// The start of a text, with what can't be seen as code points.
fn visible(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut out = String::new();
    for (i, c) in text.replace("\r\n", "\n").chars().enumerate() {
        if i == SHOWN {
            out.push('…');
            break;
        }
        if matches!(c, '\n') {
            out.push(c);
        } else {
            push_visible(c, &mut out);
        }
    }
    out
}

/// All rules, each code once.
pub(crate) fn distinct() -> impl Iterator<Item = &'static Rule> {
    let mut last = "";
    registry::all().filter(move |rule| std::mem::replace(&mut last, rule.code) != rule.code)
}

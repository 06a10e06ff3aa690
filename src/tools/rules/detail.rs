use crate::browser;
use crate::request::{Dialog, Opened, Request};
use crate::state::{Action, Dispatcher, View};
use crate::text::Settings;
use crate::ui::element::{El, el, link};
use crate::ui::finding::{Explanations, clause, fact, pending};
use crate::ui::icon::severity_icon;
use crate::ui::words::{prose, visible};
use std::rc::Rc;
use stslint::detect::detect;
use stslint::registry;
use stslint::rule::{Example, Rule};
use stslint::{Declared, Input, ToAscii};

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
    let retry = view.act(Action::Explanations(Explanations::Unasked));
    let explanation = pending(view.state.explanations, retry);
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
                .child(link(view.state.rules.filter.fragment(), "All rules")),
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
        dispatcher.emit(Request::Show(Dialog::None).into());
        dispatcher.emit(Request::Open(opened(code, &example)).into());
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
        .child(text.words(visible(&example.bytes(), SHOWN)))
}

/// A rule's example, ready to open.
fn opened(code: &str, example: &Example) -> Opened {
    let bytes = example.bytes();
    // Detection is left to the engine where it comes to the same.
    let to_ascii: Option<ToAscii> = Some(browser::ascii_domain);
    let domain = example.domain;
    let detected = detect(&Input { domain, to_ascii, ..Input::new(&bytes) });
    let Declared { kind, form } = example.declared;
    let same = detected.kind == kind && form.is_none_or(|form| form == detected.form);
    let declared = example.said().filter(|_| !same);
    let domain = example.domain.unwrap_or_default().to_owned();
    Opened {
        bytes: Some(bytes),
        line_ends_known: true,
        file_name: example.file_name.map(str::to_owned),
        settings: Settings {
            declared,
            ascii_domain: example.domain.map(str::to_owned),
            domain,
            ..Settings::default()
        },
        what: format!("an example of {code}"),
        ..Opened::default()
    }
}

use super::app::Dispatcher;
use super::finding_card::{clause, severity_word};
use super::icon::severity_icon;
use super::prose::prose;
use crate::hooks::close_dialog;
use crate::state::Action;
use crate::{examples, link};
use stslint::finding::push_visible;
use stslint::rules::{self, Example};
use yew::prelude::*;

/// Characters of an example that are shown.
const SHOWN: usize = 600;

/// A rule: why, effect, what to do, its clause and its examples.
pub(crate) fn rule_view(code: &str, dispatcher: &Dispatcher) -> Html {
    let Some(rule) = rules::find(code) else { return html! { <div></div> } };
    let example = |title: &'static str, example: &Example| {
        example_view(rule.code, title, *example, dispatcher)
    };
    html! {
        <article class="rule" data-tone={rule.severity.word()}>
            <p class="where" key="where">
                { severity_icon(rule.severity) }
                <span class="severity">{ severity_word(rule.severity) }</span>
                <span class="name">{ rule.name }</span>
            </p>
            <p class="message" key="message">{ prose(&general(rule.message)) }</p>
            <dl class="facts" key="facts">
                <dt>{ "Why" }</dt><dd>{ prose(rule.words().why) }</dd>
                <dt>{ "Effect" }</dt><dd>{ prose(rule.words().effect) }</dd>
                <dt>{ "Do" }</dt><dd>{ prose(rule.words().help) }</dd>
                <dt>{ "Clause" }</dt><dd>{ clause(rule) }</dd>
            </dl>
            { example(if rule.words().passes.is_some() { "Wrong" } else { "Example" }, &rule.words().fails) }
            if let Some(passes) = &rule.words().passes { { example("Right", passes) } }
            <p class="hint" key="all"><a href="#/rules">{ "All rules" }</a></p>
        </article>
    }
}

/// A message without what a finding fills in.
fn general(message: &str) -> String {
    message.replace("`{0}`", "…").replace("`{1}`", "…").replace("{0}", "…").replace("{1}", "…")
}

fn example_view(
    code: &'static str,
    title: &'static str,
    example: Example,
    dispatcher: &Dispatcher,
) -> Html {
    let dispatcher = dispatcher.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        close_dialog(&dispatcher);
        dispatcher.dispatch(Action::Open(examples::of_rule(code, &example)));
    });
    let domain = example.domain.map(|domain| format!(", for {domain}")).unwrap_or_default();
    html! {
        <section class="sample" key={title}>
            <div class="section-head" key="head">
                <h3>{ title }<span class="hint">{ domain }</span></h3>
                <button type="button" {onclick} aria-label={format!("Try it: {title}")}>{ "Try it" }</button>
            </div>
            <pre key="text" tabindex="0" aria-label={title}>{ visible(&example.bytes()) }</pre>
        </section>
    }
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
pub(crate) fn distinct() -> impl Iterator<Item = &'static rules::Rule> {
    let mut last = "";
    rules::all().filter(move |rule| std::mem::replace(&mut last, rule.code) != rule.code)
}

/// Every rule with a link to its explanation.
pub(crate) fn rule_list() -> Html {
    let rule = |rule: &'static rules::Rule| {
        html! {
            <li key={rule.code} data-tone={rule.severity.word()}>
                <a class="code" href={link::to_rule(rule.code)}>{ rule.code }</a>
                <span class="where" title={severity_word(rule.severity)}>
                    { severity_icon(rule.severity) }
                    <span class="visually-hidden">{ severity_word(rule.severity) }</span>
                </span>
                <span>{ prose(&general(rule.message)) }</span>
            </li>
        }
    };
    html! { <ul class="rules">{ for distinct().map(rule) }</ul> }
}

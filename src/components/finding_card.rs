use super::app::{Dispatcher, act};
use super::fix_preview::fix_preview;
use super::icon::severity_icon;
use super::prose::prose;
use crate::analysis::Analysis;
use crate::link::to_rule;
use crate::source::Source;
use crate::state::Action;
use std::rc::Rc;
use stslint::finding::{Finding, Severity};
use stslint::rules::Rule;
use yew::prelude::*;

#[derive(PartialEq, Properties)]
pub(crate) struct CardProps {
    pub(crate) item: usize,
    pub(crate) analysis: Rc<Analysis>,
    pub(crate) source: Rc<Source>,
    pub(crate) dispatcher: Dispatcher,
    /// Whether the user is at this finding.
    pub(crate) current: bool,
    pub(crate) hovered: bool,
    /// Whether the details are open.
    pub(crate) open: bool,
    /// Whether to show what a fix changes.
    pub(crate) preview: bool,
    pub(crate) stale: bool,
}

/// One finding: what, its effect, what to do; why and the clause one click away.
#[component]
pub(crate) fn FindingCard(props: &CardProps) -> Html {
    let item = props.item;
    let Some(finding) = props.analysis.finding(item) else { return html! { <li></li> } };
    let rule = finding.rule;
    // Where nothing is wrong, the message is enough.
    let note = rule.severity == Severity::Info;
    let act = |action: Action| act(&props.dispatcher, action);
    html! {
        <li id={format!("finding-{item}")} class="card"
            data-code={rule.code} data-tone={rule.severity.word()}
            data-current={props.current.then_some("")} data-hovered={props.hovered.then_some("")}
            onmouseenter={act(Action::Hover(Some(item)))} onmouseleave={act(Action::Hover(None))}>
            <div class="card-head" key="head">
                <h3>
                    <button type="button" class="go" onclick={act(Action::Select(item))}
                        aria-current={props.current.then_some("true")} title="Show in the text">
                        <span class="where">
                            { severity_icon(rule.severity) }
                            <span class="severity">{ severity_word(rule.severity) }</span>
                            { " " }
                            <span class="line">{ place(&props.analysis, finding) }</span>
                        </span>
                        { " " }
                        <span class="message" id={format!("finding-{item}-message")}>
                            { prose(&finding.message(&props.source.bytes)) }
                        </span>
                    </button>
                </h3>
                <a class="code" href={to_rule(rule.code)} title="About this rule">{ rule.code }</a>
            </div>
            { if note { html! { <div></div> } } else { facts(rule) } }
            <div class="fix-slot" key="fix">{ fix(props, finding) }</div>
            <details open={props.open && !note || props.current} key="details">
                <summary>{ if note { "More" } else { "Why, and the clause" } }</summary>
                { if note { facts(rule) } else { html! { <div></div> } } }
                <p>{ prose(rule.words().why) }</p>
                <p class="clause">{ clause(rule) }</p>
                { labels(props, finding) }
            </details>
        </li>
    }
}

fn facts(rule: &Rule) -> Html {
    html! {
        <dl class="facts">
            <dt>{ "Effect" }</dt><dd>{ prose(rule.words().effect) }</dd>
            <dt>{ "Do" }</dt><dd>{ prose(rule.words().help) }</dd>
        </dl>
    }
}

fn fix(props: &CardProps, finding: &Finding) -> Html {
    match &finding.fix {
        None => html! { <div></div> },
        Some(fix) => fix_preview(props, fix),
    }
}

fn place(analysis: &Analysis, finding: &Finding) -> String {
    let at = analysis.position(finding.span.start);
    format!("line {}, column {}", at.line, at.column)
}

fn labels(props: &CardProps, finding: &Finding) -> Html {
    let label = |(i, label): (usize, &stslint::finding::Label)| {
        let line = props.analysis.position(label.span.start).line;
        html! { <li key={i}>{ format!("Line {line}: ") }{ prose(label.text) }</li> }
    };
    if finding.labels.is_empty() {
        return html! { <span></span> };
    }
    html! { <ul class="labels">{ for finding.labels.iter().take(8).enumerate().map(label) }</ul> }
}

/// The word for a severity at the start of a line.
pub(crate) fn severity_word(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Advice => "Advice",
        Severity::Info => "Note",
    }
}

/// The clause of a rule, as a link where it has an address.
pub(crate) fn clause(rule: &Rule) -> Html {
    match rule.url() {
        Some(url) => html! {
            <a href={url} target="_blank" rel="noreferrer noopener">{ prose(rule.words().clause) }</a>
        },
        None => prose(rule.words().clause),
    }
}

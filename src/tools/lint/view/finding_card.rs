use super::fix_preview::fix_preview;
use crate::state::Dispatcher;
use crate::state::{Action, act};
use crate::text::Analysis;
use crate::text::Source;
use crate::tools::lint::state::Action as Lint;
use crate::ui::element::{El, el};
use crate::ui::finding::{Explanations, clause, fact, pending, to_rule};
use crate::ui::icon::severity_icon;
use crate::ui::words::prose;
use std::rc::Rc;
use stslint::finding::{Finding, Severity};
use stslint::rule::Rule;

/// Findings of the same rule that are listed.
const ALIKE: usize = 100;

/// Labels that are listed.
const LABELS: usize = 8;

/// What a finding is drawn from.
#[derive(PartialEq)]
pub(crate) struct CardProps {
    pub(crate) item: usize,
    /// All items that this card stands for, itself among them.
    pub(crate) alike: Rc<[usize]>,
    pub(crate) analysis: Rc<Analysis>,
    pub(crate) source: Rc<Source>,
    pub(crate) dispatcher: Dispatcher,
    pub(crate) explanations: Explanations,
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
pub(crate) fn card(props: &CardProps) -> El {
    let Some(finding) = props.analysis.finding(props.item) else { return el("li") };
    let rule = finding.rule;
    let act = |action| act(&props.dispatcher, action);
    // Where nothing is wrong, the message is enough.
    let note = rule.severity == Severity::Info;
    let retry = || act(Action::Explanations(Explanations::Unasked));
    // What a fix says need not be said twice.
    let do_ = finding.fix.is_none();
    let facts = || pending(props.explanations, retry()).unwrap_or_else(|| facts(rule, do_));
    let code = el("a").class("code").set("href", to_rule(rule.code));
    let code = code.attr("title", "About this rule").text(rule.code);
    let fix = finding.fix.as_ref().map(|fix| fix_preview(props, fix));
    let details = el("details")
        .flag("open", props.open && !note || props.current)
        .child(el("summary").text(if note { "More" } else { "Why? Where is that written?" }))
        .maybe(note.then(facts))
        .child(prose("p", rule.words().why))
        .child(el("p").class("clause").child(clause(rule)))
        .child(labels(props, finding));
    el("li")
        .class("card")
        .set("id", format!("finding-{}", props.item))
        .attr("data-code", rule.code)
        .attr("data-tone", rule.severity.word())
        .flag("data-current", props.current)
        .flag("data-hovered", props.hovered)
        .on("mouseenter", act(Action::Lint(Lint::Hover(Some(props.item)))))
        .on("mouseleave", act(Action::Lint(Lint::Hover(None))))
        .child(el("div").class("card-head").child(el("h3").child(head(props, finding))).child(code))
        .child(others(props))
        .maybe((!note).then(facts))
        .maybe(fix)
        .child(details)
}

/// The place and the message: a button that leads to the text.
fn head(props: &CardProps, finding: &Finding) -> El {
    let severity = finding.rule.severity;
    let place = props.analysis.position(finding.span.start);
    let place = format!("line {}, column {}", place.line, place.column);
    let message = prose("span", &finding.message(&props.source.bytes)).class("message");
    let head = el("button")
        .class("go")
        .attr("type", "button")
        .attr("title", "Show in the text")
        .on("click", act(&props.dispatcher, Action::Lint(Lint::Select(props.item))));
    let head = if props.current { head.attr("aria-current", "true") } else { head };
    let place = el("span")
        .class("where")
        .child(severity_icon(severity))
        .child(el("span").class("severity").text(severity.title()))
        .text(" ")
        .child(el("span").class("line").words(place));
    head.child(place).text(" ").child(message.set("id", format!("finding-{}-message", props.item)))
}

fn facts(rule: &Rule, do_: bool) -> El {
    let facts = fact(el("dl").class("facts"), "Effect", prose("dd", rule.words().effect));
    if do_ { fact(facts, "Do", prose("dd", rule.words().help)) } else { facts }
}

/// The other findings of the rule, where the card stands for several.
fn others(props: &CardProps) -> El {
    let unlisted = |item: &usize| props.analysis.finding(*item).map_or(0, |finding| finding.more);
    let more = props.alike.len() - 1 + props.alike.iter().map(unlisted).sum::<usize>();
    let details = el("details").class("others").flag("hidden", more == 0);
    let mut list = el("ol");
    for item in props.alike.iter().filter(|item| **item != props.item).take(ALIKE) {
        let Some(finding) = props.analysis.finding(*item) else { continue };
        let line = props.analysis.position(finding.span.start).line;
        let words =
            format!("Line {line}: {}", finding.message(&props.source.bytes).replace('`', ""));
        let go = el("button").attr("type", "button").class("go");
        let go = go.on("click", act(&props.dispatcher, Action::Lint(Lint::Select(*item))));
        list = list.child(el("li").number(*item).child(go.words(words)));
    }
    let words = format!("and {more} more like this");
    details.child(el("summary").words(words)).child(list)
}

fn labels(props: &CardProps, finding: &Finding) -> El {
    let mut list = el("ul").class("labels").flag("hidden", finding.labels.is_empty());
    for label in finding.labels.iter().take(LABELS) {
        let line = props.analysis.position(label.span.start).line;
        list = list.child(prose("li", &format!("Line {line}: {}", label.text)));
    }
    list
}

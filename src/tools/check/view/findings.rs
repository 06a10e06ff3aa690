//! The findings of a step.

use super::super::state::DomainCheck;
use crate::state::{Action as PageAction, View};
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, el};
use crate::ui::finding::{Explanations, clause, fact, pending, to_rule};
use crate::ui::icon::severity_icon;
use crate::ui::ignored::{ignores, said};
use crate::ui::words::prose;
use stslint::finding::{Finding, Severity};
use stslint::live::StepResult;
use yew::Callback;

/// Findings of a record or policy that are listed; the editor has all.
const LISTED: usize = 20;

/// A finding, the text that it is about, and what to publish.
type Told<'c> = (&'c Finding, &'c [u8], Option<&'c str>);

/// The findings: those of records and policy before those of the check. What a link asks to ignore is folded, and said.
pub(super) fn findings(result: &StepResult, check: &DomainCheck, view: View) -> El {
    let mut all: Vec<Told> = Vec::new();
    for part in result.parts.iter().map(|i| &check.assessment.parts[*i]) {
        let mut findings: Vec<&Finding> = part.findings.iter().collect();
        findings.sort_by_key(|finding| finding.rule.severity);
        all.extend(findings.into_iter().take(LISTED).map(|one| (one, &part.source[..], None)));
    }
    let mut own: Vec<_> = result.found.iter().map(|i| &check.assessment.found[*i]).collect();
    own.sort_by_key(|found| found.finding.rule.severity);
    all.extend(own.into_iter().map(|found| (&found.finding, &[][..], found.publish.as_deref())));
    let (ignored, told): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|(finding, ..)| ignores(&check.ignore, finding.rule.code));
    let words = said(ignored.len(), &check.ignore);
    let aside = el("details")
        .class("folded")
        .attr("data-testid", "ignored")
        .flag("hidden", ignored.is_empty())
        .child(el("summary").words(words))
        .child(cards(ignored, view));
    el("div").child(cards(told, view)).child(aside)
}

fn cards(all: Vec<Told>, view: View) -> El {
    let mut list = el("ul").class("cards").flag("hidden", all.is_empty());
    for (number, (finding, source, publish)) in all.into_iter().enumerate() {
        list = list.child(card(finding, source, publish, view).number(number));
    }
    list
}

/// A finding: what, its effect, what to do, and what to publish.
fn card(finding: &Finding, source: &[u8], publish: Option<&str>, view: View) -> El {
    let rule = finding.rule;
    let note = rule.severity == Severity::Info;
    let where_ = el("span")
        .class("where")
        .child(severity_icon(rule.severity))
        .child(el("span").class("severity").text(rule.severity.title()));
    let head = el("div")
        .class("card-head")
        .child(
            el("div").child(where_).child(prose("span", &finding.message(source)).class("message")),
        )
        .child(
            el("a")
                .class("code")
                .set("href", to_rule(rule.code))
                .attr("title", "About this rule")
                .text(rule.code),
        );
    let retry = || view.act(PageAction::Explanations(Explanations::Unasked));
    let explained = || {
        pending(view.state.explanations, retry()).unwrap_or_else(|| {
            let facts = fact(el("dl").class("facts"), "Effect", prose("dd", rule.words().effect));
            fact(facts, "Do", prose("dd", rule.words().help))
        })
    };
    let publish = publish.map(|line| {
        let text = line.to_owned();
        el("div")
            .class("publish")
            .child(el("span").class("hint").text("Publish"))
            .child(el("code").words(line.to_owned()))
            .child(copy_button("Copy", false, Callback::from(move |()| text.clone())))
    });
    let details = el("details")
        .child(el("summary").text(if note { "More" } else { "Why? Where is that written?" }))
        .child(if note { explained() } else { el("div") })
        .child(prose("p", rule.words().why))
        .child(el("p").class("clause").child(clause(rule)));
    el("li")
        .class("card")
        .attr("data-code", rule.code)
        .attr("data-tone", rule.severity.word())
        .child(head)
        .child(if note { el("div") } else { explained() })
        .child(publish.unwrap_or_else(|| el("div").flag("hidden", true)))
        .child(details)
}

//! The page about one rule.

use maud::{Markup, html};
use stslint::finding::{Applicability, Severity};
use stslint::registry::{all, topics};
use stslint::rule::{Rule, rfc_url};

use crate::Family;
use crate::html::{Head, document, file, icon, outward, plain, prose, rules};
use crate::sample::Sample;

/// Other rules of the same topic that are named.
const RELATED: usize = 5;

/// The page about a rule, between its neighbours in the list.
pub(crate) fn page(rule: &Rule, before: Option<&Rule>, after: Option<&Rule>) -> String {
    let words = rule.words();
    let fails = Sample::new(rule, &words.fails);
    let message = fails.message();
    let head = Head {
        title: &format!("{} ({}) · stslint", plain(&message), rule.code),
        short: &format!("{}: {}", rule.code, plain(&message)),
        description: &plain(&format!("{}. {} {}", rule.severity.title(), words.effect, words.help)),
    };
    let family = Family::of(rule);
    // What is merely advised against or explained is not wrong.
    let faulty = rule.severity <= Severity::Warning;
    let main = html! {
        article class="about" data-tone=(rule.severity.word()) {
            nav aria-label="Breadcrumb" class="crumbs" {
                ol {
                    li { a href="./index.html" { "Rules" } }
                    @if let Some(family) = family {
                        li { a href={ "./index.html#" (family.anchor()) } { (family.title) } }
                    }
                }
            }
            p class="where" {
                (icon(rule.severity))
                span class="severity" { (rule.severity.title()) }
                " "
                span class="code" { (rule.code) }
                " "
                span class="name" { (rule.name) }
            }
            h1 { (prose(&message)) }
            (at_a_glance(rule))
            section {
                h2 { "Why it matters" }
                p { (prose(words.why)) }
            }
            section {
                h2 { "What it does to mail" }
                p { (prose(words.effect)) }
            }
            section {
                h2 { "What to do" }
                p { (prose(words.help)) }
                @if let Some(fix) = fails.fix() {
                    (fix)
                    p class="hint" { (applicability(rule.fix)) }
                }
            }
            section class="samples" {
                h2 { @if words.passes.is_some() { "Examples" } @else { "Example" } }
                (fails.view(if faulty { "Wrong" } else { "Raises it" }))
                @if let Some(passes) = &words.passes {
                    (Sample::new(rule, passes).view(if faulty { "Right" } else { "Does not raise it" }))
                }
                p class="hint" {
                    "In the terminal: " code { "stslint explain " (rule.code) }
                }
            }
            (related(rule))
        }
        (neighbours(before, after))
    };
    document(&head, &main)
}

fn at_a_glance(rule: &Rule) -> Markup {
    html! {
        dl class="facts glance" {
            dt { "Severity" }
            dd { (rule.severity.title()) ": " (severity(rule)) }
            @if let Some(verdict) = verdict(rule) {
                dt { "Verdict" }
                dd { (verdict) }
            }
            dt { "Fix" }
            dd { (fix_kind(rule)) }
            dt { "Clause" }
            dd { (clause(rule)) }
        }
    }
}

/// Whether a rule is about reports, which are not for senders but from them.
fn is_of_reports(rule: &Rule) -> bool {
    rule.code.starts_with("RPT-JSON-")
}

/// What the severity of a rule means.
fn severity(rule: &Rule) -> &'static str {
    match (rule.severity, is_of_reports(rule)) {
        (Severity::Error, false) => "senders reject or ignore this, or mail breaks",
        (Severity::Error, true) => "the report cannot be used as it is",
        (Severity::Warning, false) => {
            "works with many senders but not with all, or is very likely a mistake"
        }
        (Severity::Warning, true) => "the report has a mistake, or tells of trouble with mail",
        (Severity::Advice, _) => "valid; there is a better choice",
        (Severity::Info, _) => "an explanation, nothing to repair",
    }
}

/// What a rule does to the verdict; nothing where there is no text to judge.
fn verdict(rule: &Rule) -> Option<&'static str> {
    if rule.code.starts_with("LIVE-") {
        return rule.breaks_use().then_some("Senders will not use it");
    }
    // Nobody judges the grammar of a report: it is usable or it is not.
    if is_of_reports(rule) {
        return Some(match rule.breaks_use() {
            true => "Software that reads reports may reject it",
            false => "The report stays usable",
        });
    }
    Some(match (rule.breaks_grammar, rule.breaks_use()) {
        (true, true) => "Not within the grammar; senders will not use it",
        (true, false) => "Not within the grammar, but may still be used",
        (false, true) => "Within the grammar, but senders will not use it",
        (false, false) => "Stays within the grammar, and usable",
    })
}

fn fix_kind(rule: &Rule) -> &'static str {
    match rule.fix {
        Some(Applicability::Safe) => "Safe: can be applied without asking",
        Some(Applicability::Confirm) => "A suggestion, to be checked before it is applied",
        None if rule.severity == Severity::Info => "None needed",
        None => "By hand",
    }
}

fn applicability(fix: Option<Applicability>) -> &'static str {
    match fix {
        Some(Applicability::Safe) => {
            "A safe fix keeps the meaning, or repairs the only sensible reading. All safe fixes of a text can be \
             applied together."
        }
        _ => {
            "A suggestion changes the meaning or guesses a value, so it is applied only after somebody has looked."
        }
    }
}

/// The clause with a link to each section that it cites.
fn clause(rule: &Rule) -> Markup {
    let cited: Vec<_> = rule.cites().collect();
    let clause = rule.words().clause;
    match (&cited[..], rule.url()) {
        ([_], Some(url)) => outward(prose(clause), &url),
        ([], _) | (_, None) => prose(clause),
        (cited, _) => html! {
            (prose(clause))
            ul class="cited" {
                @for (rfc, section) in cited {
                    li {
                        (outward(
                            html! { "RFC " (rfc) @if let Some(section) = section { " §" (section) } },
                            &rfc_url(rfc, *section),
                        ))
                    }
                }
            }
        },
    }
}

fn related(rule: &Rule) -> Markup {
    let related = relatives(rule);
    html! {
        @if !related.is_empty() {
            section {
                h2 { "Related rules" }
                (rules(related.into_iter()))
            }
        }
    }
}

/// The same rule of the other record, and the nearest rules about the same thing.
fn relatives(rule: &Rule) -> Vec<&'static Rule> {
    let other = |other: &&Rule| other.name == rule.name && other.code != rule.code;
    let mut related: Vec<&Rule> = all().filter(other).collect();
    let family = |of: &Rule| Family::of(of).map(|family| family.prefix);
    let number = |of: &Rule| {
        of.code.rsplit_once('-').and_then(|(_, number)| number.parse::<i32>().ok()).unwrap_or(0)
    };
    let topic = topics().find(|topic| topic.contains(&rule)).unwrap_or_default();
    let mut near: Vec<&Rule> = topic
        .iter()
        .copied()
        .filter(|near| *near != rule && family(near) == family(rule))
        .collect();
    near.sort_by_key(|near| (number(near) - number(rule)).abs());
    near.truncate(RELATED);
    near.sort_by_key(|near| near.code);
    related.extend(near);
    related
}

fn neighbours(before: Option<&Rule>, after: Option<&Rule>) -> Markup {
    let neighbour = |rule: Option<&Rule>, side, word| {
        html! {
            @if let Some(rule) = rule {
                a class=(side) rel=(side) href={ "./" (file(rule)) } {
                    span { (word) } " " strong { (rule.code) } " " span { (prose(&rule.summary())) }
                }
            }
        }
    };
    html! {
        nav class="neighbours" aria-label="Neighbouring rules" {
            (neighbour(before, "prev", "Previous"))
            (neighbour(after, "next", "Next"))
        }
    }
}

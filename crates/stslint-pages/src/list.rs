//! The list of all rules.

use maud::html;
use stslint::finding::Severity;
use stslint::registry::all;

use crate::html::{Head, document, prose, rules};
use crate::{FAMILIES, Family};

/// The list of all rules, by what they are about. Its filter shows only where the script runs.
pub(crate) fn list() -> String {
    let count = all().count();
    let head = Head {
        title: "All rules · stslint",
        short: "All rules of stslint",
        description: &format!(
            "{count} rules for MTA-STS policies, MTA-STS and TLSRPT records, TLS reports and what servers answer: \
             what is wrong, why it matters, what it does to mail, what to do, and the clause that says so."
        ),
    };
    let main = html! {
        h1 { "All " (count) " rules" }
        p class="lead" {
            "Each rule has a page: what is wrong, why it matters, what sending servers do about it, what to do, the \
             clause that says so, and examples. Codes never change."
        }
        form class="filter" role="search" aria-label="Rules" hidden {
            label { span { "Words, or a code" } input id="filter-words" type="text" autocomplete="off" spellcheck="false"; }
            label {
                span { "Severity" }
                select id="filter-severity" {
                    option value="" { "All" }
                    @for severity in Severity::ALL {
                        option value=(severity.word()) { (severity.title()) }
                    }
                }
            }
            label {
                span { "About" }
                select id="filter-about" {
                    option value="" { "Everything" }
                    @for family in &FAMILIES {
                        option value=(family.anchor()) { (family.title) }
                    }
                }
            }
            p id="filter-count" class="hint" role="status" {}
        }
        nav class="groups" aria-label="What the rules are about" {
            ul {
                @for family in &FAMILIES {
                    li {
                        a href={ "#" (family.anchor()) } { (family.title) }
                        " "
                        span class="hint" { (family.rules().count()) }
                    }
                }
            }
        }
        @for family in &FAMILIES {
            (group(family))
        }
    };
    document(&head, &main)
}

fn group(family: &Family) -> maud::Markup {
    html! {
        section class="group" id=(family.anchor()) aria-labelledby={ (family.anchor()) "-title" } {
            h2 id={ (family.anchor()) "-title" } { (family.title) }
            p class="hint" { (prose(family.about)) }
            (rules(family.rules()))
        }
    }
}

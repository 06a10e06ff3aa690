//! Several domains side by side.

use super::board::BoardProps;
use super::causes::head;
use super::time::day;
use crate::ui::element::{El, el, labelled};
use crate::ui::words::count;
use std::collections::BTreeMap;
use stslint::render::aggregate::wrong;
use stslint::render::readiness::status;
use stslint::report::aggregate::{DomainTotals, FailureTotals, Kind, Totals};
use stslint::report::readiness::Readiness;
use stslint::text::visible;

/// Domains that are shown.
const SHOWN: usize = 200;

/// Whether each domain with reports under MTA-STS can be enforced.
pub(super) type Each<'a> = BTreeMap<&'a str, Readiness<'a>>;

/// The table, those with failures first.
pub(super) fn table(totals: &Totals, each: &Each, props: &BoardProps) -> El {
    let mut body = el("tbody");
    for (number, domain) in totals.domains.iter().enumerate().take(SHOWN) {
        body = body.child(row(domain, each, props).number(number));
    }
    let more = totals.domains.len().saturating_sub(SHOWN);
    let rest = format!(
        "And {}; they are in the files to save.",
        count(more, "more domain", "more domains")
    );
    el("section")
        .class("domain-list")
        .attr("data-testid", "domains")
        .child(el("h3").text("Domains"))
        .child(
            el("table")
                .class("data")
                .child(
                    el("caption")
                        .class("visually-hidden")
                        .text("Domains, those with failures first"),
                )
                .child(head(&[
                    "Domain",
                    "MTA-STS",
                    "DANE",
                    "Last failure",
                    "Reports",
                    "Newest report",
                    "Enforce?",
                ]))
                .child(body),
        )
        .child(el("p").class("hint").flag("hidden", more == 0).words(rest))
}

fn row(domain: &DomainTotals, each: &Each, props: &BoardProps) -> El {
    let cell = |label: &'static str, words: String| el("td").attr("data-label", label).words(words);
    let of = |kind: Kind| {
        let of = domain.kinds.iter().find(|of| of.kind == kind);
        match of {
            Some(of) if of.unread > 0 => format!("{} failed", wrong(of.failure, of.unread)),
            Some(of) => {
                format!("{} of {} failed", of.failure, of.success.saturating_add(of.failure))
            }
            None => "no report".into(),
        }
    };
    let fails = |kind: Kind| domain.kinds.iter().any(|of| of.kind == kind && of.failure > 0);
    let toned =
        |kind: Kind, cell: El| if fails(kind) { cell.attr("data-tone", "warning") } else { cell };
    let name = match domain.domain {
        Some(name) => {
            let chosen = Some(name.to_owned());
            labelled(visible(name), props.show(|filter| filter.domain = chosen)).class("quiet")
        }
        None => el("span").text("not told"),
    };
    let last = domain.failures.iter().filter_map(FailureTotals::last).max();
    let last = match domain.failures.is_empty() {
        true if domain.untold > 0 => "not known".into(),
        true => "none".into(),
        false => day(last),
    };
    let ready = domain.domain.and_then(|name| each.get(name));
    let enforce = ready.map_or("No report under MTA-STS", |ready| status(ready.status));
    el("tr")
        .child(el("th").attr("scope", "row").child(name))
        .child(toned(Kind::Sts, cell("MTA-STS", of(Kind::Sts))))
        .child(toned(Kind::Tlsa, cell("DANE", of(Kind::Tlsa))))
        .child(cell("Last failure", last))
        .child(cell("Reports", domain.reports.to_string()).class("number"))
        .child(cell("Newest report", day(domain.last)))
        .child(cell("Enforce?", enforce.to_owned()))
}

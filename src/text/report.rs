//! A TLS report as it is told: who reports, and what failed, where, how often and what to do.

use super::{Analysis, Source};
use crate::ui::element::{El, el};
use crate::ui::words::prose;
use stslint::Kind;
use stslint::render::report as words;
use stslint::{carve, report};

/// Rows that are shown.
const SHOWN: usize = 200;

/// What a report tells.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Who reports, about what: labels and values.
    about: Vec<(&'static str, String)>,
    /// Cause, mail server, sessions, what to do; those with most sessions first.
    rows: Vec<[String; 4]>,
    /// The domain that it is about, if it is one.
    pub(crate) domain: Option<String>,
}

impl Told {
    /// What a source tells, if it is a report.
    pub(super) fn by(source: &Source, kind: Kind) -> Option<Self> {
        let text = carve::report_text(&source.bytes).filter(|_| kind == Kind::Report)?;
        let content = report::content(&text)?;
        let rows = report::table(&content);
        let several = rows.iter().any(|row| row.policy_type != rows[0].policy_type);
        let row = |row: &report::Row| {
            let server = row.server.as_deref().map(stslint::text::visible).unwrap_or_default();
            let sessions = row.sessions.map_or_else(|| "not said".into(), |n| n.to_string());
            // Reporters may tell of one session under each kind.
            let kind = match several {
                true => format!(" ({})", words::policy_type(row.policy_type)),
                false => String::new(),
            };
            let cause = format!("{}{kind}", words::cause(&row.cause));
            [cause, server, sessions, words::what_to_do(row.kind(), &row.cause).into()]
        };
        let domain = content.policies.iter().find_map(|policy| policy.domain.as_deref());
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        Some(Self {
            about: words::about(&content),
            rows: rows.iter().map(row).collect(),
            domain: domain.filter(|name| name.chars().all(is_name)).map(str::to_ascii_lowercase),
        })
    }
}

/// Draws what a report tells; empty where the text is none.
pub(super) fn view(analysis: &Analysis) -> El {
    let section = el("section").class("told").attr("data-testid", "report");
    let Some(told) = &analysis.told else { return section.flag("hidden", true) };
    let mut about = el("dl").class("facts");
    for (i, (label, value)) in told.about.iter().enumerate() {
        about = about
            .child(el("dt").key(&format!("dt{i}")).text(label))
            .child(el("dd").key(&format!("dd{i}")).words(value.clone()));
    }
    let others = el("button")
        .attr("type", "button")
        .attr("data-go", "report")
        .text("Add it to the view of all reports");
    section.child(table(&told.rows)).child(about).child(el("div").class("buttons").child(others))
}

fn table(rows: &[[String; 4]]) -> El {
    const HEADS: [&str; 4] = ["Cause", "Mail server", "Sessions", "What to do"];
    let mut head = el("tr");
    for title in HEADS {
        head = head.child(el("th").key(title).attr("scope", "col").text(title));
    }
    let mut body = el("tbody");
    for (number, [cause, server, sessions, what]) in rows.iter().take(SHOWN).enumerate() {
        let cell = |i: usize, words: &str| {
            el("td").attr("data-label", HEADS[i]).child(prose("span", words))
        };
        body = body.child(
            el("tr")
                .number(number)
                .child(el("th").attr("scope", "row").child(prose("span", cause)))
                .child(cell(1, server))
                .child(cell(2, sessions))
                .child(cell(3, what)),
        );
    }
    el("table")
        .class("data")
        .flag("hidden", rows.is_empty())
        .child(el("caption").class("visually-hidden").text("What failed"))
        .child(el("thead").child(head))
        .child(body)
}

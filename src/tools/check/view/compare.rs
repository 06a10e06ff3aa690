//! What differs: from an earlier check, and between two resolvers.

use super::super::open::seconds;
use super::super::state::run::Run;
use super::super::state::settings::Resolver;
use super::super::state::{Action, DomainCheck, plain};
use super::moment;
use super::next::with_hosts;
use crate::browser;
use crate::request::{Opened, Request};
use crate::state::View;
use crate::text::{Change, Settings};
use crate::ui::diff::diff;
use crate::ui::element::{El, Handler, button, el, handler};
use crate::ui::words::count;
use stslint::finding::Edit;
use stslint::live::facts::Facts;
use stslint::policy::Mode;
use stslint::render::compare::{Compared, Subject, compare};
use stslint::render::live::hidden;
use stslint::text::{Span, visible};
use stslint::{Kind, host, policy};

/// The title of what two resolvers say.
const COMPARED: &str = "compared-title";

/// What a button does that has another resolver asked. It goes, and the focus to what comes of it.
pub(super) fn with_other(other: Resolver, view: View) -> Handler {
    let compare = view.act(Action::Compare(other, seconds()));
    handler(move |event| {
        compare(event);
        browser::focus_once_on_screen(COMPARED);
    })
}

/// Lines of an answer that are shown.
const LINES: usize = 40;

/// What changed since an earlier check. Empty while there is none, or nothing to say yet.
pub(super) fn earlier(check: &DomainCheck) -> El {
    let section = el("section").class("compared").attr("data-testid", "since");
    let Some(before) = check.before.as_ref().filter(|_| check.run.is_some() && !check.is_running())
    else {
        return section.flag("hidden", true);
    };
    let rows = compare(before, &check.assessment.facts);
    let changed: Vec<&Compared> = rows.iter().filter(|row| row.differs()).collect();
    let since = moment(before.now);
    if changed.is_empty() {
        return section
            .child(el("p").words(format!("Nothing that is known changed since {since}.")));
    }
    section
        .child(el("h2").words(format!("What changed since {since}")))
        .child(table(&changed, ["What", "Then", "Now"]))
}

/// What two resolvers say of the same names. Empty while only one was asked.
pub(super) fn resolvers(check: &DomainCheck, view: View) -> El {
    let section = el("section").class("compared").attr("data-testid", "resolvers");
    let (Some(run), Some(other)) = (&check.run, &check.other) else {
        return match &check.other {
            Some(other) => {
                section.child(against(&check.assessment.facts, "the snapshot", other, view))
            }
            None => section.flag("hidden", true),
        };
    };
    section.child(against(&run.facts(), &run.resolver.name, other, view))
}

/// Whether what is served is the draft of the policy that the user made. Empty without a draft.
pub(super) fn draft(check: &DomainCheck, view: View) -> El {
    let section = el("section").class("compared").attr("data-testid", "draft");
    let Some(draft) = check.draft.as_ref().filter(|_| !check.is_running()) else {
        return section.flag("hidden", true);
    };
    let Some(served) = check.served() else {
        return section.child(
            el("p").text("Whether your draft is served can’t be told before the policy is read."),
        );
    };
    if check.serves_draft() == Some(true) {
        return section.child(el("p").text("What is served is your draft."));
    }
    let (served, draft) = (plain(served), plain(draft));
    let change = Change::of_lines(served.as_bytes(), draft.as_bytes());
    let span = Span::new(change.start, change.old_end);
    let new = draft.as_bytes()[change.start..change.new_end].to_vec();
    let edit = Edit { span, text: String::from_utf8_lossy(&new).into_owned().into() };
    section
        .maybe(misses(&draft, check, view))
        .child(el("p").text("What is served is not your draft yet:"))
        .child(el("div").class("fix").child(diff(served.as_bytes(), &[edit])))
}

/// A warning of a draft that does not name all mail servers, with the way to mend it.
fn misses(draft: &str, check: &DomainCheck, view: View) -> Option<El> {
    let values = policy::values(draft);
    let covers = |name: &str| values.mx.iter().any(|mx| host::matches(mx, name).covers());
    let hosts = check.assessment.mx_hosts.iter().map(|row| row.host.as_str());
    let missing: Vec<&str> = hosts.filter(|name| !covers(name)).collect();
    let when = match values.mode {
        Some(Mode::Enforce) => "Don’t publish this draft",
        Some(Mode::Testing) => "Don’t enforce this draft",
        Some(Mode::None) | None => return None,
    };
    if missing.is_empty() {
        return None;
    }
    let names: Vec<String> = missing.iter().map(|name| visible(name)).collect();
    let words = format!(
        "{when}: it does not name {}, and in mode enforce senders deliver nothing there.",
        names.join(", ")
    );
    let label = match missing.len() {
        1 => "Add it to the draft",
        _ => "Add them to the draft",
    };
    let opened = Opened {
        bytes: Some(with_hosts(draft.as_bytes(), missing.into_iter())),
        settings: Settings { declared: Some(Kind::Policy.into()), ..Settings::default() },
        what: format!("the draft with a line for each missing host of {}", check.domain),
        ..Opened::default()
    };
    let add = button(label, view.act(Request::Open(opened)));
    Some(
        el("div")
            .class("problem")
            .child(el("p").words(words))
            .child(el("div").class("buttons").child(add)),
    )
}

fn against(facts: &Facts, name: &str, other: &Run, view: View) -> El {
    let heading = el("h2").attr("id", COMPARED).attr("tabindex", "-1");
    let heading = heading.words(format!("{name} beside {}", other.resolver.name));
    let body = if !other.is_done() {
        let (done, asked) = other.progress();
        el("p").words(format!("Asking {}: {done} of {asked} answers.", other.resolver.name))
    } else if let Some(why) = other.resolver_failure() {
        let why = hidden(why);
        el("p").words(format!("No answer from {}: {why}.", other.resolver.name))
    } else {
        told(facts, name, other)
    };
    let third = el("div").class("buttons").child(
        button("Ask again", view.act(Action::Compare(other.resolver.clone(), seconds())))
            .flag("hidden", !other.is_done()),
    );
    el("div").child(heading).child(body).child(third)
}

fn told(facts: &Facts, name: &str, other: &Run) -> El {
    let rows = compare(facts, &other.facts());
    let dns = |row: &&Compared| matches!(row.what, Subject::Dns(..));
    let rows: Vec<&Compared> = rows.iter().filter(dns).collect();
    let both = rows.iter().filter(|row| row.first.is_some() && row.second.is_some()).count();
    let differing: Vec<&Compared> = rows.into_iter().filter(|row| row.differs()).collect();
    if differing.is_empty() {
        let answers = count(both, "answer is", "answers are");
        return el("p").words(format!("{answers} the same."));
    }
    let words = format!(
        "{} of {both} answers differ. After a change that is normal until the old answers’ time to live is over.",
        differing.len()
    );
    el("div")
        .child(el("p").words(words))
        .child(table(&differing, ["What", name, &other.resolver.name]))
}

fn table(rows: &[&Compared], heads: [&str; 3]) -> El {
    let mut head = el("tr");
    for (i, words) in heads.iter().enumerate() {
        head = head.child(el("th").number(i).attr("scope", "col").words((*words).to_owned()));
    }
    let mut body = el("tbody");
    for (number, row) in rows.iter().enumerate() {
        let cell = |label: &str, lines: &Option<Vec<String>>| {
            let mut cell = el("td").set("data-label", label.to_owned());
            for (i, line) in lines.iter().flatten().take(LINES).enumerate() {
                cell = cell.child(el("code").number(i).words(line.clone()));
            }
            cell
        };
        body = body.child(
            el("tr")
                .number(number)
                .child(el("th").attr("scope", "row").words(row.what.words()))
                .child(cell(heads[1], &row.first))
                .child(cell(heads[2], &row.second)),
        );
    }
    el("table").class("data").child(el("thead").child(head)).child(body)
}

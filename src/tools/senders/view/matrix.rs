//! What each sender makes of the policy.

use super::Props;
use super::source::source;
use crate::request::{Opened, Request};
use crate::state::{Action as PageAction, act};
use crate::tools::senders::state::Action;
use crate::tools::senders::subject::Judged;
use crate::ui::element::{El, Handler, button, el};
use crate::ui::icon::state_icon;
use crate::ui::verdict::verdict_box;
use crate::ui::words::prose;
use stslint::render::senders::Line;
use stslint::render::words::{State, upper};
use stslint::senders::verdict::Standing;
use stslint::text::visible;

/// The answer, the policy with what they stumble over, and a row for each.
pub(super) fn matrix(judged: &Judged, props: &Props) -> El {
    el("div")
        .class("judged")
        .child(answer(judged, props))
        .child(el("div").class("matrix").child(table(judged, props)).child(source(
            &props.subject.source,
            judged,
            props.pointed,
        )))
        .child(notes(props))
}

fn answer(judged: &Judged, props: &Props) -> El {
    let (tone, state) = match judged.standing {
        Standing::Alike => ("good", State::Good),
        Standing::Differ => ("review", State::Review),
        Standing::Rejected if judged.is_mostly_used() => ("review", State::Review),
        Standing::Rejected => ("broken", State::Broken),
    };
    let [policy, records, hosts] = &judged.points;
    let mut first = policy.iter();
    let title = prose("h3", &sentence(first.next().map_or("", String::as_str)));
    let mut list = el("ul").class("bullets");
    for (number, point) in first.chain(records).chain(hosts).enumerate() {
        list = list.child(prose("li", &sentence(point)).number(number));
    }
    let repair = judged.repair.as_ref().map(|repair| {
        let opened = Opened {
            bytes: Some(repair.text.clone()),
            line_ends_known: props.subject.source.line_ends_known,
            settings: props.subject.settings.clone(),
            what: "the policy as more senders take it".into(),
            ..Opened::default()
        };
        let open = act(&props.dispatcher, Request::Open(opened).into());
        let label = match repair.all {
            true => "Repair it for all senders",
            false => "Repair it for more senders",
        };
        el("div")
            .child(prose("p", &repair.words))
            .child(el("div").class("buttons").child(button(label, open).class("primary")))
    });
    let words = el("div").child(title.attr("id", "senders-answer")).maybe(repair).child(list);
    el("section").class("verdict").attr("aria-labelledby", "senders-answer").child(verdict_box(
        tone,
        Some(state_icon(state)),
        words,
        false,
    ))
}

fn sentence(point: &str) -> String {
    upper(point) + "."
}

fn table(judged: &Judged, props: &Props) -> El {
    let Props { subject, .. } = props;
    let head = |words: &'static str| el("th").key(words).attr("scope", "col").text(words);
    let mut heads = el("tr")
        .child(head("Sender"))
        .child(head("Policy"))
        .child(head("Mode"))
        .child(head("Kept for"));
    if subject.records.is_some() {
        heads = heads.child(head("Record"));
    }
    for host in &subject.hosts {
        let name = el("code").words(visible(host));
        heads = heads.child(el("th").key(host).attr("scope", "col").child(name));
    }
    let mut body = el("tbody");
    for line in &judged.lines {
        body = body.child(row(line, judged.standing, props));
    }
    el("table")
        .class("data")
        .attr("data-testid", "matrix")
        .child(el("caption").class("visually-hidden").text("What each sender makes of it"))
        .child(el("thead").child(heads))
        .child(body)
}

fn row(line: &Line, standing: Standing, props: &Props) -> El {
    let cell = |label: &'static str, words: &str| {
        let cell = el("td").key(label).attr("data-label", label).flag("data-none", words == "-");
        cell.words(words.to_owned())
    };
    let name = el("th")
        .key("name")
        .attr("scope", "row")
        .set("title", line.model.about.to_owned())
        .text(line.model.name);
    let policy = match line.at {
        Some(at) => {
            let show = button("", point(Some(at), props)).class("quiet").words(line.policy.clone());
            el("td").key("Policy").attr("data-label", "Policy").child(show)
        }
        None => cell("Policy", &line.policy),
    };
    let tone = match (line.used, standing) {
        (false, _) => "error",
        // Where the standard has no policy, whoever uses it differs.
        (true, Standing::Differ) if line.differs => "warning",
        _ => "none",
    };
    let mut row = el("tr")
        .key(line.model.name)
        .attr("data-tone", tone)
        .on("mouseenter", point(line.at, props))
        .on("mouseleave", point(None, props))
        .child(name)
        .child(policy)
        .child(cell("Mode", &line.mode))
        .child(cell("Kept for", &line.kept));
    if let Some(record) = &line.record {
        row = row.child(cell("Record", record));
    }
    for (host, matches) in props.subject.hosts.iter().zip(&line.hosts) {
        let words = matches.map_or("-", |is| if is { "matches" } else { "no match" });
        row = row.child(el("td").key(host).set("data-label", visible(host)).text(words));
    }
    row
}

fn point(at: Option<usize>, props: &Props) -> Handler {
    act(&props.dispatcher, PageAction::from(Action::Point(at)))
}

fn notes(props: &Props) -> El {
    let hosts = match props.subject.hosts.is_empty() {
        true => {
            "Check the domain, and its mail servers are compared with the patterns as each sender does it."
        }
        false => "",
    };
    el("div")
        .child(el("p").class("hint").flag("hidden", hosts.is_empty()).text(hosts))
        .child(el("p").class("hint").text(
            "Each is a model of one version with the settings as they come, not the software itself. Of Google, Microsoft and others whose source is not public nothing is said.",
        ))
}

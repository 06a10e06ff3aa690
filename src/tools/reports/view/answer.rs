//! The answer: one sentence, one reason, one thing to do next.

use super::board::BoardProps;
use super::causes::{help_id, unseen};
use crate::browser;
use crate::request::Request;
use crate::ui::element::{El, button, el, handler, labelled};
use crate::ui::finding::tone;
use crate::ui::icon::state_icon;
use crate::ui::verdict::{Stage, verdict_box, way};
use crate::ui::words::prose;
use stslint::finding::Severity;
use stslint::host;
use stslint::render::aggregate::{
    Answer, answer, answer_of, coverage, groups, notes, nothing_failed,
};
use stslint::render::words::State;
use stslint::report::aggregate::{DomainTotals, Filter, Totals};
use stslint::report::readiness::{Readiness, Status};
use stslint::text::visible;

/// The answer.
pub(super) fn view(all: &Totals, ready: Option<&Readiness>, props: &BoardProps) -> El {
    let subject = props.subject(all);
    let of_domain = Filter { domain: props.filter.domain.clone(), ..Filter::default() };
    let narrowed = props.filter.of_all_sessions() != of_domain;
    let answer = match (subject, ready) {
        _ if props.read.0.aggregate.is_empty() => nothing(props),
        // Whether to enforce is a question to all reports.
        (Some(domain), _) if narrowed && domain.failures.is_empty() => Answer {
            state: State::NotLinted,
            title: match domain.untold {
                0 => "No failures in what the filter lets through.".into(),
                _ => "Whether anything failed that the filter lets through is not known.".into(),
            },
            reason: nothing_failed(domain),
        },
        (Some(domain), Some(ready)) => answer_of(domain, ready),
        _ => answer(all),
    };
    let is_ready = !narrowed && ready.is_some_and(|ready| ready.status == Status::Ready);
    let title = prose("h3", &answer.title).attr("id", "reports-answer").attr("tabindex", "-1");
    let mut words = el("div")
        .child(el("div").attr("aria-live", "polite").child(title))
        .child(prose("p", &answer.reason));
    if !props.read.0.aggregate.is_empty() {
        words = words.child(facts(all, props)).child(next(subject, all, is_ready, props));
    }
    if let Some(domain) = subject {
        let stage = if domain.failures.is_empty() { Stage::Watch } else { Stage::Fix };
        words = words.child(way(if is_ready { Stage::Enforce } else { stage }));
    }
    el("section")
        .class("verdict")
        .attr("aria-labelledby", "reports-answer")
        .attr("data-testid", "reports-answer")
        .child(verdict_box(tone(answer.state), Some(state_icon(answer.state)), words, false))
}

/// Nothing that was given is a TLS report.
fn nothing(props: &BoardProps) -> Answer {
    let read = &props.read.0;
    let files = match read.files {
        1 => "this file".to_owned(),
        number => format!("these {number} files"),
    };
    let refused = read.refused.len() as u64 + read.refused_more;
    Answer {
        state: if refused > 0 { State::Review } else { State::NotLinted },
        title: format!("No TLS report in {files}."),
        reason: match (refused, read.dmarc) {
            (0, 0) => "Nothing in them looks like one. Other texts can be linted one by one: they are listed below.".into(),
            (0, _) => "There are DMARC reports, which tell of senders that use your name; TLS reports are other files, and come to the address in the TXT record `_smtp._tls` of your domain.".into(),
            _ => "What can’t be read is listed below, with the reason.".into(),
        },
    }
}

/// What the answer covers, and how old that is.
fn facts(all: &Totals, props: &BoardProps) -> El {
    let mut words = coverage(all);
    // The ways of reporters, and what was left out, stand at the end of the page.
    let age = notes(all, Some(props.today));
    if let Some(age) = age.iter().find(|note| note.starts_with("The newest report")) {
        words.push_str(". ");
        words.push_str(age);
    }
    el("p").class("hint").attr("data-testid", "coverage").words(words)
}

/// The one thing to do next, and others.
fn next(subject: Option<&DomainTotals>, all: &Totals, is_ready: bool, props: &BoardProps) -> El {
    let buttons = el("div").class("buttons");
    let worst = all.domains.first().filter(|it| !it.failures.is_empty());
    let primary = match (subject, worst.and_then(|it| it.domain)) {
        (Some(domain), _) => {
            if is_ready {
                let show = handler(|_| browser::unfold("reports-next"));
                Some(button("Show what to publish", show))
            } else if let Some(show) = see_first(domain) {
                Some(show)
            } else {
                let before = match domain.failures.is_empty() {
                    true => "Check",
                    false => "See whether it is still so: check",
                };
                check(domain.domain, before, "", props)
            }
        }
        (None, Some(name)) => {
            let label = format!("Show what failed for {}", visible(name));
            let domain = Some(name.to_owned());
            Some(labelled(label, props.show(|filter| filter.domain = domain)))
        }
        (None, None) => None,
    };
    let back = (props.filter.domain.is_some())
        .then(|| button("Show all domains", props.show(|filter| filter.domain = None)));
    buttons.maybe(primary.map(|button| button.class("primary"))).maybe(back).child(super::more())
}

/// Leads to the way to see the newest cause, where a browser can't.
fn see_first(domain: &DomainTotals) -> Option<El> {
    let groups = groups(domain);
    unseen(groups.first()?)?;
    let show = handler(|_| browser::unfold(&help_id(0)));
    Some(button("See whether it is still so", show))
}

/// A button that checks what a report calls a domain, with words before and after its name; none where it can't be one.
pub(super) fn check(
    domain: Option<&str>,
    before: &str,
    after: &str,
    props: &BoardProps,
) -> Option<El> {
    let name = domain.filter(|name| name.contains('.') && host::is_host_name(name))?;
    let go = props.act(Request::CheckDomain(name.to_owned(), None));
    Some(labelled(format!("{before} {name}{after}"), go))
}

/// The severity that stands for failures.
pub(super) fn severity(lost: bool) -> Severity {
    if lost { Severity::Error } else { Severity::Warning }
}

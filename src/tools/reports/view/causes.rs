//! What failed, by its root: what it means, what it mostly comes from, what to do, at which mail server and when.

use super::answer::{check, severity};
use super::board::BoardProps;
use super::time::{Axis, day};
use crate::tools::reports::address::word;
use crate::ui::chart;
use crate::ui::copy_button::copied_line;
use crate::ui::element::{El, button, el};
use crate::ui::icon::severity_icon;
use crate::ui::words::{count, prose};
use std::collections::BTreeMap;
use stslint::live::check::Ask;
use stslint::policy::Mode;
use stslint::render::aggregate::{Group, advice, groups, kind, meaning, nothing_failed};
use stslint::render::live::command;
use stslint::render::report::cause;
use stslint::report::aggregate::{Day, DomainTotals, FailureTotals, Kind, Totals};
use stslint::report::{Cause, ResultType};
use stslint::text::visible;

/// Mail servers, senders, words and days of a cause that are shown.
const SERVERS: usize = 30;
const SENDERS: usize = 4;
const WORDS: usize = 3;
const ROWS: usize = 300;

/// The failures of a domain.
pub(super) fn section(
    domain: &DomainTotals,
    totals: &Totals,
    mode: Option<Mode>,
    props: &BoardProps,
) -> El {
    let name = domain.domain.map_or_else(|| "an unknown domain".to_owned(), visible);
    let title = match props.domain {
        Some(_) => el("h3").text("What failed"),
        None => prose("h3", &format!("What failed for `{}`", name.replace('`', "'"))),
    };
    let section = el("section").class("causes").attr("data-testid", "causes");
    let groups = groups(domain);
    if groups.is_empty() {
        let filtered = !props.filter.is_of_all_sessions();
        let words = match filtered {
            true => "Nothing of this kind failed. Take a filter away to see more.".to_owned(),
            false => nothing_failed(domain),
        };
        return section.child(title).child(el("p").words(words));
    }
    let mut list = el("ol").class("cards");
    for (number, group) in groups.iter().enumerate() {
        list = list.child(card(number, group, domain, totals, mode, props));
    }
    section.child(title).child(list)
}

fn card(
    number: usize,
    group: &Group,
    domain: &DomainTotals,
    totals: &Totals,
    mode: Option<Mode>,
    props: &BoardProps,
) -> El {
    let severity = severity(group.worst(mode).loses());
    let last = group.last().map(|last| format!(", last on {last}")).unwrap_or_default();
    let about = format!("{} {}{last}", group.how_many(), under(group.kind));
    let head = el("div")
        .class("cause-head")
        .child(el("h4").child(severity_icon(severity)).words(cause(group.cause).into_owned()))
        .child(el("p").class("cause-count").words(about));
    let means = format!("{} {}", meaning(group.kind, group.cause), group.meant(mode));
    let advice = advice(group, domain);
    let facts = el("dl")
        .class("facts")
        .child(el("dt").text("Means"))
        .child(el("dd").words(means))
        .child(el("dt").text("Usual cause"))
        .child(prose("dd", &advice.why))
        .child(el("dt").text("To do"))
        .child(el("dd").child(prose("strong", &advice.to_do)));
    el("li")
        .number(number)
        .class("card cause")
        .attr("data-tone", severity.word())
        .set("data-cause", word(group.cause).to_owned())
        .child(head)
        .child(facts)
        .child(said(group))
        .maybe(by_hand(number, group, domain, props))
        .child(servers(number, group, domain, totals))
        .child(by_day(group))
        .child(buttons(group, domain, props))
}

/// The command that shows failures which no browser can see.
pub(super) fn unseen(group: &Group) -> Option<String> {
    use ResultType::*;
    let is_unseen = matches!(
        group.cause,
        Cause::Known(
            StarttlsNotSupported
                | CertificateExpired
                | CertificateHostMismatch
                | CertificateNotTrusted
        )
    );
    let host = group.failures.iter().find_map(|failure| failure.mx).filter(|_| is_unseen)?;
    command(&Ask::Smtp { host: host.to_owned() })
}

/// What the help of a cause is found by.
pub(super) fn help_id(number: usize) -> String {
    format!("cause-help-{number}")
}

/// How to see with one's own eyes what a browser can't.
fn by_hand(number: usize, group: &Group, domain: &DomainTotals, props: &BoardProps) -> Option<El> {
    let line = unseen(group)?;
    let then = check(domain.domain, "Paste it: check", "", props);
    Some(
        el("details")
            .class("help")
            .set("id", help_id(number))
            .child(el("summary").text("See whether it is still so"))
            .child(el("p").text("Browsers can’t use port 25. Run this where it is not blocked, which is mostly on a server. The check of the domain has a place for what it prints, and says what that means."))
            .child(copied_line(line))
            .child(el("div").class("buttons").maybe(then)),
    )
}

/// Under what sessions are told of.
pub(super) fn under(of: Kind) -> String {
    match of {
        Kind::NoPolicy => "where no policy was found".into(),
        Kind::NoTlsa => "where no TLSA records were found".into(),
        Kind::Sts | Kind::Tlsa | Kind::Unknown => format!("under {}", kind(of)),
    }
}

/// What can be done right here.
fn buttons(group: &Group, domain: &DomainTotals, props: &BoardProps) -> El {
    use ResultType::*;
    let of_policy = matches!(
        group.cause,
        Cause::Known(StsPolicyFetchError | StsPolicyInvalid | StsWebpkiInvalid)
    );
    let before = "See what senders meet at the policy host: check";
    let check = check(domain.domain.filter(|_| of_policy), before, "", props);
    let only = (props.filter.cause.is_none()).then(|| {
        let chosen = owned(group.cause);
        let only = props.show_and_leave(|filter| filter.cause = Some(chosen));
        button("Only this cause", only).class("quiet")
    });
    el("div").class("buttons").maybe(check).maybe(only)
}

/// A cause that outlives the reports.
pub(super) fn owned(cause: &Cause) -> Cause<'static> {
    match cause {
        Cause::Known(known) => Cause::Known(*known),
        Cause::Other(name) => Cause::Other(name.to_string().into()),
        Cause::Unsaid => Cause::Unsaid,
    }
}

/// What reporters say in their own words.
fn said(group: &Group) -> El {
    let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
    for reason in group.failures.iter().flat_map(|failure| &failure.reasons) {
        let sum = reasons.entry(reason.text).or_default();
        *sum = sum.saturating_add(reason.sessions);
    }
    let mut reasons: Vec<_> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, sessions)| std::cmp::Reverse(*sessions));
    let more = reasons.len().saturating_sub(WORDS);
    let mut words = String::from("Reporters say: ");
    for (i, (text, sessions)) in reasons.iter().take(WORDS).enumerate() {
        words.push_str(if i > 0 { ", " } else { "" });
        words.push_str(&format!("“{}” ({sessions})", visible(text)));
    }
    if more > 0 {
        words.push_str(&format!(", and {}", count(more, "other thing", "other things")));
    }
    el("p").class("hint").flag("hidden", reasons.is_empty()).words(words)
}

/// Each mail server over time.
fn servers(number: usize, group: &Group, domain: &DomainTotals, totals: &Totals) -> El {
    let mut servers: Vec<(Option<&str>, Vec<&FailureTotals>)> = Vec::new();
    for failure in &group.failures {
        match servers.iter_mut().find(|(mx, _)| *mx == failure.mx) {
            Some((_, failures)) => failures.push(failure),
            None => servers.push((failure.mx, vec![failure])),
        }
    }
    let axis = Axis::of(domain.first.or(totals.first), domain.last.or(totals.last));
    let mut body = el("tbody");
    for (row, (mx, failures)) in servers.iter().enumerate().take(SERVERS) {
        let mx = match mx {
            Some(mx) => el("th").attr("scope", "row").child(el("code").words(visible(mx))),
            None => el("th").attr("scope", "row").class("hint").text("not told"),
        };
        let sum = failures.iter().filter_map(|it| it.sessions).fold(0, u64::saturating_add);
        let known = failures.iter().any(|it| it.sessions.is_some());
        let days = failures.iter().flat_map(|it| it.days.iter().copied());
        let values = axis.sums(days);
        let (first, last) = (
            failures.iter().filter_map(|it| it.first()).min(),
            failures.iter().filter_map(|it| it.last()).max(),
        );
        let about = format!("Failed sessions {}; the days stand in the table below", axis.words());
        // Several domains may be shown, each with cards of its own.
        let id = format!("spark-{}-{number}-{row}", domain.domain.unwrap_or_default());
        let cell = |label: &'static str| el("td").attr("data-label", label);
        let times = match (first, last) {
            (Some(first), Some(last)) if first != last => format!("{first} to {last}"),
            (first, _) => day(first),
        };
        body = body.child(
            el("tr")
                .number(row)
                .child(mx)
                .child(cell("Sessions").class("number").words(if known {
                    sum.to_string()
                } else {
                    "not said".into()
                }))
                .child(cell("Over time").child(chart::small(&id, &about, &values)))
                .child(cell("When").words(times))
                .child(cell("Reported by").words(senders(failures))),
        );
    }
    let more = servers.len().saturating_sub(SERVERS);
    el("div")
        .child(
            el("table")
                .class("data")
                .child(el("caption").class("visually-hidden").text("By mail server"))
                .child(head(&["Mail server", "Sessions", "Over time", "When", "Reported by"]))
                .child(body),
        )
        .child(and(more, "more server", "more servers"))
}

fn senders(failures: &[&FailureTotals]) -> String {
    let mut senders: BTreeMap<Option<&str>, u64> = BTreeMap::new();
    for failure in failures {
        let sum = senders.entry(failure.sender).or_default();
        *sum = sum.saturating_add(failure.sessions.unwrap_or(0));
    }
    let mut senders: Vec<_> = senders.into_iter().collect();
    senders.sort_by_key(|(_, sessions)| std::cmp::Reverse(*sessions));
    let name = |(name, sessions): &(Option<&str>, u64)| {
        format!("{} ({sessions})", name.map_or_else(|| "an unknown one".into(), visible))
    };
    let mut words: Vec<String> = senders.iter().take(SENDERS).map(name).collect();
    if senders.len() > SENDERS {
        words.push(format!("{} more", senders.len() - SENDERS));
    }
    words.join(", ")
}

/// The same as the small charts, as a table: by day, mail server, sender and sending address.
fn by_day(group: &Group) -> El {
    let mut rows: Vec<(Day, &FailureTotals, u64)> = (group.failures.iter())
        .flat_map(|failure| failure.days.iter().map(|(day, sessions)| (*day, *failure, *sessions)))
        .collect();
    rows.sort_by_key(|(day, ..)| std::cmp::Reverse(*day));
    let mut body = el("tbody");
    for (number, (day, failure, sessions)) in rows.iter().take(ROWS).enumerate() {
        let cell =
            |label: &'static str, words: String| el("td").attr("data-label", label).words(words);
        let text = |text: Option<&str>| text.map_or_else(|| "not told".into(), visible);
        body = body.child(
            el("tr")
                .number(number)
                .child(el("th").attr("scope", "row").words(day.to_string()))
                .child(cell("Mail server", text(failure.mx)))
                .child(cell("Reported by", text(failure.sender)))
                .child(cell("Sessions", sessions.to_string()).class("number")),
        );
    }
    let more = rows.len().saturating_sub(ROWS);
    el("details")
        .class("equal")
        .flag("hidden", rows.is_empty())
        .child(el("summary").text("By day, as a table"))
        .child(
            el("table")
                .class("data")
                .child(el("caption").class("visually-hidden").text("Failed sessions by day"))
                .child(head(&["Day", "Mail server", "Reported by", "Sessions"]))
                .child(body),
        )
        .child(el("p").class("hint").flag("hidden", more == 0).words(format!(
            "And {} of earlier days: they are in the files to save.",
            count(more, "row", "rows")
        )))
}

/// How many more there are than are shown.
pub(super) fn and(more: usize, one: &str, many: &str) -> El {
    let words = format!("And {}.", count(more, one, many));
    el("p").class("hint").flag("hidden", more == 0).words(words)
}

/// The heads of columns.
pub(super) fn head(titles: &[&'static str]) -> El {
    let mut row = el("tr");
    for title in titles {
        let numeric = matches!(*title, "Sessions" | "Reports" | "Failed" | "Kept to the policy");
        let cell = el("th").key(title).attr("scope", "col").text(title);
        row = row.child(if numeric { cell.class("number") } else { cell });
    }
    el("thead").child(row)
}

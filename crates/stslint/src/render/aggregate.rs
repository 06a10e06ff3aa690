//! Many reports taken together, in words: for a terminal, as Markdown, as a table of rows.

mod advice;
mod answer;
mod csv;
mod markdown;
mod seen;

pub use advice::{Advice, advice};
pub use answer::{Answer, answer, answer_of, meaning, promoted};
pub use csv::{HEAD as CSV_HEAD, row as csv_row};
pub use markdown::markdown;
pub use seen::{compared, difference, seen_by, short};

use super::readiness;
use super::report::{cause, how_many};
use super::words::{count, upper};
use crate::policy::Mode;
use crate::report::aggregate::{
    Day, DomainTotals, FailureTotals, Kind, ModeSeen, SenderTotals, Totals,
};
use crate::report::newest::missed;
use crate::report::readiness::Readiness;
use crate::report::{Cause, Effect, ResultType, effect};
use crate::text::visible;
use std::collections::{BTreeMap, BTreeSet};

/// So many names are told of a list.
const MOST_NAMES: usize = 5;

/// What people call a kind of policy.
pub const fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Sts => "MTA-STS",
        Kind::Tlsa => "DANE",
        Kind::NoPolicy => "no policy found",
        Kind::NoTlsa => "no DANE found",
        Kind::Unknown => "an unknown kind of policy",
    }
}

/// The usual cause on the side of who receives the mail, and how to see it, in a sentence or two. With DANE it is the TLSA record that
/// tells which certificate is good: under usage 3 neither authorities nor dates nor names count (RFC 7671 §5.1).
pub(super) const fn usual_cause(under: Kind, cause: &Cause) -> &'static str {
    use ResultType::*;
    match cause {
        Cause::Known(CertificateHostMismatch) if matches!(under, Kind::Tlsa) => {
            "Mostly a TLSA record of usage 2, which takes a certificate for the name of the MX record. Look at the names in \
             it: openssl s_client -starttls smtp -connect HOST:25."
        }
        Cause::Known(CertificateExpired) if matches!(under, Kind::Tlsa) => {
            "Mostly a TLSA record of usage 2, which takes a certificate whose time is not over, and a renewal that the mail \
             server did not load. Look at the dates in the certificate that it shows."
        }
        Cause::Known(CertificateNotTrusted) if matches!(under, Kind::Tlsa) => {
            "Mostly a TLSA record that fits another certificate, or one of an authority (usage 2) whose certificate is not \
             sent along. openssl s_client -showcerts shows what is sent."
        }
        Cause::Known(ValidationFailure) if matches!(under, Kind::Tlsa) => {
            "Often TLSA records that do not fit the certificate, or that are not well-formed. Compare the records with the \
             certificate that the server shows."
        }
        Cause::Known(ValidationFailure) if !matches!(under, Kind::Sts) => {
            "Senders use this where no other type fits. Try STARTTLS from outside: openssl s_client -starttls smtp -connect \
             HOST:25."
        }
        Cause::Known(StarttlsNotSupported) => {
            "Mostly a server without TLS, or a firewall between. Connect to port 25 from outside and look for STARTTLS \
             in the answer to EHLO."
        }
        Cause::Known(CertificateHostMismatch) => {
            "Mostly a certificate for another name than the MX record has. Look at the names in it: openssl s_client \
             -starttls smtp -connect HOST:25."
        }
        Cause::Known(CertificateExpired) => {
            "Mostly a renewal that the mail server did not load. Look at the dates in the certificate that it shows, not \
             at those in the file."
        }
        Cause::Known(CertificateNotTrusted) => {
            "Mostly a chain without its intermediate certificates, or a certificate of your own making. openssl s_client \
             -showcerts shows what is sent."
        }
        Cause::Known(ValidationFailure) => {
            "Often a mail server that no mx line of the policy covers. Match your MX records with the policy."
        }
        Cause::Known(TlsaInvalid) => {
            "Mostly a new key whose TLSA record was not published before. Compare the record with the certificate."
        }
        Cause::Known(DnssecInvalid) => {
            "Mostly signatures that ran out, or a DS record of an old key. Ask a resolver that validates."
        }
        Cause::Known(DaneRequired) => "The sender demands DANE for you, and found no TLSA records.",
        Cause::Known(StsPolicyFetchError) => {
            "Mostly the policy host: a redirect, an error, a bot check, no answer. Check the domain live to see it."
        }
        Cause::Known(StsPolicyInvalid) => {
            "A line of the policy that some senders do not accept. Lint the policy as it is served."
        }
        Cause::Known(StsWebpkiInvalid) => {
            "The certificate of the policy host ran out, is for another name, or comes without its intermediate certificate. A \
             browser hides the last: check the domain live, or look with openssl s_client -showcerts -connect \
             mta-sts.DOMAIN:443."
        }
        Cause::Other(_) => "Nobody but the reporter knows what it counts under that name.",
        Cause::Unsaid => "The reporter gives a number and no reason.",
    }
}

/// A line about what the reports cover: how many, of whom, of which time.
pub fn coverage(totals: &Totals) -> String {
    if totals.reports == 0 {
        return "No reports, so what senders met is not known.".into();
    }
    let mut out = count(totals.reports, "report", "reports");
    if !totals.senders.is_empty() {
        out.push_str(" by ");
        out.push_str(&names(totals.senders.iter().map(|sender| sender.name), str::to_owned));
    }
    out.push_str(&period(totals.first, totals.last));
    out
}

/// What else there is to know of the reports themselves: copies, age, what was left out. `today` is the day on which
/// somebody reads it.
pub fn notes(totals: &Totals, today: Option<Day>) -> Vec<String> {
    let mut out = Vec::new();
    if totals.duplicates > 0 {
        out.push(format!(
            "{} once.",
            count(
                totals.duplicates,
                "report came again and counts",
                "reports came again and count"
            )
        ));
    }
    if totals.left_out > 0 {
        let reports = count(totals.left_out, "report is", "reports are");
        out.push(format!(
            "{reports} left out: there is too much to keep, and older ones go first."
        ));
    }
    if totals.policies_left_out > 0 {
        let policies = count(totals.policies_left_out, "policy", "policies");
        out.push(format!("{policies} left out, of reports with more than a thousand."));
    }
    out.extend(bare(totals.bare));
    if let (Some(last), Some(today)) = (totals.until, today) {
        out.push(match today.since(last) {
            ..0 => "The newest report is of a day to come.".into(),
            0 => "The newest report is of today.".into(),
            days => {
                format!("The newest report is {} old.", count(days.unsigned_abs(), "day", "days"))
            }
        });
    }
    out.extend(totals.senders.iter().filter_map(habits));
    out.extend(told_twice(totals));
    out
}

/// That so many reports tell of no policy; none where all do.
pub fn bare(reports: u64) -> Option<String> {
    let tell = count(reports, "report tells", "reports tell");
    (reports > 0).then(|| format!("{tell} of no policy, so nothing is known of sessions."))
}

/// That there are so many reports of days before those that are asked for, the newest of one day.
pub fn earlier(reports: u64, last: Day) -> String {
    let are = count(reports, "report is", "reports are");
    format!("{are} of earlier days, the newest of {last}.")
}

/// That there are so many reports about other domains than the one that is asked for: these, as far as they are given.
pub fn elsewhere<'a>(reports: u64, domains: impl Iterator<Item = &'a str>) -> String {
    let are = count(reports, "report is", "reports are");
    let domains = names(domains.map(Some), code);
    match domains.is_empty() {
        true => format!("{are} about other domains."),
        false => format!("{are} about other domains, such as {domains}."),
    }
}

/// The ways of a sender, in a sentence; none where its reports are as the RFC has them.
pub fn habits(sender: &SenderTotals) -> Option<String> {
    let habit = |habit: &crate::report::aggregate::Habit| {
        let rules = crate::report::RULES.iter().flat_map(|rules| rules.iter());
        let rule = rules.into_iter().find(|rule| rule.code == habit.code);
        let extent =
            if habit.reports == sender.reports { "all".into() } else { habit.reports.to_string() };
        match rule {
            Some(rule) => format!("{} ({extent}, {})", rule.name.replace('-', " "), rule.code),
            // From a link of another version, or of somebody's making.
            None => format!("{} ({extent})", visible(habit.code)),
        }
    };
    let habits: Vec<String> = sender.habits.iter().map(habit).collect();
    (!habits.is_empty()).then(|| {
        let reports = count(sender.reports, "report", "reports");
        format!("Habits of {} in {reports}: {}.", name(sender.name), habits.join(", "))
    })
}

/// That Microsoft tells of one session under MTA-STS and again under DANE, where it does.
fn told_twice(totals: &Totals) -> Option<String> {
    let is_theirs = |sender: &SenderTotals| {
        sender.name.is_some_and(|name| name.to_ascii_lowercase().contains("microsoft"))
    };
    let both = totals.domains.iter().any(|domain| {
        let has = |kind| domain.kinds.iter().any(|of| of.kind == kind);
        has(Kind::Sts) && has(Kind::Tlsa) && domain.senders.iter().any(is_theirs)
    });
    let words = "Microsoft tells of the same sessions under MTA-STS and under DANE: they are not twice as many.";
    both.then(|| words.into())
}

/// Sessions of a domain, a line for each kind of policy. They are not added up: a reporter may tell of one session under
/// several.
pub fn sessions(domain: &DomainTotals) -> Vec<String> {
    let line = |of: &crate::report::aggregate::KindTotals| {
        format!(
            "{}: {} went well, {} wrong",
            kind(of.kind),
            counted(of.success, of.success_unread),
            wrong(of.failure, of.unread)
        )
    };
    domain.kinds.iter().map(line).collect()
}

/// How many sessions; `unread` tells how many numbers of them are not known.
pub fn counted(known: u64, unread: u64) -> String {
    match (known, unread) {
        (_, 0) => how_many(Some(known)),
        (0, _) => how_many(None),
        _ => format!("at least {}", how_many(Some(known))),
    }
}

/// How many sessions failed, where some reports have no number that can be read.
pub fn wrong(failure: u64, unread: u64) -> String {
    match (failure, unread) {
        (_, 0) => failure.to_string(),
        (0, _) => "an unknown number".into(),
        _ => format!("at least {failure}"),
    }
}

/// Failures with one root: one cause under one kind of policy.
pub struct Group<'t, 'a> {
    /// The kind of policy.
    pub kind: Kind,
    /// What failed.
    pub cause: &'t Cause<'a>,
    /// Where and who, those with most sessions first.
    pub failures: Vec<&'t FailureTotals<'a>>,
}

impl Group<'_, '_> {
    /// How many sessions.
    pub fn sessions(&self) -> u64 {
        let sessions = self.failures.iter().map(|failure| failure.sessions.unwrap_or(0));
        sessions.fold(0, u64::saturating_add)
    }

    /// The same in words.
    pub fn how_many(&self) -> String {
        let unread = self.failures.iter().filter(|failure| failure.sessions.is_none()).count();
        counted(self.sessions(), unread as u64)
    }

    /// The last day.
    pub fn last(&self) -> Option<Day> {
        self.failures.iter().filter_map(|failure| failure.last()).max()
    }

    /// What the newest of these failures meant, the worst of its day. `mode` is that of the domain, for reports that have
    /// no policy.
    pub fn effect(&self, mode: Option<Mode>) -> Effect {
        let newest = self.modes().map(|seen| seen.last).max();
        let modes = self.modes().filter(|seen| Some(seen.last) == newest);
        modes.map(|seen| self.under(seen.mode.or(mode))).min().unwrap_or_else(|| self.under(mode))
    }

    /// That effect as a sentence.
    pub fn meant(&self, mode: Option<Mode>) -> String {
        upper(self.effect(mode).words()) + "."
    }

    /// The worst that any of these failures meant, likewise.
    pub fn worst(&self, mode: Option<Mode>) -> Effect {
        let effects = self.modes().map(|seen| self.under(seen.mode.or(mode)));
        effects.min().unwrap_or_else(|| self.under(mode))
    }

    fn modes(&self) -> impl Iterator<Item = &ModeSeen> {
        self.failures.iter().flat_map(|failure| &failure.modes)
    }

    fn under(&self, mode: Option<Mode>) -> Effect {
        effect(self.kind, self.cause, mode)
    }
}

/// The failures of a domain by their root, the newest first.
pub fn groups<'t, 'a>(domain: &'t DomainTotals<'a>) -> Vec<Group<'t, 'a>> {
    let mut groups: Vec<Group> = Vec::new();
    let mut places = BTreeMap::new();
    for failure in &domain.failures {
        let (kind, cause) = (failure.kind, &failure.cause);
        let at = *places.entry((kind, cause)).or_insert_with(|| {
            groups.push(Group { kind, cause, failures: Vec::new() });
            groups.len() - 1
        });
        groups[at].failures.push(failure);
    }
    groups.sort_by_key(|group| std::cmp::Reverse((group.last(), group.sessions())));
    groups
}

/// The whole for a terminal: domains with failures first, failures only. `ready` says of domains whether they can be enforced,
/// `today` is the day on which somebody reads it.
pub fn text(totals: &Totals, ready: &BTreeMap<&str, Readiness>, today: Option<Day>) -> String {
    let mut out = format!("{}\n", coverage(totals));
    for note in notes(totals, today) {
        out.push_str(&note);
        out.push('\n');
    }
    for domain in &totals.domains {
        out.push_str(&format!("\n{}\n", name(domain.domain)));
        for line in summary(domain, ready) {
            out.push_str(&format!("  {line}\n"));
        }
        if domain.failures.is_empty() {
            out.push_str(&format!("  {}\n", nothing_failed(domain)));
        }
        let mode = mode_of(domain, ready);
        for group in groups(domain) {
            let (what, under) = (cause(group.cause), kind(group.kind));
            out.push_str(&format!("  {what} ({under}): {}\n", group.how_many()));
            for failure in &group.failures {
                out.push_str(&format!("    {}\n", line(failure)));
            }
            let Advice { why, to_do } = advice(&group, domain);
            let meant = group.meant(mode);
            out.push_str(&format!("    {meant}\n    {why}\n    {to_do}\n"));
        }
    }
    out
}

/// What there is to know of a domain before its failures: sessions, whether mail is lost, whether it can be enforced, who finds no policy.
pub(in crate::render) fn summary(
    domain: &DomainTotals,
    ready: &BTreeMap<&str, Readiness>,
) -> Vec<String> {
    let mut out = sessions(domain);
    out.extend(lost(domain, mode_of(domain, ready)));
    out.extend(ready_of(domain, ready));
    let found = domain.kinds.iter().any(|of| of.kind == Kind::Sts);
    out.extend(readiness::finds_none(&missed(domain), found));
    out
}

/// The mode of a domain, as far as anybody knows.
fn mode_of(domain: &DomainTotals, ready: &BTreeMap<&str, Readiness>) -> Option<Mode> {
    domain.domain.and_then(|name| ready.get(name)?.mode)
}

/// That failures keep mail away, and until when; none where they do not. What stands in the way of a step is nothing beside that.
fn lost(domain: &DomainTotals, mode: Option<Mode>) -> Option<String> {
    let groups = groups(domain);
    let lost: Vec<_> = groups.iter().filter(|group| group.worst(mode).loses()).collect();
    let worst = lost.iter().map(|group| group.worst(mode)).min()?;
    let last = lost.iter().filter_map(|group| group.last()).max();
    let last = last.map(|last| format!(", last on {last}")).unwrap_or_default();
    Some(format!("Mail was kept away{last}: {}. First see to it that this is over.", worst.words()))
}

/// Whether a domain can be enforced, in lines; none where nobody asked, or no report tells of MTA-STS.
fn ready_of(domain: &DomainTotals, ready: &BTreeMap<&str, Readiness>) -> Vec<String> {
    domain.domain.and_then(|name| ready.get(name)).map_or_else(Vec::new, readiness::short)
}

/// That nothing failed, with what that rests on; or that nobody knows, where a report has no number of failed sessions.
pub fn nothing_failed(domain: &DomainTotals) -> String {
    let senders = names(domain.senders.iter().map(|sender| sender.name), str::to_owned);
    let days = period(domain.first, domain.last);
    let reports = these(domain);
    match untold(domain.untold) {
        None => {
            let end = full_stop(&days, &senders);
            format!(
                "No failures in {reports} by {senders}{days}{end} What others met is not known."
            )
        }
        Some(untold) => {
            let end = full_stop(&days, &senders);
            format!("{untold} No failure is told of in {reports} by {senders}{days}{end}")
        }
    }
}

/// The end of a sentence, unless it is there: names such as “Google Inc.” have it.
fn full_stop(days: &str, senders: &str) -> &'static str {
    if days.is_empty() && senders.ends_with('.') { "" } else { "." }
}

/// The reports of a domain.
fn these(domain: &DomainTotals) -> String {
    match domain.reports {
        1 => "this 1 report".into(),
        number => format!("these {number} reports"),
    }
}

/// That so many reports do not tell whether sessions failed; none where all do.
pub fn untold(reports: u64) -> Option<String> {
    (reports > 0).then(|| {
        let tell = count(reports, "report does", "reports do");
        format!(
            "{tell} not tell how many sessions failed: there is no number that can be read, and unknown is not zero."
        )
    })
}

/// A failure in a line: how many sessions, where, who says so, when.
pub fn line(failure: &FailureTotals) -> String {
    let mut out = how_many(failure.sessions);
    if let Some(mx) = failure.mx {
        out.push_str(&format!(" at {}", visible(mx)));
    }
    if !failure.servers.is_empty() {
        let servers = failure.servers.iter().map(|server| Some(server.address));
        out.push_str(&format!(" ({})", names(servers, str::to_owned)));
    }
    out.push_str(&format!(", reported by {}", name(failure.sender)));
    out.push_str(&period(failure.first(), failure.last()));
    if !failure.addresses.is_empty() {
        let addresses = failure.addresses.iter().map(|address| Some(address.address));
        let addresses = names(addresses, str::to_owned);
        out.push_str(&format!(", from {addresses}"));
    }
    if let Some(reason) = failure.reasons.first() {
        let more = match failure.reasons.len() - 1 {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        out.push_str(&format!(" (“{}”{more})", visible(reason.text)));
    }
    out
}

/// A time as the end of a sentence.
pub(super) fn period(first: Option<Day>, last: Option<Day>) -> String {
    match (first, last) {
        (Some(first), Some(last)) if first != last => format!(", {first} to {last}"),
        (Some(day), _) => format!(", {day}"),
        _ => String::new(),
    }
}

/// A name from outside made visible, or that there is none.
pub(super) fn name(name: Option<&str>) -> String {
    name.map_or_else(|| "an unknown one".into(), visible)
}

/// Text from outside between backticks, which it cannot close.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}

/// The first names of a list, each once and written in a form.
pub(super) fn names<'a>(
    all: impl Iterator<Item = Option<&'a str>>,
    form: fn(&str) -> String,
) -> String {
    let mut seen = BTreeSet::new();
    let all: Vec<_> = all.filter(|name| seen.insert(*name)).collect();
    let mut told: Vec<String> = all.iter().take(MOST_NAMES).map(|one| form(&name(*one))).collect();
    if all.len() > told.len() {
        told.push(format!("{} more", all.len() - told.len()));
    }
    told.join(", ")
}

//! The verdict in words.

use super::report::policy_type;
use crate::finding::Severity;
use crate::input::Form;
use crate::policy::Mode;
use crate::report::{self, Effect, PolicyType, Sessions};
use crate::text::visible;
use crate::{Artefact, Input, Kind, Parsed, Report, carve, detect, strange};

/// What to tell a person first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// The state, for colour and icon.
    pub state: State,
    /// One sentence: will senders use it?
    pub title: String,
    /// What it means for mail, and what to do next.
    pub next: String,
}

/// The overall state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing above advice.
    Good,
    /// Recognised, not linted.
    NotLinted,
    /// Usable, but with warnings or outside the grammar.
    Review,
    /// Senders will not use it.
    Broken,
}

/// The verdict of a report in words, made from its findings only.
pub fn headline(input: &Input, report: &Report) -> Headline {
    match &report.artefacts[..] {
        [] => {
            not_linted("Nothing to lint.", "Paste a policy, a record or the output of dig or curl.")
        }
        [one] => artefact_headline(input, report.form, one),
        // The assessment of a live check tells of the records and the policy in it as well.
        [live, ..] if live.kind == Kind::Live => artefact_headline(input, report.form, live),
        _ => joined(input, report),
    }
}

/// The verdict of one artefact of a report.
pub fn artefact_headline(input: &Input, form: Form, artefact: &Artefact) -> Headline {
    match artefact.kind {
        Kind::Domain => not_linted(
            match artefact.parsed {
                Parsed::Domain(_) => "A domain name: nothing to lint in it.",
                _ => "A list of domain names: nothing to lint in it.",
            },
            "To have it checked, look it up: the page does, and so does `stslint check`.",
        ),
        Kind::Live => match &artefact.parsed {
            Parsed::Live(assessment) => super::live::headline(assessment),
            _ => not_linted(
                "These are not the facts of a live check.",
                "Nothing in them was checked.",
            ),
        },
        Kind::Report if artefact.verdict().is_some() => tls_report(artefact),
        Kind::Report if form == Form::Gzip => not_linted(
            "Compressed data: not read.",
            "Unpack the file, for example with gunzip, and lint what comes out.",
        ),
        Kind::Report => not_linted(
            "A TLS report: not read here yet.",
            "Nothing in it was checked. The stslint command reads it: stslint lint report.json.gz",
        ),
        Kind::Unknown => unknown(input.source),
        Kind::Policy if artefact.verdict().is_none() => not_linted(
            "The headers of an answer: no policy was seen.",
            "The policy is what follows them. Paste the whole answer, as curl -i prints it.",
        ),
        _ if artefact.verdict().is_none() => not_linted(
            "The look-up failed: nothing is known about this record.",
            "A resolver that cannot answer says nothing about what you published. Ask again, or ask \
             another resolver, and paste that answer.",
        ),
        _ => text_headline(input, form, artefact),
    }
}

/// What to do with a text that is nothing, or nothing yet.
fn unknown(source: &[u8]) -> Headline {
    if str::from_utf8(source).is_ok_and(detect::is_domain_being_typed) {
        return not_linted(
            "A domain, such as example.com?",
            "A whole one has a dot in it. If it is something else, say what: with “Read as” on the page, \
             with --kind in the command.",
        );
    }
    if is_alias(&String::from_utf8_lossy(source)) {
        return not_linted(
            "This points to another name (CNAME).",
            "That is fine as long as the record is there. To see whether it does, check the domain: the page does, \
             and so does `stslint check`.",
        );
    }
    if carve::attachment(source).is_some() {
        return not_linted(
            "A mail with a packed TLS report: the report was not read here.",
            "Save the attachment from your mail program and open the file. The stslint command reads the mail as it is.",
        );
    }
    if let Some(look) = strange::look(source) {
        return not_linted(&format!("{}: nothing in it to lint.", look.name), look.next);
    }
    not_linted(
        "stslint can't tell what this is.",
        "It reads MTA-STS policies, _mta-sts and _smtp._tls records, what dig and curl print of them, TLS \
         reports, and domains. If this is one of them, say which: with “Read as” on the page, with --kind in \
         the command.",
    )
}

/// Whether a text says that one of the names with records is an alias.
fn is_alias(text: &str) -> bool {
    let mut lines = text.lines().take(100);
    lines.any(|line| {
        let is_ours = |word: &str| {
            let word = word.to_ascii_lowercase();
            word.starts_with("_mta-sts") || word.starts_with("_smtp._tls")
        };
        line.split_whitespace().any(|word| word.eq_ignore_ascii_case("cname"))
            && line.split_whitespace().any(is_ours)
    })
}

/// The verdict of a policy or record.
pub(crate) fn text_headline(input: &Input, form: Form, artefact: &Artefact) -> Headline {
    match artefact.kind {
        Kind::RptTxt => rpt_record(form, artefact),
        Kind::StsTxt => sts_record(form, artefact),
        _ => policy(input, form, artefact),
    }
}

/// What a report says about the reader's mail (RFC 8460 §4.2).
fn tls_report(artefact: &Artefact) -> Headline {
    let Parsed::Report(values) = &artefact.parsed else {
        return not_linted("A TLS report: not read.", "");
    };
    let told = sessions(values);
    let Standing::Unusable = standing(artefact) else { return told };
    let fault = "That is a fault of the reporter's and says nothing about your mail.";
    // What can be read is said all the same.
    let (title, next) = match told.state {
        State::Review => (
            told.title,
            format!(
                "{} The report itself is not as it should be, which is a fault of the reporter's.",
                told.next
            ),
        ),
        _ => (
            "This report is not as it should be.".into(),
            format!("Software that reads reports may reject it. {fault}"),
        ),
    };
    Headline { state: State::Broken, title, next }
}

/// How the sessions of a report went.
fn sessions(values: &report::Values) -> Headline {
    let who = values.organization.as_deref().map_or("an unnamed reporter".into(), visible);
    // A session may be told of under each kind of policy: there is no sum over them.
    let kinds: Vec<&Sessions> = values.kinds.iter().filter(|kind| kind.all() > 0).collect();
    let each = |words: fn(&Sessions) -> String| {
        let words =
            |kind: &&Sessions| format!("{} with {}", words(kind), policy_type(kind.policy_type));
        kinds.iter().map(words).collect::<Vec<_>>().join(", ")
    };
    if kinds.iter().any(|kind| kind.failure.unwrap_or(0) > 0) {
        let of = |kind: &Sessions| format!("{} of {}", kind.failure.unwrap_or(0), kind.all());
        return Headline {
            state: State::Review,
            title: match &kinds[..] {
                [one] if one.all() == 1 => format!("The one session from {who} failed."),
                [one] => format!("{} sessions from {who} failed.", of(one)),
                _ => format!("Sessions from {who} failed: {}.", each(of)),
            },
            next: values.effects.iter().map(|effect| meant(*effect)).collect::<Vec<_>>().join(" "),
        };
    }
    if kinds.is_empty() {
        return not_linted(
            &format!("This report from {who} tells of no sessions."),
            "So it does not show whether mail reaches your servers.",
        );
    }
    Headline {
        state: State::Good,
        title: match &kinds[..] {
            [one] if one.all() == 1 => format!("The one session from {who} went well."),
            [one] => format!("All {} sessions from {who} went well.", one.all()),
            _ => format!(
                "All sessions from {who} went well: {}.",
                each(|kind| kind.all().to_string())
            ),
        },
        next: promised(&kinds).into(),
    }
}

/// What failures meant for mail, and what to do.
const fn meant(effect: Effect) -> &'static str {
    match effect {
        Effect::Dane => {
            "DANE defers such mail, whatever the mode of your MTA-STS policy. Repair the causes now."
        }
        Effect::Enforced => {
            "The policy that this sender had was in mode enforce, so that mail waits or bounces. Repair the causes now."
        }
        Effect::NotFetched => {
            "A sender that could not get your policy and has no copy of it delivered as if you had none."
        }
        Effect::NoPolicy => {
            "This sender found no policy, so nothing was promised, and mail went on."
        }
        Effect::OptedOut => {
            "The policy that this sender had was in mode none, so mail went on as if there were none."
        }
        Effect::Testing => {
            "The policy that this sender had was in mode testing, so mail was delivered all the same. Repair the \
             causes before you enforce."
        }
        Effect::Unknown => {
            "With an enforced policy such mail waits or bounces. Repair the causes before you enforce."
        }
    }
}

/// What it means that all sessions went well.
fn promised(kinds: &[&Sessions]) -> &'static str {
    let none = |kind: &&&Sessions| kind.policy_type == Some(PolicyType::NoPolicyFound);
    match kinds.iter().filter(none).count() {
        0 => "This sender reaches your servers as your policy promises.",
        all if all == kinds.len() => {
            "But this sender found no policy, so it asked for nothing: mail would have gone on without TLS, too."
        }
        _ => {
            "Where it found a policy, this sender reaches your servers as that promises; where it found none, it asked \
             for nothing."
        }
    }
}

fn not_linted(title: &str, next: &str) -> Headline {
    Headline { state: State::NotLinted, title: title.into(), next: next.into() }
}

/// What the verdict and the worst severity of an artefact come to.
enum Standing {
    /// Senders reject or ignore it.
    Unusable,
    /// Usable, but outside the grammar.
    Loose,
    /// Usable and within the grammar, with warnings.
    Doubtful,
    /// Nothing above advice.
    Clean,
}

fn standing(artefact: &Artefact) -> Standing {
    let verdict = crate::finding::Verdict::of(&artefact.findings);
    let worst = artefact.findings.iter().map(|finding| finding.rule.severity).min();
    if !verdict.usable {
        Standing::Unusable
    } else if !verdict.conformant {
        Standing::Loose
    } else if worst.is_some_and(|worst| worst <= Severity::Warning) {
        Standing::Doubtful
    } else {
        Standing::Clean
    }
}

fn policy(input: &Input, form: Form, artefact: &Artefact) -> Headline {
    let (state, title, next) = match standing(artefact) {
        Standing::Unusable => (
            State::Broken,
            "Mail servers that follow the standard will ignore this policy.",
            "Repair the errors first. Until then mail still arrives, but without this protection. A few servers use \
             what they can read, or an earlier copy, and may hold mail back.",
        ),
        Standing::Loose => (
            State::Review,
            "Most senders accept this policy, strict ones reject it.",
            "Correct what is not written as it should be, so that every sender protects your mail.",
        ),
        Standing::Doubtful => (
            State::Review,
            "Senders can use this policy, but not all of it is as it should be.",
            "Look at the warnings before you publish it.",
        ),
        Standing::Clean => {
            let (title, next) = clean_policy(form, artefact);
            (State::Good, title, next)
        }
    };
    let mut next = String::from(next);
    if !input.line_ends_known && state == State::Good {
        next.push_str(" Line ends can't be seen in pasted text and were not checked.");
    }
    Headline { state, title: title.into(), next }
}

/// RFC 8461 §5 for the effect of each mode, §8.3 for taking a policy back.
fn clean_policy(form: Form, artefact: &Artefact) -> (&'static str, &'static str) {
    let mode = match &artefact.parsed {
        Parsed::Policy(values) => values.mode,
        _ => None,
    };
    match mode {
        Some(Mode::Enforce) if form == Form::HttpResponse => (
            "The answer is right: senders that fetch this policy will enforce it.",
            "Every line was checked against RFC 8461, status and Content-Type too. The answer can't \
             show whether all your MX hosts are covered and have valid certificates, whether the \
             certificate of your policy host is valid, and whether the _mta-sts record announces the \
             policy. A host that fails gets no mail from these senders.",
        ),
        Some(Mode::Enforce) => (
            "The text is right: senders that fetch this policy will enforce it.",
            "Every line was checked against RFC 8461. The text can't show whether all your MX hosts \
             are covered and have valid certificates, whether your policy host serves this file, and \
             whether the _mta-sts record announces it. Check these before you publish: a host that \
             fails gets no mail from these senders.",
        ),
        Some(Mode::Testing) => (
            "The text is right: senders that fetch this policy will report failures and deliver anyway.",
            "In testing mode nothing is protected yet. Publish an _smtp._tls record to get the reports, \
             and switch to enforce when they have shown no failures on your side for two to four weeks.",
        ),
        Some(Mode::None) => (
            "The text is right: it tells senders to treat your domain as one without a policy.",
            "If you are removing MTA-STS, keep this file and the _mta-sts record published until the \
             longest max_age that you ever served has passed since it was last served. Only then \
             remove them.",
        ),
        None => ("No problem found in this policy.", "Every line was checked against RFC 8461."),
    }
}

/// RFC 8461 §3.1: a record that is not valid means that no policy is looked for; a policy in a
/// sender's cache stays.
fn sts_record(form: Form, artefact: &Artefact) -> Headline {
    let (state, title, next) = match standing(artefact) {
        Standing::Unusable => (
            State::Broken,
            "Mail servers that follow the standard will ignore this record.",
            "Repair the errors first. Until then senders act as if you had no policy, but for those that still hold \
             a copy of it.",
        ),
        Standing::Loose => (
            State::Review,
            "Most senders accept this record, strict ones ignore it.",
            "Correct what is not written as it should be, so that every sender finds your policy.",
        ),
        Standing::Doubtful => (
            State::Review,
            "Senders can use this record, but not all of it is as it should be.",
            "Look at the warnings before you publish it.",
        ),
        Standing::Clean => (
            State::Good,
            "The record is right: senders that see it will look for your policy.",
            "This record only says that a policy exists. Next: check the policy. Give the record a new id each time \
             the policy changes, after the new file is served.",
        ),
    };
    record(form, state, title, next)
}

/// RFC 8460 §3. Nothing about this record delays mail.
fn rpt_record(form: Form, artefact: &Artefact) -> Headline {
    let (state, title, next) = match standing(artefact) {
        Standing::Unusable => (
            State::Broken,
            "You can't count on TLS reports with this record.",
            "Senders ignore it, or a destination in it: repair the errors. Delivery of your mail doesn't depend on this record.",
        ),
        Standing::Loose => (
            State::Review,
            "Most senders accept this record, strict ones ignore it.",
            "Correct what is not written as it should be, so that every reporting sender finds the address. Delivery \
             of your mail doesn't depend on this record.",
        ),
        Standing::Doubtful => (
            State::Review,
            "Senders can use this record, but not all of it is as it should be.",
            "Look at the warnings before you publish it. Delivery of your mail doesn't depend on this \
             record.",
        ),
        Standing::Clean => (
            State::Good,
            "The record is right: senders that support TLS reports can send them to you.",
            "The text can't show whether the destination accepts reports. Senders that report do so \
             about once a day, and only after they tried to deliver mail to you.",
        ),
    };
    record(form, state, title, next)
}

fn record(form: Form, state: State, title: &str, next: &str) -> Headline {
    let mut next = String::from(next);
    // Output of a lookup shows all records of the name; a record alone does not.
    if state == State::Good && matches!(form, Form::Bare | Form::Quoted | Form::Zone) {
        next.push_str(" Make sure that there is no second record of this kind at the same name.");
    }
    Headline { state, title: title.into(), next }
}

/// The verdict of each of several artefacts, with its name, to list them. None for a single one, nor for a live
/// check, whose own verdict is that of all that is in it.
pub fn each(input: &Input, report: &Report) -> Vec<(&'static str, Headline)> {
    match &report.artefacts[..] {
        [] | [_] => Vec::new(),
        [live, ..] if live.kind == Kind::Live => Vec::new(),
        several => {
            let one = |artefact: &Artefact| {
                (name(artefact.kind), artefact_headline(input, report.form, artefact))
            };
            several.iter().map(one).collect()
        }
    }
}

/// Several records in one input: how many are right, and what to do about the worst.
fn joined(input: &Input, report: &Report) -> Headline {
    let each = each(input, report);
    let right = each.iter().filter(|(_, one)| one.state == State::Good).count();
    let title = match (right, each.len()) {
        (2, 2) => "Both records are right.".into(),
        (0, 2) => "Neither record is right.".into(),
        (1, all) => format!("1 of {all} records is right."),
        (right, all) => format!("{right} of {all} records are right."),
    };
    // The first of the worst.
    let worst = each.into_iter().rev().max_by_key(|(_, one)| rank(one.state));
    let (state, next) = worst.map_or((State::NotLinted, String::new()), |(name, one)| {
        let why = if one.state == State::Good { String::new() } else { format!("{} ", one.title) };
        (one.state, format!("{name}: {why}{}", one.next))
    });
    Headline { state, title, next }
}

fn rank(state: State) -> u8 {
    match state {
        State::Good => 0,
        State::NotLinted => 1,
        State::Review => 2,
        State::Broken => 3,
    }
}

/// The command that prints an answer of a policy host as senders get it, before the address.
pub const CURL: &str = "curl -sS -i --max-redirs 0 --max-time 60 ";

/// The commands that print what there is to lint about a domain. None for a name that is not safe
/// in a shell as it stands.
pub fn lookup_commands(domain: &str) -> Vec<String> {
    let safe = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_');
    if domain.is_empty() || !domain.bytes().all(safe) {
        return Vec::new();
    }
    [
        ["dig +noall +answer TXT _mta-sts.", domain, "", ""],
        ["dig +noall +answer TXT _smtp._tls.", domain, "", ""],
        [CURL, "https://mta-sts.", domain, "/.well-known/mta-sts.txt"],
    ]
    .map(|parts| parts.concat())
    .to_vec()
}

/// The number of findings of each severity: "3 errors, 1 warning".
pub fn summary(report: &Report) -> String {
    let linted = report.artefacts.iter().any(|artefact| artefact.verdict().is_some());
    if !linted {
        return "Not linted".into();
    }
    let mut out = String::new();
    for (severity, one, many) in [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Advice, "piece of advice", "pieces of advice"),
        (Severity::Info, "note", "notes"),
    ] {
        let of_it = report.findings().filter(|finding| finding.rule.severity == severity);
        let count: usize = of_it.map(|finding| 1 + finding.more).sum();
        if count == 0 {
            continue;
        }
        if !out.is_empty() {
            out.push_str(", ");
        }
        push_count(count as u64, one, many, &mut out);
    }
    if out.is_empty() {
        out.push_str("No findings");
    }
    out
}

/// What the input was taken for: "MTA-STS policy in an HTTP response".
pub fn form_words(form: Form, kind: Kind) -> String {
    let mut out = String::from(name(kind));
    out.push_str(form_suffix(form));
    out
}

/// What a report's input was taken for, with all artefacts in it.
pub fn taken_for(report: &Report) -> String {
    let mut out = String::new();
    for artefact in &report.artefacts {
        if !out.is_empty() {
            out.push_str(" and ");
        }
        out.push_str(name(artefact.kind));
    }
    out.push_str(form_suffix(report.form));
    out
}

fn form_suffix(form: Form) -> &'static str {
    match form {
        Form::Bare => "",
        Form::Dig => ", as printed by dig or a similar tool",
        Form::DohJson => " in a DNS-over-HTTPS answer",
        Form::EmailAddress => " from a mail address",
        Form::Gzip => ", compressed with gzip",
        Form::HttpResponse => " in an HTTP response",
        Form::Inside => " inside another text",
        Form::Quoted => ", as quoted strings",
        Form::RdataJson => ", as a JSON list of strings",
        Form::Url => " from a web address",
        Form::Zone => ", as zone-file lines",
    }
}

fn name(kind: Kind) -> &'static str {
    match kind {
        Kind::Domain => "Domain name",
        Kind::Live => "Live check",
        Kind::Policy => "MTA-STS policy",
        Kind::Report => "TLS report",
        Kind::RptTxt => "TLSRPT record",
        Kind::StsTxt => "MTA-STS record",
        Kind::Unknown => "Unknown",
    }
}

/// A number of seconds in exact words: "7 days", "12 hours", "365.25 days", "1 day 1 second".
pub fn duration(seconds: u64) -> String {
    const DAY: u64 = 86_400;
    let mut out = String::new();
    let (days, rest) = (seconds / DAY, seconds % DAY);
    // The maximum, 31557600 s, is a year of 365 days and a quarter (RFC 8461 §3.2).
    let quarter = match rest {
        21_600 => ".25",
        43_200 => ".5",
        64_800 => ".75",
        _ => "",
    };
    if days > 0 && !quarter.is_empty() {
        out.push_str(&days.to_string());
        out.push_str(quarter);
        out.push_str(" days");
        return out;
    }
    for (count, one, many) in [
        (days, "day", "days"),
        (rest / 3600, "hour", "hours"),
        (rest / 60 % 60, "minute", "minutes"),
        (rest % 60, "second", "seconds"),
    ] {
        if count == 0 {
            continue;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        push_count(count, one, many, &mut out);
    }
    if out.is_empty() {
        out.push_str("0 seconds");
    }
    out
}

/// A number of things.
pub(super) fn count(count: u64, one: &str, many: &str) -> String {
    let mut out = String::new();
    push_count(count, one, many, &mut out);
    out
}

fn push_count(count: u64, one: &str, many: &str, out: &mut String) {
    out.push_str(&count.to_string());
    out.push(' ');
    out.push_str(if count == 1 { one } else { many });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{lint, policy, record};

    #[test]
    fn a_report_without_sessions_is_no_good_news() {
        let title = |policies: &str| {
            let text = format!(
                "{{\"organization-name\":\"A\",\"date-range\":{{\"start-datetime\":\"2026-10-01T00:00:00Z\",\
                 \"end-datetime\":\"2026-10-02T00:00:00Z\"}},\"policies\":[{policies}]}}"
            );
            let input = Input { kind: Some(Kind::Report), ..Input::new(text.as_bytes()) };
            let head = headline(&input, &lint(&input));
            (head.state, head.title)
        };
        let policy = |success: u64| {
            format!(
                "{{\"policy\":{{\"policy-type\":\"no-policy-found\",\"policy-domain\":\"a.se\"}},\
                 \"summary\":{{\"total-successful-session-count\":{success},\
                 \"total-failure-session-count\":0}}}}"
            )
        };
        let none = (State::NotLinted, "This report from A tells of no sessions.".to_owned());
        assert_eq!(title(""), none);
        assert_eq!(title(&policy(0)), none);
        let one = "The one session from A went well.".to_owned();
        assert_eq!(title(&policy(1)), (State::Good, one));
        let all = "All 7 sessions from A went well.".to_owned();
        assert_eq!(title(&policy(7)), (State::Good, all));
    }

    #[test]
    fn kinds_of_policies_are_not_added_up() {
        let title = |policies: &[(&str, u64, u64)]| {
            let policy = |(kind, success, failure): &(&str, u64, u64)| {
                format!(
                    "{{\"policy\":{{\"policy-type\":\"{kind}\"}},\"summary\":{{\
                     \"total-successful-session-count\":{success},\
                     \"total-failure-session-count\":{failure}}}}}"
                )
            };
            let policies: Vec<String> = policies.iter().map(policy).collect();
            let text = format!(
                "{{\"organization-name\":\"A\\u001b\",\"policies\":[{}]}}",
                policies.join(",")
            );
            let report = report::lint(&Input::new(text.as_bytes()));
            sessions(&report.0.expect("values")).title
        };
        let whole = |title: String| title.replace("A<U+001B>", "A");
        for (policies, wanted) in [
            (&[("sts", 3, 1), ("sts", 5, 0)][..], "1 of 9 sessions from A failed."),
            (
                &[("sts", 3, 1), ("tlsa", 4, 0)],
                "Sessions from A failed: 1 of 4 with MTA-STS, 0 of 4 with DANE.",
            ),
            (
                &[("sts", 4, 0), ("tlsa", 4, 0)],
                "All sessions from A went well: 4 with MTA-STS, 4 with DANE.",
            ),
            (&[("sts", 4, 0), ("no-policy-found", 0, 0)], "All 4 sessions from A went well."),
        ] {
            assert_eq!(whole(title(policies)), wanted);
        }
    }

    #[test]
    fn durations_are_exact() {
        for (seconds, words) in [
            (0, "0 seconds"),
            (1, "1 second"),
            (43_200, "12 hours"),
            (86_400, "1 day"),
            (86_401, "1 day 1 second"),
            (100_000, "1 day 3 hours 46 minutes 40 seconds"),
            (129_600, "1.5 days"),
            (604_800, "7 days"),
            (31_536_000, "365 days"),
            (31_557_600, "365.25 days"),
        ] {
            assert_eq!(duration(seconds), words, "{seconds}");
        }
    }

    #[test]
    fn only_names_that_are_safe_in_a_shell_become_commands() {
        let commands = lookup_commands("example.com");
        assert_eq!(commands[0], "dig +noall +answer TXT _mta-sts.example.com");
        assert_eq!(
            commands[2],
            "curl -sS -i --max-redirs 0 --max-time 60 https://mta-sts.example.com/.well-known/mta-sts.txt"
        );
        for bad in ["", "a b", "a;b", "$(x)", "EXAMPLE.com", "bücher.example", "a\nb", "a/b"] {
            assert!(lookup_commands(bad).is_empty(), "{bad}");
        }
    }

    fn artefact(kind: Kind, parsed: Parsed) -> Artefact {
        Artefact { kind, parsed, findings: Vec::new() }
    }

    fn head(form: Form, artefacts: Vec<Artefact>) -> Headline {
        headline(&Input::new(b""), &Report { form, artefacts })
    }

    #[test]
    fn each_mode_has_its_own_answer() {
        let of = |mode| {
            let values = policy::Values { mode: Some(mode), ..policy::Values::default() };
            head(Form::Bare, vec![artefact(Kind::Policy, Parsed::Policy(values))])
        };
        assert!(of(Mode::Enforce).title.contains("enforce it"));
        assert!(of(Mode::Testing).title.contains("deliver anyway"));
        assert!(of(Mode::None).title.contains("without a policy"));
        assert!(of(Mode::None).state == State::Good);
    }

    #[test]
    fn a_bad_answer_of_the_host_is_not_said_to_be_fine() {
        let text = b"HTTP/1.1 301 Moved\r\nLocation: /x\r\n\r\nversion: STSv1\r\nmode: enforce\r\n\
                     mx: mail.example.com\r\nmax_age: 2592000\r\n";
        let input = Input::new(text);
        assert_eq!(headline(&input, &lint(&input)).state, State::Broken);
    }

    #[test]
    fn several_records_are_named() {
        let records = [Kind::StsTxt, Kind::RptTxt]
            .map(|kind| artefact(kind, Parsed::Record(record::Values::default())));
        let all = head(Form::Zone, records.to_vec());
        assert_eq!(all.state, State::Good);
        assert_eq!(all.title, "Both records are right.");
        assert!(all.next.starts_with("MTA-STS record: This record only says"), "{}", all.next);
        let text = b"_mta-sts.a.se. IN TXT \"v=STSv1; id=1;\"\n_smtp._tls.a.se. IN TXT \"v=TLSRPTv1; rua=x\"\n";
        let input = Input::new(text);
        let report = lint(&input);
        let all = headline(&input, &report);
        assert_eq!((all.state, &all.title[..]), (State::Broken, "1 of 2 records is right."));
        assert!(all.next.starts_with("TLSRPT record: You can't count on"), "{}", all.next);
        let each: Vec<_> =
            each(&input, &report).into_iter().map(|(name, one)| (name, one.state)).collect();
        assert_eq!(each, [("MTA-STS record", State::Good), ("TLSRPT record", State::Broken)]);
        let report = Report { form: Form::Zone, artefacts: records.to_vec() };
        assert_eq!(taken_for(&report), "MTA-STS record and TLSRPT record, as zone-file lines");
        assert_eq!(
            form_words(Form::HttpResponse, Kind::Policy),
            "MTA-STS policy in an HTTP response"
        );
    }

    #[test]
    fn nothing_is_said_about_what_was_not_linted() {
        let domain = Input::new(b"example.com");
        assert_eq!(headline(&domain, &lint(&domain)).state, State::NotLinted);
        assert_eq!(summary(&lint(&domain)), "Not linted");
        for (text, words) in [
            ("acme-mail", "A domain, such as example.com?"),
            ("1 + 1", "stslint can't tell what this is."),
            ("is my mail safe?", "stslint can't tell what this is."),
            ("what is a CNAME?", "stslint can't tell what this is."),
            ("_mta-sts CNAME _mta-sts.mx.cloudflare.net", "This points to another name (CNAME)."),
            ("_smtp._tls.a.se. 300 IN cname x.example.", "This points to another name (CNAME)."),
        ] {
            let unknown = Input::new(text.as_bytes());
            let head = headline(&unknown, &lint(&unknown));
            assert_eq!((head.state, &head.title[..]), (State::NotLinted, words), "{text}");
            let more = if text.contains("_") { "check the domain" } else { "“Read as”" };
            assert!(head.next.contains(more), "{}", head.next);
            assert_eq!(taken_for(&lint(&unknown)), "Unknown");
        }
        let packed = Input::new(&[0x1f, 0x8b, 8, 0]);
        assert_eq!(headline(&packed, &lint(&packed)).state, State::NotLinted);
    }
}

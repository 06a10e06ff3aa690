//! What a plan says: of each act, of waits, notes and refusals.

use super::super::words::{CURL, count, duration};
use crate::plan::{Act, Goal, NoPlan, Note, Plan, PlanStep, State, Wait, What, Why};

/// What is said of an act, whatever the domain is. Sentences but for the title.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    /// A title, without a full stop.
    pub title: &'static str,
    /// What to do.
    pub todo: &'static str,
    /// When it is done.
    pub exit: &'static str,
    /// What goes wrong without it.
    pub without: &'static str,
}

/// What is to be reached, as a title.
pub const fn goal(goal: Goal) -> &'static str {
    match goal {
        Goal::Enforce => "First rollout, to mode enforce",
        Goal::MoveMx => "Move to other MX hosts",
        Goal::AddMx => "Add MX hosts",
        Goal::RollBack => "Back to mode testing",
        Goal::Remove => "Remove MTA-STS",
        Goal::Park => "A domain without mail of its own",
        Goal::Emergency => "Mail is held back now",
    }
}

/// How far a step is.
pub const fn state(state: State) -> &'static str {
    match state {
        State::Done => "done",
        State::Open => "to do",
        State::Overdue => "overdue",
        State::Unseen => "not seen whether it is done",
    }
}

/// What is said of an act on the way to a goal.
pub fn said(goal: Goal, act: Act) -> Said {
    const HELD: &str = "Senders go on with the enforced policy for as long as they hold it.";
    let usual = of_act(act);
    match (goal, act) {
        (Goal::Emergency | Goal::RollBack, Act::ServeTesting) => Said {
            todo: "Change the file, and serve it as text/plain, without a redirect, with a good certificate. Purge what a CDN keeps. The record \
                   stays as it is until the new file is served everywhere.",
            without: HELD,
            ..usual
        },
        (Goal::Emergency | Goal::RollBack, Act::AnnounceTesting) => {
            Said { todo: of_act(Act::AnnounceEnforce).todo, without: HELD, ..usual }
        }
        _ => usual,
    }
}

const fn of_act(act: Act) -> Said {
    const ANNOUNCED: &str =
        "DNS answers with the new id, and with one record that starts with v=STSv1 only.";
    const UNSEEN: &str =
        "Senders that hold a copy go on with it: they fetch the policy when the id is another one.";
    let (title, todo, exit, without) = match act {
        Act::CheckHosts => (
            "Check the mail hosts",
            "See that each MX host offers STARTTLS with TLS 1.2 or newer, and a certificate that is valid, publicly trusted and made out \
             to the name of the host. Look at backup hosts too: they get little mail, and reports say little of them.",
            "A check finds nothing wrong at any host.",
            "Under an enforced policy mail to a host with a bad certificate waits, and bounces in the end.",
        ),
        Act::AskForReports => (
            "Ask for TLS reports",
            "Publish the record, with an address that somebody reads.",
            "A report has come. Without a policy reports say no-policy-found.",
            "Nothing tells what senders meet: a fault shows when the policy is enforced and mail stays away.",
        ),
        Act::ServeTesting => (
            "Serve a policy in mode testing",
            "Put the file on the policy host, byte by byte, as text/plain, without a redirect, with a certificate for the name of the \
             policy host. Purge what a CDN keeps.",
            "The file comes back as it is here, with status 200.",
            "A record without a file makes senders look for a policy that they do not get.",
        ),
        Act::AnnounceTesting => (
            "Announce the policy in mode testing",
            "Publish the record when the file is served everywhere, not earlier.",
            ANNOUNCED,
            "Senders do not look for a policy that no record announces.",
        ),
        Act::Observe => (
            "Read the reports",
            "Read the reports and repair what fails at your mail hosts. Send a message over each MX host, the backup hosts as well.",
            "14 days in testing, and in the last 14 days no failure that stands in the way and a session at least that went well; 28 days in \
             testing where no report comes.",
            "Faults that reports would have shown hold mail back as soon as the policy is enforced.",
        ),
        Act::ServeEnforce => (
            "Serve a policy in mode enforce",
            "Change the file. The record stays as it is until the new file is served everywhere.",
            "The file comes back as it is here, with status 200.",
            "In mode testing mail is delivered to anybody who stands in between.",
        ),
        Act::AnnounceEnforce => (
            "Announce the policy in mode enforce",
            "Give the record a new id when the file is served everywhere, not earlier.",
            ANNOUNCED,
            UNSEEN,
        ),
        Act::Watch => (
            "Keep watching",
            "Read the first reports under the new policy. From now on watch when the certificates of the policy host and of all MX hosts end, \
             whether MX records and policy agree, and whether reports still come.",
            "No report tells of a failure that stands in the way, and a check finds nothing wrong.",
            "An expired certificate or a new MX host that the policy does not name holds mail back.",
        ),
        Act::CheckNewHosts => (
            "Check the new mail hosts",
            "See that each new host offers STARTTLS with TLS 1.2 or newer, and a certificate that is valid, publicly trusted and made out to \
             the name of the host.",
            "A connection to each host verifies its certificate.",
            "Under an enforced policy no mail reaches a host with a bad certificate.",
        ),
        Act::ServeBoth => (
            "Serve a policy that names old and new hosts",
            "Change the file. MX records and the record stay as they are until the new file is served everywhere.",
            "The file comes back as it is here, with status 200.",
            "Senders do not deliver to a host that the policy does not name. It is a common way to lose mail with MTA-STS.",
        ),
        Act::AnnounceBoth => (
            "Announce the policy that names old and new hosts",
            "Give the record a new id when the file is served everywhere, not earlier.",
            ANNOUNCED,
            UNSEEN,
        ),
        Act::AddMx => (
            "Add the new MX records",
            "Add the records beside the old ones. Senders that still hold an old copy pass over the new hosts and use the old ones.",
            "DNS answers with old and new hosts, and a check finds each of them covered by the policy.",
            "Without the old hosts beside them, mail of senders with an old copy waits.",
        ),
        Act::BackupCounts => (
            "The new hosts count for all senders",
            "Nothing. Until this day a sender with an old copy waits while the other hosts are down.",
            "The day has come.",
            "Who relies on the new hosts earlier has mail waiting while the other hosts are down.",
        ),
        Act::DropMx => (
            "Remove the old MX records",
            "Remove the records of the old hosts. The hosts go on to take mail for now.",
            "DNS answers with the new hosts only.",
            "Earlier, senders with an old copy find no host that it names: their mail waits, and bounces when that takes days.",
        ),
        Act::SwitchOff => (
            "Switch the old hosts off",
            "Switch them off when no mail has come over them for a day.",
            "Their logs show no mail from outside.",
            "Resolvers may still have the old MX records: mail of their users waits.",
        ),
        Act::ServeNew => (
            "Serve a policy without the old hosts",
            "Change the file: the old hosts go from it last.",
            "The file comes back as it is here, with status 200.",
            "Whoever has the old names one day may take the mail of the domain under its own policy.",
        ),
        Act::AnnounceNew => (
            "Announce the policy without the old hosts",
            "Give the record a new id when the file is served everywhere, not earlier.",
            ANNOUNCED,
            UNSEEN,
        ),
        Act::CopiesEnd => (
            "The last enforced copy has ended",
            "Nothing. Until this day keep MX hosts and certificates as the enforced policy wants them: some senders hold it that long.",
            "The day has come.",
            "What is changed earlier against the enforced policy holds back mail of senders with an old copy.",
        ),
        Act::ServeNone => (
            "Serve a policy in mode none",
            "Change the file. The mx lines stay, as some senders want them in any mode. Remove nothing.",
            "The file comes back as it is here, with status 200.",
            "Senders go on with the policy that they hold, and take the missing file for an attack.",
        ),
        Act::AnnounceNone => (
            "Announce the policy in mode none",
            "Give the record a new id when the file is served everywhere, not earlier.",
            ANNOUNCED,
            UNSEEN,
        ),
        Act::RemoveRecord => (
            "Remove the record",
            "Remove the TXT record or the CNAME at _mta-sts. The file goes on to be served.",
            "DNS answers that there is no such record.",
            "A record without a policy makes senders look for nothing, and report failures.",
        ),
        Act::RemoveHost => (
            "Remove the policy host",
            "Remove the file and all records of the name mta-sts, a CNAME to a provider first of all. The TLSRPT record may stay.",
            "DNS answers that the name does not exist.",
            "A name that leads to a provider where nobody rents it any more can be taken over.",
        ),
        Act::NullMx => (
            "Say that the domain takes no mail",
            "Publish the null MX as the only MX record.",
            "DNS answers with this MX record only.",
            "Without MX records senders try the addresses of the domain itself.",
        ),
        Act::ServeAlias => (
            "Serve the policy under the name of this domain",
            "Publish the CNAME, and see that the host that it leads to answers for this name with the same policy and has a certificate for it. \
             The MX hosts of both domains have to be the same ones.",
            "The policy comes back with status 200 and a certificate for the name mta-sts of this domain.",
            "Senders fetch a policy under the domain of the recipient only, and follow no redirect.",
        ),
        Act::AnnounceAlias => (
            "Announce it",
            "Publish the CNAME when the policy is served under this name, not earlier. From then on the mode of the other domain counts here.",
            "DNS answers with the record of the other domain.",
            "Policies are not inherited: without a record the domain has no MTA-STS.",
        ),
        Act::FindCause => (
            "Find out what holds mail back",
            "Run a check, and read the text of a bounce or of a sender's log. Mostly it is an MX host that the policy does not name, or a \
             certificate that has expired. Delete neither the record nor the policy host: senders go on with the copy that they hold.",
            "The host and the fault are known.",
            "Without record and policy host senders cannot learn of a milder policy.",
        ),
        Act::Repair => (
            "Repair it at the mail host",
            "Where a certificate is wrong, put in a good one. Where the policy does not name an MX host, put an MX record of a host back that it \
             names, if there still is one. Both help with all senders at once, whatever they hold.",
            "A check finds nothing wrong.",
            "The next step lets mail through, but not of senders that do not look for a new policy.",
        ),
        Act::SendersLook => (
            "Senders look for the new policy",
            "Nothing. Resolvers forget the old record within its TTL. After that a sender that cannot deliver finds the new policy with its \
             next attempt, and has to look for it before it gives up.",
            "Mail that waited comes in.",
            "Mail waits with its senders meanwhile: for four days or more by RFC 5321 §4.5.4.1, and with some for a day only.",
        ),
        Act::BeginAnew => (
            "Plan the way back to mode enforce",
            "When the cause is gone, make a plan for mode enforce. The days in mode testing count from now.",
            "The plan is made.",
            "In mode testing mail is delivered to anybody who stands in between.",
        ),
    };
    Said { title, todo, exit, without }
}

/// Commands that show whether a step is done, or what it takes.
pub fn checks(plan: &Plan, step: &PlanStep) -> Vec<String> {
    let domain = &plan.domain;
    let check = || vec![format!("stslint check {domain}")];
    let txt = |owner: &str| vec![format!("dig +short TXT {owner}.{domain}")];
    let mx = || vec![format!("dig +short MX {domain}")];
    let curl = || vec![format!("{CURL}https://mta-sts.{domain}/.well-known/mta-sts.txt")];
    match step.act {
        Act::CheckHosts | Act::FindCause | Act::Repair => check(),
        Act::AskForReports => txt("_smtp._tls"),
        Act::Observe => vec![format!("stslint report --domain {domain} REPORTS")],
        Act::Watch => vec![format!("stslint report --domain {domain} REPORTS"), check().concat()],
        Act::ServeTesting
        | Act::ServeEnforce
        | Act::ServeBoth
        | Act::ServeNew
        | Act::ServeNone
        | Act::ServeAlias => curl(),
        Act::AnnounceTesting
        | Act::AnnounceEnforce
        | Act::AnnounceBoth
        | Act::AnnounceNew
        | Act::AnnounceNone
        | Act::AnnounceAlias
        | Act::RemoveRecord => txt("_mta-sts"),
        Act::CheckNewHosts => step
            .hosts
            .iter()
            .map(|host| {
                format!(
                    "openssl s_client -starttls smtp -connect {host}:25 -servername {host} -verify_hostname {host} \
                     -verify_return_error </dev/null"
                )
            })
            .collect(),
        Act::AddMx => [mx(), check()].concat(),
        Act::DropMx | Act::NullMx => mx(),
        Act::RemoveHost => vec![format!("dig mta-sts.{domain}")],
        Act::BeginAnew => vec![format!("stslint plan --goal enforce {domain}")],
        Act::BackupCounts | Act::SwitchOff | Act::CopiesEnd | Act::SendersLook => Vec::new(),
    }
}

/// Why a step is not earlier, as a sentence.
pub fn wait(wait: &Wait) -> String {
    let why = match wait.why {
        Why::Reports => "Reports are of whole days in UTC and come some hours after them".into(),
        Why::Clean(days) => format!(
            "{days} days in testing are the least, and in the last {days} no failure that stands in the way; 28 days where no report comes"
        ),
        Why::Silent(days) => format!("No report has come: {days} days in testing are the least"),
        Why::RecordTtl(ttl) => {
            format!("Resolvers may have the old record for {}", duration(ttl.into()))
        }
        Why::Refresh => "Some senders look for a new policy once a day only".into(),
        Why::Copies(age) => {
            format!(
                "Senders may hold an enforced policy; they were told to keep the last one for {}",
                duration(age)
            )
        }
        Why::AnyCopies(age) => format!(
            "Senders may hold a policy that is not in mode none; they were told to keep the last one for {}",
            duration(age)
        ),
        Why::MxTtl(ttl) => {
            format!("Resolvers may have the old MX records for {}", duration(ttl.into()))
        }
        Why::MailArrives => "Mail has to have come over the new hosts for a day".into(),
    };
    let mut out = format!("{why} ({}): not before {}.", wait.why.clause(), wait.until);
    if let Some(rfc) = wait.rfc.filter(|rfc| *rfc != wait.until) {
        out.push_str(&format!(
            " By RFC 8461 alone it is {rfc}; some software keeps copies in a way of its own."
        ));
    }
    if !wait.never.is_empty() {
        out.push_str(&format!(
            " As far as their models go, {} would keep it for ever: the day is that of all others.",
            wait.never.join(", ")
        ));
    }
    out
}

/// What stands above something to publish.
pub const fn what(what: What) -> &'static str {
    match what {
        What::Policy => "Publish this file, with CR LF at the end of each line",
        What::Records => "Publish in DNS",
        What::Gone => "Remove from DNS",
    }
}

/// What a plan rests on, as a sentence.
pub fn note(note: &Note) -> String {
    match note {
        Note::AlreadyEnforced => "The policy is in mode enforce already: what is left is to keep it so.".into(),
        Note::DaysOfSteps => {
            "A step that was seen to be done counts as done on its day. If it was later, say so with --done STEP=DATE: what waits for it moves."
                .into()
        }
        Note::HostsUnknown => {
            "The MX hosts are not known, so that the policy is not written here. It has to name all of them.".into()
        }
        Note::Ids => {
            "Ids are made of the days here. Any id will do that the domain never had, of at most 32 letters and digits.".into()
        }
        Note::NotLooked => "Nobody looked at the domain: no step is ticked off.".into(),
        Note::NotEnforced => {
            "The policy is not in mode enforce: for MTA-STS only senders hold mail back that still have an older, enforced one.".into()
        }
        Note::PolicyBroken => {
            "Senders do not use the policy of now as it is: which one they hold, and for how long, is not known.".into()
        }
        Note::OlderUnknown => "The policy is in mode none already, and what was served before is not known: the longest lifetime that there is \
            is counted from the start. Give the policy of before, and the day on which mode none was announced as the start, for earlier days."
            .into(),
        Note::OlderCopies(age) => format!(
            "The days hold if no policy was ever served with a longer lifetime than {} (RFC 8461 §8.3). If one was, count that from the last \
             day on which it was served.",
            duration(*age)
        ),
        Note::RemovedTooEarly => {
            "The record is gone, but senders may still hold the policy: publish the record again, with a new id, until its day.".into()
        }
        Note::TestingSince => {
            "It is not known since when the policy is in mode testing: the days count from the start of the plan.".into()
        }
        Note::Ttl(ttl) => {
            format!("The TTL of the record in its zone is not known: it is taken to be {}.", duration((*ttl).into()))
        }
    }
}

/// Why there is no plan, as a sentence without a full stop.
pub const fn refused(why: NoPlan) -> &'static str {
    match why {
        NoPlan::PolicyUnknown => "the policy of now has to be known for this goal",
        NoPlan::PolicyBroken => "senders do not use the policy of now: put it right first",
        NoPlan::NoPolicy => "no policy is in force, so that nothing has to be waited for",
        NoPlan::NewMxMissing => "the new MX hosts have to be given",
        NoPlan::NotEnforced => "the policy is not in mode enforce",
    }
}

/// How many steps there are of each state, as a sentence.
pub fn summary(plan: &Plan) -> String {
    let of = |state: State| plan.steps.iter().filter(|step| step.state == state).count() as u64;
    let mut out =
        format!("{}: {} done", count(plan.steps.len() as u64, "step", "steps"), of(State::Done));
    for (state, words) in [(State::Overdue, "overdue"), (State::Unseen, "of which nobody knows")] {
        if of(state) > 0 {
            out.push_str(&format!(", {} {words}", of(state)));
        }
    }
    let next = plan.steps.iter().find(|step| step.state != State::Done);
    match next {
        Some(step) => out.push_str(&format!(
            ". Next, from {}: {}.",
            step.day,
            said(plan.goal, step.act).title
        )),
        None => out.push('.'),
    }
    out
}

//! What a plan says besides its acts: of waits, notes and refusals, and the commands that show what is done.

use super::super::words::{CURL, count, duration};
use super::acts::said;
use crate::plan::{Act, Goal, NoPlan, Note, Plan, PlanStep, State, Wait, What, Why};
use crate::text::visible;

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

/// Commands that show whether a step is done, or what it takes.
pub fn checks(plan: &Plan, step: &PlanStep) -> Vec<String> {
    let domain = &plan.domain;
    let check = || vec![format!("stslint check --smtp {domain}")];
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
        Act::DropMx => [check(), mx()].concat(),
        Act::NullMx => mx(),
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
            "It takes at least {days} days in testing, the last {days} of them without a failure that stands in the way; 28 days where no report comes"
        ),
        Why::Silent(days) => {
            format!("No report has come: it takes at least {days} days in testing")
        }
        Why::RecordTtl(ttl) => {
            format!("Resolvers may have the old record for {}", duration(ttl.into()))
        }
        Why::Refresh => "Some senders look for a new policy only once a day".into(),
        Why::Copies(age) => {
            format!("Senders may hold an enforced policy, for up to {}", duration(age))
        }
        Why::AnyCopies(age) => format!(
            "Senders may hold a policy that is not in mode none, for up to {}",
            duration(age)
        ),
        Why::MxTtl(ttl) => {
            format!("Resolvers may have the old MX records for {}", duration(ttl.into()))
        }
        Why::MailArrives => {
            "A message has to have come over each new host: send one to it, as senders use the old hosts first while these answer"
                .into()
        }
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

/// What a plan rests on, as a sentence or more.
pub fn note(note: &Note) -> String {
    match note {
        Note::AlreadyEnforced => "The policy is in mode enforce already: what is left is to keep it so.".into(),
        Note::DaysOfSteps => {
            "A step that was seen to be done counts as done on its day. If it was later, what waits for it moves: give the day on which it was done."
                .into()
        }
        Note::Delegated(owner, target) => {
            let target = if target.is_empty() { "another name".into() } else { visible(target) };
            format!(
                "The name {owner} is a CNAME to {target}, and no other record can stand beside it: whoever runs that publishes the record, and mostly \
                 the policy. Ask them for each file and id, or put records of your own in the place of the CNAME first."
            )
        }
        Note::DroppedTooEarly => "The old MX records are gone too early: senders with an older copy of the policy find no host that it names, \
            and their mail waits. Put the records back until the day of that step."
            .into(),
        Note::HeldBack => format!(
            "Mail is held back now, or will be: the policy is enforced, and senders do not deliver to every MX host. First make the plan \
             “{}” (`{}`).",
            goal(Goal::Emergency),
            Goal::Emergency.word()
        ),
        Note::HostsBad(found) => format!(
            "{}. An enforced policy holds back mail to such a host.",
            found.join(". ")
        ),
        Note::HostsUnknown => {
            "The MX hosts are not known, so the policy is not written here. It has to name all of them.".into()
        }
        Note::Ids => {
            "Ids are made of the days here. Any id will do that the domain never had, of at most 32 letters and digits; those in the plan show which step they belong to.".into()
        }
        Note::NamedSince => "The policy names the new hosts already, and it is not known since when: an older one counts that does not, to the \
            end of its lifetime. To get earlier days, give the policy, and as the start the day on which it came."
            .into(),
        Note::NotAnnounced => {
            "No sender uses the policy anew, as there is no record for it that senders can use.".into()
        }
        Note::NotLooked => "Nobody looked at the domain: no step is ticked off.".into(),
        Note::NotNamed(hosts) => format!(
            "The policy does not name {}: senders that enforce it do not deliver there.",
            hosts.join(", ")
        ),
        Note::Problems(codes) => {
            let rules = if codes.len() == 1 { "Its rule says" } else { "Their rules say" };
            format!("The check found {}. {rules} more.", codes.join(", "))
        }
        Note::NotEnforced => {
            "The policy is not in mode enforce: only senders that still have an older, enforced one hold mail back for MTA-STS.".into()
        }
        Note::PolicyBroken => {
            "Senders do not use the current policy as it is: which one they hold, and for how long, is not known.".into()
        }
        Note::PolicyUnknown => {
            "Which policy senders hold, and for how long, is not known. If there was one, give it: its copies count to the end of their \
             lifetime, also where it can't be fetched any more (RFC 8461 §3.3)."
                .into()
        }
        Note::OlderEnforced => "The policy is not in mode enforce: the days hold if no other one was before it. If one was, give it, and as the \
            start the last day on which it was served."
            .into(),
        Note::OlderUnknown => "The policy is in mode none already, and what was served before is not known: the longest lifetime that there is, \
            a year, is counted. To get earlier days, give the earlier policy, and as the start the day on which mode none was announced."
            .into(),
        Note::OlderCopies(age) => format!(
            "The days hold if no policy was ever served with a longer lifetime than {} (RFC 8461 §8.3). If one was, count that from the last \
             day on which it was served.",
            duration(*age)
        ),
        Note::RecordUnusable => "Senders use none of the records at _mta-sts: there are several, or it is broken. Leave one alone that starts with \
            v=STSv1, and give it a new id."
            .into(),
        Note::RemovedTooEarly => "The record is gone, but senders may still hold the policy, and without it they learn of no change: publish it \
            again, with a new id, as the steps say."
            .into(),
        Note::ReportsUnusable(dropped) => {
            let dropped = match dropped[..] {
                [] => String::new(),
                _ => format!(" It is without {}, which senders can't use.", visible(&dropped.join(", "))),
            };
            format!(
                "Senders use none of the records at _smtp._tls: there are several, or it is broken. The one here takes the place of all that start \
                 with v=TLSRPTv1.{dropped}"
            )
        }
        Note::TestingSince => {
            "It is not known since when the policy is in mode testing: the days count from the start of the plan.".into()
        }
        Note::Ttl(ttl) => {
            format!("The TTL of the record in its zone is not known: it is taken to be {}.", duration((*ttl).into()))
        }
        Note::Unseen(names) => format!(
            "Nobody could see what is at {}. Look there before you publish: a second record beside one that is there switches off both.",
            names.join(", ")
        ),
    }
}

/// What comes before all steps, as sentences.
fn first(plan: &Plan) -> String {
    let notes = plan.notes.iter().filter(|note| note.is_first());
    notes.flat_map(|it| [note(it), " ".into()]).collect()
}

/// Why there is no plan, as a sentence without a full stop.
pub const fn refused(why: NoPlan) -> &'static str {
    match why {
        NoPlan::PolicyUnknown => {
            "the policy that senders may hold has to be known, also where it can't be fetched any more (a domain that never had \
             one has nothing to wait for)"
        }
        NoPlan::PolicyBroken => "senders do not use the current policy: put it right first",
        NoPlan::NewMxMissing => "the new MX hosts have to be given",
        NoPlan::NotEnforced => {
            "the policy is not in mode enforce; one that was earlier has to be given, with its last day as the start"
        }
        NoPlan::NullMx => {
            "the domain takes no mail, as its null MX says, so there is nothing to protect; the goal for it is park"
        }
    }
}

/// What comes before all steps, and how many of them there are of each state, as sentences.
pub fn summary(plan: &Plan) -> String {
    let of = |state: State| plan.steps.iter().filter(|step| step.state == state).count() as u64;
    let steps = count(plan.steps.len() as u64, "step", "steps");
    let mut out = format!("{}{steps}: {} done", first(plan), of(State::Done));
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

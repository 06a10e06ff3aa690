//! What to do next after a check.

use super::super::state::DomainCheck;
use super::hosts::BY_HAND;
use super::step::opened;
use crate::browser;
use crate::request::{Lack, Proposal, Request};
use crate::route::Route;
use crate::state::View;
use crate::ui::element::{El, button, handler};
use crate::ui::verdict::Stage;
use stslint::Kind;
use stslint::finding::Severity;
use stslint::live::{MxHost, Part, Standing, State};

/// The next step, and where on the way to a protected domain it is.
pub(super) struct Next {
    pub(super) stage: Stage,
    pub(super) button: Option<El>,
}

/// What to do next; none where nothing is known, or nothing is to be done.
pub(super) fn next(check: &DomainCheck, view: View) -> Option<Next> {
    let primary = |stage, button: Option<El>| {
        Some(Next { stage, button: button.map(|button| button.class("primary")) })
    };
    match check.assessment.standing() {
        Standing::Problem(_) => primary(Stage::Fix, repair(check, view)),
        Standing::NotUsed => primary(Stage::Publish, set_up(check, view)),
        Standing::PolicyToRead | Standing::NoPolicy | Standing::RecordToSee => {
            primary(Stage::Check, None)
        }
        Standing::Testing => {
            let open = view.act(Request::Visit(Route::reports_of(&check.assessment.facts.domain)));
            primary(Stage::Watch, Some(button("Read TLS reports: can it be enforced?", open)))
        }
        Standing::CertificatesToSee => {
            let show = handler(|_| browser::unfold(BY_HAND));
            primary(Stage::Enforce, Some(button("Check the certificates", show)))
        }
        Standing::HostsToSee | Standing::Works => primary(Stage::Enforce, None),
        Standing::Off => {
            let plan = Route::Plan(["domain=", &check.domain].concat());
            let plan = button(
                "Plan how to enforce it again, or remove it",
                view.act(Request::Visit(plan)),
            );
            primary(Stage::Publish, Some(plan))
        }
        Standing::NoMail | Standing::NotChecked => None,
    }
}

/// What repairs the first problem: the text that it is in, in the editor.
fn repair(check: &DomainCheck, view: View) -> Option<El> {
    let assessment = &check.assessment;
    let is_wrong = |part: &&Part| {
        part.findings.iter().any(|finding| finding.rule.severity <= Severity::Warning)
    };
    if let Some(part) = assessment.parts.iter().find(is_wrong) {
        let (label, text) = match part.kind {
            // A host that is missing is missing in whatever comes of the other repairs.
            Kind::Policy => ("Repair the policy", whole_policy(check)),
            _ => ("Repair the record", None),
        };
        let open = text.unwrap_or_else(|| opened(part, check));
        return Some(button(label, view.act(open)));
    }
    if let Some(open) = whole_policy(check) {
        let words = match uncovered(check).count() {
            1 => "Add the missing host to the policy",
            _ => "Add the missing hosts to the policy",
        };
        return Some(button(words, view.act(open)));
    }
    if let Some(button) = lacking(check, view) {
        return Some(button);
    }
    let step = assessment.steps.iter().find(|step| step.state == State::Problem)?;
    let id = ["step-", step.step.word()].concat();
    Some(button("Show what is wrong", handler(move |_| browser::unfold(&id))))
}

/// What is missing altogether, where the worst problem is that it is.
fn lacking(check: &DomainCheck, view: View) -> Option<El> {
    let worst = check.assessment.findings().min_by_key(|finding| finding.rule.severity)?;
    let propose = |label, lacks| {
        let proposal = Proposal { domain: check.domain.clone(), lacks };
        Some(button(label, view.act(Request::Propose(proposal))))
    };
    match worst.rule.code {
        // It speaks of two records as well.
        "LIVE-002" | "LIVE-014"
            if !check.assessment.parts.iter().any(|part| part.kind == Kind::StsTxt) =>
        {
            propose("Publish the record", Lack::StsRecord)
        }
        "LIVE-010" => propose("Ask for reports", Lack::RptRecord),
        "LIVE-003" | "LIVE-020" | "LIVE-021" => {
            let hosts = hosts(check);
            (!hosts.is_empty()).then(|| propose("Publish a policy", Lack::Policy(hosts))).flatten()
        }
        _ => None,
    }
}

fn hosts(check: &DomainCheck) -> Vec<String> {
    check.assessment.mx_hosts.iter().map(|host| host.host.clone()).collect()
}

/// For a domain without anything: all that it may publish, made of the MX hosts that were seen.
fn set_up(check: &DomainCheck, view: View) -> Option<El> {
    let hosts = hosts(check);
    let is_empty = hosts.is_empty();
    let proposal = Proposal { domain: check.domain.clone(), lacks: Lack::Policy(hosts) };
    (!is_empty).then(|| button("Set it up in 3 steps", view.act(Request::Propose(proposal))))
}

/// The MX hosts that the policy does not name.
fn uncovered(check: &DomainCheck) -> impl Iterator<Item = &MxHost> {
    let is_missing =
        |row: &&MxHost| row.coverage.as_ref().is_some_and(|coverage| !coverage.found.covers());
    check.assessment.mx_hosts.iter().filter(is_missing)
}

/// For a policy that senders read and that does not name all MX hosts: the policy with lines for the others, in the editor.
fn whole_policy(check: &DomainCheck) -> Option<Request> {
    let part = check.assessment.parts.iter().find(|part| part.kind == Kind::Policy)?;
    // Lines with errors may be meant to name them.
    let has_error = part.findings.iter().any(|finding| finding.rule.severity == Severity::Error);
    if has_error || uncovered(check).next().is_none() {
        return None;
    }
    let Request::Open(mut opened) = opened(part, check) else { return None };
    let text = opened.bytes.take()?;
    opened.what = format!("the policy with a line for each missing host of {}", check.domain);
    opened.bytes = Some(with_hosts(&text, uncovered(check).map(|row| row.host.as_str())));
    Some(Request::Open(opened))
}

/// A policy with further mx lines, behind those that it has.
pub(super) fn with_hosts<'h>(policy: &[u8], hosts: impl Iterator<Item = &'h str>) -> Vec<u8> {
    let text = String::from_utf8_lossy(policy);
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let lines: Vec<&str> = text.lines().collect();
    let is_mx = |line: &&str| line.trim_start().to_ascii_lowercase().starts_with("mx");
    let at = lines.iter().rposition(is_mx).map_or(lines.len(), |last| last + 1);
    let new: Vec<String> = hosts.map(|host| ["mx: ", host].concat()).collect();
    let all = lines[..at].iter().copied().chain(new.iter().map(String::as_str));
    all.chain(lines[at..].iter().copied()).flat_map(|line| [line, end]).collect::<String>().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_hosts_stand_behind_the_others() {
        let policy = b"version: STSv1\r\nmx: a.example\r\nmax_age: 86400\r\n";
        let with = with_hosts(policy, ["b.example", "c.example"].into_iter());
        let want = "version: STSv1\r\nmx: a.example\r\nmx: b.example\r\nmx: c.example\r\nmax_age: 86400\r\n";
        assert_eq!(String::from_utf8_lossy(&with), want);
    }
}

//! What to do next after a check.

use super::super::state::DomainCheck;
use super::step::opened;
use crate::browser;
use crate::request::{Proposal, Request};
use crate::route::Route;
use crate::state::View;
use crate::ui::element::{El, button, el, handler};
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
            let open = view.act(Request::Visit(Route::Reports));
            primary(Stage::Watch, Some(button("Read TLS reports: can it be enforced?", open)))
        }
        Standing::CertificatesToSee => {
            let show = handler(|_| browser::unfold("step-connect"));
            primary(Stage::Enforce, Some(button("Check the certificates", show)))
        }
        Standing::HostsToSee | Standing::Works => primary(Stage::Enforce, None),
        Standing::NoMail | Standing::NotChecked | Standing::Off => None,
    }
}

/// What repairs the first problem: the text that it is in, in the editor.
fn repair(check: &DomainCheck, view: View) -> Option<El> {
    let assessment = &check.assessment;
    let is_wrong = |part: &&Part| {
        part.findings.iter().any(|finding| finding.rule.severity <= Severity::Warning)
    };
    if let Some(part) = assessment.parts.iter().find(is_wrong) {
        let label = match part.kind {
            Kind::Policy => "Repair the policy",
            _ => "Repair the record",
        };
        return Some(button(label, view.act(opened(part, check))));
    }
    if let Some(add) = add_hosts(check, view) {
        return Some(add);
    }
    let step = assessment.steps.iter().find(|step| step.state == State::Problem)?;
    let id = ["step-", step.step.word()].concat();
    Some(button("Show what is wrong", handler(move |_| browser::unfold(&id))))
}

/// For a domain without anything: all that it may publish, made of the MX hosts that were seen.
fn set_up(check: &DomainCheck, view: View) -> Option<El> {
    let hosts: Vec<String> =
        check.assessment.mx_hosts.iter().map(|host| host.host.clone()).collect();
    let proposal = Proposal { domain: check.domain.clone(), hosts };
    (!proposal.hosts.is_empty())
        .then(|| button("Set it up in 3 steps", view.act(Request::Propose(proposal))))
}

/// For a policy that does not name all MX hosts: the policy with lines for the others, in the editor.
fn add_hosts(check: &DomainCheck, view: View) -> Option<El> {
    let missing: Vec<&MxHost> = check
        .assessment
        .mx_hosts
        .iter()
        .filter(|row| row.coverage.as_ref().is_some_and(|coverage| !coverage.found.covers()))
        .collect();
    let part = check.assessment.parts.iter().find(|part| part.kind == Kind::Policy)?;
    if missing.is_empty() {
        return None;
    }
    let Request::Open(mut opened) = opened(part, check) else { return None };
    let text = opened.bytes.take()?;
    let names = missing.iter().map(|row| row.host.as_str());
    opened.what = format!("the policy with a line for each missing host of {}", check.domain);
    opened.bytes = Some(with_hosts(&text, names));
    let words = match missing.len() {
        1 => "Add the missing host to the policy",
        _ => "Add the missing hosts to the policy",
    };
    Some(
        el("button")
            .attr("type", "button")
            .on("click", view.act(Request::Open(opened)))
            .text(words),
    )
}

/// A policy with further mx lines, behind those that it has.
fn with_hosts<'h>(policy: &[u8], hosts: impl Iterator<Item = &'h str>) -> Vec<u8> {
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

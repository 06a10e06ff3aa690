//! A check as text: the steps of a sender, what was seen in each, and what is wrong with it.

use super::look::Looked;
use crate::date::day;
use crate::settings::{Ignored, Ignoring};
use crate::snippet::{self, Source};
use crate::terminal::Terminal;
use stslint::finding::Severity;
use stslint::live::{Assessment, Dane, Part, State, Step, StepResult};
use stslint::render::alike::{Alike, alike};
use stslint::render::{Positions, live as words};
use stslint::rule::Rule;
use stslint::text::visible;
use stslint::{Form, Report};
use stslint_net::Problem;
use stslint_net::smtp::Session;
use stslint_net::tls::Seen;

/// Most findings that are written out for one record or policy.
const FINDINGS: usize = 50;

/// Most names of a certificate that are shown.
const NAMES: usize = 8;

/// Prints all that is known of a domain.
pub(super) fn print(
    assessment: &Assessment,
    looked: &Looked,
    link: Option<&str>,
    ignoring: &Ignoring,
    terminal: &mut Terminal,
) {
    let domain = &assessment.facts.domain;
    let resolver = visible(assessment.facts.resolver.as_deref().unwrap_or_default());
    terminal.print(&format!("{}, asked through {resolver}\n\n", terminal.bold(domain)));
    let mut explained = Explained::default();
    let mut ignored = Ignored::default();
    for result in &assessment.steps {
        terminal.print(&heading(result, terminal));
        let more = more_evidence(result.step, assessment, looked);
        let seen = result.evidence.iter().map(words::evidence);
        let seen = seen.map(|(label, value)| (label.to_owned(), value));
        for (label, value) in seen.chain(more) {
            terminal.print(&format!("  {}: {}\n", visible(&label), visible(&value)));
        }
        terminal.print("\n");
        for i in &result.parts {
            let mut part = assessment.parts[*i].clone();
            ignoring.take(&mut part.findings, &mut ignored);
            explained.print_part(&part, terminal);
        }
        for i in &result.found {
            let found = &assessment.found[*i];
            if ignoring.ignores(found.finding.rule.code) {
                ignored.add(&found.finding);
                continue;
            }
            explained.print(found.finding.rule, terminal, |terminal, in_full| {
                let publish = found.publish.as_deref();
                snippet::render_placeless(terminal, &found.finding, publish, in_full)
            });
        }
    }
    for (what, why) in &looked.unseen {
        terminal.print(&format!("not looked up: {}: {}\n", visible(what), visible(why)));
    }
    let head = words::headline(assessment);
    let title = terminal.coloured(assessment.worst(), &head.title);
    terminal.print(&format!("{domain}: {title}\n  {}\n", head.next));
    if let Some(ignored) = ignored.words() {
        terminal.print(&format!("  Ignored: {ignored}.\n"));
    }
    if let Some(link) = link {
        terminal.print(&format!("  {link}\n"));
    }
}

/// The rules that were explained already.
#[derive(Default)]
struct Explained(Vec<&'static str>);

impl Explained {
    /// Prints a finding of a rule, in full where the rule speaks for the first time.
    fn print(
        &mut self,
        rule: &Rule,
        terminal: &mut Terminal,
        render: impl Fn(&Terminal, bool) -> String,
    ) {
        let in_full = !self.0.contains(&rule.code);
        if in_full {
            self.0.push(rule.code);
        }
        let text = render(terminal, in_full);
        terminal.print(&text);
        terminal.print("\n");
    }

    /// Prints the findings in a record or policy, those that say the same together.
    fn print_part(&mut self, part: &Part, terminal: &mut Terminal) {
        let artefacts = vec![part.clone().into()];
        let report = Report { form: Form::Bare, artefacts };
        let positions = Positions::of(&part.source, &report);
        let name = visible(&part.place);
        let source = Source { name: &name, bytes: &part.source, positions: &positions };
        let mut groups: Vec<Alike> =
            report.artefacts.iter().flat_map(|artefact| alike(&artefact.findings)).collect();
        let mut left = 0;
        if groups.len() > FINDINGS {
            // What is left out must not be what matters.
            groups.sort_by_key(|group| group.first.rule.severity);
            left = groups.split_off(FINDINGS).iter().map(Alike::count).sum::<usize>();
        }
        for group in groups {
            self.print(group.first.rule, terminal, |terminal, in_full| {
                snippet::render(terminal, &source, &group, in_full)
            });
        }
        if left > 0 {
            terminal.print(&format!("…and {left} more findings in {name}\n\n"));
        }
    }
}

fn heading(result: &StepResult, terminal: &Terminal) -> String {
    let (severity, state) = match &result.state {
        State::Ok => (Some(Severity::Info), "ok".to_owned()),
        State::Problem => (Some(Severity::Error), "problem".to_owned()),
        State::Absent => (Some(Severity::Warning), "absent".to_owned()),
        State::NotKnown(why) => {
            let why = words::not_known(why);
            (Some(Severity::Warning), format!("not known: {}", visible(&why)))
        }
        State::NotReached(why) => {
            (Some(Severity::Warning), format!("not reached: {}", words::not_reached(*why)))
        }
    };
    format!("{}: {}\n", terminal.bold(result.step.word()), terminal.coloured(severity, &state))
}

/// What the network showed beyond the facts that the rules judge.
pub(super) fn more_evidence(
    step: Step,
    assessment: &Assessment,
    looked: &Looked,
) -> Vec<(String, String)> {
    let mut out = Vec::new();
    match step {
        Step::Fetch => {
            if let Some(fetched) = &looked.fetched {
                out.extend(shown(&fetched.seen).map(|shown| ("TLS".to_owned(), shown)));
            }
        }
        Step::Connect => {
            for (host, session) in &looked.sessions {
                let row = assessment.mx_hosts.iter().find(|row| row.host == *host);
                let dane = row.map_or(Dane::Unknown, |row| row.dane);
                out.push((host.clone(), session_words(session, dane)));
            }
        }
        _ => {}
    }
    out
}

/// What a mail host showed, in words.
fn session_words(session: &Result<Session, Problem>, dane: Dane) -> String {
    match session {
        Err(problem) => format!("not seen: {problem}"),
        Ok(session) if !session.starttls => "no STARTTLS".into(),
        Ok(session) => {
            let outcome = match &session.handshake {
                Ok(()) if dane == Dane::Mismatched => {
                    "good for MTA-STS, but not for DANE".to_owned()
                }
                Ok(()) => "good".to_owned(),
                Err(problem) => problem.words.clone(),
            };
            [Some(outcome), shown(&session.seen)]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join("; ")
        }
    }
}

/// What a server showed of itself, in words.
fn shown(seen: &Seen) -> Option<String> {
    let version = seen.version.map(|version| format!("TLS 1.{}", version - 10));
    let certificate = seen.certificate.as_ref().map(|certificate| {
        let mut names =
            certificate.names.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
        if certificate.names.len() > NAMES {
            names += &format!(" and {} more", certificate.names.len() - NAMES);
        }
        format!(
            "certificate for {names}, valid from {} to {}, issued by {}",
            day(certificate.not_before),
            day(certificate.not_after),
            certificate.issuer
        )
    });
    let parts: Vec<String> = version.into_iter().chain(certificate).collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

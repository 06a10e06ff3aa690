//! A check as JSON, schema 1; the README tells what the fields mean.

use super::list::Unfit;
use super::look::Looked;
use super::row;
use super::text::more_evidence;
use crate::settings::{Ignored, Ignoring};
use serde_json::{Value, json};
use stslint::live::facts::Tlsa;
use stslint::live::{Assessment, MxHost, State, StepResult};
use stslint::render::json as engine;
use stslint::render::live as words;
use stslint::{Artefact, Form, Input, Kind, Parsed, Report};
use stslint_net::tls::Seen;

/// The whole document, written piece by piece.
#[derive(Debug, Default)]
pub(super) struct Document {
    has_checks: bool,
    unfit: Vec<Value>,
}

impl Document {
    /// Its beginning.
    fn head() -> String {
        let (schema, version) = (engine::Document::SCHEMA, env!("CARGO_PKG_VERSION"));
        format!("{{\n  \"schema\": {schema},\n  \"stslint\": \"{version}\",\n  \"checks\": [")
    }

    /// The next domain.
    pub(super) fn check(&mut self, entry: &Value) -> String {
        let before = if self.has_checks { ",".to_owned() } else { Self::head() };
        self.has_checks = true;
        format!("{before}\n    {}", indented(entry, "\n    "))
    }

    /// The next entry that is no domain.
    pub(super) fn unfit(&mut self, line: Option<u64>, unfit: &Unfit) {
        self.unfit.push(json!({ "line": line, "text": unfit.text, "why": unfit.why }));
    }

    /// Its end.
    pub(super) fn end(self) -> String {
        let checks = if self.has_checks { "\n  ]".to_owned() } else { Self::head() + "]" };
        let unfit = indented(&Value::Array(self.unfit), "\n  ");
        format!("{checks},\n  \"not_checked\": {unfit}\n}}\n")
    }
}

/// A value within another: no line end stands within a string of JSON.
fn indented(value: &Value, line_end: &str) -> String {
    format!("{value:#}").replace('\n', line_end)
}

/// One domain.
pub(super) fn entry(
    assessment: &Assessment,
    looked: &Looked,
    link: Option<&str>,
    ignoring: &Ignoring,
) -> Value {
    let seen = &assessment.facts;
    let head = words::headline(assessment);
    let unseen = looked.unseen.iter().map(|(what, why)| json!({ "what": what, "why": why }));
    let mut ignored = Ignored::default();
    let steps: Vec<Value> = assessment
        .steps
        .iter()
        .map(|result| step(result, assessment, looked, ignoring, &mut ignored))
        .collect();
    let ignored = ignored.rules().map(|(rule, count)| {
        json!({ "code": rule.code, "severity": rule.severity.word(), "count": count })
    });
    json!({
        "domain": seen.domain,
        "resolver": seen.resolver,
        "time": seen.now,
        "state": row::State::from(head.state),
        "title": head.title,
        "next": head.next,
        "complete": looked.unseen.is_empty(),
        "not_looked_up": unseen.collect::<Vec<_>>(),
        "steps": steps,
        "ignored": ignored.collect::<Vec<_>>(),
        "hosts": assessment.mx_hosts.iter().map(|mx| host(mx, looked)).collect::<Vec<_>>(),
        "facts": seen,
        "link": link,
        "policy_host": looked.fetched.as_ref().map(|fetched| server(&fetched.seen)),
    })
}

fn step(
    result: &StepResult,
    assessment: &Assessment,
    looked: &Looked,
    ignoring: &Ignoring,
    ignored: &mut Ignored,
) -> Value {
    let (state, reason) = match &result.state {
        State::Ok => ("ok", None),
        State::Problem => ("problem", None),
        State::Absent => ("absent", None),
        State::NotKnown(why) => ("not-known", Some(words::not_known(why))),
        State::NotReached(why) => ("not-reached", Some(words::not_reached(*why).to_owned())),
    };
    let evidence = result.evidence.iter().map(words::evidence);
    let evidence = evidence.map(|(label, value)| (label.to_owned(), value));
    let evidence = evidence.chain(more_evidence(result.step, assessment, looked));
    let found = result.found.iter().map(|i| &assessment.found[*i]);
    let found = found.filter(|found| {
        let ignores = ignoring.ignores(found.finding.rule.code);
        if ignores {
            ignored.add(&found.finding);
        }
        !ignores
    });
    let findings: Vec<Value> = found
        .map(|found| {
            let parsed = Parsed::None;
            let artefact =
                Artefact { kind: Kind::Live, parsed, findings: vec![found.finding.clone()] };
            let mut entries = entries("", &[], artefact);
            let mut finding = entries["findings"][0].take();
            // There is no text that it could point into.
            for member in ["span", "labels", "fix"] {
                finding.as_object_mut().and_then(|finding| finding.remove(member));
            }
            finding["publish"] = json!(found.publish);
            finding
        })
        .collect();
    let parts = result.parts.iter().map(|i| {
        let mut part = assessment.parts[*i].clone();
        ignoring.take(&mut part.findings, ignored);
        let all: Artefact = assessment.parts[*i].clone().into();
        let mut entry = entries(&part.place, &part.source, part.clone().into());
        // What a text is worth is told by all findings.
        entry["verdict"] = entries(&part.place, &part.source, all)["verdict"].take();
        entry["text"] = json!(String::from_utf8_lossy(&part.source));
        entry.as_object_mut().and_then(|entry| entry.remove("source"));
        entry
    });
    json!({
        "step": result.step.word(),
        "state": state,
        "reason": reason,
        "evidence": evidence.map(|(label, value)| json!({ "label": label, "value": value })).collect::<Vec<_>>(),
        "findings": findings,
        "artefacts": parts.collect::<Vec<_>>(),
    })
}

/// An artefact as `stslint lint` writes it.
fn entries(name: &str, source: &[u8], artefact: Artefact) -> Value {
    let report = Report { form: Form::Bare, artefacts: vec![artefact] };
    let entries = engine::entries(name, &Input::new(source), &report);
    entries.first().and_then(|entry| serde_json::to_value(entry).ok()).unwrap_or_default()
}

fn host(mx: &MxHost, looked: &Looked) -> Value {
    let session = looked.sessions.get(&mx.host);
    json!({
        "host": mx.host,
        "preference": mx.preference,
        "covered": mx.coverage.as_ref().map(|coverage| coverage.found.covers()),
        "pattern": mx.coverage.as_ref().and_then(|coverage| coverage.pattern.as_ref()),
        "dane": row::Dane::from(mx.dane),
        "tlsa": mx.tlsa.iter().map(Tlsa::shortened).collect::<Vec<_>>(),
        "smtp": session.map(|session| match session {
            Err(problem) => json!({ "seen": false, "problem": problem.words }),
            Ok(session) => json!({
                "seen": true,
                "starttls": session.starttls,
                "problem": session.handshake.as_ref().err().map(|problem| &problem.words),
                "server": server(&session.seen),
            }),
        }),
    })
}

fn server(seen: &Seen) -> Value {
    json!({
        "tls": seen.version.map(|version| format!("1.{}", version - 10)),
        "certificate": seen.certificate.as_ref().map(|certificate| json!({
            "names": certificate.names,
            "not_before": certificate.not_before,
            "not_after": certificate.not_after,
            "issuer": certificate.issuer,
            "name_matches": certificate.name_matches,
            "chain": certificate.chain.path().word(),
        })),
    })
}

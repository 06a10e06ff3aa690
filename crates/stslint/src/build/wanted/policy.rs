//! The policy: written anew, or what is published with the changes.

use super::{Change, Error, Fault, MOST_FIELDS, Wanted, policy_fault};
use crate::finding::Severity;
use crate::host;
use crate::input::{Input, Kind, ToAscii};
use crate::policy::{Field, MAX_SIZE, Mode, Shape, read};
use crate::rule::Rule;

/// The patterns as a policy has them: A-labels in lower case, each once.
pub(super) fn hosts(wanted: &Wanted, domain: &str) -> Result<Vec<String>, Error> {
    let mut hosts: Vec<String> = Vec::new();
    for given in wanted.mx {
        let given = given.trim();
        let (star, name) = match given.strip_prefix("*.") {
            Some(name) => ("*.", name),
            None => ("", given),
        };
        // What has no such form is refused by the linter, which can say why.
        let name = host::domain_name(name, wanted.to_ascii).unwrap_or_else(|| name.to_owned());
        let pattern = [star, &name].concat();
        if hosts.contains(&pattern) {
            continue;
        }
        // What ends the line would not be looked at as a host.
        if pattern.contains(['\r', '\n']) {
            return Err(Error::Domain(given.to_owned()));
        }
        if let Some(fault) = host_fault(&pattern, domain, wanted.to_ascii) {
            return Err(Error::Host(given.to_owned(), fault));
        }
        hosts.push(pattern);
    }
    match hosts.is_empty() && wanted.mode != Mode::None {
        true => Err(Error::NoHosts),
        false => Ok(hosts),
    }
}

/// What the linter says of a policy that names this pattern alone.
pub(super) fn host_fault(pattern: &str, domain: &str, to_ascii: Option<ToAscii>) -> Option<Fault> {
    let line = ["mx: ", pattern].concat();
    let alone = join(&["version: STSv1", "mode: enforce", &line, "max_age: 2592000"]);
    policy_fault(&alone, domain, to_ascii)
}

/// The text, what it is beside what is published, and what speaks against it as against that.
pub(super) fn write(
    wanted: &Wanted,
    domain: &str,
    hosts: &[String],
    dropped: &mut Vec<String>,
) -> Result<(String, Change, Option<Fault>), Error> {
    // Senders read no more of it (RFC 8461 §3.3).
    let published = wanted.published.policy.filter(|published| published.len() <= MAX_SIZE);
    let read = published.and_then(read);
    let before = read.iter().flat_map(|(text, tree)| {
        tree.lines.iter().filter_map(|line| {
            let Shape::Field(field) = line.shape else { return None };
            Some((field, text.text.get(line.name.range())?, text.text.get(line.value.range())?))
        })
    });
    let mut lines: Vec<String> = vec!["version: STSv1".into()];
    let mut done: Vec<Field> = vec![Field::Version];
    let mut names: Vec<&str> = Vec::new();
    for (field, name, value) in before {
        match field {
            Field::Mx => {
                let kept = hosts.iter().find(|host| host.eq_ignore_ascii_case(value));
                let line = kept.map(|host| ["mx: ", host].concat());
                lines.extend(line.filter(|line| !lines.contains(line)));
            }
            Field::Other => {
                let line = [name, ": ", value].concat();
                let alone = join(&["version: STSv1", "mode: none", &line, "max_age: 86400"]);
                // maddy refuses a policy that has a second colon in a line.
                let bad = value.contains(':')
                    || names.len() >= MOST_FIELDS
                    || names.contains(&name)
                    || policy_fault(&alone, domain, wanted.to_ascii).is_some();
                if bad {
                    dropped.push(line);
                } else {
                    names.push(name);
                    lines.push(line);
                }
            }
            field if !done.contains(&field) => {
                done.push(field);
                lines.push(ours(field, wanted));
            }
            _ => {}
        }
    }
    for field in [Field::Mode, Field::MaxAge] {
        if !done.contains(&field) {
            lines.push(ours(field, wanted));
        }
    }
    add_hosts(&mut lines, hosts);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let text = join(&lines);
    let fault = policy_fault(&text, domain, wanted.to_ascii);
    let fault = match fault {
        // What is published so and nobody asked to change stays, however weak.
        Some(fault) if !published.is_some_and(|old| is_told(old, fault.code, wanted.to_ascii)) => {
            return Err(Error::Policy(fault));
        }
        fault => fault,
    };
    let change = match wanted.published.policy {
        None => Change::New,
        Some(published) => {
            let same = str::from_utf8(published)
                .is_ok_and(|old| old.replace("\r\n", "\n") == text.replace("\r\n", "\n"));
            if same { Change::Same } else { Change::Changed }
        }
    };
    Ok((text, change, fault))
}

/// Whether a policy has a warning of this rule.
fn is_told(policy: &[u8], code: &str, to_ascii: Option<ToAscii>) -> bool {
    let input = Input { kind: Some(Kind::Policy), to_ascii, ..Input::new(policy) };
    let (_, findings) = crate::policy::lint_text(&input);
    let is_it = |rule: &Rule| rule.code == code && rule.severity == Severity::Warning;
    findings.iter().any(|finding| is_it(finding.rule))
}

/// Adds the hosts that are not there yet, behind the last one; in front of the lifetime where there is none.
fn add_hosts(lines: &mut Vec<String>, hosts: &[String]) {
    let is_mx = |line: &String| line.starts_with("mx: ");
    let after = lines.iter().rposition(is_mx).map(|at| at + 1);
    let before = || lines.iter().position(|line| line.starts_with("max_age: "));
    let at = after.or_else(before).unwrap_or(lines.len());
    let new: Vec<String> = hosts
        .iter()
        .map(|host| ["mx: ", host].concat())
        .filter(|line| !lines.contains(line))
        .collect();
    lines.splice(at..at, new);
}

fn ours(field: Field, wanted: &Wanted) -> String {
    match field {
        Field::MaxAge => format!("max_age: {}", wanted.max_age),
        _ => format!("mode: {}", wanted.mode.word()),
    }
}

/// A policy of these lines.
fn join(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [line, "\r\n"]).collect()
}

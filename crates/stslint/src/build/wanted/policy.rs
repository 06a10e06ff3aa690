//! The policy: written anew, or what is published with the changes.

use super::{Change, Error, MOST_FIELDS, Wanted, policy_fault};
use crate::host;
use crate::policy::{Field, MAX_SIZE, Mode, Shape, read};

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
        let line = ["mx: ", &pattern].concat();
        let alone = join(&["version: STSv1", "mode: enforce", &line, "max_age: 2592000"]);
        if let Some(fault) = policy_fault(&alone, domain, wanted.to_ascii) {
            return Err(Error::Host(given.to_owned(), fault));
        }
        hosts.push(pattern);
    }
    match hosts.is_empty() && wanted.mode != Mode::None {
        true => Err(Error::NoHosts),
        false => Ok(hosts),
    }
}

/// The text, and what it is beside what is published.
pub(super) fn write(
    wanted: &Wanted,
    domain: &str,
    hosts: &[String],
    dropped: &mut Vec<String>,
) -> Result<(String, Change), Error> {
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
    if let Some(fault) = policy_fault(&text, domain, wanted.to_ascii) {
        return Err(Error::Policy(fault));
    }
    let change = match wanted.published.policy {
        None => Change::New,
        Some(published) => {
            let same = str::from_utf8(published)
                .is_ok_and(|old| old.replace("\r\n", "\n") == text.replace("\r\n", "\n"));
            if same { Change::Same } else { Change::Changed }
        }
    };
    Ok((text, change))
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

//! Checks that are kept in this browser, once the user asks for it. A check on each line, as the facts
//! of a check are written on one.

use super::state::written;
use crate::browser;
use std::rc::Rc;
use stslint::live::facts::Facts;
use stslint::live::read;

/// Where they are kept. The key is there as soon as the user wants them kept.
const KEY: &str = "stslint-history";

/// Most checks that are kept.
const ENTRIES: usize = 200;

/// Most bytes that are kept: browsers allow about five million characters.
const BYTES: usize = 2_000_000;

/// Whether checks are kept.
pub(super) fn is_kept() -> bool {
    browser::remembered(KEY).is_some()
}

/// Keeps checks from now on, or forgets all. Returns whether the browser does so.
pub(super) fn keep(on: bool) -> bool {
    browser::remember(KEY, on.then_some(""))
}

/// Keeps what a check saw as long as the tab lives, so that its desk survives a reload. Gives how many bytes that took.
pub(super) fn keep_in_tab(facts: &Facts) -> usize {
    let text = written(facts);
    browser::remember_in_tab(&tab_key(&facts.domain), &text);
    text.len()
}

/// What the last check of a domain in this tab saw.
pub(super) fn of_tab(domain: &str) -> Option<Rc<Facts>> {
    read(&browser::remembered_in_tab(&tab_key(domain))?).ok().map(Rc::new)
}

fn tab_key(domain: &str) -> String {
    ["stslint-check-", domain].concat()
}

/// All checks, the latest first.
pub(super) fn all() -> Vec<Facts> {
    let text = browser::remembered(KEY).unwrap_or_default();
    text.lines().filter_map(|line| read(line).ok()).collect()
}

/// The latest check of a domain.
pub(super) fn latest(domain: &str) -> Option<Rc<Facts>> {
    let text = browser::remembered(KEY)?;
    let names = format!("{{\"domain\":\"{domain}\"");
    let line = text.lines().find(|line| line.starts_with(&names))?;
    read(line).ok().map(Rc::new)
}

/// Adds a check. Returns whether the browser kept it.
pub(super) fn add(facts: &Facts) -> bool {
    let Some(text) = browser::remembered(KEY) else { return true };
    // Domain and date come first. What was pasted later belongs to the same check.
    let (domain, now) = (facts.domain.clone(), facts.now);
    let same = written(&Facts { domain, now, ..Facts::default() });
    browser::remember(KEY, Some(&added(&text, &written(facts), same.trim_end_matches('}'))))
}

/// The lines with one more in front, instead of the one that begins like `same`; the oldest dropped where
/// there are too many.
fn added(text: &str, line: &str, same: &str) -> String {
    let mut out = line.to_owned();
    let others = text.lines().filter(|line| !line.starts_with(same));
    for line in others.take(ENTRIES - 1) {
        if out.len() + line.len() > BYTES {
            break;
        }
        out.push('\n');
        out.push_str(line);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_checks_are_dropped() {
        let mut text = String::new();
        for i in 0..ENTRIES + 5 {
            text = added(&text, &format!("[{i}]"), "{");
        }
        assert_eq!(text.lines().count(), ENTRIES);
        assert_eq!(text.lines().next(), Some("[204]"));
        let long = "x".repeat(BYTES / 2);
        let text = added(&added(&added("", &long, "{"), &long, "{"), &long, "{");
        assert_eq!(text.lines().count(), 2);
    }

    #[test]
    fn a_check_is_kept_once() {
        let text = added("{\"a\":1,\"x\":1}\n{\"a\":2}", "{\"a\":1,\"x\":2}", "{\"a\":1");
        assert_eq!(text, "{\"a\":1,\"x\":2}\n{\"a\":2}");
    }
}

//! What can be seen of reports in a text that need not be one.

use crate::text::marks::closing;
use crate::text::{Span, is_line_end};

/// Most places at which the object of a report is looked for.
const MANY: usize = 20;

/// So often a report may stand there again, as in a mail that was forwarded.
const COPIES: usize = 4;

/// How much of a text is looked at for names of members, in bytes.
const GLANCE: usize = 65_536;

/// Members that few other texts have (RFC 8460 §4.4).
const NAMES: [&str; 17] = [
    "contact-info",
    "date-range",
    "end-datetime",
    "failed-session-count",
    "failure-details",
    "organization-name",
    "policies",
    "policy-domain",
    "policy-string",
    "policy-type",
    "receiving-mx-hostname",
    "report-id",
    "result-type",
    "sending-mta-ip",
    "start-datetime",
    "total-failure-session-count",
    "total-successful-session-count",
];

/// Where the object of a report stands in a text, with its quotation marks.
pub(crate) fn object(text: &str) -> Option<Span> {
    let name = text.find("\"organization-name\"")?;
    let policies = text.find("\"policies\"")?;
    let starts: Vec<usize> =
        text[..name.min(policies)].match_indices('{').map(|(at, _)| at).collect();
    // What does not end is read to the end of the text: so many bytes in all.
    let mut left = text.len().saturating_mul(4);
    starts.into_iter().rev().take(MANY).find_map(|start| {
        let rest = &text[start..];
        let length = (left > 0).then(|| length(rest)).flatten();
        left = left.saturating_sub(length.unwrap_or(rest.len()));
        let end = start + length?;
        (end > name.max(policies)).then_some(Span::new(start, end))
    })
}

/// The object of a report that comes first in a text, and the next one that is not the same again.
pub(crate) fn two(text: &str) -> Option<(Span, Span)> {
    let first = object(text)?;
    let mut at = first.end;
    for _ in 0..COPIES {
        let next = object(&text[at..])?;
        let next = Span::new(at + next.start, at + next.end);
        if text[next.range()] != text[first.range()] {
            return Some((first, next));
        }
        at = next.end;
    }
    None
}

/// The length of the object that a text begins with.
fn length(text: &str) -> Option<usize> {
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted => depth += 1,
            b'}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

/// The name of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    /// Where it stands, without its quotation marks.
    pub(crate) place: Span,
    /// What stands in front of it, where that is a quotation mark or a bracket.
    pub(crate) quote: Option<char>,
}

/// The first member of a report in a text that has several, in quotation marks of any kind, as YAML has them, or in brackets:
/// it is a report or a part of one, whatever became of it.
pub(crate) fn likeness(text: &str) -> Option<Name> {
    let text = &text[..text.floor_char_boundary(GLANCE)];
    if text.contains('\0') {
        return None; // An archive, for example, in which one lies as it is.
    }
    let seen: Vec<Name> = (NAMES.into_iter())
        .filter_map(|name| {
            let mut found = text.match_indices(name).take(MANY);
            found.find_map(|(at, _)| as_name(text, Span::new(at, at + name.len())))
        })
        .collect();
    // Nothing else has a policy under this name.
    let is_policy = |name: &Name| &text[name.place.range()] == "policy-string";
    let enough = seen.len() > 1 || seen.iter().any(is_policy);
    seen.into_iter().filter(|_| enough).min_by_key(|name| name.place.start)
}

/// A word as the name of a member, if a value follows.
fn as_name(text: &str, place: Span) -> Option<Name> {
    let (before, after) = (&text[..place.start], &text[place.end..]);
    let quote = before.chars().next_back().filter(|c| is_quote(*c));
    let after = match quote {
        // As PHP and Go print what they hold.
        Some('[') => after,
        Some(open) => {
            let close = after.strip_prefix('\\').unwrap_or(after);
            let same = |c: char| c == open || closing(open).contains(&c);
            close.strip_prefix(same)?
        }
        None => {
            let line = before.rsplit(is_line_end).next().unwrap_or_default();
            let begins = |c: char| matches!(c, ' ' | '\t' | '-' | '>');
            line.chars().all(begins).then_some(after)?
        }
    };
    let after = after.strip_prefix(']').unwrap_or(after).trim_start_matches(&[' ', '\t'][..]);
    let has_value = after.starts_with(&[':', '='][..]);
    has_value.then_some(Name { place, quote })
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '[') || !closing(c).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_seen_by_the_names_of_its_members() {
        for (text, place, quote) in [
            ("{\"report-id\":1,\"policies\":[]}", 2, Some('"')),
            ("\"policies\": [{\"policy-type\": \"sts\"", 1, Some('"')),
            ("{'report-id': '1', 'policies': []}", 2, Some('\'')),
            ("{\u{201d}report-id\u{201d}: 1, \u{201d}policies\u{201d}: []}", 4, Some('\u{201d}')),
            ("{\u{201e}report-id\u{201c}: 1, \u{201e}policies\u{201c}: []}", 4, Some('\u{201e}')),
            ("report-id: 1\npolicies:\n- policy-type: sts", 0, None),
            ("> policies:\n> - policy-type: sts", 2, None),
            ("{\\\"report-id\\\": 1, \\\"policies\\\": []}", 3, Some('"')),
            ("array('report-id' => 1, 'policies' => [])", 7, Some('\'')),
            ("(\n[report-id] => 1\n[policies] => Array\n", 3, Some('[')),
            ("map[policies:[map[policy-type:sts", 4, Some('[')),
            ("[\"report-id\"]=> \"1\" [\"policies\"]=> array(0)", 2, Some('"')),
            ("\"policy-string\": [\"version: STSv1\"]", 1, Some('"')),
        ] {
            let seen = likeness(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((seen.place.start, seen.quote), (place, quote), "{text}");
        }
        for text in [
            "",
            "\"policies\": []",
            "policies: report-id: 1",
            "It has `report-id`: an id, and `policies`: a list",
            "\"report-id\", \"policies\"",
            "report-id of the policies",
        ] {
            assert_eq!(likeness(text), None, "{text}");
        }
    }

    #[test]
    fn several_reports_are_two_that_differ() {
        let one = |id| format!("{{\"organization-name\":\"{id}\",\"policies\":[]}}");
        let (a, b) = (one("a"), one("b"));
        for (text, wanted) in [
            (format!("{a}\n{b}"), Some(a.len() + 1)),
            (format!("x {a}\ny {b}"), Some(a.len() + 5)),
            (format!("{a}{a}{b}"), Some(2 * a.len())),
            (format!("{a}\n{a}"), None),
            (a.clone(), None),
        ] {
            assert_eq!(two(&text).map(|(_, next)| next.start), wanted, "{text}");
        }
    }
}

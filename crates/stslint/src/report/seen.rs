//! What can be seen of reports in a text that need not be one.

use super::names;
use crate::json::{self, Data};
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

/// Members of a report beside its policies.
const OF_WHOLE: [&str; 4] = ["contact-info", "date-range", "organization-name", "report-id"];

/// In how much of a text its first names are looked for, in bytes.
const HEAD: usize = 4_096;

/// Whether a text is JSON with a member `policies`, as reports are and nothing else that has their names: not one around a
/// report, not a list of some, and not what became of one.
pub(crate) fn is_whole(text: &str) -> bool {
    if !text.trim_start().starts_with('{') {
        return false;
    }
    let (root, problems) = json::read(text);
    problems.is_empty() && has_policies(&root)
}

/// Whether a value has policies as a report has.
pub(super) fn has_policies(value: &json::Value) -> bool {
    let Data::Object(members) = &value.data else { return false };
    members.iter().any(|member| names::is_like(&member.key, "policies"))
}

/// Whether a text is JSON with a policy and what came of it, or a failure, without the report around.
pub(crate) fn is_part(text: &str) -> bool {
    let text = &text[..text.floor_char_boundary(GLANCE)];
    text.trim_start().starts_with(&['{', '['][..])
        && !OF_WHOLE.iter().chain(&["policies"]).any(|name| text.contains(name))
        && likeness(text).is_some_and(|name| name.quote == Some('"'))
}

/// Whether a text is rows or sums that were made of reports, as parsedmarc and `stslint report` write them. A policy in
/// them is the one that a sender had.
pub(crate) fn is_made_of_reports(text: &str) -> bool {
    let text = text.trim_start();
    let is_json = text.starts_with(&['{', '['][..]);
    let end = if is_json { None } else { text.find(is_line_end) };
    let head = &text[..text.floor_char_boundary(end.unwrap_or(HEAD).min(HEAD))];
    let has =
        |name: &str| head.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|it| it == name);
    let row = has("report_id") && ["failed_session_count", "policy_domain"].into_iter().any(has);
    row && !has("policies") || is_json && has("stslint") && has("policies_left_out")
}

/// Where the object of a report stands in a text, with its quotation marks.
pub(crate) fn object(text: &str) -> Option<Span> {
    let name =
        ["\"organization-name\"", "\"organization_name\""].iter().find_map(|it| text.find(it))?;
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
    fn what_is_made_of_reports_is_told_from_reports() {
        for (text, made) in [
            (
                "organization_name,begin_date,report_id,result_type,failed_session_count,policy_strings\nA,",
                true,
            ),
            (
                "organization,contact,report_id,start,end,day,policy,kind,domain,policy_domain,mode\n",
                true,
            ),
            ("{\"organization\":\"A\",\"report_id\":\"1\",\"policy_domain\":\"a.se\"}", true),
            ("{\n  \"schema\": 1,\n  \"stslint\": \"0.1.0\",\n  \"policies_left_out\": 0}", true),
            ("{\"report_id\":\"1\",\"policies\":[{\"policy_domain\":\"a.se\"}]}", false),
            ("We have report_id and more.\nAnd policy_domain", false),
            ("", false),
        ] {
            assert_eq!(is_made_of_reports(text), made, "{text}");
        }
    }

    #[test]
    fn a_part_is_told_from_the_whole() {
        let part = "{\"result-type\":\"certificate-expired\",\"failed-session-count\":3}";
        for (text, of_report) in [
            (part.to_owned(), true),
            (format!("[{part}]"), true),
            (format!("{{\"report-id\":\"1\",\"policies\":[{part}]}}"), false),
            (part[1..].to_owned(), false),
            ("[policy-string] => Array\n".to_owned(), false),
            ("{\"result-type\":1}".to_owned(), false),
        ] {
            assert_eq!(is_part(&text), of_report, "{text}");
        }
    }

    #[test]
    fn what_is_around_a_report_is_none() {
        for (text, whole) in [
            ("{\"policies\":[]}", true),
            (" {\"Policies\":[]}\n", true),
            ("{\"log\":{\"policies\":[]}}", false),
            ("[{\"policies\":[]}]", false),
            ("{\"policies\":[]},", false),
            ("{\"policies\":[", false),
            ("{}", false),
        ] {
            assert_eq!(is_whole(text), whole, "{text}");
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

//! Members of a report under other names or in another place than the schema has them (RFC 8460 §4.4).

use crate::json::{Data, Member, Text, Value};
use crate::text::Span;

/// All members of the schema.
const MEMBERS: [&str; 24] = [
    "additional-information",
    "contact-info",
    "date-range",
    "end-datetime",
    "failed-session-count",
    "failure-details",
    "failure-reason-code",
    "mx-host",
    "organization-name",
    "policies",
    "policy",
    "policy-domain",
    "policy-string",
    "policy-type",
    "receiving-ip",
    "receiving-mx-helo",
    "receiving-mx-hostname",
    "report-id",
    "result-type",
    "sending-mta-ip",
    "start-datetime",
    "summary",
    "total-failure-session-count",
    "total-successful-session-count",
];

/// Other names of members, without the signs between their words: what the schema calls the values of two members, and slips.
const OTHERS: [(&str, &str); 11] = [
    ("additionalinformationuri", "additional-information"),
    ("additionalinfouri", "additional-information"),
    ("failedsessionscount", "failed-session-count"),
    ("failuredetail", "failure-details"),
    ("mxhostpattern", "mx-host"),
    ("mxhostpatterns", "mx-host"),
    ("policystrings", "policy-string"),
    ("receivingmx", "receiving-mx-hostname"),
    ("totalfailedsessioncount", "total-failure-session-count"),
    ("totalsuccesssessioncount", "total-successful-session-count"),
    ("totalsuccessfullsessioncount", "total-successful-session-count"),
];

/// Objects of the schema whose members programs that write reports anew, such as parsedmarc, have beside the object's place instead of in
/// it: their names there and in the schema. One of the first half of them has to be there: the others alone may mean something else.
const FLATTENED: [(&str, &[(&str, &str)]); 2] = [
    (
        "date-range",
        &[
            ("begindate", "start-datetime"),
            ("datebegin", "start-datetime"),
            ("enddate", "end-datetime"),
            ("dateend", "end-datetime"),
        ],
    ),
    (
        "summary",
        &[
            ("successfulsessioncount", "total-successful-session-count"),
            ("failedsessioncount", "total-failure-session-count"),
        ],
    ),
];

/// What stood where it does not belong, with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Misplaced {
    /// A member that has another name in the schema: that one.
    Name(Span, &'static str),
    /// The policy's members stand beside its summary: the first of them.
    Flat(Span),
    /// Members have the places that programs give them which write reports anew: the first of them.
    Anew(Span),
}

/// Gives each member the name and place that the schema has for it, and tells which had others. A member that is there
/// under its own name stays the one that counts.
pub(super) fn put_right(root: &mut Value, misplaced: &mut Vec<Misplaced>) {
    match &mut root.data {
        Data::Array(elements) => {
            elements.iter_mut().for_each(|element| put_right(element, misplaced));
        }
        Data::Object(members) => {
            FLATTENED.iter().for_each(|(into, names)| nest(members, into, names, misplaced));
            rename(members, misplaced);
            nest_policy(members, misplaced);
            members.iter_mut().for_each(|member| put_right(&mut member.value, misplaced));
        }
        _ => {}
    }
}

/// Where the names stand that were put right, ascending.
pub(super) fn guessed(misplaced: &[Misplaced]) -> Vec<usize> {
    let mut places: Vec<usize> = misplaced
        .iter()
        .filter_map(|misplaced| match misplaced {
            Misplaced::Name(span, _) => Some(span.start),
            Misplaced::Flat(_) | Misplaced::Anew(_) => None,
        })
        .collect();
    places.sort_unstable();
    places
}

fn rename(members: &mut [Member], misplaced: &mut Vec<Misplaced>) {
    // Which of the schema's names are there, a bit for each: looked for once, as somebody may write a member a million times.
    let mut present: Option<u32> = None;
    for at in 0..members.len() {
        let key = members[at].key;
        let Some(name) = meant(&key) else { continue };
        let present = present.get_or_insert_with(|| {
            members.iter().fold(0, |all, member| all | bit(|name| member.key.is(name)))
        });
        let own = bit(|known| known == name);
        if *present & own == 0 {
            *present |= own;
            misplaced.push(Misplaced::Name(key.span, name));
            members[at].key = Text::plain(key.span, name);
        }
    }
}

/// The bit of the name for which something holds; none where it holds for no name.
fn bit(is: impl Fn(&'static str) -> bool) -> u32 {
    MEMBERS.into_iter().position(is).map_or(0, |at| 1 << at)
}

/// The name that a member was meant to have, if that is another one.
fn meant(key: &Text) -> Option<&'static str> {
    // No name in the schema is as long, and few keys are not in it.
    if key.raw.len() > 40 || MEMBERS.contains(&key.raw) {
        return None;
    }
    let key = key.text().replace(['-', '_', ' '], "").to_ascii_lowercase();
    let other = OTHERS.iter().find(|(wrong, _)| *wrong == key).map(|(_, name)| *name);
    let is_key = |name: &&str| name.bytes().filter(|b| *b != b'-').eq(key.bytes());
    other.or_else(|| MEMBERS.into_iter().find(is_key))
}

/// Whether a key is this name of letters, in any case and with any signs between its words.
pub(super) fn is_like(key: &Text, name: &str) -> bool {
    let letters = key.raw.bytes().filter(|byte| !matches!(byte, b'-' | b'_' | b' '));
    letters.map(|byte| byte.to_ascii_lowercase()).eq(name.bytes())
}

/// Puts members that stand beside an object's place into that object, where there is none yet.
fn nest(
    members: &mut Vec<Member>,
    into: &'static str,
    names: &[(&str, &'static str)],
    misplaced: &mut Vec<Misplaced>,
) {
    let is = |member: &Member, (wrong, _): &(&str, &str)| is_like(&member.key, wrong);
    // A failure, for example, has a number of failed sessions of its own.
    let firsts = &names[..names.len() / 2];
    let has_first = members.iter().any(|member| firsts.iter().any(|name| is(member, name)));
    let is_there =
        |member: &Member| member.key.is(into) && matches!(member.value.data, Data::Object(_));
    if !has_first || members.iter().any(is_there) {
        return;
    }
    let (mut inner, outer): (Vec<Member>, Vec<Member>) = std::mem::take(members)
        .into_iter()
        .partition(|member| names.iter().any(|name| is(member, name)));
    let (Some(first), Some(last)) = (inner.first(), inner.last()) else { return };
    let (first, end) = (first.key.span, last.value.span.end);
    for member in &mut inner {
        let right = names.iter().find(|name| is(member, name)).map_or(into, |(_, right)| *right);
        member.key = Text::plain(member.key.span, right);
    }
    misplaced.push(Misplaced::Anew(first));
    let span = Span::new(first.start.saturating_sub(1), end);
    let value = Value { span, data: Data::Object(inner) };
    // Before what has that name and is no object.
    *members = vec![Member { key: Text::plain(first, into), value }];
    members.extend(outer);
}

/// Puts the members of a policy that stand beside its summary into a policy of their own.
fn nest_policy(members: &mut Vec<Member>, misplaced: &mut Vec<Misplaced>) {
    let of_policy = |member: &Member| {
        ["mx-host", "policy-domain", "policy-string", "policy-type"]
            .iter()
            .any(|name| member.key.is(name))
    };
    let has = |name| members.iter().any(|member| member.key.is(name));
    if has("policy") || !has("policy-type") || !(has("summary") || has("failure-details")) {
        return;
    }
    let (inner, outer): (Vec<Member>, Vec<Member>) =
        std::mem::take(members).into_iter().partition(of_policy);
    *members = outer;
    let (Some(first), Some(last)) = (inner.first(), inner.last()) else { return };
    let span = Span::new(first.key.span.start.saturating_sub(1), last.value.span.end);
    misplaced.push(Misplaced::Flat(first.key.span));
    let key = Text::plain(first.key.span, "policy");
    members.push(Member { key, value: Value { span, data: Data::Object(inner) } });
}

#[cfg(test)]
mod tests {
    use crate::report::content;

    #[test]
    fn a_name_is_put_right_once_and_where_it_is_not_there_itself() {
        let id =
            |text: &str| content(text).expect("an object").id.map(std::borrow::Cow::into_owned);
        assert_eq!(id(r#"{"report_id":"a","Report ID":"b"}"#).as_deref(), Some("a"));
        assert_eq!(id(r#"{"report_id":"a","report-id":"b"}"#).as_deref(), Some("b"));
        assert_eq!(id(r#"{"report_id":"a","report\u002did":"b"}"#).as_deref(), Some("b"));
    }

    /// As parsedmarc writes them, in a file and to a database.
    #[test]
    fn reports_that_a_program_wrote_anew_are_read() {
        let text = r#"{"organization_name":"A","begin_date":"2026-11-29T00:00:00Z","end_date":"2026-11-29T23:59:59Z",
            "contact_info":"a@b.se","report_id":"x","policies":[{"policy_domain":"a.se","policy_type":"sts",
            "policy_strings":["version: STSv1","mode: enforce","mx: m.a.se","max_age: 604800"],
            "mx_host_patterns":["m.a.se"],"successful_session_count":90,"failed_session_count":10,"failure_details":[
            {"result_type":"certificate-expired","failed_session_count":10,"sending_mta_ip":"192.0.2.9",
            "receiving_mx_hostname":"m.a.se","additional_info_uri":"https://b.se"}]}]}"#;
        let stored = text
            .replace("begin_date", "date_begin")
            .replace("\"end_date\"", "\"date_range\":[1,2],\"date_end\"");
        for text in [text, &stored] {
            let content = content(text).expect("an object");
            let [start, end] =
                [content.start, content.end].map(|time| time.and_then(|time| time.seconds()));
            assert_eq!((start, end), (Some(1_795_910_400), Some(1_795_996_799)), "{text}");
            let [policy] = &content.policies[..] else { panic!("{text}") };
            assert_eq!(policy.domain.as_deref(), Some("a.se"));
            assert_eq!((policy.success, policy.failure), (Some(90), Some(10)));
            assert_eq!((policy.policy.len(), policy.mx_hosts.len()), (4, 1));
            let [failure] = &policy.failures[..] else { panic!("{text}") };
            assert_eq!((failure.count, failure.mx.as_deref()), (Some(10), Some("m.a.se")));
            assert_eq!(failure.more.as_deref(), Some("https://b.se"));
        }
    }

    #[test]
    fn slips_are_read() {
        let text = r#"{"policies":[{"summary":{"total-failed-session-count":3}}]}"#;
        assert_eq!(content(text).expect("an object").policies[0].failure, Some(3));
    }

    #[test]
    fn a_member_that_is_there_many_times_costs_no_more_than_its_length() {
        // Each of them was compared with all others: hours.
        let text = format!("{{{}\"report-id\":\"b\"}}", "\"report_id\":0,".repeat(400_000));
        assert_eq!(content(&text).expect("an object").id.as_deref(), Some("b"));
    }
}

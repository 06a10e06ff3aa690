//! What a report says, in the types of its schema (RFC 8460 §4.4), without findings.

use super::{
    Count, ResultType, Values, address, believed, details, elements, inside, instant, is_blank,
    names, sum, text_of, tlsa_records,
};
use crate::json::{self, Data, Value};
use crate::policy::{self, Mode};
use crate::result_type::is_meant;
use crate::text::Span;
use std::borrow::Cow;
use std::net::IpAddr;

const LINE_END: &[char] = &['\r', '\n'];

/// All that a report says, as far as it is valid: of a member that is there twice the first one
/// counts, good or bad, as for the rules. Texts are borrowed from the source where no escape is in
/// them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content<'a> {
    /// Who reports: `organization-name`.
    pub organization: Option<Cow<'a, str>>,
    /// Whom to ask about it: `contact-info`.
    pub contact: Option<Cow<'a, str>>,
    /// Its id, by which a report that comes twice is counted once: `report-id`.
    pub id: Option<Cow<'a, str>>,
    /// Where its time begins: `start-datetime`.
    pub start: Option<Moment<'a>>,
    /// Where its time ends: `end-datetime`.
    pub end: Option<Moment<'a>>,
    /// What it says about each policy: `policies`.
    pub policies: Vec<PolicyResult<'a>>,
}

/// A point in time, as the report has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment<'a>(pub Cow<'a, str>);

impl Moment<'_> {
    /// In seconds since 1970-01-01T00:00:00Z; none where it is not written as RFC 3339 §5.6 has it, but for a space in
    /// the place of the `T`. Without an offset it is taken for UTC.
    pub fn seconds(&self) -> Option<i64> {
        instant(&self.0).map(|time| time.seconds)
    }
}

/// What came of one policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyResult<'a> {
    /// Its kind: `policy-type`.
    pub policy_type: Option<PolicyType>,
    /// Its lines as the sender saw them: `policy-string`.
    pub policy: Vec<Cow<'a, str>>,
    /// The domain it was published for: `policy-domain`.
    pub domain: Option<Cow<'a, str>>,
    /// Its mx patterns: `mx-host`, a list or, as in the RFC's own example, a string (erratum 6241).
    pub mx_hosts: Vec<Cow<'a, str>>,
    /// Sessions that kept to it: `total-successful-session-count`.
    pub success: Option<u64>,
    /// Sessions that failed: `total-failure-session-count`.
    pub failure: Option<u64>,
    /// Where their number stands in the text of the report, or has to.
    pub failure_span: Span,
    /// How they failed: `failure-details`.
    pub failures: Vec<Failure<'a>>,
}

/// Sessions that failed in the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure<'a> {
    /// What failed, where it has a registered name or is meant to have one.
    pub result: Option<ResultType>,
    /// The name that the report has for it, or the registered one that is meant by it: `result-type`.
    pub result_type: Option<Cow<'a, str>>,
    /// Where the session came from: `sending-mta-ip`.
    pub sending_ip: Option<IpAddr>,
    /// The MX host that it went to: `receiving-mx-hostname`.
    pub mx: Option<Cow<'a, str>>,
    /// What that host called itself: `receiving-mx-helo`.
    pub helo: Option<Cow<'a, str>>,
    /// The address of that host: `receiving-ip`.
    pub receiving_ip: Option<IpAddr>,
    /// How many sessions: `failed-session-count`.
    pub count: Option<u64>,
    /// Where more is said, as a URI that somebody else wrote: `additional-information`.
    pub more: Option<Cow<'a, str>>,
    /// A code or text of the reporter: `failure-reason-code`.
    pub reason: Option<Cow<'a, str>>,
    /// Where its result type stands in the text of the report, or has to.
    pub span: Span,
}

/// The kinds of policies (RFC 8460 §4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PolicyType {
    /// `no-policy-found`
    NoPolicyFound,
    /// `sts`
    Sts,
    /// `tlsa`
    Tlsa,
}

impl PolicyType {
    /// All of them with their names.
    const WORDS: [(Self, &'static str); 3] =
        [(Self::NoPolicyFound, "no-policy-found"), (Self::Sts, "sts"), (Self::Tlsa, "tlsa")];

    /// Its name in reports.
    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(known, _)| *known == self).map_or("", |(_, word)| word)
    }

    /// The kind of this name.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, known)| *known == word).map(|(known, _)| *known)
    }

    /// The kind that is meant by a name, in any case and with any sign between its words.
    pub fn meant(name: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(_, word)| is_meant(word, name)).map(|(known, _)| *known)
    }
}

impl PolicyResult<'_> {
    /// What the policy says that the sender had.
    pub(super) fn read(&self) -> policy::Values {
        read(&self.policy)
    }

    /// How many sessions failed: the total, or what the details come to where it says nothing or that none failed.
    pub fn failed(&self) -> Option<u64> {
        believed(self.failure, sum(self.failures.iter().map(|failure| failure.count)))
    }

    /// Failed sessions that no detail tells of. One session can fail for several reasons (RFC 8460 §4), so only less means
    /// that some are not explained. None where the number of a detail cannot be read: it may be all of them.
    pub(super) fn unexplained(&self) -> Option<u64> {
        let explained = (self.failures.iter().filter(|failure| failure.tells()))
            .try_fold(0, |sum: u64, failure| Some(sum.saturating_add(failure.count?)))?;
        Some(self.failure.unwrap_or(0).saturating_sub(explained)).filter(|left| *left > 0)
    }
}

impl Content<'_> {
    /// The same in short, as [`crate::lint`] gives it.
    pub fn values(&self) -> Values {
        let organization = self.organization.as_deref().map(str::to_owned);
        let mut values = Values { organization, ..Values::default() };
        for outcome in &self.policies {
            let details: Vec<_> =
                outcome.failures.iter().map(|failure| (failure.result, failure.count)).collect();
            let totals = (outcome.success, outcome.failure);
            values.add(outcome.policy_type, outcome.read().mode, totals, &details);
        }
        values
    }
}

/// Reads a report, unpacked. None for what is no JSON object; whatever else is wrong with it,
/// [`super::lint`] says. Of a member that is there twice the first one counts.
pub fn content(text: &str) -> Option<Content<'_>> {
    let bare = text.trim_start_matches('\u{feff}');
    let marks = text.len() - bare.len();
    let (mut root, problems) = json::read(bare);
    if !matches!(root.data, Data::Object(_)) || !problems.is_empty() {
        return None;
    }
    names::put_right(&mut root, &mut Vec::new());
    Some(Content::of(&root, marks))
}

impl<'a> Content<'a> {
    /// What an object says whose members have the names and places of the schema. `marks` is how many bytes stand before it.
    pub(super) fn of(root: &Value<'a>, marks: usize) -> Self {
        let range = root.get("date-range");
        let moment = |key| text_of(range?.get(key)).map(Moment);
        Self {
            organization: said(root, "organization-name"),
            start: moment("start-datetime"),
            end: moment("end-datetime"),
            contact: said(root, "contact-info"),
            id: said(root, "report-id"),
            policies: objects(root.get("policies"))
                .map(|result| policy_result(result, marks))
                .collect(),
        }
    }
}

/// `marks` is how many bytes stand before what was read.
fn policy_result<'a>(result: &Value<'a>, marks: usize) -> PolicyResult<'a> {
    let policy = result.get("policy");
    let summary = result.get("summary");
    let member = |key| policy.and_then(|policy| policy.get(key));
    let count = |key| Count::of(summary.and_then(|summary| summary.get(key))).number();
    let policy_type = text_of(member("policy-type")).and_then(|text| PolicyType::meant(&text));
    let lines: Vec<_> = texts(member("policy-string")).into_iter().map(without_end).collect();
    let owned = |records: Vec<Cow<str>>| -> Vec<Cow<'a, str>> {
        records.into_iter().map(|record| record.into_owned().into()).collect()
    };
    PolicyResult {
        policy_type,
        policy: match policy_type {
            Some(PolicyType::Tlsa) => {
                lines.iter().flat_map(|text| owned(tlsa_records(text))).collect()
            }
            _ => lines,
        },
        domain: policy.and_then(|policy| said(policy, "policy-domain")),
        mx_hosts: texts(member("mx-host")).into_iter().filter(|host| !is_blank(host)).collect(),
        success: count("total-successful-session-count"),
        failure: count("total-failure-session-count"),
        failure_span: place(summary.unwrap_or(result), "total-failure-session-count", marks),
        failures: details(result)
            .iter()
            .filter(|value| matches!(value.data, Data::Object(_)))
            .map(|value| failure(value, marks))
            .collect(),
    }
}

fn failure<'a>(failure: &Value<'a>, marks: usize) -> Failure<'a> {
    let result_type = filled(failure, "result-type");
    let result = result_type.as_deref().and_then(ResultType::meant);
    let ip = |key| address::read(&text_of(failure.get(key))?);
    Failure {
        result,
        result_type: result.map(|result| result.word().into()).or(result_type),
        sending_ip: ip("sending-mta-ip"),
        mx: filled(failure, "receiving-mx-hostname"),
        helo: filled(failure, "receiving-mx-helo"),
        receiving_ip: ip("receiving-ip"),
        count: Count::of(failure.get("failed-session-count")).number(),
        more: filled(failure, "additional-information"),
        reason: filled(failure, "failure-reason-code"),
        span: place(failure, "result-type", marks),
    }
}

/// Where a member's value stands, or has to.
fn place(object: &Value, key: &str, marks: usize) -> Span {
    let span = object.get(key).map_or_else(|| inside(object), |value| value.span);
    Span::new(span.start + marks, span.end + marks)
}

/// The objects of a list, or the one that stands there without a list.
fn objects<'v, 'a>(value: Option<&'v Value<'a>>) -> impl Iterator<Item = &'v Value<'a>> {
    let all = value.map_or(&[][..], elements);
    all.iter().filter(|value| matches!(value.data, Data::Object(_)))
}

/// The texts of a list, or the one that stands there without a list.
fn texts<'a>(value: Option<&Value<'a>>) -> Vec<Cow<'a, str>> {
    let Some(value) = value else { return Vec::new() };
    let list = match &value.data {
        Data::Array(elements) => elements,
        _ => std::slice::from_ref(value),
    };
    list.iter().filter_map(|text| text_of(Some(text))).collect()
}

/// A line of a policy without its end, which some reporters leave there.
fn without_end(line: Cow<str>) -> Cow<str> {
    match line {
        Cow::Borrowed(line) => Cow::Borrowed(line.trim_end_matches(LINE_END)),
        Cow::Owned(mut line) => {
            line.truncate(line.trim_end_matches(LINE_END).len());
            Cow::Owned(line)
        }
    }
}

/// What the policy with these lines says, which may also be one text.
fn read(lines: &[Cow<str>]) -> policy::Values {
    policy::values(&lines.join("\n"))
}

/// The mode of a policy as the report repeats it.
pub(super) fn reported_mode(policy: &Value) -> Option<Mode> {
    read(&texts(policy.get("policy-string"))).mode
}

/// A text that is more than white space.
fn said<'a>(object: &Value<'a>, key: &str) -> Option<Cow<'a, str>> {
    text_of(object.get(key)).filter(|text| !is_blank(text))
}

/// A text that is not empty, as some reporters write what they do not know.
fn filled<'a>(object: &Value<'a>, key: &str) -> Option<Cow<'a, str>> {
    text_of(object.get(key)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, Kind, Parsed, lint};

    /// One with everything, in the order of nobody.
    const FULL: &str = r#" {"report-id": "1\u00e4", "x": [{}, "policies", 1e3], "policies": [7, {
        "failure-details": {"failed-session-count": "3", "receiving-ip": "2001:db8::1", "result-type": "new-type",
            "sending-mta-ip": "nowhere", "receiving-mx-helo": "", "failure-reason-code": "a\"b",
            "additional-information": "https://a.example", "receiving-mx-hostname": "mx.a.example"},
        "summary": {"total-failure-session-count": 3, "total-successful-session-count": 01},
        "policy": {"mx-host": "mx.a.example", "policy-type": "sts", "policy-string": ["a", 1, "b"]},
        "policy": {"policy-domain": "b.example"}}],
        "date-range": {"end-datetime": "2026-10-01T23:59:59Z", "start-datetime": "today"},
        "organization-name": " ", "contact-\u0069nfo": "a@b.example", "organization-name": "B"} "#;

    #[test]
    fn everything_is_read() {
        // A number does not begin with a zero.
        assert_eq!(content(FULL), None);
        let text = FULL.replace("01}", "1}");
        let content = content(&text).unwrap();
        // Of a member that is there twice the first one counts.
        assert_eq!((content.organization, content.contact.as_deref()), (None, Some("a@b.example")));
        assert_eq!(content.id.as_deref(), Some("1ä"));
        assert_eq!(content.start.unwrap().seconds(), None);
        assert_eq!(content.end.unwrap().seconds(), Some(1_790_899_199));
        let [outcome] = &content.policies[..] else { panic!("{:?}", content.policies) };
        assert_eq!((outcome.policy_type, outcome.domain.as_ref()), (Some(PolicyType::Sts), None));
        assert_eq!(
            (&outcome.policy[..], &outcome.mx_hosts[..]),
            (&["a".into(), "b".into()][..], &["mx.a.example".into()][..])
        );
        assert_eq!((outcome.success, outcome.failure), (Some(1), Some(3)));
        let want = Failure {
            result: None,
            result_type: Some("new-type".into()),
            sending_ip: None,
            mx: Some("mx.a.example".into()),
            helo: None,
            receiving_ip: "2001:db8::1".parse().ok(),
            count: Some(3),
            more: Some("https://a.example".into()),
            reason: Some("a\"b".into()),
            span: outcome.failures[0].span,
        };
        assert_eq!(outcome.failures, [want]);
    }

    #[test]
    fn what_has_no_escape_is_borrowed() {
        let content = content("{\"organization-name\":\"A\",\"report-id\":\"\\u0041\"}").unwrap();
        assert!(matches!(content.organization, Some(Cow::Borrowed("A"))));
        assert!(matches!(content.id, Some(Cow::Owned(text)) if text == "A"));
    }

    #[test]
    fn what_is_no_report_gives_nothing() {
        for text in
            ["", "[]", "{", "{} x", "{\"policies\":[}", "{\"a\":\"\\x\"}", "{a:1}", "{\"a\" 1}"]
        {
            assert_eq!(content(text), None, "{text}");
        }
    }

    #[test]
    fn counts_are_those_of_the_rules() {
        for count in [
            "0",
            "7",
            "12345678901234567",
            "123456789012345678",
            "18446744073709551616",
            "007",
            "-1",
            "1.0",
            "1e3",
            "\"5\"",
            "\"-5\"",
            "null",
            "[]",
            "{}",
            " 4 ",
            "",
        ] {
            let text = format!(
                "{{\"policies\":[{{\"summary\":{{\"total-failure-session-count\":{count}}}}}]}}"
            );
            let input = Input { kind: Some(Kind::Report), ..Input::new(text.as_bytes()) };
            let Parsed::Report(linted) = lint(&input).artefacts.remove(0).parsed else { panic!() };
            let read = content(&text).map(|content| content.values()).unwrap_or_default();
            assert_eq!(read, linted, "{count}");
        }
    }
}

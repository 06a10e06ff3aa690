//! What a report says, in the types of its schema (RFC 8460 §4.4): read in one pass, without findings.

use super::{Count, ResultType, Values, add, address, is_blank};
use crate::json::Reader;
use crate::time;
use std::borrow::Cow;
use std::net::IpAddr;

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
    pub policies: Vec<Outcome<'a>>,
}

/// A point in time, as the report has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment<'a>(pub Cow<'a, str>);

impl Moment<'_> {
    /// In seconds since 1970-01-01T00:00:00Z; none where it is not written as RFC 3339 §5.6 has it.
    /// Without an offset it is taken for UTC.
    pub fn seconds(&self) -> Option<i64> {
        time::parse(&self.0).map(|time| time.seconds)
    }
}

/// What came of one policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome<'a> {
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
    /// How they failed: `failure-details`.
    pub failures: Vec<Failure<'a>>,
}

/// Sessions that failed in the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Failure<'a> {
    /// What failed, where it has a registered name.
    pub result: Option<ResultType>,
    /// The name that the report has for it: `result-type`.
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
}

/// The kinds of policies (RFC 8460 §4.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PolicyType {
    /// `no-policy-found`
    NoPolicyFound,
    /// `sts`
    Sts,
    /// `tlsa`
    Tlsa,
}

impl PolicyType {
    /// The kind of this name.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "no-policy-found" => Some(Self::NoPolicyFound),
            "sts" => Some(Self::Sts),
            "tlsa" => Some(Self::Tlsa),
            _ => None,
        }
    }
}

impl Content<'_> {
    /// The same in short, as [`crate::lint`] gives it.
    pub fn values(&self) -> Values {
        let organization = self.organization.as_deref().map(str::to_owned);
        let mut values = Values { organization, ..Values::default() };
        for outcome in &self.policies {
            add(&mut values.success, outcome.success);
            add(&mut values.failure, outcome.failure);
        }
        values
    }
}

/// Reads a report, unpacked. None for what is no JSON object; whatever else is wrong with it,
/// [`super::lint`] says.
pub fn content(text: &str) -> Option<Content<'_>> {
    let mut reader = Reader::of(text.trim_start_matches('\u{feff}'));
    if reader.peek() != Some(b'{') {
        return None;
    }
    let mut content = Content::default();
    reader.object(
        &mut content,
        &[
            ("organization-name", |reader, content| content.organization = said(reader)),
            ("date-range", |reader, content| {
                reader.object(
                    content,
                    &[
                        ("start-datetime", |reader, content| content.start = moment(reader)),
                        ("end-datetime", |reader, content| content.end = moment(reader)),
                    ],
                );
            }),
            ("contact-info", |reader, content| content.contact = said(reader)),
            ("report-id", |reader, content| content.id = said(reader)),
            ("policies", |reader, content| items(reader, &mut content.policies, outcome)),
        ],
    );
    reader.end().is_empty().then_some(content)
}

fn outcome<'a>(reader: &mut Reader<'a>, outcome: &mut Outcome<'a>) {
    reader.object(
        outcome,
        &[
            ("policy", policy),
            ("summary", |reader, outcome| {
                reader.object(
                    outcome,
                    &[
                        ("total-successful-session-count", |reader, outcome| {
                            outcome.success = count(reader);
                        }),
                        ("total-failure-session-count", |reader, outcome| {
                            outcome.failure = count(reader);
                        }),
                    ],
                );
            }),
            ("failure-details", |reader, outcome| {
                outcome.failures.reserve_exact(1); // Mostly there is one.
                items(reader, &mut outcome.failures, failure);
            }),
        ],
    );
}

fn policy<'a>(reader: &mut Reader<'a>, outcome: &mut Outcome<'a>) {
    reader.object(
        outcome,
        &[
            ("policy-type", |reader, outcome| {
                outcome.policy_type = text(reader).and_then(|text| PolicyType::from_word(&text));
            }),
            ("policy-string", |reader, outcome| outcome.policy = texts(reader)),
            ("policy-domain", |reader, outcome| outcome.domain = said(reader)),
            ("mx-host", |reader, outcome| outcome.mx_hosts = texts(reader)),
        ],
    );
}

fn failure<'a>(reader: &mut Reader<'a>, failure: &mut Failure<'a>) {
    reader.object(
        failure,
        &[
            ("result-type", |reader, failure| {
                failure.result_type = filled(reader);
                failure.result = failure.result_type.as_deref().and_then(ResultType::from_word);
            }),
            ("sending-mta-ip", |reader, failure| failure.sending_ip = ip(reader)),
            ("receiving-mx-hostname", |reader, failure| failure.mx = filled(reader)),
            ("receiving-mx-helo", |reader, failure| failure.helo = filled(reader)),
            ("receiving-ip", |reader, failure| failure.receiving_ip = ip(reader)),
            ("failed-session-count", |reader, failure| failure.count = count(reader)),
            ("additional-information", |reader, failure| failure.more = filled(reader)),
            ("failure-reason-code", |reader, failure| failure.reason = filled(reader)),
        ],
    );
}

/// Reads the objects of a list, or the one that stands there without a list.
fn items<'a, T: Default>(
    reader: &mut Reader<'a>,
    list: &mut Vec<T>,
    read: fn(&mut Reader<'a>, &mut T),
) {
    each(reader, |reader| match reader.peek() {
        Some(b'{') => {
            list.push(T::default());
            if let Some(item) = list.last_mut() {
                read(reader, item);
            }
        }
        _ => reader.skip(),
    });
}

/// Reads the elements of a list, or what stands there without a list.
fn each<'a>(reader: &mut Reader<'a>, mut read: impl FnMut(&mut Reader<'a>)) {
    match reader.peek() {
        Some(b'[') => reader.elements(read),
        _ => read(reader),
    }
}

fn text<'a>(reader: &mut Reader<'a>) -> Option<Cow<'a, str>> {
    reader.plain_string().map(Cow::Borrowed).or_else(|| odd_text(reader))
}

#[cold]
#[inline(never)]
fn odd_text<'a>(reader: &mut Reader<'a>) -> Option<Cow<'a, str>> {
    if reader.peek() != Some(b'"') {
        reader.skip();
        return None;
    }
    Some(reader.string().text())
}

fn texts<'a>(reader: &mut Reader<'a>) -> Vec<Cow<'a, str>> {
    let mut list = Vec::with_capacity(4);
    let read = |reader: &mut Reader<'a>| {
        if let Some(text) = text(reader) {
            list.push(text);
        }
    };
    each(reader, read);
    list
}

/// A text that is more than white space.
fn said<'a>(reader: &mut Reader<'a>) -> Option<Cow<'a, str>> {
    text(reader).filter(|text| !is_blank(text))
}

/// A text that is not empty, as some reporters write what they do not know.
fn filled<'a>(reader: &mut Reader<'a>) -> Option<Cow<'a, str>> {
    text(reader).filter(|text| !text.is_empty())
}

fn ip(reader: &mut Reader) -> Option<IpAddr> {
    address::read(&text(reader)?)
}

fn moment<'a>(reader: &mut Reader<'a>) -> Option<Moment<'a>> {
    text(reader).map(Moment)
}

/// A number of sessions, by the rule of [`Count`].
fn count(reader: &mut Reader) -> Option<u64> {
    reader.digits().or_else(|| Count::of(Some(&reader.value())).number())
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

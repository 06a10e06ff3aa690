//! The name of the file that a report came in (RFC 8460 §5.1).

use super::Built as _;
use super::*;
use crate::host;
use crate::input::ToAscii;
use crate::report::{elements, instant, text_of};
use crate::text::push_visible;

pub(super) const RULES: &[&Rule] = &[&FILENAME_NONCONFORMING];

/// What a name says. Each part is of the right form.
#[derive(Debug, PartialEq, Eq)]
struct Parts<'a> {
    /// The reporter's domain.
    sender: &'a str,
    /// The domain that is reported on.
    policy_domain: &'a str,
    /// Start of the period, in seconds since 1970-01-01T00:00:00Z; `i64::MAX` beyond that.
    begin: i64,
    /// Its end.
    end: i64,
}

impl<'a> Parts<'a> {
    /// Takes a name apart. (The quoted words of the grammar stand for any case, RFC 5234 §2.3.)
    fn of(name: &'a str) -> Option<Self> {
        let without = |ending: &str| {
            let at = name.len().checked_sub(ending.len())?;
            let (stem, last) = name.split_at_checked(at)?;
            last.eq_ignore_ascii_case(ending).then_some(stem)
        };
        let mut parts = without(".json.gz").or_else(|| without(".json"))?.split('!');
        let mut domain = || parts.next().filter(|name| host::is_host_name(name));
        let (sender, policy_domain) = (domain()?, domain()?);
        let mut seconds = || {
            let digits = parts.next().filter(|text| !text.is_empty())?;
            let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
            all_digits.then(|| digits.parse().unwrap_or(i64::MAX))
        };
        let (begin, end) = (seconds()?, seconds()?);
        let is_id = |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric());
        let rest_fits = parts.next().is_none_or(is_id) && parts.next().is_none();
        rest_fits.then_some(Self { sender, policy_domain, begin, end })
    }
}

/// 070, for the name and for each part of it that the report contradicts.
pub(super) fn check(input: &Input, root: &Value, findings: &mut Vec<Finding>) {
    let Some(name) = input.file_name else { return };
    let mut add = |place: Span, what: &'static str| {
        let mut shown = String::with_capacity(name.len());
        name.chars().for_each(|c| push_visible(c, &mut shown));
        let found = Finding::new(&FILENAME_NONCONFORMING, place).arg(Arg::Text(shown.into()));
        findings.push(found.arg(Arg::Text(what.into())));
    };
    let Some(parts) = Parts::of(name) else {
        return add(Span::at(0), "is not of the form `sender!policy-domain!begin!end.json`");
    };
    if let Some((_, domain)) = text_of(root.get("contact-info")).as_deref().and_then(address)
        && !related(domain, parts.sender)
    {
        add(place(root, "contact-info"), "names another sender than the domain of the contact");
    }
    if let Some(first) = other_domain(root, parts.policy_domain, input.to_ascii) {
        add(first, "names a domain that the report is not about");
    }
    if let Some(range) = root.get("date-range") {
        for (key, named, what) in [
            ("start-datetime", parts.begin, "names another start than the report"),
            ("end-datetime", parts.end, "names another end than the report"),
        ] {
            let time = text_of(range.get(key)).as_deref().and_then(instant);
            // Without an offset the point in time is not known.
            if time.is_some_and(|time| time.has_offset && time.seconds != named) {
                add(place(range, key), what);
            }
        }
    }
}

/// The two parts of a bare address whose domain is a host name.
fn address(text: &str) -> Option<(&str, &str)> {
    text.rsplit_once('@').filter(|(_, domain)| host::is_host_name(domain))
}

/// Where the first policy domain stands, if all are known and none is `name`. The domain of a DANE
/// policy is that of a mail server (RFC 8460 §4.4), which says nothing about `name`.
fn other_domain(root: &Value, name: &str, to_ascii: Option<ToAscii>) -> Option<Span> {
    let mut first = None;
    for element in elements(root.get("policies")?) {
        let policy = element.get("policy")?;
        let domain = text_of(policy.get("policy-domain"))?;
        let is_dane = text_of(policy.get("policy-type")).is_none_or(|kind| kind == "tlsa");
        let unknown = !domain.is_ascii() && to_ascii.is_none();
        if is_dane || unknown || same(&domain, name, to_ascii) {
            return None;
        }
        first = first.or(Some(place(policy, "policy-domain")));
    }
    first
}

/// Whether one name is the other or below it, as the RFC's own `mail.sndr.example.com`.
fn related(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    host::is_within(&a, &b) || host::is_within(&b, &a)
}

/// Whether two spellings are of one domain: in Unicode or not, with or without the final dot.
fn same(a: &str, b: &str, to_ascii: Option<ToAscii>) -> bool {
    let plain = |name: &str| {
        let name = name.strip_suffix('.').unwrap_or(name);
        host::to_a_labels(name, to_ascii).unwrap_or_else(|| name.to_owned())
    };
    plain(a).eq_ignore_ascii_case(&plain(b))
}

static FILENAME_NONCONFORMING: Rule = Rule {
    code: "RPT-JSON-070",
    name: "filename-nonconforming",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The file name `{0}` {1}",
    words: words(Words {
        why: "The RFC recommends names that tell the reporter, the domain, the period in seconds since 1970 and, \
              if need be, an id of letters and digits. What the report says inside counts.",
        effect: "None for your mail.",
        help: "Nothing has to be done. Do not sort reports by their names alone.",
        clause: "RFC 8460 §5.1: recommended names; §5.6: the report counts",
        fails: example(report!()).in_file("report.json"),
        passes: Some(
            example(report!())
                .in_file("sender.example!example.com!1790812800!1790899199!1.json.gz"),
        ),
    }),
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        let want = Parts { sender: "a.example", policy_domain: "b.example", begin: 1, end: 22 };
        for name in [
            "a.example!b.example!1!22.json",
            "a.example!b.example!1!22.json.gz",
            "a.example!b.example!1!22!x01.JSON.GZ",
        ] {
            assert_eq!(Parts::of(name).as_ref(), Some(&want), "{name}");
        }
        for name in [
            "",
            ".json",
            "é",
            "report.json",
            "a.example!b.example!1!22",
            "a.example!b.example!1!22.json.zip",
            "a.example!b.example!1.json",
            "a.example!b.example!1!22!.json",
            "a.example!b.example!1!22!x-1.json",
            "a.example!b.example!1!22!x!y.json",
            "a.example!b.example!!22.json",
            "a.example!b.example!1!+22.json",
            "a.example!bücher.example!1!22.json",
            "a.example!b.example!1!22 (1).json",
            "a_b.example!b.example!1!22.json",
        ] {
            assert_eq!(Parts::of(name), None, "{name}");
        }
        let far = Parts::of("a.example!b.example!1!99999999999999999999.json");
        assert_eq!(far.map(|parts| parts.end), Some(i64::MAX));
    }
}

#[cfg(test)]
mod pictures {
    use crate::carets::report;

    #[test]
    fn filename_nonconforming() {
        report().in_file("report.json").shows(
            r#"
            {
            | RPT-JSON-070
              "organization-name": "Sender Example",
              "date-range": { "start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z" },
              "contact-info": "tlsrpt@sender.example",
              "report-id": "2026-10-01_example.com",
              "policies": [{
                "policy": {
                  "policy-type": "sts",
                  "policy-string": ["version: STSv1", "mode: enforce", "mx: *.mx.example", "max_age: 1209600"],
                  "policy-domain": "example.com",
                  "mx-host": ["*.mx.example"]
                },
                "summary": { "total-successful-session-count": 120, "total-failure-session-count": 0 },
                           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-JSON-062
                "failure-details": []
              }]
            }
            "#,
        );
    }
}

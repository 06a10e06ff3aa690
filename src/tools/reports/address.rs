//! What of reports is shown, as the address has it: `#/reports?domain=…&sender=…&cause=…`. Pure.

use crate::route::Route;
use form_urlencoded::Serializer;
use stslint::report::aggregate::{Day, Filter, Kind};
use stslint::report::{Cause, ResultType};

/// The longest value that is read, in bytes. Names out of reports are shorter: the engine cuts them.
const LONGEST: usize = 255;

/// What the part of an address behind its `?` says; what has no meaning there is passed over.
pub(super) fn read(query: &str) -> Filter {
    let mut filter = Filter::default();
    let all = form_urlencoded::parse(query.as_bytes());
    for (name, value) in all.filter(|(_, value)| value.len() <= LONGEST) {
        let text = |value: &str| (!value.is_empty()).then(|| value.to_owned());
        match &*name {
            "domain" => filter.domain = text(value.strip_suffix('.').unwrap_or(&value)),
            "sender" => filter.sender = text(&value),
            "kind" => filter.kind = Kind::from_word(&value),
            "cause" => filter.cause = Some(cause(&value)),
            "mx" => filter.mx = text(&value),
            "address" => filter.address = text(&value),
            "since" => filter.since = Day::read(&value),
            "until" => filter.until = Day::read(&value),
            _ => {}
        }
    }
    filter
}

/// The place with it.
pub(super) fn route(filter: &Filter) -> Route {
    let day = |day: Option<Day>| day.map(|day| day.to_string());
    let (since, until) = (day(filter.since), day(filter.until));
    let mut query = Serializer::new(String::new());
    for (name, value) in [
        ("domain", filter.domain.as_deref()),
        ("sender", filter.sender.as_deref()),
        ("kind", filter.kind.map(Kind::word)),
        ("cause", filter.cause.as_ref().map(word)),
        ("mx", filter.mx.as_deref()),
        ("address", filter.address.as_deref()),
        ("since", since.as_deref()),
        ("until", until.as_deref()),
    ] {
        if let Some(value) = value {
            query.append_pair(name, value);
        }
    }
    Route::Reports(query.finish())
}

/// The name of a cause: that of the registry (RFC 8460 §4.3), or what the report has. It is empty where the report does not say.
pub(super) fn word<'a>(cause: &'a Cause) -> &'a str {
    match cause {
        Cause::Known(known) => known.word(),
        Cause::Other(name) => name,
        Cause::Unsaid => "",
    }
}

fn cause(word: &str) -> Cause<'static> {
    match ResultType::from_word(word) {
        Some(known) => Cause::Known(known),
        None if word.is_empty() => Cause::Unsaid,
        None => Cause::Other(word.to_owned().into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_brings_the_filter_back() {
        for query in [
            "",
            "domain=acme-mail.net",
            "domain=acme-mail.net&sender=Google+Inc.&kind=sts&cause=certificate-expired&mx=mx2.acme-mail.net",
            "kind=no-tlsa-found&cause=%3Cb%3E&address=2001%3Adb8%3A%3A1&since=2026-10-01&until=2026-10-31",
            "cause=",
        ] {
            assert_eq!(route(&read(query)), Route::Reports(query.to_owned()));
        }
        assert_eq!(
            read("cause=certificate-expired").cause,
            Some(Cause::Known(ResultType::CertificateExpired))
        );
        assert_eq!(read("cause=").cause, Some(Cause::Unsaid));
    }

    #[test]
    fn what_an_address_should_not_have_is_left_out() {
        for garbage in [
            "domain=&sender=&mx=&address=",
            "kind=dane&since=2026-13-01&until=tomorrow",
            "colour=red&&=&domain",
            &format!("domain={0}&cause={0}", "x".repeat(LONGEST + 1)),
        ] {
            assert_eq!(read(garbage), Filter::default(), "{garbage}");
        }
        assert_eq!(read("domain=a.example.").domain.as_deref(), Some("a.example"));
    }
}

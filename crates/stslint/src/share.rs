//! The links that carry an input, version 1: what stands after the `#` of the page's address.
//!
//! ```text
//! v1&kind=policy&domain=example.com&marks=1&exact=1&ignore=STS-POL-103,LIVE-&at=<place in the page>&z=<text>
//! v1&kind=tls-reports&z=<what reports come to>
//! ```
//!
//! `z` is the text as raw DEFLATE data in unpadded base64url; a link without it carries settings
//! only. Packing and unpacking is the caller's job (the page asks the browser), so whoever inflates
//! must stop at [`MAX_SOURCE`]. Unknown keys are skipped. Links of any released version decode for
//! ever: see the fixtures in the tests.

use crate::Declared;
use crate::text::push_visible;
use base64ct::{Base64UrlUnpadded, Encoding};

/// Longest fragment that is decoded, in bytes.
pub const MAX_FRAGMENT: usize = 1 << 20;

/// Longest text that a link may unpack to, in bytes.
pub const MAX_SOURCE: usize = 1 << 20;

/// Longest domain in a link, in bytes.
const MAX_DOMAIN: usize = 255;

/// Longest place in a link, in bytes.
const MAX_PLACE: usize = 4000;

/// Most codes of rules in a link.
const MAX_CODES: usize = 64;

/// Longest code of a rule in a link, or start of one, in bytes.
const MAX_CODE: usize = 32;

/// The kind of a link that carries what TLS reports come to. Earlier versions know no such kind, and say so.
const REPORTS: &str = "tls-reports";

/// From this length on, some mail and chat programs cut a link.
const LONG: usize = 2_000;

/// From this length on, many programs cut or refuse a link.
const VERY_LONG: usize = 8_000;

/// What a link carries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shared {
    /// What the text is to be read as; detected when absent.
    pub declared: Option<Declared>,
    /// The policy domain.
    pub domain: Option<String>,
    /// Whether invisible characters are shown.
    pub marks: bool,
    /// Whether the text is the exact bytes of a file or an answer, so that its line ends count.
    pub exact: bool,
    /// Whether the body is no text, but what TLS reports come to, as [`Aggregate::to_bytes`] writes it.
    ///
    /// [`Aggregate::to_bytes`]: crate::report::aggregate::Aggregate::to_bytes
    pub reports: bool,
    /// Codes of rules, and what some begin with, whose findings are not to be told.
    pub ignore: Vec<String>,
    /// The place of the page that shows it, if it is another than the usual one: `senders?scenario=normal`.
    pub place: Option<String>,
    /// The text as raw DEFLATE data; absent when only settings are shared.
    pub body: Option<Vec<u8>>,
}

/// Why a link can't be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// The text is no base64url.
    Damaged,
    /// The domain holds characters that no domain has.
    Domain,
    /// The kind has no meaning.
    Kind,
    /// A `%` without two hexadecimal digits, or bytes that are no text.
    PercentEncoding,
    /// More than [`MAX_FRAGMENT`].
    TooLong,
    /// Another version of the format.
    Version,
}

impl LinkError {
    /// What to tell the person who opened the link.
    pub const fn message(self) -> &'static str {
        match self {
            Self::Damaged => {
                "The text in this link is damaged. Probably part of the link was cut off or changed \
                 on its way: ask for it again."
            }
            Self::Domain => "The domain in this link has characters that no domain name can have.",
            Self::Kind => {
                "This link names a kind of input that this version of stslint doesn't know."
            }
            Self::PercentEncoding => {
                "A percent sign in this link is not followed by a valid code. Probably the link was \
                 changed on its way: ask for it again."
            }
            Self::TooLong => "This link is too long to open. Ask for the text as a file.",
            Self::Version => {
                "This link was made by a newer version of stslint. Reload the page to get that version."
            }
        }
    }
}

impl std::fmt::Display for LinkError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.message())
    }
}

impl std::error::Error for LinkError {}

/// Writes the fragment of a link, without `#`. A domain that no link may carry is left out.
pub fn encode(shared: &Shared) -> String {
    let mut out = String::from("v1");
    if shared.reports {
        out.push_str("&kind=");
        out.push_str(REPORTS);
    } else if let Some(declared) = shared.declared {
        out.push_str("&kind=");
        out.push_str(declared.word());
    }
    if let Some(domain) = shared.domain.as_deref().filter(|domain| is_domain_text(domain)) {
        out.push_str("&domain=");
        push_percent_encoded(domain, &mut out);
    }
    if shared.marks {
        out.push_str("&marks=1");
    }
    if shared.exact {
        out.push_str("&exact=1");
    }
    let codes: Vec<&str> =
        shared.ignore.iter().map(String::as_str).filter(|code| is_code(code)).collect();
    if !codes.is_empty() && codes.len() <= MAX_CODES {
        out.push_str("&ignore=");
        push_percent_encoded(&codes.join(","), &mut out);
    }
    if let Some(place) = shared.place.as_deref().filter(|place| is_place(place)) {
        out.push_str("&at=");
        push_percent_encoded(place, &mut out);
    }
    if let Some(body) = &shared.body {
        out.push_str("&z=");
        out.push_str(&Base64UrlUnpadded::encode_string(body));
    }
    out
}

/// Reads the fragment of a link, with or without `#`. Nothing comes back when it is no link of
/// ours.
pub fn decode(fragment: &str) -> Option<Result<Shared, LinkError>> {
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let (version, rest) = fragment.split_once('&').unwrap_or((fragment, ""));
    let number = version.strip_prefix('v')?;
    if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(if number != "1" {
        Err(LinkError::Version)
    } else if fragment.len() > MAX_FRAGMENT {
        Err(LinkError::TooLong)
    } else {
        decode_v1(rest)
    })
}

/// Whether a link, with or without `#`, carries what TLS reports come to, and no text. Nothing else of it is looked at.
pub fn carries_reports(fragment: &str) -> bool {
    let kind = |field: &str| {
        let field = field.strip_prefix("amp;").unwrap_or(field);
        field.strip_prefix("kind=") == Some(REPORTS)
    };
    fragment.split('&').any(kind)
}

fn decode_v1(fields: &str) -> Result<Shared, LinkError> {
    let mut shared = Shared::default();
    for field in fields.split('&') {
        // A link that went through HTML source may arrive with `&amp;` for `&`.
        let field = field.strip_prefix("amp;").unwrap_or(field);
        let Some((key, value)) = field.split_once('=') else { continue };
        match key {
            "kind" if value == REPORTS => shared.reports = true,
            "kind" => {
                shared.declared = Some(Declared::from_word(value).ok_or(LinkError::Kind)?);
            }
            "domain" if !value.is_empty() => {
                let domain = percent_decoded(value).ok_or(LinkError::PercentEncoding)?;
                if !is_domain_text(&domain) {
                    return Err(LinkError::Domain);
                }
                shared.domain = Some(domain);
            }
            "marks" => shared.marks = value == "1",
            "exact" => shared.exact = value == "1",
            "ignore" => {
                // Telling more than somebody meant is no reason to refuse it.
                let codes = percent_decoded(value).unwrap_or_default().to_ascii_uppercase();
                let codes = codes.split(',').filter(|code| is_code(code)).take(MAX_CODES);
                shared.ignore = codes.map(str::to_owned).collect();
            }
            // What shows it is no reason to refuse it.
            "at" => shared.place = percent_decoded(value).filter(|place| is_place(place)),
            "z" => {
                let body = Base64UrlUnpadded::decode_vec(value);
                shared.body = Some(body.map_err(|_| LinkError::Damaged)?);
            }
            _ => {}
        }
    }
    Ok(shared)
}

/// What to know before sending a link of this many characters (the whole address), if anything.
pub fn length_advice(characters: usize) -> Option<&'static str> {
    if characters > MAX_FRAGMENT {
        return Some("This link is too long to be opened again. Send the text as a file.");
    }
    if characters > VERY_LONG {
        return Some(
            "Links of more than 8,000 characters are cut or refused by many programs. Better send \
             the text as a file, or share the settings only.",
        );
    }
    if characters > LONG {
        return Some(
            "Some mail and chat programs cut links of more than 2,000 characters. Try the link after \
             sending it.",
        );
    }
    None
}

/// Whether a link may carry this as a domain. It need not be a valid one: people share mistakes.
fn is_domain_text(text: &str) -> bool {
    let allowed = |c: char| {
        if c.is_ascii() {
            return c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
        }
        let mut shown = String::new();
        push_visible(c, &mut shown);
        !shown.starts_with('<')
    };
    !text.is_empty() && text.len() <= MAX_DOMAIN && text.chars().all(allowed)
}

/// Whether a link may carry this as a code, or as what codes begin with.
fn is_code(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-';
    !text.is_empty() && text.len() <= MAX_CODE && text.bytes().all(allowed)
}

/// Whether a link may carry this as a place.
fn is_place(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-._/?&=%+".contains(&b);
    !text.is_empty() && text.len() <= MAX_PLACE && text.bytes().all(allowed)
}

fn push_percent_encoded(text: &str, out: &mut String) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let mut digit = || bytes.next().and_then(|b| char::from(b).to_digit(16));
        let (high, low) = (digit()?, digit()?);
        out.push(u8::try_from(high << 4 | low).ok()?);
    }
    String::from_utf8(out).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;
    use proptest::prelude::*;

    /// Links that were given out. Never change one; they must open for ever.
    #[test]
    fn version_1_links_open_for_ever() {
        let settings = Shared {
            declared: Some(Kind::StsTxt.into()),
            domain: Some("example.com".into()),
            marks: true,
            ..Shared::default()
        };
        assert_eq!(decode("v1&kind=sts-txt&domain=example.com&marks=1"), Some(Ok(settings)));
        // "version: STSv1\r\n", deflated.
        let deflated = [
            0x2b, 0x4b, 0x2d, 0x2a, 0xce, 0xcc, 0xcf, 0xb3, 0x52, 0x08, 0x0e, 0x09, 0x2e, 0x33,
            0xe4, 0xe5, 0x02, 0x00,
        ];
        let text = Shared { exact: true, body: Some(deflated.to_vec()), ..Shared::default() };
        assert_eq!(decode("#v1&exact=1&z=K0stKs7Mz7NSCA4JLjPk5QIA"), Some(Ok(text)));
        let data = Shared { declared: Some(Declared::data(Kind::RptTxt)), ..Shared::default() };
        assert_eq!(decode("v1&kind=rpt-txt-rdata"), Some(Ok(data)));
        let reports = Shared { reports: true, body: Some(vec![0]), ..Shared::default() };
        assert_eq!(decode("v1&kind=tls-reports&z=AA"), Some(Ok(reports)));
        for (link, reports) in [
            ("#v1&kind=tls-reports&z=AA", true),
            ("v1&amp;kind=tls-reports&amp;z=AA", true),
            ("v1&kind=tls-report&z=AA", false),
            ("", false),
        ] {
            assert_eq!(carries_reports(link), reports, "{link}");
        }
        let place =
            Shared { place: Some("senders?scenario=normal&step=3".into()), ..Shared::default() };
        assert_eq!(decode("v1&at=senders%3Fscenario%3Dnormal%26step%3D3"), Some(Ok(place)));
        assert_eq!(
            decode("v1&at=a%20b"),
            Some(Ok(Shared::default())),
            "a place is no reason to refuse it"
        );
        let facts = Shared { declared: Some(Kind::Live.into()), ..Shared::default() };
        assert_eq!(decode("v1&kind=live"), Some(Ok(facts)));
        assert_eq!(decode("v1"), Some(Ok(Shared::default())));
        let foreign = Shared { domain: Some("bücher.example".into()), ..Shared::default() };
        assert_eq!(decode("v1&domain=b%C3%BCcher.example"), Some(Ok(foreign)));
    }

    #[test]
    fn other_fragments_are_no_links() {
        for fragment in ["", "#", "mx", "v", "version", "v1x", "V1", "/v1", "kind=policy", "vé"] {
            assert_eq!(decode(fragment), None, "{fragment}");
        }
    }

    #[test]
    fn errors_are_told_apart() {
        for (fragment, error) in [
            ("v2&kind=policy", LinkError::Version),
            ("v10", LinkError::Version),
            ("v1&kind=zone", LinkError::Kind),
            ("v1&kind=", LinkError::Kind),
            ("v1&domain=exa%6", LinkError::PercentEncoding),
            ("v1&domain=%zz", LinkError::PercentEncoding),
            ("v1&domain=%FF", LinkError::PercentEncoding),
            ("v1&domain=a%20b", LinkError::Domain),
            ("v1&domain=%3Cb%3E", LinkError::Domain),
            ("v1&domain=a%E2%80%AEb", LinkError::Domain),
            ("v1&z=A", LinkError::Damaged),
            ("v1&z=AB", LinkError::Damaged), // bits left over
            ("v1&z=AA==", LinkError::Damaged),
            ("v1&z=A+A", LinkError::Damaged),
        ] {
            assert_eq!(decode(fragment), Some(Err(error)), "{fragment}");
            assert!(error.to_string().ends_with('.'));
        }
        let long = format!("v1&z={}", "A".repeat(MAX_FRAGMENT));
        assert_eq!(decode(&long), Some(Err(LinkError::TooLong)));
    }

    #[test]
    fn unknown_keys_and_html_escapes_do_no_harm() {
        let want = Shared { declared: Some(Kind::Policy.into()), marks: true, ..Shared::default() };
        assert_eq!(decode("v1&amp;kind=policy&amp;marks=1"), Some(Ok(want.clone())));
        assert_eq!(
            decode("v1&kind=policy&theme=dark&&x&domain=&marks=1&=&exact=0"),
            Some(Ok(want))
        );
    }

    #[test]
    fn what_is_ignored_are_codes() {
        let ignore = |link: &str| decode(link).and_then(Result::ok).map(|shared| shared.ignore);
        let codes = ["STS-POL-103", "LIVE-"].map(String::from);
        assert_eq!(ignore("v1&ignore=STS-POL-103,LIVE-"), Some(codes.to_vec()));
        assert_eq!(ignore("v1&ignore=sts-pol-103%2Clive-,,%3Cb%3E"), Some(codes.to_vec()));
        assert_eq!(ignore("v1&ignore=%"), Some(Vec::new()));
        let many = ["A"; MAX_CODES + 1].join(",");
        assert_eq!(ignore(&["v1&ignore=", &many].concat()).map(|all| all.len()), Some(MAX_CODES));
    }

    #[test]
    fn a_domain_that_no_link_may_carry_is_left_out() {
        let shared = Shared { domain: Some("exam ple".into()), ..Shared::default() };
        assert_eq!(encode(&shared), "v1");
    }

    #[test]
    fn advice_grows_with_the_length() {
        assert_eq!(length_advice(2_000), None);
        assert!(length_advice(2_001).is_some_and(|text| text.contains("2,000")));
        assert!(length_advice(8_001).is_some_and(|text| text.contains("8,000")));
        assert!(length_advice(MAX_FRAGMENT + 1).is_some_and(|text| text.contains("too long")));
    }

    proptest! {
        #[test]
        fn encoded_links_decode_to_the_same(
            declared in proptest::option::of(proptest::sample::select(Declared::ALL.to_vec())),
            domain in proptest::option::of("[a-zA-Z0-9._äß例-]{1,40}"),
            marks: bool,
            exact: bool,
            reports: bool,
            ignore in proptest::collection::vec("[A-Z0-9-]{1,12}", 0..5),
            place in proptest::option::of("[a-zA-Z0-9/?&=._%+-]{1,40}"),
            body in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..200)),
        ) {
            let declared = declared.filter(|_| !reports);
            let shared = Shared { declared, domain, marks, exact, reports, ignore, place, body };
            let fragment = encode(&shared);
            prop_assert!(fragment.bytes().all(|b| b.is_ascii_alphanumeric() || b"&=-_.%".contains(&b)));
            prop_assert_eq!(decode(&fragment), Some(Ok(shared)));
        }

        #[test]
        fn any_text_is_decoded_without_panic(text in ".{0,80}", tail in "[%&=a-zA-Z0-9_-]{0,80}") {
            let _ = decode(&text);
            let _ = decode(&["v1&", &text].concat());
            let _ = decode(&["v1&domain=", &tail].concat());
            let _ = decode(&["v1&z=", &tail].concat());
        }

        #[test]
        fn what_decodes_as_base64_is_the_only_spelling(text in "[A-Za-z0-9_-]{0,40}") {
            if let Some(Ok(Shared { body: Some(body), .. })) = decode(&["v1&z=", &text].concat()) {
                prop_assert_eq!(Base64UrlUnpadded::encode_string(&body), text);
            }
        }
    }
}

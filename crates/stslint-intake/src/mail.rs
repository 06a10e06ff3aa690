//! Mails and what is attached to them (RFC 2045, RFC 2046).
//!
//! The library reads the fields and takes the encodings off. The walk through the parts is ours: the one of the library keeps a
//! tree of messages in one another that is dropped by recursion, and looks for each boundary up to the end of the mail, so that a
//! hostile mail could exhaust the stack, or the reader's patience. This one has a depth, and looks at each line once for each of its levels.

use crate::stream::{Stream, Tell};
use crate::{Reason, text};
use mail_parser::decoders::base64::base64_decode;
use mail_parser::decoders::quoted_printable::quoted_printable_decode;
use mail_parser::parsers::MessageStream;
use mail_parser::{ContentType, HeaderValue};
use std::borrow::Cow;
use stslint::GZIP;

/// The most bytes of a field that are read. Real ones have hundreds.
const FIELD: usize = 4 << 10;

/// Fields of which mails have some at their beginning.
const USUAL: [&str; 12] = [
    "content-type",
    "date",
    "delivered-to",
    "dkim-signature",
    "from",
    "message-id",
    "mime-version",
    "received",
    "return-path",
    "subject",
    "to",
    "x-original-to",
];

/// Whether a text begins like a mail: with fields (RFC 5322 §2.2), one of which is a usual one.
pub(crate) fn begins(text: &[u8]) -> bool {
    for line in text.split(|byte| *byte == b'\n') {
        if line.starts_with(b" ") || line.starts_with(b"\t") {
            continue;
        }
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { return false };
        let name = line[..colon].trim_ascii_end();
        if name.is_empty() || !name.iter().all(u8::is_ascii_graphic) {
            return false;
        }
        if USUAL.iter().any(|usual| name.eq_ignore_ascii_case(usual.as_bytes())) {
            return true;
        }
    }
    false
}

/// Reads a mail.
pub(crate) fn read(mail: &[u8], depth: usize, tell: &mut Tell) {
    let told = tell.in_parts(|tell| {
        let mut rest = part(mail, None, depth, tell).trim_ascii_start();
        let mut number = 1;
        // Files of mails that somebody put together without the lines of a mailbox.
        while begins(rest) {
            if let Err(reason) = tell.spent.enter(tell.limits) {
                tell.refuse(reason);
                return;
            }
            number += 1;
            tell.place.enter_nameless(format!("message {number}"));
            rest = part(rest, None, depth, tell).trim_ascii_start();
            tell.place.leave();
        }
    });
    if !told {
        // Its source may have been pasted into another one.
        // What a bounce repeats of a mail is no mail that came.
        let lost = if tell.in_parts { None } else { Head::split(mail).0.lost() };
        let outer = std::mem::replace(&mut tell.lost, lost);
        text::read(mail, depth, tell);
        tell.lost = outer;
    }
}

/// Reads a mail or a part of one: what is in its parts, or what it is itself. `number` is which part it is. Gives what stands behind
/// the last of its parts.
fn part<'a>(bytes: &'a [u8], number: Option<usize>, depth: usize, tell: &mut Tell) -> &'a [u8] {
    if depth >= tell.limits.depth {
        tell.refuse(Reason::TooDeep(tell.limits.depth));
        return &[];
    }
    let (head, body) = Head::split(bytes);
    let media_type = |kind: &str| {
        head.media_type.as_ref().filter(|media_type| media_type.c_type.eq_ignore_ascii_case(kind))
    };
    if let Some(boundary) = media_type("multipart").and_then(|it| it.attribute("boundary")) {
        let mut number = 0;
        let mut pieces = Pieces::new(body, boundary);
        for piece in &mut pieces {
            number += 1;
            if let Err(reason) = tell.spent.enter(tell.limits) {
                tell.refuse(reason);
                return &[];
            }
            part(piece, Some(number), depth + 1, tell);
        }
        if number > 0 {
            return pieces.rest;
        }
    }
    let name = head.name();
    let entered = match (name, number) {
        (Some(name), _) => {
            tell.place.enter_file(name);
            true
        }
        (None, Some(number)) => {
            tell.place.enter_nameless(format!("part {number}"));
            true
        }
        (None, None) => false,
    };
    let declared =
        media_type("application").and_then(|it| it.c_subtype.as_deref()).is_some_and(|kind| {
            ["tlsrpt+gzip", "tlsrpt+json"].iter().any(|it| kind.eq_ignore_ascii_case(it))
        });
    let outer = std::mem::replace(&mut tell.declared, declared);
    let decoded = head.encoding.decode(body);
    let is_mail = media_type("message")
        .and_then(|it| it.c_subtype.as_deref())
        .is_some_and(|kind| ["rfc822", "global"].iter().any(|it| kind.eq_ignore_ascii_case(it)));
    if is_mail {
        part(&decoded, None, depth + 1, tell);
    } else if declared && decoded.is_empty() && !body.trim_ascii().is_empty() {
        tell.refuse(Reason::NotBase64);
    } else {
        Stream::read(&decoded, depth + 1, tell);
    }
    tell.declared = outer;
    if entered {
        tell.place.leave();
    }
    &[]
}

/// What the fields of a mail or part say about its body.
#[derive(Default)]
struct Head<'a> {
    media_type: Option<ContentType<'a>>,
    /// Whether the mail is said to be about a report (RFC 8460 §5.3).
    names_report: bool,
    disposition: Option<ContentType<'a>>,
    encoding: Encoding,
}

impl<'a> Head<'a> {
    /// Reads the fields; gives what follows them.
    fn split(bytes: &'a [u8]) -> (Self, &'a [u8]) {
        let mut head = Self::default();
        let mut rest = bytes;
        // A field is a line and those after it that begin with white space.
        let mut field = 0..0;
        while !rest.is_empty() {
            let at = bytes.len() - rest.len();
            let end = rest.iter().position(|byte| *byte == b'\n').map_or(rest.len(), |end| end + 1);
            let line = &rest[..end];
            rest = &rest[end..];
            let folded = line.starts_with(b" ") || line.starts_with(b"\t");
            if !folded {
                head.field(&bytes[field]);
                field = at..at;
            }
            if line.trim_ascii().is_empty() {
                return (head, rest);
            }
            field.end = at + line.len();
        }
        head.field(&bytes[field]);
        (head, rest)
    }

    fn field(&mut self, field: &'a [u8]) {
        let mut sides = field.splitn(2, |byte| *byte == b':');
        let (Some(name), Some(value)) = (sides.next(), sides.next()) else { return };
        let value = &value[..value.len().min(FIELD)];
        let is = |wanted: &str| name.trim_ascii().eq_ignore_ascii_case(wanted.as_bytes());
        let content_type = || match MessageStream::new(value).parse_content_type() {
            HeaderValue::ContentType(content_type) => Some(content_type),
            _ => None,
        };
        if is("Content-Type") {
            self.media_type = content_type();
        } else if is("Content-Disposition") {
            self.disposition = content_type();
        } else if is("TLS-Report-Domain") {
            self.names_report = true;
        } else if is("Content-Transfer-Encoding") {
            let value = value.trim_ascii();
            self.encoding = if value.eq_ignore_ascii_case(b"base64") {
                Encoding::Base64
            } else if value.eq_ignore_ascii_case(b"quoted-printable") {
                Encoding::QuotedPrintable
            } else {
                Encoding::Identity
            };
        }
    }

    /// Why there is no report in a mail with these fields that should have one.
    fn lost(&self) -> Option<Reason> {
        let media_type = self.media_type.as_ref();
        let is = |kind: &str, subtypes: &[&str]| {
            media_type.is_some_and(|it| {
                let is_subtype =
                    |name: &str| subtypes.iter().any(|it| name.eq_ignore_ascii_case(it));
                it.c_type.eq_ignore_ascii_case(kind)
                    && it.c_subtype.as_deref().is_some_and(is_subtype)
            })
        };
        let report_type = media_type.and_then(|it| it.attribute("report-type"));
        let is_report = report_type.is_some_and(|it| it.eq_ignore_ascii_case("tlsrpt"));
        let is_encrypted =
            is("multipart", &["encrypted"]) || is("application", &["pkcs7-mime", "x-pkcs7-mime"]);
        match () {
            () if !(self.names_report || is_report) => None,
            () if is_encrypted => Some(Reason::Encrypted),
            () => Some(Reason::Stripped),
        }
    }

    /// The name of the file (RFC 2183 §2.3); older mails have it at the media type.
    fn name(&self) -> Option<&str> {
        let disposition = self.disposition.as_ref().and_then(|it| it.attribute("filename"));
        disposition.or_else(|| self.media_type.as_ref()?.attribute("name"))
    }
}

/// How a body is written down (RFC 2045 §6).
#[derive(Clone, Copy, Default)]
enum Encoding {
    Base64,
    #[default]
    Identity,
    QuotedPrintable,
}

impl Encoding {
    /// The body as it was, as far as it can be told.
    fn decode(self, body: &[u8]) -> Cow<'_, [u8]> {
        let decoded = match self {
            Self::Base64 => {
                // What is no digit ends it, such as what a mailing list puts below a mail.
                let digit =
                    |byte: &u8| byte.is_ascii_alphanumeric() || b"+/= \t\r\n".contains(byte);
                let end = body.iter().position(|byte| !digit(byte)).unwrap_or(body.len());
                base64_decode(&body[..end])
            }
            // The line end in front of a boundary is no part of it (RFC 2046 §5.1.1), and nothing may stand behind gzip data.
            Self::Identity if body.starts_with(&GZIP) => {
                let body = body.strip_suffix(b"\n").unwrap_or(body);
                return Cow::Borrowed(body.strip_suffix(b"\r").unwrap_or(body));
            }
            Self::Identity => None,
            Self::QuotedPrintable => quoted_printable_decode(body),
        };
        decoded.map_or(Cow::Borrowed(body), Cow::Owned)
    }
}

/// The pieces of a body between its boundaries (RFC 2046 §5.1.1).
struct Pieces<'a, 'b> {
    rest: &'a [u8],
    boundary: &'b str,
    over: bool,
}

impl<'a, 'b> Pieces<'a, 'b> {
    fn new(body: &'a [u8], boundary: &'b str) -> Self {
        let mut pieces = Self { rest: body, boundary, over: boundary.is_empty() };
        // What is before the first boundary is nobody's.
        pieces.next();
        pieces
    }
}

impl<'a> Iterator for Pieces<'a, '_> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.over {
            return None;
        }
        let mut at = 0;
        while at < self.rest.len() {
            let left = &self.rest[at..];
            let end = left.iter().position(|byte| *byte == b'\n').map_or(left.len(), |end| end + 1);
            let line = &left[..end];
            let behind = line
                .strip_prefix(b"--")
                .and_then(|line| line.strip_prefix(self.boundary.as_bytes()));
            if let Some(behind) = behind.map(<[u8]>::trim_ascii)
                && matches!(behind, b"" | b"--")
            {
                let piece = &self.rest[..at];
                self.rest = &left[end..];
                self.over = behind == b"--";
                return Some(piece);
            }
            at += end;
        }
        // A mail that is cut off ends without a boundary.
        self.over = true;
        Some(std::mem::take(&mut self.rest))
    }
}

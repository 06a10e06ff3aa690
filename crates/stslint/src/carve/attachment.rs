//! What is attached to a mail whose source was pasted.

use crate::host;
use crate::input::GZIP;
use crate::text::{Span, is_line_end};
use base64ct::{Base64, Encoding};

/// How much of a mail is looked at for what it is about, in bytes.
const GLANCE: usize = 65_536;

/// Most places at which something attached is looked for.
const MANY: usize = 20;

/// What something is that is attached to a mail and packed, by what the mail says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packed {
    /// A TLS report.
    Report,
    /// A DMARC report, which is XML.
    Dmarc,
    /// Nobody says that it is a report.
    Other,
}

/// Something that is attached to a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The name of its file, where one is given.
    pub file_name: Option<String>,
    /// What it is, by its media type (RFC 8460 §5.3) and its name (RFC 8460 §5.1).
    pub holds: Packed,
    /// What it holds, decoded from Base64.
    pub bytes: Vec<u8>,
    /// Where its Base64 text stands.
    pub span: Span,
}

impl Attachment {
    /// Whether it is packed with gzip.
    pub fn is_packed(&self) -> bool {
        self.bytes.starts_with(&GZIP)
    }
}

/// The packed report that is attached to a mail; for programs that can unpack it.
pub fn attachment(source: &[u8]) -> Option<Attachment> {
    let text = str::from_utf8(source).ok()?;
    find(text).filter(Attachment::is_packed)
}

/// What stands in front of the lines of a mail that was quoted or indented.
const MARKS: &[char] = &[' ', '\t', '>'];

/// The first block of Base64 that holds gzip data or JSON.
pub(super) fn find(text: &str) -> Option<Attachment> {
    // gzip data begins with these bytes, an object with one of those.
    let begins =
        |line: &str| line.starts_with("H4sI") || line.starts_with("ey") || line.starts_with("ew");
    let (mut at, mut tries) = (0, 0);
    for line in text.split_inclusive(is_line_end) {
        let (mark, digits) = line.split_at(line.len() - line.trim_start_matches(MARKS).len());
        let start = at + mark.len();
        at += line.len();
        if !begins(digits) || digits.trim_end().len() < 16 {
            continue;
        }
        tries += 1;
        if tries > MANY {
            break;
        }
        let of_base64 =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '\r' | '\n');
        let block = &text[start..];
        let (mut end, mut digits) = (0, String::new());
        for line in block.split_inclusive(is_line_end) {
            // The LF of a CRLF is a line by itself here.
            let inner = line.strip_prefix(mark).filter(|_| end > 0).unwrap_or(line);
            if !inner.chars().all(of_base64) {
                break;
            }
            end += line.len();
            digits.extend(inner.chars().filter(|c| !is_line_end(*c)));
        }
        let whole =
            digits.find('=').map_or(digits.len(), |at| digits.len().min(at.next_multiple_of(4)));
        let digits = &digits[..whole - whole % 4];
        let Ok(bytes) = Base64::decode_vec(digits) else { continue };
        if !bytes.starts_with(&GZIP) && !bytes.starts_with(b"{") {
            continue;
        }
        let span = Span::new(start, start + block[..end].trim_end().len());
        let headers = headers(&text[..start]);
        let file_name = name(headers);
        let holds = holds(headers, file_name.as_deref());
        return Some(Attachment { file_name, holds, bytes, span });
    }
    None
}

/// The header fields that stand right in front of an attachment.
fn headers(before: &str) -> &str {
    let before = before.trim_end();
    let blank = ["\n\n", "\n\r\n"].into_iter().filter_map(|blank| before.rfind(blank)).max();
    &before[blank.unwrap_or(0)..]
}

/// What is attached with these header fields, under this name.
fn holds(headers: &str, name: Option<&str>) -> Packed {
    if headers.to_ascii_lowercase().contains("application/tlsrpt") {
        return Packed::Report;
    }
    let name = name.unwrap_or_default().to_ascii_lowercase();
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    match () {
        () if name.is_empty() || ends(&[".json", ".json.gz", ".json.gzip"]) => Packed::Report,
        () if ends(&[".xml", ".xml.gz", ".xml.gzip"]) => Packed::Dmarc,
        () => Packed::Other,
    }
}

/// The domain that a mail with a report is about: what its header fields (RFC 8460 §5.3), its subject or the name of the
/// attachment say, in lower case. What else is in it mostly names the reporter.
pub(crate) fn report_domain(source: &[u8]) -> Option<String> {
    let text = str::from_utf8(source).ok()?;
    let start = text[..text.floor_char_boundary(GLANCE)].to_ascii_lowercase();
    let behind = |mark: &str| {
        let rest = &start[start.find(mark)? + mark.len()..];
        domain(rest.split_whitespace().next()?)
    };
    ["tls-report-domain:", "report domain:"].into_iter().find_map(behind).or_else(|| {
        let name = find(text)?.file_name?;
        domain(&name.split('!').nth(1)?.to_ascii_lowercase())
    })
}

fn domain(name: &str) -> Option<String> {
    let name = name.strip_suffix('.').unwrap_or(name);
    (name.contains('.') && host::is_host_name(name)).then(|| name.to_owned())
}

/// The file name in the headers in front of an attachment.
fn name(headers: &str) -> Option<String> {
    // The last two are those of RFC 2231.
    let marks = ["name=", "name*0=", "name*="];
    let at = marks.into_iter().filter_map(|mark| Some(headers.rfind(mark)? + mark.len())).max()?;
    let value = headers[at..].trim_start_matches('"');
    let name = value.split(&['"', ';', '\r', '\n'][..]).next()?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

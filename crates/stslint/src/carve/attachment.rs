//! What is attached to a mail whose source was pasted.

use crate::input::GZIP;
use crate::text::{Span, is_line_end};
use base64ct::{Base64, Encoding};

/// Most places at which something attached is looked for.
const MANY: usize = 20;

/// Something that is attached to a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The name of its file, where one is given.
    pub file_name: Option<String>,
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

/// The first block of Base64 that holds gzip data or JSON.
pub(super) fn find(text: &str) -> Option<Attachment> {
    // gzip data begins with these bytes, an object with one of those.
    let begins =
        |line: &str| line.starts_with("H4sI") || line.starts_with("ey") || line.starts_with("ew");
    let (mut at, mut tries) = (0, 0);
    for line in text.split_inclusive(is_line_end) {
        let start = at;
        at += line.len();
        if !begins(line) || line.trim_end().len() < 16 {
            continue;
        }
        tries += 1;
        if tries > MANY {
            break;
        }
        let of_base64 =
            |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '\r' | '\n');
        let block = &text[start..];
        let mut end = block.find(|c| !of_base64(c)).unwrap_or(block.len());
        // What ends the block is a line of its own.
        if end < block.len() && !block[..end].ends_with(is_line_end) {
            end = block[..end].rfind(is_line_end).map_or(0, |line| line + 1);
        }
        let digits: String = block[..end].chars().filter(|c| !is_line_end(*c)).collect();
        let whole =
            digits.find('=').map_or(digits.len(), |at| digits.len().min(at.next_multiple_of(4)));
        let digits = &digits[..whole - whole % 4];
        let Ok(bytes) = Base64::decode_vec(digits) else { continue };
        if !bytes.starts_with(&GZIP) && !bytes.starts_with(b"{") {
            continue;
        }
        let span = Span::new(start, start + block[..end].trim_end().len());
        return Some(Attachment { file_name: name(&text[..start]), bytes, span });
    }
    None
}

/// The file name in the headers in front of an attachment.
fn name(headers: &str) -> Option<String> {
    let at = headers.rfind("name=")?;
    let value = headers[at + "name=".len()..].trim_start_matches('"');
    let name = value.split(&['"', ';', '\r', '\n'][..]).next()?.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

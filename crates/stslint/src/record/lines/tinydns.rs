//! Lines of tinydns.

use super::super::owner::{Meant, meant};
use super::super::view::{Owner, Record, Told};
use super::Lines;
use crate::text::{Mapped, Span};

impl Lines<'_> {
    /// A line of tinydns, which other servers read too: `'fqdn:text:ttl`, where a backslash stands in front of three octal digits. It
    /// gives whether it was one.
    pub(super) fn tinydns(&mut self, start: usize) -> bool {
        let line = self.rest_of_line(start);
        let text = &self.text[line.range()];
        let Some((name, mut data)) = text[1..].split_once(':') else { return false };
        if matches!(meant(name), Meant::Other | Meant::Wildcard) {
            return false;
        }
        let from = line.end - data.len();
        // A number for how long it may be kept, and two fields that hardly anybody has.
        while let Some((front, field)) = data.rsplit_once(':')
            && field.bytes().all(|b| b.is_ascii_digit())
        {
            data = front;
        }
        let end = from + data.len();
        let mut made = Mapped::empty();
        let (mut at, mut plain) = (from, from);
        while let Some(found) = self.text[at..end].find('\\') {
            at += found;
            let octal = self.text.get(at + 1..(at + 4).min(end));
            let octet = octal
                .filter(|digits| digits.len() == 3)
                .and_then(|digits| u8::from_str_radix(digits, 8).ok());
            if let Some(c) = octet.filter(u8::is_ascii).map(char::from) {
                made.push_verbatim(&self.text[plain..at], plain);
                made.push_for(c.encode_utf8(&mut [0; 4]), Span::new(at, at + 4));
                plain = at + 4;
            }
            at = (at + 1).max(plain);
        }
        made.push_verbatim(&self.text[plain..end], plain);
        made.push_for("", Span::at(end));
        let span = Span::new(start + 1, start + 1 + name.len());
        let owner = Owner { name: name.into(), span, told: Told::Plainly };
        self.reading.tool_output = true;
        self.push(Record { owner: Some(owner), ..Record::bare(Span::new(from, end), made) });
        self.next_line(line.end);
        true
    }
}

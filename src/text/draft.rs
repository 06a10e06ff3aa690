//! A text as it is kept for a step of the tab's history, also through a reload. Pure.

use super::{LIMIT, Settings, Source, Text};
use std::rc::Rc;
use stslint::Declared;

/// A text and how it is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Draft {
    /// The text.
    pub(crate) source: Rc<Source>,
    /// How it is read.
    pub(crate) settings: Settings,
}

/// What is said of a text whose line ends are known.
const EXACT: &str = "exact";

/// Lines before the text: as what it is read, its domain, the same as A-labels, its file; whether its line ends are known, and
/// what is ignored.
const HEAD: usize = 5;

impl Draft {
    /// The text as it is now.
    pub(crate) fn of(text: &Text) -> Self {
        Self { source: Rc::clone(&text.source), settings: text.settings.clone() }
    }

    /// As a string for the browser's storage; none if it is too long for that.
    pub(crate) fn written(&self) -> Option<String> {
        if self.source.bytes.len() > LIMIT {
            return None;
        }
        let Settings { declared, domain, ascii_domain, ignore } = &self.settings;
        let line = |text: Option<&str>| text.unwrap_or_default().replace(['\r', '\n'], " ") + "\n";
        let mut out = line(declared.map(Declared::word));
        out += &line(Some(domain));
        out += &line(ascii_domain.as_deref());
        out += &line(self.source.file_name.as_deref());
        // A word in small letters, and codes.
        let exact = self.source.line_ends_known.then_some(EXACT);
        let words: Vec<&str> = exact.into_iter().chain(ignore.iter().map(String::as_str)).collect();
        out += &line(Some(&words.join(" ")));
        // A character for each byte: what is no UTF-8 comes back, too.
        out.extend(self.source.bytes.iter().map(|byte| char::from(*byte)));
        Some(out)
    }

    /// What [`Draft::written`] made.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(HEAD + 1, '\n');
        let mut line = || parts.next();
        let (declared, domain, ascii) = (line()?, line()?, line()?);
        let (file, words, body) = (line()?, line()?, line()?);
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let bytes = body.chars().map(|c| u8::try_from(c).ok()).collect::<Option<Vec<u8>>>()?;
        let is_exact = words.split(' ').any(|word| word == EXACT);
        let codes = words.split(' ').filter(|word| !word.is_empty() && *word != EXACT);
        let mut source = Source::exact(bytes, is_exact, &Source::default());
        source.file_name = some(file);
        Some(Self {
            source: Rc::new(source),
            settings: Settings {
                declared: Declared::from_word(declared),
                domain: domain.to_owned(),
                ascii_domain: some(ascii),
                ignore: codes.map(str::to_owned).collect(),
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use stslint::Kind;

    #[test]
    fn a_draft_comes_back_byte_for_byte() {
        let mut source =
            Source::exact(b"mode: \xff\r\n\nx\xc3\xbc".to_vec(), true, &Source::default());
        source.file_name = Some("a\nb.txt".into());
        let draft = Draft {
            source: Rc::new(source),
            settings: Settings {
                declared: Some(Kind::Policy.into()),
                domain: "b\u{fc}cher.example".into(),
                ascii_domain: Some("xn--bcher-kva.example".into()),
                ignore: vec!["STS-POL-103".into(), "LIVE-".into()],
            },
        };
        let back = Draft::read(&draft.written().expect("it is short")).expect("it was written");
        assert_eq!(back.source.bytes, draft.source.bytes);
        assert_eq!(back.source.file_name.as_deref(), Some("a b.txt"));
        assert!(back.source.line_ends_known);
        assert_eq!(back.settings, draft.settings);
        let typed = Draft { source: Rc::new(Source::typed("x", &Source::default())), ..draft };
        let back = Draft::read(&typed.written().expect("it is short")).expect("it was written");
        assert!(!back.source.line_ends_known && back.source.file_name.is_none());
    }

    #[test]
    fn what_is_no_draft_is_none() {
        for text in ["", "\n\n\n\n", "\n\n\n\n\n\u{20ac}"] {
            assert_eq!(Draft::read(text), None, "{text:?}");
        }
    }
}

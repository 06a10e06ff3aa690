//! A state from bytes.

use super::FORMAT;
use crate::analysis::Settings;
use crate::source::Source;
use crate::state::{Dialog, Notice, Request, State};
use std::rc::Rc;
use stslint::Kind;

/// The state in these bytes and what was said of it; nothing if another version wrote them.
pub(crate) fn read(bytes: &[u8]) -> Option<(State, String)> {
    let mut from = In(bytes);
    if from.text()? != FORMAT {
        return None;
    }
    let said = from.text()?;
    let source = from.source()?;
    let previous = from.maybe(In::source)?;
    let mut origins = Vec::new();
    for _ in 0..from.number()? {
        origins.push(from.source()?);
    }
    let kind = Kind::from_word(&from.text()?);
    let (domain, ascii_domain) = (from.text()?, from.maybe(In::text)?);
    let too_big = from.maybe(In::number)?;
    let mut state = State::resumed(source, Settings { kind, domain, ascii_domain }, origins);
    state.previous = previous;
    state.too_big = too_big;
    state.current = from.maybe(In::number)?.filter(|item| *item < state.analysis.len());
    state.reveal.in_list = from.flag()?;
    state.invisible = from.flag()?;
    state.listed = from.number()?;
    state.notice = from.maybe(|from| {
        let (text, problem, undo) = (from.text()?, from.flag()?, from.flag()?);
        Some(Notice { text, problem, undo, retry: false })
    })?;
    state.request = match from.number()? {
        0 => None,
        1 => Some(Request::Address),
        2 => Some(Request::Dialog(Dialog::Examples)),
        3 => Some(Request::Dialog(Dialog::Share)),
        _ => Some(Request::File(from.text()?, from.bytes()?.to_vec())),
    };
    Some((state, said))
}

struct In<'a>(&'a [u8]);

impl<'a> In<'a> {
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<usize> {
        let bytes = self.take(4)?.try_into().ok()?;
        usize::try_from(u32::from_le_bytes(bytes)).ok()
    }

    fn flag(&mut self) -> Option<bool> {
        Some(self.take(1)? != [0])
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let len = self.number()?;
        self.take(len)
    }

    fn text(&mut self) -> Option<String> {
        String::from_utf8(self.bytes()?.to_vec()).ok()
    }

    fn maybe<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? { read(self).map(Some) } else { Some(None) }
    }

    fn source(&mut self) -> Option<Rc<Source>> {
        let bytes = self.bytes()?.to_vec();
        let (line_ends_known, typed) = (self.flag()?, self.flag()?);
        let mut source = Source::exact(bytes, line_ends_known, &Source::default());
        source.typed = typed;
        source.file_name = self.maybe(In::text)?;
        Some(Rc::new(source))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::handover::write;
    use crate::state::{Action, Opened};

    fn full_of_everything() -> State {
        let mut state = State::new("mine");
        let opened = Opened {
            bytes: Some(b"version: STSv1\r\nmode: enforced\r\n".to_vec()),
            line_ends_known: true,
            file_name: Some("mta-sts.txt".into()),
            settings: Settings {
                kind: Some(Kind::Policy),
                domain: "b\u{fc}cher.example".into(),
                ascii_domain: Some("xn--bcher-kva.example".into()),
            },
            invisible: true,
            what: "the file".into(),
        };
        state.change_by(Action::Open(opened));
        state.change_by(Action::Select(1));
        state.request = Some(Request::File("x.gz".into(), vec![0x1f, 0x8b, 0xff]));
        state
    }

    #[test]
    fn a_state_survives() {
        let before = full_of_everything();
        let (after, said) = read(&write(&before, "said")).expect("the same version");
        assert_eq!(said, "said");
        assert_eq!(after.source.bytes, before.source.bytes);
        assert_eq!(after.source.line_ends_known, before.source.line_ends_known);
        assert_eq!(after.source.typed, before.source.typed);
        assert_eq!(after.source.file_name.as_deref(), Some("mta-sts.txt"));
        assert_eq!(after.settings, before.settings);
        assert_eq!(after.current, Some(1));
        assert_eq!(after.notice, before.notice);
        assert_eq!(after.request, before.request);
        assert_eq!(after.previous.as_ref().map(|p| p.bytes.clone()), Some(b"mine".to_vec()));
        let bytes = |state: &State| -> Vec<Vec<u8>> {
            state.origins().iter().map(|origin| origin.bytes.clone()).collect()
        };
        assert_eq!(bytes(&after), bytes(&before));
        assert!(after.invisible);
        let codes = |state: &State| -> Vec<_> {
            state.analysis.findings().map(|f| (f.rule.code, f.span)).collect()
        };
        assert_eq!(codes(&after), codes(&before));
        // What the browser's undo brings back is still known for what it was.
        let mut after = after;
        after.change_by(Action::Typed("x".into()));
        after.change_by(Action::Typed("version: STSv1\nmode: enforced\n".into()));
        assert!(after.source.line_ends_known);
    }

    #[test]
    fn bytes_of_another_version_or_half_of_them_are_not_read() {
        let bytes = write(&full_of_everything(), "");
        let mut other = bytes.clone();
        other[8] ^= 1;
        assert!(read(&other).is_none());
        for len in 0..bytes.len() {
            assert!(read(&bytes[..len]).is_none(), "{len}");
        }
    }
}

//! A state as bytes.

use super::FORMAT;
use crate::source::Source;
use crate::state::{Dialog, Request, State};
use stslint::Kind;

/// A state as bytes, and what screen readers have been told of it.
pub(crate) fn write(state: &State, said: &str) -> Vec<u8> {
    let mut out = Out(Vec::new());
    out.text(FORMAT);
    out.text(said);
    out.source(&state.source);
    out.maybe(state.previous.as_deref(), Out::source);
    out.number(state.origins().len());
    state.origins().iter().for_each(|origin| out.source(origin));
    let settings = &state.settings;
    out.text(settings.kind.map_or("", Kind::word));
    out.text(&settings.domain);
    out.maybe(settings.ascii_domain.as_deref(), Out::text);
    out.maybe(state.too_big, Out::number);
    out.maybe(state.current, Out::number);
    out.flag(state.reveal.in_list);
    out.flag(state.invisible);
    out.number(state.listed);
    out.maybe(state.notice.as_ref().filter(|notice| !notice.retry), |out, notice| {
        out.text(&notice.text);
        out.flag(notice.problem);
        out.flag(notice.undo);
    });
    match &state.request {
        None => out.number(0),
        Some(Request::Address) => out.number(1),
        Some(Request::Dialog(Dialog::Examples)) => out.number(2),
        Some(Request::Dialog(_)) => out.number(3),
        Some(Request::File(name, bytes)) => {
            out.number(4);
            out.text(name);
            out.bytes(bytes);
        }
    }
    out.0
}

struct Out(Vec<u8>);

impl Out {
    fn number(&mut self, number: usize) {
        self.0.extend((number as u32).to_le_bytes());
    }

    fn flag(&mut self, flag: bool) {
        self.0.push(flag.into());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.extend(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn maybe<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.flag(value.is_some());
        if let Some(value) = value {
            write(self, value);
        }
    }

    fn source(&mut self, source: &Source) {
        self.bytes(&source.bytes);
        self.flag(source.line_ends_known);
        self.flag(source.typed);
        self.maybe(source.file_name.as_deref(), Self::text);
    }
}

//! The policy in numbered lines, with what senders stumble over.

use crate::text::Source;
use crate::tools::senders::subject::Judged;
use crate::ui::element::{El, el};
use crate::ui::words::visible;

/// Lines, and bytes of a line, that are shown.
const LINES: usize = 60;
const CHARACTERS: usize = 120;

/// The policy. What is pointed at is marked more.
pub(super) fn source(source: &Source, judged: &Judged, pointed: Option<usize>) -> El {
    let mut list = el("ol").class("numbered");
    let mut start = 0;
    for (number, line) in
        source.bytes.split_inclusive(|byte| *byte == b'\n').take(LINES).enumerate()
    {
        let end = start + line.len();
        // A place at the very end belongs to the last line.
        let is_here =
            |at: &usize| (start..end).contains(at) || *at == end && end == source.bytes.len();
        let here = judged.lines.iter().filter_map(|line| line.at).filter(is_here).min();
        let at = pointed.filter(is_here).or(here);
        let item = el("li").number(number).flag("data-pointed", at.is_some() && at == pointed);
        list = list.child(match at.and_then(|at| line.split_at_checked(at - start)) {
            Some((before, rest)) => {
                let (first, after) = first(rest);
                item.child(el("span").words(shown(before)))
                    .child(el("mark").words(first))
                    .child(el("span").words(shown(after)))
            }
            None => item.child(el("span").words(shown(line))),
        });
        start = end;
    }
    el("div")
        .class("sample")
        .child(el("h3").text("The policy"))
        .child(list.attr("tabindex", "0").attr("aria-label", "The policy, line by line"))
}

/// The first character, a space where it is a line end or nothing, and what comes behind it.
fn first(text: &[u8]) -> (String, &[u8]) {
    let length = text.utf8_chunks().next().and_then(|chunk| chunk.valid().chars().next());
    let length = length.map_or(1, char::len_utf8).min(text.len());
    let (first, after) = text.split_at(length);
    match first {
        b"" | b"\n" | b"\r" | b" " => ("\u{a0}".into(), after),
        _ => (visible(first, CHARACTERS), after),
    }
}

fn shown(text: &[u8]) -> String {
    let end = text.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n'));
    visible(&text[..end.map_or(0, |last| last + 1)], CHARACTERS)
}

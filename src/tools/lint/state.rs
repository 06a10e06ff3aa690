//! Where the user is among the findings. Pure.

use crate::text::{Place, Text};
use crate::ui::replaced;
use std::ops::Range;

/// How many blocks of the text are drawn line by line: each line takes some hundred bytes of the browser's, and a moment.
/// Nearly every text has fewer.
const DRAWN: usize = 8;

/// How many are drawn so for a print.
const PRINTED: usize = 256;

/// What of the findings is shown, and how.
#[derive(Debug)]
pub(crate) struct State {
    /// The finding that the user is at.
    pub(crate) current: Option<usize>,
    /// The finding that the pointer is on.
    pub(crate) hovered: Option<usize>,
    /// What to bring into view.
    pub(crate) reveal: Reveal,
    /// Whether invisible characters are shown.
    pub(crate) invisible: bool,
    /// The blocks of the text that are drawn line by line: those in view, and some around them.
    pub(crate) drawn: Range<usize>,
    /// While the user decides one suggestion after the other: where the next one may be.
    walk: Option<Mark>,
    /// Whether only suggestions for errors and warnings are decided about.
    loud: bool,
}

/// A request to bring the current finding into view; each has its own number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reveal {
    /// Counts the requests.
    pub(crate) number: u32,
    /// Whether in the list (else in the text).
    pub(crate) in_list: bool,
    /// Whether the focus stays where it is.
    pub(crate) quiet: bool,
}

/// What can happen.
#[derive(Clone, Debug)]
pub(crate) enum Action {
    /// The text cursor moved to this UTF-16 offset; by a click if `true`.
    Caret(usize, bool),
    /// The pointer is on an item.
    Hover(Option<usize>),
    /// Show invisible characters, or don't.
    Invisible(bool),
    /// These blocks of the text came into view.
    InView(usize, usize),
    /// All of the text is about to be printed.
    Print,
    /// Go to an item, in the text.
    Select(usize),
    /// Leave the suggestion as it is, and go to the next one.
    Skip,
    /// Decide no more suggestions.
    Stop,
    /// Go to the next (`true`) or previous finding; from this UTF-16 offset if none is current.
    Step(bool, usize),
}

/// What stays the same of a finding while the text around it changes.
pub(crate) type Mark = (usize, &'static str);

impl Default for State {
    fn default() -> Self {
        let reveal = Reveal::default();
        let drawn = 0..DRAWN;
        Self {
            current: None,
            hovered: None,
            reveal,
            invisible: false,
            drawn,
            walk: None,
            loud: false,
        }
    }
}

impl State {
    /// Does what an action asks for. Returns whether anything changed: the pointer and the caret move often and mostly
    /// change nothing.
    pub(crate) fn update(&mut self, action: &Action, text: &Text) -> bool {
        match *action {
            Action::Caret(at, clicked) => return self.caret(at, clicked, text),
            Action::Hover(item) => return replaced(&mut self.hovered, item),
            Action::Invisible(invisible) => self.invisible = invisible,
            Action::InView(first, last) => return self.in_view(first, last, text),
            Action::Print => return replaced(&mut self.drawn, 0..PRINTED),
            Action::Select(item) => self.select(item),
            Action::Skip => {
                let after = self.deciding(text).map(|item| mark(text, item));
                self.walk_from(after.flatten(), false, text);
            }
            Action::Stop => self.walk = None,
            Action::Step(forward, at) => return self.step(forward, at, text),
        }
        true
    }

    /// The finding that the user is at, to find it again after a change.
    pub(crate) fn mark(&self, text: &Text) -> Option<Mark> {
        mark(text, self.current?)
    }

    /// Begins with the first suggestion.
    pub(crate) fn walk(&mut self, text: &Text) {
        self.loud = text.analysis.repairs_loud();
        self.walk_from(Some((0, "")), true, text);
    }

    /// The suggestion that the user decides about.
    pub(crate) fn deciding(&self, text: &Text) -> Option<usize> {
        text.analysis.suggestion(self.walk?, true, self.loud).filter(|_| !text.is_stale())
    }

    /// A suggestion was taken: goes on with what follows.
    pub(crate) fn walk_on(&mut self, text: &Text) {
        self.walk_from(self.walk, true, text);
    }

    fn walk_from(&mut self, from: Option<Mark>, inclusive: bool, text: &Text) {
        let next = from.and_then(|from| text.analysis.suggestion(from, inclusive, self.loud));
        self.walk = next.and_then(|item| mark(text, item));
        if let Some(item) = next {
            self.current = Some(item);
            self.reveal(false);
            self.reveal.quiet = true;
        }
    }

    /// The text was checked: the current finding stays current where it is still there.
    pub(crate) fn follow(&mut self, mark: Option<Mark>, text: &Text) {
        self.hovered = None;
        let mut findings = text.analysis.findings();
        self.current =
            mark.and_then(|mark| findings.position(|f| (f.span.start, f.rule.code) == mark));
    }

    /// Moves on what is drawn when its edge comes into view.
    fn in_view(&mut self, first: usize, last: usize, text: &Text) -> bool {
        let blocks = text.source.blocks.len();
        let above = self.drawn.contains(&first.saturating_sub(1));
        let below = self.drawn.contains(&(last + 1).min(blocks.saturating_sub(1)));
        if blocks <= DRAWN || above && below && self.drawn.len() <= DRAWN {
            return false;
        }
        let start = (first.midpoint(last) + 1).saturating_sub(DRAWN / 2);
        replaced(&mut self.drawn, start..start + DRAWN)
    }

    fn caret(&mut self, utf16: usize, clicked: bool, text: &Text) -> bool {
        let at = text.source.display.byte(utf16);
        let here = self.current.and_then(|item| text.analysis.finding(item)).map(|f| f.span);
        let stays = here.is_some_and(|span| span.start <= at && at <= span.end);
        if text.is_stale() || !clicked && stays {
            return false;
        }
        let changed = replaced(&mut self.current, text.analysis.item_at(at));
        if clicked && self.current.is_some() {
            self.reveal(true);
            return true;
        }
        changed
    }

    fn step(&mut self, forward: bool, utf16: usize, text: &Text) -> bool {
        let from = match self.current {
            Some(item) => Place::Item(item),
            None => Place::Offset(text.source.display.byte(utf16)),
        };
        let next = text.analysis.neighbour(from, forward).filter(|_| !text.is_stale());
        if let Some(item) = next {
            self.select(item);
        }
        next.is_some()
    }

    fn select(&mut self, item: usize) {
        self.current = Some(item);
        self.reveal(false);
    }

    fn reveal(&mut self, in_list: bool) {
        self.reveal = Reveal { number: self.reveal.number.wrapping_add(1), in_list, quiet: false };
    }
}

fn mark(text: &Text, item: usize) -> Option<Mark> {
    let finding = text.analysis.finding(item)?;
    Some((finding.span.start, finding.rule.code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Given;

    #[test]
    fn what_is_drawn_follows_what_is_in_view() {
        let text = Text::new(&"mx: a.example.com\n".repeat(3_200), Given::default());
        let last = text.source.blocks.len() - 1;
        assert!(last > 4 * DRAWN, "{last}");
        let mut state = State::default();
        for (first, moves) in
            [(0, false), (DRAWN / 2 - 1, false), (DRAWN - 2, true), (DRAWN, false)]
        {
            let moved = state.update(&Action::InView(first, first + 1), &text);
            assert_eq!(moved, moves, "{first}");
        }
        for place in [50, last, 40, 0] {
            state.update(&Action::InView(place, place), &text);
            for block in [place.saturating_sub(1), place, (place + 1).min(last)] {
                assert!(state.drawn.contains(&block), "{block} of {:?}", state.drawn);
            }
            assert_eq!(state.drawn.len(), DRAWN);
        }
        assert!(state.update(&Action::Print, &text) && state.drawn.contains(&last));
        assert!(state.update(&Action::InView(0, 1), &text));
        assert_eq!(state.drawn, 0..DRAWN);
        let short = Text::new("mx: a.example.com\n", Given::default());
        assert!(!state.update(&Action::InView(0, 0), &short));
    }
}

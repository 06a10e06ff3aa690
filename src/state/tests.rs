use super::*;
use crate::text::LIMIT;

const BROKEN: &str = "version: STSv1\nmode: enforced\nmx: a.example.net.\nmax_age: 604800\n";

fn after(mut state: State, action: Action) -> State {
    state.change_by(action);
    state
}

fn typed(text: &str) -> State {
    after(State::new(""), Action::Typed(text.into()))
}

fn opened(bytes: &[u8]) -> Opened {
    Opened {
        bytes: Some(bytes.to_vec()),
        line_ends_known: true,
        file_name: None,
        settings: Settings::default(),
        invisible: false,
        what: "a file".into(),
    }
}

fn item(state: &State, code: &str) -> usize {
    state.text.analysis.findings().position(|f| f.rule.code == code).expect(code)
}

#[test]
fn typed_text_is_checked_at_once_with_unknown_line_ends() {
    let state = typed(BROKEN);
    assert!(!state.text.source.line_ends_known && !state.text.is_stale());
    item(&state, "STS-POL-051");
}

#[test]
fn the_worst_finding_comes_first_then_the_order_of_the_text() {
    let state = typed(BROKEN);
    let order: Vec<_> =
        state.text.analysis.findings().map(|f| (f.rule.severity, f.span.start)).collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn a_file_keeps_its_bytes_until_the_text_changes_and_gets_them_back_by_undo() {
    let file = b"version: STSv1\r\nmode: none\r\n";
    let state = after(State::new(""), Action::Open(opened(file)));
    assert_eq!(state.text.source.bytes, file);
    let shown = state.text.source.display.text.clone();
    let state = after(state, Action::Typed(shown.clone() + "x"));
    assert!(!state.text.source.line_ends_known);
    let state = after(state, Action::Typed(shown));
    assert!(state.text.source.line_ends_known);
    assert_eq!(state.text.source.bytes, file);
}

#[test]
fn opening_over_the_users_text_can_be_taken_back() {
    let state = after(typed("mine"), Action::Open(opened(b"theirs")));
    assert!(state.notice.as_ref().is_some_and(|n| n.undo));
    let state = after(state, Action::Restore);
    assert_eq!(state.text.source.bytes, b"mine");
    assert!(!state.text.source.typed, "the field has to be given the text again");
}

#[test]
fn opening_over_an_example_asks_nothing() {
    let state = after(State::new(""), Action::Open(opened(b"one")));
    let state = after(state, Action::Open(opened(b"two")));
    assert!(state.notice.is_some_and(|n| !n.undo));
}

#[test]
fn settings_alone_leave_the_text() {
    let settings = Settings { kind: Some(Kind::StsTxt), ..Settings::default() };
    let link = Opened { bytes: None, settings: settings.clone(), ..opened(b"") };
    let state = after(typed(BROKEN), Action::Open(link));
    assert_eq!((state.text.source.bytes.as_slice(), &state.text.settings), (BROKEN.as_bytes(), &settings));
}

#[test]
fn a_fix_changes_the_bytes_and_undo_finds_the_old_ones() {
    let state = typed(BROKEN);
    let dot = item(&state, "STS-POL-083");
    let fixed = after(state, Action::Fix(dot));
    assert!(fixed.source.display.text.contains("a.example.net\n"));
    let undone = after(fixed, Action::Typed(BROKEN.into()));
    assert!(undone.source.typed);
    item(&undone, "STS-POL-083");
}

#[test]
fn all_safe_fixes_leave_none() {
    let state = after(typed(BROKEN), Action::FixAll);
    assert_eq!(state.text.analysis.safe_fixes, 0);
}

#[test]
fn steps_follow_the_text_around_its_end() {
    let mut state = typed(BROKEN);
    let count = state.text.analysis.len();
    let mut starts = Vec::new();
    for _ in 0..count {
        state = after(state, Action::Step(true, 0));
        let item = state.lint.current.expect("a step leads to a finding");
        starts.push(state.text.analysis.finding(item).expect("an item has a finding").span.start);
    }
    assert!(starts.is_sorted(), "{starts:?}");
    let last = state.lint.current;
    state = after(state, Action::Step(true, 0));
    assert_ne!(state.lint.current, last);
    state = after(state, Action::Step(false, 0));
    assert_eq!(state.lint.current, last);
}

#[test]
fn the_caret_selects_and_a_click_brings_the_card_into_view() {
    let state = typed(BROKEN);
    let at = BROKEN.find("forced").expect("in the text");
    let state = after(state, Action::Caret(at, false));
    assert_eq!(state.lint.current, Some(item(&state, "STS-POL-051")));
    assert_eq!(state.lint.reveal.number, 0);
    let state = after(state, Action::Caret(at, true));
    assert!(state.lint.reveal.number == 1 && state.lint.reveal.in_list);
    let state = after(state, Action::Caret(0, false));
    assert_eq!(state.lint.current, None);
}

#[test]
fn a_long_text_is_checked_when_it_rests() {
    let long = format!("{BROKEN}{}", "x: y\n".repeat(20_000));
    let state = typed(&long);
    assert!(state.text.is_stale());
    let state = after(state, Action::Lint);
    assert!(!state.text.is_stale());
    // The marks move along until the next rest.
    let state = after(state, Action::Typed(format!("\n{long}")));
    let change = state.text.change();
    assert!(state.text.is_stale() && change.is_some());
    let mode =
        state.text.analysis.marks(change, [None; 2]).into_iter().find(|m| m.code == "STS-POL-051");
    assert_eq!(mode.map(|m| m.start), BROKEN.find("enforced").map(|at| at + 1));
}

#[test]
fn too_much_is_not_checked_and_less_is_again() {
    let state = after(typed(BROKEN), Action::TooBig(10_000_000));
    assert!(state.text.too_big.is_some() && !state.text.is_blank() && state.text.source.bytes.is_empty());
    let state = after(state, Action::Typed(BROKEN.into()));
    assert!(state.text.too_big.is_none());
    item(&state, "STS-POL-051");
    let state = after(state, Action::Typed("x".repeat(LIMIT + 1)));
    assert!(state.text.too_big.is_some());
}

#[cfg(feature = "full")]
#[test]
fn a_dialog_that_seems_to_be_open_can_be_asked_for_again() {
    let mut state = after(State::new(""), Action::Show(Dialog::Examples));
    let before = state.dialogs;
    assert!(state.change_by(Action::Show(Dialog::Examples)) && state.dialogs != before);
}

#[cfg(feature = "full")]
#[test]
fn what_changes_nothing_is_no_new_state() {
    let mut state = typed(BROKEN);
    for action in [Action::Hover(None), Action::Typed(BROKEN.into()), Action::Show(Dialog::None)] {
        assert!(!state.change_by(action));
    }
}

#[cfg(feature = "full")]
#[test]
fn explanations_are_wanted_once_there_is_something_to_explain() {
    let blank = State::new("");
    assert!(!blank.wants_explanations());
    assert!(after(blank, Action::Show(Dialog::Rule(Some("STS-POL-051")))).wants_explanations());
    let mut state = typed(BROKEN);
    for (explanations, wanted) in [
        (Explanations::Loading, false),
        (Explanations::Failed, false),
        (Explanations::Unasked, true),
        (Explanations::Loaded, false),
    ] {
        state = after(state, Action::Explanations(explanations));
        assert_eq!(state.wants_explanations(), wanted);
    }
}

#[cfg(not(feature = "full"))]
#[test]
fn what_only_the_larger_build_can_do_is_asked_of_it_once() {
    assert!(!typed(BROKEN).wants_rest());
    let state = after(typed(BROKEN), Action::Show(Dialog::Share));
    assert!(state.wants_rest() && state.dialog == Dialog::None);
    assert_eq!(state.request, Some(Request::Dialog(Dialog::Share)));
    let state = after(state, Action::Rest(Rest::Loading));
    assert!(!state.wants_rest());
    let state = after(state, Action::Request(Request::Address));
    assert!(!state.wants_rest(), "it is on its way");
}

#[cfg(not(feature = "full"))]
#[test]
fn a_larger_build_that_cannot_be_loaded_is_told_and_can_be_tried_again() {
    let state = after(typed(BROKEN), Action::Show(Dialog::Share));
    let state = after(state, Action::Rest(Rest::Failed));
    assert!(state.notice.as_ref().is_some_and(|notice| notice.retry && notice.problem));
    assert!(!state.wants_rest());
    item(&state, "STS-POL-051");
    let state = after(state, Action::Rest(Rest::Unasked));
    assert!(state.wants_rest() && state.notice.is_none());
    // Who does not want to try again is not surprised by the dialog later.
    let state = after(after(state, Action::Rest(Rest::Failed)), Action::Dismiss);
    assert_eq!(state.request, None);
}

#[cfg(not(feature = "full"))]
#[test]
fn a_domain_is_left_to_the_larger_build() {
    let state = typed("mail.acme-mail.net");
    assert!(state.wants_rest() && state.is_waiting());
    assert!(!after(state, Action::Typed(BROKEN.into())).wants_rest());
}

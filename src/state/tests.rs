use super::*;
use crate::text::{Draft, FORMS, LIMIT, Settings};
use crate::tools::intake;
use crate::tools::lint::state::Action as Lint;
use stslint::Kind;

const BROKEN: &str = "version: STSv1\nmode: enforced\nmx: a.example.net.\nmax_age: 604800\n";

/// The page with nothing but what it starts with.
fn bare(text: &str) -> State {
    after(State::new("", Given::default()), Action::Typed(text.into()))
}

/// The page with all of the program.
pub(crate) fn whole(text: &str) -> State {
    let mut state = bare(text);
    for loaded in [
        Loaded::Check(&check::TABLE),
        Loaded::Forms(&FORMS),
        Loaded::Rules(&rules::TABLE),
        Loaded::Share(&share::TABLE),
    ] {
        state = after(state, Action::Loaded(loaded));
    }
    after(state, check::state::Action::Settings(Default::default()))
}

fn commands(state: &mut State, action: impl Into<Action>) -> Vec<Command> {
    state.update(action.into()).commands
}

fn after(mut state: State, action: impl Into<Action>) -> State {
    state.update(action.into());
    state
}

fn opened(bytes: &[u8]) -> Opened {
    Opened {
        bytes: Some(bytes.to_vec()),
        line_ends_known: true,
        what: "a file".into(),
        ..Opened::default()
    }
}

fn item(state: &State, code: &str) -> usize {
    state.text.analysis.findings().position(|f| f.rule.code == code).expect(code)
}

#[test]
fn typed_text_is_checked_at_once_with_unknown_line_ends() {
    let state = whole(BROKEN);
    assert!(!state.text.source.line_ends_known && !state.text.is_stale());
    item(&state, "STS-POL-051");
}

#[test]
fn the_worst_finding_comes_first_then_the_order_of_the_text() {
    let state = whole(BROKEN);
    let order: Vec<_> =
        state.text.analysis.findings().map(|f| (f.rule.severity, f.span.start)).collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn a_file_keeps_its_bytes_until_the_text_changes_and_gets_them_back_by_undo() {
    let file = b"version: STSv1\r\nmode: none\r\n";
    let state = after(whole(""), Request::Open(opened(file)));
    assert_eq!(state.text.source.bytes, file);
    assert!(!state.text.source.repaired, "the caret goes to its start");
    let shown = state.text.source.display.text.clone();
    let state = after(state, Action::Typed(shown.clone() + "x"));
    assert!(!state.text.source.line_ends_known);
    let state = after(state, Action::Typed(shown));
    assert!(state.text.source.line_ends_known);
    assert_eq!(state.text.source.bytes, file);
}

#[test]
fn opening_over_the_users_text_can_be_taken_back() {
    let state = after(whole("mine"), Request::Open(opened(b"theirs")));
    assert!(state.notice.as_ref().is_some_and(|n| n.remedy == Some(Remedy::Restore)));
    let state = after(state, Action::Restore);
    assert_eq!(state.text.source.bytes, b"mine");
    assert!(!state.text.source.typed, "the field has to be given the text again");
}

#[test]
fn opening_over_an_example_asks_nothing() {
    let state = after(whole(""), Request::Open(opened(b"one")));
    let state = after(state, Request::Open(opened(b"two")));
    assert!(state.notice.is_some_and(|n| n.remedy.is_none()));
}

#[test]
fn settings_alone_leave_the_text() {
    let settings = Settings { declared: Some(Kind::StsTxt.into()), ..Settings::default() };
    let link = Opened { bytes: None, settings: settings.clone(), ..opened(b"") };
    let state = after(whole(BROKEN), Request::Open(link));
    assert_eq!(
        (state.text.source.bytes.as_slice(), &state.text.settings),
        (BROKEN.as_bytes(), &settings)
    );
}

#[test]
fn a_fix_changes_the_bytes_and_undo_finds_the_old_ones() {
    let state = whole(BROKEN);
    let dot = item(&state, "STS-POL-083");
    let fixed = after(state, Action::Fix(dot));
    assert!(fixed.text.source.display.text.contains("a.example.net\n"));
    assert!(fixed.text.source.repaired, "the caret stays there");
    let undone = after(fixed, Action::Typed(BROKEN.into()));
    assert!(undone.text.source.typed);
    item(&undone, "STS-POL-083");
}

#[test]
fn all_safe_fixes_leave_none() {
    let state = after(whole(BROKEN), Action::Repair);
    assert_eq!(state.text.analysis.safe_fixes, 0);
}

#[test]
fn steps_follow_the_text_around_its_end() {
    let mut state = whole(BROKEN);
    let count = state.text.analysis.len();
    let mut starts = Vec::new();
    for _ in 0..count {
        state = after(state, Action::Lint(Lint::Step(true, 0)));
        let item = state.lint.current.expect("a step leads to a finding");
        starts.push(state.text.analysis.finding(item).expect("an item has a finding").span.start);
    }
    assert!(starts.is_sorted(), "{starts:?}");
    let last = state.lint.current;
    state = after(state, Action::Lint(Lint::Step(true, 0)));
    assert_ne!(state.lint.current, last);
    state = after(state, Action::Lint(Lint::Step(false, 0)));
    assert_eq!(state.lint.current, last);
}

#[test]
fn the_caret_selects_and_a_click_brings_the_card_into_view() {
    let state = whole(BROKEN);
    let at = BROKEN.find("forced").expect("in the text");
    let state = after(state, Action::Lint(Lint::Caret(at, false)));
    assert_eq!(state.lint.current, Some(item(&state, "STS-POL-051")));
    assert_eq!(state.lint.reveal.number, 0);
    let state = after(state, Action::Lint(Lint::Caret(at, true)));
    assert!(state.lint.reveal.number == 1 && state.lint.reveal.in_list);
    let state = after(state, Action::Lint(Lint::Caret(0, false)));
    assert_eq!(state.lint.current, None);
}

#[test]
fn a_long_text_is_checked_when_it_rests() {
    let long = format!("{BROKEN}{}", "x: y\n".repeat(20_000));
    let state = whole(&long);
    assert!(state.text.is_stale());
    let state = after(state, Action::Rest);
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
    let state = after(whole(BROKEN), Action::TooBig(10_000_000));
    assert!(
        state.text.too_big.is_some()
            && !state.text.is_blank()
            && state.text.source.bytes.is_empty()
    );
    let state = after(state, Action::Typed(BROKEN.into()));
    assert!(state.text.too_big.is_none());
    item(&state, "STS-POL-051");
    let state = after(state, Action::Typed("x".repeat(LIMIT + 1)));
    assert!(state.text.too_big.is_some());
}

#[test]
fn a_dialog_that_seems_to_be_open_can_be_asked_for_again() {
    let mut state = after(whole(""), Request::Show(Dialog::Imported));
    let before = state.dialogs;
    assert!(state.update(Request::Show(Dialog::Imported).into()).changed);
    assert_ne!(state.dialogs, before);
}

#[test]
fn what_changes_nothing_is_no_new_state() {
    let mut state = whole(BROKEN);
    for action in [
        Action::Lint(Lint::Hover(None)),
        Action::Typed(BROKEN.into()),
        Request::Show(Dialog::None).into(),
    ] {
        assert!(!state.update(action).changed);
    }
}

#[test]
fn explanations_are_loaded_once_there_is_something_to_explain() {
    let load = [Command::LoadExplanations];
    let mut state = whole("");
    assert_eq!(state.explanations, Explanations::Unasked);
    assert_eq!(commands(&mut state, Request::Show(Dialog::Rule("STS-POL-051"))), load);
    let mut state = State::new("", Given::default());
    assert_eq!(commands(&mut state, Action::Typed(BROKEN.into())), load);
    assert_eq!(state.explanations, Explanations::Loading);
    for (explanations, wanted) in [
        (Explanations::Failed, &[][..]),
        (Explanations::Unasked, &load),
        (Explanations::Loaded, &[]),
    ] {
        assert_eq!(commands(&mut state, Action::Explanations(explanations)), wanted);
    }
}

#[test]
fn a_part_of_the_program_is_loaded_when_it_is_first_needed() {
    let mut state = bare("");
    assert_eq!(
        commands(&mut state, Request::Show(Dialog::Share)),
        [Command::Load(ChunkName::Share)]
    );
    assert_eq!(state.dialog, Dialog::None);
    assert_eq!(commands(&mut state, Request::Show(Dialog::Share)), [], "it is on its way");
    let state = after(state, Action::Loaded(Loaded::Share(&share::TABLE)));
    assert_eq!(state.dialog, Dialog::Share);
}

#[test]
fn a_part_that_does_not_come_is_told_and_can_be_tried_again() {
    let load = [Command::Load(ChunkName::Share)];
    let mut state = after(bare(BROKEN), Request::Show(Dialog::Share));
    state = after(state, Action::Missing(ChunkName::Share, Missing::Failed));
    let remedy =
        |state: &State| state.notice.as_ref().map(|notice| (notice.problem, notice.remedy));
    assert_eq!(remedy(&state), Some((true, Some(Remedy::Retry))));
    item(&state, "STS-POL-051");
    assert_eq!(commands(&mut state, Action::Retry), load);
    assert_eq!(state.notice, None);
    // Who does not want to try again is not surprised by the dialog later.
    state = after(state, Action::Missing(ChunkName::Share, Missing::Failed));
    state = after(after(state, Action::Dismiss), Action::Loaded(Loaded::Share(&share::TABLE)));
    assert_eq!(state.dialog, Dialog::None);
}

#[test]
fn a_part_of_another_build_is_refused() {
    let state = after(bare(BROKEN), Request::Read(Article::Rules));
    let state = after(state, Action::Missing(ChunkName::Rules, Missing::Stale));
    assert_eq!(state.notice.as_ref().and_then(|notice| notice.remedy), Some(Remedy::Reload));
    assert_eq!(state.text.source.bytes, BROKEN.as_bytes());
}

#[test]
fn a_text_that_the_page_can_not_read_yet_waits() {
    let zone = "_mta-sts.example.com. 300 IN TXT \"v=STSv1; id=1;\"";
    let mut state = State::new("", Given::default());
    assert_eq!(commands(&mut state, Action::Typed(zone.into())), [Command::Load(ChunkName::Forms)]);
    assert!(state.is_waiting() && state.text.analysis.len() == 0);
    let failed = after(bare(zone), Action::Missing(ChunkName::Forms, Missing::Failed));
    assert!(failed.text.is_beyond() && !failed.is_waiting());
    let mut failed = after(failed, Action::Dismiss);
    assert_eq!(commands(&mut failed, Action::Typed(format!("{zone} "))), [], "the same trouble");
    failed = after(failed, Action::Typed(BROKEN.into()));
    let again = commands(&mut failed, Action::Typed(zone.into()));
    assert_eq!(again, [Command::Load(ChunkName::Forms)], "another text, another try");
    state = after(state, Action::Loaded(Loaded::Forms(&FORMS)));
    assert_eq!(state.text.analysis.report.artefacts.len(), 1);
    assert!(!state.is_waiting());
}

#[test]
fn what_checks_domains_is_asked_for_when_there_are_some() {
    let mut one = State::new("", Given::default());
    let asked = commands(&mut one, Action::Typed("example.com".into()));
    assert!(asked.contains(&Command::Load(ChunkName::Check)), "{asked:?}");
    let mut list = State::new("", Given::default());
    commands(&mut list, Action::Typed("a.example\nb.example\n".into()));
    let asked = commands(&mut list, Action::Loaded(Loaded::Forms(&FORMS)));
    assert_eq!(asked, [Command::Load(ChunkName::Check)], "once it is known to be a list");
}

#[test]
fn addresses_lead_to_what_they_name_once_it_is_there() {
    let follow =
        |state: State, fragment: &str| after(state, Request::Follow(Route::parse(fragment)));
    let state = follow(bare(""), "#/rules/sts-pol-051");
    let state = after(state, Action::Loaded(Loaded::Rules(&rules::TABLE)));
    assert_eq!(state.dialog, Dialog::Rule("STS-POL-051"));
    let state = follow(whole(""), "#/rules?severity=error");
    assert_eq!(state.article, Some(Article::Rules));
    assert!(!state.rules.filter.is_empty());
    let mut foreign = whole("");
    foreign.text.given.to_ascii =
        Some(|name| (name == "b\u{fc}cher.example").then(|| "xn--bcher-kva.example".into()));
    let named = Route::Desk("b\u{fc}cher.example".into());
    assert_eq!(
        commands(&mut foreign, Request::Follow(named)),
        [Command::Revisit(Route::Desk("b\u{fc}cher.example".into()))]
    );
    let desk = |name: &str| check::state::Action::Desk(name.into(), None);
    let state = after(foreign, desk("b\u{fc}cher.example"));
    assert_eq!(state.text.source.bytes, b"xn--bcher-kva.example");
    assert!(after(whole(""), desk("nonsense")).notice.is_some_and(|notice| notice.problem));
    for wrong in ["#/examples/none", "#/rules/NONE-1"] {
        let state = follow(whole("mine"), wrong);
        assert!(state.notice.is_some_and(|notice| notice.problem), "{wrong}");
        assert_eq!(state.text.source.bytes, b"mine");
    }
}

/// A result of an earlier version with one input.
const RESULT: &str = r#"{"schema":1,"stslint":"0.0.7","inputs":[
    {"source":0,"findings":[{"code":"OLD-1"},{"code":"STS-POL-051"}]}],"sources":[
    {"name":"mta-sts.txt","file_name":"mta-sts.txt","kind":"policy","domain":"a.example","line_ends_known":true,
     "text":"version: STSv1\r\nmode: enforced\r\nmx: a.example.net\r\nmax_age: 604800\r\n"}]}"#;

fn imported() -> Action {
    let imported = stslint::render::import::import(RESULT).expect("it is a result");
    Action::Share(share::state::Action::Import(Rc::new(imported)))
}

#[test]
fn what_was_checked_is_checked_anew_and_the_users_text_can_come_back() {
    let state = after(whole("mine"), imported());
    assert_eq!(state.text.source.file_name.as_deref(), Some("mta-sts.txt"));
    assert!(state.text.source.line_ends_known);
    assert_eq!(state.text.settings.declared, Some(Kind::Policy.into()));
    assert_eq!(state.text.settings.ascii_domain.as_deref(), Some("a.example"));
    let notice = state.notice.clone().expect("it is told");
    assert_eq!(notice.remedy, Some(Remedy::Restore));
    assert!(notice.text.contains("result of stslint 0.0.7"), "{notice:?}");
    assert!(notice.text.contains("Gone: OLD-1."), "{notice:?}");
    let state = after(state, Action::Restore);
    assert_eq!(state.text.source.bytes, b"mine");
    assert_eq!(state.text.source.file_name, None);
}

#[test]
fn a_text_that_was_changed_is_no_longer_the_files() {
    let state = after(after(whole(""), imported()), Action::Repair);
    assert_eq!(state.text.source.file_name.as_deref(), Some("mta-sts.txt"), "the page changed it");
    let state = after(state, Action::Typed("v".into()));
    assert_eq!(state.text.source.file_name, None);
}

#[test]
fn a_link_that_is_unpacked_late_leaves_the_share_dialog_open() {
    let opened = || Request::Open(crate::request::Opened::default());
    let state = after(after(whole(BROKEN), Request::Show(Dialog::Rule("STS-POL-051"))), opened());
    assert_eq!(
        state.dialog,
        Dialog::None,
        "a text that is opened from a dialog is what one wants to see"
    );
    let state = after(after(whole(BROKEN), Request::Show(Dialog::Share)), opened());
    assert_eq!(state.dialog, Dialog::Share);
}

fn arrived(step: Option<u32>, fragment: &str) -> Action {
    Action::Arrived(Arrival { step, next: 1, route: Route::parse(fragment), kept: None })
}

#[test]
fn a_text_begins_a_step_and_each_step_keeps_its_text() {
    let mut state = whole("");
    assert_eq!(commands(&mut state, arrived(None, "")), [Command::Replace(1, Route::Start)]);
    let typed = commands(&mut state, Action::Typed(BROKEN.into()));
    assert!(typed.contains(&Command::Push(2, Route::Text)), "{typed:?}");
    assert_eq!(commands(&mut state, Action::Typed("mode: none\n".into())), [], "the same step");
    let mut state = after(state, arrived(Some(1), ""));
    assert!(state.text.is_blank());
    state = after(state, arrived(Some(2), "#/text"));
    assert_eq!(state.text.source.bytes, b"mode: none\n");
    assert!(!state.text.source.typed, "the field has to be given the text again");
}

#[test]
fn an_edit_takes_the_old_text_off_the_address() {
    let mut state = after(whole(""), arrived(None, "#/examples/mta-sts-record"));
    assert_eq!(state.places.route, Route::Example("mta-sts-record".into()));
    assert!(!state.text.is_blank());
    let typed = commands(&mut state, Action::Typed("mode: none\n".into()));
    assert!(typed.contains(&Command::Replace(1, Route::Text)), "{typed:?}");
}

#[test]
fn a_rule_on_top_leaves_what_lies_below() {
    let state = after(after(whole(""), arrived(None, "")), Action::Typed(BROKEN.into()));
    let state = after(state, arrived(None, "#/rules/STS-POL-051"));
    assert_eq!(state.dialog, Dialog::Rule("STS-POL-051"));
    assert_eq!((&state.places.route, state.places.here), (&Route::Text, 3));
    let state = after(state, arrived(Some(2), "#/text"));
    assert_eq!(
        (state.dialog, state.text.source.bytes.as_slice()),
        (Dialog::None, BROKEN.as_bytes())
    );
}

#[test]
fn a_rule_that_comes_after_one_has_gone_back_is_not_shown() {
    let state = after(after(bare(""), arrived(None, "")), arrived(None, "#/rules/STS-POL-051"));
    let state = after(state, arrived(Some(1), ""));
    let state = after(state, Action::Loaded(Loaded::Rules(&rules::TABLE)));
    assert_eq!((state.dialog, state.article), (Dialog::None, None));
}

#[test]
fn whoever_leaves_before_anything_is_there_is_at_the_start() {
    for fragment in [
        "#/d/acme-mail.net",
        "#/rules",
        "#/rules/STS-POL-051",
        "#/reports",
        "#/examples/mta-sts-record",
    ] {
        let state = after(bare(""), arrived(None, fragment));
        assert!(!state.is_there(), "{fragment} takes a part that is not there");
        assert!(after(state, arrived(None, "#/")).is_there(), "{fragment}");
    }
    assert!(!bare("").is_there(), "nobody has said where the page is");
    assert!(after(whole(""), arrived(None, "#/rules")).is_there());
    assert!(after(whole(BROKEN), arrived(None, "#/text")).is_there());
}

#[test]
fn a_rule_that_one_came_for_is_read_in_place_of_the_text() {
    let state = after(whole(""), arrived(None, "#/rules/sts-pol-051"));
    assert_eq!((state.article, state.dialog), (Some(Article::Rule("STS-POL-051")), Dialog::None));
    let state = after(state, arrived(None, "#/rules"));
    assert_eq!(state.article, Some(Article::Rules));
    let state = after(state, arrived(None, "#/rules/STS-POL-052"));
    assert_eq!(state.article, Some(Article::Rule("STS-POL-052")), "from the list, too");
    let mut state = after(state, Request::Show(Dialog::Share));
    assert_eq!(commands(&mut state, Request::Show(Dialog::None)), [], "it is still read");
    assert_eq!(commands(&mut state, Request::Leave), [Command::LeaveTop]);
    assert_eq!((state.article, &state.places.route), (None, &Route::Start));
    let state = after(state, arrived(None, "#/rules/no-such-rule"));
    assert!(state.notice.is_some_and(|notice| notice.problem));
}

#[test]
fn a_draft_comes_back_after_a_reload_and_what_was_typed_before_the_start_stays() {
    let draft = || Draft::of(&whole("mode: testing\n").text).written();
    let reload = |typed: &str, kept| {
        let arrival = Arrival { step: Some(7), next: 9, route: Route::Text, kept };
        after(whole(typed), Action::Arrived(arrival))
    };
    assert_eq!(reload("", draft()).text.source.bytes, b"mode: testing\n");
    assert_eq!(reload("mine", draft()).text.source.bytes, b"mine");
    let mut state = reload("", draft());
    let pushed = commands(&mut state, Request::Go(Route::List));
    assert_eq!(pushed, [Command::Push(9, Route::List)], "a number that no step has");
    let typed = after(whole("mine"), arrived(None, ""));
    assert_eq!(
        (typed.text.source.bytes.as_slice(), typed.places.route),
        (&b"mine"[..], Route::Text)
    );
}

#[test]
fn repairing_does_what_is_safe_and_asks_about_the_rest_one_by_one() {
    let text =
        "version: STSv1\nmode: Enforce\nnmx: a.example.net\nmx: b.example.net\nmax_age: 604 800\n";
    let mut state = after(whole(text), Action::Repair);
    assert!(state.text.source.display.text.contains("mode: enforce\n"), "it is safe");
    let decides = |state: &State| {
        let item = state.lint.deciding(&state.text)?;
        Some(state.text.analysis.finding(item)?.rule.code)
    };
    assert_eq!(decides(&state), Some("STS-POL-032"));
    state = after(state, Action::Lint(Lint::Skip));
    assert_eq!(decides(&state), Some("STS-POL-061"));
    let item = state.lint.deciding(&state.text).expect("there is one");
    state = after(state, Action::Fix(item));
    assert!(state.text.source.display.text.contains("max_age: 604800\n"));
    assert_eq!(decides(&state), None, "what only could be better is not asked about");
    // Whoever writes decides nothing else.
    let state = after(after(whole(text), Action::Repair), Action::Typed(text.into()));
    assert_eq!(decides(&state), None);
}

#[test]
fn several_files_are_reports_to_take_together_and_so_is_all_that_comes_to_their_view() {
    let view = || {
        let state = after(whole(BROKEN), Action::Loaded(Loaded::Reports(&reports::TABLE)));
        after(after(state, arrived(None, "")), arrived(None, "#/reports"))
    };
    let mut state = view();
    assert_eq!((state.article, &state.places.route), (Some(Article::Reports), &Route::Text));
    let files = Action::Files(Rc::default());
    assert_eq!(commands(&mut state, files), [Command::Gather(Batch::Files(Rc::default()))]);
    let packed = |alone| Packed { name: None, bytes: b"mail".to_vec(), alone };
    let mail = || Action::Unpack(packed(false));
    let gathered = Command::Gather(Batch::Bytes(None, b"mail".to_vec()));
    assert_eq!(commands(&mut state, mail()), [gathered]);
    assert_eq!(commands(&mut state, Request::Leave), [Command::LeaveTop]);
    assert_eq!(state.text.source.bytes, BROKEN.as_bytes(), "what lies below is as it was");
    assert_eq!(commands(&mut state, mail()), [Command::Load(ChunkName::Intake)]);
    // Except what is wanted in the editor.
    let mut state = after(view(), Action::Loaded(Loaded::Intake(&intake::TABLE)));
    assert_eq!(commands(&mut state, Action::Unpack(packed(true))), [Command::Unpack(packed(true))]);
    assert_eq!(state.article, Some(Article::Reports), "it stays if there is nothing to open");
    // What comes while their view is on its way comes to it as well.
    let mut state = after(after(whole(""), arrived(None, "")), arrived(None, "#/reports"));
    assert_eq!(state.article, None);
    assert_eq!(commands(&mut state, mail()), []);
    let loaded = Action::Loaded(Loaded::Reports(&reports::TABLE));
    assert!(
        commands(&mut state, loaded)
            .contains(&Command::Gather(Batch::Bytes(None, b"mail".to_vec())))
    );
    // Nothing is read before what reads it is there.
    let mut state = whole("");
    let text = || Action::Gather(Batch::Text);
    assert_eq!(commands(&mut state, text()), [Command::Load(ChunkName::Reports)]);
    let loaded = Action::Loaded(Loaded::Reports(&reports::TABLE));
    assert_eq!(commands(&mut state, loaded), [Command::Gather(Batch::Text)]);
}

#[test]
fn what_was_told_of_one_place_does_not_stand_over_another() {
    let told = |remedy| {
        let notice = Notice { remedy, ..Notice::problem("Nothing is at this address.") };
        let state = after(after(whole(BROKEN), arrived(None, "")), Request::Notice(notice));
        after(state, arrived(None, "#/rules")).notice.is_some()
    };
    assert!(!told(None));
    assert!(told(Some(Remedy::Restore)));
}

#[test]
fn a_link_without_a_text_is_followed_again() {
    for below in ["", BROKEN] {
        let link = Action::Loaded(Loaded::Link(&crate::tools::link::TABLE));
        let state = after(after(whole(below), link), arrived(None, "#v1&kind=tls-reports&z=AA"));
        let mut state = after(state, arrived(None, "#/reports"));
        let again = commands(&mut state, arrived(Some(1), "#v1&kind=tls-reports&z=AA"));
        assert_eq!(again, [Command::OpenShared("v1&kind=tls-reports&z=AA".into())], "{below}");
    }
}

#[test]
fn what_a_link_led_to_comes_too_late_for_another_place() {
    let link = || Route::Shared("v1&z=AA".into());
    let late = |action: Action| Action::At(link(), action.into());
    let at = |fragment: &str| {
        after(after(whole(""), arrived(None, "#v1&z=AA")), arrived(None, fragment))
    };
    let told = || Request::Notice(Notice::problem("It can’t be opened.")).into();
    assert!(after(at("#v1&z=AA"), late(told())).notice.is_some());
    assert!(after(at("#/text"), late(told())).notice.is_none());
    assert!(after(at("#/rules/STS-POL-001"), late(told())).notice.is_none());
    // What waits for its part of the program waits as what it is.
    let reports = || late(Action::Gather(Batch::Link(Vec::new())));
    for (fragment, shown) in [("#v1&z=AA", Some(Article::Reports)), ("#/text", None)] {
        let state = after(after(at("#v1&z=AA"), reports()), arrived(None, fragment));
        let state = after(state, Action::Loaded(Loaded::Reports(&crate::tools::reports::TABLE)));
        assert_eq!(state.article, shown, "{fragment}");
    }
}

#[test]
fn the_address_of_the_reports_says_what_is_shown() {
    let mut outcome = stslint_worker::Outcome::default();
    for domain in ["a.example", "b.example"] {
        let text = format!(
            r#"{{"organization-name":"G","report-id":"{domain}","policies":[{{"policy":{{"policy-type":"sts",
            "policy-domain":"{domain}"}},"summary":{{"total-successful-session-count":1}}}}]}}"#
        );
        outcome.aggregate.add(&stslint::report::content(&text).expect("a report"), &[]);
    }
    let read = || reports::state::Action::Shared(Rc::new(outcome.clone()));
    let title = |state: &State| (reports::TABLE.title)(state);
    let state = after(whole(BROKEN), Action::Loaded(Loaded::Reports(&reports::TABLE)));
    let state = after(after(state, arrived(None, "")), arrived(None, "#/reports"));
    let state = after(after(state, read()), arrived(None, "#/reports?domain=b.example&x=y"));
    assert_eq!((&*title(&state), state.places.here), ("b.example · reports", 4));
    assert_eq!((state.article, &state.places.route), (Some(Article::Reports), &Route::Text));
    let state = after(state, arrived(Some(3), "#/reports"));
    assert_eq!(title(&state), "2 TLS reports", "Back leads to all of them");
    let state = after(state, arrived(Some(4), "#/reports?domain=b.example&x=y"));
    assert_eq!(title(&state), "b.example · reports");
    let state = after(state, arrived(None, "#/reports?domain=c.example"));
    assert_eq!((&*title(&state), &state.notice), ("2 TLS reports", &None), "nothing is about it");
    // It waits for what shows it, and for what it is about.
    let state =
        after(after(whole(""), arrived(None, "")), arrived(None, "#/reports?domain=a.example"));
    let state = after(state, Action::Loaded(Loaded::Reports(&reports::TABLE)));
    assert_eq!((state.article, &*title(&state)), (Some(Article::Reports), "TLS reports"));
    assert_eq!(title(&after(state, read())), "a.example · reports");
}

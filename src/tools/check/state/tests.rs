use super::run::Arrival;
use super::*;
use crate::state::tests::whole;
use crate::state::{Action as Page, Arrival as Arrived, State};
use crate::tools::check::kept;
use stslint::live::check::{Data, DnsReply, RecordKind};
use stslint::live::facts::{Fetch, Fetched, Hidden, Mx, Peer, Response};

const POLICY: &str =
    "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n";

fn act(state: &mut State, action: Action) {
    state.update(action.into());
}

fn shown(state: &State) -> Shown<'_> {
    kept(state).shown(&state.text)
}

fn start(state: &mut State, domain: &str) {
    act(
        state,
        Action::Start(Start {
            domain: domain.into(),
            now: 1_800_000_000,
            before: None,
            draft: None,
        }),
    );
}

fn arrival() -> Arrival {
    Arrival { took: 5, at: 1e12, by: "test".into() }
}

/// What an honest world says.
fn reply(ask: &Ask) -> Reply {
    let data = |data| Reply::Dns(DnsReply { records: vec![data], ..DnsReply::default() });
    match ask {
        Ask::Fetch { .. } => Reply::NotObservable(Hidden::Unreadable(Peer::PolicyHost)),
        Ask::Dns { name, kind: RecordKind::Txt, .. } if name.starts_with("_mta-sts") => {
            data(Data::Txt(vec!["v=STSv1; id=1;".into()]))
        }
        Ask::Dns { kind: RecordKind::Mx, .. } => {
            data(Data::Mx(Mx { preference: 10, exchange: "mail.example.com".into() }))
        }
        Ask::Dns { kind: RecordKind::A, .. } => {
            data(Data::Address("192.0.2.1".parse().expect("an address")))
        }
        _ => Reply::Dns(DnsReply::default()),
    }
}

/// Answers everything that is open, until nothing is.
fn finish(state: &mut State) {
    loop {
        let open: Vec<(Id, Ask)> =
            kept(state).runs().flat_map(|run| run.open.iter().cloned()).collect();
        if open.is_empty() {
            return;
        }
        for (id, ask) in open {
            act(state, Action::Answered(id, reply(&ask), arrival()));
        }
    }
}

fn check(state: &State) -> &DomainCheck {
    match shown(state) {
        Shown::Check(check) => check,
        other => panic!("no check is shown but {other:?}"),
    }
}

#[test]
fn a_domain_is_offered_before_anything_is_asked() {
    let mut state = whole("https://example.com/");
    assert!(matches!(shown(&state), Shown::Domain(domain) if domain == "example.com"));
    assert_eq!(kept(&state).runs().count(), 0);
    start(&mut state, "example.com");
    assert!(check(&state).is_running());
    finish(&mut state);
    assert!(!check(&state).is_running());
    assert_eq!(check(&state).assessment.mx_hosts.len(), 1);
}

#[test]
fn a_late_answer_for_another_domain_is_dropped() {
    let mut state = whole("example.com");
    start(&mut state, "example.com");
    let late: Vec<(Id, Ask)> =
        kept(&state).runs().flat_map(|run| run.open.iter().cloned()).collect();
    state.update(Page::Typed("example.org".into()));
    assert!(matches!(shown(&state), Shown::Domain(_)));
    start(&mut state, "example.org");
    let before = check(&state).assessment.facts.clone();
    for (id, ask) in late {
        act(&mut state, Action::Answered(id, reply(&ask), arrival()));
    }
    assert_eq!(check(&state).assessment.facts, before);
    assert!(check(&state).run.as_ref().is_some_and(|run| run.arrivals.is_empty()));
}

#[test]
fn stopping_leaves_the_rest_unknown_and_keeps_what_is_known() {
    let mut state = whole("example.com");
    start(&mut state, "example.com");
    let (id, ask) = kept(&state)
        .runs()
        .flat_map(|run| run.open.iter().cloned())
        .find(|(_, ask)| stslint::render::live::ask(ask) == "TXT _mta-sts.example.com")
        .expect("it is asked");
    act(&mut state, Action::Answered(id, reply(&ask), arrival()));
    act(&mut state, Action::Stop);
    assert!(!check(&state).is_running());
    let facts = &check(&state).assessment.facts;
    assert!(facts.sts.known().is_some() && facts.mx.is_hidden());
    let loud = check(&state).assessment.found.iter().map(|found| found.finding.rule.severity);
    assert!(loud.min() > Some(stslint::finding::Severity::Warning), "nothing is held against it");
    // One of them can be looked up all the same.
    let mx =
        Ask::Dns { name: "example.com".into(), kind: RecordKind::Mx, checking_disabled: false };
    act(&mut state, Action::Again(mx));
    finish(&mut state);
    assert!(check(&state).assessment.facts.mx.known().is_some());
}

#[test]
fn what_is_pasted_counts_or_is_refused_with_a_reason_and_nothing_is_lost() {
    let mut state = whole("example.com");
    start(&mut state, "example.com");
    finish(&mut state);
    let ask = || Ask::Fetch { host: "mta-sts.example.com".into() };
    let paste = |text: &str| Action::Pasted(ask(), text.as_bytes().into(), true);
    act(&mut state, paste("hello"));
    assert!(check(&state).refused.contains_key(&ask()));
    assert!(check(&state).assessment.policy.is_none());
    act(&mut state, paste(&format!("HTTP/2 200\ncontent-type: text/plain\n\n{POLICY}")));
    assert!(check(&state).refused.is_empty());
    assert!(check(&state).assessment.policy.is_some());
    assert_eq!(state.text.source.bytes, b"example.com");
}

#[test]
fn a_snapshot_is_shown_as_one_and_compared_when_it_is_looked_up_again() {
    let mut state = whole("");
    let snapshot = |id: &str| {
        let body = Some(POLICY.as_bytes().to_vec());
        let response = Response { status: 200, body, ..Response::default() };
        let mut facts = stslint::live::read(&format!(
            r#"{{"domain":"example.com","sts_txt":{{"records":[["v=STSv1; id={id};"]]}}}}"#
        ))
        .expect("facts");
        facts.fetch = stslint::live::facts::Fact::Known(Fetch {
            outcome: Fetched::Response(response),
            why: None,
            certificate: Default::default(),
            tls: None,
            seconds: None,
        });
        Rc::new(facts)
    };
    act(&mut state, Action::Open(snapshot("1"), false, Vec::new()));
    assert_eq!(state.text.source.bytes, b"example.com");
    assert!(check(&state).run.is_none());
    assert_eq!(kept(&state).runs().count(), 0, "nothing is looked up");
    start(&mut state, "example.com");
    finish(&mut state);
    let changed = POLICY.replace("enforce", "testing");
    let ask = Ask::Fetch { host: "mta-sts.example.com".into() };
    let text = format!("HTTP/2 200\ncontent-type: text/plain\n\n{changed}");
    act(&mut state, Action::Pasted(ask, text.into_bytes().into(), true));
    let codes: Vec<&str> =
        check(&state).assessment.found.iter().map(|found| found.finding.rule.code).collect();
    assert!(codes.contains(&"LIVE-100"), "{codes:?}");
}

#[test]
fn another_resolver_is_asked_for_names_only() {
    let mut state = whole("example.com");
    start(&mut state, "example.com");
    finish(&mut state);
    let other = kept(&state).settings.resolver.other();
    act(&mut state, Action::Compare(other, 0));
    let run = check(&state).other.as_ref().expect("it is asked");
    assert!(run.open.iter().all(|(_, ask)| matches!(ask, Ask::Dns { .. })) && !run.is_done());
    finish(&mut state);
    assert!(check(&state).other.as_ref().is_some_and(Run::is_done));
}

#[test]
fn a_list_is_worked_off_a_few_at_a_time_and_opens_row_by_row() {
    let list: String = (0..30).map(|i| format!("d{i}.example\n")).collect();
    let mut state = whole(&list);
    let arrival = Arrived { step: None, next: 1, route: Route::Start, kept: None };
    state.update(Page::Arrived(arrival));
    let Shown::List(domains) = shown(&state) else { panic!("it is a list") };
    assert_eq!(domains.len(), 30);
    act(&mut state, Action::List(list::Action::Start(domains, 0.0)));
    assert!(kept(&state).runs().count() < 10);
    act(&mut state, Action::List(list::Action::Pause(true, 1.0)));
    finish(&mut state);
    let done = |state: &State| match shown(state) {
        Shown::Checks(list) => list.done,
        other => panic!("no list is shown but {other:?}"),
    };
    let paused = done(&state);
    assert!((1..10).contains(&paused));
    act(&mut state, Action::List(list::Action::Pause(false, 2.0)));
    finish(&mut state);
    assert_eq!(done(&state), 30);
    act(&mut state, Action::List(list::Action::Open(3)));
    assert_eq!(check(&state).domain, "d3.example");
    // Back, as the browser tells it.
    let list = state.places.here - 1;
    assert_eq!(state.places.route, Route::Desk("d3.example".into()));
    let arrival = Arrived { step: Some(list), next: 0, route: Route::List, kept: None };
    state.update(Page::Arrived(arrival));
    assert_eq!(done(&state), 30);
    let Shown::Checks(list) = shown(&state) else { panic!("it is the list") };
    assert_eq!(list::csv(list).lines().count(), 31);
    assert_eq!(list::json(list).lines().count(), 32);
}

#[test]
fn cancelling_a_list_keeps_what_is_done() {
    let list: String = (0..30).map(|i| format!("d{i}.example\n")).collect();
    let mut state = whole(&list);
    let Shown::List(domains) = shown(&state) else { panic!("it is a list") };
    act(&mut state, Action::List(list::Action::Start(domains, 0.0)));
    let open: Vec<(Id, Ask)> =
        kept(&state).runs().flat_map(|run| run.open.iter().cloned()).collect();
    act(&mut state, Action::List(list::Action::Cancel));
    assert_eq!(kept(&state).runs().count(), 0);
    for (id, ask) in open {
        act(&mut state, Action::Answered(id, reply(&ask), arrival()));
    }
    let Shown::Checks(list) = shown(&state) else { panic!("it is the list") };
    assert!(list.is_over() && list.done == 0);
}

#[test]
fn a_text_leads_back_to_the_check_that_it_was_opened_from() {
    let mut state = whole("example.com");
    start(&mut state, "example.com");
    finish(&mut state);
    state.update(Page::Typed("version: STSv1\nmode: none\n".into()));
    assert!(matches!(shown(&state), Shown::Nothing));
    act(&mut state, Action::Return);
    assert_eq!(check(&state).domain, "example.com");
}

#[test]
fn a_check_waits_until_it_is_known_who_is_asked() {
    let mut state = whole("");
    state.check.downcast_mut::<super::State>().expect("it is of checks").is_unset = true;
    start(&mut state, "example.com");
    assert!(kept(&state).check.is_none());
    act(&mut state, Action::Settings(Settings::default()));
    assert!(kept(&state).check.is_some() && kept(&state).waiting.is_none());
}

//! Plans: days worked out by hand, and what facts tick off. What holds of any plan is in `plan_any.rs`.

use std::collections::BTreeSet;
use stslint::live;
use stslint::live::facts::Facts;
use stslint::plan::{Act, Given, Goal, NoPlan, Note, Plan, PlanStep, State, What, Why, plan};
use stslint::policy::Mode;
use stslint::render;
use stslint::report::aggregate::{Aggregate, Day};
use stslint::report::readiness::Known;
use stslint::senders::policy_text;

const DOMAIN: &str = "acme.se";
const WEEK: u64 = 604_800;

fn day(text: &str) -> Day {
    Day::read(text).unwrap_or_else(|| panic!("{text} is a day"))
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|name| (*name).to_owned()).collect()
}

fn policy(mode: Mode, mx: &[&str], max_age: u64) -> String {
    policy_text(mode, &names(mx), max_age)
}

/// Name and day of each step; the last day where there is one.
fn days(plan: &Plan) -> Vec<(&'static str, String)> {
    let of = |step: &PlanStep| (step.act.word(), render::plan::days(step));
    plan.steps.iter().map(of).collect()
}

fn owned(list: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    list.iter().map(|(name, day)| (*name, (*day).to_owned())).collect()
}

fn step(plan: &Plan, act: Act) -> &PlanStep {
    plan.steps.iter().find(|step| step.act == act).unwrap_or_else(|| panic!("{act:?} is there"))
}

fn published(plan: &Plan, act: Act) -> &str {
    step(plan, act).publish.first().map_or("", |publish| &publish.text)
}

#[test]
fn a_first_rollout_takes_reports_and_14_days() {
    let mx = names(&["mx1.acme.se", "mx2.acme.se"]);
    let given = Given { mx: &mx, ..Given::new(DOMAIN, Goal::Enforce, day("2026-12-01")) };
    let plan = plan(&given).expect("a plan");
    assert_eq!(
        days(&plan),
        owned(&[
            ("check-hosts", "2026-12-01"),
            ("ask-for-reports", "2026-12-01"),
            // The first whole day is the 2nd; its reports come on the 3rd.
            ("serve-testing", "2026-12-04"),
            ("announce-testing", "2026-12-04"),
            ("observe", "2026-12-04 to 2026-12-17"),
            ("serve-enforce", "2026-12-18"),
            ("announce-enforce", "2026-12-18"),
            ("watch", "2026-12-21"),
        ])
    );
    assert_eq!(
        published(&plan, Act::ServeTesting),
        "version: STSv1\r\nmode: testing\r\nmx: mx1.acme.se\r\nmx: mx2.acme.se\r\nmax_age: 604800\r\n"
    );
    assert_eq!(
        published(&plan, Act::ServeEnforce),
        "version: STSv1\r\nmode: enforce\r\nmx: mx1.acme.se\r\nmx: mx2.acme.se\r\nmax_age: 2592000\r\n"
    );
    assert_eq!(
        published(&plan, Act::AskForReports),
        "_smtp._tls.acme.se. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:tls-reports@acme.se\""
    );
    assert_eq!(
        published(&plan, Act::AnnounceTesting),
        "_mta-sts.acme.se. 300 IN TXT \"v=STSv1; id=20261204T000000Z;\""
    );
    assert_eq!(
        published(&plan, Act::AnnounceEnforce),
        "_mta-sts.acme.se. 300 IN TXT \"v=STSv1; id=20261218T000001Z;\""
    );
    assert!(plan.notes.contains(&Note::NotLooked));
}

#[test]
fn what_reports_say_decides_the_day_of_enforce() {
    let today = day("2026-12-20");
    let text = policy(Mode::Testing, &["mx.acme.se"], WEEK);
    let asked = |reports: &[(&str, &str)], since: &str| {
        let mut all = Aggregate::default();
        for (number, (day, result)) in reports.iter().enumerate() {
            let (count, failures) = match *result {
                "" => (0, String::new()),
                result => (1, format!(r#"{{"result-type":"{result}","failed-session-count":1}}"#)),
            };
            let report = format!(
                r#"{{"organization-name":"G","report-id":"{number}","date-range":{{"start-datetime":"{day}T00:00:00Z"}},
                "policies":[{{"policy":{{"policy-type":"sts","policy-domain":"acme.se"}},"summary":
                {{"total-successful-session-count":4,"total-failure-session-count":{count}}},"failure-details":[{failures}]}}]}}"#
            );
            all.add(&stslint::report::content(&report).expect("a report"), &[]);
        }
        let known = Known { mode: Some(Mode::Testing), testing_since: Some(day(since)), today };
        let readiness = all.readiness(DOMAIN, &known);
        let given = Given {
            policy: Some(text.as_bytes()),
            readiness: Some(&readiness),
            ..Given::new(DOMAIN, Goal::Enforce, today)
        };
        let plan = plan(&given).expect("a plan");
        assert!(plan.steps.iter().all(|step| step.act != Act::ServeTesting));
        step(&plan, Act::ServeEnforce).day.to_string()
    };
    // 14 days are over, and all is well.
    assert_eq!(asked(&[("2026-12-10", ""), ("2026-12-19", "")], "2026-12-01"), "2026-12-20");
    assert_eq!(asked(&[("2026-12-19", "")], "2026-12-10"), "2026-12-24");
    // 28 days from the 1st where nobody reports.
    assert_eq!(asked(&[], "2026-12-01"), "2026-12-29");
    assert_eq!(asked(&[], "2026-11-01"), "2026-12-20");
    // 14 days after the day of the last failure that stands in the way, which is over with the 29th.
    assert_eq!(asked(&[("2026-12-15", "certificate-expired")], "2026-11-01"), "2026-12-30");
    // What is the sender's own does not.
    assert_eq!(asked(&[("2026-12-15", "dnssec-invalid")], "2026-11-01"), "2026-12-20");
}

#[test]
fn what_is_enforced_is_only_watched() {
    let text = policy(Mode::Enforce, &["mx.acme.se"], WEEK);
    let given = Given {
        policy: Some(text.as_bytes()),
        ..Given::new(DOMAIN, Goal::Enforce, day("2026-12-01"))
    };
    let plan = plan(&given).expect("a plan");
    let acts: Vec<Act> = plan.steps.iter().map(|step| step.act).collect();
    assert_eq!(acts, [Act::CheckHosts, Act::AskForReports, Act::Watch]);
    assert!(plan.notes.contains(&Note::AlreadyEnforced));
}

fn moved<'a>(text: &'a str, new: &'a [String]) -> Given<'a> {
    Given {
        policy: Some(text.as_bytes()),
        record: Some("v=STSv1; id=1;"),
        ttl: Some(3600),
        new_mx: new,
        ..Given::new(DOMAIN, Goal::MoveMx, day("2026-12-01"))
    }
}

#[test]
fn a_move_names_the_new_hosts_first_and_the_old_ones_last() {
    let (text, new) = (policy(Mode::Enforce, &["old.acme.se"], WEEK), names(&["mx.new.example"]));
    let plan = plan(&moved(&text, &new)).expect("a plan");
    assert_eq!(
        days(&plan),
        owned(&[
            ("check-new-hosts", "2026-12-01"),
            ("serve-both", "2026-12-01"),
            ("announce-both", "2026-12-01"),
            // A day of refresh behind the end of the 1st; the TTL is over an hour behind it.
            ("add-mx", "2026-12-03"),
            // The old policy was fetched at the end of the 1st at the latest and is held until the end of the 8th; who sees the
            // old record for an hour more begins anew then.
            ("drop-mx", "2026-12-10"),
            // A day for resolvers behind the end of the 10th.
            ("switch-off", "2026-12-12"),
            ("serve-new", "2026-12-12"),
            ("announce-new", "2026-12-12"),
        ])
    );
    let waits = &step(&plan, Act::DropMx).waits;
    let copies = waits.iter().find(|wait| wait.why == Why::Copies(WEEK)).expect("copies");
    assert_eq!((copies.until, copies.rfc), (day("2026-12-10"), Some(day("2026-12-09"))));
    assert_eq!(step(&plan, Act::DropMx).hosts, ["old.acme.se"]);
    let both = policy(Mode::Enforce, &["old.acme.se", "mx.new.example"], WEEK);
    assert_eq!(published(&plan, Act::ServeBoth), both);
    assert_eq!(published(&plan, Act::ServeNew), policy(Mode::Enforce, &["mx.new.example"], WEEK));
    assert_eq!(published(&plan, Act::AddMx), "acme.se. 3600 IN MX 20 mx.new.example.");
}

#[test]
fn a_year_is_waited_for_and_testing_is_not() {
    let new = names(&["mx.new.example"]);
    let year = policy(Mode::Enforce, &["old.acme.se"], 31_536_000);
    let plan_of = |text: &str| plan(&moved(text, &new)).expect("a plan");
    // 365 days behind the end of the 1st, and an hour.
    assert_eq!(step(&plan_of(&year), Act::DropMx).day, day("2027-12-03"));
    let testing = policy(Mode::Testing, &["old.acme.se"], WEEK);
    // A day behind the end of the 3rd.
    assert_eq!(step(&plan_of(&testing), Act::DropMx).day, day("2026-12-05"));
    // The policy names the new host already, and has no line to lose. Since when is not known: until the end of the 1st another
    // may have been served, which is held for a week and an hour.
    let wide = policy(Mode::Enforce, &["*.acme.se"], WEEK);
    let new = names(&["new.acme.se"]);
    let given = moved(&wide, &new);
    assert_eq!(
        days(&plan(&given).expect("a plan")),
        owned(&[
            ("check-new-hosts", "2026-12-01"),
            ("add-mx", "2026-12-01"),
            ("drop-mx", "2026-12-10"),
            ("switch-off", "2026-12-12"),
        ])
    );
    // It has been there since the 20th: older ones are no more.
    let seen = facts("2026-12-01", Some("1"), Some(&wide), r#"[[10,"old.acme.se"]]"#);
    let since = Given { start: day("2026-11-20"), facts: Some(&seen), ..given };
    assert_eq!(step(&plan(&since).expect("a plan"), Act::DropMx).day, day("2026-12-03"));
}

#[test]
fn a_backup_counts_when_the_old_copies_have_ended() {
    let (text, new) = (policy(Mode::Enforce, &["mx.acme.se"], WEEK), names(&["backup.acme.se"]));
    let plan = plan(&Given { goal: Goal::AddMx, ..moved(&text, &new) }).expect("a plan");
    assert_eq!(
        days(&plan),
        owned(&[
            ("check-new-hosts", "2026-12-01"),
            ("serve-both", "2026-12-01"),
            ("announce-both", "2026-12-01"),
            ("add-mx", "2026-12-03"),
            ("backup-counts", "2026-12-10"),
        ])
    );
}

#[test]
fn the_way_out_waits_for_the_last_copy() {
    let text = policy(Mode::Enforce, &["mx.acme.se"], 2_592_000);
    let given = moved(&text, &[]);
    let plan_of = |goal| plan(&Given { goal, ..given }).expect("a plan");
    let back = plan_of(Goal::RollBack);
    assert_eq!(
        days(&back),
        owned(&[
            ("serve-testing", "2026-12-01"),
            ("announce-testing", "2026-12-01"),
            // 30 days behind the end of the 1st, and an hour.
            ("copies-end", "2027-01-02"),
        ])
    );
    assert_eq!(back.steps[2].waits[0].rfc, Some(day("2027-01-01")));
    let out = plan_of(Goal::Remove);
    assert_eq!(
        days(&out),
        owned(&[
            ("serve-none", "2026-12-01"),
            ("announce-none", "2026-12-01"),
            ("remove-record", "2027-01-02"),
            // Five minutes behind the end of the 2nd.
            ("remove-host", "2027-01-04"),
        ])
    );
    assert_eq!(published(&out, Act::ServeNone), policy(Mode::None, &["mx.acme.se"], 86_400));
    let parked = plan_of(Goal::Park);
    assert_eq!(published(&parked, Act::NullMx), "acme.se. 3600 IN MX 0 .");
    assert_eq!(days(&parked)[1..], days(&out));
}

/// What was served before mode none is not known: a year and a quarter of a day behind the end of the first day.
#[test]
fn after_mode_none_the_longest_lifetime_counts() {
    let text = policy(Mode::None, &["mx.acme.se"], 86_400);
    let plan = plan(&Given { goal: Goal::Remove, ..moved(&text, &[]) }).expect("a plan");
    // 365 days behind the end of the 1st, six hours, and one for the record.
    assert_eq!(
        days(&plan),
        owned(&[("remove-record", "2027-12-03"), ("remove-host", "2027-12-05")])
    );
    let wait = render::plan::words::wait(&step(&plan, Act::RemoveRecord).waits[0]);
    assert!(
        wait.contains("for up to 365.25 days (RFC 8461 §8.3): not before 2027-12-03"),
        "{wait}"
    );
    assert!(plan.notes.contains(&Note::OlderUnknown));
}

#[test]
fn parked_and_alias_domains() {
    let given = Given::new("parked.se", Goal::Park, day("2026-12-01"));
    assert_eq!(days(&plan(&given).expect("a plan")), owned(&[("null-mx", "2026-12-01")]));
    let alias = plan(&Given { alias_of: Some(DOMAIN), ..given }).expect("a plan");
    let lines = |act| published(&alias, act);
    assert_eq!(lines(Act::ServeAlias), "mta-sts.parked.se. 300 IN CNAME mta-sts.acme.se.");
    assert_eq!(lines(Act::AnnounceAlias), "_mta-sts.parked.se. 300 IN CNAME _mta-sts.acme.se.");
    assert!(lines(Act::AskForReports).ends_with("mailto:tls-reports@acme.se\""));
    let record =
        facts("2026-12-01", Some("1"), Some(&policy(Mode::Enforce, &["mx.acme.se"], WEEK)), "[]");
    let given =
        Given { domain: DOMAIN, alias_of: Some("acme.example"), facts: Some(&record), ..given };
    assert_eq!(states(&plan(&given).expect("a plan")), "oddo");
    let acts: Vec<Act> = alias.steps.iter().map(|step| step.act).collect();
    assert_eq!(acts, [Act::CheckHosts, Act::ServeAlias, Act::AnnounceAlias, Act::AskForReports]);
}

#[test]
fn in_an_emergency_all_that_helps_is_of_today() {
    let text = policy(Mode::Enforce, &["mx.acme.se"], WEEK);
    let mx = names(&["mx.acme.se", "forgotten.acme.se"]);
    let given = Given { goal: Goal::Emergency, mx: &mx, ..moved(&text, &[]) };
    let plan = plan(&given).expect("a plan");
    let today = "2026-12-01";
    assert_eq!(
        days(&plan),
        owned(&[
            ("find-cause", today),
            ("repair", today),
            ("serve-testing", today),
            ("announce-testing", today),
            ("senders-look", today),
            ("begin-anew", today),
            ("copies-end", "2026-12-10"),
        ])
    );
    assert_eq!(step(&plan, Act::SendersLook).within, Some(3600));
    let tested = policy(Mode::Testing, &["mx.acme.se"], WEEK);
    let calm = stslint::plan::plan(&Given { policy: Some(tested.as_bytes()), ..given });
    assert!(calm.expect("a plan").notes.contains(&Note::NotEnforced));
    // What senders hold is not known, but the way out is the same.
    let broken =
        stslint::plan::plan(&Given { policy: Some(b"mode: on"), ..given }).expect("a plan");
    assert!(broken.notes.contains(&Note::PolicyBroken));
    assert!(!published(&broken, Act::ServeTesting).is_empty());
    assert!(plan.notes.contains(&Note::NotNamed(names(&["forgotten.acme.se"]))));
    // A check names what it found.
    let seen = facts(
        "2026-12-01",
        Some("1"),
        Some(&text),
        r#"[[10,"mx.acme.se"],[20,"forgotten.acme.se"]]"#,
    );
    let looked = Given { facts: Some(&seen), mx: &[], ..given };
    let looked = stslint::plan::plan(&looked).expect("a plan");
    assert!(looked.notes.contains(&Note::NotNamed(names(&["forgotten.acme.se"]))));
    let problems = looked.notes.iter().find_map(|note| match note {
        Note::Problems(codes) => Some(codes),
        _ => None,
    });
    assert!(problems.is_some_and(|codes| codes.contains(&"LIVE-060")), "{:?}", looked.notes);
    // The host that was missing is named at once.
    let both = policy(Mode::Testing, &["mx.acme.se", "forgotten.acme.se"], 86_400);
    assert_eq!(published(&plan, Act::ServeTesting), both);
    let about_removal = |step: &PlanStep| step.publish.iter().any(|p| p.what == What::Gone);
    assert!(!plan.steps.iter().any(about_removal));
}

#[test]
fn what_is_missing_is_said() {
    let new = names(&["mx.new.example"]);
    let today = day("2026-12-01");
    let enforced = policy(Mode::Enforce, &["old.acme.se"], WEEK);
    let testing = policy(Mode::Testing, &["old.acme.se"], WEEK);
    let no_record = facts("2026-12-01", None, None, "[]");
    for (goal, policy, new, facts, why) in [
        (Goal::MoveMx, None, &new[..], None, NoPlan::PolicyUnknown),
        (Goal::MoveMx, None, &new[..], Some(&no_record), NoPlan::PolicyUnknown),
        (Goal::MoveMx, Some(&enforced), &[], None, NoPlan::NewMxMissing),
        (Goal::RollBack, Some(&testing), &[], None, NoPlan::NotEnforced),
        (Goal::Remove, Some(&"mode: on".to_owned()), &[], None, NoPlan::PolicyBroken),
        (Goal::Remove, None, &[], None, NoPlan::PolicyUnknown),
    ] {
        let policy = policy.map(String::as_bytes);
        let given = Given { policy, new_mx: new, facts, ..Given::new(DOMAIN, goal, today) };
        assert_eq!(plan(&given), Err(why), "{goal:?}");
    }
}

/// Facts of a day: the id of the record, the policy, the MX records.
fn facts(day: &str, id: Option<&str>, policy: Option<&str>, mx: &str) -> Facts {
    let records = id.map_or(r#"{"status":"nxdomain"}"#.to_owned(), |id| {
        format!(r#"{{"records":[["v=STSv1; id={id};"]]}}"#)
    });
    let http = match policy {
        Some(body) => {
            let body = serde_json::to_string(body).expect("a text");
            format!(r#"{{"status":200,"content_type":"text/plain","body":{body}}}"#)
        }
        None => r#"{"error":"connect"}"#.to_owned(),
    };
    let text = format!(
        r#"{{"domain":"{DOMAIN}","date":"{day}T06:00:00Z","sts_txt":{records},"http":{http},"mx":{mx}}}"#
    );
    live::read(&text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

/// The states of all steps, each by a letter: done, open, late, unseen.
fn states(plan: &Plan) -> String {
    let letter = |step: &PlanStep| match step.state {
        State::Done => 'd',
        State::Open => 'o',
        State::Overdue => 'l',
        State::Unseen => 'u',
    };
    plan.steps.iter().map(letter).collect()
}

#[test]
fn facts_tick_off_what_is_done_and_move_what_waits_for_the_rest() {
    let (old, new) = ("old.acme.se", "mx.new.example");
    let (text, hosts) = (policy(Mode::Enforce, &[old], WEEK), names(&[new]));
    let both = policy(Mode::Enforce, &[old, new], WEEK);
    let last = policy(Mode::Enforce, &[new], WEEK);
    let given = moved(&text, &hosts);
    let told = |today: &str, id: &str, policy: &str, mx: &str| {
        let facts = facts(today, Some(id), Some(policy), mx);
        let plan =
            plan(&Given { today: day(today), facts: Some(&facts), ..given }).expect("a plan");
        (states(&plan), step(&plan, Act::DropMx).day.to_string())
    };
    let old_mx = r#"[[10,"old.acme.se"]]"#;
    let both_mx = r#"[[10,"old.acme.se"],[20,"mx.new.example"]]"#;
    let new_mx = r#"[[20,"mx.new.example"]]"#;
    let seen = facts("2026-12-05", Some("2"), Some(&both), both_mx);
    let looked = plan(&Given { facts: Some(&seen), ..given }).expect("a plan");
    assert_eq!(step(&looked, Act::DropMx).hosts, [old]);
    assert_eq!(published(&looked, Act::DropMx), "acme.se. IN MX 10 old.acme.se.");
    assert_eq!(published(&looked, Act::AddMx), "acme.se. 3600 IN MX 30 mx.new.example.");
    // A wildcard covers more than takes mail.
    let wide = policy(Mode::Enforce, &["*.acme.se"], WEEK);
    let looked = plan(&Given { policy: Some(wide.as_bytes()), facts: Some(&seen), ..given });
    assert_eq!(step(&looked.expect("a plan"), Act::DropMx).hosts, [old]);
    let is = |states: &str, day: &str| (states.to_owned(), day.to_owned());
    // check-new-hosts, serve-both, announce-both, add-mx, drop-mx, switch-off, serve-new, announce-new
    assert_eq!(told("2026-12-01", "1", &text, old_mx), is("oooooooo", "2026-12-10"));
    // Days later nothing has happened: what comes behind the file counts from today.
    assert_eq!(told("2026-12-05", "1", &text, old_mx), is("uloooooo", "2026-12-14"));
    // The file is there, and the id is the old one: the copies do not end yet.
    assert_eq!(told("2026-12-05", "1", &both, old_mx), is("ddlooooo", "2026-12-14"));
    assert_eq!(told("2026-12-01", "2", &both, old_mx), is("dddooooo", "2026-12-10"));
    assert_eq!(told("2026-12-05", "2", &both, old_mx), is("dddloooo", "2026-12-10"));
    assert_eq!(told("2026-12-05", "2", &both, both_mx), is("ddddoooo", "2026-12-10"));
    assert_eq!(told("2026-12-10", "2", &both, new_mx), is("dddddooo", "2026-12-10"));
    assert_eq!(told("2026-12-20", "2", &both, new_mx), is("dddddulo", "2026-12-10"));
    // An id with a date tells when it was: six days later than the plan has it.
    assert_eq!(told("2026-12-09", "20261207T120000Z", &both, old_mx), is("dddooooo", "2026-12-16"));
    // A policy behind it shows that those before it were there, and that the old hosts are no longer needed.
    let of_plan = "20261212T010001Z";
    assert_eq!(told("2026-12-12", of_plan, &last, new_mx), is("dddddddd", "2026-12-10"));
    // It goes with the id before, and nobody knows of another's whether it does.
    for id in ["20261201T010000Z", "3"] {
        assert_eq!(told("2026-12-12", id, &last, new_mx), is("dddddddo", "2026-12-10"));
        assert_eq!(told("2026-12-20", id, &last, new_mx).0, "dddddddu");
    }
}

#[test]
fn a_day_that_somebody_says_moves_the_rest() {
    let (text, new) = (policy(Mode::Enforce, &["old.acme.se"], WEEK), names(&["mx.new.example"]));
    let done = [(Act::ServeBoth, day("2026-12-04")), (Act::AnnounceBoth, day("2026-12-04"))];
    let given = Given { today: day("2026-12-06"), done: &done, ..moved(&text, &new) };
    let plan = plan(&given).expect("a plan");
    // Three days later than when it was done on the 1st.
    assert_eq!(step(&plan, Act::DropMx).day, day("2026-12-13"));
    assert_eq!(step(&plan, Act::AnnounceBoth).state, State::Done);
}

#[test]
fn a_removal_in_the_wrong_order_is_said() {
    let text = policy(Mode::Enforce, &["mx.acme.se"], WEEK);
    let none = policy(Mode::None, &["mx.acme.se"], 86_400);
    let mx = r#"[[10,"mx.acme.se"]]"#;
    let told = |today: &str, id: Option<&str>, served: Option<&str>| {
        let facts = facts(today, id, served, mx);
        let given = Given {
            goal: Goal::Remove,
            today: day(today),
            facts: Some(&facts),
            ..moved(&text, &[])
        };
        let plan = plan(&given).expect("a plan");
        (states(&plan), plan.notes.contains(&Note::RemovedTooEarly))
    };
    // serve-none, announce-none, remove-record, remove-host
    assert_eq!(told("2026-12-01", Some("1"), Some(&text)), ("oooo".into(), false));
    assert_eq!(told("2026-12-02", Some("2"), Some(&none)), ("ddoo".into(), false));
    assert_eq!(told("2026-12-20", None, Some(&none)), ("dddl".into(), false));
    assert_eq!(told("2026-12-20", None, None), ("dddd".into(), false));
    assert_eq!(told("2026-12-02", None, Some(&text)), ("looo".into(), true));
}

#[test]
fn a_rollout_that_began_earlier_is_ticked_off() {
    let mx = names(&["mx.acme.se"]);
    let testing = policy(Mode::Testing, &["mx.acme.se"], WEEK);
    let facts =
        facts("2026-12-10", Some("20261204T000000Z"), Some(&testing), r#"[[10,"mx.acme.se"]]"#);
    let given = Given {
        start: day("2026-12-01"),
        today: day("2026-12-10"),
        mx: &mx,
        facts: Some(&facts),
        ..Given::new(DOMAIN, Goal::Enforce, day("2026-12-01"))
    };
    let told = plan(&given).expect("a plan");
    assert_eq!(states(&told), "uuddoooo");
    assert_eq!(step(&told, Act::ServeEnforce).day, day("2026-12-18"));
    // The same facts on the day on which a plan begins are where it begins.
    let anew = plan(&Given { start: day("2026-12-10"), ..given }).expect("a plan");
    assert!(anew.steps.iter().all(|step| step.act != Act::ServeTesting));
    assert!(anew.notes.contains(&Note::TestingSince));
    let since = Given { start: day("2026-12-10"), testing_since: Some(day("2026-12-04")), ..given };
    assert_eq!(step(&plan(&since).expect("a plan"), Act::ServeEnforce).day, day("2026-12-18"));
}

/// Facts of the 1st with these members.
fn looked(members: &str) -> Facts {
    let text = format!(r#"{{"domain":"{DOMAIN}","date":"2026-12-01T06:00:00Z",{members}}}"#);
    live::read(&text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
}

const RECORD: &str = r#""sts_txt":"ok""#;
const REPORTS: &str = r#""tlsrpt":"ok""#;
const MX: &str = r#""mx":[[10,"mx.acme.se"]]"#;
const ENFORCED: &str = r#""policy":{"mode":"enforce","mx":["mx.acme.se"],"max_age":1209600}"#;

/// A plan of the 1st for what facts show alone.
fn of_facts(goal: Goal, new: &[String], facts: &Facts) -> Result<Plan, NoPlan> {
    let given = Given::new(DOMAIN, goal, day("2026-12-01"));
    plan(&Given { new_mx: new, facts: Some(facts), ..given })
}

/// Two weeks behind the end of the 1st, and a day for resolvers.
#[test]
fn copies_that_may_be_alive_count_whatever_is_published_now() {
    let new = names(&["b.example"]);
    let both = ENFORCED.replace(r#""mx.acme.se""#, r#""mx.acme.se","b.example""#);
    let gone = r#""sts_txt":"absent""#;
    let two = r#""sts_txt":"multiple""#;
    for (goal, record, policy, act) in [
        // The policy names the new host, perhaps since an hour.
        (Goal::MoveMx, RECORD, &both[..], Act::DropMx),
        (Goal::AddMx, RECORD, &both, Act::BackupCounts),
        // Nothing announces it any more, or several records do.
        (Goal::Remove, gone, ENFORCED, Act::RemoveRecord),
        (Goal::Remove, two, ENFORCED, Act::RemoveRecord),
        (Goal::Park, gone, ENFORCED, Act::RemoveRecord),
        (Goal::RollBack, gone, ENFORCED, Act::CopiesEnd),
        (Goal::Emergency, gone, ENFORCED, Act::CopiesEnd),
        (Goal::MoveMx, gone, ENFORCED, Act::DropMx),
        (Goal::MoveMx, gone, &both, Act::DropMx),
    ] {
        let facts = looked(&[record, policy, MX].join(","));
        let plan = of_facts(goal, &new, &facts).expect("a plan");
        assert_eq!(step(&plan, act).day, day("2026-12-17"), "{goal:?} {record} {policy}");
        // What no record announces is announced, and before that.
        let before = plan.steps.iter().take_while(|step| step.act != act);
        let announces = before.filter(|step| step.act.word().starts_with("announce-")).count();
        assert_eq!(announces, usize::from(record != RECORD), "{goal:?} {record} {policy}");
        let is_gone = plan.notes.contains(&Note::RemovedTooEarly);
        let is_unusable = plan.notes.contains(&Note::RecordUnusable);
        assert_eq!((is_gone, is_unusable), (record == gone, record == two), "{goal:?}");
        assert!(plan.notes.contains(&Note::NamedSince) == (policy == both), "{goal:?}");
    }
    // What was before mode none is not known either.
    let none = r#""policy":{"mode":"none","mx":["mx.acme.se"],"max_age":86400}"#;
    let facts = looked(&[RECORD, none, MX].join(","));
    let plan = of_facts(Goal::MoveMx, &new, &facts).expect("a plan");
    // A year and a quarter of a day behind the end of the 1st, and a day for resolvers.
    assert_eq!(step(&plan, Act::DropMx).day, day("2027-12-04"));
    assert!(render::plan::words::summary(&plan).starts_with("The policy is in mode none already"));
}

#[test]
fn what_cannot_be_fetched_may_be_held() {
    let new = names(&["b.example"]);
    for (record, http) in [
        (RECORD, r#""http":{"error":"cert-expired"}"#),
        (RECORD, r#""http":{"status":404}"#),
        (RECORD, r#""policy_host":{"status":"nxdomain"}"#),
        (r#""sts_txt":"absent""#, r#""policy_host":{"status":"nxdomain"}"#),
    ] {
        let facts = looked(&[record, http, MX].join(","));
        for goal in [Goal::MoveMx, Goal::AddMx, Goal::Remove, Goal::RollBack] {
            assert_eq!(of_facts(goal, &new, &facts), Err(NoPlan::PolicyUnknown), "{goal:?} {http}");
        }
        let is_there = record == RECORD;
        for goal in [Goal::Park, Goal::Emergency] {
            let plan = of_facts(goal, &[], &facts).expect("a plan");
            let is_said = plan.notes.contains(&Note::PolicyUnknown);
            assert!(is_said == (is_there || goal == Goal::Emergency), "{goal:?} {http}");
        }
        // What could not be read is not replaced; what is not there is.
        let begun = of_facts(Goal::Enforce, &[], &facts);
        let is_held = http.contains("expired");
        assert_eq!(begun.err(), is_held.then_some(NoPlan::PolicyUnknown), "{record} {http}");
    }
    // Any web server may answer for a name that no record leads to.
    let facts = looked(&[r#""sts_txt":"absent""#, r#""http":{"error":"cert-name"}"#, MX].join(","));
    assert!(of_facts(Goal::Enforce, &[], &facts).is_ok());
}

#[test]
fn what_is_gone_too_early_is_not_done() {
    let text = policy(Mode::Enforce, &["mx.acme.se"], 1_209_600);
    let none = policy(Mode::None, &["mx.acme.se"], 86_400);
    let told = |today: &str, id: Option<&str>, served: Option<&str>| {
        let facts = facts(today, id, served, r#"[[10,"mx.acme.se"]]"#);
        let given = Given {
            goal: Goal::Remove,
            today: day(today),
            facts: Some(&facts),
            ..moved(&text, &[])
        };
        let plan = plan(&given).expect("a plan");
        let is_said = plan.notes.contains(&Note::RemovedTooEarly);
        (states(&plan), step(&plan, Act::RemoveRecord).day.to_string(), is_said)
    };
    let is = |states: &str, day: &str, said| (states.to_owned(), day.to_owned(), said);
    // serve-none, announce-none, remove-record, remove-host: the copies of the 1st end on the 16th.
    assert_eq!(told("2026-12-01", None, None), is("oooo", "2026-12-17", true));
    assert_eq!(told("2026-12-10", None, None), is("looo", "2026-12-26", true));
    assert_eq!(told("2026-12-10", None, Some(&none)), is("dloo", "2026-12-26", true));
    assert_eq!(told("2026-12-18", None, Some(&none)), is("dddo", "2026-12-17", false));
    assert_eq!(told("2026-12-20", None, None), is("dddd", "2026-12-17", false));
    // The MX records as well.
    let (text, new) = (policy(Mode::Enforce, &["old.acme.se"], WEEK), names(&["mx.new.example"]));
    let both = policy(Mode::Enforce, &["old.acme.se", "mx.new.example"], WEEK);
    let seen = facts("2026-12-05", Some("2"), Some(&both), r#"[[20,"mx.new.example"]]"#);
    let given = Given { today: day("2026-12-05"), facts: Some(&seen), ..moved(&text, &new) };
    let dropped = plan(&given).expect("a plan");
    assert_eq!(states(&dropped), "ddddoooo");
    assert!(dropped.notes.contains(&Note::DroppedTooEarly));
}

#[test]
fn after_mode_none_what_is_gone_is_ticked_off() {
    let none = r#""policy":{"mode":"none","mx":["mx.acme.se"],"max_age":86400}"#;
    let facts = looked(&[r#""sts_txt":"absent""#, none, MX].join(","));
    let plan = of_facts(Goal::Remove, &[], &facts).expect("a plan");
    assert_eq!(states(&plan), "do");
    assert_eq!(step(&plan, Act::RemoveRecord).day, day("2026-12-01"));
    assert!(
        plan.notes.contains(&Note::OlderUnknown) && !plan.notes.contains(&Note::RemovedTooEarly)
    );
}

/// The hosts, as `--smtp` sees them.
fn smtp(words: &str) -> String {
    format!(r#""smtp":{{"mx.acme.se":{{{words}}}}}"#)
}

fn certificate(end: &str) -> String {
    let names = r#""names":["mx.acme.se"],"trusted":true"#;
    smtp(&format!(r#""starttls":true,"certificate":{{{names},"not_after":"{end}T00:00:00Z"}}"#))
}

#[test]
fn hosts_count_before_there_is_a_policy() {
    let absent = [r#""sts_txt":"absent""#, REPORTS, MX].join(",");
    for (hosts, state, bad) in [
        (certificate("2027-03-01"), State::Done, ""),
        (certificate("2026-11-01"), State::Open, "shows a certificate that has expired"),
        (smtp(r#""starttls":false"#), State::Open, "does not offer STARTTLS"),
        (r#""hosts":{}"#.to_owned(), State::Open, ""),
    ] {
        let facts = looked(&[&absent[..], &hosts].join(","));
        let plan = of_facts(Goal::Enforce, &[], &facts).expect("a plan");
        assert_eq!(step(&plan, Act::CheckHosts).state, state, "{hosts}");
        let told = render::plan::words::summary(&plan);
        let is_bad = told.contains("`mx.acme.se`") && told.contains(bad);
        assert_eq!(is_bad, !bad.is_empty(), "{hosts}: {told}");
    }
    let plan = plan(&Given::new(DOMAIN, Goal::Enforce, day("2026-12-01"))).expect("a plan");
    let checks = render::plan::words::checks(&plan, step(&plan, Act::CheckHosts));
    assert_eq!(checks, ["stslint check --smtp acme.se"]);
}

#[test]
fn what_is_wrong_comes_before_what_is_planned() {
    let testing = ENFORCED.replace("enforce", "testing");
    let other = r#""mx":[[0,"mx.example"]]"#;
    let expired = certificate("2026-11-01");
    let good = certificate("2027-03-01");
    let two = r#""sts_txt":"multiple""#;
    for (members, notes, steps) in [
        ([RECORD, ENFORCED, MX, &good], &[][..], "check-hosts watch"),
        ([RECORD, ENFORCED, other, ""], &["held", "named", "problems"], "check-hosts watch"),
        ([RECORD, ENFORCED, MX, &expired], &["held", "hosts", "problems"], "check-hosts watch"),
        (
            [two, ENFORCED, MX, &good],
            &["announced", "problems", "record"],
            "check-hosts announce-enforce watch",
        ),
        // The policy in mode testing is repaired first.
        (
            [RECORD, &testing, other, ""],
            &["named"],
            "check-hosts serve-testing announce-testing observe serve-enforce announce-enforce watch",
        ),
        // It is served, and not announced yet.
        (
            [r#""sts_txt":"absent""#, &testing, MX, &good],
            &[],
            "check-hosts serve-testing announce-testing observe serve-enforce announce-enforce watch",
        ),
    ] {
        let members: Vec<&str> = members.into_iter().filter(|it| !it.is_empty()).collect();
        let facts = looked(&[&members[..], &[REPORTS]].concat().join(","));
        let plan = of_facts(Goal::Enforce, &[], &facts).expect("a plan");
        let acts: Vec<&str> = plan.steps.iter().map(|step| step.act.word()).collect();
        assert_eq!(acts.join(" ").replace("ask-for-reports ", ""), steps, "{members:?}");
        let name = |note: &Note| match note {
            Note::HeldBack => Some("held"),
            Note::NotNamed(hosts) => {
                assert_eq!(*hosts, names(&["mx.example"]), "{members:?}");
                Some("named")
            }
            Note::HostsBad(_) => Some("hosts"),
            Note::Problems(_) => Some("problems"),
            Note::RecordUnusable => Some("record"),
            Note::NotAnnounced => Some("announced"),
            _ => None,
        };
        let mut said: Vec<&str> = plan.notes.iter().filter_map(name).collect();
        said.sort_unstable();
        assert_eq!(said, notes, "{members:?}: {:?}", plan.notes);
        let keeps = plan.notes.contains(&Note::AlreadyEnforced);
        assert_eq!(keeps, members[0] == RECORD && members[1] == ENFORCED && notes.is_empty());
        if notes.contains(&"held") {
            assert!(render::plan::words::summary(&plan).contains("Mail is held back now"));
        }
    }
    // Forty days in testing help nothing where a certificate has expired.
    let facts = looked(&[RECORD, REPORTS, &testing, MX, &expired].join(","));
    let since = Some(day("2026-10-20"));
    let given = Given::new(DOMAIN, Goal::Enforce, day("2026-12-01"));
    let plan = plan(&Given { facts: Some(&facts), testing_since: since, ..given });
    assert_eq!(step(&plan.expect("a plan"), Act::ServeEnforce).day, day("2026-12-02"));
}

#[test]
fn the_repaired_policy_in_testing_is_known_by_its_hosts() {
    let old = policy(Mode::Testing, &["mx.acme.se"], WEEK);
    let mended = policy(Mode::Testing, &["mx.acme.se", "b.example"], WEEK);
    let both = r#"[[10,"mx.acme.se"],[20,"b.example"]]"#;
    for (served, id, want) in [(&old, "1", "uulooooo"), (&mended, "2", "uuddoooo")] {
        let seen = facts("2026-12-03", Some(id), Some(served), both);
        let given = Given { goal: Goal::Enforce, ..moved(&old, &[]) };
        let given = Given { today: day("2026-12-03"), facts: Some(&seen), ..given };
        assert_eq!(states(&plan(&given).expect("a plan")), want);
    }
}

/// What ticks a step off is what it says that it takes.
#[test]
fn a_record_for_reports_is_all_that_its_step_takes() {
    let facts = looked(&[r#""sts_txt":"absent","tlsrpt":"ok""#, MX].join(","));
    let plan = of_facts(Goal::Enforce, &[], &facts).expect("a plan");
    assert_eq!(step(&plan, Act::AskForReports).state, State::Done);
    let exit = render::plan::acts::said(plan.goal, Act::AskForReports).exit;
    assert!(exit.starts_with("DNS answers with one record that starts with v=TLSRPTv1"), "{exit}");
}

#[test]
fn one_rule_is_not_told_of_as_several() {
    let note = |codes| render::plan::words::note(&Note::Problems(codes));
    assert_eq!(note(vec!["RPT-TXT-040"]), "The check found RPT-TXT-040. Its rule says more.");
    assert!(note(vec!["RPT-TXT-040", "LIVE-003"]).ends_with("LIVE-003. Their rules say more."));
}

#[test]
fn what_nobody_saw_is_not_taken_for_absent() {
    for (members, unseen) in [
        (r#""sts_txt":"unobservable","tlsrpt":"unobservable""#, true),
        (r#""sts_txt":"absent","tlsrpt":{"status":"servfail"}"#, true),
        (r#""sts_txt":"absent","tlsrpt":"absent","policy_host":{"status":"nxdomain"}"#, false),
        (r#""sts_txt":"absent","tlsrpt":"multiple","policy_host":{"status":"nxdomain"}"#, false),
    ] {
        let plan = of_facts(Goal::Enforce, &[], &looked(&[members, MX].join(","))).expect("a plan");
        let is_said = plan.notes.iter().any(|note| matches!(note, Note::Unseen(_)));
        assert_eq!(is_said, unseen, "{members}: {:?}", plan.notes);
        let is_unusable = plan.notes.iter().any(|note| matches!(note, Note::ReportsUnusable(_)));
        assert_eq!(is_unusable, members.contains("multiple"), "{members}");
        assert_ne!(step(&plan, Act::AskForReports).state, State::Done, "{members}");
    }
}

/// RFC 8460 §3: senders use none of several records, and each was meant to send reports somewhere.
#[test]
fn what_asks_for_reports_goes_on_asking_for_them_there() {
    for (records, asks, dropped) in [
        (
            r#"["v=TLSRPTv1; rua=mailto:a@acme.se"],["v=TLSRPTv1; rua=mailto:b@acme.se"]"#,
            "v=TLSRPTv1; rua=mailto:a@acme.se,mailto:b@acme.se",
            &[][..],
        ),
        (
            r#"["v=TLSRPTv1; rua=nobody"]"#,
            "v=TLSRPTv1; rua=mailto:tls-reports@acme.se",
            &["nobody"],
        ),
    ] {
        let there = format!(r#""tlsrpt":{{"records":[{records}]}}"#);
        let facts = looked(&[RECORD, ENFORCED, &there, MX].join(","));
        let plan = of_facts(Goal::Enforce, &[], &facts).expect("a plan");
        let line = format!("_smtp._tls.acme.se. 3600 IN TXT \"{asks}\"");
        assert_eq!(published(&plan, Act::AskForReports), line, "{records}");
        let dropped = Note::ReportsUnusable(dropped.iter().map(|&it| it.to_owned()).collect());
        assert!(plan.notes.contains(&dropped), "{:?}", plan.notes);
        let says = render::plan::words::note(&dropped).contains("It is without nobody, which");
        assert_eq!(says, records.contains("nobody"));
    }
}

/// RFC 1034 §3.6.2: nothing else stands beside a CNAME.
#[test]
fn nothing_is_published_beside_an_alias() {
    let at = |label: &str, value: &str| {
        format!(r#""{label}":{{"records":[["{value}"]],"cname":["acme.vendor.example"]}}"#)
    };
    let facts = looked(&[&at("sts_txt", "v=STSv1; id=1;")[..], ENFORCED, MX].join(","));
    let plan = of_facts(Goal::Remove, &[], &facts).expect("a plan");
    assert!(step(&plan, Act::AnnounceNone).publish.is_empty());
    assert_eq!(published(&plan, Act::RemoveRecord), "_mta-sts.acme.se. IN CNAME");
    let note = Note::Delegated("_mta-sts.acme.se".into(), "acme.vendor.example".into());
    assert!(plan.notes.contains(&note), "{:?}", plan.notes);
    let broken = at("tlsrpt", "v=TLSRPTv1; rua=nobody");
    let facts = looked(&[RECORD, ENFORCED, &broken, MX].join(","));
    let plan = of_facts(Goal::Enforce, &[], &facts).expect("a plan");
    assert!(step(&plan, Act::AskForReports).publish.is_empty());
}

#[test]
fn a_domain_without_mail_has_nothing_to_protect() {
    let null = r#""mx":[[0,"."]]"#;
    let facts = looked(&[r#""sts_txt":"absent""#, null].join(","));
    assert_eq!(of_facts(Goal::Enforce, &[], &facts), Err(NoPlan::NullMx));
    let mx = names(&["mx.acme.se"]);
    let given = Given { mx: &mx, ..Given::new(DOMAIN, Goal::Enforce, day("2026-12-01")) };
    assert!(plan(&Given { facts: Some(&facts), ..given }).is_ok());
    assert_eq!(states(&of_facts(Goal::Park, &[], &facts).expect("a plan")), "d");
}

#[test]
fn names_are_kebab_case_and_alone() {
    let acts: BTreeSet<&str> = Act::ALL.iter().map(|act| act.word()).collect();
    assert_eq!(acts.len(), Act::ALL.len());
    for act in Act::ALL {
        assert_eq!(Act::from_word(act.word()), Some(act));
        assert!(act.word().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
        for goal in Goal::ALL {
            let said = render::plan::acts::said(goal, act);
            assert!(!said.title.ends_with('.') && !said.title.is_empty());
            for sentence in [said.todo, said.exit, said.without] {
                assert!(sentence.ends_with('.') && !sentence.contains("  "), "{sentence}");
            }
        }
    }
    for goal in Goal::ALL {
        assert_eq!(Goal::from_word(goal.word()), Some(goal));
    }
}

/// All clauses in the sources of plans and of their words.
#[test]
fn cited_sections_exist() {
    let known = stslint_checks::rfc_sections();
    let sources = [
        include_str!("../src/plan/mod.rs"),
        include_str!("../src/plan/act.rs"),
        include_str!("../src/plan/goals/mx.rs"),
        include_str!("../src/plan/goals/leave.rs"),
        include_str!("../src/plan/goals/park.rs"),
        include_str!("../src/render/plan/acts.rs"),
        include_str!("../src/render/plan/words.rs"),
    ];
    let mut cited = BTreeSet::new();
    for rest in sources.iter().flat_map(|source| source.split("RFC ").skip(1)) {
        let Some((rfc, section)) = rest.split_once(" §") else { continue };
        let end = section.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(section.len());
        if rfc.len() == 4 {
            cited.insert(format!("RFC {rfc} §{}", section[..end].trim_end_matches('.')));
        }
    }
    assert!(cited.len() > 12, "{cited:?}");
    let unknown: Vec<&String> = cited.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

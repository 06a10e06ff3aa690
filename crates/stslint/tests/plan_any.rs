//! What holds of any plan: the order, what is published, and that nothing goes before old copies have ended.

use proptest::prelude::*;
use std::collections::BTreeSet;
use stslint::finding::Severity;
use stslint::live;
use stslint::live::facts::Facts;
use stslint::plan::{Act, Given, Goal, NoPlan, Note, Plan, PlanStep, State, Wait, What, Why, plan};
use stslint::policy::Mode;
use stslint::report::aggregate::Day;
use stslint::senders::model::{Answer, Reading};
use stslint::senders::models::MODELS;
use stslint::senders::policy_text;
use stslint::senders::timeline::{Published, Timeline, Until};
use stslint::{Input, Kind, render};

const DOMAIN: &str = "acme.se";

fn policy(mode: Mode, mx: &str, max_age: u64) -> String {
    policy_text(mode, &[mx.to_owned()], max_age)
}

fn goal() -> impl Strategy<Value = Goal> {
    proptest::sample::select(Goal::ALL.to_vec())
}

fn end(day: Day) -> i64 {
    (i64::from(day.0) + 1) * 86_400
}

/// What the plan publishes, each at the end of its day: without what the plan reckons itself.
fn history(given: &Given, plan: &Plan) -> Vec<(Act, Published)> {
    let ttl = given.ttl.unwrap_or(0);
    let mut served = given.policy.map(<[u8]>::to_vec);
    let record = given.record.map(str::to_owned);
    let from = i64::from(given.start.0) * 86_400 - 40_000_000;
    let mut records: Vec<String> = record.into_iter().collect();
    let first = Published { from, policy: served.clone(), records: records.clone(), ttl };
    let mut out = vec![(Act::CheckHosts, first)];
    for step in &plan.steps {
        for publish in &step.publish {
            match publish.what {
                What::Policy => served = Some(publish.text.clone().into_bytes()),
                What::Records if publish.place.starts_with("_mta-sts.") => {
                    let text = publish.text.split('"').nth(1).unwrap_or_default();
                    records = vec![text.to_owned()];
                    let state = Published {
                        from: end(step.day),
                        policy: served.clone(),
                        records: records.clone(),
                        ttl: 300,
                    };
                    out.push((step.act, state));
                }
                _ => {}
            }
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_plan_keeps_the_order_and_waits(
        goal in goal(),
        mode in proptest::sample::select(vec![Mode::Enforce, Mode::Testing, Mode::None]),
        max_age in proptest::sample::select(vec![86_400_u64, 604_800, 1_209_600, 2_592_000, 31_536_000, 31_557_600]),
        ttl in proptest::sample::select(vec![0_u32, 60, 3600, 86_400, 86_401, 604_800]),
        wide in any::<bool>(),
        published in any::<bool>(),
        late in 0_i32..60,
        hosts in 0_usize..4,
        start in 20_000_i32..30_000,
    ) {
        let old = if wide { "*.acme.se" } else { "old.acme.se" };
        let text = policy(mode, old, max_age);
        let new: Vec<String> =
            ["new.acme.se", "mx.new.example", "mx2.new.example"].iter().take(hosts).map(|s| (*s).to_owned()).collect();
        let given = Given {
            today: Day(start + late),
            policy: published.then_some(text.as_bytes()),
            record: published.then_some("v=STSv1; id=1;"),
            ttl: Some(ttl),
            new_mx: &new,
            ..Given::new(DOMAIN, goal, Day(start))
        };
        let Ok(plan) = plan(&given) else { return Ok(()) };
        prop_assert!(!plan.steps.is_empty());
        let acts: BTreeSet<Act> = plan.steps.iter().map(|step| step.act).collect();
        prop_assert_eq!(acts.len(), plan.steps.len());
        for pair in plan.steps.windows(2) {
            prop_assert!(pair[0].day <= pair[1].day, "{:?}", plan.steps);
        }
        for step in &plan.steps {
            prop_assert!(step.waits.iter().all(|wait| wait.until <= step.day));
        }
        // Policies are clean, every model takes them, and each is announced behind it.
        let mut waiting = None;
        let mut ids = BTreeSet::from(["v=STSv1; id=1;"]);
        for step in &plan.steps {
            if step.act.word().starts_with("serve-") {
                prop_assert!(waiting.is_none());
                waiting = Some(step.day);
            }
            for publish in &step.publish {
                if publish.what == What::Policy {
                    prop_assert!(step.act.word().starts_with("serve-"));
                    let input = Input { kind: Some(Kind::Policy), domain: Some(DOMAIN), ..Input::new(publish.text.as_bytes()) };
                    let report = stslint::lint(&input);
                    let worst = report.findings().map(|finding| finding.rule.severity).min();
                    prop_assert!(worst >= Some(Severity::Advice) || worst.is_none(), "{} {:?}", publish.text, worst);
                    for model in MODELS {
                        let reading = (model.policy)(&Answer::text(publish.text.as_bytes()));
                        // Mimecast's library has no mode none.
                        let expected = model.name == "Mimecast" && publish.text.contains("mode: none");
                        prop_assert!(expected || matches!(reading, Reading::Accepted(..)), "{}: {}", model.name, publish.text);
                    }
                } else if publish.place.starts_with("_mta-sts.") && publish.text.contains(" TXT \"") {
                    let served = waiting.take();
                    prop_assert!(served.is_some_and(|day| day <= step.day), "{:?}", plan.steps);
                    let id = publish.text.split('"').nth(1).unwrap_or_default();
                    prop_assert!(ids.insert(id), "{} again", id);
                    let input = Input { domain: Some(DOMAIN), ..Input::new(publish.text.as_bytes()) };
                    prop_assert_eq!(stslint::lint(&input).findings().count(), 0, "{}", &publish.text);
                }
            }
        }
        prop_assert!(waiting.is_none());
        // What old copies want is over before anything goes that they want.
        let all = history(&given, &plan);
        let upto = |act: Act| -> Vec<Published> {
            let at = plan.steps.iter().position(|step| step.act == act).unwrap_or(0);
            let acts: Vec<Act> = plan.steps[..at].iter().map(|step| step.act).collect();
            all.iter().filter(|(act, _)| *act == Act::CheckHosts || acts.contains(act)).map(|(_, state)| state.clone()).collect()
        };
        let begin = |step: &PlanStep| i64::from(step.day.0) * 86_400;
        let safe = |until: Until, step: &PlanStep| match until {
            Until::Free => true,
            Until::At(time) => time <= begin(step),
            Until::Never => false,
        };
        let find = |act: Act| plan.steps.iter().find(|step| step.act == act);
        let stay: Vec<&str> = new.iter().map(String::as_str).collect();
        for act in [Act::DropMx, Act::BackupCounts] {
            if let Some(step) = find(act) {
                prop_assert!(safe(Timeline::of(&upto(act)).hosts_free(&stay, None), step), "{:#?}", plan.steps);
            }
        }
        for act in [Act::RemoveRecord, Act::RemoveHost] {
            if let Some(step) = find(act) {
                prop_assert!(safe(Timeline::of(&upto(act)).removal_free(), step), "{:#?}", plan.steps);
            }
        }
        if let (Some(record), Some(host)) = (find(Act::RemoveRecord), find(Act::RemoveHost)) {
            prop_assert!(record.day < host.day);
        }
        // Nobody has an old record any more that is not reckoned with.
        if let (Some(announced), Some(added)) = (find(Act::AnnounceBoth), find(Act::AddMx)) {
            prop_assert!(end(announced.day) + i64::from(ttl) <= begin(added));
        }
        if let (Some(dropped), Some(serve)) = (find(Act::DropMx), find(Act::ServeNew)) {
            prop_assert!(end(dropped.day) + 86_400 <= begin(serve));
        }
        if let (Some(testing), Some(enforce)) = (find(Act::AnnounceTesting), find(Act::ServeEnforce)) {
            prop_assert!(enforce.day.since(testing.day) >= 14);
        }
    }

    #[test]
    fn no_days_and_names_do_harm(start in any::<i32>(), today in any::<i32>(), ttl in any::<u32>(), goal in goal(), said in any::<i32>()) {
        let text = policy(Mode::Enforce, "old.acme.se", 31_557_600);
        let new = vec!["mx.new.example".to_owned()];
        let done = [(Act::AnnounceBoth, Day(said)), (Act::ServeNone, Day(said))];
        let given = Given {
            start: Day(start), today: Day(today), ttl: Some(ttl), new_mx: &new,
            policy: Some(text.as_bytes()), done: &done,
            ..Given::new(DOMAIN, goal, Day(start))
        };
        if let Ok(plan) = plan(&given) {
            render::plan::text(&plan);
            render::plan::markdown(&plan);
            render::plan::calendar::calendar(&plan, i64::from(today));
        }
    }
}

/// A domain whose people do what the plan says, some days late, and make the plan anew each day with the facts of that day.
struct Domain {
    policy: Option<String>,
    id: Option<String>,
    mx: Vec<String>,
    history: Vec<Published>,
}

impl Domain {
    fn facts(&self, day: Day) -> Facts {
        let sts = match &self.id {
            Some(id) => format!(r#"{{"records":[["v=STSv1; id={id};"]],"ttl":300}}"#),
            None => r#"{"status":"nxdomain"}"#.into(),
        };
        let http = match &self.policy {
            Some(body) => {
                let body = serde_json::to_string(body).expect("a text");
                format!(r#"{{"status":200,"content_type":"text/plain","body":{body}}}"#)
            }
            None => r#"{"error":"connect"}"#.into(),
        };
        let mx: Vec<String> = self.mx.iter().map(|host| format!(r#"[10,"{host}"]"#)).collect();
        let mx = mx.join(",");
        let text = format!(
            r#"{{"domain":"{DOMAIN}","date":"{day}T09:00:00Z","sts_txt":{sts},"http":{http},"mx":[{mx}]}}"#
        );
        live::read(&text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"))
    }

    /// Does a step at the end of a day.
    fn take(&mut self, step: &PlanStep, day: Day, new: &[String]) {
        for publish in &step.publish {
            match publish.what {
                What::Policy => self.policy = Some(publish.text.clone()),
                What::Records if publish.place.starts_with("_mta-sts.") => {
                    let id = publish.text.split("id=").nth(1).and_then(|id| id.split(';').next());
                    self.id = id.map(str::to_owned);
                }
                What::Records | What::Gone => {}
            }
        }
        match step.act {
            Act::AddMx => self.mx.extend_from_slice(new),
            Act::DropMx => self.mx = new.to_vec(),
            Act::NullMx => self.mx = vec![".".into()],
            Act::RemoveRecord => self.id = None,
            Act::RemoveHost => self.policy = None,
            _ => {}
        }
        // The file alone changes nothing for who goes by the id.
        if step.act.word().starts_with("announce-") || self.id.is_none() {
            let records = self.id.iter().map(|id| format!("v=STSv1; id={id};")).collect();
            let policy = self.policy.clone().map(String::into_bytes);
            self.history.push(Published { from: end(day), policy, records, ttl: 300 });
        }
    }
}

/// What is so with a domain when somebody makes a plan for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// As it was for a year.
    Calm,
    /// Since yesterday the policy names the new host too.
    Named,
    /// The record went yesterday.
    Unannounced,
    /// There are two records since yesterday.
    Twice,
    /// Mode none was announced yesterday.
    Left,
    /// Record and policy went yesterday.
    Gone,
    /// The certificate of the policy host has expired yesterday.
    Expired,
}

impl Start {
    const ALL: [Self; 7] = [
        Self::Calm,
        Self::Named,
        Self::Unannounced,
        Self::Twice,
        Self::Left,
        Self::Gone,
        Self::Expired,
    ];

    /// The domain, with what was published until yesterday and since.
    fn domain(self, old: &str, both: &str, none: &str, start: i32) -> Domain {
        let state = |from: i64, policy: Option<&str>, ids: &[&str]| Published {
            from,
            policy: policy.map(|text| text.as_bytes().to_vec()),
            records: ids.iter().map(|id| format!("v=STSv1; id={id};")).collect(),
            ttl: 3600,
        };
        let now = |policy: Option<&str>, ids: &[&str]| {
            state(i64::from(start) * 86_400 - 3600, policy, ids)
        };
        let (policy, ids): (Option<&str>, &[&str]) = match self {
            Self::Calm => (Some(old), &["1"]),
            Self::Named => (Some(both), &["2"]),
            Self::Unannounced => (Some(old), &[]),
            Self::Twice => (Some(old), &["1", "2"]),
            Self::Left => (Some(none), &["2"]),
            Self::Gone => (None, &[]),
            Self::Expired => (None, &["1"]),
        };
        let first = state(i64::from(start) * 86_400 - 40_000_000, Some(old), &["1"]);
        Domain {
            policy: policy.map(str::to_owned),
            id: ids.first().map(|id| (*id).to_owned()),
            mx: vec!["old.acme.se".into()],
            history: vec![first, now(policy, ids)],
        }
    }
}

/// The day on which somebody makes a plan.
const START: i32 = 20_800;

/// Somebody who follows a plan, and what is so when it begins.
#[derive(Debug)]
struct Follower {
    goal: Goal,
    is: Start,
    max_age: u64,
    /// Whether somebody says what was served before the plan began; or the facts of each day are all there is.
    said: bool,
    /// How many days each step is late.
    delays: Vec<i32>,
}

/// What became of it.
struct Followed {
    taken: Vec<Act>,
    /// The last plan, or why there was none any more.
    last: Result<Plan, NoPlan>,
}

impl Follower {
    /// Makes the plan anew each day and does what it says, until nothing is left. Nothing that copies want may be to be taken away, or
    /// be ticked off, while they live.
    fn follow(&self) -> Result<Followed, TestCaseError> {
        let &Self { goal, is, max_age, said, .. } = self;
        let old = policy(Mode::Enforce, "old.acme.se", max_age);
        let hosts = ["old.acme.se".to_owned(), "mx.new.example".to_owned()];
        let both = policy_text(Mode::Enforce, &hosts, max_age);
        let none = policy(Mode::None, "old.acme.se", 86_400);
        let new = &hosts[1..];
        let mut domain = is.domain(&old, &both, &none, START);
        // What came yesterday may be the first step of the plan, or what there was before.
        let was = match (is, goal) {
            (Start::Named, Goal::Remove | Goal::Park | Goal::RollBack) => (&both, "v=STSv1; id=2;"),
            (Start::Left, Goal::MoveMx | Goal::AddMx | Goal::RollBack) => (&none, "v=STSv1; id=2;"),
            _ => (&old, "v=STSv1; id=1;"),
        };
        let mut delays = self.delays.iter().cycle().copied();
        let mut wait = delays.next().unwrap_or(0);
        let mut taken: Vec<Act> = Vec::new();
        let mut last = None;
        let leaves = matches!(goal, Goal::Remove | Goal::Park);
        // The longest copies live for a year, of which nothing happens in most. Who says nothing waits for ever.
        let days = (0..60).chain((60..365).step_by(20)).chain(365..440);
        let days = days.take(if said { usize::MAX } else { 40 });
        for today in days.map(|day| Day(START + day)) {
            let mut facts = domain.facts(today);
            if is == Start::Twice && taken.is_empty() {
                let text = r#"{"domain":"acme.se","sts_txt":{"records":[["v=STSv1; id=1;"],["v=STSv1; id=2;"]]}}"#;
                facts.sts = live::read(text).expect("facts").sts;
            }
            let given =
                Given { new_mx: new, facts: Some(&facts), ..Given::new(DOMAIN, goal, today) };
            let given = match said {
                true => Given {
                    start: Day(START),
                    policy: Some(was.0.as_bytes()),
                    record: Some(was.1),
                    ttl: Some(3600),
                    ..given
                },
                false => given,
            };
            let plan = match plan(&given) {
                Ok(plan) => plan,
                Err(why) => return Ok(Followed { taken, last: Err(why) }),
            };
            let timeline = Timeline::of(&domain.history);
            for step in &plan.steps {
                let act = step.act;
                let is_done = step.state == State::Done;
                if taken.contains(&act) {
                    // What was done is ticked off, but for what nothing shows.
                    let quiet =
                        [Act::CheckNewHosts, Act::SwitchOff, Act::BackupCounts, Act::CopiesEnd];
                    prop_assert!(
                        !said || is_done || quiet.contains(&act),
                        "{today} {act:?}: {self:?} {taken:?}"
                    );
                    continue;
                }
                let free = is_free(&timeline, act, today);
                let is_due = step.day <= today && !is_done;
                prop_assert!(!is_due || free, "{act:?} on {today}: {self:?} {taken:?}");
                // Gone is gone where nobody says what was there.
                let is_ticked = is_done && said && taken.is_empty();
                // Nor is served what is not there, but on the way out.
                let is_there = match act.word().split_once('-') {
                    Some(("serve" | "announce", _)) => domain.policy.is_some() || leaves,
                    _ => true,
                };
                prop_assert!(!is_ticked || free && is_there, "{act:?} is ticked off: {self:?}");
                prop_assert!(!is_done || step.day <= today);
            }
            let next = plan
                .steps
                .iter()
                .find(|step| !taken.contains(&step.act) && step.state != State::Done);
            let next = next.cloned();
            last = Some(plan);
            let Some(next) = next else { break };
            if next.day > today {
                continue;
            }
            if wait > 0 {
                wait -= 1;
                continue;
            }
            wait = delays.next().unwrap_or(0);
            domain.take(&next, today, new);
            taken.push(next.act);
        }
        Ok(Followed { taken, last: Ok(last.expect("there was a day")) })
    }

    /// Why there is no plan any more after these steps: nobody knows what senders hold, or nothing is to be rolled back.
    fn refused(&self, taken: &[Act]) -> Option<NoPlan> {
        let is_hidden = matches!(self.is, Start::Gone | Start::Expired);
        match self.goal {
            // Mail is refused whatever the policy is.
            Goal::Park => None,
            _ if is_hidden && !self.said => Some(NoPlan::PolicyUnknown),
            Goal::RollBack if self.is == Start::Left => Some(NoPlan::NotEnforced),
            // Who says nothing of before has nothing to roll back when the file is another one.
            Goal::RollBack if !self.said && taken == [Act::ServeTesting] => {
                Some(NoPlan::NotEnforced)
            }
            _ => None,
        }
    }
}

/// Whether nothing that a sender may hold is in the way of a step on this day.
fn is_free(timeline: &Timeline, act: Act, today: Day) -> bool {
    let until = match act {
        Act::DropMx | Act::BackupCounts => timeline.hosts_free(&["mx.new.example"], None),
        Act::RemoveRecord | Act::RemoveHost => timeline.removal_free(),
        Act::CopiesEnd => timeline.rows[0].until(|policy| policy.mode == Some(Mode::Enforce)),
        _ => Until::Free,
    };
    match until {
        Until::Free => true,
        Until::At(time) => time <= i64::from(today.0) * 86_400,
        Until::Never => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20))]

    #[test]
    fn who_follows_a_plan_late_loses_no_mail(
        goal in proptest::sample::select(vec![Goal::MoveMx, Goal::Remove]),
        max_age in proptest::sample::select(vec![604_800_u64, 1_209_600]),
        delays in proptest::collection::vec(0_i32..6, 8),
    ) {
        let follower = Follower { goal, is: Start::Calm, max_age, said: true, delays };
        let followed = follower.follow()?;
        let want = if goal == Goal::MoveMx { 8 } else { 4 };
        prop_assert_eq!(followed.taken.len(), want, "{:?}", followed.taken);
    }
}

proptest! {
    // Each is all goals and all that may be so.
    #![proptest_config(ProptestConfig::with_cases(2))]

    /// Whatever was published until yesterday, and whether anybody says what it was: nothing that its copies want is taken away,
    /// or ticked off, while they live; and who says it comes to the end.
    #[test]
    fn nobody_loses_mail_who_makes_a_plan_of_what_facts_show(
        max_age in proptest::sample::select(vec![604_800_u64, 1_209_600]),
        delays in proptest::collection::vec(0_i32..6, 8),
    ) {
        for goal in [Goal::MoveMx, Goal::AddMx, Goal::Remove, Goal::Park, Goal::RollBack] {
            for (is, said) in Start::ALL.into_iter().flat_map(|is| [(is, true), (is, false)]) {
                follows(&Follower { goal, is, max_age, said, delays: delays.clone() })?;
            }
        }
    }
}

/// Somebody does all that there is to do, or is told why not.
fn follows(follower: &Follower) -> Result<(), TestCaseError> {
    let &Follower { goal, is, said, .. } = follower;
    let Followed { taken, last } = follower.follow()?;
    let why = last.as_ref().err().copied();
    prop_assert_eq!(why, follower.refused(&taken), "{:?} {:?}", follower, taken);
    let Ok(plan) = last else { return Ok(()) };
    // There is an announcement of what nobody could read.
    let is_unknown = goal == Goal::Park && is == Start::Expired && !said;
    prop_assert_eq!(plan.notes.contains(&Note::PolicyUnknown), is_unknown, "{:?}", follower);
    let is_left = |step: &&PlanStep| step.state != State::Done && !taken.contains(&step.act);
    let next = plan.steps.iter().find(is_left);
    // Where nobody says what was there, each day's plan reckons with copies of that day.
    let is_of_copies = |wait: &Wait| matches!(wait.why, Why::Copies(_) | Why::AnyCopies(_));
    let is_held = |step: &PlanStep| !said && step.waits.iter().any(is_of_copies);
    prop_assert!(next.is_none_or(is_held), "{:?} {:?}: {:#?}", follower, taken, next);
    Ok(())
}

//! What holds of any walk, and where the letter of the RFCs leads.

use proptest::prelude::*;
use proptest::sample::select;
use stslint::policy::Mode;
use stslint::render::simulate::Told;
use stslint::senders::models::{MODELS, STANDARD};
use stslint::senders::scenarios::{SCENARIOS, sample};
use stslint::senders::{
    Act, Attack, Attacker, Course, Dane, Earlier, Host, Later, Mail, Policy, Profile, ResultType,
    Served, Setting, Situation, Walk, deliver, policy_text, walk,
};

/// What a sender without software's habits does, written down a second time and shorter: it has no steps.
fn by_the_letter(s: &Situation) -> (&'static str, Option<usize>, Vec<ResultType>) {
    let mut events = Vec::new();
    if s.mail == Mail::Null {
        return ("rejected-null-mx", None, events);
    }
    let copy = s.cache.as_ref().filter(|copy| s.now - copy.fetched_at <= copy.policy.max_age);
    let mut policy = copy.map(|copy| copy.policy.clone());
    if let Some(id) = s.id.as_ref().filter(|_| !s.attack.record)
        && copy.is_none_or(|copy| copy.id != *id)
    {
        let fetch = if s.attack.fetch { &Err(ResultType::StsPolicyFetchError) } else { &s.fetch };
        match fetch {
            Ok(new) => policy = Some(new.clone()),
            Err(event) => events.push(*event),
        }
    }
    let mut rounds = vec![policy];
    if let Some((_, again)) = s.again.as_ref().filter(|_| !s.attack.record) {
        rounds.push(again.as_ref().ok().cloned());
        // What can't be had is reported in its turn, below.
    }
    for (round, policy) in rounds.iter().enumerate() {
        if round == 1 {
            if let Some((_, Err(event))) = &s.again {
                events.push(*event);
                break;
            }
            if rounds[0] == rounds[1] {
                break;
            }
        }
        let policy = policy.as_ref().filter(|policy| policy.mode != Mode::None);
        let mut refused = false;
        for (index, host) in s.hosts.iter().enumerate() {
            let mut fault = None;
            match host.dane {
                Dane::Error => {
                    events.push(ResultType::DnssecInvalid);
                    continue;
                }
                Dane::Matches | Dane::Fails => {
                    match (host.reachable, host.starttls, host.dane) {
                        (false, ..) => {}
                        (_, false, _) => events.push(ResultType::StarttlsNotSupported),
                        (_, _, Dane::Matches) => return ("delivered-dane", Some(index), events),
                        _ => events.push(ResultType::TlsaInvalid),
                    }
                    continue;
                }
                Dane::None | Dane::Unusable => {}
            }
            if let Some(policy) = policy {
                let named = |pattern: &String| stslint::host::matches(pattern, &host.name).covers();
                fault = match () {
                    () if !policy.mx.iter().any(named) => Some(ResultType::ValidationFailure),
                    () if !host.reachable => None,
                    () if !host.starttls => Some(ResultType::StarttlsNotSupported),
                    () => host.certificate,
                };
                events.extend(fault);
                if fault.is_some() && policy.mode == Mode::Enforce {
                    refused = true;
                    continue;
                }
                if host.reachable && fault.is_none() {
                    return ("delivered-verified", Some(index), events);
                }
            }
            match (host.reachable, host.starttls, host.dane) {
                (false, ..) => {}
                (_, true, _) => return ("delivered-opportunistic-tls", Some(index), events),
                (_, _, Dane::Unusable) => {
                    let told = fault == Some(ResultType::StarttlsNotSupported);
                    events.extend((!told).then_some(ResultType::StarttlsNotSupported));
                }
                _ => return ("delivered-plaintext", Some(index), events),
            }
        }
        if !refused {
            break;
        }
    }
    ("deferred", None, events)
}

const NAMES: [&str; 5] =
    ["mx1.example.com", "a.mx1.example.com", "MX2.example.net", "xn--mx-0ka.example", ""];

fn policies() -> impl Strategy<Value = Policy> {
    let mx = select(vec!["mx1.example.com", "*.mx1.example.com", "*.example.net", "other.example"]);
    let mode = select(vec![Mode::Enforce, Mode::Enforce, Mode::Testing, Mode::None]);
    (mode, proptest::collection::vec(mx, 1..3), 0..40_u64).prop_map(|(mode, mx, days)| Policy {
        mode,
        mx: mx.into_iter().map(str::to_owned).collect(),
        max_age: days * 86_400,
    })
}

fn hosts() -> impl Strategy<Value = Host> {
    let certificate = select(vec![
        None,
        None,
        Some(ResultType::CertificateExpired),
        Some(ResultType::CertificateHostMismatch),
    ]);
    let dane = select(vec![
        Dane::None,
        Dane::None,
        Dane::Error,
        Dane::Fails,
        Dane::Matches,
        Dane::Unusable,
    ]);
    let attacker = select(vec![Attacker::Absent, Attacker::Between, Attacker::Host]);
    let flags = (any::<bool>(), any::<bool>());
    (select(NAMES.to_vec()), flags, certificate, dane, attacker, select(NAMES.to_vec())).prop_map(
        |(name, (reachable, starttls), certificate, dane, attacker, own)| Host {
            reachable,
            starttls,
            certificate,
            dane,
            attacker,
            names: vec![own.to_owned()],
            ..Host::good(name)
        },
    )
}

fn settings() -> impl Strategy<Value = Setting> {
    let served =
        |policy: Policy| Served::text(policy_text(policy.mode, &policy.mx, policy.max_age));
    let answer = || {
        prop_oneof![
            3 => policies().prop_map(move |policy| Ok(served(policy))),
            1 => Just(Err(ResultType::StsPolicyFetchError)),
            1 => Just(Err(ResultType::StsWebpkiInvalid)),
        ]
    };
    let records = || {
        select(vec!["v=STSv1; id=1;", "v=STSv1; id=2;", "v=STSv1 ; id=3", "x"])
            .prop_map(|record| vec![record.to_owned()])
    };
    let earlier = (records(), policies(), 0..40_u64).prop_map(move |(records, policy, days)| {
        Earlier { records, policy: served(policy), fetched_at: days * 86_400 }
    });
    let later = (records(), answer()).prop_map(|(records, policy)| Later { records, policy });
    let attack = (0..4_u8, any::<bool>()).prop_map(|(which, mx)| Attack {
        record: which == 1,
        fetch: which == 2,
        mx,
    });
    let mail = select(vec![Mail::Hosts, Mail::Hosts, Mail::Implicit, Mail::Null]);
    let rest = (proptest::collection::vec(hosts(), 0..4), mail, attack, any::<bool>());
    (records(), answer(), proptest::option::of(earlier), proptest::option::of(later), rest)
        .prop_map(|(records, policy, earlier, later, (hosts, mail, attack, reports))| Setting {
            now: 40 * 86_400,
            records,
            policy,
            earlier,
            later,
            hosts,
            mail,
            attack,
            reports,
            ..sample()
        })
}

proptest! {
    #[test]
    fn the_walk_ends_where_the_letter_of_the_rfcs_does(setting in settings()) {
        let situation = setting.met_by(Profile::of(STANDARD));
        let Walk { delivery, via, events, .. } = walk(&situation, None);
        prop_assert_eq!((delivery.word(), via, events), by_the_letter(&situation));
    }

    #[test]
    fn walks_are_whole(setting in settings()) {
        let known = stslint_checks::rfc_sections();
        for model in MODELS {
            let situation = setting.met_by(Profile::of(model));
            let walk = walk(&situation, None);
            let via = walk.via.map(|index| &setting.hosts[index].name[..]);
            let attempt = deliver(&situation);
            prop_assert_eq!(attempt.delivery, walk.delivery);
            prop_assert_eq!((attempt.via, &attempt.events), (via, &walk.events));
            // Two rounds of at most seven steps for each host, and what comes before and behind.
            prop_assert!(walk.steps.len() <= 20 + 14 * setting.hosts.len());
            let ends = |course| matches!(course, Course::Delivered | Course::Queued | Course::Returned);
            let count = walk.steps.iter().filter(|step| ends(step.course)).count();
            prop_assert_eq!(count, 1);
            let told = Told { setting: &setting, model, walk: &walk };
            for step in &walk.steps {
                prop_assert!(known.contains(step.clause), "{}", step.clause);
                let words = told.step(step);
                prop_assert!(words.ends_with('.') && words.len() > 8, "{:?}", words);
                if let Act::Deliver(index, how) = step.act {
                    prop_assert_eq!((Some(index), how), (walk.via, walk.delivery));
                }
                if let Act::Report(events) = &step.act {
                    prop_assert_eq!(events, &walk.events);
                }
            }
            let reports = walk.steps.iter().any(|step| matches!(step.act, Act::Report(_)));
            prop_assert_eq!(reports, !walk.events.is_empty());
            if walk.gain.is_none() {
                prop_assert!(walk.steps.iter().all(|step| !step.attacked));
            }
        }
    }

    /// Scenarios take any domain.
    #[test]
    fn scenarios_take_any_domain(setting in settings()) {
        for scenario in SCENARIOS {
            let cases = (scenario.cases)(&setting);
            prop_assert!(!cases.is_empty());
            for case in cases {
                for model in MODELS {
                    walk(&case.setting.met_by(Profile::of(model)), None);
                }
            }
        }
    }
}

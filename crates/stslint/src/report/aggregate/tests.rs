//! What holds of many reports taken together, however they come.

use super::*;
use crate::report::{Cause, Moment, PolicyResult, PolicyType, ResultType, content};
use proptest::prelude::*;
use std::borrow::Cow;

fn moment(day: i32) -> Option<Moment<'static>> {
    Some(Moment(format!("{}T00:00:00Z", Day(day)).into()))
}

/// Reports of a small world, so that many are alike.
fn report() -> impl Strategy<Value = Content<'static>> {
    let text = |texts: &'static [&'static str]| {
        prop::option::of(prop::sample::select(texts).prop_map(Cow::Borrowed))
    };
    let failure = (
        prop::sample::select(vec!["certificate-expired", "starttls-not-supported", "x-new"]),
        text(&["mx1.a.example", "MX1.a.example.", "mx2.a.example"]),
        prop::option::of(0_u64..5),
    );
    let failure = failure.prop_map(|(word, mx, count)| crate::report::Failure {
        result: ResultType::from_word(word),
        result_type: Some(word.into()),
        mx,
        count,
        sending_ip: count.map(|count| std::net::IpAddr::from([192, 0, 2, count as u8])),
        receiving_ip: count.map(|count| std::net::IpAddr::from([198, 51, 100, count as u8 % 2])),
        ..Default::default()
    });
    let policy_type = prop::sample::select(vec![
        Some(PolicyType::Sts),
        Some(PolicyType::Tlsa),
        Some(PolicyType::NoPolicyFound),
        None,
    ]);
    let policy = (
        policy_type,
        text(&["a.example", "b.example", "mx1.a.example"]),
        prop::option::of(0_u64..9),
        prop::option::of(0_u64..9),
        prop::collection::vec(failure, 0..3),
        prop::sample::select(vec![
            &[][..],
            &["mode: testing", "mx: *.a.example"],
            &["mode: enforce"],
        ]),
    );
    let policy =
        policy.prop_map(|(policy_type, domain, success, failure, failures, lines)| PolicyResult {
            policy_type,
            domain,
            success,
            failure,
            failures,
            policy: lines.iter().map(|line| Cow::Borrowed(*line)).collect(),
            ..Default::default()
        });
    let head = (text(&["A", "B"]), text(&["1", "2", "3"]), prop::option::of(20_000..20_004), 1..4);
    let policies = prop::collection::vec(policy, 0..3);
    (head, policies).prop_map(|((organization, id, day, days), policies)| Content {
        organization,
        id,
        start: day.and_then(moment),
        end: day.and_then(|day| moment(day + days)),
        contact: None,
        policies,
    })
}

fn of(reports: &[Content], budget: u64) -> Aggregate {
    let mut all = Aggregate { budget, ..Aggregate::default() };
    reports.iter().for_each(|report| all.add(report, &["RPT-JSON-042", "RPT-JSON-060"]));
    all
}

/// Nothing is left out, or nearly everything.
fn budget() -> impl Strategy<Value = u64> {
    prop_oneof![Just(BUDGET), 0_u64..12_000]
}

/// A name that stands in a link once may be used by each failure.
#[test]
fn names_of_links_are_as_short_as_those_of_reports() {
    let read = |length: usize| {
        // No report is left out; one name; a report that came once, of a sender with that name, and nothing else.
        let mut bytes = vec![1, 0, 0, 1];
        super::packed::push(length as u64, &mut bytes);
        bytes.extend(vec![b'a'; length]);
        bytes.extend([1, 1, 1, 0, 0, 0, 0]);
        Aggregate::from_bytes(&bytes)
    };
    let longest = read(255).expect("reports have such names");
    assert_eq!(longest.totals(&Filter::default()).senders[0].name.map(str::len), Some(255));
    assert_eq!(read(256), None);
}

/// As earlier versions wrote them.
#[test]
fn bytes_of_old_links_are_read() {
    // A report of G on day 20,000 that came once: its sender, its day, nothing cut off, no habit; a policy of MTA-STS of "a",
    // without host and lines, 7 sessions went well, none failed, a detail of no session.
    let mut bytes = vec![1, 0, 0, 2, 1, 1, b'G', b'a', 1, 1, 1];
    super::packed::push(40_001, &mut bytes);
    bytes.extend([0, 0, 1, 2, 2, 0, 0, 8, 1, 1, 1, 0, 0, 0, 1]);
    let all = Aggregate::from_bytes(&bytes).expect("it was written by us");
    let totals = all.totals(&Filter::default());
    assert_eq!((totals.senders[0].name, totals.last), (Some("G"), Some(Day(20_000))));
    let domain = &totals.domains[0];
    assert_eq!((domain.domain, domain.until, domain.untold), (Some("a"), totals.last, 0));
    assert_eq!((domain.kinds[0].success, domain.kinds[0].failure), (7, 0));
    assert_eq!(domain.failures, []);
    // It is written as links are now.
    let again = Aggregate::from_bytes(&all.to_bytes(Scope::WithSources));
    assert_eq!(again.expect("it was written by us").totals(&Filter::default()), totals);
}

/// The same of the version before, whose failures have no address of a mail server.
#[test]
fn bytes_of_links_without_addresses_of_servers_are_read() {
    // As above, of two days; 1 session failed for "c", at "m", from "1", as "r" says.
    let mut bytes = vec![2, 0, 0, 6, 1, 1, 1, 1, 1, 1];
    bytes.extend(b"Gacm1r");
    bytes.extend([1, 1, 1]);
    super::packed::push(40_001, &mut bytes);
    bytes.extend([1, 0, 0, 1, 2, 2, 0, 0, 8, 2, 1, 3, 4, 5, 6, 2]);
    let all = Aggregate::from_bytes(&bytes).expect("it was written by us");
    let totals = all.totals(&Filter::default());
    let [failure] = &totals.domains[0].failures[..] else { panic!("{totals:?}") };
    assert_eq!(
        (failure.mx, failure.sessions, failure.until),
        (Some("m"), Some(1), Some(Day(20_001)))
    );
    assert_eq!((&failure.servers[..], failure.reasons[0].text), (&[][..], "r"));
    let again = Aggregate::from_bytes(&all.to_bytes(Scope::WithSources));
    assert_eq!(again.expect("it was written by us").totals(&Filter::default()), totals);
}

/// A report of a day with what is said of failed sessions: a summary and details.
fn telling(summary: &str, details: &str) -> String {
    format!(
        r#"{{"organization-name":"A","report-id":"1","date-range":{{"start-datetime":"2026-10-01T00:00:00Z","end-datetime":
        "2026-10-07T23:59:59Z"}},"policies":[{{"policy":{{"policy-type":"sts","policy-domain":"a.example"}}{summary}{details}}}]}}"#
    )
}

#[test]
fn what_is_not_known_of_failed_sessions_is_not_zero_and_no_session_is_no_failure() {
    let failed = |count: &str| {
        format!(
            r#","summary":{{"total-successful-session-count":7,"total-failure-session-count":{count}}}"#
        )
    };
    let detail = |of: &str| format!(r#","failure-details":{of}"#);
    let expired = |count: &str| {
        detail(&format!(
            r#"[{{"result-type":"certificate-expired","failed-session-count":{count}}}]"#
        ))
    };
    let bare = r#","summary":{"total-successful-session-count":7}"#.to_owned();
    let misnamed = failed("3").replace("total-failure-session", "total-failed-session");
    let none = String::new();
    let (seven, no, whole) = (Some(Some(7)), None, Some(None));
    // Sessions that failed, whether that is unknown, and no failure besides; sessions of the one failure, if there is one.
    for (summary, details, failure, unread, untold, told) in [
        (failed("\"1,234\""), none.clone(), 0, 1, 1, no),
        (failed("-40"), none.clone(), 0, 1, 1, no),
        (failed("2.5"), detail("[]"), 0, 1, 1, no),
        (failed("null"), none.clone(), 0, 1, 1, no),
        (bare.clone(), none.clone(), 0, 1, 1, no),
        (none.clone(), none.clone(), 0, 1, 1, no),
        (none.clone(), expired("0"), 0, 1, 1, no),
        (none.clone(), detail("[{}]"), 0, 1, 1, no),
        // Those that details tell of failed at least.
        (failed("-40"), expired("7"), 7, 1, 0, seven),
        (none.clone(), expired("\"7\""), 7, 1, 0, seven),
        (bare, expired("\"many\""), 0, 1, 0, whole),
        (failed("0"), none.clone(), 0, 0, 0, no),
        (failed("\"0\""), none, 0, 0, 0, no),
        (failed("0"), expired("0"), 0, 0, 0, no),
        (failed("0"), detail("{}"), 0, 0, 0, no),
        (failed("0"), detail("[{\"sending-mta-ip\":\"\"}]"), 0, 0, 0, no),
        (failed("7"), detail("{}"), 7, 0, 0, seven),
        (failed("7"), expired("0"), 7, 0, 0, seven),
        (failed("0"), expired("null"), 0, 1, 0, whole),
    ] {
        let text = telling(&summary, &details);
        let report = content(&text).expect("a report");
        let all = of(std::slice::from_ref(&report), BUDGET);
        let totals = all.totals(&Filter::default());
        let [domain] = &totals.domains[..] else { panic!("{totals:?}") };
        let [kind] = &domain.kinds[..] else { panic!("{totals:?}") };
        assert_eq!((kind.failure, kind.unread), (failure, unread), "{text}");
        assert_eq!((domain.untold, totals.untold), (untold, untold), "{text}");
        let sessions: Vec<_> = domain.failures.iter().map(|failure| failure.sessions).collect();
        assert_eq!(sessions, told.into_iter().collect::<Vec<_>>(), "{text}");
        assert_eq!(
            rows(&report).filter(|row| row.failed.is_some()).count(),
            sessions.len(),
            "{text}"
        );
    }
    // The other member under a name that is like it.
    assert!(content(&telling(&misnamed, "")).is_some_and(|it| it.policies[0].failure != Some(0)));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..Default::default() })]

    #[test]
    fn parts_merge_in_any_order(
        reports in prop::collection::vec(report(), 0..24),
        cuts in prop::collection::vec(0_usize..24, 0..4),
        order in any::<u64>(),
        budget in budget(),
    ) {
        let whole = of(&reports, budget);
        // Reports fall into parts, and some of them into two.
        let mut parts = vec![Vec::new(); cuts.len() + 1];
        for (at, report) in reports.iter().enumerate() {
            let part = cuts.iter().filter(|cut| at >= **cut).count();
            parts[part].push(report.clone());
        }
        let parts: Vec<Aggregate> = parts.iter().map(|part| of(part, budget)).collect();
        let mut turned = parts.clone();
        turned.rotate_left(order as usize % parts.len());
        if order & 1 == 1 {
            turned.reverse();
        }
        let from_left = turned.iter().fold(of(&[], budget), |mut all, part| { all.merge(part); all });
        let from_right = parts.iter().rev().fold(of(&[], budget), |all, part| {
            let mut part = part.clone();
            part.merge(&all);
            part
        });
        prop_assert_eq!(&from_left, &whole);
        prop_assert_eq!(&from_right, &whole);
        let everything = Filter::default();
        prop_assert_eq!(from_left.totals(&everything), whole.totals(&everything));
        let kept: u64 = whole.reports.values().map(|entry| entry.copies).sum();
        prop_assert_eq!(kept + whole.left_out, reports.len() as u64);
        prop_assert!(whole.weight() <= budget);
    }

    #[test]
    fn a_copy_changes_nothing_but_the_number_of_copies(reports in prop::collection::vec(report(), 1..12)) {
        let once = of(&reports, BUDGET);
        let twice = of(&[reports.clone(), reports.clone()].concat(), BUDGET);
        let everything = Filter::default();
        let (once, twice) = (once.totals(&everything), twice.totals(&everything));
        prop_assert_eq!(twice.duplicates, once.duplicates + reports.len() as u64);
        prop_assert_eq!(Totals { duplicates: once.duplicates, ..twice }, once);
    }

    #[test]
    fn bytes_are_read_back(reports in prop::collection::vec(report(), 0..12), budget in budget()) {
        let all = of(&reports, budget);
        let bytes = all.to_bytes(Scope::Whole);
        let again = Aggregate::from_bytes(&bytes).expect("it was written by us");
        let mut reading = Reading::begin(&bytes, Aggregate::default()).expect("it was written by us");
        let early = Reading::begin(&bytes, Aggregate::default()).and_then(|reading| reading.end(&bytes));
        prop_assert_eq!(early.is_some(), all.reports.is_empty());
        while reading.go_on(&bytes, 1) == Some(false) {}
        let in_steps = reading.end(&bytes);
        prop_assert_eq!(in_steps.as_ref(), Some(&again));
        prop_assert!(all.least_bytes() <= bytes.len() as u64);
        prop_assert_eq!(&again, &all);
        let everything = Filter::default();
        let shared = Aggregate::from_bytes(&all.to_bytes(Scope::WithSources)).expect("it was written by us");
        prop_assert_eq!(shared.totals(&everything), all.totals(&everything));
        let concealed = all.to_bytes(Scope::WithoutSources);
        prop_assert!(!concealed.windows(8).any(|text| text == b"192.0.2."));
        let concealed = Aggregate::from_bytes(&concealed).expect("it was written by us");
        let mut open = all.totals(&everything);
        for failure in open.domains.iter_mut().flat_map(|domain| &mut domain.failures) {
            failure.addresses.clear();
        }
        prop_assert_eq!(concealed.totals(&everything), open);
    }

    #[test]
    fn what_is_read_to_other_reports_is_merged_with_them(
        left in prop::collection::vec(report(), 0..12),
        right in prop::collection::vec(report(), 0..12),
        budget in budget(),
    ) {
        let mut merged = of(&left, budget);
        merged.merge(&of(&right, budget));
        let bytes = of(&right, budget).to_bytes(Scope::Whole);
        let mut reading = Reading::begin(&bytes, of(&left, budget)).expect("it was written by us");
        while reading.go_on(&bytes, 3) == Some(false) {}
        prop_assert_eq!(reading.end(&bytes), Some(merged));
    }

    #[test]
    fn any_bytes_are_read_without_panic(
        reports in prop::collection::vec(report(), 0..3),
        at in any::<prop::sample::Index>(),
        byte: u8,
        noise in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut bytes = of(&reports, BUDGET).to_bytes(Scope::Whole);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        if let Some(read) = Aggregate::from_bytes(&bytes) {
            let mut twice = read.clone();
            twice.merge(&read);
            let _ = twice.totals(&Filter::default());
        }
        let _ = Aggregate::from_bytes(&bytes[..at]);
        let _ = Aggregate::from_bytes(&[&[1, 0][..], &noise].concat());
    }

    #[test]
    fn a_look_under_several_filters_in_steps_sees_what_each_alone_does(
        reports in prop::collection::vec(report(), 0..12),
        steps in prop::collection::vec(0_usize..4, 0..8),
        day in 20_000..20_004,
    ) {
        let all = of(&reports, BUDGET);
        let filters = [
            Filter::default(),
            Filter { domain: Some("A.example".into()), ..Filter::default() },
            Filter { since: Some(Day(day)), kind: Some(Kind::Sts), ..Filter::default() },
            Filter { until: Some(Day(day)), sender: Some("b".into()), ..Filter::default() },
        ];
        let mut look = Look::new(filters.iter().chain(&filters).cloned());
        for step in steps {
            prop_assert_eq!(look.go_on(&all, step), look.is_done());
        }
        prop_assert!(look.go_on(&all, usize::MAX));
        for filter in filters.into_iter().chain([Filter { until: Some(Day(day)), ..Filter::default() }]) {
            prop_assert_eq!(all.seen(&look).totals(&filter), all.totals(&filter));
        }
        let domains = all.totals(&Filter::default()).domains;
        // What a look has in short is no answer to who wants everything.
        let short = Look::default().with_readiness(None, Day(day)).done(&all);
        prop_assert_eq!(all.seen(&short).totals(&Filter::default()), all.totals(&Filter::default()));
        let both = Look::new([Filter::default()]).with_readiness(None, Day(day)).done(&all);
        prop_assert_eq!(all.seen(&both).readiness_of_each(Day(day)), all.readiness_of_each(Day(day)));
        prop_assert_eq!(all.seen(&both).totals(&Filter::default()), all.totals(&Filter::default()));
        let named: std::collections::BTreeSet<_> = domains.iter().map(|it| it.domain).collect();
        prop_assert_eq!(all.domains(), named);
    }

    #[test]
    fn filters_are_met_and_parts_of_days_add_up(reports in prop::collection::vec(report(), 0..12)) {
        let all = of(&reports, BUDGET);
        let totals = all.totals(&Filter::default());
        for domain in totals.domains.iter().filter(|domain| domain.domain.is_some()) {
            let filter = Filter { domain: domain.domain.map(str::to_uppercase), ..Filter::default() };
            prop_assert_eq!(&all.totals(&filter).domains, std::slice::from_ref(domain));
            for failure in &domain.failures {
                let cause = match &failure.cause {
                    Cause::Known(known) => Cause::Known(*known),
                    Cause::Other(name) => Cause::Other(name.clone().into_owned().into()),
                    Cause::Unsaid => Cause::Unsaid,
                };
                let filter = Filter {
                    cause: Some(cause),
                    kind: Some(failure.kind),
                    mx: failure.mx.map(Into::into),
                    sender: failure.sender.map(Into::into),
                    ..filter.clone()
                };
                let found = all.totals(&filter).domains[0].failures.clone();
                prop_assert!(found.contains(failure));
                prop_assert!(found.iter().all(|other| other.cause == failure.cause && other.kind == failure.kind));
                for one in &failure.addresses {
                    let filter = Filter { address: Some(one.address.into()), ..filter.clone() };
                    let found = all.totals(&filter).domains[0].failures.clone();
                    prop_assert!(found.iter().flat_map(|it| &it.addresses).all(|it| it.address == one.address));
                    prop_assert!(found.iter().any(|it| it.addresses.contains(one)));
                }
            }
            let mut parts: BTreeMap<Kind, Vec<DayTotals>> = BTreeMap::new();
            for (since, until) in [(None, Some(Day(20_001))), (Some(Day(20_002)), None)] {
                let totals = all.totals(&Filter { since, until, ..filter.clone() });
                for kind in totals.domains.iter().flat_map(|domain| &domain.kinds) {
                    parts.entry(kind.kind).or_default().extend(&kind.days);
                }
            }
            // Reports without a day are in no part.
            let dated = domain.kinds.iter().filter(|kind| !kind.days.is_empty());
            let whole: BTreeMap<Kind, Vec<DayTotals>> = dated.map(|kind| (kind.kind, kind.days.clone())).collect();
            prop_assert_eq!(parts, whole);
        }
    }
}

#[test]
fn of_one_key_the_report_that_says_most_counts() {
    let text = |failed: u64, mx: &str| {
        format!(
            r#"{{"organization-name":"A","report-id":"1","date-range":{{"start-datetime":"2026-10-01T00:00:00Z",
            "end-datetime":"2026-10-01T23:59:59Z"}},"policies":[{{"policy":{{"policy-type":"sts",
            "policy-domain":"a.example"}},"summary":{{"total-failure-session-count":{failed}}},"failure-details":
            [{{"result-type":"certificate-expired","receiving-mx-hostname":"{mx}","failed-session-count":{failed}}}]}}]}}"#
        )
    };
    let (short, long) = (text(3, "a"), text(2, "mail.a.example"));
    let mut all = Aggregate::default();
    for text in [&long, &short, &short] {
        all.add(&content(text).expect("a report"), &[]);
    }
    let totals = all.totals(&Filter::default());
    assert_eq!((totals.reports, totals.duplicates), (1, 2));
    assert_eq!(totals.domains[0].kinds[0].failure, 2);
}

/// Some senders give all reports of a day one id.
#[test]
fn reports_about_different_domains_are_different() {
    let text = |domains: &[&str], failed: u64| {
        let policy = |domain: &&str| {
            format!(
                r#"{{"policy":{{"policy-type":"sts","policy-domain":"{domain}"}},"summary":
                {{"total-failure-session-count":{failed}}}}}"#
            )
        };
        let policies: Vec<_> = domains.iter().map(policy).collect();
        format!(
            r#"{{"organization-name":"A","report-id":"1","date-range":{{"start-datetime":"2026-10-01T00:00:00Z",
            "end-datetime":"2026-10-01T23:59:59Z"}},"policies":[{}]}}"#,
            policies.join(",")
        )
    };
    let same = [text(&["a.example"], 1), text(&["A.example."], 1), text(&["a.example"], 2)];
    let other = [text(&["b.example"], 1), text(&["a.example", "b.example"], 1)];
    let mut all = Aggregate::default();
    let mut keys = std::collections::BTreeSet::new();
    for text in same.iter().chain(&other) {
        let report = content(text).expect("a report");
        keys.insert(key(&report, &[]));
        all.add(&report, &[]);
    }
    let totals = all.totals(&Filter::default());
    assert_eq!((totals.reports, totals.duplicates, keys.len()), (3, 2, 3));
    let named: Vec<_> =
        totals.domains.iter().map(|domain| (domain.domain, domain.reports)).collect();
    assert_eq!(named, [(Some("a.example"), 2), (Some("b.example"), 2)]);
}

#[test]
fn too_much_detail_is_told_in_less() {
    let failure = |number: u64| crate::report::Failure {
        result_type: Some("certificate-expired".into()),
        mx: Some("mx.a.example".into()),
        reason: Some(number.to_string().into()),
        count: Some(1),
        ..Default::default()
    };
    let policy = PolicyResult {
        domain: Some("a.example".into()),
        failure: Some(5_000),
        failures: (0..5_000).map(failure).collect(),
        ..Default::default()
    };
    let many = vec![PolicyResult::default(); 1_200];
    let reports = [vec![policy], many].map(|policies| Content { policies, ..Default::default() });
    let all = of(&reports, BUDGET);
    let totals = all.totals(&Filter::default());
    let domain = totals.domains.iter().find(|domain| domain.domain.is_some()).expect("the one");
    let [failure] = &domain.failures[..] else { panic!("{domain:?}") };
    assert_eq!((failure.sessions, failure.mx), (Some(5_000), Some("mx.a.example")));
    assert_eq!(totals.policies_left_out, 200);
}

#[test]
fn names_of_reports_that_are_gone_take_no_room() {
    let mut all = Aggregate { budget: 10_000, ..Aggregate::default() };
    for number in 0..1_000 {
        let report = Content {
            organization: Some(format!("{number:0200}").into()),
            start: moment(number),
            ..Default::default()
        };
        all.add(&report, &[]);
        assert!(all.names.bytes() <= 12_500 + 296);
    }
    let totals = all.totals(&Filter::default());
    assert_eq!(totals.last, Some(Day(999)));
    assert_eq!(totals.left_out + totals.reports, 1_000);
    assert!(totals.reports > 20 && totals.reports < 34);
}

#[test]
fn copies_of_the_policy_are_compared_as_sets() {
    let report = |sender: &'static str, day, lines: &[&'static str], mx: &'static str| Content {
        organization: Some(sender.into()),
        start: moment(day),
        policies: vec![PolicyResult {
            policy_type: Some(PolicyType::Sts),
            domain: Some("A.example.".into()),
            policy: lines.iter().map(|line| Cow::Borrowed(*line)).collect(),
            failures: vec![crate::report::Failure { mx: Some(mx.into()), ..Default::default() }],
            ..Default::default()
        }],
        ..Default::default()
    };
    let now = "version: STSv1\nmode: enforce\nmx: *.a.example\nmx: mail.b.example\nmax_age: 604800\nnote: x\n";
    let anew = [
        "version: STSv1",
        "mode: enforce",
        "max_age: 604800",
        "mx:mail.B.example ",
        "mx: *.a.example",
    ];
    let stale = ["version: STSv1", "mode: testing", "mx: *.a.example", "max_age: 604800"];
    let all = of(
        &[
            report("New", 20_001, &anew, "x.y.a.example"),
            report("Old", 20_000, &stale, "a.example"),
            report("Old", 20_003, &stale, "in.a.example"),
        ],
        BUDGET,
    );
    let compared = all.compare("a.example", now);
    let [old, new] = &compared.copies[..] else { panic!("{compared:?}") };
    assert_eq!(
        (old.sender, old.first, old.last, old.reports),
        (Some("Old"), Some(Day(20_000)), Some(Day(20_003)), 2)
    );
    assert!(!old.same && new.same);
    assert_eq!(old.missing, ["mode: enforce", "mx: mail.b.example", "note: x"]);
    assert_eq!(old.other, ["mode: testing"]);
    assert_eq!((&new.missing[..], &new.other[..]), (&["note: x".to_owned()][..], &[][..]));
    assert_eq!(
        old.text(),
        "version: STSv1\r\nmode: testing\r\nmx: *.a.example\r\nmax_age: 604800\r\n"
    );
    let short: Vec<_> =
        compared.short.iter().map(|(pattern, host, _)| (&pattern[..], *host)).collect();
    assert_eq!(short, [("*.a.example", "a.example"), ("*.a.example", "x.y.a.example")]);
    assert_eq!(all.compare("b.example", now), Comparison::default());
}

#[test]
fn a_policy_that_stands_twice_in_a_report_is_seen_in_one() {
    let policy = PolicyResult {
        policy_type: Some(PolicyType::Sts),
        domain: Some("a.example".into()),
        policy: vec!["mode: testing".into()],
        ..Default::default()
    };
    let report = |day| Content {
        start: moment(day),
        policies: vec![policy.clone(), policy.clone()],
        ..Default::default()
    };
    let all = of(&[report(20_000), report(20_001)], BUDGET);
    let totals = all.totals(&Filter::default());
    let [seen] = &totals.domains[0].policies[..] else { panic!("{totals:?}") };
    assert_eq!((seen.reports, totals.reports), (2, 2));
    assert_eq!(seen.mode(), Some(crate::policy::Mode::Testing));
}

#[test]
fn a_report_without_policies_has_a_row() {
    let empty =
        Content { organization: Some("A".into()), start: moment(20_000), ..Default::default() };
    let all = of(std::slice::from_ref(&empty), BUDGET);
    let free: Vec<_> = rows(&empty).collect();
    let kept = |filter: &Filter| {
        all.rows(filter)
            .map(|row| (row.organization.map(Cow::into_owned), row.day, row.policy))
            .collect::<Vec<_>>()
    };
    let wanted =
        free.into_iter().map(|row| (row.organization.map(Cow::into_owned), row.day, row.policy));
    assert_eq!(
        kept(&Filter { sender: Some("a".into()), ..Default::default() }),
        wanted.collect::<Vec<_>>()
    );
    for filter in [
        Filter { domain: Some("a.example".into()), ..Default::default() },
        Filter { kind: Some(Kind::Sts), ..Default::default() },
        Filter { cause: Some(Cause::Unsaid), ..Default::default() },
        Filter { mx: Some("mx".into()), ..Default::default() },
        Filter { address: Some("192.0.2.1".into()), ..Default::default() },
        Filter { sender: Some("B".into()), ..Default::default() },
    ] {
        assert_eq!(kept(&filter), [], "{filter:?}");
    }
}

#[test]
fn short_names_weigh_what_they_take() {
    let failure = |number: u32| crate::report::Failure {
        mx: Some(format!("{number:x}").into()),
        ..Default::default()
    };
    let report = |day: i32| Content {
        start: moment(day),
        policies: vec![PolicyResult {
            failures: (0..1_000).map(|number| failure(1_000 * day as u32 + number)).collect(),
            ..Default::default()
        }],
        ..Default::default()
    };
    let all = of(&[report(1)], BUDGET);
    // A text that is shared takes a counted place of its own, one in the list and one in the tree.
    assert!(all.weight() >= 1_000 * 80 && all.names.bytes() >= 1_000 * 80, "{}", all.weight());
    let budget = 300_000;
    let reports: Vec<_> = (1..40).map(report).collect();
    let all = of(&reports, budget);
    assert!(all.left_out > 0 && all.weight() <= budget);
    assert!(all.names.len() <= 5_000, "{}", all.names.len());
}

#[test]
fn a_hundred_thousand_usual_reports_are_kept() {
    let failure = |number: u8| crate::report::Failure {
        result_type: Some("certificate-expired".into()),
        mx: Some("mx1.mail.acme-mail.example".into()),
        sending_ip: Some([192, 0, 2, number].into()),
        count: Some(3),
        ..Default::default()
    };
    let report = Content {
        organization: Some("Example Mail Corporation".into()),
        start: moment(20_000),
        policies: vec![PolicyResult {
            policy_type: Some(PolicyType::Sts),
            domain: Some("acme-mail.example".into()),
            policy: [
                "version: STSv1",
                "mode: enforce",
                "mx: *.mail.acme-mail.example",
                "max_age: 604800",
            ]
            .map(Cow::Borrowed)
            .into(),
            failures: (0..10).map(failure).collect(),
            ..Default::default()
        }],
        ..Default::default()
    };
    // A hundred of it, with the names that they share, weigh less than a thousandth part of the bound.
    let reports: Vec<_> =
        (0..100).map(|day| Content { start: moment(day), ..report.clone() }).collect();
    let all = of(&reports, BUDGET);
    assert_eq!((all.len(), all.left_out), (100, 0));
    assert!(all.weight() * 1_000 <= BUDGET, "{}", all.weight());
}

#[test]
fn names_weigh_once_however_many_reports_have_them() {
    let report = |day| Content {
        organization: Some("Example Mail Corporation of a long name".into()),
        start: moment(day),
        ..Default::default()
    };
    let [one, two, three] =
        [1, 2, 3].map(|count| of(&(0..count).map(report).collect::<Vec<_>>(), BUDGET).weight());
    assert_eq!(two - one, three - two);
    assert!(two - one < one - 100, "{one} {two}");
    // What is left out gives its names back.
    let mut all = of(&[report(1)], BUDGET);
    all.end_at(*all.reports.keys().next().expect("the one"));
    assert_eq!((all.weight(), all.left_out), (0, 1));
}

//! Which policy senders may still hold: dates worked out by hand.

use stslint::policy::Mode;
use stslint::senders::models::MODELS;
use stslint::senders::policy_text;
use stslint::senders::timeline::{Published, Row, Timeline, Until};

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

fn published(day: i64, mode: Mode, mx: &[&str], max_age: i64, id: &str) -> Published {
    let mx: Vec<String> = mx.iter().map(|pattern| (*pattern).to_owned()).collect();
    let text = policy_text(mode, &mx, u64::try_from(max_age).expect("a lifetime"));
    let record = format!("v=STSv1; id={id};");
    let (from, policy) = (day * DAY, Some(text.into_bytes()));
    Published { from, policy, records: vec![record], ttl: 3600 }
}

fn nothing(day: i64) -> Published {
    Published { from: day * DAY, policy: None, records: Vec::new(), ttl: 3600 }
}

fn row(history: &[Published], name: &str) -> Row {
    let model = MODELS.iter().copied().find(|model| model.name == name).expect("a model");
    Row::of(model, history)
}

/// For each model in the order of `MODELS`.
fn each(history: &[Published], date: impl Fn(&Row) -> Until) -> Vec<(&'static str, Until)> {
    Timeline::of(history).rows.iter().map(|row| (row.model.name, date(row))).collect()
}

/// Day 10: the new host is named as well. How long mail to the new host alone may fail.
fn moved(id: &str) -> Vec<Published> {
    vec![
        published(0, Mode::Enforce, &["old.example"], 7 * DAY, "1"),
        published(10, Mode::Enforce, &["old.example", "new.example"], 7 * DAY, id),
    ]
}

#[test]
fn a_new_host_is_free_when_the_last_old_copy_has_ended() {
    let history = moved("2");
    // RFC 8461 §3.2: fetched for the last time on day 10, kept for 7 days.
    let day17 = Until::At(17 * DAY);
    // Some begin the lifetime anew when they see the old id, which a resolver may have for an hour.
    let renewed = Until::At(17 * DAY + HOUR);
    let want = [
        ("RFC 8461", day17),
        // It looks every day, and sees the new id when the hour is over.
        ("mox", Until::At(11 * DAY + HOUR)),
        // It fetches every 10 minutes, whatever the id.
        ("chasquid", Until::At(10 * DAY + 10 * MINUTE)),
        ("maddy", Until::At(10 * DAY + 13 * HOUR)),
        ("postfix-mta-sts-resolver", renewed),
        ("postfix-tlspol", day17),
        ("Stalwart", day17),
        ("KumoMTA", day17),
        ("mailauth", renewed),
        ("mailrs", day17),
        ("rest-mail", day17),
        ("Mimecast", day17),
        ("Halon", renewed),
    ];
    assert_eq!(each(&history, |row| row.hosts_free(&["new.example"], None)), want);
    assert_eq!(Timeline::of(&history).hosts_free(&["new.example"], None), renewed);
    assert_eq!(Timeline::of(&history).hosts_free(&["old.example"], None), Until::Free);
    // What is published now enforces.
    assert_eq!(Timeline::of(&history).removal_free(), Until::Never);
}

#[test]
fn with_the_old_id_some_never_see_the_new_policy() {
    let day17 = Until::At(17 * DAY);
    let want = [
        ("RFC 8461", day17),
        ("mox", Until::Never),
        ("chasquid", Until::At(10 * DAY + 10 * MINUTE)),
        ("maddy", day17),
        ("postfix-mta-sts-resolver", Until::Never),
        ("postfix-tlspol", day17),
        ("Stalwart", day17),
        ("KumoMTA", day17),
        ("mailauth", Until::Never),
        ("mailrs", day17),
        ("rest-mail", day17),
        ("Mimecast", day17),
        ("Halon", Until::Never),
    ];
    assert_eq!(each(&moved("1"), |row| row.hosts_free(&["new.example"], None)), want);
}

#[test]
fn a_message_makes_most_senders_look() {
    let noticed = |id: &str, name: &str| row(&moved(id), name).spans[0].noticed;
    // RFC 8461 §8.1: when the TTL of the record has passed.
    assert_eq!(noticed("2", "RFC 8461"), Some(10 * DAY + HOUR));
    assert_eq!(noticed("1", "RFC 8461"), None);
    // It fetches with each message, whatever the id.
    assert_eq!(noticed("1", "mailauth"), Some(10 * DAY));
    for name in ["chasquid", "postfix-tlspol", "mailrs"] {
        assert_eq!(noticed("2", name), None, "{name}");
    }
}

#[test]
fn spans_tell_what_is_certain_from_what_is_possible() {
    let spans = row(&moved("2"), "RFC 8461").spans;
    let times = |index: usize| (spans[index].from, spans[index].served_until, spans[index].to);
    assert_eq!(times(0), (0, Some(10 * DAY), Some(17 * DAY)));
    assert_eq!(times(1), (10 * DAY, None, None));
    assert_eq!(spans[1].policy.mx, ["old.example", "new.example"]);
    let row = row(&moved("2"), "RFC 8461");
    let held = |time| -> Vec<(usize, bool)> {
        row.held_at(time).map(|(span, certain)| (span.state, certain)).collect()
    };
    assert_eq!(held(-1), []);
    assert_eq!(held(0), [(0, true)]);
    assert_eq!(held(10 * DAY), [(0, false), (1, true)]);
    assert_eq!(held(17 * DAY), [(1, true)]);
}

#[test]
fn removal_takes_as_long_as_the_longest_lifetime_ever() {
    // RFC 8461 §8.3: a policy older than the last may have been served with a longer lifetime.
    let history = [
        published(0, Mode::Enforce, &["old.example"], 365 * DAY, "1"),
        published(10, Mode::Enforce, &["old.example"], 7 * DAY, "2"),
        published(20, Mode::None, &["old.example"], DAY, "3"),
    ];
    let free = |name| row(&history, name).removal_free();
    assert_eq!(free("RFC 8461"), Until::At(375 * DAY));
    // It keeps no policy for more than 30 days.
    assert_eq!(free("postfix-tlspol"), Until::At(40 * DAY));
    assert_eq!(free("mox"), Until::At(21 * DAY + HOUR));
    // It never takes mode none for a policy, so that its copy is not replaced.
    assert_eq!(free("Mimecast"), Until::At(375 * DAY));
    // Nothing published any more makes no difference to what is kept.
    let gone = [&history[..], &[nothing(30)]].concat();
    assert_eq!(row(&gone, "RFC 8461").removal_free(), Until::At(375 * DAY));
    // Removed at once: whatever looks by itself finds nothing either.
    let wrong = [history[0].clone(), nothing(10)];
    for (name, date) in each(&wrong, Row::removal_free) {
        let want = match name {
            "postfix-tlspol" => 40 * DAY,
            // They see the record for another hour, and begin anew.
            "mox" | "postfix-mta-sts-resolver" | "mailauth" | "Halon" => 375 * DAY + HOUR,
            _ => 375 * DAY,
        };
        assert_eq!(date, Until::At(want), "{name}");
    }
}

#[test]
fn a_lifetime_may_be_another_for_software() {
    // The greatest lifetime: Stalwart takes a day for it.
    let history = [published(0, Mode::Enforce, &["old.example"], 31_557_600, "1"), nothing(10)];
    assert_eq!(row(&history, "Stalwart").removal_free(), Until::At(11 * DAY));
    assert_eq!(row(&history, "RFC 8461").removal_free(), Until::At(10 * DAY + 31_557_600));
    // An hour: Mimecast takes a week for it when it is enforced.
    let history = [published(0, Mode::Enforce, &["old.example"], HOUR, "1"), nothing(10)];
    assert_eq!(row(&history, "Mimecast").removal_free(), Until::At(17 * DAY));
}

#[test]
fn a_policy_that_no_record_announces_is_not_held() {
    let mut early = published(0, Mode::Enforce, &["old.example"], 7 * DAY, "1");
    early.records.clear();
    let history = [early, published(5, Mode::Testing, &["old.example"], 7 * DAY, "1")];
    let spans = row(&history, "RFC 8461").spans;
    assert_eq!(spans.iter().map(|span| span.state).collect::<Vec<_>>(), [1]);
    // A resolver may still have a record that is gone: for an hour the new file is found.
    let mut late = published(5, Mode::Enforce, &["new.example"], 7 * DAY, "2");
    late.records.clear();
    let history = [published(0, Mode::Enforce, &["old.example"], 7 * DAY, "1"), late, nothing(6)];
    let spans = row(&history, "RFC 8461").spans;
    assert_eq!(spans[1].to, Some(12 * DAY + HOUR));
}

#[test]
fn what_is_only_tested_keeps_no_mail_away_but_is_not_removed_yet() {
    let history = [
        published(0, Mode::Testing, &["old.example"], 7 * DAY, "1"),
        published(10, Mode::None, &["old.example"], DAY, "2"),
    ];
    let row = row(&history, "RFC 8461");
    assert_eq!(row.hosts_free(&["new.example"], None), Until::Free);
    // RFC 8461 §8.3: all previously served policies have to have expired.
    assert_eq!(row.removal_free(), Until::At(17 * DAY));
}

#[test]
fn odd_times_do_no_harm() {
    let mut odd = published(0, Mode::Enforce, &["old.example"], 7 * DAY, "1");
    odd.from = i64::MAX - 5;
    odd.ttl = u32::MAX;
    let history = [Published { from: i64::MIN, ..odd.clone() }, odd, nothing(-3)];
    Timeline::of(&history).hosts_free(&["a"], None);
    assert!(Timeline::of(&[]).rows.iter().all(|row| row.spans.is_empty()));
}

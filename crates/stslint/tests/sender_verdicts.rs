//! What `agree::verdict` and its words say of whole policies: who differs in what, what makes them agree.

use stslint::agree::verdict;
use stslint::render::senders::{Told, refused};
use stslint::senders::models::{MODELS, STANDARD, software};
use stslint::senders::verdict::{Refused, Standing};
use stslint::{Input, Kind, ToAscii};

const IDNA: Option<ToAscii> = Some(|name| idna::domain_to_ascii(name).ok());

const GOOD: &str = "version: STSv1\r\nmode: enforce\r\nmx: mail.acme.se\r\nmax_age: 1209600\r\n";

/// The repair, the sentences, and what it comes to.
fn told(
    source: &str,
    records: Option<&[&str]>,
    hosts: &[&str],
) -> (Option<String>, Vec<String>, Standing) {
    let input = Input { to_ascii: IDNA, ..Input::new(source.as_bytes()) };
    let verdict = verdict(&input, records, hosts).expect("a policy");
    let told = Told { source: source.as_bytes(), verdict: &verdict, records, hosts };
    (told.repair(), told.summary(), verdict.matrix.standing())
}

#[test]
fn the_standard_comes_first_and_is_no_software() {
    assert_eq!(MODELS.first().map(|model| model.name), Some(STANDARD.name));
    assert_eq!(software().count() + 1, MODELS.len());
}

#[test]
fn a_good_policy_is_used_alike() {
    let (repair, summary, standing) = told(GOOD, Some(&["v=STSv1; id=1"]), &["mail.acme.se"]);
    assert_eq!(repair, None);
    assert_eq!(
        summary,
        [
            "All 12 senders use this policy alike.",
            "All 12 senders take the record.",
            "mail.acme.se matches for all that use the policy.",
        ]
    );
    assert_eq!(standing, Standing::Alike);
}

#[test]
fn a_blank_line_divides_them_and_its_fix_unites_them() {
    let source = GOOD.replace("mx:", "\r\nmx:");
    let (repair, summary, standing) = told(&source, None, &[]);
    assert_eq!(
        repair.as_deref(),
        Some(
            "Remove the blank line (the fix of STS-POL-023): then all 12 senders use this policy alike."
        )
    );
    assert_eq!(
        summary,
        [
            "9 of 12 senders use this policy; mox, maddy and postfix-tlspol reject the blank line at \
          3:1, as RFC 8461 does."
        ]
    );
    assert_eq!(standing, Standing::Rejected);
}

#[test]
fn places_are_those_of_the_input() {
    let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n";
    let (repair, summary, _) =
        told(&(head.to_owned() + &GOOD.replace("mx:", "\r\nmx:")), None, &[]);
    assert!(summary[0].contains("the blank line at 6:1"), "{summary:?}");
    // The head of the answer is no fault of the policy.
    assert!(repair.is_some_and(|repair| repair.contains("(the fix of STS-POL-023)")));
}

#[test]
fn the_answer_counts_too() {
    let source = format!("HTTP/1.1 404 Not Found\r\nContent-Type: text/plain\r\n\r\n{GOOD}");
    let (repair, summary, standing) = told(&source, None, &[]);
    assert_eq!(repair, None, "no text repairs a status");
    assert!(summary[0].starts_with("Only Stalwart uses this policy; "), "{summary:?}");
    assert!(summary[0].contains("the HTTP status 404, as RFC 8461 does"), "{summary:?}");
    assert_eq!(standing, Standing::Rejected);
}

#[test]
fn a_lifetime_that_is_cut_is_told_and_needs_no_fix() {
    let (repair, summary, standing) = told(&GOOD.replace("1209600", "31557600"), None, &[]);
    assert_eq!(repair, None);
    assert_eq!(
        summary,
        ["All 12 senders use this policy; Stalwart keeps it for 1 day, not 365.25."]
    );
    assert_eq!(standing, Standing::Differ);
    // postfix-tlspol keeps any policy for 30 days at most, and looks for it again before these are over.
    let (.., standing) = told(&GOOD.replace("1209600", "31536000"), None, &[]);
    assert_eq!(standing, Standing::Alike);
}

#[test]
fn a_fix_that_helps_some_says_what_is_left() {
    let source = GOOD.replace("1209600", "31557600").replace("mx:", "\r\nmx:");
    let (repair, summary, _) = told(&source, None, &[]);
    assert_eq!(
        repair.as_deref(),
        Some(
            "Remove the blank line (the fix of STS-POL-023): then 11 of 12 senders use it alike; \
             Stalwart keeps it for 1 day, not 365.25."
        )
    );
    assert!(summary[0].ends_with("Stalwart keeps it for 1 day, not 365.25."), "{summary:?}");
}

#[test]
fn fixes_that_are_not_needed_are_left_out() {
    // LF as line end divides nobody: its fix stays away.
    let source = "version: STSv1\nmode: enforce\nmx: mail.acme.se\n\nmax_age: 1209600\n";
    let verdict = verdict(&Input::new(source.as_bytes()), None, &[]).expect("a policy");
    let repair = verdict.repair.expect("a repair");
    assert_eq!(repair.codes, ["STS-POL-023"]);
    assert_eq!(repair.text, source.replace("\n\n", "\n").as_bytes());
}

#[test]
fn two_fixes_may_be_needed() {
    // Mimecast tells upper case from lower case.
    let source = GOOD.replace("mail", "Mail").replace("mode", " mode");
    let (repair, summary, _) = told(&source, None, &[]);
    let repair = repair.expect("a repair");
    assert!(repair.contains("(the fixes of STS-POL-025 and STS-POL-100): then all 12"), "{repair}");
    assert!(!summary[0].contains("Mimecast"), "where the RFC has none, no patterns differ");
    let (_, summary, standing) = told(&GOOD.replace("mail", "Mail"), None, &[]);
    assert_eq!(
        summary,
        ["All 12 senders use this policy; Mimecast has the mx patterns without mail.acme.se."]
    );
    assert_eq!(standing, Standing::Differ);
}

#[test]
fn a_repeated_mode_is_read_in_two_ways() {
    let source = GOOD.to_owned() + "mode: testing\r\n";
    let (repair, summary, standing) = told(&source, None, &[]);
    assert_eq!(repair, None, "which one is meant, nobody but its author knows");
    assert_eq!(
        summary,
        ["11 of 12 senders use this policy; KumoMTA rejects the repeated field at 5:1; chasquid, \
          maddy, postfix-mta-sts-resolver, Stalwart, mailauth, mailrs and Halon read mode testing, not \
          enforce."]
    );
    assert_eq!(standing, Standing::Differ);
}

#[test]
fn hosts_and_records_are_compared_by_each() {
    let source = GOOD.replace("mail.acme", "*.acme");
    let hosts = ["a.acme.se", "a.b.acme.se", "MAIL.ACME.SE"];
    let (_, summary, standing) = told(&source, Some(&["v=STSv1 ; id=1"]), &hosts);
    assert_eq!(
        summary[1..],
        [
            "10 of 12 senders take the record; chasquid and Halon stumble over the start of the record \
             at character 8.",
            "a.b.acme.se matches for postfix-mta-sts-resolver, postfix-tlspol, mailauth and Mimecast only; \
             MAIL.ACME.SE does not match for Mimecast; a.acme.se matches for all that use the policy.",
        ]
    );
    assert_eq!(standing, Standing::Differ);
    let (_, _, standing) = told(GOOD, Some(&[]), &[]);
    assert_eq!(standing, Standing::Rejected, "no record");
}

#[test]
fn patterns_in_another_form_are_no_other_patterns() {
    // Postfix is told `.acme.se`, mailauth keeps each pattern once.
    let source = GOOD.replace("mail.acme.se", "*.acme.se\r\nmx: a.acme.net\r\nmx: a.acme.net");
    let (_, summary, standing) = told(&source, None, &[]);
    assert_eq!(summary, ["All 12 senders use this policy alike."]);
    assert_eq!(standing, Standing::Alike);
}

#[test]
fn what_is_no_policy_is_refused_with_a_sentence() {
    for (source, want) in [
        ("v=STSv1; id=1;", Refused::Other(Kind::StsTxt)),
        ("acme.se", Refused::Other(Kind::Domain)),
        ("Hello, is my mail safe?", Refused::Other(Kind::Unknown)),
        ("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n", Refused::Headers),
    ] {
        let got = verdict(&Input::new(source.as_bytes()), None, &[]).err();
        assert_eq!(got, Some(want), "{source}");
        assert!(!refused(want).is_empty());
    }
    let quoted = format!("See:\n```\n{GOOD}```\n");
    let got = verdict(&Input::new(quoted.as_bytes()), None, &[]).err();
    assert_eq!(got, Some(Refused::Inside));
}

#[test]
fn hostile_names_stay_in_their_cells() {
    let host = format!("a\u{1b}[31m\n{}.se", "x".repeat(500));
    let record = "v=STSv1; id=\u{202e}1";
    let records = [record];
    let hosts = [host.as_str()];
    let source = GOOD.replace("mail.acme.se", "a\u{1b}b");
    let input = Input { to_ascii: IDNA, ..Input::new(source.as_bytes()) };
    let verdict = verdict(&input, Some(&records), &hosts).expect("a policy");
    let told = Told {
        source: source.as_bytes(),
        verdict: &verdict,
        records: Some(&records),
        hosts: &hosts,
    };
    let text = told.text("stslint senders --corrected -");
    assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    let rows = text.lines().filter(|line| MODELS.iter().any(|model| line.starts_with(model.name)));
    assert!(rows.count() >= MODELS.len());
    assert!(text.lines().all(|line| line.chars().count() < 600), "{text}");
}

//! What is said of reports that are taken together: the shortest set of each kind, with what has to be told of it, and
//! what must not.

use stslint::render::aggregate::{markdown, text};
use stslint::report::aggregate::{Aggregate, Day, Filter};
use stslint::report::content;

/// A report of a sender about a day in November 2026; today is the 30th.
fn report(sender: &str, day: u32, policies: &[String]) -> String {
    report_with_id(sender, day, &format!("{sender}{day}"), policies)
}

fn report_with_id(sender: &str, day: u32, id: &str, policies: &[String]) -> String {
    format!(
        r#"{{"organization-name":"{sender}","date-range":{{"start-datetime":"2026-11-{day:02}T00:00:00Z","end-datetime":
        "2026-11-{day:02}T23:59:59Z"}},"contact-info":"a@b.se","report-id":"{id}","policies":[{}]}}"#,
        policies.join(",")
    )
}

/// What comes of a policy of a domain; `lines` are those that the sender had, with `|` between them.
fn policy(
    kind: &str,
    domain: &str,
    lines: &str,
    summary: (&str, &str),
    details: &[String],
) -> String {
    let lines = match lines {
        "" => String::new(),
        _ => format!(r#","policy-string":["{}"]"#, lines.replace('|', "\",\"")),
    };
    let number = |name: &str, number: &str| match number {
        "" => String::new(),
        _ => format!(r#""total-{name}-session-count":{number}"#),
    };
    let numbers = [number("successful", summary.0), number("failure", summary.1)];
    let numbers: Vec<String> = numbers.into_iter().filter(|number| !number.is_empty()).collect();
    format!(
        r#"{{"policy":{{"policy-type":"{kind}","policy-domain":"{domain}"{lines}}},"summary":{{{}}},"failure-details":[{}]}}"#,
        numbers.join(","),
        details.join(",")
    )
}

fn lines(mode: &str, mx: &str) -> String {
    format!("version: STSv1|mode: {mode}|mx: {mx}|max_age: 86400")
}

fn sts(mode: &str, summary: (&str, &str), details: &[String]) -> String {
    policy("sts", "a.se", &lines(mode, "m.a.se"), summary, details)
}

fn good(mode: &str) -> String {
    sts(mode, ("9", "0"), &[])
}

fn none_found() -> String {
    policy("no-policy-found", "a.se", "", ("9", "0"), &[])
}

fn detail(result: &str, mx: &str, sessions: &str, reason: &str) -> String {
    let sessions = match sessions {
        "" => String::new(),
        _ => format!(r#","failed-session-count":{sessions}"#),
    };
    let reason = match reason {
        "" => String::new(),
        _ => format!(r#","failure-reason-code":"{reason}""#),
    };
    format!(r#"{{"result-type":"{result}","receiving-mx-hostname":"{mx}"{sessions}{reason}}}"#)
}

fn failure(result: &str, mx: &str, sessions: &str) -> Vec<String> {
    vec![detail(result, mx, sessions, "")]
}

/// What is told of reports, as text and as Markdown without its escapes.
fn told(reports: &[String], domain: Option<&str>) -> [String; 2] {
    let today = Day::read("2026-11-30");
    let mut all = Aggregate::default();
    for report in reports {
        all.add(&content(report).unwrap_or_else(|| panic!("no report: {report}")), &[]);
    }
    let ready = today.map(|today| all.readiness_of_each(today)).unwrap_or_default();
    let filter = Filter { domain: domain.map(Into::into), ..Filter::default() };
    let totals = all.totals(&filter);
    [text(&totals, &ready, today), markdown(&totals, &ready, today).replace('\\', "")]
}

/// What both tell, and what none does.
fn check(reports: &[String], domain: Option<&str>, wanted: &[&str], unwanted: &[&str]) {
    for text in told(reports, domain) {
        for part in wanted {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        for part in unwanted {
            assert!(!text.contains(part), "{part} is in\n{text}");
        }
    }
}

const READY: &str = "Ready for enforce";

/// Postfix and others write the mail host for the domain, and nothing else.
#[test]
fn dane_reports_that_stand_alone_are_about_the_domain_of_the_host() {
    let testing = || [report("G", 10, &[good("testing")]), report("G", 29, &[good("testing")])];
    let of_host = |result: &str, host: &str| {
        policy("tlsa", host, "", ("0", "5"), &failure(result, host, "5"))
    };
    let with = |reports: &[String]| [&testing()[..], reports].concat();
    // The id tells the domain, or the policy in other reports does.
    for id in ["2026-11-29T00:00:00Z_idx1_a.se", "P1"] {
        let alone = |result: &str| report_with_id("P", 29, id, &[of_host(result, "m.a.se")]);
        check(
            &with(&[alone("tlsa-invalid")]),
            Some("a.se"),
            &[
                "DANE: 0 sessions went well, 5 wrong",
                "DANE defers such mail, whatever the mode of MTA-STS. First see to it that this is over.",
                READY,
            ],
            &["No failures"],
        );
        // No server is without STARTTLS for some only.
        check(
            &with(&[alone("starttls-not-supported")]),
            None,
            &["Not ready for enforce. 5 failures stand in the way"],
            &[READY, "\nm.a.se\n"],
        );
    }
    let microsoft = report_with_id("M", 29, "1331+a.se", &[of_host("tlsa-invalid", "mx.b.se")]);
    check(&[microsoft], Some("a.se"), &["No TLSA record fits", "mx.b.se"], &["No reports"]);
}

#[test]
fn a_host_that_several_domains_name_is_nobodys() {
    let of = |domain: &str, mx: &str| {
        report("G", 29, &[policy("sts", domain, &lines("testing", mx), ("9", "0"), &[])])
    };
    let host = |fails: bool| {
        let details = if fails { failure("tlsa-invalid", "mx.h.se", "5") } else { Vec::new() };
        report("P", 29, &[policy("tlsa", "mx.h.se", "", ("4", "0"), &details)])
    };
    let domains = |reports: &[String]| -> Vec<String> {
        let mut all = Aggregate::default();
        for report in reports {
            all.add(&content(report).expect("a report"), &[]);
        }
        all.domains().into_iter().flatten().map(str::to_owned).collect()
    };
    assert_eq!(domains(&[of("a.se", "mx.h.se"), host(false)]), ["a.se"]);
    assert_eq!(
        domains(&[of("a.se", "mx.h.se"), of("b.se", "mx.h.se"), host(false)]),
        ["a.se", "b.se", "mx.h.se"]
    );
    // A star may cover a domain: only where sessions failed at it is it a host for sure.
    assert_eq!(domains(&[of("a.se", "*.h.se"), host(false)]), ["a.se", "mx.h.se"]);
    assert_eq!(domains(&[of("a.se", "*.h.se"), host(true)]), ["a.se"]);
    // It has a policy of its own.
    assert_eq!(
        domains(&[of("a.se", "mx.h.se"), of("mx.h.se", "x.se"), host(false)]),
        ["a.se", "mx.h.se"]
    );
}

#[test]
fn after_the_change_to_enforce_a_copy_in_testing_is_an_old_one() {
    let [testing, enforce] = [|| good("testing"), || good("enforce")];
    let start = || report("G", 10, &[testing()]);
    let enforced = "Nothing to promote. The policy is in mode enforce already.";
    for reports in [
        vec![start(), report("G", 29, &[testing(), enforce()])],
        vec![start(), report("G", 28, &[enforce()]), report("G", 29, &[enforce()])],
    ] {
        check(&reports, None, &[enforced], &["Not enough is known", "In testing"]);
    }
    check(
        &[start(), report("G", 28, &[enforce()]), report("M", 29, &[testing()])],
        None,
        &[
            enforced,
            "Enforced since 2026-11-28 at the latest. `M` still has the copy in mode testing, 2026-11-29: senders keep a copy",
        ],
        &["In testing", "Not enough"],
    );
    // Who has what, where nobody can tell which is newer.
    check(
        &[start(), report("G", 29, &[testing()]), report("M", 29, &[enforce()])],
        None,
        &["`G` has it in mode testing, 2026-11-29, `M` has it in mode enforce, 2026-11-29."],
        &["not known since when", READY],
    );
}

#[test]
fn a_policy_that_is_not_found_any_more_is_not_ready_to_be_enforced() {
    let start = [report("G", 10, &[good("testing")]), report("G", 20, &[good("testing")])];
    let gone = [&start[..], &[report("G", 29, &[none_found()])]].concat();
    let words = "Not enough is known. `G` had the policy, and has found none since 2026-11-29.";
    check(&gone, None, &[words], &[READY, "In testing since"]);
    // Another that never found one does not hold it up, and is told.
    let newest = report("G", 29, &[good("testing")]);
    let other = [&start[..], &[newest, report("M", 29, &[none_found()])]].concat();
    check(
        &other,
        None,
        &[READY, "No policy was found by `M`, 2026-11-29: it asked for nothing"],
        &[],
    );
}

#[test]
fn where_no_policy_is_found_that_is_said() {
    let reports = [report("G", 29, &[none_found()])];
    check(
        &reports,
        None,
        &[
            "No policy was found by `G`, 2026-11-29: it asked for nothing, and mail would go on without TLS",
            "a check of the domain shows what is in the way",
        ],
        &[],
    );
    // Who sent nothing that way has looked for TLSA records only.
    let bare = policy("no-policy-found", "a.se", "", ("0", "0"), &[]);
    check(&[report("P", 29, &[good("testing"), bare])], None, &[], &["No policy was found by"]);
}

#[test]
fn what_failures_meant_for_mail_comes_first() {
    let expired = sts("enforce", ("0", "50"), &failure("certificate-expired", "m.a.se", "50"));
    check(
        &[report("G", 29, &[expired])],
        None,
        &[
            "Mail was kept away, last on 2026-11-29: the policy was in mode enforce, so that mail waits or bounces. First see",
            "The policy was in mode enforce, so that mail waits or bounces.",
        ],
        &[],
    );
    let [text, _] = told(
        &[report(
            "G",
            29,
            &[sts("enforce", ("0", "5"), &failure("certificate-expired", "m.a.se", "5"))],
        )],
        None,
    );
    let at = |part: &str| text.find(part).unwrap_or_else(|| panic!("{part} is not in {text}"));
    assert!(at("Mail was kept away") < at("Nothing to promote"), "{text}");
    let tested = sts("testing", ("9", "5"), &failure("certificate-expired", "m.a.se", "5"));
    check(
        &[report("G", 29, &[tested])],
        None,
        &["mail was delivered all the same"],
        &["kept away"],
    );
}

#[test]
fn sums_agree_and_what_is_not_known_is_no_zero() {
    let expired = |sessions: &str| failure("certificate-expired", "m.a.se", sessions);
    let twice = || {
        let mut all = expired("4");
        all.extend(failure("certificate-not-trusted", "m.a.se", "2"));
        all
    };
    for (summary, details, wanted, unwanted) in [
        (
            ("10", "0"),
            expired("3"),
            &["10 sessions went well, 3 wrong", "3 failures stand"][..],
            &["0 wrong"][..],
        ),
        (
            ("1", "5"),
            expired(""),
            &[
                "Certificate expired (MTA-STS): an unknown number of sessions",
                "1 session went well, 5 wrong",
            ],
            &["0 sessions"],
        ),
        (("1", "0"), expired(""), &["1 session went well, an unknown number wrong"], &["0 wrong"]),
        (
            ("", ""),
            expired("3"),
            &["an unknown number of sessions went well, at least 3 wrong"],
            &["0 sessions", "an unknown number wrong"],
        ),
        (
            ("", "0"),
            Vec::new(),
            &["an unknown number of sessions went well, 0 wrong"],
            &["0 sessions"],
        ),
        (
            ("-1", "0"),
            Vec::new(),
            &["an unknown number of sessions went well, 0 wrong"],
            &["0 sessions"],
        ),
        (
            ("20", "4"),
            twice(),
            &[
                "20 sessions went well, 4 wrong",
                "4 failed sessions, told of 6 times, stand in the way",
            ],
            &["6 failures"],
        ),
    ] {
        let reports = [report("G", 29, &[sts("testing", summary, &details)])];
        let [text, _] = told(&reports, None);
        for part in wanted {
            assert!(text.contains(part), "{part} is not in\n{text}");
        }
        for part in unwanted {
            assert!(!text.contains(part), "{part} is in\n{text}");
        }
    }
}

/// Nothing failed in it, so nothing hides in it.
#[test]
fn a_report_of_an_unknown_day_without_a_failure_holds_nothing_up() {
    let start = [report("G", 10, &[good("testing")]), report("G", 29, &[good("testing")])];
    let undated = |policy: String| {
        let text = report("X", 28, &[policy]);
        text.replace("2026-11-28T00:00:00Z", "28.11.2026")
            .replace("2026-11-28T23:59:59Z", "28.11.2026")
    };
    let clean = [&start[..], &[undated(good("testing"))]].concat();
    check(&clean, None, &[READY], &["Not enough"]);
    let failed = sts("testing", ("9", "1"), &failure("certificate-expired", "m.a.se", "1"));
    let failed = [&start[..], &[undated(failed)]].concat();
    check(
        &failed,
        None,
        &["1 report comes with no day", "what failed in it may have failed now"],
        &[READY],
    );
}

#[test]
fn what_was_met_under_other_mx_lines_is_no_proof() {
    let with = |day: u32, mx: &str| {
        report("G", day, &[policy("sts", "a.se", &lines("testing", mx), ("9", "0"), &[])])
    };
    let start = || vec![with(10, "m.a.se"), with(28, "m.a.se")];
    let change = |mx: &str| [start(), vec![with(29, mx)]].concat();
    check(
        &change("new.a.se"),
        None,
        &["Not enough is known. The newest mx lines were first seen on 2026-11-29."],
        &[READY],
    );
    // All that was covered is covered.
    for mx in ["*.a.se", "m.a.se|mx: new.a.se"] {
        check(
            &change(mx),
            None,
            &[READY, "With these mx lines since 2026-11-29 only"],
            &["Not enough"],
        );
    }
}

#[test]
fn causes_are_those_that_reports_show() {
    let of = |result: &str, mx: &str, reason: &str| {
        report("G", 29, &[sts("testing", ("9", "3"), &[detail(result, mx, "3", reason)])])
    };
    let often = "Often a mail server that no mx line";
    for result in ["validation-failure", "certificate-host-mismatch"] {
        check(
            &[of(result, "old.a.se", "")],
            None,
            &[
                "`old.a.se` is covered by no mx line of the policy that the sender had.",
                "Add it to the mx lines",
            ],
            &[often, "Give this server a certificate"],
        );
    }
    check(&[of("validation-failure", "m.a.se", "")], None, &[often], &["is covered by no"]);
    check(&[of("validation-failure", "198.51.100.1", "")], None, &[often], &["is covered by no"]);
    check(
        &[of("validation-failure", "m.a.se", "valid for *.h.se")],
        None,
        &["Reporters say `valid for *.h.se`. That tells more than the result type."],
        &[often],
    );
    let [text, _] = told(&[of("sts-policy-fetch-error", "m.a.se", "code: 404")], None);
    assert!(
        text.contains(
            "Reporters say `code: 404`. Check the domain live to see whether it is still so."
        ),
        "{text}"
    );
    // Of a certificate the result type tells all.
    check(
        &[of("certificate-expired", "m.a.se", "code: 404")],
        None,
        &["Renew the certificate"],
        &["Reporters say"],
    );
    // What the policy covers by now.
    let later = |day: u32| {
        let mx = lines("testing", "m.a.se|mx: old.a.se");
        report("G", day, &[policy("sts", "a.se", &mx, ("9", "0"), &[])])
    };
    let before = of("validation-failure", "old.a.se", "").replace("11-29", "11-14");
    check(
        &[before, later(15), later(29)],
        None,
        &[
            "Nothing, if it does not come again: the policy that senders have since 2026-11-15 covers it.",
        ],
        &["Add it"],
    );
    // Behind one name there may be several machines.
    let at = detail("certificate-expired", "m.a.se", "3", "")
        .replace("}", ",\"receiving-ip\":\"192.0.2.7\"}");
    let [text, _] = told(&[report("G", 29, &[sts("testing", ("9", "3"), &[at])])], None);
    assert!(text.contains("3 sessions at m.a.se (192.0.2.7), reported by G"), "{text}");
    // Of several words of a reporter, one is told.
    let mut several = vec![detail("validation-failure", "m.a.se", "3", "one")];
    several.push(detail("validation-failure", "m.a.se", "1", "two"));
    let [text, _] = told(&[report("G", 29, &[sts("testing", ("9", "4"), &several)])], None);
    assert!(text.contains("(“one”, and 1 more)"), "{text}");
}

#[test]
fn the_servers_of_a_provider_are_not_the_readers() {
    let of = |mx: &str| {
        let lines = lines("testing", mx);
        let failed = failure("certificate-expired", mx, "3");
        report("G", 29, &[policy("sts", "a.se", &lines, ("9", "3"), &failed)])
    };
    check(
        &[of("aspmx.l.google.com")],
        None,
        &[
            "`aspmx.l.google.com` is of Google Workspace, who alone can repair that: see that your MX records and your policy",
        ],
        &["Renew the certificate"],
    );
    check(&[of("m.a.se")], None, &["Renew the certificate"], &["who alone"]);
}

#[test]
fn a_browser_does_not_show_an_incomplete_chain() {
    let reports =
        [report("G", 29, &[sts("testing", ("9", "3"), &failure("sts-webpki-invalid", "", "3"))])];
    check(
        &reports,
        None,
        &[
            "without its intermediate certificate. A browser hides the last: check the domain live, or look with openssl s_client",
        ],
        &["Renew the certificate"],
    );
}

#[test]
fn one_trouble_of_one_sender_is_told_as_that() {
    let start = [report("G", 10, &[good("testing")]), report("G", 29, &[good("testing")])];
    let fetch = policy("sts", "a.se", "", ("0", "1"), &failure("sts-policy-fetch-error", "", "1"));
    let reports = [&start[..], &[report("M", 28, &[fetch])]].concat();
    check(
        &reports,
        None,
        &[
            "1 failure stands in the way in the last 14 days: `M` could not get the policy on 1 day, and without a copy",
        ],
        &["waits or bounces"],
    );
}

#[test]
fn a_report_is_as_old_as_the_last_day_that_it_is_about() {
    let week =
        report("G", 22, &[good("testing")]).replace("2026-11-22T23:59:59Z", "2026-11-29T00:00:00Z");
    check(&[week], None, &["The newest report is 2 days old."], &["8 days old"]);
}

#[test]
fn a_report_that_tells_of_no_policy_is_said_to() {
    let [text, _] = told(&[report("G", 29, &[])], None);
    assert!(
        text.contains("1 report tells of no policy, so nothing is known of sessions."),
        "{text}"
    );
}

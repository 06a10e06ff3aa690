//! What is told besides what was asked for, and what makes an exit code.

use super::{Folder, code, err, out, report, run};

/// Who asks for a domain may have misspelt it.
#[test]
fn reports_of_others_are_no_silence() {
    let folder = Folder::new("besides")
        .with("a.json", report("1", 1, "b.example", 0))
        .with("b.json", report("2", 2, "c.example", 0));
    let asked = |args: &[&str]| {
        let output = run(&[args, &[folder.path()]].concat());
        assert_eq!(code(&output), 3, "{}", out(&output));
        out(&output)
    };
    let text = asked(&["--domain", "a.example"]);
    assert!(text.starts_with("No reports, so what senders met is not known."), "{text}");
    assert!(
        text.contains("\n2 reports are about other domains, such as `b.example`, `c.example`.\n"),
        "{text}"
    );
    let text = asked(&["--since", "2026-11-20"]);
    assert!(
        text.contains("\n2 reports are of earlier days, the newest of 2026-11-02.\n"),
        "{text}"
    );
    let text = asked(&["--since", "2026-11-20", "--domain", "b.example", "--format", "markdown"]);
    assert!(text.contains("1 report is of earlier days"), "{text}");
    assert!(text.contains("1 report is about other domains, such as `c.example`."), "{text}");
}

/// Copies count once, names come by their order and in one case of letters, and no more than five.
#[test]
fn some_of_the_others_are_named_in_one_order() {
    let domains = ["f.example", "G.example", "e.example", "d.example", "c.example", "B.example"];
    for files in
        [["1", "2", "3", "4", "5", "6", "7", "8"], ["8", "7", "6", "5", "4", "3", "2", "1"]]
    {
        let mut folder = Folder::new("named");
        for (file, domain) in files.iter().zip(domains) {
            folder = folder.with(&format!("{file}.json"), report(domain, 1, domain, 0));
        }
        folder = folder.with(&format!("{}.json", files[6]), report("b", 2, "b.example", 0));
        folder = folder.with(&format!("{}.json", files[7]), report("b", 2, "b.example", 0));
        let text = out(&run(&["--domain", "a.example", folder.path()]));
        let wanted = "\n7 reports are about other domains, such as `b.example`, `c.example`, `d.example`, `e.example`, `f.example`.\n";
        assert!(text.contains(wanted), "{text}");
    }
}

/// The host of a TLSA policy is known by the policy of MTA-STS in another report, whichever comes first.
#[test]
fn a_mail_host_is_its_domains_where_that_is_asked_for() {
    let alone = report("2", 25, "mx.a.example", 3)
        .replace("\"sts\"", "\"tlsa\"")
        .replace("\"mode: testing\",", "")
        .replace("\"failed-session", "\"receiving-mx-hostname\":\"mx.a.example\",\"failed-session");
    for names in [["a.json", "b.json"], ["b.json", "a.json"]] {
        let folder = Folder::new("host")
            .with(names[0], &alone)
            .with(names[1], report("1", 25, "a.example", 0))
            .with("c.json", alone.replace("mx.a.example", "mx.b.example"));
        let output = run(&["--domain", "a.example", folder.path()]);
        let text = out(&output);
        assert_eq!(code(&output), 1, "{text}");
        assert!(text.contains("2 reports by A"), "{text}");
        assert!(text.contains("DANE: 10 sessions went well, 3 wrong"), "{text}");
        assert!(!text.contains("mx.b.example"), "{text}");
    }
}

#[test]
fn a_report_that_tells_nothing_is_no_good_news() {
    for policies in ["null", "[]"] {
        let text = format!(
            "{{\"organization-name\":\"A\",\"report-id\":\"1\",\"date-range\":{{\"start-datetime\":\"2026-11-25T00:00:00Z\",\
             \"end-datetime\":\"2026-11-25T23:59:59Z\"}},\"policies\":{policies}}}"
        );
        let folder = Folder::new("bare").with("a.json", text);
        let output = run(&[folder.path()]);
        assert_eq!(code(&output), 2, "{}", out(&output));
        assert!(err(&output).contains("1 report tells of no policy"), "{}", err(&output));
        assert!(
            out(&output).contains("1 report tells of no policy, so nothing is known of sessions.")
        );
    }
}

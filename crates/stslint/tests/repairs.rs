//! Inputs on which the harness of fixes or the fuzzers once found something wrong.

use stslint::finding::{Applicability, Edit, MOST};
use stslint::policy::Mode;
use stslint::text::Span;
use stslint::{Input, Kind, Report, fix, lint};
use stslint_checks::{Case, detection, fixes, linting, told};

fn report(kind: Kind, source: &str) -> Report {
    lint(&Input { kind: Some(kind), ..Input::new(source.as_bytes()) })
}

fn defects(kind: Kind, source: &str) -> Vec<&'static str> {
    told::defects(&report(kind, source)).map(|finding| finding.rule.code).collect()
}

/// What becomes of a text when the fix of a rule is applied.
fn fixed(kind: Kind, source: &str, code: &str) -> Option<String> {
    let report = report(kind, source);
    let finding = report.findings().find(|finding| finding.rule.code == code).expect("raised");
    let fixed = finding.fix.as_ref()?.apply(source.as_bytes());
    Some(String::from_utf8(fixed).expect("fixes are text"))
}

/// Files end with a line break; that makes no second line.
#[test]
fn a_single_line_may_end_with_a_line_break() {
    for (gap, code) in [(" ", "STS-POL-012"), ("\\n", "STS-POL-011")] {
        let fields =
            ["version: STSv1", "mode: enforce", "mx: mail.example.com", "max_age: 1209600"];
        for end in ["", "\n", "\r\n", "\n\n"] {
            let source = fields.join(gap) + end;
            let blank = usize::from(end == "\n\n");
            assert_eq!(defects(Kind::Policy, &source)[..], [code, "STS-POL-023"][..=blank]);
            let values = &report(Kind::Policy, &source).artefacts[0].parsed;
            let stslint::Parsed::Policy(values) = values else { panic!("{values:?}") };
            assert_eq!((values.max_age, values.mx.len()), (Some(1_209_600), 1), "{source:?}");
        }
    }
}

/// A field with another sign than a colon, or with something behind its value, loses nothing by its repair.
#[test]
fn what_was_meant_stays() {
    let whole = "version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 604800\n";
    for source in [
        "version: STSv1\nmode enforce\nmx: mail.acme-mail.net\nmax_age: 604800\n",
        "version - STSv1\nmode - enforce\nmx - mail.acme-mail.net\nmax_age - 604800\n",
        "version,STSv1\nmode,enforce\nmx,mail.acme-mail.net\nmax_age,604800\n",
        "version; STSv1\nmode; enforce\nmx; mail.acme-mail.net\nmax_age; 604800\n",
        "Version STSv1\nMode enforce\nMX mail.acme-mail.net\nMax age 604800\n",
        "version: STSv1;\nmode: enforce;\nmx: mail.acme-mail.net;\nmax_age: 604800;\n",
        "version: STSv1,\nmode: enforce,\nmx: mail.acme-mail.net,\nmax_age: 604800\n",
    ] {
        let fixed = fix::apply_safe(&Input::new(source.as_bytes()));
        let fixed = String::from_utf8_lossy(&fixed).replace("\r\n", "\n");
        assert_eq!(fixed, whole, "{source}");
        assert!(!defects(Kind::Policy, source).contains(&"STS-POL-027"), "{source}");
    }
    for (line, code) in [
        ("mx: mail.acme-mail.net # primary", "STS-POL-112"),
        ("mx: mail.acme-mail.net // primary", "STS-POL-112"),
        ("mx: mail.acme-mail.net (primary)", "STS-POL-112"),
        ("mx: \"mail.acme-mail.net\"", "STS-POL-088"),
        ("mx: <mail.acme-mail.net>", "STS-POL-088"),
        ("mx: mail.acme-mail.net 10", "STS-POL-088"),
        ("mx: mx: mail.acme-mail.net", "STS-POL-088"),
        ("mx: : mail.acme-mail.net", "STS-POL-088"),
    ] {
        let source = whole.replace("mx: mail.acme-mail.net", line);
        assert_eq!(defects(Kind::Policy, &source), [code], "{line}");
        assert_eq!(fixed(Kind::Policy, &source, code).as_deref(), Some(whole), "{line}");
    }
    // One host is no list.
    for value in [
        "mail. acme-mail.net",
        "mail.acme-mail,net",
        "acme-mail.net. 3600 IN MX 10 a.acme-mail.net.",
    ] {
        let source = whole.replace("mail.acme-mail.net", value);
        assert_eq!(defects(Kind::Policy, &source), ["STS-POL-088"], "{value}");
        assert_eq!(fixed(Kind::Policy, &source, "STS-POL-088"), None, "{value}");
    }
    let source = whole.replace("mail.acme-mail.net", "a.acme-mail.net / b.acme-mail.net");
    assert_eq!(defects(Kind::Policy, &source), ["STS-POL-092"]);
}

/// What a policy host answers with when it has no file is no policy with faults of its own.
#[test]
fn an_error_message_of_a_server_is_told_by_its_status() {
    for source in [
        "HTTP/2 404\ncontent-type: text/plain\n\n404 page not found\n",
        "HTTP/2 530\ncontent-type: text/plain\n\nerror code: 1016\n",
    ] {
        assert_eq!(defects(Kind::Policy, source), ["LIVE-047"], "{source}");
    }
    let source = "HTTP/2 200\ncontent-type: text/plain\n\nHello World!\n";
    assert_eq!(defects(Kind::Policy, source), ["STS-POL-017"]);
    let source = "HTTP/2 200\ncontent-type: text/plain\n\nMode: enforce\n";
    assert!(defects(Kind::Policy, source).contains(&"STS-POL-031"));
    let source =
        "HTTP/2 404\ncontent-type: text/plain\n\nversion: STSv1\nmode: Enforce\nmax_age: 86400\n";
    assert!(defects(Kind::Policy, source).contains(&"STS-POL-052"));
}

/// Every other line only was removed in one round, and sixteen rounds were not enough.
#[test]
fn any_number_of_bad_lines_is_removed_at_once() {
    let policy = "version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n";
    let source = [policy, &"# x\r\n".repeat(60_000)].concat();
    let edits = fix::safe_edits(&report(Kind::Policy, &source));
    assert_eq!(edits.len(), 60_000);
    let fixed = fix::apply_safe(&Input::new(source.as_bytes()));
    assert_eq!(fixed, policy.as_bytes());
}

/// The line went behind the fence, onto its line.
#[test]
fn a_missing_line_is_inserted_before_the_fence() {
    let source = "```\nversion: STSv1\nmode: enforce\nmx: mail.example.com\n```";
    assert_eq!(
        fixed(Kind::Policy, source, "STS-POL-060").as_deref(),
        Some("```\nversion: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 2592000\n```")
    );
}

/// With a line inserted, the text is no longer a single line, and its other lines were lost.
#[test]
fn lines_are_inserted_only_where_there_are_lines() {
    for source in ["version: STSv1 mx: mail.example.com", "version: STSv1\\nmx: mail.example.com"] {
        assert_eq!(fixed(Kind::Policy, source, "STS-POL-060"), None, "{source}");
        let fixed = fix::apply_safe(&Input::new(source.as_bytes()));
        let text = str::from_utf8(&fixed).expect("text");
        assert!(self::fixed(Kind::Policy, text, "STS-POL-060").is_some(), "{text}");
    }
}

/// Only the number goes; what is wrong with the name is another matter.
#[test]
fn a_preference_is_removed_and_nothing_else_written() {
    let source = "version: STSv1\r\nmode: enforce\r\nmx: 10 #example.com\r\nmax_age: 1209600\r\n";
    let report = report(Kind::Policy, source);
    let finding = report.findings().find(|f| f.rule.code == "STS-POL-093").expect("raised");
    let edits = &finding.fix.as_ref().expect("a fix").edits;
    assert_eq!((edits.len(), edits[0].span.len(), &*edits[0].text), (1, 3, ""));
}

/// A quote in front of a zone line, or of a byte order mark: without it the text is read anew, and
/// the same was said of another quote.
#[test]
fn a_quote_is_not_removed_where_the_text_would_be_read_anew() {
    for source in [
        "\"_mta-sts.example.com. 300 IN TXT 'v=STSv1\\; id=1",
        "'[[\"\\\"v=STSv1; id=1\\\"\"]]",
        "\"\u{feff}'v=STSv1; id=1",
        "'",
    ] {
        for finding in report(Kind::StsTxt, source).findings() {
            assert!(finding.rule.code != "STS-TXT-003" || finding.fix.is_none(), "{source:?}");
        }
        assert_eq!(fixes::check(&Case::new(Some(Kind::StsTxt.into()), source)), Ok(()));
    }
}

/// Local parts and paths have a case (RFC 5321 §2.4), so one of the two may be missed.
#[test]
fn destinations_that_differ_in_case_are_removed_on_confirmation_only() {
    for (rua, applicability) in [
        ("mailto:a@example.com,mailto:a@example.com", Applicability::Safe),
        ("mailto:a@example.com,mailto:A@example.com", Applicability::Confirm),
        ("https://example.com/a,https://example.com/A", Applicability::Confirm),
    ] {
        let report = report(Kind::RptTxt, &format!("v=TLSRPTv1; rua={rua}"));
        let finding = report.findings().find(|f| f.rule.code == "RPT-TXT-052").expect("raised");
        assert_eq!(finding.fix.as_ref().expect("a fix").applicability, applicability, "{rua}");
    }
}

/// One of two dots was removed, and the finding stayed.
#[test]
fn all_dots_at_the_end_of_a_name_go_together() {
    let policy = |mx| format!("version: STSv1\r\nmode: none\r\nmx: {mx}\r\nmax_age: 86400\r\n");
    assert_eq!(
        fixed(Kind::Policy, &policy("mail.example.net.."), "STS-POL-083"),
        Some(policy("mail.example.net"))
    );
}

/// The field after the gap was taken for part of the value, and the repair deleted it.
#[test]
fn fields_on_one_line_may_have_space_before_the_colon() {
    let source = "version : STSv1, mode : enforce, mx: mail.example.com, max_age: 1209600";
    assert_eq!(defects(Kind::Policy, source), ["STS-POL-026", "STS-POL-012", "STS-POL-026"]);
}

/// Each of sixty characters was written out as `<U+0000>`.
#[test]
fn a_message_stays_a_sentence_whatever_it_quotes() {
    let source = ["version: ", &"a\0\u{200b}".repeat(200), "\r\n"].concat();
    let messages = report(Kind::Policy, &source);
    let message = messages.findings().find(|f| f.rule.code == "STS-POL-041").expect("raised");
    let message = message.message(source.as_bytes());
    assert!(message.starts_with("`a<U+0000><U+200B>a<U+0000>"), "{message}");
    assert!(message.len() < 140 && message.contains('…'), "{message}");
}

/// The owner of a record is part of a message: all of it was, with escape sequences for terminals.
#[test]
fn names_from_the_input_are_made_visible_and_cut() {
    let owner = ["\u{1b}[31m", &"x".repeat(1_000)].concat();
    let source = format!("{owner}.example.com. IN TXT \"v=STSv1; id=1\"");
    let report = report(Kind::StsTxt, &source);
    let finding = report.findings().find(|f| f.rule.code == "STS-TXT-002").expect("raised");
    let message = finding.message(source.as_bytes());
    assert!(message.contains("<U+001B>[31mxxx") && message.chars().count() < 400, "{message}");
}

/// What people write for `enforce` is offered as that, and a placeholder is not guessed at.
#[test]
fn other_words_for_enforce_are_understood() {
    let policy = |mode| {
        format!("version: STSv1\r\nmode: {mode}\r\nmx: mail.example.net\r\nmax_age: 86400\r\n")
    };
    for word in ["live", "on", "active", "production", "Production"] {
        let source = policy(word);
        assert_eq!(fixed(Kind::Policy, &source, "STS-POL-051"), Some(policy("enforce")), "{word}");
        let safe =
            fix::apply_safe(&Input { kind: Some(Kind::Policy), ..Input::new(source.as_bytes()) });
        assert_eq!(safe, source.as_bytes(), "a person confirms it");
    }
    assert_eq!(fixed(Kind::Policy, &policy("<enforce>"), "STS-POL-105"), None);
}

/// The letters of a template were kept as an id that was never meant.
#[test]
fn a_template_of_an_id_is_not_turned_into_letters() {
    for id in ["$(date +%Y%m%d)", "<YYYYMMDD>", "YYYY-MM-DD", "{{ id }}", "${ID}"] {
        let source = format!("v=STSv1; id={id}");
        let input = Input { kind: Some(Kind::StsTxt), ..Input::new(source.as_bytes()) };
        assert_eq!(fix::apply_safe(&input), source.as_bytes(), "{id}");
        let fixed = fixed(Kind::StsTxt, &source, "STS-TXT-022");
        assert_eq!(fixed.as_deref(), Some("v=STSv1; id=1"), "{id}");
    }
}

/// "UNIQUE_ID" became `UNIQUEID` with all safe fixes, and the pattern of a date was a good id.
#[test]
fn only_dates_and_numbers_are_kept_as_an_id_without_asking() {
    let fix = |id: &str, code: &str| {
        let source = format!("v=STSv1; id={id}");
        let report = report(Kind::StsTxt, &source);
        let finding = report.findings().find(|finding| finding.rule.code == code).expect("raised");
        let fix = finding.fix.clone().expect("a fix");
        let fixed = String::from_utf8(fix.apply(source.as_bytes())).expect("text");
        (fix.applicability, fixed.trim_start_matches("v=STSv1; id=").to_owned())
    };
    for (id, kept) in [
        ("2026-01-01T00:00:00Z", "20260101T000000Z"),
        ("2026-01-01 00:00", "202601010000"),
        ("550e8400-e29b-41d4-a716-446655440000", "550e8400e29b41d4a716446655440000"),
    ] {
        assert_eq!(fix(id, "STS-TXT-022"), (Applicability::Safe, kept.to_owned()), "{id}");
    }
    for (id, kept) in
        [("test-123", "test123"), ("Zm9v+YmFy", "Zm9vYmFy"), ("20260101[/b]", "20260101b")]
    {
        assert_eq!(fix(id, "STS-TXT-022"), (Applicability::Confirm, kept.to_owned()), "{id}");
    }
    for id in ["UNIQUE_ID", "your-id", "CHANGE-ME", "xxxx-xxxx"] {
        assert_eq!(fix(id, "STS-TXT-022"), (Applicability::Confirm, "1".to_owned()), "{id}");
    }
    for id in ["YYYYMMDDHHMMSS", "20240101HHMMSS", "ID", "changeme"] {
        assert_eq!(fix(id, "STS-TXT-025"), (Applicability::Confirm, "1".to_owned()), "{id}");
    }
}

/// A tag in the place of a host was read as HTML around an empty value, and a repair deleted it.
#[test]
fn a_tag_alone_is_a_placeholder() {
    for mx in ["<a>", "<span>", "<code>", "<%= mx %>", "mail.$domain", "@@MX@@", "@MX@"] {
        let source = format!("version: STSv1\nmode: enforce\nmx: {mx}\nmax_age: 1209600\n");
        for kind in [None, Some(Kind::Policy)] {
            let report = lint(&Input { kind, ..Input::new(source.as_bytes()) });
            let found: Vec<_> =
                report.findings().filter(|f| f.rule.code != "STS-POL-021").collect();
            let [found] = found[..] else { panic!("{mx}: {found:?}") };
            assert_eq!((found.rule.code, &source[found.span.range()]), ("STS-POL-105", mx));
            assert_eq!(found.fix, None, "{mx}");
        }
    }
    // Around a value it is HTML.
    let source =
        "version: STSv1\nmode: enforce\nmx: <span>mail.acme-mail.net</span>\nmax_age: 1209600\n";
    let report = lint(&Input::new(source.as_bytes()));
    assert!(report.findings().all(|finding| finding.rule.code != "STS-POL-105"));
}

/// A record in a file that is nearly named as policies are was right, and its name was not told of.
#[test]
fn what_is_nearly_named_as_a_policy_is_to_be_one() {
    let codes = |name, text: &str| -> Vec<&str> {
        let report = lint(&Input { file_name: Some(name), ..Input::new(text.as_bytes()) });
        report.findings().map(|finding| finding.rule.code).collect()
    };
    for record in
        ["v=STSv1; id=20260101", "_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=20260101\""]
    {
        assert_eq!(codes("mta-sts.txt", record), ["STS-POL-008"]);
        for name in ["mta-sts.txt.txt", "mta_sts.txt"] {
            assert_eq!(codes(name, record), ["INPUT-006", "STS-POL-008"], "{name}: {record}");
        }
    }
    assert_eq!(codes("mta-sts.txt", "hello world"), ["STS-POL-017"]);
    assert_eq!(codes("mta_sts.txt", "hello world"), ["INPUT-006", "STS-POL-017"]);
}

/// Fields were put in front of and behind a text that had none.
#[test]
fn nothing_is_inserted_where_no_line_is_a_known_field() {
    for (source, inserts) in
        [("hello: world\n", false), ("mode: none\n", true), ("verison: STSv1\n", true)]
    {
        let report = report(Kind::Policy, source);
        let mut missing =
            report.findings().filter(|finding| finding.rule.name.ends_with("missing"));
        assert_eq!(missing.any(|finding| finding.fix.is_some()), inserts, "{source}");
    }
}

/// Each host of a list was offered for removal.
#[test]
fn a_list_of_hosts_becomes_lines() {
    let source = "version: STSv1\nmode: testing\nmx:\n  - a.example.net\n  - \"b.example.net\"\nmax_age: 604800";
    let want =
        "version: STSv1\nmode: testing\nmx: a.example.net\nmx: b.example.net\nmax_age: 604800";
    assert_eq!(fixed(Kind::Policy, source, "STS-POL-106").as_deref(), Some(want));
    let report = report(Kind::Policy, source);
    let fixes = report.findings().filter(|finding| finding.fix.is_some());
    assert_eq!(
        fixes.map(|finding| finding.rule.code).collect::<Vec<_>>(),
        ["STS-POL-021", "STS-POL-106"]
    );
}

/// Items with numbers, without a mark, and below an `mx` line with a host were offered for removal.
#[test]
fn a_list_may_be_written_in_any_way() {
    let want =
        "version: STSv1\nmode: testing\nmx: a.example.net\nmx: *.b.example.net\nmax_age: 604800\n";
    for list in [
        "\n  1. a.example.net\n  2. *.b.example.net",
        "\n1) a.example.net\n2) \"*.b.example.net\"",
        "\n10 a.example.net\n20 *.b.example.net",
        "\n  a.example.net\n  *.b.example.net",
        " a.example.net\n- *.b.example.net",
        " a.example.net\n    *.b.example.net",
    ] {
        let source = format!("version: STSv1\nmode: testing\nmx:{list}\nmax_age: 604800\n");
        let fixed = fixed(Kind::Policy, &source, "STS-POL-106");
        assert_eq!(fixed.as_deref(), Some(want), "{list}");
        assert_eq!(defects(Kind::Policy, &source), ["STS-POL-106"], "{list}");
        fixes::check(&Case::new(Some(Kind::Policy.into()), source)).expect("good fixes");
    }
    // A word is no host, and neither is a number.
    for line in ["keep this short", "hello", "1.2", "- "] {
        let source = format!("version: STSv1\nmode: testing\nmx:\n{line}\nmax_age: 604800\n");
        assert!(!defects(Kind::Policy, &source).contains(&"STS-POL-106"), "{line}");
    }
}

/// A field beside the one that it was called a typo of. Another host is none that is there.
#[test]
fn a_field_that_is_there_is_not_missing() {
    let policy = "version: STSv1\nmode: testing\nmx: a.example.net\nmax_age: 604800\n";
    for (line, codes) in [
        ("versions: 1", &[][..]),
        ("modes: x", &[]),
        ("mxs: b.example.net", &["STS-POL-032"]),
        ("mx1: b.example.net", &["STS-POL-032"]),
    ] {
        let source = format!("{policy}{line}\n");
        assert_eq!(defects(Kind::Policy, &source), codes, "{line}");
    }
    assert_eq!(
        defects(Kind::Policy, &policy.replace("mx:", "mxs:")),
        ["STS-POL-080", "STS-POL-032"]
    );
}

/// "Apply all safe fixes" changed nothing but line ends that were good.
#[test]
fn good_line_ends_alone_are_left_as_they_are() {
    let policy = "version: STSv1\nmode: enforce\nmx: mail.example.net\nmax_age: 1209600\n";
    assert_eq!(fix::apply_safe(&Input::new(policy.as_bytes())), policy.as_bytes());
    let wrong = policy.replace("enforce", "Enforce");
    let right = policy.replace('\n', "\r\n");
    assert_eq!(fix::apply_safe(&Input::new(wrong.as_bytes())), right.as_bytes());
}

/// Ten kilobytes of gzip took six gigabytes: a finding for each of its NULs.
#[test]
fn what_is_wrong_a_million_times_is_listed_a_few_times_and_counted() {
    let lines = 1 << 18;
    let policy = "version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n";
    for (unit, code) in
        [("\0", "STS-POL-013"), ("mx: .\r\n", "STS-POL-082"), ("x_: 1\r\n", "STS-POL-033")]
    {
        let source = [policy, &unit.repeat(lines / unit.len())].concat();
        let report = report(Kind::Policy, &source);
        let of_rule: Vec<_> = report.findings().filter(|f| f.rule.code == code).collect();
        assert_eq!(of_rule.len(), MOST, "{code}");
        let all: usize = of_rule.iter().map(|finding| 1 + finding.more).sum();
        assert_eq!(all, lines / unit.len(), "{code}");
        let last = of_rule[MOST - 1].message(source.as_bytes());
        assert!(
            last.ends_with(&format!(" ({} more of these are not listed)", all - MOST)),
            "{last}"
        );
    }
}

/// The fix of the last finding that is listed repairs those that are not.
#[test]
fn what_is_not_listed_is_repaired_too() {
    let policy = "version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n";
    let source = [policy, &"\r\n".repeat(10 * MOST)].concat();
    assert_eq!(fix::apply_safe(&Input::new(source.as_bytes())), policy.as_bytes());
}

/// The quote that ended a value began a name too, and the two members overlapped. (`quick`)
#[test]
fn a_quote_ends_a_value_or_begins_a_name() {
    let text = r#"@{"version":"STSv1","mode":"enfor@{"version":"STSv1","mode":"enforce","mx":["mail.example.com"]}"#;
    assert!(!lint(&Input::new(text.as_bytes())).artefacts.is_empty());
}

/// A number in the place of an address or of a URI was passed over in silence. (Neztore/tls-rpt-monitor, `validate.test.mjs`)
#[test]
fn a_member_of_another_type_is_no_address_and_no_uri() {
    let members = [
        ("sending-mta-ip", "RPT-JSON-054"),
        ("receiving-ip", "RPT-JSON-054"),
        ("additional-information", "RPT-JSON-057"),
        ("additional-info-uri", "RPT-JSON-057"),
    ];
    for (member, code) in members {
        for (value, wrong) in [("123", 1), ("[\"9.9.9.9\"]", 1), ("null", 0), ("\"\"", 0)] {
            let source = format!(
                r#"{{"organization-name": "A", "contact-info": "a@a.example", "report-id": "1",
                "date-range": {{"start-datetime": "2026-10-01T00:00:00Z", "end-datetime": "2026-10-01T23:59:59Z"}},
                "policies": [{{"policy": {{"policy-type": "no-policy-found", "policy-domain": "b.example"}},
                "summary": {{"total-successful-session-count": 1, "total-failure-session-count": 1}}, "failure-details":
                [{{"result-type": "starttls-not-supported", "failed-session-count": 1, "{member}": {value}}}]}}]}}"#
            );
            let report = report(Kind::Report, &source);
            let found: Vec<_> = report.findings().filter(|f| f.rule.code == code).collect();
            assert_eq!(found.len(), wrong, "{member}: {value}");
            assert!(found.iter().all(|f| source[f.span.range()] == *value), "{member}: {value}");
        }
    }
}

/// Whoever took the indentation off some of the lines lost the fields of those. (albertito/chasquid, `sts_test.go`)
#[test]
fn lines_may_be_indented_unevenly() {
    let fields = ["version: STSv1", "mode: enforce", "mx: *.mail.example.com", "max_age: 604800"];
    for indented in 0..1 << fields.len() {
        let line = |(nth, field): (usize, &&str)| {
            let indent = if indented >> nth & 1 == 1 { " ".repeat(12) } else { String::new() };
            format!("{indent}{field}\r\n")
        };
        let lines: String = fields.iter().enumerate().map(line).collect();
        let source = format!("\r\n{lines}");
        let report = report(Kind::Policy, &source);
        let stslint::Parsed::Policy(values) = &report.artefacts[0].parsed else { panic!() };
        assert_eq!((values.max_age, values.mx.len()), (Some(604_800), 1), "{source:?}");
        let case = Case::new(Some(Kind::Policy.into()), source);
        fixes::check(&case).unwrap_or_else(|error| panic!("{error}"));
    }
}

/// A last line with less indentation than the others was cut within a character. (`quick`)
#[test]
fn a_quote_may_end_on_a_line_with_less_indentation() {
    let last = ["\u{1f600}\"\"", "\u{a0}\u{a0}\"", "x\"", "\""];
    for last in last {
        let source = format!(
            "policy = \"\n\t\tversion: STSv1\n\t\tmode: none\n\t\tmax_age: 86400\n{last}\n"
        );
        assert!(!report(Kind::Policy, &source).artefacts.is_empty());
        let source = format!("..en: STSv2\r\u{1f600}\"\r\n\tversion: STSv2\r{last}\nmia:@]");
        assert!(!report(Kind::Policy, &source).artefacts.is_empty());
    }
}

/// A blank line of spaces that are longer than a byte was cut within one.
#[test]
fn a_blank_line_of_wide_spaces_has_no_indentation() {
    let source = "policy: |\n  version: STSv1\n\u{3000}\n  mode: none\n  max_age: 86400\n";
    assert!(!report(Kind::Policy, source).artefacts.is_empty());
    assert!(!lint(&Input::new(source.as_bytes())).artefacts.is_empty());
}

/// Whether a field is there was looked up among all lines for each line with its name misspelt, and whether a host is named
/// among all hosts: a megabyte took half a minute.
#[test]
fn what_all_lines_share_is_looked_up_once() {
    let head = "version: STSv1\nmode: enforce\nmax_age: 86400\n";
    let hosts: String = (0..15_000).map(|i| format!("mx: m{i}.a.net\n")).collect();
    for (source, code, count) in [
        ([head, &"MX: a.net\n".repeat(50_000)].concat(), "STS-POL-031", 50_000),
        ([head, &hosts, &"mxs: b.a.net\n".repeat(25_000)].concat(), "STS-POL-032", 25_000),
        ([head, &"mx: smtp.zoho.com\n".repeat(50_000)].concat(), "STS-POL-107", 50_000),
    ] {
        let report = report(Kind::Policy, &source);
        let found: Vec<_> = report.findings().filter(|it| it.rule.code == code).collect();
        let more: usize = found.iter().map(|finding| finding.more).sum();
        assert_eq!((found.len(), found.len() + more), (MOST, count), "{code}");
    }
}

/// Letters behind a mark of what is around became part of an id: `20260101code`.
#[test]
fn no_safe_repair_takes_letters_from_what_is_around_into_an_id() {
    for around in [
        ["[code]", "[/code]"],
        ["[", "](https://x.example)"],
        ["\u{ab} ", " \u{bb} is ours"],
        ["**", "** is ours"],
        ["Ours is [u]", "[/U] now"],
        ["Ours: ", "</code>ours"],
        ["Ours: ", ">>ours"],
        ["Ours: ", "\u{fd3f}ours"],
        ["Ours: ", "}ours"],
        ["Ours: ", "]ours"],
    ] {
        let source = around.join("v=STSv1; id=20260101");
        let fixed = fix::apply_safe(&Input::new(source.as_bytes()));
        assert_eq!(str::from_utf8(&fixed), Ok(&*source));
    }
    // What dates have is taken out all the same.
    let source = "Ours: `v=STSv1; id=2026-01-01T00:00:00Z`";
    let fixed = fix::apply_safe(&Input::new(source.as_bytes()));
    assert_eq!(str::from_utf8(&fixed), Ok("Ours: `v=STSv1; id=20260101T000000Z`"));
}

/// The list of literals went on behind the first byte of a mark of three.
#[test]
fn a_list_of_lines_in_quotes_of_any_script_is_read() {
    for [open, close] in
        [["\u{201c}", "\u{201d}"], ["\u{300e}", "\u{300f}"], ["\u{ab} ", " \u{bb}"]]
    {
        let line = |field| [open, field, close].concat();
        let fields = ["version: STSv1", "mode: none", "max_age: 86400"];
        for between in ["\n", ", ", "\u{3001}"] {
            let source = fields.map(line).join(between);
            let report = lint(&Input::new(source.as_bytes()));
            let stslint::Parsed::Policy(values) = &report.artefacts[0].parsed else {
                panic!("{source}")
            };
            assert_eq!((values.version, values.max_age), (Some("STSv1"), Some(86_400)), "{source}");
        }
    }
}

/// The destination that works went, as the misspelt one before it means the same.
#[test]
fn no_repair_leaves_a_misspelt_destination_in_the_place_of_a_good_one() {
    for source in [
        "v=TLSRPTv1; rua=ailto:a@example.com; rua=mailto:a@example.com",
        "v=TLSRPTv1; rua=ailto:a@example.com,mailto:a@example.com",
    ] {
        let report = report(Kind::RptTxt, source);
        assert!(report.findings().any(|finding| finding.rule.code == "RPT-TXT-054"));
        for fix in report.findings().filter_map(|finding| finding.fix.as_ref()) {
            let fixed = fix.apply(source.as_bytes());
            let fixed = String::from_utf8_lossy(&fixed);
            assert!(fixed.contains("mailto:a@example.com"), "{}: {fixed}", fix.title);
        }
    }
}

/// The first byte is one from within a character, before which nothing can be shown.
#[test]
fn a_change_of_what_is_no_text_can_be_shown() {
    let source =
        b"\x8a\xc2mtp-tlsrpt.example.com. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:a@example.com\"";
    let rename = [0, 1, 2].map(|start| Edit::replace(Span::new(start, 13), "_smtp._tls"));
    for edit in rename {
        assert!(!stslint::render::changes::changes(source, &[edit], 9).0.is_empty());
    }
}

/// A character that can't be seen is told first.
#[test]
fn no_host_is_replaced_that_has_something_else_in_it() {
    let of = |host: &str| {
        let source =
            format!("version: STSv1\r\nmode: enforce\r\nmx: {host}\r\nmax_age: 1209600\r\n");
        let report = lint(&Input::new(source.as_bytes()));
        report.findings().any(|finding| finding.rule.code == "STS-POL-107" && finding.fix.is_some())
    };
    assert!(of("smtp.zoho.com"));
    assert!(!of("smtp.zoho.\u{200b}com"));
}

/// Behind the blank line below the fence it would end the policy above it.
#[test]
fn a_missing_lifetime_is_inserted_before_the_blank_lines_at_the_end() {
    let source = "```text\r\nversion: STSv1\r\nmode: none\r\n```\n\n";
    assert_eq!(fixes::check(&Case::new(Some(Kind::Policy.into()), source)), Ok(()));
}

/// What begins like a record and has a policy behind it is a policy, for the part that a page loads first too.
#[test]
fn a_policy_behind_what_looks_like_a_record_is_for_all_of_the_engine() {
    let source = "v=Tv1; rua=x\\nS@version: STSv1\\nmode: none\\nmax_age: 86400";
    let input = Input::new(source.as_bytes());
    assert_eq!(lint(&input).artefacts[0].kind, Kind::Policy);
    assert_eq!(stslint::bare::lint(&input), None);
}

/// Without the line above it the tag would begin the text, which then is a web page, and of the policy nothing is read.
#[test]
fn no_line_is_removed_that_keeps_a_tag_from_the_start() {
    for above in ["}", "# ours", " : ", "[::1]"] {
        for front in ["<html l<html  STSv1]", "{\"organization-name\":\"x\",", "HTTP/1.1 200 OK"] {
            let source = format!(
                "\n{above}\n{front}\nmode: enforce;\r\nmx: mail.example.com\r\nmax_age: 120960lan"
            );
            assert_eq!(fixes::check(&Case::new(Some(Kind::Policy.into()), source)), Ok(()));
        }
        // Behind a field it is one more line.
        let source = format!("version: STSv1\nmode: none\nmax_age: 86400\n{above}\n<!-- end -->\n");
        let input = Input::new(source.as_bytes());
        let report = lint(&Input { kind: Some(Kind::Policy), ..input });
        let at = source.find(above).expect("it is there");
        let mut there = report.findings().filter(|finding| finding.span.start == at);
        assert!(there.any(|finding| finding.fix.is_some()), "{source}");
    }
}

/// A sign that is taken out, or a fence, stood in front of JSON or of a web page: lines of a policy were read, and without it none.
#[test]
fn what_a_text_is_does_not_hang_on_what_is_removed() {
    for front in ["\u{a0}", "\0\r\n", " \u{200b}", "```\n", "v=STSv1; id=1\n\u{feff}"] {
        for (text, code) in [("{\"Answer\":[", "STS-POL-007"), ("<html>", "STS-POL-016")] {
            let source = format!("{front}{text}\nversion: STSv1\nmode: none\nmax_age: 86400\n");
            let codes = defects(Kind::Policy, &source);
            assert_eq!(codes.last(), Some(&code), "{source:?}");
            assert!(codes.iter().all(|it| [code, "STS-POL-008"].contains(it)), "{codes:?}");
            assert_eq!(fixes::check(&Case::new(Some(Kind::Policy.into()), source)), Ok(()));
        }
    }
}

/// The head of an answer was lines of the policy, among which `version` was moved without asking.
#[test]
fn an_answer_may_begin_below_blank_lines() {
    let policy = "version: STSv1\r\nmode: none\r\nmax_age: 86400\r\n";
    for front in ["\r\n", " ", "\u{feff}\n", "\u{a0}", "\0"] {
        let source = format!("{front}HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n{policy}");
        for kind in [None, Some(Kind::Policy)] {
            let input = Input { kind, ..Input::new(source.as_bytes()) };
            let report = lint(&input);
            let codes: Vec<_> = report.findings().map(|finding| finding.rule.code).collect();
            let codes: Vec<_> = codes.into_iter().filter(|code| *code != "STS-POL-002").collect();
            assert_eq!(codes, ["STS-POL-009", "STS-POL-054", "STS-POL-055"], "{source:?}");
            assert_eq!(fix::apply_safe(&input), policy.as_bytes(), "{source:?}");
        }
    }
}

/// It was taken for a prompt, and what stood below it was left out, where something else made the text look like a quotation.
#[test]
fn a_comment_ends_no_policy() {
    let source =
        "version: STSv1\nmode: none\n# our hosts\nmx: mail.acme-mail.net\"\nmax_age: 86400\n";
    assert_eq!(defects(Kind::Policy, source), ["STS-POL-028", "STS-POL-088"]);
    let source = "0version: STSv1\r\nmode: enforce\r\n# comment: x\r\nmx: mail.acme-maAversion: STSv1\rmode: none\rmx:\"mx.example.com\rmax_age: 86400\rax_age: 1209600\r\n";
    let case = Case { line_ends_known: true, ..Case::new(Some(Kind::Policy.into()), source) };
    assert_eq!(fixes::check(&case), Ok(()));
}

/// Both halves of the engine have to say the same of what may be a domain.
#[test]
fn a_host_has_no_json_behind_it_and_may_have_a_mark_in_front() {
    for (text, kind) in [
        (
            "mail.example.com/\"date-range\":{\"start-datetime\":\"2026-10-01\",\"end-datetime\":1}",
            Kind::Report,
        ),
        ("\u{feff}mailto:a@example.com", Kind::Domain),
    ] {
        assert_eq!(lint(&Input::new(text.as_bytes())).artefacts[0].kind, kind, "{text}");
        assert_eq!(detection::check(&Case::new(None, text)), Ok(()));
    }
}

/// Nothing was said of a record any more beside one of another use of which a list showed the beginning.
#[test]
fn a_record_of_another_use_may_be_cut() {
    for other in ["google-site-verification=abc...", "version..."] {
        let source = format!("{other}\r\nv=STSv1;");
        assert_eq!(defects(Kind::StsTxt, &source), ["STS-TXT-020"], "{source}");
        let source = format!("{other}\r\nv=STSv1; id=1;");
        let values = &report(Kind::StsTxt, &source).artefacts[0].parsed;
        assert!(matches!(values, stslint::Parsed::Record(_)), "{source}: {values:?}");
    }
}

/// Lines of a policy, and line ends of two bytes, counted as lines between a record and its name: a safe repair of the policy
/// brought them together.
#[test]
fn lines_that_are_no_text_do_not_part_a_record_from_its_name() {
    let policy = "version: STSv1\nmode: none\nmx: mail.example.com\nmax_age: 86400\n";
    for end in ["\n", "\r\n"] {
        for lines in [1, 2, 3] {
            let source = ["[[\"v=STSv1\"]]", &policy.repeat(lines), "_mta-sts IN TXT "].concat();
            let source = source.replace('\n', end);
            let report = lint(&Input::new(source.as_bytes()));
            let kinds: Vec<_> = report.artefacts.iter().map(|it| it.kind).collect();
            assert_eq!(kinds, [Kind::Policy, Kind::StsTxt], "{source}");
            assert_eq!(fixes::check(&Case::new(None, source)), Ok(()));
        }
    }
}

/// The name of the other record below another domain was renamed twice.
#[test]
fn a_name_is_renamed_once() {
    for name in ["_smtp._tls.example.org.", "_mta_sts.example.org.", "_mta-sts.example.org."] {
        let source = format!("{name} IN TXT \"v=STSv1; id=1\"");
        let input = Input {
            kind: Some(Kind::StsTxt),
            domain: Some("example.com"),
            ..Input::new(source.as_bytes())
        };
        let report = lint(&input);
        let fixes = report.findings().filter_map(|finding| finding.fix.as_ref());
        let fixed: Vec<_> = fixes.map(|fix| fix.apply(source.as_bytes())).collect();
        assert_eq!(fixed, [source.replace(name, "_mta-sts.example.com.").into_bytes()], "{name}");
    }
}

/// The line alone was taken for the policy, what stood below it was missing, and what was put in for that was no part of it.
#[test]
fn two_fields_on_a_line_are_no_policy_on_one_line() {
    let rest = "mode: enforce\r\nmx: mail.acme-mail.net\r\nmax_age: 1209600\r\n";
    for line in ["mx=$HOST;version: STSv1", "max_age: 1209600\u{feff}version: STSv1"] {
        let source = [line, "\r\n", rest].concat();
        for kind in [None, Some(Kind::Policy)] {
            let report = lint(&Input { kind, ..Input::new(source.as_bytes()) });
            let stslint::Parsed::Policy(values) = &report.artefacts[0].parsed else { panic!() };
            assert_eq!((values.mode, values.mx.len()), (Some(Mode::Enforce), 1), "{source}");
        }
        assert_eq!(fixes::check(&Case::new(None, source)), Ok(()));
    }
    // Below something else it is all that there is of a policy.
    let source = "[a]: b\nmx=a.example;version: STSv1\n\nThat is all.\n";
    for text in [source.to_owned(), source.replace("mx=", "\"mx=").replace("STSv1", "STSv1\"")] {
        assert_eq!(fixes::check(&Case::new(None, text)), Ok(()));
    }
}

/// With U+FFFD written for them, the text was one in which something is looked for.
#[test]
fn what_stands_for_bytes_that_are_no_text_is_not_written() {
    let source = b"'\xff_smtp._tls IN TXT \"v=STSv1; id=1;\"";
    let case = Case::new(Some(Kind::StsTxt.into()), &source[..]);
    let report = lint(&case.input());
    assert!(report.findings().any(|finding| finding.rule.code == "STS-TXT-002"));
    assert!(report.findings().all(|finding| finding.fix.is_none()));
    assert_eq!(fixes::check(&case), Ok(()));
}

/// Without the mark, the record went on on the next line, of which the same was said.
#[test]
fn no_sign_is_removed_in_front_of_a_parenthesis() {
    for sign in ['\u{feff}', '\u{a0}'] {
        let source = format!("_mta-sts.example.com. 300 IN TXT {sign}(x=y;\r\n\u{7f}");
        assert_eq!(fixes::check(&Case::new(None, source)), Ok(()));
    }
}

/// With the version put in front, the lines were the settings of a program.
#[test]
fn what_begins_as_a_policy_does_is_no_list_of_settings() {
    let rest = "[ours]\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 1209600\n";
    assert_eq!(defects(Kind::Policy, &["version: STSv1\n", rest].concat()), ["STS-POL-027"]);
    let source = ["[STSv1{version: STSv1\r\n", rest].concat();
    assert_eq!(fixes::check(&Case::new(Some(Kind::Policy.into()), source)), Ok(()));
}

/// The version within its data kept the record from its name, and only the copy behind that was told of.
#[test]
fn a_version_within_data_is_no_other_record() {
    for source in [
        "\0v=STSv1;v=STSv1\"_mta-sts.example.com. 300 IN TXT version[[\"v=STSv1\"]]",
        "v=STSv1{v=STSv1;\"_mta-sts.example.com. 300 IN TXT ;; ANSWER SECTION:\nSTSv1",
    ] {
        assert_eq!(fixes::check(&Case::new(None, source)), Ok(()));
    }
}

/// What can't be seen within a value is named with it; the mark of a file is no part of a record.
#[test]
fn checks_see_what_senders_would() {
    let policy =
        "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 120480\u{1}\u{2}0\r\n";
    assert_eq!(fixes::check(&Case::new(Some(Kind::Policy.into()), policy)), Ok(()));
    let record = Case::new(Some(Kind::StsTxt.into()), "\u{feff}v=STSv1; id=C");
    assert_eq!(linting::check(&record), Ok(()));
}

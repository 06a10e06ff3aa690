//! What stands around a policy, and whether it is a part of it: what was served, what a program or a prompt adds, several policies.

use stslint::finding::Severity;
use stslint::{Input, lint};
use stslint_checks::told::loud;

/// A text, the kinds of what is found in it, its errors and warnings, and words that some message has.
type Case = (&'static str, &'static str, &'static str, &'static str);

/// `{p}` is a policy, `{end}` without the end of its last line, `{q}` another one, `{b}` one whose lifetime is wrong, `{url}` the address of one.
fn check(cases: &[Case]) {
    const POLICY: &str = "version: STSv1\nmode: enforce\nmx: a.acme-mail.net\nmax_age: 604800\n";
    const OTHER: &str = "version: STSv1\nmode: none\nmax_age: 86400\n";
    const BAD: &str = "version: STSv1\nmode: none\nmax_age: a day\n";
    let mut wrong = Vec::new();
    for (text, kinds, codes, says) in cases {
        let url = "https://mta-sts.acme-mail.net/.well-known/mta-sts.txt";
        let text = text.replace("{p}", POLICY).replace("{end}", POLICY.trim_end());
        let text = text.replace("{url}", url).replace("{q}", OTHER).replace("{b}", BAD);
        let input = Input { line_ends_known: false, ..Input::new(text.as_bytes()) };
        let report = lint(&input);
        let found: Vec<&str> =
            report.artefacts.iter().map(|artefact| artefact.kind.word()).collect();
        let mut loud = loud(&report);
        loud.dedup();
        let messages: Vec<String> =
            report.findings().map(|finding| finding.message(text.as_bytes())).collect();
        let said = says.is_empty() || messages.iter().any(|message| message.contains(says));
        if found.join(" ") != *kinds || loud.join(" ") != *codes || !said {
            wrong.push(format!("{text}\n{found:?} {loud:?} {messages:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// RFC 8461 §3.3: the body of the answer is the policy.
#[test]
fn what_a_policy_host_served_is_the_file_of_a_policy() {
    const CURL: &str = "A transcript of curl: ";
    check(&[
        ("$ curl {url}\n{p}", "policy", "", "A transcript of a command line: "),
        ("$ curl -i {url}\nHTTP/2 200\ncontent-type: text/plain\n\n{p}$ \n", "policy", "", CURL),
        ("$ curl -s {url}; echo\n<pre>{end}</pre>\n", "policy", "STS-POL-016", ""),
        ("$ curl -s {url} && echo\n{p}\n$ \n", "policy", "", ""),
        ("$ curl {url}\n<pre>{end}</pre>\n", "policy", "STS-POL-016", ""),
        (
            "$ curl {url}\n  version: STSv1\n  mode: none\n  max_age: 86400\n",
            "policy",
            "STS-POL-025",
            "",
        ),
        ("$ wget -qO- {url}\n\"{end}\"\n", "policy", "STS-POL-016", ""),
        (
            "$ curl -sS \\\n  {url}\n1. version: STSv1\n2. mode: none\n3. max_age: 86400\n",
            "policy",
            "STS-POL-016",
            "",
        ),
        ("$ curl '{url}'\nv=STSv1; id=20240501\n", "policy", "STS-POL-008", ""),
        (
            "$ curl {url}\n{\"version\":\"STSv1\",\"mode\":\"none\",\"max_age\":86400}\n",
            "policy",
            "STS-POL-007",
            "",
        ),
        (
            "$ curl -i {url}\nHTTP/2 404\ncontent-type: application/json\n\n{\"version\":\"STSv1\",\"mode\":\"none\",\"max_age\":86400}\n",
            "policy",
            "LIVE-047 STS-POL-007",
            CURL,
        ),
        (
            "* Connected to mta-sts.acme-mail.net\n> GET /.well-known/mta-sts.txt HTTP/2\n>\n< HTTP/2 200\n< content-type: application/json\n<\n{\"mode\":\"none\",\"version\":\"STSv1\",\"max_age\":86400}\n",
            "policy",
            "LIVE-049 STS-POL-007",
            CURL,
        ),
        (
            "$ curl {url}\nversion: STSv1\n\nmode: none\nmax_age: 86400\n",
            "policy",
            "STS-POL-023",
            "",
        ),
        // The next command begins another text.
        (
            "$ curl {url}\n{p}\n$ dig +short TXT _mta-sts.acme-mail.net\n\"v=STSv1; id=1\"\n",
            "policy sts-txt",
            "",
            "",
        ),
    ]);
}

#[test]
fn what_people_write_below_it_and_other_commands_is_not_served() {
    check(&[
        ("$ curl {url}\n{p}\nIs it right?\n", "policy", "", ""),
        ("I see:\n\n```\n$ curl {url}\n{p}```\n\nIs it right?\n", "policy", "", ""),
        ("$ curl {url}\n{p}-- \nAnna\n", "policy", "", ""),
        (
            "$ curl {url}\ncurl: (6) Could not resolve host: mta-sts.acme-mail.net\n",
            "unknown",
            "",
            "",
        ),
        ("$ curl {url}\n", "unknown", "", ""),
        (
            "$ curl {url} | nl\n 1 version: STSv1\n 2 mode: none\n 3 max_age: 86400\n",
            "policy",
            "",
            "",
        ),
        ("> $ curl {url}\n> version: STSv1\n> mode: none\n> max_age: 86400\n", "policy", "", ""),
        (
            "$ curl -i https://api.acme-mail.net/records\nHTTP/2 200\ncontent-type: application/json\n\n[{\"type\":\"TXT\",\"name\":\"_mta-sts.acme-mail.net\",\"content\":\"v=STSv1; id=1\"}]\n",
            "sts-txt",
            "",
            "",
        ),
        ("curl {url}\nworks here, but others tell me that they can't see it\n", "unknown", "", ""),
    ]);
}

/// RFC 8461 §3.3: senders begin with HTTPS, and what HTTP answers with they never see.
#[test]
fn a_way_from_http_to_https_is_no_redirect_of_the_policy_host() {
    check(&[
        (
            "$ curl -iL http://mta-sts.acme-mail.net/.well-known/mta-sts.txt\nHTTP/1.1 301 Moved Permanently\nLocation: {url}\n\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\n{p}",
            "policy",
            "",
            "",
        ),
        (
            "$ curl -iL http://mta-sts.acme-mail.net/.well-known/mta-sts.txt\nHTTP/1.1 301 Moved Permanently\nLocation: https://acme-mail.net/.well-known/mta-sts.txt\n\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\n{p}",
            "policy",
            "LIVE-046",
            "",
        ),
        ("HTTP/2 304 \netag: \"x\"\n\n", "policy", "LIVE-047", ""),
    ]);
}

#[test]
fn variables_of_an_environment_are_values() {
    check(&[
        (
            "environment:\n  MODE: enforce\n  MX: a.acme-mail.net,b.acme-mail.net\n  MAX_AGE: 604800\n",
            "policy",
            "",
            "YAML: these are the values",
        ),
        (
            "- \"MODE=enforce\"\n- \"MX=a.acme-mail.net b.acme-mail.net\"\n- \"MAX_AGE=604800\"\n",
            "policy",
            "",
            "YAML: these are the values",
        ),
        // Names of fields in the wrong case.
        (
            "VERSION: STSv1\nMODE: none\nMAX_AGE: 86400\n",
            "policy",
            "STS-POL-031 STS-POL-040 STS-POL-050 STS-POL-060 STS-POL-080",
            "",
        ),
    ]);
}

/// What stands in the wrong characters is a fault of the file and no quotation, unless something is around it.
#[test]
fn typographic_signs_in_each_line_are_no_quotation() {
    check(&[
        (
            "version\u{ff1a}STSv1\nmode\u{ff1a}none\nmax_age\u{ff1a}86400\n",
            "policy",
            "STS-POL-014",
            "",
        ),
        (
            "\u{201c}version: STSv1\u{201d}\n\u{201c}mode: none\u{201d}\n\u{201c}max_age: 86400\u{201d}\n",
            "policy",
            "STS-POL-014 STS-POL-015",
            "",
        ),
        (
            "\u{6211}\u{4eec}\u{7684}\u{ff1a}\n\nversion\u{ff1a}STSv1\nmode\u{ff1a}none\nmax_age\u{ff1a}86400\n\n\u{8c22}\u{8c22}\n",
            "policy",
            "STS-POL-014",
            "Another text: ",
        ),
    ]);
}

#[test]
fn of_several_policies_the_first_is_read_and_that_is_said() {
    const TWO: &str = "; of 2 policies only the first was read";
    check(&[
        (
            "```\n{p}```\n\n```\nversion: STSv1\nmode: enforced\nmax_age: 86400\n```\n",
            "policy",
            "",
            TWO,
        ),
        ("==> a/mta-sts.txt <==\n{p}\n==> b/mta-sts.txt <==\n{q}", "policy", "", TWO),
        ("Before:\n\n{p}\nAfter:\n\n{q}", "policy", "", TWO),
        ("$ curl {url}\n{p}$ curl {url}\n{q}", "policy", "", TWO),
        ("$ cat a.txt\n{p}$ cat b.txt\n{q}", "policy", "", TWO),
        ("const a = `{p}`;\nconst b = `{q}`;\n", "policy", "", TWO),
        (
            "{\"a\": {\"policy\": \"version: STSv1\\nmode: none\\nmax_age: 86400\\n\"}, \"b\": {\"policy\": \"version: STSv1\\nmode: testing\\nmax_age: 86400\\n\"}}\n",
            "policy",
            "",
            TWO,
        ),
        (
            "[{\"version\":\"STSv1\",\"mode\":\"none\",\"max_age\":86400},\n{\"version\":\"STSv1\",\"mode\":\"no\",\"max_age\":86400}]\n",
            "policy",
            "",
            TWO,
        ),
        // One file that repeats its fields.
        (
            "version: STSv1\nmode: none\nmax_age: 86400\nversion: STSv1\nmode: none\nmax_age: 86400\n",
            "policy",
            "STS-POL-038",
            "",
        ),
    ]);
    let text = "```\nversion: STSv1\nmode: none\nmax_age: 86400\n```\n```\nversion: STSv1\nmode: no\nmax_age: 86400\n```\n";
    let report = lint(&Input::new(text.as_bytes()));
    assert!(report.findings().any(|finding| finding.message(text.as_bytes()).ends_with(TWO)));
    assert!(report.findings().all(|finding| finding.fix.is_none()), "no fix removes a policy");
}

/// RFC 8461 §3.2: the last line of a file may have no end.
#[test]
fn a_prompt_behind_the_last_line_is_not_its_value() {
    check(&[
        ("root@web1:~# cat mta-sts.txt\n{end}root@web1:~# ", "policy", "", ""),
        ("$ cat mta-sts.txt\n{end}anna@web1:/var/www$ ", "policy", "", ""),
        ("[root@mail ~]# cat mta-sts.txt\n{end}[root@mail ~]# \n", "policy", "", ""),
        ("$ cat mta-sts.txt\n{end}bash-5.1$ ", "policy", "", ""),
        ("PS C:\\> cat mta-sts.txt\n{end}PS C:\\> ", "policy", "", ""),
        ("anna@mac ~ % curl {url}\n{end}%          \nanna@mac ~ % ", "policy", "", ""),
        (
            "root@m:~# cat f\nversion: STSv1\nmode: enforce\nmax_age: 604800\nmx: a.acme-mail.netroot@m:~# ",
            "policy",
            "",
            "",
        ),
        (
            "root@m:~# curl -si {url}\nHTTP/2 200 \ncontent-type: text/plain\n\n{end}root@m:~# ",
            "policy",
            "",
            "",
        ),
        ("$ cat mta-sts.txt\n{end}%\n$ ", "policy", "", ""),
        (
            "$ cat mta-sts.txt\nversion: STSv1\nmode: none\nmax_age: 86400 seconds\n$ ",
            "policy",
            "STS-POL-061",
            "",
        ),
    ]);
}

#[test]
fn what_ends_a_quotation_is_no_field() {
    check(&[
        (
            "> version: STSv1\n> mode: none\n> max_age: 86400\n>\n> Best, Anna\n",
            "policy",
            "",
            "A quoted mail: ",
        ),
        (
            "# cat > mta-sts.txt <<EOF\n> version: STSv1\n> mode: none\n> max_age: 86400\n> EOF\n",
            "policy",
            "",
            "",
        ),
        ("> version: STSv1\n> mode: none\n>\n> max_age: 86400\n", "policy", "STS-POL-023", ""),
        (
            "> version: STSv1\n> mode: none\n> max_age: 86400\n> thanks\n",
            "policy",
            "STS-POL-027",
            "",
        ),
    ]);
}

/// A mark at the start of the file breaks it (STS-POL-002), and so do other characters that a tool made visible.
#[test]
fn characters_that_a_tool_made_visible_are_in_the_file() {
    const REST: &str = "version: STSv1\nmode: none\nmax_age: 86400\n";
    for mark in ["M-oM-;M-?", "<U+FEFF>", "<feff>", "\u{ef}\u{bb}\u{bf}", "\u{feff}"] {
        let texts = [
            [mark, REST].concat(),
            ["$ less mta-sts.txt\n", mark, REST].concat(),
            [mark, &REST.replace('\n', "$\n")].concat(),
        ];
        for text in texts {
            let report = lint(&Input::new(text.as_bytes()));
            let errors =
                report.findings().filter(|finding| finding.rule.severity <= Severity::Warning);
            let errors: Vec<(&str, &str)> =
                errors.map(|finding| (finding.rule.code, &text[finding.span.range()])).collect();
            assert_eq!(errors, [("STS-POL-002", mark)], "{text}");
        }
    }
    check(&[
        (
            "{\"body\":\"\\ufeffversion: STSv1\\nmode: none\\nmax_age: 86400\\n\"}\n",
            "policy",
            "STS-POL-002",
            "JSON: ",
        ),
        (
            "x = '\\ufeffversion: STSv1\\r\\nmode: none\\r\\nmax_age: 86400\\r\\n'\n",
            "policy",
            "STS-POL-002",
            "",
        ),
        (
            "x = b'\\xef\\xbb\\xbfversion: STSv1\\nmode: none\\nmax_age: 86400\\n'\n",
            "policy",
            "STS-POL-002",
            "",
        ),
        (
            "{\"body\":\"version:\\u00a0STSv1\\nmode: none\\nmax_age: 86400\\n\"}\n",
            "policy",
            "STS-POL-014",
            "JSON: ",
        ),
        ("version:M-BM- STSv1$\nmode: none$\nmax_age: 86400$\n", "policy", "STS-POL-014", ""),
    ]);
}

/// What a program or a server writes is the value of the literal, as its language reads it.
#[test]
fn literals_have_the_value_that_their_language_gives_them() {
    const LINES: &str = "version: STSv1\nmode: enforce\nmx: a.acme-mail.net\nmax_age: 604800";
    let row = LINES.replace('\n', "\\n");
    let deep = ["  ", &LINES.replace('\n', "\n  "), "\n"].concat();
    let cases: &[(&str, &str)] = &[
        // A backslash and a letter.
        ("<?php echo '{row}';\n", "STS-POL-011"),
        ("<?php echo \"{row}\";\n", ""),
        ("echo \"{row}\" > mta-sts.txt\n", "STS-POL-011"),
        ("$ echo '{row}' > mta-sts.txt\n", "STS-POL-011"),
        ("anna@mac ~ % echo '{row}' > mta-sts.txt\n", ""),
        ("#!/bin/sh\necho \"{row}\" > mta-sts.txt\n", ""),
        ("echo -e \"{row}\" > mta-sts.txt\n", ""),
        ("echo \"{row}\";\n", ""),
        ("printf \"%s\" \"{row}\" > mta-sts.txt\n", "STS-POL-011"),
        ("printf \"{row}\" > mta-sts.txt\n", ""),
        ("printf \"%b\" \"{row}\" > mta-sts.txt\n", ""),
        ("data:\n  mta-sts.txt: '{row}'\n", "STS-POL-011"),
        ("data:\n  mta-sts.txt: \"{row}\"\n", ""),
        ("data:\n  mta-sts.txt: \"version: STSv1\\nmode: none\\nmax_age:\n    86400\\n\"\n", ""),
        ("const x = {\n  body: '{row}'\n}\n", ""),
        ("a.example {\n\trespond /x \"{row}\" 200\n}\n", "STS-POL-011"),
        ("  return 200 \"{row}\";\n", ""),
        ("package main\nconst p = `{row}`\n", "STS-POL-011"),
        ("const p = `{row}`;\n", ""),
        ("POLICY = r'{row}'\n", "STS-POL-011"),
        ("POLICY = '{row}'\n", ""),
        // Indentation.
        ("const p = `\n{deep}`;\n", "STS-POL-025"),
        ("const p = `\n{deep}`.replace(/^ +/gm, '');\n", ""),
        ("const p = dedent`\n{deep}`;\n", ""),
        ("cat > mta-sts.txt <<EOF\n{deep}EOF\n", "STS-POL-025"),
        ("cat > mta-sts.txt <<-EOF\n{deep}EOF\n", "STS-POL-025"),
        ("cat > mta-sts.txt <<-EOF\n\t{tabs}\n\tEOF\n", ""),
        ("steps:\n- run: |\n  cat > mta-sts.txt <<EOF\n{deep}  EOF\n", ""),
        ("So:\n\n  cat > mta-sts.txt <<EOF\n{deep}  EOF\n\nDone\n", ""),
        ("resource \"x\" \"y\" {\n  content = <<EOT\n{deep}EOT\n}\n", "STS-POL-025"),
        ("resource \"x\" \"y\" {\n  content = <<-EOT\n{deep}  EOT\n}\n", ""),
        ("  def policy\n  <<-EOS\n{deep}  EOS\nend\n", "STS-POL-025"),
        ("def policy\n  <<~EOS\n{deep}  EOS\nend\n", ""),
        ("def policy():\n  return \"\"\"\n{deep}  \"\"\"\n", "STS-POL-025"),
        ("from textwrap import dedent\np = dedent(\"\"\"\n{deep}  \"\"\")\n", ""),
        ("String p = \"\"\"\n{deep}  \"\"\";\n", ""),
        ("<?php echo <<<TXT\n{deep}  TXT;\n", ""),
        ("respond <<EOF\n{deep}  EOF 200\n", ""),
    ];
    let mut wrong = Vec::new();
    for (text, codes) in cases {
        let text = text.replace("{row}", &row).replace("{deep}", &deep);
        let text = text.replace("{tabs}", &LINES.replace('\n', "\n\t"));
        let report = lint(&Input::new(text.as_bytes()));
        let mut loud = loud(&report);
        loud.dedup();
        // How a line break is written in a literal is for its language to say.
        let breaks = report
            .findings()
            .filter(|finding| finding.rule.code == "STS-POL-011")
            .any(|finding| finding.fix.is_some());
        if loud.join(" ") != *codes || breaks || report.artefacts[0].kind.word() != "policy" {
            wrong.push(format!("{text}\n{loud:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn what_a_diff_does_not_show_is_not_missing() {
    check(&[
        (
            "--- a/mta-sts.txt\n+++ b/mta-sts.txt\n@@ -3,4 +3,4 @@ mode: enforce\n mx: a.acme-mail.net\n mx: b.acme-mail.net\n mx: c.acme-mail.net\n-max_age: 86400\n+max_age: 604800\n",
            "policy",
            "",
            "; what stands above is not shown",
        ),
        (
            "@@ -1,3 +1,3 @@\n version: STSv1\n-mode: testing\n+mode: enforce\n max_age: 604800\n",
            "policy",
            "STS-POL-080",
            "",
        ),
    ]);
}

/// RFC 2045 §6.7.
#[test]
fn the_source_of_a_mail_is_decoded() {
    check(&[(
        "Subject: p\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nF=C3=BCr euch:\n\nversion: STSv1\nmode: enforce\nmx: a.acme-mail.net\nmax_age: 604=\n800\n",
        "policy",
        "",
        "The source of a mail: ",
    )]);
}

#[test]
fn what_a_text_without_anything_to_lint_says_is_true() {
    use stslint::render::words;
    for (text, next) in [
        ("curl: (60) SSL certificate problem: certificate has expired\n", "says why"),
        (
            "$ curl https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\ncurl: (6) Could not resolve host\n",
            "domain acme-mail.net",
        ),
        (
            "PS C:\\> iwr https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\niwr : The remote server returned an error: (404) Not Found.\n",
            "says why",
        ),
        ("We run WordPress 4.7.5 and our mta-sts.txt gives a 404. Why?\n", "Paste the policy"),
        (
            "$ curl https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\n",
            "Paste what the command printed",
        ),
    ] {
        let input = Input::new(text.as_bytes());
        let headline = words::headline(&input, &lint(&input));
        assert!(headline.next.contains(next), "{text}: {headline:?}");
    }
}

/// The headers that a command printed stay in its transcript.
#[test]
fn no_repair_takes_the_headers_out_of_a_transcript() {
    let text = "$ curl -i https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\nHTTP/2 404\ncontent-type: text/plain\n\nversion: STSv1\nmode: none \nmax_age: 86400\n";
    let input = Input::new(text.as_bytes());
    let fixed = stslint::fix::apply_safe(&input);
    assert!(String::from_utf8_lossy(&fixed).contains("HTTP/2 404"));
    assert!(lint(&Input::new(&fixed)).findings().any(|finding| finding.rule.code == "LIVE-047"));
}

/// Nothing is said to surround a policy beside which nothing but records stands.
#[test]
fn what_is_read_as_a_whole_is_not_said_to_be_surrounded() {
    const POLICY: &str = "version: STSv1\nmode: enforce\nmx: a.acme-mail.net\nmax_age: 604800\n";
    const STS: &str = "_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=1;\"\n";
    const RPT: &str =
        "_smtp._tls.acme-mail.net. IN TXT \"v=TLSRPTv1; rua=mailto:t@acme-mail.net\"\n";
    for (text, around) in [
        ([POLICY, "\n", STS].concat(), None),
        ([POLICY, STS].concat(), None),
        ([STS, "\n", POLICY].concat(), None),
        ([STS, RPT, "\n", POLICY].concat(), None),
        (["Hello,\n\n", POLICY, "\n", STS].concat(), Some("Another text: ")),
        ([POLICY, "\n", STS, "\nIs it right?\n"].concat(), Some("Another text: ")),
    ] {
        let input = Input { line_ends_known: false, ..Input::new(text.as_bytes()) };
        let report = lint(&input);
        assert!(report.artefacts.len() > 1, "{text}");
        let wrapped = report.findings().find(|finding| finding.rule.code == "INPUT-004");
        let message = wrapped.map(|finding| finding.message(text.as_bytes()));
        let is_right = match (&message, around) {
            (None, None) => true,
            (Some(message), Some(around)) => message.starts_with(around),
            _ => false,
        };
        assert!(is_right, "{text}\n{message:?}");
    }
}

/// RFC 8461 §3.1 and §3.2: two texts.
#[test]
fn a_policy_and_a_record_are_both_read() {
    const BOTH: &str = "policy sts-txt";
    check(&[
        ("{b}_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=1\"\n", BOTH, "STS-POL-061", ""),
        ("{b}\"v=STSv1; id=1\"\n", BOTH, "STS-POL-061", ""),
        ("{b}_mta-sts TXT v=STSv1; id=1\n", BOTH, "STS-POL-061 STS-TXT-006", ""),
        ("Policy:\n{b}_mta-sts.acme-mail.net TXT \"v=STSv1; id=1\"\n", BOTH, "STS-POL-061", ""),
        (
            "{b}_smtp._tls.acme-mail.net. 300 IN TXT \"v=TLSRPTv1; rua=mailto:t@acme-mail.net\"\n",
            "policy rpt-txt",
            "STS-POL-061",
            "",
        ),
        ("v=STSv1; id=1\n\n{p}", BOTH, "", ""),
        ("v=STSv1; id=1\n\n{b}", BOTH, "STS-POL-061", ""),
        ("{p}\nv=STSv1; id=1\n", BOTH, "", ""),
        ("My file:\n{p}Record:\nv=STSv1; id=1\n", BOTH, "", ""),
        ("Policy file\n{p}DNS TXT record\nv=STSv1; id=1;\n", BOTH, "", ""),
        ("mta-sts.txt:\n{p}_mta-sts.acme-mail.net:\nv=STSv1; id=1\n", BOTH, "", ""),
        (
            "_mta-sts: v=STSv1; id=1\n_smtp._tls: v=TLSRPTv1; rua=mailto:t@acme-mail.net\nmta-sts.txt:\n{p}",
            "policy sts-txt rpt-txt",
            "",
            "",
        ),
        ("{p}=====\nv=STSv1; id=1\n", BOTH, "", ""),
    ]);
}

/// A record in the file does not hide what stands below it.
#[test]
fn a_record_directly_above_is_a_line_of_the_file() {
    check(&[
        ("v=STSv1; id=1;\n{p}", "policy", "STS-POL-008", ""),
        ("v=STSv1; id=1\n{b}", "policy", "STS-POL-008 STS-POL-061", ""),
        ("$ curl {url}\nv=STSv1; id=1;\n{b}", "policy", "STS-POL-008 STS-POL-061", ""),
        ("v=STSv1; id=1;\nmode: none\nmax_age: 86400\n", "policy", "STS-POL-008 STS-POL-040", ""),
        (
            "v=STSv1\nmode=none\nmax_age=86400\n",
            "policy",
            "STS-POL-008 STS-POL-030 STS-POL-040",
            "",
        ),
    ]);
}

/// What stands in front of a command is the prompt.
#[test]
fn the_prompt_is_what_stands_in_front_of_a_command() {
    for prompt in [
        "\u{279c}  ~ ",
        "\u{279c}  mta-sts git:(main) ",
        "\u{279c}  mta-sts git:(main) \u{2717} ",
        "~/mta-sts main \u{276f} ",
        "\u{276f} ",
        "anna@web ~> ",
        "root@web /v/w/html# ",
        "/ # ",
        "~ $ ",
        "anna@PC MINGW64 ~\n$ ",
        "PS /Users/anna> ",
        "anna [ ~ ]$ ",
        "anna@cloudshell:~ (project-1)$ ",
        "\u{250c}\u{2500}\u{2500}(kali\u{327f}kali)-[~]\n\u{2514}\u{2500}$ ",
        "\u{256d}\u{2500}anna@web ~\n\u{2570}\u{2500}$ ",
        "# ",
    ] {
        let file = "cat mta-sts.txt\nversion: STSv1\nmode: none\nmax_age: 86400";
        for text in [
            format!("{prompt}{file}\n{prompt}\n"),
            format!("{prompt}{file}{prompt}\n"),
            format!("{prompt}{file}\n"),
            format!("{prompt}curl {{url}}\n{{p}}{prompt}\n"),
        ] {
            check(&[(&*text.leak(), "policy", "", "")]);
        }
    }
    check(&[("# managed by us\n{p}", "policy", "STS-POL-028", "")]);
}

/// Where other text shows that a policy is quoted, it ends with its fields; what no file has ends it anywhere.
#[test]
fn what_follows_a_quoted_policy_is_no_line_of_it() {
    check(&[
        ("Hi,\nour policy:\n{p}Thanks\nAnna\n", "policy", "", "Another text: "),
        ("Hi,\nour policy:\n\n{p}Thanks\nAnna\n", "policy", "", ""),
        ("Anna  10:42 AM\nhere is it:\n{p}Ben  10:43 AM\nlooks good to me\n", "policy", "", ""),
        ("[30.11.26, 10:42:11] Anna: {p}[30.11.26, 10:43:02] Ben: ok\n", "policy", "", ""),
        (
            "anna \u{2014} Today at 10:42 AM\n{p}ben \u{2014} Today at 10:43 AM\nok\n",
            "policy",
            "",
            "",
        ),
        ("mta-sts:acme-mail.net\n{url}\n{p}Test\tResult\nPublished\tfound\n", "policy", "", ""),
        ("My file:\n{p}\u{2705} Valid\n", "policy", "", ""),
        ("My file:\n{p}Response time: 120 ms\n", "policy", "", ""),
        ("{p}Show less\n\nCopy\n", "policy", "", ""),
        ("{p}~\n~\n\"mta-sts.txt\" 4L, 68B          1,1           All\n", "policy", "", ""),
        ("{b}mta-sts.txt (END)\n", "policy", "STS-POL-061", ""),
        ("$ time cat mta-sts.txt\n{p}real\t0m0.123s\n", "policy", "", ""),
        // What is like a field is one.
        ("My file:\n{p}mode enforce\n", "policy", "STS-POL-030 STS-POL-038", ""),
        (
            "My file:\nversion: STSv1\nmode: none\nThanks\nmax_age: 86400\n",
            "policy",
            "STS-POL-027",
            "",
        ),
        ("My file:\n{p}note: ours\nThanks\n", "policy", "", ""),
        // What a command printed ends at the next prompt.
        ("$ cat mta-sts.txt\n{p}Thanks\n$ \n", "policy", "STS-POL-027", ""),
        // Nothing shows a quotation.
        ("{p}Thanks\n", "policy", "STS-POL-027", ""),
    ]);
}

/// A line that names the file, its address, its domain or nothing, above the version.
#[test]
fn one_line_above_a_policy_is_its_heading() {
    for heading in [
        "mta-sts.txt:",
        "mta-sts.txt",
        "Policy:",
        "Policy",
        "/.well-known/mta-sts.txt",
        "https://mta-sts.acme-mail.net/.well-known/mta-sts.txt",
        "File: mta-sts.txt",
        "Content:",
        "acme-mail.net",
        "acme-mail.net:",
        "plaintext",
        "Copy",
        "Contenido:",
    ] {
        let text = format!("{heading}\n{{p}}");
        check(&[(&*text.leak(), "policy", "", "Another text: ")]);
    }
    check(&[
        ("note: ours\n{p}", "policy", "STS-POL-043", ""),
        ("version: STSv1\nmode: none\nThanks\nmax_age: 86400\n", "policy", "STS-POL-027", ""),
    ]);
    let text = "mta-sts.txt\nversion: STSv1\nmode: none\nmax_age: 86400\n";
    let input = Input { file_name: Some("mta-sts.txt"), ..Input::new(text.as_bytes()) };
    assert!(lint(&input).findings().any(|finding| finding.rule.code == "STS-POL-027"));
}

#[test]
fn a_blank_line_goes_with_the_marks_in_front_of_it() {
    for mark in ["> ", "{n}\t", "{n}:", "  {n} \u{2502} ", "{n}. ", "- "] {
        let rows = ["version: STSv1", "", "mode: none", "", "max_age: 86400"];
        let row = |(n, row): (usize, &&str)| {
            let row = format!("{}{row}", mark.replace("{n}", &(n + 1).to_string()));
            format!("{}\n", row.trim_end_matches(' '))
        };
        let text: String = rows.iter().enumerate().map(row).collect();
        let report = lint(&Input::new(text.as_bytes()));
        let fixes = report.findings().filter(|finding| finding.rule.code == "STS-POL-023");
        let fixes: Vec<_> = fixes.filter_map(|finding| finding.fix.as_ref()).collect();
        let [first, _] = fixes[..] else { panic!("{text}") };
        let lines: Vec<&str> = text.lines().collect();
        let rest = [lines[0], lines[2], lines[3], lines[4], ""].join("\n");
        assert_eq!(String::from_utf8_lossy(&first.apply(text.as_bytes())), rest);
        let fixed = stslint::fix::apply_safe(&Input::new(text.as_bytes()));
        let fixed = String::from_utf8_lossy(&fixed);
        let rest = [lines[0], lines[2], lines[4], ""].join("\n");
        assert_eq!(fixed.replace('\r', ""), rest);
        assert_eq!(loud(&lint(&Input::new(fixed.as_bytes()))), [""; 0], "{fixed}");
    }
}

/// A header that is wrong shows what has to be repaired.
#[test]
fn no_repair_takes_a_wrong_header_out() {
    for (head, stays) in [
        ("HTTP/2 404\ncontent-type: text/html", true),
        ("HTTP/2 302\nlocation: https://www.acme-mail.net/", true),
        ("HTTP/2 200\ncontent-type: text/html", true),
        ("HTTP/2 200\nserver: nginx", true),
        ("HTTP/2 200\ncontent-type: text/plain", false),
    ] {
        let text = format!("{head}\n\nversion: STSv1\nmode: none \nmax_age: 86400\n");
        let fixed = stslint::fix::apply_safe(&Input::new(text.as_bytes()));
        assert_eq!(String::from_utf8_lossy(&fixed).starts_with(head), stays, "{head}");
    }
}

/// RFC 8461 §3.2, §3.3: status, media type and certificate.
#[test]
fn what_a_text_shows_of_the_answer_is_judged() {
    const OBJECT: &str = "StatusCode        : {s}\nStatusDescription : OK\nContent           : version: STSv1\n                    mode: none\n                    max_age: 86400\nRawContent        : HTTP/1.1 {s} OK\n                    Content-Type: {t}\n\n                    version: STSv1\n                    mode: none...\nHeaders           : {[Content-Type, {t}]}\n";
    let object =
        |status: &str, media: &str| &*OBJECT.replace("{s}", status).replace("{t}", media).leak();
    check(&[
        (object("200", "text/html"), "policy", "LIVE-049", ""),
        (object("404", "text/html"), "policy", "LIVE-047", ""),
        (object("200", "text/plain"), "policy", "", ""),
        (
            "--2026-11-30--  {url}\nHTTP request sent, awaiting response... 200 OK\nLength: 68 [text/html]\n\n{p}",
            "policy",
            "LIVE-049",
            "A transcript of wget: ",
        ),
        (
            "--2026-11-30--  {url}\nHTTP request sent, awaiting response...\n  HTTP/1.1 301 Moved Permanently\n  Location: https://www.acme-mail.net/\nLocation: https://www.acme-mail.net/ [following]\nHTTP request sent, awaiting response...\n  HTTP/1.1 200 OK\n  Content-Type: text/plain\n\n{p}",
            "policy",
            "LIVE-046",
            "",
        ),
        (
            "--2026-11-30--  http://mta-sts.acme-mail.net/.well-known/mta-sts.txt\nHTTP request sent, awaiting response...\n  HTTP/1.1 301 Moved Permanently\n  Location: {url}\nHTTP request sent, awaiting response...\n  HTTP/1.1 200 OK\n  Content-Type: text/plain\n\n{p}",
            "policy",
            "",
            "",
        ),
        (
            "Request URL: {url}\nRequest Method: GET\nStatus Code: 404 Not Found\ncontent-type: text/plain\n\n{p}",
            "policy",
            "LIVE-047",
            "",
        ),
        (
            "Request URL: {url}\nStatus Code: 200 OK\ncontent-type: application/octet-stream\n\n{p}",
            "policy",
            "LIVE-049",
            "",
        ),
        (
            "*  SSL certificate verify result: certificate has expired (10), continuing anyway.\n> GET /.well-known/mta-sts.txt HTTP/1.1\n>\n< HTTP/1.1 200 OK\n< Content-Type: text/plain\n<\n{p}",
            "policy",
            "LIVE-043",
            "",
        ),
        (
            "*  SSL certificate verify result: self-signed certificate (18), continuing anyway.\n< HTTP/1.1 200 OK\n< Content-Type: text/plain\n<\n{p}",
            "policy",
            "LIVE-044",
            "",
        ),
        ("$ curl -k {url}\n{p}", "policy", "", "did not look at the certificate"),
        (
            "$ wget -qO- --no-check-certificate {url}\n{p}",
            "policy",
            "",
            "did not look at the certificate",
        ),
    ]);
}

/// RFC 8461 §4.1.
#[test]
fn mx_records_beside_a_policy_are_compared_with_it() {
    const MISSED: &str = "No mx pattern covers the MX host `b.acme-mail.net`";
    check(&[
        ("acme-mail.net. IN MX 10 b.acme-mail.net.\n\n{p}", "policy", "LIVE-062", MISSED),
        ("acme-mail.net. 300 IN MX 10 a.acme-mail.net.\n\n{p}", "policy", "", ""),
        (
            "$ dig +short MX acme-mail.net\n10 a.acme-mail.net.\n20 b.acme-mail.net.\n$ curl {url}\n{p}",
            "policy",
            "LIVE-062",
            MISSED,
        ),
        (
            "acme-mail.net mail is handled by 10 b.acme-mail.net.\n\n{p}",
            "policy",
            "LIVE-062",
            MISSED,
        ),
        // Of another domain, or of several.
        ("$ dig +short MX other.example\n20 b.other.example.\n$ curl {url}\n{p}", "policy", "", ""),
        ("a.example. IN MX 1 x.example.\nb.example. IN MX 1 y.example.\n\n{p}", "policy", "", ""),
    ]);
}

#[test]
fn what_explains_a_policy_is_no_other_one() {
    check(&[
        (
            "```\n{p}```\n\n* `version: STSv1` \u{2013} the version.\n* `mode: enforce` \u{2013} reject.\n* `mx` \u{2013} hosts.\n* `max_age: 604800` \u{2013} one week.\n",
            "policy",
            "",
            "Markdown: what surrounds it was left out, and what is inside was linted",
        ),
        (
            "- **version: STSv1** \u{2014} the version\n- **mode: none** \u{2014} nothing is protected; say so as long as copies of an earlier policy may be kept by senders\n- **max_age: 86400** \u{2014} a day\n",
            "policy",
            "",
            "",
        ),
    ]);
    let text = "```\nversion: STSv1\nmode: none\nmax_age: 86400\n```\n\n| Line | Meaning |\n|---|---|\n| `version: STSv1` | version |\n| `mode: none` | off |\n";
    let report = lint(&Input::new(text.as_bytes()));
    assert!(!report.findings().any(|f| f.message(text.as_bytes()).contains("of 2 policies")));
}

/// RFC 8461 §3.3: the host is `mta-sts` below the domain, the scheme HTTPS.
#[test]
fn the_address_is_that_which_senders_ask() {
    check(&[
        (
            "https://acme-mail.net/.well-known/mta-sts.txt",
            "domain",
            "INPUT-006",
            "that is `https://mta-sts.acme-mail.net/.well-known/mta-sts.txt`",
        ),
        (
            "https://www.acme-mail.net/.well-known/mta-sts.txt\n",
            "domain",
            "INPUT-006",
            "that is `https://mta-sts.acme-mail.net/",
        ),
        ("{url}", "domain", "", ""),
        ("$ curl https://acme-mail.net/.well-known/mta-sts.txt\n{p}", "policy", "INPUT-006", ""),
        ("$ curl https://mta-sts.acme-mail.net/mta-sts.txt\n{p}", "policy", "INPUT-006", ""),
        (
            "$ curl -i http://mta-sts.acme-mail.net/.well-known/mta-sts.txt\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\n{p}",
            "policy",
            "INPUT-006",
            "",
        ),
        (
            "$ curl -H \"Host: mta-sts.acme-mail.net\" http://localhost/.well-known/mta-sts.txt\n{p}",
            "policy",
            "",
            "",
        ),
        (
            "$ curl https://raw.githubusercontent.com/a/b/main/.well-known/mta-sts.txt\n{p}",
            "policy",
            "",
            "",
        ),
        ("$ curl https://acme-mail.github.io/.well-known/mta-sts.txt\n{p}", "policy", "", ""),
    ]);
}

/// What a program fills in is not missing.
#[test]
fn what_a_program_computes_is_there() {
    check(&[
        (
            "const policy = [\n  \"version: STSv1\",\n  \"mode: enforce\",\n  ...mx.map(m => `mx: ${m}`),\n  \"max_age: 604800\",\n].join(\"\\n\");\n",
            "policy",
            "STS-POL-105",
            "JavaScript: ",
        ),
        (
            "const body = \"version: STSv1\\nmode: enforce\\nmx: \" + MX + \"\\nmax_age: 604800\\n\";\n",
            "policy",
            "STS-POL-105",
            "`MX` stands where a value should",
        ),
        (
            "const body = \"version: STSv1\\n\" + \"mode: none\\n\" + `max_age: ${7*86400}\\n`;\n",
            "policy",
            "STS-POL-105",
            "",
        ),
        (
            "version: STSv1\nmode: enforce\n{{range .MX}}mx: {{.}}\n{{- end }}max_age: 604800\n",
            "policy",
            "",
            "A template: ",
        ),
        (
            "```\nversion: STSv1\n{% for h in mx %}mx: {{ h }}\n{% endfor %}max_age: {{ max_age }}\n```\n",
            "policy",
            "",
            "A template: ",
        ),
        (
            "```jinja\nversion: STSv1\nmode: enforce\n{% for h in mx %}mx: {{ h }}\n{% endfor %}max_age: {{ max_age }}\n```\n\nOurs\n",
            "policy",
            "",
            "",
        ),
        (
            "const policy = `version: STSv1\nmode: ${env.MODE}\n${env.MX.split(\",\").map(m => `mx: ${m}`).join(\"\\n\")}\nmax_age: ${env.MAX_AGE}\n`;\n",
            "policy",
            "STS-POL-105",
            "",
        ),
    ]);
}

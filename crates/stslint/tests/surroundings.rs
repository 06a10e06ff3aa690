//! What stands around a policy, and whether it is a part of it: what was served, what a program or a prompt adds, several policies.

use stslint::finding::Severity;
use stslint::{Input, lint};

/// A text, the kinds of what is found in it, its errors and warnings, and words that some message has.
type Case = (&'static str, &'static str, &'static str, &'static str);

/// `{p}` is a policy, `{url}` the address of one.
fn check(cases: &[Case]) {
    const POLICY: &str = "version: STSv1\nmode: enforce\nmx: a.acme-mail.net\nmax_age: 604800\n";
    let mut wrong = Vec::new();
    for (text, kinds, codes, says) in cases {
        let url = "https://mta-sts.acme-mail.net/.well-known/mta-sts.txt";
        let text = text.replace("{p}", POLICY).replace("{end}", POLICY.trim_end());
        let text = text.replace("{url}", url);
        let input = Input { line_ends_known: false, ..Input::new(text.as_bytes()) };
        let report = lint(&input);
        let found: Vec<&str> =
            report.artefacts.iter().map(|artefact| artefact.kind.word()).collect();
        let loud = report.findings().filter(|finding| finding.rule.severity <= Severity::Warning);
        let mut loud: Vec<&str> = loud.map(|finding| finding.rule.code).collect();
        loud.sort_unstable();
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
        ("$ curl {url}\n<pre>{end}</pre>\n", "policy", "STS-POL-016", ""),
        ("$ curl {url}\n  version: STSv1\n  mode: none\n  max_age: 86400\n", "policy", "STS-POL-025", ""),
        ("$ wget -qO- {url}\n\"{end}\"\n", "policy", "STS-POL-016", ""),
        ("$ curl -sS \\\n  {url}\n1. version: STSv1\n2. mode: none\n3. max_age: 86400\n", "policy", "STS-POL-016", ""),
        ("$ curl '{url}'\nv=STSv1; id=20240501\n", "policy", "STS-POL-008", ""),
        ("$ curl {url}\n{\"version\":\"STSv1\",\"mode\":\"none\",\"max_age\":86400}\n", "policy", "STS-POL-007", ""),
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
        // The next command begins another text.
        ("$ curl {url}\n{p}\n$ dig +short TXT _mta-sts.acme-mail.net\n\"v=STSv1; id=1\"\n", "policy sts-txt", "", ""),
    ]);
}

#[test]
fn what_people_write_below_it_and_other_commands_is_not_served() {
    check(&[
        ("$ curl {url}\n{p}\nIs it right?\n", "policy", "", ""),
        ("I see:\n\n```\n$ curl {url}\n{p}```\n\nIs it right?\n", "policy", "", ""),
        ("$ curl {url}\n{p}-- \nAnna\n", "policy", "", ""),
        ("$ curl {url}\ncurl: (6) Could not resolve host: mta-sts.acme-mail.net\n", "unknown", "", ""),
        ("$ curl {url}\n", "unknown", "", ""),
        ("$ curl {url} | nl\n 1 version: STSv1\n 2 mode: none\n 3 max_age: 86400\n", "policy", "", ""),
        ("> $ curl {url}\n> version: STSv1\n> mode: none\n> max_age: 86400\n", "policy", "", ""),
        ("$ curl -i https://api.acme-mail.net/records\nHTTP/2 200\ncontent-type: application/json\n\n[{\"type\":\"TXT\",\"name\":\"_mta-sts.acme-mail.net\",\"content\":\"v=STSv1; id=1\"}]\n", "sts-txt", "", ""),
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
        ("- \"MODE=enforce\"\n- \"MX=a.acme-mail.net b.acme-mail.net\"\n- \"MAX_AGE=604800\"\n", "policy", "", "YAML: these are the values"),
        // Names of fields in the wrong case.
        ("VERSION: STSv1\nMODE: none\nMAX_AGE: 86400\n", "policy", "STS-POL-031 STS-POL-040 STS-POL-050 STS-POL-060 STS-POL-080", ""),
    ]);
}

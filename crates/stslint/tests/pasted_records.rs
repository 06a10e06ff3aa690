//! Records with what people paste around them: which are found, the codes above advice, and what senders read from them.

use stslint::finding::Severity;
use stslint::{Input, Parsed, lint};

/// A text, the kinds of what is found in it, its errors and warnings, and the ids and destinations.
const TEXTS: &[(&str, &str, &str, &str)] = &[
    // Quotes that are part of the data are none around it.
    ("_mta-sts.acme-mail.net. 300 IN TXT \"\\\"v=STSv1; id=1\\\"\"", "sts-txt", "STS-TXT-003", "1"),
    (
        "$ dig +short TXT _mta-sts.acme-mail.net\n\"\\\"v=STSv1; id=1\\\"\"\n",
        "sts-txt",
        "STS-TXT-003",
        "1",
    ),
    (
        "_smtp._tls.acme-mail.net descriptive text \"\\\"v=TLSRPTv1; rua=mailto:t@acme-mail.net\\\"\"\n",
        "rpt-txt",
        "RPT-TXT-003",
        "mailto:t@acme-mail.net",
    ),
    ("_mta-sts.acme-mail.net. 300 IN TXT \"“v=STSv1; id=1”\"", "sts-txt", "STS-TXT-005", ""),
    (
        "_smtp._tls.acme-mail.net. IN TXT 'v=TLSRPTv1;rua=mailto:t@acme-mail.net'",
        "rpt-txt",
        "RPT-TXT-003 RPT-TXT-006",
        "mailto:t@acme-mail.net",
    ),
    ("value: \"\\\"v=STSv1; id=1\\\"\"\nname: _mta-sts.acme-mail.net\n", "sts-txt", "", "1"),
    // Each value of a list is a record of its name.
    (
        "{\"ResourceRecordSets\":[{\"Name\":\"_mta-sts.acme-mail.net.\",\"Type\":\"TXT\",\"ResourceRecords\":[{\"Value\":\"\\\"v=STSv1; id=1\\\"\"},{\"Value\":\"\\\"v=STSv1; id=2\\\"\"}]}]}",
        "sts-txt",
        "STS-TXT-040",
        "",
    ),
    (
        "_mta-sts:\n  type: TXT\n  values:\n    - v=STSv1\\; id=1\n    - v=STSv1\\; id=2\n",
        "sts-txt",
        "STS-TXT-040",
        "",
    ),
    (
        "resource \"azurerm_dns_txt_record\" \"x\" {\n  name = \"_mta-sts\"\n  record { value = \"v=STSv1; id=1\" }\n  record { value = \"v=STSv1; id=2\" }\n}\n",
        "sts-txt",
        "STS-TXT-040",
        "",
    ),
    (
        "{\"name\":\"_mta-sts.acme-mail.net.\",\"type\":\"TXT\",\"records\":[\"\\\"v=STSv1; id=1\\\"\",\"\\\"v=STSv1; id=2\\\"\"]}",
        "sts-txt",
        "STS-TXT-040",
        "",
    ),
    (
        "{\"TXTRecords\":[{\"value\":[\"v=STSv1; id=1\"]},{\"value\":[\"v=STSv1; id=2\"]}],\"fqdn\":\"_mta-sts.acme-mail.net.\"}",
        "sts-txt",
        "STS-TXT-040",
        "",
    ),
    // Columns behind the data are not in it.
    (
        "Type\tName\tValue\tTTL\nTXT\t_mta-sts\tv=STSv1; id=1\t1 Hour\nTXT\t_smtp._tls\tv=TLSRPTv1; rua=mailto:t@acme-mail.net\t1 Hour\n",
        "sts-txt rpt-txt",
        "",
        "1 mailto:t@acme-mail.net",
    ),
    ("_mta-sts.acme-mail.net. TXT v=STSv1; id=1 3600", "sts-txt", "", "1"),
    (
        "NAME\tTYPE\tVALUE\tTTL\n_smtp._tls\tTXT\t\"v=TLSRPTv1; rua=mailto:t@acme-mail.net\"\t3600\n",
        "rpt-txt",
        "",
        "mailto:t@acme-mail.net",
    ),
    (
        "ID           Type    Name         Data               Priority    TTL\n311452740    TXT     _mta-sts     v=STSv1; id=1;     0           3600\n",
        "sts-txt",
        "",
        "1",
    ),
    (
        "Name\tTTL\tType\tRecord\tActions\n_mta-sts.acme-mail.net.\t14400\tTXT\tv=STSv1; id=1\t Edit  Delete\n",
        "sts-txt",
        "",
        "1",
    ),
    (
        "Name\tType\tTTL\tValue\n_mta-sts.acme-mail.net\tTXT\t3600\tv=STSv1; id=1\n",
        "sts-txt",
        "",
        "1",
    ),
    (
        "Typ\tHostname\tWert\tAktionen\nTXT\t_mta-sts\t\"v=STSv1; id=1\"\tBearbeiten Löschen\n",
        "sts-txt",
        "",
        "1",
    ),
    (
        "_mta-sts,TXT,v=STSv1; id=1,3600\n_smtp._tls,TXT,v=TLSRPTv1; rua=mailto:a@acme-mail.net,3600\n",
        "sts-txt rpt-txt",
        "",
        "1 mailto:a@acme-mail.net",
    ),
    ("TXT _mta-sts v=STSv1;id=1 TTL 3600", "sts-txt", "", "1"),
    (
        "_mta-sts.acme-mail.net IN TXT \"v=STSv1; id=1\"           -- link: eth0\n",
        "sts-txt",
        "",
        "1",
    ),
    ("_mta-sts.acme-mail.net. 3600 IN TXT v=STSv1; id=1", "sts-txt", "STS-TXT-006", "1"),
    // Values may stand in front of their names.
    (
        "[{\"data\":\"v=STSv1; id=1\",\"name\":\"_mta-sts\",\"type\":\"TXT\"},{\"data\":\"v=TLSRPTv1; rua=mailto:t@acme-mail.net\",\"name\":\"_smtp._tls\",\"type\":\"TXT\"}]",
        "sts-txt rpt-txt",
        "",
        "1 mailto:t@acme-mail.net",
    ),
    (
        "- value: v=STSv1; id=1\n  name: _mta-sts\n- value: v=TLSRPTv1; rua=mailto:t@acme-mail.net\n  name: _smtp._tls\n",
        "sts-txt rpt-txt",
        "",
        "1 mailto:t@acme-mail.net",
    ),
    (
        "Publish \"v=STSv1; id=1\" at _mta-sts.acme-mail.net and \"v=TLSRPTv1; rua=mailto:t@acme-mail.net\" at _smtp._tls.acme-mail.net.",
        "sts-txt rpt-txt",
        "",
        "1 mailto:t@acme-mail.net",
    ),
    (
        "Please publish v=STSv1; id=1; at _mta-sts.acme-mail.net, and v=TLSRPTv1; rua=mailto:t@acme-mail.net at _smtp._tls.acme-mail.net.",
        "sts-txt rpt-txt",
        "",
        "1 mailto:t@acme-mail.net",
    ),
    (
        "v=STSv1; id=1\n_smtp._tls TXT \"v=TLSRPTv1; rua=mailto:t@acme-mail.net\"\n",
        "sts-txt rpt-txt",
        "",
        "1 mailto:t@acme-mail.net",
    ),
    // Only within one answer are several records too many, and the same twice is one.
    (
        "$ dig +short txt _mta-sts.acme-mail.net @192.0.2.1\n\"v=STSv1; id=1\"\n$ dig +short txt _mta-sts.acme-mail.net @192.0.2.2\n\"v=STSv1; id=2\"\n",
        "sts-txt",
        "",
        "1",
    ),
    (
        "$ dig +short txt _mta-sts.acme-mail.net @192.0.2.1\n\"v=STSv1; id=1\"\n\"v=STSv1; id=2\"\n",
        "sts-txt",
        "STS-TXT-040",
        "",
    ),
    (
        "; <<>> DiG 9.18 <<>> @192.0.2.1 TXT _mta-sts.acme-mail.net\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 42\n;; QUESTION SECTION:\n;_mta-sts.acme-mail.net.\tIN\tTXT\n;; ANSWER SECTION:\n_mta-sts.acme-mail.net. 300 IN TXT \"v=STSv1; id=1\"\n\n; <<>> DiG 9.18 <<>> @192.0.2.2 TXT _mta-sts.acme-mail.net\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 42\n;; QUESTION SECTION:\n;_mta-sts.acme-mail.net.\tIN\tTXT\n;; ANSWER SECTION:\n_mta-sts.acme-mail.net. 120 IN TXT \"v=STSv1; id=2\"\n",
        "sts-txt",
        "",
        "1",
    ),
    ("_mta-sts IN TXT \"v=STSv1; id=1\"\n_mta-sts IN TXT \"v=STSv1; id=1\"\n", "sts-txt", "", "1"),
    (
        "_mta-sts IN TXT \"v=STSv1; id=1\"\n_mta-sts IN TXT \"v=STSv1; id=2\"\n",
        "sts-txt",
        "STS-TXT-040",
        "",
    ),
    // A name is below of what $ORIGIN, or the code, says.
    (
        "$ORIGIN acme-mail.net.\n_mta-sts IN TXT \"v=STSv1; id=1\"\n$ORIGIN acme-mail.org.\n_mta-sts IN TXT \"v=STSv1; id=2\"\n",
        "sts-txt",
        "",
        "1",
    ),
    (
        "$ORIGIN _tls.acme-mail.net.\n_smtp IN TXT \"v=TLSRPTv1; rua=mailto:t@acme-mail.net\"\n",
        "rpt-txt",
        "",
        "mailto:t@acme-mail.net",
    ),
    (
        "$ORIGIN acme-mail.net.\n_mta-sts.acme-mail.net IN TXT \"v=STSv1; id=1\"\n",
        "sts-txt",
        "STS-TXT-002",
        "1",
    ),
    (
        "D('acme-mail.net', R, TXT('_mta-sts', 'v=STSv1; id=1'));\nD('acme-mail.org', R, TXT('_mta-sts', 'v=STSv1; id=2'));\n",
        "sts-txt",
        "",
        "1",
    ),
    (
        "D('acme-mail.net', R, TXT('_mta-sts', 'v=STSv1; id=1'), TXT('_mta-sts', 'v=STSv1; id=2'));\n",
        "sts-txt",
        "STS-TXT-040",
        "",
    ),
    (
        "Domain: acme-mail.net\nHost: _mta-sts\nValue: v=STSv1; id=1\n\nDomain: acme-mail.org\nHost: _mta-sts\nValue: v=STSv1; id=2\n",
        "sts-txt",
        "",
        "1",
    ),
    // What is commented out, or taken away by a change, is not there.
    (";_mta-sts IN TXT \"v=STSv1; id=1\"\n_mta-sts IN TXT \"v=STSv1; id=2\"\n", "sts-txt", "", "2"),
    (
        "# _mta-sts IN TXT \"v=STSv1; id=1\"\n_mta-sts IN TXT \"v=STSv1; id=2\"\n",
        "sts-txt",
        "",
        "2",
    ),
    (
        "@@ -1,2 +1,2 @@\n-_mta-sts IN TXT \"v=STSv1; id=1\"\n+_mta-sts IN TXT \"v=STSv1; id=2\"\n",
        "sts-txt",
        "",
        "2",
    ),
    (
        "{\"Changes\":[{\"Action\":\"DELETE\",\"ResourceRecordSet\":{\"Name\":\"_mta-sts.acme-mail.net.\",\"ResourceRecords\":[{\"Value\":\"\\\"v=STSv1; id=1\\\"\"}]}},{\"Action\":\"CREATE\",\"ResourceRecordSet\":{\"Name\":\"_mta-sts.acme-mail.net.\",\"ResourceRecords\":[{\"Value\":\"\\\"v=STSv1; id=2\\\"\"}]}}]}",
        "sts-txt",
        "",
        "2",
    ),
    (
        "~ resource \"cloudflare_record\" \"mta_sts\" {\n    name    = \"_mta-sts\"\n  ~ content = \"v=STSv1; id=1\" -> \"v=STSv1; id=2\"\n}\n",
        "sts-txt",
        "",
        "2",
    ),
    (
        "_mta-sts -> v=STSv1; id=1\n_smtp._tls -> v=TLSRPTv1; rua=mailto:t@acme-mail.net\n",
        "sts-txt rpt-txt",
        "",
        "1 mailto:t@acme-mail.net",
    ),
    ("# _mta-sts.acme-mail.net IN TXT \"v=STSv1; id=1\"\n", "sts-txt", "", "1"),
    // Strings within a string of JSON are joined.
    (
        "{\"name\":\"_smtp._tls.acme-mail.net\",\"type\":\"TXT\",\"content\":\"\\\"v=TLSRPTv1; \\\" \\\"rua=mailto:t@acme-mail.net\\\"\"}",
        "rpt-txt",
        "",
        "mailto:t@acme-mail.net",
    ),
    // Other forms.
    (
        "'_mta-sts.acme-mail.net:v=STSv1;\\040id=1;:3600\n'_smtp._tls.acme-mail.net:v=TLSRPTv1; rua=mailto\\072t@acme-mail.net:3600\n",
        "sts-txt rpt-txt",
        "",
        "1 mailto:t@acme-mail.net",
    ),
    ("_mta-sts IN TXT (\n  v=STSv1; id=1\n)\n", "sts-txt", "STS-TXT-006", "1"),
    ("asuid.mta-sts IN TXT \"0123456789ABCDEF\"\n", "", "", ""),
    ("mta-sts.acme-mail.net. IN TXT \"google-site-verification=abc\"\n", "", "", ""),
    (
        "*** _mta-sts.acme-mail.net wurde von dns.example nicht gefunden: Non-existent domain.\n",
        "sts-txt",
        "STS-TXT-001",
        "",
    ),
    (
        "Resolve-DnsName : _mta-sts.acme-mail.net : DNS name does not exist\n",
        "sts-txt",
        "STS-TXT-001",
        "",
    ),
    (
        "; <<>> DiG 9.18 <<>> TXT _mta-sts.acme-mail.net\n;; global options: +cmd\n;; connection timed out; no servers could be reached\n",
        "sts-txt",
        "",
        "",
    ),
];

#[test]
fn what_stands_around_the_data_is_not_in_it() {
    let mut wrong = Vec::new();
    for (text, kinds, codes, values) in TEXTS {
        let report = lint(&Input::new(text.as_bytes()));
        let ours = || report.artefacts.iter().filter(|it| it.kind.word().ends_with("-txt"));
        let found: Vec<&str> = ours().map(|artefact| artefact.kind.word()).collect();
        let loud = report.findings().filter(|finding| finding.rule.severity <= Severity::Warning);
        let mut loud: Vec<&str> = loud.map(|finding| finding.rule.code).collect();
        loud.sort_unstable();
        let read = ours().flat_map(|artefact| match &artefact.parsed {
            Parsed::Record(values) => values.id.iter().chain(&values.rua).cloned().collect(),
            _ => Vec::new(),
        });
        let read: Vec<String> = read.collect();
        if found.join(" ") != *kinds || loud.join(" ") != *codes || read.join(" ") != *values {
            wrong.push(format!("{text}\n{found:?} {loud:?} {read:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

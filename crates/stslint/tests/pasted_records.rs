//! Records with what people paste around them: which are found, the codes above advice, and what senders read from them.

use stslint::finding::Applicability;
use stslint::render::words;
use stslint::{Input, lint};
use stslint_checks::told::records;

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

/// What a list or a console cut is not judged; what it shows may be.
const CUT: &[(&str, &str, &str, &str)] = &[
    (
        "Name                                     Type   TTL   Section    Strings\n----                                     ----   ---   -------    -------\n_mta-sts.acme-mail.net                   TXT    300   Answer     {v=STSv1; id=20210...}\n",
        "sts-txt",
        "",
        "",
    ),
    (
        "_smtp._tls.acme-mail.net                 TXT    300   Answer     {v=TLSRPTv1; rua=mailto:t...}\n",
        "rpt-txt",
        "",
        "",
    ),
    ("_mta-sts.acme-mail.net  TXT  300  Answer  {v=STSv1; id=2021…\n", "sts-txt", "", ""),
    ("TXT\t_mta-sts\tv=STSv1; id=2021...\tAuto\n", "sts-txt", "", ""),
    ("_smtp._tls\tTXT\t3600\t\"v=TLSRPTv1; rua=mailto:tls@ac...\n", "rpt-txt", "", ""),
    ("| TXT | `_mta-sts` | `v=STSv1; id=20…` |\n", "sts-txt", "", ""),
    ("v=STSv1; id=20210...", "sts-txt", "", ""),
    ("v=STS...", "sts-txt", "", ""),
    ("v=TLSRPTv1; rua=mailto:t…", "rpt-txt", "", ""),
    ("v=STSv2; id=20210...", "sts-txt", "STS-TXT-013", ""),
    ("v=STSv1; mode=enforce; id=2...", "sts-txt", "STS-TXT-036", ""),
    (
        "_mta_sts.acme-mail.net  TXT  300  Answer  {v=STSv1; id=2...}\n",
        "sts-txt",
        "STS-TXT-002",
        "",
    ),
    (
        "TXT _mta-sts v=STSv1; id=1...\nTXT _mta-sts v=STSv1; id=2...\n",
        "sts-txt",
        "STS-TXT-040",
        "",
    ),
    // In closed quotes is all that there is.
    ("_mta-sts IN TXT \"v=STSv1; id=20210...\"\n", "sts-txt", "STS-TXT-022", ""),
];

/// Cells of a table, and other things behind a value.
const BEHIND: &[(&str, &str, &str, &str)] = &[
    ("v=STSv1; id=20250401\t3600", "sts-txt", "", "20250401"),
    ("v=STSv1; id=20250401\t1 Hour\tEdit\n", "sts-txt", "", "20250401"),
    ("v=TLSRPTv1; rua=mailto:t@acme-mail.net\t3600", "rpt-txt", "", "mailto:t@acme-mail.net"),
    ("v=STSv1;\tid=1", "sts-txt", "", "1"),
    (
        "v=TLSRPTv1; rua=mailto:a@acme-mail.net\t,\tmailto:b@acme-mail.net",
        "rpt-txt",
        "",
        "mailto:a@acme-mail.net mailto:b@acme-mail.net",
    ),
    ("\"v=STSv1; id=1\" from server 192.0.2.1 in 12 ms.\n", "sts-txt", "", "1"),
];

/// What stands in front of the version, or in its place, is part of the data.
const FRONTS: &[(&str, &str, &str, &str)] = &[
    ("_mta-sts IN TXT \"TXT v=STSv1; id=1\"\n", "sts-txt", "STS-TXT-010", ""),
    ("_mta-sts IN TXT \"_mta-sts IN TXT v=STSv1; id=1\"\n", "sts-txt", "STS-TXT-010", ""),
    ("_mta-sts IN TXT \"value=v=STSv1; id=1\"\n", "sts-txt", "STS-TXT-010", ""),
    ("_mta-sts IN TXT \"MTA-STS: v=STSv1; id=1\"\n", "sts-txt", "STS-TXT-010", ""),
    ("_mta-sts IN TXT \"v=DMARC1; v=STSv1; id=1\"\n", "sts-txt", "STS-TXT-010", ""),
    (
        "$ dig +short txt _smtp._tls.acme-mail.net\n\"v=spf1 -all v=TLSRPTv1; rua=mailto:t@acme-mail.net\"\n",
        "rpt-txt",
        "RPT-TXT-010",
        "",
    ),
    (
        "$ dig +short txt _mta-sts.acme-mail.net\n\"TXT v=STSv1; id=1\"\n",
        "sts-txt",
        "STS-TXT-010",
        "",
    ),
    ("TXT\t_mta-sts\t0\t\"v=STSv1; id=1\"\t14400\tDelete\tEdit\n", "sts-txt", "", "1"),
    ("TXT\t_mta-sts\treturns v=STSv1; id=1\t3600\tMore\n", "sts-txt", "", "1"),
    ("_mta-sts\tTXT\tSimple\t-\tNo\t\"v=STSv1; id=1\"\t300\t-\t-\t-\n", "sts-txt", "", "1"),
    (
        "_mta-sts.acme-mail.net descriptive text \"TXT v=STSv1; id=1\"\n",
        "sts-txt",
        "STS-TXT-010",
        "",
    ),
    ("Name: _mta-sts\nType: TXT\nValue: TXT v=STSv1; id=1\n", "sts-txt", "STS-TXT-010", ""),
    ("Name: _mta-sts\nValue: \"_mta-sts IN TXT v=STSv1; id=1\"\n", "sts-txt", "STS-TXT-010", ""),
    ("The value is \"TXT v=STSv1; id=1\" at _mta-sts.\n", "sts-txt", "", "1"),
    ("\"Please publish v=STSv1; id=1 there\"\n", "sts-txt", "", "1"),
    // The policy.
    (
        "_mta-sts IN TXT \"version: STSv1\\nmode: enforce\\nmx: a.acme-mail.net\\nmax_age: 604800\"\n",
        "sts-txt",
        "STS-TXT-010",
        "",
    ),
    (
        "Type: TXT\nName: _mta-sts\nValue: version: STSv1\nmode: enforce\nmx: a.acme-mail.net\nmax_age: 604800\n",
        "sts-txt",
        "STS-TXT-010",
        "",
    ),
    (
        "$ dig +short txt _mta-sts.acme-mail.net\n\"version: STSv1\\010mode: enforce\\010mx: a.acme-mail.net\\010max_age: 604800\"\n",
        "sts-txt",
        "STS-TXT-010",
        "",
    ),
    (
        "TXT\t_mta-sts\tversion: STSv1 mode: enforce mx: a.acme-mail.net max_age: 604800\t1 Hour\n",
        "sts-txt",
        "STS-TXT-010",
        "",
    ),
    // A version spelt out.
    ("version=STSv1; id=1", "sts-txt", "STS-TXT-012", "1"),
    ("version: STSv1; id: 1", "sts-txt", "STS-TXT-012 STS-TXT-031 STS-TXT-031", ""),
    (
        "version=TLSRPTv1; rua=mailto:t@acme-mail.net",
        "rpt-txt",
        "RPT-TXT-012",
        "mailto:t@acme-mail.net",
    ),
    // Quotes that a zone does not know.
    ("_mta-sts IN TXT “v=STSv1; id=1”\n", "sts-txt", "STS-TXT-005 STS-TXT-006", ""),
    ("_mta-sts 300 IN TXT «v=STSv1; id=1»\n", "sts-txt", "STS-TXT-005 STS-TXT-006", ""),
    ("_mta-sts: “v=STSv1; id=1”\n", "sts-txt", "", "1"),
];

/// The type, where it is another one.
const TYPES: &[(&str, &str, &str, &str)] = &[
    ("Host: _mta-sts\nType: CNAME\nValue: v=STSv1; id=1\n", "sts-txt", "STS-TXT-001", ""),
    ("Type: CNAME\nHost: _mta-sts\nValue: v=STSv1; id=1\n", "sts-txt", "STS-TXT-001", ""),
    ("_mta-sts IN CNAME \"v=STSv1; id=1\"\n", "sts-txt", "STS-TXT-001", ""),
    ("_mta-sts.acme-mail.net. 3600 IN SPF \"v=STSv1; id=1\"\n", "sts-txt", "STS-TXT-001", ""),
    ("CNAME\t_mta-sts\tv=STSv1; id=1\tAuto\n", "sts-txt", "STS-TXT-001", ""),
    (
        "{\"type\":\"CNAME\",\"name\":\"_mta-sts\",\"content\":\"v=STSv1; id=1\",\"ttl\":1}",
        "sts-txt",
        "STS-TXT-001",
        "",
    ),
    (
        "[{\"type\":\"CNAME\",\"name\":\"mta-sts\",\"content\":\"a.acme-mail.net\"},{\"name\":\"_mta-sts\",\"content\":\"v=STSv1; id=1\",\"type\":\"TXT\"}]",
        "sts-txt",
        "",
        "1",
    ),
    (
        "CNAME\tmta-sts\ta.acme-mail.net\tAuto\nTXT\t_mta-sts\tv=STSv1; id=1\tAuto\n",
        "sts-txt",
        "",
        "1",
    ),
    (
        "_mta-sts.acme-mail.net. 300 IN CNAME _mta-sts.acme-corp.net.\n_mta-sts.acme-corp.net. 300 IN TXT \"v=STSv1; id=1\"\n",
        "sts-txt",
        "",
        "1",
    ),
    ("At _mta-sts (CNAME will not do): v=STSv1; id=1\n", "sts-txt", "", "1"),
    (
        "{\"rrsets\":[{\"name\":\"_mta-sts.acme-mail.net.\",\"records\":[{\"content\":\"\\\"v=STSv1; id=1\\\"\",\"disabled\":true},{\"content\":\"\\\"v=STSv1; id=2\\\"\",\"disabled\":false}],\"type\":\"TXT\"}]}",
        "sts-txt",
        "",
        "2",
    ),
];

/// Fields that are there again, or belong elsewhere.
const FIELDS: &[(&str, &str, &str, &str)] = &[
    ("v=STSv1; id=1; v=spf1 -all", "sts-txt", "STS-TXT-033 STS-TXT-037", "1"),
    ("v=STSv1; id=1; id=", "sts-txt", "STS-TXT-033 STS-TXT-037", "1"),
    ("v=STSv1; id=1; id=2025-04-01", "sts-txt", "STS-TXT-037", "1"),
    ("v=STSv1; id=1; v=STSv1", "sts-txt", "STS-TXT-037", "1"),
    (
        "v=TLSRPTv1; rua=mailto:t@acme-mail.net; v=spf1 -all",
        "rpt-txt",
        "RPT-TXT-033",
        "mailto:t@acme-mail.net",
    ),
    (
        "v=STSv1; id=1; v=TLSRPTv1; rua=mailto:t@acme-mail.net",
        "sts-txt",
        "STS-TXT-036 STS-TXT-036",
        "1",
    ),
    (
        "_mta-sts IN TXT \"v=STSv1; id=1;\" \"v=TLSRPTv1; rua=mailto:t@acme-mail.net\"\n",
        "sts-txt",
        "STS-TXT-036 STS-TXT-036",
        "1",
    ),
    ("v=STSv1; id=1; rua=mailto:t@acme-mail.net", "sts-txt", "STS-TXT-036", "1"),
    (
        "v=TLSRPTv1; rua=https://acme-mail.net/tls;v=1",
        "rpt-txt",
        "RPT-TXT-036",
        "https://acme-mail.net/tls",
    ),
    ("v=TLSRPTv1;rua=mailto:t@acme-mail.net;x=1", "rpt-txt", "", "mailto:t@acme-mail.net"),
    ("v=STSv1; 20250401", "sts-txt", "STS-TXT-031", ""),
    ("v=STSv1; hello", "sts-txt", "STS-TXT-020 STS-TXT-031", ""),
    ("v=TLSRPTv1; rua=mailto:t@domain.tld", "rpt-txt", "RPT-TXT-050", ""),
    ("v=TLSRPTv1; rua=mailto:t@mail.votredomaine.fr", "rpt-txt", "RPT-TXT-050", ""),
    ("v=TLSRPTv1; rua=https://tlsrpt.mydomain.com/v1", "rpt-txt", "RPT-TXT-050", ""),
    ("v=TLSRPTv1; rua=mailto:t@mydomain.de", "rpt-txt", "RPT-TXT-050", ""),
    ("v=TLSRPTv1; rua=mailto:t@domain.com", "rpt-txt", "", "mailto:t@domain.com"),
    ("v=TLSRPTv1; rua=mailto:t@academydomain.com", "rpt-txt", "", "mailto:t@academydomain.com"),
];

#[test]
fn what_stands_around_the_data_is_not_in_it() {
    check(TEXTS);
    check(BEHIND);
}

#[test]
fn what_is_not_shown_is_not_judged() {
    check(CUT);
    for (text, ..) in CUT.iter().filter(|(_, _, codes, _)| codes.is_empty()) {
        let input = Input::new(text.as_bytes());
        let report = lint(&input);
        assert_eq!(report.artefacts[0].verdict(), None, "{text}");
        assert!(report.findings().all(|finding| finding.fix.is_none()), "{text}");
        let cut: Vec<&str> = report
            .findings()
            .filter(|finding| finding.rule.code == "INPUT-009")
            .map(|finding| &text[finding.span.range()])
            .collect();
        assert!(matches!(cut[..], ["..." | "…"]), "{text}: {cut:?}");
        let headline = words::headline(&input, &report);
        assert!(headline.title.starts_with("The value is cut"), "{text}: {headline:?}");
    }
    let both =
        "TXT\t_mta-sts\tv=STSv1; id=2021...\tAuto\nTXT\t_smtp._tls\tv=TLSRPTv1; rua=ma...\tAuto\n";
    let input = Input::new(both.as_bytes());
    let headline = words::headline(&input, &lint(&input));
    assert!(headline.title.starts_with("None of the 2 records"), "{headline:?}");
    assert!(headline.next.contains("open the record"), "{headline:?}");
}

#[test]
fn what_stands_in_the_data_is_judged() {
    check(FRONTS);
    check(TYPES);
    check(FIELDS);
}

/// What becomes of a text when a fix is applied, and whether it may be without asking; none where there is no fix.
type Fixed = Option<(Applicability, &'static str)>;

/// A text, a code that it has, and its fix.
const REPAIRS: &[(&str, &str, Fixed)] = &[
    (
        "_mta-sts IN TXT \"TXT v=STSv1; id=1\"",
        "STS-TXT-010",
        Some((Applicability::Confirm, "_mta-sts IN TXT \"v=STSv1; id=1\"")),
    ),
    (
        "_mta-sts IN TXT “v=STSv1; id=1”",
        "STS-TXT-006",
        Some((Applicability::Safe, "_mta-sts IN TXT \"v=STSv1; id=1\"")),
    ),
    ("_mta-sts IN TXT \"version: STSv1\"", "STS-TXT-010", None),
    (
        "v=TLSRPTv1; rua=mailto:t@acme-mail.net<mailto:t@acme-mail.net>",
        "RPT-TXT-053",
        Some((Applicability::Safe, "v=TLSRPTv1; rua=mailto:t@acme-mail.net")),
    ),
    (
        "v=TLSRPTv1; rua=mailto:[t@acme-mail.net](mailto:t@acme-mail.net)",
        "RPT-TXT-053",
        Some((Applicability::Safe, "v=TLSRPTv1; rua=mailto:t@acme-mail.net")),
    ),
    (
        "v=TLSRPTv1; rua=[mailto:t@acme-mail.net]",
        "RPT-TXT-053",
        Some((Applicability::Safe, "v=TLSRPTv1; rua=mailto:t@acme-mail.net")),
    ),
    (
        "v=TLSRPTv1; rua=mailto:<mailto:t@acme-mail.net|t@acme-mail.net>",
        "RPT-TXT-053",
        Some((Applicability::Safe, "v=TLSRPTv1; rua=mailto:t@acme-mail.net")),
    ),
    (
        "v=TLSRPTv1; rua=mailto:<a href=\"mailto:t@acme-mail.net\">t@acme-mail.net</a>",
        "RPT-TXT-053",
        Some((Applicability::Safe, "v=TLSRPTv1; rua=mailto:t@acme-mail.net")),
    ),
    (
        "_smtp._tls IN TXT \"v=TLSRPTv1; rua=mailto:t@acme-mail.net <mailto:t@acme-mail.net>\"",
        "RPT-TXT-053",
        Some((Applicability::Safe, "_smtp._tls IN TXT \"v=TLSRPTv1; rua=mailto:t@acme-mail.net\"")),
    ),
    // Another address behind the link than the one that is shown.
    ("v=TLSRPTv1; rua=mailto:a@acme-mail.net<mailto:b@acme-mail.net>", "RPT-TXT-050", None),
    ("v=TLSRPTv1; rua=mailto:[email protected]", "RPT-TXT-050", None),
    (
        "v=TLSRPTv1; rua=mailto:t@b\u{fc}cher.example",
        "RPT-TXT-005",
        Some((Applicability::Confirm, "v=TLSRPTv1; rua=mailto:t@xn--bcher-kva.example")),
    ),
    ("version=STSv1; id=1", "STS-TXT-012", Some((Applicability::Safe, "v=STSv1; id=1"))),
    (
        "v=STSv1; id=20250401 3600",
        "STS-TXT-022",
        Some((Applicability::Confirm, "v=STSv1; id=202504013600")),
    ),
    ("v=STSv1; 20250401", "STS-TXT-031", Some((Applicability::Confirm, "v=STSv1; id=20250401"))),
    (
        "v=TLSRPTv1; mailto:t@acme-mail.net",
        "RPT-TXT-031",
        Some((Applicability::Confirm, "v=TLSRPTv1; rua=mailto:t@acme-mail.net")),
    ),
    ("v=STSv1; id=1; rua=mailto:t@acme-mail.net", "STS-TXT-036", None),
    ("v=STSv1; id=1; v=spf1 -all", "STS-TXT-033", Some((Applicability::Confirm, "v=STSv1; id=1"))),
];

#[test]
fn repairs_keep_what_was_meant() {
    for (text, code, want) in REPAIRS {
        let input =
            Input { to_ascii: Some(stslint_checks::to_ascii), ..Input::new(text.as_bytes()) };
        let report = lint(&input);
        let finding = report.findings().find(|finding| finding.rule.code == *code);
        let fix = finding.unwrap_or_else(|| panic!("{text}: no {code}")).fix.as_ref();
        let fixed = fix.map(|fix| {
            let text = String::from_utf8(fix.apply(text.as_bytes())).expect("text");
            (fix.applicability, text)
        });
        let fixed = fixed.as_ref().map(|(how, text)| (*how, text.as_str()));
        assert_eq!(fixed, *want, "{text}");
    }
}

/// A record is that of the domain which it is said to be for.
#[test]
fn the_name_is_below_the_domain_that_was_given() {
    for (text, wrong) in [
        ("_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=1\"\n", None),
        ("_mta-sts IN TXT \"v=STSv1; id=1\"\n", None),
        ("_mta-sts.acme-corp.net. IN TXT \"v=STSv1; id=1\"\n", Some("_mta-sts.acme-mail.net.")),
        (
            "_mta-sts.mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=1\"\n",
            Some("_mta-sts.acme-mail.net."),
        ),
        ("Publish \"v=STSv1; id=1\" at _mta-sts.\n", None),
        (
            "_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=1\"\n_mta-sts.acme-corp.net. IN TXT \"v=STSv1; id=2\"\n",
            None,
        ),
        (
            "_mta-sts.acme-mail.net. IN CNAME _mta-sts.acme-corp.net.\n_mta-sts.acme-corp.net. IN TXT \"v=STSv1; id=2\"\n",
            None,
        ),
    ] {
        let report = lint(&Input { domain: Some("acme-mail.net"), ..Input::new(text.as_bytes()) });
        let finding = report.findings().find(|finding| finding.rule.code == "STS-TXT-002");
        let fixed = finding.map(|finding| {
            assert!(finding.message(text.as_bytes()).contains(" of acme-mail.net;"));
            finding.fix.as_ref().expect("a fix").edits[0].text.to_string()
        });
        assert_eq!(fixed.as_deref(), wrong, "{text}");
    }
}

fn check(texts: &[(&str, &str, &str, &str)]) {
    let mut wrong = Vec::new();
    for (text, kinds, codes, values) in texts {
        let found = records(&lint(&Input::new(text.as_bytes())));
        if found != [*kinds, *codes, *values] {
            wrong.push(format!("{text}\n{found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

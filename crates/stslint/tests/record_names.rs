//! Names of records in what people paste: rows, forms, settings, look-ups; which record is whose, and what says nothing of one.

use stslint::render::words;
use stslint::{Input, lint};
use stslint_checks::told::records;

/// A text, the kinds of the records that are found in it, its errors and warnings, and the ids and destinations.
type Case = (&'static str, &'static str, &'static str, &'static str);

/// `{S}` is the value of an MTA-STS record, `{R}` that of a TLSRPT record, `{spf}` and `{dmarc}` are those of others.
fn text(case: &str) -> String {
    case.replace("{S}", "v=STSv1; id=1")
        .replace("{R}", "v=TLSRPTv1; rua=mailto:t@acme-mail.net")
        .replace("{spf}", "v=spf1 include:_spf.google.com -all")
        .replace("{dmarc}", "v=DMARC1; p=none; rua=mailto:d@acme-mail.net")
}

fn check(cases: &[Case]) {
    let mut wrong = Vec::new();
    for (case, kinds, codes, values) in cases {
        let text = text(case);
        let values = values.replace("{t}", "mailto:t@acme-mail.net");
        let found = records(&lint(&Input::new(text.as_bytes())));
        if found != [*kinds, *codes, &values] {
            wrong.push(format!("{text}\n{found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// RFC 8461 §3.1, RFC 8460 §3: what stands at another name is another record.
#[test]
fn other_records_of_a_table_are_none_of_ours() {
    check(&[
        ("TXT\t@\t{spf}\t1 Hour\nTXT\t_mta-sts\t{S}\t1 Hour\n", "sts-txt", "", "1"),
        ("TXT\t_mta-sts\t{S}\t1 Hour\nTXT\t@\t{spf}\t1 Hour\n", "sts-txt", "", "1"),
        ("TXT\t@\t{spf}\t1 Hour\nTXT\t_smtp._tls\t{R}\t1 Hour\n", "rpt-txt", "", "{t}"),
        (
            "TXT\t@\tgoogle-site-verification=abc\t1 Hour\nTXT\t_mta-sts\t{S}\t1 Hour\n",
            "sts-txt",
            "",
            "1",
        ),
        ("TXT\t@\tMS=ms12345678\t1 Hour\nTXT\t_mta-sts\t{S}\t1 Hour\n", "sts-txt", "", "1"),
        ("TXT @ \"{spf}\"\nTXT _mta-sts \"{S}\"\n", "sts-txt", "", "1"),
        (
            "TXT\tselector1._domainkey\tv=DKIM1; k=rsa; p=MIGf\t1 Hour\nTXT\t_mta-sts\t{S}\t1 Hour\n",
            "sts-txt",
            "",
            "1",
        ),
        ("TXT\twww\tv=spf1 -all\t1 Hour\nTXT\t_mta-sts\t{S}\t1 Hour\n", "sts-txt", "", "1"),
        (
            "TXT\tacme-mail.net\t{spf}\t1 Hour\nTXT\t_mta-sts.acme-mail.net\t{S}\t1 Hour\n",
            "sts-txt",
            "",
            "1",
        ),
        ("TXT\tmta-sts\tv=spf1 -all\t1 Hour\nTXT\t_mta-sts\t{S}\t1 Hour\n", "sts-txt", "", "1"),
        (
            "Type    Name        Data            TTL\nTXT     @           {spf}   3600\nTXT     _mta-sts    {S}   3600\n",
            "sts-txt",
            "",
            "1",
        ),
        (
            "CNAME\tmta-sts\tacme.github.io\t1 Hour\nTXT\t@\t{spf}\t1 Hour\nTXT\t_dmarc\t{dmarc}\t1 Hour\nTXT\t_mta-sts\t{S}\t1 Hour\nTXT\t_smtp._tls\t{R}\t1 Hour\n",
            "sts-txt rpt-txt",
            "",
            "1 {t}",
        ),
        ("mta-sts IN TXT \"v=spf1 -all\"\n_mta-sts IN TXT \"{S}\"\n", "sts-txt", "", "1"),
        // In a form each value is that of the name in front of it.
        (
            "Type: TXT\nName: @\nValue: {spf}\n\nType: TXT\nName: _mta-sts\nValue: {S}\n",
            "sts-txt",
            "",
            "1",
        ),
        (
            "Type: TXT\nName: _mta-sts\nValue: {S}\n\nType: TXT\nName: _dmarc\nValue: {dmarc}\n",
            "sts-txt",
            "",
            "1",
        ),
        (
            "Type: TXT\nName: _dmarc\nValue: {dmarc}\n\nType: TXT\nName: _smtp._tls\nValue: {R}\n",
            "rpt-txt",
            "",
            "{t}",
        ),
        ("Name: _mta-sts\nValue: {S}\n\nName:\nValue: {spf}\n", "sts-txt", "", "1"),
        // What stands at the name itself is told.
        ("_mta-sts IN TXT \"v=spf1 -all\"\n", "sts-txt", "STS-TXT-010", ""),
        ("TXT\t_mta-sts\tv=spf1 -all\t1 Hour\n", "sts-txt", "STS-TXT-010", ""),
    ]);
}

/// RFC 1035 §2.3.1: no name ends in a colon.
#[test]
fn what_else_a_form_asks_for_is_no_name() {
    for label in
        ["Prio", "Port", "Weight", "Flags", "Distance", "Priorität", "Prioridade", "优先级", "ID"]
    {
        let text = format!("Name: _mta-sts\n{label}: 0\nValue: v=STSv1; id=1\n");
        let found = records(&lint(&Input::new(text.as_bytes())));
        assert_eq!(found, ["sts-txt", "", "1"], "{text}");
    }
    check(&[
        ("Name: _smtp._tls\nTTL 3600\nValue: {R}\n", "rpt-txt", "", "{t}"),
        ("Name: _mta-sts\r\nPrio: 10\r\nValue: {S}\r\n", "sts-txt", "", "1"),
        ("_mta-sts: TXT \"{S}\"\n", "sts-txt", "", "1"),
        ("Host: _mta-sts\nName: MTA-STS\nValue: {S}\n", "sts-txt", "", "1"),
    ]);
}

/// RFC 8461 §3.1, RFC 8460 §3: nobody looks at another name.
#[test]
fn a_record_at_the_domain_itself_or_without_its_underscore_is_at_the_wrong_name() {
    const STS: &str = "STS-TXT-002";
    const RPT: &str = "RPT-TXT-002";
    check(&[
        ("Name: @\nType: TXT\nValue: {S}\n", "sts-txt", STS, "1"),
        ("Name: @ \nType: TXT\nContent: {R}\n", "rpt-txt", RPT, "{t}"),
        ("Hostname: acme-mail.net\nType: TXT\nValue: {S}\n", "sts-txt", STS, "1"),
        ("Host: acme-mail.net\nTXT Value: {R}\n", "rpt-txt", RPT, "{t}"),
        ("Host: @\nValue: {R}\n", "rpt-txt", RPT, "{t}"),
        ("TXT\t@\t{R}\t1 Hour\n", "rpt-txt", RPT, "{t}"),
        ("TXT @ \"{S}\"\n", "sts-txt", STS, "1"),
        ("TXT\tacme-mail.net\t{S}\tAuto\n", "sts-txt", STS, "1"),
        ("TXT\tmta-sts\t{S}\tAuto\n", "sts-txt", STS, "1"),
        ("TXT\tmta-sts.acme-mail.net\t{S}\tAuto\n", "sts-txt", STS, "1"),
        ("TXT\tsmtp._tls\t{R}\tAuto\n", "rpt-txt", RPT, "{t}"),
        ("TXT\t@\t0\t\"{S}\"\t14400\n", "sts-txt", STS, "1"),
        // Each cell came out as a line.
        ("TXT\n@\n\"{S}\"\nDNS only\nAuto\nEdit\n", "sts-txt", STS, "1"),
        ("TXT\nacme-mail.net\n\"{S}\"\nDNS only\nAuto\nEdit\n", "sts-txt", STS, "1"),
        ("TXT\nmta-sts\n\"{S}\"\nDNS only\nAuto\nEdit\n", "sts-txt", STS, "1"),
        ("TXT\nsmtp._tls\n\"{R}\"\nDNS only\nAuto\nEdit\n", "rpt-txt", RPT, "{t}"),
        ("Name*\n@\nType*\nTXT\nTTL*\n1 Hour\nValue*\n{S}\nSave\n", "sts-txt", STS, "1"),
        // Settings and interfaces.
        (
            "{\"type\":\"TXT\",\"name\":\"acme-mail.net\",\"content\":\"{S}\",\"ttl\":1}",
            "sts-txt",
            STS,
            "1",
        ),
        (
            "{\"type\":\"TXT\",\"name\":\"mta-sts\",\"content\":\"{S}\",\"ttl\":1}",
            "sts-txt",
            STS,
            "1",
        ),
        ("[{\"data\":\"{S}\",\"name\":\"@\",\"ttl\":3600,\"type\":\"TXT\"}]", "sts-txt", STS, "1"),
        (
            "resource \"x\" \"m\" {\n  name    = \"mta-sts\"\n  type    = \"TXT\"\n  content = \"{S}\"\n}\n",
            "sts-txt",
            STS,
            "1",
        ),
        (
            "resource \"azurerm_dns_txt_record\" \"m\" {\n  name = \"mta-sts\"\n  record {\n    value = \"{S}\"\n  }\n}\n",
            "sts-txt",
            STS,
            "1",
        ),
        ("TXT('mta-sts', '{S}'),\n", "sts-txt", STS, "1"),
        ("- name: \"@\"\n  type: TXT\n  value: \"{S}\"\n", "sts-txt", STS, "1"),
        ("mta-sts:\n  type: TXT\n  value: v=STSv1\\; id=1\n", "sts-txt", STS, "1"),
        ("| TXT | mta-sts | `{S}` |\n", "sts-txt", STS, "1"),
        ("| TXT | @ | `{S}` |\n", "sts-txt", STS, "1"),
        // Questions and sentences.
        ("$ dig acme-mail.net txt +short\n\"{spf}\"\n\"{S}\"\n", "sts-txt", STS, "1"),
        ("$ dig +short txt mta-sts.acme-mail.net\n\"{S}\"\n", "sts-txt", STS, "1"),
        ("$ dig +short txt _dmarc.acme-mail.net\n\"{R}\"\n", "rpt-txt", RPT, "{t}"),
        ("$ dig +short TXT _mta_sts.acme-mail.net\n\"{S}\"\n", "sts-txt", STS, "1"),
        (
            "Add a TXT record at mta-sts.acme-mail.net with the value \"{S}\".\n",
            "sts-txt",
            STS,
            "1",
        ),
        ("TXT record for mta-sts.acme-mail.net: {S}\n", "sts-txt", STS, "1"),
    ]);
}

#[test]
fn a_name_that_is_not_told_is_not_judged() {
    check(&[
        ("Host: (leave blank)\nType: TXT\nValue: {S}\n", "sts-txt", "", "1"),
        ("Host:\nType: TXT\nValue: {S}\n", "sts-txt", "", "1"),
        ("Domain: acme-mail.net\nType: TXT\nValue: {S}\n", "sts-txt", "", "1"),
        ("acme-mail.net\n\n{S}\n", "sts-txt", "", "1"),
        ("Name: acme-mail.net\nTXT: {S}\n", "sts-txt", "", "1"),
        ("Name: Policy\nValue: {S}\n", "sts-txt", "", "1"),
        ("Domain\tRecord\nacme-mail.net\t{S}\nacme-corp.net\tv=STSv1; id=2\n", "sts-txt", "", "1"),
        (
            "TXT\tacme-mail.net\t{S}\tAuto\nTXT\tacme-corp.net\tv=STSv1; id=2\tAuto\n",
            "sts-txt",
            "",
            "1",
        ),
        (
            "Host: acme-mail.net\nValue: {S}\n\nHost: acme-corp.net\nValue: v=STSv1; id=2\n",
            "sts-txt",
            "",
            "1",
        ),
        ("MTA-STS: {S}\n", "sts-txt", "", "1"),
        ("acme-mail.net TXT: {S}\n", "sts-txt", "", "1"),
        ("{\"name\":\"acme-mail.net\",\"txt\":[\"{S}\"]}", "sts-txt", "", "1"),
        ("Host: mta-sts.acme-mail.net\nUser-Agent: curl\n\n{S}\n", "sts-txt", "", "1"),
        ("mta-sts:\n  # TXT record\n  record: \"{S}\"\n", "sts-txt", "", "1"),
        ("I ran dig +short txt acme-mail.net and it says\n\"{S}\"\n", "sts-txt", "", "1"),
        ("TXT MTA-STS {S}\n", "sts-txt", "", "1"),
        ("TXT value {S}\n", "sts-txt", "", "1"),
        ("TXT record for mta-sts: {S}\n", "sts-txt", "", "1"),
        (
            "The policy is at https://mta-sts.acme-mail.net/.well-known/mta-sts.txt, the record is {S}\n",
            "sts-txt",
            "",
            "1",
        ),
        ("The host mta-sts.acme-mail.net is up. TXT:\n\"{S}\"\n", "sts-txt", "", "1"),
        (
            "{\"name\":\"acme-mail.net\",\"records\":[{\"host\":\"\",\"type\":\"TXT\",\"value\":\"{S}\"}]}",
            "sts-txt",
            "",
            "1",
        ),
        (
            "[{\"name\":\"acme-mail.net\",\"type\":\"MX\"},{\"type\":\"TXT\",\"content\":\"{S}\"}]",
            "sts-txt",
            "",
            "1",
        ),
        (
            "{\"zone_name\":\"acme-mail.net\",\"type\":\"TXT\",\"content\":\"{S}\"}",
            "sts-txt",
            "",
            "1",
        ),
        ("name: acme-mail.net\nrecords:\n  - type: TXT\n    value: {S}\n", "sts-txt", "", "1"),
        // Behind a CNAME record the name may be any.
        (
            "$ dig +short cname _mta-sts.acme-mail.net\nsts.acme-host.net.\n$ dig +short txt sts.acme-host.net\n\"{S}\"\n",
            "sts-txt",
            "",
            "1",
        ),
        // What printed nothing is not answered by what comes later.
        (
            "$ dig +short txt mta-sts.acme-mail.net\n\nBut I have this one:\n\"{S}\"\n",
            "sts-txt",
            "",
            "1",
        ),
    ]);
}

#[test]
fn a_name_is_repaired_where_it_is_published_and_not_in_a_question() {
    for (case, fixed) in [
        ("TXT\t@\t{S}\tAuto\n", Some("TXT\t_mta-sts\t{S}\tAuto\n")),
        ("Name: acme-mail.net\nValue: {S}\n", Some("Name: _mta-sts.acme-mail.net\nValue: {S}\n")),
        (
            "{\"type\":\"TXT\",\"name\":\"mta-sts\",\"content\":\"{S}\"}",
            Some("{\"type\":\"TXT\",\"name\":\"_mta-sts\",\"content\":\"{S}\"}"),
        ),
        ("$ dig +short txt mta-sts.acme-mail.net\n\"{S}\"\n", None),
        ("$ dig +short TXT _mta_sts.acme-mail.net\n\"{S}\"\n", None),
    ] {
        let source = text(case);
        let report = lint(&Input::new(source.as_bytes()));
        let found = report.findings().find(|found| found.rule.code == "STS-TXT-002");
        let fix = found.unwrap_or_else(|| panic!("{source}")).fix.as_ref();
        let made = fix.map(|fix| String::from_utf8(fix.apply(source.as_bytes())).expect("text"));
        assert_eq!(made, fixed.map(text), "{source}");
    }
}

/// What an answer says of a record: a text, the kinds of the records, the codes, and words of the title.
fn says(cases: &[(&str, &str, &str, &str)]) {
    for (case, kinds, codes, title) in cases {
        let source = text(case);
        let input = Input::new(source.as_bytes());
        let report = lint(&input);
        let [found, loud, _] = records(&report);
        let head = words::headline(&input, &report).title;
        assert_eq!((&found[..], &loud[..]), (*kinds, *codes), "{source}");
        assert!(head.starts_with(title), "{source}{head}");
    }
}

#[test]
fn a_look_up_of_another_name_says_nothing_of_the_record() {
    const OTHER: &str = "A look-up of another name";
    says(&[
        (
            "$ nslookup mta-sts.acme-mail.net\n** server can't find mta-sts.acme-mail.net: NXDOMAIN\n",
            "",
            "",
            OTHER,
        ),
        ("** server can't find mta-sts.acme-mail.net: NXDOMAIN\n", "", "", OTHER),
        (
            "C:\\>nslookup mta-sts.acme-mail.net\nServer:  dns.google\nAddress:  8.8.8.8\n\n*** dns.google can't find mta-sts.acme-mail.net: Non-existent domain\n",
            "",
            "",
            OTHER,
        ),
        (
            "$ host -t txt _dmarc.acme-mail.net\nHost _dmarc.acme-mail.net not found: 3(NXDOMAIN)\n",
            "",
            "",
            OTHER,
        ),
        (
            "$ host -t txt mta-sts.acme-mail.net\nmta-sts.acme-mail.net has no TXT record\n",
            "",
            "",
            OTHER,
        ),
        (
            "$ host -t txt _mta_sts.acme-mail.net\nHost _mta_sts.acme-mail.net not found: 3(NXDOMAIN)\n",
            "",
            "",
            OTHER,
        ),
        (
            "$ dig txt mta-sts.acme-mail.net\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n;; QUESTION SECTION:\n;mta-sts.acme-mail.net.\t\tIN\tTXT\n",
            "",
            "",
            "An answer of DNS",
        ),
        (
            "$ dig +noall +comments txt mta-sts.acme-mail.net\n;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n",
            "",
            "",
            OTHER,
        ),
        (
            "{\"Status\":3,\"Question\":[{\"name\":\"mta-sts.acme-mail.net.\",\"type\":16}]}",
            "",
            "",
            OTHER,
        ),
        // Beside the record it does not count, and the right name does.
        (
            "$ host -t txt mta-sts.acme-mail.net\nmta-sts.acme-mail.net has no TXT record\n$ host -t txt _mta-sts.acme-mail.net\n_mta-sts.acme-mail.net descriptive text \"{S}\"\n",
            "sts-txt",
            "",
            "The record is right",
        ),
        ("** server can't find _mta-sts.acme-mail.net: NXDOMAIN\n", "sts-txt", "STS-TXT-001", ""),
        (
            "$ dig +noall +comments txt _mta-sts.acme-mail.net\n;; ->>HEADER<<- opcode: QUERY, status: NXDOMAIN, id: 1\n",
            "sts-txt",
            "STS-TXT-001",
            "",
        ),
    ]);
    // Neither is it broken for those who say what it is.
    let text = b"** server can't find mta-sts.acme-mail.net: NXDOMAIN\n";
    let input = Input { kind: Some(stslint::Kind::StsTxt), ..Input::new(text) };
    let report = lint(&input);
    assert_eq!(report.artefacts[0].verdict(), None);
    let head = words::headline(&input, &report).title;
    assert_eq!(head, "A look-up of another name: nothing is known about this record.");
}

/// RFC 2308 §2.2: that there is no data is about one type.
#[test]
fn a_look_up_of_another_type_says_nothing_of_the_record() {
    const TYPE: &str = "A look-up of a type that the name does not have";
    says(&[
        (
            "$ nslookup _mta-sts.acme-mail.net\n*** Can't find _mta-sts.acme-mail.net: No answer\n",
            "",
            "",
            TYPE,
        ),
        (
            "> _mta-sts.acme-mail.net\nServer:  8.8.8.8\nAddress: 8.8.8.8#53\n\n*** Can't find _mta-sts.acme-mail.net: No answer\n",
            "",
            "",
            TYPE,
        ),
        (
            "{\"Status\":0,\"Question\":[{\"name\":\"_mta-sts.acme-mail.net.\",\"type\":1}]}",
            "",
            "",
            TYPE,
        ),
        (
            "_mta-sts.acme-mail.net: resolve call failed: '_mta-sts.acme-mail.net' does not have any RR of the requested type\n",
            "",
            "",
            TYPE,
        ),
        (
            "$ nslookup -type=txt _mta-sts.acme-mail.net\n*** Can't find _mta-sts.acme-mail.net: No answer\n",
            "sts-txt",
            "STS-TXT-001",
            "",
        ),
        (
            "> set type=txt\n> _smtp._tls.acme-mail.net\nServer:  8.8.8.8\n\n*** Can't find _smtp._tls.acme-mail.net: No answer\n",
            "rpt-txt",
            "RPT-TXT-001",
            "",
        ),
        (
            "{\"Status\":0,\"Question\":[{\"name\":\"_mta-sts.acme-mail.net.\",\"type\":16}]}",
            "sts-txt",
            "STS-TXT-001",
            "",
        ),
    ]);
}

#[test]
fn what_a_look_up_came_to_is_told() {
    const FAILED: &str = "The look-up failed";
    says(&[
        (
            "C:\\>nslookup -q=txt _mta-sts.acme-mail.net\nServer:  UnKnown\nAddress:  192.168.1.1\n\nDNS request timed out.\n    timeout was 2 seconds.\n*** Request to UnKnown timed-out\n",
            "sts-txt",
            "",
            FAILED,
        ),
        (
            "C:\\>nslookup -q=txt _mta-sts.acme-mail.net\nServer:  dns.google\nAddress:  8.8.8.8\n\nacme-mail.net\n        primary name server = ns1.acme-mail.net\n        serial  = 2025040101\n",
            "sts-txt",
            "STS-TXT-001",
            "",
        ),
        (
            "PS C:\\> Resolve-DnsName -Type TXT _mta-sts.acme-mail.net\n\nName                        Type TTL   Section    PrimaryServer               NameAdministrator\n----                        ---- ---   -------    -------------               -----------------\nacme-mail.net               SOA  900   Authority  ns1.acme-mail.net           hostmaster.acme-mail.net\n",
            "sts-txt",
            "STS-TXT-001",
            "",
        ),
        (
            "Resolve-DnsName : _mta-sts.acme-mail.net : Der DNS-Name ist nicht vorhanden.\n+ Resolve-DnsName -Type TXT _mta-sts.acme-mail.net\n    + FullyQualifiedErrorId : DNS_ERROR_RCODE_NAME_ERROR,Microsoft.DnsClient.Commands.ResolveDnsName\n",
            "sts-txt",
            "STS-TXT-001",
            "",
        ),
        ("Resolve-DnsName : _mta-sts.acme-mail.net : DNS server failure\n", "sts-txt", "", FAILED),
        (
            "Resolve-DnsName: _mta-sts.acme-mail.net : This operation returned because the timeout period expired.\n",
            "sts-txt",
            "",
            FAILED,
        ),
        ("$ dig +short txt _mta-sts.acme-mail.net\n$ \n", "", "", "A look-up that printed nothing"),
        (
            "$ dig +short txt _mta-sts.acme-mail.net\n_mta-sts.acme-host.net.\n",
            "",
            "",
            "A look-up that printed an alias alone",
        ),
    ]);
}

/// RFC 1035 §5.1 is about zone files: the head of a table, or a cell of HTML, is in none.
#[test]
fn a_table_needs_no_quotes() {
    check(&[
        ("Name\tTTL\tType\tRecord\n_mta-sts.acme-mail.net.\t14400\tTXT\t{S}\n", "sts-txt", "", "1"),
        ("Host\tTTL\tType\tData\n_smtp._tls\t3600\tTXT\t{R}\n", "rpt-txt", "", "{t}"),
        (
            "Hostname    Typ    Prio    Ziel\n_mta-sts    TXT            {S}    \n",
            "sts-txt",
            "",
            "1",
        ),
        (
            "Name                     Type    Value\n_mta-sts.acme-mail.net   TXT     {S}\n",
            "sts-txt",
            "",
            "1",
        ),
        ("<td>_mta-sts</td><td>TXT</td><td>{S}</td>\n", "sts-txt", "", "1"),
        ("_mta-sts 3600 IN TXT {S}\n", "sts-txt", "STS-TXT-006", "1"),
        ("\t_mta-sts\tIN\tTXT\t{S}\n", "sts-txt", "STS-TXT-006", "1"),
        ("; Name  TTL  Type  Data\n_mta-sts 3600 IN TXT {S}\n", "sts-txt", "STS-TXT-006", "1"),
        (
            "Set the name and the type and the value:\n_mta-sts IN TXT {S}\n",
            "sts-txt",
            "STS-TXT-006",
            "1",
        ),
    ]);
}

#[test]
fn of_several_questions_on_a_line_nobody_knows_which_is_answered() {
    check(&[
        (
            "$ dig +short txt _mta-sts.acme-mail.net _smtp._tls.acme-mail.net\n\"{S}\"\n\"{R}\"\n",
            "sts-txt rpt-txt",
            "",
            "1 {t}",
        ),
        (
            "$ dig +short txt _mta-sts.acme-mail.net && dig +short txt _smtp._tls.acme-mail.net\n\"{S}\"\n\"{R}\"\n",
            "sts-txt rpt-txt",
            "",
            "1 {t}",
        ),
        (
            "$ dig +short txt {_mta-sts,_smtp._tls}.acme-mail.net\n\"{S}\"\n\"{R}\"\n",
            "sts-txt rpt-txt",
            "",
            "1 {t}",
        ),
        (
            "$ dig +short txt _mta-sts.acme-mail.net @9.9.9.9; dig +short txt _mta-sts.acme-mail.net @1.1.1.1\n\"{S}\"\n\"v=STSv1; id=2\"\n",
            "sts-txt",
            "",
            "1",
        ),
        (
            "$ dig +short txt _mta-sts.acme-mail.net; curl https://mta-sts.acme-mail.net/.well-known/mta-sts.txt\n\"{S}\"\nversion: STSv1\nmode: enforce\nmx: a.acme-mail.net\nmax_age: 1209600\n",
            "sts-txt",
            "",
            "1",
        ),
        (
            "$ dig +short txt _mta-sts.acme-mail.net @9.9.9.9\n\"{S}\"\n\"v=STSv1; id=2\"\n",
            "sts-txt",
            "STS-TXT-040",
            "",
        ),
    ]);
}

#[test]
fn a_value_may_go_on_in_the_next_line() {
    check(&[
        (
            "PS C:\\> Resolve-DnsName -Type TXT _smtp._tls.acme-mail.net\n\nName                                     Type   TTL   Section    Strings\n----                                     ----   ---   -------    -------\n_smtp._tls.acme-mail.net                 TXT    300   Answer     {v=TLSRPTv1;\n                                                                 rua=mailto:t@acme-mail.net}\n",
            "rpt-txt",
            "",
            "{t}",
        ),
        (
            "_smtp._tls.acme-mail.net TXT 300 Answer {{R},\n                 mailto:b@acme-mail.net}\n",
            "rpt-txt",
            "",
            "{t} mailto:b@acme-mail.net",
        ),
        (
            "Name: _smtp._tls\nType: TXT\nValue: v=TLSRPTv1;\n rua=mailto:t@acme-mail.net\n",
            "rpt-txt",
            "",
            "{t}",
        ),
        ("Name: _mta-sts\r\nValue: v=STSv1;\r\n  id=1\r\nTTL: 3600\r\n", "sts-txt", "", "1"),
        ("> Name: _smtp._tls\n> Value: {R}\n", "rpt-txt", "", "{t}"),
    ]);
}

#[test]
fn several_resolvers_or_domains_do_not_make_several_records() {
    check(&[
        ("Quad9\n\"{S}\"\nOpenDNS\n\"v=STSv1; id=2\"\n", "sts-txt", "", "1"),
        (
            "acme-mail.net\n_mta-sts\tTXT\t\"{S}\"\nacme-corp.net\n_mta-sts\tTXT\t\"v=STSv1; id=2\"\n",
            "sts-txt",
            "",
            "1",
        ),
        ("\"{S}\"\n\"v=STSv1; id=2\"\n", "sts-txt", "STS-TXT-040", ""),
        (
            "acme-mail.net\n_mta-sts\tTXT\t\"{S}\"\n_mta-sts\tTXT\t\"v=STSv1; id=2\"\n",
            "sts-txt",
            "STS-TXT-040",
            "",
        ),
    ]);
}

use super::*;
use crate::build::wanted::Change;

fn record(label: &'static str, value: &str) -> Record {
    Record { label, value: value.into(), change: Change::New }
}

fn write(format: Format, value: &str) -> String {
    format.write(&[record("_mta-sts", value)], "acme-mail.net", "acme-mail.net", 300)
}

#[test]
fn each_has_a_word_and_a_name_of_its_own() {
    let words: std::collections::BTreeSet<&str> = Format::all().map(Format::word).collect();
    let names: std::collections::BTreeSet<&str> = Format::all().map(Format::name).collect();
    assert_eq!((words.len(), names.len()), (FORMATS.len(), FORMATS.len()));
}

#[test]
fn names_are_below_the_zone() {
    let names = |domain, zone| {
        let line = |format: Format| {
            let text = format.write(&[record("_smtp._tls", "v=TLSRPTv1")], domain, zone, 300);
            text.split(' ').next().map(str::to_owned).unwrap_or_default()
        };
        (line(Format::Zone), line(Format::ZoneRelative))
    };
    let own = ("_smtp._tls.a.acme-mail.net.".into(), "_smtp._tls".into());
    assert_eq!(names("a.acme-mail.net", "a.acme-mail.net"), own);
    let inside = ("_smtp._tls.a.acme-mail.net.".into(), "_smtp._tls.a".into());
    assert_eq!(names("a.acme-mail.net", "acme-mail.net"), inside);
    for other in ["", "mail.net", "example.org", "b.a.acme-mail.net"] {
        assert_eq!(names("a.acme-mail.net", other), own, "{other}");
    }
}

#[test]
fn long_values_are_split_at_255_octets() {
    for (len, lens) in [(255, &[255][..]), (256, &[255, 1]), (511, &[255, 255, 1])] {
        let text = "x".repeat(len);
        let lengths: Vec<usize> = strings(&text).iter().map(|string| string.len()).collect();
        assert_eq!(lengths, lens);
    }
    // A character is never cut, though values have none that could be.
    let text = ["x".repeat(254), "é".into()].concat();
    assert_eq!(strings(&text), [&text[..254], "é"]);
    assert_eq!(strings(""), [""]);

    let long = ["v=STSv1; id=1; x=", &"y".repeat(300)].concat();
    let (first, second) = long.split_at(255);
    for (format, expected) in [
        (Format::Zone, format!("TXT \"{first}\" \"{second}\"\n")),
        (Format::Bind, format!("TXT (\n    \"{first}\"\n    \"{second}\"\n)\n")),
        (Format::Nsupdate, format!("TXT \"{first}\" \"{second}\"\nsend")),
        (Format::TerraformRoute53, format!("[\"{first}\\\" \\\"{second}\"]")),
        (Format::TerraformCloudflare, format!("\"\\\"{first}\\\" \\\"{second}\\\"\"")),
        (Format::TerraformGoogle, format!("[\"\\\"{first}\\\" \\\"{second}\\\"\"]")),
        (Format::Route53, format!("\"\\\"{first}\\\" \\\"{second}\\\"\"")),
        (Format::Cloudflare, format!("\"\\\"{first}\\\" \\\"{second}\\\"\"")),
        (Format::TerraformAzure, format!("\"{long}\"")),
        (Format::Dnscontrol, format!("\"{long}\"")),
        (Format::Octodns, format!("value: {}\n", long.replace(';', "\\;"))),
        (Format::Value, format!("Value: {long}\n")),
    ] {
        let text = write(format, &long);
        assert!(text.contains(&expected), "{text}");
    }
}

#[test]
fn values_are_escaped_for_each_language() {
    let odd = "v=STSv1; id=1; x=\"a\\b'${c}%{d}";
    let text = write(Format::Octodns, "v=STSv1; id=1; x='b:");
    assert!(text.contains("value: 'v=STSv1\\; id=1\\; x=''b:'\n"), "{text}");
    for (format, expected) in [
        (Format::Zone, r#""v=STSv1; id=1; x=\"a\\b'${c}%{d}""#),
        (Format::TerraformAzure, r#"value = "v=STSv1; id=1; x=\"a\\b'$${c}%%{d}""#),
        (Format::TerraformRoute53, r#"["v=STSv1; id=1; x=\\\"a\\\\b'$${c}%%{d}"]"#),
        (Format::TerraformGoogle, r#"["\"v=STSv1; id=1; x=\\\"a\\\\b'$${c}%%{d}\""]"#),
        (Format::Dnscontrol, r#""v=STSv1; id=1; x=\"a\\b'${c}%{d}""#),
        (Format::Octodns, r#"value: v=STSv1\; id=1\; x="a\b'${c}%{d}"#),
        (Format::Route53, r#""\"v=STSv1; id=1; x=\\\"a\\\\b'${c}%{d}\"""#),
        (Format::Cloudflare, r#""\"v=STSv1; id=1; x=\\\"a\\\\b'\''${c}%{d}\"""#),
        (Format::Value, "Value: v=STSv1; id=1; x=\"a\\b'${c}%{d}\n"),
    ] {
        let text = write(format, odd);
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn a_record_that_is_there_is_replaced() {
    let text = write(Format::Nsupdate, "v=STSv1; id=1;");
    let delete = text.find("update delete _mta-sts.acme-mail.net. IN TXT\n");
    let add = text.find("update add _mta-sts.acme-mail.net. 300 IN TXT \"v=STSv1; id=1;\"\n");
    assert!(delete.is_some() && delete < add && text.ends_with("send\n"), "{text}");
    let there = Record { change: Change::Changed, ..record("_mta-sts", "v=STSv1; id=1;") };
    let text = Format::Cloudflare.write(&[there], "acme-mail.net", "acme-mail.net", 300);
    assert!(text.contains("-X PUT") && text.contains("$RECORD_ID"), "{text}");
    assert!(write(Format::Cloudflare, "v=STSv1; id=1;").contains("-X POST"));
}

/// A form that tells all that is at a name says so, as records of other uses may be there (RFC 8461 §3.1, RFC 8460 §3).
#[test]
fn what_replaces_all_at_a_name_says_so() {
    let whole = [
        Format::Nsupdate,
        Format::Octodns,
        Format::Route53,
        Format::TerraformAzure,
        Format::TerraformGoogle,
        Format::TerraformRoute53,
    ];
    for format in Format::all() {
        let text = write(format, "v=STSv1; id=1;");
        assert_eq!(text.matches(WHOLE).count(), usize::from(whole.contains(&format)), "{text}");
    }
}

/// Of several, senders use none (RFC 8461 §3.1): what would only come to them says that they have to go.
#[test]
fn one_for_several_says_what_has_to_go() {
    const WORDS: &str = "There are several at _mta-sts.acme-mail.net, so senders use none: delete all of version STSv1, no others, ";
    let text = |format: Format, change| {
        let one = Record { change, ..record("_mta-sts", "v=STSv1; id=1;") };
        format.write(&[one], "acme-mail.net", "acme-mail.net", 300)
    };
    let cases = [
        (Format::Bind, Some(["; ", WORDS].concat())),
        (Format::Cloudflare, Some("(delete the others of version STSv1)".into())),
        (Format::Dnscontrol, Some(["// ", WORDS].concat())),
        (Format::TerraformCloudflare, Some(["# ", WORDS].concat())),
        (Format::Value, Some(WORDS.to_owned())),
        (Format::Zone, Some(["; ", WORDS].concat())),
        (Format::ZoneRelative, Some(["; ", WORDS].concat())),
        // These say all that there is to be at the name.
        (Format::Nsupdate, None),
        (Format::Octodns, None),
        (Format::Route53, None),
        (Format::TerraformAzure, None),
        (Format::TerraformGoogle, None),
        (Format::TerraformRoute53, None),
    ];
    assert_eq!(cases.len(), Format::all().count());
    for (format, says) in cases {
        let several = text(format, Change::OneForSeveral);
        assert!(says.as_ref().is_none_or(|says| several.contains(says)), "{several}");
        assert_eq!(several == text(format, Change::Changed), says.is_none(), "{several}");
    }
    let change = Change::OneForSeveral;
    let rpt = Record { change, ..record("_smtp._tls", "v=TLSRPTv1; rua=mailto:t@acme-mail.net") };
    let text = Format::Value.write(&[rpt], "acme-mail.net", "acme-mail.net", 300);
    assert!(
        text.contains("several at _smtp._tls.acme-mail.net, ")
            && text.contains("of version TLSRPTv1,"),
        "{text}"
    );
}

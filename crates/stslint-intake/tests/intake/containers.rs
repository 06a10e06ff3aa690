use super::{DMARC, gzip, mail, mailbox, read, report, zip};
use stslint_intake::{Limits, gunzip};

#[test]
fn a_report_is_told_by_its_bytes() {
    let json = report("1");
    let packed = gzip(json.as_bytes());
    for name in ["report.json", "report.json.gz", "report.zip", "report.xml", "x"] {
        let expected = [format!("{name}: report 1")];
        assert_eq!(read(name, json.as_bytes()), expected);
        assert_eq!(read(name, &packed), expected);
        assert_eq!(read(name, format!("\u{feff} \r\n{json}\n").as_bytes()), expected);
    }
    let spelt = json.replace("organization-name", "Organization_Name");
    assert_eq!(read("a", spelt.as_bytes()), ["a: report 1"]);
}

#[test]
fn several_reports_stand_in_one_file() {
    let (one, two) = (report("1"), report("2"));
    let expected = ["a › object 1: report 1", "a › object 2: report 2"];
    for text in [format!("{one}\n{two}\n"), format!("[{one}, {two}]"), format!("{one}{two}")] {
        assert_eq!(read("a", text.as_bytes()), expected);
        assert_eq!(read("a", &gzip(text.as_bytes())), expected);
    }
    // Each in a member of its own.
    assert_eq!(read("a", &[gzip(one.as_bytes()), gzip(two.as_bytes())].concat()), expected);
    assert_eq!(read("a", format!("[{one}]").as_bytes()), ["a: report 1"]);
    // The last one is cut off.
    let cut = format!("{one}\n{}", &two[..two.len() - 9]);
    let expected = ["a › object 1: report 1", "a › object 2: report broken"];
    assert_eq!(read("a", cut.as_bytes()), expected);
}

/// Logs, mails and what programs print have something around each report.
#[test]
fn several_reports_stand_in_a_text() {
    let (one, two) = (report("1"), report("2"));
    let expected = ["a › object 1: report 1", "a › object 2: report 2"];
    for text in [
        format!("a {one}\nb {two}\n"),
        // RFC 7464.
        format!("\u{1e}{one}\n\u{1e}{two}\n"),
        format!("{one}\n---\n{two}\n"),
        format!("```json\n{one}\n```\n\nand\n\n```json\n{two}\n```\n"),
        format!("The first {{and best}}:\n{one}\nThe second {{ \"it\": 1 }}:\n\n{two}\nthanks\n"),
        format!("a {{\"\n{one}\nb {{\n{two}\n").replace("{\"\n", "{ \"\" \n"),
    ] {
        assert_eq!(read("a", text.as_bytes()), expected, "{text}");
    }
    let inline = format!("From: a@b.org\nSubject: x\n\nFirst:\n{one}\nSecond:\n{two}\n");
    assert_eq!(read("a", inline.as_bytes()), expected);
    // The last one is cut off.
    let cut = format!("a {one}\nb {}", &two[..two.len() - 9]);
    let expected = ["a › object 1: report 1", "a › object 2: report broken"];
    assert_eq!(read("a", cut.as_bytes()), expected);
    // So is one in the middle.
    let cut = format!("a {}\nb {two}\n", &one[..one.len() - 9]);
    let expected = ["a › object 1: report broken", "a › object 2: report 2"];
    assert_eq!(read("a", cut.as_bytes()), expected);
    // Lines of a log that are cut off are nothing.
    let log =
        format!("{}{one}\n{}{two}\n", "{\"level\":\"a\n".repeat(50), "{\"a\":{\"b\n".repeat(50));
    let expected = ["a › object 1: report 1", "a › object 2: report 2"];
    assert_eq!(read("a", log.replace("{\"level", "x {\"level").as_bytes()), expected);
    // One is found as ever.
    assert_eq!(read("a", format!("a {one}\nb {{}}\n").as_bytes()), ["a: report 1"]);
}

/// Databases, programs and logs keep reports in objects of their own.
#[test]
fn reports_stand_in_objects() {
    let (one, two) = (report("1"), report("2"));
    let expected = ["a › object 1: report 1", "a › object 2: report 2"];
    for text in [
        format!("{{\"hits\":[{{\"_source\":{one}}},{{\"_source\":{two}}}]}}"),
        format!("{{\"data\":{one}}}\n{{\"data\":{two}}}\n"),
        format!("a {{\"data\":{one}}}\nb {{\"data\":{two}}}\n"),
        format!("[{{\"data\":[{one},{two}]}}]"),
    ] {
        assert_eq!(read("a", text.as_bytes()), expected, "{text}");
    }
    assert_eq!(read("a", format!("{{\"data\":{one}}}").as_bytes()), ["a: report 1"]);
    // What is in a report is a part of it.
    let own = one.replace("[]}", "[],\"x\":{\"report-id\":\"2\",\"policies\":[]}}");
    assert_eq!(read("a", own.as_bytes()), ["a: report 1"]);
    let deep = [&"{\"a\":".repeat(100_000), &one[..]].concat();
    assert_eq!(read("a", deep.as_bytes()), ["a: report broken"]);
}

/// What became of a report that is no JSON any more is not passed over in silence.
#[test]
fn a_report_that_is_none_any_more_is_told() {
    let json = report("1");
    let from = |mark: &str| json[json.find(mark).expect("it is there")..].to_owned();
    for text in [
        json.replace('"', "'"),
        json.replace('"', "\u{201d}"),
        from("\"date-range\""),
        "organization-name: A\nreport-id: 1\npolicies:\n- x".into(),
        "organization-name : A\nreport-id         : 1\npolicies          : {}\n".into(),
    ] {
        assert_eq!(read("a", text.as_bytes()), ["a: report broken"], "{text}");
    }
    // Who writes of reports in a mail that brings one says nothing wrong.
    let mail = String::from_utf8(mail("a.json", json.as_bytes())).expect("of ASCII");
    let text = "--b\nContent-Type: text/plain\n\nreport-id: 1\npolicies: 2\n--b\n";
    assert!(mail.contains("--b\n"), "{mail}");
    assert_eq!(read("a", mail.replacen("--b\n", text, 1).as_bytes()), ["a › a.json: report 1"]);
    // As a web page has it.
    assert_eq!(read("a", json.replace('"', "&quot;").as_bytes()), ["a: report 1"]);
}

#[test]
fn a_text_of_braces_takes_no_longer_than_others() {
    let names = "\"organization-name\" \"report-id\" ";
    let text = [names, &"{\"\":".repeat(50_000)].concat();
    assert_eq!(read("a", text.as_bytes()), ["a: other"]);
    let large = [names, &"x ".repeat(1 << 20)].concat();
    assert_eq!(read("a", large.as_bytes()), ["a: it has more than 1 MiB"]);
}

#[test]
fn text_in_utf_16_is_read() {
    let (one, two) = (report("1"), report("2"));
    for text in [one.clone(), format!("\u{feff}{one}"), format!("\u{feff}{one}\r\n{two}")] {
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let expected = match text.contains(&two) {
            true => &["a › object 1: report 1", "a › object 2: report 2"][..],
            false => &["a: report 1"],
        };
        for bytes in [&little, &big, &gzip(&little)] {
            assert_eq!(read("a", bytes), expected);
        }
    }
    // Half a character, and nothing but the mark.
    assert_eq!(read("a", b"\xff\xfe{\0\x00"), ["a: other"]);
    assert_eq!(read("a", b"\xff\xfe"), ["a: other"]);
}

/// An archive of files as `tar` writes it.
fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, content) in files {
        let mut header = vec![0; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..136].copy_from_slice(format!("{:011o}\0", content.len()).as_bytes());
        header[156] = if name.ends_with('/') { b'5' } else { b'0' };
        header[257..265].copy_from_slice(b"ustar\x0000");
        out.extend(header);
        out.extend(*content);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.extend([0; 1024]);
    out
}

#[test]
fn tar_archives_are_read() {
    let (one, two) = (report("1"), gzip(report("2").as_bytes()));
    let files: [(&str, &[u8]); 5] = [
        ("all/", b""),
        ("all/1.json", one.as_bytes()),
        ("all/._1.json", b"\0\x05\x16\x07"),
        ("all/2.json.gz", &two),
        ("notes.txt", b"hello"),
    ];
    let archive = tar(&files);
    let expected =
        ["a › all/1.json: report 1", "a › all/2.json.gz: report 2", "a › notes.txt: other"];
    assert_eq!(read("a", &archive), expected);
    assert_eq!(read("a", &gzip(&archive)), expected);
    let damaged = "a: the tar archive is cut off or damaged";
    assert_eq!(read("a", &archive[..1024 + 100]), [damaged]);
    let mut wrong = archive.clone();
    wrong[512 + 124] = b'9';
    assert_eq!(read("a", &wrong), [damaged]);
    assert_eq!(read("a", &tar(&[("all/", b"")])), ["a: other"]);
}

/// Nobody looked into it: that is not to say that no report is in it.
#[test]
fn what_claims_to_be_a_report_and_cannot_be_read_has_a_reason() {
    let rfc = "a.example!b.example!1!2.json.gz";
    for (name, bytes, why) in [
        (
            "a.json.xz",
            &b"\xfd7zXZ\0\0\x04"[..],
            "it is packed with xz, which is not read here; unpack it",
        ),
        ("a.json.bz2", b"BZh91AY&SY", "it is packed with bzip2, which is not read here; unpack it"),
        (
            "reports.7z",
            b"7z\xbc\xaf\x27\x1c\0\x04",
            "it is packed with 7-Zip, which is not read here; unpack it",
        ),
        (
            "a.tar.zst",
            b"\x28\xb5\x2f\xfd\x01",
            "it is packed with Zstandard, which is not read here; unpack it",
        ),
        ("mails.rar", b"Rar!\x1a\x07", "it is packed with RAR, which is not read here; unpack it"),
        (
            "a.msg",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "it is a mail as Outlook saves it, which is not read here; save it as .eml",
        ),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "other"),
        ("a.json.gz", b"", "it is empty"),
        (rfc, b"", "it is empty"),
        (rfc, b"hello", "by its name or media type it is a TLS report, but it holds none"),
        (rfc, b"\x89PNG\r\n\0", "by its name or media type it is a TLS report, but it holds none"),
        ("a.json.gz", b"{}", "other"),
        ("package.json", b"{}", "other"),
        ("a.xml.gz", b"", "other"),
        ("empty", b"", "other"),
    ] {
        assert_eq!(read(name, bytes), [format!("{name}: {why}")]);
        // In a mail it is attached; anything may be.
        let mail = String::from_utf8(mail(name, bytes)).expect("it is text");
        let attached = mail.replace("application/tlsrpt+gzip", "application/octet-stream");
        let attached = read("m.eml", attached.as_bytes());
        let tells = name.contains(".json") && why != "other";
        let place = if tells { format!("m.eml › {name}: {why}") } else { "m.eml: other".into() };
        assert_eq!(attached, [place]);
        // In an archive it is as in a folder.
        assert_eq!(read("z.zip", &zip(&[(name, bytes)])), [format!("z.zip › {name}: {why}")]);
    }
    assert_eq!(read("a.json.gz", &gzip(b"")), ["a.json.gz: it is empty"]);
}

#[test]
fn a_report_is_packed_in_members() {
    let json = report("1");
    let (a, b) = json.as_bytes().split_at(40);
    let members = [gzip(a), gzip(b""), gzip(b)].concat();
    assert_eq!(read("a", &members), ["a: report 1"]);
}

/// Copying as text adds line ends, and tapes were filled up with zeros: nothing is missing.
#[test]
fn what_means_nothing_may_stand_behind_gzip_data() {
    let packed = gzip(report("1").as_bytes());
    for behind in [&b"\r\n"[..], b"\n", &[0; 512], b" \0\n"] {
        let bytes = [&packed[..], behind].concat();
        assert_eq!(read("a", &bytes), ["a: report 1"]);
        assert_eq!(gunzip(&bytes, 1 << 20).as_deref(), Ok(report("1").as_bytes()));
    }
    let bytes = [&packed[..], b"\n", b"x"].concat();
    let told = ["a: report 1", "a: there are 2 bytes after the end of its gzip data"];
    assert_eq!(read("a", &bytes), told);
}

#[test]
fn bad_gzip_data_has_a_reason() {
    let json = report("1");
    let good = gzip(json.as_bytes());
    let mut wrong = good.clone();
    let checksum = wrong.len() - 8;
    wrong[checksum] ^= 1;
    let mut noise = good.clone();
    noise[15..40].fill(0xff);
    let long_name = [&good[..3], &[8], &good[4..10], &vec![b'a'; 1 << 20], &good[10..]].concat();
    for (data, expected) in [
        (good[..good.len() - 3].to_vec(), &["its gzip data is cut off"][..]),
        (good[..good.len() / 2].to_vec(), &["its gzip data is cut off"]),
        (good[..12].to_vec(), &["its gzip data is cut off"]),
        (good[..2].to_vec(), &["its gzip data is cut off"]),
        (wrong, &["its gzip data is damaged"]),
        (noise, &["its gzip data is damaged"]),
        (long_name, &["its gzip data is damaged"]),
        (
            [&good[..], b"junk"].concat(),
            &["report 1", "there are 4 bytes after the end of its gzip data"],
        ),
        (
            [&good[..], &[0x1f]].concat(),
            &["report 1", "there is a byte after the end of its gzip data"],
        ),
        ([&good[..], &good[..9]].concat(), &["its gzip data is cut off"]),
    ] {
        let expected: Vec<_> = expected.iter().map(|what| format!("a: {what}")).collect();
        assert_eq!(read("a", &data), expected);
    }
}

#[test]
fn what_is_at_hand_as_a_whole_is_unpacked_or_has_a_reason() {
    let reason = |data: &[u8]| gunzip(data, 1000).map_err(|reason| reason.to_string());
    let json = report("1").into_bytes();
    let good = gzip(&json);
    assert_eq!(reason(&good), Ok(json.clone()));
    assert_eq!(reason(&[&good[..], &good[..]].concat()), Ok([&json[..], &json[..]].concat()));
    assert_eq!(reason(&good[..good.len() - 1]), Err("its gzip data is cut off".into()));
    assert_eq!(reason(&gzip(&[b' '; 1001])), Err("it unpacks to more than 1000 bytes".into()));
    assert_eq!(reason(&gzip(&[b' '; 1000])).map(|content| content.len()), Ok(1000));
    let behind = [&good[..], b"junk"].concat();
    assert_eq!(reason(&behind), Err("there are 4 bytes after the end of its gzip data".into()));
}

#[test]
fn archives_are_read_entry_by_entry() {
    let packed = gzip(report("2").as_bytes());
    let archive = zip(&[
        ("a.json", report("1").as_bytes()),
        ("folder/b.json.gz", &packed),
        ("dmarc.xml", DMARC.as_bytes()),
        ("picture.png", b"\x89PNG\r\n\0\0"),
        ("broken.json", b"{\"policies\": [], \"report-id\""),
        ("c.json", report("3").as_bytes()),
    ]);
    let expected = [
        "x › a.json: report 1",
        "x › folder/b.json.gz: report 2",
        "x › dmarc.xml: DMARC",
        "x › picture.png: other",
        "x › broken.json: report broken",
        "x › c.json: report 3",
    ];
    assert_eq!(read("x", &archive), expected);
    assert_eq!(read("x", &zip(&[])), ["x: other"]);
    // Something in front of it, and something behind it, keep it from being read no more than a program that unpacks it.
    assert_eq!(
        read("x", &archive[..archive.len() - 30]),
        ["x: the zip archive has no directory; it may be cut off"]
    );
}

#[test]
fn a_bad_entry_stops_none_of_the_others() {
    let (one, two) = (report("1"), report("2"));
    let archive = zip(&[("a.json", one.as_bytes()), ("b.json", two.as_bytes())]);
    // The compressed data begins behind the header of 30 bytes and the name.
    let mut damaged = archive.clone();
    damaged[30 + 6 + 40] ^= 0xff;
    assert_eq!(
        read("x", &damaged),
        ["x › a.json: the zip archive is damaged", "x › b.json: report 2"]
    );
    // Flags and method stand at 8 and 10 of the directory's entry.
    let at = archive.windows(4).position(|bytes| bytes == b"PK\x01\x02").expect("a directory");
    for (field, value, reason) in [
        (8, 9, "it is encrypted"),
        (10, 12, "the zip archive compresses it in a way that is not read here; unpack it"),
    ] {
        let mut other = archive.clone();
        other[at + field] = value;
        let expected = [format!("x › a.json: {reason}"), "x › b.json: report 2".into()];
        assert_eq!(read("x", &other), expected);
    }
}

#[test]
fn mailboxes_are_read_mail_by_mail() {
    let packed = |id| gzip(report(id).as_bytes());
    let all = mailbox(&[
        mail("a.json.gz", &packed("1")),
        b"Subject: no report\n\nFrom here on\n\nFrom me to you, Monday\n".to_vec(),
        mail("b.json.gz", &packed("2")[..50]),
        mail("dmarc.zip", &zip(&[("dmarc.xml", DMARC.as_bytes())])),
        mail("c.json.gz", &packed("3")),
    ]);
    let expected = [
        "x › message 1 › a.json.gz: report 1",
        "x › message 2: other",
        "x › message 3 › b.json.gz: its gzip data is cut off",
        "x › message 4 › dmarc.zip › dmarc.xml: DMARC",
        "x › message 5 › c.json.gz: report 3",
    ];
    assert_eq!(read("x", &all), expected);
    assert_eq!(read("x", &gzip(&all)), expected);
    let windows = String::from_utf8(all).expect("of ASCII").replace('\n', "\r\n");
    assert_eq!(read("x", windows.as_bytes()), expected);
}

/// It is taken for a mailbox then, so its first mail must not be taken for what stands before one.
#[test]
fn a_mailbox_may_begin_with_a_mark_or_white_space() {
    let all = mailbox(&[mail("a", report("1").as_bytes()), mail("b", report("2").as_bytes())]);
    for before in ["\u{feff}", " ", "\n", "\u{feff}\r\n \t"] {
        assert_eq!(
            read("x", &[before.as_bytes(), &all].concat()),
            ["x › message 1 › a: report 1", "x › message 2 › b: report 2"],
            "{before:?}"
        );
    }
}

#[test]
fn quoted_lines_of_a_mail_are_put_right() {
    let attached = "Subject: a\nContent-Type: message/rfc822\n\n>From: a\nSubject: b\n\n";
    let json = report(">From x");
    let text = format!("{attached}>From {json}\n>>From a\n");
    let all = mailbox(&[text.into_bytes()]);
    assert_eq!(read("x", &all), ["x › message 1: report >From x"]);
    // A line that begins like the one in front of a mail, and has no date.
    let text = format!("Subject: a\n\n\nFrom the beginning:\n{json}\n");
    assert_eq!(read("x", &mailbox(&[text.into_bytes()])), ["x › message 1: report >From x"]);
}

#[test]
fn anything_is_in_anything() {
    let one = gzip(report("1").as_bytes());
    let inner = mailbox(&[mail("a.json.gz", &one), mail("b.bin", report("2").as_bytes())]);
    let archive =
        zip(&[("mails.mbox", &inner), ("mail.eml", &mail("c", &gzip(report("3").as_bytes())))]);
    let outer =
        mailbox(&[mail("mails.zip", &archive), mail("d", &gzip(&gzip(report("4").as_bytes())))]);
    let expected = [
        "x › message 1 › mails.zip › mails.mbox › message 1 › a.json.gz: report 1",
        "x › message 1 › mails.zip › mails.mbox › message 2 › b.bin: report 2",
        "x › message 1 › mails.zip › mail.eml › c: report 3",
        "x › message 2 › d: report 4",
    ];
    assert_eq!(read("x", &outer), expected);
    assert_eq!(
        read("x", &zip(&[("x", &gzip(&outer))])),
        expected.map(|line| line.replacen("x ›", "x › x ›", 1))
    );
}

#[test]
fn nothing_of_ours_is_told_and_ends_early() {
    for bytes in [
        &b""[..],
        b"text",
        b"\n\n",
        b"a,b\n1,2\n",
        b"<html>",
        b"{\"name\": \"x\"}",
        b"[]",
        b"From me",
        b"\0\0",
    ] {
        assert_eq!(read("x", bytes), ["x: other"]);
    }
    let mut video = stslint_intake::Intake::new("x", Limits::default());
    video.feed(&[0; 2000], &mut |_| {});
    assert!(video.is_done());
    let long = vec![b'a'; 2 << 20];
    assert_eq!(read("x", &long), ["x: other"]);
}

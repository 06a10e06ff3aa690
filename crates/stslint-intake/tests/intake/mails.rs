//! Mails as reporters write them, and as people send them on.

use super::{gzip, mail, read, report};

#[test]
fn reporters_are_read() {
    let day = "example.org!1795132800!1795219199";
    for (file, bytes, expected) in [
        (
            "google",
            &include_bytes!("../mails/google.eml")[..],
            &[format!("google.com!{day}!001.json.gz: report 2026-11-20T00:00:00Z_example.org")][..],
        ),
        (
            "microsoft",
            include_bytes!("../mails/microsoft.eml"),
            &[format!(
                "microsoft.com!{day}!134079600000000000.json.gz: report 134079600000000000+example.org"
            )],
        ),
        (
            "mail.ru",
            include_bytes!("../mails/mail.ru.eml"),
            &["mail.ru!example.org!1795132800!1795219200!001.json.gz: report \
               8f3d1f1e-3d0b-4d5e-9f5b-5a3c6a1f0001@mail.ru"
                .into()],
        ),
        (
            "tlsrpt-reporter",
            include_bytes!("../mails/tlsrpt-reporter.eml"),
            &[format!(
                "post.example!{day}!1.json.gz: report 2026-11-20T00:00:00Z_idx1_example.org"
            )],
        ),
        (
            "stalwart",
            include_bytes!("../mails/stalwart.eml"),
            &["stalwart.example!example.org!1795158012!1795244412.json.gz: report 1795158012_9127712219".into()],
        ),
        (
            "mox",
            include_bytes!("../mails/mox.eml"),
            &[format!("mox.example!{day}.json.gz: report 20261120.example.org@mox.example")],
        ),
        (
            "halon",
            include_bytes!("../mails/halon.eml"),
            &[format!(
                "halon.example!{day}.json: report 1d6f9d1e-7d9c-4f8e-8d4b-000000000001@example.org"
            )],
        ),
        // The mail is the report, under a media type and a name of nothing.
        ("flat", include_bytes!("../mails/flat.eml"), &["report.bin: report flat-1".into()]),
        (
            "quoted",
            include_bytes!("../mails/quoted.eml"),
            &[format!("quoted!{day}.json: report quoted-1")],
        ),
        (
            "forwarded",
            include_bytes!("../mails/forwarded.eml"),
            &[
                format!(
                    "Report.eml › microsoft.com!{day}!134079600000000000.json.gz: report \
                     134079600000000000+example.org"
                ),
                format!(
                    "part 1 › halon.example!{day}.json: report \
                     1d6f9d1e-7d9c-4f8e-8d4b-000000000001@example.org"
                ),
            ],
        ),
    ] {
        let expected: Vec<_> = expected.iter().map(|line| format!("{file} › {line}")).collect();
        assert_eq!(read(file, bytes), expected);
    }
    assert_eq!(read("x", include_bytes!("../mails/newsletter.eml")), ["x: other"]);
}

#[test]
fn a_mail_that_is_cut_off_or_bent_gives_what_it_can() {
    let good = mail("a", &super::gzip(report("1").as_bytes()));
    let text = String::from_utf8(good).expect("of ASCII");
    // Without its last boundary, and with what a mailing list adds.
    assert_eq!(read("x", text.replace("--b--\n", "").as_bytes()), ["x › a: report 1"]);
    let footer = text.replace("\n--b--", "\n\n_______\nlist mailing list\n--b--");
    assert_eq!(read("x", footer.as_bytes()), ["x › a: report 1"]);
    // Its boundary is that of nothing: the attachment is found by its looks.
    let bent = text.replace("boundary=\"b\"", "boundary=\"c\"");
    assert_eq!(read("x", bent.as_bytes()), ["x › a: report 1"]);
    assert_eq!(
        read("x", text.replace("base64", "7bit").as_bytes()),
        ["x › a › attachment: report 1"]
    );
}

#[test]
fn reports_stand_in_texts() {
    let json = report("1");
    for text in [
        format!("Hello,\n\nwe got this:\n\n{json}\n\nWhat is it?\n"),
        format!("Subject: a\nFrom: b@example.com\n\nwe got this: {json}\n"),
        format!("```json\n{json}\n```\n"),
    ] {
        assert_eq!(read("x", text.as_bytes()), ["x: report 1"]);
    }
    let source =
        String::from_utf8(mail("a.json.gz", &super::gzip(json.as_bytes()))).expect("of ASCII");
    let pasted = format!("Hello,\n\nthe source of the mail is:\n\n{source}\n");
    assert_eq!(read("x", pasted.as_bytes()), ["x › a.json.gz: report 1"]);
}

/// RFC 8460 §6.5 has this media type; any encoding may be used with it (RFC 2045 §6).
#[test]
fn a_mail_that_is_a_report_is_read_or_refused() {
    let packed = gzip(report("1").as_bytes());
    let mail = |media_type: &str, encoding: &str, body: &[u8]| {
        let head = format!(
            "From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: application/{media_type}\r\n\
             Content-Transfer-Encoding: {encoding}\r\n\r\n"
        );
        [head.as_bytes(), body].concat()
    };
    let with_end = [&packed[..], b"\r\n"].concat();
    for (media_type, encoding, body, what) in [
        ("tlsrpt+gzip", "binary", &packed[..], "report 1"),
        ("tlsrpt+gzip", "binary", &with_end, "report 1"),
        ("TLSRPT+GZIP", "base64", b"@@@ not base64 @@@\r\n", "its Base64 can't be decoded"),
        ("tlsrpt+gzip", "base64", b"\r\n", "it is empty"),
        (
            "tlsrpt+json",
            "7bit",
            b"{}\r\n",
            "by its name or media type it is a TLS report, but it holds none",
        ),
        ("octet-stream", "base64", b"@@@ not base64 @@@\r\n", "other"),
    ] {
        assert_eq!(read("m", &mail(media_type, encoding, body)), [format!("m: {what}")]);
    }
    let parts = [
        b"From: a@b.example\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\nhello\r\n--x\r\n\
          Content-Type: application/tlsrpt+gzip\r\nContent-Transfer-Encoding: binary\r\n\r\n",
        &packed[..],
        b"\r\n--x--\r\n",
    ]
    .concat();
    assert_eq!(read("m", &parts), ["m › part 2: report 1"]);
}

#[test]
fn mails_one_behind_the_other_are_read() {
    let mails = ["1", "2", "3"].map(|id| mail(&format!("{id}.json"), report(id).as_bytes()));
    let expected = [
        "m › 1.json: report 1",
        "m › message 2 › 2.json: report 2",
        "m › message 3 › 3.json: report 3",
    ];
    assert_eq!(read("m", &mails.concat()), expected);
    assert_eq!(read("m", &mails.join(&b"\r\n"[..])), expected);
}

/// A mail that says that it brings a report brings one, or is refused: a gateway may have taken it out.
#[test]
fn a_mail_without_its_report_is_refused() {
    let fields = "From: a@b.example\nSubject: Report Domain: a.example\n";
    let parts =
        "boundary=x\n\n--x\nContent-Type: text/plain\n\nThe attachment was removed.\n--x--\n";
    let stripped = "m: it is the mail of a TLS report whose attachment is missing; let your mail filters pass \
        application/tlsrpt+gzip and application/tlsrpt+json";
    let mime = "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\nContent-Transfer-Encoding: base64\n\n\
        MIIBHgYJKoZIhvcNAQcDoIIBDzCCAQsCAQAxgcA=\n";
    for (mail, what) in [
        (
            format!("{fields}TLS-Report-Domain: a.example\nContent-Type: multipart/mixed; {parts}"),
            stripped,
        ),
        (
            format!("{fields}Content-Type: multipart/report; report-type=\"tlsrpt\"; {parts}"),
            stripped,
        ),
        (format!("{fields}TLS-Report-Domain: a.example\n{mime}"), "m: it is encrypted"),
        // DMARC reports have this subject as well (RFC 7489 §7.2.1.1).
        (format!("{fields}Content-Type: multipart/mixed; {parts}"), "m: other"),
        (format!("{fields}{mime}"), "m: other"),
    ] {
        assert_eq!(read("m", mail.as_bytes()), [what], "{mail}");
    }
    let bounce = format!(
        "From: a@b.example\nContent-Type: multipart/report; report-type=delivery-status; boundary=x\n\n--x\n\
         Content-Type: text/rfc822-headers\n\n{fields}TLS-Report-Domain: a.example\n--x--\n"
    );
    assert_eq!(read("m", bounce.as_bytes()), ["m: other"]);
    // With its report.
    let good = String::from_utf8(mail("a.json", report("1").as_bytes())).expect("of ASCII");
    let good = format!("TLS-Report-Domain: a.example\n{good}");
    assert_eq!(read("m", good.as_bytes()), ["m › a.json: report 1"]);
}

#[test]
fn the_source_of_a_mail_is_read_with_marks_in_front_of_its_lines() {
    let source =
        String::from_utf8(mail("a.json.gz", &gzip(report("1").as_bytes()))).expect("of ASCII");
    for mark in ["> ", "    "] {
        let quoted: String = source.lines().map(|line| format!("{mark}{line}\n")).collect();
        for text in [format!("Bob wrote:\n\n{quoted}"), quoted] {
            assert_eq!(read("x", text.as_bytes()), ["x › a.json.gz: report 1"], "{text}");
        }
    }
}

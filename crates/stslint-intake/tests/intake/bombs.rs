//! Files that are made to cost more than they should.

use super::{gzip, mail, mailbox, read, read_with, report, zip};
use stslint_intake::{Found, Limits, Reason};

const MIB: usize = 1 << 20;

fn small() -> Limits {
    Limits {
        report: 10_000,
        mail: 20_000,
        archive: 30_000,
        depth: 4,
        entries: 10,
        ..Limits::default()
    }
}

fn read_small(bytes: &[u8]) -> Vec<String> {
    read_with("x", bytes, &small(), 500)
}

#[test]
fn sizes_are_bounded() {
    let wide = format!("{}{}", report("1"), " ".repeat(10_000));
    assert_eq!(read_small(wide.as_bytes()), ["x: it has more than 10000 bytes"]);
    assert_eq!(read_small(&gzip(wide.as_bytes())), ["x: it unpacks to more than 10000 bytes"]);
    let archive = zip(&[("a", wide.as_bytes()), ("b", report("2").as_bytes())]);
    let expected = ["x › a: it unpacks to more than 10000 bytes", "x › b: report 2"];
    assert_eq!(read_small(&archive), expected);
    // A mail that is too large stands between others.
    let large = format!("Subject: a\n\n{}\n", "a\n".repeat(10_000));
    let all = mailbox(&[
        mail("a", report("1").as_bytes()),
        large.into(),
        mail("b", report("2").as_bytes()),
    ]);
    let expected = [
        "x › message 1 › a: report 1",
        "x › message 2: it has more than 20000 bytes",
        "x › message 3 › b: report 2",
    ];
    assert_eq!(read_small(&all), expected);
    let noise: Vec<u8> = (0..40_000_u32)
        .map(|i| (i.wrapping_mul(i).wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect();
    assert_eq!(read_small(&zip(&[("a", &noise)])), ["x: it has more than 30000 bytes"]);
}

#[test]
fn the_limits_are_those_that_are_written_down() {
    let most = Limits::default();
    let at = |size: usize| format!("{}{}", report("1"), " ".repeat(size - report("1").len()));
    assert_eq!(read("x", &gzip(at(most.report).as_bytes())), ["x: report 1"]);
    let over = read("x", &gzip(at(most.report + 1).as_bytes()));
    assert_eq!(over, ["x: it unpacks to more than 20 MiB"]);
}

#[test]
fn the_ratio_is_bounded() {
    // Ten reports of 20 MiB in 200 KB.
    let blank = format!("{}{}", report("1"), " ".repeat(15 * MIB));
    let files = vec![("a", blank.as_bytes()); 10];
    let found = read_with("x", &zip(&files), &Limits::default(), usize::MAX);
    assert!(found[0].ends_with("report 1"), "{found:?}");
    assert_eq!(found.last().unwrap(), "x › a: it unpacks to more than 100 times its size");
    assert!(found.len() < 10);
    // What is none of ours is not unpacked to its end.
    let zeros = vec![0; 15 * MIB];
    let files = vec![("a", &zeros[..]); 10];
    assert_eq!(
        read_with("x", &zip(&files), &Limits::default(), usize::MAX),
        vec!["x › a: other"; 10]
    );
}

#[test]
fn the_depth_is_bounded() {
    let mut gzips = report("1").into_bytes();
    let mut zips = gzips.clone();
    let mut mails = gzips.clone();
    for _ in 0..40 {
        gzips = gzip(&gzips);
        zips = zip(&[("z", &zips)]);
        mails = [&b"From: a\nContent-Type: message/rfc822\n\n"[..], &mails].concat();
    }
    for deep in [gzips, zips, mails] {
        let found = read("x", &deep);
        assert_eq!(found.len(), 1);
        assert!(
            found[0].ends_with("more than 16 archives and mails are in one another"),
            "{found:?}"
        );
    }
    // A hundred thousand messages in one another, and as many parts.
    let deep = "Content-Type: message/rfc822\n\n".repeat(100_000);
    assert_eq!(read("x", deep.as_bytes()).len(), 1);
    let parts: String = (0..100_000)
        .map(|i| format!("Content-Type: multipart/mixed; boundary={i}\n\n--{i}\n"))
        .collect();
    assert_eq!(read("x", parts.as_bytes()).len(), 1);
}

#[test]
fn entries_are_bounded() {
    let one = report("1");
    let files = vec![("a", one.as_bytes()); 11];
    let found = read_small(&zip(&files));
    assert_eq!(found.len(), 11);
    assert_eq!(found[10], "x: it has more than 10 parts");
    let parts = format!(
        "From: a\nContent-Type: multipart/mixed; boundary=b\n\n{}",
        format!("--b\n\n{one}\n").repeat(20)
    );
    let found = read_small(parts.as_bytes());
    assert_eq!((found.len(), &found[10][..]), (11, "x: it has more than 10 parts"));
    // Each mail of a mailbox has as many.
    let files = vec![("a", one.as_bytes()); 5];
    let all = vec![mail("z", &zip(&files)); 10];
    assert_eq!(read_small(&mailbox(&all)).len(), 50);
    // A mailbox among the entries of an archive gives it no more.
    let inner = mailbox(&[mail("a", one.as_bytes())]);
    let found = read_small(&zip(&vec![("m", &inner[..]); 20]));
    assert_eq!((found.len(), &found[10][..]), (11, "x: it has more than 10 parts"));
}

#[test]
fn lines_and_boundaries_cost_no_more_than_their_length() {
    // Each of these took minutes if something were looked for from each place to the end.
    let boundary = "-".repeat(3000);
    let dashes = format!(
        "From: a\nContent-Type: multipart/mixed; boundary=\"{boundary}x\"\n\n{}",
        "-".repeat(20 * MIB)
    );
    assert_eq!(read_with("x", dashes.as_bytes(), &Limits::default(), MIB), ["x: other"]);
    let lost: String = (0..200_000)
        .map(|i| format!("--b\nContent-Type: multipart/mixed; boundary=c{i}\n\n\n"))
        .collect();
    let lost = format!("From: a\nContent-Type: multipart/mixed; boundary=b\n\n{lost}");
    let found = read_with("x", lost.as_bytes(), &Limits::default(), MIB);
    assert_eq!(found, ["x: it has more than 100000 parts"]);
    let field = format!("From: a\nContent-Type: a/b; {}\n\n", "x*1=y; ".repeat(MIB));
    assert_eq!(read_with("x", field.as_bytes(), &Limits::default(), MIB), ["x: other"]);
    let starts = format!("Hello\n{}", "eyB=AAAAAAAAAAAA\n".repeat(60_000));
    assert_eq!(read_with("x", starts.as_bytes(), &Limits::default(), MIB), ["x: other"]);
    let line = format!("From a Fri Nov 20 12:00:00 2026\n{}", "a".repeat(40 * MIB));
    let found = read_with("x", line.as_bytes(), &Limits::default(), MIB);
    assert_eq!(found, ["x › message 1: it has more than 32 MiB"]);
}

/// An archive that can be read where it lies may be larger than what is kept of one.
#[test]
fn an_archive_in_a_file_may_be_of_any_size() {
    let files = [("a.json", report("1")), ("b.json", report("2"))];
    let packed = zip(&files.each_ref().map(|(name, json)| (*name, json.as_bytes())));
    let limits = Limits { archive: 100, ..Limits::default() };
    assert!(packed.len() > limits.archive);
    assert_eq!(read_with("x", &packed, &limits, usize::MAX), ["x: it has more than 100 bytes"]);
    let mut found = Vec::new();
    let length = packed.len() as u64;
    stslint_intake::archive("x", &packed[..], length, &limits, &mut |item| {
        assert!(matches!(item.found, Found::Report(_)));
        found.push(item.place.to_string());
    });
    assert_eq!(found, ["x › a.json", "x › b.json"]);
    let cut = &packed[..packed.len() / 2];
    let mut found = Vec::new();
    stslint_intake::archive("x", cut, length / 2, &limits, &mut |item| {
        found.push((
            item.place.to_string(),
            matches!(item.found, Found::Refused(Reason::CutArchive)),
        ));
    });
    assert_eq!(found, [("x".to_owned(), true)]);
}

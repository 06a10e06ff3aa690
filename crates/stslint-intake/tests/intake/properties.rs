use super::{DMARC, gzip, mail, mailbox, read_with, report, zip};
use proptest::prelude::*;
use stslint_intake::Limits;

/// Something with reports in it, and how many.
fn container() -> impl Strategy<Value = (Vec<u8>, usize)> {
    let leaf = prop_oneof![
        "[a-z]{1,8}".prop_map(|id| (report(&id).into_bytes(), 1)),
        Just((DMARC.as_bytes().to_vec(), 0)),
        Just((b"nothing\n".to_vec(), 0)),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        let some = || prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            inner.clone().prop_map(|(bytes, count)| (gzip(&bytes), count)),
            inner.clone().prop_map(|(bytes, count)| (mail("a", &bytes), count)),
            some().prop_map(|all| {
                let files: Vec<_> = all.iter().map(|(bytes, _)| ("a", &bytes[..])).collect();
                (zip(&files), all.iter().map(|(_, count)| count).sum())
            }),
            some().prop_map(|all| {
                let mails: Vec<_> = all.iter().map(|(bytes, _)| mail("a", bytes)).collect();
                (mailbox(&mails), all.iter().map(|(_, count)| count).sum())
            }),
        ]
    })
}

fn reports(found: &[String]) -> usize {
    found.iter().filter(|line| line.contains(": report ")).count()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn all_reports_come_out_in_any_nesting((bytes, count) in container(), piece in 1..5000_usize) {
        let whole = read_with("x", &bytes, &Limits::default(), usize::MAX);
        prop_assert_eq!(reports(&whole), count);
        prop_assert_eq!(read_with("x", &bytes, &Limits::default(), piece), whole);
    }

    #[test]
    fn what_is_damaged_never_panics_and_gives_no_more(
        (mut bytes, _) in container(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
        piece in 1..5000_usize,
    ) {
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        let cut = if cut.index(2) == 0 { bytes.len() } else { cut.index(bytes.len()) };
        let whole = read_with("x", &bytes[..cut], &Limits::default(), usize::MAX);
        prop_assert_eq!(read_with("x", &bytes[..cut], &Limits::default(), piece), whole);
    }

    #[test]
    fn anything_is_read(bytes in prop::collection::vec(any::<u8>(), 0..3000), mark in 0..7_usize) {
        let mark = [&b""[..], b"PK\x03\x04", b"\x1f\x8b\x08", b"From a Fri Nov 1\n", b"From: a\n", b"{", b"<feedback"][mark];
        let bytes = [mark, &bytes].concat();
        read_with("x", &bytes, &Limits::default(), 100);
    }
}

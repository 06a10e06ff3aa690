//! Zone files (RFC 1035 §5.1) and what is near to them.

use super::{All, Line};

/// Names and values as they are typed into forms.
pub(super) fn value(all: &All) -> String {
    let one = |line: &Line| {
        format!("Name: {}\nType: TXT\nTTL: {}\nValue: {}\n", line.below, all.ttl, line.record.value)
    };
    all.lines.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// A line for each record.
pub(super) fn lines<'a>(all: &'a All, name: fn(&'a Line) -> &'a String) -> String {
    let one = |line| format!("{} {} IN TXT {}\n", name(line), all.ttl, line.quoted());
    all.lines.iter().map(one).collect()
}

/// A piece of a zone file; strings of a long record stand below each other.
pub(super) fn bind(all: &All) -> String {
    let zone = all.zone;
    let mut text = format!(
        "; For the zone file of {zone}. Raise the serial number of the SOA record, then load it:\n\
         ;   rndc reload {zone}          (BIND)\n\
         ;   nsd-control reload {zone}   (NSD)\n\
         ;   knotc zone-reload {zone}    (Knot)\n\
         $ORIGIN {zone}.\n"
    );
    for line in &all.lines {
        let strings = line.strings();
        let data = match &strings[..] {
            [one] => one.clone(),
            several => ["(\n    ", &several.join("\n    "), "\n)"].concat(),
        };
        text.push_str(&format!("{} {} IN TXT {data}\n", line.below, all.ttl));
    }
    text
}

/// A script for nsupdate. All TXT records at the name go, those of other uses too: it deletes by type or by all of the data
/// (RFC 2136 §2.5).
pub(super) fn nsupdate(all: &All) -> String {
    let mut text = format!("zone {}.\n", all.zone);
    for line in &all.lines {
        let (name, ttl, data) = (&line.name, all.ttl, line.quoted());
        text.push_str(&format!(
            "update delete {name} IN TXT\nupdate add {name} {ttl} IN TXT {data}\n"
        ));
    }
    text.push_str("send\n");
    text
}

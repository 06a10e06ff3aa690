//! How a record is published: its name, its quotes and strings, its neighbours.

use super::version::{NOT_THIS_RECORD, SPACE_BEFORE_FIRST_SEMICOLON, space_before_semicolon};
use super::{Names, Pair, found, rpt, rpt_data, sts, sts_data};
use crate::Kind;
use crate::finding::Severity::{Error, Info};
use crate::finding::{Applicability, Arg, Edit, Finding, Fix};
use crate::record::family::Family;
use crate::record::owner::{self, Meant};
use crate::record::sets::Set;
use crate::record::view::{Notation, Owner, Record, Told, Unquoted, View};
use crate::rule::{Example, Rule, Text};
use crate::text::Span;
use crate::text::marks::closing;

pub(super) const RULES: &[&Rule] = &[
    &WRONG_OWNER_NAME.sts,
    &WRONG_OWNER_NAME.rpt,
    &UNQUOTED_ZONE_DATA.sts,
    &UNQUOTED_ZONE_DATA.rpt,
    &STRING_OVER_255.sts,
    &STRING_OVER_255.rpt,
    &MULTI_STRING_RECORD.sts,
    &MULTI_STRING_RECORD.rpt,
    &MULTIPLE_RECORDS.sts,
    &MULTIPLE_RECORDS.rpt,
    &STRAY_RECORDS.sts,
    &STRAY_RECORDS.rpt,
];

/// Whether a rule is the one about several records where one must be.
pub(in crate::record) fn tells_of_several(rule: &Rule) -> bool {
    [&MULTIPLE_RECORDS.sts, &MULTIPLE_RECORDS.rpt].contains(&rule)
}

/// The rules that look at a record before its strings are joined.
pub(super) fn check(set: &Set, domain: Option<&str>, names: &Names, findings: &mut Vec<Finding>) {
    owner_name(set, domain, names, findings);
    for record in &set.records {
        unquoted(record, set.family, findings);
    }
}

/// The record that senders use, if there is exactly one.
pub(super) fn choose<'s, 'a>(
    set: &'s Set<'a>,
    findings: &mut Vec<Finding>,
) -> Option<&'s Record<'a>> {
    let family = set.family;
    let [first, rest @ ..] = set.records.as_slice() else {
        Finding::add(findings, super::data::EMPTY_RECORD.of(family), set.absent)
            .text(super::data::NO_DATA);
        return None;
    };
    if rest.is_empty() {
        return Some(first);
    }
    // RFC 8461 §3.1, RFC 8460 §3: of several records those that don't begin with `v=V;` go, then
    // exactly one must be left.
    let begins = |record: &&Record| {
        let rest = record.text.text.strip_prefix("v=");
        let rest = rest.and_then(|rest| rest.strip_prefix(family.version()));
        rest.is_some_and(|rest| rest.starts_with(';'))
    };
    let mut candidates = set.records.iter().filter(begins);
    match (candidates.next(), candidates.next()) {
        (Some(one), None) => {
            stray(set, Some(one), findings);
            Some(one)
        }
        (Some(one), Some(two)) => {
            let count = 2 + candidates.clone().count();
            let finding = Finding::add(findings, MULTIPLE_RECORDS.of(family), two.span)
                .arg(Arg::Number(count as u64))
                .label(one.span, "first record");
            for more in candidates.take(4) {
                finding.label(more.span, "one more record");
            }
            None
        }
        (None, _) => {
            stray(set, None, findings);
            let nearly = set.records.iter().find_map(|record| {
                space_before_semicolon(&record.text.text, family).map(|space| (record, space))
            });
            let mut at = first.span;
            if let Some((record, space)) = nearly {
                let view = View::new(record);
                let rule = SPACE_BEFORE_FIRST_SEMICOLON.of(family);
                found(findings, rule, &view, space).safe("Remove the space", view.edit(space, ""));
                at = record.span;
            }
            Finding::add(findings, NOT_THIS_RECORD.of(family), at).text("");
            None
        }
    }
}

static WRONG_OWNER_NAME: Pair = pair! {
    number: "002",
    name: "wrong-owner-name",
    severity: Error,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: [
        "`{0}` is not the name of an MTA-STS record{1}; senders look at `_mta-sts` below the domain",
        "`{0}` is not the name of a TLSRPT record{1}; reporters look at `_smtp._tls` below the domain",
    ],
    why: "There is exactly one name to look at. A record under any other name is never seen.",
    effect: [
        "The record does not exist for senders: they use no MTA-STS for this domain.",
        "The record does not exist for reporters: they send no reports.",
    ],
    help: [
        "Publish the record at `_mta-sts.` followed by the domain: underscore, hyphen, no second \
         copy of the domain at the end.",
        "Publish the record at `_smtp._tls.` followed by the domain: two labels with an underscore \
         each, no second copy of the domain at the end.",
    ],
    clause: [
        "RFC 8461 §3.1: the name is `_mta-sts` at the policy domain; RFC 8552: underscored names",
        "RFC 8460 §3: the name is `_smtp._tls` at the policy domain; RFC 8552: underscored names",
    ],
    fails: [
        sts("_mta_sts.example.com. 3600 IN TXT \"v=STSv1; id=1;\""),
        rpt("_smtp-tlsrpt.example.com. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:tlsrpt@example.com\""),
    ],
    passes: [
        Some(sts("_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=1;\"")),
        Some(rpt("_smtp._tls.example.com. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:tlsrpt@example.com\"")),
    ],
};

fn owner_name(set: &Set, domain: Option<&str>, names: &Names, findings: &mut Vec<Finding>) {
    let Some(name) = set.name.as_deref() else { return };
    let Some(right) = owner::correct(name, set.family, domain) else {
        return of_another_domain(set, domain, names, findings);
    };
    let owners = || set.records.iter().filter_map(|record| record.owner.as_ref());
    let Some(first) = owners().next() else { return };
    // Of a form or a table it is not always sure that it tells a name.
    let sure = match owner::meant(name) {
        Meant::Other if owner::is_domain(name) => !names.are_domains,
        Meant::Other => owner::is_name(name),
        _ => true,
    };
    if first.told == Told::InForm && !sure {
        return;
    }
    let finding = Finding::add(findings, WRONG_OWNER_NAME.of(set.family), first.span)
        .text(first.name.to_string())
        .text("");
    // Behind a CNAME the name may be anything; what is wrong is the name that leads there.
    let behind_alias = owners().any(|owner| owner::key(&owner.name) != name);
    let asked = first.told == Told::InQuestion;
    if behind_alias || asked || set.shares_owner || names.have(&right) {
        return;
    }
    // Below another domain than the one that was given, it would have to be renamed again.
    let renamed = |name: &str| {
        let right = owner::correct(name, set.family, domain)?;
        let own = at_domain(&right, set.family, domain).filter(|own| !names.have(own));
        Some(own.unwrap_or(right))
    };
    let mut spans: Vec<Span> = Vec::new();
    let mut edits = Vec::new();
    for owner in owners() {
        // Lines that leave the owner out share the one before.
        if spans.last() == Some(&owner.span) {
            continue;
        }
        let right = renamed(&owner.name);
        edits.push(Edit::replace(owner.span, right.unwrap_or_else(|| owner.name.to_string())));
        spans.push(owner.span);
    }
    let right = renamed(&first.name).unwrap_or(right);
    finding.fix(Some(Fix::confirm(format!("Rename it to `{}`", without_root(&right)), edits)));
}

/// The name of the record at the domain that was given, where this one is right below another.
fn at_domain(name: &str, family: Family, domain: Option<&str>) -> Option<String> {
    let domain = owner::key(domain?);
    let key = owner::key(name);
    let below = key.strip_prefix(family.owner())?.strip_prefix('.')?;
    // Names without a dot at their end are below of what nobody has said.
    let is_whole = name.ends_with('.') || key.ends_with(&[".", &domain].concat());
    let dot = if name.ends_with('.') { "." } else { "" };
    (is_whole && below != domain).then(|| [family.owner(), ".", &domain, dot].concat())
}

fn without_root(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

/// A record at the right name below another domain than the one that was given. Behind a CNAME, and beside the record of that domain,
/// it is right there.
fn of_another_domain(set: &Set, domain: Option<&str>, names: &Names, findings: &mut Vec<Finding>) {
    let right = |owner: &Owner| {
        let is_own = set.name.as_ref() == Some(&owner::key(&owner.name));
        at_domain(&owner.name, set.family, domain).filter(|right| is_own && !names.have(right))
    };
    let mut owners: Vec<_> = set.records.iter().filter_map(|it| it.owner.as_ref()).collect();
    owners.dedup_by_key(|owner| owner.span);
    let rights: Option<Vec<String>> = owners.iter().map(|owner| right(owner)).collect();
    let Some(rights) = rights else { return };
    let Some((first, own)) = owners.first().zip(rights.first()) else { return };
    let title = format!("Rename it to `{}`", without_root(own));
    let of = format!(" of {}", domain.map(owner::key).unwrap_or_default());
    let edits = owners.iter().zip(&rights).map(|(it, right)| Edit::replace(it.span, right.clone()));
    Finding::add(findings, WRONG_OWNER_NAME.of(set.family), first.span)
        .text(first.name.to_string())
        .text(of)
        .fix(Some(Fix::confirm(title, edits.collect())));
}

static UNQUOTED_ZONE_DATA: Pair = pair! {
    number: "006",
    name: "unquoted-zone-data",
    severity: Error,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "The data {0}",
    why: "In a zone file an unquoted semicolon starts a comment. Some vendors' instructions print \
          the line this way. A quote without its end runs on into the next lines.",
    effect: [
        "Only `v=STSv1` is published. Without an id the record is invalid, so there is no MTA-STS.",
        "Only `v=TLSRPTv1` is published. Without `rua` there is no place to send reports to.",
    ],
    help: "Put the whole value in double quotes. In a web form without zone syntax, enter the value \
           alone.",
    clause: "RFC 1035 §5.1: an unquoted semicolon begins a comment",
    fails: [
        sts("_mta-sts.example.com. 3600 IN TXT v=STSv1; id=20260101"),
        rpt("_smtp._tls.example.com. 3600 IN TXT v=TLSRPTv1; rua=mailto:tlsrpt@example.com"),
    ],
    passes: [
        Some(sts("_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=20260101\"")),
        Some(rpt("_smtp._tls.example.com. 3600 IN TXT \"v=TLSRPTv1; rua=mailto:tlsrpt@example.com\"")),
    ],
};

fn unquoted(record: &Record, family: Family, findings: &mut Vec<Finding>) {
    let Some(unquoted) = record.unquoted else { return };
    let finding = Finding::add(findings, UNQUOTED_ZONE_DATA.of(family), record.span);
    finding.text(match unquoted {
        Unquoted::Both => {
            "is not enclosed in double quotes, so in a zone file it ends at the first `;`"
        }
        Unquoted::Close(_) => "has no closing quote, so a name server will not load the zone",
    });
    let text = &record.text.text;
    if let Some(edits) = typographic(record) {
        finding.safe("Write double quotes", edits);
        return;
    }
    let as_it_is = |at: usize| record.text.span(Span::new(at, at + 1)).len() == 1;
    let mut edits = Vec::new();
    let end = match unquoted {
        Unquoted::Both => {
            edits.push(Edit::insert(record.span.start, "\""));
            for (at, _) in text.match_indices('"').filter(|(at, _)| as_it_is(*at)) {
                edits.push(Edit::insert(record.text.span(Span::at(at)).start, "\\"));
            }
            Some(record.span.end)
        }
        Unquoted::Close(end) => end,
    };
    // A backslash at the end of the line would escape the new quote.
    let open_escape = text.ends_with('\\') && as_it_is(text.len() - 1);
    let title = if edits.is_empty() { "Add the closing quote" } else { "Add quotes" };
    let fix = end.filter(|_| !open_escape).map(|end| {
        edits.push(Edit::insert(end, "\""));
        Fix::safe(title, merge(edits))
    });
    finding.fix(fix);
}

/// Puts double quotes in the place of typographic ones around the data.
fn typographic(record: &Record) -> Option<Vec<Edit>> {
    let mut chars = record.text.text.char_indices();
    let ((_, open), (at, close)) = (chars.next()?, chars.next_back()?);
    let quotes = [Span::new(0, open.len_utf8()), Span::new(at, at + close.len_utf8())];
    let edits = quotes.map(|quote| Edit::replace(record.text.span(quote), "\""));
    closing(open).contains(&close).then(|| edits.into())
}

/// Joins insertions at the same place.
fn merge(edits: Vec<Edit>) -> Vec<Edit> {
    let mut merged: Vec<Edit> = Vec::with_capacity(edits.len());
    for edit in edits {
        match merged.last_mut().filter(|last| last.span == edit.span) {
            Some(last) => last.text.to_mut().push_str(&edit.text),
            None => merged.push(edit),
        }
    }
    merged
}

/// The rules on the character-strings of the record that senders use.
pub(super) fn strings(record: &Record, family: Family, findings: &mut Vec<Finding>) {
    for string in &record.strings {
        string_length(record, string.text, string.source, family, findings);
    }
    if let [first, second, ..] = record.strings.as_slice() {
        let gap = Span::new(first.source.end, second.source.start);
        let count = Arg::Number(record.strings.len() as u64);
        Finding::add(findings, MULTI_STRING_RECORD.of(family), gap).arg(count);
    }
}

/// Longest character-string, in octets (RFC 1035 §3.3).
const MAX_STRING: usize = 255;

static STRING_OVER_255: Pair = pair! {
    number: "038",
    name: "string-over-255",
    severity: Error,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "This quoted string is {0} octets long; at most 255 fit into one",
    why: "A TXT record consists of strings of at most 255 octets. Longer data must be split into \
          several strings of one record.",
    effect: "The zone does not load, or the panel cuts the value short.",
    help: "Split the value into several quoted strings in the same record. Readers join them \
           without adding anything.",
    clause: "RFC 1035 §3.3: a character-string has at most 255 octets; RFC 1035 §3.3.14: TXT data",
    fails: [
        long(Kind::StsTxt, "\"v=STSv1; id=1; note=", 300),
        long(Kind::RptTxt, "\"v=TLSRPTv1; rua=mailto:tlsrpt@example.com; note=", 300),
    ],
    passes: [
        Some(long(Kind::StsTxt, "\"v=STSv1; id=1; \" \"note=", 200)),
        Some(long(Kind::RptTxt, "\"v=TLSRPTv1; rua=mailto:tlsrpt@example.com; \" \"note=", 200)),
    ],
};

const fn long(kind: Kind, start: &'static str, times: usize) -> Example {
    let text = Text::Long { start, unit: "x", times, end: "\"" };
    Example { text, ..Example::new(kind, "") }
}

fn string_length(
    record: &Record,
    text: Span,
    source: Span,
    family: Family,
    findings: &mut Vec<Finding>,
) {
    if text.len() <= MAX_STRING {
        return;
    }
    let mut edits = Vec::new();
    let mut from = text.start;
    while text.end - from > MAX_STRING {
        from += MAX_STRING;
        while !record.text.text.is_char_boundary(from) {
            from -= 1;
        }
        let place = record.text.span(Span::at(from)).start;
        edits.push(Edit::insert(place, record.notation.joint()));
    }
    // Text without quotes can't be split by quotes.
    let splits = record.notation != Notation::Words && record.unquoted.is_none();
    let fix = splits.then(|| Fix::safe("Split it into strings of at most 255 octets", edits));
    let length = Arg::Number(text.len() as u64);
    Finding::add(findings, STRING_OVER_255.of(family), source).arg(length).fix(fix);
}

static MULTI_STRING_RECORD: Pair = pair! {
    number: "039",
    name: "multi-string-record",
    severity: Info,
    breaks_grammar: false,
    fix: None,
    message: "The record consists of {0} strings, which are joined without anything in between",
    why: "That is fine. A space or semicolon that should stand between two strings must be inside \
          one of them.",
    effect: "Senders read the joined text.",
    help: "Nothing to do, unless a separator was lost where two strings meet.",
    clause: [
        "RFC 8461 §3.1: several strings are concatenated without adding spaces",
        "RFC 8460 §3: several strings are concatenated without adding spaces",
    ],
    fails: [
        sts_data("[[\"v=STSv1; \", \"id=20260101\"]]"),
        rpt_data("[[\"v=TLSRPTv1; \", \"rua=mailto:tlsrpt@example.com\"]]"),
    ],
    passes: None,
};

static MULTIPLE_RECORDS: Pair = pair! {
    number: "040",
    name: "multiple-records",
    severity: Error,
    breaks_grammar: true,
    fix: None,
    message: [
        "There are {0} MTA-STS records at this name; there must be exactly one",
        "There are {0} TLSRPT records at this name; there must be exactly one",
    ],
    why: "Senders don't choose between records. Two appear when a panel adds the new record instead \
          of replacing the old one, or beside a record that a CNAME brings in.",
    effect: [
        "Senders assume that there is no MTA-STS policy. Policies that they have cached still apply.",
        "Reporters assume that TLSRPT is not in use and send no reports.",
    ],
    help: [
        "Delete all but the current record.",
        "Delete all but one record. Several destinations go into one `rua`, separated by commas.",
    ],
    clause: [
        "RFC 8461 §3.1: if the number of records is not one, there is no available policy",
        "RFC 8460 §3: if the number of records is not one, TLSRPT is not implemented",
    ],
    fails: [
        sts_data("[[\"v=STSv1; id=1\"], [\"v=STSv1; id=2\"]]"),
        rpt_data("[[\"v=TLSRPTv1; rua=mailto:a@example.com\"], [\"v=TLSRPTv1; rua=mailto:b@example.com\"]]"),
    ],
    passes: [
        Some(sts_data("[[\"v=STSv1; id=2\"]]")),
        Some(rpt_data("[[\"v=TLSRPTv1; rua=mailto:a@example.com,mailto:b@example.com\"]]")),
    ],
};

static STRAY_RECORDS: Pair = pair! {
    number: "041",
    name: "stray-records",
    severity: Info,
    breaks_grammar: false,
    fix: None,
    message: [
        "Another TXT record at this name does not begin with `v=STSv1;`",
        "Another TXT record at this name does not begin with `v=TLSRPTv1;`",
    ],
    why: "Records of other kinds at the same name are left out before the rest is counted. Often a \
          wildcard record answers here too.",
    effect: "Ignored.",
    help: "Nothing to do. Tidy up if the record has no purpose here.",
    clause: [
        "RFC 8461 §3.1: records that do not begin with `v=STSv1;` are discarded",
        "RFC 8460 §3: records that do not begin with `v=TLSRPTv1;` are discarded",
    ],
    fails: [
        sts_data("[[\"v=spf1 -all\"], [\"v=STSv1; id=1\"]]"),
        rpt_data("[[\"v=spf1 -all\"], [\"v=TLSRPTv1; rua=mailto:tlsrpt@example.com\"]]"),
    ],
    passes: None,
};

/// All records but `used` are strays; one finding points at all of them.
fn stray(set: &Set, used: Option<&Record>, findings: &mut Vec<Finding>) {
    let mut strays = set
        .records
        .iter()
        .filter(|record| used.is_none_or(|used| !std::ptr::eq(used, *record)))
        .map(|record| record.span);
    let Some(first) = strays.next() else { return };
    let finding = Finding::add(findings, STRAY_RECORDS.of(set.family), first);
    for more in strays.take(4) {
        finding.label(more, "one more");
    }
}

#[cfg(test)]
mod pictures {
    use crate::carets::{rpt, rpt_data, sts, sts_data};

    #[test]
    fn wrong_owner_name() {
        sts().shows(
            r#"
            _mta_sts.example.com. 3600 IN TXT "v=STSv1; id=1;"
            ^^^^^^^^^^^^^^^^^^^^^ STS-TXT-002
            "#,
        );
        rpt().shows(
            r#"
            _smtp-tlsrpt.example.com. 3600 IN TXT "v=TLSRPTv1; rua=mailto:tlsrpt@example.com"
            ^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-TXT-002
            "#,
        );
    }

    #[test]
    fn unquoted_zone_data() {
        sts().shows(
            r"
            _mta-sts.example.com. 3600 IN TXT v=STSv1; id=20260101
                                              ^^^^^^^^^^^^^^^^^^^^ STS-TXT-006
            ",
        );
        rpt().shows(
            r"
            _smtp._tls.example.com. 3600 IN TXT v=TLSRPTv1; rua=mailto:tlsrpt@example.com
                                                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-TXT-006
            ",
        );
    }

    #[test]
    fn string_over_255() {
        sts().shows(
            r#"
            "v=STSv1; id=1; note=⟨x×300⟩"
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^ STS-TXT-038
                            ^^^^^^^^^^^^ STS-TXT-030
            "#,
        );
        rpt().shows(
            r#"
            "v=TLSRPTv1; rua=mailto:tlsrpt@example.com; note=⟨x×300⟩"
             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-TXT-038
                                                        ^^^^^^^^^^^^ RPT-TXT-030
            "#,
        );
    }

    #[test]
    fn multi_string_record() {
        sts_data().shows(
            r#"
            [["v=STSv1; ", "id=20260101"]]
                        ^^^^ STS-TXT-039
            "#,
        );
        rpt_data().shows(
            r#"
            [["v=TLSRPTv1; ", "rua=mailto:tlsrpt@example.com"]]
                           ^^^^ RPT-TXT-039
            "#,
        );
    }

    #[test]
    fn multiple_records() {
        sts_data().shows(
            r#"
            [["v=STSv1; id=1"], ["v=STSv1; id=2"]]
                                ^^^^^^^^^^^^^^^^^ STS-TXT-040
            "#,
        );
        rpt_data().shows(
            r#"
            [["v=TLSRPTv1; rua=mailto:a@example.com"], ["v=TLSRPTv1; rua=mailto:b@example.com"]]
                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-TXT-040
            "#,
        );
    }

    #[test]
    fn stray_records() {
        sts_data().shows(
            r#"
            [["v=spf1 -all"], ["v=STSv1; id=1"]]
             ^^^^^^^^^^^^^^^ STS-TXT-041
            "#,
        );
        rpt_data().shows(
            r#"
            [["v=spf1 -all"], ["v=TLSRPTv1; rua=mailto:tlsrpt@example.com"]]
             ^^^^^^^^^^^^^^^ RPT-TXT-041
            "#,
        );
    }
}

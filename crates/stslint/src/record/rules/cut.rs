//! A value of which a list or a console shows the beginning only.

use super::data::{EMPTY_RECORD, LITERAL_QUOTES};
use super::id::ID_MISSING;
use super::rua::RUA_MISSING;
use crate::finding::{Finding, Severity};
use crate::record::family::Family;
use crate::record::sets::Set;
use crate::record::value;
use crate::record::view::{Notation, Record, View};
use crate::rule::{Example, Rule, Words, words};
use crate::text::Span;

pub(crate) static CUT: Rule = Rule {
    code: "INPUT-009",
    name: "value-cut",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "The value is cut here: what is not shown was not judged",
    words: words(Words {
        why: "PowerShell's tables and the lists of many panels show as much of a value as there is room for, and `...` in the \
          place of the rest.",
        effect: "None: senders get the whole value. Its beginning alone does not tell whether it is right.",
        help: "Paste the whole value. PowerShell prints it with `Resolve-DnsName -Type TXT _mta-sts.example.com | Select-Object \
          -ExpandProperty Strings`; in a panel, open the record.",
        clause: "Practice: lists leave out the end of long values",
        fails: Example::pasted(
            "_mta-sts.example.com                     TXT    300   Answer     {v=STSv1; id=20210...}\n",
        ),
        passes: None,
    }),
};

/// Rules on what a value does not have, and on what stands at its end.
const UNSEEN: [&Rule; 6] = [
    &EMPTY_RECORD.sts,
    &EMPTY_RECORD.rpt,
    &LITERAL_QUOTES.sts,
    &LITERAL_QUOTES.rpt,
    &ID_MISSING,
    &RUA_MISSING,
];

/// Leaves of values that are cut the fields that are whole, and tells where the others end. Beside a record of its family, one of
/// another use may be cut as it likes: senders discard it (RFC 8461 §3.1, RFC 8460 §3).
pub(in crate::record) fn shorten(set: &mut Set) -> Vec<Span> {
    let family = Some(set.family);
    let is_it = |record: &Record| Family::of_data(&record.text.text) == family;
    let any = set.records.iter().any(is_it);
    let records = set.records.iter_mut().filter(|record| !any || is_it(record));
    records.filter_map(shorten_one).collect()
}

/// Where the data of a record says that more of it is not shown.
pub(in crate::record) fn place(record: &Record) -> Option<Span> {
    // What stands in closed quotes is all that there is.
    let is_open = matches!(record.notation, Notation::Bare | Notation::Words);
    value::cut(&record.text.text).filter(|_| is_open || record.unquoted.is_some())
}

fn shorten_one(record: &mut Record) -> Option<Span> {
    let cut = place(record)?;
    let place = record.text.span(cut);
    let whole = record.text.text[..cut.start].rfind(';').map_or(0, |at| at + 1);
    let mut view = View::new(record);
    view.cut(&[Span::new(whole, view.text().len())]);
    record.text = view.mapped.into_owned();
    record.strings.clear();
    record.unquoted = None;
    Some(place)
}

/// Says of values that they are cut, and nothing that can be told of a whole one only.
pub(in crate::record) fn tell(cuts: &[Span], findings: &mut Vec<Finding>) {
    findings.retain(|finding| !UNSEEN.contains(&finding.rule));
    findings.iter_mut().for_each(|finding| finding.fix = None);
    for cut in cuts {
        Finding::bound(findings);
        Finding::add(findings, &CUT, *cut);
    }
}

/// Whether no more can be said of a record than that its value is cut.
pub(in crate::record) fn hides_the_rest(findings: &[Finding]) -> bool {
    findings.iter().any(|finding| *finding.rule == CUT)
        && findings.iter().all(|finding| finding.rule.severity > Severity::Error)
}

#[cfg(test)]
mod pictures {
    use crate::carets::pasted;

    #[test]
    fn value_cut() {
        pasted().shows(
            r"
            _mta-sts.example.com                     TXT    300   Answer     {v=STSv1; id=20210...}
                                                                                               ^^^ INPUT-009
            ",
        );
    }
}

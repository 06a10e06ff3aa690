//! Where reports go: the list of URIs (RFC 8460 §3).

use super::uri::{self, Uri};
use super::{WSP, found, rpt};
use crate::finding::{Applicability, Arg, Edit, Finding, Severity};
use crate::record::view::View;
use crate::rule::{Rule, Words, words};
use crate::text::{Span, repeated};

pub(super) const RULES: &[&Rule] =
    &[&RUA_MISSING, &RUA_EMPTY, &RUA_WRONG_CASE, &MULTIPLE_RUA, &DUPLICATE_RUA_URI];

pub(super) static RUA_MISSING: Rule = Rule {
    code: "RPT-TXT-020",
    name: "rua-missing",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: None,
    message: "The record has no `rua`",
    words: words(Words {
        why: "`rua` says where reports go. Without a destination there is nothing to do.",
        effect: "No reports are sent.",
        help: "Add `rua=mailto:` and the address that should receive the reports.",
        clause: "RFC 8460 §3: `rua` is required",
        fails: rpt("v=TLSRPTv1"),
        passes: Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    }),
};

pub(super) fn missing(view: &View, findings: &mut Vec<Finding>) {
    let end = view.text().trim_end_matches(WSP).len();
    found(findings, &RUA_MISSING, view, Span::at(end));
}

/// What one `rua` holds.
pub(super) struct List {
    value: Span,
    uris: Vec<Uri>,
    /// The keys of those that reporters can use, sorted.
    keys: Vec<String>,
    /// Whether nothing but information is to be said about it.
    pub(super) clean: bool,
}

impl List {
    /// The URIs that reporters can use, as written.
    pub(super) fn valid<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.uris.iter().filter(|uri| uri.valid).map(|uri| &text[uri.span.range()])
    }

    /// Whether another list can stand behind this one, so that nothing is to be said of both together.
    pub(super) fn can_take(&self, other: &Self) -> bool {
        self.clean && other.clean && !other.keys.iter().any(|key| self.has(key))
    }

    /// Whether all destinations of another list that reporters can use are in this one, and can be used there.
    pub(super) fn holds(&self, other: &Self) -> bool {
        other.keys.iter().all(|key| self.has(key))
    }

    fn has(&self, key: &String) -> bool {
        self.keys.binary_search(key).is_ok()
    }
}

/// Checks the values of all `rua` of a record: a reporter may use the destinations of any of them (RFC 8460 §3).
pub(super) fn check(view: &View, values: &[Span], findings: &mut Vec<Finding>) -> Vec<List> {
    Finding::leave_out(findings);
    let before = findings.len();
    let lists: Vec<List> = values.iter().map(|value| read(view, *value, findings)).collect();
    let uris: Vec<(usize, &Uri)> = lists
        .iter()
        .enumerate()
        .flat_map(|(of, list)| list.uris.iter().map(move |uri| (of, uri)))
        .collect();
    let mut usable: Vec<&str> =
        uris.iter().filter(|(_, uri)| uri.valid).map(|(_, uri)| uri.key.as_str()).collect();
    usable.sort_unstable();
    usable.dedup();
    if !usable.is_empty() {
        for finding in &mut findings[before..] {
            let after = |(_, uri): &(usize, &Uri)| view.place(uri.span).start <= finding.span.start;
            if let Some(at) = uris.partition_point(after).checked_sub(1) {
                uri::pass_by(view.place(uris[at].1.span), finding);
            }
        }
    }
    if let Some(first) = lists.first().filter(|_| usable.len() > 1) {
        let count = Arg::Number(usable.len() as u64);
        found(findings, &MULTIPLE_RUA, view, first.value).arg(count);
    }
    for (later, first) in repeated(uris.iter().map(|(_, uri)| uri.key.as_str()).collect()) {
        Finding::bound(findings);
        let ((of, uri), (before, previous)) = (uris[later], uris[later - 1]);
        // Of one that reporters can use and one that they can't, nothing is to be removed.
        if uri.valid != uris[first].1.valid {
            continue;
        }
        let previous = (before == of).then_some(previous.span.end);
        duplicate(view, uris[first].1.span, previous, uri.span, findings);
    }
    lists
}

/// So many destinations of a field are looked at: the shortest, `mailto:a@b`, has ten characters, so no record has room for more (RFC
/// 1035 §3.2.1: 16 bits for its length).
const MOST_URIS: usize = 8_192;

/// Reads one `rua` by itself.
pub(super) fn read(view: &View, value: Span, findings: &mut Vec<Finding>) -> List {
    Finding::leave_out(findings);
    let before = findings.len();
    let mut list = List { value, uris: Vec::new(), keys: Vec::new(), clean: true };
    let text = view.text();
    let mut at = value.start;
    let mut empty = None;
    for part in text[value.range()].split(',').take(MOST_URIS) {
        let span = super::version::trim(text, Span::new(at, at + part.len()));
        Finding::bound(findings);
        if span.is_empty() {
            empty.get_or_insert(at);
        } else {
            list.uris.push(uri::check(view, span, findings));
        }
        at += part.len() + 1;
    }
    if let Some(at) = empty {
        empty_element(view, value, at, &list.uris, findings);
    }
    let usable = list.uris.iter().filter(|uri| uri.valid);
    list.keys = usable.map(|uri| uri.key.clone()).collect();
    list.keys.sort_unstable();
    let unique = list.keys.windows(2).all(|pair| pair[0] != pair[1]);
    let harmless = |found: &Finding| found.rule.severity == Severity::Info;
    list.clean = unique && findings[before..].iter().all(harmless);
    list
}

static RUA_EMPTY: Rule = Rule {
    code: "RPT-TXT-021",
    name: "rua-empty",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "The list of `rua` has an empty element",
    words: words(Words {
        why: "Each element of the list must be a URI. A comma that belongs to an address must be \
          written `%2C`.",
        effect: "Strict reporters drop the record: no reports.",
        help: "Remove the extra comma, or write an address.",
        clause: "RFC 8460 §3: `rua` is one URI or several, separated by commas",
        fails: rpt("v=TLSRPTv1; rua=mailto:a@example.com,"),
        passes: Some(rpt("v=TLSRPTv1; rua=mailto:a@example.com")),
    }),
};

/// One finding for all empty elements, the first of them at `at`.
fn empty_element(view: &View, value: Span, at: usize, uris: &[Uri], findings: &mut Vec<Finding>) {
    let (Some(first), Some(last)) = (uris.first(), uris.last()) else {
        found(findings, &RUA_EMPTY, view, value);
        return;
    };
    let text = view.text();
    let mut cuts = Vec::new();
    if first.span.start > value.start {
        cuts.push(Span::new(value.start, first.span.start));
    }
    for pair in uris.windows(2) {
        let gap = Span::new(pair[0].span.end, pair[1].span.start);
        let commas = &text[gap.range()];
        if let (Some(one), Some(other)) = (commas.find(','), commas.rfind(','))
            && one < other
        {
            cuts.push(Span::new(gap.start + one, gap.start + other));
        }
    }
    if last.span.end < value.end {
        cuts.push(Span::new(last.span.end, value.end));
    }
    let mut edits: Vec<Edit> = Vec::new();
    for cut in &cuts {
        view.replace(*cut, "", &mut edits);
    }
    let trailing = !text[at..].starts_with(',') && text[..at].ends_with(',');
    let comma = at - usize::from(trailing);
    found(findings, &RUA_EMPTY, view, Span::new(comma, comma + 1))
        .confirm("Remove the extra comma", edits);
}

pub(super) static RUA_WRONG_CASE: Rule = Rule {
    code: "RPT-TXT-022",
    name: "rua-wrong-case",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "`{0}` must be written `rua`",
    words: words(Words {
        why: "Field names are case-sensitive: in other capitals it is an unknown field, which is \
          ignored.",
        effect: "The destination is missing: no reports are sent.",
        help: "Write `rua`.",
        clause: "RFC 8460 §3: the name is the case-sensitive text `rua=`",
        fails: rpt("v=TLSRPTv1; RUA=mailto:a@example.com"),
        passes: Some(rpt("v=TLSRPTv1; rua=mailto:a@example.com")),
    }),
};

static MULTIPLE_RUA: Rule = Rule {
    code: "RPT-TXT-051",
    name: "multiple-rua",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "There are {0} destinations, and a reporter may send to one of them only",
    words: words(Words {
        why: "A reporter may deliver to each destination or to a single one. One success is enough.",
        effect: "Some reporters use only the first.",
        help: "Put the destination that matters most first.",
        clause: "RFC 8460 §3: a reporter may deliver to each destination or only to one",
        fails: rpt("v=TLSRPTv1; rua=mailto:a@example.com,https://r.example.com/"),
        passes: None,
    }),
};

static DUPLICATE_RUA_URI: Rule = Rule {
    code: "RPT-TXT-052",
    name: "duplicate-rua-uri",
    severity: Severity::Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Safe),
    message: "The destination `{0}` is given twice",
    words: words(Words {
        why: "The same destination again adds nothing.",
        effect: "Some reporters send every report twice.",
        help: "Remove the second one.",
        clause: "Practice: the public checker NCSC Mail Check warns of repeated destinations",
        fails: rpt("v=TLSRPTv1; rua=mailto:a@example.com, mailto:a@example.com"),
        passes: Some(rpt("v=TLSRPTv1; rua=mailto:a@example.com")),
    }),
};

/// A destination again. One that stands alone in its field has none in front of it: what repairs the field repairs that.
fn duplicate(
    view: &View,
    first: Span,
    previous_end: Option<usize>,
    span: Span,
    findings: &mut Vec<Finding>,
) {
    let finding = found(findings, &DUPLICATE_RUA_URI, view, span).quoted();
    let Some(previous_end) = previous_end else { return };
    let edits = view.edit(Span::new(previous_end, span.end), "");
    // Mailboxes and paths that differ in case may be different ones (RFC 5321 §2.4).
    if view.text()[first.range()] == view.text()[span.range()] {
        finding.safe("Remove the second one", edits);
    } else {
        finding.confirm("Remove the second one", edits);
    }
}

#[cfg(test)]
mod pictures {
    use crate::carets::rpt;

    #[test]
    fn rua_missing() {
        rpt().shows(
            r"
            v=TLSRPTv1
                      | RPT-TXT-020
            ",
        );
    }

    #[test]
    fn rua_empty() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:a@example.com,
                                                ^ RPT-TXT-021
            ",
        );
    }

    #[test]
    fn rua_wrong_case() {
        rpt().shows(
            r"
            v=TLSRPTv1; RUA=mailto:a@example.com
                        ^^^ RPT-TXT-022
            ",
        );
    }

    #[test]
    fn multiple_rua() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:a@example.com,https://r.example.com/
                            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-TXT-051
            ",
        );
    }

    #[test]
    fn duplicate_rua_uri() {
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:a@example.com, mailto:a@example.com
                                                  ^^^^^^^^^^^^^^^^^^^^ RPT-TXT-052
            ",
        );
    }
}

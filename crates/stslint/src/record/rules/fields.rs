//! The fields after the version, whatever their names.

use super::version::{Version, trim};
use super::{MOST_FIELDS, Pair, WSP, found, id, rpt, rua, sts};
use crate::finding::Severity::{Advice, Error, Info, Warning};
use crate::finding::{Applicability, Finding, Fix};
use crate::record::Values;
use crate::record::family::Family;
use crate::record::view::View;
use crate::rule::Rule;
use crate::text::{Span, repeated};

pub(super) const RULES: &[&Rule] = &[
    &UNKNOWN_FIELD.sts,
    &UNKNOWN_FIELD.rpt,
    &MALFORMED_FIELD.sts,
    &MALFORMED_FIELD.rpt,
    &FIELD_NAME_INVALID.sts,
    &FIELD_NAME_INVALID.rpt,
    &FIELD_VALUE_INVALID.sts,
    &FIELD_VALUE_INVALID.rpt,
    &EMPTY_FIELD.sts,
    &EMPTY_FIELD.rpt,
    &TRAILING_WHITESPACE.sts,
    &TRAILING_WHITESPACE.rpt,
    &FOREIGN_FIELD.sts,
    &FOREIGN_FIELD.rpt,
    &DUPLICATE_FIELD.sts,
    &DUPLICATE_FIELD.rpt,
];

/// A field with a name and a value, as pieces of the data.
#[derive(Clone, Copy)]
pub(super) struct Field {
    /// Everything between two semicolons.
    pub(super) outer: Span,
    /// The same without white space around.
    pub(super) span: Span,
    pub(super) name: Span,
    pub(super) value: Span,
    /// Whether there is no white space around the `=`.
    pub(super) tight: bool,
}

/// Checks everything after the version.
pub(super) fn check(
    view: &View,
    version: &Version,
    fresh_id: Option<&str>,
    values: &mut Values,
    findings: &mut Vec<Finding>,
) {
    let mut fields = Fields {
        view,
        text: view.text(),
        family: version.family,
        fresh_id,
        findings,
        key: None,
        near: Vec::new(),
        repeated: Vec::new(),
        broken: Vec::new(),
        others: Vec::new(),
    };
    fields.split(version.span.end);
    fields.conclude(values);
}

struct Fields<'f, 'v, 'a> {
    view: &'f View<'v, 'a>,
    text: &'f str,
    family: Family,
    fresh_id: Option<&'f str>,
    findings: &'f mut Vec<Finding>,
    /// The field that the record is there for. Of several `id` the first one counts; `rua` may be repeated.
    key: Option<Field>,
    /// The same in other capitals.
    near: Vec<Field>,
    /// The key again.
    repeated: Vec<Field>,
    /// Fields without `=`: what lies between semicolons, with and without white space.
    broken: Vec<(Span, Span)>,
    /// All the others.
    others: Vec<Field>,
}

impl Fields<'_, '_, '_> {
    /// Splits the data at semicolons (RFC 8461 §3.1 and RFC 8460 §3: a delimiter may have white
    /// space on both sides, and one may stand at the end).
    fn split(&mut self, version_end: usize) {
        let len = self.text.len();
        let Some(first) = self.text[version_end..].find(';') else {
            return self.trailing_whitespace(Span::new(version_end, len));
        };
        let mut at = version_end + first + 1;
        let mut empty: Option<Span> = None;
        for number in 1.. {
            // The last one that is looked at holds all that is left.
            let next = self.text[at..].find(';').filter(|_| number < MOST_FIELDS);
            let end = next.map_or(len, |found| at + found);
            let outer = Span::new(at, end);
            let span = trim(self.text, outer);
            let last = end == len;
            if span.is_empty() && !last {
                empty = Some(Span::new(empty.map_or(at, |run| run.start), end + 1));
            } else if let Some(run) = empty.take() {
                self.empty_field(run);
            }
            if !span.is_empty() {
                self.field(outer, span);
            }
            if last {
                if !span.is_empty() {
                    self.trailing_whitespace(Span::new(span.end, end));
                }
                return;
            }
            at = end + 1;
        }
    }

    fn field(&mut self, outer: Span, span: Span) {
        let text = &self.text[span.range()];
        let Some(equals) = text.find('=') else {
            return self.broken.push((outer, span));
        };
        let name = Span::new(span.start, span.start + text[..equals].trim_end_matches(WSP).len());
        let value_start = span.end - text[equals + 1..].trim_start_matches(WSP).len();
        let tight = spaces_around_equals(self.view, name, value_start, self.family, self.findings);
        let field = Field { outer, span, name, value: Span::new(value_start, span.end), tight };
        let key = self.family.field();
        match &self.text[name.range()] {
            name if name == key && self.key.is_none() => self.key = Some(field),
            name if name == key => self.repeated.push(field),
            name if name.eq_ignore_ascii_case(key) => self.near.push(field),
            _ => self.others.push(field),
        }
    }

    /// A field that senders ignore, if only it is within the grammar.
    fn other(&mut self, field: Field, again: bool, has_key: bool) {
        let name = &self.text[field.name.range()];
        let good_value = is_value(&self.text[field.value.range()]);
        let foreign = self.foreign(field);
        // What may be all that the record has is not to be lost.
        let is_wrong = foreign.is_some() || !good_value || !is_name(name);
        let fix = (has_key && is_wrong).then(|| self.remove(field));
        if foreign.is_none() && !is_name(name) {
            let rename = || {
                let edits = self.view.edit(field.name, self.family.field());
                let title = format!("Write `{}`", self.family.field());
                self.is_good(field.value).then(|| Fix::confirm(title, edits))
            };
            let fix = if !has_key && self.resembles_key(field) { rename() } else { fix };
            return self.push(&FIELD_NAME_INVALID, field.name, field, fix);
        }
        if let Some((what, (reason, goes))) = foreign {
            found(self.findings, FOREIGN_FIELD.of(self.family), self.view, field.span)
                .quote(self.view.place(what))
                .text(reason)
                .fix(fix.clone().filter(|_| goes));
        } else if again {
            self.duplicate(field, Some(self.keep_first(field)));
        } else if good_value {
            found(self.findings, UNKNOWN_FIELD.of(self.family), self.view, field.span)
                .quote(self.view.place(field.name));
        }
        if !good_value {
            self.push(&FIELD_VALUE_INVALID, field.span, field, fix);
        }
    }

    /// What of a field has no place in this record, and why.
    fn foreign(&self, field: Field) -> Option<(Span, Reason)> {
        let name = &self.text[field.name.range()];
        let is = |known: &&str| name.eq_ignore_ascii_case(known);
        let begins =
            |family: Family| name == "v" && self.text[field.value.range()] == *family.version();
        if foreign_fields(self.family).iter().any(is) {
            let reason = if self.family == Family::Sts { IN_POLICY } else { OF_DMARC };
            return Some((field.name, reason));
        }
        match self.family {
            Family::Sts if begins(Family::Rpt) => Some((field.span, AT_TLS)),
            Family::Sts => is(&"rua").then_some((field.name, AT_TLS)),
            Family::Rpt if begins(Family::Sts) => Some((field.span, AT_MTA_STS)),
            Family::Rpt => {
                let key = self.key?;
                let between = self.text.get(key.outer.end..field.span.start)?;
                let is_web = |field: &Field| self.text[field.value.range()].contains("//");
                let cut_off = between.bytes().all(|b| b == b';')
                    && is_name(name)
                    && !begins(Family::Rpt)
                    && (is_web(&key) || self.repeated.iter().any(is_web));
                cut_off.then_some((field.span, CUT_OFF))
            }
        }
    }

    fn push(&mut self, pair: &'static Pair, at: Span, field: Field, fix: Option<Fix>) {
        found(self.findings, pair.of(self.family), self.view, at)
            .quote(self.view.place(field.name))
            .fix(fix);
    }

    fn remove(&self, field: Field) -> Fix {
        Fix::confirm("Remove the field", self.view.edit(self.removal(field), ""))
    }

    /// Whether a name is that of the key with signs that no name has: `id:=1`.
    fn resembles_key(&self, field: Field) -> bool {
        let name = &self.text[field.name.range()];
        let letters =
            name.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase());
        !is_name(name) && letters.eq(self.family.field().bytes())
    }

    /// Whether a value is one for the field that the record is there for.
    fn is_good(&self, value: Span) -> bool {
        match self.family {
            Family::Rpt => rua::read(self.view, value, &mut Vec::new()).clean,
            Family::Sts => id::is_id(&self.text[value.range()]),
        }
    }

    /// What to remove so that a field goes.
    fn removal(&self, field: Field) -> Span {
        // The semicolon of the version stays: beside other records it makes this one count.
        let first = !self.text[..field.outer.start - 1].contains(';');
        let only = first && field.outer.end == self.text.len();
        if only { field.outer } else { removal(self.text, field.outer) }
    }

    /// What can be said when all fields are known.
    fn conclude(&mut self, values: &mut Values) {
        let near = std::mem::take(&mut self.near);
        let mut near = near.into_iter();
        let key = self.key.or_else(|| {
            let field = near.next()?;
            let rule = match self.family {
                Family::Rpt => &rua::RUA_WRONG_CASE,
                Family::Sts => &id::ID_WRONG_CASE,
            };
            let fix = Fix::safe(
                format!("Write `{}`", self.family.field()),
                self.view.edit(field.name, self.family.field()),
            );
            found(self.findings, rule, self.view, field.name).quoted().fix(Some(fix));
            Some(field)
        });
        self.others.extend(near);
        let others = std::mem::take(&mut self.others);
        let names = others.iter().map(|field| &self.text[field.name.range()]).collect();
        let mut repeated = repeated(names).into_iter().peekable();
        let mut is_misnamed = false;
        for (index, field) in others.into_iter().enumerate() {
            let again = repeated.next_if(|(later, _)| *later == index).is_some()
                || self.text[field.name.range()] == *"v";
            is_misnamed |= self.resembles_key(field);
            self.other(field, again, key.is_some());
        }
        let mut lists = Vec::new();
        match (key, self.family) {
            (Some(field), Family::Sts) => {
                let id = id::check(self.view, field, self.fresh_id, self.findings);
                values.id = id.filter(|_| self.key.is_some() && field.tight);
            }
            (Some(field), Family::Rpt) => {
                let fields = [&[field], &self.repeated[..]].concat();
                let places: Vec<Span> = fields.iter().map(|field| field.value).collect();
                lists = rua::check(self.view, &places, self.findings);
                let read = fields.iter().zip(&lists).filter(|(field, _)| field.tight);
                if self.key.is_some() {
                    let uris = read.flat_map(|(_, list)| list.valid(self.text));
                    values.rua = uris.map(str::to_owned).collect();
                }
            }
            (None, _) if is_misnamed => {}
            (None, _) if self.broken.iter().any(|(_, span)| self.value_of_key(*span).is_some()) => {
            }
            (None, Family::Sts) => id::missing(self.view, self.fresh_id, self.findings),
            (None, Family::Rpt) => rua::missing(self.view, self.findings),
        }
        let first = key.zip(lists.first());
        for (at, field) in std::mem::take(&mut self.repeated).into_iter().enumerate() {
            Finding::bound(self.findings);
            let fix = match (first, lists.get(at + 1)) {
                (Some((first, list)), Some(other)) if list.can_take(other) => {
                    Some(self.join(first, field))
                }
                // A destination that stands nowhere else is not to be lost.
                (Some((_, list)), Some(other)) if !list.holds(other) => None,
                _ => Some(self.keep_first(field)),
            };
            self.duplicate(field, fix);
            // The grammar has it as an extension.
            if self.family == Family::Sts && !is_value(&self.text[field.value.range()]) {
                let fix = self.remove(field);
                self.push(&FIELD_VALUE_INVALID, field.span, field, Some(fix));
            }
        }
        for (outer, span) in std::mem::take(&mut self.broken) {
            Finding::bound(self.findings);
            self.malformed(outer, span, key.is_some(), first);
        }
    }

    /// A repeated field.
    fn duplicate(&mut self, field: Field, fix: Option<Fix>) {
        found(self.findings, DUPLICATE_FIELD.of(self.family), self.view, field.span)
            .quote(self.view.place(field.name))
            .fix(fix);
    }

    fn keep_first(&self, field: Field) -> Fix {
        Fix::confirm("Keep only the first one", self.view.edit(self.removal(field), ""))
    }

    /// Puts the destinations of a repeated field behind those of the first.
    fn join(&self, first: Field, field: Field) -> Fix {
        let more = format!(",{}", &self.text[field.value.range()]);
        let mut edits = self.view.edit(Span::at(first.value.end), &more);
        self.view.replace(self.removal(field), "", &mut edits);
        Fix::confirm("Join both into one list", edits)
    }

    /// A field without `=`. `first` is the list of URIs that it may belong to.
    fn malformed(
        &mut self,
        outer: Span,
        span: Span,
        has_key: bool,
        first: Option<(Field, &rua::List)>,
    ) {
        let mut fix = None;
        if let Some(value) = self.value_of_key(span).filter(|_| !has_key) {
            let gap = Span::new(span.start, value.start);
            let text = format!("{}=", self.family.field());
            let good = self.is_good(value);
            let title = if gap.is_empty() { "Write its name in front" } else { "Write a `=`" };
            fix = good.then(|| Fix::confirm(title, self.view.edit(gap, &text)));
        } else if let Some((first, list)) = first
            && first.outer.end + 1 == outer.start
            && list.can_take(&rua::read(self.view, span, &mut Vec::new()))
        {
            // `rua=mailto:a@example.com; mailto:b@example.com`
            let gap = Span::new(first.span.end, span.start);
            fix = Some(Fix::confirm("Separate the addresses by a comma", self.view.edit(gap, ",")));
        }
        found(self.findings, MALFORMED_FIELD.of(self.family), self.view, span)
            .quoted()
            .text(NO_EQUALS)
            .fix(fix);
    }

    /// The value of a field like `id: 1`, where only the `=` is wrong, or one without its name.
    fn value_of_key(&self, span: Span) -> Option<Span> {
        let is_number = self.text[span.range()].contains(|c: char| c.is_ascii_digit());
        let lone = || (is_number || self.family == Family::Rpt) && self.is_good(span);
        self.names_key(span).or_else(|| lone().then_some(span))
    }

    /// The value of a field like `id: 1`, where only the `=` is wrong.
    fn names_key(&self, span: Span) -> Option<Span> {
        let (text, key) = (&self.text[span.range()], self.family.field());
        let rest = text.get(key.len()..).filter(|_| text[..key.len()].eq_ignore_ascii_case(key))?;
        let value = rest.trim_start_matches(&[' ', '\t', ':'][..]);
        let separated = rest.is_empty() || value.len() < rest.len();
        separated.then(|| Span::new(span.end - value.len(), span.end))
    }
}

/// What to remove so that a field goes with one of its delimiters. `outer` is what lies between two
/// semicolons.
pub(super) fn removal(text: &str, outer: Span) -> Span {
    let delimiter = outer.start.saturating_sub(1);
    if outer.end < text.len() {
        return Span::new(delimiter, outer.end);
    }
    // White space in front of the last delimiter would then stand at the end.
    Span::new(text[..delimiter].trim_end_matches(WSP).len(), outer.end)
}

/// The name of an extension (RFC 8461 §3.1 `sts-ext-name`, RFC 8460 §3 `tlsrpt-ext-name`).
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= 32
        && name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// The value of an extension (RFC 8461 §3.1 `sts-ext-value`, RFC 8460 §3 `tlsrpt-ext-value`).
fn is_value(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|b| matches!(b, 0x21..=0x7e) && b != b'=')
}

static UNKNOWN_FIELD: Pair = pair! {
    number: "030",
    name: "unknown-field",
    severity: Info,
    breaks_grammar: false,
    fix: None,
    message: [
        "The field `{0}` means nothing in an MTA-STS record",
        "The field `{0}` means nothing in a TLSRPT record",
    ],
    why: [
        "The record has the fields `v` and `id`. Others are allowed so that they can be defined \
         later.",
        "The record has the fields `v` and `rua`. Others are allowed so that they can be defined \
         later.",
    ],
    effect: "Ignored.",
    help: "Nothing to do. Remove the field if it was meant to have an effect.",
    clause: [
        "RFC 8461 §3.2: unknown fields are ignored; RFC 8461 §9.2: the registered fields",
        "RFC 8460 §3: unknown fields are ignored",
    ],
    fails: [
        sts("v=STSv1; id=1; note=x"),
        rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com; note=x"),
    ],
    passes: None,
};

pub(super) const NO_EQUALS: &str = "it has no `=`";

pub(super) static MALFORMED_FIELD: Pair = pair! {
    number: "031",
    name: "malformed-field",
    severity: Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "`{0}` is not a field: {1}",
    why: [
        "A field is `name=value` without white space around the `=`.",
        "A field is `name=value` without white space around the `=`. In an address of `rua`, a `;` \
         must be written `%3B`.",
    ],
    effect: [
        "The record is invalid, so senders must treat it as if there were no MTA-STS policy.",
        "Strict reporters can't read the record and send no reports.",
    ],
    help: "Write each field as `name=value`, with semicolons between fields.",
    clause: [
        "RFC 8461 §3.1: a field is name, `=` and value",
        "RFC 8460 §3: a field is name, `=` and value",
    ],
    fails: [
        sts("v=STSv1; id = 20260101"),
        rpt("v=TLSRPTv1; rua = mailto:tlsrpt@example.com"),
    ],
    passes: [
        Some(sts("v=STSv1; id=20260101")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

/// Whether there is no white space around the `=` between a name and a value.
pub(super) fn spaces_around_equals(
    view: &View,
    name: Span,
    value_start: usize,
    family: Family,
    findings: &mut Vec<Finding>,
) -> bool {
    if value_start == name.end + 1 {
        return true;
    }
    let between = &view.text()[name.end..value_start];
    let equals = name.end + between.find('=').unwrap_or(0);
    let mut edits = Vec::with_capacity(2);
    for gap in [Span::new(name.end, equals), Span::new(equals + 1, value_start)] {
        if !gap.is_empty() {
            view.replace(gap, "", &mut edits);
        }
    }
    let reason = "there is white space around `=`";
    found(findings, MALFORMED_FIELD.of(family), view, Span::new(name.start, value_start))
        .quoted()
        .text(reason)
        .confirm("Remove the white space around `=`", edits);
    false
}

static FIELD_NAME_INVALID: Pair = pair! {
    number: "032",
    name: "field-name-invalid",
    severity: Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "`{0}` can't be the name of a field",
    why: "A name has up to 32 letters, digits, hyphens, dots and underscores, and begins with a \
          letter or digit.",
    effect: [
        "The record is invalid, so senders must treat it as if there were no MTA-STS policy.",
        "Strict reporters can't read the record and send no reports.",
    ],
    help: "Remove the field.",
    clause: [
        "RFC 8461 §3.1: characters and length of a field name",
        "RFC 8460 §3: characters and length of a field name",
    ],
    fails: [
        sts("v=STSv1; id=1; _x=y"),
        rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com; _x=y"),
    ],
    passes: [
        Some(sts("v=STSv1; id=1")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

static FIELD_VALUE_INVALID: Pair = pair! {
    number: "033",
    name: "field-value-invalid",
    severity: Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "The field `{0}` has no legal value",
    why: [
        "A value has at least one character, and neither `=` nor white space.",
        "A value has at least one character, and neither `=` nor white space. In an address of \
         `rua`, a `;` must be written `%3B`.",
    ],
    effect: [
        "The record is invalid, so senders must treat it as if there were no MTA-STS policy.",
        "Strict reporters can't read the record and send no reports.",
    ],
    help: "Remove the field.",
    clause: [
        "RFC 8461 §3.1: characters of a field value",
        "RFC 8460 §3: characters of a field value",
    ],
    fails: [
        sts("v=STSv1; id=1; x=a=b"),
        rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com; x="),
    ],
    passes: [
        Some(sts("v=STSv1; id=1")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

static EMPTY_FIELD: Pair = pair! {
    number: "034",
    name: "empty-field",
    severity: [Error, Warning],
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "There is nothing between two semicolons",
    why: [
        "Exactly one semicolon stands between two fields. One more may stand at the end, not two. An invalid record counts as \
         no record.",
        "Exactly one semicolon stands between two fields. One more may stand at the end, not two. All fields are there, and no \
         clause says that such a record counts as none.",
    ],
    effect: [
        "The record is invalid. mox, postfix-tlspol and KumoMTA reject some of these forms.",
        "Strict reporters may send no reports: mox rejects the record, mailrs passes over what is empty.",
    ],
    help: "Remove the extra semicolon.",
    clause: [
        "RFC 8461 §3.1: one delimiter between fields, at most one at the end",
        "RFC 8460 §3: one delimiter between fields, at most one at the end",
    ],
    fails: [
        sts("v=STSv1; id=1;;"),
        rpt("v=TLSRPTv1;; rua=mailto:tlsrpt@example.com"),
    ],
    passes: [
        Some(sts("v=STSv1; id=1;")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

impl Fields<'_, '_, '_> {
    fn empty_field(&mut self, run: Span) {
        found(self.findings, EMPTY_FIELD.of(self.family), self.view, run)
            .safe("Remove the extra semicolon", self.view.edit(run, ""));
    }
}

static TRAILING_WHITESPACE: Pair = pair! {
    number: "035",
    name: "trailing-whitespace",
    severity: [Error, Warning],
    breaks_grammar: true,
    fix: Some(Applicability::Safe),
    message: "The record ends with white space",
    why: [
        "White space may only stand around semicolons. After the last field it is outside the grammar, and an invalid record \
          counts as no record.",
        "White space may only stand around semicolons. After the last field it is outside the grammar. All fields are there, \
         and no clause says that such a record counts as none.",
    ],
    effect: [
        "mox and postfix-tlspol reject the record; others accept it.",
        "Strict reporters may send no reports.",
    ],
    help: "Remove the white space at the end.",
    clause: [
        "RFC 8461 §3.1: white space only around delimiters; an invalid record means no policy",
        "RFC 8460 §3: white space only around delimiters",
    ],
    fails: [
        sts("v=STSv1; id=1 "),
        rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com "),
    ],
    passes: [
        Some(sts("v=STSv1; id=1")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

impl Fields<'_, '_, '_> {
    fn trailing_whitespace(&mut self, space: Span) {
        if space.is_empty() {
            return;
        }
        let rule = TRAILING_WHITESPACE.of(self.family);
        found(self.findings, rule, self.view, space)
            .safe("Remove the white space", self.view.edit(space, ""));
    }
}

static FOREIGN_FIELD: Pair = pair! {
    number: "036",
    name: "foreign-field",
    severity: Warning,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "`{0}` {1}",
    why: [
        "The record only says that there is a policy and which version of it is current. The policy \
         itself is the file `https://mta-sts.<domain>/.well-known/mta-sts.txt`, and where reports go is said in the record at \
         `_smtp._tls.<domain>`.",
        "The TLSRPT record borrows `rua` from DMARC, and nothing else. In an address of `rua`, a `;` must be written `%3B`: it ends \
         the field.",
    ],
    effect: "Ignored, as any unknown field.",
    help: [
        "Remove the field here and give it where it belongs.",
        "Remove the field, or write it where it belongs.",
    ],
    clause: [
        "RFC 8461 §3.1: the fields of the record; RFC 8461 §3.2: the fields of the policy",
        "RFC 8460 §3: the fields of the record are `v` and `rua`",
    ],
    fails: [
        sts("v=STSv1; id=1; mode=enforce"),
        rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com; ruf=mailto:ruf@example.com"),
    ],
    passes: [
        Some(sts("v=STSv1; id=1")),
        Some(rpt("v=TLSRPTv1; rua=mailto:tlsrpt@example.com")),
    ],
};

/// What is said of a field that has no place here, and whether it may go: what was meant for another record is not to be lost.
type Reason = (&'static str, bool);

const IN_POLICY: Reason = ("belongs in the policy file, not in the record", true);
const OF_DMARC: Reason = ("is a field of DMARC records and means nothing here", true);
const AT_TLS: Reason = ("belongs in a record of its own, at `_smtp._tls`", false);
const AT_MTA_STS: Reason = ("belongs in a record of its own, at `_mta-sts`", false);
const CUT_OFF: Reason =
    ("is no part of the address in front of it: there, a `;` must be written `%3B`", false);

/// Fields of the policy file; fields of DMARC records (RFC 7489 §6.3).
pub(super) const fn foreign_fields(family: Family) -> &'static [&'static str] {
    match family {
        Family::Rpt => &["p", "sp", "pct", "ruf", "ri", "rf", "fo", "adkim", "aspf"],
        Family::Sts => &crate::settings::NAMES,
    }
}

static DUPLICATE_FIELD: Pair = pair! {
    number: "037",
    name: "duplicate-field",
    severity: [Warning, Advice],
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "The field `{0}` is given again",
    why: [
        "Of repeated fields the first counts, yet several senders take the last.",
        "A reporter may look at the first of repeated fields, or at the last. Several `rua` are allowed, but it may send to \
         one destination only.",
    ],
    effect: [
        "Senders may read different values. Of a repeated `id` they disagree about when the policy has changed.",
        "Reporters may read different values. Of several `rua`, some destinations may get no reports.",
    ],
    help: [
        "Keep the current one and remove the others.",
        "Keep one and remove the others. Of `rua`, give one with a list of all addresses, separated by commas.",
    ],
    clause: [
        "RFC 8461 §3.2: of repeated fields only the first is used",
        "RFC 8460 §3: a record may have several `rua`, and one may hold a list",
    ],
    fails: [
        sts("v=STSv1; id=1; id=2"),
        rpt("v=TLSRPTv1; rua=mailto:a@example.com; rua=mailto:b@example.com"),
    ],
    passes: [
        Some(sts("v=STSv1; id=2")),
        Some(rpt("v=TLSRPTv1; rua=mailto:a@example.com,mailto:b@example.com")),
    ],
};

#[cfg(test)]
mod tests {
    use crate::{Input, lint};

    /// What becomes of a record with the fix of a rule, if it has one.
    fn fixed(text: &str, code: &str) -> Option<String> {
        let report = lint(&Input::new(text.as_bytes()));
        let finding = report.findings().find(|finding| finding.rule.code == code);
        let fix = finding.unwrap_or_else(|| panic!("{text}")).fix.as_ref()?;
        Some(String::from_utf8(fix.apply(text.as_bytes())).expect("text"))
    }

    #[test]
    fn the_only_value_is_not_removed() {
        for (text, code, want) in [
            ("v=STSv1; id:=1", "STS-TXT-032", Some("v=STSv1; id=1")),
            ("v=STSv1; i d=1;", "STS-TXT-032", Some("v=STSv1; id=1;")),
            ("v=STSv1; _ID=1", "STS-TXT-032", Some("v=STSv1; id=1")),
            ("v=STSv1; id:=1; id=2", "STS-TXT-032", Some("v=STSv1; id=2")),
            ("v=STSv1; id:=1=2", "STS-TXT-032", None),
            ("v=STSv1; (policy)=1", "STS-TXT-032", None),
            ("v=STSv1; idd=1=", "STS-TXT-033", None),
            (
                "v=TLSRPTv1; rua:=mailto:a@x.com",
                "RPT-TXT-032",
                Some("v=TLSRPTv1; rua=mailto:a@x.com"),
            ),
            ("v=TLSRPTv1; rua:mailto=a@x.com", "RPT-TXT-032", None),
            ("v=TLSRPTv1; ruf=mailto:a@x.com", "RPT-TXT-036", None),
            ("v=TLSRPTv1; mailto:a@x.com?x=y", "RPT-TXT-032", None),
        ] {
            assert_eq!(fixed(text, code).as_deref(), want, "{text}");
        }
    }
}

#[cfg(test)]
mod pictures {
    use crate::carets::{rpt, sts};

    #[test]
    fn unknown_field() {
        sts().shows(
            r"
            v=STSv1; id=1; note=x
                           ^^^^^^ STS-TXT-030
            ",
        );
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:tlsrpt@example.com; note=x
                                                       ^^^^^^ RPT-TXT-030
            ",
        );
    }

    #[test]
    fn malformed_field() {
        sts().shows(
            r"
            v=STSv1; id = 20260101
                     ^^^^^ STS-TXT-031
            ",
        );
        rpt().shows(
            r"
            v=TLSRPTv1; rua = mailto:tlsrpt@example.com
                        ^^^^^^ RPT-TXT-031
            ",
        );
    }

    #[test]
    fn field_name_invalid() {
        sts().shows(
            r"
            v=STSv1; id=1; _x=y
                           ^^ STS-TXT-032
            ",
        );
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:tlsrpt@example.com; _x=y
                                                       ^^ RPT-TXT-032
            ",
        );
    }

    #[test]
    fn field_value_invalid() {
        sts().shows(
            r"
            v=STSv1; id=1; x=a=b
                           ^^^^^ STS-TXT-033
            ",
        );
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:tlsrpt@example.com; x=
                                                       ^^ RPT-TXT-033
            ",
        );
    }

    #[test]
    fn empty_field() {
        sts().shows(
            r"
            v=STSv1; id=1;;
                          ^ STS-TXT-034
            ",
        );
        rpt().shows(
            r"
            v=TLSRPTv1;; rua=mailto:tlsrpt@example.com
                       ^ RPT-TXT-034
            ",
        );
    }

    #[test]
    fn trailing_whitespace() {
        sts().shows(
            r"
            v=STSv1; id=1␠
                         ^ STS-TXT-035
            ",
        );
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:tlsrpt@example.com␠
                                                     ^ RPT-TXT-035
            ",
        );
    }

    #[test]
    fn foreign_field() {
        sts().shows(
            r"
            v=STSv1; id=1; mode=enforce
                           ^^^^^^^^^^^^ STS-TXT-036
            ",
        );
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:tlsrpt@example.com; ruf=mailto:ruf@example.com
                                                       ^^^^^^^^^^^^^^^^^^^^^^^^^^ RPT-TXT-036
            ",
        );
    }

    #[test]
    fn duplicate_field() {
        sts().shows(
            r"
            v=STSv1; id=1; id=2
                           ^^^^ STS-TXT-037
            ",
        );
        rpt().shows(
            r"
            v=TLSRPTv1; rua=mailto:a@example.com; rua=mailto:b@example.com
                            ^^^^^^^^^^^^^^^^^^^^ RPT-TXT-051
                                                  ^^^^^^^^^^^^^^^^^^^^^^^^ RPT-TXT-037
            ",
        );
    }
}

//! What the parts of an artefact are for a sender, so that a good one tells its owner something too. The words for it are
//! in `render`: here is which part is what.

use crate::policy::{self, Field, Mode, Tree};
use crate::text::{Mapped, Span};
use crate::{Artefact, Form, Input, Kind, Parsed, Report, detect, record};

/// Most patterns and destinations that are explained one by one.
const LIMIT: usize = 100;

/// One part of the text, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The part, in bytes of the input.
    pub span: Span,
    /// What it is.
    pub part: Part,
}

/// A part of an artefact that senders evaluate, with its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The id of a record.
    Id(String),
    /// The lifetime of a policy, in seconds.
    MaxAge(u64),
    /// The mode of a policy.
    Mode(Mode),
    /// So many patterns more, which are not explained one by one.
    MorePatterns(usize),
    /// An mx pattern.
    Mx {
        /// The pattern.
        pattern: String,
        /// The mode of its policy, if that is valid.
        mode: Option<Mode>,
    },
    /// The version of a policy.
    PolicyVersion(&'static str),
    /// Where reports go.
    Rua {
        /// The address.
        uri: String,
        /// Whether there are others.
        several: bool,
    },
    /// The version of a TLSRPT record.
    RptVersion(&'static str),
    /// The version of an MTA-STS record.
    StsVersion(&'static str),
}

/// Explains the policy and the records of a report part by part, those of each artefact in the order of the text: the values
/// that senders evaluate, which are the valid ones, and the first of those that count once. (The findings of a TLS report
/// already are its explanation, its assessment that of a live check.)
pub fn outline(input: &Input, report: &Report) -> Vec<Vec<Note>> {
    let carved = (report.form == Form::Inside).then(|| detect::sort(input).carved).flatten();
    let made = carved.as_ref().and_then(|carved| carved.policy());
    let notes = |artefact: &Artefact| match made.filter(|_| artefact.kind == Kind::Policy) {
        Some(made) => {
            let inner = Input { source: made.text.as_bytes(), ..*input };
            let mut notes = of_text(&inner, artefact, policy::read);
            notes.iter_mut().for_each(|note| note.span = made.span(note.span));
            notes
        }
        None => of_text(input, artefact, policy::read),
    };
    report.artefacts.iter().map(notes).collect()
}

/// Reads the lines of a policy.
type Read = fn(&[u8]) -> Option<(Mapped<'_>, Tree)>;

/// The same with another reader of lines.
pub(crate) fn of_text(input: &Input, artefact: &Artefact, read: Read) -> Vec<Note> {
    match &artefact.parsed {
        Parsed::Policy(values) => policy_notes(input, values, read),
        Parsed::Record(values) => record_notes(input, artefact.kind, values),
        _ => Vec::new(),
    }
}

/// Adds a note where it belongs in the order of the text.
fn add(notes: &mut Vec<Note>, span: Span, part: Part) {
    let at = notes.partition_point(|note| note.span <= span);
    notes.insert(at, Note { span, part });
}

fn policy_notes(input: &Input, values: &policy::Values, read: Read) -> Vec<Note> {
    let Some((mapped, tree)) = read(input.source) else { return Vec::new() };
    let mut notes = Vec::new();
    let place = |field| tree.first(field).map(|line| mapped.span(line.value));
    if let (Some(version), Some(span)) = (values.version, place(Field::Version)) {
        add(&mut notes, span, Part::PolicyVersion(version));
    }
    if let (Some(mode), Some(span)) = (values.mode, place(Field::Mode)) {
        add(&mut notes, span, Part::Mode(mode));
    }
    if let (Some(max_age), Some(span)) = (values.max_age, place(Field::MaxAge)) {
        add(&mut notes, span, Part::MaxAge(max_age));
    }
    // Each pattern once, at its first place: `values.mx` has them in this order.
    let mut wanted = values.mx.iter();
    let mut next = wanted.next();
    let mut explained = 0;
    for line in tree.fields(Field::Mx) {
        let Some(pattern) = next else { break };
        if !mapped.text[line.value.range()].eq_ignore_ascii_case(pattern) {
            continue;
        }
        next = wanted.next();
        let span = mapped.span(line.value);
        if explained == LIMIT {
            let rest = 1 + usize::from(next.is_some()) + wanted.len();
            add(&mut notes, span, Part::MorePatterns(rest));
            break;
        }
        explained += 1;
        add(&mut notes, span, Part::Mx { pattern: pattern.clone(), mode: values.mode });
    }
    notes
}

fn record_notes(input: &Input, kind: Kind, values: &record::Values) -> Vec<Note> {
    let source = input.source;
    let mut notes = Vec::new();
    if let Some(version) = values.version {
        let part = match kind {
            Kind::RptTxt => Part::RptVersion(version),
            _ => Part::StsVersion(version),
        };
        add(&mut notes, find(source, &["v=", version], version, 0), part);
    }
    if let Some(id) = &values.id {
        add(&mut notes, find(source, &["id=", id], id, 0), Part::Id(id.clone()));
    }
    let mut from = 0;
    for uri in values.rua.iter().take(LIMIT) {
        let span = find(source, &[uri], uri, from);
        from = span.end;
        add(&mut notes, span, Part::Rua { uri: uri.clone(), several: values.rua.len() > 1 });
    }
    notes
}

/// Where a value stands in a record that may be written in many ways: the last of `parts`, read
/// together. A value that is spread over several strings counts from its key on.
fn find(source: &[u8], parts: &[&str], value: &str, from: usize) -> Span {
    let whole = parts.concat();
    if let Some(at) = position(source, whole.as_bytes(), from) {
        let end = at + whole.len();
        return Span::new(end - value.len(), end);
    }
    let key = if parts.len() > 1 { parts[0] } else { "rua=" };
    match position(source, key.as_bytes(), 0) {
        Some(at) => {
            let at = at.max(from);
            let rest = &source[at..];
            let len =
                rest.iter().position(|b| matches!(b, b';' | b'\n' | b'\r')).unwrap_or(rest.len());
            Span::new(at, at + len)
        }
        None => Span::new(0, source.len()),
    }
}

/// The first place of `needle` at which no word goes on.
fn position(source: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(found) = source.get(at..)?.windows(needle.len()).position(|w| w == needle) {
        at += found;
        if at == 0 || !source[at - 1].is_ascii_alphanumeric() {
            return Some(at);
        }
        at += 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint;

    fn notes(source: &str) -> (Report, Vec<(&str, &'static str, String)>) {
        let input = Input::new(source.as_bytes());
        let report = lint(&input);
        let notes = outline(&input, &report)
            .into_iter()
            .flatten()
            .map(|note| (&source[note.span.range()], note.part.title(), note.part.value()))
            .collect();
        (report, notes)
    }

    #[test]
    fn a_policy_is_explained_field_by_field() {
        let text = "version: STSv1\r\nmode: enforce\r\nmode: none\r\nmx: *.Example.com\r\nmx: bad_host\r\n\
                    mx: *.example.com\r\nmx: b.example\r\nmax_age: 604800\r\n";
        let want = [
            ("STSv1", "version", "STSv1"),
            ("enforce", "mode", "enforce"),
            ("*.Example.com", "mx", "*.example.com"),
            ("b.example", "mx", "b.example"),
            ("604800", "max_age", "7 days (604800 s)"),
        ];
        let (_, got) = notes(text);
        let got: Vec<_> = got.iter().map(|(s, t, v)| (*s, *t, v.as_str())).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn invalid_values_are_not_explained() {
        assert_eq!(notes("version: STSv2\r\nmode: Enforce\r\nmax_age: 604 800\r\n").1, []);
    }

    #[test]
    fn long_lists_are_cut() {
        let mx: String = (0..150).map(|i| format!("mx: mx{i}.example.com\r\n")).collect();
        let input = format!("version: STSv1\r\nmode: enforce\r\nmax_age: 604800\r\n{mx}");
        let input = Input::new(input.as_bytes());
        let all = outline(&input, &lint(&input)).concat();
        assert_eq!(all.last().map(|note| &note.part), Some(&Part::MorePatterns(50)));
    }

    #[test]
    fn records_are_explained_in_every_form() {
        let zone = "_mta-sts.example.com. IN TXT \"v=STSv1; id=20260101;\"\n\
                    _smtp._tls.example.com. IN TXT \"v=TLSRPTv1; rua=mailto:a@example.com,https://example.com/r\"\n";
        let want = [
            ("STSv1", "v", "STSv1"),
            ("20260101", "id", "20260101"),
            ("TLSRPTv1", "v", "TLSRPTv1"),
            ("mailto:a@example.com", "rua", "mailto:a@example.com"),
            ("https://example.com/r", "rua", "https://example.com/r"),
        ];
        let (_, got) = notes(zone);
        let got: Vec<_> = got.iter().map(|(s, t, v)| (*s, *t, v.as_str())).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn a_value_in_pieces_is_found_by_its_key() {
        let source = br#""v=STSv1; id=2026" "0101; x=1""#;
        let values = record::Values { id: Some("20260101".into()), ..record::Values::default() };
        let notes = record_notes(&Input::new(source), Kind::StsTxt, &values);
        assert_eq!(&source[notes[0].span.range()], br#"id=2026" "0101"#);
    }
}

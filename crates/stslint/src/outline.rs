//! What each part of an artefact means for a sender, so that a good one tells its owner something
//! too. It says what a value does, never whether the artefact is right: that is the findings' part.

use crate::policy::{self, Field, Mode, Tree};
use crate::render::words;
use crate::text::{Mapped, Span};
use crate::{Artefact, Input, Kind, Parsed, record};

/// Most patterns and destinations that are explained one by one.
const LIMIT: usize = 100;

/// What one part of the text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The part, in bytes of the input.
    pub span: Span,
    /// The part's name as the reader knows it: `mode`, `mx`, `max_age`, `id`, `rua`.
    pub title: &'static str,
    /// Its value in words: "7 days".
    pub value: String,
    /// What a sending server does with it, in a sentence or two.
    pub text: String,
}

/// Explains a document part by part, in the order of the text: the values that senders evaluate,
/// which are the valid ones, and the first of those that count once.
pub fn outline(input: &Input, artefact: &Artefact) -> Vec<Note> {
    match &artefact.parsed {
        Parsed::Domain(domain) => domain_notes(input, domain),
        _ => of_text(input, artefact, policy::read),
    }
}

/// Reads the lines of a policy.
type Read = fn(&[u8]) -> Option<(Mapped<'_>, Tree)>;

/// Explains a policy or a record. (The findings of a report already are its explanation, its assessment that of a live check.)
pub(crate) fn of_text(input: &Input, artefact: &Artefact, read: Read) -> Vec<Note> {
    match &artefact.parsed {
        Parsed::Policy(values) => policy_notes(input, values, read),
        Parsed::Record(values) => record_notes(input, artefact.kind, values),
        _ => Vec::new(),
    }
}

/// Adds a note where it belongs in the order of the text.
fn add(notes: &mut Vec<Note>, span: Span, title: &'static str, value: &str, text: &str) {
    let at = notes.partition_point(|note| note.span <= span);
    notes.insert(at, Note { span, title, value: value.to_owned(), text: text.to_owned() });
}

fn policy_notes(input: &Input, values: &policy::Values, read: Read) -> Vec<Note> {
    let Some((mapped, tree)) = read(input.source) else { return Vec::new() };
    let mut notes = Vec::new();
    let place = |field| tree.first(field).map(|line| mapped.span(line.value));
    if let (Some(version), Some(span)) = (values.version, place(Field::Version)) {
        add(
            &mut notes,
            span,
            "version",
            version,
            "Marks the text as an MTA-STS policy. There is no other version.",
        );
    }
    if let (Some(mode), Some(span)) = (values.mode, place(Field::Mode)) {
        add(&mut notes, span, "mode", mode.word(), mode_text(mode));
    }
    if let (Some(max_age), Some(span)) = (values.max_age, place(Field::MaxAge)) {
        add(&mut notes, span, "max_age", &seconds(max_age), max_age_text(max_age));
    }
    // Each pattern once, at its first place: `values.mx` has them in this order.
    let mut wanted = values.mx.iter();
    let mut next = wanted.next();
    for line in tree.fields(Field::Mx) {
        let Some(pattern) = next else { break };
        if !mapped.text[line.value.range()].eq_ignore_ascii_case(pattern) {
            continue;
        }
        next = wanted.next();
        let span = mapped.span(line.value);
        if notes.iter().filter(|note| note.title == "mx").count() == LIMIT {
            let rest = 1 + usize::from(next.is_some()) + wanted.len();
            add(
                &mut notes,
                span,
                "mx",
                "…",
                &["And ", &rest.to_string(), " more patterns."].concat(),
            );
            break;
        }
        add(&mut notes, span, "mx", pattern, &mx_text(pattern, values.mode));
    }
    notes
}

/// RFC 8461 §5, §5.1; §8.3 for `none`.
fn mode_text(mode: Mode) -> &'static str {
    match mode {
        Mode::Enforce => {
            "Senders deliver only to MX hosts that match an mx pattern, offer STARTTLS and show a \
             valid certificate for their own name. When no host passes, the message waits in the \
             sender's queue; before giving up, the sender has to look for a newer policy."
        }
        Mode::Testing => {
            "Senders check your MX hosts as for enforce, but deliver even when a check fails. Those \
             that support TLS reports tell you about failures if you publish an _smtp._tls record."
        }
        Mode::None => {
            "Senders treat your domain as one without a policy. This is the way to take an earlier \
             policy back."
        }
    }
}

/// RFC 8461 §3.2 (lifetime from the last fetch), §3.3 and §5.1 (refresh, new id).
fn max_age_text(max_age: u64) -> &'static str {
    if max_age == 0 {
        return "A copy expires the moment it is fetched, so senders never have a policy to apply.";
    }
    "Senders may use their copy for this long after each fetch, even when they can't reach your \
     policy host. A new id in the _mta-sts record makes them look for a new policy earlier."
}

/// RFC 8461 §4.1: a wildcard stands for exactly one label.
fn mx_text(pattern: &str, mode: Option<Mode>) -> String {
    let mut text = String::new();
    match pattern.strip_prefix("*.") {
        Some(suffix) => {
            text.push_str("Covers every MX host that is exactly one label below ");
            text.push_str(suffix);
            text.push_str(", such as mx1.");
            text.push_str(suffix);
            text.push_str(", but neither ");
            text.push_str(suffix);
            text.push_str(" itself nor a.b.");
            text.push_str(suffix);
            text.push('.');
        }
        None => {
            text.push_str("Covers the MX host ");
            text.push_str(pattern);
            text.push_str(" and no other.");
        }
    }
    if mode == Some(Mode::None) {
        text.push_str(" Not used in mode none.");
    }
    text
}

/// "7 days (604800 s)"
fn seconds(seconds: u64) -> String {
    let mut out = words::duration(seconds);
    out.push_str(" (");
    out.push_str(&seconds.to_string());
    out.push_str(" s)");
    out
}

fn record_notes(input: &Input, kind: Kind, values: &record::Values) -> Vec<Note> {
    let source = input.source;
    let mut notes = Vec::new();
    if let Some(version) = values.version {
        let text = match kind {
            Kind::RptTxt => "Marks the record as a TLSRPT record: senders may report to you.",
            _ => "Marks the record as an MTA-STS record: senders look for your policy.",
        };
        add(&mut notes, find(source, &["v=", version], version, 0), "v", version, text);
    }
    if let Some(id) = &values.id {
        // RFC 8461 §3.1: unique per policy, no order.
        let text = "Names this edition of your policy. Senders only compare it with the one they \
                    know: it need not be a date, and any difference makes them fetch the policy \
                    again. Change it each time the policy changes, after the new file is served.";
        add(&mut notes, find(source, &["id=", id], id, 0), "id", id, text);
    }
    let mut from = 0;
    for (i, uri) in values.rua.iter().enumerate() {
        if i == LIMIT {
            break;
        }
        let span = find(source, &[uri], uri, from);
        from = span.end;
        add(&mut notes, span, "rua", uri, &rua_text(uri, values.rua.len()));
    }
    notes
}

/// RFC 8460 §3: the two schemes; with several destinations one delivery is enough.
fn rua_text(uri: &str, count: usize) -> String {
    let scheme = |name: &str| uri.get(..name.len()).is_some_and(|s| s.eq_ignore_ascii_case(name));
    let mut text = String::from(if scheme("mailto:") {
        "Senders mail their reports to this address, even when TLS to its mail servers fails."
    } else if scheme("https:") {
        "Senders upload their reports to this address with HTTPS POST."
    } else {
        "Senders send their reports here."
    });
    if count > 1 {
        text.push_str(" A sender may use only one of the destinations.");
    }
    text
}

fn domain_notes(input: &Input, domain: &str) -> Vec<Note> {
    let span = Span::new(0, input.source.len());
    let titles = ["MTA-STS record", "TLSRPT record", "MTA-STS policy"];
    let texts = [
        "Prints the record that announces your policy.",
        "Prints the record that says where reports go.",
        "Prints the policy and how its server answers.",
    ];
    let mut notes = Vec::new();
    for (i, command) in words::lookup_commands(domain).into_iter().enumerate() {
        add(&mut notes, span, titles[i], &command, texts[i]);
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
    use crate::{Report, host, lint};

    fn notes(source: &str) -> (Report, Vec<(&str, &'static str, String)>) {
        let input = Input::new(source.as_bytes());
        let report = lint(&input);
        let notes = report
            .artefacts
            .iter()
            .flat_map(|artefact| outline(&input, artefact))
            .map(|note| (&source[note.span.range()], note.title, note.value))
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
        let all = outline(&input, &lint(&input).artefacts[0]);
        assert_eq!(all.last().map(|note| note.text.as_str()), Some("And 50 more patterns."));
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

    #[test]
    fn wildcards_cover_one_label() {
        let text = mx_text("*.example.com", Some(Mode::Enforce));
        assert!(text.contains(
            "such as mx1.example.com, but neither example.com itself nor a.b.example.com"
        ));
        assert!(host::matches("*.example.com", "mx1.example.com").covers());
        assert!(!host::matches("*.example.com", "a.b.example.com").covers());
    }

    #[test]
    fn the_effect_of_a_mode_is_told() {
        for mode in Mode::ALL {
            assert!(mode_text(mode).starts_with("Senders "));
        }
    }
}

//! Finds what stslint lints inside other texts: policies, records and reports in Markdown, HTML, program code, JSON, transcripts.
//!
//! An artefact is found by its own marks and read in place: `decode` takes escapes off that cover the whole text, `policy` and
//! `report` find the two kinds of texts, `values` a policy as an object, `served` what a policy host answered with, records are
//! found by `record`; `literals` knows what string literals of each language keep. What is outside is the wrapper: `wrappers` has
//! a name for it. Every byte of what was found knows its place in the input, so that findings speak of the input.

mod attachment;
mod decode;
mod lines;
mod literals;
mod policy;
mod report;
mod served;
mod shown;
mod values;
mod wrappers;

pub(crate) use attachment::report_domain;
pub use attachment::{Attachment, Packed, attachment};
pub(crate) use lines::is_heading;
pub use values::{OBJECTS, Object};
pub use wrappers::{Frame, WRAPPERS, Wrapper};

use crate::finding::{Applicability, Edit, Finding, Fix, Severity};
use crate::input::{Form, Input, Kind};
use crate::policy::{ABSENT, LINES};
use crate::record;
use crate::report::{is_made_of_reports, is_whole, likeness};
use crate::rule::{Example, Rule, Words, words};
use crate::strange;
use crate::text::{Mapped, Span, is_line_end, line_start};
use lines::is_computed;
use std::borrow::Cow;

pub(crate) const RULES: &[&Rule] = &[&WRAPPED, &WRAPPED_POLICY, &PACKED, &VALUES, &record::CUT];

/// Longest text in which a report is looked for, in bytes.
pub(crate) const LONGEST: usize = 1 << 20;

/// Longest text in which policies and records are looked for, in bytes.
const LONG: usize = 1 << 16;

/// What was found inside a text.
#[derive(Clone, Debug)]
pub struct Carved<'a> {
    /// What stands around it, as a sentence begins; none where nothing does.
    pub wrapper: Option<&'static str>,
    /// The kind of what was found first.
    pub kind: Kind,
    outside: Span,
    /// The text without escapes, when there are records in it.
    records: Option<Mapped<'a>>,
    policy: Option<Mapped<'a>>,
    /// Whether the policy is what a policy host served, as a whole.
    served: bool,
    /// Whether the policy stands there as an object with its values.
    values: bool,
    /// Whether lines of the policy may stand where nothing of it is shown.
    partial: bool,
    /// How many more policies there are, which are not read.
    others: usize,
    report: Option<Mapped<'a>>,
    /// Whether there are other reports beside that one.
    several: bool,
}

/// Looks for what can be linted inside a text: of one kind, if that is said.
pub fn find<'a>(source: &'a [u8], said: Option<Kind>) -> Option<Carved<'a>> {
    let text = str::from_utf8(source).ok().filter(|text| text.len() <= LONGEST)?;
    let long = text.len() > LONG;
    if said.is_none()
        && !long
        && let Some(served) = served::find(text)
    {
        return Some(in_transcript(text, served));
    }
    let wants = |kind| said.is_none_or(|said| said == kind) && (!long || kind == Kind::Report);
    let base = decode::decode(text);
    let found = wants(Kind::Report).then(|| report::find(&base)).flatten();
    let several = found.as_ref().is_some_and(|found| found.several);
    let copied = found.as_ref().is_some_and(|found| found.mended);
    // Nothing is around what is a report as a whole, whatever is wrong with it.
    let around = |made: &Mapped| several || !(made.is_one_piece() && place(made) == all(text));
    let report = found.map(|found| found.made).filter(around);
    // A policy in what became of reports is the one that a sender saw.
    let of_report =
        wants(Kind::Report) && (likeness(&base.text).is_some() || is_made_of_reports(&base.text));
    let rest = report.is_none() && !of_report && !long;
    let wants_policy = rest && wants(Kind::Policy);
    let values = wants_policy.then(|| values::find(&base, said)).flatten();
    let (object, policy, others) = match values {
        Some(values) if values.complete => {
            let (object, policy) = values::piece(&base, &values);
            (Some(object), Some(policy), values::others(&base, &values))
        }
        // What some of the values would be as a policy says nothing about the one that is made of them.
        Some(_) => (None, None, 0),
        None => {
            let policy = wants_policy.then(|| policy::piece(&base, said)).flatten();
            let others = policy.as_ref().map_or(0, |made| others(&base, place(made)));
            (None, policy, others)
        }
    };
    let base = match &policy {
        Some(made) if object.is_none() && base.is_identity() && made.is_one_piece() => {
            base.without(place(made))
        }
        _ => base,
    };
    let wants_records = wants(Kind::StsTxt) || wants(Kind::RptTxt);
    let records = (rest && wants_records).then(|| record::inside(&base.text)).flatten();
    // A record in lines of which nothing tells it apart is one of them.
    if policy.is_none()
        && records.is_some()
        && wants_policy
        && said.is_none()
        && policy::is_file(&base)
    {
        return None;
    }
    // Nothing is around what is all read.
    let is_read = |line: &str| {
        line.trim().is_empty() || record::inside(line).is_some() && !record::is_wrapped(line)
    };
    let both = policy.is_some() && object.is_none() && records.is_some();
    let alone = both && base.text.lines().all(is_read);
    let kind = match (records, &policy, &report) {
        (Some(kind), ..) => said.unwrap_or(kind),
        (None, Some(_), _) => Kind::Policy,
        (None, None, Some(_)) => Kind::Report,
        (None, None, None) => return None,
    };
    let made = policy.as_ref().filter(|_| object.is_none()).or(report.as_ref());
    Some(Carved {
        wrapper: match object {
            Some(object) => Some(object.name),
            None if copied => Some(report::COPIED),
            None if alone => None,
            None => Some(match wrappers::name(text).name {
                // What lists records has no policy in it.
                wrappers::PANEL if policy.is_some() => wrappers::OTHER,
                name => name,
            }),
        },
        kind,
        outside: outside(text, made),
        records: records.map(|_| base),
        partial: object.is_none() && policy.is_some() && policy::begins_below(text),
        policy,
        served: false,
        values: object.is_some(),
        others,
        report,
        several,
    })
}

/// How many policies begin in a text outside a piece of the source.
fn others(base: &Mapped, piece: Span) -> usize {
    policy::Text::of(base).policies_outside(piece)
}

/// Where a made text begins and ends in the source.
fn place(made: &Mapped) -> Span {
    made.span(Span::new(0, made.text.len()))
}

/// A text without the white space and the marks around it.
fn all(text: &str) -> Span {
    let start = text.len() - text.trim_start_matches('\u{feff}').trim_start().len();
    Span::new(start, text.trim_end().len().max(start))
}

/// What a policy host served, and the records that stand beside it.
fn in_transcript(text: &str, served: served::Served) -> Carved<'_> {
    let mut rest = Mapped::empty();
    rest.push_verbatim(&text[..served.printed.start], 0);
    rest.push_verbatim(&text[served.printed.end..], served.printed.end);
    let records = record::inside(&rest.text);
    Carved {
        wrapper: Some(served.wrapper),
        kind: records.unwrap_or(Kind::Policy),
        outside: outside(text, Some(&served.made)),
        records: records.map(|_| rest),
        policy: Some(served.made),
        served: true,
        partial: false,
        values: false,
        others: others(&Mapped::identity(text), served.printed),
        report: None,
        several: false,
    }
}

/// What an input is said to be: the file of a policy has a name (RFC 8461 §3.2).
pub(crate) fn said(input: &Input) -> Option<Kind> {
    let named = || input.file_name.is_some_and(strange::names_policy).then_some(Kind::Policy);
    input.kind.or_else(named)
}

/// The first line of what is around: of the whole text, where records or values were found.
fn outside(text: &str, made: Option<&Mapped>) -> Span {
    let whole = vec![(Span::new(0, text.len()), String::new())];
    let edits = made.and_then(|made| made.edits(text.len())).unwrap_or(whole);
    let lines = edits.into_iter().map(|(span, _)| {
        let line = strange::first_line(&text.as_bytes()[span.range()]);
        Span::new(span.start + line.start, span.start + line.end)
    });
    lines.into_iter().find(|line| !line.is_empty()).unwrap_or_default()
}

/// What to say of a mail whose attachment has to be unpacked.
pub(crate) fn packed(source: &[u8]) -> Option<Finding> {
    let attachment = attachment(source)?;
    let line = strange::first_line(&source[attachment.span.range()]);
    let place = Span::new(attachment.span.start + line.start, attachment.span.start + line.end);
    let what = match attachment.holds {
        Packed::Report => "A TLS report",
        Packed::Dmarc => return None,
        Packed::Other => "A file",
    };
    let mut findings = Vec::new();
    let name = attachment.file_name.unwrap_or_else(|| "it has no name".into());
    Finding::add(&mut findings, &PACKED, place).text(what).text(name);
    findings.pop()
}

/// The text of a report: the whole input, or what stands inside it.
pub fn report_text(source: &[u8]) -> Option<Cow<'_, str>> {
    let text = str::from_utf8(source).ok()?;
    if text.len() > LONGEST || is_whole(text.trim_start_matches('\u{feff}')) {
        return Some(Cow::Borrowed(text));
    }
    let alone = find(source, Some(Kind::Report)).filter(|carved| !carved.several);
    let inside = alone.and_then(|carved| carved.report);
    Some(inside.map_or(Cow::Borrowed(text), |made| Cow::Owned(made.text.into_owned())))
}

/// Whether a text is what became of a report that is no JSON any more, or a part of one: a linter says what.
pub fn was_report(source: &[u8]) -> bool {
    str::from_utf8(source).is_ok_and(|text| likeness(text).is_some())
}

impl Carved<'_> {
    /// Whether there are several reports, of which one alone says too little.
    pub(crate) fn has_several_reports(&self) -> bool {
        self.several
    }

    /// The lines of the policy, for explanations: its text and the way back to the input.
    pub(crate) fn policy(&self) -> Option<&Mapped<'_>> {
        self.policy.as_ref()
    }

    /// The policy, where all of it is shown.
    pub(crate) fn whole_policy(&self) -> Option<&str> {
        self.policy.as_ref().filter(|made| self.is_whole(made)).map(|made| &*made.text)
    }

    /// Whether all of the policy is shown: not where a program or a template makes a part of it.
    fn is_whole(&self, made: &Mapped) -> bool {
        !self.partial && !made.text.lines().any(is_computed)
    }

    /// How many more policies there are, which are not read.
    pub(crate) fn others(&self) -> usize {
        self.others
    }

    /// The records, as they can be published.
    pub(crate) fn publishable(&self, input: &Input) -> Vec<record::Written> {
        let made = self.records.as_ref();
        made.map(|made| record::publishable(&made.text, input, self.kind, Form::Inside))
            .unwrap_or_default()
    }

    /// What a policy host served, as an input of its own: the file of a policy, whatever stands in it.
    pub(crate) fn served<'i>(&'i self, input: &Input<'i>) -> Option<Input<'i>> {
        let made = self.policy.as_ref().filter(|_| self.served)?;
        Some(Input {
            source: made.text.as_bytes(),
            kind: Some(Kind::Policy),
            form: None,
            file_name: None,
            line_ends_known: false,
            ..*input
        })
    }

    /// What the text shows of how the policy is served, and of the MX hosts that it is for.
    pub(crate) fn shown(&self, input: &Input, patterns: &[String]) -> Vec<Finding> {
        let mut findings = Vec::new();
        let text = str::from_utf8(input.source).ok().filter(|_| input.kind.is_none());
        if let Some((text, made)) = text.zip(self.policy.as_ref()).filter(|_| !self.values) {
            shown::check(text, place(made), patterns, &mut findings);
        }
        findings
    }

    /// Moves findings about the policy to the input.
    pub(crate) fn carry(&self, findings: &mut [Finding], source: &[u8]) {
        let Some(made) = &self.policy else { return };
        findings.iter_mut().for_each(|finding| carry(finding, made, source));
    }

    /// Lints the policy.
    pub(crate) fn lint_policy(
        &self,
        input: &Input,
    ) -> Option<(crate::policy::Values, Vec<Finding>)> {
        let made = self.policy.as_ref()?;
        let inner = Input {
            source: made.text.as_bytes(),
            kind: None,
            form: None,
            line_ends_known: false,
            ..*input
        };
        let (values, mut findings) = crate::policy::lint(&inner);
        if !self.is_whole(made) {
            findings.retain(|finding| !ABSENT.contains(&finding.rule));
        }
        // A line that a program or a template makes is none that senders see.
        findings.retain(|finding| {
            let line = || &made.text[line_start(&made.text, finding.span.start)..];
            !(LINES.contains(&finding.rule) && is_computed(line()))
        });
        self.carry(&mut findings, input.source);
        Some((values, findings))
    }

    /// Lints the report.
    pub(crate) fn lint_report(
        &self,
        input: &Input,
    ) -> Option<(Option<crate::report::Values>, Vec<Finding>)> {
        let made = self.report.as_ref()?;
        let (values, mut findings) = crate::report::lint(&Input {
            source: made.text.as_bytes(),
            kind: None,
            form: None,
            ..*input
        });
        findings.iter_mut().for_each(|finding| carry(finding, made, input.source));
        Some((values, findings))
    }

    /// Lints the records.
    pub(crate) fn lint_records(&self, input: &Input) -> Vec<record::Linted> {
        let Some(made) = &self.records else { return Vec::new() };
        let mut records = record::lint_inside(&made.text, input, self.kind);
        if !made.is_identity() {
            records
                .iter_mut()
                .flat_map(|record| &mut record.findings)
                .for_each(|finding| carry(finding, made, input.source));
        }
        records
    }

    /// The one finding that says what is around, if anything is. Whoever publishes the text, as the policy file it is, publishes
    /// that too.
    pub(crate) fn wrapper(&self, input: &Input) -> Option<Finding> {
        let wrapper = self.wrapper?;
        let served = self.policy.is_some() && said(input) == Some(Kind::Policy);
        let rule = match (served, self.values) {
            (true, _) => &WRAPPED_POLICY,
            (false, true) => &VALUES,
            (false, false) => &WRAPPED,
        };
        let mut findings = Vec::new();
        let only =
            self.records.is_none() && self.report.is_none() && self.others == 0 && !self.partial;
        let fix = self.policy.as_ref().filter(|_| only).and_then(|made| match self.values {
            true => Some(write(made, input.source)),
            false => keep(made, input.source),
        });
        let unchecked = || {
            let text = str::from_utf8(input.source).unwrap_or_default(); // others hold nothing
            self.policy.as_ref().is_some_and(|made| shown::is_unchecked(text, place(made)))
        };
        let others: Cow<'static, str> = match self.others {
            0 if unchecked() => {
                "; the command did not look at the certificate, which senders do".into()
            }
            0 if self.partial => "; what stands above is not shown".into(),
            0 => "".into(),
            others => format!("; of {} policies only the first was read", others + 1).into(),
        };
        let finding = Finding::add(&mut findings, rule, self.outside);
        finding.text(wrapper).text(others).fix(fix);
        findings.pop()
    }
}

/// Leaves nothing but the policy; none where what is left would be read as something else.
fn keep(made: &Mapped, source: &[u8]) -> Option<Fix> {
    let edits: Vec<Edit> = made
        .edits(source.len())?
        .into_iter()
        .map(|(span, text)| Edit::replace(span, text))
        .collect();
    let left = crate::finding::apply(source, &edits);
    let alone = left == made.text.as_bytes() && find(&left, None).is_none();
    alone.then(|| Fix {
        title: "Keep the policy alone".into(),
        applicability: Applicability::Confirm,
        edits,
    })
}

/// Writes the policy that the values make.
fn write(made: &Mapped, source: &[u8]) -> Fix {
    let all = Span::new(0, source.len());
    Fix::confirm("Write the policy", Edit::replace(all, made.text.clone().into_owned()).alone())
}

/// Moves a finding to the input. A repair comes along if it stays within one piece of it and needs no escape there, or takes a
/// row out.
fn carry(finding: &mut Finding, made: &Mapped, source: &[u8]) {
    let one = made.is_one_piece();
    // Behind a piece of a line, a line that is put in is no part of it.
    let inline = !made.text.contains(is_line_end);
    let behind = |edit: &Edit| inline && edit.span.start == made.text.len();
    let plain =
        |c: char| !(c.is_control() || "\"'`\\<>&|".contains(c)) || one && matches!(c, '\r' | '\n');
    let row = |span: Span| made.is_whole(span) && source[made.span(span).range()].ends_with(b"\n");
    let fits = |edit: &Edit| match edit.text.is_empty() {
        true => made.is_verbatim(edit.span) || row(edit.span),
        false => {
            let fits = made.is_verbatim(edit.span) && edit.text.chars().all(plain);
            fits && !(behind(edit) && edit.text.contains(is_line_end))
        }
    };
    if finding.fix.as_ref().is_some_and(|fix| !fix.edits.iter().all(fits)) {
        finding.fix = None;
    }
    finding.relocate(made);
}

static WRAPPED: Rule = Rule {
    code: "INPUT-004",
    name: "wrapped",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "{0}: what surrounds it was left out, and what is inside was linted{1}",
    words: words(Words {
        why: "People copy policies and records together with what is around them: documentation, program code, the output of a \
          tool. That is not a fault, as long as it is not published.",
        effect: "Senders never see what was left out. Only where a program writes the policy, it may write the indentation of its lines too.",
        help: "Nothing has to be done. Publish what is inside, without what is around.",
        clause: "Practice: what is around a quotation is not part of it",
        fails: Example::pasted(
            "const txt = `version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 1209600`\n",
        ),
        passes: None,
    }),
};

static WRAPPED_POLICY: Rule = Rule {
    code: "STS-POL-016",
    name: "wrapped-policy",
    severity: Severity::Error,
    breaks_grammar: true,
    fix: Some(Applicability::Confirm),
    message: "{0}: what surrounds the policy is part of the file",
    words: words(Words {
        why: "The file has to hold the lines of the policy and nothing else. Here they stand inside something that was copied or \
          served with them.",
        effect: "Senders read what surrounds it as fields that they do not know, or miss `version`, and reject the policy.",
        help: "Remove everything that is not a line of the policy.",
        clause: "RFC 8461 §3.2: every line is a field",
        fails: Example::policy(
            "const txt = `version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 1209600`\n",
        ),
        passes: Some(Example::policy(
            "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n",
        )),
    }),
};

static VALUES: Rule = Rule {
    code: "INPUT-007",
    name: "policy-as-values",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: Some(Applicability::Confirm),
    message: "{0}: these are the values of a policy, not its text; what was linted is the text that they make{1}",
    words: words(Words {
        why: "Programs and settings keep a policy as names and values, and write its text from them. Senders read that text: one \
          field a line, and one `mx` line for each host.",
        effect: "None, as long as the text is what is published: served as it stands here, senders reject it.",
        help: "Nothing has to be done if a program writes the text. To see the text that senders get, fetch it or check the \
          domain.",
        clause: "RFC 8461 §3.2: fields are lines of name and value",
        fails: Example::pasted(
            "POLICY = {\"version\": \"STSv1\", \"mode\": \"enforce\", \"mx\": [\"mx1.example.com\", \"mx2.example.com\"], \"max_age\": 1209600}\n",
        ),
        passes: None,
    }),
};

static PACKED: Rule = Rule {
    code: "INPUT-005",
    name: "packed-attachment",
    severity: Severity::Info,
    breaks_grammar: false,
    fix: None,
    message: "{0} is attached to this mail, packed with gzip: {1}",
    words: words(Words {
        why: "Senders mail their reports as an attachment. In the source of a mail it appears as Base64, and has to be \
          unpacked before it can be read.",
        effect: "None: it was not read here.",
        help: "Save the attachment, or the whole mail, from your mail program and open that file: stslint unpacks reports.",
        clause: "RFC 8460 §5.3: reports by mail have media type application/tlsrpt+gzip or application/tlsrpt+json",
        fails: Example::pasted(concat!(
            "Content-Type: application/tlsrpt+gzip; name=\"example.com!example.org!1780358400!1780444799.json.gz\"\n",
            "Content-Transfer-Encoding: base64\n\nH4sIAAAAAAAAA6uu5QIABrCh3QMAAAA=\n"
        )),
        passes: None,
    }),
};

#[cfg(test)]
mod pictures {
    use crate::carets::{pasted, policy};

    #[test]
    fn wrapped() {
        pasted().shows(
            r"
            const txt = `version: STSv1
            ^^^^^^^^^^^^^ INPUT-004
            mode: enforce
            mx: mail.example.com
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600`
            ",
        );
    }

    #[test]
    fn wrapped_policy() {
        policy().shows(
            r"
            const txt = `version: STSv1␊
            ^^^^^^^^^^^^^ STS-POL-016
            mode: enforce␊
            mx: mail.example.com␊
                ^^^^^^^^^^^^^^^^ STS-POL-103
            max_age: 1209600`␊
            ",
        );
    }

    #[test]
    fn policy_as_values() {
        pasted().shows(
            r#"
            mtaSts:
            ^^^^^^^ INPUT-007
              mode: enforce
              maxAge: 1209600
              mx:
                - mx1.example.com
                  ^^^^^^^^^^^^^^^ STS-POL-103
                - "*.example.org"
                   ^^^^^^^^^^^^^ STS-POL-098
                   ^^^^^^^^^^^^^ STS-POL-103
            "#,
        );
    }

    #[test]
    fn packed_attachment() {
        pasted().shows(
            r"
            Content-Type: application/tlsrpt+gzip; name=x
            Content-Transfer-Encoding: base64

            H4sIAAAAAAAAA6uu5QIABrCh3QMAAAA=
            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ INPUT-005
            ",
        );
    }
}

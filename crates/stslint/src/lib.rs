//! The stslint engine: lints MTA-STS policies (RFC 8461) and the `_mta-sts` and `_smtp._tls` TXT
//! records (RFC 8461 §3.1, RFC 8460 §3).
//!
//! Text or bytes go in; findings with byte spans, words, clauses and fixes come out. The engine is
//! pure: no input or output, no clock, no randomness, and it cannot fail.
//!
//! ```
//! let input = stslint::Input::new(b"version: STSv1\r\nmode: enforced\r\n");
//! let report = stslint::lint(&input);
//! let finding = &report.artefacts[0].findings[0];
//! assert_eq!(finding.rule.code, "STS-POL-051");
//! assert_eq!(finding.span.range(), 22..30);
//! ```
#![forbid(unsafe_code)]

pub mod bare;
mod base64;
#[cfg(test)]
mod carets;
pub mod detect;
pub mod examples;
pub mod finding;
pub mod fix;
pub mod host;
pub mod json;
pub mod live;
pub mod outline;
pub mod policy;
pub mod record;
pub mod render;
pub mod report;
mod result_type;
pub mod rules;
pub mod senders;
pub mod share;
pub mod text;
pub mod time;

pub use detect::Form;
use finding::{Finding, Severity, Verdict};

/// The version of the engine.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where the page is, for links in results that leave it: `rules/CODE.html` below it explains a
/// rule. The project has no public home yet, so the name is one that nobody can own (RFC 2606 §2).
pub const HOME: &str = "https://stslint.example/";

/// What an input is, or is to be read as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A domain name, mail address or URL: nothing to lint, something to look up.
    Domain,
    /// What was looked up about a domain, as JSON (see `live`).
    Live,
    /// An MTA-STS policy file (RFC 8461 §3.2), also inside an HTTP response.
    Policy,
    /// A TLS report (RFC 8460 §4).
    Report,
    /// The TXT record at `_smtp._tls` (RFC 8460 §3) in any written form.
    RptTxt,
    /// The same as decoded data: a JSON list of records, each a list of character-strings.
    RptTxtRdata,
    /// The TXT record at `_mta-sts` (RFC 8461 §3.1) in any written form.
    StsTxt,
    /// The same as decoded data: a JSON list of records, each a list of character-strings.
    StsTxtRdata,
}

impl Kind {
    /// Every kind that a person can paste. Facts of a live check are not among them.
    pub const ALL: [Self; 7] = [
        Self::Policy,
        Self::StsTxt,
        Self::RptTxt,
        Self::StsTxtRdata,
        Self::RptTxtRdata,
        Self::Report,
        Self::Domain,
    ];

    /// Its name in commands, JSON and links.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Live => "live",
            Self::Policy => "policy",
            Self::Report => "report",
            Self::RptTxt => "rpt-txt",
            Self::RptTxtRdata => "rpt-txt-rdata",
            Self::StsTxt => "sts-txt",
            Self::StsTxtRdata => "sts-txt-rdata",
        }
    }

    /// The kind with this name.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Live]).find(|kind| kind.word() == word)
    }

    /// What people call it, e.g. "MTA-STS policy".
    pub const fn title(self) -> &'static str {
        match self {
            Self::Domain => "Domain name",
            Self::Live => "Facts of a live check",
            Self::Policy => "MTA-STS policy",
            Self::Report => "TLS report",
            Self::RptTxt | Self::RptTxtRdata => "TLSRPT record (_smtp._tls)",
            Self::StsTxt | Self::StsTxtRdata => "MTA-STS record (_mta-sts)",
        }
    }
}

/// Something to lint.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The exact bytes. Spans count in them.
    pub source: &'a [u8],
    /// What to read it as; detected when absent.
    pub kind: Option<Kind>,
    /// The policy domain as A-labels, for the rules that compare with it.
    pub domain: Option<&'a str>,
    /// Whether `source` has the line ends that senders see. A text field turns all of them into
    /// LF, so for pasted text nothing can be said about them.
    pub line_ends_known: bool,
    /// The name of the file that it came in, without folders: that of a report says whom it is
    /// about (RFC 8460 §5.1).
    pub file_name: Option<&'a str>,
    /// An id that no record had yet, for repairs that need one: the caller makes it of the clock,
    /// like `20261122T035300` (RFC 8461 §3.1: 1 to 32 letters and digits; anything else is not used).
    pub fresh_id: Option<&'a str>,
}

impl<'a> Input<'a> {
    /// Bytes as a sender sees them, of a kind to detect.
    pub const fn new(source: &'a [u8]) -> Self {
        let line_ends_known = true;
        Self { source, kind: None, domain: None, line_ends_known, file_name: None, fresh_id: None }
    }
}

/// The answer to an input.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The form in which the artefacts stood in the input.
    pub form: Form,
    /// What was found in the input: mostly one, several when zone lines hold both records. Never
    /// empty.
    pub artefacts: Vec<Artefact>,
}

/// One linted artefact.
#[derive(Clone, Debug, PartialEq)]
pub struct Artefact {
    /// What it is (never one of the `rdata` kinds: those are forms of the record).
    pub kind: Kind,
    /// What senders read from it, as far as it is valid.
    pub parsed: Parsed,
    /// What the rules say, in the order of the text.
    pub findings: Vec<Finding>,
}

impl Artefact {
    /// What the findings add up to; none for what is recognised but not linted, or of which
    /// nothing is known.
    pub fn verdict(&self) -> Option<Verdict> {
        match self.parsed {
            Parsed::Domain(_) | Parsed::None => None,
            Parsed::Policy(_) | Parsed::Record(_) => Some(Verdict::of(&self.findings)),
            Parsed::Live(_) => Some(Verdict::of(&self.findings)),
            Parsed::Report(_) => Some(Verdict::of(&self.findings)),
        }
    }
}

impl Report {
    /// All findings of all artefacts.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.artefacts.iter().flat_map(|artefact| &artefact.findings)
    }

    /// The severity of the worst finding.
    pub fn worst(&self) -> Option<Severity> {
        self.findings().map(|finding| finding.rule.severity).min()
    }
}

/// The values that senders read from an artefact: present where valid, the first where repeated.
#[derive(Clone, Debug, PartialEq)]
pub enum Parsed {
    /// A domain name in lower case, taken from a name, address or URL.
    Domain(String),
    /// What was looked up, and what it comes to.
    Live(Box<live::Story>),
    /// Recognised but not read; or the answer of a look-up that failed.
    None,
    /// Values of a policy.
    Policy(policy::Values),
    /// Values of a record.
    Record(record::Values),
    /// Values of a report.
    Report(report::Values),
}

/// Lints an input.
pub fn lint(input: &Input) -> Report {
    let detected = detect::detect(input);
    let artefacts = match detected.kind {
        Kind::Domain => vec![Artefact {
            kind: Kind::Domain,
            parsed: detected.domain.map_or(Parsed::None, Parsed::Domain),
            findings: Vec::new(),
        }],
        Kind::Live => live::lint(input),
        Kind::Policy => vec![policy::lint(input)],
        Kind::Report => vec![report::lint(input)],
        Kind::RptTxt | Kind::RptTxtRdata | Kind::StsTxt | Kind::StsTxtRdata => {
            record::lint(input, detected.kind, detected.form)
        }
    };
    Report { form: detected.form, artefacts }
}

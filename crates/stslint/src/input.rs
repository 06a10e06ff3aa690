//! What there is to lint.

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
    /// Turns names outside ASCII into A-labels. Without it such a name has none: it is no domain, and
    /// nothing proposes how to write it.
    pub to_ascii: Option<ToAscii>,
}

/// Turns a name into A-labels by UTS #46, as the URL reader of browsers and the crate `idna` do; none
/// where there are none. It takes tables of all characters, so it comes from outside. What comes back
/// is looked at again: it need not be a host name.
pub type ToAscii = fn(&str) -> Option<String>;

impl<'a> Input<'a> {
    /// Bytes as a sender sees them, of a kind to detect.
    pub const fn new(source: &'a [u8]) -> Self {
        Self {
            source,
            kind: None,
            domain: None,
            line_ends_known: true,
            file_name: None,
            fresh_id: None,
            to_ascii: None,
        }
    }
}

/// The form in which an artefact stands in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The artefact itself: policy text, bare record value, report.
    Bare,
    /// Output of `dig`, `host` or `nslookup`.
    Dig,
    /// A DNS-over-HTTPS answer in JSON.
    DohJson,
    /// A mail address.
    EmailAddress,
    /// gzip data.
    Gzip,
    /// A whole HTTP response as `curl -i` prints it.
    HttpResponse,
    /// One or several quoted character-strings.
    Quoted,
    /// A JSON list of records, each a list of character-strings.
    RdataJson,
    /// A URL.
    Url,
    /// Zone-file lines with owner name.
    Zone,
}

/// How gzip data begins (RFC 1952 §2.3.1).
pub const GZIP: [u8; 2] = [0x1f, 0x8b];

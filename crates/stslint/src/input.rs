//! What there is to lint.

/// The name of the file that a policy host serves, below `/.well-known/` (RFC 8461 §3.2).
pub const POLICY_FILE: &str = "mta-sts.txt";

/// Where it serves that (RFC 8461 §3.2).
pub(crate) const POLICY_PATH: &str = "/.well-known/mta-sts.txt";

/// What an input is, however it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A domain name, mail address or URL: nothing to lint, something to look up.
    Domain,
    /// What was looked up about a domain, as JSON (see `live`).
    Live,
    /// An MTA-STS policy file (RFC 8461 §3.2).
    Policy,
    /// A TLS report (RFC 8460 §4).
    Report,
    /// The TXT record at `_smtp._tls` (RFC 8460 §3).
    RptTxt,
    /// The TXT record at `_mta-sts` (RFC 8461 §3.1).
    StsTxt,
    /// Nothing that there are rules for, or too little of it to tell.
    Unknown,
}

impl Kind {
    /// Its name in results.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Domain => "domain",
            Self::Live => "live",
            Self::Policy => "policy",
            Self::Report => "report",
            Self::RptTxt => "rpt-txt",
            Self::StsTxt => "sts-txt",
            Self::Unknown => "unknown",
        }
    }

    /// What people call it, e.g. "MTA-STS policy".
    pub const fn title(self) -> &'static str {
        match self {
            Self::Domain => "Domain name",
            Self::Live => "Facts of a live check",
            Self::Policy => "MTA-STS policy",
            Self::Report => "TLS report",
            Self::RptTxt => "TLSRPT record (_smtp._tls)",
            Self::StsTxt => "MTA-STS record (_mta-sts)",
            Self::Unknown => "Unknown",
        }
    }
}

/// What somebody says that an input is: its kind, and of a record that is decoded data its form. The
/// words for it are those of commands, documents and links, and mean the same for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declared {
    /// What it is.
    pub kind: Kind,
    /// How it is written; seen in the input when absent.
    pub form: Option<Form>,
}

impl Declared {
    /// Everything that can be said of what a person pastes. Facts of a live check are not pasted, and nobody
    /// says that something is unknown.
    pub const ALL: [Self; 7] = [
        Self::of(Kind::Policy),
        Self::of(Kind::StsTxt),
        Self::of(Kind::RptTxt),
        Self::data(Kind::StsTxt),
        Self::data(Kind::RptTxt),
        Self::of(Kind::Report),
        Self::of(Kind::Domain),
    ];

    /// Of this kind, in any form.
    pub const fn of(kind: Kind) -> Self {
        Self { kind, form: None }
    }

    /// A record as decoded data: a JSON list of records, each a list of character-strings.
    pub const fn data(kind: Kind) -> Self {
        Self { kind, form: Some(Form::RdataJson) }
    }

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match (self.kind, self.form) {
            (Kind::RptTxt, Some(Form::RdataJson)) => "rpt-txt-rdata",
            (Kind::StsTxt, Some(Form::RdataJson)) => "sts-txt-rdata",
            (kind, _) => kind.word(),
        }
    }

    /// What this word says.
    pub fn from_word(word: &str) -> Option<Self> {
        let others = [Self::of(Kind::Live), Self::of(Kind::Unknown)];
        let mut all = Self::ALL.into_iter().chain(others);
        all.find(|declared| declared.word() == word)
    }
}

impl From<Kind> for Declared {
    fn from(kind: Kind) -> Self {
        Self::of(kind)
    }
}

/// Something to lint.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The exact bytes. Spans count in them.
    pub source: &'a [u8],
    /// What to read it as; detected when absent.
    pub kind: Option<Kind>,
    /// How a record is written, where `kind` says that it is one; seen in it when absent.
    pub form: Option<Form>,
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
            form: None,
            domain: None,
            line_ends_known: true,
            file_name: None,
            fresh_id: None,
            to_ascii: None,
        }
    }

    /// The same input as somebody declared it. Who says that it is unknown says nothing.
    pub const fn declared(self, declared: Option<Declared>) -> Self {
        match declared {
            Some(Declared { kind: Kind::Unknown, .. }) => self,
            Some(Declared { kind, form }) => Self { kind: Some(kind), form, ..self },
            None => self,
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
    /// Inside another text, such as Markdown or program code.
    Inside,
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

/// The most bytes of a TLS report, unpacked, that the command and the npm package read.
pub const MAX_REPORT: usize = 20 << 20;

/// The most bytes of anything else that they read. Senders read 64 KiB of a policy (RFC 8461 §3.3).
pub const MAX_TEXT: usize = 1 << 20;

/// Why a text is not read, as the end of a sentence: it is larger than anything of its kind. None for one that is read.
pub fn too_large(source: &[u8], declared: Option<Declared>) -> Option<&'static str> {
    // Reports are objects of JSON (RFC 8460 §4.4), or packed ones.
    let may_be_report = declared.map_or_else(
        || source.starts_with(&GZIP) || source.trim_ascii_start().starts_with(b"{"),
        |declared| declared.kind == Kind::Report,
    );
    match source.len() {
        len if len > MAX_REPORT => Some("it has more than 20 MiB"),
        len if len > MAX_TEXT && !may_be_report => {
            Some("it has more than 1 MiB, and is not a TLS report")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_may_be_larger_than_anything_else() {
        let text = |start: &[u8], len: usize| [start, &vec![b' '; len - start.len()]].concat();
        let report = Some(Declared::of(Kind::Report));
        let policy = Some(Declared::of(Kind::Policy));
        for (source, declared, read) in [
            (text(b"", MAX_TEXT), None, true),
            (text(b"", MAX_TEXT + 1), None, false),
            (text(b"", MAX_TEXT + 1), report, true),
            (text(b"\n {", MAX_TEXT + 1), None, true),
            (text(&GZIP, MAX_TEXT + 1), None, true),
            (text(b"{", MAX_TEXT + 1), policy, false),
            (text(b"{", MAX_REPORT), None, true),
            (text(b"{", MAX_REPORT + 1), None, false),
            (text(b"{", MAX_REPORT + 1), report, false),
        ] {
            let start = String::from_utf8_lossy(&source[..3]);
            let told = too_large(&source, declared);
            assert_eq!(told.is_none(), read, "{start:?} {} {declared:?}", source.len());
        }
    }
}

//! What tools ask of the page around them. A tool knows no other tool: it hands over by one of these, or by a
//! [`Route`].

use crate::route::Route;
use crate::text::{Excess, LIMIT_WORDS, LINES, Settings, is_report};
use crate::ui::words::size;
use std::collections::BTreeSet;
use std::rc::Rc;
use web_sys::{File, FileSystemEntry};

/// Something that a tool wants done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Request {
    /// Go back a step.
    Back,
    /// Check a domain now, and compare what it serves with this draft of its policy.
    CheckDomain(String, Option<Rc<[u8]>>),
    /// Explain the rule with this code: beside the text, or in its place where something else is read there.
    Explain(&'static str),
    /// Show what a place in the page names.
    Follow(Route),
    /// Read reports together with others.
    Gather(Batch),
    /// What is shown from now on is at this place: a step of the tab's history, unless the page is there.
    Go(Route),
    /// Leave what is read in place of the text.
    Leave,
    /// Tell something.
    Notice(Notice),
    /// Open bytes that come from elsewhere.
    Open(Opened),
    /// Show what a domain may publish that it lacks.
    Propose(Proposal),
    /// Read something in place of the text.
    Read(Article),
    /// Open or close a dialog.
    Show(Dialog),
    /// Go to an address, as a link does.
    Visit(Route),
    /// Show the check that somebody shared; a text, if it can't be read as one.
    Snapshot(Opened),
}

impl Request {
    /// Opens what a file holds, if that is not too much.
    pub(crate) fn file(name: &str, bytes: Vec<u8>) -> Self {
        if let Some(excess) = Excess::of(&String::from_utf8_lossy(&bytes)) {
            return Self::too_much(
                &["The file ", name].concat(),
                Some(name.to_owned()),
                bytes,
                excess,
            );
        }
        Self::Open(Opened {
            bytes: Some(bytes),
            line_ends_known: true,
            file_name: Some(name.to_owned()),
            what: ["the file ", name].concat(),
            ..Opened::default()
        })
    }

    /// Reads what is too much to be shown without showing it, if it is a report; else tells that.
    pub(crate) fn too_much(
        what: &str,
        name: Option<String>,
        bytes: Vec<u8>,
        excess: Excess,
    ) -> Self {
        match is_report(&bytes) {
            true => Self::Gather(Batch::Bytes(name, bytes)),
            false => Self::refuse(what, excess),
        }
    }

    /// Tells that something is too big.
    pub(crate) fn refuse(what: &str, excess: Excess) -> Self {
        Self::Notice(Notice::problem(match excess {
            Excess::Bytes(bytes) => format!(
                "{what} is too big: {}. {LIMIT_WORDS}; a policy has a few hundred bytes.",
                size(bytes)
            ),
            Excess::Line(bytes) => format!(
                "{what} has a line of {}, longer than any policy or record can be.",
                size(bytes)
            ),
            Excess::Lines(lines) => format!(
                "{what} has {lines} lines, and up to {LINES} are read here. The command stslint lint takes more."
            ),
            Excess::Mixture => format!(
                "{what} can’t be shown: browsers take too long to draw a line that changes so often between ASCII and other characters."
            ),
        }))
    }
}

/// What a domain may publish that it lacks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Proposal {
    /// The domain, as A-labels.
    pub(crate) domain: String,
    /// What it lacks.
    pub(crate) lacks: Lack,
}

/// What a domain lacks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Lack {
    /// The policy, and with it the rest; its MX hosts.
    Policy(Vec<String>),
    /// The record at `_smtp._tls`.
    RptRecord,
    /// The record at `_mta-sts`.
    StsRecord,
}

/// Something that may hold reports which are not plain to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Packed {
    /// The name of the file; none for what was pasted.
    pub(crate) name: Option<String>,
    /// What it holds.
    pub(crate) bytes: Vec<u8>,
    /// Whether it is to be opened in the editor, and not to be taken together with others.
    pub(crate) alone: bool,
}

/// Something to tell, above the field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Notice {
    /// The words.
    pub(crate) text: String,
    /// Whether something went wrong.
    pub(crate) problem: bool,
    /// What can be done about it.
    pub(crate) remedy: Option<Remedy>,
}

/// What a notice offers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// To load the page again, as it was replaced by a newer one.
    Reload,
    /// To bring back the user's text, which was replaced.
    Restore,
    /// To try again what could not be loaded.
    Retry,
}

impl Notice {
    /// Something happened.
    pub(crate) fn note(text: impl Into<String>) -> Self {
        Self { text: text.into(), problem: false, remedy: None }
    }

    /// Something went wrong.
    pub(crate) fn problem(text: impl Into<String>) -> Self {
        Self { problem: true, ..Self::note(text) }
    }
}

/// What is open on top of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) enum Dialog {
    /// The checks that are kept in this browser.
    History,
    /// The inputs of a result that was opened.
    Imported,
    /// Nothing.
    #[default]
    None,
    /// What is to be published, and how.
    Publish,
    /// The explanation of a rule, by code, looked at beside the text.
    Rule(&'static str),
    /// The share dialog.
    Share,
}

/// What is read in place of the text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Article {
    /// The examples.
    Examples,
    /// TLS reports taken together.
    Reports,
    /// The explanation of a rule, by code.
    Rule(&'static str),
    /// The list of all rules.
    Rules,
    /// What senders make of a policy.
    Senders,
    /// What a domain is to publish when.
    Plan,
    /// What a domain is to publish, by choices.
    Setup,
}

impl Article {
    /// What it is called, also in the title of the tab.
    pub(crate) const fn title(self) -> &'static str {
        match self {
            Self::Examples => "Examples",
            Self::Reports => "TLS reports",
            Self::Rule(code) => code,
            Self::Rules => "All rules",
            Self::Senders => "Senders",
            Self::Plan => "Plan",
            Self::Setup => "Set up",
        }
    }
}

/// What may hold TLS reports.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Batch {
    /// What is in a file of this name, or was pasted.
    Bytes(Option<String>, Vec<u8>),
    /// Files and folders that were dropped.
    Dropped(Rc<[FileSystemEntry]>),
    /// Files.
    Files(Rc<[File]>),
    /// What a link carries: reports taken together, as bytes.
    Link(Vec<u8>),
    /// The text in the field.
    Text,
}

/// Bytes that come from elsewhere than the field.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Opened {
    /// The bytes; nothing when only settings came.
    pub(crate) bytes: Option<Vec<u8>>,
    /// Whether their line ends are what senders see.
    pub(crate) line_ends_known: bool,
    /// The name of the file that they are from.
    pub(crate) file_name: Option<String>,
    /// How to read them.
    pub(crate) settings: Settings,
    /// Whether to show invisible characters.
    pub(crate) invisible: bool,
    /// Whether the address names it.
    pub(crate) here: bool,
    /// What was opened: "the file mta-sts.txt".
    pub(crate) what: String,
    /// Where it is shown, if that is another place than the usual one.
    pub(crate) place: Option<Route>,
    /// What an earlier version found in them, if that is to be compared.
    pub(crate) found: Option<Found>,
}

/// The codes that an earlier version found.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Found {
    /// The codes; none if they could not be read.
    pub(crate) codes: Option<Rc<BTreeSet<String>>>,
}

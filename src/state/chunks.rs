//! The parts of the program that are loaded when they are first needed: what the rest of the page calls in them, and
//! how far they have come. Only loading takes time; once a table is there, everything goes through it at once.

use super::{Action, Dispatcher, State, View};
use crate::request::{Article, Batch, Dialog, Opened, Packed, Request};
use crate::route::Route;
use crate::text::{Analysis, Forms, Settings, Source, Text};
use crate::tools::{rules, share};
use crate::ui::element::El;
use std::any::Any;
use std::collections::BTreeSet;
use std::rc::Rc;
use stslint::live::facts::Facts;
use stslint::report::readiness::{Known, Readiness};

/// What is to be published.
#[derive(Debug)]
pub(crate) struct Build {
    /// What is kept of choices, when there is none yet.
    pub(crate) begin: fn() -> Box<dyn Any>,
    /// Does what an action asks for.
    pub(crate) update: fn(&mut dyn Any, Rc<dyn Any>),
    /// Takes the choices that the part of an address behind its `?` says.
    pub(crate) follow: fn(&mut dyn Any, &str),
    /// What a domain publishes, step by step.
    pub(crate) publish: fn(View) -> El,
    /// The choices, and what comes of them.
    pub(crate) view: fn(View) -> El,
    /// What to publish when.
    pub(crate) plan: fn(View) -> El,
}

/// Checks of domains.
#[derive(Debug)]
pub(crate) struct Check {
    /// What checks keep, when there is none yet.
    pub(crate) begin: fn() -> Box<dyn Any>,
    /// Does what an action asks for.
    pub(crate) update: fn(&mut dyn Any, Rc<dyn Any>, &Text) -> Vec<Request>,
    /// Shows a check that somebody shared; nothing if this is none.
    pub(crate) open: fn(&Opened) -> Option<Action>,
    /// Shows a place again with what this tab knows of it: a check, or those of a list.
    pub(crate) revisit: fn(&State, &Dispatcher, Route),
    /// Who is asked, and the way to change that.
    pub(crate) settings: fn(View) -> El,
    /// Checks a domain now, and compares what it serves with this draft of its policy.
    pub(crate) start: fn(&Dispatcher, String, Option<Rc<[u8]>>),
    /// The facts of a domain as this tab saw them last.
    pub(crate) facts: for<'s> fn(&'s State, &str) -> Option<&'s Facts>,
    /// The policy of a domain as this tab saw it last, and when.
    pub(crate) policy: fn(&State, &str) -> Option<(String, String)>,
    /// What is shown below the verdict; nothing where the text is one to lint.
    pub(crate) answers: fn(View) -> Option<El>,
    /// The verdict; nothing where the text is one to lint.
    pub(crate) verdict: fn(View) -> Option<El>,
    /// The check and its state, for the title of the tab; nothing where the text is one to lint.
    pub(crate) title: fn(&State) -> Option<String>,
    /// What screen readers are told; nothing where the text is one to lint.
    pub(crate) spoken: fn(&State) -> Option<String>,
    /// The way back from a text to the check that it was opened from.
    pub(crate) return_button: fn(View) -> El,
    /// The checks that are kept in this browser.
    pub(crate) history: fn(View) -> El,
    /// Whether a check is shown that found something.
    pub(crate) has_findings: fn(&State) -> bool,
    /// The check that is shown, as a text to share.
    pub(crate) shareable: fn(&State) -> Option<Shareable>,
    /// Checks the domain in the field, if there is one.
    pub(crate) enter: fn(&Dispatcher),
    /// What takes the questions of checks to those who can answer them.
    pub(crate) carrier: fn(&Dispatcher) -> Box<dyn Carry>,
}

/// A text to share, and how it is read.
pub(crate) type Shareable = (Rc<Source>, Settings);

/// Carries questions out and answers back.
pub(crate) trait Carry {
    /// After each drawing: takes on what has come up, drops what nobody wants to know any more.
    fn run(&mut self, state: &State, dispatcher: &Dispatcher);
}

/// TLS reports taken together.
#[derive(Debug)]
pub(crate) struct Reports {
    /// What is kept of them, when there is none yet.
    pub(crate) begin: fn() -> Box<dyn Any>,
    /// Does what an action asks for.
    pub(crate) update: fn(&mut dyn Any, Rc<dyn Any>) -> Vec<Request>,
    /// Shows what the part of an address behind its `?` says.
    pub(crate) follow: fn(&mut dyn Any, &str),
    /// Reads what may hold reports.
    pub(crate) gather: fn(&State, &Dispatcher, Batch),
    /// After each drawing: keeps what was read for a reload, and brings it back after one.
    pub(crate) keep: fn(&State, &Dispatcher),
    /// What they come to, for the title of the tab.
    pub(crate) title: fn(&State) -> String,
    /// Whether a domain can be enforced, by them; none where there are none.
    pub(crate) readiness: for<'s> fn(&'s State, &str, &Known) -> Option<Readiness<'s>>,
    /// What they come to.
    pub(crate) view: fn(View) -> El,
}

/// The rules.
#[derive(Debug)]
pub(crate) struct Rules {
    /// Does what an action asks for.
    pub(crate) update: fn(&mut rules::state::State, rules::state::Action) -> Vec<Request>,
    /// A rule.
    pub(crate) rule: fn(&str, View) -> El,
    /// The list of rules.
    pub(crate) list: fn(View) -> El,
    /// Reads the rules' explanations from the text of their file. Gives whether that worked.
    pub(crate) explain: fn(&str) -> bool,
}

/// Reports out of what they travel in.
#[derive(Debug)]
pub(crate) struct Intake {
    /// Opens what is in a file or in what was pasted.
    pub(crate) open: fn(&Dispatcher, Packed),
}

/// The way in for what somebody shared. Apart from the way out, as whoever opens a link waits for nothing else.
#[derive(Debug)]
pub(crate) struct Link {
    /// Opens a text or a check that somebody shared.
    pub(crate) open: fn(Dispatcher, String),
}

/// What senders make of a policy, and what they do with a message.
#[derive(Debug)]
pub(crate) struct Senders {
    /// What is kept of it, when there is none yet.
    pub(crate) begin: fn() -> Box<dyn Any>,
    /// Does what an action asks for.
    pub(crate) update: fn(&mut dyn Any, Rc<dyn Any>),
    /// Shows what the part of an address behind its `?` says.
    pub(crate) follow: fn(&mut dyn Any, &str),
    /// What senders make of the policy in the field, in a line; empty where there is none.
    pub(crate) line: fn(View) -> El,
    /// All of it.
    pub(crate) view: fn(View) -> El,
}

/// What leaves the page and comes back: links, results, examples.
#[derive(Debug)]
pub(crate) struct Share {
    /// Does what an action asks for.
    pub(crate) update: fn(&mut share::state::State, share::state::Action) -> Vec<Request>,
    /// What differs between the codes that were found once, if they can be read, and what is found now.
    pub(crate) difference: fn(Option<&BTreeSet<String>>, &Analysis) -> String,
    /// Ways to share or save.
    pub(crate) view: fn(View) -> El,
    /// The examples.
    pub(crate) examples: fn() -> El,
    /// The inputs of a result that was opened.
    pub(crate) imported: fn(View) -> El,
    /// Opens JSON from a file of this name, or that was pasted if it has none: it may be a result of stslint.
    pub(crate) import: fn(&Dispatcher, &str, Vec<u8>),
}

/// Why a part of the program did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Missing {
    /// It could not be loaded, which may be otherwise later.
    Failed,
    /// What is there belongs to another build of the page.
    Stale,
}

/// How far a part of the program has come.
#[derive(Debug, Default)]
pub(crate) enum Chunk<T: 'static> {
    /// It is on its way.
    Coming,
    /// It is there.
    Loaded(&'static T),
    /// It did not come.
    Missing,
    /// Nobody has asked for it yet.
    #[default]
    Unasked,
}

impl<T> Chunk<T> {
    /// The part, where it is there.
    pub(crate) fn loaded(&self) -> Option<&'static T> {
        match self {
            Self::Loaded(part) => Some(part),
            _ => None,
        }
    }

    fn begin(&mut self) -> bool {
        let begins = matches!(self, Self::Missing | Self::Unasked);
        if begins {
            *self = Self::Coming;
        }
        begins
    }

    fn fail(&mut self) {
        if self.loaded().is_none() {
            *self = Self::Missing;
        }
    }
}

/// Names the parts of the program: each with what the rest of the page calls in it.
macro_rules! parts {
    ($($(#[$doc:meta])+ $name:ident, $field:ident;)+) => {
        /// A part of the program.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum ChunkName {
            $($(#[$doc])+ $name,)+
        }

        impl ChunkName {
            /// All parts.
            pub(crate) const ALL: &[Self] = &[$(Self::$name),+];
        }

        /// A part of the program that came.
        #[derive(Clone, Copy, Debug)]
        pub(crate) enum Loaded {
            $($(#[$doc])+ $name(&'static $name),)+
        }

        /// All parts of the program but the one that starts.
        #[derive(Debug, Default)]
        pub(crate) struct Chunks {
            $($(#[$doc])+ pub(crate) $field: Chunk<$name>,)+
        }

        impl Chunks {
            fn is_there(&self, name: ChunkName) -> bool {
                match name {
                    $(ChunkName::$name => self.$field.loaded().is_some(),)+
                }
            }

            /// Notes that a part is asked for. Whether it has to be loaded for that.
            pub(super) fn begin(&mut self, name: ChunkName) -> bool {
                match name {
                    $(ChunkName::$name => self.$field.begin(),)+
                }
            }

            /// Notes that a part did not come.
            pub(super) fn fail(&mut self, name: ChunkName) {
                match name {
                    $(ChunkName::$name => self.$field.fail(),)+
                }
            }

            /// Takes a part that came.
            pub(super) fn put(&mut self, loaded: Loaded) {
                match loaded {
                    $(Loaded::$name(part) => self.$field = Chunk::Loaded(part),)+
                }
            }

            fn is_gone(&self, name: ChunkName) -> bool {
                match name {
                    $(ChunkName::$name => matches!(self.$field, Chunk::Missing),)+
                }
            }
        }
    };
}

parts! {
    /// What is to be published.
    Build, build;
    /// Checks of domains.
    Check, check;
    /// Everything that the engine reads.
    Forms, forms;
    /// Reports out of what they travel in.
    Intake, intake;
    /// The way in for what somebody shared.
    Link, link;
    /// TLS reports taken together.
    Reports, reports;
    /// The rules.
    Rules, rules;
    /// What senders make of a policy.
    Senders, senders;
    /// What leaves the page and comes back.
    Share, share;
}

impl Chunks {
    /// The parts that have to be there before an action can be carried out, and are not.
    pub(super) fn missing_for(&self, action: &Action) -> Vec<ChunkName> {
        needs(action).iter().copied().filter(|name| !self.is_there(*name)).collect()
    }

    /// The parts that did not come.
    pub(super) fn gone(&self) -> Vec<ChunkName> {
        ChunkName::ALL.iter().copied().filter(|name| self.is_gone(*name)).collect()
    }
}

/// The parts of the program that an action takes. What a tool asks for may take others; that waits in its turn.
fn needs(action: &Action) -> &'static [ChunkName] {
    match action {
        Action::At(_, action) => needs(action),
        Action::Check(_)
        | Action::Request(
            Request::Show(Dialog::History)
            | Request::Snapshot(..)
            | Request::CheckDomain(..)
            | Request::Follow(Route::Desk(_) | Route::List),
        )
        | Action::Enter => &[ChunkName::Check],
        Action::Build(_)
        | Action::Request(
            Request::Propose(_)
            | Request::Show(Dialog::Publish)
            | Request::Read(Article::Plan | Article::Setup)
            | Request::Follow(Route::Plan(_) | Route::Setup(_)),
        ) => &[ChunkName::Build],
        Action::Rules(_)
        | Action::Request(
            Request::Show(Dialog::Rule(_))
            | Request::Read(Article::Rule(_) | Article::Rules)
            | Request::Follow(Route::Rule(_) | Route::Rules(_)),
        ) => &[ChunkName::Rules],
        Action::Unpack(..) => &[ChunkName::Intake],
        Action::Gather(_)
        | Action::Reports(_)
        | Action::Request(Request::Read(Article::Reports) | Request::Follow(Route::Reports(_))) => {
            &[ChunkName::Reports]
        }
        Action::Senders(_)
        | Action::Request(Request::Read(Article::Senders) | Request::Follow(Route::Senders(_))) => {
            &[ChunkName::Senders]
        }
        Action::Import(..)
        | Action::Share(_)
        | Action::Request(
            Request::Show(Dialog::Imported | Dialog::Share)
            | Request::Read(Article::Examples)
            | Request::Follow(Route::Example(_) | Route::Examples),
        ) => &[ChunkName::Share],
        Action::Request(Request::Follow(Route::Shared(_))) => &[ChunkName::Link],
        _ => &[],
    }
}

//! How senders are shown: what they make of the policy, and what they do with a message.

mod matrix;
mod simulator;
mod source;
mod timeline;

use super::kept;
use super::state::{Action, Shown};
use super::subject::{Judged, Subject};
use crate::browser;
use crate::request::Article;
use crate::route::Route;
use crate::state::{Dispatcher, View};
use crate::text::Given;
use crate::ui::element::{El, el, link};
use crate::ui::words::prose;
use std::rc::Rc;
use stslint::live::setting;
use stslint::senders::scenarios::sample;
use stslint::senders::{Assumed, Served, Setting};
use yew::virtual_dom::{VComp, VNode};
use yew::{Component, Context, Html, Properties};

/// The longest policy of which senders are asked while it is typed, in bytes: longer ones when somebody wants to know.
const TYPED: usize = 16 * 1024;

/// What senders make of the policy in the field, in a line; empty where there is none.
pub(super) fn line(view: View) -> El {
    let subject = Subject::of(view.state).filter(|it| it.source.bytes.len() <= TYPED);
    el("div").child(subject.map(|subject| judge(subject, Part::Line, view)).unwrap_or_default())
}

/// All of it.
pub(super) fn view(view: View) -> El {
    let lead = el("p").class("lead").text(
        "Mail servers differ in what they take. These are models of twelve of them, written after their sources, beside one that does what RFC 8461 says.",
    );
    let subject = Subject::of(view.state);
    let (base, about) = base(subject.as_ref(), view);
    let shows =
        Shows { shown: kept(view.state).shown.clone(), dispatcher: view.dispatcher.clone() };
    let to_ascii = view.state.text.given.to_ascii;
    let body = match subject {
        Some(subject) => el("div").key("judged").child(judge(subject, Part::Whole, view)),
        None => el("div")
            .key("none")
            .child(el("p").text("Paste a policy, or check a domain, to see what they make of it.")),
    };
    el("div")
        .class("senders")
        .attr("data-testid", "senders")
        .child(lead)
        .child(body)
        .child(simulator::simulator(&base, about, to_ascii, &shows))
        .child(timeline::timeline(&base, to_ascii, &shows))
}

/// The domain that messages go to: that of the check, or one made up, with the policy of the text if there is one.
fn base(subject: Option<&Subject>, view: View) -> (Setting, El) {
    let say = |words: String| el("p").class("hint").attr("data-testid", "base").words(words);
    let facts = subject.and_then(|subject| {
        let domain = subject.settings.ascii_domain.as_deref()?;
        let check = view.state.chunks.check.loaded()?;
        (check.facts)(view.state, domain)
    });
    let seen = facts.and_then(|facts| setting(facts).ok());
    let of_check = seen.is_some();
    let mut base = seen.unwrap_or_else(sample);
    if let Some(subject) = subject.filter(|subject| subject.is_text || !of_check) {
        base.policy = Ok(Served::text(subject.as_served().bytes.clone()));
        base.assumed.retain(|what| *what != Assumed::Policy);
    }
    let domain = base.domain.clone();
    let about = match (of_check, subject) {
        (true, Some(subject)) if subject.is_text => format!(
            "The message goes to {domain} as the check saw it, with the policy in the field."
        ),
        (true, _) => format!("The message goes to {domain} as the check saw it."),
        (false, Some(_)) => format!(
            "The message goes to {domain}, a made-up domain with the policy in the field. Check your domain to see it with your mail servers."
        ),
        (false, None) => format!("The message goes to {domain}, a made-up domain."),
    };
    (base, say(about))
}

/// What is shown, and the way to show something else.
#[derive(Clone)]
pub(super) struct Shows {
    pub(super) shown: Shown,
    dispatcher: Dispatcher,
}

impl Shows {
    /// Shows something else; the address follows.
    pub(super) fn show(&self, change: impl FnOnce(&mut Shown)) {
        let mut shown = self.shown.clone();
        change(&mut shown);
        browser::replace_fragment(&shown.route().fragment());
        self.dispatcher.emit(Action::Show(shown).into());
    }
}

fn judge(subject: Subject, part: Part, view: View) -> VNode {
    let props = Props {
        subject,
        given: view.state.text.given.clone(),
        pointed: kept(view.state).pointed,
        part,
        dispatcher: view.dispatcher.clone(),
    };
    VNode::VComp(Rc::new(VComp::new::<Judge>(Rc::new(props), None)))
}

/// What is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// A line.
    Line,
    /// All.
    Whole,
}

/// What it is drawn from.
#[derive(PartialEq, Properties)]
struct Props {
    subject: Subject,
    given: Given,
    /// The place that is pointed at.
    pointed: Option<usize>,
    part: Part,
    dispatcher: Dispatcher,
}

/// Asks the models when the policy changes, and only then.
struct Judge {
    judged: Option<Judged>,
}

impl Component for Judge {
    type Message = ();
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        let Props { subject, given, .. } = ctx.props();
        Self { judged: subject.judged(given) }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        let Props { subject, given, .. } = ctx.props();
        if *subject != old.subject {
            self.judged = subject.judged(given);
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let Some(judged) = &self.judged else { return el("div").into() };
        match props.part {
            Part::Line => in_a_line(judged).into(),
            Part::Whole => matrix::matrix(judged, props).into(),
        }
    }
}

/// What it comes to, with the way to the rest.
fn in_a_line(judged: &Judged) -> El {
    let [policy, ..] = &judged.points;
    let to = link(Route::Senders(String::new()).fragment(), Article::Senders.title());
    el("p")
        .class("hint")
        .attr("data-testid", "senders-line")
        .child(to)
        .text(": ")
        .child(prose("span", &policy.join("; ")))
        .text(".")
}

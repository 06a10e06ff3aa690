//! How senders are shown: what they make of the policy, and what they do with a message.

mod matrix;
mod source;

use super::kept;
use super::subject::{Judged, Subject};
use crate::request::Article;
use crate::route::Route;
use crate::state::{Dispatcher, View};
use crate::text::Given;
use crate::ui::element::{El, el, link};
use crate::ui::words::prose;
use std::rc::Rc;
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
    let body = match Subject::of(view.state) {
        Some(subject) => el("div").key("judged").child(judge(subject, Part::Whole, view)),
        None => el("div")
            .key("none")
            .child(el("p").text("Paste a policy, or check a domain, to see what they make of it.")),
    };
    el("div").class("senders").attr("data-testid", "senders").child(lead).child(body)
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

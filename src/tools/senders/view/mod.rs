//! How senders are shown: what they make of the policy, and what they do with a message.

mod matrix;
mod simulator;
mod source;
mod timeline;

use super::kept;
use super::state::{Action, Shown};
use super::subject::{Judged, Subject, is_policy};
use crate::browser;
use crate::request::Article;
use crate::route::Route;
use crate::state::{Dispatcher, View};
use crate::text::Given;
use crate::ui::choice::Choice;
use crate::ui::element::{El, el, link};
use crate::ui::words::prose;
use std::rc::Rc;
use stslint::live::setting;
use stslint::senders::scenarios::sample;
use stslint::senders::verdict::answer;
use stslint::senders::{Assumed, Host, Served, Setting};
use stslint::{host, policy};
use yew::virtual_dom::{VComp, VNode};
use yew::{Callback, Component, Context, Html, Properties};

/// Most mail servers that are made up for a policy.
const NAMED: usize = 3;

/// The longest policy of which senders are asked while it is typed, in bytes: longer ones when somebody wants to know.
const TYPED: usize = 16 * 1024;

/// What senders make of the policy in the field, in a line; empty where there is none.
pub(super) fn line(view: View) -> El {
    let is_short = view.state.text.linted.bytes.len() <= TYPED;
    let subject = is_short.then(|| Subject::of(view.state)).flatten();
    let subject = subject.filter(|it| it.source.bytes.len() <= TYPED);
    el("div").child(subject.map(|subject| judge(subject, Part::Line, view)).unwrap_or_default())
}

/// All of it.
pub(super) fn view(view: View) -> El {
    let lead = el("p").class("lead").text(
        "Mail servers differ in what they take. These are models of twelve of them, written after their sources, beside one that does what RFC 8461 says.",
    );
    let subject = Subject::of(view.state);
    let (base, about) = base(subject.as_ref(), view);
    let shows = shows(view);
    let to_ascii = view.state.text.given.to_ascii;
    let body = match subject {
        Some(subject) => el("div").key("judged").child(judge(subject, Part::Whole, view)),
        None => el("div").key("none").child(el("p").text(match !is_policy(view.state) {
            true => "Paste a policy, or check a domain, to see what they make of it.",
            false => "The text in the field does not show the whole policy. Paste all of it, or check a domain, to see what they make of it.",
        })),
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
    let desk = match &view.state.places.route {
        Route::Desk(domain) => Some(domain.as_str()),
        _ => subject.and_then(|subject| subject.settings.ascii_domain.as_deref()),
    };
    let check = view.state.chunks.check.loaded();
    let facts = desk.and_then(|domain| (check?.facts)(view.state, domain));
    let seen = facts.and_then(|facts| setting(facts).ok());
    let of_check = seen.is_some();
    let mut base = seen.unwrap_or_else(sample);
    let text = subject.filter(|subject| subject.is_text);
    if let Some(text) = text {
        let served = text.as_served();
        // It may be a whole answer of a policy host.
        let (answer, _) = answer(&served.bytes);
        if !of_check {
            let named = named(answer.body);
            base.hosts = if named.is_empty() { base.hosts } else { named };
        }
        base.policy = Ok(Served {
            status: answer.status,
            content_type: answer.content_type.map(|media| media.map(str::to_owned)),
            body: answer.body.to_vec(),
        });
        base.assumed.retain(|what| *what != Assumed::Policy);
    }
    let domain = base.domain.clone();
    let about = match (of_check, text.is_some()) {
        (true, true) => format!(
            "The message goes to {domain} as the check saw it, with the policy in the field."
        ),
        (true, false) => format!("The message goes to {domain} as the check saw it."),
        (false, true) => format!(
            "The message goes to {domain}, a made-up domain with the policy in the field and mail servers that it names. Check your domain to see it with yours."
        ),
        (false, false) => format!("The message goes to {domain}, a made-up domain."),
    };
    let about = el("p").class("hint").attr("data-testid", "base").words(about);
    (base, about)
}

/// Mail servers that a policy names, all of them good.
fn named(policy: &[u8]) -> Vec<Host> {
    let values = policy::values(&String::from_utf8_lossy(policy));
    let name = |pattern: &String| match pattern.strip_prefix("*.") {
        Some(below) => ["mx.", below].concat(),
        None => pattern.clone(),
    };
    let names = values.mx.iter().map(name).filter(|name| host::is_host_name(name));
    names.take(NAMED).map(|name| Host::good(&name)).collect()
}

/// What is shown, and the way to show something else; the address follows.
pub(super) type Shows = Choice<Shown>;

fn shows(view: View) -> Shows {
    let dispatcher = view.dispatcher.clone();
    let show = move |shown: Shown| {
        browser::replace_fragment(&shown.route().fragment());
        dispatcher.emit(Action::Show(shown).into());
    };
    Choice::new(kept(view.state).shown.clone(), Callback::from(show))
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

//! What came of reading, drawn again only when something of it changes: totals of many reports take their time.

use super::{answer, busy, causes, choose, copies, domains, files, out, ready, time};
use crate::browser;
use crate::request::Request;
use crate::route::Route;
use crate::state::{Action as PageAction, Dispatcher, act};
use crate::tools::reports::address;
use crate::tools::reports::state::Action;
use crate::ui::choice::Choice;
use crate::ui::element::{El, Handler, el, handler};
use crate::ui::words::count;
use gloo_timers::callback::Timeout;
use std::rc::Rc;
use stslint::report::aggregate::{Comparison, Day, DomainTotals, Filter, Look, Totals};
use stslint_worker::Outcome;
use web_sys::File;
use yew::{Callback, Component, Context, Html, Properties};

/// Domains with failures whose causes are shown while none is chosen.
const CAUSES_OF: usize = 3;

/// What it is drawn from.
#[derive(PartialEq, Properties)]
pub(super) struct BoardProps {
    /// What came of all that was read.
    pub(super) read: Same,
    /// What is shown of it.
    pub(super) filter: Filter,
    /// The domain that is chosen, or the only one.
    pub(super) domain: Option<String>,
    /// The policy that a check in this tab saw, and when.
    pub(super) live: Option<(String, String)>,
    /// The policy that was pasted, if copies are compared with that.
    pub(super) pasted: Option<Rc<str>>,
    /// Since when the domain is in testing, where somebody says so.
    pub(super) testing_since: Option<Day>,
    /// Whether a link carries the addresses that sessions came from, and the words of reporters.
    pub(super) sources: bool,
    /// The link that was made.
    pub(super) link: Option<Result<Rc<str>, &'static str>>,
    /// Files that can be opened one by one.
    pub(super) files: Rc<[File]>,
    /// Whether some of it came by a link.
    pub(super) shared: bool,
    /// Whether it is too much to be kept for a reload.
    pub(super) too_much: bool,
    /// Today.
    pub(super) today: Day,
    /// A policy id that no record had yet.
    pub(super) fresh_id: String,
    /// The way to change what is shown.
    pub(super) dispatcher: Dispatcher,
}

/// An outcome. It is the same only if it is the same in memory: comparing many reports takes as long as drawing them.
pub(super) struct Same(pub(super) Rc<Outcome>);

impl PartialEq for Same {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl BoardProps {
    /// What a control does.
    pub(super) fn act(&self, action: impl Into<PageAction>) -> Handler {
        act(&self.dispatcher, action.into())
    }

    /// The filter, and the way to show something else: another domain is another step of the tab's history, anything else changes
    /// the address of this one.
    pub(super) fn choice(&self) -> Choice<Filter> {
        let (domain, dispatcher) = (self.filter.domain.clone(), self.dispatcher.clone());
        let choose = move |chosen: Filter| {
            let route = address::route(&chosen);
            // The address of a link stays what it is.
            let here = matches!(Route::parse(&browser::fragment()), Route::Reports(_));
            if here && chosen.domain == domain {
                browser::replace_fragment(&route.fragment());
                dispatcher.emit(Action::Filter(chosen).into());
            } else {
                dispatcher.emit(Request::Visit(route).into());
            }
        };
        Choice::new(self.filter.clone(), Callback::from(choose))
    }

    /// What a button does that shows something else.
    pub(super) fn show(&self, change: impl FnOnce(&mut Filter)) -> Handler {
        let mut chosen = self.filter.clone();
        change(&mut chosen);
        let (choice, moves) = (self.choice(), chosen.domain != self.filter.domain);
        handler(move |_| {
            choice.set(|filter| filter.clone_from(&chosen));
            // The button goes, and the focus with it, unless it is put somewhere.
            if moves {
                browser::focus_once_on_screen("reports-answer");
            }
        })
    }

    /// The same for a button that goes with what it takes away or narrows: the focus goes to the answer.
    pub(super) fn show_and_leave(&self, change: impl FnOnce(&mut Filter)) -> Handler {
        let show = self.show(change);
        handler(move |event| {
            browser::focus("reports-answer");
            show(event);
        })
    }

    /// The domain that is shown, in totals.
    pub(super) fn subject<'t, 'a>(&self, totals: &'t Totals<'a>) -> Option<&'t DomainTotals<'a>> {
        let name = self.domain.as_deref()?;
        let is_it = |domain: &&DomainTotals| {
            domain.domain.is_some_and(|domain| domain.eq_ignore_ascii_case(name))
        };
        totals.domains.iter().find(is_it)
    }
}

/// Reports that are looked at before the time is.
pub(super) const STEP: usize = 16;

/// Draws it, once all reports have been looked at: a part of them after the other, and the page goes on in between. What was
/// drawn before stays meanwhile.
pub(super) struct Board {
    look: Look,
    /// When the next part comes.
    next: Option<Timeout>,
    /// Whether something was drawn.
    is_drawn: bool,
    /// Whether somebody was told that what is drawn is to become something else.
    is_told: bool,
}

impl Component for Board {
    type Message = ();
    type Properties = BoardProps;

    fn create(ctx: &Context<Self>) -> Self {
        let mut board =
            Self { look: look(ctx.props()), next: None, is_drawn: false, is_told: false };
        board.go_on(ctx);
        board
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &BoardProps) -> bool {
        let props = ctx.props();
        let asks = |props: &BoardProps| (props.filter.clone(), props.domain.clone(), props.today);
        if props.read != old.read || asks(props) != asks(old) {
            self.look = look(props);
            self.go_on(ctx);
        }
        self.look.is_done()
    }

    fn update(&mut self, ctx: &Context<Self>, (): ()) -> bool {
        self.go_on(ctx);
        self.look.is_done()
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        match self.look.is_done() {
            true => board(props, &self.look).into(),
            false => {
                let title = el("h3").words(adding_up(props));
                let words = el("div").attr("role", "status").child(title);
                el("div").class("board").child(busy(words).key("answer")).into()
            }
        }
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        self.tell(ctx, false);
    }
}

impl Board {
    fn go_on(&mut self, ctx: &Context<Self>) {
        let begun = browser::now();
        while !self.look.go_on(&ctx.props().read.0.aggregate, STEP) {
            if browser::held_since(begun) {
                let link = ctx.link().clone();
                self.next = Some(Timeout::new(0, move || link.send_message(())));
                return self.tell(ctx, self.is_drawn);
            }
        }
        (self.next, self.is_drawn) = (None, true);
        self.tell(ctx, false);
    }

    /// Says that it is not done, or that it is.
    fn tell(&mut self, ctx: &Context<Self>, waits: bool) {
        if std::mem::replace(&mut self.is_told, waits) != waits {
            let props = ctx.props();
            let words = if waits { adding_up(props) } else { String::new() };
            props.dispatcher.emit(Action::Busy(words).into());
        }
    }
}

/// What the page asks about reports.
fn look(props: &BoardProps) -> Look {
    let domain = props.domain.as_deref();
    let asked = [props.filter.of_all_sessions(), props.filter.clone(), Filter::default()];
    let copies = domain.map(Comparison::filter);
    Look::new(asked.into_iter().chain(copies)).with_readiness(domain, props.today)
}

/// What is said as long as not all reports have been looked at.
fn adding_up(props: &BoardProps) -> String {
    format!("Adding up {}\u{a0}…", count(props.read.0.aggregate.len(), "report", "reports"))
}

fn board(props: &BoardProps, look: &Look) -> El {
    let aggregate = &props.read.0.aggregate;
    let seen = aggregate.seen(look);
    let whole = props.filter.of_all_sessions();
    let all = seen.totals(&whole);
    let some = (whole != props.filter).then(|| seen.totals(&props.filter));
    let some = some.as_ref().unwrap_or(&all);
    let every = (whole != Filter::default()).then(|| seen.totals(&Filter::default()));
    let every = every.as_ref().unwrap_or(&all);
    let ready = props.subject(&all).map(|_| ready::readiness(&seen, props));
    let ready = ready.as_ref();
    let body = el("div").class("board").child(answer::view(&all, ready, props).key("answer"));
    let files = files::view(&all, props).key("files");
    if aggregate.is_empty() {
        return body.child(files);
    }
    let body = body.child(choose::bar(every, props).key("filter"));
    let out = match (props.subject(some), ready) {
        (Some(domain), Some(ready)) => body.child(
            el("div")
                .key("columns")
                .class("columns")
                .child(causes::section(domain, some, ready.mode, props))
                .child(
                    el("div")
                        .class("beside")
                        .child(ready::section(domain, ready, props))
                        .child(time::section(domain, some, props)),
                ),
        ),
        _ => {
            let each = seen.readiness_of_each(props.today);
            let mut failing = el("div").key("failing").class("failing");
            for domain in some.domains.iter().filter(|it| !it.failures.is_empty()).take(CAUSES_OF) {
                let key = domain.domain.unwrap_or_default();
                let mode = each.get(key).and_then(|ready| ready.mode);
                failing = failing.child(causes::section(domain, some, mode, props).key(key));
            }
            body.child(domains::table(some, &each, props).key("domains")).child(failing)
        }
    };
    let out = match props.subject(some) {
        Some(domain) => out
            .child(choose::breakdown(domain, props).key("breakdown"))
            .child(copies::section(domain, &seen, props).key("copies")),
        None => out,
    };
    out.child(out::section(some, props).key("out")).child(files)
}

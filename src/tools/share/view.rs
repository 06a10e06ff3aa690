use super::address::address;
use super::export::{Export, Result as Exported};
use crate::browser;
use crate::browser::stream::{self, Failure};
use crate::request::{Dialog, Notice, Request};
use crate::route::Route;
use crate::state::{Action, Dispatcher, View, act};
use crate::text::{Analysis, Given, Settings, Source};
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, button, el};
use crate::ui::finding::{Explanations, pending};
use std::rc::Rc;
use stslint::share;
use wasm_bindgen_futures::spawn_local;
use yew::virtual_dom::{VComp, VNode};
use yew::{Callback, Component, Context, Html, Properties};

/// What is shared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Choice {
    Text,
    Settings,
    MarkdownLink,
    Save(Export),
}

/// Each choice with its id, its label and what it is good for.
const CHOICES: [(Choice, &str, &str, &str); 6] = [
    (
        Choice::Text,
        "share-text",
        "Link with the text",
        "Whoever opens it sees this text and these findings.",
    ),
    (
        Choice::Settings,
        "share-settings",
        "Link with settings only",
        "Carries what the text is read as and the policy domain.",
    ),
    (Choice::MarkdownLink, "share-markdownlink", "Markdown link", "For tickets, chats and wikis."),
    (
        Choice::Save(Export::Markdown),
        "share-report",
        "Markdown report",
        "The verdict and all findings as text, with date and version.",
    ),
    (
        Choice::Save(Export::Json),
        "share-json",
        "JSON result",
        "For programs. Opened here, it is checked again.",
    ),
    (
        Choice::Save(Export::Sarif),
        "share-sarif",
        "SARIF",
        "For code scanning and editors. Without the text itself.",
    ),
];

/// Bytes of a result that are shown. All of it is copied and saved.
const SHOWN: usize = 64 * 1024;

#[derive(PartialEq, Properties)]
pub(crate) struct ShareProps {
    source: Rc<Source>,
    settings: Settings,
    analysis: Rc<Analysis>,
    given: Given,
    invisible: bool,
    explanations: Explanations,
    dispatcher: Dispatcher,
    /// Whether there is a text to share.
    has_text: bool,
    /// Whether it is what was looked up about a domain.
    is_live: bool,
}

/// Ways to send this to a colleague. A component, so that choice and packed text go away with it.
pub(crate) struct ShareView {
    choice: Choice,
    /// The packed text; nothing while it is being packed.
    packed: Option<Result<Vec<u8>, Failure>>,
}

/// What is chosen, or what packing came to.
pub(crate) enum Message {
    Choose(Choice),
    Packed(Result<Vec<u8>, Failure>),
}

/// Ways to send this to a colleague.
pub(crate) fn share_view(view: View) -> El {
    let state = view.state;
    let text = &state.text;
    let check = state.chunks.check.loaded().and_then(|check| (check.shareable)(state));
    let is_live = check.is_some();
    let (source, settings, analysis) = match check {
        Some((source, settings)) => {
            let analysis = Rc::new(Analysis::of(&source, &settings, &text.given));
            (source, settings, analysis)
        }
        None => (Rc::clone(&text.source), text.settings.clone(), Rc::clone(&text.analysis)),
    };
    let props = Rc::new(ShareProps {
        source,
        settings,
        analysis,
        given: text.given.clone(),
        invisible: state.lint.invisible && !is_live,
        explanations: state.explanations,
        dispatcher: view.dispatcher.clone(),
        has_text: !text.is_blank() && text.too_big.is_none(),
        is_live,
    });
    el("div").child(VNode::VComp(Rc::new(VComp::new::<ShareView>(props, None))))
}

impl Component for ShareView {
    type Message = Message;
    type Properties = ShareProps;

    fn create(ctx: &Context<Self>) -> Self {
        // Nothing can change the text while the dialog is open, so it is packed once.
        let (source, link) = (Rc::clone(&ctx.props().source), ctx.link().clone());
        spawn_local(async move {
            link.send_message(Message::Packed(stream::pack(&source.bytes).await));
        });
        let choice = if ctx.props().has_text { Choice::Text } else { Choice::Settings };
        Self { choice, packed: None }
    }

    fn update(&mut self, _: &Context<Self>, message: Message) -> bool {
        match message {
            Message::Choose(choice) => self.choice = choice,
            Message::Packed(packed) => self.packed = Some(packed),
        }
        true
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let mut choices = el("ul");
        for (choice, id, label, about) in CHOICES {
            let (label, about) = match choice {
                Choice::Text if ctx.props().is_live => (
                    "Link with this result",
                    "Whoever opens it sees what you see now, and that it is a snapshot of now.",
                ),
                Choice::Settings if ctx.props().is_live => (
                    "Link to check the domain",
                    "Carries the domain alone. Whoever opens it can look it up again.",
                ),
                _ => (label, about),
            };
            let link = ctx.link().clone();
            let choose = move |_| link.send_message(Message::Choose(choice));
            let radio = el("input")
                .attr("type", "radio")
                .attr("name", "share")
                .attr("id", id)
                .flag("disabled", !ctx.props().has_text && choice != Choice::Settings)
                .checked(self.choice == choice)
                .on("change", Rc::new(choose));
            let about = el("span").class("hint").text(about);
            let label = el("label").attr("for", id).child(el("span").text(label)).child(about);
            choices = choices.child(el("li").child(radio).child(label));
        }
        let legend = el("legend").class("visually-hidden").text("What to share");
        let is_link = !matches!(self.choice, Choice::Save(_));
        let note = el("p")
            .class("hint")
            .text("A link carries the text in the part after #, which browsers send to no server. ")
            .text("Whoever has the link can read it.");
        el("div")
            .class("share")
            .child(el("fieldset").child(legend).child(choices))
            .child(el("div").class("made").child(self.made(ctx.props())))
            .maybe(is_link.then_some(note))
            .into()
    }
}

impl ShareView {
    /// The text to copy, or why there is none.
    fn made(&self, props: &ShareProps) -> El {
        if let Choice::Save(export) = self.choice {
            let explained = props.analysis.len() == 0;
            let retry = act(&props.dispatcher, Action::Explanations(Explanations::Unasked));
            let pending = pending(props.explanations, retry).filter(|_| !explained);
            return pending.unwrap_or_else(|| saved(export, props));
        }
        let body = match &self.packed {
            _ if self.choice == Choice::Settings => None,
            None => return el("p").text("Packing the text …"),
            Some(Err(_)) => {
                return el("p")
                    .class("problem")
                    .text(
                        "This browser can’t pack texts into links (it has no CompressionStream). ",
                    )
                    .text("Update it, or share the Markdown report.");
            }
            Some(Ok(body)) => Some(body.clone()),
        };
        if props.is_live && self.choice == Choice::Settings {
            let route = Route::Desk(props.settings.domain.clone());
            return made_view("Link", browser::page_address() + &route.fragment(), None);
        }
        let address = address(&props.source, &props.settings, props.invisible, body);
        if self.choice == Choice::MarkdownLink {
            let title = props.analysis.headline.title.replace(['[', ']', '`'], "");
            return made_view("Link", format!("[{title}]({address})"), None);
        }
        made_view("Link", address, None)
    }
}

/// A result in some form, to copy and to save.
fn saved(export: Export, props: &ShareProps) -> El {
    let text = export.text(&Exported {
        source: &props.source,
        settings: &props.settings,
        given: &props.given,
        report: &props.analysis.report,
        home: &browser::home(),
        date: &browser::today(),
    });
    let (name, bytes) = (export.file_name(&props.source), text.clone().into_bytes());
    let about = format!("Download {name}");
    let dispatcher = props.dispatcher.clone();
    let save = move |_| {
        if browser::download(&name, export.media_type(), &bytes).is_err() {
            dispatcher.emit(Request::Show(Dialog::None).into());
            let words = "The browser refused the download. Copy the text instead.";
            dispatcher.emit(Request::Notice(Notice::problem(words)).into());
        }
    };
    let download = button("Download", Rc::new(save)).set("title", about);
    // With a key: another form is another thing to save.
    let label = match export {
        Export::Json => "JSON",
        Export::Markdown => "Report",
        Export::Sarif => "SARIF log",
    };
    made_view(label, text, Some(download))
}

/// The start of a text that is not too long to be shown.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(SHOWN)]
}

fn made_view(label: &'static str, text: String, download: Option<El>) -> El {
    let is_link = download.is_none();
    let rows = if is_link { "4" } else { "10" };
    let characters = text.chars().count();
    let advice = share::length_advice(characters).filter(|_| is_link);
    let cut = (text.len() > SHOWN && !is_link).then_some("Only the beginning is shown here.");
    let advice = advice.or(cut).unwrap_or_default();
    let shown = if is_link { &text } else { beginning(&text) };
    let field = el("textarea")
        .attr("readonly", "")
        .attr("rows", rows)
        .attr("aria-label", label)
        .attr("spellcheck", "false")
        .value(shown.to_owned());
    let hint = el("p").class("hint").words(format!("{characters} characters. {advice}"));
    let copy = copy_button("Copy", true, Callback::from(move |()| text.clone()));
    // With a key: a link and a report are different things to copy.
    let buttons = el("div").class("buttons").maybe(download).child(copy);
    el("div")
        .key(label)
        .child(field)
        .child(el("div").class("section-head").child(hint).child(buttons))
}

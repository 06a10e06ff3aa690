use super::copy_button::CopyButton;
use crate::analysis::{Analysis, Settings};
use crate::source::Source;
use crate::stream::{self, Failure};
use crate::{browser, link};
use std::rc::Rc;
use stslint::render::markdown::markdown;
use stslint::share;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

/// What is shared.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Choice {
    Text,
    Settings,
    MarkdownLink,
    Report,
}

const CHOICES: [(Choice, &str, &str); 4] = [
    (Choice::Text, "Link with the text", "Whoever opens it sees this text and these findings."),
    (
        Choice::Settings,
        "Link with settings only",
        "Carries what the text is read as and the policy domain.",
    ),
    (Choice::MarkdownLink, "Markdown link", "For tickets, chats and wikis."),
    (Choice::Report, "Markdown report", "The verdict and all findings as text, without a link."),
];

#[derive(PartialEq, Properties)]
pub(crate) struct ShareProps {
    pub(crate) source: Rc<Source>,
    pub(crate) settings: Settings,
    pub(crate) analysis: Rc<Analysis>,
    pub(crate) invisible: bool,
    /// Whether there is a text to share.
    pub(crate) has_text: bool,
}

/// Ways to send this to a colleague.
#[component]
pub(crate) fn ShareView(props: &ShareProps) -> Html {
    let has_text = props.has_text;
    let choice = use_state(|| if has_text { Choice::Text } else { Choice::Settings });
    let packed = use_state(|| None::<Result<Vec<u8>, Failure>>);
    {
        let packed = packed.setter();
        use_effect_with(props.source.clone(), move |source| {
            let source = source.clone();
            spawn_local(async move { packed.set(Some(stream::pack(&source.bytes).await)) });
        });
    }
    let radio = |(value, label, about): (Choice, &'static str, &'static str)| {
        let choose = choice.setter();
        let onchange = Callback::from(move |_: Event| choose.set(value));
        let id = format!("share-{value:?}").to_lowercase();
        html! {
            <li key={label}>
                <input type="radio" name="share" id={id.clone()} checked={*choice == value} {onchange}
                    disabled={!has_text && value != Choice::Settings} />
                <label for={id}><span>{ label }</span><span class="hint">{ about }</span></label>
            </li>
        }
    };
    let made = make(props, *choice, packed.as_ref());
    html! {
        <div class="share">
            <fieldset key="choices">
                <legend class="visually-hidden">{ "What to share" }</legend>
                <ul>{ for CHOICES.into_iter().map(radio) }</ul>
            </fieldset>
            <div class="made" key="made">{ made_view(*choice, made) }</div>
            <p class="hint" key="note">
                { "A link carries the text in the part after #, which browsers send to no server. " }
                { "Whoever has the link can read it." }
            </p>
        </div>
    }
}

/// The text to copy; nothing while it is being packed.
fn make(
    props: &ShareProps,
    choice: Choice,
    packed: Option<&Result<Vec<u8>, Failure>>,
) -> Option<Result<String, Failure>> {
    let address = |body| link::address(&props.source, &props.settings, props.invisible, body);
    let with_text = || packed.map(|packed| packed.clone().map(|body| address(Some(body))));
    match choice {
        Choice::Text => with_text(),
        Choice::Settings => Some(Ok(address(None))),
        Choice::MarkdownLink => {
            let title = props.analysis.headline.title.replace(['[', ']', '`'], "");
            with_text().map(|made| made.map(|address| format!("[{title}]({address})")))
        }
        Choice::Report => {
            let input = props.settings.input(&props.source);
            Some(Ok(markdown(&input, &props.analysis.report, &browser::today())))
        }
    }
}

fn made_view(choice: Choice, made: Option<Result<String, Failure>>) -> Html {
    let text = match made {
        None => return html! { <p>{ "Packing the text …" }</p> },
        Some(Err(_)) => {
            return html! {
                <p class="problem">
                    { "This browser can’t pack texts into links (it has no CompressionStream). " }
                    { "Update it, or share the Markdown report." }
                </p>
            };
        }
        Some(Ok(text)) => text,
    };
    let characters = text.chars().count();
    let advice = if choice == Choice::Report { None } else { share::length_advice(characters) };
    let (label, rows) = if choice == Choice::Report { ("Report", "10") } else { ("Link", "4") };
    html! {
        <>
            <textarea key="text" readonly=true {rows} aria-label={label} value={text.clone()}
                spellcheck="false" />
            <div class="section-head" key="row">
                <p class="hint">
                    { format!("{characters} characters. ") }{ advice.unwrap_or_default() }
                </p>
                <CopyButton primary=true text={Callback::from(move |()| text.clone())} />
            </div>
        </>
    }
}

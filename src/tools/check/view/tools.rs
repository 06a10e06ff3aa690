//! Who is asked, and what is kept: the settings of checks.

use super::super::history;
use super::super::kept;
use super::super::relay;
use super::super::state::Action;
use super::super::state::settings::{Resolver, Settings, relay_address};
use crate::request::{Notice, Request};
use crate::state::Dispatcher;
use crate::state::View;
use crate::ui::element::{El, Handler, button, el, name_field};
use std::rc::Rc;
use stslint_doh::resolvers::{RESOLVERS, Resolver as Known};
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};
use yew::TargetCast;

/// What stands for an address of the user's own in the list of resolvers.
const CUSTOM: &str = "custom";

fn set(dispatcher: &Dispatcher, settings: Settings) {
    dispatcher.emit(Action::Settings(settings).into());
}

/// The settings, one click away.
pub(super) fn folded(view: View) -> El {
    el("details")
        .class("live-settings")
        .child(el("summary").text("Change resolver, relay or history"))
        .child(settings_view(view))
}

/// The settings: the resolver at once, the rest one click away.
pub(crate) fn settings(view: View) -> El {
    el("div").class("live-settings").child(settings_view(view))
}

fn settings_view(view: View) -> El {
    let settings = &kept(view.state).settings;
    let mut resolvers = el("select").on("change", resolver_chosen(view));
    for known in &RESOLVERS {
        let chosen = !settings.custom && settings.resolver.id == known.id;
        let option = el("option").key(known.id).attr("value", known.id).flag("selected", chosen);
        resolvers = resolvers.child(option.text(known.name));
    }
    let custom = el("option").key(CUSTOM).attr("value", CUSTOM).flag("selected", settings.custom);
    resolvers = resolvers.child(custom.text("Another address …"));
    let note = Known::by_id(settings.resolver.id).filter(|_| !settings.custom).map(|known| {
        el("p").class("hint").words(format!("{}. ", known.note)).child(
            el("a")
                .attr("href", known.privacy)
                .attr("target", "_blank")
                .attr("rel", "noreferrer noopener")
                .text("Its privacy policy"),
        )
    });
    let label = |words| el("label").child(el("span").text(words));
    el("div")
        .class("live-choices")
        .child(
            el("div")
                .class("options")
                .child(label("Names are looked up by").child(resolvers))
                .child(custom_field(view).flag("hidden", !settings.custom)),
        )
        .child(el("p").class("hint").attr("data-testid", "privacy").words(privacy(view)))
        .child(note.unwrap_or_else(|| el("p").flag("hidden", true)))
        .child(
            el("details")
                .child(el("summary").text("Relay and history"))
                .child(relay_field(view))
                .child(history_field(view)),
        )
}

/// Who learns what by a check.
fn privacy(view: View) -> String {
    let settings = &kept(view.state).settings;
    let resolver = &settings.resolver.name;
    let names = format!("{resolver} sees the names that are looked up");
    match &settings.relay {
        Some(relay) => format!(
            "{names}; {} asks the domain’s servers for you, and sees its name.",
            relay.name()
        ),
        None => format!(
            "{names}, and the host of the policy sees a request from you. Nobody else learns of it."
        ),
    }
}

fn resolver_chosen(view: View) -> Handler {
    let (dispatcher, settings) = (view.dispatcher.clone(), kept(view.state).settings.clone());
    Rc::new(move |event: Event| {
        let value = event.target_unchecked_into::<HtmlSelectElement>().value();
        let mut settings = settings.clone();
        settings.custom = value == CUSTOM;
        let chosen = match Known::by_id(&value) {
            Some(known) => Some(Resolver::known(known)),
            None => Resolver::custom(&settings.custom_text),
        };
        if let Some(chosen) = chosen {
            settings.resolver = chosen;
        }
        set(&dispatcher, settings);
    })
}

fn custom_field(view: View) -> El {
    let settings = &kept(view.state).settings;
    let (dispatcher, before) = (view.dispatcher.clone(), settings.clone());
    let entered = move |event: Event| {
        let text = event.target_unchecked_into::<HtmlInputElement>().value();
        let mut settings = before.clone();
        if let Some(resolver) = Resolver::custom(&text) {
            settings.resolver = resolver;
        }
        settings.custom_text = text.into();
        set(&dispatcher, settings);
    };
    let wrong =
        !settings.custom_text.is_empty() && Resolver::custom(&settings.custom_text).is_none();
    let input = name_field(&settings.custom_text, "500", "https://dns.example/dns-query")
        .attr("aria-describedby", "resolver-problem")
        .state("aria-invalid", wrong)
        .on("input", Rc::new(entered));
    let problem = if wrong {
        "Not an address that begins with https://. The resolver stays as it was."
    } else {
        ""
    };
    el("div")
        .child(el("label").child(el("span").text("Its address for DNS over HTTPS")).child(input))
        .child(el("p").class("problem").attr("id", "resolver-problem").text(problem))
}

fn relay_field(view: View) -> El {
    let settings = &kept(view.state).settings;
    let own = settings.relay.as_ref().is_some_and(|relay| relay.own);
    let (dispatcher, before) = (view.dispatcher.clone(), settings.clone());
    let entered = move |event: Event| {
        let text = event.target_unchecked_into::<HtmlInputElement>().value();
        let settings = Settings { relay_text: text.into(), ..before.clone() };
        relay::meet(&dispatcher, settings);
    };
    let input = name_field(&settings.relay_text, "500", "https://lint.example.com/")
        .attr("aria-describedby", "relay-says")
        .on("change", Rc::new(entered));
    let wrong = !settings.relay_text.is_empty() && relay_address(&settings.relay_text).is_none();
    let says = match (&settings.relay, &settings.relay_problem) {
        _ if wrong => "Not an address that begins with https://, so no relay is used.".to_owned(),
        (_, Some(problem)) => format!("No relay is used: {problem}."),
        (Some(relay), None) => format!(
            "Policies are fetched by {}{}, so it learns the names of the domains.",
            relay.name(),
            if relay.mx { ", which also looks at mail hosts" } else { "" }
        ),
        (None, None) => "Browsers may not read most policies. A relay that you trust can: \
                         `stslint serve` is one. None is used."
            .into(),
    };
    el("div")
        .class("setting")
        .child(el("label").flag("hidden", own).child(el("span").text("Relay")).child(input))
        .child(
            crate::ui::words::prose("p", &says)
                .class("hint")
                .attr("id", "relay-says")
                .attr("data-testid", "relay-says"),
        )
}

fn history_field(view: View) -> El {
    let settings = &kept(view.state).settings;
    let (dispatcher, before) = (view.dispatcher.clone(), settings.clone());
    let toggled = move |event: Event| {
        let on = event.target_unchecked_into::<HtmlInputElement>().checked();
        let done = history::keep(on);
        if !done {
            let words = "This browser does not let the page keep anything.";
            dispatcher.emit(Request::Notice(Notice::problem(words)).into());
        }
        set(&dispatcher, Settings { keep: on && done, ..before.clone() });
    };
    let input = el("input")
        .attr("type", "checkbox")
        .attr("id", "keep-history")
        .checked(settings.keep)
        .on("change", Rc::new(toggled));
    let show = {
        let dispatcher = view.dispatcher.clone();
        move |_| {
            let all = Action::History(Rc::new(history::all()));
            dispatcher.emit(all.into());
        }
    };
    el("div")
        .class("setting")
        .child(
            el("span").class("check").child(input).child(
                el("label")
                    .attr("for", "keep-history")
                    .text("Keep my checks in this browser, to see what changed since"),
            ),
        )
        .child(button("Show them", Rc::new(show)).class("quiet").flag("hidden", !settings.keep))
}

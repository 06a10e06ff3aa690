use super::app::View;
use crate::browser;
use crate::link::kind_label;
use crate::state::Action;
use stslint::Kind;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

/// How the text is read.
pub(crate) fn options(view: View) -> Html {
    let settings = &view.state.settings;
    let onchange = {
        let dispatcher = view.dispatcher.clone();
        Callback::from(move |event: Event| {
            let select: HtmlSelectElement = event.target_unchecked_into();
            dispatcher.dispatch(Action::Kind(Kind::from_word(&select.value())));
        })
    };
    let oninput = {
        let dispatcher = view.dispatcher.clone();
        Callback::from(move |event: InputEvent| {
            let input: HtmlInputElement = event.target_unchecked_into();
            let domain = input.value();
            let ascii = browser::ascii_domain(&domain);
            dispatcher.dispatch(Action::Domain(domain, ascii));
        })
    };
    let option = |kind: Kind| {
        let selected = settings.kind == Some(kind);
        html! { <option key={kind.word()} value={kind.word()} {selected}>{ kind_label(kind) }</option> }
    };
    let unusable = !settings.domain.trim().is_empty() && settings.ascii_domain.is_none();
    html! {
        <>
            <label key="kind">
                <span>{ "Read as" }</span>
                <select {onchange}>
                    <option key="auto" value="" selected={settings.kind.is_none()}>
                        { "Detect automatically" }
                    </option>
                    { for Kind::ALL.into_iter().map(option) }
                </select>
            </label>
            <label key="domain">
                <span>{ "Policy domain (optional)" }</span>
                <input type="text" inputmode="url" placeholder="example.com" value={settings.domain.clone()}
                    autocomplete="off" autocapitalize="off" spellcheck="false" maxlength="255" {oninput}
                    aria-invalid={unusable.to_string()} />
            </label>
        </>
    }
}

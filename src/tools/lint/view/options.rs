use crate::browser;
use crate::state::Action;
use crate::state::View;
use crate::ui::element::{El, el, name_field, siblings};
use std::rc::Rc;
use stslint::render::words::form_words;
use stslint::{Declared, Kind};
use web_sys::{Event, HtmlInputElement, HtmlSelectElement};
use yew::{Html, TargetCast};

/// How the text is read, and the way to change that.
pub(crate) fn options(view: View) -> Html {
    let text = &view.state.text;
    let hidden = text.is_blank() || text.too_big.is_some();
    let unusable = !text.settings.domain.trim().is_empty() && text.settings.ascii_domain.is_none();
    let words = el("span").attr("data-testid", "read-as").words(read_as(view));
    let details = el("details")
        .key("options")
        .attr("id", "reading")
        .flag("hidden", hidden)
        .child(el("summary").child(words).text(" · change"))
        .child(choices(view, unusable));
    siblings(vec![details])
}

/// What the text was taken for, and whose it is.
fn read_as(view: View) -> String {
    let text = &view.state.text;
    let report = &text.analysis.report;
    let mut words = String::from("Read as: ");
    for (i, artefact) in report.artefacts.iter().enumerate() {
        words.push_str(if i > 0 { " · " } else { "" });
        words.push_str(&form_words(report.form, artefact.kind));
    }
    if report.artefacts.is_empty() {
        words.push('…');
    }
    if let Some(domain) = &text.settings.ascii_domain {
        words.push_str(" for ");
        words.push_str(domain);
    }
    words
}

fn choices(view: View, unusable: bool) -> El {
    let settings = &view.state.text.settings;
    let dispatcher = view.dispatcher.clone();
    let kind_chosen = move |event: Event| {
        let select: HtmlSelectElement = event.target_unchecked_into();
        dispatcher.emit(Action::ReadAs(Declared::from_word(&select.value())));
    };
    let dispatcher = view.dispatcher.clone();
    let domain_entered = move |event: Event| {
        let input: HtmlInputElement = event.target_unchecked_into();
        let domain = input.value();
        let ascii = browser::ascii_domain(&domain);
        dispatcher.emit(Action::Domain(domain, ascii));
    };
    let auto = el("option").key("auto").attr("value", "").text("Detect automatically");
    let mut kinds = el("select")
        .on("change", Rc::new(kind_chosen))
        .child(auto.flag("selected", settings.declared.is_none()));
    // Facts of a live check are not pasted, but links and results may hold them.
    let facts = settings.declared.filter(|declared| declared.kind == Kind::Live);
    for declared in Declared::ALL.into_iter().chain(facts) {
        let option = el("option").key(declared.word()).attr("value", declared.word());
        let option = option.flag("selected", settings.declared == Some(declared));
        kinds = kinds.child(option.text(label_of(declared)));
    }
    let domain = name_field(&settings.domain, "255", "example.com")
        .state("aria-invalid", unusable)
        .attr("aria-describedby", "domain-problem")
        .on("input", Rc::new(domain_entered));
    let label = |text| el("label").key(text).child(el("span").text(text));
    let problem = if unusable { "Not a domain name, so it is ignored." } else { "" };
    el("div")
        .class("options")
        .child(label("Read as").child(kinds))
        .child(label("Policy domain (optional)").child(domain))
        .child(el("p").key("problem").class("problem").attr("id", "domain-problem").text(problem))
}

/// How the settings name what a text can be read as.
fn label_of(declared: Declared) -> &'static str {
    match (declared.kind, declared.form) {
        (Kind::RptTxt, Some(_)) => "TLSRPT record as JSON data",
        (Kind::StsTxt, Some(_)) => "MTA-STS record as JSON data",
        (kind, _) => kind.title(),
    }
}

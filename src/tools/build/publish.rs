use super::choose::with_policy;
use super::state::Choices;
use crate::browser;
use crate::request::{Lack, Proposal, Request};
use crate::route::Route;
use crate::state::{Action, View};
use crate::text::Text;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, el, link, name_field};
use crate::ui::words::prose;
use std::rc::Rc;
use stslint::{Form, Kind, build};
use web_sys::{Event, HtmlInputElement};
use yew::{Callback, TargetCast};

/// What a domain publishes, step by step.
pub(super) fn publish(view: View) -> El {
    let (text, proposal) = (&view.state.text, view.state.proposal.as_ref());
    let domain = proposal.map(|proposal| proposal.domain.clone()).or_else(|| text.domain());
    let policy = policy(text, proposal);
    let shown = domain.as_deref().unwrap_or("your-domain.example");
    let mut steps = el("ol").class("publication");
    if let Some(policy) = &policy {
        steps = steps.child(file(policy, shown, view).key("file"));
    }
    for (key, about, line) in records(text, proposal, shown, view) {
        let lead = el("div").child(prose("p", about)).child(copied(line, domain.is_some()));
        steps = steps.child(el("li").key(key).child(lead));
    }
    let check = domain.clone().map(|domain| {
        let label = ["Check ", &domain].concat();
        let draft = policy.clone().map(|policy| Rc::from(policy.as_bytes()));
        let check = view.act(Request::CheckDomain(domain, draft));
        el("button").attr("type", "button").class("primary").on("click", check).words(label)
    });
    let then = match &check {
        Some(_) => {
            "Then see whether it is served as you meant it. DNS may take as long to show it as the old records live."
        }
        None => "Type your domain first: names and addresses follow from it.",
    };
    el("div")
        .class("rule")
        .child(field(domain.is_none() || !text.settings.domain.is_empty(), proposal, view))
        .child(steps)
        .child(el("p").text(then))
        .maybe(choices(proposal, domain.as_deref()))
        .child(el("div").class("buttons").maybe(check))
}

/// The way to more choices, where a domain is set up anew.
fn choices(proposal: Option<&Proposal>, domain: Option<&str>) -> Option<El> {
    let is_new = matches!(proposal.map(|it| &it.lacks), Some(Lack::Policy(_)));
    let chosen = Choices { domain: domain?.to_owned(), ..Choices::default() };
    let words = "More choices: mode, lifetime, wildcards, reports; records for Terraform, nsupdate and others";
    is_new
        .then(|| el("p").class("hint").child(link(Route::Setup(chosen.query()).fragment(), words)))
}

/// The text of the policy to publish, if it is about one.
fn policy(text: &Text, proposal: Option<&Proposal>) -> Option<String> {
    match proposal.map(|proposal| &proposal.lacks) {
        Some(Lack::Policy(hosts)) => return build::policy(hosts.iter().map(String::as_str)),
        Some(Lack::RptRecord | Lack::StsRecord) => return None,
        None => {}
    }
    let is_policy = text.analysis.report.artefacts.iter().any(|a| a.kind == Kind::Policy);
    // What stands around a policy, as in an answer of a host, is no part of the file.
    let is_file = is_policy && text.analysis.report.form == Form::Bare;
    is_file.then(|| text.source.with_crlf()).and_then(|bytes| String::from_utf8(bytes).ok())
}

/// The records to publish: what each is for, and its line in a zone file.
fn records(
    text: &Text,
    proposal: Option<&Proposal>,
    domain: &str,
    view: View,
) -> Vec<(&'static str, &'static str, String)> {
    let kinds: Vec<Kind> = text.analysis.report.artefacts.iter().map(|a| a.kind).collect();
    let has = |kind| proposal.is_none() && kinds.contains(&kind);
    let id = view.state.text.given.fresh_id.as_deref().unwrap_or("1");
    let own = |name: &str| zone_line(text, &[name, domain].concat());
    let tlsrpt = "So that failures are told to you: a TXT record, unless you have one. Write the address of a mailbox that exists.";
    let sts = "Last, what announces the policy: a TXT record with a new id, in the place of one that is there: two of them count as none. Change the id each time the policy changes, after the new file is served.";
    let new_rpt = || ("rpt", tlsrpt, build::rpt_record(domain));
    match proposal.map(|proposal| &proposal.lacks) {
        Some(Lack::RptRecord) => vec![new_rpt()],
        Some(Lack::StsRecord) => {
            let about = "What announces the policy that is served already: a TXT record. Change its id each time the policy changes.";
            vec![("sts", about, build::sts_record(domain, id))]
        }
        _ if has(Kind::StsTxt) => {
            vec![("sts", "Publish this TXT record once the policy is served.", own("_mta-sts."))]
        }
        _ if has(Kind::RptTxt) => vec![("rpt", "Publish this TXT record.", own("_smtp._tls."))],
        _ => vec![new_rpt(), ("sts", sts, build::sts_record(domain, id))],
    }
}

/// The record in the text as a line of a zone file.
fn zone_line(text: &Text, name: &str) -> String {
    let value = text.source.display.text.trim();
    match text.analysis.report.form {
        Form::Bare => [name, ". IN TXT \"", value, "\""].concat(),
        Form::Quoted => [name, ". IN TXT ", value].concat(),
        // The name stands in it.
        _ => value.to_owned(),
    }
}

/// The policy as a file, and where it goes.
fn file(policy: &str, domain: &str, view: View) -> El {
    let address = build::policy_address(domain);
    let where_to = el("div")
        .child(
            el("p")
                .text("First, the policy. Serve it as ")
                .child(el("code").text("text/plain"))
                .text(" at ")
                .child(el("code").words(address)),
        )
        .child(
            el("p").class("hint").child(el("code").words(["mta-sts.", domain].concat())).text(
                " needs an address in DNS, and a web server there with a certificate for that very name.",
            ),
        );
    el("li").child(with_policy(where_to, policy.to_owned(), view))
}

/// A line to copy, once it is whole.
fn copied(line: String, whole: bool) -> El {
    let text = line.clone();
    let copy = copy_button("Copy", false, Callback::from(move |()| text.clone()));
    el("div").class("publish").child(el("code").words(line)).child(copy.flag("disabled", !whole))
}

/// The domain, where it is not known from the text.
fn field(shown: bool, proposal: Option<&Proposal>, view: View) -> El {
    let settings = &view.state.text.settings;
    let dispatcher = view.dispatcher.clone();
    let entered = move |event: Event| {
        let domain = event.target_unchecked_into::<HtmlInputElement>().value();
        let ascii = browser::ascii_domain(&domain).filter(|domain| domain.contains('.'));
        dispatcher.emit(Action::Domain(domain, ascii));
    };
    let input = name_field(&settings.domain, "255", "example.com").on("input", Rc::new(entered));
    el("div")
        .class("setting")
        .flag("hidden", !shown || proposal.is_some())
        .child(el("label").child(el("span").text("Your mail domain")).child(input))
}

use super::choose::{facts, with_policy};
use super::state::Choices;
use crate::browser;
use crate::request::{Lack, Proposal, Request};
use crate::route::Route;
use crate::state::{Action, View};
use crate::text::Source;
use crate::ui::copy_button::copy_button;
use crate::ui::element::{El, el, link, name_field};
use crate::ui::words::prose;
use std::borrow::Cow;
use std::rc::Rc;
use stslint::build::outputs::quoted;
use stslint::build::wanted::asked;
use stslint::found::{Data, Entry, Found, found};
use stslint::live::Publishing;
use stslint::render::live::delegated;
use stslint::text::visible;
use stslint::{Kind, build};
use web_sys::{Event, HtmlInputElement};
use yew::{Callback, TargetCast};

/// What a domain publishes, step by step.
pub(super) fn publish(view: View) -> El {
    let (text, proposal) = (&view.state.text, view.state.proposal.as_ref());
    let found = match proposal {
        Some(_) => Found::default(),
        None => found(&text.settings.input(&text.source, &text.given)),
    };
    let named = || found.domain().map(str::to_owned);
    let domain = proposal.map(|proposal| proposal.domain.clone());
    let domain = domain.or_else(|| text.domain()).or_else(named);
    let policy = policy(&found, proposal);
    let shown = domain.as_deref().unwrap_or("your-domain.example");
    let mut steps = el("ol").class("publication");
    if let Some(policy) = &policy {
        steps = steps.child(file(policy, shown, view).key("file"));
    }
    let id = text.given.fresh_id.as_deref().unwrap_or("1");
    let records = records(&found, policy.is_some(), proposal, shown, id);
    let is_nothing = policy.is_none() && records.is_empty();
    for (number, Step { about, line, said }) in records.into_iter().enumerate() {
        let line = line.map(|line| copied(line, said || domain.is_some()));
        let lead = el("div").child(prose("p", &about)).maybe(line);
        steps = steps.child(el("li").number(number).child(lead));
    }
    let several = several(&found);
    let check = domain.clone().map(|domain| {
        let label = ["Check ", &domain].concat();
        let draft = policy.clone().map(|policy| Rc::from(policy.as_bytes()));
        let check = view.act(Request::CheckDomain(domain, draft));
        el("button").attr("type", "button").class("primary").on("click", check).words(label)
    });
    let then = match &check {
        // Below the field it is said already.
        None if !is_nothing => "",
        _ if is_nothing && several.is_some() => "Paste the one that you mean to publish it.",
        _ if is_nothing => {
            "What stands here is not the whole policy. Paste all of it to publish it."
        }
        _ => {
            "Then see whether it is served as you meant it. DNS may take as long to show it as the old records live."
        }
    };
    el("div")
        .class("rule")
        .child(field(domain.as_deref(), proposal, view))
        .maybe(several.map(|words| el("p").words(words)))
        .child(steps)
        .child(el("p").flag("hidden", then.is_empty()).text(then))
        .maybe(choices(proposal, domain.as_deref(), view))
        .child(el("div").class("buttons").maybe(check))
}

/// The way to more choices, where a domain is set up anew.
fn choices(proposal: Option<&Proposal>, domain: Option<&str>, view: View) -> Option<El> {
    let is_new = matches!(proposal.map(|it| &it.lacks), Some(Lack::Policy(_)));
    let domain = domain.filter(|_| is_new)?;
    let there = facts(Some(domain), view).map(Publishing::of);
    // Who asks for reports already knows where they go.
    let asks = there.is_some_and(|there| asked(&there.published(), &mut Vec::new()).is_some());
    let rua = if asks { String::new() } else { build::report_address(domain) };
    let chosen = Choices { domain: domain.to_owned(), rua, ..Choices::default() };
    let words = "More choices: mode, lifetime, wildcards, reports; records for Terraform, nsupdate and others";
    let way = link(Route::Setup(chosen.query()).fragment(), words);
    Some(el("p").class("hint").child(way))
}

/// The text of the policy to publish, if it is about one.
fn policy(found: &Found, proposal: Option<&Proposal>) -> Option<String> {
    match proposal.map(|proposal| &proposal.lacks) {
        Some(Lack::Policy(hosts)) => build::policy(hosts.iter().map(String::as_str)),
        Some(Lack::RptRecord | Lack::StsRecord) => None,
        None => {
            let policy = found.one_policy()?.as_bytes().to_vec();
            String::from_utf8(Source::exact(policy, false, &Source::default()).with_crlf()).ok()
        }
    }
}

/// Why none of several policies is published.
fn several(found: &Found) -> Option<String> {
    let count = found.others + 1;
    (count > 1).then(|| {
        format!("There are {count} policies in this text, and a domain serves one: none of them is published from here.")
    })
}

/// A record to publish.
struct Step {
    /// What it is for, or why it is not to be published from here.
    about: Cow<'static, str>,
    /// Its line in a zone file.
    line: Option<String>,
    /// Whether the text says all of its name.
    said: bool,
}

/// What announces the policy when there is none yet.
const NEW_STS: &str = "Last, what announces the policy: a TXT record with a new id, in the place of one that is there: two of them count as none. Change the id each time the policy changes, after the new file is served.";
/// What asks for reports when there is nothing yet that does.
const NEW_RPT: &str = "So that failures are told to you: a TXT record, unless you have one. Write the address of a mailbox that exists.";
/// The same where somebody has written them.
const OWN_STS: &str = "Last, what announces the policy: this TXT record, in the place of one that is there: two of them count as none. Where the policy changes, its id has to be another than before.";
const OWN_RPT: &str = "So that failures are told to you: this TXT record, in the place of one that is there: two of them count as none.";

/// The records to publish in their order.
fn records(
    found: &Found,
    with_policy: bool,
    proposal: Option<&Proposal>,
    domain: &str,
    id: &str,
) -> Vec<Step> {
    let new =
        |about: &'static str, line| Step { about: about.into(), line: Some(line), said: false };
    let new_rpt = || new(NEW_RPT, build::rpt_record(domain));
    match proposal.map(|proposal| &proposal.lacks) {
        Some(Lack::RptRecord) => return vec![new_rpt()],
        Some(Lack::StsRecord) => {
            let about = "What announces the policy that is served already: a TXT record. Change its id each time the policy changes.";
            return vec![new(about, build::sts_record(domain, id))];
        }
        Some(Lack::Policy(_)) | None => {}
    }
    let own = |kind, label, about| -> Vec<Step> {
        let entries = found.entries(kind, domain).into_iter();
        entries.map(|entry| step(&entry, label, about)).collect()
    };
    let (about_rpt, about_sts) = match with_policy {
        true => (OWN_RPT, OWN_STS),
        false => ("Publish this TXT record.", "Publish this TXT record once the policy is served."),
    };
    let mut rpt = own(Kind::RptTxt, "_smtp._tls", about_rpt);
    let mut sts = own(Kind::StsTxt, "_mta-sts", about_sts);
    // A policy goes with both.
    if with_policy && rpt.is_empty() {
        rpt.push(new_rpt());
    }
    if with_policy && sts.is_empty() {
        sts.push(new(NEW_STS, build::sts_record(domain, id)));
    }
    rpt.into_iter().chain(sts).collect()
}

/// One of the records that stand in the text.
fn step(entry: &Entry, label: &'static str, about: &'static str) -> Step {
    let domain = visible(&entry.domain);
    let about = match entry.data {
        Data::Value(_) => about.into(),
        Data::Alias(target, value) => {
            let value = value.unwrap_or("the whole value");
            (delegated(label, &domain, target, value) + ".").into()
        }
        Data::Cut => format!(
            "{label}.{domain}: the text shows only the beginning of this record. Paste the whole value to publish it."
        )
        .into(),
        Data::Several(count) => format!(
            "{label}.{domain}: there are {count} different records for this name in the text, and several count as none. Leave the one that you mean."
        )
        .into(),
    };
    let line = match entry.data {
        Data::Value(value) => {
            Some([label, ".", &entry.domain, ". IN TXT ", &quoted(value)].concat())
        }
        Data::Alias(..) | Data::Cut | Data::Several(_) => None,
    };
    Step { about, line, said: entry.said }
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

/// The field for the domain, where that is not known from the text.
fn field(domain: Option<&str>, proposal: Option<&Proposal>, view: View) -> El {
    let settings = &view.state.text.settings;
    let dispatcher = view.dispatcher.clone();
    let entered = move |event: Event| {
        let domain = event.target_unchecked_into::<HtmlInputElement>().value();
        let ascii = browser::ascii_domain(&domain).filter(|domain| domain.contains('.'));
        dispatcher.emit(Action::Domain(domain, ascii));
    };
    // Where it is what the dialog begins with. On a touch screen, that would bring up the keyboard.
    let first = domain.is_none() && browser::matches("(pointer: fine)");
    let input = name_field(&settings.domain, "255", "example.com")
        .on("input", Rc::new(entered))
        .flag("autofocus", first);
    let why = "Type your domain first: names and addresses follow from it.";
    el("div")
        .class("setting")
        .flag("hidden", domain.is_some() && settings.domain.is_empty() || proposal.is_some())
        .child(el("label").child(el("span").text("Your mail domain")).child(input))
        .child(el("p").class("hint").flag("hidden", domain.is_some()).text(why))
}

#[cfg(test)]
mod tests {
    use super::*;
    use stslint::Input;

    const POLICY: &str =
        "version: STSv1\nmode: enforce\nmx: mail.acme-mail.net\nmax_age: 2592000\n";
    const STS: &str = "_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=20260101;\"";
    const RPT: &str =
        "_smtp._tls.acme-mail.net. IN TXT \"v=TLSRPTv1; rua=mailto:tls@acme-mail.net\"";

    #[test]
    fn each_part_of_a_text_is_a_step_of_its_own() {
        let new_sts = "_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=7;\"";
        let new_rpt =
            "_smtp._tls.acme-mail.net. IN TXT \"v=TLSRPTv1; rua=mailto:tls-reports@acme-mail.net\"";
        let alone = "Publish this TXT record.";
        let later = "Publish this TXT record once the policy is served.";
        for (text, is_file, steps) in [
            (POLICY.to_owned(), true, vec![(NEW_RPT, new_rpt), (NEW_STS, new_sts)]),
            ([POLICY, "\n", STS, "\n"].concat(), true, vec![(NEW_RPT, new_rpt), (OWN_STS, STS)]),
            ([STS, "\n", RPT, "\n\n", POLICY].concat(), true, vec![(OWN_RPT, RPT), (OWN_STS, STS)]),
            ([STS, "\n", RPT, "\n"].concat(), false, vec![(alone, RPT), (later, STS)]),
            (RPT.to_owned(), false, vec![(alone, RPT)]),
            ("v=STSv1; id=20260101;".to_owned(), false, vec![(later, STS)]),
        ] {
            let found = found(&Input::new(text.as_bytes()));
            let file = policy(&found, None);
            assert_eq!(file, is_file.then(|| POLICY.replace('\n', "\r\n")), "{text}");
            let made = records(&found, file.is_some(), None, "acme-mail.net", "7");
            let made: Vec<_> = made
                .iter()
                .map(|it| (&*it.about, it.line.as_deref().unwrap_or_default()))
                .collect();
            assert_eq!(made, steps, "{text}");
        }
    }

    #[test]
    fn what_is_not_to_be_published_is_told() {
        for (text, says) in [
            (
                "_mta-sts.acme.org. IN CNAME acme._mta-sts.hoster.com.\nacme._mta-sts.hoster.com. IN TXT \"v=STSv1; id=1;\"\n",
                "_mta-sts.acme.org is a CNAME to acme._mta-sts.hoster.com, beside which no other record can stand: ",
            ),
            (
                "_smtp._tls IN CNAME acme.reports.example.\nacme.reports.example. IN TXT \"v=TLSRPTv1; rua=mailto:a@reports.example\"\n",
                "_smtp._tls.acme-mail.net is a CNAME to acme.reports.example, beside which no other record can stand: whoever runs that publishes it, or you",
            ),
            (
                "_smtp._tls | TXT | v=TLSRPTv1; rua=mailto:tls@acme-mail.n...\n",
                "_smtp._tls.acme-mail.net: the text shows only the beginning of this record.",
            ),
            (
                "_mta-sts IN TXT \"v=STSv1; id=1;\"\n_mta-sts IN TXT \"v=STSv1; id=2;\"\n",
                "_mta-sts.acme-mail.net: there are 2 different records for this name in the text, ",
            ),
        ] {
            let found = found(&Input::new(text.as_bytes()));
            let made = records(&found, false, None, "acme-mail.net", "7");
            let [Step { about, line: None, .. }] = &made[..] else { panic!("{text}") };
            assert!(about.starts_with(says), "{about}");
        }
        let sts = "_mta-sts IN TXT \"v=STSv1; id=1;\"\n_mta-sts.shop IN TXT \"v=STSv1; id=2;\"\n";
        let found = found(&Input::new(sts.as_bytes()));
        let made = records(&found, false, None, "acme-mail.net", "7");
        let lines: Vec<_> = made.iter().filter_map(|it| it.line.as_deref()).collect();
        let expected = [
            "_mta-sts.acme-mail.net. IN TXT \"v=STSv1; id=1;\"",
            "_mta-sts.shop.acme-mail.net. IN TXT \"v=STSv1; id=2;\"",
        ];
        assert_eq!(lines, expected);
        assert!(made.iter().all(|it| !it.said), "the copy waits for the domain");
    }

    #[test]
    fn of_several_policies_none_is_published() {
        let text =
            ["Before:\n\n", POLICY, "\nAfter:\n\n", &POLICY.replace("enforce", "testing")].concat();
        let found = found(&Input::new(text.as_bytes()));
        assert_eq!(policy(&found, None), None);
        assert!(several(&found).is_some_and(|words| words.contains("2 policies")));
    }
}

//! What a domain is to publish, by choices: the policy and the records, for whatever runs the domain's DNS.

use super::choose::{choices, domain, facts, hosts, look, with_policy, with_text};
use super::state::Choices;
use crate::request::Request;
use crate::route::Route;
use crate::state::View;
use crate::ui::choice::{Choice, field, option};
use crate::ui::copy_button::copied_line;
use crate::ui::element::{El, el, labelled, link, name_field, text_field};
use crate::ui::words::prose;
use std::borrow::Cow;
use std::rc::Rc;
use stslint::build::hosting::{Recipe, recipes, verify};
use stslint::build::outputs::{Format, USUAL_TTL};
use stslint::build::policy_address;
use stslint::build::providers::{Line, Naming, lines, seen};
use stslint::build::wanted::{Change, Publication, Record, Wanted};
use stslint::live::Publishing;
use stslint::live::facts::{Facts, Host};
use stslint::policy::{Mode, Values};
use stslint::render::live::{delegated, run_by};
use stslint::render::words::duration;
use stslint::text::visible;

/// Lifetimes to choose from, in seconds.
const AGES: [u64; 6] = [86_400, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_557_600];

/// The choices, and what comes of them.
pub(super) fn setup(view: View) -> El {
    let shows = choices(Route::Setup, view);
    let choices = &shows.now;
    let domain = domain(choices);
    let facts = facts(domain.as_deref(), view);
    let there = facts.map(Publishing::of);
    let there = there.as_ref();
    let hosts = hosts(choices, there);
    el("div")
        .class("setup")
        .attr("data-testid", "setup")
        .child(el("p").class("lead").text(
            "What to publish for MTA-STS and TLS reports, made for your domain. What it publishes already is changed, not overwritten, once the domain has been checked.",
        ))
        .child(form(&hosts, &served(there), &shows))
        .child(look(domain.as_deref(), there, view))
        .child(hosted(there))
        .child(providers(&hosts))
        .child(outcome(domain.as_deref(), &hosts, there, &shows, view))
        .child(together(facts))
}

/// What the policy says that senders use now: what nobody chose stays so.
fn served(there: Option<&Publishing>) -> Values {
    there.map(|there| there.served.clone()).unwrap_or_default()
}

fn mode(choices: &Choices, served: &Values) -> Mode {
    let is_wanted = |mode: &Mode| *mode != Mode::None;
    let chosen = Mode::from_word(&choices.mode).filter(is_wanted);
    chosen.or(served.mode.filter(is_wanted)).unwrap_or(Mode::Testing)
}

fn naming(choices: &Choices) -> Naming {
    if choices.naming == "wildcard" { Naming::Wildcard } else { Naming::Exact }
}

fn max_age(choices: &Choices, served: &Values) -> u64 {
    choices.max_age.parse().unwrap_or_else(|_| served.max_age_for(mode(choices, served)))
}

fn format(choices: &Choices) -> Format {
    Format::all().find(|format| format.word() == choices.format).unwrap_or(Format::Zone)
}

fn form(hosts: &[String], served: &Values, shows: &Choice<Choices>) -> El {
    let choices = &shows.now;
    let domain = name_field(&choices.domain, "255", "example.com")
        .on("input", shows.typed(|choices, value| choices.domain = value));
    let servers = if choices.mx.is_empty() { hosts.join("\n") } else { choices.mx.clone() };
    let servers = shows.lines(servers, |choices, value| choices.mx = value);
    let mut modes = el("select").on("change", shows.picked(|choices, value| choices.mode = value));
    for (is, words) in [
        (Mode::Testing, "testing: failures are only reported"),
        (Mode::Enforce, "enforce: no delivery without protection"),
    ] {
        modes = modes.child(option(is.word(), is == mode(choices, served), words.into()));
    }
    let age = max_age(choices, served);
    let mut ages =
        el("select").on("change", shows.picked(|choices, value| choices.max_age = value));
    for seconds in AGES {
        ages = ages.child(option(&seconds.to_string(), seconds == age, duration(seconds)));
    }
    if !AGES.contains(&age) {
        ages = ages.child(option(&age.to_string(), true, duration(age)));
    }
    let mut names =
        el("select").on("change", shows.picked(|choices, value| choices.naming = value));
    let wildcard = naming(choices) == Naming::Wildcard;
    for (word, chosen, words) in [
        ("exact", !wildcard, "each by its name"),
        ("wildcard", wildcard, "by a wildcard where a provider’s change"),
    ] {
        names = names.child(option(word, chosen, words.into()));
    }
    let rua = text_field(&choices.rua, "2000")
        .attr("placeholder", "tls-reports@example.com")
        .on("input", shows.typed(|choices, value| choices.rua = value));
    let mut formats =
        el("select").on("change", shows.picked(|choices, value| choices.format = value));
    for one in Format::all() {
        let chosen = one == format(choices);
        formats = formats.child(option(one.word(), chosen, one.name().into()));
    }
    el("div")
        .class("options")
        .child(field("Domain", domain))
        .child(field("Its mail servers, one per line", servers))
        .child(field("They are named", names))
        .child(field("Mode", modes))
        .child(field("Senders keep the policy for", ages))
        .child(field("Reports go to", rua))
        .child(field("Records are written for", formats))
}

/// Who runs the policy, where it is not the domain itself.
fn hosted(there: Option<&Publishing>) -> El {
    let hosted = there.and_then(|there| there.hosted);
    let words = hosted.map(|hosted| format!("The policy is run by {}.", run_by(hosted)));
    el("p").class("problem").flag("hidden", words.is_none()).words(words.unwrap_or_default())
}

/// What each of the neighbours protects, in which direction, and in which order they come.
const TOGETHER: [(&str, &str); 5] = [
    (
        "MTA-STS",
        "Mail to your domain, on its way between servers: it goes to the servers that you name, and only with a good certificate. It needs no DNSSEC.",
    ),
    (
        "TLS reports",
        "Tell you once a day how that went. Ask for them first: they say what would fail before anything does.",
    ),
    (
        "DANE",
        "The same way, by TLSA records in a signed zone (RFC 7672). A sender that knows both goes by DANE first (RFC 8461 §2). You may have both: not every sender has either.",
    ),
    (
        "SPF, DKIM",
        "The other direction: whether mail that says it is from your domain was sent by it. They encrypt nothing, and nothing here changes them.",
    ),
    (
        "DMARC",
        "What others do with mail that fails both, and reports about it. Its reports are not TLS reports. SPF and DKIM come before it.",
    ),
];

/// How MTA-STS fits with its neighbours, with what is known of the domain.
fn together(facts: Option<&Facts>) -> El {
    let hosts = || facts.into_iter().flat_map(|facts| facts.hosts.values());
    let known = hosts().filter(|host| host.tlsa.known().is_some()).count();
    let with = |host: &&Host| {
        let answer = host.tlsa.known();
        answer.and_then(|answer| answer.data()).is_some_and(|records| !records.is_empty())
    };
    let with = hosts().filter(with).count();
    let mut list = el("dl").class("facts");
    for (name, words) in TOGETHER {
        let seen = match name {
            "DANE" if known > 0 => {
                format!(" The check saw TLSA records at {with} of {known} mail servers.")
            }
            _ => String::new(),
        };
        list = list
            .child(el("dt").key(&["t", name].concat()).text(name))
            .child(el("dd").key(&["d", name].concat()).words([words, &seen].concat()));
    }
    el("details")
        .attr("data-testid", "together")
        .child(el("summary").text("How this fits with SPF, DKIM, DMARC and DANE"))
        .child(list)
}

/// Whose mail servers they are.
fn providers(hosts: &[String]) -> El {
    let mut list = el("ul").class("bullets hint").attr("data-testid", "providers");
    let seen = seen(hosts.iter().map(String::as_str));
    for (number, (provider, hosts)) in seen.iter().enumerate() {
        let hosts = visible(&hosts.join(", ")).replace('`', "'");
        let mut words = format!("{hosts}: {}", provider.name);
        words.push_str(&format!(" ({}, {})", provider.evidence.word(), provider.source));
        words.push('.');
        for note in [provider.note, provider.serves.note()].into_iter().flatten() {
            words.push_str(&format!(" {note}"));
        }
        list = list.child(prose("li", &words).number(number));
    }
    list.flag("hidden", seen.is_empty())
}

fn outcome(
    domain: Option<&str>,
    hosts: &[String],
    there: Option<&Publishing>,
    shows: &Choice<Choices>,
    view: View,
) -> El {
    let (choices, served) = (&shows.now, served(there));
    let section = el("section").attr("data-testid", "publication");
    let Some(domain) = domain else { return section.flag("hidden", true) };
    let lines = lines(hosts.iter().map(String::as_str), naming(choices));
    let unless_typed = there.filter(|_| choices.mx.is_empty());
    let to_ascii = view.state.text.given.to_ascii;
    let idle = unless_typed.map(|there| there.idle(domain, to_ascii)).unwrap_or_default();
    let named = lines.iter().map(|line| line.pattern.as_str());
    let mx: Vec<&str> = named.chain(idle.iter().map(String::as_str)).collect();
    let rua: Vec<&str> = choices.rua.split([',', ' ']).filter(|rua| !rua.is_empty()).collect();
    let wanted = Wanted {
        domain,
        mx: &mx,
        mode: mode(choices, &served),
        max_age: max_age(choices, &served),
        rua: &rua,
        id: view.state.text.given.fresh_id.as_deref().unwrap_or("1"),
        published: there.map(Publishing::published).unwrap_or_default(),
        to_ascii,
    };
    let made = match wanted.write() {
        Ok(made) => made,
        Err(error) => {
            return section.child(
                prose("p", &visible(&error.message())).class("problem").attr("role", "alert"),
            );
        }
    };
    let seen = there.is_some_and(|there| there.unknown.is_empty());
    let risk = lines.iter().find_map(Line::risk);
    let mut dropped = el("ul").class("bullets");
    for (number, line) in made.dropped.iter().enumerate() {
        dropped = dropped.child(el("li").number(number).child(el("code").words(visible(line))));
    }
    let ends = served.mode == Some(Mode::Enforce) && wanted.mode != Mode::Enforce;
    let weak = made.weak.as_ref().map(|weak| visible(&weak.message)).unwrap_or_default();
    section
        .child(el("p").class("problem").flag("hidden", !ends).text(
            "The policy that is served now is enforced. In mode testing nothing is: senders deliver mail without protection, too, and only report it.",
        ))
        .child(el("p").class("hint").flag("hidden", weak.is_empty()).words(format!("{weak}. It is so in the published policy, too.")))
        .child(el("p").class("hint").flag("hidden", risk.is_none()).text(risk.unwrap_or_default()))
        .child(el("p").class("hint").flag("hidden", idle.is_empty()).words(format!(
            "No mail server of now matches {}. These lines stay, as servers that are to come need theirs before the MX records change.",
            visible(&idle.join(", "))
        )))
        .child(file(&made, seen, view))
        .child(hosting(&made, shows, view))
        .child(records(&made, there, seen, choices, view))
        .child(
            el("div")
                .flag("hidden", made.dropped.is_empty())
                .child(el("p").text("Left out of what is published, as no sender can use it:"))
                .child(dropped),
        )
        .child(then(&made, view))
        .child(el("p").child(link(plan(choices), "When to publish what: the plan, with days")))
}

/// What something is beside what is there, and how it begins; `seen` says whether anybody looked.
fn what(change: Change, seen: bool, begins: &str) -> Cow<'static, str> {
    let words = match change {
        Change::Changed => "in the place of what is there",
        Change::New if seen => "new",
        Change::New => "in the place of one that may be there",
        Change::Same => "as it is already",
        Change::OneForSeveral => {
            return format!(
                "in the place of the several ones there, of which senders use none: delete all that start with `{begins}`"
            )
            .into();
        }
    };
    words.into()
}

fn file(made: &Publication, seen: bool, view: View) -> El {
    let where_to = el("div")
        .child(el("h3").words(format!("1. The policy, {}", what(made.policy_change, seen, ""))))
        .child(
            el("p")
                .text("Serve it as ")
                .child(el("code").text("text/plain"))
                .text(" at ")
                .child(el("code").words(policy_address(&made.domain)))
                .text(", with a certificate for that very name and without a redirect."),
        );
    with_policy(where_to, made.policy.clone(), view)
}

/// How the policy is served, for one way to host at a time.
fn hosting(made: &Publication, shows: &Choice<Choices>, view: View) -> El {
    let chosen = Recipe::of(&shows.now.host);
    let mut ways = el("select").on("change", shows.picked(|choices, value| choices.host = value));
    ways = ways.child(option("", chosen.is_none(), "another way".into()));
    for recipe in recipes() {
        let is_it = chosen.is_some_and(|chosen| chosen.word == recipe.word);
        ways = ways.child(option(recipe.word, is_it, recipe.name.into()));
    }
    let root = el("div")
        .attr("data-testid", "hosting")
        .child(el("div").class("options").child(field("It is served by", ways)));
    let Some(recipe) = chosen else { return root };
    let mut files = el("div");
    for file in recipe.files(&made.domain, &made.policy) {
        let path = el("p").child(el("code").words(file.path.clone()));
        let path = el("div").key(&file.path).child(path);
        files = files.child(with_text(path, file.path, file.text, None, view));
    }
    let mut verified = el("div");
    for (number, line) in verify(&made.domain).lines().enumerate() {
        verified = verified.child(copied_line(line.to_owned()).number(number));
    }
    root.child(prose("p", recipe.dns))
        .child(files)
        .child(prose("p", recipe.steps))
        .child(prose("p", &format!("Known and wrong: {}", recipe.wrong)).class("departs"))
        .child(el("p").text("Then see whether it is right:"))
        .child(verified)
}

fn records(
    made: &Publication,
    there: Option<&Publishing>,
    seen: bool,
    choices: &Choices,
    view: View,
) -> El {
    let chosen = format(choices);
    let alias = |record: &Record| there?.alias(record, &made.domain);
    let own: Vec<Record> = made.records.iter().filter(|it| alias(it).is_none()).cloned().collect();
    let text = chosen.write(&own, &made.domain, &made.domain, USUAL_TTL);
    let name = format!("{}.{}", made.domain, chosen.ending());
    let mut list = el("ul").class("bullets");
    for record in &made.records {
        let about = match record.label {
            "_mta-sts" => "announces the policy; publish it once the policy is served",
            _ => "asks for reports",
        };
        let words = match alias(record) {
            Some(target) => delegated(record.label, &made.domain, target, &record.value) + ".",
            None => format!(
                "`{}`, {}: {about}.",
                record.label,
                what(record.change, seen, record.begins())
            ),
        };
        list = list.child(prose("li", &words).key(record.label));
    }
    let asks = made.records.iter().any(|record| record.label == "_smtp._tls");
    let without = match there.and_then(|there| there.rpt.as_ref()) {
        Some(_) => {
            "`_smtp._tls`: the record there asks for no reports that can be sent. Say where reports go to write another in its place."
        }
        None => {
            "`_smtp._tls`: left out, as nothing is said of where reports go. Without them nobody tells you which mail fails."
        }
    };
    if !asks {
        list = list.child(prose("li", without).key("without"));
    }
    let told = el("div").child(el("h3").text("2. The records")).child(list);
    with_text(told, "Records".into(), text, Some(("Download", name)), view)
}

/// The way to the plan for the same domain.
fn plan(choices: &Choices) -> String {
    let chosen =
        Choices { domain: choices.domain.clone(), mx: choices.mx.clone(), ..Choices::default() };
    Route::Plan(chosen.query()).fragment()
}

fn then(made: &Publication, view: View) -> El {
    let draft: Option<Rc<[u8]>> = Some(Rc::from(made.policy.as_bytes()));
    let check = view.act(Request::CheckDomain(made.domain.clone(), draft));
    el("div")
        .child(el("h3").text("3. See whether it works"))
        .child(el("p").text(
            "The check compares what is served with this policy. DNS may show the old records for as long as they live.",
        ))
        .child(
            el("div")
                .class("buttons")
                .child(labelled(format!("Check {}", made.domain), check).class("primary")),
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_chose_stays_as_it_is_served() {
        let of = |mode, max_age| Values { mode, max_age, ..Values::default() };
        let enforced = of(Some(Mode::Enforce), Some(31_557_600));
        let tested = of(Some(Mode::Testing), Some(86_400));
        let off = of(Some(Mode::None), Some(86_400));
        for (query, served, want) in [
            ("", &Values::default(), (Mode::Testing, 604_800)),
            ("", &enforced, (Mode::Enforce, 31_557_600)),
            ("", &tested, (Mode::Testing, 86_400)),
            ("", &off, (Mode::Testing, 604_800)),
            ("mode=none", &enforced, (Mode::Enforce, 31_557_600)),
            ("mode=testing", &enforced, (Mode::Testing, 604_800)),
            ("mode=enforce", &tested, (Mode::Enforce, 2_592_000)),
            ("max_age=604800", &enforced, (Mode::Enforce, 604_800)),
        ] {
            let choices = Choices::read(query);
            assert_eq!((mode(&choices, served), max_age(&choices, served)), want, "{query}");
        }
    }
}

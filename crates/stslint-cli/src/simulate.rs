//! `stslint simulate`

use crate::exit;
use crate::lint::to_ascii;
use crate::pattern::Format;
use crate::source::{self, Source};
use crate::terminal::Terminal;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::path::{Path, PathBuf};
use stslint::json::{self, Value};
use stslint::live::NoSetting;
use stslint::live::facts::Facts;
use stslint::render::simulate::{Told, scenario as scenario_text};
use stslint::render::simulate_json::Document;
use stslint::render::timeline::Told as Dated;
use stslint::render::timeline_json;
use stslint::senders::json::History;
use stslint::senders::model::Model;
use stslint::senders::models::{self, MODELS, STANDARD};
use stslint::senders::scenarios::{Case, SCENARIOS, Scenario, named, sample};
use stslint::senders::timeline::{self, Timeline};
use stslint::senders::{Assumed, Delivery, Profile, Setting, Walk, walk};
use stslint::text::visible;
use stslint::{Kind, live, senders};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// What is known of the domain: facts as JSON, the output of `stslint check --format json`, or a situation as the
    /// conformance vectors have it; `-` is standard input. Without it, a made-up domain
    #[arg(value_name = "FACTS.json")]
    file: Option<PathBuf>,
    /// What happens to the domain and its mail
    #[arg(long, value_name = "NAME", value_parser = scenario_parser())]
    scenario: Option<&'static Scenario>,
    /// Tell instead which policies senders may still hold after changes, and when old MX hosts and MTA-STS may go. The
    /// file has what was published when; without it, the MX of a made-up domain moves
    #[arg(long, conflicts_with_all = ["scenario", "sender"])]
    timeline: bool,
    /// Who sends the message
    #[arg(long, value_name = "NAME", default_value = "rfc-8461", value_parser = sender)]
    sender: &'static Model,
    /// How to write the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

fn scenario_parser() -> impl TypedValueParser<Value = &'static Scenario> {
    let names = SCENARIOS.iter().map(|known| PossibleValue::new(known.name).help(known.title));
    PossibleValuesParser::new(names).try_map(|name| named(&name).ok_or("no scenario"))
}

/// The model of that name.
fn sender(name: &str) -> Result<&'static Model, String> {
    models::named(name).ok_or_else(|| {
        let names: Vec<String> = MODELS.iter().map(|model| model.word()).collect();
        format!("not known; it has to be one of: {}", names.join(", "))
    })
}

/// Walks a message through a domain, or through the cases of a scenario.
pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    if args.timeline {
        return timeline(args, terminal);
    }
    let read = match &args.file {
        None => Ok((sample(), None)),
        Some(file) => read(file).map_err(|why| (file.to_string_lossy(), why)),
    };
    let (setting, profile) = match read {
        Ok(read) => read,
        Err((name, why)) => {
            terminal.complain(&format!("can't use {}: {}", visible(&name), visible(&why)));
            return exit::NO_INPUT;
        }
    };
    // What the file says of a sender is of the one that goes by the RFC.
    let profile = profile
        .filter(|_| args.sender.name == STANDARD.name)
        .unwrap_or_else(|| Profile::of(args.sender));
    match args.scenario {
        None => {
            let walk = walk(&setting.met_by(profile), Some(to_ascii));
            let told = Told { setting: &setting, model: profile.model, walk: &walk };
            match args.format {
                Format::Text => terminal.print(&format!("{}\n\n{}", told.head(), told.text())),
                Format::Json => terminal.print_json(&Document::of_walk(&told)),
            }
            code(&walk)
        }
        Some(scenario) => {
            let walks = scenario.walks(&setting, profile, Some(to_ascii));
            let told: Vec<_> = walks
                .iter()
                .map(|(Case { label, setting }, walk)| {
                    (*label, Told { setting, model: profile.model, walk })
                })
                .collect();
            match args.format {
                Format::Text => terminal.print(&scenario_text(scenario, &told)),
                Format::Json => terminal.print_json(&Document::of_scenario(scenario, &told)),
            }
            exit::OK
        }
    }
}

/// Tells what senders may still hold.
fn timeline(args: &Args, terminal: &mut Terminal) -> u8 {
    let history = match &args.file {
        // Thursday, 2026-10-01.
        None => Ok(History {
            domain: "example.com".into(),
            published: timeline::sample(1_790_812_800),
            hosts: vec!["mx.provider.example".into()],
        }),
        Some(file) => text(file)
            .and_then(|text| senders::json::history(&text))
            .map_err(|why| (file.to_string_lossy(), why)),
    };
    let History { domain, published, hosts } = match history {
        Ok(history) => history,
        Err((name, why)) => {
            terminal.complain(&format!("can't use {}: {}", visible(&name), visible(&why)));
            return exit::NO_INPUT;
        }
    };
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let timeline = Timeline::of(&published);
    let told = Dated { history: &published, timeline: &timeline, hosts: &hosts };
    match args.format {
        Format::Text => terminal.print(&told.text()),
        Format::Json => terminal.print_json(&timeline_json::Document::new(&domain, &told)),
    }
    exit::OK
}

const fn code(walk: &Walk) -> u8 {
    match walk.delivery {
        Delivery::DeliveredDane | Delivery::DeliveredVerified => exit::OK,
        Delivery::DeliveredOpportunisticTls | Delivery::DeliveredPlaintext => exit::WARNINGS,
        Delivery::Deferred | Delivery::RejectedNullMx => exit::ERRORS,
    }
}

pub(crate) fn text(file: &Path) -> Result<String, String> {
    let Source { bytes, .. } = source::read(file, Some(Kind::Live.into()))?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".into())
}

/// What a file says of a domain; and of the sender, if it does.
fn read(file: &Path) -> Result<(Setting, Option<Profile>), String> {
    let text = text(file)?;
    let (root, damage) = json::read(&text);
    if let Some(damage) = damage.first() {
        return Err(format!("it is not JSON: {}", damage.text));
    }
    // A conformance vector has its situation in `input`, a document of `stslint check` facts for each domain.
    if let Some(input) = root.get("input") {
        return setting(input, &text);
    }
    setting(one_check(&root)?, &text)
}

/// The facts in the output of `stslint check`; anything else as it is.
pub(crate) fn one_check<'v, 'a>(root: &'v Value<'a>) -> Result<&'v Value<'a>, String> {
    match root.get("checks").map(Value::elements) {
        None => Ok(root),
        Some([]) => Err("no domain was checked in it".into()),
        Some([one]) => Ok(one.get("facts").unwrap_or(one)),
        Some(_) => Err("there are several domains in it; give one of them".into()),
    }
}

/// The facts in a value, which is a part of the text.
pub(crate) fn facts(value: &Value, text: &str) -> Result<Facts, String> {
    let facts = text.get(value.span.range()).unwrap_or_default();
    live::read(facts).map_err(|problems| {
        problems.into_iter().next().map_or_else(String::new, |problem| problem.text)
    })
}

fn setting(value: &Value, text: &str) -> Result<(Setting, Option<Profile>), String> {
    if value.get("fetch").is_some() || value.get("txt").is_some() {
        return senders::json::of_value(value).map(|(setting, profile)| (setting, Some(profile)));
    }
    let setting = live::setting(&facts(value, text)?);
    let setting = setting.map_err(|why| match why {
        NoSetting::NoMailHost => "the domain takes no mail".into(),
        NoSetting::TooManyHosts => format!("it has more than {} MX hosts", senders::MAX_HOSTS),
    })?;
    let all = [Assumed::Record, Assumed::Policy, Assumed::Hosts];
    if all.iter().all(|what| setting.assumed.contains(what)) {
        return Err(
            "nobody saw the record, the policy or the MX hosts: there is nothing to walk through"
                .into(),
        );
    }
    Ok((setting, None))
}

//! `stslint plan`

use crate::source::{self, Source};
use crate::terminal::Terminal;
use crate::{date, exit, lint, report, simulate};
use clap::ValueEnum;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use std::path::{Path, PathBuf};
use stslint::live::facts::Facts;
use stslint::plan::{Act, Given, Goal, NoPlan, State, plan};
use stslint::policy::Mode;
use stslint::render::plan::calendar::calendar;
use stslint::render::plan::{markdown, text, words};
use stslint::render::plan_json::Document;
use stslint::report::aggregate::Day;
use stslint::report::readiness::Known;
use stslint::text::visible;
use stslint::{Input, Kind, json, live, policy};
use stslint_worker::Outcome;

/// The most hosts that may be given.
const MOST: usize = 100;

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN", value_parser = lint::domain)]
    domain: String,
    /// What is to be reached
    #[arg(long, value_name = "GOAL", default_value = "enforce", value_parser = goal_parser())]
    goal: Goal,
    /// The day on which the plan begins, as 2026-12-01, in UTC; today without it
    #[arg(long, value_name = "DATE", value_parser = report::day)]
    from: Option<Day>,
    /// The policy that was served before the plan began, also inside an HTTP response as `curl -i` prints it; `-` is standard
    /// input. With --record and --from it makes the same plan later, when facts show another policy
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// The TXT record at _mta-sts of that time, its strings joined
    #[arg(long, value_name = "TEXT")]
    record: Option<String>,
    /// The TTL of that record in its zone, in seconds
    #[arg(long, value_name = "SECONDS")]
    ttl: Option<u32>,
    /// An MX host of that time; once for each host
    #[arg(long, value_name = "HOST", value_parser = lint::domain)]
    mx: Vec<String>,
    /// An MX host that is to come; once for each host
    #[arg(long, value_name = "HOST", value_parser = lint::domain)]
    new_mx: Vec<String>,
    /// For the goal park: the domain whose policy and MX hosts this one shares
    #[arg(long, value_name = "DOMAIN", value_parser = lint::domain)]
    alias_of: Option<String>,
    /// Since when the policy is in mode testing
    #[arg(long, value_name = "DATE", value_parser = report::day)]
    testing_since: Option<Day>,
    /// What is known of the domain now: facts as JSON, or the output of `stslint check --format json`; `-` is standard input
    #[arg(long, value_name = "FACTS.json")]
    facts: Option<PathBuf>,
    /// Files and folders with TLS reports, as for `stslint report`: they decide when mode enforce comes
    #[arg(long, value_name = "PATH")]
    reports: Vec<PathBuf>,
    /// A step that is done, and the day of it, as add-mx=2026-12-03; once for each step
    #[arg(long, value_name = "STEP=DATE", value_parser = done)]
    done: Vec<(Act, Day)>,
    /// How to write the plan
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The same as --format ics
    #[arg(long, conflicts_with = "format")]
    ics: bool,
}

/// How plans are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// For tickets and paper: with boxes to tick
    Markdown,
    /// For programs; a schema describes it
    Json,
    /// For calendars: iCalendar, an event for each step
    Ics,
}

fn goal_parser() -> impl TypedValueParser<Value = Goal> {
    let names =
        Goal::ALL.iter().map(|goal| PossibleValue::new(goal.word()).help(words::goal(*goal)));
    PossibleValuesParser::new(names).try_map(|name| Goal::from_word(&name).ok_or("no goal"))
}

/// A step and a day.
fn done(text: &str) -> Result<(Act, Day), String> {
    let (step, date) = text.split_once('=').ok_or("it has to be STEP=DATE")?;
    let act = Act::from_word(step).ok_or_else(|| {
        let names: Vec<&str> = Act::ALL.iter().map(|act| act.word()).collect();
        format!("no step has that name; they are {}", names.join(", "))
    })?;
    report::day(date).map(|day| (act, day)).map_err(str::to_owned)
}

/// What was read.
#[derive(Default)]
struct Read {
    policy: Option<Vec<u8>>,
    facts: Option<Facts>,
    reports: Option<Outcome>,
}

/// Makes a plan.
pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    if args.mx.len() > MOST || args.new_mx.len() > MOST {
        terminal.complain(&format!("there may be {MOST} MX hosts of each kind"));
        return exit::USAGE;
    }
    let paths: Vec<PathBuf> =
        args.policy.iter().chain(&args.facts).chain(&args.reports).cloned().collect();
    if !source::stdin_once(&paths, terminal) {
        return exit::USAGE;
    }
    let Some(now) = terminal.told(date::seconds()) else {
        return exit::USAGE;
    };
    let read = match read(args, terminal) {
        Ok(read) => read,
        Err(why) => {
            terminal.complain(&why);
            return exit::NO_INPUT;
        }
    };
    let today = Day::of(now);
    let known = Known { mode: mode(&read), testing_since: args.testing_since, today };
    let readiness =
        read.reports.as_ref().map(|reports| reports.aggregate.readiness(&args.domain, &known));
    let given = Given {
        domain: &args.domain,
        goal: args.goal,
        start: args.from.unwrap_or(today),
        today,
        policy: read.policy.as_deref(),
        record: args.record.as_deref(),
        ttl: args.ttl,
        mx: &args.mx,
        new_mx: &args.new_mx,
        alias_of: args.alias_of.as_deref(),
        testing_since: args.testing_since,
        readiness: readiness.as_ref(),
        facts: read.facts.as_ref(),
        done: &args.done,
    };
    let plan = match plan(&given) {
        Ok(plan) => plan,
        Err(why) => {
            terminal.complain(&format!("no plan: {}{}", words::refused(why), hint(why)));
            return match why {
                NoPlan::NewMxMissing | NoPlan::PolicyUnknown => exit::USAGE,
                NoPlan::NullMx | NoPlan::NotEnforced | NoPlan::PolicyBroken => exit::NO_INPUT,
            };
        }
    };
    match if args.ics { Format::Ics } else { args.format } {
        Format::Text => {
            terminal.print(&text(&plan));
            // Facts of a later day show what the plan made, and not what senders may hold from before.
            if read.facts.is_some() && read.policy.is_none() && args.goal != Goal::Enforce {
                terminal.print(&format!(
                    "To make the same plan later, keep the policy and the record of now, and give them with --policy, --record and \
                     --from {}.\n",
                    plan.start
                ));
            }
        }
        Format::Markdown => terminal.print(&markdown(&plan)),
        Format::Json => terminal.print_json(&Document::new(&plan)),
        Format::Ics => terminal.print(&calendar(&plan, now)),
    }
    match plan.steps.iter().any(|step| step.state == State::Overdue) {
        true => exit::WARNINGS,
        false => exit::OK,
    }
}

/// Which option is missing.
const fn hint(why: NoPlan) -> &'static str {
    match why {
        NoPlan::NewMxMissing => " with --new-mx",
        NoPlan::PolicyUnknown => {
            ": give it with --policy, or facts of a check that read it with --facts"
        }
        NoPlan::NotEnforced => " (--policy and --from)",
        NoPlan::NullMx | NoPlan::PolicyBroken => "",
    }
}

/// Reads the files; what can't be read and why, if it is one that was named. Reports that can't be read are told and left out.
fn read(args: &Args, terminal: &mut Terminal) -> Result<Read, String> {
    let mut read = Read::default();
    let fault = |file: &Path, why: &str| {
        format!("can't use {}: {}", visible(&file.to_string_lossy()), visible(why))
    };
    if let Some(file) = &args.policy {
        let source = source::read(file, Some(Kind::Policy.into()));
        let Source { bytes, .. } = source.map_err(|why| fault(file, &why))?;
        read.policy = Some(bytes);
    }
    if let Some(file) = &args.facts {
        let facts = facts(file).map_err(|why| fault(file, &why))?;
        if facts.domain != args.domain {
            return Err(fault(file, &format!("it is about {}", facts.domain)));
        }
        read.facts = Some(facts);
    }
    if !args.reports.is_empty() {
        let (all, missing) = report::gather(&args.reports, &args.domain);
        report::complain(&all, terminal);
        if missing {
            return Err("a path with reports that was given can't be read".into());
        }
        read.reports = Some(all);
    }
    Ok(read)
}

fn facts(file: &Path) -> Result<Facts, String> {
    let text = simulate::text(file)?;
    let (root, damage) = json::read(&text);
    match damage.first() {
        Some(damage) => Err(format!("it is not JSON: {}", damage.text)),
        None => simulate::facts(simulate::one_check(&root)?, &text),
    }
}

/// The mode of the policy, as it was seen or is given.
fn mode(read: &Read) -> Option<Mode> {
    let seen = read.facts.as_ref().and_then(|facts| live::judge(facts).policy);
    let given = read
        .policy
        .as_ref()
        .map(|text| policy::lint(&Input { kind: Some(Kind::Policy), ..Input::new(text) }).0);
    seen.or(given)?.mode
}

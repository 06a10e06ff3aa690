//! `stslint new`

mod text;

use crate::check::Network;
use crate::lint::{domain, to_ascii};
use crate::terminal::Terminal;
use crate::{date, exit};
use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use stslint::build::hosting::{Recipe, recipes};
use stslint::build::id;
use stslint::build::outputs::{Format, USUAL_TTL};
use stslint::build::policy_address;
use stslint::build::providers::{Naming, patterns};
use stslint::build::wanted::{Error, Publication, Record, Wanted};
use stslint::live::Publishing;
use stslint::live::check::{Check, Options, Scope};
use stslint::policy::Mode;
use stslint::render::live::delegated;
use stslint::text::visible;
use stslint::{Kind, record};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// The domain
    #[arg(value_name = "DOMAIN", value_parser = domain)]
    domain: String,
    /// An MX host or a pattern, once for each: then nothing is looked up
    #[arg(long, value_name = "HOST", num_args = 1..)]
    mx: Vec<String>,
    /// Name the hosts of providers by wildcards, where those hosts change
    #[arg(long)]
    wildcard: bool,
    /// Leave out published mx lines that match no MX host of now. Hosts that are to come need theirs, and so do old ones for as
    /// long as resolvers know them
    #[arg(long)]
    prune: bool,
    /// The mode: the published one, or else testing
    #[arg(long, value_name = "MODE", value_parser = mode())]
    mode: Option<Mode>,
    /// How long senders keep the policy, in seconds: the published time, or else a usual one for the mode
    #[arg(long, value_name = "SECONDS")]
    max_age: Option<u64>,
    /// A mail address or URL that TLS reports go to, beside the published ones
    #[arg(long, value_name = "ADDR", num_args = 1..)]
    rua: Vec<String>,
    /// How the records are written
    #[arg(long, value_name = "FORMAT", default_value = "zone", value_parser = format())]
    format: Format,
    /// The DNS zone, where the domain lies in the zone of another
    #[arg(long, value_name = "DOMAIN", value_parser = domain)]
    zone: Option<String>,
    /// Show how the policy is hosted with this
    #[arg(long, value_name = "NAME", value_parser = hosting())]
    hosting: Option<&'static Recipe>,
    /// Write this alone, for a file
    #[arg(long, value_enum, conflicts_with = "hosting")]
    only: Option<Only>,
    #[command(flatten)]
    network: Network,
}

/// A part of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Only {
    /// The policy, byte for byte
    Policy,
    /// The records that are new or changed
    Records,
}

fn mode() -> impl TypedValueParser<Value = Mode> {
    PossibleValuesParser::new(Mode::ALL.map(Mode::word))
        .try_map(|word| Mode::from_word(&word).ok_or("no mode"))
}

fn format() -> impl TypedValueParser<Value = Format> {
    PossibleValuesParser::new(Format::all().map(Format::word))
        .try_map(|word| Format::all().find(|format| format.word() == word).ok_or("no format"))
}

fn hosting() -> impl TypedValueParser<Value = &'static Recipe> {
    PossibleValuesParser::new(recipes().map(|recipe| recipe.word))
        .try_map(|word| Recipe::of(&word).ok_or("no recipe"))
}

/// Writes what is to be published.
pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let Some(now) = terminal.told(date::seconds()) else {
        return exit::USAGE;
    };
    let there = match args.mx.is_empty() {
        false => Publishing::default(),
        true => match see(args, terminal) {
            Ok(there) => there,
            Err(code) => return code,
        },
    };
    // The published patterns that match no MX host of now, and stay.
    let idle = match args.prune {
        true => Vec::new(),
        false => there.idle(&args.domain, Some(to_ascii)),
    };
    let made = match write(args, &there, &idle, now) {
        Ok(made) => made,
        Err(why) => {
            terminal.complain(&visible(&why));
            return exit::USAGE;
        }
    };
    let zone = args.zone.as_deref().unwrap_or(&args.domain);
    let is_ours = |record: &&Record| there.alias(record, &made.domain).is_none();
    let due: Vec<_> = made.due().filter(is_ours).cloned().collect();
    let records = args.format.write(&due, &made.domain, zone, USUAL_TTL);
    let shown = if due.is_empty() { "" } else { &records };
    match args.only {
        Some(Only::Policy) => terminal.print(&made.policy),
        Some(Only::Records) => {
            terminal.print(&records);
            for record in &made.records {
                if let Some(target) = there.alias(record, &made.domain) {
                    let told = delegated(record.label, &made.domain, target, &record.value);
                    terminal.complain(&told);
                }
            }
        }
        None => text::print(
            &text::Told { args, there: &there, made: &made, records: shown, idle: &idle },
            terminal,
        ),
    }
    exit::OK
}

/// Looks up what is there.
fn see(args: &Args, terminal: &mut Terminal) -> Result<Publishing, u8> {
    let carrier = args.network.look(25).map_err(|(code, why)| {
        terminal.complain(&why);
        code
    })?;
    let options = Options { scope: Scope::Domain, fetch: true, smtp: false, by_address: true };
    let check = Check::new(0, &args.domain, options).ok_or(exit::USAGE)?;
    let there = Publishing::of(&carrier.see(check).facts);
    if there.unknown.is_empty() {
        return Ok(there);
    }
    // What is published may be overwritten by what is made without it.
    for name in &there.unknown {
        terminal.complain(&format!("could not look up {}", visible(name)));
    }
    if there.unknown == [policy_address(&args.domain)] && args.mode.is_some() {
        terminal.complain("what the policy says there is not known, and this one is written anew");
        return Ok(there);
    }
    terminal.complain(
        "without that nothing is written, as it would change what nobody saw; --mx names the hosts, and nothing is looked up",
    );
    Err(exit::UNAVAILABLE)
}

/// Makes policy and records.
fn write(
    args: &Args,
    there: &Publishing,
    idle: &[String],
    now: i64,
) -> Result<Publication, String> {
    let before = there.values();
    let naming = if args.wildcard { Naming::Wildcard } else { Naming::Exact };
    let hosts = if args.mx.is_empty() { &there.hosts } else { &args.mx };
    let hosts: Vec<&str> = hosts.iter().map(String::as_str).collect();
    let kept = if args.wildcard { &[][..] } else { &before.mx };
    let mx = patterns(&hosts, naming, kept);
    let mx: Vec<&str> = mx.iter().chain(idle).map(String::as_str).collect();
    let mode = args.mode.or(there.served.mode).unwrap_or(Mode::Testing);
    let rua: Vec<&str> = args.rua.iter().map(String::as_str).collect();
    let old = there.sts.as_deref().and_then(|old| record::values(old, Kind::StsTxt).id);
    let id = id::fresh(now, old.as_deref()).ok_or("the clock is out of range")?;
    let wanted = Wanted {
        domain: &args.domain,
        mx: &mx,
        mode,
        max_age: args.max_age.unwrap_or(there.served.max_age_for(mode)),
        rua: &rua,
        id: &id,
        published: there.published(),
        to_ascii: Some(to_ascii),
    };
    wanted.write().map_err(|error| match error {
        Error::NoHosts if args.mx.is_empty() => format!(
            "{} takes no mail: it has a null MX, or neither MX records nor an address. {}",
            args.domain,
            error.message()
        ),
        error => error.message(),
    })
}

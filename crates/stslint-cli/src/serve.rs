//! `stslint serve`

use crate::exit;
use crate::terminal::Terminal;
use ipnet::IpNet;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;
use stslint::text::visible;
use stslint_net::Test;
use stslint_serve::{
    Bounds, Config, Error, Guard, HAS_EMBEDDED, Limits, Origins, Rate, Resolver, Server, Source,
};

#[derive(clap::Args)]
pub(crate) struct Args {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS:PORT", env = "STSLINT_LISTEN")]
    #[arg(default_value = "127.0.0.1:8461")]
    listen: SocketAddr,
    /// Serve the page in this folder instead of the one that was built in
    #[arg(long, value_name = "FOLDER", env = "STSLINT_PAGE", conflicts_with = "relay_only")]
    page: Option<PathBuf>,
    /// Serve no page, only the relay
    #[arg(long, env = "STSLINT_RELAY_ONLY")]
    relay_only: bool,
    /// Pages of this origin may ask the relay too, as `https://lint.example.com`; `*` stands for all.
    /// May be given several times, or as a list with commas
    #[arg(long, value_name = "ORIGIN", env = "STSLINT_ALLOW_ORIGIN", value_delimiter = ',')]
    #[arg(value_parser = origin)]
    allow_origin: Vec<String>,
    /// Who runs this relay, for those who use it
    #[arg(long, value_name = "TEXT", env = "STSLINT_OPERATOR")]
    operator: Option<String>,
    /// Who answers DNS questions: `system`, the address of a name server, or a resolver over HTTPS as
    /// for `stslint check`
    #[arg(long, value_name = "system|ADDRESS|NAME|URL", env = "STSLINT_RESOLVER")]
    #[arg(default_value = "system", value_parser = Resolver::read)]
    resolver: Resolver,
    /// Look at mail hosts too: connect to them on port 25 and look at STARTTLS. No mail is sent
    #[arg(long, env = "STSLINT_MX")]
    mx: bool,
    /// The port of mail hosts
    #[arg(long, value_name = "PORT", default_value_t = 25, hide = true)]
    mx_port: u16,
    /// Most time for a request to a policy host or a session with a mail host, in seconds
    #[arg(long, value_name = "SECONDS", env = "STSLINT_TIMEOUT", default_value = "60")]
    #[arg(value_parser = crate::check::seconds)]
    timeout: Duration,
    /// Most looks at policy hosts and mail hosts at the same time
    #[arg(long, value_name = "COUNT", env = "STSLINT_LOOKS", default_value_t = Limits::default().looks)]
    #[arg(value_parser = count)]
    looks: usize,
    /// Most looks that wait for their turn; what comes then is asked to come again later
    #[arg(long, value_name = "COUNT", env = "STSLINT_QUEUE", default_value_t = Limits::default().queue)]
    #[arg(value_parser = count_or_none)]
    queue: usize,
    /// Most open connections
    #[arg(long, value_name = "COUNT", env = "STSLINT_CONNECTIONS")]
    #[arg(default_value_t = Limits::default().connections, value_parser = count)]
    connections: usize,
    /// Requests of a client per minute: of an IPv4 address or a /64 of IPv6. 0: no limit, and as many connections
    /// and looks at the same time as there are. Otherwise a client has an eighth of them, and a /48 of IPv6 twice
    /// that
    #[arg(long, value_name = "COUNT", env = "STSLINT_PER_CLIENT", default_value_t = 60)]
    per_client: u32,
    /// Looks at a domain per minute. 0: no limit
    #[arg(long, value_name = "COUNT", env = "STSLINT_PER_DOMAIN", default_value_t = 6)]
    per_domain: u32,
    /// Connections to an address per minute, whatever the domain. 0: no limit
    #[arg(long, value_name = "COUNT", env = "STSLINT_PER_ADDRESS", default_value_t = 120)]
    per_address: u32,
    /// How long a look is good for, in seconds; its age is told. 0: looks are not kept
    #[arg(long, value_name = "SECONDS", env = "STSLINT_CACHE_SECONDS", default_value_t = 60)]
    cache_seconds: u32,
    /// Most memory for looks that are kept, in mebibytes
    #[arg(long, value_name = "MIB", env = "STSLINT_CACHE_MIB", default_value_t = 16)]
    cache_mib: u16,
    /// Reverse proxies, as networks: what they say in X-Forwarded-For about their clients counts
    #[arg(long, value_name = "CIDR", env = "STSLINT_TRUST_PROXY", value_delimiter = ',')]
    #[arg(value_parser = network)]
    trust_proxy: Vec<IpNet>,
    /// Never connect to these networks, though they are public
    #[arg(long, value_name = "CIDR", env = "STSLINT_DENY", value_delimiter = ',')]
    #[arg(value_parser = network)]
    deny: Vec<IpNet>,
    /// Tell metrics at this address instead of at /metrics of the other one
    #[arg(long, value_name = "ADDRESS:PORT", env = "STSLINT_METRICS_LISTEN")]
    metrics_listen: Option<SocketAddr>,
    /// Log a line for each request, with its id and outcome, on standard error
    #[arg(long, env = "STSLINT_LOG")]
    log: bool,
    /// Log the domains that are asked for and the addresses of those who ask, too
    #[arg(long, env = "STSLINT_LOG_NAMES")]
    log_names: bool,
    /// How long requests that are under way may take after SIGTERM, in seconds
    #[arg(long, value_name = "SECONDS", env = "STSLINT_GRACE", default_value_t = 30)]
    grace: u32,
    /// For tests: trust the authorities in this file too
    #[arg(long, value_name = "FILE", hide = true)]
    test_ca: Option<PathBuf>,
    /// For tests: connect to a port of this machine instead of an address, as FROM=TO. There is no way
    /// to any other address then
    #[arg(long, value_name = "FROM=TO", hide = true, value_parser = Test::route)]
    test_route: Vec<(SocketAddr, SocketAddr)>,
    /// For tests: connect to these networks though they are not public
    #[arg(long, value_name = "CIDR", hide = true, value_parser = network)]
    test_allow: Vec<IpNet>,
}

fn origin(text: &str) -> Result<String, &'static str> {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.:[]".contains(&b);
    match rest {
        _ if text == "*" => Ok(text.to_owned()),
        Some(rest) if !rest.is_empty() && rest.bytes().all(plain) => Ok(text.to_owned()),
        _ => Err("not an origin, like https://lint.example.com: in lower case, without a path"),
    }
}

/// A network; a single address is one too.
fn network(text: &str) -> Result<IpNet, &'static str> {
    let address = text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or(address).map_err(|_| "not a network, like 192.0.2.0/24")
}

fn count_or_none(text: &str) -> Result<usize, &'static str> {
    let count = text.parse().ok().filter(|count| *count <= 100_000);
    count.ok_or("not between 0 and 100000")
}

fn count(text: &str) -> Result<usize, &'static str> {
    let count = text.parse().ok().filter(|count| (1..=100_000).contains(count));
    count.ok_or("not between 1 and 100000")
}

/// Serves until the process is asked to end.
pub(crate) fn run(args: &Args, terminal: &mut Terminal) -> u8 {
    let roots = match args.test_ca.as_deref().map(Test::authorities).transpose() {
        Ok(roots) => roots.unwrap_or_default(),
        Err(why) => {
            terminal.complain(&format!("can't read the authorities: {why}"));
            return exit::NO_INPUT;
        }
    };
    let tested =
        args.test_ca.is_some() || !args.test_route.is_empty() || !args.test_allow.is_empty();
    let test = Test { roots, routes: args.test_route.iter().copied().collect(), closed: tested };
    if tested {
        terminal.complain("this relay is under test: do not let strangers use it");
    }
    let page = match &args.page {
        Some(folder) => Source::Folder(folder.clone()),
        None if args.relay_only => Source::None,
        None => Source::Embedded,
    };
    if page == Source::Embedded && !HAS_EMBEDDED {
        terminal.complain(
            "no page was built into this program, so there is only the relay. --page FOLDER serves \
             one, and `cargo xtask command` builds a program with it",
        );
    }
    // One client must not take all places, unless clients are not told apart.
    let share = |places: usize, least: usize| match args.per_client {
        0 => usize::MAX,
        _ => (places / 8).max(least),
    };
    let config = Config {
        listen: args.listen,
        metrics: args.metrics_listen,
        page,
        origins: match args.allow_origin.as_slice() {
            [] => Origins::Own,
            list if list.iter().any(|origin| origin == "*") => Origins::Any,
            list => Origins::List(list.to_vec()),
        },
        operator: args.operator.clone(),
        resolver: args.resolver.clone(),
        mx: args.mx.then_some(args.mx_port),
        timeout: args.timeout,
        grace: Duration::from_secs(args.grace.into()),
        limits: Limits {
            connections: args.connections,
            connections_per_client: share(args.connections, 8),
            looks: args.looks,
            queue: args.queue,
            looks_per_client: share(args.looks, 2),
            client: Rate::per_minute(args.per_client),
            domain: Rate::per_minute(args.per_domain),
            address: Rate::per_minute(args.per_address),
            ..Limits::default()
        },
        cache: Bounds {
            time: Duration::from_secs(args.cache_seconds.into()),
            bytes: usize::from(args.cache_mib) << 20,
            ..Config::default().cache
        },
        trust_proxy: args.trust_proxy.clone(),
        guard: Guard { deny: args.deny.clone(), allow: args.test_allow.clone() },
        log_names: args.log_names,
        test,
    };
    if args.log || args.log_names {
        stslint_serve::log_to_stderr();
    }
    let outcome = stslint_serve::run(config, |server: &Server| {
        let Limits { connections, looks, .. } = server.limits();
        if connections < args.connections || looks < args.looks {
            terminal.complain(&format!(
                "the system lets this process open only so many files, so there are at most {connections} \
                 connections and {looks} looks at a time"
            ));
        }
        if let Ok(address) = server.address() {
            terminal.print(&format!("http://{address}\n"));
        }
        if let Some(address) = server.metrics_address() {
            terminal.print(&format!("http://{address}/metrics\n"));
        }
        // Whoever waits for the address reads it through a pipe.
        terminal.flush();
    });
    match outcome {
        Ok(()) => exit::OK,
        Err(error) => {
            terminal.complain(&visible(&error.to_string()));
            match error {
                Error::Page(..) => exit::NO_INPUT,
                _ => exit::UNAVAILABLE,
            }
        }
    }
}

//! An Internet of many good domains on loopback, for whoever puts load on a relay: d0.example.com,
//! d1.example.com and so on. Prints the arguments that lead `stslint serve` there, one on each line, and
//! ends with its standard input.

use std::io::Read;
use std::path::Path;
use stslint_testnet::dns::{Record, Say, World};
use stslint_testnet::servers::{self, Reply};
use stslint_testnet::{POLICY, ca};

/// A public address, which a route leads here.
const PUBLIC: &str = "198.41.0.4";

fn main() {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().and_then(|n| n.parse().ok()).expect("how many domains");
    let bytes: usize = arguments.next().and_then(|n| n.parse().ok()).expect("how large policies");
    let folder = arguments.next().expect("a folder for the authority");

    let names: Vec<String> = (0..count).map(|i| format!("mta-sts.d{i}.example.com")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let policy = format!("{POLICY}x: {}\r\n", "x".repeat(bytes.saturating_sub(POLICY.len() + 5)));
    let reply = Reply::http("200 OK", &[("Content-Type", "text/plain")], policy.as_bytes());
    let host = servers::http(Some(ca::server(&names, ca::Flaw::None)), move |_| reply.clone());
    let all = Some(Say::Records(vec![Record::A(PUBLIC)]));
    let world = World { all, ..World::default() };
    println!("--resolver\n{}", world.serve_udp());
    println!("--test-ca\n{}", Path::new(ca::file(&folder)).display());
    println!("--test-route\n{PUBLIC}:443={host}");
    println!();
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}

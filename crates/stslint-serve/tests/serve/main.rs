//! `stslint serve` against servers on loopback. Nothing here leaves this machine.

mod faults;
mod http;
mod limits;
mod mx;
mod readme;
mod relay;
mod ssrf;

//! `stslint serve` against servers on loopback. Nothing here leaves this machine.

mod faults;
mod relay;
mod ssrf;

//! A small Internet on loopback for tests: certificates and their authorities, a resolver with a world
//! of names, policy hosts and mail hosts that behave well or badly. It ends with the process.
//!
//! What goes wrong in here is a fault of the test, so it panics.

pub mod ca;
pub mod dns;
pub mod fleet;
pub mod servers;

/// A policy for example.com.
pub const POLICY: &str =
    "version: STSv1\r\nmode: enforce\r\nmx: mail.example.com\r\nmax_age: 1209600\r\n";

//! The command, run with something on its standard input.

use std::io::Write;
use std::process::{Command, Output, Stdio};

/// Runs the command with these arguments at a time, in seconds since 1970, if one is given.
pub(crate) fn run_at(now: Option<&str>, args: &[&str], stdin: &[u8]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_stslint"));
    command.args(args).envs(now.map(|now| ("SOURCE_DATE_EPOCH", now)));
    let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = piped.spawn().expect("the command runs");
    // A command that is called in a wrong way does not read.
    let _ = child.stdin.take().expect("it is piped").write_all(stdin);
    child.wait_with_output().expect("the command ends")
}

//! Calling other programs.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::failure::{Failure, Result};

/// Finds a program like a shell would.
pub(crate) fn find(program: &str, path: &OsStr) -> Option<PathBuf> {
    which::which_in(program, Some(path), ".").ok()
}

/// Finds a program on this process's own `PATH`.
pub(crate) fn find_here(program: &str) -> Option<PathBuf> {
    find(program, &std::env::var_os("PATH").unwrap_or_default())
}

/// Runs a command to its end with its output on the terminal. It gets no input: nothing here may wait for a person.
pub(crate) fn stream(command: &mut Command) -> Result<()> {
    let shown = show(command);
    println!("$ {shown}");
    match command.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Failure::new(format!("`{shown}` failed ({status})"))),
        Err(error) => Err(not_started(command, &error)),
    }
}

/// A command for rustup. What it cannot do is told in one line, not with the addresses of its functions.
pub(crate) fn rustup(arguments: &[&str]) -> Command {
    let mut command = Command::new("rustup");
    command.args(arguments).env_remove("RUST_BACKTRACE");
    command
}

/// Runs a command and gives its standard output without surrounding white space, or nothing if it failed.
pub(crate) fn capture(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// A command as a person would type it, without folders and environment.
pub(crate) fn show(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program());
    let program = program.file_name().unwrap_or(program.as_os_str());
    std::iter::once(program)
        .chain(command.get_args())
        .map(|word| {
            let word = word.to_string_lossy();
            if word.is_empty() || word.contains(char::is_whitespace) {
                format!("'{word}'")
            } else {
                word.into_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
}

fn not_started(command: &Command, error: &std::io::Error) -> Failure {
    let program = command.get_program().to_string_lossy();
    if error.kind() == ErrorKind::NotFound {
        Failure::new(format!("`{program}` is not installed, or not on the PATH"))
    } else {
        Failure::new(format!("cannot start `{program}`: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_shown_as_one_would_type_them() {
        let mut command = Command::new("/somewhere/cargo");
        command.args(["test", "--", "-D warnings"]);
        assert_eq!(show(&command), "cargo test -- '-D warnings'");
    }

    #[test]
    fn a_missing_program_is_named() {
        let failure = stream(&mut Command::new("no-such-program-anywhere")).unwrap_err();
        assert!(failure.to_string().contains("`no-such-program-anywhere` is not installed"));
    }
}

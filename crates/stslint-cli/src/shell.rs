//! What goes with a command on a system: completions of shells, and manual pages.

use crate::exit;
use crate::terminal::Terminal;
use clap::Command;
use clap_complete::Shell;
use std::path::PathBuf;
use stslint::text::visible;

#[derive(clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(clap::Args)]
pub(crate) struct ManArgs {
    /// The folder that gets the pages; it is made where it is not there
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

/// Writes the completions of a shell.
pub(crate) fn completions(
    args: &CompletionsArgs,
    mut command: Command,
    terminal: &mut Terminal,
) -> u8 {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut command, "stslint", &mut text);
    terminal.print_bytes(&text);
    exit::OK
}

/// Writes the manual pages, one for each subcommand.
pub(crate) fn man(args: &ManArgs, command: Command, terminal: &mut Terminal) -> u8 {
    let written = std::fs::create_dir_all(&args.folder)
        .and_then(|()| clap_mangen::generate_to(command, &args.folder));
    match written {
        Ok(()) => exit::OK,
        Err(error) => {
            let folder = visible(&args.folder.to_string_lossy());
            terminal.complain(&format!("can't write to {folder}: {error}"));
            exit::IO
        }
    }
}

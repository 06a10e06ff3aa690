//! Names of files, as far as they can do harm.
#![cfg(unix)]

mod piped;
mod ran;

use piped::run_at;
use ran::{code, err, out};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

const WRONG: &[u8] = b"version: STSv1\r\nmode: Enforce\r\nmx: mail.acme.se\r\nmax_age: 2592000\r\n";

fn run(args: &[&str]) -> Output {
    run_at(None, args, b"")
}

fn place(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("names");
    fs::create_dir_all(&folder).expect("it can be made");
    folder.join(name)
}

#[test]
fn the_name_of_a_file_steers_no_terminal_in_any_format() {
    let path = place("a\u{1b}[2Jb.txt");
    fs::write(&path, WRONG).expect("the file can be written");
    let path = path.to_str().expect("it is UTF-8");
    for format in ["text", "json", "sarif", "markdown", "github", "gitlab"] {
        for name in [path, &[path, "-missing"].concat()] {
            let output = run(&["lint", "--format", format, name]);
            for text in [out(&output), err(&output)] {
                assert!(!text.contains('\u{1b}'), "{format}: {text:?}");
            }
        }
    }
}

#[test]
fn the_output_replaces_no_input_under_any_of_its_names() {
    let (input, hard, soft) = (place("input.txt"), place("hard.txt"), place("soft.txt"));
    for link in [&hard, &soft] {
        let _ = fs::remove_file(link);
    }
    fs::write(&input, WRONG).expect("the file can be written");
    fs::hard_link(&input, &hard).expect("it can be linked");
    std::os::unix::fs::symlink(&input, &soft).expect("it can be linked");
    for to in [&input, &hard, &soft] {
        let (input, to) = (input.to_str().expect("UTF-8"), to.to_str().expect("UTF-8"));
        let output = run(&["lint", input, "--output", to]);
        assert_eq!(code(&output), 64, "{to}: {}", err(&output));
        assert_eq!(fs::read(input).expect("it is there"), WRONG, "{to}");
    }
}

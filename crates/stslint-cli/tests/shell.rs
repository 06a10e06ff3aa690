//! What goes with the command on a system: completions, manual pages, colours.

mod piped;
mod ran;

use piped::run_at;
use ran::{code, err, out};
use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn completions_name_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let output = run_at(None, &["completions", shell], b"");
        let text = out(&output);
        assert_eq!(code(&output), 0, "{shell}");
        for word in ["lint", "check", "completions", "per-client", "since"] {
            assert!(text.contains(word), "no {word} for {shell}");
        }
    }
    assert_eq!(code(&run_at(None, &["completions", "cmd"], b"")), 64);
    // The shell takes them.
    let text = out(&run_at(None, &["completions", "bash"], b""));
    let output = Command::new("bash").args(["-n", "-c", &text]).output();
    if let Ok(output) = output {
        assert!(output.status.success() && output.stderr.is_empty(), "{output:?}");
    }
}

#[test]
fn there_is_a_page_for_each_command() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("man");
    let _ = fs::remove_dir_all(&folder);
    let output = run_at(None, &["man", folder.to_str().expect("a good name")], b"");
    assert_eq!((code(&output), &err(&output)[..]), (0, ""), "{output:?}");
    let page = |name: &str| fs::read_to_string(folder.join(name)).expect(name);
    for (name, words) in [
        ("stslint.1", "Lints MTA\\-STS policies"),
        ("stslint-check.1", "\\-\\-since"),
        ("stslint-lint.1", "\\-\\-ignore"),
        ("stslint-serve.1", "\\-\\-per\\-client"),
    ] {
        let page = page(name);
        assert!(page.contains(".TH ") && page.contains(words), "no {words} in {page}");
        // What is for tests only is nobody's business.
        assert!(!page.contains("test\\-route"), "{page}");
    }
    fs::remove_dir_all(&folder).expect("it is there");
}

#[test]
fn colours_come_when_they_are_asked_for() {
    let text = b"version: STSv1\r\nmode: Enforce\r\nmx: mail.acme.se\r\nmax_age: 2592000\r\n";
    let coloured = |args: &[&str]| out(&run_at(None, args, text)).contains('\u{1b}');
    // This is no terminal.
    assert!(!coloured(&["lint", "-"]));
    assert!(coloured(&["lint", "--color", "always", "-"]));
    assert!(coloured(&["--color=always", "lint", "-"]));
    assert!(!coloured(&["lint", "--color", "never", "-"]));
    assert!(!coloured(&["lint", "--color", "auto", "-"]));
    assert_eq!(code(&run_at(None, &["lint", "--color", "perhaps", "-"], text)), 64);
}

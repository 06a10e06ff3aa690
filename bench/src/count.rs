//! Instructions, counted by valgrind: the same on a busy machine as on an idle one.

use std::process::Command;

/// Instructions of one call: the difference between `more` calls and `few`, so that what starts and ends the program,
/// and the first call's set-up, does not count.
pub fn per_call(what: &[String], few: u64, more: u64) -> f64 {
    (all(what, more) - all(what, few)) as f64 / (more - few) as f64
}

/// Instructions of a whole run of this program.
fn all(what: &[String], times: u64) -> u64 {
    let program = std::env::current_exe().expect("this program has a path");
    let output = Command::new("valgrind")
        .args(["--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"])
        .arg(program)
        .args(what)
        .arg(times.to_string())
        .output()
        .expect("valgrind is installed: `cargo xtask bench` sees to that");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{what:?} failed:\n{text}");
    let line = text.lines().find(|line| line.contains("refs:")).expect("valgrind counts");
    let digits = line.split("refs:").nth(1).expect("a number").replace(',', "");
    digits.trim().parse().expect("a number")
}

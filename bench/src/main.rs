//! The engine beside its peers, on the same inputs in one run.
//!
//! `stslint-bench` prints the tables of `docs/bench.md`. Instructions are counted by valgrind, which starts this program
//! again with `run CASE SUBJECT TIMES` or `grow SHAPE SIZE TIMES`; times are medians of interleaved rounds.
//! `stslint-bench reports COMMAND PYTHON FOLDER…` prints that of `docs/bench-reports.md`.

#[cfg(test)]
mod agree;
mod count;
mod inputs;
mod reports;
mod subjects;
mod tables;
mod time;

use std::hint::black_box;
use subjects::CASES;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |word: &str| word.parse::<usize>().expect("a number");
    match words[..] {
        [] => tables::print(true, true),
        ["peers"] => tables::print(true, false),
        ["growth"] => tables::print(false, true),
        ["reports", "mail-auth", folder] => reports::mail_auth(folder.as_ref()),
        ["reports", command, python, ..] if words.len() > 3 => {
            let python = Some(python).filter(|python| !python.is_empty());
            reports::print(command, python, &arguments[3..]);
        }
        ["run", case, subject, times] => {
            let case = &CASES[number(case)];
            let (_, run) = case.subjects()[number(subject)];
            let text = (case.input)();
            (0..number(times)).for_each(|_| run(black_box(&text)));
        }
        ["grow", shape, size, times] => {
            let text = (inputs::SHAPES[number(shape)].make)(number(size));
            (0..number(times)).for_each(|_| subjects::lint_any(black_box(&text)));
        }
        _ => {
            eprintln!("Usage: stslint-bench [peers | growth]");
            std::process::exit(2);
        }
    }
}

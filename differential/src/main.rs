//! Models of senders beside the software itself, on the same inputs: `cargo xtask differential`.
//!
//! `stslint-differential PYTHON COUNT SEED` prints the tables for `docs/senders.md`. It fails when software differs from
//! its model in a way that `tests/differential.json` does not explain, and when something there no longer
//! occurs. Differences are printed beside, as small as they get.

mod case;
mod generate;
mod list;
mod software;

use case::{Case, Said};
use list::Known;
use software::Software;
use std::process::ExitCode;

/// How many differences of one software and kind are shown, and made small before.
const SHOWN: usize = 5;
/// How often the software is asked at most to make one small.
const TRIES: usize = 2_000;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [python, count, seed] = &arguments[..] else {
        eprintln!("Usage: stslint-differential PYTHON COUNT SEED");
        return ExitCode::from(2);
    };
    let count = count.parse().expect("a number of inputs");
    let seed = seed.parse().expect("a number for the dice");
    let list = list::committed();
    let mut hits = vec![0; list.len()];
    let mut unexplained = 0;
    println!(
        "| software | model | inputs | asked about | used, found, matching | differences, all explained |"
    );
    println!("|---|---|---|--:|--:|--:|");
    for mut software in Software::all(python) {
        let known: Vec<&Known> =
            list.iter().filter(|known| known.software == software.name).collect();
        assert!(known.iter().all(|known| software.kinds.contains(&known.example.kind())));
        for kind in software.kinds {
            let mut cases = generate::cases(*kind, count, seed);
            let examples = known.iter().map(|known| &known.example);
            for example in examples.filter(|example| example.kind() == *kind) {
                if !cases.contains(example) {
                    cases.push(example.clone());
                }
            }
            let (mut taken, mut differ, mut open) = (0, 0, Vec::new());
            for case in &cases {
                let (real, model) = ask(&mut software, case);
                taken += usize::from(real.is_yes());
                if real.agrees(&model) {
                    continue;
                }
                differ += 1;
                let explains = |known: &Known| known.explains(software.name, case, &real, &model);
                match list.iter().position(explains) {
                    Some(nth) => hits[nth] += 1,
                    None => open.push(case),
                }
            }
            println!(
                "| {} {} of {} | {} | {} | {} | {} | {} |",
                software.name,
                software.version,
                software.registry,
                software.model.name,
                kind.word(),
                thousands(cases.len()),
                thousands(taken),
                thousands(differ),
            );
            unexplained += open.len();
            if !open.is_empty() {
                eprintln!("{}, {}: {} not explained", software.name, kind.word(), open.len());
            }
            for case in open.into_iter().take(SHOWN) {
                show(&mut software, case, &list);
            }
        }
    }
    println!("\n| software | times | differs | why the model stays as it is |");
    println!("|---|--:|---|---|");
    for (known, hits) in list.iter().zip(&hits) {
        let Known { software, does, says, why, .. } = known;
        let kind = known.example.kind().word();
        println!(
            "| {software}, {kind} | {} | it {does}; the model {says} | {why} |",
            thousands(*hits)
        );
    }
    let gone: Vec<&Known> =
        list.iter().zip(&hits).filter(|(_, hits)| **hits == 0).map(|(known, _)| known).collect();
    for known in &gone {
        eprintln!("{}: no longer differs: {}", known.software, known.example.to_json());
    }
    if unexplained > 0 {
        eprintln!("{unexplained} differences are not in tests/differential.json");
    }
    if gone.is_empty() && unexplained == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What software and model say.
fn ask(software: &mut Software, case: &Case) -> (Said, Said) {
    (software.says(case), Said::of_model(software.model, case))
}

/// Prints a difference, as small as it gets.
fn show(software: &mut Software, case: &Case, list: &[Known]) {
    let case = smallest(case, |case| {
        let (real, model) = ask(software, case);
        let explains = |known: &Known| known.explains(software.name, case, &real, &model);
        !real.agrees(&model) && !list.iter().any(explains)
    });
    let (real, model) = ask(software, &case);
    eprintln!("{}: {}\n  software: {real:?}\n  model:    {model:?}", software.name, case.to_json());
}

/// The smallest input that one gets by leaving out what is not needed for it to differ.
fn smallest(case: &Case, mut differs: impl FnMut(&Case) -> bool) -> Case {
    let mut case = case.clone();
    let mut size = case.len().div_ceil(2);
    let mut tries = TRIES;
    while size > 0 {
        let mut smaller = case.without(size).into_iter().take(tries).inspect(|_| tries -= 1);
        match smaller.find(&mut differs) {
            Some(found) => case = found,
            None => size /= 2,
        }
    }
    case
}

/// A number with commas.
fn thousands(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (nth, digit) in digits.chars().enumerate() {
        if nth > 0 && (digits.len() - nth).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_needed_goes() {
        let case = Case::policy(b"version: STSv1\r\nmode: enforce\r\nmx: a\r\n".to_vec());
        let differs = |case: &Case| match case {
            Case::Policy { body, .. } => body.windows(2).any(|pair| pair == b"mx"),
            _ => false,
        };
        assert_eq!(smallest(&case, differs), Case::policy(b"mx".to_vec()));
        assert_eq!(smallest(&case, |other| *other == case), case);
    }

    #[test]
    fn numbers_have_commas() {
        let numbers = [0, 999, 1_000, 20_123, 1_000_000].map(thousands);
        assert_eq!(numbers, ["0", "999", "1,000", "20,123", "1,000,000"]);
    }
}

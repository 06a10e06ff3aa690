//! Test vectors of other programs through the engine: `cargo xtask peers`.
//!
//! `stslint-peers FILE` reads lines of JSON, one for each vector: the `suite`, its `kind`, the `name` of the vector, what is
//! `given`, and what its authors `expected`. It prints the tables for `docs/peers.md`. It fails when the engine says
//! something else in a way that `tests/peers.json` does not explain, when something there no longer occurs, and when
//! something does not hold of a vector that must hold of any input.

mod list;
mod vector;

use list::Known;
use std::collections::HashSet;
use std::process::ExitCode;
use vector::{Said, Vector};

fn main() -> ExitCode {
    let Some(file) = std::env::args().nth(1) else {
        eprintln!("Usage: stslint-peers FILE");
        return ExitCode::from(2);
    };
    let text = std::fs::read_to_string(file).expect("a file of vectors");
    let vectors: Vec<Vector> = text
        .lines()
        .map(|line| Vector::from_line(line).unwrap_or_else(|| panic!("not a vector: {line}")))
        .collect();
    let list = list::committed();
    let mut hits = vec![Vec::new(); list.len()];
    let mut unexplained = 0;
    let mut rows: Vec<Row> = Vec::new();
    let mut all = HashSet::new();
    for vector in &vectors {
        let row = match rows.iter_mut().find(|row| row.suite == vector.suite) {
            Some(row) => row,
            None => {
                rows.push(Row::new(&vector.suite));
                rows.last_mut().expect("it was just put there")
            }
        };
        row.vectors += 1;
        let input = (vector.kind.word(), vector.given.to_string());
        row.inputs.insert(input.clone());
        all.insert(input);
        let said = Said::of(vector);
        let differences = said.differences(&vector.expected);
        if differences.is_empty() {
            match vector.expected.is_null() {
                true => row.seeds += 1,
                false => row.same += 1,
            }
            continue;
        }
        let explains = |known: &Known| said.broken.is_none() && known.explains(vector, &said);
        match list.iter().position(explains) {
            Some(nth) => {
                hits[nth].push(vector.name.clone());
                row.explained += 1;
            }
            None => {
                unexplained += 1;
                eprintln!("{}: {}, {}", vector.suite, vector.name, vector.kind.word());
                eprintln!("  given:  {}", vector.given);
                for difference in differences {
                    eprintln!("  {difference}");
                }
                eprintln!("  found:  {}", said.codes.join(" "));
            }
        }
    }
    print(&rows, all, &list);
    let mut gone = 0;
    for (known, hits) in list.iter().zip(&hits) {
        for name in known.vectors.iter().filter(|name| !hits.contains(name)) {
            gone += 1;
            eprintln!("{}: no longer differs: {name}", known.suite);
        }
    }
    if unexplained > 0 {
        eprintln!("{unexplained} differences are not in tests/peers.json");
    }
    if gone == 0 && unexplained == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What came of a suite.
struct Row {
    suite: String,
    vectors: usize,
    /// Those that are not the same.
    inputs: HashSet<(&'static str, String)>,
    /// Without an expectation.
    seeds: usize,
    same: usize,
    explained: usize,
}

impl Row {
    fn new(suite: &str) -> Self {
        Self {
            suite: suite.to_owned(),
            vectors: 0,
            inputs: HashSet::new(),
            seeds: 0,
            same: 0,
            explained: 0,
        }
    }
}

fn print(rows: &[Row], inputs: HashSet<(&'static str, String)>, list: &[Known]) {
    println!(
        "| suite | vectors | different inputs | no expectation | the same | differences, all explained |"
    );
    println!("|---|--:|--:|--:|--:|--:|");
    let mut sum = Row { inputs, ..Row::new("all") };
    for row in rows {
        sum.vectors += row.vectors;
        sum.seeds += row.seeds;
        sum.same += row.same;
        sum.explained += row.explained;
        print_row(row);
    }
    print_row(&sum);
    println!("\n| suite | vectors | they | stslint | why |");
    println!("|---|--:|---|---|---|");
    for Known { suite, vectors, they, we, why, .. } in list {
        let suite = repository(suite);
        println!("| {suite} | {} | {they} | {we} | {why} |", vectors.len());
    }
}

fn print_row(Row { suite, vectors, inputs, seeds, same, explained }: &Row) {
    let suite = match suite.split_once('@') {
        Some((name, commit)) => {
            let short = commit.get(..7).unwrap_or(commit);
            format!("[{name} {short}](https://github.com/{name}/tree/{commit})")
        }
        None => suite.clone(),
    };
    let inputs = inputs.len();
    println!("| {suite} | {vectors} | {inputs} | {seeds} | {same} | {explained} |");
}

/// The suite without its commit.
fn repository(suite: &str) -> &str {
    suite.split_once('@').map_or(suite, |(name, _)| name)
}

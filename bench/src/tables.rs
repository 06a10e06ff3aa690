//! The tables of `docs/bench.md`.

use crate::inputs::SHAPES;
use crate::subjects::{CASES, LINT, VALUES};
use crate::{count, time};

/// Our values may take this part of what the fastest peer takes.
const VALUES_GOAL: f64 = 0.5;
/// A lint of what is clean may take this part of it.
const LINT_GOAL: f64 = 1.0;
/// Ten times the input may take so many times the instructions: sorting has its logarithm.
const GROWTH_GOAL: f64 = 12.0;
/// And so many times the time: what leaves the caches takes longer.
const TIME_GOAL: f64 = 22.0;
const COUNTED: [usize; 3] = [1_000, 10_000, 100_000];
const TIMED: [usize; 3] = [100_000, 1_000_000, 10_000_000];

pub fn print(peers: bool, growth: bool) {
    if peers {
        print_peers();
    }
    if growth {
        print_growth();
    }
}

fn print_peers() {
    println!(
        "| input | who | instructions | of the fastest peer | time | of the fastest peer | goal |"
    );
    println!("|---|---|--:|--:|--:|--:|---|");
    for (index, case) in CASES.iter().enumerate() {
        let subjects = case.subjects();
        let times = time::medians(case);
        let large = (case.input)().len() > 50_000;
        let (few, more) = if large { (1, 2) } else { (10, 210) };
        let counts: Vec<f64> = (0..subjects.len())
            .map(|subject| {
                count::per_call(&["run".into(), index.to_string(), subject.to_string()], few, more)
            })
            .collect();
        let is_peer = |subject: &usize| !subjects[*subject].0.starts_with("stslint");
        let fastest = |list: &[f64]| {
            let peers = (0..list.len()).filter(is_peer).map(|subject| list[subject]);
            peers.fold(f64::INFINITY, f64::min)
        };
        for (subject, (name, _)) in subjects.iter().enumerate() {
            let goal = match *name {
                VALUES => Some(VALUES_GOAL),
                LINT if case.clean => Some(LINT_GOAL),
                _ => None,
            };
            let counted = counts[subject] / fastest(&counts);
            let timed = times[subject] / fastest(&times);
            println!(
                "| {} | {name} | {} | {counted:.2} | {} | {timed:.2} | {} |",
                if subject == 0 { case.name } else { "" },
                thousands(counts[subject]),
                duration(times[subject]),
                goal.map_or(String::new(), |goal| verdict(counted, goal)),
            );
        }
    }
}

fn verdict(ratio: f64, goal: f64) -> String {
    match ratio <= goal {
        true => format!("≤ {goal}: met"),
        false => format!("≤ {goal}: missed by {:.0} %", 100.0 * (ratio / goal - 1.0)),
    }
}

fn print_growth() {
    println!(
        "\n| input | instructions, 1 KB | 10 KB | 100 KB | time, 100 KB | 1 MB | 10 MB | linear |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|---|");
    for (index, shape) in SHAPES.iter().enumerate() {
        let counts = COUNTED.map(|size| {
            count::per_call(&["grow".into(), index.to_string(), size.to_string()], 1, 2)
        });
        let times = TIMED.map(|size| time::shortest(&(shape.make)(size)));
        let factors = |list: [f64; 3]| [list[1] / list[0], list[2] / list[1]];
        let ([a, b], [c, d]) = (factors(counts), factors(times));
        // A time alone is no proof either way: it has the neighbours' noise and the caches' steps in it.
        let linear = match (b <= GROWTH_GOAL, c.max(d) <= TIME_GOAL) {
            (true, true) => "yes",
            (true, false) => "counted, not timed",
            (false, _) => "**no**",
        };
        println!(
            "| {} | {} | ×{a:.1} | ×{b:.1} | {} | ×{c:.1} | ×{d:.1} | {linear} |",
            shape.name,
            thousands(counts[0]),
            duration(times[0]),
        );
    }
}

/// `1234567` as `1 234 567`.
fn thousands(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push('\u{2009}');
        }
        out.push(digit);
    }
    out
}

fn duration(nanoseconds: f64) -> String {
    match nanoseconds {
        ..1e4 => format!("{nanoseconds:.0} ns"),
        ..1e7 => format!("{:.1} µs", nanoseconds / 1e3),
        _ => format!("{:.1} ms", nanoseconds / 1e6),
    }
}

//! The tables of `docs/bench.md`.

use crate::inputs::SHAPES;
use crate::subjects::{CASES, VALUES};
use crate::{count, time};

/// Our values may take this part of what the fastest peer takes.
const GOAL: f64 = 1.0;
/// Ten times the input may take so many times the instructions: sorting has its logarithm.
const GROWTH_GOAL: f64 = 12.0;
const SIZES: [usize; 5] = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];
/// So many instructions are counted at most, which takes valgrind half a minute: the largest size of a
/// shape is left out where ten times the one before would be more.
const COUNTED_AT_MOST: f64 = 6e9;

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
            let counted = counts[subject] / fastest(&counts);
            let timed = times[subject] / fastest(&times);
            println!(
                "| {} | {name} | {} | {counted:.2} | {} | {timed:.2} | {} |",
                if subject == 0 { case.name } else { "" },
                thousands(counts[subject]),
                duration(times[subject]),
                if *name == VALUES { verdict(counted) } else { String::new() },
            );
        }
    }
}

fn verdict(ratio: f64) -> String {
    match ratio <= GOAL {
        true => format!("≤ {GOAL}: met"),
        false => format!("≤ {GOAL}: missed by {:.0} %", 100.0 * (ratio / GOAL - 1.0)),
    }
}

fn print_growth() {
    println!(
        "\n| input | instructions, 1 KB | 10 KB | 100 KB | 1 MB | 10 MB | linear | time, 100 KB | 1 MB | 10 MB | pages for 1 KB of 10 MB | in the kernel |"
    );
    println!("|---|--:|--:|--:|--:|--:|---|--:|--:|--:|--:|--:|");
    let all: Vec<usize> = (0..SHAPES.len()).collect();
    // Counting minds no company, so two shapes are counted at once.
    let counts: Vec<Vec<f64>> = all
        .chunks(2)
        .flat_map(|pair| {
            std::thread::scope(|scope| {
                let threads: Vec<_> =
                    pair.iter().map(|index| scope.spawn(|| counted(*index))).collect();
                threads
                    .into_iter()
                    .map(|thread| thread.join().expect("it counts"))
                    .collect::<Vec<_>>()
            })
        })
        .collect();
    for (shape, counts) in SHAPES.iter().zip(counts) {
        let factor = |index: usize| Some(counts.get(index)? / counts[index - 1]);
        let factors: Vec<f64> = (1..SIZES.len()).filter_map(factor).collect();
        // What a call costs whatever is in it hides the growth of small texts, so steps below ten prove
        // nothing, and the last ones count.
        let linear = match factors[1..].iter().all(|factor| *factor <= GROWTH_GOAL) {
            true if counts.len() == SIZES.len() => "yes",
            true => "yes, up to 1 MB",
            false => "**no**",
        };
        let times = [2, 3, 4].map(|index| time::shortest(&(shape.make)(SIZES[index])));
        let shown =
            |index| factors.get(index).map_or("–".into(), |factor| format!("×{factor:.1}"));
        println!(
            "| {} | {} | {} | {} | {} | {} | {linear} | {} | ×{:.1} | ×{:.1} | {:.1} | {:.0} % |",
            shape.name,
            thousands(counts[0]),
            shown(0),
            shown(1),
            shown(2),
            shown(3),
            duration(times[0].time),
            times[1].time / times[0].time,
            times[2].time / times[1].time,
            times[2].faults / 1e4,
            100.0 * times[2].in_kernel,
        );
    }
}

/// The instructions of a lint of a shape in each size that can be counted in bearable time.
fn counted(shape: usize) -> Vec<f64> {
    let mut counts: Vec<f64> = Vec::new();
    for size in SIZES {
        if counts.last().is_some_and(|last| 10.0 * last > COUNTED_AT_MOST) {
            break;
        }
        // What the first call sets up is nothing beside a large text.
        let (few, more) = if size > 100_000 { (0, 1) } else { (1, 2) };
        let arguments = ["grow".into(), shape.to_string(), size.to_string()];
        counts.push(count::per_call(&arguments, few, more));
    }
    counts
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

//! Time as ratios: those who are compared take turns, so that a busy machine slows all of them down.

use crate::subjects::{Case, lint_any};
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How long a subject runs in one round.
const TURN: Duration = Duration::from_micros(500);
const ROUNDS: usize = 201;

/// The median time of one call, in nanoseconds, for each subject of a case.
pub fn medians(case: &Case) -> Vec<f64> {
    let text = (case.input)();
    let subjects = case.subjects();
    let batch = |run: fn(&str), calls: u32| {
        let start = Instant::now();
        (0..calls).for_each(|_| run(black_box(&text)));
        start.elapsed()
    };
    let calls: Vec<u32> = subjects
        .iter()
        .map(|(_, run)| {
            let mut calls = 1;
            while calls < 1 << 20 && batch(*run, calls) < TURN {
                calls *= 2;
            }
            calls
        })
        .collect();
    let mut times = vec![Vec::with_capacity(ROUNDS); subjects.len()];
    let rounds = if text.len() > 1_000_000 { ROUNDS / 20 } else { ROUNDS };
    for _ in 0..rounds {
        for (index, (_, run)) in subjects.iter().enumerate() {
            let time = batch(*run, calls[index]);
            times[index].push(time.as_nanos() as f64 / f64::from(calls[index]));
        }
    }
    times
        .into_iter()
        .map(|mut times| {
            times.sort_by(f64::total_cmp);
            times[times.len() / 2]
        })
        .collect()
}

/// The shortest time of three lints of a text, in nanoseconds.
pub fn shortest(text: &str) -> f64 {
    let times = (0..3).map(|_| {
        let start = Instant::now();
        lint_any(black_box(text));
        start.elapsed().as_nanos() as f64
    });
    times.fold(f64::INFINITY, f64::min)
}

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

/// What a lint of a text took.
#[derive(Clone, Copy)]
pub struct Spent {
    /// Time, in nanoseconds.
    pub time: f64,
    /// Pages of memory that the kernel handed out.
    pub faults: f64,
    /// The part of the processor's time that the kernel had, from 0 to 1; rough below a tenth of a second.
    pub in_kernel: f64,
}

/// The shortest time of three lints of a text, and what it was spent on.
pub fn shortest(text: &str) -> Spent {
    let rounds = (0..3).map(|_| {
        let (start, before) = (Instant::now(), process());
        lint_any(black_box(text));
        let time = start.elapsed().as_nanos() as f64;
        let after = process();
        let [faults, user, kernel] = [0, 1, 2].map(|index| after[index] - before[index]);
        Spent { time, faults, in_kernel: kernel / (user + kernel).max(1.0) }
    });
    rounds.min_by(|a, b| a.time.total_cmp(&b.time)).expect("there are three")
}

/// Page faults without reading from disk, and ticks in user mode and in the kernel, of this process
/// (proc_pid_stat(5): fields 10, 14 and 15); nothing where the system does not tell.
fn process() -> [f64; 3] {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    [10, 14, 15].map(|number| fields.get(number - 3).and_then(|n| n.parse().ok()).unwrap_or(0.0))
}

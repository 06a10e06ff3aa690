//! Many domains at the same time, in the order of the list or as they come, with as much in memory as is under way.

use super::list::{Entry, List, Unfit};
use super::look::{Look, Looked, Looker};
use crate::exit;
use indicatif::{ProgressBar, ProgressStyle};
use signal_hook::consts::SIGINT;
use signal_hook::flag;
use std::collections::BTreeMap;
use std::io::{BufRead, IsTerminal};
use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use stslint::live::check::Check;
use stslint::live::{Assessment, judge};
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinSet;

/// Entries that are read ahead.
const AHEAD: usize = 256;

/// How often it is looked whether to stop.
const TICK: Duration = Duration::from_millis(100);

/// How far a domain may be ahead of the one that is due, in times of those that are under way.
const WINDOW: u64 = 4;

/// How a list is gone through.
#[derive(Debug)]
pub(super) struct Plan {
    /// Most domains under way.
    pub(super) jobs: usize,
    /// Whether results are wanted in the order of the list.
    pub(super) in_order: bool,
    /// How far it is.
    pub(super) bar: ProgressBar,
}

/// An entry that is done.
#[derive(Debug)]
pub(super) struct Done {
    /// Its place among all entries, from 1.
    pub(super) number: u64,
    /// Its line in the file, from 1; none on the command line.
    pub(super) line: Option<u64>,
    bytes: u64,
    /// What came of it.
    pub(super) came: Result<Box<Seen>, Unfit>,
}

/// What came of a domain.
#[derive(Debug)]
pub(super) struct Seen {
    /// What was seen.
    pub(super) looked: Looked,
    /// What it comes to.
    pub(super) assessment: Assessment,
}

/// How a run came to its end.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// All is done.
    Whole,
    /// Somebody stopped it (Ctrl-C): what was under way is not done.
    Stopped,
    /// The list can't be read on or is not the one that was begun, or nothing can be written: why. No words where nobody reads
    /// what is written.
    Broken(String),
}

/// Goes through a list. `skip` says whether an entry is left out, or why nothing is to go on; `take` gets each entry that is
/// done, and says the same.
pub(super) fn run<R: BufRead + Send + 'static>(
    look: &Look,
    list: List<R>,
    plan: &Plan,
    skip: impl FnMut(&Entry) -> Result<bool, String>,
    take: impl FnMut(Done) -> Result<(), String>,
) -> End {
    let (runtime, looker) = look.parts();
    let mut run = Run {
        plan,
        skip,
        take,
        jobs: JoinSet::new(),
        waiting: BTreeMap::new(),
        next: 0,
        due: 0,
        handed: 0,
        began: Instant::now(),
    };
    runtime.block_on(run.through(looker, read(list)))
}

/// Reads a list on a thread of its own: standard input may make wait.
fn read<R: BufRead + Send + 'static>(mut list: List<R>) -> Receiver<Result<Entry, String>> {
    let (sender, entries) = channel(AHEAD);
    std::thread::spawn(move || {
        loop {
            let read = match list.next() {
                Ok(None) => break,
                Ok(Some(entry)) => Ok(entry),
                Err(error) => Err(format!("the list can't be read on: {error}")),
            };
            let is_end = read.is_err();
            if sender.blocking_send(read).is_err() || is_end {
                break;
            }
        }
    });
    entries
}

/// A run under way.
struct Run<'p, S, T> {
    plan: &'p Plan,
    skip: S,
    take: T,
    jobs: JoinSet<(u64, Done)>,
    /// What is done, and not due yet.
    waiting: BTreeMap<u64, Done>,
    /// How many were begun.
    next: u64,
    /// How many were handed on, where the order counts.
    due: u64,
    /// How many were handed on.
    handed: u64,
    began: Instant,
}

impl<S, T> Run<'_, S, T>
where
    S: FnMut(&Entry) -> Result<bool, String>,
    T: FnMut(Done) -> Result<(), String>,
{
    async fn through(
        &mut self,
        looker: &Arc<Looker>,
        mut entries: Receiver<Result<Entry, String>>,
    ) -> End {
        let end = self.go(looker, &mut entries).await;
        // What is done was not in vain, whatever it waited for.
        while let Some(Ok((place, done))) = self.jobs.try_join_next() {
            self.waiting.insert(place, done);
        }
        for (_, done) in std::mem::take(&mut self.waiting) {
            if self.hand_on(done).is_err() {
                break;
            }
        }
        end
    }

    async fn go(
        &mut self,
        looker: &Arc<Looker>,
        entries: &mut Receiver<Result<Entry, String>>,
    ) -> End {
        let stop = stop();
        let mut tick = tokio::time::interval(TICK);
        let mut more = true;
        while more || !self.jobs.is_empty() {
            let window = WINDOW * self.plan.jobs as u64;
            let is_near = !self.plan.in_order || self.next - self.due < window;
            let has_room = self.jobs.len() < self.plan.jobs && is_near;
            tokio::select! {
                biased;
                _ = tick.tick() => if stop.load(Ordering::Relaxed) {
                    return End::Stopped;
                },
                Some(done) = self.jobs.join_next(), if !self.jobs.is_empty() => match done {
                    Ok((place, done)) => if let Err(why) = self.came(place, done) {
                        return End::Broken(why);
                    },
                    Err(broken) => match broken.try_into_panic() {
                        Ok(panic) => std::panic::resume_unwind(panic),
                        Err(_) => return End::Stopped,
                    },
                },
                entry = entries.recv(), if more && has_room => match entry {
                    None => more = false,
                    Some(Err(why)) => return End::Broken(why),
                    Some(Ok(entry)) => if let Err(why) = self.begin(looker, entry) {
                        return End::Broken(why);
                    },
                },
            }
        }
        End::Whole
    }

    fn begin(&mut self, looker: &Arc<Looker>, entry: Entry) -> Result<(), String> {
        if (self.skip)(&entry)? {
            self.plan.bar.set_position(entry.bytes);
            return Ok(());
        }
        let place = self.next;
        self.next += 1;
        let Entry { number, line, bytes, what } = entry;
        let done = move |came| (place, Done { number, line, bytes, came });
        match what {
            Ok(check) => {
                let looker = Arc::clone(looker);
                self.jobs.spawn(async move { done(Ok(see(looker, check).await)) });
            }
            Err(unfit) => {
                let (place, done) = done(Err(unfit));
                self.came(place, done)?;
            }
        }
        Ok(())
    }

    fn came(&mut self, place: u64, done: Done) -> Result<(), String> {
        if !self.plan.in_order {
            return self.hand_on(done);
        }
        self.waiting.insert(place, done);
        while let Some(done) = self.waiting.remove(&self.due) {
            self.due += 1;
            self.hand_on(done)?;
        }
        Ok(())
    }

    fn hand_on(&mut self, done: Done) -> Result<(), String> {
        // Those before it may still be under way: it is about how far.
        if done.bytes > self.plan.bar.position() {
            self.plan.bar.set_position(done.bytes);
        }
        (self.take)(done)?;
        self.handed += 1;
        let seconds = self.began.elapsed().as_secs_f64();
        if self.handed.is_multiple_of(16) && seconds > 0.0 {
            let rate = self.handed as f64 / seconds;
            self.plan.bar.set_message(format!("{} done, {rate:.0} a second", self.handed));
        }
        Ok(())
    }
}

/// Whether somebody wants an end (Ctrl-C). Whoever asks twice gets it at once.
fn stop() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let code = i32::from(exit::STOPPED);
    // Without it, Ctrl-C ends the program as it ends any.
    let _ = flag::register_conditional_shutdown(SIGINT, code, Arc::clone(&stop))
        .and_then(|_| flag::register(SIGINT, Arc::clone(&stop)));
    stop
}

async fn see(looker: Arc<Looker>, check: Check) -> Box<Seen> {
    let looked = looker.look(check).await;
    let assessment = judge(&looked.facts);
    Box::new(Seen { looked, assessment })
}

/// How far a run is, on a terminal that shows nothing else of it.
pub(super) fn bar(length: Option<u64>, is_list: bool) -> ProgressBar {
    let is_shown = std::io::stderr().is_terminal() && !std::io::stdout().is_terminal();
    if !is_list || !is_shown {
        return ProgressBar::hidden();
    }
    let (bar, form) = match length {
        Some(length) => (ProgressBar::new(length), "{bar:40} {percent} %, {msg}, {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {msg}"),
    };
    let style = ProgressStyle::with_template(form).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style)
}

/// A part of a list: all that have the same hash, modulo the number of parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    /// Which part, from 1.
    part: u64,
    /// How many parts there are.
    parts: u64,
}

impl Shard {
    /// Whether something is in this part. Its hash is that of FNV-1a in 64 bits over its bytes, which never changes: parts
    /// that ran on different days and machines belong together.
    pub(super) fn has(self, text: &str) -> bool {
        const BASIS: u64 = 0xcbf2_9ce4_8422_2325;
        const PRIME: u64 = 0x0100_0000_01b3;
        let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(PRIME);
        text.bytes().fold(BASIS, step) % self.parts == self.part - 1
    }
}

impl FromStr for Shard {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (part, parts) = text.split_once('/').ok_or("not PART/PARTS, like 1/4")?;
        match (part.parse(), parts.parse()) {
            (Ok(part), Ok(parts)) if (1..=parts).contains(&part) => Ok(Self { part, parts }),
            _ => Err("not PART/PARTS, like 1/4: the first part is 1, the last of four is 4"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_in_one_part() {
        for parts in 1..=9_u64 {
            let all: Vec<Shard> = (1..=parts)
                .map(|part| format!("{part}/{parts}").parse().expect("a part"))
                .collect();
            let mut sizes = vec![0_usize; all.len()];
            for i in 0..1000 {
                let name = format!("d{i}.example");
                let has: Vec<usize> = (0..all.len()).filter(|part| all[*part].has(&name)).collect();
                assert_eq!(has.len(), 1, "{name} of {parts}");
                sizes[has[0]] += 1;
            }
            let even = 1000 / all.len();
            assert!(sizes.iter().all(|size| size.abs_diff(even) < even / 2 + 1), "{sizes:?}");
        }
    }

    #[test]
    fn parts_stay_what_they_are() {
        let of = |name: &str| {
            (1..=4).find(|part| Shard { part: *part, parts: 4 }.has(name)).expect("one of them")
        };
        // Test vectors of FNV-1a in 64 bits, as its authors publish them; their last two bits tell the part.
        for (text, hash) in [
            ("", 0xcbf2_9ce4_8422_2325_u64),
            ("a", 0xaf63_dc4c_8601_ec8c),
            ("foobar", 0x8594_4171_f739_67e8),
        ] {
            assert_eq!(of(text), hash % 4 + 1, "{text}");
        }
    }

    #[test]
    fn a_part_is_one_of_its_parts() {
        for bad in ["", "1", "0/4", "5/4", "1/0", "a/b", "-1/2"] {
            assert!(bad.parse::<Shard>().is_err(), "{bad}");
        }
        assert_eq!("4/4".parse(), Ok(Shard { part: 4, parts: 4 }));
    }
}

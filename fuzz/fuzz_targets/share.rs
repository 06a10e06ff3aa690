#![no_main]

use cap::Cap;
use std::alloc::System;

#[global_allocator]
static MEMORY: Cap<System> = Cap::new(System, usize::MAX);

/// What checking a link may take, in bytes: some copies of it, and some for messages.
fn limit(link: usize) -> usize {
    32 * link + 16_384
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    // Whoever asks for more gets nothing, and the program ends.
    let before = MEMORY.allocated();
    MEMORY.set_limit(before + limit(bytes.len())).expect("nothing else is running");
    let outcome = stslint_checks::targets::share(bytes);
    MEMORY.set_limit(usize::MAX).expect("no limit");
    stslint_fuzz::holds(outcome);
});

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| stslint_fuzz::holds(stslint_checks::aggregates::check(
    bytes
)));

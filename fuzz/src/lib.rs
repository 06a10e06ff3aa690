//! What all targets share.

/// Makes a fuzzer see what is wrong.
pub fn holds(outcome: stslint_checks::Outcome) {
    if let Err(what) = outcome {
        panic!("{what}");
    }
}

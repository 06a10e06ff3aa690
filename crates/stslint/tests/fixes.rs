//! Every fix on every vector and every example, each a test of its own named by its id.

use libtest_mimic::{Arguments, Failed, Trial};
use stslint_checks::{fixes, seeds};

fn main() {
    let trials = seeds::all_seeds()
        .into_iter()
        .map(|seed| Trial::test(seed.id, move || fixes::check(&seed.case).map_err(Failed::from)));
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

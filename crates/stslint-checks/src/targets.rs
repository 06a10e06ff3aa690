//! The fuzz targets: what each does with the bytes that a fuzzer makes, and where it starts from.

use crate::{
    Case, Outcome, aggregates, detection, fixes, formats, intake, json, linting, live, models,
    seeds, share,
};
use stslint::{Declared, Kind};

/// A part of the engine, or of what feeds it, that takes what comes from outside.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Its name on the command line and in `fuzz/Cargo.toml`.
    pub name: &'static str,
    /// What must hold of any bytes.
    pub check: fn(&[u8]) -> Outcome,
    /// Inputs to start from, with names.
    pub seeds: fn() -> Vec<(String, Vec<u8>)>,
}

/// All targets.
pub const ALL: [Target; 14] = [
    Target { name: "aggregate", check: aggregates::check, seeds: aggregates::written },
    Target { name: "certificate", check: live::certificate, seeds: live::certificates },
    Target { name: "detection", check: detection, seeds: || cases(&[]) },
    Target { name: "dns", check: live::dns, seeds: live::answers },
    Target { name: "facts", check: live::facts, seeds: live::facts_of_vectors },
    Target { name: "fixes", check: all_fixes, seeds: || cases(&WITH_FIXES) },
    Target { name: "intake", check: intake::check, seeds: intake::files },
    Target { name: "paste", check: live::pasted, seeds: live::outputs },
    Target { name: "policy", check: policy, seeds: || cases(&[POLICY]) },
    Target { name: "quick", check: quick, seeds: || cases(&[]) },
    Target { name: "records", check: records, seeds: || cases(&RECORDS) },
    Target { name: "relay", check: live::relay, seeds: live::relays },
    Target { name: "report", check: report, seeds: || cases(&[REPORT]) },
    Target { name: "share", check: share, seeds: links },
];

const POLICY: Declared = Declared::of(Kind::Policy);
const REPORT: Declared = Declared::of(Kind::Report);

const RECORDS: [Declared; 4] = [
    Declared::of(Kind::StsTxt),
    Declared::of(Kind::RptTxt),
    Declared::data(Kind::StsTxt),
    Declared::data(Kind::RptTxt),
];

const WITH_FIXES: [Declared; 5] = [POLICY, RECORDS[0], RECORDS[1], RECORDS[2], RECORDS[3]];

/// Policies are linted alike every time, what is read from them is read again, and models of senders take
/// them.
pub fn policy(bytes: &[u8]) -> Outcome {
    let case = Case { declared: Some(POLICY), ..Case::from_bytes(bytes) };
    linting::check(&case)?;
    models::check(&case.source)?;
    formats::check(&case)
}

/// So are records in any written form.
pub fn records(bytes: &[u8]) -> Outcome {
    let case = Case::from_bytes(bytes);
    // A case without kind, or of another, is one of the records all the same.
    let index = bytes.first().map_or(0, |settings| usize::from(settings & 3));
    let declared = case.declared.filter(|one| RECORDS.contains(one)).or(Some(RECORDS[index]));
    let case = Case { declared, ..case };
    linting::check(&case)?;
    formats::check(&case)
}

/// So are reports; and the JSON reader reads what `serde_json` reads.
pub fn report(bytes: &[u8]) -> Outcome {
    let case = Case { declared: Some(REPORT), ..Case::from_bytes(bytes) };
    json::check(&case.source)?;
    linting::check(&case)
}

/// Anything is linted without harm. It does so little for each input that very many can be tried.
pub fn quick(bytes: &[u8]) -> Outcome {
    linting::quick(&Case::from_bytes(bytes))
}

/// Something is always made of what was pasted.
pub fn detection(bytes: &[u8]) -> Outcome {
    let case = Case { declared: None, ..Case::from_bytes(bytes) };
    detection::check(&case)?;
    detection::check(&Case::from_bytes(bytes))?;
    linting::check(&case)
}

/// Links open to what they were made of.
pub fn share(bytes: &[u8]) -> Outcome {
    share::check(&String::from_utf8_lossy(bytes))?;
    share::check_contents(bytes)
}

/// Fixes repair, and do no harm.
pub fn all_fixes(bytes: &[u8]) -> Outcome {
    fixes::check(&Case::from_bytes(bytes))
}

/// The seeds of some kinds, or all of them as if nobody knew their kind.
fn cases(wanted: &[Declared]) -> Vec<(String, Vec<u8>)> {
    let is_wanted = |seed: &seeds::Seed| {
        wanted.is_empty() || seed.case.declared.is_some_and(|one| wanted.contains(&one))
    };
    let seeds = seeds::all_seeds().into_iter().filter(is_wanted);
    seeds
        .map(|mut seed| {
            seed.case.declared = seed.case.declared.filter(|_| !wanted.is_empty());
            (seed.id, seed.case.to_bytes())
        })
        .collect()
}

/// Links that were given out, and texts to make links of.
fn links() -> Vec<(String, Vec<u8>)> {
    let links = [
        "#v1&kind=sts-txt&domain=example.com&marks=1",
        "v1&exact=1&z=K0stKs7Mz7NSCA4JLjPk5QIA",
        "v1&domain=b%C3%BCcher.example",
        "v1&amp;kind=policy&amp;marks=1&theme=dark",
        "v2&kind=policy",
        "?\u{b}example.comK0stKs7Mz7NSCA4JLjPk5QIA",
    ];
    links
        .iter()
        .enumerate()
        .map(|(i, link)| (format!("link-{i}"), link.as_bytes().to_vec()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_holds_on_its_seeds() {
        for target in ALL {
            let seeds = (target.seeds)();
            assert!(seeds.len() > 5, "{}", target.name);
            for (id, bytes) in seeds {
                assert_eq!((target.check)(&bytes), Ok(()), "{} {id}", target.name);
            }
        }
    }

    /// The fuzz crate is a workspace of its own, which `cargo test` does not build.
    #[test]
    fn every_target_is_one_of_the_fuzz_crate() {
        let manifest = include_str!("../../../fuzz/Cargo.toml");
        assert_eq!(manifest.matches("[[bin]]").count(), ALL.len());
        for Target { name, .. } in ALL {
            let bin = format!("name = \"{name}\"\npath = \"fuzz_targets/{name}.rs\"");
            assert!(manifest.contains(&bin), "{name}");
        }
    }
}

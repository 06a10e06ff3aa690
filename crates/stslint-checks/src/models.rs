//! What must hold of the models of sending software.

use crate::{Outcome, ensure, shown, to_ascii};
use stslint::policy::Mode;
use stslint::senders::model::{Answer, Discovery, Reading, Remark};
use stslint::senders::models::MODELS;

/// Any bytes, as the body of a policy, as records, as the type of an answer and as names: no panic, the
/// same twice, and every place lies in the text.
pub fn check(bytes: &[u8]) -> Outcome {
    let text = String::from_utf8_lossy(bytes);
    let text = &*text;
    let inside = |remark: &Remark, length: usize| remark.at <= length;
    for model in MODELS {
        let name = model.name;
        for answer in [
            Answer::text(bytes),
            Answer { content_type: Some(Some("text/plain; charset=utf-8")), ..Answer::text(bytes) },
            Answer { content_type: Some(Some(text)), status: Some(203), body: bytes },
        ] {
            let reading = (model.policy)(&answer);
            ensure!(
                reading == (model.policy)(&answer),
                "{name} changes its mind on {}",
                shown(bytes)
            );
            match &reading {
                Reading::Rejected(remark) => {
                    ensure!(inside(remark, bytes.len()), "{name}: {remark:?} in {}", shown(bytes));
                }
                Reading::Accepted(effective, remarks) => {
                    // Halon looks at the version alone.
                    let whole = effective.mode == Some(Mode::None)
                        || effective.mode.is_some() && !effective.mx.is_empty();
                    ensure!(
                        whole || name == "Halon",
                        "{name} acts on {effective:?} in {}",
                        shown(bytes)
                    );
                    let outside = remarks.iter().find(|remark| !inside(remark, bytes.len()));
                    ensure!(outside.is_none(), "{name}: {outside:?} in {}", shown(bytes));
                    let count = remarks.len();
                    ensure!(count <= 1000, "{name} has {count} remarks on {}", shown(bytes));
                }
            }
        }
        for records in [&[][..], &[text], &["a=b", text], &[text, "v=STSv1; id=a", text]] {
            if let Discovery::Nothing(nth, remark) = (model.record)(records) {
                let length = records.get(nth).map_or(0, |record| record.len());
                let some = nth < records.len().max(1);
                ensure!(
                    some && inside(&remark, length),
                    "{name}: {nth}, {remark:?} in {records:?}"
                );
            }
        }
        for other in ["mail.example.com", "*.example.com", text] {
            (model.matches)(text, other, Some(to_ascii));
            (model.matches)(other, text, None);
        }
    }
    Ok(())
}

/// A policy in which nothing is unusual: every model accepts it, in this mode and with patterns that
/// match these names, and no model gives it another lifetime.
pub fn plain(policy: &str, mode: Mode, names: &[String], max_age: u64) -> Outcome {
    for model in MODELS {
        let name = model.name;
        let reading = (model.policy)(&Answer::text(policy.as_bytes()));
        let Reading::Accepted(effective, _) = &reading else {
            return Err(format!("{name}: {reading:?} in {policy:?}"));
        };
        let same = effective.mode == Some(mode)
            && effective.max_age == max_age
            && effective.mx.len() == names.len();
        ensure!(same, "{name} acts on {effective:?} in {policy:?}");
        for (pattern, host) in effective.mx.iter().zip(names) {
            let matches = |host: &str| (model.matches)(pattern, host, Some(to_ascii));
            let other = format!("{host}x");
            ensure!(
                matches(host) && !matches(&other),
                "{name} matches {pattern} otherwise with {host} and {other}"
            );
        }
    }
    Ok(())
}

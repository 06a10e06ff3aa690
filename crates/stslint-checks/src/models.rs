//! What must hold of the models of sending software.

use crate::{Outcome, ensure, shown, to_ascii};
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
                Reading::Accepted(_, remarks) => {
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

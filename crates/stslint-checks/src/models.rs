//! What must hold of the models of sending software.

use crate::{Outcome, ensure, shown, to_ascii};
use stslint::policy::Mode;
use stslint::render::senders::Told;
use stslint::render::simulate::Told as Walked;
use stslint::render::timeline::Told as Dated;
use stslint::senders::model::{Answer, Discovery, Reading, Remark};
use stslint::senders::models::MODELS;
use stslint::senders::scenarios::sample;
use stslint::senders::timeline::{Published, Timeline};
use stslint::senders::{Host, Profile, Served, Setting, walk};
use stslint::text::is_unseen;
use stslint::{Input, agree};

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
    walks(bytes, text)?;
    verdict(bytes, text)
}

/// A message finds its way through anything, and its way can be told.
fn walks(bytes: &[u8], text: &str) -> Outcome {
    let setting = Setting {
        policy: Ok(Served::text(bytes)),
        records: vec![text.to_owned(), "v=STSv1; id=a".into()],
        hosts: [text, "mail.example.com"].map(Host::good).into(),
        ..sample()
    };
    let published = |from: i64| Published {
        from,
        policy: Some(bytes.to_vec()),
        records: setting.records.clone(),
        ttl: 300,
    };
    let history = [published(0), published(86_400)];
    let timeline = Timeline::of(&history);
    let told = Dated { history: &history, timeline: &timeline, hosts: &[text] };
    let mut words = told.text();
    for model in MODELS {
        let walk = walk(&setting.met_by(Profile::of(model)), Some(to_ascii));
        ensure!(walk.steps.len() <= 40, "{} takes many steps in {}", model.name, shown(bytes));
        words.push_str(&Walked { setting: &setting, model, walk: &walk }.text());
    }
    let unseen = words.chars().find(|c| *c != '\n' && is_unseen(*c));
    ensure!(unseen.is_none(), "{unseen:?} is told of a walk through {}", shown(bytes));
    ensure!(words.len() <= 1 << 17, "too much is told of a walk through {}", shown(bytes));
    Ok(())
}

/// A verdict can be told of anything: its places lie in the text, nothing unseen is in its words, and a
/// repair leaves fewer senders astray and a policy for the standard.
fn verdict(bytes: &[u8], text: &str) -> Outcome {
    let input = Input { to_ascii: Some(to_ascii), ..Input::new(bytes) };
    let (records, hosts) = ([text], ["mail.example.com", text]);
    let Ok(verdict) = agree::verdict(&input, Some(&records), &hosts) else { return Ok(()) };
    let told = Told { source: bytes, verdict: &verdict, records: Some(&records), hosts: &hosts };
    let words = told.text("-");
    let unseen = words.chars().find(|c| *c != '\n' && is_unseen(*c));
    ensure!(unseen.is_none(), "{unseen:?} is told of {}", shown(bytes));
    let sentences = told.summary().len();
    ensure!((1..=3).contains(&sentences), "{sentences} sentences about {}", shown(bytes));
    if let Some(repair) = &verdict.repair {
        let is_better = repair.after.strays() < verdict.matrix.strays()
            && repair.after.standard.effective().is_some()
            && !repair.codes.is_empty();
        ensure!(is_better, "a repair that is none in {}", shown(bytes));
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

//! What holds of telling what was pasted.

use crate::{Case, Outcome, ensure, shown};
use stslint::detect::{could_be_domain, detect, is_domain_being_typed};
use stslint::{Declared, Form, Kind, host, lint};

/// What is declared is believed; a domain is one, and is found again in itself; the lint is of what
/// was detected.
pub fn check(case: &Case) -> Outcome {
    let input = case.input();
    let detected = detect(&input);
    ensure!(detected == detect(&input), "detecting twice differs: {}", shown(&case.source));
    if let Some(Declared { kind, form }) = case.declared {
        ensure!(form.is_none_or(|form| detected.form == form), "not {form:?}: {detected:?}");
        ensure!(detected.kind == kind, "taken for {:?}, not {kind:?}", detected.kind);
    }
    ensure!(
        detected.domain.is_none() || detected.kind == Kind::Domain,
        "a domain in {:?}: {}",
        detected.kind,
        shown(&case.source)
    );
    if let (None, Ok(text)) = (case.declared, str::from_utf8(&case.source)) {
        let (whole, typed) = (could_be_domain(text), is_domain_being_typed(text));
        ensure!(whole || detected.domain.is_none(), "{text:?} is a domain, and could not be");
        let domain = matches!(detected.kind, Kind::Domain | Kind::Unknown);
        ensure!(domain || !(whole || typed), "{text:?} could be a domain: {detected:?}");
        ensure!(!typed || detected.domain.is_none(), "{text:?} is typed, and is a domain");
    }
    if let Some(domain) = &detected.domain {
        ensure!(host::is_host_name(domain), "{domain:?} is no domain: {}", shown(&case.source));
        let again = detect(&Case::new(None, domain.as_str()).input());
        // The labels of MTA-STS in front of a domain are taken off one by one.
        let taken_off = domain.strip_prefix("mta-sts.");
        ensure!(
            again.domain.as_deref() == Some(taken_off.unwrap_or(domain)),
            "{domain:?} is taken for {again:?}"
        );
    }
    let report = lint(&input);
    ensure!(report.form == detected.form, "{:?} is linted as {:?}", detected, report.form);
    if !matches!(detected.kind, Kind::RptTxt | Kind::StsTxt) {
        let kinds: Vec<Kind> = report.artefacts.iter().map(|artefact| artefact.kind).collect();
        ensure!(kinds == [detected.kind], "{detected:?} is linted as {kinds:?}");
    }
    let forms_of_records = [Form::Dig, Form::DohJson, Form::Quoted, Form::RdataJson, Form::Zone];
    if matches!(detected.kind, Kind::Policy | Kind::Report | Kind::Domain | Kind::Unknown) {
        ensure!(!forms_of_records.contains(&detected.form), "{detected:?}");
    }
    Ok(())
}

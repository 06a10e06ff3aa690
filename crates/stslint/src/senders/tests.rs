use super::*;
use crate::policy::Mode;

fn policy(mode: Mode) -> Policy {
    Policy { mode, mx: vec!["*.example.com".into()], max_age: 86_400 }
}

fn host(name: &str) -> Host {
    Host::good(name)
}

fn situation(fetch: Result<Policy, ResultType>, hosts: Vec<Host>) -> Situation {
    Situation { id: Some("2".into()), fetch, hosts, ..Situation::default() }
}

#[test]
fn a_null_mx_ends_it() {
    let good = situation(Ok(policy(Mode::Enforce)), Vec::new());
    let delivery = Situation { mail: Mail::Null, ..good };
    assert_eq!(deliver(&delivery).delivery, Delivery::RejectedNullMx);
}

#[test]
fn a_matching_tlsa_record_is_enough_and_needs_tls() {
    let dane = Host { dane: Dane::Matches, ..host("mx.example.net") };
    let mut met = situation(Ok(policy(Mode::Enforce)), vec![dane]);
    met.profile.dane = true;
    assert_eq!(deliver(&met).delivery, Delivery::DeliveredDane);
    met.hosts[0].starttls = false;
    assert_eq!(deliver(&met).delivery, Delivery::Deferred);
    assert_eq!(deliver(&met).events, [ResultType::StarttlsNotSupported]);
}

#[test]
fn a_copy_lives_to_the_last_second() {
    let copy = Cached { policy: policy(Mode::Enforce), fetched_at: 0, id: "1".into() };
    let mut met = situation(Err(ResultType::StsPolicyFetchError), vec![host("mx.example.net")]);
    met.cache = Some(copy);
    met.now = 86_400;
    assert_eq!(deliver(&met).delivery, Delivery::Deferred);
    met.now = 86_401;
    assert_eq!(deliver(&met).delivery, Delivery::DeliveredOpportunisticTls);
}

#[test]
fn the_same_id_needs_no_fetch() {
    let copy = Cached { policy: policy(Mode::Enforce), fetched_at: 0, id: "2".into() };
    let mut met = situation(Err(ResultType::StsPolicyFetchError), vec![host("mx.example.com")]);
    met.cache = Some(copy);
    let delivery = deliver(&met);
    assert_eq!((delivery.delivery, delivery.events), (Delivery::DeliveredVerified, Vec::new()));
}

#[test]
fn what_a_sender_does_not_support_it_does_not_do() {
    let mut met = situation(Ok(policy(Mode::Enforce)), vec![host("mx.example.net")]);
    met.profile.min_max_age = 86_401;
    assert_eq!(deliver(&met).delivery, Delivery::DeliveredOpportunisticTls);
    met.profile = Profile { sts: false, ..Profile::default() };
    assert_eq!(deliver(&met).delivery, Delivery::DeliveredOpportunisticTls);
}

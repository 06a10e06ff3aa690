//! `stslint new` looks at what is published, and changes it.

use crate::network::ca::Flaw;
use crate::network::dns::{Record, Say};
use crate::network::servers::Reply;
use crate::network::{Network, Said, text_plain};
use domain::base::Rtype;

fn new(network: Network, args: &[&str]) -> Said {
    network.run("new", args, "")
}

#[test]
fn what_is_published_is_changed_and_not_overwritten() {
    let mut network = Network::good();
    let policy =
        "version: STSv1\nx_owner: mail team\nmode: testing\nmx: *.example.com\nmax_age: 86400\n";
    network.policy_host("example.com", Flaw::None, text_plain(policy));
    let record = Record::Txt("v=STSv1; id=20991122T000000Z; x_by=acme".into());
    network.world.say("_mta-sts.example.com", Rtype::TXT, Say::Records(vec![record]));
    let said = new(network, &["example.com", "--mode", "enforce", "--rua", "more@example.com"]);
    assert_eq!(said.code, 0, "{said:?}");
    said.has("Policy, changed: https://mta-sts.example.com/.well-known/mta-sts.txt\n")
        .has("version: STSv1\nx_owner: mail team\nmode: enforce\nmx: *.example.com\nmax_age: 2592000\n")
        // Later than the one before, whatever the clock says.
        .has("_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=20991122T000001Z; x_by=acme\"\n")
        .has("rua=mailto:tls@example.com,mailto:more@example.com\"\n");
    assert!(said.err.is_empty(), "{said:?}");
}

#[test]
fn what_is_as_it_should_be_is_not_written_again() {
    let said = new(Network::good(), &["example.com"]);
    assert_eq!(said.code, 0, "{said:?}");
    said.has("Policy, as it is published").has("_mta-sts.example.com: as it is published");
    assert!(!said.out.contains(" IN TXT "), "{said:?}");
}

#[test]
fn a_domain_without_mta_sts_gets_one() {
    let mut network = Network::empty();
    network.records("example.com");
    network.world.names.remove(&("_mta-sts.example.com".to_owned(), Rtype::TXT));
    network.world.names.remove(&("_smtp._tls.example.com".to_owned(), Rtype::TXT));
    let said = new(network, &["example.com"]);
    assert_eq!(said.code, 0, "{said:?}");
    said.has("Policy, new").has("mode: testing\nmx: mail.example.com\n").has("No TLS reports");
}

#[test]
fn what_could_not_be_looked_up_is_not_overwritten() {
    for (name, rtype) in [
        ("_mta-sts.example.com", Rtype::TXT),
        ("_smtp._tls.example.com", Rtype::TXT),
        ("example.com", Rtype::MX),
    ] {
        let mut network = Network::good();
        network.world.say(name, rtype, Say::Code(2));
        let said = new(network, &["example.com"]);
        assert_eq!((said.code, &said.out[..]), (69, ""), "{said:?}");
        assert!(said.err.contains(name), "{said:?}");
    }
}

#[test]
fn a_policy_that_somebody_else_runs_is_told() {
    let mut network = Network::good();
    let alias = Record::Alias("_mta-sts.example.com".into(), "mta-sts.tutanota.de".into());
    let record = Record::Txt("v=STSv1; id=20261122;".into());
    let aliased = Say::Aliased(vec![alias], "mta-sts.tutanota.de", vec![record]);
    network.world.say("_mta-sts.example.com", Rtype::TXT, aliased);
    new(network, &["example.com"]).has("The policy is run by Tuta: change it");
}

#[test]
fn an_answer_that_is_no_policy_is_no_start() {
    let mut network = Network::good();
    let reply = Reply::http("404 Not Found", &[], b"<html>");
    network.policy_host("example.com", Flaw::None, reply);
    new(network, &["example.com"]).has("Policy, new");
}

/// RFC 8461 §8.1: a host that is to come is in the policy before it is in DNS.
#[test]
fn lines_of_hosts_that_are_to_come_stay() {
    let published = |mode: &str| {
        let mut network = Network::good();
        let policy = format!(
            "version: STSv1\nmode: {mode}\nmx: mail.example.com\nmx: example-com.x-v1.mx.microsoft\nmax_age: 1209600\n"
        );
        network.policy_host("example.com", Flaw::None, text_plain(&policy));
        network
    };
    let said = new(published("enforce"), &["example.com", "--rua", "more@example.com"]);
    assert_eq!(said.code, 0, "{said:?}");
    said.has("Policy, as it is published")
        .has("mx: example-com.x-v1.mx.microsoft\n")
        .has("No MX host of now matches example-com.x-v1.mx.microsoft.")
        .has("The policy stays as it is: publish the records.");
    let said = new(published("testing"), &["example.com", "--prune"]);
    assert!(!said.out.contains("microsoft"), "{said:?}");
    said.has("Policy, changed").has("First the file, until it is served everywhere");
}

#[test]
fn a_policy_that_could_not_be_read_is_not_replaced() {
    let unread = || {
        let mut network = Network::good();
        let reply = Reply::http("503 Service Unavailable", &[], b"later");
        network.policy_host("example.com", Flaw::None, reply);
        network
    };
    let mut expired = Network::good();
    let policy = "version: STSv1\nmode: enforce\nmx: mail.example.com\nmax_age: 1209600\n";
    expired.policy_host("example.com", Flaw::Expired, text_plain(policy));
    for network in [unread(), expired] {
        let said = new(network, &["example.com"]);
        assert_eq!((said.code, &said.out[..]), (69, ""), "{said:?}");
        assert!(said.err.contains("https://mta-sts.example.com/"), "{said:?}");
    }
    // Who says the mode knows what is to be there.
    let said = new(unread(), &["example.com", "--mode", "enforce"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.err.contains("is not known, and this one is written anew"), "{said:?}");
    // What no record leads to is somebody's web page.
    let mut network = unread();
    network.world.names.remove(&("_mta-sts.example.com".to_owned(), Rtype::TXT));
    new(network, &["example.com"]).has("Policy, new").has("comes last");
}

#[test]
fn of_several_records_all_but_one_are_to_go() {
    let mut network = Network::good();
    let two = ["v=STSv1; id=1;", "v=STSv1; id=2;"].map(|text| Record::Txt(text.into()));
    network.world.say("_mta-sts.example.com", Rtype::TXT, Say::Records(two.into()));
    let said = new(network, &["example.com"]);
    assert_eq!(said.code, 0, "{said:?}");
    said.has("_mta-sts.example.com: there are several, so senders use none; delete all that start with v=STSv1,")
        .has("_mta-sts.example.com. 3600 IN TXT \"v=STSv1; id=2");
}

/// RFC 1034 §3.6.2: nothing else stands beside a CNAME.
#[test]
fn a_record_that_is_an_alias_is_published_by_others() {
    let mut network = Network::good();
    let alias = Record::Alias("_mta-sts.example.com".into(), "acme.vendor.example".into());
    let record = Record::Txt("v=STSv1; id=20261122;".into());
    let aliased = Say::Aliased(vec![alias], "acme.vendor.example", vec![record]);
    network.world.say("_mta-sts.example.com", Rtype::TXT, aliased);
    let said = new(network, &["example.com", "--mode", "none"]);
    said.has("_mta-sts.example.com is a CNAME to acme.vendor.example, beside which no other record can stand")
        .has("--goal remove");
    assert!(!said.out.contains(" IN TXT "), "{said:?}");
}

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

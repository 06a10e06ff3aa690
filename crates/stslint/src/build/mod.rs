//! What a domain publishes for MTA-STS and TLS reports: written anew, or changed from what is published already.

pub mod bump;
pub mod hosting;
pub mod id;
pub mod outputs;
pub mod providers;
pub mod wanted;

pub use crate::input::POLICY_FILE;
use crate::input::POLICY_PATH;

/// How long senders keep a new policy, in seconds: a week, so that a mistake does not last (RFC 8461 §3.2, §8.1).
const MAX_AGE: u32 = 604_800;

/// A policy to begin with: in mode testing, for these MX hosts. Lines end as RFC 8461 §3.2 has them. Without hosts no
/// policy can be written: none.
pub fn policy<'a>(hosts: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut text = String::from("version: STSv1\r\nmode: testing\r\n");
    let before = text.len();
    for host in hosts {
        text.push_str(&["mx: ", host.trim_end_matches('.'), "\r\n"].concat());
    }
    if text.len() == before {
        return None;
    }
    text.push_str(&format!("max_age: {MAX_AGE}\r\n"));
    Some(text)
}

/// The address at which senders fetch the policy of a domain (RFC 8461 §3.3).
pub fn policy_address(domain: &str) -> String {
    ["https://mta-sts.", domain, POLICY_PATH].concat()
}

/// The line of a zone file that announces a policy with this id (RFC 8461 §3.1).
pub fn sts_record(domain: &str, id: &str) -> String {
    ["_mta-sts.", domain, ". IN TXT \"v=STSv1; id=", id, ";\""].concat()
}

/// The mail address that is proposed for the TLS reports of a domain.
pub fn report_address(domain: &str) -> String {
    ["tls-reports@", domain].concat()
}

/// The value of the record that asks for TLS reports there (RFC 8460 §3).
pub fn rpt_value(domain: &str) -> String {
    ["v=TLSRPTv1; rua=mailto:", &report_address(domain)].concat()
}

/// The line of a zone file with that record.
pub fn rpt_record(domain: &str) -> String {
    ["_smtp._tls.", domain, ". IN TXT \"", &rpt_value(domain), "\""].concat()
}

//! Carrying the DNS questions of a live check: which query a question is, and which reply an answer.

use crate::answer::{Answer, Data, MAX_LINKS, rcode_name};
use crate::failure::Failure;
use crate::query::{Kind, Query};
use std::net::IpAddr;
use stslint::live::check::{self, DnsReply, RecordKind, Reply};
use stslint::live::facts::{self, Hidden, Mx, Tlsa};

/// The query for a question about a name. None if DNS can't hold the name.
pub fn query(name: &str, kind: RecordKind, checking_disabled: bool) -> Option<Query> {
    let kind = match kind {
        RecordKind::A => Kind::A,
        RecordKind::Aaaa => Kind::Aaaa,
        RecordKind::Mx => Kind::Mx,
        RecordKind::Tlsa => Kind::Tlsa,
        RecordKind::Txt => Kind::Txt,
    };
    let query = Query::new(name, kind).ok()?;
    Some(if checking_disabled { query.checking_disabled() } else { query })
}

/// The reply that an answer is. What a resolver hides, leaves out or does not understand says
/// nothing about the domain.
pub fn reply(answer: Result<Answer, Failure>) -> Reply {
    let answer = match answer {
        Ok(answer) => answer,
        Err(failure) => return Reply::NotObservable(Hidden::Told(failure.to_string())),
    };
    if answer.is_filtered() {
        return Reply::NotObservable(Hidden::Filtered);
    }
    if answer.truncated {
        return Reply::NotObservable(Hidden::Incomplete);
    }
    match answer.rcode {
        0 | 3 | 5 => {}
        // RFC 8914 §4.23, §4.24: the name servers of the domain did not answer.
        2 if answer.extended_errors.iter().any(|error| matches!(error.code, 22 | 23)) => {
            return Reply::Failed(facts::Failure::Timeout);
        }
        2 => {}
        code => return Reply::NotObservable(Hidden::ResponseCode(rcode_name(code))),
    }
    let ttl = answer.ttl();
    Reply::Dns(DnsReply {
        rcode: answer.rcode,
        authentic: answer.authentic,
        truncated: answer.truncated,
        // A chain that was followed no further is too long, and its length tells.
        endless: answer.endless && answer.chain.len() < MAX_LINKS,
        chain: answer.chain.into_iter().map(|link| link.target).collect(),
        ttl,
        records: answer.records.into_iter().filter_map(|record| data(record.data)).collect(),
    })
}

fn data(data: Data) -> Option<check::Data> {
    Some(match data {
        Data::A(ip) => check::Data::Address(IpAddr::V4(ip)),
        Data::Aaaa(ip) => check::Data::Address(IpAddr::V6(ip)),
        Data::Cname(_) => return None,
        Data::Mx { preference, exchange } => check::Data::Mx(Mx { preference, exchange }),
        Data::Tlsa { usage, selector, matching, data } => {
            check::Data::Tlsa(Tlsa { usage, selector, matching, data })
        }
        Data::Txt(strings) => {
            let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
            check::Data::Txt(strings.iter().map(text).collect())
        }
    })
}

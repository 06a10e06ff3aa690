//! What a plan says of each act.

use crate::plan::{Act, Goal};

/// What is said of an act, whatever the domain is. Sentences but for the title.
#[derive(Clone, Copy, Debug)]
pub struct Said {
    /// A title, without a full stop.
    pub title: &'static str,
    /// What to do.
    pub todo: &'static str,
    /// When it is done.
    pub exit: &'static str,
    /// What goes wrong without it.
    pub without: &'static str,
}

/// What is said of an act on the way to a goal.
pub fn said(goal: Goal, act: Act) -> Said {
    const HELD: &str = "Senders go on with the enforced policy for as long as they hold it.";
    let usual = of_act(act);
    match (goal, act) {
        (Goal::Emergency | Goal::RollBack, Act::ServeTesting) => Said {
            todo: "Change the file, and serve it as text/plain, without a redirect, with a good certificate. Purge what a CDN keeps. The record \
                   stays as it is until the new file is served everywhere.",
            without: HELD,
            ..usual
        },
        (Goal::Emergency | Goal::RollBack, Act::AnnounceTesting) => {
            Said { todo: of_act(Act::AnnounceEnforce).todo, without: HELD, ..usual }
        }
        _ => usual,
    }
}

const fn of_act(act: Act) -> Said {
    const ANNOUNCED: &str =
        "DNS answers with the new id, and with one record that starts with v=STSv1 only.";
    const UNSEEN: &str =
        "Senders that hold a copy go on with it: they fetch the policy when the id is another one.";
    let (title, todo, exit, without) = match act {
        Act::CheckHosts => (
            "Check the mail hosts",
            "See that each MX host offers STARTTLS with TLS 1.2 or newer, and a certificate that is valid, publicly trusted and made out \
             to the name of the host. Look at backup hosts too: they get little mail, and reports say little of them.",
            "A check that connects to the hosts finds nothing wrong at any of them.",
            "Under an enforced policy mail to a host with a bad certificate waits, and bounces in the end.",
        ),
        Act::AskForReports => (
            "Ask for TLS reports",
            "Publish the record, with an address that somebody reads, as the only one at this name that starts with v=TLSRPTv1: change or delete \
             what is there.",
            "DNS answers with one record that starts with v=TLSRPTv1 only. Reports come later; without a policy they say no-policy-found.",
            "Nothing tells what senders meet: a fault shows when the policy is enforced and mail stays away.",
        ),
        Act::ServeTesting => (
            "Serve a policy in mode testing",
            "Put the file on the policy host, byte by byte, as text/plain, without a redirect, with a certificate for the name of the \
             policy host. Purge what a CDN keeps.",
            "The file comes back as it is here, with status 200.",
            "A record without a file makes senders look for a policy that they do not get.",
        ),
        Act::AnnounceTesting => (
            "Announce the policy in mode testing",
            "Publish the record when the file is served everywhere, not earlier, as the only one at this name that starts with v=STSv1.",
            ANNOUNCED,
            "Senders do not look for a policy that no record announces.",
        ),
        Act::Observe => (
            "Read the reports",
            "Read the reports and repair what fails at your mail hosts. Send a message over each MX host, the backup hosts as well.",
            "14 days in testing, and in the last 14 days no failure that stands in the way and at least one session that went well; 28 days in \
             testing where no report comes.",
            "Faults that reports would have shown hold mail back as soon as the policy is enforced.",
        ),
        Act::ServeEnforce => (
            "Serve a policy in mode enforce",
            "Change the file. The record stays as it is until the new file is served everywhere.",
            "The file comes back as it is here, with status 200.",
            "In mode testing mail is delivered to anybody who stands in between.",
        ),
        Act::AnnounceEnforce => (
            "Announce the policy in mode enforce",
            "Give the record a new id when the file is served everywhere, not earlier.",
            ANNOUNCED,
            UNSEEN,
        ),
        Act::Watch => (
            "Keep watching",
            "Read the first reports under the new policy. From now on watch when the certificates of the policy host and of all MX hosts end, \
             whether MX records and policy agree, and whether reports still come.",
            "No report tells of a failure that stands in the way, and a check that connects to the mail hosts finds nothing wrong.",
            "An expired certificate or a new MX host that the policy does not name holds mail back.",
        ),
        Act::CheckNewHosts => (
            "Check the new mail hosts",
            "See that each new host offers STARTTLS with TLS 1.2 or newer, and a certificate that is valid, publicly trusted and made out to \
             the name of the host.",
            "A connection to each host verifies its certificate.",
            "Under an enforced policy no mail reaches a host with a bad certificate.",
        ),
        Act::ServeBoth => (
            "Serve a policy that names old and new hosts",
            "Change the file. MX records and the record stay as they are until the new file is served everywhere.",
            "The file comes back as it is here, with status 200.",
            "Senders do not deliver to a host that the policy does not name. It is a common way to lose mail with MTA-STS.",
        ),
        Act::AnnounceBoth => (
            "Announce the policy that names old and new hosts",
            "Give the record a new id when the file is served everywhere, not earlier.",
            ANNOUNCED,
            UNSEEN,
        ),
        Act::AddMx => (
            "Add the new MX records",
            "Add the records beside the old ones. Senders that still hold an old copy pass over the new hosts and use the old ones.",
            "DNS answers with old and new hosts, and a check finds each of them covered by the policy.",
            "Without the old hosts beside them, mail of senders with an old copy waits.",
        ),
        Act::BackupCounts => (
            "The new hosts count for all senders",
            "Nothing. Until this day a sender with an old copy waits while the other hosts are down.",
            "The day has come.",
            "If you rely on the new hosts earlier, mail waits while the other hosts are down.",
        ),
        Act::DropMx => (
            "Remove the old MX records",
            "Remove the records of the old hosts. If you like, give the new hosts the better preference first, and see mail come over them. The old \
             hosts go on to take mail for now.",
            "DNS answers with the new hosts only, and a check that connects to them finds nothing wrong.",
            "Earlier, senders with an old copy find no host that their copy names: their mail waits, and bounces when that takes days.",
        ),
        Act::SwitchOff => (
            "Switch the old hosts off",
            "Switch them off when no mail has come over them for a day.",
            "Their logs show no mail from outside.",
            "Resolvers may still have the old MX records: mail of their users waits.",
        ),
        Act::ServeNew => (
            "Serve a policy without the old hosts",
            "Change the file: the old hosts go from it last.",
            "The file comes back as it is here, with status 200.",
            "Whoever has the old names one day may take the mail of the domain under its own policy.",
        ),
        Act::AnnounceNew => (
            "Announce the policy without the old hosts",
            "Give the record a new id when the file is served everywhere, not earlier.",
            ANNOUNCED,
            UNSEEN,
        ),
        Act::CopiesEnd => (
            "The last enforced copy has ended",
            "Nothing. Until this day keep MX hosts and certificates as the enforced policy wants them: some senders hold it that long.",
            "The day has come.",
            "What is changed earlier against the enforced policy holds back mail of senders with an old copy.",
        ),
        Act::ServeNone => (
            "Serve a policy in mode none",
            "Change the file. The mx lines stay, as some senders want them in any mode. Remove nothing.",
            "The file comes back as it is here, with status 200.",
            "Senders go on with the policy that they hold, and take the missing file for an attack.",
        ),
        Act::AnnounceNone => (
            "Announce the policy in mode none",
            "Give the record a new id when the file is served everywhere, not earlier.",
            ANNOUNCED,
            UNSEEN,
        ),
        Act::RemoveRecord => (
            "Remove the record",
            "Remove the TXT record or the CNAME at _mta-sts. The file goes on to be served.",
            "DNS answers that there is no such record.",
            "A record without a policy makes senders look for nothing, and report failures.",
        ),
        Act::RemoveHost => (
            "Remove the policy host",
            "Remove the file and all records of the name mta-sts, a CNAME to a provider first of all. The TLSRPT record may stay.",
            "DNS answers that the name does not exist.",
            "A name that leads to a provider where nobody rents it any more can be taken over.",
        ),
        Act::NullMx => (
            "Say that the domain takes no mail",
            "Publish the null MX as the only MX record.",
            "DNS answers with this MX record only.",
            "Without MX records senders try the addresses of the domain itself.",
        ),
        Act::ServeAlias => (
            "Serve the policy under the name of this domain",
            "Publish the CNAME, and see that the host that it leads to answers for this name with the same policy and has a certificate for it. \
             The MX hosts of both domains have to be the same ones.",
            "The policy comes back with status 200 and a certificate for the name mta-sts of this domain.",
            "Senders fetch a policy under the domain of the recipient only, and follow no redirect.",
        ),
        Act::AnnounceAlias => (
            "Announce it",
            "Publish the CNAME when the policy is served under this name, not earlier. From then on the mode of the other domain counts here.",
            "DNS answers with the record of the other domain.",
            "Policies are not inherited: without a record the domain has no MTA-STS.",
        ),
        Act::FindCause => (
            "Find out what holds mail back",
            "Run a check, and read the text of a bounce or of a sender's log. Mostly it is an MX host that the policy does not name, or a \
             certificate that has expired. Delete neither the record nor the policy host: senders go on with the copy that they hold.",
            "The host and the fault are known.",
            "Without record and policy host senders cannot learn of a milder policy.",
        ),
        Act::Repair => (
            "Repair it at the mail host",
            "Where a certificate is wrong, put in a good one. Where the policy does not name an MX host, put an MX record of a host back that it \
             names, if there still is one. Both help with all senders at once, whatever they hold.",
            "A check that connects to the hosts finds nothing wrong.",
            "The next step lets mail through, but not of senders that do not look for a new policy.",
        ),
        Act::SendersLook => (
            "Senders look for the new policy",
            "Nothing. Resolvers forget the old record within its TTL. After that a sender that cannot deliver finds the new policy with its \
             next attempt, and has to look for it before it gives up.",
            "Mail that waited comes in.",
            "Mail waits with its senders meanwhile: for four days or more by RFC 5321 §4.5.4.1, and with some for a day only.",
        ),
        Act::BeginAnew => (
            "Plan the way back to mode enforce",
            "When the cause is gone, make a plan for mode enforce. The days in mode testing count from now.",
            "The plan is made.",
            "In mode testing mail is delivered to anybody who stands in between.",
        ),
    };
    Said { title, todo, exit, without }
}

//! What is done in a plan, and why one waits: names and clauses. Words are in `render::plan`.

/// What is done in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// See that all mail hosts have STARTTLS and good certificates.
    CheckHosts,
    /// Ask for TLS reports.
    AskForReports,
    /// Serve a policy in mode testing.
    ServeTesting,
    /// Announce it.
    AnnounceTesting,
    /// Read reports until nothing stands in the way.
    Observe,
    /// Serve a policy in mode enforce.
    ServeEnforce,
    /// Announce it.
    AnnounceEnforce,
    /// Read the reports of the first days, and keep watching.
    Watch,
    /// See that the new mail hosts have STARTTLS and good certificates.
    CheckNewHosts,
    /// Serve a policy that names old and new hosts.
    ServeBoth,
    /// Announce it.
    AnnounceBoth,
    /// Add MX records of the new hosts.
    AddMx,
    /// From when on the backup takes mail of every sender.
    BackupCounts,
    /// Remove MX records of the old hosts.
    DropMx,
    /// Switch the old hosts off.
    SwitchOff,
    /// Serve a policy without the old hosts.
    ServeNew,
    /// Announce it.
    AnnounceNew,
    /// From when on no sender holds a policy in mode enforce.
    CopiesEnd,
    /// Serve a policy in mode none.
    ServeNone,
    /// Announce it.
    AnnounceNone,
    /// Remove the record.
    RemoveRecord,
    /// Remove the file, the policy host and its name.
    RemoveHost,
    /// Say in DNS that the domain takes no mail.
    NullMx,
    /// Serve the policy of another domain under the name of this one.
    ServeAlias,
    /// Announce it.
    AnnounceAlias,
    /// Find out what holds mail back.
    FindCause,
    /// Put it right.
    Repair,
    /// Senders look for a new policy.
    SendersLook,
    /// Begin anew with a plan for mode enforce.
    BeginAnew,
}

impl Act {
    /// All there are.
    pub const ALL: [Self; 29] = [
        Self::CheckHosts,
        Self::AskForReports,
        Self::ServeTesting,
        Self::AnnounceTesting,
        Self::Observe,
        Self::ServeEnforce,
        Self::AnnounceEnforce,
        Self::Watch,
        Self::CheckNewHosts,
        Self::ServeBoth,
        Self::AnnounceBoth,
        Self::AddMx,
        Self::BackupCounts,
        Self::DropMx,
        Self::SwitchOff,
        Self::ServeNew,
        Self::AnnounceNew,
        Self::CopiesEnd,
        Self::ServeNone,
        Self::AnnounceNone,
        Self::RemoveRecord,
        Self::RemoveHost,
        Self::NullMx,
        Self::ServeAlias,
        Self::AnnounceAlias,
        Self::FindCause,
        Self::Repair,
        Self::SendersLook,
        Self::BeginAnew,
    ];

    /// Its name in commands, documents, links and calendars.
    pub const fn word(self) -> &'static str {
        match self {
            Self::CheckHosts => "check-hosts",
            Self::AskForReports => "ask-for-reports",
            Self::ServeTesting => "serve-testing",
            Self::AnnounceTesting => "announce-testing",
            Self::Observe => "observe",
            Self::ServeEnforce => "serve-enforce",
            Self::AnnounceEnforce => "announce-enforce",
            Self::Watch => "watch",
            Self::CheckNewHosts => "check-new-hosts",
            Self::ServeBoth => "serve-both",
            Self::AnnounceBoth => "announce-both",
            Self::AddMx => "add-mx",
            Self::BackupCounts => "backup-counts",
            Self::DropMx => "drop-mx",
            Self::SwitchOff => "switch-off",
            Self::ServeNew => "serve-new",
            Self::AnnounceNew => "announce-new",
            Self::CopiesEnd => "copies-end",
            Self::ServeNone => "serve-none",
            Self::AnnounceNone => "announce-none",
            Self::RemoveRecord => "remove-record",
            Self::RemoveHost => "remove-host",
            Self::NullMx => "null-mx",
            Self::ServeAlias => "serve-alias",
            Self::AnnounceAlias => "announce-alias",
            Self::FindCause => "find-cause",
            Self::Repair => "repair",
            Self::SendersLook => "senders-look",
            Self::BeginAnew => "begin-anew",
        }
    }

    /// The act of this name.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.word() == word)
    }

    /// Where it stands written that it is done so.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::CheckHosts | Self::CheckNewHosts | Self::Repair => "RFC 8461 §4.2",
            Self::AskForReports => "RFC 8460 §3",
            Self::ServeTesting | Self::ServeEnforce => "RFC 8461 §3.2",
            Self::AnnounceTesting | Self::AnnounceEnforce => "RFC 8461 §3.1",
            Self::Observe | Self::BeginAnew => "RFC 8461 §5",
            Self::Watch => "RFC 8460 §4",
            Self::ServeBoth | Self::AnnounceBoth | Self::ServeNew | Self::AnnounceNew => {
                "RFC 8461 §8.1"
            }
            Self::AddMx | Self::BackupCounts | Self::DropMx => "RFC 8461 §4.1",
            Self::SwitchOff => "RFC 1035 §3.2.1",
            Self::CopiesEnd => "RFC 8461 §3.2",
            Self::ServeNone | Self::AnnounceNone | Self::RemoveRecord | Self::RemoveHost => {
                "RFC 8461 §8.3"
            }
            Self::NullMx => "RFC 7505 §3",
            Self::ServeAlias | Self::AnnounceAlias => "RFC 8461 §8.2",
            Self::FindCause | Self::SendersLook => "RFC 8461 §5.1",
        }
    }
}

/// Why a step is not earlier. Times are in seconds where nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Reports of a whole day have to have come: the day after it at the earliest.
    Reports,
    /// So many days in testing, and so many without a failure that stands in the way.
    Clean(i64),
    /// So many days in testing where nobody reports.
    Silent(i64),
    /// Resolvers may have the old record for so long.
    RecordTtl(u32),
    /// Some senders look for a new policy only once a day.
    Refresh,
    /// Senders may hold an enforced policy that stands in the way, for so long.
    Copies(u64),
    /// Senders may hold a policy that is not in mode none, for so long.
    AnyCopies(u64),
    /// Resolvers may have the old MX records for so long.
    MxTtl(u32),
    /// A message has to have come over each new host.
    MailArrives,
}

impl Why {
    /// Whether it is about copies of policies.
    pub(super) const fn is_of_copies(self) -> bool {
        matches!(self, Self::Copies(_) | Self::AnyCopies(_))
    }

    /// Where it stands written, or that it is practice.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::Reports => "RFC 8460 §4.1",
            Self::Clean(_) | Self::Silent(_) | Self::MailArrives => "Practice",
            Self::RecordTtl(_) => "RFC 8461 §8.1",
            Self::Refresh => "RFC 8461 §3.3",
            Self::Copies(_) => "RFC 8461 §3.2",
            Self::AnyCopies(_) => "RFC 8461 §8.3",
            Self::MxTtl(_) => "RFC 1035 §3.2.1",
        }
    }

    /// Its name in documents.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Reports => "reports",
            Self::Clean(_) => "clean",
            Self::Silent(_) => "silent",
            Self::RecordTtl(_) => "record-ttl",
            Self::Refresh => "refresh",
            Self::Copies(_) => "copies",
            Self::AnyCopies(_) => "any-copies",
            Self::MxTtl(_) => "mx-ttl",
            Self::MailArrives => "mail-arrives",
        }
    }
}

//! Why something can't be read.

use std::fmt;

/// Why something can't be read. Its words are the end of a sentence: "can't read mails.zip: it is encrypted".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// Bytes follow gzip data, this many. What is before them was read.
    Behind(usize),
    /// Gzip data ends in the middle.
    Cut,
    /// A zip archive has no directory, which would be at its end.
    CutArchive,
    /// Gzip data, or its checksum, is wrong.
    Damaged,
    /// A tar archive is cut off, or an entry of it is wrong.
    DamagedTar,
    /// A zip archive, an entry of it, or its checksum, is wrong.
    DamagedArchive,
    /// There is nothing in it, though its name or its media type says that it is a report.
    Empty,
    /// An entry of a zip archive takes a password, or a mail is encrypted.
    Encrypted,
    /// An entry of a zip archive is compressed in another way than with deflate.
    Method,
    /// Its name or its media type says that it is a report (RFC 8460 §5.1, §6.4, §6.5), and it is none.
    NoReport,
    /// Base64 that is none.
    NotBase64,
    /// A mail as Outlook saves it.
    Outlook,
    /// It is packed in this way, which is not read here.
    Packed(&'static str),
    /// A mail that brought a report by its header fields (RFC 8460 §5.3) has none.
    Stripped,
    /// This many containers are in one another, and there are more.
    TooDeep(usize),
    /// It has more than this many bytes.
    TooLarge(usize),
    /// It unpacks to more than this many bytes.
    TooLargeUnpacked(usize),
    /// It has more entries or parts than this.
    TooMany(usize),
    /// It unpacks to more than this many times its size.
    TooPacked(u64),
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Behind(1) => write!(f, "there is a byte after the end of its gzip data"),
            Self::Behind(count) => {
                write!(f, "there are {count} bytes after the end of its gzip data")
            }
            Self::Cut => write!(f, "its gzip data is cut off"),
            Self::CutArchive => write!(f, "the zip archive has no directory; it may be cut off"),
            Self::Damaged => write!(f, "its gzip data is damaged"),
            Self::DamagedTar => write!(f, "the tar archive is cut off or damaged"),
            Self::Empty => write!(f, "it is empty"),
            Self::NoReport => {
                write!(f, "by its name or media type it is a TLS report, but it holds none")
            }
            Self::NotBase64 => write!(f, "its Base64 can't be decoded"),
            Self::Outlook => {
                write!(
                    f,
                    "it is a mail as Outlook saves it, which is not read here; save it as .eml"
                )
            }
            Self::Packed(way) => {
                write!(f, "it is packed with {way}, which is not read here; unpack it")
            }
            Self::Stripped => {
                write!(
                    f,
                    "it is the mail of a TLS report whose attachment is missing; let your mail filters pass \
                     application/tlsrpt+gzip and application/tlsrpt+json"
                )
            }
            Self::DamagedArchive => write!(f, "the zip archive is damaged"),
            Self::Encrypted => write!(f, "it is encrypted"),
            Self::Method => {
                write!(f, "the zip archive compresses it in a way that is not read here; unpack it")
            }
            Self::TooDeep(depth) => {
                write!(f, "more than {depth} archives and mails are in one another")
            }
            Self::TooLarge(most) => write!(f, "it has more than {}", Size(most)),
            Self::TooLargeUnpacked(most) => write!(f, "it unpacks to more than {}", Size(most)),
            Self::TooMany(most) => write!(f, "it has more than {most} parts"),
            Self::TooPacked(most) => write!(f, "it unpacks to more than {most} times its size"),
        }
    }
}

impl std::error::Error for Reason {}

/// A number of bytes in words.
struct Size(usize);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const MIB: usize = 1 << 20;
        if self.0 >= MIB && self.0.is_multiple_of(MIB) {
            write!(f, "{} MiB", self.0 / MIB)
        } else {
            write!(f, "{} bytes", self.0)
        }
    }
}

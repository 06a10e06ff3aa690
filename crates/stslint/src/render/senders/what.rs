//! What senders stumble over, in words.

use crate::senders::model::What;

impl What {
    /// Its name in documents for programs; it never changes its meaning.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bom => "bom",
            Self::BlankLine => "blank-line",
            Self::SpacesOnly => "spaces-only",
            Self::Indented => "indented",
            Self::SpaceBeforeColon => "space-before-colon",
            Self::NoColon => "no-colon",
            Self::Character => "character",
            Self::LineEnd => "line-end",
            Self::Key => "key",
            Self::UnknownKey => "unknown-key",
            Self::Repeated => "repeated",
            Self::EmptyValue => "empty-value",
            Self::NoVersion => "no-version",
            Self::Version => "version",
            Self::NoMode => "no-mode",
            Self::Mode => "mode",
            Self::NoMaxAge => "no-max-age",
            Self::MaxAge => "max-age",
            Self::MaxAgeTooLarge => "max-age-too-large",
            Self::MaxAgeTooSmall => "max-age-too-small",
            Self::NoMx => "no-mx",
            Self::Mx => "mx",
            Self::TooLarge => "too-large",
            Self::Charset => "charset",
            Self::Status => "status",
            Self::MediaType => "media-type",
            Self::Prefix => "prefix",
            Self::SeveralRecords => "several-records",
            Self::NoRecord => "no-record",
            Self::NoId => "no-id",
            Self::Id => "id",
        }
    }

    /// What a sender stumbles over, as the object of a sentence.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Bom => "the byte order mark",
            Self::BlankLine => "the blank line",
            Self::SpacesOnly => "the line of white space",
            Self::Indented => "the indented line",
            Self::SpaceBeforeColon => "the space before the colon",
            Self::NoColon => "the line without a colon",
            Self::Character => "the character",
            Self::LineEnd => "the line end",
            Self::Key => "the field name",
            Self::UnknownKey => "the unknown field",
            Self::Repeated => "the repeated field",
            Self::EmptyValue => "the empty value",
            Self::NoVersion => "the missing version",
            Self::Version => "the version",
            Self::NoMode => "the missing mode",
            Self::Mode => "the mode",
            Self::NoMaxAge => "the missing lifetime",
            Self::MaxAge => "the lifetime",
            Self::MaxAgeTooLarge => "the long lifetime",
            Self::MaxAgeTooSmall => "the short lifetime",
            Self::NoMx => "the missing mx",
            Self::Mx => "the mx pattern",
            Self::TooLarge => "the size",
            Self::Charset => "the byte that is not in its character set",
            Self::Status => "the HTTP status",
            Self::MediaType => "the media type",
            Self::Prefix => "the start of the record",
            Self::SeveralRecords => "the second record",
            Self::NoRecord => "the missing record",
            Self::NoId => "the missing id",
            Self::Id => "the id",
        }
    }

    /// Whether it stands somewhere. What is missing does not, nor does what is not in the text.
    pub(super) const fn has_place(self) -> bool {
        !matches!(
            self,
            Self::NoVersion
                | Self::NoMode
                | Self::NoMaxAge
                | Self::NoMx
                | Self::TooLarge
                | Self::Status
                | Self::MediaType
                | Self::SeveralRecords
                | Self::NoRecord
                | Self::NoId
        )
    }
}

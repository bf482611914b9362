//! The words that jobs are described with, spelt as Salesforce spells them. Readers accept a word in its own case only.

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($variant:ident $text:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $(#[serde(rename = $text)] $variant),* }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),* }
            }

            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str() == text)
            }
        }
    };
}

words! {
    Operation {
        Insert "insert",
        Update "update",
        Upsert "upsert",
        Delete "delete",
        HardDelete "hardDelete",
        Query "query",
        QueryAll "queryAll",
    }
}

words! {
    /// `Classic` is Bulk API 1.0.
    JobType {
        Classic "Classic",
        Ingest "V2Ingest",
        Query "V2Query",
    }
}

words! {
    ContentType {
        Csv "CSV",
        Xml "XML",
        Json "JSON",
        ZipCsv "ZIP_CSV",
        ZipXml "ZIP_XML",
        ZipJson "ZIP_JSON",
    }
}

words! {
    ConcurrencyMode {
        Parallel "Parallel",
        Serial "Serial",
    }
}

words! {
    LineEnding {
        Lf "LF",
        CrLf "CRLF",
    }
}

words! {
    ColumnDelimiter {
        Backquote "BACKQUOTE",
        Caret "CARET",
        Comma "COMMA",
        Pipe "PIPE",
        Semicolon "SEMICOLON",
        Tab "TAB",
    }
}

words! {
    /// Of a job as a whole. Bulk API 1.0 has no `UploadComplete`, `InProgress` and `JobComplete`, 2.0 no `Closed`.
    JobState {
        Open "Open",
        Closed "Closed",
        UploadComplete "UploadComplete",
        InProgress "InProgress",
        JobComplete "JobComplete",
        Aborted "Aborted",
        Failed "Failed",
    }
}

words! {
    BatchState {
        Queued "Queued",
        InProgress "InProgress",
        Completed "Completed",
        Failed "Failed",
        NotProcessed "NotProcessed",
    }
}

impl Operation {
    #[must_use]
    pub const fn is_query(self) -> bool {
        matches!(self, Self::Query | Self::QueryAll)
    }

    /// Whether a record is named by its id alone, and nothing else is said of it.
    #[must_use]
    pub const fn is_delete(self) -> bool {
        matches!(self, Self::Delete | Self::HardDelete)
    }
}

impl ContentType {
    #[must_use]
    pub const fn is_zip(self) -> bool {
        matches!(self, Self::ZipCsv | Self::ZipXml | Self::ZipJson)
    }
}

impl LineEnding {
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::Lf => "\n",
            Self::CrLf => "\r\n",
        }
    }
}

impl ColumnDelimiter {
    #[must_use]
    pub const fn byte(self) -> u8 {
        match self {
            Self::Backquote => b'`',
            Self::Caret => b'^',
            Self::Comma => b',',
            Self::Pipe => b'|',
            Self::Semicolon => b';',
            Self::Tab => b'\t',
        }
    }
}

impl JobState {
    /// Whether nothing more will happen to the job.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::JobComplete | Self::Aborted | Self::Failed)
    }
}

impl BatchState {
    /// Whether nothing more will happen to the batch.
    #[must_use]
    pub const fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::NotProcessed)
    }
}

//! The one test binary: scenarios by folder, and properties.

mod vocabulary;

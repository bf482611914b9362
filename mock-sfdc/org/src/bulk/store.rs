//! Where a batch keeps what would be too much for memory: what was sent, and what became of it. Who gives the org a batch brings
//! the place along, for the org itself knows no files.

use std::{fmt, io};

/// Bytes that are added to at their end and read anywhere. They are gone with the last who holds them.
pub trait Store: fmt::Debug + Send + Sync {
    /// How many there are.
    fn size(&self) -> u64;

    /// Adds to them, and answers where.
    fn add(&self, bytes: &[u8]) -> io::Result<u64>;

    /// Hands over what stands from `at` on, at most `most` bytes of it, behind what `into` has already.
    fn read(&self, at: u64, most: usize, into: &mut Vec<u8>) -> io::Result<()>;
}

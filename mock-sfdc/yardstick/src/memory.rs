//! What the process holds, as the kernel counts it.

/// Resident memory in bytes; 0 where there is no `/proc`.
#[must_use]
pub fn resident() -> u64 {
    const PAGE: u64 = 4096;
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok()).unwrap_or(0) * PAGE
}

//! How much memory this process took, where the system tells (Linux).

/// Lets the peak begin anew at what is held now; where that is not allowed,
/// the peak stays that of the whole process.
pub fn forget_peak() {
    if let Err(error) = std::fs::write("/proc/self/clear_refs", "5") {
        tracing::debug!(%error, "the peak of memory cannot be reset");
    }
}

/// The most memory that was resident, in megabytes.
pub fn peak_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024 / 1_000_000)
}

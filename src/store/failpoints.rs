//! Faults that tests seed, to show that they catch a broken server. Nothing of it is in a release build.

/// Whether this process was started with this fault (`RAPPORT_FAULT`).
#[cfg(debug_assertions)]
pub(crate) fn failpoint(name: &str) -> bool {
    static FAULT: std::sync::LazyLock<Option<String>> =
        std::sync::LazyLock::new(|| std::env::var("RAPPORT_FAULT").ok());
    FAULT.as_deref() == Some(name)
}

#[cfg(not(debug_assertions))]
pub(crate) const fn failpoint(_: &str) -> bool {
    false
}

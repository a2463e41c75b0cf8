//! The jobs, one file each. A new job is its file, its `mod` line and its line in [`start_all`].

mod expire_history;
mod expire_kept_events;
mod observe_feed_horizon;
mod prune_change_log;
mod prune_kept_answers;
mod relay_changes;
mod remove_files;
mod renew_ages;
mod renew_search;
mod reread_numbers;
mod store_source_counts;

use crate::worker::driver::Driver;

/// Starts every job.
pub(super) fn start_all(driver: &mut Driver) {
    driver.start(expire_history::ExpireHistory);
    driver.start(expire_kept_events::ExpireKeptEvents);
    driver.start(observe_feed_horizon::ObserveFeedHorizon);
    driver.start(prune_change_log::PruneChangeLog);
    driver.start(prune_kept_answers::PruneKeptAnswers);
    driver.start(relay_changes::RelayChanges::default());
    driver.start(remove_files::RemoveFiles);
    driver.start(renew_ages::RenewAges);
    driver.start(renew_search::RenewSearch);
    driver.start(reread_numbers::RereadNumbers::default());
    driver.start(store_source_counts::StoreSourceCounts);
}

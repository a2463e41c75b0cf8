//! What is logged, and how.

use tracing_subscriber::EnvFilter;

use crate::config::{LogConfig, LogFormat};

/// The filter of the settings. The error is one line that names the variable.
pub fn log_filter(config: &LogConfig) -> Result<EnvFilter, String> {
    EnvFilter::try_new(&config.log).map_err(|error| {
        format!("RAPPORT_LOG: {:?}: {error}; such as info, or info,rapport=debug", config.log)
    })
}

/// Starts the log of this process, on the standard error.
pub fn start_log(config: &LogConfig) -> Result<(), String> {
    let filter = log_filter(config)?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    match config.log_format {
        LogFormat::Text => builder.with_ansi(false).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    Ok(())
}

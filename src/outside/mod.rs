//! Every call to others: where the bytes of files lie, and media that wait at a provider.

pub mod media;
pub mod objects;

use crate::config::OutsideConfig;
use crate::outside::media::Media;
use crate::outside::objects::Objects;

/// What rapport reaches outside of its store.
pub struct Outside {
    pub objects: Objects,
    pub media: Media,
}

impl Outside {
    /// Nothing is reached yet. The error is one line that names the variable.
    pub fn open(config: &OutsideConfig, database_url: &str) -> Result<Self, String> {
        // Another part of the process may have been first.
        let _ = rustls::crypto::ring::default_provider().install_default();
        Ok(Outside {
            objects: Objects::open(&config.place(database_url))?,
            media: Media::new(&config.meta_url, &config.telegram_url)?,
        })
    }
}

//! On whose behalf a delivery is written, and where.

use crate::domain::model::scope::Scope;
use crate::domain::rapport::Rapport;
use crate::domain::source::OpenSource;

/// What is to be written, where, and under which public address.
pub struct Runner<'a> {
    pub rapport: &'a Rapport,
    pub source: &'a OpenSource,
    /// For addresses of files, without the last slash.
    pub base: &'a str,
    pub scope: Scope,
}

impl<'a> Runner<'a> {
    pub fn new(rapport: &'a Rapport, source: &'a OpenSource, base: &'a str, id: &str) -> Self {
        let actor = format!("source:{}", source.name).into();
        let scope = Scope { tenant: source.tenant, actor, request_id: id.into() };
        Runner { rapport, source, base, scope }
    }
}

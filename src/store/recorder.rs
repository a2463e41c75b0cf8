//! Notes the texts of executed statements, for the tests that keep them in files. Debug builds only: a server that is built
//! to serve notes nothing.

use std::sync::Arc;

use parking_lot::Mutex;

/// The statements of one store since [`Recorder::start`], whoever executed them.
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Option<Vec<String>>>>);

impl Recorder {
    /// From now on.
    pub fn start(&self) {
        *self.0.lock() = Some(Vec::new());
    }

    /// The texts since the last call, in order of execution.
    pub fn take(&self) -> Vec<String> {
        self.0.lock().as_mut().map(std::mem::take).unwrap_or_default()
    }

    pub(super) fn note(&self, text: &str) {
        if cfg!(debug_assertions)
            && let Some(texts) = self.0.lock().as_mut()
        {
            texts.push(text.to_owned());
        }
    }
}

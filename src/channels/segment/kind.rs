//! The six calls of the format, and the paths that name them. Pure.

/// What an event is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Identify,
    Track,
    Page,
    Screen,
    Group,
    Alias,
}

impl Kind {
    pub(super) const ALL: [Kind; 6] =
        [Kind::Identify, Kind::Track, Kind::Page, Kind::Screen, Kind::Group, Kind::Alias];

    pub(super) fn word(self) -> &'static str {
        match self {
            Kind::Identify => "identify",
            Kind::Track => "track",
            Kind::Page => "page",
            Kind::Screen => "screen",
            Kind::Group => "group",
            Kind::Alias => "alias",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        Kind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// What a path such as `/v1/track` or `/v1/t` says; nothing for those of batches.
    pub(super) fn of_path(path: &str) -> Option<Self> {
        let last = path.trim_end_matches('/').rsplit('/').next()?;
        Kind::of_word(last).or_else(|| {
            Kind::ALL.into_iter().find(|kind| last.len() == 1 && kind.word().starts_with(last))
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::channels::segment::kind::Kind;

    #[test]
    fn paths_name_calls() {
        for (path, kind) in [
            ("/v1/identify", Some(Kind::Identify)),
            ("/v1/i", Some(Kind::Identify)),
            ("/v1/t", Some(Kind::Track)),
            ("/v1/track/", Some(Kind::Track)),
            ("/v1/p", Some(Kind::Page)),
            ("/v1/s", Some(Kind::Screen)),
            ("/v1/g", Some(Kind::Group)),
            ("/v1/a", Some(Kind::Alias)),
            ("/v1/b", None),
            ("/v1/batch", None),
            ("/v1/import", None),
            ("/beacon/v1/batch", None),
            ("/v1/", None),
            ("", None),
        ] {
            assert_eq!(Kind::of_path(path), kind, "{path}");
        }
    }
}

//! What the tests of channels share: a source, recorded requests, what facts say in words ([`said`]), and requests that are
//! broken on purpose ([`broken`]).

mod broken;
mod said;

use std::collections::{BTreeMap, BTreeSet};

use crate::channels::Channel;
use crate::channels::delivery::{Delivery, Headers};
use crate::domain::source::OpenSource;
use crate::ids::{Micros, SourceId, TenantId};

pub use broken::{stands, stands_broken};
pub use said::said;

/// 2026-11-26T10:00:00Z.
pub const RECEIVED: Micros = Micros(1_795_687_200_000_000);

pub const FORM: &str = "application/x-www-form-urlencoded";

pub fn source() -> OpenSource {
    OpenSource { id: SourceId(7), tenant: TenantId(3), name: "door".into(), ..Default::default() }
}

/// The bytes of a file of `tests/data/channels`.
pub fn recorded(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/data/channels/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The names of the recorded requests of a channel.
pub fn recorded_names(channel: &str) -> BTreeSet<String> {
    let path = format!("{}/tests/data/channels/{channel}", env!("CARGO_MANIFEST_DIR"));
    let folder = std::fs::read_dir(path).expect("a folder");
    folder
        .map(|file| file.expect("a file").file_name().into_string().expect("a name in UTF-8"))
        .collect()
}

/// A request that a test sends.
pub struct Request {
    address: String,
    headers: Headers,
    body: Vec<u8>,
}

impl Request {
    pub fn new(body: &[u8]) -> Request {
        let address = "https://rapport.example/hooks/x/key".into();
        Request { address, headers: Headers::default(), body: body.to_vec() }
    }

    pub fn at(mut self, address: &str) -> Request {
        self.address = address.into();
        self
    }

    pub fn with(mut self, headers: &[(&str, &str)]) -> Request {
        let header = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        self.headers.0.extend(headers.iter().map(header));
        self
    }

    pub fn delivery(&self) -> Delivery<'_> {
        let (path, query) = self.address.split_once('?').unwrap_or((&self.address, ""));
        Delivery {
            address: &self.address,
            path: path.splitn(4, '/').nth(3).unwrap_or_default(),
            query,
            headers: &self.headers,
            body: &self.body,
            received: RECEIVED,
        }
    }
}

/// Holds what each recorded request of a channel becomes against `becomes.txt` beside the channel's code.
pub fn recorded_requests_become(channel: &Channel, name: &str, headers: &[(&str, &str)]) {
    recorded_requests_become_of(&source(), channel, name, headers);
}

/// The same of another source.
pub fn recorded_requests_become_of(
    source: &OpenSource,
    channel: &Channel,
    name: &str,
    headers: &[(&str, &str)],
) {
    let root = env!("CARGO_MANIFEST_DIR");
    let path = format!("{root}/src/channels/{name}/becomes.txt");
    let text = std::fs::read_to_string(&path).expect("becomes.txt");
    let told: BTreeMap<&str, &str> = text
        .split("=== ")
        .skip(1)
        .map(|block| block.split_once('\n').expect("a name and what it becomes"))
        .collect();
    let files = recorded_names(name);
    for file in &files {
        let media = match file.rsplit('.').next() {
            Some("form") => FORM,
            Some("eml") => "message/rfc822",
            _ => "application/json",
        };
        let body = recorded(&format!("{name}/{file}"));
        let request = Request::new(&body).with(headers).with(&[("content-type", media)]);
        let facts = (channel.facts)(source, &request.delivery()).expect("a delivery");
        let (is, told) = (said(&facts), told.get(file.as_str()).copied().unwrap_or_default());
        assert_eq!(is.trim(), told.trim(), "=== {file}\n{is}");
    }
    let told: BTreeSet<String> = told.keys().map(|file| (*file).to_owned()).collect();
    assert_eq!(told, files, "{path} tells of each recorded request");
}

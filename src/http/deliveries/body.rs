//! Bodies of deliveries, packed or not: what is unpacked is bounded, whatever it was packed into.

use std::io::Read;

use axum::body::Bytes;
use axum::http::{HeaderMap, header};
use flate2::read::MultiGzDecoder;

use crate::http::refusal::Refusal;

const GZIP: [u8; 2] = [0x1f, 0x8b];

/// The body unpacked; nothing where that is larger than `most` bytes.
pub fn unpacked(headers: &HeaderMap, body: Bytes, most: usize) -> Result<Option<Bytes>, Refusal> {
    let encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    let packed = encodings
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|value| value.trim().to_ascii_lowercase())
        .filter(|value| !value.is_empty() && value != "identity");
    let packed: Vec<String> = packed.collect();
    match packed.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] if body.starts_with(&GZIP) => gunzip(&body, most),
        [] => Ok((body.len() <= most).then_some(body)),
        ["gzip" | "x-gzip"] => gunzip(&body, most),
        _ => Err(Refusal::new(
            crate::error::Code::UnsupportedMediaType,
            "the Content-Encoding must be gzip, or none",
        )),
    }
}

fn gunzip(body: &[u8], most: usize) -> Result<Option<Bytes>, Refusal> {
    let mut unpacked = Vec::with_capacity(most.min(4 * body.len()));
    MultiGzDecoder::new(body)
        .take(most as u64 + 1)
        .read_to_end(&mut unpacked)
        .map_err(|_| Refusal::bad("the body is not gzip"))?;
    Ok((unpacked.len() <= most).then(|| unpacked.into()))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use axum::body::Bytes;
    use axum::http::{HeaderMap, HeaderValue, header};
    use flate2::Compression;
    use flate2::write::GzEncoder;

    use crate::http::deliveries::body::unpacked;

    fn gzip(text: &[u8]) -> Bytes {
        let mut packed = GzEncoder::new(Vec::new(), Compression::best());
        packed.write_all(text).expect("memory");
        packed.finish().expect("memory").into()
    }

    fn read(encoding: Option<&'static str>, body: Bytes) -> Result<Option<usize>, ()> {
        let mut headers = HeaderMap::new();
        headers.extend(
            encoding.map(|text| (header::CONTENT_ENCODING, HeaderValue::from_static(text))),
        );
        unpacked(&headers, body, 1_000).map(|body| body.map(|body| body.len())).map_err(drop)
    }

    #[test]
    fn what_is_unpacked_is_bounded() {
        let bomb = gzip(&vec![b' '; 10_000_000]);
        assert!(bomb.len() < 20_000);
        for (encoding, body, length) in [
            (None, Bytes::from_static(b"{}"), Ok(Some(2))),
            (None, vec![b' '; 1_001].into(), Ok(None)),
            (Some("gzip"), gzip(b"[1]"), Ok(Some(3))),
            (Some("GZIP"), gzip(&[b' '; 1_000]), Ok(Some(1_000))),
            (Some("gzip"), gzip(&[b' '; 1_001]), Ok(None)),
            (Some("gzip"), bomb.clone(), Ok(None)),
            (None, gzip(b"[1]"), Ok(Some(3))),
            (Some("identity"), Bytes::from_static(b"{}"), Ok(Some(2))),
            (Some("gzip"), Bytes::from_static(b"{}"), Err(())),
            (Some("br"), Bytes::from_static(b"{}"), Err(())),
            (Some("gzip, gzip"), gzip(&gzip(b"{}")), Err(())),
        ] {
            assert_eq!(read(encoding, body), length, "{encoding:?}");
        }
    }
}

//! Files between JavaScript and the client. Owns Blobs; leaves sending in parts to the library.

use std::{ops::Range, rc::Rc};

use convoke::client::{LocalBoxFuture, Source};
use convoke_core::{Error, ErrorCode};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// What an upload reads: a part at a time, so that a large file is never in memory whole.
pub(crate) fn source(content: Blob) -> Source {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a size is a whole number")]
    let size = content.size() as u64;
    let media_type = content.type_();
    Source {
        size,
        media_type,
        read: Rc::new(move |range| -> LocalBoxFuture<Result<Vec<u8>, Error>> { Box::pin(read(content.clone(), range)) }),
    }
}

async fn read(content: Blob, range: Range<u64>) -> Result<Vec<u8>, Error> {
    let unreadable = |_: JsValue| Error::new(ErrorCode::InvalidRequest, "`content` cannot be read: has the file changed or gone?");
    #[expect(clippy::cast_precision_loss, reason = "positions in a file")]
    let part = content.slice_with_f64_and_f64(range.start as f64, range.end as f64).map_err(unreadable)?;
    let bytes = JsFuture::from(part.array_buffer()).await.map_err(unreadable)?;
    Ok(Uint8Array::new(&bytes).to_vec())
}

/// Bytes and their media type, of which JavaScript makes a Blob.
pub(crate) fn file(bytes: &[u8], media_type: &str) -> JsValue {
    Array::of2(&Uint8Array::from(bytes), &media_type.into()).into()
}

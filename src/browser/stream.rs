//! Packing and unpacking of link texts and files by the browser's own streams. web-sys keeps them behind an
//! unstable flag, so they are bound here.

use js_sys::{Promise, Reflect, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{ReadableStream, ReadableStreamDefaultReader, WritableStream};

/// DEFLATE without a header, as links carry it.
const RAW: &str = "deflate-raw";

/// Bytes written at once. Unpacking makes at most a thousand times as many before it is asked
/// whether to go on, so a link that unpacks to gigabytes is stopped early.
const CHUNK: usize = 1024;

#[wasm_bindgen]
extern "C" {
    type CompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;

    type DecompressionStream;

    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;

    /// What both of them are.
    type Transform;

    #[wasm_bindgen(method, getter)]
    fn readable(this: &Transform) -> ReadableStream;

    #[wasm_bindgen(method, getter)]
    fn writable(this: &Transform) -> WritableStream;
}

/// Why a text could not be packed or unpacked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// What was given is no DEFLATE data.
    Damaged,
    /// The result is longer than allowed.
    TooBig,
    /// This browser has no such stream.
    Unsupported,
}

/// Packs a text.
pub(crate) async fn pack(data: &[u8]) -> Result<Vec<u8>, Failure> {
    let stream = CompressionStream::new(RAW).map_err(|_| Failure::Unsupported)?;
    run(stream.unchecked_ref(), data, usize::MAX).await
}

/// Unpacks a text that may be at most `limit` bytes long.
pub(crate) async fn unpack(data: &[u8], limit: usize) -> Result<Vec<u8>, Failure> {
    let stream = DecompressionStream::new(RAW).map_err(|_| Failure::Unsupported)?;
    run(stream.unchecked_ref(), data, limit).await
}

async fn run(stream: &Transform, data: &[u8], limit: usize) -> Result<Vec<u8>, Failure> {
    let reader: ReadableStreamDefaultReader = stream.readable().get_reader().unchecked_into();
    let writable = stream.writable();
    let data = data.to_vec();
    // Whatever goes wrong here comes out of the reader, too.
    spawn_local(async move {
        let _ = write(&writable, &data).await;
    });
    let mut out = Vec::new();
    while let Some(chunk) = next(reader.read()).await.map_err(|_| Failure::Damaged)? {
        if out.len() + chunk.length() as usize > limit {
            let _ = JsFuture::from(reader.cancel()).await;
            return Err(Failure::TooBig);
        }
        out.extend(chunk.to_vec());
    }
    Ok(out)
}

/// Reads a stream to its end, or until there are `limit` bytes; says whether more would have come.
pub(crate) async fn read_all(
    stream: &ReadableStream,
    limit: usize,
) -> Result<(Vec<u8>, bool), JsValue> {
    let reader: ReadableStreamDefaultReader = stream.get_reader().unchecked_into();
    let mut out = Vec::new();
    while let Some(chunk) = next(reader.read()).await? {
        out.extend(chunk.to_vec());
        if out.len() > limit {
            out.truncate(limit);
            let _ = JsFuture::from(reader.cancel()).await;
            return Ok((out, true));
        }
    }
    Ok((out, false))
}

async fn write(stream: &WritableStream, data: &[u8]) -> Result<(), JsValue> {
    let writer = stream.get_writer()?;
    for chunk in data.chunks(CHUNK) {
        JsFuture::from(writer.write_with_chunk(&Uint8Array::from(chunk))).await?;
    }
    JsFuture::from(writer.close()).await?;
    Ok(())
}

async fn next(read: Promise) -> Result<Option<Uint8Array>, JsValue> {
    let result = JsFuture::from(read).await?;
    let done = Reflect::get(&result, &"done".into())?.is_truthy();
    Ok(if done { None } else { Some(Reflect::get(&result, &"value".into())?.unchecked_into()) })
}

//! Reading what is sent: so many bytes, in so much time.

use super::{Refusal, UploadError, UploadLimits};
use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use std::{error::Error, pin::pin};
use tokio::time::timeout;

/// Reads a body to its end. Stops reading at the first byte too many.
pub(super) async fn read<S, E>(body: S, limits: &UploadLimits) -> Result<Vec<u8>, UploadError>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: Into<Box<dyn Error + Send + Sync>>,
{
    let mut body = pin!(body);
    let reading = async {
        let mut bytes: Vec<u8> = Vec::new();
        while let Some(chunk) = body.next().await {
            let chunk = chunk.map_err(|e| UploadError::Cut(e.into()))?;
            if bytes.len() + chunk.len() > limits.max_bytes {
                return Err(UploadError::Refused(Refusal::TooLarge { max_bytes: limits.max_bytes }));
            }
            if bytes.capacity() - bytes.len() < chunk.len() {
                // As a buffer grows by itself, but never beyond what it may hold in the end.
                let room = (bytes.len() * 2).max(bytes.len() + chunk.len()).min(limits.max_bytes);
                bytes.reserve_exact(room - bytes.len());
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    };
    // It holds a place in the line, so it may not take its time.
    let bytes = timeout(limits.read_within, reading)
        .await
        .map_err(|_| Refusal::TooSlow { read_within: limits.read_within })??;
    if bytes.is_empty() { Err(Refusal::Empty.into()) } else { Ok(bytes) }
}

//! What we need to know of a WebP file beside its pixels: whether it is all there, and how it was packed.

use crate::uploads::Refusal;

/// Behind `RIFF`, the length and `WEBP`.
const HEADER: usize = 12;

/// Whether the file is as long as it says (RFC 9649, section 2.4). More may follow, and is thrown away.
pub(super) fn is_whole(bytes: &[u8]) -> Result<(), Refusal> {
    let said = bytes.get(4..8).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let is_whole = said.and_then(|n| usize::try_from(n).ok()).is_some_and(|n| bytes.len() - 8 >= n);
    is_whole.then_some(()).ok_or(Refusal::Unreadable)
}

/// Whether its picture, or the first of several, was packed with loss, as photographs are.
pub(super) fn is_lossy(bytes: &[u8]) -> bool {
    let mut rest = bytes.get(HEADER..).unwrap_or_default();
    while let Some((name, body)) = rest.split_at_checked(4) {
        match name {
            b"VP8 " => return true,
            b"VP8L" => return false,
            // A frame of an animation: its place and its time, and then chunks of its own.
            b"ANMF" => {
                rest = body.get(4 + 16..).unwrap_or_default();
                continue;
            }
            _ => {}
        }
        let Some(length) = body.get(..4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes) else {
            break;
        };
        // Chunks begin at even places.
        let Ok(next) = usize::try_from(u64::from(length) + u64::from(length % 2) + 4) else { break };
        rest = body.get(next..).unwrap_or_default();
    }
    false
}

//! What we need to know of a WebP file beside its pixels: whether it is all there, how large it is, and how it was packed.

use crate::uploads::Refusal;

/// Behind `RIFF`, the length and `WEBP`.
const HEADER: usize = 12;

/// Whether the file is as long as it says (RFC 9649, section 2.4). More may follow, and is thrown away.
pub(super) fn is_whole(bytes: &[u8]) -> Result<(), Refusal> {
    let said = bytes.get(4..8).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    let is_whole = said.and_then(|n| usize::try_from(n).ok()).is_some_and(|n| bytes.len() - 8 >= n);
    is_whole.then_some(()).ok_or(Refusal::Unreadable)
}

/// The picture in a file, or the first of several, as it says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Whether it was packed with loss, as photographs are.
    pub(super) is_lossy: bool,
    /// Its width and height. The file has a width and a height as well, which ought to be no less; the decoder makes room for
    /// the frame's before it compares.
    pub(super) size: (u32, u32),
}

/// Finds the picture. `None` if there is none.
pub(super) fn frame(bytes: &[u8]) -> Option<Frame> {
    let mut rest = bytes.get(HEADER..)?;
    loop {
        let (name, body) = rest.split_at_checked(4)?;
        let length = body.get(..4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes)?;
        let body = &body[4..];
        match name {
            // RFC 6386, section 9.1: behind the frame's tag and the start code, 14 bits each and how to scale.
            b"VP8 " => {
                let at = |n: usize| {
                    Some(u32::from(u16::from_le_bytes([*body.get(n)?, *body.get(n + 1)?]) & 0x3FFF))
                };
                return Some(Frame { is_lossy: true, size: (at(6)?, at(8)?) });
            }
            // RFC 9649, section 3.4: behind the signature, one less than each in 14 bits.
            b"VP8L" => {
                let bits = body.get(1..5).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes)?;
                return Some(Frame {
                    is_lossy: false,
                    size: ((bits & 0x3FFF) + 1, ((bits >> 14) & 0x3FFF) + 1),
                });
            }
            // A frame of an animation: its place and its time, and then chunks of its own.
            b"ANMF" => rest = body.get(16..)?,
            // Chunks begin at even places.
            _ => rest = body.get(usize::try_from(u64::from(length) + u64::from(length % 2)).ok()?..)?,
        }
    }
}

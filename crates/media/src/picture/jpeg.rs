//! Whether a JPEG is all there.
//!
//! The decoder fills up what is missing with grey, as browsers do while a picture loads. And it decodes as many scans as there
//! are: each passes over the whole picture, however few bytes it takes, so their number is work that a small file can ask for.

use crate::uploads::Refusal;

/// A progressive photograph has about ten.
const MAX_SCANS: usize = 64;

const START_OF_SCAN: u8 = 0xDA;
const END_OF_IMAGE: u8 = 0xD9;

/// Walks over the segments (ITU-T T.81, annex B) up to the end of the image. What comes behind it is not looked at: phones put
/// further pictures there, and it is thrown away in any case.
pub(super) fn is_whole(bytes: &[u8]) -> Result<(), Refusal> {
    // Behind the start of the image, which told the format.
    let mut rest = bytes.get(2..).ok_or(Refusal::Unreadable)?;
    let mut scans = 0;
    loop {
        let marker;
        (marker, rest) = next_marker(rest).ok_or(Refusal::Unreadable)?;
        match marker {
            END_OF_IMAGE if scans > 0 => return Ok(()),
            END_OF_IMAGE => return Err(Refusal::Unreadable),
            // Those without a length: TEM, and restarts, which also stand within a scan.
            0x01 | 0xD0..=0xD7 => continue,
            START_OF_SCAN => scans += 1,
            _ => {}
        }
        if scans > MAX_SCANS {
            return Err(Refusal::Unreadable);
        }
        let length = match *rest {
            [high, low, ..] => usize::from(u16::from_be_bytes([high, low])),
            _ => return Err(Refusal::Unreadable),
        };
        rest = rest.get(length.max(2)..).ok_or(Refusal::Unreadable)?;
    }
}

/// The next marker and what follows it. Coded data before it is passed over: there, a byte of ones is followed by a zero.
fn next_marker(mut rest: &[u8]) -> Option<(u8, &[u8])> {
    loop {
        let at = rest.iter().position(|&b| b == 0xFF)?;
        rest = &rest[at + 1..];
        match *rest {
            [0x00, ..] => rest = &rest[1..],
            // Markers may have any number of these before them.
            [0xFF, ..] => {}
            [marker, ..] => return Some((marker, &rest[1..])),
            [] => return None,
        }
    }
}

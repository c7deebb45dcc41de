//! Lines that end alike, so that they can be counted.
//!
//! The csv reader leaves the second half of `\r\n` and empty lines to the record that follows, and so names lines too low. Here
//! every line ends in one `\n`, the last one too: a record then ends one line before the reader stands, whatever was before.

use std::io::{self, Read};

/// Reads `\r\n` and a lone `\r` as `\n`, in quoted cells as well, and ends with one.
pub(super) struct Lines<R> {
    source: R,
    /// The last byte read was `\r`, given as `\n` already: a `\n` that follows belongs to it.
    after_return: bool,
    /// The last byte given.
    last: u8,
}

impl<R: Read> Lines<R> {
    pub(super) const fn new(source: R) -> Self {
        Self { source, after_return: false, last: b'\n' }
    }

    /// Makes the first `read` bytes of `buffer` end lines alike; gives how many are left.
    fn even(&mut self, buffer: &mut [u8], read: usize) -> usize {
        if !self.after_return && !buffer[..read].contains(&b'\r') {
            return read;
        }
        let mut kept = 0;
        for at in 0..read {
            let byte = buffer[at];
            let belongs = self.after_return && byte == b'\n';
            self.after_return = byte == b'\r';
            if !belongs {
                buffer[kept] = if byte == b'\r' { b'\n' } else { byte };
                kept += 1;
            }
        }
        kept
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            let read = self.source.read(buffer)?;
            if read == 0 {
                if self.last == b'\n' {
                    return Ok(0);
                }
                self.last = b'\n';
                buffer[0] = b'\n';
                return Ok(1);
            }
            let kept = self.even(buffer, read);
            // Nothing left does not mean the end: it was the other half of `\r\n`.
            if kept > 0 {
                self.last = buffer[kept - 1];
                return Ok(kept);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Gives one byte at a time, as the worst of sources may.
    struct Drops<'a>(&'a [u8]);

    impl Read for Drops<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    #[test]
    fn lines_end_alike_however_they_come() {
        for (given, expected) in [
            ("", ""),
            ("a", "a\n"),
            ("a\n", "a\n"),
            ("a\r\nb\r\n", "a\nb\n"),
            ("a\rb", "a\nb\n"),
            ("a\r\r\n\nb\r", "a\n\n\nb\n"),
            ("\r\n", "\n"),
        ] {
            let mut whole = String::new();
            Lines::new(given.as_bytes()).read_to_string(&mut whole).unwrap();
            assert_eq!(whole, expected, "{given:?}");
            let mut drops = String::new();
            Lines::new(Drops(given.as_bytes())).read_to_string(&mut drops).unwrap();
            assert_eq!(drops, expected, "{given:?} byte by byte");
        }
    }
}

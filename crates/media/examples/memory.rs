//! How much memory and time the largest pictures take: `cargo run --release -p stoa-media --example memory -- FILE…`
//!
//! Prints for each file the peak of this process (Linux only) for each pixel. What `UploadLimits` says of memory rests on it; run
//! it with one file at a time, for a peak does not go down again.

#![expect(clippy::print_stdout, reason = "an example that prints")]

use bytes::Bytes;
use std::{convert::Infallible, time::Instant};
use stoa_media::{UploadLimits, Uploads};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let limits = UploadLimits { max_bytes: UploadLimits::MOST_BYTES, ..UploadLimits::default() };
    let uploads = Uploads::new(limits, None)?;
    for name in std::env::args().skip(1) {
        let file = std::fs::read(&name)?;
        let (length, start) = (file.len(), Instant::now());
        let body = futures_util::stream::iter([Ok::<_, Infallible>(Bytes::from(file))]);
        let picture = uploads.take(body).await?;
        let (width, height) = picture.size;
        let pixels = u64::from(width) * u64::from(height);
        println!(
            "{name}: {length} bytes, {width} x {height} -> {} of {} bytes in {:?}; peak {} bytes a pixel",
            picture.kind.mime(),
            picture.body.len(),
            start.elapsed(),
            peak_bytes().unwrap_or(0) / pixels.max(1),
        );
    }
    Ok(())
}

fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    Some(line.split_whitespace().nth(1)?.parse::<u64>().ok()? * 1024)
}

//! Which bucket, and with what keys.

use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use url::Url;

/// How to reach a bucket.
#[derive(Clone, Debug)]
pub struct S3Config {
    /// The address of the service, such as `https://s3.eu-central-1.amazonaws.com`.
    pub endpoint: Url,
    /// The region, which is part of what is signed. Those who have none take `us-east-1` or `auto`.
    pub region: String,
    /// The bucket's name.
    pub bucket: String,
    /// Whether the bucket is a part of the host (`https://bucket.s3…`), as some want it, or of the path (`https://s3…/bucket`).
    pub bucket_in_host: bool,
    /// The access key's name.
    pub access_key: SecretString,
    /// The access key.
    pub secret_key: SecretString,
    /// Where anybody fetches public files, such as a content delivery network before the bucket; `public/<id>/<name>` is put
    /// behind it. Without one it is the bucket itself.
    pub public_url: Option<Url>,
    /// How long a request may take, and all its attempts together.
    pub patience: Duration,
    /// How often a request that failed is made again.
    pub retries: usize,
}

/// A setting that makes no sense. Says nothing of keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {problem}")]
pub struct InvalidS3 {
    /// Which field.
    pub field: &'static str,
    /// What is wrong, and what would be right.
    pub problem: String,
}

impl InvalidS3 {
    pub(super) fn new(field: &'static str, problem: impl Into<String>) -> Self {
        Self { field, problem: problem.into() }
    }
}

impl S3Config {
    /// Checks everything, and gives the bucket's own address, without a slash at its end.
    pub(super) fn bucket_address(&self) -> Result<String, InvalidS3> {
        is_plain_address("endpoint", &self.endpoint)?;
        if let Some(url) = &self.public_url {
            is_plain_address("public_url", url)?;
        }
        is_bucket(&self.bucket)?;
        let is_region = !self.region.is_empty()
            && self.region.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if !is_region {
            return Err(InvalidS3::new("region", "must be lower-case letters, digits and hyphens"));
        }
        for (field, key) in [("access_key", &self.access_key), ("secret_key", &self.secret_key)] {
            let key = key.expose_secret();
            if key.is_empty() || !key.bytes().all(|b| b.is_ascii_graphic()) {
                return Err(InvalidS3::new(field, "must be there, without spaces"));
            }
        }
        if self.patience.is_zero() {
            return Err(InvalidS3::new("patience", "must be longer than no time"));
        }
        let endpoint = self.endpoint.as_str().trim_end_matches('/');
        Ok(match self.bucket_in_host {
            true => endpoint.replacen("://", &format!("://{}.", self.bucket), 1),
            false => format!("{endpoint}/{}", self.bucket),
        })
    }
}

fn is_plain_address(field: &'static str, url: &Url) -> Result<(), InvalidS3> {
    let is_plain = matches!(url.scheme(), "http" | "https")
        && url.host_str().is_some_and(|host| !host.is_empty())
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    is_plain.then_some(()).ok_or_else(|| {
        InvalidS3::new(
            field,
            "must be like https://host or https://host/path, without user, query and fragment",
        )
    })
}

/// Amazon's rules for names of buckets, but for those of whole words.
fn is_bucket(name: &str) -> Result<(), InvalidS3> {
    let at_the_ends = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let bytes = name.as_bytes();
    let is_bucket = (3..=63).contains(&bytes.len())
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-.".contains(b))
        && at_the_ends(bytes.first())
        && at_the_ends(bytes.last())
        && !name.contains("..");
    is_bucket.then_some(()).ok_or_else(|| {
        InvalidS3::new("bucket", "must be 3 to 63 lower-case letters, digits, hyphens and dots")
    })
}

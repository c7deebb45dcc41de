//! Files in Amazon's S3 or in whatever speaks its language.
//!
//! Public files are fetched from the bucket itself, or through what stands before it, under `public/`: a policy of the bucket
//! must let anybody read that, and nothing else. Private files are fetched by addresses that we sign (Signature Version 4).

mod config;
mod http;
#[cfg(test)]
mod tests;

pub use config::{InvalidS3, S3Config};

use crate::{MAX_LIFETIME, MAX_STORED};
use async_trait::async_trait;
use object_store::{
    Attribute, Attributes, BackoffConfig, Error, GetOptions, ObjectStore, ObjectStoreExt, PutOptions,
    RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    path::Path,
    signer::Signer,
};
use reqwest::Method;
use secrecy::ExposeSecret;
use std::time::Duration;
use stoa_domain::{
    media::{MediaKey, MediaStore, MediaType, Stored, Visibility},
    shared::Fault,
};

const S3: &str = "media.s3";

/// Keeps files in a bucket.
#[derive(Debug)]
pub struct S3Store {
    bucket: AmazonS3,
    /// Where anybody fetches public files; without a slash at its end.
    public: String,
}

impl S3Store {
    /// The files in a bucket. Nothing is asked of it yet.
    ///
    /// # Errors
    /// A setting makes no sense.
    pub fn new(config: &S3Config) -> Result<Self, InvalidS3> {
        let endpoint = config.bucket_address()?;
        let bucket = AmazonS3Builder::new()
            .with_endpoint(&endpoint)
            .with_virtual_hosted_style_request(true)
            .with_region(&config.region)
            .with_bucket_name(&config.bucket)
            .with_access_key_id(config.access_key.expose_secret())
            .with_secret_access_key(config.secret_key.expose_secret())
            .with_allow_http(config.endpoint.scheme() == "http")
            // Not everybody knows how to delete many at once, and we never do.
            .with_disable_bulk_delete(true)
            .with_retry(RetryConfig {
                backoff: BackoffConfig::default(),
                max_retries: config.retries,
                retry_timeout: config.patience,
            })
            .with_http_connector(http::Connector::new(config)?)
            .build()
            .map_err(|e| InvalidS3::new("endpoint", e.to_string()))?;
        let public = config.public_url.as_ref().map_or(endpoint, |url| url.as_str().to_owned());
        Ok(Self { bucket, public: public.trim_end_matches('/').to_owned() })
    }
}

#[async_trait]
impl MediaStore for S3Store {
    async fn put(&self, key: &MediaKey, kind: MediaType, body: Vec<u8>) -> Result<(), Fault> {
        if key.name.kind() != kind {
            return Err(Fault::bug("media.s3: a file of another kind than its name says"));
        }
        let options = PutOptions { attributes: headers(key), ..PutOptions::default() };
        self.bucket.put_opts(&path(key), body.into(), options).await.map_err(fault)?;
        Ok(())
    }

    async fn get(&self, key: &MediaKey) -> Result<Option<Stored>, Fault> {
        let found = match self.bucket.get_opts(&path(key), GetOptions::default()).await {
            Ok(found) => found,
            Err(missing) if is_no_file(&missing) => return Ok(None),
            Err(other) => return Err(fault(other)),
        };
        if found.meta.size > MAX_STORED {
            return Err(Fault::bug("media.s3: a file that is larger than any of ours"));
        }
        let body = found.bytes().await.map_err(fault)?.into();
        Ok(Some(Stored { kind: key.name.kind(), body }))
    }

    async fn delete(&self, key: &MediaKey) -> Result<(), Fault> {
        match self.bucket.delete(&path(key)).await {
            Ok(()) => Ok(()),
            Err(missing) if is_no_file(&missing) => Ok(()),
            Err(other) => Err(fault(other)),
        }
    }

    async fn url(&self, key: &MediaKey, lifetime: Duration) -> Result<String, Fault> {
        match key.visibility {
            Visibility::Public => Ok(format!("{}/{}", self.public, key.path())),
            Visibility::Private => {
                if lifetime > MAX_LIFETIME {
                    return Err(Fault::bug("media.s3: an address that lives too long"));
                }
                // Whole seconds, and not less than was asked for.
                let lifetime = Duration::from_secs((lifetime.as_secs() + 1).min(MAX_LIFETIME.as_secs()));
                let url = self.bucket.signed_url(Method::GET, &path(key), lifetime).await.map_err(fault)?;
                Ok(url.into())
            }
        }
    }
}

fn path(key: &MediaKey) -> Path {
    Path::from(key.path())
}

/// What a browser is told with the file. What lies there never changes.
fn headers(key: &MediaKey) -> Attributes {
    let kind = key.name.kind();
    let caching = match key.visibility {
        Visibility::Public => "public, max-age=31536000, immutable",
        Visibility::Private => "private, no-store",
    };
    let shown = match kind {
        MediaType::Jpeg | MediaType::Png | MediaType::WebP => "inline",
        MediaType::Json => "attachment",
    };
    Attributes::from_iter([
        (Attribute::ContentType, kind.mime().to_owned()),
        (Attribute::CacheControl, caching.to_owned()),
        (Attribute::ContentDisposition, format!("{shown}; filename=\"{}\"", key.name)),
    ])
}

/// Whether there is no such file. That there is no such bucket is answered with the same number, and other words (API reference,
/// "Error Responses").
fn is_no_file(error: &Error) -> bool {
    matches!(error, Error::NotFound { source, .. } if !source.to_string().contains("NoSuchBucket"))
}

/// A fault for the log. Where access was denied, the answer may quote the request with its signature: it is not repeated.
fn fault(error: Error) -> Fault {
    match error {
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => {
            Fault::bug("media.s3: access denied (are the keys right, and may they read, write and delete?)")
        }
        Error::NotFound { .. } => Fault::bug("media.s3: there is no such bucket"),
        other => Fault::unavailable(S3, other),
    }
}

//! `[media]`: where files are kept, and what is taken in.

use super::{
    raw::MediaSection,
    validate::{InvalidConfig, invalid},
};
use secrecy::ExposeSecret;
use std::time::Duration;
use stoa_media::{ClamdAddress, S3Config, UploadLimits};
use url::Url;

/// Where files are kept.
#[derive(Clone, Debug)]
pub enum MediaConfig {
    /// In the data folder.
    Folder,
    /// In the data folder, which has the files of all instances: they share its disk, or there is only one of them.
    SharedFolder,
    /// In a bucket of S3, or of what speaks its language.
    S3(Box<S3Config>),
}

/// What is taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadsConfig {
    /// How large a picture may be.
    pub limits: UploadLimits,
    /// Who looks for viruses; `None`: nobody.
    pub scanner: Option<ClamdAddress>,
}

/// How long all attempts of a request to the bucket may take together.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often one that failed is made again.
const RETRIES: usize = 3;

impl MediaConfig {
    /// The setting that a field of the bucket's configuration comes from.
    pub(crate) fn key_of(field: &str) -> &'static str {
        match field {
            "region" => "media.s3_region",
            "bucket" => "media.s3_bucket",
            "access_key" => "media.s3_access_key",
            "secret_key" => "media.s3_secret_key",
            "public_url" => "media.public_url",
            _ => "media.s3_endpoint",
        }
    }
}

pub(super) fn media(section: &MediaSection) -> Result<MediaConfig, InvalidConfig> {
    match section.store.as_str() {
        "folder" => folder(section),
        "s3" => s3(section),
        _ => Err(invalid("media.store", "must be folder or s3")),
    }
}

pub(super) fn uploads(section: &MediaSection) -> Result<UploadsConfig, InvalidConfig> {
    if !(1..=UploadLimits::MOST_BYTES).contains(&section.max_bytes) {
        let problem = format!("must be from 1 to {}", UploadLimits::MOST_BYTES);
        return Err(invalid("media.max_bytes", problem));
    }
    if !(1..=UploadLimits::MOST_PIXELS).contains(&section.max_pixels) {
        let problem = format!("must be from 1 to {}", UploadLimits::MOST_PIXELS);
        return Err(invalid("media.max_pixels", problem));
    }
    let scanner = match section.clamd.as_str() {
        "" => None,
        address => Some(ClamdAddress::parse(address).map_err(|e| invalid("media.clamd", e.to_string()))?),
    };
    let (max_bytes, max_pixels) = (section.max_bytes, section.max_pixels);
    Ok(UploadsConfig { limits: UploadLimits { max_bytes, max_pixels, ..UploadLimits::default() }, scanner })
}

fn folder(section: &MediaSection) -> Result<MediaConfig, InvalidConfig> {
    let stray = [&section.s3_endpoint, &section.s3_bucket, &section.public_url];
    let keys = [&section.s3_access_key, &section.s3_secret_key];
    if stray.iter().any(|value| !value.is_empty()) || keys.iter().any(|key| !key.expose_secret().is_empty()) {
        let problem = "must be s3 where other keys of [media] are set; leave all empty for the data folder";
        return Err(invalid("media.store", problem));
    }
    Ok(if section.shared { MediaConfig::SharedFolder } else { MediaConfig::Folder })
}

fn s3(section: &MediaSection) -> Result<MediaConfig, InvalidConfig> {
    let endpoint = Url::parse(&section.s3_endpoint).map_err(|_| {
        invalid("media.s3_endpoint", "must be a URL, such as https://s3.eu-central-1.amazonaws.com")
    })?;
    let public_url = match section.public_url.as_str() {
        "" => None,
        url => Some(Url::parse(url).map_err(|_| invalid("media.public_url", "must be a URL, or empty"))?),
    };
    // The rest is looked at where the bucket is opened, which is at once.
    Ok(MediaConfig::S3(Box::new(S3Config {
        endpoint,
        region: section.s3_region.clone(),
        bucket: section.s3_bucket.clone(),
        bucket_in_host: section.s3_bucket_in_host,
        access_key: section.s3_access_key.clone(),
        secret_key: section.s3_secret_key.clone(),
        public_url,
        patience: PATIENCE,
        retries: RETRIES,
    })))
}

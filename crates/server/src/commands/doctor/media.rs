//! Whether the bucket takes files, gives them back and lets them go.

use crate::config::{Config, MediaConfig};
use anyhow::Context as _;
use std::{io::Write, time::Duration};
use stoa_domain::{
    media::{FileName, MediaKey, MediaStore, MediaType, Visibility},
    shared::{Fault, IdGenerator, MediaId},
};
use stoa_media::S3Store;
use stoa_services::{doctor::Finding, system::SystemIds};
use tokio::time::timeout;

/// How long all of it may take.
const PATIENCE: Duration = Duration::from_secs(15);
/// What is written, under a name that nobody else has: private, and gone a moment later.
const PROBE: &[u8] = b"{}";

/// A folder was opened with the shop.
pub(super) async fn examine(config: &Config, out: &mut impl Write) -> anyhow::Result<Vec<Finding>> {
    let MediaConfig::S3(bucket) = &config.media else { return Ok(Vec::new()) };
    let store = S3Store::new(bucket).context("configuration: media")?;
    let problem = match timeout(PATIENCE, probe(&store)).await {
        Ok(Ok(true)) => {
            writeln!(out, "files: the bucket is reached, and can be written")?;
            return Ok(Vec::new());
        }
        Ok(Ok(false)) => "The bucket does not give back what was written to it".to_owned(),
        Ok(Err(fault)) => format!("The bucket cannot be used: {fault}"),
        Err(_) => format!("The bucket does not answer within {} seconds", PATIENCE.as_secs()),
    };
    Ok(vec![Finding {
        check: "media.reachable",
        problem,
        remedy: "Pictures and customers' archives are kept there. See that media.s3_endpoint is reached from here, that media.s3_bucket \
                 and media.s3_region are what the service calls them, and that the key may put, get and delete objects. Where access is \
                 denied, is the clock right?",
        mended: false,
    }])
}

async fn probe(store: &impl MediaStore) -> Result<bool, Fault> {
    let key = MediaKey {
        visibility: Visibility::Private,
        id: MediaId::new(SystemIds.id()),
        name: FileName::of("doctor", MediaType::Json),
    };
    store.put(&key, MediaType::Json, PROBE.to_vec()).await?;
    let read = store.get(&key).await;
    store.delete(&key).await?;
    Ok(read?.is_some_and(|file| file.body == PROBE))
}

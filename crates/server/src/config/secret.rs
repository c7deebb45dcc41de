//! Secrets that stand in files instead of settings: what is written as `file:/path` is read from there.

use super::{
    raw::{Raw, SecretsSection},
    validate::{InvalidConfig, invalid},
};
use secrecy::{ExposeSecret, SecretString};
use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::PermissionsExt,
    path::Path,
};
use stoa_auth::RootKeys;

/// What the place of a secret begins with.
pub(super) const IN_FILE: &str = "file:";
/// No secret is longer, in bytes.
const LONGEST: u64 = 16 * 1024;
/// What everybody on the machine may do.
const OTHERS: u32 = 0o007;

/// Puts what is in the files in the place of their names.
pub(super) fn read_files(raw: &mut Raw) -> Result<(), InvalidConfig> {
    let single = [
        ("database.url", &mut raw.database.url),
        ("database.replica_url", &mut raw.database.replica_url),
        ("redis.url", &mut raw.redis.url),
        ("stripe.secret_key", &mut raw.stripe.secret_key),
        ("mail.smtp_url", &mut raw.mail.smtp_url),
        ("media.s3_access_key", &mut raw.media.s3_access_key),
        ("media.s3_secret_key", &mut raw.media.s3_secret_key),
        ("pricing.tax_service_token", &mut raw.pricing.tax_service_token),
        ("pricing.carrier_service_token", &mut raw.pricing.carrier_service_token),
    ];
    let lists = [
        ("stripe.webhook_secrets", &mut raw.stripe.webhook_secrets),
        ("secrets.root_keys", &mut raw.secrets.root_keys),
    ];
    let of_lists = lists.into_iter().flat_map(|(key, list)| list.iter_mut().map(move |one| (key, one)));
    for (key, secret) in single.into_iter().chain(of_lists) {
        if let Some(file) = secret.expose_secret().trim().strip_prefix(IN_FILE) {
            *secret = read(Path::new(file)).map_err(|problem| invalid(key, problem))?;
        }
    }
    Ok(())
}

/// `None`: they are in the data folder, or will be.
pub(super) fn root_keys(section: &SecretsSection) -> Result<Option<RootKeys>, InvalidConfig> {
    if section.root_keys.is_empty() {
        return Ok(None);
    }
    RootKeys::parse(&section.root_keys).map(Some).map_err(|e| invalid("secrets.root_keys", e.to_string()))
}

/// The text of a file that not everybody may read, without the end of its last line.
///
/// # Errors
/// What is wrong with the file, in words; nothing of what is in it.
pub(crate) fn read(file: &Path) -> Result<SecretString, String> {
    let shown = file.display();
    if !file.is_absolute() {
        return Err(format!(
            "file:{shown} is no place that is the same wherever one stands: write file:/path"
        ));
    }
    let unreadable = |error: io::Error| format!("the file {shown} cannot be read: {error}");
    let open = File::open(file).map_err(unreadable)?;
    let mode = open.metadata().map_err(unreadable)?.permissions().mode();
    if mode & OTHERS != 0 {
        return Err(format!("everybody on this machine may use the file {shown}: chmod 600 (or 640) it"));
    }
    let mut text = String::new();
    open.take(LONGEST + 1).read_to_string(&mut text).map_err(unreadable)?;
    if text.len() as u64 > LONGEST {
        return Err(format!("the file {shown} is longer than any secret, {LONGEST} bytes"));
    }
    let secret = text.trim_end_matches(['\n', '\r']);
    if secret.is_empty() {
        return Err(format!("the file {shown} is empty"));
    }
    Ok(secret.into())
}

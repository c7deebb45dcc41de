//! Signature Version 4, as the one who checks it: written from Amazon's description ("Authenticating Requests", API reference of
//! S3), and held against its examples.

use axum::http::{HeaderMap, Method, Uri};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Those of Amazon's examples.
pub(crate) const ACCESS_KEY: &str = "AKIAIOSFODNN7EXAMPLE";
pub(crate) const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    /// Nobody in particular.
    Anybody,
    /// Who has the key, for the whole request.
    Owner,
    /// Who has an address that the owner signed.
    Bearer,
}

/// What is asked, as far as it is signed.
pub(crate) struct Asked<'a> {
    pub method: &'a Method,
    pub uri: &'a Uri,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

impl Asked<'_> {
    /// Who asks, if what they show is good at this time.
    pub(crate) fn by(&self, region: &str, now: DateTime<Utc>) -> Option<Caller> {
        let query: Vec<(&str, &str)> = self
            .uri
            .query()
            .into_iter()
            .flat_map(|q| q.split('&'))
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .collect();
        let get = |name| query.iter().find(|(n, _)| *n == name).map(|(_, value)| *value);
        if let Some(header) = self.headers.get("authorization") {
            let text = header.to_str().ok()?.strip_prefix("AWS4-HMAC-SHA256 ")?;
            let parts: BTreeMap<&str, &str> =
                text.split(',').filter_map(|part| part.trim().split_once('=')).collect();
            let date = self.headers.get("x-amz-date")?.to_str().ok()?;
            let digest = self.headers.get("x-amz-content-sha256")?.to_str().ok()?;
            if digest != hex::encode(Sha256::digest(self.body))
                || (now - time(date)?).abs() > TimeDelta::minutes(15)
            {
                return None;
            }
            let scope = scope(parts["Credential"], date, region)?;
            let signature = self.signature(date, &scope, parts["SignedHeaders"], digest, &query)?;
            return (signature == parts["Signature"]).then_some(Caller::Owner);
        }
        if query.iter().any(|(name, _)| name.to_ascii_lowercase().starts_with("x-amz")) {
            if get("X-Amz-Algorithm")? != "AWS4-HMAC-SHA256" || self.method != Method::GET {
                return None;
            }
            let date = get("X-Amz-Date")?;
            let lifetime: i64 = get("X-Amz-Expires")?.parse().ok()?;
            let age = now - time(date)?;
            if !(1..=604_800).contains(&lifetime)
                || age < TimeDelta::minutes(-15)
                || age >= TimeDelta::seconds(lifetime)
            {
                return None;
            }
            let scope = scope(&get("X-Amz-Credential")?.replace("%2F", "/"), date, region)?;
            let shown = get("X-Amz-Signature")?;
            let signature =
                self.signature(date, &scope, get("X-Amz-SignedHeaders")?, "UNSIGNED-PAYLOAD", &query)?;
            return (signature == shown).then_some(Caller::Bearer);
        }
        Some(Caller::Anybody)
    }

    fn signature(
        &self,
        date: &str,
        scope: &str,
        signed: &str,
        digest: &str,
        query: &[(&str, &str)],
    ) -> Option<String> {
        // The host is always to be signed, and so is every header that means something to S3.
        let names: Vec<&str> = signed.split(';').collect();
        let meant = self.headers.keys().filter(|name| name.as_str().starts_with("x-amz-"));
        if !names.contains(&"host") || !meant.into_iter().all(|name| names.contains(&name.as_str())) {
            return None;
        }
        let mut query: Vec<String> = query
            .iter()
            .filter(|(name, _)| *name != "X-Amz-Signature")
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        query.sort();
        let mut headers = String::new();
        for name in names {
            let value = self.headers.get(name)?.to_str().ok()?.trim();
            headers.push_str(&format!("{name}:{value}\n"));
        }
        let canonical =
            [self.method.as_str(), self.uri.path(), &query.join("&"), &headers, signed, digest].join("\n");
        let to_sign =
            format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{}", hex::encode(Sha256::digest(canonical)));
        let key =
            scope.split('/').fold(format!("AWS4{SECRET_KEY}").into_bytes(), |key, part| mac(&key, part));
        Some(hex::encode(mac(&key, &to_sign)))
    }
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The day, the region and the service that a credential is for.
fn scope(credential: &str, date: &str, region: &str) -> Option<String> {
    let scope = format!("{}/{region}/s3/aws4_request", date.get(..8)?);
    (credential == format!("{ACCESS_KEY}/{scope}")).then_some(scope)
}

fn time(date: &str) -> Option<DateTime<Utc>> {
    Some(NaiveDateTime::parse_from_str(date, "%Y%m%dT%H%M%SZ").ok()?.and_utc())
}

#[test]
fn amazons_own_examples_are_believed_and_nothing_like_them() {
    let now = time("20130524T000000Z").unwrap();
    let by = |uri: &str, headers: &[(&'static str, &str)]| {
        let headers =
            headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
        Asked { method: &Method::GET, uri: &uri.parse().unwrap(), headers: &headers, body: b"" }
            .by("us-east-1", now)
    };
    let host = ("host", "examplebucket.s3.amazonaws.com");
    let address = "/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
        &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
        &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
        &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    assert_eq!(by(address, &[host]), Some(Caller::Bearer));
    assert_eq!(by(&address.replace("86400", "86401"), &[host]), None);
    assert_eq!(by(&address.replace("test.txt", "text.txt"), &[host]), None);
    assert_eq!(by(address, &[("host", "another.s3.amazonaws.com")]), None);

    let authorization = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,\
        SignedHeaders=host;range;x-amz-content-sha256;x-amz-date,\
        Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41";
    let mut headers = vec![
        host,
        ("range", "bytes=0-9"),
        ("x-amz-content-sha256", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("x-amz-date", "20130524T000000Z"),
        ("authorization", authorization),
    ];
    assert_eq!(by("/test.txt", &headers), Some(Caller::Owner));
    headers[1].1 = "bytes=0-8";
    assert_eq!(by("/test.txt", &headers), None);
    assert_eq!(by("/test.txt", &[host]), Some(Caller::Anybody));
}

//! Settings of a bucket; how it is spoken to stands in `tests/s3`.

use super::*;
use secrecy::SecretString;
use stoa_domain::{media::FileName, shared::MediaId};
use url::Url;
use uuid::Uuid;

fn config() -> S3Config {
    S3Config {
        endpoint: Url::parse("https://s3.example.org").unwrap(),
        region: "eu-central-1".into(),
        bucket: "mugs".into(),
        bucket_in_host: false,
        access_key: SecretString::from("AKIDEXAMPLE"),
        secret_key: SecretString::from("a-secret"),
        public_url: None,
        patience: Duration::from_secs(30),
        retries: 2,
    }
}

fn opened(config: &S3Config) -> S3Store {
    let _ = rustls::crypto::ring::default_provider().install_default();
    S3Store::new(config).unwrap()
}

fn key(visibility: Visibility) -> MediaKey {
    MediaKey { visibility, id: MediaId::new(Uuid::nil()), name: FileName::of("Mug", MediaType::Png) }
}

#[tokio::test]
async fn addresses_are_the_buckets_or_of_what_stands_before_it() {
    const QUARTER: Duration = Duration::from_secs(900);
    let url = |text| Url::parse(text).unwrap();
    for (config, public, private) in [
        (config(), "https://s3.example.org/mugs/", "https://s3.example.org/mugs/"),
        (
            S3Config { bucket_in_host: true, ..config() },
            "https://mugs.s3.example.org/",
            "https://mugs.s3.example.org/",
        ),
        (
            S3Config { public_url: Some(url("https://cdn.example.org/shop/")), ..config() },
            "https://cdn.example.org/shop/",
            "https://s3.example.org/mugs/",
        ),
        (
            S3Config { endpoint: url("http://127.0.0.1:9000/under/"), ..config() },
            "http://127.0.0.1:9000/under/mugs/",
            "http://127.0.0.1:9000/under/mugs/",
        ),
    ] {
        let store = opened(&config);
        let path = "00000000-0000-0000-0000-000000000000/mug.png";
        let of_public = store.url(&key(Visibility::Public), QUARTER).await.unwrap();
        assert_eq!(of_public, format!("{public}public/{path}"));
        let signed = store.url(&key(Visibility::Private), QUARTER).await.unwrap();
        assert!(signed.starts_with(&format!("{private}private/{path}?X-Amz-Algorithm=")), "{signed}");
        assert!(!signed.contains("a-secret"), "{signed}");
    }
}

#[test]
fn settings_that_make_no_sense_are_named() {
    let url = |text| Url::parse(text).unwrap();
    let secret = |text: &str| SecretString::from(text);
    for (bad, field) in [
        (S3Config { endpoint: url("ftp://s3.example.org"), ..config() }, "endpoint"),
        (S3Config { endpoint: url("https://user:pw@s3.example.org"), ..config() }, "endpoint"),
        (S3Config { endpoint: url("https://s3.example.org/?x=1"), ..config() }, "endpoint"),
        (S3Config { public_url: Some(url("https://cdn.example.org/#x")), ..config() }, "public_url"),
        (S3Config { region: String::new(), ..config() }, "region"),
        (S3Config { region: "EU central".into(), ..config() }, "region"),
        (S3Config { bucket: "My Mugs".into(), ..config() }, "bucket"),
        (S3Config { bucket: "..".into(), ..config() }, "bucket"),
        (S3Config { bucket: "a/../b".into(), ..config() }, "bucket"),
        (S3Config { bucket: "ab".into(), ..config() }, "bucket"),
        (S3Config { bucket: "-mugs".into(), ..config() }, "bucket"),
        (S3Config { access_key: secret(""), ..config() }, "access_key"),
        (S3Config { secret_key: secret("two words"), ..config() }, "secret_key"),
        (S3Config { secret_key: secret("ends\n"), ..config() }, "secret_key"),
        (S3Config { patience: Duration::ZERO, ..config() }, "patience"),
    ] {
        let error = S3Store::new(&bad).unwrap_err();
        assert_eq!(error.field, field);
        assert!(!error.to_string().contains("a-secret") && !error.to_string().contains("two words"));
    }
    assert!(!format!("{:?}", config()).contains("a-secret"));
}

#[test]
fn a_browser_is_told_what_a_file_is_and_how_long_it_stays() {
    let of = |visibility, kind| {
        let headers = headers(&MediaKey { name: FileName::of("Mug", kind), ..key(visibility) });
        let get = |which| headers.get(&which).unwrap().to_string();
        [get(Attribute::ContentType), get(Attribute::ContentDisposition), get(Attribute::CacheControl)]
    };
    assert_eq!(
        of(Visibility::Public, MediaType::WebP),
        ["image/webp", "inline; filename=\"mug.webp\"", "public, max-age=31536000, immutable"]
    );
    assert_eq!(
        of(Visibility::Private, MediaType::Json),
        ["application/json", "attachment; filename=\"mug.json\"", "private, no-store"]
    );
}

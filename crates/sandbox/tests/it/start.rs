//! When the sandbox refuses to start.

use stoa_sandbox::{Keys, OpenError, Sandbox, SandboxConfig, WebhookTarget};

fn open(change: impl FnOnce(&mut SandboxConfig)) -> Result<Sandbox, OpenError> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut config = SandboxConfig::new("http://localhost:8080".parse().unwrap(), Keys::generate());
    change(&mut config);
    Sandbox::open(config)
}

fn refusal(change: impl FnOnce(&mut SandboxConfig)) -> String {
    open(change).err().unwrap().to_string()
}

#[test]
fn generated_keys_do() {
    assert!(open(|_| {}).is_ok());
}

#[test]
fn beside_a_live_key_it_does_not_run() {
    for live in ["sk_live_abc", "rk_live_abc", "pk_live_abc", " sk_live_abc"] {
        let by_known = refusal(|config| config.known_keys = vec!["sk_test_fine".into(), live.into()]);
        let by_secret = refusal(|config| config.keys.secret = live.into());
        let by_publishable = refusal(|config| config.keys.publishable = live.into());
        for message in [by_known, by_secret, by_publishable] {
            assert!(message.contains("live Stripe key") && message.contains("_live_…"), "{message}");
            assert!(!message.contains("abc"), "the key is not shown: {message}");
        }
    }
}

#[test]
fn keys_and_addresses_must_be_of_their_kind() {
    assert!(refusal(|config| config.keys.secret = "hunter2".into()).contains("sk_test_"));
    assert!(refusal(|config| config.keys.publishable = "sk_test_x".into()).contains("pk_test_"));
    assert!(refusal(|config| config.public_url = "file:///tmp".parse().unwrap()).contains("public URL"));
    let target = |url: &str, secret: &str| Some(WebhookTarget::new(url.parse().unwrap(), secret));
    assert!(refusal(|config| config.webhook = target("mailto:a@b.c", "whsec_x")).contains("webhook URL"));
    assert!(refusal(|config| config.webhook = target("http://localhost", "secret")).contains("whsec_"));
}

#[test]
fn a_configuration_shows_no_key() {
    let mut config = SandboxConfig::new("http://localhost".parse().unwrap(), Keys::generate());
    config.known_keys = vec!["sk_live_abc".into()];
    config.webhook = Some(WebhookTarget::new("http://localhost".parse().unwrap(), "whsec_abc"));
    let shown = format!("{config:?} {:?}", config.keys);
    assert!(!shown.contains("abc") && !shown.contains("sk_test_"), "{shown}");
}

#[test]
fn a_data_folder_that_is_a_file_is_an_error() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let path = file.path().to_owned();
    assert!(matches!(open(|config| config.data_dir = Some(path)), Err(OpenError::Data { .. })));
}

//! Mails as they would look.

use crate::{
    office::Office,
    shop::{bytes, read},
};
use stoa_services::mail::MailKind;

#[tokio::test]
async fn every_mail_is_shown_in_every_language_and_runs_nothing() {
    let office = Office::open().await;
    let owner = office.owner().await;
    for kind in MailKind::ALL {
        for locale in ["en", "ja"] {
            let address = format!("/admin/mail/{}?locale={locale}", kind.name());
            let html = office.get(Some(&owner), &address).await;
            assert_eq!(html.status(), 200, "{address}");
            assert_eq!(html.headers()["content-type"], "text/html; charset=utf-8");
            assert_eq!(html.headers()["content-language"], locale);
            let policy = html.headers()["content-security-policy"].to_str().unwrap();
            assert!(policy.starts_with("default-src 'none'") && policy.contains("sandbox"), "{policy}");
            assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
            assert!(String::from_utf8(bytes(html).await).unwrap().contains("Test &lt;Shop&gt;"), "{address}");
            let text = office.get(Some(&owner), &format!("{address}&format=text")).await;
            assert_eq!(text.headers()["content-type"], "text/plain; charset=utf-8");
            assert!(bytes(text).await.len() > 100, "{address}");
        }
    }
}

#[tokio::test]
async fn what_is_no_mail_or_no_language_is_said_to_staff_alone() {
    let office = Office::open().await;
    let owner = office.proven_owner().await;
    let status = async |by, address: &str| office.get(by, address).await.status().as_u16();
    assert_eq!(status(Some(&owner), "/admin/mail/no_such_mail").await, 404);
    assert_eq!(status(Some(&owner), "/admin/mail/new_sign_in?locale=nl").await, 400);
    assert_eq!(status(Some(&owner), "/admin/mail/new_sign_in?format=pdf").await, 400);
    let (key, _) = office.key(&owner, &["settings:read"]).await;
    assert_eq!(status(Some(&key), "/admin/mail/new_sign_in").await, 200);
    let (other, _) = office.key(&owner, &["products:read"]).await;
    let nothing = read(office.get(None, "/admin/nothing").await).await;
    for by in [None, Some(&other)] {
        let answer = office.get(by, "/admin/mail/new_sign_in").await;
        assert_eq!(answer.status(), 404);
        assert_eq!(read(answer).await, nothing);
    }
}

//! Every kind in every language: as it was last looked at, whole, and with nothing in it that a stranger could have put there.
//!
//! What was looked at is in `snapshots`, HTML without its looks. After a change of words or templates:
//! `STOA_UPDATE_SNAPSHOTS=1 cargo nextest run --workspace -E "package(stoa-services) & test(mail::)"`, then read the difference as
//! a customer would.

use super::{preview::write_sample, sample::Sample, *};
use crate::{MailSettings, Settings};
use chrono::TimeDelta;
use std::{path::PathBuf, time::Duration};
use stoa_domain::{
    inventory::HoldTiming,
    order::Tracking,
    pricing::{DeliveryOption, PricingRules, TaxRounding},
    shared::{Address, CountryCode, Currency, EmailAddress, Locale, Money, Rate},
};
use url::Url;

fn settings() -> Settings {
    Settings {
        shop_name: "Stoa & Co".into(),
        shop_description: None,
        public_url: Url::parse("https://shop.example.org/").unwrap(),
        currency: Currency::parse("EUR").unwrap(),
        country: CountryCode::parse("DE").unwrap(),
        language: Locale::De,
        delivery_countries: Vec::new(),
        pricing: PricingRules {
            tax_rate: Rate::from_millionths(190_000),
            prices_include_tax: true,
            tax_rounding: TaxRounding::Line,
            delivery: DeliveryOption {
                handle: "standard".into(),
                title: "DHL".into(),
                price: 500,
                taxable: true,
            },
        },
        hold_timing: HoldTiming::Checkout,
        hold_for: TimeDelta::minutes(15),
        units: crate::UnitSettings::default(),
        cart_lives: TimeDelta::days(30),
        pay_within: TimeDelta::minutes(30),
        mail: MailSettings { from: "Stoa <shop@example.org>".into() },
        accounts: crate::AccountSettings::default(),
        privacy: crate::PrivacySettings::default(),
        gift_cards: crate::GiftCardSettings::default(),
        live_refresh: Duration::from_secs(60),
    }
}

fn every() -> impl Iterator<Item = (MailKind, Locale)> {
    MailKind::ALL.into_iter().flat_map(|kind| Locale::ALL.map(|locale| (kind, locale)))
}

/// The text as a reader's program shows what HTML says of it.
fn unescaped(html: &str) -> String {
    let signs =
        [("&#x2f;", "/"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")];
    signs.into_iter().fold(html.to_owned(), |text, (escaped, sign)| text.replace(escaped, sign))
}

/// HTML without its looks: what it says, and how that is built.
fn bare(html: &str) -> String {
    let (before, after) = html.split_once("<style>").unwrap();
    let mut rest = [before.trim_end(), after.split_once("</style>").unwrap().1].concat();
    for looks in
        ["style", "width", "height", "cellpadding", "cellspacing", "border", "align", "valign", "bgcolor"]
    {
        let begin = format!(" {looks}=\"");
        while let Some(at) = rest.find(&begin) {
            let end = rest[at + begin.len()..].find('"').unwrap();
            rest.replace_range(at..=at + begin.len() + end, "");
        }
    }
    let lines = rest.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

fn looked_at(file: &str, now: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/mail/snapshots").join(file);
    if std::env::var_os("STOA_UPDATE_SNAPSHOTS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, now).unwrap();
        return;
    }
    let then = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert_eq!(now, then, "{file} is not as it was looked at");
}

#[test]
fn every_mail_is_as_it_was_looked_at() {
    for (kind, locale) in every() {
        let mail = preview(&settings(), kind, locale).unwrap();
        let (folder, name) = (locale.code(), kind.name());
        looked_at(&format!("{folder}/{name}.txt"), &format!("{}\n\n{}", mail.subject, mail.text));
        looked_at(&format!("{folder}/{name}.html"), &bare(&mail.html));
    }
}

#[test]
fn a_mail_has_its_looks() {
    let mail = preview(&settings(), MailKind::OrderConfirmed, Locale::En).unwrap();
    looked_at("order_confirmed.en.whole.html", &mail.html);
}

#[test]
fn text_and_html_are_whole_and_say_the_same() {
    for (kind, locale) in every() {
        let mail = preview(&settings(), kind, locale).unwrap();
        let html = unescaped(&mail.html);
        assert!(mail.html.contains(&format!("<html lang=\"{locale}\">")), "{kind:?} {locale}");
        assert!(!mail.text.contains(['{', '}', '<', '>']), "{kind:?} {locale}: {}", mail.text);
        assert!(!mail.text.contains("\n\n\n"), "{kind:?} {locale}: {}", mail.text);
        assert!(mail.text.contains("Stoa & Co") && mail.subject.len() > 8, "{kind:?} {locale}");
        // Whatever HTML links to, who reads text can open too; and nothing leads elsewhere or fetches from strangers.
        for attribute in ["href=\"", "src=\""] {
            for link in html.split(attribute).skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let known = ["https://shop.example.org/", "https://example.com/parcels/"];
                assert!(known.iter().any(|start| link.starts_with(start)), "{kind:?}: {link}");
                assert!(mail.text.contains(link.trim_end_matches('/')), "{kind:?} {locale}: {link}");
            }
        }
        // And every sentence of it stands in the HTML.
        for line in mail.text.lines().filter(|line| line.ends_with(['.', '。'])) {
            // The HTML of an order has the shop's name above the heading instead.
            let thanks = kind == MailKind::OrderConfirmed && mail.text.starts_with(line);
            assert!(thanks || html.contains(line), "{kind:?} {locale}: {line}");
        }
    }
}

/// Shop, names, goods and what browsers say of themselves, as somebody would choose them who wants more than to be read.
fn hostile(settings: &mut Settings) -> Sample {
    let text = "<script>x</script>\"'&\r\nBcc: eve@example.org\r\n\r\n\u{202e}";
    settings.shop_name = text.into();
    settings.pricing.delivery.title = text.into();
    let mut sample = Sample::new(settings);
    for value in
        [&mut sample.name, &mut sample.inviter, &mut sample.provider, &mut sample.device, &mut sample.network]
    {
        *value = text.into();
    }
    let order = &mut sample.order;
    for line in &mut order.lines {
        (line.title, line.variant_title) = (text.into(), text.into());
        line.image_url = Some("/media/\"onerror=\"x".into());
    }
    let some = || Some(text.to_owned());
    order.shipping_address =
        Some(Address { first_name: some(), company: some(), city: some(), ..Address::default() });
    order.note = Some("<script>x</script>\nRing twice.".into());
    sample
}

#[test]
fn nobody_gets_more_into_a_mail_than_a_text() {
    let mut settings = settings();
    let sample = hostile(&mut settings);
    for (kind, locale) in every() {
        let mail = write_sample(&settings, &sample, kind, locale).unwrap();
        assert!(
            !mail.html.contains("<script") && !mail.html.contains("\"onerror"),
            "{kind:?}: {}",
            mail.html
        );
        assert!(mail.html.contains("&lt;script&gt;"), "{kind:?}: shown as it is");
        assert!(mail.html.matches("<title>").count() == 1 && mail.html.ends_with("</html>"), "{kind:?}");
        assert!(mail.text.contains("<script>x</script>\"'& Bcc: eve@example.org"), "{kind:?}: {}", mail.text);
        assert!(!mail.subject.contains(char::is_control), "{kind:?}: {}", mail.subject);
        for text in [&mail.subject, &mail.text] {
            assert!(!text.contains(['\r', '\u{202e}']), "{kind:?}: {text}");
            assert!(text.lines().all(|line| !line.starts_with("Bcc")), "{kind:?}: {text}");
        }
    }
}

#[test]
fn a_note_keeps_its_lines() {
    let mut settings = settings();
    let sample = hostile(&mut settings);
    let mail = write_sample(&settings, &sample, MailKind::OrderConfirmed, Locale::En).unwrap();
    assert!(mail.text.contains("<script>x</script>\nRing twice."), "{}", mail.text);
}

#[test]
fn a_name_of_nothing_is_no_greeting() {
    let mut sample = Sample::new(&settings());
    for (name, expected) in
        [("Ada Lovelace", "Guten Tag Ada Lovelace,"), (" \r\n", "Guten Tag,"), ("", "Guten Tag,")]
    {
        sample.name = name.into();
        let mail = write_sample(&settings(), &sample, MailKind::PasswordReset, Locale::De).unwrap();
        assert!(mail.text.contains(&format!("\n\n{expected}\n\n")), "{}", mail.text);
    }
}

/// Who typed an address that is not theirs must not have us carry a message to it.
#[test]
fn an_address_that_nobody_has_proved_gets_no_strangers_words() {
    for locale in Locale::ALL {
        for kind in [MailKind::AccountActivate, MailKind::EmailChangeConfirm] {
            let mail = preview(&settings(), kind, locale).unwrap();
            assert!(!mail.text.contains("Ada") && !mail.html.contains("Ada"), "{kind:?}");
        }
    }
}

#[test]
fn who_says_no_language_is_written_to_in_the_shops() {
    let (settings, mut sample) = (settings(), Sample::new(&settings()));
    let german = write_order(&settings, &sample.order, &OrderLetter::Confirmed).unwrap();
    assert_eq!(german.subject, "Bestellung #1001 bestätigt – Stoa & Co");
    sample.order.locale = Some(Locale::Fr);
    let french = write_order(&settings, &sample.order, &OrderLetter::Confirmed).unwrap();
    assert_eq!(french.subject, "Commande #1001 confirmée – Stoa & Co");
    let letter = AccountLetter::EmailChangeTaken { name: None, sign_in: &sample.link };
    let german =
        write_account(&settings, Recipient { to: &sample.email, locale: None }, sample.about, &letter);
    assert!(german.unwrap().text.contains("Guten Tag,"));
}

#[test]
fn what_an_order_has_not_is_not_told() {
    let (settings, mut sample) = (settings(), Sample::new(&settings()));
    let order = &mut sample.order;
    (order.note, order.shipping_address, order.delivery_title) = (None, None, None);
    order.figures.tax = 0;
    order.figures.total = 0;
    let mail = write_order(&settings, order, &OrderLetter::Confirmed).unwrap();
    for part in [mail.text, mail.html] {
        for word in ["Lieferadresse", "Ihre Anmerkung", "Versand", "Steuer", "Ihre Zahlung"] {
            assert!(!part.contains(word), "{word}: {part}");
        }
        assert!(part.contains("Es ist nichts zu bezahlen"), "{part}");
    }
    sample.order.figures.tax = 190;
    sample.order.figures.prices_include_tax = false;
    let mail = write_order(&settings, &sample.order, &OrderLetter::Confirmed).unwrap();
    assert!(
        mail.text.contains("\nSteuer: 1,90\u{a0}€\n") && !mail.text.contains("darin enthalten"),
        "{}",
        mail.text
    );
}

#[test]
fn a_whole_order_leads_to_its_page_where_no_carrier_tells_more() {
    let (settings, mut sample) = (settings(), Sample::new(&settings()));
    sample.parcel.tracking = Tracking::default();
    let letter = OrderLetter::Shipped { parcel: &sample.parcel, rest: false };
    let mail = write_order(&settings, &sample.order, &letter).unwrap();
    assert_eq!(mail.subject, "Bestellung #1001 ist unterwegs – Stoa & Co");
    assert!(
        mail.text.contains("Bestellung ansehen:\nhttps://shop.example.org/orders/example\n"),
        "{}",
        mail.text
    );
    for word in ["Rest", "Versanddienst", "Sendungsnummer", "verfolgen", "Oak table"] {
        assert!(!mail.text.contains(word), "{word}: {}", mail.text);
    }
}

#[test]
fn every_tracking_address_is_shown() {
    let (settings, mut sample) = (settings(), Sample::new(&settings()));
    let urls = ["https://example.com/parcels/1", "https://example.com/parcels/2"];
    sample.parcel.tracking = Tracking::try_new(None, &["1", "2"], &urls).unwrap();
    let letter = OrderLetter::Shipped { parcel: &sample.parcel, rest: false };
    let mail = write_order(&settings, &sample.order, &letter).unwrap();
    for (url, number) in urls.into_iter().zip(["Sendungsnummer: 1\n", "Sendungsnummer: 2\n"]) {
        assert!(mail.text.contains(url) && unescaped(&mail.html).contains(url));
        assert!(mail.text.contains(number), "{}", mail.text);
    }
}

#[test]
fn amounts_are_of_the_orders_currency() {
    let (settings, mut sample) = (settings(), Sample::new(&settings()));
    sample.refunded = Money::new(1_980, Currency::parse("JPY").unwrap());
    let mail = write_sample(&settings, &sample, MailKind::OrderRefunded, Locale::Ja).unwrap();
    assert!(mail.text.starts_with("¥1,980 を返金いたしました"), "{}", mail.text);
}

/// A mail program shows one mail for each id, and a folder of mails has one file.
#[test]
fn mails_that_are_two_have_two_ids() {
    let settings = settings();
    let mut ids: Vec<String> =
        MailKind::ALL.map(|kind| preview(&settings, kind, Locale::En).unwrap().id).into();
    let sample = Sample::new(&settings);
    let letter = AccountLetter::EmailChanged {
        name: None,
        at: sample.at,
        old: &EmailAddress::parse("old@example.org").unwrap(),
        new: &sample.email,
    };
    let to = Recipient { to: &sample.email, locale: None };
    ids.push(write_account(&settings, to, sample.about, &letter).unwrap().id);
    for id in &ids {
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || "-.".contains(c)), "{id}");
    }
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all);
    assert!(ids.contains(&"order-confirmed-00000000-0000-0000-0000-000000000000".to_owned()), "{ids:?}");
}

#[test]
fn a_browser_that_goes_on_about_itself_is_cut_short() {
    let mut sample = Sample::new(&settings());
    sample.device = "Größe".repeat(1_000);
    let mail = write_sample(&settings(), &sample, MailKind::NewSignIn, Locale::De).unwrap();
    assert!(mail.text.len() < 2_000, "{}", mail.text);
}

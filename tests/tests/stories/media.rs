//! Pictures that staff bring: told by their content, bounded, made anew, kept once, shown to shoppers, and taken away.

use crate::harness::{Setup, Shop, Staff, refusals};
use chrono::TimeDelta;
use serde_json::{Value, json};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use stoa_media::ClamdAddress;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// From a camera that has written down where it was, held upright: 16 by 24 pixels once it is turned.
const PHOTOGRAPH: &[u8] = include_bytes!("../../../crates/media/tests/files/camera.jpg");
const PLAIN: &[u8] = include_bytes!("../../../crates/media/tests/files/plain.jpg");
const DRAWING: &[u8] = include_bytes!("../../../crates/media/tests/files/clear.png");
const MOVING: &[u8] = include_bytes!("../../../crates/media/tests/files/moving.gif");

/// What somebody is answered who brings a file.
#[derive(Debug)]
struct Brought {
    status: u16,
    body: Value,
}

impl Brought {
    fn code(&self) -> &str {
        self.body["errors"][0]["extensions"]["code"].as_str().unwrap_or_else(|| panic!("{self:?}"))
    }

    fn media(&self, field: &str) -> String {
        let value = &self.body["media"][field];
        value.as_str().unwrap_or_else(|| panic!("{self:?}")).to_owned()
    }
}

impl Shop {
    async fn bring(&self, by: Option<&Staff>, query: &str, file: impl Into<Vec<u8>> + Send) -> Brought {
        let request = self.endpoint.http.post(format!("{}/admin/media{query}", self.base)).body(file.into());
        let request = match by {
            Some(by) => request.bearer_auth(&by.token),
            None => request,
        };
        // What a file claims to be counts for nothing.
        let answer = request.header("content-type", "image/png").send().await.expect("the server answers");
        let status = answer.status().as_u16();
        Brought { status, body: answer.json().await.expect("the answer is JSON") }
    }

    /// A file as a browser fetches it.
    async fn fetch(&self, address: &str) -> reqwest::Response {
        let address =
            if address.starts_with('/') { format!("{}{address}", self.base) } else { address.to_owned() };
        self.endpoint.http.get(address).send().await.expect("the server answers")
    }

    /// Every file that is kept, as the store has it.
    fn kept(&self) -> Vec<std::path::PathBuf> {
        fn collect(folder: &std::path::Path, found: &mut Vec<std::path::PathBuf>) {
            let Ok(entries) = std::fs::read_dir(folder) else { return };
            for entry in entries {
                let path = entry.expect("an entry").path();
                if path.is_dir() { collect(&path, found) } else { found.push(path) }
            }
        }
        let mut found = Vec::new();
        collect(&self.folder.path().join("media"), &mut found);
        found
    }

    /// What the log says was done to files.
    async fn acts(&self, by: &Staff) -> Vec<String> {
        let query = "{ admin { auditLog(first: 99, reverse: false, filter: { subjectType: \"Media\" }) { nodes { action } } } }";
        let answer = self.ask_as(by, query, json!({})).await;
        let nodes = answer.at("/admin/auditLog/nodes").as_array().expect("a list").clone();
        nodes.iter().map(|node| node["action"].as_str().expect("an act").to_owned()).collect()
    }
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// A photograph tells where it was taken; the shop does not. What is kept is a picture of our own, whatever the file was called, and is
/// kept once.
#[tokio::test]
async fn a_photograph_loses_where_it_was_taken_and_is_kept_once() {
    let shop = Shop::open().await;
    let owner = shop.owner("owner@example.org").await;
    let query = "?name=Kr%C3%BCge%20%26%20T%C3%B6pfe.PNG&alt=Two%20jugs";
    let brought = shop.bring(Some(&owner), query, PHOTOGRAPH).await;
    assert_eq!(brought.status, 201, "{brought:?}");
    assert_eq!(brought.media("mimeType"), "image/jpeg");
    assert_eq!(brought.media("altText"), "Two jugs");
    assert_eq!(brought.media("name"), "kruge-topfe.jpg");
    let address = brought.media("url");
    let id = brought.media("id");
    assert_eq!(address, format!("/media/{}/kruge-topfe.jpg", id.rsplit('/').next().expect("an id")));

    let fetched = shop.fetch(&address).await;
    assert_eq!(fetched.status(), 200);
    assert_eq!(fetched.headers()["content-type"], "image/jpeg");
    assert_eq!(fetched.headers()["x-content-type-options"], "nosniff");
    assert!(fetched.headers()["cache-control"].to_str().expect("text").contains("immutable"));
    let bytes = fetched.bytes().await.expect("the file");
    assert!(has(PHOTOGRAPH, "SECRET-GPS") && !has(&bytes, "SECRET"), "where it was taken is gone");
    assert_eq!(brought.body["media"]["bytes"], json!(bytes.len()));
    assert!(!has(&bytes, "Exif"));

    for name in ["?name=again.jpg", "", "?name=..%2F..%2Fetc%2Fpasswd"] {
        let again = shop.bring(Some(&owner), name, PHOTOGRAPH).await;
        assert_eq!((again.status, &again.body), (200, &brought.body), "the very same picture was there");
    }
    assert_eq!(shop.kept().len(), 1);
    assert_eq!(shop.acts(&owner).await, ["media.upload"]);

    let other = shop.bring(Some(&owner), "?name=..%2F..%2Fetc%2Fpasswd.sh", DRAWING).await;
    assert_eq!((other.status, other.media("name").as_str()), (201, "passwd.png"));
    let moving = shop.bring(Some(&owner), "", MOVING).await;
    assert_eq!((moving.status, moving.media("mimeType").as_str()), (201, "image/png"), "its first frame");
    shop.books_balance().await;
}

/// A file that is two things at once stays the picture of the two; one that is no picture is not taken, whatever it is called.
#[tokio::test]
async fn of_what_is_two_things_only_the_picture_is_left() {
    let shop = Shop::open().await;
    let owner = shop.owner("owner@example.org").await;
    let archive = b"PK\x03\x04 and a page: <script>alert(1)</script>";
    let both = [PLAIN, archive].concat();
    let brought = shop.bring(Some(&owner), "?name=mug.html", both).await;
    assert_eq!((brought.status, brought.media("name").as_str()), (201, "mug.jpg"));
    let fetched = shop.fetch(&brought.media("url")).await.bytes().await.expect("the file");
    assert!(!has(&fetched, "script") && !has(&fetched, "PK\x03\x04"));
    let plain = shop.bring(Some(&owner), "", PLAIN).await;
    assert_eq!(plain.status, 200, "it is the picture that it was beside the archive");

    for (file, status, code) in [
        (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>".to_vec(), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"<html><script>alert(1)</script>".to_vec(), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (b"%PDF-1.7".to_vec(), 415, "UNSUPPORTED_MEDIA_TYPE"),
        (Vec::new(), 400, "FILE_EMPTY"),
        (PLAIN[..400].to_vec(), 422, "PICTURE_UNREADABLE"),
        (b"\xFF\xD8\xFF<script>".to_vec(), 422, "PICTURE_UNREADABLE"),
    ] {
        let refused = shop.bring(Some(&owner), "?name=mug.png", file).await;
        assert_eq!((refused.status, refused.code()), (status, code), "{refused:?}");
    }
    for query in ["?visibility=secret", "?filename=mug.png", &format!("?alt={}", "x".repeat(513))] {
        let refused = shop.bring(Some(&owner), query, DRAWING).await;
        assert_eq!((refused.status, refused.code()), (400, "BAD_USER_INPUT"));
    }
    assert_eq!(shop.kept().len(), 1);
    assert_eq!(shop.acts(&owner).await, ["media.upload"], "a refusal leaves nothing");
}

/// A PNG of a few bytes that says it is so many pixels.
fn bomb(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8], body: &[u8]| {
        let mut chunk = u32::try_from(body.len()).expect("few").to_be_bytes().to_vec();
        chunk.extend([kind, body].concat());
        chunk.extend(crc(&[kind, body].concat()).to_be_bytes());
        chunk
    };
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    file.extend(chunk(b"IHDR", &head));
    file.extend(chunk(b"IDAT", &[0x78, 0x9c, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01]));
    file.extend(chunk(b"IEND", b""));
    file
}

/// As PNG wants it (ISO 3309).
fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _: u32| if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}

/// A picture of a few bytes that would take gigabytes to look at is refused by what it says of itself.
#[tokio::test]
async fn a_picture_that_would_fill_the_memory_is_refused_unread() {
    let shop =
        Shop::with(Setup::default().config(|config| config.uploads.limits.max_pixels = 1_000_000)).await;
    let owner = shop.owner("owner@example.org").await;
    for (width, height) in [(1_000, 1_001), (60_000, 60_000)] {
        let refused = shop.bring(Some(&owner), "", bomb(width, height)).await;
        assert_eq!((refused.status, refused.code()), (422, "PICTURE_TOO_LARGE"), "{refused:?}");
    }
    assert_eq!(shop.bring(Some(&owner), "", DRAWING).await.status, 201, "and goes on");
    assert_eq!(shop.kept().len(), 1);
}

/// An upload by hand: what is sent, and what is answered before the line is closed.
async fn by_hand(shop: &Shop, by: &Staff, heads: &str, pieces: usize) -> String {
    let mut line = TcpStream::connect(shop.app.address()).await.expect("the server listens");
    let head = format!(
        "POST /admin/media HTTP/1.1\r\nhost: shop\r\nconnection: close\r\nauthorization: Bearer {}\r\n{heads}\r\n",
        by.token
    );
    line.write_all(head.as_bytes()).await.expect("it listens");
    let piece = [b"4000\r\n".as_slice(), &[0xFF; 0x4000], b"\r\n"].concat();
    for _ in 0..pieces {
        line.write_all(&piece).await.expect("it goes on reading, though it is too large");
    }
    if pieces > 0 {
        line.write_all(b"0\r\n\r\n").await.expect("it goes on reading");
    }
    let mut answer = Vec::new();
    line.read_to_end(&mut answer).await.expect("the line is closed and not broken");
    String::from_utf8_lossy(&answer).into_owned()
}

/// Who sends more than may be is told so, whether or not they have said beforehand how much it would be, and is not cut off without a word.
#[tokio::test]
async fn a_file_too_large_is_refused_in_the_middle_and_one_that_says_so_before() {
    let shop = Shop::with(Setup::default().config(|config| config.uploads.limits.max_bytes = 100_000)).await;
    let owner = shop.owner("owner@example.org").await;
    let chunked = "transfer-encoding: chunked\r\n";
    let answer = by_hand(&shop, &owner, chunked, 200).await;
    assert!(answer.starts_with("HTTP/1.1 413 ") && answer.contains("PAYLOAD_TOO_LARGE"), "{answer}");
    let waiting = "content-length: 5000000000\r\nexpect: 100-continue\r\n";
    let answer = by_hand(&shop, &owner, waiting, 0).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "nobody is asked to go on: {answer}");
    let answer = by_hand(&shop, &Staff { token: "stoa_sk_nobody".into() }, chunked, 200).await;
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");

    // One that ends before its end leaves nothing, and nobody waiting.
    for _ in 0..10 {
        let mut line = TcpStream::connect(shop.app.address()).await.expect("the server listens");
        let head = format!(
            "POST /admin/media HTTP/1.1\r\nhost: shop\r\nauthorization: Bearer {}\r\ncontent-length: 5000\r\n\r\nhalf",
            owner.token
        );
        line.write_all(head.as_bytes()).await.expect("it listens");
        drop(line);
    }
    shop.until("there is room again", || async { shop.bring(Some(&owner), "", PLAIN).await.status != 503 })
        .await;
    assert_eq!(shop.bring(Some(&owner), "", PLAIN).await.status, 200);
    assert_eq!(shop.kept().len(), 1);
}

/// Whoever may not bring files is told that there is nothing there; a key with the scope may.
#[tokio::test]
async fn only_who_may_bring_files_finds_where() {
    let shop = Shop::open().await;
    let owner = shop.owner("owner@example.org").await;
    let buyer = Staff { token: shop.customer("ada@example.org").await.token };
    let clerk = shop.staff(&owner, "clerk@example.org", &["products:write"]).await;
    let till = shop.key(&owner, &["products:write"]).await;
    let nobody = Staff { token: "x".into() };
    for by in [None, Some(&nobody), Some(&buyer), Some(&clerk), Some(&till)] {
        let refused = shop.bring(by, "", DRAWING).await;
        assert_eq!((refused.status, refused.code()), (404, "NOT_FOUND"), "{by:?}");
    }
    assert_eq!(shop.kept().len(), 0);
    let camera = shop.key(&owner, &["media:write"]).await;
    let brought = shop.bring(Some(&camera), "", DRAWING).await;
    assert_eq!(brought.status, 201);
    let files =
        "{ admin { mediaFiles(first: 9) { nodes { id url createdBy visibility width height bytes } } } }";
    let listed = shop.ask_as(&camera, files, json!({})).await;
    let file = listed.at("/admin/mediaFiles/nodes/0");
    assert_eq!((&file["id"], &file["url"]), (&brought.body["media"]["id"], &brought.body["media"]["url"]));
    assert_eq!((&file["createdBy"], &file["visibility"]), (&json!("till"), &json!("PUBLIC")));
    assert_eq!((&file["width"], &file["height"]), (&json!(24), &json!(16)));
    let hidden = shop.ask_as(&till, files, json!({})).await;
    assert_eq!(hidden.code(), "GRAPHQL_VALIDATION_FAILED");
}

/// A file for few has an address that is signed and ends; a file for all has one that stays.
#[tokio::test]
async fn a_private_file_is_fetched_by_a_signed_address_for_a_while() {
    let shop = Shop::open().await;
    let owner = shop.owner("owner@example.org").await;
    let brought = shop.bring(Some(&owner), "?visibility=private&name=draft.png", DRAWING).await;
    assert_eq!((brought.status, brought.media("visibility").as_str()), (201, "private"));
    let address = brought.media("url");
    let fetched = shop.fetch(&address).await;
    assert_eq!(fetched.status(), 200);
    assert_eq!(fetched.headers()["cache-control"], "private, no-store");
    let id = brought.media("id").rsplit('/').next().expect("an id").to_owned();
    let forged = address.replacen("/media/", "/media/9", 1);
    for nowhere in [format!("/media/{id}/draft.png"), forged, address.replace("draft", "draught")] {
        assert_eq!(shop.fetch(&nowhere).await.status(), 404, "{nowhere}");
    }
    // What few may see is no picture for shoppers.
    let product = json!({ "title": "Draft", "variants": [{ "price": "1.00" }], "images": [{ "mediaId": brought.media("id") }] });
    let refused = shop.ask_as(&owner, CREATE, json!({ "product": product })).await;
    assert_eq!(refusals(refused.at("/productCreate")), ["INVALID"]);
    shop.clock.advance(TimeDelta::minutes(16));
    assert_eq!(shop.fetch(&address).await.status(), 404, "its time is over");
}

const CREATE: &str = "mutation($product: ProductCreateInput!) { productCreate(product: $product) {
  product { id images { url altText width height } } userErrors { code field message } } }";
const UPDATE: &str = "mutation($product: ProductUpdateInput!) { productUpdate(product: $product) {
  product { id images { url altText width height } } userErrors { code field message } } }";
const DELETE: &str =
    "mutation($id: ID!) { mediaDelete(id: $id) { deletedMediaId userErrors { code field message } } }";

/// A file becomes a product's picture by its id; shoppers see it, and while they do it is not taken away.
#[tokio::test]
async fn a_file_is_a_products_picture_until_the_product_has_another() {
    let shop = Shop::open().await;
    let owner = shop.owner("owner@example.org").await;
    let brought = shop.bring(Some(&owner), "?name=mug.jpg&alt=A%20mug", PLAIN).await;
    let id = brought.media("id");
    let product = json!({ "title": "Cup", "publishedAt": "2020-01-01T00:00:00Z", "variants": [{ "price": "9.00", "imageUrl": brought.media("url") }], "images": [{ "mediaId": id }] });
    let made = shop.ask_as(&owner, CREATE, json!({ "product": product })).await;
    let picture = made.at("/productCreate/product/images/0").clone();
    assert_eq!(
        picture,
        json!({ "url": brought.media("url"), "altText": "A mug", "width": 24, "height": 16 })
    );
    let cup = made.at("/productCreate/product/id").clone();

    let storefront = "{ product(handle: \"cup\") { featuredImage { url altText width } } }";
    let seen = shop.shopper().ask(storefront, json!({})).await.at("/product/featuredImage").clone();
    let url = seen["url"].as_str().expect("an address");
    assert_eq!(
        (url, &seen["altText"]),
        (format!("{}{}", shop.base, brought.media("url")).as_str(), &json!("A mug"))
    );
    assert_eq!(shop.fetch(url).await.status(), 200);

    let refused = shop.ask_as(&owner, DELETE, json!({ "id": id })).await;
    assert_eq!(refusals(refused.at("/mediaDelete")), ["IN_USE"]);
    let other = shop.bring(Some(&owner), "", DRAWING).await.media("id");
    let both = json!({ "id": cup, "images": [{ "mediaId": id, "url": "/x.png" }] });
    let neither = json!({ "id": cup, "images": [{ "altText": "A mug" }] });
    let unknown = json!({ "id": cup, "images": [{ "mediaId": "gid://stoa/Media/0198b2f0-5c1e-7d6a-9b1f-2f6d0c3a4e5f" }] });
    for bad in [both, neither, unknown] {
        let refused = shop.ask_as(&owner, UPDATE, json!({ "product": bad })).await;
        assert_eq!(refusals(refused.at("/productUpdate")), ["INVALID"]);
    }
    let images = json!([{ "mediaId": other, "altText": "Another mug" }]);
    let changed = shop.ask_as(&owner, UPDATE, json!({ "product": { "id": cup, "images": images } })).await;
    assert_eq!(changed.at("/productUpdate/product/images/0/altText"), "Another mug");

    let deleted = shop.ask_as(&owner, DELETE, json!({ "id": id })).await;
    assert_eq!(deleted.at("/mediaDelete/deletedMediaId"), &json!(id));
    let again = shop.ask_as(&owner, DELETE, json!({ "id": id })).await;
    assert_eq!(refusals(again.at("/mediaDelete")), ["NOT_FOUND"]);
    shop.until("the file is gone from the store", || async { shop.fetch(url).await.status() == 404 }).await;
    assert_eq!(shop.kept().len(), 1);
    assert_eq!(shop.acts(&owner).await, ["media.upload", "media.upload", "media.delete"]);
    shop.books_balance().await;
}

/// A virus scanner that says this of every file, and how many it was shown.
async fn scanner(says: &'static [u8]) -> (ClamdAddress, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    let shown = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&shown);
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            counting.fetch_add(1, Ordering::Relaxed);
            let mut heard = Vec::new();
            while !heard.ends_with(&[0; 4]) && line.read_buf(&mut heard).await.is_ok_and(|n| n > 0) {}
            let _ = line.write_all(says).await;
        }
    });
    (ClamdAddress::parse(&address).expect("an address"), shown)
}

/// Where a virus scanner is configured nothing is taken that it has not found clean, and nothing at all while it does not answer.
#[tokio::test]
async fn nothing_is_taken_that_the_scanner_has_not_found_clean() {
    for (says, status, code) in [
        (b"stream: OK\0".as_slice(), 201, None),
        (b"stream: Eicar-Test-Signature FOUND\0", 422, Some("FILE_INFECTED")),
        (b"INSTREAM size limit exceeded. ERROR\0", 413, Some("PAYLOAD_TOO_LARGE")),
        (b"what?\0", 503, Some("SERVICE_UNAVAILABLE")),
    ] {
        let (address, shown) = scanner(says).await;
        let shop = Shop::with(Setup::default().config(|config| config.uploads.scanner = Some(address))).await;
        let owner = shop.owner("owner@example.org").await;
        let answer = shop.bring(Some(&owner), "", PLAIN).await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(code.map(|_| answer.code()), code);
        assert_eq!(shown.load(Ordering::Relaxed), 1);
        assert_eq!(shop.kept().len(), usize::from(status == 201));
    }
    let shop = Shop::with(Setup::default().config(|config| {
        config.uploads.scanner = Some(ClamdAddress::parse("127.0.0.1:1").expect("an address"));
    }))
    .await;
    let owner = shop.owner("owner@example.org").await;
    let answer = shop.bring(Some(&owner), "", PLAIN).await;
    assert_eq!((answer.status, answer.code()), (503, "SERVICE_UNAVAILABLE"));
    assert_eq!(shop.kept().len(), 0);
}

/// Two who bring the same at once: both are told of a file that is there. Over one writer it is the same; on Postgres there may be two.
#[tokio::test]
async fn the_same_picture_twice_at_once_is_there_for_both() {
    let shop = Shop::open().await;
    let owner = shop.owner("owner@example.org").await;
    let bring = || shop.bring(Some(&owner), "?name=mug.jpg", PLAIN);
    let (one, other) = tokio::join!(bring(), bring());
    for brought in [&one, &other] {
        assert!([200, 201].contains(&brought.status), "{brought:?}");
        assert_eq!(shop.fetch(&brought.media("url")).await.status(), 200);
    }
    let third = bring().await;
    assert_eq!(third.status, 200);
    let ids = [one.media("id"), other.media("id")];
    assert!(ids.contains(&third.media("id")));
    assert_eq!(shop.kept().len(), if ids[0] == ids[1] { 1 } else { 2 });
    shop.books_balance().await;
}

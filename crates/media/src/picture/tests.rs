//! What becomes of pictures, good and bad. Those in `tests/files` were made by another program.

use super::*;
use image::{
    ExtendedColorType, ImageEncoder, ImageFormat, codecs::jpeg::JpegEncoder, codecs::png::PngEncoder,
};
use moxcms::ColorProfile;
use proptest::prelude::*;

macro_rules! sample {
    ($name:literal) => {
        (include_bytes!(concat!("../../tests/files/", $name)).as_slice(), $name)
    };
}

type Colour = [u8; 4];

const RED: Colour = [220, 30, 40, 255];
const GREEN: Colour = [30, 200, 60, 255];
const BLUE: Colour = [40, 50, 210, 255];
const WHITE: Colour = [250, 250, 250, 255];
const NOTHING: Colour = [0, 0, 0, 0];
const QUARTERS: [Colour; 4] = [RED, GREEN, BLUE, WHITE];

/// Small, so that bytes that are made up by chance cannot ask for much.
fn limits() -> UploadLimits {
    UploadLimits { max_pixels: 100_000, ..UploadLimits::default() }
}

fn remade(bytes: &[u8]) -> Result<Picture, Refusal> {
    remake(bytes, sniff(bytes).ok_or(Refusal::UnknownType)?, &limits())
}

/// The colours in the middle of each quarter, from the top left.
fn quarters(picture: &Picture) -> [Colour; 4] {
    let format = ImageFormat::from_mime_type(picture.kind.mime()).unwrap();
    let pixels = image::load_from_memory_with_format(&picture.body, format).unwrap().into_rgba8();
    assert_eq!(pixels.dimensions(), picture.size);
    let (w, h) = picture.size;
    [(w / 8, h / 8), (w - w / 8, h / 8), (w / 8, h - h / 8), (w - w / 8, h - h / 8)]
        .map(|(x, y)| pixels.get_pixel(x, y).0)
}

fn assert_alike(seen: [Colour; 4], expected: [Colour; 4], off_by: u8, of: &str) {
    let is_alike =
        seen.as_flattened().iter().zip(expected.as_flattened()).all(|(a, b)| a.abs_diff(*b) <= off_by);
    assert!(is_alike, "{of}: {seen:?} instead of {expected:?}");
}

const STILL: [(&[u8], &str); 15] = [
    sample!("plain.jpg"),
    sample!("progressive.jpg"),
    sample!("cmyk.jpg"),
    sample!("ycck.jpg"),
    sample!("grey.jpg"),
    sample!("camera.jpg"),
    sample!("clear.png"),
    sample!("deep.png"),
    sample!("interlaced.png"),
    sample!("palette.png"),
    sample!("talkative.png"),
    sample!("placed.gif"),
    sample!("lossless.webp"),
    sample!("lossy.webp"),
    sample!("lossy_clear.webp"),
];

const MOVING: [(&[u8], &str); 3] = [sample!("moving.png"), sample!("moving.gif"), sample!("moving.webp")];

#[test]
fn every_kind_of_picture_is_read_and_looks_as_before() {
    let half = QUARTERS.map(|[r, g, b, _]| [r, g, b, 128]);
    let grey = [88, 133, 65, 250].map(|v| [v, v, v, 255]);
    use MediaType::{Jpeg, Png, WebP};
    for ((bytes, name), kind, expected) in [
        (sample!("plain.jpg"), Jpeg, QUARTERS),
        (sample!("progressive.jpg"), Jpeg, QUARTERS),
        (sample!("cmyk.jpg"), Jpeg, QUARTERS),
        (sample!("ycck.jpg"), Jpeg, QUARTERS),
        (sample!("grey.jpg"), Jpeg, grey),
        (sample!("clear.png"), Png, half),
        (sample!("deep.png"), Png, half),
        (sample!("interlaced.png"), Png, QUARTERS),
        (sample!("palette.png"), Png, QUARTERS),
        (sample!("lossless.webp"), WebP, [WHITE, BLUE, GREEN, RED]),
        // A photograph without transparency: we could write it without loss only, many times as large.
        (sample!("lossy.webp"), Jpeg, QUARTERS),
        (sample!("lossy_clear.webp"), WebP, half),
        (sample!("placed.gif"), Png, [NOTHING, GREEN, NOTHING, GREEN]),
        // Of those that move, what is seen first.
        (sample!("moving.gif"), Png, QUARTERS),
        (sample!("moving.png"), Png, QUARTERS),
        (sample!("moving.webp"), WebP, QUARTERS),
    ] {
        let picture = remade(bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!((picture.kind, picture.size), (kind, (24, 16)), "{name}");
        assert_eq!(sniff(&picture.body), sniff_of(kind), "{name}");
        assert_eq!(picture.digest, hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&picture.body)));
        assert_alike(quarters(&picture), expected, 6, name);
    }
}

fn sniff_of(kind: MediaType) -> Option<Format> {
    match kind {
        MediaType::Jpeg => Some(Format::Jpeg),
        MediaType::Png => Some(Format::Png),
        MediaType::WebP => Some(Format::WebP),
        MediaType::Json => None,
    }
}

#[test]
fn a_picture_that_we_have_written_is_taken_again() {
    for (bytes, name) in STILL {
        let once = remade(bytes).unwrap();
        let twice = remade(&once.body).unwrap();
        assert_eq!((twice.kind, twice.size), (once.kind, once.size), "{name}");
        if once.kind != MediaType::Jpeg {
            assert_eq!(twice.digest, once.digest, "{name}: nothing is lost");
        }
    }
}

/// Parts of a file, by their names: all that there may be in what we write.
fn parts(picture: &Picture) -> Vec<String> {
    let body = &picture.body;
    let number = |bytes: &[u8]| bytes.iter().fold(0, |n, &b| n * 256 + usize::from(b));
    let (mut at, mut parts) = (0, Vec::new());
    match picture.kind {
        MediaType::Jpeg => {
            at = 2;
            while body[at + 1] != 0xDA {
                parts.push(format!("{:x}", body[at + 1]));
                at += 2 + number(&body[at + 2..at + 4]);
            }
            let end = body[at..].windows(2).position(|w| w == [0xFF, 0xD9]).unwrap();
            assert_eq!(at + end + 2, body.len(), "there is something behind the picture");
        }
        MediaType::Png => {
            at = 8;
            while at < body.len() {
                parts.push(String::from_utf8(body[at + 4..at + 8].to_vec()).unwrap());
                at += 12 + number(&body[at..at + 4]);
            }
        }
        MediaType::WebP => {
            at += 12;
            while at < body.len() {
                parts.push(String::from_utf8(body[at..at + 4].to_vec()).unwrap());
                let length: Vec<u8> = body[at + 4..at + 8].iter().rev().copied().collect();
                at += 8 + number(&length).next_multiple_of(2);
            }
        }
        MediaType::Json => {}
    }
    parts.dedup();
    parts
}

#[test]
fn nothing_is_kept_but_pixels() {
    for (bytes, name) in STILL.into_iter().chain(MOVING) {
        let picture = remade(bytes).unwrap();
        let allowed: &[&str] = match picture.kind {
            // JFIF with its version and density, tables, the frame's header.
            MediaType::Jpeg => &["e0", "c0", "db", "c4"],
            MediaType::Png => &["IHDR", "IDAT", "IEND"],
            MediaType::WebP => &["VP8L"],
            MediaType::Json => &[],
        };
        for part in parts(&picture) {
            assert!(allowed.contains(&part.as_str()), "{name}: {part}");
        }
        for secret in ["SECRET", "Exif", "xmp", "GPS", "Pillow"] {
            assert!(!picture.body.windows(secret.len()).any(|w| w == secret.as_bytes()), "{name}: {secret}");
        }
    }
    // They did tell much.
    for ((bytes, name), secrets) in [
        (sample!("camera.jpg"), ["SECRET-CAMERA", "SECRET-GPS", "SECRET-COMMENT", "SECRET-XMP"].as_slice()),
        (sample!("talkative.png"), &["SECRET-TEXT", "SECRET-XMP", "SECRET-GPS"]),
        (sample!("lossless.webp"), &["SECRET-ARTIST", "SECRET-XMP"]),
    ] {
        for secret in secrets {
            assert!(bytes.windows(secret.len()).any(|w| w == secret.as_bytes()), "{name}: {secret}");
        }
    }
}

/// A JPEG with an EXIF block that says no more than how it is to be turned.
fn turned(orientation: u8) -> Vec<u8> {
    let (plain, _) = sample!("plain.jpg");
    let exif = [
        b"\xFF\xE1\x00\x22Exif\0\0".as_slice(),
        b"MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0",
        &[orientation, 0, 0, 0, 0, 0, 0],
    ]
    .concat();
    [&plain[..2], &exif, &plain[2..]].concat()
}

#[test]
fn a_picture_stands_upright_however_the_camera_was_held() {
    // EXIF 2.32, tag 0x0112: what is at the top and at the left of what was recorded.
    let (r, g, b, w) = (RED, GREEN, BLUE, WHITE);
    let expected = [
        [r, g, b, w],
        [g, r, w, b],
        [w, b, g, r],
        [b, w, r, g],
        [r, b, g, w],
        [b, r, w, g],
        [w, g, b, r],
        [g, w, r, b],
    ];
    for (n, expected) in (1..).zip(expected) {
        let picture = remade(&turned(n)).unwrap();
        assert_eq!(picture.size, if n < 5 { (24, 16) } else { (16, 24) }, "{n}");
        assert_alike(quarters(&picture), expected, 6, &format!("orientation {n}"));
    }
    for nonsense in [0, 9, 255] {
        assert_alike(quarters(&remade(&turned(nonsense)).unwrap()), QUARTERS, 6, "nonsense");
    }
    let (camera, _) = sample!("camera.jpg");
    assert_alike(quarters(&remade(camera).unwrap()), [b, r, w, g], 6, "a camera held upright");
    let (png, _) = sample!("talkative.png");
    assert_alike(quarters(&remade(png).unwrap()), [g, w, r, b], 0, "a PNG");
}

fn jpeg_with(profile: Vec<u8>, colour: ExtendedColorType, pixel: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, 100);
    encoder.set_icc_profile(profile).unwrap();
    encoder.write_image(&pixel.repeat(24 * 16), 24, 16, colour).unwrap();
    file
}

fn png_with(profile: Vec<u8>, colour: ExtendedColorType, pixel: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = PngEncoder::new(&mut file);
    encoder.set_icc_profile(profile).unwrap();
    encoder.write_image(&pixel.repeat(24 * 16), 24, 16, colour).unwrap();
    file
}

#[test]
fn colours_of_other_spaces_look_as_they_did() {
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    // Worked out by hand from the two spaces' primaries and the curve of sRGB.
    for (pixel, expected) in
        [([200, 120, 90], [213, 115, 83]), ([40, 50, 210], [37, 50, 219]), ([30, 200, 60], [0, 204, 13])]
    {
        let [r, g, b] = expected;
        let jpeg = remade(&jpeg_with(p3.clone(), ExtendedColorType::Rgb8, &pixel)).unwrap();
        assert_alike(quarters(&jpeg), [[r, g, b, 255]; 4], 4, "a JPEG in P3");
        let [x, y, z] = pixel;
        let png = remade(&png_with(p3.clone(), ExtendedColorType::Rgba8, &[x, y, z, 99])).unwrap();
        assert_alike(quarters(&png), [[r, g, b, 99]; 4], 2, "a PNG in P3, see-through");
    }
    // Light counted evenly: half of it is 188 of 255 in sRGB.
    let even = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    let grey = remade(&png_with(even.clone(), ExtendedColorType::L8, &[128])).unwrap();
    assert_alike(quarters(&grey), [[188, 188, 188, 255]; 4], 2, "grey");
    let clear = remade(&png_with(even, ExtendedColorType::La8, &[128, 77])).unwrap();
    assert_alike(quarters(&clear), [[188, 188, 188, 77]; 4], 2, "grey, see-through");
}

#[test]
fn a_profile_that_does_not_fit_is_passed_over() {
    let p3 = ColorProfile::new_display_p3().encode().unwrap();
    let mut inks = p3.clone();
    inks[16..20].copy_from_slice(b"CMYK");
    let even = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    let junk = b"no profile at all".to_vec();
    for profile in [inks, even, junk, p3[..200].to_vec(), vec![0; MAX_OF_A_PROFILE + 1]] {
        let file = png_with(profile, ExtendedColorType::Rgba8, &[200, 120, 90, 99]);
        assert_alike(quarters(&remade(&file).unwrap()), [[200, 120, 90, 99]; 4], 0, "as it is");
    }
    let file = png_with(p3, ExtendedColorType::L8, &[128]);
    assert_alike(quarters(&remade(&file).unwrap()), [[128, 128, 128, 255]; 4], 0, "grey");
}

const MAX_OF_A_PROFILE: usize = 4 * 1024 * 1024;

#[test]
fn what_is_no_picture_is_not_taken() {
    for other in [
        b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".as_slice(),
        b"<?xml version=\"1.0\"?><svg/>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7\n",
        b"PK\x03\x04",
        b"\x7FELF",
        b"MZ\x90\0",
        b"BM\x1E\0\0\0\0\0\0\0",
        b"II*\0\x08\0\0\0",
        b"\0\0\0\x1CftypavifXXXX",
        b"\0\0\x01\0\x01\0",
        b"GIF88a",
        b"RIFF\x10\0\0\0WAVEfmt ",
        b"\x89PNG\n\x1A\n",
        b" \xFF\xD8\xFF\xE0",
        b"{}",
        b"\xFF\xD8",
        b"",
    ] {
        assert_eq!(remade(other), Err(Refusal::UnknownType), "{:?}", String::from_utf8_lossy(other));
    }
}

#[test]
fn what_only_begins_like_a_picture_is_not_taken() {
    for begun in [
        b"GIF89a/*\0\0\0*/=1;alert(document.domain)//".as_slice(),
        b"GIF89a\x01\0\x01\0\0\0\0;<?php system($_GET['c']); ?>",
        b"\xFF\xD8\xFF\xE0<html><script>alert(1)</script>",
        b"\xFF\xD8\xFF\xD9",
        b"\xFF\xD8\xFF",
        b"\x89PNG\r\n\x1A\n<svg onload=alert(1)>",
        b"RIFF\x04\0\0\0WEBP",
        b"RIFF\0\0\0\0WEBPVP8 ",
    ] {
        assert_eq!(remade(begun), Err(Refusal::Unreadable), "{:?}", String::from_utf8_lossy(begun));
    }
}

#[test]
fn of_a_file_that_is_two_things_the_picture_is_left() {
    for (bytes, name) in STILL {
        let payload = b"<script>alert(1)</script><?php evil() ?>PK\x03\x04";
        let both = [bytes, payload].concat();
        assert_eq!(remade(&both), remade(bytes), "{name}");
    }
}

#[test]
fn a_picture_that_is_cut_off_is_not_taken_wherever_it_was_cut() {
    for (bytes, name) in STILL {
        // What a PNG and a GIF end with says nothing but that they end.
        let ends_with = match sniff(bytes).unwrap() {
            Format::Png => 12,
            Format::Gif => 4,
            Format::Jpeg | Format::WebP => 0,
        };
        let whole = remade(bytes);
        for length in 0..bytes.len() {
            let cut = remade(&bytes[..length]);
            let is_all_there = length + ends_with >= bytes.len() && cut == whole;
            assert!(cut.is_err() || is_all_there, "{name}: {length} of {} bytes", bytes.len());
        }
    }
}

/// A PNG of this size that has `packed` for its pixels.
fn png_claiming(width: u32, height: u32, packed: &[u8]) -> Vec<u8> {
    let chunk = |name: &[u8], body: &[u8]| {
        let checked = [name, body].concat();
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [length.as_slice(), &checked, &crc(&checked).to_be_bytes()].concat()
    };
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 6, 0, 0, 0]].concat();
    let start = b"\x89PNG\r\n\x1A\n".to_vec();
    [start, chunk(b"IHDR", &header), chunk(b"IDAT", packed), chunk(b"IEND", b"")].concat()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |c, _| if c & 1 == 1 { (c >> 1) ^ 0xEDB8_8320 } else { c >> 1 })
    })
}

#[test]
fn a_picture_too_large_is_refused_by_what_it_says_of_itself() {
    let too_many = |width, height| Err(Refusal::TooManyPixels { width, height, max_pixels: 100_000 });
    assert_eq!(remade(&png_claiming(400, 251, b"")), too_many(400, 251));
    // Not even a line of it would be held in memory.
    assert_eq!(remade(&png_claiming(u32::MAX >> 1, 1, b"")), Err(Refusal::Unreadable));
    assert_eq!(remade(&png_claiming(MAX_SIDE + 1, 1, b"")), too_many(MAX_SIDE + 1, 1));
    assert_eq!(remade(&png_claiming(1, MAX_SIDE + 1, b"")), too_many(1, MAX_SIDE + 1));
    // As much as may be, but there is none of it.
    assert_eq!(remade(&png_claiming(400, 250, b"\x78\x9C\x03\0\0\0\0\x01")), Err(Refusal::Unreadable));

    let (jpeg, _) = sample!("plain.jpg");
    let frame = jpeg.windows(2).position(|w| w == [0xFF, 0xC0]).unwrap();
    let mut large = jpeg.to_vec();
    large[frame + 5..frame + 9].copy_from_slice(&[0xFF, 0xDC, 0xFF, 0xDC]);
    assert_eq!(remade(&large), too_many(65_500, 65_500));

    let (gif, _) = sample!("placed.gif");
    let mut large = gif.to_vec();
    large[6..10].copy_from_slice(&[0xFF; 4]);
    assert_eq!(remade(&large), too_many(65_535, 65_535));
    // The picture is small, and its frame is not.
    let frame = gif.windows(9).position(|w| w == b",\x0C\0\0\0\x0C\0\x10\0").unwrap();
    let mut large = gif.to_vec();
    large[frame + 5..frame + 9].copy_from_slice(&[0xFF; 4]);
    assert_eq!(remade(&large), Err(Refusal::Unreadable));
}

#[test]
fn a_frame_that_is_larger_than_its_picture_is_refused_before_there_is_room_for_it() {
    let webp = |chunks: &[(&[u8], &[u8])]| {
        let chunks: Vec<u8> = chunks
            .iter()
            .flat_map(|(name, body)| {
                [name, &u32::try_from(body.len()).unwrap().to_le_bytes()[..], body].concat()
            })
            .collect();
        let length = u32::try_from(chunks.len() + 4).unwrap().to_le_bytes();
        [b"RIFF", &length[..], b"WEBP", &chunks].concat()
    };
    // A picture of 10 by 10, and what lies in it claims to be as large as can be written down.
    let canvas = (b"VP8X".as_slice(), b"\0\0\0\0\x09\0\0\x09\0\0".as_slice());
    let lossy = (b"VP8 ".as_slice(), b"\x30\x01\0\x9D\x01\x2A\xFF\x3F\xFF\x3F\0\0".as_slice());
    let lossless = (b"VP8L".as_slice(), b"\x2F\xFE\xBF\xFF\x0F\0".as_slice());
    let too_many = Err(Refusal::TooManyPixels { width: 16_383, height: 16_383, max_pixels: 100_000 });
    for frame in [lossy, lossless] {
        assert_eq!(remade(&webp(&[canvas, frame])), too_many);
        assert_eq!(remade(&webp(&[frame])), too_many);
        let in_motion = [&[0; 16], frame.0, &[12, 0, 0, 0], frame.1].concat();
        let moving = (b"VP8X".as_slice(), b"\x02\0\0\0\x09\0\0\x09\0\0".as_slice());
        assert_eq!(remade(&webp(&[moving, (b"ANIM", &[0; 6]), (b"ANMF", &in_motion)])), too_many);
    }
    for ((bytes, name), expected) in [
        (sample!("lossy.webp"), true),
        (sample!("lossy_clear.webp"), true),
        (sample!("lossless.webp"), false),
        (sample!("moving.webp"), false),
    ] {
        assert_eq!(webp::frame(bytes), Some(webp::Frame { is_lossy: expected, size: (24, 16) }), "{name}");
    }
}

#[test]
fn a_profile_that_is_packed_a_thousand_to_one_is_not_unpacked() {
    // 24 MiB of one value are 24 KiB of a file.
    let bomb = png_with(vec![0; 24 * 1024 * 1024], ExtendedColorType::Rgb8, &[200, 120, 90]);
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    let left = remade(&bomb).map(|picture| quarters(&picture));
    assert_eq!(left, Ok([[200, 120, 90, 255]; 4]));
}

#[test]
fn a_picture_of_endless_scans_is_not_taken() {
    let (bytes, _) = sample!("progressive.jpg");
    let starts: Vec<_> = (0..bytes.len()).filter(|&at| bytes[at..].starts_with(&[0xFF, 0xDA])).collect();
    let (Some(&last), end) = (starts.last(), bytes.len() - 2) else { panic!("no scans") };
    let with = |more: usize| [&bytes[..end], &bytes[last..end].repeat(more), &bytes[end..]].concat();
    assert!(starts.len() > 5 && jpeg::is_whole(&with(64 - starts.len())).is_ok());
    assert_eq!(remade(&with(65 - starts.len())), Err(Refusal::Unreadable));
    assert_eq!(remade(&with(10_000)), Err(Refusal::Unreadable));
}

#[test]
fn what_would_become_too_large_is_not_kept() {
    let (bytes, _) = sample!("lossy_clear.webp");
    let length = remade(bytes).unwrap().body.len();
    let within = |max_bytes| remake(bytes, Format::WebP, &UploadLimits { max_bytes, ..limits() });
    assert!(within(length.div_ceil(2)).is_ok());
    let max_bytes = length.div_ceil(2) - 1;
    assert_eq!(within(max_bytes), Err(Refusal::TooLarge { max_bytes }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Whatever is done to a file, it is taken or refused, and what is taken is within the limits.
    #[test]
    fn no_file_is_more_than_refused(
        (which, cut, changes) in (0..STILL.len() + MOVING.len(), 0.0..1.3_f64, prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12)),
    ) {
        let (bytes, _) = STILL.into_iter().chain(MOVING).nth(which).unwrap();
        let mut bytes = bytes.to_vec();
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small number")]
        bytes.truncate((bytes.len() as f64 * cut) as usize);
        if let Ok(picture) = remade(&bytes) {
            let (width, height) = picture.size;
            prop_assert!(u64::from(width) * u64::from(height) <= 100_000);
            prop_assert!(parts(&picture).len() < 20);
        }
    }
}

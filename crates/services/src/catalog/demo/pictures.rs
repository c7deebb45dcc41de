//! The demo's pictures: simple drawings made on request, one shape and one colour each, a kilobyte apiece.

use super::goods::Goods;
use std::{collections::BTreeMap, sync::LazyLock};

/// Width and height of every picture, in pixels.
pub(super) const SIDE: u32 = 800;

/// The colour of a picture that names none: unglazed clay.
const PLAIN: &str = "#b58a63";

/// Drawings on a ground of 100 by 100. `C` is the colour, `D` a darker one, `L` a lighter one.
const SHAPES: &[(&str, &str)] = &[
    (
        "mug",
        r#"<path d="M66 42h8a10 10 0 0 1 0 22h-9" fill="none" stroke="D" stroke-width="5"/><path d="M30 34h38l-3 40q-1 6-8 6H41q-7 0-8-6z" fill="C"/><ellipse cx="49" cy="34" rx="19" ry="5" fill="D"/><path d="M36 44l2 26" stroke="L" stroke-width="3" stroke-linecap="round"/>"#,
    ),
    (
        "jug",
        r#"<path d="M64 38q16 2 12 18-3 10-14 10" fill="none" stroke="D" stroke-width="5"/><path d="M32 30l10 6h20l3-4q6 20 2 36-2 12-18 12-17 0-19-12-3-20 5-32z" fill="C"/><path d="M32 30q14 8 33 2" fill="none" stroke="D" stroke-width="3"/><path d="M40 48q-3 10 0 22" stroke="L" stroke-width="3" fill="none" stroke-linecap="round"/>"#,
    ),
    (
        "bowl",
        r#"<path d="M18 44h64q-3 32-26 34H44Q21 76 18 44z" fill="C"/><ellipse cx="50" cy="44" rx="32" ry="8" fill="D"/><path d="M26 54q4 12 12 17" stroke="L" stroke-width="3" fill="none" stroke-linecap="round"/><path d="M42 78h16v4H42z" fill="D"/>"#,
    ),
    (
        "plate",
        r#"<ellipse cx="50" cy="56" rx="38" ry="20" fill="D"/><ellipse cx="50" cy="53" rx="38" ry="20" fill="C"/><ellipse cx="50" cy="53" rx="25" ry="12" fill="none" stroke="D" stroke-width="1.5"/><path d="M20 47q8-9 22-11" stroke="L" stroke-width="3" fill="none" stroke-linecap="round"/>"#,
    ),
    (
        "teapot",
        r#"<path d="M30 52q-16-2-14-16l-6-2q-2 26 22 28z" fill="D"/><path d="M70 46q18-4 16 10-2 10-16 10" fill="none" stroke="D" stroke-width="5"/><ellipse cx="50" cy="58" rx="25" ry="21" fill="C"/><path d="M34 42q16-10 32 0z" fill="D"/><circle cx="50" cy="33" r="4" fill="D"/><path d="M33 54q1 12 8 16" stroke="L" stroke-width="3" fill="none" stroke-linecap="round"/>"#,
    ),
    (
        "strainer",
        r##"<circle cx="44" cy="48" r="20" fill="#cfd2d4"/><circle cx="44" cy="48" r="20" fill="none" stroke="C" stroke-width="6"/><path d="M60 60l24 20" stroke="D" stroke-width="7" stroke-linecap="round"/><path d="M34 40h20M31 48h26M34 56h20" stroke="#9aa0a4" stroke-dasharray="2 3"/>"##,
    ),
    (
        "tin",
        r#"<path d="M30 32h40v44q0 5-20 5t-20-5z" fill="C"/><ellipse cx="50" cy="32" rx="20" ry="6" fill="D"/><path d="M30 46h40v20H30z" fill="L"/><path d="M50 50q8 5 0 13-8-8 0-13z" fill="D"/>"#,
    ),
    (
        "board",
        r#"<rect x="20" y="34" width="56" height="34" rx="6" fill="C"/><rect x="20" y="66" width="56" height="5" rx="2" fill="D"/><circle cx="69" cy="51" r="3" fill="D"/><path d="M26 42q20 4 34 0M26 50q20 4 36 0M26 58q20 4 38 0" stroke="D" fill="none" stroke-width="1"/>"#,
    ),
    (
        "knife",
        r##"<path d="M22 56q20-14 36-10v8q-20 4-36 2z" fill="#d5d8da"/><path d="M58 45l24 4q4 4 0 8l-24-2z" fill="C"/><path d="M60 50l20 3" stroke="D" stroke-width="1.5"/>"##,
    ),
    (
        "apron",
        r#"<path d="M38 24q-2 10-2 16-12 4-14 10v30h56V50q-2-6-14-10 0-6-2-16z" fill="C"/><path d="M38 24q12 8 24 0" fill="none" stroke="D" stroke-width="3"/><rect x="38" y="56" width="24" height="15" rx="2" fill="none" stroke="D" stroke-width="2"/><path d="M36 40h28" stroke="L" stroke-width="2"/>"#,
    ),
    (
        "towel",
        r#"<path d="M28 26h44v50H28z" fill="C"/><path d="M28 60h44M28 64h44" stroke="D" stroke-width="2"/><path d="M36 26v50M64 26v50" stroke="L" stroke-width="1"/><path d="M48 20h4v6h-4z" fill="D"/>"#,
    ),
    (
        "vase",
        r##"<path d="M50 12q-8 8-2 16M50 12q10 6 3 16" fill="none" stroke="#6f7f57" stroke-width="2"/><path d="M42 28h16q-2 12 6 24 8 16-4 28H40q-12-12-4-28 8-12 6-24z" fill="C"/><ellipse cx="50" cy="28" rx="8" ry="2.5" fill="D"/><path d="M40 56q-3 10 2 18" stroke="L" stroke-width="3" fill="none" stroke-linecap="round"/>"##,
    ),
    (
        "candle",
        r##"<path d="M50 16q7 9 0 15-7-6 0-15z" fill="#f0b64a"/><path d="M50 30v6" stroke="#444" stroke-width="1.5"/><path d="M40 36h20v44H40z" fill="C"/><ellipse cx="50" cy="36" rx="10" ry="3" fill="L"/><path d="M40 44q4 8 0 14" fill="D"/>"##,
    ),
    (
        "holder",
        r#"<path d="M46 30h8v34h-8z" fill="D"/><ellipse cx="50" cy="30" rx="11" ry="4" fill="C"/><ellipse cx="50" cy="70" rx="26" ry="9" fill="C"/><ellipse cx="50" cy="67" rx="18" ry="5" fill="D"/>"#,
    ),
    (
        "blanket",
        r#"<path d="M18 40q30-10 64 0v32q-34 10-64 0z" fill="C"/><path d="M18 48q30-10 64 0M18 64q30-10 64 0" stroke="L" stroke-width="3" fill="none"/><path d="M20 72v6M28 74v6M36 75v6M44 76v6M52 76v6M60 76v6M68 75v6M76 73v6" stroke="D" stroke-width="2"/>"#,
    ),
    (
        "cushion",
        r#"<path d="M24 28q26 6 52 0-6 24 0 46-26-6-52 0 6-22 0-46z" fill="C"/><path d="M34 38q16 4 32 0-3 14 0 26-16-3-32 0 3-12 0-26z" fill="none" stroke="D" stroke-width="2"/>"#,
    ),
    (
        "bottle",
        r#"<path d="M44 20h12v10q16 4 16 18v26q0 8-10 8H38q-10 0-10-8V48q0-14 16-18z" fill="C"/><path d="M44 20h12v6H44z" fill="D"/><path d="M34 50h32M34 58h32M34 66h32" stroke="L" stroke-width="2" stroke-dasharray="4 3"/>"#,
    ),
    (
        "notebook",
        r##"<rect x="28" y="22" width="46" height="58" rx="3" fill="#f4efe4"/><rect x="26" y="20" width="46" height="58" rx="3" fill="C"/><path d="M33 20v58" stroke="D" stroke-width="2"/><rect x="42" y="32" width="22" height="10" fill="L"/><path d="M64 20v66l-4-4-4 4V78" fill="D"/>"##,
    ),
    (
        "card",
        r##"<rect x="22" y="34" width="52" height="38" fill="#f4efe4" stroke="D"/><path d="M22 34l26 20 26-20" fill="none" stroke="D" stroke-width="2"/><rect x="34" y="22" width="46" height="32" fill="C" transform="rotate(6 57 38)"/><circle cx="58" cy="39" r="7" fill="L"/>"##,
    ),
    (
        "pen",
        r##"<path d="M24 74l4-12 38-38 8 8-38 38z" fill="C"/><path d="M24 74l4-12 8 8z" fill="#d8c9a8"/><path d="M60 30l8 8" stroke="D" stroke-width="3"/><path d="M24 74l3-8 5 5z" fill="#333"/>"##,
    ),
    (
        "inkpot",
        r#"<path d="M42 28h16v10H42z" fill="D"/><path d="M34 40h32q6 18 4 38H30q-2-20 4-38z" fill="C"/><rect x="36" y="52" width="28" height="16" fill="L"/>"#,
    ),
    (
        "lamp",
        r##"<path d="M40 26l26-6 8 22-34 4z" fill="C"/><path d="M46 46l28-4 8 18-38 4z" fill="#f6e7b4" opacity=".7"/><path d="M44 44L34 62l16 16" fill="none" stroke="D" stroke-width="4" stroke-linejoin="round"/><ellipse cx="50" cy="80" rx="18" ry="4" fill="D"/>"##,
    ),
    (
        "clock",
        r##"<circle cx="50" cy="50" r="32" fill="D"/><circle cx="50" cy="50" r="28" fill="C"/><path d="M50 50V30M50 50l14 8" stroke="#b08d3c" stroke-width="4" stroke-linecap="round"/><circle cx="50" cy="50" r="3" fill="#b08d3c"/>"##,
    ),
    (
        "bag",
        r#"<path d="M38 40q0-22 12-22t12 22" fill="none" stroke="D" stroke-width="4"/><path d="M26 38h48l4 44H22z" fill="C"/><path d="M30 46l-2 30" stroke="L" stroke-width="2"/>"#,
    ),
    (
        "voucher",
        r#"<rect x="18" y="34" width="64" height="36" rx="4" fill="C"/><path d="M62 34v36" stroke="L" stroke-width="2" stroke-dasharray="3 3"/><path d="M28 46h24M28 54h16" stroke="L" stroke-width="3" stroke-linecap="round"/><circle cx="72" cy="52" r="5" fill="D"/>"#,
    ),
];

static COLOURS: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let goods = Goods::read().map(|goods| goods.colours).unwrap_or_default();
    goods.into_iter().map(|(name, colour)| (name.to_lowercase(), colour)).collect()
});

/// The picture at `/media/demo/<name>`, as SVG: `mug.svg`, `mug-moss.svg`. `None` for a name that no product uses.
pub fn picture(name: &str) -> Option<String> {
    let name = name.strip_suffix(".svg")?;
    let (shape, colour) = match name.split_once('-') {
        Some((shape, colour)) => (shape, COLOURS.get(colour)?.as_str()),
        None => (name, PLAIN),
    };
    let (_, drawing) = SHAPES.iter().find(|(known, _)| *known == shape)?;
    let colour = Rgb::parse(colour)?;
    let (dark, light, ground) =
        (colour.mixed(Rgb::BLACK, 30), colour.mixed(Rgb::WHITE, 45), colour.mixed(Rgb::WHITE, 82));
    let drawing = drawing
        .replace("\"C\"", &format!("\"{colour}\""))
        .replace("\"D\"", &format!("\"{dark}\""))
        .replace("\"L\"", &format!("\"{light}\""));
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{SIDE}\" height=\"{SIDE}\" viewBox=\"0 0 100 100\">\
         <rect width=\"100\" height=\"100\" fill=\"{ground}\"/>\
         <ellipse cx=\"50\" cy=\"84\" rx=\"34\" ry=\"4\" fill=\"{dark}\" opacity=\".18\"/>{drawing}</svg>"
    ))
}

/// A colour, to be made lighter or darker.
#[derive(Clone, Copy)]
struct Rgb([u8; 3]);

impl Rgb {
    const BLACK: Self = Self([0; 3]);
    const WHITE: Self = Self([255; 3]);

    fn parse(hex: &str) -> Option<Self> {
        let number = u32::from_str_radix(hex.strip_prefix('#')?, 16).ok()?;
        let [_, r, g, b] = number.to_be_bytes();
        Some(Self([r, g, b]))
    }

    /// So many percent of the way to another colour.
    fn mixed(self, other: Self, percent: u16) -> Self {
        let mix = |a: u8, b: u8| (u16::from(a) * (100 - percent) + u16::from(b) * percent) / 100;
        let [a, b] = [self.0, other.0];
        Self(std::array::from_fn(|i| u8::try_from(mix(a[i], b[i])).unwrap_or(u8::MAX)))
    }
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [r, g, b] = self.0;
        write!(f, "#{r:02x}{g:02x}{b:02x}")
    }
}

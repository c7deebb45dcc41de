//! What is known of a file, and where it lies.

use crate::shared::{MediaId, Timestamp};
use std::fmt;

/// Who may fetch a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Anybody, under an address that stays: pictures of products.
    Public,
    /// Who has an address that was signed for them, for a while: archives of customers.
    Private,
}

impl Visibility {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Public, Self::Private];

    /// The name it is stored under.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Private => "private",
        }
    }

    /// Reads [`name`](Self::name) back.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|v| v.name() == name)
    }
}

/// What a file is. Only what we have written ourselves is ever kept: pictures are encoded anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaType {
    /// A JPEG picture.
    Jpeg,
    /// A PNG picture.
    Png,
    /// A WebP picture.
    WebP,
    /// A JSON document.
    Json,
}

impl MediaType {
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Jpeg, Self::Png, Self::WebP, Self::Json];

    /// Its media type (RFC 6838), which is also what is stored.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::WebP => "image/webp",
            Self::Json => "application/json",
        }
    }

    /// Reads [`mime`](Self::mime) back.
    pub fn from_mime(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.mime() == mime)
    }

    /// How names of such files end.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::WebP => "webp",
            Self::Json => "json",
        }
    }
}

/// A file's name: lower-case ASCII letters, digits and hyphens, and the ending of its type. It can stand in a path, an address and
/// a header without further care.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FileName {
    text: String,
    kind: MediaType,
}

impl FileName {
    /// The longest, in characters.
    pub const MAX: usize = 100;

    /// Makes a name of the one that came with an upload. What it ended in does not count: the type does.
    pub fn of(given: &str, kind: MediaType) -> Self {
        let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
        let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
        // A slug takes time by its length; nobody needs more of a name than this.
        let stem: String = stem.chars().take(Self::MAX * 2).collect();
        let mut slug = slug::slugify(stem);
        slug.truncate(Self::MAX - 5);
        let slug = slug.trim_matches('-');
        let stem = if slug.is_empty() { "file" } else { slug };
        Self { text: format!("{stem}.{}", kind.extension()), kind }
    }

    /// Reads a name out of an address; `None` for one that [`of`](Self::of) would not have made, and so for every way out of a
    /// folder.
    pub fn parse(text: &str) -> Option<Self> {
        let (stem, extension) = text.split_once('.')?;
        let kind = MediaType::ALL.into_iter().find(|t| t.extension() == extension)?;
        let plain = stem.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let name = Self { text: text.to_owned(), kind };
        (plain && Self::of(stem, kind) == name).then_some(name)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What a file of this name is, as its ending says.
    pub const fn kind(&self) -> MediaType {
        self.kind
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Under what a store keeps a file. What lies there never changes: another content is another file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MediaKey {
    /// Who may fetch it.
    pub visibility: Visibility,
    /// Which file.
    pub id: MediaId,
    /// Its name, for whoever saves it.
    pub name: FileName,
}

impl MediaKey {
    /// The path below a store's root: `public/<id>/<name>`.
    pub fn path(&self) -> String {
        format!("{}/{}/{}", self.visibility.name(), self.id, self.name)
    }

    /// Reads [`path`](Self::path) back; `None` for one that it would not have made.
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts = path.splitn(3, '/');
        let visibility = Visibility::from_name(parts.next()?)?;
        let id: MediaId = parts.next()?.parse().ok()?;
        let key = Self { visibility, id, name: FileName::parse(parts.next()?)? };
        (key.path() == path).then_some(key)
    }
}

/// A file, as the database knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MediaFile {
    /// Where it lies.
    pub key: MediaKey,
    /// SHA-256 of what lies there, in hexadecimal digits.
    pub digest: String,
    /// What it is.
    pub kind: MediaType,
    /// How large, in bytes.
    pub bytes: u64,
    /// A picture's width and height in pixels.
    pub size: Option<(u32, u32)>,
    /// What the picture shows.
    pub alt_text: Option<String>,
    /// Who brought it: a member of staff, a key, or the program.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    #[test]
    fn a_name_keeps_what_is_harmless_of_the_given_one() {
        for (given, expected) in [
            ("Blue Mug.JPEG", "blue-mug.png"),
            ("C:\\Users\\ada\\Mug.bmp", "mug.png"),
            ("../../etc/passwd", "passwd.png"),
            ("mug.png.exe", "mug-png.png"),
            ("Krüge & Töpfe", "kruge-topfe.png"),
            (".htaccess", "file.png"),
            ("..", "file.png"),
            ("", "file.png"),
        ] {
            assert_eq!(FileName::of(given, MediaType::Png).as_str(), expected, "{given:?}");
        }
        assert_eq!(FileName::of(&"x".repeat(10_000), MediaType::WebP).as_str().len(), FileName::MAX);
    }

    #[test]
    fn no_address_leads_out_of_the_folder() {
        for bad in [
            "..", "../a.png", "a/b.png", "a.png/..", ".png", "a.exe", "a", "A.png", "a..png", "-a.png",
            "a.png\0", "%2e.png", "a b.png", "",
        ] {
            assert_eq!(FileName::parse(bad), None, "{bad:?}");
        }
        assert_eq!(FileName::parse("blue-mug.png").unwrap().as_str(), "blue-mug.png");
    }

    #[test]
    fn a_file_lies_under_its_visibility_and_id() {
        let name = FileName::of("mug", MediaType::Jpeg);
        let key = MediaKey { visibility: Visibility::Private, id: MediaId::new(Uuid::nil()), name };
        assert_eq!(key.path(), "private/00000000-0000-0000-0000-000000000000/mug.jpg");
        assert_eq!(MediaKey::parse(&key.path()), Some(key));
        for bad in [
            "",
            "private",
            "private/00000000-0000-0000-0000-000000000000",
            "secret/00000000-0000-0000-0000-000000000000/mug.jpg",
            "private/00000000000000000000000000000000/mug.jpg",
            "private/00000000-0000-0000-0000-000000000000/../mug.jpg",
            "/private/00000000-0000-0000-0000-000000000000/mug.jpg",
        ] {
            assert_eq!(MediaKey::parse(bad), None, "{bad}");
        }
        for kind in MediaType::ALL {
            assert_eq!(MediaType::from_mime(kind.mime()), Some(kind));
        }
        for visibility in Visibility::ALL {
            assert_eq!(Visibility::from_name(visibility.name()), Some(visibility));
        }
    }

    proptest! {
        #[test]
        fn every_name_that_is_made_is_read_back(given in ".{0,300}", kind in prop::sample::select(&MediaType::ALL)) {
            let name = FileName::of(&given, kind);
            prop_assert!(name.as_str().len() <= FileName::MAX);
            prop_assert_eq!(name.kind(), kind);
            prop_assert_eq!(FileName::parse(name.as_str()), Some(name));
        }
    }
}

//! The embedded files: GraphiQL, React and our own, each as it is and compressed.

/// One file of the page, ready to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// Where it is served, below the page's own address: `graphiql.js`.
    pub path: &'static str,
    /// The content as it is.
    pub bytes: &'static [u8],
    /// The content compressed by gzip, where that is smaller.
    pub gzip: Option<&'static [u8]>,
    /// The value of `content-type`.
    pub content_type: &'static str,
    /// Changes with the content. The page asks for `path?v=version`, so such an answer may be cached for ever.
    pub version: &'static str,
    /// The value of `etag`: weak, because it stands for the plain and the compressed form alike.
    pub etag: &'static str,
}

/// What became of the packages when this was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(test), expect(dead_code, reason = "each build constructs the one variant that is true of it"))]
pub(crate) enum Fetched {
    /// They are here.
    Embedded,
    /// `STOA_GRAPHIQL=off`.
    SwitchedOff,
    /// There was no npm to ask.
    NoNpm,
    /// npm did not get them: no network, or no answer in time.
    Unreachable,
    /// What npm got is not what is pinned.
    WrongChecksum,
}

include!(concat!(env!("OUT_DIR"), "/assets.rs"));

/// The file that is served at `path` below the page's address, without a leading slash or a query.
#[must_use]
pub fn asset(path: &str) -> Option<Asset> {
    ASSETS.iter().find(|asset| asset.path == path).copied()
}

/// Every file of this build.
pub fn assets() -> impl Iterator<Item = Asset> {
    ASSETS.iter().copied()
}

/// Whether GraphiQL itself is in this build; without it, [`crate::page`] explains.
#[must_use]
pub fn available() -> bool {
    FETCHED == Fetched::Embedded
}

/// The address of an asset with its version, for a page served at `base`.
pub(crate) fn address(base: &str, path: &str) -> String {
    let version = asset(path).map_or("", |asset| asset.version);
    format!("{base}/{path}?v={version}")
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    #[test]
    fn our_own_files_are_in_every_build() {
        for path in
            ["boot.js", "events.js", "guide.js", "page.css", "icon.svg", "buy.graphql", "buy.variables.json"]
        {
            assert!(asset(path).is_some_and(|asset| !asset.bytes.is_empty()), "{path}");
        }
    }

    #[test]
    fn the_packages_are_in_a_build_that_says_so_and_in_no_other() {
        for path in ["react.js", "react-dom.js", "graphiql.js", "graphiql.css", "licenses.txt"] {
            assert_eq!(asset(path).is_some(), available(), "{path}");
        }
    }

    #[test]
    fn an_unknown_path_names_nothing() {
        assert_eq!(asset("../Cargo.toml"), None);
        assert_eq!(asset(""), None);
    }

    #[test]
    fn the_compressed_form_is_smaller_and_says_the_same() {
        for asset in ASSETS {
            let Some(gzip) = asset.gzip else { continue };
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(gzip).read_to_end(&mut plain).unwrap();
            assert!(plain == asset.bytes, "{}", asset.path);
            assert!(gzip.len() < asset.bytes.len(), "{}", asset.path);
        }
    }

    #[test]
    fn versions_and_etags_differ_with_the_content() {
        let versions: std::collections::BTreeSet<_> = ASSETS.iter().map(|asset| asset.version).collect();
        assert_eq!(versions.len(), ASSETS.len());
        for asset in ASSETS {
            assert_eq!(asset.etag, format!("W/\"{}\"", asset.version));
        }
    }

    #[test]
    fn nothing_points_at_a_source_map_that_is_not_served() {
        for asset in ASSETS.iter().filter(|asset| asset.path.ends_with(".js")) {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            assert!(
                !text.lines().last().unwrap_or_default().starts_with("//# sourceMappingURL"),
                "{}",
                asset.path
            );
        }
    }
}

//! Enumerations that are words on the wire.

/// A closed set of words, as in `capture_method`.
pub(crate) trait Word: Sized + Copy + 'static {
    /// All of them, with the word for each.
    const ALL: &'static [(Self, &'static str)];

    /// The one that `text` means.
    fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, word)| *word == text).map(|(value, _)| *value)
    }

    /// Its word.
    fn word(self) -> &'static str
    where
        Self: PartialEq,
    {
        Self::ALL.iter().find(|(value, _)| *value == self).map_or("", |(_, word)| *word)
    }

    /// The choices, for an error: `a, b, or c`.
    fn choices() -> String {
        let words: Vec<&str> = Self::ALL.iter().map(|(_, word)| *word).collect();
        match words.split_last() {
            None => String::new(),
            Some((only, [])) => (*only).to_owned(),
            Some((last, [first])) => format!("{first} or {last}"),
            Some((last, rest)) => format!("{}, or {last}", rest.join(", ")),
        }
    }
}

/// Declares an enum with the word of each value, for JSON, for parameters and for errors.
macro_rules! words {
    (
        $(#[$about:meta])*
        $name:ident { $( $(#[$what:meta])* $value:ident = $word:literal, )+ }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        pub(crate) enum $name { $( $(#[$what])* #[serde(rename = $word)] $value, )+ }

        impl $crate::words::Word for $name {
            const ALL: &'static [(Self, &'static str)] = &[$((Self::$value, $word)),+];
        }
    };
}

pub(crate) use words;

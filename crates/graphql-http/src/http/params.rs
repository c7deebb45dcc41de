//! Reading GraphQL-over-HTTP parameters from JSON and from the query of a URL.

use std::{borrow::Cow, fmt, marker::PhantomData};

use async_graphql::Variables;
use serde::{
    Deserialize, Deserializer,
    de::{
        self, DeserializeOwned, DeserializeSeed, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer,
    },
};

use crate::{error_code::ErrorCode, gql::Params, persisted::DocumentHash, refusal::Refusal};

/// What one HTTP request holds.
pub(super) enum Entries {
    One(Params),
    Batch(Vec<Params>),
}

/// The members of a request. Unknown members are ignored, as the specification asks; a known member twice, or of
/// another type, is an error. `null` is the same as leaving a member out.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawParams {
    #[serde(default)]
    query: Option<String>,
    #[serde(default)]
    operation_name: Option<String>,
    #[serde(default)]
    variables: Variables,
    #[serde(default)]
    extensions: Option<MapOnly<RawExtensions>>,
}

/// `extensions` is a map for whatever clients like; this server knows one member.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawExtensions {
    #[serde(default)]
    persisted_query: Option<MapOnly<RawPersistedQuery>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RawPersistedQuery {
    version: u32,
    #[serde(rename = "sha256Hash", deserialize_with = "hash")]
    hash: DocumentHash,
}

/// The only version of the persisted query protocol there is.
const PERSISTED_QUERY_VERSION: u32 = 1;

/// Reads a POST body: an object, or an array of up to `batch_entries` objects.
///
/// # Errors
/// `BAD_REQUEST` or `BATCH_TOO_LARGE`. Nothing of a batch runs if one entry is malformed.
pub(super) fn from_json(body: &[u8], batch_entries: usize) -> Result<Entries, Refusal> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'[') {
        let raw: MapOnly<RawParams> =
            serde_json::from_slice(body).map_err(|error| malformed("the body", &error))?;
        return Ok(Entries::One(raw.0.try_into()?));
    }
    if batch_entries == 0 {
        return Err(Refusal::new(
            ErrorCode::BatchTooLarge,
            "Batches are not taken; send one request at a time.",
        ));
    }
    let mut too_large = false;
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let entries = BatchSeed { limit: batch_entries, too_large: &mut too_large }
        .deserialize(&mut deserializer)
        .and_then(|entries| deserializer.end().map(|()| entries));
    match entries {
        Ok(entries) if entries.is_empty() => Err(Refusal::new(ErrorCode::BadRequest, "The batch is empty.")),
        Ok(entries) => {
            entries.into_iter().map(|raw| raw.0.try_into()).collect::<Result<_, _>>().map(Entries::Batch)
        }
        Err(_) if too_large => {
            let message = format!("A batch has at most {batch_entries} entries.");
            Err(Refusal::new(ErrorCode::BatchTooLarge, message))
        }
        Err(error) => Err(malformed("the body", &error)),
    }
}

/// Reads a JSON object with the members of one request.
///
/// # Errors
/// `BAD_REQUEST`.
pub(crate) fn from_object(text: &str) -> Result<Params, Refusal> {
    let raw: MapOnly<RawParams> =
        serde_json::from_str(text).map_err(|error| malformed("the request", &error))?;
    raw.0.try_into()
}

/// Reads the query of a URL. The empty string is the same as leaving an optional parameter out.
///
/// # Errors
/// `BAD_REQUEST`.
pub(super) fn from_query(query: &str) -> Result<Params, Refusal> {
    let (mut document, mut operation_name) = (None, None);
    let (mut variables, mut extensions) = (None, None);
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        let slot: &mut Option<Cow<'_, str>> = match &*name {
            "query" => &mut document,
            "operationName" => &mut operation_name,
            "variables" => &mut variables,
            "extensions" => &mut extensions,
            _ => continue,
        };
        if slot.replace(value).is_some() {
            let message = format!("The parameter \"{name}\" is there twice.");
            return Err(Refusal::new(ErrorCode::BadRequest, message));
        }
    }
    let raw = RawParams {
        query: document.map(Cow::into_owned),
        operation_name: operation_name.map(Cow::into_owned),
        variables: from_parameter("variables", variables)?.unwrap_or_default(),
        extensions: from_parameter("extensions", extensions)?.flatten(),
    };
    raw.try_into()
}

fn from_parameter<T: DeserializeOwned>(name: &str, text: Option<Cow<'_, str>>) -> Result<Option<T>, Refusal> {
    match text {
        Some(text) if !text.is_empty() => {
            serde_json::from_str(&text).map(Some).map_err(|error| malformed(name, &error))
        }
        _ => Ok(None),
    }
}

impl TryFrom<RawParams> for Params {
    type Error = Refusal;

    fn try_from(raw: RawParams) -> Result<Self, Refusal> {
        let persisted = raw.extensions.and_then(|extensions| extensions.0.persisted_query);
        if persisted.as_ref().is_some_and(|persisted| persisted.0.version != PERSISTED_QUERY_VERSION) {
            let message = "The version of \"persistedQuery\" is not 1.";
            return Err(Refusal::new(ErrorCode::BadRequest, message));
        }
        let query = raw.query.filter(|query| !(query.is_empty() && persisted.is_some()));
        if query.is_none() && persisted.is_none() {
            return Err(Refusal::new(ErrorCode::BadRequest, "\"query\" is missing; it must be a string."));
        }
        Ok(Self {
            query,
            operation_name: raw.operation_name.filter(|name| !name.is_empty()),
            variables: raw.variables,
            hash: persisted.map(|persisted| persisted.0.hash),
        })
    }
}

fn malformed(what: &str, error: &serde_json::Error) -> Refusal {
    let text = error.to_string();
    let text = text.char_indices().nth(200).map_or(&*text, |(end, _)| &text[..end]);
    Refusal::new(ErrorCode::BadRequest, format!("Cannot read {what}: {text}."))
}

fn hash<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DocumentHash, D::Error> {
    let text = Cow::<'de, str>::deserialize(deserializer)?;
    let mut hash = DocumentHash::default();
    hex::decode_to_slice(&*text, &mut hash)
        .map_err(|_| de::Error::custom("sha256Hash is not 64 hexadecimal digits"))?;
    Ok(hash)
}

/// A struct from a JSON object only. serde would also take an array, member by member.
pub(crate) struct MapOnly<T>(pub(crate) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for MapOnly<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MapVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for MapVisitor<T> {
            type Value = MapOnly<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
                T::deserialize(MapAccessDeserializer::new(map)).map(MapOnly)
            }
        }
        deserializer.deserialize_map(MapVisitor(PhantomData))
    }
}

/// Reads a batch and stops at the first entry too many, before the rest takes memory.
struct BatchSeed<'a> {
    limit: usize,
    too_large: &'a mut bool,
}

impl<'de> DeserializeSeed<'de> for BatchSeed<'_> {
    type Value = Vec<MapOnly<RawParams>>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for BatchSeed<'_> {
    type Value = Vec<MapOnly<RawParams>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of requests")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut batch = Vec::new();
        while let Some(entry) = entries.next_element()? {
            if batch.len() == self.limit {
                *self.too_large = true;
                return Err(de::Error::custom("too many entries"));
            }
            batch.push(entry);
        }
        Ok(batch)
    }
}

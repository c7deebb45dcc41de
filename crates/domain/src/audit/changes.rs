//! What an act has changed: fields with their values before and after.

use super::Subject;
use serde_json::{Value, json};

/// A value before or after. No fractions: they have no one text, and money is whole minor units here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuditValue {
    /// There is none.
    Nothing,
    /// Yes or no.
    Flag(bool),
    /// A number.
    Number(i64),
    /// A text.
    Text(String),
    /// Several.
    List(Vec<Self>),
    /// There is one, and it is not said which: something personal, or a secret. The log is kept for ever, and erasing a person must
    /// not break its chain.
    Hidden,
}

/// What stands for a value that is not said.
const HIDDEN: &str = "…";

impl AuditValue {
    fn to_json(&self) -> Value {
        match self {
            Self::Nothing => Value::Null,
            Self::Flag(flag) => json!(flag),
            Self::Number(number) => json!(number),
            Self::Text(text) => json!(text),
            Self::List(values) => values.iter().map(Self::to_json).collect(),
            Self::Hidden => json!({ "hidden": HIDDEN }),
        }
    }

    fn from_json(value: &Value) -> Option<Self> {
        Some(match value {
            Value::Null => Self::Nothing,
            Value::Bool(flag) => Self::Flag(*flag),
            Value::Number(number) => Self::Number(number.as_i64()?),
            Value::String(text) => Self::Text(text.clone()),
            Value::Array(values) => Self::List(values.iter().map(Self::from_json).collect::<Option<_>>()?),
            Value::Object(hidden) if hidden.contains_key("hidden") => Self::Hidden,
            Value::Object(_) => return None,
        })
    }
}

macro_rules! values {
    ($($type:ty: $value:ident => $into:expr;)*) => {$(
        impl From<$type> for AuditValue {
            fn from($value: $type) -> Self { $into }
        }
    )*};
}
values! {
    bool: flag => Self::Flag(flag);
    i64: number => Self::Number(number);
    i32: number => Self::Number(number.into());
    u32: number => Self::Number(number.into());
    &str: text => Self::Text(text.to_owned());
    String: text => Self::Text(text);
}

impl<T: Into<Self>> From<Option<T>> for AuditValue {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Into::into)
    }
}

impl<T: Into<Self>> From<Vec<T>> for AuditValue {
    fn from(values: Vec<T>) -> Self {
        Self::List(values.into_iter().map(Into::into).collect())
    }
}

/// A field that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Which, as the API calls it.
    pub field: String,
    /// What it was.
    pub before: AuditValue,
    /// What it is.
    pub after: AuditValue,
}

/// What an act has changed, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    subject: Option<Subject>,
    fields: Vec<Change>,
}

/// A log row whose changes no version up to this one has written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("changes that this version cannot read")]
pub struct UnreadableChanges;

impl Changes {
    /// Nothing has changed: there is nothing to log.
    pub const fn none() -> Self {
        Self { subject: None, fields: Vec::new() }
    }

    /// Something was done to this. It is logged even if no field is named: that it was done may be all there is to say.
    pub const fn of(subject: Subject) -> Self {
        Self { subject: Some(subject), fields: Vec::new() }
    }

    /// Names a field; one that is as it was is left out.
    #[must_use]
    pub fn field(mut self, name: &str, before: impl Into<AuditValue>, after: impl Into<AuditValue>) -> Self {
        let (before, after) = (before.into(), after.into());
        if before != after {
            self.fields.push(Change { field: name.to_owned(), before, after });
        }
        self
    }

    /// Names a field without its values: whether there was one and there is one is all that is said. One that is as it was is left out.
    #[must_use]
    pub fn hidden<T: PartialEq>(mut self, name: &str, before: Option<&T>, after: Option<&T>) -> Self {
        if before != after {
            let value = |v: Option<&T>| v.map_or(AuditValue::Nothing, |_| AuditValue::Hidden);
            self.fields.push(Change { field: name.to_owned(), before: value(before), after: value(after) });
        }
        self
    }

    /// To what it was done; `None`: nothing was.
    pub const fn subject(&self) -> Option<&Subject> {
        self.subject.as_ref()
    }

    /// The fields, in the order they were named.
    pub fn fields(&self) -> &[Change] {
        &self.fields
    }

    /// The same, or nothing where no field is other than it was: for what only counts if it changes something.
    #[must_use]
    pub fn or_none(self) -> Self {
        if self.fields.is_empty() { Self::none() } else { self }
    }

    /// The fields as they are kept: a JSON list in the order they were named.
    pub fn to_json(&self) -> String {
        let fields = self.fields.iter().map(|change| {
            let (before, after) = (change.before.to_json(), change.after.to_json());
            json!({ "after": after, "before": before, "field": change.field })
        });
        Value::from_iter(fields).to_string()
    }

    /// Reads the fields that [`to_json`](Self::to_json) wrote.
    ///
    /// # Errors
    /// It did not write this.
    pub fn read(text: &str) -> Result<Vec<Change>, UnreadableChanges> {
        let Ok(Value::Array(fields)) = serde_json::from_str(text) else { return Err(UnreadableChanges) };
        let change = |value: &Value| {
            Some(Change {
                field: value.get("field")?.as_str()?.to_owned(),
                before: AuditValue::from_json(value.get("before")?)?,
                after: AuditValue::from_json(value.get("after")?)?,
            })
        };
        fields.iter().map(change).collect::<Option<_>>().ok_or(UnreadableChanges)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn product() -> Subject {
        Subject { kind: "Product".into(), id: Some("1".into()) }
    }

    #[test]
    fn what_stays_is_left_out_and_the_rest_is_read_back() {
        let changes = Changes::of(product())
            .field("title", "Mug", "Cup")
            .field("vendor", "Acme", "Acme")
            .field("price", 1_250_i64, 1_300_i64)
            .field("handle", None::<&str>, Some("cup"))
            .field("tags", vec!["a"], vec!["a", "b"])
            .field("taxable", true, false);
        let text = changes.to_json();
        assert!(text.starts_with(r#"[{"after":"Cup","before":"Mug","field":"title"},"#), "{text}");
        assert!(!text.contains("vendor"), "{text}");
        assert_eq!(Changes::read(&text).unwrap(), changes.fields());
        assert_eq!(changes.fields().len(), 5);
    }

    #[test]
    fn what_is_hidden_is_not_in_the_log_and_that_it_changed_is() {
        let (old, new) = ("ada@example.org".to_owned(), "ada@example.com".to_owned());
        let changes = Changes::of(product())
            .hidden("email", Some(&old), Some(&new))
            .hidden("phone", None, Some(&"123"))
            .hidden("note", Some(&"same"), Some(&"same"));
        let text = changes.to_json();
        assert!(!text.contains("ada") && !text.contains("123") && !text.contains("note"), "{text}");
        let read = Changes::read(&text).unwrap();
        assert_eq!(read, changes.fields());
        assert_eq!((&read[1].before, &read[1].after), (&AuditValue::Nothing, &AuditValue::Hidden));
        // A value that merely looks like it is another thing.
        let text = Changes::of(product()).field("note", "a", HIDDEN).to_json();
        assert_eq!(Changes::read(&text).unwrap()[0].after, AuditValue::Text(HIDDEN.into()));
    }

    #[test]
    fn nothing_is_not_the_same_as_something_without_fields() {
        assert_eq!(Changes::none().subject(), None);
        let deleted = Changes::of(product());
        assert_eq!(deleted.subject(), Some(&product()));
        assert_eq!(deleted.to_json(), "[]");
        assert_eq!(deleted.or_none(), Changes::none());
        let updated = Changes::of(product()).field("title", "Mug", "Cup");
        assert_eq!(updated.clone().or_none(), updated);
        for bad in ["", "{}", "[1]", r#"[{"field":"a"}]"#, r#"[{"field":"a","before":1.5,"after":2}]"#] {
            assert_eq!(Changes::read(bad), Err(UnreadableChanges), "{bad}");
        }
    }
}

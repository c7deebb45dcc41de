//! Fields and types that not every caller may use, and answers that do not tell them from ones that are not there.
//!
//! A document is prepared once for everybody. What it names of these is kept with it and asked for with each request
//! ([`RequestData::allows`]). Where something is not allowed the document is looked at again with those names made unknown
//! (`document/masks.rs`), so the answer is the one that a schema without them gives, whatever else is wrong with the document.

mod reach;

use std::collections::HashMap;

use http::request::Parts;

use self::reach::Reach;
use crate::{
    builder::BuildError,
    request_data::RequestData,
    types::{TypeId, TypeKind, TypeTable},
};

/// What a caller must have to use something; only the owner of the schema knows what the number stands for.
/// See [`GqlBuilder::restricted`](crate::GqlBuilder::restricted).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement(pub u32);

/// Who asks, as far as restrictions go.
#[derive(Clone, Copy)]
pub(crate) enum Caller<'a> {
    /// Code of this process, which shows no request and may use everything.
    Ourselves,
    /// Whoever sent this request.
    Request { data: &'a dyn RequestData, parts: &'a Parts },
}

impl Caller<'_> {
    pub(crate) fn may(self, requirement: Requirement) -> bool {
        match self {
            Self::Ourselves => true,
            Self::Request { data, parts } => data.allows(parts, requirement),
        }
    }
}

/// The restricted fields and types of one schema.
#[derive(Debug, Default)]
pub(crate) struct Restrictions {
    fields: HashMap<TypeId, HashMap<Box<str>, Requirement>>,
    types: HashMap<TypeId, Requirement>,
    reach: Reach,
}

impl Restrictions {
    /// Finds what was named, `Type.field` or `Type`.
    ///
    /// # Errors
    /// A name that is not in the schema or is there twice, and a field that an interface offers under another restriction.
    pub(crate) fn resolve(
        named: Vec<(Box<str>, Requirement)>,
        table: &TypeTable,
    ) -> Result<Self, BuildError> {
        if named.is_empty() {
            return Ok(Self::default());
        }
        let mut found = Self::default();
        for (name, requirement) in named {
            let before = match name.split_once('.') {
                None => table.find(&name).map(|ty| found.types.insert(ty, requirement)),
                Some((parent, field)) => table
                    .find(parent)
                    .filter(|parent| table.field(*parent, field).is_some())
                    .map(|parent| found.fields.entry(parent).or_default().insert(field.into(), requirement)),
            };
            match before {
                None => return Err(BuildError::UnknownRestriction(name)),
                Some(Some(_)) => return Err(BuildError::RestrictedTwice(name)),
                Some(None) => {}
            }
        }
        found.check_interfaces(table)?;
        found.reach = Reach::of(table, &found);
        Ok(found)
    }

    /// A field can be read through each interface of its type, which must not be a way around.
    fn check_interfaces(&self, table: &TypeTable) -> Result<(), BuildError> {
        for object in table.ids() {
            let TypeKind::Object { implements, .. } = &table.get(object).kind else { continue };
            for interface in implements {
                let TypeKind::Interface { fields } = &table.get(*interface).kind else { continue };
                for field in fields.keys() {
                    if self.of_field(object, field) != self.of_field(*interface, field) {
                        let (object, interface) = (&table.get(object).name, &table.get(*interface).name);
                        let (field, other) =
                            (format!("{object}.{field}").into(), format!("{interface}.{field}").into());
                        return Err(BuildError::RestrictedUnevenly { field, other });
                    }
                }
            }
        }
        Ok(())
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.types.is_empty()
    }

    /// What a field asks for.
    pub(crate) fn of_field(&self, parent: TypeId, field: &str) -> Option<Requirement> {
        self.fields.get(&parent)?.get(field).copied()
    }

    /// Whether some callers do not know of a type: it is restricted, or only what is restricted leads to it.
    pub(crate) fn is_closed(&self, ty: TypeId) -> bool {
        self.reach.is_closed(ty)
    }

    /// Whether a caller knows of a type: something leads to it that they may use, as introspection by `visible` has it.
    pub(crate) fn knows_of(&self, ty: TypeId, caller: Caller<'_>) -> bool {
        self.reach.leads_to(ty, &|requirement| caller.may(requirement))
    }
}

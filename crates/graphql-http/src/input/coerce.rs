//! Coercion of a variable's JSON value to its declared type (`CoerceVariableValues` of the specification, 6.1.2).

use std::fmt::Write as _;

use async_graphql_value::{ConstValue, Name, indexmap::IndexMap};

use super::scalar::{self, Leaf};
use crate::types::{Base, InputValue, ScalarKind, TypeId, TypeKind, TypeRef, TypeTable, find_input};

/// Where in a value something is wrong, innermost segment last.
enum Segment<'a> {
    Field(&'a str),
    Index(usize),
}

/// A value that does not fit, with the way to it built on the way out.
struct Misfit {
    reason: String,
    way: String,
}

impl Misfit {
    fn new(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), way: String::new() }
    }

    fn below(mut self, segment: &Segment<'_>) -> Self {
        let mut way = String::new();
        let _ = match segment {
            Segment::Field(name) => write!(way, ".{name}"),
            Segment::Index(index) => write!(way, "[{index}]"),
        };
        way.push_str(&self.way);
        self.way = way;
        self
    }
}

/// Changes `value` in place to what resolvers may rely on: single values become lists where a list is declared, numbers
/// become strings where an ID is. Integers keep all their 64 bits.
///
/// # Errors
/// The message names the place in the value and what is expected there; it never repeats the value.
pub(crate) fn coerce(
    table: &TypeTable,
    ty: &TypeRef,
    variable: &str,
    value: &mut ConstValue,
) -> Result<(), String> {
    Coercion { table }.value(ty, value).map_err(|misfit| {
        format!(
            "Variable \"${variable}\" has an invalid value at \"{variable}{}\": {}.",
            misfit.way, misfit.reason
        )
    })
}

struct Coercion<'a> {
    table: &'a TypeTable,
}

impl Coercion<'_> {
    fn value(&self, ty: &TypeRef, value: &mut ConstValue) -> Result<(), Misfit> {
        if matches!(value, ConstValue::Null) {
            return if ty.non_null {
                Err(Misfit::new(format!("{} cannot be null", self.table.display(ty))))
            } else {
                Ok(())
            };
        }
        match &ty.base {
            Base::Named(id) => self.named(*id, value),
            Base::List(item) => self.list(item, value),
        }
    }

    fn list(&self, item: &TypeRef, value: &mut ConstValue) -> Result<(), Misfit> {
        if let ConstValue::List(values) = value {
            return values.iter_mut().enumerate().try_for_each(|(index, value)| {
                self.value(item, value).map_err(|misfit| misfit.below(&Segment::Index(index)))
            });
        }
        self.value(item, value)?;
        *value = ConstValue::List(vec![std::mem::take(value)]);
        Ok(())
    }

    fn named(&self, id: TypeId, value: &mut ConstValue) -> Result<(), Misfit> {
        let definition = self.table.get(id);
        match &definition.kind {
            TypeKind::Scalar(kind) => scalar_value(*kind, value),
            TypeKind::Enum { values } => match value {
                ConstValue::String(name) if values.iter().any(|value| **value == **name) => Ok(()),
                // defaults of the schema and of documents are written as enum values
                ConstValue::Enum(name) if values.iter().any(|value| **value == **name) => Ok(()),
                _ => Err(Misfit::new(format!("it is not a value of the enum {}", definition.name))),
            },
            TypeKind::Input { one_of, fields } => match value {
                ConstValue::Object(values) => self.object(&definition.name, *one_of, fields, values),
                _ => Err(Misfit::new(format!("{} takes an object", definition.name))),
            },
            TypeKind::Object { .. } | TypeKind::Interface { .. } | TypeKind::Union { .. } => {
                Err(Misfit::new(format!("{} is not an input type", definition.name)))
            }
        }
    }

    fn object(
        &self,
        type_name: &str,
        one_of: bool,
        fields: &[InputValue],
        values: &mut IndexMap<Name, ConstValue>,
    ) -> Result<(), Misfit> {
        for (name, value) in values.iter_mut() {
            let Some(field) = find_input(fields, name) else {
                return Err(Misfit::new(format!("{type_name} has no field \"{}\"", excerpt(name))));
            };
            self.value(&field.ty, value).map_err(|misfit| misfit.below(&Segment::Field(name)))?;
        }
        if one_of && (values.len() != 1 || values.values().any(|value| matches!(value, ConstValue::Null))) {
            return Err(Misfit::new(format!("{type_name} takes exactly one field, and not null")));
        }
        let missing = fields
            .iter()
            .find(|field| field.ty.non_null && field.default.is_none() && !values.contains_key(&*field.name));
        match missing {
            Some(field) => Err(Misfit::new(format!(
                "the field \"{}\" of type {} is required",
                field.name,
                self.table.display(&field.ty)
            ))),
            None => Ok(()),
        }
    }
}

fn scalar_value(kind: ScalarKind, value: &mut ConstValue) -> Result<(), Misfit> {
    scalar::check(kind, &Leaf::from(&*value)).map_err(Misfit::new)?;
    match (kind, &*value) {
        (ScalarKind::Int, ConstValue::Number(number)) if !number.is_i64() => {
            if let Some(whole) = scalar::int32(number) {
                *value = ConstValue::from(whole);
            }
        }
        (ScalarKind::Id, ConstValue::Number(number)) => *value = ConstValue::String(number.to_string()),
        _ => {}
    }
    Ok(())
}

/// The start of a name that a client made up, so that a message cannot be made huge.
fn excerpt(name: &str) -> &str {
    name.char_indices().nth(60).map_or(name, |(end, _)| &name[..end])
}

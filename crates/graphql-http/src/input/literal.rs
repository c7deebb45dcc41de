//! The check of a value written in a document, and of the variables inside it (rules "Values of Correct Type" and "All
//! Variable Usages Are Allowed" of the specification, 5.6.1 and 5.8.5).

use std::collections::HashMap;

use async_graphql::{Pos, ServerError};
use async_graphql_value::{ConstValue, Name, Value, indexmap::IndexMap};

use super::scalar::{self, Leaf};
use crate::types::{Base, InputValue, TypeId, TypeKind, TypeRef, TypeTable, find_input};

/// A variable as declared by the operation.
#[derive(Debug)]
pub(crate) struct Declared {
    pub(crate) ty: TypeRef,
    /// Whether it has a default that is not `null`.
    pub(crate) has_default: bool,
}

/// Checks the values of one operation and keeps the errors.
pub(crate) struct LiteralCheck<'a> {
    table: &'a TypeTable,
    variables: &'a HashMap<Name, Declared>,
    errors: Vec<ServerError>,
}

/// Where a value stands, for messages and for the rules about variables.
struct Place<'a> {
    ty: &'a TypeRef,
    has_default: bool,
    one_of_field: bool,
    pos: Pos,
}

impl<'a> LiteralCheck<'a> {
    pub(crate) fn new(table: &'a TypeTable, variables: &'a HashMap<Name, Declared>) -> Self {
        Self { table, variables, errors: Vec::new() }
    }

    /// The errors found so far.
    pub(crate) fn into_errors(self) -> Vec<ServerError> {
        self.errors
    }

    /// Checks one argument of a field or directive.
    pub(crate) fn argument(&mut self, argument: &InputValue, value: &Value, pos: Pos) {
        let has_default = argument.default.as_ref().is_some_and(|default| *default != ConstValue::Null);
        self.value(value, &Place { ty: &argument.ty, has_default, one_of_field: false, pos });
    }

    fn value(&mut self, value: &Value, place: &Place<'_>) {
        match value {
            Value::Variable(name) => self.variable(name, place),
            Value::Null => {
                if place.ty.non_null {
                    self.report(place, &format!("{} cannot be null", self.table.display(place.ty)));
                }
            }
            value => match &place.ty.base {
                Base::List(item) => self.list(value, item, place),
                Base::Named(id) => self.named(*id, value, place),
            },
        }
    }

    fn list(&mut self, value: &Value, item: &TypeRef, place: &Place<'_>) {
        let place = Place { ty: item, has_default: false, one_of_field: false, pos: place.pos };
        match value {
            Value::List(values) => values.iter().for_each(|value| self.value(value, &place)),
            single => self.value(single, &place),
        }
    }

    fn named(&mut self, id: TypeId, value: &Value, place: &Place<'_>) {
        let definition = self.table.get(id);
        match &definition.kind {
            TypeKind::Scalar(kind) => {
                if let Err(wanted) = scalar::check(*kind, &Leaf::from(value)) {
                    self.report(place, wanted);
                }
            }
            TypeKind::Enum { values } => {
                let known =
                    matches!(value, Value::Enum(name) if values.iter().any(|value| **value == **name));
                if !known {
                    self.report(place, &format!("it is not a value of the enum {}", definition.name));
                }
            }
            TypeKind::Input { one_of, fields } => match value {
                Value::Object(values) => self.object(&definition.name, *one_of, fields, values, place.pos),
                _ => self.report(place, &format!("{} takes an object", definition.name)),
            },
            TypeKind::Object { .. } | TypeKind::Interface { .. } | TypeKind::Union { .. } => {}
        }
    }

    fn object(
        &mut self,
        type_name: &str,
        one_of: bool,
        fields: &[InputValue],
        values: &IndexMap<Name, Value>,
        pos: Pos,
    ) {
        for (name, value) in values {
            let Some(field) = find_input(fields, name) else {
                self.push(pos, format!("Invalid value: {type_name} has no field \"{name}\"."));
                continue;
            };
            let has_default = field.default.as_ref().is_some_and(|default| *default != ConstValue::Null);
            self.value(value, &Place { ty: &field.ty, has_default, one_of_field: one_of, pos });
        }
        if one_of && (values.len() != 1 || values.values().any(|value| matches!(value, Value::Null))) {
            self.push(pos, format!("Invalid value: {type_name} takes exactly one field, and not null."));
        }
        for field in fields.iter().filter(|field| field.ty.non_null && field.default.is_none()) {
            if !values.contains_key(&*field.name) {
                let wanted = self.table.display(&field.ty);
                self.push(
                    pos,
                    format!("Invalid value: the field \"{}\" of type {wanted} is required.", field.name),
                );
            }
        }
    }

    /// A variable fits where its type does; a nullable one also fits a non-null place if one of the two has a default.
    fn variable(&mut self, name: &Name, place: &Place<'_>) {
        let Some(declared) = self.variables.get(name) else {
            return; // undeclared variables are another rule's business
        };
        let must_not_be_null = place.ty.non_null || place.one_of_field;
        let fits = if must_not_be_null && !declared.ty.non_null {
            let made_up_for = (declared.has_default || place.has_default) && !place.one_of_field;
            let nullable = TypeRef { non_null: false, base: place.ty.base.clone() };
            made_up_for && declared.ty.fits(&nullable)
        } else {
            declared.ty.fits(place.ty)
        };
        if !fits {
            let message = format!(
                "Variable \"${name}\" of type \"{}\" used in position expecting type \"{}\".",
                self.table.display(&declared.ty),
                self.table.display(place.ty)
            );
            self.push(place.pos, message);
        }
    }

    fn report(&mut self, place: &Place<'_>, reason: &str) {
        self.push(place.pos, format!("Invalid value: {reason}."));
    }

    fn push(&mut self, pos: Pos, message: String) {
        self.errors.push(ServerError::new(message, Some(pos)));
    }
}

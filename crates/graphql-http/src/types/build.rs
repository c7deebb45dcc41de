//! Builds the type table from SDL.

use std::collections::HashMap;

use async_graphql_parser::{
    Positioned, parse_schema,
    types::{
        FieldDefinition, InputValueDefinition, SchemaDefinition, ServiceDocument, TypeDefinition,
        TypeKind as ParsedKind, TypeSystemDefinition,
    },
};
use async_graphql_value::Name;

use super::{InputValue, OutputField, ScalarKind, TypeDef, TypeId, TypeKind, TypeRef, TypeTable};

/// The introspection types, which SDL leaves out. `__EntryPoints` holds the two fields that every query root has.
const INTROSPECTION: &str = include_str!("introspection.graphql");
const ENTRY_POINTS: &str = "__EntryPoints";
const BUILT_IN_SCALARS: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// The SDL of a schema could not be read back.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TypeTableError {
    /// The text is not SDL.
    #[error("the schema's own SDL does not parse: {0}")]
    Syntax(#[from] async_graphql_parser::Error),
    /// A type is used and nowhere defined.
    #[error("the schema's own SDL uses an unknown type in {0}")]
    UnknownType(String),
    /// There is no `schema { query: … }`.
    #[error("the schema has no query root")]
    MissingQueryRoot,
}

impl TypeTable {
    /// Reads a schema's SDL.
    pub(crate) fn from_sdl(sdl: &str) -> Result<Self, TypeTableError> {
        let schema = parse_schema(sdl)?;
        let introspection = parse_schema(INTROSPECTION)?;
        let names = Names::collect([&schema, &introspection]);
        let mut types: Vec<TypeDef> = names
            .in_order
            .iter()
            .map(|name| TypeDef { name: name.clone(), kind: TypeKind::Scalar(scalar_kind(name)) })
            .collect();
        let mut directives = HashMap::new();
        let mut roots = None;
        for definition in schema.definitions.into_iter().chain(introspection.definitions) {
            match definition {
                TypeSystemDefinition::Schema(definition) => roots = Some(definition.node),
                TypeSystemDefinition::Type(definition) => names.define(&mut types, &definition.node)?,
                TypeSystemDefinition::Directive(definition) => {
                    let arguments = names.inputs(&definition.node.arguments)?;
                    directives.insert(definition.node.name.node.as_str().into(), arguments);
                }
            }
        }
        names.finish(types, directives, roots)
    }
}

/// Every type name of a schema with its id.
struct Names {
    in_order: Vec<Box<str>>,
    ids: HashMap<Box<str>, TypeId>,
}

impl Names {
    fn collect<'a>(documents: impl IntoIterator<Item = &'a ServiceDocument>) -> Self {
        let mut names = Self { in_order: Vec::new(), ids: HashMap::new() };
        for name in BUILT_IN_SCALARS {
            names.add(name);
        }
        for definition in documents.into_iter().flat_map(|document| &document.definitions) {
            if let TypeSystemDefinition::Type(definition) = definition {
                names.add(&definition.node.name.node);
            }
        }
        names
    }

    fn add(&mut self, name: &str) {
        if !self.ids.contains_key(name) {
            self.ids.insert(name.into(), TypeId::new(self.in_order.len()));
            self.in_order.push(name.into());
        }
    }

    fn find(&self, name: &str) -> Result<TypeId, TypeTableError> {
        self.ids.get(name).copied().ok_or_else(|| TypeTableError::UnknownType(name.to_owned()))
    }

    fn find_all(&self, names: &[Positioned<Name>]) -> Result<Vec<TypeId>, TypeTableError> {
        names.iter().map(|name| self.find(&name.node)).collect()
    }

    fn type_ref(&self, ty: &async_graphql_parser::types::Type) -> Result<TypeRef, TypeTableError> {
        TypeRef::resolve(ty, &|name| self.ids.get(name).copied())
            .ok_or_else(|| TypeTableError::UnknownType(ty.to_string()))
    }

    fn inputs(&self, values: &[Positioned<InputValueDefinition>]) -> Result<Vec<InputValue>, TypeTableError> {
        values
            .iter()
            .map(|value| {
                Ok(InputValue {
                    name: value.node.name.node.as_str().into(),
                    ty: self.type_ref(&value.node.ty.node)?,
                    default: value.node.default_value.as_ref().map(|default| default.node.clone()),
                })
            })
            .collect()
    }

    fn fields(
        &self,
        fields: &[Positioned<FieldDefinition>],
    ) -> Result<HashMap<Box<str>, OutputField>, TypeTableError> {
        fields
            .iter()
            .map(|field| {
                let output = OutputField {
                    ty: self.type_ref(&field.node.ty.node)?,
                    arguments: self.inputs(&field.node.arguments)?,
                };
                Ok((field.node.name.node.as_str().into(), output))
            })
            .collect()
    }

    fn define(&self, types: &mut [TypeDef], definition: &TypeDefinition) -> Result<(), TypeTableError> {
        let name = definition.name.node.as_str();
        let kind = match &definition.kind {
            ParsedKind::Scalar => TypeKind::Scalar(scalar_kind(name)),
            ParsedKind::Enum(values) => TypeKind::Enum {
                values: values.values.iter().map(|value| value.node.value.node.as_str().into()).collect(),
            },
            ParsedKind::InputObject(input) => TypeKind::Input {
                one_of: definition.directives.iter().any(|directive| directive.node.name.node == "oneOf"),
                fields: self.inputs(&input.fields)?,
            },
            ParsedKind::Object(object) => TypeKind::Object {
                fields: self.fields(&object.fields)?,
                implements: self.find_all(&object.implements)?,
            },
            ParsedKind::Interface(interface) => {
                TypeKind::Interface { fields: self.fields(&interface.fields)? }
            }
            ParsedKind::Union(union) => TypeKind::Union { members: self.find_all(&union.members)? },
        };
        types[self.find(name)?.index()].kind = kind;
        Ok(())
    }

    fn finish(
        self,
        mut types: Vec<TypeDef>,
        mut directives: HashMap<Box<str>, Vec<InputValue>>,
        roots: Option<SchemaDefinition>,
    ) -> Result<TypeTable, TypeTableError> {
        let roots = roots.ok_or(TypeTableError::MissingQueryRoot)?;
        let root = |name: Option<Positioned<Name>>| name.map(|name| self.find(&name.node)).transpose();
        let query = root(roots.query)?.ok_or(TypeTableError::MissingQueryRoot)?;
        let (mutation, subscription) = (root(roots.mutation)?, root(roots.subscription)?);
        let entry_points = self.find(ENTRY_POINTS)?;
        let empty = TypeKind::Scalar(ScalarKind::Custom);
        if let TypeKind::Object { fields: entry, .. } =
            std::mem::replace(&mut types[entry_points.index()].kind, empty)
            && let TypeKind::Object { fields, .. } = &mut types[query.index()].kind
        {
            fields.extend(entry);
        }
        let condition = || {
            let boolean = self.type_ref(&async_graphql_parser::types::Type {
                base: async_graphql_parser::types::BaseType::Named(Name::new("Boolean")),
                nullable: false,
            })?;
            Ok::<_, TypeTableError>(vec![InputValue { name: "if".into(), ty: boolean, default: None }])
        };
        for name in ["skip", "include"] {
            directives.insert(name.into(), condition()?);
        }
        Ok(TypeTable { types, by_name: self.ids, query, mutation, subscription, directives })
    }
}

fn scalar_kind(name: &str) -> ScalarKind {
    match name {
        "Int" => ScalarKind::Int,
        "Float" => ScalarKind::Float,
        "String" => ScalarKind::String,
        "Boolean" => ScalarKind::Boolean,
        "ID" => ScalarKind::Id,
        "Upload" => ScalarKind::Upload,
        _ => ScalarKind::Custom,
    }
}

//! The static cost of an operation: how many objects, and how many fields, it can return at most by its page sizes.
//!
//! A field with a selection set is one object. Everything below a field with `first` or `last` counts that many times. A list without
//! either that is asked for by a list counts each entry of that, the same twice; others count as one, but for those that are named.
//! The tree is folded when the document is prepared; only page sizes that are variables remain to be filled in per request.

use std::collections::{HashMap, HashSet};

use async_graphql_parser::types::{Field, OperationDefinition, Selection, SelectionSet};
use async_graphql_value::{ConstValue, Name, Value, Variables};

use crate::types::{OutputField, TypeId, TypeTable};

/// What introspection begins with. Its length is no secret of any caller's, and what it costs is not either: a page.
const ALL_TYPES: &str = "__Schema.types";
/// The arguments that bound how many items a field returns.
const PAGE_ARGUMENTS: [&str; 2] = ["first", "last"];

/// What an operation, or a part of it, costs.
#[derive(Debug, Default)]
pub(crate) struct Cost {
    fixed: Amount,
    /// Parts whose size depends on variables.
    paged: Vec<(Page, Cost)>,
}

/// A number of objects and of fields. Arithmetic saturates: absurd page sizes are too costly, not small.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Amount {
    /// Fields with a selection set.
    pub(crate) objects: u64,
    /// All fields.
    pub(crate) fields: u64,
}

impl Amount {
    fn plus(self, other: Self) -> Self {
        Self {
            objects: self.objects.saturating_add(other.objects),
            fields: self.fields.saturating_add(other.fields),
        }
    }

    fn times(self, factor: u64) -> Self {
        Self { objects: self.objects.saturating_mul(factor), fields: self.fields.saturating_mul(factor) }
    }
}

/// The page size of one field, as far as it is known before the variables are.
#[derive(Debug, Default)]
struct Page {
    /// The larger of `first` and `last` as written.
    known: Option<u64>,
    /// Variables written for `first` and `last`, or for a list that is asked for.
    variables: Vec<Name>,
    /// What counts if neither has a value: the default of the schema, or an assumption.
    fallback: u64,
}

impl Page {
    fn size(&self, variables: &Variables) -> u64 {
        let given = self.variables.iter().filter_map(|name| variables.get(name).and_then(size_of_const));
        given.chain(self.known).max().unwrap_or(self.fallback)
    }
}

impl Cost {
    /// Folds a normalised operation.
    pub(crate) fn of(
        table: &TypeTable,
        operation: &OperationDefinition,
        assumed_page: u64,
        unpaged: &Unpaged,
    ) -> Self {
        let fold = Fold { table, assumed_page, unpaged };
        let mut cost = Self::default();
        fold.selection_set(&operation.selection_set.node, table.root(operation.ty), &mut cost);
        cost
    }

    /// The cost with the variables of one request.
    pub(crate) fn with(&self, variables: &Variables) -> Amount {
        self.paged.iter().fold(self.fixed, |sum, (page, below)| {
            sum.plus(below.with(variables).times(page.size(variables)))
        })
    }

    fn add(&mut self, other: Self) {
        self.fixed = self.fixed.plus(other.fixed);
        self.paged.extend(other.paged);
    }
}

/// Lists without a page size that are taken to be as long as an assumed page.
#[derive(Debug)]
pub(crate) struct Unpaged(HashMap<TypeId, HashSet<Box<str>>>);

impl Unpaged {
    /// Finds what was named, `Type.field`, beside the list of all types that introspection gives.
    ///
    /// # Errors
    /// A name that is no list of the schema.
    pub(crate) fn resolve(named: Vec<Box<str>>, table: &TypeTable) -> Result<Self, Box<str>> {
        let mut found: HashMap<TypeId, HashSet<Box<str>>> = HashMap::new();
        for name in std::iter::once(Box::from(ALL_TYPES)).chain(named) {
            let place = name.split_once('.').and_then(|(parent, field)| {
                let parent = table.find(parent)?;
                table.field(parent, field).filter(|field| field.ty.is_list())?;
                Some((parent, field))
            });
            let Some((parent, field)) = place else { return Err(name) };
            found.entry(parent).or_default().insert(field.into());
        }
        Ok(Self(found))
    }

    fn holds(&self, parent: TypeId, field: &str) -> bool {
        self.0.get(&parent).is_some_and(|fields| fields.contains(field))
    }
}

struct Fold<'a> {
    table: &'a TypeTable,
    assumed_page: u64,
    unpaged: &'a Unpaged,
}

impl Fold<'_> {
    fn selection_set(&self, set: &SelectionSet, parent: Option<TypeId>, cost: &mut Cost) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => self.field(&field.node, parent, cost),
                Selection::InlineFragment(fragment) => {
                    let condition = match &fragment.node.type_condition {
                        Some(condition) => self.table.find(&condition.node.on.node),
                        None => parent,
                    };
                    self.selection_set(&fragment.node.selection_set.node, condition, cost);
                }
                Selection::FragmentSpread(_) => {}
            }
        }
    }

    fn field(&self, field: &Field, parent: Option<TypeId>, cost: &mut Cost) {
        let is_object = !field.selection_set.node.items.is_empty();
        cost.fixed = cost.fixed.plus(Amount { objects: u64::from(is_object), fields: 1 });
        if !is_object {
            return;
        }
        let definition = parent.and_then(|parent| self.table.field(parent, &field.name.node));
        let mut below = Cost::default();
        self.selection_set(&field.selection_set.node, definition.map(|field| field.ty.named()), &mut below);
        let page = definition.and_then(|definition| self.page(definition, field));
        let page = page.or_else(|| {
            let list = self.list(parent?, definition?, field)?;
            // Its entries are objects; that of the field itself stands for the list.
            below.fixed.objects = below.fixed.objects.saturating_add(1);
            Some(list)
        });
        match page {
            None => cost.add(below),
            Some(page) if page.variables.is_empty() && below.paged.is_empty() => {
                cost.fixed = cost.fixed.plus(below.fixed.times(page.known.unwrap_or(page.fallback)));
            }
            Some(page) => cost.paged.push((page, below)),
        }
    }

    /// The page size of a field, if its definition pages it.
    fn page(&self, definition: &OutputField, field: &Field) -> Option<Page> {
        let mut page = Page::default();
        let mut default = None;
        let mut paged = false;
        for argument in PAGE_ARGUMENTS.iter().filter_map(|name| definition.argument(name)) {
            paged = true;
            default = default.max(argument.default.as_ref().and_then(size_of_const));
            match field.get_argument(&argument.name).map(|value| &value.node) {
                Some(Value::Variable(name)) => page.variables.push(name.clone()),
                Some(Value::Number(number)) => page.known = page.known.max(Some(size_of_number(number))),
                _ => {}
            }
        }
        page.fallback = default.unwrap_or(self.assumed_page);
        paged.then_some(page)
    }

    /// How long a list is that has no page size: as what it is asked for by, or as a page if it was named.
    fn list(&self, parent: TypeId, definition: &OutputField, field: &Field) -> Option<Page> {
        if !definition.ty.is_list() {
            return None;
        }
        // A single value stands for a list of one (GraphQL specification, 3.11).
        let mut page = Page { fallback: 1, ..Page::default() };
        let mut asked = false;
        for argument in definition.arguments.iter().filter(|argument| argument.ty.is_list()) {
            asked = true;
            match field.get_argument(&argument.name).map(|value| &value.node) {
                Some(Value::Variable(name)) => page.variables.push(name.clone()),
                Some(Value::List(entries)) => page.known = page.known.max(Some(entries.len() as u64)),
                _ => {}
            }
        }
        if asked {
            return Some(page);
        }
        page.fallback = self.assumed_page;
        self.unpaged.holds(parent, &field.name.node).then_some(page)
    }
}

/// How many items a value asks for: so many as it says, or has.
fn size_of_const(value: &ConstValue) -> Option<u64> {
    match value {
        ConstValue::List(entries) => Some(entries.len() as u64),
        ConstValue::Number(number) => Some(size_of_number(number)),
        _ => None,
    }
}

/// A negative page size returns nothing (the schema refuses it); one beyond 64 bits is as large as can be.
fn size_of_number(number: &async_graphql_value::Number) -> u64 {
    match (number.as_u64(), number.as_i64()) {
        (Some(size), _) => size,
        (None, Some(_)) => 0,
        (None, None) => u64::MAX,
    }
}

//! Which types a caller can come to: by the same steps as async-graphql's introspection (`find_visible_types`), so that what it
//! does not show cannot be named either.

use std::collections::{HashMap, HashSet};

use async_graphql_parser::types::OperationType;

use super::{Requirement, Restrictions};
use crate::types::{InputValue, OutputField, TypeId, TypeKind, TypeTable};

/// The types that not everybody comes to.
#[derive(Debug, Default)]
pub(super) struct Reach {
    closed: HashMap<TypeId, Closed>,
}

/// A type that not everybody comes to.
#[derive(Debug, Default)]
struct Closed {
    /// What the type itself asks for.
    requirement: Option<Requirement>,
    /// The types from which a step leads here.
    from: Vec<Step>,
}

/// A step from one type to another, or from another.
#[derive(Clone, Copy, Debug)]
struct Step {
    ty: TypeId,
    /// What the field asks for that leads there.
    requirement: Option<Requirement>,
}

impl Reach {
    pub(super) fn of(table: &TypeTable, restrictions: &Restrictions) -> Self {
        let steps = Steps::collect(table, restrictions);
        let to_nobody = steps.explore(table, restrictions, |_| false);
        let to_all = steps.explore(table, restrictions, |_| true);
        let mut closed: HashMap<_, _> = to_all
            .iter()
            .filter(|ty| !to_nobody.contains(ty))
            .map(|ty| (*ty, Closed { requirement: restrictions.types.get(ty).copied(), from: Vec::new() }))
            .collect();
        for from in &to_all {
            for step in steps.of(*from) {
                if let Some(closed) = closed.get_mut(&step.ty) {
                    closed.from.push(Step { ty: *from, requirement: step.requirement });
                }
            }
        }
        Self { closed }
    }

    pub(super) fn is_closed(&self, ty: TypeId) -> bool {
        self.closed.contains_key(&ty)
    }

    /// Walks back from a type until one is met that everybody comes to.
    pub(super) fn leads_to(&self, ty: TypeId, may: &dyn Fn(Requirement) -> bool) -> bool {
        let (mut waiting, mut met) = (vec![ty], HashSet::from([ty]));
        while let Some(ty) = waiting.pop() {
            let Some(closed) = self.closed.get(&ty) else { return true };
            if !closed.requirement.is_none_or(may) {
                continue;
            }
            for step in &closed.from {
                if !met.contains(&step.ty) && step.requirement.is_none_or(may) {
                    met.insert(step.ty);
                    waiting.push(step.ty);
                }
            }
        }
        false
    }
}

/// All steps of a schema, by the type that they start at.
struct Steps(HashMap<TypeId, Vec<Step>>);

impl Steps {
    fn collect(table: &TypeTable, restrictions: &Restrictions) -> Self {
        let mut steps = Self(HashMap::new());
        for from in table.ids() {
            match &table.get(from).kind {
                TypeKind::Scalar(_) | TypeKind::Enum { .. } => {}
                TypeKind::Input { fields, .. } => steps.inputs(from, None, fields),
                TypeKind::Union { members } => steps.all(from, members),
                TypeKind::Interface { fields } => steps.fields(from, fields, restrictions),
                TypeKind::Object { fields, implements } => {
                    steps.fields(from, fields, restrictions);
                    steps.all(from, implements);
                    for interface in implements {
                        steps.add(*interface, from, None);
                    }
                }
            }
        }
        steps
    }

    fn fields(&mut self, from: TypeId, fields: &HashMap<Box<str>, OutputField>, restrictions: &Restrictions) {
        for (name, field) in fields {
            let requirement = restrictions.of_field(from, name);
            self.add(from, field.ty.named(), requirement);
            self.inputs(from, requirement, &field.arguments);
        }
    }

    fn inputs(&mut self, from: TypeId, requirement: Option<Requirement>, values: &[InputValue]) {
        for value in values {
            self.add(from, value.ty.named(), requirement);
        }
    }

    fn all(&mut self, from: TypeId, to: &[TypeId]) {
        for ty in to {
            self.add(from, *ty, None);
        }
    }

    fn add(&mut self, from: TypeId, ty: TypeId, requirement: Option<Requirement>) {
        self.0.entry(from).or_default().push(Step { ty, requirement });
    }

    fn of(&self, from: TypeId) -> &[Step] {
        self.0.get(&from).map_or(&[], Vec::as_slice)
    }

    /// The types that somebody comes to who may use what `may` says.
    fn explore(
        &self,
        table: &TypeTable,
        restrictions: &Restrictions,
        may: impl Fn(Requirement) -> bool,
    ) -> HashSet<TypeId> {
        let roots = [OperationType::Query, OperationType::Mutation, OperationType::Subscription];
        let roots = roots.into_iter().filter_map(|kind| table.root(kind));
        let inputs = table.directive_arguments().map(|argument| argument.ty.named());
        let open = |ty: &TypeId| restrictions.types.get(ty).copied().is_none_or(&may);
        let mut waiting: Vec<TypeId> = roots.chain(inputs).filter(open).collect();
        let mut met: HashSet<TypeId> = waiting.iter().copied().collect();
        while let Some(from) = waiting.pop() {
            for step in self.of(from) {
                if step.requirement.is_none_or(&may) && open(&step.ty) && met.insert(step.ty) {
                    waiting.push(step.ty);
                }
            }
        }
        met
    }
}

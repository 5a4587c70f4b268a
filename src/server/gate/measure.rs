//! Weighs the operations of a document in time linear in its length.
//!
//! Each fragment is weighed once an operation and remembered, so that fragments which spread each
//! other twice, twenty-four levels deep, cost twenty-four steps and not sixteen million.

use std::{
    collections::{HashMap, HashSet},
    convert::Infallible,
};

use async_graphql::{
    Name, Value, Variables,
    parser::types::{Directive, ExecutableDocument, Field, FragmentSpread, OperationDefinition, Selection, SelectionSet},
};

use super::{Excess, Limits, Rejection, weight::Weight};

/// A variable of this many bytes or values costs as much as a field wherever it is used, since
/// async-graphql copies it there.
const VARIABLE_UNITS_A_FIELD: u64 = 256;

/// Rows an introspection list is taken to have: enough to stop one that is asked for over and
/// over, too few to stop the usual query.
const INTROSPECTION_ROWS: u64 = 10;

/// Refuses fragments that no operation reaches: they would be validated all the same, and only
/// what an operation reaches is weighed.
pub(super) fn check_fragments_are_used(document: &ExecutableDocument) -> Result<(), Rejection> {
    let mut reached = HashSet::new();
    let mut pending: Vec<&SelectionSet> = document.operations.iter().map(|(_, operation)| &operation.node.selection_set.node).collect();
    while let Some(set) = pending.pop() {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => pending.push(&field.node.selection_set.node),
                Selection::InlineFragment(inline) => pending.push(&inline.node.selection_set.node),
                Selection::FragmentSpread(spread) => {
                    let name = &spread.node.fragment_name.node;
                    if let Some(fragment) = document.fragments.get(name)
                        && reached.insert(name)
                    {
                        pending.push(&fragment.node.selection_set.node);
                    }
                }
            }
        }
    }
    let unused = document.fragments.iter().filter(|(name, _)| !reached.contains(name));
    match unused.min_by_key(|(_, fragment)| fragment.pos) {
        None => Ok(()),
        Some((name, fragment)) => Err(Rejection::UnusedFragment { fragment: super::syntax::shorten(name), location: fragment.pos }),
    }
}

/// How much each variable of a request weighs when it is copied, in fields.
pub(super) fn weigh_variables(variables: &Variables) -> HashMap<&str, u64> {
    variables.iter().map(|(name, value)| (name.as_str(), units(value) / VARIABLE_UNITS_A_FIELD)).collect()
}

fn units(value: &Value) -> u64 {
    match value {
        Value::List(items) => items.iter().map(units).sum::<u64>() + 1,
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() as u64 + units(value)).sum::<u64>().saturating_add(1),
        Value::String(text) => text.len() as u64 + 1,
        _ => 1,
    }
}

/// What a fragment is known to weigh, inside the introspection system or outside.
enum Memory {
    InProgress,
    Weighed(Weight),
}

/// Weighs one operation of a document.
pub(super) struct Scale<'a> {
    document: &'a ExecutableDocument,
    variables: &'a Variables,
    variable_costs: &'a HashMap<&'a str, u64>,
    defaults: HashMap<&'a str, &'a Value>,
    limits: &'a Limits,
    memory: HashMap<(&'a Name, bool), Memory>,
}

#[derive(Clone, Copy)]
struct Place {
    nesting: u32,
    introspection: bool,
}

impl<'a> Scale<'a> {
    pub fn new(
        document: &'a ExecutableDocument,
        operation: &'a OperationDefinition,
        variables: &'a Variables,
        variable_costs: &'a HashMap<&'a str, u64>,
        limits: &'a Limits,
    ) -> Self {
        let defaults = operation.variable_definitions.iter().filter_map(|variable| {
            let value = variable.node.default_value.as_ref()?;
            Some((variable.node.name.node.as_str(), &value.node))
        });
        Self { document, variables, variable_costs, defaults: defaults.collect(), limits, memory: HashMap::new() }
    }

    /// The weight of the whole operation, its own directives included.
    pub fn weigh(mut self, operation: &'a OperationDefinition) -> Result<Weight, Rejection> {
        let root = Place { nesting: 0, introspection: false };
        let mut weight = self.set(&operation.selection_set.node, root)?;
        weight.directives += operation.directives.len() as u64;
        for variable in &operation.variable_definitions {
            weight.directives += variable.node.directives.len() as u64;
        }
        Ok(weight)
    }

    fn set(&mut self, set: &'a SelectionSet, place: Place) -> Result<Weight, Rejection> {
        self.check_nesting(place.nesting)?;
        let inner = Place { nesting: place.nesting + 1, ..place };
        let mut sum = Weight::default();
        for selection in &set.items {
            let mut weight = match &selection.node {
                Selection::Field(field) => self.field(&field.node, inner)?,
                Selection::InlineFragment(inline) => self.set(&inline.node.selection_set.node, inner)?,
                Selection::FragmentSpread(spread) => self.spread(&spread.node, inner)?,
            };
            let directives = selection.node.directives();
            weight.selections = weight.selections.saturating_add(1);
            weight.directives = weight.directives.saturating_add(directives.len() as u64);
            for directive in directives {
                let cost = self.directive_variables_cost(&directive.node);
                weight.cost = weight.cost.saturating_add(cost);
            }
            sum.add(weight);
        }
        sum.nesting += 1;
        Ok(sum)
    }

    fn check_nesting(&self, nesting: u32) -> Result<(), Rejection> {
        if nesting > self.limits.max_nesting {
            return Err(Rejection::TooMuch { excess: Excess::Depth, limit: self.limits.max_nesting.into() });
        }
        Ok(())
    }

    fn spread(&mut self, spread: &'a FragmentSpread, place: Place) -> Result<Weight, Rejection> {
        let name = &spread.fragment_name.node;
        let Some(fragment) = self.document.fragments.get(name) else {
            return Ok(Weight::default());
        };
        let key = (name, place.introspection);
        match self.memory.get(&key) {
            Some(Memory::Weighed(weight)) => {
                let weight = *weight;
                self.check_nesting((place.nesting + weight.nesting).saturating_sub(1))?;
                Ok(weight)
            }
            Some(Memory::InProgress) => Err(Rejection::FragmentCycle { fragment: super::syntax::shorten(name), location: fragment.pos }),
            None => {
                self.memory.insert(key, Memory::InProgress);
                let mut weight = self.set(&fragment.node.selection_set.node, place)?;
                weight.directives += fragment.node.directives.len() as u64;
                self.memory.insert(key, Memory::Weighed(weight));
                Ok(weight)
            }
        }
    }

    fn field(&mut self, field: &'a Field, place: Place) -> Result<Weight, Rejection> {
        let name = field.name.node.as_str();
        let inside = Place { introspection: place.introspection || matches!(name, "__schema" | "__type"), ..place };
        let leaf = field.selection_set.node.items.is_empty();
        let below = if leaf { Weight::default() } else { self.set(&field.selection_set.node, inside)? };
        let rows = if inside.introspection { introspection_rows(name) } else { self.rows(field, below.selects_rows) };
        let own_cost = self.field_variables_cost(field).saturating_add(1);
        Ok(Weight {
            cost: own_cost.saturating_add(below.cost.saturating_mul(rows)),
            selections: below.selections,
            aliases: below.aliases + u64::from(field.alias.is_some()),
            directives: below.directives,
            fields: 1,
            depth: if inside.introspection { 1 } else { below.depth + 1 },
            nesting: below.nesting,
            introspection_lists: below.introspection_lists + u32::from(inside.introspection && leads_back_to_types(name)),
            selects_rows: matches!(name, "nodes" | "edges"),
        })
    }

    /// How many rows a field is taken to answer.
    fn rows(&self, field: &Field, selects_rows: bool) -> u64 {
        let asked = field
            .arguments
            .iter()
            .filter(|(name, _)| matches!(name.node.as_str(), "first" | "last" | "ids"))
            .filter_map(|(_, value)| {
                let value = value.node.clone().into_const_with(|name| {
                    let given = self.variables.get(&name);
                    let default = self.defaults.get(name.as_str()).copied();
                    given.or(default).cloned().ok_or(())
                });
                match value {
                    Ok(Value::Number(number)) => Some(number.as_i64().unwrap_or(i64::MAX)),
                    Ok(Value::List(items)) => Some(i64::try_from(items.len()).unwrap_or(i64::MAX)),
                    _ => None,
                }
            })
            .max();
        match asked {
            Some(count) => count.clamp(1, 100).unsigned_abs(),
            None if selects_rows => self.limits.default_page_size,
            None => 1,
        }
    }

    /// What the variables in the arguments of a field cost.
    fn field_variables_cost(&self, field: &Field) -> u64 {
        let mut cost = 0_u64;
        for (_, value) in &field.arguments {
            let _ = value.node.clone().into_const_with(|name| {
                cost = cost.saturating_add(self.variable_cost(&name));
                Ok::<_, Infallible>(Value::Null)
            });
        }
        cost
    }

    /// What the variables in the arguments of a directive cost.
    fn directive_variables_cost(&self, directive: &Directive) -> u64 {
        let mut cost = 0_u64;
        for (_, value) in &directive.arguments {
            let _ = value.node.clone().into_const_with(|name| {
                cost = cost.saturating_add(self.variable_cost(&name));
                Ok::<_, Infallible>(Value::Null)
            });
        }
        cost
    }

    fn variable_cost(&self, name: &Name) -> u64 {
        let cost = self.variable_costs.get(name.as_str());
        cost.copied().unwrap_or_default()
    }
}

fn introspection_rows(field: &str) -> u64 {
    match field {
        "types" | "directives" | "args" | "enumValues" => INTROSPECTION_ROWS,
        _ if leads_back_to_types(field) => INTROSPECTION_ROWS,
        _ => 1,
    }
}

fn leads_back_to_types(field: &str) -> bool {
    matches!(field, "fields" | "interfaces" | "possibleTypes" | "inputFields")
}

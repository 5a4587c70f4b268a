//! Admission of a document before async-graphql sees it.
//!
//! async-graphql's own limits come too late: its parser overflows the stack on four kilobytes of
//! open brackets, and its validation expands fragments without remembering them. So a document
//! passes here first, whatever the transport: bytes, tokens and brackets in one scan, then the
//! parser, then the weight of what it selects. What is admitted is parsed once and handed on.
//!
//! ```text
//! let admitted = admit(query, operation_name, &variables, &Limits::default())?;
//! request.set_parsed_query(admitted.document);
//! ```

mod limits;
mod measure;
mod rejection;
mod scan;
mod syntax;
#[cfg(test)]
mod tests;
mod weight;

use async_graphql::{
    Positioned, Value, Variables,
    parser::types::{DocumentOperations, ExecutableDocument, OperationDefinition, OperationType},
};

use std::collections::HashMap;

pub use self::{
    limits::Limits,
    rejection::{Excess, Rejection},
};

/// A document that may be executed.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// The parsed document, for `async_graphql::Request::set_parsed_query`.
    pub document: ExecutableDocument,
    /// What kind of operation the request runs.
    pub operation_type: OperationType,
    /// What the operation costs, in fields, at most [`Limits::max_cost`], and what its variables weigh where that is let in.
    pub cost: u64,
}

/// Lets a document in, or says why not.
///
/// Takes time linear in the length of `document` and `variables`, and little stack.
///
/// # Errors
///
/// A [`Rejection`] when the document is not GraphQL, is above a limit, or does not have the
/// operation asked for with the variables that it needs.
pub fn admit(document: &str, operation_name: Option<&str>, variables: &Variables, limits: &Limits) -> Result<Admitted, Rejection> {
    scan::scan(document, limits)?;
    let document = syntax::parse(document)?;
    let operation_count = document.operations.iter().len();
    if operation_count > limits.max_operations {
        return Err(Rejection::TooMuch { excess: Excess::Operations, limit: limits.max_operations as u64 });
    }
    measure::check_fragments_are_used(&document)?;
    let selected = select(&document, operation_name)?;
    check_required_variables(&selected.node, variables)?;
    let operation_type = selected.node.ty;
    let cost = weigh(&document, &selected.node, variables, limits)?;
    Ok(Admitted { document, operation_type, cost })
}

/// Weighs every operation, since validation reads those that are not run as well.
fn weigh(document: &ExecutableDocument, selected: &OperationDefinition, variables: &Variables, limits: &Limits) -> Result<u64, Rejection> {
    let variable_costs = measure::weigh_variables(variables);
    let mut selections = 0_u64;
    let mut cost = 0;
    for (_, operation) in document.operations.iter() {
        let operation = &operation.node;
        let scale = measure::Scale::new(document, operation, variables, &variable_costs, limits);
        let weight = scale.weigh(operation)?;
        weight.check(&Limits { max_cost: max_cost(operation, &variable_costs, limits), ..limits.clone() })?;
        selections = selections.saturating_add(weight.selections);
        if selections > limits.max_selections {
            return Err(Rejection::TooMuch { excess: Excess::Selections, limit: limits.max_selections });
        }
        if std::ptr::eq(operation, selected) {
            cost = weight.cost;
        }
    }
    Ok(cost)
}

/// What an operation may cost. Variables that it does not name add nothing: nobody buys fields by padding.
fn max_cost(operation: &OperationDefinition, variable_costs: &HashMap<&str, u64>, limits: &Limits) -> u64 {
    if operation.ty != OperationType::Mutation || !limits.mutations_use_variables {
        return limits.max_cost;
    }
    let named = operation.variable_definitions.iter().filter_map(|variable| variable_costs.get(variable.node.name.node.as_str()));
    named.fold(limits.max_cost, |sum, cost| sum.saturating_add(*cost))
}

fn select<'a>(document: &'a ExecutableDocument, name: Option<&str>) -> Result<&'a Positioned<OperationDefinition>, Rejection> {
    let found = match (&document.operations, name) {
        (DocumentOperations::Single(operation), None) => Some(operation),
        (DocumentOperations::Single(_), Some(_)) => None,
        (DocumentOperations::Multiple(operations), Some(name)) => operations.get(name),
        (DocumentOperations::Multiple(operations), None) => {
            let mut operations = operations.values();
            match (operations.next(), operations.next()) {
                (Some(only), None) => Some(only),
                _ => return Err(Rejection::OperationNameRequired),
            }
        }
    };
    found.ok_or_else(|| Rejection::UnknownOperation { name: syntax::shorten(name.unwrap_or_default()) })
}

/// async-graphql notices a missing variable only in the middle of the execution.
fn check_required_variables(operation: &OperationDefinition, variables: &Variables) -> Result<(), Rejection> {
    for definition in &operation.variable_definitions {
        let variable = &definition.node;
        if variable.var_type.node.nullable {
            continue;
        }
        let provided = match variables.get(&variable.name.node) {
            Some(Value::Null) => false,
            Some(_) => true,
            None => variable.default_value.is_some(),
        };
        if !provided {
            return Err(Rejection::VariableRequired {
                name: syntax::shorten(&variable.name.node),
                kind: syntax::shorten(&variable.var_type.node.to_string()),
                location: definition.pos,
            });
        }
    }
    Ok(())
}

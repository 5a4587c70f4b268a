//! Answers in the order in which they were asked for.
//!
//! async-graphql gives the fields of an object in the order in which they were ready; the specification wants the order of the selection, and
//! people and snapshot tests read it so.

use async_graphql::parser::types::{ExecutableDocument, Selection, SelectionSet};
use async_graphql::{Name, Request, Response, Value};
use std::collections::HashSet;

/// The order that one request asks for.
pub struct Order {
    document: ExecutableDocument,
    operation: Option<String>,
}

impl Order {
    /// The order of this request. None: its document cannot be read, and there will be no data to put in order.
    pub fn of(request: &mut Request) -> Option<Self> {
        let operation = request.operation_name.clone();
        request.parsed_query().ok().map(|document| Self { document: document.clone(), operation })
    }

    /// The response with its fields in this order.
    pub fn apply(&self, mut response: Response) -> Response {
        let is_chosen = |name: Option<&Name>| self.operation.is_none() || name.map(Name::as_str) == self.operation.as_deref();
        if let Some((_, chosen)) = self.document.operations.iter().find(|(name, _)| is_chosen(*name)) {
            order(&self.document, &[&chosen.node.selection_set.node], &mut response.data);
        }
        response
    }
}

/// A key of an answer, and what is selected below it, in each place where it is asked for.
type Selected<'a> = (&'a Name, Vec<&'a SelectionSet>);

fn order(document: &ExecutableDocument, selections: &[&SelectionSet], value: &mut Value) {
    match value {
        Value::Object(_) | Value::List(_) if selections.iter().all(|selection| selection.items.is_empty()) => {}
        Value::List(items) => items.iter_mut().for_each(|item| order(document, selections, item)),
        Value::Object(fields) => {
            let mut selected = Vec::new();
            let mut seen = HashSet::new();
            for selection in selections {
                collect(document, selection, &mut seen, &mut selected);
            }
            let mut place = 0;
            for (key, below) in selected {
                let Some(found) = fields.get_index_of(key) else { continue };
                if found != place {
                    fields.move_index(found, place);
                }
                if let Some((_, inner)) = fields.get_index_mut(place) {
                    order(document, &below, inner);
                }
                place += 1;
            }
        }
        _ => {}
    }
}

fn collect<'a>(
    document: &'a ExecutableDocument,
    selection: &'a SelectionSet,
    seen: &mut HashSet<&'a Name>,
    selected: &mut Vec<Selected<'a>>,
) {
    for item in &selection.items {
        match &item.node {
            Selection::Field(field) => {
                let (key, below) = (&field.node.response_key().node, &field.node.selection_set.node);
                match selected.iter_mut().find(|(known, _)| *known == key) {
                    Some((_, all)) => all.push(below),
                    None => selected.push((key, vec![below])),
                }
            }
            Selection::FragmentSpread(spread) => {
                let name = &spread.node.fragment_name.node;
                if let Some(fragment) = document.fragments.get(name).filter(|_| seen.insert(name)) {
                    collect(document, &fragment.node.selection_set.node, seen, selected);
                }
            }
            Selection::InlineFragment(fragment) => collect(document, &fragment.node.selection_set.node, seen, selected),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_come_in_the_order_of_the_selection_through_fragments_and_lists() {
        let query = "{ b a { ...F x: d ... on T { c } } e } fragment F on T { f d }";
        let answer = r#"{"a":[{"c":1,"d":2,"f":3,"x":4},null],"e":{"z":1,"y":2},"b":[]}"#;
        let response = Response::new(Value::from_json(serde_json::from_str(answer).expect("JSON")).expect("a value"));
        let response = Order::of(&mut Request::new(query)).expect("a query").apply(response);
        let expected = r#"{"b":[],"a":[{"f":3,"d":2,"x":4,"c":1},null],"e":{"z":1,"y":2}}"#;
        assert_eq!(serde_json::to_string(&response.data).expect("JSON"), expected);
    }
}

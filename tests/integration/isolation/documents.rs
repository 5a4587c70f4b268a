//! Selections that take in everything of a type, made from the schema.

use super::introspection::{Field, Schema};
use super::values::literal;
use std::collections::BTreeSet;
use std::sync::Mutex;

/// The heaviest selection that is sent: well below what the server takes, so that it can stand inside of something.
const MAX_COST: u64 = 60_000;
const MAX_ALIASES: usize = 60;
const MAX_FIELDS: usize = 2_000;

/// The size of a page by how many pages it is inside of.
const PAGES: [u64; 4] = [100, 10, 5, 2];

/// A selection, and what the server will find it to weigh.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    pub text: String,
    cost: u64,
    aliases: usize,
    fields: Vec<(String, String)>,
}

impl Selection {
    /// How often it can stand in one document. Of more than twenty errors the server tells twenty.
    pub fn times(&self) -> usize {
        let by_cost = usize::try_from(MAX_COST / (self.cost + 1)).unwrap();
        by_cost.min(MAX_ALIASES / (self.aliases + 1)).clamp(1, 20)
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    const fn is_light(&self) -> bool {
        self.cost <= MAX_COST && self.aliases <= MAX_ALIASES && self.fields.len() <= MAX_FIELDS
    }

    fn push(&mut self, text: &str, other: Self) {
        self.text.push_str(text);
        self.text.push(' ');
        self.cost += other.cost;
        self.aliases += other.aliases;
        self.fields.extend(other.fields);
    }
}

/// Makes selections, and knows what was asked for with them.
pub struct Documents {
    pub schema: Schema,
    asked: Mutex<BTreeSet<(String, String)>>,
}

/// Where in a document a selection stands.
struct Place<'a> {
    depth: usize,
    pages: usize,
    above: Vec<&'a str>,
}

impl Documents {
    pub const fn new(schema: Schema) -> Self {
        Self { schema, asked: Mutex::new(BTreeSet::new()) }
    }

    /// Says that a selection was sent.
    pub fn sent(&self, selection: &Selection) {
        self.asked.lock().unwrap().extend(selection.fields.iter().cloned());
    }

    /// Says that a root field was tried.
    pub fn tried(&self, root: &str, field: &str) {
        self.asked.lock().unwrap().insert((root.to_owned(), field.to_owned()));
    }

    /// The fields of objects that no selection asked for, as `Type.field`.
    pub fn never_asked(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let objects = self.schema.types.iter().filter(|(_, found)| found.kind == "OBJECT");
        let fields = objects.flat_map(|(name, found)| found.fields.iter().map(move |field| (name.clone(), field.name.clone())));
        fields.filter(|field| !asked.contains(field)).map(|(name, field)| format!("{name}.{field}")).collect()
    }

    /// Everything of a type, down to this many levels, as far as the server takes it.
    pub fn selection(&self, name: &str, depth: usize) -> Selection {
        let mut levels = depth;
        loop {
            let selection = self.select(name, &Place { depth: levels, pages: 0, above: Vec::new() });
            if selection.is_light() || levels == 0 {
                return selection;
            }
            levels -= 1;
        }
    }

    /// Everything of an object type, in several selections: the leaves, and then field by field as deep as the server takes it.
    pub fn expansions(&self, name: &str, depth: usize) -> Vec<Selection> {
        let mut all = vec![self.selection(name, 0)];
        for field in &self.schema.get(name).fields {
            if !self.schema.get(&field.shape.name).is_leaf() {
                all.extend(self.deep(name, field, "", "", depth));
            }
        }
        all.retain(|selection| !selection.is_empty());
        all
    }

    /// The leaves of an object type, each by itself.
    pub fn leaves(&self, name: &str) -> Vec<Selection> {
        let place = Place { depth: 0, pages: 0, above: Vec::new() };
        self.schema.get(name).fields.iter().filter_map(|field| self.field(name, field, "", "", &place)).collect()
    }

    /// One field with these arguments, as deep as the server takes it.
    pub fn deep(&self, owner: &str, field: &Field, alias: &str, arguments: &str, depth: usize) -> Option<Selection> {
        let mut levels = depth;
        loop {
            let place = Place { depth: levels, pages: 0, above: vec![owner] };
            let selection = self.field(owner, field, alias, arguments, &place);
            if levels == 0 || selection.as_ref().is_some_and(Selection::is_light) {
                return selection;
            }
            levels -= 1;
        }
    }

    /// The same selections in as few documents as the server takes.
    pub fn packed(selections: Vec<Selection>) -> Vec<Selection> {
        let mut packs: Vec<Selection> = Vec::new();
        for selection in selections {
            let text = selection.text.clone();
            let mut longer = packs.last().cloned().unwrap_or_default();
            longer.push(&text, selection.clone());
            match packs.last_mut() {
                Some(last) if longer.is_light() => *last = longer,
                _ => packs.push(selection),
            }
        }
        packs
    }

    fn select(&self, name: &str, place: &Place<'_>) -> Selection {
        let found = self.schema.get(name);
        if found.is_abstract() {
            return self.select_possible(name, place);
        }
        let mut all = Selection::default();
        for field in &found.fields {
            if let Some(selection) = self.field(name, field, "", "", place) {
                let text = selection.text.clone();
                all.push(&text, selection);
            }
        }
        all
    }

    /// One fragment for each type that it can be. A field whose type differs among them gets the type into its name.
    fn select_possible(&self, name: &str, place: &Place<'_>) -> Selection {
        let possible = &self.schema.get(name).possible;
        let mut all = Selection { text: "__typename ".to_owned(), cost: 1, ..Selection::default() };
        for kind in possible {
            let mut inner = Selection::default();
            for field in &self.schema.get(kind).fields {
                let differs = possible.iter().flat_map(|other| &self.schema.get(other).fields).any(|other| {
                    other.name == field.name && (other.shape != field.shape || other.arguments.len() != field.arguments.len())
                });
                let alias = if differs { format!("{kind}_{}: ", field.name) } else { String::new() };
                if let Some(selection) = self.field(kind, field, &alias, "", place) {
                    let text = selection.text.clone();
                    inner.push(&text, selection);
                }
            }
            if !inner.is_empty() {
                all.push(&format!("... on {kind} {{ {} }}", inner.text), inner);
            }
        }
        all
    }

    /// A field, with what it needs and `arguments`. None: nothing of it can be asked for here.
    fn field(&self, owner: &str, field: &Field, alias: &str, arguments: &str, place: &Place<'_>) -> Option<Selection> {
        let kind = self.schema.get(&field.shape.name);
        // Where nothing of the rows is asked for, a few are enough.
        let nth = if place.depth == 0 && place.pages > 0 { PAGES.len() } else { place.pages };
        let pages = PAGES[nth.min(PAGES.len() - 1)];
        let mut given: Vec<String> = Vec::new();
        for argument in &field.arguments {
            if arguments.contains(&format!("{}: ", argument.name)) || argument.name == "first" && arguments.contains("last: ") {
                continue;
            }
            if argument.name == "first" {
                given.push(format!("first: {pages}"));
            } else if argument.is_required {
                given.push(format!("{}: {}", argument.name, literal(&self.schema, argument)));
            }
        }
        if !arguments.is_empty() {
            given.push(arguments.to_owned());
        }
        let given = if given.is_empty() { String::new() } else { format!("({})", given.join(", ")) };
        let head = format!("{alias}{}{given}", field.name);
        let mut selection = Selection { text: head, cost: 1, aliases: usize::from(!alias.is_empty()), fields: Vec::new() };
        selection.fields.push((owner.to_owned(), field.name.clone()));
        if kind.is_leaf() {
            return Some(selection);
        }
        let is_wrapper = ["Connection", "Edge", "PageInfo"].iter().any(|end| field.shape.name.ends_with(end));
        let repeats = place.above.contains(&field.shape.name.as_str());
        if place.depth == 0 && !is_wrapper {
            return None;
        }
        let mut above = place.above.clone();
        above.push(&field.shape.name);
        let depth = if is_wrapper {
            place.depth
        } else if repeats {
            0
        } else {
            place.depth - 1
        };
        let is_page = field.has("first");
        // The nodes of a page are asked for in full beside its edges.
        let is_named_only = owner.ends_with("Edge");
        let named = || Selection { text: "__typename".to_owned(), cost: 1, ..Selection::default() };
        let below = if is_named_only {
            named()
        } else {
            self.select(&field.shape.name, &Place { depth, pages: place.pages + usize::from(is_page), above })
        };
        if below.is_empty() {
            return None;
        }
        let rows = if is_page { pages } else { 1 };
        selection.cost += below.cost * rows;
        selection.aliases += below.aliases;
        selection.text = format!("{} {{ {} }}", selection.text, below.text);
        selection.fields.extend(below.fields);
        Some(selection)
    }
}

//! A client's own copy of a collection, kept up to date by what it hears.

use serde_json::{Map, Value, json};
use std::collections::HashMap;

#[derive(Debug, Clone, Default)]
pub struct Copy {
    pub version: i64,
    contents: HashMap<String, Map<String, Value>>,
    parents: HashMap<String, Option<String>>,
    children: HashMap<Option<String>, Vec<String>>,
}

impl Copy {
    /// Takes in an item behind those that are in the folder already.
    pub fn put(&mut self, parent: Option<&String>, id: &str, content: Value) {
        let Value::Object(content) = content else { panic!("an item is an object") };
        self.contents.insert(id.to_owned(), content);
        self.parents.insert(id.to_owned(), parent.cloned());
        self.children.entry(parent.cloned()).or_default().push(id.to_owned());
    }

    /// Does what an entry of activity tells.
    pub fn apply(&mut self, data: &Value) {
        let version = data["version"].as_i64().unwrap();
        if version <= self.version {
            return;
        }
        assert_eq!(version, self.version + 1, "none is missing");
        self.version = version;
        for operation in data["operations"].as_array().unwrap() {
            let (name, told) = operation.as_object().unwrap().iter().next().unwrap();
            let id = told["itemId"].as_str().unwrap_or_default();
            let parent = told["parentId"].as_str().map(ToOwned::to_owned);
            match name.as_str() {
                "addItem" => self.add(parent, told["position"].as_u64(), told["item"].clone()),
                "updateItem" => {
                    let content = self.contents.get_mut(id).unwrap();
                    for (key, value) in told["set"].as_object().unwrap() {
                        content.insert(key.clone(), value.clone());
                    }
                    for key in told["unset"].as_array().unwrap() {
                        content.shift_remove(key.as_str().unwrap());
                    }
                }
                "moveItem" => {
                    self.take(id);
                    self.place(parent, told["position"].as_u64(), id);
                }
                "removeItem" => {
                    self.take(id);
                    self.forget(id);
                }
                other => panic!("{other} is not known"),
            }
        }
    }

    fn add(&mut self, parent: Option<String>, position: Option<u64>, item: Value) {
        let Value::Object(mut content) = item else { panic!("an item is an object") };
        let below = content.get_mut("item").map(|items| std::mem::replace(items, json!([])));
        let id = content["id"].as_str().unwrap().to_owned();
        self.contents.insert(id.clone(), content);
        self.place(parent, position, &id);
        for item in below.iter().flat_map(|items| items.as_array().unwrap()) {
            self.add(Some(id.clone()), None, item.clone());
        }
    }

    fn place(&mut self, parent: Option<String>, position: Option<u64>, id: &str) {
        let siblings = self.children.entry(parent.clone()).or_default();
        let position = position.map_or(siblings.len(), |position| usize::try_from(position).unwrap());
        siblings.insert(position, id.to_owned());
        self.parents.insert(id.to_owned(), parent);
    }

    fn take(&mut self, id: &str) {
        let parent = self.parents.remove(id).unwrap();
        self.children.get_mut(&parent).unwrap().retain(|sibling| sibling != id);
    }

    fn forget(&mut self, id: &str) {
        self.contents.remove(id);
        for child in self.children.remove(&Some(id.to_owned())).unwrap_or_default() {
            self.parents.remove(&child);
            self.forget(&child);
        }
    }

    /// The collection as it would be exported, with what is beside the items from this document.
    pub fn document(&self, beside: &Value) -> String {
        let mut document = beside.clone();
        document["item"] = self.level(None);
        document.to_string()
    }

    fn level(&self, parent: Option<&String>) -> Value {
        let items = self.children.get(&parent.cloned()).into_iter().flatten().map(|id| {
            let mut content = self.contents[id].clone();
            if content.contains_key("item") {
                content["item"] = self.level(Some(id));
            }
            Value::Object(content)
        });
        items.collect()
    }

    /// Something that can be done to it, as far as is known.
    pub fn any_operation(&self, throw: &mut impl FnMut(usize) -> usize, mark: &str) -> Value {
        let mut ids: Vec<&String> = self.contents.keys().collect();
        ids.sort_unstable();
        let folders: Vec<&String> = ids.iter().copied().filter(|id| self.contents[*id].contains_key("item")).collect();
        let item = ids[throw(ids.len())];
        let folder = (throw(10) > 0).then(|| folders[throw(folders.len())]);
        let siblings = self.children.get(&folder.cloned()).map_or(0, Vec::len);
        let position = (throw(3) > 0).then(|| throw(siblings + 1));
        match throw(10) {
            0..=4 => json!({ "updateItem": { "itemId": item, "set": { "name": mark, "x-mark": [mark, 1] }, "unset": ["description"] } }),
            5 => {
                json!({ "addItem": { "parentId": folder, "position": position, "item": { "name": mark, "item": [{ "name": "inner" }, { "name": "inner" }] } } })
            }
            6 | 7 => {
                json!({ "addItem": { "parentId": folder, "position": position, "item": { "name": mark, "request": "https://example.com" } } })
            }
            8 => json!({ "moveItem": { "itemId": item, "parentId": folder, "position": position } }),
            // Folders with much in them stay, or there would soon be nothing left.
            _ if self.contents[item].contains_key("item") => json!({ "updateItem": { "itemId": item, "set": { "name": mark } } }),
            _ => json!({ "removeItem": { "itemId": item } }),
        }
    }
}

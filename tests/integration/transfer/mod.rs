//! Documents and archives over HTTP: out, in, and out again as they were.

mod archive;
mod attacks;
mod export;
mod foreign;

mod import;
mod memory;
mod slow;
mod zips;

use crate::support::Person;
use serde_json::{Value, json};

/// What an endpoint answered, where that is JSON.
#[derive(Debug, Clone)]
pub struct Answered {
    pub status: u16,
    pub body: Value,
}

impl Answered {
    async fn of(response: reqwest::Response) -> Self {
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        Self { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) }
    }

    /// The status and, of an error, its code and reason.
    pub fn outcome(&self) -> String {
        let extensions = &self.body["errors"][0]["extensions"];
        let text = |key: &str| extensions[key].as_str().unwrap_or("-").to_owned();
        if extensions.is_null() { self.status.to_string() } else { format!("{} {}/{}", self.status, text("code"), text("reason")) }
    }

    /// Something that the error says beside.
    pub fn detail(&self, key: &str) -> &Value {
        &self.body["errors"][0]["extensions"][key]
    }

    /// The ids of what was imported.
    pub fn ids(&self) -> Vec<String> {
        assert_eq!(self.status, 201, "{}", self.body);
        self.body["elements"].as_array().unwrap().iter().map(|element| element["id"].as_str().unwrap().to_owned()).collect()
    }
}

fn request(person: &Person, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
    let request = person.client.request(method, person.url.replace("/graphql", path));
    person.token.iter().fold(request, reqwest::RequestBuilder::bearer_auth)
}

/// What is at a path.
pub async fn get(person: &Person, path: &str) -> reqwest::Response {
    request(person, reqwest::Method::GET, path).send().await.unwrap()
}

/// The bytes at a path, which has to be there.
pub async fn bytes(person: &Person, path: &str) -> Vec<u8> {
    let response = get(person, path).await;
    let status = response.status();
    let bytes = response.bytes().await.unwrap().to_vec();
    assert_eq!(status, 200, "{path}: {}", String::from_utf8_lossy(&bytes));
    bytes
}

/// The document of an element.
pub async fn export(person: &Person, element: &str, query: &str) -> Vec<u8> {
    bytes(person, &format!("/elements/{element}/export{query}")).await
}

/// Sends a document or an archive to a workspace.
pub async fn import(person: &Person, workspace: &str, body: impl Into<reqwest::Body>) -> Answered {
    import_with(person, workspace, &[], body).await
}

/// The same with these headers.
pub async fn import_with(person: &Person, workspace: &str, headers: &[(&str, &str)], body: impl Into<reqwest::Body>) -> Answered {
    person.clock.tick();
    let request = request(person, reqwest::Method::POST, &format!("/workspaces/{workspace}/import"));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    Answered::of(request.body(body).send().await.unwrap()).await
}

/// The elements of a workspace, oldest first.
pub async fn elements(person: &Person, workspace: &str) -> Vec<Value> {
    let query = "query($id: ID!, $after: String) { workspace(id: $id) { elements(first: 100, after: $after) {
        nodes { id kind name description sizeBytes } pageInfo { hasNextPage endCursor } } } }";
    let (mut elements, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = person.ask(query, json!({ "id": workspace, "after": after })).await;
        elements.extend(page.list("/workspace/elements/nodes").iter().cloned());
        if page.at("/workspace/elements/pageInfo/hasNextPage") != &json!(true) {
            return elements;
        }
        after = page.at("/workspace/elements/pageInfo/endCursor").clone();
    }
}

/// A document of each kind, and of each format, and what kind it is of.
pub fn documents() -> Vec<(&'static str, Vec<u8>)> {
    let schema = |version: &str| format!("https://schema.getpostman.com/json/collection/v{version}/collection.json");
    let collection = |version: &str| {
        let request = json!({ "url": "https://a.example/{{path}}", "method": "GET", "auth": null, "_odd": [1.50, []] });
        json!({
            "info": { "name": format!("Pets {version}"), "description": "All of them", "schema": schema(version) },
            "item": [{ "name": "F", "item": [{ "name": "One", "request": request }], "x": {} }, { "name": "Two" }],
        })
    };
    let environment = json!({ "id": "e", "name": "Staging", "values": [
        { "key": "host", "value": "a.example", "enabled": true },
        { "key": "token", "value": "hunter2", "type": "secret" },
    ], "_postman_variable_scope": "environment" });
    vec![
        ("COLLECTION", collection("2.1.0").to_string().into_bytes()),
        ("COLLECTION", collection("2.0.0").to_string().into_bytes()),
        ("ENVIRONMENT", environment.to_string().into_bytes()),
        ("ENVIRONMENT", br#"[{"key":"a","value":"1"},{"key":"a","value":null,"disabled":true}]"#.to_vec()),
        ("API", b"openapi: 3.1.0\r\ninfo:\r\n  title: Pets\r\npaths: {}\r\n".to_vec()),
        ("API", br#"{ "swagger": "2.0", "info": { "title": "Old pets" } }"#.to_vec()),
        ("API", "type Query { size: Int } # größe é".as_bytes().to_vec()),
        ("API", b"syntax = \"proto3\";\nmessage Pet {}\n".to_vec()),
    ]
}

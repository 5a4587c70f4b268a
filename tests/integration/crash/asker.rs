//! Somebody who asks until there is an answer, whichever server gives it.

use super::cluster::Cluster;
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Never reached: nobody is without an answer for so long.
const PATIENCE: Duration = Duration::from_secs(90);

/// How long an answer is waited for.
const ANSWER: Duration = Duration::from_secs(10);

/// How long after an answer that did not come the same is asked again.
const AGAIN: Duration = Duration::from_millis(25);

/// A person with a token.
#[derive(Clone)]
pub struct Asker {
    pub id: String,
    pub email: String,
    pub token: String,
    pub cluster: Arc<Cluster>,
    pub http: reqwest::Client,
    /// Which server is asked first.
    pub prefers: usize,
    /// How often something was asked again, by everybody.
    pub repeated: Arc<AtomicUsize>,
    /// How many mutations were acknowledged, to everybody.
    pub acknowledged: Arc<AtomicUsize>,
}

impl Asker {
    /// Asks until it is answered, and answers the data. A refusal fails the test.
    pub async fn ask(&self, query: &str, variables: Value) -> Value {
        let (began, body) = (Instant::now(), json!({ "query": query, "variables": variables }));
        for attempt in 0.. {
            if attempt > 0 {
                self.repeated.fetch_add(1, Ordering::SeqCst);
                tokio::time::sleep(AGAIN).await;
            }
            assert!(began.elapsed() < PATIENCE, "no answer to {body}:\n{}", self.cluster.log());
            let url = format!("http://{}/graphql", self.cluster.address(self.prefers + attempt));
            let request = self.http.post(url).bearer_auth(&self.token).timeout(ANSWER).json(&body);
            // Whatever breaks on the way, the server may have done it.
            let Ok(response) = request.send().await else { continue };
            let Ok(answer) = response.json::<Value>().await else { continue };
            match answer.get("errors") {
                None if answer["data"].is_object() => return answer["data"].clone(),
                Some(errors) if errors[0]["extensions"]["code"] != "INTERNAL_SERVER_ERROR" => panic!("{body}: {answer}"),
                _ => {}
            }
        }
        unreachable!("the numbers do not end");
    }

    /// Runs a mutation under a key of its own until it is acknowledged, and answers its payload.
    pub async fn mutate(&self, key: &str, mutation: &str, selection: &str, mut input: Value) -> Value {
        input["idempotencyKey"] = json!(key);
        let kind = format!("{}{}Input", mutation[..1].to_uppercase(), &mutation[1..]);
        let query = format!("mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {selection} }} }}");
        let data = self.ask(&query, json!({ "input": input })).await;
        self.acknowledged.fetch_add(1, Ordering::SeqCst);
        data[mutation].clone()
    }

    /// Everything of a list after a cursor, a page at a time.
    pub async fn list(&self, list: &Listed, id: Option<&str>, mut after: Option<String>) -> Vec<Value> {
        let (_, field) = list.at.rsplit_once('/').unwrap();
        let page = format!("{field}(first: 100, after: $after) {{ nodes {{ {} }} pageInfo {{ hasNextPage endCursor }} }}", list.nodes);
        let query = list.query.replace('@', &page);
        let mut all = Vec::new();
        loop {
            let data = self.ask(&query, json!({ "after": after, "id": id })).await;
            let page = data.pointer(list.at).unwrap_or_else(|| panic!("{data}"));
            all.extend(page["nodes"].as_array().unwrap().iter().cloned());
            if page["pageInfo"]["hasNextPage"] != true {
                return all;
            }
            after = page["pageInfo"]["endCursor"].as_str().map(str::to_owned);
        }
    }
}

/// A list that can be asked for.
pub struct Listed {
    /// The query, with `@` where the list stands.
    pub query: &'static str,
    /// Where the list is in the answer.
    pub at: &'static str,
    /// What is asked of each of it.
    pub nodes: &'static str,
}

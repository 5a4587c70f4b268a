//! Nobody learns what they may not know, by whatever they ask.
//!
//! A [world] is made in which each text and each id is a marker. Then everybody who is not of the team's own side walks through the whole
//! schema, which is read from the server by introspection, so that what is new in it is walked through too: every root, every field,
//! every argument, every id that exists. What comes back must hold no marker that the person may not know, and for what is hidden be the
//! same as for what was never there.

mod asking;
pub mod database;
mod documents;
mod elements;
mod introspection;
mod live;
mod masks;
mod secrets;
mod things;
mod values;
mod walk;
pub mod world;
mod write;

use crate::support::{TestApp, on_both};
use asking::Walker;
use database::difference;
use documents::Documents;
use futures_util::future::join_all;
use introspection::Schema;
use masks::forbidden;
use secrets::{Actor, Thing, actors};
use serde_json::json;
use things::never;
use world::World;

/// Fields of objects that the walk does not ask for, and why. It asks for whatever can be reached from a root.
const NEVER_ASKED: &[(&str, &str)] = &[];

/// What has an id in its path, beside GraphQL: the method, and the kind of the id. What is sent there is nothing, which nobody takes in.
const ENDPOINTS: &[(&str, &str, &str)] = &[
    ("GET", "/teams/{id}/audit-log.csv", "team"),
    ("GET", "/elements/{id}/export", "element"),
    ("GET", "/workspaces/{id}/archive", "workspace"),
    ("POST", "/workspaces/{id}/import", "workspace"),
];

/// The world, and what is needed to walk through it.
async fn prepare(app: TestApp) -> (World, Documents) {
    let mut world = World::build(app).await;
    let documents = Documents::new(Schema::read(world.who("olga")).await);
    world.take_stock().await;
    (world, documents)
}

fn walkers<'a>(world: &'a World, documents: &'a Documents, things: &'a [Thing], actors: &'a [Actor]) -> Vec<Walker<'a>> {
    actors.iter().map(|actor| Walker::new(world, documents, things, actor)).collect()
}

fn all_findings(walkers: &[Walker<'_>]) -> Vec<String> {
    walkers.iter().flat_map(Walker::findings).collect()
}

fn assert_none(findings: &[String]) {
    let shown: Vec<String> = findings.iter().take(30).map(|finding| finding.chars().take(1_500).collect()).collect();
    assert!(findings.is_empty(), "{} findings, the first of them:\n{}", findings.len(), shown.join("\n"));
}

impl World {
    /// Everything that has an id now; the ids are markers from here on.
    pub async fn take_stock(&mut self) -> Vec<Thing> {
        let things = self.things().await;
        self.secrets.remember_ids(&things);
        things
    }
}

impl Walker<'_> {
    /// What is at paths with ids in them.
    async fn visit_endpoints(&self) {
        for (method, path, kind) in ENDPOINTS {
            let absent = self.at(method, &path.replace("{id}", &never(kind))).await;
            for thing in self.things.iter().filter(|thing| thing.kind == *kind) {
                let (status, body) = self.at(method, &path.replace("{id}", &thing.id)).await;
                self.look(&json!(body), &thing.id, || (*path).to_owned());
                if !self.actor.may_open(&thing.secret)
                    && (status, body.replace(&thing.id, "ID")) != (absent.0, absent.1.replace(&never(kind), "ID"))
                {
                    self.found(format!("can tell {} from what was never there", thing.id), format!("{path}: {status} {body}"));
                }
            }
        }
    }
}

on_both! {
    async fn nobody_learns_what_is_hidden(app) {
        let (mut world, documents) = prepare(app).await;
        let (actors, things) = (actors(), world.take_stock().await);

        // What can be read.
        let readers = walkers(&world, &documents, &things, &actors);
        join_all(readers.iter().map(Walker::read_everything)).await;
        join_all(readers.iter().map(Walker::visit_endpoints)).await;
        assert_none(&all_findings(&readers));
        let kept: Vec<_> = readers.iter().map(Walker::kept).collect();

        // What can be written.
        let before = world.direct.dump().await;
        let writers = walkers(&world, &documents, &things, &actors);
        join_all(writers.iter().map(Walker::write_nothing)).await;
        assert_none(&all_findings(&writers));
        assert_none(&difference(&before, &world.direct.dump().await));

        // What is added where nobody sees it changes no answer, no count and no page.
        world.grow().await;
        let readers = walkers(&world, &documents, &things, &actors);
        join_all(readers.iter().zip(&kept).map(|(reader, kept)| reader.ask_again(kept))).await;
        assert_none(&all_findings(&readers));
        world.grow_among_several().await;
        let readers = walkers(&world, &documents, &things, &actors);
        let others = readers.iter().zip(&kept).filter(|(reader, _)| reader.actor.workspace != Some("multi") || reader.actor.narrowed);
        join_all(others.map(|(reader, kept)| reader.ask_again(kept))).await;
        assert_none(&all_findings(&readers));

        // What comes by itself.
        let listeners = walkers(&world, &documents, &things, &actors);
        let followed = join_all(listeners.iter().map(Walker::follow_everything)).await;
        assert_none(&all_findings(&listeners));
        live::begun().await;
        world.go_on().await;
        world.take_stock().await;
        let mut findings = Vec::new();
        for (actor, followed) in actors.iter().zip(followed) {
            for (shown, events) in join_all(followed.into_iter().map(live::Followed::events)).await {
                let markers = events.iter().flat_map(|event| forbidden(&world.secrets, actor, event, &shown));
                findings.extend(markers.map(|marker| format!("{}: is told {marker}\n    {shown}", actor.title)));
            }
        }
        assert_none(&findings);

        // What takes no id; and then nothing is left that nobody has tried.
        let writers = walkers(&world, &documents, &things, &actors);
        join_all(writers.iter().map(Walker::write_plainly)).await;
        assert_none(&all_findings(&writers));
        let mut never_asked = documents.never_asked();
        never_asked.retain(|field| !NEVER_ASKED.iter().any(|(known, _)| known == field));
        assert!(never_asked.is_empty(), "the walk did not reach {never_asked:?}: make it, or say in NEVER_ASKED why it cannot");
    }

    async fn a_leak_is_noticed(app) {
        let (mut world, documents) = prepare(app).await;
        let things = world.take_stock().await;
        let who = |title: &str| actors().into_iter().find(|actor| actor.title == title).unwrap();
        let (editor, lead) = (who("LEAD_EDITOR"), who("Lead among several"));
        // As if it were a secret from people what they work with.
        for (actor, leaked) in [
            (editor.clone(), None),
            (Actor { people: &[], ..editor.clone() }, Some("MK-person-")),
            (Actor { edits: false, ..editor }, Some("MK-secret-")),
            (Actor { narrowed: true, ..lead }, Some("MK-talk-")),
        ] {
            let walker = Walker::new(&world, &documents, &things, &actor);
            walker.read_everything().await;
            let findings = walker.findings();
            let learnt = |what: &str| findings.iter().any(|finding| finding.contains(&format!("learns {what}")));
            assert!(leaked.map_or(findings.is_empty(), learnt), "{leaked:?}: {findings:?}");
        }
    }
}

//! A team of people and workspaces, put into a database directly.

use crate::support::Kind;
use crate::support::app::on_runtime;
use crate::support::database::FreshDatabase;
use portico::app::model::{Request, Team, TeamMember, User, Workspace};
use portico::app::paging::PageRequest;
use portico::app::ports::{NewMember, Store, Tx};
use portico::domain::activity::SubjectRef;
use portico::domain::request::{RequestKind, RequestStatus};
use portico::domain::team::{Plan, Policies};
use portico::domain::{Side, TeamRole, Timestamp, UserId, Visibility, WorkspaceId, WorkspaceRole, days};
use portico::store::{Database, Options};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use type_safe_id::{StaticType, TypeSafeId};
use uuid::Uuid;

pub const NOW: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

/// Ids in the order of their making.
pub fn id<K: StaticType>() -> TypeSafeId<K> {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    TypeSafeId::from_uuid(Uuid::from_u128(u128::from(NEXT.fetch_add(1, Ordering::Relaxed)) | 0x7000_8000_0000_0000_0000))
}

/// Runs a story on a fresh database with the newest schema.
pub fn run<F: Future<Output = ()>>(kind: Kind, story: impl FnOnce(Arc<TestDatabase>) -> F) {
    let fresh = FreshDatabase::create(kind);
    on_runtime(async {
        let database = Database::connect(&fresh.url, Options { connections: 4, ..Options::default() }).await.expect("it opens");
        database.migrate().await.expect("it migrates");
        story(Arc::new(TestDatabase { database, fresh })).await;
    });
}

/// The database of one test, and where it is.
pub struct TestDatabase {
    database: Database,
    pub fresh: FreshDatabase,
}

impl std::ops::Deref for TestDatabase {
    type Target = Database;

    fn deref(&self) -> &Database {
        &self.database
    }
}

/// A team of people and workspaces to tell stories about.
pub struct World {
    database: Arc<TestDatabase>,
    pub team: Team,
}

impl World {
    pub async fn new(database: &Arc<TestDatabase>) -> Self {
        let team = Team {
            id: id(),
            name: "Acme".into(),
            slug: format!("acme-{}", id::<portico::domain::id::kind::Team>().uuid().simple()),
            plan: Plan::Enterprise,
            policies: Policies::default(),
            created_at: NOW,
        };
        let world = Self { database: Arc::clone(database), team };
        let tx = world.begin().await;
        assert!(tx.insert_team(&world.team).await.expect("inserted"));
        tx.commit().await.expect("committed");
        world
    }

    pub async fn begin(&self) -> Box<dyn Tx> {
        self.database.begin().await.expect("begun")
    }

    pub async fn user(&self, name: &str) -> UserId {
        let user = User {
            id: id(),
            email: format!("{name}-{}@Example.com", id::<portico::domain::id::kind::User>().uuid().simple()),
            name: name.into(),
            created_at: NOW,
        };
        let tx = self.begin().await;
        assert!(tx.insert_user(&user, &user.email.to_lowercase()).await.expect("inserted"));
        tx.commit().await.expect("committed");
        user.id
    }

    pub async fn join(&self, user: UserId, roles: &[TeamRole]) {
        let tx = self.begin().await;
        let member = TeamMember {
            id: id(),
            team_id: self.team.id,
            user_id: user,
            roles: roles.iter().copied().collect(),
            organization_id: None,
            joined_at: NOW,
        };
        assert!(tx.insert_team_member(&member).await.expect("inserted"));
        tx.commit().await.expect("committed");
    }

    pub async fn member(&self, name: &str, roles: &[TeamRole]) -> UserId {
        let user = self.user(name).await;
        self.join(user, roles).await;
        user
    }

    pub async fn workspace(&self, by: UserId, name: &str, visibility: Visibility, left_partner_at: Option<Timestamp>) -> WorkspaceId {
        let workspace = Workspace {
            id: id(),
            team_id: self.team.id,
            name: name.into(),
            summary: String::new(),
            description: String::new(),
            visibility,
            multi_partner: false,
            version: 1,
            created_at: NOW,
            created_by: by,
            updated_at: NOW,
            updated_by: by,
            left_partner_at,
        };
        let tx = self.begin().await;
        tx.insert_workspace(&workspace).await.expect("inserted");
        tx.commit().await.expect("committed");
        workspace.id
    }

    pub async fn grant(&self, workspace: WorkspaceId, user: UserId, side: Side, role: WorkspaceRole) -> bool {
        self.grant_at(workspace, user, side, role, NOW).await
    }

    pub async fn grant_at(&self, workspace: WorkspaceId, user: UserId, side: Side, role: WorkspaceRole, granted_at: Timestamp) -> bool {
        let tx = self.begin().await;
        let member = NewMember {
            id: id(),
            team_id: self.team.id,
            workspace_id: workspace,
            subject: SubjectRef::Person { user_id: user },
            side,
            role,
            partner_lead: false,
            organization_id: None,
            granted_by: user,
            granted_at,
            expires_at: None,
        };
        let inserted = tx.insert_member(&member).await.expect("inserted");
        tx.commit().await.expect("committed");
        inserted
    }

    /// There is no use case yet that gives a grant an end.
    pub async fn expire(&self, workspace: WorkspaceId, user: UserId, at: Timestamp) {
        raw(
            &self.database,
            "UPDATE workspace_member SET expires_at = $3 WHERE workspace_id = $1 AND user_id = $2",
            vec![workspace.uuid().into(), user.uuid().into(), at.as_micros().into()],
        )
        .await;
    }
}

pub async fn raw(database: &TestDatabase, text: &str, values: Vec<sea_orm::Value>) {
    use sea_orm::ConnectionTrait;
    let connection = sea_orm::Database::connect(&database.fresh.url).await.expect("it opens");
    let statement = sea_orm::Statement::from_sql_and_values(database.backend(), text, values);
    connection.execute_raw(statement).await.expect("it runs");
    connection.close().await.expect("it closes");
}

pub fn first(size: i32, after: Option<Uuid>) -> PageRequest<Uuid> {
    PageRequest::new(Some(size), after, None, None).expect("in range")
}

pub fn last(size: i32, before: Option<Uuid>) -> PageRequest<Uuid> {
    PageRequest::new(None, None, Some(size), before).expect("in range")
}

pub fn request_for(world: &World, workspace: WorkspaceId, by: UserId, kind: RequestKind) -> Request {
    Request {
        id: id(),
        team_id: world.team.id,
        workspace_id: workspace,
        workspace_name: "Docs".into(),
        kind,
        requester_id: by,
        note: None,
        status: RequestStatus::Pending,
        reviewer_id: None,
        comment: None,
        created_at: NOW,
        decided_at: None,
        expires_at: NOW + days(15),
    }
}

//! What documents are.

use crate::domain::document::environment::Scope;
use crate::domain::element::ElementFormat;
use async_graphql::Enum;

/// What the variables of an environment are there for.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "Scope")]
pub enum EnvironmentScope {
    /// One of several environments.
    Environment,
    /// All of a workspace.
    Globals,
}

impl EnvironmentScope {
    /// The scope of an environment that is kept in this format.
    pub const fn of(kept_in: ElementFormat) -> Self {
        if matches!(kept_in, ElementFormat::Globals) { Self::Globals } else { Self::Environment }
    }
}

/// The language of an API definition.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::document::definition::DefinitionKind")]
pub enum DefinitionKind {
    /// OpenAPI 2.0, also known as Swagger.
    #[graphql(name = "OPENAPI_2_0")]
    OpenApi2,
    /// OpenAPI 3.0.
    #[graphql(name = "OPENAPI_3_0")]
    OpenApi30,
    /// OpenAPI 3.1.
    #[graphql(name = "OPENAPI_3_1")]
    OpenApi31,
    /// The schema definition language of GraphQL.
    GraphqlSdl,
    /// RAML.
    Raml,
    /// Protocol buffers.
    Protobuf,
    /// WSDL.
    Wsdl,
}

/// What an API definition is written in.
#[derive(Debug, Enum, Copy, Clone, PartialEq, Eq)]
#[graphql(remote = "crate::domain::document::definition::Syntax")]
pub enum DefinitionSyntax {
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// A language of its own.
    Text,
    /// XML.
    Xml,
}

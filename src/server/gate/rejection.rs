//! Why a document is refused, in words for the client.

use async_graphql::Pos;

/// A document that the gate does not let through. Its text is public.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Rejection {
    /// The text is longer than allowed.
    #[error("The document has {bytes} bytes; at most {limit} are allowed.")]
    DocumentTooLarge {
        /// Bytes received.
        bytes: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The text is not GraphQL.
    #[error("Syntax error: {message}.")]
    Syntax {
        /// What is wrong, as the end of a sentence.
        message: String,
        /// Where it was noticed, if at one place.
        location: Option<Pos>,
    },
    /// One of the counts is above its limit.
    #[error("{excess} At most {limit} are allowed.")]
    TooMuch {
        /// What there is too much of.
        excess: Excess,
        /// The limit that was passed.
        limit: u64,
    },
    /// A fragment contains itself.
    #[error("Fragment \"{fragment}\" contains itself.")]
    FragmentCycle {
        /// Name of one fragment on the cycle.
        fragment: String,
        /// Where that fragment is defined.
        location: Pos,
    },
    /// No operation reaches a fragment.
    #[error("Fragment \"{fragment}\" is never used.")]
    UnusedFragment {
        /// Name of the fragment.
        fragment: String,
        /// Where it is defined.
        location: Pos,
    },
    /// `operationName` names no operation of the document.
    #[error("The document has no operation named \"{name}\".")]
    UnknownOperation {
        /// The name asked for, shortened.
        name: String,
    },
    /// The document has several operations and the request does not say which to run.
    #[error("The document has several operations; operationName must name the one to run.")]
    OperationNameRequired,
    /// A variable that may not be null has no value.
    #[error("Variable \"${name}\" of required type \"{kind}\" was not provided.")]
    VariableRequired {
        /// Name of the variable, without the dollar sign.
        name: String,
        /// Its type as written in the document.
        kind: String,
        /// Where it is defined.
        location: Pos,
    },
}

/// A count that has a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Excess {
    /// Lexical tokens.
    #[error("The document has too many tokens.")]
    Tokens,
    /// Open brackets, levels of fields or levels of selection sets.
    #[error("The document is nested too deeply.")]
    Depth,
    /// Lists of the introspection system inside one another.
    #[error("Introspection lists are nested too deeply.")]
    IntrospectionDepth,
    /// Operations.
    #[error("The document has too many operations.")]
    Operations,
    /// Expanded selections.
    #[error("The document selects too much once its fragments are expanded.")]
    Selections,
    /// Cost of an operation.
    #[error("The operation costs too much; ask for fewer fields or smaller pages.")]
    Cost,
    /// Aliased fields.
    #[error("The operation has too many aliases.")]
    Aliases,
    /// Directives.
    #[error("The operation has too many directives.")]
    Directives,
    /// Fields at the root.
    #[error("The operation has too many root fields.")]
    RootFields,
}

impl Rejection {
    /// `extensions.code` of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "GRAPHQL_PARSE_FAILED",
            _ => "GRAPHQL_VALIDATION_FAILED",
        }
    }

    /// `extensions.reason` of the error.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        match self {
            Self::DocumentTooLarge { .. } => "DOCUMENT_TOO_LARGE",
            Self::Syntax { .. } => "SYNTAX_ERROR",
            Self::FragmentCycle { .. } => "FRAGMENT_CYCLE",
            Self::UnusedFragment { .. } => "UNUSED_FRAGMENT",
            Self::UnknownOperation { .. } => "UNKNOWN_OPERATION",
            Self::OperationNameRequired => "OPERATION_NAME_REQUIRED",
            Self::VariableRequired { .. } => "VARIABLE_REQUIRED",
            Self::TooMuch { excess, .. } => match excess {
                Excess::Tokens => "TOO_MANY_TOKENS",
                Excess::Depth => "TOO_DEEP",
                Excess::IntrospectionDepth => "INTROSPECTION_TOO_DEEP",
                Excess::Operations => "TOO_MANY_OPERATIONS",
                Excess::Selections => "TOO_MANY_SELECTIONS",
                Excess::Cost => "TOO_COSTLY",
                Excess::Aliases => "TOO_MANY_ALIASES",
                Excess::Directives => "TOO_MANY_DIRECTIVES",
                Excess::RootFields => "TOO_MANY_ROOT_FIELDS",
            },
        }
    }

    /// Where in the document the fault lies, when it lies at one place.
    #[must_use]
    pub fn location(&self) -> Option<Pos> {
        match self {
            Self::Syntax { location, .. } => *location,
            Self::FragmentCycle { location, .. } | Self::UnusedFragment { location, .. } | Self::VariableRequired { location, .. } => {
                Some(*location)
            }
            _ => None,
        }
    }
}

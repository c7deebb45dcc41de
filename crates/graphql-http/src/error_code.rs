//! The stable vocabulary of `extensions.code`, and the HTTP status that goes with each word.

use std::fmt;

use http::StatusCode;

/// Why a request was refused or failed. The text of [`ErrorCode::as_str`] is what clients may match on; it never
/// changes meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorCode {
    /// The HTTP request is not a GraphQL-over-HTTP request: body is not JSON, `query` is missing, a member has the wrong type.
    BadRequest,
    /// The document is not GraphQL.
    ParseFailed,
    /// The document is GraphQL, but not for this schema.
    ValidationFailed,
    /// A variable or argument value does not fit its type.
    BadUserInput,
    /// `operationName` names no operation, or is needed and missing.
    OperationResolutionFailure,
    /// The operation could return more than the server is willing to compute.
    QueryTooCostly,
    /// The selections nest too deeply.
    QueryTooDeep,
    /// More aliases than allowed.
    TooManyAliases,
    /// More directives than allowed.
    TooManyDirectives,
    /// The document has too many bytes or tokens.
    DocumentTooLarge,
    /// A mutation would run one root field more than once under the same response key.
    RepeatedMutationField,
    /// Introspection is switched off.
    IntrospectionDisabled,
    /// A batch has more entries than allowed, or batches are refused.
    BatchTooLarge,
    /// The request body has too many bytes.
    PayloadTooLarge,
    /// The HTTP method cannot be used here, or cannot be used for a mutation.
    MethodNotAllowed,
    /// The request body is not `application/json` in UTF-8.
    UnsupportedMediaType,
    /// The client accepts no media type that this server can produce.
    NotAcceptable,
    /// The client took too long to send its request.
    RequestTimeout,
    /// The server took too long to answer.
    Timeout,
    /// A fault of the server; `extensions.requestId` finds it in the log.
    Internal,
    /// The hash of an automatic persisted query is not known: send it again with the document.
    PersistedQueryNotFound,
    /// The hash of an automatic persisted query is not the hash of the document sent with it.
    PersistedQueryMismatch,
    /// Automatic persisted queries are switched off: send the document.
    PersistedQueryNotSupported,
    /// The server runs only documents that it knows beforehand, and this is none of them.
    DocumentNotTrusted,
    /// The caller has asked for too much lately; `extensions.retryAfter` says in how many seconds to come again.
    Throttled,
    /// Whoever keeps the connection open may not go on by what they have shown.
    Unauthenticated,
    /// Something that the server needs does not answer; the same request may work in a moment.
    ServiceUnavailable,
    /// A page of this origin may not open a WebSocket here.
    OriginNotAllowed,
    /// The server keeps no more WebSockets and event streams open.
    TooManyConnections,
    /// More operations are in flight on one WebSocket than allowed, or more subscriptions on the whole server.
    TooManyOperations,
    /// The server is shutting down and begins nothing that stays open.
    ShuttingDown,
}

impl ErrorCode {
    /// The text sent as `extensions.code`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BAD_REQUEST",
            Self::ParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::ValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::OperationResolutionFailure => "OPERATION_RESOLUTION_FAILURE",
            Self::QueryTooCostly => "QUERY_TOO_COSTLY",
            Self::QueryTooDeep => "QUERY_TOO_DEEP",
            Self::TooManyAliases => "TOO_MANY_ALIASES",
            Self::TooManyDirectives => "TOO_MANY_DIRECTIVES",
            Self::DocumentTooLarge => "DOCUMENT_TOO_LARGE",
            Self::RepeatedMutationField => "REPEATED_MUTATION_FIELD",
            Self::IntrospectionDisabled => "INTROSPECTION_DISABLED",
            Self::BatchTooLarge => "BATCH_TOO_LARGE",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::MethodNotAllowed => "METHOD_NOT_ALLOWED",
            Self::UnsupportedMediaType => "UNSUPPORTED_MEDIA_TYPE",
            Self::NotAcceptable => "NOT_ACCEPTABLE",
            Self::RequestTimeout => "REQUEST_TIMEOUT",
            Self::Timeout => "TIMEOUT",
            Self::Internal => "INTERNAL",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::PersistedQueryMismatch => "PERSISTED_QUERY_MISMATCH",
            Self::PersistedQueryNotSupported => "PERSISTED_QUERY_NOT_SUPPORTED",
            Self::DocumentNotTrusted => "DOCUMENT_NOT_TRUSTED",
            Self::Throttled => "THROTTLED",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::ServiceUnavailable => "SERVICE_UNAVAILABLE",
            Self::OriginNotAllowed => "ORIGIN_NOT_ALLOWED",
            Self::TooManyConnections => "TOO_MANY_CONNECTIONS",
            Self::TooManyOperations => "TOO_MANY_OPERATIONS",
            Self::ShuttingDown => "SHUTTING_DOWN",
        }
    }

    /// The HTTP status of an answer that consists of this error only, under `application/graphql-response+json`.
    #[must_use]
    pub const fn status(self) -> StatusCode {
        match self {
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::PayloadTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::RequestTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
            Self::OriginNotAllowed => StatusCode::FORBIDDEN,
            Self::Throttled | Self::TooManyOperations => StatusCode::TOO_MANY_REQUESTS,
            Self::Timeout | Self::TooManyConnections | Self::ShuttingDown | Self::ServiceUnavailable => {
                StatusCode::SERVICE_UNAVAILABLE
            }
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Whether the HTTP request was well formed and only the GraphQL inside it was refused. Such an answer has status 200
    /// under `application/json`, because clients of that media type cannot tell a 4xx of ours from one of a proxy.
    #[must_use]
    pub const fn is_graphql_level(self) -> bool {
        matches!(
            self,
            Self::ParseFailed
                | Self::ValidationFailed
                | Self::BadUserInput
                | Self::OperationResolutionFailure
                | Self::QueryTooCostly
                | Self::QueryTooDeep
                | Self::TooManyAliases
                | Self::TooManyDirectives
                | Self::DocumentTooLarge
                | Self::RepeatedMutationField
                | Self::IntrospectionDisabled
                | Self::PersistedQueryNotFound
                | Self::PersistedQueryMismatch
                | Self::PersistedQueryNotSupported
                | Self::DocumentNotTrusted
        )
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

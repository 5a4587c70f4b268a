//! Why something was refused, in words that a program can act on.

use serde::{Deserialize, Serialize};
use strum::{Display, VariantArray};

/// The coarse class of a refusal: `extensions.code` of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Code {
    /// Nobody is signed in, or the token is not (or no longer) good.
    Unauthenticated,
    /// The caller sees the object and may not do this with it.
    Forbidden,
    /// There is no such object, as far as this caller may know.
    NotFound,
    /// An argument is wrong in itself.
    BadUserInput,
    /// Somebody else was first, or the caller's picture is out of date.
    Conflict,
    /// The object is not in a state in which this can be done.
    FailedPrecondition,
    /// Too much in too short a time.
    RateLimited,
    /// Something broke on our side; the cause is in the server's log only.
    InternalServerError,
}

/// The fine reason of a refusal: `extensions.reason` of an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Display, VariantArray, Serialize, Deserialize)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// The operation needs a signed-in user.
    SignInRequired,
    /// The access token is unknown, malformed, expired or revoked.
    InvalidToken,
    /// The code to sign in with is wrong, was used or replaced, or has ended; or too many were tried.
    InvalidCode,
    /// More of this than is good in so short a time.
    TooManyRequests,
    /// Nothing with this id that the caller may know of.
    UnknownId,
    /// The id is not of the form, or not of the kind, that is needed here.
    MalformedId,
    /// None of the caller's roles gives this.
    RoleRequired,
    /// The policy of the team reserves this for people that the caller does not belong to.
    ReservedByPolicy,
    /// A reviewer has to approve this first.
    ApprovalRequired,
    /// The team's plan does not have this.
    PlanRequired,
    /// The value is empty.
    Empty,
    /// The value is longer than allowed.
    TooLong,
    /// The value is not of the form that is needed.
    InvalidFormat,
    /// The number or moment lies outside the allowed range.
    OutOfRange,
    /// More items than one call may carry.
    TooMany,
    /// Two arguments exclude each other.
    ContradictoryArguments,
    /// The cursor is malformed or belongs to another list.
    InvalidCursor,
    /// What came right after the cursor is not kept any more.
    CursorExpired,
    /// The name is taken.
    AlreadyTaken,
    /// The object has changed since the version that the caller named.
    StaleVersion,
    /// The same key came with another input before.
    IdempotencyKeyReused,
    /// A final decision exists already.
    AlreadyDecided,
    /// A request for this workspace is pending already, or a pull request of this fork is open.
    RequestPending,
    /// The workspace has that visibility already.
    VisibilityUnchanged,
    /// Nothing can be made personal.
    CannotBecomePersonal,
    /// The workspace is a partner workspace.
    VisibilityIsPartner,
    /// The workspace is not a partner workspace.
    VisibilityIsNotPartner,
    /// The workspace is public.
    VisibilityIsPublic,
    /// The workspace is personal.
    VisibilityIsPersonal,
    /// Partners, or open invitations to partners, are left in the workspace.
    PartnersRemain,
    /// It would leave the team or the workspace without an Admin.
    LastAdmin,
    /// The person is no member of the team.
    NotTeamMember,
    /// The person is in the team already.
    AlreadyMember,
    /// The person is a partner of this team, and nobody is on both sides.
    IsPartner,
    /// The person is a member of the team, and nobody is on both sides.
    IsTeamMember,
    /// The group is not of the side that is needed here.
    WrongSide,
    /// The address does not tell which organization it belongs to, so the inviter has to name one.
    OrganizationRequired,
    /// Anybody can have an address of this mail domain, so it belongs to no organization.
    PublicMailDomain,
    /// The role cannot be given by hand, or not on this side.
    RoleNotAssignable,
    /// Only a Super Admin may appoint or dismiss a Super Admin once there is one.
    SuperAdminOnly,
    /// The person or group is not of the caller's own organization.
    OutsideOrganization,
    /// The role is above the caller's own.
    AboveOwnRole,
    /// A Partner Lead cannot manage another Lead, or make one.
    LeadProtected,
    /// It belongs to somebody else.
    NotYours,
    /// The object is not in the state in which this can be done.
    WrongState,
    /// The source or target is out of the caller's reach or not of a fitting kind.
    TargetNotAllowed,
    /// The element that the fork was taken from is gone, or out of the caller's reach.
    ParentOutOfReach,
    /// The fork is gone, or in the trash.
    ForkGone,
    /// The element is not a fork.
    NotAFork,
    /// There is no conflict at the path that a resolution names.
    NoConflict,
    /// It is where it is to go, or belongs to what it is to belong to, already.
    AlreadyThere,
    /// It is larger than what can be kept.
    TooLarge,
    /// The document is no JSON, or not well formed in the format that it claims to be of.
    MalformedDocument,
    /// The document is well formed, but not of the shape that its format asks for.
    InvalidDocument,
    /// The format, or this version of it, is not one that can be read or written here.
    UnsupportedFormat,
    /// Folders are nested deeper than allowed.
    TooDeep,
    /// The collection has no item with this id.
    UnknownItem,
    /// The collection has an item with this id already.
    DuplicateItem,
    /// The item is a request, and holds no other items.
    NotAFolder,
    /// An item cannot be moved under itself.
    UnderItself,
    /// The element is not of the kind that is needed here.
    WrongKind,
    /// The workspace that it came from is gone, so another one has to be named.
    WorkspaceRequired,
    /// The archive is damaged, or holds more than its manifest says or than is good.
    MalformedArchive,
    /// No key is configured that opens this secret.
    KeyMissing,
    /// Everybody concerned is told of this: nobody switches it off.
    Mandatory,
    /// Nobody gets a mail of this.
    NeverMailed,
    /// It carried a code or a link that is forgotten by now.
    SecretForgotten,
    /// Its time is over.
    Expired,
    /// The server could not do it; try again later.
    Unavailable,
    /// Something broke on our side.
    Internal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_are_written_in_screaming_snake_case() {
        for reason in Reason::VARIANTS {
            let text = reason.to_string();
            assert!(text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'), "{text}");
        }
        assert_eq!(Reason::VisibilityIsPartner.to_string(), "VISIBILITY_IS_PARTNER");
        assert_eq!(Code::FailedPrecondition.to_string(), "FAILED_PRECONDITION");
    }
}

//! What mails are about, when they are sent and sent again, and whose affair they are.

use super::notification::{Channel, NotificationKind};
use super::{TeamId, Timestamp, Visibility, days};
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

const SIGN_IN_CODE: &str = "SIGN_IN_CODE";
const DIGEST: &str = "DIGEST";

/// How often a mail is tried before it is given up.
pub const MAX_ATTEMPTS: i32 = 8;

/// The longest that is waited after the first try that fails.
const FIRST_WAIT: Duration = Duration::from_secs(30);

/// The longest that is waited at all. With it all waits together are 12 to 23 hours: a server that is away for a night still gets its mails.
const LONGEST_WAIT: Duration = Duration::from_hours(12);

/// The time of day, UTC, when digests go out.
const DIGEST_HOUR: Duration = Duration::from_hours(7);

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// Something that its recipient is told of.
    Notice(NotificationKind),
    /// The code with which its recipient signs in.
    SignInCode,
    /// All that its recipient is told of in a day.
    Digest,
}

impl MailKind {
    /// Whether its recipient can switch it off, and so finds in it how.
    #[must_use]
    pub const fn is_optional(self) -> bool {
        match self {
            Self::Notice(kind) => kind.is_optional(Channel::Email),
            Self::SignInCode => false,
            Self::Digest => true,
        }
    }

    /// What may be sent again after it was given up. A code or the link of an invitation is forgotten by then: they are asked for anew.
    #[must_use]
    pub const fn can_be_requeued(self) -> bool {
        !matches!(self, Self::SignInCode | Self::Notice(NotificationKind::InvitationReceived))
    }
}

impl fmt::Display for MailKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Notice(kind) => kind.fmt(f),
            Self::SignInCode => f.write_str(SIGN_IN_CODE),
            Self::Digest => f.write_str(DIGEST),
        }
    }
}

impl FromStr for MailKind {
    type Err = strum::ParseError;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        match name {
            SIGN_IN_CODE => Ok(Self::SignInCode),
            DIGEST => Ok(Self::Digest),
            _ => name.parse().map(Self::Notice),
        }
    }
}

/// Whose affair a mail is: those who read the audit log of the team learn that it could not be delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Affair {
    /// The team.
    pub team: TeamId,
    /// Whether it is about partners, so that a Partner Manager learns of it.
    pub about_partners: bool,
}

impl Affair {
    /// An affair of the team's own side.
    #[must_use]
    pub const fn of_team(team: TeamId) -> Self {
        Self { team, about_partners: false }
    }

    /// An affair of a workspace of this visibility.
    #[must_use]
    pub const fn of_workspace(team: TeamId, visibility: Visibility) -> Self {
        Self { team, about_partners: matches!(visibility, Visibility::Partner) }
    }

    /// What two affairs have in common. None: they are not of one team.
    #[must_use]
    pub fn and(self, other: Self) -> Option<Self> {
        (self.team == other.team).then_some(Self { team: self.team, about_partners: self.about_partners && other.about_partners })
    }
}

/// When to try again after so many attempts; never after the last. `chance` picks a moment of the later half of the wait, so that many mails that failed
/// together do not all come again together.
#[must_use]
pub fn next_try(attempts: i32, now: Timestamp, chance: u32) -> Option<Timestamp> {
    if attempts >= MAX_ATTEMPTS {
        return None;
    }
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).saturating_mul(2).min(16);
    let half = FIRST_WAIT.saturating_mul(1 << doublings).min(LONGEST_WAIT) / 2;
    Some(now + half + half.mul_f64(f64::from(chance) / f64::from(u32::MAX)))
}

/// When what is to be told now goes out with the digest: at the next seven o'clock, UTC.
#[must_use]
pub fn digest_due(now: Timestamp) -> Timestamp {
    let day = i64::try_from(days(1).as_micros()).unwrap_or(i64::MAX);
    let midnight = Timestamp::from_micros(now.as_micros() - now.as_micros().rem_euclid(day));
    let due = midnight + DIGEST_HOUR;
    if due > now { due } else { due + days(1) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use strum::VariantArray;

    const HOUR: i64 = 3_600_000_000;

    #[test]
    fn every_kind_is_found_by_its_name() {
        let kinds = NotificationKind::VARIANTS.iter().copied().map(MailKind::Notice).chain([MailKind::SignInCode, MailKind::Digest]);
        for kind in kinds {
            assert_eq!(kind.to_string().parse(), Ok(kind));
            assert!(kind.can_be_requeued() || !kind.is_optional(), "{kind}: what can be switched off holds nothing that is forgotten");
        }
        assert!("NONSENSE".parse::<MailKind>().is_err());
    }

    proptest! {
        #[test]
        fn each_try_waits_longer_and_the_last_is_the_last(chances in prop::array::uniform8(any::<u32>())) {
            let start = Timestamp::from_micros(0);
            let waits: Vec<_> = (1..MAX_ATTEMPTS).zip(chances).map(|(attempts, chance)| next_try(attempts, start, chance)).collect();
            prop_assert!(waits.iter().all(|wait| wait.is_some_and(|wait| wait >= start + FIRST_WAIT / 2 && wait <= start + LONGEST_WAIT)));
            prop_assert!(waits[..6].windows(2).all(|pair| pair[0] < pair[1]), "{:?}", waits);
            prop_assert_eq!(next_try(MAX_ATTEMPTS, start, chances[7]), None);
            let total: i64 = waits.iter().flatten().map(|wait| wait.as_micros()).sum();
            prop_assert!((23 * HOUR / 2..=47 * HOUR / 2).contains(&total), "given up after {} hours", total / HOUR);
        }

        #[test]
        fn a_digest_goes_out_at_seven_within_a_day(now in -1_000_000 * HOUR..1_000_000 * HOUR) {
            let due = digest_due(Timestamp::from_micros(now)).as_micros();
            prop_assert!(due > now && due <= now + 24 * HOUR);
            prop_assert_eq!(due.rem_euclid(24 * HOUR), 7 * HOUR);
        }
    }

    #[test]
    fn mails_that_failed_together_come_again_apart() {
        let start = Timestamp::from_micros(0);
        assert!(next_try(1, start, 0) < next_try(1, start, u32::MAX / 2));
        assert_eq!(next_try(1, start, u32::MAX), Some(start + FIRST_WAIT));
    }

    #[test]
    fn what_affairs_have_in_common_is_told_to_nobody_who_may_not_know_all_of_it() {
        let (one, other) =
            ("team_01h455vb4pex5vsknk084sn02q".parse().expect("an id"), "team_01h455vb4pex5vsknk084sn02r".parse().expect("an id"));
        let partners = Affair::of_workspace(one, Visibility::Partner);
        assert!(partners.about_partners && !Affair::of_workspace(one, Visibility::Private).about_partners);
        assert_eq!(partners.and(Affair::of_team(one)), Some(Affair::of_team(one)));
        assert_eq!(partners.and(Affair::of_team(other)), None);
    }
}

//! What was found, and what was looked at.

use std::collections::BTreeMap;
use std::fmt;
use strum::IntoEnumIterator;

/// The most findings of one kind that are told one by one.
pub const MOST: usize = 20;

/// What can be wrong with a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, strum::Display, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum FindingKind {
    /// It has not the schema of this program.
    OtherSchema,
    /// Its file is damaged, or its rows break the database's own rules.
    Damage,
    /// A row names another one that is not there.
    DanglingReference,
    /// A row's owner is gone, and no foreign key says so.
    Orphan,
    /// Rows say different things of the same.
    Disagreement,
    /// A feed has holes or doubles, or does not end where it says.
    FeedNotDense,
    /// A node has other bytes than its hash says.
    WrongHash,
    /// A node is needed and not there.
    MissingNode,
    /// A node that is needed cannot be read.
    UnreadableNode,
}

/// The findings of one kind.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Findings {
    told: Vec<String>,
    total: u64,
}

/// What a look at a database has found.
///
/// ```
/// use portico::app::check::{FindingKind, Report};
///
/// let mut report = Report::default();
/// report.looked_at("feeds", 3);
/// assert!(report.is_clean());
/// report.add(FindingKind::Orphan, "feed 01979c…: its workspace or user is gone".to_owned());
/// assert_eq!(
///     report.to_string(),
///     "ORPHAN feed 01979c…: its workspace or user is gone\nLooked at: feeds 3.\nFound: 1.\n"
/// );
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    looked_at: Vec<(&'static str, u64)>,
    findings: BTreeMap<FindingKind, Findings>,
}

impl Report {
    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// How many findings of this kind there are.
    #[must_use]
    pub fn count(&self, kind: FindingKind) -> u64 {
        self.findings.get(&kind).map_or(0, |findings| findings.total)
    }

    /// Adds a finding.
    pub fn add(&mut self, kind: FindingKind, what: String) {
        let findings = self.findings.entry(kind).or_default();
        findings.total += 1;
        if findings.told.len() < MOST {
            findings.told.push(what);
        }
    }

    /// Adds findings of which only the first are known, and how many there are in all.
    pub fn add_all(&mut self, kind: FindingKind, first: impl IntoIterator<Item = String>, total: i64) {
        let mut left = u64::try_from(total).unwrap_or(0);
        for what in first {
            self.add(kind, what);
            left = left.saturating_sub(1);
        }
        if left > 0 {
            self.findings.entry(kind).or_default().total += left;
        }
    }

    /// Says how much of something was looked at, beside what was before.
    pub fn looked_at(&mut self, what: &'static str, count: u64) {
        match self.looked_at.iter_mut().find(|(known, _)| *known == what) {
            Some((_, sum)) => *sum += count,
            None => self.looked_at.push((what, count)),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for kind in FindingKind::iter() {
            let Some(findings) = self.findings.get(&kind) else { continue };
            for what in &findings.told {
                writeln!(f, "{kind} {what}")?;
            }
            let more = findings.total - findings.told.len() as u64;
            if more > 0 {
                writeln!(f, "{kind} and {more} more")?;
            }
        }
        let looked_at: Vec<String> = self.looked_at.iter().map(|(what, count)| format!("{what} {count}")).collect();
        writeln!(f, "Looked at: {}.", looked_at.join(", "))?;
        match self.findings.values().map(|findings| findings.total).sum::<u64>() {
            0 => writeln!(f, "Nothing is wrong."),
            total => writeln!(f, "Found: {total}."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_told_up_to_a_number_and_counted_beyond_it() {
        let mut report = Report::default();
        report.looked_at("nodes", 40);
        report.looked_at("nodes", 2);
        for number in 0..MOST + 3 {
            report.add(FindingKind::WrongHash, format!("node {number}"));
        }
        report.add_all(FindingKind::Orphan, ["feed 1".to_owned(), "feed 2".to_owned()], 7);
        report.add_all(FindingKind::Damage, [], 0);
        assert!(!report.is_clean());
        assert_eq!(
            (report.count(FindingKind::WrongHash), report.count(FindingKind::Orphan), report.count(FindingKind::Damage)),
            (23, 7, 0)
        );
        let text = report.to_string();
        assert_eq!(text.matches("WRONG_HASH node ").count(), MOST);
        for line in ["WRONG_HASH and 3 more", "ORPHAN feed 2", "ORPHAN and 5 more", "Looked at: nodes 42.", "Found: 30."] {
            assert!(text.lines().any(|other| other == line), "{line} is missing: {text}");
        }
    }

    #[test]
    fn a_clean_report_says_so() {
        let mut report = Report::default();
        report.looked_at("feeds", 1);
        assert_eq!(report.to_string(), "Looked at: feeds 1.\nNothing is wrong.\n");
    }
}

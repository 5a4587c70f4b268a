//! Master keys, which the operator keeps, and data keys, which they wrap.

use super::cipher::{KEY, Key};
use super::sealed::Sealed;
use super::{VaultError, VaultResult};
use crate::app::clock::Entropy;
use crate::domain::{DataKeyId, Timestamp};
use base64::Engine;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::general_purpose::{GeneralPurpose, STANDARD};
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use std::io;
use std::sync::Arc;

/// What a data key is wrapped with beside its id, so that nothing that is encrypted can stand for something else.
const WRAPPING: &[u8] = b"portico data key 1 ";
/// What a value is sealed with beside the id of its data key.
const SEALING: &[u8] = b"portico sealed value 1 ";
/// What texts are recognised by, that is kept where their secrets must not be guessed from it.
const RECOGNISING: &[u8] = b"portico fingerprint 1";

/// The longest id of a master key.
const MAX_ID: usize = 64;
/// What a base64 of a key may look like: tools write it with padding, people leave that out.
const BASE64: GeneralPurpose =
    GeneralPurpose::new(&ALPHABET, GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent));

/// What is wrong with a list of master keys: which of them, and why. Never the key itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("key {place} {problem}")]
pub struct MasterKeyError {
    /// Which one of the list, the first being 1.
    pub place: usize,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// A key that wraps data keys. It is kept outside of the database.
#[derive(Debug)]
pub struct MasterKey {
    id: String,
    key: Key,
}

impl MasterKey {
    /// A fresh one, whose id tells the day.
    ///
    /// # Errors
    /// There are no random numbers to be had.
    pub fn generate(now: Timestamp, entropy: &dyn Entropy) -> io::Result<Self> {
        let mut random = [0; 4];
        entropy.fill(&mut random)?;
        let day: String = now.to_rfc3339().unwrap_or_default().chars().take(10).filter(char::is_ascii_digit).collect();
        let id = format!("key-{day}-{:08x}", u32::from_be_bytes(random));
        Ok(Self { id, key: Key::random(entropy)? })
    }

    /// Its name, which may be shown.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The key as a line of the key file, without its end.
    #[must_use]
    pub fn line(&self) -> Zeroizing<String> {
        // With room enough from the start, nothing is left behind where it grew.
        let mut line = Zeroizing::new(String::with_capacity(self.id.len() + 2 * KEY));
        line.push_str(&self.id);
        line.push(' ');
        STANDARD.encode_string(self.key.bytes(), &mut line);
        line
    }

    fn parse(id: &str, base64: &str) -> Result<Self, &'static str> {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
        if id.is_empty() || id.len() > MAX_ID || !id.bytes().all(is_plain) {
            return Err("must have an id of up to 64 letters, digits, dots, dashes and underscores");
        }
        let mut bytes = Zeroizing::new(Vec::with_capacity(base64.len()));
        BASE64.decode_vec(base64, &mut bytes).map_err(|_| "must be base64 after its id")?;
        let key = Key::from_bytes(&bytes).ok_or("must have 32 bytes")?;
        Ok(Self { id: id.to_owned(), key })
    }
}

/// The master keys that are known, at least one. The first is current: it wraps what is new.
#[derive(Debug, Clone)]
pub struct MasterKeys {
    current: Arc<MasterKey>,
    others: Arc<[MasterKey]>,
}

impl MasterKeys {
    /// Reads `id:base64,id:base64`. None: the text is empty.
    ///
    /// # Errors
    /// One of them is not a key.
    pub fn from_list(text: &str) -> Result<Option<Self>, MasterKeyError> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        Self::collect(text.split(',').map(|key| key.trim().split_once(':').unwrap_or((key, "")))).map(Some)
    }

    /// Reads one `id base64` a line. Empty lines, and those that begin with `#`, say nothing.
    ///
    /// # Errors
    /// One of them is not a key, or there is none.
    pub fn from_lines(text: &str) -> Result<Self, MasterKeyError> {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let split = |line: &'_ str| line.find(char::is_whitespace).unwrap_or(line.len());
        Self::collect(lines.map(|line| line.split_at(split(line))).map(|(id, key)| (id, key.trim())))
    }

    fn collect<'a>(keys: impl Iterator<Item = (&'a str, &'a str)>) -> Result<Self, MasterKeyError> {
        let mut known: Vec<MasterKey> = Vec::new();
        for ((id, base64), place) in keys.zip(1..) {
            let key = MasterKey::parse(id, base64).map_err(|problem| MasterKeyError { place, problem })?;
            if known.iter().any(|other| other.id == key.id) {
                return Err(MasterKeyError { place, problem: "has the id of another one" });
            }
            known.push(key);
        }
        let others = known.split_off(known.len().min(1));
        let current = known.pop().ok_or(MasterKeyError { place: 1, problem: "is missing" })?;
        Ok(Self { current: current.into(), others: others.into() })
    }

    /// Their ids, the current one first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.iter().map(MasterKey::id)
    }

    /// The one that wraps what is new.
    #[must_use]
    pub fn current(&self) -> &MasterKey {
        &self.current
    }

    pub(super) fn fingerprints(&self, text: &[u8]) -> Fingerprints {
        let of = |master: &MasterKey| master.key.fingerprint(RECOGNISING, text);
        Fingerprints { current: of(&self.current), others: self.others.iter().map(of).collect() }
    }

    pub(super) fn find(&self, id: &str) -> Option<&MasterKey> {
        self.iter().find(|key| key.id == id)
    }

    fn iter(&self) -> impl Iterator<Item = &MasterKey> {
        std::iter::once(&*self.current).chain(&*self.others)
    }
}

/// What a text is recognised by, without telling anything of it to whoever has not the keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprints {
    /// Under the current key: what is to be kept.
    pub current: [u8; 32],
    others: Vec<[u8; 32]>,
}

impl Fingerprints {
    /// Whether this was kept of the text, when whichever key was the current one.
    #[must_use]
    pub fn contains(&self, kept: &[u8; 32]) -> bool {
        self.current == *kept || self.others.contains(kept)
    }
}

impl From<[u8; 32]> for Fingerprints {
    fn from(current: [u8; 32]) -> Self {
        Self { current, others: Vec::new() }
    }
}

/// A key that seals values. It leaves memory only wrapped by a master key.
#[derive(Debug)]
pub(super) struct DataKey {
    id: DataKeyId,
    key: Key,
}

impl DataKey {
    pub fn generate(id: DataKeyId, entropy: &dyn Entropy) -> VaultResult<Self> {
        Ok(Self { id, key: Key::random(entropy).map_err(VaultError::Broken)? })
    }

    /// What is kept of it.
    pub fn wrap(&self, master: &MasterKey, entropy: &dyn Entropy) -> VaultResult<Vec<u8>> {
        master.key.encrypt(&about(WRAPPING, self.id), self.key.bytes(), entropy).map_err(VaultError::Broken)
    }

    /// The key that was kept so.
    pub fn unwrap(id: DataKeyId, wrapped: &[u8], master: &MasterKey) -> VaultResult<Self> {
        let bytes = master.key.decrypt(&about(WRAPPING, id), wrapped);
        let key = bytes.and_then(|bytes| Key::from_bytes(&bytes));
        key.map(|key| Self { id, key }).ok_or_else(|| VaultError::NotUnwrapped { data_key: id, master_key: master.id.clone() })
    }

    pub fn seal(&self, plaintext: &str, entropy: &dyn Entropy) -> VaultResult<Sealed> {
        let encrypted = self.key.encrypt(&about(SEALING, self.id), plaintext.as_bytes(), entropy).map_err(VaultError::Broken)?;
        Ok(Sealed::new(self.id, encrypted))
    }

    pub fn open(&self, sealed: &Sealed) -> VaultResult<SecretString> {
        let plaintext = self.key.decrypt(&about(SEALING, self.id), sealed.encrypted());
        // Straight into a text of its own length: one that grew would leave a copy behind.
        let secret = plaintext.and_then(|bytes| std::str::from_utf8(&bytes).ok().map(SecretString::from));
        secret.ok_or(VaultError::NotOpened { data_key: sealed.data_key() })
    }
}

/// The associated data of what belongs to a data key.
fn about(purpose: &[u8], id: DataKeyId) -> Vec<u8> {
    [purpose, id.uuid().as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::clock::SystemEntropy;
    use proptest::prelude::*;
    use secrecy::ExposeSecret;
    use std::collections::BTreeSet;
    use uuid::Uuid;

    const BASE64_OF_ONES: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE";

    fn data_key(id: u128) -> DataKey {
        DataKey::generate(DataKeyId::from_uuid(Uuid::from_u128(id)), &SystemEntropy).expect("random numbers")
    }

    fn master_key() -> MasterKey {
        MasterKey::generate(Timestamp::from_micros(1_800_000_000_000_000), &SystemEntropy).expect("random numbers")
    }

    proptest! {
        #[test]
        fn any_text_is_opened_as_it_was_sealed(text in any::<String>()) {
            let (key, master) = (data_key(1), master_key());
            let sealed = Sealed::parse(&key.seal(&text, &SystemEntropy).expect("sealed").to_string()).expect("its own form");
            let key = DataKey::unwrap(key.id, &key.wrap(&master, &SystemEntropy).expect("wrapped"), &master).expect("unwrapped");
            let opened = key.open(&sealed).expect("opened");
            prop_assert_eq!(opened.expose_secret(), &*text);
        }
    }

    #[test]
    fn the_empty_text_and_a_sealed_text_are_sealed_like_any_other() {
        let key = data_key(1);
        let mut text = String::new();
        for _ in 0..3 {
            let sealed = key.seal(&text, &SystemEntropy).expect("sealed");
            assert_eq!(key.open(&sealed).expect("opened").expose_secret(), text);
            text = sealed.to_string();
        }
    }

    #[test]
    fn what_was_changed_in_one_bit_is_not_opened() {
        let key = data_key(1);
        let sealed = key.seal("hunter2", &SystemEntropy).expect("sealed");
        for place in 0..sealed.encrypted().len() * 8 {
            let mut encrypted = sealed.encrypted().to_vec();
            encrypted[place / 8] ^= 1 << (place % 8);
            assert!(key.open(&Sealed::new(key.id, encrypted)).is_err(), "bit {place}");
        }
        let shorter = sealed.encrypted().split_last().expect("not empty").1.to_vec();
        assert!(key.open(&Sealed::new(key.id, shorter)).is_err());
        assert!(key.open(&Sealed::new(key.id, Vec::new())).is_err());
    }

    #[test]
    fn another_key_opens_nothing() {
        let (one, other) = (data_key(1), data_key(1));
        let error = other.open(&one.seal("hunter2", &SystemEntropy).expect("sealed")).expect_err("another key").to_string();
        assert!(error.contains(&one.id.to_string()) && !error.contains("hunter2"), "{error}");
        let (current, stranger) = (master_key(), master_key());
        let wrapped = one.wrap(&current, &SystemEntropy).expect("wrapped");
        let error = DataKey::unwrap(one.id, &wrapped, &stranger).expect_err("another key").to_string();
        assert!(error.contains(stranger.id()) && error.contains(&one.id.to_string()), "{error}");
    }

    #[test]
    fn nothing_stands_for_something_else() {
        let (one, master) = (data_key(1), master_key());
        let other = DataKeyId::from_uuid(Uuid::from_u128(2));
        let sealed = one.seal("hunter2", &SystemEntropy).expect("sealed");
        let swapped = DataKey { id: other, key: Key::from_bytes(one.key.bytes()).expect("as long as a key") };
        assert!(swapped.open(&Sealed::new(other, sealed.encrypted().to_vec())).is_err(), "the id of another data key");
        let wrapped = one.wrap(&master, &SystemEntropy).expect("wrapped");
        assert!(DataKey::unwrap(other, &wrapped, &master).is_err(), "the row of another data key");
        let as_data_key = DataKey { id: one.id, key: Key::from_bytes(master.key.bytes()).expect("as long as a key") };
        assert!(as_data_key.open(&Sealed::new(one.id, wrapped)).is_err(), "a wrapped key is no sealed value");
    }

    #[test]
    fn equal_values_do_not_look_alike() {
        let key = data_key(1);
        let sealed = (0..1_000).map(|_| key.seal("hunter2", &SystemEntropy).expect("sealed"));
        let nonces: BTreeSet<Vec<u8>> = sealed.map(|sealed| sealed.encrypted()[..super::super::cipher::NONCE].to_vec()).collect();
        assert_eq!(nonces.len(), 1_000);
    }

    #[test]
    fn keys_are_read_from_a_list_and_from_lines() {
        let fresh = master_key();
        let list = format!("one:{BASE64_OF_ONES}, two:{BASE64_OF_ONES}=");
        let keys = MasterKeys::from_list(&list).expect("keys").expect("not empty");
        assert_eq!(keys.ids().collect::<Vec<_>>(), ["one", "two"]);
        assert_eq!(keys.current().key.bytes(), &[1; 32]);
        let lines = format!("# The keys\n\n{}\r\n  one\t {BASE64_OF_ONES}", *fresh.line());
        let keys = MasterKeys::from_lines(&lines).expect("keys");
        assert_eq!(keys.ids().collect::<Vec<_>>(), [fresh.id(), "one"]);
        assert_eq!(keys.current().key.bytes(), fresh.key.bytes());
        assert!(fresh.id().starts_with("key-20270115-"), "{}", fresh.id());
        assert!(MasterKeys::from_list(" ").expect("nothing").is_none());
    }

    #[test]
    fn what_is_no_key_is_named_by_its_place_and_never_shown() {
        let two = format!("one:{BASE64_OF_ONES},one:{BASE64_OF_ONES}");
        for (list, place, problem) in [
            ("one", 1, "32 bytes"),
            ("one:AQEB", 1, "32 bytes"),
            ("one:?secret?", 1, "base64"),
            (&*format!("one:{BASE64_OF_ONES},"), 2, "must have an id"),
            (&*format!(":{BASE64_OF_ONES}"), 1, "must have an id"),
            (&*format!("o ne:{BASE64_OF_ONES}"), 1, "must have an id"),
            (&*format!("{}:{BASE64_OF_ONES}", "i".repeat(65)), 1, "must have an id"),
            (&*two, 2, "has the id of another one"),
        ] {
            let error = MasterKeys::from_list(list).expect_err(list);
            assert!(error.place == place && error.problem.contains(problem), "{list}: {error}");
        }
        assert_eq!(MasterKeys::from_lines("# none\n").expect_err("no key").problem, "is missing");
    }

    #[test]
    fn no_key_is_printed() {
        let list = format!("one:{BASE64_OF_ONES},two:{BASE64_OF_ONES}");
        let keys = MasterKeys::from_list(&list).expect("keys").expect("not empty");
        let printed = format!("{keys:?} {:?}", data_key(1));
        assert!(!printed.contains(BASE64_OF_ONES) && !printed.contains("1, 1") && printed.contains("REDACTED"), "{printed}");
    }
}

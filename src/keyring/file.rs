//! The key file: one `id base64` a line, the first of which is current, for its owner's eyes alone.

use crate::app::ports::MasterKeySource;
use crate::app::vault::{MasterKey, MasterKeys};
use async_trait::async_trait;
use secrecy::zeroize::Zeroizing;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, fchown};
use std::path::{Path, PathBuf};

/// What a new file begins with.
const HEADING: &str = "# The master keys of Portico's secrets: \"id base64\", the first is current. Without them the secrets are lost:
# keep a copy of this file, in another place than the backups of the database.
";

/// Everybody but the owner.
const OTHERS: u32 = 0o077;
/// Reading and writing by the owner.
const OWNER: u32 = 0o600;

/// Master keys in a file, which is written whole or not at all.
#[derive(Debug, Clone)]
pub struct KeyFile {
    path: PathBuf,
}

impl KeyFile {
    /// The file at this path, whether or not there is one.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Runs what waits for the disk where nobody else waits for it.
    async fn apart<T: Send + 'static>(&self, work: impl FnOnce(&Path) -> io::Result<T> + Send + 'static) -> io::Result<T> {
        let path = self.path.clone();
        tokio::task::spawn_blocking(move || work(&path)).await.map_err(io::Error::other)?
    }
}

#[async_trait]
impl MasterKeySource for KeyFile {
    fn place(&self) -> String {
        format!("the file {} (PORTICO_SECRET_KEY_FILE)", self.path.display())
    }

    async fn load(&self) -> io::Result<Option<MasterKeys>> {
        self.apart(|path| read(path)?.map(|text| keys(&text)).transpose()).await
    }

    async fn create(&self, first: MasterKey) -> io::Result<MasterKeys> {
        self.apart(move |path| {
            let _alone = lock(path)?;
            if let Some(text) = read(path)? {
                return keys(&text);
            }
            let made = write(path, &with_first("", &first))?;
            tracing::warn!(file = %path.display(), "made a key file for secrets: without it they are lost, so keep a copy of it apart from the database");
            Ok(made)
        })
        .await
    }

    async fn put_first(&self, fresh: MasterKey) -> io::Result<MasterKeys> {
        self.apart(move |path| {
            let _alone = lock(path)?;
            let text = read(path)?.ok_or_else(|| io::Error::from(ErrorKind::NotFound))?;
            write(path, &with_first(&text, &fresh))
        })
        .await
    }
}

/// Lets one at a time write, of all the processes: two who add a key at once would lose one. Ends with what is answered.
fn lock(path: &Path) -> io::Result<File> {
    let folder = File::open(folder_of(&target(path)))?;
    folder.lock()?;
    Ok(folder)
}

/// The file itself, where the path is a link to it.
fn target(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// The text of the file. None: there is none.
fn read(path: &Path) -> io::Result<Option<Zeroizing<String>>> {
    let mut file = match File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let about = file.metadata()?;
    if !about.is_file() {
        return Err(io::Error::other("this is no file"));
    }
    if about.permissions().mode() & OTHERS != 0 {
        let problem = format!("others than its owner have access to it: chmod 600 {}", path.display());
        return Err(io::Error::new(ErrorKind::PermissionDenied, problem));
    }
    // With room enough from the start, nothing is left behind where it grew.
    let mut text = Zeroizing::new(String::with_capacity(usize::try_from(about.len()).unwrap_or(0).saturating_add(64)));
    file.read_to_string(&mut text)?;
    Ok(Some(text))
}

fn keys(text: &str) -> io::Result<MasterKeys> {
    MasterKeys::from_lines(text).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))
}

/// The text with this key before the first one; what is said above that stays above.
fn with_first(text: &str, fresh: &MasterKey) -> Zeroizing<String> {
    let text = if text.is_empty() { HEADING } else { text };
    let line = fresh.line();
    let heading: usize = text.split_inclusive('\n').take_while(|line| line.trim().is_empty() || line.starts_with('#')).map(str::len).sum();
    let (heading, keys) = text.split_at(heading);
    let mut whole = Zeroizing::new(String::with_capacity(text.len() + line.len() + 2));
    whole.push_str(heading);
    if !heading.is_empty() && !heading.ends_with('\n') {
        whole.push('\n');
    }
    whole.push_str(&line);
    whole.push('\n');
    whole.push_str(keys);
    whole
}

/// Puts the text in the file's place, which holds the one or the other whatever happens, and answers the keys in it once it lasts.
fn write(path: &Path, text: &str) -> io::Result<MasterKeys> {
    let made = keys(text)?;
    let path = target(path);
    let mut beside = OsString::from(&path);
    beside.push(".new");
    // Whoever was cut off while writing may have left one.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(OWNER).open(&beside)?;
    if let Ok(replaced) = fs::metadata(&path) {
        // An administrator may rotate keys that the server has to read.
        fchown(&file, Some(replaced.uid()), Some(replaced.gid()))?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(&beside, &path)?;
    File::open(folder_of(&path))?.sync_all()?;
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::clock::SystemEntropy;
    use crate::domain::Timestamp;
    use std::os::unix::fs::symlink;

    fn fresh() -> MasterKey {
        MasterKey::generate(Timestamp::from_micros(1_800_000_000_000_000), &SystemEntropy).expect("random numbers")
    }

    fn ids(keys: &MasterKeys) -> Vec<String> {
        keys.ids().map(str::to_owned).collect()
    }

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).expect("there").permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn a_file_is_made_once_and_takes_keys_before_the_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("portico.keys");
        let file = KeyFile::new(&path);
        assert!(file.load().await.expect("nothing to read").is_none());
        let (one, two, three) = (fresh(), fresh(), fresh());
        let expected = [three.id().to_owned(), one.id().to_owned()];
        assert_eq!(ids(&file.create(one).await.expect("made")), expected[1..]);
        assert_eq!(ids(&file.create(two).await.expect("there")), expected[1..], "somebody else was first");
        assert_eq!(mode(&path), 0o600);
        // Somebody was cut off here.
        fs::write(folder.path().join("portico.keys.new"), "half a k").expect("written");
        assert_eq!(ids(&file.put_first(three).await.expect("added")), expected);
        assert_eq!(ids(&file.load().await.expect("read").expect("there")), expected);
        assert_eq!(mode(&path), 0o600);
        let text = fs::read_to_string(&path).expect("text");
        assert!(text.starts_with(HEADING) && text.lines().count() == 4, "the heading stays above");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left beside it");
    }

    #[tokio::test]
    async fn many_who_write_at_once_lose_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = KeyFile::new(folder.path().join("portico.keys"));
        let made = futures_util::future::join_all((0..4).map(|_| file.create(fresh()))).await;
        let first: Vec<_> = made.iter().map(|keys| ids(keys.as_ref().expect("made"))).collect();
        assert!(first.iter().all(|ids| ids == &first[0] && ids.len() == 1), "{first:?}");
        futures_util::future::join_all((0..8).map(|_| file.put_first(fresh()))).await;
        assert_eq!(ids(&file.load().await.expect("read").expect("there")).len(), 9);
    }

    #[tokio::test]
    async fn a_link_is_followed_and_stays_one() {
        let folder = tempfile::tempdir().expect("a folder");
        let (elsewhere, link) = (folder.path().join("elsewhere"), folder.path().join("portico.keys"));
        KeyFile::new(&elsewhere).create(fresh()).await.expect("made");
        symlink(&elsewhere, &link).expect("linked");
        KeyFile::new(&link).put_first(fresh()).await.expect("added");
        assert!(link.is_symlink());
        assert_eq!(ids(&KeyFile::new(&elsewhere).load().await.expect("read").expect("there")).len(), 2);
    }

    #[tokio::test]
    async fn a_file_that_others_may_read_or_that_holds_no_keys_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("portico.keys");
        let file = KeyFile::new(&path);
        file.create(fresh()).await.expect("made");
        for others in [0o640, 0o604, 0o660] {
            fs::set_permissions(&path, fs::Permissions::from_mode(others)).expect("set");
            let error = file.load().await.expect_err("refused").to_string();
            assert!(error.contains(&format!("chmod 600 {}", path.display())), "{error}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).expect("set");
        file.load().await.expect("its owner alone");
        fs::remove_file(&path).expect("removed");
        let mut wrong = OpenOptions::new().write(true).create_new(true).mode(OWNER).open(&path).expect("made");
        wrong.write_all(b"one not-a-key\n").expect("written");
        let error = file.load().await.expect_err("refused").to_string();
        assert!(error.starts_with("key 1 ") && !error.contains("not-a-key"), "{error}");
        assert!(KeyFile::new(folder.path()).load().await.is_err(), "a folder");
    }
}

//! Python programs with packages that nobody here wrote, installed from the list of their versions.

use super::packages;
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What the packages were last installed for. It is in the environment, so that an interrupted installation has none.
const STAMP: &str = "portico-installed";

/// The Python of an environment that has what `requirements.txt` in the folder at `relative` to the package's root asks for.
///
/// # Panics
///
/// When Python cannot be had, or the packages cannot be installed.
#[must_use]
pub fn python_with(relative: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(relative);
    let list = folder.join("requirements.txt");
    let one_process_at_a_time = File::open(&list)
        .and_then(|file| file.lock().map(|()| file))
        .unwrap_or_else(|error| panic!("cannot lock {}: {error}", list.display()));
    let wanted = fs::read(&list).expect("a file that was just opened can be read");
    let environment = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{}-python", relative.replace('/', "-")));
    let (python, stamp) = (environment.join("bin/python"), environment.join(STAMP));
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return python;
    }
    drop(fs::remove_dir_all(&environment));
    run(Command::new(base()).args(["-m", "venv"]).arg(&environment));
    run(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "-r"]).arg(&list));
    fs::write(&stamp, &wanted).expect("the environment can be written to");
    drop(one_process_at_a_time);
    python
}

/// A Python that can make environments.
fn base() -> PathBuf {
    packages::ensure("python3 with venv and pip", &["python3", "python3-venv", "python3-pip"], || {
        let python = packages::find_command("python3")?;
        let output = Command::new(&python).args(["-c", "import venv, ensurepip"]).output().ok()?;
        output.status.success().then_some(python)
    })
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap_or_else(|error| panic!("{command:?} could not be started: {error}"));
    assert!(
        output.status.success(),
        "{command:?} ended with {}:\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
}

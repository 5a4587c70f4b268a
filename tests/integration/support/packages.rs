//! Programs that the tests drive, installed from Debian's packages where they are missing.
//!
//! A test never skips for want of a program: it gets it, or fails saying how to get it.

use std::{
    env,
    fs::{self, File},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The first of `candidates` that is on the `PATH`, after installing `debian_packages` if none is.
///
/// # Panics
///
/// When the program is missing and cannot be installed; the message says how to get it.
#[must_use]
pub fn ensure_command(candidates: &[&str], debian_packages: &[&str]) -> PathBuf {
    ensure(&candidates.join("` or `"), debian_packages, || candidates.iter().find_map(|name| find_command(name)))
}

/// What `find` finds, after installing `debian_packages` if it finds nothing at first.
///
/// # Panics
///
/// When `find` still finds nothing; the message names `what` and says how to get it.
pub fn ensure<Found>(what: &str, debian_packages: &[&str], find: impl Fn() -> Option<Found>) -> Found {
    if let Some(found) = find() {
        return found;
    }
    let _one_process_at_a_time = lock_installation();
    // Another process may have installed it while this one waited for the lock.
    if let Some(found) = find() {
        return found;
    }
    let outcome = install(debian_packages);
    find().unwrap_or_else(|| {
        let packages = debian_packages.join(" ");
        let reason = outcome.err().unwrap_or_else(|| "the packages are installed, but it is not in them".to_owned());
        panic!(
            "`{what}` is missing and could not be installed: {reason}\n\
             Get it with `apt-get update && apt-get install -y --no-install-recommends {packages}` \
             as root, or, where there is no apt-get, with what your system has in place of \
             Debian's {packages}, and put it on the PATH."
        )
    })
}

/// The program of that name on the `PATH`.
#[must_use]
pub fn find_command(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|directory| directory.join(name)).find(|path| is_program(path))
}

/// Whether there is a file at `path` that may be executed.
#[must_use]
pub fn is_program(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

/// Whether this process runs as root.
///
/// # Panics
///
/// When the system has no `id`, which POSIX asks for.
#[must_use]
pub fn runs_as_root() -> bool {
    let output = Command::new("id").arg("-u").output().expect("`id` can be run");
    output.stdout.trim_ascii() == b"0"
}

/// Runs `command` with no input, and answers why it failed, with the end of what it said.
fn run(command: &mut Command) -> Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| format!("{command:?} could not be started: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?} ended with {}: {}", output.status, said.trim()))
}

fn install(packages: &[&str]) -> Result<(), String> {
    let apt = find_command("apt-get").ok_or("there is no apt-get here")?;
    let apt_get = |arguments: &[&str]| {
        let mut command = if runs_as_root() {
            Command::new("env")
        } else {
            let mut sudo = Command::new("sudo");
            sudo.args(["-n", "env"]);
            sudo
        };
        command
            .arg("DEBIAN_FRONTEND=noninteractive")
            .arg(&apt)
            // Whatever else installs packages on this machine is waited for.
            .args(["-o", "DPkg::Lock::Timeout=300"])
            .args(arguments);
        run(&mut command)
    };
    // An old list of packages is often good enough, so its failure is told only with the next.
    let updated = apt_get(&["update"]);
    let install = [&["install", "-y", "--no-install-recommends"], packages].concat();
    apt_get(&install).map_err(|failed| match updated {
        Ok(()) => failed,
        Err(not_updated) => format!("{not_updated}\n{failed}"),
    })
}

/// Holds off every other test process of this machine until it is dropped.
fn lock_installation() -> File {
    let path = env::temp_dir().join("portico-test-packages.lock");
    // Opened for reading first: the kernel refuses to create over another user's file in a
    // shared temporary directory, even to root, but any user may lock what it may read.
    let file = File::open(&path)
        .or_else(|_| File::options().create(true).append(true).open(&path))
        .unwrap_or_else(|error| panic!("cannot open {}: {error}", path.display()));
    file.lock().unwrap_or_else(|error| panic!("cannot lock {}: {error}", path.display()));
    file
}

//! Running other programs, with words for a person when one can't be run.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader, Read},
    process::{Command, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use anyhow::{Context as _, Result, bail};

/// How a command looks in a message.
pub fn show(command: &Command) -> String {
    let mut text = command.get_program().to_string_lossy().into_owned();
    for arg in command.get_args() {
        text.push(' ');
        text.push_str(&arg.to_string_lossy());
    }
    text
}

/// Runs a command to its end, its output on ours; an error unless it succeeded.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start `{}`", show(command)))?;
    if !status.success() {
        bail!("`{}` failed ({status})", show(command));
    }
    Ok(())
}

/// Runs a command quietly; what it printed on standard output, or an error with what it said.
pub fn output(command: &mut Command) -> Result<String> {
    let out = command.output().with_context(|| format!("cannot start `{}`", show(command)))?;
    if !out.status.success() {
        bail!("`{}` failed ({}): {}", show(command), out.status, String::from_utf8_lossy(&out.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&out.stdout).into_owned())
}

/// Whether a command can be run and succeeds; its output is dropped.
pub fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Runs a command, shows its output line by line, and returns whether it succeeded and all
/// that it printed.
pub fn tee(command: &mut Command) -> Result<(bool, String)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", show(command)))?;
    let text = Arc::new(Mutex::new(String::new()));
    let pumps = [child.stdout.take().map(|out| pump(out, Arc::clone(&text))), child.stderr.take().map(|err| pump(err, Arc::clone(&text)))];
    let status = child.wait()?;
    for pump in pumps.into_iter().flatten() {
        let _ = pump.join();
    }
    let text = std::mem::take(&mut *text.lock().unwrap_or_else(PoisonError::into_inner));
    Ok((status.success(), text))
}

fn pump(from: impl Read + Send + 'static, into: Arc<Mutex<String>>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut lines = BufReader::new(from);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).is_ok_and(|n| n > 0) {
            let shown = String::from_utf8_lossy(&line);
            let mut text = into.lock().unwrap_or_else(PoisonError::into_inner);
            print!("{shown}");
            text.push_str(&shown);
            drop(text);
            line.clear();
        }
    })
}

/// Puts folders in front of PATH.
pub fn prepend_path<P: AsRef<OsStr>>(command: &mut Command, dirs: &[P]) -> Result<()> {
    let old = std::env::var_os("PATH").unwrap_or_default();
    let all = dirs.iter().map(|dir| dir.as_ref().into()).chain(std::env::split_paths(&old));
    command.env("PATH", std::env::join_paths(all)?);
    Ok(())
}

//! Command line arguments: `--name value`, `--name=value` and `--flag`.

use anyhow::{Context as _, Result, bail};

/// Arguments not yet understood; what is left at [`Args::finish`] is an error.
pub struct Args(Vec<String>);

impl Args {
    /// Wraps the arguments after the program's name.
    pub fn new(args: impl Iterator<Item = String>) -> Self {
        Self(args.collect())
    }

    /// Takes the first argument.
    pub fn command(&mut self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }

    /// Takes `--name`.
    pub fn flag(&mut self, name: &str) -> bool {
        let before = self.0.len();
        self.0.retain(|arg| arg != name);
        self.0.len() != before
    }

    /// Takes `--name value` or `--name=value`.
    pub fn value(&mut self, name: &str) -> Result<Option<String>> {
        if let Some(at) = self.0.iter().position(|arg| arg == name) {
            self.0.remove(at);
            if at == self.0.len() {
                bail!("{name} needs a value");
            }
            return Ok(Some(self.0.remove(at)));
        }
        let prefix = format!("{name}=");
        let Some(at) = self.0.iter().position(|arg| arg.starts_with(&prefix)) else {
            return Ok(None);
        };
        let arg = self.0.remove(at);
        Ok(arg.strip_prefix(&prefix).map(str::to_owned))
    }

    /// Refuses what nobody has taken.
    pub fn finish(&self) -> Result<()> {
        match self.0.first() {
            None => Ok(()),
            Some(arg) => bail!("unknown argument `{arg}`; see `cargo xtask help`"),
        }
    }

    /// Takes a value and parses it, or gives the default.
    pub fn parsed<T: std::str::FromStr>(&mut self, name: &str, default: T) -> Result<T>
    where
        T::Err: std::error::Error + Send + Sync + 'static,
    {
        match self.value(name)? {
            None => Ok(default),
            Some(text) => text.parse().with_context(|| format!("{name} {text}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn args(text: &str) -> Args {
        Args::new(text.split_whitespace().map(str::to_owned))
    }

    #[test]
    fn takes_values_in_both_forms_and_flags() {
        let mut a = args("serve --port 0 --host=::1 --no-build");
        assert_eq!(a.command().as_deref(), Some("serve"));
        assert_eq!(a.parsed("--port", 8080_u16).unwrap(), 0);
        assert_eq!(a.value("--host").unwrap().as_deref(), Some("::1"));
        assert!(a.flag("--no-build"));
        a.finish().unwrap();
    }

    #[test]
    fn refuses_what_it_does_not_know() {
        assert!(args("--prot 1").finish().is_err());
        assert!(args("--port").value("--port").is_err());
        assert!(args("--port x").parsed("--port", 1_u16).is_err());
    }
}

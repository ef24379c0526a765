//! `weir check`
//!
//! `--format json` is one array with an object per file, in the order of the command line. Its fields do not change in
//! meaning: programs may rely on them.
//!
//! | field | |
//! |---|---|
//! | `file` | as given |
//! | `ok` | whether it is a policy without errors |
//! | `name`, `hash` | of the policy; null unless `ok` |
//! | `rules`, `detectors` | how many; null unless `ok` |
//! | `errors` | objects with `code`, `path`, `span` (`start`, `end`, in bytes), `line`, `column`, `message`, `help` |
//! | `unreadable` | why the file could not be read; null when it could |

use crate::policy::{Source, counted, described};
use crate::term::{Style, Tone};
use crate::{Error, Result};
use clap::{Args, ValueEnum};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use weir_engine::Policy;
use weir_engine::policy::Diagnostics;

/// Options of `weir check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Policies to check; `-` is stdin
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// How to report
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// How to report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// For programs: one JSON document
    Json,
}

/// What is to be said of one file.
enum Report {
    Good(Box<Policy>),
    Bad(Source, Diagnostics),
    Unreadable(Error),
}

pub(crate) fn run(options: &Check) -> Result<ExitCode> {
    let reports: Vec<(&Path, Report)> = options.files.iter().map(|file| (file.as_path(), report(file))).collect();
    match options.format {
        Format::Text => reports.iter().for_each(|(file, report)| tell(file, report, Style::of_stdout())),
        Format::Json => {
            let all: Vec<_> = reports.iter().map(|(file, report)| object(file, report)).collect();
            say!("{:#}", serde_json::Value::from(all));
        }
    }
    let worst = reports.iter().map(|(_, report)| match report {
        Report::Good(_) => 0,
        Report::Bad(..) => 1,
        Report::Unreadable(_) => 2,
    });
    Ok(ExitCode::from(worst.max().unwrap_or(0)))
}

fn report(file: &Path) -> Report {
    let source = match Source::read(Some(file)) {
        Ok(source) => source,
        Err(error) => return Report::Unreadable(error),
    };
    match Policy::compile(&source.text) {
        Ok(policy) => Report::Good(Box::new(policy)),
        Err(diagnostics) => Report::Bad(source, diagnostics),
    }
}

fn tell(file: &Path, report: &Report, style: Style) {
    let file = file.display().to_string();
    match report {
        Report::Good(policy) => say!("{} {file}: {}", style.paint(Tone::Good, "ok"), described(policy)),
        Report::Bad(source, diagnostics) => {
            say!("{}", diagnostics.render(&crate::term::printable(&source.name), style.colour()));
            let said = format!("{file}: {}", counted(diagnostics.errors().len(), "error"));
            say!("{}\n", style.paint(Tone::Bad, &said));
        }
        Report::Unreadable(error) => eprintln!("weir: {error}"),
    }
}

fn object(file: &Path, report: &Report) -> serde_json::Value {
    let mut object = json!({
        "file": file.display().to_string(), "ok": false, "name": null, "hash": null, "rules": null, "detectors": null,
        "errors": [], "unreadable": null,
    });
    match report {
        Report::Good(policy) => {
            object["ok"] = true.into();
            object["name"] = policy.name().into();
            object["hash"] = policy.hash().into();
            object["rules"] = policy.rules().len().into();
            object["detectors"] = policy.set().len().into();
        }
        Report::Bad(_, diagnostics) => object["errors"] = json!(diagnostics.errors()),
        Report::Unreadable(error) => object["unreadable"] = error.to_string().into(),
    }
    object
}

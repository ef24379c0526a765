//! What the repository says about itself: documents name things that exist, dependencies are licensed as `deny.toml` says, no
//! file holds something that a secret scanner would take for live, and everything shipped loads.

use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use weir_cli::envoy::{Bootstrap, Filter, Upstream, validate};
use weir_e2e::{Lab, module, root, setup};

const DOCUMENTS: [&str; 7] =
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", "envoy/README.md", ".ci/run"];

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn run(program: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root()).stdin(Stdio::null());
    let output = command.output().unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned())
}

/// Texts in back-ticks and targets of links of a Markdown document, with the lines of its code blocks.
fn quoted(text: &str) -> Vec<String> {
    let mut quoted = Vec::new();
    let mut block = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            block = !block;
        } else if block || line.starts_with("    ") {
            quoted.push(line.trim().to_owned());
        } else {
            quoted.extend(line.split('`').skip(1).step_by(2).map(str::to_owned));
            quoted.extend(line.split("](").skip(1).filter_map(|rest| rest.split(')').next()).map(str::to_owned));
        }
    }
    quoted
}

/// A word that says it is a file of this repository: it begins with a top-level name, or has a folder and an extension.
fn as_path<'a>(word: &'a str, top: &BTreeSet<String>) -> Option<&'a str> {
    let word = word.split('#').next()?.trim_end_matches(['.', ',', ';', ':', ')']).trim_start_matches('(');
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '_' | '-');
    let first = word.split('/').next()?;
    let named = word.contains('/') && top.contains(first) || top.contains(word) && word.contains('.');
    (named && !word.is_empty() && word.chars().all(plain)).then_some(word)
}

fn top_level() -> BTreeSet<String> {
    let entries = fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    // Not there before the first build, and named as a place where results appear.
    entries.filter(|name| name != "target" && name != ".git").collect()
}

#[test]
fn files_that_documents_name_exist() {
    let top = top_level();
    let (mut missing, mut found) = (Vec::new(), 0);
    for document in DOCUMENTS {
        for text in quoted(&read(document)) {
            for path in text.split_whitespace().filter_map(|word| as_path(word, &top)) {
                found += 1;
                if !root().join(path).exists() {
                    missing.push(format!("{document} names `{path}`"));
                }
            }
        }
        // Links are relative to the document.
        let folder = Path::new(document).parent().unwrap();
        for link in read(document).split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next()) {
            if !link.is_empty() && !link.contains("://") && !root().join(folder).join(link).exists() {
                missing.push(format!("{document} links to `{link}`"));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(found > 20, "{found} paths were found in the documents");
}

/// Source files name others in their comments: the same rule for the ones that are part of an argument.
#[test]
fn files_that_sources_name_exist() {
    let top = top_level();
    let mut missing = Vec::new();
    for file in tracked().iter().filter(|file| file.extension().is_some_and(|extension| extension == "rs")) {
        for line in read(file).lines().filter(|line| line.trim_start().starts_with("//")) {
            for path in line.split('`').skip(1).step_by(2).filter_map(|word| as_path(word, &top)) {
                if !path.starts_with("target") && !root().join(path).exists() {
                    missing.push(format!("{} names `{path}`", file.display()));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn commands_that_documents_name_exist() {
    let metadata = metadata();
    let members = metadata["packages"].as_array().unwrap().iter().filter(|package| package["source"].is_null());
    let members: Vec<&Value> = members.collect();
    let target = |package: Option<&str>, kind: &str, name: &str| {
        let here = members.iter().filter(|member| package.is_none_or(|package| member["name"] == package));
        let mut targets = here.flat_map(|member| member["targets"].as_array().unwrap());
        targets.any(|target| target["name"] == name && target["kind"].as_array().unwrap().iter().any(|own| own == kind))
    };
    let subcommands = weir_cli::cli::subcommands();
    let aliases = read(".cargo/config.toml");
    let (mut wrong, mut found) = (Vec::new(), 0);
    for document in DOCUMENTS {
        let texts = if document.ends_with(".md") {
            quoted(&read(document))
        } else {
            read(document).lines().map(str::to_owned).collect()
        };
        for text in texts {
            let words: Vec<&str> = text.split_whitespace().collect();
            let weir = words.windows(2).filter(|two| two[0] == "weir" || two[0].ends_with("/weir"));
            for two in weir.filter(|two| two[1].bytes().all(|byte| byte.is_ascii_lowercase())) {
                // Beyond a command line, `weir` is a word.
                let starts = words[0] == "weir" || (words[0] == "cargo" && words.get(1) == Some(&"weir"));
                if starts {
                    found += 1;
                    if !subcommands.iter().any(|name| name == two[1]) {
                        wrong.push(format!("{document}: `{text}`: there is no `weir {}`", two[1]));
                    }
                }
            }
            if let ["filter/fuzz/run", name, ..] = words.as_slice() {
                found += 1;
                if *name != "all" && !read("filter/fuzz/src/lib.rs").contains(&format!("(\"{name}\",")) {
                    wrong.push(format!("{document}: `{text}`: there is no fuzz target `{name}`"));
                }
            }
            let Some(at) = words.iter().position(|word| *word == "cargo") else { continue };
            // A toolchain stands before the command.
            let after = words.iter().skip(at + 1).find(|word| !word.starts_with('+'));
            let Some(command) = after else { continue };
            let known =
                ["test", "bench", "run", "build", "clippy", "fmt", "deny", "doc", "metadata", "check", "install"];
            if *command == "weir" {
                assert!(aliases.contains("weir ="), "{document}: `{text}` needs the alias");
                continue;
            }
            if !known.contains(command) {
                wrong.push(format!("{document}: `{text}`: `cargo {command}` is not known here"));
            }
            found += 1;
            let value = |names: &[&str]| {
                let at = words.iter().position(|word| names.contains(word));
                at.and_then(|at| words.get(at + 1)).map(|word| word.trim_end_matches([',', '.', ')']))
            };
            let package = value(&["-p", "--package"]);
            if let Some(package) = package.filter(|package| !members.iter().any(|member| member["name"] == *package)) {
                wrong.push(format!("{document}: `{text}`: there is no package `{package}`"));
            }
            for (option, kind) in [("--bin", "bin"), ("--bench", "bench"), ("--test", "test"), ("--example", "example")]
            {
                if let Some(name) = value(&[option]).filter(|name| !target(package, kind, name)) {
                    wrong.push(format!("{document}: `{text}`: there is no {kind} `{name}`"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(found > 5, "{found} commands were found in the documents");
}

fn metadata() -> Value {
    serde_json::from_str(&run(&cargo(), &["metadata", "--format-version", "1", "--locked"])).unwrap()
}

/// What stands in double quotes between the brackets of a list in `deny.toml`.
fn deny_list(name: &str) -> Vec<String> {
    let text = read("deny.toml");
    let list = text.split(&format!("\n{name} = [")).nth(1).and_then(|rest| rest.split(']').next());
    let list = list.unwrap_or_else(|| panic!("deny.toml has no list `{name}`"));
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Whether an SPDX expression is satisfied by the licences that are allowed. `AND` binds tighter than `OR`; `/` is an old
/// spelling of `OR`.
fn satisfied(expression: &str, allowed: &[String]) -> bool {
    let text = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    // `X WITH Y` is one licence.
    while let Some(at) = words.iter().position(|word| word == "WITH") {
        let joined = format!("{} WITH {}", words[at - 1], words[at + 1]);
        words.splice(at - 1..=at + 1, [joined]);
    }
    let mut rest = words.as_slice();
    let value = either(&mut rest, allowed);
    assert!(rest.is_empty(), "`{expression}` is no licence expression");
    value
}

fn either(words: &mut &[String], allowed: &[String]) -> bool {
    let mut value = both(words, allowed);
    while words.first().is_some_and(|word| word == "OR") {
        *words = &words[1..];
        value |= both(words, allowed);
    }
    value
}

fn both(words: &mut &[String], allowed: &[String]) -> bool {
    let mut value = one(words, allowed);
    while words.first().is_some_and(|word| word == "AND") {
        *words = &words[1..];
        value &= one(words, allowed);
    }
    value
}

fn one(words: &mut &[String], allowed: &[String]) -> bool {
    let (first, rest) = words.split_first().expect("an expression does not end here");
    *words = rest;
    if first != "(" {
        return allowed.contains(first);
    }
    let value = either(words, allowed);
    assert_eq!(words.first().map(String::as_str), Some(")"));
    *words = &words[1..];
    value
}

#[test]
fn licences_and_sources_of_dependencies() {
    let allowed = deny_list("allow");
    let mut wrong = Vec::new();
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    for package in packages {
        let name = format!("{} {}", package["name"].as_str().unwrap(), package["version"].as_str().unwrap());
        match package["license"].as_str() {
            Some(licence) if satisfied(licence, &allowed) => {}
            licence => wrong.push(format!("{name} is licensed as {licence:?}")),
        }
        let source = package["source"].as_str();
        if source.is_some_and(|source| source != "registry+https://github.com/rust-lang/crates.io-index") {
            wrong.push(format!("{name} comes from {source:?}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(packages.len() > 50);
}

#[test]
fn licence_expressions_are_read_right() {
    let allowed = ["MIT".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned(), "Zlib".to_owned()];
    for (expression, expected) in [
        ("MIT", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("MIT/GPL-3.0", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR GPL-3.0) AND Zlib", true),
        ("GPL-3.0 OR MIT AND Zlib", true),
        ("Apache-2.0 WITH LLVM-exception AND MIT", true),
        ("Apache-2.0", false),
    ] {
        assert_eq!(satisfied(expression, &allowed), expected, "{expression}");
    }
}

/// Every file that git knows or would take.
fn tracked() -> Vec<PathBuf> {
    let listed = run("git", &["ls-files", "--cached", "--others", "--exclude-standard", "-z"]);
    let files: BTreeSet<PathBuf> = listed.split('\0').filter(|name| !name.is_empty()).map(PathBuf::from).collect();
    files.into_iter().filter(|file| root().join(file).is_file()).collect()
}

/// Formats that scanners of repositories report, each as a prefix and the characters that follow it.
#[test]
fn no_file_holds_a_secret_in_a_live_format() {
    let word = |c: char| c.is_ascii_alphanumeric();
    let token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    // In two pieces, so that this file does not hold what it looks for.
    let formats = [
        (["AK", "IA"], 16),
        (["AS", "IA"], 16),
        (["gh", "p_"], 36),
        (["gh", "o_"], 36),
        (["gh", "s_"], 36),
        (["github", "_pat_"], 60),
        (["gl", "pat-"], 20),
        (["sk-", "proj-"], 40),
        (["sk-", "ant-"], 40),
        (["sk_", "live_"], 16),
        (["rk_", "live_"], 16),
        (["xo", "xb-"], 20),
        (["xo", "xp-"], 20),
        (["AI", "za"], 35),
        (["hf", "_"], 34),
        (["npm", "_"], 36),
        (["SG", "."], 22),
        (["dop", "_v1_"], 64),
    ];
    let mut found = Vec::new();
    for file in tracked() {
        let Ok(text) = fs::read_to_string(root().join(&file)) else { continue };
        for (prefix, length) in formats.map(|(pieces, length)| (pieces.concat(), length)) {
            for (at, _) in text.match_indices(&prefix) {
                let before = text[..at].chars().next_back();
                let after = text[at + prefix.len()..].chars().take_while(|c| token(*c)).count();
                if after >= length && !before.is_some_and(word) {
                    let line = text[..at].lines().count();
                    found.push(format!("{}:{line}: looks like a live `{prefix}...`", file.display()));
                }
            }
        }
        if text.contains(&["-----BEGIN ", "PRIVATE KEY-----\nMI"].concat()) {
            found.push(format!("{}: holds a private key", file.display()));
        }
    }
    assert!(found.is_empty(), "write it in pieces, or compute it: {found:#?}");
}

/// `policies/*.json`, each in a real Envoy.
#[test]
fn shipped_policies_load() {
    let mut count = 0;
    for entry in fs::read_dir(root().join("policies")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.ends_with(".json") || name.ends_with(".schema.json") {
            continue;
        }
        count += 1;
        let text = fs::read_to_string(&path).unwrap();
        let policy = weir_engine::Policy::compile(&text).unwrap_or_else(|errors| panic!("{name}: {errors}"));
        assert!(name.starts_with(policy.name()), "{name} calls itself `{}`", policy.name());
        let bootstrap = Bootstrap::new(nowhere(), Filter::Inline { wasm: module().path.clone(), policy: text });
        validate(&rendered(bootstrap)).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    assert!(count > 0, "there is no policy");
}

fn nowhere() -> Upstream {
    Upstream { host: "127.0.0.1".into(), port: 1, tls: false, http2: false }
}

fn rendered(mut bootstrap: Bootstrap) -> String {
    bootstrap.access_log = "/dev/null".into();
    bootstrap.render().unwrap_or_else(|error| panic!("{error}"))
}

/// Every Envoy file is one of those that are rendered and run here, so none can rot.
#[test]
fn shipped_envoy_files_load() {
    let mut files: Vec<String> = tracked()
        .iter()
        .filter(|file| file.starts_with("envoy") && file.extension().is_some_and(|extension| extension == "yaml"))
        .map(|file| file.to_string_lossy().into_owned())
        .collect();
    files.sort();
    assert_eq!(
        files,
        ["envoy/envoy-ecds.yaml", "envoy/envoy.yaml", "envoy/policy/ecds.yaml"],
        "add the new ones below"
    );
    // With the upstream as shipped, over TLS and over both versions of HTTP, and without Weir.
    let policy = read("policies/baseline.json");
    for url in ["https://api.openai.com", "h2s://api.openai.com", "http://127.0.0.1:1"] {
        let upstream = Upstream::parse(url).unwrap();
        for filter in [Filter::None, Filter::Inline { wasm: module().path.clone(), policy: policy.clone() }] {
            validate(&rendered(Bootstrap::new(upstream.clone(), filter)))
                .unwrap_or_else(|error| panic!("{url}: {error}"));
        }
    }
    // The two files of the watched directory run as they are.
    let mut lab = Lab::start(setup(policy));
    lab.survived();
}

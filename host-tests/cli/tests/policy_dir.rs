//! The layout of a mounted ConfigMap, and its change by one rename.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use weir_cli::envoy::PolicyDir;
use weir_cli::envoy::policy_dir::version;

#[test]
fn it_is_laid_out_and_swapped_as_kubernetes_does() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("policy");
    let mut policy = PolicyDir::create(&dir, Path::new("/x/weir.wasm"), "{\"a\": 1}", Vec::new()).unwrap();
    let read = || fs::read_to_string(dir.join("ecds.yaml")).unwrap();
    assert_eq!(fs::read_link(dir.join("ecds.yaml")).unwrap(), Path::new("..data/ecds.yaml"));
    assert_eq!(fs::read_link(dir.join("..data")).unwrap(), Path::new("..1"));
    assert!(read().contains(r#"value: "{\"a\": 1}""#), "{}", read());
    assert!(read().contains("filename: \"/x/weir.wasm\""));
    assert!(read().contains(&format!("version_info: \"{}\"", version("{\"a\": 1}"))));

    assert_eq!(policy.swap("{}").unwrap(), version("{}"));
    assert_eq!(fs::read_link(dir.join("..data")).unwrap(), Path::new("..2"));
    assert!(read().contains("value: \"{}\""));
    let mut names: Vec<_> = fs::read_dir(&dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["..2", "..data", "ecds.yaml"]);
}

#[test]
fn a_change_for_tests_must_match_the_shipped_text() {
    let home = tempfile::tempdir().unwrap();
    let change = vec![("no such line".to_owned(), String::new())];
    let error = PolicyDir::create(home.path(), Path::new("/x"), "{}", change).unwrap_err();
    assert_eq!(error.to_string(), "the shipped Envoy configuration holds `no such line` nowhere");
}

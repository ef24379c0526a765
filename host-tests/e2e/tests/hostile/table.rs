//! The table of `SECURITY.md`: every trick of this program, and every hostile case of the corpus. It is written by this test
//! (`UPDATE=1`), and true because each row is a test.

use super::all;
use std::collections::BTreeSet;
use std::fs;
use weir_e2e::root;
use weir_harness::corpus::{Case, Whole, load};

const BEGIN: &str = "<!-- tricks: written by host-tests/e2e/tests/hostile/table.rs, UPDATE=1 -->\n";
const END: &str = "<!-- end of tricks -->\n";

#[test]
fn security_says_what_comes_of_every_trick() {
    let file = root().join("SECURITY.md");
    let text = fs::read_to_string(&file).unwrap();
    let parts = text.split_once(BEGIN).and_then(|(before, rest)| Some((before, rest.split_once(END)?)));
    let Some((before, (said, after))) = parts else { panic!("SECURITY.md has no place for the table") };
    let table = table();
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&file, [before, BEGIN, table.as_str(), END, after].concat()).unwrap();
        return;
    }
    assert_eq!(said, table, "UPDATE=1 rewrites it");
}

fn table() -> String {
    assert!(std::env::var_os("WEIR_CASE").is_none(), "the table needs every case");
    // The whole corpus, since a name is the path below it.
    let cases = load(&root().join("host-tests/corpus"), &root().join("policies")).unwrap();
    let hostile = cases.iter().filter_map(|case| Some((case.name.strip_prefix("hostile/")?, case)));
    let mut rows: Vec<[String; 3]> = hostile
        .map(|(name, case)| [name.split('/').next().unwrap().to_owned(), case.about.clone(), outcome(case)])
        .collect();
    rows.extend(all().map(|trick| [trick.area, trick.trick, trick.outcome].map(str::to_owned)));
    // By area; within one in the order of the cases and tricks.
    rows.sort_by(|one, other| one[0].cmp(&other[0]));
    let names: BTreeSet<[&str; 2]> = rows.iter().map(|row| [row[0].as_str(), row[1].as_str()]).collect();
    assert_eq!(names.len(), rows.len(), "two tricks have the same words");
    let mut table = "| area | trick | outcome |\n|---|---|---|\n".to_owned();
    for row in &rows {
        assert!(row.iter().all(|cell| !cell.contains('\n') && !cell.is_empty()), "{row:?}");
        table += &format!("| {} |\n", row.each_ref().map(|cell| cell.replace('|', "\\|")).join(" | "));
    }
    table
}

/// What a case expects, in a few words.
fn outcome(case: &Case) -> String {
    let verdicts = [&case.expect.request, &case.expect.response].map(|side| side.as_ref().and_then(Option::as_ref));
    let faults = |outcome: &str| -> Vec<String> {
        let named = verdicts.iter().flatten().flat_map(|verdict| verdict.faults.iter().flatten());
        let with = named.filter_map(|fault| fault.strip_suffix(outcome));
        with.map(|fault| format!("`{}`", fault.trim())).collect::<BTreeSet<_>>().into_iter().collect()
    };
    let does = |action: &str| verdicts.iter().flatten().any(|verdict| verdict.action.as_deref() == Some(action));
    let (refused, flagged, allowed) =
        (faults(" block").join(", "), faults(" flag").join(", "), faults(" allow").join(", "));
    let said = match () {
        () if does("block") && !refused.is_empty() => format!("refused: {refused}"),
        () if does("block") => "blocked by rule".to_owned(),
        () if does("redact") => "redacted".to_owned(),
        () if unread(case) => "passed unread".to_owned(),
        () if matches!(
            (&case.expect.upstream, &case.expect.client),
            (Whole::Unchanged | Whole::None, Whole::Unchanged)
        ) =>
        {
            "read, then passed unchanged".to_owned()
        }
        () => "read, then passed".to_owned(),
    };
    match (does("block"), flagged.as_str(), allowed.as_str()) {
        (true, ..) | (_, "", "") => said,
        (_, flagged, "") => format!("{said}, flagged: {flagged}"),
        (_, "", allowed) => format!("{said}, as the policy says: {allowed}"),
        (_, flagged, allowed) => format!("{said}, flagged: {flagged}, as the policy says: {allowed}"),
    }
}

/// Whether a body passes of which nothing was read.
fn unread(case: &Case) -> bool {
    let verdicts = [&case.expect.request, &case.expect.response].map(|side| side.as_ref().and_then(Option::as_ref));
    verdicts.iter().flatten().any(|verdict| verdict.inspected.as_deref() == Some("none"))
}

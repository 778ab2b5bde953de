//! `/regions`: the tree of names, and a new one.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use health_code::Region;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::console::caller::{Caller, Payload, Right};
use crate::console::error::ConsoleError;
use crate::console::regions::{self, Imported, Level, LineError, RegionTable};
use crate::console::state::Console;
use crate::limits::REGION_BYTES;

/// A region with what is below it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Node {
    code: String,
    name: String,
    level: Level,
    /// Whether the office serves it: false above the asker's region.
    served: bool,
    #[schema(no_recursion)]
    children: Vec<Node>,
}

/// The tree.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Tree {
    top: Node,
}

/// Returns the way down to the asker's region, and its subtree.
#[utoipa::path(get, path = "/regions", responses((status = 200, body = Tree)))]
pub(super) async fn tree(
    State(console): State<Arc<Console>>,
    caller: Caller,
) -> Result<Json<Tree>, ConsoleError> {
    let names = console.names().of(&console.context).await?;
    Ok(Json(Tree { top: tree_of(&names, caller.top()) }))
}

fn tree_of(names: &RegionTable, top: &Region) -> Node {
    let node = |region: &Region, served: bool| Node {
        code: region.to_string(),
        name: names.name(region).map_or_else(|| region.to_string(), str::to_owned),
        level: Level::of(region),
        served,
        children: Vec::new(),
    };
    let mut own = node(top, true);
    for (region, _) in names.subtree(top).filter(|(region, _)| *region != top) {
        // A region's nearest named ancestor comes before it: down the last children of each level.
        let mut parent = &mut own;
        while parent.children.last().is_some_and(|last| region.as_str().starts_with(&last.code)) {
            let last = parent.children.len() - 1;
            parent = &mut parent.children[last];
        }
        parent.children.push(node(region, true));
    }
    let above = names.above(top).into_iter().filter(|region| names.name(region).is_some());
    above.rev().fold(own, |below, region| Node { children: vec![below], ..node(&region, false) })
}

/// A table to import.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Table {
    /// Lines of `code,name`.
    csv: String,
}

/// What a table holds.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TablePreview {
    rows: usize,
    by_level: BTreeMap<String, usize>,
    errors: Vec<LineError>,
}

/// Looks at a table and keeps nothing.
#[utoipa::path(post, path = "/regions/preview", request_body = Table, responses((status = 200, body = TablePreview)))]
pub(super) async fn preview(
    caller: Caller,
    body: Payload<Table, REGION_BYTES>,
) -> Result<Json<TablePreview>, ConsoleError> {
    caller.may(Right::RegionsImport)?;
    let Imported { by_level, errors, .. } = read(body.value.csv).await?;
    let rows = by_level.values().sum();
    let by_level = by_level.into_iter().map(|(level, count)| (level.code().to_owned(), count)).collect();
    Ok(Json(TablePreview { rows, by_level, errors }))
}

/// Replaces the table.
#[utoipa::path(post, path = "/regions", request_body = Table, responses((status = 204), (status = 422, description = "invalid")))]
pub(super) async fn import(
    State(console): State<Arc<Console>>,
    caller: Caller,
    body: Payload<Table, REGION_BYTES>,
) -> Result<StatusCode, ConsoleError> {
    caller.may(Right::RegionsImport)?;
    let csv = body.value.csv.clone().into_bytes();
    let Imported { table, errors, .. } = read(body.value.csv).await?;
    if table.is_empty() || !errors.is_empty() {
        return Err(ConsoleError::field("csv", errors.first().map_or("not-a-line", |error| error.code)));
    }
    let note = console.note(Some(caller.account.id), "regions-imported", ("", caller.top()), "")?;
    console.write(vec![note]).await?;
    console.context.store.set_regions(csv).await?;
    console.names().forget().await;
    Ok(StatusCode::NO_CONTENT)
}

/// Reads a table on a thread for slow work: a whole country takes a second.
async fn read(csv: String) -> Result<Imported, ConsoleError> {
    let read = tokio::task::spawn_blocking(move || regions::import(csv.as_bytes())).await;
    read.map_err(|_| ConsoleError::Internal)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::console::api::testing::{TestConsole, code_of, json_of};

    #[test]
    fn the_tree_shows_the_way_down_and_the_subtree() {
        let names = regions::sample_table();
        let tree = tree_of(&names, &"990107".parse().unwrap());
        assert_eq!((tree.code.as_str(), tree.served, tree.children.len()), ("99", false, 1));
        let own = &tree.children[0].children[0];
        assert_eq!((own.name.as_str(), own.served, own.children.len()), ("武样区", true, 2));
        assert_eq!(own.children[1].children[0].name, "东样社区居委会");
        let gap = RegionTable::new(
            [("99", "省"), ("990107001001", "社区")]
                .map(|(code, name)| (code.parse().unwrap(), name.to_owned()))
                .into(),
        );
        assert_eq!(tree_of(&gap, &"99".parse().unwrap()).children[0].code, "990107001001");
    }

    #[tokio::test]
    async fn a_table_is_looked_at_and_imported_whole() {
        let console = TestConsole::new().await;
        let cookie = console.sign_in().await;
        let bad = json!({ "csv": "42,样例省\n4201,=1\n" });
        let looked = console.ask(Some(&cookie), "POST", "/regions/preview", bad.clone()).await;
        assert_eq!(json_of(looked).await["errors"], json!([{ "line": 2, "code": "bad-name" }]));
        let refused = console.ask(Some(&cookie), "POST", "/regions", bad).await;
        assert_eq!(code_of(refused).await, (422, "invalid".to_owned()));
        let good = json!({ "csv": "42,样例省\n4201,样例市\n420106,青样区\n" });
        let kept = console.ask(Some(&cookie), "POST", "/regions", good).await;
        assert_eq!(kept.status(), StatusCode::NO_CONTENT);
        let tree = json_of(console.ask(Some(&cookie), "GET", "/regions", json!(null)).await).await;
        assert_eq!(tree["top"]["name"], "样例省");
    }
    /// The whole country, from a file that is not here: `docs/operations.md` says how to make it. It prints what took
    /// how long and how much memory; nothing is asserted of either.
    #[tokio::test]
    #[ignore = "needs KADIAN_REGIONS, a table of the whole country"]
    async fn a_table_of_the_whole_country_is_imported_and_searched() {
        let csv = std::fs::read_to_string(std::env::var("KADIAN_REGIONS").unwrap()).unwrap();
        let resident = || {
            let status = std::fs::read_to_string("/proc/self/status").unwrap();
            status.lines().find(|line| line.starts_with("VmRSS")).unwrap_or_default().to_owned()
        };
        let mut began = tokio::time::Instant::now();
        let mut tell = |what: &str| {
            println!("{what}: {:?}, {}", began.elapsed(), resident());
            began = tokio::time::Instant::now();
        };
        let console = TestConsole::new().await;
        let cookie = console.sign_in().await;
        tell("an office");
        let looked = console.ask(Some(&cookie), "POST", "/regions/preview", json!({ "csv": csv })).await;
        let looked = json_of(looked).await;
        tell("a preview");
        assert_eq!(looked["errors"], json!([]), "{looked}");
        let imported = console.ask(Some(&cookie), "POST", "/regions", json!({ "csv": csv })).await;
        assert_eq!(imported.status(), StatusCode::NO_CONTENT);
        drop(csv);
        tell("an import");
        let names = console.console.names().of(&console.console.context).await.unwrap();
        tell("read from the store");
        println!("{} regions", looked["rows"]);
        let country = Region::country();
        let found = |text: &str| names.find(text, &country);
        println!("{:?}", found("青山区红卫路街道科大社区"));
        println!("{:?}", found("青山区红卫路街道钢都社区"));
        println!("和平社区: {:?}", found("和平社区"));
        tell("three searches");
        let lines = "样例甲 青山区红卫路街道科大社区 13800010022\n".repeat(1000);
        let pasted = json!({ "text": lines, "role": "administrator" });
        let previewed = console.ask(Some(&cookie), "POST", "/people/preview", pasted).await;
        assert_eq!(previewed.status(), StatusCode::OK);
        tell("a thousand lines looked at");
        let tree = console.ask(Some(&cookie), "GET", "/regions", json!(null)).await;
        println!(
            "the tree of {}: {} bytes",
            console.console.top(),
            crate::console::api::testing::text_of(tree).await.len()
        );
        tell("the tree");
    }
}

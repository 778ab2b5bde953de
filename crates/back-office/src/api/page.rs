//! `GET /`: what arrived, as one page without scripts, for the office's own machine only.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use health_code::{Trust, TrustFault};
use maud::{DOCTYPE, Markup, html};
use web::FromThisMachine;
use wire::{ClockState, Direction, Outcome, Shown};

use super::{ApiError, Call};
use crate::limits::PAGE_ROWS;
use crate::overview::{Overview, PassageView, overview};

const CSP: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; \
                   frame-ancestors 'none'";

/// Communities that the page's head names.
const NAMES: usize = 3;

/// Returns the page.
pub(super) async fn page(_: FromThisMachine, call: Call) -> Result<Response, ApiError> {
    let communities = call.app.context.trust.communities();
    let shown = overview(&*call.app.context.store, &communities, PAGE_ROWS).await?;
    let notices = notices(&call, &communities);
    let names: Vec<&str> = communities.iter().take(NAMES).map(|trust| &*trust.community().name).collect();
    let more = if communities.len() > NAMES { " …" } else { "" };
    let html = render(&shown, &format!("{}{more}", names.join("、")), &notices).into_string();
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, CSP)];
    Ok((StatusCode::OK, headers, html).into_response())
}

/// Returns the page's style sheet.
pub(super) async fn css() -> Response {
    (StatusCode::OK, [(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("page.css")).into_response()
}

/// Returns what an operator has to look into, a sentence each.
fn notices(call: &Call, communities: &[Arc<Trust>]) -> Vec<String> {
    let context = &call.app.context;
    let trust = context.trust.trust();
    let refused = context.trust.refused();
    let refused = refused.map(|refused| format!("信任文件未生效 · trust files not in force: {refused}"));
    let receipts = context.keys.receipt(trust.root(), call.now()).err();
    let receipts = receipts.map(|error| format!("无法签回执，请查系统时间 · no receipts: {error}"));
    let fault = trust.fault_at(call.now()).map(TrustFault::code);
    let others = communities.iter().filter(|trust| trust.fault_at(call.now()).is_some()).count();
    let fault = match fault {
        Some(code) => Some(format!("各卡点现在不判定 · no station judges anything now: {code}")),
        None if others > 0 => Some(format!(
            "{others} 个社区现在不判定 · in {others} communities no station judges anything now"
        )),
        None => None,
    };
    refused.into_iter().chain(receipts).chain(fault).collect()
}

/// A word in Chinese and in English.
type Words = (&'static str, &'static str);

fn render(shown: &Overview, community: &str, notices: &[String]) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-Hans" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                meta http-equiv="refresh" content="5";
                title { "卡点后台 · Kadian back office" }
                link rel="stylesheet" href="/page.css";
            }
            body {
                header {
                    h1 { "卡点后台 " span { "Kadian back office" } }
                    p { (plain(community)) }
                }
                @for notice in notices {
                    p.notice { (plain(notice)) }
                }
                (counts(shown))
                (passages(shown))
                (alerts(shown))
                (changes(shown))
                (quarantine(shown))
                (stations(shown))
                footer { "时间为协调世界时 · times are UTC · 仅本机可见 · visible on this machine only" }
            }
        }
    }
}

fn counts(shown: &Overview) -> Markup {
    let counts = &shown.counts;
    let counts: [(Words, u64); 5] = [
        (("通行登记", "passages"), counts.passages),
        (("待拆封", "waiting"), counts.waiting),
        (("隔离", "quarantine"), counts.quarantined),
        (("工作站", "stations"), counts.stations),
        (("告警", "alerts"), counts.alerts),
    ];
    html! {
        ul.counts {
            @for ((zh, en), count) in counts {
                li { b { (count) } span { (zh) small { (en) } } }
            }
        }
    }
}

fn passages(shown: &Overview) -> Markup {
    let columns = [
        "时间 Time",
        "卡点 Checkpoint",
        "出入 Direction",
        "姓名 Name",
        "证件 Identity",
        "显示 Shown",
        "处置 Outcome",
        "发码机构 Issuer",
        "采集员 Collector",
    ];
    let rows = html! {
        @for row in &shown.passages { (passage(row)) }
    };
    let nothing = shown.passages.is_empty().then_some("还没有登记 · nothing has arrived yet");
    table(("通行登记", "Passages"), &columns, &rows, nothing)
}

fn passage(row: &PassageView) -> Markup {
    let (class, words) = match row.shown {
        Shown::Pass => ("pass", "通行 Pass"),
        Shown::Check => ("check", "核实 Check"),
        Shown::Stop => ("stop", "劝返 Stop"),
        Shown::UnjudgedTrust => ("unjudged", "未判定：信任过期 Unjudged: trust"),
        Shown::UnjudgedClock => ("unjudged", "未判定：时钟 Unjudged: clock"),
        Shown::UnjudgedPolicy => ("unjudged", "未判定：无政策 Unjudged: policy"),
    };
    let outcome = match row.outcome {
        Outcome::LetThrough => "放行 Let through",
        Outcome::TurnedAway => "劝返 Turned away",
    };
    let direction = match row.direction {
        Direction::In => "入 In",
        Direction::Out => "出 Out",
    };
    html! {
        tr {
            td.time {
                (time(row.at))
                @if row.clock != ClockState::Trusted { " " em title="clock" { "⏱" } }
            }
            td { (plain(&row.checkpoint)) }
            td { (direction) }
            td { (plain(&row.masked_name)) }
            td.id { (plain(&row.masked_id)) }
            td { mark class=(class) { (words) } }
            td {
                (outcome)
                @if !row.verified { " " em title="cannot be verified again" { "未复核" } }
            }
            td { (plain(&row.iss)) }
            td { (plain(&row.collector)) }
        }
    }
}

fn alerts(shown: &Overview) -> Markup {
    let columns = ["时间 Time", "工作站 Station", "种类 Kind", "说明 Detail", "解除 Over"];
    let rows = html! {
        @for row in &shown.alerts {
            tr {
                td.time { (time(row.raised)) }
                td { (plain(name_of(shown, &row.station))) }
                td { (row.kind) }
                td { (plain(&row.detail)) }
                td.time { (time_if(row.cleared)) }
            }
        }
    };
    table(("告警", "Alerts"), &columns, &rows, shown.alerts.is_empty().then_some("没有告警 · none"))
}

fn changes(shown: &Overview) -> Markup {
    let columns = ["时间 Time", "工作站 Station", "何人 Who", "变更 Change", "状态 State"];
    let rows = html! {
        @for row in &shown.changes {
            tr {
                td.time { (time(row.at)) }
                td { (plain(name_of(shown, &row.station))) }
                td { (plain(&row.by)) }
                td { (row.what) }
                td { (row.state) }
            }
        }
    };
    let nothing = shown.changes.is_empty().then_some("没有变更 · none");
    table(("名册变更", "Changes"), &columns, &rows, nothing)
}

fn quarantine(shown: &Overview) -> Markup {
    let columns = ["到达 Arrived", "工作站 Station", "记录 Record", "原因 Reason"];
    let rows = html! {
        @for row in &shown.quarantine {
            tr {
                td.time { (time(row.received)) }
                td { (plain(name_of(shown, &row.station))) }
                td.id { (plain(&row.record)) }
                td { (plain(&row.reason)) }
            }
        }
    };
    let nothing = shown.quarantine.is_empty().then_some("没有隔离的记录 · none");
    table(("隔离", "Quarantine"), &columns, &rows, nothing)
}

fn stations(shown: &Overview) -> Markup {
    let columns =
        ["名称 Name", "编号 Id", "登记 Enrolled", "最近上报 Last batch", "停用 Withdrawn", "已知会 Told"];
    let rows = html! {
        @for row in &shown.stations {
            tr {
                td { (plain(&row.name)) }
                td.id { (plain(&row.id)) }
                td.time { (time(row.enrolled)) }
                td.time { (time_if(row.last_seen)) }
                td.time { (time_if(row.withdrawn)) }
                td.time { (time_if(row.told)) }
            }
        }
    };
    let nothing = shown.stations.is_empty().then_some("还没有工作站：back-office ticket · none yet");
    table(("工作站", "Stations"), &columns, &rows, nothing)
}

fn table((zh, en): Words, columns: &[&str], rows: &Markup, nothing: Option<&str>) -> Markup {
    html! {
        section {
            h2 { (zh) " " span { (en) } }
            table {
                thead { tr { @for column in columns { th scope="col" { (column) } } } }
                tbody { (rows) }
            }
            @if let Some(nothing) = nothing { p.empty { (nothing) } }
        }
    }
}

fn name_of<'a>(shown: &'a Overview, id: &'a str) -> &'a str {
    shown.stations.iter().find(|station| station.id == id).map_or(id, |station| &station.name)
}

/// Replaces the characters that change the writing direction: they could swap what stands beside
/// them. `maud` escapes markup by itself.
fn plain(text: &str) -> String {
    text.replace(['\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}'], "\u{fffd}")
        .replace(['\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'], "\u{fffd}")
}

fn time(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| seconds.to_string(), |time| time.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

fn time_if(seconds: Option<i64>) -> String {
    seconds.map(time).unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use web::RequestError;

    use super::*;
    use crate::api::testing::{Refusal, TestOffice, body_of, provoke};
    use crate::overview::{ChangeView, StationView};
    use crate::store::Counts;

    const ONLY_HERE: ApiError = ApiError::Request(RequestError::OnlyHere);
    pub(in crate::api) const REFUSALS: &[Refusal] = &[
        Refusal::new(ONLY_HERE, |office| {
            Box::pin(async move { office.get_locally("/", "x-peer", "192.0.2.1").await })
        }),
        Refusal::new(ONLY_HERE, |office| {
            Box::pin(async move { office.get_locally("/", "forwarded", "for=192.0.2.1").await })
        }),
        Refusal::new(ONLY_HERE, |office| {
            Box::pin(async move { office.get_locally("/", "x-forwarded-for", "192.0.2.1").await })
        }),
        Refusal::new(ONLY_HERE, |office| {
            Box::pin(async move { office.get_locally("/", "via", "1.1 proxy").await })
        }),
    ];

    #[tokio::test]
    async fn each_refusal_is_provoked() {
        provoke(REFUSALS).await;
    }

    #[tokio::test]
    async fn this_machine_sees_the_page() {
        let office = TestOffice::new().await;
        let response = office.get_from_here("/").await;
        assert_eq!(response.headers()[CONTENT_SECURITY_POLICY], CSP);
        let html = String::from_utf8(body_of(response).await).unwrap();
        assert!(html.contains("样例社区") && html.contains("nothing has arrived yet"));
        assert_eq!(office.get_from_here("/page.css").await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn it_says_when_no_station_can_judge() {
        let office = TestOffice::new().await;
        let page = async || String::from_utf8(body_of(office.get_from_here("/").await).await).unwrap();
        assert!(!page().await.contains("no station judges"));
        office.set_clock(office.context.trust.trust().list().believed_until());
        assert!(page().await.contains("no station judges anything now: trust-expired"));
    }

    #[test]
    fn nothing_from_outside_becomes_markup() {
        let evil = "<script>\"'&\u{202e}".to_owned();
        let shown = Overview {
            counts: Counts::default(),
            passages: vec![PassageView {
                station: evil.clone(),
                record: evil.clone(),
                at: i64::MIN,
                judged: 0,
                clock: ClockState::Wrong,
                checkpoint: evil.clone(),
                collector: evil.clone(),
                shown: Shown::Pass,
                direction: Direction::In,
                outcome: Outcome::LetThrough,
                iss: evil.clone(),
                masked_name: evil.clone(),
                masked_id: evil.clone(),
                colour: evil.clone(),
                verified: false,
                pseudonym: evil.clone(),
                received: 0,
            }],
            stations: vec![StationView {
                id: evil.clone(),
                community: "420106001001".to_owned(),
                name: evil.clone(),
                enrolled: 0,
                last_seen: None,
                withdrawn: Some(1),
                told: None,
            }],
            quarantine: Vec::new(),
            alerts: Vec::new(),
            changes: vec![ChangeView {
                station: evil.clone(),
                record: evil.clone(),
                at: 0,
                by: evil.clone(),
                what: "pin-changed",
                state: "waits",
            }],
        };
        let html = render(&shown, &evil, std::slice::from_ref(&evil)).into_string();
        assert!(!html.contains("<script") && !html.contains('\u{202e}'));
        assert!(html.contains("&lt;script&gt;&quot;'&amp;\u{fffd}"));
        assert!(html.contains("1970-01-01 00:00:01"));
    }
}

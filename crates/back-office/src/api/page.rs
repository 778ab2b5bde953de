//! `GET /`: what arrived, as one plain page without scripts, on the office's own machine only.

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::{ApiError, Office, only_this_machine};
use crate::limits::PAGE_ROWS;
use crate::overview::{Overview, overview};

const CSP: &str = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; \
                   frame-ancestors 'none'";

/// The page.
pub(super) async fn page(
    State(office): State<Arc<Office>>,
    peer: ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    only_this_machine(peer, &headers)?;
    let trust = office.desk.trust.trust();
    let names = trust.clone();
    let shown = office.with_store(move |store| overview(store, Some(&names), PAGE_ROWS)).await?;
    let refused = office.desk.trust.refused();
    let html = render(&shown, &trust.community().name, refused.as_deref());
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, CSP),
        (REFERRER_POLICY, "no-referrer"),
    ];
    Ok((StatusCode::OK, headers, html).into_response())
}

/// Its style.
pub(super) async fn css() -> Response {
    (StatusCode::OK, [(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("page.css")).into_response()
}

fn render(shown: &Overview, community: &str, refused: Option<&str>) -> String {
    let mut out = String::from(
        "<!doctype html><html lang=\"zh-Hans\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><meta http-equiv=\"refresh\" content=\"5\">\
         <title>卡点后台 · Kadian back office</title><link rel=\"stylesheet\" href=\"/page.css\">",
    );
    let counts = &shown.counts;
    put(
        &mut out,
        format_args!(
            "<header><h1>卡点后台 <span>Kadian back office</span></h1><p>{}</p></header>",
            Safe(community)
        ),
    );
    if let Some(refused) = refused {
        put(
            &mut out,
            format_args!(
                "<p class=\"notice\">信任文件未生效 · trust files not in force: {}</p>",
                Safe(refused)
            ),
        );
    }
    out.push_str("<ul class=\"counts\">");
    for (zh, en, count) in [
        ("通行登记", "passages", counts.passages),
        ("待拆封", "waiting", counts.waiting),
        ("隔离", "quarantine", counts.quarantined),
        ("工作站", "stations", counts.stations),
        ("告警", "alerts", counts.alerts),
    ] {
        put(&mut out, format_args!("<li><b>{count}</b><span>{zh}<small>{en}</small></span></li>"));
    }
    out.push_str("</ul>");
    passages(&mut out, shown);
    alerts(&mut out, shown);
    quarantine(&mut out, shown);
    stations(&mut out, shown);
    put(
        &mut out,
        format_args!(
            "<footer>时间为协调世界时 · times are UTC · 仅本机可见 · visible on this machine only</footer></html>"
        ),
    );
    out
}

fn passages(out: &mut String, shown: &Overview) {
    head(
        out,
        "通行登记",
        "Passages",
        &[
            "时间 Time",
            "卡点 Checkpoint",
            "姓名 Name",
            "证件 Identity",
            "显示 Shown",
            "发码机构 Issuer",
            "采集员 Collector",
        ],
    );
    for row in &shown.passages {
        let (class, word) = match row.shown {
            "pass" => ("pass", "通行 Pass"),
            "check" => ("check", "核实 Check"),
            "stop" => ("stop", "劝返 Stop"),
            "unjudged-trust" => ("unjudged", "未判定：信任过期 Unjudged: trust"),
            _ => ("unjudged", "未判定：时钟 Unjudged: clock"),
        };
        let clock = if row.clock == "trusted" { "" } else { " <em title=\"clock\">⏱</em>" };
        put(
            out,
            format_args!(
                "<tr><td class=\"time\">{}{clock}</td><td>{}</td><td>{}</td><td class=\"id\">{}</td>\
             <td><mark class=\"{class}\">{word}</mark></td><td>{}</td><td>{}</td></tr>",
                Time(row.at),
                Safe(&row.checkpoint),
                Safe(&row.masked_name),
                Safe(&row.masked_id),
                Safe(&row.iss),
                Safe(&row.collector),
            ),
        );
    }
    tail(out, shown.passages.is_empty(), "还没有登记 · nothing has arrived yet");
}

fn alerts(out: &mut String, shown: &Overview) {
    head(out, "告警", "Alerts", &["时间 Time", "工作站 Station", "种类 Kind", "说明 Detail", "解除 Over"]);
    for row in &shown.alerts {
        put(
            out,
            format_args!(
                "<tr><td class=\"time\">{}</td><td>{}</td><td>{}</td><td>{}</td><td class=\"time\">{}</td></tr>",
                Time(row.raised),
                Safe(name_of(shown, &row.station)),
                Safe(&row.kind),
                Safe(&row.detail),
                Maybe(row.cleared),
            ),
        );
    }
    tail(out, shown.alerts.is_empty(), "没有告警 · none");
}

fn quarantine(out: &mut String, shown: &Overview) {
    head(out, "隔离", "Quarantine", &["到达 Arrived", "工作站 Station", "记录 Record", "原因 Reason"]);
    for row in &shown.quarantine {
        put(
            out,
            format_args!(
                "<tr><td class=\"time\">{}</td><td>{}</td><td class=\"id\">{}</td><td>{}</td></tr>",
                Time(row.received),
                Safe(name_of(shown, &row.station)),
                Safe(&row.record),
                Safe(&row.reason),
            ),
        );
    }
    tail(out, shown.quarantine.is_empty(), "没有隔离的记录 · none");
}

fn stations(out: &mut String, shown: &Overview) {
    head(
        out,
        "工作站",
        "Stations",
        &["名称 Name", "编号 Id", "登记 Enrolled", "最近上报 Last batch", "停用 Withdrawn"],
    );
    for row in &shown.stations {
        put(
            out,
            format_args!(
                "<tr><td>{}</td><td class=\"id\">{}</td><td class=\"time\">{}</td><td class=\"time\">{}</td><td class=\"time\">{}</td></tr>",
                Safe(&row.name),
                Safe(&row.id),
                Time(row.enrolled),
                Maybe(row.last_seen),
                Maybe(row.withdrawn),
            ),
        );
    }
    tail(out, shown.stations.is_empty(), "还没有工作站：back-office ticket · none yet");
}

fn head(out: &mut String, zh: &str, en: &str, columns: &[&str]) {
    put(out, format_args!("<section><h2>{zh} <span>{en}</span></h2><table><thead><tr>"));
    columns.iter().for_each(|column| put(out, format_args!("<th scope=\"col\">{column}</th>")));
    out.push_str("</tr></thead><tbody>");
}

fn tail(out: &mut String, empty: bool, nothing: &str) {
    out.push_str("</tbody></table>");
    if empty {
        put(out, format_args!("<p class=\"empty\">{nothing}</p>"));
    }
    out.push_str("</section>");
}

fn name_of<'a>(shown: &'a Overview, id: &'a str) -> &'a str {
    shown.stations.iter().find(|station| station.id == id).map_or(id, |station| &station.name)
}

fn put(out: &mut String, what: std::fmt::Arguments<'_>) {
    // Writing to a String never fails.
    let _ = out.write_fmt(what);
}

/// Text from outside, for between tags: nothing in it can be a tag or an entity.
struct Safe<'a>(&'a str);

impl std::fmt::Display for Safe<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.chars().try_for_each(|char| match char {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            // Overrides of the writing direction could swap what stands beside them.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => f.write_str("\u{fffd}"),
            other => std::fmt::Write::write_char(f, other),
        })
    }
}

struct Time(i64);

impl std::fmt::Display for Time {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match jiff::Timestamp::from_second(self.0) {
            Ok(time) => write!(f, "{}", time.strftime("%Y-%m-%d %H:%M:%S")),
            Err(_) => write!(f, "{}", self.0),
        }
    }
}

struct Maybe(Option<i64>);

impl std::fmt::Display for Maybe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.map_or(Ok(()), |time| Time(time).fmt(f))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::overview::{PassageView, StationView};
    use crate::store::Counts;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        let evil = "<script>\"'&\u{202e}".to_owned();
        let shown = Overview {
            counts: Counts::default(),
            passages: vec![PassageView {
                station: evil.clone(),
                record: evil.clone(),
                at: i64::MIN,
                clock: "wrong",
                checkpoint: evil.clone(),
                collector: evil.clone(),
                shown: "pass",
                iss: evil.clone(),
                masked_name: evil.clone(),
                masked_id: evil.clone(),
                colour: evil.clone(),
                pseudonym: evil.clone(),
                received: 0,
            }],
            stations: vec![StationView {
                id: evil.clone(),
                name: evil.clone(),
                enrolled: 0,
                last_seen: None,
                withdrawn: Some(1),
            }],
            quarantine: Vec::new(),
            alerts: Vec::new(),
        };
        let html = render(&shown, &evil, Some(&evil));
        assert!(!html.contains("<script") && !html.contains('\u{202e}'));
        assert!(html.contains("&lt;script&gt;&quot;&#39;&amp;\u{fffd}"));
        assert!(html.contains("1970-01-01 00:00:01"));
    }
}

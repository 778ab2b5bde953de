//! What the office counts and measures about itself, for Prometheus.
//!
//! No label names a station or a person: labels are addresses as the routes spell them, statuses and stable
//! codes, so that there are few of them and none tells of anybody.

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use wire::RecordStatus;

/// Upper ends of the classes in which times of answers are counted, in seconds.
const CLASSES: [f64; 10] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0, 30.0];

/// The office's counters and gauges.
pub struct Metrics {
    registry: Registry,
    answers: Family<Answer, Counter>,
    answer_seconds: Histogram,
    reports: Family<Code, Counter>,
    opened: Family<Code, Counter>,
    failures: Family<Code, Counter>,
    /// What is read where it is when somebody asks.
    pub now: Gauges,
}

/// What has a value at each moment.
#[derive(Debug, Default)]
pub struct Gauges {
    /// Seconds since the oldest report that is not opened arrived; 0 where all are.
    pub oldest_letter_seconds: Gauge,
    /// Stations that are enrolled and not withdrawn.
    pub stations: Gauge,
    /// Seconds between two batches of a station, as receipts say.
    pub pause_seconds: Gauge,
    /// Connections of stations.
    pub connections: Gauge,
    /// Requests of stations that are worked on.
    pub requests_at_work: Gauge,
    /// Bytes of bodies that are held.
    pub body_bytes: Gauge,
    /// Until when stations believe the trust list, in seconds since 1970.
    pub list_believed_until: Gauge,
    /// Until when stations believe the community file, in seconds since 1970.
    pub community_believed_until: Gauge,
    /// Whether receipts can be signed: 1 or 0.
    pub receipts_signed: Gauge,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answer {
    address: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Code {
    code: String,
}

impl Code {
    fn of(code: impl fmt::Display) -> Self {
        Self { code: code.to_string() }
    }
}

impl Metrics {
    /// Returns counters that stand at zero.
    #[must_use]
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("kadian_office");
        let answers = Family::default();
        let answer_seconds = Histogram::new(CLASSES);
        let [reports, opened, failures]: [Family<Code, Counter>; 3] =
            std::array::from_fn(|_| Family::default());
        registry.register("answers", "Answers, by address and status", answers.clone());
        registry.register(
            "answer_seconds",
            "How long answers took, the body's way included",
            answer_seconds.clone(),
        );
        registry.register(
            "reports",
            "Reports in acknowledged batches, by their line in the receipt",
            reports.clone(),
        );
        registry.register("opened", "Opened reports: filed, or the reason for quarantine", opened.clone());
        registry.register(
            "failures",
            "Rounds of the worker that failed and are done again",
            failures.clone(),
        );
        let now = Gauges::default();
        for (name, help, gauge) in now.all() {
            registry.register(name, help, gauge.clone());
        }
        Self { registry, answers, answer_seconds, reports, opened, failures, now }
    }

    /// Counts an answer. The address is the route's, such as `/v1/trust/{file}`.
    pub fn answered(&self, address: &str, status: u16, took: Duration) {
        self.answers.get_or_create(&Answer { address: address.to_owned(), status }).inc();
        self.answer_seconds.observe(took.as_secs_f64());
    }

    /// Counts a line of a receipt.
    pub fn acknowledged(&self, status: RecordStatus) {
        let code = match status {
            RecordStatus::Stored => "stored",
            RecordStatus::AlreadyStored => "already-stored",
            RecordStatus::Conflict => "conflict",
        };
        self.reports.get_or_create(&Code::of(code)).inc();
    }

    /// Counts an opened report: `filed`, or the reason for which it is in quarantine.
    pub fn opened(&self, outcome: impl fmt::Display) {
        self.opened.get_or_create(&Code::of(outcome)).inc();
    }

    /// Counts a round that failed, by the duty that it was to do.
    pub fn failed(&self, duty: &str) {
        self.failures.get_or_create(&Code::of(duty)).inc();
    }

    /// Returns everything in the text format of OpenMetrics 1.0.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a string never fails.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

impl Gauges {
    fn all(&self) -> [(&'static str, &'static str, &Gauge); 9] {
        [
            (
                "oldest_letter_seconds",
                "Seconds since the oldest report that is not opened arrived",
                &self.oldest_letter_seconds,
            ),
            ("stations", "Stations that are enrolled and not withdrawn", &self.stations),
            ("pause_seconds", "Seconds between two batches, as receipts say", &self.pause_seconds),
            ("connections", "Connections of stations", &self.connections),
            ("requests_at_work", "Requests of stations that are worked on", &self.requests_at_work),
            ("body_bytes", "Bytes of bodies that are held", &self.body_bytes),
            (
                "list_believed_until",
                "Until when stations believe the trust list (Unix time)",
                &self.list_believed_until,
            ),
            (
                "community_believed_until",
                "Until when stations believe the community file (Unix time)",
                &self.community_believed_until,
            ),
            ("receipts_signed", "1 where receipts can be signed", &self.receipts_signed),
        ]
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("now", &self.now).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_written() {
        let metrics = Metrics::new();
        metrics.answered("/v1/batches", 200, Duration::from_millis(7));
        metrics.acknowledged(RecordStatus::Conflict);
        metrics.opened("code:expired");
        metrics.failed("renewal");
        metrics.now.stations.set(3);
        let text = metrics.text();
        for line in [
            "kadian_office_answers_total{address=\"/v1/batches\",status=\"200\"} 1",
            "kadian_office_answer_seconds_bucket{le=\"0.01\"} 1",
            "kadian_office_reports_total{code=\"conflict\"} 1",
            "kadian_office_opened_total{code=\"code:expired\"} 1",
            "kadian_office_failures_total{code=\"renewal\"} 1",
            "kadian_office_stations 3",
            "# EOF",
        ] {
            assert!(text.lines().any(|other| other == line), "{line}\n{text}");
        }
    }
}

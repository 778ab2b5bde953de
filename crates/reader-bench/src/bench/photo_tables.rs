//! Tables and pictures of what was read of photographs.

use std::collections::BTreeMap;

use super::plot::{Curve, Panel};
use super::table::Table;
use crate::clock::Took;
use crate::manifest::Judged;

/// The budgets of the ladder, in z.
pub(super) const BUDGETS: [u32; 5] = [10, 15, 20, 30, 90];

/// The result of one decoder on one view.
#[derive(Clone, Copy)]
pub(super) struct Outcome {
    pub(super) judged: Judged,
    pub(super) took: Took,
}

/// One view and what was read of it.
pub(super) struct View {
    pub(super) path: String,
    pub(super) has_code: bool,
    /// By each of the other decoders.
    pub(super) peers: Vec<Outcome>,
    /// By the ladder, with each budget.
    pub(super) ladder: Vec<Outcome>,
}

/// All results of a run.
pub(super) struct Measured {
    /// The other decoders.
    pub(super) names: Vec<String>,
    /// zxing-cpp's median, in seconds.
    pub(super) z: f64,
    pub(super) views: Vec<View>,
}

impl Measured {
    /// Returns what each decoder read in how much time, and what it took.
    pub(super) fn scores(&self) -> String {
        let budgets = BUDGETS.map(|times| format!("{times} z"));
        let head = ["decoder".to_owned()].into_iter().chain(budgets);
        let rest = ["wrong", "median", "p95", "p95 without a code", "median / p95 ms by the wall"];
        let mut table = Table::new(head.chain(rest.map(str::to_owned)));
        let all: Vec<&View> = self.views.iter().collect();
        for (at, name) in self.names.iter().enumerate() {
            let shares = BUDGETS.map(|times| self.share(&all, times, |view, _| view.peers[at]));
            let times = self.times(|view| view.peers[at]);
            table.row([name.clone()].into_iter().chain(shares).chain(times));
        }
        let shares = BUDGETS.map(|times| self.share(&all, times, ladder));
        // The times of the ladder are those with the budget of a camera's frame.
        let times = self.times(|view| view.ladder[FRAME]);
        table.row(["**ladder**".to_owned()].into_iter().chain(shares).chain(times));
        let together = BUDGETS.map(|times| {
            let is_read = |view: &&View| {
                self.is_read(ladder(view, at_budget(times)), times)
                    || view.peers.iter().any(|&peer| self.is_read(peer, times))
            };
            percent(all.iter().filter(|view| view.has_code && is_read(view)).count(), self.with_code())
        });
        table.row(["all together".to_owned()].into_iter().chain(together).chain(rest.map(|_| String::new())));
        let (with, without) = (self.with_code(), self.views.len() - self.with_code());
        format!(
            "{}\n\n{} pictures with a code and {} without, at four rotations: {with} and {without} views. \
             z was {:.2} ms. A view counts as read within a time if the text came within it.",
            table.markdown(),
            with / 4,
            without / 4,
            self.z * 1e3,
        )
    }

    /// Returns what the ladder reads of each folder in how much time, beside the other decoders without a
    /// limit.
    pub(super) fn by_folder(&self) -> String {
        let budgets = BUDGETS.map(|times| format!("ladder, {times} z"));
        let head = ["folder", "views"].map(str::to_owned).into_iter().chain(budgets);
        let mut table = Table::new(head.chain(self.names.iter().cloned()));
        let mut folders: BTreeMap<&str, Vec<&View>> = BTreeMap::new();
        for view in self.views.iter().filter(|view| view.has_code) {
            folders.entry(view.path.split('/').next().unwrap_or_default()).or_default().push(view);
        }
        for (folder, views) in folders {
            let ladder = BUDGETS.map(|times| self.share(&views, times, ladder));
            let peers = (0..self.names.len()).map(|at| {
                let read = views.iter().filter(|view| view.peers[at].judged == Judged::Read).count();
                percent(read, views.len())
            });
            let cells = [folder.to_owned(), views.len().to_string()].into_iter();
            table.row(cells.chain(ladder).chain(peers));
        }
        table.markdown()
    }

    /// Lists every picture that another decoder reads in some rotation and the ladder misses in some
    /// rotation at its largest budget.
    pub(super) fn read_by_others(&self) -> String {
        let mut table = Table::new(["picture", "rotations missed", "who reads how many of the four"]);
        let mut pictures: BTreeMap<&str, Vec<&View>> = BTreeMap::new();
        for view in self.views.iter().filter(|view| view.has_code) {
            pictures.entry(&view.path).or_default().push(view);
        }
        let mut nobody = Vec::new();
        for (path, views) in pictures {
            let is_missed = |view: &&&View| view.ladder.last().is_some_and(|it| it.judged != Judged::Read);
            let missed = views.iter().filter(is_missed).count();
            if missed == 0 {
                continue;
            }
            let readers: Vec<String> = (0..self.names.len())
                .filter_map(|at| {
                    let read = views.iter().filter(|view| view.peers[at].judged == Judged::Read).count();
                    (read > 0).then(|| format!("{} {read}", self.names[at]))
                })
                .collect();
            if readers.is_empty() {
                nobody.push(format!("{path} ({missed})"));
            } else {
                table.row([path.to_owned(), missed.to_string(), readers.join(", ")]);
            }
        }
        format!(
            "{}\n\nMissed in so many rotations, and read by nobody else in any: {}.",
            table.markdown(),
            if nobody.is_empty() { "none".to_owned() } else { nobody.join(", ") }
        )
    }

    /// Returns the share that is read within so many z of computing.
    pub(super) fn over_time(&self) -> Panel {
        const MOST: f64 = 40.0;
        let curve = |name: String, of: &dyn Fn(&View) -> Outcome| {
            let with_code = self.views.iter().filter(|view| view.has_code);
            let read = with_code.map(of).filter(|outcome| outcome.judged == Judged::Read);
            let mut times: Vec<f64> = read.map(|outcome| outcome.took.cpu.as_secs_f64() / self.z).collect();
            times.sort_by(f64::total_cmp);
            let point = |step: u32| {
                let at = MOST * f64::from(step) / 200.0;
                (at, 100.0 * times.partition_point(|&time| time <= at) as f64 / self.with_code() as f64)
            };
            Curve { name, points: (0..=200).map(point).collect() }
        };
        let peers = self.names.iter().enumerate();
        let mut curves: Vec<Curve> =
            peers.map(|(at, name)| curve(name.clone(), &|view: &View| view.peers[at])).collect();
        for (budget, times) in BUDGETS.iter().enumerate().filter(|(at, _)| [0, FRAME].contains(at)) {
            curves.push(curve(format!("ladder, {times} z"), &|view: &View| view.ladder[budget]));
        }
        Panel {
            title: "Share of the photographs read, in %".to_owned(),
            over: "computing time in z, zxing-cpp's median".to_owned(),
            range: 0.0..MOST,
            stops: Vec::new(),
            curves,
        }
    }

    fn with_code(&self) -> usize {
        self.views.iter().filter(|view| view.has_code).count()
    }

    fn is_read(&self, outcome: Outcome, times: u32) -> bool {
        outcome.judged == Judged::Read && outcome.took.cpu.as_secs_f64() <= self.z * f64::from(times)
    }

    fn share(&self, views: &[&View], times: u32, of: impl Fn(&View, usize) -> Outcome) -> String {
        let at = at_budget(times);
        let with_code = views.iter().filter(|view| view.has_code);
        let read = with_code.clone().filter(|view| self.is_read(of(view, at), times)).count();
        percent(read, with_code.count())
    }

    /// Returns how many texts were wrong, and the times in z and by the wall.
    fn times(&self, of: impl Fn(&View) -> Outcome) -> [String; 5] {
        let wrong = self.views.iter().filter(|view| of(view).judged == Judged::Wrong).count();
        let cpu = |view: &View| of(view).took.cpu.as_secs_f64() / self.z;
        let all = Seconds::new(self.views.iter().map(cpu));
        let empty = Seconds::new(self.views.iter().filter(|view| !view.has_code).map(cpu));
        let wall = Seconds::new(self.views.iter().map(|view| of(view).took.wall.as_secs_f64() * 1e3));
        let told = |value: Option<f64>, unit| value.map_or("–".to_owned(), |it| format!("{it:.1}{unit}"));
        [
            wrong.to_string(),
            told(all.at(0.5), " z"),
            told(all.at(0.95), " z"),
            told(empty.at(0.95), " z"),
            format!("{} / {}", told(wall.at(0.5), ""), told(wall.at(0.95), "")),
        ]
    }
}

/// Index of the budget that is about a camera's frame on the machine of the first measurements.
const FRAME: usize = 3;

fn at_budget(times: u32) -> usize {
    BUDGETS.iter().position(|&budget| budget == times).unwrap_or(FRAME)
}

fn ladder(view: &View, budget: usize) -> Outcome {
    view.ladder[budget]
}

fn percent(part: usize, whole: usize) -> String {
    format!("{:.1} %", 100.0 * part as f64 / whole.max(1) as f64)
}

/// Sorted times.
pub(super) struct Seconds(Vec<f64>);

impl Seconds {
    pub(super) fn new(times: impl Iterator<Item = f64>) -> Self {
        let mut times: Vec<f64> = times.collect();
        times.sort_by(f64::total_cmp);
        Self(times)
    }

    /// Returns the time within which this share stays.
    pub(super) fn at(&self, share: f64) -> Option<f64> {
        let index = ((self.0.len() as f64 * share) as usize).min(self.0.len().saturating_sub(1));
        self.0.get(index).copied()
    }
}

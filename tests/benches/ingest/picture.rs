//! The picture: the ratio to a bare insert over what the database holds.

use std::path::Path;

use plotters::prelude::*;

use crate::cell::Cell;
use crate::options::Kind;

/// Colours that a colour-blind reader can distinguish (Okabe and Ito, 2008).
const COLOURS: [RGBColor; 4] =
    [RGBColor(0, 114, 178), RGBColor(213, 94, 0), RGBColor(0, 158, 115), RGBColor(204, 121, 167)];
/// Size of a chart, and height of the legend above all, in pixels.
const CHART: (u32, u32) = (400, 280);
const BAND: u32 = 30;

/// Draws a chart for each number of connections, a curve for each size of batch.
pub fn draw(path: &Path, cells: &[Cell]) {
    let mut charts: Vec<(Kind, usize)> =
        cells.iter().map(|cell| (cell.at.engine, cell.at.connections)).collect();
    charts.dedup();
    let mut seen = Vec::new();
    charts.retain(|chart| {
        !seen.contains(chart) && {
            seen.push(*chart);
            true
        }
    });
    let mut batches: Vec<usize> = cells.iter().map(|cell| cell.at.batch).collect();
    batches.sort_unstable();
    batches.dedup();
    let size = (CHART.0 * 2, CHART.1 * charts.len().div_ceil(2) as u32 + BAND);
    let root = SVGBackend::new(path, size).into_drawing_area();
    root.fill(&WHITE).unwrap();
    let (band, below) = root.split_vertically(BAND);
    for (at, batch) in batches.iter().enumerate() {
        let (x, y) = (42 + 150 * at as i32, BAND as i32 / 2);
        let style = COLOURS[at % COLOURS.len()].stroke_width(3);
        band.draw(&PathElement::new([(x, y), (x + 18, y)], style)).unwrap();
        let name = format!("batches of {batch}");
        band.draw(&Text::new(name, (x + 24, y - 7), ("sans-serif", 14))).unwrap();
    }
    let exponents = cells.iter().map(exponent);
    let (low, high) = exponents.fold((f64::MAX, f64::MIN), |(low, high), at| (low.min(at), high.max(at)));
    let top = cells.iter().map(Cell::ratio).fold(1.2, f64::max) * 1.05;
    for ((engine, connections), area) in charts.iter().zip(below.split_evenly((charts.len().div_ceil(2), 2)))
    {
        let mut chart = ChartBuilder::on(&area)
            .caption(format!("{}, {connections} at once", engine.name()), ("sans-serif", 15))
            .margin(8)
            .x_label_area_size(34)
            .y_label_area_size(40)
            .build_cartesian_2d(low - 0.05..high + 0.05, 0.0..top)
            .unwrap();
        chart
            .configure_mesh()
            .x_labels(3)
            .y_labels(6)
            .x_label_formatter(&|x| format!("10^{x:.0}"))
            .y_label_formatter(&|y| format!("{y:.1}"))
            .x_desc("reports held")
            .y_desc("of a bare insert")
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.12))
            .label_style(("sans-serif", 11))
            .axis_desc_style(("sans-serif", 12))
            .draw()
            .unwrap();
        for (at, batch) in batches.iter().enumerate() {
            let style = COLOURS[at % COLOURS.len()].stroke_width(2);
            let of_curve = |cell: &&Cell| {
                (cell.at.engine, cell.at.connections, cell.at.batch) == (*engine, *connections, *batch)
            };
            let points = cells.iter().filter(of_curve).map(|cell| (exponent(cell), cell.ratio()));
            chart.draw_series(LineSeries::new(points, style).point_size(3)).unwrap();
        }
    }
    root.present().unwrap();
}

fn exponent(cell: &Cell) -> f64 {
    (cell.at.rows as f64).log10()
}

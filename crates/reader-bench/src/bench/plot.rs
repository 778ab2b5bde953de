//! Draws charts of curves as SVG.

use std::fs;
use std::ops::Range;
use std::path::Path;

use plotters::prelude::*;

/// One small chart: the share that is read, in per cent, over some quantity.
pub(crate) struct Panel {
    pub(crate) title: String,
    /// Label of the horizontal axis.
    pub(crate) over: String,
    pub(crate) range: Range<f64>,
    /// Labels at 0, 1, 2, … of the horizontal axis. If empty, the numbers themselves are the labels.
    pub(crate) stops: Vec<String>,
    pub(crate) curves: Vec<Curve>,
}

pub(crate) struct Curve {
    pub(crate) name: String,
    pub(crate) points: Vec<(f64, f64)>,
}

/// Colours that a colour-blind reader can distinguish (Okabe and Ito, 2008).
const COLOURS: [RGBColor; 6] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
];

/// Height of the legend above all panels, in pixels.
const BAND: u32 = 30;

/// Draws panels with the same curves into a file, in so many columns. Creates missing folders.
pub(crate) fn draw(
    path: &Path,
    panels: &[Panel],
    columns: usize,
    panel_size: (u32, u32),
) -> Result<(), String> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    let rows = panels.len().div_ceil(columns.max(1));
    let size = (panel_size.0 * columns as u32, panel_size.1 * rows as u32 + BAND);
    let mut svg = String::new();
    draw_into(&mut svg, panels, (rows, columns), size).map_err(|error| error.to_string())?;
    fs::write(path, svg).map_err(|error| format!("{}: {error}", path.display()))
}

fn draw_into(
    svg: &mut String,
    panels: &[Panel],
    grid: (usize, usize),
    size: (u32, u32),
) -> Result<(), Box<dyn std::error::Error>> {
    let root = SVGBackend::with_string(svg, size).into_drawing_area();
    root.fill(&WHITE)?;
    let (band, below) = root.split_vertically(BAND);
    names(&band, panels.first().map_or(&[], |panel| &panel.curves))?;
    for (panel, area) in panels.iter().zip(below.split_evenly(grid)) {
        let mut chart = ChartBuilder::on(&area)
            .caption(&panel.title, ("sans-serif", 15))
            .margin(8)
            .x_label_area_size(34)
            .y_label_area_size(34)
            .build_cartesian_2d(panel.range.clone(), 0.0..102.0)?;
        let label = |x: &f64| match panel.stops.get(x.round() as usize) {
            _ if panel.stops.is_empty() => format!("{x:.0}"),
            Some(stop) if (x - x.round()).abs() < 0.01 => stop.clone(),
            _ => String::new(),
        };
        chart
            .configure_mesh()
            .x_labels(if panel.stops.is_empty() { 8 } else { panel.stops.len() })
            .y_labels(5)
            .x_label_formatter(&label)
            .y_label_formatter(&|y| format!("{y:.0}"))
            .x_desc(panel.over.as_str())
            .light_line_style(TRANSPARENT)
            .bold_line_style(BLACK.mix(0.12))
            .label_style(("sans-serif", 11))
            .axis_desc_style(("sans-serif", 12))
            .draw()?;
        for (at, curve) in panel.curves.iter().enumerate() {
            let style = COLOURS[at % COLOURS.len()].stroke_width(2);
            chart.draw_series(LineSeries::new(curve.points.iter().copied(), style))?;
        }
    }
    root.present()?;
    Ok(())
}

fn names(
    band: &DrawingArea<SVGBackend, plotters::coord::Shift>,
    curves: &[Curve],
) -> Result<(), Box<dyn std::error::Error>> {
    let mut x = 42;
    for (at, curve) in curves.iter().enumerate() {
        let middle = BAND as i32 / 2;
        let style = COLOURS[at % COLOURS.len()].stroke_width(3);
        band.draw(&PathElement::new([(x, middle), (x + 18, middle)], style))?;
        band.draw(&Text::new(curve.name.clone(), (x + 24, middle - 7), ("sans-serif", 14)))?;
        x += 60 + 8 * curve.name.chars().count() as i32;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_holds_its_curves_by_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pictures/a.svg");
        let panel = Panel {
            title: "blur".to_owned(),
            over: "px".to_owned(),
            range: 0.0..2.0,
            stops: ["0.5", "1", "2"].map(str::to_owned).to_vec(),
            curves: vec![Curve { name: "ladder".to_owned(), points: vec![(0.0, 100.0), (2.0, 0.0)] }],
        };
        draw(&path, &[panel], 1, (320, 240)).unwrap();
        let svg = fs::read_to_string(path).unwrap();
        assert!(svg.contains("<polyline") && svg.contains("ladder") && svg.contains("blur"), "{svg}");
    }
}

//! Pages of a PDF, drawn one after the other on a thread of their own: a page that takes for ever is
//! given up, and one that makes the drawing panic harms nobody.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;

use code_reader::GreyFrame;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings, render};

use crate::limits::{PAGE_SIDE, PAGE_TIME, PAGES};
use crate::problem::Problem;

type Drawn = Result<GreyFrame, Problem>;

const FORMAT: &str = "PDF";

/// Pages as they are drawn.
pub(crate) struct Drawing {
    pages: Receiver<Drawn>,
    is_over: bool,
}

/// Begins to draw.
pub(crate) fn draw(bytes: Vec<u8>) -> Result<Drawing, Problem> {
    // Whatever wrote the file wrote its end last (ISO 32000-1, 7.5.5).
    if !bytes.windows(5).any(|mark| mark == b"%%EOF") {
        return Err(Problem::CutOff(FORMAT));
    }
    let (sender, pages) = sync_channel(1);
    let thread = thread::Builder::new().name("pdf".to_owned());
    thread.spawn(move || draw_all(bytes, &sender))?;
    Ok(Drawing { pages, is_over: false })
}

impl Iterator for Drawing {
    type Item = Drawn;

    fn next(&mut self) -> Option<Drawn> {
        if self.is_over {
            return None;
        }
        let drawn = match self.pages.recv_timeout(PAGE_TIME) {
            Ok(drawn) => Some(drawn),
            Err(RecvTimeoutError::Timeout) => Some(Err(Problem::TooSlow)),
            Err(RecvTimeoutError::Disconnected) => None,
        };
        self.is_over = !matches!(drawn, Some(Ok(_)));
        drawn
    }
}

fn draw_all(bytes: Vec<u8>, sender: &SyncSender<Drawn>) {
    let last_word = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| draw_each(bytes, sender)));
    let problem = match last_word {
        Ok(Ok(())) => return,
        Ok(Err(problem)) => problem,
        Err(_) => Problem::Damaged { format: FORMAT, why: "it cannot be drawn".to_owned() },
    };
    // Nobody may be there any more, who would not have read on.
    let _ = sender.send(Err(problem));
}

fn draw_each(bytes: Vec<u8>, sender: &SyncSender<Drawn>) -> Result<(), Problem> {
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Problem::Locked,
        LoadPdfError::Invalid => Problem::Damaged { format: FORMAT, why: "it has no pages' list".to_owned() },
    })?;
    let pages = pdf.pages();
    match pages.len() {
        0 => return Err(Problem::NoPages),
        1..=PAGES => {}
        _ => return Err(Problem::TooManyPages),
    }
    let cache = RenderCache::new();
    for page in pages.iter() {
        if sender.send(draw_one(page, &cache)).is_err() {
            break;
        }
    }
    Ok(())
}

fn draw_one<'p>(page: &'p Page<'p>, cache: &RenderCache<'p>) -> Drawn {
    let damaged = |why: &str| Problem::Damaged { format: FORMAT, why: why.to_owned() };
    let (width, height) = page.render_dimensions();
    let scale = PAGE_SIDE / width.max(height);
    let drawable = |side: f32| (1.0..=PAGE_SIDE + 1.0).contains(&(side * scale));
    if !drawable(width) || !drawable(height) {
        return Err(damaged("a page of no size"));
    }
    let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let drawn = render(page, cache, &InterpreterSettings::default(), &RenderSettings::default(), &settings);
    let (width, height) = (drawn.width(), drawn.height());
    let pixels = drawn.data_as_u8_slice().to_vec();
    let picture = image::RgbaImage::from_raw(width.into(), height.into(), pixels);
    let picture = image::DynamicImage::from(picture.ok_or_else(|| damaged("a page of no size"))?);
    GreyFrame::from_image(&picture).map_err(|error| damaged(&error.to_string()))
}

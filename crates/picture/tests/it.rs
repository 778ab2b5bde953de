//! Files as people have them: each is read, or has a sentence of its own.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::io::Cursor;
use std::path::{Path, PathBuf};

use code_reader::{GreyFrame, Reader, Sighting};
use image::{DynamicImage, GrayImage, ImageFormat, Luma};
use picture::{Contents, Problem, find, open, pictures};
use qr_scenes::{Code, Level};

const TEXT: &str = "KD1:A PICTURE OF A CODE";

fn code() -> Code {
    Code::new(TEXT, 3, Level::M).unwrap()
}

/// The code with six pixels a module and a quiet zone.
fn drawing() -> DynamicImage {
    let code = code();
    let side = (code.modules() as u32 + 8) * 6;
    DynamicImage::ImageLuma8(GrayImage::from_fn(side, side, |x, y| {
        let module = |at: u32| (at as usize / 6).checked_sub(4).filter(|at| *at < code.modules());
        let is_dark = module(x).zip(module(y)).is_some_and(|(x, y)| code.is_dark(x, y));
        Luma([if is_dark { 0 } else { 255 }])
    }))
}

fn encoded(format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::ImageRgb8(drawing().to_rgb8());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A PDF with these page contents, each on A4.
fn pdf(contents: &[String]) -> Vec<u8> {
    let kids: Vec<String> = (0..contents.len()).map(|at| format!("{} 0 R", 3 + 2 * at)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Count {} /Kids [ {} ] >>", contents.len(), kids.join(" ")),
    ];
    for (at, content) in contents.iter().enumerate() {
        let stream = 4 + 2 * at;
        let page = "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 595 842 ]";
        objects.push(format!("{page} /Resources << >> /Contents {stream} 0 R >>"));
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    let mut file = "%PDF-1.4\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (number, object) in (1..).zip(&objects) {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let begins = file.len();
    let size = objects.len() + 1;
    file.push_str(&format!("{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{begins}\n%%EOF\n"));
    file.into_bytes()
}

/// The code as black squares, 4 cm wide.
fn squares() -> String {
    let code = code();
    let module = 113.0 / code.modules() as f32;
    let mut content = "0 g\n".to_owned();
    for row in 0..code.modules() {
        for column in (0..code.modules()).filter(|column| code.is_dark(*column, row)) {
            let (x, y) = (300.0 + module * column as f32, 500.0 - module * row as f32);
            content.push_str(&format!("{x:.3} {y:.3} {module:.3} {module:.3} re f\n"));
        }
    }
    content
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

fn frames(path: &Path) -> Result<Vec<GreyFrame>, Problem> {
    pictures(path)?.collect()
}

fn code_of(path: &Path) -> &'static str {
    frames(path).map_or_else(|problem| problem.code(), |_| "")
}

fn text_of(frame: &GreyFrame) -> Option<String> {
    match Reader::new().with_budget(std::time::Duration::from_secs(5)).read(frame) {
        Sighting::Code(code) => Some(code.text.into_string()),
        _ => None,
    }
}

const FORMATS: [(ImageFormat, &str); 6] = [
    (ImageFormat::Png, "png"),
    (ImageFormat::Jpeg, "jpg"),
    (ImageFormat::WebP, "webp"),
    (ImageFormat::Gif, "gif"),
    (ImageFormat::Bmp, "bmp"),
    (ImageFormat::Tiff, "tif"),
];

#[test]
fn every_format_shows_the_code_whatever_its_name() {
    let folder = Folder::new();
    for (format, ending) in FORMATS {
        for name in [format!("a.{ending}"), "a".to_owned(), "a.txt".to_owned(), "a.jpeg".to_owned()] {
            let frames = frames(&folder.with(&name, &encoded(format))).unwrap();
            let [frame] = &frames[..] else { panic!("{name}") };
            assert_eq!(text_of(frame).as_deref(), Some(TEXT), "{format:?} as {name}");
        }
    }
}

#[test]
fn half_of_a_picture_is_none() {
    let folder = Folder::new();
    for (format, ending) in FORMATS {
        let whole = encoded(format);
        let name = format!("cut.{ending}");
        for length in (12..whole.len()).step_by(whole.len() / 60).chain([whole.len() - 1]) {
            let code = code_of(&folder.with(&name, &whole[..length]));
            assert!(matches!(code, "cut-off" | "damaged"), "{format:?} of {length}: {code:?}");
        }
        let most = code_of(&folder.with(&name, &whole[..whole.len() * 9 / 10]));
        assert!(format == ImageFormat::Tiff || most == "cut-off", "{format:?}: {most}");
    }
}

#[test]
fn every_page_of_a_pdf_is_drawn() {
    let folder = Folder::new();
    let path = folder.with("pages.pdf", &pdf(&[String::new(), squares()]));
    let drawn = frames(&path).unwrap();
    let texts: Vec<_> = drawn.iter().map(text_of).collect();
    assert_eq!(texts, [None, Some(TEXT.to_owned())]);
    assert!(pictures(&path).unwrap().has_pages());
    // Whoever has read enough goes away.
    assert!(pictures(&path).unwrap().next().is_some());
}

#[test]
fn a_pdf_that_is_none_has_its_sentence() {
    let folder = Folder::new();
    let whole = pdf(&[squares()]);
    assert_eq!(code_of(&folder.with("cut.pdf", &whole[..whole.len() / 2])), "cut-off");
    assert_eq!(code_of(&folder.with("not.pdf", b"%PDF-1.4\n%%EOF")), "damaged");
    assert_eq!(code_of(&folder.with("none.pdf", &pdf(&[]))), "no-pages");
    let many = vec![String::new(); picture::limits::PAGES + 1];
    assert_eq!(code_of(&folder.with("many.pdf", &pdf(&many))), "too-many-pages");
}

#[test]
fn what_is_no_file_is_never_waited_for() {
    let folder = Folder::new();
    let fifo = folder.0.path().join("fifo.png");
    let mode = rustix::fs::Mode::from_raw_mode(0o600);
    rustix::fs::mknodat(rustix::fs::CWD, &fifo, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    assert_eq!(code_of(&fifo), "not-a-file");
    assert_eq!(code_of(Path::new("/dev/zero")), "not-a-file");
    assert_eq!(code_of(folder.0.path()), "folder");
    assert_eq!(code_of(&folder.0.path().join("missing.webp")), "missing");
    assert_eq!(code_of(&folder.with("a.png", b"").join("deep.png")), "missing");
    assert_eq!(code_of(&folder.with("zero.png", b"")), "empty");
    assert_eq!(code_of(&folder.with("page.png", b"<html><body>404</body></html>")), "web-page");
    assert_eq!(code_of(&folder.with("text.png", b"KD1:A")), "text-named-picture");
    assert_eq!(code_of(&folder.with("a.heic", b"\0\0\0\x1cftypheic\0\0\0\0mif1")), "heic");
    let huge = folder.0.path().join("huge.png");
    std::fs::File::create(&huge).unwrap().set_len(picture::limits::FILE_BYTES + 1).unwrap();
    assert_eq!(code_of(&huge), "too-large");
    let mut wide = Cursor::new(Vec::new());
    DynamicImage::new_luma8(8193, 1).write_to(&mut wide, ImageFormat::Png).unwrap();
    assert_eq!(code_of(&folder.with("wide.png", &wide.into_inner())), "too-many-pixels");
}

#[test]
fn a_text_is_a_text_and_a_link_leads_to_its_file() {
    let folder = Folder::new();
    let path = folder.with("code.txt", b"\xef\xbb\xbfKD1:A");
    let link = folder.0.path().join("link.txt");
    std::os::unix::fs::symlink(&path, &link).unwrap();
    for path in [path, link] {
        assert!(matches!(open(&path), Ok(Contents::Text(text)) if text == "KD1:A"));
        assert_eq!(code_of(&path), "other-file");
    }
}

#[test]
fn a_bad_path_stops_nothing_and_a_folder_without_pictures_says_so() {
    let folder = Folder::new();
    let (a, b) = (folder.with("b.PNG", b""), folder.with("a\n.webp", b""));
    folder.with("notes.txt", b"");
    let empty = folder.0.path().join("empty");
    std::fs::create_dir(&empty).unwrap();
    let missing = folder.0.path().join("missing.png");
    let found = find(&[missing.clone(), folder.0.path().to_owned(), empty.clone()]);
    let found: Vec<_> =
        found.into_iter().map(|named| (named.path, named.problem.map(|p| p.code()))).collect();
    assert_eq!(
        found,
        [(missing, Some("missing")), (b, None), (a, None), (empty, Some("other-file"))],
        "sorted by name within a folder"
    );
}

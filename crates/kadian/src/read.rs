//! `kadian read`: reads the codes of pictures.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use picture::{Named, Problem, one_line, path_in_a_line};
use program::{FAILED, Failure, say};
use serde_json::{Value, json};

use crate::scan::{self, All, Code};

/// Exit status where a picture shows no code that can be read.
const NOT_ALL: u8 = 1;

/// Read the codes of pictures, without judging them
///
/// Reads PNG, JPEG, WebP, GIF, BMP and TIFF, and each page of a PDF. One line a picture, whatever its name:
/// the path, a tab, and its texts with a tab between them, or why there is none. Line breaks and controls
/// are escaped. A path that cannot be opened has its line too, and those after it are read all the same.
#[derive(Args)]
#[command(after_help = "Examples:\n  \
    kadian read code.jpg page.pdf\n  \
    kadian read --json photos/\n\n\
    Exit status: 0; 1 where a picture shows no code that can be read; 2 where a path could not be opened,\n\
    or a folder has no picture in it.")]
pub struct ReadArgs {
    /// Print one JSON object a line: path, page, texts with their corners and parts, hint, problem, sentence
    #[arg(long)]
    json: bool,
    /// Pictures, PDFs, or folders of them
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<PathBuf>,
}

/// Runs the command.
pub fn run(arguments: &ReadArgs) -> Result<ExitCode, Failure> {
    let mut worst = 0;
    let mut unopened: Vec<String> = Vec::new();
    for Named { path, problem } in picture::find(&arguments.paths) {
        let opened = match problem {
            None => picture::pictures(&path),
            Some(problem) => Err(problem),
        };
        let path = path_in_a_line(&path);
        let mut line = |page: Option<usize>, read: Result<All, Problem>| {
            worst = worst.max(status(&read));
            if let Err(problem) = &read {
                unopened.push(format!("{path}: {problem}"));
            }
            if arguments.json {
                say!("{}", object(&path, page, &read))
            } else {
                say!("{}", text(&path, page, &read))
            }
        };
        match opened {
            Err(problem) => line(None, Err(problem))?,
            Ok(pictures) => {
                let has_pages = pictures.has_pages();
                for (number, picture) in (1..).zip(pictures) {
                    let page = has_pages.then_some(number);
                    line(page, picture.map(|frame| scan::all(&frame)))?;
                }
            }
        }
    }
    match &unopened[..] {
        [] => Ok(ExitCode::from(worst)),
        [only] => Err(only.clone().into()),
        [first, others @ ..] => Err(format!("{first}; and {} more could not be opened", others.len()).into()),
    }
}

fn status(read: &Result<All, Problem>) -> u8 {
    match read {
        Ok(all) if all.codes.is_empty() => NOT_ALL,
        Ok(_) => 0,
        Err(_) => FAILED,
    }
}

fn text(path: &str, page: Option<usize>, read: &Result<All, Problem>) -> String {
    let page = page.map(|page| format!(" page {page}")).unwrap_or_default();
    let said = match read {
        Ok(All { codes, hint }) if codes.is_empty() => {
            let why = hint.map_or("no code", |hint| hint.code());
            format!("({why})")
        }
        Ok(All { codes, .. }) => codes.iter().map(said_of).collect::<Vec<_>>().join("\t"),
        Err(problem) => format!("({problem})"),
    };
    format!("{path}{page}\t{said}")
}

fn said_of(code: &Code) -> String {
    let part = code.part.map(|part| format!("(part {} of {}) ", part.number, part.of));
    part.unwrap_or_default() + &one_line(&code.text)
}

fn object(path: &str, page: Option<usize>, read: &Result<All, Problem>) -> Value {
    let (codes, hint) = match read {
        Ok(All { codes, hint }) => (&codes[..], hint.map(|hint| hint.code())),
        Err(_) => (&[][..], None),
    };
    let problem = read.as_ref().err();
    json!({
        "path": path,
        "page": page,
        "texts": codes.iter().map(text_object).collect::<Vec<_>>(),
        "hint": hint,
        "problem": problem.map(Problem::code),
        "sentence": problem.map(ToString::to_string),
    })
}

fn text_object(code: &Code) -> Value {
    let part = code.part.map(|part| [part.number, part.of]);
    json!({ "text": code.text, "corners": code.corners, "part": part })
}

#[cfg(test)]
mod tests {
    use super::*;
    use code_reader::Part;

    #[test]
    fn one_line_a_picture_whatever_its_name_and_its_text() {
        let path = path_in_a_line(std::path::Path::new("a\nb\t.png"));
        let code = |text: &str| Code { text: text.to_owned(), part: None, corners: [[0.0; 2]; 4] };
        let all = Ok(All { codes: vec![code("one\ntwo"), code("three")], hint: None });
        assert_eq!(text(&path, None, &all), "a\\nb\\t.png\tone\\ntwo\tthree");
        assert_eq!(text(&path, Some(2), &Err(Problem::Empty)).lines().count(), 1);
        assert_eq!((status(&all), status(&Err(Problem::Empty))), (0, 2));
        let none = Ok(All { codes: vec![], hint: None });
        assert_eq!((text("a", None, &none).as_str(), status(&none)), ("a\t(no code)", 1));
        let part = Code { part: Some(Part { number: 2, of: 3 }), ..code("y") };
        assert_eq!(said_of(&part), "(part 2 of 3) y");
        assert_eq!(text_object(&part)["part"], json!([2, 3]));
        assert_eq!(object("a", None, &all)["texts"].as_array().map(Vec::len), Some(2));
    }
}

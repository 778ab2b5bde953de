//! What every program does with odd command lines, a closed pipe and a full disk: it says one
//! sentence and exits with the right code, and it never panics.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "stories stop where something is wrong")]
#![cfg(target_os = "linux")]

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::BufRead as _;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use stage::World;
use stage::programs::command;

/// The programs without a window. That one parses and prints as these do.
const PROGRAMS: [&str; 3] = ["kadian", "kadian-issue", "back-office"];
/// Exit code of a program that could not do what it was asked to.
const FAILED: i32 = 2;
/// Exit code of a program whose reader is gone: 128 + SIGPIPE.
const READER_GONE: i32 = 141;
/// Longest time that a command line which asks for nothing sensible may take.
const LONGEST: Duration = Duration::from_secs(30);

/// Where standard output or standard error goes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Stream {
    Read,
    Closed,
    Full,
}

/// How a program ended.
#[derive(Debug)]
struct Ended {
    /// `None` if it was still running after [`LONGEST`], and was stopped by this test.
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn stdio(stream: Stream, file: &File) -> Stdio {
    match stream {
        Stream::Read => Stdio::from(file.try_clone().unwrap()),
        Stream::Closed => {
            let (reader, writer) = std::io::pipe().unwrap();
            drop(reader);
            Stdio::from(writer)
        }
        Stream::Full => Stdio::from(File::options().write(true).open("/dev/full").unwrap()),
    }
}

fn run_with(program: &str, arguments: &[OsString], stdout: Stream, stderr: Stream) -> Ended {
    let [out, err] = [(); 2].map(|()| tempfile::NamedTempFile::new().unwrap());
    let mut command: Command = command(program).unwrap();
    // Some command lines write a file or a folder by the name that they are given.
    let scratch = tempfile::tempdir().unwrap();
    command.current_dir(scratch.path());
    command.args(arguments).stdin(Stdio::null()).env_remove("KADIAN_LOG").env_remove("RUST_LOG");
    command.stdout(stdio(stdout, out.as_file())).stderr(stdio(stderr, err.as_file()));
    let status = wait(command.spawn().unwrap());
    let text = |file: &tempfile::NamedTempFile| {
        String::from_utf8_lossy(&std::fs::read(file.path()).unwrap()).into_owned()
    };
    let ended =
        Ended { code: status.and_then(|status| status.code()), stdout: text(&out), stderr: text(&err) };
    let line = format!("{program} {arguments:?}: {ended:?}");
    assert!(status.is_none_or(|status| status.code().is_some()), "a signal: {line}");
    assert!(!ended.stderr.contains("panicked"), "{line}");
    assert!(!ended.stderr.contains("Broken pipe"), "{line}");
    assert!(ended.code.is_none_or(|code| [0, 1, FAILED, READER_GONE].contains(&code)), "{line}");
    if ended.code == Some(FAILED) && stderr == Stream::Read {
        assert!(!ended.stderr.is_empty() || ended.stdout.contains("\"sentence\""), "no sentence: {line}");
    }
    ended
}

/// Waits for the end. Stops a program that runs for longer than [`LONGEST`].
fn wait(mut child: Child) -> Option<std::process::ExitStatus> {
    let begun = stage::clock::now();
    while begun.elapsed() < LONGEST {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}

fn run(program: &str, arguments: &[OsString]) -> Ended {
    run_with(program, arguments, Stream::Read, Stream::Read)
}

fn owned<T: AsRef<OsStr>>(arguments: &[T]) -> Vec<OsString> {
    arguments.iter().map(|it| it.as_ref().to_owned()).collect()
}

/// Every subcommand of a program, found in its `--help`: `[]`, `["trust"]`, `["trust", "sign"]` …
fn subcommands(program: &str, above: &[OsString]) -> Vec<Vec<OsString>> {
    let help = run(program, &[above, &owned(&["--help"])].concat());
    assert_eq!(help.code, Some(0), "{program} {above:?}: {help:?}");
    let listed = help.stdout.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names = listed.take_while(|line| line.starts_with("  ")).filter_map(|line| {
        let name =
            line.strip_prefix("  ").filter(|rest| !rest.starts_with(' '))?.split_whitespace().next()?;
        (name != "help").then(|| OsString::from(name))
    });
    let below = names.flat_map(|name| subcommands(program, &[above, &[name]].concat()));
    std::iter::once(above.to_vec()).chain(below.collect::<Vec<_>>()).collect()
}

fn every_subcommand() -> Vec<(&'static str, Vec<OsString>)> {
    let all = PROGRAMS.map(|program| subcommands(program, &[]).into_iter().map(move |it| (program, it)));
    let all: Vec<_> = all.into_iter().flatten().collect();
    assert!(all.len() >= 24, "{all:?}");
    all
}

#[test]
fn help_can_be_read_piped_and_fails_on_a_full_disk() {
    for (program, subcommand) in every_subcommand() {
        let help = [&subcommand[..], &owned(&["--help"])].concat();
        let closed = run_with(program, &help, Stream::Closed, Stream::Read);
        assert_eq!((closed.code, &*closed.stderr), (Some(READER_GONE), ""), "{program} {help:?}");
        let full = run_with(program, &help, Stream::Full, Stream::Read);
        assert_eq!(full.code, Some(FAILED), "{program} {help:?}: {full:?}");
        assert_eq!(full.stderr.lines().count(), 1, "{program} {help:?}: {full:?}");
    }
    let help = run("kadian", &owned(&["--help"])).stdout;
    assert!(help.contains("KADIAN_LOG") && help.contains("RUST_LOG"), "{help}");
}

#[test]
fn garbage_is_answered_with_a_sentence() {
    let not_utf8 = OsStr::from_bytes(b"\xff\xfe\x80").to_owned();
    for (program, subcommand) in every_subcommand() {
        let with = |more: &[OsString]| [&subcommand[..], more].concat();
        // Only what lists or watches cameras, scanners and relays has something to do without arguments.
        let ended = run(program, &with(&owned(&["--no-such-option"])));
        assert_eq!(ended.code, Some(FAILED), "{program} {subcommand:?}");
        if subcommand.iter().all(|name| !["camera", "scanner", "relay"].contains(&&*name.to_string_lossy())) {
            assert_eq!(run(program, &subcommand).code, Some(FAILED), "{program} {subcommand:?}");
            // `inspect` takes any text apart, so it may succeed.
            let ended = run(program, &with(std::slice::from_ref(&not_utf8)));
            assert!(ended.code.is_some(), "{program} {subcommand:?}: {ended:?}");
            let garbage = owned(&["\u{7f}\u{202e}", "--", "-", "--", "\n"]);
            assert!(run(program, &with(&garbage)).code.is_some(), "{program} {subcommand:?}");
        }
        let silent = run_with(program, &with(&owned(&["--no-such-option"])), Stream::Read, Stream::Full);
        assert_eq!(silent.code, Some(FAILED), "{program} {subcommand:?}: standard error is full");
    }
}

/// Command lines that read a file or a folder; `{}` stands for a path.
const READS: [&[&str]; 23] = [
    &["kadian", "verify", "--trust", "{}", "KD1:X"],
    &["kadian", "verify", "--trust", "{world}/trust", "{}"],
    &["kadian", "inspect", "{}"],
    &["kadian", "read", "{}"],
    &["kadian", "station", "--headless", "--dir", "{}", "--camera", "none"],
    &["kadian-issue", "trust", "show", "{}"],
    &["kadian-issue", "trust", "show", "--root", "{}", "{world}/trust/trust.cose"],
    &["kadian-issue", "trust", "check", "{}"],
    &["kadian-issue", "trust", "check", "--after", "{}", "{world}/trust"],
    &["kadian-issue", "trust", "sign", "--key", "{}", "{world}/trust/root.cose"],
    &["kadian-issue", "trust", "sign", "--key", "{world}/keys/root-1.key", "{}"],
    &["kadian-issue", "trust", "dsc", "{}", "{}"],
    &["kadian-issue", "live", "{}"],
    &["kadian-issue", "trust", "value-sets", "{}", "{}"],
    &["kadian-issue", "dgc", "{}"],
    &["kadian-issue", "dgc", "--value-sets", "{}", "{}"],
    &["back-office", "list", "--data", "{}"],
    &["back-office", "keys", "--data", "{}"],
    &["back-office", "ticket", "--data", "{}"],
    &["back-office", "withdraw", "--data", "{}", "00000000000000000000000000000000"],
    &["back-office", "reopen", "--data", "{}"],
    &["back-office", "serve", "--data", "{new}", "--listen", "127.0.0.1:0", "--import-trust", "{}"],
    &["back-office", "serve", "--data", "{new}", "--listen", "127.0.0.1:0", "--import-keys", "{}"],
];

fn filled(line: &[&str], world: &Path, new: &Path, path: &OsStr) -> Vec<OsString> {
    let fill = |part: &&str| match *part {
        "{}" => path.to_owned(),
        "{new}" => new.as_os_str().to_owned(),
        other => other.replace("{world}", world.to_str().unwrap()).into(),
    };
    line[1..].iter().map(fill).collect()
}

#[test]
fn a_path_that_is_not_what_it_should_be_is_named_with_exit_code_2() {
    let world = World::new(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let fifo = Command::new("mkfifo").arg(at("fifo.png")).status().unwrap();
    assert!(fifo.success());
    std::fs::create_dir(at("folder.png")).unwrap();
    let not_utf8 = folder.path().join(OsStr::from_bytes(b"\xff.png"));
    let mut unnamed = Vec::new();
    for line in READS {
        for path in [
            at("missing.png"),
            at("missing.txt"),
            at("missing/deep.cose"),
            at("fifo.png"),
            at("folder.png"),
            not_utf8.clone(),
        ] {
            let new = tempfile::tempdir().unwrap();
            let arguments = filled(line, world.path(), &new.path().join("office"), path.as_os_str());
            let ended = run(line[0], &arguments);
            assert_eq!(ended.code, Some(FAILED), "{} {arguments:?}: {ended:?}", line[0]);
            // Whoever reads the sentence knows which of the paths is meant.
            let name = path.file_name().unwrap().to_string_lossy();
            let name = name.trim_start_matches('\u{fffd}');
            if !format!("{}{}", ended.stdout, ended.stderr).contains(name) {
                unnamed.push(format!("{} {arguments:?}: {ended:?}", line[0]));
            }
        }
    }
    assert!(unnamed.is_empty(), "{unnamed:#?}");
}

/// Command lines that print something, each from a folder of its own.
const PRINTS: [&[&str]; 12] = [
    &["kadian", "verify", "--trust", "{world}/trust", "{world}/codes/green.png"],
    &["kadian", "inspect", "{world}/codes/green.png"],
    &["kadian", "inspect", "--json", "KD1:X"],
    &["kadian", "read", "{world}/codes/green.png"],
    &["kadian", "camera"],
    &["kadian", "camera", "watch", "--seconds", "3"],
    &["kadian-issue", "trust", "key", "{new}"],
    &["kadian-issue", "trust", "show", "{world}/trust/root.cose"],
    &["kadian-issue", "trust", "show", "--json", "{world}/trust/trust.cose"],
    &["kadian-issue", "trust", "check", "{world}/trust"],
    &["kadian-issue", "demo", "{new}"],
    &["back-office", "keys", "--data", "{new}", "--new"],
];

#[test]
fn a_closed_pipe_ends_quietly_and_a_full_disk_with_one_sentence() {
    let world = World::new(None).unwrap();
    for line in PRINTS {
        let new = || tempfile::tempdir().unwrap();
        let (a, b) = (new(), new());
        let arguments =
            |folder: &tempfile::TempDir| filled(line, world.path(), &folder.path().join("x"), OsStr::new(""));
        let closed = run_with(line[0], &arguments(&a), Stream::Closed, Stream::Read);
        let full = run_with(line[0], &arguments(&b), Stream::Full, Stream::Read);
        assert_eq!(closed.code, Some(READER_GONE), "{line:?}: {closed:?}");
        assert_eq!(full.code, Some(FAILED), "{line:?}: {full:?}");
        let last = full.stderr.lines().last().unwrap_or_default();
        assert!(last.contains("standard output"), "{line:?}: {full:?}");
    }
}

#[test]
fn the_default_log_says_what_an_operator_must_know() {
    let world = World::new(None).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (data, station) = (folder.path().join("office"), folder.path().join("station"));
    let log = tempfile::NamedTempFile::new().unwrap();
    let mut serve = command("back-office").unwrap();
    serve.env_remove("KADIAN_LOG").env_remove("RUST_LOG").arg("serve").arg("--data").arg(&data);
    serve.args(["--listen", "127.0.0.1:0", "--host", "127.0.0.1"]);
    serve.arg("--import-keys").arg(world.path().join("office"));
    serve.arg("--import-trust").arg(world.path().join("trust"));
    serve.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log.reopen().unwrap());
    let mut office = serve.spawn().unwrap();
    let mut line = String::new();
    std::io::BufReader::new(office.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let ticket = run("back-office", &owned(&["ticket".as_ref(), "--data".as_ref(), data.as_os_str()])).stdout;
    let enrol = owned(&["station", "enrol", "--name", "East gate", "--ticket", ticket.trim(), "--dir"]);
    let enrolled = run("kadian", &[enrol, vec![station.into_os_string()]].concat());
    office.kill().unwrap();
    office.wait().unwrap();
    let said = std::fs::read_to_string(log.path()).unwrap();
    assert_eq!(enrolled.code, Some(0), "{enrolled:?}\n{said}");
    assert!(enrolled.stderr.contains("this laptop is enrolled"), "{enrolled:?}");
    for known in ["the office is listening", "a station is enrolled"] {
        assert!(said.contains(known), "{known}: {said}");
    }
}

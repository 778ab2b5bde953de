//! Lines by example, then by property.

use proptest::prelude::*;

use super::*;

const QUIET: Duration = Duration::from_millis(100);
const CODE: &str = "KD1:6BFOXN*TS0BI$ZD-PHQ7I9:6DAH";

fn at(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

/// Returns the frames of what comes at once, and after it a pause.
fn frames(prefix: &str, bytes: &[u8]) -> Vec<Frame> {
    let mut framing = Framing::new(prefix, QUIET);
    let mut frames = framing.take(bytes, at(0));
    frames.extend(framing.pass_time(at(100)));
    frames
}

fn text(text: &str) -> Frame {
    Frame::Text(text.to_owned())
}

#[test]
fn any_line_ending_ends_a_text_and_so_does_a_pause() {
    for ending in ["\r", "\n", "\r\n", "\t", "\r\n\r\n", "\u{3}", ""] {
        assert_eq!(frames("", format!("{CODE}{ending}").as_bytes()), [text(CODE)], "{ending:?}");
    }
}

#[test]
fn what_a_scanner_puts_before_a_code_is_left_out() {
    for prefix in ["]Q1", "]Q3", "\u{2}", "\u{2}]Q1", "#12 ", "GATE-7/"] {
        assert_eq!(frames("", format!("{prefix}{CODE}\r").as_bytes()), [text(CODE)], "{prefix:?}");
    }
    let far = "x".repeat(PREFIX_BYTES + 1) + CODE;
    assert_eq!(frames("", far.as_bytes()), [text(&far)], "no scanner adds as much");
}

#[test]
fn another_text_loses_the_prefix_that_was_set_and_its_identifier() {
    assert_eq!(frames("", b"]E06901234567892\r\n"), [text("6901234567892")]);
    assert_eq!(frames("#", b"#6901234567892\r\n"), [text("6901234567892")]);
    assert_eq!(frames("", "]Q1https://例.example\r".as_bytes()), [text("https://例.example")]);
    assert_eq!(frames("", b"]Q\r"), [text("]Q")]);
    assert_eq!(frames("#", b"]Q1\r#\r\x02\r"), [], "nothing but what it adds");
}

#[test]
fn a_code_in_small_letters_is_read_in_capitals_and_another_text_as_it_is() {
    assert_eq!(frames("", CODE.to_ascii_lowercase().as_bytes()), [text(CODE)]);
    assert_eq!(frames("", b"kd2:abc\r"), [text("kd2:abc")]);
}

#[test]
fn the_rest_of_a_code_that_a_pause_cut_off_is_no_text() {
    let mut framing = Framing::new("", QUIET);
    let (first, rest) = CODE.split_at(9);
    assert!(framing.take(first.as_bytes(), at(0)).is_empty());
    assert_eq!(framing.deadline(), Some(at(100)));
    assert_eq!(framing.pass_time(at(99)), None);
    assert_eq!(framing.pass_time(at(100)), Some(text(first)));
    assert_eq!(framing.take(format!("{rest}\r").as_bytes(), at(400)), [Frame::Incomplete]);
    assert_eq!(framing.take(b"6901234567892\r", at(5000)), [text("6901234567892")], "much later");
}

#[test]
fn what_is_too_long_or_lost_is_incomplete_and_the_next_text_is_whole() {
    let long = "K".repeat(3 * LINE_BYTES) + "\r" + CODE + "\r";
    assert_eq!(frames("", long.as_bytes()), [Frame::Incomplete, text(CODE)]);
    let mut framing = Framing::new("", QUIET);
    framing.take(b"KD1:6BF", at(0));
    framing.spoil(at(1));
    framing.take(b"XN", at(2));
    assert_eq!(framing.pass_time(at(102)), Some(Frame::Incomplete));
    assert_eq!(framing.deadline(), None);
    assert_eq!(framing.abandon(), None);
    framing.take(b"KD1:6BF", at(150));
    assert_eq!(framing.abandon(), Some(Frame::Incomplete), "unplugged in the middle");
    assert_eq!(framing.take(format!("{CODE}\n").as_bytes(), at(200)), [text(CODE)]);
}

/// A text of base45 after the prefix of a code.
fn code() -> impl Strategy<Value = String> {
    "(KD1|HC1|KDT1):[0-9A-Z $%*+./:-]{1,600}[0-9A-Z]"
}

proptest! {
    #[test]
    fn a_code_comes_out_as_it_went_in_whatever_a_scanner_adds_and_however_it_is_cut(
        codes in prop::collection::vec(code(), 1..4),
        prefix in "[\u{2}]?(]Q[0-9])?[#@!~]{0,8}",
        ending in prop::sample::select(vec!["\r", "\n", "\r\n", "\t", "\u{3}"]),
        cuts in prop::collection::vec(1_usize..64, 1..50),
    ) {
        let sent: String = codes.iter().map(|code| format!("{prefix}{code}{ending}")).collect();
        let (mut framing, mut read, mut rest, mut now) =
            (Framing::new("", QUIET), Vec::new(), sent.as_bytes(), 0);
        for cut in cuts.iter().cycle() {
            let (part, more) = rest.split_at((*cut).min(rest.len()));
            now += 20;
            read.extend(framing.take(part, at(now)));
            prop_assert_eq!(framing.pass_time(at(now + 19)), None);
            rest = more;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(read, codes.into_iter().map(Frame::Text).collect::<Vec<_>>());
        prop_assert!(framing.is_empty());
    }

    #[test]
    fn anything_at_all_stays_within_bounds(
        parts in prop::collection::vec((prop::collection::vec(any::<u8>(), 0..3000), 0_u64..300), 0..20),
    ) {
        let mut framing = Framing::new("#", QUIET);
        let mut now = 0;
        for (bytes, pause) in parts {
            now += pause;
            let mut frames: Vec<Frame> = framing.pass_time(at(now)).into_iter().collect();
            frames.extend(framing.take(&bytes, at(now)));
            for frame in frames {
                if let Frame::Text(text) = frame {
                    prop_assert!(!text.is_empty() && text.chars().count() <= LINE_BYTES);
                    prop_assert!(!text.contains(['\r', '\n', '\t']));
                }
            }
            prop_assert!(framing.len() <= LINE_BYTES);
            prop_assert_eq!(framing.deadline().is_none(), framing.is_empty() && !framing.spoilt);
        }
    }
}

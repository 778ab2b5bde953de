//! What a person does at a display itself: closes its windows, and types at the speed of a hand scanner, which
//! WebDriver is too slow for.

use std::collections::BTreeMap;
use std::error::Error;
use std::io;
use std::thread::sleep;
use std::time::Duration;

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{
    ClientMessageEvent, ConnectionExt as _, EventMask, InputFocus, KEY_PRESS_EVENT, KEY_RELEASE_EVENT,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;
use x11rb::wrapper::ConnectionExt as _;
use x11rb::{CURRENT_TIME, NONE};

/// The keys' symbols (`keysymdef.h`). A character of ASCII is its own.
const ENTER: u32 = 0xff0d;
const SHIFT: u32 = 0xffe1;

/// Asks each top-level window of a display to close (ICCCM 4.2.8.1). A window may decline.
pub(crate) fn close_windows(display: &str) -> io::Result<()> {
    on(display, |server, root| {
        let protocols = server.intern_atom(false, b"WM_PROTOCOLS")?.reply()?.atom;
        let delete = server.intern_atom(false, b"WM_DELETE_WINDOW")?.reply()?.atom;
        for window in server.query_tree(root)?.reply()?.children {
            let message = ClientMessageEvent::new(32, window, protocols, [delete, 0, 0, 0, 0]);
            server.send_event(false, window, EventMask::NO_EVENT, message)?;
        }
        Ok(server.sync()?)
    })
}

/// Types a text and Enter into whatever window has the keyboard, with a pause behind each key (XTEST 2.2).
pub(crate) fn type_line(display: &str, text: &str, between: Duration) -> io::Result<()> {
    on(display, |server, root| {
        // Without a window manager nobody gives the keyboard to the window under the pointer.
        server.set_input_focus(
            InputFocus::POINTER_ROOT,
            u32::from(u8::from(InputFocus::POINTER_ROOT)),
            CURRENT_TIME,
        )?;
        let keys = keys(server)?;
        let key = |symbol: u32| keys.get(&symbol).copied().ok_or("the display has no such key");
        let (shift, _) = key(SHIFT)?;
        let press = |kind: u8, code: u8| -> Result<(), Box<dyn Error + Send + Sync>> {
            server.xtest_fake_input(kind, code, CURRENT_TIME, root, 0, 0, 0)?;
            Ok(())
        };
        for symbol in text.chars().map(u32::from).chain([ENTER]) {
            let (code, shifted) = key(symbol)?;
            if shifted {
                press(KEY_PRESS_EVENT, shift)?;
            }
            press(KEY_PRESS_EVENT, code)?;
            press(KEY_RELEASE_EVENT, code)?;
            if shifted {
                press(KEY_RELEASE_EVENT, shift)?;
            }
            server.flush()?;
            sleep(between);
        }
        Ok(server.sync()?)
    })
}

/// Returns the key of each symbol, and whether Shift is held with it.
fn keys(server: &RustConnection) -> Result<BTreeMap<u32, (u8, bool)>, Box<dyn Error + Send + Sync>> {
    let (first, last) = (server.setup().min_keycode, server.setup().max_keycode);
    let map = server.get_keyboard_mapping(first, last - first + 1)?.reply()?;
    let mut keys = BTreeMap::new();
    for (code, symbols) in (first..=last).zip(map.keysyms.chunks(usize::from(map.keysyms_per_keycode).max(1)))
    {
        for (symbol, shifted) in symbols.iter().take(2).zip([false, true]) {
            if *symbol != NONE {
                keys.entry(*symbol).or_insert((code, shifted));
            }
        }
    }
    Ok(keys)
}

/// Does something at a display.
fn on(
    display: &str,
    act: impl FnOnce(&RustConnection, u32) -> Result<(), Box<dyn Error + Send + Sync>>,
) -> io::Result<()> {
    let (server, number) = RustConnection::connect(Some(display)).map_err(io::Error::other)?;
    let root = server.setup().roots[number].root;
    act(&server, root).map_err(io::Error::other)
}

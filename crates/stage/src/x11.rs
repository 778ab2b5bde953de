//! The little of the X11 protocol that asks every window to close, as a desktop's Alt and F4 does.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;

/// Event code of a message from one client to another.
const CLIENT_MESSAGE: u8 = 33;

/// Asks each top-level window of a display to close (ICCCM 4.2.8.1). A window may decline.
pub(crate) fn close_windows(number: u64) -> io::Result<()> {
    let mut server = UnixStream::connect(format!("/tmp/.X11-unix/X{number}"))?;
    let root = connect(&mut server)?;
    let protocols = atom(&mut server, "WM_PROTOCOLS")?;
    let delete = atom(&mut server, "WM_DELETE_WINDOW")?;
    for window in children(&mut server, root)? {
        let mut message = vec![25, 0];
        message.extend(11_u16.to_le_bytes());
        message.extend(window.to_le_bytes());
        message.extend(0_u32.to_le_bytes());
        message.extend([CLIENT_MESSAGE, 32, 0, 0]);
        for word in [window, protocols, delete, 0, 0, 0, 0] {
            message.extend(word.to_le_bytes());
        }
        server.write_all(&message)?;
    }
    // An answer to anything says that the server has taken all that came before.
    atom(&mut server, "WM_PROTOCOLS").map(|_| ())
}

/// Says hello, and returns the root window.
fn connect(server: &mut UnixStream) -> io::Result<u32> {
    let mut hello = vec![b'l', 0];
    for word in [11_u16, 0, 0, 0, 0] {
        hello.extend(word.to_le_bytes());
    }
    server.write_all(&hello)?;
    let mut head = [0; 8];
    server.read_exact(&mut head)?;
    if head[0] != 1 {
        return Err(io::Error::other("the X server says no"));
    }
    let mut setup = vec![0; 4 * usize::from(u16::from_le_bytes([head[6], head[7]]))];
    server.read_exact(&mut setup)?;
    let short = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let vendor = setup.get(16..18).ok_or_else(short)?;
    let vendor = usize::from(u16::from_le_bytes([vendor[0], vendor[1]])).next_multiple_of(4);
    let formats = usize::from(*setup.get(21).ok_or_else(short)?);
    let root = 32 + vendor + 8 * formats;
    setup.get(root..root + 4).and_then(word).ok_or_else(short)
}

/// Returns the number of a name.
fn atom(server: &mut UnixStream, name: &str) -> io::Result<u32> {
    let length = u16::try_from(name.len()).map_err(io::Error::other)?;
    let mut ask = vec![16, 0];
    ask.extend((2 + length.div_ceil(4)).to_le_bytes());
    ask.extend(length.to_le_bytes());
    ask.extend([0, 0]);
    ask.extend(name.as_bytes());
    ask.resize(ask.len().next_multiple_of(4), 0);
    server.write_all(&ask)?;
    let (head, _) = reply(server)?;
    head.get(8..12).and_then(word).ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
}

/// Returns the windows below one.
fn children(server: &mut UnixStream, window: u32) -> io::Result<Vec<u32>> {
    let mut ask = vec![15, 0, 2, 0];
    ask.extend(window.to_le_bytes());
    server.write_all(&ask)?;
    let (_, windows) = reply(server)?;
    Ok(windows.chunks_exact(4).filter_map(word).collect())
}

/// Reads one reply: its 32 bytes and what follows them. Nothing here selects events, and an error is one.
fn reply(server: &mut UnixStream) -> io::Result<([u8; 32], Vec<u8>)> {
    loop {
        let mut head = [0; 32];
        server.read_exact(&mut head)?;
        match head[0] {
            1 => {
                let words = head.get(4..8).and_then(word).unwrap_or_default();
                let mut rest = vec![0; 4 * usize::try_from(words).map_err(io::Error::other)?];
                server.read_exact(&mut rest)?;
                return Ok((head, rest));
            }
            // A window that is gone by now.
            0 => {}
            _ => return Err(io::Error::other("the X server says something that nobody asked for")),
        }
    }
}

fn word(bytes: &[u8]) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

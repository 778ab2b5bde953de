//! One HTTP/1.1 request as it travels.

use std::io::{self, Read};

/// Longest head, in bytes.
const HEAD: usize = 16 * 1024;
/// Longest body, in bytes.
const BODY: usize = 4 * 1024 * 1024;

/// A request.
#[derive(Debug, Clone)]
pub struct Message {
    head: String,
    body: Vec<u8>,
}

impl Message {
    /// Returns whether a station sends reports, or asks what is new.
    pub fn is_batch(&self) -> bool {
        self.head.starts_with("POST /v1/batches ")
    }

    /// Returns its bytes, after whose answer the connection ends.
    pub fn for_one_answer(&self) -> Vec<u8> {
        let head = self.head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
        [head.as_bytes(), &self.body].concat()
    }
}

/// Reads a request; `None` where the connection ends before it.
pub fn read(from: &mut impl Read) -> io::Result<Option<Message>> {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() > HEAD {
            return Err(io::ErrorKind::InvalidData.into());
        }
        match from.read(&mut byte)? {
            0 if head.is_empty() => return Ok(None),
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            _ => head.extend(byte),
        }
    }
    let head = String::from_utf8(head).map_err(|_| io::ErrorKind::InvalidData)?;
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    let length = length.unwrap_or_default();
    if length > BODY {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut body = vec![0; length];
    from.read_exact(&mut body)?;
    Ok(Some(Message { head, body }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_request_is_read_whole_and_asks_for_one_answer() {
        let bytes = b"POST /v1/batches HTTP/1.1\r\nHost: a\r\ncontent-length: 3\r\n\r\nabcdef";
        let message = read(&mut &bytes[..]).unwrap().unwrap();
        assert!(message.is_batch());
        let sent = String::from_utf8(message.for_one_answer()).unwrap();
        assert!(sent.starts_with("POST /v1/batches HTTP/1.1\r\nConnection: close\r\nHost: a\r\n"));
        assert!(sent.ends_with("\r\n\r\nabc"));
        assert!(read(&mut &b""[..]).unwrap().is_none());
        assert!(read(&mut &b"GET / HTT"[..]).is_err());
    }
}

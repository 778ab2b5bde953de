//! The end of a JPEG in a driver's buffer.

use std::sync::Arc;

use crate::limits;

/// Copies the JPEG at the beginning of a buffer. `None` if there is no complete one.
///
/// The copy is decoded, not the buffer, because some drivers write to a buffer that is being
/// read. The preview needs the copy in any case.
#[must_use]
pub fn copy_jpeg(buffer: &[u8]) -> Option<Arc<[u8]>> {
    Some(trim(buffer)?.into())
}

/// Cuts the buffer at the end of its first JPEG. Drivers hand over whole buffers, in which the end
/// of an earlier, longer frame may follow.
fn trim(buffer: &[u8]) -> Option<&[u8]> {
    let buffer = &buffer[..buffer.len().min(limits::JPEG_BYTES)];
    if !buffer.starts_with(&[0xff, 0xd8]) {
        return None;
    }
    let mut at = 2;
    // Skip the segments before the scan by their length: a thumbnail in one has its own end marker.
    loop {
        let [0xff, marker] = *buffer.get(at..at + 2)? else { return None };
        if marker == 0xff {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes([*buffer.get(at + 2)?, *buffer.get(at + 3)?]));
        at += 2 + length.max(2);
        if marker == 0xda {
            break;
        }
    }
    let end = memchr::memmem::find(buffer.get(at..)?, &[0xff, 0xd9])?;
    Some(&buffer[..at + end + 2])
}

//! The rules of the screen, one by one.

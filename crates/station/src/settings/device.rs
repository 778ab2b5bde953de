//! The settings that stand on the device page alone.

use serde::{Deserialize, Serialize};

/// One of the settings that stand on the device page alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(tag = "kind", content = "to", rename_all = "kebab-case")]
pub enum DeviceSetting {
    /// Whether the camera's picture is shown as in a mirror.
    Mirrored(bool),
    /// How loud sounds are; more than 100 is 100.
    Volume(u8),
    /// When the screen is a lamp.
    Lamp(Lamp),
    /// In which languages the resident's side is spoken.
    Voice(Voice),
}

/// In which languages what the resident's side shows is spoken, after a result's own tone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Voice {
    /// In none.
    #[default]
    Off,
    /// 中文.
    Zh,
    /// English.
    En,
    /// In Chinese and then in English.
    Both,
}

/// When the screen is white around the camera's picture, to light what is held out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "bindings", derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "kebab-case")]
pub enum Lamp {
    /// Never.
    Off,
    /// While it is too dark to read a code that is in view.
    #[default]
    WhenDark,
}

// What the apps share: controls, languages, keys, sounds. Nothing in here knows any app.
export { default as Icon } from "./controls/Icon.svelte";
export type { IconName } from "./controls/icons";
export { default as KeyButton } from "./controls/KeyButton.svelte";
export type { Look } from "./controls/look";
export { default as Masked } from "./controls/Masked.svelte";
export { default as QrCode } from "./controls/QrCode.svelte";
export { default as SmallButton } from "./controls/SmallButton.svelte";
export * from "./i18n/amounts";
export { textOf, type ByKind } from "./i18n/byKind";
export * from "./i18n/language";
export { createKeyboard, type Keyboard } from "./keyboard/keyboard";
export { bindingFor, capOf, type Key, type KeyBinding } from "./keyboard/keymap";
export { createScans, type Scans } from "./keyboard/scans";
export { roving } from "./keyboard/roving";
export { qrPath, type QrPath } from "./layout/qr";
export { shrinkToFit } from "./layout/shrinkToFit";
export { createPlayer, type Player, type Tone } from "./sound/player";
export * from "./theme/theme";

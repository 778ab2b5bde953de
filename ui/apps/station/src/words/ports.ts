import type { PortUse, RelayKind, RelayTrouble, ScannerTrouble, ScannerWay } from "../bindings";

/** What an administrator reads of the hand scanner and of the relay, on the device page. */
export interface PortWords {
  row: Record<"scanner" | "relay", string>;
  choosing: Record<"scanner" | "relay", string>;
  usedAs: Record<PortUse, string>;
  /** Nothing is plugged in that could be chosen. */
  noDevices: string;
  noPorts: string;
  keyboard: string;
  port: string;

  way: Record<ScannerWay, string>;
  wayNote: Record<"none" | "window", string>;
  /** A keyboard that is chosen types nothing else any more. */
  keyboardNote: string;
  /** It is there; `clock` says when it read last. */
  reads: (clock: string | null) => string;
  /** What to do about a scanner. */
  scannerFault: Record<ScannerTrouble, string>;

  noRelay: string;
  relayNote: string;
  relayNone: string;
  kind: Record<RelayKind, string>;
  kindLabel: string;
  pulseLabel: string;
  pulse: (millis: number) => string;
  /** What hangs on a relay may move. */
  careful: string;
  tryOut: string;
  tried: string;
  /** What to do about a relay. */
  relayFault: Record<RelayTrouble, string>;
}

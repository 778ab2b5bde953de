import type { Language } from "@kadian/kit";
import { createContext } from "svelte";
import type { Invitation, Me, RegionNode, Right, Ticket } from "./backend/api";
import type { Backend } from "./backend/backend";
import type { Page, Route } from "./route";
import type { Theme } from "./theme";
import type { Words } from "./words";

/** What every page may read, and how it goes to another one. */
export interface Console {
  readonly words: Words;
  readonly language: Language;
  setLanguage: (language: Language) => void;
  readonly theme: Theme;
  setTheme: (theme: Theme) => void;
  readonly backend: Backend;
  readonly route: Route;
  /** Returns the address of a page, in the same region unless another one is named. */
  link: (page: Page, part?: string, region?: string | null) => string;
  go: (page: Page, part?: string, region?: string | null) => void;
}

export const [useConsole, provideConsole] = createContext<Console>();

/** What was said once by the office, and is kept until the page is left: nothing of it is stored. */
export interface Once {
  /** By person. */
  readonly invitations: Map<string, Invitation>;
  /** By ticket, with their texts. */
  readonly tickets: Map<string, Ticket>;
  /** Pasted lines that are not added yet. */
  pasted: string;
}

/** What the pages of somebody who is signed in may read. */
export interface Desk {
  readonly me: Me;
  readonly top: RegionNode;
  /** The region that scopes everything, as its code and with its names from the person's top down. */
  readonly scope: RegionNode;
  readonly scopePath: string[];
  /** Says that the regions are other ones now. */
  reloadRegions: () => Promise<void>;
  /** What the clock says, in Unix seconds. */
  readonly now: number;
  may: (right: Right) => boolean;
  readonly once: Once;
  signOut: () => Promise<void>;
}

export const [useDesk, provideDesk] = createContext<Desk>();

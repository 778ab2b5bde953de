/** The pages. Their names are in the address, behind the #. */
export const PAGES = [
  "board",
  "residents",
  "work",
  "exports",
  "roster",
  "stations",
  "people",
  "audit",
  "card",
  "regions",
  "account",
  "invitation",
  "first-start",
] as const;
export type Page = (typeof PAGES)[number];

/** Where a person is: `#/people/0042?region=420107`. */
export interface Route {
  page: Page;
  /** What is open on the page, or an empty text. */
  part: string;
  /** The region that scopes everything; null is the person's own. */
  region: string | null;
}

const HOME: Page = "board";

/** Reads an address's part from the # on. What is no page leads home. */
export function parseRoute(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [name = "", part = ""] = path.split("/", 2);
  const region = new URLSearchParams(query).get("region");
  const page = PAGES.find((known) => known === name);
  return {
    page: page ?? HOME,
    part: page === undefined ? "" : decoded(part),
    region: region !== null && /^\d{2,12}$/.test(region) ? region : null,
  };
}

/** Returns the address of a page, from the # on. */
export function hashOf({ page, part, region }: Route): string {
  const path = part === "" ? page : `${page}/${encodeURIComponent(part)}`;
  return region === null ? `#/${path}` : `#/${path}?region=${region}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

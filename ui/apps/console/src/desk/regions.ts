import type { Level, RegionNode, RegionRef } from "../backend/api";

/** Tells whether a region is another one or lies in it: a subtree is a prefix. */
export function isWithin(code: string, top: string): boolean {
  return code.startsWith(top);
}

/** Returns the regions from the top down to a code; an empty list if it is not there. */
export function wayTo(top: RegionNode, code: string): RegionNode[] {
  if (top.code === code) return [top];
  for (const child of top.children) {
    const way = wayTo(child, code);
    if (way.length > 0) return [top, ...way];
  }
  return [];
}

/** Returns every region of a subtree with its path, in the tree's order. */
export function listed(
  top: RegionNode,
  above: readonly string[] = [],
): (RegionRef & Pick<RegionNode, "level">)[] {
  const path = [...above, top.name];
  return [
    { code: top.code, name: top.name, path, level: top.level },
    ...top.children.flatMap((child) => listed(child, path)),
  ];
}

/** Leaves out of a path what the page's region says already. */
export function shortPath(region: RegionRef, scope: { code: string; name: string }): string[] {
  if (region.code === scope.code) return [region.name];
  const at = region.path.lastIndexOf(scope.name);
  return at < 0 ? region.path : region.path.slice(at + 1);
}

/** Returns the level that the length of a GB/T 2260 code means. */
export function levelOf(code: string): Level {
  if (code.length <= 2) return "province";
  if (code.length <= 4) return "city";
  if (code.length <= 6) return "district";
  return code.length <= 9 ? "street" : "community";
}

import type { NamedFile } from "../backend/api";

/** A trust folder is small; what is larger is another one. */
export const MOST_FILES = 64;
const MOST_BYTES = 4 * 1024 * 1024;

/** Reads the files of a folder. Their names begin below the folder that was chosen. */
export async function readFiles(files: readonly File[]): Promise<NamedFile[]> {
  const small = files.filter((file) => file.size <= MOST_BYTES).slice(0, MOST_FILES);
  return Promise.all(
    small.map(async (file) => ({
      name: nameOf(file),
      content: base64(new Uint8Array(await file.arrayBuffer())),
    })),
  );
}

/** Returns a file's path without the chosen folder's own name. */
function nameOf(file: File): string {
  const path = file.webkitRelativePath;
  return path === "" ? file.name : path.split("/").slice(1).join("/");
}

/** Writes bytes in base64. */
export function base64(bytes: Uint8Array): string {
  const CHUNK = 0x8000;
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return btoa(text);
}

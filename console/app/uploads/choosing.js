/** Files that a person chose, dropped or pasted. */

import { pastedName } from "./plan.js";

/** @typedef {import("./upload.js").Chosen} Chosen */

/**
 * @param {FileList | null} files
 * @returns {Chosen[]}
 */
export function chosenFiles(files) {
  return [...(files ?? [])].map((file) => ({ file }));
}

/**
 * What was dropped, with handles where the browser has them: with one an upload goes on after a reload without
 * the file being chosen again.
 * @param {DataTransfer | null} dropped must be read at once: it is empty after the event.
 * @returns {Promise<{files: Chosen[], folders: number}>} folders can't be sent.
 */
export async function droppedFiles(dropped) {
  const items = [...(dropped?.items ?? [])].filter(({ kind }) => kind === "file");
  const entries = items.map((item) => ({
    file: item.getAsFile(),
    isFolder: item.webkitGetAsEntry?.()?.isDirectory ?? false,
    handle: handleOf(item),
  }));
  /** @type {Chosen[]} */
  const files = [];
  for (const { file, isFolder, handle } of entries) {
    if (!isFolder && file) files.push({ file, handle: (await handle) ?? undefined });
  }
  return { files, folders: entries.filter(({ isFolder }) => isFolder).length };
}

/**
 * @param {DataTransfer | null} pasted
 * @param {Date} now
 * @returns {Chosen[]}
 */
export function pastedFiles(pasted, now) {
  return [...(pasted?.files ?? [])].map((file) => {
    const { type, lastModified } = file;
    return { file: new File([file], pastedName(file.name, now), { type, lastModified }) };
  });
}

/** @param {any} item Chromium alone has handles. @returns {Promise<FileSystemFileHandle | null>} */
async function handleOf(item) {
  try {
    const handle = await item.getAsFileSystemHandle();
    return handle?.kind === "file" ? handle : null;
  } catch {
    return null;
  }
}

/**
 * The file behind a handle of an earlier page. To be called from a click, since the browser asks the person.
 * @param {any} handle
 * @returns {Promise<File | null>}
 */
export async function fileOf(handle) {
  try {
    if ((await handle.requestPermission({ mode: "read" })) !== "granted") return null;
    return await handle.getFile();
  } catch {
    return null;
  }
}

/** What a folder's table shows, and in which order: decided here, without a page. */

/** @typedef {import("../api.js").StoredFile} StoredFile */
/** @typedef {"name" | "size" | "modified"} Column */
/** @typedef {{column: Column, down: boolean}} Order */

export const UPLOADS = "uploads/";

/** Keys of uploads: the folder, 128 random bits, the file's own name. */
const UPLOADED = /^uploads\/[A-Za-z0-9_-]{22}\/([^/]+)$/;

/**
 * What a file is called: the last part of its key that says anything.
 * @param {string} key
 */
export function nameOf(key) {
  return key.split("/").findLast((segment) => segment !== "") ?? key;
}

/**
 * What a file is called in a folder's table, where files of folders below it may stand too.
 * @param {string} key
 * @param {string} folder
 */
export function nameIn(key, folder) {
  const uploaded = UPLOADED.exec(key);
  if (uploaded) return uploaded[1];
  return key.startsWith(folder) ? key.slice(folder.length) : key;
}

/**
 * A folder's own name, without its slash.
 * @param {string} folder
 */
export function folderName(folder) {
  return folder.split("/").at(-2) ?? "";
}

/**
 * The folders in a folder: those that are there, and those on the way to where files may be added, which nobody
 * could find while they are empty.
 * @param {string} folder
 * @param {readonly string[]} there
 * @param {readonly string[]} forUploads
 */
export function foldersIn(folder, there, forUploads) {
  const ways = forUploads
    .filter((each) => each.startsWith(folder) && each !== folder)
    .map((each) => each.slice(0, each.indexOf("/", folder.length) + 1));
  return [...new Set([...there, ...ways])].sort();
}

/**
 * The folders above a folder, from the top, and itself.
 * @param {string} folder
 * @returns {{name: string, folder: string}[]}
 */
export function breadcrumb(folder) {
  const parts = folder.split("/").slice(0, -1);
  return parts.map((name, index) => ({ name, folder: `${parts.slice(0, index + 1).join("/")}/` }));
}

/**
 * @param {URLSearchParams} query of the address.
 * @returns {Order}
 */
export function readOrder(query) {
  const wanted = query.get("sort");
  const column = wanted === "size" || wanted === "modified" ? wanted : "name";
  return { column, down: query.get("order") === "down" };
}

/**
 * The order after a click on a column's head. Sizes and dates begin with the largest and the newest.
 * @param {Order} order
 * @param {Column} column
 * @returns {Order}
 */
export function orderedBy(order, column) {
  if (order.column === column) return { column, down: !order.down };
  return { column, down: column !== "name" };
}

/**
 * Sorted anew; what has no date counts as the oldest.
 * @param {readonly StoredFile[]} files
 * @param {Order} order
 * @param {string} folder
 * @param {string} locale
 */
export function sorted(files, { column, down }, folder, locale) {
  const names = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });
  /** @type {Record<Column, (a: StoredFile, b: StoredFile) => number>} */
  const compare = {
    name: (a, b) => names.compare(nameIn(a.key, folder), nameIn(b.key, folder)) || (a.key < b.key ? -1 : 1),
    size: (a, b) => a.size - b.size,
    modified: (a, b) => (a.modified?.getTime() ?? 0) - (b.modified?.getTime() ?? 0),
  };
  const sign = down ? -1 : 1;
  return [...files].sort((a, b) => sign * compare[column](a, b) || names.compare(a.key, b.key));
}

/**
 * Whether a name has all the words that were typed, in any order, whatever their case and accents.
 * @param {string} name
 * @param {string} typed
 */
export function matches(name, typed) {
  const text = plain(name);
  return plain(typed)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** @param {string} text */
function plain(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

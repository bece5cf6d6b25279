/**
 * Which view an address means. The route stands behind the `#`: what a file is called is sent to nobody and
 * stands in no server's log, and a bucket of static files needs no rule for paths that it doesn't have.
 *
 *     #/files/reports/2027/?sort=size      a folder
 *     #/handed-out?key=reports/q1.pdf      what became of it
 */

/** @typedef {{view: "files", folder: string, query: URLSearchParams}} FilesRoute */
/** @typedef {{view: "handed-out", query: URLSearchParams}} HandedOutRoute */
/** @typedef {FilesRoute | HandedOutRoute} Route */

/**
 * Whatever isn't an address of ours means the files' top.
 * @param {string} hash as `location.hash` has it.
 * @returns {Route}
 */
export function readRoute(hash) {
  const mark = hash.indexOf("?");
  const path = mark < 0 ? hash : hash.slice(0, mark);
  const query = new URLSearchParams(mark < 0 ? "" : hash.slice(mark + 1));
  if (path === "#/handed-out") return { view: "handed-out", query };
  return { view: "files", folder: readFolder(path), query };
}

/** @param {string} path */
function readFolder(path) {
  if (!path.startsWith("#/files/")) return "";
  try {
    const folder = path.slice("#/files/".length).split("/").map(decodeURIComponent).join("/");
    return folder === "" || folder.endsWith("/") ? folder : `${folder}/`;
  } catch {
    return ""; // a bad escape
  }
}

/**
 * @param {string} folder a prefix of keys: empty, or ending in a slash.
 * @param {Record<string, string>} [query] empty values are left out.
 */
export function filesAddress(folder, query = {}) {
  return `#/files/${folder.split("/").map(encodeURIComponent).join("/")}${queryText(query)}`;
}

/** @param {Record<string, string>} [query] */
export function handedOutAddress(query = {}) {
  return `#/handed-out${queryText(query)}`;
}

/** @param {Record<string, string>} query */
function queryText(query) {
  const text = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return text === "" ? "" : `?${text}`;
}

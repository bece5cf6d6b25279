/** What may be sent, where to, in how many parts, and how fast it goes: decided here, without a network. */

/** @typedef {NonNullable<import("../config.js").Config["uploads"]>} Limits */
/** @typedef {{name: string, size: number, type: string, lastModified: number}} FileFacts */
/** @typedef {{text: string, values: Record<string, string | number>}} Refusal `text`: a text's name. */

const PART_BYTES = 8 * 2 ** 20; // small enough to be sent again, large enough for S3, which wants 5 MiB
/** Parts of the API. */
export const MOST_PARTS = 1000;

/** Tries at one part, after which a person decides. */
export const TRIES = 6;

/**
 * Why a file can't be sent, before it is.
 * @param {FileFacts} file
 * @param {Limits} limits
 * @param {(bytes: number) => string} sizeText
 * @returns {Refusal | null}
 */
export function refusal(file, limits, sizeText) {
  if (file.size === 0) return { text: "upload.isEmpty", values: {} };
  if (file.size > limits.maxBytes) {
    const [size, most] = [sizeText(file.size), sizeText(limits.maxBytes)];
    if (size !== most) return { text: "upload.tooLarge", values: { size, most } };
    return { text: "upload.tooLargeBy", values: { over: sizeText(file.size - limits.maxBytes), most } };
  }
  const type = mediaType(file);
  if (!limits.types.some((range) => inRange(type, range))) {
    return { text: "upload.wrongType", values: { type, types: limits.types.join(", ") } };
  }
  return null;
}

/**
 * A file's type as the API takes it: without parameters; unknown ones are bytes.
 * @param {{type: string}} file
 */
export function mediaType({ type }) {
  const bare = type.split(";")[0].trim().toLowerCase();
  return /^[a-z0-9!#&^_.+-]{1,64}\/[a-z0-9!#&^_.+-]{1,64}$/.test(bare) ? bare : "application/octet-stream";
}

/** @param {string} type @param {string} range such as `image/*`. */
function inRange(type, range) {
  const wanted = range.toLowerCase();
  if (wanted === "*/*" || wanted === "*") return true;
  return wanted.endsWith("/*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

/**
 * Where files go that are added while a folder is looked at: there, if the deployment lets files in.
 * @param {string} folder
 * @param {readonly string[]} allowed
 * @returns {string}
 */
export function targetFolder(folder, allowed) {
  return allowed.some((prefix) => folder.startsWith(prefix)) ? folder : allowed[0];
}

/** @param {number} size in bytes, at least 1. */
export function partCount(size) {
  return Math.min(MOST_PARTS, Math.max(1, Math.floor(size / PART_BYTES)));
}

/**
 * Which bytes a part has: from, and up to but not with.
 * @param {number} number from 1.
 * @param {number} partSize
 * @param {number} size of the file.
 * @returns {[number, number]}
 */
export function partRange(number, partSize, size) {
  return [(number - 1) * partSize, Math.min(number * partSize, size)];
}

/** @param {number} tried how often already. @returns {number} seconds until the next try. */
export function backoff(tried) {
  return Math.min(2 ** (tried - 1), 15);
}

/**
 * Whether a file that was chosen is the one whose upload was begun.
 * @param {FileFacts} file
 * @param {{name: string, size: number, lastModified: number}} begun
 */
export function isSameFile(file, begun) {
  return file.name === begun.name && file.size === begun.size && file.lastModified === begun.lastModified;
}

/**
 * The name of a file that was pasted. Pictures from the clipboard are all called `image.png`.
 * @param {string} name
 * @param {Date} now
 */
export function pastedName(name, now) {
  const match = /^image(\.\w+)$/.exec(name);
  if (!match) return name;
  const two = (/** @type {number} */ value) => String(value).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  return `${day} ${two(now.getHours())}.${two(now.getMinutes())}.${two(now.getSeconds())}${match[1]}`;
}

const WINDOW = 8000; // milliseconds over which the speed is taken

/** How fast something grows, over the last seconds. */
export class Speed {
  constructor() {
    /** @type {{at: number, bytes: number}[]} */
    this.seen = [];
  }

  /** @param {number} bytes in all. @param {number} at milliseconds. */
  note(bytes, at) {
    this.seen.push({ at, bytes });
    while (this.seen.length > 2 && at - this.seen[0].at > WINDOW) this.seen.shift();
  }

  /** Bytes a second; 0 while too little is known. */
  get perSecond() {
    const [first] = this.seen;
    const last = this.seen[this.seen.length - 1];
    if (!last || last.at - first.at < 500) return 0;
    return Math.max(0, ((last.bytes - first.bytes) / (last.at - first.at)) * 1000);
  }
}

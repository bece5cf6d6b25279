/**
 * Decides what may be asked of the API for a file: which ways there are to hand it out, what each field may be,
 * and the request that a form comes to. The API decides again; this spares whoever types the way there.
 */

import { nameOf } from "../files/listing.js";

/** @typedef {import("../config.js").Config} Config */
/** @typedef {"once" | "page" | "time"} Way */
/** @typedef {{name: string, values: Record<string, string | number>}} Problem text `handOut.problems.<name>` */
/**
 * @typedef {object} Form
 * @property {Way} way
 * @property {{seconds: number, disposition: string, filename: string}} once
 * @property {{days: string, downloads: string, pin: string, note: string}} page
 * @property {{seconds: number, disposition: string}} time
 */

const HOUR = 3600;
const DAY = 24 * HOUR;
const LIFETIMES = [300, 900, 1800, HOUR, 6 * HOUR, DAY, 3 * DAY, 7 * DAY];

/** Characters, as `onetime_urls/protocol/shares/limits.py` has them. */
export const MAX_NOTE = 500;
const MIN_PIN = 4;
const MAX_PIN = 64;
/** Bytes of UTF-8: `functions/common/link_minting/disposition.py`, as are the three patterns. */
const MAX_NAME = 255;
const MISLEADING = /[/\\\p{Cc}\u202a-\u202e\u2066-\u2069\u061c\u200e\u200f\u2028\u2029]/u;
const TURNING = /[\u202a-\u202e\u2066-\u2069]/;
const INK = /[^\p{Cf}\p{Z}]/u;
const CONTROL = /\p{Cc}/u;

/**
 * Lifetimes to choose from, in seconds; the longest that is allowed is one of them, and so is the usual one.
 * @param {number} most
 * @param {number} usual
 */
export function lifetimes(most, usual) {
  const allowed = [...LIFETIMES, usual].filter((seconds) => seconds < most);
  return [...new Set([...allowed, most])].sort((one, other) => one - other);
}

/**
 * The ways to hand a file out, each with the reason why it can't be had, if there is one.
 * @param {Config} config
 * @param {string} key
 * @returns {{name: Way, problem: Problem | null}[]}
 */
export function ways({ signed, shares }, key) {
  const off = { name: "off", values: {} };
  const outside =
    signed && !isBelow(signed.prefix, key) ? { name: "outside", values: { prefix: signed.prefix } } : null;
  return [
    { name: "once", problem: null },
    { name: "page", problem: shares ? null : off },
    { name: "time", problem: signed ? outside : off },
  ];
}

/**
 * @param {string} prefix
 * @param {string} key
 */
function isBelow(prefix, key) {
  return key.startsWith(prefix) && key !== prefix;
}

/**
 * What is on the form at first.
 * @param {Config} config
 * @param {string} key
 * @returns {Form}
 */
export function blank({ once, shares, signed }, key) {
  return {
    way: "once",
    once: {
      seconds: Math.min(once.defaultSeconds, once.maxSeconds),
      disposition: "attachment",
      filename: nameOf(key),
    },
    page: { days: String(Math.min(7, shares?.maxDays ?? 7)), downloads: "1", pin: "", note: "" },
    time: { seconds: Math.min(HOUR, signed?.maxSeconds ?? HOUR), disposition: "attachment" },
  };
}

/**
 * What is wrong with the fields of the way that is chosen; nothing if the form may be sent.
 * @param {Form} form
 * @param {Config} config
 * @returns {Record<string, Problem>}
 */
export function problems({ way, once, page }, { shares }) {
  /** @type {Record<string, Problem | null>} */
  const found = {};
  if (way === "once") found.filename = nameProblem(once.filename);
  if (way === "page" && shares) {
    found.days = numberProblem(page.days, shares.maxDays);
    found.downloads = numberProblem(page.downloads, shares.maxDownloads);
    found.pin = pinProblem(page.pin);
    found.note = noteProblem(page.note);
  }
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, problem]) => (problem ? [[name, problem]] : [])),
  );
}

/** @type {Record<string, Partial<Record<Way, string>>>} */
const FIELDS = {
  invalid_expires_in: { once: "seconds", page: "days", time: "seconds" },
  invalid_filename: { once: "filename" },
  invalid_disposition: { once: "disposition", time: "disposition" },
  invalid_max_downloads: { page: "downloads" },
  invalid_pin: { page: "pin" },
  invalid_note: { page: "note" },
};

/**
 * The field that a refusal of the API's is about, if it is one of this way's.
 * @param {string} code
 * @param {Way} way
 */
export function fieldOf(code, way) {
  return FIELDS[code]?.[way];
}

/**
 * What is sent: the query of `GET /get-url`, the body of `POST /shares`, or the query of `GET /url`.
 * @param {Form} form one without problems.
 * @param {Config} config
 * @param {string} key
 * @returns {Record<string, string | number>}
 */
export function request({ way, once, page, time }, { signed }, key) {
  if (way === "once") {
    return { key, expires_in: once.seconds, disposition: once.disposition, filename: once.filename };
  }
  if (way === "time") {
    const file = key.slice(signed?.prefix.length ?? 0);
    return { file, expires_in: time.seconds, disposition: time.disposition };
  }
  const note = page.note.trim();
  return {
    key,
    expires_in: Number(page.days) * DAY,
    max_downloads: Number(page.downloads),
    ...(page.pin && { pin: page.pin }),
    ...(note && { note }),
  };
}

/**
 * Six digits, each as likely as any other.
 * @param {(numbers: Uint32Array<ArrayBuffer>) => Uint32Array} [draw]
 */
export function newPin(draw = (numbers) => crypto.getRandomValues(numbers)) {
  for (;;) {
    const [number] = draw(new Uint32Array(1));
    // The largest multiple of a million in 32 bits: with what lies above it small numbers would be likelier.
    if (number < 4_294_000_000) return String(number % 1_000_000).padStart(6, "0");
  }
}

/**
 * The address that opens a mail program with a message begun (RFC 6068: lines end in CRLF).
 * @param {string} subject
 * @param {string} body
 */
export function mailAddress(subject, body) {
  return `mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body.replaceAll("\n", "\r\n"))}`;
}

/**
 * @param {string} text
 * @param {number} most
 * @returns {Problem | null}
 */
function numberProblem(text, most) {
  const number = /^\d{1,6}$/.test(text.trim()) ? Number(text) : 0;
  return number >= 1 && number <= most ? null : { name: "number", values: { most } };
}

/** @param {string} name @returns {Problem | null} */
function nameProblem(name) {
  if (MISLEADING.test(name)) return { name: "misleading", values: {} };
  if (!INK.test(name) || [".", ".."].includes(name.trim())) return { name: "blank", values: {} };
  return new TextEncoder().encode(name).length > MAX_NAME
    ? { name: "long", values: { most: MAX_NAME } }
    : null;
}

/** @param {string} pin @returns {Problem | null} */
function pinProblem(pin) {
  const size = [...pin].length;
  const sound = size >= MIN_PIN && size <= MAX_PIN && pin === pin.trim() && !CONTROL.test(pin);
  return pin === "" || sound ? null : { name: "pin", values: { least: MIN_PIN, most: MAX_PIN } };
}

/** @param {string} note @returns {Problem | null} */
function noteProblem(note) {
  if ([...note.trim()].length > MAX_NOTE) return { name: "note", values: { most: MAX_NOTE } };
  return CONTROL.test(note.replaceAll("\n", "")) || TURNING.test(note)
    ? { name: "turning", values: {} }
    : null;
}

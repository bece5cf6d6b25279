/**
 * Decides what is told of links and shares: which of the API's answers are any, and one list of both, newest
 * first, out of two that the API pages for itself.
 *
 * A stream is what is known of one of the two lists. While it has a `next`, older entries are to come. What the
 * other has from before its last entry waits until then: nothing that is shown is pushed down by what is older.
 */

import { readTime } from "../api.js";
import { nameOf } from "../files/listing.js";

/** @typedef {"ready" | "used" | "expired" | "revoked" | "locked" | "exhausted"} State */
/** @typedef {{when: Date, address: string, agent: string, outcome: string, followers: number}} Claim */
/**
 * @typedef {object} Entry
 * @property {"once" | "page"} kind
 * @property {string} id
 * @property {string} key
 * @property {string} name what the file is called.
 * @property {number} size
 * @property {State} state
 * @property {Date} made
 * @property {Date} ends
 * @property {Date | null} takenBack
 * @property {number} most downloads that it is good for.
 * @property {number} used
 * @property {boolean} pin
 * @property {string} note
 * @property {Claim[]} claims of a link; a share's are asked for one by one.
 * @property {Date[]} givenBack
 */
/**
 * @typedef {object} Page
 * @property {Entry[]} entries newest first.
 * @property {string | null} next
 * @property {number} reach down to which moment the page goes, in milliseconds; all that is older is on others.
 */
/** @typedef {Page} Stream what is known of a list, page after page */

/** Entries on a page of the API, and characters of a text, at most: more isn't shown. */
export const MOST = 100;
const LONGEST = 2000;

const STATES = ["ready", "used", "expired", "revoked", "locked", "exhausted"];

/** @type {Stream} */
export const NOTHING = { entries: [], next: null, reach: Number.POSITIVE_INFINITY };

/**
 * A page of `GET /links`, without the links that shares' pages handed out: they stand with their shares.
 * @param {any} answer
 * @returns {Page}
 */
export function linkPage(answer) {
  return readPage(answer, list(answer.links), "issued_at", (link) =>
    link?.share === undefined ? readLink(link) : null,
  );
}

/**
 * A page of `GET /shares`.
 * @param {any} answer
 * @returns {Page}
 */
export function sharePage(answer) {
  return readPage(answer, list(answer.shares), "created_at", readShare);
}

/**
 * @param {any} answer
 * @param {any[]} items
 * @param {string} made
 * @param {(item: any) => Entry | null} read
 * @returns {Page}
 */
function readPage(answer, items, made, read) {
  const next = typeof answer.next === "string" && answer.next !== "" ? answer.next : null;
  const last = readTime(items.at(-1)?.[made])?.getTime() ?? Number.POSITIVE_INFINITY;
  const entries = items.flatMap((item) => read(item) ?? []);
  return { entries, next, reach: next === null ? Number.NEGATIVE_INFINITY : last };
}

/** @param {any} link @returns {Entry | null} */
export function readLink(link) {
  const common = readCommon(link, link?.issued_at, link?.max_claims);
  if (common === null) return null;
  const claims = list(link.claims).flatMap((claim) => readClaim(claim) ?? []);
  const givenBack = list(link.given_back).flatMap((each) => readTime(each?.when) ?? []);
  return { ...common, kind: "once", used: claims.length, claims, givenBack };
}

/** The address of the page is left out: it isn't shown again. @param {any} share @returns {Entry | null} */
export function readShare(share) {
  const common = readCommon(share, share?.created_at, share?.max_downloads);
  if (common === null) return null;
  return {
    ...common,
    kind: "page",
    name: text(share.filename) || common.name,
    used: whole(share.downloads),
    pin: share.pin === true,
    note: text(share.note),
  };
}

/**
 * @param {any} plain
 * @param {unknown} when
 * @param {unknown} most
 */
function readCommon(plain, when, most) {
  const made = readTime(when);
  const ends = readTime(plain?.expires_at);
  const known =
    typeof plain?.id === "string" && typeof plain.key === "string" && STATES.includes(plain.state);
  if (!known || made === null || ends === null) return null;
  return {
    id: plain.id,
    key: text(plain.key),
    size: whole(plain.size),
    name: text(nameOf(plain.key)),
    state: plain.state,
    made,
    ends,
    takenBack: readTime(plain.revoked_at),
    most: whole(most),
    pin: false,
    note: "",
    claims: [],
    givenBack: [],
  };
}

/** @param {any} claim @returns {Claim | null} */
function readClaim(claim) {
  const when = readTime(claim?.when);
  if (when === null) return null;
  const { address, agent, outcome, followers } = claim;
  return {
    when,
    address: text(address),
    agent: text(agent),
    outcome: text(outcome),
    followers: whole(followers),
  };
}

/**
 * What a share's page handed out, oldest first: the history of `GET /shares/{id}`.
 * @param {any} answer
 * @returns {{when: Date, address: string, agent: string, link: string}[]}
 */
export function readHistory(answer) {
  const history = Array.isArray(answer.history) ? answer.history.slice(-MOST) : [];
  return history.flatMap((/** @type {any} */ line) => {
    const when = readTime(line?.when);
    if (when === null || typeof line.link !== "string") return [];
    return [{ when, address: text(line.address), agent: text(line.agent), link: line.link }];
  });
}

/**
 * A stream with one more page at its end.
 * @param {Stream} stream
 * @param {Page} page
 * @returns {Stream}
 */
export function extended(stream, page) {
  const known = new Set(stream.entries.map((each) => each.id));
  const entries = [...stream.entries, ...page.entries.filter((each) => !known.has(each.id))];
  return { ...page, entries, reach: Math.min(stream.reach, page.reach) };
}

/**
 * A stream whose newest entries were read anew. What the page goes over and doesn't hold is gone; what is older
 * stays as it was.
 * @param {Stream} stream
 * @param {Page} page
 * @returns {Stream}
 */
export function refreshed(stream, page) {
  const fresh = new Set(page.entries.map((each) => each.id));
  const older = stream.entries.filter((each) => each.made.getTime() <= page.reach && !fresh.has(each.id));
  if (older.length === 0) return page;
  return { ...stream, entries: [...page.entries, ...older] };
}

/**
 * What can be shown now, newest first.
 * @param {Stream[]} streams
 */
export function merged(streams) {
  const since = Math.max(...streams.map((stream) => stream.reach));
  return streams
    .flatMap((stream) => stream.entries)
    .filter((entry) => entry.made.getTime() >= since)
    .sort((one, other) => other.made.getTime() - one.made.getTime() || (one.id < other.id ? -1 : 1));
}

/**
 * The stream that has to be read on for more to be shown, since it holds the others back; none if all is known.
 * @param {Stream[]} streams
 */
export function holdingBack(streams) {
  const open = streams.filter((stream) => stream.next !== null);
  return open.sort((one, other) => other.reach - one.reach).at(0);
}

/** @param {unknown} value @returns {any[]} */
function list(value) {
  return Array.isArray(value) ? value.slice(0, MOST) : [];
}

/** @param {unknown} value */
function text(value) {
  return typeof value === "string" ? value.slice(0, LONGEST) : "";
}

/** @param {unknown} value */
function whole(value) {
  return Number.isSafeInteger(value) && Number(value) >= 0 ? Number(value) : 0;
}

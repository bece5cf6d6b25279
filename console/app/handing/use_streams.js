/** The links and shares of one file or of all: read page by page, and looked at again and again. */

import { useApp } from "../parts/app.js";
import { useEffect, useRef, useState } from "../parts/html.js";
import { extended, holdingBack, linkPage, MOST, merged, NOTHING, refreshed, sharePage } from "./entries.js";
import { watch } from "./watch.js";

/** @typedef {import("./entries.js").Entry} Entry */
/** @typedef {import("./entries.js").Stream} Stream */
/** @typedef {{links: Stream, shares: Stream}} Streams */

const PAGE = 25;
const EMPTY_PAGES = 5; // that are read on over before somebody has to ask for more

/** @type {Stream} */
const NONE = { ...NOTHING, reach: Number.NEGATIVE_INFINITY };

/**
 * @typedef {object} HandedOut
 * @property {Entry[] | null} entries newest first; null until the first are there.
 * @property {unknown} failure why there are none.
 * @property {unknown} stale why they aren't up to date.
 * @property {boolean} more whether there are older ones.
 * @property {boolean} busy
 * @property {() => Promise<void>} readMore
 * @property {() => void} reload
 * @property {(entry: Entry) => void} change puts one as it is now.
 */

/**
 * @param {string} fileKey empty for all files.
 * @returns {HandedOut}
 */
export function useStreams(fileKey) {
  const { api, config } = useApp();
  const [streams, setStreams] = useState(/** @type {Streams | null} */ (null));
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  const [stale, setStale] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);
  const known = useRef(streams);
  const stop = useRef(new AbortController());
  const edits = useRef(0); // what was asked for before one tells of the time before it

  /** @param {Streams | null} next */
  function put(next) {
    known.current = next;
    setStreams(next);
  }

  /**
   * @param {"links" | "shares"} name
   * @param {number} limit
   * @param {string | null} next
   * @returns {Promise<Stream>}
   */
  async function readPage(name, limit, next) {
    const asked = { key: fileKey, limit, next };
    if (name === "links") return linkPage(await api.links(asked, stop.current.signal));
    return config.shares ? sharePage(await api.shares(asked, stop.current.signal)) : NONE;
  }

  /** @param {Streams} from */
  async function readOn(from) {
    const before = count(from);
    let now = from;
    for (let page = 0; page < EMPTY_PAGES && count(now) === before; page++) {
      const name = behind(now);
      if (name === null) break;
      now = { ...now, [name]: extended(now[name], await readPage(name, PAGE, now[name].next)) };
    }
    return now;
  }

  /** What there is now, as far down as it was known before. */
  async function look() {
    const old = known.current;
    const reading = (/** @type {"links" | "shares"} */ name) =>
      readPage(name, Math.min(MOST, Math.max(PAGE, old?.[name].entries.length ?? 0)), null);
    const [links, shares] = await Promise.all([reading("links"), reading("shares")]);
    if (old) return { links: refreshed(old.links, links), shares: refreshed(old.shares, shares) };
    return count({ links, shares }) > 0 ? { links, shares } : readOn({ links, shares });
  }

  /** @param {AbortSignal} signal */
  async function lookAgain(signal) {
    const before = edits.current;
    try {
      const found = await look();
      if (signal.aborted) return false;
      if (edits.current === before) put(found);
      setStale(null);
      setFailure(null);
      return true;
    } catch (error) {
      if (!signal.aborted) (known.current ? setStale : setFailure)(error);
      return false;
    }
  }

  useEffect(() => {
    put(null);
    setFailure(null);
    setStale(null);
    const stopping = new AbortController();
    stop.current = stopping;
    const end = watch(() => lookAgain(stopping.signal));
    return () => {
      stopping.abort();
      end();
    };
  }, [fileKey, round]);

  async function readMore() {
    const { signal } = stop.current;
    if (known.current === null || busy) return;
    setBusy(true);
    try {
      const found = await readOn(known.current);
      edits.current += 1;
      if (!signal.aborted) put(found);
    } catch (error) {
      if (!signal.aborted) setStale(error);
    }
    setBusy(false);
  }

  /** @param {Entry} entry */
  function change(entry) {
    if (known.current === null) return;
    const swap = (/** @type {Stream} */ stream) => ({
      ...stream,
      entries: stream.entries.map((each) => (each.id === entry.id ? entry : each)),
    });
    edits.current += 1;
    put({ links: swap(known.current.links), shares: swap(known.current.shares) });
  }

  return {
    entries: streams && merged([streams.links, streams.shares]),
    failure,
    stale,
    more: streams !== null && behind(streams) !== null,
    busy,
    readMore,
    reload: () => setRound(round + 1),
    change,
  };
}

/** @param {Streams} streams */
function count({ links, shares }) {
  return merged([links, shares]).length;
}

/** Which has to be read on for more to be shown. @param {Streams} streams @returns {"links" | "shares" | null} */
function behind({ links, shares }) {
  const stream = holdingBack([links, shares]);
  return stream === links ? "links" : stream ? "shares" : null;
}

/** A folder's entries as they arrive, page by page. */

import { useEffect, useRef, useState } from "../parts/html.js";
import { UPLOADS } from "./listing.js";

/**
 * @typedef {object} Folder
 * @property {string[]} folders
 * @property {import("../api.js").StoredFile[]} files
 * @property {string | null} next
 * @property {boolean} loading
 * @property {unknown} error
 * @property {() => Promise<void>} more loads the next page.
 * @property {() => Promise<void>} all loads page after page until there is none.
 * @property {() => void} again begins anew, and shows the old entries until the new ones are there.
 */

/** @type {Pick<Folder, "folders" | "files" | "next" | "error"> & {of: string | null}} */
const NOTHING = { folders: [], files: [], next: null, error: null, of: null };

const EMPTY_PAGES = 20; // in a row, after which the reader is asked whether to look on

/**
 * @param {import("../api.js").Api} api
 * @param {string} prefix
 * @returns {Folder}
 */
export function useFolder(api, prefix) {
  const [state, setState] = useState(NOTHING);
  const [loading, setLoading] = useState(true);
  const [round, setRound] = useState(0);
  const signal = useRef(new AbortController());
  const latest = useRef(state);
  latest.current = state;

  /** @param {typeof NOTHING} before @param {string | null} next */
  async function load(before, next) {
    const here = signal.current.signal;
    setLoading(true);
    try {
      let page = await api.objects({ prefix, next, flat: prefix === UPLOADS }, here);
      // A page may be empty among names that are left out; only the last may be shown as nothing.
      for (let more = 0; more < EMPTY_PAGES && page.next && nothingIn(page); more++) {
        page = await api.objects({ prefix, next: page.next, flat: prefix === UPLOADS }, here);
      }
      if (here.aborted) return null;
      const state = {
        folders: [...new Set([...before.folders, ...page.folders])],
        files: unique([...before.files, ...page.objects]),
        next: page.next,
        error: null,
        of: prefix,
      };
      setState(state);
      setLoading(false);
      return state;
    } catch (error) {
      if (here.aborted) return null;
      const shown = latest.current.of === prefix ? latest.current : before;
      setState({ ...shown, error, of: prefix });
      setLoading(false);
      return null;
    }
  }

  useEffect(() => {
    signal.current = new AbortController();
    load(NOTHING, null);
    return () => signal.current.abort();
  }, [api, prefix, round]);

  const shown = state.of === prefix ? state : NOTHING;
  return {
    ...shown,
    loading: loading || state.of !== prefix,
    more: async () => {
      await load(latest.current, latest.current.next);
    },
    all: async () => {
      /** @type {typeof NOTHING | null} */
      let state = latest.current;
      while (state?.next) state = await load(state, state.next);
    },
    again: () => setRound((count) => count + 1),
  };
}

/** @param {import("../api.js").FilePage} page */
function nothingIn({ folders, objects }) {
  return folders.length === 0 && objects.length === 0;
}

/** @param {import("../api.js").StoredFile[]} files each key once, as it was told last. */
function unique(files) {
  return [...new Map(files.map((file) => [file.key, file])).values()];
}

/**
 * What became of links and shares, of one file or of all. It looks again by itself while somebody looks at it,
 * and less often while that fails; nothing moves but what has changed.
 */

import { EntryDetails } from "../handing/details.js";
import { extended, holdingBack, linkPage, MOST, merged, NOTHING, readLink, readShare, refreshed, sharePage } from "../handing/entries.js";
import { nameOf } from "../handing/wanted.js";
import { useApp } from "../parts/app.js";
import { formatMoment, formatRelative } from "../parts/format.js";
import { html, useEffect, useRef, useState } from "../parts/html.js";
import { Icon, iconOf } from "../parts/icon.js";
import { Confirm } from "../parts/sheet.js";
import { Empty, explain, Failure, Loading } from "../parts/states.js";
import { filesAddress, handedOutAddress } from "../router.js";

/** @typedef {import("../handing/entries.js").Entry} Entry */
/** @typedef {import("../handing/entries.js").Stream} Stream */
/** @typedef {{links: Stream, shares: Stream}} Streams */

const PAGE = 25;
const LOOKS_EVERY = 7_000; // milliseconds
const LONGEST_PAUSE = 60_000;
const EMPTY_PAGES = 5; // that are read on over before somebody has to ask for more

/** @param {{fileKey: string}} props empty for all files. */
export function HandedOut({ fileKey }) {
  const { t } = useApp();
  const { streams, failure, stale, more, reload, change } = useStreams(fileKey);
  const [open, setOpen] = useState(/** @type {ReadonlySet<string>} */ (new Set()));
  const [taking, setTaking] = useState(/** @type {Entry | null} */ (null));

  const shown = streams && merged([streams.links, streams.shares]);
  const toggle = (/** @type {string} */ id) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };

  return html`
    <div class="handed-top">
      <div>
        <h1>${t("handedOut.title")}</h1>
        ${fileKey && html`<p class="handed-of"><${Icon} name=${iconOf(fileKey)} /><bdi>${fileKey}</bdi></p>`}
      </div>
      ${fileKey && html`<a class="button button--quiet" href=${handedOutAddress()}>${t("handedOut.all")}</a>`}
    </div>
    ${
      stale &&
      html`<p class="notice notice--warn" role="status"><strong>${t("handedOut.stale")}</strong> ${explain(stale, t)}</p>`
    }
    ${failure && html`<${Failure} error=${failure} onAgain=${reload} />`}
    ${!failure && !shown && html`<${Loading} label=${t("handedOut.loading")} />`}
    ${
      shown?.length === 0 &&
      !more &&
      html`<${Empty} icon="send" title=${t("handedOut.empty.title")} text=${t("handedOut.empty.text")}>
        <a class="button" href=${filesAddress("")}>${t("handedOut.empty.action")}</a>
      <//>`
    }
    ${
      shown &&
      shown.length > 0 &&
      html`<ul class="handed">
        ${shown.map(
          (entry) => html`<${Row}
            key=${entry.id}
            entry=${entry}
            ofOne=${fileKey !== ""}
            open=${open.has(entry.id)}
            onToggle=${() => toggle(entry.id)}
            onTake=${() => setTaking(entry)}
          />`,
        )}
      </ul>`
    }
    ${more && html`<p class="handed-more"><button type="button" class="button button--quiet" disabled=${more.busy} onClick=${more.read}>${t("handedOut.more")}</button></p>`}
    ${shown && html`<p class="handed-note">${t("handedOut.signedNote")}</p>`}
    ${taking && html`<${TakeBack} entry=${taking} onDone=${change} onClose=${() => setTaking(null)} />`}
  `;
}

/**
 * The two lists, read page by page and looked at again and again.
 * @param {string} fileKey
 */
function useStreams(fileKey) {
  const { api, config } = useApp();
  const [streams, setStreams] = useState(/** @type {Streams | null} */ (null));
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  const [stale, setStale] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  const [round, setRound] = useState(0);
  const known = useRef(/** @type {Streams | null} */ (null));
  const put = (/** @type {Streams} */ next) => {
    known.current = next;
    setStreams(next);
  };

  /**
   * @param {"links" | "shares"} name
   * @param {number} limit
   * @param {string | null} next
   * @param {AbortSignal} [signal]
   * @returns {Promise<Stream>}
   */
  async function readPage(name, limit, next, signal) {
    const asked = { key: fileKey, limit, next };
    if (name === "links") return linkPage(await api.links(asked, signal));
    return config.shares ? sharePage(await api.shares(asked, signal)) : { ...NOTHING, reach: Number.NEGATIVE_INFINITY };
  }

  /** @param {Streams} from @param {AbortSignal} [signal] */
  async function readOn(from, signal) {
    let now = from;
    const before = merged([now.links, now.shares]).length;
    for (let page = 0; page < EMPTY_PAGES; page++) {
      const name = behind(now);
      if (name === null) break;
      now = { ...now, [name]: extended(now[name], await readPage(name, PAGE, now[name].next, signal)) };
      if (merged([now.links, now.shares]).length > before) break;
    }
    return now;
  }

  /** @param {AbortSignal} signal */
  async function look(signal) {
    const old = known.current;
    const limit = (/** @type {Stream | undefined} */ stream) => Math.min(MOST, Math.max(PAGE, stream?.entries.length ?? 0));
    const [links, shares] = await Promise.all([
      readPage("links", limit(old?.links), null, signal),
      readPage("shares", limit(old?.shares), null, signal),
    ]);
    if (old) return { links: refreshed(old.links, links), shares: refreshed(old.shares, shares) };
    const first = { links, shares };
    return merged([links, shares]).length > 0 ? first : readOn(first, signal);
  }

  useEffect(() => {
    known.current = null;
    setStreams(null);
    setFailure(null);
    setStale(null);
    const stop = new AbortController();
    let pause = LOOKS_EVERY;
    let looking = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;

    async function again() {
      clearTimeout(timer);
      if (looking) return;
      looking = true;
      try {
        const found = await look(stop.signal);
        if (stop.signal.aborted) return;
        put(found);
        setStale(null);
        pause = LOOKS_EVERY;
      } catch (error) {
        if (stop.signal.aborted) return;
        if (known.current === null) return setFailure(error);
        setStale(error);
        pause = Math.min(2 * pause, LONGEST_PAUSE);
      } finally {
        looking = false;
      }
      seen();
    }
    function seen() {
      clearTimeout(timer);
      if (document.visibilityState === "visible") timer = setTimeout(again, pause);
    }
    function turned() {
      if (document.visibilityState === "visible") again();
      else clearTimeout(timer);
    }
    document.addEventListener("visibilitychange", turned);
    again();
    return () => {
      stop.abort();
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", turned);
    };
  }, [fileKey, round]);

  async function readMore() {
    if (known.current === null) return;
    setBusy(true);
    try {
      put(await readOn(known.current));
    } catch (error) {
      setStale(error);
    } finally {
      setBusy(false);
    }
  }

  /** @param {Entry} entry as it is now. */
  function change(entry) {
    if (known.current === null) return;
    const swap = (/** @type {Stream} */ stream) => ({
      ...stream,
      entries: stream.entries.map((each) => (each.id === entry.id ? entry : each)),
    });
    put({ links: swap(known.current.links), shares: swap(known.current.shares) });
  }

  const more = streams && behind(streams) ? { read: readMore, busy } : null;
  return { streams, failure, stale, more, change, reload: () => setRound(round + 1) };
}

/** @param {Streams} streams @returns {"links" | "shares" | null} */
function behind({ links, shares }) {
  const stream = holdingBack([links, shares]);
  return stream === links ? "links" : stream ? "shares" : null;
}

/** @param {{entry: Entry, ofOne: boolean, open: boolean, onToggle: () => void, onTake: () => void}} props */
function Row({ entry, ofOne, open, onToggle, onTake }) {
  const { t } = useApp();
  const details = `handed-${entry.id}`;
  const canTake = entry.state === "ready" || entry.state === "locked";
  return html`
    <li class="handed-entry">
      <div class="handed-row">
        <${Icon} name=${entry.kind === "once" ? "link" : "page"} />
        <div class="handed-what">
          <h2><bdi>${entry.name}</bdi></h2>
          <p>${t(`handedOut.kind.${entry.kind}`)} · <${Ago} moment=${entry.made} /></p>
        </div>
        <div class="handed-state">
          <span class=${`badge badge--${entry.state}`}>${t(`handedOut.state.${entry.state}`)}</span>
          <p>${stateSentence(entry, t)}</p>
        </div>
        <div class="handed-actions">
          <button type="button" class="button button--quiet" aria-expanded=${open} aria-controls=${details} onClick=${onToggle}>
            ${t("handedOut.details")}<span class="visually-hidden"> ${entry.name}</span>
          </button>
          ${
            canTake &&
            html`<button type="button" class="button button--quiet handed-take" onClick=${onTake}>
              ${t("handedOut.take")}<span class="visually-hidden"> ${entry.name}</span>
            </button>`
          }
        </div>
      </div>
      <div id=${details} hidden=${!open}>${open && html`<${EntryDetails} entry=${entry} ofOne=${ofOne} />`}</div>
    </li>
  `;
}

/** @param {{moment: Date}} props */
function Ago({ moment }) {
  const { t } = useApp();
  return html`<time datetime=${moment.toISOString()} title=${formatMoment(moment, t.locale)}>
    ${formatRelative(moment, new Date(), t.locale)}
  </time>`;
}

/**
 * What the state means for this one, in a sentence.
 * @param {Entry} entry
 * @param {import("../texts/texts.js").Translate} t
 */
function stateSentence({ state, used, most, ends, takenBack, claims }, t) {
  const ago = (/** @type {Date} */ moment) => formatRelative(moment, new Date(), t.locale);
  const values = { count: used, most, ends: ago(ends) };
  if (state === "revoked") return takenBack ? t("handedOut.said.revoked", { when: ago(takenBack) }) : "";
  if (state === "used") {
    const last = claims.at(-1);
    return last ? t("handedOut.said.opened", { when: ago(last.when) }) : t("handedOut.said.used", values);
  }
  if (state === "locked") return t("handedOut.said.locked", values);
  return t(`handedOut.said.${state}${used > 0 ? ".partly" : ""}`, values);
}

/** @param {{entry: Entry, onDone: (entry: Entry) => void, onClose: () => void}} props */
function TakeBack({ entry, onDone, onClose }) {
  const { t, api, say } = useApp();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));

  async function take() {
    setBusy(true);
    setFailure(null);
    try {
      const answer = await (entry.kind === "once" ? api.revokeLink(entry.id) : api.revokeShare(entry.id));
      const now = entry.kind === "once" ? readLink(answer) : readShare(answer);
      onDone(now?.id === entry.id ? now : { ...entry, state: "revoked" });
      say(t("handedOut.taken"));
      onClose();
    } catch (error) {
      setFailure(error);
      setBusy(false);
    }
  }

  return html`
    <${Confirm}
      title=${t(`handedOut.takeBack.${entry.kind}.title`)}
      text=${t(`handedOut.takeBack.${entry.kind}.text`, { name: entry.name })}
      action=${t("handedOut.take")}
      busy=${busy}
      onYes=${take}
      onNo=${onClose}
    >
      ${failure && html`<${Failure} error=${failure} />`}
    <//>
  `;
}

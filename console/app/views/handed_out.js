/**
 * What became of links and shares, of one file or of all. It looks again by itself while somebody looks at it,
 * and less often while that fails; nothing moves but what has changed.
 */

import { EntryDetails } from "../handing/details.js";
import { readLink, readShare } from "../handing/entries.js";
import { useStreams } from "../handing/use_streams.js";
import { useApp } from "../parts/app.js";
import { formatMoment, formatRelative } from "../parts/format.js";
import { html, useEffect, useState } from "../parts/html.js";
import { Icon, iconOf } from "../parts/icon.js";
import { Confirm } from "../parts/sheet.js";
import { Empty, explain, Failure, Loading } from "../parts/states.js";
import { filesAddress, handedOutAddress } from "../router.js";

/** @typedef {import("../handing/entries.js").Entry} Entry */

/** @param {{query: URLSearchParams}} props `key` for one file, all without. */
export function HandedOut({ query }) {
  const { t } = useApp();
  const fileKey = query.get("key") ?? "";
  const { entries, failure, stale, more, busy, readMore, reload, change } = useStreams(fileKey);
  const [open, setOpen] = useState(/** @type {ReadonlySet<string>} */ (new Set()));
  const [taking, setTaking] = useState(/** @type {Entry | null} */ (null));
  const [taken, setTaken] = useState("");

  // The button that was pressed is gone, and with it the place where a keyboard was.
  useEffect(() => {
    const beside = taken && document.querySelector(`[aria-controls="${CSS.escape(`handed-${taken}`)}"]`);
    if (beside) /** @type {HTMLElement} */ (beside).focus();
  }, [taken]);

  const toggle = (/** @type {string} */ id) => {
    const next = new Set(open);
    if (!next.delete(id)) next.add(id);
    setOpen(next);
  };

  return html`
    <div class="page-head">
      <div>
        <h1 tabindex="-1">${t("handedOut.title")}</h1>
        ${fileKey && html`<p class="handed-of"><${Icon} name=${iconOf(fileKey)} /><bdi>${fileKey}</bdi></p>`}
      </div>
      ${fileKey && html`<a class="button button--quiet" href=${handedOutAddress()}>${t("handedOut.all")}</a>`}
    </div>
    ${
      stale &&
      html`<p class="notice notice--warn" role="status"><strong>${t("handedOut.stale")}</strong> ${explain(stale, t)}</p>`
    }
    ${failure && html`<${Failure} error=${failure} onAgain=${reload} />`}
    ${!failure && !entries && html`<${Loading} label=${t("handedOut.loading")} />`}
    ${
      entries?.length === 0 &&
      !more &&
      html`<${Empty} icon="send" title=${t("handedOut.empty.title")} text=${t("handedOut.empty.text")}>
        <a class="button" href=${filesAddress("")}>${t("handedOut.empty.action")}</a>
      <//>`
    }
    ${
      entries &&
      entries.length > 0 &&
      html`<ul class="handed">
        ${entries.map(
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
    ${more && html`<p class="handed-more"><button type="button" class="button button--quiet" disabled=${busy} onClick=${readMore}>${t("more")}</button></p>`}
    ${entries && html`<p class="handed-note">${t("handedOut.signedNote")}</p>`}
    ${
      taking &&
      html`<${TakeBack} entry=${taking} onDone=${(/** @type {Entry} */ now) => {
        change(now);
        setTaking(null);
        setTaken(now.id);
      }} onClose=${() => setTaking(null)} />`
    }
  `;
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
          <p>${t(`handOut.way.${entry.kind}`)} · <${Ago} moment=${entry.made} /></p>
        </div>
        <div class="handed-state">
          <span class=${`badge badge--${entry.state}`}>${t(`handedOut.state.${entry.state}`)}</span>
          <p>${stateSentence(entry, t)}</p>
        </div>
        <div class="handed-actions">
          ${
            canTake &&
            html`<button type="button" class="button button--quiet handed-take" onClick=${onTake}>
              ${t("handedOut.take")}<span class="visually-hidden"> ${entry.name}</span>
            </button>`
          }
          <button type="button" class="button button--quiet" aria-expanded=${open} aria-controls=${details} onClick=${onToggle}>
            ${t("handedOut.details")}<span class="visually-hidden"> ${entry.name}</span>
          </button>
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
  const values = { count: used, most, ends: ago(takenBack ?? ends) };
  if (state === "used") {
    const last = claims.at(-1);
    return last ? t("handedOut.said.opened", { when: ago(last.when) }) : t("handedOut.said.used", values);
  }
  if (state === "locked" || state === "exhausted") return t(`handedOut.said.${state}`, values);
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
      onDone(now?.id === entry.id ? now : { ...entry, state: "revoked", takenBack: new Date() });
      say(t("handedOut.taken"));
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

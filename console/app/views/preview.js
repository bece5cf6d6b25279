/**
 * A file, looked at. A signed URL is fetched for it, which lives as long as the sheet needs. Nothing of the file
 * runs: pictures, sound and films are media, text is text, and a PDF is shown by the browser's own viewer. All
 * are asked for by CORS, since other sites' pages may show nothing of the files (Cross-Origin-Resource-Policy).
 */

import { nameIn } from "../files/listing.js";
import { previewKind } from "../files/preview_kind.js";
import { useApp } from "../parts/app.js";
import { formatSize } from "../parts/format.js";
import { html, useEffect, useState } from "../parts/html.js";
import { Sheet } from "../parts/sheet.js";
import { Empty, Failure, Loading } from "../parts/states.js";

const SECONDS = { image: 300, pdf: 300, text: 300, audio: 3600, video: 3600 };
const MOST_TEXT = 256 * 1024; // bytes
const MOST_PDF = 50_000_000; // bytes, which are loaded whole

/** @typedef {{url: string, text?: string, blob?: string}} Found */

/** @param {{file: import("../api.js").StoredFile, onClose: () => void}} props */
export function Preview({ file, onClose }) {
  const { t, api, config } = useApp();
  const [found, setFound] = useState(/** @type {Found | null} */ (null));
  const [error, setError] = useState(/** @type {unknown} */ (null));
  const [round, setRound] = useState(0);
  const prefix = config.signed?.prefix ?? "";
  const kind = previewKind(file.key, prefix) ?? "text";
  const name = nameIn(file.key, file.key.slice(0, file.key.lastIndexOf("/") + 1));

  useEffect(() => {
    const stop = new AbortController();
    let blob = "";
    setError(null);
    load(stop.signal).then(
      (loaded) => {
        blob = loaded.blob ?? "";
        if (stop.signal.aborted) URL.revokeObjectURL(blob);
        else setFound(loaded);
      },
      (failure) => stop.signal.aborted || setError(failure),
    );
    return () => {
      stop.abort();
      if (blob !== "") URL.revokeObjectURL(blob);
    };
  }, [file.key, round]);

  /** @param {AbortSignal} signal @returns {Promise<Found>} */
  async function load(signal) {
    const seconds = Math.min(SECONDS[kind], config.signed?.maxSeconds ?? SECONDS[kind]);
    const { url } = await api.signedUrl({ file: file.key.slice(prefix.length), expires_in: seconds }, signal);
    if (kind === "text") return { url, text: await readText(url, signal) };
    if (kind === "pdf" && file.size <= MOST_PDF) return { url, blob: await readPdf(url, signal) };
    return { url };
  }

  return html`
    <${Sheet} title=${name} kind="wide" onClose=${onClose}>
      <p class="soft">${formatSize(file.size, t.locale)}</p>
      <div class="preview">
        ${error && html`<${Failure} error=${error} onAgain=${() => setRound((count) => count + 1)} />`}
        ${!error && !found && html`<${Loading} label=${t("preview.loading")} />`}
        ${!error && found && html`<${Content} kind=${kind} name=${name} found=${found} size=${file.size} />`}
      </div>
      ${
        found &&
        html`<div class="sheet-actions">
          <a class="button button--quiet" href=${found.url} target="_blank" rel="noopener noreferrer">${t("preview.open")}</a>
        </div>`
      }
    <//>
  `;
}

/**
 * @param {object} props
 * @param {import("../files/preview_kind.js").Kind} props.kind
 * @param {string} props.name
 * @param {number} props.size
 * @param {Found} props.found
 */
function Content({ kind, name, size, found }) {
  const { t } = useApp();
  const [unplayable, setUnplayable] = useState(false);
  const broken = () => setUnplayable(true);
  if (unplayable) {
    return html`<${Empty} icon="file" title=${t("preview.unplayable")} text=${t("preview.unplayableText")} />`;
  }
  if (kind === "image")
    return html`<img crossorigin="anonymous" src=${found.url} alt=${name} onError=${broken} />`;
  if (kind === "video")
    return html`<video crossorigin="anonymous" src=${found.url} controls aria-label=${name} onError=${broken} />`;
  if (kind === "audio")
    return html`<audio crossorigin="anonymous" src=${found.url} controls aria-label=${name} onError=${broken} />`;
  if (found.blob) return html`<iframe src=${found.blob} title=${name} />`;
  if (found.text !== undefined) {
    return html`
      <pre tabindex="0" aria-label=${name}>${found.text}</pre>
      ${size > MOST_TEXT && html`<p class="soft">${t("preview.beginning", { size: formatSize(MOST_TEXT, t.locale) })}</p>`}
    `;
  }
  return html`<${Empty} icon="file" title=${t("preview.tooLarge")} text=${t("preview.unplayableText")} />`;
}

/** @param {string} url @param {AbortSignal} signal */
async function readText(url, signal) {
  const answer = await fetched(url, signal, { Range: `bytes=0-${MOST_TEXT - 1}` });
  return new TextDecoder().decode(await answer.arrayBuffer());
}

/**
 * Held as what its name says, so that nothing but the viewer of PDF takes it.
 * @param {string} url
 * @param {AbortSignal} signal
 */
async function readPdf(url, signal) {
  const answer = await fetched(url, signal);
  return URL.createObjectURL(new Blob([await answer.arrayBuffer()], { type: "application/pdf" }));
}

/**
 * @param {string} url
 * @param {AbortSignal} signal
 * @param {Record<string, string>} [headers]
 */
async function fetched(url, signal, headers = {}) {
  const answer = await fetch(url, { signal, headers, credentials: "omit", referrerPolicy: "no-referrer" });
  if (!answer.ok) throw new Error(`status ${answer.status}`);
  return answer;
}

/** Files on their way: how far each is, how long it will take, and what can be done about it. */

import { nameOf } from "../files/listing.js";
import { useApp } from "../parts/app.js";
import { formatSize, formatSpan } from "../parts/format.js";
import { html, useEffect, useRef, useState } from "../parts/html.js";
import { Icon, iconOf } from "../parts/icon.js";
import { explain } from "../parts/states.js";
import { chosenFiles, fileOf } from "../uploads/choosing.js";
import { isSameFile } from "../uploads/plan.js";

/** @typedef {import("../uploads/upload.js").Upload} Upload */
/** @typedef {import("../uploads/queue.js").Uploads} Uploads */

/**
 * @param {object} props
 * @param {Uploads} props.uploads
 * @param {(file: import("../api.js").StoredFile) => void} props.onHandOut
 */
export function UploadPanel({ uploads, onHandOut }) {
  const { t } = useApp();
  const [, draw] = useState(0);
  useEffect(() => {
    const watcher = () => draw((count) => count + 1);
    uploads.watchers.add(watcher);
    watcher();
    return () => {
      uploads.watchers.delete(watcher);
    };
  }, [uploads]);
  if (uploads.all.length === 0) return null;

  const done = uploads.all.filter(({ state }) => state === "done").length;
  const clearable = uploads.all.some(({ state }) => state === "done" || state === "refused");
  return html`
    <section class="card uploads" aria-labelledby="uploads-title">
      <header class="uploads-head">
        <h2 id="uploads-title">${t("upload.title")}</h2>
        <p class="soft" role="status">${t("upload.progress", { done, count: uploads.all.length })}</p>
        ${
          clearable &&
          html`<button type="button" class="button button--quiet button--small" onClick=${() => uploads.clear()}>
            ${t("upload.clear")}
          </button>`
        }
      </header>
      <ul>
        ${uploads.all.map(
          (upload) =>
            html`<${Line} key=${upload.id} upload=${upload} uploads=${uploads} onHandOut=${onHandOut} />`,
        )}
      </ul>
    </section>
  `;
}

/**
 * @param {object} props
 * @param {Upload} props.upload
 * @param {Uploads} props.uploads
 * @param {(file: import("../api.js").StoredFile) => void} props.onHandOut
 */
function Line({ upload, uploads, onHandOut }) {
  const { t } = useApp();
  const { state, name } = upload;
  const moving = state === "sending" || state === "waiting" || state === "finishing";
  const failed = state === "failed" || state === "refused";
  return html`
    <li class=${`upload upload--${state}`}>
      <${Icon} name=${state === "done" ? "check" : failed ? "warning" : iconOf(name)} />
      <div class="upload-what">
        <p class="upload-name"><bdi>${name}</bdi></p>
        ${
          moving &&
          html`<progress max=${upload.size} value=${upload.sent} aria-label=${t("upload.of", { name })} />`
        }
        <p class=${failed ? "upload-error" : "soft"} role=${failed ? "alert" : null}>${status(upload, t)}</p>
      </div>
      <div class="upload-actions">
        ${state === "done" && html`<${Arrived} upload=${upload} onHandOut=${onHandOut} />`}
        ${state === "unfinished" && html`<${GoOn} upload=${upload} uploads=${uploads} />`}
        ${
          state === "failed" &&
          html`<button type="button" class="button button--quiet button--small" onClick=${() => uploads.again(upload)}>
            ${t("again")}<span class="visually-hidden"> ${name}</span>
          </button>`
        }
        ${
          state !== "done" &&
          html`<button
            type="button"
            class="button button--quiet button--icon"
            aria-label=${t(state === "refused" ? "upload.dismiss" : "upload.cancel", { name })}
            onClick=${() => uploads.remove(upload)}
          >
            <${Icon} name="close" />
          </button>`
        }
      </div>
    </li>
  `;
}

/** @param {{upload: Upload, onHandOut: (file: import("../api.js").StoredFile) => void}} props */
function Arrived({ upload, onHandOut }) {
  const { t } = useApp();
  const file = { key: upload.key ?? "", size: upload.size, modified: new Date() };
  return html`
    <button type="button" class="button button--tint button--small" onClick=${() => onHandOut(file)}>
      <${Icon} name="send" />${t("handOut.action")}<span class="visually-hidden"> ${nameOf(file.key)}</span>
    </button>
  `;
}

/** @param {{upload: Upload, uploads: Uploads}} props */
function GoOn({ upload, uploads }) {
  const { t, say } = useApp();
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));

  /** @param {import("../uploads/upload.js").Chosen[]} chosen */
  function take([chosen]) {
    if (!chosen || !upload.begun) return;
    if (isSameFile(chosen.file, upload.begun)) uploads.goOn(upload, chosen);
    else say(t("upload.otherFile", { name: upload.name }), "bad");
  }
  async function goOn() {
    const handle = upload.begun?.handle;
    const file = handle && (await fileOf(handle));
    if (file) take([{ file, handle }]);
    else input.current?.click();
  }
  return html`
    <input
      ref=${input}
      type="file"
      hidden
      onChange=${(/** @type {{target: HTMLInputElement}} */ event) => take(chosenFiles(event.target.files))}
    />
    <button type="button" class="button button--small" onClick=${goOn}>
      ${t("upload.goOn")}<span class="visually-hidden"> ${upload.name}</span>
    </button>
  `;
}

/**
 * How far it is, in a sentence.
 * @param {Upload} upload
 * @param {import("../texts/texts.js").Translate} t
 */
function status(upload, t) {
  const { state, refusal, size } = upload;
  const all = formatSize(size, t.locale);
  if (state === "refused" && refusal) return t(refusal.text, refusal.values);
  if (state === "failed") return explain(upload.error, t);
  if (state === "unfinished") return t("upload.unfinished", { size: all });
  if (state === "waiting") return t("upload.waiting", { size: all });
  if (state === "finishing") return t("upload.finishing");
  if (state === "done") return t("upload.done", { size: all, folder: upload.folder });
  const sent = formatSize(upload.sent, t.locale);
  const speed = upload.speed.perSecond;
  if (speed === 0) return t("upload.sent", { sent, size: all });
  const left = formatSpan(Math.max(1, (size - upload.sent) / speed), t.locale);
  return t("upload.sending", { sent, size: all, speed: formatSize(speed, t.locale), left });
}

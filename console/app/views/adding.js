/** Adding files to the folder that is looked at: by a button, by dropping, by pasting. */

import { useApp } from "../parts/app.js";
import { formatSize } from "../parts/format.js";
import { html, useEffect, useRef, useState } from "../parts/html.js";
import { Icon } from "../parts/icon.js";
import { filesAddress } from "../router.js";
import { chosenFiles, droppedFiles, pastedFiles } from "../uploads/choosing.js";
import { targetFolder } from "../uploads/plan.js";

/** @param {{folder: string, uploads: import("../uploads/queue.js").Uploads}} props */
export function AddFiles({ folder, uploads }) {
  const { t, say } = useApp();
  const input = useRef(/** @type {HTMLInputElement | null} */ (null));
  const target = targetFolder(folder, uploads.limits.folders);
  const dragging = useDropped(async (dropped) => {
    const { files, folders } = await droppedFiles(dropped);
    if (folders > 0) say(t("upload.isFolder"), "bad");
    add(files);
  });
  usePasted(add);

  /**
   * Where nothing may be added the files go to another folder, and the person with them.
   * @param {import("../uploads/upload.js").Chosen[]} files
   */
  function add(files) {
    uploads.add(files, target);
    if (files.length > 0 && target !== folder) location.hash = filesAddress(target);
  }

  return html`
    <input
      ref=${input}
      type="file"
      multiple
      hidden
      aria-label=${t("upload.action")}
      onChange=${(/** @type {{target: HTMLInputElement}} */ event) => {
        add(chosenFiles(event.target.files));
        event.target.value = ""; // so that the same file can be chosen again
      }}
    />
    <button
      type="button"
      class="button"
      title=${t("upload.into", { folder: target, most: formatSize(uploads.limits.maxBytes, t.locale) })}
      onClick=${() => input.current?.click()}
    >
      <${Icon} name="upload" />${t("upload.action")}
    </button>
    ${
      dragging &&
      html`<div class="dropping" aria-hidden="true">
        <p><${Icon} name="upload" />${t("upload.drop", { folder: target })}</p>
      </div>`
    }
  `;
}

/**
 * Files dropped anywhere on the page.
 * @param {(dropped: DataTransfer) => void} take
 * @returns {boolean} whether some are held above it.
 */
function useDropped(take) {
  const [depth, setDepth] = useState(0); // enter and leave come for each element on the way
  useListeners({
    dragenter: (/** @type {DragEvent} */ event) =>
      hasFiles(event) && !covered() && setDepth((count) => count + 1),
    dragleave: (/** @type {DragEvent} */ event) =>
      hasFiles(event) && setDepth((count) => Math.max(0, count - 1)),
    dragover: (/** @type {DragEvent} */ event) => hasFiles(event) && event.preventDefault(),
    drop: (/** @type {DragEvent} */ event) => {
      if (!hasFiles(event)) return;
      event.preventDefault(); // or the browser would open the file in place of this page
      setDepth(0);
      if (!covered() && event.dataTransfer) take(event.dataTransfer);
    },
  });
  return depth > 0;
}

/** @param {(files: import("../uploads/upload.js").Chosen[]) => void} take */
function usePasted(take) {
  useListeners({
    paste: (/** @type {ClipboardEvent} */ event) => {
      const files = covered() ? [] : pastedFiles(event.clipboardData, new Date());
      if (files.length === 0) return;
      event.preventDefault();
      take(files);
    },
  });
}

/** @param {Record<string, (event: any) => void>} listeners of the document, as they are now. */
function useListeners(listeners) {
  useEffect(() => {
    for (const [name, listener] of Object.entries(listeners)) document.addEventListener(name, listener);
    return () => {
      for (const [name, listener] of Object.entries(listeners)) document.removeEventListener(name, listener);
    };
  });
}

/** @param {DragEvent} event */
function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files") ?? false;
}

/** Whether a sheet is open, whose matter files aren't. */
function covered() {
  return document.querySelector("dialog[open]") !== null;
}

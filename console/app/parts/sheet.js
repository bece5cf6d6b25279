/**
 * What opens above the page: a sheet, and the question before something that can't be undone. The browser's own
 * `<dialog>` holds the focus, closes by Escape, and gives the focus back.
 */

import { useApp } from "./app.js";
import { html, useLayoutEffect, useRef } from "./html.js";
import { Icon } from "./icon.js";

let sheets = 0;

/**
 * @param {object} props
 * @param {string} props.title
 * @param {() => void} [props.onClose] without it there is nothing but what stands in the sheet.
 * @param {string} [props.kind] of its width and place: `wide` or `small`.
 * @param {any} [props.children]
 */
export function Sheet({ title, onClose, kind = "", children }) {
  const { t } = useApp();
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const id = useRef("");
  if (id.current === "") {
    sheets += 1;
    id.current = `sheet-${sheets}`;
  }
  useLayoutEffect(() => {
    const element = /** @type {HTMLDialogElement} */ (dialog.current);
    element.showModal();
    return () => element.close();
  }, []);

  return html`
    <dialog
      ref=${dialog}
      class=${`sheet ${kind && `sheet--${kind}`}`}
      aria-labelledby=${id.current}
      onCancel=${(/** @type {Event} */ event) => {
        if (event.target !== dialog.current) return; // a file chooser's, which bubbles
        event.preventDefault();
        onClose?.();
      }}
    >
      <header class="sheet-head">
        <h2 id=${id.current} tabindex="-1" autofocus>${title}</h2>
        ${
          onClose &&
          html`<button type="button" class="button button--quiet button--icon" aria-label=${t("close")} onClick=${onClose}>
            <${Icon} name="close" />
          </button>`
        }
      </header>
      ${children}
    </dialog>
  `;
}

/**
 * Asks once more, and says what will happen. The safe answer has the focus.
 * @param {object} props
 * @param {string} props.title
 * @param {string} props.text
 * @param {string} props.action what the button says.
 * @param {() => void} props.onYes
 * @param {() => void} props.onNo
 * @param {boolean} [props.busy]
 * @param {any} [props.children]
 */
export function Confirm({ title, text, action, onYes, onNo, busy = false, children }) {
  const { t } = useApp();
  return html`
    <${Sheet} title=${title} kind="small" onClose=${onNo}>
      <p>${text}</p>
      ${children}
      <div class="sheet-actions">
        <button type="button" class="button button--quiet" onClick=${onNo}>${t("cancel")}</button>
        <button type="button" class="button button--danger" disabled=${busy} onClick=${onYes}>${action}</button>
      </div>
    <//>
  `;
}

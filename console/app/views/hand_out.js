/** The sheet from which a file is handed out. */

import { html } from "../parts/html.js";
import { Sheet } from "../parts/sheet.js";

/**
 * @param {object} props
 * @param {import("../texts/texts.js").Translate} props.t
 * @param {import("../api.js").StoredFile} props.file
 * @param {() => void} props.onClose
 */
export function HandOut({ t, file, onClose }) {
  return html`<${Sheet} title=${t("handOut.action")} onClose=${onClose}><p><bdi>${file.key}</bdi></p><//>`;
}

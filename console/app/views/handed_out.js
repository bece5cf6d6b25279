/** What became of what was handed out. */

import { html } from "../parts/html.js";

/** @param {{t: import("../texts/texts.js").Translate, query: URLSearchParams}} props */
export function HandedOut({ t }) {
  return html`<div class="page-head"><h1 tabindex="-1">${t("nav.handedOut")}</h1></div>`;
}

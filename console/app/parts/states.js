/** What a view shows when it has nothing else to show: nothing there, not there yet, not to be had. */

import { ApiError } from "../api.js";
import { useApp } from "./app.js";
import { html } from "./html.js";
import { Icon } from "./icon.js";

/** @param {{label: string}} props */
export function Loading({ label }) {
  return html`
    <div class="loading" role="status">
      <span class="visually-hidden">${label}</span>
      ${[0, 1, 2, 3].map(() => html`<div class="skeleton" />`)}
    </div>
  `;
}

/** @param {{icon: import("./icon.js").IconName, title: string, text: string, children?: any}} props */
export function Empty({ icon, title, text, children }) {
  return html`
    <div class="empty">
      <${Icon} name=${icon} />
      <p class="empty-title">${title}</p>
      <p>${text}</p>
      ${children}
    </div>
  `;
}

/**
 * @param {object} props
 * @param {unknown} props.error
 * @param {() => void} [props.onAgain]
 */
export function Failure({ error, onAgain }) {
  const { t } = useApp();
  return html`
    <div class="notice notice--bad failure" role="alert">
      <p><strong>${t("failed.title")}</strong> ${explain(error, t)}</p>
      ${
        onAgain &&
        html`<button type="button" class="button button--quiet" onClick=${onAgain}><${Icon} name="again" />${t("again")}</button>`
      }
    </div>
  `;
}

/**
 * What went wrong and what to do, in a sentence.
 * @param {unknown} error
 * @param {import("../texts/texts.js").Translate} t
 */
export function explain(error, t) {
  if (!(error instanceof ApiError)) return t("failed.unknown");
  const name = `failed.${error.code}`;
  const text = t(name);
  if (text !== name) return text;
  return error.message === "" ? t("failed.unknown") : t("failed.said", { message: error.message });
}

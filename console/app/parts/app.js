/** What every view may need, handed down once. */

import { createContext, useContext } from "./html.js";

/**
 * @typedef {object} App
 * @property {import("../texts/texts.js").Translate} t
 * @property {import("../config.js").Config} config
 * @property {import("../api.js").Api} api
 * @property {(message: string, kind?: "good" | "bad") => void} say shows a message for a while, and has it read out.
 */

export const AppContext = createContext(/** @type {App} */ (/** @type {unknown} */ (null)));

/** @returns {App} */
export function useApp() {
  return useContext(AppContext);
}

/**
 * Attempts to sign in. Each has a state, a nonce and a verifier of its own, and is used at most once. One that
 * leaves the page waits in the tab's `sessionStorage` until the issuer sends the person back; one in a window of
 * its own waits in memory.
 */

import { ownPath } from "./callback.js";

/** @typedef {{state: string, nonce: string, verifier: string, returnTo: string}} Attempt */

const STORED_AS = "sign-in";

/** What the state of a window's attempt begins with: the window hands what comes back to the page that waits. */
export const WINDOW = "window.";

/**
 * @param {Storage} storage
 * @param {Attempt} attempt
 */
export function keepAttempt(storage, attempt) {
  storage.setItem(STORED_AS, JSON.stringify(attempt));
}

/**
 * The attempt of this tab, which is gone then, whether or not it fits.
 * @param {Storage} storage
 * @param {string | null} state that came back.
 * @param {string} origin
 * @returns {Attempt | null}
 */
export function useAttempt(storage, state, origin) {
  const text = storage.getItem(STORED_AS);
  storage.removeItem(STORED_AS);
  try {
    const attempt = JSON.parse(text ?? "null");
    if (attempt === null || state === null || attempt.state !== state) return null;
    return { ...attempt, returnTo: ownPath(attempt.returnTo, origin) };
  } catch {
    return null;
  }
}

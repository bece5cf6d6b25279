/** Short messages: shown for a while, and read out by the live region that they stand in. */

import { html, useEffect, useState } from "./html.js";

const SHOWN_FOR = 6000; // milliseconds

/** @typedef {{id: number, text: string, kind: string}} Toast */

/** The messages of one page, which anything may add to. */
export class Toasts {
  constructor() {
    /** @type {Toast[]} */
    this.shown = [];
    this.changed = () => {};
    this.last = 0;
  }

  /** @param {string} text @param {string} [kind] */
  say(text, kind = "good") {
    this.last += 1;
    const toast = { id: this.last, text, kind };
    this.shown = [...this.shown.filter((other) => other.text !== text), toast].slice(-3);
    this.changed();
    setTimeout(() => {
      this.shown = this.shown.filter((other) => other !== toast);
      this.changed();
    }, SHOWN_FOR);
  }
}

/** @param {{toasts: Toasts}} props */
export function ToastArea({ toasts }) {
  const [, draw] = useState(0);
  useEffect(() => {
    toasts.changed = () => draw((count) => count + 1);
  }, []);
  return html`
    <div class="toasts" role="status" aria-live="polite">
      ${toasts.shown.map(({ id, text, kind }) => html`<p key=${id} class=${`toast notice notice--${kind}`}>${text}</p>`)}
    </div>
  `;
}

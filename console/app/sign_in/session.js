/**
 * Who is signed in. Tokens live in this object and nowhere else: a reload forgets them, and the issuer's own
 * session then makes signing in one click. They are renewed before they expire where the issuer gave a refresh
 * token. When that ends, calls wait until the person has signed in again, in a window beside the page, so that
 * nothing that was typed is lost.
 */

import { ApiError } from "../api.js";
import { keepAttempt, useAttempt, WINDOW } from "./attempts.js";
import { SignInFailed } from "./issuer.js";

/** @typedef {import("./issuer.js").Tokens} Tokens */
/** @typedef {"signing-in" | "signed-out" | "signed-in" | "ended"} Status */

const RENEW_BEFORE = 60_000; // milliseconds before a token's end
const LAST_MOMENT = 5_000; // a token with less than this may end on its way
const FRESH = 30_000; // milliseconds
const LONGEST_TIMER = 2 ** 31 - 1; // milliseconds that setTimeout can count

/** What pages of one origin tell each other. */
const CHANNEL = "console-sign-in";

/** In the tab's storage while the issuer ends its own session: whoever comes back from there is told. */
const SIGNED_OUT = "signed-out";

export class Session {
  /**
   * @param {object} given
   * @param {import("./issuer.js").Issuer} given.issuer
   * @param {Storage} [given.storage]
   * @param {Window} [given.page]
   * @param {BroadcastChannel} [given.channel]
   * @param {() => number} [given.now] milliseconds.
   */
  constructor({ issuer, storage, page = window, channel = new BroadcastChannel(CHANNEL), now = Date.now }) {
    this.issuer = issuer;
    this.page = page;
    this.storage = storage ?? page.sessionStorage;
    this.channel = channel;
    this.now = now;
    /** @type {Status} */
    this.status = "signed-out";
    /** @type {SignInFailed | null} */
    this.problem = null;
    /** The person knows that the session has ended, and hasn't put it off. */
    this.asking = false;
    /** The person has signed out: here, in another tab, or at the issuer, from where they have come back. */
    this.signedOut = this.storage.getItem(SIGNED_OUT) !== null;
    this.storage.removeItem(SIGNED_OUT);
    this.leftIssuerSignedIn = false;
    this.changed = () => {};
    /** @type {Tokens | null} */
    this.tokens = null;
    this.takenAt = 0; // milliseconds
    /** @type {import("./attempts.js").Attempt | null} */
    this.inWindow = null;
    /** @type {{resolve: (token: string) => void, reject: (error: Error) => void}[]} */
    this.waiting = [];
    /** @type {Promise<void> | null} */
    this.renewing = null;
    this.timer = 0;
    channel.onmessage = ({ data }) => this.heard(data);
  }

  get who() {
    return this.tokens?.who ?? null;
  }

  get subject() {
    return this.tokens?.subject ?? null;
  }

  /**
   * What the issuer sent back to this page.
   * @param {URLSearchParams} parameters
   * @returns {Promise<string | null>} where the person wanted to go; null: this isn't an attempt of this tab.
   */
  async arrive(parameters) {
    const attempt = useAttempt(this.storage, parameters.get("state"), this.page.location.origin);
    if (attempt === null) {
      this.fail(new SignInFailed("stale"));
      return null;
    }
    this.become("signing-in");
    await this.finish(parameters, attempt);
    return attempt.returnTo;
  }

  /** Leave for the issuer, and come back to this very page. */
  async leave() {
    this.signedOut = false;
    this.become("signing-in");
    try {
      const { pathname, search, hash } = this.page.location;
      const { attempt, address } = await this.issuer.begin({ returnTo: pathname + search + hash });
      keepAttempt(this.storage, attempt);
      this.page.location.assign(address);
    } catch (error) {
      this.fail(error);
    }
  }

  /**
   * Sign in again in a window of its own. To be called from a click, or the browser blocks the window.
   * @returns {Promise<boolean>} whether a window opened.
   */
  async again() {
    const opened = this.page.open("", "_blank", "popup,width=520,height=720");
    if (opened === null) return false;
    this.problem = null;
    opened.opener = null; // the issuer's pages needn't hold this one
    try {
      const { attempt, address } = await this.issuer.begin({ prefix: WINDOW, returnTo: "/" });
      this.inWindow = attempt;
      opened.location.replace(address);
    } catch (error) {
      opened.close();
      this.problem = failed(error);
      this.changed();
    }
    return true;
  }

  /** Put signing in again off: what waits for it fails. */
  putOff() {
    this.asking = false;
    this.refuseWaiting();
    this.changed();
  }

  refuseWaiting() {
    for (const { reject } of this.waiting.splice(0)) reject(new ApiError("session_ended", 401, ""));
  }

  /** Sign out here, in this browser's other tabs, and at the issuer. */
  async signOut() {
    const { tokens } = this;
    this.forget();
    this.channel.postMessage({ signedOut: true });
    const address = await this.issuer.farewell(tokens).catch(() => null);
    if (address === null) {
      this.leftIssuerSignedIn = true;
      this.changed();
    } else {
      this.storage.setItem(SIGNED_OUT, "yes");
      this.page.location.assign(address);
    }
  }

  /**
   * The token for the API. Renewed first if its end is near; where that can't be, waits for the person.
   * @returns {Promise<string>}
   * @throws {ApiError} `session_ended`: the person put it off, signed out, or is another one now.
   */
  async token() {
    if (this.tokens !== null && this.left() < LAST_MOMENT) await this.renew();
    if (this.tokens !== null && this.left() >= LAST_MOMENT) return this.tokens.bearer;
    if (this.status === "signed-out") throw new ApiError("session_ended", 401, "");
    this.end();
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /**
   * The API didn't take a token. Of a fresh one that is its last word: another would be refused as well, and
   * whoever has just signed in would be asked to again.
   * @param {string | null} token
   */
  rejected(token) {
    if (this.tokens === null || this.tokens.bearer !== token || this.now() - this.takenAt < FRESH) return;
    this.tokens = { ...this.tokens, expiresAt: 0 };
  }

  /** Milliseconds that the token is good for. */
  left() {
    return (this.tokens?.expiresAt ?? 0) - this.now();
  }

  /** One renewal at a time. It leaves the old tokens where it fails. */
  renew() {
    this.renewing ??= this.renewed().finally(() => {
      this.renewing = null;
    });
    return this.renewing;
  }

  async renewed() {
    const before = this.tokens;
    if (!before?.refresh) return;
    try {
      const tokens = await this.issuer.renew(before);
      if (this.tokens !== null) this.take(tokens);
    } catch (error) {
      // A refresh token that was refused is of no use; one that didn't reach the issuer may be.
      if (this.tokens && failed(error).code !== "unreachable")
        this.tokens = { ...this.tokens, refresh: null };
    }
  }

  /**
   * @param {URLSearchParams} parameters
   * @param {import("./attempts.js").Attempt} attempt
   */
  async finish(parameters, attempt) {
    try {
      this.take(await this.issuer.finish(parameters, attempt));
    } catch (error) {
      this.fail(error);
    }
  }

  /** @param {Tokens} tokens */
  take(tokens) {
    // What one person asked for isn't done in another's name.
    if (this.tokens !== null && this.tokens.subject !== tokens.subject) this.refuseWaiting();
    this.tokens = tokens;
    this.takenAt = this.now();
    this.problem = null;
    this.asking = false;
    clearTimeout(this.timer);
    const early = Math.min(RENEW_BEFORE, this.left() / 2); // of a token that lives for a minute, its second half
    this.timer = this.later(() => this.due(), this.left() - early);
    for (const { resolve } of this.waiting.splice(0)) resolve(tokens.bearer);
    this.become("signed-in");
  }

  /** A token's end is near. */
  async due() {
    const before = this.tokens;
    await this.renew();
    if (this.tokens === null || this.tokens !== before) return;
    // Without a new one: ask as soon as it has ended, rather than when somebody presses a button.
    this.timer = this.later(() => this.left() < LAST_MOMENT && this.end(), this.left());
  }

  /** @param {() => void} what @param {number} milliseconds */
  later(what, milliseconds) {
    return Number(setTimeout(what, Math.min(Math.max(milliseconds, 0), LONGEST_TIMER)));
  }

  end() {
    if (this.status === "signed-out") return;
    this.asking = true;
    this.become("ended");
  }

  forget() {
    this.tokens = null;
    this.inWindow = null;
    this.problem = null;
    this.signedOut = true;
    clearTimeout(this.timer);
    this.become("signed-out");
    this.putOff();
  }

  /** @param {unknown} error */
  fail(error) {
    this.problem = failed(error);
    this.become(this.status === "ended" ? "ended" : "signed-out");
  }

  /** @param {Status} status */
  become(status) {
    this.status = status;
    this.changed();
  }

  /**
   * What another page of this origin said.
   * @param {any} said
   */
  heard(said) {
    if (said?.signedOut === true) this.forget();
    const attempt = this.inWindow;
    if (attempt === null || typeof said?.cameBack !== "string") return;
    const parameters = new URLSearchParams(said.cameBack);
    if (parameters.get("state") !== attempt.state) return;
    this.inWindow = null;
    this.finish(parameters, attempt);
  }
}

/**
 * In the window that a page opened to sign in again: hands what came back to that page, which alone has the
 * attempt's verifier.
 * @param {URLSearchParams} parameters
 * @returns {boolean} whether this is such a window.
 */
export function handOver(parameters, channel = new BroadcastChannel(CHANNEL)) {
  if (!parameters.get("state")?.startsWith(WINDOW)) return false;
  channel.postMessage({ cameBack: parameters.toString() });
  return true;
}

/** @param {unknown} error */
function failed(error) {
  return error instanceof SignInFailed ? error : new SignInFailed("invalid", String(error));
}

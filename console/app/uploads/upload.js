/**
 * One file on its way: begun or gone on with, sent in parts, four at a time, put together. A part that fails is
 * tried again after a while; when its address has run out, new ones are asked for. What S3 has by then is not
 * sent again.
 */

import { ApiError } from "../api.js";
import { backoff, MOST_PARTS, mediaType, partCount, partRange, Speed, TRIES } from "./plan.js";
import { PartFailed, sendPart } from "./send_part.js";
import { forget, remember } from "./unfinished.js";

/** @typedef {import("./unfinished.js").Unfinished} Unfinished */
/** @typedef {"refused" | "waiting" | "sending" | "finishing" | "done" | "failed" | "unfinished"} State */
/** @typedef {{file: File, handle?: FileSystemFileHandle}} Chosen */

const AT_A_TIME = 4;
const EARLY = 60; // seconds before its end at which an address isn't used any more

let last = 0;

export class Upload {
  /**
   * @param {object} given
   * @param {import("../api.js").Api} given.api
   * @param {string} given.name
   * @param {number} given.size
   * @param {string} given.folder
   * @param {string} given.of who sends it.
   * @param {Chosen | null} given.chosen
   * @param {Unfinished | null} [given.begun]
   * @param {() => void} given.onChange
   */
  constructor({ api, name, size, folder, of, chosen, begun = null, onChange }) {
    last += 1;
    this.id = last;
    this.api = api;
    this.name = name;
    this.size = size;
    this.folder = folder;
    this.of = of;
    this.chosen = chosen;
    this.begun = begun;
    this.changed = onChange;
    /** @type {State} */
    this.state = chosen === null ? "unfinished" : "waiting";
    /** @type {unknown} */
    this.error = null;
    /** @type {import("./plan.js").Refusal | null} */
    this.refusal = null;
    this.speed = new Speed();
    this.stop = new AbortController();
    /** @type {Map<number, string>} parts that S3 has. */
    this.tags = new Map();
    /** @type {Map<number, string>} where to send the others. */
    this.urls = new Map();
    /** @type {Map<number, number>} bytes of the parts on their way. */
    this.sending = new Map();
    this.partSize = 0;
    this.expiresAt = 0;
    /** @type {Promise<void> | null} */
    this.refreshing = null;
  }

  /** Bytes that S3 has, or that are on their way. */
  get sent() {
    let bytes = 0;
    for (const number of this.tags.keys()) {
      const [from, to] = partRange(number, this.partSize, this.size);
      bytes += to - from;
    }
    for (const loaded of this.sending.values()) bytes += loaded;
    return Math.min(bytes, this.size);
  }

  get key() {
    return this.begun?.key ?? null;
  }

  /** Send what is missing. */
  async run() {
    this.become("sending");
    const { signal } = this.stop;
    try {
      await (this.begun === null ? this.begin() : this.refresh());
      await this.sendAll();
      this.become("finishing");
      await this.complete(signal);
      this.become("done");
    } catch (error) {
      this.sending.clear();
      if (signal.aborted) return;
      this.error = error;
      this.become("failed");
    }
  }

  /** Once more, with what has arrived already. */
  again() {
    this.error = null;
    this.speed = new Speed();
    this.state = "waiting";
  }

  /** Give it up, here and at S3. */
  async cancel() {
    this.stop.abort();
    if (this.begun === null) return;
    const { key, upload_id } = this.begun;
    await forget(upload_id);
    await this.api.abortUpload({ key, upload_id }).catch(() => {}); // the bucket's lifecycle does it otherwise
  }

  async begin() {
    const { file, handle } = /** @type {Chosen} */ (this.chosen);
    const begun = await this.api.beginUpload(
      {
        filename: this.name,
        folder: this.folder,
        size: this.size,
        content_type: mediaType(file),
        multipart: true,
        parts: partCount(this.size),
      },
      this.stop.signal,
    );
    this.begun = {
      upload_id: begun.upload_id,
      key: begun.key,
      folder: this.folder,
      name: this.name,
      size: this.size,
      lastModified: file.lastModified,
      parts: partCount(this.size),
      of: this.of,
      handle,
    };
    this.learn(begun);
    await remember(this.begun);
  }

  /** Ask what S3 has, and for new addresses; once for all parts that want to know. */
  refresh() {
    this.refreshing ??= this.refreshed().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  async refreshed() {
    const { key, upload_id, size, parts } = /** @type {Unfinished} */ (this.begun);
    try {
      this.learn(await this.api.resumeUpload({ key, upload_id, size, parts }, this.stop.signal));
    } catch (error) {
      if (!(error instanceof ApiError && error.code === "no_such_upload")) throw error;
      // S3 has forgotten it: from the start.
      await forget(upload_id);
      this.tags.clear();
      await this.begin();
    }
  }

  /** @param {any} told by the API. */
  learn(told) {
    const count = Math.ceil(this.size / told.part_size);
    if (
      !(Number.isSafeInteger(told.part_size) && count > 0 && count <= MOST_PARTS && Array.isArray(told.parts))
    ) {
      throw new ApiError("bad_answer", 200, "parts are missing");
    }
    this.partSize = told.part_size;
    this.expiresAt = Number(told.expires_at);
    this.urls = new Map(told.parts.map((/** @type {any} */ part) => [part.number, part.url]));
    for (const { number, etag } of told.uploaded ?? []) this.tags.set(number, etag);
  }

  /** Parts that S3 hasn't, as far as is known. */
  get missing() {
    const count = Math.ceil(this.size / this.partSize);
    return Array.from({ length: count }, (_, index) => index + 1).filter((number) => !this.tags.has(number));
  }

  async sendAll() {
    // Anew while there are some: an upload that S3 forgot on the way has none again.
    for (let waiting = this.missing; waiting.length > 0; waiting = this.missing) {
      const failing = new AbortController();
      const signal = AbortSignal.any([this.stop.signal, failing.signal]);
      const work = async () => {
        for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) {
          await this.sendOne(number, signal);
        }
      };
      try {
        await Promise.all(Array.from({ length: Math.min(AT_A_TIME, waiting.length) }, work));
      } catch (error) {
        failing.abort();
        throw error;
      }
    }
  }

  /**
   * @param {number} number
   * @param {AbortSignal} signal
   */
  async sendOne(number, signal) {
    for (let tried = 1; !this.tags.has(number); tried++) {
      try {
        await this.attempt(number, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof PartFailed) || tried >= TRIES) throw error;
        if (error.status === 403 || error.status === 404) await this.refresh();
        await untilNext(backoff(tried), signal);
      }
    }
  }

  /**
   * @param {number} number
   * @param {AbortSignal} signal
   */
  async attempt(number, signal) {
    if (Date.now() / 1000 > this.expiresAt - EARLY) await this.refresh();
    const { file } = /** @type {Chosen} */ (this.chosen);
    const upload = this.begun?.upload_id;
    const [from, to] = partRange(number, this.partSize, this.size);
    const progress = (/** @type {number} */ loaded) => this.progress(number, Math.min(loaded, to - from));
    try {
      const tag = await sendPart(this.urls.get(number) ?? "", file.slice(from, to), progress, signal);
      if (upload === this.begun?.upload_id) this.tags.set(number, tag);
    } finally {
      this.sending.delete(number);
    }
  }

  /** @param {number} number @param {number} loaded */
  progress(number, loaded) {
    this.sending.set(number, loaded);
    this.speed.note(this.sent, Date.now());
    this.changed();
  }

  /** @param {AbortSignal} signal */
  async complete(signal) {
    const { key, upload_id } = /** @type {Unfinished} */ (this.begun);
    const parts = [...this.tags].sort(([a], [b]) => a - b).map(([number, etag]) => ({ number, etag }));
    for (let tried = 1; ; tried++) {
      try {
        await this.api.completeUpload({ key, upload_id, parts }, signal); // twice is no error, says the API
        break;
      } catch (error) {
        const passing = error instanceof ApiError && (error.code === "network" || error.status === 503);
        if (!passing || tried >= TRIES) throw error;
        await untilNext(backoff(tried), signal);
      }
    }
    await forget(upload_id);
  }

  /** @param {State} state */
  become(state) {
    this.state = state;
    this.changed();
  }
}

/**
 * Waits some seconds, and as long as there is no network.
 * @param {number} seconds
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function untilNext(seconds, signal) {
  return new Promise((resolve, reject) => {
    const go = () =>
      navigator.onLine ? resolve() : addEventListener("online", () => resolve(), { once: true });
    const timer = setTimeout(go, seconds * 1000);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** All files on their way: three at a time, the others wait their turn. Lives as long as the page. */

import { formatSize } from "../parts/format.js";
import { isSameFile, refusal } from "./plan.js";
import { forget, unfinished } from "./unfinished.js";
import { Upload } from "./upload.js";

/** @typedef {import("./upload.js").Chosen} Chosen */

const AT_A_TIME = 3;
const DRAWN_EVERY = 200; // milliseconds

export class Uploads {
  /**
   * @param {object} given
   * @param {import("../api.js").Api} given.api
   * @param {import("./plan.js").Limits} given.limits
   * @param {string} given.locale
   */
  constructor({ api, limits, locale }) {
    this.api = api;
    this.limits = limits;
    this.locale = locale;
    /** @type {Upload[]} */
    this.all = [];
    this.of = "";
    /** @type {Set<() => void>} who is told of changes. */
    this.watchers = new Set();
    /** @type {Set<(upload: Upload) => void>} who is told of files that have arrived. */
    this.arrivals = new Set();
    this.drawing = 0;
    addEventListener("beforeunload", (event) => {
      if (this.busy) event.preventDefault();
    });
  }

  get busy() {
    return this.all.some(({ state }) => state === "waiting" || state === "sending" || state === "finishing");
  }

  /**
   * Look for what was begun before a reload.
   * @param {string} of the person's subject; nobody's uploads are shown to another.
   */
  async find(of) {
    this.of = of;
    const known = new Set(this.all.map(({ begun }) => begun?.upload_id));
    for (const begun of await unfinished(of)) {
      if (known.has(begun.upload_id)) continue;
      this.all.push(this.made({ name: begun.name, size: begun.size, folder: begun.folder, begun }, null));
    }
    this.tell();
  }

  /**
   * @param {Chosen[]} files
   * @param {string} folder
   */
  add(files, folder) {
    for (const chosen of files) {
      const { file } = chosen;
      const before = this.all.find(
        ({ state, begun }) =>
          state === "unfinished" && begun && begun.folder === folder && isSameFile(file, begun),
      );
      if (before) {
        this.goOn(before, chosen);
        continue;
      }
      const upload = this.made({ name: file.name, size: file.size, folder, begun: null }, chosen);
      upload.refusal = refusal(file, this.limits, (bytes) => formatSize(bytes, this.locale));
      if (upload.refusal) upload.state = "refused";
      this.all.push(upload);
    }
    this.next();
  }

  /**
   * Go on with one that was begun before, by its file.
   * @param {Upload} upload
   * @param {Chosen} chosen
   */
  goOn(upload, chosen) {
    upload.chosen = chosen;
    upload.state = "waiting";
    this.next();
  }

  /** @param {Upload} upload */
  again(upload) {
    upload.again();
    this.next();
  }

  /** Stop one for good, or take its line away. @param {Upload} upload */
  remove(upload) {
    this.all = this.all.filter((other) => other !== upload);
    if (upload.state !== "done" && upload.state !== "refused") upload.cancel();
    else if (upload.begun) forget(upload.begun.upload_id);
    this.next();
  }

  /** Take away the lines of those that nothing more is to be done for. */
  clear() {
    this.all = this.all.filter(({ state }) => state !== "done" && state !== "refused");
    this.tell();
  }

  /** Send nothing more. Who began it can go on with it later. */
  stop() {
    for (const upload of this.all) upload.stop.abort();
    this.all = [];
  }

  /**
   * @param {{name: string, size: number, folder: string, begun: import("./unfinished.js").Unfinished | null}} facts
   * @param {Chosen | null} chosen
   */
  made(facts, chosen) {
    return new Upload({ api: this.api, of: this.of, chosen, ...facts, onChange: () => this.tell() });
  }

  next() {
    const active = this.all.filter(({ state }) => state === "sending" || state === "finishing").length;
    const waiting = this.all.filter(({ state }) => state === "waiting");
    for (const upload of waiting.slice(0, Math.max(0, AT_A_TIME - active))) this.run(upload);
    this.tell();
  }

  /** @param {Upload} upload */
  async run(upload) {
    await upload.run();
    if (upload.state === "done") for (const arrived of this.arrivals) arrived(upload);
    this.next();
  }

  /** Changes come by the hundred; they are drawn a few times a second. */
  tell() {
    if (this.drawing !== 0) return;
    this.drawing = Number(
      setTimeout(() => {
        this.drawing = 0;
        for (const watcher of this.watchers) watcher();
      }, DRAWN_EVERY),
    );
  }
}

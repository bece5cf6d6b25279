import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { Uploads } from "../../console/app/uploads/queue.js";

const LIMITS = { folders: ["uploads/", "private/"], maxBytes: 1000, types: ["*/*"] };
const FILE = /** @type {File} */ ({ name: "a.txt", size: 5, type: "", lastModified: 1 });
const BEGUN = {
  upload_id: "1",
  key: "private/a/a.txt",
  parts: 1,
  of: "",
  name: "a.txt",
  size: 5,
  lastModified: 1,
};

// What a page has and Node lacks: listeners of the page itself.
before(() => Object.assign(globalThis, { addEventListener() {}, removeEventListener() {} }));
after(() => Object.assign(globalThis, { addEventListener: undefined, removeEventListener: undefined }));

/** An API that says nothing until it is told to stop, and what it was asked. */
function silent() {
  /** @type {{call: string, wanted: any, signal: AbortSignal}[]} */
  const asked = [];
  const ask =
    (/** @type {string} */ call) => (/** @type {any} */ wanted, /** @type {AbortSignal} */ signal) =>
      new Promise((_, reject) => {
        asked.push({ call, wanted, signal });
        signal?.addEventListener("abort", () => reject(signal.reason));
      });
  const api = /** @type {any} */ ({
    beginUpload: ask("begin"),
    resumeUpload: ask("resume"),
    abortUpload: ask("abort"),
  });
  const uploads = new Uploads({ api, limits: LIMITS, locale: "en" });
  return { uploads, asked };
}

/** @param {Uploads} uploads @param {string} folder one that was begun there before a reload. */
function unfinishedIn(uploads, folder) {
  uploads.all.push(uploads.made({ name: "a.txt", size: 5, folder, begun: { ...BEGUN, folder } }, null));
}

test("a file that is added to another folder than before goes there, and not on where it was", async () => {
  const { uploads, asked } = silent();
  unfinishedIn(uploads, "private/a/");
  uploads.add([{ file: FILE }], "private/b/");
  assert.deepEqual(
    asked.map(({ call, wanted }) => [call, wanted.folder]),
    [["begin", "private/b/"]],
  );
  uploads.stop();
});

test("a file that is added to the same folder goes on there", async () => {
  const { uploads, asked } = silent();
  unfinishedIn(uploads, "private/a/");
  uploads.add([{ file: FILE }], "private/a/");
  assert.deepEqual(
    asked.map(({ call, wanted }) => [call, wanted.key]),
    [["resume", "private/a/a.txt"]],
  );
  uploads.stop();
});

test("what is on its way stops with the person who sends it, and isn't given up", async () => {
  const { uploads, asked } = silent();
  uploads.add([{ file: FILE }, { file: { ...FILE, name: "b.txt" } }], "uploads/");
  assert.ok(uploads.busy);
  uploads.stop();
  assert.ok(asked.every(({ call, signal }) => call === "begin" && signal.aborted));
  assert.ok(!uploads.busy);
});

test("an API that cuts a file into more parts than there can be is not believed", async () => {
  const { uploads } = silent();
  const told = { upload_id: "1", key: "uploads/1/a", part_size: 1, parts: [], expires_at: 4e9 };
  uploads.api = /** @type {any} */ ({ beginUpload: async () => told });
  uploads.limits = { ...LIMITS, maxBytes: 5e9 };
  uploads.add([{ file: { ...FILE, size: 5e9 } }], "uploads/");
  const [upload] = uploads.all;
  await new Promise((resolve) => {
    upload.changed = () => upload.state === "failed" && resolve(null);
  });
  assert.equal(/** @type {any} */ (upload.error).code, "bad_answer");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { previewKind } from "../../console/app/files/preview_kind.js";
import {
  backoff,
  isSameFile,
  mediaType,
  partCount,
  partRange,
  pastedName,
  refusal,
  Speed,
  targetFolder,
} from "../../console/app/uploads/plan.js";

const MIB = 2 ** 20;
const LIMITS = {
  folders: ["uploads/", "private/"],
  maxBytes: 5 * 2 ** 30,
  types: ["image/*", "application/pdf"],
};
const file = (size = 1, type = "image/png") => ({ name: "a", size, type, lastModified: 1 });
const sizeText = String;

test("a file that is empty, too large or of a wrong type is refused before it is sent, and says why", () => {
  assert.equal(refusal(file(), LIMITS, sizeText), null);
  assert.equal(refusal(file(LIMITS.maxBytes), LIMITS, sizeText), null);
  assert.equal(refusal(file(1, "IMAGE/PNG; q=1"), LIMITS, sizeText), null);
  assert.equal(refusal(file(0), LIMITS, sizeText)?.text, "upload.isEmpty");
  assert.equal(refusal(file(LIMITS.maxBytes + 1), LIMITS, sizeText)?.text, "upload.tooLarge");
  // Where both sizes are said in the same words, by how much it is too large says more.
  const inMegabytes = (/** @type {number} */ bytes) =>
    bytes < 1e6 ? `${bytes} bytes` : `${Math.round(bytes / 1e6)} MB`;
  assert.deepEqual(refusal(file(25_000_000), { ...LIMITS, maxBytes: 20_000_000 }, inMegabytes), {
    text: "upload.tooLarge",
    values: { size: "25 MB", most: "20 MB" },
  });
  assert.deepEqual(refusal(file(20_000_001), { ...LIMITS, maxBytes: 20_000_000 }, inMegabytes), {
    text: "upload.tooLargeBy",
    values: { over: "1 bytes", most: "20 MB" },
  });
  for (const type of ["text/html", "", "imagery/png", "image"]) {
    assert.equal(refusal(file(1, type), LIMITS, sizeText)?.text, "upload.wrongType", type);
  }
  assert.equal(refusal(file(1, ""), { ...LIMITS, types: ["*/*"] }, sizeText), null);
});

test("what a browser says of a file's type is told to the API in its form, or as bytes", () => {
  assert.equal(mediaType({ type: "text/plain;charset=utf-8" }), "text/plain");
  assert.equal(mediaType({ type: "" }), "application/octet-stream");
  assert.equal(mediaType({ type: 'a/b"c' }), "application/octet-stream");
});

test("parts keep S3's limits for every size, and have each byte once", () => {
  for (const size of [1, 5 * MIB, 8 * MIB - 1, 8 * MIB, 100 * MIB + 1, 5 * 2 ** 30, 5 * 2 ** 40]) {
    const count = partCount(size);
    assert.ok(count >= 1 && count <= 1000);
    const partSize = Math.ceil(size / count);
    assert.ok(count === 1 || partSize >= 5 * MIB);
    let next = 0;
    for (let number = 1; next < size; number++) {
      const [from, to] = partRange(number, partSize, size);
      assert.equal(from, next);
      assert.ok(to > from);
      next = to;
    }
    assert.equal(next, size);
  }
});

test("files go where the reader is, if they may, and else to the deployment's first folder", () => {
  assert.equal(targetFolder("private/a/", LIMITS.folders), "private/a/");
  assert.equal(targetFolder("reports/", LIMITS.folders), "uploads/");
  assert.equal(targetFolder("", LIMITS.folders), "uploads/");
});

test("an upload goes on with the very file that it began with, and no other", () => {
  const begun = { name: "a", size: 1, lastModified: 1 };
  assert.ok(isSameFile(file(), begun));
  assert.ok(!isSameFile({ ...file(), lastModified: 2 }, begun));
  assert.ok(!isSameFile(file(2), begun));
});

test("a pasted picture is named after the moment, and whatever has a name keeps it", () => {
  const now = new Date(2027, 0, 3, 4, 5, 6);
  assert.equal(pastedName("image.png", now), "2027-01-03 04.05.06.png");
  assert.equal(pastedName("report.pdf", now), "report.pdf");
});

test("waits between tries grow up to a quarter of a minute", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 6].map(backoff), [1, 2, 4, 8, 15, 15]);
});

test("speed is that of the last seconds, and nothing is said before it can be known", () => {
  const speed = new Speed();
  assert.equal(speed.perSecond, 0);
  speed.note(0, 0);
  speed.note(10, 100);
  assert.equal(speed.perSecond, 0);
  speed.note(1000, 1000);
  assert.equal(speed.perSecond, 1000);
  for (let second = 2; second <= 30; second++) speed.note(1000, second * 1000);
  assert.equal(speed.perSecond, 0);
});

test("only files that have signed URLs can be looked at, as what their name says", () => {
  assert.equal(previewKind("private/a.JPG", "private/"), "image");
  assert.equal(previewKind("private/a.pdf", "private/"), "pdf");
  assert.equal(previewKind("private/a.svg", ""), "image");
  assert.equal(previewKind("reports/a.pdf", "private/"), null);
  assert.equal(previewKind("private/a.bin", "private/"), null);
  assert.equal(previewKind("private/a.pdf", undefined), null);
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { formatRelative, formatSize, formatSpan } from "../../console/app/parts/format.js";

test("a size is written with at most three digits in the reader's way", () => {
  for (const [bytes, text] of /** @type {const} */ ([
    [0, "0 bytes"],
    [999, "999 bytes"],
    [1000, "1.0 kB"],
    [1_234_567, "1.2 MB"],
    [999_949, "1.0 MB"],
    [5_368_709_120, "5.4 GB"],
    [Number.MAX_SAFE_INTEGER, "9,007 TB"],
  ])) {
    assert.equal(formatSize(bytes, "en").replace("\u00a0", " "), text);
  }
  assert.equal(formatSize(1_234_567, "de").replace("\u00a0", " "), "1,2 MB");
});

test("a moment is told by its distance in the largest unit that fits", () => {
  const now = new Date(0);
  assert.equal(formatRelative(new Date(900_000), now, "en"), "in 15 minutes");
  assert.equal(formatRelative(new Date(-2 * 86_400_000), now, "en"), "2 days ago");
  assert.equal(formatRelative(new Date(86_400_000), now, "de"), "morgen");
});

test("a span is told in its largest unit", () => {
  assert.equal(formatSpan(900, "en"), "15 minutes");
  assert.equal(formatSpan(604_800, "de"), "7 Tage");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import {
  breadcrumb,
  folderName,
  foldersIn,
  matches,
  nameIn,
  orderedBy,
  readOrder,
  sorted,
} from "../../console/app/files/listing.js";

const file = (/** @type {string} */ key, size = 0, day = 0) => ({
  key,
  size,
  modified: day ? new Date(Date.UTC(2027, 0, day)) : null,
});
const keys = (/** @type {{key: string}[]} */ files) => files.map(({ key }) => key);

test("names are sorted as the reader's language does, and numbers in them by their value", () => {
  const files = [file("Übersicht 10"), file("übersicht 9"), file("Z"), file("a")];
  assert.deepEqual(keys(sorted(files, { column: "name", down: false }, "", "de")), [
    "a",
    "übersicht 9",
    "Übersicht 10",
    "Z",
  ]);
});

test("a file without a date is the oldest, and the order of what is equal doesn't depend on how it came", () => {
  const files = [file("b", 1, 2), file("a", 1), file("c", 1, 2)];
  assert.deepEqual(keys(sorted(files, { column: "modified", down: true }, "", "en")), ["b", "c", "a"]);
  assert.deepEqual(keys(sorted(files, { column: "size", down: false }, "", "en")), ["a", "b", "c"]);
  assert.deepEqual(keys(sorted([...files].reverse(), { column: "size", down: false }, "", "en")), [
    "a",
    "b",
    "c",
  ]);
});

test("a second click on a column turns its order; sizes and dates begin with the largest", () => {
  const first = orderedBy({ column: "name", down: false }, "size");
  assert.deepEqual(first, { column: "size", down: true });
  assert.deepEqual(orderedBy(first, "size"), { column: "size", down: false });
  assert.deepEqual(readOrder(new URLSearchParams("sort=__proto__&order=up")), {
    column: "name",
    down: false,
  });
});

test("an uploaded file is called by its own name, not by the random part of its key", () => {
  assert.equal(nameIn("uploads/AAAAAAAAAAAAAAAAAAAAAA/a.pdf", "uploads/"), "a.pdf");
  assert.equal(nameIn("uploads/short/a.pdf", "uploads/"), "short/a.pdf");
  assert.equal(nameIn("reports/a.pdf", "reports/"), "a.pdf");
});

test("a folder's way from the top has each folder once, empty names too", () => {
  assert.deepEqual(breadcrumb(""), []);
  assert.deepEqual(breadcrumb("a//b/"), [
    { name: "a", folder: "a/" },
    { name: "", folder: "a//" },
    { name: "b", folder: "a//b/" },
  ]);
  assert.equal(folderName("a/b/"), "b");
});

test("a folder for uploads can be found while it is empty", () => {
  const forUploads = ["uploads/", "private/", "team/in/box/"];
  assert.deepEqual(foldersIn("", ["old/", "private/"], forUploads), [
    "old/",
    "private/",
    "team/",
    "uploads/",
  ]);
  assert.deepEqual(foldersIn("team/", [], forUploads), ["team/in/"]);
  assert.deepEqual(foldersIn("team/in/box/", [], forUploads), []);
  assert.deepEqual(foldersIn("private/a/", ["private/a/b/"], forUploads), ["private/a/b/"]);
});

test("a search finds all words in any order, whatever their case and accents", () => {
  assert.ok(matches("Übersicht Q1 2027.pdf", "2027 ubersicht"));
  assert.ok(matches("anything", ""));
  assert.ok(!matches("Übersicht.pdf", "übersicht 2027"));
});

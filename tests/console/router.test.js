import assert from "node:assert/strict";
import { test } from "node:test";

import { filesAddress, handedOutAddress, readRoute } from "../../console/app/router.js";

test("a folder of any name comes back from its own address", () => {
  for (const folder of ["", "a/", "a/b c/", "ü/%2F/?#/", "//", "a?b=c/", "+/&/"]) {
    const route = readRoute(filesAddress(folder, { sort: "size", order: "" }));
    assert.equal(route.view, "files");
    assert.equal("folder" in route && route.folder, folder);
    assert.equal(route.query.get("sort"), "size");
    assert.equal(route.query.has("order"), false);
  }
});

test("an object's key comes back from the address of what became of it", () => {
  const route = readRoute(handedOutAddress({ key: "a/b?c=d&é.pdf" }));
  assert.equal(route.view, "handed-out");
  assert.equal(route.query.get("key"), "a/b?c=d&é.pdf");
});

test("whatever isn't an address of ours means the top of the files", () => {
  for (const hash of ["", "#", "#/", "#/files/%E0%A4%A/", "#/other", "#javascript:alert(1)"]) {
    assert.deepEqual(readRoute(hash), { view: "files", folder: "", query: new URLSearchParams() });
  }
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { ConfigRefused, isSafeUrl, readConfig } from "../../console/app/config.js";

test("only https and this machine's own http are safe to call, show or follow", () => {
  for (const url of [
    "https://a.example/",
    "http://127.0.0.1:8080/x",
    "http://localhost/",
    "http://[::1]:1/",
  ]) {
    assert.ok(isSafeUrl(url), url);
  }
  for (const url of [
    "http://a.example/",
    "javascript:alert(1)",
    "data:text/html,x",
    "//a.example",
    "http://localhost.example/",
    "http://127.0.0.1.example/",
    "https://user@a.example/",
    "",
    null,
    7,
  ]) {
    assert.ok(!isSafeUrl(url), String(url));
  }
});

test("a console whose API or issuer isn't safe to call doesn't start", () => {
  for (const plain of [
    null,
    {},
    { api: "http://a.example" },
    { api: "https://a", signIn: { issuer: "x" } },
  ]) {
    assert.throws(() => readConfig(plain), ConfigRefused);
  }
  const config = readConfig({ api: "https://a.example/" });
  assert.equal(config.api, "https://a.example");
  assert.equal(config.signIn, null);
});

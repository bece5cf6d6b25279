import assert from "node:assert/strict";
import { test } from "node:test";

import {
  blank,
  fieldOf,
  lifetimes,
  mailAddress,
  newPin,
  problems,
  request,
  ways,
} from "../../console/app/handing/wanted.js";

const config = /** @type {any} */ ({
  once: { defaultSeconds: 900, maxSeconds: 3600 },
  shares: { maxDays: 30, maxDownloads: 20 },
  signed: { prefix: "private/", maxSeconds: 7 * 86400 },
});
const key = "private/Bericht März.pdf";

/** @param {string} way @param {object} change */
function formed(way, change) {
  const form = /** @type {any} */ (blank(config, key));
  return { ...form, way, [way]: { ...form[way], ...change } };
}
/** @param {string} way @param {object} change */
const wrong = (way, change) =>
  Object.entries(problems(formed(way, change), config)).map(([name, { name: why }]) => `${name} ${why}`);

test("what is on the form at first may be sent, each way", () => {
  for (const way of ["once", "page", "time"]) assert.deepEqual(wrong(way, {}), []);
});

test("a file that no signed URL can be had for says why", () => {
  const problem = (/** @type {any} */ settings, /** @type {string} */ key) =>
    ways(settings, key)[2].problem?.name;
  assert.equal(problem(config, key), undefined);
  assert.equal(problem(config, "private/"), "outside");
  assert.equal(problem(config, "privately/q1.pdf"), "outside");
  assert.equal(problem({ ...config, signed: null }, key), "off");
  assert.equal(ways({ ...config, shares: null }, key)[1].problem?.name, "off");
});

test("lifetimes go up to the longest that is allowed, and the usual one is among them", () => {
  assert.deepEqual(lifetimes(3600, 900), [300, 900, 1800, 3600]);
  assert.deepEqual(lifetimes(1000, 600), [300, 600, 900, 1000]);
  assert.deepEqual(lifetimes(60, 900), [60]);
});

test("numbers of days and downloads are whole and within what the deployment allows", () => {
  assert.deepEqual(wrong("page", { days: "30", downloads: " 20 " }), []);
  for (const days of ["", "0", "31", "1.5", "-1", "1e1", "٣"]) {
    assert.deepEqual(wrong("page", { days }), ["days number"], days);
  }
  assert.deepEqual(wrong("page", { downloads: "21" }), ["downloads number"]);
});

test("a file name that the API would refuse is refused before", () => {
  for (const [filename, why] of [
    ["", "blank"],
    [" ", "blank"],
    ["\u200b", "blank"],
    ["..", "blank"],
    ["a/b", "misleading"],
    ["a\\b", "misleading"],
    ["a\nb", "misleading"],
    ["\u202egpj.exe", "misleading"],
    ["ü".repeat(128), "long"],
  ]) {
    assert.deepEqual(wrong("once", { filename }), [`filename ${why}`], filename);
  }
  assert.deepEqual(wrong("once", { filename: `${"ü".repeat(125)}.pdf` }), []);
});

test("a PIN has 4 to 64 characters, or isn't there", () => {
  for (const pin of ["123", "x".repeat(65), " 1234", "12\t34"]) {
    assert.deepEqual(wrong("page", { pin }), ["pin pin"], pin);
  }
  for (const pin of ["", "1234", "😀😀😀😀", "x".repeat(64)])
    assert.deepEqual(wrong("page", { pin }), [], pin);
});

test("a note has up to 500 characters on several lines, none of which turns text around", () => {
  assert.deepEqual(wrong("page", { note: `${"😀".repeat(499)}\n!\n` }), ["note note"]);
  assert.deepEqual(wrong("page", { note: `${"😀".repeat(498)}\n!\n` }), []);
  assert.deepEqual(wrong("page", { note: "a\u202eb" }), ["note turning"]);
  assert.deepEqual(wrong("page", { note: "a\u0007b" }), ["note turning"]);
});

test("what is sent is what the API asks for, without what was left empty", () => {
  assert.deepEqual(request(formed("once", {}), config, key), {
    key,
    expires_in: 900,
    disposition: "attachment",
    filename: "Bericht März.pdf",
  });
  assert.deepEqual(request(formed("page", { days: "2", downloads: "3", note: " \n" }), config, key), {
    key,
    expires_in: 172800,
    max_downloads: 3,
  });
  assert.deepEqual(request(formed("page", { pin: "0042", note: "Hi\n" }), config, key), {
    key,
    expires_in: 604800,
    max_downloads: 1,
    pin: "0042",
    note: "Hi",
  });
  assert.deepEqual(request(formed("time", { seconds: 60, disposition: "inline" }), config, key), {
    file: "Bericht März.pdf",
    expires_in: 60,
    disposition: "inline",
  });
});

test("a refusal goes to its field, where this way has one", () => {
  assert.equal(fieldOf("invalid_expires_in", "page"), "days");
  assert.equal(fieldOf("invalid_pin", "once"), undefined);
  assert.equal(fieldOf("toString", "once"), undefined);
});

test("every PIN of six digits is as likely as any other", () => {
  const draws = [4_294_967_295, 4_294_000_000, 4_293_999_999];
  const draw = () => new Uint32Array([draws.shift() ?? 0]);
  assert.equal(newPin(draw), "999999");
  assert.equal(newPin(draw), "000000");
});

test("a message's subject and body can't add anything to its address", () => {
  const address = new URL(mailAddress("a&bcc=x@y.example", "ü\nhttps://x.example/?a=b&c=d#e"));
  assert.deepEqual([...address.searchParams.keys()], ["subject", "body"]);
  assert.equal(address.searchParams.get("body"), "ü\r\nhttps://x.example/?a=b&c=d#e");
});

import assert from "node:assert/strict";
import { test } from "node:test";

import { texts as german } from "../../console/app/texts/de.js";
import { texts as english } from "../../console/app/texts/en.js";
import { chooseLanguage, translator } from "../../console/app/texts/texts.js";

/** @param {import("../../console/app/texts/texts.js").Text} text */
function placeholders(text) {
  const forms = typeof text === "string" ? [text] : [text.one, text.other];
  return [...new Set(forms.join(" ").match(/\{\w+\}/g))].sort();
}

test("English and German have the same texts, with the same places for values", () => {
  assert.deepEqual(Object.keys(german).sort(), Object.keys(english).sort());
  for (const name of Object.keys(english)) {
    assert.deepEqual(placeholders(german[name]), placeholders(english[name]), name);
    assert.equal(typeof german[name], typeof english[name], name);
  }
});

test("texts for people have the quotation marks and apostrophes of print, as those of the pages", () => {
  for (const texts of [english, german]) {
    const plain = Object.entries(texts).filter(([, text]) => /["']/.test(Object.values(text).join("")));
    assert.deepEqual(plain, []);
  }
});

test("the first of the reader's languages that there are texts in is taken, with its region", () => {
  assert.deepEqual(chooseLanguage(["fr-FR", "de-AT", "en"]), { language: "de", locale: "de-AT" });
  assert.deepEqual(chooseLanguage(["EN-gb"]), { language: "en", locale: "EN-gb" });
  assert.deepEqual(chooseLanguage(["fr"]), { language: "en", locale: "en" });
  assert.deepEqual(chooseLanguage([]), { language: "en", locale: "en" });
});

test("values are put in as they are, numbers in the reader's way, and the plural fits the count", () => {
  const t = translator({ name: "“{text}”", many: { one: "{count} entry", other: "{count} entries" } }, "de");
  assert.equal(t("name", { text: "$& {count}" }), "“$& {count}”");
  assert.equal(t("many", { count: 1 }), "1 entry");
  assert.equal(t("many", { count: 12345 }), "12.345 entries");
});

/**
 * Chooses the language, and finds a text by its name. Texts stand in `en.js` and `de.js` and nowhere else; the
 * two have the same names.
 */

import { texts as german } from "./de.js";
import { texts as english } from "./en.js";

/** @typedef {string | {one: string, other: string}} Text */
/** @typedef {{(name: string, values?: Record<string, string | number>): string, locale: string}} Translate */

/**
 * The first of the reader's languages that there are texts in, with the region that the reader has.
 * @param {readonly string[]} wanted as `navigator.languages` has them.
 * @returns {{language: "en" | "de", locale: string}}
 */
export function chooseLanguage(wanted) {
  for (const tag of wanted) {
    const language = tag.toLowerCase().split("-")[0];
    if (language === "en" || language === "de") return { language, locale: tag };
  }
  return { language: "en", locale: "en" };
}

/**
 * Both are there from the beginning: asking for one costs a slow network more time than sending two.
 * @param {"en" | "de"} language
 * @returns {Record<string, Text>}
 */
export function textsIn(language) {
  return language === "de" ? german : english;
}

/**
 * @param {Record<string, Text>} texts
 * @param {string} locale
 * @returns {Translate}
 */
export function translator(texts, locale) {
  const plural = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);

  /** @param {string} name @param {Record<string, string | number>} [values] */
  function t(name, values = {}) {
    const text = texts[name] ?? name;
    const form =
      typeof text === "string" ? text : plural.select(Number(values.count)) === "one" ? text.one : text.other;
    return form.replace(/\{(\w+)\}/g, (whole, key) => {
      const value = values[key];
      return typeof value === "number" ? numbers.format(value) : (value ?? whole);
    });
  }
  return Object.assign(t, { locale });
}

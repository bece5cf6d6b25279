/** Writes sizes, moments and spans of time as the reader's locale does. */

const UNITS = ["byte", "kB", "MB", "GB", "TB"];

/**
 * A size as pages say it, too (`onetime_urls/protocol/pages/words.py`).
 * @param {number} bytes
 * @param {string} locale
 */
export function formatSize(bytes, locale) {
  let value = bytes;
  let unit = 0;
  // 999.95 kB would be written 1,000 kB
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (unit === 0) {
    const words = new Intl.NumberFormat(locale, { style: "unit", unit: "byte", unitDisplay: "long" });
    return words.format(bytes).replace(" ", "\u00a0");
  }
  const digits = value < 9.95 ? 1 : 0;
  const number = new Intl.NumberFormat(locale, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
    roundingMode: "halfEven", // as Python does
  });
  return `${number.format(value)}\u00a0${UNITS[unit]}`;
}

/**
 * @param {Date} moment
 * @param {string} locale
 */
export function formatMoment(moment, locale) {
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(moment);
}

/**
 * How long ago or ahead a moment is, in its largest unit: "in 15 minutes", "2 days ago".
 * @param {Date} moment
 * @param {Date} now
 * @param {string} locale
 */
export function formatRelative(moment, now, locale) {
  const seconds = (moment.getTime() - now.getTime()) / 1000;
  const words = new Intl.RelativeTimeFormat(locale, { numeric: "auto" });
  const size = Math.abs(seconds);
  if (size < 45) return words.format(Math.round(seconds), "second");
  if (size < 45 * 60) return words.format(Math.round(seconds / 60), "minute");
  if (size < 22 * 3600) return words.format(Math.round(seconds / 3600), "hour");
  return words.format(Math.round(seconds / 86400), "day");
}

/**
 * A span of time in its largest unit, rounded: "15 minutes".
 * @param {number} seconds
 * @param {string} locale
 */
export function formatSpan(seconds, locale) {
  const [value, unit] =
    seconds < 60
      ? [seconds, "second"]
      : seconds < 3600
        ? [seconds / 60, "minute"]
        : seconds < 86400
          ? [seconds / 3600, "hour"]
          : [seconds / 86400, "day"];
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(
    Math.round(value),
  );
}

/** Which files can be looked at here, and as what. By name: S3's list doesn't tell types. */

/** @typedef {"image" | "pdf" | "text" | "audio" | "video"} Kind */

/** @type {[Kind, RegExp][]} */
const KINDS = [
  ["image", /\.(png|jpe?g|gif|webp|avif|svg|bmp|ico)$/i],
  ["pdf", /\.pdf$/i],
  ["text", /\.(txt|md|csv|tsv|json|xml|ya?ml|log|ini|toml|html?|css|js|ts|py|sh|sql)$/i],
  ["audio", /\.(mp3|m4a|wav|ogg|oga|flac|aac|opus)$/i],
  ["video", /\.(mp4|m4v|webm|mov|ogv)$/i],
];

/**
 * @param {string} key
 * @param {string | undefined} prefix below which files have signed URLs; undefined: none have.
 * @returns {Kind | null}
 */
export function previewKind(key, prefix) {
  if (prefix === undefined || !key.startsWith(prefix)) return null;
  return KINDS.find(([, ends]) => ends.test(key))?.[0] ?? null;
}

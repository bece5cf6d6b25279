/** Icons: strokes of one weight on a grid of 24, in the colour of the text beside them. Never read out. */

import { html } from "./html.js";

const PATHS = {
  folder:
    "M3 6.5A1.5 1.5 0 0 1 4.5 5h4.4l2.2 2.5h8.4A1.5 1.5 0 0 1 21 9v8.5a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5z",
  file: "M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5",
  image: "M4 5h16v14H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.5h.01",
  text: "M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5M9 12.5h6.5M9 16h6.5",
  audio:
    "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM19 16a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  video: "M3.5 6.5h12v11h-12zM15.5 10.5l5-3v9l-5-3",
  archive: "M4 5h16v4H4zM5.5 9v10.5h13V9M10 13h4",
  upload: "M12 16V4.5M7 9l5-4.5L17 9M4.5 15v4.5h15V15",
  send: "M20.5 3.5 3.5 10l6.5 3.5zM20.5 3.5 14 20.5l-4-7",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM14.5 12a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0z",
  close: "M6 6l12 12M18 6 6 18",
  search: "M16.5 10.5a6 6 0 1 1-12 0 6 6 0 0 1 12 0zM15 15l5.5 5.5",
  up: "M12 19V5.5M6.5 10.5 12 5l5.5 5.5",
  check: "M4.5 12.5l5 5 10-11",
  warning: "M12 4 2.5 20h19zM12 10v4.5M12 17.3v.01",
  clock: "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0zM12 7v5.5l3.5 2",
  again: "M19.5 12a7.5 7.5 0 1 1-2.3-5.4M19.5 3.5v4.2h-4.2",
  copy: "M8.5 8.5h11v12h-11zM15.5 8.5v-5h-11v12h4",
  mail: "M3.5 5.5h17v13h-17zM3.5 6.5 12 13l8.5-6.5",
  link: "M10 14a4 4 0 0 0 5.7 0l3.6-3.6a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0l-3.6 3.6a4 4 0 0 0 5.7 5.7l1.6-1.6",
  page: "M3.5 4.5h17v15h-17zM3.5 8.5h17M12 11v5.5M9.5 14l2.5 2.5 2.5-2.5",
  qr: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2.5v2.5H14zM20 14v2M14 20h2.5M20 19v1h-1",
  person: "M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0zM4.5 20.5c.8-4 3.6-6 7.5-6s6.7 2 7.5 6",
};

/** @typedef {keyof typeof PATHS} IconName */

/** @param {{name: IconName}} props */
export function Icon({ name }) {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d=${PATHS[name]} /></svg>`;
}

/**
 * Endings of names, by icon: those of `onetime_urls/protocol/pages/files.py`, of whose kinds some look alike here.
 * @type {Partial<Record<IconName, string>>}
 */
const ENDINGS = {
  image: "avif bmp gif heic heif ico jpeg jpg png psd raw svg tif tiff webp",
  video: "avi m4v mkv mov mp4 mpeg mpg ogv webm wmv",
  audio: "aac aif aiff flac m4a mid mp3 oga ogg opus wav wma",
  archive: "7z bz2 gz iso rar tar tgz xz zip zst",
  text:
    "doc docx odt pages pdf rtf tex epub eml msg txt md csv log json xml yaml yml toml ini html css js ts py java c h " +
    "cpp go rs sh sql diff numbers ods parquet tsv xls xlsm xlsx key odp pps ppsx ppt pptx",
};

/** @type {Map<string, IconName>} */
const BY_ENDING = new Map(
  Object.entries(ENDINGS).flatMap(([icon, endings]) =>
    endings.split(" ").map((ending) => [ending, /** @type {IconName} */ (icon)]),
  ),
);

/**
 * Which icon a file gets, by its name.
 * @param {string} name
 * @returns {IconName}
 */
export function iconOf(name) {
  const ending = name.slice(name.lastIndexOf(".") + 1).toLowerCase();
  return (name.includes(".") && BY_ENDING.get(ending)) || "file";
}

/**
 * A QR code as a picture: dark on light whatever the page's colours are, with four free modules around it, since
 * scanners are made for that (ISO/IEC 18004).
 */

import { useApp } from "../parts/app.js";
import { html, useEffect, useState } from "../parts/html.js";
import { explain } from "../parts/states.js";

const QUIET = 4; // modules

/** @param {{text: string}} props */
export function QrCode({ text }) {
  const { t } = useApp();
  const [code, setCode] = useState(/** @type {{size: number, path: string} | null} */ (null));
  const [failure, setFailure] = useState(/** @type {unknown} */ (null));
  useEffect(() => {
    let wanted = true;
    draw(text).then(
      (drawn) => wanted && setCode(drawn),
      (error) => wanted && setFailure(error),
    );
    return () => {
      wanted = false;
    };
  }, [text]);

  if (failure instanceof RangeError)
    return html`<p class="notice notice--warn" role="status">${t("handOut.qr.tooLong")}</p>`;
  if (failure) return html`<p class="notice notice--bad" role="alert">${explain(failure, t)}</p>`;
  if (code === null)
    return html`<div class="qr" role="status"><span class="visually-hidden">${t("loading")}</span></div>`;
  return html`
    <svg class="qr" role="img" aria-label=${t("handOut.qr.label")} viewBox=${`0 0 ${code.size} ${code.size}`} shape-rendering="crispEdges">
      <rect width="100%" height="100%" fill="#fff" stroke="none" />
      <path d=${code.path} fill="#000" stroke="none" />
    </svg>
  `;
}

/**
 * @param {string} text
 * @throws {RangeError} it is longer than a QR code can be.
 */
async function draw(text) {
  const { encode } = await import("../../vendor/uqr.js");
  const { size, data } = encode(text, { ecc: "L", border: QUIET });
  return { size, path: data.map(strokes).join("") };
}

/** The dark runs of one row. @param {boolean[]} row @param {number} y */
function strokes(row, y) {
  let path = "";
  for (let x = 0; x < row.length; x++) {
    const begin = x;
    while (row[x]) x++;
    if (x > begin) path += `M${begin} ${y}h${x - begin}v1h${begin - x}z`;
  }
  return path;
}

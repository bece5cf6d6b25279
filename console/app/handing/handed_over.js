/** What a file was handed out as: the address, to be copied, scanned or mailed. Shown this once. */

import { readTime } from "../api.js";
import { useApp } from "../parts/app.js";
import { formatMoment } from "../parts/format.js";
import { html, useEffect, useRef, useState } from "../parts/html.js";
import { Icon } from "../parts/icon.js";
import { QrCode } from "./qr.js";
import { mailAddress } from "./wanted.js";

/** @typedef {{way: import("./wanted.js").Way, name: string, pin: string, answer: any}} Over */

/** Characters of an address that Windows hands to a mail program (Chromium's `kMaxUrlLength` there). */
const LONGEST_MAIL = 2000;

/** @param {{over: Over, onClose: () => void}} props */
export function HandedOver({ over, onClose }) {
  const { t } = useApp();
  const { way, name, answer } = over;
  const [scanning, setScanning] = useState(false);
  const pin = way === "page" ? over.pin : "";
  const ends = readTime(answer.expires_at);
  const until = ends ? formatMoment(ends, t.locale) : "";
  const count = Number.isSafeInteger(answer.max_downloads) ? answer.max_downloads : 1;
  const mail = mailAddress(
    t("handOut.mail.subject", { name }),
    t(`handOut.mail.${way}`, { name, url: answer.url, until, count }),
  );
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => heading.current?.focus(), []);

  return html`
    <p class="over-said" tabindex="-1" ref=${heading}><${Icon} name="check" />
      <span>${t(`handOut.done.${way}`, { name, until, count })}</span>
    </p>
    <${Copyable} id="over-url" label=${t("handOut.address")} text=${answer.url} main=${true} />
    <div class="over-ways">
      <button type="button" class="button button--quiet" aria-expanded=${scanning} onClick=${() => setScanning(!scanning)}>
        <${Icon} name="qr" />${t("handOut.qr")}
      </button>
      <a class="button button--quiet" href=${mail}><${Icon} name="mail" />${t("handOut.mail")}</a>
    </div>
    ${mail.length > LONGEST_MAIL && html`<p class="over-hint">${t("handOut.mail.long")}</p>`}
    ${scanning && html`<${QrCode} text=${answer.url} />`}
    ${
      pin &&
      html`<${Copyable} id="over-pin" label=${t("handOut.done.pin")} text=${pin} />
        <p class="over-hint">${t("handOut.pinHint")}</p>`
    }
    <p class="notice notice--warn">${t(`handOut.last.${way}`)}</p>
    <div class="sheet-actions"><button type="button" class="button button--quiet" onClick=${onClose}>${t("handOut.finish")}</button></div>
  `;
}

/**
 * A text that can't be changed, and a button that copies it. Where the browser refuses that, the text is
 * selected and said to be.
 * @param {{id: string, label: string, text: string, main?: boolean}} props
 */
function Copyable({ id, label, text, main = false }) {
  const { t } = useApp();
  const [said, setSaid] = useState("");
  const field = useRef(/** @type {HTMLInputElement | null} */ (null));

  async function copy() {
    setSaid("");
    try {
      await navigator.clipboard.writeText(text);
      setSaid(t("handOut.copied"));
    } catch {
      field.current?.focus();
      field.current?.select();
      setSaid(t("handOut.copyYourself"));
    }
  }

  return html`
    <div class="field copyable">
      <label for=${id}>${label}</label>
      <div class="field-row">
        <input ref=${field} id=${id} class="mono" type="text" readonly value=${text} onFocus=${() => field.current?.select()} />
        <button type="button" class=${`button ${main ? "" : "button--quiet"}`} onClick=${copy}>
          <${Icon} name=${said ? "check" : "copy"} />${t("handOut.copy")}${!main && html`<span class="visually-hidden"> ${label}</span>`}
        </button>
      </div>
      <small role="status">${said}</small>
    </div>
  `;
}

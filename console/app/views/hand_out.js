/**
 * The sheet from which a file is handed out: how, for how long, and what comes of it. The address is shown once:
 * it stands in this sheet's memory and is gone with it.
 */

import { ApiError } from "../api.js";
import { nameOf } from "../files/listing.js";
import { Field } from "../handing/field.js";
import { HandedOver } from "../handing/handed_over.js";
import { blank, fieldOf, lifetimes, MAX_NOTE, newPin, problems, request, ways } from "../handing/wanted.js";
import { useApp } from "../parts/app.js";
import { formatSize, formatSpan } from "../parts/format.js";
import { html, useEffect, useRef, useState } from "../parts/html.js";
import { Icon, iconOf } from "../parts/icon.js";
import { Sheet } from "../parts/sheet.js";
import { explain } from "../parts/states.js";
import { handedOutAddress } from "../router.js";

/** @typedef {import("../handing/wanted.js").Form} Form */
/** @typedef {import("../handing/wanted.js").Way} Way */

/** @type {Record<Way, import("../parts/icon.js").IconName>} */
const ICONS = { once: "link", page: "page", time: "clock" };

/** @param {{file: import("../api.js").StoredFile, onClose: () => void}} props */
export function HandOut({ file, onClose }) {
  const { t, api, config } = useApp();
  const [form, setForm] = useState(() => blank(config, file.key));
  const [wrong, setWrong] = useState(/** @type {Record<string, string>} */ ({}));
  const [failure, setFailure] = useState("");
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(/** @type {import("../handing/handed_over.js").Over | null} */ (null));
  const formed = useRef(/** @type {HTMLFormElement | null} */ (null));
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);

  // What is wrong is looked for in the page once it is there.
  useEffect(() => {
    const first = /** @type {HTMLElement | null | undefined} */ (
      formed.current?.querySelector("[aria-invalid=true]")
    );
    first?.focus();
  }, [wrong]);

  useEffect(() => {
    formed.current?.querySelector("[role=alert]")?.scrollIntoView({ block: "nearest" });
  }, [failure]);

  /** @param {Record<string, string | number>} change of the way that is chosen. */
  function put(change) {
    setForm({ ...form, [form.way]: { ...form[form.way], ...change } });
    setWrong(Object.fromEntries(Object.entries(wrong).filter(([name]) => !(name in change))));
  }

  /** @param {Event} event */
  async function send(event) {
    event.preventDefault();
    if (busy) return;
    setFailure("");
    const found = Object.entries(problems(form, config));
    setWrong(
      Object.fromEntries(
        found.map(([name, { name: why, values }]) => [name, t(`handOut.problems.${why}`, values)]),
      ),
    );
    if (found.length > 0) return;
    setBusy(true);
    const { signal } = stop.current;
    try {
      const answer = await ask(api, form.way, request(form, config, file.key), signal);
      setOver({ way: form.way, name: nameOf(file.key), pin: form.page.pin, answer });
    } catch (error) {
      if (!signal.aborted) refused(error);
    }
    setBusy(false);
  }

  /** @param {unknown} error */
  function refused(error) {
    const field = error instanceof ApiError ? fieldOf(error.code, form.way) : undefined;
    if (field) setWrong({ [field]: explain(error, t) });
    else setFailure(explain(error, t));
  }

  if (over)
    return html`<${Sheet} title=${t("handOut.done.title")} onClose=${onClose}><${HandedOver} over=${over} onClose=${onClose} /><//>`;
  return html`
    <${Sheet} title=${t("handOut.action")} onClose=${onClose}>
      <p class="hand-file">
        <${Icon} name=${iconOf(file.key)} />
        <span>
          <bdi>${nameOf(file.key)}</bdi> <small>${formatSize(file.size, t.locale)}</small>
          <a href=${handedOutAddress({ key: file.key })} onClick=${onClose}>${t("handOut.before")}</a>
        </span>
      </p>
      <form ref=${formed} class="hand-out" novalidate onSubmit=${send}>
        <${Ways} chosen=${form.way} fileKey=${file.key} onChoose=${(/** @type {Way} */ way) => {
          setForm({ ...form, way });
          setWrong({});
          setFailure("");
        }} />
        <div class="hand-fields">
          ${form.way === "once" && html`<${OnceFields} values=${form.once} wrong=${wrong} put=${put} />`}
          ${form.way === "page" && html`<${PageFields} values=${form.page} wrong=${wrong} put=${put} />`}
          ${form.way === "time" && html`<${TimeFields} values=${form.time} wrong=${wrong} put=${put} />`}
        </div>
        ${failure && html`<p class="notice notice--bad" role="alert"><strong>${t("failed.title")}</strong> ${failure}</p>`}
        <div class="sheet-actions">
          <button type="button" class="button button--quiet" onClick=${onClose}>${t("cancel")}</button>
          <button type="submit" class="button" aria-disabled=${busy ? "true" : null}>
            ${t(busy ? "handOut.busy" : `handOut.make.${form.way}`)}
          </button>
        </div>
      </form>
    <//>
  `;
}

/**
 * @param {import("../api.js").Api} api
 * @param {Way} way
 * @param {Record<string, any>} asked
 * @param {AbortSignal} signal
 */
function ask(api, way, asked, signal) {
  if (way === "page") return api.makeShare(asked, signal);
  return way === "once" ? api.mintLink(asked, signal) : api.signedUrl(/** @type {any} */ (asked), signal);
}

/** @param {{chosen: Way, fileKey: string, onChoose: (way: Way) => void}} props */
function Ways({ chosen, fileKey, onChoose }) {
  const { t, config } = useApp();
  return html`
    <fieldset class="ways">
      <legend class="visually-hidden">${t("handOut.how")}</legend>
      ${ways(config, fileKey).map(
        ({ name, problem }) => html`
          <label key=${name} class="way">
            <input
              type="radio"
              name="way"
              value=${name}
              aria-labelledby=${`way-${name}`}
              aria-describedby=${`about-${name}`}
              checked=${chosen === name}
              disabled=${problem !== null}
              onChange=${() => onChoose(name)}
            />
            <${Icon} name=${ICONS[name]} />
            <span class="way-name" id=${`way-${name}`}>${t(`handOut.way.${name}`)}</span>
            <small id=${`about-${name}`}>${problem ? t(`handOut.not.${problem.name}`, problem.values) : t(`handOut.about.${name}`)}</small>
          </label>
        `,
      )}
    </fieldset>
  `;
}

/**
 * @template T
 * @typedef {{values: T, wrong: Record<string, string>, put: (change: Partial<T>) => void}} Fields
 */
/** @typedef {{currentTarget: HTMLInputElement}} Typed */

/** @param {Fields<Form["once"]>} props */
function OnceFields({ values, wrong, put }) {
  const { t, config } = useApp();
  const { defaultSeconds, maxSeconds } = config.once;
  return html`
    <${Lifetime} value=${values.seconds} most=${maxSeconds} usual=${defaultSeconds} error=${wrong.seconds} put=${put} />
    <${Disposition} value=${values.disposition} error=${wrong.disposition} put=${put} />
    <${Field} id="hand-filename" label=${t("handOut.filename")} error=${wrong.filename}>
      ${(/** @type {object} */ field) => html`<input
        ...${field}
        type="text"
        autocomplete="off"
        spellcheck=${false}
        value=${values.filename}
        onInput=${(/** @type {Typed} */ event) => put({ filename: event.currentTarget.value })}
      />`}
    <//>
  `;
}

/** @param {Fields<Form["page"]>} props */
function PageFields({ values, wrong, put }) {
  const { t, config } = useApp();
  const { maxDays, maxDownloads } = config.shares ?? { maxDays: 1, maxDownloads: 1 };
  const left = MAX_NOTE - [...values.note.trim()].length;
  return html`
    <${Whole} id="hand-days" label=${t("handOut.days")} name="days" most=${maxDays} value=${values.days} error=${wrong.days} put=${put} />
    <${Whole} id="hand-downloads" label=${t("handOut.downloads")} name="downloads" most=${maxDownloads} value=${values.downloads} error=${wrong.downloads} put=${put} />
    <${Field} id="hand-pin" label=${t("handOut.pin")} hint=${t("handOut.pinHint")} error=${wrong.pin}>
      ${(/** @type {object} */ field) => html`<div class="field-row">
        <input
          ...${field}
          type="text"
          class="mono"
          autocomplete="off"
          spellcheck=${false}
          value=${values.pin}
          onInput=${(/** @type {Typed} */ event) => put({ pin: event.currentTarget.value })}
        />
        <button type="button" class="button button--quiet" onClick=${() => put({ pin: newPin() })}>${t("handOut.newPin")}</button>
      </div>`}
    <//>
    <${Field} id="hand-note" label=${t("handOut.note")} hint=${left < 100 ? t("handOut.noteLeft", { count: Math.max(0, left) }) : t("handOut.noteHint")} error=${wrong.note}>
      ${(/** @type {object} */ field) => html`<textarea
        ...${field}
        rows="3"
        value=${values.note}
        onInput=${(/** @type {Typed} */ event) => put({ note: event.currentTarget.value })}
      />`}
    <//>
  `;
}

/** @param {Fields<Form["time"]>} props */
function TimeFields({ values, wrong, put }) {
  const { config } = useApp();
  const most = config.signed?.maxSeconds ?? values.seconds;
  return html`
    <${Lifetime} value=${values.seconds} most=${most} usual=${values.seconds} error=${wrong.seconds} put=${put} />
    <${Disposition} value=${values.disposition} error=${wrong.disposition} put=${put} />
  `;
}

/** @param {{value: number, most: number, usual: number, error?: string, put: (change: {seconds: number}) => void}} props */
function Lifetime({ value, most, usual, error, put }) {
  const { t } = useApp();
  return html`
    <${Field} id="hand-seconds" label=${t("handOut.lifetime")} error=${error}>
      ${(/** @type {object} */ field) => html`<select
        ...${field}
        onChange=${(/** @type {{currentTarget: HTMLSelectElement}} */ event) => put({ seconds: Number(event.currentTarget.value) })}
      >
        ${lifetimes(most, usual).map((seconds) => html`<option key=${seconds} value=${seconds} selected=${seconds === value}>${formatSpan(seconds, t.locale)}</option>`)}
      </select>`}
    <//>
  `;
}

/** @param {{value: string, error?: string, put: (change: {disposition: string}) => void}} props */
function Disposition({ value, error, put }) {
  const { t } = useApp();
  return html`
    <${Field} id="hand-disposition" label=${t("handOut.disposition")} error=${error}>
      ${(/** @type {object} */ field) => html`<select
        ...${field}
        onChange=${(/** @type {{currentTarget: HTMLSelectElement}} */ event) => put({ disposition: event.currentTarget.value })}
      >
        ${["attachment", "inline"].map((each) => html`<option key=${each} value=${each} selected=${each === value}>${t(`handOut.${each}`)}</option>`)}
      </select>`}
    <//>
  `;
}

/**
 * A whole number from 1.
 * @param {object} props
 * @param {string} props.id
 * @param {string} props.name
 * @param {string} props.label
 * @param {number} props.most
 * @param {string} props.value
 * @param {string} [props.error]
 * @param {(change: Record<string, string>) => void} props.put
 */
function Whole({ id, name, label, most, value, error, put }) {
  const { t } = useApp();
  return html`
    <${Field} id=${id} label=${label} hint=${t("handOut.atMost", { most })} error=${error}>
      ${(/** @type {object} */ field) => html`<input
        ...${field}
        type="text"
        inputmode="numeric"
        autocomplete="off"
        value=${value}
        onInput=${(/** @type {Typed} */ event) => put({ [name]: event.currentTarget.value })}
      />`}
    <//>
  `;
}

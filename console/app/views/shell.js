/** What stands around every view: whose this is, the way between views, who is signed in, and what is amiss. */

import { useApp } from "../parts/app.js";
import { html, useEffect, useState } from "../parts/html.js";
import { Icon } from "../parts/icon.js";
import { Lazy } from "../parts/lazy.js";
import { ToastArea } from "../parts/toast.js";
import { filesAddress, handedOutAddress, readRoute } from "../router.js";
import { Files } from "./files.js";

const loadHandedOut = () => import("./handed_out.js");

/** @param {{toasts: import("../parts/toast.js").Toasts}} props */
export function Shell({ toasts }) {
  const { t, config } = useApp();
  const route = useRoute();
  const online = useOnline();

  useEffect(() => {
    const heading = /** @type {HTMLElement | null} */ (document.querySelector("main h1"));
    document.title = [heading?.textContent, config.brand.name].filter(Boolean).join(" · ");
  }, [route]);

  return html`
    <button type="button" class="skip" onClick=${() => document.querySelector("main")?.focus()}>${t("skip")}</button>
    <header class="bar">
      <${Brand} />
      <nav aria-label=${t("nav.label")}>
        <a href=${filesAddress("")} aria-current=${route.view === "files" ? "page" : null}>${t("nav.files")}</a>
        <a href=${handedOutAddress()} aria-current=${route.view === "handed-out" ? "page" : null}>${t("nav.handedOut")}</a>
      </nav>
    </header>
    <main class="page" tabindex="-1">
      ${!config.signIn && html`<p class="notice notice--warn banner"><${Icon} name="warning" />${t("open.banner")}</p>`}
      ${!online && html`<p class="notice notice--warn banner" role="status"><${Icon} name="warning" />${t("offline.banner")}</p>`}
      ${
        route.view === "handed-out"
          ? html`<${Lazy} load=${loadHandedOut} name="HandedOut" query=${route.query} />`
          : html`<${Files} key=${route.folder} route=${route} />`
      }
    </main>
    <${ToastArea} toasts=${toasts} />
  `;
}

function Brand() {
  const { brand } = useApp().config;
  return html`
    <span class="brand">
      ${brand.logo && html`<img src=${brand.logo} alt="" />`}
      <span>${brand.name ?? "onetime-urls"}</span>
    </span>
  `;
}

/** The route that the address means, now and as it changes. */
function useRoute() {
  const [route, setRoute] = useState(() => readRoute(location.hash));
  useEffect(() => {
    const changed = () => setRoute(readRoute(location.hash));
    addEventListener("hashchange", changed);
    return () => removeEventListener("hashchange", changed);
  }, []);
  return route;
}

function useOnline() {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const changed = () => setOnline(navigator.onLine);
    addEventListener("online", changed);
    addEventListener("offline", changed);
    return () => {
      removeEventListener("online", changed);
      removeEventListener("offline", changed);
    };
  }, []);
  return online;
}

/** What stands around every view: whose this is, the way between views, who is signed in, and what is amiss. */

import { useApp } from "../parts/app.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../parts/html.js";
import { Icon } from "../parts/icon.js";
import { Lazy } from "../parts/lazy.js";
import { ToastArea } from "../parts/toast.js";
import { filesAddress, handedOutAddress, readRoute } from "../router.js";
import { Files } from "./files.js";
import { SessionEnded, SignIn } from "./sign_in.js";

const NAMELESS = "onetime-urls"; // whose page it is, where no brand says so
const loadLater = () => import("./later.js");

/**
 * @param {object} props
 * @param {import("../parts/toast.js").Toasts} props.toasts
 * @param {import("../sign_in/session.js").Session | null} props.session null: nobody signs in here.
 */
export function Shell({ toasts, session }) {
  const { t } = useApp();
  const route = useRoute();
  const online = useOnline();
  useChanges(session);
  const isIn = session === null || session.subject !== null;

  useArrival(route, isIn);

  return html`
    <button type="button" class="button skip" onClick=${() => document.querySelector("main")?.focus()}>${t("skip")}</button>
    <header class="bar">
      <${Brand} />
      ${isIn && html`<${Navigation} view=${route.view} />`}
      ${session !== null && isIn && html`<${Person} session=${session} />`}
    </header>
    <main class="page" tabindex="-1">
      ${session === null && html`<p class="notice notice--warn banner"><${Icon} name="warning" />${t("open.banner")}</p>`}
      ${!online && html`<p class="notice notice--warn banner" role="status"><${Icon} name="warning" />${t("offline.banner")}</p>`}
      ${isIn ? html`<${View} key=${session?.subject} subject=${session?.subject} route=${route} />` : html`<${SignIn} session=${session} />`}
    </main>
    ${session?.asking && html`<${SessionEnded} session=${session} />`}
    <${ToastArea} toasts=${toasts} />
  `;
}

/**
 * What one person sees. Files on their way go on from view to view.
 * @param {{route: import("../router.js").Route, subject: string | null | undefined}} props
 */
function View({ route, subject }) {
  const uploading = useUploading(subject ?? "");
  const [handingOut, setHandingOut] = useState(/** @type {import("../api.js").StoredFile | null} */ (null));
  return html`
    ${
      route.view === "handed-out"
        ? html`
            <${Lazy} load=${loadLater} name="HandedOut" query=${route.query} />
            ${uploading && html`<${uploading.module.UploadPanel} uploads=${uploading.uploads} onHandOut=${setHandingOut} />`}
          `
        : html`<${Files} key=${route.folder} route=${route} uploading=${uploading} onHandOut=${setHandingOut} />`
    }
    ${
      handingOut &&
      html`<${Lazy} aside load=${loadLater} name="HandOut" file=${handingOut} onClose=${() => setHandingOut(null)} />`
    }
  `;
}

/** @typedef {{module: typeof import("./uploading.js"), uploads: import("../uploads/queue.js").Uploads}} Uploading */

/**
 * A person's uploads, and the views of them; null where nothing may be uploaded, and until they are loaded.
 * @param {string} subject
 */
function useUploading(subject) {
  const { api, config, t, say } = useApp();
  const [uploading, setUploading] = useState(/** @type {Uploading | null} */ (null));
  useEffect(() => {
    const limits = config.uploads;
    if (limits === null) return;
    /** @type {import("../uploads/queue.js").Uploads | null} */
    let uploads = null;
    let gone = false;
    loadLater().then(
      (module) => {
        if (gone) return;
        uploads = new module.Uploads({ api, limits, locale: t.locale });
        uploads.find(subject);
        setUploading({ module, uploads });
      },
      () => say(t("failed.network"), "bad"),
    );
    return () => {
      gone = true;
      uploads?.stop(); // the next person doesn't send what this one began
    };
  }, []);
  return uploading;
}

/** @param {{view: string}} props */
function Navigation({ view }) {
  const { t } = useApp();
  return html`
    <nav aria-label=${t("nav.label")}>
      <a href=${filesAddress("")} aria-current=${view === "files" ? "page" : null}>${t("nav.files")}</a>
      <a href=${handedOutAddress()} aria-current=${view === "handed-out" ? "page" : null}>${t("nav.handedOut")}</a>
    </nav>
  `;
}

/** @param {{session: import("../sign_in/session.js").Session}} props */
function Person({ session }) {
  const { t } = useApp();
  return html`
    <div class="person">
      <bdi title=${session.who}>${session.who}</bdi>
      <button type="button" class="button button--quiet button--small" onClick=${() => session.signOut()}>
        ${t("session.signOut")}
      </button>
    </div>
  `;
}

function Brand() {
  const { brand } = useApp().config;
  return html`
    <span class="brand">
      ${brand.logo && html`<img src=${brand.logo} alt="" />`}
      <span>${brand.name ?? NAMELESS}</span>
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

/**
 * Names the page, and has whoever listens hear where they have come to.
 * @param {import("../router.js").Route} route
 * @param {boolean} isIn
 */
function useArrival(route, isIn) {
  const { t, config } = useApp();
  const place = route.view === "files" ? `files ${route.folder}` : route.view;
  const before = useRef(place);
  useEffect(() => {
    const name = t(!isIn ? "signIn.action" : route.view === "files" ? "files.title" : "handedOut.title");
    document.title = `${name} · ${config.brand.name ?? NAMELESS}`;
    if (before.current === place) return;
    before.current = place;
    const main = document.querySelector("main");
    /** @type {HTMLElement | null | undefined} */ (main?.querySelector("h1") ?? main)?.focus();
  }, [place, isIn]);
}

/**
 * Draws anew as the session changes.
 * @param {import("../sign_in/session.js").Session | null} session
 */
function useChanges(session) {
  const [, draw] = useState(0);
  useLayoutEffect(() => {
    if (session) session.changed = () => draw((count) => count + 1);
  }, [session]);
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

/** The files of a folder: to find one, look at it, hand it out, and to add more. */

import {
  breadcrumb,
  folderName,
  foldersIn,
  matches,
  nameIn,
  orderedBy,
  readOrder,
  sorted,
} from "../files/listing.js";
import { previewKind } from "../files/preview_kind.js";
import { useFolder } from "../files/use_folder.js";
import { useApp } from "../parts/app.js";
import { formatMoment, formatSize } from "../parts/format.js";
import { html, useEffect, useState } from "../parts/html.js";
import { Icon, iconOf } from "../parts/icon.js";
import { Lazy } from "../parts/lazy.js";
import { Empty, Failure, Loading } from "../parts/states.js";
import { filesAddress } from "../router.js";

/** @typedef {import("../api.js").StoredFile} StoredFile */

/**
 * @param {object} props
 * @param {import("../router.js").FilesRoute} props.route
 * @param {import("./shell.js").Uploading | null} props.uploading
 * @param {(file: StoredFile) => void} props.onHandOut
 */
export function Files({ route, uploading, onHandOut }) {
  const { t, api, config } = useApp();
  const { folder, query } = route;
  const contents = useFolder(api, folder);
  const [typed, setTyped] = useState("");
  const [previewed, setPreviewed] = useState(/** @type {StoredFile | null} */ (null));
  const order = readOrder(query);

  const isEmpty = contents.folders.length + contents.files.length === 0;
  const inside = isEmpty ? [] : foldersIn(folder, contents.folders, config.uploads?.folders ?? []);
  const folders = inside.filter((name) => matches(nameIn(name, folder), typed));
  const files = sorted(
    contents.files.filter((file) => matches(nameIn(file.key, folder), typed)),
    order,
    folder,
    t.locale,
  );
  useEffect(() => {
    const arrived = (/** @type {{folder: string}} */ upload) =>
      upload.folder.startsWith(folder) && contents.again();
    uploading?.uploads.arrivals.add(arrived);
    return () => {
      uploading?.uploads.arrivals.delete(arrived);
    };
  }, [uploading]);

  const all = inside.length + contents.files.length;
  const found = folders.length + files.length;

  return html`
    <div class="page-head">
      <h1 tabindex="-1">${t("files.title")}</h1>
      ${uploading && html`<${uploading.module.AddFiles} folder=${folder} uploads=${uploading.uploads} />`}
    </div>
    <div class="finding">
    <${Breadcrumb} folder=${folder} />
    <div class="search">
      <${Icon} name="search" />
      <input
        class="field"
        type="search"
        aria-label=${t("files.search")}
        placeholder=${t("files.search")}
        autocomplete="off"
        spellcheck=${false}
        value=${typed}
        onInput=${(/** @type {{target: HTMLInputElement}} */ event) => setTyped(event.target.value)}
      />
    </div>
    </div>
    ${uploading && html`<${uploading.module.UploadPanel} uploads=${uploading.uploads} onHandOut=${onHandOut} />`}
    ${contents.error && html`<${Failure} error=${contents.error} onAgain=${contents.again} />`}
    ${contents.loading && all === 0 && html`<${Loading} label=${t("files.loading")} />`}
    ${
      found > 0 &&
      html`<${Table} folder=${folder} folders=${folders} files=${files} order=${order} onHandOut=${onHandOut} onPreview=${setPreviewed} />`
    }
    ${
      !contents.loading &&
      !contents.error &&
      all === 0 &&
      html`<${Empty} icon="folder" title=${t("files.empty")} text=${t(config.uploads ? "files.emptyUpload" : "files.emptyText")} />`
    }
    ${
      all > 0 &&
      found === 0 &&
      html`<${Empty} icon="search" title=${t("files.nothingFound")} text=${t("files.nothingFoundText", { text: typed })} />`
    }
    ${all > 0 && html`<${Count} typed=${typed} found=${found} all=${all} contents=${contents} />`}
    ${
      previewed &&
      html`<${Lazy} aside load=${loadLater} name="Preview" file=${previewed} onClose=${() => setPreviewed(null)} />`
    }
  `;
}

const loadLater = () => import("./later.js");

/** @param {{folder: string}} props */
function Breadcrumb({ folder }) {
  const { t } = useApp();
  const above = breadcrumb(folder);
  return html`
    <nav aria-label=${t("files.path")} class="breadcrumb">
      <ol>
        ${[{ name: t("files.top"), folder: "" }, ...above].map(
          (part, index) => html`
            <li key=${part.folder}>
              <a href=${filesAddress(part.folder)} aria-current=${index === above.length ? "page" : null}><bdi>${part.name}</bdi></a>
            </li>
          `,
        )}
      </ol>
    </nav>
  `;
}

/**
 * @param {object} props
 * @param {string} props.folder
 * @param {string[]} props.folders
 * @param {StoredFile[]} props.files
 * @param {import("../files/listing.js").Order} props.order
 * @param {(file: StoredFile) => void} props.onHandOut
 * @param {(file: StoredFile) => void} props.onPreview
 */
function Table({ folder, folders, files, order, onHandOut, onPreview }) {
  const { t } = useApp();
  return html`
    <div class="card table-card">
      <table class="files">
        <caption class="visually-hidden">${t("files.title")}</caption>
        <thead>
          <tr>
            ${(/** @type {const} */ (["name", "size", "modified"])).map(
              (column) =>
                html`<${ColumnHead} key=${column} column=${column} order=${order} folder=${folder} />`,
            )}
            <th scope="col"><span class="visually-hidden">${t("files.actions")}</span></th>
          </tr>
        </thead>
        <tbody>
          ${folders.map(
            (name) => html`
              <tr key=${name}>
                <th scope="row" colspan="4">
                  <a class="file-name" href=${filesAddress(name)}><${Icon} name="folder" /><bdi>${folderName(name)}</bdi></a>
                </th>
              </tr>
            `,
          )}
          ${files.map((file) => html`<${FileRow} key=${file.key} file=${file} folder=${folder} onHandOut=${onHandOut} onPreview=${onPreview} />`)}
        </tbody>
      </table>
    </div>
  `;
}

/** @param {{column: import("../files/listing.js").Column, order: import("../files/listing.js").Order, folder: string}} props */
function ColumnHead({ column, order, folder }) {
  const { t } = useApp();
  const sorting = order.column === column ? (order.down ? "descending" : "ascending") : null;
  function sort() {
    const next = orderedBy(order, column);
    location.replace(filesAddress(folder, { sort: next.column, order: next.down ? "down" : "" }));
  }
  return html`
    <th scope="col" class=${`column-${column}`} aria-sort=${sorting ?? "none"}>
      <button type="button" class="sort" onClick=${sort}>${t(`files.${column}`)}<${Icon} name="up" /></button>
    </th>
  `;
}

/**
 * @param {object} props
 * @param {StoredFile} props.file
 * @param {string} props.folder
 * @param {(file: StoredFile) => void} props.onHandOut
 * @param {(file: StoredFile) => void} props.onPreview
 */
function FileRow({ file, folder, onHandOut, onPreview }) {
  const { t, config } = useApp();
  const name = nameIn(file.key, folder);
  const size = formatSize(file.size, t.locale);
  const modified = file.modified ? formatMoment(file.modified, t.locale) : t("files.unknownDate");
  return html`
    <tr>
      <th scope="row">
        <span class="file-name">
          <${Icon} name=${iconOf(name)} />
          <span><bdi>${name}</bdi><small class="file-meta" aria-hidden="true">${size} · ${modified}</small></span>
        </span>
      </th>
      <td class="column-size">${size}</td>
      <td class="column-modified">${file.modified ? html`<time datetime=${file.modified.toISOString()}>${modified}</time>` : modified}</td>
      <td class="row-actions">
        ${
          previewKind(file.key, config.signed?.prefix) &&
          html`<button type="button" class="button button--quiet button--small" onClick=${() => onPreview(file)}>
            <${Icon} name="eye" />${t("preview.action")}<span class="visually-hidden"> ${name}</span>
          </button>`
        }
        <button type="button" class="button button--tint button--small" onClick=${() => onHandOut(file)}>
          <${Icon} name="send" />${t("handOut.action")}<span class="visually-hidden"> ${name}</span>
        </button>
      </td>
    </tr>
  `;
}

/** @param {{typed: string, found: number, all: number, contents: import("../files/use_folder.js").Folder}} props */
function Count({ typed, found, all, contents }) {
  const { t } = useApp();
  const searching = typed.trim() !== "";
  const more = contents.next !== null;
  const text = searching
    ? t(more ? "files.foundPartly" : "files.found", { count: found, all })
    : t(more ? "files.countMore" : "files.count", { count: all });
  return html`
    <div class="count">
      <p role="status">${contents.loading ? t("files.loading") : text}</p>
      ${
        more &&
        html`<button type="button" class="button button--quiet" disabled=${contents.loading} onClick=${searching ? contents.all : contents.more}>
          ${t(searching ? "files.loadAll" : "more")}
        </button>`
      }
    </div>
  `;
}

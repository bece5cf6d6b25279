/**
 * Uploads that were begun and not finished, in this browser's IndexedDB, so that they can be gone on with after a
 * reload: what they are called, and no address that would let anybody send. Where the browser lets a page keep
 * a file's handle, that is kept too. A browser that stores nothing loses this and nothing else.
 */

const DATABASE = "console-uploads";
const STORE = "unfinished";

/**
 * @typedef {object} Unfinished
 * @property {string} upload_id
 * @property {string} key
 * @property {string} folder
 * @property {string} name
 * @property {number} size
 * @property {number} lastModified
 * @property {number} parts
 * @property {string} of who began it: the subject, or nobody.
 * @property {FileSystemFileHandle} [handle]
 */

/** @param {Unfinished} upload @returns {Promise<void>} */
export async function remember(upload) {
  await use("readwrite", (store) => store.put(upload));
}

/** @param {string} id @returns {Promise<void>} */
export async function forget(id) {
  await use("readwrite", (store) => store.delete(id));
}

/** @param {string} of @returns {Promise<Unfinished[]>} */
export async function unfinished(of) {
  const found = await use("readonly", (store) => store.getAll());
  return Array.isArray(found) ? found.filter((upload) => upload.of === of) : [];
}

/**
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest} work
 * @returns {Promise<unknown>} undefined where nothing can be stored.
 */
async function use(mode, work) {
  try {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE, { keyPath: "upload_id" });
    const database = await done(opening);
    try {
      return await done(work(database.transaction(STORE, mode).objectStore(STORE)));
    } finally {
      database.close();
    }
  } catch {
    return undefined; // private windows, full disks, settings: an upload goes on without
  }
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

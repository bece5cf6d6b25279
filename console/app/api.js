/**
 * The only module that calls the API. Every failure is one `ApiError`, and every answer has the shape that its
 * reader expects, whatever was sent. A GET is asked again when the network or AWS fails; nothing else is,
 * except where the authoriser refused the token before anything was done.
 */

import { isSafeUrl } from "./config.js";

/** @typedef {{key: string, size: number, modified: Date | null}} StoredFile */
/** @typedef {{folders: string[], objects: StoredFile[], next: string | null}} FilePage */
/** @typedef {{token: () => Promise<string | null>, rejected: (token: string | null) => void}} TokenSource */
/** @typedef {{number: number, url: string}} Part */

const GET_TRIES = 3;
const LONGEST_WAIT = 10; // seconds; who says "later" by more is not waited for
const ANSWER_LIMIT = 30_000; // milliseconds; API Gateway gives its functions 30 seconds at most

export class ApiError extends Error {
  /**
   * @param {string} code the API's own, or `network`, `unauthorised`, `bad_answer`.
   * @param {number} status 0 without an answer.
   * @param {string} message
   * @param {number | null} retryAfter seconds.
   */
  constructor(code, status, message, retryAfter = null) {
    super(message);
    this.code = code;
    this.status = status;
    this.retryAfter = retryAfter;
  }
}

export class Api {
  /**
   * @param {object} given
   * @param {string} given.base
   * @param {TokenSource} given.tokens
   * @param {typeof globalThis.fetch} [given.fetch]
   * @param {(seconds: number, signal?: AbortSignal) => Promise<void>} [given.wait]
   */
  constructor({ base, tokens, fetch = globalThis.fetch.bind(globalThis), wait = waited }) {
    this.base = base;
    this.tokens = tokens;
    this.fetch = fetch;
    this.wait = wait;
  }

  /**
   * What is in a folder, or below it with `flat`.
   * @param {{prefix?: string, limit?: number, next?: string | null, flat?: boolean}} asked
   * @param {AbortSignal} [signal]
   * @returns {Promise<FilePage>}
   */
  async objects({ prefix = "", limit = 200, next = null, flat = false }, signal) {
    const page = await this.get("/objects", { prefix, limit, next, flat: flat ? "true" : null }, signal);
    return {
      folders: list(page.folders).filter((name) => typeof name === "string"),
      objects: list(page.objects)
        .filter((file) => typeof file?.key === "string" && Number.isSafeInteger(file.size) && file.size >= 0)
        .map((file) => ({ key: file.key, size: file.size, modified: readTime(file.modified) })),
      next: typeof page.next === "string" && page.next !== "" && page.next !== next ? page.next : null,
    };
  }

  /**
   * A one-time link.
   * @param {Record<string, string | number | null>} asked
   * @param {AbortSignal} [signal]
   */
  mintLink(asked, signal) {
    return this.get("/get-url", asked, signal, { tries: 1 }).then(withUrl);
  }

  /** @param {{key?: string, limit?: number, next?: string | null}} asked @param {AbortSignal} [signal] */
  links(asked, signal) {
    return this.get("/links", asked, signal);
  }

  /** @param {string} id @param {AbortSignal} [signal] */
  link(id, signal) {
    return this.get(`/links/${encodeURIComponent(id)}`, {}, signal);
  }

  /** @param {string} id */
  revokeLink(id) {
    return this.call("DELETE", `/links/${encodeURIComponent(id)}`);
  }

  /** @param {Record<string, unknown>} wanted @param {AbortSignal} [signal] */
  makeShare(wanted, signal) {
    return this.call("POST", "/shares", { body: wanted, signal }).then(withUrl);
  }

  /** @param {{key?: string, limit?: number, next?: string | null}} asked @param {AbortSignal} [signal] */
  shares(asked, signal) {
    return this.get("/shares", asked, signal);
  }

  /** @param {string} id @param {AbortSignal} [signal] */
  share(id, signal) {
    return this.get(`/shares/${encodeURIComponent(id)}`, {}, signal);
  }

  /** @param {string} id */
  revokeShare(id) {
    return this.call("DELETE", `/shares/${encodeURIComponent(id)}`);
  }

  /**
   * A signed URL: good for everybody until it expires.
   * @param {{file: string, expires_in?: number, disposition?: "inline" | "attachment"}} asked `file` without
   *     the deployment's prefix.
   * @param {AbortSignal} [signal]
   */
  signedUrl(asked, signal) {
    return this.get("/url", asked, signal).then(withUrl);
  }

  /** @param {Record<string, unknown>} wanted @param {AbortSignal} [signal] */
  beginUpload(wanted, signal) {
    return this.call("POST", "/uploads", { body: wanted, signal });
  }

  /** @param {{key: string, upload_id: string, size: number, parts: number}} upload @param {AbortSignal} [signal] */
  resumeUpload(upload, signal) {
    return this.call("POST", "/uploads/resume", { body: upload, signal });
  }

  /**
   * @param {{key: string, upload_id: string, parts: {number: number, etag: string}[]}} upload
   * @param {AbortSignal} [signal]
   */
  completeUpload(upload, signal) {
    return this.call("POST", "/uploads/complete", { body: upload, signal });
  }

  /** @param {{key: string, upload_id: string}} upload */
  abortUpload(upload) {
    return this.call("POST", "/uploads/abort", { body: upload });
  }

  /**
   * @param {string} path
   * @param {Record<string, string | number | null | undefined>} asked empty values are left out.
   * @param {AbortSignal} [signal]
   * @param {{tries?: number}} [options]
   * @returns {Promise<any>}
   */
  async get(path, asked, signal, { tries = GET_TRIES } = {}) {
    const target = path + queryText(asked);
    for (let tried = 1; ; tried++) {
      try {
        return await this.call("GET", target, { signal });
      } catch (error) {
        const seconds = secondsUntilNext(error, tried);
        if (tried >= tries || seconds === null) throw error;
        await this.wait(seconds, signal);
      }
    }
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{body?: unknown, signal?: AbortSignal}} [options]
   * @returns {Promise<any>}
   * @throws {ApiError}
   * @throws {DOMException} AbortError: the caller's signal.
   */
  async call(method, path, { body, signal } = {}) {
    const token = await this.tokens.token();
    let answer = await this.send(method, path, token, body, signal);
    if (answer.status === 401 && token !== null) {
      this.tokens.rejected(token);
      answer = await this.send(method, path, await this.tokens.token(), body, signal);
    }
    return readAnswer(answer);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {string | null} token
   * @param {unknown} body
   * @param {AbortSignal | undefined} signal
   */
  async send(method, path, token, body, signal) {
    /** @type {Record<string, string>} */
    const headers = { Accept: "application/json" };
    if (token !== null) headers.Authorization = `Bearer ${token}`;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    const limit = AbortSignal.timeout(ANSWER_LIMIT);
    try {
      return await this.fetch(`${this.base}${path}`, {
        method,
        headers,
        body: body === undefined ? undefined : JSON.stringify(body),
        credentials: "omit",
        cache: "no-store",
        redirect: "error",
        referrerPolicy: "no-referrer",
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
    } catch (error) {
      if (signal?.aborted) throw error;
      throw new ApiError("network", 0, "no answer");
    }
  }
}

/** @param {Record<string, string | number | null | undefined>} asked */
function queryText(asked) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) {
    if (value !== null && value !== undefined && value !== "") query.set(name, String(value));
  }
  return query.size === 0 ? "" : `?${query}`;
}

/**
 * After how many seconds a failed GET is worth another try; null: it isn't.
 * @param {unknown} error
 * @param {number} tried how often already.
 */
function secondsUntilNext(error, tried) {
  if (!(error instanceof ApiError && (error.code === "network" || error.status === 503))) return null;
  const seconds = error.retryAfter ?? 0.4 * 2 ** tried;
  return seconds > LONGEST_WAIT ? null : seconds;
}

/** @param {Response} answer */
async function readAnswer(answer) {
  const plain = await answer.text().then(readJson, () => null);
  if (answer.ok) {
    if (typeof plain !== "object" || plain === null || Array.isArray(plain)) {
      throw new ApiError("bad_answer", answer.status, "not a JSON object");
    }
    return plain;
  }
  const wait = Number(answer.headers.get("Retry-After") ?? Number.NaN);
  throw new ApiError(
    typeof plain?.error === "string" ? plain.error : codeOf(answer.status),
    answer.status,
    typeof plain?.message === "string" ? plain.message : "",
    Number.isFinite(wait) && wait >= 0 ? wait : null,
  );
}

/** What an answer means that isn't the API's own, but a gateway's. @param {number} status */
function codeOf(status) {
  if (status === 401 || status === 403) return "unauthorised";
  if (status === 500) return "internal";
  return status > 500 ? "unavailable" : "bad_answer";
}

/**
 * What a text says, or null. JSON can spell half of a surrogate pair, which no address can be made of.
 * @param {string} text
 */
function readJson(text) {
  try {
    return JSON.parse(text, (_, value) => (typeof value === "string" ? value.toWellFormed() : value));
  } catch {
    return null;
  }
}

/** @param {any} answer */
function withUrl(answer) {
  if (!isSafeUrl(answer.url)) throw new ApiError("bad_answer", 200, "url is not an https address");
  return answer;
}

/** @param {unknown} value @returns {any[]} */
function list(value) {
  return Array.isArray(value) ? value : [];
}

/**
 * A moment as the API tells it: seconds since 1970, or ISO 8601.
 * @param {unknown} value
 * @returns {Date | null}
 */
export function readTime(value) {
  if (typeof value !== "number" && typeof value !== "string") return null;
  const time = new Date(typeof value === "number" ? value * 1000 : value);
  return Number.isNaN(time.getTime()) ? null : time;
}

/** @param {number} seconds @param {AbortSignal} [signal] @returns {Promise<void>} */
function waited(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

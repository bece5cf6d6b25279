/** Sends one part to S3. By XMLHttpRequest, since fetch doesn't tell how far a body has got. */

import { ApiError } from "../api.js";
import { isSafeUrl } from "../config.js";

/** A part that didn't get through. `status` is 0 where there was no answer. */
export class PartFailed extends ApiError {
  /** @param {number} status */
  constructor(status) {
    super("part", status, "");
  }
}

/**
 * @param {string} url signed for exactly these bytes.
 * @param {Blob} body
 * @param {(sent: number) => void} onProgress
 * @param {AbortSignal} signal
 * @returns {Promise<string>} the part's ETag.
 * @throws {PartFailed}
 */
export function sendPart(url, body, onProgress, signal) {
  return new Promise((resolve, reject) => {
    if (!isSafeUrl(url)) throw new PartFailed(0);
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open("PUT", url);
    request.upload.onprogress = ({ loaded }) => onProgress(loaded);
    request.onload = () => {
      const tag = request.getResponseHeader("ETag");
      if (request.status === 200 && tag) resolve(tag);
      else reject(new PartFailed(request.status));
    };
    request.onerror = () => reject(new PartFailed(0));
    request.onabort = () => reject(signal.reason);
    request.onloadend = () => signal.removeEventListener("abort", stop);
    signal.addEventListener("abort", stop);
    signal.throwIfAborted();
    // Without a type of its own: the URL is signed without one.
    request.send(new Blob([body]));
  });
}

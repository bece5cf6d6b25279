/** All that is loaded after the files are on the screen: at once, since each request costs a slow network more. */

export { HandOut } from "./hand_out.js";
export { HandedOut } from "./handed_out.js";
export { Preview } from "./preview.js";
export { AddFiles, UploadPanel, Uploads } from "./uploading.js";

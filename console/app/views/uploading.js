/** All of uploading, loaded at once and after the files are on the screen. */

export { Uploads } from "../uploads/queue.js";
export { AddFiles } from "./adding.js";
export { UploadPanel } from "./upload_panel.js";

/** @type {Record<string, import("./texts.js").Text>} */
export const texts = {
  close: "Close",
  loading: "Loading",
  cancel: "Cancel",
  again: "Try again",
  skip: "Skip to the content",

  "nav.label": "Views",
  "nav.files": "Files",
  "nav.handedOut": "Handed out",

  "open.banner":
    "There is no sign-in here: everybody who knows this address can read, add and hand out files.",
  "offline.banner":
    "You are offline. What you see may be out of date; it goes on by itself when the network is back.",

  "files.title": "Files",
  "files.top": "All files",
  "files.path": "Folder",
  "files.search": "Search in this folder",
  "files.name": "Name",
  "files.size": "Size",
  "files.modified": "Changed",
  "files.actions": "What to do",
  "files.loading": "Loading files",
  "files.more": "Load more",
  "files.loadAll": "Search the rest too",
  "files.count": { one: "{count} entry", other: "{count} entries" },
  "files.countMore": {
    one: "{count} entry so far, there are more",
    other: "{count} entries so far, there are more",
  },
  "files.found": {
    one: "{count} of {all} entries here matches. Folders below aren’t searched.",
    other: "{count} of {all} entries here match. Folders below aren’t searched.",
  },
  "files.foundPartly": {
    one: "{count} of the first {all} entries here matches. The rest isn’t loaded yet.",
    other: "{count} of the first {all} entries here match. The rest isn’t loaded yet.",
  },
  "files.empty": "This folder is empty",
  "files.emptyText": "Files that are added here can be handed out.",
  "files.emptyUpload": "Drop files here, paste them, or use “Upload”.",
  "files.nothingFound": "Nothing found",
  "files.nothingFoundText": "No name here has “{text}” in it.",
  "files.unknownDate": "unknown",

  "preview.action": "Preview",
  "handOut.action": "Hand out",
  "upload.action": "Upload",

  "failed.title": "That didn’t work.",
  "failed.unknown": "Something unexpected happened. Try again; if it stays, tell whoever runs this.",
  "failed.said": "The server says: {message}",
  "failed.network": "The server can’t be reached. Check the network and try again.",
  "failed.unavailable": "The service is busy or out of reach at the moment. Try again in a few seconds.",
  "failed.internal": "The server made a mistake. Try again; if it stays, tell whoever runs this.",
  "failed.unauthorised": "You aren’t allowed to do this. Sign out and in again, or ask whoever runs this.",
  "failed.bad_answer": "The server’s answer makes no sense. Try again; if it stays, tell whoever runs this.",
  "failed.config": "This console isn’t set up right: {message}. Tell whoever runs it.",
};

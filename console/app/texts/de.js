/** @type {Record<string, import("./texts.js").Text>} */
export const texts = {
  close: "Schließen",
  loading: "Wird geladen",
  cancel: "Abbrechen",
  again: "Nochmals versuchen",
  skip: "Zum Inhalt",

  "nav.label": "Ansichten",
  "nav.files": "Dateien",
  "nav.handedOut": "Herausgegeben",

  "open.banner":
    "Hier gibt es keine Anmeldung: Wer diese Adresse kennt, kann Dateien lesen, hinzufügen und herausgeben.",
  "offline.banner":
    "Sie sind offline. Was Sie sehen, kann veraltet sein; sobald das Netz da ist, geht es weiter.",

  "files.title": "Dateien",
  "files.top": "Alle Dateien",
  "files.path": "Ordner",
  "files.search": "In diesem Ordner suchen",
  "files.name": "Name",
  "files.size": "Größe",
  "files.modified": "Geändert",
  "files.actions": "Was tun",
  "files.loading": "Dateien werden geladen",
  "files.more": "Mehr laden",
  "files.loadAll": "Auch den Rest durchsuchen",
  "files.count": { one: "{count} Eintrag", other: "{count} Einträge" },
  "files.countMore": {
    one: "{count} Eintrag bisher, es gibt mehr",
    other: "{count} Einträge bisher, es gibt mehr",
  },
  "files.found": {
    one: "{count} von {all} Einträgen hier passt. Tiefere Ordner werden nicht durchsucht.",
    other: "{count} von {all} Einträgen hier passen. Tiefere Ordner werden nicht durchsucht.",
  },
  "files.foundPartly": {
    one: "{count} der ersten {all} Einträge hier passt. Der Rest ist noch nicht geladen.",
    other: "{count} der ersten {all} Einträge hier passen. Der Rest ist noch nicht geladen.",
  },
  "files.empty": "Dieser Ordner ist leer",
  "files.emptyText": "Dateien, die hier liegen, können herausgegeben werden.",
  "files.emptyUpload": "Ziehen Sie Dateien hierher, fügen Sie sie ein oder nehmen Sie „Hochladen“.",
  "files.nothingFound": "Nichts gefunden",
  "files.nothingFoundText": "Kein Name hier enthält „{text}“.",
  "files.unknownDate": "unbekannt",

  "preview.action": "Vorschau",
  "handOut.action": "Herausgeben",
  "upload.action": "Hochladen",

  "failed.title": "Das hat nicht geklappt.",
  "failed.unknown":
    "Etwas Unerwartetes ist geschehen. Versuchen Sie es nochmals; bleibt es so, sagen Sie es dem Betreiber.",
  "failed.said": "Der Server sagt: {message}",
  "failed.network": "Der Server ist nicht zu erreichen. Prüfen Sie das Netz und versuchen Sie es nochmals.",
  "failed.unavailable":
    "Der Dienst ist gerade überlastet oder nicht erreichbar. Versuchen Sie es in ein paar Sekunden nochmals.",
  "failed.internal":
    "Dem Server ist ein Fehler unterlaufen. Versuchen Sie es nochmals; bleibt es so, sagen Sie es dem Betreiber.",
  "failed.unauthorised":
    "Das dürfen Sie nicht. Melden Sie sich ab und wieder an, oder fragen Sie den Betreiber.",
  "failed.bad_answer":
    "Die Antwort des Servers ergibt keinen Sinn. Versuchen Sie es nochmals; bleibt es so, sagen Sie es dem Betreiber.",
  "failed.config": "Diese Konsole ist nicht richtig eingerichtet: {message}. Sagen Sie es dem Betreiber.",
};

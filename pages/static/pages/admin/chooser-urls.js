// Where the translation editor's choosers find pictures, documents and pages.
"use strict";

window.chooserUrls ??= {
  imageChooser: document.currentScript.dataset.images,
  documentChooser: document.currentScript.dataset.documents,
  pageChooser: document.currentScript.dataset.pages,
};

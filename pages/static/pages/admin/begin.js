// Begins the parts of Wagtail's screens that Wagtail 8.0 begins with scripts written into the
// page, which our content security policy refuses: fields for dates and times, choosers, and
// rows that can be added. What to begin stands in attributes:
//   <span data-controller="begin" data-begin-name-value="initDateChooser"
//         data-begin-arguments-value='["id_date", {}]' hidden></span>
"use strict";

(() => {
  const FUNCTIONS = ["initDateChooser", "initTimeChooser", "initDateTimeChooser"];
  const PANELS = ["InlinePanel", "MultipleChooserPanel"];
  // Choosers are classes named so; nothing else may be called by an attribute.
  const CHOOSER = /^[A-Z][A-Za-z]*Chooser$/;

  class BeginController extends window.StimulusModule.Controller {
    static values = { name: String, arguments: Array };

    connect() {
      if (this.element.dataset.begun) return; // moved in the page, not new
      this.element.dataset.begun = "true";
      const name = this.nameValue;
      const given = window[name];
      if (typeof given !== "function") return;
      if (FUNCTIONS.includes(name)) given(...this.argumentsValue);
      else if (PANELS.includes(name) || CHOOSER.test(name)) new given(...this.argumentsValue);
    }
  }

  window.wagtail.app.register("begin", BeginController);
})();

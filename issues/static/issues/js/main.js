// Everything works without these modules; they make it quicker. No module keeps state outside the page.
import "./theme.js";
import "./dialogs.js";
import "./keyboard.js";
import "./selection.js";
import "./live.js";

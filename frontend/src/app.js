// What every page loads: htmx, and a few small modules. All pages work without any of it.
import 'htmx.org/dist/htmx.esm.js';
import './draft.js';
import './keys.js';
import './errors.js';
import './upload.js';

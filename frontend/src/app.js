// What every page loads: htmx, and a few small modules. All pages work without any of it.
import htmx from 'htmx.org/dist/htmx.esm.js';
import './draft.js';
import './keys.js';
import './errors.js';
import './upload.js';

// A row of a list that somebody opened or closed stays so when the questions change.
htmx.config.morphIgnore.push('open');

// Builds the browser's files: node build.mjs <outdir>
// Each entry becomes a file with its hash in the name; manifest.json says which, with their integrity.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

const here = path.dirname(new URL(import.meta.url).pathname);
const out = path.resolve(process.argv[2] ?? '../web/static/dist');
fs.rmSync(out, { recursive: true, force: true });

const entries = ['app.js', 'case-diagram.js', 'ui.css', 'diagram.css'];
const result = await build({
  entryPoints: entries.map((name) => `src/${name}`),
  absWorkingDir: here,
  outdir: out,
  bundle: true,
  format: 'esm',
  splitting: true,
  minify: true,
  target: ['es2022'],
  entryNames: '[name]-[hash]',
  chunkNames: 'chunk-[hash]',
  assetNames: 'asset-[hash]',
  loader: { '.woff': 'file', '.woff2': 'file', '.ttf': 'file', '.eot': 'empty', '.svg': 'file', '.png': 'file' },
  legalComments: 'linked',
  metafile: true,
  logLevel: 'warning',
});

const manifest = {};
for (const [file, built] of Object.entries(result.metafile.outputs)) {
  if (!built.entryPoint) continue;
  const absolute = path.resolve(here, file);
  const digest = createHash('sha384').update(fs.readFileSync(absolute)).digest('base64');
  manifest[path.basename(built.entryPoint)] = { file: path.relative(out, absolute), integrity: `sha384-${digest}` };
}
fs.writeFileSync(path.join(out, 'manifest.json'), JSON.stringify(manifest, null, 1) + '\n');

// The licence text of every package of which something reached a bundle.
const packages = new Set();
for (const input of Object.keys(result.metafile.inputs)) {
  const found = [...input.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)].pop();
  if (found) packages.add(input.slice(0, found.index + found[0].length));
}
let notices = '';
for (const folder of [...packages].sort()) {
  const absolute = path.join(here, folder);
  const about = JSON.parse(fs.readFileSync(path.join(absolute, 'package.json'), 'utf8'));
  const licence = fs.readdirSync(absolute).find((name) => /^licen[sc]e/i.test(name));
  notices += `\n=== ${about.name} ${about.version} (${about.license ?? 'see text'})\n`;
  if (licence) notices += fs.readFileSync(path.join(absolute, licence), 'utf8') + '\n';
}
fs.writeFileSync(path.join(out, 'THIRD-PARTY-NOTICES.txt'), notices);

// Measurements in the browser, for `cargo xtask bench`. They inform; no test depends on a time.
// Names of benches, as arguments, choose some: `cargo xtask bench --only lists,search`.
import { readFile, readdir } from 'node:fs/promises';
import { basename } from 'node:path';
import { search, tables } from './bench/ledgers.mjs';
import { both, cleanUp, folder, mb, median, ms, printTable, row, seconds, TAPS } from './bench/measure.mjs';
import { lists, visit } from './bench/visits.mjs';
import { DESK, openBrowser, processesOf } from './lib/browser.mjs';
import { writeBundle } from './lib/bundle.mjs';
import { drawJpeg, photoFiles } from './lib/photos.mjs';
import { Screens } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';

const [RECORDS, PHOTOS_EACH] = [200, 2];
const STARTS = 5;

/** Milliseconds from the start of loading until the first screen can be used. */
const USABLE = () => {
  const look = () => {
    if (window.usable || !document.querySelector('a[href="/start"]')) return;
    window.usable = performance.now();
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true });
};
const usable = async (page) => (await page.waitForFunction(() => window.usable)).jsonValue();

async function starts() {
  const server = await serve();
  const [cold, offline] = [[], []];
  let profile;
  for (let index = 0; index < STARTS; index += 1) {
    profile = await folder('start');
    const browser = await openBrowser(profile, { init: [USABLE] });
    await browser.page.goto(server.url);
    cold.push(await usable(browser.page));
    await browser.page.getByText('可离线使用').first().waitFor();
    await browser.close();
  }
  await server.stop();
  for (let index = 0; index < STARTS; index += 1) {
    const browser = await openBrowser(profile, { init: [USABLE] });
    await browser.page.goto(server.url);
    offline.push(await usable(browser.page));
    await browser.close();
  }
  row('cold start to usable, nothing cached, local server', `${ms(median(cold))} (median of ${STARTS})`);
  row('start to usable, offline', `${ms(median(offline))} (median of ${STARTS})`);
}

async function taps() {
  const server = await serve();
  const browser = await openBrowser(await folder('taps'), { init: [TAPS] });
  const app = new Screens(browser.page);
  const { page } = app;
  await page.goto(server.url);
  await page.getByText('可离线使用').first().waitFor();
  await app.startCheck();
  await page.evaluate(() => (window.taps.length = 0));
  for (let round = 0; round < 3; round += 1) {
    for (const number of Array.from({ length: 20 }, (_, index) => index + 1)) {
      const button = app.verdict(number, ['符合', '不适用', '符合'][round]);
      await button.scrollIntoViewIfNeeded();
      const box = await button.boundingBox();
      await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
      await page.waitForFunction(() => window.taps.at(-1)?.kept && window.taps.at(-1).shown);
    }
  }
  const seen = await page.evaluate(() => window.taps);
  const all = (name) => both(seen.map((tap) => tap[name]));
  row(`tap to screen (${seen.length} verdicts): given to the page to changed and laid out`, all('laidOut'), '≤ 16 ms p95');
  row('finger to the next frame that shows it (waits for the display, 60 Hz)', all('shown'));
  row('finger to durable: both stores written and read back', all('kept'), '≤ 50 ms p95');

  const photos = await photoFiles();
  const times = [];
  for (const [index, photo] of photos.entries()) {
    const input = app.item(1).getByLabel(/^相册/);
    const before = await app.photos(app.item(1)).count();
    await page.evaluate(() => document.addEventListener('change', (event) => (window.chosen = event.timeStamp), { capture: true, once: true }));
    await input.setInputFiles(photo);
    await app.photos(app.item(1)).nth(before).waitFor({ timeout: 60_000 });
    await app.saved();
    const time = await page.evaluate(() => performance.now() - window.chosen);
    // The first one starts the worker.
    if (index > 0) times.push(time);
  }
  row('photo of 12 megapixels in to saved', `${ms(median(times))} (median of ${times.length})`);
  await browser.close();
  await server.stop();
}

/** The processes of a profile and all that they started: a renderer's own environment no longer names its profile. */
async function familyOf(profile) {
  const family = new Set((await processesOf(profile)).map(Number));
  const parents = new Map();
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await readFile(`/proc/${entry}/stat`, 'utf8').catch(() => '');
    parents.set(Number(entry), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  for (let grown = true; grown; ) {
    grown = false;
    for (const [pid, parent] of parents) {
      if (!family.has(pid) && family.has(parent)) {
        family.add(pid);
        grown = true;
      }
    }
  }
  return family;
}

/** Memory of the page's process and of all processes of the browser: proportional set size, in bytes. */
async function memory(profile) {
  let [page, all] = [0, 0];
  for (const pid of await familyOf(profile)) {
    const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
    const size = Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) * 1024;
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (command.includes('--type=renderer')) page = Math.max(page, size);
    all += size;
  }
  return { page, all };
}

/** Runs some work; how long it took, and the most memory above what there was before. */
async function measured(browser, work) {
  const session = await browser.context.newCDPSession(browser.page);
  await session.send('HeapProfiler.collectGarbage');
  const idle = await memory(browser.profile);
  const most = { ...idle };
  let done = false;
  const watching = (async () => {
    while (!done) {
      const now = await memory(browser.profile);
      most.page = Math.max(most.page, now.page);
      most.all = Math.max(most.all, now.all);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const begun = performance.now();
  await work();
  const took = performance.now() - begun;
  done = true;
  await watching;
  return { took, idle, page: most.page - idle.page, all: most.all - idle.all };
}

async function transfer() {
  const server = await serve();
  const browser = await openBrowser(await folder('transfer'), { size: DESK, touch: false });
  browser.context.setDefaultTimeout(600_000);
  const app = new Screens(browser.page);
  const { page } = app;
  await page.goto(server.url);
  await page.getByText('可离线使用').first().waitFor();
  // Pictures of the size that the app keeps of a phone's photo.
  const pictures = [];
  for (const seed of [1, 2, 3, 4]) pictures.push(await drawJpeg(page, { width: 2048, height: 1536, seed, quality: 0.82, grain: 16 }));
  const files = await folder('files');
  const { paths } = await writeBundle(files, { records: RECORDS, photosEach: PHOTOS_EACH, pictures });
  let size = 0;
  for (const path of paths) size += (await readFile(path)).length;
  const what = `${RECORDS} records, ${RECORDS * PHOTOS_EACH} photos (${paths.length} files, ${mb(size)})`;

  await page.goto(`${server.url}/office`);
  await app.at('办公室');
  const taken = await measured(browser, async () => {
    await app.import(paths);
    for (const path of paths) await app.importCard(basename(path)).getByRole('heading', { name: '已导入' }).waitFor();
  });
  row(`import of ${what}`, seconds(taken.took));
  row('  page memory above idle, at most', `${mb(taken.page)} (idle ${mb(taken.idle.page)}; all processes ${mb(taken.all)} above)`);

  await page.goto(`${server.url}/export`);
  await page.getByText(/从其他设备导入的记录/).waitFor();
  const made = await measured(browser, async () => {
    await page.getByRole('button', { name: '备份全部' }).click();
    await page.getByRole('heading', { name: /个文件已生成/ }).waitFor();
  });
  const parts = await page.getByRole('button', { name: '下载', exact: true }).count();
  row(`export of the same (${parts} files)`, seconds(made.took));
  row('  page memory above idle, at most', `${mb(made.page)} (idle ${mb(made.idle.page)}; all processes ${mb(made.all)} above)`, '< 150 MB');
  await browser.close();
  await server.stop();
}

const BENCHES = [starts, taps, transfer, lists, visit, tables, search];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !BENCHES.some((bench) => bench.name === name));
if (unknown.length > 0) throw new Error(`no bench is called ${unknown.join(', ')}; there are ${BENCHES.map(({ name }) => name).join(', ')}`);
const failures = [];
try {
  for (const bench of BENCHES.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    console.log(`bench: ${bench.name}`);
    await bench().catch((error) => failures.push(`${bench.name}: ${error.stack}`));
  }
} finally {
  await cleanUp();
}
printTable();
for (const failure of failures) console.error(`not measured: ${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;

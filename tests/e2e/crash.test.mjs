// Nothing that the app called saved is lost: not by a log cut off in its middle, not by a kill at any moment.
//
// The cut is the case that erases a whole database in Chromium at the second start after it (google/leveldb #1287).
// To see that one store alone does not survive it, run
//   SPOTCHECK_ONE_STORE=1 cargo xtask test --only e2e --e2e-filter 'cut'
// It takes the browser's storage buckets away, so that both databases lie in one log; the test then fails.
//
// More of it, as before a release: SPOTCHECK_KILLS=200. A run of kills is repeated with the SPOTCHECK_SEED that it printed.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { copyProfile, killProfile, newProfile, openBrowser } from './lib/browser.mjs';
import { writeBundle } from './lib/bundle.mjs';
import { photoFiles } from './lib/photos.mjs';
import { assertQuiet, ATTENDANT, dayFromNow, ITEMS, keyOf, OFFICERS, SCRIBBLES, Screens } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { look } from './lib/steps.mjs';

const ONE_STORE = process.env.SPOTCHECK_ONE_STORE === '1';
const NO_BUCKETS = () => Object.defineProperty(Navigator.prototype, 'storageBuckets', { value: undefined });
const OPTIONS = ONE_STORE ? { init: [NO_BUCKETS] } : {};
const CUTS = Number(process.env.SPOTCHECK_CUTS ?? 64);
const KILLS = Number(process.env.SPOTCHECK_KILLS ?? 10);

/** The newest log of a shelf: A lies with the origin's databases, B in the bucket's own folder. */
async function newestLog(profile, shelf) {
  const logs = [];
  for (const entry of await readdir(join(profile, 'Default'), { recursive: true })) {
    const inBucket = entry.startsWith('WebStorage/');
    const isA = entry.startsWith('IndexedDB/');
    if (!/indexeddb\.leveldb\/\d+\.log$/.test(entry) || (shelf === 'a' ? !isA : !inBucket)) continue;
    const path = join(profile, 'Default', entry);
    const { size } = await stat(path);
    if (size > 0) logs.push({ path, size });
  }
  logs.sort((one, other) => basename(one.path).localeCompare(basename(other.path), 'en', { numeric: true }));
  assert.ok(logs.length > 0, `shelf ${shelf} has a log`);
  return logs.at(-1);
}

/** Saves one more answer through the screen and waits until the app says that it is kept. */
async function saveOne(app, number, word) {
  await app.answer(number, word);
  await app.saved();
}

/** The pressed verdicts of the first items, as the screen shows them. */
const verdicts = async (app) => {
  const answers = await app.answers();
  return answers.map(({ item, pressed }) => [item, pressed[0]]).filter(([, word]) => word);
};

test(`the newest log cut at ${CUTS} lengths, a change saved after it, started twice: nothing is lost, the repair is told`, async (t) => {
  const prepared = await newProfile(t, 'prepared');
  const server = await serve();
  t.after(server.stop);
  let browser = await openBrowser(prepared, OPTIONS);
  let app = new Screens(browser.page);
  await app.page.goto(server.url);
  await app.page.getByText('可离线使用').first().waitFor();
  const check = `${server.url}${await app.startCheck()}`;
  for (const number of [1, 2, 4, 5, 6, 8]) await saveOne(app, number, '符合');
  await browser.killHard();
  // A start after a kill, so that the log is one that was begun by an earlier process, as on a phone.
  browser = await openBrowser(prepared, OPTIONS);
  app = new Screens(browser.page);
  await app.page.goto(check);
  for (const number of [9, 10, 11, 12]) await saveOne(app, number, '符合');
  const acknowledged = await verdicts(app);
  // And four that do not apply to this type.
  assert.equal(acknowledged.length, 14);
  await browser.killHard();
  await server.stop();

  const work = await mkdtemp(join(tmpdir(), 'spotcheck-cut-'));
  t.after(() => rm(work, { recursive: true, force: true }));
  let told = 0;
  let erased = 0;
  for (let index = 0; index < CUTS; index += 1) {
    const shelf = index % 2 === 0 || ONE_STORE ? 'a' : 'b';
    const profile = join(work, `${index}`);
    await copyProfile(prepared, profile);
    const log = await newestLog(profile, shelf);
    // From the last bytes, where a record is torn, back over several batches.
    const cut = Math.min(log.size - 1, Math.round(1.5 + (index >> 1) ** 2.4));
    await truncate(log.path, log.size - cut);
    try {
      const first = await start(profile, check, [...acknowledged]);
      await saveOne(first.app, 13, '符合');
      told += (await repairs(first.app)) > 0;
      await killProfile(profile);
      const second = await start(profile, check, [...acknowledged, [keyOf(ITEMS[12]), '符合']]);
      await saveOne(second.app, 15, '符合');
      const repaired = await repairs(second.app);
      erased += repaired > 20;
      assertQuiet(second.browser);
      await killProfile(profile);
    } catch (error) {
      error.message = `${cut} of ${log.size} bytes cut off the log of shelf ${shelf}: ${error.message}`;
      throw error;
    } finally {
      await killProfile(profile);
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    }
  }
  t.diagnostic(`${CUTS} cuts: a repair told at the first start ${told} times, at the second ${erased} times for a whole store`);
  assert.ok(told > CUTS / 2, `${told} repairs told`);
});

/** Opens the check on a profile and compares its answers. */
async function start(profile, check, wanted) {
  const browser = await openBrowser(profile, OPTIONS);
  const app = new Screens(browser.page);
  await app.page.goto(check);
  await Promise.race([app.item(1).waitFor(), app.page.getByRole('heading', { name: /数据不见了|找不到这条记录/ }).first().waitFor()]);
  assert.deepEqual(await verdicts(app), wanted.sort(([one], [other]) => one.localeCompare(other)));
  return { browser, app };
}

/** How many entries the app says that it repaired at this start; its first screen says so. */
async function repairs(app) {
  await app.page.getByRole('banner').getByRole('link', { name: '返回' }).click();
  await app.at('巡检通');
  const note = app.page.getByText(/已从副本修复 \d+ 条数据，没有丢失/);
  const text = (await note.count()) ? await note.innerText() : '修复 0 条';
  return Number(/修复 (\d+) 条/.exec(text)[1]);
}


test(`${KILLS} kills at any moment while typing, taking photos, sealing, exporting and importing`, async (t) => {
  const photos = await photoFiles();
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-kills-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const profile = await newProfile(t, 'kills');
  const server = await serve();
  t.after(server.stop);
  // What the page showed as kept, written down outside of the browser.
  const kept = { text: '', passed: [], photos: 0, typed: 0, sealed: [], exports: 0 };
  const visit = { url: server.url, photos, folder, kept };
  await open(visit, profile);
  await visit.app.page.goto(visit.url);
  await visit.app.page.getByText('可离线使用').first().waitFor();
  visit.check = await visit.app.startCheck();
  await visit.app.answer(1, '不符合');
  await visit.app.saved();
  await server.stop();

  const seed = Number(process.env.SPOTCHECK_SEED ?? Date.now() % 1_000_000);
  const random = numbers(seed);
  const acts = [typing, takingPhotos, sealing, exporting, importing];
  for (let kill = 0; kill < KILLS; kill += 1) {
    const act = acts[kill % acts.length];
    const after = 20 + Math.floor(random() * 580);
    const { run, check } = await act(visit).catch(async (error) => {
      await look(visit.browser, `before ${act.name}`);
      throw error;
    });
    // It ends with the browser; only what comes after the next start counts.
    const work = run().catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, after));
    await visit.browser.killHard();
    await work;
    await open(visit, profile);
    try {
      await check();
      await unharmed(visit);
      assertQuiet(visit.browser);
    } catch (error) {
      error.message = `${act.name}, killed after ${after} ms (kill ${kill + 1}, SPOTCHECK_SEED=${seed}): ${error.message}`;
      await look(visit.browser, `kill while ${act.name}`);
      throw error;
    }
  }
  t.diagnostic(`SPOTCHECK_SEED=${seed}: kept over ${KILLS} kills: ${JSON.stringify({ ...kept, text: kept.text.length })}`);
});

/** Opens the browser; whenever its page comes to say 已保存, what stands on the screen at that moment is written down. */
async function open(visit, profile) {
  visit.browser = await openBrowser(profile);
  const { context, page } = visit.browser;
  visit.app = new Screens(page);
  await context.exposeBinding('acknowledged', (_, { path, text, passed, photos }) => {
    if (path === visit.check) Object.assign(visit.kept, { text, passed, photos });
  });
  await context.addInitScript(() => {
    let before = '';
    const look = () => {
      const now = document.querySelector('header [role=status]')?.textContent ?? '';
      if (now === before) return;
      before = now;
      if (!now.startsWith('已保存')) return;
      const items = [...document.querySelectorAll('article')];
      window.acknowledged({
        path: location.pathname,
        text: items[0]?.querySelector('textarea')?.value ?? '',
        passed: items.filter((item) => item.querySelector('.verdict.pass[aria-pressed=true]')).map((item) => item.id),
        photos: document.querySelectorAll('article .photos > button').length,
      });
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  });
}

/** Numbers between 0 and 1, the same for the same seed. */
function numbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Opens the check that is written in all the time. */
async function openCheck({ app, url, check }) {
  await app.page.goto(url + check);
  await app.item(1).waitFor();
}

/** Everything that was acknowledged of the check is there, and its photos are whole. */
async function unharmed(visit) {
  const { app, kept, url, check } = visit;
  await openCheck(visit);
  const text = await app.item(1).getByLabel('问题描述').inputValue();
  assert.ok(text.startsWith(kept.text), `“${kept.text}” was kept and “${text}” is there`);
  const passed = (await verdicts(app)).filter(([, word]) => word === '符合').map(([item]) => item);
  assert.deepEqual(kept.passed.filter((item) => !passed.includes(item)), [], 'kept verdicts are missing');
  const photos = await app.photos(app.item(1)).count();
  assert.ok(photos >= kept.photos, `${kept.photos} photos were kept and ${photos} are there`);
  await app.page.goto(url + check.replace('check', 'record'));
  await app.heading(/未发现改动|核验未通过/).waitFor({ timeout: 60_000 });
  assert.equal(await app.heading('核验未通过').count(), 0);
  if (photos > 0) await app.page.getByText(`${photos} 张照片与摘要一致`).waitFor();
}

async function typing(visit) {
  const { app, kept } = visit;
  await openCheck(visit);
  const field = app.item(1).getByLabel('问题描述');
  const [first, ...rest] = [2, 4, 6, 8, 9, 10, 11, 12, 13, 15, 16, 18, 24];
  const run = async () => {
    for (const number of [first, ...rest]) {
      await field.focus();
      await field.press('ControlOrMeta+End');
      await app.page.keyboard.insertText(`第${(kept.typed += 1)}句。`);
      await field.blur();
      if ((await app.verdict(number, '符合').getAttribute('aria-pressed')) === 'false') await app.verdict(number, '符合').click();
    }
  };
  return { run, check: () => openCheck(visit) };
}

async function takingPhotos(visit) {
  const { app, photos } = visit;
  await openCheck(visit);
  const before = await app.photos(app.item(1)).count();
  const label = app.item(1).locator('label').filter({ has: app.page.getByLabel(/^相册/) });
  const [chooser] = await Promise.all([app.page.waitForEvent('filechooser'), label.click()]);
  await chooser.setFiles(photos.slice(0, 3));
  // The first one is kept; the others are on their way.
  await app.photos(app.item(1)).nth(before).waitFor({ timeout: 60_000 });
  const run = () => app.photos(app.item(1)).nth(50).waitFor();
  return { run, check: () => openCheck(visit) };
}

/** Does a whole check up to its seal. */
async function sealing(visit) {
  const { app, url, kept } = visit;
  await app.page.goto(`${url}/start`);
  await app.page.getByRole('link', { name: '示例商场有限公司' }).first().click();
  await app.page.getByRole('link', { name: '1号客梯' }).first().click();
  // Who inspects stands in every change, so no kill may lose it.
  for (const [index, [name, cert]] of [OFFICERS.officer, OFFICERS.partner].entries()) {
    const number = ['一', '二'][index];
    await app.page.getByLabel(`检查人员${number} · 姓名`).waitFor();
    assert.equal(await app.page.getByLabel(`检查人员${number} · 姓名`).inputValue(), name);
    assert.equal(await app.page.getByLabel(`检查人员${number} · 执法证号`).inputValue(), cert);
  }
  await app.begin('王示例 安全管理员');
  const check = new URL(app.page.url()).pathname;
  // Sections with numbers and dates first ask for those.
  await app.date(3, dayFromNow(200));
  await app.number(7, '10');
  await app.number(14, '5');
  await app.date(17, dayFromNow(200));
  await app.number(23, '0');
  const rest = app.page.getByRole('button', { name: '其余全部符合' });
  while ((await rest.count()) > 0) await rest.first().click();
  for (const number of [14, 23]) await app.answer(number, '符合');
  await app.page.getByText(`${ITEMS.length}/${ITEMS.length} 项`).first().waitFor();
  await app.saved();
  await app.page.getByRole('link', { name: '去完成' }).click();
  await app.page.getByRole('radio', { name: '未发现问题' }).check();
  for (const who of ['检查人员一', '检查人员二', ATTENDANT]) await app.sign(who, (pad) => app.stroke(pad, SCRIBBLES[0]));
  await app.page.getByText('内容齐全，可以签封').waitFor();
  const record = url + check.replace('check', 'record');
  const run = async () => {
    await app.page.getByRole('button', { name: '签封记录' }).click();
    await app.page.waitForURL(record);
    kept.sealed.push(record);
  };
  return {
    run,
    check: async () => {
      for (const sealed of kept.sealed) {
        await visit.app.page.goto(sealed);
        await visit.app.verified();
      }
      if (kept.sealed.includes(record)) return;
      // Not acknowledged: sealed or not, but then complete.
      await visit.app.page.goto(`${url}${check}/finish`);
      await visit.app.page.getByText(/内容齐全，可以签封|核验通过/).first().waitFor();
    },
  };
}

async function exporting(visit) {
  const { app, url, kept } = visit;
  await app.page.goto(`${url}/export`);
  await app.page.getByText(/^已选 \d+ 份/).waitFor();
  const boxes = app.page.getByRole('checkbox');
  await boxes.first().waitFor();
  for (const box of await boxes.all()) await box.check();
  const one = async () => {
    await app.page.getByRole('button', { name: '生成文件' }).click();
    const made = app.page.getByRole('region', { name: '已生成的文件' });
    // The files of the time before stand there until new ones are being made.
    await made.getByText('已导出', { exact: true }).waitFor({ state: 'detached' });
    await made.getByRole('button', { name: '下载', exact: true }).first().click();
    await made.getByText('已导出', { exact: true }).waitFor();
    kept.exports = await app.page.getByText('导出 · 提交').count();
  };
  await one();
  const run = async () => {
    for (;;) await one();
  };
  return {
    run,
    check: async () => {
      const { page } = visit.app;
      await page.goto(`${url}/export`);
      await page.getByRole('heading', { name: '收发台账' }).waitFor();
      await page.getByRole('checkbox').first().waitFor();
      const there = await page.getByText('导出 · 提交').count();
      assert.ok(there >= kept.exports, `${kept.exports} exports were told and ${there} are in the ledger`);
    },
  };
}

async function importing(visit) {
  const { app, url, folder, photos } = visit;
  const pictures = await Promise.all(photos.slice(0, 2).map((path) => readFile(path)));
  const name = `kill-${basename(await mkdtemp(join(folder, 'in-')))}`;
  const { paths, ids } = await writeBundle(folder, { records: 4, photosEach: 1, pictures, name });
  await app.page.goto(`${url}/office`);
  const [chooser] = await Promise.all([app.page.waitForEvent('filechooser'), app.page.getByRole('button', { name: '选择文件' }).click()]);
  await chooser.setFiles(paths);
  let told = false;
  const run = async () => {
    await app.importCard(basename(paths[0])).getByRole('heading', { name: '已导入' }).waitFor();
    told = true;
  };
  return {
    run,
    check: async () => {
      await visit.app.page.goto(`${url}/office`);
      await visit.app.import(paths);
      const card = visit.app.importCard(basename(paths[0]));
      await card.getByRole('heading', { name: told ? '全部已有，没有重复入库' : /已导入|全部已有/ }).waitFor({ timeout: 60_000 });
      await visit.app.page.goto(`${url}/record/${ids.at(-1)}`);
      await visit.app.verified();
    },
  };
}

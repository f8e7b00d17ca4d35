// Every screen for everybody: axe-core finds nothing in any theme and language, nothing overflows at 360 px, no word is
// cut off. Pictures of each screen go to target/screens, for people to look at.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { DESK, newProfile, openBrowser, PHONE } from './lib/browser.mjs';
import { writeBundle } from './lib/bundle.mjs';
import { photoFiles, TARGET } from './lib/photos.mjs';
import { assertQuiet, OFFICERS, SCRIBBLES, Screens } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { look } from './lib/steps.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENS = join(TARGET, 'screens');
const THEMES = ['light', 'dark', 'sun'];
// A theme changes colours and nothing else: of the other rules one theme tells all.
const COLOURS = ['color-contrast', 'link-in-text-block'];

test('every screen in every theme and language', async (t) => {
  await rm(SCREENS, { recursive: true, force: true });
  await mkdir(SCREENS, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-a11y-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const server = await serve();
  t.after(server.stop);
  const browser = await openBrowser(await newProfile(t), { scale: 2, reducedMotion: 'reduce' });
  const app = new Screens(browser.page);
  await app.page.goto(server.url);
  await app.page.getByText('可离线使用').first().waitFor();

  const found = [];
  const all = async (views, lang) => {
    for (const [name, show] of views) {
      try {
        await show();
        found.push(...(await inspect(app.page, `${name} ${lang}`)));
      } catch (error) {
        await look(browser, `screen ${name} ${lang}`);
        for (const line of found) t.diagnostic(line);
        error.message = `${name} ${lang}: ${error.message}`;
        throw error;
      }
    }
  };
  await all(emptyViews(app, server.url), 'zh');
  const work = await prepare(app, server.url, folder);
  await all(views(app, server.url, work), 'zh');
  await app.page.goto(`${server.url}/me`);
  await app.page.getByRole('button', { name: 'English' }).click();
  await all(views(app, server.url, work), 'en');
  await all(rescueViews(app, server.url), 'en');
  await goOn(app.page, server.url);
  await app.page.goto(`${server.url}/me`);
  await app.page.getByRole('button', { name: '中文' }).click();
  await all(rescueViews(app, server.url), 'zh');
  await goOn(app.page, server.url);
  assertQuiet(browser);
  await browser.close();
  for (const line of found) t.diagnostic(line);
  assert.deepEqual(found, []);
});

/** Screens before there is any work. */
function emptyViews({ page }, url) {
  const paths = { home: '/', records: '/records', start: '/start', export: '/export', office: '/office', 'not found': '/no-such-page' };
  return Object.entries(paths).map(([name, path]) => [`${name} empty`, () => page.goto(url + path)]);
}

/** A check half-way with a failed item and photos, and two sealed records of another device. */
async function prepare(app, url, folder) {
  const { page } = app;
  const photos = await photoFiles();
  const pictures = await Promise.all(photos.slice(0, 2).map((path) => readFile(path)));
  const { paths, ids } = await writeBundle(folder, { records: 2, photosEach: 2, pictures });
  await app.setOfficers(OFFICERS);
  await page.goto(`${url}/office`);
  await app.import(paths);
  await app.importCard(basename(paths[0])).getByRole('heading', { name: '已导入' }).waitFor({ timeout: 60_000 });

  await page.goto(url);
  const steps = [];
  page.on('framenavigated', () => steps.push(new URL(page.url()).pathname));
  const check = await app.startCheck();
  await app.answer(1, '不符合');
  await app.phrase(1, 0);
  await app.fillBlanks(1);
  await app.addPhotos(app.item(1), '相册', photos.slice(0, 2));
  await app.answer(2, '符合');
  await app.number(7, '18');
  await page.goto(`${url}/cases/hazard/new`);
  await page.getByLabel('单位名称').fill('示例锅炉房');
  await page.getByRole('button', { name: '开始', exact: true }).click();
  await app.at('填写基本情况');
  const facts = new URL(page.url()).pathname;
  const [equipmentStep] = steps.filter((path) => path.split('/').length === 4 && path.startsWith('/start/'));
  const broken = join(folder, 'broken.json');
  const bytes = await readFile(paths[0]);
  bytes[bytes.length - 200] ^= 1;
  await writeFile(broken, bytes);
  return { check, facts, record: `/record/${ids[0]}`, equipmentStep, files: [...paths, broken, photos[0]] };
}

/** Every screen and sheet, by words of either language. */
function views(app, url, work) {
  const { page } = app;
  const button = (name) => page.getByRole('button', { name }).first();
  const go = (path) => page.goto(url + path);
  const step = (count) => work.equipmentStep.split('/').slice(0, count).join('/');
  const onCheck = async () => {
    await go(work.check);
    await page.getByRole('article').nth(23).waitFor();
  };
  const finish = async () => {
    await go(`${work.check}/finish`);
    await page.getByRole('heading', { name: /^(签名|Signatures)$/ }).waitFor();
  };
  const record = async () => {
    await go(work.record);
    await page.getByRole('heading', { name: /^(核验通过|Verified)$/ }).waitFor({ timeout: 60_000 });
  };
  const ids = work.equipmentStep.split('/').slice(2);
  const titled = async (path) => {
    await go(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
  };
  const listed = async (path) => {
    await titled(path);
    await page.getByRole('main').getByRole('listitem').first().waitFor();
  };
  const goods = () => button(/^(在店里买的东西|Goods from a shop)$/);
  const complaining = (name) => async () => {
    await titled('/complain');
    await goods().click();
    await page.getByRole('heading', { level: 2, name }).waitFor();
    // A page that is left before it is kept is a draft that is not there.
    await page.getByRole('banner').getByRole('status').filter({ hasText: /^(已保存|Saved)/ }).waitFor();
  };
  const tab = (name) => async () => {
    await record();
    await page.getByRole('tab', { name }).click();
  };
  const sheet = (open, name) => async () => {
    await open();
    await button(name).click();
    await page.getByRole('dialog').waitFor();
  };
  return [
    // Not by its address: that leads back into the check that was open last.
    ['home', async () => (await go('/records'), page.getByRole('link', { name: /^(首页|Home)$/ }).click())],
    ['records', () => go('/records')],
    ['start unit', () => go('/start')],
    ['start unit form', async () => (await go('/start'), button(/新增单位|New unit/).click())],
    ['start elevator', () => go(step(3))],
    ['start equipment form', async () => (await go(step(3)), button(/新增设备|New equipment/).click())],
    ['start inspectors', () => go(step(4))],
    ['ledger', () => listed('/ledger')],
    ['ledger unit', () => titled(`/ledger/${ids[0]}`)],
    ['ledger line', async () => (await titled(`/ledger/${ids[1]}`), page.getByText(/^(为什么|Why)$/).first().click())],
    ['ledger form', () => titled(`/ledger/${ids[1]}/edit`)],
    ['ledger import', () => titled('/ledger/import')],
    ['ledger export', async () => (await titled('/ledger/export'), button(/生成表格|Make the/).waitFor())],
    ['due', async () => (await titled('/due'), page.getByRole('heading', { level: 2 }).first().waitFor())],
    ['days', async () => (await titled('/days'), page.getByText(/^(逐月|By month)$/).first().click())],
    ['scan', () => titled('/scan')],
    ['labels', async () => (await titled(`/labels?of=${ids[0]}`), page.getByRole('img', { name: /二维码|QR/ }).first().waitFor())],
    ['library', () => listed('/library')],
    ['library list', () => listed('/library/elevator')],
    ['library edit', async () => (await titled('/library/elevator/edit'), button(/^(新增检查项|Add an item)$/).waitFor())],
    ['library import', () => titled('/library/import')],
    ['cases', () => listed('/cases')],
    ['cases of a kind', () => listed('/cases/hazard')],
    ['case new', () => titled('/cases/sampling/new')],
    ['case', async () => (await titled(work.facts.replace('/facts', '')), page.getByRole('heading', { name: /^(办理经过|History)$/ }).waitFor())],
    ['case facts', async () => (await titled(work.facts), page.getByRole('heading', { name: /^(还差 \d+ 处|\d+ things lack)$/ }).waitFor())],
    ['documents', () => titled('/documents')],
    ['complain', async () => (await titled('/complain'), goods().waitFor())],
    ['complain danger', complaining(/^(先看安全|Safety first)$/)],
    ['complain about', async () => {
      await complaining(/^(先看安全|Safety first)$/)();
      await button(/^(下一步|Next)$/).click();
      await page.getByRole('heading', { level: 2, name: /^(是什么事|What it is about)$/ }).waitFor();
    }],
    ['complain check', async () => {
      await complaining(/^(先看安全|Safety first)$/)();
      await page.goto(page.url().replace(/[^/]+$/, 'check'));
      await page.getByRole('checkbox').last().waitFor();
    }],
    ['complain mine', () => listed('/complain/mine')],
    ['verify', () => titled('/verify')],
    ['assign', () => titled('/assign')],
    ['assign new', () => titled('/assign/new')],
    ['check', onCheck],
    ['check failed item', async () => {
      await onCheck();
      // Disclosures have no role of their own.
      await page.getByText(/^(常用语|Ready phrases)$/).first().click();
      await page.getByText(/怎么查 ·|How to check ·/).first().click();
    }],
    ['check sections', sheet(onCheck, /^(分区|Sections)$/)],
    ['check void', sheet(onCheck, /作废这次检查|Void this check/)],
    ['photo viewer', sheet(onCheck, /^(照片|Photo) 1/)],
    ['photo drawing', async () => {
      await sheet(onCheck, /^(照片|Photo) 1/)();
      await button(/^(圈画|Draw)$/).click();
      await app.stroke(page.getByRole('img', { name: /查看照片|View photo/ }), [[0.3, 0.3], [0.6, 0.6]]);
    }],
    ['finish', finish],
    ['sign', async () => {
      await sheet(finish, /^(签名|Sign) · /)();
      await app.stroke(page.getByRole('img', { name: /请在框内|Sign in the box/ }), SCRIBBLES[0]);
    }],
    ['refuse', async () => {
      await sheet(finish, /对方拒绝签名|They refuse to sign/)();
      await button(/^(保存|Save)$/).click();
    }],
    ['record', record],
    ['record history', tab(/历史|History/)],
    ['record seals', tab(/签封|Seals/)],
    ['record photo', sheet(record, /^(查看照片|View photo)/)],
    ['record amend', sheet(record, /^(更正|Amend)$/)],
    ['record missing', () => go('/record/01a20c3e-aef9-7659-a780-000000000000')],
    ['print', async () => {
      await go(`${work.record}/print`);
      await page.getByRole('status').filter({ hasText: /可以打印|Ready to print/ }).waitFor({ timeout: 60_000 });
    }],
    ['export', () => go('/export')],
    ['export made', async () => {
      await go('/export');
      const boxes = page.getByRole('checkbox');
      await boxes.first().waitFor();
      await boxes.first().check();
      await button(/生成文件|Make the files/).click();
      await page.getByRole('region', { name: /已生成的文件|Files made/ }).waitFor({ timeout: 60_000 });
    }],
    ['office results', async () => {
      await go('/office');
      await app.choose(button(/选择文件|Choose files/), work.files);
      await page.getByRole('heading', { name: /文件被拒收|The file was refused/ }).nth(1).waitFor({ timeout: 60_000 });
    }],
    ['me', () => go('/me')],
    ['me checked', async () => {
      await go('/me');
      await button(/检查全部数据|Check all data/).click();
      await page.getByText(/全部完好|are whole/).waitFor({ timeout: 60_000 });
    }],
  ];
}

/** The screens that nobody wants to see. */
function rescueViews({ page }, url) {
  const behind = async () => {
    await page.goto(`${url}/me`);
    // As if more had been announced as kept than is there. The device is named on the page.
    const device = /d[0-9a-f]{16}/.exec(await page.getByText(/^d[0-9a-f]{16}/).first().innerText())[0];
    await page.evaluate((device) => localStorage.setItem('spotcheck.installed', JSON.stringify({ device, seq: 99_999 })), device);
    await page.reload();
    await page.getByRole('button', { name: /用现有数据继续|Go on with what is here/ }).click();
  };
  return [['rescue', behind]];
}

/** Leaves the rescue screen as a person does who was told; all data is still there. */
async function goOn(page, url) {
  await page.getByRole('alertdialog').getByRole('button', { name: /用现有数据继续|Go on with what is here/ }).click();
  await page.getByRole('navigation').waitFor();
  await page.goto(url);
  await page.getByText('示例商场有限公司').first().waitFor();
}

/** Looks at what is shown in all themes and both sizes; what is wrong, in lines. */
async function inspect(page, name) {
  const found = [];
  await page.waitForFunction(() => {
    const waiting = document.querySelector('.spinner, [aria-busy=true], #boot');
    // Photos are fetched when somebody comes near.
    waiting?.scrollIntoView();
    return !waiting;
  });
  // What is out of sight is not laid out, and keeps the colours of the theme before: here everything is looked at.
  await page.evaluate(() => {
    const all = new CSSStyleSheet();
    all.replaceSync('* { content-visibility: visible !important; }');
    document.adoptedStyleSheets = [all];
  });
  for (const theme of THEMES) {
    // As the app does it, so that what is open stays open.
    await page.evaluate((theme) => (document.documentElement.dataset.theme = theme), theme);
    await page.waitForFunction(() => document.getAnimations().every((one) => one.playState === 'finished'));
    found.push(...(await violations(page, theme === 'light' ? undefined : COLOURS)).map((line) => `${name} ${theme}: ${line}`));
    found.push(...(await misfits(page)).map((line) => `${name} ${theme}: ${line}`));
    await page.screenshot({ path: join(SCREENS, `${name} ${theme} 360.png`.replaceAll(' ', '-')) });
  }
  await page.evaluate(() => (document.documentElement.dataset.theme = 'light'));
  await page.setViewportSize(DESK);
  await page.waitForFunction(() => document.getAnimations().every((one) => one.playState === 'finished'));
  found.push(...(await violations(page)).map((line) => `${name} at 1280 px: ${line}`));
  found.push(...(await misfits(page)).map((line) => `${name} at 1280 px: ${line}`));
  await page.screenshot({ path: join(SCREENS, `${name} light 1280.png`.replaceAll(' ', '-')) });
  await page.setViewportSize(PHONE);
  return found;
}

/** What axe-core finds, by all rules or by some. Evaluated by the debugger, so that the page's own policy stays as it is. */
async function violations(page, runOnly) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(AXE);
  return page.evaluate(async (runOnly) => {
    const rules = runOnly ? {} : { 'target-size': { enabled: true } };
    const { violations } = await window.axe.run(document, { resultTypes: ['violations'], rules, ...(runOnly && { runOnly }) });
    return violations.flatMap(({ id, nodes }) => nodes.slice(0, 3).map((node) => {
      const why = node.any.concat(node.all, node.none)[0]?.message ?? '';
      return `${id}: ${node.target.join(' ')} ${node.html.slice(0, 80)} ${why.slice(0, 160)}`;
    }));
  }, runOnly);
}

/** What does not fit: the page wider than the screen, or words cut off. */
function misfits(page) {
  return page.evaluate(() => {
    const found = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) found.push(`the page is ${scrollWidth} px wide on a screen of ${clientWidth} px`);
    for (const element of document.querySelectorAll('h1, h2, h3, button, a, summary, label, th, td, p, dt, dd, li, .chip')) {
      const style = getComputedStyle(element);
      if (style.display === 'inline' || !element.textContent.trim() || !element.checkVisibility() || element.closest('.sr')) continue;
      const cut = element.scrollWidth > element.clientWidth + 1 && style.overflowX !== 'auto';
      const low = element.scrollHeight > element.clientHeight + 1 && ['hidden', 'clip'].includes(style.overflowY);
      if (cut || low) found.push(`cut off: <${element.localName} class="${element.className}"> ${element.textContent.trim().slice(0, 40)}`);
    }
    return found;
  });
}

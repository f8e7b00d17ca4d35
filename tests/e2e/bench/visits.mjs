// Long checklists and visits to many pieces of equipment: how fast they open, and how fast an answer is there.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openBrowser } from '../lib/browser.mjs';
import { ATTENDANT, OFFICERS, Screens } from '../lib/screens.mjs';
import { serve } from '../lib/server.mjs';
import { csv, line } from '../lib/tables.mjs';
import { workbook } from '../lib/workbook.mjs';
import { both, drawn, firstOf, FIRST, folder, median, ms, row, seconds, TAPS, until } from './measure.mjs';

const ITEMS = [100, 500, 2_000];
const [VISIT_ITEMS, VISIT_EQUIPMENT] = [200, 50];
const SECTION = 20;
const [OPENINGS, ANSWERS] = [5, 30];
const FIRST_ITEM = 'main.check article';

const HEAD = [
  'type', 'name', 'label::中文 (zh)', 'label::English (en)', 'hint::中文 (zh)', 'hint::English (en)', 'relevant', 'calculation',
  'spotcheck::severity', 'spotcheck::basis', 'spotcheck::limits', 'spotcheck::answer', 'spotcheck::per',
];

/**
 * A checklist as a workbook: of each ten items one is asked only when the one before it failed, one is a number, the
 * others are judged; each section counts its failures, and a last value adds them up.
 */
function form(items, per) {
  const rows = [];
  const add = (cells) => rows.push(HEAD.map((name) => cells[name] ?? ''));
  const counted = [];
  for (let begin = 0; begin < items; begin += SECTION) {
    const number = begin / SECTION + 1;
    const judged = [];
    add({ type: 'begin_group', name: `g${number}`, 'label::中文 (zh)': `第 ${number} 部分`, 'label::English (en)': `Part ${number}` });
    for (let index = begin; index < Math.min(items, begin + SECTION); index += 1) {
      const name = `q${index + 1}`;
      const common = {
        type: 'text',
        name,
        'label::中文 (zh)': `示例项目 ${index + 1}：设备完好，标识清晰，记录齐全`,
        'label::English (en)': `Example item ${index + 1}: sound, marked and recorded`,
        'hint::中文 (zh)': '现场查看，必要时核对记录',
        'hint::English (en)': 'Look at it, and at the records where needed',
        relevant: index % 10 === 5 ? `\${q${index}} = 'fail'` : '',
        'spotcheck::severity': index % 7 === 0 ? 'serious' : 'general',
        'spotcheck::basis': `SAMPLE 第${(index % 60) + 1}条`,
        'spotcheck::per': per,
      };
      if (index % 10 === 9) add({ ...common, type: 'decimal', 'spotcheck::limits': 'unit=mm min=0 max=60 kind=rule' });
      else add({ ...common, type: 'select_one yn', 'spotcheck::answer': 'yes_no_na' });
      judged.push(`if(\${${name}} = 'fail', 1, 0)`);
    }
    add({ type: 'end_group', name: `g${number}` });
    counted.push(`f${number}`);
    add({ type: 'calculate', name: `f${number}`, calculation: judged.join(' + '), 'spotcheck::per': per });
  }
  add({ type: 'calculate', name: 'failures', calculation: counted.map((name) => `\${${name}}`).join(' + '), 'spotcheck::per': per });
  return workbook([
    ['survey', [HEAD, ...rows]],
    ['choices', [['list_name', 'name', 'label::中文 (zh)', 'label::English (en)'], ['yn', 'yes', '是', 'Yes'], ['yn', 'no', '否', 'No']]],
    ['settings', [['form_title', 'form_id', 'version', 'default_language', 'spotcheck::subject'], [titleOf(items, per), `sample-${per}-${items}`, '1', '中文 (zh)', per]]],
    ['basis', [['id', 'name', 'number', 'effective', 'checked', 'source'], ['SAMPLE', '示例规定', '示例〔2026〕1号', '2026-01-01', '', '']]],
  ]);
}

const titleOf = (items, per) => `示例检查表 ${items} 项（${per === 'unit' ? '单位' : '设备'}）`;

/** A phone with one unit, its equipment, and long checklists. */
async function prepared(server, equipment, forms) {
  const browser = await openBrowser(await folder('visits'), { init: [TAPS] });
  await browser.context.addInitScript(FIRST, [FIRST_ITEM]);
  const { page } = browser;
  const app = new Screens(page);
  await page.goto(server.url);
  await page.getByText('可离线使用').first().waitFor();
  browser.context.setDefaultTimeout(60_000);
  await app.setOfficers(OFFICERS);
  const files = await folder('files');
  await writeFile(join(files, 'ledger.csv'), csv(Array.from({ length: equipment }, (_, index) => line(index * 3))));
  await page.goto(`${server.url}/ledger/import`);
  await app.choose(page.getByRole('button', { name: '选择表格文件' }), join(files, 'ledger.csv'));
  await page.getByRole('button', { name: '下一步：核对内容' }).click();
  await page.getByRole('button', { name: /^确认导入/ }).click();
  await page.getByRole('link', { name: '查看台账' }).waitFor();
  for (const [items, per] of forms) {
    const path = join(files, `sample-${per}-${items}.xlsx`);
    await writeFile(path, form(items, per));
    await page.goto(`${server.url}/library/import`);
    await app.choose(page.getByRole('button', { name: '选择表格' }), path);
    await page.getByRole('button', { name: '导入为新检查表' }).click();
    await page.waitForURL(`**/library/sample-${per}-${items}`);
  }
  return { browser, app };
}

/** Begins a visit with one checklist; the address of the visit and how long it took from the last tap. */
async function begin({ page }, server, title, whole) {
  await page.goto(`${server.url}/start`);
  await page.getByRole('link', { name: /示例商场有限公司/ }).click();
  if (whole) {
    await page.getByRole('button', { name: '全选' }).click();
    await page.getByRole('link', { name: '下一步' }).click();
  } else {
    await page.getByRole('link', { name: /^不查设备/ }).click();
  }
  const lists = page.getByRole('region', { name: '本次检查表' });
  await lists.waitFor();
  await page.getByText('全部检查表').click();
  // Once chosen it stands among the first ones.
  await page.getByRole('checkbox', { name: title }).click();
  await page.getByRole('checkbox', { name: title, checked: true }).waitFor();
  // Those that were proposed are taken out again.
  await lists.evaluate((region, name) => {
    for (const box of region.querySelectorAll('input:checked')) if (!box.closest('label').textContent.includes(name)) box.click();
  }, title);
  await page.getByLabel(ATTENDANT).fill('王示例 安全管理员');
  await new Screens(page).passGate();
  const took = await until(page, FIRST_ITEM, () => page.getByRole('button', { name: '开始填写检查表' }).click());
  return { address: page.url(), took };
}

/** Opens a visit by its address several times. */
async function opens(page, address, what, target) {
  const times = [];
  for (let index = 0; index < OPENINGS; index += 1) {
    await page.goto(address);
    times.push(await firstOf(page, FIRST_ITEM));
  }
  row(`${what}: address to first item, program and all`, `${ms(median(times))} (median of ${OPENINGS})`);
  const inApp = [];
  for (let index = 0; index < OPENINGS; index += 1) {
    // A new page holds no open visit. The list of all records is reached without loading anew.
    await page.goto(new URL('/start', address).href);
    await page.getByRole('link', { name: '示例商场有限公司' }).first().waitFor();
    inApp.push(
      await until(page, FIRST_ITEM, () =>
        page.evaluate((path) => {
          // As a tap on the visit in a list does: a link within the app.
          const link = Object.assign(document.createElement('a'), { href: path });
          document.querySelector('main').append(link);
          link.click();
          link.remove();
        }, new URL(address).pathname),
      ),
    );
  }
  row('  link in the running app to first item', `${ms(median(inApp))} (median of ${OPENINGS})`, target);
}

/** Gives verdicts to open items, one after the other from `from` on among those that are drawn. */
async function answers(page, what, from, target) {
  await page.evaluate(() => (window.taps.length = 0));
  for (let index = 0; index < ANSWERS; index += 1) {
    // Each fourth fails, which asks for more and may show another item.
    const name = index % 4 === 3 ? 'fail' : 'pass';
    const button = page.locator(`${FIRST_ITEM} .verdict.${name}`).nth(from + index);
    await button.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await drawn(page);
    const box = await button.boundingBox();
    await page.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2);
    await page.waitForFunction((count) => window.taps.length === count && window.taps.at(-1).kept && window.taps.at(-1).shown, index + 1);
    if ((await button.getAttribute('aria-pressed')) !== 'true') throw new Error(`tap ${index} of ${what} chose nothing`);
  }
  const taps = await page.evaluate(() => window.taps);
  if (taps.some(({ pressed }) => pressed !== 'true')) throw new Error(`${what}: laid out before the answer was shown`);
  row(`  ${what} (${taps.length} answers): given to the page to laid out`, both(taps.map(({ laidOut }) => laidOut)), target);
  row('    finger to saved', both(taps.map(({ kept }) => kept)));
}

/** Draws the part that is shown to its end, as for a person who goes through it. How long that took, in milliseconds. */
const drawAll = (page) =>
  page.evaluate(async () => {
    const begun = performance.now();
    for (let more; (more = document.querySelector('.check-end button')); ) {
      more.click();
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    }
    return performance.now() - begun;
  });

/** Checklists of 100, 500 and 2,000 items. */
export async function lists() {
  const server = await serve();
  const { browser, app } = await prepared(server, 3, ITEMS.map((items) => [items, 'unit']));
  const { page } = app;
  for (const items of ITEMS) {
    const largest = items === Math.max(...ITEMS);
    const what = `checklist of ${items} items`;
    const { address, took } = await begin(app, server, titleOf(items, 'unit'), false);
    row(`${what}: begin to first item`, ms(took));
    await opens(page, address, what, largest ? '≤ 300 ms' : '');
    await page.goto(address);
    await firstOf(page, FIRST_ITEM);
    await answers(page, 'at its beginning', 0, largest ? '≤ 16 ms p95' : '');
    row('  drawn to its end, 40 items at a time', seconds(await drawAll(page)));
    await answers(page, 'at its end, gone through from the first', (await page.locator(`${FIRST_ITEM} .verdict.pass`).count()) - ANSWERS - 1, largest ? '≤ 16 ms p95' : '');
  }
  await browser.close();
  await server.stop();
}

/** A visit of 200 items to each of 50 pieces of equipment. */
export async function visit() {
  const server = await serve();
  const { browser, app } = await prepared(server, VISIT_EQUIPMENT, [[VISIT_ITEMS, 'equipment']]);
  const { page } = app;
  const what = `visit of ${VISIT_ITEMS} items × ${VISIT_EQUIPMENT} pieces of equipment`;
  const { address, took } = await begin(app, server, titleOf(VISIT_ITEMS, 'equipment'), true);
  row(`${what}: begin to first item`, ms(took));
  await opens(page, address, what, '');
  await page.goto(address);
  await firstOf(page, FIRST_ITEM);
  await answers(page, 'first piece', 0, '');
  await page.evaluate(() => (window.taps.length = 0));
  const tabs = page.getByRole('tab');
  for (let index = 1; index <= 20; index += 1) {
    await tabs.nth(index).evaluate((tab) => tab.scrollIntoView({ block: 'nearest', inline: 'center' }));
    await drawn(page);
    await tabs.nth(index).tap();
    await page.waitForFunction((count) => window.taps.length === count && window.taps.at(-1).shown, index);
    if ((await tabs.nth(index).getAttribute('aria-selected')) !== 'true') throw new Error('the tap chose no equipment');
  }
  const switches = await page.evaluate(() => window.taps);
  row(`  switch to other equipment (${switches.length} taps): given to the page to laid out`, both(switches.map(({ laidOut }) => laidOut)));
  row('    finger to the next frame that shows it', both(switches.map(({ shown }) => shown)));
  await browser.close();
  await server.stop();
}

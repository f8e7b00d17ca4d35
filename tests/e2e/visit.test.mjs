// One visit to eight lifts of a unit: what is asked of the unit is asked once, each lift has its answers, all is signed once.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { answerAll, itemOf, LISTS } from './lib/answers.mjs';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { spotcheck } from './lib/cli.mjs';
import { assertQuiet, ATTENDANT, dayFromNow, ITEMS, OFFICERS, SCRIBBLES, Screens, UNIT } from './lib/screens.mjs';
import { isClosed, serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { readChanges } from './lib/stores.mjs';
import { csv, line } from './lib/tables.mjs';

const LIFTS = Array.from({ length: 8 }, (_, index) => `${index + 1}号客梯`);
/** The lift with the failure, and its item. */
const BAD = '5号客梯';
const BAD_ITEM = 12;
const UNIT_PART = '单位共性';
const DUTIES = LISTS.find((list) => list.id === 'use-unit-management');
const perLift = ITEMS.filter((item) => item.per !== 'unit' && !item.common);

test('one visit to eight lifts of a unit', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-visit-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const server = await serve();
  t.after(server.stop);
  const browser = await openBrowser(await newProfile(t), { reducedMotion: 'reduce' });
  const { page } = browser;
  const app = new Screens(page);
  const step = steps(t, () => browser);
  const tablist = page.getByRole('tablist', { name: '设备' });
  let record;
  let file;
  let finding;

  /** Begins a visit to all lifts of the unit, out of the ledger. */
  async function visitAll() {
    await app.startFor(UNIT.name);
    await page.getByRole('button', { name: '全选' }).click();
    await page.getByText('已选 8 台').waitFor();
    await page.getByRole('link', { name: '下一步' }).click();
    await app.at('检查人员');
    await page.getByText('已选 8 台').waitFor();
    for (const title of ['电梯现场检查表', DUTIES.title_zh]) await page.getByRole('checkbox', { name: new RegExp(`^${title}`), checked: true }).waitFor();
    await app.beginVisit('王示例 安全管理员');
    await app.part(LIFTS[7]).waitFor();
    return new URL(page.url()).pathname.split('/').pop();
  }

  await step('the ledger comes in from a table, and the server is stopped', async () => {
    await page.goto(server.url);
    await page.getByText('可离线使用').first().waitFor();
    await app.setOfficers(OFFICERS);
    await server.stop();
    assert.ok(await isClosed(server.port));
    // Every third line of the table is about the same unit.
    const lines = LIFTS.map((name, index) => line(index * 3, { 设备名称: name, 单位内编号: '', 设备代码: `3110130227${2010 + index}0001` }));
    await writeFile(join(folder, 'lifts.csv'), csv(lines));
    await app.importTable(join(folder, 'lifts.csv'));
  });

  await step('all eight are chosen at once', async () => {
    record = await visitAll();
    assert.deepEqual((await tablist.getByRole('tab').allInnerTexts()).map((text) => text.split('\n')[0].trim()), [UNIT_PART, ...LIFTS]);
  });

  await step('what is asked of the unit is asked once', async () => {
    await app.showPart(UNIT_PART);
    const ids = async () => {
      await app.drawAll();
      return page.getByRole('article').evaluateAll((cards) => cards.map((card) => card.id));
    };
    const ofUnit = new Set(await ids());
    const plan = ITEMS.find((item) => item.common);
    const twin = DUTIES.items.find((item) => item.common === plan.common);
    assert.equal([plan.id, twin.id].filter((id) => ofUnit.has(id)).length, 1, 'two lists ask it as one');
    await app.showPart(LIFTS[0]);
    const ofLift = (await ids()).map(itemOf);
    assert.deepEqual(ofLift, perLift, 'nothing of that is asked of a lift');
  });

  await step('two lifts in one tap each, then the same for the others', async () => {
    await app.showPart(LIFTS[0]);
    await app.answer(5, '不适用');
    await page.getByRole('button', { name: '本台其余全部符合' }).click();
    await app.toast(/^已将 \d+ 项设为符合，还有 \d+ 项要填数值或日期/).waitFor();
    await app.pressed(5, '不适用');
    await app.showPart(LIFTS[1]);
    await app.answer(5, '符合');
    await page.getByRole('button', { name: '本台其余全部符合' }).click();
    await app.pressed(8, '符合');

    await app.showPart(LIFTS[0]);
    await page.getByRole('button', { name: '照抄到其余设备' }).click();
    await app.toast(/^已照抄 \d+ 项/).waitFor();
    await app.showPart(LIFTS[7]);
    await app.pressed(5, '不适用');
    await app.pressed(8, '符合');
    // What was answered there stays.
    await app.showPart(LIFTS[1]);
    await app.pressed(5, '符合');
    // The same once more has nothing to give.
    await app.showPart(LIFTS[0]);
    await page.getByRole('button', { name: '照抄到其余设备' }).click();
    await app.toast('没有可照抄的项').waitFor();
  });

  await step('a failure at one of them', async () => {
    await app.showPart(BAD);
    await app.answer(BAD_ITEM, '不符合');
    await app.phrase(BAD_ITEM, 0);
    await app.fillBlanks(BAD_ITEM);
    finding = await app.item(BAD_ITEM).getByLabel('问题描述').inputValue();
    await app.item(BAD_ITEM).getByRole('group', { name: '整改期限' }).getByRole('button', { name: '7 天', exact: true }).click();
    await app.part(BAD).filter({ hasText: '不符合 1' }).waitFor();
    for (const name of [LIFTS[0], LIFTS[7]]) {
      await app.showPart(name);
      await app.pressed(BAD_ITEM, '符合');
    }
  });

  await step('the rest: of the unit, and the figures of each lift', async () => {
    await app.showPart(UNIT_PART);
    await page.getByRole('tabpanel').getByRole('button', { name: '其余全部符合' }).last().click();
    const answered = await answerAll(app);
    const subjects = new Set(answered.map((key) => key.split('.')[1]));
    assert.equal(subjects.size, 9, 'each lift has figures of its own');
    assert.equal(await tablist.getByText('不符合').count(), 1);
    await app.saved();
  });

  await step('signed and sealed once', async () => {
    await page.getByRole('link', { name: '去完成' }).click();
    await app.at('完成检查');
    const problems = page.getByRole('region', { name: '检查发现的问题（1）' });
    assert.match(await problems.innerText(), new RegExp(`${BAD} · 电梯现场检查表 · ${BAD_ITEM}\\.`));
    await page.getByRole('radio', { name: '责令停止使用' }).check();
    await page.getByRole('button', { name: '无异议' }).click();
    await app.saved();
    for (const who of ['检查人员一', '检查人员二', ATTENDANT]) {
      await app.sign(who, async (pad) => {
        for (const points of SCRIBBLES) await app.stroke(pad, points);
      });
    }
    await page.getByText('内容齐全，可以签封').waitFor();
    await page.getByRole('button', { name: '签封记录' }).click();
    await page.waitForURL(`**/record/${record}`);
    await app.verified();
  });

  await step('the paper groups by lift', async () => {
    await page.goto(`${server.url}/record/${record}/print`);
    await page.getByRole('status').filter({ hasText: '可以打印' }).waitFor();
    const paper = page.getByRole('article');
    const line = async (name) => (await name.innerText()).replaceAll(/\s+/g, ' ');
    for (const [index, name] of LIFTS.entries()) {
      const row = await line(paper.getByRole('row', { name: new RegExp(`^${index + 1} ${name} .*2027-05`) }));
      const bad = name === BAD;
      assert.equal(row.includes('不符合'), bad, row);
      if (bad) assert.match(row, new RegExp(`不符合：第 ${BAD_ITEM} 项`));
      // What was entered for each.
      await paper.getByRole('listitem').filter({ hasText: new RegExp(`^${name}：第3项 \\d{4}-`) }).waitFor();
    }
    const item = (number) => line(paper.getByRole('row').filter({ hasText: ITEMS[number - 1].text_zh }));
    assert.match(await item(BAD_ITEM), /符合：1–4、6–8 .*不符合：5/);
    assert.match(await item(5), /符合：2 .*不适用：1、3–8/);
    assert.match(await item(8), /符合：全部/);
    assert.ok((await paper.innerText()).includes(finding));
    const pdf = (await page.pdf({ format: 'A4', preferCSSPageSize: true, printBackground: true })).toString('latin1');
    const pages = pdf.match(/\/Type\s*\/Page\b/g).length;
    assert.ok(pages >= 3 && pages <= 14, `${pages} pages`);
  });

  await step('exported; the program accepts and shows it', async () => {
    await page.goto(`${server.url}/export`);
    await page.getByText('已选 1 份').waitFor();
    [file] = await app.exportTo(folder);
    const verified = await spotcheck('verify', file);
    assert.equal(verified.code, 0, verified.out + verified.err);
    const shown = await spotcheck('show', file);
    assert.equal(shown.code, 0, shown.err);
    const ofRecord = (await readChanges(page)).filter((change) => change.record === record);
    const keys = new Set(ofRecord.map(({ path }) => /^answers\/([^/]+)/.exec(path)?.[1]).filter(Boolean));
    assert.ok(keys.size > 8 * 20, `${keys.size} answers`);
    const texts = new Set([...keys].map((key) => itemOf(key).text_zh));
    for (const words of [record, ...LIFTS, finding, ...texts]) assert.ok(shown.out.includes(words), words);
  });

  await step('the next visit shows what was found at the last one, lift by lift', async () => {
    const next = await visitAll();
    assert.notEqual(next, record);
    const earlier = (number) => app.item(number).getByText(new RegExp(`^上次（${dayFromNow(0)}）`));
    await app.showPart(BAD);
    await earlier(BAD_ITEM).filter({ hasText: `不符合 · ${finding}` }).waitFor();
    await app.item(BAD_ITEM).getByRole('link', { name: '查看记录' }).waitFor();
    await app.showPart(LIFTS[1]);
    await earlier(BAD_ITEM).filter({ hasText: /：符合$/ }).waitFor();
    await earlier(5).filter({ hasText: /：符合$/ }).waitFor();
    await app.showPart(LIFTS[2]);
    await earlier(5).filter({ hasText: /：不适用$/ }).waitFor();
    const kept = (await readChanges(page)).filter((change) => change.record === next && /^answers\//.test(change.path));
    assert.deepEqual(kept, [], 'only shown, nothing is taken over');
  });

  assertQuiet(browser);
  await browser.close();
});

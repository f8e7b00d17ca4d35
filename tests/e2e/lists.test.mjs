// Every checklist that is offered can be answered to its end: nothing lacks but signatures.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { answerAll, BY_ID, card, failItem, itemOf, LISTS } from './lib/answers.mjs';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { assertQuiet, ATTENDANT, OFFICERS, Screens, UNIT } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { csv, line } from './lib/tables.mjs';

/** One piece of equipment of each kind: name, code of its type, name of its kind and type. */
const EQUIPMENT = [
  ['1号客梯', '3110', '电梯', '曳引驱动乘客电梯'],
  ['1号锅炉', '1100', '锅炉', '承压蒸汽锅炉'],
  ['1号储罐', '2150', '压力容器', '第二类压力容器'],
  ['蒸汽管道', '8310', '压力管道', '工艺管道'],
  ['1号行车', '4110', '起重机械', '通用桥式起重机'],
  ['摩天轮', '6100', '大型游乐设施', '观览车类'],
  ['1号叉车', '5110', '场（厂）内专用机动车辆', '叉车'],
  ['东线索道', '9110', '客运索道', '往复式客运架空索道'],
];
const MANAGEMENT = 'use-unit-management';

const forEquipment = (list) => list.applies_to.subject === 'equipment';
const titles = (lists) => lists.map((list) => list.title_zh);

test('every checklist is answered to its end', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-lists-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const server = await serve();
  t.after(server.stop);
  const browser = await openBrowser(await newProfile(t), { reducedMotion: 'reduce' });
  const { page } = browser;
  const app = new Screens(page);
  const step = steps(t, () => browser);
  const ofEquipment = LISTS.filter((list) => forEquipment(list) || list.id === MANAGEMENT);
  const ofUnit = LISTS.filter((list) => !ofEquipment.includes(list));

  await step('a unit with equipment of every kind, out of a table', async () => {
    assert.ok(LISTS.length >= 25);
    await page.goto(server.url);
    await page.getByText('可离线使用').first().waitFor();
    await app.setOfficers(OFFICERS);
    const lines = EQUIPMENT.map(([name, code, kind, type], index) =>
      line(index * 3, { 设备名称: name, 设备代码: `${code}1302272015${String(index).padStart(4, '0')}`, 设备种类: kind, 设备品种: type }),
    );
    const table = join(folder, 'equipment.csv');
    await writeFile(table, csv(lines));
    await app.importTable(table);
  });

  await step('the lists for equipment of every kind, and the one on the unit that uses it', async () => {
    await app.startFor(UNIT.name);
    await app.pickEquipment(EQUIPMENT.map(([name]) => name));
    // All of them are proposed and chosen by themselves.
    for (const title of titles(ofEquipment)) await page.getByRole('checkbox', { name: new RegExp(`^${title}`), checked: true }).waitFor();
    await app.beginVisit('王示例 安全管理员');
    await answerLists(app, ofEquipment);
  });

  const half = Math.ceil(ofUnit.length / 2);
  for (const [number, lists] of [ofUnit.slice(0, half), ofUnit.slice(half)].entries()) {
    await step(`the lists on units, part ${number + 1}`, async () => {
      await app.startFor(UNIT.name);
      await app.startWithout(titles(lists));
      await answerLists(app, lists);
    });
  }

  assertQuiet(browser);
  await browser.close();
});

/** Answers a visit with these lists up to the signatures; one item of each list fails. */
async function answerLists(app, lists) {
  const { page } = app;
  const failed = new Set();
  const answered = await answerAll(app, async (key) => {
    const item = itemOf(key);
    const list = lists.find((one) => one.items.includes(item));
    if (failed.has(list.id) || item.answer.type !== 'yes_no_na') return false;
    failed.add(list.id);
    await failItem(card(page, key), item);
    return true;
  });
  assert.deepEqual([...failed].sort(), lists.map((list) => list.id).sort(), 'one item of each list has failed');

  // What depends on nothing is asked whatever the unit is, by itself or by what stands for it in another list.
  const ids = new Set(answered.map((key) => key.split('.')[0]));
  const common = new Set([...ids].map((id) => BY_ID.get(id).common));
  const unasked = lists.flatMap((list) => list.items).filter((item) => !item.when && !item.retired && !ids.has(item.id) && !(item.common && common.has(item.common)));
  assert.deepEqual(unasked.map((item) => item.id), []);

  await page.getByRole('link', { name: '去完成' }).click();
  await app.at('完成检查');
  await page.getByRole('radio', { name: '责令限期改正' }).check();
  await page.getByRole('heading', { name: '内容齐全，请核对后签名' }).waitFor();
  const missing = page.getByRole('region', { name: '内容齐全，请核对后签名' });
  const wanted = ['检查人员一', '检查人员二', ATTENDANT].map((who) => `${who}签名`);
  assert.deepEqual((await missing.getByRole('button').allInnerTexts()).map((text) => text.trim()), wanted);
  await page.getByRole('heading', { name: `检查发现的问题（${failed.size}）` }).waitFor();
  await app.saved();
}

// The checklists as an office keeps them, with the server stopped: found, read, written, published in versions, and brought in
// from spreadsheets; and what a version means for checks that are under way.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { addItem, closeItem, itemSheet, newList, publish } from './lib/library.mjs';
import { assertQuiet, ITEMS, OFFICERS, Screens, UNIT } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { readChanges } from './lib/stores.mjs';
import { workbook } from './lib/workbook.mjs';

const LIFTS = '电梯现场检查表';
const STALLS = '夜市摊位检查表';
const TEXTS = { licence: '营业执照亮明', aisle: '通道净宽', bins: '垃圾分类投放', bins2: '垃圾分类投放，容器加盖' };

/** Loads the app once, says who works here, and ends the server. */
async function installed(t, profile) {
  const server = await serve();
  t.after(server.stop);
  const browser = await openBrowser(profile);
  const app = new Screens(browser.page);
  await app.page.goto(server.url);
  await app.page.getByText('可离线使用').first().waitFor();
  await app.setOfficers(OFFICERS);
  await server.stop();
  return { browser, app, url: server.url };
}

/** The library: from wherever. */
async function library(app, url) {
  await app.page.goto(`${url}/library`);
  await app.at('检查表库');
  await app.page.getByRole('link', { name: LIFTS }).waitFor();
}

/** What can be done with a list of the library. */
async function acts(app, title) {
  await app.page.getByRole('button', { name: `操作：${title}` }).click();
  const sheet = app.page.getByRole('dialog', { name: title });
  await sheet.waitFor();
  return sheet;
}

/** The row of an item in the editor, by its number from 1 and its text. Its name goes on with how it is answered. */
const editRow = (app, number, text) => app.page.getByRole('button', { name: new RegExp(`^修改第 ${number} 项：\\s*${text}`) });

/** What the editor says of its items, in order. */
const rowNames = (app) =>
  app.page.getByRole('button', { name: /^修改第 \d+ 项：/ }).evaluateAll((rows) => rows.map((row) => row.querySelector('.title').textContent));

test('a checklist of the bureau: found, written, killed half-way, published twice, and checks keep theirs', async (t) => {
  const profile = await newProfile(t);
  let { browser, app, url } = await installed(t, profile);
  const step = steps(t, () => browser);
  let edit;
  let check;

  await step('the library is found from the home page and searched', async () => {
    await app.go('首页');
    await app.page.getByRole('link', { name: '检查表库' }).click();
    await app.at('检查表库');
    const lists = app.page.getByRole('main').getByRole('listitem');
    await lists.filter({ hasText: LIFTS }).getByText(`${ITEMS.length} 项`).waitFor();
    const all = await lists.count();
    assert.ok(all >= 20, `${all} lists`);
    const search = app.page.getByRole('searchbox', { name: '按名称、代号或领域查找' });
    for (const words of ['电梯', 'elevator', '特种设备 电梯']) {
      await search.fill(words);
      await lists.filter({ hasText: LIFTS }).waitFor();
      await lists.filter({ hasText: '锅炉' }).first().waitFor({ state: 'detached' });
    }
    await search.fill('没有这样的表');
    await app.page.getByText('没有找到检查表').waitFor();
    await search.fill('');
    await lists.nth(all - 1).waitFor();
  });

  await step('a list is read through: its items with their basis and versions', async () => {
    const sheet = await acts(app, LIFTS);
    await sheet.getByRole('link', { name: '查看' }).click();
    await app.at(LIFTS);
    for (const item of ITEMS) await app.page.getByRole('listitem').filter({ hasText: item.text_zh }).first().waitFor();
    const third = app.page.getByRole('listitem').filter({ hasText: ITEMS[2].text_zh }).first();
    assert.match(await third.innerText(), /回答方式\s*日期/);
    assert.match(await third.innerText(), /依据/);
    await app.page.getByText('版本历史').click();
    await app.page.getByText('只有自带版本').waitFor();
  });

  await step('a new list: named, three items of three kinds, one with a basis', async () => {
    await library(app, url);
    await app.page.getByRole('button', { name: '新建检查表' }).click();
    const form = app.page.getByRole('dialog', { name: '新建检查表' });
    await form.getByRole('button', { name: '创建' }).click();
    await form.getByText('请填写名称').waitFor();
    await app.page.keyboard.press('Escape');
    await form.waitFor({ state: 'hidden' });
    edit = await newList(app, STALLS);

    const first = await addItem(app, 1, TEXTS.licence);
    await first.getByRole('group', { name: '不符合时的隐患等级' }).getByRole('button', { name: '严重' }).click();
    await first.getByLabel('不符合时的处理措施').selectOption({ index: 1 });
    await first.getByRole('button', { name: '添加依据' }).click();
    await first.getByLabel('选择法律、标准').selectOption('other');
    await first.getByLabel('文件名称和文号').fill('示例县夜市管理办法');
    await first.getByRole('button', { name: '添加依据' }).click();
    await first.getByLabel('第 1 条依据的条款').fill('第三条');
    await closeItem(app, 1);

    const second = await addItem(app, 2, TEXTS.aisle);
    await second.getByLabel('回答方式').selectOption({ label: '数值' });
    await second.getByLabel(/^单位/).fill('m');
    await second.getByLabel('最小值').fill('1.5');
    await closeItem(app, 2);

    const third = await addItem(app, 3, TEXTS.bins);
    await third.getByLabel('回答方式').selectOption({ label: '单选' });
    await third.getByLabel('选项 1', { exact: true }).fill('分类且整洁');
    await third.getByLabel('选项 2', { exact: true }).fill('混投');
    await third.getByRole('checkbox', { name: '选项 2 为符合' }).uncheck();
    await closeItem(app, 3);

    assert.deepEqual(await rowNames(app), [TEXTS.licence, TEXTS.aisle, TEXTS.bins]);
    await app.page.getByRole('button', { name: '第 3 项上移' }).click();
    await editRow(app, 2, TEXTS.bins).waitFor();
    await app.saved();
    assert.deepEqual(await rowNames(app), [TEXTS.licence, TEXTS.bins, TEXTS.aisle]);
  });

  await step('killed: the working copy is back as it was', async () => {
    assertQuiet(browser);
    await browser.killHard();
    browser = await openBrowser(profile);
    app = new Screens(browser.page);
    await library(app, url);
    const row = app.page.getByRole('listitem').filter({ hasText: STALLS });
    await row.getByText('未发布').waitFor();
    await row.getByRole('link').click();
    await app.at(STALLS);
    assert.equal(new URL(app.page.url()).pathname, edit);
    assert.deepEqual(await rowNames(app), [TEXTS.licence, TEXTS.bins, TEXTS.aisle]);
    await editRow(app, 1, TEXTS.licence).click();
    const first = itemSheet(app, 1);
    await first.getByRole('button', { name: '严重', exact: true, pressed: true }).waitFor();
    assert.equal(await first.getByLabel('第 1 条依据的条款').inputValue(), '第三条');
    await first.getByRole('button', { name: '完成' }).click();
  });

  await step('what is wrong is said and one tap away; then version 1 is published', async () => {
    await addItem(app, 4, '');
    await closeItem(app, 4);
    await app.page.getByRole('button', { name: '发布新版本' }).click();
    const faults = app.page.getByRole('alert').filter({ hasText: '还有 1 处要改' });
    await faults.getByRole('button', { name: '第 4 项：请写明要求' }).click();
    await itemSheet(app, 4).getByRole('button', { name: '删除这一项' }).click();
    await app.toast('已删除第 4 项').waitFor();
    await faults.waitFor({ state: 'detached' });
    await app.saved();
    await publish(app, '1.0.0');
    await app.at(STALLS);
    assert.equal(new URL(app.page.url()).pathname, edit.replace('/edit', ''));
    const first = app.page.getByRole('listitem').filter({ hasText: TEXTS.licence }).first();
    assert.match(await first.innerText(), /示例县夜市管理办法\s*第三条\s*未核实/);
  });

  await step('a check begins with it and is judged by its limits and options', async () => {
    await app.page.goto(url);
    await app.page.getByRole('link', { name: '开始检查' }).click();
    await app.addUnit(UNIT);
    check = await app.startWithout([STALLS]);
    const [bins, aisle] = [TEXTS.bins, TEXTS.aisle].map((name) => app.page.getByRole('article', { name }));
    await bins.getByRole('radio', { name: '混投' }).check();
    await bins.getByRole('button', { name: '不符合', exact: true, pressed: true }).waitFor();
    await aisle.getByLabel(/^填写数值/).fill('1.2');
    await aisle.getByLabel(/^填写数值/).blur();
    await aisle.getByRole('button', { name: '不符合', exact: true, pressed: true }).waitFor();
    assert.equal(await app.page.getByRole('article').count(), 3);
    await app.saved();
  });

  await step('version 2: one reworded, one retired, one new', async () => {
    await app.page.goto(`${url}${edit}`);
    await app.at(STALLS);
    await app.page.getByRole('button', { name: '修改第 2 项' }).click();
    await itemSheet(app, 2).getByLabel('要求（应当是什么样）').fill(TEXTS.bins2);
    await closeItem(app, 2);
    await app.page.getByRole('button', { name: '修改第 3 项' }).click();
    await itemSheet(app, 3).getByRole('button', { name: '停用这一项' }).click();
    await app.toast('已停用第 3 项').getByRole('button', { name: '撤销' }).click();
    const row = app.page.getByRole('listitem').filter({ hasText: TEXTS.aisle });
    await row.getByText('已停用').waitFor({ state: 'detached' });
    await app.page.getByRole('button', { name: '修改第 3 项' }).click();
    await itemSheet(app, 3).getByRole('button', { name: '停用这一项' }).click();
    await row.getByText('已停用').waitFor();
    await addItem(app, 4, '灭火器在有效期内');
    await closeItem(app, 4);
    await publish(app, '1.1.0');
    await app.page.getByText('版本历史').click();
    const history = app.page.getByRole('listitem').filter({ has: app.page.getByRole('heading', { name: /^第 \d 版$/ }) });
    await history.nth(1).waitFor();
    const [latest, oldest] = (await history.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
    assert.match(latest, /第 2 版 版本 1\.1\.0 现行 .*张示例.*与上一版相比/);
    assert.match(latest, new RegExp(`改文字.*${TEXTS.bins2}.*原为：${TEXTS.bins}`));
    assert.match(latest, new RegExp(`停用.*${TEXTS.aisle}`));
    assert.match(latest, /新增.*灭火器在有效期内/);
    assert.match(oldest, /第 1 版 版本 1\.0\.0 .*首次发布，3 项/);
  });

  await step('the check under way keeps version 1; a new one is asked version 2', async () => {
    await app.page.goto(`${url}${check}`);
    await app.page.getByRole('article', { name: TEXTS.aisle }).waitFor();
    const names = async () => app.page.getByRole('article').getByRole('heading').allInnerTexts();
    assert.deepEqual((await names()).map((name) => name.replace(/^\d+\s*/, '').trim()), [TEXTS.licence, TEXTS.bins, TEXTS.aisle]);
    await app.page.getByRole('banner').getByRole('link', { name: '返回' }).click();
    await app.page.getByRole('link', { name: '开始检查' }).click();
    await app.page.getByRole('link', { name: new RegExp(UNIT.name) }).click();
    await app.startWithout([STALLS]);
    assert.deepEqual((await names()).map((name) => name.replace(/^\d+\s*/, '').trim()), [TEXTS.licence, TEXTS.bins2, '灭火器在有效期内']);
  });

  await step('taken out of use and back again', async () => {
    await library(app, url);
    await (await acts(app, STALLS)).getByRole('button', { name: '停用' }).click();
    await app.toast(`已停用“${STALLS}”`).waitFor();
    await app.page.getByRole('link', { name: STALLS }).waitFor({ state: 'detached' });
    await app.page.getByRole('button', { name: '显示已停用（1）' }).click();
    await (await acts(app, STALLS)).getByRole('button', { name: '恢复使用' }).click();
    await app.toast(`已恢复“${STALLS}”`).waitFor();
    await app.page.getByRole('listitem').filter({ hasText: STALLS }).getByText('自编').waitFor();
  });

  assertQuiet(browser);
  await browser.close();
});

const SURVEY = ['type', 'name', 'label', 'relevant', 'calculation', 'read_only', 'spotcheck::severity', 'required'];
const row = (type, name = '', label = '', over = {}) => SURVEY.map((head) => ({ type, name, label, ...over })[head] ?? '');
const SETTINGS = [['form_title', 'form_id', 'version', 'spotcheck::subject'], ['冷库检查表', 'cold-store', '3', 'unit']];
const CHOICES = [['list_name', 'name', 'label'], ['verdict', 'pass', '符合'], ['verdict', 'fail', '不符合'], ['verdict', 'na', '不适用'], ['gas', 'ammonia', '氨'], ['gas', 'freon', '氟利昂']];
const GOOD = [
  SURVEY,
  row('begin_group', 'plant', '制冷系统'),
  row('select_one gas', 'gas', '制冷剂'),
  row('select_one verdict', 'alarm', '氨气浓度报警装置有效', { relevant: "${gas} = 'ammonia'", 'spotcheck::severity': 'serious' }),
  row('end_group'),
  row('begin_repeat', 'rooms', '冷间'),
  row('integer', 'crates', '货箱数'),
  row('integer', 'weight', '每箱公斤数'),
  row('integer', 'load', '本间合计公斤数', { calculation: '${crates} * ${weight}', read_only: 'yes' }),
  row('end_repeat'),
  row('calculate', 'total', '', { calculation: 'sum(${load})' }),
  row('text', 'plan', '大库的应急预案编号', { relevant: '${total} > 1000' }),
];

test('a checklist as a spreadsheet: out, back, refused with its places, taken in, and worked with', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-library-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const { browser, app, url } = await installed(t, await newProfile(t));
  const { page } = app;
  const step = steps(t, () => browser);
  const file = async (name, sheets) => {
    await writeFile(join(folder, name), workbook(Object.entries(sheets)));
    return join(folder, name);
  };
  const importPage = async (path) => {
    await page.goto(`${url}/library/import`);
    await app.choose(page.getByRole('button', { name: '选择表格' }), [path]);
  };
  const download = async (button) => {
    const [got] = await Promise.all([page.waitForEvent('download'), button.click()]);
    const path = join(folder, got.suggestedFilename());
    await got.saveAs(path);
    assert.equal((await readFile(path)).subarray(0, 4).toString('latin1'), 'PK\x03\x04');
    return path;
  };

  await step('a list goes out as a spreadsheet and comes back unchanged', async () => {
    await library(app, url);
    const sheet = await acts(app, LIFTS);
    const path = await download(sheet.getByRole('button', { name: '导出电子表格' }));
    assert.match(path, /elevator-[\d.]+\.xlsx$/);
    await importPage(path);
    const preview = page.getByRole('region', { name: '预览' });
    await preview.getByText('与现有版本完全相同，不需要导入').waitFor();
    assert.equal(await preview.getByRole('button', { name: /^导入为/ }).count(), 0);
    assert.equal(await page.getByText(/\d+ 处错误/).count(), 0);
  });

  await step('a workbook with errors is refused with sheet, row and column; nothing is kept', async () => {
    const before = (await readChanges(page)).length;
    const bad = [
      ...GOOD,
      row('integer', '1st', '名称不对'),
      row('select_one nowhere', 'where', '没有这个列表'),
      row('integer', 'sum', '公式不对', { calculation: '${crate} + 1' }),
      row('begin_group', 'open', '没有结束的分组'),
    ];
    await importPage(await file('bad.xlsx', { survey: bad, choices: CHOICES, settings: SETTINGS }));
    await page.getByText('这个文件不能导入，没有保存任何内容').waitFor();
    await page.getByText('4 处错误').waitFor();
    const findings = (await page.getByRole('listitem').filter({ hasText: '工作表' }).allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '));
    const expected = [
      /^工作表 survey · B13 .*“1st”不能作名称/,
      /^工作表 survey · A14 .*没有“nowhere”这个选项列表/,
      /^工作表 survey · E15 .*没有名为“crate”的检查项.*您要写的是不是“crates”/,
      /^工作表 survey · A16 .*分组“open”没有结束/,
    ];
    for (const one of expected) assert.ok(findings.some((text) => one.test(text)), `${one} in ${findings.join('\n')}`);
    assert.equal(await page.getByRole('button', { name: /^导入为/ }).count(), 0);
    assert.equal((await readChanges(page)).length, before);
    await library(app, url);
    assert.equal(await page.getByRole('link', { name: '冷库检查表' }).count(), 0);
  });

  await step('what is no workbook at all is refused too', async () => {
    const path = join(folder, 'torn.xlsx');
    await writeFile(path, workbook([['survey', GOOD]]).subarray(0, 900));
    await importPage(path);
    await page.getByText(/文件已损坏/).waitFor();
  });

  await step('a good one is shown, taken in and in the library', async () => {
    await importPage(await file('good.xlsx', { survey: GOOD, choices: CHOICES, settings: SETTINGS }));
    const preview = page.getByRole('region', { name: '预览' });
    await preview.getByText('冷库检查表').waitFor();
    await preview.getByText('cold-store').waitFor();
    await preview.getByRole('button', { name: '导入为新检查表' }).click();
    await app.toast('已导入“冷库检查表”，版本 3').waitFor();
    await app.at('冷库检查表');
    await page.getByText('本表含分组、循环或公式').waitFor();
  });

  await step('a visit with it: questions come and go, sums are worked out, rooms are added', async () => {
    await page.goto(url);
    await page.getByRole('link', { name: '开始检查' }).click();
    await app.addUnit(UNIT);
    await app.startWithout(['冷库检查表']);
    const item = (name) => page.getByRole('article', { name });
    const put = async (card, text) => {
      await card.getByLabel(/^填写数值/).fill(text);
      await card.getByLabel(/^填写数值/).blur();
    };
    await item('制冷剂').getByRole('radio', { name: '氟利昂' }).check();
    await page.getByText('按已填内容不问：氨气浓度报警装置有效').waitFor();
    assert.equal(await item('氨气浓度报警装置有效').count(), 0);
    await item('制冷剂').getByRole('radio', { name: '氨' }).check();
    await item('氨气浓度报警装置有效').getByRole('button', { name: '符合', exact: true }).click();
    await item('氨气浓度报警装置有效').getByRole('button', { name: '符合', exact: true, pressed: true }).waitFor();

    await page.getByText('按已填内容不问：大库的应急预案编号').waitFor();
    await put(item('货箱数'), '40');
    await put(item('每箱公斤数'), '20');
    await item('本间合计公斤数').getByText('800').waitFor();
    await page.getByRole('button', { name: '再加一组：冷间' }).click();
    await page.getByRole('heading', { name: '冷间 #2' }).waitFor();
    await put(item('货箱数').nth(1), '30');
    await put(item('每箱公斤数').nth(1), '10');
    await item('本间合计公斤数').nth(1).getByText('300').waitFor();
    // 800 and 300 are more than 1000.
    await item('大库的应急预案编号').waitFor();
    await page.getByRole('button', { name: '去掉这一组' }).last().click();
    await page.getByText('按已填内容不问：大库的应急预案编号').waitFor();
    await app.toast('已去掉').getByRole('button', { name: '撤销' }).click();
    await item('大库的应急预案编号').waitFor();
    await app.saved();
  });

  await step('the same workbook changed becomes a new version: names keep their ids, what is gone is retired', async () => {
    const changed = GOOD.filter((cells) => cells[1] !== 'plan').map((cells) => cells.map((text) => (text === '制冷剂' ? '制冷剂种类' : text)));
    await importPage(await file('changed.xlsx', { survey: changed, choices: CHOICES, settings: [SETTINGS[0], ['冷库检查表', 'cold-store', '4', 'unit']] }));
    const preview = page.getByRole('region', { name: '预览' });
    await preview.getByText('与现有检查表“冷库检查表”（版本 3）相比').waitFor();
    const text = (await preview.innerText()).replaceAll(/\s+/g, ' ');
    assert.match(text, /改文字.*制冷剂种类.*原为：制冷剂/);
    assert.match(text, /停用.*大库的应急预案编号/);
    await preview.getByRole('button', { name: '导入为新版本 4' }).click();
    await app.toast('已导入“冷库检查表”，版本 4').waitFor();
  });

  await step('the template comes in as it is', async () => {
    await page.goto(`${url}/library/import`);
    const path = await download(page.getByRole('button', { name: '下载模板' }));
    await app.choose(page.getByRole('button', { name: '选择表格' }), [path]);
    const preview = page.getByRole('region', { name: '预览' });
    await preview.getByText('示例检查表').waitFor();
    await preview.getByRole('button', { name: '导入为新检查表' }).waitFor();
    assert.equal(await page.getByText(/\d+ 处错误/).count(), 0);
  });

  assertQuiet(browser);
  await browser.close();
});

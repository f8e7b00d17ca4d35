// The office gives work to phones: tasks, ledgers, a checklist of its own and the days off of next year go out as one file, reach
// phones by hand or by a link, and what was done comes back.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { DESK, newProfile, openBrowser } from './lib/browser.mjs';
import { addItem, closeItem, newList, publish } from './lib/library.mjs';
import { assertQuiet, ATTENDANT, dayFromNow, OFFICERS, SCRIBBLES, Screens } from './lib/screens.mjs';
import { copyOfBuild, put, serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { csv, line } from './lib/tables.mjs';

const HOLIDAYS = new URL('../../public/content/rules/holidays.json', import.meta.url);
const LIST = '节前检查表';
const TASK = '节前安全检查';
const [MALL, CLINIC] = ['示例商场有限公司', '样本县人民医院'];
const DUE = dayFromNow(20);

/** The days off as they come with the app, and those of one more year. */
async function nextHolidays() {
  const file = JSON.parse(await readFile(HOLIDAYS, 'utf8'));
  const last = file.years.at(-1);
  const year = last.year + 1;
  const day = `${year}-01-01`;
  file.years.push({ ...last, year, source: `示例通知（${year}年）`, checked: 'knowledge', days_off: [{ from: day, to: day, zh: '元旦', en: 'New Year' }], workdays: [] });
  return { text: JSON.stringify(file), year };
}

/** The links of the tasks on the home page. */
const tasks = (page) => page.getByRole('region', { name: '任务' }).getByRole('link');

test('tasks, ledgers, a checklist and days off go to phones by a file and by a link, and come back done', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-assign-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const dist = await copyOfBuild(t);
  const server = await serve(dist);
  t.after(server.stop);
  const { url } = server;
  const open = async (name, options) => {
    const browser = await openBrowser(await newProfile(t, name), options);
    await browser.page.goto(url);
    await browser.page.getByText('可离线使用').first().waitFor();
    return browser;
  };
  let browser;
  let file;
  let back;
  let taskPath;
  const step = steps(t, () => browser);
  const office = await open('office', { size: DESK, touch: false });
  browser = office;
  const desk = new Screens(office.page);
  let phone;
  let app;

  await step('the office has a ledger and a checklist of its own', async () => {
    await desk.setOfficers({ ...OFFICERS, officer: ['赵示例', 'SL000009'] });
    const table = join(folder, 'ledger.csv');
    await writeFile(table, csv(Array.from({ length: 6 }, (_, index) => line(index))));
    await desk.importTable(table);
    await desk.page.goto(`${url}/library`);
    await newList(desk, LIST);
    for (const [index, text] of ['消防通道畅通', '值班人员在岗'].entries()) {
      await addItem(desk, index + 1, text);
      await closeItem(desk, index + 1);
    }
    await publish(desk, '1.0.0');
  });

  await step('days off of one more year are compared, then kept', async () => {
    const { text, year } = await nextHolidays();
    const path = join(folder, 'holidays.json');
    await writeFile(path, text);
    await desk.page.goto(`${url}/office`);
    await desk.page.getByRole('link', { name: '下发任务、台账和规则' }).click();
    await desk.at('下发');
    await desk.page.getByText('没有待办任务').waitFor();
    await desk.choose(desk.page.getByRole('button', { name: '导入节假日或规则文件' }), [path]);
    await desk.heading('新增（1）').waitFor();
    await desk.page.getByRole('listitem').filter({ hasText: String(year) }).first().waitFor();
    await desk.page.getByRole('button', { name: '保存为新版本' }).click();
    await desk.page.getByText('已保存，从现在起使用').waitFor();
    await desk.page.getByRole('checkbox', { name: /放假和调休上班日/ }).waitFor();
  });

  await step('two tasks for two units, with the equipment that stands there', async () => {
    await desk.page.getByRole('link', { name: '新建任务' }).click();
    await desk.at('新建任务');
    await desk.page.getByRole('button', { name: '生成 0 个任务' }).click();
    await desk.page.getByText('请填写任务名称').waitFor();
    await desk.page.getByText('请至少选一个单位').waitFor();
    await desk.fill('任务名称', TASK);
    await desk.fill('完成期限', DUE);
    const search = desk.page.getByRole('searchbox', { name: /^搜索单位/ });
    await search.fill('slsc');
    await desk.page.getByRole('button', { name: `加入：${MALL}` }).click();
    await search.fill('医院');
    await desk.page.getByRole('button', { name: `加入：${CLINIC}` }).click();
    await desk.page.getByText('已选 2 家').waitFor();
    // The first of the mall's two lifts is left out.
    await desk.page.getByRole('button', { name: `${MALL}：选设备` }).click();
    await desk.page.getByRole('checkbox', { name: /^1号客梯/ }).uncheck();
    await desk.page.getByRole('button', { name: `${MALL}：选设备` }).getByText('设备 1/2').waitFor();
    await desk.page.getByText(/^其他检查表/).click();
    await desk.page.getByRole('searchbox', { name: '搜索检查表' }).fill(LIST);
    await desk.page.getByRole('checkbox', { name: LIST }).check();
    await desk.page.getByRole('button', { name: '生成 2 个任务' }).click();
    await desk.page.getByRole('status').filter({ hasText: '已保存 2 个任务' }).waitFor();
    await desk.page.getByRole('listitem').filter({ hasText: MALL }).getByText('设备 1').waitFor();
    await desk.page.getByRole('listitem').filter({ hasText: CLINIC }).getByText('设备 2').waitFor();
  });

  await step('handed out as one file: chosen, counted, made, with a link for the site', async () => {
    await desk.page.getByRole('link', { name: '去下发' }).click();
    await desk.page.getByRole('group', { name: '待办任务' }).getByRole('button', { name: '全部（2）', pressed: true }).waitFor();
    await desk.page.getByRole('group', { name: '台账' }).getByRole('button', { name: '只带任务涉及的单位和设备' }).click();
    await desk.page.getByRole('checkbox', { name: new RegExp(`^${LIST}`) }).check();
    await desk.page.getByRole('checkbox', { name: /放假和调休上班日/ }).check();
    // Two units with two lifts each.
    await desk.page.getByRole('status').filter({ hasText: '将下发：任务 2，台账 6，检查表和规则 2' }).waitFor();
    await desk.page.getByRole('button', { name: '生成下发文件' }).click();
    const made = desk.page.getByRole('region', { name: '已生成的文件' });
    const [download] = await Promise.all([desk.page.waitForEvent('download'), made.getByRole('button', { name: '下载', exact: true }).click()]);
    file = join(folder, download.suggestedFilename());
    await download.saveAs(file);
    const link = desk.page.getByLabel(`链接（${basename(file)}）`);
    assert.equal(await link.inputValue(), `${url}/get?file=/packs/${basename(file)}`);
    await desk.page.getByRole('img', { name: `链接的二维码：${basename(file)}` }).waitFor();
    assertQuiet(office);
  });

  await step('a phone takes the file in and has the tasks on its home page', async () => {
    phone = await open('phone');
    browser = phone;
    app = new Screens(phone.page);
    await app.setOfficers(OFFICERS);
    await app.go('办公室');
    await app.import([file]);
    await app.importCard(basename(file)).getByRole('heading', { name: '已导入' }).waitFor();
    await app.go('首页');
    await tasks(app.page).nth(1).waitFor();
    const shown = await tasks(app.page).allInnerTexts();
    for (const unit of [MALL, CLINIC]) assert.ok(shown.some((text) => text.includes(TASK) && text.includes(unit) && text.includes(`${DUE} 前完成`)), shown.join('\n'));
    // The rules came along too.
    await app.page.goto(`${url}/assign`);
    for (const name of [LIST, '放假和调休上班日']) await app.page.getByRole('checkbox', { name: new RegExp(name) }).waitFor();
  });

  await step('the check begins from the task, with its equipment and its checklist', async () => {
    await app.go('首页');
    await tasks(app.page).filter({ hasText: MALL }).click();
    await app.at('任务');
    taskPath = new URL(app.page.url()).pathname;
    await app.page.getByText(`${DUE} · 还有 20 天`).waitFor();
    await app.page.getByRole('link', { name: '开始检查' }).click();
    await app.at('检查人员');
    await app.page.getByRole('checkbox', { name: new RegExp(`^${LIST}`), checked: true }).waitFor();
    await app.page.getByText(/4号客梯/).first().waitFor();
    assert.equal(await app.page.getByRole('region', { name: '本次检查表' }).getByRole('checkbox', { checked: true }).count(), 1);
    assert.equal(await app.page.getByLabel(/^任务来源/).inputValue(), TASK);
    await app.beginVisit('王示例 安全管理员');
    for (const text of ['消防通道畅通', '值班人员在岗']) {
      const item = app.page.getByRole('article', { name: text });
      await item.getByRole('button', { name: '符合', exact: true }).click();
      await item.getByRole('button', { name: '符合', exact: true, pressed: true }).waitFor();
    }
    await app.saved();
    await app.page.getByRole('link', { name: '去完成' }).click();
    await app.at('完成检查');
    await app.page.getByRole('radio', { name: '未发现问题' }).check();
    await app.page.getByRole('button', { name: '无异议' }).click();
    for (const who of ['检查人员一', '检查人员二', ATTENDANT]) {
      await app.sign(who, async (pad) => {
        for (const points of SCRIBBLES) await app.stroke(pad, points);
      });
    }
    await app.page.getByRole('button', { name: '签封记录' }).click();
    await app.page.waitForURL(/\/record\//);
    await app.verified();
  });

  await step('the task is done on the phone', async () => {
    await app.page.goto(`${url}${taskPath}`);
    await app.page.getByText('已完成', { exact: true }).waitFor();
    await app.page.getByRole('link', { name: '完成这项任务的检查' }).waitFor();
    await app.go('首页');
    await tasks(app.page).filter({ hasText: CLINIC }).waitFor();
    assert.equal(await tasks(app.page).count(), 1);
  });

  await step('the check goes to the office, and the task with it', async () => {
    await app.go('导出');
    await app.page.getByText('已选 1 份').waitFor();
    [back] = await app.exportTo(folder);
    assertQuiet(phone);
    await phone.close();
    browser = office;
    await desk.go('办公室');
    await desk.import([back]);
    await desk.importCard(basename(back)).getByRole('heading', { name: '已导入' }).waitFor();
    await desk.page.goto(`${url}${taskPath}`);
    await desk.page.getByText('已完成', { exact: true }).waitFor();
    await desk.page.getByRole('link', { name: '完成这项任务的检查' }).click();
    await desk.page.waitForURL(/\/record\//);
    await desk.verified();
    await desk.page.goto(url);
    await tasks(desk.page).filter({ hasText: CLINIC }).waitFor();
    assert.equal(await tasks(desk.page).count(), 1);
  });

  await step('the other one is cancelled with a reason; both go out once more', async () => {
    await tasks(desk.page).filter({ hasText: CLINIC }).click();
    await desk.page.getByRole('button', { name: '取消任务' }).click();
    const sheet = desk.page.getByRole('dialog', { name: '取消任务' });
    await sheet.getByRole('button', { name: '取消任务' }).click();
    await sheet.getByText('请填写取消原因').waitFor();
    await sheet.getByLabel('取消原因').fill('单位已停业');
    await sheet.getByRole('button', { name: '取消任务' }).click();
    await desk.page.getByText('取消原因：单位已停业').waitFor();
    await desk.page.goto(`${url}/assign`);
    await desk.page.getByText('其中 2 个下发后已完成或取消').waitFor();
    await desk.page.getByRole('status').filter({ hasText: '将下发：任务 2，台账 0，检查表和规则 0' }).waitFor();
    await desk.page.getByRole('button', { name: '生成下发文件' }).click();
    const made = desk.page.getByRole('region', { name: '已生成的文件' });
    const [download] = await Promise.all([desk.page.waitForEvent('download'), made.getByRole('button', { name: '下载', exact: true }).click()]);
    await mkdir(join(dist, 'packs'), { recursive: true });
    const second = join(dist, 'packs', 'second.json');
    await download.saveAs(second);
    await put(dist, 'packs/first.json', await readFile(file));
    assertQuiet(office);
    await office.close();
  });

  await step('another phone takes the first file in by its link, and nothing twice', async () => {
    phone = await open('linked');
    browser = phone;
    app = new Screens(phone.page);
    const get = async (path) => {
      await app.page.goto(`${url}/get?file=${path}`);
      await app.at('导入下发文件');
      await app.page.getByRole('button', { name: '下载并导入' }).click();
    };
    // Nothing is taken in before the person says so.
    await app.page.goto(`${url}/get?file=/packs/first.json`);
    await app.page.getByText('/packs/first.json').waitFor();
    await app.go('首页');
    assert.equal(await tasks(app.page).count(), 0);

    await get('/packs/first.json');
    await app.heading('已导入').waitFor();
    await app.go('首页');
    await tasks(app.page).nth(1).waitFor();
    await get('/packs/first.json');
    await app.page.getByRole('heading', { name: '全部已有，没有重复入库' }).waitFor();

    await get('//example.com/x.json');
    await app.page.getByText('链接里的文件地址不对').waitFor();
    await get('/packs/absent.json');
    await app.page.getByText('本站上没有这个文件').waitFor();

    await get('/packs/second.json');
    await app.heading('已导入').waitFor();
    await app.go('首页');
    await app.page.getByText('没有进行中的检查').waitFor();
    await app.page.getByRole('region', { name: '任务' }).waitFor({ state: 'detached' });
  });

  await step('without a network the link says so', async () => {
    await app.page.goto(`${url}/get?file=/packs/first.json`);
    await server.stop();
    await app.page.getByRole('button', { name: '下载并导入' }).click();
    await app.page.getByText('下载不了：没有网络').waitFor();
    // The browser itself notes what it could not fetch.
    assertQuiet(phone, [/Failed to load resource/]);
    await phone.close();
  });
});

// Ten complaints about one toy become one lead, a task, a check, and each page leads back to the others; the figures agree.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { answerAll } from './lib/answers.mjs';
import { DESK, newProfile, openBrowser } from './lib/browser.mjs';
import { Cases } from './lib/cases.mjs';
import { photoFiles } from './lib/photos.mjs';
import { assertQuiet, ATTENDANT, dayFromNow, OFFICERS, SCRIBBLES, UNIT } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { csv, line } from './lib/tables.mjs';

const COUNT = 10;
const TOY = { '商品、服务种类': /玩具/, '商品、服务或者设备名称': '示例玩具小车', 品牌: '示例牌', 规格型号: 'X1' };
const WHAT = /示例玩具小车/;

test('complaints about one product lead to a check, and all of them to each other', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-signals-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const server = await serve();
  t.after(server.stop);
  const { url } = server;
  const browser = await openBrowser(await newProfile(t, 'office'), { reducedMotion: 'reduce', size: DESK, touch: false });
  const app = new Cases(browser.page);
  const { page } = app;
  const step = steps(t, () => browser);
  const photos = await photoFiles();
  let complaint;
  let lead;
  await page.goto(url);
  await page.getByText('可离线使用').first().waitFor();
  await app.setOfficers(OFFICERS);
  await server.stop();
  await writeFile(join(folder, 'ledger.csv'), csv([line(0)]));
  await app.importTable(join(folder, 'ledger.csv'));

  await step('ten complaints about one toy, in several shops', async () => {
    for (let index = 0; index < COUNT; index += 1) {
      const shop = index === COUNT - 1 ? UNIT.name : `示例玩具店${index}`;
      await app.register(url, 'complaint', shop, {
        投诉事项: `玩具轮子脱落（${index + 1}）`,
        收到投诉日期: dayFromNow(-index),
        被投诉人名称: shop,
        ...TOY,
      }, photos);
      await app.at('投诉');
      complaint ??= new URL(page.url()).pathname;
    }
  });

  await step('one signal says why, and becomes a lead', async () => {
    await page.goto(`${url}/leads`);
    await page.getByRole('heading', { name: '待立线索（1）' }).waitFor();
    const signal = page.getByRole('article').filter({ hasText: WHAT });
    await signal.getByText(`${COUNT} 件`, { exact: true }).waitFor();
    await signal.getByText('同一产品').waitFor();
    await signal.getByRole('button', { name: '立为线索' }).click();
    // The list has the same title.
    await page.waitForURL(/\/case\//);
    await app.stands('待研判');
    lead = new URL(page.url()).pathname;
    await page.goto(`${url}/leads`);
    await page.getByRole('heading', { name: '待立线索（0）' }).waitFor();
    await page.goto(url + complaint);
    await page.getByRole('region', { name: '所属线索' }).getByRole('link').first().waitFor();
    await page.getByText(`同类投诉举报 ${COUNT - 1} 件`).waitFor();
  });

  await step('a task is made from it, and the check begins from the task', async () => {
    await page.goto(url + lead);
    await app.doStep('研判，建议检查', {}, photos);
    await page.getByRole('link', { name: '建检查任务' }).click();
    await app.at('新建任务');
    assert.match(await page.getByLabel('任务名称').inputValue(), WHAT);
    await page.getByText('已选 1 家').waitFor();
    await page.getByRole('button', { name: '生成 1 个任务' }).click();
    await page.getByRole('status').filter({ hasText: '已保存 1 个任务' }).waitFor();
    await page.goto(url + lead);
    await app.stands('已派检，待结果');
    await page.getByRole('list', { name: '检查任务' }).getByRole('link').click();
    await app.at('任务');
    await page.getByRole('link', { name: '开始检查' }).click();
    await page.getByRole('link', { name: /^不查设备/ }).click();
    await app.at('检查人员');
    await app.beginVisit('王示例 安全管理员');
    await page.goto(url + lead);
    await page.getByRole('list', { name: '为线索做的检查' }).getByText('检查中').waitFor();
    await page.getByRole('list', { name: '为线索做的检查' }).getByRole('link').click();
  });

  await step('the sealed check stands at the lead and at the complaint', async () => {
    await answerAll(app);
    await app.saved();
    await page.getByRole('link', { name: '去完成' }).click();
    await app.at('完成检查');
    await page.getByRole('radio', { name: '未发现问题' }).check();
    await page.getByRole('button', { name: '无异议' }).click();
    for (const who of ['检查人员一', '检查人员二', ATTENDANT]) {
      await app.sign(who, async (pad) => {
        for (const points of SCRIBBLES) await app.stroke(pad, points);
      });
    }
    await page.getByRole('button', { name: '签封记录' }).click();
    await page.waitForURL(/\/record\//);
    const record = new URL(page.url()).pathname;
    await page.goto(url + lead);
    await page.getByRole('button', { name: '带入已签封的检查' }).click();
    await app.at('登记检查结果');
    await app.fillForm({}, photos);
    await app.finish('登记检查结果', '风险线索');
    await app.stands('已检查，待结论');
    await page.goto(url + complaint);
    const checks = page.getByRole('list', { name: '为线索做的检查' });
    await checks.getByText('已签封').waitFor();
    assert.equal(new URL(await checks.getByRole('link').getAttribute('href'), url).pathname, record);
  });

  await step('the figures count them', async () => {
    await page.goto(`${url}/stats`);
    await page.getByRole('button', { name: '全部', exact: true }).click();
    await page.getByText(`共 ${COUNT} 件`).waitFor();
  });

  assertQuiet(browser);
});

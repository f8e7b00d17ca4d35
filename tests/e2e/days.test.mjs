// Working days and periods as an office uses them, with the server stopped: a period over the Spring Festival, a table of
// next year's days off that is first wrong and then right, and the way back to the days that came with the app.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { assertQuiet, OFFICERS, Screens } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';

const ROWS = ['2027-01-01,放假,元旦', '2027-02-05至2027-02-11,放假,春节', '2027-02-20,上班,春节'];

/** A table as text with commas, as spreadsheet programs save it. */
const table = (rows) => `\ufeff${['日期,类型,名称', ...rows].join('\r\n')}\r\n`;

test('periods are counted and a new year of days off comes in', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-days-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const server = await serve();
  t.after(server.stop);
  const browser = await openBrowser(await newProfile(t));
  const { page } = browser;
  const app = new Screens(page);
  await page.goto(server.url);
  await page.getByText('可离线使用').first().waitFor();
  await app.setOfficers(OFFICERS);
  await server.stop();

  const step = steps(t, () => browser);
  const period = page.getByRole('region', { name: '算期限' });
  const span = page.getByRole('region', { name: '两个日期之间' });
  const calendar = page.getByRole('region', { name: '放假和调休' });
  const intake = page.getByRole('region', { name: '导入放假安排' });
  const [bad, good] = [join(folder, 'days-bad.csv'), join(folder, 'days.csv')];
  await writeFile(bad, table([...ROWS, '2027-13-45,放假,国庆节']));
  await writeFile(good, table(ROWS));

  await step('a period over the Spring Festival of 2026 says its last day and why', async () => {
    await app.go('办公室');
    await page.getByRole('link', { name: /工作日与期限/ }).click();
    await app.at('工作日与期限');
    await period.getByLabel('办什么事').selectOption({ label: '决定是否受理投诉并告知' });
    await period.getByLabel('起算日', { exact: true }).fill('2026-02-10');
    await period.getByText('2026-02-26', { exact: true }).waitFor();
    const how = (await period.getByRole('list').first().innerText()).replaceAll(/\s+/g, '');
    assert.match(how, /2026-02-15至2026-02-23春节放假，不计/);
    assert.match(how, /2026-02-14（春节调休）上班，计入/);
  });

  await step('the version of the day of filing counts, and days roll to the next working day', async () => {
    await period.getByLabel('办什么事').selectOption({ label: '达不成协议的终止调解' });
    await period.getByLabel('起算日', { exact: true }).fill('2026-08-03');
    await period.getByText('2026-10-08', { exact: true }).waitFor();
    await period.getByText('未核实').first().waitFor();
  });

  await step('a year without a notice is estimated and says so', async () => {
    await period.getByLabel('办什么事').selectOption({ label: '决定是否受理投诉并告知' });
    await period.getByLabel('起算日', { exact: true }).fill('2027-02-04');
    await period.getByText('2027-02-15', { exact: true }).waitFor();
    await period.getByText('估算', { exact: true }).waitFor();
  });

  await step('working days between two days', async () => {
    await span.getByLabel('从', { exact: true }).fill('2025-12-31');
    await span.getByLabel('到', { exact: true }).fill('2026-12-31');
    await span.getByText('248 个工作日').waitFor();
  });

  await step('a table with a wrong row says where and keeps nothing', async () => {
    await app.choose(intake.getByRole('button', { name: '选择文件' }), bad);
    const errors = intake.getByRole('list', { name: '错误（1）' });
    await errors.waitFor();
    assert.match((await errors.innerText()).replaceAll(/\s+/g, ' '), /第 5 行 A 列“日期”.*2027-13-45/);
    assert.equal(await intake.getByRole('button', { name: '保存并使用' }).count(), 0);
    await calendar.getByLabel('年份').selectOption('2027');
    await calendar.getByText('没有这一年的放假安排').waitFor();
  });

  await step('the same table put right is shown by year, asks for its notice, and counts at once', async () => {
    await app.choose(intake.getByRole('button', { name: '选择文件' }), good);
    await intake.getByText('新增：2027 年').waitFor();
    await intake.getByText('放假 8 天，调休上班 1 天').waitFor();
    await intake.getByRole('button', { name: '保存并使用' }).click();
    await intake.getByText('请填写通知名称和文号').waitFor();
    await intake.getByLabel('通知名称和文号').fill('示例通知〔2026〕1号');
    await intake.getByLabel('通知发布日期', { exact: true }).fill('2026-11-01');
    await intake.getByRole('button', { name: '保存并使用' }).click();
    await intake.getByText('已保存，从现在起使用').waitFor();
    await period.getByText('2027-02-20', { exact: true }).waitFor();
    assert.equal(await period.getByText('估算', { exact: true }).count(), 0);
  });

  await step('the calendar tells whose edition it is, month by month', async () => {
    await calendar.getByLabel('年份').selectOption('2027');
    await calendar.getByText('本单位导入').waitFor();
    await calendar.getByText('未与通知核对').waitFor();
    await calendar.getByText('逐月').click();
    const february = calendar.getByRole('table', { name: '2027 年 2 月' });
    await february.getByRole('cell', { name: /^11\s*休$/ }).waitFor();
    await february.getByRole('cell', { name: /^20\s*班$/ }).waitFor();
    await calendar.getByLabel('年份').selectOption('2026');
    await calendar.getByText('程序自带', { exact: true }).waitFor();
  });

  await step('the years go to the phones with the rules', async () => {
    await page.getByRole('link', { name: '去下发' }).click();
    await page.getByRole('checkbox', { name: /放假和调休上班日/ }).waitFor();
    await page.goBack();
    await app.at('工作日与期限');
  });

  await step('the shipped days come back, and the way back is offered', async () => {
    await calendar.getByRole('button', { name: '全部改用程序自带的安排' }).click();
    await app.toast('已改用程序自带的').waitFor();
    await calendar.getByLabel('年份').selectOption('2027');
    await calendar.getByText('没有这一年的放假安排').waitFor();
    await page.getByRole('button', { name: '撤销' }).click();
    await calendar.getByLabel('年份').selectOption('2027');
    await calendar.getByText('本单位导入').waitFor();
    await calendar.getByRole('button', { name: '不用本单位的 2027 年安排' }).click();
    await calendar.getByText('没有这一年的放假安排').waitFor();
  });

  assertQuiet(browser);
  await browser.close();
});

// The ledgers as an office and an inspector use them, with the server stopped: a provincial table comes in, is found again
// by pinyin, code and label, says what is due, and begins a visit to several lifts.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { newProfile, openBrowser } from './lib/browser.mjs';
import { assertQuiet, OFFICERS, Screens } from './lib/screens.mjs';
import { serve } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { csv, line } from './lib/tables.mjs';

test('a ledger comes in from a table and is found again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'spotcheck-ledger-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const server = await serve();
  t.after(server.stop);
  // Labels are printed far finer than a screen shows them.
  const browser = await openBrowser(await newProfile(t), { scale: 3 });
  const { page } = browser;
  const app = new Screens(page);
  await page.goto(server.url);
  await page.getByText('可离线使用').first().waitFor();
  await app.setOfficers(OFFICERS);
  await server.stop();

  const step = steps(t, () => browser);
  const lines = Array.from({ length: 9 }, (_, index) => line(index));
  // Overdue: nothing was inspected since long ago; wrong: a month that no year has.
  lines[3] = line(3, { 检验日期: '2023-05-20', 下次检验日期: '2025-05' });
  const wrong = line(9, { 检验日期: '2026-13-45' });
  const [bad, good] = [join(folder, 'ledger-bad.csv'), join(folder, 'ledger.csv')];
  await writeFile(bad, csv([...lines, wrong]));
  await writeFile(good, csv(lines));

  await step('a table with a wrong row says where, and takes in the others when told so', async () => {
    await app.go('台账');
    await page.getByText('还没有台账').waitFor();
    await page.getByRole('link', { name: '导入表格' }).click();
    await app.choose(page.getByRole('button', { name: '选择表格文件' }), bad);
    await page.getByRole('heading', { name: /核对各列/ }).waitFor();
    assert.equal(await page.getByLabel('B 列“设备代码”导入到').inputValue(), 'code');
    await page.getByRole('button', { name: '下一步：核对内容' }).click();
    const errors = page.getByRole('list', { name: '错误（1）' });
    await errors.waitFor();
    assert.match((await errors.innerText()).replaceAll(/\s+/g, ' '), /第 11 行 N 列“检验日期”.*2026-13-45/);
    await page.getByRole('button', { name: /不导入有错误的 1 行，导入其余 9 行/ }).click();
    await page.getByRole('status').filter({ hasText: '已保存' }).waitFor();
    await page.getByRole('link', { name: '查看台账' }).click();
    await page.getByText(/找到 12 条/).waitFor();
  });

  await step('the same table again changes nothing', async () => {
    await page.getByRole('link', { name: '导入表格' }).click();
    await app.choose(page.getByRole('button', { name: '选择表格文件' }), good);
    await page.getByRole('button', { name: '下一步：核对内容' }).click();
    const check = page.getByRole('region', { name: '核对内容' });
    await check.waitFor();
    assert.match((await check.innerText()).replaceAll(/\s+/g, ' '), /新增 0 .*变更 0 .*不变 9/);
    await app.go('台账');
  });

  await step('found by initials, by part of the code, by place', async () => {
    const search = page.getByRole('searchbox', { name: '搜索台账' });
    const names = async () => page.getByRole('main').getByRole('listitem').allInnerTexts();
    await search.fill('slsc');
    await page.getByText(/找到 4 条/).waitFor();
    assert.match((await names())[0], /示例商场有限公司/);
    await search.fill('yiyuan');
    await page.getByText(/找到 4 条/).waitFor();
    await search.fill(line(4)[1].slice(-8));
    await page.getByText(/找到 1 条/).waitFor();
    assert.match((await names())[0], /5号客梯/);
  });

  await step('a line says what is due and why', async () => {
    await page.getByRole('searchbox', { name: '搜索台账' }).fill('4号客梯');
    await page.getByRole('link', { name: /4号客梯/ }).click();
    await app.at('4号客梯');
    await page.getByText(/超期 \d+ 天/).first().waitFor();
    await page.getByText('为什么').first().click();
    await page.getByRole('listitem').filter({ hasText: /2025-05/ }).first().waitFor();
    await page.getByRole('link', { name: /示例商场有限公司/ }).click();
    await app.at('示例商场有限公司');
    await page.getByRole('link', { name: /1号客梯/ }).first().waitFor();
  });

  await step('the due list groups by month and finds the overdue one', async () => {
    await page.goto(`${server.url}/due`);
    const overdue = page.getByRole('heading', { name: '已超期' });
    await overdue.waitFor();
    await page.getByRole('button', { name: /已超期/ }).click();
    await page.getByRole('link', { name: /4号客梯/ }).first().waitFor();
  });

  await step('a label of ours, seen in a picture, opens its line', async () => {
    await page.goto(`${server.url}/ledger`);
    await page.getByRole('searchbox', { name: '搜索台账' }).fill('2号客梯');
    await page.getByRole('link', { name: /2号客梯/ }).first().click();
    await app.at('2号客梯');
    await page.getByRole('link', { name: '打印标签' }).click();
    const code = page.getByRole('img', { name: '2号客梯 的二维码' });
    await code.waitFor();
    const picture = join(folder, 'label.png');
    await code.screenshot({ path: picture });
    await page.goto(`${server.url}/scan`);
    await app.choose(page.getByRole('button', { name: '选择图片' }), picture);
    await app.at('2号客梯');
  });

  await step('a typed number that nobody knows offers to add it', async () => {
    await page.goto(`${server.url}/scan`);
    await page.getByLabel('编号').fill('31102301020150099');
    await page.getByRole('button', { name: '查找' }).click();
    await page.getByText('台账中没有这个编号').waitFor();
    await page.getByRole('link', { name: '新建设备' }).click();
    await app.at('新建设备');
    assert.equal(await page.getByLabel('设备代码').inputValue(), '31102301020150099');
  });

  assertQuiet(browser);
  await browser.close();
});

// The screens as a person finds them: by roles and names. Chinese, the language that the app starts with.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const LIST = new URL('../../../public/content/checklists/elevator.json', import.meta.url);
/** The items of the elevator checklist, in order. */
export const ITEMS = JSON.parse(await readFile(fileURLToPath(LIST), 'utf8')).items;

/** What stands for an item in addresses, of the unit or of the first piece of equipment. */
export const keyOf = (item) => (item.per === 'unit' || item.common ? item.id : `${item.id}.s1`);

/** A tap with a finger where there is one, else a click. */
export async function tap(locator) {
  await locator.click();
}

/** Everything that is shown of one thing goes through here, so that a test reads like a visit. */
export class Screens {
  constructor(page) {
    this.page = page;
  }

  get banner() {
    return this.page.getByRole('banner');
  }

  heading(name) {
    return this.page.getByRole('heading', { name });
  }

  /** Waits for the title of a screen. */
  async at(title) {
    await this.banner.getByRole('heading', { level: 1, name: title }).waitFor();
  }

  async go(name) {
    await this.page.getByRole('navigation', { name: '主菜单' }).getByRole('link', { name }).click();
  }

  /** The message above the bottom bar. */
  toast(text) {
    return this.page.getByRole('status').filter({ hasText: text });
  }

  /** Waits until the app says that everything on the screen is kept. */
  async saved() {
    await this.banner.getByRole('status').filter({ hasText: /^已保存/ }).waitFor();
  }

  async fill(label, text, scope = this.page) {
    await scope.getByLabel(label).fill(text);
  }

  /** Chooses files through the system's picker that a tap opens. */
  async choose(opener, paths) {
    const [chooser] = await Promise.all([this.page.waitForEvent('filechooser'), opener.click()]);
    await chooser.setFiles(paths);
    return chooser;
  }

  // Me

  async setOfficers({ officer, partner, bureau }) {
    await this.go('我的');
    await this.at('我的');
    const [name, cert] = [this.page.getByLabel('姓名'), this.page.getByLabel('执法证号')];
    await name.nth(0).fill(officer[0]);
    await cert.nth(0).fill(officer[1]);
    await this.page.getByLabel('所在单位').fill(bureau);
    await name.nth(1).fill(partner[0]);
    await cert.nth(1).fill(partner[1]);
    await cert.nth(1).blur();
  }

  // Start

  async addUnit({ name, uscc, address, contact, phone }) {
    await this.at('选择单位');
    await this.page.getByRole('button', { name: '新增单位' }).click();
    await this.fill('单位名称', name);
    await this.fill('统一社会信用代码', uscc);
    await this.fill('地址', address);
    await this.fill('联系人', contact);
    await this.fill('联系电话', phone);
    await this.page.getByRole('button', { name: '保存' }).click();
    await this.at('选择设备');
  }

  async addElevator({ name, code = '', type, cert = '', place, maintainer = '' }) {
    await this.page.getByRole('button', { name: '新增设备' }).click();
    await this.fill('单位内编号或名称', name);
    await this.fill('设备代码', code);
    if (type) await this.page.getByLabel('品种').selectOption(type);
    await this.fill('使用登记证编号', cert);
    await this.fill('安装位置', place);
    await this.fill('维保单位', maintainer);
    await this.page.getByRole('button', { name: '保存' }).click();
    await this.at('检查人员');
  }

  async fillInspectors() {
    for (const [index, [name, cert]] of [OFFICERS.officer, OFFICERS.partner].entries()) {
      const number = ['一', '二'][index];
      await this.fill(`检查人员${number} · 姓名`, name);
      await this.fill(`检查人员${number} · 执法证号`, cert);
    }
  }

  /** A checklist of the library, by its title: the box that chooses it. */
  list(title) {
    return this.page.getByRole('checkbox', { name: new RegExp(`^${title}`) });
  }

  /** Chooses the elevator list and nothing else, whatever is proposed. */
  async onlyElevators() {
    await this.heading('本次检查表').waitFor();
    const lifts = this.list('电梯现场检查表');
    if (!(await lifts.isVisible())) await this.page.getByText('全部检查表').click();
    if (!(await lifts.isChecked())) await lifts.click();
    await this.page.getByRole('checkbox', { name: /^电梯现场检查表/, checked: true }).waitFor();
    const duties = this.list('特种设备使用单位主体责任检查表');
    if (await duties.isChecked()) await duties.uncheck();
  }

  /** Chooses these lists and no others, by their titles, whatever is proposed. */
  async onlyLists(titles) {
    await this.heading('本次检查表').waitFor();
    const lists = this.page.getByRole('region', { name: '本次检查表' });
    for (const title of titles) {
      const box = lists.getByRole('checkbox', { name: new RegExp(`^${title}`) });
      if (!(await box.isVisible())) await lists.getByText('全部检查表').click();
      // One that is chosen moves up to the others.
      if (!(await box.isChecked())) await box.click();
      await lists.getByRole('checkbox', { name: new RegExp(`^${title}`), checked: true }).waitFor();
    }
    const others = lists.getByRole('checkbox', { name: new RegExp(`^(?!${titles.join('|')})`), checked: true });
    while ((await others.count()) > 0) await others.first().uncheck();
  }

  /** From the choice of equipment: a visit about none, with these lists and no others. Returns the address of the check. */
  async startWithout(titles) {
    await this.at('选择设备');
    await this.page.getByRole('link', { name: '不查设备（商品、资质等）' }).click();
    await this.at('检查人员');
    await this.onlyLists(titles);
    await this.beginVisit('王示例 安全管理员');
    return new URL(this.page.url()).pathname;
  }

  /** The last step; the names of both inspectors are expected to be there. */
  async begin(attendant) {
    await this.onlyElevators();
    await this.beginVisit(attendant);
    await this.item(1).waitFor();
  }

  /** As `begin`, with the lists that are chosen. */
  async beginVisit(attendant) {
    await this.fill(ATTENDANT, attendant);
    await this.passGate();
    await this.page.getByRole('button', { name: '开始填写检查表' }).click();
    await this.page.getByRole('article').first().waitFor();
  }

  /** What comes before the first question: the approval, unless the task has brought it, and what is done on arrival. */
  async passGate() {
    const approval = this.page.getByLabel('审批编号');
    if ((await approval.inputValue()) === '') await approval.fill('示检〔2026〕1号');
    for (const done of ARRIVAL) await this.page.getByRole('checkbox', { name: done }).check();
  }

  /** Back from wherever to the home page, as a person goes: opened anew, the app returns to a check that is not finished. */
  async home() {
    const menu = this.page.getByRole('navigation', { name: '主菜单' });
    while (!(await menu.isVisible())) await this.banner.getByRole('link', { name: '返回' }).click();
    await this.go('首页');
  }

  /** From the home page to the equipment of a unit that is known. */
  async startFor(unit) {
    await this.home();
    await this.page.getByRole('link', { name: '开始检查' }).click();
    await this.at('选择单位');
    await this.page.getByRole('link', { name: unit }).click();
    await this.at('选择设备');
  }

  // Ledger

  /** Takes a whole table without errors into the ledgers. */
  async importTable(path) {
    await this.go('台账');
    await this.page.getByRole('link', { name: '导入表格' }).click();
    await this.choose(this.page.getByRole('button', { name: '选择表格文件' }), path);
    await this.page.getByRole('button', { name: '下一步：核对内容' }).click();
    await this.page.getByRole('button', { name: /^确认导入/ }).click();
    await this.page.getByRole('status').filter({ hasText: '已保存' }).waitFor();
    await this.page.getByRole('link', { name: '查看台账' }).waitFor();
  }

  /** Everything up to an open checklist, for tests about something else. Returns the address of the check. */
  async startCheck() {
    await this.page.getByRole('link', { name: '开始检查' }).click();
    await this.addUnit(UNIT);
    await this.addElevator(ELEVATOR);
    await this.fillInspectors();
    await this.begin('王示例 安全管理员');
    return new URL(this.page.url()).pathname;
  }

  /** Begins with several pieces of equipment of the unit, by their names. */
  async pickEquipment(names) {
    await this.at('选择设备');
    for (const name of names) await this.page.getByRole('checkbox', { name: `选 ${name}`, exact: true }).check();
    await this.page.getByRole('link', { name: '下一步' }).click();
    await this.at('检查人员');
  }

  // Check

  /** The tab of a part of a visit: a piece of equipment by its name, or 单位共性. */
  part(name) {
    return this.page.getByRole('tab', { name: new RegExp(`^${name}`) });
  }

  /** Shows a part and waits until it is there. */
  async showPart(name) {
    await this.part(name).click();
    await this.page.getByRole('tabpanel', { name }).waitFor();
  }

  /** Waits until the part that is shown is drawn to its end. */
  async drawAll() {
    const rest = this.page.getByRole('button', { name: /^还有 \d+ 项$/ });
    while ((await rest.count()) > 0) {
      // It may come by itself meanwhile.
      await rest.click({ timeout: 500 }).catch(() => {});
    }
  }

  /** The card of an item, by its number from 1. */
  item(number) {
    return this.page.getByRole('article', { name: ITEMS[number - 1].text_zh });
  }

  verdict(number, word) {
    return this.item(number).getByRole('button', { name: word, exact: true });
  }

  async answer(number, word) {
    await this.verdict(number, word).click();
    await this.pressed(number, word);
  }

  /** Waits until a verdict is shown as the one that counts. */
  async pressed(number, word) {
    await this.item(number).getByRole('button', { name: word, exact: true, pressed: true }).waitFor();
  }

  async number(number, text) {
    const field = this.item(number).getByLabel(/^填写数值/);
    await field.fill(text);
    await field.blur();
  }

  async date(number, text) {
    await this.item(number).getByLabel('填写日期').fill(text);
  }

  /** A ready phrase of a failed item, by its number from 0. */
  async phrase(number, which) {
    const text = ITEMS[number - 1].phrases[which].zh;
    // A disclosure has no role of its own that could be asked for.
    if (!(await this.item(number).getByRole('button', { name: text }).isVisible())) await this.item(number).getByText('常用语').click();
    await this.item(number).getByRole('button', { name: text }).click();
    return text;
  }

  /** Fills the blanks that ready phrases leave for figures. */
  async fillBlanks(number) {
    for (const label of ['问题描述', '整改要求']) {
      const field = this.item(number).getByLabel(label);
      await field.fill((await field.inputValue()).replaceAll(/_{2,}/g, '3'));
      await field.blur();
    }
  }

  photos(scope) {
    return scope.getByRole('button', { name: /^照片 \d+/ });
  }

  /** Adds photos by the camera (one) or from the gallery (several): through the system's picker, as a tap opens it. */
  async addPhotos(scope, way, paths) {
    const before = await this.photos(scope).count();
    const input = this.page.getByLabel(new RegExp(`^${way}`));
    // The input is drawn by its label, which has no role.
    await this.choose(scope.locator('label').filter({ has: input }), paths);
    await this.photos(scope).nth(before + paths.length - 1).waitFor({ timeout: 60_000 });
    await this.saved();
  }

  get recordPhotos() {
    // A section without a name of its own has no role.
    return this.page.locator('section').filter({ has: this.page.getByRole('heading', { name: '现场全景照片' }) });
  }

  get viewer() {
    return this.page.getByRole('dialog', { name: '查看照片' });
  }

  /** What a person sees of the answers: pressed verdicts, fields and photos of every item. */
  async answers() {
    await this.drawAll();
    return this.page.getByRole('article').evaluateAll((items) =>
      items.map((item) => ({
        item: item.id,
        pressed: [...item.querySelectorAll('button[aria-pressed=true]')].map((button) => button.textContent.trim()),
        // What is typed where, for checks: names of fields are checked elsewhere.
        fields: [...item.querySelectorAll('input:not([type=file]), textarea, select')].map((field) =>
          ['checkbox', 'radio'].includes(field.type) ? field.checked : field.value,
        ),
        photos: [...item.querySelectorAll('.photos > button')].map((tile) => tile.getAttribute('aria-label')),
      })),
    );
  }

  // Finish

  async sign(who, draw) {
    await this.page.getByRole('button', { name: `签名 · ${who}` }).click();
    const sheet = this.page.getByRole('dialog', { name: `签名 · ${who}` });
    await draw(sheet.getByRole('img', { name: '请在框内用手指签名' }), sheet);
    await sheet.getByRole('button', { name: '完成' }).click();
    await sheet.waitFor({ state: 'hidden' });
    await this.saved();
  }

  /** Strokes of a finger, as the screen reports them: points between 0 and 1 of the element. */
  async stroke(target, points) {
    const box = await target.boundingBox();
    const session = await this.page.context().newCDPSession(this.page);
    const at = ([x, y]) => [{ x: box.x + x * box.width, y: box.y + y * box.height }];
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(points[0]) });
    for (const point of points.slice(1)) await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(point) });
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await session.detach();
  }

  // Record

  async tab(name) {
    await this.page.getByRole('tab', { name }).click();
    await this.page.getByRole('tab', { name, selected: true }).waitFor();
  }

  async verified() {
    await this.heading('核验通过').waitFor({ timeout: 60_000 });
  }

  /** The words of all tabs of a record. */
  async recordText() {
    const text = {};
    for (const name of ['内容', '历史', '签封']) {
      await this.tab(name);
      text[name] = await this.page.getByRole('tabpanel').innerText();
    }
    return text;
  }

  // Export and office

  /** Makes the files of what is chosen and downloads them into a folder; their paths. */
  async exportTo(dir, { timeout = 60_000 } = {}) {
    await this.page.getByRole('button', { name: '生成文件' }).click();
    const made = this.page.getByRole('region', { name: '已生成的文件' });
    await made.waitFor({ timeout });
    const paths = [];
    const buttons = made.getByRole('button', { name: '下载', exact: true });
    for (let index = 0; index < (await buttons.count()); index += 1) {
      const [download] = await Promise.all([this.page.waitForEvent('download'), buttons.nth(index).click()]);
      const path = `${dir}/${download.suggestedFilename()}`;
      await download.saveAs(path);
      paths.push(path);
    }
    return paths;
  }

  /** Hands files to the office's import. */
  async import(paths) {
    await this.choose(this.page.getByRole('button', { name: '选择文件' }), paths);
  }

  /** The card on what became of a file: a section, which has no role. */
  importCard(name) {
    return this.page.locator('section').filter({ has: this.page.getByText(name) }).first();
  }
}

/** What is done on arrival, as the boxes say it. */
export const ARRIVAL = ['已出示执法证件', '已说明任务来源、依据、内容和要求', '已告知权利和“五个严禁”'];
/** How the one who signs for the unit is called. */
export const ATTENDANT = '被检查单位有关负责人或其委托人';
export const UNIT = {
  name: '示例商场有限公司',
  uscc: '91130227MA0TE5T088',
  address: '示例县示例路1号',
  contact: '王示例',
  phone: '000-0000000',
};
export const ELEVATOR = { name: '1号客梯', code: '31102301020150098', place: '中庭', maintainer: '示例电梯维保有限公司' };
export const OFFICERS = { officer: ['张示例', 'SL000001'], partner: ['李示例', 'SL000002'], bureau: '示例县市场监督管理局' };

/** The words of the scribbles that stand for signatures. */
export const SCRIBBLES = [
  [[0.1, 0.3], [0.2, 0.7], [0.3, 0.3], [0.4, 0.7]],
  [[0.5, 0.2], [0.55, 0.8]],
  [[0.6, 0.5], [0.7, 0.4], [0.8, 0.6], [0.9, 0.5]],
];

/** A day so many days from now, as the app writes it. */
export function dayFromNow(days) {
  // The browsers of the tests live at UTC+8.
  return new Date(Date.now() + 8 * 3_600_000 + days * 86_400_000).toISOString().slice(0, 10);
}

/** Fails with everything that the browser complained of, but for what a test expects. */
export function assertQuiet(browser, expected = []) {
  const problems = browser.problems.filter((problem) => !expected.some((pattern) => pattern.test(problem)));
  assert.deepEqual(problems, []);
}

// The screens of hazards and other matters: what a person does there, by roles and names.
import { dayFromNow, SCRIBBLES, Screens } from './screens.mjs';

/** The screens of hazards. */
export class Cases extends Screens {
  /** The part of the form that a field is in. */
  group(name) {
    return this.page.getByRole('group', { name: new RegExp(`^${name}`) });
  }

  async yes(name, answer) {
    await this.group(name).getByRole('radio', { name: answer }).check();
  }

  async tick(name, options) {
    for (const option of options) await this.group(name).getByRole('checkbox', { name: new RegExp(option) }).check();
  }

  async write(label, text) {
    const field = this.page.getByLabel(new RegExp(`^${label}`));
    await field.fill(text);
    await field.blur();
  }

  async photo(name, paths) {
    await this.addPhotos(this.group(name), '相册', paths);
  }

  /** Signs; who is not named in the form gives the name first. */
  async signFor(who, name = '王示例') {
    await this.page.getByRole('button', { name: new RegExp(`^(签名|重签) · ${who}`) }).click();
    const sheet = this.page.getByRole('dialog', { name: new RegExp(`^签名 · ${who}`) });
    const pad = sheet.getByRole('img', { name: '请在框内用手指签名' });
    await pad.or(sheet.getByLabel('姓名')).first().waitFor();
    if (!(await pad.isVisible())) {
      await sheet.getByLabel('姓名').fill(name);
      await sheet.getByRole('button', { name: '去签名' }).click();
      await pad.waitFor();
    }
    await this.stroke(pad, SCRIBBLES[0]);
    await sheet.getByRole('button', { name: '完成' }).click();
    await sheet.waitFor({ state: 'hidden' });
    await this.saved();
  }

  /** Notes that somebody does not sign, and who saw it. */
  async refuseFor(who, witness) {
    // The button has no name of its own: it stands below that of the signature.
    const signer = this.page.locator('.signer').filter({ has: this.page.getByRole('button', { name: new RegExp(`^(签名|重签) · ${who}`) }) });
    await signer.getByRole('button', { name: '对方拒绝签名' }).click();
    const sheet = this.page.getByRole('dialog', { name: '对方拒绝签名' });
    await sheet.getByRole('group', { name: '拒签原因和情形' }).getByRole('button').first().click();
    const reason = sheet.getByRole('textbox', { name: '拒签原因和情形' });
    await reason.fill((await reason.inputValue()).replaceAll(/_{2,}/g, '3'));
    await sheet.getByLabel('见证人').fill(witness);
    await sheet.getByRole('button', { name: '保存' }).click();
    await sheet.waitFor({ state: 'hidden' });
    await this.saved();
  }

  async beginStep(step) {
    const button = this.page.getByRole('button', { name: step, exact: true });
    const others = this.page.getByText('其他办理');
    await button.or(others).first().waitFor();
    if (!(await button.isVisible())) await others.click();
    await button.click();
    await this.at(step);
  }

  /** Finishes a step; then the matter is shown, under what its kind is called. */
  async finish(step, kind = '事故隐患') {
    await this.page.getByText('已填全').waitFor();
    await this.page.getByRole('button', { name: `完成：${step}` }).click();
    await this.toast(`已办理：${step}`).waitFor();
    await this.at(kind);
  }

  /** What the page says of where the matter stands. */
  async stands(state) {
    await this.page.getByText(state, { exact: true }).first().waitFor();
  }

  /** What the list below a form says that lacks: the names of the fields, in order. */
  async lacking() {
    const heading = this.page.getByRole('heading', { name: /^还差 \d+ 处$/ });
    await heading.or(this.page.getByText('已填全')).first().waitFor();
    if (!(await heading.isVisible())) return [];
    // A section without a name of its own has no role.
    const rows = this.page.locator('section').filter({ has: heading }).getByRole('listitem');
    return (await rows.allInnerTexts()).map((text) => text.trim().split('：')[0]);
  }

  /**
   * Fills what a form asks until nothing lacks: what `answers` says by the name of a field, else the first choice, a word, a day.
   * `photos` are taken in turn for fields that ask for photos.
   */
  async fillForm(answers = {}, photos = []) {
    for (const [name, answer] of Object.entries(answers)) await this.answerField(name, answer, photos);
    for (let turn = 0, [name] = await this.lacking(); name !== undefined; turn += 1, [name] = await this.lacking()) {
      if (turn > 60) throw new Error(`“${name}” can't be filled in`);
      await this.answerField(name, undefined, photos);
      await this.saved();
    }
  }

  async answerField(name, answer, photos) {
    const { page } = this;
    const exact = name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const sign = page.getByRole('button', { name: new RegExp(`^(签名|重签) · ${exact}(（选填）)?$`) });
    if (await sign.isVisible()) return this.signFor(name);
    const group = page.getByRole('group', { name: new RegExp(`^${exact}(（选填）)?$`) });
    if ((await group.count()) > 0) {
      const [radio, box, album] = [group.getByRole('radio'), group.getByRole('checkbox'), group.getByLabel(/^相册/)];
      if ((await radio.count()) > 0) return (answer ? group.getByRole('radio', { name: answer }) : radio.first()).check();
      if ((await album.count()) > 0) return this.addPhotos(group, '相册', [photos[(this.taken = (this.taken ?? -1) + 1) % photos.length]]);
      if ((await box.count()) > 0) {
        for (const one of [answer ?? []].flat()) await group.getByRole('checkbox', { name: one }).check();
        return answer ? undefined : box.first().check();
      }
      const texts = group.getByRole('textbox');
      for (let index = 0; index < (await texts.count()); index += 1) {
        if ((await texts.nth(index).inputValue()) !== '') continue;
        await texts.nth(index).fill(answer ?? `示例${index + 1}`);
        await texts.nth(index).blur();
        // The name of a person will do.
        if (answer) return undefined;
      }
      return undefined;
    }
    const field = page.getByLabel(new RegExp(`^${exact}`)).first();
    const type = await field.getAttribute('type');
    if (type === 'datetime-local') return field.fill(answer ?? `${dayFromNow(0)}T08:00`);
    await field.fill(answer ?? (type === 'date' ? dayFromNow(0) : (await field.getAttribute('inputmode')) === 'decimal' ? '1' : '示例内容'));
    return field.blur();
  }

  /** Begins a matter of a kind with a unit that is typed, and fills in what it is about. */
  async register(url, procedure, unit, answers, photos) {
    await this.page.goto(`${url}/cases/${procedure}/new`);
    await this.page.getByLabel('单位名称').fill(unit);
    await this.page.getByRole('button', { name: '开始', exact: true }).click();
    await this.at('填写基本情况');
    await this.fillForm(answers, photos);
    await this.page.getByRole('link', { name: '完成' }).click();
  }

  /** Does a whole step. */
  async doStep(step, answers = {}, photos = []) {
    await this.beginStep(step);
    await this.fillForm(answers, photos);
    await this.page.getByRole('button', { name: `完成：${step}` }).click();
    await this.toast(`已办理：${step}`).waitFor();
    await this.heading('办理经过').waitFor();
  }
}

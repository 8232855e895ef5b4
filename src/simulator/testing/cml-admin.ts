import { type Response } from 'undici';
import { type CmlBrowser } from './cml-browser';

/** Somebody who is logged in to one CML server and asks it things. */
export class CmlAdmin {
  private constructor(
    private readonly browser: CmlBrowser,
    private readonly instanceId: string,
    private readonly token: string,
  ) {}

  static async logIn(
    browser: CmlBrowser,
    instanceId: string,
    credentials: { readonly username: string; readonly password: string },
  ): Promise<CmlAdmin> {
    const response = await browser.logIn(instanceId, credentials);
    if (response.status !== 200) throw new Error(`login: ${response.status} ${await response.text()}`);
    return new CmlAdmin(browser, instanceId, (await response.json()) as string);
  }

  request(method: string, path: string, body?: unknown): Promise<Response> {
    const headers = { authorization: `Bearer ${this.token}` };
    const content = body === undefined ? {} : { body: JSON.stringify(body) };
    return this.browser.request(this.instanceId, path, { method, headers, ...content });
  }

  /** The body of a GET that must go well. */
  async get<T = unknown>(path: string): Promise<T> {
    const response = await this.request('GET', path);
    if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** The status, with CML's words where it refuses. */
  async outcome(method: string, path: string, body?: unknown): Promise<string> {
    const response = await this.request(method, path, body);
    const text = await response.text();
    if (response.status < 400) return `${response.status}${text}`;
    return `${response.status} ${(JSON.parse(text) as { description: string }).description}`;
  }
}

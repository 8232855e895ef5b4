import { type HttpApp, startHttpApp } from '../../http/testing/http-app';
import { StoreUnavailable } from '../../kernel/domain-error';
import { type LinkAnswer } from '../application/link-answer';
import { NoticeLinks } from '../application/notice-links';
import { NoticeLinksController } from './notice-links.controller';

describe('the pages of links', () => {
  let http: HttpApp;
  let look: () => Promise<LinkAnswer>;
  beforeEach(async () => {
    look = () => Promise.resolve({ kind: 'refused', workerName: 'x', message: 'a <b> & "c"' });
    http = await startHttpApp({
      controllers: [NoticeLinksController],
      providers: [{ provide: NoticeLinks, useValue: { look: () => look() } }],
      rateLimitPerMinute: 3,
    });
  });
  afterEach(() => http.close());
  const open = async () => {
    const answer = await fetch(`${http.url}/notices/some-token`);
    return { status: answer.status, headers: answer.headers, html: await answer.text() };
  };

  it('take what they are given for text, wherever it comes from', async () => {
    expect(await open()).toMatchObject({
      status: 409,
      html: expect.stringContaining('<p>a &lt;b&gt; &amp; &quot;c&quot;</p>') as string,
    });
  });

  it('are asked for so often by an address, and say so as a page', async () => {
    for (const expected of [409, 409, 409]) expect((await open()).status).toBe(expected);
    const { status, headers, html } = await open();
    expect([status, headers.get('content-type'), headers.get('retry-after')]).toEqual([
      ...[429, 'text/html; charset=utf-8', '60'],
    ]);
    expect(html).toContain('More than 3 requests a minute');
  });

  it('say that the database is away, and that something is wrong here, and not what', async () => {
    look = () => Promise.reject(new StoreUnavailable('The database does not answer.'));
    const away = await open();
    expect([away.status, away.html.includes('The database does not answer.')]).toEqual([503, true]);
    look = () => Promise.reject(new Error('inner thoughts'));
    const wrong = await open();
    expect([wrong.status, wrong.html.includes('inner thoughts')]).toEqual([500, false]);
    expect(JSON.stringify(http.log)).toContain('inner thoughts');
    expect(JSON.stringify(http.log)).not.toContain('some-token');
  });
});

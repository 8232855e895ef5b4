import { CommandBus } from '@nestjs/cqrs';
import { HOUR, MINUTE, plus } from '../src/kernel/clocks';
import { systemContext } from '../src/kernel/command-context';
import { RandomIds } from '../src/kernel/ids';
import { StopNotices } from '../src/notifications';
import { NoticeSender } from '../src/notifications/application/notice-sender';
import { type Received, type Receiver, startReceiver } from '../src/webhooks/testing/receiver';
import { PlanStop } from '../src/workers';
import { type ApiAnswer } from './support/api-client';
import { FleetSteps } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';

const PUBLIC = 'https://fleet.example.com/cml';
const ids = new RandomIds();

interface Links {
  readonly keepOneHour: string;
  readonly keepUntil: string;
  readonly stopNow: string;
}

/** From the notice that people get to what a press of its links does, over HTTP. */
describe('the links of a notice', () => {
  let receiver: Receiver;
  let app: MemoryApp;
  let fleet: FleetSteps;

  beforeAll(async () => {
    receiver = await startReceiver();
    app = await startMemoryApp({
      FLEET_PUBLIC_URL: `${PUBLIC}/`,
      FLEET_NOTICE_WEBHOOK_URL: receiver.url,
      FLEET_NOTICE_WEBHOOK_SECRET: `whsec_${Buffer.alloc(32, 9).toString('base64')}`,
      FLEET_WEBHOOK_ALLOWED_NETWORKS: '127.0.0.0/8',
      FLEET_SNOOZE_CAP_MINUTES: '600',
    });
    fleet = new FleetSteps(app);
  });
  afterAll(async () => {
    await app.close();
    await receiver.close();
  });

  const get = <T>(token: abstract new (...args: never[]) => T): T => app.app.get(token, { strict: false });
  const plan = (id: string, at: Date | null) => {
    const planned = at && {
      at,
      reason: 'Nobody has used it <for> 45 min.',
      decisionId: 'd-1',
      cause: 'idle' as const,
    };
    return get(CommandBus).execute(new PlanStop(id, planned, systemContext('reaper', ids.next())));
  };
  /** A worker whose stop is announced for in an hour, and the paths of the links that people got. */
  const announced = async (
    given?: object,
  ): Promise<{ id: string; name: string; deadline: Date; links: Links }> => {
    // what is wanted of it counts, not how far it has come
    const { id, name } = (given ?? (await fleet.create()).body) as { id: string; name: string };
    const deadline = plus(app.clock.now(), HOUR);
    await plan(id, deadline);
    const about = { workerId: id, workerName: name, decisionId: 'd-1', deadline, stageMinutes: 60 };
    await get(StopNotices).tell({ ...about, cause: 'idle', sentence: `${name}: idle`, emails: [] });
    await get(NoticeSender).drain();
    const { data } = JSON.parse((receiver.received.at(-1) as Received).body.toString()) as {
      data: { links: Links; workerId: string };
    };
    expect(data.workerId).toBe(id);
    const paths = Object.entries(data.links).map(([purpose, url]: [string, string]) => {
      expect(url.startsWith(`${PUBLIC}/notices/`)).toBe(true);
      return [purpose, url.slice(PUBLIC.length)];
    });
    return { id, name, deadline, links: Object.fromEntries(paths) as Links };
  };
  const open = (path: string) => app.as(null).get(path);
  const press = (path: string, form: Record<string, string> = {}): Promise<ApiAnswer> => {
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    return app.as(null).post(path, new URLSearchParams(form).toString() || undefined, type);
  };
  const events = async (id: string) =>
    (await app.admin.get(`/api/v1/workers/${id}/events?limit=200`)).body.items as Record<string, unknown>[];

  /** What was done by links, while launches and sweeps go on beside. */
  const acts = async (id: string) =>
    (await events(id)).filter(({ actor }) => String(actor).startsWith('link:')).length;

  it('do nothing when they are only opened, by whatever means', async () => {
    const { id, links } = await announced();
    for (const path of Object.values(links) as string[]) {
      for (const method of ['GET', 'HEAD', 'GET']) {
        const answer = await app.as(null).send(method, path, undefined, { purpose: 'prefetch' });
        expect([answer.status, answer.headers.get('content-type')]).toEqual([
          200,
          'text/html; charset=utf-8',
        ]);
      }
      for (const method of ['PUT', 'DELETE', 'PATCH']) {
        expect((await app.as(null).send(method, path)).status).toBe(405);
      }
    }
    expect(await acts(id)).toBe(0);
    expect(await fleet.show(id)).toMatchObject({ desiredState: 'RUNNING', snoozedUntil: null });
  });

  it('lead to a page that says what it is about, without script, that nobody keeps or frames', async () => {
    const { name, links, deadline } = await announced();
    const { body, headers } = await open(links.keepOneHour);
    expect(body).toContain(`<h1>Keep ${name} for one more hour?</h1>`);
    expect(body).toContain(deadline.toISOString().slice(0, 16).replace('T', ' '));
    expect(body).toContain('Nobody has used it &lt;for&gt; 45 min.');
    expect(body).not.toMatch(/<script|javascript:|\son\w+=|src=|href=/i);
    expect(body).toContain('<html lang="en">');
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(['referrer-policy', 'cache-control'].map((header) => headers.get(header))).toEqual([
      ...['no-referrer', 'no-store'],
    ]);
    const form = (await open(links.keepUntil)).body as string;
    for (const field of ['minutes', 'until']) {
      expect(form).toContain(`<label for="${field}">`);
      expect(form).toContain(`name="${field}"`);
    }
    expect((await open(links.stopNow)).body).toContain(`<h1>Stop ${name} now?</h1>`);
  });

  it('keep a worker an hour beyond its planned stop, once, however often they are pressed', async () => {
    const { id, name, deadline, links } = await announced();
    const until = plus(deadline, HOUR).toISOString();
    const first = await press(links.keepOneHour);
    expect([first.status, first.body]).toEqual([200, expect.stringContaining(`${name} is kept until`)]);
    const done = await acts(id);
    expect(await fleet.show(id)).toMatchObject({ snoozedUntil: until, plannedStop: null });
    app.clock.advance(MINUTE);
    expect((await press(links.keepOneHour)).status).toBe(200);
    expect(await acts(id)).toBe(done);
    expect(await fleet.show(id)).toMatchObject({ snoozedUntil: until });
    const snoozed = (await events(id)).find(({ type }) => type === 'io.cml-fleet.worker.snooze-updated.v1');
    expect(snoozed).toMatchObject({ actor: expect.stringMatching(/^link:[0-9a-f-]{36}$/) });
  });

  it('answer each press by a page, also with an Idempotency-Key, of which they know nothing', async () => {
    const { name, links } = await announced();
    const press = () =>
      app.as(null).send('POST', links.keepOneHour, undefined, { 'idempotency-key': 'the-same' });
    for (const answer of [await press(), await press()]) {
      expect([answer.status, answer.body]).toEqual([200, expect.stringContaining(`${name} is kept until`)]);
    }
  });

  it('do not take a snooze back that somebody lifted since', async () => {
    const { id, links } = await announced();
    await press(links.keepOneHour);
    await app.admin.delete(`/api/v1/workers/${id}/snooze`);
    expect((await press(links.keepOneHour)).status).toBe(409);
    expect(await fleet.show(id)).toMatchObject({ snoozedUntil: null });
  });

  it('keep a worker until a time in UTC, or for a length of time, within what the policy allows', async () => {
    const { id, deadline, links } = await announced();
    await press(links.keepUntil, { minutes: '120', until: '' });
    expect((await fleet.show(id)).snoozedUntil).toBe(plus(deadline, 2 * HOUR).toISOString());
    const wanted = plus(deadline, 3 * HOUR)
      .toISOString()
      .slice(0, 16);
    await press(links.keepUntil, { minutes: '30', until: wanted });
    expect((await fleet.show(id)).snoozedUntil).toBe(`${wanted}:00.000Z`);
    // a shorter one would take away what somebody was promised
    await press(links.keepUntil, { minutes: '30', until: '' });
    expect((await fleet.show(id)).snoozedUntil).toBe(`${wanted}:00.000Z`);
    await press(links.keepUntil, { until: '2099-01-01T00:00' });
    expect((await fleet.show(id)).snoozedUntil).toBe(plus(app.clock.now(), 600 * MINUTE).toISOString());
  });

  it('keep a worker for what its own policy allows, where an hour is more, and say so', async () => {
    const { id, name, links } = await announced();
    await app.admin.send('PUT', `/api/v1/workers/${id}/idle-policy`, { values: { snoozeCapMinutes: 45 } });
    const until = plus(app.clock.now(), 45 * MINUTE).toISOString();
    const page = (await open(links.keepOneHour)).body as string;
    expect(page).toContain(`Keep it until ${until.slice(0, 16).replace('T', ' ')}`);
    const first = await press(links.keepOneHour);
    expect([first.status, first.body]).toEqual([200, expect.stringContaining(`${name} is kept until`)]);
    for (const said of [page, first.body]) expect(said).toContain('Its policy allows no longer snooze now.');
    const done = await acts(id);
    // what is allowed has moved on; what was given has not
    app.clock.advance(10 * MINUTE);
    expect((await press(links.keepOneHour)).status).toBe(200);
    expect([await acts(id), (await fleet.show(id)).snoozedUntil]).toEqual([done, until]);
    await press(links.keepUntil, { minutes: '480' });
    expect((await fleet.show(id)).snoozedUntil).toBe(plus(app.clock.now(), 45 * MINUTE).toISOString());
    await app.admin.delete(`/api/v1/workers/${id}/snooze`);
    expect((await press(links.keepOneHour)).status).toBe(409);
  });

  it.each([
    [{}],
    [{ minutes: '0' }],
    [{ minutes: '-5' }],
    [{ minutes: 'many' }],
    [{ until: '2020-01-01T00:00' }],
    [{ until: 'tomorrow' }],
    [{ until: '2099-99-99T00:00' }],
  ])('keep nothing until what is no time to come: %j', async (form: Record<string, string>) => {
    const { id, links } = await announced();
    expect((await press(links.keepUntil, form)).status).toBe(422);
    expect(await fleet.show(id)).toMatchObject({ snoozedUntil: null });
  });

  it('stop a worker, once', async () => {
    const { id, name, links } = await announced(await fleet.available());
    const first = await press(links.stopNow);
    expect([first.status, first.body]).toEqual([200, expect.stringContaining(`${name} is being stopped`)]);
    const done = await acts(id);
    expect(done).toBeGreaterThan(0);
    expect((await fleet.show(id)).desiredState).toBe('STOPPED');
    expect((await press(links.stopNow)).status).toBe(409);
    for (const path of Object.values(links) as string[]) expect((await open(path)).status).toBe(409);
    expect((await press(links.keepOneHour)).status).toBe(409);
    expect(await acts(id)).toBe(done);
  });

  it('do not stop one that is in use again, nor one that somebody wants kept', async () => {
    const { id, links } = await announced();
    await plan(id, null);
    expect((await open(links.stopNow)).body).toContain('was called off');
    expect((await press(links.stopNow)).status).toBe(409);
    expect((await fleet.show(id)).desiredState).toBe('RUNNING');
    // what keeps it does no harm
    expect((await press(links.keepOneHour)).status).toBe(200);
  });

  it('are good for their own purpose only, whatever the form says', async () => {
    const { id, links } = await announced();
    await press(links.keepOneHour, { purpose: 'stop-now', minutes: '9999' });
    expect((await fleet.show(id)).desiredState).toBe('RUNNING');
    const { snoozedUntil } = await fleet.show(id);
    expect(snoozedUntil).toBe(plus(app.clock.now(), 2 * HOUR).toISOString());
  });

  it('end a while after the stop that they are about', async () => {
    const { id, deadline, links } = await announced();
    app.clock.set(plus(deadline, 14 * MINUTE));
    expect((await open(links.keepOneHour)).status).toBe(200);
    app.clock.set(plus(deadline, 15 * MINUTE));
    expect([(await open(links.keepOneHour)).status, (await press(links.keepOneHour)).status]).toEqual([
      ...[410, 410],
    ]);
    expect(await fleet.show(id)).toMatchObject({ snoozedUntil: null });
  });

  it('that were tampered with are refused by a page', async () => {
    const { id, links } = await announced();
    const broken = links.stopNow.replace(/.{3}$/, 'AAA');
    for (const path of [broken, '/notices/x', '/notices/..%2f..', `/notices/${'x'.repeat(5_000)}`]) {
      const [looked, pressed] = [await open(path), await press(path)];
      expect([looked.status, pressed.status]).toEqual([404, 404]);
      expect(looked.headers.get('content-type')).toBe('text/html; charset=utf-8');
    }
    expect((await fleet.show(id)).desiredState).toBe('RUNNING');
  });

  it('refuse what no form of theirs sends', async () => {
    const { links } = await announced();
    const json = await app.as(null).post(links.keepUntil, { minutes: 30 });
    expect([json.status, json.body.code]).toEqual([415, 'unsupported-media-type']);
    expect((await press(links.keepUntil, { until: 'x'.repeat(5_000) })).status).toBe(413);
  });

  it('do not get into the log, nor into an answer, nor into an event', async () => {
    const { id, links } = await announced();
    await open(links.keepOneHour);
    await press(links.keepUntil, { until: 'x' });
    const json = await app.as(null).post(links.keepUntil, { minutes: 30 });
    expect(json.body.instance).toBe('/notices/[secret]');
    for (const path of [
      `/cml${links.stopNow}`,
      `/${links.stopNow}`,
      links.stopNow.replace('notices', 'Notices/'),
    ]) {
      const { status, body } = await app.as(null).send('PUT', path);
      expect([status, JSON.stringify(body)]).toEqual([404, expect.stringContaining('[secret]')]);
      expect(JSON.stringify(body)).not.toContain(links.stopNow.slice(-20));
    }
    const token = (path: string) => path.slice('/notices/'.length);
    const told = JSON.stringify((await app.admin.get('/api/v1/events?limit=200')).body);
    expect(told).toContain('notice.told');
    const shown = [...app.log, told, JSON.stringify(await events(id))].join('\n');
    for (const path of Object.values(links) as string[]) {
      expect(shown).not.toContain(token(path));
      expect(shown).not.toContain(token(path).split('.')[2]);
    }
    expect(shown).not.toContain('token-in-path');
    expect(app.log.join('\n')).toContain('/notices/:token');
    expect((await app.admin.get('/metrics')).body).toMatch(
      /^cml_fleet_notices_total\{channel="webhook",outcome="delivered"\} \d+$/m,
    );
  });
});

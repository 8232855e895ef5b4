import { BUDGET, type PoliciesApp, startPoliciesApp, WORKER } from '../testing/policies-app';
import { type FleetPolicyView } from './policy.view';

const PATH = '/reaper/policy';

describe('/api/v1/reaper/policy', () => {
  let http: PoliciesApp;
  beforeEach(async () => {
    http = await startPoliciesApp();
  });
  afterEach(() => http.close());

  const put = async (body: object, headers = {}) => {
    const { status, body: answer } = await http.admin('PUT', PATH, body, headers);
    return { status, view: answer as FleetPolicyView };
  };
  const pointers = ({ body }: { body: unknown }) =>
    (body as { errors?: { pointer: string }[] }).errors?.map(({ pointer }) => pointer);

  it('shows the settings to viewers where nothing was written', async () => {
    const { status, headers, body } = await http.call('GET', `/api/v1${PATH}`, { as: 'viewer' });
    expect([status, headers.get('etag')]).toEqual([200, '"0"']);
    const { effective, ...written } = body as FleetPolicyView;
    expect(written).toEqual({ version: 0, values: {}, fleetRules: {}, updatedAt: null });
    expect(effective.values).toMatchObject({
      idleThresholdMinutes: 60,
      maxUptimeMinutes: null,
      dryRun: false,
    });
    expect(effective.fleetRules).toEqual({
      fleetBudget: BUDGET,
      regionBudget: null,
      breakerWindowMinutes: 60,
    });
    expect(new Set(Object.values(effective.origins))).toEqual(new Set(['settings']));
  });

  it('replaces what is written, at once for every worker, and gives the rest back to the settings', async () => {
    const first = await put({
      values: { idleThresholdMinutes: 120, maxUptimeMinutes: 1440, warningStagesMinutes: [5, 30, 5] },
      fleetRules: { fleetBudget: null, regionBudget: { stops: 3 } },
    });
    expect(first).toMatchObject({
      status: 200,
      view: {
        version: 1,
        values: { idleThresholdMinutes: 120, maxUptimeMinutes: 1440, warningStagesMinutes: [30, 5] },
        effective: {
          values: { idleThresholdMinutes: 120, snoozeCapMinutes: 600 },
          origins: { idleThresholdMinutes: 'fleet', snoozeCapMinutes: 'settings' },
          fleetRules: {
            fleetBudget: null,
            regionBudget: { stops: 3, sharePercent: null, windowMinutes: 60 },
          },
        },
      },
    });
    expect(http.policies.of(http.known.workers.get(WORKER)!).policy.maxUptimeMinutes).toBe(1440);
    expect(http.policies.fleet()).toMatchObject({ fleetBudget: null, breakerWindowMinutes: 60 });

    const second = await put({ values: { maxUptimeMinutes: 600, idleThresholdMinutes: null } });
    expect(second.view).toMatchObject({
      ...{ version: 2, values: { maxUptimeMinutes: 600 }, fleetRules: {} },
      effective: { values: { idleThresholdMinutes: 60 }, fleetRules: { fleetBudget: BUDGET } },
    });
    expect(second.view.values).toEqual({ maxUptimeMinutes: 600 });
  });

  it('knows null as a value of its own where none is one', async () => {
    await http.close();
    http = await startPoliciesApp({ values: { maxUptimeMinutes: 1440 } });
    const { view } = await put({ values: { maxUptimeMinutes: null, budget: null, dryRun: null } });
    expect(view.values).toEqual({ maxUptimeMinutes: null, budget: null });
    expect(view.effective.values.maxUptimeMinutes).toBeNull();
    expect(view.effective.origins).toMatchObject({ maxUptimeMinutes: 'fleet', dryRun: 'settings' });
  });

  it('names nobody to write to while there is no mail server, nor does any other policy', async () => {
    await http.close();
    http = await startPoliciesApp({ sendsMail: false });
    const values = { notifyEmails: ['ann@example.org'] };
    for (const [method, path, body] of [
      ['PUT', PATH, { values }],
      ['POST', '/reaper/policies', { name: 'a', values }],
      ['PUT', `/workers/${WORKER}/idle-policy`, { values }],
    ] as const) {
      const answer = await http.admin(method, path, body);
      expect([answer.status, pointers(answer)]).toEqual([422, ['/values/notifyEmails']]);
    }
    expect((await put({ values: { notifyEmails: [] } })).status).toBe(200);
  });

  it('stores nothing where nothing changes', async () => {
    const body = { values: { notifyEmails: ['a@example.org'], calendar: { holidays: ['2027-12-25'] } } };
    expect((await put(body)).view.version).toBe(1);
    expect((await put(body)).view.version).toBe(1);
  });

  it('is changed only as the caller saw it', async () => {
    expect((await put({}, { 'If-Match': '"1"' })).status).toBe(412);
    expect((await put({ values: { dryRun: true } }, { 'If-Match': '"0"' })).status).toBe(200);
    expect((await put({}, { 'If-Match': '"0"' })).status).toBe(412);
    expect((await put({}, { 'If-Match': '"1"' })).view.version).toBe(2);
  });

  it('lets one of two changes of the same version pass', async () => {
    await put({ values: { dryRun: true } });
    const answers = await Promise.all(
      [70, 80].map((idleThresholdMinutes) =>
        put({ values: { idleThresholdMinutes } }, { 'If-Match': '"1"' }),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('puts calendars that name no zone into that of the settings', async () => {
    const { view } = await put({
      values: { calendar: { stops: [{ name: 'x', at: '20:00', days: ['mon'] }] } },
    });
    expect(view.effective.values.calendar).toMatchObject({ timeZone: 'Europe/Zurich', never: [] });
    const { calendar } = http.policies.of(http.known.workers.get(WORKER)!);
    expect(calendar.nextScheduledStop(new Date('2027-01-01T00:00:00Z'))?.at).toEqual(
      new Date('2027-01-04T19:00:00Z'),
    );
  });

  it.each<[object, string]>([
    [{ values: { idleThresholdMinutes: 0 } }, '/values/idleThresholdMinutes'],
    [{ values: { idleThresholdMinutes: 30, warningStagesMinutes: [60] } }, '/values/warningStagesMinutes'],
    [{ values: { warningStagesMinutes: [120] } }, '/values/warningStagesMinutes'],
    [{ values: { requiredSignals: ['cpu'] } }, '/values/requiredSignals'],
    [{ values: { requiredSignals: ['moon'] } }, '/values/requiredSignals/0'],
    [{ values: { maxReadingAgeSeconds: 30 } }, '/values/maxReadingAgeSeconds'],
    [{ values: { notifyEmails: ['nobody'] } }, '/values/notifyEmails/0'],
    [{ values: { budget: { windowMinutes: 60 } } }, '/values/budget/stops'],
    [{ values: { budget: { sharePercent: 101 } } }, '/values/budget/sharePercent'],
    [{ values: { calendar: { timeZone: 'Mars/Base' } } }, '/values/calendar/timeZone'],
    [{ values: { calendar: { holidays: ['2027-02-30'] } } }, '/values/calendar/holidays/0'],
    [
      { values: { calendar: { never: [{ name: 'a', start: '25:00', lengthMinutes: 5, days: ['mon'] }] } } },
      '/values/calendar/never/0/start',
    ],
    [{ values: { threshold: 5 } }, '/values/threshold'],
    [{ fleetRules: { fleetBudget: {} } }, '/fleetRules/fleetBudget/stops'],
    [{ fleetRules: { breakerWindowMinutes: 0 } }, '/fleetRules/breakerWindowMinutes'],
    [{ idleThresholdMinutes: 5 }, '/idleThresholdMinutes'],
  ])('refuses %j', async (body, pointer) => {
    const answer = await http.admin('PUT', PATH, body);
    expect([answer.status, pointers(answer)]).toEqual([422, [pointer]]);
  });

  it('refuses what would make a named policy unacceptable', async () => {
    const stages = { name: 'long notice', values: { warningStagesMinutes: [60] } };
    expect((await http.admin('POST', '/reaper/policies', stages)).status).toBe(201);
    const answer = await http.admin('PUT', PATH, { values: { idleThresholdMinutes: 45 } });
    expect([answer.status, pointers(answer)]).toEqual([422, ['/values/warningStagesMinutes']]);
    expect(JSON.stringify(answer.body)).toContain('long notice');
  });

  it('is not read by whoever has no key, nor written by operators', async () => {
    expect((await http.call('GET', `/api/v1${PATH}`)).status).toBe(401);
    expect((await http.call('PUT', `/api/v1${PATH}`, { as: 'operator', body: {} })).status).toBe(403);
  });
});

import { HOUR, MINUTE, plus } from '../../kernel/clocks';
import { aWorker, WORKER_ID } from '../../workers/testing/worker.builder';
import { METRIC_NAMES, type MetricSample, type MetricValues } from '../domain/metric-sample';
import { MetricSamples } from '../domain/ports';
import { telemetryApp } from '../testing/telemetry-app';

const METRICS = `/api/v1/workers/${WORKER_ID}/metrics`;
/** the clock of the application */
const NOW = new Date('2027-01-01T12:00:00.000Z');

let parts: Awaited<ReturnType<typeof telemetryApp>>;
beforeAll(async () => {
  parts = await telemetryApp();
  parts.workers.workers = [aWorker().running().state];
});
afterAll(() => parts.http.close());

interface Body {
  readonly from: string;
  readonly to: string;
  readonly stepSeconds: number;
  readonly series: readonly { readonly name: string; readonly points: readonly unknown[] }[];
}

const get = async (query = '', path = METRICS) => {
  const { status, body } = await parts.http.call('GET', `${path}${query}`, { as: 'viewer' });
  return { status, body: body as Body & { readonly errors?: unknown } };
};
const save = (...samples: MetricSample[]) => parts.http.app.get(MetricSamples).save(samples);
/** Tests share the application, and take a metric each. */
const sample = (minutesAgo: number, values: MetricValues): MetricSample => {
  return { workerId: WORKER_ID, source: 'cml-system', at: plus(NOW, -minutesAgo * MINUTE), values };
};

describe('GET /workers/:id/metrics', () => {
  it('answers averages, smallest and largest samples of steps, and null where there is none', async () => {
    await save(
      ...[
        [30, 99],
        [20, 10],
        [11, 30],
        [0, 50],
      ].map(([at = 0, cpuPercent = 0]) => sample(at, { cpuPercent })),
    );
    const query =
      '?from=2027-01-01T11:40:00Z&to=2027-01-01T13:10:00%2B01:00&stepSeconds=600&names=cpuPercent';
    expect(await get(query)).toEqual({
      status: 200,
      body: {
        workerId: WORKER_ID,
        from: '2027-01-01T11:40:00.000Z',
        to: '2027-01-01T12:10:00.000Z',
        stepSeconds: 600,
        series: [
          {
            name: 'cpuPercent',
            unit: 'percent',
            source: 'cml-system',
            points: [
              ['2027-01-01T11:40:00.000Z', 20],
              ['2027-01-01T11:50:00.000Z', null],
              ['2027-01-01T12:00:00.000Z', 50],
            ],
            minima: [10, null, 50],
            maxima: [30, null, 50],
          },
        ],
      },
    });
  });

  it('answers all metrics of the 24 hours up to now where nothing is asked for', async () => {
    const { body } = await get();
    expect(body).toMatchObject({
      from: '2026-12-31T12:00:00.000Z',
      to: '2027-01-01T12:00:00.000Z',
      stepSeconds: 300,
    });
    expect(body.series.map(({ name, points }) => [name, points.length])).toEqual(
      METRIC_NAMES.map((name) => [name, 288]),
    );
  });

  it.each([
    ['from=2027-01-01T11:00:00Z', 60, 60],
    ['from=2027-01-01T06:00:00Z', 120, 180],
    ['from=2026-12-25T12:00:00Z', 3_600, 168],
    ['from=2026-12-02T12:00:00Z', 10_800, 240],
    ['from=2027-01-01T11:59:30Z', 30, 1],
  ])('chooses a step that gives about 300 points: %s', async (query, stepSeconds, points) => {
    const { body } = await get(`?${query}`);
    expect([body.stepSeconds, body.series[0]?.points.length]).toEqual([stepSeconds, points]);
  });

  it('has a step at the same times, with the same values, in whatever range it is asked for', async () => {
    await save(...[60, 45, 1].map((minutes) => sample(minutes, { memoryPercent: minutes })));
    const points = async (from: string) =>
      (await get(`?names=memoryPercent&stepSeconds=3600&from=${from}`)).body.series[0]?.points;
    const whole = ['2027-01-01T11:00:00.000Z', 106 / 3];
    expect(await points('2027-01-01T11:00:00Z')).toEqual([whole]);
    expect(await points('2027-01-01T10:30:00Z')).toEqual([whole]);
    expect(await points('2027-01-01T09:30:00Z')).toEqual([['2027-01-01T10:00:00.000Z', null], whole]);
  });

  it('allows 30 days and 1500 points, and no more', async () => {
    const longest = await get('?from=2026-12-02T12:00:00Z&stepSeconds=1728&names=cpuPercent');
    expect([longest.status, longest.body.series[0]?.points.length]).toEqual([200, 1_500]);
    const tooFine = await get('?from=2026-12-02T12:00:00Z&stepSeconds=1727');
    expect([tooFine.status, tooFine.body.errors]).toEqual([
      422,
      [
        {
          pointer: '/query/stepSeconds',
          message: 'too many points, 1500 are the most: give at least 1728, or a shorter range',
        },
      ],
    ]);
    const tooLong = await get('?from=2026-12-02T11:59:59Z');
    expect([tooLong.status, tooLong.body.errors]).toEqual([
      422,
      [
        {
          pointer: '/query/from',
          message:
            'more than 30 days before `to`, and samples are kept for 30 days: give 2026-12-02T12:00:00.000Z or later',
        },
      ],
    ]);
  });

  const EARLIER = 'less than a second before `to` (2027-01-01T12:00:00.000Z): give an earlier time';
  it.each([
    ['from=2027-01-01T12:00:00Z', '/query/from', EARLIER],
    ['from=2027-01-01T13:00:00Z', '/query/from', EARLIER],
    ['from=yesterday', '/query/from', 'not a time: write it as 2027-01-31T18:00:00Z'],
    ['stepSeconds=90000', '/query/stepSeconds', 'longer than the whole range: give at most 86400'],
    ['stepSeconds=0', '/query/stepSeconds', 'less than 1: give at least 1'],
    ['stepSeconds=1.5', '/query/stepSeconds', 'not a whole number'],
    ['stepSeconds=hour', '/query/stepSeconds', 'not a number'],
    ['names=cpuPercent,load', '/query/names/1', `not a metric: the metrics are ${METRIC_NAMES.join(', ')}`],
    ['names=', '/query/names/0', `not a metric: the metrics are ${METRIC_NAMES.join(', ')}`],
  ])('refuses %s by name, with a remedy', async (query, pointer, message) => {
    const { status, body } = await get(`?${query}`);
    expect([status, body.errors]).toEqual([422, [{ pointer, message }]]);
  });

  it('answers each metric once, in the order in which they are named', async () => {
    const { body } = await get('?names=totalLabs,cpuPercent,totalLabs&stepSeconds=3600');
    expect(body.series.map(({ name }) => name)).toEqual(['totalLabs', 'cpuPercent']);
  });

  it('answers nothing but gaps for the time to come', async () => {
    await save(sample(0, { diskPercent: 10 }));
    const to = plus(NOW, 2 * HOUR).toISOString();
    const { body } = await get(`?names=diskPercent&stepSeconds=3600&from=${NOW.toISOString()}&to=${to}`);
    expect(body.series[0]?.points).toEqual([
      ['2027-01-01T12:00:00.000Z', 10],
      ['2027-01-01T13:00:00.000Z', null],
    ]);
  });

  it('knows no worker that is not there', async () => {
    const answer = await get('', '/api/v1/workers/00000000-0000-4000-8000-000000000009/metrics');
    expect(answer).toMatchObject({ status: 404, body: { code: 'worker-not-found' } });
  });
});

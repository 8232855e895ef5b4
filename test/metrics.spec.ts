import { EventStore } from '../src/event-store';
import { WorkerReadModel } from '../src/workers/domain/ports';
import { FleetSteps } from './support/fleet-steps';
import { type MemoryApp, startMemoryApp } from './support/memory-app';
import { parseScrape } from './alerts/scrape';

/** What Prometheus sees of the whole application. */
describe('the metrics of the application', () => {
  let app: MemoryApp;
  let fleet: FleetSteps;

  beforeAll(async () => {
    app = await startMemoryApp();
    fleet = new FleetSteps(app);
  });
  afterAll(() => app.close());

  const scrape = async () => parseScrape((await app.admin.get('/metrics')).body as string);
  const seriesOf = async (name: string) =>
    [...(await scrape()).values].filter(([series]) => series.startsWith(`${name}{`));

  it('count requests by the pattern of their route, never by a path', async () => {
    const { body } = await fleet.create();
    await app.admin.get(`/api/v1/workers/${body.id}`);
    await app.as(null).get('/notices/eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl?q=in-query');
    await app.as(null).get('/wp-login.php');
    await app.as(null).get('/api/v1/workers/one/more/that/is/not/there');
    await app.as('wrong').send('PROPFIND', '/api/v1/workers');
    const counted = await seriesOf('cml_fleet_http_request_duration_seconds_count');
    const routes = counted.map(([series]) => /route="([^"]*)"/.exec(series)?.[1]);
    expect(routes).toEqual(expect.arrayContaining(['/api/v1/workers', '/api/v1/workers/:id', 'none']));
    const all = counted.map(([series]) => series).join('\n');
    for (const word of [body.id as string, 'eyJ', 'in-query', 'wp-login', 'PROPFIND', 'that']) {
      expect(all).not.toContain(word);
    }
    expect(all).toContain('method="GET",route="/api/v1/workers/:id",status="2xx"');
  });

  it('leave out answers that go on until somebody ends them', async () => {
    await app.admin.get('/api/v1/events/stream');
    const counted = await seriesOf('cml_fleet_http_request_duration_seconds_count');
    expect(counted.filter(([series]) => series.includes('stream'))).toEqual([]);
  });

  it('have no ids of anything in their labels', async () => {
    await fleet.available();
    await fleet.reap();
    const text = (await app.admin.get('/metrics')).body as string;
    expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|\bi-[0-9a-f]{8,}/);
  });

  it('tell turns, appends, workers and the reaper', async () => {
    const value = async (series: string) => {
      const { values } = await scrape();
      return [...values].find(([name]) => name.startsWith(series))?.[1];
    };
    expect(await value('cml_fleet_tick_duration_seconds_count{tick="reap",outcome="done"')).toBe(1);
    expect(await value('cml_fleet_store_append_duration_seconds_count{outcome="stored"')).toBeGreaterThan(5);
    expect(await value('cml_fleet_workers{region="eu-west-1",status="RUNNING"')).toBe(2);
    expect(await value('cml_fleet_workers{region="eu-west-1",status="UNKNOWN"')).toBeUndefined();
    app.clock.advance(90_000);
    expect(await value('cml_fleet_reaper_last_turn_age_seconds')).toBe(90);
  });

  it('are told while the database hangs, but for what is asked of it', async () => {
    const part = <T>(token: abstract new (...args: never[]) => T): T => app.app.get(token, { strict: false });
    const hung = [
      jest.spyOn(part(EventStore), 'logEnd').mockReturnValue(new Promise(() => {})),
      jest.spyOn(part(WorkerReadModel), 'activeCounts').mockReturnValue(new Promise(() => {})),
    ];
    // past the reading before, which checks take for a moment
    app.clock.advance(1_000);
    const { values } = await scrape();
    for (const one of hung) one.mockRestore();
    const names = [...values].map(([series, value]) => `${series.replace(/,?instance=.*/, '')} ${value}`);
    expect(names).toContain('cml_fleet_health_up{check="store",kind="needed" 0');
    expect(names).toContain('cml_fleet_region_state{region="eu-west-1",state="unknown" 0');
    expect(names.filter((name) => name.startsWith('cml_fleet_workers{'))).toEqual([]);
  });

  it('lack what is not known, and are not 0 then', async () => {
    const other = await startMemoryApp();
    const text = (await other.admin.get('/metrics')).body as string;
    expect(text).not.toMatch(/^cml_fleet_(reaper_last_turn_age|region_sweep_age)_seconds/m);
    expect(text).toContain('cml_fleet_region_state{region="eu-west-1",state="unknown"} 1');
    await other.close();
  });
});

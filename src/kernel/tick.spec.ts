import { ManualClock } from './clocks';
import { Tick } from './tick';

const clock = new ManualClock(new Date('2026-03-01T00:00:00Z'));

describe('a tick', () => {
  it('does not run twice at once: a second call joins the turn under way', async () => {
    let finish = () => {};
    let turns = 0;
    const tick = new Tick(
      'sweep',
      () => new Promise<void>((done) => ((turns += 1), (finish = done))),
      clock,
      fail,
    );
    const first = tick.run();
    const second = tick.run();
    finish();
    await Promise.all([first, second]);
    expect(turns).toBe(1);
    const third = tick.run();
    finish();
    await third;
    expect(turns).toBe(2);
  });

  it('reports a failure and runs again', async () => {
    const reported: string[] = [];
    const tick = new Tick(
      'sweep',
      () => Promise.reject(new Error('no')),
      clock,
      (name, error) => reported.push(`${name}: ${String(error)}`),
    );
    await tick.run();
    await tick.run();
    expect(reported).toEqual(['sweep: Error: no', 'sweep: Error: no']);
    expect(tick.state).toMatchObject({ running: false, finishedAt: clock.now() });
  });

  it('waits at its stop for the turn under way, and begins none after it', async () => {
    let finish = () => {};
    let turns = 0;
    const tick = new Tick(
      'sweep',
      () => new Promise<void>((done) => ((turns += 1), (finish = done))),
      clock,
      fail,
    );
    void tick.run();
    let stopped = false;
    const stopping = tick.stop().then(() => (stopped = true));
    await Promise.resolve();
    expect(stopped).toBe(false);
    finish();
    await stopping;
    await tick.run();
    expect(turns).toBe(1);
  });
});

function fail(name: string, error: unknown): void {
  throw new Error(`${name} failed`, { cause: error });
}

import { ManualClock, plus } from './clocks';
import { Tick, type TurnNote } from './tick';

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

  it('tells of each turn when it has ended, and for how long the next one is due', async () => {
    const moving = new ManualClock(new Date('2026-03-01T00:00:00Z'));
    let failing = false;
    const work = () => {
      moving.advance(1_500);
      return failing ? Promise.reject(new Error('no')) : Promise.resolve();
    };
    const tick = new Tick('sweep', work, moving, () => {});
    const notes: TurnNote[] = [];
    tick.onTurn((note) => notes.push(note));
    expect(tick.lagMs).toBeNull();
    await tick.run();
    tick.expectEvery(10_000);
    expect(tick.lagMs).toBe(0);
    moving.advance(12_000);
    expect(tick.lagMs).toBe(2_000);
    failing = true;
    await tick.run();
    expect(tick.lagMs).toBe(0);
    const startedAt = new Date('2026-03-01T00:00:00Z');
    expect(notes).toEqual([
      { name: 'sweep', startedAt, durationMs: 1_500, failed: false },
      { name: 'sweep', startedAt: plus(startedAt, 13_500), durationMs: 1_500, failed: true },
    ]);
  });

  it('does its turns within what is put around them', async () => {
    const told: string[] = [];
    const tick = new Tick('sweep', () => Promise.resolve(void told.push('turn')), clock, fail);
    tick.doWithin(async (name, turn) => {
      told.push(`${name} begins`);
      const result = await turn();
      told.push('ends');
      return result;
    });
    await tick.run();
    expect(told).toEqual(['sweep begins', 'turn', 'ends']);
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

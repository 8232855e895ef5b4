import { plus } from '../kernel/clocks';
import { isLate } from './fleet-probes';

const NOW = new Date('2026-03-01T12:00:00Z');
const TICK = { name: 'observe', startedAt: null, finishedAt: null, running: false, intervalMs: 60_000 };

it('a tick is late when it hangs, or did not come for three intervals and a minute', () => {
  const ago = (seconds: number) => plus(NOW, -seconds * 1_000);
  expect(isLate(TICK, NOW)).toBe(false);
  expect(isLate({ ...TICK, finishedAt: ago(240) }, NOW)).toBe(false);
  expect(isLate({ ...TICK, finishedAt: ago(241) }, NOW)).toBe(true);
  expect(isLate({ ...TICK, finishedAt: ago(9_999), intervalMs: null }, NOW)).toBe(false);
  expect(isLate({ ...TICK, running: true, startedAt: ago(300), finishedAt: ago(900) }, NOW)).toBe(false);
  expect(isLate({ ...TICK, running: true, startedAt: ago(301) }, NOW)).toBe(true);
});

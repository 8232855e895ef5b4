import { Logger } from '@nestjs/common';
import { type QueryBus } from '@nestjs/cqrs';
import { type EventStore } from '../event-store';
import { ManualClock, plus } from '../kernel/clocks';
import { StoreUnavailable } from '../kernel/domain-error';
import { type NoticeMetrics } from '../notifications';
import { FleetProbes, isLate } from './fleet-probes';
import { FleetReadings } from './fleet-readings';
import { type TickList } from './tick-list';

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

it('the store is asked once for all who ask at the same moment, and twice a second at most', async () => {
  jest.spyOn(Logger.prototype, 'warn').mockReturnValue();
  const clock = new ManualClock(NOW);
  const logEnd = jest.fn<Promise<number>, []>();
  const readings = new FleetReadings({ logEnd } as unknown as EventStore, {} as QueryBus, clock);
  const options = { regions: [], noticeChannels: [], version: '1' };
  const { all } = new FleetProbes(clock, readings, {} as TickList, {} as NoticeMetrics, options);
  const asked = async () => {
    const [store] = all.filter(({ name }) => name === 'store');
    const checks = Array.from({ length: 100 }, async () => (await store?.check())?.healthy);
    return [...new Set(await Promise.all(checks))];
  };
  logEnd.mockResolvedValue(7);
  expect([await asked(), await asked(), logEnd.mock.calls.length]).toEqual([[true], [true], 1]);
  logEnd.mockRejectedValue(new StoreUnavailable('away'));
  clock.advance(500);
  expect([await asked(), await asked(), logEnd.mock.calls.length]).toEqual([[false], [false], 2]);
  logEnd.mockResolvedValue(8);
  clock.advance(500);
  expect(await asked()).toEqual([true]);
  jest.restoreAllMocks();
});

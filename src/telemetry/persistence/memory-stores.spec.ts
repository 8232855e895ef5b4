import { MINUTE } from '../../kernel/clocks';
import { stepsBetween } from '../domain/metric-series';
import { metricSamplesContract } from './metric-samples.contract';
import { MemoryMetricSamples } from './metric-samples.memory-store';
import { observationStoreContract } from './observation-store.contract';
import { MemoryObservationStore } from './observation.memory-store';
import { regionSweepStoreContract } from './region-sweep-store.contract';
import { MemoryRegionSweepStore } from './region-sweep.memory-store';
import { signalHistoryContract } from './signal-history.contract';
import { MemorySignalHistory } from './signal-history.memory-store';

observationStoreContract('memory', () => Promise.resolve(new MemoryObservationStore()));
signalHistoryContract('memory', () => Promise.resolve(new MemorySignalHistory()));
regionSweepStoreContract('memory', () => Promise.resolve(new MemoryRegionSweepStore()));
metricSamplesContract('memory', () => Promise.resolve(new MemoryMetricSamples()));

it('lets the oldest samples of a worker and source make room, also where a late one comes', async () => {
  const samples = new MemoryMetricSamples(3);
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 9, minute));
  const sample = (minute: number, workerId = 'w1') => {
    return { workerId, source: 'cml-system', at: at(minute), values: { cpuPercent: minute } } as const;
  };
  const kept = async (workerId: string) => {
    const steps = await samples.steps(workerId, ['cpuPercent'], stepsBetween(at(0), at(60), MINUTE));
    return steps.get('cpuPercent')?.map(({ average }) => average);
  };
  await samples.save([1, 2, 4, 5, 3, 0].map((minute) => sample(minute)));
  await samples.save([sample(0, 'w2')]);
  expect(await kept('w1')).toEqual([3, 4, 5]);
  expect(await kept('w2')).toEqual([0]);
});

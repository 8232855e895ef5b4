import { observationStoreContract } from './observation-store.contract';
import { MemoryObservationStore } from './observation.memory-store';
import { regionSweepStoreContract } from './region-sweep-store.contract';
import { MemoryRegionSweepStore } from './region-sweep.memory-store';
import { signalHistoryContract } from './signal-history.contract';
import { MemorySignalHistory } from './signal-history.memory-store';

observationStoreContract('memory', () => Promise.resolve(new MemoryObservationStore()));
signalHistoryContract('memory', () => Promise.resolve(new MemorySignalHistory()));
regionSweepStoreContract('memory', () => Promise.resolve(new MemoryRegionSweepStore()));

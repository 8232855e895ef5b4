import { ManualClock } from '../../kernel/clocks';
import { parkedStreamsContract } from '../contracts/parked-streams.contract';
import { subscriptionsContract } from '../contracts/subscriptions.contract';
import { START } from '../testing/books';
import { MemoryParkedStreams } from './memory-parked-streams';
import { MemorySubscriptions } from './memory-subscriptions';

subscriptionsContract('memory', () => {
  const clock = new ManualClock(START);
  return Promise.resolve({
    subscriptions: new MemorySubscriptions(clock),
    pass: (ms: number) => clock.advance(ms),
  });
});

parkedStreamsContract('memory', () => Promise.resolve(new MemoryParkedStreams()));

import { type Connection } from 'mongoose';
import { readStored } from '../stored';
import { type NoticeReceiver } from './notice-receiver';
import { type People } from './people';
import { BUDGET } from './reaper-settings';
import { type SimulatorBooks } from './simulator-books';
import { type StoreWatch } from './store-watch';
import { type Strikes } from './strikes';
import { verifyBudget } from './verify-budget';
import { verifyFences } from './verify-fences';
import { repeatsIn, verifyNotices } from './verify-notices';
import { verifyStops } from './verify-stops';
import { verifyTakeOvers } from './verify-take-overs';
import { storiesOf } from './worker-story';

/** What a run leaves behind. */
export interface ReaperScene {
  readonly connection: Connection;
  readonly books: SimulatorBooks;
  readonly receiver: NoticeReceiver;
  readonly strikes: Strikes;
  readonly watch: StoreWatch;
  readonly people: People;
  readonly thresholdMinutes: number;
  readonly machineMs: (fleetTime: Date) => number;
  readonly workerOf: (instanceId: string) => string | undefined;
}

/** Holds the simulator's books, the notices that came, and the events against each other. */
export async function verifyReaper(scene: ReaperScene): Promise<{
  readonly faults: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}> {
  const { books, receiver, strikes, watch, people, machineMs, workerOf } = scene;
  const { stopCalls, cmlRequests } = books;
  const { notices } = receiver;
  const { commits } = await readStored(scene.connection);
  const stories = storiesOf(commits, machineMs);
  const control = storiesOf(commits, machineMs, 'reaper').get('fleet') ?? [];
  const told = storiesOf(commits, machineMs, 'notices');
  const stops = verifyStops({
    ...{ stopCalls, cmlRequests, notices, stories, control, workerOf },
    thresholdMinutes: scene.thresholdMinutes,
  });
  const fences = verifyFences(stories);
  const takeOvers = verifyTakeOvers(strikes.struck, watch.turns);
  const hurt = books.interruptions();
  const struck = (deed: string) => strikes.struck.filter((each) => each.deed === deed).length;
  return {
    faults: [
      ...stops.faults,
      ...hurt.map(({ instanceId, labs }) => `${instanceId} went off under ${labs.join(', ')}`),
      ...verifyBudget(control, BUDGET),
      ...verifyNotices(notices, told),
      ...fences.faults,
      ...takeOvers.faults,
    ],
    figures: {
      'kill -9 in a stop': struck('kill'),
      'SIGSTOP past the lease in a stop': struck('freeze'),
      'turns of the reaper': watch.turns.length,
      'turns that changed hands': takeOvers.changes,
      'longest take-over, ms': takeOvers.longestMs,
      'workers stopped': stopCalls.length,
      'oldest probe of a stop, ms': stops.oldestProbeMs,
      'fences raised': fences.raised,
      'of them lifted without a stop': fences.lifted,
      'longest fence, ms': fences.longestMs,
      'budget given back': control.filter(({ type }) => type === 'reaper.stop-returned').length,
      'notices received': notices.length,
      'of them repetitions': repeatsIn(notices),
      'times that people went on because of one': people.wentOn,
      'times that people started a worker': people.started,
    },
  };
}

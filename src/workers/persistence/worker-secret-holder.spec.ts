import { type LogEntry } from '../../event-store';
import { aWorker } from '../testing/worker.builder';
import { WorkerSecretHolder } from './worker-secret-holder';

const CREDENTIALS = { username: 'lab', passwordRef: 'ref-password', fingerprint: 'f' };
const NAME = 'read-model:workers';

/** A list that is at 5, of a log whose later entries name these refs. */
function holder(given: { later?: string[]; aside?: string; name?: string } = {}) {
  const { later = [], aside, name = NAME } = given;
  const state = { ...aWorker().running().state, cmlCredentials: CREDENTIALS };
  const licensed = { ...state, cmlCredentials: null, licenseToken: { ref: 'ref-token', fingerprint: 'f' } };
  const entries = later.map((ref) => ({ commit: { events: [{ data: { ref } }] } }) as unknown as LogEntry);
  return new WorkerSecretHolder({
    subscription: NAME,
    readModel: { active: () => Promise.resolve([state, licensed]) },
    subscriptions: { list: () => Promise.resolve([{ name, position: 5 } as never]) },
    parked: { of: () => Promise.resolve(aside ? [{ stream: aside } as never] : []) },
    store: {
      sequence: () => Promise.resolve(0),
      readLog: (after, limit) => Promise.resolve(after === 5 ? entries.slice(0, limit) : []),
    },
  });
}

describe('what workers hold of secrets', () => {
  it('is what the list has, and what it has not heard of yet', async () => {
    const refs = ['ref-password', 'ref-token', 'ref-of-a-moment-ago', 'ref-unused'];
    expect(await holder({ later: ['ref-of-a-moment-ago'] }).heldOf(refs)).toEqual(refs.slice(0, 3));
  });

  it.each<[string, Parameters<typeof holder>[0], string]>([
    ['while a worker is put aside', { aside: 'worker-1' }, 'lacks worker-1'],
    ['while the list is far behind', { later: Array<string>(1_000).fill('x') }, 'too far behind'],
    ['where nobody keeps the list', { name: 'another' }, 'is not there'],
  ])('is not known %s', async (_when, given, message) => {
    await expect(holder(given).heldOf(['ref-unused'])).rejects.toThrow(message);
  });
});

import { type Entry, Ledger } from './ledger';
import { type StoredCommit } from './stored';
import { verifyCommands, verifyOrder } from './verify-commands';

const WANTED = 'worker.desired-state-updated';
const LICENSE = 'worker.license-updated';
const PREPARED = 'worker.termination-prepared';

function entry(more: Partial<Entry> = {}): Entry {
  return {
    ...{ correlationId: 'c-1', what: 'terminate', workerId: 'w', status: 202, tries: 1, event: WANTED },
    ...{ followedBy: [LICENSE, PREPARED], promise: 'once' },
    ...more,
  };
}

function ledgerOf(...entries: Entry[]): Ledger {
  const ledger = new Ledger();
  for (const one of entries) ledger.add(one);
  return ledger;
}

function commit(type: string, causationId: string | null = null, correlationId = 'c-1'): StoredCommit {
  return {
    events: [{ id: 'e', type, data: {} }],
    meta: { actor: 'api-key:admin', correlationId, causationId },
    ...{ _id: 'worker-w@2', stream: 'worker-w', first: 2, last: 2 },
    ...{ at: new Date(0), previousHash: null, hash: '' },
  };
}

const wish = commit(WANTED);
const license = commit(LICENSE, 'operation-1');
const prepared = commit(PREPARED, 'operation-1');

describe('the verdict on commands', () => {
  it.each([
    ['one that made its commit', [wish]],
    ['one that an operation prepared what follows of, in the same name', [wish, license, prepared]],
  ])('finds nothing wrong with %s', (_what, commits) => {
    expect(verifyCommands(ledgerOf(entry()), commits)).toEqual({ lost: 0, twice: 0, faults: [] });
  });

  it.each([
    ['one that left nothing', [], ['was acknowledged, and is lost']],
    [
      'one that left only what follows',
      [prepared],
      ['was acknowledged, and is lost', 'was followed up before it was carried out'],
    ],
    [
      'one that was carried out again',
      [wish, wish],
      ['was carried out 2 times: worker.desired-state-updated; worker.desired-state-updated'],
    ],
    [
      'one that is tried anew by a second commit of its own',
      [wish, commit('worker.status-reason-updated')],
      ['was carried out 2 times: worker.desired-state-updated; worker.status-reason-updated'],
    ],
    ['one that did something else', [commit(PREPARED)], [`made no ${WANTED}, but ${PREPARED}`]],
    [
      'what followed twice',
      [wish, prepared, prepared],
      ['was followed by worker.termination-prepared 2 times'],
    ],
    [
      'what two operations did',
      [wish, license, commit(PREPARED, 'operation-2')],
      ['was followed up by 2 operations'],
    ],
    ['the wish again, by an operation', [wish, commit(WANTED, 'operation-1')], [`was followed by ${WANTED}`]],
  ])('finds %s', (_what, commits, faults) => {
    const found = verifyCommands(ledgerOf(entry()), commits);
    expect(found.faults).toEqual(faults.map((fault) => `terminate c-1 of worker w ${fault}`));
  });

  it('finds what follows a command that nothing should follow', () => {
    const { faults } = verifyCommands(ledgerOf(entry({ what: 'stop', followedBy: [] })), [wish, license]);
    expect(faults).toEqual([`stop c-1 of worker w was followed by ${LICENSE}`]);
  });

  it.each([[wish], [license]])('finds an effect of one that was refused', (one) => {
    const { faults } = verifyCommands(ledgerOf(entry({ promise: 'never' })), [one]);
    expect(faults).toContain('terminate c-1 of worker w was refused, and carried out');
  });

  it('finds one that nobody was told of', () => {
    expect(verifyCommands(ledgerOf(), [wish]).faults).toEqual(['nobody was told of the command c-1']);
  });
});

describe('the verdict on their order', () => {
  const before = entry({ correlationId: 'c-0', what: 'start' });

  it('goes by what was asked for, whatever operations did in between', () => {
    const commits = [commit(WANTED, null, 'c-0'), commit(LICENSE, 'operation-0', 'c-0'), wish, prepared];
    expect(verifyOrder(ledgerOf(before, entry()), commits)).toEqual([]);
  });

  it('finds commands that stand the other way round', () => {
    const commits = [wish, commit(WANTED, null, 'c-0')];
    expect(verifyOrder(ledgerOf(before, entry()), commits)).toEqual([
      'worker-w: another order from the command c-0 on',
    ]);
  });
});

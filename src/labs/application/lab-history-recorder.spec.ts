import { MINUTE, plus } from '../../kernel/clocks';
import { type CmlRead, type LabSummary } from '../../telemetry';
import { labsBench, NOW, PERSON } from '../testing/labs-bench';
import { LabHistoryRecorder } from './lab-history-recorder';

const at = (minute: number) => plus(NOW, minute * MINUTE);
const lab = (id: string, state: string): LabSummary => ({
  ...{ id, title: `Lab ${id}`, owner: 'alice', state, nodeCount: 4 },
});

function recorderBench() {
  const bench = labsBench();
  const { worker, history, acts } = bench;
  const observation = (minute: number, labs: readonly LabSummary[] | null) => ({
    ...{ workerId: worker.id, source: 'cml-labs' as const, lastError: null, sweepId: null },
    ...{ goodReads: 1, failedReads: 0, observedAt: labs && at(minute) },
    values: labs && { total: labs.length, running: 0, labs },
  });
  /** What is stored as the latest reading, as telemetry has it. */
  let stored: CmlRead<'cml-labs'>['before'];
  const reads = (minute: number, ...labs: LabSummary[]): CmlRead<'cml-labs'> => {
    const before = stored;
    stored = observation(minute, labs);
    return { worker, before, after: stored, licensed: true, context: PERSON };
  };
  const changes = async () =>
    (await history.recent(worker.id, 100)).map(({ labId, from, to, by }) => [labId, from, to, by]);
  const newRecorder = () => new LabHistoryRecorder(history, acts);
  return { ...bench, reads, observation, changes, newRecorder };
}

describe('the recorder of the history of labs', () => {
  it('records what each reading changes, once, with who asked for it', async () => {
    const { reads, changes, newRecorder, acts, worker } = recorderBench();
    const recorder = newRecorder();
    await recorder.record(reads(0, lab('a', 'STOPPED')));
    await acts.record(worker.id, PERSON, (them) =>
      them.requested('start', { labId: 'a', title: null, owner: null }, 'user:ann', at(0.5)),
    );
    const read = reads(1, lab('a', 'STARTED'));
    await recorder.record(read);
    await recorder.record(read);
    await newRecorder().record(read);
    await recorder.record(reads(2));
    expect(await changes()).toEqual([
      ['a', null, 'STOPPED', null],
      ['a', 'STOPPED', 'STARTED', 'user:ann'],
      ['a', 'STARTED', null, null],
    ]);
  });

  it('asks the store only where a reading says something new', async () => {
    const { reads, newRecorder, history } = recorderBench();
    const recorder = newRecorder();
    const asked = jest.spyOn(history, 'recent');
    await recorder.record(reads(0, lab('a', 'STOPPED')));
    await recorder.record(reads(1, lab('a', 'STOPPED')));
    await recorder.record(reads(2, lab('a', 'STOPPED')));
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('makes up for a reading that could not be recorded', async () => {
    const { reads, changes, newRecorder, history } = recorderBench();
    const recorder = newRecorder();
    await recorder.record(reads(0, lab('a', 'STOPPED')));
    jest.spyOn(history, 'add').mockRejectedValueOnce(new Error('the store is away'));
    await expect(recorder.record(reads(1, lab('a', 'STARTED')))).rejects.toThrow('the store is away');
    await recorder.record(reads(2, lab('a', 'STARTED')));
    expect((await changes()).at(-1)).toEqual(['a', 'STOPPED', 'STARTED', null]);
    // so does a process that was started since
    reads(3, lab('a', 'STOPPED'));
    await newRecorder().record(reads(4, lab('a', 'STOPPED')));
    expect((await changes()).at(-1)).toEqual(['a', 'STARTED', 'STOPPED', null]);
  });

  it('knows no labs by a source that has never answered', async () => {
    const { worker, observation, changes, newRecorder } = recorderBench();
    const nothing = observation(0, null);
    const read = { worker, licensed: null, context: PERSON };
    await newRecorder().record({ ...read, before: undefined, after: nothing });
    await newRecorder().record({ ...read, before: nothing, after: observation(1, [lab('a', 'STARTED')]) });
    expect(await changes()).toEqual([['a', null, 'STARTED', null]]);
  });
});

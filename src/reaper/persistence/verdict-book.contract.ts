import { MINUTE, plus } from '../../kernel/clocks';
import { type VerdictBook, type VerdictChange } from '../domain/verdict-book';

const NOON = new Date('2027-01-15T12:00:00.000Z');
export const noonPlus = (minutes: number) => plus(NOON, minutes * MINUTE);

export function aChange(stated: Partial<VerdictChange> = {}): VerdictChange {
  return {
    workerId: 'w-1',
    at: NOON,
    verdict: 'in-use',
    cause: null,
    decisionId: 'd-1',
    policyLayers: ['settings@0', 'fleet@3'],
    deadline: null,
    ...stated,
  };
}

/** What every store of verdicts does; `open` gives an empty one. */
export function verdictBookContract(open: () => Promise<VerdictBook>): void {
  it('knows the present verdict of each worker, and what was alarmed about since', async () => {
    const book = await open();
    const unknown = aChange({ verdict: 'unknown', at: noonPlus(5), decisionId: 'd-2' });
    const idle = { verdict: 'warn', cause: 'idle', deadline: noonPlus(30) } as const;
    const due = aChange({ ...idle, workerId: 'w-2', decisionId: 'd-3' });
    await book.add([aChange(), due]);
    await book.add([unknown]);
    await book.alarmed('w-1', 'd-2', 'e-1');
    await book.alarmed('w-1', 'd-2', 'e-1');
    expect([...(await book.current(['w-1', 'w-2', 'w-3'])).values()]).toEqual([
      { ...unknown, alarmed: ['e-1'] },
      { ...due, alarmed: [] },
    ]);
    await book.add([aChange({ decisionId: 'd-4', at: noonPlus(6) })]);
    await book.alarmed('w-1', 'd-2', 'e-2');
    expect((await book.current(['w-1'])).get('w-1')).toMatchObject({ verdict: 'in-use', alarmed: [] });
  });

  it('lists all that are judged', async () => {
    const book = await open();
    const gone = aChange({ workerId: 'w-2', verdict: 'not-applicable', decisionId: 'd-2' });
    await book.add([aChange(), gone]);
    expect([...(await book.current()).keys()]).toEqual(['w-1']);
    expect([...(await book.current([])).keys()]).toEqual([]);
    await book.add([]);
  });

  it('tells what was thought of one worker in a time', async () => {
    const book = await open();
    const changes = ['in-use', 'idle-waiting', 'warn', 'stop'].map((verdict, index) =>
      aChange({ verdict: verdict as 'warn', at: noonPlus(index * 10), decisionId: `d-${index}` }),
    );
    await book.add([...changes, aChange({ workerId: 'w-2', decisionId: 'd-9' })]);
    const verdicts = async (from: number, to: number) =>
      (await book.between('w-1', noonPlus(from), noonPlus(to))).map(({ verdict }) => verdict);
    expect(await book.between('w-1', noonPlus(-5), noonPlus(90))).toEqual(changes);
    expect(await verdicts(10, 20)).toEqual(['idle-waiting', 'warn']);
    expect(await verdicts(12, 19)).toEqual(['idle-waiting']);
    expect(await verdicts(-9, -1)).toEqual([]);
    expect(await verdicts(40, 50)).toEqual(['stop']);
  });

  it('takes a change once, and no notice of one that changes nothing', async () => {
    const book = await open();
    await book.add([aChange()]);
    await book.add([aChange()]);
    await book.add([aChange({ decisionId: 'd-2', at: noonPlus(1) })]);
    expect(await book.between('w-1', noonPlus(0), noonPlus(5))).toEqual([aChange()]);
  });
}

import { eventually } from '../../../test/support/eventually';
import { StoreUnavailable } from '../../kernel/domain-error';
import { HOUR, MINUTE, plus, SECOND } from '../../kernel/clocks';
import { aNotice, anAlarm, noticesBench, type NoticesBench, START } from '../testing/notices-bench';
import { mortal } from '../testing/mortal';
import { REFUSED, ScriptedChannel, TAKEN } from '../testing/scripted-channel';

const DEADLINE = plus(START, HOUR);

describe('the sender of notices', () => {
  let webhook: ScriptedChannel;
  let slack: ScriptedChannel;
  let bench: NoticesBench;
  beforeEach(() => {
    webhook = new ScriptedChannel('webhook');
    slack = new ScriptedChannel('slack');
    bench = noticesBench({ channels: [webhook, slack] });
  });
  const state = async (id = 'w-1') => (await bench.notices.factsOf([id])).get(id)?.[0]?.state;
  /** Runs until so many seconds have passed, second by second; answers at which ones something was sent. */
  const secondsOfTries = async (channel: ScriptedChannel, seconds: number) => {
    const at: number[] = [];
    for (let second = 0; second <= seconds; second += 1) {
      const before = channel.sent.length;
      await bench.sender.drain();
      if (channel.sent.length > before) at.push(second);
      bench.clock.advance(SECOND);
    }
    return at;
  };

  it('tries again after 5 s, twice as long each time, and each minute at most, until the deadline', async () => {
    webhook.answer = () => REFUSED;
    await bench.notices.tell(aNotice({ deadline: plus(START, 5 * MINUTE) }));
    expect(await secondsOfTries(webhook, 6 * 60)).toEqual([0, 5, 15, 35, 75, 135, 195, 255]);
    expect(new Set(webhook.ids).size).toBe(1);
    expect(bench.tries.slice(-2)).toEqual(['webhook failed', 'webhook given-up']);
    expect(slack.sent).toHaveLength(1);
  });

  it('waits longer where the receiver asks for it, yet never longer than a minute before a stop', async () => {
    const waits = [20 * SECOND, HOUR];
    webhook.answer = () => ({ error: 'answered 429', retryAfterMs: waits.shift() ?? 0 });
    await bench.notices.tell(aNotice());
    expect(await secondsOfTries(webhook, 85)).toEqual([0, 20, 80]);
  });

  it('gives an alarm up after a day, and asks each ten minutes at most until then', async () => {
    webhook.answer = () => REFUSED;
    await bench.notices.alarm(anAlarm());
    let tries = 0;
    for (let minute = 0; minute < 25 * 60; minute += 1) {
      await bench.sender.drain();
      bench.clock.advance(MINUTE);
      tries = webhook.sent.length;
    }
    expect(tries).toBeGreaterThan(140);
    expect(tries).toBeLessThan(160);
    expect((await bench.history('w-1')).at(-1)?.[1]).toMatchObject({
      reason: 'it was tried for a day; the last try: answered 500',
    });
  });

  it('lets a channel that hangs delay no other', async () => {
    webhook.answer = () => new Promise(() => undefined);
    for (let count = 0; count < 20; count += 1) await bench.notices.tell(aNotice({ workerId: `w-${count}` }));
    bench.sender.start();
    await bench.sender.run();
    await eventually(() => expect(slack.sent).toHaveLength(20));
    expect(webhook.sent).toHaveLength(4);
    expect(await state('w-19')).toBe('delivered');
  });

  it('does not send a notice whose deadline passed while it was waiting', async () => {
    await bench.notices.tell(aNotice());
    bench.clock.set(DEADLINE);
    await bench.sender.drain();
    expect([webhook.sent, slack.sent, await state()]).toEqual([[], [], 'failed']);
  });

  it('leaves what goes by a channel that is not set up here to others, and gives it up when it has expired', async () => {
    await bench.outbox.add([]);
    const before = noticesBench({ channels: [new ScriptedChannel('email')], emails: ['ann@example.com'] });
    await before.notices.tell(aNotice());
    const [left] = await before.outbox.standing(['w-1']);
    if (!left) throw new Error('nothing is left');
    await bench.outbox.add([left]);
    const found = async () => (await bench.outbox.ofNotice(left.noticeId))[0];
    await bench.sender.drain();
    expect(await found()).toMatchObject({ state: 'pending', owner: null, fence: 0 });
    bench.clock.set(DEADLINE);
    await bench.sender.drain();
    expect(await found()).toMatchObject({
      ...{ state: 'failed', lastError: 'the channel is not set up any more' },
    });
  });

  it('marks what was delivered although its history cannot be written', async () => {
    await bench.notices.tell(aNotice());
    jest.spyOn(bench.books, 'write').mockRejectedValue(new StoreUnavailable('away'));
    await bench.sender.drain();
    expect([await state(), webhook.sent.length, bench.errors.length]).toEqual(['delivered', 1, 2]);
  });

  it('reports what a channel throws, and tries again when its claim is over', async () => {
    webhook.answer = () => {
      webhook.answer = () => TAKEN;
      throw new Error('a bug');
    };
    await bench.notices.tell(aNotice());
    await bench.sender.drain();
    expect(bench.errors).toEqual([expect.stringMatching(/^send the notice .* by webhook: Error: a bug$/)]);
    bench.clock.advance(MINUTE);
    await bench.sender.drain();
    expect([webhook.ids.length, new Set(webhook.ids).size]).toEqual([2, 1]);
  });

  it('gives back at its stop what is not answered in time, uncounted', async () => {
    webhook.answer = (_notice, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
    await bench.notices.tell(aNotice());
    const { sender } = bench.processOf('b', { graceMs: 0 });
    await sender.run();
    await eventually(() => expect(webhook.sent).toHaveLength(1));
    await sender.stop();
    const posting = (await bench.outbox.standing(['w-1'])).find(({ channel }) => channel === 'webhook');
    expect(posting).toMatchObject({ state: 'pending', attempts: 0, owner: null });
  });
});

/** Each call of so many, killed before and after it. */
const deaths = (calls: number) =>
  Array.from({ length: calls }, (_, index) => index + 1).flatMap((call) => [
    [call, 'before'] as const,
    [call, 'after'] as const,
  ]);

describe('a process that dies', () => {
  it.each(deaths(9))(
    'at its call %i, %s it is made, leaves a notice that the next one delivers under the same id',
    async (call, when) => {
      const webhook = new ScriptedChannel('webhook');
      const bench = noticesBench({ channels: [webhook] });
      const { wrap, died } = mortal(call, when);
      const first = bench.processOf('first', { wrap });
      const done = first.notices.tell(aNotice()).then(() => first.sender.drain());
      expect(await Promise.race([died.then(() => true), done.then(() => false)])).toBe(true);
      const sentByFirst = webhook.sent.length;

      // whoever told it repeats it, as the next turn does; the claim of the dead runs out
      await bench.notices.tell(aNotice({ decisionId: 'd-2' }));
      bench.clock.advance(MINUTE);
      await bench.sender.drain();
      expect((await bench.notices.factsOf(['w-1'])).get('w-1')).toEqual([
        expect.objectContaining({ deadline: DEADLINE, stageMinutes: 60, state: 'delivered' }),
      ]);
      expect(new Set(webhook.ids).size).toBe(1);
      expect(webhook.sent.length).toBeLessThanOrEqual(sentByFirst + 1);
      expect((await bench.history('w-1')).map(([type]) => type)).toEqual(['notice.told', 'notice.delivered']);
    },
  );

  it('between sending and marking leaves it to be sent once more', async () => {
    const webhook = new ScriptedChannel('webhook');
    const bench = noticesBench({ channels: [webhook] });
    await bench.notices.tell(aNotice());
    // two looks for what is due, then the sending: its answer is lost
    const { wrap, died } = mortal(3, 'after');
    void bench.processOf('first', { wrap }).sender.drain();
    await died;
    expect(webhook.sent).toHaveLength(1);
    await bench.sender.drain();
    expect(webhook.sent).toHaveLength(1);
    bench.clock.advance(MINUTE);
    await bench.sender.drain();
    expect([webhook.sent.length, new Set(webhook.ids).size]).toEqual([2, 1]);
  });

  it.each(deaths(4))(
    'at its call %i of calling off, %s it is made, leaves nothing that a repetition would not finish',
    async (call, when) => {
      const webhook = new ScriptedChannel('webhook');
      const bench = noticesBench({ channels: [webhook] });
      await bench.notices.tell(aNotice());
      await bench.sender.drain();
      const { wrap, died } = mortal(call, when);
      const { notices } = bench.processOf('first', { wrap });
      void notices.callOff('w-1', 'used', 'd-2');
      await died;
      await bench.notices.callOff('w-1', 'used', 'd-3');
      await bench.sender.drain();
      expect(webhook.sent.map(({ topic }) => topic)).toEqual(['stop-planned', 'stop-called-off']);
      expect((await bench.notices.factsOf(['w-1'])).size).toBe(0);
    },
  );
});

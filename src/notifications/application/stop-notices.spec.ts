import { HOUR, MINUTE, plus } from '../../kernel/clocks';
import { aNotice, anAlarm, noticesBench, type NoticesBench, START } from '../testing/notices-bench';
import { REFUSED, ScriptedChannel } from '../testing/scripted-channel';

const DEADLINE = plus(START, HOUR);
const LATER = plus(START, 2 * HOUR);

describe('notices of automatic stops', () => {
  let webhook: ScriptedChannel;
  let email: ScriptedChannel;
  let bench: NoticesBench;
  beforeEach(() => {
    webhook = new ScriptedChannel('webhook');
    email = new ScriptedChannel('email');
    bench = noticesBench({ channels: [webhook, email], emails: ['ops@example.com'] });
  });
  const facts = async (id = 'w-1') => (await bench.notices.factsOf([id])).get(id);

  it('are known as pending when they were told, and as delivered when one channel has brought them', async () => {
    email.answer = () => REFUSED;
    await bench.notices.tell(aNotice());
    const fact = { deadline: DEADLINE, stageMinutes: 60 };
    expect(await facts()).toEqual([{ ...fact, state: 'pending', deliveredAt: null }]);
    bench.clock.advance(MINUTE);
    await bench.sender.drain();
    expect(await facts()).toEqual([{ ...fact, state: 'delivered', deliveredAt: plus(START, MINUTE) }]);
    expect(await facts('w-2')).toBeUndefined();
  });

  it('take every channel, and each address once', async () => {
    await bench.notices.tell(aNotice({ emails: ['ann@example.com', 'OPS@example.com'] }));
    await bench.sender.drain();
    expect(webhook.sent).toEqual([
      expect.objectContaining({ topic: 'stop-planned', deadline: DEADLINE, installation: 'i-1' }),
    ]);
    expect(webhook.sent[0]?.urls).toEqual({ keepOneHour: '/k1', keepUntil: '/ku', stopNow: '/s' });
    expect(email.sent.map(({ recipient }) => recipient)).toEqual(['OPS@example.com', 'ann@example.com']);
    expect(new Set([...webhook.ids, ...email.ids]).size).toBe(1);
  });

  it('are one notice for each worker, deadline and stage, however often they are told', async () => {
    await bench.notices.tell(aNotice());
    await bench.sender.drain();
    await bench.notices.tell(aNotice({ decisionId: 'd-2' }));
    await bench.notices.tell(aNotice({ stageMinutes: 15 }));
    await bench.sender.drain();
    expect([webhook.ids.length, new Set(webhook.ids).size]).toEqual([2, 2]);
    expect((await facts())?.map(({ stageMinutes }) => stageMinutes)).toEqual([60, 15]);
    const told = (await bench.history('w-1')).filter(([type]) => type === 'notice.told');
    expect(told.map(([, { decisionId, stageMinutes }]) => [decisionId, stageMinutes])).toEqual([
      ['d-1', 60],
      ['d-1', 15],
    ]);
  });

  it('stand in the history of their worker, delivered by which channel, without an address', async () => {
    await bench.notices.tell(aNotice());
    await bench.sender.drain();
    const history = await bench.history('w-1');
    expect(history.map(([type, { channel, channels }]) => [type, channel ?? channels])).toEqual([
      ['notice.told', ['webhook', 'email']],
      ['notice.delivered', 'webhook'],
      ['notice.delivered', 'email'],
    ]);
    expect(JSON.stringify(history)).not.toContain('@');
  });

  it('are superseded when the deadline moves: what waits of the old one is never sent', async () => {
    await bench.notices.tell(aNotice());
    await bench.notices.tell(aNotice({ deadline: LATER, sentence: 'moved' }));
    await bench.sender.drain();
    expect(webhook.sent.map(({ sentence }) => sentence)).toEqual(['moved']);
    expect((await facts())?.map(({ deadline }) => deadline)).toEqual([LATER]);
  });

  it('are told anew, under another id, when the deadline comes back to what people were told before', async () => {
    for (const deadline of [DEADLINE, LATER, DEADLINE, DEADLINE]) {
      await bench.notices.tell(aNotice({ deadline }));
      await bench.sender.drain();
    }
    expect(new Set(webhook.ids).size).toBe(3);
    expect(webhook.sent.map(({ deadline }) => deadline)).toEqual([DEADLINE, LATER, DEADLINE]);
    expect(await facts()).toEqual([expect.objectContaining({ deadline: DEADLINE, state: 'delivered' })]);
  });

  it('are called off by a channel that has not answered well: its try may have arrived', async () => {
    email.answer = () => ({ error: 'no answer in time', retryAfterMs: null });
    await bench.notices.tell(aNotice());
    await bench.sender.drain();
    await bench.notices.callOff('w-1', 'somebody uses it', 'd-2');
    await bench.sender.drain();
    expect(email.sent.map(({ topic }) => topic)).toEqual(['stop-planned', 'stop-called-off']);
  });

  it('are called off by those as well that told of an earlier deadline only, once', async () => {
    await bench.notices.tell(aNotice());
    await bench.sender.drain();
    for (const hours of [2, 3]) {
      await bench.notices.tell(aNotice({ deadline: plus(START, hours * HOUR) }));
    }
    await bench.notices.callOff('w-1', 'somebody uses it', 'd-2');
    await bench.sender.drain();
    expect(webhook.sent.map(({ topic }) => topic)).toEqual(['stop-planned', 'stop-called-off']);
    expect(email.sent.map(({ topic }) => topic)).toEqual(['stop-planned', 'stop-called-off']);
    // nobody has heard of this one, and of all before they have heard
    await bench.notices.tell(aNotice({ deadline: plus(START, 4 * HOUR) }));
    await bench.notices.callOff('w-1', 'somebody uses it', 'd-4');
    await bench.sender.drain();
    expect(webhook.sent).toHaveLength(2);
  });

  it('are called off by those channels only that may have told of the stop', async () => {
    await bench.notices.tell(aNotice());
    const mail = await bench.outbox.claimDue(['email'], 'elsewhere', MINUTE);
    if (mail) await bench.outbox.record(mail, { state: 'failed', error: 'given up untried' });
    await bench.sender.drain();
    await bench.notices.callOff('w-1', 'somebody uses it', 'd-2');
    await bench.notices.callOff('w-1', 'somebody uses it', 'd-3');
    bench.clock.advance(10 * MINUTE);
    await bench.sender.drain();
    expect(webhook.sent.map(({ topic, sentence }) => [topic, sentence])).toEqual([
      ['stop-planned', 'lab-1: nobody uses it.'],
      ['stop-called-off', 'somebody uses it'],
    ]);
    expect(webhook.sent[1]).toMatchObject({ urls: null, decisionId: 'd-2', deadline: DEADLINE });
    expect(email.sent).toEqual([]);
    expect(await facts()).toBeUndefined();
  });

  it('that nobody heard of are called off in silence', async () => {
    await bench.notices.tell(aNotice());
    await bench.notices.callOff('w-1', 'somebody uses it', 'd-2');
    await bench.sender.drain();
    expect([webhook.sent, email.sent]).toEqual([[], []]);
    expect((await bench.history('w-1')).map(([type]) => type)).toEqual(['notice.told']);
  });

  it('that are being sent at this moment are called off by that channel as well', async () => {
    await bench.notices.tell(aNotice());
    await bench.outbox.claimDue(['webhook'], 'elsewhere', MINUTE);
    await bench.notices.callOff('w-1', 'somebody uses it', 'd-2');
    await bench.sender.drain();
    expect(webhook.sent.map(({ topic }) => topic)).toEqual(['stop-called-off']);
    expect(email.sent).toEqual([]);
  });

  it('are told again after they were called off, since people were told that it will not happen', async () => {
    for (const decisionId of ['d-1', 'd-3']) {
      await bench.notices.tell(aNotice({ decisionId }));
      await bench.sender.drain();
      await bench.notices.callOff('w-1', 'somebody uses it', `${decisionId}-off`);
      await bench.sender.drain();
    }
    expect(webhook.sent.map(({ topic }) => topic)).toEqual([
      ...['stop-planned', 'stop-called-off', 'stop-planned', 'stop-called-off'],
    ]);
    expect(new Set(webhook.ids).size).toBe(4);
  });

  it('do not outlive their deadline: they fail then, and people read why', async () => {
    webhook.answer = email.answer = () => REFUSED;
    await bench.notices.tell(aNotice());
    await bench.sender.drain();
    bench.clock.set(DEADLINE);
    await bench.sender.drain();
    expect([webhook.sent.length, email.sent.length]).toEqual([1, 1]);
    expect(await facts()).toEqual([expect.objectContaining({ state: 'failed', deliveredAt: null })]);
    const [, , last] = await bench.history('w-1');
    const reason = 'its deadline has passed; the last try: answered 500';
    expect(last).toEqual(['notice.undelivered', expect.objectContaining({ reason })]);
  });
});

describe('alarms', () => {
  it('are told once in each episode, and have neither links nor a deadline', async () => {
    const webhook = new ScriptedChannel('webhook');
    const bench = noticesBench({ channels: [webhook] });
    const episodes = ['e-1', 'e-1', 'e-2'];
    for (const episodeId of episodes) await bench.notices.alarm(anAlarm({ episodeId }));
    await bench.notices.alarm(anAlarm({ kind: 'labs-forgotten' }));
    await bench.notices.callOff('w-1', 'x', 'd-2');
    await bench.sender.drain();
    expect(webhook.sent.map(({ topic }) => topic).sort()).toEqual([
      ...['labs-forgotten', 'unreadable', 'unreadable'],
    ]);
    expect(webhook.sent[0]).toMatchObject({ urls: null, deadline: null, stageMinutes: null });
    expect((await bench.notices.factsOf(['w-1'])).size).toBe(0);
  });

  it('about the fleet stand in a book of its own', async () => {
    const bench = noticesBench();
    await bench.notices.alarm(anAlarm({ workerId: null, workerName: 'the fleet', kind: 'breaker-open' }));
    expect((await bench.history('fleet')).map(([type]) => type)).toEqual(['notice.told']);
  });
});

describe('notices without a channel', () => {
  it('are delivered by log and event stream as soon as they are told', async () => {
    const bench = noticesBench({ channels: [] });
    await bench.notices.tell(aNotice());
    expect((await bench.notices.factsOf(['w-1'])).get('w-1')).toEqual([
      { deadline: DEADLINE, stageMinutes: 60, state: 'delivered', deliveredAt: START },
    ]);
    const [told] = await bench.history('w-1');
    expect(told?.[1]).toMatchObject({ channels: ['log'], sentence: 'lab-1: nobody uses it.' });
  });

  it.each([
    ['e-mail is set up, and nobody is to get one', { channels: ['email'] as const, emails: [] }],
    ['somebody is named, and no e-mail is set up', { channels: [], emails: ['ann@example.com'] }],
  ])('have failed where %s: people read that nobody was told', async (_case, { channels, emails }) => {
    const bench = noticesBench({ channels: channels.map((name) => new ScriptedChannel(name)) });
    await bench.notices.tell(aNotice({ emails }));
    await bench.notices.alarm(anAlarm({ emails }));
    await bench.sender.drain();
    expect((await bench.notices.factsOf(['w-1'])).get('w-1')).toEqual([
      { deadline: DEADLINE, stageMinutes: 60, state: 'failed', deliveredAt: null },
    ]);
    const history = await bench.history('w-1');
    expect(history.map(([type, { topic, channel, channels }]) => [type, topic, channel ?? channels])).toEqual(
      [
        ['notice.told', 'stop-planned', []],
        ['notice.undelivered', 'stop-planned', 'none'],
        ['notice.told', 'unreadable', []],
        ['notice.undelivered', 'unreadable', 'none'],
      ],
    );
    await bench.notices.callOff('w-1', 'x', 'd-2');
    expect(await bench.history('w-1')).toHaveLength(4);
  });

  it('have another one where somebody is named whom no e-mail reaches', async () => {
    const webhook = new ScriptedChannel('webhook');
    const bench = noticesBench({ channels: [webhook] });
    await bench.notices.tell(aNotice({ emails: ['ann@example.com'] }));
    await bench.sender.drain();
    expect((await bench.notices.factsOf(['w-1'])).get('w-1')?.[0]?.state).toBe('delivered');
  });
});

import { stopNoticesContract } from '../application/stop-notices.contract';
import { ManualClock } from '../../kernel/clocks';
import { MemoryStopNotices } from './memory-stop-notices';
import { aNotice, noticesBench, START } from './notices-bench';
import { ScriptedChannel } from './scripted-channel';

stopNoticesContract('simple', () => {
  const clock = new ManualClock(START);
  const notices = new MemoryStopNotices(clock);
  return { notices, clock, deliver: () => Promise.resolve(), got: () => notices.got };
});

stopNoticesContract('outbox', () => {
  const webhook = new ScriptedChannel('webhook');
  const { notices, clock, sender } = noticesBench({ channels: [webhook] });
  const got = () => webhook.sent.map(({ topic }) => topic);
  return { notices, clock, deliver: () => sender.drain(), got };
});

describe('simple stop notices', () => {
  it('are delivered or fail when they are told to', async () => {
    const notices = new MemoryStopNotices(new ManualClock(START));
    notices.outcome = 'pending';
    await notices.tell(aNotice());
    const state = async () => (await notices.factsOf(['w-1'])).get('w-1')?.[0]?.state;
    expect(await state()).toBe('pending');
    notices.settle('failed');
    expect(await state()).toBe('failed');
  });
});

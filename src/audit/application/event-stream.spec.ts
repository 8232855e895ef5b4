import { Logger } from '@nestjs/common';
import { StoreUnavailable } from '../../kernel/domain-error';
import { SECOND } from '../../kernel/clocks';
import { aCaller, bench, BOOK, settled, Socket } from '../testing/stream-bench';
import { HEARTBEAT } from './event-stream';
import { DRAIN_WITHIN, LINGER } from './outlet';

beforeAll(() => {
  Logger.overrideLogger(false);
});

describe('a stream of events', () => {
  it('begins with the time to connect again and the place, then sends what is there and what comes', async () => {
    const { append, open } = bench();
    await append(2);
    const socket = new Socket();
    const fate = open(socket, { start: { position: 1, index: 0 } });
    await settled();
    expect(socket.text.split('\n').slice(0, 4)).toEqual(['retry: 3000', 'id: 1.0', '', 'id: 1.1']);
    expect(socket.ids).toEqual(['1.1', '2.0', '2.1']);
    await append(1);
    expect(socket.ids.slice(3)).toEqual(['3.0', '3.1']);
    expect(fate()).toEqual({ events: 5, endedBy: null });
  });

  it('sends an event as its type and one line of CloudEvents JSON', async () => {
    const { append, open } = bench();
    await append(1);
    const socket = new Socket();
    open(socket);
    await settled();
    const [, , , id, event, data, end] = socket.text.split('\n');
    expect([id, event, end]).toEqual(['id: 1.0', 'event: io.cml-fleet.book.placed.v1', '']);
    expect(JSON.parse(data?.slice('data: '.length) ?? '')).toMatchObject({
      specversion: '1.0',
      type: 'io.cml-fleet.book.placed.v1',
      subject: 'b1',
      actor: 'user:ann',
      reason: 'tidying',
    });
  });

  it('sends what passes its filters, and tells in the heartbeat how far it looked', async () => {
    const { append, open, timers } = bench();
    const [byType, byStream] = [new Socket(), new Socket()];
    open(byType, { types: ['book.moved'] });
    open(byStream, { streams: [BOOK(2)] });
    await append(3);
    expect([byType.ids, byStream.ids]).toEqual([
      ['1.1', '2.1', '3.1'],
      ['2.0', '2.1'],
    ]);
    expect([byStream.parser.lastEventId, byStream.parser.comments]).toEqual(['2.1', []]);
    timers.advance(HEARTBEAT - 1);
    expect(byStream.parser.comments).toEqual([]);
    timers.advance(1);
    expect([byStream.parser.lastEventId, byStream.parser.comments]).toEqual(['3', ['still here']]);
    timers.advance(HEARTBEAT);
    expect(byStream.parser.comments).toHaveLength(2);
  });

  it('finds a few streams far back by their index, and goes on at the end', async () => {
    const { append, open, store } = bench();
    await append(2_500);
    const reads = jest.spyOn(store, 'readLog');
    const socket = new Socket();
    open(socket, { streams: [BOOK(7), BOOK(2_499), BOOK(2_501)] });
    await settled();
    expect(socket.ids).toEqual(['7.0', '7.1', '2499.0', '2499.1']);
    expect(reads).toHaveBeenCalledTimes(1);
    await append(1);
    expect(socket.ids.slice(4)).toEqual(['2501.0', '2501.1']);
  });

  it('resumes within a commit that this process has not seen yet', async () => {
    const { append, open, tail } = bench();
    await append(1);
    const refresh = jest.spyOn(tail, 'refresh').mockResolvedValue();
    await append(1);
    const socket = new Socket();
    open(socket, { start: { position: 2, index: 0 } });
    await settled();
    expect([tail.end, socket.ids]).toEqual([1, []]);
    refresh.mockRestore();
    await append(1);
    expect(socket.ids).toEqual(['2.1', '3.0', '3.1']);
  });

  it('makes the text of an event once, however many follow', async () => {
    const { append, open, shown } = bench({ perKey: 100, perProcess: 100 });
    const sockets = Array.from({ length: 100 }, () => new Socket());
    for (const socket of sockets) open(socket);
    await append(5);
    expect(new Set(sockets.map(({ ids }) => ids.join()))).toEqual(
      new Set(['1.0,1.1,2.0,2.1,3.0,3.1,4.0,4.1,5.0,5.1']),
    );
    expect(shown).toHaveBeenCalledTimes(5);
  });

  it('waits for the store with growing pauses while heartbeats go on, and misses nothing', async () => {
    const { append, open, timers, store, tail, reported } = bench({ cold: true });
    await append(300);
    const socket = new Socket();
    let tries = 0;
    const away = jest.spyOn(store, 'readLog').mockImplementation(() => {
      tries += 1;
      return Promise.reject(new StoreUnavailable('away'));
    });
    open(socket);
    await settled();
    for (const [pause, expected] of [
      [SECOND - 1, 1],
      [1, 2],
      [2 * SECOND, 3],
      [4 * SECOND - 1, 3],
      [1, 4],
      [8 * SECOND, 5],
    ] as const) {
      timers.advance(pause);
      await settled();
      expect([pause, tries]).toEqual([pause, expected]);
    }
    expect([socket.ids, socket.parser.comments]).toEqual([[], ['still here']]);
    away.mockRestore();
    timers.advance(16 * SECOND);
    await settled();
    expect(socket.ids).toHaveLength(600);
    expect([tail.end, reported]).toEqual([300, []]);
  });

  it('ends, with a report, when what comes next cannot be read', async () => {
    const { append, open, store, reported } = bench({ cold: true });
    await append(1);
    jest.spyOn(store, 'readLog').mockRejectedValue(new Error('1 of the log is gone'));
    const socket = new Socket();
    const fate = open(socket);
    await settled();
    expect([fate().endedBy, socket.closed]).toEqual(['failed', true]);
    expect(reported).toEqual(['go on with an event stream after 0']);
  });
});

describe('a slow client', () => {
  it('is waited for; nothing is read for it meanwhile, and others go on', async () => {
    const { append, open, timers, tail } = bench();
    const [slow, fast] = [new Socket(), new Socket()];
    open(slow);
    open(fast);
    await append(1);
    slow.stall();
    const reads = jest.spyOn(tail, 'read');
    await append(50);
    expect(fast.ids).toHaveLength(102);
    expect(slow.writableLength).toBeLessThan(3_000);
    const before = reads.mock.calls.length;
    timers.advance(HEARTBEAT);
    await append(10);
    expect(slow.parser.comments).toEqual([]);
    expect(reads.mock.calls.length - before).toBeLessThanOrEqual(20);
    slow.flow();
    await settled();
    expect(slow.ids).toEqual(fast.ids);
    expect(slow.ids).toHaveLength(122);
  });

  it('is cut when it took nothing for 30 s, though not when it takes a little', async () => {
    const { append, open, timers, streams } = bench();
    const [stuck, slow] = [new Socket(), new Socket()];
    const fates = [open(stuck), open(slow)];
    await settled();
    stuck.stall();
    slow.stall();
    await append(60);
    timers.advance(DRAIN_WITHIN - 1);
    slow.flow();
    slow.stall();
    await settled();
    timers.advance(1);
    await settled();
    expect(fates.map((fate) => fate().endedBy)).toEqual(['slow-client', null]);
    expect([stuck.destroyed, slow.destroyed]).toEqual([true, false]);
    timers.advance(DRAIN_WITHIN);
    await settled();
    expect(slow.destroyed).toBe(true);
    expect(timers.pending).toBe(1); // the look at the keys
    await streams.close();
  });
});

describe('the end of a stream', () => {
  it('frees its place, its timers and its ear at the log, whoever ends it', async () => {
    const { append, open, timers, tail, streams } = bench({ perKey: 1 });
    const listen = jest.spyOn(tail, 'listen');
    const socket = new Socket();
    const fate = open(socket);
    await append(1);
    expect(() => streams.reserve(aCaller())).toThrow('This key has 1 event streams open');
    socket.destroy();
    await settled();
    expect(fate()).toEqual({ events: 2, endedBy: 'client' });
    expect(timers.pending).toBe(1);
    expect(listen).toHaveBeenCalledTimes(1);
    await append(1);
    expect(socket.ids).toEqual(['1.0', '1.1']);
    streams.reserve(aCaller()).giveBack();
  });

  it('comes within a second when the key expires, and at once when it is said to be revoked', async () => {
    const { open, timers, streams } = bench();
    let valid = true;
    const [expired, revoked, other] = [new Socket(), new Socket(), new Socket()];
    open(
      expired,
      {},
      aCaller('k1', () => valid),
    );
    open(other, {}, aCaller('k2'));
    await settled();
    valid = false;
    timers.advance(SECOND);
    await settled();
    expect([expired.writableFinished, other.writableEnded]).toEqual([true, false]);
    valid = true;
    const fate = open(
      revoked,
      {},
      aCaller('k1', () => valid),
    );
    valid = false;
    streams.endRevoked();
    await settled();
    expect([revoked.closed, fate().endedBy]).toEqual([true, 'key']);
  });

  it('comes to all at shutdown, also to those that take nothing: a second later', async () => {
    const { append, open, timers, streams } = bench();
    const [idle, stuck, late] = [new Socket(), new Socket(), new Socket()];
    open(idle);
    open(stuck);
    await settled();
    stuck.stall();
    await append(60);
    let closed = false;
    const closing = streams.close().then(() => (closed = true));
    await settled();
    expect([idle.closed, stuck.closed, closed]).toEqual([true, false, false]);
    timers.advance(LINGER);
    await closing;
    expect(stuck.destroyed).toBe(true);
    open(late);
    await settled();
    expect(late.closed).toBe(true);
    await streams.close();
    expect(timers.pending).toBe(0);
  });

  it('is there from the beginning for a client that is gone already', async () => {
    const { open, streams } = bench({ perKey: 1 });
    const socket = new Socket();
    socket.destroy();
    await settled();
    expect(open(socket)().endedBy).toBe('client');
    await settled();
    streams.reserve(aCaller()).giveBack();
  });
});

describe('the number of streams', () => {
  it('is limited per key and per process', () => {
    const { streams } = bench({ perKey: 2, perProcess: 3 });
    const [first] = [streams.reserve(aCaller('a')), streams.reserve(aCaller('a'))];
    expect(() => streams.reserve(aCaller('a'))).toThrow('This key has 2 event streams open');
    streams.reserve(aCaller('b'));
    expect(() => streams.reserve(aCaller('c'))).toThrow('This process has 3 event streams open');
    first?.giveBack();
    streams.reserve(aCaller('c'));
  });
});

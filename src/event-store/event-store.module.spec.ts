import { Global, Module } from '@nestjs/common';
import { MongooseModule } from '@nestjs/mongoose';
import { Test } from '@nestjs/testing';
import { eventually } from '../../test/support/eventually';
import { openTestDatabase } from '../../test/support/test-database';
import { FleetClock, MachineClock, ManualClock } from '../kernel/clocks';
import { IdSource, SequentialIds } from '../kernel/ids';
import { AggregateStores } from './aggregate-stores';
import { EventRegistry } from './event-decoder';
import { EventStoreModule } from './event-store.module';
import { Installation } from './installation';
import { LeaseOwner } from './lease-owner';
import { LeasedTicks } from './leased-ticks';
import { EventStore, IdempotencyStore, Leases, Reservations, SnapshotStore } from './ports';
import { aContext, Book, BookMoved, BookPlaced, BOOKS, START } from './testing/books';

const clock = new ManualClock(START);

@Global()
@Module({
  providers: [
    { provide: FleetClock, useValue: clock },
    { provide: MachineClock, useValue: clock },
    { provide: IdSource, useClass: SequentialIds },
  ],
  exports: [FleetClock, MachineClock, IdSource],
})
class ClocksModule {}

async function start(persistence: 'memory' | 'mongo', uri?: string) {
  const keyRing = [{ kid: 'k1', key: Buffer.alloc(32, 1) }];
  const store = EventStoreModule.forRoot({ persistence, keyRing, owner: 'replica-1' });
  const mongoose = uri ? [MongooseModule.forRoot(uri)] : [];
  const module = await Test.createTestingModule({ imports: [...mongoose, ClocksModule, store] }).compile();
  module.enableShutdownHooks();
  return module.init();
}

/** Uses every port once, by way of Nest. */
async function exercise(app: Awaited<ReturnType<typeof start>>): Promise<void> {
  app.get(EventRegistry).register([BookPlaced, BookMoved]);
  const books = app.get(AggregateStores).open(BOOKS);
  await books.create(Book.placed('b1', 'A'), aContext());
  await eventually(async () => expect(await app.get(EventStore).logEnd()).toBe(1));
  expect(await app.get(SnapshotStore).find('book-b1')).toBeNull();
  expect(await app.get(Reservations).take('name:b', 'book-b1', 1)).toBe(true);
  expect(await app.get(IdempotencyStore).claim('r1', 'body', 'me')).toMatchObject({ outcome: 'run' });
  const { name } = app.get(LeaseOwner);
  expect(await app.get(Leases).claim('reap', name, 1000)).toMatchObject({ job: 'reap', owner: 'replica-1' });
  const ran = await app.get(LeasedTicks).exclusively('sweep', ({ lease }) => Promise.resolve(lease.owner));
  expect(ran).toEqual({ result: 'replica-1' });
  expect(await app.get(Installation).id()).toBe('00000000-0000-4000-8000-000000000001');
}

describe('EventStoreModule', () => {
  it('binds the ports to memory', async () => {
    const app = await start('memory');
    await exercise(app);
    await app.close();
  });

  it('binds the ports to Mongo, indexes included, and finds everything again after a restart', async () => {
    const database = await openTestDatabase();
    const first = await start('mongo', database.uri);
    await exercise(first);
    await first.close();

    const second = await start('mongo', database.uri);
    second.get(EventRegistry).register([BookPlaced, BookMoved]);
    const found = await second.get(AggregateStores).open(BOOKS).load('b1');
    expect(found?.aggregate.state).toEqual({ shelf: 'A', placedAt: START, moves: 0 });
    expect(await second.get(Installation).id()).toBe('00000000-0000-4000-8000-000000000001');
    await second.close();
    await database.drop();
  });
});

import { Model, settled } from './model';
import { comeToRest } from './rest';
import { fakeIntervals } from './runs';
import { type SimulatedProcess } from './simulated-process';
import { type Subscriber, WEBHOOK } from './subscriber';
import { take } from './take';
import { verdict } from './verdict';

/** One book that is moved thrice, and a webhook whose receiver is broken at first. */
async function open() {
  const commands = [0, 1, 1, 1].map((moves, at) => ({ id: `c${at}`, book: 'b0', moves }));
  const model = new Model(commands, [WEBHOOK], {});
  await model.begin();
  model.receiver.broken.add('book-b0');
  return model;
}

const grow = (model: Model) => take(model, { do: 'grow', command: 0 });

function twoOf({ fleet: { subscribers } }: Model): [Subscriber, Subscriber] {
  const [first, second] = subscribers;
  if (!first || !second) throw new Error('the model has two subscribers');
  return [first, second];
}

async function look(model: Model, subscriber: Subscriber): Promise<void> {
  subscriber.look();
  await model.runDry([subscriber.replica.process]);
}

/** Lets the calls of a process go up to the first one of this name. */
async function until(process: SimulatedProcess, what: string): Promise<void> {
  for (await settled(); process.next !== null && process.next !== what; await settled()) {
    process.letGo(0, 'done');
  }
}

async function findings(model: Model) {
  await comeToRest(model, { allDie: false, longBroken: false });
  await verdict(model);
  return model.witness.findings;
}

describe('what is put aside', () => {
  beforeAll(fakeIntervals);

  it('is left to its new owner by one that was overtaken before it looked', async () => {
    const model = await open();
    const [late, successor] = twoOf(model);
    const { process } = late.replica;
    await grow(model);
    await look(model, late);
    model.wait(3_000);
    late.look();
    await until(process, 'parked.of');

    process.paused = true;
    model.wait(31_000);
    await grow(model);
    await look(model, successor); // it fails again, and skips what is new
    const aside = await model.tables.parked.of(WEBHOOK);
    expect(aside).toMatchObject([{ fromVersion: 1, attempts: 2, fence: 2 }]);

    model.receiver.broken.clear();
    model.wait(3_000);
    process.paused = false;
    await until(process, 'parked.remove');
    if (process.next) process.letGo(0, 'dies after');
    await settled();
    expect(await model.tables.parked.of(WEBHOOK)).toEqual(aside);
    expect(await findings(model)).toEqual([]);
  });

  it('goes on after all that was skipped, also by a move whose answer was lost', async () => {
    const model = await open();
    const [owner] = twoOf(model);
    const { process } = owner.replica;
    await grow(model);
    await look(model, owner);
    await grow(model);
    owner.look();
    await until(process, 'subscriptions.move');
    process.letGo(0, 'answer lost');
    await model.runDry([process]);

    model.receiver.broken.clear();
    model.wait(5_000);
    owner.look();
    await until(process, 'parked.remove');
    process.letGo(0, 'dies after');
    await settled();
    expect(model.receiver.firstOf('book-b0')).toEqual([1, 2]);
    expect(await model.tables.parked.of(WEBHOOK)).toEqual([]);
    expect(await findings(model)).toEqual([]);
  });
});

import { MINUTE } from '../../../kernel/clocks';
import { type Model } from './model';
import { type Plan } from './plan';

const ROUNDS = 40;
/** Rounds after which a stream that fails in each waits for a person: 20 tries, and a lease that has to run out. */
const BROKEN_ROUNDS = 25;

/** Ends all faults, and lets the processes do whatever is left to do. */
export async function comeToRest(
  model: Model,
  { allDie, longBroken }: Pick<Plan, 'allDie' | 'longBroken'>,
): Promise<void> {
  const { fleet, client, receiver, witness } = model;
  model.tell('all faults end');
  for (const process of fleet.processes) {
    if (allDie) process.die();
    else process.paused = false;
  }
  fleet.replaceDead();
  while (fleet.late.length > 0) await model.arrive(0);
  const brokenRounds = longBroken ? BROKEN_ROUNDS : 0;
  if (longBroken) for (const stream of client.streams) receiver.broken.add(stream);
  for (let round = 1; round <= brokenRounds + ROUNDS; round += 1) {
    if (round > brokenRounds) receiver.broken.clear();
    if (!(await everybodyLooks(model))) break;
    await model.read();
    if (round > brokenRounds && (await rests(model))) return;
    if (round > brokenRounds) await model.askForRetries();
    model.wait(MINUTE + 1);
  }
  witness.note('there is no rest', `${client.open.length} commands are open`);
}

/** False when there is no end of it. */
async function everybodyLooks(model: Model): Promise<boolean> {
  const { fleet, client } = model;
  const [writer] = fleet.writers;
  for (const command of client.open) {
    if (writer) model.send(command, writer);
    await model.runDry(fleet.processes);
  }
  for (const process of [...fleet.sequencers, ...fleet.subscribers]) process.look();
  return model.runDry(fleet.processes);
}

async function rests({ client, subscriptions, tables }: Model): Promise<boolean> {
  if (client.open.length > 0 || (await tables.commits.unplaced(1)).length > 0) return false;
  const end = (await tables.log.last())?.position ?? 0;
  const states = await tables.subscriptions.list();
  const parked = await Promise.all(subscriptions.map((name) => tables.parked.of(name)));
  return states.every(({ position }) => position >= end) && parked.flat().length === 0;
}

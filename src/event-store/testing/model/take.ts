import { SECOND } from '../../../kernel/clocks';
import { type Model } from './model';
import { type Sequencer } from './sequencer';
import { type SimulatedProcess } from './simulated-process';
import { type Step } from './step';
import { type Subscriber } from './subscriber';

/** Machine milliseconds after which a subscriber that found nothing looks again. */
const LOOKS_AFTER = 2 * SECOND;

/** Takes a step, if there is what it is about. */
export async function take(model: Model, step: Step): Promise<void> {
  const { fleet, client, receiver } = model;
  switch (step.do) {
    case 'go': {
      const process = pick(fleet.ready, step.process);
      return process && model.go(process, step.call, step);
    }
    case 'arrive':
      return model.arrive(step.late % Math.max(1, fleet.late.length));
    case 'send': {
      const [command, writer] = [pick(client.open, step.command), pick(fleet.writers, step.process)];
      if (!command || !writer) return;
      model.send(command, writer);
      return model.go(writer.process, 0, step);
    }
    case 'grow':
      return grow(model, step.command);
    case 'sequence':
      return look(model, fleet.sequencers, step);
    case 'look':
      model.wait(step.ms);
      return look(model, fleet.subscribers, step);
    case 'wait':
      return model.wait(step.ms);
    case 'stall':
      return stall(model, step);
    case 'resume': {
      const paused = fleet.processes.filter((process) => process.paused);
      const process = pick(paused, step.process);
      if (!process) return;
      model.tell(`${process.name} goes on`);
      process.paused = false;
      return model.go(process, 0, step);
    }
    case 'skew': {
      const process = pick(fleet.processes, step.process);
      return process && skew(model, process, step.ms);
    }
    case 'break':
    case 'mend': {
      const stream = pick(client.streams, step.book);
      if (!stream) return;
      model.tell(`${step.do} the receiver for ${stream}`);
      return void (step.do === 'break' ? receiver.broken.add(stream) : receiver.broken.delete(stream));
    }
    case 'ask':
      return model.askForRetries();
    case 'read':
      return model.read();
  }
}

async function grow(model: Model, choice: number): Promise<void> {
  const { client, fleet } = model;
  const [command, writer, sequencer] = [pick(client.open, choice), fleet.writers[0], fleet.sequencers[0]];
  if (!command || !writer || !sequencer) return;
  model.send(command, writer);
  await model.runDry([writer.process]);
  sequencer.look();
  await model.runDry([sequencer.replica.process]);
}

async function look(
  model: Model,
  of: readonly (Sequencer | Subscriber)[],
  step: Step & { do: 'look' | 'sequence' },
): Promise<void> {
  const awake = of.filter(({ replica }) => !replica.process.paused);
  const one = pick(awake, step.process);
  if (!one) return;
  one.look();
  await model.go(one.replica.process, 0, step);
}

async function stall(model: Model, { process: choice, times, ms }: Step & { do: 'stall' }): Promise<void> {
  const awake = model.fleet.subscribers.filter(({ replica }) => !replica.process.paused);
  const idle = pick(awake, choice);
  const busy = pick(model.fleet.ready, choice);
  const process = busy ?? idle?.replica.process;
  if (!process) return;
  if (!busy) {
    model.wait(LOOKS_AFTER);
    idle?.look();
  }
  await model.go(process, 0, { times, fate: 'done' });
  model.tell(`${process.name} stands still`);
  process.paused = true;
  model.wait(ms);
}

function skew(model: Model, process: SimulatedProcess, ms: number): void {
  model.tell(`the clock of ${process.name} is ${ms} ms ahead`);
  process.skew = ms;
}

function pick<T>(from: readonly T[], choice: number): T | undefined {
  return from[choice % Math.max(1, from.length)];
}

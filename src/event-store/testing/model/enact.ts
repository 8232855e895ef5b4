import { Model, settled } from './model';
import { type Parts } from './parts';
import { type Plan } from './plan';
import { comeToRest } from './rest';
import { take } from './take';
import { verdict } from './verdict';

/** Enacts the plan, waits for rest, and answers the model with the verdict in its witness. */
export async function enact(plan: Plan, parts: Partial<Parts> = {}): Promise<Model> {
  jest.clearAllTimers();
  const model = new Model(plan.commands, plan.subscriptions, parts);
  await model.begin();
  for (let done = 0; done < plan.doneBefore; done += 1) await take(model, { do: 'grow', command: 0 });
  for (const [at, process] of model.fleet.processes.entries()) process.skew = plan.skews[at] ?? 0;
  if (plan.broken) for (const stream of model.client.streams) model.receiver.broken.add(stream);
  for (const step of plan.steps) {
    await take(model, step);
    await settled();
  }
  await comeToRest(model, plan);
  await verdict(model);
  return model;
}

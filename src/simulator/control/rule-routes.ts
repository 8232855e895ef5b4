import { type Planned } from '../faults/rule-plan';
import { type World } from '../world';
import { Refusal, type Routes } from './control-route';

/** A `RulePlan`, whatever its rules are; it judges itself what it is given. */
interface Plan<Input, Rule> {
  add(input: Input): Planned<Rule>;
  list(): readonly Planned<Rule>[];
  describe(planned: Planned<Rule>): Planned<Rule>;
  remove(id: number): boolean;
  clear(): void;
}

/** Adding, listing and ending the rules of a plan. */
export function ruleRoutes<Input, Rule>(path: string, planOf: (world: World) => Plan<Input, Rule>): Routes {
  return [
    [
      new RegExp(`^/${path}$`),
      {
        GET: (world) => planOf(world).list(),
        POST: (world, { body }) => {
          const plan = planOf(world);
          return plan.describe(plan.add(body as Input));
        },
        DELETE: (world) => {
          planOf(world).clear();
          return null;
        },
      },
    ],
    [
      new RegExp(`^/${path}/(\\d+)$`),
      {
        DELETE: (world, _request, id) => {
          if (!planOf(world).remove(Number(id))) throw new Refusal(404, `There is no fault ${id}.`);
          return null;
        },
      },
    ],
  ];
}

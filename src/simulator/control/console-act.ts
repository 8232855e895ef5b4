import { z } from 'zod';
import { plus, SECOND } from '../../kernel/clocks';
import { type AwsConsole } from '../aws/aws-console';

const act = <Name extends string, Shape extends z.core.$ZodShape>(name: Name, shape: Shape) =>
  z.strictObject({ act: z.literal(name), ...shape });

/** What can be done to an instance past the API, as JSON has it; `AwsConsole` tells what each comes to. */
export const consoleAct = z.discriminatedUnion('act', [
  act('start', {}),
  act('stop', { force: z.boolean().optional() }),
  act('terminate', {}),
  act('shut-down', {}),
  act('reboot', {}),
  act('change-type', { type: z.string().min(1) }),
  act('set-tags', { tags: z.record(z.string(), z.string()) }),
  act('remove-tags', { keys: z.array(z.string()).optional() }),
  act('protect', { stop: z.boolean().optional(), termination: z.boolean().optional() }),
  act('schedule-event', {
    code: z.enum([
      'instance-reboot',
      'system-reboot',
      'system-maintenance',
      'instance-retirement',
      'instance-stop',
    ]),
    /** fleet seconds from the announcement to the event */
    inSeconds: z.number().nonnegative(),
    /** fleet seconds that it lasts */
    forSeconds: z.number().positive().optional(),
    description: z.string().optional(),
  }),
  act('impair', { system: z.boolean().optional(), instance: z.boolean().optional() }),
  act('repair', {}),
  act('interrupt-spot', {}),
  act('resume-spot', {}),
  act('hang-stopping', {}),
  act('fail-boot', { reason: z.string().min(1) }),
]);

export type ConsoleAct = z.output<typeof consoleAct>;

/** @throws what `AwsConsole` throws */
export function performAct(console: AwsConsole, id: string, given: ConsoleAct, now: Date): void {
  switch (given.act) {
    case 'start':
      return console.start(id);
    case 'stop':
      return console.stop(id, { force: given.force ?? false });
    case 'terminate':
      return console.terminate(id);
    case 'shut-down':
      return console.shutDown(id);
    case 'reboot':
      return console.reboot(id);
    case 'change-type':
      return console.changeType(id, given.type);
    case 'set-tags':
      return console.setTags(id, given.tags);
    case 'remove-tags':
      return console.removeTags(id, given.keys);
    case 'protect':
      return console.protect(id, given);
    case 'schedule-event':
      console.scheduleEvent(id, announcement(given, now));
      return;
    case 'impair':
      return console.impair(id, given);
    case 'repair':
      return console.repair(id);
    case 'interrupt-spot':
      return console.interruptSpot(id);
    case 'resume-spot':
      return console.resumeSpot(id);
    case 'hang-stopping':
      return console.hangStopping(id);
    case 'fail-boot':
      return console.failBoot(id, given.reason);
  }
}

function announcement(given: Extract<ConsoleAct, { act: 'schedule-event' }>, now: Date) {
  const { code, inSeconds, forSeconds, description } = given;
  const notBefore = plus(now, inSeconds * SECOND);
  return {
    ...{ code, notBefore },
    ...(forSeconds === undefined ? {} : { notAfter: plus(notBefore, forSeconds * SECOND) }),
    ...(description === undefined ? {} : { description }),
  };
}

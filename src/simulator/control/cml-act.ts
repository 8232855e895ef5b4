import { z } from 'zod';
import { type CmlHost } from '../cml/cml-host';
import { CATEGORIES } from '../cml/telemetry-flood';

const act = <Name extends string, Shape extends z.core.$ZodShape>(name: Name, shape: Shape) =>
  z.strictObject({ act: z.literal(name), ...shape });

const time = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

/** What can be done to a CML server past its API, as JSON has it. */
export const cmlAct = z.discriminatedUnion('act', [
  /** what is wrong with it until it is `none`: `CmlFault` */
  act('trouble', {
    fault: z.enum([
      'none',
      'bad-gateway',
      'hang',
      'hang-mid-body',
      'labs-forbidden',
      'telemetry-empty',
      'down',
    ]),
  }),
  act('replace-certificate', {}),
  act('end-sessions', {}),
  act('set-account', {
    username: z.string().min(1),
    password: z.string(),
    admin: z.boolean().optional(),
  }),
  /** left out: any number */
  act('limit-logins', { perMinute: z.int().min(0).optional(), html: z.boolean().optional() }),
  act('start-lab', { user: z.string(), lab: z.string() }),
  act('stop-lab', { user: z.string(), lab: z.string() }),
  act('delete-lab', { user: z.string(), lab: z.string() }),
  act('flood-telemetry', {
    count: z.int().min(1).max(10_000_000),
    from: time,
    until: time,
    categories: z
      .array(z.enum(CATEGORIES as [string, ...string[]]))
      .min(1)
      .optional(),
    user: z.string().optional(),
    ordered: z.boolean().optional(),
    seed: z.int().optional(),
  }),
]);

export type CmlAct = z.output<typeof cmlAct>;

/** Labs are named by owner and title; one that is started is made if there is none. */
export function performCmlAct(
  { server, certificate, tokens, logins }: CmlHost,
  given: CmlAct,
  now: Date,
): void {
  switch (given.act) {
    case 'trouble':
      server.fault = given.fault;
      return;
    case 'replace-certificate':
      return certificate.replace();
    case 'end-sessions':
      return tokens.revokeAll();
    case 'set-account':
      server.setAccount(given.username, given.password, { admin: given.admin ?? true });
      return;
    case 'limit-logins': {
      const { perMinute, html = false } = given;
      logins.limit = perMinute === undefined ? null : { perMinute, html };
      return;
    }
    case 'flood-telemetry': {
      const { act: _act, user, ...flood } = given;
      const userId = user === undefined ? {} : { userId: server.userNamed(user).id };
      server.floods.push({ ...defined(flood), ...userId });
      return;
    }
    default: {
      const user = server.userNamed(given.user);
      const lab = server.labOf(user, given.lab, now);
      if (given.act === 'start-lab') server.startLab(lab, user, now);
      else if (given.act === 'stop-lab') server.stopLab(lab, user, now);
      else server.deleteLab(lab.id);
    }
  }
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

function defined<T extends object>(given: T): Defined<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Defined<T>;
}

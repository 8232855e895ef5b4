import { type CmlFault } from '../cml/cml-fault';
import { type Persona } from './persona';

const WORK_EVERY_MINUTES = 3;

/** Starts a lab soon after the boot and works on and on; switching this server off hurts. */
export const busy: Persona = {
  name: 'busy',
  sessions: [
    {
      user: 'ada',
      afterReadyMinutes: 2,
      lengthMinutes: Infinity,
      labs: ['BGP route reflectors'],
      workEveryMinutes: WORK_EVERY_MINUTES,
    },
  ],
};

/** Nobody ever logs in. */
export const neverComes: Persona = { name: 'never comes', sessions: [] };

/** Works with one lab, then stops it and does not come back. */
export function leaves(afterMinutes: number): Persona {
  return {
    name: `leaves after ${afterMinutes} min`,
    sessions: [
      {
        user: 'grace',
        afterReadyMinutes: 2,
        lengthMinutes: afterMinutes,
        labs: ['OSPF areas'],
        workEveryMinutes: WORK_EVERY_MINUTES,
      },
    ],
  };
}

/** The same people, but from a minute after readiness on nothing can be read from the server. */
export function unreadable(
  fault: CmlFault,
  afterReadyMinutes: number,
  people: Persona = neverComes,
): Persona {
  return { ...people, name: `${people.name}, ${fault}`, trouble: { fault, afterReadyMinutes } };
}

import { BadSettings } from '../read-settings';
import { type Settings } from '../settings';
import { chosenSecrets } from './chosen-secrets';
import { databaseAccess } from './database-access';
import { type Insecurity } from './insecurity';
import { plainChoices } from './plain-choices';
import { plainHttp } from './plain-http';
import { processEnvironment } from './process-environment';

export interface StartJudgement {
  /** sentences with their remedies, for which production refuses to start */
  readonly refused: readonly string[];
  /** sentences for the log: what is accepted by FLEET_ALLOW_INSECURE, and what it names without need */
  readonly accepted: readonly string[];
}

/** Holds the settings against what production must have. Empty outside of it (NODE_ENV other than `production`). */
export function judgeStart(settings: Settings, env: NodeJS.ProcessEnv): StartJudgement {
  if (env.NODE_ENV !== 'production') return { refused: [], accepted: [] };
  const found = insecuritiesOf(settings, env);
  const allowed = settings.FLEET_ALLOW_INSECURE;
  const needless = allowed.filter((name) => !found.some((insecurity) => insecurity.name === name));
  const isAllowed = ({ name }: Insecurity) => allowed.includes(name);
  return {
    refused: found
      .filter((each) => !isAllowed(each))
      .map(({ fault, remedy }) => `${fault}. Remedy: ${remedy}`),
    accepted: [
      ...found.filter(isAllowed).map(({ fault }) => `accepted by FLEET_ALLOW_INSECURE: ${fault}`),
      ...needless.map(
        (name) => `FLEET_ALLOW_INSECURE names ${name}, in which nothing is insecure: leave it out`,
      ),
    ],
  };
}

/** Answers what is to be logged. @throws InsecureSettings, which lists all that is refused */
export function refuseInsecureStart(settings: Settings, env: NodeJS.ProcessEnv): readonly string[] {
  const { refused, accepted } = judgeStart(settings, env);
  if (refused.length === 0) return accepted;
  throw new InsecureSettings([...refused, ...accepted]);
}

/** The settings could be used, but not in production. */
export class InsecureSettings extends BadSettings {
  constructor(faults: readonly string[]) {
    super(faults);
    this.name = 'InsecureSettings';
    this.message = [
      'Insecure settings are refused in production (NODE_ENV=production):',
      ...faults.map((fault) => `  - ${fault}`),
      'What you accept as it is, name in FLEET_ALLOW_INSECURE, with commas.',
    ].join('\n');
  }
}

function insecuritiesOf(settings: Settings, env: NodeJS.ProcessEnv): Insecurity[] {
  return [
    ...plainChoices(settings),
    ...plainHttp(settings, env),
    ...databaseAccess(settings),
    ...chosenSecrets(settings),
    ...processEnvironment(env),
  ];
}

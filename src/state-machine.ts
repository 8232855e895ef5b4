import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { EC2_GOES_ON, GUARDS, LEADS_TO, STATE_MACHINE, type Step } from './workers';

const FILE = join(__dirname, '..', 'docs', 'state-machine.md');

const HEAD = `# The reconciler's state machine

Drawn by \`npm run state-machine\` from the table in \`src/workers/domain/state-machine.ts\`; not edited by hand.

For what is wanted of a worker and where it stands, the table says what is done next. Steps are looked at from left to right: the first one whose
condition holds is taken. Whatever calls AWS waits while a back-off runs or a refusal waits for a person. In the drawings a solid arrow
is an action of cml-fleet, \`EC2\` marks what EC2 goes on to by itself and the sweeps see.
`;

type Machine = (typeof STATE_MACHINE)[keyof typeof STATE_MACHINE];

/** Writes docs/state-machine.md; with `--check` only compares it. */
function main(): void {
  const conditions = Object.entries(GUARDS).map(([guard, meaning]) => `| \`${guard}\` | ${meaning} |`);
  const parts = Object.entries(STATE_MACHINE).map(([desired, machine]) => section(desired, machine));
  const text = [
    HEAD,
    ...parts,
    '## Conditions\n',
    '| condition | holds when |\n| --- | --- |',
    ...conditions,
  ];
  const drawn = `${text.join('\n')}\n`;
  if (!process.argv.includes('--check')) {
    writeFileSync(FILE, drawn);
  } else if (readFileSync(FILE, 'utf8') !== drawn) {
    throw new Error(
      'docs/state-machine.md is not what the code says: run "npm run state-machine" and commit it',
    );
  }
}

function section(desired: string, machine: Machine): string {
  const rows = Object.entries(machine).map(
    ([standing, steps]) => `| ${standing} | ${steps.map(sentence).join(' · ')} |`,
  );
  return `## Wanted ${desired}

| stands | does |
| --- | --- |
${rows.join('\n')}

\`\`\`mermaid
stateDiagram-v2
${arrows(machine).join('\n')}
\`\`\`
`;
}

function sentence(step: Step): string {
  return typeof step === 'string' ? `\`${step}\`` : `\`${step.then}\` if ${step.if}`;
}

/** One arrow for each action that leads elsewhere, and for what EC2 does by itself where the fleet waits for it. */
function arrows(machine: Machine): string[] {
  return Object.entries(machine).flatMap(([standing, steps]) => {
    const actions = steps.flatMap((step) => {
      const action = typeof step === 'string' ? step : step.then;
      const to = LEADS_TO[action];
      const label = typeof step === 'string' ? action : `${action} [${step.if}]`;
      return to === null ? [] : [`  ${standing} --> ${to}: ${label}`];
    });
    const next = EC2_GOES_ON[standing as keyof typeof EC2_GOES_ON];
    return next ? [...actions, `  ${standing} --> ${next}: EC2`] : actions;
  });
}

try {
  main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

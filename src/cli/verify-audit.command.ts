import { API_KEY_DEFINITION, API_KEY_USES } from '../access';
import { BadSettings } from '../config/read-settings';
import { readSomeSettings } from '../config/read-some-settings';
import { audit } from '../event-store/audit/audit';
import { type Anchor } from '../event-store/audit/log-audit';
import { WORKER_COLLECTION, WORKER_DEFINITION } from '../workers';
import { auditText } from './audit-text';
import { type CliCommand, WrongUsage } from './cli-command';
import { progressOn } from './progress';
import { STORED_KINDS, storedEvents } from './stored-kinds';
import { withDatabase } from './with-database';

const SETTINGS = ['FLEET_PERSISTENCE', 'FLEET_MONGODB_URI', 'FLEET_SECRETS_KEYS'] as const;

export const VERIFY_AUDIT: CliCommand = {
  name: 'verify-audit',
  summary: 'finds what somebody without the key ring changed in the stored history',
  help: `  --anchor <position>:<hash>   what an earlier run printed: proves that the log still contains it.
                               Without it nobody can tell that the newest entries were removed.
  --json                       the report as JSON

Reads everything once, beside the running application. Keep the anchor that it prints where whoever
writes to the database cannot write. Settings: ${SETTINGS.join(', ')}.`,
  options: { anchor: { type: 'string' }, json: { type: 'boolean' } },
  async run({ anchor, json }, io) {
    const earlier = typeof anchor === 'string' ? anchorOf(anchor) : null;
    const settings = readSomeSettings(io.env, SETTINGS);
    const keys = settings.FLEET_SECRETS_KEYS;
    if (!keys) {
      throw new BadSettings(['FLEET_SECRETS_KEYS is required: the key ring that the application has']);
    }
    const ring = keys.map(({ kid, key }) => ({ kid, key: Buffer.from(key.reveal(), 'base64') }));
    const report = await withDatabase(settings, (connection) =>
      audit({
        ...{ connection, ring },
        decoder: storedEvents(),
        kinds: STORED_KINDS,
        readModels: [{ collection: WORKER_COLLECTION, kind: WORKER_DEFINITION.streamPrefix }],
        keyUses: [{ collection: API_KEY_USES, kind: API_KEY_DEFINITION.streamPrefix }],
        anchor: earlier,
        now: io.now(),
        progress: progressOn(io),
      }),
    );
    io.out(json ? JSON.stringify(report, null, 2) : auditText(report));
    return report.total === 0 ? 0 : 1;
  },
};

/** @throws WrongUsage */
function anchorOf(text: string): Anchor {
  const [, position, hash] = /^([1-9]\d{0,14}):(\S+:[\w-]{43})$/.exec(text) ?? [];
  if (!position || !hash) {
    throw new WrongUsage(`${text} is no anchor: give what an earlier run printed, <position>:<hash>.`);
  }
  return { position: Number(position), hash };
}

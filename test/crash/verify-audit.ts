import { type AuditReport } from '../../src/event-store/audit/audit';
import { runCliProcess } from '../support/cli-process';

/** What `verify-audit` finds beside the running application, one sentence each: seals, chains, log, snapshots, lists. */
export async function verifyAudit(env: Readonly<Record<string, string>>): Promise<string[]> {
  const { status, out, err } = await runCliProcess(env, 'verify-audit', '--json');
  if (!out.startsWith('{')) return [`verify-audit ended with ${status}: ${err}`];
  const { commits, findings, total } = JSON.parse(out) as AuditReport;
  if (commits === 0) return ['verify-audit saw no commits'];
  const more = total > findings.length ? [`verify-audit: ${total} in all`] : [];
  return [...findings.map(({ kind, id, detail }) => `verify-audit: ${kind} ${id} ${detail}`), ...more];
}

import { type AuditReport } from '../event-store/audit/audit';
import { FINDING_KINDS, type FindingKind } from '../event-store/audit/findings';
import { counted } from './progress';

/** The report as people read it. */
export function auditText(report: AuditReport): string {
  const { commits, streams, logLines, unplaced, snapshots, keys, missingKeys, total } = report;
  const seals = Object.entries(keys).map(
    ([kid, count]) => `${kid} (${counted(count)}${missingKeys.includes(kid) ? ', not in the ring' : ''})`,
  );
  return [
    `commits    ${counted(commits)} in ${counted(streams)} streams`,
    `log        ${counted(logLines)} lines, ${counted(unplaced)} commits wait for theirs`,
    `snapshots  ${counted(snapshots)}`,
    `keys       ${seals.join(', ') || 'none used'}`,
    `anchor     ${anchorText(report)}`,
    `compared   ${comparedText(report)}`,
    '',
    ...(total === 0 ? ['Nothing was found.'] : findingLines(report)),
  ].join('\n');
}

function anchorText({ anchor, total }: AuditReport): string {
  if (!anchor) return 'none, the log is empty';
  const text = `${anchor.position}:${anchor.hash}`;
  return total === 0 ? text : `${text} (do not rely on it before what was found is explained)`;
}

function comparedText({ compared, counts }: AuditReport): string {
  if (!compared) return 'with no earlier anchor: that the newest entries were removed cannot be seen';
  const lost = counts['anchor-gone'] || counts['anchor-differs'];
  return `with ${compared.position}:${compared.hash}, which the log ${lost ? 'no longer contains' : 'contains'}`;
}

function findingLines({ total, counts, findings }: AuditReport): string[] {
  const kinds = Object.entries(counts) as [FindingKind, number][];
  return [
    `${counted(total)} FOUND`,
    ...kinds.map(([kind, count]) => `  ${counted(count).padStart(6)}  ${kind}: ${FINDING_KINDS[kind]}`),
    '',
    ...findings.map(({ kind, id, detail }) => `${kind}  ${id}  ${detail}`),
    ...(findings.length < total ? [`… and ${counted(total - findings.length)} more`] : []),
  ];
}

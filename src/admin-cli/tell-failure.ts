import { type AdminIo } from './admin-io';
import { CliError, EXIT, type ExitStatus } from './cli-error';
import { ApiProblem } from './problem';
import { plain } from './table';

/**
 * Tells of a failure on standard error: as sentences, or as the problem document that came. Answers the exit status.
 * A fault of our own is thrown on: whoever mends it needs all that there is.
 * @param subject of which of several it speaks
 */
export function tellFailure(
  error: unknown,
  { json, io }: { readonly json: boolean; readonly io: AdminIo },
  subject: string | null = null,
): ExitStatus {
  if (!(error instanceof CliError)) throw error;
  if (error.status === EXIT.interrupted) return error.status;
  if (json && error instanceof ApiProblem && error.document.code !== undefined) io.err(error.text);
  else io.err(subject === null ? error.message : `${plain(subject)}: ${error.message}`);
  return error.status;
}

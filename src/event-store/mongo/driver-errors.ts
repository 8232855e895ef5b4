import { mongo } from 'mongoose';
import { SECOND } from '../../kernel/clocks';
import { StoreUnavailable } from '../../kernel/domain-error';

/**
 * Server errors after which nobody knows whether the write stands, or which a repetition cures:
 * 1 InternalError (a FerretDB whose database dies says no more), 50 MaxTimeMSExpired, 64 WriteConcernTimeout,
 * 89 NetworkTimeout, 91 ShutdownInProgress, 112 WriteConflict, 189 PrimarySteppedDown, 10107 NotWritablePrimary,
 * 11600 and 11602 interrupted at shutdown or by a new primary, 13435 and 13436 not a primary (MongoDB's error_codes.yml),
 * 16908292 PostgreSQL's "deadlock detected" as FerretDB 2.7 hands it on, seen when inserts race on two unique indexes.
 */
const UNCLEAR = new Set([1, 50, 64, 89, 91, 112, 189, 10107, 11600, 11602, 13435, 13436, 16908292]);

/** Driver errors without a server's answer. */
const NO_ANSWER = [
  mongo.MongoNetworkError,
  mongo.MongoOperationTimeoutError,
  mongo.MongoServerSelectionError,
  mongo.MongoTopologyClosedError,
  mongo.MongoNotConnectedError,
  mongo.MongoClientClosedError,
];

/**
 * Errors of a socket itself, by their system call. Driver 7 hands them on as they are where a command is written to a
 * connection that broke.
 */
const SOCKET_CALLS = new Set(['connect', 'read', 'write', 'getaddrinfo']);
/** Of Node's own, without a system call: the other side ended the socket, or it is gone, before the command was written. */
const SOCKET_CODES = new Set(['EPIPE', 'ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END']);

/** Whether the document, or its unique key, is there already. */
export function isDuplicateKey(error: unknown): boolean {
  if (!(error instanceof mongo.MongoServerError)) return false;
  // upserts that race on FerretDB bring PostgreSQL's own words, under the code for internal errors
  const words = 'duplicate key value violates unique constraint';
  return error.code === 11000 || (error.code === 1 && error.message.includes(words));
}

/** Whether the database did not answer, or not clearly: a write may or may not stand. */
export function isUnclear(error: unknown): boolean {
  if (isDuplicateKey(error)) return false;
  if (NO_ANSWER.some((kind) => error instanceof kind)) return true;
  if (error instanceof Error && 'code' in error && SOCKET_CODES.has(String(error.code))) return true;
  if (error instanceof Error && 'syscall' in error) return SOCKET_CALLS.has(String(error.syscall));
  // the driver does not export the class of an exhausted pool
  if (error instanceof mongo.MongoDriverError) return error.name === 'MongoWaitQueueTimeoutError';
  if (!(error instanceof mongo.MongoServerError)) return false;
  return error instanceof mongo.MongoWriteConcernError || UNCLEAR.has(Number(error.code));
}

/**
 * Machine milliseconds: the driver waits as long for a connection and for each answer, and asks once more; a request
 * that waits for all of that is answered before.
 */
const PATIENCE = 6 * SECOND;

/**
 * Runs a piece of work against the database. What outlasts its time may still be done.
 * @param withinMs null where it takes what it takes, as an index over much data does
 * @throws StoreUnavailable in place of the driver's errors of that kind, and when the time is over
 */
export async function answered<T>(work: () => Promise<T>, withinMs: number | null = PATIENCE): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = (ms: number) =>
    new Promise<never>((_resolve, reject) => {
      const late = () => reject(new StoreUnavailable(`the database did not answer within ${ms} ms`));
      timer = setTimeout(late, ms);
    });
  try {
    const working = work();
    return await (withinMs === null ? working : Promise.race([working, over(withinMs)]));
  } catch (error) {
    throw isUnclear(error)
      ? new StoreUnavailable('the database does not answer', {}, { cause: error })
      : error;
  } finally {
    clearTimeout(timer);
  }
}

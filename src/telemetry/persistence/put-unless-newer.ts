import { type Model, mongo } from 'mongoose';
import { answered, isDuplicateKey } from '../../event-store';

type Versioned<K extends string> = { readonly _id: string } & { readonly [key in K]: Date | number | null };

/**
 * Stores each document whole, unless what is stored has a later time, or a higher number, in `field` (null is the
 * earliest). Upserts under
 * such a guard fail by the duplicate `_id` where a newer one is there, and also where another process inserts the same
 * one at that moment: those are tried once more, without inserting. Mongoose would cast what is of several kinds, so
 * this is the driver's own bulk write.
 */
export async function putUnlessNewer<K extends string, D extends Versioned<K>>(
  model: Model<D>,
  field: K,
  documents: readonly D[],
): Promise<void> {
  const raced = await write(model, field, documents, true);
  await write(model, field, raced, false);
}

/** Answers the documents whose insert met one that was there. */
async function write<K extends string, D extends Versioned<K>>(
  model: Model<D>,
  field: K,
  documents: readonly D[],
  upsert: boolean,
): Promise<D[]> {
  if (documents.length === 0) return [];
  const operations = documents.map((document) => {
    const { _id, ...replacement } = document;
    const filter = { _id, $or: [{ [field]: null }, { [field]: { $lte: document[field] } }] };
    return { replaceOne: { filter, replacement, upsert } };
  });
  try {
    // the driver's types know nothing of a generic document
    await answered(() => model.collection.bulkWrite(operations as never[], { ordered: false }));
    return [];
  } catch (error) {
    const failures = error instanceof mongo.MongoBulkWriteError ? [error.writeErrors].flat() : [];
    if (failures.length === 0 || !failures.every(isDuplicate)) throw error;
    return failures.flatMap(({ index }) => documents[index] ?? []);
  }
}

function isDuplicate({ code, errmsg = '' }: mongo.WriteError): boolean {
  return isDuplicateKey(new mongo.MongoServerError({ code, errmsg, message: errmsg }));
}

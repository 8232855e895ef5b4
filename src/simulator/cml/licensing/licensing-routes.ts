import { z } from 'zod';
import { isProductLicense } from '../../licensing/license-features';
import { CmlProblem } from '../cml-problem';
import { type CmlAnswer, type CmlCall, type CmlRoute } from '../cml-route';
import { featuresIn } from './license-state';
import { featureBodies, licensingBody, techSupport } from './licensing-body';

const productLicense = z.string().regex(/^\w{1,20}$/);
const registration = z.strictObject({
  token: z.string().regex(/^[a-zA-Z\d+/%=-]{1,256}$/),
  reregister: z.boolean().optional(),
});
const host = '((\\d{1,3}.){3}\\d{1,3}|\\[[\\da-fA-F:]{3,39}(%[\\da-z-]{1,15})?\\]|[a-zA-Z\\d.-]{1,64})';
const transport = z.strictObject({
  ssms: z
    .string()
    .max(256)
    .regex(new RegExp(`^https?://${host}(:\\d{1,5})?(/[\\w.-]+)+$`))
    .nullish(),
  proxy: z.strictObject({
    server: z
      .string()
      .max(256)
      .regex(new RegExp(`^${host}$`))
      .nullable(),
    port: z.int().min(1).max(65_535).nullable(),
  }),
});
const featureCounts = z
  .array(z.strictObject({ id: z.string().regex(/^[a-zA-Z\d._,-]{1,128}$/), count: z.int().min(0) }))
  .min(1)
  .max(2);

const ACCEPTED: CmlAnswer = { status: 204 };

function bodyAs<T>(schema: z.ZodType<T>, { body }: CmlCall): T {
  const { success, data, error } = schema.safeParse(body);
  if (success) return data;
  // Which member is wrong, not what stands in it: a token must not come back.
  const where = error.issues.map(({ path }) => path.join('.') || 'body').join(', ');
  throw new CmlProblem(400, `Bad input: invalid value in ${where}.`);
}

function setCounts(call: CmlCall): CmlAnswer {
  const { license } = call.host;
  const counts = new Map(bodyAs(featureCounts, call).map(({ id, count }) => [id, count]));
  for (const [id, count] of counts) {
    const feature = featuresIn(license.state).find((candidate) => candidate.id === id);
    if (!feature) throw new CmlProblem(400, `Licensing issue: There is no feature ${id}.`);
    if (count > feature.max) {
      throw new CmlProblem(400, `Licensing issue: At most ${feature.max} of ${id} can be used.`);
    }
  }
  license.setCounts(counts, call.now);
  return ACCEPTED;
}

/** Licensing: all of it is for administrators, and what is accepted is done later. */
export const LICENSING_ROUTES: readonly CmlRoute[] = (
  [
    {
      method: 'GET',
      path: '/licensing',
      answer: ({ host: { license, server }, now }) => ({
        status: 200,
        body: licensingBody(license.state, server, now),
      }),
    },
    {
      method: 'PUT',
      path: '/licensing/product_license',
      answer: (call) => {
        const product = bodyAs(productLicense, call);
        if (!isProductLicense(product)) {
          throw new CmlProblem(400, `Licensing issue: Unknown product license ${product}.`);
        }
        call.host.license.setProduct(product, call.now);
        return ACCEPTED;
      },
    },
    {
      method: 'PUT',
      path: '/licensing/transport',
      answer: (call) => {
        const { ssms = null, proxy } = bodyAs(transport, call);
        call.host.license.state.transport = { ssms, proxy };
        return ACCEPTED;
      },
    },
    {
      method: 'POST',
      path: '/licensing/registration',
      answer: (call) => {
        const { token, reregister = false } = bodyAs(registration, call);
        call.host.license.register(token, reregister, call.now);
        return ACCEPTED;
      },
    },
    {
      method: 'PUT',
      path: '/licensing/registration/renew',
      answer: ({ host: { license }, now }) => {
        license.renewRegistration(now);
        return ACCEPTED;
      },
    },
    {
      method: 'PUT',
      path: '/licensing/authorization/renew',
      answer: ({ host: { license }, now }) => {
        license.renewAuthorization(now);
        return ACCEPTED;
      },
    },
    {
      method: 'DELETE',
      path: '/licensing/deregistration',
      answer: ({ host: { license, server }, now }) => {
        const outcome = license.deregister(server.runningNodes(now), now);
        return { status: outcome === 'told' ? 204 : 202 };
      },
    },
    {
      method: 'GET',
      path: '/licensing/features',
      answer: ({ host: { license } }) => ({ status: 200, body: featureBodies(license.state) }),
    },
    { method: 'PATCH', path: '/licensing/features', answer: setCounts },
    {
      method: 'GET',
      path: '/licensing/tech_support',
      answer: ({ host: { license, server }, now }) => ({
        status: 200,
        body: techSupport(license.state, server, now),
      }),
    },
  ] satisfies readonly CmlRoute[]
).map((route) => ({ ...route, admin: true }));

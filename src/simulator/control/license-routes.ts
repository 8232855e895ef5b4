import { type Routes } from './control-route';
import { licenseToken } from './license-token';
import { ruleRoutes } from './rule-routes';

/** Smart Licensing, as its own people see it. */
export const LICENSE_ROUTES: Routes = [
  [
    /^\/smart-licensing\/tokens$/,
    {
      POST: (world, { body }) => {
        world.smartLicensing.addToken(licenseToken.parse(body));
        return null;
      },
    },
  ],
  [/^\/smart-licensing\/registrations$/, { GET: (world) => world.smartLicensing.registrations() }],
  [
    /^\/smart-licensing\/instances\/([^/]+)$/,
    {
      DELETE: (world, _request, productUuid = '') => {
        world.smartLicensing.remove(productUuid, world.options.clock.now());
        return null;
      },
    },
  ],
  ...ruleRoutes('smart-licensing/outages', (world) => world.smartLicensing.outages),
];

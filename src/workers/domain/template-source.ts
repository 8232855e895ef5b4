import { InvalidInput } from '../../kernel/domain-error';
import { type LaunchSettings } from './launch-settings';

/** What a template says for one region. */
export interface ResolvedTemplate {
  /** in full, with the reference to the template as it is now */
  readonly launch: LaunchSettings;
  readonly amiId: string | null;
  readonly amiName: string | null;
  readonly tags: Readonly<Record<string, string>>;
  readonly cmlVersion: string | null;
}

/** Where templates come from by which workers are created. */
export abstract class TemplateSource {
  /**
   * @param template its id or its name
   * @throws TemplateNotFound, TemplateNotForRegion, StoreUnavailable
   */
  abstract resolve(template: string, region: string): Promise<ResolvedTemplate>;
}

/** A worker was to be created by a template that is not there. */
export class TemplateNotFound extends InvalidInput {
  constructor(template: string) {
    const message = `There is no worker template "${template}". GET /api/v1/worker-templates lists them.`;
    super([{ pointer: '/template', message }]);
  }
}

/** The template names something for other regions, and nothing for this one. */
export class TemplateNotForRegion extends InvalidInput {
  /** @param missing `subnetIds`: what the template lacks for the region */
  constructor(name: string, region: string, missing: string) {
    const message = `The worker template "${name}" has no ${missing} for ${region}: add them to it, or choose another one.`;
    super([{ pointer: '/template', message }]);
  }
}

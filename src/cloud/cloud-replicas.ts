import type { CloudClient } from './client';
import { CloudReplica } from './replica';
import type { CloudProject } from './schemas';
import { SharedRules } from './shared-rules';

/** The projects of one cloud, as sides of syncs. What a run learns of a project's shared rules serves the next one. */
export class CloudReplicas {
  constructor(client: CloudClient) {
    this.#client = client;
  }

  replica(projectId: string): CloudReplica {
    return new CloudReplica({ client: this.#client, projectId, rules: this.#rulesOf(projectId) });
  }

  /** The ignore patterns that all devices of the project share, as far as they are known. */
  sharedIgnores(projectId: string): readonly string[] {
    return this.#rulesOf(projectId).patterns;
  }

  /** Takes up what was read of a project another way. */
  learn(project: CloudProject): void {
    if (!this.#rules.has(project.id)) {
      this.#rulesOf(project.id).learn(project);
    }
  }

  #rulesOf(projectId: string): SharedRules {
    const known = this.#rules.get(projectId);
    if (known) {
      return known;
    }
    const rules = new SharedRules();
    this.#rules.set(projectId, rules);
    return rules;
  }

  readonly #client: CloudClient;
  /** By the project's id. */
  readonly #rules = new Map<string, SharedRules>();
}

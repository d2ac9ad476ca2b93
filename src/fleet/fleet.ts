// The fleet as rules ask about it. Each noun is computed when it is first asked for, once per host.

import { type Answer, undecided, yes } from "../eval/answer.ts";
import { once } from "../eval/once.ts";
import type { Flake } from "../flake/flake.ts";
import type { Span } from "../source/span.ts";
import { type AlertTexts, readAlerts } from "./alerts.ts";
import type { FleetHost } from "./fleet-host.ts";
import { HostModel } from "./host-model.ts";
import type { FleetSettings } from "./settings.ts";
import { readSops, type Sops } from "./sops.ts";
import { sourceTexts } from "./source-texts.ts";

export type { FleetHost } from "./fleet-host.ts";

export interface Fleet {
  readonly root: string;
  readonly settings: FleetSettings;
  readonly hosts: readonly FleetHost[];
  /** Roles that no host imports. */
  readonly roles: readonly FleetHost[];
  /** Alert rules of all hosts. */
  readonly alerts: AlertTexts;
  /** Secrets that evaluation reads, which only the running machine has. */
  readonly secretsReadAtEval: readonly SecretAtEval[];
  /** `.sops.yaml` and the encrypted files. */
  readonly sops: Sops;
}

export interface SecretAtEval {
  readonly path: string;
  readonly at: Span | null;
  /** Undecided when it is not known which file is read. */
  readonly answer: Answer;
}

export function buildFleet(flake: Flake, settings: FleetSettings): Fleet {
  const alerts = once(() => readAlerts(flake.hosts, flake.session.fs));
  const fleet: Fleet = {
    root: flake.root,
    settings,
    get hosts() {
      return hosts;
    },
    get roles() {
      return roles;
    },
    get alerts() {
      return alerts();
    },
    get secretsReadAtEval() {
      // Evaluation is lazy: what reads a secret does so when its value is asked for.
      if (texts.some(/\breadFile\b/)) for (const { vault } of [...hosts, ...roles]) vault.leaves.length;
      return flake.session.problems.flatMap((problem) => {
        if (problem.kind !== "secret-read") return [];
        const { path, at, doubt } = problem;
        return [{ path, at, answer: doubt ? undecided(doubt) : yes }];
      });
    },
    sops: readSops(flake.root, flake.session.fs),
  };
  const texts = sourceTexts(
    () => flake.session.files.values(),
    () => flake.files.parsed.values(),
  );
  const context = { fleet, fs: flake.session.fs, texts };
  const hosts = flake.hosts.map((host) => new HostModel(host, context));
  const roles = flake.roles.map((host) => new HostModel(host, context));
  return fleet;
}

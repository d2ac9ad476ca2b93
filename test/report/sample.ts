// A report with one of everything, made by hand: what reporters get.

import { rules } from "../../rules/index.ts";
import { Unknown } from "../../src/eval/unknown.ts";
import type { Diagnostic, Report } from "../../src/lint/finding.ts";
import type { ReportOptions } from "../../src/report/reporter.ts";
import type { SourceFile } from "../../src/source/source-file.ts";
import type { Span } from "../../src/source/span.ts";

export const root = "/flake";

export function sourceOf(path: string, text: string): SourceFile {
  return { path: `${root}/${path}`, text };
}

/** The first place of `part` in the file. */
export function spanOf(source: SourceFile, part: string): Span {
  const start = source.text.indexOf(part);
  if (start === -1) throw new Error(`no ${part}`);
  return { file: source.path, start, end: start + part.length };
}

export function reportOf(sources: readonly SourceFile[], extra: Partial<Report>): Report {
  return {
    root,
    sources: new Map(sources.map((source) => [source.path, source])),
    diagnostics: [],
    undecided: [],
    suppressed: [],
    baselined: [],
    staleBaseline: [],
    broken: [],
    unresolved: [],
    skipped: [],
    assumptions: [],
    files: 2,
    hosts: 1,
    ...extra,
  };
}

const role = sourceOf(
  "roles/hass.nix",
  `{
  services.home-assistant.enable = true;
  services.restic.backups.hass = {
    paths = [ "/var/lib/hass" ];
  };
}
`,
);
const host = sourceOf("hosts/nas.nix", "{\n  imports = [ ../roles/hass.nix ];\n}\n");

const uncovered: Diagnostic = {
  kind: "finding",
  rule: "service-without-backup",
  severity: "error",
  subject: "services.home-assistant",
  at: spanOf(role, "services.home-assistant.enable"),
  message: "`home-assistant` keeps `/var/lib/hass` and no backup job covers it",
  notes: [
    { message: "imported here", at: spanOf(host, "../roles/hass.nix") },
    { message: "nothing else names it", at: null },
  ],
  hosts: ["attic", "nas"],
  fingerprint: "0123456789abcdef0123456789abcdef",
  fix: {
    title: "write a job for `home-assistant`",
    edits: [{ span: spanOf(role, "paths"), text: "" }],
    newFiles: [{ path: `${root}/roles/backup.nix`, text: "{ }\n" }],
    safety: "scaffold",
  },
};

const quietWarning: Diagnostic = {
  kind: "finding",
  rule: "unmonitored-backup",
  severity: "warning",
  subject: "services.restic.backups.hass",
  at: spanOf(role, 'services.restic.backups.hass = {\n    paths = [ "/var/lib/hass" ];\n  }'),
  message: "nothing watches `services.restic.backups.hass`",
  hosts: [],
  fingerprint: "fedcba9876543210fedcba9876543210",
};

export const sample: Report = reportOf([role, host], {
  diagnostics: [uncovered, quietWarning],
  undecided: [
    {
      kind: "undecided",
      rule: "secret-owner-mismatch",
      subject: "sops.secrets.hass",
      at: spanOf(role, "paths"),
      reasons: [
        new Unknown("input", `\`${root}/private.nix\` is not on disk`, spanOf(host, "imports")),
        new Unknown("impure", "the environment is not known"),
      ],
      hosts: ["attic", "nas"],
    },
  ],
  suppressed: [{ diagnostic: { ...quietWarning, hosts: ["nas"] }, reason: "looked at by hand", by: "comment" }],
  baselined: [
    { ...quietWarning, rule: "retention-gap", hosts: ["attic"], fingerprint: "00000000000000000000000000000001" },
  ],
  broken: [{ path: `${root}/hosts/broken.nix`, why: "does not parse" }],
  unresolved: [{ name: "ghost", why: new Unknown("error", "attribute `x` missing", spanOf(host, "imports")) }],
  skipped: [{ path: `${root}/secrets/a.nix`, why: "encrypted with age" }],
  assumptions: [
    {
      message: "the unread input `private` defines no backup job",
      at: spanOf(host, "../roles/hass.nix"),
      hosts: ["attic", "nas"],
    },
  ],
  files: 12,
  hosts: 2,
});

export const options: ReportOptions = {
  version: "1.2.3",
  color: false,
  verbose: false,
  quiet: false,
  statistics: false,
  directory: "",
  rules,
  page: (rule) => `# ${rule}\n\n\`\`\`nix bad file=roles/a.nix\n{ }\n\`\`\`\n`,
};

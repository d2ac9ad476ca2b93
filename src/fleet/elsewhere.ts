// State that no job covers at the place the catalogue knows, and that may be saved all the same: its service's settings
// name another place, or the service uploads backups of its own.

import { Unknown } from "../eval/unknown.ts";
import type { Host } from "../nixpkgs/host.ts";
import type { FileSystem } from "../source/file-system.ts";
import { coversPath, type Savers } from "./coverage.ts";
import { deepTexts } from "./deep-texts.ts";
import { readTexts } from "./known.ts";
import type { State } from "./service-state.ts";
import type { Service } from "./services.ts";
import { isRemote, mountOf } from "./state-paths.ts";

interface Source {
  readonly host: Host;
  readonly fs: FileSystem;
}

/** Why it cannot be said that nothing saves the service; null when nothing speaks for it. */
export function savedElsewhere(service: Service, state: State, savers: Savers, source: Source): Unknown | null {
  if (service.kind !== "catalogue") return null;
  const moved = state.movedBy === null ? savedWhereSettingsSay(service, savers, source) : null;
  return moved ?? uploadsItself(service, source);
}

/**
 * A path in the service's own options that is saved: when the catalogue knows no option that moves the state, settings
 * may. Where it knows one, other paths are those of music, shares and the like.
 */
function savedWhereSettingsSay(service: Service, savers: Savers, { host, fs }: Source): Unknown | null {
  const own = new Set(service.state.flatMap(({ path }) => (typeof path?.text === "string" ? [path.text] : [])));
  const { texts } = deepTexts(host.option(service.option.split(".")).value, fs);
  for (const { text, span } of texts) {
    const path = /^(?:file:\/\/)?(\/[^\s:?]+)$/.exec(text)?.[1];
    if (path === undefined || own.has(path) || path.startsWith("/nix/")) continue;
    const isSaved =
      isRemote(mountOf(path, savers.mounts)) ||
      savers.jobs.jobs.some(
        (job) => coversPath(job, { text: path, span }, { savers, isPrivate: false }).kind === "yes",
      );
    if (isSaved)
      return new Unknown("unsupported", `\`${service.option}\` also names \`${path}\`, which is saved`, span);
  }
  return null;
}

/** Settings with which services upload what they back up themselves. */
const uploads = [
  {
    service: "services.home-assistant",
    option: "services.home-assistant.extraComponents",
    setting:
      /^(aws_s3|azure_storage|backblaze_b2|cloudflare_r2|dropbox|google_drive|idrive_e2|onedrive\w*|sftp_storage|synology_dsm|webdav)$/,
  },
];

function uploadsItself(service: Service, { host }: Source): Unknown | null {
  for (const { option, setting } of uploads.filter((upload) => upload.service === service.option)) {
    const found = readTexts(host.option(option.split("."))).items.find(
      ({ text }) => typeof text === "string" && setting.test(text),
    );
    if (found)
      return new Unknown("unsupported", `\`${String(found.text)}\` may upload the service's own backups`, found.span);
  }
  return null;
}

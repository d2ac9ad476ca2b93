// From a seed to a case: a flake with something strange in it, and what its report must hold all the same.

import { rules } from "../../rules/index.ts";
import type { Corpus } from "./corpus.ts";
import { Dice } from "./dice.ts";
import { mutateBytes, mutateNix, oddText } from "./mutate.ts";
import { moduleNames, randomExpression, randomFlake, randomModule } from "./random-nix.ts";
import {
  randomBaseline,
  randomCalendar,
  randomComment,
  randomConfig,
  randomLock,
  randomSecretFile,
  randomSopsConfig,
} from "./random-settings.ts";

export interface Case {
  /** By path below the flake. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  /** Whether the fault of the host `nas` has to be found: nothing strange is part of that host. */
  readonly isFound: boolean;
  /** Nix to evaluate on its own. */
  readonly expression?: string;
  /** `OnCalendar`s to compare. */
  readonly calendars?: readonly string[];
}

type Make = (dice: Dice, corpus: Corpus) => Case;

/** Two hosts: of `nas` it is known that its service is not saved, the other one takes what comes. */
const flakeNix = `{
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.nas = nixpkgs.lib.nixosSystem { modules = [ ./nas.nix ]; };
    nixosConfigurations.wild = nixpkgs.lib.nixosSystem { modules = [ ./m0.nix ]; };
  };
}
`;
const fault = "{\n  services.radicale.enable = true;\n}\n";

const rulesById = rules.map(({ id }) => id);

function besides(files: Readonly<Record<string, string | Uint8Array>>, isFound = true): Case {
  return {
    files: new Map(Object.entries({ "flake.nix": flakeNix, "nas.nix": fault, "m0.nix": "{ }\n", ...files })),
    isFound,
  };
}

/** One file of a whole flake changed. */
function changedFlake(dice: Dice, corpus: Corpus): Case {
  const files = new Map<string, string | Uint8Array>(dice.pick(corpus.flakes));
  for (let left = 1 + dice.below(3); left > 0; left--) {
    const [path, before] = dice.pick([...files]);
    const bytes = typeof before === "string" ? Buffer.from(before) : before;
    const text = Buffer.from(bytes).toString();
    files.set(path, path.endsWith(".nix") ? mutateNix(text, dice.pick(corpus.nix), dice) : mutateBytes(bytes, dice));
  }
  if (dice.oneIn(5)) files.delete(dice.pick([...files.keys()].filter((path) => path !== "flake.nix")));
  return { files, isFound: false };
}

function sopsSecrets(dice: Dice, corpus: Corpus): Case {
  return besides({
    ".sops.yaml": randomSopsConfig(dice, corpus),
    "secrets/nas.yaml": randomSecretFile(dice),
    "m0.nix": `{ config, ... }: {
  sops.defaultSopsFile = ./secrets/nas.yaml;
  sops.secrets."db/password" = { };
  services.restic.backups.x = { paths = [ "/var" ]; repository = "sftp:h:/x"; passwordFile = config.sops.secrets."db/password".path; };
}
`,
  });
}

function commentedFlake(dice: Dice, corpus: Corpus): Case {
  const comment = () => randomComment(dice, rulesById);
  const text = dice.pick(corpus.nix);
  const at = text.indexOf("\n", dice.below(text.length + 1)) + 1;
  return besides(
    {
      "m0.nix": comment() + text.slice(0, at) + comment() + text.slice(at),
      "nas.nix": `${comment()}{\n  ${comment()}  services.radicale.enable = true; ${comment()}\n}\n`,
    },
    false,
  );
}

function calendars(dice: Dice): Case {
  const texts = [randomCalendar(dice), randomCalendar(dice)];
  const [first = "", second = ""] = texts.map((text) => JSON.stringify(text).replaceAll("${", "\\${"));
  return {
    calendars: texts,
    ...besides({
      "m0.nix": `{
  services.postgresql.enable = true;
  services.postgresqlBackup = { enable = true; startAt = ${second}; };
  services.restic.backups.x = { paths = [ "/var/backup" ]; repository = "sftp:h:/x"; passwordFile = "/k"; timerConfig.OnCalendar = ${first}; };
}
`,
    }),
  };
}

export const kinds: Readonly<Record<string, Make>> = {
  "changed-module": (dice, corpus) =>
    besides({ "m0.nix": mutateNix(dice.pick(corpus.nix), dice.pick(corpus.nix), dice) }),
  "changed-flake": changedFlake,
  "random-expression": (dice) => {
    const expression = randomExpression(dice, 5);
    return { ...besides({ "m0.nix": expression }), expression };
  },
  "random-modules": (dice) =>
    besides(Object.fromEntries(moduleNames.map((name) => [name, randomModule(dice, moduleNames)]))),
  "random-flake": (dice) => ({
    files: new Map([
      ["flake.nix", randomFlake(dice)],
      ...moduleNames.map((name) => [name, randomModule(dice, moduleNames)] as const),
    ]),
    isFound: false,
  }),
  sops: sopsSecrets,
  config: (dice, corpus) => besides({ "nixlint.toml": randomConfig(dice, corpus) }, false),
  baseline: (dice) => besides({ ".nixlint-baseline.json": randomBaseline(dice) }),
  comments: commentedFlake,
  calendar: calendars,
  lock: (dice) => ({
    ...besides({
      "flake.lock": randomLock(dice),
      "flake.nix": flakeNix
        .replace(
          "{\n",
          '{\n  inputs.nixpkgs.url = "github:NixOS/nixpkgs";\n  inputs.x.url = "path:./x";\n  inputs.a.follows = "x/a";\n',
        )
        .replace("./m0.nix", "./m0.nix inputs.x.y")
        .replace("{ nixpkgs, ... }", "{ nixpkgs, ... }@inputs"),
      "x/flake.nix": '{ inputs.a.url = "github:a/b"; outputs = { a, ... }: { y = a.z or { }; }; }',
    }),
  }),
  names: (dice, corpus) => {
    const name = oddText(dice).replace(/[/\0]/g, "") || "x";
    const attr = JSON.stringify(oddText(dice)).replaceAll("${", "\\${");
    return besides({
      [`dir/${name}.nix`]: mutateNix(dice.pick(corpus.nix), "1", dice),
      [name === "." || name === ".." ? "n" : name]: oddText(dice),
      "m0.nix": `{ services.restic.backups.${attr} = { paths = [ ${attr} ]; }; systemd.services.${attr}.script = ${attr}; services.grafana.enable = true; sops.secrets.${attr} = { owner = ${attr}; }; imports = [ (./. + ("/dir/" + ${attr})) ]; }\n`,
    });
  },
};

export function makeCase(kind: string, seed: number, corpus: Corpus): Case {
  const make = kinds[kind];
  if (make === undefined) throw new Error(`no kind of case is called ${kind}`);
  return make(new Dice(seed), corpus);
}

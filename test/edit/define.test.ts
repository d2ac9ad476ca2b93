// New definitions go where their siblings are, in the spelling of the file.

import { expect, test } from "vitest";
import { defineOption } from "../../src/edit/define.ts";
import { edited, nodeAt, treeOf } from "./edited.ts";

interface Case {
  readonly name: string;
  readonly text: string;
  readonly near: string;
  readonly path: string;
  readonly nix?: string;
  readonly after: string | null;
}

const cases: readonly Case[] = [
  {
    name: "nested next to nested",
    text: `{
  sops.secrets."a" = {
    sopsFile = ./a.yaml; # here
  };
}
`,
    near: "sopsFile",
    path: "sops.secrets.a.owner",
    after: `{
  sops.secrets."a" = {
    sopsFile = ./a.yaml; # here
    owner = "x";
  };
}
`,
  },
  {
    name: "dotted next to dotted",
    text: `{
  sops.secrets."a".sopsFile = ./a.yaml;
  b = 1;
}
`,
    near: "sopsFile",
    path: "sops.secrets.a.owner",
    after: `{
  sops.secrets."a".sopsFile = ./a.yaml;
  sops.secrets.a.owner = "x";
  b = 1;
}
`,
  },
  {
    name: "into a set that was empty",
    text: `{\n  services = {\n    hass = { };\n  };\n}\n`,
    near: "hass",
    path: "services.hass.user",
    after: `{\n  services = {\n    hass = {\n      user = "x";\n    };\n  };\n}\n`,
  },
  {
    name: "into a set on one line, which spreads",
    text: `{\n  services.hass = { enable = true; };\n}\n`,
    near: "enable",
    path: "services.hass.user",
    after: `{\n  services.hass = {\n    enable = true;\n    user = "x";\n  };\n}\n`,
  },
  {
    name: "one line of several stays one line",
    text: `{ a = { b = 1; c = 2; }; }\n`,
    near: "b",
    path: "a.d",
    after: `{ a = { b = 1; c = 2; d = "x"; }; }\n`,
  },
  {
    name: "one attrpath split over several sets",
    text: `{
  a = {
    b.c = {
      d = 1;
    };
  };
  a.b.e = 2;
}
`,
    near: "d = 1",
    path: "a.b.c.f",
    after: `{
  a = {
    b.c = {
      d = 1;
      f = "x";
    };
  };
  a.b.e = 2;
}
`,
  },
  {
    name: "below config when the module has one",
    text: `{ config, lib, ... }:
{
  options.x = lib.mkOption { };
  config = lib.mkIf config.x {
    services.a.enable = true;
  };
}
`,
    near: "options.x",
    path: "services.b.enable",
    after: `{ config, lib, ... }:
{
  options.x = lib.mkOption { };
  config = lib.mkIf config.x {
    services.a.enable = true;
    services.b.enable = "x";
  };
}
`,
  },
  {
    name: "under the same condition",
    text: `{ lib, ... }:
{
  config = lib.mkMerge [
    { a.b = 1; }
    (lib.mkIf true {
      c.d = 2;
    })
  ];
}
`,
    near: "c.d",
    path: "c.e",
    after: `{ lib, ... }:
{
  config = lib.mkMerge [
    { a.b = 1; }
    (lib.mkIf true {
      c.d = 2;
      c.e = "x";
    })
  ];
}
`,
  },
  { name: "not when it is there", text: "{\n  a.b = 1;\n}\n", near: "a.b", path: "a.b", after: null },
  { name: "not below what is no set", text: "{\n  a.b = f 1;\n}\n", near: "a.b", path: "a.b.c", after: null },
  {
    name: "not beside what is inherited",
    text: "{\n  inherit (x) a;\n  b = 1;\n}\n",
    near: "b",
    path: "a.c",
    after: null,
  },
  {
    name: "an indented value, tabs and line ends of the file",
    text: "{\r\n\ta.b = {\r\n\t\tc = 1;\r\n\t};\r\n}\r\n",
    near: "a.b",
    path: "d.e",
    nix: "{\n  f = [\n    1\n    2\n  ];\n}",
    after:
      "{\r\n\ta.b = {\r\n\t\tc = 1;\r\n\t};\r\n\r\n\td.e = {\r\n\t\tf = [\r\n\t\t\t1\r\n\t\t\t2\r\n\t\t];\r\n\t};\r\n}\r\n",
  },
  {
    name: "with the blank lines of its neighbours",
    text: `{
  # first
  a.x = {
    enable = true;
  };

  # second
  b.y = {
    enable = true;
  };
}
`,
    near: "a.x",
    path: "a.z",
    nix: "{\n  enable = true;\n}",
    after: `{
  # first
  a.x = {
    enable = true;
  };

  a.z = {
    enable = true;
  };

  # second
  b.y = {
    enable = true;
  };
}
`,
  },
  {
    name: "behind what only names similar things",
    text: `{ lib, ... }:
let
  x = 1;
in
{
  services.openssh.enable = true;
  users.users.a = { };
}
`,
    near: "services.openssh",
    path: "services.restic.backups.etc",
    nix: "{\n  script = ''\n    one\n      two\n  '';\n  text = \"a\n b\";\n}",
    after: `{ lib, ... }:
let
  x = 1;
in
{
  services.openssh.enable = true;

  services.restic.backups.etc = {
    script = ''
      one
        two
    '';
    text = "a
 b";
  };

  users.users.a = { };
}
`,
  },
];

test.each(cases)("$name", ({ text, near, path, nix = '"x"', after }) => {
  const tree = treeOf(text);
  const edits = defineOption(tree, nodeAt(tree, near), { path: path.split("."), nix });
  expect(edited(tree, edits)).toBe(after);
});

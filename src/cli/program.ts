// The grammar of the command line: commands, arguments, flags and their help. What they do is elsewhere.

import { Command, InvalidArgumentError, Option } from "commander";
import { closestName } from "../lint/suggestion.ts";
import type { BaselineVerb } from "./baseline.ts";
import type { CheckFlags } from "./check.ts";
import type { ConfigFlags } from "./config.ts";
import type { EvalFlags } from "./eval.ts";
import type { ExplainFlags } from "./explain.ts";
import type { FlakeFlags } from "./flake-arguments.ts";
import type { FleetFlags } from "./fleet.ts";
import type { InitFlags } from "./init.ts";
import { OutputArguments } from "./outputs.ts";
import type { RulesFlags } from "./rules.ts";
import { version } from "./version.ts";

export interface Actions {
  check(paths: readonly string[], flags: CheckFlags, outputs: OutputArguments): Promise<void>;
  fleet(path: string | undefined, flags: FleetFlags): Promise<void>;
  eval(installable: string | undefined, flags: EvalFlags): Promise<void>;
  explain(rule: string, flags: ExplainFlags): Promise<void>;
  rules(flags: RulesFlags): Promise<void>;
  init(path: string | undefined, flags: InitFlags): Promise<void>;
  configSchema(): Promise<void>;
  configShow(path: string | undefined, flags: ConfigFlags): Promise<void>;
  baseline(verb: BaselineVerb, path: string | undefined, flags: FlakeFlags): Promise<void>;
}

const helpWidth = 100;
const profiles = ["recommended", "strict"];

export function createProgram(actions: Actions, print: (text: string) => void): Command {
  const program = new Command("nixlint")
    .description("Says what in a NixOS flake is not backed up, cannot read its secret, or would fail silently.")
    .version(`nixlint ${version}`, "-V, --version")
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: () => {},
      outputError: () => {},
      getOutHelpWidth: () => helpWidth,
      getOutHasColors: () => false,
    });
  addCheck(program, actions);
  addFleet(program, actions);
  addEval(program, actions);
  addExplain(program, actions);
  addRules(program, actions);
  addBaseline(program, actions);
  addConfig(program, actions);
  addInit(program, actions);
  return program;
}

/** A flag with an optional value takes it only behind `=`: `--fix nix` is a flag and a path. */
export function pinOptionalValues(program: Command, argv: readonly string[]): string[] {
  const presets = new Map(
    program.commands
      .flatMap((command) => command.options)
      .filter((option) => option.optional && option.presetArg !== undefined)
      .map((option) => [option.long ?? "", String(option.presetArg)]),
  );
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  return argv.map((argument, index) => {
    const preset = index < end ? presets.get(argument) : undefined;
    return preset === undefined ? argument : `${argument}=${preset}`;
  });
}

/** Nix takes the name and the path as two arguments; no name holds a `=`, so `NAME=PATH` cannot be meant otherwise. */
export function joinOverrides(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const [argument = "", name, path] = argv.slice(i, i + 3);
    if (argument === "--") return [...joined, ...argv.slice(i)];
    joined.push(argument);
    if (argument !== "--override-input" || name === undefined || path === undefined || name.includes("=")) continue;
    joined.push(`${name}=${path}`);
    i += 2;
  }
  return joined;
}

/** Alone, `--profile` is about the run and not about the rules. */
export function takeProfile(argv: readonly string[]): { readonly argv: readonly string[]; readonly isTimed: boolean } {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  // A misspelt profile is none the less meant as one.
  const isAlone = (argument: string, at: number) =>
    argument === "--profile" && at < end && closestName(argv[at + 1] ?? "", profiles) === null;
  const rest = argv.filter((argument, at) => !isAlone(argument, at));
  return { argv: rest, isTimed: rest.length < argv.length };
}

function addCheck(program: Command, actions: Actions): void {
  const check = program
    .command("check", { isDefault: true })
    .description("lint (the default command); PATHs narrow what is reported, never what is analysed")
    .addOption(
      new Option(
        "--fix [which]",
        "apply fixes and write what is missing; =safe only those that every author would make",
      )
        .choices(["all", "safe"])
        .preset("all"),
    );
  addCheckOptions(check, (paths, flags, outputs) => actions.check(paths, flags, outputs));
  const fix = program.command("fix").description("the same as check --fix");
  addCheckOptions(fix, (paths, flags, outputs) => actions.check(paths, { ...flags, fix: "all" }, outputs));
}

function addCheckOptions(command: Command, action: Actions["check"]): void {
  const outputs = new OutputArguments();
  command
    .argument("[PATH...]", "files or directories; default: the flake around the current directory")
    .addOption(
      new Option(
        "-f, --format <format>",
        "text, concise, json, sarif, github or gitlab; repeatable, each with its own --output-file",
      ).argParser((format: string) => outputs.addFormat(format)),
    )
    .addOption(
      new Option("-o, --output-file <path>", "write the format before it there instead of to stdout").argParser(
        (file: string) => outputs.addFile(file),
      ),
    )
    .addOption(
      new Option("--fail-on <severity>", "exit 1 from this severity on")
        .choices(["error", "warning", "info"])
        .default("error"),
    )
    .option("--fail-on-undecided", "exit 1 when something could not be decided")
    .option("--exit-zero", "exit 0 in spite of findings (not of failures)")
    .option("--unsafe-fixes", "with --fix or --diff: also those that change what machines do")
    .option(
      "--diff",
      "print what --fix would change as a diff for `git apply`, write nothing, exit 1 when there is any",
    )
    .addOption(
      new Option("--changed [revision]", "report only what was not found at the revision; alone: HEAD").preset("HEAD"),
    )
    .option("--host <name>", "report only what holds for this host; repeatable", collect)
    .addOption(profileOption())
    .option("--config <path>", "instead of the nixlint.toml beside flake.nix")
    .addOption(overrideOption())
    .addOption(inputsOption())
    .option("--hook", "in a git hook: be done at once when the commit touches nothing that the flake reads")
    .option("--statistics", "count findings by rule")
    .option("-q, --quiet", "print findings and nothing else")
    .option("-v, --verbose", "also print what is undecided, skipped, suppressed and assumed")
    .addOption(cacheOption())
    .addOption(colorOption())
    .action((paths: readonly string[], flags: CheckFlags) => action(paths, flags, outputs));
}

function addFleet(program: Command, actions: Actions): void {
  program
    .command("fleet")
    .description("print the resolved model: hosts, services, jobs, dumps, secrets, timers, exporters")
    .argument("[PATH]", "a flake; default: the one around the current directory")
    .addOption(new Option("-f, --format <format>").choices(["table", "json"]).default("table"))
    .option("--host <name>", "only this host; repeatable", collect)
    .addOption(profileOption())
    .option("--config <path>", "instead of the nixlint.toml beside flake.nix")
    .addOption(overrideOption())
    .addOption(inputsOption())
    .addOption(cacheOption())
    .addOption(colorOption())
    .action((path: string | undefined, flags: FleetFlags) => actions.fleet(path, flags));
}

function addEval(program: Command, actions: Actions): void {
  program
    .command("eval")
    .description("evaluate without Nix and print what `nix-instantiate --eval` prints")
    .argument("[PATH#ATTRPATH]", "an output of a flake, as in `.#nixosConfigurations.nas.config.networking.hostName`")
    .option("-E, --expr <expression>", "evaluate this text")
    .option("--file <path>", "evaluate this file")
    .option("-A, --attr <attrpath>", "select from the result")
    .option("-I, --include <name=path>", "what `<name>` stands for; repeatable", collectPair)
    .option("--json", "print as JSON")
    .option("--strict", "evaluate lists and attrsets to the bottom")
    .addOption(cacheOption())
    .addOption(colorOption())
    .action((installable: string | undefined, flags: EvalFlags) => actions.eval(installable, flags));
}

function addExplain(program: Command, actions: Actions): void {
  program
    .command("explain")
    .description("print the page of a rule")
    .argument("<RULE>")
    .addOption(cacheOption())
    .addOption(colorOption())
    .action((rule: string, flags: ExplainFlags) => actions.explain(rule, flags));
}

function addRules(program: Command, actions: Actions): void {
  program
    .command("rules")
    .description("list the rules")
    .option("--json", "print as JSON")
    .action((flags: RulesFlags) => actions.rules(flags));
}

const baselineVerbs: Readonly<Record<BaselineVerb, string>> = {
  create: "write down everything that is found, so that only new findings fail",
  update: "bring entries up to date whose text changed, drop what is gone; nothing new comes in",
  prune: "drop what is gone",
};

function addBaseline(program: Command, actions: Actions): void {
  const baseline = program.command("baseline").description("change .nixlint-baseline.json, the findings to live with");
  for (const [verb, description] of Object.entries(baselineVerbs)) {
    baseline
      .command(verb)
      .description(description)
      .argument("[PATH]", "a flake; default: the one around the current directory")
      .addOption(profileOption())
      .option("--config <path>", "instead of the nixlint.toml beside flake.nix")
      .addOption(overrideOption())
      .addOption(inputsOption())
      .addOption(cacheOption())
      .action((path: string | undefined, flags: FlakeFlags) => actions.baseline(verb as BaselineVerb, path, flags));
  }
}

function addConfig(program: Command, actions: Actions): void {
  const config = program.command("config").description("what nixlint.toml may say, and what it comes to");
  config
    .command("schema")
    .description("print the JSON Schema of nixlint.toml, for editors")
    .action(() => actions.configSchema());
  config
    .command("show")
    .description("print the configuration that counts, with all defaults")
    .argument("[PATH]", "a flake; default: the one around the current directory")
    .option("--json", "print as JSON")
    .addOption(profileOption())
    .option("--config <path>", "instead of the nixlint.toml beside flake.nix")
    .action((path: string | undefined, flags: ConfigFlags) => actions.configShow(path, flags));
}

function addInit(program: Command, actions: Actions): void {
  program
    .command("init")
    .description("write nixlint.toml, a hook and a CI job; asks first, and never writes over a file without asking")
    .argument("[PATH]", "a flake; default: the one around the current directory")
    .option("-y, --yes", "ask nothing: write what fits the repository, leave what exists")
    .option("--with-module", "also copy the reference modules: restic, PostgreSQL dumps, monitoring")
    .option("--repository <url>", "where hooks and jobs fetch nixlint from")
    .action((path: string | undefined, flags: InitFlags) => actions.init(path, flags));
}

function colorOption(): Option {
  return new Option("--color [when]", "auto, always or never")
    .choices(["auto", "always", "never"])
    .preset("always")
    .default("auto");
}

function profileOption(): Option {
  const description = "instead of the configuration's; alone: say on stderr what the stages of the run took";
  return new Option("--profile <profile>", description).choices(profiles);
}

function cacheOption(): Option {
  return new Option("--no-cache", "neither use nor keep anything in $XDG_CACHE_HOME/nixlint");
}

function overrideOption(): Option {
  const description = "read an input from a directory, as NAME PATH or NAME=PATH; repeatable";
  return new Option("--override-input <name=path>", description).argParser((value: string, before?: Pairs) =>
    readPair(value, before, "NAME PATH"),
  );
}

function inputsOption(): Option {
  const description = "also read the inputs that are in /nix/store already, a private one included";
  return new Option("--inputs <where>", description).choices(["store"]);
}

function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

type Pairs = ReadonlyMap<string, string>;

function collectPair(value: string, before: Pairs | undefined): Pairs {
  return readPair(value, before, "name=path");
}

function readPair(value: string, before: Pairs | undefined, form: string): Pairs {
  const sign = value.indexOf("=");
  if (sign < 1) throw new InvalidArgumentError(`Write it as ${form}.`);
  return new Map([...(before ?? []), [value.slice(0, sign), value.slice(sign + 1)]]);
}

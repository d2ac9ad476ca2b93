// The text that Alloy reads: one component for each job however many roles name it, every receiver defined, and the
// host's name on everything.
import { expect, test } from "vitest";
import { evaluateOption, flakeWith } from "./own-evaluation.ts";
import { readGolden } from "./real-nix.ts";

const option = 'environment.etc."alloy/config.alloy".text';

test("targets of several roles", () => {
  const flake = flakeWith(
    "ha-01",
    `{
      mares.monitoring.alloy.extraScrapeTargets = [
        { job = "restic"; targets = [ "localhost:9754" ]; }
        { job = "node"; targets = [ "localhost:9100" "[::1]:9100" ]; }
      ];
    }`,
  );
  expect(evaluateOption("ha-01", option, flake)).toBe(`prometheus.scrape "node" {
  job_name        = "node"
  scrape_interval = "1m"
  targets         = [
    { "__address__" = "localhost:9100" },
    { "__address__" = "[::1]:9100" },
  ]
  forward_to      = [prometheus.relabel.instance.receiver]
}

prometheus.scrape "restic" {
  job_name        = "restic"
  scrape_interval = "1m"
  targets         = [
    { "__address__" = "localhost:9753" },
    { "__address__" = "localhost:9754" },
  ]
  forward_to      = [prometheus.relabel.instance.receiver]
}

prometheus.relabel "instance" {
  rule {
    target_label = "instance"
    replacement  = "ha-01"
  }
  forward_to = [prometheus.remote_write.fleet.receiver]
}

prometheus.remote_write "fleet" {
  endpoint {
    url = "http://prometheus.srv.mares.id:9090/api/v1/write"
  }
}
`);
});

test("every receiver that something forwards to is a component", () => {
  const { environment } = readGolden("ha-01");
  const text = environment.etc["alloy/config.alloy"]?.text ?? "";
  const components = [...text.matchAll(/^([\w.]+) "(\w+)" \{$/gm)].map(([, kind, label]) => `${kind}.${label}`);
  const receivers = [...text.matchAll(/\[([\w.]+)\.receiver\]/g)].map(([, component]) => component);
  expect(receivers.length).toBeGreaterThan(1);
  expect(receivers.filter((receiver) => !components.includes(receiver ?? ""))).toEqual([]);
});

test.each([
  [
    "a job that is no label",
    '{ job = "node exporter"; targets = [ "localhost:9100" ]; }',
    /not of type .string matching/,
  ],
  ["a target without a port", '{ job = "node"; targets = [ "localhost" ]; }', /not of type/],
  ["no target", '{ job = "node"; targets = [ ]; }', /not of type .non-empty/],
])("%s is refused", (_, entry, said) => {
  const flake = flakeWith("ha-01", `{ mares.monitoring.alloy.extraScrapeTargets = [ ${entry} ]; }`);
  expect(() => evaluateOption("ha-01", option, flake)).toThrow(said);
});

{
  description = "Policy for the self-hosted NixOS fleet: what is not backed up, cannot read its secret, or would fail silently";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs, ... }:
    let
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "x86_64-darwin"
        "aarch64-darwin"
      ];
      forAllSystems =
        f: nixpkgs.lib.genAttrs systems (system: f system nixpkgs.legacyPackages.${system});

      inherit (builtins.fromJSON (builtins.readFile ./package.json)) version;

      # A release has the bundle in it, so that nothing is fetched from npm.
      bundle =
        if builtins.pathExists ./dist/nixlint.mjs then
          ./dist
        else
          throw "nixlint: this revision has no bundle in dist/; use a release's tag, v${version} for instance";
    in
    {
      packages = forAllSystems (
        _: pkgs: {
          default = self.lib.package pkgs;
        }
      );

      # For another nixpkgs than this flake's.
      lib.package =
        pkgs:
        pkgs.runCommand "nixlint-${version}"
          {
            meta = {
              description = "Policy for the self-hosted NixOS fleet";
              mainProgram = "nixlint";
            };
          }
          ''
            mkdir -p $out/bin $out/lib/nixlint
            cp -r ${bundle} $out/lib/nixlint/dist
            cp -r ${./nix} $out/lib/nixlint/nix
            cat > $out/bin/nixlint <<EOF
            #!${pkgs.runtimeShell}
            PATH="\''${PATH:+\$PATH:}${pkgs.git}/bin" exec ${pkgs.nodejs}/bin/node $out/lib/nixlint/dist/nixlint.mjs "\$@"
            EOF
            chmod +x $out/bin/nixlint
            $out/bin/nixlint --version
          '';

      apps = forAllSystems (
        system: _: {
          default = {
            type = "app";
            program = "${self.packages.${system}.default}/bin/nixlint";
          meta.description = "Says what in a NixOS flake is not backed up";
          };
        }
      );

      checks = forAllSystems (
        system: pkgs: {
          reference-flake = pkgs.runCommand "nixlint-reference-flake" { } ''
            ${self.packages.${system}.default}/bin/nixlint check ${./nix}
            touch $out
          '';
        }
      );
    };
}

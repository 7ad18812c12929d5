#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Tries each rule of `make lint` on text that breaks it and on text that only looks as if it did."""

import unittest

import generated
import lint_rules
import targets

HEADER = "// SPDX-License-Identifier: Apache-2.0\n"


def found(text: str, path: str = "Sources/RTCICE/Agent.swift") -> list[str]:
    return [finding.what for finding in lint_rules.check(path, HEADER + text)]


class PatternTests(unittest.TestCase):
    def test_what_engines_must_not_do(self):
        for what, lines in {
            "import without access level": ["import RTCWire", "@preconcurrency import RTCWire"],
            "an engine imports a module from outside": ["internal import Foundation", "package import NIOCore"],
            "an engine reads a clock": ["let now = ContinuousClock.now", "let date = Date()"],
            "an engine makes its own randomness": [
                "var random = SystemRandomNumberGenerator()", "init(random: RandomSource = RandomSource.system) {}",
            ],
            "randomness without `using:`": [
                "let a = Int.random(in: 0..<f(3))", "list.shuffle()", "let b = list.randomElement()",
                "let c = Int.random(\n    in: 0..<3)",
            ],
            "an engine has tasks, locks or async": [
                "func run() async {}", "Task { run() }", "Task.detached(run)", "let state: Mutex<Int>",
                "actor Agent {}",
            ],
            "may trap": [
                "fatalError()", "let a = try! parse()", "let b = a as! Agent", "let c = list.first!", "let d = e()!.f",
                "var agent: Agent!", "let g = h[0]!",
            ],
            "public in an engine": [
                "public struct Agent {}", "    public var a = 1", "@inlinable\npublic func b() {}", "open class C {}",
            ],
        }.items():
            for line in lines:
                with self.subTest(line):
                    self.assertEqual(found(line + "\n"), [what])

    def test_what_only_looks_forbidden(self):
        for line in [
            "internal import RTCWire", "package import CRTCWire", "/// Like an async Task with a clock: list.first!",
            'let text = "fatalError() async!"', "if a != b, !c, (!d) {}", "#if !os(Linux)", "let task = tasks[0]",
            "let e = Int.random(in: 0..<f(3), using: &random)", "let g = list.randomElement(\n    using: &random)",
            "let dateOfBirth = 1", "    open(channel)", "    open = true", "let h = a !== b",
            "package private(set) var state = 1",
        ]:
            with self.subTest(line):
                self.assertEqual(found(line + "\n"), [])

    def test_engine_rules_stop_at_the_engines(self):
        text = "internal import NIOCore\nlet a = list.first!\npublic func run() async {}\n"
        self.assertEqual(found(text, "Sources/RTCTransport/Driver.swift"), [])
        self.assertEqual(found("import Foundation\n", "Tests/RTCICETests/AgentTests.swift"), [])
        self.assertEqual(found("SystemRandomNumberGenerator()\n", "Sources/RTCWire/RandomSource.swift"), [])

    def test_the_simulator_is_reproducible(self):
        path = "Sources/RTCSimulation/Link.swift"
        self.assertEqual(found("let a = Int.random(in: 0...1)\n", path), ["randomness without `using:`"])

    def test_boringssl_has_two_doors(self):
        line = "internal import CNIOBoringSSL\n"
        self.assertEqual(found(line, "Sources/RTCCrypto/Hash.swift"), [])
        self.assertEqual(found(line, "Sources/RTCDTLS/Endpoint.swift"), [])
        self.assertEqual(found(line, "Sources/RTCSRTP/Context.swift"), ["BoringSSL imported"])
        self.assertEqual(found(line, "Tests/RTCICETests/A.swift"), ["BoringSSL imported"])

    def test_findings_point_at_their_line(self):
        text = HEADER + '\n// a\nlet b = """\n  x!\n  """\nlet c = d!\n'
        [finding] = lint_rules.check("Sources/RTCICE/A.swift", text)
        self.assertEqual(finding.line, 7)


class FileTests(unittest.TestCase):
    def test_headers(self):
        self.assertEqual(len(lint_rules.check("Scripts/a.py", "print()\n")), 1)
        self.assertEqual(len(lint_rules.check(".ci/run", "#!/bin/sh\nls\n")), 1)
        self.assertEqual(lint_rules.check("Scripts/a.sh", "#!/bin/sh\n# SPDX-License-Identifier: Apache-2.0\n"), [])
        self.assertEqual(lint_rules.check("README.md", "# Title\n"), [])

    def test_lengths(self):
        path = "Sources/RTC/A.swift"
        self.assertEqual(lint_rules.check(path, HEADER + "\n" * 499), [])
        self.assertTrue(lint_rules.check(path, HEADER + "\n" * 500)[0].is_warning)
        self.assertFalse(lint_rules.check(path, HEADER + "\n" * 800)[0].is_warning)

    def test_machines(self):
        # Each is in two pieces, so that this file does not break the rule.
        for text in ["cd /ro" "ot/x", "see /Us" "ers/jane/x", "pip --index" "-url x", "https://arti" "factory.example"]:
            with self.subTest(text):
                self.assertEqual(len(lint_rules.check("notes.md", text + "\n")), 1)
        self.assertEqual(lint_rules.check("notes.md", "https://www.swift.org/install, build/work/x, ~/root\n"), [])

    def test_python(self):
        text = "# SPDX-License-Identifier: Apache-2.0\ndef f(:\n"
        self.assertEqual(lint_rules.check("Scripts/a.py", text)[0].line, 2)


class CoverageTests(unittest.TestCase):
    def wrong(self, row: str) -> int:
        table = f"| RFC | section | what | status | test |\n|---|---|---|---|---|\n{row}\n"
        return len(list(lint_rules.check_coverage("RFCCoverage.md", table, {"CheckTests"})))

    def test_rows(self):
        self.assertEqual(self.wrong("| 8445 ICE | §7.2 | checks | planned | – |"), 0)
        self.assertEqual(self.wrong("| 8445 ICE | §7.2 | checks | done | `CheckTests` |"), 0)
        self.assertEqual(self.wrong("| 8445 ICE | §7.2 | checks | partial | – |"), 1)
        self.assertEqual(self.wrong("| 8445 ICE | §7.2 | checks | done | `NoTests` |"), 1)
        self.assertEqual(self.wrong("| 8445 ICE | §7.2 | checks | mostly | `CheckTests` |"), 1)


class TargetTests(unittest.TestCase):
    def test_arrows_go_down(self):
        def wrong(name, dependencies=(), products=()):
            return targets.violations([targets.Target(name, list(dependencies), list(products))])

        self.assertEqual(wrong("RTCEngine", ["RTCICE", "RTCWire"]), [])
        self.assertEqual(wrong("RTCICE", ["RTCSTUN"]), [])
        self.assertEqual(wrong("RTCDTLS", ["RTCCrypto"], ["NIOSSL"]), [])
        self.assertEqual(len(wrong("RTCDTLS", ["RTCSRTP"])), 1)
        self.assertEqual(len(wrong("RTCWire", ["RTCEngine"])), 1)
        self.assertEqual(len(wrong("RTC", ["RTCSimulation"])), 1)
        self.assertEqual(len(wrong("RTCICE", [], ["NIOSSL"])), 1)
        self.assertEqual(len(wrong("RTCUnheardOf")), 1)

    def test_manifests_are_read(self):
        wire = {"name": "RTCWire", "type": "regular", "dependencies": []}
        crypto = {
            "name": "RTCCrypto", "type": "regular",
            "dependencies": [{"byName": ["RTCWire", None]}, {"product": ["NIOSSL", "swift-nio-ssl", None, None]}],
        }
        tests = {"name": "RTCWireTests", "type": "test", "dependencies": [{"byName": ["RTCWire", None]}]}
        fuzz = {"name": "RTCFuzzBodies", "type": "regular", "path": "Fuzz/Bodies", "dependencies": []}
        read = targets.parse({"targets": [crypto, wire, tests, fuzz]})
        self.assertEqual(read, [("RTCCrypto", ["RTCWire"], ["NIOSSL"]), ("RTCWire", [], [])])
        self.assertIn("| L0 | `RTCCrypto` | `RTCWire`, NIOSSL |", targets.table(read))


class GeneratedTests(unittest.TestCase):
    generators = {"targets": lambda _: "new\n"}

    def test_blocks(self):
        old = "a\n<!-- generated: targets -->\nold\n<!-- end of generated -->\nb\n"
        self.assertEqual(generated.outdated(old, self.generators), [2])
        new = generated.refreshed(old, self.generators)
        self.assertEqual(new, old.replace("old", "new"))
        self.assertEqual(generated.outdated(new, self.generators), [])

    def test_snippets(self):
        shown = "    let a = 1\n    if a {\n        b()\n    }\n"
        source = f"import RTC\nfunc f() {{\n    // snippet.show\n{shown}    // snippet.hide\n}}\n"
        self.assertEqual(generated.snippet(source), "```swift\nlet a = 1\nif a {\n    b()\n}\n```\n")
        with self.assertRaises(ValueError):
            generated.snippet("import RTC\n")


if __name__ == "__main__":
    unittest.main()

package org.slimquant.deploy.report;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Chromium without a window. It renders a page, runs its scripts, and gives back what is left. */
final class Browser {

  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome");
  private static final int TIMEOUT_SECONDS = 120;

  private final Path program;

  private Browser(Path program) {
    this.program = program;
  }

  /** Returns the browser of this machine, if it has one. */
  static Optional<Browser> find() {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.of(path.split(File.pathSeparator, -1))
        .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst()
        .map(Browser::new);
  }

  /**
   * Returns a page as it is after it was loaded.
   *
   * @param folder where the browser may keep what it needs
   */
  String dump(Path page, Path folder) throws IOException, InterruptedException {
    Path dump = folder.resolve("dump.html");
    Path log = folder.resolve("log.txt");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless",
                // It runs no code but ours, and a container has no sandbox to give.
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--window-size=1400,1000",
                "--user-data-dir=" + folder.resolve("profile"),
                "--dump-dom",
                page.toUri().toString())
            .redirectOutput(dump.toFile())
            .redirectError(log.toFile())
            .start();
    try {
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException(
            "the browser must render within %d s, but did not: %s"
                .formatted(TIMEOUT_SECONDS, Files.readString(log)));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    return Files.readString(dump, StandardCharsets.UTF_8);
  }
}

package org.slimquant.deploy.c;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.base.Splitter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Compiles C with gcc and runs it; a test that needs it is skipped where there is none. */
final class CCompiler {

  private static final List<String> STRICT =
      List.of("-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror");

  /** Which flags gcc takes: asked once, because most of a test's time goes to starting it. */
  private static final Map<String, Boolean> ACCEPTED = new ConcurrentHashMap<>();

  private final Path directory;

  /**
   * Creates a compiler.
   *
   * @param directory where it works
   */
  CCompiler(Path directory) {
    this.directory = directory;
  }

  /** What a program said, and how it ended. */
  record Result(int status, String output) {}

  /**
   * Returns what is said when a source is compiled, nothing if all is well.
   *
   * @param flags more flags, separated by spaces
   * @param program what is made
   */
  String compile(String flags, Path source, Path program) throws Exception {
    if (!ACCEPTED.containsKey(flags)) {
      ACCEPTED.put(flags, accepts(flags));
    }
    assumeTrue(ACCEPTED.get(flags), "gcc is missing, or cannot compile and link with " + flags);
    List<String> command = new ArrayList<>(List.of("gcc"));
    command.addAll(STRICT);
    command.addAll(Splitter.on(' ').splitToList(flags));
    command.addAll(List.of(source.toString(), "-o", program.toString()));
    return run(command).output();
  }

  /**
   * Whether gcc is there, and links a program with these flags: -m32 needs libraries of its own.
   */
  private boolean accepts(String flags) throws Exception {
    Path source = Files.writeString(directory.resolve("empty.c"), "int main(void) { return 0; }\n");
    List<String> command = new ArrayList<>(List.of("gcc"));
    command.addAll(Splitter.on(' ').splitToList(flags.replace(" -c", "")));
    command.addAll(List.of(source.toString(), "-o", directory.resolve("empty").toString()));
    try {
      return run(command).status() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  /** Runs a program that was compiled. */
  Result run(Path program) throws Exception {
    return run(List.of(program.toString()));
  }

  private Result run(List<String> command) throws Exception {
    Path output = Files.createTempFile(directory, "output", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(3, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("a command must end, but %s does not".formatted(command));
    }
    // What a compiler says may quote anything.
    return new Result(
        process.exitValue(), new String(Files.readAllBytes(output), StandardCharsets.ISO_8859_1));
  }
}

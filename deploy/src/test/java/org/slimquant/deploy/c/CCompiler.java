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

/** Compiles C and runs it; a test that needs it is skipped where its tools are missing. */
final class CCompiler {

  /** The messages of each toolchain about an empty program. Starting it takes time. */
  private static final Map<List<String>, String> COMPLAINTS = new ConcurrentHashMap<>();

  private final Path directory;
  private final Toolchain toolchain;

  /**
   * Creates a compiler for this machine.
   *
   * @param directory where it works
   */
  CCompiler(Path directory) {
    this(directory, Toolchain.GCC);
  }

  /**
   * Creates a compiler.
   *
   * @param directory where it works
   */
  CCompiler(Path directory, Toolchain toolchain) {
    this.directory = directory;
    this.toolchain = toolchain;
  }

  /** The output of a program, and its exit status. */
  record Result(int status, String output) {}

  /**
   * Compiles sources, and returns the messages of the compiler, nothing if there are none.
   *
   * @param flags more flags, separated by spaces
   * @param program the output file
   */
  String compile(String flags, Path program, Path... sources) throws Exception {
    List<String> words = Splitter.on(' ').omitEmptyStrings().splitToList(flags);
    assumeWorks(words);
    List<String> command = new ArrayList<>(toolchain.compiler());
    command.addAll(words);
    for (Path source : sources) {
      command.add(source.toString());
    }
    command.addAll(List.of("-o", program.toString()));
    Result result = run(command);
    return result.status() == 0 || !result.output().isEmpty()
        ? result.output()
        : command + " ended with " + result.status();
  }

  /** Compiles and runs the test program of a model. */
  Result test(String flags, CFiles files) throws Exception {
    Path program = directory.resolve("program");
    String said = compile(flags + " -D" + files.macro("TEST"), program, files.test());
    return said.isEmpty() ? run(program) : new Result(-1, said);
  }

  /** Skips the test unless the toolchain makes an empty program with these flags and runs it. */
  private void assumeWorks(List<String> flags) throws Exception {
    List<String> key = new ArrayList<>(toolchain.compiler());
    // Flags that set a macro or end before linking change nothing about the tools.
    flags.stream().filter(f -> !f.startsWith("-D") && !f.matches("-c|-S")).forEach(key::add);
    if (!COMPLAINTS.containsKey(key)) {
      COMPLAINTS.put(key, complaint(key));
    }
    String complaint = COMPLAINTS.get(key);
    assumeTrue(complaint.isEmpty(), () -> "%s cannot be used: %s".formatted(key, complaint));
  }

  private String complaint(List<String> compiler) throws Exception {
    Path source = Files.writeString(directory.resolve("empty.c"), toolchain.emptyProgram());
    Path program = directory.resolve("empty");
    List<String> command = new ArrayList<>(compiler);
    command.addAll(List.of(source.toString(), "-o", program.toString()));
    try {
      Result compiled = run(command);
      if (compiled.status() != 0) {
        return compiled.output();
      }
      return run(program).status() == 0 ? "" : "its programs do not run";
    } catch (IOException missing) {
      return String.valueOf(missing.getMessage());
    }
  }

  /** Runs a program that was compiled. */
  Result run(Path program) throws Exception {
    List<String> command = new ArrayList<>(toolchain.emulator());
    command.add(program.toString());
    return run(command);
  }

  /** Runs a command in the compiler's directory. */
  Result run(List<String> command) throws Exception {
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

package org.slimquant.demo.deployment;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slimquant.deploy.c.CFiles;

/**
 * A C compiler on this machine.
 *
 * @param command the name of the command
 */
public record CCompiler(String command) {

  private static final List<String> USUAL = List.of("cc", "gcc", "clang");
  private static final List<String> STRICT =
      List.of("-std=c99", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror");
  private static final List<String> FAST_LIBRARY =
      List.of("-std=c99", "-O3", "-march=native", "-shared", "-fPIC");

  /** Returns a compiler of this machine, if there is one. */
  public static Optional<CCompiler> find() {
    return USUAL.stream().map(CCompiler::new).filter(CCompiler::isThere).findFirst();
  }

  boolean isThere() {
    try {
      run(command, "--version");
      return true;
    } catch (IOException missing) {
      return false;
    }
  }

  /**
   * Compiles sources to a program, strictly: a warning is an error.
   *
   * @throws FailedCommandException if the compiler refuses the sources
   */
  void compile(Path program, Path... sources) throws IOException {
    compile(STRICT, program, sources);
  }

  /**
   * Compiles a shared library, optimized for this machine.
   *
   * @throws FailedCommandException if the compiler refuses the sources
   */
  public void compileLibrary(Path library, Path... sources) throws IOException {
    compile(FAST_LIBRARY, library, sources);
  }

  private void compile(List<String> flags, Path output, Path... sources) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(command);
    line.addAll(flags);
    for (Path source : sources) {
      line.add(source.toString());
    }
    line.addAll(List.of("-o", output.toString()));
    run(line.toArray(String[]::new));
  }

  /**
   * Compiles and runs the test program of an exported model, and returns its output.
   *
   * @throws FailedCommandException if the compiler refuses it, or a code differs
   */
  public String test(CFiles files) throws IOException {
    Path program = files.test().toAbsolutePath().resolveSibling(files.name() + "_test");
    List<String> flags = new ArrayList<>(STRICT);
    flags.add("-D" + files.macro("TEST"));
    compile(flags, program, files.test());
    return run(program.toString());
  }

  /**
   * Runs a command and returns its output.
   *
   * @throws FailedCommandException if it ended with an error
   */
  static String run(String... line) throws IOException {
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int status = process.onExit().join().exitValue();
    if (status != 0) {
      throw new FailedCommandException(line[0], status, output);
    }
    return output;
  }
}

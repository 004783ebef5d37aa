package org.slimquant.benchmarks.harness;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.IterationType;
import org.openjdk.jmh.runner.format.OutputFormat;

/**
 * JMH's output, shortened to a line for each process: a colon for an iteration of warm-up, a dot
 * for a measured one. The rest is kept for the case of an error.
 */
public final class ProgressFormat implements OutputFormat {

  private final PrintStream out;
  private final String name;
  private final StringBuilder log = new StringBuilder();
  private long start;

  /**
   * Creates a format.
   *
   * @param name the beginning of the line
   */
  public ProgressFormat(PrintStream out, String name) {
    this.out = out;
    this.name = name;
  }

  /** Returns the output of JMH and of the process that it started. */
  public String log() {
    return log.toString();
  }

  @Override
  public void startBenchmark(BenchmarkParams params) {
    start = System.nanoTime();
    String values =
        params.getParamsKeys().stream()
            .map(key -> key + " " + params.getParam(key))
            .collect(Collectors.joining(", "));
    out.printf("%-14s ", name);
    if (!values.isEmpty()) {
      out.printf("%-44s ", values);
    }
    out.flush();
  }

  @Override
  public void iterationResult(
      BenchmarkParams params, IterationParams iteration, int number, IterationResult result) {
    out.print(iteration.getType() == IterationType.WARMUP ? ":" : ".");
    out.flush();
  }

  @Override
  public void endBenchmark(BenchmarkResult result) {
    out.printf(" %d s%n", Math.round((System.nanoTime() - start) / 1e9));
  }

  @Override
  public void print(String text) {
    log.append(text);
  }

  @Override
  public void println(String line) {
    log.append(line).append('\n');
  }

  @Override
  public void verbosePrintln(String line) {
    println(line);
  }

  @Override
  public void write(int character) {
    log.append((char) character);
  }

  @Override
  public void write(byte[] text) {
    log.append(new String(text, StandardCharsets.UTF_8));
  }

  @Override
  public void iteration(BenchmarkParams params, IterationParams iteration, int number) {}

  @Override
  public void startRun() {}

  @Override
  public void endRun(Collection<RunResult> results) {}

  @Override
  public void flush() {}

  @Override
  public void close() {}
}

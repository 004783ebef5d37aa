package org.slimquant.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slimquant.demo.data.FashionMnistFolder;
import org.slimquant.demo.measures.Outcome;
import org.slimquant.demo.measures.Series;
import org.slimquant.demo.measures.Series.Run;
import org.slimquant.demo.training.Training;
import org.slimquant.plan.QuantizationPlan;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The demo on Fashion-MNIST, with several networks and seeds. */
@Command(
    name = "FashionMnist",
    description = "Trains a network on Fashion-MNIST, quantizes it and ships the integers.",
    showDefaultValues = true)
final class FashionMnist implements Callable<Integer> {

  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "where the four original .gz files are",
      defaultValue = "/usr/share/datasets/fashion-mnist")
  private Path folder = Path.of("");

  @Option(names = "--network", description = "one of ${COMPLETION-CANDIDATES}")
  private FashionNetwork network = FashionNetwork.PLAIN;

  @Option(names = "--seeds", description = "how many runs, each with the next seed")
  private int seeds = 1;

  @Mixin
  private final TrainingOptions options =
      new TrainingOptions(5, 2, 128, 0.0002f, Runtime.getRuntime().availableProcessors());

  @Option(
      names = "--output",
      description = "where summary.json, the report, the plan, the models and the C go")
  private Path output = Path.of("target", "fashion-mnist");

  FashionMnist() {}

  /** Runs the example and ends the JVM: with 0 if all checks hold. */
  public static void main(String[] args) {
    System.exit(command().execute(args));
  }

  /** Returns the example as a command. */
  static CommandLine command() {
    return Program.command(new FashionMnist());
  }

  @Override
  public Integer call() throws IOException {
    if (seeds < 1) {
      throw new IllegalArgumentException("seeds must be at least 1, but is " + seeds);
    }
    // The options are checked before the data are read, which takes a while.
    options.training(0);
    options.fineTuning(0);
    FashionMnistFolder data = FashionMnistFolder.load(folder);
    Files.createDirectories(output);
    NativeLog.mute();
    return run(data, System.out) ? 0 : 1;
  }

  /**
   * Runs all steps with each seed, and writes {@code summary.json}. For the last run it also writes
   * the plan, the checkpoint of the float model, the saved model and the files of {@code
   * Deployment}.
   *
   * @param out the stream for progress and results
   * @return whether all checks hold
   */
  boolean run(FashionMnistFolder data, PrintStream out) throws IOException {
    out.printf(
        "Fashion-MNIST: %d images to learn from, %d to test with%n%n",
        data.training().size(), data.test().size());
    Optional<QuantizationPlan> older = network.network().planIn(output);
    boolean allHold = true;
    List<Run> runs = new ArrayList<>();
    for (int run = 0; run < seeds; run++) {
      Training training = options.training(run);
      Outcome outcome =
          new Comparison(training, options.fineTuning(run), data.training(), data.test(), out)
              .run(network.network(), output, older);
      out.printf("%nseed %d%n", training.seed());
      allHold &= outcome.report(out);
      runs.add(new Run(training.seed(), outcome.summary()));
    }
    Series series = Series.of(runs);
    out.printf("%n%s%n", series);
    series.write(output.resolve("summary.json"));
    return allHold;
  }
}

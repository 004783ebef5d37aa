package org.slimquant.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.slimquant.examples.data.FashionMnistFolder;
import org.slimquant.examples.measures.Outcome;
import org.slimquant.examples.measures.Series;
import org.slimquant.examples.measures.Series.Run;
import org.slimquant.examples.training.Training;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The demo on Fashion-MNIST, with several networks and seeds. */
@Command(
    name = "FashionMnist",
    description = "Trains a network on Fashion-MNIST and quantizes it.",
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

  @Option(names = "--output", description = "where summary.json, the plan and the models go")
  private Path output = Path.of("target", "fashion-mnist");

  private FashionMnist() {}

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
    options.training(0);
    options.fineTuning(0);
    FashionMnistFolder data = FashionMnistFolder.load(folder);
    Files.createDirectories(output);
    NativeLog.mute();
    System.out.printf(
        "Fashion-MNIST: %d images to learn from, %d to test with%n%n",
        data.training().size(), data.test().size());
    boolean allHold = true;
    List<Run> runs = new ArrayList<>();
    for (int run = 0; run < seeds; run++) {
      Training training = options.training(run);
      Outcome outcome =
          new Comparison(
                  training, options.fineTuning(run), data.training(), data.test(), System.out)
              .run(network.network(), output);
      System.out.printf("%nseed %d%n", training.seed());
      allHold &= outcome.report(System.out);
      runs.add(new Run(training.seed(), outcome.summary()));
    }
    Series series = Series.of(runs);
    System.out.printf("%n%s%n", series);
    series.write(output.resolve("summary.json"));
    return allHold ? 0 : 1;
  }
}

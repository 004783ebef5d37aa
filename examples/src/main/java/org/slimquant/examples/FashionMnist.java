package org.slimquant.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slimquant.examples.data.FashionMnistFolder;
import org.slimquant.examples.measures.Outcome;
import org.slimquant.examples.models.FashionNet;
import org.slimquant.examples.models.QuantizedFashionNet;
import org.slimquant.examples.training.Training;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The demo on Fashion-MNIST: trains {@link FashionNet} twice, as float and through int8 fake
 * quantization, and shows what quantization changed.
 */
@Command(
    name = "FashionMnist",
    description = "Trains a network on Fashion-MNIST, as float and through int8.",
    showDefaultValues = true)
final class FashionMnist implements Callable<Integer> {

  private static final float LEARNING_RATE = 0.001f;

  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "where the four original .gz files are",
      defaultValue = "/usr/share/datasets/fashion-mnist")
  private Path folder = Path.of("");

  @Option(names = "--epochs", description = "how often each image is seen")
  private int epochs = 5;

  @Option(names = "--batch", description = "images in a training step")
  private int batchSize = 128;

  @Option(names = "--seed", description = "decides initial values and the order of the images")
  private long seed = 1;

  @Option(names = "--threads", description = "threads to compute with")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--output", description = "where summary.json and the saved model go")
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
    Training training = new Training(epochs, batchSize, LEARNING_RATE, seed, threads);
    FashionMnistFolder data = FashionMnistFolder.load(folder);
    Files.createDirectories(output);
    NativeLog.mute();
    System.out.printf(
        "Fashion-MNIST: %d images to learn from, %d to test with%n%n",
        data.training().size(), data.test().size());
    Outcome outcome =
        new Comparison(training, data.training(), data.test(), System.out)
            .run(
                (tf, start) -> new FashionNet(tf, start)::logits,
                (tf, start, quantizer) -> new QuantizedFashionNet(tf, start, quantizer)::logits,
                output.resolve("saved_model"));
    outcome.summary().write(output.resolve("summary.json"));
    return outcome.report(System.out) ? 0 : 1;
  }
}

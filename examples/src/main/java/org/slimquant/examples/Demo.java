package org.slimquant.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.slimquant.examples.data.Digits;
import org.slimquant.examples.measures.Outcome;
import org.slimquant.examples.models.LeNet;
import org.slimquant.examples.models.QuantizedLeNet;
import org.slimquant.examples.training.Training;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * The demo, {@code mvn -Pdemo}: trains {@link LeNet} on handwritten digits twice, as float and
 * through int8 fake quantization, shows that the quantized model lost nothing, and checks that all
 * its quantized tensors are integers times a step. It fails if a check does.
 */
@Command(
    name = "Demo",
    description = "Trains a network on handwritten digits, as float and through int8.",
    showDefaultValues = true)
final class Demo implements Callable<Integer> {

  private static final int BATCH_SIZE = 32;
  private static final float LEARNING_RATE = 0.001f;
  private static final double ACCURACY_TOLERANCE = 0.01;

  @Parameters(
      index = "0",
      paramLabel = "FOLDER",
      description = "where summary.json and the saved model go",
      showDefaultValue = Visibility.NEVER)
  private Path folder = Path.of("");

  @Option(names = "--epochs", description = "how often each image is seen")
  private int epochs = 40;

  @Option(names = "--seed", description = "decides initial values and order")
  private long seed = 1;

  @Option(names = "--threads", description = "threads to compute with")
  private int threads = 1;

  private Demo() {}

  /** Runs the demo and ends the JVM: with 0 if all checks hold. */
  public static void main(String[] args) {
    System.exit(command().execute(args));
  }

  /** Returns the demo as a command. */
  static CommandLine command() {
    return Program.command(new Demo());
  }

  @Override
  public Integer call() throws IOException {
    Training training = new Training(epochs, BATCH_SIZE, LEARNING_RATE, seed, threads);
    Files.createDirectories(folder);
    NativeLog.mute();
    return run(folder, training, System.out).report(System.out) ? 0 : 1;
  }

  /**
   * Trains, measures and checks, and writes {@code summary.json} and the saved model.
   *
   * @param out where progress and results are printed
   */
  static Outcome run(Path folder, Training training, PrintStream out) throws IOException {
    Files.createDirectories(folder);
    Digits digits = Digits.load();
    out.printf(
        "Handwritten digits: %d images to learn from, %d to test with%n%n",
        digits.training().size(), digits.test().size());
    Outcome outcome =
        new Comparison(training, digits.training(), digits.test(), out)
            .run(
                (tf, start) -> new LeNet(tf, start)::logits,
                (tf, start, quantizer) -> new QuantizedLeNet(tf, start, quantizer)::logits,
                folder.resolve("saved_model"))
            .withAccuracyCheck(ACCURACY_TOLERANCE);
    outcome.summary().write(folder.resolve("summary.json"));
    return outcome;
  }
}
